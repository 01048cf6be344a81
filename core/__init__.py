"""The shared async core: what BC-RAO knows and decides, with no chat platform, driver or environment in it."""

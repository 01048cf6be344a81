"""Understanding: what the kept posts of a community say about its norms."""

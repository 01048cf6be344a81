"""The terminal front end: commands from a person at a prompt or from a pipe, cards as text or as JSON Lines."""

"""Discord as a front end. The only package that imports discord.py; `bot/main.py` imports it when a token is set."""

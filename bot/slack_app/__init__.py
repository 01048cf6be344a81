"""Slack as a front end. The only package that imports slack-bolt; `bot/main.py` imports it when a token is set.

This module holds the parts of the manifest, and imports none of Slack's libraries.
"""

from __future__ import annotations

# Each scope, with the feature that fails without it. The bot asks for no scope that it does not use.
SCOPES = {
    "commands": "the slash command, and the message shortcut",
    "chat:write": "answers and alerts in channels the bot was invited to",
    "files:write": "charts and long texts as files",
    "files:read": "pictures that members attach to a look",
    "users:read": "who manages the workspace and may set the bot up",
    "im:write": "direct messages when an alert's channel is gone",
    "channels:history": "finding out whether an alert arrived before it is sent again (public channels)",
    "groups:history": "the same in private channels",
    "im:history": "the same in direct messages",
    "mpim:history": "the same in group messages",
    "links:read": "noticing links to watched posts",
    "links:write": "showing below such a link how the post stands",
}
EVENTS = {
    "app_uninstalled": "forgetting a workspace's token at once, and saying so instead of failing at every alert",
    "tokens_revoked": "the same when only the token was taken back",
    "app_home_opened": "the dashboard in the app's Home tab",
    "link_shared": "showing below a link how its post stands",
}
UNFURL_DOMAINS = ("reddit.com", "redd.it")
REGISTER_SHORTCUT = "register_link"
# The paths that the program serves at the address in BCRAO_LISTEN.
REQUESTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
INSTALLED_PATH = "/slack/oauth_redirect"

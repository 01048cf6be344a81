"""Generates, from the registry, what a platform must know before somebody can install the bot."""

from __future__ import annotations

from typing import Any

from bot.command import Registry
from bot.slack_app import EVENTS, INSTALLED_PATH, REGISTER_SHORTCUT, REQUESTS_PATH, SCOPES, UNFURL_DOMAINS
from core.errors import BadSettings

APPLICATION_SETTING = "BCRAO_DISCORD_APPLICATION_ID"
# Slack's limits for a manifest (slackapi/manifest-schema).
SLACK_USAGE_HINT_MAX = 1000
SLACK_SHORTCUT_NAME_MAX = 24
SLACK_SHORTCUT_DESCRIPTION_MAX = 150
SLACK_APP_NAME_MAX = 35
SLACK_APP_DESCRIPTION_MAX = 140
SLACK_COMMAND_DESCRIPTION_MAX = 2000
SUMMARY = "Take part in Reddit communities honestly, and hear when a post disappears"

# Each permission, with the feature that fails without it. The bot asks for none that it does not use.
DISCORD_PERMISSIONS = {
    1 << 10: "view the channels it is used in",
    1 << 11: "send alerts",
    1 << 14: "embed cards",
    1 << 15: "attach the full text of what was cut",
    1 << 16: "find out whether an alert arrived before it is sent again (forums)",
    1 << 38: "send alerts in threads",
}


def slack_manifest(
    registry: Registry, *, installs_at: str | None = None, requests_at: str | None = None
) -> dict[str, Any]:
    """Returns an app manifest for api.slack.com/apps: one slash command, and only the scopes in use.

    `installs_at`: the public address at which several workspaces install the app. `requests_at`: the public address
    to which Slack sends its requests; without it the bot opens a connection (Socket Mode).
    """
    request = {} if requests_at is None else {"url": f"{requests_at}{REQUESTS_PATH}"}
    requests = {} if requests_at is None else {"request_url": f"{requests_at}{REQUESTS_PATH}"}
    offers = {"message_menu_options_url": requests["request_url"]} if "request_url" in requests else {}
    redirects = {} if installs_at is None else {"redirect_urls": [f"{installs_at}{INSTALLED_PATH}"]}
    topics = " | ".join(dict.fromkeys(c.topic for c in registry.commands.values() if not _is_hidden(registry, c.path)))
    if len(topics) > SLACK_USAGE_HINT_MAX:
        topics = "help"
    return {
        "display_information": {"name": "BC-RAO", "description": SUMMARY},
        "features": {
            "bot_user": {"display_name": "bc-rao", "always_online": False},
            "slash_commands": [
                # Escaped mentions carry an id, which `role grant` needs.
                {"command": "/rao", "description": SUMMARY, "usage_hint": topics, "should_escape": True, **request}
            ],
            "shortcuts": [
                {
                    "name": "Register Reddit link",
                    "type": "message",
                    "callback_id": REGISTER_SHORTCUT,
                    "description": "Watch the post behind the link in this message",
                }
            ],
            "unfurl_domains": list(UNFURL_DOMAINS),
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
        },
        "oauth_config": {**redirects, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **requests, **offers},
            "org_deploy_enabled": False,  # an install is for one workspace, not for an organisation
            "socket_mode_enabled": requests_at is None,
            "token_rotation_enabled": False,  # the bot does not renew tokens
        },
    }


def discord_invite(application_id: str | None) -> str:
    """Returns the link that adds the bot to a server. Raises `BadSettings` when the application's id is not known."""
    if application_id is None:
        raise BadSettings(
            "The invite link needs the application's id.",
            f"Set BCRAO_DISCORD_TOKEN, or {APPLICATION_SETTING} from discord.com/developers/applications.",
        )
    permissions = sum(DISCORD_PERMISSIONS)
    return (
        f"https://discord.com/oauth2/authorize?client_id={application_id}"
        f"&scope=bot+applications.commands&permissions={permissions}"
    )


def _is_hidden(registry: Registry, path: str) -> bool:
    command = registry.commands[path]
    return command.button_only or command.terminal_only

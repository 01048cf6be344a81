"""What a platform must be told about the bot before it can be installed: generated from the registry."""

from __future__ import annotations

from typing import Any

from bot.command import Registry
from bot.slack_app import EVENTS, REGISTER_SHORTCUT, SCOPES, UNFURL_DOMAINS
from core.errors import BadSettings

APPLICATION_SETTING = "BCRAO_DISCORD_APPLICATION_ID"
SLACK_USAGE_HINT_MAX = 1000
SUMMARY = "Take part in Reddit communities honestly, and hear when a post disappears"

# Each permission with what would not work without it; nothing is asked for in advance.
DISCORD_PERMISSIONS = {
    1 << 10: "view the channels it is used in",
    1 << 11: "send alerts",
    1 << 14: "embed cards",
    1 << 15: "attach the full text of what was cut",
    1 << 38: "send alerts in threads",
}


def slack_manifest(registry: Registry) -> dict[str, Any]:
    """An app manifest for api.slack.com/apps: Socket Mode, one slash command, the scopes in use and no others."""
    topics = " | ".join(dict.fromkeys(c.topic for c in registry.commands.values() if not _is_hidden(registry, c.path)))
    if len(topics) > SLACK_USAGE_HINT_MAX:
        topics = "help"
    return {
        "display_information": {"name": "BC-RAO", "description": SUMMARY},
        "features": {
            "bot_user": {"display_name": "bc-rao", "always_online": False},
            "slash_commands": [
                # Escaped, mentions carry an id: that is how `role grant` knows whom it is about.
                {"command": "/rao", "description": SUMMARY, "usage_hint": topics, "should_escape": True}
            ],
            "shortcuts": [
                {
                    "name": "Register this Reddit link",
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
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def discord_invite(application_id: str | None) -> str:
    """The link that adds the bot to a server. Raises `BadSettings` while the application is not known."""
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

"""The first message in a server: what the bot is, and the next step. It comes once, when the bot is added."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import discord
from discord.http import HTTPClient

from bot.card import Button, Card, Style
from bot.discord_app.posting import post_card
from bot.frontend import DeliveryFailed
from bot.services import Services
from core.errors import StorageUnavailable

log = logging.getLogger(__name__)

# Discord tells of every server at every connection. One that was joined longer ago, and is not known, was forgotten on
# purpose or did without a welcome.
JOINED_WITHIN = timedelta(days=1)
WELCOME = Card(
    title="BC-RAO is here",
    text="It helps a team take part in Reddit communities honestly, and tells a channel when a post disappears.\n"
    "People decide on every text and post it themselves; the bot writes nothing on Reddit.\n"
    "Next, for somebody who manages this server: /rao setup",
    actions=(Button("Set up", "setup", style=Style.PRIMARY),),
)


async def welcome(services: Services, http: HTTPClient, workspace_id: str, guild: Mapping[str, Any]) -> None:
    """Show the welcome in a server's system channel when the bot was added lately and nothing is known of the server.
    `guild`: Discord's event of a server that is there.

    The server is remembered before the message goes, so there is never a second one; a channel that refuses gets none.
    """
    joined_at, channel = discord.utils.parse_time(guild.get("joined_at")), guild.get("system_channel_id")
    if channel is None or joined_at is None or services.clock.now() - joined_at > JOINED_WITHIN:
        return
    try:
        if await services.workspaces.begin(workspace_id, "discord", str(guild["name"])):
            nonce = f"{guild['id']}-hi"  # keeps two programs with one token from two messages
            await post_card(http, int(channel), WELCOME, nonce=nonce)
    except StorageUnavailable as problem:
        log.warning("a server was not welcomed", extra={"workspace": workspace_id, "problem": str(problem)})
    except DeliveryFailed as failure:
        log.info("a server's channel took no welcome", extra={"workspace": workspace_id, "why": str(failure)})

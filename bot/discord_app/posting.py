"""Messages that no interaction asked for: alerts, and answers that come after the interaction's token is used up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, handle_message_parameters

from bot.card import Card, Field
from bot.discord_app.render import render_card
from bot.frontend import DeliveryFailed

# Discord's error codes (docs.discord.com: opcodes and status codes) after which only a person can help.
_PERMANENT = {
    10003: "The channel does not exist any more.",
    10004: "The server does not exist any more, or the bot was removed from it.",
    10013: "That member does not exist any more.",
    50001: "The bot cannot see the channel, or was removed from the server.",
    50007: "That member takes no direct messages from the bot.",
    50013: "The bot may not write in the channel.",
    50083: "The thread is archived.",
    50278: "That member shares no server with the bot any more.",
}
_CLOUDFLARE_PAUSE_S = 600.0  # a 429 without Discord's own headers: the whole address is held back for a while


async def post_card(http: HTTPClient, channel_id: int, card: Card, *, nonce: str | None = None) -> str:
    """Show a card in a channel; the same `nonce` never makes a second message, and makes it an alert. Answers
    "channel/message".

    Raises `DeliveryFailed`.
    """
    rendered = render_card(card, is_alert=nonce is not None)
    parameters = handle_message_parameters(
        view=rendered.view,
        files=rendered.files,
        nonce=nonce,  # the library asks Discord to enforce it
        allowed_mentions=discord.AllowedMentions.none(),
    )
    with _failures():
        message = await http.send_message(channel_id, params=parameters)
    return f"{channel_id}/{message['id']}"


async def post_to_member(http: HTTPClient, member_id: int, card: Card, *, nonce: str | None = None) -> str:
    """Like `post_card`, as a direct message. Without buttons: in a direct message no server vouches for a role."""
    with _failures():
        channel = await http.start_private_message(member_id)
    return await post_card(http, int(channel["id"]), replace(card, actions=(), form=None), nonce=nonce)


async def post_to_owner(http: HTTPClient, guild_id: int, card: Card, *, nonce: str, why: str) -> str:
    """An alert to the server's owner, because its channel cannot be used; the message says why and what to do.

    Raises `DeliveryFailed`, permanent when a person has to act first.
    """
    try:
        with _failures():
            guild = await http.get_guild(guild_id, with_counts=False)
        note = Field(
            "Why this comes to you",
            f"{why} You own the server {guild['name']}.\n"
            "Give /rao alerts here in the channel where alerts should arrive.",
        )
        return await post_to_member(
            http, int(guild["owner_id"]), replace(card, fields=(note, *card.fields)), nonce=nonce
        )
    except DeliveryFailed as failure:
        raise DeliveryFailed(
            f"{why} The server's owner could not be told either: {failure}",
            permanent=failure.permanent,
            retry_after_s=failure.retry_after_s,
        ) from failure


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """What Discord and the network do wrong, as `DeliveryFailed`."""
    try:
        yield
    except discord.RateLimited as error:
        raise DeliveryFailed("Discord asks for a pause.", retry_after_s=error.retry_after) from error
    except discord.HTTPException as error:
        raise _failure(error) from error
    except (aiohttp.ClientError, OSError) as error:
        raise DeliveryFailed("Discord cannot be reached.") from error


def _failure(error: discord.HTTPException) -> DeliveryFailed:
    if error.code in _PERMANENT:
        return DeliveryFailed(_PERMANENT[error.code], permanent=True)
    if error.status == 429:
        return DeliveryFailed("Discord asks for a pause.", retry_after_s=_pause(error.response))
    if error.status == 401:
        return DeliveryFailed("Discord does not accept the bot's token any more.")
    if error.status >= 500:
        return DeliveryFailed(f"Discord has a problem of its own (status {error.status}).")
    return DeliveryFailed(f"Discord did not take the message (status {error.status}, code {error.code}).")


def _pause(response: Any) -> float:
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return _CLOUDFLARE_PAUSE_S

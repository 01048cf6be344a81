"""Messages outside interactions: alerts, and answers after the interaction's token has expired."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import HTTPClient, handle_message_parameters

from bot.card import Card
from bot.characters import fit
from bot.conversation import in_chat, whole_text
from bot.discord_app.render import Rendered, escape, render_card
from bot.discord_app.wire import in_its_tongue
from bot.frontend import DeliveryFailed, Refused

Result = TypeVar("Result")

CONTENT_MAX = 2_000  # characters of a message without components
_ARCHIVED = 50083

# Discord's error codes (docs.discord.com: opcodes and status codes) in words. An unlisted code also means that the
# place refuses the message.
_IN_WORDS = {
    10003: "The channel does not exist any more.",
    10004: "The server does not exist any more, or the bot was removed from it.",
    10013: "That member does not exist any more.",
    20016: "The channel is in slow mode.",
    50001: "The bot cannot see the channel, or was removed from the server.",
    50007: "That member takes no direct messages from the bot.",
    50008: "The channel takes no messages.",
    50013: "The bot may not write in the channel.",
    50024: "The bot cannot post in a channel of that kind.",
    40067: "The forum wants a tag on each post.",
    _ARCHIVED: "The thread is archived.",
    50278: "That member shares no server with the bot any more.",
    160005: "The thread is locked.",
    200000: "The server's AutoMod does not let the message through.",
}
NO_MESSAGES = frozenset({50008, 50024})  # what a forum answers to a message
# About the message's form: 40005 and status 413 too large, 50006 empty, 50035 invalid form body, 50045 and 50046 a
# file, 50109 JSON.
_ABOUT_FORM = frozenset({40005, 50006, 50035, 50045, 50046, 50109})
# Temporary, whatever the status: 20016 slow mode, 20028 and 40062 rate limits, 130000 overloaded.
_OF_THE_MOMENT = frozenset({20016, 20028, 40062, 130000})
_CLOUDFLARE_PAUSE_S = 600.0  # a 429 without Discord's own headers: Cloudflare blocks our address for a while


async def post_card(
    http: HTTPClient, channel_id: int, card: Card, *, nonce: str | None = None, plain: bool = False
) -> str:
    """Show a card in a channel. The same `nonce` never makes a second message. Returns "channel/message".
    `plain`: as text without components or files.

    Raises `DeliveryFailed`.
    """

    async def send() -> Any:
        if plain:
            parameters = handle_message_parameters(
                content=plain_words(card), nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
            )
        else:
            rendered = message_of(http, card)
            parameters = handle_message_parameters(
                view=rendered.view,
                files=rendered.files,
                nonce=nonce,  # the library asks Discord to enforce the nonce
                allowed_mentions=calling(card),
            )
        return await http.send_message(channel_id, params=parameters)

    message = await _in_open_thread(http, channel_id, send, sending=True)
    return f"{channel_id}/{message['id']}"


def message_of(http: HTTPClient, card: Card) -> Rendered:
    """Returns the card as a message; its files can be sent once."""
    return in_its_tongue(render_card(card), http)


def plain_words(card: Card) -> str:
    """Returns the card as a text without components or files."""
    return fit(whole_text(in_chat(card)), CONTENT_MAX, escape, "…")


def calling(card: Card) -> discord.AllowedMentions:
    """Whom a message calls: the members that the card mentions, and nobody whose mention stands in somebody's text."""
    ids = [int(member.id) for field in card.fields for member in field.members if member.id.isdecimal()]
    return discord.AllowedMentions(
        everyone=False, roles=False, replied_user=False, users=[discord.Object(one) for one in ids]
    )


async def post_to_member(
    http: HTTPClient, member_id: int, card: Card, *, nonce: str | None = None, plain: bool = False
) -> str:
    """Like `post_card`, as a direct message without buttons, because no server vouches for a role there."""
    with failures():
        channel = await http.start_private_message(member_id)
    bare = replace(card, actions=(), form=None)
    return await post_card(http, int(channel["id"]), bare, nonce=nonce, plain=plain)


async def revise_card(http: HTTPClient, reference: str, card: Card, *, is_direct: bool) -> bool:
    """Show a card in the message "channel/message"; without buttons in direct messages. False when it is gone or can no
    longer be changed.

    Raises `DeliveryFailed`.
    """
    channel_id, _, message_id = reference.partition("/")
    if not (channel_id.isdecimal() and message_id.isdecimal()):
        return False

    async def edit() -> Any:
        rendered = in_its_tongue(render_card(replace(card, actions=(), form=None) if is_direct else card), http)
        parameters = handle_message_parameters(
            view=rendered.view, attachments=rendered.files, allowed_mentions=discord.AllowedMentions.none()
        )
        return await http.edit_message(int(channel_id), int(message_id), params=parameters)

    try:
        await _in_open_thread(http, int(channel_id), edit)
    except DeliveryFailed as failure:
        if failure.about in (Refused.MOMENT, Refused.WORKSPACE):
            raise
        return False
    return True


async def _in_open_thread(
    http: HTTPClient, channel_id: int, act: Callable[[], Awaitable[Result]], *, sending: bool = False
) -> Result:
    """Returns what `act` returns. When the channel is an archived thread, it is opened and `act` is called again, so
    `act` makes its own files. Discord archives every thread in which nobody writes for some days.

    Raises `DeliveryFailed`.
    """
    with failures(sending=sending):
        try:
            return await act()
        except discord.HTTPException as error:
            if error.code != _ARCHIVED:
                raise
    await _open_thread(http, channel_id)
    with failures(sending=sending):
        return await act()


async def _open_thread(http: HTTPClient, channel_id: int) -> None:
    try:
        with failures():
            await http.edit_channel(channel_id, archived=False)
    except DeliveryFailed as failure:
        if failure.about is not Refused.PLACE:
            raise
        text = "The thread is archived, and the bot may not open it"
        why = "it is locked, or the bot lacks Send Messages in Threads."
        raise DeliveryFailed(f"{text}: {why}", Refused.PLACE) from failure


async def owner_of(http: HTTPClient, guild_id: int) -> tuple[str, str]:
    """Returns the id of a server's owner, and the server's name. Raises `DeliveryFailed`."""
    with failures():
        guild = await http.get_guild(guild_id, with_counts=False)
    return str(guild["owner_id"]), str(guild["name"])


@contextlib.contextmanager
def failures(*, sending: bool = False) -> Iterator[None]:
    """Raises failures of Discord and of the network as `DeliveryFailed`. `sending`: the message may still arrive."""
    try:
        yield
    except discord.RateLimited as error:
        raise DeliveryFailed("Discord asks for a pause.", Refused.MOMENT, retry_after_s=error.retry_after) from error
    except discord.HTTPException as error:
        raise _failure(error, sending) from error
    except (aiohttp.ClientError, OSError) as error:
        raise DeliveryFailed("Discord cannot be reached.", Refused.MOMENT, may_have_arrived=sending) from error


def _failure(error: discord.HTTPException, sending: bool) -> DeliveryFailed:
    if error.status == 429:
        return DeliveryFailed("Discord asks for a pause.", Refused.MOMENT, retry_after_s=_pause(error.response))
    if error.status == 401:
        return DeliveryFailed("Discord does not accept the bot's token any more.", Refused.WORKSPACE)
    if error.status >= 500:
        text = f"Discord has a problem of its own (status {error.status})."
        return DeliveryFailed(text, Refused.MOMENT, may_have_arrived=sending)
    text = _IN_WORDS.get(error.code, f"Discord did not take the message (status {error.status}, code {error.code}).")
    if error.code in _OF_THE_MOMENT:
        return DeliveryFailed(text, Refused.MOMENT)
    is_about_form = error.code in _ABOUT_FORM or error.status == 413
    return DeliveryFailed(text, Refused.FORM if is_about_form else Refused.PLACE, code=error.code)


def _pause(response: Any) -> float:
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return _CLOUDFLARE_PAUSE_S

"""Shows the answer to one command or click: progress first, then the card, in a way that Slack allows.

A public card is a message in the channel (so that others can press its buttons); only the caller sees a private card.
The command's one-time address (response_url) works also where the bot is not a member, five times within thirty
minutes; the bot's own messages have no such limit. When one way fails, the other is tried.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from bot.card import Card, Document, Progress
from bot.conversation import Pace, Renew, not_shown
from bot.slack_app.picture import show_card
from bot.slack_app.render import Rendered, render_card, render_plain, render_progress
from bot.slack_app.web import SlackRefused, SlackWeb
from core.clock import Clock

log = logging.getLogger(__name__)

RESPONSES_MAX = 5
RESPONSE_FOR_S = 30 * 60 - 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command was given. Plain text, so that a form can carry it.

    The answer replaces the message `replace_ts`. `renew_ts` is the clicked message, which is shown again
    beside the answer, and `alert` is the id of the alert in it.
    """

    channel: str | None
    member: str
    response_url: str | None = None
    thread_ts: str | None = None
    replace_ts: str | None = None
    renew_ts: str | None = None
    alert: int | None = None

    def to_plain(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Place:
        return cls(
            channel=plain.get("channel"),
            member=str(plain.get("member", "")),
            response_url=plain.get("response_url"),
            thread_ts=plain.get("thread_ts"),
            replace_ts=plain.get("replace_ts"),
            renew_ts=plain.get("renew_ts"),
            alert=plain["alert"] if isinstance(plain.get("alert"), int) else None,
        )


class Answer:
    """The answer to one command. Call `progress` any number of times, then `show` once.

    When Slack refuses the blocks, they become plain text. When that fails too, the caller is told so, with a
    reference.
    """

    def __init__(self, web: SlackWeb, clock: Clock, place: Place, renew: Renew | None = None) -> None:
        self._web = web
        self._clock = clock
        self._place = place
        self._renew = renew
        self._began = clock.monotonic()
        self._responses_left = RESPONSES_MAX if place.response_url else 0
        self._progress: tuple[str, str] | None = None  # (channel, ts) of the message that shows the progress
        self._pace = Pace()
        self._progress_fails = False

    async def progress(self, progress: Progress) -> None:
        """Show how far the work is, at most once a second. The work goes on when this fails."""
        if self._progress_fails or self._place.channel is None or not self._pace.is_due(self._clock.monotonic()):
            return
        message = message_of(render_progress(progress))
        try:
            if self._progress is None:
                self._progress = await self._post(self._place.channel, message, tries=1)
            else:
                channel, ts = self._progress
                await self._web.call("chat.update", {**message, "channel": channel, "ts": ts}, tries=1)
        except SlackRefused as refusal:
            if self._progress is None:  # the bot is not a member here: say once that work has begun
                self._progress_fails = True
                await self._say_once(message)
            log.info("progress was not shown", extra={"error": refusal.error})

    async def show(self, card: Card) -> None:
        """Show the card in the best way that Slack accepts, then show the clicked message again."""
        try:
            await show_card(self._web, self._clock, card, partial(self._show_as, card))
        except SlackRefused as refusal:
            await self._show_otherwise(card, refusal)
        if self._renew is not None:
            await self._renew(card, self._show_clicked)

    async def _show_as(self, card: Card, rendered: Rendered) -> None:
        if card.private:
            await self._remove_progress()
            await self._show_privately(rendered)
        else:
            await self._show_publicly(rendered)

    async def _show_otherwise(self, card: Card, refusal: SlackRefused) -> None:
        """Show the card as plain text when Slack refused its blocks; otherwise, or when that fails too, say so."""
        reference = secrets.token_hex(4)
        facts = {"reference": reference, "card": card.title}
        log.error("a card was not shown", extra={**facts, "error": refusal.error})
        if refusal.is_about_content:
            try:
                return await self._show_as(card, render_plain(card))
            except SlackRefused as again:
                log.warning("nor as plain text", extra={**facts, "error": again.error})
        try:
            await self._show_privately(render_plain(not_shown(reference)))
        except SlackRefused as again:
            log.warning("nor could that be said", extra={**facts, "error": again.error})

    async def _show_clicked(self, card: Card) -> None:
        """The answer is shown already, so a clicked message that cannot be changed does not make the command fail."""
        place = self._place
        for render in (render_card, render_plain):
            update = {**message_of(render(card)), "channel": place.channel, "ts": place.renew_ts}
            try:
                await self._web.call("chat.update", update)
            except SlackRefused as refusal:
                log.warning("the clicked message was not changed", extra={"error": refusal.error, "card": card.title})
                if not refusal.is_about_content:
                    return
            else:
                return

    async def _show_publicly(self, rendered: Rendered) -> None:
        message = message_of(rendered)
        place = self._place
        if place.replace_ts:
            await self._remove_progress()
            if await self._replace(message):
                await self._attach(place.channel, place.thread_ts or place.replace_ts, rendered.files)
                return
        shown = await self._finish_progress(message) or await self._post_anew(message)
        if shown is not None:
            channel, ts = shown
            await self._attach(channel, place.thread_ts or ts, rendered.files)
        else:
            await self._attach(None, None, rendered.files)

    async def _replace(self, message: Mapping[str, Any]) -> bool:
        """Replace the clicked message with the answer. Returns False when that message cannot be changed any more."""
        place = self._place
        if place.channel:
            update = {**message, "channel": place.channel, "ts": place.replace_ts}
            if await self._is_taken("chat.update", update, "a message was not changed"):
                return True
        return await self._respond({**message, "replace_original": True})

    async def _finish_progress(self, message: Mapping[str, Any]) -> tuple[str, str] | None:
        if self._progress is None:
            return None
        channel, ts = self._progress
        update = {**message, "channel": channel, "ts": ts}
        return self._progress if await self._is_taken("chat.update", update, "the progress message is gone") else None

    async def _post_anew(self, message: Mapping[str, Any]) -> tuple[str, str] | None:
        """Post a new message. Returns (channel, ts), or None when it went through the response_url, which gives
        neither.
        """
        refusal: SlackRefused | None = None
        if self._place.channel is not None:
            try:
                return await self._post(self._place.channel, message)
            except SlackRefused as refused:
                _raise_about_content(refused)
                refusal = refused
        if await self._respond({**message, "response_type": "in_channel"}):
            return None
        if refusal is not None and not refusal.permanent:
            raise refusal
        return await self._post(await self._direct_channel(), message)

    async def _show_privately(self, rendered: Rendered) -> None:
        message = message_of(rendered)
        if not (await self._say_once(message) or await self._post_alone(message)):
            await self._post(await self._direct_channel(), message)
        await self._attach(None, None, rendered.files)

    async def _post_alone(self, message: Mapping[str, Any]) -> bool:
        place = self._place
        if place.channel is None:
            return False
        alone = {**_posted(message), "channel": place.channel, "user": place.member, "thread_ts": place.thread_ts}
        return await self._is_taken("chat.postEphemeral", alone, "a private answer goes to direct messages")

    async def _is_taken(self, method: str, arguments: Mapping[str, Any], otherwise: str) -> bool:
        """Call Slack. A refusal is logged with `otherwise`, and raised when it is about the content."""
        try:
            await self._web.call(method, arguments)
        except SlackRefused as refusal:
            _raise_about_content(refusal)
            log.info(otherwise, extra={"error": refusal.error})
            return False
        return True

    async def _post(self, channel: str, message: Mapping[str, Any], tries: int = 3) -> tuple[str, str]:
        posted = {**_posted(message), "channel": channel}
        if channel == self._place.channel and self._place.thread_ts:
            posted["thread_ts"] = self._place.thread_ts
        answer = await self._web.call("chat.postMessage", posted, tries=tries)
        return str(answer.get("channel") or channel), str(answer.get("ts", ""))

    async def _respond(self, message: Mapping[str, Any]) -> bool:
        """Send through the response_url, while it can be used."""
        place = self._place
        fresh = self._clock.monotonic() - self._began < RESPONSE_FOR_S
        if place.response_url is None or self._responses_left <= 0 or not fresh:
            return False
        self._responses_left -= 1
        if place.thread_ts and not message.get("replace_original"):
            message = {**message, "thread_ts": place.thread_ts}
        try:
            await self._web.respond(place.response_url, _posted(message))
        except SlackRefused as refusal:
            _raise_about_content(refusal)
            log.info("a response_url was not taken", extra={"error": refusal.error})
            return False
        return True

    async def _say_once(self, message: Mapping[str, Any]) -> bool:
        return await self._respond({**message, "response_type": "ephemeral", "replace_original": False})

    async def _remove_progress(self) -> None:
        if self._progress is None:
            return
        channel, ts = self._progress
        self._progress = None
        try:
            await self._web.call("chat.delete", {"channel": channel, "ts": ts})
        except SlackRefused as refusal:
            log.info("a progress message stays", extra={"error": refusal.error})

    async def _direct_channel(self) -> str:
        return await open_direct_channel(self._web, self._place.member)

    async def _attach(self, channel: str | None, thread_ts: str | None, files: tuple[Document, ...]) -> None:
        """Put files below our message, or in the caller's direct messages when there is no message of ours."""
        if not files:
            return
        try:
            await attach(self._web, channel or await self._direct_channel(), thread_ts, files)
        except SlackRefused as refusal:
            log.warning("a file was not attached", extra={"error": refusal.error})
            words = f"The file could not be attached. {refusal}"
            await self._say_once({"text": words})


def _posted(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message to post. An update needs an empty list of blocks to remove the old ones; a new message
    leaves it out.
    """
    return {name: value for name, value in message.items() if name != "blocks" or value}


def _raise_about_content(refusal: SlackRefused) -> None:
    """When one way refuses the content, all other ways refuse it too, so the content has to change first."""
    if refusal.is_about_content:
        raise refusal


async def open_direct_channel(web: SlackWeb, member: str) -> str:
    """Returns the channel of direct messages with a member. Raises `SlackRefused`."""
    answer = await web.call("conversations.open", {"users": member})
    return str((answer.get("channel") or {}).get("id", ""))


async def attach(web: SlackWeb, channel: str, thread_ts: str | None, files: tuple[Document, ...]) -> None:
    """Upload files into the thread of a message. Raises `SlackRefused`."""
    for file in files:
        await web.upload(channel, thread_ts, file)


def message_of(rendered: Rendered) -> dict[str, Any]:
    """Returns a message's fields: its blocks, the text for notifications, and no previews of links."""
    return {
        "blocks": rendered.blocks,
        "text": rendered.text,
        "unfurl_links": False,
        "unfurl_media": False,
        "parse": "none",
        "link_names": False,
    }

"""Alerts on Slack. One call posts one alert, in the thread of earlier alerts about the same post. Before a resend, the
channel is searched for the alert.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

from bot.card import Card, Document, Tone
from bot.characters import fit
from bot.conversation import whole_text
from bot.frontend import DeliveryFailed, Person, Refused, Way, member_of
from bot.slack_app.answer import attach, message_of
from bot.slack_app.people import People
from bot.slack_app.picture import show_card
from bot.slack_app.render import Rendered, render_card
from bot.slack_app.text import escape
from bot.slack_app.web import TOKEN_PROBLEMS, SlackRefused, SlackWeb
from core.clock import Clock

log = logging.getLogger(__name__)

METADATA_TYPE = "bcrao_alert"
# An app that is not in Slack's Marketplace gets this many messages a call, and one call a minute. So we search before a
# resend only, never before a first send.
LOOKED_THROUGH = 15
PLAIN_TEXT_MAX = 4_000  # characters that Slack recommends for a message's text

# Slack's errors about a message's form (docs.slack.dev: chat.postMessage). A plain text causes none of them.
_ABOUT_METADATA = frozenset(
    {
        "metadata_too_large",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_must_be_sent_from_app",
    }
)
_ABOUT_FORM = _ABOUT_METADATA | frozenset(
    {
        *("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "blocks_too_long", "msg_too_long"),
        *("invalid_attachments", "too_many_attachments", "attachment_payload_limit_exceeded", "too_many_contact_cards"),
        *("no_text", "markdown_text_conflict", "invalid_arguments", "invalid_arg_name", "invalid_array_arg"),
        *("invalid_charset", "invalid_form_data", "invalid_json", "json_not_object", "invalid_post_type"),
        *("missing_post_type", "missing_charset", "missing_file_data"),
        *("slack_connect_canvas_sharing_blocked", "slack_connect_file_link_sharing_blocked"),
        "slack_connect_lists_sharing_blocked",
    }
)
_CERTAINLY_NOT_SENT = frozenset({"ratelimited", "rate_limited", "not_connected", "org_login_required", "http_429"})


class Delivery:
    """`FrontEnd.deliver` and `FrontEnd.responsible` of one workspace."""

    def __init__(self, web: SlackWeb, people: People, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._people = people

    async def deliver(self, place: str, card: Card, **way: Unpack[Way]) -> str:
        """Send the alert, or find it where an earlier try arrived. Returns the message's reference, "channel:ts"."""
        nonce = way["nonce"]
        root_channel, _, root_ts = (way.get("root_ref") or "").rpartition(":")
        channel = await self._channel_of(place)
        try:
            thread_ts = root_ts if root_channel == channel and root_ts else None
            if way.get("again") and (found := await self._look_for(channel, nonce, thread_ts)) is not None:
                return found
            return await self._post(channel, card, nonce, thread_ts, way.get("plain", False))
        except SlackRefused as refusal:
            raise failure_of(refusal) from None

    async def revise(self, reference: str, card: Card) -> bool:
        """As `FrontEnd.revise`; `reference` is "channel:ts"."""
        channel, _, ts = reference.rpartition(":")
        if not channel or not ts:
            return False
        try:
            await self._web.call(
                "chat.update", {**message_of(render_card(card)), "channel": channel, "ts": ts}, tries=1
            )
        except SlackRefused as refusal:
            failure = failure_of(refusal)
            if failure.about in (Refused.MOMENT, Refused.WORKSPACE):
                raise failure from None
            return False
        return True

    async def responsible(self, admins: Sequence[str]) -> AsyncIterator[Person]:
        installer = self._people.installer
        if installer is not None:
            yield Person(installer, "the person who installed the app")
        for admin in admins:
            if admin != installer:
                yield Person(admin, "an admin")
        try:
            owner = await self._people.primary_owner()  # reads all members, so it comes last
        except SlackRefused as refusal:
            raise failure_of(refusal) from None
        if owner is not None and owner != installer and owner not in admins:
            yield Person(owner, "the workspace's owner")

    async def _channel_of(self, place: str) -> str:
        member = member_of(place)
        if member is None:
            return place
        try:
            answer = await self._web.call("conversations.open", {"users": member}, tries=1)
        except SlackRefused as refusal:
            failure = failure_of(refusal)
            failure.may_have_arrived = False
            raise failure from None
        return str((answer.get("channel") or {}).get("id", ""))

    async def _post(self, channel: str, card: Card, nonce: str, thread_ts: str | None, plain: bool) -> str:
        async def send(rendered: Rendered | None) -> str:
            return await self._post_message(channel, _message(card, rendered, nonce), thread_ts, card.tone)

        return await (send(None) if plain else show_card(self._web, self._clock, card, send))

    async def _post_message(self, channel: str, made: Made, thread_ts: str | None, tone: Tone) -> str:
        message, files, plain = {**made.message, "channel": channel}, made.files, made.is_plain
        # People would miss bad news that stands in a thread only.
        in_thread = {"thread_ts": thread_ts, "reply_broadcast": tone in (Tone.BAD, Tone.ATTENTION)}
        try:
            answer = await self._send(message | in_thread if thread_ts else message, plain)
        except SlackRefused as refusal:
            if thread_ts is None or not refusal.permanent or refusal.error in TOKEN_PROBLEMS | _ABOUT_FORM:
                raise
            # The thread may be locked or gone while the channel is fine.
            log.info("an alert could not be posted in its thread", extra={"error": refusal.error})
            thread_ts, answer = None, await self._send(message, plain)
        where, ts = str(answer.get("channel") or channel), str(answer.get("ts", ""))
        try:
            await attach(self._web, where, thread_ts or ts, files)
        except SlackRefused as refusal:
            log.warning("a file of an alert was not attached", extra={"error": refusal.error})
        return f"{where}:{ts}"

    async def _send(self, message: dict[str, Any], plain: bool) -> dict[str, Any]:
        try:
            return await self._web.call("chat.postMessage", message, tries=1)
        except SlackRefused as refusal:
            if not plain or refusal.error not in _ABOUT_METADATA:
                raise
            bare = {name: value for name, value in message.items() if name != "metadata"}
            return await self._web.call("chat.postMessage", bare, tries=1)

    async def _look_for(self, channel: str, nonce: str, thread_ts: str | None) -> str | None:
        """Returns the alert's reference when an earlier try arrived after all. Raises `SlackRefused` when Slack cannot
        say at the moment.
        """
        asked = {"channel": channel, "limit": LOOKED_THROUGH, "include_all_metadata": 1}
        try:
            # Slack gives a thread's replies oldest first, so in a long thread the newest would be missed.
            answers = [await self._web.read("conversations.history", asked, tries=1)]
            if thread_ts is not None and not _found(answers, nonce):
                answers.append(await self._web.read("conversations.replies", {**asked, "ts": thread_ts}, tries=1))
        except SlackRefused as refusal:
            if not refusal.permanent or refusal.error in TOKEN_PROBLEMS:
                raise
            log.warning("an alert cannot be looked for before a resend", extra={"why": str(refusal)})
            return None
        ts = _found(answers, nonce)
        return f"{channel}:{ts}" if ts else None


@dataclass(frozen=True, slots=True)
class Made:
    """A message to post, and the files that follow it."""

    message: dict[str, Any]
    files: tuple[Document, ...] = ()
    is_plain: bool = False


def _message(card: Card, rendered: Rendered | None, nonce: str) -> Made:
    """Returns an alert's message: as rendered, or as plain text."""
    metadata = {
        "event_type": METADATA_TYPE,
        "event_payload": {"nonce": nonce, "post": card.values.get("post") or 0},
    }
    if rendered is not None:
        return Made({**message_of(rendered), "metadata": metadata}, rendered.files)
    said = {"unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False, "mrkdwn": False}
    text = fit(whole_text(card), PLAIN_TEXT_MAX, escape)
    return Made({"text": text, **said, "metadata": metadata}, is_plain=True)


def _found(answers: Sequence[dict[str, Any]], nonce: str) -> str | None:
    for answer in answers:
        for message in answer.get("messages") or []:
            if _payload(message).get("nonce") == nonce:
                return str(message.get("ts"))
    return None


def failure_of(refusal: SlackRefused) -> DeliveryFailed:
    """Returns what a refusal of a message concerns. An error that is not listed here concerns the place."""
    if refusal.error in TOKEN_PROBLEMS:
        about = Refused.WORKSPACE  # the workspace may have a newer token: the next try looks it up
    elif not refusal.permanent:
        about = Refused.MOMENT
    else:
        about = Refused.FORM if refusal.error in _ABOUT_FORM else Refused.PLACE
    arrived = about is Refused.MOMENT and refusal.error not in _CERTAINLY_NOT_SENT
    return DeliveryFailed(str(refusal), about, retry_after_s=refusal.retry_after_s, may_have_arrived=arrived)


def _payload(message: dict[str, Any]) -> dict[str, Any]:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") if metadata.get("event_type") == METADATA_TYPE else None
    return payload if isinstance(payload, dict) else {}

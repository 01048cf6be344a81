"""Alerts on Slack: sent once, found again before a resend, in the thread of what was told about the same post, and to a
person when their channel is gone.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.card import Card, Field, Tone
from bot.frontend import Delivered, DeliveryFailed
from bot.slack_app.answer import attach, message_of, open_direct_channel
from bot.slack_app.handling import ALERT_MARK
from bot.slack_app.people import People
from bot.slack_app.render import render_card
from bot.slack_app.web import TOKEN_PROBLEMS, SlackRefused, SlackWeb
from core.model import Role
from core.ports import Store

log = logging.getLogger(__name__)

METADATA_TYPE = "bcrao_alert"
LOOKED_THROUGH = 200  # a channel's newest messages, when an alert may have been sent before
REMEMBERED = 1000
FALLBACKS_MAX = 5

# The channel takes no messages of ours until a person does something about it.
_CHANNEL_GONE = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "user_is_restricted", "user_not_found"}
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a channel's history says: where the alert stands already, and where its post's thread begins."""

    reference: str | None = None
    root_ts: str | None = None


class Delivery:
    def __init__(self, web: SlackWeb, people: People, store: Store) -> None:
        self._web = web
        self._people = people
        self._store = store
        self._delivered: OrderedDict[str, Delivered] = OrderedDict()  # by nonce

    async def deliver(self, workspace_id: str, channel: str | None, card: Card, nonce: str) -> Delivered:
        """See `FrontEnd.deliver`. The reference is "channel:ts"."""
        if nonce in self._delivered:
            return self._delivered[nonce]
        try:
            delivered = await self._deliver(workspace_id, channel, card, nonce)
        except SlackRefused as refusal:
            # A token that died meanwhile may have a successor: the next try looks, and says if there is none.
            permanent = refusal.permanent and refusal.error not in TOKEN_PROBLEMS
            raise DeliveryFailed(str(refusal), permanent=permanent, retry_after_s=refusal.retry_after_s) from None
        self._delivered[nonce] = delivered
        while len(self._delivered) > REMEMBERED:
            self._delivered.popitem(last=False)
        return delivered

    async def _deliver(self, workspace_id: str, channel: str | None, card: Card, nonce: str) -> Delivered:
        if channel is None:
            return await self._to_a_person(workspace_id, card, nonce, "No channel was chosen for alerts yet.", None)
        try:
            return Delivered(await self._to_channel(channel, card, nonce))
        except SlackRefused as refusal:
            if refusal.error not in _CHANNEL_GONE:
                raise
            return await self._to_a_person(workspace_id, card, nonce, str(refusal), refusal)

    async def _to_channel(self, channel: str, card: Card, nonce: str) -> str:
        post = card.values.get("post")
        found = await self._look_for(channel, nonce, post)
        if found.reference is not None:
            return found.reference
        rendered = render_card(card, mark=ALERT_MARK)
        message: dict[str, Any] = {
            **message_of(rendered),
            "channel": channel,
            "metadata": {"event_type": METADATA_TYPE, "event_payload": {"nonce": nonce, "post": post or 0}},
        }
        if found.root_ts is not None:
            # Bad news in a thread alone would be missed.
            message |= {"thread_ts": found.root_ts, "reply_broadcast": card.tone in (Tone.BAD, Tone.ATTENTION)}
        answer = await self._web.call("chat.postMessage", message, tries=1)
        where, ts = str(answer.get("channel") or channel), str(answer.get("ts", ""))
        try:
            await attach(self._web, where, found.root_ts or ts, rendered.files)
        except SlackRefused as refusal:
            log.warning("a file of an alert was not attached", extra={"error": refusal.error})
        return f"{where}:{ts}"

    async def _look_for(self, channel: str, nonce: str, post: Any) -> _Found:
        """Whether an earlier try arrived after all. Raises `SlackRefused` when Slack cannot say at the moment."""
        asked = {"channel": channel, "limit": LOOKED_THROUGH, "include_all_metadata": 1}
        try:
            answer = await self._web.read("conversations.history", asked, tries=1)
            root_ts = None
            for message in answer.get("messages") or []:
                if _payload(message).get("nonce") == nonce:
                    return _Found(reference=f"{channel}:{message.get('ts')}")
                is_root = message.get("thread_ts") in (None, message.get("ts"))
                if post and is_root and _payload(message).get("post") == post:
                    root_ts = str(message.get("ts"))  # the newest come first: the last one found is the oldest
            if root_ts is None:
                return _Found()
            answer = await self._web.read("conversations.replies", {**asked, "ts": root_ts}, tries=1)
        except SlackRefused as refusal:
            if refusal.error != "missing_scope":
                raise
            log.warning("alerts cannot be looked up before a resend", extra={"why": str(refusal)})
            return _Found()
        for message in answer.get("messages") or []:
            if _payload(message).get("nonce") == nonce:
                return _Found(reference=f"{channel}:{message.get('ts')}")
        return _Found(root_ts=root_ts)

    async def _to_a_person(
        self, workspace_id: str, card: Card, nonce: str, why: str, refusal: SlackRefused | None
    ) -> Delivered:
        """To the direct messages of who can do something about it, saying so on the card."""
        note = Field("Why this comes to you", f"{why} Choose where alerts go: give /rao alerts here in that channel.")
        noted = replace(card, fields=(note, *card.fields))
        for member, who in await self._responsible(workspace_id):
            try:
                reference = await self._to_channel(await open_direct_channel(self._web, member), noted, nonce)
            except SlackRefused as refused:
                if not refused.permanent:
                    raise
                log.info("an alert's second place was not reached", extra={"member": member, "error": refused.error})
            else:
                return Delivered(reference, f"{why} It went to the direct messages of {who}.")
        raise refusal or SlackRefused("no_channel", f"{why} Nobody could be told instead.", permanent=True)

    async def _responsible(self, workspace_id: str) -> Sequence[tuple[str, str]]:
        """Members who can do something about it, each with who that is in words; the first who can be told is."""
        members = await self._store.members(workspace_id)
        told = [(member.id, "an admin") for member in members if member.role is Role.ADMIN][:FALLBACKS_MAX]
        if self._people.installer is not None:
            told.append((self._people.installer, "the person who installed the app"))
        elif not told and (owner := await self._people.primary_owner()):
            told.append((owner, "the workspace's owner"))
        return told


def _payload(message: dict[str, Any]) -> dict[str, Any]:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") if metadata.get("event_type") == METADATA_TYPE else None
    return payload if isinstance(payload, dict) else {}

"""Sends what waits for webhooks, and serves feeds: of an alert or a decision plain JSON, and an entry of an Atom feed.

A webhook's events go one after the other; a failing one is tried again with the courier's waits, and holds up nobody
but its own webhook. After the last try the webhook rests, and an alert says so (core/hooks.py).
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

from bot.alert_cards import post_links
from bot.alert_facts import Facts
from bot.alert_now import alert_card_now, decision_words
from bot.courier import MAX_ATTEMPTS, wait_before_retry
from bot.ladder import PROBLEM_MAX
from bot.listener import Listener, hear_readers
from bot.services import Reads
from bot.words import shortened
from core.alerts import severity
from core.clock import Clock
from core.errors import NotFound, UserError
from core.hooks import FEED_MAX, Happening, Hooks, HookStore, Webhook
from core.log import correlate

log = logging.getLogger(__name__)

FEED_PATH = "/feed"
HOOKS_AT_ONCE = 32
EVENTS_A_ROUND = 20
LEASE = timedelta(minutes=5)  # longer than a round of one webhook: events, each within a gateway's time limit


class HookCourier:
    """`worker` names this program in leases."""

    def __init__(self, store: HookStore, reads: Reads, hooks: Hooks, clock: Clock, worker: str) -> None:
        self._store, self._reads, self._hooks, self._clock, self._worker = store, reads, hooks, clock, worker

    async def deliver_due(self) -> int:
        """Send what is due; returns how many events were accepted. Raises `StorageUnavailable`."""
        due = await self._store.lease_webhooks(self._clock.now(), worker=self._worker, lease=LEASE, limit=HOOKS_AT_ONCE)
        return sum(await asyncio.gather(*(self._serve(hook) for hook in due)))

    async def _serve(self, hook: Webhook) -> int:
        sent = 0
        with correlate():
            try:
                for happening in await self._store.unsent_happenings(hook, EVENTS_A_ROUND):
                    if not await self._send(hook, happening):
                        return sent
                    sent, hook = sent + 1, replace(hook, attempts=0)
                await self._store.release_webhook(hook, self._worker)
            except Exception:  # one workspace's defect stops no other's webhook; the lease ends by itself
                log.exception("a webhook could not be served", extra={"workspace": hook.workspace_id})
        return sent

    async def _send(self, hook: Webhook, happening: Happening) -> bool:
        """Returns whether the next event may go: this one was accepted, or what it was about is gone."""
        event = await event_of(self._reads, hook.workspace_id, happening, self._clock.now())
        if event is not None:
            try:
                await self._hooks.send(hook, happening.key, body_of(event))
            except UserError as error:
                await self._put_off(hook, error)
                return False
        return await self._store.record_sent(hook, happening, self._worker, self._clock.now())

    async def _put_off(self, hook: Webhook, error: UserError) -> None:
        now, tried = self._clock.now(), hook.attempts + 1
        wait = wait_before_retry(sum(hook.workspace_id.encode()), tried)
        retry_at = None if tried >= MAX_ATTEMPTS else now + wait
        problem = shortened(error.what, PROBLEM_MAX)
        await self._store.record_unsent(hook, self._worker, problem, retry_at, now)
        facts = {"workspace": hook.workspace_id, "problem": problem, "attempts": tried, "retry_at": retry_at}
        log.warning("a webhook's server took no event", extra=facts)


def serve_feeds(listener: Listener, reads: Reads, hooks: Hooks, clock: Clock) -> None:
    """Answer readers of feeds. Whoever has no token that opens one is told nothing."""

    async def opened(token: str) -> bytes | None:
        workspace_id = await hooks.workspace_of(token)
        return None if workspace_id is None else await feed_of(reads, workspace_id, hooks.feed_url or "", clock)

    hear_readers(listener, FEED_PATH, opened)


async def feed_of(reads: Reads, workspace_id: str, address: str, clock: Clock) -> bytes:
    now = clock.now()
    happenings = await reads.newest_happenings(workspace_id, FEED_MAX)
    events = [await event_of(reads, workspace_id, happening, now) for happening in happenings]
    name = (await reads.workspace(workspace_id)).name
    told = [event for event in events if event is not None]
    return atom(told, workspace=workspace_id, name=name, address=address, now=now)


ATOM = "http://www.w3.org/2005/Atom"
# Characters that XML 1.0 cannot hold in any form.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def event_of(store: Reads, workspace_id: str, happening: Happening, now: datetime) -> dict[str, Any] | None:
    """Returns an event as plain JSON: `id`, `at`, `workspace`, `type` ("alert.post_removed", "decision.snoozed"),
    `severity`, `title`, `text` and `post`. None when what it was about is gone.
    """
    try:
        told = await (_alert if happening.decision is None else _decision)(store, workspace_id, happening, now)
    except NotFound:
        return None
    return {"id": happening.key, "at": happening.at.isoformat(), "workspace": workspace_id, **told}


async def _alert(store: Reads, workspace_id: str, happening: Happening, now: datetime) -> Mapping[str, Any]:
    record = await store.alert_record(workspace_id, happening.number)
    card = alert_card_now(record, now)
    post = None if record.post is None else _post(record.post)
    return {
        "type": f"alert.{record.alert.kind.value}",
        "severity": severity(record.alert.kind, record.alert.facts).value,
        "title": card.title,
        "text": card.text,
        "post": post,
    }


async def _decision(store: Reads, workspace_id: str, happening: Happening, now: datetime) -> Mapping[str, Any]:
    decision = happening.decision
    assert decision is not None and happening.post is not None  # noqa: S101, PT018 - `event_of` asked
    post = await store.tracked_post(workspace_id, happening.post)
    until = f" until {decision.until.isoformat()}" if decision.until else ""
    did = decision_words(decision.kind)
    return {
        "type": f"decision.{decision.kind.value}",
        "severity": None,
        "title": f"Post {post.id} in r/{post.community}: {did}{until} by {decision.by}",
        "text": "",
        "post": _post(post),
    }


def _post(post: Any) -> dict[str, Any]:
    return {"id": post.id, "community": post.community, "permalink": post.permalink, "state": post.state.value}


def body_of(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def atom(events: Sequence[Mapping[str, Any]], *, workspace: str, name: str, address: str, now: datetime) -> bytes:
    """Returns a feed with these events, the newest first (RFC 4287). `address` is without its token."""
    Xml.register_namespace("", ATOM)
    root = Xml.Element(f"{{{ATOM}}}feed")
    _add(root, "id", f"tag:bcrao,2026:{workspace}")
    _add(root, "title", f"BC-RAO: {name}")
    _add(root, "updated", events[0]["at"] if events else now.isoformat())
    _add(_child(root, "author"), "name", "BC-RAO")
    _child(root, "link", rel="self", href=address)
    for event in events:
        entry = _child(root, "entry")
        _add(entry, "id", f"tag:bcrao,2026:{workspace}:{event['id']}")
        _add(entry, "title", event["title"])
        _add(entry, "updated", event["at"])
        _child(entry, "category", term=event["type"])
        _add(entry, "content", event["text"] or event["title"])
        for link in post_links(Facts(event["post"] or {})):
            _child(entry, "link", rel="alternate", href=link.url)
    text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _child(parent: Xml.Element, name: str, **attributes: str) -> Xml.Element:
    clean = {key: _NOT_IN_XML.sub("\ufffd", value) for key, value in attributes.items()}
    return Xml.SubElement(parent, f"{{{ATOM}}}{name}", clean)


def _add(parent: Xml.Element, name: str, text: str) -> None:
    _child(parent, name).text = _NOT_IN_XML.sub("\ufffd", text)

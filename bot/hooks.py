"""Sends what waits for webhooks, and serves feeds.

A webhook's events go one after the other; a failing one is tried again with the courier's waits, and holds up nobody
but its own webhook. After the last try the webhook rests, and an alert says so (core/hooks.py).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

from bot.courier import MAX_ATTEMPTS, wait_before_retry
from bot.hook_events import atom, body_of, event_of
from bot.ladder import PROBLEM_MAX
from bot.listener import Listener, hear_readers
from bot.reads import Reads
from bot.words import shortened
from core.clock import Clock
from core.errors import UserError
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
    """Returns a workspace's feed as XML."""
    now = clock.now()
    happenings = await reads.newest_happenings(workspace_id, FEED_MAX)
    events = [await event_of(reads, workspace_id, happening, now) for happening in happenings]
    name = (await reads.workspace(workspace_id)).name
    told = [event for event in events if event is not None]
    return atom(told, workspace=workspace_id, name=name, address=address, now=now)

"""Blindness: when many checks in a row gave no evidence, the workspace is told once, and once more when that ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from core.alerts import Alert, AlertStore
from core.log import correlation_id
from core.model import AlertKind, Caller, NewAlert, Outcome, Reading, View
from core.visibility.looking import Look
from core.visibility.tracking import DuePost, TrackedPostReads
from core.visibility.verdict import post_facts, unchanged


class SightStore(AlertStore, TrackedPostReads, Protocol):
    """Tells how long nothing was seen, and keeps the alerts about it."""


BLIND_FOR = timedelta(hours=2)
BLIND_CYCLES = 5
UNREADABLE_FOR = timedelta(hours=6)  # one post, while others can be seen
LOOKED_THROUGH = 100  # how many alerts are searched for the last one about the whole workspace


def blind_cycles(history: Sequence[Reading]) -> int:
    """How many of the newest third-party readings in a row could not tell."""
    count = 0
    for reading in reversed(history):
        if reading.view is View.THIRD_PARTY:
            if reading.outcome is not Outcome.CANNOT_TELL:
                break
            count += reading.times
    return count


async def tell_blindness(
    store: SightStore, workspace_id: str, due: Sequence[DuePost], looks: Mapping[int, Look], now: datetime
) -> bool:
    """Owe the alert when one batch shows that a workspace sees nothing any more, or sees again. True when one was owed.

    The key of the alert names the alert before it, so that two programs that notice the same thing owe it once.
    """
    third_party = [(d, r) for d in due for r in looks[d.post.id].readings if r.view is View.THIRD_PARTY]
    if not third_party:
        return False
    seeing = [d for d, reading in third_party if reading.outcome is not Outcome.CANNOT_TELL]
    if seeing:
        blind = [(d, reading) for d, reading in third_party if reading.outcome is Outcome.CANNOT_TELL]
        for d, reading in blind:
            await _tell_unreadable(store, workspace_id, d, reading, now)
        if not any(blind_cycles(d.history) for d in seeing):
            return False
        told = await _last_told(store, workspace_id)
        if told is None or told.facts.get("restored"):
            return False
        return await _owe(store, workspace_id, f"sight:{told.id}", _restored(told, now), now)
    cycles = max(blind_cycles(d.history) for d, _ in third_party) + 1
    if cycles < BLIND_CYCLES:
        return False
    backlog = await store.backlog(workspace_id, now)
    since = max((seen for d, _ in third_party if (seen := _last_seen(d.history)) is not None), default=None)
    if backlog.last_evidence_at is not None:
        since = max(since, backlog.last_evidence_at) if since is not None else backlog.last_evidence_at
    blind_from = since or min(d.post.registered_at for d, _ in third_party)
    if now - blind_from < BLIND_FOR:
        return False
    told = await _last_told(store, workspace_id)
    if told is not None and not told.facts.get("restored"):
        return False
    facts = {
        "restored": False,
        "since": since.isoformat() if since is not None else None,
        "until": None,
        "posts": backlog.watched,
        "cycles": cycles,
        "problem": third_party[-1][1].problem,
    }
    return await _owe(store, workspace_id, f"blind after {told.id if told else 0}", facts, now)


async def _tell_unreadable(store: SightStore, workspace_id: str, due: DuePost, reading: Reading, now: datetime) -> None:
    """Owe an alert, once, about one post that could not be read for hours while others could."""
    post, seen_at = due.post, _last_seen(due.history)
    since = seen_at or post.registered_at
    if now - since < UNREADABLE_FOR or blind_cycles(due.history) + 1 < BLIND_CYCLES:
        return
    facts = post_facts(post, unchanged(post), due.history) | {"since": since.isoformat(), "problem": reading.problem}
    alert = NewAlert(AlertKind.CANNOT_SEE, f"unreadable:{post.id}:{since.isoformat()}", facts, tracked_post_id=post.id)
    scheduler = Caller.program(workspace_id, correlation_id(), "scheduler")
    await store.owe_alert(scheduler, alert, now)


def _last_seen(history: Sequence[Reading]) -> datetime | None:
    seen = [r.ended_at for r in history if r.view is View.THIRD_PARTY and r.outcome is not Outcome.CANNOT_TELL]
    return seen[-1] if seen else None


def _restored(told: Alert, now: datetime) -> dict[str, object]:
    return {
        "restored": True,
        "since": told.facts.get("since"),
        "until": now.isoformat(),
        "posts": told.facts.get("posts"),
        "cycles": told.facts.get("cycles"),
        "problem": None,
    }


async def _last_told(store: SightStore, workspace_id: str) -> Alert | None:
    alerts = await store.alerts(workspace_id, limit=LOOKED_THROUGH, kind=AlertKind.CANNOT_SEE)
    return next((alert for alert in alerts if alert.tracked_post_id is None), None)


async def _owe(store: SightStore, workspace_id: str, key: str, facts: Mapping[str, object], now: datetime) -> bool:
    scheduler = Caller.program(workspace_id, correlation_id(), "scheduler")
    return await store.owe_alert(scheduler, NewAlert(AlertKind.CANNOT_SEE, key, facts), now)

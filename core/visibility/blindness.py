"""Blindness: when many checks in a row gave no evidence, the workspace is told once, and once more when that ends. Of a
post that nobody could look at in its first hour, its people are asked once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from core.alerts import Alert, AlertStore
from core.log import correlation_id
from core.model import AlertKind, Caller, NewAlert, Outcome, Reading, State, View
from core.visibility.alert_facts import post_facts
from core.visibility.due import audit_due_at
from core.visibility.evidence import sign_of
from core.visibility.looking import Look
from core.visibility.tracking import DuePost, TrackedPostReads
from core.visibility.verdict import unchanged


class SightStore(AlertStore, TrackedPostReads, Protocol):
    """Tells how long nothing was seen, and keeps the alerts about it."""


BLIND_FOR = timedelta(hours=2)
BLIND_CYCLES = 5
UNREADABLE_FOR = timedelta(hours=6)  # one post, while others can be seen
ASK_AFTER = timedelta(hours=1)  # since a post was registered
ASK_WITHIN = timedelta(days=1)  # later it is not news any more, and the audit asks
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
    told = await _last_told(store, workspace_id)
    if told is not None and not told.facts.get("restored"):
        return False
    since = max((seen for d, _ in third_party if (seen := _last_seen(d.history)) is not None), default=None)
    if since is not None and now - since < BLIND_FOR:
        return False
    backlog = await store.backlog(workspace_id, now)
    if backlog.last_evidence_at is not None:
        since = max(since, backlog.last_evidence_at) if since is not None else backlog.last_evidence_at
    blind_from = since or min(d.post.registered_at for d, _ in third_party)
    if now - blind_from < BLIND_FOR:
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


async def ask_for_looks(
    store: SightStore, workspace_id: str, due: Sequence[DuePost], looks: Mapping[int, Look], now: datetime
) -> int:
    """Owe an alert, once, about each post of which nobody could tell anything in its first hour; returns how many. One
    message asks about all posts of a member that are asked about within two hours (core/events.py).

    A program that was down at that time asks later, but not after a day, so that an update does not ask about every
    old post at once.
    """
    unseen = [d for d in due if _needs_people(d, looks[d.post.id].readings, now)]
    if not unseen:
        return 0
    told = await store.alerts(workspace_id, None, kind=AlertKind.LOOK_WANTED, since=now - ASK_WITHIN - ASK_AFTER)
    asked = {alert.tracked_post_id for alert in told}
    scheduler = Caller.program(workspace_id, correlation_id(), "scheduler")
    owed = [_question(d, looks[d.post.id].readings) for d in unseen if d.post.id not in asked]
    return sum([await store.owe_alert(scheduler, alert, now) for alert in owed])


def _needs_people(due: DuePost, new: Sequence[Reading], now: datetime) -> bool:
    post = due.post
    is_quiet = post.stopped_at is not None or (post.snoozed_until is not None and post.snoozed_until > now)
    is_time = ASK_AFTER <= now - post.registered_at < ASK_WITHIN
    is_audited_soon = audit_due_at(post.posted_at, post.registered_at) < post.registered_at + ASK_WITHIN
    if post.state is not State.UNVERIFIED or is_quiet or not is_time or is_audited_soon:
        return False
    return not any(_could_tell(reading) for reading in (*due.history, *new))


def _could_tell(reading: Reading) -> bool:
    """Whether the look said anything. An author's view of a post that looks normal says nothing."""
    if reading.outcome is Outcome.CANNOT_TELL:
        return False
    if reading.view is View.THIRD_PARTY:
        return reading.control_live
    return reading.view is not View.AUTHOR or sign_of(reading) is not None


def _question(due: DuePost, new: Sequence[Reading]) -> NewAlert:
    post = due.post
    tries = [r for r in (*due.history, *new) if r.view in (View.THIRD_PARTY, View.ANONYMOUS)]
    facts = post_facts(post, unchanged(post), due.history) | {
        "blind_since": tries[0].read_at.isoformat() if tries else None,
        "problem": tries[-1].problem if tries else None,
    }
    key, event = f"look wanted:{post.id}", f"look wanted:{post.registered_by}"  # one message for each member
    return NewAlert(AlertKind.LOOK_WANTED, key, facts, tracked_post_id=post.id, event=event)


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

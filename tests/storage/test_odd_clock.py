"""What a clock that was ahead wrote is taken back, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.model import AlertKind, AuditOutcome, Caller, NewAlert
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def undo(store: Store, clock: FixedClock) -> int:
    return await store.undo_odd_clock(clock.now(), longest_wait=DAY, watch_for=DAY * 14, late_watch_for=DAY * 7)


@pytest.mark.parametrize(
    ("read", "due", "posted", "stopped", "is_due"),
    [
        (-MINUTE, MINUTE * 30, -DAY, None, False),  # as it should be
        (MINUTE * 4, MINUTE * 30, -DAY, None, False),  # another machine's clock
        (MINUTE * 6, MINUTE * 30, -DAY, None, True),  # read in the future
        (DAY * 40, None, -DAY, None, True),  # ended by a clock that was ahead
        (-MINUTE, None, -DAY * 13, None, True),
        (-MINUTE, None, -DAY * 14, None, False),  # over
        (-MINUTE, DAY, -DAY, None, False),
        (-MINUTE, DAY + MINUTE, -DAY, None, True),
        (DAY * 40, None, -DAY, -MINUTE, False),  # stopped
        (DAY, -MINUTE, -DAY, None, False),  # due already
    ],
)
async def test_what_is_due_anew(
    store: Store,
    caller: Caller,
    clock: FixedClock,
    read: timedelta,
    due: timedelta | None,
    posted: timedelta,
    stopped: timedelta | None,
    is_due: bool,
) -> None:
    now = clock.now()
    post = await world.make_post(store, caller, now)
    planned = now + due if due is not None else None
    await world.change_post(
        store,
        post.id,
        last_read_at=now + read,
        next_check_at=planned,
        posted_at=now + posted,
        registered_at=now - DAY * 7,
        stopped_at=now + stopped if stopped is not None else None,
    )
    assert await undo(store, clock) == is_due
    kept = await store.tracked_post(caller.workspace_id, post.id)
    assert kept.next_check_at == (now if is_due else planned)
    assert await undo(store, clock) == 0, "once is enough"


async def test_leases_of_the_future_are_free(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.change_post(store, post.id, next_check_at=clock.now())
    clock.advance(DAY * 40)
    await store.lease_due_posts(clock.now(), worker="killed", lease=MINUTE * 5, limit=10)
    clock.advance(-DAY * 40)
    held = await store.lease_due_posts(clock.now(), worker="w", lease=MINUTE * 5, limit=10)
    assert held == [post.id], "nobody need undo anything first"
    await undo(store, clock)
    assert await store.lease_due_posts(clock.now(), worker="x", lease=MINUTE * 5, limit=10) == []


@pytest.mark.parametrize(("held_for", "is_free"), [(65 * MINUTE, False), (66 * MINUTE, True)])
async def test_a_lease_longer_than_any_is_none(
    store: Store, caller: Caller, clock: FixedClock, held_for: timedelta, is_free: bool
) -> None:
    now, post = clock.now(), await world.make_post(store, caller, clock.now())
    until = {"lease_until": now + held_for, "audit_lease_until": now + held_for}
    await world.change_post(
        store, post.id, next_check_at=now, audit_due_at=now, lease_owner="k", audit_lease_owner="k", **until
    )
    looks = await store.lease_due_posts(now, worker="w", lease=MINUTE, limit=1)
    audits = await store.lease_due_audits(now, worker="w", lease=MINUTE, limit=1)
    assert (len(looks), len(audits)) == (is_free, is_free)


async def test_an_audit_that_was_due_is_told_though_a_clock_that_was_ahead_owed_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.change_post(store, post.id, audit_due_at=clock.now() - MINUTE)
    alert = NewAlert(AlertKind.AUDIT, f"audit:{post.id}", {}, tracked_post_id=post.id)
    await store.record_audit(caller.workspace_id, post.id, AuditOutcome.INERTIA, alert, clock.now() + DAY)
    await undo(store, clock)
    (told,) = await store.alerts(caller.workspace_id, 10)
    assert (told.dedupe_key, told.next_attempt_at) == (f"audit:{post.id}", clock.now())


async def test_what_was_read_or_registered_in_the_future_is_looked_at_in_every_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, other = clock.now(), await world.elsewhere(store, caller, clock.now())
    for whose, at in ((caller, -MINUTE), (caller, MINUTE * 6), (other, MINUTE * 6)):
        for times in ({"last_read_at": now + at}, {"state_since": now + at, "last_read_at": None}):
            post = await world.make_post(store, whose, now, f"t3_{at.total_seconds():.0f}{len(times)}")
            await world.change_post(store, post.id, next_check_at=now + MINUTE * 30, **times)
    assert await undo(store, clock) == 4
    assert await undo(store, clock) == 0


async def test_an_audit_before_its_time_is_open_again_and_a_true_one_is_not(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    early, true = [await world.make_post(store, caller, clock.now(), name) for name in ("t3_aaaa1", "t3_aaaa2")]
    await world.change_post(store, true.id, audit_due_at=clock.now() - MINUTE)
    await world.change_post(store, early.id, audit_due_at=clock.now() + DAY)
    for post in (early, true):
        at = clock.now() + (DAY * 40 if post is early else timedelta())
        alert = NewAlert(AlertKind.AUDIT, f"audit:{post.id}", {}, tracked_post_id=post.id)
        assert await store.record_audit(caller.workspace_id, post.id, AuditOutcome.INERTIA, alert, at)
    await undo(store, clock)
    posts = [await store.tracked_post(caller.workspace_id, post.id) for post in (early, true)]
    assert [post.audit_outcome for post in posts] == [None, AuditOutcome.INERTIA]
    assert [alert.tracked_post_id for alert in await store.alerts(caller.workspace_id, 10)] == [true.id]


async def test_alerts_of_the_future_are_due(store: Store, caller: Caller, clock: FixedClock) -> None:
    ahead = clock.now() + DAY * 40
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "test:1", {}), ahead)
    (alert,) = await store.alerts(caller.workspace_id, 10)
    assert alert.next_attempt_at == ahead
    await undo(store, clock)
    (alert,) = await store.alerts(caller.workspace_id, 10)
    assert alert.next_attempt_at == clock.now()


async def test_the_newest_time_is_that_of_a_reading_or_a_deed(store: Store, caller: Caller, clock: FixedClock) -> None:
    clock.advance(DAY)
    await world.make_post(store, caller, clock.now())
    assert await store.last_written_at() == clock.now()

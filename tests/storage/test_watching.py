"""What a lease, an audit and a clock that was ahead change in the rows, and nothing beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, event, select, update
from sqlalchemy.sql import visitors

from core.drafting.drafts import DraftStatus
from core.model import (
    AlertKind,
    AuditOutcome,
    Caller,
    NewAlert,
)
from core.timetable import DigestPlan, DigestRhythm, QuietHours
from core.visibility.tracking import DuePost, Fill, Growth, Unchanged
from storage import watching
from storage.schema import alerts, tracked_posts, watches
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes
from tests.storage.watched import DAY, FREE, HOUR, LEASE, MINUTE, SECOND, change, two_posts

# ---------------------------------------------------------------- leases


async def test_a_lease_changes_the_leased_posts_alone_and_says_how_each_stands(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    now = clock.advance(5 * MINUTE)
    await change(store, other.id, next_check_at=now + SECOND)
    before = await all_rows(store)
    held = {"lease_owner": "w", "lease_until": now + LEASE}
    assert await store.lease_due_posts(now, worker="w", lease=LEASE, limit=9) == [one.id]
    assert await store.leased_posts("w", [other.id, one.id]) == [DuePost(one, ())], "those that the worker leases"
    assert await store.leased_posts("v", [one.id]) == []
    assert await store.leased_posts("w", []) == []
    assert changes(before, await all_rows(store)) == {"watches": {one.id: held}}
    later = now + LEASE
    assert await store.lease_due_posts(later - SECOND, worker="v", lease=LEASE, limit=9, only=one.id) == []
    assert await store.lease_due_posts(later, worker="v", lease=LEASE, limit=9) == [one.id, other.id]
    assert [due.post.id for due in await store.leased_posts("v", [other.id, one.id])] == [other.id, one.id]
    assert await store.release_posts("v", only=[other.id]) == 1
    assert await store.release_posts("v", only=[]) == 0
    before = await all_rows(store)
    assert await store.release_due("v", now) == 0
    assert await store.release_due("v", now + SECOND) == 1
    assert changes(before, await all_rows(store)) == {"watches": {one.id: FREE}}


def test_no_index_holds_what_a_lease_changes() -> None:
    assert {"lease_owner", "lease_until"} <= set(watches.c.keys())
    for index in watches.indexes:
        where = index.dialect_options["postgresql"]["where"]
        held = {column.name for column in index.columns} | {
            part.name for part in (visitors.iterate(where) if where is not None else ()) if isinstance(part, Column)
        }
        assert not held & {"lease_owner", "lease_until"}, f"{index.name}: PostgreSQL would write an entry into each"


async def test_a_look_that_sees_the_same_writes_nothing_into_the_wide_row_of_its_post(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    """PostgreSQL would write an entry into each index of the post."""
    now, written = clock.now(), []
    post = await world.make_post(store, caller, now)
    seen = world.reading(now)
    await world.record(store, [world.removal_check(post, now, readings=(seen,))], now)
    later = clock.advance(2 * HOUR)
    engine = store._database._engine.sync_engine

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        written.extend(re.findall(r"(?:UPDATE|INSERT INTO) ([a-z]\w+)", sql))

    event.listen(engine, "before_cursor_execute", note)
    [due] = await world.lease(store, later)
    grown = Growth(later, 2, 2, later, 13, 7)
    await store.record_unchanged("w", [Unchanged(due.post.id, seen, grown, later + HOUR, True)])
    event.remove(engine, "before_cursor_execute", note)
    assert written == ["watches", "readings", "watches"]
    kept = await store.tracked_post(caller.workspace_id, post.id)
    assert (kept.last_read_at, kept.next_check_at, kept.score, kept.num_comments) == (later, later + HOUR, 13, 7)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # PostgreSQL decides by its statistics
async def test_the_newest_posts_and_those_due_first_come_in_the_order_of_an_index(store: Store) -> None:
    """Sorting all posts of a workspace, or all that are due, takes a hundred times as long when there are many."""
    newest = select(tracked_posts).where(tracked_posts.c.workspace_id == "w").order_by(tracked_posts.c.id.desc())
    due = [newest.limit(9), *(watching._leasing("sqlite", False, is_filled) for is_filled in (False, True))]
    async with store._database.read() as tx:
        for query in due:
            sql = str(query.compile(dialect=tx.dialect))
            asked = [1] * sql.count("?")
            plan = [step.detail for step in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(asked))]
            assert [step for step in plan if "USING INDEX" in step], plan
            assert not [step for step in plan if "ORDER BY" in step], plan


async def test_posts_that_are_due_together_come_by_number_and_no_more_than_asked_for(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    posts = [await world.make_post(store, caller, now, f"t3_aaaa{n}") for n in range(4)]
    for post in posts[1:]:
        await change(store, post.id, next_check_at=now)
    leased = await store.lease_due_posts(now, worker="w", lease=LEASE, limit=2)
    assert leased == [posts[1].id, posts[2].id]


async def test_a_batch_is_not_filled_beyond_its_limit_nor_when_it_is_full(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    posts = [await world.make_post(store, caller, now, f"t3_aaaa{n}") for n in range(7)]
    for n, post in enumerate(posts):
        await change(store, post.id, next_check_at=now if n < 3 else now + n * MINUTE, last_read_at=now - HOUR)
    fill = Fill(3, now, now + HOUR)

    ids = {post.id: n for n, post in enumerate(posts)}

    async def numbers(limit: int, size: int) -> list[int]:
        found = await store.lease_due_posts(now, worker="w", lease=LEASE, limit=limit, fill=replace(fill, size=size))
        assert await store.release_due("w", now + HOUR) == len(found)
        return [ids[post_id] for post_id in found]

    assert await numbers(9, 3) == [0, 1, 2], "a full batch"
    assert await numbers(9, 4) == [0, 1, 2, 3]
    assert await numbers(9, 5) == [0, 1, 2, 3, 4]
    assert await numbers(4, 5) == [0, 1, 2, 3], "no more than asked for"
    assert await numbers(3, 5) == [0, 1, 2]


async def test_of_audits_the_longest_due_comes_first_and_each_is_held_by_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    posts = [await world.make_post(store, caller, now, f"t3_aaaa{n}") for n in range(6)]
    for post, due_at in zip(posts, (SECOND, -SECOND, -MINUTE, -SECOND, timedelta(), -HOUR), strict=True):
        await change(store, post.id, audit_due_at=now + due_at)
    await change(store, posts[5].id, audit_outcome=AuditOutcome.SUCCESS)
    before = await all_rows(store)
    leased = await store.lease_due_audits(now, worker="w", lease=LEASE, limit=3)
    assert [post.id for post in leased] == [posts[2].id, posts[1].id, posts[3].id]
    assert leased[0] == replace(posts[2], audit_due_at=now - MINUTE)
    held = {"audit_lease_owner": "w", "audit_lease_until": now + LEASE}
    assert changes(before, await all_rows(store)) == {"tracked_posts": {post.id: held for post in leased}}
    rest = await store.lease_due_audits(now, worker="v", lease=LEASE, limit=3)
    assert [post.id for post in rest] == [posts[4].id]
    before = await all_rows(store)
    assert await store.release_due("w", now - SECOND) == 1
    assert await store.release_due("w", now) == 2
    free = {"audit_lease_owner": None, "audit_lease_until": None}
    assert changes(before, await all_rows(store)) == {"tracked_posts": {post.id: free for post in leased}}
    again = await store.lease_due_audits(now + LEASE, worker="u", lease=LEASE, limit=9)
    assert [post.id for post in again] == [posts[n].id for n in (2, 1, 3, 4, 0)]


async def test_an_audit_is_kept_with_its_outcome_and_its_alert_waits_for_the_end_of_a_snooze(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    now = clock.advance(7 * DAY)
    await store.snooze_post(caller, one.id, now + HOUR, now)
    await store.snooze_post(caller, other.id, now - HOUR, now)
    await store.lease_due_audits(now, worker="w", lease=LEASE, limit=9)
    for post, waits_until in ((one, now + HOUR), (other, now)):
        alert = NewAlert(AlertKind.AUDIT, f"audit:{post.id}", {}, post.id)
        before = await all_rows(store)
        assert await store.record_audit(caller.workspace_id, post.id, AuditOutcome.INERTIA, alert, now)
        made = changes(before, await all_rows(store))
        assert made["tracked_posts"] == {
            post.id: {"audit_outcome": AuditOutcome.INERTIA, "audit_lease_owner": None, "audit_lease_until": None}
        }
        [owed] = made["alerts"]["new"]
        assert (owed["next_attempt_at"], owed["created_at"], owed["tracked_post_id"]) == (waits_until, now, post.id)
        before = await all_rows(store)
        assert not await store.record_audit(caller.workspace_id, post.id, AuditOutcome.SUCCESS, alert, now)
        assert not await store.record_audit("terminal:b", post.id, AuditOutcome.SUCCESS, alert, now)
        assert changes(before, await all_rows(store)) == {}


# ---------------------------------------------------------------- a clock that was ahead, and when something is due


async def test_what_a_clock_that_was_ahead_left_behind_is_undone_and_nothing_else(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    ahead = now + 5 * MINUTE
    leased = ahead + HOUR
    posts = [await world.make_post(store, caller, now, f"t3_aaaa{n}") for n in range(12)]
    ids = [post.id for post in posts]
    planned: dict[str, Any] = {"last_read_at": now, "next_check_at": now + HOUR}
    for post_id, values in zip(
        ids,
        (
            planned,
            planned | {"last_read_at": ahead, "lease_owner": "w", "lease_until": leased},
            planned | {"last_read_at": ahead + SECOND, "lease_owner": "w", "lease_until": ahead},
            planned | {"last_read_at": None, "registered_at": ahead + SECOND, "state_since": ahead + SECOND},
            planned | {"last_read_at": now, "registered_at": ahead + SECOND},
            planned | {"lease_owner": "w", "lease_until": leased + SECOND},
            planned | {"audit_lease_owner": "w", "audit_lease_until": leased},
            planned | {"audit_lease_owner": "w", "audit_lease_until": leased + SECOND},
            planned | {"audit_outcome": AuditOutcome.SUCCESS, "audit_due_at": ahead},
            planned | {"audit_outcome": AuditOutcome.SUCCESS, "audit_due_at": ahead + SECOND},
            planned | {"audit_outcome": AuditOutcome.SUCCESS, "audit_due_at": ahead + SECOND, "stopped_at": now},
            {"next_check_at": None, "posted_at": now - 20 * DAY, "registered_at": now - 7 * DAY + SECOND},
        ),
        strict=True,
    ):
        await change(store, post_id, **values)
    before = await all_rows(store)
    assert await store.undo_odd_clock(now, longest_wait=DAY, watch_for=14 * DAY, late_watch_for=7 * DAY) == 3
    assert changes(before, await all_rows(store)) == {
        "tracked_posts": {ids[9]: {"audit_outcome": None}},
        "watches": {
            ids[2]: {"next_check_at": now, **FREE},
            ids[3]: {"next_check_at": now},
            ids[11]: {"next_check_at": now},
        },
    }


async def test_alerts_and_digests_of_the_future_are_due_now_and_audits_of_the_future_never_were(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    ahead = now + 5 * MINUTE
    other = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    early, true = await two_posts(store, caller, now)
    await change(store, early.id, audit_outcome=AuditOutcome.SUCCESS, audit_due_at=ahead + SECOND)
    await change(store, true.id, audit_outcome=AuditOutcome.SUCCESS, audit_due_at=ahead)
    ids: dict[str, int] = {}
    for key, kind, created_at in (
        ("audit in time", AlertKind.AUDIT, ahead),
        ("audit was due", AlertKind.AUDIT, ahead + SECOND),
        ("audit told", AlertKind.AUDIT, ahead + SECOND),
        ("audit", AlertKind.AUDIT, ahead + SECOND),
        ("soon", AlertKind.TEST, ahead),
        ("later", AlertKind.TEST, ahead + SECOND),
        ("due", AlertKind.TEST, ahead + SECOND),
        ("held", AlertKind.TEST, now),
        ("held long", AlertKind.TEST, now),
    ):
        post = true if key == "audit was due" else early if kind is AlertKind.AUDIT else None
        await store.owe_alert(caller, NewAlert(kind, key, {}, post.id if post else None), created_at)
        ids[key] = (await store.alerts(caller.workspace_id))[0].id
    async with store._database.write() as tx:
        for key, values in (
            ("audit told", {"delivered_at": now, "next_attempt_at": None}),
            ("due", {"next_attempt_at": now}),
            ("held", {"lease_owner": "c", "lease_until": ahead + HOUR}),
            ("held long", {"lease_owner": "c", "lease_until": ahead + HOUR + SECOND}),
        ):
            await tx.execute(update(alerts).where(alerts.c.id == ids[key]).values(values))
    daily = DigestPlan(DigestRhythm.DAILY, time(12, 5))
    await store.set_digest(caller, daily, now + 7 * DAY)  # due in eight days and five minutes
    await store.set_digest(other, replace(daily, at=time(12, 6)), now + 7 * DAY + 5 * MINUTE)
    times = [(await store.timetable(w)).digest_due_at for w in (caller.workspace_id, "terminal:b")]
    assert times == [ahead + 7 * DAY, ahead + 7 * DAY + MINUTE]
    await store.set_digest(caller, daily, now + 7 * DAY + 5 * MINUTE)
    await store.set_digest(other, replace(daily, at=time(12, 6)), now + 8 * DAY)
    before = await all_rows(store)
    assert await store.undo_odd_clock(now, longest_wait=DAY, watch_for=14 * DAY, late_watch_for=7 * DAY) == 0
    assert changes(before, await all_rows(store)) == {
        "alerts": {
            ids["audit"]: None,
            ids["audit told"]: {"dedupe_key": f"audit told:early:{ids['audit told']}"},
            ids["audit was due"]: {"next_attempt_at": now},
            ids["later"]: {"next_attempt_at": now},
            ids["held long"]: FREE,
        },
        "tracked_posts": {early.id: {"audit_outcome": None}},
        "timetables": {"terminal:b": {"digest_due_at": now}},
    }


async def test_the_newest_time_is_the_later_one_of_a_reading_and_the_last_deed(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    assert await store.last_written_at() is None
    began = clock.now()
    one, other = await two_posts(store, caller, began)
    assert await store.last_written_at() == began
    await change(store, one.id, last_read_at=began + HOUR)
    await change(store, other.id, last_read_at=began + MINUTE)
    assert await store.last_written_at() == began + HOUR
    await store.due_now(caller, one.id, began + 2 * HOUR)
    assert await store.last_written_at() == began + 2 * HOUR
    await store.due_now(caller, one.id, began + MINUTE)
    assert await store.last_written_at() == began + HOUR, "the last deed, not the latest"


async def test_the_next_due_time_is_the_earliest_of_all_that_is_planned_or_held(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    one, other = await two_posts(store, caller, now)
    nothing = {"next_check_at": None, "audit_due_at": None}
    free = {"lease_until": None, "audit_lease_until": None, "audit_outcome": None}
    for post in (one, other):
        await change(store, post.id, **nothing)
    assert await store.next_due_at() is None

    async def due(**values: Any) -> timedelta | None:
        await change(store, one.id, **(nothing | free | values))
        at = await store.next_due_at()
        return at - now if at is not None else None

    at, held = now + 3 * HOUR, now + 4 * HOUR
    assert await due(next_check_at=at) == 3 * HOUR
    assert await due(next_check_at=at, lease_until=held) == 4 * HOUR
    assert await due(lease_until=held) is None
    assert await due(audit_due_at=at) == 3 * HOUR
    assert await due(audit_due_at=at, audit_lease_until=held) == 4 * HOUR
    assert await due(audit_due_at=at, audit_outcome=AuditOutcome.SUCCESS) is None
    assert await due(audit_due_at=at, audit_lease_until=held, audit_outcome=AuditOutcome.SUCCESS) is None
    assert await due(audit_lease_until=held) is None
    assert await due() is None

    campaign = await world.make_campaign(store, caller, now)
    draft = await world.make_draft(store, caller, campaign.id, now)
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now, remind_at=now + 9 * HOUR)
    assert await due() == 9 * HOUR
    assert await due(next_check_at=now + 9 * HOUR - SECOND) == 9 * HOUR - SECOND
    await store.set_digest(caller, DigestPlan(DigestRhythm.DAILY, time(20)), now)
    assert await due() == 8 * HOUR
    await store.set_quiet_hours(caller, QuietHours(time(12), time(19)), now)
    await store.owe_alert(caller, NewAlert(AlertKind.AUDIT, "quiet", {}), now)
    assert await store.lease_alerts(now, worker="c", lease=MINUTE, limit=1, platforms=["terminal"]) == []
    assert await due() == 7 * HOUR
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "at any hour", {}), now + 6 * HOUR)
    assert await due() == 6 * HOUR
    later = now + 6 * HOUR
    await store.lease_alerts(later, worker="c", lease=MINUTE, limit=1, platforms=["terminal"])
    assert await due() == 6 * HOUR + MINUTE


async def test_the_load_is_that_of_all_workspaces(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    other = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    for n, (whose, age) in enumerate(
        (
            (caller, HOUR - SECOND),
            (caller, HOUR),
            (caller, DAY),
            (caller, 3 * DAY),
            (other, MINUTE),
            (other, DAY),
        )
    ):
        post = await world.make_post(store, whose, now, f"t3_aaaa{n}")
        await change(store, post.id, posted_at=now - age, state_since=now - age)
    assert await store.watch_load(now, ages=(HOUR, DAY, 2 * DAY)) == [2, 1, 3]
    assert await store.watch_load(now, ages=(HOUR,)) == [6]

"""What a look, an audit and a clock that was ahead change in the rows, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, select, update
from sqlalchemy.sql import visitors

from core.alerts import DecisionKind
from core.drafting.drafts import DraftStatus
from core.model import (
    AccountState,
    AlertKind,
    AuditOutcome,
    AuthorStatus,
    Basis,
    Caller,
    Confidence,
    NewAlert,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.timetable import DigestPlan, DigestRhythm, QuietHours
from core.visibility.tracking import Check, DuePost, Fill, Unchanged, Verdict
from storage import watching
from storage.schema import account_readings, accounts, alerts, tracked_posts
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = 5 * MINUTE
FREE: Mapping[str, Any] = {"lease_owner": None, "lease_until": None}


async def change(store: Store, post_id: int, **values: Any) -> None:
    async with store._database.write() as tx:
        await tx.execute(update(tracked_posts).where(tracked_posts.c.id == post_id).values(values))


async def two_posts(store: Store, caller: Caller, now: datetime) -> tuple[TrackedPost, TrackedPost]:
    return (
        await world.make_post(store, caller, now, "t3_aaaa1"),
        await world.make_post(store, caller, now, "t3_aaaa2"),
    )


def whole_reading(at: datetime, **changed: Any) -> Reading:
    """A reading that has something to say in every field."""
    whole = Reading(
        View.AUTHOR,
        Basis.APIFY,
        at,
        Outcome.NOT_VISIBLE,
        found=True,
        control_live=True,
        category="reddit",
        indexable=False,
        author_present=True,
        body_state="removed",
        locked=True,
        score=11,
        num_comments=5,
        author_status=AuthorStatus.EXISTS,
        problem="slow",
        clock_jump_s=2.5,
        last_read_at=at + 2 * MINUTE,
        times=4,
        apart=2,
        apart_at=at + MINUTE,
        looked_by="bob",
        closure="private",
    )
    return replace(whole, **changed)


# ---------------------------------------------------------------- leases


async def test_a_lease_changes_the_leased_posts_alone_and_says_how_each_stands(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    now = clock.advance(5 * MINUTE)
    await change(store, other.id, next_check_at=now + SECOND)
    before = await all_rows(store)
    held = {"lease_owner": "w", "lease_until": now + LEASE}
    assert await store.lease_due_posts(now, worker="w", lease=LEASE, limit=9) == [DuePost(one, ())]
    assert changes(before, await all_rows(store)) == {"tracked_posts": {one.id: held}}
    later = now + LEASE
    assert await store.lease_due_posts(later - SECOND, worker="v", lease=LEASE, limit=9, only=one.id) == []
    assert [due.post.id for due in await store.lease_due_posts(later, worker="v", lease=LEASE, limit=9)] == [
        one.id,
        other.id,
    ]
    assert await store.release_posts("v", only=[other.id]) == 1
    assert await store.release_posts("v", only=[]) == 0
    before = await all_rows(store)
    assert await store.release_due("v", now) == 0
    assert await store.release_due("v", now + SECOND) == 1
    assert changes(before, await all_rows(store)) == {"tracked_posts": {one.id: FREE}}


def test_no_index_of_the_posts_holds_what_a_lease_changes() -> None:
    changed = {"lease_owner", "lease_until"}
    for index in tracked_posts.indexes:
        where = index.dialect_options["postgresql"]["where"]
        held = {column.name for column in index.columns} | {
            part.name for part in (visitors.iterate(where) if where is not None else ()) if isinstance(part, Column)
        }
        assert not held & changed, f"{index.name}: PostgreSQL would write an entry into each index of a leased post"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # PostgreSQL decides by its statistics
async def test_the_newest_posts_and_those_due_first_come_in_the_order_of_an_index(store: Store) -> None:
    """Sorting all posts of a workspace, or all that are due, takes a hundred times as long when there are many."""
    newest = select(tracked_posts).where(tracked_posts.c.workspace_id == "w").order_by(tracked_posts.c.id.desc())
    due = [newest.limit(9), watching._DUE, watching._DUE_AND_WAITING, watching._DUE_SOON]
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
    assert [due.post.id for due in leased] == [posts[1].id, posts[2].id]


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
        return [ids[due.post.id] for due in found]

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


# ---------------------------------------------------------------- checks


async def test_a_check_is_kept_with_all_that_it_tells(store: Store, caller: Caller, clock: FixedClock) -> None:
    began = clock.now()
    new = world.to_register("t3_aaaa1", began, author=None, title=None)
    post = await store.register_post(caller, new, began)
    now = clock.advance(10 * MINUTE)
    await store.lease_due_posts(now, worker="w", lease=LEASE, limit=1)
    look = whole_reading(now)
    verdict = Verdict(
        State.REMOVED, now, RemovedBy.REDDIT_FILTERS, "reddit", Confidence.MEDIUM, True, patterns=(world.a_pattern(),)
    )
    check = Check(
        post.id,
        post.workspace_id,
        (look,),
        verdict,
        now + HOUR,
        author="Ada_W",
        title="As seen",
        body_sha256="ab" * 32,
        account_state=AccountState.SHADOWBANNED,
        gives_way=True,
    )
    before = await all_rows(store)
    assert await store.record_checks("w", [check], now) == 1
    made = changes(before, await all_rows(store))
    [account] = made["accounts"]["new"]
    [learned] = made["patterns"]["new"]
    [told] = made["journal"]["new"]
    assert (learned["created_by"], learned["created_at"]) == ("system", now)
    assert told["facts"] == {"state": "removed", "before": "unverified", "removed_by": "reddit_filters"}
    ended_at = now + 2 * MINUTE
    assert account == {
        "workspace_id": caller.workspace_id,
        "name": "Ada_W",
        "name_folded": "ada_w",
        "state": AccountState.SHADOWBANNED,
        "state_since": now,
        "last_read_at": ended_at,
    }
    [known] = (await all_rows(store))["accounts"].values()
    assert made["account_readings"] == {
        "new": [
            {
                "workspace_id": caller.workspace_id,
                "account_id": known["id"],
                "basis": Basis.APIFY,
                "read_at": ended_at,
                "author_status": AuthorStatus.EXISTS,
            }
        ]
    }
    assert made["tracked_posts"] == {
        post.id: {
            "author": "Ada_W",
            "state": State.REMOVED,
            "state_since": now,
            "removed_by": RemovedBy.REDDIT_FILTERS,
            "category": "reddit",
            "confidence": Confidence.MEDIUM,
            "locked": True,
            "title": "As seen",
            "words": "as seen",
            "body_sha256": "ab" * 32,
            "score": 11,
            "num_comments": 5,
            "last_read_at": ended_at,
            "next_check_at": now + HOUR,
            "gives_way": True,
            "found_state": State.REMOVED,
            "found_removed_by": RemovedBy.REDDIT_FILTERS,
            **FREE,
        }
    }
    assert set(made) == {"tracked_posts", "accounts", "account_readings", "readings", "patterns", "journal"}
    assert await store.readings(caller.workspace_id, post.id) == (look,)
    [row] = made["readings"]["new"]
    assert (row["workspace_id"], row["tracked_post_id"]) == (caller.workspace_id, post.id)


async def test_what_a_look_could_not_find_leaves_what_was_found_before(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    first_at = clock.advance(MINUTE)
    await world.record(store, [world.removal_check(post, first_at)], first_at)
    now = clock.advance(MINUTE)
    blind = Verdict(State.GATED, now, confidence=Confidence.LOW)
    check = Check(post.id, post.workspace_id, (), blind, None, author="another", title="another", body_sha256="another")
    await world.record(store, [check], now)
    kept = await store.tracked_post(caller.workspace_id, post.id)
    assert kept == replace(
        post,
        state=State.GATED,
        state_since=now,
        confidence=Confidence.LOW,
        body_sha256="ab" * 32,
        score=7,
        num_comments=2,
        last_read_at=first_at,
        next_check_at=None,
        found_state=State.REMOVED,
        found_removed_by=RemovedBy.MODERATORS,
    )


async def test_counts_are_those_of_the_last_look_that_saw_them(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    now = clock.advance(HOUR)
    looks = (
        world.reading(now + 2 * SECOND, view=View.AUTHOR, score=30, num_comments=None),
        world.reading(now, view=View.THIRD_PARTY, score=10, num_comments=1),
        world.reading(now + SECOND, view=View.ANONYMOUS, score=20, num_comments=2),
    )
    await world.record(store, [world.removal_check(post, now, readings=looks)], now)
    kept = await store.tracked_post(caller.workspace_id, post.id)
    assert (kept.score, kept.num_comments, kept.last_read_at) == (30, 2, now + 2 * SECOND)


async def test_what_its_author_deleted_is_forgotten_in_the_post_and_in_its_alerts(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    for post in (one, other):
        for key, title in (("titled", "Invented title"), ("untitled", None)):
            facts = {"title": title, "state": "removed"}
            await store.owe_alert(caller, NewAlert(AlertKind.TEST, f"{key} {post.id}", facts, post.id), clock.now())
    titled = next(alert for alert in await store.alerts(caller.workspace_id) if alert.dedupe_key == f"titled {one.id}")
    now = clock.advance(MINUTE)
    await world.record(store, [world.removal_check(one, now)], now)
    before = await all_rows(store)
    deleted = world.removal_check(one, now + SECOND, title="Seen again", body_sha256="cd" * 32)
    deleted = replace(deleted, verdict=Verdict(State.DELETED, now + SECOND), readings=())
    await world.record(store, [deleted, world.removal_check(other, now, readings=())], now)
    made = changes(before, await all_rows(store))
    kept = await store.tracked_post(caller.workspace_id, one.id)
    assert (kept.title, kept.body_sha256, kept.state) == (None, None, State.DELETED)
    assert made["tracked_posts"][one.id]["words"] == ""
    assert {number: row for number, row in made["alerts"].items() if number != "new"} == {
        titled.id: {"facts": {"title": None, "state": "removed"}}
    }
    assert (await store.tracked_post(caller.workspace_id, other.id)).title == "Invented title"


async def test_what_a_member_said_of_a_post_is_kept_as_a_decision(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    now = clock.advance(MINUTE)
    bob = world.somebody_else(caller, "bob")
    for kind, told in (
        (DecisionKind.SEEN, "post.seen"),
        (DecisionKind.UNSEEN, "post.unseen"),
        (DecisionKind.ACCOUNT_BANNED, "post.account_banned"),
        (DecisionKind.WRONG_ALARM, "post.wrong_alarm"),
    ):
        before = await all_rows(store)
        said = Check(post.id, post.workspace_id, (), Verdict(State.UNVERIFIED, now), None, said=(kind, bob))
        await world.record(store, [said], now)
        made = changes(before, await all_rows(store))
        assert made["decisions"]["new"] == [
            {
                "workspace_id": caller.workspace_id,
                "tracked_post_id": post.id,
                "kind": kind,
                "by_id": "bob",
                "by": "bob",
                "at": now,
            }
        ]
        [entry] = made["journal"]["new"]
        assert (entry["kind"], entry["subject"], entry["facts"]) == (told, f"post {post.id}", {})
        assert (entry["member_id"], entry["at"]) == ("bob", now)


async def test_a_look_that_goes_on_extends_its_reading_and_an_older_one_changes_nothing(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    at = clock.now()
    single = whole_reading(at, last_read_at=None, times=1, apart=1, apart_at=None)
    for post in (one, other):
        await world.record(store, [world.removal_check(post, at, readings=(single,))], at)
    grown = whole_reading(at, score=12, num_comments=6, problem="not this", indexable=True)
    await world.record(store, [world.removal_check(one, at, readings=(grown,))], at)
    kept = replace(
        single,
        last_read_at=at + 2 * MINUTE,
        times=4,
        apart=2,
        apart_at=at + MINUTE,
        score=12,
        num_comments=6,
    )
    assert await store.readings(caller.workspace_id, one.id) == (kept,)
    assert await store.readings(caller.workspace_id, other.id) == (single,)
    older = whole_reading(at, last_read_at=at + MINUTE, times=3, score=1)
    await world.record(store, [world.removal_check(one, at, readings=(older,))], at)
    assert await store.readings(caller.workspace_id, one.id) == (kept,)


async def test_an_unchanged_look_extends_its_reading_and_plans_the_next_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    at = clock.now()
    single = whole_reading(at, last_read_at=None, times=1, apart=1, apart_at=None)
    for post in (one, other):
        looks = (single, replace(single, view=View.THIRD_PARTY), replace(single, outcome=Outcome.CANNOT_TELL))
        await world.record(store, [world.removal_check(post, at, readings=looks)], at)
    now = clock.advance(HOUR)
    await store.lease_due_posts(now, worker="w", lease=LEASE, limit=1, only=one.id)
    await store.lease_due_posts(now, worker="v", lease=LEASE, limit=1, only=other.id)
    goes_on = replace(single, last_read_at=now, times=2, apart=2, apart_at=now, score=13, num_comments=7)
    before = await all_rows(store)
    unchanged = Unchanged(one.id, goes_on, now + 2 * HOUR, True)
    await store.record_unchanged("w", [unchanged])
    made = changes(before, await all_rows(store))
    grown = {"last_read_at": now, "times": 2, "apart": 2, "apart_at": now, "score": 13, "num_comments": 7}
    assert list(made["readings"].values()) == [grown]
    assert made["tracked_posts"] == {
        one.id: {
            "next_check_at": now + 2 * HOUR,
            "gives_way": True,
            "last_read_at": now,
            "score": 13,
            "num_comments": 7,
            **FREE,
        }
    }
    assert set(made) == {"readings", "tracked_posts"}
    assert (await store.readings(caller.workspace_id, one.id))[0] == goes_on
    before = await all_rows(store)
    await store.record_unchanged("w", [unchanged])
    assert changes(before, await all_rows(store)) == {}, "once is enough"

    silent = replace(goes_on, last_read_at=now + SECOND, times=3, score=None, num_comments=None)
    await store.record_unchanged("w", [Unchanged(other.id, silent, now, False)])
    assert (await store.readings(caller.workspace_id, other.id))[0] == silent
    kept = await store.tracked_post(caller.workspace_id, other.id)
    assert (kept.score, kept.next_check_at) == (11, at + HOUR), "somebody else holds it"
    await store.record_unchanged("v", [Unchanged(other.id, replace(silent, times=4), None, False)])
    kept = await store.tracked_post(caller.workspace_id, other.id)
    assert (kept.score, kept.num_comments, kept.next_check_at) == (11, 5, None)


async def test_only_the_checks_of_posts_that_the_worker_holds_are_applied(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    now = clock.advance(10 * MINUTE)
    await store.lease_due_posts(now, worker="w", lease=LEASE, limit=1)
    checks = [world.removal_check(post, now) for post in (one, other)]
    gone = replace(checks[0], tracked_post_id=other.id + 1)
    assert await store.record_checks("w", [gone, *checks], now) == 1
    states = [(await store.tracked_post(caller.workspace_id, post.id)).state for post in (one, other)]
    assert states == [State.REMOVED, State.UNVERIFIED]
    assert await store.record_checks("w", [], now) == 0


async def test_alerts_of_a_check_wait_for_the_end_of_the_snooze_of_their_post(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    now = clock.now()
    await store.snooze_post(caller, one.id, now + HOUR, now)
    await store.snooze_post(caller, other.id, now - HOUR, now)
    await world.record(store, [world.removal_check(post, now) for post in (one, other)], now)
    due = {alert.tracked_post_id: alert.next_attempt_at for alert in await store.alerts(caller.workspace_id)}
    assert due == {one.id: now + HOUR, other.id: now}


# ---------------------------------------------------------------- the authors of checked posts


async def test_an_account_that_is_odd_is_looked_at_within_half_an_hour_and_no_other_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    names = ("odd", "calm", "soon", "silent", "never")
    posts = [
        await store.register_post(caller, world.to_register(f"t3_{name}", now, author=name.title()), now)
        for name in names
    ]
    by_name = {account.name: account for account in await store.accounts(caller.workspace_id)}
    assert set(by_name) == {"Odd", "Calm", "Soon", "Silent", "Never"}
    looks = {"Odd": now + HOUR, "Calm": now + HOUR, "Soon": now + 29 * MINUTE, "Silent": now + HOUR, "Never": None}
    async with store._database.write() as tx:
        for name, at in looks.items():
            await tx.execute(update(accounts).where(accounts.c.name == name).values(next_look_at=at))
    checks = [world.removal_check(post, now) for post in posts]
    calm = replace(checks[1], verdict=Verdict(State.LIVE, now, alerts=checks[1].verdict.alerts))
    silent = replace(checks[3], verdict=replace(checks[3].verdict, alerts=()))
    before = await all_rows(store)
    await world.record(store, [checks[0], calm, checks[2], silent, checks[4]], now)
    assert changes(before, await all_rows(store))["accounts"] == {
        by_name["Odd"].id: {"next_look_at": now + 30 * MINUTE}
    }


async def test_an_account_is_known_by_its_name_in_any_case_in_each_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    posts = [
        await store.register_post(whose, world.to_register(f"t3_{n}", now, author=name), now)
        for n, (whose, name) in enumerate(
            ((caller, "Ada"), (caller, "ADA"), (elsewhere, "ada"), (caller, None), (caller, "Bob"))
        )
    ]
    seen = [
        world.reading(now + n * SECOND, author_status=AuthorStatus.MISSING if n % 2 else AuthorStatus.EXISTS)
        for n in range(5)
    ]
    states = (None, AccountState.SHADOWBANNED, AccountState.VISIBLE, None, None)
    checks = [
        world.removal_check(
            post, now, readings=(look,), account_state=state, author="Cem" if post.author is None else None
        )
        for post, look, state in zip(posts, seen, states, strict=True)
    ]
    await world.record(store, checks, now)
    here = {a.name: (a.state, a.state_since, a.last_read_at) for a in await store.accounts(caller.workspace_id)}
    assert here == {
        "Ada": (AccountState.SHADOWBANNED, now, now + SECOND),
        "Cem": (AccountState.UNKNOWN, now, now + 3 * SECOND),
        "Bob": (AccountState.UNKNOWN, now, now + 4 * SECOND),
    }
    [there] = await store.accounts("terminal:b")
    assert (there.name, there.state) == ("ada", AccountState.VISIBLE)
    async with store._database.read() as tx:
        looks = (await tx.execute(account_readings.select().order_by(account_readings.c.read_at))).all()
    assert [(row.workspace_id, row.author_status) for row in looks] == [
        (caller.workspace_id, AuthorStatus.EXISTS),
        (caller.workspace_id, AuthorStatus.MISSING),
        ("terminal:b", AuthorStatus.EXISTS),
        (caller.workspace_id, AuthorStatus.MISSING),
        (caller.workspace_id, AuthorStatus.EXISTS),
    ]
    before = await all_rows(store)
    await world.record(store, [replace(checks[0], readings=())], now)
    assert "accounts" not in changes(before, await all_rows(store))


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
        "tracked_posts": {
            ids[2]: {"next_check_at": now, **FREE},
            ids[3]: {"next_check_at": now},
            ids[9]: {"audit_outcome": None},
            ids[11]: {"next_check_at": now},
        }
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

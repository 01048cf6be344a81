"""What is kept of the checks of watched posts, and of their authors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from core.alerts import DecisionKind
from core.model import (
    AccountState,
    AlertKind,
    AuthorStatus,
    Basis,
    Caller,
    Confidence,
    NewAlert,
    Outcome,
    RemovedBy,
    State,
    View,
)
from core.visibility.tracking import Check, Growth, Unchanged, Verdict
from storage.schema import account_readings, accounts
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes
from tests.storage.watched import FREE, HOUR, LEASE, MINUTE, SECOND, two_posts, whole_reading

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
            "found_state": State.REMOVED,
            "found_removed_by": RemovedBy.REDDIT_FILTERS,
        }
    }
    assert made["watches"] == {
        post.id: {
            "state_since": now,
            "score": 11,
            "num_comments": 5,
            "last_read_at": ended_at,
            "next_check_at": now + HOUR,
            "gives_way": True,
            **FREE,
        }
    }
    assert set(made) == {"tracked_posts", "watches", "accounts", "account_readings", "readings", "patterns", "journal"}
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
    unchanged = Unchanged(one.id, single, Growth(now, 2, 2, now, 13, 7), now + 2 * HOUR, True)
    await store.record_unchanged("w", [unchanged])
    made = changes(before, await all_rows(store))
    row = {"last_read_at": now, "times": 2, "apart": 2, "apart_at": now, "score": 13, "num_comments": 7}
    assert list(made["readings"].values()) == [row]
    assert made["watches"] == {
        one.id: {
            "next_check_at": now + 2 * HOUR,
            "gives_way": True,
            "last_read_at": now,
            "score": 13,
            "num_comments": 7,
            **FREE,
        }
    }
    assert set(made) == {"readings", "watches"}
    assert (await store.readings(caller.workspace_id, one.id))[0] == goes_on
    before = await all_rows(store)
    await store.record_unchanged("w", [unchanged])
    assert changes(before, await all_rows(store)) == {}, "once is enough"

    silent = replace(goes_on, last_read_at=now + SECOND, times=3, score=None, num_comments=None)
    grown = Growth(now + SECOND, 3, 2, now, None, None)
    await store.record_unchanged("w", [Unchanged(other.id, single, grown, now, False)])
    assert (await store.readings(caller.workspace_id, other.id))[0] == silent
    kept = await store.tracked_post(caller.workspace_id, other.id)
    assert (kept.score, kept.next_check_at) == (11, at + HOUR), "somebody else holds it"
    await store.record_unchanged("v", [Unchanged(other.id, single, grown._replace(times=4), None, False)])
    kept = await store.tracked_post(caller.workspace_id, other.id)
    assert (kept.score, kept.num_comments, kept.next_check_at) == (11, 5, None)


@pytest.mark.parametrize(
    ("state", "known", "kept"),
    [(State.LIVE, None, "new"), (State.REMOVED, None, "new"), (State.LIVE, "old", "old"), (State.DELETED, None, None)],
)
async def test_the_hash_of_a_text_is_kept_once_and_not_of_a_text_that_its_author_deleted(
    store: Store, caller: Caller, clock: FixedClock, state: State, known: str | None, kept: str | None
) -> None:
    one, other = await two_posts(store, caller, clock.now())
    await world.change_post(store, one.id, state=state, body_sha256=known)
    before = await all_rows(store)
    look = Unchanged(one.id, world.reading(clock.now()), Growth(clock.now(), 2, 2, None, 1, 1), None, False, "new")
    await store.record_unchanged("w", [look, replace(look, tracked_post_id=other.id, body_sha256=None)])
    made = {one.id: {"body_sha256": kept}} if kept != known else {}
    assert changes(before, await all_rows(store)).get("tracked_posts", {}) == made


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

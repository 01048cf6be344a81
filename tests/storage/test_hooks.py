"""Webhooks and feeds: what waits for one, in which order, who sends it, and what a try changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.alerts import Decision, DecisionKind
from core.hooks import Feed, Happening, Webhook
from core.model import AlertKind, Caller, NewAlert
from storage.schema import alerts, decisions
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
URL = "https://hooks.example.com/in?key=s"
FREE: Mapping[str, Any] = {"lease_owner": None, "lease_until": None}


@pytest.fixture
async def other(store: Store, caller: Caller, clock: FixedClock) -> Caller:
    await store.ensure_workspace("terminal:b", "terminal", "B", clock.now())
    return replace(caller, workspace_id="terminal:b", member_id="bob", name="bob")


async def owe(store: Store, caller: Caller, now: datetime, key: str, **changed: Any) -> int:
    """An alert that a webhook hears of, unless it is changed to one that it does not."""
    new = replace(NewAlert(AlertKind.RULES_CHANGED, key, {}), **changed)
    assert await store.owe_alert(caller, new, now)
    number: int = max((await all_rows(store))["alerts"])
    return number


async def leased(store: Store, now: datetime, worker: str = "w", limit: int = 9) -> list[str]:
    hooks = await store.lease_webhooks(now, worker=worker, lease=MINUTE, limit=limit)
    return sorted(hook.workspace_id for hook in hooks)


# ---------------------------------------------------------------- naming and ending


async def test_a_workspace_has_one_webhook_and_one_feed_of_its_own(
    store: Store, caller: Caller, other: Caller, clock: FixedClock
) -> None:
    here, began = caller.workspace_id, clock.now()
    assert (await store.webhook(here), await store.feed(here)) == (None, None)
    made = await store.set_webhook(caller, URL, "sealed", began)
    theirs = await store.set_webhook(other, URL, "theirs", began)
    assert made == Webhook(here, URL, "sealed", "alice", began)
    feed = await store.set_feed(caller, "token 1", began)
    their_feed = await store.set_feed(other, "token 2", began)
    assert feed == Feed(here, "alice", began)
    assert [await store.workspace_of_feed(f"token {n}") for n in (1, 2, 3)] == [here, "terminal:b", None]
    now = clock.advance(HOUR)
    bob = world.somebody_else(caller, "bob")
    assert await store.set_webhook(bob, "https://b.example.com", "anew", now) == Webhook(
        here, "https://b.example.com", "anew", "bob", now
    )
    assert await store.set_feed(bob, "token 4", now) == Feed(here, "bob", now)
    assert [await store.workspace_of_feed(f"token {n}") for n in (1, 4)] == [None, here]
    await store.end_webhook(caller, now)
    await store.end_feed(caller, now)
    assert (await store.webhook(here), await store.feed(here)) == (None, None)
    assert (await store.webhook("terminal:b"), await store.feed("terminal:b")) == (theirs, their_feed)


async def test_a_new_webhook_hears_of_what_comes_and_not_of_what_was(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, caller, now)
    await owe(store, caller, now, "before")
    await store.snooze_post(caller, post.id, now + HOUR, now)
    hook = await store.set_webhook(caller, URL, "sealed", now)
    rows = await all_rows(store)
    row = rows["webhooks"][caller.workspace_id]
    assert (row["alerts_from"], row["decisions_from"]) == (max(rows["alerts"]), max(rows["decisions"]))
    assert (row["attempts"], row["lease_owner"], row["resting_since"]) == (0, None, None)
    assert await store.unsent_happenings(hook, 9) == []
    assert await leased(store, now) == []
    alert = await owe(store, caller, now, "after")
    await store.stop_watching(caller, post.id, now + SECOND)
    told = await store.unsent_happenings(hook, 9)
    stopped = Decision(DecisionKind.STOPPED, "alice", now + SECOND)
    assert list(told) == [
        Happening(alert, now),
        Happening(max((await all_rows(store))["decisions"]), now + SECOND, stopped, post.id),
    ]
    assert list(await store.unsent_happenings(hook, 1)) == [told[0]]


async def test_a_resting_webhook_is_woken_with_fresh_attempts(
    store: Store, caller: Caller, other: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    for whose in (caller, other):
        hook = await store.set_webhook(whose, URL, "sealed", now)
        await owe(store, whose, now, "k")
        assert await leased(store, now) == [whose.workspace_id]
        assert await store.record_unsent(hook, "w", "HTTP 500.", None, now)
    later = clock.advance(SECOND)
    resting = await store.webhook(caller.workspace_id)
    assert resting == Webhook(caller.workspace_id, URL, "sealed", "alice", now, 1, None, "HTTP 500.", now)
    assert await leased(store, later) == []
    before = await all_rows(store)
    assert await store.wake_webhook(caller, later) == replace(resting, attempts=0, resting_since=None)
    made = changes(before, await all_rows(store))
    assert made["webhooks"] == {caller.workspace_id: {"attempts": 0, "resting_since": None}}
    assert await leased(store, later) == [caller.workspace_id]


# ---------------------------------------------------------------- what waits


async def test_what_is_for_people_or_for_one_member_is_told_to_no_webhook_and_to_no_reader(
    store: Store, caller: Caller, other: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    hook = await store.set_webhook(caller, URL, "sealed", now)
    theirs = await store.set_webhook(other, URL, "sealed", now)
    for kind in (AlertKind.DIGEST, AlertKind.TEST, AlertKind.WEBHOOK_RESTS):
        await owe(store, caller, now, kind, kind=kind)
    await owe(store, caller, now, "for one", to_member="bob")
    assert await leased(store, now) == []
    assert await store.unsent_happenings(hook, 9) == []
    assert await store.newest_happenings(caller.workspace_id, 9) == []
    told = await owe(store, caller, now, "for all")
    foreign = await owe(store, other, now, "foreign")
    assert await store.unsent_happenings(hook, 9) == [Happening(told, now)]
    assert await store.unsent_happenings(theirs, 9) == [Happening(foreign, now)]
    assert await store.newest_happenings(caller.workspace_id, 9) == [Happening(told, now)]
    assert await leased(store, now) == ["terminal:b", caller.workspace_id]


async def test_what_happens_is_told_in_its_order_and_shown_the_newest_first(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    post = await world.make_post(store, caller, began)
    hook = await store.set_webhook(caller, URL, "sealed", began)
    second = await owe(store, caller, clock.advance(SECOND), "second")
    await store.snooze_post(caller, post.id, began + HOUR, began)
    await store.stop_watching(caller, post.id, began + 3 * SECOND)
    fourth = await owe(store, caller, began + 3 * SECOND, "fourth")
    snoozed, stopped = sorted((await all_rows(store))["decisions"])
    keys = [f"decision-{snoozed}", f"alert-{second}", f"alert-{fourth}", f"decision-{stopped}"]
    assert [one.key for one in await store.unsent_happenings(hook, 9)] == keys
    assert [one.key for one in await store.unsent_happenings(hook, 3)] == keys[:3]
    assert [one.key for one in await store.newest_happenings(caller.workspace_id, 9)] == keys[::-1]
    newest = await store.newest_happenings(caller.workspace_id, 1)
    assert newest == [
        Happening(stopped, began + 3 * SECOND, Decision(DecisionKind.STOPPED, "alice", began + 3 * SECOND), post.id)
    ]
    assert (await store.newest_happenings(caller.workspace_id, 9))[-1] == Happening(
        snoozed, began, Decision(DecisionKind.SNOOZED, "alice", began, began + HOUR), post.id
    )


async def test_what_was_made_before_the_webhook_was_named_is_not_told_though_its_number_is_higher(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    named_at = clock.advance(HOUR)
    post = await world.make_post(store, caller, named_at)
    hook = await store.set_webhook(caller, URL, "sealed", named_at)
    await owe(store, caller, named_at - SECOND, "before")
    await store.snooze_post(caller, post.id, named_at, named_at - SECOND)
    assert await store.unsent_happenings(hook, 9) == []
    assert await leased(store, named_at) == []
    told = await owe(store, caller, named_at, "then")
    await store.snooze_post(caller, post.id, named_at, named_at, anew=True)
    assert [one.at for one in await store.unsent_happenings(hook, 9)] == [named_at, named_at]
    assert (await store.unsent_happenings(hook, 9))[0] == Happening(told, named_at)


# ---------------------------------------------------------------- who sends it


async def test_a_webhook_is_leased_when_something_waits_and_its_time_has_come(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    hook = await store.set_webhook(caller, URL, "sealed", now)
    await owe(store, caller, now, "k")
    before = await all_rows(store)
    assert await store.lease_webhooks(now, worker="w", lease=MINUTE, limit=1) == [hook]
    held = {"lease_owner": "w", "lease_until": now + MINUTE}
    assert changes(before, await all_rows(store)) == {"webhooks": {caller.workspace_id: held}}
    assert await leased(store, now + MINUTE - SECOND) == []
    assert await leased(store, now + MINUTE, "v") == [caller.workspace_id]
    before = await all_rows(store)
    await store.release_webhook(hook, "w")
    assert changes(before, await all_rows(store)) == {}
    await store.release_webhook(hook, "v")
    assert changes(before, await all_rows(store)) == {"webhooks": {caller.workspace_id: FREE}}
    assert await leased(store, now) == [caller.workspace_id]
    retry_at = now + HOUR
    assert await store.record_unsent(hook, "w", "HTTP 500.", retry_at, now)
    assert await leased(store, retry_at - SECOND) == []
    assert await leased(store, retry_at) == [caller.workspace_id]


async def test_a_decision_alone_is_reason_enough_to_lease_a_webhook(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, caller, now)
    await store.set_webhook(caller, URL, "sealed", now)
    assert await leased(store, now) == []
    await store.stop_watching(caller, post.id, now)
    assert await leased(store, now) == [caller.workspace_id]


async def test_no_more_webhooks_are_leased_than_asked_for(
    store: Store, caller: Caller, other: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    for whose in (caller, other):
        await store.set_webhook(whose, URL, "sealed", now)
        await owe(store, whose, now, "k")
    first = await leased(store, now, limit=1)
    second = await leased(store, now, limit=1)
    assert sorted(first + second) == ["terminal:b", caller.workspace_id]
    assert await leased(store, now) == []


async def test_an_event_that_was_accepted_waits_no_more_and_the_others_do(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, caller, now)
    hook = await store.set_webhook(caller, URL, "sealed", now)
    alert = await owe(store, caller, now, "k")
    next_one = await owe(store, caller, now, "next")
    await store.stop_watching(caller, post.id, now)
    stopped = max((await all_rows(store))["decisions"])
    told, following, decided = await store.unsent_happenings(hook, 9)
    assert await leased(store, now) == [caller.workspace_id]
    await store.record_unsent(hook, "w", "HTTP 500.", now, now)
    later = clock.advance(SECOND)
    assert await leased(store, later) == [caller.workspace_id]

    before = await all_rows(store)
    assert not await store.record_sent(hook, told, "v", later)
    assert not await store.record_sent(replace(hook, made_at=now - SECOND), told, "w", later)
    assert changes(before, await all_rows(store)) == {}
    assert await store.record_sent(hook, told, "w", later)
    accepted = {"attempts": 0, "next_attempt_at": None, "last_problem": None, "last_sent_at": later}
    assert changes(before, await all_rows(store)) == {
        "webhooks": {caller.workspace_id: accepted},
        "alerts": {alert: {"hooked_at": later}},
    }
    before = await all_rows(store)
    assert await store.record_sent(hook, decided, "w", later + SECOND)
    assert changes(before, await all_rows(store)) == {
        "webhooks": {caller.workspace_id: {"last_sent_at": later + SECOND}},
        "decisions": {stopped: {"hooked_at": later + SECOND}},
    }
    assert await store.unsent_happenings(hook, 9) == [following]
    assert following.number == next_one
    assert await store.record_sent(hook, following, "w", later)
    assert await store.unsent_happenings(hook, 9) == []


async def test_a_late_event_with_a_lower_number_is_still_told_and_one_far_below_is_looked_at_no_more(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, caller, now)
    hook = await store.set_webhook(caller, URL, "sealed", now)
    for table, low in ((alerts, "alerts_from"), (decisions, "decisions_from")):
        if table is alerts:
            await owe(store, caller, now, "k")
        else:
            await store.stop_watching(caller, post.id, now)
        [happening] = await store.unsent_happenings(hook, 9)
        far = happening.number + 10_000
        async with store._database.write() as tx:
            await tx.execute(update(table).where(table.c.id == happening.number).values(id=far))
        [happening] = await store.unsent_happenings(hook, 9)
        await leased(store, now)
        assert await store.record_sent(hook, happening, "w", now)
        row = (await all_rows(store))["webhooks"][caller.workspace_id]
        assert row[low] == far - 500
        assert await store.record_sent(hook, replace(happening, number=far - 1), "w", now)
        row = (await all_rows(store))["webhooks"][caller.workspace_id]
        assert row[low] == far - 500, "it never goes back"
        await store.release_webhook(hook, "w")


async def test_a_try_that_failed_is_counted_and_a_webhook_that_was_given_up_rests_and_is_told_of(
    store: Store, caller: Caller, other: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    hook = await store.set_webhook(caller, URL, "sealed", now)
    for whose in (caller, other):
        if whose is other:
            await store.set_webhook(other, URL, "sealed", now)
        await owe(store, whose, now, "k")
    assert len(await leased(store, now)) == 2
    before = await all_rows(store)
    assert not await store.record_unsent(hook, "v", "HTTP 500.", now, now)
    assert not await store.record_unsent(hook, "v", "HTTP 500.", None, now)
    assert changes(before, await all_rows(store)) == {}
    assert await store.record_unsent(hook, "w", "HTTP 500.", now + HOUR, now)
    failed = {"attempts": 1, "last_problem": "HTTP 500.", "next_attempt_at": now + HOUR, **FREE}
    assert changes(before, await all_rows(store)) == {"webhooks": {caller.workspace_id: failed}}

    later = clock.advance(HOUR)
    assert await leased(store, later) == ["terminal:b", caller.workspace_id]
    before = await all_rows(store)
    assert await store.record_unsent(hook, "w", "No answer.", None, later)
    made = changes(before, await all_rows(store))
    assert made == {
        "webhooks": {
            caller.workspace_id: {
                "attempts": 2,
                "last_problem": "No answer.",
                "next_attempt_at": None,
                "resting_since": later,
                **FREE,
            }
        },
        "alerts": {
            "new": [
                {
                    "workspace_id": caller.workspace_id,
                    "kind": AlertKind.WEBHOOK_RESTS,
                    "dedupe_key": f"webhook:{later.isoformat()}",
                    "facts": {"host": "hooks.example.com", "problem": "No answer.", "made_by": "alice"},
                    "created_at": later,
                    "attempts": 0,
                    "correlation_id": "webhook",
                    "next_attempt_at": later,
                    "urgent": False,
                }
            ]
        },
    }

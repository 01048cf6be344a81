from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model import AlertKind, Caller, NewAlert
from storage.outbox import owe
from storage.store import Store
from tests.clock import FixedClock

LEASE = timedelta(minutes=1)
HERE = ["terminal"]


def an_alert(key: str = "test:1") -> NewAlert:
    return NewAlert(AlertKind.TEST, key, {"asked_by": "alice"})


async def test_an_alert_is_owed_once_for_its_key(store: Store, caller: Caller, clock: FixedClock) -> None:
    answers = await asyncio.gather(*(store.owe_alert(caller, an_alert(), clock.now()) for _ in range(5)))
    assert sorted(answers) == [False, False, False, False, True]
    owed = await store.alerts(caller.workspace_id)
    assert [(a.kind, a.facts, a.attempts, a.correlation_id) for a in owed] == [
        (AlertKind.TEST, {"asked_by": "alice"}, 0, caller.correlation_id)
    ]


async def test_an_alert_is_claimed_by_one_courier_and_comes_back_after_the_lease(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for number in range(6):
        await store.owe_alert(caller, an_alert(f"test:{number}"), clock.now())
    batches = await asyncio.gather(
        *(store.claim_alerts(clock.now(), worker=f"c{n}", lease=LEASE, limit=6, platforms=HERE) for n in range(4))
    )
    claimed = [alert.id for batch in batches for alert in batch]
    assert len(claimed) == len(set(claimed)) == 6

    assert await store.claim_alerts(clock.now(), worker="c9", lease=LEASE, limit=6, platforms=HERE) == []
    again = await store.claim_alerts(clock.advance(LEASE), worker="c9", lease=LEASE, limit=6, platforms=HERE)
    assert [(alert.id, alert.attempts) for alert in again] == [(number, 2) for number in sorted(claimed)]


async def test_an_alert_goes_where_alerts_go_when_it_is_claimed(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    first = await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    await store.set_alert_channel(caller, "#marketing", clock.now())
    second = await store.claim_alerts(clock.advance(LEASE), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert [first[0].channel, second[0].channel] == [None, "#marketing"]


async def test_alerts_of_platforms_that_are_not_here_are_left_to_others(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.ensure_workspace("slack:T1", "slack", "Team", clock.now())
    await store.owe_alert(replace(caller, workspace_id="slack:T1"), an_alert(), clock.now())
    await store.owe_alert(caller, an_alert(), clock.now())
    mine = await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=9, platforms=HERE)
    theirs = await store.claim_alerts(clock.now(), worker="c2", lease=LEASE, limit=9, platforms=["slack", "discord"])
    assert [a.workspace_id for a in mine] == [caller.workspace_id]
    assert [a.workspace_id for a in theirs] == ["slack:T1"]
    assert await store.claim_alerts(clock.now(), worker="c3", lease=LEASE, limit=9, platforms=[]) == []


async def test_a_delivered_alert_is_not_claimed_again(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert await store.settle_alert(alert.id, "c", clock.now(), delivered=True, delivery_ref="message 7")
    later = clock.advance(timedelta(days=1))
    assert await store.claim_alerts(later, worker="c", lease=LEASE, limit=1, platforms=HERE) == []
    (sent,) = await store.alerts(caller.workspace_id)
    assert sent.delivered_at == later - timedelta(days=1)
    assert not sent.is_given_up


async def test_an_alert_is_tried_again_when_its_retry_is_due(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    retry_at = clock.now() + timedelta(minutes=5)
    assert await store.settle_alert(
        alert.id, "c", clock.now(), delivered=False, problem="channel is gone", retry_at=retry_at
    )
    assert await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE) == []
    clock.advance(timedelta(minutes=5))
    (again,) = await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert (again.attempts, again.last_problem) == (2, "channel is gone")


async def test_an_alert_that_was_given_up_is_counted_and_can_be_tried_anew(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    await store.settle_alert(alert.id, "c", clock.now(), delivered=False, problem="no permission")
    assert (await store.alerts(caller.workspace_id))[0].is_given_up
    backlog = await store.backlog(caller.workspace_id, clock.now())
    assert (backlog.alerts_pending, backlog.alerts_failed) == (0, 1)
    assert await store.next_due_at() is None

    assert await store.retry_alerts(caller, clock.now()) == 1
    assert await store.retry_alerts(caller, clock.now()) == 0
    (again,) = await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert again.attempts == 1


async def test_a_courier_that_lost_its_lease_does_not_settle(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.claim_alerts(clock.now(), worker="slow", lease=LEASE, limit=1, platforms=HERE)
    await store.claim_alerts(clock.advance(LEASE), worker="quick", lease=LEASE, limit=1, platforms=HERE)
    assert not await store.settle_alert(alert.id, "slow", clock.now(), delivered=False, problem="timeout")
    assert await store.settle_alert(alert.id, "quick", clock.now(), delivered=True)
    assert not await store.settle_alert(alert.id, "quick", clock.now(), delivered=True)


async def test_a_stopping_courier_gives_back_what_it_holds(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    await store.claim_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert await store.release_alerts("somebody") == 0
    assert await store.release_alerts("c") == 1
    assert len(await store.claim_alerts(clock.now(), worker="c2", lease=LEASE, limit=1, platforms=HERE)) == 1


# ---------------------------------------------------------------- saying that something is owed


async def test_that_an_alert_is_owed_is_said_after_it_is_stored_and_only_then(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    owed = store._database.alert_owed
    await store.alerts(caller.workspace_id)
    assert not owed.is_set()

    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "key", {}), clock.now())
    assert owed.is_set()

    owed.clear()
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "key", {}), clock.now())
    assert not owed.is_set(), "it was owed before"


async def test_an_alert_that_was_not_stored_after_all_wakes_nobody(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    database = store._database

    async def owe_and_fail() -> None:
        async with database.write() as tx:
            alert = NewAlert(AlertKind.TEST, "key", {})
            await owe(tx, caller.workspace_id, alert, clock.now(), "-", not_before=clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await owe_and_fail()
    await store.set_alert_channel(caller, "general", clock.now())  # on the same connection
    assert not database.alert_owed.is_set()
    assert await store.alerts(caller.workspace_id) == []

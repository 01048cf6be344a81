from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.alerts import FIRST_REST
from core.model import AlertKind, Caller, NewAlert
from storage.outbox import owe
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

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
    await workspaces_with_one_alert(store, clock, 6)
    batches = await asyncio.gather(
        *(store.lease_alerts(clock.now(), worker=f"c{n}", lease=LEASE, limit=6, platforms=HERE) for n in range(4))
    )
    claimed = [alert.id for batch in batches for alert in batch]
    assert len(claimed) == len(set(claimed)) == 6

    assert await store.lease_alerts(clock.now(), worker="c9", lease=LEASE, limit=6, platforms=HERE) == []
    again = await store.lease_alerts(clock.advance(LEASE), worker="c9", lease=LEASE, limit=6, platforms=HERE)
    assert [(alert.id, alert.attempts) for alert in again] == [(number, 2) for number in sorted(claimed)]


async def workspaces_with_one_alert(store: Store, clock: FixedClock, count: int) -> list[Caller]:
    callers = [Caller(f"terminal:{number}", "zoe", "Zoe", "c") for number in range(count)]
    for one in callers:
        await store.ensure_workspace(one.workspace_id, "terminal", "Other", clock.now())
        await store.owe_alert(one, an_alert(), clock.now())
    return callers


async def claimed(store: Store, now: datetime, worker: str = "c", limit: int = 9) -> list[str]:
    alerts = await store.lease_alerts(now, worker=worker, lease=LEASE, limit=limit, platforms=HERE)
    return [f"{alert.workspace_id} {alert.dedupe_key}" for alert in alerts]


async def test_one_workspace_with_many_alerts_takes_one_turn_like_every_other(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for number in range(30):
        await store.owe_alert(caller, an_alert(f"k{number:02}"), clock.now())
    await workspaces_with_one_alert(store, clock, 3)
    others = ["terminal:0 test:1", "terminal:1 test:1", "terminal:2 test:1"]
    assert await claimed(store, clock.now()) == ["terminal:local k00", *others]
    assert await claimed(store, clock.now()) == [], "one of each is on its way"
    [first] = [a for a in await store.alerts(caller.workspace_id, 100) if a.dedupe_key == "k00"]
    await store.record_delivery(first.id, "c", clock.now(), delivered=True)
    assert await claimed(store, clock.now()) == ["terminal:local k01"]


async def test_who_has_few_seats_begins_with_what_was_owed_first(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await workspaces_with_one_alert(store, clock, 4)
    assert await claimed(store, clock.now(), limit=3) == [f"terminal:{n} test:1" for n in range(3)]
    assert await claimed(store, clock.now(), limit=3) == ["terminal:3 test:1"]


async def test_a_lease_that_ran_out_is_found_right_before_the_alert_goes(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    [alert] = await store.lease_alerts(clock.now(), worker="slow", lease=LEASE, limit=1, platforms=HERE)
    assert await store.set_out(alert.id, "slow", "C1", clock.now(), lease=LEASE) is not None
    assert await store.set_out(alert.id, "other", "C1", clock.now(), lease=LEASE) is None
    assert await store.set_out(alert.id, "slow", "C1", clock.now() + LEASE, lease=LEASE) is None
    renewed = clock.advance(LEASE / 2)
    assert await store.set_out(alert.id, "slow", "C2", renewed, lease=LEASE) is not None
    assert await claimed(store, renewed + LEASE - timedelta(seconds=1)) == []
    [again] = await store.lease_alerts(renewed + LEASE, worker="next", lease=LEASE, limit=1, platforms=HERE)
    assert (again.sent_to, again.attempts) == ("C2", 2)


async def test_what_may_stand_somewhere_is_known_until_it_is_known_otherwise(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    for may_stand_in in ("C1", None):
        [alert] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
        await store.set_out(alert.id, "c", "C1", clock.now(), lease=LEASE)
        retry_at = clock.now() + timedelta(minutes=1)
        await store.record_delivery(
            alert.id, "c", clock.now(), delivered=False, retry_at=retry_at, sent_to=may_stand_in
        )
        assert (await store.alerts(caller.workspace_id))[0].sent_to == may_stand_in
        clock.advance(timedelta(minutes=1))


async def test_the_first_alert_about_a_post_at_a_place_is_the_root_of_the_next_ones(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    roots = []
    for number, place in enumerate(["C1", "C2", "C1", "C1"]):
        # Of different kinds, so that none is old news by the next.
        await store.owe_alert(caller, NewAlert(AlertKind.TEST, f"k{number}", {}, post.id), clock.now())
        [alert] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
        way = await store.set_out(alert.id, "c", place, clock.now(), lease=LEASE)
        assert way is not None
        roots.append(way.root_ref)
        await store.record_delivery(
            alert.id, "c", clock.now(), delivered=True, delivery_ref=f"{place}:{number}", sent_to=place
        )
        clock.advance(timedelta(minutes=1))
    assert roots == [None, None, "C1:0", "C1:0"]
    assert await store.places_that_took(caller.workspace_id) == ["C1", "C2"]


async def test_a_place_that_refuses_rests_longer_each_time_and_is_forgotten_when_it_takes_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    assert (await store.refuse_place(caller.workspace_id, "C1", "locked", began)).again_at == began + FIRST_REST
    later = clock.advance(FIRST_REST)
    second = await store.refuse_place(caller.workspace_id, "C1", "archived", later)
    assert (second.times, second.since, second.again_at) == (2, began, later + 2 * FIRST_REST)
    await store.refuse_place(caller.workspace_id, "@U1", "no direct messages", later)
    assert [(r.place, r.problem) for r in await store.refusals(caller.workspace_id)] == [
        ("C1", "archived"),
        ("@U1", "no direct messages"),
    ]
    await store.owe_alert(caller, an_alert(), later)
    [alert] = await store.lease_alerts(later, worker="c", lease=LEASE, limit=1, platforms=HERE)
    await store.record_delivery(alert.id, "c", later, delivered=True, sent_to="C1")
    assert [r.place for r in await store.refusals(caller.workspace_id)] == ["@U1"]
    await store.refuse_place(caller.workspace_id, "C1", "again", later)
    await store.set_alert_channel(caller, "C1", later)  # a person says that it works
    assert [r.place for r in await store.refusals(caller.workspace_id)] == ["@U1"]


async def give_up(store: Store, caller: Caller, clock: FixedClock, key: str) -> None:
    await store.owe_alert(caller, an_alert(key), clock.now())
    while True:
        [alert] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
        if alert.dedupe_key == key:
            await store.record_delivery(alert.id, "c", clock.now(), delivered=False, problem=f"no place for {key}")
            return
        later = clock.now() + timedelta(hours=1)
        await store.record_delivery(
            alert.id, "c", clock.now(), delivered=False, problem="nor for the news", retry_at=later
        )


async def test_all_that_is_lost_before_a_person_was_told_is_told_together(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for key in ("a", "b", "c"):
        await give_up(store, caller, clock, key)
    [news] = await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)
    assert (news.facts["count"], news.facts["problem"]) == (3, "no place for c")
    lost = {alert.dedupe_key: alert.id for alert in await store.alerts(caller.workspace_id, kind=AlertKind.TEST)}
    assert [(entry["alert"], entry["kind"]) for entry in news.facts["lost"]] == [
        (lost[key], "test") for key in ("a", "b", "c")
    ]


async def test_a_lost_report_about_lost_alerts_is_not_reported_itself_and_comes_when_a_place_works_again(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.refuse_place(caller.workspace_id, "C1", "archived", clock.now())
    await give_up(store, caller, clock, "a")
    [news] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    await store.record_delivery(news.id, "c", clock.now(), delivered=False, problem="no place for it")
    assert await claimed(store, clock.now() + timedelta(days=9)) == []
    assert (await store.backlog(caller.workspace_id, clock.now())).alerts_failed == 1

    await store.owe_alert(caller, an_alert("next"), clock.now())
    [alert] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    await store.record_delivery(alert.id, "c", clock.now(), delivered=True, sent_to="C1")
    assert await claimed(store, clock.now()) == [f"terminal:local {news.dedupe_key}"]


async def test_what_is_sent_again_is_no_loss_any_more(store: Store, caller: Caller, clock: FixedClock) -> None:
    await give_up(store, caller, clock, "a")
    assert await store.retry_alerts(caller, clock.now()) == 1
    assert await claimed(store, clock.now()) == ["terminal:local a"]
    [news] = await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)
    assert (news.told_with, news.next_attempt_at) == (news.facts["lost"][0]["alert"], None)
    clock.advance(timedelta(seconds=1))
    [again] = [a for a in await store.alerts(caller.workspace_id) if a.dedupe_key == "a"]
    await store.record_delivery(again.id, "c", clock.now(), delivered=False, problem="lost once more")
    assert len(await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)) == 2


async def test_the_others_wait_with_one_that_its_place_did_not_take(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for key in ("a", "b"):
        await store.owe_alert(caller, an_alert(key), clock.now())
    [other] = await workspaces_with_one_alert(store, clock, 1)
    [alert, _] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=2, platforms=HERE)
    until = clock.now() + timedelta(minutes=5)
    retry_at = until + timedelta(hours=1)
    await store.record_delivery(alert.id, "c", clock.now(), delivered=False, retry_at=retry_at, others_wait_until=until)
    assert await claimed(store, until - timedelta(seconds=1)) == [f"{other.workspace_id} test:1"]
    assert await claimed(store, until, worker="d") == ["terminal:local b"]


async def test_an_alert_goes_where_alerts_go_when_it_is_claimed(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    first = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    await store.set_alert_channel(caller, "#marketing", clock.now())
    second = await store.lease_alerts(clock.advance(LEASE), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert [first[0].channel, second[0].channel] == [None, "#marketing"]


async def test_alerts_of_platforms_that_are_not_here_are_left_to_others(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.ensure_workspace("slack:T1", "slack", "Team", clock.now())
    await store.owe_alert(replace(caller, workspace_id="slack:T1"), an_alert(), clock.now())
    await store.owe_alert(caller, an_alert(), clock.now())
    mine = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=9, platforms=HERE)
    theirs = await store.lease_alerts(clock.now(), worker="c2", lease=LEASE, limit=9, platforms=["slack", "discord"])
    assert [a.workspace_id for a in mine] == [caller.workspace_id]
    assert [a.workspace_id for a in theirs] == ["slack:T1"]
    assert await store.lease_alerts(clock.now(), worker="c3", lease=LEASE, limit=9, platforms=[]) == []


async def test_a_delivered_alert_is_not_claimed_again(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert await store.record_delivery(alert.id, "c", clock.now(), delivered=True, delivery_ref="message 7")
    later = clock.advance(timedelta(days=1))
    assert await store.lease_alerts(later, worker="c", lease=LEASE, limit=1, platforms=HERE) == []
    (sent,) = await store.alerts(caller.workspace_id)
    assert sent.delivered_at == later - timedelta(days=1)
    assert not sent.is_given_up


async def test_an_alert_is_tried_again_when_its_retry_is_due(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    retry_at = clock.now() + timedelta(minutes=5)
    assert await store.record_delivery(
        alert.id, "c", clock.now(), delivered=False, problem="channel is gone", retry_at=retry_at
    )
    assert await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE) == []
    clock.advance(timedelta(minutes=5))
    (again,) = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert (again.attempts, again.last_problem) == (2, "channel is gone")


async def test_an_alert_that_was_given_up_is_counted_and_can_be_tried_anew(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    await store.record_delivery(alert.id, "c", clock.now(), delivered=False, problem="no permission")
    assert (await store.alerts(caller.workspace_id))[-1].is_given_up
    backlog = await store.backlog(caller.workspace_id, clock.now())
    assert (backlog.alerts_pending, backlog.alerts_failed) == (1, 1)  # what waits is the news of it

    assert await store.retry_alerts(caller, clock.now()) == 1
    assert await store.retry_alerts(caller, clock.now()) == 0
    (again,) = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    assert again.attempts == 1


async def test_a_courier_that_lost_its_lease_records_nothing(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    (alert,) = await store.lease_alerts(clock.now(), worker="slow", lease=LEASE, limit=1, platforms=HERE)
    await store.lease_alerts(clock.advance(LEASE), worker="quick", lease=LEASE, limit=1, platforms=HERE)
    assert not await store.record_delivery(alert.id, "slow", clock.now(), delivered=False, problem="timeout")
    assert await store.record_delivery(alert.id, "quick", clock.now(), delivered=True)
    assert not await store.record_delivery(alert.id, "quick", clock.now(), delivered=True)


async def test_a_stopping_courier_gives_back_what_it_holds(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.owe_alert(caller, an_alert(), clock.now())
    await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=HERE)
    [alert] = await store.alerts(caller.workspace_id)
    assert await store.release_alerts("somebody", [alert.id]) == 0
    assert await store.release_alerts("c", []) == 0
    assert await store.release_alerts("c", [alert.id]) == 1
    assert len(await store.lease_alerts(clock.now(), worker="c2", lease=LEASE, limit=1, platforms=HERE)) == 1


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


ON_ITS_WAY = ["held by a courier", "given back untold", "refused and tried again later", "given up and sent again"]


@pytest.mark.parametrize("fate", ON_ITS_WAY)
async def test_an_alert_that_was_ever_on_its_way_is_not_taken_back_by_the_next_news(
    store: Store, caller: Caller, clock: FixedClock, fate: str
) -> None:
    post = await world.make_post(store, caller, clock.now())
    now = clock.now()
    assert await store.owe_alert(caller, NewAlert(AlertKind.POST_REMOVED, "removed", {}, post.id), now)
    [first] = await store.lease_alerts(now, worker="c", lease=LEASE, limit=1, platforms=HERE)
    if fate == "given back untold":
        assert await store.release_alerts("c", [first.id]) == 1
    elif fate == "refused and tried again later":
        await store.record_delivery(first.id, "c", now, delivered=False, problem="No answer.", retry_at=now + LEASE)
    elif fate == "given up and sent again":
        await store.record_delivery(first.id, "c", now, delivered=False, problem="No answer.")
        assert await store.retry_alerts(caller, now) == 1
    assert await store.owe_alert(caller, NewAlert(AlertKind.POST_LIVE, "live", {"state": "live"}, post.id), now)
    told = {alert.dedupe_key: alert for alert in await store.alerts(caller.workspace_id)}
    assert told["removed"].told_with is None
    assert told["removed"].next_attempt_at is not None
    assert told["live"].facts == {"state": "live"}


async def test_an_alert_that_only_waited_is_told_with_the_next_news(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now(), fullname="t3_1abc")
    other = await world.make_post(store, caller, clock.now(), fullname="t3_2abc")
    now = clock.now()
    for one in (post, other):
        await store.owe_alert(caller, NewAlert(AlertKind.POST_REMOVED, f"removed {one.id}", {}, one.id), now)
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "test", {}, post.id), now)
    await store.owe_alert(caller, NewAlert(AlertKind.POST_LIVE, "live", {"state": "live"}, post.id), now)
    told = {alert.dedupe_key: alert for alert in await store.alerts(caller.workspace_id)}
    assert told[f"removed {post.id}"].told_with == told["live"].id
    assert told[f"removed {post.id}"].next_attempt_at is None
    assert [told[f"removed {other.id}"].told_with, told["test"].told_with] == [None, None]
    assert told["live"].facts == {
        "state": "live",
        "earlier": [{"kind": "post_removed", "created_at": now.isoformat()}],
    }


async def test_news_of_a_community_and_of_one_post_that_wait_together_are_each_told(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post, now = await world.make_post(store, caller, clock.now()), clock.now()
    of_all: dict[str, object] = {"community": "harbor", "community_posts": 1}
    owed: list[tuple[AlertKind, dict[str, object]]] = [
        (AlertKind.POST_HELD, {"state": "held"}),
        (AlertKind.POST_GATED, {**of_all, "state": "gated"}),
        (AlertKind.POST_LIVE, {**of_all, "state": "removed"}),
        (AlertKind.POST_REMOVED, {"state": "removed"}),
    ]
    for kind, facts in owed:
        assert await store.owe_alert(caller, NewAlert(kind, f"of {kind}", facts, post.id), now)
    held, closed, opened, removed = sorted(await store.alerts(caller.workspace_id), key=lambda alert: alert.id)
    assert (held.told_with, closed.told_with) == (removed.id, opened.id), "each with its own story"
    assert (opened.told_with, removed.told_with) == (None, None)
    assert [told["kind"] for told in opened.facts["earlier"]] == ["post_gated"]
    assert [told["kind"] for told in removed.facts["earlier"]] == ["post_held"]

"""What the outbox keeps of alerts that are lost: the news of them, what is sent again, and who is told no more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from core.alerts import OnItsWay
from core.model import AlertKind, Caller
from storage.schema import alerts
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.outbox import FREE, LEASE, an_alert, claim, deliver, give_up, owe
from tests.storage.rows import all_rows, changes

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


async def test_an_alert_that_is_given_up_is_told_with_what_was_lost_before(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    await store.owe_alert(dan, an_alert("foreign"), began)
    await give_up(store, began, "Elsewhere.")
    foreign = (await store.alerts("discord:1", kind=AlertKind.UNDELIVERED))[0]
    post = await world.make_post(store, caller, began)
    first = await owe(store, caller, began, "first", tracked_post_id=post.id)
    store._database.alert_owed.clear()
    lost_at = clock.advance(SECOND)
    [alert] = await store.lease_alerts(lost_at, worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    before = await all_rows(store)
    assert await store.record_delivery(first, "c", lost_at, delivered=False)
    entry = {"alert": first, "kind": "test", "post": post.id, "created_at": began.isoformat()}
    assert changes(before, await all_rows(store)) == {
        "alerts": {
            first: {**FREE, "next_attempt_at": None},
            "new": [
                {
                    "workspace_id": caller.workspace_id,
                    "kind": AlertKind.UNDELIVERED,
                    "dedupe_key": f"undelivered:{first}:{lost_at.isoformat()}",
                    "facts": {"lost": [entry], "count": 1, "problem": ""},
                    "created_at": lost_at,
                    "attempts": 0,
                    "urgent": True,
                    "correlation_id": alert.correlation_id,
                    "next_attempt_at": lost_at,
                }
            ],
        }
    }
    assert store._database.alert_owed.is_set()

    second = await owe(store, caller, lost_at, "second")
    [news] = await store.lease_alerts(lost_at, worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    assert await store.release_alerts("c", [news.id]) == 1
    await store.lease_alerts(lost_at, worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    await store.record_delivery(news.id, "c", lost_at, delivered=False, retry_at=lost_at + HOUR)
    await store.lease_alerts(lost_at, worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    before = await all_rows(store)
    assert await store.record_delivery(second, "c", lost_at, delivered=False, problem="Archived.")
    both = [entry, {"alert": second, "kind": "test", "post": None, "created_at": lost_at.isoformat()}]
    assert changes(before, await all_rows(store)) == {
        "alerts": {
            second: {**FREE, "next_attempt_at": None, "last_problem": "Archived."},
            news.id: {"facts": {"lost": both, "count": 2, "problem": "Archived."}},
        }
    }
    assert (await store.alerts("discord:1", kind=AlertKind.UNDELIVERED))[0] == foreign


async def test_news_of_a_loss_that_may_have_arrived_are_not_changed(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    for key in ("a", "b"):
        await owe(store, caller, now, key)
    await give_up(store, now)
    b = await claim(store, now)
    assert b.dedupe_key == "b"
    async with store._database.write() as tx:  # claimed beside it, which only another program's clock can do
        its = alerts.c.kind == AlertKind.UNDELIVERED
        await tx.execute(update(alerts).where(its).values(lease_owner="d", lease_until=now + LEASE))
    await store.record_delivery(b.id, "c", now, delivered=False)
    first_again, first = await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)
    assert [news.facts["count"] for news in (first_again, first)] == [1, 1]
    assert await store.release_alerts("d", [first.id]) == 1
    await owe(store, caller, now, "c")
    sent = await claim(store, now)
    assert (sent.id, await store.set_out(first.id, "c", "C1", now, lease=LEASE)) == (first.id, OnItsWay(None))
    later = now + LEASE
    await store.record_delivery(sent.id, "c", now, delivered=False, retry_at=later, sent_to="C1")
    newer = await claim(store, now)
    await store.record_delivery(newer.id, "c", now, delivered=True)
    assert (await give_up(store, now)).dedupe_key == "c"
    counts = [news.facts["count"] for news in await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)]
    assert counts == [1, 1, 1], "a third one tells of it"


async def test_a_members_copy_that_is_lost_is_counted_with_what_all_were_told(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    kind = AlertKind.DRAFT_VOIDED
    shared = await owe(store, dan, now, "draft:1", kind=kind)
    await deliver(store, now, sent_to="C1")
    for key in ("draft:1:to:cem", "draft:2:to:cem"):
        await store.owe_alert(dan, an_alert(key, kind=kind, to_member="cem"), now)
    copy = await claim(store, now)
    before = await all_rows(store)
    assert await store.record_delivery(copy.id, "c", now, delivered=False, problem="No direct messages.")
    assert changes(before, await all_rows(store)) == {
        "alerts": {
            copy.id: {
                **FREE,
                "next_attempt_at": None,
                "last_problem": "No direct messages.",
                "told_with": shared,
            }
        }
    }
    alone = await give_up(store, now, "No direct messages.")
    [news] = await store.alerts("discord:1", kind=AlertKind.UNDELIVERED)
    assert [lost["alert"] for lost in news.facts["lost"]] == [alone.id]


async def test_a_place_that_takes_an_alert_is_refused_no_more_and_lost_news_are_due_again(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    for whose in (caller, dan):
        await store.owe_alert(whose, an_alert("lost"), began)
        await give_up(store, began)
        await give_up(store, began)  # the news of it too
    for workspace, place in (("discord:1", "C1"), ("discord:1", "C2"), (caller.workspace_id, "C1")):
        await store.refuse_place(workspace, place, "archived", began)
    await owe(store, dan, began, "unlucky")
    await owe(store, dan, began, "lucky")
    now = clock.advance(HOUR)

    store._database.alert_owed.clear()
    before = await all_rows(store)
    alert = await deliver(store, now, sent_to="C3")
    assert set(changes(before, await all_rows(store))["alerts"]) == {alert.id}
    assert not store._database.alert_owed.is_set()

    alert = await claim(store, now)
    [news] = await store.alerts("discord:1", kind=AlertKind.UNDELIVERED)
    before = await all_rows(store)
    assert await store.record_delivery(alert.id, "c", now, delivered=True, sent_to="C1")
    made = changes(before, await all_rows(store))
    assert made["refusals"] == {("discord:1", "C1"): None}
    assert made["alerts"][news.id] == {"next_attempt_at": now, "attempts": 0}
    assert set(made["alerts"]) == {alert.id, news.id}
    assert store._database.alert_owed.is_set()


async def test_a_place_that_works_again_wakes_nobody_when_nothing_was_lost(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.refuse_place("discord:1", "C1", "archived", now)
    await owe(store, dan, now, "a")
    store._database.alert_owed.clear()
    await deliver(store, now, sent_to="C1")
    assert await store.refusals("discord:1") == []
    assert not store._database.alert_owed.is_set()


async def test_only_what_was_given_up_is_sent_again_and_the_news_of_its_loss_go_with_it(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.owe_alert(dan, an_alert("foreign"), now)
    await give_up(store, now)
    await deliver(store, now)
    for key in ("delivered", "in the digest", "lost", "lost too"):
        await owe(store, caller, now, key)
    await deliver(store, now)
    assert await store.leave_to_digest((await claim(store, now)).id, "c", now)
    post = await world.make_post(store, caller, now)
    for kind in (AlertKind.POST_HELD, AlertKind.POST_LIVE):  # the second one takes in the first
        await store.owe_alert(caller, an_alert(kind, kind=kind, tracked_post_id=post.id), now)
    lost = [await give_up(store, now), await give_up(store, now)]
    assert [alert.dedupe_key for alert in lost] == ["lost", "lost too"]
    [news] = await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)
    store._database.alert_owed.clear()
    later = clock.advance(SECOND)
    before = await all_rows(store)
    assert await store.retry_alerts(caller, later) == 2
    made = changes(before, await all_rows(store))
    assert made["alerts"] == {
        **{alert.id: {"next_attempt_at": later, "attempts": 0} for alert in lost},
        news.id: {"told_with": lost[1].id, "next_attempt_at": None},
    }
    assert set(made) == {"alerts", "journal"}
    assert store._database.alert_owed.is_set()
    store._database.alert_owed.clear()
    before = await all_rows(store)
    assert await store.retry_alerts(caller, later) == 0
    assert (changes(before, await all_rows(store)), store._database.alert_owed.is_set()) == ({}, False)


async def test_news_of_a_loss_that_are_on_their_way_are_not_taken_back(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await owe(store, caller, now, "lost")
    await give_up(store, now)
    news = await claim(store, now)
    assert await store.retry_alerts(caller, now) == 1
    [kept] = await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)
    assert (kept.id, kept.told_with, kept.next_attempt_at) == (news.id, None, now)

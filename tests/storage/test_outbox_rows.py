"""What the outbox keeps of an alert on its way, row by row, what it shows, and what is good news or for a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from core.alerts import Delivery, EarlierMessage, OnItsWay, Refusal, Wishes
from core.model import AlertKind, Caller, NewAlert
from core.timetable import DigestPlan, DigestRhythm
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.outbox import FREE, LEASE, an_alert, claim, deliver, give_up, owe
from tests.storage.rows import all_rows, changes

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


# ---------------------------------------------------------------- which alerts are shown


async def test_alerts_are_shown_by_kind_age_and_number_the_newest_first_and_twenty_of_them(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    here, began = caller.workspace_id, clock.now()
    await store.owe_alert(dan, an_alert("elsewhere"), began)
    ids = [await owe(store, caller, began, f"k{n}") for n in range(20)]
    later = clock.advance(SECOND)
    ids.append(await owe(store, caller, later, "audit", kind=AlertKind.AUDIT))
    newest = ids[::-1]
    assert [alert.id for alert in await store.alerts(here)] == newest[:20]
    assert [alert.id for alert in await store.alerts(here, 3)] == newest[:3]
    assert [alert.id for alert in await store.alerts(here, None)] == newest
    assert [alert.id for alert in await store.alerts(here, kind=AlertKind.AUDIT)] == [ids[20]]
    assert [alert.id for alert in await store.alerts(here, since=began)] == [ids[20]]
    assert await store.alerts(here, since=later) == []
    assert [alert.id for alert in await store.alerts(here, ids=[ids[0], ids[4]])] == [ids[4], ids[0]]
    assert await store.alerts(here, ids=[]) == []
    assert await store.alerts("discord:1", ids=ids) == []


async def test_what_reached_a_member_alone_is_shown_only_among_its_kind_and_what_did_not_is_news_for_all(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    here, now = caller.workspace_id, clock.now()
    waits = an_alert("waits", kind=AlertKind.DRAFT_WAITS, to_member="bob")
    await store.owe_alert(caller, waits, now)
    assert await store.alerts(here) == []
    [alert] = await store.alerts(here, kind=AlertKind.DRAFT_WAITS)
    assert alert.to_member == "bob"
    await give_up(store, now, "No direct messages.")
    assert [alert.kind for alert in await store.alerts(here)] == [AlertKind.UNDELIVERED, AlertKind.DRAFT_WAITS]


# ---------------------------------------------------------------- owing


async def test_an_alert_is_kept_with_all_that_it_tells_and_waits_for_the_end_of_a_snooze(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    snoozed, awake = [await world.make_post(store, caller, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    await store.snooze_post(caller, snoozed.id, now + HOUR, now)
    await store.snooze_post(caller, awake.id, now - HOUR, now)
    removed = NewAlert(AlertKind.POST_REMOVED, "k", {"state": "removed"}, snoozed.id, "bob", "an event")
    before = await all_rows(store)
    assert await store.owe_alert(caller, removed, now)
    made = changes(before, await all_rows(store))
    assert made["alerts"] == {
        "new": [
            {
                "workspace_id": caller.workspace_id,
                "kind": AlertKind.POST_REMOVED,
                "dedupe_key": "k",
                "facts": {"state": "removed"},
                "tracked_post_id": snoozed.id,
                "to_member": "bob",
                "event": "an event",
                "created_at": now,
                "attempts": 0,
                "urgent": True,
                "correlation_id": "test-correlation",
                "next_attempt_at": now + HOUR,
            }
        ]
    }
    assert set(made) == {"alerts", "journal"}
    before = await all_rows(store)
    assert not await store.owe_alert(caller, removed, now)
    assert changes(before, await all_rows(store)) == {}
    assert await store.owe_alert(caller, an_alert("awake", tracked_post_id=awake.id), now)
    assert (await store.alerts(caller.workspace_id))[0].next_attempt_at == now


async def test_an_alert_takes_in_what_waits_about_its_post_and_nothing_that_somebody_may_have_seen(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    post, other = [await world.make_post(store, caller, began, name) for name in ("t3_aaaa1", "t3_aaaa2")]

    async def removed(key: str, **changed: Any) -> int:
        changed = {"kind": AlertKind.POST_REMOVED, "tracked_post_id": post.id, **changed}
        return await owe(store, caller, began, key, **changed)

    failed = await removed("failed")
    await store.record_delivery((await claim(store, began)).id, "c", began, delivered=False, retry_at=began + HOUR)
    lost = await removed("lost")
    await give_up(store, began, "No place.")
    elsewhere = await removed("other post", tracked_post_id=other.id)
    draft = await removed("other kind", kind=AlertKind.DRAFT_WAITS)
    held = await removed("held", kind=AlertKind.POST_HELD)
    gone = await removed("gone", kind=AlertKind.POST_DELETED)
    now = clock.advance(SECOND)
    live = NewAlert(AlertKind.POST_LIVE, "live", {"state": "live"}, post.id)
    assert await store.owe_alert(caller, live, now)
    told = {alert.id: alert for alert in await store.alerts(caller.workspace_id, None)}
    told |= {alert.id: alert for alert in await store.alerts(caller.workspace_id, kind=AlertKind.DRAFT_WAITS)}
    [good] = [alert for alert in told.values() if alert.kind is AlertKind.POST_LIVE]
    assert [told[i].told_with for i in (failed, lost, elsewhere, draft)] == [None] * 4
    assert [told[i].told_with for i in (held, gone)] == [gone, good.id]
    assert good.facts["earlier"] == [
        {"kind": "post_held", "created_at": began.isoformat()},
        {"kind": "post_deleted", "created_at": began.isoformat()},
    ]


async def test_news_about_a_whole_workspace_take_in_its_own_alone(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    blind = an_alert("blind", kind=AlertKind.CANNOT_SEE)
    post = await world.make_post(store, caller, now)
    for whose, alert in (
        (dan, blind),
        (caller, blind),
        (caller, replace(blind, dedupe_key="of a post", tracked_post_id=post.id)),
        (caller, replace(blind, dedupe_key="sight", facts={"restored": True})),
    ):
        assert await store.owe_alert(whose, alert, now)
    told = {alert.dedupe_key: alert for alert in await store.alerts(caller.workspace_id)}
    assert {key: alert.told_with for key, alert in told.items()} == {
        "sight": None,
        "of a post": None,
        "blind": told["sight"].id,
    }
    assert (await store.alerts("discord:1"))[0].told_with is None


# ---------------------------------------------------------------- on its way


async def test_each_step_of_an_alert_on_its_way_changes_its_row_and_no_other(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    first = await owe(store, dan, began, "first")
    await owe(store, dan, began, "second")

    before = await all_rows(store)
    alert = await claim(store, began)
    claimed = {"lease_owner": "c", "lease_until": began + LEASE, "channel": "C1", "attempts": 1}
    assert changes(before, await all_rows(store)) == {"alerts": {first: claimed}}
    assert alert == replace((await store.alerts("discord:1"))[1], channel="C1", attempts=1)

    before, now = await all_rows(store), clock.advance(SECOND)
    assert await store.set_out(first, "c", "C7", now, lease=LEASE) == OnItsWay(None)
    assert changes(before, await all_rows(store)) == {"alerts": {first: {"lease_until": now + LEASE, "sent_to": "C7"}}}

    before = await all_rows(store)
    failed = {"delivered": False, "problem": "No answer.", "retry_at": now + HOUR, "sent_to": "C8"}
    assert await store.record_delivery(first, "c", now, **failed)  # type: ignore[arg-type]
    assert changes(before, await all_rows(store)) == {
        "alerts": {first: {**FREE, "last_problem": "No answer.", "next_attempt_at": now + HOUR, "sent_to": "C8"}}
    }

    later = clock.advance(HOUR)
    await claim(store, later)
    before = await all_rows(store)
    told = {"delivery_ref": "m-1", "problem": "To a person.", "sent_to": "@dan", "told_by": Delivery.UPDATE}
    assert await store.record_delivery(first, "c", later, delivered=True, **told)  # type: ignore[arg-type]
    assert changes(before, await all_rows(store)) == {
        "alerts": {
            first: {
                **FREE,
                "delivered_at": later,
                "next_attempt_at": None,
                "delivery_ref": "m-1",
                "told_by": Delivery.UPDATE,
                "last_problem": "To a person.",
                "sent_to": "@dan",
            }
        }
    }
    before = await all_rows(store)
    assert not await store.record_delivery(first, "c", later, delivered=True)
    assert await store.set_out(first, "c", "C1", later, lease=LEASE) is None
    assert not await store.leave_to_digest(first, "c", later)
    assert changes(before, await all_rows(store)) == {}


async def test_the_root_of_a_conversation_is_the_first_message_about_the_post_that_stands_at_the_place(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post, other = [await world.make_post(store, dan, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]

    async def sent(key: str, post_id: int, sent_to: str, ref: str | None, *, delivered: bool = True) -> None:
        await store.owe_alert(dan, an_alert(key, tracked_post_id=post_id), clock.now())
        alert = await claim(store, clock.now())
        await store.record_delivery(
            alert.id,
            "c",
            clock.now(),
            delivered=delivered,
            delivery_ref=ref,
            sent_to=sent_to,
            retry_at=None if delivered else clock.now() + 9 * HOUR,
        )

    await sent("other post", other.id, "C1", "m-other")
    await sent("no reference", post.id, "C1", None)
    await sent("not arrived", post.id, "C1", "m-not", delivered=False)
    await sent("elsewhere", post.id, "C2", "m-elsewhere")
    clock.advance(HOUR)
    await sent("late", post.id, "C1", "m-late")
    clock.advance(-SECOND)
    await sent("first", post.id, "C1", "m-first")
    await sent("as early", post.id, "C1", "m-as-early")
    await store.owe_alert(dan, an_alert("next", tracked_post_id=post.id), clock.now())
    alert = await claim(store, clock.now())
    roots = [await store.set_out(alert.id, "c", place, clock.now(), lease=LEASE) for place in ("C1", "C2", "C3")]
    assert roots == [OnItsWay("m-first"), OnItsWay("m-elsewhere"), OnItsWay(None)]


async def test_while_a_place_does_not_answer_what_is_due_before_waits_and_nothing_else(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    now, until = clock.now(), clock.now() + HOUR
    await store.owe_alert(caller, an_alert("foreign"), now)
    mine = await owe(store, dan, now, "mine")
    alert = await store.lease_alerts(now, worker="c", lease=LEASE, limit=1, platforms=["discord"])
    await owe(store, dan, until - SECOND, "before")
    await owe(store, dan, until, "at")
    await owe(store, dan, until + SECOND, "after")
    assert [one.id for one in alert] == [mine]
    soon = now + LEASE
    assert await store.record_delivery(
        mine, "c", now, delivered=False, problem="429", retry_at=soon, others_wait_until=until
    )
    due = {one.dedupe_key: one.next_attempt_at for one in await store.alerts("discord:1")}
    assert due == {"mine": soon, "before": until, "at": until, "after": until + SECOND}
    assert (await store.alerts(caller.workspace_id))[0].next_attempt_at == now


# ---------------------------------------------------------------- places


async def test_refusals_are_counted_for_each_place_of_each_workspace(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    here, began = caller.workspace_id, clock.now()
    rest = timedelta(minutes=10)
    assert await store.refuse_place(here, "C2", "locked", began) == Refusal(
        here, "C2", "locked", began, 1, began + rest
    )
    foreign = await store.refuse_place("discord:1", "C2", "locked", began)
    later = clock.advance(SECOND)
    again = await store.refuse_place(here, "C2", "archived", later)
    assert again == Refusal(here, "C2", "archived", began, 2, later + 2 * rest)
    others = [await store.refuse_place(here, place, "locked", later) for place in ("C3", "C1")]
    assert await store.refusals(here) == [again, *reversed(others)], "the longest refusing first"
    assert await store.refusals("discord:1") == [foreign]


async def test_channels_that_took_alerts_lately_come_by_the_newest_of_each(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.owe_alert(caller, an_alert("foreign"), now)
    await deliver(store, now, sent_to="C9")
    for n, place in enumerate(("C1", "C2", "C3", "C4", "C1", "@dan", None)):
        await owe(store, dan, now, f"k{n}")
        await deliver(store, now, sent_to=place)
    await owe(store, dan, now, "not arrived")
    alert = await claim(store, now)
    await store.record_delivery(alert.id, "c", now, delivered=False, retry_at=now + HOUR, sent_to="C8")
    assert await store.places_that_took("discord:1") == ["C1", "C4", "C3"]
    assert await store.places_that_took("discord:1", 1) == ["C1"]
    assert await store.places_that_took("discord:1", 9) == ["C1", "C4", "C3", "C2"]


async def test_a_stopping_courier_gives_back_those_that_it_names_and_holds(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    for whose in (caller, dan, elsewhere):
        await store.owe_alert(whose, an_alert("k"), now)
    mine, also_mine = await store.lease_alerts(now, worker="c", lease=LEASE, limit=9, platforms=["terminal"])
    [theirs] = await store.lease_alerts(now, worker="d", lease=LEASE, limit=9, platforms=["discord"])
    before = await all_rows(store)
    assert await store.release_alerts("c", [mine.id, theirs.id]) == 1
    assert changes(before, await all_rows(store)) == {"alerts": {mine.id: FREE}}
    assert await store.release_alerts("c", [mine.id, also_mine.id]) == 1


# ---------------------------------------------------------------- good news, and the digest


async def test_good_news_answer_the_newest_message_about_the_post_where_alerts_go(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post, other = [await world.make_post(store, dan, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    keys = iter(range(99))

    async def told(kind: AlertKind, post_id: int | None, sent_to: str = "C1", ref: str | None = "m") -> int:
        new = an_alert(f"k{next(keys)}", kind=kind, tracked_post_id=post_id)
        assert await store.owe_alert(dan, new, now)
        alert = await claim(store, now)
        key = f"{ref}-{alert.id}" if ref else None
        assert await store.record_delivery(alert.id, "c", now, delivered=True, sent_to=sent_to, delivery_ref=key)
        return alert.id

    async def earlier(**changed: Any) -> EarlierMessage | None:
        wishes = await store.wishes(replace(live, **changed))
        assert (wishes.good_news, wishes.has_digest) == (False, True)
        return wishes.earlier

    held = await told(AlertKind.POST_HELD, post.id)
    removed = await told(AlertKind.POST_REMOVED, post.id)
    await told(AlertKind.POST_REMOVED, post.id, "C2")
    await told(AlertKind.POST_REMOVED, post.id, ref=None)
    await told(AlertKind.POST_LOCKED, post.id)
    await told(AlertKind.POST_REMOVED, other.id)
    assert await store.owe_alert(dan, an_alert("wait", kind=AlertKind.POST_GATED, tracked_post_id=post.id), now)
    waits = await claim(store, now)
    await store.record_delivery(waits.id, "c", now, delivered=False, retry_at=now + HOUR, sent_to="C1")
    assert await store.owe_alert(dan, an_alert("live", kind=AlertKind.POST_LIVE, tracked_post_id=post.id), now)
    live = await claim(store, now)
    assert live.channel == "C1"
    assert await earlier() == EarlierMessage(removed, "C1", f"m-{removed}")
    assert await earlier(id=removed) == EarlierMessage(held, "C1", f"m-{held}"), "not one that is newer"
    assert await earlier(id=held) is None
    assert await earlier(channel="C3") is None
    assert await earlier(workspace_id="discord:2") is None
    assert await store.record_delivery(live.id, "c", now, delivered=True, sent_to="C1", delivery_ref="m-live")
    assert await earlier(id=live.id + 1) is None, "it was answered"


async def test_how_good_news_are_told_is_the_workspaces_wish(
    store: Store, caller: Caller, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    for whose in (caller, dan):
        await store.owe_alert(whose, an_alert("k", kind=AlertKind.POST_LIVE), now)
    terminals, chats = await store.lease_alerts(
        now, worker="c", lease=LEASE, limit=9, platforms=["terminal", "discord"]
    )
    assert await store.wishes(terminals) == Wishes(good_news=True), "its lines cannot be rendered again"
    assert await store.wishes(chats) == Wishes(good_news=False, has_digest=True)
    await store.set_digest(dan, None, now)
    assert await store.wishes(chats) == Wishes(good_news=False, has_digest=False)
    await store.set_good_news(dan, True, now)
    assert await store.wishes(chats) == Wishes(good_news=True, has_digest=False)


async def test_what_is_left_to_the_digest_begins_one_where_nobody_chose(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    owed_at = clock.now()
    await owe(store, dan, owed_at, "k")
    now = clock.advance(HOUR)
    alert = await claim(store, now)
    before = await all_rows(store)
    assert not await store.leave_to_digest(alert.id, "d", now)
    assert changes(before, await all_rows(store)) == {}
    assert await store.leave_to_digest(alert.id, "c", now)
    made = changes(before, await all_rows(store))
    assert made == {
        "alerts": {alert.id: {**FREE, "next_attempt_at": None, "told_by": Delivery.DIGEST}},
        "timetables": {
            "new": [
                {
                    "workspace_id": "discord:1",
                    "timezone": "UTC",
                    "digest_every": DigestRhythm.DAILY,
                    "digest_at": time(9),
                    "digest_since": owed_at - SECOND,
                    "digest_due_at": datetime(2026, 11, 24, 9, tzinfo=now.tzinfo),
                    "digest_chosen": False,
                    "good_news": False,
                    "urgent_wakes": False,
                }
            ]
        },
    }
    await owe(store, dan, now, "next")
    later = clock.advance(HOUR)
    alert = await claim(store, later)
    before = await all_rows(store)
    assert await store.leave_to_digest(alert.id, "c", later)
    assert set(changes(before, await all_rows(store))) == {"alerts"}, "its period goes on"


async def test_a_digest_that_somebody_ended_or_chose_is_left_as_it_is(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    for n, plan in enumerate((None, DigestPlan(DigestRhythm.WEEKLY, time(7)))):
        times = await store.set_digest(dan, plan, now)
        await owe(store, dan, now, f"k{n}")
        assert await store.leave_to_digest((await claim(store, now)).id, "c", now)
        assert await store.timetable("discord:1") == times


async def test_a_digest_is_owed_when_it_is_its_turn_and_its_period_goes_on_when_there_is_nothing_to_tell(
    store: Store, dan: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    times = await store.set_digest(dan, DigestPlan(DigestRhythm.DAILY, time(13)), began)
    due_at = times.digest_due_at
    assert due_at == began + HOUR
    digest = an_alert("digest", kind=AlertKind.DIGEST)
    before = await all_rows(store)
    assert not await store.owe_digest(dan, due_at - SECOND, digest, due_at)
    assert changes(before, await all_rows(store)) == {}
    assert not await store.owe_digest(dan, due_at, None, due_at)
    next_at = due_at + timedelta(days=1)
    assert changes(before, await all_rows(store)) == {"timetables": {"discord:1": {"digest_due_at": next_at}}}
    before = await all_rows(store)
    assert await store.owe_digest(dan, next_at, digest, next_at)
    made = changes(before, await all_rows(store))
    assert made["timetables"] == {"discord:1": {"digest_since": next_at, "digest_due_at": next_at + timedelta(days=1)}}
    [owed] = made["alerts"]["new"]
    assert (owed["dedupe_key"], owed["created_at"], owed["next_attempt_at"]) == ("digest", next_at, next_at)
    assert (owed["correlation_id"], owed["workspace_id"]) == ("c-1", "discord:1")

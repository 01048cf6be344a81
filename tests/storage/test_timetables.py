from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from core.alerts import Alert
from core.errors import NotFound
from core.model import AlertKind, Caller, NewAlert, State, TrackedPost
from core.timetable import DigestPlan, DigestRhythm, QuietHours, Timetable
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

LEASE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NIGHT = QuietHours(time(22), time(7))
VIENNA = "Europe/Vienna"
DAILY = DigestPlan(DigestRhythm.DAILY, time(9))


@pytest.fixture
def clock() -> FixedClock:
    """Eleven in the evening in Vienna."""
    return FixedClock(datetime(2026, 11, 23, 22, tzinfo=UTC))


MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)  # seven in Vienna


async def claimed(store: Store, now: datetime, worker: str = "c") -> list[str]:
    """Claim what can be claimed, deliver it, and answer its keys."""
    keys = []
    while alerts := await store.lease_alerts(
        now, worker=worker, lease=LEASE, limit=50, platforms=["terminal", "discord"]
    ):
        for alert in alerts:
            assert await store.record_delivery(alert.id, worker, now, delivered=True)
        keys += [alert.dedupe_key for alert in alerts]
    return keys


def news(key: str, kind: AlertKind = AlertKind.AUDIT, post: int | None = None, **facts: object) -> NewAlert:
    return NewAlert(kind, key, facts, post)


async def quiet_night(store: Store, caller: Caller, now: datetime) -> None:
    await store.set_timezone(caller, VIENNA, now)
    await store.set_quiet_hours(caller, NIGHT, now)


# ---------------------------------------------------------------- quiet hours


async def test_what_is_owed_at_night_waits_for_the_morning_and_no_try_is_counted(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("a"), clock.now())
    assert await claimed(store, clock.now()) == []
    assert await claimed(store, MORNING - timedelta(seconds=1)) == []
    [alert] = await store.alerts(caller.workspace_id)
    assert (alert.attempts, alert.next_attempt_at) == (0, clock.now())
    assert await store.next_due_at() == MORNING
    assert await claimed(store, MORNING) == ["a"]
    assert await store.next_due_at() is None


async def test_more_alerts_than_one_claim_takes_wait_as_well(store: Store, caller: Caller, clock: FixedClock) -> None:
    await quiet_night(store, caller, clock.now())
    keys = [f"k{n:02}" for n in range(12)]
    for key in keys:
        await store.owe_alert(caller, news(key), clock.now())
    first = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=5, platforms=["terminal"])
    assert list(first) == []
    assert await claimed(store, MORNING) == keys


async def test_a_test_alert_comes_at_once_and_takes_nothing_with_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("night"), clock.now())
    await store.owe_alert(caller, news("test", AlertKind.TEST), clock.now())
    assert await claimed(store, clock.now()) == ["test"]
    await store.owe_alert(caller, news("again", AlertKind.TEST), clock.now())
    assert await store.next_due_at() == clock.now()
    assert await claimed(store, clock.now()) == ["again"]


async def test_one_teams_night_is_not_anothers(store: Store, caller: Caller, clock: FixedClock) -> None:
    other = replace(caller, workspace_id="discord:2")
    await store.ensure_workspace("discord:2", "discord", "Other", clock.now())
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("a"), clock.now())
    await store.owe_alert(other, news("b"), clock.now())
    assert await claimed(store, clock.now()) == ["b"]


async def test_ending_quiet_hours_sends_at_once_what_waited(store: Store, caller: Caller, clock: FixedClock) -> None:
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("a"), clock.now())
    assert await claimed(store, clock.now()) == []
    await store.set_quiet_hours(caller, None, clock.now())
    assert await store.next_due_at() == clock.now()
    assert await claimed(store, clock.now()) == ["a"]


async def test_other_quiet_hours_or_another_zone_are_looked_at_at_once(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("a"), clock.now())
    assert await claimed(store, clock.now()) == []
    await store.set_quiet_hours(caller, QuietHours(time(23), time(9)), clock.now())
    assert await claimed(store, MORNING) == [], "until nine now"
    await store.set_timezone(caller, "Asia/Tokyo", MORNING)
    assert await claimed(store, MORNING) == ["a"], "three in the afternoon there"


async def test_a_retry_and_the_end_of_a_snooze_wait_for_the_morning_too(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await store.owe_alert(caller, news("failed"), clock.now())
    [alert] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    await store.record_delivery(alert.id, "c", clock.now(), delivered=False, retry_at=clock.now() + HOUR)
    await store.owe_alert(caller, news("snoozed", AlertKind.POST_LIVE, post.id), clock.now())
    await store.snooze_post(caller, post.id, clock.now() + 2 * HOUR, clock.now())
    await quiet_night(store, caller, clock.now())
    assert await claimed(store, clock.now() + 3 * HOUR) == []
    assert await claimed(store, MORNING) == ["failed", "snoozed"]


async def test_a_snooze_that_is_longer_than_the_night_wins(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("a", AlertKind.POST_LIVE, post.id), clock.now())
    await store.snooze_post(caller, post.id, MORNING + HOUR, clock.now())
    assert await claimed(store, clock.now()) == []
    assert await claimed(store, MORNING) == []
    assert await claimed(store, MORNING + HOUR) == ["a"]


async def test_what_was_given_up_and_is_tried_again_waits_for_the_morning(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, news("a"), clock.now())
    [alert] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    await store.record_delivery(alert.id, "c", clock.now(), delivered=False)
    await quiet_night(store, caller, clock.now())
    assert await store.retry_alerts(caller, clock.now()) == 1
    assert await claimed(store, clock.now()) == []
    assert await claimed(store, MORNING) == ["a"]


async def test_a_clock_that_jumps_back_loses_and_doubles_nothing(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("a"), clock.now())
    assert await claimed(store, clock.now()) == []
    noon = clock.now() - 12 * HOUR
    assert await claimed(store, noon) == [], "it is not due yet at that time"
    assert await claimed(store, MORNING) == ["a"]
    assert await claimed(store, clock.now()) == []


async def test_couriers_and_a_change_of_the_hours_at_once_deliver_each_alert_once(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await quiet_night(store, caller, clock.now())
    others = [replace(caller, workspace_id=f"terminal:{n}") for n in range(3)]
    for other in others:
        await store.ensure_workspace(other.workspace_id, "terminal", "Other", clock.now())
        await quiet_night(store, other, clock.now())
    everybody = [caller, *others]
    for one in everybody:
        for n in range(4):
            await store.owe_alert(one, news(f"{one.workspace_id} {n}"), clock.now())
    rounds = await asyncio.gather(
        *(claimed(store, clock.now(), f"c{n}") for n in range(4)),
        *(store.set_quiet_hours(one, None, clock.now()) for one in everybody),
        *(claimed(store, clock.now(), f"d{n}") for n in range(4)),
    )
    got = [key for keys in rounds if isinstance(keys, list) for key in keys]
    got += await claimed(store, clock.now())
    assert sorted(got) == sorted(f"{one.workspace_id} {n}" for one in everybody for n in range(4))


async def test_a_claim_notes_the_quiet_hours_of_those_that_it_serves_and_that_have_something_due(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    teams = {name: replace(caller, workspace_id=f"{name}:1") for name in ("discord", "slack", "teams")}
    for name, one in (*teams.items(), ("terminal", caller)):
        await store.ensure_workspace(one.workspace_id, name, "Team", now)
        await quiet_night(store, one, now)
    for one in (teams["discord"], teams["slack"]):
        await store.owe_alert(one, news("due"), now)
    await store.owe_alert(teams["teams"], news("not due"), now + timedelta(seconds=1))
    await store.owe_alert(caller, news("at any hour", AlertKind.TEST), now)
    before = await all_rows(store)
    places = ["discord", "teams"]
    assert await store.lease_alerts(now, worker="c", lease=LEASE, limit=9, platforms=places) == []
    noted = {"timetables": {"discord:1": {"quiet_ends_at": MORNING}}}
    assert changes(before, await all_rows(store)) == noted
    assert await store.lease_alerts(now, worker="c", lease=LEASE, limit=9, platforms=places) == []
    assert changes(before, await all_rows(store)) == noted
    assert await store.lease_alerts(now, worker="c", lease=LEASE, limit=9, platforms=["slack"]) == []
    noted["timetables"]["slack:1"] = {"quiet_ends_at": MORNING}
    assert changes(before, await all_rows(store)) == noted
    await store.set_quiet_hours(teams["slack"], None, now)
    assert (await all_rows(store))["timetables"]["slack:1"]["quiet_ends_at"] is None


async def test_hours_that_do_not_hold_now_are_not_noted_and_those_of_the_next_night_are(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("a"), clock.now())
    assert await claimed(store, clock.now()) == []
    assert await claimed(store, MORNING) == ["a"]
    next_night = clock.now() + timedelta(days=1)
    await store.owe_alert(caller, news("b"), next_night)
    assert await claimed(store, next_night) == []
    noted = (await all_rows(store))["timetables"][caller.workspace_id]["quiet_ends_at"]
    assert noted == MORNING + timedelta(days=1)


# ---------------------------------------------------------------- one story, told once


async def seen(
    store: Store, caller: Caller, post: TrackedPost, now: datetime, state: State, kind: AlertKind, **facts: object
) -> None:
    """A check that confirmed a state and owes its alert."""
    alert = NewAlert(kind, f"post:{post.id}:{state}:{now.isoformat()}", {"since": now.isoformat(), **facts}, post.id)
    verdict = Verdict(state, now, alerts=(alert,))
    check = replace(world.removal_check(post, now), verdict=verdict, readings=())
    assert await world.record(store, [check], now) == 1


async def by_key(store: Store, caller: Caller) -> dict[str, Alert]:
    return {alert.dedupe_key.split(":")[2]: alert for alert in await store.alerts(caller.workspace_id)}


async def test_a_post_that_went_and_came_back_at_night_is_one_message_in_the_morning(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await quiet_night(store, caller, clock.now())
    began = clock.now()
    await seen(store, caller, post, began, State.REMOVED, AlertKind.POST_REMOVED, removed_by="moderators")
    assert await claimed(store, clock.now()) == []
    later = clock.advance(3 * HOUR)
    await seen(store, caller, post, later, State.LIVE, AlertKind.POST_LIVE, previous_state="removed")

    backlog = await store.backlog(caller.workspace_id, later)
    assert (backlog.alerts_pending, backlog.alerts_failed) == (1, 0)
    [key] = await claimed(store, MORNING)
    assert key.startswith(f"post:{post.id}:live")
    told = await by_key(store, caller)
    assert told["removed"].told_with == told["live"].id
    assert not told["removed"].is_given_up
    assert told["live"].facts["earlier"] == [
        {
            "kind": "post_removed",
            "created_at": began.isoformat(),
            "since": began.isoformat(),
            "removed_by": "moderators",
        }
    ]
    assert await store.retry_alerts(caller, MORNING) == 0


async def test_a_long_night_is_told_in_its_order(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    await quiet_night(store, caller, clock.now())
    for state, kind in (
        (State.HELD, AlertKind.POST_HELD),
        (State.LIVE, AlertKind.POST_LIVE),
        (State.REMOVED, AlertKind.POST_REMOVED),
    ):
        await seen(store, caller, post, clock.advance(HOUR), state, kind)
    [key] = await claimed(store, MORNING)
    told = (await by_key(store, caller))["removed"]
    assert key == told.dedupe_key
    assert [earlier["kind"] for earlier in told.facts["earlier"]] == ["post_held", "post_live"]


async def test_other_posts_and_what_was_delivered_stay_stories_of_their_own(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    mine = await world.make_post(store, caller, clock.now(), "t3_aaaa1")
    other = await world.make_post(store, caller, clock.now(), "t3_aaaa2")
    await seen(store, caller, mine, clock.now(), State.REMOVED, AlertKind.POST_REMOVED)
    assert len(await claimed(store, clock.now())) == 1
    await quiet_night(store, caller, clock.now())
    await seen(store, caller, other, clock.now(), State.REMOVED, AlertKind.POST_REMOVED)
    await seen(store, caller, mine, clock.advance(HOUR), State.LIVE, AlertKind.POST_LIVE)
    assert len(await claimed(store, MORNING)) == 2
    assert all("earlier" not in alert.facts for alert in await store.alerts(caller.workspace_id))


async def test_an_alert_that_may_have_been_seen_is_not_taken_back(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await seen(store, caller, post, clock.now(), State.REMOVED, AlertKind.POST_REMOVED)
    [alert] = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    await seen(store, caller, post, clock.advance(timedelta(seconds=5)), State.LIVE, AlertKind.POST_LIVE)
    assert await store.record_delivery(alert.id, "c", clock.now(), delivered=True)
    assert len(await claimed(store, clock.now())) == 1


async def test_a_shadowban_outlives_what_becomes_of_one_post(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("ban", AlertKind.ACCOUNT_SHADOWBANNED, post.id), clock.now())
    await store.owe_alert(caller, news("deleted", AlertKind.POST_DELETED, post.id), clock.now())
    assert await claimed(store, MORNING) == ["ban", "deleted"]


async def test_blindness_that_ended_at_night_is_one_message(store: Store, caller: Caller, clock: FixedClock) -> None:
    await quiet_night(store, caller, clock.now())
    await store.owe_alert(caller, news("blind", AlertKind.CANNOT_SEE, restored=False), clock.now())
    await store.owe_alert(caller, news("sight", AlertKind.CANNOT_SEE, restored=True), clock.advance(HOUR))
    assert await claimed(store, MORNING) == ["sight"]


# ---------------------------------------------------------------- digests


async def test_a_digest_is_due_at_its_hour_and_owed_once_by_two_programs(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_timezone(caller, VIENNA, clock.now())
    times = await store.set_digest(caller, DAILY, clock.now())
    due_at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert (times.digest_due_at, times.digest_since) == (due_at, clock.now())
    assert await store.next_due_at() == due_at
    assert await store.due_digests(due_at - timedelta(seconds=1), 9) == []
    assert [t.workspace_id for t in await store.due_digests(due_at, 9)] == [caller.workspace_id]
    digest = news("digest", AlertKind.DIGEST)
    answers = await asyncio.gather(*(store.owe_digest(caller, due_at, digest, due_at) for _ in range(4)))
    assert sorted(answers) == [False, False, False, True]
    times = await store.timetable(caller.workspace_id)
    assert (times.digest_since, times.digest_due_at) == (due_at, due_at + timedelta(days=1))
    assert await store.due_digests(due_at, 9) == []


async def test_changing_the_zone_moves_the_digest_and_keeps_its_period(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    await store.set_digest(caller, DAILY, began)
    times = await store.set_timezone(caller, VIENNA, clock.advance(HOUR))
    assert times.digest_due_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert times.digest_since == began
    assert not await store.owe_digest(caller, datetime(2026, 11, 24, 9, tzinfo=UTC), news("d"), clock.now())


async def test_a_digest_that_is_turned_off_is_due_no_more_and_begins_anew(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_digest(caller, DAILY, clock.now())
    off = await store.set_digest(caller, None, clock.now())
    assert (off.digest, off.digest_due_at, off.digest_since) == (None, None, None)
    assert await store.next_due_at() is None
    again = await store.set_digest(caller, DAILY, clock.advance(HOUR))
    assert again.digest_since == clock.now()


# ---------------------------------------------------------------- what was set


async def test_a_timetable_has_defaults_and_every_change_is_written_down(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    assert await store.timetable(caller.workspace_id) == Timetable(caller.workspace_id)
    await quiet_night(store, caller, clock.now())
    await store.set_digest(caller, DAILY, clock.now())
    times = await store.timetable(caller.workspace_id)
    assert (times.timezone, times.quiet_hours, times.digest) == (VIENNA, NIGHT, DAILY)
    entries = {entry.kind.value: entry.facts for entry in await store.journal(caller.workspace_id)}
    assert entries["setup.zone"] == {"timezone": VIENNA}
    assert entries["alerts.quiet"] == {"quiet_from": "22:00", "quiet_until": "07:00"}
    assert entries["alerts.digest"] == {"every": "daily", "at": "09:00", "on": "monday"}


async def test_an_unknown_workspace_has_no_hours(store: Store, caller: Caller, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        await store.set_quiet_hours(replace(caller, workspace_id="terminal:nowhere"), NIGHT, clock.now())


async def test_of_due_digests_the_oldest_comes_first(store: Store, clock: FixedClock) -> None:
    for workspace_id, later in (("terminal:1", 2), ("terminal:2", 0), ("terminal:3", 1)):
        one = Caller(workspace_id, "zoe", "Zoe", "c")
        await store.ensure_workspace(workspace_id, "terminal", "Other", clock.now())
        await store.set_digest(one, DAILY, clock.now() + later * 24 * HOUR)
    due = await store.due_digests(clock.now() + 9 * 24 * HOUR, 9)
    assert [timetable.workspace_id for timetable in due] == ["terminal:2", "terminal:3", "terminal:1"]
    assert [t.workspace_id for t in await store.due_digests(clock.now() + 9 * 24 * HOUR, 1)] == ["terminal:2"]


async def test_what_must_be_acted_on_now_comes_in_quiet_hours_where_that_is_wanted(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.set_quiet_hours(caller, QuietHours(now.time(), (now + timedelta(hours=8)).time()), now)
    back: dict[str, object] = {"restored": True}
    await store.owe_alert(caller, NewAlert(AlertKind.RULES_CHANGED, "rules", {}), now)
    await store.owe_alert(caller, NewAlert(AlertKind.ACCOUNT_SUSPENDED, "back", back), now)
    await store.owe_alert(caller, NewAlert(AlertKind.POST_REMOVED, "removed", {}), now)
    assert await claimed(store, now) == []
    assert await store.next_due_at() == now + timedelta(hours=8)
    await store.set_urgent_wakes(caller, True, now)
    assert await claimed(store, now) == ["removed"]
    assert await claimed(store, clock.advance(timedelta(hours=8))) == ["rules", "back"]

"""Whatever one odd clock did, the next sane one puts right: posts stay watched, and news is not a day late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.clock import NOTED_AT_MOST, ClockWatch
from core.model import AlertKind, AuditOutcome, AuthorStatus, Caller, State
from storage.store import Store
from tests.clock import FixedClock, SetClock
from tests.core.visibility import watched
from tests.core.visibility.world import World, removed, sighting
from tests.watch import Watch

LINK = "https://www.reddit.com/r/harbor/comments/1abc2d/how_it_went/"
NAME = "t3_1abc2d"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock, {NAME: sighting(NAME, created_at=clock.now())})


@pytest.fixture
def watch(store: Store, clock: FixedClock, world: World) -> Watch:
    return Watch(store, clock, world)


async def pass_time(watch: Watch, clock: FixedClock, span: timedelta, step: timedelta = MINUTE * 5) -> None:
    await watched.pass_time(watch, clock, span, step)


async def next_check_at(store: Store, caller: Caller, post_id: int) -> datetime | None:
    return (await store.tracked_post(caller.workspace_id, post_id)).next_check_at


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("blind", [False, True])
async def test_a_clock_forty_days_ahead_for_one_sweep_ends_no_watching(
    watch: Watch,
    world: World,
    store: Store,
    clock: FixedClock,
    caller: Caller,
    restarted: bool,
    blind: bool,
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, HOUR)
    clock.advance(DAY * 40)
    world.trouble = RuntimeError("nothing answers") if blind else None
    await watch.sweeping.sweep("w")
    assert await next_check_at(store, caller, post.id) is None, "by that clock it is over"
    world.trouble = None
    clock.advance(-DAY * 40 + MINUTE)
    later = Watch(store, clock, world) if restarted else watch
    assert (await later.sweeping.sweep("w")).looked == 1
    due_at = await next_check_at(store, caller, post.id)
    assert due_at is not None
    assert due_at - clock.now() <= HOUR * 1.1
    world.posts[NAME] = removed(NAME, created_at=world.posts[NAME].created_at)
    await pass_time(later, clock, HOUR * 2)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.REMOVED


async def test_a_removal_is_told_within_minutes_of_the_clock_being_set_back_a_day(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, HOUR * 3)
    clock.advance(-DAY)
    world.posts[NAME] = removed(NAME, created_at=world.posts[NAME].created_at)
    await pass_time(watch, clock, MINUTE * 15, MINUTE)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.REMOVED
    pending = [alert.kind for alert in await store.alerts(caller.workspace_id, 10)]
    assert AlertKind.POST_REMOVED in pending


async def test_watching_ends_once_it_is_over_and_stays_so(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, DAY * 15, HOUR * 6)
    assert await next_check_at(store, caller, post.id) is None
    asked = len(world.asked)
    await pass_time(Watch(store, clock, world), clock, DAY * 2, HOUR * 2)
    assert await next_check_at(store, caller, post.id) is None
    assert len(world.asked) == asked


async def test_a_stopped_post_stays_stopped_whatever_the_clock_did(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await store.stop_watching(caller, post.id, clock.now())
    clock.advance(-DAY)
    await watch.sweeping.sweep("w")
    assert await next_check_at(store, caller, post.id) is None


async def test_an_audit_before_its_time_is_open_again(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, HOUR)
    clock.advance(DAY * 40)
    await watch.sweeping.audit("w")
    clock.advance(-DAY * 40 + MINUTE)
    await watch.sweeping.sweep("w")
    assert (await store.tracked_post(caller.workspace_id, post.id)).audit_outcome is None
    await pass_time(watch, clock, DAY * 7, HOUR)
    await watch.sweeping.audit("w")
    assert (await store.tracked_post(caller.workspace_id, post.id)).audit_outcome in set(AuditOutcome)
    told = [alert for alert in await store.alerts(caller.workspace_id, 50) if alert.kind is AlertKind.AUDIT]
    assert [alert.created_at for alert in told] == [clock.now()], "the early one is not told"


async def test_nothing_is_decided_for_good_while_the_clock_is_doubted(
    world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    jumping = SetClock(clock.now())
    watch = Watch(store, jumping, world)

    async def deliver() -> int:
        return 0

    jobs = watch.jobs(deliver, "w")
    post = await watch.registering.register(caller, LINK)
    await jobs.run_due()
    assert watch.clock_watch.doubt() is None
    jumping.set(DAY * 40)
    await jobs.run_due()
    assert "40 days ahead" in (watch.clock_watch.doubt() or "")
    assert (await store.tracked_post(caller.workspace_id, post.id)).audit_outcome is None
    jumping.set(-DAY * 40)
    jumping.advance(MINUTE * 6)
    await jobs.run_due()
    assert watch.clock_watch.doubt() is None
    assert await next_check_at(store, caller, post.id) is not None


@pytest.mark.parametrize("jump", [MINUTE * 4, MINUTE * 10, HOUR * 5, DAY * 3])
@pytest.mark.parametrize("says", ["removed", "missing account"])
async def test_a_jump_of_the_clock_between_two_looks_makes_no_alarm_of_one_moment(
    world: World, store: Store, clock: FixedClock, caller: Caller, jump: timedelta, says: str
) -> None:
    jumping = SetClock(clock.now())
    watch = Watch(store, jumping, world)
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, jumping, HOUR, MINUTE)
    if says == "removed":
        world.posts[NAME] = removed(NAME, created_at=world.posts[NAME].created_at)
    else:
        world.accounts["alice_writes"] = AuthorStatus.SUSPENDED
        world.posts[NAME] = removed(NAME, "reddit", created_at=world.posts[NAME].created_at)
    await watch.sweeping.check_now(caller, post.id)
    for _ in range(3):
        jumping.set(jump)
        jumping.advance(timedelta(seconds=15))
        looked = await watch.sweeping.check_now(caller, post.id)
    assert looked.state is State.LIVE, "all of it was seen within a minute"
    jumping.advance(MINUTE * 4)
    assert (await watch.sweeping.check_now(caller, post.id)).state is not State.LIVE


async def test_what_another_program_saw_counts_by_the_wall_clock_unless_that_is_doubted(clock: FixedClock) -> None:
    jumping = SetClock(clock.now())
    watch, theirs = ClockWatch(jumping), jumping.now() - MINUTE * 10
    watch.doubt()
    assert watch.jump_s(theirs, jumping.now()) == 0
    jumping.set(DAY)
    assert watch.jump_s(theirs, jumping.now()) == (DAY + MINUTE * 10).total_seconds()


def test_a_clock_that_was_moved_on_purpose_has_not_jumped(clock: FixedClock) -> None:
    jumping = SetClock(clock.now())
    watch = ClockWatch(jumping, is_moved=lambda: True)
    watch.note(jumping.now())
    jumping.set(DAY)
    assert watch.jump_s(clock.now(), jumping.now()) == 0


def test_a_jump_is_what_the_counter_did_not_count(clock: FixedClock) -> None:
    jumping = SetClock(clock.now())
    watch, noted = ClockWatch(jumping), jumping.now()
    watch.note(noted)
    jumping.advance(MINUTE * 2)
    assert watch.jump_s(noted, jumping.now()) == 0
    jumping.set(timedelta(seconds=29))
    assert watch.jump_s(noted, jumping.now()) == 0, "a look takes some seconds"
    jumping.set(timedelta(seconds=1))
    assert watch.jump_s(noted, jumping.now()) == 30
    jumping.set(-MINUTE)
    assert watch.jump_s(noted, jumping.now()) == 0
    for number in range(NOTED_AT_MOST):
        watch.note(noted + timedelta(seconds=number))
    assert len(watch._noted) <= NOTED_AT_MOST

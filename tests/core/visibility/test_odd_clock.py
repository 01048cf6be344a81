"""Whatever one odd clock did, the next sane one puts right: posts stay watched, and news is not a day late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.model import AlertKind, AuditOutcome, Caller, State
from core.schedule import Jobs
from core.visibility.service import Watching
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import World, removed, sighting

LINK = "https://www.reddit.com/r/harbor/comments/1abc2d/how_it_went/"
NAME = "t3_1abc2d"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock, {NAME: sighting(NAME, created_at=clock.now())})


@pytest.fixture
def watching(store: Store, clock: FixedClock, world: World) -> Watching:
    return Watching(store, clock, world)


async def pass_time(watching: Watching, clock: FixedClock, span: timedelta, step: timedelta = MINUTE * 5) -> None:
    for _ in range(int(span / step)):
        clock.advance(step)
        await watching.sweep("w")


async def next_check_at(store: Store, caller: Caller, post_id: int) -> datetime | None:
    return (await store.tracked_post(caller.workspace_id, post_id)).next_check_at


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("blind", [False, True])
async def test_a_clock_forty_days_ahead_for_one_sweep_ends_no_watching(
    watching: Watching,
    world: World,
    store: Store,
    clock: FixedClock,
    caller: Caller,
    restarted: bool,
    blind: bool,
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, HOUR)
    clock.advance(DAY * 40)
    world.trouble = RuntimeError("nothing answers") if blind else None
    await watching.sweep("w")
    assert await next_check_at(store, caller, post.id) is None, "by that clock it is over"
    world.trouble = None
    clock.advance(-DAY * 40 + MINUTE)
    later = Watching(store, clock, world) if restarted else watching
    assert (await later.sweep("w")).looked == 1
    due_at = await next_check_at(store, caller, post.id)
    assert due_at is not None
    assert due_at - clock.now() <= HOUR * 1.1
    world.posts[NAME] = removed(NAME, created_at=world.posts[NAME].created_at)
    await pass_time(later, clock, HOUR * 2)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.REMOVED


async def test_a_removal_is_told_within_minutes_of_the_clock_being_set_back_a_day(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, HOUR * 3)
    clock.advance(-DAY)
    world.posts[NAME] = removed(NAME, created_at=world.posts[NAME].created_at)
    await pass_time(watching, clock, MINUTE * 15, MINUTE)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.REMOVED
    pending = [alert.kind for alert in await store.alerts(caller.workspace_id, 10)]
    assert AlertKind.POST_REMOVED in pending


async def test_watching_ends_once_it_is_over_and_stays_so(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, DAY * 15, HOUR * 6)
    assert await next_check_at(store, caller, post.id) is None
    asked = len(world.asked)
    await pass_time(Watching(store, clock, world), clock, DAY * 2, HOUR * 2)
    assert await next_check_at(store, caller, post.id) is None
    assert len(world.asked) == asked


async def test_a_stopped_post_stays_stopped_whatever_the_clock_did(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await store.stop_watching(caller, post.id, clock.now())
    clock.advance(-DAY)
    await watching.sweep("w")
    assert await next_check_at(store, caller, post.id) is None


async def test_an_audit_before_its_time_is_open_again(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, HOUR)
    clock.advance(DAY * 40)
    await watching.run_audits("w")
    clock.advance(-DAY * 40 + MINUTE)
    await watching.sweep("w")
    assert (await store.tracked_post(caller.workspace_id, post.id)).audit_outcome is None
    await pass_time(watching, clock, DAY * 7, HOUR)
    await watching.run_audits("w")
    assert (await store.tracked_post(caller.workspace_id, post.id)).audit_outcome in set(AuditOutcome)
    told = [alert for alert in await store.alerts(caller.workspace_id, 50) if alert.kind is AlertKind.AUDIT]
    assert [alert.created_at for alert in told] == [clock.now()], "the early one is not told"


class SetClock(FixedClock):
    """A clock that somebody sets, beside a counter that nobody can."""

    def set(self, by: timedelta) -> None:
        self._now += by


async def test_nothing_is_decided_for_good_while_the_clock_is_doubted(
    world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    jumping = SetClock(clock.now())
    watching = Watching(store, jumping, world)

    async def deliver() -> int:
        return 0

    ended: list[bool] = []

    async def tend_runs(*, may_end: bool) -> int:
        ended.append(may_end)
        return 0

    jobs = Jobs(jumping, watching, store, deliver, "w", tend_runs=tend_runs)
    post = await watching.register(caller, LINK)
    await jobs.run_due()
    assert watching.clock_watch.doubt() is None
    jumping.set(DAY * 40)
    await jobs.run_due()
    assert "40 days ahead" in (watching.clock_watch.doubt() or "")
    assert (await store.tracked_post(caller.workspace_id, post.id)).audit_outcome is None
    await jobs._runs()
    jumping.set(-DAY * 40)
    jumping.advance(MINUTE * 6)
    await jobs.run_due()
    assert watching.clock_watch.doubt() is None
    assert await next_check_at(store, caller, post.id) is not None
    await jobs._runs()
    assert ended == [False, True]

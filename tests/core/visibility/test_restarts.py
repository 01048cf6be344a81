"""Sweeps that are killed, cancelled, doubled or set back: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.model import AlertKind, Caller, State
from core.visibility.leases import LEASE
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, MINUTE, NAME, pass_time, state, told
from tests.core.visibility.world import SlowWorld, World, removed, sighting
from tests.watch import Watch


async def test_a_restart_in_the_middle_goes_on_where_the_rows_stand(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "moderator")
    clock.advance(MINUTE * 6)
    await watch.sweeping.sweep("w1")
    assert await state(store, caller, post) is State.UNVERIFIED
    clock.advance(MINUTE * 4)
    await Watch(store, clock, world).sweeping.sweep("w2")
    assert await state(store, caller, post) is State.REMOVED


async def test_a_sweep_killed_after_leasing_is_taken_over_when_the_lease_ends(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    clock.advance(MINUTE * 10)
    dead = await store.lease_due_posts(clock.now(), worker="dead", lease=LEASE, limit=10)
    assert dead == [post.id]
    assert (await watch.sweeping.sweep("w")).looked == 0
    clock.advance(LEASE)
    assert (await watch.sweeping.sweep("w")).looked == 1
    assert await state(store, caller, post) is State.LIVE
    assert await told(store, caller) == [AlertKind.POST_LIVE]


async def test_a_sweep_that_finishes_after_losing_its_lease_doubles_nothing(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    slow = SlowWorld(clock, {NAME: sighting(NAME)})
    first, second = Watch(store, clock, slow), Watch(store, clock, World(clock, slow.posts))
    post = await second.registering.register(caller, LINK)
    clock.advance(MINUTE * 10)
    late = asyncio.create_task(first.sweeping.sweep("w1"))
    await slow.reached.wait()
    clock.advance(LEASE)
    await second.sweeping.sweep("w2")
    slow.go_on.set()
    await late
    assert await told(store, caller) == [AlertKind.POST_LIVE]
    assert [r.times for r in await store.readings(caller.workspace_id, post.id)] == [2]


async def test_a_cancelled_sweep_gives_back_what_it_holds(store: Store, clock: FixedClock, caller: Caller) -> None:
    slow = SlowWorld(clock, {NAME: sighting(NAME)})
    await Watch(store, clock, World(clock, slow.posts)).registering.register(caller, LINK)
    clock.advance(MINUTE * 10)
    sweep = asyncio.create_task(Watch(store, clock, slow).sweeping.sweep("w1"))
    await slow.reached.wait()
    sweep.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sweep
    assert len(await store.lease_due_posts(clock.now(), worker="w2", lease=LEASE, limit=10)) == 1


async def test_two_sweeps_at_once_look_at_each_post_once(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for number in range(8):
        world.posts[f"t3_{number}abc2d"] = sighting(f"t3_{number}abc2d")
        await watch.registering.register(caller, LINK.replace("1abc2d", f"{number}abc2d"))
    clock.advance(MINUTE * 10)
    results = await asyncio.gather(watch.sweeping.sweep("w"), watch.sweeping.sweep("w"), watch.sweeping.sweep("w"))
    assert sum(result.looked for result in results) == 8


async def test_a_clock_that_jumps_ahead_or_back_loses_nothing(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    clock.advance(timedelta(days=2))
    await watch.sweeping.sweep("w")
    clock.advance(timedelta(days=-2))
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, timedelta(days=3), MINUTE * 30)
    assert await state(store, caller, post) is State.REMOVED
    assert await told(store, caller) == [AlertKind.POST_LIVE, AlertKind.POST_REMOVED]


async def test_a_removal_is_seen_although_an_earlier_look_bears_a_later_time(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    clock.advance(timedelta(days=2))  # the clock was ahead, and somebody noticed
    await watch.sweeping.sweep("w")
    clock.advance(timedelta(days=-2))
    await watch.sweeping.check_now(caller, post.id)
    world.posts[NAME] = removed(NAME, "moderator")
    for _ in range(3):
        clock.advance(MINUTE * 4)
        await watch.sweeping.check_now(caller, post.id)
    assert await state(store, caller, post) is State.REMOVED


async def test_the_same_database_opened_anew_keeps_everything(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, database_url: str
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    database = await open_database(database_url, exclusive=False)
    try:
        found = await Store(database).tracked_post(caller.workspace_id, post.id)
    finally:
        await database.close()
    assert found.state is State.LIVE

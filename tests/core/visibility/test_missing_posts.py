"""Posts that nobody finds any more: their community has closed, or they stay missing, or nobody can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.errors import RemoteError
from core.model import AlertKind, Caller, State, TrackedPost
from core.visibility.readings import OPEN_COMMUNITY
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, MINUTE, alerts, pass_time, state, told
from tests.core.visibility.world import World, removed, sighting
from tests.watch import Watch


async def live_posts(watch: Watch, world: World, caller: Caller, communities: Sequence[str]) -> Sequence[TrackedPost]:
    """One in each of these communities, registered."""
    posts = []
    for number, community in enumerate(communities):
        world.posts[f"t3_{number}abc2d"] = sighting(f"t3_{number}abc2d", community=community)
        link = LINK.replace("1abc2d", f"{number}abc2d").replace("harbor", community)
        posts.append(await watch.registering.register(caller, link))
    return posts


@pytest.mark.parametrize("communities", [["harbor"], ["harbor"] * 4, ["harbor"] * 6, ["harbor", "lighthouse"]], ids=len)
async def test_posts_missing_from_open_communities_for_some_time_are_not_called_gone(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, communities: Sequence[str]
) -> None:
    posts = await live_posts(watch, world, caller, communities)
    await pass_time(watch, clock, MINUTE * 20)
    world.posts.clear()
    await pass_time(watch, clock, MINUTE * 100)
    assert {await state(store, caller, post) for post in posts} == {State.LIVE}
    assert set(world.asked_communities) == set(communities)
    assert {(await store.readings(caller.workspace_id, post.id))[-1].problem for post in posts} == {OPEN_COMMUNITY}

    for number, community in enumerate(communities):
        world.posts[f"t3_{number}abc2d"] = removed(f"t3_{number}abc2d", community=community)
    await pass_time(watch, clock, MINUTE * 75)
    assert {await state(store, caller, post) for post in posts} == {State.REMOVED}, "they are looked at all the same"


async def test_posts_that_stay_missing_are_gone_in_the_end(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts = await live_posts(watch, world, caller, ["harbor"] * 3)
    await pass_time(watch, clock, MINUTE * 20)
    world.posts.clear()
    await pass_time(watch, clock, timedelta(hours=4))
    assert {await state(store, caller, post) for post in posts} == {State.GATED}
    assert (await told(store, caller)).count(AlertKind.POST_GATED) == 3


async def test_posts_of_a_community_that_closes_are_told_and_those_of_an_open_one_are_not(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    inside = await live_posts(watch, world, caller, ["harbor", "harbor", "lighthouse"])
    await pass_time(watch, clock, MINUTE * 65)
    world.posts.clear()
    world.closed = {"harbor"}
    vanished_at = clock.now()
    await pass_time(watch, clock, MINUTE * 115)
    assert [await state(store, caller, post) for post in inside] == [State.GATED, State.GATED, State.LIVE]
    [told] = [alert for alert in await alerts(store, caller) if alert.kind is AlertKind.POST_GATED]
    assert told.facts["community_posts"] == 2
    assert told.created_at - vanished_at < MINUTE * 65, "its own page says so: nobody waits for half an hour"


async def test_posts_that_are_gone_for_long_blind_no_others(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts = await live_posts(watch, world, caller, ["harbor"] * 6 + ["lighthouse"] * 2)
    await pass_time(watch, clock, MINUTE * 20)
    world.closed = {"harbor"}
    for number in range(6):
        del world.posts[f"t3_{number}abc2d"]
    await pass_time(watch, clock, timedelta(hours=2))
    assert {await state(store, caller, post) for post in posts[:6]} == {State.GATED}
    world.posts["t3_6abc2d"] = removed("t3_6abc2d", community="lighthouse")
    await pass_time(watch, clock, timedelta(hours=5), MINUTE * 5)
    assert [await state(store, caller, post) for post in posts[6:]] == [State.REMOVED, State.LIVE]


async def test_a_community_that_nobody_can_ask_about_is_taken_for_open(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_answer(community: str) -> bool:
        raise RemoteError("Reddit does not answer.", "Try again later.", remote="reddit")

    posts = await live_posts(watch, world, caller, ["harbor"] * 2)
    await pass_time(watch, clock, MINUTE * 20)
    world.posts.clear()
    monkeypatch.setattr(world.__class__, "closure", staticmethod(no_answer))
    await pass_time(watch, clock, MINUTE * 90)
    assert {await state(store, caller, post) for post in posts} == {State.LIVE}

"""What was read of a post, kept with it: it lives exactly as long as the post's text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.collecting.runs import Funnel
from core.communities import Extract
from core.model import Basis, Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

Kept = tuple[Store, Caller, FixedClock]


@pytest.fixture
async def kept(store: Store, caller: Caller, clock: FixedClock) -> Kept:
    """Three posts of two communities."""
    campaign = await world.make_campaign(store, caller, clock.now(), communities=("harbor", "pier"))
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor", "pier"], clock.now())
    posts = [
        world.collected("post1", clock.now()),
        world.collected("post2", clock.now()),
        world.collected("post3", clock.now(), community="pier"),
    ]
    await store.add_posts(caller, run.id, posts, Funnel(found=3), clock.now())
    return store, caller, clock


async def ids(store: Store, caller: Caller) -> dict[str, int]:
    return {
        post.reddit_id: post.id for name in ("harbor", "pier") for post in await store.posts(caller.workspace_id, name)
    }


async def test_extracts_are_given_by_community_and_a_newer_one_takes_the_place_of_the_older(kept: Kept) -> None:
    store, caller, _ = kept
    of = await ids(store, caller)
    whose = caller.workspace_id
    await store.keep_extracts(whose, [Extract(number, "k1", "f1", "s1") for number in of.values()])
    await store.keep_extracts(whose, [Extract(of["post2"], "k2", "f2", "s2")])
    assert await store.extracts(whose, "harbor") == {of["post1"]: ("k1", "f1"), of["post2"]: ("k2", "f2")}
    assert await store.extracts_seen(whose, "harbor") == {of["post1"]: "s1", of["post2"]: "s2"}
    assert await store.extracts_seen(whose, "pier") == {of["post3"]: "s1"}
    assert await store.extracts("terminal:other", "harbor") == {}


async def test_an_extract_goes_with_its_text_and_does_not_come_back(kept: Kept) -> None:
    store, caller, clock = kept
    of = await ids(store, caller)
    extracts = [Extract(number, "k", "f", "s") for number in of.values()]
    await store.keep_extracts(caller.workspace_id, extracts)
    campaign = (await store.campaigns(caller.workspace_id))[0]
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], clock.now())
    deleted = replace(world.collected("post1", clock.now()), body="[deleted]", removed_by_category="deleted")
    await store.add_posts(caller, run.id, [deleted], Funnel(found=1), clock.now())
    assert set(await store.extracts(caller.workspace_id, "harbor")) == {of["post2"]}
    await store.keep_extracts(caller.workspace_id, extracts)  # by an analysis that had begun before
    assert set(await store.extracts(caller.workspace_id, "harbor")) == {of["post2"]}
    await store.purge_expired(clock.advance(timedelta(days=31)), timedelta(days=30))
    assert await store.extracts_seen(caller.workspace_id, "harbor") == {}
    assert await store.extracts_seen(caller.workspace_id, "pier") == {}

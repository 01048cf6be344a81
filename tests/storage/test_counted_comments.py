"""What was counted in comments: kept once, told newest first, ended in time; and the posts that they answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.collecting.runs import CollectionRun, Funnel
from core.communities import Answered
from core.errors import NotFound
from core.model import Basis, Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


@pytest.fixture
async def run(store: Store, caller: Caller, clock: FixedClock) -> CollectionRun:
    campaign = await world.make_campaign(store, caller, clock.now(), communities=("harbor", "pier"))
    return await store.start_run(caller, campaign.id, Basis.REDDIT_API, ["harbor"], clock.now())


async def test_a_comment_is_kept_once_with_the_run_that_brought_it_first(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    now = clock.now()
    older, newer = world.a_comment("com1", now - timedelta(hours=2)), world.a_comment("com2", now, words=3, found=())
    assert await store.add_comments(caller, run.id, [older, newer, newer], now) == 2
    again = await store.start_run(caller, run.campaign_id, Basis.REDDIT_API, ["harbor"], now)
    pier = world.a_comment("com3", now, community="pier")
    assert await store.add_comments(caller, again.id, [replace(older, words=99), pier], now) == 1
    assert await store.comments(caller.workspace_id, "harbor", 5) == [
        replace(newer, run_id=run.id),
        replace(older, run_id=run.id),
    ]
    assert await store.comments(caller.workspace_id, "harbor", 1) == [replace(newer, run_id=run.id)]
    assert await store.comments(caller.workspace_id, "pier", 5) == [replace(pier, run_id=again.id)]


async def test_comments_of_a_run_that_is_not_there_are_refused(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    with pytest.raises(NotFound):
        await store.add_comments(caller, run.id + 1, [world.a_comment("com1", clock.now())], clock.now())
    assert await store.add_comments(caller, run.id, [], clock.now()) == 0


async def test_comments_that_were_kept_long_enough_are_ended(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    await store.add_comments(caller, run.id, [world.a_comment("com1", clock.now())], clock.now())
    clock.advance(timedelta(days=1))
    await store.add_comments(caller, run.id, [world.a_comment("com2", clock.now())], clock.now())
    clock.advance(timedelta(hours=1))
    await store.purge_expired(clock.now(), timedelta(days=1))
    assert [one.reddit_id for one in await store.comments(caller.workspace_id, "harbor", 5)] == ["com2"]


async def test_posts_tell_when_they_were_published_and_how_many_comments_were_counted_then(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    now = clock.now()
    posts = [
        world.collected("post1", now, num_comments=4, score_at=now),
        world.collected("post2", now, num_comments=None, score_at=None),
        world.collected("post3", now, time_is_exact=False),
        world.collected("post4", now, community="pier"),
    ]
    await store.add_posts(caller, run.id, posts, Funnel(found=4), now)
    published = now - timedelta(days=1)
    assert sorted(await store.answered(caller.workspace_id, "harbor"), key=lambda one: one.reddit_id) == [
        Answered("post1", published, 4, now),
        Answered("post2", published, None, None),
    ]

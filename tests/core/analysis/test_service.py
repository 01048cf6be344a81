from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.analysis.service import Communities
from core.collecting.runs import Funnel
from core.errors import BadArgument, NotAllowedNow, NotFound, UserError
from core.listing import Wanted
from core.model import Basis, Caller, CollectedPost
from core.texts.figures import Direction, Figures
from core.worker import Worker
from storage.store import Store
from tests.clock import FixedClock
from tests.core.collecting.invented import collected

WORKSPACE = "terminal:local"


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    worker = Worker("tests.core.analysis.quick_reader")
    yield worker
    await worker.close()


@pytest.fixture
async def communities(store: Store, clock: FixedClock, caller: Caller, worker: Worker) -> Communities:
    await store.create_campaign(
        caller,
        name="Bowls",
        product="b",
        url=None,
        keywords=["a"],
        communities=["pottery", "ceramics"],
        now=clock.now(),
    )
    return Communities(store, clock, worker, worker)


async def keep(store: Store, caller: Caller, clock: FixedClock, posts: Sequence[CollectedPost]) -> None:
    campaign = (await store.campaigns(WORKSPACE))[0]
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["pottery"], clock.now())
    read = [replace(post, score_at=post.score_at or clock.now(), found_in=post.found_in or "new#1") for post in posts]
    await store.add_posts(caller, run.id, read, Funnel(found=len(read)), clock.now())


async def test_a_profile_stands_on_the_kept_posts_and_is_saved(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities
) -> None:
    await keep(store, caller, clock, [collected(n) for n in range(1, 301)])
    told: list[tuple[str, int | None, int | None]] = []

    async def report(text: str, done: int | None = None, total: int | None = None) -> None:
        told.append((text, done, total))

    profile = await communities.refresh(caller, "pottery", report)
    assert (profile.sample_size, profile.bases, profile.computed_at) == (300, (Basis.FILE,), clock.now())
    assert (profile.first_post_at, profile.last_post_at) == (collected(1).created_at, collected(300).created_at)
    assert profile.figures["score"]["median"] == 150.5
    assert told == [
        ("r/pottery: reading texts", 250, 300),
        ("r/pottery: reading texts", 300, 300),
        ("r/pottery: learning what does well", 300, 300),
    ]
    assert await store.latest_profile(WORKSPACE, "pottery") == profile


async def test_a_profile_is_computed_anew_only_when_posts_came_after_it(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities
) -> None:
    await keep(store, caller, clock, [collected(1)])
    first = await communities.profile(WORKSPACE, "pottery")
    clock.advance(timedelta(hours=1))
    assert await communities.profile(WORKSPACE, "pottery") == first
    await keep(store, caller, clock, [collected(2)])
    second = await communities.profile(WORKSPACE, "pottery")
    assert (second.sample_size, second.id != first.id) == (2, True)


async def test_nothing_collected_says_what_to_do(communities: Communities) -> None:
    with pytest.raises(NotAllowedNow, match="Collect first"):
        await communities.profile(WORKSPACE, "pottery")
    with pytest.raises(NotAllowedNow, match="Collect first"):
        await communities.browse(WORKSPACE, "pottery", wanted=Wanted())
    with pytest.raises(NotFound):
        await communities.profile(WORKSPACE, "weaving")


async def test_a_reader_that_dies_is_started_again_and_a_text_that_kills_it_is_told_of(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities, worker: Worker
) -> None:
    await keep(store, caller, clock, [collected(1)])
    await communities.refresh(caller, "pottery")
    assert worker.pid is not None
    await worker.close()
    assert (await communities.refresh(caller, "pottery")).sample_size == 1
    for number, body in ((2, "kill the reader"), (3, "break the reader")):
        await keep(store, caller, clock, [collected(number, body=body)])
        with pytest.raises(UserError, match="could not be read just now") as caught:
            await communities.refresh(caller, "pottery")
        assert caught.value.code == "analysis_unavailable"


async def test_two_communities_are_compared_with_their_clear_differences(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities
) -> None:
    asking = [collected(n, title=f"Why did number {n} crack?") for n in range(1, 61)]
    telling = [collected(n, community="ceramics") for n in range(101, 161)]
    await keep(store, caller, clock, asking + telling)
    comparison = await communities.compare(WORKSPACE, ["pottery", "ceramics"])
    assert [profile.community for profile in comparison.profiles] == ["pottery", "ceramics"]
    told = {contrast.text: contrast.values for contrast in comparison.contrasts}
    assert told["a question mark in the title"] == (1.0, 0.0)
    assert "a link in the text" not in told
    assert len(comparison.sensitivities) == 2
    with pytest.raises(BadArgument, match="two communities"):
        await communities.compare(WORKSPACE, ["pottery"])


async def test_one_post_is_placed_among_the_others(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities
) -> None:
    posts = [collected(n, title="Why?" if n % 2 else f"Kiln {n}", score=0 if n % 2 else n) for n in range(1, 81)]
    unknown = collected(99, score=None)
    refused = collected(98, score=0, removed_by_category="moderator")
    await keep(store, caller, clock, [*posts, unknown, refused])
    stored = {post.reddit_id: post for post in await store.posts(WORKSPACE, "pottery")}
    standing = await communities.score_post(WORKSPACE, stored[collected(76).reddit_id].id)
    assert (standing.below, standing.known, standing.median_score) == (77, 79, 0)
    [(finding, has)] = [f for f in standing.fitting if f[0].feature == "title_question"]
    assert (finding.direction, has, standing.is_settled) == (Direction.WORSE, False, True)
    assert (await communities.score_post(WORKSPACE, stored[unknown.reddit_id].id)).below == 0
    with pytest.raises(NotFound):
        await communities.score_post(WORKSPACE, 999_999)


async def test_one_post_is_placed_among_those_found_in_the_same_way_whose_scores_have_settled(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities
) -> None:
    newest = [collected(n, score=n) for n in range(1, 11)]
    best = [collected(n, score=900 + n, found_in=f"top:year#{n}") for n in range(11, 31)]
    young = [collected(n, score=1, score_at=collected(n).created_at + timedelta(hours=2)) for n in range(31, 41)]
    await keep(store, caller, clock, [*newest, *best, *young])
    stored = {post.reddit_id: post.id for post in await store.posts(WORKSPACE, "pottery")}
    standing = await communities.score_post(WORKSPACE, stored[collected(8).reddit_id])
    assert (standing.below, standing.known, standing.is_settled) == (7, 9, True)
    assert (await communities.score_post(WORKSPACE, stored[collected(35).reddit_id])).is_settled is False
    profile = await communities.profile(WORKSPACE, "pottery")
    assert Figures.read(profile.figures).settled == 30


async def test_browsing_goes_through_all_posts_once(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities
) -> None:
    await keep(store, caller, clock, [collected(n) for n in range(1, 13)])
    page = await communities.browse(WORKSPACE, "pottery", wanted=Wanted(limit=5))
    seen = list(page.rows)
    await keep(store, caller, clock, [collected(99)])
    while page.last < page.total:
        place = Wanted(start=page.last + 1, upto=page.upto, limit=5)
        page = await communities.browse(WORKSPACE, "pottery", wanted=place)
        seen += page.rows
    assert page.total == 12, "what came meanwhile moves nothing"
    assert [post.reddit_id for post in seen] == [collected(n).reddit_id for n in range(12, 0, -1)]
    found = await communities.browse(WORKSPACE, "pottery", wanted=Wanted(), containing="number 7")
    assert (found.total, found.rows[0].reddit_id) == (1, collected(7).reddit_id)

"""The sample Reddit behaves like a remote: the same ports, and a memory of its own."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.errors import BadArgument, FilesUnavailable, NotFound
from core.gateways.sample import Fate, SampleReddit
from core.model import AuthorStatus, CollectedPost, CollectMode


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    return tmp_path / "sample-reddit.json"


@pytest.fixture
def sample(state_file: Path) -> SampleReddit:
    return SampleReddit(state_file, SystemClock())


async def collect(sample: SampleReddit, community: str, limit: int = 1000) -> list[CollectedPost]:
    return await collect_by(sample, community, None, limit)


async def collect_by(sample: SampleReddit, community: str, mode: CollectMode | None, limit: int) -> list[CollectedPost]:
    batches = [batch async for batch in sample.collect([community], limit_per_community=limit, mode=mode)]
    return [post for batch in batches for post in batch.posts]


async def test_every_community_has_a_few_hundred_posts_and_rules(sample: SampleReddit) -> None:
    assert len(sample.communities) == 3
    for community in sample.communities:
        posts = await collect(sample, community)
        assert len(posts) >= 200
        assert {post.found_in for post in posts} == {"sample"}
        assert all(post.score_at is not None and post.score_at >= post.created_at for post in posts)
        assert await sample.rules(community)


async def test_the_sample_tells_what_a_post_must_be_and_its_flairs(sample: SampleReddit) -> None:
    posting = await sample.posting("quietmarketing")
    assert posting.requirements is not None
    assert posting.requirements.is_flair_required
    assert posting.requirements.domain_blacklist == ("example.com",)
    assert [flair.text for flair in posting.flairs or ()] == ["Question", "Data", "Tactic", "Discussion", "Weekly"]


async def test_the_mode_says_whether_the_newest_or_the_best_posts_come_and_no_more_than_asked(
    sample: SampleReddit,
) -> None:
    fresh = await collect_by(sample, "harborfounders", CollectMode.FRESH, 30)
    assert fresh == sorted(fresh, key=lambda p: p.created_at, reverse=True)
    best = await collect_by(sample, "harborfounders", CollectMode.HISTORICAL, 30)
    assert best == sorted(best, key=lambda p: p.score or 0, reverse=True)
    ids = {p.reddit_id for p in best}
    assert min(p.score or 0 for p in best) >= max(p.score or 0 for p in fresh if p.reddit_id not in ids)
    half_each = await collect_by(sample, "harborfounders", CollectMode.HYBRID, 30)
    assert [p.reddit_id for p in half_each[:15]] == [p.reddit_id for p in fresh[:15]]
    assert len({p.reddit_id for p in half_each}) == len(fresh) == len(best) == 30
    assert best[0].reddit_id in {p.reddit_id for p in half_each}


async def test_posts_of_the_future_appear_when_time_moves(sample: SampleReddit) -> None:
    before = {p.reddit_id for p in await collect(sample, "pixelworkshop")}
    sample.move(sample._clock.now() + timedelta(days=7))
    after = {p.reddit_id for p in await collect(sample, "pixelworkshop")}
    assert before < after


async def test_an_unknown_community_is_refused_with_the_ones_there_are(sample: SampleReddit) -> None:
    with pytest.raises(NotFound, match="HarborFounders"):
        await collect(sample, "nowhere")


async def test_control_posts_are_live(sample: SampleReddit) -> None:
    controls = await sample.control_candidates()
    seen = await sample.look_up(controls)
    assert len(seen) == len(controls) >= 3
    assert all(s.category is None and s.indexable and s.author for s in seen.values())


@pytest.mark.parametrize(
    ("fate", "after", "category"),
    [
        (Fate.LIVE, timedelta(days=6), None),
        (Fate.HELD, timedelta(minutes=10), "automod_filtered"),
        (Fate.HELD, timedelta(hours=6), None),
        (Fate.REMOVED, timedelta(minutes=30), None),
        (Fate.REMOVED, timedelta(hours=1), "moderator"),
        (Fate.DELETED, timedelta(hours=2), "deleted"),
        (Fate.SHADOWBANNED, timedelta(hours=1), "reddit"),
    ],
)
async def test_a_published_post_meets_its_fate(
    sample: SampleReddit, fate: Fate, after: timedelta, category: str | None
) -> None:
    post = sample.publish("harborfounders", "A title", "A body", fate)
    sample.move(sample._clock.now() + after)
    seen = (await sample.look_up([f"t3_{post.id}"]))[f"t3_{post.id}"]
    assert seen.category == category
    assert seen.indexable is (category is None)
    assert (seen.author is None) is (category == "deleted")


async def test_only_the_shadowbanned_author_is_missing(sample: SampleReddit) -> None:
    hidden = sample.publish("harborfounders", "A title", "A body", Fate.SHADOWBANNED)
    other = sample.publish("harborfounders", "Another title", "A body", Fate.LIVE)
    sample.move(sample._clock.now() + timedelta(hours=1))
    assert await sample.author_status(hidden.author) is AuthorStatus.MISSING
    assert await sample.author_status(other.author) is AuthorStatus.EXISTS


async def test_promotion_is_removed_when_no_fate_is_given(sample: SampleReddit) -> None:
    assert sample.publish("harborfounders", "Launch", "Sign up for a free trial").fate is Fate.REMOVED
    assert sample.publish("quietmarketing", "Data", "See https://example.com").fate is Fate.HELD
    assert sample.publish("harborfounders", "Data", "See https://example.com").fate is Fate.LIVE


async def test_the_world_survives_a_restart(sample: SampleReddit, state_file: Path) -> None:
    post = sample.publish("harborfounders", "A title", "A body", Fate.LIVE)
    sample.move(sample._clock.now() + timedelta(days=2))
    clock = SystemClock()
    again = SampleReddit(state_file, clock)
    assert f"t3_{post.id}" in await again.look_up([f"t3_{post.id}"])
    assert timedelta(days=1) < clock.offset < timedelta(days=3)


async def test_sample_time_never_moves_back(sample: SampleReddit) -> None:
    with pytest.raises(BadArgument):
        sample.move(sample._clock.now() - timedelta(hours=1))


def test_a_broken_state_file_is_an_error_that_says_what_to_do(state_file: Path) -> None:
    state_file.write_text("{not json", "utf-8")
    with pytest.raises(FilesUnavailable, match="Delete it"):
        SampleReddit(state_file, SystemClock())


async def test_weekdays_of_posts_are_those_they_were_written_for(sample: SampleReddit) -> None:
    # Screenshot Saturday is on Saturdays only while the world begins on a Monday noon.
    posts = [p for p in await collect(sample, "pixelworkshop") if p.flair == "Screenshot Saturday"]
    on_saturday = [p for p in posts if p.created_at.weekday() == 5]
    assert len(on_saturday) > len(posts) / 2 > 5


def test_a_stopped_world_stands_still_until_it_is_moved(state_file: Path) -> None:
    at = "2026-11-02T12:00:00+00:00"
    world = {"began_at": at, "offset_s": 0.0, "stopped_at": at, "published": []}
    state_file.write_text(json.dumps(world), "utf-8")
    clock = SystemClock()
    sample = SampleReddit(state_file, clock)
    assert clock.now() == clock.now() == datetime.fromisoformat(at)
    sample.move(clock.now() + timedelta(hours=2))
    assert clock.now() == datetime.fromisoformat(at) + timedelta(hours=2)
    again = SystemClock()
    SampleReddit(state_file, again)
    assert again.now() == clock.now()

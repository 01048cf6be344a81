from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.campaigns import CampaignStatus
from core.collecting.runs import CollectionRun, Funnel, RunStatus
from core.communities import CommunitySummary, Post, Rule
from core.errors import NotAllowedNow, NotFound
from core.model import Basis, Caller
from core.requirements import Flair, Posting, Requirements
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.invented import keep_profile, kept, profile_of
from tests.storage import world


@pytest.fixture
async def run(store: Store, caller: Caller, clock: FixedClock) -> CollectionRun:
    campaign = await world.make_campaign(store, caller, clock.now())
    return await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], clock.now())


async def test_posts_are_kept_once_and_the_funnel_adds_up(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    batch = [world.collected(f"post{n}", clock.now()) for n in range(3)]
    given = Funnel(found=6, duplicate=1, filtered={"too short": 2})

    first = await store.add_posts(caller, run.id, batch, given, clock.now())
    again = await store.add_posts(caller, run.id, batch, given, clock.now())

    assert first == Funnel(found=6, duplicate=1, filtered={"too short": 2}, kept=3, kept_of={"harbor": 3})
    assert again == Funnel(found=6, duplicate=4, filtered={"too short": 2}, kept=0)
    assert len(await store.posts(caller.workspace_id, "harbor")) == 3
    total = (await store.runs(caller.workspace_id))[0].funnel
    assert total == first.plus(again)
    assert total.found == total.duplicate + sum(total.filtered.values()) + total.kept


async def test_a_post_twice_in_one_batch_is_kept_once(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    post = world.collected("post1", clock.now())
    added = await store.add_posts(caller, run.id, [post, post], Funnel(found=2), clock.now())
    assert (added.kept, added.duplicate) == (1, 1)


async def test_two_runs_that_bring_the_same_posts_at_once_keep_each_once(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    other = await store.start_run(caller, run.campaign_id, Basis.REDDIT_API, ["harbor"], clock.now())
    batch = [world.collected(f"post{n}", clock.now()) for n in range(50)]
    added = await asyncio.gather(
        *(store.add_posts(caller, run_id, batch, Funnel(found=50), clock.now()) for run_id in (run.id, other.id) * 2)
    )
    assert sum(funnel.kept for funnel in added) == 50
    assert len(await store.posts(caller.workspace_id, "harbor")) == 50


async def test_a_post_collected_again_has_newer_counts_and_the_same_text(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    post = world.collected("post1", clock.now())
    await store.add_posts(caller, run.id, [post], Funnel(found=1), clock.now())
    newer = replace(post, title="Changed", body="Changed", score=90, num_comments=None, removed_by_category="moderator")
    await store.add_posts(caller, run.id, [newer], Funnel(found=1), clock.now())

    (kept,) = await store.posts(caller.workspace_id, "harbor")
    assert (kept.title, kept.body) == (post.title, post.body)
    assert (kept.score, kept.num_comments, kept.removed_by_category) == (90, 1, "moderator")


async def test_kept_posts_are_counted_for_each_community_of_a_batch(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    batch = [world.collected(f"post{n}", clock.now(), community=("harbor", "pier")[n % 2]) for n in range(5)]
    await store.add_posts(caller, run.id, batch, Funnel(found=5), clock.now())
    await store.add_posts(caller, run.id, [world.collected("post9", clock.now())], Funnel(found=1), clock.now())
    assert (await store.runs(caller.workspace_id))[0].funnel.kept_of == {"harbor": 4, "pier": 2}


async def test_what_a_source_does_not_say_about_a_post_stays_unknown_when_it_is_kept(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    post = world.collected("post1", clock.now(), is_self=None, score=None, num_comments=None, time_is_exact=False)
    await store.add_posts(caller, run.id, [post], Funnel(found=1), clock.now())
    (kept,) = await store.posts(caller.workspace_id, "harbor")
    assert (kept.is_self, kept.score, kept.num_comments, kept.score_at, kept.found_in) == (None,) * 5
    assert kept.time_is_exact is False


READ = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"score": 90, "score_at": READ + timedelta(days=1), "found_in": "top:year#4"}, (90, 1, 1, "top:year#4")),
        ({"score": 90, "score_at": READ - timedelta(days=1), "found_in": "file"}, (3, 1, 0, "new#1")),
        ({"score": 90, "score_at": None, "found_in": "file"}, (3, 1, 0, "new#1")),
        ({"score": None, "num_comments": None, "score_at": READ + timedelta(days=1)}, (3, 1, 0, "new#1")),
        ({"num_comments": 8, "score": 3, "score_at": READ, "found_in": "new#2"}, (3, 8, 0, "new#2")),
    ],
    ids=["newer", "older", "nobody knows when", "no counts", "same time"],
)
async def test_counts_are_renewed_by_a_later_look_only_with_its_time_and_place(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun, later: dict[str, Any], expected: object
) -> None:
    post = world.collected("post1", clock.now(), score_at=READ, found_in="new#1")
    await store.add_posts(caller, run.id, [post], Funnel(found=1), clock.now())
    await store.add_posts(caller, run.id, [replace(post, **later)], Funnel(found=1), clock.now())
    (kept,) = await store.posts(caller.workspace_id, "harbor")
    assert kept.score_at is not None
    assert (kept.score, kept.num_comments, (kept.score_at - READ).days, kept.found_in) == expected


async def test_a_count_from_an_older_look_is_not_dated_as_a_newer_one(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    post = world.collected("post1", clock.now(), num_comments=None, score_at=READ)
    await store.add_posts(caller, run.id, [post], Funnel(found=1), clock.now())
    older = replace(post, score=1, num_comments=6, score_at=READ - timedelta(days=3))
    await store.add_posts(caller, run.id, [older], Funnel(found=1), clock.now())
    (kept,) = await store.posts(caller.workspace_id, "harbor")
    assert (kept.score, kept.num_comments, kept.score_at) == (3, None, READ)


@pytest.mark.parametrize(
    "gone",
    [{"removed_by_category": "deleted"}, {"removed_by_category": "author"}, {"body": "[deleted]"}],
    ids=["deleted", "author", "text"],
)
async def test_text_that_its_author_deleted_since_is_not_kept(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun, gone: dict[str, str]
) -> None:
    post = world.collected("post1", clock.now())
    await store.add_posts(caller, run.id, [post], Funnel(found=1), clock.now())
    kept = (await store.posts(caller.workspace_id, "harbor"))[0]
    await store.add_posts(caller, run.id, [replace(post, **gone)], Funnel(found=1), clock.now())  # type: ignore[arg-type]

    assert await store.posts(caller.workspace_id, "harbor") == []
    with pytest.raises(NotFound):
        await store.post(caller.workspace_id, kept.id)
    exported = (await store.export_rows(caller.workspace_id))["posts"][0]
    assert (exported["title"], exported["body"], exported["author"]) == (None, None, None)
    # It does not come back with a later collection of an older copy.
    added = await store.add_posts(caller, run.id, [post], Funnel(found=1), clock.now())
    assert (added.kept, added.duplicate) == (0, 1)
    assert await store.posts(caller.workspace_id, "harbor") == []


@pytest.mark.parametrize("column", ["title", "body"])
async def test_the_text_of_a_kept_post_cannot_be_changed_only_emptied(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun, column: str
) -> None:
    await store.add_posts(caller, run.id, [world.collected("post1", clock.now())], Funnel(found=1), clock.now())
    with pytest.raises(DBAPIError, match="text of a collected post never changes"):
        async with store._database.write() as tx:
            await tx.execute(text(f"UPDATE posts SET {column} = 'other'"))
    async with store._database.write() as tx:
        await tx.execute(text("UPDATE posts SET score = 1, title = title, body = body"))
        await tx.execute(text(f"UPDATE posts SET {column} = NULL"))
    with pytest.raises(DBAPIError, match="text of a collected post never changes"):
        async with store._database.write() as tx:
            await tx.execute(text(f"UPDATE posts SET {column} = 'again'"))


async def test_old_text_is_purged_and_newer_stays(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    await store.add_posts(caller, run.id, [world.collected("old1", clock.now())], Funnel(found=1), clock.now())
    later = clock.advance(timedelta(days=20))
    await store.add_posts(caller, run.id, [world.collected("new1", later)], Funnel(found=1), later)
    assert await store.purge_expired(clock.advance(timedelta(days=11)), timedelta(days=30)) == 1
    assert [p.reddit_id for p in await store.posts(caller.workspace_id, "harbor")] == ["new1"]
    assert await store.purge_expired(clock.now(), timedelta(days=30)) == 0


async def test_posts_are_found_by_words_in_any_case_and_alphabet(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    batch = [
        world.collected("post1", clock.now(), title="Über Rechnungen"),
        world.collected("post2", clock.now() - timedelta(hours=1), body="100% of it_all"),
        world.collected("post3", clock.now() - timedelta(hours=2), title="1000 of italics"),
    ]
    await store.add_posts(caller, run.id, batch, Funnel(found=3), clock.now())

    async def found(words: str) -> list[str]:
        return [p.reddit_id for p in await store.posts(caller.workspace_id, "harbor", containing=words)]

    assert await found("ÜBER") == ["post1"]
    assert await found("100%") == ["post2"]
    assert await found("it_a") == ["post2"]
    assert await found("nothing") == []
    newest = await store.posts(caller.workspace_id, "harbor", limit=2)
    assert [p.reddit_id for p in newest] == ["post1", "post2"]


async def test_a_summary_covers_what_is_kept_and_what_campaigns_name(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    assert await store.community_summary(caller.workspace_id, "harbor") == CommunitySummary(
        "harbor", 0, None, None, None, ()
    )
    start = clock.now()
    await store.add_posts(caller, run.id, [world.collected("post1", start)], Funnel(found=1), start)
    later = clock.advance(timedelta(days=2))
    other = await store.start_run(caller, run.campaign_id, Basis.REDDIT_API, ["harbor"], later)
    await store.add_posts(caller, other.id, [world.collected("post2", later)], Funnel(found=1), later)

    assert await store.community_summaries(caller.workspace_id) == [
        CommunitySummary(
            "harbor",
            2,
            start - timedelta(days=1),
            later - timedelta(days=1),
            later,
            (Basis.FILE, Basis.REDDIT_API),
        )
    ]
    with pytest.raises(NotFound, match="r/elsewhere is in no campaign here"):
        await store.community_summary(caller.workspace_id, "elsewhere")


async def test_a_run_ends_once_and_takes_no_posts_afterwards(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    await store.add_posts(caller, run.id, [world.collected("post1", clock.now())], Funnel(found=1), clock.now())
    ended = await store.finish_run(
        caller, run.id, RunStatus.PARTIAL, clock.now(), problem="Reddit answered 503.", cost_usd_micros=1_200
    )
    assert (ended.status, ended.problem, ended.cost_usd_micros, ended.funnel.kept) == (
        RunStatus.PARTIAL,
        "Reddit answered 503.",
        1_200,
        1,
    )
    assert await store.finish_run(caller, run.id, RunStatus.CANCELLED, clock.now()) == ended
    with pytest.raises(NotAllowedNow, match="has ended"):
        await store.add_posts(caller, run.id, [world.collected("post2", clock.now())], Funnel(found=1), clock.now())
    assert len(await store.posts(caller.workspace_id, "harbor")) == 1


async def test_a_run_is_given_up_when_its_program_was_not_heard_of_and_never_before(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    done = await store.start_run(caller, run.campaign_id, Basis.FILE, ["harbor"], clock.now())
    alive = await store.start_run(caller, run.campaign_id, Basis.FILE, ["harbor"], clock.now())
    await store.finish_run(caller, done.id, RunStatus.SUCCEEDED, clock.now())
    started = clock.now()
    heard = clock.advance(timedelta(minutes=2))
    await store.keep_runs_alive([alive.id, done.id], heard)

    assert await store.fail_abandoned_runs(heard, started - timedelta(seconds=1)) == 0
    assert await store.fail_abandoned_runs(heard, started) == 1

    by_id = {found.id: found for found in await store.runs(caller.workspace_id)}
    assert by_id[run.id].status is RunStatus.FAILED
    assert by_id[run.id].finished_at == heard
    assert by_id[run.id].problem == "The program ended before the collection did. What was kept until then is kept."
    assert by_id[alive.id].status is RunStatus.RUNNING
    assert by_id[done.id].status is RunStatus.SUCCEEDED
    earlier = clock.advance(timedelta(days=-3))  # a program that starts with its clock set back
    assert await store.fail_abandoned_runs(earlier, earlier) == 0
    assert await store.fail_abandoned_runs(earlier, None) == 1


async def test_unchanged_rules_renew_the_snapshot_and_changed_ones_make_a_new_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    rules = [Rule("No adverts", "Not even subtle ones.", "link")]
    first = await store.save_rules(caller, "harbor", Basis.SAMPLE, rules, clock.now())
    later = clock.advance(timedelta(days=1))
    same = await store.save_rules(caller, "harbor", Basis.SAMPLE, rules, later)
    changed = await store.save_rules(caller, "harbor", Basis.SAMPLE, [], later)
    assert same == replace(first, taken_at=later)
    assert changed.id != first.id
    assert await store.latest_rules(caller.workspace_id, "harbor") == changed
    assert await store.latest_rules(caller.workspace_id, "elsewhere") is None


async def test_what_reddit_asks_of_a_post_is_kept_and_stays_known_when_it_cannot_be_read(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    rules = [Rule("No adverts", "", "link")]
    first = await store.save_rules(caller, "harbor", Basis.SAMPLE, rules, clock.now())
    assert (first.requirements, first.flairs) == (None, None)
    asked = Posting(
        Requirements(title_text_min_length=12, title_blacklisted_strings=("% off",)), (Flair("Data", "f1"),)
    )
    known = await store.save_rules(caller, "harbor", Basis.SAMPLE, rules, clock.now(), asked)
    assert known == replace(first, requirements=asked.requirements, flairs=asked.flairs)
    unread = await store.save_rules(caller, "harbor", Basis.SAMPLE, rules, clock.now(), Posting())
    assert unread == known
    other = Posting(Requirements(is_flair_required=True), ())
    changed = await store.save_rules(caller, "harbor", Basis.SAMPLE, rules, clock.now(), other)
    assert changed.id != known.id
    assert (changed.requirements, changed.flairs) == (other.requirements, ())
    assert await store.latest_rules(caller.workspace_id, "harbor") == changed


async def test_rules_are_refreshed_of_active_campaigns_the_oldest_first(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await world.make_campaign(store, caller, clock.now(), name="a", communities=("never", "old", "fresh"))
    paused = await world.make_campaign(store, caller, clock.now(), name="b", communities=("paused",))
    await store.set_campaign_status(caller, paused.id, CampaignStatus.PAUSED, clock.now())
    deleted = await world.make_campaign(store, caller, clock.now(), name="c", communities=("deleted",))
    await store.set_campaign_status(caller, deleted.id, CampaignStatus.DELETED, clock.now())
    await store.save_rules(caller, "old", Basis.SAMPLE, [], clock.now())
    await store.save_rules(caller, "fresh", Basis.SAMPLE, [], clock.advance(timedelta(days=1)))

    due = await store.communities_to_refresh(clock.now(), 10)
    assert due == [(caller.workspace_id, "never"), (caller.workspace_id, "old")]
    assert await store.communities_to_refresh(clock.now(), 1) == due[:1]


async def test_the_latest_profile_is_the_one_computed_last(store: Store, caller: Caller, clock: FixedClock) -> None:
    assert await store.latest_profile(caller.workspace_id, "harbor") is None
    for size in (10, 20):
        posts = [kept(n, flair="Ask", basis=Basis.SAMPLE if n % 2 else Basis.FILE) for n in range(size)]
        saved = await keep_profile(store, caller, clock.now(), posts, "harbor")
        assert saved.figures == profile_of(posts, "harbor").figures
    assert await store.latest_profile(caller.workspace_id, "harbor") == saved
    assert saved.sample_size == 20
    assert saved.bases == (Basis.FILE, Basis.SAMPLE)


async def test_five_thousand_posts_are_kept_in_one_go(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    batch = [world.collected(f"p{n}", clock.now(), body="word " * 150) for n in range(5_000)]
    added = await store.add_posts(caller, run.id, batch, Funnel(found=5_000), clock.now())
    assert added.kept == 5_000
    assert len(await store.posts(caller.workspace_id, "harbor")) == 5_000


async def test_reading_many_posts_lets_others_have_their_turn(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    batch = [world.collected(f"p{n}", clock.now()) for n in range(2_000)]
    await store.add_posts(caller, run.id, batch, Funnel(found=2_000), clock.now())
    made = 0
    made_in_a_turn: list[int] = []

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal made
        if event == "call" and frame.f_code is Post.__init__.__code__:
            made += 1

    async def others() -> None:
        while True:
            before = made
            await asyncio.sleep(0)
            made_in_a_turn.append(made - before)

    having_turns = asyncio.create_task(others())
    sys.setprofile(count)
    try:
        posts = await store.posts(caller.workspace_id, "harbor")
    finally:
        sys.setprofile(None)
        having_turns.cancel()
    assert len(posts) == made == 2_000
    assert max(made_in_a_turn) == 100


async def test_a_collection_killed_between_batches_keeps_what_it_stored_and_can_be_repeated(
    store: Store, caller: Caller, clock: FixedClock, run: CollectionRun
) -> None:
    batches = [[world.collected(f"p{b}x{n}", clock.now()) for n in range(20)] for b in range(3)]
    await store.add_posts(caller, run.id, batches[0], Funnel(found=20), clock.now())
    adding = asyncio.create_task(store.add_posts(caller, run.id, batches[1], Funnel(found=20), clock.now()))
    await asyncio.sleep(0)
    adding.cancel()
    await asyncio.wait([adding])

    kept = len(await store.posts(caller.workspace_id, "harbor"))
    assert kept == (await store.runs(caller.workspace_id))[0].funnel.kept
    for batch in batches:
        await store.add_posts(caller, run.id, batch, Funnel(found=20), clock.now())
    assert len(await store.posts(caller.workspace_id, "harbor")) == 60

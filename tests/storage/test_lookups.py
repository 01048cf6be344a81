"""What is looked up is found however many other rows are newer: more than any list reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.meant import Suggestion, suggestions
from core.campaigns import CampaignStatus, FactKind
from core.collecting.runs import RunStatus
from core.digest import digest_facts
from core.drafting.drafts import DraftStatus
from core.model import AuditOutcome, Basis, Caller, State
from core.patterns import standing_patterns
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import World, sighting
from tests.storage import world
from tests.watch import Watch

MANY = 2_100
LINK, NAME = "https://www.reddit.com/r/harbor/comments/1abc2d/", "t3_1abc2d"


@pytest.fixture
def watch(store: Store, clock: FixedClock) -> Watch:
    return Watch(store, clock, World(clock, {NAME: sighting(NAME, created_at=clock.now())}))


async def test_a_stopped_post_is_taken_up_again_however_many_were_registered_after_it(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    post = await watch.registering.register(caller, LINK)
    await store.stop_watching(caller, post.id, clock.now())
    await world.crowd_of_posts(database_url, caller, clock.now(), MANY)
    again = await watch.registering.register(caller, LINK)
    assert (again.id, again.stopped_at) == (post.id, None)


async def test_a_post_is_found_by_its_reddit_id_in_its_own_workspace_alone(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.crowd_of_posts(database_url, caller, clock.now(), MANY)
    asked = [post.fullname, "t3_zz00007", "t3_none"]
    found = await store.tracked_posts_named(caller.workspace_id, asked)
    assert sorted(found) == [post.fullname, "t3_zz00007"]
    assert found[post.fullname] == post
    assert await store.tracked_posts_by_id(caller.workspace_id, [post.id, -1]) == {post.id: post}
    assert await store.tracked_posts_named("slack:other", asked) == {}
    assert await store.tracked_posts_by_id("slack:other", [post.id]) == {}
    assert await store.tracked_posts_named(caller.workspace_id, []) == {}


async def test_the_post_of_a_draft_is_found_behind_many_others(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    post = await store.register_post(caller, world.to_register("t3_aaaa1", clock.now(), draft_id=draft.id), clock.now())
    await world.crowd_of_posts(database_url, caller, clock.now(), MANY)
    assert await store.post_of_draft(caller.workspace_id, draft.id) == post
    assert await store.post_of_draft("slack:other", draft.id) is None
    assert await store.post_of_draft(caller.workspace_id, draft.id + 1) is None


async def test_autocomplete_finds_a_post_and_a_draft_behind_two_thousand_others(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await store.create_draft(
        caller, campaign.id, "harbor", world.revision(title=f"{'A long way to ' * 6}the 50% Lighthouse"), clock.now()
    )
    post = await store.register_post(
        caller, world.to_register("t3_aaaa1", clock.now(), title="What the Lighthouse_keeper saw"), clock.now()
    )
    await world.crowd_of_posts(database_url, caller, clock.now(), MANY)
    await world.crowd_of_drafts(database_url, caller, campaign.id, clock.now(), MANY, DraftStatus.GENERATED)

    async def found(lookup: str, typed: str) -> list[str]:
        return [one.value for one in await suggestions(store, caller.workspace_id, lookup, typed, 25)]

    assert await found("post", "lighthouse_") == [str(post.id)]
    assert await found("post", "T3_AAAA1") == [str(post.id)]
    assert (await found("post", f"#{post.id}"))[0] == str(post.id)
    assert (await found("post", f"{post.id} · r/harbor · unverified"))[0] == str(post.id)
    assert await found("draft", "50% light") == [str(draft.id)]
    assert (await found("draft", str(draft.id)))[0] == str(draft.id)
    assert await found("draft", "way ighthouse") == [], "a word is found by its beginning"
    assert await found("post", "keeper what") == [str(post.id)]
    assert len(await found("post", "very many")) == 25
    assert await found("post", "9" * 18) == []


async def test_autocomplete_finds_an_old_fact_and_an_old_pattern_by_words_its_label_has_no_room_for(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    long = f"{'We sent very many invoices and ' * 3}one reached the Lighthouse"
    fact = await store.add_fact(caller, campaign.id, FactKind.NUMBER, long, clock.now())
    for n in range(120):
        await store.add_fact(caller, campaign.id, FactKind.NUMBER, f"Number {n} of very many", clock.now())
    found = await suggestions(store, caller.workspace_id, "fact", "lighthouse", 25)
    assert [one.value for one in found] == [str(fact.id)]


async def test_an_offset_that_was_typed_is_offered_as_people_mean_it(store: Store, caller: Caller) -> None:
    assert (await suggestions(store, caller.workspace_id, "zone", "gmt+2", 25))[0] == Suggestion(
        "UTC+02:00", "UTC+02:00"
    )
    assert not [o for o in await suggestions(store, caller.workspace_id, "zone", "GMT", 100) if "+" in o.value]


async def test_drafts_are_paged_counted_and_chosen_by_several_statuses(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    mine = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    first = await world.make_draft(store, caller, campaign.id, clock.now())
    await world.crowd_of_drafts(database_url, caller, campaign.id, clock.now(), MANY, DraftStatus.DISCARDED)
    both = (DraftStatus.APPROVED, DraftStatus.GENERATED)
    assert [d.id for d in await store.drafts(caller.workspace_id, statuses=both)] == [first.id, mine.id]
    assert [d.id for d in await store.drafts(caller.workspace_id, statuses=both, limit=1)] == [first.id]
    assert [d.id for d in await store.drafts(caller.workspace_id, before=first.id)] == [mine.id]
    assert await store.count_drafts(caller.workspace_id) == {
        DraftStatus.APPROVED: 1,
        DraftStatus.GENERATED: 1,
        DraftStatus.DISCARDED: MANY,
    }
    assert await store.count_drafts("slack:other") == {}
    assert await store.drafts_by_id(caller.workspace_id, [mine.id, -1]) == {mine.id: mine}
    assert await store.drafts_by_id("slack:other", [mine.id]) == {}


async def test_a_removal_counts_against_the_next_draft_however_many_posts_came_after_it(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    await world.crowd_of_posts(database_url, caller, clock.now(), MANY)
    week = timedelta(days=7)
    changed = await store.changed_since(caller.workspace_id, (State.REMOVED, State.HELD), clock.now())
    assert changed == await store.removed_since(caller.workspace_id, "harbor", clock.now() + timedelta(microseconds=1))
    assert await store.changed_since(caller.workspace_id, (State.HELD,), clock.now() - week) == []
    removed = await store.removed_since(caller.workspace_id, "harbor", clock.now())
    assert [p.id for p in removed] == [post.id]
    assert await store.removed_since(caller.workspace_id, "harbor", clock.now() + week) == []
    assert await store.removed_since(caller.workspace_id, "other", clock.now() - week) == []
    assert await store.removed_since("slack:other", "harbor", clock.now() - week) == []


async def test_a_similar_post_that_stayed_weakens_a_pattern_however_many_came_after_it(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    learned_at = clock.now()
    await store.add_pattern(caller, world.a_pattern(confidence=0.5), learned_at)
    clock.advance(timedelta(seconds=1))
    like = {"audit_outcome": AuditOutcome.INERTIA, "title": "See https://example.com", "fullname": "t3_like"}
    await world.crowd_of_posts(database_url, caller, clock.now(), 2, **like)
    await world.crowd_of_posts(database_url, caller, clock.now(), MANY, audit_outcome=AuditOutcome.REJECTION)
    (weaker,) = await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")
    assert weaker.confidence == pytest.approx(0.25, abs=0.001)
    assert len(await store.stayed_posts(caller.workspace_id, ["harbor"], learned_at)) == 2
    assert await store.stayed_posts(caller.workspace_id, ["harbor"], clock.now()) == []
    assert await store.stayed_posts(caller.workspace_id, ["other"], learned_at) == []
    assert await store.stayed_posts("slack:other", ["harbor"], learned_at) == []


async def test_a_pattern_stands_after_the_campaign_of_a_similar_post_was_deleted(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await store.add_pattern(caller, world.a_pattern(confidence=0.5), clock.now())
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    clock.advance(timedelta(seconds=1))
    stayed = {"audit_outcome": AuditOutcome.SUCCESS, "draft_id": draft.id}
    await world.crowd_of_posts(database_url, caller, clock.now(), 1, **stayed)
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.DELETED, clock.now())
    (held,) = await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")
    assert held.confidence == pytest.approx(0.5, abs=0.001)


async def test_a_digest_counts_every_post_and_draft_and_not_the_newest_thousand(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    times = replace(await store.timetable(caller.workspace_id), digest_since=clock.now())
    sample = await store.register_post(
        caller, world.to_register("t3_aaaa1", clock.now(), basis=Basis.SAMPLE), clock.now()
    )
    clock.advance(timedelta(hours=1))
    await world.crowd_of_posts(database_url, caller, clock.now(), MANY)
    await world.crowd_of_drafts(database_url, caller, campaign.id, clock.now(), MANY, DraftStatus.EDITED)
    facts = await digest_facts(store, times, clock.now())
    assert (facts["registered"], facts["drafts_count"], facts["approved_count"]) == (MANY, MANY, 0)
    assert facts["basis"] == "sample"
    assert [d["draft"] for d in facts["drafts"]] == [1_000_000 + n for n in range(MANY, MANY - 5, -1)]
    assert sample.state is State.UNVERIFIED


async def test_a_run_that_is_under_way_is_found_behind_ended_ones(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    running = await store.start_run(caller, campaign.id, Basis.SAMPLE, ["harbor"], clock.now())
    assert [r.id for r in await store.runs(caller.workspace_id, 1, status=RunStatus.RUNNING)] == [running.id]
    await store.finish_run(caller, running.id, RunStatus.CANCELLED, clock.now())
    assert await store.runs(caller.workspace_id, 1, status=RunStatus.RUNNING) == []
    assert await store.runs("slack:other", status=RunStatus.CANCELLED) == []

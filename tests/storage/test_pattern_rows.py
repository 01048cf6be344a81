"""What a stated reason and its undo change of the patterns that were learned from a post, and of no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.model import Caller, Pattern
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

HOUR = timedelta(hours=1)


async def test_a_pattern_is_kept_whole_and_is_the_same_only_for_the_same_post_community_and_words(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    campaign = await world.make_campaign(store, caller, now)
    post = await world.make_post(store, caller, now)
    new = world.a_pattern(
        campaign_id=campaign.id, tracked_post_id=post.id, params={"words": 120}, source="person", feature="long"
    )
    kept = await store.add_pattern(caller, new, now)
    assert kept == Pattern(
        kept.id,
        here,
        campaign.id,
        "harbor",
        "link",
        "long",
        {"words": 120},
        "a link in the first paragraph",
        "person",
        post.id,
        0.3,
        "alice",
        now,
    )
    for changed in (
        {"tracked_post_id": None},
        {"community": "attic"},
        {"category": "tone"},
        {"body": "another"},
    ):
        assert (await store.add_pattern(caller, replace(new, **changed), now)).id > kept.id
    foreign = await store.add_pattern(other, world.a_pattern(), now)
    assert len(await store.patterns(here)) == 5
    assert await store.patterns("terminal:b") == [foreign]


async def test_a_stated_reason_changes_what_was_guessed_of_its_own_post_alone(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    post, other = [await world.make_post(store, caller, began, name) for name in ("t3_aaaa1", "t3_aaaa2")]

    async def learned(body: str, **changed: Any) -> int:
        return (await store.add_pattern(caller, world.a_pattern(body=body, **changed), began)).id

    guess = await learned("guess", tracked_post_id=post.id)
    removed = await learned("removed before", tracked_post_id=post.id)
    by_person = await learned("by a person", tracked_post_id=post.id, source="person")
    of_other = await learned("of the other", tracked_post_id=other.id)
    await store.remove_pattern(caller, removed, began)
    now = clock.advance(HOUR)
    stated = world.a_pattern(body="Their rule", tracked_post_id=post.id, source="stated", confidence=0.8)
    before = await all_rows(store)
    pattern = await store.state_reason(caller, post.id, "No links.", stated, now)
    assert pattern is not None
    assert (pattern.source, pattern.created_by, pattern.created_at) == ("stated", "alice", now)
    made = changes(before, await all_rows(store))
    assert {key: row for key, row in made["patterns"].items() if key != "new"} == {guess: {"removed_at": now}}
    assert made["tracked_posts"] == {post.id: {"stated_reason": "No links.", "stated_by": "alice", "stated_at": now}}
    later = clock.advance(HOUR)
    before = await all_rows(store)
    back = await store.unstate_reason(caller, post.id, later)
    assert [one.id for one in back] == [guess]
    made = changes(before, await all_rows(store))
    assert made["patterns"] == {guess: {"removed_at": None}, pattern.id: {"removed_at": later}}
    assert made["tracked_posts"] == {post.id: {"stated_reason": None, "stated_by": None, "stated_at": None}}
    assert [one.id for one in await store.patterns(here)] == [guess, by_person, of_other]
    read = replace(stated, body="Their rule", source="read_by_model")
    before = await all_rows(store)
    again = await store.state_reason(caller, post.id, "No links.", read, later)
    assert again is not None
    moved = changes(before, await all_rows(store))["patterns"]
    assert moved[pattern.id] is None, "the old one makes way"
    assert moved[guess] == {"removed_at": later}
    assert [one.id for one in await store.patterns(here)] == [again.id, by_person, of_other]

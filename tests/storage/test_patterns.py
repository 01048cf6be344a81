from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import AlreadyDecided, AlreadyExists, NotFound
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


async def test_a_pattern_that_is_known_is_not_added_twice(store: Store, caller: Caller, clock: FixedClock) -> None:
    pattern = await store.add_pattern(caller, world.a_pattern(), clock.now())
    with pytest.raises(AlreadyExists, match="known about r/harbor since 23 Nov 2026"):
        await store.add_pattern(caller, world.a_pattern(), clock.now())
    assert await store.patterns(caller.workspace_id, "harbor") == [pattern]
    assert await store.patterns(caller.workspace_id, "elsewhere") == []


async def test_a_pattern_is_removed_and_brought_back_once(store: Store, caller: Caller, clock: FixedClock) -> None:
    pattern = await store.add_pattern(caller, world.a_pattern(), clock.now())
    await store.remove_pattern(caller, pattern.id, clock.now())
    with pytest.raises(NotFound):
        await store.remove_pattern(caller, pattern.id, clock.now())
    assert await store.restore_pattern(caller, pattern.id, clock.now()) == pattern
    with pytest.raises(NotFound):
        await store.restore_pattern(caller, pattern.id, clock.now())


async def test_a_stated_reason_replaces_the_guesses_of_its_post_and_undo_brings_them_back(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    guess = await store.add_pattern(caller, world.a_pattern(tracked_post_id=post.id), clock.now())
    refused = await store.add_pattern(caller, world.a_pattern(tracked_post_id=post.id, body="jokes"), clock.now())
    await store.remove_pattern(caller, refused.id, clock.now())
    other = await store.add_pattern(caller, world.a_pattern(body="of another post"), clock.now())
    clock.advance(timedelta(minutes=1))
    pattern = world.a_pattern(tracked_post_id=post.id, source="stated", body="Their rule: No links", confidence=0.8)

    learned = await store.state_reason(caller, post.id, "Their rule: No links", pattern, clock.now())

    assert learned is not None
    assert {p.id for p in await store.patterns(caller.workspace_id)} == {learned.id, other.id}
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.stated_reason, found.stated_by, found.stated_at) == ("Their rule: No links", "alice", clock.now())
    with pytest.raises(AlreadyDecided, match="alice gave the reason on 23 Nov 2026"):
        await store.state_reason(caller, post.id, "Another", None, clock.now())

    assert [p.id for p in await store.unstate_reason(caller, post.id, clock.now())] == [guess.id]
    assert {p.id for p in await store.patterns(caller.workspace_id)} == {guess.id, other.id}
    assert (await store.tracked_post(caller.workspace_id, post.id)).stated_at is None
    with pytest.raises(NotFound):
        await store.unstate_reason(caller, post.id, clock.now())

    again = await store.state_reason(caller, post.id, "Their rule: No links", pattern, clock.now())
    assert again is not None
    assert {p.id for p in await store.patterns(caller.workspace_id)} == {again.id, other.id}


async def test_patterns_come_by_community_and_the_surest_first(store: Store, caller: Caller, clock: FixedClock) -> None:
    for body, confidence, community in (
        ("c", 0.3, "harbor"),
        ("a", 0.9, "harbor"),
        ("d", 0.3, "harbor"),
        ("e", 0.1, "attic"),
        ("b", 0.8, "harbor"),
    ):
        new = world.a_pattern(body=body, confidence=confidence, community=community)
        await store.add_pattern(caller, new, clock.now())
    assert [p.body for p in await store.patterns(caller.workspace_id)] == ["e", "a", "b", "c", "d"]
    assert [p.body for p in await store.patterns(caller.workspace_id, "harbor")] == ["a", "b", "c", "d"]


async def test_a_pattern_or_a_post_that_is_not_there_is_named(store: Store, caller: Caller, clock: FixedClock) -> None:
    for asked, named in (
        (store.remove_pattern, "There is no pattern 7 here."),
        (store.restore_pattern, "There is no removed pattern 7 here."),
        (store.unstate_reason, "There is no post 7 here."),
    ):
        with pytest.raises(NotFound) as told:
            await asked(caller, 7, clock.now())
        assert told.value.what == named

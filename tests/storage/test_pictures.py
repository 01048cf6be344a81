"""Pictures of members' looks: kept with their look, the newest of a post, and deleted when what they show must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotFound
from core.model import Caller, Outcome, State
from core.visibility.tracking import PICTURES_KEPT, KeptPicture, Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.world import change_post

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LARGE = b"\x89PNG" + bytes(range(256)) * 20_000  # 5 MB, with every byte


async def pictured(store: Store, caller: Caller, clock: FixedClock, content: bytes, post_id: int = 1) -> None:
    post = await store.tracked_post(caller.workspace_id, post_id)
    now = clock.advance(MINUTE)
    assert await world.record(store, [world.a_picture(post, caller, now, content)], now) == 1


async def test_a_picture_comes_back_byte_for_byte_with_who_saw_what_and_when(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await pictured(store, caller, clock, LARGE)
    [kept] = await store.pictures(caller.workspace_id, post.id)
    assert kept == KeptPicture(kept.id, post.id, Outcome.NOT_VISIBLE, clock.now(), caller.name)
    assert await store.picture(caller.workspace_id, kept.id) == (kept, LARGE)
    [look] = await store.readings(caller.workspace_id, post.id)
    assert (look.has_picture, look.read_at) == (True, clock.now())


async def test_of_each_post_the_newest_pictures_are_kept_and_their_looks_all(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    other = await world.make_post(store, caller, clock.now(), "t3_aaaa2")
    await pictured(store, caller, clock, b"other", other.id)
    for number in range(PICTURES_KEPT + 2):
        await pictured(store, caller, clock, b"%d" % number)
    kept = await store.pictures(caller.workspace_id, post.id)
    contents = [(await store.picture(caller.workspace_id, each.id))[1] for each in kept]
    assert contents == [b"%d" % number for number in range(PICTURES_KEPT + 1, 1, -1)], "newest first"
    assert len(await store.readings(caller.workspace_id, post.id)) == PICTURES_KEPT + 2
    assert len(await store.pictures(caller.workspace_id, other.id)) == 1
    assert len(await store.pictures(caller.workspace_id)) == PICTURES_KEPT + 1


async def test_what_its_author_deleted_is_in_no_picture_any_more_and_in_no_new_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    other = await world.make_post(store, caller, clock.now(), "t3_aaaa2")
    await pictured(store, caller, clock, b"shown")
    await pictured(store, caller, clock, b"other", other.id)
    now = clock.advance(MINUTE)
    deleted = Verdict(State.DELETED, now)
    await world.record(store, [world.removal_check(post, now, verdict=deleted)], now)
    assert await store.pictures(caller.workspace_id, post.id) == []
    assert len(await store.pictures(caller.workspace_id, other.id)) == 1
    now = clock.advance(MINUTE)
    late = world.a_picture(post, caller, now, b"late", verdict=deleted)
    assert await world.record(store, [late], now) == 1
    assert await store.pictures(caller.workspace_id, post.id) == []
    assert [look.has_picture for look in await store.readings(caller.workspace_id, post.id)] == [True, False, True]


async def test_a_picture_goes_with_its_look_when_that_was_kept_long_enough(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await pictured(store, caller, clock, b"shown")
    await store.purge_expired(clock.advance(180 * DAY + MINUTE), 180 * DAY)
    assert len(await store.pictures(caller.workspace_id)) == 1, "the post is still watched"
    await change_post(store, post.id, next_check_at=None)
    await store.purge_expired(clock.now(), 180 * DAY)
    assert await store.pictures(caller.workspace_id) == []


async def test_a_picture_goes_with_its_workspace_and_its_content_is_in_no_table_of_an_export(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await world.make_post(store, caller, clock.now())
    await pictured(store, caller, clock, b"shown")
    [kept] = await store.pictures(caller.workspace_id)
    rows = (await store.export_rows(caller.workspace_id))["pictures"]
    assert rows == [{"reading_id": kept.id, "workspace_id": caller.workspace_id, "kept_by": caller.name}]
    assert (await store.forget_workspace(caller))["pictures"] == 1
    with pytest.raises(NotFound):
        await store.picture(caller.workspace_id, kept.id)


async def test_no_other_workspace_sees_a_picture(store: Store, caller: Caller, clock: FixedClock) -> None:
    await world.make_post(store, caller, clock.now())
    await pictured(store, caller, clock, b"shown")
    [kept] = await store.pictures(caller.workspace_id)
    elsewhere = replace(caller, workspace_id="discord:1")
    assert await store.pictures(elsewhere.workspace_id) == []
    assert await store.pictures(elsewhere.workspace_id, kept.tracked_post_id) == []
    with pytest.raises(NotFound, match=f"There is no picture {kept.id} here."):
        await store.picture(elsewhere.workspace_id, kept.id)

"""Looks that saw the same as the look before, nearly all of them, are kept together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import case, update

from core.errors import StorageUnavailable
from core.model import Caller
from core.ports import Sighting
from core.visibility.leases import LEASE
from core.visibility.looking import BATCH, Look
from core.visibility.readings import body_hash
from core.visibility.sweeping import SweepResult
from core.visibility.tracking import DuePost, Unchanged
from storage.schema import tracked_posts, watches
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import World, sighting
from tests.storage.world import crowd_of_posts
from tests.watch import Watch

MINUTE = timedelta(minutes=1)


class Keeping:
    """Notes how many looks at once are kept that saw what the look before saw."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kept: list[int] = []
        verb = Store.record_unchanged

        async def keep(store: Store, worker: str, looks: Sequence[Unchanged]) -> None:
            self.kept.append(len(looks))
            await verb(store, worker, looks)

        monkeypatch.setattr(Store, "record_unchanged", keep)


@dataclass(slots=True)
class Slow(World):
    """Takes `takes_s` for an answer."""

    takes_s: float = 0.0

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        await self.clock.sleep(self.takes_s)
        return await World.look_up(self, fullnames)


async def seen_before(store: Store, clock: FixedClock, caller: Caller, database_url: str, count: int) -> Slow:
    """Returns a Reddit with so many posts, all due, that look as they did at the look before."""
    due = {"stopped_at": None, "next_check_at": clock.now(), "body_sha256": body_hash("We opened the shop.")}
    await crowd_of_posts(database_url, caller, clock.now() - MINUTE * 30, count, **due)
    posts = [f"t3_zz{n:05}" for n in range(count)]
    found = {name: sighting(name, author="invented_author", body="We opened the shop.") for name in posts}
    world = Slow(clock, found)
    await Watch(store, clock, world).sweeping.sweep("w")
    now = clock.advance(MINUTE * 30)
    async with store._database.write() as tx:
        await tx.execute(update(watches).values(next_check_at=now))
    world.asked.clear()
    return world


@pytest.mark.parametrize(("takes_s", "kept"), [(0.1, [246]), (0.6, [196, 50]), (3.0, [98, 98, 50])])
async def test_looks_of_several_batches_are_kept_together_but_within_a_second(
    store: Store,
    clock: FixedClock,
    caller: Caller,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    takes_s: float,
    kept: list[int],
) -> None:
    world = await seen_before(store, clock, caller, database_url, BATCH * 2 + 50)
    keeping, world.takes_s = Keeping(monkeypatch), takes_s
    result = await Watch(store, clock, world).sweeping.sweep("w")
    assert result == SweepResult(looked=BATCH * 2 + 50)
    assert ([number for number in keeping.kept if number], len(world.asked)) == (kept, 3)
    assert await store.lease_due_posts(clock.now(), worker="v", lease=LEASE, limit=9) == []


async def test_what_was_looked_at_before_a_batch_failed_is_kept_and_the_others_stay_due(
    store: Store, clock: FixedClock, caller: Caller, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await seen_before(store, clock, caller, database_url, BATCH + 7)
    keeping, watch = Keeping(monkeypatch), Watch(store, clock, world)
    add = watch.sweeping._own_view.add

    async def fail(due: Sequence[DuePost], looks: Mapping[int, Look]) -> Mapping[int, Look]:
        if len(world.asked) > 1:
            raise StorageUnavailable("The disk is full.", "Make room.")
        return await add(due, looks)

    monkeypatch.setattr(watch.sweeping._own_view, "add", fail)
    with pytest.raises(StorageUnavailable):
        await watch.sweeping.sweep("w")
    assert keeping.kept == [BATCH]
    assert len(await store.lease_due_posts(clock.now(), worker="v", lease=LEASE, limit=200)) == 7


async def test_a_text_that_is_seen_for_the_first_time_is_remembered_without_judging_its_post_again(
    store: Store, clock: FixedClock, caller: Caller, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update 10,000 such posts took three times as long as others. An edit is noticed afterwards."""
    world = await seen_before(store, clock, caller, database_url, 3)
    async with store._database.write() as tx:
        known = case((tracked_posts.c.fullname == "t3_zz00001", "old"), else_=None)
        await tx.execute(update(tracked_posts).values(body_sha256=known))
    keeping = Keeping(monkeypatch)
    assert await Watch(store, clock, world).sweeping.sweep("w") == SweepResult(looked=3)
    assert sum(keeping.kept) == 2, "the third text was edited"
    posts = await store.tracked_posts_named(caller.workspace_id, [f"t3_zz{n:05}" for n in range(3)])
    whole = body_hash("We opened the shop.")
    assert [posts[f"t3_zz{n:05}"].body_sha256 for n in range(3)] == [whole, "old", whole]
    world.posts["t3_zz00000"] = sighting("t3_zz00000", author="invented_author", body="We closed the shop.")
    clock.advance(MINUTE * 90)
    await Watch(store, clock, world).sweeping.sweep("w")
    edited = (await store.readings(caller.workspace_id, posts["t3_zz00000"].id))[-1]
    assert edited.body_state == "edited"

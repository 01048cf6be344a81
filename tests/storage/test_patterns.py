from __future__ import annotations

import pytest

from core.errors import AlreadyExists, NotFound
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


async def test_a_pattern_that_is_known_is_not_added_twice(store: Store, caller: Caller, clock: FixedClock) -> None:
    pattern = await store.add_pattern(caller, world.a_lesson(), clock.now())
    with pytest.raises(AlreadyExists, match="known about r/harbor since 23 Nov 2026"):
        await store.add_pattern(caller, world.a_lesson(), clock.now())
    assert await store.patterns(caller.workspace_id, "harbor") == [pattern]
    assert await store.patterns(caller.workspace_id, "elsewhere") == []


async def test_a_pattern_is_removed_and_brought_back_once(store: Store, caller: Caller, clock: FixedClock) -> None:
    pattern = await store.add_pattern(caller, world.a_lesson(), clock.now())
    await store.remove_pattern(caller, pattern.id, clock.now())
    with pytest.raises(NotFound):
        await store.remove_pattern(caller, pattern.id, clock.now())
    assert await store.restore_pattern(caller, pattern.id, clock.now()) == pattern
    with pytest.raises(NotFound):
        await store.restore_pattern(caller, pattern.id, clock.now())

from __future__ import annotations

import pytest

from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import NAME
from tests.core.visibility.world import World, sighting
from tests.watch import Watch


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock, {NAME: sighting(NAME, created_at=clock.now())})


@pytest.fixture
def watch(store: Store, clock: FixedClock, world: World) -> Watch:
    return Watch(store, clock, world)

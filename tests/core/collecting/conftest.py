"""A campaign, and the rooms that collecting stands on, over the real store."""

from __future__ import annotations

import pytest

from core.analysis.service import Communities
from core.campaigns import Campaign
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.quick_reader import Inline


@pytest.fixture
async def campaign(store: Store, caller: Caller, clock: FixedClock) -> Campaign:
    return await store.create_campaign(
        caller,
        name="Bowls",
        product="Bowls by hand",
        url=None,
        keywords=["clay", "kiln", "glaze", "bowl", "wheel"],
        communities=["pottery", "ceramics"],
        now=clock.now(),
    )


@pytest.fixture
def communities(store: Store, clock: FixedClock) -> Communities:
    worker = Inline()
    return Communities(store, clock, worker, worker)

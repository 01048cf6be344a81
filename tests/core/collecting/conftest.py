"""A campaign, and the rooms that collecting stands on, over the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.analysis.service import Communities
from core.campaigns import Campaign
from core.model import Caller
from core.worker import Worker
from storage.store import Store
from tests.clock import FixedClock


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
async def communities(store: Store, clock: FixedClock) -> AsyncIterator[Communities]:
    worker = Worker("tests.core.analysis.quick_reader")
    yield Communities(store, clock, worker, worker)
    await worker.close()

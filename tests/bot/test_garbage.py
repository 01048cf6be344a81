from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from bot import garbage
from bot.garbage import collecting_when_idle
from tests.patience import PATIENCE_S


class Knot:
    """Refers to itself: only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


def old_garbage() -> weakref.ref[Knot]:
    """Garbage that has come into the oldest generation, with enough going on since for a full collection."""
    knot = Knot()
    left = weakref.ref(knot)
    gc.collect(1)
    gc.collect(1)
    del knot
    for _ in range(garbage.ENOUGH + 1):
        gc.collect(1)
    return left


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "EVERY_S", 0.01)


async def test_everything_is_gone_through_when_nobody_waits_and_not_before() -> None:
    waiting = [True]
    async with collecting_when_idle(lambda: not waiting[0]):
        left = old_garbage()
        await asyncio.sleep(0.1)
        assert left() is not None, (gc.get_count(), gc.get_threshold())
        waiting[0] = False
        async with asyncio.timeout(PATIENCE_S):
            while left() is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_under_a_load_without_end_it_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "LONGEST_S", 0.05)
    async with collecting_when_idle(lambda: False):
        left = old_garbage()
        async with asyncio.timeout(PATIENCE_S):
            while left() is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
def _nothing_left_out() -> Iterator[None]:
    """As in a program that starts; the tests leave out what is theirs (tests/conftest.py)."""
    gc.unfreeze()
    yield
    gc.collect()
    gc.freeze()


@pytest.mark.usefixtures("_nothing_left_out")
async def test_afterwards_all_is_as_it_was() -> None:
    before, tasks = gc.get_threshold(), asyncio.all_tasks()
    async with collecting_when_idle(lambda: True):
        assert gc.get_threshold() != before
        assert gc.get_freeze_count()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
    assert asyncio.all_tasks() == tasks


async def test_what_others_left_out_of_collections_stays_left_out() -> None:
    gc.freeze()
    async with collecting_when_idle(lambda: True):
        pass
    assert gc.get_freeze_count()

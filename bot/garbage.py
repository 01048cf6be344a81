"""Runs Python's full garbage collections while nobody waits for an answer.

A full collection blocks the event loop for some 30 to 90 ms, and Python would begin it in the middle of a crowd of
commands, because crowds leave garbage. Python's short collections of young objects go on as always.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

EVERY_S = 5.0
LONGEST_S = 60.0  # the longest wait under steady load, so that memory stays bounded
ENOUGH = 40  # collections of the middle generation since the last full one: some 80,000 objects, as in Python's rule
_NEVER = 1_000_000_000
# Short collections between two of the middle generation. Python's 10 make those go through 7,000 objects, some 8 ms.
_YOUNG = 2


@asynccontextmanager
async def collecting_when_idle(is_idle: Callable[[], bool]) -> AsyncIterator[None]:
    """Within the block, full collections happen when `is_idle` says so, or after `LONGEST_S`. Objects that exist at its
    beginning (mostly modules) are left out of them, because they stay anyway. At its end they are taken in again,
    unless somebody had left out some before (the tests do).
    """
    thresholds = gc.get_threshold()
    left_out_before = gc.get_freeze_count() > 0
    gc.collect()
    gc.freeze()
    gc.set_threshold(thresholds[0], _YOUNG, _NEVER)
    collecting = asyncio.create_task(_collect(is_idle), name="garbage")
    try:
        yield
    finally:
        collecting.cancel()
        await asyncio.wait([collecting])
        gc.set_threshold(*thresholds)
        if not left_out_before:
            gc.unfreeze()


async def _collect(is_idle: Callable[[], bool]) -> None:
    waited_s = 0.0
    while True:
        await asyncio.sleep(EVERY_S)
        # The wait begins when there is enough garbage, so that a quiet hour does not make a collection due in a crowd.
        waited_s = waited_s + EVERY_S if gc.get_count()[2] > ENOUGH else 0.0
        if waited_s and (is_idle() or waited_s >= LONGEST_S):
            gc.collect()
            waited_s = 0.0

"""The longest time for which an event loop ran nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

TICK_S = 0.005


@dataclass(slots=True)
class Stall:
    """The longest time for which the loop ran nothing else, and the most of our own work (CPU) between two ticks."""

    wall_s: float = 0.0
    own_s: float = 0.0


@asynccontextmanager
async def watched_loop() -> AsyncIterator[Stall]:
    stall = Stall()

    async def tick() -> None:
        while True:
            wall, own = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK_S)
            stall.wall_s = max(stall.wall_s, time.perf_counter() - wall - TICK_S)
            stall.own_s = max(stall.own_s, time.thread_time() - own)

    ticking = asyncio.create_task(tick())
    try:
        yield stall
    finally:
        ticking.cancel()

"""The longest time for which an event loop ran nothing else."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

TICK_S = 0.005


@dataclass(slots=True)
class Stall:
    """The longest time for which the loop ran nothing else. Between two ticks, the most work (CPU) of the loop's own
    thread, and of the whole program beyond a tick: what keeps the loop waiting on a machine that does nothing else.
    """

    wall_s: float = 0.0
    own_s: float = 0.0
    program_s: float = 0.0


@asynccontextmanager
async def watched_loop() -> AsyncIterator[Stall]:
    stall = Stall()

    async def tick() -> None:
        while True:
            wall, own, program = time.perf_counter(), time.thread_time(), time.process_time()
            await asyncio.sleep(TICK_S)
            stall.wall_s = max(stall.wall_s, time.perf_counter() - wall - TICK_S)
            stall.own_s = max(stall.own_s, time.thread_time() - own)
            stall.program_s = max(stall.program_s, time.process_time() - program - TICK_S)

    ticking = asyncio.create_task(tick())
    try:
        yield stall
    finally:
        ticking.cancel()


def under_load() -> str:
    """How busy the machine is with everything that runs on it, for a figure that depends on that."""
    return f"{os.getloadavg()[0]:.0f} processes wanted {os.cpu_count()} cores in the last minute"

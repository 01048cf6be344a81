"""Limits how many commands run at once, so that a crowd of them does not delay acknowledgements.

When two hundred commands run side by side, each turn of the event loop takes as long as all of them need together. An
acknowledgement, which a platform expects within 3 s, then waits through several such turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE = 3  # more would make the turns longer, but no answer quicker
LONG_S = 0.5  # of real time, because it spares the event loop


class Turnstile:
    """Lets `at_once` pieces of work in, in their order. Work that takes longer than `long_s` makes room for the next:
    long work waits for others (a model, Reddit) and must not block them.
    """

    def __init__(self, at_once: int = AT_ONCE, long_s: float = LONG_S) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._long_s = long_s
        self.crowd = 0  # how many wait or run, long work included

    @asynccontextmanager
    async def through(self) -> AsyncIterator[None]:
        """Wait for room, and hold it for the block, or until the block has become long work."""
        self.crowd += 1
        is_inside = False

        def leave() -> None:
            nonlocal is_inside
            if is_inside:
                is_inside = False
                self._room.release()

        try:
            await self._room.acquire()
            is_inside = True
            becoming_long = asyncio.get_running_loop().call_later(self._long_s, leave)
            try:
                yield
            finally:
                becoming_long.cancel()
        finally:
            leave()
            self.crowd -= 1

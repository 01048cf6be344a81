"""A few pieces of work at a time, so that a crowd of them does not hold up what must be quick.

Two hundred commands that are worked on side by side make every turn of the event loop as long as all of them together
need; an acknowledgement, which a platform awaits within 3 s, then waits through several such turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE = 3  # more make the turns longer and the answers no quicker
LONG_S = 0.5  # of real time: it is the event loop that is being spared


class Turnstile:
    """Lets `at_once` pieces of work in, in their order. One that takes longer than `long_s` makes room for the next:
    long work waits for others (a model, Reddit) and must not block them.
    """

    def __init__(self, at_once: int = AT_ONCE, long_s: float = LONG_S) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._long_s = long_s
        self.crowd = 0  # how many wait or are worked on, long work too

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

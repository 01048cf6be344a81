"""Time that stands still until a test moves it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class FixedClock:
    """A `core.clock.Clock`. Sleeping takes no real time: it moves the clock and lets other tasks run once."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, by: timedelta) -> datetime:
        """Move on (or back, for a clock that jumps); the monotonic counter never goes back. Answers the new time."""
        self._now += by
        self._monotonic += max(0.0, by.total_seconds())
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=max(0.0, seconds)))
        await asyncio.sleep(0)


class SetClock(FixedClock):
    """A clock that somebody sets, beside a counter that nobody can."""

    def set(self, by: timedelta) -> None:
        self._now += by

"""Injected time, and how a time is written. Nothing else in the program asks the machine what time it is."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Aware UTC time, a monotonic counter in seconds for measuring, and sleeping."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's time, plus an offset that only the sample Reddit ever moves (`/rao sample forward`).

    `stopped_at`, where set, takes the place of the machine's time: it then stands still except for the offset.
    `monotonic` and `sleep` are never shifted: they measure real waiting.
    """

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset
        self.stopped_at: datetime | None = None

    def now(self) -> datetime:
        return (self.stopped_at or datetime.now(UTC)) + self.offset

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def machine_time() -> float:
    """The machine's own time, in seconds since 1970: for what others outside the program agree on (Slack's signatures,
    the pulse). The sample Reddit never moves it.
    """
    return time.time()


def moment(at: datetime | None) -> str:
    """A time as people read it, always with its zone: "24 Nov 2026, 14:05 UTC"."""
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC" if at else "never"


def day(at: datetime) -> str:
    """The day of a time in UTC: "24 Nov 2026"."""
    return f"{at.astimezone(UTC):%-d %b %Y}"

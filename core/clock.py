"""Injected time, whether the clock can be believed, and how a time is written. No other module asks the machine for the
time.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from core.texts.days import MONTHS

log = logging.getLogger(__name__)

JUMPED = timedelta(minutes=5)  # wall time against monotonic time; slewing and leap seconds are far below
WRONG = timedelta(hours=1)  # against a remote's `Date`; final decisions are about days
RESTED = timedelta(days=2)  # when the program seems to have rested longer, its clock may be ahead
JUMPED_BETWEEN_S = 30.0  # a jump between two looks; smaller differences come from concluding, which takes seconds
NOTED_AT_MOST = 20_000  # moments that `note` remembers
BELIEVED_AFTER_S = 3600.0  # how long a jump must last to be believed when no remote confirms or contradicts it


class Clock(Protocol):
    """Aware UTC time, a monotonic counter in seconds for measuring, and sleeping."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's time, plus an offset. Only the sample Reddit moves the offset, for people who want to look ahead.

    With `stopped_at`, that time replaces the machine's, so that time stands still except for the offset. `monotonic`
    and `sleep` are never shifted, because they measure real waiting.
    """

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset
        self.stopped_at: datetime | None = None

    def now(self) -> datetime:
        return (self.stopped_at or datetime.now(UTC)) + self.offset

    @property
    def is_moved(self) -> bool:
        """True when somebody moved time on purpose."""
        return self.stopped_at is not None or self.offset != timedelta()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def machine_time() -> float:
    """Returns the machine's own time, in seconds since 1970, for what other programs compare with theirs (Slack's
    signatures, the pulse). The sample Reddit never moves it.
    """
    return time.time()


@dataclass(frozen=True, slots=True)
class Compared:
    """How often a remote's `Date` was compared with our time, and the last difference: our time minus its time."""

    times: int = 0
    skew: timedelta | None = None


class ClockWatch:
    """Whether the wall clock can be believed: docs/decisions/0020.

    The clock is doubted while a remote's `Date` disagrees with it. It is also doubted after a jump (against the
    monotonic counter), until a remote's `Date` agrees with it, it jumps back, or an hour has passed without a remote's
    `Date`. Final decisions wait meanwhile.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        compared: Callable[[], Compared] = Compared,
        is_moved: Callable[[], bool] = lambda: False,
    ) -> None:
        """`compared` returns the comparison with the remote whose `Date` counts. `is_moved` returns whether time was
        moved on purpose: then neither jumps nor the remote's time count.
        """
        self._clock = clock
        self._compared = compared
        self._is_moved = is_moved
        self._last: tuple[datetime, float] | None = None
        self._noted: dict[datetime, float] = {}
        self._off = timedelta()  # the sum of all jumps since the clock was last believed
        self._doubted_since_s: float | None = None
        self._heard = 0

    def doubt(self) -> str | None:
        """Returns in words why the clock is not believed now; None when it is. Call it often, because each call looks
        for a jump since the last call.
        """
        now, counter_s = self._clock.now(), self._clock.monotonic()
        last, self._last = self._last, (now, counter_s)
        if self._is_moved():
            self._believe()
            return None
        if last is not None:
            jump = (now - last[0]) - timedelta(seconds=counter_s - last[1])
            if abs(jump) >= JUMPED:
                self._jumped(jump, counter_s)
        compared = self._compared()
        if compared.skew is not None and compared.times > self._heard:
            self._heard = compared.times
            if abs(compared.skew) >= WRONG:
                if self._doubted_since_s is None:
                    ahead_s = compared.skew.total_seconds()
                    log.warning("the clock is wrong by a remote's word", extra={"ahead_s": ahead_s})
                self._doubted_since_s, self._off = counter_s, compared.skew
            else:
                self._believe()
        elif self._doubted_since_s is not None and counter_s - self._doubted_since_s >= BELIEVED_AFTER_S:
            self._believe()
        if self._doubted_since_s is None:
            return None
        way = "ahead of" if self._off > timedelta() else "behind"
        return f"This machine's clock may be {_span(self._off)} {way} the right time: compare it with another."

    def note(self, at: datetime) -> None:
        """Remember, for `jump_s`, that the wall clock now says about `at`."""
        if len(self._noted) >= NOTED_AT_MOST:
            self._noted = dict(list(self._noted.items())[NOTED_AT_MOST // 2 :])
        self._noted.setdefault(at, self._clock.monotonic())

    def jump_s(self, earlier: datetime, later: datetime) -> float:
        """How many seconds of the wall clock's distance between two moments were a jump; 0 when it did not jump.

        `later` is about now. When `earlier` was not noted (another program saw it), the wall clock is believed; if it
        is doubted at this moment, the whole distance counts as a jump.
        """
        apart_s = max(0.0, (later - earlier).total_seconds())
        if self._is_moved():
            return 0.0
        noted_s = self._noted.get(earlier)
        if noted_s is None:
            return apart_s if self.doubt() is not None else 0.0
        ahead_s = apart_s - (self._clock.monotonic() - noted_s)
        return min(ahead_s, apart_s) if ahead_s >= JUMPED_BETWEEN_S else 0.0

    def began(self, last_written_at: datetime | None) -> None:
        """Note the program's start. `last_written_at` is the newest time in the database. If it is far from now, the
        clock is doubted, because only a remote can tell whether the program rested so long or its clock is wrong.
        """
        if last_written_at is None or self._is_moved() or self._compared().times:
            return
        rested = self._clock.now() - last_written_at
        if rested >= RESTED or rested <= -JUMPED:
            log.warning("the clock is far from the database's", extra={"ahead_s": rested.total_seconds()})
            self._off, self._doubted_since_s = rested, self._clock.monotonic()

    def _jumped(self, jump: timedelta, counter_s: float) -> None:
        self._off += jump
        if abs(self._off) < JUMPED:
            log.warning("the clock jumped back to where it was", extra={"jump_s": jump.total_seconds()})
            self._believe()
            return
        log.warning("the clock jumped: nothing is decided for good by it", extra={"jump_s": jump.total_seconds()})
        self._doubted_since_s = counter_s
        self._heard = self._compared().times  # an earlier comparison does not concern this jump

    def _believe(self) -> None:
        self._off, self._doubted_since_s = timedelta(), None


def _span(span: timedelta) -> str:
    hours = abs(span) / timedelta(hours=1)
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"


def moment(at: datetime | None) -> str:
    """Returns a time as people read it, always with its zone: "24 Nov 2026, 14:05 UTC"."""
    if at is None:
        return "never"
    return time_in(at, UTC)


def time_in(at: datetime, zone: tzinfo) -> str:
    """Returns a time as people in `zone` read it: "24 Nov 2026, 15:05 CET"; "UTC+5:30" where a zone has no name."""
    here = at.astimezone(zone)
    name = here.tzname() or ""
    if not name.isalpha():
        minutes = int((here.utcoffset() or timedelta()) / timedelta(minutes=1))
        hours, rest = divmod(abs(minutes), 60)
        name = f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
    return f"{here.day} {_MONTHS[here.month - 1]} {here:%Y, %H:%M} {name}"


_MONTHS = tuple(name[:3] for name in MONTHS)
_MOMENT = re.compile(rf"(?<!\w)(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}}), (\d\d):(\d\d) UTC(?!\w)", re.ASCII)


def moments_in(text: str) -> Iterator[tuple[int, int, datetime]]:
    """Yield start, end and value of each time that `moment` wrote into a text, in their order. With these, front ends
    show times in the zone of the reader.
    """
    for match in _MOMENT.finditer(text):
        day_of, month, year, hour, minute = match.groups()
        try:
            at = datetime(int(year), _MONTHS.index(month) + 1, int(day_of), int(hour), int(minute), tzinfo=UTC)
        except ValueError:  # somebody else's "31 Feb 2026, 25:00 UTC"
            continue
        yield match.start(), match.end(), at


def parted_at_moments(text: str) -> Iterator[tuple[str, datetime | None]]:
    """Yield a text in its parts, in their order: the times in it each with its value, and what is between them."""
    last = 0
    for start, end, at in moments_in(text):
        if start > last:
            yield text[last:start], None
        yield text[start:end], at
        last = end
    if text[last:]:
        yield text[last:], None


def day(at: datetime) -> str:
    """Returns the day of a time in UTC: "24 Nov 2026"."""
    return f"{at.astimezone(UTC):%-d %b %Y}"

"""A workspace's own time: its zone, when its quiet hours end, when its digest is due. Pure functions of an instant.

One rule turns a time of day into an instant. When clocks go back, a time can come twice: then a beginning means the
first and an end the last of the two, so that a night stays in one piece. When clocks go forward, a time may not come at
all: then it means the moment of the change.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.errors import BadArgument
from core.model import Caller
from core.texts.zones import find_zone, fixed_offset

DIGEST_AT = time(9)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` until `until` in the workspace's zone; over midnight when `until` is earlier. They are never
    equal.
    """

    begin: time
    until: time


class DigestRhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class Weekday(StrEnum):
    """In the order of `date.weekday()`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """When digests come, in the workspace's zone. `on` is used for weekly digests only."""

    every: DigestRhythm
    at: time
    on: Weekday = Weekday.MONDAY


DEFAULT_DIGEST = DigestPlan(DigestRhythm.DAILY, DIGEST_AT)


@dataclass(frozen=True, slots=True)
class Timetable:
    """A workspace's own time. Times of day are in its zone, all others are instants."""

    workspace_id: str
    timezone: str = "UTC"  # the name of a zone, such as "Europe/Vienna"
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_every: DigestRhythm | None = None
    digest_at: time | None = None
    digest_on: Weekday | None = None
    digest_since: datetime | None = None  # where the period of the next digest begins
    digest_due_at: datetime | None = None
    digest_chosen: bool = False  # somebody said how often, or off
    good_news: bool = False  # wanted as messages of their own
    urgent_wakes: bool = False  # what somebody must act on now comes in quiet hours too

    @property
    def quiet_hours(self) -> QuietHours | None:
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_until)

    @property
    def digest(self) -> DigestPlan | None:
        if self.digest_every is None or self.digest_at is None:
            return None
        return DigestPlan(self.digest_every, self.digest_at, self.digest_on or Weekday.MONDAY)

    @property
    def has_digest(self) -> bool:
        """Whether one comes, or begins with the first news for it."""
        return self.digest is not None or not self.digest_chosen

    @property
    def expected_digest(self) -> DigestPlan | None:
        """The digest that comes; the one that begins by itself where nobody chose."""
        return self.digest or (DEFAULT_DIGEST if not self.digest_chosen else None)


class TimetableReads(Protocol):
    async def timetable(self, workspace_id: str) -> Timetable:
        """The workspace's own time, with defaults for what was not set."""
        ...


class TimetableStore(TimetableReads, Protocol):
    async def set_timezone(self, caller: Caller, timezone: str, now: datetime) -> Timetable:
        """Use this zone for quiet hours and digests from now on, also for alerts that already wait."""
        ...

    async def set_quiet_hours(self, caller: Caller, hours: QuietHours | None, now: datetime) -> Timetable:
        """Set the quiet hours; None ends them. Alerts that wait for the end of the old hours follow the new ones."""
        ...

    async def set_urgent_wakes(self, caller: Caller, wanted: bool, now: datetime) -> Timetable:
        """Whether alerts that somebody must act on now come in quiet hours too."""
        ...

    async def set_good_news(self, caller: Caller, wanted: bool, now: datetime) -> Timetable:
        """Whether good news are messages of their own; else they stand in the message that they answer, or a digest."""
        ...

    async def set_digest(self, caller: Caller, plan: DigestPlan | None, now: datetime) -> Timetable:
        """Set when digests come; None ends them. A period that has begun goes on until the next digest."""
        ...


log = logging.getLogger(__name__)

_DAY = timedelta(days=1)


# ---------------------------------------------------------------- zones


def zone(name: str) -> tzinfo:
    """The zone of this name, as `core/texts/zones.py` writes it.

    A zone that this machine does not know (its zone data are missing or too old) counts as UTC, because alerts at a
    wrong hour are better than none. `doctor` reports missing zone data.
    """
    if name == "UTC":
        return UTC
    if (offset := fixed_offset(name)) is not None:
        return offset
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        log.warning("a time zone is not known here, UTC is used", extra={"zone": name})
        return UTC


# ---------------------------------------------------------------- quiet hours


def quiet_ends_at(hours: QuietHours | None, zone_name: str, now: datetime) -> datetime | None:
    """When the quiet hours around `now` end; None when `now` is not in quiet hours.

    The end itself is not quiet. When one night begins at the instant when another ends, they are one night.
    """
    if hours is None:
        return None
    here = zone(zone_name)
    end: datetime | None = None
    for begins_at, ends_at in _nights(hours, here, now):
        if begins_at <= (end or now) < ends_at:
            end = ends_at
    return end


def _nights(hours: QuietHours, here: tzinfo, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The quiet spans around `now`, oldest first. It gives seven, because some calendars skipped a day."""
    over_midnight = hours.until <= hours.begin
    today = now.astimezone(here).date()
    for offset in range(-3, 4):
        day = today + offset * _DAY
        yield (
            instant(day, hours.begin, here),
            instant(day + _DAY if over_midnight else day, hours.until, here, last=True),
        )


# ---------------------------------------------------------------- the digest


def next_digest_at(plan: DigestPlan, zone_name: str, after: datetime) -> datetime:
    """When the first digest after `after` is due."""
    here = zone(zone_name)
    day = after.astimezone(here).date() - _DAY
    while True:
        if plan.every is DigestRhythm.DAILY or list(Weekday)[day.weekday()] is plan.on:
            at = instant(day, plan.at, here)
            if at > after:
                return at
        day += _DAY


def instant(day: date, at: time, here: tzinfo, *, last: bool = False) -> datetime:
    """The instant (UTC) of a local time, by the rule of this module. `last`: of two instants, the later."""
    first = datetime.combine(day, at, here).astimezone(UTC)
    second = datetime.combine(day, at.replace(fold=1), here).astimezone(UTC)
    if first <= second:
        return second if last else first
    # The time falls into a gap. The two offsets give instants on both sides of the change, so search between them.
    before, after = second, first
    old = before.astimezone(here).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=1) // 2)
        if middle.astimezone(here).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


# ---------------------------------------------------------------- changing it


@dataclass(frozen=True, slots=True)
class Timetables:
    store: TimetableStore
    clock: Clock

    async def set_zone(self, caller: Caller, said: str) -> Timetable:
        """Set the zone that a person means. Raises `BadArgument` when they name no zone."""
        return await self.store.set_timezone(caller, find_zone(said), self.clock.now())

    async def set_quiet_hours(self, caller: Caller, hours: QuietHours | None) -> Timetable:
        """Set the quiet hours; None ends them. Raises `BadArgument` for hours that are the whole day."""
        if hours is not None and hours.begin == hours.until:
            raise BadArgument(
                f"Quiet hours cannot begin and end at {hours.begin:%H:%M}: no alert would ever come.",
                "Leave some time between them, for example 22:00-07:00.",
                param="hours",
            )
        return await self.store.set_quiet_hours(caller, hours, self.clock.now())

    async def set_digest(
        self, caller: Caller, every: DigestRhythm | None, at: time | None, on: Weekday | None
    ) -> Timetable:
        """Set the digest to what was said, completed by the present plan. Raises `BadArgument` when neither says how
        often.
        """
        known = (await self.store.timetable(caller.workspace_id)).digest
        return await self.store.set_digest(caller, digest_plan(known, every, at, on), self.clock.now())

    async def set_urgent_wakes(self, caller: Caller, wanted: bool) -> Timetable:
        return await self.store.set_urgent_wakes(caller, wanted, self.clock.now())

    async def set_good_news(self, caller: Caller, wanted: bool) -> Timetable:
        return await self.store.set_good_news(caller, wanted, self.clock.now())

    async def end_digest(self, caller: Caller) -> Timetable:
        return await self.store.set_digest(caller, None, self.clock.now())


def digest_plan(
    known: DigestPlan | None, every: DigestRhythm | None, at: time | None, on: Weekday | None
) -> DigestPlan:
    """The plan that was said, completed by the `known` one. A weekday alone means a weekly digest. Raises
    `BadArgument` when neither says how often.
    """
    often = every or (DigestRhythm.WEEKLY if on is not None else known.every if known else None)
    if often is None:
        raise BadArgument("How often is not said.", "Say daily or weekly, for example daily at=9:00.", param="every")
    on_known, at_known = (known.on, known.at) if known else (Weekday.MONDAY, DIGEST_AT)
    return DigestPlan(often, at or at_known, on or on_known)

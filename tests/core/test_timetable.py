from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.texts.zones import zone_names
from core.timetable import DigestPlan, DigestRhythm, QuietHours, Weekday, next_digest_at, quiet_ends_at, zone

VIENNA = "Europe/Vienna"
NIGHT = QuietHours(time(22), time(7))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Half-hour and two-hour changes, a skipped day, a change at midnight, zones without any.
ZONES = st.sampled_from(
    [
        *(VIENNA, "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia"),
        *("America/Sao_Paulo", "Africa/Casablanca", "Asia/Kolkata", "Pacific/Kiritimati", "UTC"),
    ]
)
INSTANTS = st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants its bounds naive
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
HOURS = st.builds(QuietHours, TIMES, TIMES).filter(lambda hours: hours.begin != hours.until)
PLANS = st.builds(DigestPlan, st.sampled_from(DigestRhythm), TIMES, st.sampled_from(Weekday))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ---------------------------------------------------------------- quiet hours


def test_a_night_ends_in_the_morning_of_its_zone() -> None:
    assert quiet_ends_at(NIGHT, VIENNA, at("2026-11-24 21:00")) == at("2026-11-25 06:00")
    assert quiet_ends_at(NIGHT, VIENNA, at("2026-11-25 05:59:59")) == at("2026-11-25 06:00")
    assert quiet_ends_at(NIGHT, VIENNA, at("2026-11-25 06:00")) is None
    assert quiet_ends_at(NIGHT, VIENNA, at("2026-11-24 20:59:59")) is None


def test_a_quiet_noon_ends_on_the_same_day() -> None:
    noon = QuietHours(time(12), time(14))
    assert quiet_ends_at(noon, "Asia/Kolkata", at("2026-11-24 07:00")) == at("2026-11-24 08:30")
    assert quiet_ends_at(noon, "Asia/Kolkata", at("2026-11-24 20:00")) is None


def test_without_quiet_hours_no_instant_is_quiet() -> None:
    assert quiet_ends_at(None, VIENNA, at("2026-11-24 23:00")) is None


def test_an_end_that_the_clock_skips_is_the_moment_of_the_change() -> None:
    until_half_past_two = QuietHours(time(22), time(2, 30))
    # On 29 March 2026 it is 3:00 in Vienna right after 2:00.
    assert quiet_ends_at(until_half_past_two, VIENNA, at("2026-03-29 00:30")) == at("2026-03-29 01:00")
    assert quiet_ends_at(until_half_past_two, VIENNA, at("2026-03-29 01:00")) is None


def test_a_night_stays_in_one_piece_when_the_clock_goes_back() -> None:
    until_half_past_two = QuietHours(time(22), time(2, 30))
    # On 25 October 2026 half past two comes twice in Vienna: at 0:30 and at 1:30 UTC.
    for now in ("2026-10-25 00:15", "2026-10-25 00:45", "2026-10-25 01:15"):
        assert quiet_ends_at(until_half_past_two, VIENNA, at(now)) == at("2026-10-25 01:30")
    assert quiet_ends_at(until_half_past_two, VIENNA, at("2026-10-25 01:30")) is None


@given(HOURS, ZONES, INSTANTS)
@example(QuietHours(time(2, 45), time(2, 15)), VIENNA, at("2026-03-28 12:00"))  # the free half hour is skipped
@example(QuietHours(time(12), time(11)), "Pacific/Apia", at("2011-12-30 05:00"))  # a skipped day
def test_the_end_of_a_quiet_time_is_never_quiet_and_comes_soon(hours: QuietHours, timezone: str, now: datetime) -> None:
    end = quiet_ends_at(hours, timezone, now)
    assume(end is not None)
    assert end is not None
    assert end > now
    assert quiet_ends_at(hours, timezone, end) is None
    assert quiet_ends_at(hours, timezone, end - timedelta(seconds=1)) == end
    free = (minutes(hours.begin) - minutes(hours.until)) % (24 * 60)
    assert end - now <= (DAY + 2 * HOUR if free > 120 and timezone != "Pacific/Apia" else 2 * DAY + 2 * HOUR)


@given(HOURS, ZONES, INSTANTS, st.floats(0, 1))
def test_every_instant_until_the_end_has_the_same_end(
    hours: QuietHours, timezone: str, now: datetime, part: float
) -> None:
    end = quiet_ends_at(hours, timezone, now)
    assume(end is not None)
    assert end is not None
    between = now + (end - now) * part
    assert quiet_ends_at(hours, timezone, between) == (end if between < end else None)


@given(HOURS, ZONES, INSTANTS)
def test_on_ordinary_days_it_is_quiet_when_the_clock_on_the_wall_says_so(
    hours: QuietHours, timezone: str, now: datetime
) -> None:
    here = zone(timezone)
    offsets = {(now + n * HOUR).astimezone(here).utcoffset() for n in range(-100, 100)}
    assume(len(offsets) == 1)
    wall = now.astimezone(here).time()
    if hours.begin < hours.until:
        is_quiet = hours.begin <= wall < hours.until
    else:
        is_quiet = wall >= hours.begin or wall < hours.until
    end = quiet_ends_at(hours, timezone, now)
    assert (end is not None) == is_quiet
    if end is not None:
        assert end.astimezone(here).time() == hours.until


def minutes(of: time) -> int:
    return of.hour * 60 + of.minute


# ---------------------------------------------------------------- digests


def test_a_daily_digest_comes_at_its_hour_and_a_weekly_one_on_its_day() -> None:
    daily = DigestPlan(DigestRhythm.DAILY, time(9))
    assert next_digest_at(daily, VIENNA, at("2026-11-24 07:00")) == at("2026-11-24 08:00")
    assert next_digest_at(daily, VIENNA, at("2026-11-24 08:00")) == at("2026-11-25 08:00")
    friday = DigestPlan(DigestRhythm.WEEKLY, time(9), Weekday.FRIDAY)
    assert next_digest_at(friday, VIENNA, at("2026-11-24 07:00")) == at("2026-11-27 08:00")
    assert next_digest_at(friday, VIENNA, at("2026-11-27 08:00")) == at("2026-12-04 08:00")


def test_it_stays_at_its_hour_when_summer_time_begins() -> None:
    daily = DigestPlan(DigestRhythm.DAILY, time(9))
    assert next_digest_at(daily, VIENNA, at("2026-03-28 08:00")) == at("2026-03-29 07:00")


@given(PLANS, ZONES, INSTANTS)
def test_the_next_digest_is_later_and_not_further_than_its_rhythm(
    plan: DigestPlan, timezone: str, after: datetime
) -> None:
    due = next_digest_at(plan, timezone, after)
    period = DAY if plan.every is DigestRhythm.DAILY else 7 * DAY
    assert after < due <= after + period + DAY + 2 * HOUR  # a skipped day, a change of two hours
    assert next_digest_at(plan, timezone, due - timedelta(seconds=1)) == due
    if plan.every is DigestRhythm.WEEKLY and timezone != "Pacific/Apia":
        gap = due.astimezone(zone(timezone)).time() != plan.at  # its time is skipped on that day
        assert gap or list(Weekday)[due.astimezone(zone(timezone)).weekday()] is plan.on


@given(PLANS, ZONES, INSTANTS)
def test_two_digests_are_never_closer_than_most_of_a_day(plan: DigestPlan, timezone: str, after: datetime) -> None:
    assume(timezone != "Pacific/Apia")
    first = next_digest_at(plan, timezone, after)
    assert next_digest_at(plan, timezone, first) - first >= 22 * HOUR


# ---------------------------------------------------------------- zones


def test_every_zone_that_is_offered_can_be_used() -> None:
    for name in zone_names():
        assert zone(name).utcoffset(datetime(2026, 1, 1)) is not None  # noqa: DTZ001 - the zone's own wall clock


@pytest.mark.usefixtures("no_zone_data")
def test_without_zone_data_alerts_still_come_and_utc_still_works() -> None:
    assert quiet_ends_at(NIGHT, "Europe/Nowhere", at("2026-11-24 23:00")) == at("2026-11-25 07:00")

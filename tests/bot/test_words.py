from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import age, at_least, at_most, counted, dollars, local, moment, quiet_hours, rhythm, shortened
from core.timetable import DigestPlan, DigestRhythm, QuietHours, Weekday


def test_a_time_always_says_its_zone() -> None:
    at = datetime(2026, 11, 3, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert moment(at) == "2 Nov 2026, 23:05 UTC"
    assert moment(None) == "never"


def test_a_teams_own_time_stands_beside_utc() -> None:
    at = datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert local(at, "Europe/Vienna") == "24 Nov 2026, 06:00 UTC (07:00 in Europe/Vienna)"
    assert local(at, "Pacific/Honolulu") == "24 Nov 2026, 06:00 UTC (23 Nov, 20:00 in Pacific/Honolulu)"
    assert local(at, "UTC") == moment(at)


def test_hours_and_rhythms_say_their_zone() -> None:
    assert quiet_hours(QuietHours(time(22), time(7, 5)), "Asia/Kolkata") == "22:00 to 07:05 (Asia/Kolkata)"
    assert quiet_hours(None, "UTC") == "none"
    weekly = DigestPlan(DigestRhythm.WEEKLY, time(9), Weekday.SUNDAY)
    assert rhythm(weekly, "Asia/Kolkata") == "every Sunday at 09:00 (Asia/Kolkata)"
    assert rhythm(DigestPlan(DigestRhythm.DAILY, time(9)), "UTC") == "every day at 09:00 (UTC)"
    assert rhythm(None, "UTC") == "off"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=3, hours=23), "3 days"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(span: timedelta, said: str) -> None:
    assert age(span) == said


def test_a_number_agrees_with_its_noun() -> None:
    assert counted(1, "post") == "1 post"
    assert counted(1200, "post") == "1,200 posts"
    assert counted(0, "try", "tries") == "0 tries"


@pytest.mark.parametrize(
    ("usd_micros", "said"),
    [
        (0, "$0.00"),
        (5_500_000, "$5.50"),
        (1, "$0.000001"),
        (120, "$0.00012"),
        (10_000, "$0.01"),
        (1_234_000_000, "$1,234.00"),
    ],
)
def test_money_that_was_spent_never_looks_like_nothing(usd_micros: int, said: str) -> None:
    assert dollars(usd_micros) == said


@given(st.integers(0, 10**13))
def test_an_amount_is_never_written_as_less_than_it_may_be_nor_as_more_than_is_left(usd_micros: int) -> None:
    def read(said: str) -> Decimal:
        return Decimal(said.removeprefix("$").replace(",", "")) * 1_000_000

    assert read(at_least(usd_micros)) <= usd_micros <= read(at_most(usd_micros))
    for write in (dollars, at_least, at_most):
        assert (read(write(usd_micros)) == 0) is (usd_micros == 0)
        assert abs(read(write(usd_micros)) - usd_micros) < 10_000
        assert len(write(usd_micros).partition(".")[2]) >= 2


@given(st.text(), st.integers(1, 50))
def test_what_is_cut_off_shows(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_time_can_be_told(at: datetime) -> None:
    assert moment(at).endswith(" UTC")

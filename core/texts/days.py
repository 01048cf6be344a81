"""Names of weekdays and months; days as people write them: 2026-03-31, 31 March 2026, March 2026, today, 90d. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from core.errors import BadArgument

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NUMBER_OF = {name.lower()[:length]: at for at, name in enumerate(MONTHS, 1) for length in (3, len(name))} | {"sept": 9}
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
_WORDED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+)?(?P<month>[a-z]{3,9})\.?"
    r"(?:\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?)?,?\s+(?P<year>\d{4})",
    re.ASCII | re.IGNORECASE,
)
_SPAN = re.compile(r"(?:in\s+)?(\d{1,4})\s*(d|w|days?|weeks?)", re.ASCII | re.IGNORECASE)
_HOW = "Write it like 2026-03-31, 31 March 2026 or March 2026."


def month_named(word: str) -> int | None:
    """Returns 1 to 12 for a month's name or its abbreviation, in any case: "March", "mar", "Sept"; None for any other
    word, such as "Marble".
    """
    return _NUMBER_OF.get(word.lower())


def first_day(text: str, now: datetime) -> datetime:
    """Returns midnight UTC at the beginning of the day, month or year that a person wrote.

    Raises `BadArgument` for any other text.
    """
    return _days(text, now)[0]


def end_of(text: str, now: datetime) -> datetime:
    """Returns midnight UTC after the day, month or year that a person wrote; for a span ("90d"), after the day that is
    so far from `now`.

    Raises `BadArgument` for any other text, and for a time that is over.
    """
    span = _SPAN.fullmatch(text.strip())
    if span is not None:
        days = int(span[1]) * (7 if span[2].lower().startswith("w") else 1)
        end = _days("today", now)[1] + timedelta(days=days)
    else:
        end = _days(text, now)[1]
    if end <= now:
        raise BadArgument(f"{text.strip()!r} is over already.", "Name a day that is still to come, or 90d.")
    return end


def _days(text: str, now: datetime) -> tuple[datetime, datetime]:
    """The beginning of the day, month or year, and of the next one."""
    low = " ".join(text.lower().split())
    if low == "today":
        start = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return start, start + timedelta(days=1)
    year, month, day = _parts(low)
    if not 1900 <= year <= 2200:
        raise BadArgument(f"{text.strip()!r} is not a day.", _HOW)
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        raise BadArgument(f"{text.strip()!r} is not a day.", _HOW) from None
    if day:
        return start, start + timedelta(days=1)
    if month:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return start, datetime(year + 1, 1, 1, tzinfo=UTC)


def _parts(low: str) -> tuple[int, int, int]:
    """Year, month and day; 0 for what was not written."""
    if re.fullmatch(r"\d{4}", low, re.ASCII):
        return int(low), 0, 0
    if iso := _ISO.fullmatch(low):
        return int(iso[1]), int(iso[2]) or 99, int(iso[3]) if iso[3] else 0
    worded = _WORDED.fullmatch(low)
    month = month_named(worded["month"]) if worded else None
    if worded is None or month is None:
        return 0, 0, 0
    day = worded["day"] or worded["day2"]
    return int(worded["year"]), month, int(day) or 99 if day else 0

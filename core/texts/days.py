"""Names of weekdays and months; days as people write them: 2026-03-31, 31 March 2026, March 2026, today, 90d. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from core.errors import BadArgument

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGER = {1: (4,), 3: (4, 5)}  # "Tues", "Thur", "Thurs"
# Short names of weekdays in lower case, with the weekday's number (0 is Monday).
SHORT_DAYS = {name[:length].lower(): at for at, name in enumerate(WEEKDAYS) for length in (3, *_LONGER.get(at, ()))} | {
    "weds": 2
}
A_WEEKDAY = f"(?:{'|'.join(name.lower() for name in WEEKDAYS)})s?"  # a pattern for lower case
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NUMBER_OF = {name.lower()[:length]: at for at, name in enumerate(MONTHS, 1) for length in (3, len(name))} | {"sept": 9}
_DAY = r"0?[1-9]|[12]\d|3[01]"
_YEAR = r"(?:19|20|21)\d\d|2200"
_ISO = re.compile(rf"({_YEAR})-(0?[1-9]|1[0-2])(?:-({_DAY}))?", re.ASCII)
_WORDED = re.compile(
    rf"(?:(?P<day>{_DAY})(?:st|nd|rd|th)?\.?\s+)?(?P<month>[a-z]{{3,9}})\.?"
    rf"(?:\s+(?P<day2>{_DAY})(?:st|nd|rd|th)?)?,?\s+(?P<year>{_YEAR})",
    re.ASCII | re.IGNORECASE,
)
_SPAN = re.compile(r"(?:in\s+)?(\d{1,4})\s*(d|w|days?|weeks?)", re.ASCII | re.IGNORECASE)
_ORDINARY = frozenset(["mon", "wed", "sat", "sun"])  # words of their own, too: "sat down", "the sun"
_SHORT = "|".join(sorted(SHORT_DAYS, key=len, reverse=True))
_ANY = rf"(?:{A_WEEKDAY}|(?:{_SHORT})\.?)"
_JOIN = r"(?:\s*[/&+,–-]\s*(?:and |or |& )?|\s+(?:and|or|to|through|thru|till|until)\s+)"
# A full stop belongs to the name when the sentence goes on.
_SHORT_DAY = re.compile(rf"(?<![\w'’])(?P<name>(?i:{_SHORT}))(?![\w'’])(?P<stop>\.(?=\s+[a-z&(]|[,;:)/–-]))?")
_BESIDE_AFTER = re.compile(rf"{_JOIN}{_ANY}(?!\w)", re.IGNORECASE)
_BESIDE_BEFORE = re.compile(rf"(?<!\w){_ANY}{_JOIN}$", re.IGNORECASE)
_LEAD = re.compile(
    rf"(?<!\w)(?:on|every|each|only|except|until|till|by|from|before|after|for|next)\s+(?:{_ANY}{_JOIN})*$",
    re.IGNORECASE,
)
_SURE_LEAD = re.compile(rf"(?<!\w)(?:on|every|each|only)\s+(?:{_ANY}{_JOIN})*$", re.IGNORECASE)
_RANGE = re.compile(rf"\b({A_WEEKDAY})(?:\s*[–-]\s*|\s+(?:to|through|thru|till|until)\s+)({A_WEEKDAY})\b")
_AT_A_TIME = re.compile(r"\s+\d{1,2}(?::\d\d|\s?[ap]\.?m\b)", re.IGNORECASE)
_SIGN = re.compile(r"[/&+–-]")
_UNSURE = re.compile(r"(?<!\w)(?:mon|wed|sat|sun)(?!\w)")  # in lower case, beside words or commas
_ARTICLE = re.compile(r"(?<!\w)(?:the|an?|my|your|our|his|her)\s+$", re.IGNORECASE)
_FOLLOW = re.compile(
    rf"\s*(?:$|[.,;:!?)/&+–]|-\s|\d|(?:only|is|are|if|but|unless|at|in|from|between|please|otherwise|"
    rf"mornings?|afternoons?|evenings?|nights?|threads?|posts?|to {_ANY}|(?:and|or) {_ANY})(?!\w))",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|or)\s")
_ONLY = re.compile(r"[\s-]only(?!\w)", re.IGNORECASE)
_AROUND = 60  # characters that are looked at beside a short name
_HOW = "Write it like 2026-03-31, 31 March 2026 or March 2026."


def month_named(word: str) -> int | None:
    """Returns 1 to 12 for a month's name or its abbreviation, in any case: "March", "mar", "Sept"; None for any other
    word, such as "Marble".
    """
    return _NUMBER_OF.get(word.lower())


def spelled_days(text: str) -> str:
    """Returns the text with the short names of weekdays written out: "only on Fri." is "only on Friday". A short name
    that is an ordinary word too counts only where its neighbours make it a day: "Sat/Sun", "on Sat", not "sat down".
    """
    parts, at = [], 0
    for match in _short_days(text):
        parts += [text[at : match.start()], WEEKDAYS[SHORT_DAYS[match["name"].lower()]]]
        at = match.end()
    return "".join((*parts, text[at:]))


def weekdays_in(text: str) -> frozenset[int]:
    """Returns the weekdays that a text names, in full or short, with those inside a range; 0 is Monday."""
    low = spelled_days(text).lower()
    days = {SHORT_DAYS[name[:3]] for name in re.findall(rf"\b{A_WEEKDAY}\b", low)}
    for match in _RANGE.finditer(low):
        first, last = SHORT_DAYS[match[1][:3]], SHORT_DAYS[match[2][:3]]
        days |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return frozenset(days)


def days_in(words: str) -> tuple[int, ...]:
    """Returns the weekdays that words name, also as the weekend, in their order."""
    return tuple(sorted(weekdays_in(words) | ({5, 6} if WEEKEND.search(words.lower()) else set())))


WEEKEND = re.compile(r"\bweekends?\b")


def _short_days(text: str) -> Iterator[re.Match[str]]:
    for match in _SHORT_DAY.finditer(text):
        before = text[max(0, match.start() - _AROUND) : match.start()]
        if _is_day(match, before, text[match.end() : match.end() + _AROUND]):
            yield match


def _is_day(match: re.Match[str], before: str, after: str) -> bool:
    name = match["name"]
    is_clear, has_capital = name.lower() not in _ORDINARY, name.istitle()
    if is_clear and name[0].isupper():
        return True
    if _ARTICLE.search(before):
        return False
    if not before.strip(" :(") and not after.strip(" .)"):
        return True  # it stands alone
    beside = _BESIDE_AFTER.match(after) or _BESIDE_BEFORE.search(before)
    if beside and _is_list(beside.group(), has_capital or is_clear):
        return True
    if has_capital and (match["stop"] or _AT_A_TIME.match(after)):
        return True
    if _ONLY.match(after) and (has_capital or is_clear or beside):
        return True
    lead = _LEAD if has_capital or is_clear else _SURE_LEAD
    follows = _FOLLOW.match(after) or (has_capital and _AND.match(after))
    return bool(lead.search(before) and follows)


def _is_list(beside: str, is_sure: bool) -> bool:
    """Whether a name with its neighbour is a list of days: "Sat/Sun", "Sat and Sunday", not "sat, Sun" or "sat and"."""
    return _SIGN.search(beside) is not None or (is_sure and not _UNSURE.search(beside))


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
    try:
        year, month, day = _parts(low)
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        raise BadArgument(f"{text.strip()!r} is not a day.", _HOW) from None
    if day:
        return start, start + timedelta(days=1)
    if month:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return start, datetime(year + 1, 1, 1, tzinfo=UTC)


def _parts(low: str) -> tuple[int, int, int]:
    """Year, month and day; 0 for what was not written. `ValueError` for what is no day, month or year."""
    if re.fullmatch(_YEAR, low, re.ASCII):
        return int(low), 0, 0
    if iso := _ISO.fullmatch(low):
        return int(iso[1]), int(iso[2]), int(iso[3] or 0)
    worded = _WORDED.fullmatch(low)
    month = month_named(worded["month"]) if worded is not None else None
    if worded is None or month is None:
        raise ValueError(low)
    return int(worded["year"]), month, int(worded["day"] or worded["day2"] or 0)

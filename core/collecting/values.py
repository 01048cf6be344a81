"""Values as files write them: numbers, flags, times and texts from many programs, read without guessing.

Nothing here raises for what a file holds; None means that the value is missing or cannot be read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.entities import html5
from typing import Any

from core.texts.days import month_named

# What stands in a cell that has no value, as pandas, SQL, R, spreadsheets, MySQL and JavaScript write it.
NULL_WORDS = frozenset(
    [
        "none",
        "nan",
        "null",
        "\\n",
        "na",
        "n/a",
        "#n/a",
        "#na",
        "<na>",
        "nat",
        "nil",
        "undefined",
        "(null)",
        "<null>",
        "[null]",
        "-nan",
        "nan.0",
        "n.a.",
        "#null!",
        "#value!",
        "#ref!",
        "#name?",
        "#num!",
        "#div/0!",
        "1.#qnan",
        "-",
        "--",
        "–",
        "—",
        "(none)",
        "<none>",
        "[]",
        "{}",
        "()",
        "''",
        '""',
    ]
) | {""}
# Spreadsheets write these in the language of their owner.
_TRUE = frozenset(["true", "1", "1.0", "yes", "y", "t", "wahr", "vrai", "verdadero", "vero", "waar"])
_FALSE = frozenset(["false", "0", "0.0", "no", "n", "f", "falsch", "faux", "falso", "onwaar"])

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPREADSHEET_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
REDDIT_BEGAN = datetime(2005, 6, 1, tzinfo=UTC)
_LAST_TIME = datetime(2100, 1, 1, tzinfo=UTC)
# (from this number on, units in a second): as seconds, such a number would lie beyond the year 5000.
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
_SPREADSHEET_DAYS = (38_000, 73_051)  # 2004 to 2100; as seconds, all of these would lie in January 1970
_EXACT_S = 60.0

_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Reddit's editor writes these into the text itself, so an export that keeps the API's escaping escapes them twice.
_EDITOR_MARKS = re.compile(r"&(amp|nbsp|#160|#xa0|#x200b|#8203);", re.IGNORECASE)
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,. '\u00a0\u202f])\d{3})(?:\1\d{3})*")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_SHORT = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*([kKmM])")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,](\d+))?[eE]\+?(\d+)")
_NUMERIC_DATE = re.compile(
    r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?"
    r"\s*(Z|UTC|GMT)?"
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:([AaPp])\.?[Mm]\b\.?)?")
_OFFSET = re.compile(r"(?<=[\d\s])([+-])(\d{2}):?(\d{2})\b")
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a file gave it. `is_exact`: it is known to the minute; `has_zone`: the file names its zone."""

    at: datetime
    is_exact: bool = True
    has_zone: bool = True


def is_null(value: Any) -> bool:
    """True for None, NaN, and the words that stand for a missing value."""
    if value is None:
        return True
    if isinstance(value, str):
        return len(value) < 12 and value.strip().lower() in NULL_WORDS
    return isinstance(value, float) and math.isnan(value)


def number(value: Any) -> float | None:
    """A finite number. `1,234` and `1 234` are thousands, `0,95` has a decimal comma, `1.2k` is 1,200, `50%` is 0.5."""
    if isinstance(value, str):
        if not value:  # most cells of most tables
            return None
        try:
            value = float(value)
        except ValueError:
            return _written_number(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return float(value) if abs(value) < 2**63 else None
    return value if math.isfinite(value) else None


def _written_number(text: str) -> float | None:
    if (grouped := _GROUPED.fullmatch(text)) and grouped[1] != "." and not text.lstrip("+-").startswith("0"):
        return float(re.sub(r"[^\d+-]", "", text))
    if _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    if short := _SHORT.fullmatch(text):
        return float(short[1].replace(",", ".")) * (1_000 if short[2] in "kK" else 1_000_000)
    if text.endswith("%"):
        percent = number(text[:-1])
        return None if percent is None else percent / 100
    return None


def whole_number(value: Any) -> int | None:
    """A number without a fraction; None for one that has a fraction, because no count has."""
    found = number(value)
    return int(found) if found is not None and abs(found - round(found)) < 1e-6 else None


def flag(value: Any) -> bool | None:
    """Yes or no; None when the value says neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in _TRUE else False if word in _FALSE else None
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    return None


def text(value: Any) -> str | None:
    """A text as its author wrote it: Reddit's escaping is undone once, and characters without width are left out.

    Once means that `&amp;lt;` becomes `&lt;`, as the author typed it. Only the marks that Reddit's own editor puts into
    a text (`&nbsp;`, `&#x200B;`, `&amp;`) are undone twice.
    """
    plain = raw_text(value)
    if plain is None:
        return None
    if "&" in plain:
        plain = _EDITOR_MARKS.sub(_character, _ENTITY.sub(_character, plain))
    if plain.isascii():
        return plain
    return _ZERO_WIDTH.sub("", plain).replace("\u00a0", " ")


def address(value: Any) -> str | None:
    """A web address; its query is left alone except for the escaping of `&`."""
    plain = raw_text(value)
    return None if plain is None else plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def raw_text(value: Any) -> str | None:
    """A text unchanged, except for characters that no database can store."""
    if not isinstance(value, str):
        return None
    plain: str = value.replace("\x00", "") if "\x00" in value else value
    # A JSON file may hold half a surrogate pair, which UTF-8 cannot store.
    return plain if plain.isascii() else plain.encode("utf-8", "replace").decode("utf-8")


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if name[0] != "#":
        return html5.get(f"{name};", entity[0])
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    if code in (0, 0x200B) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    return chr(code)


# ---------------------------------------------------------------- times


def moment(value: Any, *, day_first: bool | None = None) -> Moment | None:
    """A time between Reddit's first day and 2100. A number is seconds since 1970, or milli-, micro- or nanoseconds, or
    days as spreadsheets count them. A text is ISO 8601, a date in figures (`day_first` says in which order, None when
    unknown), or a date with a month's name. A time without a zone is read as UTC.
    """
    if value is None or value == "":
        return None
    seconds = number(value)
    try:
        found = _numbered(seconds, value) if seconds is not None else _written(value, day_first)
    except (ValueError, OverflowError):
        return None
    return found if found is not None and REDDIT_BEGAN <= found.at < _LAST_TIME else None


def _numbered(seconds: float, value: Any) -> Moment:
    resolution_s = 1.0
    if isinstance(value, str) and (scientific := _SCIENTIFIC.fullmatch(value.strip())):
        resolution_s = float(10 ** min(int(scientific[2]) - len(scientific[1] or ""), 30))
    for least, unit in _UNITS:
        if seconds >= least:
            return Moment(_EPOCH + timedelta(seconds=seconds / unit), resolution_s / unit < _EXACT_S)
    if _SPREADSHEET_DAYS[0] <= seconds < _SPREADSHEET_DAYS[1]:
        at = _SPREADSHEET_EPOCH + timedelta(days=seconds)
        return Moment(at, not float(seconds).is_integer(), has_zone=False)
    return Moment(_EPOCH + timedelta(seconds=seconds), resolution_s < _EXACT_S)


def _written(value: Any, day_first: bool | None) -> Moment | None:
    if not isinstance(value, str) or len(value) > 60:
        return None
    words = value.strip()
    try:
        at = datetime.fromisoformat(words.removesuffix(" UTC").removesuffix(" GMT"))
    except ValueError:
        return _in_figures(words, day_first) if _month_in(words) is None else _with_month(words)
    has_zone = at.tzinfo is not None or words.endswith((" UTC", " GMT"))
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Moment(at, ":" in words or "T" in words, has_zone)


def date_parts(value: Any) -> tuple[int, int] | None:
    """The two figures of a date such as 03/04/2026 whose order is in question; None for everything else."""
    found = _NUMERIC_DATE.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= 60 else None
    return None if found is None or len(found[1]) > 2 else (int(found[1]), int(found[3]))


def _in_figures(words: str, day_first: bool | None) -> Moment | None:
    found = _NUMERIC_DATE.fullmatch(words)
    if found is None:
        return None
    one, two, three = int(found[1]), int(found[3]), int(found[4])
    is_sure = True
    if len(found[1]) == 4:
        year, month, day = one, two, three
    else:
        year = three + 2000 if len(found[4]) == 2 else three
        is_sure = day_first is not None or one > 12 or two > 12 or one == two or found[2] == "."
        first = day_first if day_first is not None else one > 12 or (two <= 12 and found[2] != "/")
        month, day = (two, one) if first else (one, two)
    hour = _hour(found[5], found[8])
    at = datetime(year, month, day, hour, int(found[6] or 0), int(found[7] or 0), tzinfo=UTC)
    return Moment(at, is_sure and found[5] is not None, found[9] is not None)


def _month_in(words: str) -> int | None:
    return next(filter(None, map(month_named, _WORD.findall(words))), None)


def _with_month(words: str) -> Moment | None:
    month, year = _month_in(words), _YEAR.search(words)
    if month is None or year is None:
        return None
    clock = _CLOCK.search(words)
    offset = _OFFSET.search(words, clock.end() if clock else len(words))
    rest = words.replace(year[0], " ", 1)
    if clock:
        rest = rest.replace(clock[0], " ", 1)
    if offset:
        rest = rest.replace(offset[0], " ", 1)
    day = _DAY.search(rest)
    if day is None:
        return None
    at = datetime(
        int(year[0]),
        month,
        int(day[1]),
        _hour(clock[1], clock[4]) if clock else 0,
        int(clock[2]) if clock else 0,
        int(clock[3] or 0) if clock else 0,
        tzinfo=UTC,
    )
    if offset:
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        at = at - shift if offset[1] == "+" else at + shift
    has_zone = offset is not None or words.endswith(("UTC", "GMT", "Z"))
    return Moment(at, clock is not None, has_zone)


def _hour(hour: str | None, half: str | None) -> int:
    counted = int(hour or 0)
    if half is None:
        return counted
    return counted % 12 + (12 if half in "pP" else 0)

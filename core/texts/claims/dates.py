"""The dates that a text names: months, seasons, weekdays, years, “last week”. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.texts.days import MONTHS, SHORT_DAYS, WEEKDAYS

_SEASON_OF = {
    first + step: season for first, season in ((3, "spring"), (6, "summer"), (9, "autumn")) for step in range(3)
}
_MONTH = "|".join((*MONTHS, "Sept", *(name[:3] for name in MONTHS)))
_DAY = "|".join((*(f"{name}s?" for name in WEEKDAYS), *(name.capitalize() for name in SHORT_DAYS)))
_DATE = re.compile(
    rf"\b(?P<month>{_MONTH})\b(?=\W|$)|\b(?P<day>{_DAY})\b"
    r"|\b(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)\b(?! (?:roll|onion|water))"
    r"|\b(?P<relative>[Ll]ast|[Tt]his|(?<![Tt]he )[Nn]ext|[Pp]ast|[Pp]revious|[Ff]irst|"
    r"(?<![Ee]very )[Ss]econd) (?P<unit>week|"
    r"month|year|quarter|spring|summer|autumn|fall|winter|night|weekend|christmas|easter|\w+day)\b"
    r"|\b(?P<when>[Yy]esterday|[Tt]omorrow|[Tt]his morning|[Tt]onight|[Cc]hristmas|[Ee]aster|"
    r"[Hh]alloween|[Bb]lack [Ff]riday|[Nn]ew [Yy]ear'?s?(?: [Dd]ay| [Ee]ve)?|[Bb]ank holidays?|"
    r"[Ww]eekends?)\b"
)
_DAY_RANGE = re.compile(rf"\b({_DAY})\b\s*(?:to|till|until|through|-|–)\s*\b({_DAY})\b")


_SEASONS = ("spring", "summer", "autumn", "fall", "winter")
_SPANS = ("week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Date:
    token: str  # “month:5”, “day:0”, “season:spring”, “last:week”, “when:yesterday”
    start: int
    end: int


def dates_in(text: str) -> Iterator[Date]:
    """Yields the dates that are written in a readable text; years are quantities and not among them."""
    for match in _DATE.finditer(text):
        if match["month"]:
            if match["month"] in ("May", "March") and match.start() == 0:
                continue
            yield Date(f"month:{_index(MONTHS, match['month'])}", *match.span())
        elif match["day"]:
            if len(match["day"]) > 3 or match.start():
                yield Date(f"day:{_index(WEEKDAYS, match['day'])}", *match.span())
        elif match["season"]:
            yield Date(f"season:{match['season'].lower()}", *match.span())
        elif match["relative"]:
            relative = match["relative"].lower()
            if relative in ("first", "second") and match["unit"].lower() not in (*_SPANS, *_SEASONS):
                continue  # “that first weekend”
            relative = "last" if relative in ("past", "previous") else relative
            yield Date(f"{relative}:{match['unit'].lower().replace('fall', 'autumn')}", *match.span())
        else:
            yield Date(f"when:{match['when'].lower().replace(chr(39), '')[:8]}", *match.span())


def _index(names: tuple[str, ...], written: str) -> int:
    return next(number for number, name in enumerate(names) if name.startswith(written.capitalize()[:3]))


def known_dates(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Returns the date tokens that a fact carries, with the season of a month and the days inside a range; and the days
    that the range leaves out.
    """
    tokens = {date.token for date in dates_in(text)}
    for token in tuple(tokens):
        kind, _, value = token.partition(":")
        if kind == "month":
            tokens.add(f"season:{_SEASON_OF.get(int(value) + 1, 'winter')}")
        elif kind in ("last", "this", "next", "first", "second") and value in ("spring", "summer", "autumn", "winter"):
            tokens.add(f"season:{value}")
    outside: set[str] = set()
    for match in _DAY_RANGE.finditer(text):
        first, last = _index(WEEKDAYS, match[1]), _index(WEEKDAYS, match[2])
        inside = {(first + step) % 7 for step in range((last - first) % 7 + 1)}
        tokens.update(f"day:{day}" for day in inside)
        outside.update(f"day:{day}" for day in range(7) if day not in inside)
    return frozenset(tokens), frozenset(outside - tokens)


def days_between(text: str) -> Iterator[int]:
    """Yields how many weekdays the ranges of a text span: Tuesday to Saturday are 5."""
    for match in _DAY_RANGE.finditer(text):
        yield (_index(WEEKDAYS, match[2]) - _index(WEEKDAYS, match[1])) % 7 + 1
    if re.search(r"\bweekdays?\b", text, re.IGNORECASE):
        yield 5

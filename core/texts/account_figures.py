"""The age and karma that a rule asks of an account, in digits or words: "a month old", "fifty comment karma". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from core.texts.claims.quantities import Quantity, quantities_in
from core.texts.plain import readable

AGE_OF: Mapping[str, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_MOST = 999_999_999
_DAY_S = 86_400
_UNIT = r"(?P<unit>hour|day|week|month|year)s?"
# "A month old" has no number, and "a couple of weeks" hardly one.
_ARTICLE = re.compile(
    rf"\b(?:(?:a )?couple (?:of )?|an? (?:full |whole )?|an?-){_UNIT}(?=[ -]old\b| of (?:account )?age\b)"
)
_ALONE = re.compile(rf"^(?:requires? |required |needs? |under a condition )?\(?an? {_UNIT}\)?$")
_KARMA_AFTER = re.compile(
    r"\+?[ -](?:points? (?:of )?)?(?:(?P<part>comment|post|link)|combined|total|overall)?[ -]?karma\b"
)
_KARMA_BEFORE = re.compile(
    r"\b(?:(?P<part>comment|post|link) )?karma(?: score)?\W+(?:(?:count|requirement|must|should|be|is|of|at|least|"
    r"above|over|more|than|under|below|less|minimum|a|an)\W+){0,5}$"
)
_NO_NOUN = re.compile(
    r"\+?\s*(?:$|[.,;:)!]|(?:is|are|to|or|and|points?|required|needed|minimum|before|will|get|may)\b)"
)
_OF_AGE_AFTER = re.compile(r"[ -]?(?:old\b|of (?:account )?age\b|minimum\b|\))")
_OF_AGE_BEFORE = re.compile(
    r"\b(?:old(?:er)?|young(?:er)?|new(?:er)?|age|less|more|fewer|under|over|least|minimum|exist\w*|below|above|required?|wait|"
    r"created|registered|must be)\W+(?:(?:than|for|at|least|of|is|be|the|within|in|last|past|account)\W+){0,4}$"
)
_A_PACE = re.compile(r" (?:between|apart|per|each)\b")


# An older account need not have taken part there for so long.
_TAKES_PART = re.compile(
    r"\bmember(?:s|ship)? (?:for|of|since)\b|\bsubscri\w*|\bjoin\w*|\blurk\w*|\bparticipa\w*|\bactiv\w*", re.IGNORECASE
)


def asks_taking_part(words: str) -> bool:
    """Whether the words ask that somebody took part for a time, rather than that their account is as old."""
    return _TAKES_PART.search(words) is not None


def account_figure(words: str) -> tuple[int, str] | None:
    """Returns the first of `account_figures`; None where there is none."""
    return next(iter(account_figures(words)), None)


def account_figures(words: str) -> tuple[tuple[int, str], ...]:
    """Returns the age and karma that the words ask, each once, in their order: (30, "days"), (1, "month"), (24,
    "hours"), (100, "karma"), (50, "comment karma"). Part of a month or year is told in days, rounded down.
    """
    text = readable(words).lower()
    found = [(quantity.start, figure) for quantity in quantities_in(text) if (figure := _figure(quantity, text))]
    if (article := _ARTICLE.search(text) or _ALONE.match(text.strip(" .,;"))) is not None:
        number = 2 if "couple" in article.group() else 1
        found.append((article.start(), (number, _counted(number, article["unit"]))))
    by_kind: dict[bool, tuple[int, str]] = {}
    for _, figure in sorted(found):
        by_kind.setdefault(figure[1].endswith("karma"), figure)
    return tuple(by_kind.values())


def _figure(quantity: Quantity, text: str) -> tuple[int, str] | None:
    before, after = text[max(0, quantity.start - 80) : quantity.start], text[quantity.end : quantity.end + 80]
    if quantity.dimension == "count" and not quantity.of and float(quantity.raw).is_integer():
        karma = _KARMA_AFTER.match(after) or (_NO_NOUN.match(after) and _KARMA_BEFORE.search(before))
        return (min(int(quantity.raw), _MOST), f"{karma['part'] or ''} karma".strip()) if karma else None
    if quantity.period or _A_PACE.match(after):
        return None
    is_alone = not before.strip() and not after.strip(" .,;+")
    if not (is_alone or _OF_AGE_AFTER.match(after) or _OF_AGE_BEFORE.search(before)):
        return None
    return _age(quantity.raw, re.split(r"[\s\d-]", quantity.written.lower())[-1].rstrip("s"))


def _age(raw: float, unit: str) -> tuple[int, str] | None:
    if unit == "fortnight":
        raw, unit = 2 * raw, "week"
    unit = "hour" if unit in ("h", "hr") else unit
    if unit not in AGE_OF or raw > _MOST:
        return None
    if not float(raw).is_integer():
        raw, unit = int(raw * AGE_OF[unit].total_seconds() // _DAY_S), "day"
    return int(raw), _counted(int(raw), unit)


def _counted(number: int, unit: str) -> str:
    return unit if number == 1 else f"{unit}s"

"""How exactly a number is meant: about, more than, up to, nearly, between. Pure."""

from __future__ import annotations

import re

_MORE = re.compile(
    r"(?:more than|over|above|at least|no less than|upwards of|north of|beyond|past|exceed\w*|"
    r"minimum of)(?: a| the)?\s*$",
    re.I,
)
_LESS = re.compile(
    r"(?:less than|fewer than|under|below|within|not even|"
    r"inside|as (?:little|few) as)(?: an?| the)?\s*$",
    re.I,
)
_LIMIT = re.compile(r"(?:at most|up to|no more than|(?:a )?maximum of|a limit of)(?: an?| the)?\s*$", re.I)
_NEARLY = re.compile(
    r"(?:nearly|almost|most of|the (?:better|best) part of|close to|just under|a little under|a bit under|"
    r"slightly under|just short of|"
    r"not quite|a bit less than|a little less than|just below)(?: an?| the)?\s*$",
    re.I,
)
_ABOUT = re.compile(
    r"(?:about|around|roughly|some|approximately|approx\.?|circa|ca\.?|~|somewhere (?:around|near)|"
    r"in the region of|more or less|give or take|or so|in roughly)(?: an?| the| once every| every)?\s*$",
    re.I,
)
_ABOUT_AFTER = re.compile(r"^\s*(?:\w+ )?(?:or so|give or take|ish|-ish|more or less|roughly|approximately)\b", re.I)
_BETWEEN = re.compile(r"between\s*$", re.I)


def sense_of(text: str, start: int, end: int) -> str:
    """Returns the sense of the number at `start:end`: exact, about, more, less, limit, nearly or range."""
    lead, rest = text[max(0, start - 24) : start], text[end : end + 24]
    for sense, pattern in (
        ("nearly", _NEARLY),
        ("more", _MORE),
        ("less", _LESS),
        ("limit", _LIMIT),
        ("about", _ABOUT),
    ):
        if pattern.search(lead):
            return sense
    if _BETWEEN.search(lead) or re.search(r"between [\w£$€.,]+ and\s*$", text[max(0, start - 30) : start], re.I):
        return "range"
    return "about" if _ABOUT_AFTER.match(rest) else "exact"

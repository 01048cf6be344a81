"""The number in a statement: its value, its unit, and what it counts, read by the quantities of claims. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.texts.claims.quantities import Quantity, quantities_in
from core.texts.claims.words import Word, words_in
from core.texts.plain import readable


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a statement: 26, "days" and "until an invoice is paid"; or 37, "" and "freelancers"."""

    value: float
    unit: str = ""
    counts: str = ""


_NO_NUMBER = ("year", "clock", "times")
_FROM_TO = re.compile(r"\bfrom (?:about |around )?[$£€¥]?\d[\d.,]*\s?[\w%]{0,12} to (?:about |around |just )?$", re.I)
_PER = re.compile(r"^\s*(?:an?|per|each|every|/)\s?\w+|^\s*\w+ly\b", re.I)
_COUNTS_MAX = 80
_GOES_ON = re.compile(r"\s*((?:of|until|till|for|to|from|between|before|after|less|more|fewer)\b[^.,;!?\n]{2,})", re.I)
_LEAD = re.compile(
    r"[\s,:]*(?:\b(?:by|is|are|was|were|takes?|took|to|from|in|at|about|around|over|under|nearly|almost|roughly|only|"
    r"costs?|the|an?|than|more|less|up|down)|[$£€¥]?(?<!\w)\d[\d.,]*\s?%?)\s*$",
    re.I,
)


def figure_in(statement: str) -> Number | None:
    """Returns the first number of a statement, with what it most likely counts; None without one."""
    text = readable(statement)
    found = [quantity for quantity in quantities_in(text) if quantity.dimension not in _NO_NUMBER]
    if not found:
        return None
    # “from 41 to 26 days”: the second number is the present one.
    shown = found[1] if len(found) > 1 and _FROM_TO.search(text[: found[1].start]) else found[0]
    return _number(shown, _counted(shown, text))


def figure_given(words: str) -> Number | None:
    """Returns the first number in a person's words, such as "26 days until an invoice is paid"; the words after it say
    what it counts. None without a number.
    """
    text = readable(words)
    quantity = next(iter(quantities_in(text)), None)
    if quantity is None:
        return None
    rest = text[quantity.end :]
    if quantity.period:
        rest = _PER.sub("", rest)
    return _number(quantity, " ".join(rest.split()).strip(" ,.;:"))


def _number(quantity: Quantity, counts: str) -> Number:
    if quantity.of:  # “31 of 71 people”
        return Number(quantity.raw, "", f"of {quantity.of:g} {counts}".strip()[:_COUNTS_MAX])
    return Number(quantity.raw, _unit(quantity), counts[:_COUNTS_MAX])


def _unit(quantity: Quantity) -> str:
    per = f" a {quantity.period}" if quantity.period else ""
    if quantity.dimension == "money":
        return quantity.currency + per
    if quantity.dimension == "percent":
        return f"%{per}"
    if quantity.dimension == "count":
        return per.strip()
    return re.sub(r"^[\W\d_]*(?:[a-z]+[- ])*?(?=[a-z%°]+$)", "", quantity.written.lower()).strip() + per


def _counted(quantity: Quantity, text: str) -> str:
    if quantity.dimension == "count" or quantity.of:
        return _noun_after(quantity, text)
    if goes_on := _GOES_ON.match(text, quantity.end):
        return " ".join(goes_on[1].split())[:_COUNTS_MAX]
    before = re.split(r"[.,;!?](?=\s)|\n", text[: quantity.start])[-1]
    while (shorter := _LEAD.sub("", before)) != before:
        before = shorter
    return " ".join(before.split())[-_COUNTS_MAX:]


def _noun_after(quantity: Quantity, text: str) -> str:
    """“unpaid invoices” in “12 unpaid invoices were …”: the words up to the first plural, else only the next word."""
    rest = text[quantity.end : quantity.end + _COUNTS_MAX]
    before = 0
    words: list[Word] = []
    for word in words_in(rest):
        between, before = rest[before : word.start], word.end
        if between.strip(" -"):
            break
        if word.is_stop:
            if words or word.text.lower() not in _OF:
                break
            continue
        words.append(word)
        if word.text.lower().endswith("s") or word.is_person:
            return rest[words[0].start : word.end]
        if len(words) == _WORDS_MAX:
            break
    return rest[words[0].start : words[0].end] if words else ""


_WORDS_MAX = 3
_OF = frozenset(["of", "the", "our", "my", "its", "these", "those", "other", "different"])

"""The length that a rule asks of a title or a text: "three sentences", "between 20 and 120 characters". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIZES = r"words?|characters?|chars?|sentences?|lines?|paragraphs?"
COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
TWO_TO_TEN = "|".join(word for word in COUNTS if word != "one")
COUNTS |= {"a couple of": 2, "a dozen": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
COUNTS |= {"sixty": 60, "eighty": 80, "hundred": 100, "a hundred": 100, "one hundred": 100, "two hundred": 200}
MANY = "|".join(sorted(COUNTS.keys() - {"one"}, key=len, reverse=True))
COUNTS |= {"a": 1, "an": 1}
_COUNT = rf"(?:\d[\d,]*|{MANY}|one)"
_FULL = r"(?:full |complete |whole |real |proper )?"
_SIZE = re.compile(rf"\b(?P<count>\d[\d,]*|{MANY})\+?[- ]{_FULL}(?P<of>{SIZES})\b")
_LEAST = (
    r"(?:at least|min(?:imum)?\.?(?: of)?|no (?:fewer|less|shorter) than|shorter than|longer than|over|above|under)"
)
_MOST = (
    r"(?:at (?:the )?most|max(?:imum)?\.?(?: of)?|(?:no|not) (?:more|longer) than|longer than|up to|over|above|"
    r"under|below)"
)
_RANGE = re.compile(
    rf"\b(?P<least>{_COUNT})(?: (?P<first>{SIZES}))? ?(?:-|–|—|to|and|up to) ?(?P<most>{_COUNT})"
    rf"[- ]{_FULL}(?P<of>{SIZES})\b"
)
_BOTH = re.compile(
    rf"\b{_LEAST}:? (?P<least>{_COUNT})(?:[- ]{_FULL}(?P<first>{SIZES}))?(?: long)?"
    rf"(?:,| and| or| but| nor|,? and| \(| /)+ ?{_MOST}:? (?P<most>{_COUNT})(?:[- ]{_FULL}(?P<of>{SIZES}))?(?!\w)"
)
_ONLY_LEAST = re.compile(r"\b(?:at least|min(?:imum)?|or (?:more|longer))\b")
_OF_TITLE = re.compile(r"\btitles?\b|\bheadlines?\b|\bsubject lines?\b")
_OF_TEXT = re.compile(r"\b(?:posts?|bod(?:y|ies)|texts?|submissions?|questions?|reviews?|stories)\b")

_AT_MOST = re.compile(
    r"\b(?:at most|maximum|max|no more than|not more than|no longer than|under|below|fewer than|less than|"
    r"shorter than|up to)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:no|not|never|nothing|remov\w*|delet\w*|filter\w*|lock\w*|reject\w*|taken|gone|binned|\w+n't)\b",
    re.IGNORECASE,
)
_TOO_LITTLE = re.compile(r"\b(?:under|below|fewer than|less than|shorter than)\b", re.IGNORECASE)
_TOO_MUCH = re.compile(r"\b(?:over|above|longer than|more than|beyond|exceed\w*)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Range:
    """From `least` to `most` of `unit`, both allowed."""

    least: int
    most: int
    unit: str


def size_in(words: str) -> tuple[int, str] | None:
    """Returns the length that words name, also in words: (3, "sentences") for "at least three full sentences". Of two
    it is the shorter.
    """
    low = words.lower()
    if (between := _two_in(low)) is not None:
        return between.least, between.unit
    found = _SIZE.search(low)
    return None if found is None else (count(found["count"]), found["of"])


def range_in(words: str) -> Range | None:
    """Returns the lengths between which words ask one; None where they do not name two, or the longer is no limit:
    "Write 3-4 sentences", "at least 100 to 150 words".
    """
    low = words.lower()
    found = _two_in(low)
    if found is None or _BOTH.search(low) is not None:
        return found
    is_counted_finely = found.unit.startswith(("word", "char")) or "between" in low
    return found if is_counted_finely and _ONLY_LEAST.search(low) is None else None


def _two_in(low: str) -> Range | None:
    found = _BOTH.search(low) or _RANGE.search(low)
    unit = None if found is None else found["of"] or found["first"]
    if found is None or unit is None:
        return None
    least, most = count(found["least"]), count(found["most"])
    return Range(least, most, unit) if least < most else None


def is_of_title(rule_name: str, words: str) -> bool:
    """Whether a length is asked of the title: the words say so, or the rule's name where they say of nothing."""
    low = words.lower()
    return _OF_TITLE.search(low) is not None or (
        _OF_TEXT.search(low) is None and _OF_TITLE.search(rule_name.lower()) is not None
    )


def is_most(words: str) -> bool:
    """Whether the length that words name is the most: "Keep it under 300 words", not "Under 300 words are removed"."""
    refused = _REFUSED.search(words) is not None
    if refused and _TOO_LITTLE.search(words):
        return False
    return _AT_MOST.search(words) is not None or (refused and _TOO_MUCH.search(words) is not None)


def count(word: str) -> int:
    """Returns the number that digits or a word of `COUNTS` name."""
    return COUNTS.get(word) or int(word.replace(",", "")[:9])

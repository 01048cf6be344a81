"""The words of a text as the prior and a community's model count them: in lower case, without web addresses and names
of accounts. Of a number only its count of digits matters, so that "63" and "41" are one term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from sys import intern

BODY_CHARS = 1_500  # of a body: what most readers see before they vote
TITLE_CHARS = 400
_LEFT_OUT = re.compile(
    r"https?://\S{1,2000}|www\.\S{1,2000}|(?<![\w/])/?u/[\w-]{2,30}|(?<![\w.])@\w{2,30}|&\w{2,6};", re.IGNORECASE
)
_MARKED_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\s]{1,2000}\)")
_WORD = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)?")
_LONGEST = 24  # characters of a word; anything longer is left out
_GRAMS = (3, 4, 5)


def words_of(text: str, limit: int) -> list[str]:
    """The words of the first `limit` characters, in their order."""
    plain = text[:limit].replace("’", "'").replace("‘", "'")
    if "](" in plain:
        plain = _MARKED_LINK.sub(r"\1 ", plain)
    if ":" in plain or "/" in plain or "@" in plain or "&" in plain or "www" in plain:
        plain = _LEFT_OUT.sub(" ", plain)
    return [
        intern("0" * min(4, len(word)) if word[0].isdigit() else word)  # thousands of posts share few words
        for word in _WORD.findall(plain.lower())
        if len(word) <= _LONGEST
    ]


def pairs_of(words: Sequence[str]) -> list[str]:
    """Neighbouring words. The beginning and the end count as words, so that a first word gives a pair of its own."""
    return [f"{a} {b}" for a, b in pairwise(["^", *words, "$"])]


def grams_of(word: str) -> list[str]:
    """Runs of three to five characters in a word; its two edges count as characters."""
    edged = f" {word} "
    return [edged[at : at + size] for size in _GRAMS for at in range(len(edged) - size + 1)]

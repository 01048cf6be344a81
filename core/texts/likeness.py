"""Whether two texts are nearly the same: by the pairs of words that stand side by side in both.

Thresholds are set on pairs of invented texts (tests/core/texts/test_likeness.py): a text that was lightly edited, put
in another order, cut to half or lengthened is one with the first; another text that stands on the same fact is not.
A text that was wholly reworded is not found.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_MAX_CHARS = 40_000
_SAME_OF_ALL = 0.4  # of the pairs of both texts, those that both have
_SAME_OF_SMALLER = 0.6  # of the pairs of the smaller one
_SMALLER_AT_LEAST = 15  # pairs; below, a sentence quoted from a longer text would count as that text
_SAME_TITLE = 0.6  # of the words of both titles
_SAME_WORDS = 0.4  # of the smaller text's words, when the titles are the same
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ing|ed|es|s)$")
_STOPWORDS = _words(
    "a an the and or but if so of to in on at by for with from as is are was were be been am i me my we our us "
    "you your he she it its they them their this that these those not no do does did have has had will would can "
    "could should what which who how when where why there here than then too very just about into over after "
    "before up out"
)


@dataclass(frozen=True, slots=True)
class _Print:
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def is_near(title: str, body: str, other_title: str, other_body: str) -> bool:
    """Whether two posts would be taken for one. An empty body is one that is not known: then the titles decide."""
    titles = fingerprint(title).words, fingerprint(other_title).words
    same_title = bool(titles[0]) and len(titles[0] & titles[1]) >= _SAME_TITLE * len(titles[0] | titles[1])
    if not body.strip() or not other_body.strip():
        return titles[0] == titles[1] and len(titles[0]) >= 3
    ours, theirs = fingerprint(f"{title}\n{body}"), fingerprint(f"{other_title}\n{other_body}")
    if same_title:
        bodies = fingerprint(body).words, fingerprint(other_body).words
        if len(bodies[0] & bodies[1]) >= _SAME_WORDS * max(1, min(map(len, bodies))):
            return True
    both = len(ours.pairs & theirs.pairs)
    smaller = min(len(ours.pairs), len(theirs.pairs))
    if both and both >= _SAME_OF_ALL * len(ours.pairs | theirs.pairs):
        return True
    return smaller >= _SMALLER_AT_LEAST and both >= _SAME_OF_SMALLER * smaller


@lru_cache(maxsize=2_000)  # a workspace's texts are compared with every draft
def fingerprint(text: str) -> _Print:
    """The words of a text that carry it, without endings, and which of them follow each other."""
    words = [
        _ENDING.sub("", word) if len(word) > 4 else word
        for word in _WORD.findall(text[:_MAX_CHARS].lower())
        if word not in _STOPWORDS
    ]
    return _Print(frozenset(words), frozenset(itertools.pairwise(words)))

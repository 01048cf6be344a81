"""Whether two texts are nearly the same, by the pairs of neighbouring words that both have.

Thresholds are set on pairs of invented texts (tests/core/texts/test_likeness.py). A text that was lightly edited, put
in another order, cut to half or lengthened counts as the same; a different text about the same fact does not. A text
that was reworded completely is not recognised.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from core.texts.plain import word_set

_MAX_CHARS = 40_000
_SAME_OF_ALL = 0.4  # the share of all pairs of the two texts that both must have
_SAME_OF_SMALLER = 0.6  # the share of the smaller text's pairs that both must have
_SMALLER_AT_LEAST = 15  # pairs; with fewer, a sentence quoted from a longer text would count as that text
_SAME_TITLE = 0.6  # of the words of both titles
_SAME_WORDS = 0.4  # of the smaller text's words, when the titles are the same
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ing|ed|es|s)$")
_STOPWORDS = word_set(
    "a an the and or but if so of to in on at by for with from as is are was were be been am i me my we our us "
    "you your he she it its they them their this that these those not no do does did have has had will would can "
    "could should what which who how when where why there here than then too very just about into over after "
    "before up out"
)


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def is_near(title: str, body: str, other_title: str, other_body: str) -> bool:
    """True when two posts are nearly the same. An empty body is an unknown one: then the titles decide."""
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
def fingerprint(text: str) -> _Fingerprint:
    """The words of a text without stop words and endings, and the pairs of those that follow each other."""
    words = [
        _ENDING.sub("", word) if len(word) > 4 else word
        for word in _WORD.findall(text[:_MAX_CHARS].lower())
        if word not in _STOPWORDS
    ]
    return _Fingerprint(frozenset(words), frozenset(itertools.pairwise(words)))

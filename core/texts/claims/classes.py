"""Whether a word is a noun, a verb or another word (adjective, adverb), guessed from a table and its neighbours.

A noun that no fact has is a claim by itself; a verb between nouns that a fact has is mostly the fact's verb in other
words. The table `word_classes.txt` comes from WordNet 3.1 (it contains the licence).
"""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files

from core.texts.claims import lexicon


class Class(Enum):
    THING = "noun"
    DEED = "verb"
    COLOUR = "other"


@cache
def _table() -> dict[str, str]:
    lines = files("core.texts.claims").joinpath("word_classes.txt").read_text(encoding="ascii").splitlines()
    return {word: line.split(" ", 1)[0] for line in lines if line[0] != "#" for word in line.split(" ")[1:]}


@cache
def _irregular() -> dict[str, str]:
    return dict(pair.split(":") for pair in lexicon.IRREGULAR.split())


_ENDINGS = (
    ("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ing", ""), ("ing", "e"), ("ied", "y"), ("ed", ""), ("ed", "e"),
    ("d", ""), ("ier", "y"), ("iest", "y"), ("er", ""), ("est", ""),
)  # fmt: skip
_OF_A_DEED = ("ing", "ed", "ied", "d")


@lru_cache(maxsize=20_000)
def classes_of(low: str) -> str:
    """Returns the letters of what a word can be: n(oun), v(erb), a(djective or adverb); “n” when it is not known."""
    table = _table()
    if low in table:
        return table[low]
    base = _irregular().get(low)
    if base is not None and base in table:
        return table[base]
    for ending, instead in _ENDINGS:
        if not low.endswith(ending) or len(low) - len(ending) < 3:
            continue
        root = low[: len(low) - len(ending)]
        for lemma in (root + instead, root[:-1] if root[-1] == root[-2] and not instead else root):
            found = table.get(lemma)
            if found is not None and ("v" in found or ending not in _OF_A_DEED):
                return "v" if ending in _OF_A_DEED else found
    if low.endswith(("ly", "less", "ful", "able", "ible", "ous")):
        return "a"
    return "n"


_BEFORE_A_DEED = frozenset(lexicon.BEFORE_A_DEED.split())
_BEFORE_A_THING = frozenset(lexicon.BEFORE_A_THING.split())


def class_of(low: str, before: str) -> Class:
    """Returns what a word is after the word `before` (both in lower case; "" at the beginning)."""
    can = classes_of(low)
    if can == "n":
        return Class.THING
    if len(can) > 1:
        if before in _BEFORE_A_DEED and "v" in can:
            return Class.DEED
        if "n" in can:
            return Class.THING
    if "v" in can and before in _BEFORE_A_THING and low.endswith(("ed", "ing")):
        return Class.COLOUR
    return Class.DEED if "v" in can else Class.COLOUR


_NO_DEGREE = frozenset(lexicon.NO_DEGREE.split())


@lru_cache(maxsize=5_000)
def is_degree(low: str) -> bool:
    """Whether a word that ends with “er” or “est” compares: “faster”, “finest”, but not “order”, “honest”."""
    if low in ("better", "best", "worse", "worst"):
        return True
    ending = "est" if low.endswith("est") else "er"
    root = low.removesuffix(ending)
    if root == low or low in _NO_DEGREE:
        return False
    undoubled = root[:-1] if len(root) > 2 and root[-1] == root[-2] else root
    return any("a" in _table().get(base, "") for base in (root, root + "e", undoubled, root.removesuffix("i") + "y"))

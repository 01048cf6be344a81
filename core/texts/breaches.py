"""Whether a passage of a post breaks a community's rule, keeps it, or has nothing to do with it.

Words alone cannot tell: “the giveaway was the smell” gives nothing away, and “please reply here” asks for no message.
The shipped transformer learned it from rules with passages that break them and such as come
near (`bench/corpora/breaches-train.jsonl`). It is asked about what the words found, and takes it back where it sees no
breach.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from core.texts.plain import readable
from core.texts.transformer import Part, Transformer, shipped

QUESTION = "breaches"
CONCERNED_FROM = 0.03  # the share from which a rule is concerned: the words that were found speak for it already
_RULE_MOST, _TITLE_MOST = 56, 20  # pieces of words that are read of each
_KEPT = 2_000  # passages


class Breach(StrEnum):
    """What a passage does to a rule. The order is that of the layers' labels."""

    BREAKS = "breaks"
    KEEPS = "keeps"  # comes near it
    APART = "apart"


def may_break(passage: str, title: str, rule: str) -> bool:
    """Returns whether a passage of a post with this title may break a rule (its name and description). Takes some ten
    milliseconds, so that it belongs off the event loop.
    """
    return share_of(passage, title, rule) >= CONCERNED_FROM


@lru_cache(maxsize=_KEPT)
def share_of(passage: str, title: str, rule: str) -> float:
    """Returns how likely a passage is to break a rule, from 0 to 1."""
    return share_by(shipped(Part.RULES), passage, title, rule)


def share_by(model: Transformer, passage: str, title: str, rule: str) -> float:
    """Returns what `share_of` does, by any model."""
    told = model.answers(QUESTION, *asked(passage, title, rule))
    highest = max(told.values())
    weights = {label: math.exp(each - highest) for label, each in told.items()}
    return weights[Breach.BREAKS] / sum(weights.values())


def asked(passage: str, title: str, rule: str) -> tuple[str, Sequence[tuple[str, int]]]:
    """Returns what is read, and beside what."""
    return readable(passage), ((readable(rule), _RULE_MOST), (readable(title), _TITLE_MOST))


def rule_words(short_name: str, description: str) -> str:
    """Returns a rule as it is read."""
    return f"{short_name}. {description}"

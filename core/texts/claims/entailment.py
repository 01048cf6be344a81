"""Infers whether facts carry a sentence: the shipped transformer reads the sentence beside its closest facts.

The trained reader (`reader.py`) counts signs and knows no meaning beyond its tables. The transformer also knows that
“stays on your own disk” follows from “sends nothing anywhere”. What it made of the last few thousand sentences is kept.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.texts.claims.comparing import Comparison
from core.texts.transformer import Transformer, shipped

QUESTION = "claims"  # its labels: invented, true, neutral
FACTS = 5  # that a sentence is read beside, as far as there is room
FACT_MOST, PRODUCT_MOST = 30, 14  # pieces of words of each that are read
_BY_MEANING = 2.0  # how much likeness of meaning weighs beside a shared word, when the closest facts are chosen
_LIKELY = 0.65  # of what makes it sure
_KEPT = 5_000  # sentences


@dataclass(frozen=True, slots=True)
class Lean:
    """How much speaks for a sentence being carried by no fact: what is inferred and the reader's score together. It is
    unbacked above 0. `is_sure`: of a hundred carried sentences of posts, two have as much; `is_likely`: some more.
    """

    speaks_against: float
    is_likely: bool
    is_sure: bool


def lean(found: Comparison, score: int) -> Lean:
    """Returns what speaks against a sentence; `score` is the trained reader's."""
    model = shipped()
    weigh = model.source["weigh"]
    inferred = _odds(found.text, beside(found, model))
    against = float(weigh["odds"] * inferred + weigh["reader"] * score - weigh["limit"])
    return Lean(against, against >= _LIKELY * weigh["sure"], against >= weigh["sure"])


def beside(found: Comparison, model: Transformer) -> tuple[tuple[str, int], ...]:
    """Returns what a sentence is read beside: the product in a few words, then the facts closest to the sentence."""
    product = found.known.product
    facts = ((fact, FACT_MOST) for fact in closest(found, model))
    return ((f"{product.name}: {product.description}", PRODUCT_MOST), *facts)


def closest(found: Comparison, model: Transformer) -> tuple[str, ...]:
    """Returns the facts that the poster may tell as their own and that are nearest to a sentence, the nearest first."""
    known = found.known.told_by((), in_first_person=True)
    shared = defaultdict[int, float](float)
    for places in {word.stem: known.holding(word) for clause in found.clauses for word in clause.content()}.values():
        for place in places:
            shared[place] += 1 / math.sqrt(len(places))
    meant = _meaning(model, found.text)
    near = [
        shared[place] + _BY_MEANING * float(meant @ _meaning(model, fact.text))
        for place, fact in enumerate(known.facts)
    ]
    order = sorted(range(len(near)), key=lambda place: (-near[place], place))
    return tuple(known.facts[place].text for place in order[:FACTS])


def odds(sentence: str, beside: tuple[tuple[str, int], ...], model: Transformer) -> float:
    """Returns the logarithm of the odds that some of a sentence is carried by none of what stands beside it."""
    told = model.answers(QUESTION, sentence, beside)
    return told["invented"] - math.log(math.exp(told["true"]) + math.exp(told["neutral"]))


@lru_cache(maxsize=_KEPT)
def _odds(sentence: str, beside: tuple[tuple[str, int], ...]) -> float:
    return odds(sentence, beside, shipped())


@lru_cache(maxsize=_KEPT)
def _meaning(model: Transformer, text: str) -> Any:
    return model.meaning(text)

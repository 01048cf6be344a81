"""Sensitivity: how the communities of the sample spread by what is seen alone, and how sure each value is.

The sample holds top posts only, without rules and removals: a card would say that the sensitivity is unknown. What is
measured is how well the witness *seen* tells communities apart.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import fmean, stdev

from bench.figure import Figure
from core.analysis.learning import Example
from core.analysis.promotion import FEATURES, Reception, promotes, promotion_of
from core.analysis.sensitivity import sensitivity_of
from core.texts.edits import without_edits
from core.texts.features import found
from core.texts.figures import Figures
from core.texts.markup import Text

_AGAIN = 200  # bootstrap samples
_APART = 1.96


def measure(communities: Mapping[str, Sequence[Example]]) -> Sequence[Figure]:
    values, deviations = {}, {}
    rng = random.Random(2026)
    for name, examples in communities.items():
        posts = [_received(one) for one in examples if one.body.strip()]
        values[name] = _value(posts)
        deviations[name] = stdev(_value(rng.choices(posts, k=len(posts))) for _ in range(_AGAIN))
        share = sum(one.promotes for one in posts) / len(posts)
        print(
            f"r/{name}: sensitivity by what is seen {values[name]:.1f}, deviation {deviations[name]:.2f}, {share:.0%}"
        )
    pairs = list(combinations(values, 2))
    apart = sum(
        abs(values[a] - values[b]) > _APART * (deviations[a] ** 2 + deviations[b] ** 2) ** 0.5 for a, b in pairs
    )
    told = f"{len(values)} communities by what is seen alone, {_AGAIN} bootstrap samples"
    return [
        Figure("norms: sensitivity, lowest", min(values.values()), None, "of 10", told),
        Figure("norms: sensitivity, highest", max(values.values()), None, "of 10", told),
        Figure("norms: sensitivity, mean bootstrap deviation", fmean(deviations.values()), 0.5, "points", told),
        Figure("norms: pairs of communities that stand apart", apart, None, f"of {len(pairs)}", told),
    ]


def _received(example: Example) -> Reception:
    text = Text(example.title, without_edits(example.body))
    return Reception(promotes([key for key in FEATURES if found(key, text)]), None, None, None)


def _value(posts: Sequence[Reception]) -> float:
    value = sensitivity_of(Figures(promotion=promotion_of(posts, [])), None).value
    return 0.0 if value is None else value

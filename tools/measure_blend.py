"""Measure how much a community's own model should weigh beside the prior, by its number of posts (docs/norms.md).

    nice python tools/measure_blend.py POSTS.csv.xz [--communities N] [--folds N]

POSTS is as for tools/train_prior.py. The prior of each community is one that saw no post of it. Of each community 50
posts, taken at random, are judged; the own model learns from the first of the others that have no title in common with
them, as many as `SIZES` say. Half of the communities set `HALF_AT` (core/analysis/learning.py), the other half shows
what it brings, and the other way round.
"""

from __future__ import annotations

import argparse
import html
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from train_prior import Corpus, fit, rows_of, shipped

from core.analysis.learning import OWN_AT_MOST, Training
from core.analysis.model import Effects, Seen, prior_alone
from core.analysis.prior import Prior

SIZES = (60, 100, 150, 190)
JUDGED = 50
LEAST = 240  # posts of a community
HALVES_AT = (0, 10, 20, 30, 40, 50, 60, 80, 100, 150, 200)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """What own model and prior say of a community's judged posts, each in standard deviations."""

    posts: int
    is_above: NDArray[np.bool_]
    own: Floats
    prior: Floats

    def auc(self, share: float) -> float:
        return float(roc_auc_score(self.is_above, share * self.own + (1 - share) * self.prior))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("posts", type=Path)
    parser.add_argument("--communities", type=int, default=300)
    parser.add_argument("--folds", type=int, default=3)
    asked = parser.parse_args()
    priors = _priors(Corpus(asked.posts), asked.folds)
    by_community: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows_of(asked.posts):
        by_community.setdefault(row["community"], []).append(row)
    names = sorted(name for name, rows in by_community.items() if len(rows) >= LEAST)
    random.Random(5).shuffle(names)  # noqa: S311 - no secret
    said = {name: _said(by_community[name], priors[name]) for name in names[: asked.communities]}
    sides = [[one for name in list(said)[at::2] for one in said[name]] for at in range(2)]
    for sets, shows in (sides, sides[::-1]):
        half_at = max(HALVES_AT, key=lambda at: fmean(one.auc(_share(one.posts, at)) for one in sets))
        print(f"set on {len(sets)} models: half of {OWN_AT_MOST} with {half_at} posts; on the others:")
        for size in SIZES:
            print(_line(size, half_at, [one for one in shows if one.posts == size]))
    return 0


def _share(posts: int, half_at: int) -> float:
    return OWN_AT_MOST * posts / (posts + half_at)


def _line(size: int, half_at: int, models: Sequence[Said]) -> str:
    told = [(one.auc(_share(size, half_at)), one.auc(0.5), one.auc(0.0)) for one in models]
    more, own = [new - equal for new, equal, _ in told], [new - alone for new, _, alone in told]
    means = " ".join(f"{fmean(one[at] for one in told):.4f}" for at in range(3))
    gains = f"{_interval(more)} above equal weights, {_interval(own)} above the prior"
    return f"{size} posts, {len(told)} communities: {means}; {gains}"


def _interval(differences: Sequence[float]) -> str:
    return f"{fmean(differences):+.4f} ± {1.96 * stdev(differences) / len(differences) ** 0.5:.4f}"


def _priors(corpus: Corpus, folds: int) -> dict[str, Prior]:
    fold_of = np.random.default_rng(7).permutation(len(corpus.names)) % folds
    found: dict[str, Prior] = {}
    for fold in range(folds):
        weights = fit(corpus, np.flatnonzero(fold_of[corpus.groups] != fold), 0.01)
        prior = shipped(corpus, weights, 40_000, {})
        found |= {name: prior for name, its in zip(corpus.names, fold_of, strict=True) if its == fold}
    return found


def _said(rows: Sequence[Mapping[str, Any]], prior: Prior) -> list[Said]:
    seen = [Seen.of(html.unescape(row["title"]), html.unescape(row["selftext"])) for row in rows]
    ranks = np.array([float(row["trend_rank"]) for row in rows])
    order = np.random.default_rng(11).permutation(len(rows)).tolist()
    judged = order[:JUDGED]
    titles = {seen[at].title for at in judged}
    known = [at for at in order[JUDGED:] if seen[at].title not in titles]
    is_above = ranks[judged] > np.median(ranks)
    if is_above.all() or not is_above.any():
        return []
    alone = prior_alone(prior)
    of_prior = np.array([_whole(alone.effects(seen[at], prior)) for at in judged])
    found = []
    for size in SIZES:
        if len(known) >= size:
            taken = known[:size]
            own = Training([seen[at] for at in taken], ranks[taken], prior).alone()
            of_own = np.array([_whole(own.model.effects(seen[at], prior)) for at in judged])
            found.append(Said(size, is_above, of_own, of_prior / own.prior_scale))
    return found


def _whole(effects: Effects) -> float:
    return sum(effects.parts.values())  # without the limit that a score has


if __name__ == "__main__":
    sys.exit(main())

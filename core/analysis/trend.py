"""What a community's model learns from, and how it is measured: ranks of scores compared with the community's own
trend, folds that keep near-duplicates together, and how well scores tell posts above the middle from those below.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
_MIN_FOR_TREND = 40  # posts found in one way; fewer are ranked without a trend
_DEGREE = 3
_HASHES, _BAND = 24, 3
_ALIKE = 0.5  # two texts are near-duplicates when the Jaccard index of their pairs of words is at least this
_MIN_PAIRS = 6
_Z = 1.96


def trend_ranks(scores: Sequence[float], times: Sequence[float], ways: Sequence[Hashable]) -> Floats:
    """The rank of each score, 0 to 1, among the posts found in the same way, after a cubic trend over time is removed,
    so that neither a community's growth nor a sample of its best posts makes a text look good. Before the trend is
    removed, equal scores have equal ranks.
    """
    ranks = np.full(len(scores), 0.5)
    all_scores, all_times = np.asarray(scores, dtype=float), np.asarray(times, dtype=float)
    for way in sorted(set(ways), key=str):
        at = np.flatnonzero([one == way for one in ways])
        plain = _ranked(all_scores[at])
        if len(at) >= _MIN_FOR_TREND and np.ptp(all_times[at]) > 0:
            place = _ranked(all_times[at]) * 2 - 1  # by order, so that a single old post does not bend the curve
            trend = np.polynomial.polynomial.polyfit(place, plain, _DEGREE)
            plain = _ranked(np.round(plain - np.polynomial.polynomial.polyval(place, trend), 9))
        ranks[at] = plain
    return ranks


def _average_ranks(values: Floats) -> Floats:
    """Ranks from 1; equal values all get the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[place]
    return ranks


def _ranked(values: Floats) -> Floats:
    ranks: Floats = (_average_ranks(values) - 0.5) / len(values)
    return ranks


def folds_of(titles: Sequence[Hashable], pairs: sparse.csr_matrix, count: int, seed: int = 7) -> NDArray[np.int64]:
    """The fold of each post. Posts with the same title, or with half of their pairs of words in common, share a
    fold.
    """
    group = _groups(titles, pairs)
    names, sizes = np.unique(group, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of_group = np.zeros(len(names), dtype=np.int64)
    filled = np.zeros(count)
    for at in order:
        fold_of_group[at] = int(np.argmin(filled))
        filled[fold_of_group[at]] += sizes[at]
    return fold_of_group[np.searchsorted(names, group)]


def _groups(titles: Sequence[Hashable], pairs: sparse.csr_matrix) -> NDArray[np.int64]:
    parent = list(range(len(titles)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[Hashable, int] = {}
    for at, title in enumerate(titles):
        if title:
            parent[root(at)] = root(first.setdefault(title, at))
    for one, other in _alike(pairs):
        parent[root(one)] = root(other)
    return np.array([root(at) for at in range(len(titles))])


def _alike(pairs: sparse.csr_matrix) -> list[tuple[int, int]]:
    """Pairs of near-duplicates, found by min-hashing and then compared."""
    rows = np.flatnonzero(np.diff(pairs.indptr) >= _MIN_PAIRS)
    if not len(rows):
        return []
    taken = pairs[rows]
    rng = np.random.default_rng(5)
    least = np.stack(
        [np.minimum.reduceat(rng.permutation(pairs.shape[1])[taken.indices], taken.indptr[:-1]) for _ in range(_HASHES)]
    )
    found = []
    for begin in range(0, _HASHES, _BAND):
        buckets: dict[tuple[int, ...], int] = {}
        for number, key in enumerate(map(tuple, least[begin : begin + _BAND].T.tolist())):
            other = buckets.setdefault(key, number)
            if other != number and _jaccard(taken, number, other) >= _ALIKE:
                found.append((int(rows[number]), int(rows[other])))
    return found


def _jaccard(matrix: sparse.csr_matrix, one: int, other: int) -> float:
    a = matrix.indices[matrix.indptr[one] : matrix.indptr[one + 1]]
    b = matrix.indices[matrix.indptr[other] : matrix.indptr[other + 1]]
    both = len(np.intersect1d(a, b))
    return both / (len(a) + len(b) - both)


@dataclass(frozen=True, slots=True)
class ToldApart:
    """The AUC: the share of all pairs of a post above and a post below the middle in which the one above has the higher
    score, with its interval.
    """

    share: float
    low: float
    high: float
    posts: int


def told_apart(said: Floats, is_above: NDArray[np.bool_]) -> ToldApart | None:
    """The AUC of the scores `said`, with DeLong's 95% interval; None when a side has fewer than two posts. Pairs of
    equal scores count half.
    """
    above, below = said[is_above], said[~is_above]
    if len(above) < 2 or len(below) < 2:
        return None
    ranks = _average_ranks(np.concatenate([above, below]))
    share_above = (ranks[: len(above)] - _average_ranks(above)) / len(below)
    share_below = 1 - (ranks[len(above) :] - _average_ranks(below)) / len(above)
    share = float(share_above.mean())
    variance = share_above.var(ddof=1) / len(above) + share_below.var(ddof=1) / len(below)
    # A perfect order has no variance. The interval is never narrower than if one pair were in the wrong order.
    spread = _Z * math.sqrt(max(float(variance), 1 / (len(above) * len(below)) / 4))
    return ToldApart(share, max(0.0, share - spread), min(1.0, share + spread), len(said))

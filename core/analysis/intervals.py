"""Quartiles, and the confidence intervals of shares: the statistics that the figures need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

CERTAINTY = 0.95


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """Returns lower quartile, median and upper quartile by linear interpolation; None without values."""
    if not values:
        return None
    ordered = sorted(values)

    def at(share: float) -> float:
        position = share * (len(ordered) - 1)
        low = math.floor(position)
        high = min(low + 1, len(ordered) - 1)
        return round(ordered[low] + (ordered[high] - ordered[low]) * (position - low), 2)

    return at(0.25), at(0.5), at(0.75)


def quantile_for(looks: int) -> float:
    """Returns the normal quantile z for two-sided intervals, of which `looks` hold together (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - CERTAINTY) / looks / 2)


def wilson(count: float, n: float, z: float) -> tuple[float, float]:
    """Returns Wilson's score interval of a share, inside 0 to 1; the whole range when `n` is 0."""
    if n == 0:
        return 0.0, 1.0
    share = count / n
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(max(0.0, share * (1 - share)) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def difference_interval(count_a: float, n_a: float, count_b: float, n_b: float, z: float) -> tuple[float, float]:
    """Returns Newcombe's interval of the difference of two independent shares, a - b (1998, method 10)."""
    if n_a == 0 or n_b == 0:
        return -1.0, 1.0
    a, b = count_a / n_a, count_b / n_b
    low_a, high_a = wilson(count_a, n_a, z)
    low_b, high_b = wilson(count_b, n_b, z)
    difference = a - b
    return (
        difference - math.hypot(a - low_a, high_b - b),
        difference + math.hypot(high_a - a, b - low_b),
    )


def joined_difference(blocks: Sequence[tuple[int, int, int, int]], z: float) -> tuple[float, float, float, float]:
    """Compares two shares within blocks, each (count_a, n_a, count_b, n_b) with both n above 0. Returns the weighted
    shares of a and b, and the interval of their difference a - b.

    Weights are n_a n_b / (n_a + n_b), as in Cochran, Mantel and Haenszel. A weighted share counts as one of
    1 / sum(weight² / n) posts, its effective sample size. With one block this is Newcombe's interval.
    """
    weights = [n_a * n_b / (n_a + n_b) for _, n_a, _, n_b in blocks]
    parts = [weight / sum(weights) for weight in weights]
    share_a = sum(part * a / n for part, (a, n, _, _) in zip(parts, blocks, strict=True))
    share_b = sum(part * b / n for part, (_, _, b, n) in zip(parts, blocks, strict=True))
    n_a = 1 / sum(part * part / n for part, (_, n, _, _) in zip(parts, blocks, strict=True))
    n_b = 1 / sum(part * part / n for part, (_, _, _, n) in zip(parts, blocks, strict=True))
    return share_a, share_b, *difference_interval(share_a * n_a, n_a, share_b * n_b, n_b, z)

"""Quartiles, and how certain a share is: the little statistics that the figures need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

CERTAINTY = 0.95


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """Lower quartile, median and upper quartile by linear interpolation; None without values."""
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
    """The normal quantile z for two-sided intervals that hold over `looks` of them together (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - CERTAINTY) / looks / 2)


def wilson(count: int, n: int, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share, inside 0 to 1; everything when there is nothing to go by."""
    if n == 0:
        return 0.0, 1.0
    share = count / n
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def difference_interval(count_a: int, n_a: int, count_b: int, n_b: int, z: float) -> tuple[float, float]:
    """Newcombe's interval of the difference of two independent shares, a - b (1998, method 10)."""
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

"""Posts that carry promotion: how many stand, how many were removed, how they are received. What it says of a community
is judged in `sensitivity.py`.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from core.texts.figures import Gap, Promotion, Share

FEATURES = ("promotion", "own_work")  # either makes a post one with promotion
MIN_SIDE = 10  # posts with and without promotion; with fewer, their reception is not compared


@dataclass(frozen=True, slots=True)
class Reception:
    """How a standing text post was received: `ratio` of its votes that are up, `comments`; None where not known, or not
    settled. Posts found in another `way` are not compared with it.
    """

    promotes: bool
    way: str | None
    ratio: float | None
    comments: int | None


def promotes(found: Container[str]) -> bool:
    """Whether a post with these features carries promotion."""
    return any(feature in found for feature in FEATURES)


def promotion_of(standing: Sequence[Reception], removed: Sequence[bool]) -> Promotion:
    """`removed`: of each removed text post whose text is known, whether it carries promotion."""
    return Promotion(
        standing=Share.counting(sum(one.promotes for one in standing), len(standing)),
        removed=Share.counting(sum(removed), len(removed)),
        reaction=reaction_of(standing),
    )


def reaction_of(posts: Sequence[Reception]) -> Gap | None:
    """The mean difference of votes and comments, each in standard deviations; None when a side has too few posts."""
    gaps = [
        gap
        for values in (
            [(one.promotes, one.way, one.ratio) for one in posts],
            [(one.promotes, one.way, None if one.comments is None else math.log1p(one.comments)) for one in posts],
        )
        if (gap := _gap(values)) is not None
    ]
    if not gaps:
        return None
    # Votes and comments of the same posts go together, so that two say little more than one.
    return Gap(
        round(fmean(gap.difference for gap in gaps), 4),
        max(gap.error for gap in gaps),
        max(gap.having for gap in gaps),
        max(gap.lacking for gap in gaps),
    )


def _gap(values: Iterable[tuple[bool, str | None, float | None]]) -> Gap | None:
    by_way: dict[str | None, list[tuple[bool, float]]] = {}
    for has, way, value in values:
        if value is not None:
            by_way.setdefault(way, []).append((has, value))
    sides: Mapping[bool, list[float]] = {True: [], False: []}
    for rows in by_way.values():
        middle, spread = fmean(value for _, value in rows), pstdev(value for _, value in rows)
        if spread > 0:
            for has, value in rows:
                sides[has].append((value - middle) / spread)
    having, lacking = len(sides[True]), len(sides[False])
    if min(having, lacking) < MIN_SIDE:
        return None
    difference = fmean(sides[True]) - fmean(sides[False])
    return Gap(round(difference, 4), round(math.sqrt(1 / having + 1 / lacking), 4), having, lacking)

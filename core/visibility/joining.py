"""Equal readings in a row are kept as one, which tells how often, from when and until when it was seen: a post that
does not change is looked at thousands of times.

What a joined reading confirms is what its looks would have confirmed one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from core.model import Reading, View
from core.visibility.evidence import NOT_THERE_YET, SPACING

# Everything a reading says; how often votes and comments were counted says nothing about visibility.
_said = attrgetter(
    "view",
    "basis",
    "outcome",
    "found",
    "control_live",
    "category",
    "indexable",
    "author_present",
    "body_state",
    "locked",
    "author_status",
    "problem",
    "closure",
    "looked_by",
)


def joined(row: Reading, reading: Reading, posted_at: datetime) -> Reading | None:
    """`row` with one more look, `reading`; None when it says something else, or the clock jumped between them.

    Looks of people are kept one by one. A missing id of the first minutes is no evidence, later it is: that reading
    begins anew.
    """
    at = reading.read_at
    if reading.view is View.PERSON or reading.clock_jump_s or at <= row.ended_at or _said(row) != _said(reading):
        return None
    if reading.found is False and reading.closure is None and row.read_at < posted_at + NOT_THERE_YET:
        return None
    counts = at - (row.apart_at or row.read_at) >= SPACING
    return replace(
        row,
        last_read_at=at,
        times=row.times + 1,
        apart=row.apart + counts,
        apart_at=at if counts else row.apart_at,
        score=row.score if reading.score is None else reading.score,
        num_comments=row.num_comments if reading.num_comments is None else reading.num_comments,
    )


def covers(row: Reading, reading: Reading) -> bool:
    """The look `reading` is one of those of `row`."""
    return row.read_at <= reading.read_at <= row.ended_at and _said(row) == _said(reading)


def rows_of(history: Sequence[Reading], readings: Sequence[Reading], posted_at: datetime) -> tuple[Reading, ...]:
    """What is kept of the new `readings` of a check, in their order: each as a row of its own, or as the newest row of
    `history` that it continues. A row that another view followed does not go on, because their order counts.
    """
    rows: list[Reading] = []
    newest = history[-1] if history else None
    for reading in readings:
        row = joined(newest, reading, posted_at) if newest is not None else None
        newest = row or reading
        rows.append(newest)
    return tuple(rows)

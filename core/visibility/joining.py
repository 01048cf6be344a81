"""Equal readings in a row are kept as one row, which tells how often, from when and until when this was seen. A post
that does not change is looked at thousands of times.

A joined reading confirms exactly what its looks would have confirmed one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from core.model import Reading, View
from core.visibility.evidence import NOT_THERE_YET, SPACING
from core.visibility.tracking import Growth

# Everything that a reading says about visibility; the counts of votes and comments say nothing about it.
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
    "has_picture",
)


def joined(row: Reading, reading: Reading, posted_at: datetime) -> Reading | None:
    """`row` with one more look, `reading`; None when it does not go on (`growth`)."""
    grown = growth(row, reading, posted_at)
    return None if grown is None else replace(row, **grown._asdict())


def growth(row: Reading, reading: Reading, posted_at: datetime) -> Growth | None:
    """What one more look, `reading`, changes in `row`; None when it says something else, or the clock jumped between
    them.

    Looks of people are kept one by one. A missing id proves nothing in the first minutes after posting and does later,
    so a row of those first minutes is not continued.
    """
    at = reading.read_at
    if reading.view is View.PERSON or reading.clock_jump_s or at <= row.ended_at or _said(row) != _said(reading):
        return None
    if reading.found is False and reading.closure is None and row.read_at < posted_at + NOT_THERE_YET:
        return None
    counts = at - (row.apart_at or row.read_at) >= SPACING
    return Growth(
        last_read_at=at,
        times=row.times + 1,
        apart=row.apart + counts,
        apart_at=at if counts else row.apart_at,
        score=row.score if reading.score is None else reading.score,
        num_comments=row.num_comments if reading.num_comments is None else reading.num_comments,
    )


def covers(row: Reading, reading: Reading) -> bool:
    """True when `reading` is one of the looks that `row` stands for."""
    return row.read_at <= reading.read_at <= row.ended_at and _said(row) == _said(reading)


def rows_of(history: Sequence[Reading], readings: Sequence[Reading], posted_at: datetime) -> tuple[Reading, ...]:
    """The rows that keep the new `readings` of a check, in their order. A reading continues the newest row before it
    when they are equal, else it becomes a row of its own. A row is not continued after another view's, because the
    order of readings counts.
    """
    rows: list[Reading] = []
    newest = history[-1] if history else None
    for reading in readings:
        row = joined(newest, reading, posted_at) if newest is not None else None
        newest = row or reading
        rows.append(newest)
    return tuple(rows)

"""A chart's content as plain JSON: words, numbers and uncertainty. `drawing.py` decides how it looks.

A chart has *series* (its communities, at most `SERIES_MAX`, or the parts that its counts have) and panels in two
columns, or in one that is as wide as both. A panel's list with one value
per series has the order of the series, and None means "too few posts to draw". A panel with `says` shows only these
words; a panel without it has at least one value to draw. All words are plain text; a box replaces characters that the
fonts lack.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

SERIES_MAX = 5  # the number of colours and marks that also colour-blind people can tell apart


class Band(TypedDict):
    """The middle half of posts: from `low` to `high`, with the median `middle`."""

    low: float
    middle: float
    high: float


class Measure(TypedDict):
    """One quantity on a scale of its own. `value` is the band in words when there is only one series."""

    label: str
    value: str
    bands: list[Band | None]


class Measures(TypedDict):
    kind: Literal["measures"]
    title: str
    note: str
    says: str
    measures: list[Measure]


class Share(TypedDict):
    """A share, 0 to 1, and its confidence interval."""

    share: float
    low: float
    high: float


class ShareRow(TypedDict):
    label: str
    shares: list[Share | None]


class Shares(TypedDict):
    """Shares on one common scale from 0 to 100%."""

    kind: Literal["shares"]
    title: str
    note: str
    says: str
    rows: list[ShareRow]


class Effect(TypedDict):
    """A difference of two shares, -1 to 1, with its interval. `value` is the two shares in words."""

    label: str
    value: str
    difference: float
    low: float
    high: float


class Effects(TypedDict):
    """Differences around zero. `less` and `more` are the words for the two sides. `reach` is how far the scale goes on
    either side; None: as far as the values need.
    """

    kind: Literal["effects"]
    title: str
    note: str
    says: str
    less: str
    more: str
    effects: list[Effect]
    reach: float | None


class TimeShare(Share):
    """A share at one time. `side`: it stands out above (1) or below (-1) the usual one; 0: chance explains it. Its
    interval does not tell that alone: a slot is compared with what is left without stronger ones.
    """

    side: Literal[-1, 0, 1]


class Strip(TypedDict):
    """A share for every slot of a day or a week. `ticks` name the slots, or, with one more tick, the edges
    between them.
    """

    label: str
    ticks: list[str]
    slots: list[TimeShare | None]


class Rhythm(TypedDict):
    """Shares over time on one scale, around `usual`, the share over all times."""

    kind: Literal["rhythm"]
    title: str
    note: str
    says: str
    usual: float
    strips: list[Strip]


class CountRow(TypedDict):
    """What was counted in one place, a number for each series. `value` is the numbers in words; `note` stands below."""

    label: str
    value: str
    counts: list[int]
    note: NotRequired[str]


class Counts(TypedDict):
    """Counts as bars on one common scale, each parted by series: the first series is what went well, the second what
    did not, a third what is open.
    """

    kind: Literal["counts"]
    title: str
    note: str
    says: str
    rows: list[CountRow]


Panel = Measures | Shares | Effects | Rhythm | Counts


class Chart(TypedDict):
    """`warning` is drawn prominently (sample data, series left out); `footnote` is for sample size and age."""

    title: str
    subtitle: str
    warning: str
    series: list[str]
    columns: list[list[Panel]]
    footnote: str

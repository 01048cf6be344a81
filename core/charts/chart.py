"""What a chart says, as plain JSON: words, numbers and uncertainty, without a look. `drawing.py` gives it one.

A chart has *series* (the communities it is about, at most `SERIES_MAX`) and panels in two columns. Wherever a panel
holds one thing a series, the order is the series' own, and None stands for "too few posts to draw". A panel with
`says` shows these words and nothing else; one without holds at least one thing to draw. All words are plain text;
whatever the fonts lack is shown as a box.
"""

from __future__ import annotations

from typing import Literal, TypedDict

SERIES_MAX = 5  # as many as there are colours and marks that stay apart for every eye


class Band(TypedDict):
    """Where the middle half of posts lies: from `low` to `high`, with the median `middle`."""

    low: float
    middle: float
    high: float


class Measure(TypedDict):
    """One quantity on a scale of its own. `value` tells the band in words where there is one series alone."""

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
    """A share, 0 to 1, and the interval that holds the true one with certainty."""

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
    """A difference of two shares, -1 to 1, with its interval. `value` tells the two shares in words."""

    label: str
    value: str
    difference: float
    low: float
    high: float


class Effects(TypedDict):
    """Differences around zero. `less` and `more` say what either side of it means."""

    kind: Literal["effects"]
    title: str
    note: str
    says: str
    less: str
    more: str
    effects: list[Effect]


class Strip(TypedDict):
    """A share for every slot of a day or a week. `ticks` are the slots' names; one more of them names the edges."""

    label: str
    ticks: list[str]
    slots: list[Share | None]


class Rhythm(TypedDict):
    """Shares over time, side by side on one scale, around `usual`, the share of all times together."""

    kind: Literal["rhythm"]
    title: str
    note: str
    says: str
    usual: float
    strips: list[Strip]


Panel = Measures | Shares | Effects | Rhythm


class Chart(TypedDict):
    """`warning` stands out (sample data, series left out); `footnote` is for sample size and age."""

    title: str
    subtitle: str
    warning: str
    series: list[str]
    columns: list[list[Panel]]
    footnote: str

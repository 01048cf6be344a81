"""The drawer of charts: matplotlib, in a process of its own (`python -m core.charts.drawing`, see core/worker.py).

A chart is `WIDTH` pixels wide (`NARROW` with one column) and as high as its panels need. Its words can still be read
when a phone shows the picture at less than a third of that width. The same chart gives the same bytes.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from core.charts.chart import (
    Band,
    Chart,
    CountRow,
    Counts,
    Effects,
    Measure,
    Measures,
    Panel,
    Rhythm,
    Share,
    Shares,
    Strip,
)
from core.charts.sheet import LINE_HEIGHT, NARROW, WIDTH, Sheet, drawable, text_width, wrapped
from core.charts.theme import (
    ALARM,
    COLOURS,
    EMPTY,
    EVEN,
    HEADING,
    LABEL,
    LESS,
    MARKS,
    MORE,
    MUTED,
    PAPER,
    PARTS,
    RULE,
    SMALL,
    SUBTITLE,
    TITLE,
    pale,
)
from core.worker import serve

MARGIN, GUTTER = 38, 48
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2

LOGARITHMIC_FROM = 25  # with a larger ratio of largest to smallest number, a linear scale would squeeze the small ones

# Heights, unless marked as widths.
_HEAD, _LEGEND_ROW, _FOOT = 146, 44, 48
_HEADING, _NOTE, _PANEL_GAP = 44, 32, 36
_LINE = 34  # a line of words in a panel
_TICKS = 30  # the words of a scale
_ROW_GAP, _SHARE_GAP = 10, 14
_EFFECT, _STRIP = 76, 190
_COUNT, _BAR = 88, 30
_OVER_THE_EDGE = 30  # of a strip: how far the names of its first and last slot may extend
_SHARE_LABEL, _PERCENT, _SCALE_LABEL = 292, 98, 78  # widths
_LEGEND_MARK, _LEGEND_GAP = 34, 44  # widths
_EDGE = 8  # of the sheet, which words do not touch


def draw(chart: Chart) -> str:
    """The worker's function: a chart as PNG in base64."""
    return base64.b64encode(sheet_of(chart).png()).decode()


def sheet_of(chart: Chart) -> Sheet:
    return _Drawing(chart).sheet


class _Drawing:
    """Draws one chart on a sheet, from the top down."""

    def __init__(self, chart: Chart) -> None:
        self._series = chart["series"]
        width = WIDTH if len(chart["columns"]) > 1 else NARROW
        self._inside = width - 2 * MARGIN
        self._column = COLUMN if len(chart["columns"]) > 1 else self._inside
        is_counted = any(panel["kind"] == "counts" for column in chart["columns"] for panel in column)
        self._legend = [("s", colour) for colour in PARTS] if is_counted else list(zip(MARKS, COLOURS, strict=True))
        legend = _legend_rows(chart["series"], self._inside) if len(chart["series"]) > 1 else []
        self.sheet = Sheet(self._natural_height(chart, len(legend)), width)
        y = self._head(chart, legend)
        for number, column in enumerate(chart["columns"]):
            x, top = MARGIN + number * (COLUMN + GUTTER), y
            for panel in column:
                self._panel(panel, x, top)
                top += self._panel_height(panel) + _PANEL_GAP
        self.sheet.words(chart["footnote"], MARGIN, self.sheet.height - 36, SMALL, MUTED, width=self._inside)

    def _natural_height(self, chart: Chart, legend_rows: int) -> int:
        head = _HEAD + legend_rows * _LEGEND_ROW + (_LINE if chart["warning"] else 0)
        columns = [sum(self._panel_height(panel) + _PANEL_GAP for panel in column) for column in chart["columns"]]
        return math.ceil(head + max(columns, default=0) + (_FOOT if chart["footnote"] else 0))

    # ------------------------------------------------ head

    def _head(self, chart: Chart, legend: Sequence[Sequence[int]]) -> float:
        """Draw title, warning and legend. Returns where the panels begin."""
        self.sheet.words(chart["title"], MARGIN, 56, TITLE, bold=True, width=self._inside)
        self.sheet.words(chart["subtitle"], MARGIN, 100, SUBTITLE, MUTED, width=self._inside)
        y = 100.0
        if chart["warning"]:
            y += _LINE
            self.sheet.words(chart["warning"], MARGIN, y, SUBTITLE, ALARM, bold=True, width=self._inside)
        for row in legend:
            y += _LEGEND_ROW
            x = float(MARGIN)
            for index in row:
                self.sheet.mark(x + 12, y, *self._legend[index])
                x += _LEGEND_MARK
                room = self._inside - _LEGEND_MARK
                x += self.sheet.words(chart["series"][index], x, y, LABEL, bold=True, width=room) + _LEGEND_GAP
        return y + 46

    # ------------------------------------------------ panels

    def _panel_height(self, panel: Panel) -> float:
        note = (_NOTE if panel["note"] else 0) - (0 if panel["title"] else _HEADING)
        if panel["says"]:
            return _HEADING + note + len(wrapped(panel["says"], LABEL, self._column)) * LABEL * LINE_HEIGHT
        match panel["kind"]:
            case "measures":
                inside = len(panel["measures"]) * (_LINE + self._cluster() + _TICKS + _ROW_GAP) - _ROW_GAP
            case "shares":
                row = self._cluster() + (_LINE if len(self._series) > 1 else 0) + _SHARE_GAP
                inside = len(panel["rows"]) * row + _TICKS
            case "effects":
                inside = len(panel["effects"]) * _EFFECT + _TICKS
            case "rhythm":
                inside = _STRIP + _TICKS + _LINE
            case "counts":
                inside = sum(self._count_height(row) for row in panel["rows"])
        return _HEADING + note + inside

    def _cluster(self) -> float:
        """Returns the height of one measure, share or effect with its row for each series."""
        return 26 if len(self._series) <= 1 else 24 * len(self._series) + 6

    def _panel(self, panel: Panel, x: float, y: float) -> None:
        if panel["title"]:
            self.sheet.words(panel["title"], x, y + 16, HEADING, bold=True, width=self._column)
            y += _HEADING
        if panel["note"]:
            self.sheet.words(panel["note"], x, y + 8, SMALL, MUTED, width=self._column)
            y += _NOTE
        if panel["says"]:
            self.sheet.paragraph(panel["says"], x, y, LABEL, MUTED, self._column)
            return
        match panel["kind"]:
            case "measures":
                self._measures(panel, x, y)
            case "shares":
                self._shares(panel, x, y)
            case "effects":
                self._effects(panel, x, y)
            case "rhythm":
                self._rhythm(panel, x, y)
            case "counts":
                self._counts(panel, x, y)

    def _x_ticks(self, axes: Axes, x: float, y: float, width: float, ticks: Sequence[tuple[float, str]]) -> None:
        """Draw faint lines through the field, with their words below it, at `y`; leave out words that would touch."""
        low, high = axes.get_xlim()
        taken = -math.inf
        for value, label in ticks:
            at = x + width * (value - low) / (high - low)
            axes.axvline(value, color=RULE, linewidth=1.5, zorder=0)
            half = text_width(label, SMALL) / 2
            at = min(max(at, half + _EDGE), self.sheet.width - half - _EDGE)
            if at - half > taken + 10:
                self.sheet.words(label, at, y + 14, SMALL, MUTED, width=COLUMN, align="center")
                taken = at + half

    # ------------------------------------------------ the middle halves

    def _measures(self, panel: Measures, x: float, y: float) -> None:
        for measure in panel["measures"]:
            value = self.sheet.words(measure["value"], x + COLUMN, y + 16, LABEL, width=COLUMN * 0.55, align="right")
            room = COLUMN - value - 16
            self.sheet.words(measure["label"], x, y + 16, LABEL, width=room)
            y += _LINE
            height = self._cluster()
            self._measure(measure, x, y, height)
            y += height + _TICKS + _ROW_GAP

    def _measure(self, measure: Measure, x: float, y: float, height: float) -> None:
        known = [band for band in measure["bands"] if band is not None]
        if not known:
            self.sheet.words("too few posts", x, y + height / 2, SMALL, MUTED, width=COLUMN)
            return
        scale = _Scale(known, room=0.0 if len(self._series) <= 1 else 0.15)
        axes = self.sheet.field(x, y, COLUMN, height)
        axes.set_xlim(*scale.limits)
        axes.set_ylim(height, 0)
        self._x_ticks(axes, x, y + height, COLUMN, scale.ticks)
        step = height / len(measure["bands"])
        for index, band in enumerate(measure["bands"]):
            middle = step * (index + 0.5)
            if band is None:
                self.sheet.words("too few posts", x, y + middle, SMALL * 0.9, MUTED, width=COLUMN)
                continue
            self._band(axes, scale, band, middle, min(20.0, step - 8), COLOURS[index])
            if len(self._series) > 1:
                end = x + COLUMN * scale.part(band["high"])
                self.sheet.words(_short(band["middle"]), end + 10, y + middle, SMALL, COLOURS[index], width=90)

    @staticmethod
    def _band(axes: Axes, scale: _Scale, band: Band, middle: float, thick: float, colour: str) -> None:
        low, at, high = (scale.place(band[edge]) for edge in ("low", "middle", "high"))
        least = (scale.limits[1] - scale.limits[0]) * 0.012  # a band without width stays visible
        grown = max(0.0, least - (high - low)) / 2
        axes.add_patch(
            Rectangle(
                (low - grown, middle - thick / 2),
                high - low + 2 * grown,
                thick,
                facecolor=pale(colour),
                linewidth=0,
                clip_on=False,
            )
        )
        axes.plot(
            [at, at],
            [middle - thick / 2 - 4, middle + thick / 2 + 4],
            color=colour,
            linewidth=6,
            solid_capstyle="butt",
            clip_on=False,
        )

    # ------------------------------------------------ shares

    def _shares(self, panel: Shares, x: float, y: float) -> None:
        one = len(self._series) <= 1
        field_x, field_width = (x + _SHARE_LABEL, COLUMN - _SHARE_LABEL - _PERCENT) if one else (x, COLUMN - 12)
        row_height = self._cluster() + (0 if one else _LINE) + _SHARE_GAP
        height = row_height * len(panel["rows"])
        axes = self.sheet.field(field_x, y, field_width, height)
        axes.set_xlim(0, 1)
        axes.set_ylim(height, 0)
        ticks = [(0.0, "0"), (0.5, "50%"), (1.0, "100%")]
        self._x_ticks(axes, field_x, y + height, field_width, ticks)
        for number, row in enumerate(panel["rows"]):
            top = row_height * number
            if one:
                self.sheet.words(row["label"], x, y + top + row_height / 2, LABEL, width=_SHARE_LABEL - 14)
                share = row["shares"][0] if row["shares"] else None
                said = _percent(share["share"]) if share else "too few"
                right = x + COLUMN
                self.sheet.words(said, right, y + top + row_height / 2, LABEL, width=_PERCENT + 30, align="right")
                if share is not None:
                    self._bar(axes, share, top + row_height / 2)
                continue
            self.sheet.words(row["label"], x, y + top + 16, LABEL, width=COLUMN)
            step = self._cluster() / len(self._series)
            for index, share in enumerate(row["shares"]):
                if share is not None:
                    self._dot(axes, share, top + _LINE + step * (index + 0.5), index)

    @staticmethod
    def _bar(axes: Axes, share: Share, middle: float) -> None:
        axes.add_patch(Rectangle((0, middle - 11), share["share"], 22, facecolor=pale(COLOURS[0]), linewidth=0))
        axes.plot([share["low"], share["high"]], [middle, middle], color=COLOURS[0], linewidth=4, clip_on=False)

    @staticmethod
    def _dot(axes: Axes, share: Share, middle: float, index: int) -> None:
        axes.plot([share["low"], share["high"]], [middle, middle], color=COLOURS[index], linewidth=4, clip_on=False)
        axes.plot(
            [share["share"]],
            [middle],
            linestyle="none",
            marker=MARKS[index],
            markersize=14,
            color=COLOURS[index],
            clip_on=False,
        )

    # ------------------------------------------------ differences

    def _effects(self, panel: Effects, x: float, y: float) -> None:
        height = _EFFECT * len(panel["effects"])
        reach = max(max(abs(effect["low"]), abs(effect["high"])) for effect in panel["effects"])
        reach = panel["reach"] or min(1.0, max(0.2, math.ceil(reach * 10) / 10))
        axes = self.sheet.field(x + 12, y, COLUMN - 24, height)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(height, 0)
        for number, effect in enumerate(panel["effects"]):
            top = _EFFECT * number
            colour = MORE if effect["difference"] > 0 else LESS
            middle = top + _LINE + 14
            said = self.sheet.words(
                effect["value"], x + COLUMN, y + top + 16, LABEL, colour, width=200, align="right", bold=True
            )
            room = COLUMN - said - 16
            self.sheet.words(effect["label"], x, y + top + 16, LABEL, width=room)
            axes.plot([0, 0], [middle - 14, middle + 14], color=EVEN, linewidth=2.5, zorder=1)
            axes.plot([-reach, reach], [middle, middle], color=RULE, linewidth=1.5, zorder=0)
            axes.plot([effect["low"], effect["high"]], [middle, middle], color=colour, linewidth=5, clip_on=False)
            axes.plot(
                [effect["difference"]],
                [middle],
                linestyle="none",
                marker="o",
                markersize=17,
                color=colour,
                clip_on=False,
            )
        self.sheet.words(f"← {panel['less']}", x, y + height + 14, SMALL, LESS, width=COLUMN / 2 - 10)
        self.sheet.words(
            f"{panel['more']} →", x + COLUMN, y + height + 14, SMALL, MORE, width=COLUMN / 2 - 10, align="right"
        )

    # ------------------------------------------------ counts

    @staticmethod
    def _count_height(row: CountRow) -> float:
        return _COUNT + (_NOTE if row.get("note") else 0)

    def _counts(self, panel: Counts, x: float, y: float) -> None:
        most = max([1, *(sum(row["counts"]) for row in panel["rows"])])
        top = y
        for row in panel["rows"]:
            said = self.sheet.words(
                row["value"], x + self._column, top + 16, LABEL, width=self._column * 0.65, align="right"
            )
            self.sheet.words(row["label"], x, top + 16, LABEL, bold=True, width=self._column - said - 16)
            axes = self.sheet.field(x, top + _LINE, self._column, _BAR)
            axes.set_xlim(0, most)
            axes.set_ylim(0, 1)
            begin = 0
            for count, colour in zip(row["counts"], PARTS, strict=False):
                axes.add_patch(Rectangle((begin, 0), count, 1, facecolor=colour, edgecolor=PAPER, linewidth=3))
                begin += count
            self.sheet.words(row.get("note", ""), x, top + _LINE + _BAR + 20, SMALL, MUTED, width=self._column)
            top += self._count_height(row)

    # ------------------------------------------------ times

    def _rhythm(self, panel: Rhythm, x: float, y: float) -> None:
        gap = 26
        left = _SCALE_LABEL  # once for all strips
        width = (COLUMN - left - gap * (len(panel["strips"]) - 1)) / max(1, len(panel["strips"]))
        for value, label in ((0.0, "0"), (0.5, "50%"), (1.0, "100%")):
            at = y + _LINE + 6 + (_STRIP - 12) * (1 - value)
            self.sheet.words(label, x + left - 10, at, SMALL, MUTED, width=left, align="right")
        for number, strip in enumerate(panel["strips"]):
            at = x + left + number * (width + gap)
            self.sheet.words(strip["label"], at + width / 2, y + 14, SMALL, width=width, align="center")
            self._strip(strip, panel["usual"], at, y + _LINE, width)

    def _strip(self, strip: Strip, usual: float, x: float, y: float, width: float) -> None:
        slots = strip["slots"]
        axes = self.sheet.field(x, y + 6, width, _STRIP - 12)
        axes.set_xlim(0, len(slots))
        axes.set_ylim(0, 1)
        for value in (0.0, 0.5, 1.0):
            axes.axhline(value, color=RULE, linewidth=1.5, zorder=0)
        axes.axhline(usual, color=EVEN, linewidth=2.5, zorder=0)
        for number, slot in enumerate(slots):
            middle = number + 0.5
            if slot is None:
                axes.add_patch(Rectangle((number + 0.1, 0), 0.8, 1, facecolor=EMPTY, linewidth=0, zorder=0))
                continue
            colour = (LESS, EVEN, MORE)[slot["side"] + 1]
            axes.plot([middle, middle], [slot["low"], slot["high"]], color=colour, linewidth=5, clip_on=False)
            axes.plot([middle], [slot["share"]], linestyle="none", marker="o", markersize=12, color=colour)
        edges = len(strip["ticks"]) == len(slots) + 1
        taken = -math.inf
        for number, tick in enumerate(strip["ticks"]):
            at = x + width * (number + (0 if edges else 0.5)) / max(1, len(slots))
            half = text_width(drawable(tick), SMALL) / 2
            if tick and at - half > taken + 6:
                room = 2 * (min(at - x, x + width - at) + _OVER_THE_EDGE)
                self.sheet.words(tick, at, y + _STRIP + 14, SMALL, MUTED, width=room, align="center")
                taken = at + half


def _legend_rows(series: Sequence[str], inside: float) -> list[list[int]]:
    """Returns the series' numbers in rows, as many on a row as fit."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for index, name in enumerate(series):
        wide = _LEGEND_MARK + min(inside - _LEGEND_MARK, text_width(drawable(name), LABEL, bold=True)) + _LEGEND_GAP
        if rows[-1] and used + wide > inside + _LEGEND_GAP:
            rows.append([])
            used = 0.0
        rows[-1].append(index)
        used += wide
    return rows


class _Scale:
    """A scale from the smallest to the largest band: linear, or logarithmic when the numbers are far apart."""

    def __init__(self, bands: Sequence[Band], *, room: float) -> None:
        low, high = min(band["low"] for band in bands), max(band["high"] for band in bands)
        smallest = max(1.0, min(abs(band["middle"]) for band in bands))
        self._logarithmic = high > 100 and high / smallest > LOGARITHMIC_FROM
        start, end = min(0.0, low), max(high, 1.0)
        values = self._tick_values(start, end)
        end = max(end, values[-1])
        self.limits = self.place(start), self.place(end) + (self.place(end) - self.place(start)) * room
        self.ticks = [(self.place(value), _short(value)) for value in values if value >= start]

    def place(self, value: float) -> float:
        return math.copysign(math.log10(1 + abs(value)), value) if self._logarithmic else value

    def part(self, value: float) -> float:
        """Returns a number's position on the scale, 0 to 1."""
        return (self.place(value) - self.limits[0]) / (self.limits[1] - self.limits[0])

    def _tick_values(self, start: float, end: float) -> list[float]:
        if not self._logarithmic:
            return [float(value) for value in MaxNLocator(nbins=5, integer=True).tick_values(start, end)]
        decades = range(1, math.ceil(math.log10(end)) + 1)
        return [0.0, *(10.0**decade for decade in decades[:: math.ceil(len(decades) / 5)])]


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _short(value: float) -> str:
    """Returns a number in at most six characters: 250, 2.5k, 3M."""
    if abs(value) >= 1e15:
        return f"{value:.0e}"
    for size, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")):
        if abs(value) >= size:
            part = value / size
            return f"{part:.0f}{unit}" if abs(part) >= 100 else f"{part:.3g}{unit}"
    return f"{value:.2g}"


if __name__ == "__main__":
    serve({"draw": draw})

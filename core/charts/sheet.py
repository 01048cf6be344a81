"""A sheet for a chart: words that fit, empty fields to draw data in, and boxes for characters that the fonts lack.

It is as wide and as high as asked; positions are pixels from the upper left corner, downwards. At 72 dots
per inch, a font's point is one pixel. The fonts are the files that come with matplotlib, never the machine's.
"""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from core.charts.theme import EDGE, INK, PAPER

WIDTH = 1080
NARROW = 800  # of a chart with one column, whose words then are larger on a phone
CORNER, EDGE_WIDTH = 28, 3  # of the panel
LINE_HEIGHT = 1.3  # of a paragraph, in sizes of its font
LEAST = 0.8  # how much smaller words may become before they are cut
SNUG = 0.97  # of the size that would fit: letters stand on whole pixels, and so words become a little wider

matplotlib.rcdefaults()  # the machine's own configuration is ignored

_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_REGULAR, _BOLD = _FONTS / "DejaVuSans.ttf", _FONTS / "DejaVuSans-Bold.ttf"
_KNOWN = frozenset(FT2Font(str(_REGULAR)).get_charmap()) & frozenset(FT2Font(str(_BOLD)).get_charmap())
_BOX = "\u25a1"
_JOINERS = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")  # they draw nothing; they join emoji


def drawable(text: str) -> str:
    """Returns `text` on one line, with a box for each run of characters that the fonts lack."""
    shown = ""
    for character in " ".join(text.split()):
        if character in _JOINERS:
            continue
        if ord(character) in _KNOWN and character.isprintable():
            shown += character
        elif not shown.endswith(_BOX):
            shown += _BOX
    return shown


class Sheet:
    """An empty panel with an edge and round corners, outside of which nothing is drawn."""

    def __init__(self, height: int, width: int = WIDTH) -> None:
        self.height, self.width = height, width
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")
        FigureCanvasAgg(self.figure)
        inset = EDGE_WIDTH / 2
        panel = FancyBboxPatch(
            (inset, inset),
            width - EDGE_WIDTH,
            height - EDGE_WIDTH,
            boxstyle=f"round,pad=0,rounding_size={CORNER}",
            transform=IdentityTransform(),
            facecolor=PAPER,
            edgecolor=EDGE,
            linewidth=EDGE_WIDTH,
            zorder=-1,
        )
        self.figure.add_artist(panel)

    def png(self) -> bytes:
        """Returns a PNG, the same bytes for the same sheet: it holds no time and no version."""
        file = io.BytesIO()
        self.figure.savefig(file, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 6})
        return file.getvalue()

    def words(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: str = INK,
        *,
        width: float,
        bold: bool = False,
        align: str = "left",
    ) -> float:
        """Write one line whose middle is at `y`, in at most `width`: first smaller, then cut visibly.
        Returns its width.
        """
        words = drawable(text)
        if not words:
            return 0.0
        drawn = self.figure.text(
            x / self.width,
            1 - y / self.height,
            words,
            color=colour,
            fontproperties=_font(size, bold),
            ha=align,
            va="center_baseline",
            parse_math=False,
        )
        wide = _width_of(drawn)
        if wide > width:
            drawn.set_fontsize(size * max(LEAST, SNUG * width / wide))
            while _width_of(drawn) > width and len(words) > 1:
                words = words[:-1].rstrip()
                drawn.set_text(f"{words}…")
        return _width_of(drawn)

    def paragraph(self, text: str, x: float, y: float, size: float, colour: str, width: float) -> None:
        """Write words on as many lines as they need, from `y` downwards."""
        for line in wrapped(text, size, width):
            self.words(line, x, y + size * 0.65, size, colour, width=width)
            y += size * LINE_HEIGHT

    def mark(self, x: float, y: float, marker: str, colour: str) -> None:
        self.figure.add_artist(
            Line2D(
                [x / self.width],
                [1 - y / self.height],
                transform=self.figure.transFigure,
                linestyle="none",
                marker=marker,
                markersize=17,
                color=colour,
            )
        )

    def field(self, x: float, y: float, width: float, height: float) -> Axes:
        """Returns an empty field to draw data in; `y` is its upper edge."""
        rect = (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(rect)
        axes.set_facecolor("none")
        axes.set_xticks([])
        axes.set_yticks([])
        for side in ("left", "right", "top", "bottom"):
            axes.spines[side].set_visible(False)
        return axes


def _font(size: float, bold: bool = False) -> FontProperties:
    return FontProperties(fname=str(_BOLD if bold else _REGULAR), size=size)


_ruler = Figure(dpi=72)
FigureCanvasAgg(_ruler)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    words = Text(0, 0, text, fontproperties=_font(size, bold), parse_math=False)
    words.set_figure(_ruler)
    return _width_of(words)


def _width_of(drawn: Text) -> float:
    return float(drawn.get_window_extent().width)


def wrapped(text: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in drawable(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

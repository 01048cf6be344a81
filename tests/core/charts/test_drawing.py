from __future__ import annotations

import base64
import io
import itertools
import logging
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle as Bar
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image as Picture

from core.charts.chart import Chart
from core.charts.drawing import MARGIN, draw, sheet_of
from core.charts.sheet import NARROW, WIDTH, Sheet, drawable
from core.charts.theme import ALARM, COLOURS, EDGE, EVEN, INK, LESS, MORE, MUTED, PAPER, PARTS, pale
from tests.core.charts.invented import at_a_time, charts, usual_chart

HEIGHT_MAX = 4000  # far above what commands make; Discord and Slack show pictures of this size
WEIGHT_MAX = 1_000_000  # of 10 MB that Discord takes; a phone loads it without a thought
SLOWLY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def words_on(sheet: Sheet) -> list[tuple[str, Bbox]]:
    texts = [text for text in sheet.figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
    return [(text.get_text(), text.get_window_extent()) for text in texts]


def ink(box: Bbox) -> Bbox:
    """A box without the room for accents and descenders that most words leave free."""
    return Bbox.from_extents(box.x0 + 1, box.y0 + box.height * 0.2, box.x1 - 1, box.y1 - box.height * 0.2)


def overlapping(sheet: Sheet) -> list[tuple[str, str]]:
    boxes = [(text, ink(box)) for text, box in words_on(sheet) if ink(box).width > 0]
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


def outside(sheet: Sheet) -> list[str]:
    return [
        text
        for text, box in words_on(sheet)
        if box.x0 < 2 or box.x1 > sheet.width - 2 or box.y0 < 2 or box.y1 > sheet.height - 2
    ]


@SLOWLY
@given(chart=charts())
def test_every_chart_becomes_a_picture_that_platforms_take(chart: Chart) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # such as a glyph that is missing
        png = base64.b64decode(draw(chart))
    picture = Picture.open(io.BytesIO(png))
    picture.load()
    assert (picture.format, picture.width) == ("PNG", WIDTH)
    assert 100 < picture.height <= HEIGHT_MAX
    assert len(png) <= WEIGHT_MAX


def test_numbers_beyond_all_measure_stay_on_the_sheet() -> None:
    chart = usual_chart()
    measures = chart["columns"][0][0]
    assert measures["kind"] == "measures"
    chart["columns"] = [[], [measures]]
    for high in (999_999_999_999.0, 1e12, 1e15, 1e18):
        measures["measures"][0]["bands"] = [{"low": 0.0, "middle": high / 2, "high": high}]
        assert outside(sheet_of(chart)) == []


@SLOWLY
@given(chart=charts())
def test_no_words_leave_the_sheet(chart: Chart) -> None:
    assert outside(sheet_of(chart)) == []


def test_the_name_of_a_last_slot_stays_on_the_sheet_however_wide_it_is() -> None:
    chart = usual_chart()
    rhythms = [panel for column in chart["columns"] for panel in column if panel["kind"] == "rhythm"]
    for rhythm in rhythms:
        for strip in rhythm["strips"]:
            strip["slots"], strip["ticks"] = [None, None], ["", "W" * 23]
    assert rhythms
    assert outside(sheet_of(chart)) == []


def counted(*rows: tuple[str, list[int]]) -> Chart:
    """A chart with one panel of counts, as wide as the sheet."""
    shown: Any = [{"label": label, "value": f"{counts} counted", "counts": counts} for label, counts in rows]
    panel: Any = {"kind": "counts", "title": "By community", "note": "", "says": "", "rows": shown}
    series = ["others see it", "others do not", "not known yet"]
    return Chart(title="Where", subtitle="46", warning="", series=series, columns=[[panel]], footnote="at noon")


def test_counts_are_bars_on_one_scale_parted_by_series() -> None:
    sheet = sheet_of(counted(("r/harbor", [6, 3, 1]), ("r/kilns", [0, 5, 0])))
    drawn = [
        [
            (bar.get_x(), bar.get_width(), to_hex(bar.get_facecolor()))
            for bar in axes.findobj(Bar)
            if bar is not axes.patch
        ]
        for axes in sheet.figure.axes
    ]
    assert drawn == [
        [(0, 6, PARTS[0]), (6, 3, PARTS[1]), (9, 1, PARTS[2])],
        [(0, 0, PARTS[0]), (0, 5, PARTS[1]), (5, 0, PARTS[2])],
    ]
    assert {axes.get_xlim() for axes in sheet.figure.axes} == {(0, 10)}
    assert {round(axes.bbox.width) for axes in sheet.figure.axes} == {NARROW - 2 * MARGIN}
    assert outside(sheet) == []
    assert overlapping(sheet) == []


def test_words_below_a_bar_have_room_of_their_own() -> None:
    chart = counted(("r/harbor", [6, 3, 1]), ("r/kilns", [0, 5, 0]), ("r/looms", [1, 0, 0]))
    bare = sheet_of(chart)
    panel: Any = chart["columns"][0][0]
    panel["rows"][0]["note"] = panel["rows"][2]["note"] = "usually a score of 4"
    sheet = sheet_of(chart)
    assert sheet.height - bare.height == 2 * 32
    assert outside(sheet) == []
    assert overlapping(sheet) == []


@pytest.mark.parametrize("series", [1, 2, 3, 4, 5])
def test_no_words_touch_others(series: int) -> None:
    sheet = sheet_of(usual_chart(series))
    assert outside(sheet) == []
    assert overlapping(sheet) == []


def test_the_same_chart_gives_the_same_bytes_without_time_or_version() -> None:
    png = draw(usual_chart())
    assert draw(usual_chart()) == png
    picture = Picture.open(io.BytesIO(base64.b64decode(png)))
    assert set(picture.info) <= {"dpi"}


PAGES = {  # what is behind a picture
    "Discord, dark": "#2b2d31",
    "Discord, darker": "#1a1a1e",
    "Discord, light": "#ffffff",
    "Slack, dark": "#1a1d21",
    "Slack, light": "#ffffff",
}


def test_series_differ_in_colours_that_stand_out_on_the_paper() -> None:
    assert len(set(COLOURS)) == len(COLOURS) == 5
    assert len(set(PARTS)) == len(PARTS) == 5
    drawn = (*COLOURS, *PARTS, EVEN)
    assert [colour for colour in drawn if contrast(colour, PAPER) < 3] == []  # WCAG: graphics and large words
    assert [colour for colour in COLOURS if contrast(colour, pale(colour)) < 2] == []


def test_words_stand_out_on_the_paper() -> None:
    words = (INK, MUTED, ALARM, MORE, LESS, *COLOURS)
    assert [colour for colour in words if contrast(colour, PAPER) < 4.5] == []  # WCAG: words


@pytest.mark.parametrize("page", PAGES)
def test_the_panel_ends_visibly_on_every_page(page: str) -> None:
    assert max(contrast(EDGE, PAGES[page]), contrast(PAPER, PAGES[page])) >= 2.5
    assert contrast(PAPER, "#000000") < 1.5, "a light panel dazzles on a dark page"


def test_outside_of_the_round_corners_the_page_is_seen() -> None:
    with Picture.open(io.BytesIO(base64.b64decode(draw(usual_chart())))) as picture:
        right, low = picture.width - 1, picture.height - 1
        corners = [picture.getpixel(at) for at in ((0, 0), (right, 0), (0, low), (right, low))]
        assert [corner[3] for corner in corners] == [0, 0, 0, 0]  # type: ignore[index]  # of pixels with four parts
        assert picture.getpixel((right // 2, 20)) == (*(int(PAPER[at : at + 2], 16) for at in (1, 3, 5)), 255)


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("r/pottery", "r/pottery"),
        ("two\n lines", "two lines"),
        ("陶芸 kiln", "□ kiln"),
        ("👩‍👩‍👧 family", "□ family"),
        ("\ud800\x1b", "□"),
        ("قهوة", "قهوة"),
    ],
)
def test_what_the_fonts_lack_is_shown_as_a_box(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_a_time_has_the_colour_of_what_the_words_say_of_it() -> None:
    """Its interval alone does not tell it: a slot that is above the usual share may be so because of stronger ones."""
    chart = usual_chart()
    [rhythm] = [panel for column in chart["columns"] for panel in column if panel["kind"] == "rhythm"]
    rhythm["strips"][0]["slots"] = [at_a_time(0.8), at_a_time(0.8, 1), at_a_time(0.2, -1)]
    axes = sheet_of(chart).figure.axes[-1]
    assert [line.get_color() for line in axes.lines if line.get_marker() == "o"] == [EVEN, MORE, LESS]


def test_words_that_do_not_fit_are_cut_visibly(caplog: pytest.LogCaptureFixture) -> None:
    chart = usual_chart()
    chart["title"] = "What is normal in r/" + "W" * 80
    with caplog.at_level(logging.WARNING):
        said = [text for text, _ in words_on(sheet_of(chart))]
    assert any(text.startswith("What is normal") and text.endswith("…") for text in said)
    assert caplog.records == []


@pytest.mark.parametrize("room", range(82, 100))
def test_words_that_fit_when_they_are_a_little_smaller_are_not_cut(room: int) -> None:
    label = "asks the community"
    sheet = Sheet(100)
    wide = sheet.words(label, 10, 30, 28, width=WIDTH)
    assert sheet.words(label, 10, 70, 28, width=wide * room / 100) <= wide * room / 100
    assert [text for text, _ in words_on(sheet)] == [label, label]


@pytest.mark.parametrize("bands", [[None, None], [{"low": 0.0, "middle": 0.0, "high": 0.0}, None]])
def test_what_stands_on_too_few_posts_is_said_and_not_drawn(bands: list[Any]) -> None:
    chart = usual_chart(2)
    measures = chart["columns"][0][0]
    assert measures["kind"] == "measures"
    measures["measures"][0]["bands"] = bands
    assert any("too few posts" in text for text, _ in words_on(sheet_of(chart)))


def test_lopsided_numbers_stand_by_their_size_so_that_small_ones_can_be_seen() -> None:
    chart = usual_chart(2)
    measures = chart["columns"][0][0]
    assert measures["kind"] == "measures"
    measures["measures"][0]["bands"] = [
        {"low": 1.0, "middle": 3.0, "high": 6.0},
        {"low": 2000.0, "middle": 5000.0, "high": 20000.0},
    ]
    said = [text for text, _ in words_on(sheet_of(chart))]
    assert {"10", "100", "1k", "10k"} <= set(said)

"""Invented charts: one of every panel, and as extreme as hypothesis makes them."""

from __future__ import annotations

from typing import Any, Literal

from hypothesis import strategies as st

from core.charts.chart import SERIES_MAX, Chart, Panel, Share, TimeShare

FOREIGN = st.one_of(
    st.sampled_from(
        [
            "",
            "r/pottery",
            "r/" + "W" * 21,
            "👩‍👩‍👧 r/陶芸 🏺",
            "قهوة وشاي",
            "$\\frac{1}{0}$ _x_^2",
            "\u202eabc\x1b[31m\ud800",
        ]
    ),
    st.text(max_size=200),
)
NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5, -3.0, 1e6, 1e18]), st.floats(-1e6, 1e12), st.integers(0, 500).map(float)
)
PARTS = st.floats(0, 1)


@st.composite
def bands(draw: st.DrawFn) -> dict[str, float]:
    low, middle, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
    return {"low": low, "middle": middle, "high": high}


@st.composite
def shares(draw: st.DrawFn) -> dict[str, float]:
    low, share, high = sorted(draw(st.tuples(PARTS, PARTS, PARTS)))
    return {"low": low, "share": share, "high": high}


@st.composite
def panels(draw: st.DrawFn, series: int) -> Any:
    head = {"title": draw(FOREIGN), "note": draw(FOREIGN), "says": draw(st.one_of(st.just(""), FOREIGN))}
    each = st.lists(st.none() | shares(), min_size=series, max_size=series)
    match draw(st.sampled_from(["measures", "shares", "effects", "rhythm", "counts"])):
        case "measures":
            known = st.lists(st.none() | bands(), min_size=series, max_size=series)
            measure = st.fixed_dictionaries({"label": FOREIGN, "value": FOREIGN, "bands": known})
            return {"kind": "measures", **head, "measures": draw(st.lists(measure, min_size=1, max_size=4))}
        case "shares":
            row = st.fixed_dictionaries({"label": FOREIGN, "shares": each})
            return {"kind": "shares", **head, "rows": draw(st.lists(row, min_size=1, max_size=7))}
        case "effects":
            effect = st.fixed_dictionaries(
                {
                    "label": FOREIGN,
                    "value": FOREIGN,
                    "difference": st.floats(-1, 1),
                    "low": st.floats(-1, 1),
                    "high": st.floats(-1, 1),
                }
            )
            effects = draw(st.lists(effect, min_size=1, max_size=4))
            sides = {"less": draw(FOREIGN), "more": draw(FOREIGN), "reach": draw(st.sampled_from([None, 1.0]))}
            return {"kind": "effects", **head, **sides, "effects": effects}
        case "counts":
            counts: Any = st.lists(st.integers(0, 10**9), min_size=series, max_size=series)
            row = st.fixed_dictionaries(
                {"label": FOREIGN, "value": FOREIGN, "counts": counts}, optional={"note": FOREIGN}
            )
            return {"kind": "counts", **head, "rows": draw(st.lists(row, min_size=1, max_size=6))}
        case _:
            found = draw(st.lists(st.none() | shares(), min_size=1, max_size=24))
            slots = [None if one is None else {**one, "side": draw(st.sampled_from([-1, 0, 1]))} for one in found]
            strip = {"label": draw(FOREIGN), "ticks": [draw(FOREIGN) for _ in slots[:8]], "slots": slots}
            return {"kind": "rhythm", **head, "usual": draw(PARTS), "strips": [strip] * draw(st.integers(1, 2))}


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    series = draw(st.lists(FOREIGN, min_size=1, max_size=SERIES_MAX))
    column = st.lists(panels(len(series)), max_size=2)
    return Chart(
        title=draw(FOREIGN),
        subtitle=draw(FOREIGN),
        warning=draw(FOREIGN),
        series=series,
        columns=[draw(column), draw(column)],
        footnote=draw(FOREIGN),
    )


def share(value: float, margin: float = 0.05) -> Share:
    return Share(share=value, low=max(0.0, value - margin), high=min(1.0, value + margin))


def at_a_time(value: float, side: Literal[-1, 0, 1] = 0) -> TimeShare:
    return TimeShare(**share(value), side=side)


def usual_chart(series: int = 1) -> Chart:
    """One of every panel, as they are meant to be."""
    band = {"low": 12.0, "middle": 30.0, "high": 61.0}
    columns: list[list[Panel]] = [
        [
            {
                "kind": "measures",
                "title": "The usual bowl",
                "note": "bar: middle half",
                "says": "",
                "measures": [{"label": "Weight, grams", "value": "30 (12 to 61)", "bands": [band] * series}],  # type: ignore[list-item]
            },
            {
                "kind": "effects",
                "title": "What goes with cracks",
                "note": "",
                "says": "",
                "less": "fewer cracks",
                "more": "more cracks",
                "reach": None,
                "effects": [{"label": "glaze", "value": "60% vs 40%", "difference": 0.2, "low": 0.1, "high": 0.3}],
            },
        ],
        [
            {
                "kind": "shares",
                "title": "What bowls have",
                "note": "share of bowls",
                "says": "",
                "rows": [{"label": "a foot", "shares": [share(0.4)] * series}],
            },
            {
                "kind": "rhythm",
                "title": "When kilns burn",
                "note": "",
                "says": "",
                "usual": 0.5,
                "strips": [
                    {"label": "weekday", "ticks": list("MTWTFSS"), "slots": [at_a_time(0.5), None] * 3 + [None]}
                ],
            },
        ],
    ]
    return Chart(
        title="What is normal in r/pottery",
        subtitle="80 posts from files",
        warning="",
        series=[f"r/pottery{number}" for number in range(series)],
        columns=columns,
        footnote="Computed 1 Nov 2026",
    )

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.figures import Band, Direction, Figures, Finding, Removals, Share, Side, Slot, Spread, When
from tests.core.analysis.invented import figures_of, kept

KNOWN = figures_of(
    [kept(n, title="Why?", score=n % 3, flair="Ask", removed_by_category=None) for n in range(0, 120, 2)]
    + [kept(n, score=10 + n % 7, is_self=n % 3 == 0, url="https://example.com") for n in range(1, 120, 2)]
    + [kept(200, removed_by_category="moderator")]
)
FIELDS = [field.name for field in dataclasses.fields(Figures)]
_RECORDS = (Band, Finding, Removals, Share, Side, Slot, Spread, When)
KEYS = sorted({field.name for kind in _RECORDS for field in dataclasses.fields(kind)})
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["better", "worse", "2026-03-02T00:00:00+00:00", "2026-03-02", 10**400]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=12,
)


def test_figures_come_back_from_json_as_they_went() -> None:
    assert KNOWN.findings
    assert KNOWN.removals.removed == 1
    assert Figures.read(KNOWN.dump()) == KNOWN


@pytest.mark.parametrize("absent", FIELDS)
def test_an_absent_figure_is_one_of_nothing(absent: str) -> None:
    content = KNOWN.dump()
    del content[absent]
    read = Figures.read(content)
    assert getattr(read, absent) == getattr(Figures(), absent)
    others = [name for name in FIELDS if name != absent]
    assert [getattr(read, name) for name in others] == [getattr(KNOWN, name) for name in others]


def test_figures_of_a_later_version_are_ignored() -> None:
    content = KNOWN.dump()
    content["mood"] = {"n": 3}
    content["score"]["mode"] = 7
    content["findings"][0]["model"] = "ridge"
    assert Figures.read(content) == KNOWN


@pytest.mark.parametrize("broken", ["feature", "direction", "having", "difference"])
def test_a_finding_without_its_direction_or_its_counts_is_none(broken: str) -> None:
    content = KNOWN.dump()
    content["findings"][0][broken] = "sideways" if broken == "direction" else None
    assert Figures.read(content).findings == KNOWN.findings[1:]


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES) | VALUES)
def test_whatever_stands_in_a_profile_can_be_read(content: Any) -> None:
    figures = Figures.read(content)
    assert Figures.read(figures.dump()) == figures
    assert all(isinstance(finding.direction, Direction) for finding in figures.findings)


def test_values_that_are_no_numbers_are_not_read() -> None:
    read = Figures.read({"posts": float("nan"), "minimum": True, "title_chars": {"n": 3, "q1": "4", "median": 5}})
    assert (read.posts, read.minimum, read.title_chars) == (0, 0, Band(3, None, 5.0, None))
    assert read.title_chars.quartiles is None


def test_a_share_is_counted_to_four_places_and_of_nothing_there_is_none() -> None:
    assert Share.counting(1, 3) == Share(1, 3, 0.3333)
    assert Share.counting(0, 5) == Share(0, 5, 0.0)
    assert Share.counting(0, 0) == Share(0, 0, None)


def test_the_effect_of_a_feature_is_that_of_its_own_finding() -> None:
    found = {finding.feature: finding.difference for finding in KNOWN.findings}
    assert len(set(found.values())) > 1
    assert {feature: KNOWN.effect(feature) for feature in found} == found
    assert KNOWN.effect("nothing of the kind") == 0.0


@pytest.mark.parametrize("told", [5, None, True, ["2026-03-02T00:00:00+00:00"], "2026-03-02T00:00:00", "soon", ""])
def test_a_time_without_a_zone_or_that_is_none_is_not_read(told: Any) -> None:
    whole = KNOWN.dump()
    times = [key for key, value in whole.items() if isinstance(value, str) and value.endswith("+00:00")]
    assert times
    for key in times:
        assert getattr(Figures.read({**whole, key: told}), key) is None
        moved = Figures.read({**whole, key: "2026-03-02T02:00:00+02:00"})
        assert getattr(moved, key).isoformat() == "2026-03-02T00:00:00+00:00"

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.figures import (
    Band,
    Direction,
    Figures,
    Finding,
    Found,
    Listed,
    Power,
    Removals,
    RemovedPhrase,
    Share,
    Side,
    Slot,
    Spread,
    When,
    is_chosen_by_score,
)
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


@pytest.mark.parametrize(
    ("way", "is_chosen"),
    [
        ("top", True),
        ("top:year", True),
        ("best", True),
        ("hot", True),
        ("rising", True),
        ("controversial:all", True),
        ("new", False),
        ("new:top", False),
        ("search:kiln", False),
        ("", False),
        (None, False),
    ],
)
def test_listings_that_votes_order_choose_posts_by_their_scores(way: str | None, is_chosen: bool) -> None:
    assert is_chosen_by_score(way) is is_chosen
    assert Figures(found=(Found(way, 5, 3),)).is_chosen_by_score is is_chosen
    assert Figures(found=(Found("top", 5, 3), Found(way, 1, 1))).is_chosen_by_score is is_chosen
    assert not Figures().is_chosen_by_score


def test_usual_lengths_go_from_half_the_lower_quartile_to_twice_the_upper() -> None:
    assert Band(9, 40.0, 60.0, 90.0).usual == (20.0, 180.0)
    assert Band(9, 40.0, 60.0, 90.0).quartiles == (40.0, 60.0, 90.0)
    assert Band(9, 40.0, None, 90.0).usual == (20.0, 180.0)
    for band in (Band(9, None, 60.0, 90.0), Band(9, 40.0, 60.0, None)):
        assert band.usual is None
        assert band.quartiles is None
    assert Band(9, 40.0, None, 90.0).quartiles is None
    assert Spread(3, q1=1.0, median=2.0, q3=5.0).quartiles == (1.0, 2.0, 5.0)
    assert Spread(3, q1=1.0, median=2.0).quartiles is None


def test_the_counts_of_a_removed_phrase_are_told_of_both_kinds_of_posts() -> None:
    phrase = RemovedPhrase("sign up", 1_234, 2_000, 56, 78_901, 0.9)
    assert phrase.counts == "in 1,234 of 2,000 removed posts, in 56 of 78,901 that stand"


BETTER = Slot(9, 40, 30, 0.7, 0.6, 0.8, Direction.BETTER)
WORSE = Slot(6, 40, 30, 0.2, 0.1, 0.3, Direction.WORSE)


def test_slots_are_named_by_their_hours_and_days() -> None:
    when = When(0.5, 4, 3, (BETTER, Slot(21)), (Slot(0), WORSE))
    assert when.named() == (
        ("09:00 to 12:00 UTC", BETTER),
        ("21:00 to 24:00 UTC", Slot(21)),
        ("Mondays", Slot(0)),
        ("Sundays", WORSE),
    )
    assert when.standing_out(Direction.BETTER) == (("09:00 to 12:00 UTC", BETTER),)
    assert when.standing_out(Direction.WORSE) == (("Sundays", WORSE),)
    assert when.named(lambda begin, end: f"{begin}-{end}")[:2] == (("9-12", BETTER), ("21-24", Slot(21)))
    assert when.standing_out(Direction.BETTER, lambda begin, end: f"{begin}-{end}") == (("9-12", BETTER),)


MARCH, MAY = datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC)
FINDING = Finding(
    "number", "a number in the text", "text posts", Direction.BETTER, Side(1_200, 0.634), Side(34_000, 0.495), 0.139,
    0.1, 0.2, MARCH, MAY,
)  # fmt: skip


def test_a_finding_is_told_in_one_sentence_with_its_counts_and_its_age() -> None:
    counts = "63% of 1,200 such text posts score above the median of their time, 50% of the 34,000 others"
    assert FINDING.counts == counts
    assert FINDING.n == 35_200
    assert (
        FINDING.sentence == f"Text posts with a number in the text score higher: {counts} (2 Mar 2026 to 30 May 2026)."
    )
    worse = dataclasses.replace(FINDING, direction=Direction.WORSE, last_post_at=None)
    assert worse.sentence == f"Text posts with a number in the text score lower: {counts}."
    assert dataclasses.replace(FINDING, first_post_at=None).sentence.endswith(" others.")


def test_the_power_of_scores_is_told_when_it_is_better_than_chance() -> None:
    power = Power(0.634, 0.51, 0.756, 1_234)
    assert power.is_better_than_chance
    assert power.sentence == (
        "Tells posts above the median from those below in 63 of 100 pairs (51–76), from 1,234 posts"
    )
    even = Power(0.634, 0.5, 0.756, 1_234)
    assert not even.is_better_than_chance
    assert even.sentence == "Not better than chance here, from 1,234 posts"


def test_figures_are_old_when_the_newest_post_was_over_a_year_old_at_the_newest_score() -> None:
    year = timedelta(days=365)
    assert not Figures(last_post_at=MARCH, scored_at=MARCH + year).is_old
    assert Figures(last_post_at=MARCH, scored_at=MARCH + year + timedelta(seconds=1)).is_old
    assert not Figures(last_post_at=MARCH).is_old
    assert not Figures(scored_at=MARCH).is_old


def test_settled_scores_are_counted_over_all_ways_of_finding() -> None:
    assert Figures(found=(Found("new", 9, 4), Found(None, 5, 3))).settled == 7
    assert Figures().settled == 0


def test_each_figure_is_read_as_what_it_is() -> None:
    content = {
        "posts": 12.9,
        "minimum": 10**15,
        "tested": -3,
        "enough": 1,
        "community": 5,
        "pipeline": "blank:en",
        "confidence": 1,
        "bases": {"new": 3, 4: 5, "top": "x", "hot": 2.0},
        "untested": ["link", 3, "code"],
        "domains": {"name": "a.example"},
        "flairs": [{"name": "Ask", "count": 2, "share": None}, {"count": 1}, "Ask"],
        "self_posts": {"count": 2, "of": 3, "share": 0.6667},
        "title_chars": [1, 2],
        "power": {"share": 0.6, "low": 0.5, "high": 0.7},
        "upvote_ratio": {"n": 3, "q1": float("inf"), "median": 999_999_999_999_999, "q3": -1e15},
        "removals": {"removed": 1, "by_category": {"moderator": 1, "reddit": None}},
        "when": {"hours_utc": [{"begin": 9, "stands_out": "better"}, {"begin": 12, "stands_out": "odd"}, {"posts": 3}]},
        "scored_at": "0001-01-01T00:00:00+05:00",
        "first_post_at": "2026-03-02T05:00:00Z",
    }
    assert Figures.read(content) == Figures(
        posts=12,
        tested=-3,
        pipeline="blank:en",
        confidence=1.0,
        bases={"new": 3, "hot": 2},
        untested=("link", "code"),
        flairs=(Listed("Ask", 2),),
        self_posts=Share(2, 3, 0.6667),
        upvote_ratio=Band(3, None, 999_999_999_999_999.0, None),
        removals=Removals(1, by_category={"moderator": 1}),
        when=When(hours_utc=(Slot(9, stands_out=Direction.BETTER), Slot(12))),
        first_post_at=MARCH,
    )
    assert isinstance(Figures.read(content).confidence, float)
    assert isinstance(Figures.read(content).posts, int)
    for no_list in ({"link": 1}, "link", 5, None):
        assert Figures.read({"untested": no_list}).untested == ()
    assert Figures.read({"untested": ("link",)}).untested == ("link",)
    no_figures: list[Any] = [None, [], "figures", 5]
    for nothing in no_figures:
        assert Figures.read(nothing) == Figures()


def test_figures_are_dumped_as_plain_json() -> None:
    dumped = Figures(findings=(FINDING,), bases={"new": 3}, power=Power(0.6, 0.5, 0.7, 9), scored_at=MAY).dump()
    assert json.loads(json.dumps(dumped)) == dumped
    assert list(dumped) == FIELDS
    assert dumped["bases"] == {"new": 3}
    assert dumped["power"] == {"share": 0.6, "low": 0.5, "high": 0.7, "posts": 9, "learned_from": 0}
    assert dumped["scored_at"] == "2026-05-30T00:00:00+00:00"
    assert dumped["findings"] == [
        {
            "feature": "number",
            "text": "a number in the text",
            "among": "text posts",
            "direction": "better",
            "having": {"n": 1_200, "share": 0.634},
            "lacking": {"n": 34_000, "share": 0.495},
            "difference": 0.139,
            "low": 0.1,
            "high": 0.2,
            "first_post_at": "2026-03-02T05:00:00+00:00",
            "last_post_at": "2026-05-30T00:00:00+00:00",
        }
    ]
    assert type(dumped["findings"][0]["direction"]) is str

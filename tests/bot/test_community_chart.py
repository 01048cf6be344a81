from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.community_chart import ALT_MAX, HABITS_COMPARED, Hours, comparison_chart, norms_chart, when_words
from core.analysis.profile import MIN_POSTS
from core.analysis.sensitivity import Sensitivity
from core.charts.chart import SERIES_MAX, Chart, Panel, Rhythm
from core.charts.drawing import sheet_of
from core.communities import CommunityProfile, Post
from core.texts.features import COUNTED
from core.texts.figures import Direction, Figures
from tests.core.analysis.invented import BEGAN, kept, profile_of
from tests.core.charts.test_drawing import HEIGHT_MAX, outside, overlapping, words_on

COMPUTED = datetime(2026, 11, 1, 9, tzinfo=UTC)
SLOWLY = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
WIDEST = "WWWWWWWWWWWWWWWWWWWWW"  # 21 letters: as long as a community's name can be


def profile(posts: Sequence[Post], community: str = "pottery") -> CommunityProfile:
    return profile_of(posts, community, computed_at=COMPUTED)


def many(count: int, **changes: Any) -> list[Post]:
    return [kept(number, **changes) for number in range(count)]


def norms(posts: Sequence[Post], community: str = "pottery", *, is_sample: bool = False) -> tuple[Chart, str]:
    drawn = norms_chart(profile(posts, community), "files", is_sample)
    assert drawn is not None
    return drawn


def panel(chart: Chart, title: str) -> Panel:
    [found] = [panel for column in chart["columns"] for panel in column if panel["title"] == title]
    return found


def said(chart: Chart) -> str:
    return "\n".join(text for text, _ in words_on(sheet_of(chart)))


def posts_of(kinds: Sequence[dict[str, Any]], count: int, hours: int) -> list[Post]:
    """So many posts, one after so many hours, of each kind in turn."""
    return [kept(hours * number, **kinds[number % len(kinds)]) for number in range(count)]


# Of a dozen kinds at most: hypothesis would need longer to choose each post than a chart of them takes.
posts = st.builds(
    posts_of,
    st.lists(
        st.fixed_dictionaries(
            {
                "score": st.none() | st.integers(0, 50) | st.sampled_from([-5, 2_000_000_000]),
                "num_comments": st.none() | st.integers(0, 10**6),
                "title": st.builds(str.__mul__, st.text(max_size=20), st.integers(0, 15)),
                # Thousands of words, as no number is wider.
                "body": st.sampled_from([None, "", "I made 3 bowls. Why?", "word " * 2000]),
                "is_self": st.booleans(),
            }
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(MIN_POSTS, MIN_POSTS + 60),
    st.integers(1, 60),
)


@SLOWLY
@given(posts=posts, community=st.sampled_from(["ab", WIDEST]))
def test_whatever_was_collected_can_be_drawn_and_told(posts: list[Post], community: str) -> None:
    chart, alt = norms(posts, community, is_sample=True)
    assert len(alt) <= ALT_MAX
    assert alt.startswith(f"r/{community}, {len(posts)} posts, sample data.")
    sheet = sheet_of(chart)
    assert sheet.height <= HEIGHT_MAX
    assert (outside(sheet), overlapping(sheet)) == ([], [])


@SLOWLY
@given(groups=st.lists(posts, min_size=2, max_size=SERIES_MAX))
def test_whatever_is_compared_can_be_drawn_and_told(groups: list[list[Post]]) -> None:
    profiles = [profile(group, f"{WIDEST[:-1]}{number}") for number, group in enumerate(groups)]
    drawn = comparison_chart(profiles, True)
    assert drawn is not None
    chart, alt = drawn
    assert len(alt) <= ALT_MAX
    sheet = sheet_of(chart)
    assert sheet.height <= HEIGHT_MAX
    assert (outside(sheet), overlapping(sheet)) == ([], [])


def test_a_picture_says_its_sample_and_its_span_and_leaves_its_age_to_the_card() -> None:
    words = said(norms(many(80))[0])
    assert "80 posts from files, 2 Mar 2026 to 5 Mar 2026" in words
    assert "Computed" not in words
    assert "Sample data" not in words
    assert "Sample data, not from Reddit" in said(norms(many(80), is_sample=True)[0])


def test_the_words_tell_what_the_picture_shows() -> None:
    asking = [kept(n, title="Why did it crack?", score=0) for n in range(0, 80, 2)]
    telling = [kept(n, title="It held", score=90, num_comments=7) for n in range(1, 80, 2)]
    chart, alt = norms(asking + telling)
    assert "Score 45 (0 to 90)" in alt
    assert "question in title 0% vs 100%" in alt
    effects = panel(chart, "What goes with the score")
    assert effects["kind"] == "effects"
    assert "question in title" in [effect["label"] for effect in effects["effects"]]


def test_a_community_with_too_few_posts_gets_no_picture() -> None:
    assert norms_chart(profile(many(MIN_POSTS - 1)), "files", False) is None


def test_what_few_posts_have_is_not_drawn() -> None:
    links = many(60, is_self=False, body=None, score=None)
    chart, alt = norms([*links, *(kept(n) for n in range(100, 110))])
    measures = panel(chart, "The usual post")
    assert measures["kind"] == "measures"
    bands = {measure["label"]: measure["bands"] for measure in measures["measures"]}
    assert bands["Text, words"] == bands["Score"] == [None]
    assert "Text, words" not in alt
    assert (
        panel(chart, "When posts score higher")["says"]
        == "Too few settled scores: no time of day and no weekday has 20."
    )
    assert "too few" in said(chart)


def test_sensitivity_is_drawn_with_its_interval_on_a_scale_of_its_own() -> None:
    told = Sensitivity((), 7.8, 6.9, 8.6)
    drawn = norms_chart(profile(many(80)), "files", False, told)
    assert drawn is not None
    scale = panel(drawn[0], "Sensitivity to promotion")
    assert scale["kind"] == "effects"
    [effect] = scale["effects"]
    assert effect["value"] == "7.8 of 10"
    assert (effect["low"], effect["difference"], effect["high"]) == pytest.approx((-31 / 45, -23 / 45, -14 / 45))
    assert scale["reach"] == 1.0
    assert "Sensitivity to promotion: 7.8 of 10 (6.9–8.6)." in drawn[1]
    sheet = sheet_of(drawn[0])
    assert (outside(sheet), overlapping(sheet)) == ([], [])
    unknown = norms_chart(profile(many(80)), "files", False, Sensitivity((), why_unknown="no rules are known"))
    assert unknown is not None
    assert panel(unknown[0], "Sensitivity to promotion")["says"] == "Unknown: no rules are known."


@pytest.mark.parametrize(
    ("timezone", "words"),
    [
        ("UTC", "21:00 to 24:00 UTC"),
        ("Europe/Vienna", "22:00 to 01:00 in Europe/Vienna"),
        ("Asia/Kolkata", "02:30 to 05:30 in Asia/Kolkata"),
    ],
)
def test_hours_are_told_in_the_readers_zone(timezone: str, words: str) -> None:
    assert Hours.of(timezone, COMPUTED).span(21, 24) == words


def rhythm_of(chart: Chart) -> Rhythm:
    found = panel(chart, "When posts score higher")
    assert found["kind"] == "rhythm"
    return found


def test_a_time_stands_out_only_beyond_chance() -> None:
    week = timedelta(days=7)
    mondays = [kept(n, created_at=BEGAN + week * n, score=100) for n in range(30)]
    tuesdays = [kept(100 + n, created_at=BEGAN + week * (n // 2) + timedelta(days=1), score=n % 50) for n in range(60)]
    chart, alt = norms(mondays + tuesdays)
    assert "Scores are higher at Mondays (n=30)." in alt
    rhythm = rhythm_of(chart)
    assert [slot is not None for slot in rhythm["strips"][1]["slots"]] == [True, True] + [False] * 5
    assert "grey: too few" in rhythm["note"]
    assert "stands out beyond chance" in norms(many(80, score=None) + [kept(n, score=n % 7) for n in range(80)])[1]


def test_many_equal_scores_do_not_make_every_day_look_worse() -> None:
    posts = [kept(n, score=1 if n % 3 else 9) for n in range(120)]
    chart, alt = norms(posts)
    assert rhythm_of(chart)["usual"] == pytest.approx(1 / 3, abs=0.01)
    assert "stands out beyond chance" in alt
    assert "most scores are alike" in norms(many(80, score=5))[1]


in_a_year = st.lists(
    st.builds(
        lambda hour, score, age: kept(
            hour,
            created_at=BEGAN + timedelta(hours=hour),
            score=score + 60 * (hour // 24 % 7 == 4) - 40 * (hour % 24 < 6),
            score_at=BEGAN + timedelta(hours=hour + age),
        ),
        st.integers(0, 24 * 60),
        st.integers(0, 50),
        st.sampled_from([1, 30]),
    ),
    min_size=MIN_POSTS,
    max_size=400,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(in_a_year)
def test_card_picture_words_and_json_tell_the_same_times(posts: list[Post]) -> None:
    known = profile(posts)
    chart, alt = norms(posts)
    when = Figures.read(known.figures).when
    assert when_words(when) in alt
    rhythm = rhythm_of(chart)
    drawn = [slot for strip in rhythm["strips"] for slot in strip["slots"]]
    assert len(drawn) == len(when.named()) == 15
    for (name, slot), bar in zip(when.named(), drawn, strict=True):
        assert (bar is None) == (slot.share is None)
        if bar is not None:
            assert {1: Direction.BETTER, 0: None, -1: Direction.WORSE}[bar["side"]] is slot.stands_out
        if when.tested and when.usual:
            assert (f"{name} (n=" in when_words(when)) == (slot.stands_out is not None)


def test_what_does_better_on_the_card_does_better_in_the_picture() -> None:
    posts = [kept(n, title="Why?" if n % 2 else "It held", score=n % 5 + 9 * (n % 2)) for n in range(120)]
    chart, _ = norms(posts)
    effects = panel(chart, "What goes with the score")
    assert effects["kind"] == "effects"
    findings = Figures.read(profile(posts).figures).findings
    assert findings
    for finding, effect in zip(findings, effects["effects"], strict=False):
        assert (effect["difference"], effect["low"], effect["high"]) == (finding.difference, finding.low, finding.high)
        assert (effect["difference"] > 0) == (finding.direction is Direction.BETTER)


def test_a_comparison_leaves_out_who_has_too_few_posts_and_says_so() -> None:
    profiles = [profile(many(80), "pottery"), profile(many(9), "weaving"), profile(many(70), "ceramics")]
    drawn = comparison_chart(profiles, False)
    assert drawn is not None
    chart, alt = drawn
    assert chart["series"] == ["r/pottery · 80 posts", "r/weaving · 9 posts, too few", "r/ceramics · 70 posts"]
    assert "Too few posts: r/weaving." in alt
    measures = panel(chart, "The usual post")
    assert measures["kind"] == "measures"
    assert [band is None for band in measures["measures"][0]["bands"]] == [False, True, False]
    assert comparison_chart(profiles[:2], False) is None


def test_a_comparison_shows_the_habits_that_differ_most() -> None:
    asking = profile(many(60, title="Why?", body="I made it"), "pottery")
    telling = profile(many(60, title="It held", body="I made it"), "ceramics")
    drawn = comparison_chart([asking, telling], False)
    assert drawn is not None
    shares = panel(drawn[0], "Where they differ most")
    assert shares["kind"] == "shares"
    assert shares["rows"][0]["label"] == "question in title"
    assert len(shares["rows"]) == HABITS_COMPARED


def test_a_profile_from_before_an_upgrade_can_be_drawn() -> None:
    now = profile(many(80))
    for absent in ("when", "found", "shares", "findings", "body_words", "comments", "score", "bases", "minimum"):
        figures = {name: value for name, value in now.figures.items() if name != absent}
        then = CommunityProfile(**{**{name: getattr(now, name) for name in now.__slots__}, "figures": figures})
        drawn = norms_chart(then, "files", False)
        assert drawn is not None
        assert sheet_of(drawn[0]).png().startswith(b"\x89PNG")


@pytest.mark.parametrize("feature", [*COUNTED, "self_post", "long_title", "long_text"])
def test_every_feature_has_words_short_enough_for_a_phone(feature: str) -> None:
    from bot.community_chart import _LABELS

    assert len(_LABELS[feature]) <= 20

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.analysis import profile
from core.analysis.profile import FEATURES, MIN_GROUP, MIN_POSTS, compute_figures, has_feature
from core.model import Basis, Post
from tests.core.analysis.invented import BEGAN, kept, read
from tests.core.analysis.quick_reader import features


def figures_of(posts: list[Post]) -> dict[str, Any]:
    return compute_figures("pottery", posts, read(posts), pipeline="quick")


def test_counts_medians_and_shares_are_those_a_person_would_count() -> None:
    posts = [
        kept(1, score=2, title="Why did it crack?", num_comments=4, flair="Question"),
        kept(2, score=4, body="one two three four", flair="Question"),
        kept(3, score=9, is_self=False, body="", url="https://www.example.com/a", flair="Link"),
        kept(4, score=None, is_self=False, body="", url="https://example.com/b", num_comments=None),
    ]
    figures = figures_of(posts)
    assert (figures["posts"], figures["community"], figures["bases"]) == (4, "pottery", {"file": 4})
    assert figures["score"] == {"known": 3, "unknown": 1, "q1": 3.0, "median": 4.0, "q3": 6.5, "highest": 9}
    assert figures["comments"]["unknown"] == 1
    assert figures["self_posts"] == {"count": 2, "of": 4, "share": 0.5}
    assert figures["link_posts"] == {"count": 2, "of": 4, "share": 0.5}
    assert figures["shares"]["title_question"] == {"count": 1, "of": 4, "share": 0.25}
    assert figures["shares"]["link"]["of"] == 2, "a text's feature is counted among posts with a text"
    assert figures["body_words"] == {"n": 2, "q1": 3.25, "median": 3.5, "q3": 3.75}
    assert figures["domains"] == [{"domain": "example.com", "count": 2, "share": 1.0}]
    assert figures["flairs"][0] == {"flair": "Question", "count": 2, "share": 0.5}
    assert figures["no_flair"]["count"] == 1
    assert figures["first_post_at"] == (BEGAN + timedelta(hours=1)).isoformat()


def test_a_post_of_unknown_kind_is_neither_a_text_post_nor_a_link() -> None:
    unknown = [kept(n, is_self=None, body="" if n % 2 else "some words") for n in range(1, 5)]
    figures = figures_of([*unknown, kept(5), kept(6, is_self=False, body="", url="https://example.com")])
    assert figures["self_posts"] == {"count": 1, "of": 2, "share": 0.5}
    assert figures["link_posts"] == {"count": 1, "of": 2, "share": 0.5}
    assert figures["domains"] == [{"domain": "example.com", "count": 1, "share": 1.0}]
    assert figures["body_words"]["n"] == 1


def test_a_time_that_is_not_known_to_the_minute_tells_no_hour_and_no_weekday() -> None:
    figures = figures_of([kept(1), *(kept(n, time_is_exact=False) for n in range(2, 9))])
    assert sum(row["posts"] for row in figures["hours_utc"]) == 1
    assert sum(row["posts"] for row in figures["weekdays_utc"]) == 1
    assert figures["posts"] == 8


def test_a_missing_score_is_unknown_and_never_zero() -> None:
    figures = figures_of([kept(n, score=None) for n in range(30)])
    assert figures["score"] == {"known": 0, "unknown": 30, "q1": None, "median": None, "q3": None, "highest": None}
    assert figures["findings"] == []


def test_removed_posts_are_counted_as_refused_and_not_as_norms() -> None:
    posts = [
        kept(1, score=10),
        kept(2, score=0, removed_by_category="moderator"),
        kept(3, score=0, body="[removed]"),
    ]
    figures = figures_of(posts)
    assert (figures["posts"], figures["score"]["median"]) == (1, 10.0)
    assert figures["removals"] == {
        "removed": 2,
        "of": 3,
        "share": 0.6667,
        "by_category": {"moderator": 1, "unknown": 1},
    }


def test_no_removal_seen_is_no_share_of_zero() -> None:
    assert figures_of([kept(1)])["removals"]["share"] is None


def test_too_few_posts_are_said_to_be_too_few() -> None:
    assert figures_of([kept(n) for n in range(MIN_POSTS - 1)])["enough"] is False
    assert figures_of([kept(n) for n in range(MIN_POSTS)])["enough"] is True


def test_a_difference_that_chance_does_not_explain_is_a_finding_with_its_counts() -> None:
    asking = [kept(n, title="Why?", score=n % 3) for n in range(60)]
    telling = [kept(100 + n, score=10 + n % 7) for n in range(60)]
    figures = figures_of(asking + telling)
    finding = next(f for f in figures["findings"] if f["feature"] == "title_question")
    assert finding["direction"] == "less"
    assert finding["with"] == {"n": 60, "above": 0, "share": 0.0}
    assert finding["without"] == {"n": 60, "above": 60, "share": 1.0}
    assert (finding["difference"], finding["among"]) == (-1.0, "all posts")
    assert -1.0 <= finding["low"] <= finding["difference"] <= finding["high"] < 0


def test_differences_by_chance_are_findings_in_at_most_one_of_twenty_communities() -> None:
    rng = random.Random(7)
    titles = ["Why?", "What the kiln did", "Number 5"]
    bodies = ["we went **far**", "see https://example.com", "It was 5 hot days ago?"]
    false = 0
    for _ in range(100):
        posts = [
            kept(n, title=rng.choice(titles), body=rng.choice(bodies), score=rng.randrange(100)) for n in range(300)
        ]
        figures = figures_of(posts)
        assert figures["tested"] > 5
        false += bool(figures["findings"])
    assert false <= 8, "5 are expected; without widening the intervals it would be some 30"


def test_a_group_that_is_too_small_is_not_tested_and_says_so() -> None:
    posts = [kept(n, title="Why?" if n < MIN_GROUP - 1 else "Kiln", score=0 if n < MIN_GROUP else 9) for n in range(80)]
    figures = figures_of(posts)
    assert "title_question" in figures["untested"]
    assert figures["tested"] + len(figures["untested"]) == len(FEATURES) + 3


def test_more_looks_need_more_certainty() -> None:
    posts = [kept(n, title="Why?" if n % 2 else "Kiln", body="we" if n % 3 else "**so** it is") for n in range(90)]
    figures = figures_of(posts)
    assert figures["tested"] > 1
    assert figures["confidence"] == round(1 - 0.05 / figures["tested"], 5)


def test_texts_are_compared_among_texts() -> None:
    linked = [kept(n, body="", is_self=False, url="https://example.com", score=1000) for n in range(40)]
    short = [kept(100 + n, score=1) for n in range(40)]
    long = [kept(200 + n, score=50, body="word " * 90) for n in range(40)]
    finding = next(f for f in figures_of(linked + short + long)["findings"] if f["feature"] == "long_text")
    assert (finding["among"], finding["median_score"], finding["with"]["n"]) == ("text posts", 25.5, 40)


def test_the_best_hours_are_only_those_beyond_chance() -> None:
    quiet = [kept(n, created_at=BEGAN + timedelta(days=n, hours=3), score=1) for n in range(70)]
    loud = [kept(100 + n, created_at=BEGAN + timedelta(days=n, hours=17), score=9) for n in range(50)]
    figures = figures_of(quiet + loud)
    assert [best["hour"] for best in figures["best_hours_utc"]] == [17]
    assert figures["best_hours_utc"][0]["n"] == 50
    assert figures["best_weekdays_utc"] == []
    assert figures["hours_utc"][3] == {"hour": 3, "posts": 70, "known": 70, "median_score": 1.0, "above_median": 0}
    assert sum(day["posts"] for day in figures["weekdays_utc"]) == 120


def test_a_finding_can_be_looked_up_for_one_post() -> None:
    posts = [kept(n, body="word " * n) for n in range(1, 60)]
    figures = figures_of(posts)
    long = kept(99, body="word " * 80, title="Why?")
    assert has_feature("long_text", long, features("Why?", long.body or ""), figures) is True
    assert has_feature("title_question", long, features("Why?", ""), figures) is True
    assert has_feature("self_post", long, features("Why?", ""), figures) is True
    link = kept(98, body="", is_self=False, url="https://example.com")
    assert has_feature("long_text", link, features("x", ""), figures) is None
    assert has_feature("no longer known", link, features("x", ""), figures) is None


def test_the_contract_names_every_figure() -> None:
    assert profile.__doc__ is not None
    for key in figures_of([kept(n) for n in range(60)]):
        assert key in profile.__doc__


POSTS = st.lists(
    st.builds(
        kept,
        st.integers(1, 999),
        title=st.text(max_size=30),
        body=st.sampled_from(["", "[removed]"]) | st.text(max_size=60),
        score=st.none() | st.integers(-5, 5),
        num_comments=st.none() | st.integers(0, 5),
        flair=st.none() | st.text(max_size=4),
        url=st.none() | st.sampled_from(["https://example.com/a", "http://[", "x"]),
        is_self=st.booleans(),
        basis=st.sampled_from([Basis.FILE, Basis.APIFY]),
        removed_by_category=st.sampled_from([None, None, "moderator"]),
    ),
    max_size=60,
)


@given(POSTS, st.randoms())
def test_any_posts_give_figures_that_are_json_and_do_not_depend_on_order(posts: list[Post], rng: random.Random) -> None:
    figures = figures_of(posts)
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert figures["posts"] + figures["removals"]["removed"] == len(posts)
    rng.shuffle(posts)
    assert figures_of(posts) == figures

"""How people comment: lengths, forms, and how soon the first comment comes, also where some posts have none yet."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.comments import FORMS, FirstAnswer, comment_figures, reached
from core.communities import Answered, CountedComment
from core.texts.features import COUNTED
from core.texts.figures import Band, Share

START = datetime(2026, 11, 1, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def comment(
    number: int, post: str, minutes: float, *, words: int = 10, run: int = 1, found: str = ""
) -> CountedComment:
    return CountedComment(f"c{number}", "pottery", post, at(minutes), words, tuple(found.split()), run)


def post(name: str, minutes: float, num_comments: int | None = None, counted_at: float | None = None) -> Answered:
    return Answered(name, at(minutes), num_comments, None if counted_at is None else at(counted_at))


def frame(until: float, run: int = 1) -> list[CountedComment]:
    """Comments on an older post that begin and end what a run has seen."""
    return [comment(1_000 * run, "old", 0, run=run), comment(1_000 * run + 1, "old", until, run=run)]


def test_lengths_and_forms_are_counted_over_all_comments() -> None:
    kept = [comment(n, f"p{n % 3}", n, words=n, found="link question" if n < 4 else "number") for n in range(1, 9)]
    figures = comment_figures(kept, [])
    assert (figures.comments, figures.posts, figures.first_at, figures.last_at) == (8, 3, at(1), at(8))
    assert figures.words == Band(8, 2.75, 4.5, 6.25)
    assert figures.shares["link"] == Share(3, 8, 0.375)
    assert figures.shares["number"] == Share(5, 8, 0.625)
    assert figures.shares["list"] == Share(0, 8, 0.0)
    assert figures.first is None
    assert set(FORMS) < set(COUNTED)


def test_without_comments_there_are_no_figures() -> None:
    figures = comment_figures([], [post("a", 1)])
    assert (figures.comments, figures.words, figures.first, figures.enough) == (0, Band(), None, False)


@pytest.mark.parametrize(("count", "enough"), [(49, False), (50, True)])
def test_fewer_than_fifty_comments_tell_no_norms(count: int, enough: bool) -> None:
    assert comment_figures([comment(n, "p", n) for n in range(count)], []).enough is enough


def test_the_first_comment_is_timed_for_posts_that_were_seen_from_their_first_minute() -> None:
    posts = [post("before", -1), *(post(f"p{n}", n) for n in range(20)), post("after", 100)]
    answers = [comment(n, f"p{n}", n + 10 + n) for n in range(20)] + [comment(50 + n, f"p{n}", 90) for n in range(20)]
    told = comment_figures([*frame(100), *answers, comment(99, "before", 2)], posts).first
    assert told == FirstAnswer(posts=20, commented=20, quarter=14.0, half=19.0, most=24.0)


def test_a_post_without_a_comment_counts_for_as_long_as_it_was_seen() -> None:
    posts = [post(f"p{n}", 10) for n in range(20)]
    answers = [comment(n, f"p{n}", 40) for n in range(8)]
    told = comment_figures([*frame(1_000), *answers], posts).first
    assert told == FirstAnswer(posts=20, commented=8, quarter=30.0, half=None, most=None)


def test_a_comment_after_a_gap_between_two_runs_is_no_first_comment() -> None:
    posts = [post(f"p{n}", 10) for n in range(20)]
    later = [comment(n, f"p{n}", 500, run=2) for n in range(20)]
    gap = [comment(901, "old", 400, run=2), comment(902, "old", 600, run=2)]
    told = comment_figures([*frame(60), *later, *gap], posts).first
    assert told == FirstAnswer(posts=20, commented=0, quarter=None, half=None, most=None)


def test_nothing_is_said_of_first_comments_when_comments_are_missing() -> None:
    answered = [post(f"p{n}", 10, num_comments=2, counted_at=50) for n in range(16)]
    answers = [comment(n, f"p{n}", 20) for n in range(16)]
    silent = [post(f"q{n}", 10, num_comments=3, counted_at=50) for n in range(5)]
    kept = [*frame(100), *answers]
    assert comment_figures(kept, [*answered, *silent[:4]]).first == FirstAnswer(20, 16, 10.0, 10.0, 10.0)
    assert comment_figures(kept, [*answered, *silent]).first is None
    # What was counted after the last comment says nothing of what was seen.
    later = [Answered(one.reddit_id, one.created_at, 3, at(101)) for one in silent]
    assert comment_figures(kept, [*answered, *later]).first is not None


def test_too_few_posts_say_nothing_of_first_comments() -> None:
    posts = [post(f"p{n}", 10) for n in range(19)]
    assert comment_figures([*frame(100), *(comment(n, f"p{n}", 20) for n in range(19))], posts).first is None


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60))
def test_the_estimate_is_that_of_scipy(waited: list[tuple[int, bool]]) -> None:
    from scipy.stats import CensoredData, ecdf  # takes a second, and nothing else in the tests' processes needs it

    came = [float(time) for time, did in waited if did]
    ended = [float(time) for time, did in waited if not did]
    if came:
        curve = ecdf(CensoredData(came, right=ended)).sf
        expected = []
        for share in (0.25, 0.5, 0.75):
            there = np.flatnonzero(curve.probabilities <= 1 - share + 1e-9)
            expected.append(float(curve.quantiles[there[0]]) if len(there) else None)
    else:
        expected = [None, None, None]
    told = reached([(float(time), did) for time, did in waited], (0.25, 0.5, 0.75))
    assert told == expected
    assert not any(one is not None and math.isnan(one) for one in told)

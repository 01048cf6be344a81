from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.profile import (
    MIN_GROUP,
    MIN_POSTS,
    SETTLED_AFTER,
    has_feature,
    is_settled,
    way_of,
)
from core.communities import Post
from core.model import Basis
from core.texts.features import COUNTED
from core.texts.figures import (
    Band,
    Direction,
    Figures,
    Found,
    Listed,
    Removals,
    Share,
    Side,
    Spread,
    is_chosen_by_score,
)
from tests.core.analysis.invented import BEGAN, figures_of, kept
from tests.core.analysis.quick_reader import features

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_counts_medians_and_shares_are_those_a_person_would_count() -> None:
    posts = [
        kept(1, score=2, title="Why did it crack?", num_comments=4, flair="Question"),
        kept(2, score=4, body="one two three four", flair="Question"),
        kept(3, score=9, is_self=False, body="", url="https://www.example.com/a", flair="Link"),
        kept(4, score=None, is_self=False, body="", url="https://example.com/b", num_comments=None),
    ]
    figures = figures_of(posts)
    assert (figures.posts, figures.community, figures.bases) == (4, "pottery", {"file": 4})
    assert figures.score == Spread(
        known=3, unknown=1, q1=3.0, median=4.0, q3=6.5, highest=9, found_in="file", chosen=False
    )
    assert (figures.comments.known, figures.comments.unknown, figures.comments.median) == (3, 1, 1.0)
    assert figures.self_posts == Share(2, 4, 0.5)
    assert figures.link_posts == Share(2, 4, 0.5)
    assert figures.shares["title_question"] == Share(1, 4, 0.25)
    assert figures.shares["link"].of == 2, "a text's feature is counted among posts with a text"
    assert figures.body_words == Band(2, 3.25, 3.5, 3.75)
    assert figures.domains == (Listed("example.com", 2, 1.0),)
    assert figures.flairs == (Listed("Question", 2, 0.5), Listed("Link", 1, 0.25))
    assert figures.no_flair == Share(1, 4, 0.25)
    assert (figures.first_post_at, figures.last_post_at) == (BEGAN + HOUR, BEGAN + 4 * HOUR)


def test_the_host_of_a_link_is_counted_however_its_address_is_written() -> None:
    urls = ["https://WWW.Example.com/a", "example.com/b", "/r/pottery/comments/x", "https://[broken"]
    figures = figures_of([kept(n, is_self=False, body="", url=url) for n, url in enumerate(urls, 1)])
    assert figures.domains == (Listed("example.com", 2, 0.5),)


def test_a_post_of_unknown_kind_is_neither_a_text_post_nor_a_link() -> None:
    unknown = [kept(n, is_self=None, body="" if n % 2 else "some words") for n in range(1, 5)]
    figures = figures_of([*unknown, kept(5), kept(6, is_self=False, body="", url="https://example.com")])
    assert figures.self_posts == Share(1, 2, 0.5)
    assert figures.link_posts == Share(1, 2, 0.5)
    assert figures.domains == (Listed("example.com", 1, 1.0),)
    assert figures.body_words.n == 1


def test_a_post_of_unknown_kind_is_on_neither_side_of_what_text_posts_do_better() -> None:
    texts = [kept(n, score=n % 9) for n in range(0, 90, 3)]
    links = [kept(n, score=100, is_self=False, body="") for n in range(1, 90, 3)]
    unknown = [kept(n, score=50, is_self=None) for n in range(2, 90, 3)]
    [finding] = [f for f in figures_of([*texts, *links, *unknown]).findings if f.feature == "self_post"]
    assert (finding.direction, finding.having.n, finding.lacking.n) == (Direction.WORSE, 30, 30)


def test_a_time_that_is_not_known_to_the_minute_tells_no_hour_and_no_weekday() -> None:
    figures = figures_of([kept(1), *(kept(n, time_is_exact=False) for n in range(2, 9))])
    assert sum(slot.posts for slot in figures.when.hours_utc) == 1
    assert sum(slot.posts for slot in figures.when.weekdays_utc) == 1
    assert figures.posts == 8


def test_a_missing_score_is_unknown_and_never_zero() -> None:
    figures = figures_of([kept(n, score=None) for n in range(30)])
    assert figures.score == Spread(unknown=30)
    assert (figures.findings, figures.settled) == ((), 0)


def test_removed_posts_are_counted_as_refused_and_not_as_norms() -> None:
    posts = [
        kept(1, score=10),
        kept(2, score=0, removed_by_category="moderator"),
        kept(3, score=0, body="[removed]"),
    ]
    figures = figures_of(posts)
    assert (figures.posts, figures.score.median) == (1, 10.0)
    assert figures.removals == Removals(2, 3, 0.6667, {"moderator": 1, "unknown": 1})


def test_vote_ratios_count_where_scores_do_and_the_newest_reading_is_told() -> None:
    young = kept(9, upvote_ratio=0.1, score_at=kept(9).created_at + HOUR)
    figures = figures_of([kept(1, upvote_ratio=0.6), kept(2, upvote_ratio=0.8), kept(3), young])
    assert figures.upvote_ratio == Band(2, 0.65, 0.7, 0.75)
    assert figures.scored_at == kept(1).score_at
    assert figures_of([kept(1, score_at=None)]).scored_at is None


@pytest.mark.parametrize(("days", "is_old"), [(364, False), (366, True)])
def test_a_sample_is_old_when_its_newest_post_was_read_a_year_after_it(days: int, is_old: bool) -> None:
    read_at = kept(2).created_at + timedelta(days=days)
    assert figures_of([kept(n, score_at=read_at) for n in (1, 2)]).is_old is is_old


def test_a_sample_is_chosen_by_score_when_all_of_it_is() -> None:
    best = [kept(n, found_in="top:year#1") for n in (1, 2)]
    assert figures_of(best).is_chosen_by_score
    assert not figures_of([*best, kept(3, found_in="new#1")]).is_chosen_by_score
    assert not figures_of([]).is_chosen_by_score


def test_without_a_removal_seen_the_share_is_unknown_and_not_zero() -> None:
    assert figures_of([kept(1)]).removals.share is None


def test_too_few_posts_are_said_to_be_too_few() -> None:
    assert figures_of([kept(n) for n in range(MIN_POSTS - 1)]).enough is False
    assert figures_of([kept(n) for n in range(MIN_POSTS)]).enough is True


# ---------------------------------------------------------------- which scores count


@pytest.mark.parametrize(
    ("read_after", "counts"),
    [
        (SETTLED_AFTER, True),
        (SETTLED_AFTER - timedelta(seconds=1), False),
        (timedelta(seconds=14), False),
        (None, False),
    ],
)
def test_a_score_read_within_a_day_of_its_post_is_no_score(read_after: timedelta | None, counts: bool) -> None:
    post = kept(1)
    read = kept(1, score_at=None if read_after is None else post.created_at + read_after)
    assert is_settled(read) is counts
    figures = figures_of([read])
    assert (figures.score.known, figures.score.unsettled) == (int(counts), int(not counts))
    assert (figures.comments.known, figures.comments.unsettled) == (int(counts), int(not counts))
    assert figures.settled == int(counts)


def test_young_posts_count_for_texts_and_rhythm_and_not_for_medians_and_findings() -> None:
    settled = [kept(n, score=50 + n % 9, num_comments=8) for n in range(60)]
    young = [kept(n, title="Why?", score=1, num_comments=0, score_at=BEGAN + (n + 1) * HOUR) for n in range(100, 160)]
    figures = figures_of(settled + young)
    assert figures.posts == 120
    assert figures.shares["title_question"] == Share(60, 120, 0.5)
    assert sum(slot.posts for slot in figures.when.weekdays_utc) == 120
    assert (figures.score.median, figures.score.known, figures.score.unsettled) == (54.0, 60, 60)
    assert figures.comments.median == 8
    assert sum(slot.known for slot in figures.when.weekdays_utc) == 60
    assert figures.findings == ()
    assert "title_question" in figures.untested


def test_the_best_of_the_year_are_not_compared_with_the_newest() -> None:
    newest = [kept(n, title="Why?", score=n % 7, found_in=f"new#{n}") for n in range(80)]
    best = [kept(n, title="It held", score=900 + n % 7, found_in=f"top:year#{n}") for n in range(80, 160)]
    figures = figures_of(newest + best)
    assert figures.findings == ()
    assert figures.found == (Found("new", 80, 80), Found("top:year", 80, 80))
    assert figures.score == Spread(
        known=80, elsewhere=80, q1=1.0, median=3.0, q3=5.0, highest=6, found_in="new", chosen=False
    )


def test_a_sample_of_the_best_alone_says_so() -> None:
    best = [kept(n, found_in="top:all") for n in range(60)]
    few = [kept(n, found_in="new") for n in range(60, 60 + MIN_POSTS - 1)]
    score = figures_of(best + few).score
    assert (score.found_in, score.chosen, score.known, score.elsewhere) == ("top:all", True, 60, MIN_POSTS - 1)
    usual = [kept(n, found_in="new") for n in range(60, 60 + MIN_POSTS)]
    assert (figures_of(best + usual).score.found_in, figures_of(best + usual).score.chosen) == ("new", False)
    mixed = figures_of([kept(n, found_in="mixed") for n in range(60)]).score
    assert (mixed.known, mixed.chosen) == (60, True), "half of them were chosen, and nobody says which"


@pytest.mark.parametrize(
    ("found_in", "way", "chosen"),
    [
        ("new#3", "new", False),
        ("top:year#12", "top:year", True),
        ("top", "top", True),
        ("hot#1", "hot", True),
        ("file", "file", False),
        (None, None, False),
    ],
)
def test_how_a_post_was_found_says_whether_it_was_chosen_by_its_score(
    found_in: str | None, way: str | None, chosen: bool
) -> None:
    assert way_of(kept(found_in=found_in)) == way
    assert is_chosen_by_score(way) is chosen


# ---------------------------------------------------------------- findings


def test_a_difference_that_chance_does_not_explain_is_a_finding_with_its_direction_and_counts() -> None:
    asking = [kept(n, title="Why?", score=n % 3) for n in range(0, 120, 2)]
    telling = [kept(n, score=10 + n % 7) for n in range(1, 120, 2)]
    figures = figures_of(asking + telling)
    [finding] = [f for f in figures.findings if f.feature == "title_question"]
    assert finding.direction is Direction.WORSE
    assert (finding.having, finding.lacking, finding.n) == (Side(60, 0.0), Side(60, 1.0), 120)
    assert (finding.difference, finding.among) == (-1.0, "posts")
    assert -1.0 <= finding.low <= finding.difference <= finding.high < 0
    assert (finding.first_post_at, finding.last_post_at) == (BEGAN, BEGAN + 119 * HOUR)
    assert finding.sentence == (
        "Posts with a question mark in the title score lower: 0% of 60 such posts score above the median of their "
        "time, 100% of the 60 others (2 Mar 2026 to 6 Mar 2026)."
    )
    assert figures.effect("title_question") == -1.0
    assert figures.effect("link") == 0.0


def test_what_does_better_is_told_as_better() -> None:
    asking = [kept(n, title="Why?", score=10 + n % 3) for n in range(0, 120, 2)]
    telling = [kept(n, score=n % 7) for n in range(1, 120, 2)]
    [finding] = [f for f in figures_of(asking + telling).findings if f.feature == "title_question"]
    assert (finding.direction, finding.difference) == (Direction.BETTER, 1.0)
    assert finding.sentence.startswith("Posts with a question mark in the title score higher: 100% of 60")


TITLES = ["Why?", "What the kiln did", "Number 5"]
BODIES = ["we went **far**", "see https://example.com", "It was 5 hot days ago?"]
NOW = BEGAN + 365 * DAY


def _text(rng: random.Random) -> dict[str, str]:
    return {"title": rng.choice(TITLES), "body": rng.choice(BODIES)}


def _plain(rng: random.Random) -> list[Post]:
    return [kept(n, **_text(rng), score=rng.randrange(100)) for n in range(300)]


def _newest_and_best(rng: random.Random) -> list[Post]:
    """What a collection takes by default: newest posts whose scores still grow, and the best of the year."""
    posts = []
    for n in range(200):
        age_h = rng.random() * 480
        score = int(3 * rng.paretovariate(1.1) * min(1.0, age_h / 24))
        at = NOW - age_h * HOUR
        posts.append(kept(n, **_text(rng), created_at=at, score=score, score_at=NOW, found_in=f"new#{n}"))
    for n in range(200, 400):
        at = NOW - rng.random() * 365 * DAY
        score = int(100 * rng.paretovariate(1.1))
        posts.append(kept(n, **_text(rng), created_at=at, score=score, score_at=NOW, found_in=f"top:year#{n}"))
    return posts


def _new_ones_ask(rng: random.Random) -> list[Post]:
    """As before, and the best of the year happen to ask less."""
    return [
        kept(p.id, created_at=p.created_at, score=p.score, score_at=p.score_at, found_in=p.found_in, title=title)
        for p in _newest_and_best(rng)
        for title in [rng.choice(["Why?", "Why?", "It held"] if way_of(p) == "new" else ["It held", "It held", "Why?"])]
    ]


def _growing(rng: random.Random) -> list[Post]:
    """Scores grow tenfold in a year, and questions come into fashion."""
    posts = []
    for n in range(300):
        part = n / 300
        title = "Why?" if rng.random() < 0.15 + 0.6 * part else "It held"
        score = int(3 * rng.paretovariate(1.2) * 10**part)
        posts.append(kept(n, title=title, body=rng.choice(BODIES), created_at=BEGAN + part * 365 * DAY, score=score))
    return [
        kept(p.id, title=p.title, body=p.body, created_at=p.created_at, score=p.score, score_at=NOW + 2 * DAY)
        for p in posts
    ]


@pytest.mark.parametrize("sample", [_plain, _newest_and_best, _new_ones_ask, _growing])
def test_scores_that_do_not_depend_on_the_text_give_findings_in_at_most_one_of_twenty_communities(
    sample: Callable[[random.Random], list[Post]],
) -> None:
    found = timed = 0
    for seed in range(40):
        figures = figures_of(sample(random.Random(seed)))
        assert figures.tested >= 1
        assert figures.when.tested >= 8
        found += bool(figures.findings)
        timed += any(figures.when.standing_out(direction) for direction in Direction)
    assert found <= 5, "2 are expected; 6 or more come once in 70 such tests"
    assert timed <= 5


def test_an_effect_is_still_found_among_mixed_samples() -> None:
    found = 0
    for seed in range(10):
        posts = [
            kept(
                p.id,
                title=p.title,
                body=p.body,
                created_at=p.created_at,
                score=(p.score or 0) * (4 if p.title == "Why?" else 1),
                score_at=p.score_at,
                found_in=p.found_in,
            )
            for p in _newest_and_best(random.Random(seed))
        ]
        [asks] = [f for f in figures_of(posts).findings if f.feature == "title_question"]
        found += asks.direction is Direction.BETTER
    assert found == 10


def test_a_group_that_is_too_small_is_not_tested_and_says_so() -> None:
    posts = [kept(n, title="Why?" if n < MIN_GROUP - 1 else "Kiln", score=0 if n < MIN_GROUP else 9) for n in range(39)]
    figures = figures_of(posts)
    assert "title_question" in figures.untested
    assert figures.tested + len(figures.untested) == len(COUNTED) + 3


def test_more_looks_need_more_certainty() -> None:
    posts = [kept(n, title="Why?" if n % 2 else "Kiln", body="we" if n % 3 else "**so** it is") for n in range(90)]
    figures = figures_of(posts)
    assert figures.tested > 1
    assert figures.confidence == round(1 - 0.05 / figures.tested, 5)


def test_texts_are_compared_among_texts() -> None:
    linked = [kept(n, body="", is_self=False, url="https://example.com", score=1000) for n in range(0, 120, 3)]
    short = [kept(n, score=1) for n in range(1, 120, 3)]
    long = [kept(n, score=50, body="word " * 90) for n in range(2, 120, 3)]
    [finding] = [f for f in figures_of(linked + short + long).findings if f.feature == "long_text"]
    assert (finding.among, finding.having.n, finding.lacking.n, finding.difference) == ("text posts", 40, 40, 1.0)
    assert finding.sentence.startswith("Text posts with more than 46 words score higher: 100% of 40 such text posts")


def test_only_times_beyond_chance_stand_out() -> None:
    quiet = [kept(n, created_at=BEGAN + timedelta(days=n, hours=3), score=1) for n in range(70)]
    loud = [kept(100 + n, created_at=BEGAN + timedelta(days=n, hours=17), score=9) for n in range(50)]
    when = figures_of(quiet + loud).when
    assert [name for name, _ in when.standing_out(Direction.BETTER)] == ["15:00 to 18:00 UTC"]
    assert [name for name, _ in when.standing_out(Direction.WORSE)] == ["03:00 to 06:00 UTC"]
    [(_, slot)] = when.standing_out(Direction.BETTER)
    assert (slot.begin, slot.posts, slot.known) == (15, 50, 50)
    assert [slot.begin for slot in when.hours_utc] == [0, 3, 6, 9, 12, 15, 18, 21]
    assert sum(day.posts for day in when.weekdays_utc) == 120
    assert when.tested == 2, "no weekday has posts enough"


def test_a_finding_can_be_looked_up_for_one_post() -> None:
    figures = figures_of([kept(n, body="word " * n) for n in range(1, 60)])
    long = kept(99, body="word " * 80, title="Why?")
    assert has_feature("long_text", long, features("Why?", long.body or ""), figures) is True
    assert has_feature("title_question", long, features("Why?", ""), figures) is True
    assert has_feature("self_post", long, features("Why?", ""), figures) is True
    link = kept(98, body="", is_self=False, url="https://example.com")
    assert has_feature("long_text", link, features("x", ""), figures) is None
    assert has_feature("no longer known", link, features("x", ""), figures) is None


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
        is_self=st.none() | st.booleans(),
        basis=st.sampled_from([Basis.FILE, Basis.APIFY]),
        removed_by_category=st.sampled_from([None, None, "moderator"]),
        found_in=st.sampled_from([None, "new#1", "top:year#1"]),
        score_at=st.none() | st.datetimes(timezones=st.just(BEGAN.tzinfo)),
    ),
    max_size=60,
)


@given(POSTS, st.randoms())
def test_any_posts_give_figures_that_are_json_and_do_not_depend_on_order(posts: list[Post], rng: random.Random) -> None:
    figures = figures_of(posts)
    content = figures.dump()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert Figures.read(content) == figures
    assert figures.posts + figures.removals.removed == len(posts)
    for spread in (figures.score, figures.comments):
        assert spread.known + spread.unsettled + spread.unknown + spread.elsewhere == figures.posts
    assert sum(found.posts for found in figures.found) == figures.posts
    rng.shuffle(posts)
    assert figures_of(posts) == figures


@pytest.mark.parametrize(("day", "low"), [(5, True), (2, False)])
def test_one_day_that_stands_out_makes_no_other_day_look_different(day: int, low: bool) -> None:
    chance = random.Random(20261128)
    posts = []
    for number in range(7 * 96):
        created_at = BEGAN + timedelta(days=number % 7, weeks=number // 7, hours=chance.randrange(24))
        of_the_day = chance.randrange(1, 40) if low else chance.randrange(60, 100)
        score = of_the_day if created_at.weekday() == day else chance.randrange(40, 60)
        posts.append(kept(number, created_at=created_at, score=score))
    when = figures_of(posts).when
    expected = Direction.WORSE if low else Direction.BETTER
    assert [slot.stands_out for slot in when.weekdays_utc] == [expected if n == day else None for n in range(7)]


def test_two_days_that_stand_out_are_both_told() -> None:
    chance = random.Random(20261128)
    posts = []
    for number in range(7 * 96):
        created_at = BEGAN + timedelta(days=number % 7, weeks=number // 7, hours=chance.randrange(24))
        score = {0: 5, 4: 95}.get(created_at.weekday(), chance.randrange(40, 60))
        posts.append(kept(number, created_at=created_at, score=score))
    told = [slot.stands_out for slot in figures_of(posts).when.weekdays_utc]
    assert told == [Direction.WORSE, None, None, None, Direction.BETTER, None, None]

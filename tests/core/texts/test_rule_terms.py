"""On which terms a demand lets something stand, and how far it reaches, as data that a draft is held against."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.communities import Rule
from core.texts.rule_terms import Pace, Reach, Repeats, Size, Terms, pace_of, reach_of, repeats_of, size_of, terms_of
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand


def rule(description: str, name: str = "Rule 1") -> Rule:
    return Rule(name, description, "link")


def reach(topic: Topic, quote: str, description: str = "", name: str = "Rule 1") -> Reach:
    return reach_of(rule(description or quote, name), Demand(topic, Stance.FORBIDS, quote))


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("Your own work: Sundays only", "Posts that present something you built may be posted on Sundays only."),
        ("Showcase thread", "Release announcements go into the pinned thread, not into posts of their own."),
        ("Lessons", "Tell us what you learned. Plain launch announcements go to the Saturday thread."),
        ("Business on Fridays", "Posts whose point is to promote a business are for Fridays only."),
        ("What belongs here", "Anything small that you make. 'Check out my product' posts are removed."),
    ],
)
def test_a_rule_on_posts_that_present_something_means_no_post_that_names_it(name: str, description: str) -> None:
    assert reach(Topic.PROMOTION, "It is asked.", description, name) is Reach.PRESENTING


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("No advertising", "Posts that advertise are removed."),
        ("Thursdays", "Posts that present or name your product are for Thursday."),
        ("No promotion", "No products, no channels, no courses."),
        ("Fridays", "Launch posts on Fridays. On other days don't bring your app up, not even in passing."),
    ],
)
def test_a_rule_on_any_promotion_means_every_post_that_names_it(name: str, description: str) -> None:
    assert reach(Topic.PROMOTION, "It is asked.", description, name) is Reach.ANY


@pytest.mark.parametrize(
    ("topic", "quote", "far"),
    [
        (Topic.PROMOTION, "Links to your shop are removed.", Reach.OWN_LINKS),
        (Topic.PROMOTION, "No self-promotion, no links.", Reach.ANY),
        (Topic.LINKS, "No shop links.", Reach.OWN_LINKS),
        (Topic.LINKS, "No links to your own blog.", Reach.OWN_LINKS),
        (Topic.LINKS, "No links in titles.", Reach.ANY),
        (Topic.SURVEYS, "No links to your own surveys.", Reach.ANY),
    ],
)
def test_some_demands_reach_only_to_links_to_what_one_makes(topic: Topic, quote: str, far: Reach) -> None:
    assert reach(topic, quote) is far


@pytest.mark.parametrize(
    ("topic", "stance", "quote", "condition", "terms"),
    [
        (Topic.PROMOTION, Stance.ALLOWS_WHEN, "Say that it is yours.", "", {Terms.DISCLOSED}),
        (Topic.PROMOTION, Stance.ALLOWS_WHEN, "Tools may be named.", "with disclosure", {Terms.DISCLOSED}),
        (Topic.PROMOTION, Stance.ALLOWS_WHEN, "Apps go there.", "only in the weekly thread", {Terms.IN_A_THREAD}),
        (Topic.LINKS, Stance.ALLOWS_WHEN, "Links go there.", "only in the weekly thread", set()),
        (Topic.PROMOTION, Stance.ALLOWS_WHEN, "Name it, but do not advertise.", "", {Terms.UNADVERTISED}),
        (Topic.PROMOTION, Stance.FORBIDS, "Do not advertise.", "", set()),
        (Topic.SURVEYS, Stance.ALLOWS_WHEN, "Do not advertise them.", "", set()),
        (Topic.LINKS, Stance.ALLOWS_WHEN, "No porn links.", "", set()),
        (Topic.LINKS, Stance.ALLOWS_WHEN, "Store links are looked at.", "", set()),
        (
            Topic.PROMOTION,
            Stance.ALLOWS_WHEN,
            "Never pitch.",
            "in the thread, and tell us that it is yours",
            {Terms.UNADVERTISED, Terms.IN_A_THREAD, Terms.DISCLOSED},
        ),
    ],
)
def test_the_terms_of_a_demand(topic: Topic, stance: Stance, quote: str, condition: str, terms: set[Terms]) -> None:
    assert terms_of(rule(quote), Demand(topic, stance, quote, condition)) == terms


@pytest.mark.parametrize(
    ("quote", "pace"),
    [
        ("Post once a day.", Pace(1, of_promotion=False)),
        ("Once per 24 hours.", Pace(1, of_promotion=False)),
        ("One post every 2 weeks.", Pace(14, of_promotion=False)),
        ("1 post a month.", Pace(30, of_promotion=False)),
        ("One post about your own app per week.", Pace(7, of_promotion=True)),
        ("Your own app: one post a week.", Pace(7, of_promotion=True)),
        ("No self-promotion. One post a week.", Pace(7, of_promotion=False)),
        ("Twice a week is enough.", None),
        ("Seldom.", None),
    ],
)
def test_how_often_one_may_post(quote: str, pace: Pace | None) -> None:
    assert pace_of(rule(quote), Demand(Topic.TIMING, Stance.REQUIRES, quote)) == pace


@pytest.mark.parametrize(
    ("description", "number", "unit", "repeats"),
    [
        ("No reposts.", None, "", Repeats(None, of_product=False)),
        ("No reposts within 3 months.", 3, "months", Repeats(timedelta(days=90), of_product=False)),
        ("The same small app once in 30 days.", 30, "days", Repeats(timedelta(days=30), of_product=True)),
        ("The same question again after 5 words.", 5, "words", Repeats(None, of_product=False)),
    ],
)
def test_what_counts_as_a_repost(description: str, number: int | None, unit: str, repeats: Repeats) -> None:
    demand = Demand(Topic.REPOSTS, Stance.FORBIDS, "It is asked.", number=number, unit=unit)
    assert repeats_of(rule(description), demand) == repeats


@pytest.mark.parametrize(
    ("quote", "number", "also", "size"),
    [
        ("At least 30 words.", 30, None, Size(30, None, "word", of_title=False)),
        ("Keep it under 300 words.", 300, None, Size(None, 300, "word", of_title=False)),
        ("Posts under 300 words are removed.", 300, None, Size(300, None, "word", of_title=False)),
        ("Posts over 300 words are removed.", 300, None, Size(None, 300, "word", of_title=False)),
        ("Titles between 5 and 12 words.", 5, (12, "words"), Size(5, 12, "word", of_title=True)),
        ("Write more.", None, None, None),
    ],
)
def test_the_length_that_is_asked(
    quote: str, number: int | None, also: tuple[int, str] | None, size: Size | None
) -> None:
    demand = Demand(Topic.LENGTH, Stance.REQUIRES, quote, number=number, unit="words", also=also)
    assert size_of(rule(quote), demand) == size


def test_a_length_is_of_the_title_where_the_name_of_the_rule_says_so() -> None:
    demand = Demand(Topic.LENGTH, Stance.REQUIRES, "At least 5 words.", number=5, unit="words")
    assert size_of(rule("At least 5 words.", "Titles"), demand) == Size(5, None, "word", of_title=True)

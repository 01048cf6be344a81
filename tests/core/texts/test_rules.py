"""The tables of words read rules as people read them: what they forbid, allow and ask, with the words it stands on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from core.communities import Rule
from core.texts.naming import features_named, names
from core.texts.rule_clauses import clauses_in, topics_in
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, by_tables, figure_of, means_for, number_in, ratio_in
from core.texts.rules import read_by_tables as read_rule

CORPORA = Path(bench.__file__).parent / "corpora"


def demand(topic: str, name: str, description: str = "", kind: str = "all") -> Demand | None:
    return next((one for one in read_rule(Rule(name, description, kind)) if one.topic == topic), None)


def corpus(half: str) -> list[dict[str, str]]:
    lines = (CORPORA / f"rules-{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def misread(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if told(row) != row["means"]]


def told(row: dict[str, str]) -> str:
    topic = Topic(row["topic"])
    return by_tables(topic, clauses_in(row["short_name"], row["description"]).get(topic, ()))


def test_of_the_rules_that_the_reading_was_made_with_at_most_one_in_twenty_is_misread() -> None:
    rows = corpus("tune")
    assert len(rows) >= 500
    read = [(row, means_for(row["short_name"], row["description"], Topic(row["topic"]))) for row in rows]
    wrong = [row for row, means in read if means != row["means"]]
    assert len(wrong) <= 0.05 * len(rows), wrong


def test_of_rules_that_the_tables_were_not_made_with_they_read_most_right() -> None:
    rows = corpus("report")
    assert len(rows) >= 100
    assert len(misread(rows)) <= MISREAD_AT_MOST * len(rows)  # which they are is not told: they only measure


MISREAD_AT_MOST = 0.15


def test_each_rule_is_in_the_corpus_once() -> None:
    rows = [(row["short_name"], row["description"], row["topic"]) for row in corpus("tune") + corpus("report")]
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(
    ("topic", "name", "description"),
    [
        ("flair", "Flair your post", "Posts without flair are removed."),
        ("title", "Titles", "Use a title that describes your problem."),
        ("length", "Minimum length", "Posts must have at least 150 words."),
        ("language", "English only", "Please write in English."),
        ("account", "No new accounts", "Posts by accounts younger than a week are filtered."),
        ("disclosure", "Be transparent", "You must disclose any connection to what you recommend."),
    ],
)
def test_what_every_post_has_is_required_to_be_some_way(topic: str, name: str, description: str) -> None:
    read = demand(topic, name, description)
    assert read is not None
    assert read.stance is Stance.REQUIRES


def test_a_demand_says_its_condition_its_days_its_share_and_its_number() -> None:
    saturdays = demand("promotion", "No self-promotion except on Saturdays")
    assert saturdays is not None
    assert (saturdays.stance, saturdays.weekdays) == (Stance.ONLY_ON, (5,))
    weekend = demand("promotion", "Shameless plugs", "Plugs are okay on weekends.")
    assert weekend is not None
    assert weekend.weekdays == (5, 6)
    asked = demand("promotion", "No promotion", "Do not promote anything without permission of the mods.")
    assert asked is not None
    assert (asked.stance, asked.condition) == (
        Stance.ALLOWS_WHEN,
        "Do not promote anything without permission of the mods",
    )
    words = demand("length", "Length", "Posts must have at least 1,150 words.")
    assert words is not None
    assert (words.number, words.unit) == (1150, "words")


@pytest.mark.parametrize(
    ("said", "ratio"),
    [
        ("Follow the 9:1 rule for promotion", (1, 10)),
        ("Only 1/10 of your posts may be promotion", (1, 10)),
        ("Promotion may be 10% of your posts", (10, 100)),
        ("90/10 between taking part and promotion", (10, 100)),
        ("At most one in ten posts may be promotional", (1, 10)),
        ("Nine out of ten posts must not promote anything", (1, 10)),
    ],
)
def test_a_share_is_read_in_every_way_it_is_written(said: str, ratio: tuple[int, int]) -> None:
    read = demand("promotion", said)
    assert read is not None
    assert read.stance is Stance.RATIO
    assert read.ratio is not None
    assert read.ratio[0] / read.ratio[1] == ratio[0] / ratio[1]


def test_a_rule_for_comments_asks_nothing_of_posts() -> None:
    assert read_rule(Rule("No self-promotion", "", "comment")) == ()
    in_comments = demand("links", "No links in comments")
    assert in_comments is not None
    assert not in_comments.restricts


def test_one_rule_is_read_for_each_of_its_topics() -> None:
    read = {
        one.topic: one.stance for one in read_rule(Rule("No ads, surveys or job posts", "Links are welcome.", "all"))
    }
    assert read == {
        Topic.PROMOTION: Stance.FORBIDS,
        Topic.SURVEYS: Stance.FORBIDS,
        Topic.RECRUITING: Stance.FORBIDS,
        Topic.LINKS: Stance.NONE,
    }


def test_the_topics_of_a_text_are_given_in_its_order() -> None:
    assert topics_in("A survey with a link, and no flair") == (Topic.SURVEYS, Topic.LINKS, Topic.FLAIR)
    assert topics_in("The kiln was hot") == ()


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Please remove the link", "link"),
        ("No links in titles", "title_link"),
        ("Don't write in all caps", "capitals"),
        ("Stop using emojis", "emoji"),
        ("This is clickbait", "clickbait"),
        ("Your post is too short", "short_text"),
        ("Add a TL;DR", "no_summary"),
        ("No screenshots", "image_only"),
        ("Your title must be a question", "title_statement"),
        ("No questions in titles", "title_question"),
        ("This reads like an advertisement", "self_promotion"),
        ("Asking for upvotes is against the rules", "votes"),
        ("We do not allow surveys", "survey"),
        ("This looks AI-generated", "ai_tell"),
        ("Please write in English", "non_english"),
        ("No URL shorteners", "shortened"),
    ],
)
def test_a_feature_is_known_by_its_name(words: str, key: str) -> None:
    assert features_named(words)[0] == key
    assert names(key, words)


def test_words_that_name_nothing_name_nothing() -> None:
    assert features_named("We did not like it.") == ()


@given(
    st.lists(
        st.sampled_from(
            (
                *("no", "not", "only", "self-promotion", "links", "unless", "on Saturday", "9:1", "10%", ".", ",", ";"),
                *("but", "must be flaired", "surveys", "DMs", "welcome", "removed", "may", "AI", "50 karma", "\n"),
            )
        ),
        max_size=40,
    ).map(" ".join),
    st.text(max_size=200),
    st.sampled_from(["all", "link", "comment"]),
)
def test_any_rule_is_read_the_same_way_twice_and_quotes_its_own_words(name: str, description: str, kind: str) -> None:
    rule = Rule(name, description, kind)
    read = read_rule(rule)
    assert read == read_rule(rule)
    assert len({one.topic for one in read}) == len(read)
    for one in read:
        assert (one.ratio is not None) <= (one.stance is Stance.RATIO)
        assert bool(one.weekdays) <= (one.stance is Stance.ONLY_ON)
        assert all(0 <= day <= 6 for day in one.weekdays)
        assert one.quote


def test_a_rule_of_a_wiki_page_is_read_to_its_end() -> None:
    filler = "This place is about pottery and the people who make it.\n\n" * 700
    assert len(filler) > 35_000
    read = {
        one.topic: one for one in read_rule(Rule("House rules", f"{filler}No surveys. Links only on Fridays.", "all"))
    }
    assert read[Topic.SURVEYS].stance is Stance.FORBIDS
    assert (read[Topic.LINKS].stance, read[Topic.LINKS].weekdays) == (Stance.ONLY_ON, (4,))


@pytest.mark.parametrize(
    "words", ["and ", "posts that do not ", "your own ", "no ", "if ", "1 ", "(", "x", "products or "]
)
def test_a_rule_without_any_sentence_is_read_in_pieces(words: str) -> None:
    """A longer clause than people write is cut, so that no pattern sees more than a piece."""
    clauses = clauses_in("links", (words * 40_000)[:40_000])
    assert max(len(clause.words) for of_it in clauses.values() for clause in of_it) <= 600


@pytest.mark.parametrize(
    ("topic", "name", "description", "quote"),
    [
        (
            "promotion",
            "Rule 3",
            "Be kind. Self-Promotion is *not* allowed here. Have fun.",
            "Self-Promotion is not allowed here",
        ),
        ("links", "Links", "They are removed.", "They are removed"),
    ],
)
def test_a_quote_has_the_words_as_they_were_written(topic: str, name: str, description: str, quote: str) -> None:
    read = demand(topic, name, description)
    assert read is not None
    assert " ".join(read.quote.split()) == quote


@pytest.mark.parametrize(
    ("description", "days"),
    [
        ("Self-promotion is only allowed on Sat.", (5,)),
        ("Self-promotion is allowed on Fri. only. Everything else is removed.", (4,)),
        ("Promo posts: Sat/Sun only.", (5, 6)),
        ("You may promote your own work Tues. and Thurs.", (1, 3)),
    ],
)
def test_a_rule_that_shortens_its_weekdays_is_read_with_them_and_quoted_as_written(
    description: str, days: tuple[int, ...]
) -> None:
    read = demand(Topic.PROMOTION, "Self-promotion", description)
    assert read is not None
    assert (read.stance, read.weekdays) == (Stance.ONLY_ON, days)
    assert read.quote in description


def test_a_rule_about_the_sun_or_a_cat_that_sat_limits_nothing_to_a_day() -> None:
    for description in ("Do not promote pictures of the sun.", "No promotion, even if your cat sat on it."):
        read = demand(Topic.PROMOTION, "Self-promotion", description)
        assert read is not None
        assert (read.stance, read.weekdays) == (Stance.FORBIDS, ())


def test_a_demand_that_asks_nothing_restricts_nothing_and_each_other_one_does() -> None:
    assert {stance: Demand(Topic.LINKS, stance, "x").restricts for stance in Stance} == {
        stance: stance is not Stance.NONE for stance in Stance
    }


@pytest.mark.parametrize(
    ("words", "ratio"),
    [
        ("at most 10%", (10, 100)),
        ("at most 50 percent", (50, 100)),
        ("51% must be something else", (49, 100)),
        ("9 out of 10 posts", (1, 10)),
        ("nine in ten", (1, 10)),
        ("a tenth", (1, 10)),
        ("one fifth", (1, 5)),
        ("A Quarter of your posts", (1, 4)),
        ("one third", (1, 3)),
        ("for every post, nine others", (1, 10)),
        ("for every one, 4 others", (1, 5)),
        ("for every ad write five comments", (1, 6)),
        ("one in ten", (1, 10)),
        ("Two of five", (2, 5)),
        ("2 in 10", (2, 10)),
        ("1 per 20", (1, 20)),
        ("9:1", (1, 10)),
        ("1:9", (1, 10)),
        ("3/10", (3, 10)),
        ("90/10", (10, 100)),
        ("10 to 1", (1, 11)),
        ("20-to-80", (20, 100)),
        ("four to one", (1, 5)),
        ("one of four posts", (1, 4)),
        ("for each ad we want to see at least two of yours that are none", (1, 3)),
        ("three other posts for each promo post", (1, 4)),
        ("at least four of your last five posts are about something else", (1, 5)),
        ("two days for each post", None),
        ("never", None),
        ("10% discount", None),
        ("5 to 6 pm", None),
    ],
)
def test_a_share_of_own_posts_is_counted(words: str, ratio: tuple[int, int] | None) -> None:
    assert ratio_in(words) == ratio


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("At least 1,150 words", (1150, "words")),
        ("150+ words", (150, "words")),
        ("a 20-word title", (20, "word")),
        ("50 KARMA", (50, "karma")),
        ("in 3 parts, 4 words", (3, "")),
        ("1234567890123 characters", (123456789, "characters")),
        ("some words", (None, "")),
    ],
)
def test_the_first_number_is_read_with_what_it_counts(words: str, number: tuple[int | None, str]) -> None:
    assert number_in(words) == number


def test_an_age_in_words_is_one_of_an_account_only() -> None:
    assert figure_of(Topic.ACCOUNT, "a month old") == (1, "month")
    assert figure_of(Topic.LENGTH, "a month old") == (None, "")
    assert figure_of(Topic.ACCOUNT, "300 words") == (300, "words")


@pytest.mark.parametrize(
    ("name", "description", "number", "unit"),
    [
        ("Say more", "At least three full sentences, please.", 3, "sentences"),
        ("Write it out", "Posts under 300 characters are filtered.", 300, "characters"),
        ("Some effort", "Please write a hundred words or more.", 100, "words"),
    ],
)
def test_a_length_is_read_from_the_clause_that_has_it_also_in_words(
    name: str, description: str, number: int, unit: str
) -> None:
    asked = demand("length", name, description)
    assert asked is not None
    assert (asked.number, asked.unit) == (number, unit)


def test_what_may_be_said_in_comments_allows_nothing_in_posts() -> None:
    description = "No promotion of apps or shops in posts. If somebody asks what you use, a comment about it is fine."
    asked = demand("promotion", "Nothing for sale", description)
    assert asked is not None
    assert asked.stance is Stance.FORBIDS


def test_a_name_that_plainly_bans_is_not_taken_for_nothing() -> None:
    description = "Name a product if it helped you. No links to shops or product pages, no affiliate codes."
    assert means_for("No shop links, no codes", description, Topic.LINKS) == "cond"


def test_of_any_sort_means_all_of_them() -> None:
    asked = demand("promotion", "Ask", "No promotion of any sort, hidden or open.")
    assert asked is not None
    assert asked.stance is Stance.FORBIDS


def test_things_that_one_makes_are_promotion_also_by_another_name() -> None:
    asked = demand("promotion", "Workshop Friday", "Posts about a tool you make or get paid for are for Fridays only.")
    assert asked is not None
    assert (asked.stance, asked.weekdays) == (Stance.ONLY_ON, (4,))

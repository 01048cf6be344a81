"""Demands as people read and correct them: what is written is read again as it was."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.demand_words import Unread, line_of, read_lines, stance_words
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand

QUOTES = ("No ads. Not one.", "Links. Only on Fridays.")


@pytest.mark.parametrize(
    ("line", "topic", "stance", "told"),
    [
        ("1 promotion: never", Topic.PROMOTION, Stance.FORBIDS, "never"),
        ("Rule 2. Own site: Forbidden", Topic.OWN_SITE, Stance.FORBIDS, "never"),
        ("2 links: only on Friday and Monday", Topic.LINKS, Stance.ONLY_ON, "only on Monday and Friday"),
        ("2 links: only on Fri and Mon", Topic.LINKS, Stance.ONLY_ON, "only on Monday and Friday"),
        ("2 links: sat/sun", Topic.LINKS, Stance.ONLY_ON, "only on Saturday and Sunday"),
        ("2 links: Tues.", Topic.LINKS, Stance.ONLY_ON, "only on Tuesday"),
        ("2 links: on weekends", Topic.LINKS, Stance.ONLY_ON, "only on Saturday and Sunday"),
        ("1 promotion: at most 10%", Topic.PROMOTION, Stance.RATIO, "at most 10 of 100 posts"),
        ("1 promotion: 9:1", Topic.PROMOTION, Stance.RATIO, "at most 1 of 10 posts"),
        ("1 account: required (30 days)", Topic.ACCOUNT, Stance.REQUIRES, "required (30 days)"),
        ("1 ai-text: allowed when it is marked", Topic.AI_TEXT, Stance.ALLOWS_WHEN, "under a condition"),
        ("1 civility: never", Topic.CIVILITY, Stance.FORBIDS, "never broken"),
        ("1 flair: never of some kinds", Topic.FLAIR, Stance.FORBIDS, "never of some kinds"),
        (
            "1 length: required (between 20 and 1,200 characters)",
            Topic.LENGTH,
            Stance.REQUIRES,
            "required (between 20 and 1,200 characters)",
        ),
        ("1 surveys: fine", Topic.SURVEYS, Stance.NONE, "free"),
    ],
)
def test_a_line_is_read_as_a_person_means_it(line: str, topic: Topic, stance: Stance, told: str) -> None:
    ((number, demand),) = read_lines(line, QUOTES)
    assert (demand.topic, demand.stance) == (topic, stance)
    assert stance_words(demand) == told
    assert demand.quote == QUOTES[number - 1]


def test_a_line_may_quote_the_words_that_it_stands_on() -> None:
    ((_, demand),) = read_lines("2 links: never — “no links at all”", QUOTES)
    assert demand.quote == "no links at all"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("promotion: never", "is not written as"),
        ("3 promotion: never", "There is no rule 3: the rules are numbered from 1 to 2."),
        ("1 hats: never", "“hats” is not a topic."),
        ("1 links: perhaps", "says none of"),
    ],
)
def test_a_line_that_says_no_demand_is_named_with_what_is_wrong(line: str, problem: str) -> None:
    with pytest.raises(Unread, match=problem):
        read_lines(f"1 promotion: never\n{line}", QUOTES)


def test_nothing_is_a_word_too() -> None:
    assert read_lines(" Nothing. ", QUOTES) == []


_DEMANDS = st.builds(
    Demand,
    st.sampled_from(Topic),
    st.sampled_from([Stance.FORBIDS, Stance.ALLOWS_WHEN, Stance.REQUIRES, Stance.NONE]),
    st.text(min_size=1, max_size=90),
    number=st.none() | st.integers(1, 9_999),
    unit=st.sampled_from(["", "days", "words", "karma", "characters"]),
) | st.one_of(
    st.builds(
        Demand,
        st.sampled_from(Topic),
        st.just(Stance.RATIO),
        st.just("x"),
        ratio=st.tuples(st.integers(1, 99), st.integers(2, 100)),
    ),
    st.builds(
        Demand,
        st.sampled_from(Topic),
        st.just(Stance.ONLY_ON),
        st.just("x"),
        weekdays=st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
    ),
)


@given(st.lists(_DEMANDS, max_size=5))
def test_what_is_written_is_read_again_as_it_was(demands: list[Demand]) -> None:
    lines = [line_of(2, demand) for demand in demands]
    read = read_lines("\n".join(lines), QUOTES)
    assert [(demand.topic, stance_words(demand)) for _, demand in read] == [(d.topic, stance_words(d)) for d in demands]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(Unread):
        for number, demand in read_lines(text, QUOTES):
            assert 1 <= number <= 2
            assert demand.topic in Topic


def asked(stance: Stance, **figures: Any) -> Demand:
    return Demand(Topic.LENGTH, stance, "x", **figures)


@pytest.mark.parametrize(
    ("demand", "words"),
    [
        (asked(Stance.FORBIDS, number=5, unit="words"), "never"),
        (asked(Stance.NONE, number=5, unit="words"), "free"),
        (asked(Stance.ONLY_ON, weekdays=(0, 4, 6)), "only on Monday and Friday and Sunday"),
        (asked(Stance.ONLY_ON), "only on some days"),
        (asked(Stance.RATIO, ratio=(2, 30)), "at most 2 of 30 posts"),
        (asked(Stance.RATIO), "at most 1 of 10 posts"),
        (asked(Stance.REQUIRES), "required"),
        (asked(Stance.REQUIRES, number=1_150, unit="words"), "required (1,150 words)"),
        (asked(Stance.REQUIRES, number=1_150), "required"),
        (asked(Stance.REQUIRES, unit="words"), "required"),
        (asked(Stance.ALLOWS_WHEN, number=0, unit="days"), "under a condition (0 days)"),
        (asked(Stance.ALLOWS_WHEN), "under a condition"),
    ],
)
def test_a_stance_is_told_with_its_figures(demand: Demand, words: str) -> None:
    assert stance_words(demand) == words


def test_a_line_has_number_topic_stance_and_quote() -> None:
    demand = Demand(Topic.AI_TEXT, Stance.FORBIDS, "No “AI”\n  here")
    assert line_of(12, demand) == '12 ai text: never — “No "AI" here”'


def test_a_quote_of_sixty_characters_stands_whole_and_a_longer_one_is_cut() -> None:
    assert line_of(1, Demand(Topic.LINKS, Stance.NONE, "q" * 60)) == f"1 links: free — “{'q' * 60}”"
    assert line_of(1, Demand(Topic.LINKS, Stance.NONE, "q" * 61)) == f"1 links: free — “{'q' * 59}…”"


@pytest.mark.parametrize(
    ("said", "demand"),
    [
        ("never", {"stance": Stance.FORBIDS}),
        ("Banned here", {"stance": Stance.FORBIDS}),
        ("not allowed", {"stance": Stance.FORBIDS}),
        ("No", {"stance": Stance.FORBIDS}),
        ("forbid", {"stance": Stance.FORBIDS}),
        ("only on some days", {"stance": Stance.ONLY_ON}),
        ("Wednesdays", {"stance": Stance.ONLY_ON, "weekdays": (2,)}),
        ("never on Sundays", {"stance": Stance.ONLY_ON, "weekdays": (6,)}),
        ("at most 3 of 20 posts", {"stance": Stance.RATIO, "ratio": (3, 20)}),
        ("at most 10 of 100 posts", {"stance": Stance.RATIO, "ratio": (10, 100)}),
        ("a tenth", {"stance": Stance.RATIO, "ratio": (1, 10)}),
        ("Free", {"stance": Stance.NONE}),
        ("allowed", {"stance": Stance.NONE}),
        ("none", {"stance": Stance.NONE}),
        ("allowed with flair", {"stance": Stance.ALLOWS_WHEN, "condition": QUOTES[0]}),
        ("required (1,150 words)", {"stance": Stance.REQUIRES, "number": 1_150, "unit": "words"}),
        ("MUST be marked", {"stance": Stance.REQUIRES}),
        (
            "under a condition (20 days)",
            {"stance": Stance.ALLOWS_WHEN, "number": 20, "unit": "days", "condition": QUOTES[0]},
        ),
        ("up to 300 words", {"stance": Stance.ALLOWS_WHEN, "number": 300, "unit": "words", "condition": QUOTES[0]}),
    ],
)
def test_what_a_line_says_is_read_whole(said: str, demand: dict[str, Any]) -> None:
    asked = Demand(**{"topic": Topic.LENGTH, "quote": QUOTES[0], **demand})
    assert read_lines(f"1 length: {said}", QUOTES) == [(1, asked)]


def test_the_age_of_an_account_may_be_in_words() -> None:
    read = [
        demand for _, demand in read_lines("1 account: required, a month old\n1 length: required, a month old", QUOTES)
    ]
    assert [(demand.number, demand.unit) for demand in read] == [(1, "month"), (None, "")]


@pytest.mark.parametrize(
    ("line", "number", "topic", "quote"),
    [
        ("  2)  own-site : never  ", 2, Topic.OWN_SITE, QUOTES[1]),
        ("RULE 1: Ai_Text: never", 1, Topic.AI_TEXT, QUOTES[0]),
        ("1 direct  messages: never — “  no DMs ” ", 1, Topic.DIRECT_MESSAGES, "no DMs"),
        ("1 links: never — “”", 1, Topic.LINKS, QUOTES[0]),
        ("1 links: never “a: b”", 1, Topic.LINKS, "a: b"),
    ],
)
def test_a_line_is_taken_apart_as_people_type_it(line: str, number: int, topic: Topic, quote: str) -> None:
    assert read_lines(line, QUOTES) == [(number, Demand(topic, Stance.FORBIDS, quote))]


def test_lines_are_read_in_their_order_and_empty_ones_passed_over() -> None:
    read = read_lines("\n2 links: never\n \n1 surveys: free\n", QUOTES)
    assert [(number, demand.topic) for number, demand in read] == [(2, Topic.LINKS), (1, Topic.SURVEYS)]
    assert read_lines("", QUOTES) == []
    assert read_lines("NOTHING.", QUOTES) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"  {'p' * 90}", f"“{'p' * 80}” is not written as “1 promotion: never”."),
        ("0 promotion: never", "There is no rule 0: the rules are numbered from 1 to 2."),
        ("3 promotion: never", "There is no rule 3: the rules are numbered from 1 to 2."),
        (
            "1 Hats: never",
            "“Hats” is not a topic. There are: promotion, links, own site, referral, ai text, flair, title, length, "
            "format, language, surveys, recruiting, direct messages, reposts, weekly thread, timing, account, "
            "disclosure, votes, civility, topic.",
        ),
        (
            f"1 links: perhaps {'y' * 80}",
            f"“perhaps {'y' * 52}” says none of: never · free · only on Friday · at most 1 of 10 posts · under a "
            "condition · required.",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_told_whole(line: str, told: str) -> None:
    with pytest.raises(Unread) as wrong:
        read_lines(line, QUOTES)
    assert str(wrong.value) == told

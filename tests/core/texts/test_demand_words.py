"""Demands as people read and correct them: what is written is read again as it was."""

from __future__ import annotations

from contextlib import suppress

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

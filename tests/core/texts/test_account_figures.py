"""The age and karma that rules ask of accounts, in digits and in words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.communities import Rule
from core.texts.account_figures import account_figure, asks_taking_part
from core.texts.demand_words import line_of, read_lines
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, read_rule


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("Accounts must be a month old", (1, "month")),
        ("Your account must be at least two weeks old", (2, "weeks")),
        ("account needs to be a couple of weeks old", (2, "weeks")),
        ("Accounts must be older than a fortnight", (2, "weeks")),
        ("Accounts younger than half a year are removed", (182, "days")),
        ("a two-week-old account", (2, "weeks")),
        ("at least six months of account age", (6, "months")),
        ("no throwaways under a day old", (1, "day")),
        ("Accounts must be 30 days old", (30, "days")),
        ("You need a hundred karma to post", (100, "karma")),
        ("Accounts need fifty comment karma", (50, "comment karma")),
        ("less than two hundred and fifty combined karma", (250, "karma")),
        ("Accounts need 1k+ karma", (1_000, "karma")),
        ("Karma of at least fifty is required", (50, "karma")),
        ("five hundred karma and ninety days old", (500, "karma")),
        ("a week old, with twenty post karma", (1, "week")),
        ("one month", (1, "month")),
        ("50+ karma", (50, "karma")),
        ("50 link karma", (50, "link karma")),
        ("total karma of 50", (50, "karma")),
        ("karma: 50", (50, "karma")),
        ("link karma over 50.", (50, "link karma")),
        ("karma score: at least 50", (50, "karma")),
        ("a month old or 50 karma", (1, "month")),
        ("50 karma or a month old", (50, "karma")),
        ("2.5 months old", (75, "days")),
        ("0.5 years old", (182, "days")),
        ("1.5 weeks old", (10, "days")),
        ("1 day old", (1, "day")),
        ("30-day-old", (30, "days")),
        ("an account a full month old", (1, "month")),
        ("a whole year of account age", (1, "year")),
        ("couple months old", (2, "months")),
        ("a Month.", (1, "month")),
        ("under a condition (a week)", (1, "week")),
        (" 30 days+ ", (30, "days")),
        ("registered within the last 2 weeks", (2, "weeks")),
        ("new accounts (14 days)", (14, "days")),
        ("20 days minimum", (20, "days")),
        ("99999999999 karma", (999_999_999, "karma")),
        (f"older than {' ' * 69}14 days", (14, "days")),
        ("1,000 comment karma", (1_000, "comment karma")),
    ],
)
def test_the_first_age_or_karma_in_the_words_is_read(words: str, figure: tuple[int, str]) -> None:
    assert account_figure(words) == figure


@pytest.mark.parametrize(
    "words",
    [
        "Accounts are limited to one post a day",
        "New accounts must wait at least two days between posts",
        "Accounts may post two times a week",
        "New accounts are filtered",
        "We removed two accounts in a month",
        "Low karma accounts: three strikes",
        "karma and two links",
        "3 of 50 karma",
        "2.5 karma",
        "50 is the karma",
        "wait 2 days between posts, older ones too",
        "older than 2 posts per day",
        "at least 2 days a month",
        "over $30",
        "at least 2.5",
        "older than 9999999999 days",
        "a month of fun",
        "we waited a month",
        "30 days and 2 links",
        "on 30 days",
        f"karma{' ' * 80}50",
        "",
    ],
)
def test_a_number_that_is_no_age_or_karma_is_left(words: str) -> None:
    assert account_figure(words) is None


@pytest.mark.parametrize(
    ("name", "description", "figure"),
    [
        ("Account requirements", "Accounts must be a month old.", (1, "month")),
        ("Account requirements", "Your account must be 30 days old.", (30, "days")),
        ("Account requirements", "Minimum account age: one month.", (1, "month")),
        ("Karma", "You need fifty comment karma.", (50, "comment karma")),
        ("No new accounts", "Accounts under two weeks are removed.", (2, "weeks")),
    ],
)
def test_a_rules_figure_is_read_though_its_name_asks_first(
    name: str, description: str, figure: tuple[int, str]
) -> None:
    [demand] = [one for one in read_rule(Rule(name, description, "all")) if one.topic is Topic.ACCOUNT]
    assert (demand.stance, demand.number, demand.unit) == (Stance.REQUIRES, *figure)
    assert demand.quote in description


@example(1, "days")
@given(st.integers(0, 99_999), st.sampled_from(["days", "weeks", "months", "years", "karma", "comment karma"]))
def test_what_a_form_shows_of_an_accounts_figure_comes_back_from_it(number: int, unit: str) -> None:
    unit = unit.removesuffix("s") if number == 1 else unit
    demand = Demand(Topic.ACCOUNT, Stance.REQUIRES, "Old enough.", number=number, unit=unit)
    assert read_lines(line_of(1, demand), ["Old enough."]) == [(1, demand)]


def test_a_form_shows_an_age_and_a_karma_and_both_come_back_from_it() -> None:
    demand = Demand(Topic.ACCOUNT, Stance.REQUIRES, "Old enough.", number=24, unit="hours", also=(1_000, "karma"))
    assert line_of(1, demand) == "1 account: required (24 hours and 1,000 karma) — “Old enough.”"
    assert read_lines(line_of(1, demand), ["Old enough."]) == [(1, demand)]


def test_a_person_may_correct_an_accounts_figure_in_words() -> None:
    [(_, demand)] = read_lines("1 account: required (a month)", ["Be old."])
    assert (demand.stance, demand.number, demand.unit) == (Stance.REQUIRES, 1, "month")


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("Be a member for 30 days.", True),
        ("Accounts that joined 30 days ago", True),
        ("Participate for a month first", True),
        ("Accounts must be 30 days old.", False),
    ],
)
def test_taking_part_is_more_than_an_old_account(words: str, asks: bool) -> None:
    assert asks_taking_part(words) is asks

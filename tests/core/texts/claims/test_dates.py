from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from core.texts.claims.dates import Date, dates_in, days_between, known_dates
from tests.core.texts.claims.invented import by_tables

SATURDAY, SUNDAY = "day:5", "day:6"


def tokens(text: str) -> list[str]:
    return [date.token for date in dates_in(text)]


@pytest.mark.parametrize(
    ("text", "token", "written"),
    [
        ("It began in March.", "month:2", "March"),
        ("It began in January.", "month:0", "January"),
        ("It began in Dec, I think.", "month:11", "Dec"),
        ("It began in Sept, I think.", "month:8", "Sept"),
        ("We open on Monday.", "day:0", "Monday"),
        ("We open on Sundays.", "day:6", "Sundays"),
        ("We open on Fri.", "day:4", "Fri"),
        ("It began in spring.", "season:spring", "spring"),
        ("In Autumn it began.", "season:autumn", "Autumn"),
        ("It began last week.", "last:week", "last week"),
        ("It began past month.", "last:month", "past month"),
        ("The Previous year was hard.", "last:year", "Previous year"),
        ("It begins this quarter.", "this:quarter", "this quarter"),
        ("It begins next fall.", "next:autumn", "next fall"),
        ("The first winter was hard.", "first:winter", "first winter"),
        ("The second year was hard.", "second:year", "second year"),
        ("It began yesterday.", "when:yesterda", "yesterday"),
        ("It begins Tomorrow.", "when:tomorrow", "Tomorrow"),
        ("It began on New Year's Day.", "when:new year", "New Year's Day"),
        ("We rest at weekends.", "when:weekends", "weekends"),
    ],
)
def test_a_date_is_read_at_its_place(text: str, token: str, written: str) -> None:
    start = text.index(written)
    assert list(dates_in(text)) == [Date(token, start, start + len(written))]


@pytest.mark.parametrize(
    "text",
    [
        "May I ask?",
        "March on.",
        "Sat down to write.",
        "I march on.",
        "We fry spring rolls and spring onions.",
        "That first weekend was fine.",
        "Every second week we meet.",
        "In the next week.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert tokens(text) == []


def test_a_month_or_a_day_is_read_wherever_it_cannot_be_another_word() -> None:
    assert tokens("June was dry, and so was May.") == ["month:5", "month:4"]
    assert tokens("Monday is our day.") == ["day:0"]
    assert tokens("We open Sat and Sun.") == [SATURDAY, SUNDAY]
    assert tokens("That first weekend in June was fine.") == ["month:5"]


@pytest.mark.parametrize(
    ("fact", "held"),
    [
        ("It began in March", {"month:2", "season:spring"}),
        ("It began in May", {"month:4", "season:spring"}),
        ("It began in June", {"month:5", "season:summer"}),
        ("It began in August", {"month:7", "season:summer"}),
        ("It began in September", {"month:8", "season:autumn"}),
        ("It began in November", {"month:10", "season:autumn"}),
        ("It began in December", {"month:11", "season:winter"}),
        ("It began in February", {"month:1", "season:winter"}),
        ("It began last spring", {"last:spring", "season:spring"}),
        ("It begins next fall", {"next:autumn", "season:autumn"}),
        ("It begins this winter", {"this:winter", "season:winter"}),
        ("The first summer was hard", {"first:summer", "season:summer"}),
        ("The second summer was hard", {"second:summer", "season:summer"}),
        ("It began last week", {"last:week"}),
        ("It began in spring", {"season:spring"}),
    ],
)
def test_a_fact_carries_its_dates_and_their_season(fact: str, held: set[str]) -> None:
    assert known_dates(fact) == (frozenset(held), frozenset())


@pytest.mark.parametrize(
    ("fact", "inside", "outside"),
    [
        ("Open from Thursday to Sunday", {3, 4, 5, 6}, {0, 1, 2}),
        ("Open Saturday-Monday", {5, 6, 0}, {1, 2, 3, 4}),
        ("Open Mon–Fri", {0, 1, 2, 3, 4}, {5, 6}),
        ("Open from Monday to Friday, and some Sundays", {0, 1, 2, 3, 4, 6}, {5}),
        ("Open from Monday to Sunday", {0, 1, 2, 3, 4, 5, 6}, set()),
    ],
)
def test_a_range_of_days_holds_those_between_and_leaves_out_the_others(
    fact: str, inside: set[int], outside: set[int]
) -> None:
    held, left_out = known_dates(fact)
    assert held == {f"day:{day}" for day in inside}
    assert left_out == {f"day:{day}" for day in outside}


@pytest.mark.parametrize(
    ("fact", "days"),
    [
        ("Open from Tuesday to Saturday", [5]),
        ("Open from Saturday to Monday", [3]),
        ("Open from Monday to Sunday", [7]),
        ("Open Monday to Wednesday and Friday to Saturday", [3, 2]),
        ("Open on Weekdays", [5]),
        ("Open each weekday, Saturday to Sunday", [2, 5]),
        ("Open on Monday", []),
    ],
)
def test_a_range_of_days_tells_how_many_they_are(fact: str, days: list[int]) -> None:
    assert list(days_between(fact)) == days


SHOP = Known(
    (
        "The shop is open from Thursday to Sunday",
        "It began in March",
        "A market is planned for next summer",
        "The list comes out every week",
        "A box costs 12 euros in the first year",
    ),
    Product("Mill"),
)


def marked(sentence: str) -> list[tuple[str, str, str]]:
    return [(sentence[m.start : m.end], m.kind, m.reason) for m in by_tables(sentence, SHOP).marks]


@pytest.mark.parametrize(
    "sentence",
    [
        "The shop is open on Friday.",
        "It began in spring.",
        "The shop is closed on Monday.",
        "The shop is open at weekends.",
        "In this summer a market is planned.",
        "The list comes out this week.",
        "The first year a box costs 12 euros.",
    ],
)
def test_a_date_that_follows_from_a_fact_is_not_marked(sentence: str) -> None:
    assert marked(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("It began in May.", [("May", "date", "no fact says “May”")]),
        ("It began last week.", [("last week", "date", "no fact says “last week”")]),
        ("It began in winter.", [("winter", "date", "no fact says “winter”")]),
        ("The shop is open on Monday.", [("Monday", "contradiction", "a fact leaves this day out")]),
        ("The shop is open every day.", [("every day", "date", "a fact leaves days out")]),
        ("The shop is open seven days a week.", [("seven days a week", "date", "a fact leaves days out")]),
        ("The list comes out this month.", [("this month", "date", "no fact says “this month”")]),
        ("A box costs 12 euros in the second year.", [("second year", "date", "no fact says “second year”")]),
    ],
)
def test_a_date_that_no_fact_has_is_marked_at_its_words(sentence: str, marks: list[tuple[str, str, str]]) -> None:
    assert marked(sentence) == marks

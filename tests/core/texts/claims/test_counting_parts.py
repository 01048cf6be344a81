"""How figures of a clause are tied to what facts count: each step by itself."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from core.texts.claims.arithmetic import Backed
from core.texts.claims.clause import Clause, Sentence
from core.texts.claims.counting import (
    _counted_by,
    _is_no_chance,
    _is_worded,
    _multiplies,
    _near,
    _nouns_of,
    _of_any_unit,
    _per,
    _shares,
    _why_not,
)
from core.texts.claims.sentences import Span

PIER = Known(
    (
        "A ticket costs 12 euros per person",
        "The ferry carries 40 cars",
        "9 of the 40 sailors left",
        "We bake 5 loaves for €11, 24 euros in a year",
        "A cabin holds 4 beds",
        "The wait is 2.5 hours",
        "Each of the 30 boats has 3 sails",
        "Omar sold 600 nets a month",
        "Half of the rest goes by rail, 12 by bus",
    ),
    Product("Ferrylane", "a car ferry", ("ferry",)),
)


def clause(text: str) -> Clause:
    return Clause(Sentence(text, PIER), Span(0, len(text)))


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (" per person", ["person"]),
        (" a week", []),
        (" per group, per person", ["group"]),
        (" each harbour and every car", ["harbour", "car"]),
        (" an hour per kilo", ["kilo"]),
        (" the person", []),
    ],
)
def test_an_amount_is_per_what_comes_next_but_time(rest: str, words: list[str]) -> None:
    assert [word.text for word in _per(rest)] == words


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("40 cars", ["cars"]),
        ("40 red cars and trucks", ["red", "cars"]),
        ("40 of the cars", ["cars"]),
        ("40 a year", []),
        ("45 children on average", ["children"]),
        ("40, cars", []),
        ("40-car ferries", ["car", "ferries"]),
        ("40 other big cars", ["cars"]),
        ("40 cars the ferries", ["cars"]),
        ("12 more people", ["people"]),
        ("12 my own cars", ["cars"]),
        ("40 sold cars", []),
        ("40 not cars", []),
        ("cars: 40", []),
    ],
)
def test_what_is_counted_are_the_nouns_behind_the_number(text: str, nouns: list[str]) -> None:
    read = clause(text)
    (quantity,) = read.quantities
    assert [word.text for word in _nouns_of(read, quantity)] == nouns


@pytest.mark.parametrize(
    ("text", "backed"),
    [
        ("it was 2.5", [Backed(2.5, "count", 5, is_bare=True)]),
        ("it was 12", [Backed(12, "count", 0, is_bare=True), Backed(12, "count", 8, is_bare=True)]),
        ("12 a month", []),
        ("600 a month", [Backed(600, "count", 7, is_bare=True)]),
        ("600 a week", []),
        ("600", [Backed(600, "count", 7, is_bare=True)]),
    ],
)
def test_a_bare_number_may_have_any_unit_of_its_period(text: str, backed: list[Backed]) -> None:
    read = clause(text)
    (quantity,) = read.quantities
    assert _of_any_unit(read, quantity) == backed


@pytest.mark.parametrize(
    ("text", "backed"),
    [
        ("9 of the 40 left", [Backed(22.5, "percent", 2, how="the share")]),
        ("31 of the 40 left", [Backed(77.5, "percent", 2, how="the share", is_turned=True)]),
        ("4 of the 9 left", []),
        ("5 of the 40", []),
        ("12 of 40", []),
    ],
)
def test_a_share_is_carried_by_the_fact_with_both_numbers(text: str, backed: list[Backed]) -> None:
    read = clause(text)
    (quantity,) = read.quantities
    assert _shares(read, quantity) == backed


@pytest.mark.parametrize(
    ("text", "multipliers"),
    [
        ("two tickets at 12 euros are 24 euros", ["two"]),
        ("three tickets are 24 euros", []),
        ("one ticket is 12 euros", []),
        ("2 nets, 24 euros", ["2"]),
        ("2 waits of 5 hours", ["2"]),
        ("2 waits of 6 hours", []),
    ],
)
def test_a_count_may_multiply_an_amount_of_a_fact(text: str, multipliers: list[str]) -> None:
    read = clause(text)
    counts = [quantity for quantity in read.quantities if quantity.dimension == "count"]
    assert [quantity.written for quantity in counts if _multiplies(read, quantity)] == multipliers


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("40 cars", "a fact says 40, not 40"),
        ("2.5 days", "a fact says 2.5 hours, not 2.5 days"),
        ("9 cars", "a fact says 9 of the 40, not 9"),
        ("77 cars", "no fact holds 77"),
        ("600 nets", "a fact says 600 a month, not 600"),
        ("600 nets a week", "a fact says 600 a month, not 600 a week"),
    ],
)
def test_the_reason_says_what_facts_hold_instead(text: str, reason: str) -> None:
    read = clause(text)
    (quantity,) = read.quantities
    assert _why_not(read, quantity, []) == reason
    assert _why_not(read, quantity, [Backed(1, "count", 0)]) == f"a fact has {quantity.written}, of something else"


@pytest.mark.parametrize(
    ("value", "is_so"),
    [(682, True), (4860, True), (21.5, True), (101, True), (123e6, True), (60, False), (100, False), (0.25, False)],
)
def test_three_digits_are_hardly_met_by_chance(value: float, is_so: bool) -> None:
    assert _is_no_chance(Backed(value, "count", 0)) is is_so
    assert not _is_no_chance(Backed(value, "year", 0))


def test_a_billion_is_no_exact_figure() -> None:
    assert not _is_no_chance(Backed(1.23e9, "count", 0))
    assert not _is_no_chance(Backed(1_000_000_000, "count", 0))


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("9 cars", [(1, "40"), (2, "9 of the 40")]),
        ("40 cars wait", [(1, "40"), (2, "9 of the 40"), (5, "2.5 hours")]),
        ("Omar bakes", [(3, "5"), (3, "€11"), (3, "24 euros"), (3, "a year"), (7, "600")]),
        ("It is.", []),
    ],
)
def test_near_are_the_figures_of_facts_that_share_a_word(text: str, near: list[tuple[int, str]]) -> None:
    assert [(number, quantity.written) for number, quantity in _near(clause(text))] == near


def test_what_a_figure_counts_is_read_once() -> None:
    known = Known(("The ferry carries 40 cars",), Product("Ferrylane"))
    (quantity,) = known.facts[0].quantities
    keys = _counted_by(known, 0, quantity)
    assert keys == known.facts[0].words[-1].keys
    assert known.counted == {(0, quantity.start): keys}
    known.counted[0, quantity.start] = frozenset({"kept"})
    assert _counted_by(known, 0, quantity) == {"kept"}


@pytest.mark.parametrize(
    ("text", "hows"),
    [
        ("It fell.", ["the change", "each", ""]),
        ("It rose.", ["the change", "each", ""]),
        ("It is.", ["each", ""]),
        ("3 of them", ["the share", "each", ""]),
        ("3 there", ["each", ""]),
    ],
)
def test_a_share_says_of_what_and_a_change_says_its_way(text: str, hows: list[str]) -> None:
    read = clause(text)
    every = ("the change", "the share", "each", "")
    assert [how for how in every if _is_worded(read, Backed(1, "percent", 0, how=how))] == hows

"""How figures of a clause are tied to what facts count: each step by itself."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from core.texts.claims.arithmetic import Backed
from core.texts.claims.clause import Clause, Sentence
from core.texts.claims.counting import (
    _counted_by,
    _counts_somebody,
    _is_asked_for,
    _is_in_passing,
    _is_near,
    _is_no_chance,
    _is_per_the_same,
    _is_worded,
    _multiplies,
    _near,
    _nouns_of,
    _of_any_unit,
    _per,
    _same_noun,
    _shares,
    _shares_in,
    _why_not,
    quantities_unbacked,
)
from core.texts.sentences import Span

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


CROWD = Known(
    ("The ferry carries 40 cars", "People like it", "9 bakers sing", "A hall has 7 seats"),
    Product("Ferrylane", "a ferry", ("rail",)),
)


def clause(text: str, known: Known = PIER) -> Clause:
    return Clause(Sentence(text, known), Span(0, len(text)))


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
    assert [quantity.written for quantity in counts if _multiplies(read, quantity, _near(read))] == multipliers


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


def test_without_any_count_no_share_is_carried() -> None:
    read = clause("9 of the 40 left", Known(("Sailors left",), Product("Ferrylane")))
    assert _shares(read, read.quantities[0]) == []


@pytest.mark.parametrize(
    ("text", "fact", "fact_too", "how", "is_so"),
    [
        ("40 cars", 0, -1, "", True),
        ("40 trucks", 0, -1, "", False),
        ("40 steel cars", 0, -1, "", True),
        ("40 steel trucks", 0, -1, "", False),
        ("40", 1, -1, "", True),
        ("40 things", 1, -1, "", True),
        ("40 euros", 1, -1, "", True),
        ("40 Ferrylane cabins", 0, -1, "", False),
        ("40 big boats the ferry carries", 0, -1, "", True),
        ("40 trucks", 0, -1, "listed", True),
        ("40 trucks", 0, -1, "days", True),
        ("40 trucks", 0, -1, "from one to the other", True),
        ("40 trucks", 0, -1, "each", False),
        ("40 cars", 2, -1, "", False),
        ("40 cars", 2, 0, "", True),
        ("40 bakers", 0, 2, "", True),
        ("40 people like the ferry", 0, -1, "", False),
        ("9 people like it", 2, -1, "", False),
        ("12 people", 1, -1, "", True),
        ("40 users", 0, -1, "", False),
        ("7 people fit", 3, -1, "", True),
        ("7 people sit", 3, -1, "", False),
    ],
)
def test_a_count_counts_what_the_fact_counts(text: str, fact: int, fact_too: int, how: str, is_so: bool) -> None:
    read = clause(text, CROWD)
    (quantity,) = read.quantities
    assert _same_noun(read, Backed(40, "count", fact, how=how, fact_too=fact_too), quantity) is is_so


@pytest.mark.parametrize(
    ("backed", "is_so"),
    [
        (Backed(9, "count", 2), False),
        (Backed(40, "count", 2), True),
        (Backed(31, "count", 2), False),
        (Backed(31, "count", 2, how="the others"), True),
        (Backed(40, "count", 1), False),
        (Backed(4, "count", 4), False),
        (Backed(12, "count", 8), True),
    ],
)
def test_a_fact_counts_somebody_or_does_not_say_whom(backed: Backed, is_so: bool) -> None:
    assert _counts_somebody(clause("sailors"), backed) is is_so


SUMS = ("the difference", "together", "the others")
RATES = ("each", "all together", "at that rate")


@pytest.mark.parametrize(
    ("text", "dimension", "fact", "hows"),
    [
        ("40 cars", "count", 1, ["", "that share"]),
        ("40 cars together", "count", 1, [*SUMS, "", "that share"]),
        ("40 cars per week", "count", 1, [*RATES, "", "that share"]),
        ("40 cars", "count", 6, ["so many of each", "", "that share"]),
        ("40 cars", "count", 8, [*SUMS, "", "that share"]),
        ("40% of the cars", "percent", 1, [*RATES, "", "that share"]),
        ("40% cars", "percent", 1, []),
        ("9 of the 40 cars", "percent", 1, [*RATES, "", "that share"]),
    ],
)
def test_a_sum_a_rate_and_a_share_are_asked_for_by_a_word(
    text: str, dimension: str, fact: int, hows: list[str]
) -> None:
    read = clause(text)
    (quantity,) = read.quantities
    every = (*SUMS, "so many of each", *RATES, "", "that share")
    found = [how for how in every if _is_asked_for(read, Backed(1, dimension, fact, how=how), quantity)]
    assert found == hows


def test_the_rest_may_be_asked_for_by_a_second_fact() -> None:
    read = clause("40 cars")
    assert _is_asked_for(read, Backed(1, "count", 1, how="together", fact_too=8), read.quantities[0])
    assert not _is_asked_for(read, Backed(1, "count", 1, how="together", fact_too=0), read.quantities[0])
    rest = clause("40 cars", Known(("The rest are trucks", "It carries 40 cars"), Product("Ferrylane")))
    assert _is_asked_for(rest, Backed(1, "count", 1, how="together", fact_too=0), rest.quantities[0])


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("cars wait", True), ("boats sing", False), ("It is.", True), ("That is so", True), ("boats remain", True)],
)
def test_what_was_computed_needs_a_word_of_its_fact(text: str, is_so: bool) -> None:
    read = clause(text)
    assert _is_near(read, Backed(9, "count", 1, how="each")) is is_so
    assert _is_near(read, Backed(9, "count", 1))
    assert _is_near(read, Backed(682, "count", 1, how="each"))
    assert _is_near(read, Backed(9, "count", 1, how="each", fact_too=0))


@pytest.mark.parametrize(
    ("text", "backed", "is_so"),
    [
        ("12 euros per person", Backed(12, "money", 0), True),
        ("12 euros per car", Backed(12, "money", 0), False),
        ("12 euros", Backed(12, "money", 0), True),
        ("12 euros per car", Backed(12, "money", 0, how="each"), True),
        ("24 euros per car", Backed(24, "money", 3), True),
        ("12 euros a week", Backed(12, "money", 0), True),
        ("12 euros, paid per car", Backed(12, "money", 0), True),
    ],
)
def test_amounts_are_per_the_same_where_both_say_per_what(text: str, backed: Backed, is_so: bool) -> None:
    read = clause(text)
    assert _is_per_the_same(read, read.quantities[0], backed) is is_so


SEVENTY = ("77", "no fact holds 77")


@pytest.mark.parametrize(
    ("text", "marked", "backing"),
    [
        ("at least twice, 77 cars", [SEVENTY], {"twice": {3}}),
        ("more than once and 77 cars", [SEVENTY], {}),
        ("7 days a week and 77 cars", [SEVENTY], {}),
        ("24 hours a day and 77 cars", [SEVENTY], {}),
        ("365 days a year and 77 cars", [SEVENTY], {}),
        ("365 days a week", [("365 days", "no fact holds 365 days")], {}),
        ("We bake 5 loaves in a year and 77 cars", [SEVENTY], {"5": {3}, "a year": {3}}),
        ("see www.a.example/77 and 77 cars", [SEVENTY], {}),
        ("2 nets, 24 euros and 77 cars", [SEVENTY], {"24 euros": {0, 3}}),
        ("40 cars and 77 cars", [SEVENTY], {"40": {1}}),
        ("40 cars and 9 sailors", [], {"40": {1}, "9": {2}}),
        ("40 more", [], {"40": {1, 2}}),
        ("40 people", [], {"40": {2}}),
        ("12 euros per car", [("12 euros", "a fact has 12 euros, of something else")], {}),
    ],
)
def test_each_figure_is_carried_or_marked(
    text: str, marked: list[tuple[str, str]], backing: dict[str, set[int]]
) -> None:
    read = clause(text)
    assert [(text[m.start : m.end], m.kind, m.reason) for m in quantities_unbacked(read)] == [
        (words, "number", reason) for words, reason in marked
    ]
    written = {quantity.start: quantity.written for quantity in read.quantities}
    assert {written[start]: {b.fact for b in found} for start, found in read.backing.items()} == backing


def test_of_an_opinion_only_people_shares_and_money_are_compared() -> None:
    read = clause("77 customers and 40% and 5 euros and 8 hours")
    found = [(read.text[m.start : m.end], m.reason) for m in quantities_unbacked(read, only_counted=True)]
    assert found == [SEVENTY, ("40%", "a fact says 40, not 40%"), ("5 euros", "a fact says 5, not 5 euros")]


def test_years_are_marked_as_dates() -> None:
    read = clause("in 2019 and 2020")
    assert [(m.kind, m.reason) for m in quantities_unbacked(read)] == [
        ("date", "no fact holds 2019"),
        ("date", "no fact holds 2020"),
    ]


MAKERS = Known(("The 2 makers sold 600 nets a month",), Product("Ferrylane"))
CARS = Known(("The ferry carries cars",), Product("Ferrylane"))


@pytest.mark.parametrize(
    ("text", "known", "marked"),
    [
        ("more than twice, 77 cars", CARS, ["77"]),
        ("I made it, one of the two makers, 77 cars", MAKERS, ["77"]),
        ("I made it, one of the two makers, 77 cars", CARS, ["one of the two", "77"]),
        ("I made it, one of the 9, 77 cars", MAKERS, ["one of the 9", "77"]),
        ("We sell 600 nets a month, 7,200 within a year", MAKERS, []),
        ("We sell 600 nets a month, 7,200 within a year", CARS, ["600", "7,200", "a year"]),
    ],
)
def test_figures_in_passing_are_not_compared(text: str, known: Known, marked: list[str]) -> None:
    assert [text[m.start : m.end] for m in quantities_unbacked(clause(text, known))] == marked


def test_one_of_two_is_a_share_in_what_a_fact_counts() -> None:
    text = "one of the two makers"
    shares = {known: _shares_in(clause(text, known), clause(text).quantities[0]) for known in (MAKERS, CARS, PIER)}
    assert shares == {MAKERS: True, CARS: False, PIER: False}


@pytest.mark.parametrize(
    ("backed", "is_so"),
    [
        (Backed(9, "count", 2), False),
        (Backed(9, "count", 2, how="at that rate"), True),
        (Backed(5, "count", 3), True),
        (Backed(9, "count", 2, how="each"), False),
    ],
)
def test_a_year_is_said_in_passing_beside_a_rate_or_a_fact_of_a_year(backed: Backed, is_so: bool) -> None:
    read = clause("9 within a year")
    assert not _is_in_passing(read)
    read.backing[0] = [backed]
    assert _is_in_passing(read) is is_so


def test_a_year_is_no_unit_of_a_bare_number() -> None:
    read = clause("it was 2,024", Known(("In 2024 it was 38",), Product("Ferrylane")))
    (quantity,) = read.quantities
    assert (quantity.dimension, quantity.raw) == ("count", 2024)
    assert _of_any_unit(read, quantity) == []

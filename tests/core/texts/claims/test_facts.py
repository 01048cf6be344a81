from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from core.texts.claims.arithmetic import Backed
from core.texts.claims.facts import _period_before, _period_of, directions_in
from core.texts.claims.quantities import quantities_in
from core.texts.claims.words import words_in

DAY, YEAR = 86_400, 31_557_600


def backed(fact: str, dimension: str, how: str) -> list[Backed]:
    return [b for b in Known((fact,), Product("Kite")).backed.get(dimension, []) if b.how == how]


@pytest.mark.parametrize(
    ("text", "directions"),
    [
        ("Sales rose.", {"up"}),
        ("Sales fell.", {"down"}),
        ("Sales rose and costs fell.", {"up", "down"}),
        ("Sales are there.", set()),
        ("Calls went from 40 to 90.", {"up"}),
        ("Calls went from 90 to 40.", {"down"}),
        ("Calls went from 40 to 40.", set()),
        ("Calls fell from 40 to 90.", {"up"}),
        ("Calls went from 40 days to 90 percent.", set()),
        ("It takes 20 minutes instead of 50.", {"down"}),
        ("It takes 50 minutes rather than 20 minutes.", {"up"}),
        ("There were 40 calls, the year before 90 calls.", {"down"}),
        ("In 2024 it sent 38 alarms, the year before 212 alarms.", {"down"}),
        ("We had 38 alarms in 2024, the year before 212 alarms.", {"down"}),
        ("Last year there were 90 alarms.", set()),
        ("We take 9 instead of the bus.", {"down"}),
    ],
)
def test_a_direction_is_read_from_words_and_from_two_figures(text: str, directions: set[str]) -> None:
    assert directions_in(text, quantities_in(text)) == directions


def test_a_range_of_days_is_so_many_days_and_so_many_a_week() -> None:
    fact = "Open from Tuesday to Saturday"
    assert backed(fact, "count", "days") == [Backed(5, "count", 0, period, how="days") for period in ("", "week")]
    assert backed(fact, "time", "days") == [Backed(5 * DAY, "time", 0, period, how="days") for period in ("", "week")]


@pytest.mark.parametrize(
    ("fact", "a_year"),
    [
        ("1,150 bikes were sold last year", 1150),
        ("1,150 bikes were sold this month", 13_800),
        ("1,150 bikes were sold in one week", 1150 * 52),
        ("1,150 bikes were sold in 2024", 1150),
        ("Last year 1,150 bikes were sold", 1150),
        ("In 2024 we sold 1,150 bikes", 1150),
        ("This quarter 1,150 bikes were sold", 4600),
    ],
)
def test_what_was_counted_in_a_period_has_a_rate(fact: str, a_year: float) -> None:
    rates = {b.period: b for b in backed(fact, "count", "at that rate")}
    of_a_year = [b.value for b in backed(fact, "count", "at that rate") if b.period == "year"]
    assert rates["day"].fact == 0
    assert a_year in of_a_year or rates["month"].value * 12 == a_year


@pytest.mark.parametrize(
    "fact", ["1,150 bikes were sold", "Since then 1,150 bikes. Last year was good", "40% last year"]
)
def test_what_was_counted_in_no_period_has_none(fact: str) -> None:
    assert backed(fact, "count", "at that rate") == []


def test_money_of_a_period_has_a_rate_and_keeps_its_currency() -> None:
    (a_month,) = [b for b in backed("We earned €600 last year", "money", "at that rate") if b.period == "month"]
    assert (round(a_month.value, 6), a_month.currency) == (50, "€")


def test_listed_names_are_counted() -> None:
    assert backed("It was built by Omar and Lena", "count", "listed") == [Backed(2, "count", 0, how="listed")]
    assert backed("Olga built it with Omar, Lena and Omar", "count", "listed") == [Backed(2, "count", 0, how="listed")]
    assert backed("It was built by Omar", "count", "listed") == []


def test_the_year_before_is_a_year_too() -> None:
    fact = "In 2024 we had 38 calls, the year before 212"
    assert backed(fact, "year", "the year before") == [Backed(2023, "year", 0, how="the year before")]
    assert backed("IN 2024 38 CALLS, A YEAR EARLIER 212", "year", "the year before")[0].value == 2023
    assert backed("In 2024 we had 38 calls", "year", "the year before") == []


def test_a_median_has_half_below() -> None:
    assert backed("The Median wait is 8 minutes", "percent", "the median") == [
        Backed(50, "percent", 0, how="the median")
    ]
    assert backed("The mean wait is 8 minutes", "percent", "the median") == []


def test_two_years_are_two_years_of_time() -> None:
    assert backed("In 2019 and 2023 it rained", "time", "years") == [Backed(2 * YEAR, "time", 0, how="years")]
    assert backed("In 2019 and in 2019 it rained", "time", "years") == []
    assert backed("In 2019 it rained", "time", "years") == []


def test_a_price_beside_one_a_month_is_a_month_too() -> None:
    first, second = Known(("It is $29 a month for one and $59 for two",), Product("")).facts[0].quantities[:2]
    assert (first.period, second.period, second.value) == ("month", "month", 59)
    assert Known(("$29 for one and $59 a month",), Product("")).facts[0].quantities[0].period == ""
    assert [q.period for q in Known(("$29 a month and $59 a year",), Product("")).facts[0].quantities] == [
        "month",
        "year",
    ]


def test_backed_quantities_come_by_value() -> None:
    known = Known(("40 calls", "5 calls", "12 calls"), Product(""))
    values = [b.value for b in known.backed["count"]]
    assert values == sorted(values)
    assert [b.value for b in known.backed_near(quantities_in("12 calls")[0]) if not b.how] == [5, 12]
    assert [b.value for b in known.backed_near(quantities_in("5 calls")[0]) if not b.how] == [5, 12]
    assert known.backed_near(quantities_in("12 days")[0]) == []
    assert [b.value for b in known.backed_near(quantities_in("dozens of calls")[0]) if not b.how] == [12, 40]


PLACES = (
    "A physiotherapist reads the forecast",
    "The millstone is loud",
    "Prices never rise",
    "We print labels",
)
KITE = Known(PLACES, Product("Kite Line", "a forecast for farms", ("weather",), "https://kite.example"))


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("forecast", {0}),
        ("physio", {0}),
        ("stone", {1}),
        ("mill", set()),
        ("labels", {3}),
        ("label", {3}),
        ("labelling", {3}),
        ("ape", set()),
        ("zirconium", set()),
        ("noisy", {1}),
        ("therapist", {0}),
    ],
)
def test_a_word_is_held_by_facts_with_it_a_synonym_or_a_part_of_it(word: str, places: set[int]) -> None:
    assert KITE.holding(words_in(word)[0]) == places
    assert KITE.holding(words_in(word)[0]) == places


def test_an_opposite_is_held_apart() -> None:
    assert KITE.opposing(words_in("fall")[0]) == {2}
    assert KITE.opposing(words_in("forecast")[0]) == frozenset()


def test_how_facts_speak_of_a_word() -> None:
    known = Known(("We print labels", "It prints no maps", "No labels on maps"), Product(""))
    assert known.polarity["label"] == {False, True}
    assert known.polarity["map"] == {True}
    assert known.polarity["print"] == {False}
    assert "the" not in KITE.polarity
    assert (known.facts_with("label"), known.facts_with("print"), known.facts_with("zirconium")) == (2, 2, 0)


def test_the_product_is_known_by_its_name_its_description_and_its_keywords() -> None:
    assert {"kite", "line", "farm", "forecast", "weather"} <= {key.removesuffix("s") for key in KITE.tokens} | KITE.keys
    assert {"weath", "forecast", "farm"} <= KITE.base_keys
    assert "forecast" in KITE.category_keys
    assert "farm" not in KITE.category_keys
    assert not any(key.startswith("#") for key in KITE.name_keys)
    assert "https://kite.example" in KITE.all_text
    assert "we print labels" in KITE.all_text
    assert KITE.sentences["we print labels"] == 3


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Kite Line", "Our kite line and a Kite", ["kite line", "Kite"]),
        ("Kite Line", "Kites and Kitelines", []),
        ("The Line", "The Line and the farm", ["The Line"]),
        ("Go Line", "Go, Go Line", ["Go Line"]),
    ],
)
def test_a_product_is_named_in_full_or_by_a_first_word_that_is_its_own(name: str, text: str, found: list[str]) -> None:
    naming = Known((), Product(name)).naming
    assert naming is not None
    assert naming.findall(text) == found


def test_a_product_without_a_name_is_named_nowhere() -> None:
    assert Known((), Product("")).naming is None


OTHERS = Known(("Alice was a nurse", "I was a pilot", "Bob sold bikes"), Product("Kite"), {0: "Alice", 2: "Bob"})


def test_facts_of_others_are_told_by_their_name_alone() -> None:
    assert OTHERS.told_by((), True).places == (1,)
    assert OTHERS.told_by((), False).places == (1,)
    assert OTHERS.told_by(("ALICE",), False).places == (0, 1)
    assert OTHERS.told_by(("alice",), True).places == (1,)
    assert OTHERS.told_by(("alice", "bob"), False) is OTHERS
    assert KITE.told_by((), True) is KITE


def test_a_part_of_the_facts_keeps_whose_they_are_and_where_they_stand() -> None:
    part = OTHERS.only([2, 1, 7, -1])
    assert part.places == (1, 2)
    assert part.others == {1: "Bob"}
    assert [fact.text for fact in part.facts] == ["I was a pilot", "Bob sold bikes"]
    assert part is OTHERS.only((1, 2))
    assert part.only([1]).places == (2,)
    assert part.people_in("Alice and bob") == {"alice", "bob"}
    assert OTHERS.only(range(3)) is OTHERS


def test_people_are_found_by_name() -> None:
    assert OTHERS.people_in("BOB met alice and Bobby") == {"bob", "alice"}
    assert KITE.people_in("Bob") == frozenset()
    assert OTHERS.begins_with_somebody("  Bob sold bikes")
    assert not OTHERS.begins_with_somebody("So Bob sold bikes")
    assert not KITE.begins_with_somebody("Bob sold bikes")


@pytest.mark.parametrize(
    ("text", "me"),
    [
        ("Then I sold bikes", "I"),
        ("Our colleague Bob sold bikes", None),
        ("Our colleague Bob sold our bikes", "our"),
        ("My dear old friend Alice", None),
        ("My bikes", "My"),
        ("Bob sold bikes", None),
    ],
)
def test_the_poster_speaks_of_themselves_unless_they_introduce_another(text: str, me: str | None) -> None:
    found = OTHERS.first_person_in(text)
    assert (found.group() if found else None) == me


def test_the_first_person_is_looked_for_in_a_part() -> None:
    assert OTHERS.first_person_in("I rest, Bob sells", 7) is None
    assert OTHERS.first_person_in("Bob sells, I rest", 0, 9) is None
    assert KITE.first_person_in("Our colleague Bob") is not None


@pytest.mark.parametrize(
    ("rest", "period"),
    [
        (" bikes last year", "year"),
        (" bikes in 2024", "year"),
        (" bikes this Month", "month"),
        (" bikes in one quarter", "quarter"),
        (" over the year", "year"),
        (" within a week", "week"),
        (" bikes. Last year", ""),
        ("; this year", ""),
        (" in 1899", ""),
        (" that were sold by all of our many shops last year", ""),
    ],
)
def test_a_count_is_of_the_period_close_behind_it(rest: str, period: str) -> None:
    assert _period_of(rest) == period


@pytest.mark.parametrize(
    ("lead", "period"),
    [
        ("Last year ", "year"),
        ("In 2024 we sold ", "year"),
        ("in one week some ", "week"),
        ("this Quarter ", "quarter"),
        ("In 2024. We sold ", ""),
        ("over the year ", ""),
        ("Last year, which came to all of us in 2 lots and in many ways to ", ""),
    ],
)
def test_a_count_is_of_the_period_close_before_it(lead: str, period: str) -> None:
    assert _period_before(lead) == period


def test_a_fact_is_read_in_all_its_parts() -> None:
    read = Known(("It does not sell 40 red maps in May from Monday to Friday; more is planned",), Product("")).facts[0]
    assert [quantity.written for quantity in read.quantities] == ["40"]
    assert {"map", "red", "40", "plan", "sel"} <= read.keys
    assert (read.signals, read.directions) == (frozenset(), frozenset({"up"}))
    assert (read.is_planned, read.is_denying) == (True, True)
    assert read.dates == {"month:4", "season:spring", *(f"day:{day}" for day in range(5))}
    assert read.closed_days == {"day:5", "day:6"}
    plain = Known(("We sell maps",), Product("")).facts[0]
    assert (plain.directions, plain.is_planned, plain.is_denying) == (frozenset(), False, False)
    assert (plain.dates, plain.closed_days) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    ("stem", "places"),
    [
        ("physio", {0}),
        ("cast", {0}),
        ("forecasts", {0}),
        ("physiotherapists", {0}),
        ("mills", {1}),
        ("millstones", {1}),
        ("label", {3}),
        ("fore", set()),
        ("ther", set()),
        ("read", set()),
    ],
)
def test_a_part_of_a_word_has_five_letters_in_front_and_four_behind(stem: str, places: set[int]) -> None:
    assert KITE._holding_a_part_of(stem) == places

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.texts.claims.arithmetic import (
    Backed,
    backed_by,
    between_facts,
    follows,
    is_multiple,
    supports,
)
from core.texts.claims.quantities import Quantity, quantities_in

HOUR, DAY, YEAR = 3_600, 86_400, 31_557_600
TOLD = "at that rate"


def only(text: str) -> Quantity:
    (quantity,) = quantities_in(text)
    return quantity


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def derived(fact: str) -> list[Backed]:
    """What a fact gives beside the quantities that stand in it."""
    return [backed for backed in backed_by(7, quantities_in(fact)) if backed.how]


def test_a_quantity_of_a_fact_is_backed_with_its_unit_and_period() -> None:
    assert next(backed_by(7, quantities_in("It costs $12 a month"))) == Backed(12, "money", 7, "month", "$")
    assert list(backed_by(3, quantities_in("260 loaves"))) == [Backed(260, "count", 3)]
    assert list(backed_by(3, quantities_in("100%"))) == [Backed(100, "percent", 3)]
    assert list(backed_by(3, quantities_in("0%"))) == [Backed(0, "percent", 3)]


def test_a_bare_number_is_backed_as_a_count_and_with_the_unit_of_its_neighbour() -> None:
    backed = [b for b in backed_by(7, quantities_in("From €180 a month to 25")) if not b.how]
    assert backed == [
        Backed(180, "money", 7, "month", "€"),
        Backed(25, "count", 7, is_bare=True),
        Backed(25, "money", 7, "month", "€"),
    ]


def test_so_many_of_so_many_leaves_the_others() -> None:
    assert derived("62 of 71 testers") == [
        Backed(62, "count", 7, how="of"),
        Backed(71, "count", 7, how="of"),
        Backed(9, "count", 7, how="the others", is_turned=True),
        Backed(near(900 / 71), "percent", 7, how="the others", is_turned=True),
    ]
    assert derived("Some 40% stayed") == [Backed(60, "percent", 7, how="the others", is_turned=True)]
    assert derived("Some 1% stayed") == [Backed(99, "percent", 7, how="the others", is_turned=True)]


@pytest.mark.parametrize("fact", ["fewer than 12 people", "up to 12 people"])
def test_fewer_than_twelve_are_eleven_at_most(fact: str) -> None:
    assert derived(fact) == [Backed(11, "count", 7, how="at most")]


@pytest.mark.parametrize("fact", ["more than 12 people", "12 people", "under 12 euros"])
def test_no_other_number_has_one_less(fact: str) -> None:
    assert derived(fact) == []


def test_a_price_a_month_gives_that_of_any_other_period() -> None:
    every = derived("$12 a month")
    assert {(b.value, b.period) for b in every if b.period in ("year", "quarter")} == {(144, "year"), (36, "quarter")}
    assert {b.period: b.value for b in every if b.period not in ("year", "quarter")} == {
        "second": near(144 / YEAR),
        "minute": near(144 / YEAR * 60),
        "hour": near(144 / YEAR * HOUR),
        "day": near(144 / YEAR * DAY),
        "night": near(144 / YEAR * DAY),
        "evening": near(144 / YEAR * DAY),
        "weekday": near(144 / YEAR * DAY * 7 / 5),
        "week": near(144 / YEAR * DAY * 7),
    }
    assert {(b.dimension, b.fact, b.currency, b.how) for b in every} == {("money", 7, "$", TOLD)}


def test_a_rate_a_week_is_four_times_as_much_a_month_or_somewhat_more() -> None:
    every = derived("2 hours a week")
    assert {round(b.value / HOUR, 3) for b in every if b.period == "month"} == {8, 8.696}
    assert {round(b.value / HOUR, 3) for b in every if b.period == "year"} == {104, 104.357}
    assert {b.dimension for b in every} == {"time"}


def test_what_has_no_rate_gives_none() -> None:
    assert [b for b in derived("40% a month") if b.how == TOLD] == []
    assert [b for b in derived("12 kilos a month") if b.how == TOLD] == []


def test_so_many_a_second_give_the_time_for_each() -> None:
    every = derived("40 pages per second")
    assert every[-1] == Backed(0.025, "time", 7, how="each")
    assert {round(b.value, 6) for b in every if b.period == "minute"} == {2400}
    assert [b for b in derived("0 pages per second") if b.how == "each"] == []
    assert [b for b in derived("$40 per second") if b.how == "each"] == []


def test_two_counts_give_sum_and_difference_and_what_one_is_of_the_other() -> None:
    every = [
        Backed(18, "count", 7, how="the difference"),
        Backed(42, "count", 7, how="together"),
        Backed(40, "percent", 7, how="the share"),
        Backed(60, "percent", 7, how="the change"),
        Backed(150, "percent", 7, how="the change"),
        Backed(2.5, "times", 7, how="the ratio"),
    ]
    assert derived("12 mugs, 30 forks") == every
    assert derived("30 forks, 12 mugs") == every
    assert [(b.value, b.how) for b in derived("0 mugs, 30 forks")] == [(30, "the difference"), (30, "together")]


def test_two_prices_of_one_currency_and_period_are_compared() -> None:
    first, second = [b for b in derived("€20 a month, €15 a month") if b.dimension == "money" and b.how != TOLD]
    assert first == Backed(5, "money", 7, "month", "€", "the difference")
    assert second == Backed(35, "money", 7, "month", "€", "together")
    assert "the share" in [b.how for b in derived("€20 a month, €15 in March")]


@pytest.mark.parametrize(
    "fact", ["€20 a month, $15 a month", "€20 a month, €15 a year", "3 days, 20 kilos", "9 am, 4 pm"]
)
def test_what_differs_in_unit_or_period_is_not_compared(fact: str) -> None:
    assert {b.how for b in derived(fact)} <= {TOLD}


def test_a_range_gives_how_many_it_spans_and_no_sum() -> None:
    hows = {b.how: b.value for b in derived("12 to 17 boats")}
    assert hows["from one to the other"] == 6
    assert hows["the difference"] == 5
    assert "together" not in hows
    assert "from one to the other" not in {b.how for b in derived("12 boats, 17 oars")}
    assert {b.dimension for b in derived("12 to 17 days") if b.how == "the difference"} == {"time"}
    assert "from one to the other" not in {b.how for b in derived("12 to 17 days")}


def test_from_a_year_to_a_later_one_is_a_span() -> None:
    assert derived("From 2009 to 2020") == [Backed(11 * YEAR, "time", 7, how="from one to the other")]
    assert derived("From 2020 to 2009") == []
    assert derived("In 2020 and 2020") == []


def test_years_before_and_after_a_year_follow_from_a_span_of_years() -> None:
    after, before = Backed(2012, "year", 7, how="so long before or after"), 2006
    assert derived("Since 2009, for three years") == [after, Backed(before, "year", 7, how="so long before or after")]
    assert derived("For three years, in 2009")[0] == after
    assert derived("In 2009, for one year")[0].value == 2010
    assert derived("Since 2009, for 11 months") == []
    assert derived("Since 2009, 40 million calls") == []
    assert {b.dimension for b in derived("5 keys for three years") if b.period == ""} == {"time"}


def test_a_price_for_so_much_gives_that_of_each() -> None:
    assert derived("5 kilos cost €11") == [Backed(2.2, "money", 7, "", "€", "each")]
    assert derived("€11 for 5 kilos") == [Backed(2.2, "money", 7, "", "€", "each")]
    assert derived("4 keys for €12") == [Backed(3, "money", 7, "", "€", "each")]
    assert derived("2 litres for €3") == [Backed(1.5, "money", 7, "", "€", "each")]
    assert derived("4 keys, 2 kilos") == [Backed(500, "weight", 7, how="each")]
    assert derived("1 key for €12") == []
    assert derived("100,000 keys for €12")[0].value == near(12 / 100_000)
    assert derived("200,000 keys for €12") == []
    assert derived("5 volts for €11") == []
    assert derived("0 kilos for €11") == []
    assert derived("4 keys for 12 volts") == []
    (a_month,) = [b for b in derived("4 keys for €12 a month") if b.how == "each"]
    assert a_month == Backed(3, "money", 7, "month", "€", "each")


def test_so_many_in_so_long_give_a_rate() -> None:
    rates = {b.period: b for b in derived("40 calls in 20 minutes") if b.how == TOLD}
    assert {period: b.value for period, b in rates.items()} == {
        "second": near(1 / 30),
        "minute": near(2),
        "hour": near(120),
        "day": near(2880),
        "week": near(20_160),
        "month": near(87_660),
        "year": near(1_051_920),
    }
    assert rates["day"].dimension == "count"
    assert [b for b in derived("40 calls a week in 20 minutes") if b.how == TOLD and b.value == near(2)] == []
    assert [b for b in derived("40 calls, 0 minutes") if b.how == TOLD] == []
    assert [b for b in derived("40 calls, 20 minutes a day") if b.how == TOLD and b.dimension == "count"] == []


def test_only_the_first_quantities_of_a_long_fact_are_combined() -> None:
    nine = quantities_in("1 a, 2 b, 4 c, 8 d, 16 e, 32 f, 64 g, 128 h, 999 i")
    assert 255 - 64 not in {b.value for b in backed_by(7, nine)}
    assert 128 - 64 in {b.value for b in backed_by(7, nine)}
    assert 999 - 128 not in {b.value for b in backed_by(7, nine)}
    assert 999 in {b.value for b in backed_by(7, nine)}


# ---------------------------------------------------------------- of two facts


def between(*facts: str) -> list[Backed]:
    return list(between_facts([quantities_in(fact) for fact in facts]))


def test_amounts_of_two_facts_have_a_sum_and_a_difference() -> None:
    assert between("40 calls", "3 rests, €5", "12 calls") == [
        Backed(37, "count", 0, how="the difference", fact_too=1),
        Backed(43, "count", 0, how="together", fact_too=1),
        Backed(28, "count", 0, how="the difference", fact_too=2),
        Backed(52, "count", 0, how="together", fact_too=2),
        Backed(9, "count", 1, how="the difference", fact_too=2),
        Backed(15, "count", 1, how="together", fact_too=2),
    ]
    assert between("€5 a month", "€9 a month")[0] == Backed(4, "money", 0, "month", "€", "the difference", fact_too=1)
    assert between("3 days", "4 days")[1] == Backed(7 * DAY, "time", 0, how="together", fact_too=1)


@pytest.mark.parametrize(
    "facts", [("40%", "30%"), ("€5 a month", "€9"), ("40 calls", "40 days"), ("40 calls, 9 rests",)]
)
def test_what_is_of_another_kind_or_period_has_no_sum(facts: tuple[str, ...]) -> None:
    assert between(*facts) == []


def test_so_many_at_one_price_are_more_than_a_pack() -> None:
    # Four at $16 are $64; the pack of four costs $50.
    assert between("A pack of 4 costs $50, one is $16") == [Backed(14, "money", 0, "", "$", "saved")]
    assert between("One is $16, a pack of 4 costs $50") == [Backed(14, "money", 0, "", "$", "saved")]
    assert between("A pack of 2 costs $50, one is $16") == []
    assert between("A pack of 1 costs $5, one is $16") == []
    assert between("A pack of 4 costs $64, one is $16") == []
    assert between("A pack of 100 costs $50, one is $1") == [Backed(50, "money", 0, "", "$", "saved")]
    assert between("A pack of 2 costs $31.50, one is $16") == [Backed(0.5, "money", 0, "", "$", "saved")]
    assert between("A pack of 101 costs $50, one is $1") == []


# ---------------------------------------------------------------- what follows from two


def following(claim: str, *facts: str, beside: str = "") -> list[tuple[float, str, str, int, int]]:
    near = [(number, quantity) for number, fact in enumerate(facts) for quantity in quantities_in(fact)]
    found = follows(only(claim), near, quantities_in(beside))
    return [(round(b.value, 4), b.dimension, b.how, b.fact, b.fact_too) for b in found]


@pytest.mark.parametrize(
    ("claim", "facts", "value", "dimension", "how"),
    [
        ("52 calls", ("40 calls", "12 calls"), 52, "count", "together"),
        ("28 calls", ("40 calls", "12 calls"), 28, "count", "the difference"),
        ("30%", ("40 calls", "12 calls"), 30, "percent", "the share"),
        ("70%", ("40 calls", "12 calls"), 70, "percent", "the change"),
        ("233%", ("12 calls", "40 calls"), 233.3333, "percent", "the change"),
        ("8 calls", ("40 calls", "5 farms"), 8, "count", "each"),
        ("€3", ("€12", "4 keys"), 3, "money", "each"),
        ("€48", ("4 keys", "€12"), 48, "money", "all together"),
        ("15 litres", ("3 keys", "5 litres"), 15_000, "volume", "all together"),
        ("€3", ("25%", "€12"), 3, "money", "that share"),
        ("€9", ("€12", "25%"), 9, "money", "the others"),
        ("10 weeks", ("6 calls a week", "60 calls"), 10 * 604_800, "time", TOLD),
    ],
)
def test_what_two_facts_give_by_one_calculation(
    claim: str, facts: tuple[str, str], value: float, dimension: str, how: str
) -> None:
    assert following(claim, *facts) == [(value, dimension, how, 0, 1)]


@pytest.mark.parametrize(
    ("claim", "facts"),
    [
        ("54 calls", ("40 calls", "12 calls")),
        ("52 litres", ("40 calls", "12 calls")),
        ("€3", ("€12", "0 keys")),
        ("3 volts", ("12 volts", "4 keys")),
        ("10 weeks", ("6 calls a week", "60 calls a year")),
        ("10 weeks", ("0 calls a week", "60 calls")),
        ("480 calls", ("40 calls", "12 calls")),
        ("0 calls", ("12 calls", "12 calls")),
        ("12%", ("40%", "30%")),
        ("more than 47 calls", ("40 calls", "8 calls a day")),
        ("2009", ("2014", "5 days")),
        ("24 hours", ("9 am", "3 pm")),
        ("6 o'clock", ("9 am", "3 pm")),
    ],
)
def test_what_two_facts_do_not_give(claim: str, facts: tuple[str, str]) -> None:
    assert following(claim, *facts) == []


def test_so_many_of_each_follow_from_one_fact_when_they_are_many() -> None:
    assert following("480 notes", "40 farms send 12 notes") == [(480, "count", "so many of each", 0, 0)]
    assert following("481 notes", "40 farms send 12 notes") == [(480, "count", "so many of each", 0, 0)]
    assert following("482 notes", "40 farms send 12 notes") == []
    assert following("100 notes", "20 farms send 5 notes") == [(100, "count", "so many of each", 0, 0)]
    assert following("99 notes", "33 farms send 3 notes") == []
    assert following("480 days", "40 farms send 12 notes") == []


def test_so_many_and_one_more_have_a_sum() -> None:
    assert following("€3,340", "€31, the aerial €240", "100 collars") == [(3340, "money", "so many and one", 0, 0)]
    assert following("€3,340", "€240 once, and €31", beside="100 collars") == [(3340, "money", "so many and one", 0, 0)]
    assert following("€302", "€31, the aerial €240", beside="2 collars") == [(302, "money", "so many and one", 0, 0)]
    assert following("€271", "€31, the aerial €240", beside="1 collar") == [(271, "money", "together", 0, 0)]
    assert following("€4,200", "€25 a month and €3,900 once") == [(4200, "money", "so many and one", 0, 0)]
    assert following("€46,825", "€25 a month and €3,900 once") == []
    assert following("€600", "€25 a week and €300 once") == []
    assert following("€4,200", "€25 a month and €3,900 a month") == []
    assert following("64 volts", "4 volts and 24 volts", beside="10 cells") == []


def test_a_rate_of_a_fact_gives_how_many_in_the_time_of_the_sentence() -> None:
    assert following("240 calls", "60 calls a week", beside="four weeks") == [(240, "count", "in that time", 0, -1)]
    assert following("250 calls", "60 calls a week", beside="four weeks") == []
    assert following("240 calls", "60 calls a week", beside="4 farms") == []
    assert following("240 calls", "60 calls", beside="four weeks") == []
    assert following("€240", "60 calls a week", beside="four weeks") == []
    assert following("240 calls", "€60 a week", beside="four weeks") == []


@pytest.mark.parametrize(
    ("claim", "is_told"),
    [
        ("100 calls", True),  # 101 of 99 and 2
        ("99.6 calls", True),
        ("99.4 calls", False),
        ("102.5 calls", True),
        ("102.6 calls", False),
        ("more than 100 calls", True),
        ("more than 95 calls", False),
        ("about 92 calls", True),
        ("about 91 calls", False),
        ("about 113 calls", False),
    ],
)
def test_a_sum_may_be_told_roughly(claim: str, is_told: bool) -> None:
    assert ("together" in [how for _, _, how, _, _ in following(claim, "99 calls", "2 calls")]) is is_told


@pytest.mark.parametrize(
    ("claim", "is_told"),
    [
        ("13%", True),  # 12.676 of 71 and 9
        ("12%", False),
        ("12.7%", True),
        ("12.6%", True),
        ("12.4%", False),
        ("one in eight", True),
        ("a tenth of them", False),
    ],
)
def test_a_share_may_be_told_in_whole_percent(claim: str, is_told: bool) -> None:
    assert ("the share" in [how for _, _, how, _, _ in following(claim, "71 calls", "9 calls")]) is is_told


def test_a_sum_has_the_currency_that_is_said() -> None:
    (backed,) = follows(only("€3"), [(4, only("€12")), (5, only("4 keys"))])
    assert backed == Backed(3, "money", 4, "", "€", "each", fact_too=5)
    (backed,) = follows(only("€3"), [(4, only("4 keys")), (5, only("€12"))])
    assert backed == Backed(3, "money", 4, "", "€", "each", fact_too=5)


# ---------------------------------------------------------------- how near is near enough


def carried(claim: str, fact: str) -> bool:
    claimed = only(claim)
    return any(supports(b, claimed) for b in backed_by(0, quantities_in(fact)) if b.dimension == claimed.dimension)


# a fact, the claims that it carries, and those that it does not
CLOSE = {
    "as written": ("212 farms", "212 farms", "211 farms, 213 farms, 212.5 farms"),
    "about": ("212 farms", "about 200 farms, about 190 farms, about 240 farms", "about 180 farms, about 260 farms"),
    "more": ("118 farms", "more than 100 farms, over 85 farms, over 118 farms", "over 84 farms, over 119 farms"),
    "more of few": ("8 farms", "more than 5 farms, more than 6 farms", "more than 4 farms, more than 9 farms"),
    "less": ("118 farms", "under 120 farms, under 200 farms, under 214 farms", "under 117 farms, under 215 farms"),
    "none less": ("0 farms", "under 0 farms", "under 1 farms"),
    "up to": ("118 farms", "up to 118 farms", "up to 119 farms, up to 120 farms, up to 117 farms"),
    "less time": ("90 seconds", "under 89 seconds", "under 87 seconds"),
    "nearly so long": ("90 seconds", "nearly 89 seconds", "nearly 87 seconds"),
    "up to so long": ("90 seconds", "up to 90 seconds, at most 1.5 minutes", "up to 91 seconds"),
    "nearly": (
        "118 farms",
        "nearly 120 farms, nearly 147 farms, nearly 118 farms",
        "nearly 117 farms, nearly 148 farms",
    ),
    "between": ("212 farms", "between 200 farms", "between 180 farms"),
    "vague": ("212 farms", "hundreds of farms, dozens of farms", "thousands of farms"),
    "vague and nearly": ("190 farms", "hundreds of farms", ""),
    "vague and too few": ("189 farms", "", "hundreds of farms"),
    "time": ("90 seconds", "90 seconds, 1.5 minutes, 91 seconds", "92 seconds, 88 seconds, 90 minutes"),
    "months as weeks": ("2 months", "eight weeks, nine weeks, 2 months", "seven weeks, ten weeks"),
    "a month is no five weeks": ("1 month", "", "5 weeks, 4 weeks"),
    "a decade": ("11 years", "one decade, over one decade", "two decades"),
    "clock": ("9:30", "9:30, about 9:30", "about 10 am, 10 am"),
    "year": ("2014", "2014", "2015, about 2015"),
    "length": ("8 cm", "8 cm, 3.1 inches, 8.2 cm", "9 cm, 3 inches"),
    "weight": ("1 kg", "2.2 lb", "2 lb"),
    "volume": ("1 litre", "1.02 litres", "1.1 litres"),
    "money": ("$12", "$12, 12 dollars, about $13", "$12.10, €12, about $15"),
    "percent": ("97.4%", "97%, 97.4%, about 97%, about 90%", "98%, 97.3%, 96.8%, about 85%"),
    "whole percent": ("97%", "97%", "96.5%, 97.4%, 96%"),
    "share": ("62 of 71", "87%, 62 of 71, 87.3%", "88%, 86%, 60 of 71"),
    "share of few": ("80%", "four of five, seven of nine, 8 in 10", "seven of ten, three of four, 79 of 100"),
    "share of many": ("80%", "8 in 10, 80 of 101", "78 of 100, 9 of 11"),
    "fraction": ("66%", "two thirds of them", "three quarters of them, half of them"),
    "the others": ("62 of 71", "13%, 12.7%", "14%, 12.6%, 12.8%, 12%"),
    "the others are few": ("99.4%", "0.6%, 1%", "2%"),
    "a rate": ("$12 a month", "$144 a year, $141 a year, $148 a year", "$139 a year, $150 a year"),
    "each": ("4 keys for €12", "€3, €3.03", "€3.05"),
}


def cases() -> Iterator[tuple[str, str, bool]]:
    for fact, carries, others in CLOSE.values():
        yield from ((claim, fact, True) for claim in carries.split(", ") if claim)
        yield from ((claim, fact, False) for claim in others.split(", ") if claim)


@pytest.mark.parametrize(("claim", "fact", "expected"), list(cases()))
def test_a_claim_is_carried_as_far_as_its_words_allow(claim: str, fact: str, expected: bool) -> None:
    assert carried(claim, fact) is expected


@pytest.mark.parametrize(
    ("claim", "fact", "expected"),
    [
        ("$12 a month", "$12 a month", True),
        ("$12", "$12 a month", True),
        ("$144", "$12 a month", True),
        ("24 calls", "12 calls a week", False),
        ("48 calls a month", "12 calls a week", True),
        ("12 calls", "12 calls a week", True),
        ("12 calls a week", "12 calls", False),
        ("12 calls a day", "12 calls a week", False),
        ("12 calls a day", "12 calls each night", True),
        ("12 calls each night", "12 calls a day", True),
        ("12 calls a day", "12 calls each weekday", True),
        ("12 calls a day", "12 calls every evening", True),
        ("12 calls each weekday", "12 calls every evening", True),
        ("12 calls a week", "12 calls a day", False),
        ("€12 a month", "$12 a month", False),
        ("12 cents", "$12", False),
        ("1200 cents", "$12", True),
    ],
)
def test_a_claim_has_the_period_and_the_currency_of_its_fact(claim: str, fact: str, expected: bool) -> None:
    assert carried(claim, fact) is expected


@pytest.mark.parametrize(
    ("claim", "fact", "counts", "expected"),
    [
        ("£9.60", "£4.80", [2], True),
        ("£9.60", "£4.80", [3, 2], True),
        ("£9.60", "£4.80", [3], False),
        ("£9.64", "£4.80", [2], True),
        ("£9.66", "£4.80", [2], False),
        ("$9.60", "£4.80", [2], False),
        ("£4.80", "£4.80", [1], False),
        ("£7.20", "£4.80", [1.5], False),
        ("£12", "£4.80", [2.5], False),
        ("£480,000", "£4.80", [100_000], True),
        ("£960,000", "£4.80", [200_000], False),
        ("£9.60", "£4.80 a week", [2], True),
        ("£9.60 a week", "£4.80", [2], False),
        ("€6", "4 keys for €12", [2], True),
        ("€18", "€12, €24", [0.5], False),
        ("€72", "€12, €24", [2], False),
    ],
)
def test_a_claim_may_be_so_many_times_an_amount(claim: str, fact: str, counts: list[float], expected: bool) -> None:
    backed = [b for b in backed_by(0, quantities_in(fact)) if b.dimension == "money" and b.how != TOLD]
    assert any(is_multiple(b, only(claim), counts) for b in backed) is expected

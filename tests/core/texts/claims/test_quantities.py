from __future__ import annotations

from typing import Any

import pytest

from core.texts.claims.quantities import Quantity, measured, quantities_in

MINUTE, HOUR, DAY, WEEK, MONTH, YEAR = 60, 3_600, 86_400, 604_800, 2_629_800, 31_557_600


def near(value: float) -> Any:
    return pytest.approx(value)


def only(text: str) -> Quantity:
    (quantity,) = quantities_in(text)
    return quantity


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("1'200", 1200),
        ("1\u202f200", 1200),
        ("1.200", 1200),
        ("1.200,5", 1200.5),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1,234.5", 1234.5),
        ("2.5", 2.5),
        ("2,5", 2.5),
        (".5", 0.5),
        ("½", 0.5),
        ("2½", 2.5),
        ("7¼", 7.25),
        ("7¾", 7.75),
        ("1.2k", 1200),
        ("3bn", 3e9),
        ("3 mio", 3e6),
        ("2 million", 2e6),
        ("2 billion", 2e9),
        ("4 thousand", 4000),
        ("nine", 9),
        ("twelve", 12),
        ("fifty", 50),
        ("twenty-five", 25),
        ("twenty five", 25),
        ("hundred", 100),
        ("two hundreds", 200),
        ("five thousands", 5000),
        ("a hundred", 100),
        ("three hundred", 300),
        ("two hundred and fifty", 250),
        ("two hundred and fifty-three", 253),
        ("two hundred twelve", 212),
        ("seven thousand", 7000),
        ("twenty five thousand", 25_000),
        ("a million", 1e6),
        ("half a million", 5e5),
        ("two and a half million", 2.5e6),
        ("a billion", 1e9),
        ("a dozen", 12),
        ("dozen", 12),
        ("two dozen", 24),
        ("ten dozen of", 120),
        ("the first dozen", 12),
        ("half a dozen", 6),
        ("half-a-dozen", 6),
        ("a million and a half", 1.5e6),
        ("a dozen and a half", 18),
    ],
)
def test_a_number_is_read_in_figures_and_in_words(written: str, value: float) -> None:
    quantity = only(f"We saw {written} birds")
    assert (quantity.value, quantity.dimension, quantity.written) == (value, "count", written)
    assert (quantity.start, quantity.end) == (7, 7 + len(written))
    assert (quantity.period, quantity.currency, quantity.of, quantity.like) == ("", "", 0, None)


@pytest.mark.parametrize(
    ("written", "is_plain"),
    [("3", True), ("three", False), ("ten", True), ("9", True), ("nine", False), ("half a dozen", False)],
)
def test_a_number_is_plain_in_figures_and_in_words_from_ten_on(written: str, is_plain: bool) -> None:
    assert only(f"We saw {written} birds").plain is is_plain


@pytest.mark.parametrize(
    ("written", "least"),
    [
        ("dozens of", 24),
        ("scores of", 40),
        ("hundreds of", 200),
        ("thousands of", 2000),
        ("tens of thousands of", 20_000),
        ("Millions of", 2e6),
    ],
)
def test_a_vague_number_is_at_least_two_of_its_word(written: str, least: float) -> None:
    assert only(f"{written} birds") == Quantity(
        least, "count", written, 0, len(written), sense="vague", raw=least, plain=True
    )


@pytest.mark.parametrize(
    ("written", "value", "dimension", "raw"),
    [
        ("240 ms", 0.24, "time", 240),
        ("90 seconds", 90, "time", 90),
        ("1 second", 1, "time", 1),
        ("15-minute", 15 * MINUTE, "time", 15),
        ("15 full minutes", 15 * MINUTE, "time", 15),
        ("2.5 hours", 2.5 * HOUR, "time", 2.5),
        ("two long years", 2 * YEAR, "time", 2),
        ("an hour and a half", 1.5 * HOUR, "time", 1.5),
        ("a year and a half", 1.5 * YEAR, "time", 1.5),
        ("half an hour", HOUR / 2, "time", 0.5),
        ("half a year", YEAR / 2, "time", 0.5),
        ("three and a half months", 3.5 * MONTH, "time", 3.5),
        ("three quarters of an hour", 0.75 * HOUR, "time", 0.75),
        ("quarter of an hour", 0.25 * HOUR, "time", 0.25),
        ("a third of a year", YEAR / 3, "time", 1 / 3),
        ("one week", WEEK, "time", 1),
        ("7 m", 7000, "length", 7),
        ("7m", 7000, "length", 7),
        ("half a mile", 804_672, "length", 0.5),
        ("3 kg", 3000, "weight", 3),
        ("half a litre", 500, "volume", 0.5),
        ("40%", 40, "percent", 40),
        ("3 percentage points", 3, "percent", 3),
        ("60 watts", 60, "power", 60),
        ("4 gb", 4e9, "data", 4),
        ("20 °C", 20, "degree", 20),
        ("9 am", 9, "clock", 9),
        ("4 p.m", 16, "clock", 4),
        ("12 pm", 12, "clock", 12),
        ("24 o'clock", 24, "clock", 24),
        ("eight in the morning", 8, "clock", 8),
        ("four in the afternoon", 16, "clock", 4),
        ("five o'clock in the evening", 17, "clock", 5),
        ("nine at night", 21, "clock", 9),
        ("9:30", 9.5, "clock", 9.5),
        ("9:30 pm", 21.5, "clock", 21.5),
        ("9:30 am", 9.5, "clock", 9.5),
        ("12:15 pm", 12.25, "clock", 12.25),
        ("21:45", 21.75, "clock", 21.75),
        ("noon", 12, "clock", 12),
        ("midday", 12, "clock", 12),
        ("Midnight", 0, "clock", 0),
        ("2014", 2014, "year", 2014),
        ("1950", 1950, "year", 1950),
        ("1949", 1949, "count", 1949),
        ("2049", 2049, "year", 2049),
        ("2050", 2050, "count", 2050),
    ],
)
def test_a_quantity_is_read_in_the_base_of_its_dimension(
    written: str, value: float, dimension: str, raw: float
) -> None:
    quantity = only(f"It was {written}, he says")
    assert quantity.value == pytest.approx(value)
    assert quantity.raw == pytest.approx(raw)
    assert (quantity.dimension, quantity.written, quantity.start) == (dimension, written, 7)
    assert (quantity.end, quantity.period, quantity.currency) == (7 + len(written), "", "")


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [
        ("$12", 12, "$"),
        ("$ 12", 12, "$"),
        ("$5k", 5000, "$"),
        ("$2m", 2e6, "$"),
        ("£4.80", 4.8, "£"),
        ("12 €", 12, "€"),
        ("12 US dollars", 12, "$"),
        ("1.200,50 euros", 1200.5, "€"),
        ("300 pence", 3, "£"),
        ("half a penny", 0.005, ""),
        ("50 cents", 0.5, ""),
        ("five cents", 0.05, ""),
        ("$2014", 2014, "$"),
        ("3 grand", 3000, ""),
        ("ten grand", 10_000, ""),
        ("20 kroner", 20, "dkk"),
    ],
)
def test_an_amount_of_money_has_its_currency(written: str, value: float, currency: str) -> None:
    quantity = only(f"It was {written}, he says")
    assert (quantity.value, quantity.dimension, quantity.currency) == (near(value), "money", currency)
    assert (quantity.written, quantity.start, quantity.end) == (written, 7, 7 + len(written))


def test_an_amount_is_no_hour_and_thirty_is_none() -> None:
    assert [q.dimension for q in quantities_in("We paid $12 in the evening")] == ["money"]
    assert [q.dimension for q in quantities_in("We were 30 in the evening")] == ["count"]


def test_dollars_of_the_us_are_dollars() -> None:
    assert only("It costs US$12 a month") == Quantity(12, "money", "$12", 11, 14, "month", "$", raw=12)


@pytest.mark.parametrize(
    ("text", "share", "written", "few", "many"),
    [
        ("62 of 71 testers stayed", 6200 / 71, "62 of 71", 62, 71),
        ("four of the nine stayed", 400 / 9, "four of the nine", 4, 9),
        ("7 of our 12 shops", 700 / 12, "7 of our 12", 7, 12),
        ("One in four callers", 25, "One in four", 1, 4),
        ("six games out of ten", 60, "six games out of ten", 6, 10),
        ("five of five", 100, "five of five", 5, 5),
        ("62, of 71 testers", 6200 / 71, "62, of 71", 62, 71),
        ("1,2,3 of 1,230", 10, "1,2,3 of 1,230", 123, 1230),
        ("1 in a hundred", 1, "1 in a hundred", 1, 100),
        ("a hundred of 1,000 rows", 10, "a hundred of 1,000", 100, 1000),
        ("one hundred of 200 rows", 50, "one hundred of 200", 100, 200),
    ],
)
def test_so_many_of_so_many_is_a_share(text: str, share: float, written: str, few: float, many: float) -> None:
    assert only(text) == Quantity(share, "percent", written, 0, len(written), raw=few, of=many)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5 in 2020", [(5, "count"), (2020, "year")]),
        ("12 in 101 days", [(12, "count"), (101 * DAY, "time")]),
        ("200 of 150", [(200, "count"), (150, "count")]),
        ("2 hours of 40", [(2 * HOUR, "time"), (40, "count")]),
        ("2 hours in 40", [(2 * HOUR, "time"), (40, "count")]),
        ("0 of 4", [(0, "count"), (4, "count")]),
    ],
)
def test_two_numbers_that_make_no_share_are_two(text: str, values: list[tuple[float, str]]) -> None:
    assert [(q.value, q.dimension) for q in quantities_in(text)] == values


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("Every second", 50),
        ("every other", 50),
        ("every third", 100 / 3),
        ("every fourth", 25),
        ("every fifth", 20),
        ("every tenth", 10),
    ],
)
def test_every_so_manieth_is_a_share(written: str, share: float) -> None:
    assert only(f"{written} caller") == Quantity(share, "percent", written, 0, len(written), raw=share)


@pytest.mark.parametrize("text", ["every other day", "every second week", "every third Monday"])
def test_every_so_manieth_day_is_none(text: str) -> None:
    assert quantities_in(text) == ()


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("half", 50),
        ("a third", 100 / 3),
        ("Two thirds", 200 / 3),
        ("three-quarters", 75),
        ("one quarter", 25),
        ("four fifths", 80),
        ("five eighths", 62.5),
        ("a tenth", 10),
        ("an eighth", 12.5),
    ],
)
def test_a_fraction_is_a_share_that_is_meant_roughly(written: str, share: float) -> None:
    quantity = only(f"about {written} of them")
    assert (quantity.value, quantity.raw) == (near(share), near(share))
    assert (quantity.dimension, quantity.written, quantity.plain, quantity.sense) == (
        "percent",
        written,
        False,
        "about",
    )
    assert (quantity.start, quantity.end, quantity.of) == (6, 6 + len(written), 0)


@pytest.mark.parametrize(
    ("text", "written", "value", "sense"),
    [
        ("Done within a week.", "a week", WEEK, "less"),
        ("It ran for over a year.", "a year", YEAR, "more"),
        ("After an hour it stops.", "an hour", HOUR, "exact"),
        ("That takes a day each week.", "a day", DAY, "exact"),
    ],
)
def test_a_span_without_a_number_is_one_where_something_leads_to_it(
    text: str, written: str, value: float, sense: str
) -> None:
    start = text.index(written)
    assert only(text) == Quantity(value, "time", written, start, start + len(written), sense=sense, raw=1, plain=False)


@pytest.mark.parametrize(
    "text",
    [
        "What a day.",
        "one caller",
        "On day two we rest.",
        "In step three we rest.",
        "two things",
        "nine reasons",
        "five another",
        "one day",
        "one second",
        "from one year to the next",
        "B2B",
        "A4",
        "v2",
        "_3",
        "#3",
        "3D",
        "one of us",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert quantities_in(text) == ()


@pytest.mark.parametrize(
    "text", ["ten things", "five minute things", "two thinkers", "3 things", "in day 2", "daytwo two"]
)
def test_what_is_counted_stays_a_number(text: str) -> None:
    assert len(quantities_in(text)) == 1


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("2014 users", "count"),
        ("2014 was hard", "year"),
        ("2014 has passed", "year"),
        ("2014 as such", "year"),
        ("in 2014", "year"),
        ("2,014", "count"),
        ("2014 euros", "money"),
    ],
)
def test_four_digits_are_a_year_unless_something_is_counted(text: str, dimension: str) -> None:
    assert [q.dimension for q in quantities_in(text)] == [dimension]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("260 loaves a day", "day"),
        ("260 loaves per day", "day"),
        ("260 loaves daily", "day"),
        ("260 loaves hourly", "hour"),
        ("260 loaves each night", "night"),
        ("260 loaves every evening", "evening"),
        ("260 loaves each weekday", "weekday"),
        ("260 loaves the minute", "minute"),
        ("5 euros weekly", "week"),
        ("5 euros monthly", "month"),
        ("5 euros yearly", "year"),
        ("5 euros annually", "year"),
        ("5 euros quarterly", "quarter"),
        ("5 euros/month", "month"),
        ("5 euros / mo", "month"),
        ("5 euros per yr", "year"),
        ("260 loaves in every week", "week"),
        ("260 in each week", "week"),
        ("Every week we bake 260", "week"),
        ("Each night 260 call", "night"),
        ("260 loaves, a day well spent", ""),
        ("260 loaves until a day", ""),
        ("260 loaves in the week", ""),
        ("260 loaves and that was all, each week", ""),
        ("Every week. We bake 260", ""),
        ("260 loaves of a kind that we liked when a day", ""),
    ],
)
def test_a_rate_has_its_period(text: str, period: str) -> None:
    assert only(text).period == period


def test_a_span_has_no_period_before_it_but_may_have_one_behind() -> None:
    assert only("Every month it takes 3 hours").period == ""
    assert only("It takes 3 hours a month").period == "month"


def test_a_year_has_no_period() -> None:
    assert only("Since 2014 every week").period == ""


@pytest.mark.parametrize(
    ("text", "times", "written", "period"),
    [
        ("Once a month we meet", 1, "Once", "month"),
        ("twice a week", 2, "twice", "week"),
        ("three times a day", 3, "three times", "day"),
        ("5 times every year", 5, "5 times", "year"),
    ],
)
def test_how_often_is_a_frequency(text: str, times: float, written: str, period: str) -> None:
    quantity = only(text)
    assert (quantity.value, quantity.raw, quantity.dimension) == (times, times, "frequency")
    assert (quantity.written, quantity.period, quantity.currency) == (written, period, "")


def test_a_bare_number_behind_another_has_its_unit_too() -> None:
    first, second = quantities_in("It fell from 180 minutes to 25.")
    assert (first.value, first.dimension, first.like) == (180 * MINUTE, "time", None)
    assert (second.value, second.dimension, second.like) == (25, "count", first)
    assert measured(second) == Quantity(25 * MINUTE, "time", "25", 28, 30, raw=25)
    assert measured(first) is first


def test_a_bare_number_takes_currency_and_period_of_its_neighbour() -> None:
    _, second = quantities_in("One is €29 a month, and 59.")
    assert measured(second) == Quantity(59, "money", "59", 24, 26, "month", "€", raw=59)
    assert measured(quantities_in("One is €0, and 59.")[1]).value == 59
    _, own = quantities_in("One is €29 a month, or 300 a year.")
    assert (measured(own).value, measured(own).period) == (300, "year")


def test_a_bare_number_beside_a_share_is_one_of_percent() -> None:
    _, second = quantities_in("It fell from 62 of 71 to 40.")
    assert measured(second) == Quantity(40, "percent", "40", 25, 27, raw=40)


@pytest.mark.parametrize(
    ("text", "value", "sense", "opens"),
    [
        ("5 to 7 days", 5 * DAY, "range", True),
        ("5 - 7 days", 5 * DAY, "range", True),
        ("5 or 7 days", 5 * DAY, "range", True),
        ("about 5 to 7 days", 5 * DAY, "about", True),
        ("between 5 and 7 days", 5 * DAY, "range", False),
        ("5 down to 4 days", 5 * DAY, "range", False),
        ("5 up to about 7 days", 5 * DAY, "range", False),
    ],
)
def test_the_first_number_of_a_range_has_the_unit_of_the_second(
    text: str, value: float, sense: str, opens: bool
) -> None:
    first, second = quantities_in(text)
    assert (first.value, first.dimension, first.sense, first.opens_range) == (value, "time", sense, opens)
    assert (second.dimension, second.opens_range, second.like) == ("time", False, None)


def test_the_first_number_of_a_range_of_counts_stays_a_count() -> None:
    first, second = quantities_in("two to four players")
    assert (first.value, first.dimension, first.sense, first.opens_range) == (2, "count", "exact", True)
    assert first.like == second


@pytest.mark.parametrize("text", ["In 2014 we had 12", "At 9:30 we had 12", "We had 12", "We had 3 days of 12 apples"])
def test_no_unit_comes_from_a_year_a_clock_or_for_what_has_a_noun(text: str) -> None:
    assert [q.like for q in quantities_in(text)] == [None] * len(quantities_in(text))


def test_quantities_come_in_the_order_of_the_text() -> None:
    text = "In 2014 about 62 of 71 testers paid $12 a month for 3 hours."
    assert [q.written for q in quantities_in(text)] == ["2014", "62 of 71", "$12", "3 hours"]
    assert [q.sense for q in quantities_in(text)] == ["exact", "about", "exact", "exact"]

"""Days and numbers as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collecting import values
from core.errors import BadArgument
from core.texts.claims.dates import dates_in
from core.texts.days import MONTHS, WEEKDAYS, days_in, end_of, first_day, spelled_days, weekdays_in
from core.texts.numbers import Number, figure_given, figure_in
from core.texts.rule_forms import kind_and_days

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("2027-03-31", (2027, 3, 31), (2027, 4, 1)),
        ("31 March 2027", (2027, 3, 31), (2027, 4, 1)),
        ("March 31st, 2027", (2027, 3, 31), (2027, 4, 1)),
        ("31. dec 2027", (2027, 12, 31), (2028, 1, 1)),
        ("Sept 2027", (2027, 9, 1), (2027, 10, 1)),
        ("2027-12", (2027, 12, 1), (2028, 1, 1)),
        ("2028", (2028, 1, 1), (2029, 1, 1)),
        ("today", (2026, 11, 23), (2026, 11, 24)),
        ("29 February 2028", (2028, 2, 29), (2028, 3, 1)),
        (" 2027-3-9 ", (2027, 3, 9), (2027, 3, 10)),
        ("TODAY", (2026, 11, 23), (2026, 11, 24)),
        ("2200", (2200, 1, 1), (2201, 1, 1)),
        ("31 December 2200", (2200, 12, 31), (2201, 1, 1)),
        ("may 1 2027", (2027, 5, 1), (2027, 5, 2)),
        ("3rd Mar. 2027", (2027, 3, 3), (2027, 3, 4)),
        ("November 2027", (2027, 11, 1), (2027, 12, 1)),
    ],
)
def test_a_day_is_read_as_people_write_it(said: str, first: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    assert first_day(said, NOW) == datetime(*first, tzinfo=UTC)
    assert end_of(said, NOW) == datetime(*end, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "month"),
    [
        *((name, at) for at, name in enumerate(MONTHS, 1)),
        *((name[:3].upper(), at) for at, name in enumerate(MONTHS, 1)),
        ("Sept", 9),
        *((word, None) for word in ("Marble", "Decent", "Mayor", "Julia", "Augment", "Octet", "Septembre", "Marc")),
    ],
)
def test_a_persons_word_a_files_date_and_a_sentence_name_the_same_month(word: str, month: int | None) -> None:
    with suppress(BadArgument):
        assert first_day(f"3 {word} 2027", NOW).month == month
    read = values.moment(f"{word} 3, 2027 10:00")
    assert (read.at.month if read is not None else None) == month
    named = [date.token for date in dates_in(f"It came in {word.capitalize()} of that year.")]
    assert named == ([f"month:{month - 1}"] if month is not None else [])


@pytest.mark.parametrize(
    ("said", "days"),
    [("90d", 91), ("2w", 15), ("in 3 days", 4), ("0d", 1), ("2 Weeks", 15), (" 1 DAY ", 2), ("9999d", 10_000)],
)
def test_a_span_ends_with_its_last_day(said: str, days: int) -> None:
    assert end_of(said, NOW) == datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=days)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "2027-13-01",
        "31 February 2027",
        "32 May 2027",
        "0 May 2027",
        "99999",
        "3 marble 2027",
        "decent 2027",
        "2027-00",
        "2027-03-00",
        "2027-03-32",
        "2027-00-03",
        "March 0 2027",
        "1899",
        "1899-12-31",
        "31 December 1899",
        "2201",
        "January 2201",
        "tomorrow",
        " 5 ",
    ],
)
def test_what_is_no_day_is_refused(said: str) -> None:
    with pytest.raises(BadArgument) as told:
        first_day(said, NOW)
    assert told.value.what == f"{said.strip()!r} is not a day."
    assert told.value.do == "Write it like 2026-03-31, 31 March 2026 or March 2026."


def test_days_begin_with_the_year_1900() -> None:
    assert first_day("1900", NOW) == first_day("1900-01-01", NOW) == datetime(1900, 1, 1, tzinfo=UTC)


def test_an_end_that_is_over_is_refused() -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    for said, now in (("22 Nov 2026", NOW), (" 22 Nov 2026 ", midnight), ("2025", NOW)):
        with pytest.raises(BadArgument) as told:
            end_of(said, now)
        assert told.value.what == f"{said.strip()!r} is over already."
        assert told.value.do == "Name a day that is still to come, or 90d."
    assert end_of("22 Nov 2026", midnight - timedelta(microseconds=1)) == midnight


def test_today_is_the_day_of_utc() -> None:
    late = datetime(2026, 11, 23, 20, 31, 42, 999, tzinfo=timezone(timedelta(hours=-5)))
    assert first_day("today", late) == datetime(2026, 11, 24, tzinfo=UTC)
    assert end_of("today", late) == datetime(2026, 11, 25, tzinfo=UTC)
    assert end_of("1d", late) == datetime(2026, 11, 26, tzinfo=UTC)


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_is_refused_in_words(said: str) -> None:
    with suppress(BadArgument):
        assert first_day(said, NOW).tzinfo is UTC


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("37 freelancers used it in the first 6 months.", Number(37, "", "freelancers")),
        ("thirty-seven people use it", Number(37, "", "people")),
        ("12 unpaid invoices were paid", Number(12, "", "unpaid invoices")),
        ("Late payments fell by 40%", Number(40, "%", "Late payments fell")),
        ("The median wait fell from 41 to 26 days at 31 workshops", Number(26, "days", "The median wait fell")),
        ("Revenue went from $1,200 to $3,400 a month", Number(3400, "$ a month", "Revenue went")),
        ("I waited 63 days for the money of one client", Number(63, "days", "for the money of one client")),
        ("31 of 71 people answered", Number(31, "", "of 71 people")),
        ("Founded in 2019", None),
        ("It sends letters", None),
    ],
)
def test_a_statements_number_is_read_with_what_it_counts(statement: str, number: Number | None) -> None:
    assert figure_in(statement) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("26 days until an invoice is paid", Number(26, "days", "until an invoice is paid")),
        ("40% late payments", Number(40, "%", "late payments")),
        ("$12 a month", Number(12, "$ a month", "")),
        ("1,250 invoices", Number(1250, "", "invoices")),
        ("none", None),
    ],
)
def test_a_corrected_number_is_taken_as_it_is_said(said: str, number: Number | None) -> None:
    assert figure_given(said) == number


@given(st.text(max_size=120))
def test_any_statement_is_read(statement: str) -> None:
    for number in (figure_in(statement), figure_given(statement)):
        assert number is None or number.counts == number.counts.strip()


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Promotion on Fri only", {4}),
        ("Promotion Fri-only", {4}),
        ("Self-promo only on Sat.", {5}),
        ("Post it on Tues. or Thurs.", {1, 3}),
        ("Showcase posts: Sat/Sun", {5, 6}),
        ("sat & sun only", {5, 6}),
        ("promo on sat and sun", {5, 6}),
        ("only on fri", {4}),
        ("Mon-Wed", {0, 1, 2}),
        ("Friday to Mon", {4, 5, 6, 0}),
        ("Self promo: Sat 00:00 to Sun 23:59 UTC", {5, 6}),
        ("Mon. is promo day", {0}),
        ("Sat only, please", {5}),
        ("Saturdays and Weds", {5, 2}),
        ("except on SUN", {6}),
        ("Sun", {6}),
        ("Every Mon, Wed and Fri", {0, 2, 4}),
    ],
)
def test_a_short_name_of_a_weekday_is_that_day_where_its_neighbours_say_so(said: str, days: set[int]) -> None:
    assert weekdays_in(said) == days


@pytest.mark.parametrize(
    "said",
    [
        "I sat, he sat, and so on",
        "We sat and Sun came",
        "He sat down on the sun lounger",
        "No pictures of the sun",
        "the Sun is up",
        "Mon ami, no ads",
        "Sun Microsystems questions only in the thread",
        "No posts on Sun servers",
        "No posts on SAT prep",
        "they wed and sat down",
        "The cat sat. No ads",
        "I sat only once",
        "Until the sun sets",
        "Fried food",
        "Phoenix Suns posts",
        "tuesdayish monitor saturated thus friend",
    ],
)
def test_an_ordinary_word_that_looks_like_a_short_weekday_is_none(said: str) -> None:
    assert weekdays_in(said) == frozenset()
    assert spelled_days(said) == said


@pytest.mark.parametrize(
    ("said", "spelled"),
    [
        ("Sat, Sun", "Saturday, Sunday"),
        ("on mon, tue and wed", "on Monday, Tuesday and Wednesday"),
        ("Sat. next to it", "Saturday next to it"),
        ("Sat. Next week", "Sat. Next week"),
        ("Sat 5pm", "Saturday 5pm"),
        ("sat 5pm", "sat 5pm"),
        ("on sat.", "on Saturday."),
        ("Sat-only", "Saturday-only"),
        ("next Sat", "next Saturday"),
        ("next sat", "next sat"),
        ("only sat", "only Saturday"),
        ("(Sat)", "(Saturday)"),
        (": sun .", ": Sunday ."),
        ("sun !", "sun !"),
        ("sun X", "sun X"),
        ("! sun", "! sun"),
        ("on Wed and go", "on Wednesday and go"),
        ("on wed and go", "on wed and go"),
        ("Wed and go", "Wed and go"),
        ("a Sat", "a Sat"),
        (f"{'x' * 70} the Sat", f"{'x' * 70} the Sat"),
        (f"{'x' * 70} Sat/Sun", f"{'x' * 70} Saturday/Sunday"),
        ("Tues. and thur are FRI and Thurs", "Tuesday and Thursday are Friday and Thursday"),
        ("fri and thurs", "Friday and Thursday"),
        ("wed thurs fri posts", "wed thurs fri posts"),
        ("MON only", "MON only"),
        ("WEDS only", "Wednesday only"),
        ("Montag, Satan, sunny, frieze", "Montag, Satan, sunny, frieze"),
    ],
)
def test_a_text_keeps_all_but_its_short_weekdays(said: str, spelled: str) -> None:
    assert spelled_days(said) == spelled


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Thursday to Tuesday", {3, 4, 5, 6, 0, 1}),
        ("Friday – Monday", {4, 5, 6, 0}),
        ("Mondays through Wednesdays", {0, 1, 2}),
        ("Sunday till Sunday", {6}),
        ("Tuesday-Thursday, Saturday", {1, 2, 3, 5}),
        ("Monday to Friday and Saturday until Sunday", {0, 1, 2, 3, 4, 5, 6}),
        ("Mondayish", set()),
    ],
)
def test_a_range_holds_the_days_between(said: str, days: set[int]) -> None:
    assert weekdays_in(said) == days


@given(st.lists(st.sampled_from([*WEEKDAYS, "Mon", "sat", "Fri.", "on", "only", "and", "the", "posts", "/", ","])))
def test_writing_short_weekdays_out_twice_changes_nothing_more_and_loses_no_full_name(words: list[str]) -> None:
    text = " ".join(words)
    spelled = spelled_days(text)
    assert spelled_days(spelled) == spelled
    assert {WEEKDAYS.index(word) for word in words if word in WEEKDAYS} <= weekdays_in(text)


@pytest.mark.parametrize(
    ("said", "day"), [("We close on Thurs at noon", 3), ("We bake Tues and rest", 1), ("By Weds", 2)]
)
def test_a_claim_and_a_rule_know_the_same_short_weekdays(said: str, day: int) -> None:
    assert [date.token for date in dates_in(said)] == [f"day:{day}"]
    assert weekdays_in(said) == {day}


def test_a_kind_of_post_has_the_short_weekday_that_its_rule_names() -> None:
    assert kind_and_days("Trip reports on Sat only") == ("trip report", (5,))
    assert kind_and_days("Trip reports on sat prep") == ("", ())


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("on Weekends and Mondays", (0, 5, 6)),
        ("Friday, Tuesday", (1, 4)),
        ("on a weekend", (5, 6)),
        ("any day", ()),
    ],
)
def test_days_come_in_the_order_of_the_week(words: str, days: tuple[int, ...]) -> None:
    assert days_in(words) == days

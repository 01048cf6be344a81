"""The number in a statement, with its unit and what it counts."""

from __future__ import annotations

import pytest

from core.texts.numbers import Number, figure_given, figure_in

LONG = "letter " * 20


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        # The second number is the present one.
        ("Waits fell from 41 to 26 days", Number(26, "days", "Waits fell")),
        ("It went from about $41 to just $26 a month", Number(26, "$ a month", "It went from about $41 to just")),
        ("From 12 clients, 3 left", Number(12, "", "clients")),
        ("We had 12 clients and 3 left", Number(12, "", "clients")),
        ("In 2019 we had 12 clients", Number(12, "", "clients")),
        ("At 9 am we met 5 users", Number(5, "", "users")),
        # A count counts the words up to the first plural or people, at most three, else the next word alone.
        ("12 clients", Number(12, "", "clients")),
        ("12 happy clients", Number(12, "", "happy clients")),
        ("12 loyal happy CLIENTS", Number(12, "", "loyal happy CLIENTS")),
        ("12 loyal happy quiet clients", Number(12, "", "loyal")),
        ("12 loyal quiet", Number(12, "", "loyal")),
        ("12 long-time clients", Number(12, "", "long-time clients")),
        ("12 loyal, happy clients", Number(12, "", "loyal")),
        ("12 loyal and happy clients", Number(12, "", "loyal")),
        ("12 - clients", Number(12, "", "clients")),
        ("12 (all) clients", Number(12, "", "")),
        ("(We have 12) clients", Number(12, "", "")),
        ("12 and clients", Number(12, "", "")),
        ("12 of our clients", Number(12, "", "clients")),
        ("12 of the other clients", Number(12, "", "clients")),
        ("12 OF THESE clients", Number(12, "", "clients")),
        ("3 people and dogs", Number(3, "", "people")),
        ("We have 12.", Number(12, "", "")),
        ("31 of 71 shops", Number(31, "", "of 71 shops")),
        ("31 of 71", Number(31, "", "of 71")),
        (f"12{' ' * 79}shops", Number(12, "", "s")),
        (f"12{' ' * 80}shops", Number(12, "", "")),
        # Another number is of what follows it, else of what stands before it.
        ("We wait 26 days for money", Number(26, "days", "for money")),
        ("We wait 26 days  between   orders; then 5", Number(26, "days", "between orders")),
        ("We wait 26 days, for money", Number(26, "days", "We wait")),
        ("We pay. Late bills grew by about 40%", Number(40, "%", "Late bills grew")),
        ("Late bills\ngrew by 40%", Number(40, "%", "grew")),
        ("Late bills grew by 40 percent", Number(40, "%", "Late bills grew")),
        ("Late bills, grew 4 %", Number(4, "%", "grew")),
        ("Late  bills   are only nearly 40%", Number(40, "%", "Late bills")),
        ("The wait is 26 days", Number(26, "days", "The wait")),
        ("We earn $5 a week", Number(5, "$ a week", "We earn")),
        ("We lose 5 % a year", Number(5, "% a year", "We lose")),
        ("We lose 2 hours a week", Number(2, "hours a week", "We lose")),
        ("a 26-day wait", Number(26, "day", "")),
        ("It is 25 km", Number(25, "km", "It")),
        ("We earn 120 USD", Number(120, "$", "We earn")),
        ("300 words per minute", Number(300, "a minute", "words")),
        (f"It takes 3 hours for {LONG}", Number(3, "hours", f"for {LONG}"[:80])),
        (f"{LONG}grew 4%", Number(4, "%", f"{LONG}grew"[-80:])),
        ("２６ days", Number(26, "days", "")),
        ("In 2019 at 9 am", None),
        ("", None),
    ],
)
def test_the_number_of_a_statement_is_told_with_what_it_counts(statement: str, number: Number | None) -> None:
    assert figure_in(statement) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("26 days until it is paid", Number(26, "days", "until it is paid")),
        ("In 2019, 12 clients", Number(2019, "2019", "12 clients")),
        ("about 26 days;  on  the whole.", Number(26, "days", "on the whole")),
        ("$12 a month : per seat a year", Number(12, "$ a month", "per seat a year")),
        ("$12 monthly, per seat", Number(12, "$ a month", "per seat")),
        ("40% weekly", Number(40, "% a week", "")),
        ("31 of 71 people answered", Number(31, "", "of 71 people answered")),
        (f"3 hours for {LONG}", Number(3, "hours", f"for {LONG}"[:80])),
        (f"31 of 71 {LONG}", Number(31, "", f"of 71 {LONG}"[:80])),
        ("２６ days’ work", Number(26, "days", "' work")),
        ("26 days of MAX", Number(26, "days", "of MAX")),
        ("nothing", None),
    ],
)
def test_the_number_in_a_persons_words_counts_what_they_say_after_it(words: str, number: Number | None) -> None:
    assert figure_given(words) == number

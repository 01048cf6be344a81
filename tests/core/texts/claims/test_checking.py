"""Whole texts and sentences: whose facts carry them, which passage names its facts, which of two marks stays."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product, check_text
from core.texts.claims.clause import Mark
from core.texts.claims.comparing import _without_overlaps
from tests.core.texts.claims.invented import MILL, said_of

OTHERS = Known(
    (
        "Alice was a nurse in Leeds",
        "I was a pilot",
        "Bob sold 40 red bikes",
        "Millo prints labels",
        "Our colleague Alice swam the channel",
    ),
    Product("Millo"),
    {0: "Alice", 2: "Bob", 4: "Alice"},
)
ALICES, BOBS = (
    f"{name} lived this, not the poster: tell it with their name, or leave it out" for name in ("Alice", "Bob")
)


@pytest.mark.parametrize(
    ("sentence", "rests_on"),
    [
        ("Alice was a nurse in Leeds.", (0,)),
        ("Bob sold 40 red bikes.", (2,)),
        ("Bob sold 40 red bikes, and I print labels.", (2, 3)),
        ("Bob asks for labels.", ()),
        ("Our colleague Alice swam the channel.", (4,)),
        ("Alice was a nurse, and she swam the channel.", (4,)),
    ],
)
def test_what_others_lived_is_told_with_their_name(sentence: str, rests_on: tuple[int, ...]) -> None:
    assert said_of(sentence, OTHERS) == ([], rests_on)


@pytest.mark.parametrize(
    ("sentence", "words", "reason"),
    [
        ("I was a nurse in Leeds.", "I", ALICES),
        ("She was a nurse in Leeds.", "nurse in Leeds", ALICES),
        ("A nurse in Leeds.", "nurse in Leeds", ALICES),
        ("Bob was a nurse in Leeds.", "nurse in Leeds", ALICES),
        ("We sold 40 red bikes.", "We", BOBS),
        ("40 red bikes were sold.", "red bikes were sold", BOBS),
        ("Alice sold red bikes.", "sold red bikes", BOBS),
        ("I swam the channel.", "I", ALICES),
    ],
)
def test_what_others_lived_is_marked_as_mine_or_as_nobodys(sentence: str, words: str, reason: str) -> None:
    assert said_of(sentence, OTHERS) == ([(words, "experience", reason)], ())


@pytest.mark.parametrize(
    ("text", "marked", "rests_on"),
    [
        ("Alice was a nurse in Leeds. She swam the channel.", [], (0, 4)),
        ("Alice was a nurse in Leeds. It prints. She swam the channel.", ["swam the channel"], (0,)),
        ("She swam the channel.", ["swam the channel"], ()),
        ("Hello. She swam the channel. Alice was a nurse in Leeds.", ["swam the channel"], (0,)),
    ],
)
def test_she_is_whom_the_sentence_before_named(text: str, marked: list[str], rests_on: tuple[int, ...]) -> None:
    reading = check_text(text, OTHERS)
    assert [text[m.start : m.end] for m in reading.marks] == marked
    assert reading.rests_on == rests_on


@pytest.mark.parametrize(
    ("marks", "kept"),
    [
        ([(0, 5, "unsupported"), (3, 6, "number")], [(3, 6, "number")]),
        ([(0, 5, "experience"), (3, 6, "number")], [(3, 6, "number")]),
        ([(0, 5, "date"), (3, 9, "number"), (9, 10, "date")], [(3, 9, "number"), (9, 10, "date")]),
        ([(4, 9, "experience"), (0, 4, "date"), (8, 12, "date")], [(0, 4, "date"), (8, 12, "date")]),
        ([(0, 4, "date"), (4, 9, "unsupported")], [(0, 4, "date"), (4, 9, "unsupported")]),
        ([(4, 9, "date"), (0, 4, "date")], [(0, 4, "date"), (4, 9, "date")]),
        ([(2, 5, "date"), (0, 3, "number")], [(0, 3, "number")]),
    ],
)
def test_of_two_marks_on_the_same_words_one_stays(
    marks: list[tuple[int, int, str]], kept: list[tuple[int, int, str]]
) -> None:
    found = _without_overlaps([Mark(*mark, "a reason") for mark in marks])
    assert [(m.start, m.end, m.kind) for m in found] == kept


AWARD = "no fact tells of an award, a recommendation or press"
STUDY = "no fact names a study, a survey or an authority for this"


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("If it stores photos, it prints.", []),
        ("Imagine it won a prize.", [("prize", "award", AWARD)]),
        (
            "I think it is the only sorter.",
            [("the only sorter", "only", "no fact says that it is the only or the first one")],
        ),
        ("I think studies show it.", [("studies show", "study", STUDY)]),
        ("Try it, studies show that it works.", [("studies show", "study", STUDY)]),
        ("We plan to win a prize.", [("prize", "award", AWARD)]),
        ("We will store photos.", []),
        ("We plan 500 customers.", []),
        ("Thanks for your 88 labels!", []),
        ("Do carriers need 12 keys?", []),
        ("Did you know it has 12 keys?", [("12", "number", "no fact holds 12")]),
        ("I believe 500 customers agree.", [("500", "number", "no fact holds 500")]),
        ("If 500 customers agree, we print.", [("500", "number", "no fact holds 500")]),
        ("Bread deserves better than a bin.", []),
        (
            "Millo sorts letters by street, and you get a glass of wine.",
            [("glass of wine", "unsupported", "no fact says “glass of wine”")],
        ),
    ],
)
def test_what_a_sentence_does_decides_what_is_compared(sentence: str, marks: list[tuple[str, str, str]]) -> None:
    assert said_of(sentence, MILL)[0] == marks

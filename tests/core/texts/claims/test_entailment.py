"""A small model reads a sentence beside its closest facts; with the trained reader it decides whether they carry it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bench
from core.texts.claims import Known, Product, check_sentence, check_text, entailment
from core.texts.claims.checking import INFERRED_MOST
from core.texts.claims.comparing import Comparison
from core.texts.claims.entailment import Lean, beside, closest, lean
from core.texts.claims.reader import Reader, Verdict
from core.texts.transformer import shipped
from tests.core.texts.claims.invented import by_tables

CORPORA = Path(bench.__file__).parent / "corpora"
MUSEUM = Known(
    (
        "Open from April to October, closed on Mondays",
        "Entry is 4 euros, children free",
        "We have 310 lawn mowers, the oldest from 1889",
        "Run by three retired mechanics",
        "No café, but there is a tap",
        "I fixed my first mower at the age of nine",
    ),
    Product("Mowerhaus", "a small museum of lawn mowers", ("museum",)),
)


def odds(sentence: str, known: Known = MUSEUM) -> float:
    found = by_tables(sentence, known)
    return entailment.odds(sentence, beside(found, shipped()), shipped())


# ---------------------------------------------------------------- what it reads


def test_a_sentence_is_read_beside_the_product_and_its_closest_facts() -> None:
    read = beside(by_tables("There is a tap.", MUSEUM), shipped())
    assert read[0] == ("Mowerhaus: a small museum of lawn mowers", entailment.PRODUCT_MOST)
    assert read[1] == (MUSEUM.facts[4].text, entailment.FACT_MOST)
    assert len(read) == 1 + entailment.FACTS


def test_the_same_sentence_has_the_same_odds() -> None:
    assert odds("Children pay nothing.") == odds("Children pay nothing.")


@pytest.mark.parametrize(
    ("sentence", "fact"),
    [
        ("A visit costs four euros, but your kids get in for nothing.", 1),
        ("Most of what we have is older than your grandfather, one machine was built in 1889.", 2),
        ("You can't get coffee there.", 4),
    ],
)
def test_the_closest_facts_share_words_or_meaning_with_a_sentence(sentence: str, fact: int) -> None:
    near = closest(by_tables(sentence, MUSEUM), shipped())
    assert len(near) == entailment.FACTS
    assert MUSEUM.facts[fact].text in near[:3]


def test_what_another_member_lived_is_not_read_as_a_fact_of_the_poster() -> None:
    known = Known([fact.text for fact in MUSEUM.facts], MUSEUM.product, {5: "Greta"})
    sentence = "I fixed my first mower at nine."
    assert MUSEUM.facts[5].text in closest(by_tables(sentence, MUSEUM), shipped())
    assert MUSEUM.facts[5].text not in closest(by_tables(sentence, known), shipped())


# ---------------------------------------------------------------- what it decides


@pytest.mark.parametrize(
    ("carried", "invented"),
    [
        ("Kids get in for nothing.", "Kids get in for half of it."),
        ("You will find us closed on Mondays.", "You will find us closed on Sundays."),
        ("Nobody here serves coffee, we only have a tap.", "Somebody here serves coffee, we also have a tap."),
    ],
)
def test_what_facts_carry_in_other_words_has_lower_odds_than_its_twin(carried: str, invented: str) -> None:
    assert odds(carried) < odds(invented)


_COLOURS = ("green", "red", "blue", "grey", "white", "black", "brown", "yellow", "purple", "golden", "orange")
_THINGS = (
    "door",
    "wall",
    "roof",
    "shed",
    "bench",
    "tree",
    "gate",
    "path",
    "lamp",
    "stove",
    "chair",
    "table",
    "clock",
    "ladder",
    "barrel",
)


def telling(monkeypatch: pytest.MonkeyPatch, **weigh: float) -> None:
    """Has the model find that half of what it read is invented, a quarter carried and a quarter claim-free."""

    class Layers:
        def run(self, _: object, given: Mapping[str, Any]) -> Any:
            return [[[math.log(share) for share in (0.5, 0.25, 0.25)]]]

    source = {"labels": {"claims": ("invented", "true", "neutral")}, "weigh": weigh}
    model = replace(shipped(), layers=Layers(), source=source)
    monkeypatch.setattr(entailment, "shipped", lambda: model)


def test_what_is_inferred_and_the_readers_score_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    telling(monkeypatch, odds=2.0, reader=0.5, limit=3.0, sure=1.0)
    found = by_tables("A sentence that nobody judged before.", MUSEUM)
    both = lean(found, 10), lean(found, 4)
    assert [each.speaks_against for each in both] == [pytest.approx(2.0), pytest.approx(-1.0)]
    assert [each.is_sure for each in both] == [True, False]


def test_odds_set_the_share_of_invented_against_both_others(monkeypatch: pytest.MonkeyPatch) -> None:
    telling(monkeypatch, odds=1.0, reader=0.0, limit=0.0, sure=0.0)
    found = by_tables("Another sentence that nobody judged before.", MUSEUM)
    assert lean(found, 0).speaks_against == pytest.approx(math.log(0.5 / 0.5))


@pytest.mark.parametrize(
    ("sentence", "kind", "lean_of_it", "is_doubted"),
    [
        ("Visitors bring their own rakes.", "unsupported", Lean(1.0, True, True), False),
        ("Visitors bring their own rakes.", "unsupported", Lean(1.0, True, False), True),
        ("We have 470 visitors.", "number", Lean(1.0, True, False), False),
        ("We have 470 visitors.", "number", Lean(0.9, False, False), True),
        ("It is the only museum of mowers.", "only", Lean(0.1, False, False), False),
        ("It is the only museum of mowers.", "only", Lean(-0.1, False, False), True),
        ("Everybody who comes here loves it.", "social proof", Lean(0.9, True, False), False),
        ("Everybody who comes here loves it.", "social proof", Lean(-0.1, False, False), True),
        ("I broke my arm on the stairs.", "experience", Lean(0.9, True, False), False),
        ("We broke a window on the stairs.", "experience", Lean(0.9, True, False), True),
        ("We broke a window on the stairs.", "experience", Lean(1.5, True, True), False),
        ("We have 4,700 visitors.", "number", Lean(-2.0, False, False), False),
        ("Entry is 9 euros.", "number", Lean(-2.0, False, False), False),
    ],
)
def test_a_mark_blocks_from_the_surer_the_less_plain_it_is(
    monkeypatch: pytest.MonkeyPatch, sentence: str, kind: str, lean_of_it: Lean, is_doubted: bool
) -> None:
    monkeypatch.setattr(entailment, "lean", lambda found, score: lean_of_it)
    monkeypatch.setattr(Reader, "read", lambda self, evidence: Verdict(True, 0, 50))
    marks = [mark for mark in check_sentence(sentence, MUSEUM).marks if mark.kind == kind]
    assert marks
    assert {mark.is_doubted for mark in marks} == {is_doubted}


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (("Wir haben 310 Rasenmäher, der älteste ist von 1889, und am Montag ist zu",), "We have a café."),
        (
            tuple(fact.text for fact in MUSEUM.facts),
            "Wir haben für die Kinder auch ein Café und es ist nicht teuer, aber der Tee ist am Montag aus.",
        ),
    ],
)
def test_what_is_said_in_another_language_than_english_is_doubted(facts: tuple[str, ...], text: str) -> None:
    marks = check_text(text, Known(facts, MUSEUM.product)).marks
    assert marks
    assert all(mark.is_doubted for mark in marks)


def test_a_text_is_inferred_up_to_its_limit_and_its_rest_judged_by_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def lean_against(found: Comparison, score: int) -> Lean:
        asked.append(found.text)
        return Lean(1.0, is_likely=True, is_sure=True)

    monkeypatch.setattr(entailment, "lean", lean_against)
    doors = [f"{colour} {thing}" for colour in _COLOURS for thing in _THINGS]
    sentences = [f"Visitors like the {door}." for door in doors]
    assert len(sentences) > INFERRED_MOST
    marks = check_text("\n".join(sentences), MUSEUM).marks
    assert asked == sentences[:INFERRED_MOST]
    assert len(marks) >= INFERRED_MOST


def test_what_he_or_she_did_is_judged_by_the_reader_because_the_model_does_not_read_what_others_lived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entailment, "lean", lambda found, score: pytest.fail(found.text))
    known = Known([fact.text for fact in MUSEUM.facts], MUSEUM.product, {5: "Greta"})
    check_sentence("She fixed her first mower at nine.", known, about=frozenset({"greta"}))


@pytest.mark.parametrize(
    ("by_reader", "lean_of_it", "is_marked"),
    [(1, 0.1, True), (1, -0.1, False), (0, 0.6, False), (0, 0.8, True)],
)
def test_to_mark_what_the_reader_finds_carried_takes_a_clearer_case_than_to_leave_a_mark(
    monkeypatch: pytest.MonkeyPatch, by_reader: int, lean_of_it: float, is_marked: bool
) -> None:
    monkeypatch.setattr("core.texts.claims.reader.shipped", lambda: Reader({}, by_reader, {}))
    monkeypatch.setattr(entailment, "lean", lambda found, score: Lean(lean_of_it, is_likely=True, is_sure=True))
    assert bool(check_sentence("Is the museum quiet?", MUSEUM).marks) is is_marked


BENCH = "This comes from our own bench, so weigh it."  # no list of words holds this; the model reads it as an owner's


@pytest.mark.parametrize(
    ("text", "by_reader", "marked"),
    [
        ("I made Mowerhaus.", 0, []),
        (BENCH, 0, []),
        (BENCH, 1, [("bench", True)]),
        (f"{BENCH} Visitors bring their own rakes.", 0, [("Visitors", False)]),  # the first that says so is enough
        (f"I made Mowerhaus. {BENCH}", 0, [("bench", False)]),  # what plain words say, the model is not asked
        (f"A friend showed it to me. {BENCH}", 0, [("friend", False), ("bench", False)]),  # a customer's voice
        ("We have 470 visitors.", 0, [("470", False), ("visitors", False)]),  # more than whose it is
        ("I made Mowerhaus with 47 friends.", 0, [("47", False), ("friends", False)]),
    ],
)
def test_what_tells_whose_the_product_is_is_no_claim(
    monkeypatch: pytest.MonkeyPatch, text: str, by_reader: int, marked: list[tuple[str, bool]]
) -> None:
    monkeypatch.setattr("core.texts.claims.reader.shipped", lambda: Reader({}, by_reader, {}))
    monkeypatch.setattr(entailment, "lean", lambda found, score: Lean(1.0, is_likely=True, is_sure=True))
    marks = check_text(text, MUSEUM).marks
    assert [(text[mark.start : mark.end], mark.is_doubted) for mark in marks] == marked

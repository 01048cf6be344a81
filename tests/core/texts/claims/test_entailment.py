"""A small model reads a sentence beside its closest facts; with the trained reader it decides whether they carry it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from core.texts.claims import Known, Product, check_sentence, check_text, entailment
from core.texts.claims.checking import INFERRED_MOST
from core.texts.claims.comparing import Comparison
from core.texts.claims.entailment import MOST, closest, lean, product_of, shipped
from core.texts.claims.reader import Reader
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
    return shipped().odds(sentence, closest(found, shipped()), product_of(found))


# ---------------------------------------------------------------- what it is, and was trained on


@pytest.mark.parametrize(
    "name", [f"claims-{corpus}{facts}.jsonl" for corpus in ("train", "twins") for facts in ("", "-facts")]
)
def test_it_was_trained_on_the_sentences_that_are_kept(name: str) -> None:
    assert shipped().source["data_sha256"][name] == hashlib.sha256((CORPORA / name).read_bytes()).hexdigest()


def test_of_corpora_that_it_did_not_read_it_orders_more_sentences_right_than_the_reader_alone() -> None:
    figures: Mapping[str, Mapping[str, float]] = shipped().source["figures"]
    for corpus in ("blind", "later", "report"):
        assert figures[corpus]["ordered_right"] >= figures[corpus]["ordered_right_by_reader"] + 0.01, corpus


def test_its_weights_fit_a_small_download() -> None:
    assert sum(file.stat().st_size for file in entailment.FOLDER.iterdir()) <= 24 * 1024 * 1024


# ---------------------------------------------------------------- what it reads


def test_it_reads_the_sentence_then_the_facts_then_the_product_each_with_its_end() -> None:
    model = shipped()
    pieces, said = model.pieces("No tea.", ["There is a tap", "Free"], "Mowerhaus: a museum")
    words = [model.tokenizer.id_to_token(piece) for piece in pieces]
    assert words[:said] == ["[CLS]", "no", "tea", ".", "[SEP]"]
    assert " ".join(words[said:]).replace(" ##", "") == "there is a tap [SEP] mowerhaus : a museum [SEP]", (
        "a fact of one word says nothing"
    )


@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=4), st.text(max_size=60))
def test_any_text_is_cut_to_what_it_can_read_and_judged(sentence: str, facts: list[str], product: str) -> None:
    pieces, said = shipped().pieces(sentence, facts, product)
    assert 2 <= said <= entailment.SENTENCE_MOST + 2
    assert said <= len(pieces) <= MOST
    assert math.isfinite(shipped().odds(sentence, facts, product))


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
    assert MUSEUM.facts[fact].text in near


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


class _Layers:
    """Judges every sentence alike: the logarithms of the shares of invented, carried and claim-free."""

    def __init__(self, *shares: float) -> None:
        self.shares = [math.log(share) for share in shares]
        self.given: list[Mapping[str, Any]] = []

    def run(self, _: object, given: Mapping[str, Any]) -> Any:
        self.given.append(given)
        return [[self.shares]]


def test_odds_set_the_share_of_invented_against_both_others() -> None:
    model = replace(shipped(), layers=_Layers(0.8, 0.15, 0.05))
    assert model.odds("Free for all.", [], "x") == pytest.approx(math.log(0.8 / 0.2))


def test_what_is_inferred_and_the_readers_score_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    weigh = {"odds": 2.0, "reader": 0.5, "limit": 3.0}
    model = replace(shipped(), layers=_Layers(0.5, 0.25, 0.25), source={"weigh": weigh})
    monkeypatch.setattr(entailment, "shipped", lambda: model)
    found = by_tables("A sentence that nobody judged before.", MUSEUM)
    assert lean(found, 10) == pytest.approx(2.0)
    assert lean(found, 4) == pytest.approx(-1.0)


def test_a_text_is_inferred_up_to_its_limit_and_its_rest_judged_by_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def lean_against(found: Comparison, score: int) -> float:
        asked.append(found.text)
        return 1.0

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
    [(1, 0.1, True), (1, -0.1, False), (0, 0.2, False), (0, 0.4, True)],
)
def test_to_mark_what_the_reader_finds_carried_takes_a_clearer_case_than_to_leave_a_mark(
    monkeypatch: pytest.MonkeyPatch, by_reader: int, lean_of_it: float, is_marked: bool
) -> None:
    monkeypatch.setattr("core.texts.claims.reader.shipped", lambda: Reader({}, by_reader, {}))
    monkeypatch.setattr(entailment, "lean", lambda found, score: lean_of_it)
    assert bool(check_sentence("Is the museum quiet?", MUSEUM).marks) is is_marked


def test_what_tells_whose_the_product_is_is_not_inferred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entailment, "lean", lambda found, score: pytest.fail(found.text))
    assert check_sentence("I made Mowerhaus.", MUSEUM).marks == ()

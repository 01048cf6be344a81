"""The trained reader has the last word on whether facts carry a sentence, and marks the words that speak against it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from bench.judge.claims import judged, rates
from core.texts.claims import Known, Product, check_sentence, check_text, claims_something, entailment
from core.texts.claims.entailment import Lean
from core.texts.claims.reader import ARTEFACT, Evidence, Reader, Verdict, dump, evidence_of, load, shipped
from tests.core.texts.claims.invented import FERRY, MILL, by_tables

CORPORA = Path(bench.__file__).parent / "corpora"
SHOP = Known(
    (
        "Loafline is a bread subscription by cargo bike, deliveries on Fridays",
        "6.50 euros per loaf, delivery included",
        "48 households get a loaf each week",
        "No website; orders by text message",
        "I drove a bus for 11 years before I baked",
        "A second oven is planned for spring",
    ),
    Product("Loafline", "a bread subscription", ("bread",)),
)


@pytest.mark.parametrize(
    "name", ["claims-train.jsonl", "claims-train-facts.jsonl", "claims-tune.jsonl", "claims-facts.jsonl"]
)
def test_the_reader_was_trained_on_the_sentences_that_are_kept(name: str) -> None:
    assert shipped().source["data_sha256"][name] == hashlib.sha256((CORPORA / name).read_bytes()).hexdigest()


def test_of_products_that_it_was_not_trained_on_it_judges_more_sentences_right_than_the_tables() -> None:
    figures = shipped().source["figures"]
    assert shipped().source["products"] >= 100
    for said, better in (("invented_marked", 1), ("true_marked", -1), ("neutral_marked", -1)):
        assert better * (figures["new"][said] - figures["new"][f"{said}_by_tables"]) >= 0.05, said
    assert figures["facts"]["true_marked"] <= 0.05, "a fact's own words"


def test_its_weights_are_small() -> None:
    assert ARTEFACT.stat().st_size <= 120 * 1024


def test_of_sentences_that_it_was_not_trained_on_most_are_judged_right(tmp_path: Path) -> None:
    # Every fourth: each takes 30 ms of processor time. `make bench only=claims` judges all of them.
    sentences = (CORPORA / "claims-fresh.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    some = tmp_path / "some.jsonl"
    some.write_text("".join(sentences[1::4]), encoding="utf-8")
    told = rates(judged(some, CORPORA / "claims-fresh-facts.jsonl"))
    assert told["sentences"] == {"invented": 40, "true": 43, "neutral": 17}
    # Which of them are misjudged is not told: they only measure.
    assert float(str(told["invented_marked"])) >= 0.75
    assert float(str(told["true_marked"])) <= 0.25
    assert float(str(told["neutral_marked"])) <= 0.1


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("Everybody in town loves it.", True),
        ("A study by a university found that our bread makes people happier.", True),
        ("I drove a bus for 12 years before I baked.", True),
        ("Our app sends you a message when the bread is in the oven.", True),
        ("48 households get a loaf each week.", False),
        ("Before I baked I drove a bus for eleven years.", False),
        ("There's no website, people send me a text.", False),
        ("How do you people store bread?", False),
        ("Thanks for reading, and sorry for the wall of text.", False),
    ],
)
def test_a_sentence_is_marked_where_no_fact_carries_it(sentence: str, marked: bool) -> None:
    assert bool(check_sentence(sentence, SHOP).marks) is marked


def test_the_marks_of_the_tables_are_taken_back_where_facts_carry_the_sentence() -> None:
    sentence = "No website, you write me a text message and the bread comes on Friday."
    assert by_tables(sentence, SHOP).marks
    assert check_sentence(sentence, SHOP).marks == ()


@pytest.mark.parametrize(
    ("sentence", "words", "kind"),
    [
        ("How do you store bread? Tell me at https://bread.example/store.", "https://bread.example/store", "link"),
        ("I think research shows how bread should be kept.", "research", "study"),
    ],
)
def test_what_needs_no_judgement_of_meaning_stays_marked(sentence: str, words: str, kind: str) -> None:
    [mark] = [mark for mark in by_tables(sentence, SHOP).marks if mark.is_sure]
    assert (sentence[mark.start : mark.end].lower(), mark.kind) == (words.lower(), kind)
    assert mark in check_sentence(sentence, SHOP).marks


def test_without_facts_the_tables_decide() -> None:
    nothing = Known((), SHOP.product)
    for sentence in ("48 households get a loaf.", "How do you store bread?"):
        assert check_sentence(sentence, nothing).marks == by_tables(sentence, nothing).marks


@pytest.mark.parametrize("sentence", ["a.a.a.a.", "It is. So it was, and so on.", "..."])
def test_a_sentence_without_a_word_of_weight_is_not_marked(sentence: str) -> None:
    assert check_sentence(sentence, SHOP).marks == ()


def test_what_is_told_of_a_member_by_name_is_decided_by_what_they_lived() -> None:
    theirs = Known(("I worked as a designer for 9 years", "It costs $12 a month"), SHOP.product, {0: "Alice"})
    for sentence in ("Our colleague Alice worked as a designer for nine years.", "Our colleague Alice was a sailor."):
        assert check_sentence(sentence, theirs).marks == by_tables(sentence, theirs).marks


def test_in_a_title_the_readers_take_back_what_the_tables_mark_and_mark_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = "No website, you write me a text message and the bread comes on Friday."
    assert by_tables(said, SHOP).marks
    assert check_text(f"{said}\n{said}", SHOP, title=len(said)).marks == ()
    monkeypatch.setattr(entailment, "lean", lambda found, score: Lean(9.0, is_likely=True, is_sure=True))
    plain = "The bread comes on Friday."
    assert not by_tables(plain, SHOP).marks
    monkeypatch.setattr(Reader, "read", lambda self, evidence: Verdict(True, 0, 50))
    assert [mark.start > len(plain) for mark in check_text(f"{plain}\n{plain}", SHOP, title=len(plain)).marks] == [True]


@pytest.mark.parametrize(
    ("title", "is_marked"), [("[Vermont] The oven is back", False), ("The oven in Vermont is back", True)]
)
def test_a_tag_of_a_title_names_nothing(title: str, is_marked: bool) -> None:
    marks = check_text(f"{title}\nThanks.", SHOP, title=len(title)).marks
    assert ("Vermont" in [title[mark.start : mark.end] for mark in marks]) is is_marked


def test_whether_a_sentence_says_anything_that_needs_a_fact_does_not_depend_on_the_facts() -> None:
    for known in (SHOP, FERRY, Known((), SHOP.product)):
        assert claims_something("48 households get a loaf each week.", known)
        assert not claims_something("How do you store bread?", known)


# ---------------------------------------------------------------- the weights


def test_a_reader_adds_the_weights_of_signs_and_names_the_clause_that_says_most() -> None:
    reader = Reader({"a": 3, "b": 5, "c": -4}, -6, {})
    assert reader.read(Evidence(("a",), [("c",), ("b", "unknown")])) == Verdict(False, 1, -2)
    assert reader.read(Evidence(("a", "b"), [("c",), ()])) == Verdict(False, 1, -2)
    assert reader.read(Evidence(("a", "b"), [])) == Verdict(True, 0, 2)
    assert reader.read(Evidence((), [("a",), ("b",)])).is_unbacked is True
    assert reader.read(Evidence((), [("a",), ("a",)])) == Verdict(False, 0, 0), "a draw is no proof"


def test_what_is_written_is_read_again_in_steps_of_the_largest_weight() -> None:
    packed = dump({"b": -1.27, "a": 0.5, "c": 0.004}, 0.25, {"sentences": 3})
    again = load(packed)
    assert again == Reader({"a": 50, "b": -127, "c": 0}, 25, {"sentences": 3})
    assert packed == dump({"c": 0.004, "a": 0.5, "b": -1.27}, 0.25, {"sentences": 3})


def test_the_signs_tell_what_facts_know_of_words_and_numbers() -> None:
    found = by_tables("I drove a bus for 12 years, and 48 households get free cake.", SHOP)
    evidence = evidence_of(found)
    first, second = ({*part} for part in evidence.parts)
    assert {"w <n>", "says i", "w cake"} <= {*evidence.whole}
    assert {"number new", "held drov", "said i"} & first >= {"number new"}
    assert {"number given many 9", "new cak"} & second
    every = [*evidence.whole, *(sign for part in evidence.parts for sign in part)]
    assert len(every) == len(set(every)), "each sign is there once"


@given(st.text(max_size=200))
def test_any_text_gets_marks_within_it(text: str) -> None:
    for mark in check_sentence(text, MILL).marks:
        assert 0 <= mark.start < mark.end <= len(text)


@pytest.mark.parametrize(
    ("sentence", "words", "kind", "reason"),
    [
        ("Is the bread dark?", "dark", "unsupported", "no fact says “dark”"),
        ("Is my bread dark brown, or so?", "dark brown", "experience", "no fact says “dark brown”"),
        ("Is it a loaf?", "loaf", "unsupported", "the facts say this otherwise, or not at all"),
        ("Is bread by bike for households?", "bread by bike for households", "unsupported", "the facts say this other"),
    ],
)
def test_where_the_tables_mark_nothing_the_reader_marks_the_longest_run_of_new_words_or_all_that_facts_have(
    monkeypatch: pytest.MonkeyPatch, sentence: str, words: str, kind: str, reason: str
) -> None:
    monkeypatch.setattr("core.texts.claims.reader.shipped", lambda: Reader({}, 1, {}))
    assert by_tables(sentence, SHOP).marks == ()
    [mark] = check_sentence(sentence, SHOP, infers=False).marks
    assert (sentence[mark.start : mark.end], mark.kind) == (words, kind)
    assert mark.reason.startswith(reason)


def test_a_reader_that_finds_everything_carried_takes_back_all_but_what_is_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.texts.claims.reader.shipped", lambda: Reader({}, 0, {}))
    sentence = "A study by Marlowe says that 90 households love it, see https://bread.example/x now."
    marked = {mark.kind: mark.is_sure for mark in by_tables(sentence, SHOP).marks}
    assert {"study": True, "name": True, "link": True, "number": False}.items() <= marked.items()
    assert {mark.kind for mark in check_sentence(sentence, SHOP, infers=False).marks} == {
        k for k, sure in marked.items() if sure
    }

from __future__ import annotations

import pytest

from core.texts.claims.senses import sense_of
from core.texts.claims.signals import quotes_in, signals_in
from core.texts.sentences import clause_spans, sentence_spans, sentences_in


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


def clauses(sentence: str) -> list[str]:
    return [sentence[span.start : span.end].strip(" ,;:–—()") for span in clause_spans(sentence)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("He said: “One.” Two.", ["He said: “One.” Two."]),
        ('He said "One." Two.', ['He said "One."', "Two."]),
        ("It is e.g. red, i.e. not blue. Two.", ["It is e.g. red, i.e. not blue.", "Two."]),
        ("Mr. Kite met A. Smith. Two.", ["Mr. Kite met A. Smith.", "Two."]),
        ("It opens at 9 a.m. on Monday.", ["It opens at 9 a.m. on Monday."]),
        ("One\nTwo\n\nThree", ["One", "Two", "Three"]),
        ("One etc.\nTwo", ["One etc.", "Two"]),
        ("One etc. one\n\nTwo", ["One etc. one", "Two"]),
        ("# Title\n- One.\n* *Two.*\n> Three", ["Title", "One.", "Two.*", "Three"]),
        ("1. One\n2. Two\n3) Three", ["One", "Two", "Three"]),
        ("1. One\n1. One more", ["One", "One more"]),
        ("1. One\n7. Seven", ["One", "7. Seven"]),
        ("2. Two", ["2. Two"]),
        ("1. One\n2. Two\n\n1. Again\n2. Twice", ["One", "Two", "Again", "Twice"]),
        ("  One.  ", ["One."]),
        ("", []),
        ("...", ["..."]),
        ("Version 1.2 is out. Two.", ["Version 1.2 is out.", "Two."]),
    ],
)
def test_a_text_is_cut_into_sentences_without_layout(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_sentences_have_the_places_of_the_text_as_it_is_written() -> None:
    text = "“One.” – ２ two.\n- Three."
    assert [text[start:end] for start, end in sentences_in(text)] == ["One.”", "– ２ two.", "Three."]


def test_a_sentence_without_an_end_is_cut_at_a_space() -> None:
    text = "word " * 450
    parts = sentences(text)
    assert [len(part) for part in parts[:2]] == [999, 995]
    assert " ".join(part.strip() for part in parts) == text.strip()
    assert [len(part) for part in sentences("x" * 2_500)] == [1000, 1000, 500]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("It is red.", ["It is red."]),
        ("It is red, but we like it.", ["It is red", "but we like it."]),
        ("It is red because we like it.", ["It is red", "because we like it."]),
        ("It is red; we like it: red.", ["It is red", "we like it", "red."]),
        ("It is red (we like it) – so.", ["It is red", "we like it", "so."]),
        ("It is red, and it sings.", ["It is red", "and it sings."]),
        ("It is red and we sing.", ["It is red", "and we sing."]),
        ("It is red, blue and green.", ["It is red, blue and green."]),
        ("It has a bell that is red.", ["It has a bell", "that is red."]),
        ("It sings, without a bell.", ["It sings", "without a bell."]),
        ("(It is red.)", ["It is red."]),
        ("— it is red", ["it is red"]),
        ("...", []),
        ("It is red; .", ["It is red"]),
    ],
)
def test_a_sentence_is_cut_where_another_claim_begins(sentence: str, parts: list[str]) -> None:
    assert clauses(sentence) == parts


def test_a_clause_without_a_joint_is_cut_at_a_space() -> None:
    parts = clauses("word " * 100)
    assert [len(part) for part in parts] == [399, 99]
    assert [len(part) for part in clauses("x" * 900)] == [400, 400, 100]
    assert [len(part) for part in clauses("x" * 400)] == [400]


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("7 calls", "exact"),
        ("about 7 calls", "about"),
        ("roughly the 7 calls", "about"),
        ("~7 calls", "about"),
        ("7 or so calls", "about"),
        ("7 calls or so", "about"),
        ("more than 7 calls", "more"),
        ("at least 7 calls", "more"),
        ("less than 7 calls", "less"),
        ("within 7 calls", "less"),
        ("up to 7 calls", "limit"),
        ("at most 7 calls", "limit"),
        ("no more than 7 calls", "more"),
        ("nearly 7 calls", "nearly"),
        ("just under 7 calls", "nearly"),
        ("between 7 and 9 calls", "range"),
        ("between 5 and 7 calls", "range"),
        ("between us 7 calls", "exact"),
        ("about as many as 7 calls", "exact"),
    ],
)
def test_how_exactly_a_number_is_meant(text: str, sense: str) -> None:
    start = text.index("7")
    assert sense_of(text, start, start + 1) == sense


def found(text: str) -> list[tuple[str, str]]:
    return [(signal.kind, text[signal.start : signal.end]) for signal in signals_in(text)]


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("Studies show it.", [("study", "Studies show")]),
        ("It won an award.", [("award", "award")]),
        ("A farmer told us.", [("testimonial", "farmer told")]),
        ("Farmers swear by it.", [("social proof", "swear by it")]),
        ("It is the fastest line.", [("superlative", "the fastest")]),
        ("It is in the interest of farms.", []),
        (
            "Nobody is faster than us.",
            [
                ("superlative", "Nobody is faster"),
                ("comparison", "faster than"),
                ("none", "Nobody"),
            ],
        ),
        ("Nobody can order.", [("none", "Nobody")]),
        ("It has no other use.", [("superlative", "no other use")]),
        ("It is faster than a bike.", [("comparison", "faster than")]),
        ("It is the only line.", [("only", "the only line")]),
        ("It fell thanks to us.", [("cause", "thanks to")]),
        ("Other tools are slow.", [("competitor", "Other tools")]),
        ("Never miss a call again.", [("promise", "Never miss a call again"), ("none", "Never")]),
        ("Everyone calls.", [("quantifier", "Everyone")]),
        ("Never mind.", []),
        ("All the best, all ropes hang.", [("quantifier", "all")]),
        ("None of this, nothing hangs. Nobody comes.", [("none", "nothing"), ("none", "Nobody")]),
        ("The interest is the finest", [("superlative", "the finest")]),
        ("Nothing special, all in all.", []),
        ("We like the latest line and the test.", []),
    ],
)
def test_a_word_that_claims_something_is_a_signal_at_its_place(text: str, signals: list[tuple[str, str]]) -> None:
    assert found(text) == signals


def test_three_words_in_quotes_are_somebodys() -> None:
    text = 'She said "it is red" and "red" and "1 2 3".'
    assert [(q.kind, text[q.start : q.end]) for q in quotes_in(text)] == [("testimonial", '"it is red"')]


def test_fewer_than_four_characters_are_no_clause_so_that_brackets_make_no_thousands() -> None:
    assert len(clause_spans("a(" * 500)) <= 200
    assert clauses("Ok; we won, and it works") == ["Ok; we won", "and it works"]

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.claims.classes import Class, class_of, classes_of, is_degree
from core.texts.claims.words import words_in


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("the baker forgets", [Class.THING, Class.THING, Class.DEED]),
        ("it swallowed files", [Class.THING, Class.DEED, Class.THING]),
        ("the faulty cells", [Class.THING, Class.COLOUR, Class.THING]),
        ("we print labels", [Class.THING, Class.DEED, Class.THING]),
        ("the print arrived", [Class.THING, Class.THING, Class.DEED]),
        ("the printed page", [Class.THING, Class.COLOUR, Class.THING]),
        ("people buy bread", [Class.THING, Class.THING, Class.THING]),  # what people buy weighs like a thing
    ],
)
def test_a_word_is_read_as_thing_deed_or_colour_from_what_stands_before_it(sentence: str, kinds: list[Class]) -> None:
    assert [word.of for word in words_in(sentence)] == kinds


@pytest.mark.parametrize("word", ["faster", "biggest", "finest", "easier", "better", "nicer", "driest"])
def test_a_degree_of_an_adjective_compares(word: str) -> None:
    assert is_degree(word)


@pytest.mark.parametrize("word", ["order", "honest", "interest", "user", "number", "harvest", "never", "fast"])
def test_a_word_that_only_looks_like_a_degree_compares_nothing(word: str) -> None:
    assert not is_degree(word)


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_word_has_a_class(word: str, before: str) -> None:
    assert set(classes_of(word)) <= set("nva")
    assert classes_of(word)
    assert class_of(word, before) in Class

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.mistyped import MEANT_MAX, nearest, nearest_phrase
from core.texts.plain import folded

NAMES = ["Kiln notes", "Acme", "Harbor", "harborfounders", "QuietDesk", "Zürich", "Montréal", "Alice", "Bob"]
WORDS = st.text("abcdefgh ", min_size=1, max_size=12).filter(lambda text: bool(text.strip()))


def plain(name: str) -> str:
    return " ".join(folded(name).split())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("acmee", ["Acme"]),
        ("amce", ["Acme"]),
        ("Acm", ["Acme"]),
        ("notes kiln", ["Kiln notes"]),
        ("klin notes", ["Kiln notes"]),
        ("harbour", ["Harbor"]),
        ("harborfuonders", ["harborfounders", "Harbor"]),
        ("quiet desk", ["QuietDesk"]),
        ("zurch", ["Zürich"]),
        ("Montreel", ["Montréal"]),
        ("bbo", ["Bob"]),
        ("bobby", ["Bob"]),
        ("bo", ["Bob"]),
        ("notes", ["Kiln notes"]),
    ],
)
def test_a_name_with_a_few_mistakes_is_found(typed: str, meant: list[str]) -> None:
    assert nearest(typed, NAMES) == meant


@pytest.mark.parametrize("typed", ["acme", "ZURICH", "  alice ", "𝓐lice", "Emma", "x", "", "pottery", "al"])
def test_an_exact_name_and_an_unlike_one_mean_no_other(typed: str) -> None:
    assert nearest(typed, NAMES) == []


def test_the_likeliest_come_first_and_there_are_few() -> None:
    known = ["saas1", "saas12", "saasx", "saasy", "saasz"]
    assert nearest("saas", known)[0] == "saas1"
    assert len(nearest("saas", known)) == MEANT_MAX


@given(WORDS, st.data())
def test_one_mistake_in_five_letters_or_more_is_always_found(name: str, data: st.DataObject) -> None:
    letters = list(plain(name))
    if len(letters) < 5:
        return
    at = data.draw(st.integers(0, len(letters) - 1))
    kind = data.draw(st.sampled_from(["drop", "double", "replace"]))
    letters[at : at + 1] = {"drop": [], "double": [letters[at]] * 2, "replace": ["z"]}[kind]
    typed = "".join(letters)
    is_one = abs(len(plain(typed)) - len(plain(name))) <= 1  # a dropped word of one letter takes its space with it
    if plain(typed) != plain(name) and len(plain(typed)) > 3 and is_one:
        assert name in nearest(typed, [name, "something else entirely"])


@given(st.lists(WORDS, max_size=8), st.text(max_size=12))
def test_only_known_names_are_meant_and_each_once(known: list[str], typed: str) -> None:
    meant = nearest(typed, dict.fromkeys(known))
    assert set(meant) <= set(known)
    assert len(meant) == len(set(meant)) <= MEANT_MAX


def test_each_word_of_a_phrase_may_have_its_own_mistakes() -> None:
    known = ["draft list", "draft edit", "draft show", "post list"]
    assert nearest_phrase("draft lsit", known) == ["draft list"]
    assert nearest_phrase("drft lists", known) == ["draft list"]
    assert nearest_phrase("list post", known) == ["post list"]
    assert nearest_phrase("draft", known) == []


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        # One mistake in four characters, two in seven, three from eight on.
        ("abcd", ["abcx"], ["abcx"]),
        ("abcd", ["abxx"], []),
        ("abcdefg", ["abcdexx"], ["abcdexx"]),
        ("abcdefg", ["abcdxxx"], []),
        ("abcdefgh", ["abcdexxx"], ["abcdexxx"]),
        ("abcdefgh", ["abcdxxxx"], []),
        ("abcdefghijklmnop", ["abcdefghijklmxxx"], ["abcdefghijklmxxx"]),
        ("abcdefghijklmnop", ["abcdefghijklxxxx"], []),
        ("ab", ["ax"], ["ax"]),
        ("a", ["x"], []),
        ("abcde", ["xxcde"], ["xxcde"]),
        # One begins the other, of three characters or more.
        ("abc", ["abcdefghij"], ["abcdefghij"]),
        ("abcdefghij", ["abc"], ["abc"]),
        ("ab", ["abcdefghij"], []),
        ("abcdefghij", ["ab"], []),
        # Each word is one of the name's.
        ("quay", ["Old Quay Press"], ["Old Quay Press"]),
        ("press old", ["Old Quay Press"], ["Old Quay Press"]),
        ("prses qua", ["Old Quay Press"], ["Old Quay Press"]),
        ("qu", ["Old Quay Press"], []),
        ("quay mill", ["Old Quay Press"], []),
        ("press quay", ["Old Quayside Press"], ["Old Quayside Press"]),
        ("kiln kilns", ["kilnsmith"], []),
        ("quay", ["quayside"], ["quayside"]),
        # The nearest first: its words in another order, few mistakes, a beginning, its words; then by names.
        (
            "kiln log",
            ["a log of my kiln", "kiln log of mine", "kiln lxg", "log kiln", "Kiln lug"],
            ["log kiln", "Kiln lug", "kiln lxg"],
        ),
        ("kiln log", ["a log of my kiln", "kiln log of mine"], ["kiln log of mine", "a log of my kiln"]),
        ("kiln", ["kilX", "KILB", "kila"], ["kila", "KILB", "kilX"]),
        ("kiln", ["KiLn", "kila"], []),
        ("  kiln ", ["kila"], ["kila"]),
    ],
)
def test_a_name_is_meant_within_these_bounds_and_in_this_order(typed: str, known: list[str], meant: list[str]) -> None:
    assert nearest(typed, known) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("abcdefgh", ["abdcefgh"]),  # neighbours that changed places are one mistake
        ("abcdefgh", ["abdcefhg"]),
        ("abcdefgh", ["badcfegh"]),
        ("abcd", ["bacd"]),
        ("abcd", ["abdc"]),
    ],
)
def test_two_letters_that_changed_places_are_one_mistake(typed: str, meant: list[str]) -> None:
    assert nearest(typed, meant) == meant
    assert nearest("abcd", ["badc"]) == []
    assert nearest("abcdefgh", ["badcfehg"]) == []


def test_phrases_come_by_their_mistakes_then_their_words_and_three_at_most() -> None:
    known = ["post lists", "post list", "poast lisst", "list pst", "past list", "pest list"]
    assert nearest_phrase("POST list", known) == ["post list", "past list", "pest list"]
    assert nearest_phrase("post lst", ["post list extra", "pist last", "post list"]) == [
        "post list",
        "pist last",
    ]
    assert nearest_phrase("list post", ["post list", "list post"]) == ["list post", "post list"]

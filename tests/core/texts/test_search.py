from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.texts.search import Sought, sought, words_of

LETTERS = st.text("abcdé ñö'-/_.,日本", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Community, unity!", "community unity"),
        ("Café ÉTÉ Straße Łódź İstanbul", "cafe ete strasse lodz istanbul"),
        ("r/Quiet_Desk don’t don't", "r quiet desk dont dont"),
        ("C++ for $12 🔥", "c + + for $ 12 🔥"),
        ("日本語 test", "日 本 語 test"),
        ("हिन्दी", "हिनदी"),
        ("", ""),
        ("… — !", ""),
    ],
)
def test_a_text_is_read_into_words(text: str, words: str) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("unity", "The community", False),
        ("unity", "Unity tests", True),
        ("commun", "The community", True),
        ("payment late", "A late payment", True),
        ("pay late", "A late payment", True),
        ("late soon", "A late payment", False),
        ('"late payment"', "A late payment", True),
        ('"payment late"', "A late payment", False),
        ('"late pay"', "A late payment", False),
        ('"late pay*"', "A late payment", True),
        ("“late payment” client", "Late payments of clients", False),
        ("„late payments“ client", "Late payments of clients", True),
        ("cafe", "Un café", True),
        ("CAFÉ", "un cafe", True),
        ("本", "日本語", True),
        ("本日", "日本語", True),
        ('"本日"', "日本語", False),
        ('"half a quote', "half of a quote", True),
        ("100%", "100% or 1,000", True),
        ("100%", "100 or 1,000", False),
        ("???", "what???", False),
        ("50%", "the 50% rule", True),
        ("c++", "written in C++", True),
        ("dont", "I don't", True),
    ],
)
def test_what_is_found(typed: str, text: str, found: bool) -> None:
    assert sought(typed).found_in(words_of(text)) is found


@given(LETTERS)
def test_a_text_is_found_by_its_own_words_by_their_beginnings_and_as_a_phrase(text: str) -> None:
    words = words_of(text)
    for word in words.split():
        assert sought(word).found_in(words)
        assert sought(word[:1]).found_in(words)
    if words:
        assert sought(text.replace('"', " ")).found_in(words)
        assert sought(f'"{text}"').found_in(words)


@example("𝓐")
@given(st.text())
def test_words_are_read_once_whatever_case_and_form_a_text_has(text: str) -> None:
    words = words_of(text)
    assert words_of(words) == words
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(unicodedata.normalize("NFC", text))
    assert words == words.strip()
    assert "  " not in words


@given(st.text(max_size=30))
def test_any_text_can_be_looked_for(typed: str) -> None:
    wanted = sought(typed)
    assert wanted.is_empty or wanted.parts
    assert not wanted.found_in("")


@pytest.mark.parametrize(
    ("typed", "begun", "phrases"),
    [
        ("late pay", ("late", "pay"), ()),
        ('"late pay" soon', ("soon",), ("late pay",)),
        ('soon "late pay*"', ("soon", "late pay"), ()),
        ('"late pay *"', ("late pay",), ()),
        ('"Late"', (), ("late",)),
        ('"late" "paid" x', ("x",), ("late", "paid")),
        ('half "a quote', ("half", "a", "quote"), ()),
        ("don't r/Quiet", ("dont", "r", "quiet"), ()),
        ('"…" late', ("late",), ()),
        ("*", (), ()),
        ("", (), ()),
    ],
)
def test_what_somebody_types_is_taken_apart(typed: str, begun: tuple[str, ...], phrases: tuple[str, ...]) -> None:
    assert sought(typed) == Sought(begun, phrases)
    assert sought(typed).is_empty is (not begun and not phrases)


def test_a_sought_words_parts_stand_between_spaces() -> None:
    assert Sought(("late", "pay"), ("it is",)).parts == (" late", " pay", " it is ")


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("A late", None, "", "Payment"), "a late payment"),
        (("x ^ ` % + = ~ © €",), "x % + = ~ © €"),
        (("की",), "की"),
        (("_a_ -b- (c)",), "a b c"),
        (("Þór Æ œ ð ħ đ ø ı",), "thor ae oe d h d o i"),
        (("l’été l‘été lʼété l'été",), "lete lete lete lete"),
        ((), ""),
    ],
)
def test_several_texts_are_read_as_one(texts: tuple[str | None, ...], words: str) -> None:
    assert words_of(*texts) == words

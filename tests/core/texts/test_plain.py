from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.texts.gone import gone_by
from core.texts.mistyped import nearest
from core.texts.plain import folded, readable, shortened, word_set
from core.texts.search import words_of
from core.texts.zones import find_zone


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ZÜRICH", "zurich"),
        ("Straße", "strasse"),
        ("𝓐cme", "acme"),
        ("ﬁx", "fix"),
        ("İ", "i"),
        ("Ａｃｍｅ", "acme"),
        ("", ""),
    ],
)
def test_case_accents_and_forms_of_letters_make_no_difference(text: str, plain: str) -> None:
    assert folded(text) == plain


@example("𝓐")
@given(st.text())
def test_a_folded_text_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


def test_every_room_takes_the_same_letters_for_one() -> None:
    bold = str.maketrans({plain: chr(0x1D4D0 + at) for at, plain in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")})
    assert words_of("UNITY".translate(bold)) == "unity"
    assert nearest("ACME".translate(bold), ["Acme"]) == []  # it is that name
    assert gone_by("[REMOVED]".translate(bold)) is gone_by("[removed]") is not None
    assert find_zone("VIENNA".translate(bold)) == "Europe/Vienna"


@pytest.mark.parametrize(
    ("most", "short"),
    [(9, "  one two"), (8, "  one t…"), (7, "  one…"), (6, "  one…"), (5, "  on…"), (1, "…")],
)
def test_an_ellipsis_stands_for_what_is_cut_and_no_space_before_it(most: int, short: str) -> None:
    assert shortened("  one two", most) == short


def test_a_list_of_words_may_have_lines() -> None:
    assert word_set(" one two\n  two three ") == {"one", "two", "three"}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", "plain"),
        ("“it’s” − „so“", '"it\'s" - "so"'),
        ("２５ farms", "25 farms"),
        ("café ﬁne ½", "café ﬁne ½"),
        ("«２５»", '"25"'),
    ],
)
def test_a_text_is_made_readable_at_its_own_length(text: str, plain: str) -> None:
    assert readable(text) == plain
    assert len(readable(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("“it’s” a ½ ﬁ Ａ", '"it\'s" a ½ ﬁ A'), ("a–b‐c", "a–b-c"), ("Ⅷ ①", "Ⅷ 1"), ("‘’ʼ „“”«» −‐‑", '\'\'\' """"" ---')],
)
def test_a_character_becomes_plain_when_one_character_can_stand_for_it(text: str, plain: str) -> None:
    assert readable(text) == plain

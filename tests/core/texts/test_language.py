"""Whether a text is English, and whether a rule names its language."""

from __future__ import annotations

import pytest

from core.texts.language import WORD, is_english, names_its_language

GERMAN = "das ist ein Ofen und er ist nicht heiß aber groß genug"


def test_fewer_than_twelve_words_are_too_few_to_tell() -> None:
    words = WORD.findall(GERMAN)
    assert len(words) == 12
    assert not is_english(words)
    assert is_english(words[:11])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("kiln " * 10 + "the und", True),  # one of each
        ("kiln " * 10 + "und das", False),
        ("kiln " * 12, True),
        ("kiln " * 9 + "THE UND DAS", False),
        ("kiln " * 9 + "the THE und", True),
    ],
)
def test_the_language_of_more_function_words_decides_and_english_of_as_many(told: str, expected: bool) -> None:
    assert is_english(told.split()) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ab", "яю"], True),  # half of the letters
        (["a", "яю"], False),
        (["éàü", "ñ"], True),  # accents are of Latin letters
        (["陶器"], False),
        (["a", "\x80\x81"], False),  # no letters of any script
        ([], True),
    ],
)
def test_a_text_of_mostly_other_letters_is_of_another_language_at_any_length(words: list[str], expected: bool) -> None:
    assert is_english(words) is expected


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        (GERMAN, "English or German only", True),
        (GERMAN, "Nur DEUTSCH", True),
        (GERMAN, "English or Dutch only", False),
        ("het is een oven maar met zijn glazuur", "English or Dutch", True),
        ("het is een oven maar met zijn glazuur", "Nederlands", True),
        ("het is een oven maar met zijn glazuur", "English or German", False),
        ("los hornos y las ollas pero muy caros", "en español", True),
        ("les fours et des pots dans la cour", "français", True),
        ("não são uma oficina mas um forno", "Português", True),
        ("non sono della bottega ma il forno", "Italian", True),
        ("nie jest mam czy piec się pali", "polski", True),
        ("nie jest mam czy piec się pali", "Dutch, polish", True),
        ("DAS und NICHT les", "german", True),
        ("DAS und NICHT les", "french", False),
        ("kiln glaze clay", "spanish, french, german, portuguese, italian, dutch, polish", False),
        ("", "spanish", False),
    ],
)
def test_a_rule_names_the_language_that_most_function_words_are_of(text: str, rule: str, expected: bool) -> None:
    assert names_its_language(WORD.findall(text), rule) is expected


def test_a_words_apostrophe_belongs_to_it() -> None:
    assert WORD.findall("C'est l’été 2024, don't_stop") == ["C'est", "l’été", "don't", "stop"]

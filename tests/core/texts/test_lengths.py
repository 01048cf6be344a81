"""The lengths that rules ask of titles and texts."""

from __future__ import annotations

import pytest

from core.texts.lengths import Range, is_of_title, range_in, size_in


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Titles between 20 and 120 characters", Range(20, 120, "characters")),
        ("Titles must be 20-120 characters long", Range(20, 120, "characters")),
        ("100 words to 1,500 words", Range(100, 1500, "words")),
        ("Five to fifteen words", Range(5, 15, "words")),
        ("min 20, max 120 characters", Range(20, 120, "characters")),
        ("Minimum: 20 characters, maximum: 120", Range(20, 120, "characters")),
        ("At least 20 characters and no more than 120", Range(20, 120, "characters")),
        ("Neither shorter than 10 words nor longer than 25", Range(10, 25, "words")),
        ("Under 15 or over 120 characters", Range(15, 120, "characters")),
        ("between 2 and 5 sentences", Range(2, 5, "sentences")),
        ("2-5 sentences", None),  # what is longer is not removed
        ("at least 100 to 150 words", None),
        ("120 to 20 characters", None),
        ("9 to 1 posts", None),
        ("At least 20 characters", None),
    ],
)
def test_two_lengths_are_a_range_where_the_longer_is_a_limit(words: str, asked: Range | None) -> None:
    assert range_in(words) == asked


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("at least three full sentences", (3, "sentences")),
        ("at least six words", (6, "words")),
        ("between 20 and 120 characters", (20, "characters")),
        ("2-5 sentences", (2, "sentences")),
        ("1,000+ words", (1000, "words")),
        ("nine to one", None),
    ],
)
def test_of_two_lengths_the_shorter_is_the_size(words: str, size: tuple[int, str] | None) -> None:
    assert size_in(words) == size


@pytest.mark.parametrize(
    ("rule_name", "words", "is_title"),
    [
        ("Length", "Titles have at least 5 words", True),
        ("Titles", "At least 5 words", True),
        ("Titles and texts", "Posts have at least 5 words", False),
        ("Length", "At least 5 words", False),
    ],
)
def test_a_length_is_the_titles_where_words_or_name_say_so(rule_name: str, words: str, is_title: bool) -> None:
    assert is_of_title(rule_name, words) is is_title

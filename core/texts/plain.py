"""Plain text: cut to a length, with plain characters, letters without case and accents, lists of words. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def shortened(text: str, most: int) -> str:
    """Returns at most `most` characters; an ellipsis stands for the rest."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def readable(text: str) -> str:
    """Returns a text of the same length, with plain characters for compatibility forms and typographic quotes."""
    if text.isascii():
        return text
    if unicodedata.is_normalized("NFKC", text):
        return text.translate(_QUOTES)
    return "".join(_character(character) for character in text)


_QUOTES = str.maketrans({**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("−‐‑", "-")})


@lru_cache(maxsize=4096)
def _character(character: str) -> str:
    character = character.translate(_QUOTES)
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 else character


def folded(text: str) -> str:
    """Returns a text without case and accents, by which texts are compared: "Zürich" and "ZURICH" are the same. Signs
    that stand for letters are those letters, also where they become capitals only when they are taken apart ("𝓐").
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def word_set(listed: str) -> frozenset[str]:
    """Returns the words of a list that is written as one text."""
    return frozenset(listed.split())

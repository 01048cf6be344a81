"""Plain text: cut to a length, letters without case and accents, lists of words that are one text. Pure."""

from __future__ import annotations

import unicodedata


def shortened(text: str, most: int) -> str:
    """Returns at most `most` characters; an ellipsis stands for the rest."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


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

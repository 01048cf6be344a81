"""Plain text: cut to a length, and lists of words that are written as one text. Pure."""

from __future__ import annotations


def shortened(text: str, most: int) -> str:
    """Returns at most `most` characters; an ellipsis stands for the rest."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def word_set(listed: str) -> frozenset[str]:
    """Returns the words of a list that is written as one text."""
    return frozenset(listed.split())

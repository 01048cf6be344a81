"""How the team's posts that name the product stood a week later, against those that do not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from core.drafting.conduct import promotes
from core.drafting.history import PostedText
from core.model import AuditOutcome

MEDIAN_OF = 3  # fewer counts tell no usual one
_STAYED = (AuditOutcome.SUCCESS, AuditOutcome.INERTIA)


def product_facts(texts: Sequence[PostedText], days: int) -> dict[str, Any] | None:
    """Returns the fact `product` of a digest (core/digest.py) about the posts of so many days; None when all of them
    name the product, or none: then there is nothing to compare.
    """
    named: list[PostedText] = []
    unnamed: list[PostedText] = []
    for text in texts:
        if text.product is not None:
            (named if promotes(text.title, text.body, text.product, text.site) else unnamed).append(text)
    if not named or not unnamed:
        return None
    return {
        "named": _group(named),
        "unnamed": _group(unnamed),
        "days": days,
        "unknown": len(texts) - len(named) - len(unnamed),
    }


def _group(texts: Sequence[PostedText]) -> dict[str, Any]:
    stayed = [text for text in texts if text.outcome in _STAYED]
    gone = sum(text.outcome is AuditOutcome.REJECTION for text in texts)
    return {
        "stayed": len(stayed),
        "gone": gone,
        "open": len(texts) - len(stayed) - gone,
        "score": _usual([text.score for text in stayed]),
        "answers": _usual([text.num_comments for text in stayed]),
    }


def _usual(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return round(median(known)) if len(known) >= MEDIAN_OF else None

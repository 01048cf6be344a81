"""Invented kept posts with their features."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core.analysis.profile import TextFeatures
from core.model import Basis, Post
from tests.core.analysis.quick_reader import features

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday


def kept(number: int = 1, **changes: Any) -> Post:
    known: dict[str, Any] = {
        "id": number,
        "workspace_id": "terminal:local",
        "basis": Basis.FILE,
        "collected_at": datetime(2026, 11, 1, tzinfo=UTC),
        "reddit_id": f"1{number:05d}",
        "community": "pottery",
        "title": "What the kiln did",
        "body": "It was hot",
        "author": None,
        "created_at": BEGAN + timedelta(hours=number),
        "score": number,
        "num_comments": 1,
        "flair": None,
        "url": None,
        "is_self": True,
        "over_18": False,
        "removed_by_category": None,
    }
    return Post(**{**known, **changes})


def read(posts: list[Post]) -> list[TextFeatures]:
    return [features(post.title or "", post.body or "") for post in posts]

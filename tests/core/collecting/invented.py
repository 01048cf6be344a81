"""Invented posts, as values and as files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.model import CollectedPost

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLUMNS = ("created_utc", "score", "id", "title", "num_comments", "permalink", "selftext", "over_18", "is_self", "url")


def reddit_id(number: int) -> str:
    return f"1{number:05d}"


def collected(number: int = 1, **changes: Any) -> CollectedPost:
    """A post that passes the prefilter."""
    known: dict[str, Any] = {
        "reddit_id": reddit_id(number),
        "community": "pottery",
        "title": f"What I learned from kiln number {number}",
        "body": f"We fired {number} bowls and I want to tell you how it went for us.",
        "author": "clay_person",
        "created_at": BEGAN + timedelta(hours=number),
        "score": number,
        "num_comments": number % 7,
    }
    return CollectedPost(**{**known, **changes})


def row(number: int, community: str = "pottery", **changes: str) -> dict[str, str]:
    """The same post as a row of a table."""
    post = collected(number)
    known = {
        "created_utc": str(post.created_at.timestamp()),
        "score": str(post.score),
        "id": post.reddit_id,
        "title": post.title,
        "num_comments": str(post.num_comments),
        "permalink": f"http://www.reddit.com/r/{community}/comments/{post.reddit_id}/a_kiln/",
        "selftext": post.body,
        "over_18": "False",
        "is_self": "True",
        "url": f"http://www.reddit.com/r/{community}/comments/{post.reddit_id}/a_kiln/",
    }
    return {**known, **changes}


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], columns: Iterable[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path

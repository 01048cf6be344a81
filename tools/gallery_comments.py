"""Invented comments on posts of the sample's r/HarborFounders, as a line of a dump has them, for the gallery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

COMMUNITY = "HarborFounders"
POSTS = 60
DAY_S = 86_400
_SENTENCES = (
    "Half of the sum before the work begins, and nobody has minded so far.",
    "How long did they take in the end?",
    "There is a list at https://harbor.example/list if it helps.",
    "The reminder goes out on the day itself.",
    "In 3 years I had it once, with the largest customer of all.",
    "Same here.",
    "My bookkeeper calls them on the tenth day, and that settles it nearly every time.",
    "What does your contract say about it?",
)


def lines(now: datetime) -> Iterator[str]:
    """JSON Lines: up to three comments on each of the newest posts, some of which have none."""
    posts = [json.loads(line) for line in files("core.gateways.sample_data").joinpath("posts.jsonl").open("rb")]
    known = [post for post in posts if post["subreddit"] == COMMUNITY and int(post["age_s"]) > DAY_S]
    here = sorted(known, key=lambda post: int(post["age_s"]))
    for number, post in enumerate(here[:POSTS]):
        posted_at = now - timedelta(seconds=int(post["age_s"]))
        for turn in range(number % 7 and 1 + number % 3):
            yield json.dumps(_comment(number, turn, post["id"], posted_at))


def _comment(number: int, turn: int, post: str, posted_at: datetime) -> dict[str, Any]:
    first, count = number + 3 * turn, 1 + (number * 3 + turn * 5) % 7
    at = posted_at + timedelta(minutes=4 + (number * 13) % 90 + 50 * turn)
    return {
        "id": f"c{number:03}{turn}",
        "link_id": f"t3_{post}",
        "parent_id": f"t3_{post}",
        "subreddit": COMMUNITY,
        "author": f"sample_reader_{number % 11}",
        "body": " ".join(_SENTENCES[(first + step) % len(_SENTENCES)] for step in range(count)),
        "created_utc": int(at.timestamp()),
    }

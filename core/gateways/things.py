"""Reddit's JSON ("things" and "Listings") read with tolerance for what is missing and none for what is not Reddit's.

Missing is None, never 0 and never a guess.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.ports import Sighting

FULLNAME = re.compile(r"t[13]_[0-9a-z]{1,13}", re.ASCII)
# Subreddits, and the profile "subreddits" u_NAME (reddit-facts: links that people paste).
COMMUNITY = re.compile(r"[a-z0-9][a-z0-9_]{1,20}|u_[a-z0-9_-]{3,20}", re.ASCII)
_DELETED = "[deleted]"
_MAX_COUNT = 2**31 - 1  # what an INTEGER column of PostgreSQL holds


def children_of(payload: Any) -> tuple[Sequence[Any], str | None] | None:
    """The children of a Listing and its `after` (None at the end); None when `payload` is no Listing."""
    if not isinstance(payload, Mapping) or payload.get("kind") != "Listing":
        return None
    listing = payload.get("data")
    if not isinstance(listing, Mapping) or not isinstance(listing.get("children"), list):
        return None
    after = listing.get("after")
    return listing["children"], after if isinstance(after, str) and after else None


def read_sighting(thing: Any) -> Sighting | None:
    """A post or comment as Reddit answered about it; None when `thing` is neither."""
    if not isinstance(thing, Mapping) or thing.get("kind") not in ("t1", "t3"):
        return None
    is_post, fields = thing["kind"] == "t3", thing.get("data")
    if not isinstance(fields, Mapping):
        return None
    fullname = fields.get("name")
    community = fields.get("subreddit")
    if not isinstance(fullname, str) or not FULLNAME.fullmatch(fullname) or not isinstance(community, str):
        return None
    author = _text(fields.get("author"))
    category = fields.get("removed_by_category")
    return Sighting(
        fullname=fullname,
        community=community.lower(),
        title=_text(fields.get("title")) if is_post else None,
        body=_text(fields.get("selftext" if is_post else "body")),
        author=None if author in (None, "", _DELETED) else author,
        created_at=_time(fields.get("created_utc")),
        # Any value means removed, also one of a type or spelling nobody has seen yet.
        category=None if category is None else _text(str(category)),
        indexable=_flag(fields.get("is_robot_indexable")),
        locked=_flag(fields.get("locked")),
        score=_count(fields.get("score")),
        num_comments=_count(fields.get("num_comments")),
        over_18=fields.get("over_18") is True,
    )


def is_established(sighting: Sighting, now: datetime, *, min_age_s: float) -> bool:
    """Nothing about the post is unusual, and it has stood for `min_age_s`: fit to be a control."""
    return (
        sighting.category is None
        and sighting.indexable is not False
        and sighting.author is not None
        and sighting.body not in ("[removed]", _DELETED)
        and not sighting.over_18
        and sighting.created_at is not None
        and (now - sighting.created_at).total_seconds() >= min_age_s
    )


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    # What no database stores: NUL, and half a surrogate pair (which JSON can carry).
    text = value.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if abs(value) <= _MAX_COUNT else None


def _time(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None

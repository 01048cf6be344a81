"""One field mapping for everything that posts arrive in: from foreign field names to `CollectedPost`.

Known shapes: a thing of Reddit's API (`{"kind": "t3", "data": {…}}` or its data object), a line of an Arctic Shift
dump, an item of an Apify export (reddit-facts: Apify), and a CSV row of any of them, where every value is a string.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from core.model import CollectedPost
from core.texts.gone import read_category
from core.texts.pasted import is_community

# What a row must have to be a post, with the names under which it may come. Each may also be told by the permalink,
# except the title and the time.
REQUIRED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("name", "id", "parsedId", "permalink"),
    "title": ("title",),
    "created_utc": ("created_utc", "createdAt", "created_at", "created"),
}

_ID = re.compile(r"[0-9a-z]{4,8}", re.ASCII)
_FULLNAME = re.compile(r"(t\d)_([0-9A-Za-z]+)", re.ASCII)
_AUTHOR = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_PERMALINK = re.compile(
    r"(?:https?://(?:[a-z]+\.)?reddit\.com)?/(?:r/([A-Za-z0-9_]+)|u(?:ser)?/([A-Za-z0-9_-]+))/comments/([0-9A-Za-z]+)"
    r"(?:[/?#]|$)",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REDDIT_BEGAN = datetime(2005, 6, 1, tzinfo=UTC)
_LAST_TIME = datetime(2100, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 1e11  # as seconds this is the year 5138, so some exporters mean milliseconds
_MAX_COUNT = 2**31 - 1  # what an INTEGER column of PostgreSQL holds
_MAX_URL = 4_000


def read_item(
    item: Mapping[str, Any], *, read_at: datetime | None = None, found_in: str | None = None
) -> CollectedPost | None:
    """The post that `item` describes; None when it is no post (comment, user, community, advertisement) or lacks an
    id, community, title or time that can be read.

    Values of odd types count as missing. Missing counts are None, never 0; unreadable flags are False. Texts lose
    Reddit's own escaping (`&amp;`, `&lt;`, `&gt;`) and characters no database stores. Never raises.

    `read_at` is when the source read the counts, at the earliest, for items that do not say it; `found_in` how it came
    upon the post.
    """
    kind, inner = item.get("kind"), item.get("data")
    if isinstance(inner, Mapping):
        if kind != "t3":
            return None
        item = inner
    if not _may_be_post(item):
        return None
    permalink = _permalink(item)
    reddit_id = _reddit_id(item, permalink)
    community = _community(item, permalink)
    title = _text(item.get("title"))
    created_at = _first_time(item)
    if reddit_id is None or community is None or title is None or created_at is None:
        return None
    url, is_self = _target(item)
    body = _text(item.get("selftext"))
    if body is None:
        body = _text(item.get("body"))
    return CollectedPost(
        reddit_id=reddit_id,
        community=community,
        title=" ".join(title.split()),
        body=(body or "").strip(),
        author=_author(item),
        created_at=created_at,
        score=_count(item, ("score", "upVotes"), lowest=-_MAX_COUNT),
        upvote_ratio=_ratio(item),
        num_comments=_count(item, ("num_comments", "numberOfComments"), lowest=0),
        flair=_line(item, ("link_flair_text", "flair")),
        url=None if is_self else url,
        is_self=is_self,
        over_18=_is_true(item.get("over_18")) or _is_true(item.get("over18")),
        distinguished=_line(item, ("distinguished",)) in ("moderator", "admin"),
        stickied=_is_true(item.get("stickied")),
        locked=_is_true(item.get("locked")),
        removed_by_category=_category(item),
        score_at=_read_at(item) or read_at,
        found_in=found_in,
    )


def missing_columns(columns: Collection[str]) -> tuple[str, ...]:
    """Which of the required columns a table lacks under every name they may have."""
    return tuple(field for field, names in REQUIRED_COLUMNS.items() if not any(name in columns for name in names))


def community_of(item: Mapping[str, Any]) -> str | None:
    """The community an item says it is from, lower-case; None when it does not say."""
    inner = item.get("data")
    item = inner if isinstance(inner, Mapping) else item
    return _community(item, _permalink(item))


def _may_be_post(item: Mapping[str, Any]) -> bool:
    data_type = item.get("dataType")
    if isinstance(data_type, str) and data_type and data_type != "post":
        return False
    if any(_is_true(item.get(flag)) for flag in ("isAd", "promoted", "is_created_from_ads_ui")):
        return False
    if any(_string(item.get(key)) for key in ("parent_id", "link_id", "parentId")):
        return False  # a comment
    for key in ("name", "id"):
        match = _FULLNAME.fullmatch(_string(item.get(key)))
        if match and match[1] != "t3":
            return False
    return True


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text: str = value
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if "\x00" in text:
        text = text.replace("\x00", "")
    # A JSON file may hold half a surrogate pair, which UTF-8 cannot store.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _line(item: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        text = _text(item.get(name))
        if text and (line := " ".join(text.split())):
            return line[:200]
    return None


def _permalink(item: Mapping[str, Any]) -> re.Match[str] | None:
    for key in ("permalink", "url"):  # an Apify item's url is its own page
        match = _PERMALINK.match(_string(item.get(key)))
        if match:
            return match
        if key == "permalink" and _string(item.get(key)):
            return None  # then the url is what the post points to, which may be another post
    return None


def _reddit_id(item: Mapping[str, Any], permalink: re.Match[str] | None) -> str | None:
    for key in ("name", "id", "parsedId"):
        text = _string(item.get(key))
        match = _FULLNAME.fullmatch(text)
        reddit_id = match.group(2).lower() if match else text.lower()
        if _ID.fullmatch(reddit_id):
            return reddit_id
    if permalink and _ID.fullmatch(permalink.group(3).lower()):
        return permalink.group(3).lower()
    return None


def _community(item: Mapping[str, Any], permalink: re.Match[str] | None) -> str | None:
    for key in ("subreddit", "parsedCommunityName", "communityName"):
        name = _string(item.get(key))
        name = name[2:] if name[:2].lower() == "r/" else name
        if is_community(name):
            return name.lower()
    if permalink is None:
        return None
    name = permalink[1] or f"u_{permalink[2]}"
    return name.lower() if is_community(name) else None


def _author(item: Mapping[str, Any]) -> str | None:
    for key in ("author", "username"):
        name = _string(item.get(key)).removeprefix("u/")
        if _AUTHOR.fullmatch(name):
            return name
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return float(value) if abs(value) < 2**53 else None
    return value if math.isfinite(value) else None


def _count(item: Mapping[str, Any], names: tuple[str, ...], *, lowest: int) -> int | None:
    for name in names:
        number = _number(item.get(name))
        if number is not None and lowest <= number <= _MAX_COUNT:
            return int(number)
    return None


def _ratio(item: Mapping[str, Any]) -> float | None:
    for name in ("upvote_ratio", "upVoteRatio"):
        number = _number(item.get(name))
        if number is not None and 0.0 <= number <= 1.0:
            return number
    return None


def _is_true(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "1.0", "yes")
    return value is True or (isinstance(value, int | float) and value == 1)


def _read_at(item: Mapping[str, Any]) -> datetime | None:
    """When the counts were read, as the item says: Arctic Shift's second look, or the look that brought the item."""
    second_look = item.get("_meta")
    if isinstance(second_look, Mapping) and (at := _time(second_look.get("retrieved_2nd_on"))) is not None:
        return at
    for name in ("retrieved_on", "retrieved_utc", "scrapedAt"):
        if (at := _time(item.get(name))) is not None:
            return at
    return None


def _first_time(item: Mapping[str, Any]) -> datetime | None:
    for name in REQUIRED_COLUMNS["created_utc"]:
        at = _time(item.get(name))
        if at is not None:
            return at
    return None


def _time(value: Any) -> datetime | None:
    number = _number(value)
    try:
        if number is not None:
            at = _EPOCH + timedelta(seconds=number / 1000 if number >= _MILLISECONDS_FROM else number)
        elif isinstance(value, str):
            at = datetime.fromisoformat(value.strip())
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return at if _REDDIT_BEGAN <= at < _LAST_TIME else None


def _target(item: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Where the post points, and whether it is a text post.

    Without Reddit's own `is_self` it is one unless it points somewhere else than to its own page.
    """
    images = item.get("imageUrls")
    candidates = [item.get("url"), item.get("link"), images[0] if isinstance(images, list) and images else None]
    url = next((u for u in map(_outward, candidates) if u is not None), None)
    stated = item.get("is_self")
    if stated is not None and stated != "":
        is_self = _is_true(stated)
    else:
        is_self = url is None or _string(item.get("domain")).startswith("self.")
    if not is_self and url is None:
        own = _text(item.get("url"))  # a crosspost points to another post on Reddit
        url = own.strip() if own and own.strip().startswith(("http://", "https://")) else None
    return url, is_self


def _outward(value: Any) -> str | None:
    text = (_text(value) or "").strip()
    if not text.startswith(("http://", "https://")) or len(text) > _MAX_URL or _PERMALINK.match(text):
        return None
    try:
        return text if urlsplit(text).hostname else None
    except ValueError:
        return None


def _category(item: Mapping[str, Any]) -> str | None:
    stated = _category_word(item.get("removed_by_category"))
    second_look = item.get("_meta")
    if stated is not None or not isinstance(second_look, Mapping):
        return stated
    # Arctic Shift reads every post again later. What was gone at first and is back stands again.
    if _is_true(second_look.get("was_initially_deleted")) and not _is_true(second_look.get("was_deleted_later")):
        return None
    return _category_word(second_look.get("removal_type"))


def _category_word(value: Any) -> str | None:
    try:
        return read_category(value)
    except ValueError:
        return None

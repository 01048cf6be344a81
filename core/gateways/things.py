"""Reads Reddit's JSON ("things" and "Listings"). Fields may be missing; JSON that is not Reddit's is refused.

A missing value is None, never 0 and never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.ports import Received, SeenComment, Sighting
from core.texts.gone import gone_by, read_category, texts_gone_by

FULLNAME = re.compile(r"t[13]_[0-9a-z]{1,13}", re.ASCII)
# Subreddits, and the profile "subreddits" u_NAME (reddit-facts: links that people paste).
COMMUNITY = re.compile(r"[a-z0-9][a-z0-9_]{1,20}|u_[a-z0-9_-]{3,20}", re.ASCII)
_AUTHOR = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)
_ON_POST = re.compile(r"/r/[A-Za-z0-9_-]{1,24}/comments/([0-9a-z]{1,13})(?:/|$)", re.ASCII)
_MAX_COUNT = 2**31 - 1  # the largest value of PostgreSQL's INTEGER
_LAST_TIME = 4_102_444_800  # the year 2100, in seconds

UNREADABLE = "What Reddit said about this one post could not be read."
TWO_STATES = "Reddit's answer listed this one post twice, in two states."


def children_of(payload: Any) -> tuple[Sequence[Any], str | None] | None:
    """Returns a Listing's children and its `after` (None at the end); None when `payload` is not a Listing."""
    if not isinstance(payload, Mapping) or payload.get("kind") != "Listing":
        return None
    listing = payload.get("data")
    if not isinstance(listing, Mapping) or not isinstance(listing.get("children"), list):
        return None
    after = listing.get("after")
    return listing["children"], after if isinstance(after, str) and after else None


def read_sighting(thing: Any) -> Sighting | None:
    """Returns a post or comment from Reddit's answer; None when `thing` does not show which one it is about.

    Fields that decide a state must have Reddit's shape: otherwise the sighting has a `problem` and says nothing about
    the post. Other fields (counts, times, flags) become None when malformed. Never raises.
    """
    fields = thing.get("data") if isinstance(thing, Mapping) else None
    fullname = fields.get("name") if isinstance(fields, Mapping) else None
    if not isinstance(fields, Mapping) or not isinstance(fullname, str) or not FULLNAME.fullmatch(fullname):
        return None
    if thing.get("kind") != fullname[:2]:
        return unreadable(fullname)
    is_post = fullname.startswith("t3_")
    texts = [fields.get(name) for name in (("title", "selftext", "author") if is_post else ("body", "author"))]
    indexable = fields.get("is_robot_indexable")
    try:
        category = read_category(fields.get("removed_by_category"))
    except ValueError:
        return unreadable(fullname)
    if not all(isinstance(text, str) for text in texts) or not isinstance(indexable, bool | None):
        return unreadable(fullname)
    title, body, author = [_text(text) for text in (texts if is_post else [None, *texts])]
    is_named = author is not None and _AUTHOR.fullmatch(author) is not None
    if (is_post and not (title or "").strip()) or not (is_named or gone_by(author) is not None):
        return unreadable(fullname)
    community = fields.get("subreddit")  # Reddit has sent null
    community = community.lower() if isinstance(community, str) else ""
    return Sighting(
        fullname=fullname,
        community=community if COMMUNITY.fullmatch(community) else "",
        title=title,
        body=body,
        author=author if is_named else None,
        created_at=_time(fields.get("created_utc")),
        category=category,
        indexable=indexable,
        locked=_flag(fields.get("locked")),
        score=_count(fields.get("score")),
        num_comments=_count(fields.get("num_comments")),
        over_18=fields.get("over_18") is True,
        states_category=is_post and indexable is None and "removed_by_category" in fields,
    )


def read_comment(thing: Any) -> SeenComment | None:
    """Returns a comment from Reddit's answer; None for what is none ("more") or cannot be read. Never raises."""
    fields = thing.get("data") if isinstance(thing, Mapping) and thing.get("kind") == "t1" else None
    if not isinstance(fields, Mapping):
        return None
    fullname, parent, body = (fields.get(name) for name in ("name", "parent_id", "body"))
    created_at, author = _time(fields.get("created_utc")), _text(fields.get("author"))
    if not isinstance(fullname, str) or not FULLNAME.fullmatch(fullname) or not isinstance(parent, str):
        return None
    text = _text(body)
    if text is None or created_at is None:
        return None
    named = author if author is not None and _AUTHOR.fullmatch(author) else None
    return SeenComment(fullname, named, text, created_at, parent, fields.get("stickied") is True)


def read_received(thing: Any) -> Received | None:
    """Returns a message, or a comment on the account's post, that moderators sent; None for what anybody else sent, or
    what cannot be read. Never raises.
    """
    kind = thing.get("kind") if isinstance(thing, Mapping) else None
    fields = thing.get("data") if isinstance(thing, Mapping) and kind in ("t1", "t4") else None
    if not isinstance(fields, Mapping):
        return None
    fullname, community, context = (fields.get(name) for name in ("name", "subreddit", "context"))
    body, sent_at = _text(fields.get("body")), _time(fields.get("created_utc"))
    # A message that moderators send for their community names no author.
    is_theirs = fields.get("distinguished") == "moderator" or (kind == "t4" and fields.get("author") is None)
    if not is_theirs or not isinstance(fullname, str) or not isinstance(community, str) or body is None:
        return None
    if sent_at is None or not COMMUNITY.fullmatch(community.lower()):
        return None
    on = _ON_POST.match(context) if kind == "t1" and isinstance(context, str) else None
    if kind == "t1" and on is None:
        return None
    about = f"t3_{on[1]}" if on is not None else None
    return Received(fullname, community.lower(), _text(fields.get("subject")) or "", body, sent_at, about)


def unreadable(fullname: str, problem: str = UNREADABLE) -> Sighting:
    """Returns a sighting of an answer from which nothing follows."""
    return Sighting(
        fullname=fullname,
        community="",
        title=None,
        body=None,
        author=None,
        created_at=None,
        category=None,
        indexable=None,
        locked=None,
        score=None,
        num_comments=None,
        problem=problem,
    )


def read_answer(things: Sequence[Any], asked: Collection[str]) -> Mapping[str, Sighting] | None:
    """Returns what an answer about `asked` says of each id; an id that it does not mention is absent.

    A bad thing spoils only itself (see `read_sighting`); a post that is listed twice with two states is unreadable. A
    thing without a known id, or with an id that was not asked for, may be there in place of any missing id, so the
    missing ids count as unreadable. Returns None when most things are of that kind: then the answer belongs to another
    request.
    """
    found: dict[str, Sighting] = {}
    strays = 0
    for sighting in map(read_sighting, things):
        if sighting is None or sighting.fullname not in asked:
            strays += 1
            continue
        known = found.setdefault(sighting.fullname, sighting)
        if known is not sighting and _state_in(known) != _state_in(sighting):
            found[sighting.fullname] = unreadable(sighting.fullname, TWO_STATES)
    if strays > len(found):
        return None
    # `is_robot_indexable` is undocumented. While other things have it, one without it is odd; if Reddit drops it, none
    # has it.
    if any(sighting.indexable is not None for sighting in found.values()):
        odd = [name for name, sighting in found.items() if sighting.states_category]
        found.update({name: replace(found[name], states_category=False) for name in odd})
    if strays:
        found.update({name: unreadable(name) for name in asked if name not in found})
    return found


def is_established(sighting: Sighting, now: datetime, *, min_age_s: float) -> bool:
    """Returns whether a post is fit to be a control: it has no unusual field, and is at least `min_age_s` old."""
    return (
        sighting.category is None
        and sighting.indexable is not False
        and sighting.author is not None
        and sighting.problem is None
        and texts_gone_by(sighting.title, sighting.body) is None
        and not sighting.over_18
        and sighting.created_at is not None
        and (now - sighting.created_at).total_seconds() >= min_age_s
    )


def _state_in(sighting: Sighting) -> Sighting:
    """Returns the fields that decide the state, without those that change every second."""
    return replace(sighting, score=None, num_comments=None)


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    # No database stores NUL, or half a surrogate pair (which JSON can carry).
    text = value.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    # Compare first, because an integer of hundreds of digits does not fit into a float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MAX_COUNT:
        return None
    return int(value)


def _time(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LAST_TIME:
        return None
    return datetime.fromtimestamp(value, UTC)

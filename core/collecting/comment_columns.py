"""Which column, or key of an object, tells which fact about a comment. Names are compared as in columns.py; a prefix
that says that it is the comment's (`comment_body`) makes no difference, one that says that it is the post's does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from core.collecting.columns import ALIASES as OF_POSTS
from core.collecting.columns import Columns, folded

# Sources: Reddit's API, Pushshift, Arctic Shift, scripts on PRAW, Apify's actors and the data sets of Kaggle.
ALIASES: Mapping[str, Sequence[str]] = {
    "id": ["name", "id", "fullname", "redditid", "parsedid", "thingid"],
    "post": ["linkid", "postid", "submissionid", "threadid", "articleid", "linkname", "postname", "submissionname"],
    "parent": ["parentid", "parentname", "parentfullname", "parentcommentid"],
    "top level": ["isroot", "istoplevel", "toplevel"],
    "depth": ["depth"],
    "own page": ["permalink", "permalinkurl", "fulllink", "link", "url"],
    "community": OF_POSTS["community"],
    "text": ["body", "text", "comment", "content", "message", "bodytext"],
    "author": ["author", "username", "user", "authorname", "authorusername", "redditor", "commenter", "creator"],
    "time": OF_POSTS["time"],
    "by its post's author": ["issubmitter", "isop"],
    "post's author": ["postauthor", "submissionauthor", "linkauthor", "threadauthor"],
    "distinguished": OF_POSTS["distinguished"],
    "pinned": OF_POSTS["pinned"],
}
_BY_NAME = {name: (fact, rank) for fact, names in ALIASES.items() for rank, name in enumerate(names)}
_ITS_OWN = re.compile(r"^comments?(?=.)")
_OWNER = re.compile(r"^(?:data|node|item|reddit)(?=.)")
_SHOWS_COMMENTS = ("id", "text")  # facts that a column of comments alone can name as the comment's


@lru_cache(maxsize=512)
def comment_columns_of(names: tuple[str, ...]) -> Columns:
    """Which fact about a comment each of these columns, or keys of an object, tells."""
    found: dict[str, list[tuple[bool, int, int, str]]] = {}
    unused: list[str] = []
    for place, name in enumerate(names):
        known = _known(name)
        if known is None:
            unused.append(name)
        else:
            fact, rank, is_named = known
            found.setdefault(fact, []).append((not is_named, rank, place, name))
    keys = {fact: tuple(dict.fromkeys(name for *_, name in sorted(found[fact]))) for fact in ALIASES if fact in found}
    return Columns(keys, tuple(unused), is_own=False)


@lru_cache(maxsize=512)
def named_as_comments(names: tuple[Any, ...]) -> tuple[str, ...]:
    """The columns whose names say that what they hold is a comment's id or text: `comment_id`, `Comment Body`."""
    known = [(name, _known(name)) for name in names if isinstance(name, str)]
    return tuple(name for name, fact in known if fact is not None and fact[0] in _SHOWS_COMMENTS and fact[2])


def missing_of(columns: Columns) -> tuple[str, ...]:
    """What a comment needs and no column can tell, in words."""
    has_page = bool(columns.of("own page"))
    lacking = {
        "the comment's id (as id or permalink)": not (columns.of("id") or has_page),
        "its post (as link_id or permalink)": not (columns.of("post") or has_page),
        WHAT_IT_ANSWERS: not (columns.of("parent") or columns.of("top level") or columns.of("depth")),
        "its text (as body)": not columns.of("text"),
        "time (as created_utc or created_at)": not columns.of("time"),
    }
    return tuple(fact for fact, is_missing in lacking.items() if is_missing)


def unknown_of(columns: Columns) -> tuple[str, ...]:
    """What a comment may say and no column tells, in words."""
    lacking = {
        "author": not columns.of("author"),
        "whether its post's author wrote it": not (columns.of("by its post's author") or columns.of("post's author")),
    }
    return tuple(fact for fact, is_missing in lacking.items() if is_missing)


WHAT_IT_ANSWERS = "what it answers (as parent_id)"


def _known(name: str) -> tuple[str, int, bool] | None:
    """(fact, rank, whether the name says that it is the comment's)."""
    whole = folded(name)
    own = _ITS_OWN.sub("", whole)
    if own != whole and own in _BY_NAME:
        return (*_BY_NAME[own], True)
    known = _BY_NAME.get(whole) or _BY_NAME.get(_OWNER.sub("", whole))
    return (*known, False) if known is not None else None

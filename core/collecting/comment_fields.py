"""One mapping from all foreign formats to `CollectedComment`: a thing of Reddit's API (kind t1), a line of a dump of
Pushshift or Arctic Shift, an item of an Apify export, and a row of a table of any of them or of a script on PRAW.

A comment counts only when it is known to which post it belongs and whether it answers that post itself
(core/collecting/prefilter.py), so one that does not say this is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from core.collecting import values
from core.collecting.columns import Columns
from core.collecting.comment_columns import comment_columns_of, named_as_comments
from core.collecting.fields import ID, Row
from core.model import CollectedComment, is_same_account

_FULLNAME = re.compile(r"(t\d)_([0-9A-Za-z]+)", re.ASCII)
_PAGE = re.compile(r"/comments/([0-9A-Za-z]+)/[^/?#]*/([0-9A-Za-z]+)(?:[/?#]|$)", re.ASCII)
Name = tuple[str, str]  # kind ("t1", "t3") and id


def comment_in(item: Mapping[str, Any], *, day_first: bool | None = None) -> CollectedComment | None:
    """The comment that `item` describes. None when it is no comment, or when its id, its post, what it answers, its
    community, its text or its time cannot be read. Never raises.
    """
    return _Comment(item, day_first).comment


def is_comment(item: Mapping[str, Any]) -> bool:
    """Whether an item is a comment, readable or not: it has a parent, or it says so."""
    return _Comment(item, None).is_one


def why_unreadable(item: Mapping[str, Any], *, day_first: bool | None = None) -> str:
    """Why `comment_in` returns None for a comment, in words that can be shown."""
    return _Comment(item, day_first).problem


class _Comment(Row):
    """One item, read as a comment."""

    @staticmethod
    @lru_cache(maxsize=512)
    def _columns_in(keys: tuple[Any, ...]) -> Columns:
        return comment_columns_of(tuple(key for key in keys if isinstance(key, str)))

    @property
    def is_one(self) -> bool:
        """A column or the id says that it is a comment, or that it answers something."""
        named, own = named_as_comments(tuple(self._item)), self._name("id")
        says = self._item.get("_kind") == "t1" or (own is not None and own[0] == "t1")
        return says or any(
            not values.is_null(self._item.get(name))
            for name in (*named, "link_id", *self._columns.of("parent"), *self._columns.of("depth"))
        )

    @property
    def problem(self) -> str:
        """Why it is no comment that can be read; "" when it is one."""
        if self._item.get("_kind", "t1") not in ("t1", None):
            return "not a comment"
        lacks = {
            "a comment without an id": self.own is None,
            "a comment that does not say its post (link_id)": self.post is None,
            "a comment that does not say what it answers (parent_id)": self.answers_post is None,
            "a comment without a time that can be read": self.at is None,
            "a comment whose time is known to the day only": self.at is not None and not self.at.is_exact,
            "a comment without a text": not self.words,
            "no community": self.place is None,
        }
        return next((why for why, is_so in lacks.items() if is_so), "")

    @property
    def comment(self) -> CollectedComment | None:
        own, post, place, at = self.own, self.post, self.place, self.at
        if self.problem or own is None or post is None or place is None or at is None:
            return None
        return CollectedComment(
            reddit_id=own,
            community=place,
            post_id=post,
            answers_post=self.answers_post is True,
            body=self.words,
            author=self.author,
            created_at=at.at,
            is_by_poster=self._is_by_poster,
            distinguished=(self.line("distinguished") or "").lower() in ("moderator", "admin"),
            stickied=self.is_true("pinned"),
        )

    @cached_property
    def at(self) -> values.Moment | None:
        return self.created

    @cached_property
    def words(self) -> str:
        return self.body

    # ------------------------------------------------ which comment, of which post

    @cached_property
    def _page(self) -> tuple[str, str] | None:
        """The ids of post and comment in the address of its own page."""
        for text in self.strings("own page"):
            if match := _PAGE.search(text):
                return match[1].lower(), match[2].lower()
        return None

    @cached_property
    def own(self) -> str | None:
        """The id in the address of its page, else the column "id": some files put row numbers into that column."""
        named = self._name("id")
        if named is not None and named[0] not in ("t1", ""):
            return None
        found = self._page[1] if self._page is not None else named[1] if named is not None else ""
        return found if ID.fullmatch(found) else None

    @cached_property
    def post(self) -> str | None:
        named, parent = self._name("post"), self._name("parent")
        if named is not None:
            return named[1] if named[0] in ("t3", "") else None
        if parent is not None and parent[0] == "t3":
            return parent[1]
        return self._page[0] if self._page is not None else None

    @cached_property
    def answers_post(self) -> bool | None:
        """Whether it answers the post itself; None when nothing tells it."""
        parent = self._name("parent")
        if parent is not None:
            return parent[1] == self.post and parent[0] in ("t3", "")
        if (is_root := self.flag("top level")) is not None:
            return is_root
        depth = self.count("depth", lowest=0)
        return depth == 0 if depth is not None else None

    def _name(self, fact: str) -> Name | None:
        """The kind and the id in the first of the fact's columns that has one; the kind is "" where it is not said."""
        for key in self._columns.of(fact):
            value = self._item.get(key)
            text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
            if not isinstance(text, str) or values.is_null(text):
                continue
            text = text.strip()
            if match := _FULLNAME.fullmatch(text):
                return match[1], match[2].lower()
            # Reddit calls an id with its prefix "name"; everybody else means a person.
            if ID.fullmatch(text.lower()) and not key.lower().endswith("name"):
                return "", text.lower()
        return None

    # ------------------------------------------------ where, and by whom

    @cached_property
    def place(self) -> str | None:
        return self.community(self.own_page)

    @property
    def _is_by_poster(self) -> bool:
        stated = self.flag("by its post's author")
        if stated is None and self.author is not None:
            stated = is_same_account(self.author, (self.line("post's author") or "").lower().removeprefix("u/"))
        return stated is True

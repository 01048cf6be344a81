"""One mapping from all foreign formats to `CollectedPost`.

Known shapes: a thing of Reddit's API (`{"kind": "t3", "data": {…}}` or its data object), a line of a Pushshift or
Arctic Shift dump, an item of an Apify export (reddit-facts: Apify), a row of a table of any of them, where every value
is a string, and this program's own export. columns.py says which key tells which fact, values.py how values are
written.

What a source does not say stays unknown. A word that stands for nothing (`None`, `NULL`, `nan`, `N/A` …) counts as
missing in every field except the title: every post has a title, so its author wrote "None". An author called "null"
counts as unknown, because losing one real name costs less than inventing one.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from core.collecting import values
from core.collecting.columns import Columns, columns_of
from core.collecting.comment_columns import named_as_comments
from core.errors import BadArgument
from core.model import CollectedPost
from core.texts.gone import read_category
from core.texts.pasted import community_name, is_community

# A score that was read sooner after posting than this, or that Reddit hides, does not count yet (reddit-facts).
_SCORE_COUNTS_AFTER = timedelta(hours=1)
MAX_BODY = 40_000  # characters of Reddit's longest text; a longer text is cut

ID = re.compile(r"[0-9a-z]{4,8}", re.ASCII)
_FULLNAME = re.compile(r"(t\d)_([0-9A-Za-z]+)", re.ASCII)
_AUTHOR = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_PERMALINK = re.compile(
    r"(?:https?://(?:[a-z]+\.)?reddit\.com)?(?:/(?:r/([A-Za-z0-9_]+)|u(?:ser)?/([A-Za-z0-9_-]+)))?/comments/([0-9A-Za-z]+)"
    r"(?:[/?#]|$)|https?://redd\.it/([0-9A-Za-z]+)(?:[/?#]|$)",
    re.ASCII,
)
# A cell before which this program's own export put an apostrophe, so that no spreadsheet runs it as a formula.
_LOOKS_LIKE_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_MAX_COUNT = 2**31 - 1  # what an INTEGER column of PostgreSQL holds
_MAX_URL = 4_000
_MAX_COMMUNITY = 200  # characters of an address of a community's page
_TEXT_KINDS = frozenset({"text", "self", "selftext", "self post", "selfpost", "text post"})
_LINK_KINDS = frozenset(
    {"link", "image", "video", "gallery", "hosted:video", "rich:video", "crosspost", "link post", "gif", "url"}
)


def read_item(
    item: Mapping[str, Any],
    *,
    read_at: datetime | None = None,
    found_in: str | None = None,
    day_first: bool | None = None,
) -> CollectedPost | None:
    """The post that `item` describes; None when it is not a post (but a comment, user, community or advertisement), or
    when its id, community, title or time cannot be read.

    Values of unexpected types count as missing. Missing counts are None, never 0; unreadable flags are False; the kind
    of a post is None when nothing tells it. Reddit's escaping of texts is undone once. Never raises.

    `read_at` is when the source read the counts, for items that do not say it; `found_in` is how the source found the
    post; `day_first` is the order of day and month in dates of figures, None when unknown.
    """
    row = Row(item, day_first)
    if not row.may_be_post:
        return None
    page = row.own_page
    reddit_id = row.reddit_id(page)
    community = row.community(page)
    title = row.title
    created = row.created
    if reddit_id is None or community is None or title is None or created is None:
        return None
    body = row.body
    url, is_self = row.target(reddit_id, body)
    stated_at = row.score_read_at
    known_at = stated_at or read_at
    counts = row.is_own or (not row.hides_score and (known_at is None or known_at - created.at >= _SCORE_COUNTS_AFTER))
    return CollectedPost(
        reddit_id=reddit_id,
        community=community,
        title=title,
        body=body,
        author=row.author,
        created_at=created.at,
        score=row.count("score", lowest=-_MAX_COUNT) if counts else None,
        upvote_ratio=row.ratio if counts else None,
        num_comments=row.count("comments", lowest=0),
        flair=row.line("flair"),
        url=None if is_self else url,
        is_self=is_self,
        over_18=row.is_true("over 18"),
        distinguished=(row.line("distinguished") or "").lower() in ("moderator", "admin"),
        stickied=row.is_true("pinned"),
        locked=row.is_true("locked"),
        removed_by_category=row.removal,
        score_at=known_at,
        found_in=row.line("found in") if row.is_own else found_in,
        time_is_exact=created.is_exact and row.flag("time exact") is not False,
    )


def community_of(item: Mapping[str, Any]) -> str | None:
    """The community an item says it is from, lower-case; None when it does not say."""
    row = Row(item, None)
    return row.community(row.own_page)


def why_unreadable(item: Mapping[str, Any], *, day_first: bool | None = None) -> str:
    """Why `read_item` returns None for an item, in words that can be shown."""
    row = Row(item, day_first)
    if not row.may_be_post:
        return "a comment or an advertisement, not a post"
    if row.reddit_id(row.own_page) is None:
        return "no id of a post"
    if row.title is None:
        return "its text was no longer kept when this was exported" if row.is_own else "no title"
    if row.created is None:
        return "no time that can be read"
    return "no community"


class Row:
    """One item, read fact by fact through its `Columns`. Nothing is read before it is asked for."""

    __slots__ = ("_columns", "_day_first", "_item", "_look")

    def __init__(self, item: Mapping[str, Any], day_first: bool | None) -> None:
        inner = item.get("data")
        self._item: Mapping[str, Any] = {"_kind": item.get("kind"), **inner} if isinstance(inner, Mapping) else item
        self._day_first = day_first
        self._columns = self._columns_in(tuple(self._item))
        self._look: Mapping[str, Any] | None = None

    @staticmethod
    @lru_cache(maxsize=512)
    def _columns_in(keys: tuple[Any, ...]) -> Columns:
        return columns_of(tuple(key for key in keys if isinstance(key, str)))

    @property
    def is_own(self) -> bool:
        return self._columns.is_own

    def value(self, fact: str) -> Any:
        """The first value of the fact's columns that is not missing; None when all are."""
        for key in self._columns.keys.get(fact, ()):
            value = self._item.get(key)
            if value == "" or value is None:
                continue
            if self._columns.is_own or not values.is_null(value):
                return value
        return None

    def _own_text(self, value: Any) -> str | None:
        """A text of this program's own export, without the apostrophe that the export may have put before it."""
        text = values.raw_text(value)
        is_cell = isinstance(self._item.get("id"), str)  # in JSON Lines it is a number
        return text[1:] if text and is_cell and _LOOKS_LIKE_FORMULA.match(text) else text

    def strings(self, fact: str) -> list[str]:
        keys = self._columns.keys.get(fact, ())
        return [
            value.strip() for key in keys if isinstance(value := self._item.get(key), str) and not values.is_null(value)
        ]

    @property
    def may_be_post(self) -> bool:
        item = self._item
        if item.get("_kind", "t3") not in ("t3", None):
            return False
        data_type = item.get("dataType")
        if isinstance(data_type, str) and data_type and data_type != "post":
            return False
        if any(flag in item and values.flag(item[flag]) for flag in ("isAd", "promoted", "is_created_from_ads_ui")):
            return False
        for key in ("parent_id", "link_id", "parentId", *named_as_comments(tuple(item))):
            if key in item and isinstance(item[key], str) and not values.is_null(item[key]):
                return False  # a comment
        for key in ("name", "id"):
            value = item.get(key)
            if (
                isinstance(value, str)
                and value[:1] == "t"
                and (match := _FULLNAME.fullmatch(value))
                and match[1] != "t3"
            ):
                return False
        return True

    # ------------------------------------------------ who and where

    @property
    def own_page(self) -> re.Match[str] | None:
        """The address of the post's own page. An address with another post's id is where the post links to."""
        for text in self.strings("own page"):
            if match := _PERMALINK.match(text):
                return match
        own = self._stated_id
        for text in self.strings("address"):
            match = _PERMALINK.match(text)
            if match and (own is None or _page_id(match) == own):
                return match
        return None

    @property
    def _stated_id(self) -> str | None:
        for key in self._columns.keys.get("id", ()):
            value = self._item.get(key)
            text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
            if not isinstance(text, str) or (not self.is_own and values.is_null(text)):
                continue
            text = text.strip()
            match = _FULLNAME.fullmatch(text)
            if match is None and key.lower().endswith("name"):
                continue  # Reddit calls an id with its prefix "name"; everybody else means a person
            reddit_id = (match[2] if match else text).lower()
            if ID.fullmatch(reddit_id):
                return reddit_id
        return None

    def reddit_id(self, page: re.Match[str] | None) -> str | None:
        """The id in the permalink, else the column "id": some files put row numbers into that column."""
        if page is not None and self._columns.keys.get("own page") and ID.fullmatch(_page_id(page)):
            return _page_id(page)
        return self._stated_id or (_page_id(page) if page and ID.fullmatch(_page_id(page)) else None)

    def community(self, page: re.Match[str] | None) -> str | None:
        for key in self._columns.keys.get("community", ()):
            value = self._item.get(key)
            if isinstance(value, Mapping):
                value = value.get("display_name") or value.get("name")
            if not isinstance(value, str):
                continue
            name = _community_named(value)
            if name is not None and (self.is_own or not values.is_null(name)):
                return name
        if page is None or not (page[1] or page[2]):
            return None
        name = page[1] or f"u_{page[2]}"
        return name.lower() if is_community(name) else None

    @property
    def author(self) -> str | None:
        value = self.value("author")
        if isinstance(value, Mapping):
            value = value.get("name") or value.get("username")
        if not isinstance(value, str):
            return None
        if self.is_own:
            return self._own_text(value)
        name = value.strip().removeprefix("/")
        name = name[2:] if name[:2].lower() == "u/" else name
        return name if _AUTHOR.fullmatch(name) else None

    # ------------------------------------------------ what it says

    @property
    def title(self) -> str | None:
        for key in self._columns.keys.get("title", ()):
            value = self._item.get(key)
            if self.is_own:
                return self._own_text(value) or None
            text = values.text(value)
            if text is not None and text.strip():
                return " ".join(text.split())
        return "" if any(isinstance(self._item.get(key), str) for key in self._columns.keys.get("title", ())) else None

    @property
    def body(self) -> str:
        value = self.value("text")
        if self.is_own:
            return self._own_text(value) or ""
        return (values.text(value) or "").strip()[:MAX_BODY]

    def line(self, fact: str) -> str | None:
        value = self.value(fact)
        if self.is_own:
            return self._own_text(value)
        text = values.text(value)
        return (" ".join(text.split())[:200] or None) if text else None

    # ------------------------------------------------ figures

    @property
    def created(self) -> values.Moment | None:
        for key in self._columns.keys.get("time", ()):
            value = self._item.get(key)
            if value is not None and (found := values.moment(value, day_first=self._day_first)) is not None:
                return found
        return None

    def count(self, fact: str, *, lowest: int) -> int | None:
        for key in self._columns.keys.get(fact, ()):
            number = values.whole_number(self._item.get(key))
            if number is not None and lowest <= number <= _MAX_COUNT:
                return number
        return None

    @property
    def ratio(self) -> float | None:
        number = values.number(self.value("upvote ratio"))
        return number if number is not None and 0.0 <= number <= 1.0 else None

    def flag(self, fact: str) -> bool | None:
        for key in self._columns.keys.get(fact, ()):
            if (stated := values.flag(self._item.get(key))) is not None:
                return stated
        return None

    def is_true(self, fact: str) -> bool:
        return self.flag(fact) is True

    @property
    def hides_score(self) -> bool:
        return self.flag("score hidden") is True

    @property
    def score_read_at(self) -> datetime | None:
        """When the counts were read: at a dump's second look, or when the item was fetched."""
        found = values.moment(self._second_look("retrieved_2nd_on", "second look at"), day_first=self._day_first)
        if found is None:
            found = values.moment(self.value("score read"), day_first=self._day_first)
        return found.at if found is not None else None

    # ------------------------------------------------ what became of it

    def _second_look(self, name: str, fact: str) -> Any:
        """A value of Arctic Shift's `_meta`, which is an object, a cell that holds one as text, or several columns."""
        if self._look is None:
            stated = self.value("second look")
            self._look = stated if isinstance(stated, Mapping) else _object_in(stated)
        if name in self._look:
            return self._look[name]
        return self.value(fact)

    @property
    def removal(self) -> str | None:
        """Who removed the post; "unknown" when it was removed and nobody says by whom; None when it was not removed or
        was restored later.
        """
        if self.is_own:
            return self._own_text(self.value("removal"))
        stated = self._category(self.value("removal"))
        if "second look" in self._columns.keys or "removal type" in self._columns.keys:
            later = values.flag(self._second_look("was_deleted_later", "removed later"))
            at_second_look = self._category(self._second_look("removal_type", "removal type"))
            if later:
                return at_second_look or stated or "unknown"
            if values.flag(self._second_look("was_initially_deleted", "restored")):
                return None
            stated = stated or at_second_look
        elif self.is_true("removed later"):
            stated = stated or "unknown"
        return stated or ("unknown" if self.is_true("removed") else None)

    def _category(self, value: Any) -> str | None:
        """The removal category in a value; "unknown" for a plain yes; None for no, and for unknown words."""
        if values.is_null(value):
            return None
        stated = values.flag(value)
        if stated is not None:
            return "unknown" if stated else None
        try:
            return read_category(value)
        except ValueError:
            return None

    def target(self, reddit_id: str, body: str) -> tuple[str | None, bool | None]:
        """The address that the post links to, and whether it is a text post; None for what nothing tells."""
        keys = self._columns.keys
        candidates = self.strings("address")
        images = self._item.get("imageUrls")
        if isinstance(images, list) and images and isinstance(images[0], str):
            candidates.append(images[0])
        if self.is_own:
            return self._own_text(self.value("address")), self.flag("text post or link")
        url = next((found for c in candidates if (found := _outward(c, reddit_id)) is not None), None)
        is_self = self.flag("text post or link")
        if is_self is None:
            is_self = self._told_kind()
        if is_self is None and url is not None:
            is_self = False
        if is_self is None and candidates and keys.get("own page") and "dataType" not in self._item:
            is_self = True  # its address is its own page
        if is_self is None and body:
            is_self = True
        return url, is_self

    def _told_kind(self) -> bool | None:
        for word in self.strings("kind"):
            if word.lower() in _TEXT_KINDS:
                return True
            if word.lower() in _LINK_KINDS:
                return False
        for domain in self.strings("domain"):
            return domain.lower().startswith("self.")
        return None


@lru_cache(maxsize=512)
def _community_named(value: str) -> str | None:
    """The community named in a cell: with or without `r/`, with a slash at its end, or as the address of its page."""
    name = value.strip().removeprefix("/")
    name = name[2:] if name[:2].lower() == "r/" else name
    if is_community(name):
        return name.lower()
    if "/" in value and len(value) < _MAX_COMMUNITY:
        with contextlib.suppress(BadArgument):
            return community_name(value)
    return None


def _page_id(page: re.Match[str]) -> str:
    return (page[3] or page[4]).lower()


def _outward(value: str, reddit_id: str) -> str | None:
    """The address in `value`; None when it is the post's own page, or not a web address."""
    text = values.address(value) or ""
    if text.startswith("/r/") and _PERMALINK.match(text):
        text = f"https://www.reddit.com{text}"
    if not text.startswith(("http://", "https://")) or len(text) > _MAX_URL:
        return None
    page = _PERMALINK.match(text)
    if page is not None:
        return None if _page_id(page) == reddit_id else text
    try:
        return text if urlsplit(text).hostname else None
    except ValueError:
        return None


def _object_in(value: Any) -> Mapping[str, Any]:
    """The object that a cell holds as text, in JSON or as Python shows it; empty when it holds none."""
    if isinstance(value, str) and value[:1] == "{" and len(value) < 10_000:
        for read in (json.loads, ast.literal_eval):
            try:
                found = read(value)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
            if isinstance(found, Mapping):
                return found
    return {}


def states_score(item: Mapping[str, Any]) -> bool:
    """True when an item gives a score, even one that does not count yet."""
    return Row(item, None).count("score", lowest=-_MAX_COUNT) is not None


def lacks_zone(stated: str) -> bool:
    """True when a time can be read and is written without a zone."""
    found = values.moment(stated)
    return found is not None and not found.has_zone

"""The sample Reddit: three invented communities and a simulated visibility, used when no real source is configured.

It takes the place of a remote: it implements the same ports, and keeps its state in one file (when its world began, how
far its time was moved, which posts were published in it). The program treats it like Reddit, except that every card
says "sample" and that its time can be moved.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from core.clock import SystemClock
from core.communities import Rule
from core.errors import BadArgument, FilesUnavailable, NotFound
from core.model import AuthorStatus, Basis, Closure, CollectedPost, CollectMode
from core.ports import RunPrice, SeenComment, Sighting, SourceBatch
from core.requirements import Posting, Requirements, flairs_in
from core.texts.features import found
from core.texts.markup import Text

_PAGE = 100
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_SCORE_GROWTH = timedelta(hours=8)  # a post has two thirds of its final score by then


class Fate(StrEnum):
    """What happens to a post published in the sample Reddit."""

    LIVE = "live"
    HELD = "held"  # filtered for review after 2 minutes, released after 5 hours
    REMOVED = "removed"  # by moderators, after 40 minutes
    SHADOWBANNED = "shadowbanned"  # its author is shadowbanned after 20 minutes
    DELETED = "deleted"  # by its author, after 90 minutes
    LOCKED = "locked"  # stays visible, locked after 3 hours


@dataclass(frozen=True, slots=True)
class Published:
    """A post that a person "posted by hand" in the sample Reddit."""

    id: str
    community: str
    title: str
    body: str
    author: str
    published_at: str  # ISO 8601
    fate: Fate

    @property
    def permalink(self) -> str:
        slug = re.sub(r"[^a-z0-9]+", "_", self.title.lower()).strip("_")[:50] or "post"
        return f"https://www.reddit.com/r/{self.community}/comments/{self.id}/{slug}/"


@dataclass(slots=True)
class _World:
    """With `stopped_at`, time stands still and only moves when it is moved, so that each run gives the same
    transcript.
    """

    began_at: datetime
    offset_s: float = 0.0
    stopped_at: datetime | None = None
    published: list[Published] = field(default_factory=list)


class SampleReddit:
    """Implements `RedditView` and `PostSource`. `clock` is moved along with the world's time."""

    basis = Basis.SAMPLE
    price: RunPrice | None = None

    def __init__(self, state_file: Path, clock: SystemClock) -> None:
        self._file = state_file
        self._clock = clock
        self._world = self._load()
        clock.offset, clock.stopped_at = timedelta(seconds=self._world.offset_s), self._world.stopped_at

    # ------------------------------------------------ RedditView

    allowance = None

    def sees(self, community: str) -> bool:
        return community.lower() in self.communities

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        now = self._clock.now()
        found: dict[str, Sighting] = {}
        for fullname in fullnames:
            reddit_id = fullname.removeprefix("t3_")
            published = next((p for p in self._world.published if p.id == reddit_id), None)
            if published is not None:
                found[fullname] = _see_published(published, now)
            elif (post := (await self._posts()).get(reddit_id)) and self._created_at(post) <= now:
                found[fullname] = self._see_post(fullname, post)
        return found

    async def control_candidates(self) -> Sequence[str]:
        """The oldest posts of each community that nobody removed."""
        controls: list[str] = []
        posts = (await self._posts()).values()
        for name in _communities():
            own = (p for p in posts if p["subreddit"] == name and p["removed_by_category"] is None and p["selftext"])
            oldest = sorted(own, key=lambda p: -int(p["age_s"]))
            controls += [f"t3_{p['id']}" for p in oldest[:2]]
        return controls

    async def author_status(self, name: str) -> AuthorStatus:
        now = self._clock.now()
        for post in self._world.published:
            hidden_from = datetime.fromisoformat(post.published_at) + timedelta(minutes=20)
            if post.fate is Fate.SHADOWBANNED and post.author.lower() == name.lower() and now >= hidden_from:
                return AuthorStatus.MISSING
        return AuthorStatus.EXISTS

    async def submitted(self, name: str) -> Sequence[Sighting]:
        now = self._clock.now()
        own = [_see_published(post, now) for post in self._world.published if post.author.lower() == name.lower()]
        return own[::-1]

    async def comments(self, fullname: str) -> Sequence[SeenComment]:
        """Nobody comments there."""
        return ()

    async def rules(self, community: str) -> tuple[Rule, ...]:
        described = _communities()[_display_name(community)]
        return tuple(Rule(r["short_name"], r["description"], r["kind"]) for r in described["rules"])

    async def posting(self, community: str) -> Posting:
        described = _communities()[_display_name(community)]
        return Posting(Requirements.read(described["post_requirements"]), flairs_in(described["flairs"]))

    async def closure(self, community: str) -> Closure | None:
        """All communities of the sample are always open."""
        return None if _display_name(community) in _communities() else Closure.MISSING

    async def probe(self) -> None:
        """Does nothing: the sample always works."""

    async def close(self) -> None:
        """Does nothing: no connection is open."""

    # ------------------------------------------------ PostSource

    async def collect(
        self, communities: Sequence[str], *, limit_per_community: int, mode: CollectMode | None = None
    ) -> AsyncIterator[SourceBatch]:
        if not self._file.exists():
            self._save()  # the world begins at its first use, and a restart does not change its beginning
        now = self._clock.now()
        names = [(community, _display_name(community)) for community in communities]
        for community, name in names:
            own = [p for p in (await self._posts()).values() if p["subreddit"] == name and self._created_at(p) <= now]
            newest_first = sorted(own, key=self._created_at, reverse=True)
            best_first = sorted(newest_first, key=lambda p: int(p["score"]), reverse=True)
            chosen: list[Mapping[str, Any]] = {
                CollectMode.FRESH: newest_first,
                CollectMode.HISTORICAL: best_first,
                CollectMode.HYBRID: newest_first[: limit_per_community - limit_per_community // 2] + best_first,
            }[mode or CollectMode.FRESH]
            once = list({p["id"]: p for p in chosen}.values())[:limit_per_community]
            for start in range(0, len(once), _PAGE):
                page = once[start : start + _PAGE]
                yield SourceBatch(community, [self._collected(p, now) for p in page])

    # ------------------------------------------------ the world

    @property
    def communities(self) -> tuple[str, ...]:
        """Returns the names of its communities, in lower case."""
        return tuple(name.lower() for name in _communities())

    def publish(self, community: str, title: str, body: str, fate: Fate | None = None) -> Published:
        """Put a post into the world, as if the member had posted it by hand on Reddit just now.

        When no fate is given, the text and the community decide: promotion is removed; in one community a link is held.
        """
        name = _display_name(community)
        now = self._clock.now()
        chosen = fate or _fate_of(name, title, body)
        # A shadowban concerns an account. The post gets an account of its own, so that the other posts stay visible.
        author = "sample_newcomer" if chosen is Fate.SHADOWBANNED else "sample_member"
        reddit_id = "sz" + _base36(len(self._world.published) + 1).rjust(4, "0")
        post = Published(reddit_id, name, title, body, author, now.isoformat(), chosen)
        self._world.published.append(post)
        self._save()
        return post

    def move(self, to: datetime) -> None:
        """Move the world's time, and the program's clock with it, forward to `to`."""
        step = to - self._clock.now()
        if step < timedelta():
            raise BadArgument("Sample time only moves forward.", "Give a span such as 6h or 7d.")
        self._clock.offset += step
        self._world.offset_s = self._clock.offset.total_seconds()
        self._save()

    # ------------------------------------------------ inside

    def _load(self) -> _World:
        if not self._file.exists():
            return _World(began_at=_last_monday_noon(self._clock.now()))
        try:
            stored = json.loads(self._file.read_text("utf-8"))
            published = [Published(**{**p, "fate": Fate(p["fate"])}) for p in stored["published"]]
            stopped_at = datetime.fromisoformat(stored["stopped_at"]) if stored["stopped_at"] else None
            began_at, offset_s = datetime.fromisoformat(stored["began_at"]), float(stored["offset_s"])
            return _World(began_at, offset_s, stopped_at, published)
        except (ValueError, KeyError, TypeError):
            raise FilesUnavailable(
                f"The sample Reddit's file {self._file} cannot be read.", "Delete it to begin a new sample world."
            ) from None

    def _save(self) -> None:
        stored = {
            "began_at": self._world.began_at.isoformat(),
            "offset_s": self._world.offset_s,
            "stopped_at": self._world.stopped_at.isoformat() if self._world.stopped_at else None,
            "published": [asdict(p) for p in self._world.published],
        }
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._file.parent, prefix=self._file.name)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(stored, out, indent=1)
            Path(temporary).replace(self._file)
        except OSError as error:
            raise FilesUnavailable(
                f"The sample Reddit's file {self._file} cannot be written: {error.strerror}.",
                "Check the folder's permissions and the free space.",
            ) from None

    async def _posts(self) -> Mapping[str, Mapping[str, Any]]:
        if "_posts_by_id" not in vars(self):
            await asyncio.to_thread(lambda: self._posts_by_id)
        return self._posts_by_id

    @cached_property
    def _posts_by_id(self) -> Mapping[str, Mapping[str, Any]]:
        return {post["id"]: post for post in _read_posts()}

    def _created_at(self, post: Mapping[str, Any]) -> datetime:
        return self._world.began_at - timedelta(seconds=int(post["age_s"]))

    # Collecting returns removed posts with their text, as archives from before the removal do; a look at a
    # removed post returns the tombstone that everybody sees.

    def _collected(self, post: Mapping[str, Any], now: datetime) -> CollectedPost:
        return CollectedPost(
            reddit_id=post["id"],
            community=post["subreddit"].lower(),
            title=post["title"],
            body=post["selftext"],
            author=None if post["author"] == "[deleted]" else post["author"],
            created_at=self._created_at(post),
            score=post["score"],
            upvote_ratio=post["upvote_ratio"],
            num_comments=post["num_comments"],
            flair=post["link_flair_text"],
            url=None if post["is_self"] else post["url"],
            is_self=post["is_self"],
            over_18=post["over_18"],
            stickied=post["stickied"],
            locked=post["locked"],
            removed_by_category=post["removed_by_category"],
            score_at=now,
            found_in="sample",
        )

    def _see_post(self, fullname: str, post: Mapping[str, Any]) -> Sighting:
        return Sighting(
            fullname=fullname,
            community=post["subreddit"].lower(),
            title=post["title"],
            body="[removed]" if post["removed_by_category"] and post["is_self"] else post["selftext"],
            author=None if post["author"] == "[deleted]" else post["author"],
            created_at=self._created_at(post),
            category=post["removed_by_category"],
            indexable=post["is_robot_indexable"],
            locked=post["locked"],
            score=post["score"],
            num_comments=post["num_comments"],
        )


def _see_published(post: Published, now: datetime) -> Sighting:
    published_at = datetime.fromisoformat(post.published_at)
    age = now - published_at
    category: str | None = None
    if post.fate is Fate.HELD and timedelta(minutes=2) <= age < timedelta(hours=5):
        category = "automod_filtered"
    elif post.fate is Fate.REMOVED and age >= timedelta(minutes=40):
        category = "moderator"
    elif post.fate is Fate.SHADOWBANNED and age >= timedelta(minutes=20):
        category = "reddit"
    elif post.fate is Fate.DELETED and age >= timedelta(minutes=90):
        category = "deleted"
    final = 4 + zlib.crc32(post.id.encode()) % 60
    score = 1 if category else 1 + round(final * (1 - math.exp(-age / _SCORE_GROWTH)))
    gone = {None: post.body, "deleted": "[deleted]"}.get(category, "[removed]")
    return Sighting(
        fullname=f"t3_{post.id}",
        community=post.community.lower(),
        title="[deleted by user]" if category == "deleted" else post.title,
        body=gone,
        author=None if category == "deleted" else post.author,
        created_at=published_at,
        category=category,
        indexable=category is None,
        locked=post.fate is Fate.LOCKED and age >= timedelta(hours=3),
        score=score,
        num_comments=score // 3,
    )


def _fate_of(community: str, title: str, body: str) -> Fate:
    text = Text(title, body)
    if found("promotion", text):
        return Fate.REMOVED
    if community == "QuietMarketing" and found("link", text):
        return Fate.HELD
    return Fate.LIVE


def _last_monday_noon(now: datetime) -> datetime:
    """Returns the last Monday noon, from which the posts' hours and weekdays count (sample_data/README.md)."""
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    return noon if noon <= now else noon - timedelta(days=7)


def _display_name(community: str) -> str:
    for name in _communities():
        if name.lower() == community.lower():
            return name
    names = ", ".join(f"r/{name}" for name in _communities())
    raise NotFound(
        f"The sample Reddit has no r/{community}.",
        f"It has {names}. For real communities set BCRAO_REDDIT_CLIENT_ID or BCRAO_APIFY_TOKEN, or import a file.",
    )


@cache
def _communities() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("core.gateways").joinpath("sample_data/communities.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def _read_posts() -> Iterator[Mapping[str, Any]]:
    text = resources.files("core.gateways").joinpath("sample_data/posts.jsonl").read_text("utf-8")
    for line in text.splitlines():
        yield json.loads(line)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits or "0"

"""A small Reddit to look at: posts with a fate, accounts, and everything that can go wrong with looking."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.clock import Clock
from core.communities import Rule
from core.errors import RemoteError
from core.model import AuthorStatus, Basis, Closure, Outcome, Reading, State, TrackedPost, View
from core.ports import Allowance, SeenComment, Sighting
from core.requirements import Posting

CONTROLS = ("t3_ctrl01", "t3_ctrl02")
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sighting(fullname: str, **changes: Any) -> Sighting:
    """A healthy live post (a comment for `t1_…`), changed as told."""
    is_comment = fullname.startswith("t1_")
    healthy = Sighting(
        fullname=fullname,
        community="harbor",
        title=None if is_comment else "How our first month went",
        body="We opened the shop and learned a lot.",
        author="alice_writes",
        created_at=START,
        category=None,
        indexable=None if is_comment else True,
        locked=False,
        score=12,
        num_comments=3,
    )
    return replace(healthy, **changes)


def removed(fullname: str, category: str | None = "moderator", **changes: Any) -> Sighting:
    """What everybody but its author sees of a removed post."""
    return sighting(fullname, **{"category": category, "indexable": False, "body": "[removed]", **changes})


def deleted(fullname: str) -> Sighting:
    return sighting(fullname, category="deleted", indexable=False, body="[deleted]", author=None, title="[deleted]")


@dataclass(slots=True)
class World:
    """Implements `RedditView`. `trouble` makes every look fail; `controls_gone` makes answers without a control."""

    clock: Clock
    posts: dict[str, Sighting] = field(default_factory=dict)
    accounts: dict[str, AuthorStatus] = field(default_factory=dict)
    trouble: Exception | None = None
    troubles: list[Exception] = field(default_factory=list)  # each makes one look fail
    controls_gone: bool = False
    fallen: set[str] = field(default_factory=set)  # controls that are not answered about any more
    basis: Basis = Basis.REDDIT_API
    elsewhere: frozenset[str] = frozenset()  # communities of another Reddit
    asked: list[tuple[str, ...]] = field(default_factory=list)
    asked_authors: list[str] = field(default_factory=list)
    rules_kept: tuple[Rule, ...] = (Rule("No self-promotion", "No links to your own product.", "all"),)

    closed: set[str] = field(default_factory=set)  # communities that are private, quarantined or banned
    asked_communities: list[str] = field(default_factory=list)
    granted: Allowance | None = None
    lists: dict[str, list[Sighting]] = field(default_factory=dict)  # by account in lower case
    talk: dict[str, list[SeenComment]] = field(default_factory=dict)  # by post
    asked_comments: list[str] = field(default_factory=list)
    asked_lists: list[str] = field(default_factory=list)

    @property
    def allowance(self) -> Allowance | None:
        return self.granted

    def sees(self, community: str) -> bool:
        return community not in self.elsewhere

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        assert len(fullnames) <= 100
        self._fail()
        if self.troubles:
            raise self.troubles.pop(0)
        self.asked.append(tuple(fullnames))
        controls = {} if self.controls_gone else {name: sighting(name) for name in CONTROLS}
        known = {name: found for name, found in {**controls, **self.posts}.items() if name not in self.fallen}
        return {name: known[name] for name in fullnames if name in known}

    async def control_candidates(self) -> Sequence[str]:
        self._fail()
        return CONTROLS

    async def author_status(self, name: str) -> AuthorStatus:
        self._fail()
        self.asked_authors.append(name)
        return self.accounts.get(name, AuthorStatus.EXISTS)

    async def submitted(self, name: str) -> Sequence[Sighting]:
        self._fail()
        self.asked_lists.append(name)
        return sorted(self.lists.get(name.lower(), []), key=lambda post: post.created_at or START, reverse=True)

    async def comments(self, fullname: str) -> Sequence[SeenComment]:
        self._fail()
        self.asked_comments.append(fullname)
        return list(self.talk.get(fullname, []))

    async def rules(self, community: str) -> tuple[Rule, ...]:
        self._fail()
        return self.rules_kept

    async def posting(self, community: str) -> Posting:
        return Posting()

    async def closure(self, community: str) -> Closure | None:
        self._fail()
        self.asked_communities.append(community)
        return Closure.PRIVATE if community in self.closed else None

    def _fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble


class SlowWorld(World):
    """Its answers wait until the test lets them go on."""

    def __init__(self, clock: Clock, posts: dict[str, Sighting]) -> None:
        super().__init__(clock, posts)
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        self.reached.set()
        await self.go_on.wait()
        return await World.look_up(self, fullnames)


def revoked() -> RemoteError:
    return RemoteError(
        "Reddit no longer accepts the key.", "Renew BCRAO_REDDIT_CLIENT_SECRET.", remote="reddit", permanent=True
    )


@dataclass(slots=True)
class PublicWorld:
    """Implements `PublicView`: always the outcome it was given."""

    outcome: Outcome = Outcome.NOT_VISIBLE
    looked: list[str] = field(default_factory=list)
    wait_s: float = 0.0
    hangs: bool = False

    async def look(self, permalink: str, now: datetime) -> Reading:
        self.looked.append(permalink)
        if self.hangs:
            await asyncio.Event().wait()
        return Reading(View.ANONYMOUS, Basis.WEB, now, self.outcome)


def tracked(**changes: Any) -> TrackedPost:
    """A post registered an hour after it was posted, not verified yet."""
    post = TrackedPost(
        id=7,
        workspace_id="terminal:local",
        fullname="t3_1abc2d",
        community="harbor",
        author="alice_writes",
        permalink="https://www.reddit.com/r/harbor/comments/1abc2d/",
        campaign_id=None,
        draft_id=None,
        registered_by="alice",
        registered_at=START,
        posted_at=START - timedelta(hours=1),
        basis=Basis.REDDIT_API,
        state=State.UNVERIFIED,
        state_since=START,
    )
    return replace(post, **changes)


def seen(at: datetime, **changes: Any) -> Reading:
    """A third party's reading with a live control: the post is live, changed as told."""
    healthy = Reading(
        view=View.THIRD_PARTY,
        basis=Basis.REDDIT_API,
        read_at=at,
        outcome=Outcome.VISIBLE,
        found=True,
        control_live=True,
        indexable=True,
        author_present=True,
        body_state="intact",
        locked=False,
    )
    return replace(healthy, **changes)

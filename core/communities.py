"""A community as a workspace sees it: its kept posts, its rules, its profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from core.model import Basis, Caller, NewAlert
from core.requirements import Flair, Posting, Requirements


@dataclass(frozen=True, slots=True)
class Post:
    """A kept post of somebody else. Its text never changes; it can only be purged (title and body become None)."""

    id: int
    workspace_id: str
    basis: Basis
    collected_at: datetime
    reddit_id: str
    community: str
    title: str | None
    body: str | None
    author: str | None
    created_at: datetime
    score: int | None
    num_comments: int | None
    flair: str | None
    url: str | None
    is_self: bool | None  # None: the source did not say which kind it is
    over_18: bool
    removed_by_category: str | None
    score_at: datetime | None = None  # as in CollectedPost
    found_in: str | None = None
    time_is_exact: bool = True
    upvote_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    short_name: str
    description: str
    kind: str  # Reddit's: "link", "comment" or "all"


@dataclass(frozen=True, slots=True)
class RulesSnapshot:
    id: int
    workspace_id: str
    community: str
    basis: Basis
    taken_at: datetime
    rules: tuple[Rule, ...]
    requirements: Requirements | None = None  # None: no source told them
    flairs: tuple[Flair, ...] | None = None


@dataclass(frozen=True, slots=True)
class CommunityProfile:
    """A community's norms as computed from the kept posts of one workspace at one time.

    `figures` is plain JSON: the keys and units are the contract of `core/analysis/profile.py`.
    """

    id: int
    workspace_id: str
    community: str
    computed_at: datetime
    sample_size: int
    first_post_at: datetime
    last_post_at: datetime
    bases: tuple[Basis, ...]
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CommunitySummary:
    """A community of a workspace, with what is stored about it."""

    community: str
    posts: int
    first_post_at: datetime | None
    last_post_at: datetime | None
    last_collected_at: datetime | None
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class CountedComment:
    """What is kept of a comment that answers a post: never its text or its author. `run_id` is the collecting run that
    brought it first; `found` are keys of the counted features that it has (core/texts/features.py).
    """

    reddit_id: str
    community: str
    post_id: str  # Reddit's id
    created_at: datetime
    words: int
    found: tuple[str, ...]
    run_id: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """A kept post, as far as its comments are concerned: `num_comments` as they were counted at `counted_at`."""

    reddit_id: str
    created_at: datetime
    num_comments: int | None
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Extract:
    """What the reader took from a post's text (core/analysis/extracts.py). `key` changes with the text and with the
    reader; `features` and `seen` are JSON: what the figures count, and what models see.
    """

    post_id: int
    key: str
    features: str
    seen: str


class ExtractStore(Protocol):
    async def keep_extracts(self, workspace_id: str, kept: Sequence[Extract]) -> None:
        """Keep them in place of earlier ones. Those of posts that were purged meanwhile are dropped."""
        ...

    async def extracts(self, workspace_id: str, community: str) -> Mapping[int, tuple[str, str]]:
        """The key and the features of each post's extract."""
        ...

    async def extracts_seen(self, workspace_id: str, community: str) -> Mapping[int, str]:
        """What models see of each post."""
        ...


class CountedCommentReads(Protocol):
    async def comments(self, workspace_id: str, community: str, limit: int) -> Sequence[CountedComment]:
        """The newest first."""
        ...

    async def answered(self, workspace_id: str, community: str) -> Sequence[Answered]:
        """All kept posts, purged ones too, whose time is known to the minute."""
        ...


class CommunityReads(Protocol):
    async def community_summaries(self, workspace_id: str) -> Sequence[CommunitySummary]: ...
    async def community_summary(self, workspace_id: str, community: str) -> CommunitySummary: ...
    async def posts(
        self,
        workspace_id: str,
        community: str,
        *,
        limit: int | None = None,
        containing: str | None = None,
    ) -> Sequence[Post]:
        """Kept, unpurged posts, the newest first. `containing`: with these words in title and body
        (core/texts/search.py).
        """
        ...

    async def post(self, workspace_id: str, post_id: int) -> Post:
        """One kept, unpurged post."""
        ...

    async def profile(self, workspace_id: str, profile_id: int) -> CommunityProfile: ...
    async def latest_profile(self, workspace_id: str, community: str) -> CommunityProfile | None: ...
    async def new_profiles(
        self, workspace_id: str, since: datetime
    ) -> Sequence[tuple[CommunityProfile, CommunityProfile | None]]:
        """The latest profile of each community that got one after `since`, with its latest one of before (None: there
        was none).
        """
        ...

    async def latest_model(self, workspace_id: str, community: str) -> str | None:
        """The model of the latest profile, as it was saved; None when there is no profile, or no model for it."""
        ...


class ProfileStore(CommunityReads, Protocol):
    async def save_profile(
        self,
        caller: Caller,
        community: str,
        *,
        sample_size: int,
        first_post_at: datetime,
        last_post_at: datetime,
        bases: Sequence[Basis],
        figures: Mapping[str, Any],
        model: str | None = None,
        now: datetime,
    ) -> CommunityProfile:
        """Save a profile. `model` is kept with a community's latest profile only."""
        ...


class RuleReads(Protocol):
    async def rules_snapshot(self, workspace_id: str, snapshot_id: int) -> RulesSnapshot: ...
    async def latest_rules(self, workspace_id: str, community: str) -> RulesSnapshot | None: ...
    async def rules_history(self, workspace_id: str, community: str, limit: int) -> Sequence[RulesSnapshot]:
        """The snapshots of a community's rules, the newest first. Each differs from the one before it."""
        ...


class RuleStore(RuleReads, Protocol):
    async def save_rules(
        self,
        caller: Caller,
        community: str,
        basis: Basis,
        rules: Sequence[Rule],
        now: datetime,
        posting: Posting = Posting(),  # noqa: B008 - frozen
        alert: NewAlert | None = None,
    ) -> RulesSnapshot:
        """Save a new snapshot; when nothing changed, renew `taken_at` of the last one instead. What `posting` does not
        tell keeps its last value. `alert` is owed only with a new snapshot.
        """
        ...

    async def communities_to_refresh(self, taken_before: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """(workspace_id, community) of active campaigns whose rules were last read before `taken_before`, or never."""
        ...

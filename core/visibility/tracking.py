"""Tracked posts: the records of registering, checking and judging them, and the verbs of their store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from core.alerts import Alert, DecisionKind
from core.model import (
    AccountState,
    AuditOutcome,
    Basis,
    Caller,
    Confidence,
    NewAlert,
    NewPattern,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
)


@dataclass(frozen=True, slots=True)
class NewTrackedPost:
    fullname: str
    community: str
    permalink: str
    author: str | None
    posted_at: datetime
    basis: Basis
    campaign_id: int | None
    draft_id: int | None
    next_check_at: datetime
    audit_due_at: datetime
    title: str | None = None
    rules_snapshot_id: int | None = None
    profile_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of a tracked post after judging, and what must be told. It is applied as a whole or not at all.

    `state_since` changes only when `state` does. `patterns` are learned from a confirmed removal.
    """

    state: State
    state_since: datetime
    removed_by: RemovedBy | None = None
    category: str | None = None
    confidence: Confidence | None = None
    locked: bool = False
    alerts: tuple[NewAlert, ...] = ()
    patterns: tuple[NewPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check of one tracked post: its readings, the verdict, and when to look again.

    A reading that continues an earlier row is given as that row with its new end.
    """

    tracked_post_id: int
    workspace_id: str
    readings: tuple[Reading, ...]
    verdict: Verdict
    next_check_at: datetime | None
    author: str | None = None  # as seen, when it was not known before
    title: str | None = None
    body_sha256: str | None = None
    account_state: AccountState | None = None  # of the author, when it was judged
    account_since: datetime | None = None  # when that was first seen
    said: tuple[DecisionKind, Caller] | None = None  # when the look is a member's: what that member said
    picture: bytes | None = field(default=None, repr=False)  # of that look (core/visibility/pictures.py)
    gives_way: bool = False  # other posts go first when more is due than may be asked for


PICTURES_KEPT = 4  # of a post, the newest


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that a member attached to a look, without its content. `id` is its look's."""

    id: int
    tracked_post_id: int
    outcome: Outcome
    read_at: datetime
    kept_by: str


CLOCKS_APART = timedelta(minutes=5)  # machines on one database may differ by this much without one being wrong
# When more is due than may be asked for, posts that give way come after all others, until they are late by this.
LATE_AT_MOST = timedelta(hours=6)


class Growth(NamedTuple):
    """What one more look changes in the row of the reading that it continues."""

    last_read_at: datetime
    times: int
    apart: int
    apart_at: datetime | None
    score: int | None
    num_comments: int | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A look that saw the same as the look before, at a post about which nothing is open. `row` is the reading that it
    continues, as it was, and `growth` is what it changes in it. Nothing else follows except the time of the next look.
    `body_sha256` is that of the text when this look is the first to see it.
    """

    tracked_post_id: int
    row: Reading
    growth: Growth
    next_check_at: datetime | None
    gives_way: bool
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """How to fill batches of `size` posts: with posts that were last read before `read_before` and are due before
    `due_before`.
    """

    size: int
    read_before: datetime
    due_before: datetime


HISTORY = 50  # readings that a verdict looks back on


@dataclass(frozen=True, slots=True)
class DuePost:
    """A leased tracked post with its recent readings, oldest first (at most `HISTORY`)."""

    post: TrackedPost
    history: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far behind the watching is."""

    watched: int
    due: int
    next_check_at: datetime | None
    alerts_pending: int
    alerts_failed: int
    last_evidence_at: datetime | None  # the newest look that could tell
    unanswered: int = 0  # third-party looks since then that could not tell
    states: Mapping[State, int] = field(default_factory=dict)
    detour: str | None = None  # why the last alert for the place chosen now went to a person instead


class TrackedPostReads(Protocol):
    async def tracked_post(self, workspace_id: str, tracked_post_id: int) -> TrackedPost: ...
    async def tracked_posts(
        self, workspace_id: str, *, containing: str | None = None, limit: int = 50
    ) -> Sequence[TrackedPost]:
        """The newest first. `containing`: with these words in the title, the Reddit id, the community and the state, or
        as the beginning of the post's number (core/texts/search.py); searched are the newest 10,000, while its whole
        number finds any post.
        """
        ...

    async def tracked_posts_named(self, workspace_id: str, fullnames: Collection[str]) -> Mapping[str, TrackedPost]:
        """The registered posts among these Reddit ids, by that id; stopped posts too."""
        ...

    async def tracked_posts_by_id(self, workspace_id: str, ids: Collection[int]) -> Mapping[int, TrackedPost]: ...
    async def post_of_draft(self, workspace_id: str, draft_id: int) -> TrackedPost | None:
        """The post that was registered with this draft, if there is one."""
        ...

    async def removed_since(self, workspace_id: str, community: str, since: datetime) -> Sequence[TrackedPost]:
        """The posts in a community that are removed now and have been since a time not before `since`, newest first."""
        ...

    async def stayed_posts(
        self, workspace_id: str, communities: Collection[str], posted_after: datetime
    ) -> Sequence[TrackedPost]:
        """The posts in these communities that were posted after `posted_after` and still visible a week later."""
        ...

    async def registered_since(self, workspace_id: str, since: datetime) -> int:
        """How many posts were registered after `since`."""
        ...

    async def has_sample_posts(self, workspace_id: str) -> bool:
        """True when a post on the sample Reddit was registered."""
        ...

    async def changed_since(
        self, workspace_id: str, states: Collection[State], since: datetime
    ) -> Sequence[TrackedPost]:
        """The posts that came into one of these states after `since` and are in it now, newest first."""
        ...

    async def states_by_community(self, workspace_id: str, since: datetime) -> Mapping[str, Mapping[State, int]]:
        """How many posts that were posted after `since` have which state, by community."""
        ...

    async def posts_by(self, workspace_id: str, author: str) -> Sequence[TrackedPost]:
        """All registered posts of this account, oldest first. The name is compared exactly: Reddit always writes it the
        same way.
        """
        ...

    async def readings(self, workspace_id: str, tracked_post_id: int, limit: int = 50) -> Sequence[Reading]:
        """The newest `limit` readings, oldest first."""
        ...

    async def pictures(self, workspace_id: str, tracked_post_id: int | None = None) -> Sequence[KeptPicture]:
        """The kept pictures of one post, or of all, newest first."""
        ...

    async def picture(self, workspace_id: str, picture_id: int) -> tuple[KeptPicture, bytes]:
        """One kept picture with its content. `NotFound` when it is gone."""
        ...

    async def watched_in(self, workspace_id: str, community: str) -> Sequence[int]:
        """The ids of the watched posts in a community, oldest first."""
        ...

    async def community_news(self, workspace_id: str, community: str) -> Alert | None:
        """The newest alert that a whole community was closed or is open again."""
        ...

    async def backlog(self, workspace_id: str, now: datetime) -> Backlog: ...


class TrackedPostStore(TrackedPostReads, Protocol):
    async def register_post(self, caller: Caller, new: NewTrackedPost, now: datetime) -> TrackedPost:
        """Watch a post, and mark its draft posted, in one transaction.

        `AlreadyExists` says who registered it and when; `OverBudget` when the plan's number is watched already.
        """
        ...

    async def snooze_post(
        self, caller: Caller, tracked_post_id: int, until: datetime, now: datetime, *, anew: bool = False
    ) -> TrackedPost:
        """Keep watching, and hold back alerts about the post until `until`. `AlreadyDecided` while an earlier snooze
        lasts, unless `anew` replaces it.
        """
        ...

    async def stop_watching(self, caller: Caller, tracked_post_id: int, now: datetime) -> TrackedPost:
        """`AlreadyDecided` when somebody stopped it before."""
        ...

    async def resume_watching(
        self,
        caller: Caller,
        tracked_post_id: int,
        next_check_at: datetime,
        audit_due_at: datetime | None,
        now: datetime,
    ) -> TrackedPost:
        """Watch a stopped post again; a post that is being watched is returned unchanged. `OverBudget` as for a new
        one.
        """
        ...

    async def due_now(self, caller: Caller, tracked_post_id: int, now: datetime) -> TrackedPost:
        """Make the post due for a check at `now` (a person asked)."""
        ...


class CheckStore(Protocol):
    """What the sweep needs, for all workspaces."""

    async def watch_load(self, now: datetime, *, ages: Sequence[timedelta]) -> Sequence[int]:
        """How many watched posts there are of each age: younger than each of `ages` (ascending) and not younger than
        the one before it. Older posts count with the last. A post is as young as its newest state.
        """
        ...

    async def lease_due_posts(
        self,
        now: datetime,
        *,
        worker: str,
        lease: timedelta,
        limit: int,
        only: int | None = None,
        fill: Fill | None = None,
    ) -> Sequence[int]:
        """Lease up to `limit` posts to `worker` until `now + lease`: posts that are due and not leased, the oldest due
        first. Posts that give way come after all others, unless they are later than `LATE_AT_MOST`.

        When any post is due, `fill` adds posts that are due next, so that every batch is full. `only` restricts the
        lease to one tracked post, due or not. No post is ever leased to two workers at once. Returns the posts' ids;
        `leased_posts` reads the posts.
        """
        ...

    async def leased_posts(self, worker: str, ids: Sequence[int]) -> Sequence[DuePost]:
        """Those of these posts that `worker` leases, in this order, with their newest readings."""
        ...

    async def undo_odd_clock(
        self, now: datetime, *, longest_wait: timedelta, watch_for: timedelta, late_watch_for: timedelta
    ) -> int:
        """Undo what a clock that was ahead of `now` by `CLOCKS_APART` or more planned or ended.

        Posts become due now when they were read in the future, wait longer than `longest_wait`, or are no longer
        watched although they were posted less than `watch_for` or registered less than `late_watch_for` ago. Audits
        that came before their time are open again and untold, and alerts and digests of the future are due. Stopped
        posts stay stopped. Returns how many posts became due. Leases of posts from the future hold nobody up.
        """
        ...

    async def release_posts(self, worker: str, only: Collection[int]) -> int:
        """Release those posts of `only` that `worker` leased. Returns how many were released."""
        ...

    async def release_due(self, worker: str, due_before: datetime) -> int:
        """Release the posts and audits that `worker` leased and that are due before this time. Returns how many were
        released.
        """
        ...

    async def record_unchanged(self, worker: str, looks: Sequence[Unchanged]) -> None:
        """Move the end of the readings that continue, keep the hashes of texts that were not known, set the next checks
        and drop the leases. Storing the same looks twice changes nothing. A post that `worker` no longer leases keeps
        the next check that somebody else planned.
        """
        ...

    async def record_checks(self, worker: str, checks: Sequence[Check], now: datetime) -> int:
        """Store readings, apply verdicts, owe alerts, keep patterns, set the next checks and drop the leases, in one
        transaction: when one check cannot be stored, none is.

        A check of a post that `worker` no longer leases is left out, because its new holder looks itself. What a member
        `said` is kept as a decision; `AlreadyDecided` when somebody already called the newest alert about the post
        wrong. Returns how many checks were applied.
        """
        ...


class AuditStore(Protocol):
    """What judging posts after seven days needs."""

    async def lease_due_audits(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int
    ) -> Sequence[TrackedPost]: ...
    async def record_audit(
        self, workspace_id: str, tracked_post_id: int, outcome: AuditOutcome, alert: NewAlert, now: datetime
    ) -> bool:
        """Set the outcome once, and owe its alert, in one transaction. False when the post was audited before."""
        ...

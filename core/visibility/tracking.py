"""Tracked posts: registered, looked at, judged; and how far behind the watching is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.alerts import Alert, DecisionKind
from core.model import (
    AccountState,
    AuditOutcome,
    Basis,
    Caller,
    Confidence,
    NewAlert,
    NewPattern,
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
    """What is true of a tracked post after judging, and what must be told. Applied as a whole or not at all.

    `state_since` changes only when `state` does. `patterns` are what was learned from a confirmed removal.
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

    A reading that continues an earlier one is that one with its new end.
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
    said: tuple[DecisionKind, Caller] | None = None  # what a member said, whose look this is
    gives_way: bool = False  # to others, when more is due than may be asked for


CLOCKS_APART = timedelta(minutes=5)  # of several machines on one database: less is no sign of a wrong one
# When more is due than may be asked for, what gives way comes after all others, until it is so late.
LATE_AT_MOST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A look that saw what the look before saw, of a post of which nothing is open: `row` is the reading it continues
    (`core.visibility.joining`), and nothing follows but the time of the next look.
    """

    tracked_post_id: int
    row: Reading
    next_check_at: datetime | None
    gives_way: bool


@dataclass(frozen=True, slots=True)
class Fill:
    """How batches of `size` posts are filled: with posts that were read before `read_before` and are due before
    `due_before`.
    """

    size: int
    read_before: datetime
    due_before: datetime


@dataclass(frozen=True, slots=True)
class DuePost:
    """A leased tracked post with its recent readings, oldest first (at most 50)."""

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
    last_evidence_at: datetime | None  # the newest reading that could tell
    unanswered: int = 0  # third-party looks since then that could not tell
    states: Mapping[State, int] = field(default_factory=dict)
    detour: str | None = None  # why the last alert for the place chosen now went to a person instead


class TrackedPostReads(Protocol):
    async def tracked_post(self, workspace_id: str, tracked_post_id: int) -> TrackedPost: ...
    async def tracked_posts(
        self, workspace_id: str, *, state: State | None = None, containing: str | None = None, limit: int = 50
    ) -> Sequence[TrackedPost]:
        """The newest first. `containing`: in the title, the Reddit id, the community or the state, or as the beginning
        of the number.
        """
        ...

    async def tracked_posts_named(self, workspace_id: str, fullnames: Collection[str]) -> Mapping[str, TrackedPost]:
        """Those of these Reddit ids that were registered, by id; stopped ones too."""
        ...

    async def tracked_posts_by_id(self, workspace_id: str, ids: Collection[int]) -> Mapping[int, TrackedPost]: ...
    async def post_of_draft(self, workspace_id: str, draft_id: int) -> TrackedPost | None:
        """The post that came of a draft."""
        ...

    async def removed_since(self, workspace_id: str, community: str, since: datetime) -> Sequence[TrackedPost]:
        """Those in a community that are removed now and became so then or later, the newest first."""
        ...

    async def stayed_posts(
        self, workspace_id: str, communities: Collection[str], posted_after: datetime
    ) -> Sequence[TrackedPost]:
        """Those in these communities that were posted after then and were still visible a week later."""
        ...

    async def registered_since(self, workspace_id: str, since: datetime) -> int:
        """How many posts were registered later than then."""
        ...

    async def has_sample_posts(self, workspace_id: str) -> bool:
        """A post on the sample Reddit was registered."""
        ...

    async def changed_since(
        self, workspace_id: str, states: Collection[State], since: datetime
    ) -> Sequence[TrackedPost]:
        """Those that are in one of these states since later than then, the newest first."""
        ...

    async def posts_by(self, workspace_id: str, author: str) -> Sequence[TrackedPost]:
        """All registered posts of this account, oldest first; Reddit writes its name the same way always."""
        ...

    async def readings(self, workspace_id: str, tracked_post_id: int, limit: int = 50) -> Sequence[Reading]:
        """The newest `limit` readings, oldest first."""
        ...

    async def watched_in(self, workspace_id: str, community: str) -> int:
        """How many watched posts are in a community."""
        ...

    async def community_news(self, workspace_id: str, community: str) -> Alert | None:
        """The newest alert that a whole community closed, or that it is open again."""
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
        """Keep watching, hold back alerts about it until then. `AlreadyDecided` while an earlier snooze lasts, unless
        this is one `anew`.
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
        """Watch a stopped post again; one that is watched is answered as it is. `OverBudget` as for a new one."""
        ...

    async def due_now(self, caller: Caller, tracked_post_id: int, now: datetime) -> TrackedPost:
        """Make the post due for a check at `now` (a person asked)."""
        ...


class CheckStore(Protocol):
    """What the sweep needs, for all workspaces."""

    async def watch_load(self, workspace_id: str | None, now: datetime, *, ages: Sequence[timedelta]) -> Sequence[int]:
        """How many watched posts are younger than each of `ages` (ascending) and not than the one before; older ones
        are counted with the last. A post is as young as its newest state. Without a workspace those of all, for the
        scheduler.
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
    ) -> Sequence[DuePost]:
        """Take up to `limit` posts that are due and not leased for `worker`, until `now + lease`: the oldest due first,
        but what gives way after all others, unless it is later than `LATE_AT_MOST`.

        When any post is due, `fill` adds those that are due next, so that every batch is full. `only` restricts it to
        one tracked post, due or not. No post is ever leased by two workers at once.
        """
        ...

    async def undo_odd_clock(
        self, now: datetime, *, longest_wait: timedelta, watch_for: timedelta, late_watch_for: timedelta
    ) -> int:
        """Take back what was planned or ended by a clock that was ahead of `now` (`CLOCKS_APART` at least): posts that
        were read in the future, wait longer than `longest_wait`, or are no longer watched though they were posted less
        than `watch_for` or registered less than `late_watch_for` ago are due now; audits before their time are open
        again; leases from the future are free; alerts and digests of the future are due. Stopped posts stay so.
        Returns how many posts are due anew.
        """
        ...

    async def release_posts(self, worker: str, only: Collection[int] | None = None) -> int:
        """Give back what `worker` holds (stopping, or a batch that could not be read), or some of it."""
        ...

    async def record_unchanged(self, worker: str, looks: Sequence[Unchanged]) -> None:
        """Move the end of readings that were seen again, set the next check and drop the lease. Storing it twice
        changes nothing. A post that `worker` no longer holds keeps the plan that somebody else made for it.
        """
        ...

    async def record_checks(self, worker: str | None, checks: Sequence[Check], now: datetime) -> int:
        """Store readings, apply verdicts, owe alerts, keep patterns, set the next check and drop the lease: all of it
        for all of them, or nothing (what cannot be stored of one post undoes the others too).

        A check of a post that `worker` no longer holds is left out (its new holder will look itself). `worker` None
        is for a person's own look, which needs no lease. What a member `said` is kept as a decision with it;
        `AlreadyDecided` when somebody called the newest alert about the post wrong before. Returns how many were
        applied.
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
        """Set the outcome once, and owe its alert, in one transaction. False when it had been audited before."""
        ...

"""What the core needs from outside, as contracts. `storage` and `core/gateways` implement them; tests pass the real
ones.

Every store verb is scoped by a workspace: readers take `workspace_id` first, writers a `Caller`. The exceptions,
which the scheduler needs, work for all workspaces, return rows that carry theirs, and are listed in `SYSTEM_VERBS`. A
verb is one transaction; what must happen together is one verb. Verbs raise `NotFound`, `AlreadyExists`,
`AlreadyDecided`, `OverBudget`, and `StorageUnavailable` where the database cannot take the change.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.model import (
    Account,
    AccountState,
    Alert,
    AlertKind,
    AlertPlace,
    AlertRecord,
    AuditEntry,
    AuditOutcome,
    AuthorStatus,
    Basis,
    Caller,
    Campaign,
    CampaignStatus,
    CollectedPost,
    CollectionRun,
    CollectMode,
    CommunityProfile,
    Confidence,
    DecisionKind,
    DigestPlan,
    Draft,
    DraftStatus,
    Fact,
    FactKind,
    Finding,
    Funnel,
    ImportedFile,
    Installation,
    Member,
    Membership,
    NewAlert,
    OnItsWay,
    Pattern,
    Plan,
    Post,
    QuietHours,
    Reading,
    Refusal,
    RemovedBy,
    RevisionOrigin,
    Role,
    Rule,
    RulesSnapshot,
    RunStatus,
    State,
    Timetable,
    TrackedPost,
    Usage,
    UsageEvent,
    Workspace,
)

# ---------------------------------------------------------------- remotes


@dataclass(frozen=True, slots=True)
class Sighting:
    """A post or comment as Reddit answered about it, before anything is concluded from it.

    With a `problem` (why nothing can be concluded, in words) only `fullname` is to be believed: what was said of this
    one post could not be read or contradicts itself, which costs the others in the answer nothing.
    """

    fullname: str
    community: str
    title: str | None
    body: str | None
    author: str | None  # None when the answer says "[deleted]"
    created_at: datetime | None
    category: str | None
    indexable: bool | None
    locked: bool | None
    score: int | None
    num_comments: int | None
    over_18: bool = False
    problem: str | None = None
    # It says by itself that it has no category, where no post of the answer says whether it is indexable.
    states_category: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """Requests that a view may send: `at_once` without waiting, and `an_hour` in the long run."""

    at_once: int
    an_hour: float


class RedditView(Protocol):
    """A third party's look at Reddit. Raises `RemoteError` for anything but a healthy answer."""

    basis: Basis

    @property
    def allowance(self) -> Allowance | None:
        """None: nobody counts its requests."""
        ...

    def sees(self, community: str) -> bool:
        """False for a community that this view cannot know of; what it does not find there means nothing."""
        ...

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        """What is known about up to 100 fullnames, in one request. An unknown id is absent from the answer."""
        ...

    async def control_candidates(self) -> Sequence[str]:
        """Fullnames of a few well-established live posts, to be put into every batch.

        Cheap; may be cached for hours.
        """
        ...

    async def author_status(self, name: str) -> AuthorStatus:
        """The account as others see it; `CANNOT_TELL` unless a control account answered as existing as well."""
        ...

    async def rules(self, community: str) -> tuple[Rule, ...]: ...


class PublicView(Protocol):
    """A logged-out look at one post's page: an extra reading that often cannot tell (reddit-facts: access)."""

    @property
    def wait_s(self) -> float:
        """How long a look would wait for its place now; these requests are few."""
        ...

    async def look(self, permalink: str, now: datetime) -> Reading:
        """Never raises for what the remote does: no evidence is a `Reading` with outcome `CANNOT_TELL` and its
        `problem`.
        """
        ...


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who gave consent on Reddit's own page, and the token that stands for it. The token is a secret."""

    name: str
    token: str = field(repr=False)
    created_at: datetime | None = None
    karma: int | None = None


class AuthorView(Protocol):
    """What linked accounts see of their own posts. It proves a removal, never that others see a post.

    Raises `ConsentGone` when Reddit no longer accepts an account's consent (which says nothing about its posts), and
    `RemoteError` for anything else but a healthy answer.
    """

    basis: Basis

    def consent_url(self, state: str) -> str:
        """Reddit's page that asks an account's owner for consent; `state` comes back with the answer."""
        ...

    async def sign_in(self, code: str) -> SignedIn:
        """Exchange the code that came back for a lasting token, and ask whose it is."""
        ...

    async def look_up(self, token: str, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        """What the account sees of up to 100 fullnames, in one request. An unknown id is absent from the answer."""
        ...

    async def revoke(self, token: str) -> None:
        """Give the consent back at Reddit. One that is gone already is no error."""
        ...


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """Some posts as a source gave them.

    `malformed` counts items that could not be read as posts; they are reported, not kept.
    """

    community: str
    posts: Sequence[CollectedPost]
    malformed: int = 0


class Report(Protocol):
    """Told where long work stands: `done` of `total` when the total is known. The text is fit to be shown."""

    async def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class RunCost:
    """What one run of a source cost, in whole; None when nobody knows."""

    usd_micros: int | None


@dataclass(frozen=True, slots=True)
class RunPrice:
    """What one run of a source, which is one call of `collect`, may take."""

    name: str  # what the money is booked under: the actor
    most_usd_micros: int
    longest: timedelta  # with its waiting


class PostSource(Protocol):
    """Where posts of communities come from.

    `mode` says which posts come; None takes what suits the source. Batches arrive as they are read. A `RemoteError`
    (or `BadFile`) after some batches means a partial result: what came is kept.

    A source that costs money has a `price`, and its run yields what this very run cost as soon as that is known; when
    it yields that again, the later one counts. A run that raises `PaidCallFailed` before says there what was spent;
    one that ends in any other way without a `RunCost` may have cost the most.
    """

    basis: Basis
    price: RunPrice | None  # None: it costs nothing

    def collect(
        self, communities: Sequence[str], *, limit_per_community: int, mode: CollectMode | None = None
    ) -> AsyncIterator[SourceBatch | RunCost]: ...


@dataclass(frozen=True, slots=True)
class ModelRequest:
    task: str
    model: str
    system: str
    prompt: str
    max_output_tokens: int
    answer_schema: Mapping[str, Any]  # JSON schema that the answer must satisfy
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    content: Mapping[str, Any]  # valid against the request's schema
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost_usd_micros: int | None  # None: neither the provider nor the price map knows
    cost_basis: str  # "provider", "settings", "price_map" or "unknown"


class LanguageModel(Protocol):
    async def worst_case_usd_micros(self, request: ModelRequest) -> int:
        """The most this call can cost. A model without a known price counts as expensive, never as free."""
        ...

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """One call, no hidden retries. Raises `RemoteError`; a malformed answer is one too (not permanent)."""
        ...


# ---------------------------------------------------------------- store: what verbs take and give


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
class ConsentRequest:
    """A member asked for a consent page and its answer came. `account_name`: only that account will do."""

    workspace_id: str
    member_id: str
    member_name: str
    account_name: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class NewRevision:
    origin: RevisionOrigin
    title: str
    body: str
    findings: tuple[Finding, ...]
    written_by: str
    fact_ids: tuple[int, ...] = ()


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
class NewPattern:
    campaign_id: int | None
    community: str
    category: str
    body: str
    source: str
    confidence: float
    tracked_post_id: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check of one tracked post: its readings, the verdict, and when to look again."""

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


EARLIER_POSTS_AT_MOST = 3  # more make no difference to anything

# A tracked post is calm when it was seen live for so long, and nothing made its last check ask for another one soon.
# When more is due than may be asked for, calm posts give way to all others, until they are as late as nothing may be.
CALM_AFTER = timedelta(hours=6)
CALM_WAIT = timedelta(minutes=55)
CLOCKS_APART = timedelta(minutes=5)  # of several machines on one database: less is no sign of a wrong one
LATE_AT_MOST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class DuePost:
    """A leased tracked post with its recent readings, oldest first (at most 50).

    `earlier_posts` is how many of its author's posts the workspace has that were posted before it, counted to
    `EARLIER_POSTS_AT_MOST`.
    """

    post: TrackedPost
    history: tuple[Reading, ...]
    earlier_posts: int = 0


@dataclass(frozen=True, slots=True)
class WatchLoad:
    """What the watched posts ask for. `urgent` are due within the hour and can give way to nothing; `calm` are the
    confirmed live ones that were not audited yet, counted by the last of the ages asked for that they have reached
    and by whether three posts of the author came before; `audited` are the calm ones after their audit.
    """

    urgent: int
    calm: Mapping[tuple[timedelta, bool], int]
    audited: int


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


SYSTEM_VERBS = frozenset(
    {
        "lease_due_posts",
        "release_posts",
        "record_checks",
        "claim_alerts",
        "settle_alert",
        "release_alerts",
        "set_out",
        "lease_due_audits",
        "due_digests",
        "next_due_at",
        "last_written_at",
        "purge_expired",
        "undo_odd_clock",
        "expire_reservations",
        "communities_to_refresh",
        "keep_runs_alive",
        "fail_abandoned_runs",
        "take_consent_request",
        "all_workspaces",
        "installations",
    }
)


class Store(Protocol):
    # ------------------------------------------------ workspaces, members, audit log

    async def ensure_workspace(self, workspace_id: str, platform: str, name: str, now: datetime) -> Workspace: ...
    async def workspace(self, workspace_id: str) -> Workspace: ...
    async def all_workspaces(self) -> Sequence[Workspace]:
        """For whoever runs the program; the oldest first."""
        ...

    async def set_alert_channel(self, caller: Caller, channel: str | None, now: datetime) -> None:
        """Alerts go there from now on. The caller has seen the channel take a message: that was `now`."""
        ...

    async def alert_place(self, workspace_id: str) -> AlertPlace:
        """Where alerts go, and when that channel last took a message: the one that chose it, or an alert."""
        ...

    async def timetable(self, workspace_id: str) -> Timetable:
        """The workspace's own time; the defaults where nothing was set."""
        ...

    async def set_timezone(self, caller: Caller, timezone: str, now: datetime) -> Timetable:
        """Quiet hours and digests count in this zone from now on; what waits is due by it at once."""
        ...

    async def set_quiet_hours(self, caller: Caller, hours: QuietHours | None, now: datetime) -> Timetable:
        """None ends them. What waits for other quiet hours is due by the new ones at once."""
        ...

    async def set_digest(self, caller: Caller, plan: DigestPlan | None, now: datetime) -> Timetable:
        """When digests come; None for no more. A period that has begun goes on, and ends with the next one due."""
        ...

    async def due_digests(self, now: datetime, limit: int) -> Sequence[Timetable]:
        """The timetables whose digest is due, the longest overdue first."""
        ...

    async def owe_digest(self, caller: Caller, due_at: datetime, digest: NewAlert, now: datetime) -> bool:
        """Owe the digest that was due at `due_at` and begin the next period, in one transaction.

        False when another program did, or when it is due at another time now.
        """
        ...

    async def members(self, workspace_id: str) -> Sequence[Member]: ...
    async def enter(self, workspace_id: str, platform: str, name: str, member_id: str, now: datetime) -> Membership:
        """Somebody does something in a workspace, which is made, or given its new name, when that is needed.

        The one question that every command asks; as long as the workspace is known it only reads.
        """
        ...

    async def grant_role(self, caller: Caller, member_id: str, name: str, role: Role, now: datetime) -> Member: ...
    async def revoke_role(self, caller: Caller, member_id: str, now: datetime) -> Member: ...
    async def audit_log(self, workspace_id: str, limit: int = 100) -> Sequence[AuditEntry]: ...
    async def export_rows(self, workspace_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every row of the workspace by table name, JSON-ready, secrets left out."""
        ...

    async def forget_workspace(self, caller: Caller) -> Mapping[str, int]:
        """Delete everything of the workspace; answers how many rows of each table went."""
        ...

    # ------------------------------------------------ installations

    async def install(self, caller: Caller, workspace_name: str, new: Installation, now: datetime) -> None:
        """Keep a permission in place of the workspace's last one; makes the workspace when it is new."""
        ...

    async def installation(self, workspace_id: str) -> Installation | None:
        """With its sealed token: no card and no export holds one."""
        ...

    async def installations(self) -> Sequence[Installation]:
        """For whoever runs the program: those that ended too, the oldest first."""
        ...

    async def end_installation(self, caller: Caller, reason: str, until: datetime, now: datetime) -> bool:
        """Drop the token of a permission given no later than `until`. False when there is none: another one by now."""
        ...

    # ------------------------------------------------ campaigns and facts

    async def create_campaign(
        self,
        caller: Caller,
        *,
        name: str,
        product: str,
        url: str | None,
        keywords: Sequence[str],
        communities: Sequence[str],
        now: datetime,
    ) -> Campaign:
        """Names are unique per workspace without regard to case: `AlreadyExists`.

        Over the plan's number: `OverBudget`.
        """
        ...

    async def campaign(self, workspace_id: str, reference: int | str) -> Campaign:
        """By id or by name; deleted ones are not found."""
        ...

    async def campaigns(self, workspace_id: str) -> Sequence[Campaign]: ...
    async def update_campaign(
        self,
        caller: Caller,
        campaign_id: int,
        *,
        now: datetime,
        product: str | None = None,
        url: str | None = None,
        keywords: Sequence[str] | None = None,
        communities: Sequence[str] | None = None,
    ) -> Campaign:
        """None leaves a field as it is; an empty `url` takes it away."""
        ...

    async def set_campaign_status(
        self, caller: Caller, campaign_id: int, status: CampaignStatus, now: datetime
    ) -> Campaign:
        """`DELETED` keeps the rows for `UNDO_WINDOW`; any other status inside it undoes the deletion and leaves the
        campaign as it was before, paused or not; later is `NotFound`.
        """
        ...

    async def add_fact(self, caller: Caller, campaign_id: int, kind: FactKind, body: str, now: datetime) -> Fact: ...
    async def facts(self, workspace_id: str, campaign_id: int) -> Sequence[Fact]: ...
    async def remove_fact(self, caller: Caller, fact_id: int, now: datetime) -> Fact: ...

    # ------------------------------------------------ collecting and understanding

    async def start_run(
        self,
        caller: Caller,
        campaign_id: int,
        basis: Basis,
        communities: Sequence[str],
        now: datetime,
        *,
        files: Sequence[ImportedFile] = (),
    ) -> CollectionRun: ...
    async def add_posts(
        self, caller: Caller, run_id: int, posts: Sequence[CollectedPost], funnel: Funnel, now: datetime
    ) -> Funnel:
        """Keep posts that passed the prefilter and add `funnel` (their found and filtered counts) to the run's, in
        one transaction.

        A post whose reddit_id the workspace already has is counted as duplicate, not stored again; its counts and
        removal category are refreshed when given. Answers what this call added to the funnel, so running it twice
        doubles nothing.
        """
        ...

    async def finish_run(
        self,
        caller: Caller,
        run_id: int,
        status: RunStatus,
        now: datetime,
        *,
        problem: str | None = None,
        cost_usd_micros: int = 0,
    ) -> CollectionRun:
        """End a running run. One that has ended already stays as it ended, and is answered so."""
        ...

    async def runs(
        self, workspace_id: str, limit: int = 10, *, status: RunStatus | None = None
    ) -> Sequence[CollectionRun]:
        """The newest first."""
        ...

    async def keep_runs_alive(self, run_ids: Sequence[int], now: datetime) -> None:
        """Say that the program that runs these is still there."""
        ...

    async def fail_abandoned_runs(self, now: datetime, silent_since: datetime | None) -> int:
        """Mark running runs as failed whose program has not been heard of since then (None: all of them, however
        the clock stands); returns how many.
        """
        ...

    async def community_summaries(self, workspace_id: str) -> Sequence[CommunitySummary]: ...
    async def community_summary(self, workspace_id: str, community: str) -> CommunitySummary: ...
    async def posts(
        self,
        workspace_id: str,
        community: str,
        *,
        limit: int | None = None,
        containing: str | None = None,
        newest_first: bool = True,
    ) -> Sequence[Post]:
        """Kept, unpurged posts. `containing` matches title or body, without regard to case."""
        ...

    async def post(self, workspace_id: str, post_id: int) -> Post:
        """One kept, unpurged post."""
        ...

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
        now: datetime,
    ) -> CommunityProfile: ...
    async def latest_profile(self, workspace_id: str, community: str) -> CommunityProfile | None: ...
    async def save_rules(
        self, caller: Caller, community: str, basis: Basis, rules: Sequence[Rule], now: datetime
    ) -> RulesSnapshot:
        """A new snapshot, or the last one with a renewed `taken_at` when nothing changed."""
        ...

    async def rules_snapshot(self, workspace_id: str, snapshot_id: int) -> RulesSnapshot: ...
    async def latest_rules(self, workspace_id: str, community: str) -> RulesSnapshot | None: ...
    async def communities_to_refresh(self, taken_before: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """(workspace_id, community) of active campaigns whose rules were last read before then, or never."""
        ...

    async def purge_expired(self, now: datetime, keep: timedelta) -> int:
        """Empty the text of posts collected longer ago than `keep`, and drop campaigns deleted longer ago than the
        undo window.
        """
        ...

    # ------------------------------------------------ drafts

    async def create_draft(
        self, caller: Caller, campaign_id: int, community: str, revision: NewRevision, now: datetime
    ) -> Draft: ...
    async def draft(self, workspace_id: str, draft_id: int) -> Draft: ...
    async def drafts(
        self,
        workspace_id: str,
        *,
        statuses: Collection[DraftStatus] = (),
        containing: str | None = None,
        before: int | None = None,
        limit: int = 20,
    ) -> Sequence[Draft]:
        """The newest first: of these statuses (of all without any), older than draft `before`, and with `containing`
        in the newest title, the community or the status, or as the beginning of the number.
        """
        ...

    async def drafts_by_id(self, workspace_id: str, ids: Collection[int]) -> Mapping[int, Draft]: ...
    async def count_drafts(self, workspace_id: str) -> Mapping[DraftStatus, int]:
        """How many there are of each status that occurs."""
        ...

    async def add_revision(
        self,
        caller: Caller,
        draft_id: int,
        revision: NewRevision,
        *,
        after: int,
        now: datetime,
    ) -> Draft:
        """Add a revision when the latest is still number `after`; otherwise `AlreadyDecided` says who wrote the
        newer one.
        """
        ...

    async def decide_draft(
        self, caller: Caller, draft_id: int, decision: DraftStatus, now: datetime, *, revision: int | None = None
    ) -> Draft:
        """Approve or discard an open draft. A second decision is `AlreadyDecided` with who, what and when.

        With `revision`, only that text is decided about: when a newer one was written meanwhile, `AlreadyDecided`
        says by whom.
        """
        ...

    # ------------------------------------------------ tracked posts

    async def register_post(self, caller: Caller, new: NewTrackedPost, now: datetime) -> TrackedPost:
        """Watch a post, and mark its draft posted, in one transaction.

        `AlreadyExists` says who registered it and when; `OverBudget` when the plan's number is watched already.
        """
        ...

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

    async def backlog(self, workspace_id: str, now: datetime) -> Backlog: ...
    async def watch_load(
        self, workspace_id: str | None, now: datetime, *, ages: Sequence[timedelta], audited_before: datetime
    ) -> WatchLoad:
        """`ages` ascend from `CALM_AFTER`; posts from before `audited_before` were audited. Without a workspace that
        of all, for the scheduler.
        """
        ...

    async def lease_due_posts(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int, only: int | None = None
    ) -> Sequence[DuePost]:
        """Take up to `limit` posts that are due and not leased for `worker`, until `now + lease`: the oldest due first,
        but calm ones after all others, unless they are later than `LATE_AT_MOST`.

        `only` restricts it to one tracked post, due or not. No post is ever leased by two workers at once.
        """
        ...

    async def undo_odd_clock(
        self, now: datetime, *, longest_wait: timedelta, watch_for: timedelta, late_watch_for: timedelta
    ) -> int:
        """Take back what was planned or ended by a clock that was ahead of `now` (`CLOCKS_APART` at least): posts that
        were read in the future, wait longer than `longest_wait`, or are no longer watched though they were posted less
        than `watch_for` or registered less than `late_watch_for` ago are due now; audits before their time are open
        again; leases from the future are free; alerts and digests of the future are due. Stopped posts stay so.
        Answers how many posts are due anew.
        """
        ...

    async def release_posts(self, worker: str) -> int:
        """Give back what `worker` holds (stopping, or a batch that could not be read)."""
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

    async def lease_due_audits(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int
    ) -> Sequence[TrackedPost]: ...
    async def record_audit(
        self, workspace_id: str, tracked_post_id: int, outcome: AuditOutcome, alert: NewAlert, now: datetime
    ) -> bool:
        """Set the outcome once, and owe its alert, in one transaction. False when it had been audited before."""
        ...

    async def last_written_at(self) -> datetime | None:
        """When the newest reading was written or the newest deed entered, by the clock of then; None: never."""
        ...

    async def next_due_at(self) -> datetime | None:
        """The earliest time at which a check, an audit, a digest or an alert is due in any workspace.

        An alert in quiet hours is due at their end.
        """
        ...

    # ------------------------------------------------ alerts, patterns, accounts

    async def owe_alert(self, caller: Caller, alert: NewAlert, now: datetime) -> bool:
        """Put an alert in the outbox. False when its dedupe key was owed before.

        Waiting alerts that it makes old news of are told with it (core/alerts.py).
        """
        ...

    async def alerts(
        self,
        workspace_id: str,
        limit: int | None = 20,
        *,
        kind: AlertKind | None = None,
        since: datetime | None = None,
    ) -> Sequence[Alert]:
        """The newest first; only those owed later than `since`."""
        ...

    async def alert_record(self, workspace_id: str, alert_id: int) -> AlertRecord:
        """An alert of this workspace as its message should show it now. Raises `NotFound`."""
        ...

    async def claim_alerts(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int, platforms: Sequence[str]
    ) -> Sequence[Alert]:
        """Lease due, undelivered alerts of workspaces on `platforms`: of each workspace its oldest, and none of a
        workspace of which one is leased already. In a workspace's quiet hours only those that come at any hour
        (core/alerts.py); the others stay as they are, and are due when the hours end.

        `channel` is the workspace's alert channel of this moment; `attempts` counts this claim too.
        """
        ...

    async def set_out(
        self, alert_id: int, worker: str, place: str, now: datetime, *, lease: timedelta
    ) -> OnItsWay | None:
        """Asked right before an alert goes to `place`: renew its lease, and note where it goes (`sent_to`), so that
        whoever takes it up after a crash looks there. None when the lease was lost: then it must not go.
        """
        ...

    async def settle_alert(
        self,
        alert_id: int,
        worker: str,
        now: datetime,
        *,
        delivered: bool,
        delivery_ref: str | None = None,
        problem: str | None = None,
        retry_at: datetime | None = None,
        sent_to: str | None = None,
        others_wait_until: datetime | None = None,
    ) -> bool:
        """Delivered, to be retried at `retry_at`, or given up (neither). False when the lease was lost meanwhile.

        `problem` of a delivered alert says why it went elsewhere than to its channel. `sent_to` is where it stands;
        of one that was not delivered, where it may stand already. Until `others_wait_until` the workspace's other
        alerts are not due. With a delivery the place's refusals are forgotten; where there were any, the news of lost
        alerts that reached nobody is due again. With giving up, an `UNDELIVERED` alert is owed, except for itself.
        """
        ...

    async def release_alerts(self, worker: str, alert_ids: Sequence[int]) -> int: ...
    async def refuse_place(self, workspace_id: str, place: str, problem: str, now: datetime) -> Refusal:
        """Remember that a place took no alert; counted when it was known to refuse already."""
        ...

    async def refusals(self, workspace_id: str) -> Sequence[Refusal]:
        """The places that took no alert the last time, oldest refusal first."""
        ...

    async def places_that_took(self, workspace_id: str, limit: int = 3) -> Sequence[str]:
        """Channels that took alerts of this workspace lately, the newest first; no direct messages."""
        ...

    async def retry_alerts(self, caller: Caller, now: datetime) -> int:
        """Make the workspace's alerts that were given up due at once, with fresh attempts; returns how many. That they
        were lost is no news then: what waits to tell that is told with them.
        """
        ...

    async def add_pattern(self, caller: Caller, new: NewPattern, now: datetime) -> Pattern: ...
    async def patterns(self, workspace_id: str, community: str | None = None) -> Sequence[Pattern]: ...
    async def remove_pattern(self, caller: Caller, pattern_id: int, now: datetime) -> Pattern: ...
    async def restore_pattern(self, caller: Caller, pattern_id: int, now: datetime) -> Pattern: ...
    async def state_reason(
        self, caller: Caller, tracked_post_id: int, reason: str, pattern: NewPattern | None, now: datetime
    ) -> Pattern | None:
        """Keep why moderators removed a post, take back what was guessed from its removal, and learn `pattern` instead,
        in one transaction. `AlreadyDecided` when a reason is kept already.
        """
        ...

    async def unstate_reason(self, caller: Caller, tracked_post_id: int, now: datetime) -> Sequence[Pattern]:
        """Undo `state_reason`: its pattern goes, the guesses come back; answers those. `NotFound` without a reason."""
        ...

    async def accounts(self, workspace_id: str, names: Collection[str] | None = None) -> Sequence[Account]:
        """All of them, or those of `names` (without regard to case)."""
        ...

    async def link_account(self, caller: Caller, name: str, now: datetime) -> Account: ...
    async def unlink_account(self, caller: Caller, name: str, now: datetime) -> Account:
        """Its token goes too."""
        ...

    async def ask_consent(
        self, caller: Caller, state_sha256: str, account_name: str | None, now: datetime, expires_at: datetime
    ) -> None:
        """Remember that this member was given a consent page; replaces the one they were given before."""
        ...

    async def take_consent_request(
        self, state_sha256: str, now: datetime, *, only_for: Caller | None = None
    ) -> ConsentRequest:
        """The open request with this state, which serves once. `NotFound` when it was used, expired, or (with
        `only_for`) is another member's; that one stays open.
        """
        ...

    async def sign_in_account(
        self,
        caller: Caller,
        name: str,
        sealed_token: str,
        now: datetime,
        *,
        reddit_created_at: datetime | None = None,
        karma: int | None = None,
    ) -> Account:
        """Link the account with a token, in place of one it may have. None leaves age and karma as they were."""
        ...

    async def sealed_tokens(self, workspace_id: str) -> Mapping[int, str]:
        """By account's id. The only verb that answers them: no record and no export holds them."""
        ...

    async def end_consent(
        self, caller: Caller, account_id: int, sealed_token: str, alert: NewAlert, now: datetime
    ) -> bool:
        """Drop this token and owe the alert, in one transaction. False when the account has another one by now."""
        ...

    # ------------------------------------------------ money

    async def plan(self, workspace_id: str) -> Plan:
        """What the workspace may use. Its `cap_usd_micros` is what `reserve` goes by."""
        ...

    async def set_plan(
        self,
        caller: Caller,
        now: datetime,
        *,
        monthly_cap_usd_micros: int | None = None,
        max_tracked_posts: int | None = None,
        max_campaigns: int | None = None,
    ) -> Plan: ...
    async def reserve(
        self,
        caller: Caller,
        task: str,
        amount_usd_micros: int,
        now: datetime,
        *,
        expires_at: datetime,
        model: str = "unknown",
    ) -> int:
        """Hold money against the month's cap for one call of a model or run of an actor. Returns the reservation's
        id, or raises `OverBudget` with what is left.
        """
        ...

    async def settle(self, caller: Caller, reservation_id: int, event: UsageEvent, now: datetime) -> None:
        """Replace the reservation by what the call really cost."""
        ...

    async def release(self, caller: Caller, reservation_id: int, now: datetime) -> None:
        """Nothing was spent."""
        ...

    async def expire_reservations(self, now: datetime) -> int:
        """Settle reservations nobody came back for at their worst case: money that may have been spent counts as
        spent.
        """
        ...

    async def usage(self, workspace_id: str, now: datetime) -> Usage: ...

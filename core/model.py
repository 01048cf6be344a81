"""The words of the domain as data: enums and frozen dataclasses, without behaviour that needs a database or a network.

Every time is aware UTC. Every `*_id` of ours is an int, unique in the database; a `reddit_id` is Reddit's id without
its type prefix (`1abc2d`), a `fullname` carries it (`t3_1abc2d`). Community names are stored lower-case without `r/`.
Money is counted in whole micro-dollars (`*_usd_micros`), so that sums are exact on every engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a member may do; each role may do all that the ones before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Basis(StrEnum):
    """Where data came from, so that every card can say what it stands on."""

    REDDIT_API = "reddit_api"
    APIFY = "apify"
    FILE = "file"
    PERSON = "person"
    WEB = "web"
    SAMPLE = "sample"


class CollectMode(StrEnum):
    """Which posts of a community are collected: how it is now, what it liked, or half of each."""

    FRESH = "fresh"  # the newest
    HISTORICAL = "historical"  # the best of the last year
    HYBRID = "hybrid"


# ---------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a change is made: written into the audit log with it."""

    workspace_id: str
    member_id: str  # "system" for the scheduler
    name: str
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str  # "discord:<guild id>", "slack:<team id>", "terminal:local"
    platform: str
    name: str
    created_at: datetime
    alert_channel: str | None  # a destination in the platform's words; None: none is chosen, or the terminal


@dataclass(frozen=True, slots=True)
class AlertPlace:
    """Where a workspace's alerts go. `took_at`: when the channel last took a message of ours; None: it never did."""

    channel: str | None
    took_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` until `until` in the workspace's zone, over midnight when `until` is not later. Never equal."""

    begin: time
    until: time


class DigestRhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class Weekday(StrEnum):
    """In the order of `date.weekday()`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """When digests come, in the workspace's zone. `on` counts for weekly ones only."""

    every: DigestRhythm
    at: time
    on: Weekday = Weekday.MONDAY


@dataclass(frozen=True, slots=True)
class Timetable:
    """A workspace's own time. Times of day are in its zone, all others are instants."""

    workspace_id: str
    timezone: str = "UTC"  # the name of a zone, such as "Europe/Vienna"
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_every: DigestRhythm | None = None
    digest_at: time | None = None
    digest_on: Weekday | None = None
    digest_since: datetime | None = None  # where the period of the next digest begins
    digest_due_at: datetime | None = None

    @property
    def quiet_hours(self) -> QuietHours | None:
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_until)

    @property
    def digest(self) -> DigestPlan | None:
        if self.digest_every is None or self.digest_at is None:
            return None
        return DigestPlan(self.digest_every, self.digest_at, self.digest_on or Weekday.MONDAY)


@dataclass(frozen=True, slots=True)
class Membership:
    """What a workspace knows of one person: the role that was granted, if any, and whether anybody is admin yet."""

    role: Role | None
    has_admin: bool


@dataclass(frozen=True, slots=True)
class Member:
    workspace_id: str
    id: str  # the platform's user id
    name: str
    role: Role
    granted_by: str | None
    granted_at: datetime


class AccountState(StrEnum):
    VISIBLE = "visible"
    SHADOWBANNED = "shadowbanned"
    SUSPENDED = "suspended"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Account:
    """A Reddit account, known because its owner linked it or because a tracked post names it.

    `signed_in_at`: since when its own view can be read; `consent_gone_at`: since when no more, until it is linked anew.
    """

    id: int
    workspace_id: str
    name: str
    state: AccountState
    state_since: datetime
    linked_by: str | None
    reddit_created_at: datetime | None = None
    karma: int | None = None
    last_read_at: datetime | None = None
    signed_in_at: datetime | None = None
    consent_gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """A chat workspace's permission for the bot to act in it, given on the platform's own page by `installed_by`.

    `sealed_token` is None since `ended_at`, when the permission was taken back; `end_reason` is the platform's word.
    """

    workspace_id: str
    installed_by: str  # the member's id on the platform
    installed_at: datetime
    bot_user_id: str  # who the bot is there
    sealed_token: str | None = field(repr=False)
    ended_at: datetime | None = None
    end_reason: str | None = None


# ---------------------------------------------------------------- campaigns


UNDO_WINDOW = timedelta(seconds=60)  # how long a deleted campaign can be brought back


class CampaignStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    workspace_id: str
    name: str
    product: str
    url: str | None
    keywords: tuple[str, ...]
    communities: tuple[str, ...]
    status: CampaignStatus
    created_by: str
    created_at: datetime
    deleted_at: datetime | None = None


class FactKind(StrEnum):
    PRODUCT = "product"
    NUMBER = "number"
    EXPERIENCE = "experience"


@dataclass(frozen=True, slots=True)
class Fact:
    id: int
    workspace_id: str
    campaign_id: int
    kind: FactKind
    body: str
    vouched_by: str  # the member's name as it was shown
    created_at: datetime


# ---------------------------------------------------------------- collecting


class RunStatus(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"  # ended early, what was kept is kept
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CollectedPost:
    """A Reddit submission as a source gave it, in our field names. Absent is None, never 0 or an empty guess."""

    reddit_id: str
    community: str
    title: str
    body: str  # "" for a link post
    author: str | None
    created_at: datetime
    score: int | None = None
    upvote_ratio: float | None = None
    num_comments: int | None = None
    flair: str | None = None
    url: str | None = None  # where a link post points; None for a self post
    is_self: bool | None = True  # a text post; None when the source does not say which kind it is
    over_18: bool = False
    distinguished: bool = False  # by a moderator or admin
    stickied: bool = False
    locked: bool = False
    removed_by_category: str | None = None
    # When score and comments were read: exactly, or not before this time (a file that does not say is no older than
    # its newest post). None: not known at all, which is no reason to take the score for a settled one.
    score_at: datetime | None = None
    # How the source came upon it: "new", "top:year", "file" …, with the place in that listing when known:
    # "top:year#12".
    found_in: str | None = None
    time_is_exact: bool = True  # False: `created_at` is not known to the minute, so it tells no hour and no weekday


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of everything a source gave: found = duplicate + sum(filtered) + kept.

    `kept_of` splits `kept` by community.
    """

    found: int = 0
    duplicate: int = 0
    filtered: Mapping[str, int] = field(default_factory=dict)  # reason -> count
    kept: int = 0
    kept_of: Mapping[str, int] = field(default_factory=dict)

    def plus(self, other: Funnel) -> Funnel:
        return Funnel(
            self.found + other.found,
            self.duplicate + other.duplicate,
            _sum(self.filtered, other.filtered),
            self.kept + other.kept,
            _sum(self.kept_of, other.kept_of),
        )


def _sum(some: Mapping[str, int], others: Mapping[str, int]) -> Mapping[str, int]:
    return {key: some.get(key, 0) + others.get(key, 0) for key in {**some, **others}}


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What an imported file was taken for, told so that a person can check it.

    `read` maps each fact to the columns it was read from, the best first; `unused` are columns that were not read,
    `unknown` facts that no column gave. `passed_over` names the first lines that were not read, and why;
    `passed_over_count` counts all of them.
    """

    file: str
    form: str  # "a table, separated by commas", "JSON" …
    posts: int
    read: Mapping[str, Sequence[str]]
    unused: Sequence[str]
    unknown: Sequence[str]
    notes: Sequence[str]  # what was ambiguous, and how it was taken
    passed_over: Sequence[tuple[int, str]]
    passed_over_count: int


@dataclass(frozen=True, slots=True)
class CollectionRun:
    id: int
    workspace_id: str
    campaign_id: int
    basis: Basis
    status: RunStatus
    communities: tuple[str, ...]
    funnel: Funnel
    started_by: str
    started_at: datetime
    finished_at: datetime | None = None
    problem: str | None = None  # why it is partial or failed, fit to be shown
    cost_usd_micros: int = 0
    files: tuple[ImportedFile, ...] = ()  # of an import, one for each file


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


# ---------------------------------------------------------------- understanding


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


# ---------------------------------------------------------------- drafting


class DraftStatus(StrEnum):
    GENERATED = "generated"
    EDITED = "edited"
    APPROVED = "approved"
    POSTED = "posted"
    DISCARDED = "discarded"

    @property
    def is_open(self) -> bool:
        """Nobody has decided about it yet."""
        return self in (DraftStatus.GENERATED, DraftStatus.EDITED)


class RevisionOrigin(StrEnum):
    MODEL = "model"
    OUTLINE = "outline"  # arranged from the member's own facts, no model involved
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked in a draft. `level`: "ok", "advice" or "problem"; the last one blocks approval."""

    check: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Revision:
    number: int  # 1, 2, 3 … within its draft
    origin: RevisionOrigin
    title: str
    body: str
    findings: tuple[Finding, ...]
    written_by: str  # a member's name, or the model's
    created_at: datetime
    fact_ids: tuple[int, ...] = ()  # of the facts that stood in the text when it was checked


@dataclass(frozen=True, slots=True)
class Draft:
    id: int
    workspace_id: str
    campaign_id: int
    community: str
    status: DraftStatus
    revisions: tuple[Revision, ...]  # oldest first, at least one
    created_by: str
    created_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def latest(self) -> Revision:
        return self.revisions[-1]


# ---------------------------------------------------------------- visibility


class View(StrEnum):
    """Who looks."""

    THIRD_PARTY = "third_party"
    AUTHOR = "author"
    ANONYMOUS = "anonymous"
    PERSON = "person"


class Outcome(StrEnum):
    """What a look gave, three-valued: `CANNOT_TELL` is no evidence in either direction."""

    VISIBLE = "visible"
    NOT_VISIBLE = "not_visible"
    CANNOT_TELL = "cannot_tell"


class AuthorStatus(StrEnum):
    """An account as a third party sees it; part of a reading when it was looked up for the post."""

    EXISTS = "exists"
    MISSING = "missing"  # 404 while a control account answered: shadowbanned or deleted
    SUSPENDED = "suspended"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one view saw of one tracked post at one time, or that it could not see. A row of its own, never changed.

    `control_live` says that a post known to be live came back live in the same answer; without it a third-party
    reading is no evidence. `found` is False when the id was missing from an otherwise healthy answer. `category` is
    Reddit's `removed_by_category`, as sent.
    """

    view: View
    basis: Basis
    read_at: datetime
    outcome: Outcome
    found: bool | None = None
    control_live: bool = False
    category: str | None = None
    indexable: bool | None = None
    author_present: bool | None = None  # the post still names its author
    body_state: str | None = None  # one of `core.visibility.readings.body_state`
    locked: bool | None = None
    score: int | None = None
    num_comments: int | None = None
    author_status: AuthorStatus | None = None
    problem: str | None = None  # why there is no evidence, in words


class State(StrEnum):
    """The confirmed visibility of a tracked post. `locked` is a separate flag."""

    UNVERIFIED = "unverified"
    LIVE = "live"
    HELD = "held"
    REMOVED = "removed"
    DELETED = "deleted"
    SHADOWBANNED = "shadowbanned"
    SUSPENDED = "suspended"
    GATED = "gated"
    UNKNOWN = "unknown"


class RemovedBy(StrEnum):
    MODERATORS = "moderators"
    REDDIT_FILTERS = "reddit_filters"
    REDDIT_ADMINS = "reddit_admins"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    MEDIUM_HIGH = "medium_high"
    HIGH = "high"


class AuditOutcome(StrEnum):
    SUCCESS = "success"
    REJECTION = "rejection"
    INERTIA = "inertia"  # stayed, and hardly anybody reacted
    UNDECIDED = "undecided"  # never verified, so nothing can be said


@dataclass(frozen=True, slots=True)
class TrackedPost:
    id: int
    workspace_id: str
    fullname: str  # "t3_…" for a post, "t1_…" for a comment
    community: str
    author: str | None
    permalink: str
    campaign_id: int | None
    draft_id: int | None
    registered_by: str
    registered_at: datetime
    posted_at: datetime
    basis: Basis
    state: State
    state_since: datetime
    removed_by: RemovedBy | None = None
    category: str | None = None
    confidence: Confidence | None = None
    locked: bool = False
    title: str | None = None
    body_sha256: str | None = None  # of the text first seen; None for a link post or before the first look
    score: int | None = None
    num_comments: int | None = None
    last_read_at: datetime | None = None
    next_check_at: datetime | None = None  # None: no longer watched
    snoozed_until: datetime | None = None
    stopped_at: datetime | None = None
    audit_due_at: datetime | None = None
    audit_outcome: AuditOutcome | None = None
    rules_snapshot_id: int | None = None
    profile_id: int | None = None
    stated_reason: str | None = None  # why moderators removed it, in their words or by their rule
    stated_by: str | None = None  # the member who passed that on
    stated_at: datetime | None = None


class AlertKind(StrEnum):
    POST_LIVE = "post_live"  # first confirmation, or good news after a bad state
    POST_HELD = "post_held"
    POST_REMOVED = "post_removed"
    POST_DELETED = "post_deleted"
    POST_GATED = "post_gated"
    POST_LOCKED = "post_locked"
    ACCOUNT_SHADOWBANNED = "account_shadowbanned"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_DELETED = "account_deleted"
    CANNOT_SEE = "cannot_see"
    CONSENT_GONE = "consent_gone"  # of a linked account: its own view is off
    AUDIT = "audit"
    DIGEST = "digest"
    TEST = "test"
    UNDELIVERED = "undelivered"  # other alerts were given up


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert to be owed: facts and a key that makes it once, no rendered words."""

    kind: AlertKind
    dedupe_key: str
    facts: Mapping[str, Any]
    tracked_post_id: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    id: int
    workspace_id: str
    kind: AlertKind
    dedupe_key: str
    facts: Mapping[str, Any]
    tracked_post_id: int | None
    channel: str | None
    created_at: datetime
    attempts: int
    correlation_id: str
    delivered_at: datetime | None = None
    last_problem: str | None = None  # of a delivered one: why it went to a person instead of its channel
    next_attempt_at: datetime | None = None  # None: delivered, given up, or told with another
    told_with: int | None = None  # the later alert of the same story that tells this one too
    sent_to: str | None = None  # where it stands; of an undelivered one: where it may stand already

    @property
    def is_given_up(self) -> bool:
        return self.delivered_at is None and self.next_attempt_at is None and self.told_with is None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place that took no alert the last time. It is tried again at `again_at`, or when no other place takes one."""

    workspace_id: str
    place: str  # a channel in the platform's words, or "@" and the id of a member: their direct messages
    problem: str
    since: datetime
    times: int  # in a row
    again_at: datetime


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """An alert that may be sent now. `root_ref`: the reference of the first alert about the same post at that place."""

    root_ref: str | None = None


class DecisionKind(StrEnum):
    """What a member said or decided about a tracked post."""

    SNOOZED = "snoozed"
    STOPPED = "stopped"
    WRONG_ALARM = "wrong_alarm"
    SEEN = "seen"
    UNSEEN = "unseen"
    ACCOUNT_BANNED = "account_banned"
    REASON_GIVEN = "reason_given"
    REASON_UNDONE = "reason_undone"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what about a tracked post, and when. `until`: how long it holds, for a snooze."""

    kind: DecisionKind
    by: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """All that an alert's message shows: what was told, how its post stands now, and what was decided about the post
    since the alert was owed, oldest first.
    """

    alert: Alert
    post: TrackedPost | None = None
    decisions: tuple[Decision, ...] = ()


STATED = "stated"
READ_BY_MODEL = "read_by_model"  # stated by moderators in words whose cause only a model could tell
STATED_SOURCES = frozenset({STATED, READ_BY_MODEL})


@dataclass(frozen=True, slots=True)
class Pattern:
    id: int
    workspace_id: str
    campaign_id: int | None
    community: str
    category: str  # "link", "promotion", "format", "topic", "tone", "account", "other"
    body: str
    source: str  # "removal" (guessed from the text), "stated" (by moderators), READ_BY_MODEL, "rule" or "person"
    tracked_post_id: int | None
    confidence: float  # 0 to 1, when it was learned; today's is core/patterns.py's
    created_by: str
    created_at: datetime

    @property
    def is_stated(self) -> bool:
        """Moderators said it, also where a model read what they meant."""
        return self.source in STATED_SOURCES


@dataclass(frozen=True, slots=True)
class AuditEntry:
    at: datetime
    actor_id: str
    action: str  # "draft.approve", "role.grant" …
    subject: str  # "draft 3"
    facts: Mapping[str, Any]
    correlation_id: str


# ---------------------------------------------------------------- money


@dataclass(frozen=True, slots=True)
class Plan:
    workspace_id: str
    monthly_cap_usd_micros: int
    max_tracked_posts: int
    max_campaigns: int
    max_monthly_cap_usd_micros: int | None = None  # the operator's ceiling; None: there is none

    @property
    def cap_usd_micros(self) -> int:
        """What a month may cost: the workspace's own cap, never above the operator's ceiling."""
        if self.max_monthly_cap_usd_micros is None:
            return self.monthly_cap_usd_micros
        return min(self.monthly_cap_usd_micros, self.max_monthly_cap_usd_micros)


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """What replaces a reservation. It belongs to the month of its reservation."""

    task: str  # "draft", "classify", "collect"
    model: str  # as the settings name it; of a collecting run, the actor
    prompt_tokens: int
    completion_tokens: int
    cost_usd_micros: int
    cost_basis: str  # "provider", "settings", "price_map" or "worst_case"


@dataclass(frozen=True, slots=True)
class TaskUsage:
    """A month's money of one task with one model or actor."""

    calls: int  # that were booked
    used_usd_micros: int
    reserved_usd_micros: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """Money of one workspace in one calendar month (UTC)."""

    month_start: datetime
    resets_at: datetime
    used_usd_micros: int
    reserved_usd_micros: int
    cap_usd_micros: int
    by_task: Mapping[str, TaskUsage]  # "task · model", in order of the alphabet

    @property
    def left_usd_micros(self) -> int:
        return max(0, self.cap_usd_micros - self.used_usd_micros - self.reserved_usd_micros)

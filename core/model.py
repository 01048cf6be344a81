"""The words of the domain as data: enums and frozen dataclasses, without behaviour that needs a database or a network.

Every time is aware UTC. Every `*_id` of ours is an int, unique in the database; a `reddit_id` is Reddit's id without
its type prefix (`1abc2d`), a `fullname` carries it (`t3_1abc2d`). Community names are stored lower-case without `r/`.
Money is counted in whole micro-dollars (`*_usd_micros`), so that sums are exact on every engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.texts.features import PHRASE, found
from core.texts.markup import Span, Text
from core.texts.shown import shown


class Role(StrEnum):
    """What a member may do. Each role may do everything that the roles before it may do."""

    VIEWER = "viewer"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Basis(StrEnum):
    """Where data came from, so that every card can say its basis."""

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
    """The member for whom a change is made; the journal names them."""

    workspace_id: str
    member_id: str  # "system" for the program itself
    name: str
    correlation_id: str

    @classmethod
    def program(cls, workspace_id: str, correlation_id: str, name: str = "the bot") -> Caller:
        """Returns the program as caller, for changes that no member makes; `name`: the part of it that makes them."""
        return cls(workspace_id, "system", name, correlation_id)


class AccountState(StrEnum):
    VISIBLE = "visible"
    SHADOWBANNED = "shadowbanned"
    SUSPENDED = "suspended"
    DELETED = "deleted"
    UNKNOWN = "unknown"


AUTOMODERATOR = "AutoModerator"  # Reddit's own moderating bot


def is_same_account(one: str | None, other: str | None) -> bool:
    """Whether two names are of one Reddit account: in whatever case they are written. A name that is not known is
    nobody's.
    """
    return one is not None and other is not None and one.casefold() == other.casefold()


def is_same_member(one_id: str | None, one: str | None, other_id: str | None, other: str) -> bool:
    """Whether two ids and names are of one member of a workspace. Two can have one name, and a name can change, so the
    names are compared only where an id is not known, as in rows of earlier versions of the program.
    """
    return one == other if one_id is None or other_id is None else one_id == other_id


@dataclass(frozen=True, slots=True)
class Account:
    """A Reddit account, known because its owner linked it or because a tracked post names it.

    `signed_in_at`: since when its own view can be read. `consent_gone_at`: since when it cannot, until it is linked
    again.
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
    linked_by_id: str | None = None
    scopes: str | None = None  # Reddit's words for what its consent allows; None: what every consent allows

    @property
    def may_list_posts(self) -> bool:
        """Whether its consent allows to read the list of its posts."""
        return "history" in (self.scopes or "").split()

    @property
    def may_read_messages(self) -> bool:
        """Whether its consent allows to read what it received."""
        return "privatemessages" in (self.scopes or "").split()


# ---------------------------------------------------------------- collecting


@dataclass(frozen=True, slots=True)
class CollectedPost:
    """A Reddit submission as a source gave it, in our field names. A missing value is None, never 0 or a guess."""

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
    # When score and comments were read: at this time, or later (a file that does not say it is not older than its
    # newest post). None: not known; then the score does not count as settled.
    score_at: datetime | None = None
    # How the source found it: "new", "top:year", "file" …, with the place in that listing when known: "top:year#12".
    found_in: str | None = None
    time_is_exact: bool = True  # False: `created_at` is not known to the minute, so it tells no hour and no weekday


@dataclass(frozen=True, slots=True)
class CollectedComment:
    """A comment as a source gave it. What is counted in it is kept; its text and its author are not."""

    reddit_id: str
    community: str
    post_id: str  # Reddit's id of the post below which it stands
    answers_post: bool  # False: it answers another comment
    body: str
    author: str | None
    created_at: datetime
    is_by_poster: bool = False  # by the author of the post
    distinguished: bool = False  # by a moderator or admin
    stickied: bool = False


# ---------------------------------------------------------------- visibility


class View(StrEnum):
    """Who looks."""

    THIRD_PARTY = "third_party"
    AUTHOR = "author"
    ANONYMOUS = "anonymous"
    PERSON = "person"


class Outcome(StrEnum):
    """The result of a look. `CANNOT_TELL` is no evidence in either direction."""

    VISIBLE = "visible"
    NOT_VISIBLE = "not_visible"
    CANNOT_TELL = "cannot_tell"


class AuthorStatus(StrEnum):
    """An account as a third party sees it. It is part of a reading when the account was looked up for the post."""

    EXISTS = "exists"
    MISSING = "missing"  # 404 while a control account answered: shadowbanned or deleted
    SUSPENDED = "suspended"
    CANNOT_TELL = "cannot_tell"


class Closure(StrEnum):
    """Why a community cannot be read, in Reddit's own word if it gives one."""

    PRIVATE = "private"
    QUARANTINED = "quarantined"
    GATED = "gated"
    MEMBERS_ONLY = "gold_only"
    BANNED = "banned"
    MISSING = "missing"
    CLOSED = "closed"  # no known reason was given


@dataclass(frozen=True, slots=True)
class Reading:
    """What one view saw of one tracked post, or that it could not see: in one look at `read_at`, or in `times` looks in
    a row from then to `last_read_at`, which all saw the same (core/visibility/joining.py). `apart` of these looks are
    far enough from each other to count (`evidence.SPACING`), the last of them at `apart_at`. Votes and comments are
    those of the last look.

    `control_live`: a post known to be live came back live in the same answer; without that, a third party's reading is
    no evidence. `found` is False when the id was missing from an otherwise healthy answer. `category` is Reddit's
    `removed_by_category`, as sent. `clock_jump_s` is how far the wall clock jumped ahead since the post's last reading,
    measured by the monotonic counter; 0 when it did not jump, and when nobody can tell.
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
    clock_jump_s: float = 0.0
    last_read_at: datetime | None = None  # None: it was one look
    times: int = 1
    apart: int = 1
    apart_at: datetime | None = None  # None: `read_at`
    looked_by: str | None = None  # of a person's own look: the member's id
    closure: str | None = None  # a `Closure`: why the community of a missing id is closed, as Reddit says
    has_picture: bool = False  # of a person's own look: it was taken logged out, and a picture of it was attached

    @property
    def ended_at(self) -> datetime:
        """When its last look was."""
        return self.last_read_at or self.read_at


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

    @property
    def is_found(self) -> bool:
        """Whether it says what became of the post itself: not that it could not be found, nor what its account is."""
        hidden_with_account = (State.SHADOWBANNED, State.SUSPENDED)
        return self not in (State.UNVERIFIED, State.UNKNOWN, State.GATED, *hidden_with_account)


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
    INERTIA = "inertia"  # it stayed, and hardly anybody reacted
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
    found_state: State | None = None  # the newest state that `is_found`, with its `removed_by`: what was told last of
    found_removed_by: RemovedBy | None = None  # the post itself, however long it could not be found since
    resumed_at: datetime | None = None  # when its watching was begun again, after somebody had stopped it

    @property
    def watched_since(self) -> datetime:
        """When it was registered, or registered again."""
        return self.resumed_at or self.registered_at

    @property
    def is_watched(self) -> bool:
        """Whether another look at it is planned, because nobody stopped it and its time of watching is not over."""
        return self.next_check_at is not None and self.stopped_at is None


@dataclass(frozen=True, slots=True)
class Offer:
    """A post of a linked account that nobody registered when it was offered for watching.

    `post_id` and `registered_by` are of the tracked post that it became. `withdrawn_at`: since when it is not in the
    account's list any more, so that it has no title.
    """

    id: int
    workspace_id: str
    fullname: str
    community: str
    title: str | None
    author: str
    permalink: str
    posted_at: datetime
    offered_at: datetime
    refused_by: str | None = None
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    post_id: int | None = None
    registered_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody decided about it yet, and it can be watched."""
        return self.post_id is None and self.refused_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class FirstComment:
    """A comment of somebody else on a tracked post of the last days. `body` is shortened."""

    id: int
    workspace_id: str
    tracked_post_id: int
    fullname: str
    author: str
    body: str
    created_at: datetime
    is_question: bool
    is_answered: bool  # the post's author answered it


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
    REASON_FOUND = "reason_found"  # moderators wrote to the account why they removed a post
    POST_COMMENTED = "post_commented"  # others commented on a live post
    POST_OFFERED = "post_offered"  # posts of a linked account that nobody registered
    LOOK_WANTED = "look_wanted"  # nobody but its author has seen a post, an hour after it was registered
    AUDIT = "audit"
    DIGEST = "digest"
    DRAFT_VOIDED = "draft_voided"  # an approval ended, because something that it stood on changed
    DRAFT_UNPOSTED = "draft_unposted"  # approved a while ago, and nobody registered it as posted
    DRAFT_WAITS = "draft_waits"  # for one member: a draft waits for their decision
    DRAFT_APPROVED = "draft_approved"  # for one member: a draft that they are to post is approved
    RULES_CHANGED = "rules_changed"  # the rules of a community changed
    MONEY_NEARLY_USED = "money_nearly_used"  # of a month's cap, `ledger.NEARLY_PERCENT` or more
    TEST = "test"
    WEBHOOK_RESTS = "webhook_rests"  # its server took no event for a day
    UNDELIVERED = "undelivered"  # other alerts were given up


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert to owe: its facts, and a key by which it is owed only once. It holds no rendered words."""

    kind: AlertKind
    dedupe_key: str
    facts: Mapping[str, Any]
    tracked_post_id: int | None = None
    to_member: str | None = None  # their direct messages alone; None: where the workspace's alerts go
    event: str | None = None  # alerts of one event are told by one message (core/alerts.py)


PATTERN_CATEGORIES = (
    "link", "promotion", "title", "format", "length", "language", "tone", "topic", "votes", "timing", "account", "other"
)  # fmt: skip
STATED = "stated"
READ_BY_MODEL = "read_by_model"  # stated by moderators in words whose cause only a model could tell
STATED_SOURCES = frozenset({STATED, READ_BY_MODEL})


@dataclass(frozen=True, slots=True)
class Pattern:
    id: int
    workspace_id: str
    campaign_id: int | None
    community: str
    category: str  # of `PATTERN_CATEGORIES`
    feature: str | None  # a key of core/texts/features.py; None: a member's own phrase, or something no text shows
    params: Mapping[str, Any]  # of the feature, such as {"words": 120}; {"phrases": […]} for a member's own phrase
    body: str  # in words, for people and prompts
    # "removal" (guessed from the text), "stated" (by moderators), READ_BY_MODEL, "rule", "person" or "removed posts"
    source: str
    tracked_post_id: int | None
    confidence: float  # 0 to 1, when it was learned; core/patterns.py computes today's
    created_by: str
    created_at: datetime

    @property
    def is_kept(self) -> bool:
        """False for what a profile says of removed posts (core/patterns.py): it has no row and no number."""
        return self.id > 0

    @property
    def is_stated(self) -> bool:
        """True when moderators said it, even if a model read what they meant."""
        return self.source in STATED_SOURCES

    def catches(self, text: Text, *, phrases_only: bool = False) -> tuple[Span, ...]:
        """Where a draft or an own post shows what is rejected; empty when it does not, or when no text can show it.
        Belongs off the event loop (core/texts/shown.py), unless only phrases are looked for.
        """
        return _caught(self, text, phrases_only)


@dataclass(frozen=True, slots=True)
class NewPattern:
    campaign_id: int | None
    community: str
    category: str
    body: str
    source: str
    confidence: float
    tracked_post_id: int | None = None
    feature: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def catches(self, text: Text, *, phrases_only: bool = False) -> tuple[Span, ...]:
        """The same as `Pattern.catches`."""
        return _caught(self, text, phrases_only)


def _caught(pattern: Pattern | NewPattern, text: Text, phrases_only: bool) -> tuple[Span, ...]:
    key = pattern.feature or PHRASE
    if phrases_only:
        return found(key, text, pattern.params)
    one = shown((key,), text, pattern.params)
    return one.spans if one is not None else ()

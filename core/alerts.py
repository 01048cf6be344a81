"""Alerts: which come at any hour, which belong together and are told in one message, and what the outbox keeps.

The facts of `UNDELIVERED`: `lost`, the newest `LOST_MAX` alerts that were given up, oldest first, each {alert, kind,
post, created_at}; `count`, how many were given up in all; `problem`, why the last one was given up.

Alerts of one event (`NewAlert.event`) are told by one message: the first alert makes it, and each later one renders it
again (`AlertRecord.joined`). Good news that end an event are a message of their own.

An alert that is told together with older ones has them in its fact `earlier`: a list, oldest first, each {kind,
created_at, since, until, state, removed_by, restored} with the meanings in `core/visibility/alert_facts.py`. It holds
no foreign text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from core.clock import Clock
from core.journal import JournalEntry
from core.model import (
    AccountState,
    AlertKind,
    AuditOutcome,
    Caller,
    FirstComment,
    NewAlert,
    Offer,
    State,
    TrackedPost,
)


class Severity(StrEnum):
    """How soon a person should hear of an alert."""

    ACT_NOW = "act_now"  # others cannot see it, or nobody can see Reddit, or nobody was told
    LOOK = "look"  # somebody should look at it today
    GOOD_TO_KNOW = "good_to_know"  # nothing needs to be done


class Delivery(StrEnum):
    """How an alert is told."""

    MESSAGE = "message"
    UPDATE = "update"  # the message that told the trouble is rendered again
    DIGEST = "digest"  # the next digest counts it
    WAIT = "wait"  # muted, until the mute ends


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """A message of ours in which a later alert is told: the alert that made it, and its reference. It tells of the
    trouble that the later alert ends, or of the same event.
    """

    alert: int
    place: str
    reference: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What decides how good news are told: whether the workspace wants them as messages, whether a digest comes (or
    begins with the first of them), and the message that they answer.
    """

    good_news: bool = False
    has_digest: bool = True
    earlier: EarlierMessage | None = None
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class AlertPlace:
    """Where a workspace's alerts go. `took_at`: when the channel last accepted a message of ours; None: never."""

    channel: str | None
    took_at: datetime | None


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
    last_problem: str | None = None  # of a delivered alert: why it went to a person instead of its channel
    next_attempt_at: datetime | None = None  # None: delivered, given up, or told with another
    told_with: int | None = None  # another alert of the same story that tells this one too
    sent_to: str | None = None  # where it was delivered; of an undelivered one: where it may have arrived already
    told_by: Delivery | None = None  # when it made no message of its own
    to_member: str | None = None  # whose direct messages it is meant for; None: the workspace's place
    event: str | None = None

    @property
    def is_told_to_all(self) -> bool:
        """Whether it is one member's copy of an alert that the workspace's place gets too."""
        return self.to_member is not None and self.kind in _TOLD_TO_ALL

    @property
    def is_given_up(self) -> bool:
        is_open = self.delivered_at is None and self.next_attempt_at is None
        return is_open and self.told_with is None and self.told_by is None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place that refused the last alert. It is tried again at `again_at`, or when no other place accepts one."""

    workspace_id: str
    place: str  # a channel in the platform's words, or "@" and the id of a member: their direct messages
    problem: str
    since: datetime
    times: int  # refusals in a row
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
class DraftNow:
    """The draft of an alert, as it is now. `last` is what was done to it last since the alert was owed; None:
    nothing.
    """

    draft_id: int
    status: str  # of `core.drafting.drafts.DraftStatus`
    last: JournalEntry | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A later alert that the message of its event's first alert tells too, and its post as it is now. `decisions`: what
    members said of that post since, of an alert that asks for a look.
    """

    alert: Alert
    post: TrackedPost | None = None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """Everything that an alert's message shows: the alert, the present state of the post or draft that it is about, the
    decisions about the post since the alert was owed, oldest first, later alerts of its event, oldest first, and the
    posts of a community that closed or opened. `approvers`: who approved the texts of the posts whose trouble it tells.
    """

    alert: Alert
    post: TrackedPost | None = None
    decisions: tuple[Decision, ...] = ()
    draft: DraftNow | None = None
    members: Mapping[str, str] = field(default_factory=dict)  # ids of whom it concerns, by name; no name of two members
    joined: tuple[Joined, ...] = ()
    posts: tuple[TrackedPost, ...] = ()  # that the news of a whole community tell of, as they are now, oldest first
    comments: tuple[FirstComment, ...] = ()  # of others on its post, as they were last read, oldest first
    offers: tuple[Offer, ...] = ()  # that the message and those joined to it make, as they are now, oldest first
    approvers: tuple[str, ...] = ()


class AlertReads(Protocol):
    async def alerts(
        self,
        workspace_id: str,
        limit: int | None = 20,
        *,
        kind: AlertKind | None = None,
        since: datetime | None = None,
        ids: Collection[int] | None = None,
    ) -> Sequence[Alert]:
        """The newest first. With `since`, only alerts that were owed later; with `ids`, only these."""
        ...

    async def alert_record(self, workspace_id: str, alert_id: int) -> AlertRecord:
        """An alert of this workspace as its message should show it now. Raises `NotFound`."""
        ...

    async def alert_place(self, workspace_id: str) -> AlertPlace:
        """Where alerts go, and when that channel last accepted a message: an alert, or the message when it was
        chosen.
        """
        ...

    async def refusals(self, workspace_id: str) -> Sequence[Refusal]:
        """Returns the places that refused their last alert, oldest refusal first."""
        ...


class AlertStore(AlertReads, Protocol):
    async def owe_alert(self, caller: Caller, alert: NewAlert, now: datetime) -> bool:
        """Put an alert in the outbox. False when its dedupe key was owed before.

        Waiting alerts that it supersedes are told together with it (core/alerts.py).
        """
        ...

    async def retry_alerts(self, caller: Caller, now: datetime) -> int:
        """Make the workspace's alerts that were given up due at once, with fresh attempts; returns how many. A waiting
        alert about their loss is told together with them.
        """
        ...

    async def set_alert_channel(self, caller: Caller, channel: str | None, now: datetime) -> None:
        """Send alerts there from now on. The caller has just seen the channel accept a message, at `now`."""
        ...


class OutboxStore(Protocol):
    """What the courier needs, for all workspaces."""

    async def lease_alerts(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int, platforms: Sequence[str]
    ) -> Sequence[Alert]:
        """Lease due, undelivered alerts of workspaces on `platforms`: the oldest of each workspace, and none of a
        workspace that has a leased alert already. In a workspace's quiet hours only alerts that come at any hour are
        leased (core/alerts.py); the others are due when the quiet hours end.

        `channel` is the workspace's alert channel of this moment; `attempts` counts this claim too.
        """
        ...

    async def set_out(
        self, alert_id: int, worker: str, place: str, now: datetime, *, lease: timedelta
    ) -> OnItsWay | None:
        """Call this right before sending an alert to `place`. It renews the lease, and notes the place (`sent_to`), so
        that whoever sends the alert after a crash first looks there. None when the lease was lost: then the alert must
        not be sent.
        """
        ...

    async def wishes(self, alert: Alert) -> Wishes:
        """Returns what decides how this alert is told, at this moment."""
        ...

    async def leave_to_digest(self, alert_id: int, worker: str, now: datetime) -> bool:
        """Let the next digest tell this alert, and no message. Where no digest was ever chosen or ended, a daily one
        begins, whose first period holds this alert. False when the lease was lost.
        """
        ...

    async def record_delivery(
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
        told_by: Delivery | None = None,
    ) -> bool:
        """Delivered an alert was delivered, will be tried again at `retry_at`, or was given up (neither). False when
        the lease was lost.

        `problem` of a delivered alert says why it did not go to its channel. `sent_to` is where it was delivered, or,
        for one that was not, where it may have arrived. Until `others_wait_until` the workspace's other alerts are not
        due. A delivery ends the refusals of its place; if there were any, an undelivered alert about lost alerts is due
        again. When an alert is given up, an `UNDELIVERED` alert is owed, except about another of that kind, and except
        when another alert tells the same to all.
        """
        ...

    async def release_alerts(self, worker: str, alert_ids: Sequence[int]) -> int: ...
    async def refuse_place(self, workspace_id: str, place: str, problem: str, now: datetime) -> Refusal:
        """Keep that a place refused an alert, and count its refusals in a row."""
        ...

    async def places_that_took(self, workspace_id: str, limit: int = 3) -> Sequence[str]:
        """Channels that accepted alerts of this workspace lately, the newest first, without direct messages."""
        ...


# The kind of alert about each state of a post, and of an account. Nobody is told that a state is not known.
KIND_OF: Mapping[State, AlertKind] = {
    State.LIVE: AlertKind.POST_LIVE,
    State.HELD: AlertKind.POST_HELD,
    State.REMOVED: AlertKind.POST_REMOVED,
    State.DELETED: AlertKind.POST_DELETED,
    State.GATED: AlertKind.POST_GATED,
    State.SHADOWBANNED: AlertKind.ACCOUNT_SHADOWBANNED,
    State.SUSPENDED: AlertKind.ACCOUNT_SUSPENDED,
}
KIND_OF_ACCOUNT: Mapping[AccountState, AlertKind] = {
    AccountState.SHADOWBANNED: AlertKind.ACCOUNT_SHADOWBANNED,
    AccountState.SUSPENDED: AlertKind.ACCOUNT_SUSPENDED,
    AccountState.DELETED: AlertKind.ACCOUNT_DELETED,
}
ACCOUNT_ALERTS = frozenset(KIND_OF_ACCOUNT.values())
ACCOUNT_TROUBLE = ACCOUNT_ALERTS - {AlertKind.ACCOUNT_DELETED}
_POST_STATES = frozenset(KIND_OF.values()) - ACCOUNT_ALERTS
# Trouble of one post, which its being seen again answers.
ANSWERED = _POST_STATES - {AlertKind.POST_LIVE}
ENDED_BY_SIGHT = ANSWERED | {AlertKind.LOOK_WANTED}  # what a message about one post tells until others see the post
# A member who sees the opposite can call such an alert wrong, once.
DISPUTABLE = ANSWERED | ACCOUNT_ALERTS | {AlertKind.POST_LOCKED}

ABOUT_DRAFTS = frozenset(
    {AlertKind.DRAFT_VOIDED, AlertKind.DRAFT_UNPOSTED, AlertKind.DRAFT_WAITS, AlertKind.DRAFT_APPROVED}
)
_TOLD_TO_ALL = frozenset({AlertKind.DRAFT_VOIDED})

# A test alert answers a click of a moment ago. If the news of lost alerts waited, nobody would know that alerts are
# lost.
AT_ANY_HOUR = frozenset({AlertKind.TEST, AlertKind.UNDELIVERED})

_ACT_NOW = ACCOUNT_TROUBLE | {AlertKind.POST_REMOVED, AlertKind.CANNOT_SEE, AlertKind.UNDELIVERED}
# Audits that tell what was told before, or that nothing is wrong.
_QUIET_OUTCOMES = frozenset({AuditOutcome.SUCCESS, AuditOutcome.INERTIA, AuditOutcome.UNDECIDED})


def asks_for_a_look(kind: AlertKind, facts: Mapping[str, Any]) -> bool:
    """Returns whether the alert asks members to open the post, because nobody else can tell whether others see it."""
    return kind is AlertKind.LOOK_WANTED or (kind is AlertKind.AUDIT and facts.get("reason") == "never_verified")


# What a digest counts or lists (core/digest.py).
_COUNTED = _POST_STATES | {AlertKind.AUDIT}
SEEN_NOWHERE_BEFORE = frozenset({None, State.UNVERIFIED, State.UNKNOWN, State.LIVE})


def severity(kind: AlertKind, facts: Mapping[str, Any]) -> Severity:
    """Returns how soon a person should hear of an alert with these facts."""
    if facts.get("restored") is True or kind is AlertKind.POST_LIVE:
        return Severity.GOOD_TO_KNOW
    if asks_for_a_look(kind, facts):
        return Severity.LOOK
    if kind is AlertKind.AUDIT and facts.get("outcome") in _QUIET_OUTCOMES:
        return Severity.GOOD_TO_KNOW
    if kind in (AlertKind.DIGEST, AlertKind.TEST) or (kind is AlertKind.POST_COMMENTED and not facts.get("new")):
        return Severity.GOOD_TO_KNOW
    is_one_post = kind is AlertKind.CANNOT_SEE and facts.get("fullname") is not None  # others can be seen
    return Severity.ACT_NOW if kind in _ACT_NOW and not is_one_post else Severity.LOOK


def delivery(kind: AlertKind, facts: Mapping[str, Any], wishes: Wishes) -> Delivery:
    """Returns how an alert is told. Nothing is lost: what makes no message of its own stands in the message that it
    answers, or is counted by a digest (core/digest.py).

    The end of what concerns many posts (an account, a community, Reddit as a whole) is always a message: people were
    told to wait for it.
    """
    if wishes.is_muted:
        return Delivery.DIGEST if wishes.has_digest and kind in _COUNTED else Delivery.WAIT
    if kind in (AlertKind.DIGEST, AlertKind.TEST):
        return Delivery.MESSAGE
    if severity(kind, facts) is not Severity.GOOD_TO_KNOW:
        return Delivery.UPDATE if wishes.earlier is not None else Delivery.MESSAGE
    if kind is AlertKind.POST_COMMENTED and wishes.earlier is not None:
        return Delivery.UPDATE
    ends_a_wait = facts.get("restored") is True or is_of_community(facts)
    if ends_a_wait or wishes.good_news:
        return Delivery.MESSAGE
    if kind is AlertKind.POST_LIVE and wishes.earlier is not None:
        return Delivery.UPDATE
    return Delivery.DIGEST if wishes.has_digest else Delivery.MESSAGE


LOST_MAX = 20
# How long a place that refused an alert is not tried: long enough that alerts do not always try a dead channel first,
# and short enough that a mended channel gets alerts on the same day.
FIRST_REST = timedelta(minutes=10)
LONGEST_REST = timedelta(hours=6)

EARLIER_MAX = 6  # earlier alerts told with one alert; the post's card has the whole history

# The waiting alerts about the same post that a new alert supersedes. An account's trouble outlives the state of one
# post, so only good news about the post or newer news about the account supersedes it. A deleted account says nothing
# about its posts. A lock does not matter while a post is gone, but matters when it comes back.
_TAKES_IN: Mapping[AlertKind, frozenset[AlertKind]] = {
    AlertKind.POST_LIVE: _POST_STATES | ACCOUNT_TROUBLE | {AlertKind.LOOK_WANTED},
    **dict.fromkeys(ANSWERED, _POST_STATES | {AlertKind.POST_LOCKED, AlertKind.LOOK_WANTED}),
    **dict.fromkeys(ACCOUNT_TROUBLE, _POST_STATES | ACCOUNT_TROUBLE | {AlertKind.LOOK_WANTED}),
    AlertKind.ACCOUNT_DELETED: ACCOUNT_TROUBLE,
    AlertKind.CANNOT_SEE: frozenset({AlertKind.CANNOT_SEE}),
}

_KEPT = ("since", "until", "state", "removed_by", "restored")


def takes_in(kind: AlertKind) -> frozenset[AlertKind]:
    """Returns the kinds of waiting alerts that a new alert of this kind takes in, when they are about the same post or,
    without a post, about the same workspace.
    """
    return _TAKES_IN.get(kind, frozenset())


def is_of_community(facts: Mapping[str, Any]) -> bool:
    """Returns whether an alert tells that a whole community closed or opened. It is told together with no alert about
    one post, because it is news of all of them.
    """
    return facts.get("community_posts") is not None


def with_earlier(facts: Mapping[str, Any], waiting: Sequence[Alert]) -> dict[str, Any]:
    """Returns the facts of an alert that also tells `waiting`, which are given oldest first."""
    earlier: list[Any] = []
    for alert in waiting:
        earlier += alert.facts.get("earlier") or []
        told = {name: alert.facts[name] for name in _KEPT if alert.facts.get(name) is not None}
        earlier.append({"kind": alert.kind.value, "created_at": alert.created_at.isoformat(), **told})
    return {**facts, "earlier": earlier[-EARLIER_MAX:]}


def copy_key(key: str, member_id: str) -> str:
    """Returns the dedupe key of a member's own copy of the alert with `key`."""
    return f"{key}:to:{member_id}"


def copied_key(copy: str) -> str:
    """Returns the dedupe key of the alert of which this is the key of a copy."""
    return copy.rpartition(":to:")[0]


def undelivered(lost: Alert, problem: str, now: datetime, so_far: Mapping[str, Any] | None = None) -> NewAlert:
    """Returns the alert that tells a person that `lost` was given up, together with those in `so_far` (facts of such
    an alert).
    """
    known = so_far or {}
    before = [entry for entry in known.get("lost") or [] if entry.get("alert") != lost.id]
    entry = {
        "alert": lost.id,
        "kind": lost.kind.value,
        "post": lost.tracked_post_id,
        "created_at": lost.created_at.isoformat(),
    }
    facts = {"lost": [*before, entry][-LOST_MAX:], "count": int(known.get("count") or 0) + 1, "problem": problem}
    return NewAlert(AlertKind.UNDELIVERED, f"undelivered:{lost.id}:{now.isoformat()}", facts)


def concerned(told: AlertRecord) -> tuple[str, ...]:
    """Returns the names of the members whom a message concerns, each once: who registered the posts that it tells of,
    then who approved their texts; or who is to post a draft and who approved it; or who linked an account.
    """
    alert, facts = told.alert, told.alert.facts
    if alert.to_member is not None:
        return ()  # it speaks to its reader
    if alert.kind in ABOUT_DRAFTS:
        names = [facts.get("poster"), facts.get("approved_by")]
    elif alert.kind is AlertKind.CONSENT_GONE:
        names = [facts.get("linked_by")]
    else:
        joined = [one.alert.facts.get("registered_by") for one in told.joined]
        of_community = [post.registered_by for post in told.posts]
        names = [facts.get("registered_by"), *joined, *of_community, *told.approvers]
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name.strip()))


def rest_of_place(times: int) -> timedelta:
    """Returns how long a place is not tried after it refused alerts `times` (1, 2 …) times in a row."""
    doubled: int = 2 ** min(max(times, 1) - 1, 10)
    return min(LONGEST_REST, FIRST_REST * doubled)


@dataclass(frozen=True, slots=True)
class Alerts:
    store: AlertStore
    clock: Clock

    async def move(self, caller: Caller, channel: str | None) -> int:
        """Send alerts to `channel` from now on, which has just accepted a message (None: to the terminal). Alerts that
        were given up are tried again there; returns how many.
        """
        now = self.clock.now()
        await self.store.set_alert_channel(caller, channel, now)
        return await self.store.retry_alerts(caller, now)

    async def test(self, caller: Caller) -> bool:
        """Owe a test alert. False when one was asked for in this minute, because one is enough."""
        now = self.clock.now()
        facts = {"by": caller.name, "asked_at": now.isoformat()}
        return await self.store.owe_alert(caller, NewAlert(AlertKind.TEST, f"test:{now:%Y-%m-%dT%H:%M}", facts), now)

"""The facts of alerts, read with suspicion, and a few words about what happened to a post and what was seen of it.

Rows outlive upgrades, so every key may be missing or have another type: unreadable values are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.words import counted, moment, shortened
from core.alerts import ACCOUNT_ALERTS
from core.model import AlertKind, Confidence, Outcome, RemovedBy, State
from core.visibility.changes import Change, ChangeKind

EVIDENCE_MAX = 6  # readings on one card; the whole history is in `/rao post show`
LINE_MAX = 200

_REMOVED_BY = {
    RemovedBy.MODERATORS.value: "removed by its moderators",
    RemovedBy.REDDIT_FILTERS.value: "removed by Reddit's filters",
    RemovedBy.REDDIT_ADMINS.value: "removed by Reddit",
}
_HAPPENED = {
    AlertKind.POST_LIVE.value: "visible to others",
    AlertKind.POST_HELD.value: "held for review",
    AlertKind.POST_REMOVED.value: "removed",
    AlertKind.POST_DELETED.value: "deleted by its author",
    AlertKind.POST_GATED.value: "not to be found",
    AlertKind.POST_LOCKED.value: "locked",
    AlertKind.ACCOUNT_SHADOWBANNED.value: "its account looked shadowbanned",
    AlertKind.ACCOUNT_SUSPENDED.value: "its account was suspended",
    AlertKind.CANNOT_SEE.value: "Reddit could not be seen",
    AlertKind.LOOK_WANTED.value: "nobody had seen it yet",
    AlertKind.REASON_FOUND.value: "explained by its moderators",
    AlertKind.POST_COMMENTED.value: "commented on by others",
}
_OTHER_NEWS = {
    AlertKind.ACCOUNT_DELETED.value: "its account was deleted",
    AlertKind.CONSENT_GONE.value: "a linked account took its consent back",
    AlertKind.POST_OFFERED.value: "posts were offered for watching",
    AlertKind.AUDIT.value: "the audit after seven days",
    AlertKind.DIGEST.value: "a digest",
    AlertKind.DRAFT_VOIDED.value: "the approval of a draft ended",
    AlertKind.DRAFT_UNPOSTED.value: "an approved draft was not registered as posted",
    AlertKind.DRAFT_WAITS.value: "a draft waited for a decision",
    AlertKind.DRAFT_APPROVED.value: "a draft was approved",
    AlertKind.RULES_CHANGED.value: "a community changed its rules",
    AlertKind.MONEY_NEARLY_USED.value: "a month's money was nearly used",
    AlertKind.TEST.value: "a test alert",
    AlertKind.WEBHOOK_RESTS.value: "the webhook takes nothing",
}
_CAME_BACK = {
    AlertKind.ACCOUNT_SHADOWBANNED.value: "its account could be seen again",
    AlertKind.ACCOUNT_SUSPENDED.value: "its account was no longer suspended",
    AlertKind.CANNOT_SEE.value: "Reddit could be seen again",
}


class Facts:
    """Facts of an alert, read with suspicion: every accessor returns None (or nothing) for an unexpected value."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    def text(self, key: str, limit: int = LINE_MAX) -> str | None:
        value = self._facts.get(key)
        return shortened(value, limit) if isinstance(value, str) and value.strip() else None

    def number(self, key: str) -> int | None:
        value = self._facts.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e15:
            return None
        return int(value)

    def figure(self, key: str) -> str | None:
        """Returns a number that may have a fraction, such as a quartile."""
        whole = self.number(key)
        if whole is None:
            return None
        value = round(float(self._facts[key]), 2)
        return str(whole) if value == whole else str(value)

    def truth(self, key: str) -> bool:
        return self._facts.get(key) is True

    def time(self, key: str) -> datetime | None:
        value = self._facts.get(key)
        try:
            at = datetime.fromisoformat(value) if isinstance(value, str) else None
            return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
        except (ValueError, OverflowError):
            return None

    def texts(self, key: str) -> list[str]:
        value = self._facts.get(key)
        return [shortened(v, LINE_MAX) for v in value if isinstance(v, str)] if isinstance(value, list | tuple) else []

    def ids(self, key: str) -> list[int]:
        value = self._facts.get(key)
        listed = value if isinstance(value, list | tuple) else ()
        return [one for one in listed if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**63][:10]

    def inner(self, key: str) -> Facts | None:
        value = self._facts.get(key)
        return Facts(value) if isinstance(value, Mapping) else None

    def inners(self, key: str) -> list[Facts]:
        value = self._facts.get(key)
        return [Facts(one) for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []

    def numbers(self, key: str) -> dict[str, int]:
        """Returns counts by word, without zeros."""
        value = self._facts.get(key)
        counts = Facts(value) if isinstance(value, Mapping) else Facts({})
        return {word: count for word in counts._facts if isinstance(word, str) and (count := counts.number(word))}

    def readings(self) -> list[Facts]:
        return self.inners("readings")[-EVIDENCE_MAX:]

    @property
    def community(self) -> str:
        """The community's name with r/, or neutral words when the fact is not a community's name."""
        name = self.text("community")
        if self.is_on_profile and name and re.fullmatch(r"u_[A-Za-z0-9_-]{3,20}", name, re.ASCII):
            return f"the profile of u/{name[2:]}"
        return f"r/{name}" if name and re.fullmatch(r"[A-Za-z0-9_-]{2,24}", name, re.ASCII) else "its community"

    @property
    def thing(self) -> str:
        return "comment" if (self.text("fullname") or "").startswith("t1_") else "post"

    @property
    def author(self) -> str:
        name = self.text("author")
        return f"u/{name}" if name and re.fullmatch(r"[A-Za-z0-9_-]{3,20}", name, re.ASCII) else "The account"

    @property
    def is_on_profile(self) -> bool:
        """It stands on an account's own page, which has no moderators but its owner."""
        return (self.text("community") or "").startswith("u_")


def happened(facts: Facts) -> str:
    """Returns in a few words what an alert of the facts' `kind` told: "removed by its moderators"."""
    kind = facts.text("kind") or ""
    if facts.truth("restored") and kind in _CAME_BACK:
        return _CAME_BACK[kind]
    by = _REMOVED_BY.get(facts.text("removed_by") or "") if kind == AlertKind.POST_REMOVED else None
    return by or _HAPPENED.get(kind, "something else happened")


def what_happened(facts: Facts) -> str:
    """Returns one line: since when, and what happened."""
    at = facts.time("until") or facts.time("since") or facts.time("created_at")
    return " · ".join(part for part in (moment(at) if at else "", happened(facts)) if part)


def what_was_lost(lost: Facts) -> str:
    """Returns one line about an alert that was given up: when it was owed, what it tells, about which post."""
    kind = lost.text("kind") or ""
    told = _HAPPENED.get(kind) or _OTHER_NEWS.get(kind, "news")
    at, post = lost.time("created_at"), lost.number("post")
    return f"{f'{moment(at)}: ' if at else ''}{told}{f', post {post}' if post is not None else ''}"


FAR_APART = timedelta(minutes=15)  # looks that are nearer tell the time well enough
STRIP_MAX = 8
STRIP_LEAST = 2  # one sign says nothing that the words do not say

_CATEGORIES = {
    "moderator": "removed by moderators or AutoModerator",
    "automod_filtered": "held by AutoModerator's filter",
    "reddit": "removed by Reddit's filters",
    "deleted": "deleted by the author",
    "author": "deleted by the author",
    "anti_evil_ops": "removed by Reddit's safety team",
    "community_ops": "removed by Reddit's community team",
    "content_takedown": "taken down by Reddit",
    "copyright_takedown": "taken down for copyright",
    "trademark_takedown": "taken down for a trademark",
    "legal_operations": "taken down for legal reasons",
}
_VIEWS = {
    "third_party": "as others see it",
    "author": "as its author sees it",
    "anonymous": "logged out",
    "person": "a member looked",
}
OUTCOMES = {"visible": "visible", "not_visible": "not visible", "cannot_tell": "could not tell"}
_BODY_STATES = {
    "removed": "text removed",
    "removed by moderators": "text removed by moderators",
    "removed by Reddit": "text removed by Reddit",
    "deleted": "text deleted",
    "edited": "text edited",
}
_AUTHOR_STATUSES = {"missing": "account not found", "suspended": "account suspended"}
_SIGNS = {Outcome.VISIBLE.value: "●", Outcome.NOT_VISIBLE.value: "✗", Outcome.CANNOT_TELL.value: "○"}
_ACCOUNT_SIGNS = {"exists": "●", "missing": "✗", "suspended": "✗"}
_SURE = {
    Confidence.LOW.value: "Not certain yet.",
    Confidence.MEDIUM.value: "Likely, not certain.",
    Confidence.MEDIUM_HIGH.value: "Almost certain.",
}


def evidence_line(reading: Mapping[str, Any]) -> str:
    """A reading, as the facts of an alert hold it, in one line: when, who looked, what they saw."""
    return line_of(Facts(reading))


def line_of(reading: Facts) -> str:
    """Does what `evidence_line` does."""
    at, last, times = reading.time("read_at"), reading.time("last_read_at"), reading.number("times") or 1
    when = moment(at) if at else ""
    if at and last and times > 1:
        when = f"{when} to {moment(last)}, {counted(times, 'look')}"
    seen = [OUTCOMES.get(reading.text("outcome") or "", "looked")]
    if category := reading.text("category"):
        seen.append(_CATEGORIES.get(category, f"removed, by whom is not known ({shortened(category, 40)})"))
    if body := _BODY_STATES.get(reading.text("body_state") or ""):
        seen.append(body)
    if account := _AUTHOR_STATUSES.get(reading.text("author_status") or ""):
        seen.append(account)
    if reading.truth("locked"):
        seen.append("locked")
    if problem := reading.text("problem"):
        seen.append(problem)
    view = _VIEWS.get(reading.text("view") or "", "")
    if reading.truth("has_picture"):
        view += ", logged out, with a picture"
    return " · ".join(part for part in (when, view, ", ".join(seen)) if part)


_CHANGED = {
    ChangeKind.EDITED: "Text edited",
    ChangeKind.LOCKED: "Locked",
    ChangeKind.UNLOCKED: "Unlocked",
    ChangeKind.APPROVED: "Approved by moderators",
    ChangeKind.RESTORED: "Let through again, by whom is not known",
}


def change_line(change: Change) -> str:
    """What happened to a post, and between which two looks."""
    return f"{_CHANGED[change.kind]}, between {moment(change.after)} and {moment(change.before)}"


def strip(kind: AlertKind, facts: Facts) -> str:
    """The last looks as signs, the newest last: ● seen, ✗ not seen, ○ could not tell; of alerts about an account, what
    was seen of the account. "" for fewer than two looks, and for a lock.
    """
    signs = ""
    if kind is AlertKind.POST_LOCKED:  # a locked post stays seen
        return ""
    if kind in ACCOUNT_ALERTS:
        for reading in facts.readings():
            signs += _ACCOUNT_SIGNS.get(reading.text("author_status") or "", "") * _times(reading)
    elif looks := facts.texts("looks"):
        signs = "".join(_SIGNS.get(look, "") for look in looks[-STRIP_MAX:])
    else:  # a row from before looks were kept
        for reading in facts.readings():
            signs += _SIGNS.get(reading.text("outcome") or "", "") * _times(reading)
    return signs[-STRIP_MAX:] if len(signs) >= STRIP_LEAST else ""


def _times(reading: Facts) -> int:
    return max(1, min(STRIP_MAX, reading.number("times") or 1))


def gone_since(facts: Facts, gone: str = "gone") -> str:
    """Until when it was seen, and since when it is `gone`; "" when neither is known."""
    at, before = facts.time("since"), facts.time("seen_before")
    if at is None:
        return ""
    if before is None or before >= at:
        return f"{gone.capitalize()} since {moment(at)}."
    if facts.text("previous_state") == State.LIVE:
        return f"Seen until {moment(before)}, {gone} at {moment(at)}."
    if at - before >= FAR_APART:
        return f"It happened between {moment(before)} and {moment(at)}."
    return f"{gone.capitalize()} since {moment(at)}."


def how_sure(facts: Facts) -> str:
    """One sentence when something is not certain; "" when it is, or when nothing is known of it."""
    if facts.truth("by_people"):
        has_picture = any(reading.truth("has_picture") for reading in facts.readings()[-1:])
        who = "A member saw this logged out, with a picture" if has_picture else "Two members saw this themselves"
        return f"{who}; nothing else can see Reddit now."
    return _SURE.get(facts.text("confidence") or "", "")

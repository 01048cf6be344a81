"""What was seen of a post, in words: one line for a look, and a strip of signs for the last looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.alert_facts import Facts
from bot.words import counted, moment, shortened
from core.alerts import ACCOUNT_ALERTS
from core.model import AlertKind, Confidence, Outcome, State

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
_OUTCOMES = {"visible": "visible", "not_visible": "not visible", "cannot_tell": "could not tell"}
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
    seen = [_OUTCOMES.get(reading.text("outcome") or "", "looked")]
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
    return " · ".join(part for part in (when, view, ", ".join(seen)) if part)


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
        return "Two members saw this themselves; nothing else can see Reddit now."
    return _SURE.get(facts.text("confidence") or "", "")

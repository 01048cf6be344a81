"""Events: which alerts tell of the same, and are therefore told by one message (storage/events.py). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.alerts import ACCOUNT_ALERTS, ACCOUNT_TROUBLE, is_of_community
from core.model import AlertKind, RemovedBy, State

# An alert joins the message of its event when the event's last alert is not older than this.
TOGETHER_WITHIN = timedelta(minutes=30)  # what happens to several posts or accounts at once
_JOINS_WITHIN: Mapping[AlertKind, timedelta] = {
    # A filter's removals are often the first sign of an account's trouble, which takes hours to be sure of.
    **dict.fromkeys(ACCOUNT_ALERTS, timedelta(hours=12)),
    AlertKind.POST_LOCKED: timedelta(days=1),
    AlertKind.POST_OFFERED: timedelta(hours=6),
    AlertKind.LOOK_WANTED: timedelta(hours=2),
    AlertKind.POST_COMMENTED: timedelta(days=3),
}
_RETURNS_WITHIN = timedelta(days=1)


def event_of(kind: AlertKind, facts: Mapping[str, Any]) -> str | None:
    """Returns the event of an alert about a post or account; None for good news about a post. A removal by Reddit
    belongs to the account, because it is often the first sign of its trouble. Moderators act in one community; each
    member hears of their own posts.
    """
    post, author = facts["post_id"], facts["author"]
    if kind is AlertKind.POST_LIVE:
        return None
    if kind in ACCOUNT_ALERTS:
        return f"account:{author.lower()}" if author else None
    if kind is AlertKind.POST_LOCKED:
        return f"post:{post}:locked"
    if facts.get("times_gone") is not None:
        return f"post:{post}:gone"
    by = facts["removed_by"]
    if author and by in (RemovedBy.REDDIT_FILTERS, RemovedBy.REDDIT_ADMINS):
        return f"account:{author.lower()}"
    return f"{kind}:{by}:{facts['community']}:{facts['registered_by']}"


def joins_within(kind: AlertKind, facts: Mapping[str, Any]) -> timedelta:
    """Returns how old the last alert of an event may be for a new alert of this kind to join the event's message."""
    if facts.get("times_gone") is not None:  # the same post, again and again
        return _RETURNS_WITHIN
    return _JOINS_WITHIN.get(kind, TOGETHER_WITHIN)


def joins_others(kind: AlertKind) -> bool:
    """Returns whether alerts of this kind join each other when they come at once, whatever their events: accounts that
    are banned in one wave.
    """
    return kind in ACCOUNT_TROUBLE


def ends_event(facts: Mapping[str, Any]) -> bool:
    """Returns whether an alert ends its event, so that later ones begin another."""
    opened = is_of_community(facts) and facts.get("state") != State.GATED
    return facts.get("restored") is True or opened

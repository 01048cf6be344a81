"""What one alert has to do with another: which come at any hour, and which are one story and told together.

The facts of `UNDELIVERED`: `lost`, a list, oldest first, of the alerts that were given up, each {alert, kind, post,
created_at}, of which the newest `LOST_MAX` are kept; `count`, how many there are in all; `problem`, why the last of
them was given up.

Facts about what is told together: `earlier`, in the facts of the alert that is told, is a list, oldest first, of what
happened before and was not told by itself, each {kind, created_at, since, until, state, removed_by, restored} with the
meaning they have in `core/visibility/verdict.py`. No foreign text is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.model import Alert, AlertKind, NewAlert

# A person may have seen otherwise: a member can call such an alert wrong, once.
DISPUTABLE = frozenset(
    {
        AlertKind.POST_HELD,
        AlertKind.POST_REMOVED,
        AlertKind.POST_DELETED,
        AlertKind.POST_GATED,
        AlertKind.POST_LOCKED,
        AlertKind.ACCOUNT_SHADOWBANNED,
        AlertKind.ACCOUNT_SUSPENDED,
        AlertKind.ACCOUNT_DELETED,
    }
)

# The answer to somebody's click a moment ago; and that alerts do not arrive, which nobody would notice in the morning.
AT_ANY_HOUR = frozenset({AlertKind.TEST, AlertKind.UNDELIVERED})

LOST_MAX = 20
# How long a place that refused an alert is left alone: long enough that alerts do not knock at a dead channel, short
# enough that a mended one is noticed the same day.
FIRST_REST = timedelta(minutes=10)
LONGEST_REST = timedelta(hours=6)

EARLIER_MAX = 6  # of one story; the whole history is in `/rao post show`

_POST_STATES = frozenset(
    {
        AlertKind.POST_LIVE,
        AlertKind.POST_HELD,
        AlertKind.POST_REMOVED,
        AlertKind.POST_DELETED,
        AlertKind.POST_GATED,
    }
)
_ACCOUNT_TROUBLE = frozenset({AlertKind.ACCOUNT_SHADOWBANNED, AlertKind.ACCOUNT_SUSPENDED})
_GONE = _POST_STATES - {AlertKind.POST_LIVE}

# What a new alert makes old news of, when that is about the same post and nobody was told yet. An account's trouble
# outlives the state of one post, so only good news about the post or newer news about the account takes it in; a
# deleted account says nothing about its posts. A lock is no news of a post that is gone, and is of one that came back.
_TAKES_IN: Mapping[AlertKind, frozenset[AlertKind]] = {
    AlertKind.POST_LIVE: _POST_STATES | _ACCOUNT_TROUBLE,
    **dict.fromkeys(_GONE, _POST_STATES | {AlertKind.POST_LOCKED}),
    **dict.fromkeys(_ACCOUNT_TROUBLE, _POST_STATES | _ACCOUNT_TROUBLE),
    AlertKind.ACCOUNT_DELETED: _ACCOUNT_TROUBLE,
    AlertKind.CANNOT_SEE: frozenset({AlertKind.CANNOT_SEE}),
}

_KEPT = ("since", "until", "state", "removed_by", "restored")


def takes_in(kind: AlertKind) -> frozenset[AlertKind]:
    """Which waiting alerts about the same post (or the same workspace's sight) a new alert of this kind tells too."""
    return _TAKES_IN.get(kind, frozenset())


def with_earlier(facts: Mapping[str, Any], waiting: Sequence[Alert]) -> dict[str, Any]:
    """The facts of an alert that tells `waiting` too, which are given oldest first."""
    earlier: list[Any] = []
    for alert in waiting:
        earlier += alert.facts.get("earlier") or []
        told = {name: alert.facts[name] for name in _KEPT if alert.facts.get(name) is not None}
        earlier.append({"kind": alert.kind.value, "created_at": alert.created_at.isoformat(), **told})
    return {**facts, "earlier": earlier[-EARLIER_MAX:]}


def undelivered(lost: Alert, problem: str, now: datetime, so_far: Mapping[str, Any] | None = None) -> NewAlert:
    """What tells a person that `lost` was given up, together with those of `so_far` (the facts of such an alert)."""
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


def rest_of_place(times: int) -> timedelta:
    """How long a place is left alone that refused alerts `times` (1, 2 …) times in a row."""
    doubled: int = 2 ** min(max(times, 1) - 1, 10)
    return min(LONGEST_REST, FIRST_REST * doubled)

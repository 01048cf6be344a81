"""What one alert has to do with another: which come at any hour, and which are one story and told together.

Facts about what is told together: `earlier`, in the facts of the alert that is told, is a list, oldest first, of what
happened before and was not told by itself, each {kind, created_at, since, until, state, removed_by, restored} with the
meaning they have in `core/visibility/verdict.py`. No foreign text is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.model import Alert, AlertKind

AT_ANY_HOUR = frozenset({AlertKind.TEST})  # the answer to somebody's click a moment ago

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

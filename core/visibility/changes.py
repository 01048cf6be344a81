"""What happened to a post besides its state: its text was edited, it was locked or unlocked, it was let through. Pure.

Nobody sees the moment: a change happened between the last look that saw it as before and the first that saw it
otherwise. One look alone makes no change; the next one must agree.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model import Outcome, Reading, RemovedBy, State, View
from core.visibility.evidence import sign_of

LOOKS_NEEDED = 2


class ChangeKind(StrEnum):
    EDITED = "edited"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    APPROVED = "approved"  # by moderators, the only ones who can let a held post or their own removal through
    RESTORED = "restored"  # by whom is not known


@dataclass(frozen=True, slots=True)
class Change:
    """It happened after the look at `after` and before the one at `before`."""

    kind: ChangeKind
    after: datetime
    before: datetime


@dataclass(slots=True)
class _Stretch:
    """Looks in a row that saw the same."""

    value: str
    began: datetime
    ended: datetime
    looks: int


def changes_of(readings: Sequence[Reading]) -> tuple[Change, ...]:
    """Returns what these readings of one post show, in the order in which it happened. They are given oldest first."""
    told = [r for r in readings if r.outcome is not Outcome.CANNOT_TELL and r.view is not View.PERSON]
    found = [
        *_between(told, _text, _of_text),
        *_between(told, _lock, _of_lock),
        *_between([r for r in told if r.view is View.THIRD_PARTY], _sight, _of_sight),
    ]
    return tuple(sorted(found, key=lambda change: (change.before, change.kind)))


def _between(
    readings: Sequence[Reading], seen: Callable[[Reading], str | None], kind: Callable[[str, str], ChangeKind | None]
) -> list[Change]:
    """The changes of one property. A reading without it says nothing, and a value that only one look saw is an odd
    answer.
    """
    stretches: list[_Stretch] = []
    for reading in readings:
        value = seen(reading)
        if value is None:
            continue
        if stretches and stretches[-1].value == value:
            stretches[-1].ended, stretches[-1].looks = reading.ended_at, stretches[-1].looks + reading.times
        else:
            stretches.append(_Stretch(value, reading.read_at, reading.ended_at, reading.times))
    sure: list[_Stretch] = []
    for stretch in stretches:
        if sure and sure[-1].value == stretch.value:  # the odd answer between them is left out
            sure[-1].ended = stretch.ended
        elif stretch.looks >= LOOKS_NEEDED or not sure:
            sure.append(stretch)
    pairs = itertools.pairwise(sure)
    return [Change(one, old.ended, new.began) for old, new in pairs if (one := kind(old.value, new.value)) is not None]


def _text(reading: Reading) -> str | None:
    return reading.body_state if reading.body_state in ("intact", "edited") else None


def _of_text(before: str, now: str) -> ChangeKind:
    return ChangeKind.EDITED


def _lock(reading: Reading) -> str | None:
    return None if reading.locked is None else "locked" if reading.locked else "open"


def _of_lock(before: str, now: str) -> ChangeKind:
    return ChangeKind.LOCKED if now == "locked" else ChangeKind.UNLOCKED


def _sight(reading: Reading) -> str | None:
    """The post's own state in one look, and whose hand it was; None when the look tells nothing of that."""
    sign = sign_of(reading)
    if sign is None or not sign.state.is_found:
        return None
    return f"{sign.state}:{sign.removed_by or ''}"


_BY_MODERATORS = frozenset({f"{State.HELD}:", f"{State.REMOVED}:{RemovedBy.MODERATORS}"})


def _of_sight(before: str, now: str) -> ChangeKind | None:
    if not now.startswith(State.LIVE) or before.startswith(State.LIVE):
        return None
    return ChangeKind.APPROVED if before in _BY_MODERATORS else ChangeKind.RESTORED

"""A post's history tells edits, locks and approvals, each between the two looks between which it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts import Severity, severity
from core.model import AlertKind, Basis, Outcome, Reading, View
from core.visibility.changes import Change, ChangeKind, changes_of
from core.visibility.joining import rows_of
from core.visibility.readings import no_evidence, person_look
from tests.core.visibility.world import START, seen

AS_SEEN: dict[str, dict[str, Any]] = {
    ".": {},
    "E": {"body_state": "edited"},
    "L": {"locked": True},
    "B": {"body_state": "edited", "locked": True},
    "-": {"locked": None, "body_state": None},
    "H": {"outcome": Outcome.NOT_VISIBLE, "category": "automod_filtered", "indexable": False, "body_state": "removed"},
    "M": {"outcome": Outcome.NOT_VISIBLE, "category": "moderator", "indexable": False, "body_state": "removed"},
    "F": {"outcome": Outcome.NOT_VISIBLE, "category": "reddit", "indexable": False, "body_state": "removed"},
    "D": {
        "outcome": Outcome.NOT_VISIBLE,
        "category": "deleted",
        "indexable": False,
        "body_state": "deleted",
        "author_present": False,
    },
    "G": {"outcome": Outcome.NOT_VISIBLE, "found": False, "indexable": None, "body_state": None, "locked": None},
}


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def looks(signs: str) -> list[Reading]:
    """One look every three minutes: "?" could not tell, "P" is a member's own."""
    readings = []
    for number, sign in enumerate(signs):
        when = at(3 * number)
        if sign == "?":
            readings.append(no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, when, "no answer"))
        elif sign == "P":
            readings.append(replace(person_look(True, when), locked=True))
        else:
            readings.append(seen(when, **AS_SEEN[sign]))
    return readings


def told(signs: str) -> list[tuple[str, int, int]]:
    """Kind, and the numbers of the looks between which it happened."""

    def number(when: datetime) -> int:
        return int((when - START).total_seconds()) // 180

    return [(c.kind.value, number(c.after), number(c.before)) for c in changes_of(looks(signs))]


@pytest.mark.parametrize(
    ("signs", "happened"),
    [
        ("", []),
        ("...", []),
        ("..EE", [("edited", 1, 2)]),
        ("..EE..", [("edited", 1, 2), ("edited", 3, 4)]),
        ("..LL", [("locked", 1, 2)]),
        ("..LL..", [("locked", 1, 2), ("unlocked", 3, 4)]),
        ("..BB", [("edited", 1, 2), ("locked", 1, 2)]),
        ("..EEBB", [("edited", 1, 2), ("locked", 3, 4)]),
        (".?-EE", [("edited", 0, 3)]),
        ("..HH..", [("approved", 3, 4)]),
        ("..MM..", [("approved", 3, 4)]),
        ("..FF..", [("restored", 3, 4)]),
        ("HH..", [("approved", 1, 2)]),
        ("..HHMM..", [("approved", 5, 6)]),
        ("..HHGG..", [("approved", 3, 6)]),
        ("..MMEE", [("approved", 3, 4), ("edited", 1, 4)]),
        ("..DD", []),
        ("..GG..", []),
        ("..L", []),
        ("..L..", []),
        ("..L.LL", [("locked", 3, 4)]),
        ("..P..", []),
        ("MMDD", []),
    ],
)
def test_each_change_stands_between_two_looks(signs: str, happened: list[tuple[str, int, int]]) -> None:
    assert told(signs) == happened


def test_only_others_see_that_a_post_was_let_through() -> None:
    own = [replace(reading, view=View.AUTHOR) for reading in looks("..MM..")]
    assert changes_of(own) == ()
    locked = [replace(reading, view=View.AUTHOR) for reading in looks("..LL")]
    assert changes_of(locked) == (Change(ChangeKind.LOCKED, at(3), at(6)),)


@given(st.text(alphabet="".join(AS_SEEN) + "?", max_size=30))
def test_rows_that_stand_for_many_looks_tell_the_same_as_the_looks(signs: str) -> None:
    rows: list[Reading] = []
    for reading in looks(signs):
        for row in rows_of(rows, [reading], START - timedelta(days=1)):
            if rows and rows[-1].read_at == row.read_at:
                rows[-1] = row
            else:
                rows.append(row)
    assert changes_of(rows) == changes_of(looks(signs))
    for change in changes_of(rows):
        assert change.after < change.before


def test_a_lock_is_something_to_look_at() -> None:
    assert severity(AlertKind.POST_LOCKED, {"state": "live"}) is Severity.LOOK

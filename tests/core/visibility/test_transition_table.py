"""The generated tables of docs/visibility.md: complete, and from the real verdict."""

from __future__ import annotations

import pytest
from visibility_tables import EVIDENCE, Evidence, consequences, evidence_table, reached, transition_table

from core.model import Confidence, State

# The evidence table of reddit-facts, row by row: what it makes of a live post (of an unverified one for "live").
FACTS = {
    "live": {State.LIVE},
    "moderator": {State.REMOVED},
    "automod_filtered": {State.HELD},
    "reddit": {State.REMOVED},
    "admin categories, takedowns": {State.REMOVED},
    "deleted by author": {State.DELETED},
    "category unknown": {State.REMOVED},
    "text removed": {State.REMOVED},
    "text removed by moderators": {State.REMOVED},
    "text removed by Reddit": {State.REMOVED},
    "not indexable": {State.REMOVED},
    "live, account deleted": {State.LIVE},
    "author: category set": {State.REMOVED},
    "author: not indexable": {State.REMOVED},
    "author: looks normal": set[State](),
    "shadowban likely": {State.SHADOWBANNED},
    "shadowban": {State.REMOVED, State.SHADOWBANNED},
    "account deleted": {State.LIVE},
    "account suspended": {State.SUSPENDED},
    "locked": {State.LIVE},
    "id missing": {State.GATED},
    "the community's own page": {State.GATED},
    "no evidence": set[State](),
}


def test_every_row_of_the_evidence_table_is_in_it() -> None:
    assert {kind.facts_row for kind in EVIDENCE} - {""} == set(FACTS)


@pytest.mark.parametrize("kind", [kind for kind in EVIDENCE if kind.facts_row], ids=lambda kind: kind.name)
def test_each_row_says_what_the_facts_say(kind: Evidence) -> None:
    came = consequences(State.LIVE, kind) or consequences(State.UNVERIFIED, kind)
    assert {each.verdict.state for each in came} == FACTS[kind.facts_row]


def test_every_state_is_reached_by_evidence_alone() -> None:
    assert {state: reached(state)[0].state for state in State} == {state: state for state in State}
    shown = "\n".join(transition_table())
    assert all(f"**{state}**" in shown for state in set(State) - {State.UNVERIFIED, State.UNKNOWN})


@pytest.mark.parametrize("state", State)
def test_no_evidence_changes_no_state(state: State) -> None:
    for kind in EVIDENCE:
        if kind.facts_row == "no evidence":
            assert consequences(state, kind) == [], kind.name


def test_nothing_is_confirmed_by_one_reading_but_by_a_member_with_a_picture() -> None:
    for kind in EVIDENCE:
        looks, minutes = (1, 0) if kind.changes.get("has_picture") else (2, 3)
        came = consequences(State.UNVERIFIED, kind)
        assert all(each.looks >= looks and each.minutes >= minutes for each in came), kind.name


def test_a_picture_alone_confirms_what_a_member_saw_and_says_nothing_of_a_hidden_account() -> None:
    seen, unseen = (kind for kind in EVIDENCE if kind.changes.get("has_picture"))
    for kind, state in ((seen, State.LIVE), (unseen, State.REMOVED)):
        [each] = consequences(State.UNVERIFIED, kind)
        assert (each.verdict.state, each.looks, each.verdict.confidence) == (state, 1, Confidence.MEDIUM)
        assert consequences(State.SHADOWBANNED, kind) == consequences(State.SUSPENDED, kind) == []


def test_a_table_has_as_many_cells_in_each_row() -> None:
    for table in (evidence_table(), transition_table()):
        assert len({row.count("|") for row in table}) == 1

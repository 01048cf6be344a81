"""Runs of agreeing readings: how many it takes, how far apart, and who is believed of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.model import AccountState, AuthorStatus, Basis, Confidence, Outcome, Reading, RemovedBy, State, View
from core.visibility.evidence import account_run_of, is_evidence, locked_run_of, post_run_of
from tests.core.visibility.world import START, seen

MINUTE = timedelta(minutes=1)


def at(minutes: float, **changes: Any) -> Reading:
    return seen(START + MINUTE * minutes, **changes)


def gone(minutes: float, category: str | None) -> Reading:
    return at(minutes, category=category, indexable=False, outcome=Outcome.NOT_VISIBLE)


def person(minutes: float, outcome: Outcome) -> Reading:
    return Reading(View.PERSON, Basis.PERSON, START + MINUTE * minutes, outcome)


@pytest.mark.parametrize("categories", [(None, "moderator"), ("moderator", None)], ids=["sure last", "sure first"])
def test_a_run_needs_as_few_readings_as_its_most_telling_one(categories: tuple[str | None, ...]) -> None:
    unsure = post_run_of([gone(0, None), gone(4, None)])
    assert unsure is not None
    assert (unsure.needs, unsure.is_confirmed) == (3, False)
    run = post_run_of([gone(minute * 4, category) for minute, category in enumerate(categories)])
    assert run is not None
    assert run.claim is not None
    assert (run.word, run.needs, run.counted, run.is_confirmed) == (State.REMOVED, 2, 2, True)
    assert (run.claim.removed_by, run.claim.confidence) == (RemovedBy.MODERATORS, Confidence.HIGH)


@pytest.mark.parametrize(("minutes", "counted"), [(2.99, 1), (3, 2), (10, 2)])
def test_readings_count_when_they_are_three_minutes_apart(minutes: float, counted: int) -> None:
    run = post_run_of([at(0), at(minutes)])
    assert run is not None
    assert (run.counted, run.is_confirmed, run.last_at) == (counted, counted == 2, START + MINUTE * minutes)


def test_readings_between_do_not_hinder_and_do_not_help() -> None:
    run = post_run_of([at(0), at(2), at(4), at(5)])
    assert run is not None
    assert (run.counted, run.started_at, run.last_counted_at) == (2, START, START + MINUTE * 4)


def missing_account(minutes: float) -> Reading:
    return at(minutes, author_status=AuthorStatus.MISSING)


@pytest.mark.parametrize(
    ("minutes", "is_confirmed"),
    [((0, 15, 30), True), ((0, 15, 29.9), False), ((0, 31), False), ((0, 1, 2, 31), False), ((0, 4, 8, 30), True)],
)
def test_a_shadowban_takes_three_readings_over_half_an_hour(minutes: tuple[float, ...], is_confirmed: bool) -> None:
    run = account_run_of([missing_account(minute) for minute in minutes])
    assert run is not None
    assert (run.word, run.is_confirmed) == (AccountState.SHADOWBANNED, is_confirmed)


def test_after_a_clock_was_set_back_the_run_began_at_the_earlier_time() -> None:
    run = account_run_of([missing_account(minute) for minute in (0, -10, -5, 5, 15, 20)])
    assert run is not None
    assert run.started_at == START - MINUTE * 10
    assert run.counted == 5
    assert run.is_confirmed
    again = account_run_of([missing_account(minute) for minute in (0, -1, 1)])
    assert again is not None
    assert again.counted == 1, "how far apart they are is not known, and then it is too little"


def test_a_look_of_a_person_agrees_with_a_run_and_begins_none() -> None:
    assert post_run_of([person(0, Outcome.NOT_VISIBLE), person(5, Outcome.NOT_VISIBLE)]) is None
    run = post_run_of([gone(0, "moderator"), person(5, Outcome.NOT_VISIBLE)])
    assert run is not None
    assert run.is_confirmed
    for other in (person(5, Outcome.VISIBLE), person(5, Outcome.CANNOT_TELL)):
        alone = post_run_of([gone(0, "moderator"), other])
        assert alone is not None
        assert (alone.counted, alone.last_at) == (1, START)
    live = post_run_of([at(0), person(5, Outcome.VISIBLE)])
    assert live is not None
    assert live.is_confirmed


def test_an_own_normal_look_vouches_for_nothing() -> None:
    own = replace(at(5), view=View.AUTHOR)
    run = post_run_of([at(0), own])
    assert run is not None
    assert (run.word, run.counted) == (State.LIVE, 1)


@pytest.mark.parametrize("view", [View.THIRD_PARTY, View.AUTHOR])
def test_a_lock_is_seen_by_a_third_party_and_by_the_author(view: View) -> None:
    run = locked_run_of([replace(at(minute, locked=True), view=view) for minute in (0, 4)])
    assert run is not None
    assert (run.word, run.is_confirmed) == ("locked", True)
    assert locked_run_of([at(0, locked=None), person(1, Outcome.VISIBLE)]) is None
    opened = locked_run_of([at(0, locked=True), at(4, locked=False)])
    assert opened is not None
    assert (opened.word, opened.counted) == ("unlocked", 1)


@pytest.mark.parametrize(("minutes", "counts"), [(14.9, False), (15, True)])
def test_a_missing_id_is_evidence_a_quarter_of_an_hour_after_posting(minutes: float, counts: bool) -> None:
    missing = at(minutes, found=False, outcome=Outcome.NOT_VISIBLE)
    assert is_evidence(missing, START) is counts
    assert is_evidence(replace(missing, found=True), START)
    assert not is_evidence(replace(missing, found=True, control_live=False), START)
    assert is_evidence(replace(missing, found=True, control_live=False, view=View.AUTHOR), START)
    assert not is_evidence(replace(missing, found=True, outcome=Outcome.CANNOT_TELL), START)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"author_status": None}, None),
        ({"author_status": AuthorStatus.EXISTS}, AccountState.VISIBLE),
        ({"author_status": AuthorStatus.SUSPENDED}, AccountState.SUSPENDED),
        ({"author_status": AuthorStatus.CANNOT_TELL}, None),
        ({"author_status": AuthorStatus.MISSING}, AccountState.SHADOWBANNED),
        ({"author_status": AuthorStatus.MISSING, "control_live": False}, None),
        ({"author_status": AuthorStatus.MISSING, "author_present": None}, None),
        ({"author_status": AuthorStatus.MISSING, "author_present": False}, AccountState.DELETED),
        ({"author_status": AuthorStatus.MISSING, "view": View.AUTHOR}, None),
        # A deleted post lost its name too, and so did a removed comment; a removed post keeps it.
        ({"author_status": AuthorStatus.MISSING, "author_present": False, "category": "deleted"}, None),
        (
            {
                "author_status": AuthorStatus.MISSING,
                "author_present": False,
                "indexable": None,
                "body_state": "removed",
            },
            None,
        ),
        (
            {"author_status": AuthorStatus.MISSING, "author_present": False, "body_state": "removed"},
            AccountState.DELETED,
        ),
        (
            {
                "author_status": AuthorStatus.MISSING,
                "author_present": False,
                "indexable": None,
                "category": "moderator",
            },
            AccountState.DELETED,
        ),
    ],
)
def test_what_a_look_up_of_the_account_says(changes: dict[str, Any], finding: AccountState | None) -> None:
    run = account_run_of([at(0, **changes)])
    assert (run.word if run is not None else None) == finding


def test_only_changes_that_were_confirmed_within_a_day_make_the_next_one_doubted() -> None:
    flickers = [gone(n * 4, "moderator") if n % 2 else at(n * 4) for n in range(20)]
    run = post_run_of(flickers)
    assert run is not None
    assert run.doubt == 0, "none of them was confirmed"
    changes = [
        gone(n * 8 + half * 4, "moderator") if n % 2 else at(n * 8 + half * 4) for n in range(12) for half in (0, 1)
    ]
    doubted = post_run_of(changes)
    assert doubted is not None
    assert (doubted.doubt, doubted.counted, doubted.is_confirmed) == (1, 2, False)
    day = 24 * 60
    later = post_run_of([*changes, at(day + 400)])
    assert later is not None
    assert later.doubt == 0, "those of the day before are past"

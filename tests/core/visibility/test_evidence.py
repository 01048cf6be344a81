"""Runs of agreeing readings: how many it takes, how far apart, and who is believed of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.model import AccountState, AuthorStatus, Basis, Confidence, Outcome, Reading, RemovedBy, State, View
from core.visibility.evidence import (
    account_run_of,
    evidence_of,
    is_evidence,
    locked_run_of,
    people_say,
    post_run_of,
    post_runs_of,
)
from core.visibility.readings import person_look
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
    assert run.sign is not None
    assert (run.word, run.needs, run.counted, run.is_confirmed) == (State.REMOVED, 2, 2, True)
    assert (run.sign.removed_by, run.sign.confidence) == (RemovedBy.MODERATORS, Confidence.HIGH)


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


# ---------------------------------------------------------------- runs as wholes


def joined(minutes: float, until: float, times: int, apart: int, apart_at: float | None, **changes: Any) -> Reading:
    return at(
        minutes,
        last_read_at=START + MINUTE * until,
        times=times,
        apart=apart,
        apart_at=START + MINUTE * apart_at if apart_at is not None else None,
        **changes,
    )


def test_a_joined_reading_counts_as_its_looks_would_one_by_one() -> None:
    run = post_run_of([joined(0, 10, 5, 3, 8)])
    assert run is not None
    assert (run.started_at, run.counted, run.last_counted_at, run.last_at) == (
        START,
        3,
        START + MINUTE * 8,
        START + MINUTE * 10,
    )
    longer = post_run_of([at(-9), joined(-7, 10, 5, 3, 8), at(10.9)])
    assert longer is not None
    assert (longer.started_at, longer.counted) == (START - MINUTE * 9, 3)
    assert (longer.last_counted_at, longer.last_at) == (START + MINUTE * 8, START + MINUTE * 10.9)
    later = post_run_of([joined(0, 10, 5, 3, 8), at(11)])
    assert later is not None
    assert (later.counted, later.last_counted_at) == (4, START + MINUTE * 11)
    once = post_run_of([at(-4), joined(0, 2, 3, 1, None)])
    assert once is not None
    assert (once.counted, once.last_counted_at, once.last_at) == (2, START, START + MINUTE * 2)


def test_runs_come_oldest_first_each_with_its_own_beginning_claim_and_category() -> None:
    runs = post_runs_of([at(0), at(4), gone(8, "moderator"), gone(12, None), gone(16, "reddit"), at(20)])
    told = [(run.word, run.started_at, run.last_at, run.counted, run.needs, run.category) for run in runs]
    assert told == [
        (State.LIVE, START, START + MINUTE * 4, 2, 2, None),
        (State.REMOVED, START + MINUTE * 8, START + MINUTE * 16, 3, 2, "reddit"),
        (State.LIVE, START + MINUTE * 20, START + MINUTE * 20, 1, 2, None),
    ]
    assert [run.sign.removed_by for run in runs if run.sign is not None] == [None, RemovedBy.REDDIT_FILTERS, None]
    assert post_runs_of([]) == []
    assert post_run_of([]) is None


def test_two_categories_of_one_kind_make_one_run_that_names_the_newer() -> None:
    run = post_run_of([gone(0, "deleted"), gone(4, "author")])
    assert run is not None
    assert (run.word, run.counted, run.category) == (State.DELETED, 2, "author")


@pytest.mark.parametrize(
    ("first", "outcome", "agrees"),
    [
        (gone(0, "moderator"), Outcome.NOT_VISIBLE, True),
        (gone(0, "automod_filtered"), Outcome.NOT_VISIBLE, True),
        (gone(0, "deleted"), Outcome.NOT_VISIBLE, True),
        (at(0, found=False, outcome=Outcome.NOT_VISIBLE), Outcome.NOT_VISIBLE, True),
        (at(0, found=False, closure="private", outcome=Outcome.NOT_VISIBLE), Outcome.NOT_VISIBLE, True),
        (at(0), Outcome.VISIBLE, True),
        (at(0), Outcome.NOT_VISIBLE, False),
        (gone(0, "moderator"), Outcome.VISIBLE, False),
        (at(0), Outcome.CANNOT_TELL, False),
    ],
)
@pytest.mark.parametrize("view", [View.PERSON, View.ANONYMOUS])
def test_people_and_logged_out_pages_agree_with_what_they_can_see(
    view: View, first: Reading, outcome: Outcome, agrees: bool
) -> None:
    other = Reading(view, Basis.WEB, START + MINUTE * 5, outcome)
    run = post_run_of([first, other])
    assert run is not None
    assert (run.counted, run.last_at) == ((2, START + MINUTE * 5) if agrees else (1, START))


def test_a_clock_that_jumped_moves_all_times_before_the_jump_and_drops_what_is_no_evidence() -> None:
    early = joined(0, 10, 5, 3, 8)
    blind = at(11, outcome=Outcome.CANNOT_TELL, clock_jump_s=60.0)
    after, last = at(30, clock_jump_s=600.0), at(40)
    moved = timedelta(seconds=660)
    assert evidence_of([early, blind, after, last], START - MINUTE * 60) == [
        replace(
            early,
            read_at=START + moved,
            last_read_at=START + MINUTE * 10 + moved,
            apart_at=START + MINUTE * 8 + moved,
        ),
        after,
        last,
    ]
    single = at(0)
    assert evidence_of([single, after], START) == [replace(single, read_at=START + MINUTE * 10), after]
    assert evidence_of([single, last], START) == [single, last]


def said(minutes: float, who: str | None, *, visible: bool = True, **changes: Any) -> Reading:
    return replace(person_look(visible, START + MINUTE * minutes, who), **changes)


SEEN_SINCE_START = (Outcome.VISIBLE, START)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([], None),
        ([said(0, "bob")], None),
        ([said(0, "bob"), said(3, "alice")], SEEN_SINCE_START),
        ([said(0, "bob"), said(2.9, "alice")], None),
        ([said(0, "bob"), said(9, "bob")], None),
        ([said(0, None), said(9, "alice")], None),
        ([said(0, "bob"), said(5, "alice", visible=False)], None),
        ([said(-9, "eve", visible=False), said(0, "bob"), said(5, "alice")], SEEN_SINCE_START),
        ([said(0, "bob"), said(2, "alice", outcome=Outcome.CANNOT_TELL), said(5, "alice")], SEEN_SINCE_START),
        ([said(0, "bob"), said(4, "alice"), said(5, "alice")], SEEN_SINCE_START),
        ([said(-9, "eve"), said(0, "bob"), said(5, "alice")], SEEN_SINCE_START),
        ([said(0, "bob", visible=False), said(3, "alice", visible=False)], (Outcome.NOT_VISIBLE, START)),
    ],
)
def test_two_members_agree_when_their_last_looks_are_three_minutes_apart(
    looks: list[Reading], expected: tuple[Outcome, Any] | None
) -> None:
    assert people_say(looks, START - MINUTE * 60) == expected


@pytest.mark.parametrize(
    ("other", "decides"),
    [
        (at(-120), True),
        (at(-120.1), False),
        (at(-130, last_read_at=START - MINUTE * 120), True),
        (at(1), True),
        (gone(-60, "moderator"), True),
        (at(-60, control_live=False), False),
        (at(-60, outcome=Outcome.CANNOT_TELL), False),
        (at(-60, view=View.AUTHOR), False),  # a normal look of the author's proves nothing
        (replace(gone(-60, "moderator"), view=View.AUTHOR), True),
        (at(-60, view=View.ANONYMOUS), False),
    ],
)
def test_members_do_not_decide_where_somebody_else_saw_the_post_within_two_hours(other: Reading, decides: bool) -> None:
    looks = sorted([other, said(0, "bob"), said(3, "alice")], key=lambda reading: reading.read_at)
    assert people_say(looks, START - MINUTE * 300) == (None if decides else SEEN_SINCE_START)


def test_the_newest_answer_about_an_account_or_a_lock_that_differs_begins_a_run() -> None:
    found = account_run_of(
        [missing_account(0), at(2), missing_account(5), at(9, author_status=AuthorStatus.EXISTS), at(30)]
    )
    assert found is not None
    assert (found.word, found.started_at, found.counted) == (AccountState.VISIBLE, START + MINUTE * 9, 1)
    assert account_run_of([at(0), at(5)]) is None
    lock = locked_run_of([at(0, locked=True), at(1, locked=None), at(4, locked=True)])
    assert lock is not None
    assert (lock.word, lock.started_at, lock.counted) == ("locked", START, 2)
    assert locked_run_of([at(0, locked=True, view=View.ANONYMOUS), at(4, locked=True, view=View.PERSON)]) is None


@pytest.mark.parametrize(("apart", "doubt"), [(24 * 60, 1), (24 * 60 + 1, 0)])
def test_a_change_a_day_ago_still_counts_and_one_before_that_no_more(apart: int, doubt: int) -> None:
    # Nine confirmed changes, of which the first began so many minutes before the newest run does.
    changes = [
        gone(n, "moderator") if change % 2 else at(n) for change in range(9) for n in (change * 10, change * 10 + 4)
    ]
    run = post_run_of([*changes, gone(apart, "moderator")])
    assert run is not None
    assert (run.started_at, run.doubt) == (START + MINUTE * apart, doubt)

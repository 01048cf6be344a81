"""Equal readings in a row are one row, and what they confirm is what they would confirm one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.model import AuthorStatus, Basis, Outcome, Reading, State, View
from core.visibility.evidence import account_run_of, evidence_of, locked_run_of, post_run_of, post_runs_of
from core.visibility.joining import covers, joined, rows_of
from core.visibility.readings import person_look
from core.visibility.verdict import judge
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME, pass_time
from tests.core.visibility.world import START, World, removed, seen, sighting, tracked
from tests.watch import Watch

MINUTE = timedelta(minutes=1)
POSTED = START - timedelta(hours=1)

LOOKS: Sequence[dict[str, Any]] = (
    {},
    {"outcome": Outcome.NOT_VISIBLE, "category": "moderator", "indexable": False, "body_state": "removed"},
    {"outcome": Outcome.NOT_VISIBLE, "indexable": False},
    {"outcome": Outcome.NOT_VISIBLE, "found": False, "indexable": None, "author_present": None, "body_state": None},
    {"author_status": AuthorStatus.MISSING},
    {"author_status": AuthorStatus.EXISTS},
    {"locked": True},
    {"outcome": Outcome.CANNOT_TELL, "problem": "The answer was cut."},
    {"control_live": False},
    {"view": View.AUTHOR, "control_live": False},
    {"view": View.PERSON, "basis": Basis.PERSON, "control_live": False, "found": None},
)


def one_by_one(steps: Sequence[tuple[int, int]]) -> list[Reading]:
    """Readings, each so many half minutes after the one before, of these kinds."""
    at, readings = START, []
    for which, halves in steps:
        at += MINUTE / 2 * halves
        readings.append(seen(at, **LOOKS[which]))
    return readings


def kept(readings: Sequence[Reading]) -> list[Reading]:
    """The rows that are kept of readings that come one after another."""
    rows: list[Reading] = []
    for reading in readings:
        (row,) = rows_of(rows, [reading], POSTED)
        known = [i for i, other in enumerate(rows) if (other.read_at, other.view) == (row.read_at, row.view)]
        if known and row.times > 1:
            rows[known[0]] = row
        else:
            rows.append(row)
    return rows


STEPS = st.lists(st.tuples(st.integers(0, len(LOOKS) - 1), st.integers(1, 40)), min_size=1, max_size=40)


@given(STEPS)
def test_joined_readings_confirm_nothing_that_they_would_not_confirm_one_by_one(steps: list[tuple[int, int]]) -> None:
    readings = one_by_one(steps)
    apart, together = evidence_of(readings, POSTED), evidence_of(kept(readings), POSTED)
    assert [run.word for run in post_runs_of(together)] == [run.word for run in post_runs_of(apart)]
    for newest in (account_run_of, locked_run_of, post_run_of):
        single, joint = newest(apart), newest(together)
        assert (single is None) == (joint is None)
        if single is not None and joint is not None:
            assert (joint.word, joint.started_at, joint.last_at) == (single.word, single.started_at, single.last_at)
            assert joint.counted <= single.counted


@given(STEPS)
def test_no_look_is_lost_in_joining(steps: list[tuple[int, int]]) -> None:
    readings = one_by_one(steps)
    rows = kept(readings)
    assert sum(row.times for row in rows) == len(readings)
    assert all(sum(covers(row, reading) for row in rows) >= 1 for reading in readings)


@given(st.integers(0, len(LOOKS) - 2), st.integers(2, 60), st.integers(1, 20))
def test_a_post_that_does_not_change_is_one_row_and_its_verdict_the_same(which: int, looks: int, halves: int) -> None:
    post = tracked(posted_at=POSTED)
    readings = one_by_one([(which, halves)] * looks)
    rows = kept(readings)
    assert len(rows) == 1
    assert (rows[0].read_at, rows[0].ended_at, rows[0].times) == (readings[0].read_at, readings[-1].read_at, looks)
    last = readings[-1]
    single = judge(post, readings[:-1], [last], last.read_at)
    joint = judge(post, kept(readings[:-1]), [last], last.read_at)
    assert (joint.state, joint.removed_by, joint.locked) == (single.state, single.removed_by, single.locked)
    assert [alert.dedupe_key for alert in joint.alerts] == [alert.dedupe_key for alert in single.alerts]


def test_what_differs_begins_a_row_of_its_own() -> None:
    first = seen(START)
    for changes in LOOKS[1:]:
        assert joined(first, seen(START + MINUTE * 5, **changes), POSTED) is None, changes
    assert joined(first, replace(first, read_at=START + MINUTE, clock_jump_s=3600.0), POSTED) is None
    assert joined(first, replace(first, read_at=START - MINUTE), POSTED) is None, "the clock was set back"
    assert joined(first, first, POSTED) is None
    look = person_look(True, START)
    assert joined(look, replace(look, read_at=START + MINUTE), POSTED) is None, "looks of people are kept one by one"


def test_counts_of_votes_and_comments_are_those_of_the_last_look_that_knew_them() -> None:
    row = joined(seen(START, score=3, num_comments=1), seen(START + MINUTE * 3, score=9), POSTED)
    assert row is not None
    assert (row.score, row.num_comments, row.times, row.apart) == (9, 1, 2, 2)


def test_a_missing_id_of_the_first_minutes_begins_anew_when_it_is_evidence() -> None:
    missing = seen(START, outcome=Outcome.NOT_VISIBLE, found=False)
    later = replace(missing, read_at=START + MINUTE * 20)
    assert joined(missing, later, START - MINUTE * 5) is None
    assert joined(missing, later, START - MINUTE * 15) is not None


def test_a_row_that_another_view_followed_does_not_go_on() -> None:
    gone = seen(START, outcome=Outcome.NOT_VISIBLE, category="moderator", indexable=False)
    own = replace(gone, view=View.AUTHOR, control_live=False, read_at=START + MINUTE)
    assert [row.times for row in rows_of([gone], [replace(gone, read_at=START + MINUTE)], POSTED)] == [2]
    assert [row.times for row in rows_of([gone, own], [replace(gone, read_at=START + MINUTE * 2)], POSTED)] == [1]


async def test_a_day_of_looks_at_a_quiet_post_is_one_row_and_the_change_another(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Any
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, timedelta(hours=24), MINUTE * 3)
    (row,) = await store.readings(caller.workspace_id, post.id)
    assert row.read_at == post.registered_at
    assert clock.now() - row.ended_at <= timedelta(minutes=66)
    assert row.times == row.apart > 20
    world.posts[NAME] = removed(NAME)
    await pass_time(watch, clock, timedelta(hours=2), MINUTE * 3)
    live, *gone = await store.readings(caller.workspace_id, post.id)
    assert live.outcome is Outcome.VISIBLE
    assert {r.category for r in gone} == {"moderator"}
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.REMOVED


async def test_quiet_looks_keep_the_counts_and_the_plan_up_to_date(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Any
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    world.posts[NAME] = sighting(NAME, score=77, num_comments=None)
    before = await store.tracked_post(caller.workspace_id, post.id)
    await pass_time(watch, clock, MINUTE * 30)
    after = await store.tracked_post(caller.workspace_id, post.id)
    assert (after.score, after.num_comments) == (77, 3)
    assert after.last_read_at is not None
    assert before.last_read_at is not None
    assert after.last_read_at > before.last_read_at
    assert after.next_check_at is not None
    assert after.next_check_at > clock.now() - MINUTE


def test_a_row_goes_on_with_its_end_its_count_and_the_looks_that_are_far_enough_apart() -> None:
    first = seen(START, score=3, num_comments=1)
    near = joined(first, seen(START + MINUTE * 2, score=5), POSTED)
    assert near == replace(first, last_read_at=START + MINUTE * 2, times=2, apart=1, apart_at=None, score=5)
    far = joined(near, seen(START + MINUTE * 3, num_comments=4), POSTED)
    at = START + MINUTE * 3
    assert far == replace(first, last_read_at=at, times=3, apart=2, apart_at=at, score=5, num_comments=4)
    again = joined(far, seen(START + MINUTE * 5), POSTED)
    assert again == replace(far, last_read_at=START + MINUTE * 5, times=4)
    last = joined(far, seen(START + MINUTE * 6, score=0, num_comments=0), POSTED)
    assert last is not None
    assert (last.times, last.apart, last.apart_at, last.score, last.num_comments) == (4, 3, START + MINUTE * 6, 0, 0)


def test_a_missing_id_goes_on_from_a_quarter_of_an_hour_after_posting_or_when_its_community_is_closed() -> None:
    missing = seen(START, outcome=Outcome.NOT_VISIBLE, found=False)
    later = replace(missing, read_at=START + MINUTE * 4)
    too_early, in_time = START - MINUTE * 15 + timedelta(seconds=1), START - MINUTE * 15
    assert joined(missing, later, too_early) is None
    assert joined(missing, later, in_time) is not None
    for changes in ({"closure": "private"}, {"found": True}):
        first, second = (replace(one, **changes) for one in (missing, later))
        assert joined(first, second, too_early) is not None


def test_a_row_covers_the_equal_looks_between_its_ends_and_no_others() -> None:
    row = seen(START, last_read_at=START + MINUTE * 9, times=4)
    inside = [seen(START + MINUTE * n) for n in (0, 5, 9)]
    assert [covers(row, reading) for reading in inside] == [True] * 3
    outside = [seen(START - MINUTE / 2), seen(START + MINUTE * 9.5), seen(START + MINUTE * 5, locked=True)]
    assert [covers(row, reading) for reading in outside] == [False] * 3
    assert covers(row, seen(START + MINUTE * 5, score=99)), "counts say nothing of what was seen"


def test_readings_of_one_check_continue_each_other_in_their_order() -> None:
    first, second = seen(START), seen(START + MINUTE)
    other = seen(START + MINUTE * 2, locked=True)
    grown = replace(first, last_read_at=START + MINUTE, times=2)
    assert rows_of([], [first, second, other], POSTED) == (first, grown, other)
    assert rows_of([first], [second], POSTED) == (grown,)
    assert rows_of([other, first], [second, other], POSTED) == (grown, other)
    assert rows_of([first], [], POSTED) == ()

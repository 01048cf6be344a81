"""What holds of a verdict whatever was seen, in whichever order and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.model import (
    AuthorStatus,
    Basis,
    Confidence,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.texts.gone import ADMINS
from core.visibility.evidence import is_evidence, sign_of
from core.visibility.verdict import is_hidden, judge
from tests.core.visibility.verdicts import GONE, MINUTE, TABLE, applied, live_through, repeated
from tests.core.visibility.world import START, seen, tracked

TIMES = st.integers(0, 72 * 60).map(lambda minutes: START + MINUTE * minutes)
CATEGORIES = st.sampled_from(
    [None, "moderator", "automod_filtered", "reddit", "deleted", "author", "anti_evil_ops", "copyright_takedown"]
) | st.text(max_size=12)
MAYBE = st.sampled_from([None, True, False])


def readings_of(views: Sequence[View] = tuple(View), outcomes: Sequence[Outcome] = tuple(Outcome)) -> Any:
    return st.builds(
        Reading,
        view=st.sampled_from(views),
        basis=st.sampled_from(Basis),
        read_at=TIMES,
        outcome=st.sampled_from(outcomes),
        found=MAYBE,
        control_live=st.booleans(),
        category=CATEGORIES,
        indexable=MAYBE,
        author_present=MAYBE,
        body_state=st.sampled_from([None, "intact", "edited", "removed", "deleted", "empty"]),
        locked=MAYBE,
        author_status=st.sampled_from([None, *AuthorStatus]),
    )


BLIND = st.one_of(
    readings_of(outcomes=[Outcome.CANNOT_TELL]),
    readings_of(views=[View.THIRD_PARTY]).map(lambda r: replace(r, control_live=False)),
)
POSTS = st.builds(
    lambda state, removed_by, confidence, locked: tracked(
        state=state, removed_by=removed_by, confidence=confidence, locked=locked
    ),
    st.sampled_from(State),
    st.sampled_from([None, *RemovedBy]),
    st.sampled_from([None, *Confidence]),
    st.booleans(),
)
HISTORY = st.lists(readings_of(), max_size=12).map(lambda rs: sorted(rs, key=lambda r: r.read_at))


@given(POSTS, HISTORY, st.lists(BLIND, max_size=8))
def test_no_sequence_of_looks_without_evidence_changes_a_state(
    post: TrackedPost, history: list[Reading], blind: list[Reading]
) -> None:
    verdict = judge(post, history, blind, START)
    assert (verdict.state, verdict.state_since, verdict.locked) == (post.state, post.state_since, post.locked)
    assert (verdict.removed_by, verdict.category) == (post.removed_by, post.category)
    assert verdict.alerts == ()
    appeals = [r for r in blind if r.view is View.PERSON and r.author_status is AuthorStatus.MISSING]
    if not appeals:
        assert verdict.confidence == post.confidence


@given(POSTS, HISTORY, st.lists(readings_of(), max_size=8))
def test_judging_again_what_was_applied_changes_nothing_and_owes_nothing_new(
    post: TrackedPost, history: list[Reading], new: list[Reading]
) -> None:
    first = judge(post, history, new, START)
    after = applied(post, first)
    for again in (judge(after, [*history, *new], [], START), judge(after, [*history, *new], new, START)):
        assert replace(again, alerts=(), confidence=None) == replace(first, alerts=(), confidence=None)
        assert again.alerts == ()
    # A killed program judges the same readings once more: the keys are the same.
    once_more = judge(post, history, new, START + timedelta(days=1))
    assert once_more == first


@given(POSTS, HISTORY, st.lists(readings_of(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_views_answered_decides_nothing(
    post: TrackedPost, history: list[Reading], new: list[Reading], random: Any
) -> None:
    shuffled = list(new)
    random.shuffle(shuffled)
    assert judge(post, history, shuffled, START) == judge(post, history, new, START)


@given(st.sampled_from(TABLE), st.lists(st.integers(0, 600), min_size=2, max_size=10, unique=True), st.integers(0, 600))
def test_one_more_agreeing_look_never_takes_a_confirmation_back(row: Any, minutes: list[int], extra: int) -> None:
    def judged(at: Sequence[int]) -> State:
        readings = [replace(row[1], read_at=START + MINUTE * minute) for minute in sorted(at)]
        return judge(tracked(), [], readings, START).state

    few, more = judged(minutes), judged([*minutes, extra])
    assert few in (State.UNVERIFIED, more) or (few, more) == (State.UNKNOWN, State.GATED) or more is row[4]


@given(st.text(max_size=30))
def test_any_category_reddit_may_invent_means_removed_by_whom_is_not_known(category: str) -> None:
    known = ADMINS | {"moderator", "automod_filtered", "reddit", "deleted", "author"}
    if category in known:
        return
    readings = repeated(seen(START, category=category, **GONE), 2, MINUTE * 3)
    post, _ = live_through(tracked(), readings)
    assert (post.state, post.removed_by, post.category) == (State.REMOVED, RemovedBy.UNKNOWN, category)


CONFIRMING = [row for row in TABLE if row[4] is not State.UNVERIFIED and row[1].view is View.THIRD_PARTY]


@given(POSTS, st.sampled_from(CONFIRMING))
def test_a_reversal_is_told_whatever_the_state_was_before(post: TrackedPost, row: Any) -> None:
    _, reading, looks, apart_min, state, _, _ = row
    if post.state in (State.SHADOWBANNED, State.SUSPENDED) and reading.author_status is None:
        reading = replace(reading, author_status=AuthorStatus.EXISTS)
    after, verdicts = live_through(post, repeated(reading, looks, MINUTE * apart_min))
    if post.state is State.GATED and state is State.UNKNOWN:  # still gone, whatever the reason
        state = State.GATED
    assert after.state is state
    kinds = [alert.kind for verdict in verdicts for alert in verdict.alerts if "locked" not in alert.dedupe_key]
    if post.state is not state and state is not State.UNKNOWN:
        assert kinds, f"{post.state} became {state} and nobody was told"


def test_every_state_can_be_reached() -> None:
    reached = {live_through(tracked(), repeated(row[1], row[2], MINUTE * row[3]))[0].state for row in TABLE}
    assert reached == set(State)


@given(st.lists(readings_of(views=[View.PERSON, View.ANONYMOUS]), max_size=12))
def test_people_and_logged_out_pages_alone_decide_nothing(readings: list[Reading]) -> None:
    post, verdicts = live_through(tracked(), sorted(readings, key=lambda r: r.read_at))
    assert post.state is State.UNVERIFIED
    assert not any(verdict.alerts for verdict in verdicts)
    assert all(sign_of(reading) is None for reading in readings)


@given(readings_of())
def test_only_healthy_answers_are_evidence(reading: Reading) -> None:
    if is_evidence(reading, START):
        assert reading.outcome is not Outcome.CANNOT_TELL
        assert reading.view is not View.THIRD_PARTY or reading.control_live


@given(st.lists(st.tuples(st.integers(0, 120), st.sampled_from([0, 0, 200, 3600])), min_size=2, max_size=6))
def test_no_jump_of_the_clock_takes_the_place_of_time_that_passed(gaps: Sequence[tuple[int, int]]) -> None:
    post = tracked(state=State.LIVE, state_since=START - timedelta(days=1))
    at, passed_s = START, 0
    history: list[Reading] = []
    for number, (gap_s, jump_s) in enumerate(gaps):
        at += timedelta(seconds=gap_s + jump_s + 1)
        passed_s += gap_s + 1 if number else 0
        gone = seen(at, outcome=Outcome.NOT_VISIBLE, category="moderator", indexable=False, clock_jump_s=float(jump_s))
        verdict = judge(post, history, [gone], at)
        history.append(gone)
        assert (verdict.state is State.REMOVED) == (passed_s >= 180)


def test_a_post_is_hidden_when_anybody_took_it_down_or_its_category_says_so() -> None:
    gone = tracked(state=State.SHADOWBANNED)
    assert not is_hidden(gone)
    assert is_hidden(replace(gone, removed_by=RemovedBy.MODERATORS))
    assert is_hidden(replace(gone, category="moderator"))


def test_two_readings_that_come_together_are_weighed_in_the_order_of_their_times() -> None:
    live, gone = seen(START), seen(START + MINUTE * 4, category="moderator", indexable=False)
    assert judge(tracked(), [], [gone, live], START + MINUTE * 4) == judge(
        tracked(), [], [live, gone], START + MINUTE * 4
    )
    fresh = judge(tracked(), [], [seen(START + MINUTE * 4), seen(START)], START + MINUTE * 4)
    assert fresh.state is State.LIVE
    assert fresh.state_since == START

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import State
from core.visibility import due
from core.visibility.due import Pace
from tests.core.visibility.world import START, tracked

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def following(now: datetime, **changes: Any) -> timedelta:
    """How long after `now` the next look comes, for a post that was posted and registered at START."""
    facts: dict[str, Any] = {"state": State.LIVE, "state_since": START, "awaited_in": None, "pace": Pace()}
    post_changes = {key: changes.pop(key) for key in list(changes) if key not in facts}
    post = tracked(**{"posted_at": START, **post_changes})
    at = due.next_check_at(post, now, **{**facts, **changes})
    assert at is not None
    return at - now


def within(span: timedelta, wait: timedelta) -> bool:
    return wait <= span <= wait * (1 + due.JITTER)


AT_AGES = (MINUTE, HOUR * 5, HOUR * 23, HOUR * 71, DAY * 6.9, DAY * 13)


def test_the_older_a_post_is_the_longer_it_waits_in_one_proportion() -> None:
    for age, minutes in zip(AT_AGES, (3, 6, 12, 24, 48, 60), strict=True):
        assert within(following(START + age, pace=Pace(MINUTE * 3)), MINUTE * minutes)


def test_no_wait_is_shorter_than_three_minutes_or_longer_than_an_hour() -> None:
    for age in AT_AGES:
        assert within(following(START + age, pace=Pace(timedelta())), MINUTE * 3)
        assert within(following(START + age, pace=Pace(DAY)), HOUR)
    assert within(following(START + DAY * 2, pace=Pace(HOUR, stretch=30)), DAY), "but when the budget is short"


def test_a_post_whose_state_changed_is_looked_at_like_a_new_one() -> None:
    now = START + DAY * 5
    assert within(following(now, state=State.REMOVED, state_since=now - MINUTE * 59), MINUTE * 3)
    assert within(following(now, state=State.HELD, state_since=now - HOUR * 5), MINUTE * 6)
    assert within(following(now, state=State.DELETED, state_since=now - MINUTE), HOUR), "nobody brings it back"


def test_what_waits_for_its_confirmation_is_seen_at_least_three_minutes_later() -> None:
    for hours in (0, 5, 24 * 8, 24 * 20):
        span = following(START + HOUR * hours, awaited_in=MINUTE * 3, pace=Pace(HOUR))
        assert within(span, MINUTE * 3)


def test_watching_ends_on_the_fourteenth_day() -> None:
    post, facts = tracked(posted_at=START), {"state": State.LIVE, "state_since": START, "awaited_in": None}
    last = due.next_check_at(post, START + DAY * 14 - MINUTE, pace=Pace(HOUR), **facts)  # type: ignore[arg-type]
    assert last == START + DAY * 14
    assert due.next_check_at(post, last, pace=Pace(HOUR), **facts) is None  # type: ignore[arg-type]


def test_a_post_registered_late_is_followed_for_a_week_and_audited_after_an_hour() -> None:
    posted = START - DAY * 30
    assert due.audit_due_at(posted, START) == START + HOUR
    assert due.watched_until(posted, START) == START + DAY * 7
    assert due.audit_due_at(START, START) == START + DAY * 7


def test_a_stopped_post_is_never_due() -> None:
    post = tracked(stopped_at=START)
    facts: dict[str, Any] = {"state": State.LIVE, "state_since": START, "pace": Pace()}
    assert due.next_check_at(post, START, awaited_in=timedelta(minutes=3), **facts) is None
    assert due.next_check_when_blind(post, START, blind_cycles=1) is None


def test_blindness_backs_off_to_five_minutes_and_respects_the_remotes_own_wish() -> None:
    post = tracked(posted_at=START)

    def wait(cycles: int, retry_after_s: float | None = None) -> timedelta:
        at = due.next_check_when_blind(post, START, blind_cycles=cycles, retry_after_s=retry_after_s)
        assert at is not None
        return at - START

    assert within(wait(1), timedelta(minutes=1))
    assert within(wait(2), timedelta(minutes=2))
    assert within(wait(4), timedelta(minutes=5))
    assert within(wait(1000), timedelta(minutes=5))
    assert within(wait(1, 1200), timedelta(minutes=20))
    assert within(wait(1, 10**9), HOUR)


@given(
    st.sampled_from(State),
    st.integers(0, 20 * 24 * 60),
    st.integers(0, 24 * 60),
    st.sampled_from([None, timedelta(minutes=3), timedelta(minutes=15)]),
)
def test_the_next_look_is_in_the_future_the_same_every_time_and_never_too_soon(
    state: State, minutes: int, unit: int, awaited_in: timedelta | None
) -> None:
    now = START + timedelta(minutes=minutes)
    facts: dict[str, Any] = {
        "state": state,
        "state_since": START,
        "awaited_in": awaited_in,
        "pace": Pace(MINUTE * unit),
    }
    post = tracked(posted_at=START)
    at = due.next_check_at(post, now, **facts)
    assert at == due.next_check_at(post, now, **facts)
    if at is None:
        assert now >= due.watched_until(post.posted_at, post.registered_at)
    else:
        assert at > now
        assert awaited_in is None or at - now >= awaited_in


def test_posts_registered_at_the_same_moment_drift_apart() -> None:
    times = {due.first_check_at(f"t3_{number:04d}", START) for number in range(50)}
    assert len(times) > 40


# ---------------------------------------------------------------- the pace

COUNTS = st.lists(st.integers(0, 50_000), min_size=len(due.AGES), max_size=len(due.AGES))
KEY = 100 * 60 * 98.0  # looks an hour that a key of a hundred requests a minute allows


def test_few_posts_are_looked_at_every_three_minutes_whatever_their_age() -> None:
    pace = due.pace_for([10, 20, 30, 40, 50, 60], KEY)
    assert [pace.wait(rate) for _, rate in due.RATES] == [MINUTE * 3] * len(due.RATES)


def test_twenty_thousand_posts_cost_five_percent_of_a_key() -> None:
    posts = [60, 300, 1_070, 2_860, 5_710, 10_000]
    pace = due.pace_for(posts, KEY)
    assert 0.049 * KEY < due.looks_an_hour(posts, pace) <= 0.05 * KEY
    assert pace.wait(1) < MINUTE * 4, "the youngest wait hardly longer for it"
    assert pace.wait(48) == HOUR
    quicker = due.pace_for(posts, KEY, share=0.2)
    assert quicker.wait(48) < MINUTE * 30


def test_posts_that_the_share_does_not_pay_for_once_an_hour_take_more_of_the_key_and_then_wait_longer() -> None:
    many = [0, 0, 0, 0, 0, 100_000]
    assert due.pace_for(many, KEY).wait(48) <= HOUR * 1.001
    assert not due.pace_for(many, KEY).is_stretched
    too_many = [0, 0, 0, 0, 0, 1_000_000]
    pace = due.pace_for(too_many, KEY)
    assert pace.is_stretched
    assert HOUR * 3 < pace.wait(48) < HOUR * 4
    assert pace.wait(4) == HOUR, "young posts wait no longer for it"
    assert due.pace_for(too_many, 1.0).wait(48) == DAY, "never less than once a day"


@given(COUNTS, st.floats(1, 1_000_000), st.floats(0.01, 0.5))
def test_looks_stay_within_the_share_or_only_new_posts_are_seen_more_often_than_once_an_hour(
    posts: list[int], an_hour: float, share: float
) -> None:
    pace = due.pace_for(posts, an_hour, share)
    if due.looks_an_hour(posts, pace) > an_hour * share * 1.001:
        assert [pace.wait(rate) for _, rate in due.RATES[:3]] == [MINUTE * 15, MINUTE * 30, HOUR]
        assert pace.wait(48) >= HOUR


@given(COUNTS, st.floats(1, 1_000_000), st.floats(1, 4))
def test_a_larger_budget_never_makes_anything_wait_longer(posts: list[int], an_hour: float, times: float) -> None:
    for _, rate in due.RATES:
        assert due.pace_for(posts, an_hour * times).wait(rate) <= due.pace_for(posts, an_hour).wait(rate)


def test_only_what_was_seen_live_for_six_hours_gives_way() -> None:
    assert due.gives_way(HOUR * 6, State.LIVE, None)
    assert not due.gives_way(HOUR * 6 - MINUTE, State.LIVE, None)
    assert not due.gives_way(HOUR * 6, State.LIVE, MINUTE * 3)
    assert not due.gives_way(HOUR * 60, State.HELD, None)


def test_posts_that_are_blind_together_are_tried_again_apart() -> None:
    posts = [tracked(fullname=f"t3_{number}abc2d") for number in range(5)]
    times = {due.next_check_when_blind(post, START, blind_cycles=1) for post in posts}
    assert len(times) == 5
    assert times == {due.next_check_when_blind(post, START, blind_cycles=1) for post in posts}


# ---------------------------------------------------------------- bounds


def exactly(start: datetime, wait: timedelta, name: str = "t3_1abc2d") -> datetime:
    """As documented: later than planned by up to a tenth, by a number that the post and the plan decide."""
    share = zlib.crc32(f"{name} {start.isoformat()} {wait}".encode()) / 0xFFFFFFFF
    return start + wait + wait * share / 10


@pytest.mark.parametrize(
    ("age", "rate"),
    [
        (timedelta(), 1),
        (HOUR - MINUTE, 1),
        (HOUR, 2),
        (HOUR * 6, 4),
        (DAY, 8),
        (DAY * 3, 16),
        (DAY * 7 - MINUTE, 16),
        (DAY * 7, 48),
        (DAY * 14, 48),
        (DAY * 300, 48),
    ],
)
def test_a_post_has_the_rate_of_its_age_until_that_age_is_over(age: timedelta, rate: int) -> None:
    assert due.rate_of(age) == rate


def test_a_posts_age_is_counted_from_the_later_of_its_posting_and_its_last_change() -> None:
    post, now = tracked(posted_at=START), START + DAY
    assert due.age_of(post, START - HOUR, now) == DAY
    assert due.age_of(post, START + HOUR, now) == DAY - HOUR


@pytest.mark.parametrize(
    ("changes", "wait"),
    [
        ({}, MINUTE * 3),
        ({"state_since": START - DAY * 2, "now": START}, MINUTE * 3),
        ({"now": START + HOUR * 2}, MINUTE * 6),
        ({"now": START + HOUR * 2, "pace": Pace(MINUTE * 5)}, MINUTE * 10),
        ({"awaited_in": MINUTE * 15, "now": START + DAY * 20}, MINUTE * 15),
        ({"state": State.DELETED, "pace": Pace(MINUTE * 5, stretch=3)}, HOUR * 3),
    ],
)
def test_the_next_look_comes_exactly_when_the_plan_says(changes: dict[str, Any], wait: timedelta) -> None:
    now = changes.pop("now", START)
    facts: dict[str, Any] = {"state": State.LIVE, "state_since": START, "awaited_in": None, "pace": Pace()}
    post = tracked(posted_at=START)
    assert due.next_check_at(post, now, **{**facts, **changes}) == exactly(now, wait)


def test_the_last_look_is_at_the_end_of_watching_whatever_the_state() -> None:
    post = tracked(posted_at=START)
    end = START + DAY * 14
    facts: dict[str, Any] = {"state_since": START, "awaited_in": None, "pace": Pace(HOUR)}
    for state in (State.LIVE, State.DELETED, State.REMOVED):
        assert due.next_check_at(post, end - MINUTE, state=state, **facts) == end
        assert due.next_check_at(post, end, state=state, **facts) is None
    assert due.watched_until(START, START) == end
    assert due.watched_until(START, START + DAY * 7) == end
    assert due.watched_until(START, START + DAY * 8) == end + DAY


def test_the_audit_of_a_post_registered_on_its_seventh_day_leaves_an_hour_for_looks() -> None:
    assert due.audit_due_at(START, START + DAY * 7 - HOUR) == START + DAY * 7
    assert due.audit_due_at(START, START + DAY * 7) == START + DAY * 7 + HOUR


@pytest.mark.parametrize(
    ("cycles", "retry_after_s", "wait"),
    [
        (0, None, MINUTE),
        (1, None, MINUTE),
        (2, None, MINUTE * 2),
        (3, None, MINUTE * 4),
        (4, None, MINUTE * 5),
        (10**9, None, MINUTE * 5),
        (1, 0.0, MINUTE),
        (1, -5.0, MINUTE),
        (1, 30.0, MINUTE),
        (1, 90.0, MINUTE * 1.5),
        (4, 90.0, MINUTE * 5),
        (1, 3600.0, HOUR),
        (1, 3601.0, HOUR),
    ],
)
def test_a_blind_look_is_tried_again_exactly_after(cycles: int, retry_after_s: float | None, wait: timedelta) -> None:
    post = tracked(posted_at=START)
    assert due.next_check_when_blind(post, START, blind_cycles=cycles, retry_after_s=retry_after_s) == exactly(
        START, wait
    )


def test_blind_looks_end_with_the_watching() -> None:
    post, end = tracked(posted_at=START), START + DAY * 14
    assert due.next_check_when_blind(post, end - MINUTE, blind_cycles=1) == exactly(end - MINUTE, MINUTE)
    assert due.next_check_when_blind(post, end, blind_cycles=1) is None
    assert due.next_check_when_blind(tracked(posted_at=START, stopped_at=START), START, blind_cycles=1) is None


def test_the_first_look_after_registering_comes_three_minutes_later() -> None:
    assert due.first_check_at("t3_2abc2d", START) == exactly(START, MINUTE * 3, "t3_2abc2d")


@pytest.mark.parametrize(
    ("pace", "waits"),
    [
        (Pace(), (3, 6, 12, 24, 48, 60)),
        (Pace(MINUTE), (3, 3, 4, 8, 16, 48)),
        (Pace(MINUTE * 15), (15, 30, 60, 60, 60, 60)),
        (Pace(HOUR * 2), (60, 60, 60, 60, 60, 60)),
        (Pace(MINUTE * 15, 2.0), (15, 30, 60, 120, 120, 120)),
        (Pace(MINUTE * 3, 2.0), (3, 6, 12, 48, 96, 120)),
        (Pace(MINUTE * 15, 24.0), (15, 30, 60, 24 * 60, 24 * 60, 24 * 60)),
        (Pace(MINUTE * 15, 25.0), (15, 30, 60, 24 * 60, 24 * 60, 24 * 60)),
    ],
)
def test_a_pace_gives_every_age_its_wait(pace: Pace, waits: tuple[int, ...]) -> None:
    assert [pace.wait(rate) for _, rate in due.RATES] == [MINUTE * minutes for minutes in waits]
    assert pace.longest == MINUTE * waits[-1]
    assert pace.is_stretched is (pace.stretch > 1)


def test_so_many_looks_an_hour_come_of_so_many_posts_at_a_pace() -> None:
    assert due.looks_an_hour([1, 2, 3, 4, 5, 6], Pace()) == pytest.approx(20 + 20 + 15 + 10 + 6.25 + 6)
    assert due.looks_an_hour([0] * 6, Pace()) == 0
    with pytest.raises(ValueError, match="argument"):
        due.looks_an_hour([1, 2], Pace())  # an age without its count


@pytest.mark.parametrize(
    ("posts", "an_hour", "share", "pace"),
    [
        ([0] * 6, 1.0, 0.05, Pace(timedelta())),
        # 60 old posts at most once an hour: 60 looks, which is what half of 120 pays for and a twentieth of 1200.
        ([0, 0, 0, 0, 0, 60], 120.0, 0.05, Pace(MINUTE * 15)),
        ([0, 0, 0, 0, 0, 60], 1199.0, 0.05, Pace(MINUTE * 15)),
        ([0, 0, 0, 0, 0, 60], 60.0, 0.9, None),
        ([0, 0, 0, 0, 0, 60], 0.0, 0.05, Pace(MINUTE * 15, 24.0)),
    ],
)
def test_the_pace_takes_its_share_then_half_of_the_budget_and_then_longer_waits(
    posts: list[int], an_hour: float, share: float, pace: Pace | None
) -> None:
    found = due.pace_for(posts, an_hour, share)
    if pace is not None:
        assert found == pace
        return
    assert found.unit == MINUTE * 15
    assert found.stretch == pytest.approx(60 / (an_hour * max(share, 0.5)), rel=1e-6)


def test_the_quickest_pace_that_the_share_pays_for_is_found() -> None:
    # A hundred new posts, each every `unit`: 6000 / unit minutes looks an hour.
    for an_hour, minutes in ((20_000.0, 6.0), (10_000.0, 12.0), (40_000.0, 3.0)):
        found = due.pace_for([100, 0, 0, 0, 0, 0], an_hour)
        assert found.stretch == 1.0
        assert found.wait(1) / MINUTE == pytest.approx(minutes, rel=1e-6)
    assert due.pace_for([100, 0, 0, 0, 0, 0], 10_000.0, 0.1).wait(1) / MINUTE == pytest.approx(6.0, rel=1e-6)
    stretched = due.pace_for([0, 0, 0, 0, 0, 1000], 1000.0)
    assert stretched.unit == MINUTE * 15
    assert stretched.longest / HOUR == pytest.approx(2.0, rel=1e-6)


def test_no_planned_wait_is_as_long_as_one_that_only_a_wrong_clock_plans() -> None:
    assert due.LONGEST_WAIT == DAY + DAY * 0.1 + HOUR

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

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

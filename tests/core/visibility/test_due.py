from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.model import State
from core.visibility import due
from core.visibility.tracking import CALM_AFTER, WatchLoad
from tests.core.visibility.world import START, tracked

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def following(now: datetime, **changes: Any) -> timedelta:
    """How long after `now` the next look comes, for a post that was posted and registered at START."""
    facts: dict[str, Any] = {"state": State.LIVE, "state_since": START, "awaited_in": None, "is_established": False}
    facts["stretch"] = 0.0
    post_changes = {key: changes.pop(key) for key in list(changes) if key not in facts}
    post = tracked(**{"posted_at": START, **post_changes})
    at = due.next_check_at(post, now, **{**facts, **changes})
    assert at is not None
    return at - now


def within(span: timedelta, wait: timedelta) -> bool:
    return wait <= span <= wait * (1 + due.JITTER)


def test_the_first_hour_is_dense() -> None:
    at = START
    looks = []
    for _ in range(4):
        at += following(at)
        looks.append(at - START)
    assert all(within(look, planned) for look, planned in zip(looks, due.FIRST_LOOKS, strict=True))


def test_a_new_accounts_post_is_seen_hourly_and_an_established_ones_every_four_hours() -> None:
    assert within(following(START + HOUR * 5), HOUR)
    assert within(following(START + HOUR * 5, is_established=True), HOUR * 4)


def test_what_waits_for_its_confirmation_is_seen_at_least_three_minutes_later() -> None:
    for hours in (0, 5, 24 * 8, 24 * 20):
        span = following(START + HOUR * hours, awaited_in=timedelta(minutes=3), is_established=True)
        assert within(span, timedelta(minutes=3))


def test_a_held_post_is_seen_more_often_than_a_live_one() -> None:
    now = START + HOUR * 10
    held = following(now, state=State.HELD, state_since=START + HOUR * 9, is_established=True)
    assert within(held, due.HELD_EVERY)
    assert held < following(now, is_established=True)


def test_a_removal_is_looked_at_again_while_it_is_often_reversed_and_then_daily() -> None:
    gone = {"state": State.REMOVED, "state_since": START + HOUR * 5, "is_established": True}
    assert within(following(START + HOUR * 10, **gone), due.GONE_EVERY)
    assert within(following(START + HOUR * 60, **gone), DAY)


def test_after_the_audit_a_post_is_seen_daily_until_the_fourteenth_day() -> None:
    assert within(following(START + DAY * 8), DAY)
    post = tracked(posted_at=START)
    last = due.next_check_at(
        post, START + DAY * 13.9, state=State.LIVE, state_since=START, awaited_in=None, is_established=True
    )
    assert last == START + DAY * 14
    assert (
        due.next_check_at(post, last, state=State.LIVE, state_since=START, awaited_in=None, is_established=True) is None
    )


def test_a_post_registered_late_is_followed_for_a_week_and_audited_after_an_hour() -> None:
    posted = START - DAY * 30
    assert due.audit_due_at(posted, START) == START + HOUR
    assert due.watched_until(posted, START) == START + DAY * 7
    assert due.audit_due_at(START, START) == START + DAY * 7


def test_a_stopped_post_is_never_due() -> None:
    post = tracked(stopped_at=START)
    facts: dict[str, Any] = {"state": State.LIVE, "state_since": START, "is_established": False}
    assert due.next_check_at(post, START, awaited_in=timedelta(minutes=3), **facts) is None
    assert due.next_check_when_blind(post, START, blind_cycles=1) is None


def test_blindness_backs_off_to_an_hour_and_respects_the_remotes_own_wish() -> None:
    post = tracked(posted_at=START)

    def wait(cycles: int, retry_after_s: float | None = None) -> timedelta:
        at = due.next_check_when_blind(post, START, blind_cycles=cycles, retry_after_s=retry_after_s)
        assert at is not None
        return at - START

    assert within(wait(1), timedelta(minutes=5))
    assert within(wait(2), timedelta(minutes=10))
    assert within(wait(1000), HOUR)
    assert within(wait(1, 1200), timedelta(minutes=20))
    assert within(wait(1, 10**9), HOUR)


@given(
    st.sampled_from(State),
    st.integers(0, 20 * 24 * 60),
    st.booleans(),
    st.sampled_from([None, timedelta(minutes=3), timedelta(minutes=15)]),
)
def test_the_next_look_is_in_the_future_the_same_every_time_and_never_too_soon(
    state: State, minutes: int, established: bool, awaited_in: timedelta | None
) -> None:
    now = START + timedelta(minutes=minutes)
    facts: dict[str, Any] = {
        "state": state,
        "state_since": START,
        "awaited_in": awaited_in,
        "is_established": established,
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


# ---------------------------------------------------------------- a short budget


def load(urgent: int = 0, *, audited: int = 0, **calm: int) -> WatchLoad:
    """`h24=10`: ten posts of established authors that were seen live for 24 hours."""
    return WatchLoad(urgent, {(timedelta(hours=int(at[1:])), True): posts for at, posts in calm.items()}, audited)


LOADS = st.builds(
    WatchLoad,
    st.integers(0, 20_000),
    st.dictionaries(st.tuples(st.sampled_from(due.AGES), st.booleans()), st.integers(1, 50_000)),
    st.integers(0, 50_000),
)


def test_nothing_is_stretched_while_the_budget_lasts() -> None:
    assert due.stretch_for(load(h6=400, h144=400), posts_an_hour=200) == 0
    assert due.stretched(load(h6=400, h144=400), 0) is None


def test_the_oldest_confirmed_live_posts_are_stretched_first() -> None:
    stretch = due.stretch_for(load(h6=400, h48=400, h144=400), posts_an_hour=260)
    waits = [
        following(START + HOUR * hours, state_since=START, stretch=stretch, is_established=True)
        for hours in (6, 48, 144)
    ]
    assert within(waits[0], HOUR * 4), "a young one is seen as often as ever"
    assert HOUR * 4 <= waits[1] < waits[2] <= DAY * (1 + due.JITTER)
    told = due.stretched(load(h6=400, h48=400, h144=400), stretch)
    assert told is not None
    assert (told.posts in (400, 800), told.longest <= DAY) == (True, True)


@given(LOADS, st.floats(1, 100_000))
def test_what_is_stretched_fits_the_budget_or_is_stretched_to_a_day_and_no_further(
    asked: WatchLoad, posts_an_hour: float
) -> None:
    stretch = due.stretch_for(asked, posts_an_hour)
    assert 0 <= stretch <= due.MOST_STRETCH
    if stretch < due.MOST_STRETCH:
        assert due._needed(asked, stretch) <= posts_an_hour
    told = due.stretched(asked, stretch)
    if told is not None:
        assert told.longest <= DAY
        assert told.posts <= sum(asked.calm.values())


@given(LOADS, st.floats(1, 50_000), st.floats(1, 2))
def test_a_smaller_budget_never_stretches_less(asked: WatchLoad, posts_an_hour: float, times: float) -> None:
    assert due.stretch_for(asked, posts_an_hour) >= due.stretch_for(asked, posts_an_hour * times)


@given(st.sampled_from(State), st.integers(0, 13 * 24 * 60), st.integers(0, 13 * 24 * 60), st.booleans())
def test_only_posts_seen_live_for_hours_are_stretched_and_never_beyond_a_day(
    state: State, minutes: int, since: int, established: bool
) -> None:
    now = START + timedelta(minutes=minutes)
    facts: dict[str, Any] = {"state": state, "state_since": now - timedelta(minutes=min(since, minutes))}
    plain = following(now, is_established=established, **facts)
    most = following(now, is_established=established, stretch=due.MOST_STRETCH, **facts)
    assert most <= DAY * (1 + due.JITTER)
    if state is not State.LIVE or now - facts["state_since"] < CALM_AFTER or minutes < 60:
        assert most == plain
    awaited = following(now, awaited_in=timedelta(minutes=3), stretch=due.MOST_STRETCH, **facts)
    assert within(awaited, timedelta(minutes=3))


def test_posts_that_are_blind_together_are_tried_again_apart() -> None:
    posts = [tracked(fullname=f"t3_{number}abc2d") for number in range(5)]
    times = {due.next_check_when_blind(post, START, blind_cycles=1) for post in posts}
    assert len(times) == 5
    assert times == {due.next_check_when_blind(post, START, blind_cycles=1) for post in posts}

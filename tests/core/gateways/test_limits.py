from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFound, RemoteError
from core.gateways.limits import (
    LONGEST_OBEYED_WAIT_S,
    Breaker,
    Budget,
    Health,
    parse_retry_after,
    say_duration,
)
from tests.clock import FixedClock

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def make_budget(clock: FixedClock, *, requests: int = 3, window_s: float = 60.0, wait_s: float = 100.0) -> Budget:
    return Budget(
        remote="reddit", name="Reddit", clock=clock, requests=requests, window_s=window_s, longest_wait_s=wait_s
    )


def make_breaker(clock: FixedClock, *, failures: int = 3) -> Breaker:
    return Breaker(
        remote="reddit", name="Reddit", clock=clock, failures_to_open=failures, pause_s=30, chance=random.Random(1)
    )


def state_of(breaker: Breaker) -> str:
    return breaker.state.value


def fail(breaker: Breaker, error: RemoteError | None = None) -> None:
    with pytest.raises(RemoteError), breaker.guarding():
        raise error or RemoteError("It broke.", remote="reddit")


# ---------------------------------------------------------------- budget


@given(
    requests=st.integers(1, 20),
    window_s=st.floats(0.5, 120),
    steps=st.lists(st.floats(0, 50), min_size=1, max_size=60),
)
def test_no_window_ever_holds_more_requests_than_the_budget(requests: int, window_s: float, steps: list[float]) -> None:
    async def run() -> list[float]:
        clock = FixedClock()
        budget = make_budget(clock, requests=requests, window_s=window_s, wait_s=1e9)
        sent = []
        for step in steps:
            clock.advance(timedelta(seconds=step))
            await budget.take()
            sent.append(clock.monotonic())
        return sent

    sent = asyncio.run(run())
    for index, first in enumerate(sent):
        # A nanosecond less: the counter's floating-point sums are not exact to the last bit.
        in_window = [at for at in sent[index:] if at - first < window_s - 1e-9]
        assert len(in_window) <= requests


async def test_concurrent_takers_share_one_budget() -> None:
    clock = FixedClock()
    budget = make_budget(clock, requests=2, window_s=10)
    sent: list[float] = []

    async def take() -> None:
        await budget.take()
        sent.append(clock.monotonic())

    await asyncio.gather(*(take() for _ in range(6)))
    for index, first in enumerate(sent):
        assert sum(1 for at in sent[index:] if at - first < 10) <= 2


async def test_a_wait_longer_than_bearable_is_refused_at_once_with_its_length() -> None:
    clock = FixedClock()
    budget = make_budget(clock, requests=1, wait_s=5)
    await budget.take()
    before = clock.monotonic()
    with pytest.raises(RemoteError) as refused:
        await budget.take()
    assert clock.monotonic() == before
    assert refused.value.retry_after_s == pytest.approx(60)
    assert "1 minute" in str(refused.value) or "60 seconds" in str(refused.value)


async def test_the_remotes_own_count_stops_us_until_its_reset() -> None:
    clock = FixedClock()
    budget = make_budget(clock, requests=100)
    budget.learn({"X-Ratelimit-Used": "598", "X-Ratelimit-Remaining": "2.0", "X-Ratelimit-Reset": "40"})
    await budget.take()
    await budget.take()
    assert budget.wait_s() == pytest.approx(40)
    await budget.take()
    assert budget.wait_s() == 0  # what the remote said is over


@pytest.mark.parametrize("remaining", ["-3", "nan", "inf", "", "many"])
async def test_nonsense_in_rate_headers_changes_nothing_or_waits_boundedly(remaining: str) -> None:
    budget = make_budget(FixedClock())
    budget.learn({"x-ratelimit-remaining": remaining, "x-ratelimit-reset": "99999999"})
    assert budget.wait_s() <= LONGEST_OBEYED_WAIT_S


async def test_a_pause_holds_back_even_an_unused_budget() -> None:
    clock = FixedClock()
    budget = make_budget(clock)
    budget.pause(7)
    assert budget.wait_s() == pytest.approx(7)
    clock.advance(timedelta(seconds=8))
    assert budget.wait_s() == 0


# ---------------------------------------------------------------- breaker


async def test_the_breaker_opens_after_failures_in_a_row_and_says_why_and_until_when() -> None:
    clock = FixedClock()
    breaker = make_breaker(clock)
    fail(breaker)
    fail(breaker)
    assert state_of(breaker) == "closed"
    fail(breaker)
    assert state_of(breaker) == "open"
    sent = False
    with pytest.raises(RemoteError) as refused, breaker.guarding():
        sent = True
    assert not sent
    assert "It broke." in refused.value.what
    assert refused.value.retry_after_s == pytest.approx(breaker.open_for_s)
    assert "seconds" in refused.value.do


async def test_a_success_between_failures_keeps_the_breaker_closed() -> None:
    breaker = make_breaker(FixedClock(), failures=2)
    for _ in range(5):
        fail(breaker)
        with breaker.guarding():
            pass
    assert state_of(breaker) == "closed"
    assert breaker.health.problem is None


async def test_one_probe_decides_and_others_wait_for_it() -> None:
    clock = FixedClock()
    breaker = make_breaker(clock, failures=1)
    fail(breaker)
    clock.advance(timedelta(seconds=31))
    assert state_of(breaker) == "half_open"
    with breaker.guarding(), pytest.raises(RemoteError):
        breaker.refuse_if_open()
    assert state_of(breaker) == "closed"


async def test_failed_probes_make_the_pause_longer_up_to_a_limit() -> None:
    clock = FixedClock()
    breaker = make_breaker(clock, failures=1)
    pauses = []
    for _ in range(12):
        fail(breaker)
        pauses.append(breaker.open_for_s)
        clock.advance(timedelta(seconds=breaker.open_for_s + 0.01))
    assert pauses[0] <= 30
    assert pauses[3] > pauses[0]
    assert max(pauses) <= 1800
    assert len(set(pauses)) == len(pauses)  # jitter


async def test_an_abandoned_probe_leaves_the_place_to_the_next() -> None:
    clock = FixedClock()
    breaker = make_breaker(clock, failures=1)
    fail(breaker)
    clock.advance(timedelta(seconds=31))
    with pytest.raises(asyncio.CancelledError), breaker.guarding():
        raise asyncio.CancelledError
    assert state_of(breaker) == "half_open"
    breaker.refuse_if_open()


async def test_a_revoked_key_keeps_the_breaker_open_for_long_and_keeps_its_advice() -> None:
    clock = FixedClock()
    breaker = make_breaker(clock)
    fail(breaker, RemoteError("The key is refused.", "Renew it.", remote="reddit", permanent=True))
    assert breaker.open_for_s >= 3600
    with pytest.raises(RemoteError) as refused:
        breaker.refuse_if_open()
    assert refused.value.permanent
    assert refused.value.do == "Renew it."


@given(st.floats(0, 10_000))
def test_the_remotes_own_wish_is_obeyed_in_full_within_reason(wish_s: float) -> None:
    breaker = make_breaker(FixedClock())
    fail(breaker, RemoteError("Slow down.", remote="reddit", retry_after_s=wish_s))
    assert breaker.open_for_s >= min(wish_s, LONGEST_OBEYED_WAIT_S) - 1e-6
    assert breaker.open_for_s <= LONGEST_OBEYED_WAIT_S * 1.1


async def test_an_answer_about_one_thing_that_is_not_there_is_no_failure_of_the_remote() -> None:
    breaker = make_breaker(FixedClock(), failures=1)
    with pytest.raises(NotFound), breaker.guarding():
        raise NotFound("r/nowhere does not exist.")
    assert state_of(breaker) == "closed"
    assert breaker.health.last_success_at is not None


@given(st.lists(st.sampled_from(["fail", "succeed", "wait", "cancel", "permanent", "wish"]), max_size=80))
def test_no_sequence_of_events_leaves_the_breaker_stuck(events: list[str]) -> None:
    clock = FixedClock()
    breaker = make_breaker(clock)
    errors = {
        "fail": RemoteError("It broke.", remote="reddit"),
        "permanent": RemoteError("Refused.", remote="reddit", permanent=True),
        "wish": RemoteError("Later.", remote="reddit", retry_after_s=20),
        "cancel": asyncio.CancelledError(),
    }
    for event in events:
        if event == "wait":
            clock.advance(timedelta(seconds=10))
            continue
        try:
            with breaker.guarding():
                if event in errors:
                    raise errors[event]
        except (RemoteError, asyncio.CancelledError):
            pass
    clock.advance(timedelta(hours=2))
    with breaker.guarding():
        pass
    assert state_of(breaker) == "closed"


async def test_a_wish_of_no_wait_at_all_does_not_keep_the_breaker_closed_for_ever() -> None:
    breaker = make_breaker(FixedClock(), failures=3)
    for _ in range(3):
        fail(breaker, RemoteError("Slow down.", remote="reddit", retry_after_s=0))
    assert state_of(breaker) == "open"


async def test_a_moved_calendar_opens_and_closes_nothing() -> None:
    clock = FixedClock()
    breaker = make_breaker(clock, failures=1)
    fail(breaker)
    clock.advance(-timedelta(days=400))
    assert state_of(breaker) == "open"


# ---------------------------------------------------------------- health and headers


def test_health_shows_the_problem_until_something_works() -> None:
    health = Health()
    health.failed(RemoteError("It broke.", "Wait.", remote="reddit"), NOW)
    assert (health.problem, health.last_failure_at, health.last_success_at) == ("It broke. Wait.", NOW, None)
    later = NOW + timedelta(minutes=1)
    health.succeeded(later)
    assert (health.problem, health.last_failure_at, health.last_success_at) == (None, NOW, later)


def test_clocks_are_compared_by_the_date_header() -> None:
    health = Health()
    health.compare_clocks("Mon, 23 Nov 2026 11:59:30 GMT", NOW)
    assert health.clock_skew_s == pytest.approx(30)
    health.compare_clocks("yesterday", NOW)
    health.compare_clocks(None, NOW)
    assert health.clock_skew_s == pytest.approx(30)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("30", 30.0),
        ("1.5", 1.5),
        ("-5", 0.0),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_of_its_forms(header: str | None, expected: float | None) -> None:
    assert parse_retry_after(header, NOW) == expected


@given(st.text(max_size=40))
def test_no_retry_after_header_breaks_us(header: str) -> None:
    seconds = parse_retry_after(header, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (1, "1 second"),
        (59.2, "60 seconds"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
        (7200, "2 hours"),
    ],
)
def test_durations_are_said_in_one_unit(seconds: float, words: str) -> None:
    assert say_duration(seconds) == words

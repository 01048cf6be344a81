"""A clock that jumps is noticed, and nothing is decided for good by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import Clock, ClockWatch, Compared, SystemClock
from core.gateways.limits import Health

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Machine:
    """A wall clock that somebody sets, beside a counter that nobody can."""

    at: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)
    counter_s: float = 50.0
    said: Compared = field(default_factory=Compared)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.counter_s

    async def sleep(self, seconds: float) -> None:
        self.pass_time(timedelta(seconds=seconds))

    def pass_time(self, span: timedelta) -> None:
        self.at += span
        self.counter_s += span.total_seconds()

    def hear(self, skew: timedelta) -> None:
        self.said = Compared(self.said.times + 1, skew)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def watch(machine: Machine) -> ClockWatch:
    watch = ClockWatch(machine, compared=lambda: machine.said)
    assert watch.doubt() is None
    return watch


def test_a_clock_that_only_goes_on_is_believed(machine: Machine, watch: ClockWatch) -> None:
    clock: Clock = machine
    assert clock.now() == machine.at
    for span in (timedelta(seconds=15), MINUTE * 4, DAY * 40):
        machine.pass_time(span)
        assert watch.doubt() is None
    machine.at += MINUTE * 4  # as a time server sets it
    assert watch.doubt() is None


@pytest.mark.parametrize(
    ("jump", "words"),
    [
        (DAY * 40, "40 days ahead of"),
        (-DAY, "24 hours behind"),
        (MINUTE * 5, "5 minutes ahead of"),
        (-MINUTE * 90, "90 minutes behind"),
    ],
)
def test_a_jump_is_doubted_until_it_is_taken_back(
    machine: Machine, watch: ClockWatch, jump: timedelta, words: str
) -> None:
    machine.at += jump
    assert watch.doubt() == f"This machine's clock may be {words} the right time: compare it with another."
    machine.pass_time(MINUTE * 30)
    assert watch.doubt() is not None
    machine.at -= jump
    assert watch.doubt() is None


def test_a_jump_is_believed_once_a_remote_agrees(machine: Machine, watch: ClockWatch) -> None:
    machine.hear(timedelta(seconds=1))
    assert watch.doubt() is None
    machine.at += DAY  # a machine that slept
    assert watch.doubt() is not None, "what the remote said before says nothing of this"
    machine.hear(timedelta(minutes=59))
    assert watch.doubt() is None


def test_a_jump_that_no_remote_speaks_of_is_believed_after_an_hour(machine: Machine, watch: ClockWatch) -> None:
    machine.at += DAY
    assert watch.doubt() is not None
    machine.pass_time(MINUTE * 59)
    assert watch.doubt() is not None
    machine.pass_time(MINUTE)
    assert watch.doubt() is None


def test_a_clock_that_a_remote_contradicts_is_doubted_as_long_as_it_does(machine: Machine, watch: ClockWatch) -> None:
    for _ in range(3):
        machine.hear(DAY * 40)
        assert "40 days ahead of" in (watch.doubt() or "")
        machine.pass_time(MINUTE * 50)
    machine.hear(-timedelta(minutes=59))
    assert watch.doubt() is None


@pytest.mark.parametrize(
    ("rested", "is_doubted"),
    [(DAY * 2, True), (DAY * 40, True), (DAY * 2 - MINUTE, False), (-MINUTE * 5, True), (-MINUTE * 4, False)],
)
def test_a_program_that_starts_far_from_the_databases_time_waits_for_a_remotes_word(
    machine: Machine, watch: ClockWatch, rested: timedelta, is_doubted: bool
) -> None:
    watch.began(machine.at - rested)
    assert (watch.doubt() is not None) == is_doubted
    machine.hear(timedelta())
    assert watch.doubt() is None


def test_a_program_without_a_past_is_not_doubted(machine: Machine, watch: ClockWatch) -> None:
    watch.began(None)
    assert watch.doubt() is None


def test_time_that_is_moved_on_purpose_is_no_jump() -> None:
    clock = SystemClock()
    watch = ClockWatch(clock, is_moved=lambda: clock.is_moved)
    assert watch.doubt() is None
    clock.offset = DAY * 7
    assert (clock.is_moved, watch.doubt()) == (True, None)
    clock.offset = timedelta()
    clock.stopped_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.is_moved
    assert watch.doubt() is None


def test_comparing_with_a_remote_is_counted() -> None:
    health, now = Health(), datetime(2026, 11, 23, 12, tzinfo=UTC)
    health.compare_clocks("Mon, 23 Nov 2026 11:59:00 GMT", now)
    assert (health.clock_skew_s, health.clocks_compared) == (60.0, 1)
    health.compare_clocks("no date", now)
    assert health.clocks_compared == 1

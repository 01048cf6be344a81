"""Whether the program lives, told from outside."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.pulse import FRESH_FOR_S, JOB_STUCK_S, Health, Pulse, read_health
from core import schedule
from core.schedule import Jobs
from storage.store import Store
from tests.clock import FixedClock
from tests.watch import Watch

ROOT = Path(__file__).resolve().parents[2]
NOW_S = 1_790_000_000.0


def health(folder: Path, later_s: float = 0.0) -> Health:
    return read_health(folder, lambda: NOW_S + later_s)


def beaten(folder: Path, **running_s: float) -> Pulse:
    pulse = Pulse(folder, lambda: NOW_S)
    pulse.beat(running_s)
    return pulse


def test_without_a_program_nothing_lives(tmp_path: Path) -> None:
    assert health(tmp_path) == Health(False, "No program runs here, or it has not started yet.")
    assert not health(tmp_path / "nowhere").lives


def test_a_program_that_beats_lives(tmp_path: Path) -> None:
    beaten(tmp_path, sweep=JOB_STUCK_S)
    found = f"The program (process {os.getpid()}) has run since 21 Sep 2026, 14:13 UTC; its pulse is 45 s old."
    assert health(tmp_path, FRESH_FOR_S) == Health(True, found)


@pytest.mark.parametrize("later_s", [FRESH_FOR_S + 1, 86_400.0, -FRESH_FOR_S - 1])
def test_a_program_that_beats_no_more_hangs(tmp_path: Path, later_s: float) -> None:
    beaten(tmp_path)
    found = f"The program (process {os.getpid()}) hangs: its last sign of life was on 21 Sep 2026, 14:13 UTC."
    assert health(tmp_path, later_s) == Health(False, found)


def test_a_job_that_never_ends_is_told(tmp_path: Path) -> None:
    beaten(tmp_path, sweep=JOB_STUCK_S + 1, courier=1.0)
    assert health(tmp_path) == Health(False, f"The program (process {os.getpid()}) is stuck in: sweep.")


def test_a_program_that_ends_leaves_no_pulse(tmp_path: Path) -> None:
    beaten(tmp_path).end()
    assert list(tmp_path.iterdir()) == []
    assert not health(tmp_path).lives


def test_what_only_looked_in_leaves_the_pulse_of_the_program_alone(tmp_path: Path) -> None:
    beaten(tmp_path)
    Pulse(tmp_path).end()
    assert health(tmp_path).lives


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"pid": 1}', '{"pid": "x"}', '{"pid": 1, "beat_s": 1, "began_s": 1, "running_s": 3}', "ü"],
)
def test_a_pulse_that_cannot_be_read_is_no_life(tmp_path: Path, text: str) -> None:
    beaten(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(text, encoding="utf-8")
    assert not health(tmp_path).lives


@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1, 2**70])
def test_a_process_that_is_not_there_is_no_life(tmp_path: Path, pid: int) -> None:
    beaten(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(json.dumps(json.loads(file.read_text()) | {"pid": pid}))
    assert health(tmp_path) == Health(False, f"The program (process {pid}) ended without saying so.")


def test_a_full_disk_is_told_once_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pulse = Pulse(tmp_path / "not made", lambda: NOW_S)
    for _ in range(3):
        pulse.beat({})
    assert [record.getMessage() for record in caplog.records] == ["the pulse cannot be written"]


# ---------------------------------------------------------------- the scheduler beats


class Beats:
    def __init__(self) -> None:
        self.heard: list[dict[str, float]] = []
        self.more = asyncio.Event()

    def __call__(self, running_s: Any) -> None:
        self.heard.append(dict(running_s))
        self.more.set()

    async def next(self) -> None:
        self.more.clear()
        async with asyncio.timeout(20):
            await self.more.wait()


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> Beats:
    monkeypatch.setattr(schedule, "BEAT_EVERY_S", 0.01)
    return Beats()


def jobs_of(store: Store, clock: FixedClock, beats: Beats, deliver: Any) -> Jobs:
    return Watch(store, clock, None).jobs(deliver, "test", beat=beats)


async def nothing() -> int:
    return 0


async def test_the_scheduler_beats_at_once_and_again_until_it_is_stopped(
    store: Store, clock: FixedClock, beats: Beats
) -> None:
    jobs = jobs_of(store, clock, beats, nothing)
    jobs.start()
    assert len(beats.heard) == 1
    for _ in range(3):
        await beats.next()
    await jobs.stop()
    count = len(beats.heard)
    await asyncio.sleep(0.05)
    assert len(beats.heard) == count


async def test_a_scheduler_that_does_not_tick_beats_no_more(store: Store, clock: FixedClock, beats: Beats) -> None:
    jobs = jobs_of(store, clock, beats, nothing)
    jobs.start()
    await beats.next()
    jobs._scheduler.pause()
    await asyncio.sleep(0)
    count = len(beats.heard)
    await asyncio.sleep(0.05)
    assert len(beats.heard) == count
    await jobs.stop()


async def test_a_beat_tells_for_how_long_a_job_has_been_at_work(store: Store, clock: FixedClock, beats: Beats) -> None:
    gate, reached = asyncio.Event(), asyncio.Event()

    async def hang() -> int:
        reached.set()
        await gate.wait()
        return 0

    jobs = jobs_of(store, clock, beats, hang)
    jobs.start()
    await reached.wait()
    await beats.next()
    assert "courier" in beats.heard[-1]
    gate.set()
    await jobs.stop()


# ---------------------------------------------------------------- the real program


@contextmanager
def program(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m bot run` as the image starts it, with somebody at its input who says nothing."""
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--json"],
        env=environ(folder),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def environ(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BCRAO_")}
    return {**kept, "BCRAO_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)}


def asked(folder: Path) -> tuple[int, str]:
    """What the image's health check runs."""
    line = (ROOT / "Dockerfile").read_text().partition("\nHEALTHCHECK ")[2].partition("\n")[0]
    python, *rest = json.loads(line.partition("CMD ")[2])
    assert python == ".venv/bin/python"
    done = subprocess.run(
        [sys.executable, *rest],
        env=environ(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def until_alive(folder: Path, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not read_health(folder / "data").lives:
        assert time.monotonic() < until
        assert running.poll() is None
        time.sleep(0.05)


@pytest.mark.process
def test_the_health_check_is_red_before_a_start_green_while_it_runs_and_red_after_the_end(tmp_path: Path) -> None:
    assert asked(tmp_path) == (1, "No program runs here, or it has not started yet.\n")
    with program(tmp_path) as running:
        until_alive(tmp_path, running)
        status, said = asked(tmp_path)
        assert (status, f"The program (process {running.pid}) has run since " in said) == (0, True)
        running.send_signal(signal.SIGTERM)
        running.wait(30)
    assert asked(tmp_path) == (1, "No program runs here, or it has not started yet.\n")


@pytest.mark.process
def test_the_health_check_is_red_at_once_after_kill_9_and_green_after_the_next_start(tmp_path: Path) -> None:
    with program(tmp_path) as running:
        until_alive(tmp_path, running)
        running.kill()
        running.wait()
    assert asked(tmp_path) == (1, f"The program (process {running.pid}) ended without saying so.\n")
    with program(tmp_path) as running:
        until_alive(tmp_path, running)
        assert asked(tmp_path)[0] == 0


@pytest.mark.process
def test_a_program_that_is_held_up_is_red_once_its_pulse_is_old(tmp_path: Path) -> None:
    with program(tmp_path) as running:
        until_alive(tmp_path, running)
        running.send_signal(signal.SIGSTOP)
        (file,) = (tmp_path / "data").glob("pulse-*.json")
        told = json.loads(file.read_text())
        file.write_text(json.dumps(told | {"beat_s": told["beat_s"] - FRESH_FOR_S - 60}))  # instead of waiting
        status, said = asked(tmp_path)
        assert (status, f"The program (process {running.pid}) hangs" in said) == (1, True)

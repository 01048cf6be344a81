"""The sign of life of a running program: a small file that its own scheduler writes, and `python -m bot health` reads.

It is written on the event loop, by the scheduler that ticks every other job: a loop or a scheduler that hangs writes no
more. A program that ends takes its file away; one that was killed leaves it, with a process that is no more.
"""

from __future__ import annotations

import json
import logging
import os
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.clock import machine_time, moment

log = logging.getLogger(__name__)

FRESH_FOR_S = 45.0  # several beats (core/schedule.py): one that is late is no hang
JOB_STUCK_S = 3600.0  # a sweep of a large installation takes minutes


class Pulse:
    """Writes the file while the program runs. Programs on several machines may share a folder: each has its own."""

    def __init__(self, folder: Path, now_s: Callable[[], float] = machine_time) -> None:
        self._file = _file_in(folder)
        self._now_s = now_s
        self._began_s = now_s()
        self._has_beaten = False
        self._is_failing = False

    def beat(self, running_s: Mapping[str, float]) -> None:
        """The program lives. `running_s`: for how many seconds each job that works now has been at it.

        A disk that does not take it is logged once: the pulse then grows old, and that is told by `health`.
        """
        said = {"pid": os.getpid(), "began_s": self._began_s, "beat_s": self._now_s(), "running_s": dict(running_s)}
        half = self._file.with_suffix(f".{os.getpid()}.half")
        try:
            half.write_text(json.dumps(said), encoding="ascii")
            half.replace(self._file)  # whole, or not at all
        except OSError as error:
            if not self._is_failing:
                log.warning("the pulse cannot be written", extra={"file": str(self._file), "why": str(error)})
            self._is_failing = True
        else:
            self._has_beaten, self._is_failing = True, False

    def end(self) -> None:
        """The program ends in order. One that never beat (`import`, `export`) leaves another's pulse alone."""
        if not self._has_beaten:
            return
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the pulse cannot be taken away", extra={"file": str(self._file), "why": str(error)})


@dataclass(frozen=True, slots=True)
class Health:
    lives: bool
    found: str


def read_health(folder: Path, now_s: Callable[[], float] = machine_time) -> Health:
    """Whether a program of this machine lives that keeps its data in `folder`, and how that is known."""
    file = _file_in(folder)
    try:
        told = json.loads(file.read_text(encoding="ascii"))
        pid, beat_s, began_s = int(told["pid"]), float(told["beat_s"]), float(told["began_s"])
        running_s = {str(job): float(since) for job, since in told["running_s"].items()}
    except FileNotFoundError:
        return Health(False, "No program runs here, or it has not started yet.")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Health(False, f"The pulse {file} cannot be read ({type(error).__name__}).")
    if not _is_there(pid):
        return Health(False, f"The program (process {pid}) ended without saying so.")
    age_s = now_s() - beat_s
    if not -FRESH_FOR_S <= age_s <= FRESH_FOR_S:
        return Health(False, f"The program (process {pid}) hangs: its last sign of life is of {_at(beat_s)}.")
    stuck = [job for job, since in sorted(running_s.items()) if since > JOB_STUCK_S]
    if stuck:
        return Health(False, f"The program (process {pid}) does not get on with: {', '.join(stuck)}.")
    return Health(True, f"The program (process {pid}) runs since {_at(began_s)}; its pulse is {abs(age_s):.0f} s old.")


def _file_in(folder: Path) -> Path:
    return folder / f"pulse-{re.sub(r'[^A-Za-z0-9.-]', '-', socket.gethostname())}.json"


def _is_there(pid: int) -> bool:
    if pid <= 0:  # to `kill` these are groups of processes
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's, and so it is there
        return True
    return True


def _at(seconds: float) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))

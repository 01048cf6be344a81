"""A running program's sign of life: a small file that its scheduler writes and `python -m bot health` reads.

The scheduler that ticks all jobs writes it on the event loop, so a hanging loop or scheduler stops writing. A program
removes its file when it ends; a killed program leaves the file, with the id of a dead process.
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

FRESH_FOR_S = 45.0  # several beats (core/schedule.py), because one late beat is not a hang
JOB_STUCK_S = 3600.0  # a sweep of a large installation takes minutes


class Pulse:
    """Writes the file while the program runs. Programs on several machines may share a folder; each has its own
    file.
    """

    def __init__(self, folder: Path, now_s: Callable[[], float] = machine_time) -> None:
        self._file = _file_in(folder)
        self._now_s = now_s
        self._began_s = now_s()
        self._has_beaten = False
        self._is_failing = False

    def beat(self, running_s: Mapping[str, float]) -> None:
        """Write that the program is alive. `running_s`: for how many seconds each present job has been running.

        A failing disk is logged once; the file then grows old, and `health` reports it.
        """
        said = {"pid": os.getpid(), "began_s": self._began_s, "beat_s": self._now_s(), "running_s": dict(running_s)}
        half = self._file.with_suffix(f".{os.getpid()}.half")
        try:
            half.write_text(json.dumps(said), encoding="ascii")
            half.replace(self._file)  # replace it whole or not at all
        except OSError as error:
            if not self._is_failing:
                log.warning("the pulse cannot be written", extra={"file": str(self._file), "why": str(error)})
            self._is_failing = True
        else:
            self._has_beaten, self._is_failing = True, False

    def end(self) -> None:
        """Remove the file at an orderly end. A program that never beat (`import`, `export`) leaves the other
        program's file.
        """
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
    """Returns whether a program on this machine that uses `folder` is alive, and how that is known."""
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
        return Health(False, f"The program (process {pid}) hangs: its last sign of life was on {_at(beat_s)}.")
    stuck = [job for job, since in sorted(running_s.items()) if since > JOB_STUCK_S]
    if stuck:
        return Health(False, f"The program (process {pid}) is stuck in: {', '.join(stuck)}.")
    return Health(
        True, f"The program (process {pid}) has run since {_at(began_s)}; its pulse is {abs(age_s):.0f} s old."
    )


def _file_in(folder: Path) -> Path:
    return folder / f"pulse-{re.sub(r'[^A-Za-z0-9.-]', '-', socket.gethostname())}.json"


def _is_there(pid: int) -> bool:
    if pid <= 0:  # `kill` reads these as process groups
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # the process belongs to another user, so it exists
        return True
    return True


def _at(seconds: float) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))

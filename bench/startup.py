"""Start to first prompt in a real terminal (a pty), and memory when idle there, with the embedded defaults."""

from __future__ import annotations

import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure

RUNS = 5
IDLE_S = 3.0
PROMPT = b"rao>"


def measure(folder: Path) -> Sequence[Figure]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BCRAO_")}
    environment |= {"BCRAO_DATA_DIR": str(folder / "data"), "TERM": "xterm-256color"}
    _run(environment, idle_s=0)  # makes the database: not counted
    starts, memory = [], []
    for _ in range(RUNS):
        start_s, rss_mib = _run(environment, idle_s=IDLE_S)
        starts.append(start_s)
        memory.append(rss_mib)
    source = f"terminal and SQLite, median of {RUNS} starts after the first"
    return [
        Figure("start to first prompt", statistics.median(starts), 1.5, "s", source),
        Figure(
            "idle memory (RSS)", statistics.median(memory), 120, "MiB", f"{source}, {IDLE_S:.0f} s after the prompt"
        ),
    ]


def _run(environment: dict[str, str], *, idle_s: float) -> tuple[float, float]:
    """Returns the seconds until the prompt appears, and the resident set of all the program's processes in MiB."""
    parent, child = pty.openpty()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        stdin=child,
        stdout=child,
        stderr=child,
        env=environment,
        start_new_session=True,
    )
    os.close(child)
    seen = b""
    try:
        while PROMPT not in seen:
            ready, _, _ = select.select([parent], [], [], 30)
            if not ready:
                raise RuntimeError(f"no prompt within 30 s; the terminal shows: {seen[-500:]!r}")
            seen += os.read(parent, 65536)
            if b"\x1b[6n" in seen:  # the program asks where the cursor is, as terminals are asked
                os.write(parent, b"\x1b[1;1R")
                seen = seen.replace(b"\x1b[6n", b"")
        start_s = time.perf_counter() - began
        until = time.perf_counter() + idle_s
        while (left := until - time.perf_counter()) > 0:
            if select.select([parent], [], [], left)[0]:
                os.read(parent, 65536)
        return start_s, resident_mib(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        finally:
            process.kill()
            os.close(parent)


def resident_mib(pid: int) -> float:
    """VmRSS of a process and its children (Linux)."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            status = dict(line.split(":", 1) for line in (entry / "status").read_text().splitlines() if ":" in line)
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended meanwhile
        if int(entry.name) == pid or int(status["PPid"]) == pid:
            total += int(status.get("VmRSS", "0 kB").split()[0])
    return total / 1024

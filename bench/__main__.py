"""Run measurements and print one table, with its input and the machine.

`python -m bench` runs all of them, some 25 minutes; `python -m bench NAME…` runs the named ones, and names all there
are when it does not know one. With `--full`, the judgement watches ten times as many posts. The machine should do
nothing else meanwhile.

`python -m bench judge WHAT FILE …` runs the product's checks over a corpus: docs/judging.md.
`python -m bench norms [--scores FILE] [FILE …]`, with a file or an option, says how well scores of texts tell better
posts from worse in any file: docs/norms.md.
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from bench import (
    approvals,
    chat,
    claims,
    drafting,
    fairness,
    hostile,
    imports,
    judge,
    judgement,
    kill,
    latency,
    margins,
    norms,
    rules,
    schedule,
    startup,
    sweep,
)
from bench.figure import Figure

Measure = Callable[[Path], Sequence[Figure]]
MEASUREMENTS: dict[str, Measure] = {
    "startup": startup.measure,
    "imports": imports.measure,
    "hostile": hostile.measure,
    "claims": claims.measure,
    "norms": norms.measure,
    "rules": rules.measure,
    "approvals": lambda folder: asyncio.run(approvals.measure(folder)),
    "drafting": lambda folder: asyncio.run(drafting.measure(folder)),
    "chat": chat.measure,
    "sweep": sweep.measure,
    "latency": latency.measure,
    "kill": kill.measure,
    "judgement": judgement.measure,
    "schedule": schedule.measure,
    "fairness": fairness.measure,
    "margins": lambda folder: asyncio.run(margins.measure(folder)),
}
FULL: dict[str, Measure] = {"judgement": partial(judgement.measure, posts=judgement.POSTS_OF_FULL)}


def main() -> int:
    if sys.argv[1:2] == ["judge"]:
        return judge.main(sys.argv[2:])
    if sys.argv[1:2] == ["norms"] and sys.argv[2:]:
        return norms.main(sys.argv[2:])
    is_full = "--full" in sys.argv
    names = [name for name in sys.argv[1:] if name != "--full"] or list(MEASUREMENTS)
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"There is no measurement {unknown[0]}. There are: {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return 2
    print(
        f"machine: {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    logging.basicConfig(level=logging.ERROR)  # the faults of a simulated world are no news
    asked = MEASUREMENTS | FULL if is_full else MEASUREMENTS
    figures, broken = measured({name: asked[name] for name in names})
    print_table(figures)
    missed = [figure.name for figure in figures if not figure.is_met]
    if broken:
        print(f"not measured, because it failed: {', '.join(broken)}")
    print(f"missed: {', '.join(missed)}" if missed else "all targets of what was measured met")
    return 1 if missed or broken else 0


def measured(measurements: Mapping[str, Measure]) -> tuple[list[Figure], list[str]]:
    """The figures of all of them, and the names of those that failed: one failure costs no other its figures."""
    figures: list[Figure] = []
    broken: list[str] = []
    for name, measure in measurements.items():
        print(f"measuring: {name}", file=sys.stderr)
        try:
            with tempfile.TemporaryDirectory() as folder:
                figures += measure(Path(folder))
        except Exception:  # noqa: BLE001 - told in full, and the others are measured all the same
            broken.append(name)
            traceback.print_exc()
    return figures, broken


def print_table(figures: Sequence[Figure]) -> None:
    rows = [("figure", "measured", "target", "of target", "input"), *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())

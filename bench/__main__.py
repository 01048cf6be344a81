"""Run every measurement and print one table, with its input and the machine."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import approvals, imports, startup
from bench.figure import Figure

MEASUREMENTS: tuple[Callable[[Path], Sequence[Figure]], ...] = (
    startup.measure,
    imports.measure,
    lambda folder: asyncio.run(approvals.measure(folder)),
)


def main() -> int:
    print(
        f"machine: {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    figures: list[Figure] = []
    for measure in MEASUREMENTS:
        with tempfile.TemporaryDirectory() as folder:
            figures += measure(Path(folder))
    rows = [("figure", "measured", "target", "of target", "input"), *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    missed = [figure.name for figure in figures if not figure.is_met]
    print(f"missed: {', '.join(missed)}" if missed else "all targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

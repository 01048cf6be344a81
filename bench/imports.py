"""Import of the five CSVs of the shared sample (about 5,000 posts) into SQLite, prefilter included."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bot.frontend import Actor
from bot.main import open_program
from bot.settings import load_settings
from core.model import Caller

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "reddit-sample"
RUNS = 3


def measure(folder: Path) -> Sequence[Figure]:
    files = sorted(SAMPLE.glob("*.csv"))
    if not files:
        print(f"the import is not measured: no CSVs in ../{SAMPLE.parent.name}/{SAMPLE.name}", file=sys.stderr)
        return []
    runs = [asyncio.run(_run(folder / str(number), files)) for number in range(RUNS)]
    posts = runs[0][2]
    source = (
        f"{len(files)} CSVs, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB, {posts:,} posts, median of {RUNS}"
    )
    return [
        Figure("import into SQLite, prefilter included", statistics.median(run[0] for run in runs), 5, "s", source),
        Figure("the same with all norms computed", statistics.median(run[1] for run in runs), None, "s", source),
    ]


async def _run(data_dir: Path, files: Sequence[Path]) -> tuple[float, float, int]:
    """Seconds of the run alone, seconds until the profiles are there too, and the number of posts found."""
    communities = ",".join(file.stem for file in files)
    actor = Actor("terminal:local", "terminal", "Terminal", "bench", "bench", may_manage=True)
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(data_dir)}, None)) as program:
        create = f'campaign create name=bench product="x" keywords="a,b,c,d,e" communities="{communities}"'
        await program.dispatcher.run_line(actor, create)

        async def report(text: str, done: int | None = None, total: int | None = None) -> None:
            pass

        began = time.perf_counter()
        caller = Caller(actor.workspace_id, actor.member_id, actor.name, "bench")
        run = await program.services.collecting.import_files(caller, "bench", files, report=report)
        whole_s = time.perf_counter() - began
    if run.finished_at is None or run.funnel.kept < 4900:
        raise RuntimeError(f"the import went wrong: {run}")
    return (run.finished_at - run.started_at).total_seconds(), whole_s, run.funnel.found

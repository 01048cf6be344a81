"""What an analysis costs: reading, figures, model and cross-validation of the shared sample as one community."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.stall import watched_loop
from bot.actor import Actor
from bot.main import open_program
from bot.settings import load_settings
from core.model import Caller

COMMUNITY = "joined"
_PROCESSES = ("core.analysis.nlp", "core.analysis.learner")


def measure(folder: Path, files: Sequence[Path]) -> Sequence[Figure]:
    joined = folder / "joined.jsonl"
    posts = _join(files, joined)
    return asyncio.run(_measured(folder, joined, posts))


def _join(files: Sequence[Path], target: Path) -> int:
    """All posts as those of one community; returns how many."""
    count = 0
    with target.open("w", encoding="utf-8") as lines:
        for file in files:
            with file.open(encoding="utf-8", newline="") as rows:
                for row in csv.DictReader(rows):
                    kept = ("id", "title", "selftext", "created_utc", "score", "num_comments", "is_self", "url")
                    lines.write(json.dumps({**{key: row[key] for key in kept}, "subreddit": COMMUNITY}) + "\n")
                    count += 1
    return count


async def _measured(folder: Path, joined: Path, posts: int) -> Sequence[Figure]:
    actor = Actor("terminal:local", "terminal", "Terminal", "bench", "bench", may_manage=True)
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(folder / "data")}, None)) as program:
        create = f'campaign create name=bench product="x" keywords="a,b,c,d,e" communities="{COMMUNITY}"'
        await program.dispatcher.run_line(actor, create)

        async def report(text: str, done: int | None = None, total: int | None = None) -> None:
            pass

        caller = Caller(actor.workspace_id, actor.member_id, actor.name, "bench")
        await program.services.collecting.import_files(caller, "bench", [joined], report=report)
        before, own = _children(), time.process_time()
        begun = time.perf_counter()
        async with watched_loop() as stall:
            profile = await program.services.communities.refresh(caller, COMMUNITY)
        wall = time.perf_counter() - begun
        after = _children()
        cpu = sum(used for used, _ in after.values()) - sum(used for used, _ in before.values())
        cpu += time.process_time() - own
        peak = max(memory for _, memory in after.values())
        size = len(await program.services.store.latest_model(caller.workspace_id, COMMUNITY) or "")
    source = f"{profile.sample_size:,} of {posts:,} posts, children's CPU and our own; {wall:.1f} s on this machine"
    return [
        Figure("norms: CPU of a whole analysis, per post", 1000 * cpu / profile.sample_size, 2.0, "ms", source),
        Figure("norms: memory of a child, highest", peak, 300, "MiB", source),
        Figure("norms: loop's own work at a stretch", 1000 * stall.own_s, 50, "ms", source),
        Figure("norms: a stored model", size / 1024, None, "KiB", source),
    ]


def _children() -> dict[int, tuple[float, float]]:
    """CPU seconds and highest memory in MiB of the analysis's child processes, by process id."""
    found = {}
    tick = os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            command = (stat.parent / "cmdline").read_bytes().split(b"\0")
            fields = stat.read_text().rpartition(")")[2].split()
            status = (stat.parent / "status").read_text()
        except OSError:  # it ended meanwhile
            continue
        is_ours = int(fields[1]) == os.getpid() and any(name.encode() in command for name in _PROCESSES)
        if is_ours:
            [peak] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
            found[int(stat.parent.name)] = ((int(fields[11]) + int(fields[12])) / tick, int(peak) / 1024)
    return found

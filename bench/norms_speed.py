"""What an analysis costs: reading, figures, model and cross-validation of the shared sample as one community; and what
the next one costs, when 100 posts have come.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text as sql

from bench.figure import Figure
from bench.stall import Stall, watched_loop
from bot.frontend import Actor
from bot.main import open_program
from bot.settings import load_settings
from core.model import Caller
from storage.store import Store

COMMUNITY = "joined"
NEW = 100  # posts that come later
_PROCESSES = ("core.analysis.nlp", "core.analysis.learner")


def measure(folder: Path, files: Sequence[Path]) -> Sequence[Figure]:
    joined, newer = folder / "joined.jsonl", folder / "newer.jsonl"
    posts = _join(files, joined)
    lines = joined.read_text(encoding="utf-8").splitlines(keepends=True)
    with newer.open("w", encoding="utf-8") as file:
        for line in lines[:: len(lines) // NEW][:NEW]:
            post = json.loads(line)
            file.write(json.dumps({**post, "id": f"9{post['id']}", "title": f"{post['title']} again"}) + "\n")
    return asyncio.run(_measured(folder, joined, newer, posts))


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


async def _measured(folder: Path, joined: Path, newer: Path, posts: int) -> Sequence[Figure]:
    actor = Actor("terminal:local", "terminal", "Terminal", "bench", "bench", may_manage=True)
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(folder / "data")}, None)) as program:
        create = f'campaign create name=bench product="x" keywords="a,b,c,d,e" communities="{COMMUNITY}"'
        await program.dispatcher.run_line(actor, create)

        async def report(text: str, done: int | None = None, total: int | None = None) -> None:
            pass

        caller = Caller(actor.workspace_id, actor.member_id, actor.name, "bench")

        async def analysed() -> tuple[int, float, float, Stall]:
            """Posts, CPU seconds of all processes, seconds, and the loop."""
            before, own, begun = _cpu(), time.process_time(), time.perf_counter()
            async with watched_loop() as stall:
                profile = await program.services.communities.refresh(caller, COMMUNITY)
            return (
                profile.sample_size,
                _cpu() - before + time.process_time() - own,
                time.perf_counter() - begun,
                stall,
            )

        # An import ends with an analysis. What that has kept is taken away, so that it is all to be done again.
        await program.services.collecting.import_files(caller, "bench", [joined], report=report)
        await _forget(program.store, "DELETE FROM extracts", "UPDATE community_profiles SET model = NULL")
        size, whole, wall, stall = await analysed()
        await program.services.collecting.import_files(caller, "bench", [newer], report=report)
        new = "SELECT id FROM posts WHERE title LIKE '% again'"
        await _forget(program.store, f"DELETE FROM extracts WHERE post_id IN ({new})")  # noqa: S608 - no words of a stranger
        again, renewed, _, stall_again = await analysed()
        peak = max(memory for _, memory in _children().values())
        stored = len(await program.services.store.latest_model(caller.workspace_id, COMMUNITY) or "")
    source = f"{size:,} of {posts:,} posts, children's CPU and our own; {wall:.1f} s on this machine"
    return [
        Figure("norms: CPU of a whole analysis, per post", 1000 * whole / size, 2.0, "ms", source),
        Figure("norms: CPU of the next analysis", renewed / whole, 0.1, "of 1", f"{again - size:,} new of {again:,}"),
        Figure("norms: memory of a child, highest", peak, 300, "MiB", source),
        Figure("norms: loop's own work at a stretch", 1000 * max(stall.own_s, stall_again.own_s), 50, "ms", source),
        Figure("norms: a stored model", stored / 1024, None, "KiB", source),
    ]


async def _forget(store: Store, *statements: str) -> None:
    async with store._database.write() as tx:
        for statement in statements:
            await tx.execute(sql(statement))


def _cpu() -> float:
    return sum(used for used, _ in _children().values())


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

"""Reads in a workspace with 100,000 posts: what a status, a digest, a search, the pace and the hourly repair ask."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from bench.figure import Figure
from bench.watched import CALLER
from core.visibility import due
from core.visibility.leases import FILLED_AHEAD
from storage.database import Database
from storage.schema import tracked_posts
from storage.store import Store

REPEATS = 15
READ_MS_MAX = 20

_HERE = CALLER.workspace_id
READS: Mapping[str, Callable[[Store, datetime], Awaitable[object]]] = {
    "a search that finds nothing": lambda store, now: store.tracked_posts(_HERE, containing="zeppelin", limit=25),
    "posts by community and state": lambda store, now: store.states_by_community(_HERE, now - timedelta(days=30)),
    "how far behind the watching is": lambda store, now: store.backlog(_HERE, now),
    "how many are watched, by age": lambda store, now: store.watch_load(now, ages=due.AGES),
    "what a clock that was ahead did": lambda store, now: store.undo_odd_clock(
        now, longest_wait=due.LONGEST_WAIT, watch_for=due.WATCH_FOR, late_watch_for=due.LATE_WATCH_FOR
    ),
    "what a stopped worker held": lambda store, now: store.release_due("nobody", now + FILLED_AHEAD),
    "when something was written last": lambda store, now: store.last_written_at(),
}


async def measured(database: Database, now: datetime, source: str) -> Sequence[Figure]:
    """Each read, beside counting the workspace's posts from an index: what any answer about all of them costs."""
    store = Store(database)
    plain = select(func.count()).where(tracked_posts.c.workspace_id == _HERE)

    async def count() -> None:
        async with database.read() as tx:
            await tx.execute(plain)

    counted_ms = await _median_ms(count)
    figures = [Figure("read: counting the posts, wall time", counted_ms, None, "ms", source)]
    for name, read in READS.items():
        taken_ms = await _median_ms(partial(read, store, now))
        figures.append(Figure(f"read: {name}, wall time", taken_ms, READ_MS_MAX, "ms", source))
        figures.append(Figure(f"read: {name}, times counting the posts", taken_ms / counted_ms, None, "", source))
    return figures


async def _median_ms(run: Callable[[], Awaitable[object]]) -> float:
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        await run()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)

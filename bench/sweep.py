"""Sweeping 10,000 due posts over a loopback Reddit, and leasing among 100,000.

The sweep is the product's, with the real store and praw; only the request budget is lifted, so that the time is that
of the work.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bench.fakes import Fake
from bench.figure import Figure
from bench.stall import watched_loop
from bench.watched import AUTHORS, author_of, fill
from bot.garbage import collecting_when_idle
from core.clock import SystemClock
from core.gateways.reddit import RedditGateway
from core.visibility import due
from core.visibility.leases import LEASE
from storage.database import open_database
from storage.store import Store
from tests.postgres import find_binaries, running_server
from tests.watch import Watch

DUE = 10_000
LOOKS = 20  # readings that each post has already
REQUESTS_MAX = 105
STALL_MS_MAX = 50

TRACKED = 100_000
DUE_AMONG = 500
LEASED = 20  # times


def measure(folder: Path) -> Sequence[Figure]:
    figures = _on_engine(f"sqlite:///{folder / 'sweep.sqlite'}", f"sqlite:///{folder / 'lease.sqlite'}", "SQLite")
    binaries = find_binaries()
    if binaries is None:
        print("sweep: no PostgreSQL binaries here; SQLite only", file=sys.stderr)
    else:
        with running_server(binaries) as server:
            figures += _on_engine(server.make_database(), server.make_database(), "PostgreSQL")
    return figures


def _on_engine(to_sweep: str, to_lease: str, engine: str) -> list[Figure]:
    return [*asyncio.run(_swept(to_sweep, engine)), *asyncio.run(_leased(to_lease, engine))]


async def _swept(url: str, engine: str) -> Sequence[Figure]:
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        reddit = await stack.enter_async_context(Fake("reddit"))
        fullnames = await reddit.ask(posts=DUE, authors=[author_of(number) for number in range(AUTHORS)])
        await fill(url, fullnames, clock.now(), due=DUE, looks=LOOKS)
        its = reddit.settings
        gateway = RedditGateway(
            client_id=its["reddit_client_id"],
            client_secret=its["reddit_client_secret"],
            user_agent=its["reddit_user_agent"],
            clock=clock,
            reddit_url=its["reddit_url"],
            oauth_url=its["reddit_oauth_url"],
            requests_per_minute=100_000,
        )
        stack.push_async_callback(gateway.close)
        database = await open_database(url)
        stack.push_async_callback(database.close)
        sweeping = Watch(Store(database), clock, gateway).sweeping
        await gateway.control_candidates()  # the first request imports praw
        await stack.enter_async_context(collecting_when_idle(lambda: True))  # nobody gives commands
        before = await reddit.ask(seen="/")
        began, cpu_s, load = time.perf_counter(), time.process_time(), os.getloadavg()[0]
        async with watched_loop() as stall:
            result = await sweeping.sweep("bench")
        wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu_s
        requests = await reddit.ask(seen="/") - before
    source = f"{result.looked:,} due posts with {LOOKS} readings each on {engine}, load average {load:.1f}"
    return [
        Figure("sweep: posts left unlooked at or blind", DUE - result.looked + result.blind, 0, "", source, exact=True),
        Figure("sweep: requests to Reddit", requests, REQUESTS_MAX, "", source),
        Figure("sweep: wall time", wall_s, None, "s", source),
        Figure("sweep: CPU time of the program", cpu_s, None, "s", source),
        Figure("sweep: posts a second", result.looked / wall_s, None, "", source),
        Figure("sweep: event loop's longest stretch of own work (CPU)", stall.own_s * 1000, STALL_MS_MAX, "ms", source),
        Figure("sweep: event loop's longest stall (wall)", stall.wall_s * 1000, None, "ms", source),
    ]


async def _leased(url: str, engine: str) -> Sequence[Figure]:
    clock = SystemClock()
    await fill(url, [f"t3_{number:07d}" for number in range(TRACKED)], clock.now(), due=DUE_AMONG)
    database = await open_database(url)
    store = Store(database)
    now, times_ms, load_ms = clock.now(), list[float](), list[float]()
    try:
        for _ in range(LEASED):
            began = time.perf_counter()
            leased = await store.lease_due_posts(now, worker="bench", lease=LEASE, limit=DUE_AMONG)
            times_ms.append((time.perf_counter() - began) * 1000)
            if len(leased) < DUE_AMONG - 1:
                raise RuntimeError(f"only {len(leased)} posts were leased")
            await store.release_posts("bench")
            began = time.perf_counter()
            await store.watch_load(None, now, ages=due.AGES)
            load_ms.append((time.perf_counter() - began) * 1000)
    finally:
        await database.close()
    source = f"{DUE_AMONG} due among {TRACKED:,} on {engine}, median of {LEASED}"
    return [
        Figure("selecting and leasing what is due", statistics.median(times_ms), None, "ms", source),
        Figure("counting the load, every ten minutes", statistics.median(load_ms), None, "ms", source),
    ]

"""Sweeping 10,000 due posts over a loopback Reddit, leasing among 100,000, and reading these (bench/reads.py).

The sweep is the product's, with the real store and praw; only the request budget is lifted, so that the time is that
of the work.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from bench import reads
from bench.fakes import Fake
from bench.figure import Figure
from bench.stall import watched_loop
from bench.watched import AUTHORS, author_of, fill
from bot.garbage import collecting_when_idle
from core.clock import SystemClock
from core.gateways.reddit import RedditGateway
from core.visibility.leases import FILLED_AHEAD, LEASE
from storage.database import open_database
from storage.schema import watches
from storage.store import Store
from tests.postgres import find_binaries, running_server
from tests.watch import Watch

DUE = 10_000
LOOKS = 20  # that each post has had already
BODY = "Some text of its own."  # of every post of the loopback Reddit
REQUESTS_MAX = 105
WALL_S_MAX = 2.5
STALL_MS_MAX = 50

TRACKED = 100_000
DUE_AMONG = 500
LEASED = 40  # times
LEASE_MS_MAX = 5


def measure(folder: Path) -> Sequence[Figure]:
    figures = _on_engine([f"sqlite:///{folder / name}.sqlite" for name in ("known", "new", "lease")], "SQLite")
    binaries = find_binaries()
    if binaries is None:
        print("sweep: no PostgreSQL binaries here; SQLite only", file=sys.stderr)
    else:
        with running_server(binaries) as server:
            figures += _on_engine([server.make_database() for _ in range(3)], "PostgreSQL")
    return figures


def _on_engine(databases: Sequence[str], engine: str) -> list[Figure]:
    known, new, to_lease = databases
    return [
        *asyncio.run(_swept(known, engine, body=BODY)),
        *asyncio.run(_swept(new, engine, body=None)),
        *asyncio.run(_leased(to_lease, engine)),
    ]


async def _swept(url: str, engine: str, *, body: str | None) -> Sequence[Figure]:
    """Sweep posts that look as they did before; without `body`, their texts are seen for the first time."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        reddit = await stack.enter_async_context(Fake("reddit"))
        fullnames = await reddit.ask(posts=DUE, authors=[author_of(number) for number in range(AUTHORS)])
        await fill(url, fullnames, clock.now(), due=DUE, looks=LOOKS, body=body)
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
    news = "nothing new in them" if body is not None else "their texts seen for the first time"
    source = f"{result.looked:,} due posts, {news}, on {engine}, load average {load:.1f}"
    return [
        Figure("sweep: posts left unlooked at or blind", DUE - result.looked + result.blind, 0, "", source, exact=True),
        Figure("sweep: requests to Reddit", requests, REQUESTS_MAX, "", source),
        Figure("sweep: wall time", wall_s, WALL_S_MAX, "s", source),
        Figure("sweep: CPU time of the program", cpu_s, None, "s", source),
        Figure("sweep: posts a second", result.looked / wall_s, None, "", source),
        Figure("sweep: event loop's longest stretch of own work (CPU)", stall.own_s * 1000, STALL_MS_MAX, "ms", source),
        Figure("sweep: event loop's longest stall (wall)", stall.wall_s * 1000, None, "ms", source),
    ]


async def _leased(url: str, engine: str) -> Sequence[Figure]:
    clock = SystemClock()
    fullnames = [f"t3_{number:07d}" for number in range(TRACKED)]
    await fill(url, fullnames, clock.now(), due=DUE_AMONG, looks=LOOKS)
    database = await open_database(url)
    store = Store(database)
    now, plain = clock.now(), select(watches.c.tracked_post_id).where(watches.c.next_check_at <= clock.now())
    plain = plain.order_by(watches.c.next_check_at).limit(DUE_AMONG)
    leases, posts, plains = _Taken(), _Taken(), _Taken()
    try:
        async with collecting_when_idle(lambda: True):
            for _ in range(LEASED):
                with leases.measured():
                    leased = await store.lease_due_posts(now, worker="bench", lease=LEASE, limit=DUE_AMONG)
                if len(leased) < DUE_AMONG - 1:
                    raise RuntimeError(f"only {len(leased)} posts were leased")
                with posts.measured():
                    await store.leased_posts("bench", leased)
                await store.release_due("bench", now + FILLED_AHEAD)
                async with database.read() as tx:
                    with plains.measured():
                        (await tx.execute(plain)).all()
            about = f"{TRACKED:,} posts on {engine}, median of {reads.REPEATS}, load average {os.getloadavg()[0]:.1f}"
            read = await reads.measured(database, now, about)
    finally:
        await database.close()
    source = f"{DUE_AMONG} due among {TRACKED:,} on {engine}, median of {LEASED}, load average {os.getloadavg()[0]:.1f}"
    return [
        Figure("lease: wall time", leases.wall_ms, LEASE_MS_MAX, "ms", source),
        Figure("lease: wall time, quickest", min(leases.walls_ms), None, "ms", source),
        Figure("lease: CPU time of the program", leases.cpu_ms, LEASE_MS_MAX, "ms", source),
        Figure("lease: as many times a plain ordered query (CPU)", leases.cpu_ms / plains.cpu_ms, None, "", source),
        Figure("lease: reading the leased posts with their readings, wall time", posts.wall_ms, None, "ms", source),
        Figure("plain ordered query: wall time", plains.wall_ms, None, "ms", source),
        *read,
    ]


@dataclass(slots=True)
class _Taken:
    """How long each of several runs took."""

    walls_ms: list[float] = field(default_factory=list)
    cpus_ms: list[float] = field(default_factory=list)

    @contextmanager
    def measured(self) -> Iterator[None]:
        began, cpu = time.perf_counter(), time.process_time()
        yield
        self.cpus_ms.append((time.process_time() - cpu) * 1000)
        self.walls_ms.append((time.perf_counter() - began) * 1000)

    @property
    def wall_ms(self) -> float:
        return statistics.median(self.walls_ms)

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.cpus_ms)

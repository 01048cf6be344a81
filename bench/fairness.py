"""How long a workspace waits for its alert while others hang: the real courier and outbox, places that never answer.

A place may take 1 s here, a twentieth of what the program allows, so waits are a twentieth too. And what a claim costs
where one workspace has a hundred thousand alerts waiting. Both on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bench.figure import Figure
from bot.card import Card
from bot.courier import DELIVERY_TIMEOUT_S, Courier
from bot.frontend import Person
from core.clock import SystemClock
from core.model import AlertKind, Caller, NewAlert
from storage.database import Database, open_database
from storage.schema import alerts
from storage.store import Store
from tests.postgres import find_binaries, running_server

SCALE = 20
HEALTHY = 90
TARGET_S = 1.0
WAITING = 100_000
CLAIMS = 11
CLAIM_TARGET_MS = 50.0


class Places:
    """Takes alerts at once, except for the workspaces that hang."""

    platform = "terminal"
    shows_pictures = False

    def __init__(self, hanging: set[str]) -> None:
        self._hanging = hanging
        self.took_s: list[float] = []
        self.all_told = asyncio.Event()

    async def run(self) -> int:
        return 0

    async def stop(self) -> None:
        """Does nothing, because nothing runs."""

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        return False

    async def deliver(
        self,
        workspace_id: str,
        place: str | None,
        card: Card,
        *,
        nonce: str,
        root_ref: str | None = None,
        again: datetime | None = None,
        plain: bool = False,
    ) -> str:
        if workspace_id in self._hanging:
            await asyncio.Event().wait()
        self.took_s.append(time.perf_counter())
        if len(self.took_s) == HEALTHY:
            self.all_told.set()
        return nonce

    async def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        for admin in admins:
            yield Person(admin, "an admin")

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        """Does nothing, because no place is proved here."""


def measure(folder: Path) -> Sequence[Figure]:
    def a_file() -> str:
        return f"sqlite:///{folder / f'fairness-{next(numbers)}.sqlite'}"

    numbers = itertools.count()
    figures = asyncio.run(_on_engine(a_file, "SQLite"))
    binaries = find_binaries()
    if binaries is None:
        print("fairness: no PostgreSQL binaries here; SQLite only", file=sys.stderr)
        return figures
    with running_server(binaries) as server:
        databases = [server.make_database() for _ in range(3)]
        return [*figures, *asyncio.run(_on_engine(databases.pop, "PostgreSQL"))]


async def _on_engine(make_database: Callable[[], str], engine: str) -> list[Figure]:
    return [
        await _waits(make_database(), engine, 1, 30),
        await _waits(make_database(), engine, 60, 30),
        await _claims(make_database(), engine),
    ]


async def _waits(url: str, engine: str, hanging: int, alerts_each: int) -> Figure:
    async with _opened(url) as database:
        store, clock = Store(database), SystemClock()
        hang = [f"terminal:hangs{n}" for n in range(hanging)]
        for workspace in hang:
            await _owe(store, clock, workspace, alerts_each)
        for n in range(HEALTHY):
            await _owe(store, clock, f"terminal:well{n}", 1)
        places = Places(set(hang))
        courier = Courier(store, clock, {"terminal": places}, "bench", timeout_s=DELIVERY_TIMEOUT_S / SCALE)
        began = time.perf_counter()
        delivering = asyncio.create_task(courier.deliver_due())
        await asyncio.wait_for(places.all_told.wait(), 120)
        last_s = places.took_s[-1] - began
        delivering.cancel()
        await asyncio.wait([delivering])
    what = f"{hanging} workspaces with {alerts_each} alerts each hang 1 s an alert (1:{SCALE}), {engine}"
    return Figure(f"the last of {HEALTHY} others told", last_s, TARGET_S, "s", what)


async def _claims(url: str, engine: str) -> Figure:
    """The median of some claims, each of one alert a workspace, while one workspace has very many waiting."""
    async with _opened(url) as database:
        store, clock = Store(database), SystemClock()
        await _owe(store, clock, "terminal:burst", 1)
        now = clock.now()
        row = {
            "workspace_id": "terminal:burst",
            "kind": AlertKind.TEST,
            "facts": {},
            "created_at": now,
            "next_attempt_at": now,
            "attempts": 0,
            "correlation_id": "bench",
        }
        async with database.write() as tx:
            for begin in range(0, WAITING, 10_000):
                rows = [{**row, "dedupe_key": f"burst{n}"} for n in range(begin, begin + 10_000)]
                await tx.execute(insert(alerts), rows)
        for n in range(HEALTHY):
            await _owe(store, clock, f"terminal:well{n}", 1)
        took_ms = []
        for n in range(CLAIMS):
            began = time.perf_counter()
            claimed = await store.lease_alerts(
                clock.now(), worker=f"bench{n}", lease=timedelta(0), limit=20, platforms=["terminal"]
            )
            took_ms.append((time.perf_counter() - began) * 1000)
            assert len({alert.workspace_id for alert in claimed}) == len(claimed) == 20
    what = f"20 alerts of {HEALTHY + 1} workspaces, one of which has {WAITING:,} waiting; median of {CLAIMS}, {engine}"
    return Figure("alerts claimed", statistics.median(took_ms), CLAIM_TARGET_MS, "ms", what)


@contextlib.asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = await open_database(url)
    try:
        await database.migrate()
        yield database
    finally:
        await database.close()


async def _owe(store: Store, clock: SystemClock, workspace_id: str, count: int) -> None:
    await store.ensure_workspace(workspace_id, "terminal", "W", clock.now())
    caller = Caller(workspace_id, "bench", "bench", "bench")
    for n in range(count):
        await store.owe_alert(caller, NewAlert(AlertKind.TEST, f"k{n}", {}), clock.now())

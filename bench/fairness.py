"""How long a workspace waits for its alert while others hang: the real courier and outbox, places that never answer.

A place may take 1 s here, a twentieth of what the program allows, so waits are a twentieth too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from bench.figure import Figure
from bot.card import Card
from bot.courier import DELIVERY_TIMEOUT_S, Courier
from bot.frontend import Person
from core.clock import SystemClock
from core.model import AlertKind, Caller, NewAlert
from storage.database import open_database
from storage.store import Store

SCALE = 20
HEALTHY = 90
TARGET_S = 1.0


class Places:
    """Takes alerts at once, except for the workspaces that hang."""

    platform = "terminal"

    def __init__(self, hanging: set[str]) -> None:
        self._hanging = hanging
        self.took_s: list[float] = []
        self.all_told = asyncio.Event()

    async def run(self) -> int:
        return 0

    async def stop(self) -> None:
        """Nothing runs."""

    async def deliver(
        self,
        workspace_id: str,
        place: str | None,
        card: Card,
        *,
        nonce: str,
        root_ref: str | None = None,
        again: bool = False,
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
        """Nothing is proved here."""


async def measure(folder: Path) -> Sequence[Figure]:
    return [await _measure(folder, 1, 30), await _measure(folder, 60, 30)]


async def _measure(folder: Path, hanging: int, alerts_each: int) -> Figure:
    database = await open_database(f"sqlite:///{folder / f'fairness-{hanging}.sqlite'}")
    try:
        await database.migrate()
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
    finally:
        await database.close()
    what = f"{hanging} workspaces with {alerts_each} alerts each hang 1 s an alert (1:{SCALE}), SQLite"
    return Figure(f"the last of {HEALTHY} others told", last_s, TARGET_S, "s", what)


async def _owe(store: Store, clock: SystemClock, workspace_id: str, count: int) -> None:
    await store.ensure_workspace(workspace_id, "terminal", "W", clock.now())
    caller = Caller(workspace_id, "bench", "bench", "bench")
    for n in range(count):
        await store.owe_alert(caller, NewAlert(AlertKind.TEST, f"k{n}", {}), clock.now())

"""A program that is killed when its chat has taken an alert, before it can record that:
`python -m tests.bot.killed_courier DATABASE`. It prints the delivery's nonce.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from bot.courier import Courier
from core.model import AlertKind, Caller, NewAlert
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock


class Channel:
    async def deliver(self, workspace_id: str, place: str, card: Any, *, nonce: str, **_: Any) -> None:
        print(nonce, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


async def main(database: str) -> None:
    store, clock = Store(await open_database(database)), FixedClock()
    caller = Caller("terminal:local", "a", "A", "c")
    await store.ensure_workspace(caller.workspace_id, "terminal", "T", clock.now())
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "k", {}), clock.now())
    await Courier(store, clock, {"terminal": Channel()}, "killed").deliver_due()  # type: ignore[dict-item]  # it only delivers


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

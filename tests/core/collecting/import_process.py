"""A program that imports a file, slowly enough to be interrupted: `python -m … DATABASE_URL FILE`."""

from __future__ import annotations

import asyncio
import sys

from core.analysis.service import Communities
from core.clock import SystemClock
from core.collecting.service import Collecting
from core.model import Caller
from core.worker import Worker
from storage.database import open_database
from storage.store import Store


async def main(url: str, file: str) -> None:
    database = await open_database(url)
    worker = Worker("tests.core.analysis.quick_reader")
    try:
        store, clock = Store(database), SystemClock()

        async def report(text: str, done: int | None = None, total: int | None = None) -> None:
            print(text, flush=True)
            await asyncio.sleep(0.2)

        collecting = Collecting(store, clock, {}, Communities(store, clock, worker, worker))
        await collecting.import_files(Caller("terminal:local", "alice", "alice", "c"), None, [file], report=report)
    finally:
        await worker.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

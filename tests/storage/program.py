"""A second program, for tests that need one: `python -m tests.storage.program WHAT URL`.

`open` opens the database, stores something and prints what a person would be told, `open-shared` not exclusively;
`write` makes campaigns without end and prints a number for each. With `-unprivileged` it gives root's rights up first,
because root may write to everything; what it needs of the interpreter's own files it has loaded by then.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import sys
import tempfile
from datetime import UTC, datetime

from core.errors import UserError
from core.model import Caller
from storage.database import open_database
from storage.store import Store
from tests.storage.world import make_campaign

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def give_up_root() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await (await open_database(f"sqlite:///{folder}/warm-up.sqlite")).close()
    if os.geteuid() == 0:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)


async def open_and_write(url: str, *, exclusive: bool, as_root: bool) -> None:
    if not as_root:
        await give_up_root()
    try:
        database = await open_database(url, exclusive=exclusive)
        try:
            await Store(database).ensure_workspace("terminal:second", "terminal", "Second", NOW)
        finally:
            await database.close()
    except UserError as told:
        print(f"{told.code}: {told}")
    else:
        print("stored")


async def write_without_end(url: str) -> None:
    store = Store(await open_database(url))
    caller = Caller("terminal:local", "alice", "alice", "-")
    await store.ensure_workspace(caller.workspace_id, "terminal", "Terminal", NOW)
    await store.set_plan(caller, NOW, max_campaigns=100_000)
    for number in range(100_000):
        await make_campaign(store, caller, NOW, name=f"campaign {number}", communities=("a", "b", "c"))
        print(number, flush=True)


if __name__ == "__main__":
    what, address = sys.argv[1:]
    if what == "write":
        asyncio.run(write_without_end(address))
    else:
        asyncio.run(open_and_write(address, exclusive="shared" not in what, as_root="unprivileged" not in what))

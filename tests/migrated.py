"""An empty, migrated SQLite database, made once for each process, because migrating takes longer than most tests."""

from __future__ import annotations

import asyncio
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from storage.database import open_database


def lay_database(path: Path) -> Path:
    """Put a migrated, empty database there, unless there is one already; returns the path."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_migrated())
    return path


def lay_data(folder: Path) -> Path:
    """Put a migrated, empty database where a program with this data folder looks for it; returns the folder.

    Only a program that starts in an empty folder shows that it migrates; test_cli.py and others start some.
    """
    lay_database(folder / "bcrao.sqlite3")
    return folder


@cache
def _migrated() -> bytes:
    """`BCRAO_TEST_MIGRATED` keeps it for who runs the tests of one schema thousands of times (tools/mutants.py)."""
    kept = os.environ.get("BCRAO_TEST_MIGRATED")
    if kept is not None and Path(kept).exists():
        return Path(kept).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bcrao.sqlite")
        with ThreadPoolExecutor(1) as aside:  # a test's own event loop may be running
            aside.submit(asyncio.run, _migrate(path)).result()
        made = path.read_bytes()
    if kept is not None:
        whole = Path(f"{kept}.{os.getpid()}")
        whole.write_bytes(made)
        os.replace(whole, kept)
    return made


async def _migrate(path: Path) -> None:
    database = await open_database(f"sqlite:///{path}")
    await database.migrate()
    await database.close()

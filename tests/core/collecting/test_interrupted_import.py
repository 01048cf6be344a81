"""Ctrl-C and kill -9 in the middle of an import, in a real process."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from core.analysis.service import Communities
from core.collecting.runs import RunStatus
from core.collecting.service import Collecting
from core.model import Caller
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.quick_reader import Inline
from tests.core.collecting.invented import row, write_csv

pytestmark = pytest.mark.process

ROWS = 3_000


async def no_report(text: str, done: int | None = None, total: int | None = None) -> None:
    pass


@pytest.mark.parametrize(
    ("blow", "status"),
    [(signal.SIGINT, RunStatus.CANCELLED), (signal.SIGKILL, RunStatus.FAILED)],
    ids=["ctrl-c", "kill"],
)
async def test_an_interrupted_import_loses_and_doubles_nothing(
    database_url: str, caller: Caller, tmp_path: Path, blow: signal.Signals, status: RunStatus
) -> None:
    clock = FixedClock()
    path = write_csv(tmp_path / "posts.csv", [row(n) for n in range(ROWS)])
    database = await open_database(database_url)
    store = Store(database)
    await store.ensure_workspace(caller.workspace_id, "terminal", "Terminal", clock.now())
    await store.create_campaign(
        caller, name="Bowls", product="b", url=None, keywords=["a"], communities=["pottery"], now=clock.now()
    )
    await database.close()

    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.core.collecting.import_process",
        database_url,
        str(path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    await program.stdout.readline()  # the first batch is stored
    program.send_signal(blow)
    await program.communicate()

    database = await open_database(database_url)
    store = Store(database)
    worker = Inline()
    await Collecting(store, clock, {}, Communities(store, clock, worker, worker)).begin_alone()
    [run] = await store.runs(caller.workspace_id)
    kept = len(await store.posts(caller.workspace_id, "pottery"))
    assert run.status is status
    assert 0 < kept < ROWS
    assert run.funnel.kept == kept, "the run knows exactly what is stored"

    again = await Collecting(store, clock, {}, Communities(store, clock, worker, worker)).import_files(
        caller, None, [path], report=no_report
    )
    assert (again.funnel.duplicate, again.funnel.kept) == (kept, ROWS - kept)
    assert len(await store.posts(caller.workspace_id, "pottery")) == ROWS
    await worker.close()
    await database.close()

"""What the gateway tests watch from outside: what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from tests.patience import PATIENCE_S


@asynccontextmanager
async def no_leaks() -> AsyncIterator[None]:
    """Afterwards there are the same threads and tasks as before, and nobody forgot a connection."""
    threads = set(threading.enumerate())
    tasks = asyncio.all_tasks()
    with warnings_as_list() as forgotten:
        yield
        until = time.monotonic() + PATIENCE_S  # a thread that was told to end needs a moment
        while (left := _left(threads, tasks)) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        gc.collect()
    assert not left, f"still there: {left}"
    assert not forgotten, [str(warning.message) for warning in forgotten]


def _left(threads: set[threading.Thread], tasks: set[asyncio.Task[object]]) -> set[object]:
    return {*(set(threading.enumerate()) - threads), *(asyncio.all_tasks() - tasks)}


@contextmanager
def warnings_as_list() -> Iterator[list[warnings.WarningMessage]]:
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        kept: list[warnings.WarningMessage] = []
        yield kept
        kept.extend(warning for warning in caught if issubclass(warning.category, ResourceWarning))

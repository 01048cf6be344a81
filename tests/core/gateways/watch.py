"""What the gateway tests watch from outside: what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


@asynccontextmanager
async def no_leaks() -> AsyncIterator[None]:
    """Afterwards there are the same threads and tasks as before, and nobody forgot a connection."""
    threads = set(threading.enumerate())
    tasks = asyncio.all_tasks()
    with warnings_as_list() as forgotten:
        yield
        for _ in range(50):  # a thread that was told to end needs a moment
            left = set(threading.enumerate()) - threads
            if not left and not (asyncio.all_tasks() - tasks):
                break
            await asyncio.sleep(0.01)
        gc.collect()
    assert not left, f"threads left: {left}"
    assert not asyncio.all_tasks() - tasks, f"tasks left: {asyncio.all_tasks() - tasks}"
    assert not forgotten, [str(warning.message) for warning in forgotten]


@contextmanager
def warnings_as_list() -> Iterator[list[warnings.WarningMessage]]:
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        kept: list[warnings.WarningMessage] = []
        yield kept
        kept.extend(warning for warning in caught if issubclass(warning.category, ResourceWarning))

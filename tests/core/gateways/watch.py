"""What the gateway tests watch from outside: how long the event loop was held, and what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress


async def longest_hold_s(work: Callable[[], Awaitable[object]]) -> float:
    """The longest time the loop could not run anything else while `work` ran; its errors do not matter here."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before - 0.005)

    ticking = asyncio.create_task(tick())
    with suppress(Exception):
        await work()
    ticking.cancel()
    return longest


async def least_hold_s(work: Callable[[], Awaitable[object]], attempts: int = 3) -> float:
    """The best of some attempts: a busy machine holds a loop up now and then, our own code would every time."""
    return min([await longest_hold_s(work) for _ in range(attempts)])


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

"""Runs work that must not run on the event loop, in threads that end afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


async def run_aside(work: Callable[[], Result]) -> Result:
    """Run `work` (an import, building a TLS context) in a new thread, which ends with it."""
    executor = ThreadPoolExecutor(1, "aside")
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, work)
    finally:
        executor.shutdown(wait=False)


class OwnThread:
    """One thread, started at its first use, which runs all calls one after the other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._executor: ThreadPoolExecutor | None = None

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run `work` in the thread. A cancelled caller leaves at once; work that has begun runs to its end."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, self._name)
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def close(self, last: Callable[[], None]) -> None:
        """Run `last` after the present work, then end the thread. Does nothing when the thread was never started."""
        if self._executor is None:
            return
        executor, self._executor = self._executor, None
        try:
            await asyncio.get_running_loop().run_in_executor(executor, last)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

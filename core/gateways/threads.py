"""Work that must not run on the event loop, in threads that are gone afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


async def run_aside(work: Callable[[], Result]) -> Result:
    """Run `work` (an import, building a TLS context) in a thread of its own, which ends with it."""
    executor = ThreadPoolExecutor(1, "aside")
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, work)
    finally:
        executor.shutdown(wait=False)


class OwnThread:
    """One thread, started at the first use, in which all calls run one after the other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._executor: ThreadPoolExecutor | None = None

    async def run(self, work: Callable[[], Result]) -> Result:
        """A cancelled caller leaves at once; work that had begun runs to its own end, within its own bounds."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, self._name)
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def close(self, last: Callable[[], None]) -> None:
        """Run `last` after what is still running, then end the thread. Nothing when it was never started."""
        if self._executor is None:
            return
        executor, self._executor = self._executor, None
        try:
            await asyncio.get_running_loop().run_in_executor(executor, last)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

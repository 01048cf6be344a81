"""Lets SQLite's statements and commits run where they are awaited, without a visit to their connection's thread: two
switches of threads and three turns of the event loop took longer than most of what tests ask for. There is no thread.

As with the thread, other tasks have a turn with each of them. tests/storage/ asks the real connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Generator, Iterator
from typing import Any

from storage.sqlite import _QuickConnection


class _Inline:
    """What takes the place of the same methods of a connection, which is `self`."""

    def __await__(self: Any) -> Generator[Any, None, _QuickConnection]:
        async def opened() -> Any:
            self._connection = self._connector()
            return self

        return opened().__await__()

    async def _execute(self: Any, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        await asyncio.sleep(0)
        if self._connection is None:
            raise ValueError("Connection closed")
        return function(*arguments, **named)

    def stop(self: Any) -> None:
        self._running = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_NAMES = ("__await__", "_execute", "stop")  # aiosqlite's; the connection itself has none of them


def run_statements_inline() -> None:
    for name in _NAMES:
        setattr(_QuickConnection, name, vars(_Inline)[name])


@contextlib.contextmanager
def statements_in_their_thread() -> Iterator[None]:
    """Within the block, as a program runs them."""
    for name in _NAMES:
        delattr(_QuickConnection, name)
    try:
        yield
    finally:
        run_statements_inline()

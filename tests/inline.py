"""Lets SQLite's statements run where they are awaited, without a visit to their connection's thread: two switches of
threads and three turns of the event loop took longer than most statements of tests do.

As with the thread, other tasks have a turn with each statement. tests/storage/ asks the real connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from storage.sqlite import _Done, _QuickConnection

_by_thread = _QuickConnection.run


async def _here(self: _QuickConnection, function: str, sql: str, parameters: object) -> _Done:
    await asyncio.sleep(0)
    with contextlib.closing(getattr(self._conn, function)(sql, parameters)) as cursor:
        rows = cursor.fetchall() if cursor.description else []
        return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)


def run_statements_inline() -> None:
    _QuickConnection.run = _here  # type: ignore[method-assign]  # for tests


@contextlib.contextmanager
def statements_in_their_thread() -> Iterator[None]:
    """Within the block, as a program runs them."""
    _QuickConnection.run = _by_thread  # type: ignore[method-assign]
    try:
        yield
    finally:
        run_statements_inline()

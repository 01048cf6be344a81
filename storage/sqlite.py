"""SQLite: keeping other programs away from the file, and connecting to it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

import aiosqlite
from aiosqlite.core import _connection_worker_thread
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.errors import StorageUnavailable


def take_file(path: Path, *, exclusive: bool) -> IO[str] | None:
    """Make the file's folder. With `exclusive`, lock the lock file beside it and return that, open: closing it ends the
    lock. Raises `StorageUnavailable`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not exclusive:
            return None
        lock = open(f"{path}.lock", "a+", encoding="utf-8")  # noqa: SIM115 - stays open while the database does
    except OSError as error:
        raise StorageUnavailable(
            f"The folder of the database {path} cannot be written: {error.strerror}.",
            "Give this program's user the right to write there, or set BCRAO_DATA_DIR to another folder.",
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StorageUnavailable(
            f"The database {path} is in use by another run of this program (process {holder}).",
            "Stop that one first, or use PostgreSQL (BCRAO_DATABASE_URL), which several programs can share.",
        ) from None
    except OSError as error:
        lock.close()
        raise StorageUnavailable(
            f"The folder of the database {path} does not support locks: {error.strerror}.",
            "Keep the database on a local disk, or use PostgreSQL (BCRAO_DATABASE_URL).",
        ) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


class _Connection(sqlite3.Connection):
    def close(self) -> None:
        """Roll back an open transaction first. After a cancelled change, a traceback may keep a statement alive; a
        closed connection would then live on as long as that statement, with its lock on the whole file.
        """
        if self.in_transaction:
            self.rollback()
        super().close()


class _Done(NamedTuple):
    """The result of a statement, in the names of the DB-API."""

    description: Any
    rowcount: int
    lastrowid: int | None
    rows: list[Any]


class _QuickConnection(aiosqlite.Connection):
    """aiosqlite's connection, in which each statement runs in one visit to the connection's thread instead of four, and
    a transaction begins in the visit of its first statement.

    A visit costs two switches of threads and a turn of the event loop, more than most of our statements take. All rows
    are read at once, as SQLAlchemy does anyway.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        # A daemon, as SQLAlchemy makes it, so that the thread does not keep a dying program alive.
        self._thread = threading.Thread(target=_work, args=(self._tx,), daemon=True)
        self._begins_with = ""  # the statement that begins the transaction, before its first one
        self._may_be_open = False  # a transaction: its beginning was sent to the thread, and its end was not

    def cursor(self) -> Any:
        return _QuickCursor(self)

    def begin(self, statement: str) -> None:
        """Begin a transaction with this statement, before the next one."""
        self._begins_with = statement

    async def commit(self) -> None:
        if self._ends():
            await super().commit()
            self._may_be_open = False

    async def rollback(self) -> None:
        """SQLAlchemy asks for one after each commit as well, to be sure."""
        if self._ends():
            await super().rollback()
            self._may_be_open = False

    def _ends(self) -> bool:
        """Whether the end of a transaction has to be told to the thread."""
        self._begins_with = ""
        return self._may_be_open

    async def run(self, function: str, sql: str, parameters: Any) -> _Done:
        """`function` is the sqlite3 connection's: `execute` or `executemany`."""
        begins_with, self._begins_with = self._begins_with, ""
        self._may_be_open = self._may_be_open or begins_with != ""

        def visit() -> _Done:
            if begins_with:
                self._conn.execute(begins_with).close()
            with contextlib.closing(getattr(self._conn, function)(sql, parameters)) as cursor:
                rows = cursor.fetchall() if cursor.description else []
                return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)

        done: _Done = await self._execute(visit)  # type: ignore[no-untyped-call]  # it has no signature there
        return done


def _work(visits: Any) -> None:
    """What the connection's thread does: aiosqlite's loop, which raises when an answer comes after the end of the event
    loop that it is for. Nobody waits for it then: the statement was cancelled, or the connection was given up.
    """
    while True:
        try:
            _connection_worker_thread(visits)
            return
        except RuntimeError:  # the event loop is closed; what a statement raises goes to who waits for it
            if visits.empty():
                return


class _QuickCursor:
    """The part of aiosqlite's cursor that SQLAlchemy uses."""

    arraysize = 1

    def __init__(self, connection: _QuickConnection) -> None:
        self._connection = connection
        self._done = _Done(None, -1, None, [])

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        self._done = await self._connection.run("execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> None:
        self._done = await self._connection.run("executemany", sql, parameters)

    @property
    def description(self) -> Any:
        return self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid

    async def fetchall(self) -> list[Any]:
        rows, self._done = self._done.rows, self._done._replace(rows=[])  # so that the rows are not kept twice
        return rows

    async def close(self) -> None:
        """Does nothing: the real cursor was closed after its statement."""


def sqlite_engine(address: URL, busy_timeout_s: float, json_serializer: Callable[[Any], str]) -> AsyncEngine:
    """Connections to a file. `busy_timeout_s` is how long to wait for another program's lock on it."""

    async def connect(*_: Any, **__: Any) -> aiosqlite.Connection:
        return await _QuickConnection(
            partial(
                sqlite3.connect,
                str(address.database),
                timeout=busy_timeout_s,
                isolation_level=None,
                factory=_Connection,
                check_same_thread=False,  # at the end another thread may collect it
            )
        )

    engine = create_async_engine(address, json_serializer=json_serializer, async_creator=connect)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",  # readers and the writer do not wait for each other
            # FULL keeps every committed change through a power cut. We write seldom, so an fsync for each transaction
            # is cheap.
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",  # the file keeps no readable rest of purged texts and forgotten workspaces
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # SQLite's own lower() knows only ASCII, and searches must ignore case in every alphabet.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that reads and then writes can fail. IMMEDIATE takes the write lock at once.
        reading = connection.get_execution_options().get("bcrao_reading", False)
        driver: Any = connection.connection.driver_connection
        driver.begin("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value

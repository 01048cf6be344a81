"""One database, SQLite or PostgreSQL: opening, transactions, migrations, and its failures in plain words."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import is_dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Executable, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import BadSettings, StorageUnavailable
from core.records import dump
from storage.columns import storable
from storage.failures import translated
from storage.sqlite import sqlite_engine, take_file

# Every migration's id, oldest first; a test compares it with the folder. With it, a start can see that there is nothing
# to migrate without importing Alembic.
REVISIONS = (
    *("0010", "0011", "0012", "0013", "0014", "0015", "0016"),
    *("0017", "0018", "0019", "0020", "0021", "0022", "0023", "0024"),
    *("0025", "0026", "0027", "0028", "0029", "0030", "0031", "0032"),
    *("0033", "0034", "0035", "0036", "0037", "0038", "0039", "0040", "0041", "0042"),
    *("0043", "0044", "0045", "0046"),
)

BUSY_TIMEOUT_S = 5.0
_ROWS_AT_ONCE = 40  # some 3 ms without a turn of the event loop
_PG_LOCK_TIMEOUT_MS = 10_000
_PG_CONNECT_TIMEOUT_S = 10
_TRUSTED_FOR_S = 1.0  # a connection that was used so lately is taken to work, unless the server ended it
_NUL = "\\u0000"  # as JSON writes it
_OWES_ALERT = "bcrao_owes_alert"  # a mark on a transaction
_MIGRATION_LOCK = 0x62637261  # any number that only this program uses as an advisory lock


# The transaction of `Database.one_moment`, with the task that opened it: a task that it starts reads by itself.
_MOMENT: ContextVar[tuple[Database, asyncio.Task[Any] | None, AsyncConnection] | None] = ContextVar(
    "bcrao_moment", default=None
)


class Database:
    """An open database. `open_database` makes it; `close` it, or its threads and connections stay.

    `read` and `write` raise errors of the driver as `StorageUnavailable`, and integrity errors as they are.
    """

    def __init__(self, engine: AsyncEngine, where: str, lock: IO[str] | None) -> None:
        self._engine = engine
        # PostgreSQL sees each statement's own moment in a transaction too, so that beginning and ending one would only
        # be two more journeys.
        alone = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}
        self._alone = engine.execution_options(**alone)
        self._reading = engine.execution_options(bcrao_reading=True, **alone)
        self._lock = lock
        # SQLite has one writer. Waiting for this lock is fair and costs nothing. SQLite's busy handler is neither fair
        # nor free, so it is left to wait for other programs only.
        self._writer = asyncio.Lock() if engine.dialect.name == "sqlite" else contextlib.nullcontext()
        self.where = where
        # Set after each transaction of this program that owed an alert; the courier clears it before it claims alerts.
        self.alert_owed = asyncio.Event()

    @property
    def is_exclusive(self) -> bool:
        """Whether no other program of this kind can have this database open."""
        return self._lock is not None

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads. On SQLite it does not wait for the writer. Within `one_moment` it is
        that block's.
        """
        shared = _MOMENT.get()
        if shared is not None and shared[0] is self and shared[1] is asyncio.current_task():
            async with self._told():
                yield shared[2]
            return
        async with self._told(), self._reading.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def one_moment(self) -> AsyncIterator[None]:
        """Let everything that this task reads within the block be read in one transaction: on SQLite all of it is as
        of one moment, and it costs a third. Within it, nothing may wait for a remote or a person.
        """
        async with self.read() as connection:
            token = _MOMENT.set((self, asyncio.current_task(), connection))
            try:
                yield
            finally:
                _MOMENT.reset(token)

    @contextlib.asynccontextmanager
    async def write(self, *, one_statement: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that is committed at the end of the block and undone by any exception. `one_statement`:
        the block runs no other, which PostgreSQL commits by itself, in two journeys less.
        """
        engine = self._alone if one_statement else self._engine
        async with self._told(), self._writer, engine.begin() as connection:
            connection.info.pop(_OWES_ALERT, None)  # of a transaction that was undone
            yield connection
            owes_alert = connection.info.pop(_OWES_ALERT, False)
        if owes_alert:
            self.alert_owed.set()

    async def migrate(self) -> bool:
        """Migrate the schema to the program's version. False when it already had that version.

        Safe when several programs start at once. Raises `StorageUnavailable` for a schema of another version
        and for a database that belongs to something else.
        """
        async with self.read() as tx:
            if await tx.run_sync(self._revision) == REVISIONS[-1]:
                return False
        async with self.write() as tx:
            if self.dialect == "postgresql":
                await tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            if await tx.run_sync(self._revision) == REVISIONS[-1]:
                return False
            from storage.migrations import upgrade  # Alembic is 10 MiB and 150 ms

            await tx.run_sync(upgrade)
        return True

    async def revision(self) -> str | None:
        """Returns the database's migration; None for an empty database."""
        async with self.read() as tx:
            return await tx.run_sync(self._revision)

    async def close(self) -> None:
        await self._engine.dispose()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _revision(self, connection: Connection) -> str | None:
        names = set(self._engine.dialect.get_table_names(connection))
        if "alembic_version" not in names:
            if names & {"workspaces", "members", "campaigns", "posts"}:
                raise StorageUnavailable(
                    f"The database {self.where} holds tables of another program.",
                    "Give this program a database of its own: BCRAO_DATABASE_URL.",
                )
            return None
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if revision is not None and revision not in REVISIONS:
            raise StorageUnavailable(
                f"The database {self.where} was written by another version of this program (schema {revision}).",
                "Update the program if that one was newer. If it was older than 0.2.0, use an empty database.",
            )
        return None if revision is None else str(revision)

    @contextlib.asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        try:
            yield
        except Exception as error:
            told = translated(error, self.where)
            if told is None:
                raise
            raise told from error


async def open_database(url: str, *, exclusive: bool = True, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Database:
    """Open the database at `url`: `sqlite:///path` or `postgresql://user:password@host/name`.

    `busy_timeout_s` is how long to wait for another program's lock on an SQLite file.
    `exclusive` keeps other programs away from an SQLite file (PostgreSQL is made to be shared). Raises `BadSettings`
    for an address of another form, and `StorageUnavailable` when another program has the file or the database cannot be
    reached. Nothing is created except the SQLite file, its lock file and its folder.
    """
    address = _address(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    where = address.database if is_sqlite and address.database else address.render_as_string(hide_password=True)
    lock = None
    if is_sqlite:
        lock = take_file(Path(where), exclusive=exclusive)
    try:
        engine = sqlite_engine(address, busy_timeout_s, _json) if is_sqlite else _postgresql_engine(address)
    except BaseException:
        if lock is not None:
            lock.close()
        raise
    database = Database(engine, where, lock)
    try:
        async with database.read() as tx:
            await tx.execute(text("SELECT 1"))
    except BaseException:
        await database.close()
        raise
    return database


def insert_new(tx: AsyncConnection, table: Table) -> Any:
    """Returns an INSERT that leaves existing rows as they are; its result says how many rows were new."""
    return inserting_new(tx.dialect.name, table)


@cache
def inserting_new(dialect: str, table: Table) -> Any:
    """Returns what `insert_new` does, for a dialect's name."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()


async def execute_many(tx: AsyncConnection, statement: Executable, rows: Iterable[Mapping[str, Any]]) -> None:
    """Run a statement for each of `rows`, some at a time: preparing their values keeps the event loop busy."""
    each = iter(rows)
    while some := list(islice(each, _ROWS_AT_ONCE)):
        await tx.execute(statement, some)


def will_owe(tx: AsyncConnection) -> None:
    """Note that this transaction owes an alert: `Database.alert_owed` is set when it is committed."""
    tx.info[_OWES_ALERT] = True


def _address(url: str) -> URL:
    do = "Write it like sqlite:///data/bcrao.sqlite or postgresql://user:password@host/name."
    try:
        address = make_url(url)
        kind = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise BadSettings("BCRAO_DATABASE_URL is not a database's address.", do) from None
    if kind == "sqlite":
        if not address.database or address.database == ":memory:":
            raise BadSettings("BCRAO_DATABASE_URL names no file.", do)
        return address.set(drivername="sqlite+aiosqlite")
    if kind in ("postgresql", "postgres"):
        query = dict(address.query)
        if "sslmode" in query:  # libpq's word for what asyncpg calls ssl
            query["ssl"] = query.pop("sslmode")
        return address.set(drivername="postgresql+asyncpg", query=query)
    raise BadSettings(f"BCRAO_DATABASE_URL is for {kind}, which this program does not use.", do)


def _postgresql_engine(address: URL) -> AsyncEngine:
    engine = create_async_engine(
        address,
        json_serializer=_json,
        connect_args={
            "timeout": _PG_CONNECT_TIMEOUT_S,
            "server_settings": {
                "application_name": "bcrao",
                "lock_timeout": str(_PG_LOCK_TIMEOUT_MS),
                "jit": "off",  # it takes longer to compile a query than any of ours takes
            },
        },
    )

    @event.listens_for(engine.sync_engine, "checkin")
    def note_use(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def try_out(connection: Any, record: Any, _proxy: Any) -> None:
        """After a server's restart we reconnect, and no command fails. A server that ends a connection says so; only
        one that was not used for some time is tried out, which takes three journeys.
        """
        is_idle = time.monotonic() - record.info.get("used_at", math.inf) >= _TRUSTED_FOR_S
        try:
            if connection.driver_connection.is_closed():
                raise InvalidatePoolError
            if is_idle:
                connection.ping()
        except Exception as error:
            raise InvalidatePoolError from error

    return engine


def _json(value: Any) -> str:
    """Returns the value as JSON that every engine stores. A long draft has thousands of texts, so that each is looked
    through only when one of them cannot be stored as it is.
    """
    written = _written(value)
    if _NUL not in written and storable(written) == written:
        return written
    return storable(_written(_storable_json(value)))


def _written(value: Any) -> str:
    return json.dumps(value, default=_of_record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _of_record(value: Any) -> Any:
    if is_dataclass(value):
        return dump(value)
    raise TypeError(f"cannot be stored as JSON: {type(value).__name__}")


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_json(item) for item in value]
    return _storable_json(dump(value)) if is_dataclass(value) else value

from __future__ import annotations

import asyncio
import sqlite3
import threading
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage.database import Database, execute_many, open_database
from storage.sqlite import _QuickConnection
from tests.patience import PATIENCE_S


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    opened = await open_database(f"sqlite:///{tmp_path}/x.sqlite3")
    async with opened.write() as tx:
        await tx.execute(text("CREATE TABLE teas (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"))
    yield opened
    await opened.close()


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was sent to a connection's thread."""
    seen: list[Any] = []
    send: Any = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, fn: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(fn)
        return await send(self, fn, *args, **kwargs)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return seen


async def test_aiosqlite_has_the_inner_parts_that_the_quick_connection_leans_on() -> None:
    quick = _QuickConnection(partial(sqlite3.connect, ":memory:", check_same_thread=False))
    assert isinstance(quick._thread, threading.Thread)
    assert quick._thread.daemon, "a program that dies is not kept by it"
    async with quick as connection:
        assert isinstance(connection._conn, sqlite3.Connection)
        assert await connection._execute(threading.current_thread) is quick._thread  # type: ignore[no-untyped-call]
        assert (await quick.run("execute", "SELECT ? + 1", (6,))).rows == [(7,)]


def test_an_answer_that_comes_after_the_end_of_the_event_loop_makes_no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    noise: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", noise.append)
    is_over, done = threading.Event(), list[str]()

    def statement() -> None:
        is_over.wait(PATIENCE_S)
        done.append("the statement")

    async def give_up() -> threading.Thread:
        quick = await _QuickConnection(partial(sqlite3.connect, ":memory:", check_same_thread=False))
        running = asyncio.create_task(quick._execute(statement))  # type: ignore[no-untyped-call]
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait([running])
        quick.stop()  # as SQLAlchemy does with a connection that nobody gave back
        return quick._thread

    thread = asyncio.run(give_up())
    is_over.set()
    thread.join(PATIENCE_S)
    assert (done, thread.is_alive(), noise) == (["the statement"], False, [])


async def test_a_statement_visits_the_connections_thread_once(database: Database, visits: list[Any]) -> None:
    async with database.write() as tx:
        await tx.execute(text("INSERT INTO teas (name) VALUES (:name)"), [{"name": name} for name in "abc"])
    assert len(visits) == 2  # begin and insert, commit
    visits.clear()
    async with database.read() as tx:
        assert (await tx.scalars(text("SELECT name FROM teas ORDER BY id"))).all() == ["a", "b", "c"]
    assert len(visits) == 2  # begin and select, end


async def test_a_transaction_without_a_statement_visits_nobody(database: Database, visits: list[Any]) -> None:
    async with database.write():
        pass
    async with database.read():
        pass
    assert visits == []


@pytest.mark.parametrize("statement", [None, "INSERT INTO no", "INSERT INTO teas (name) VALUES ('a')"])
async def test_after_a_change_that_failed_nothing_of_it_is_left_and_the_next_one_is_whole(
    database: Database, statement: str | None
) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            if statement is not None:
                await tx.execute(text(statement))
            raise RuntimeError

    with pytest.raises((RuntimeError, OperationalError)):
        await fail()
    async with database.write() as tx:
        await tx.execute(text("INSERT INTO teas (name) VALUES ('b')"))
    async with database.read() as tx:
        assert (await tx.scalars(text("SELECT name FROM teas"))).all() == ["b"]


async def test_whenever_a_change_is_cancelled_the_next_one_is_whole(database: Database) -> None:
    async def change() -> None:
        async with database.write() as tx:
            await tx.execute(text("INSERT INTO teas (name) VALUES ('a')"))

    for turns in range(12):
        changing = asyncio.create_task(change())
        for _ in range(turns):
            await asyncio.sleep(0)
        changing.cancel()
        await asyncio.wait([changing])
        async with database.write() as tx:
            await tx.execute(text("DELETE FROM teas"))
        async with database.read() as tx:
            assert await tx.scalar(text("SELECT count(*) FROM teas")) == 0


async def test_many_rows_are_handed_over_some_at_a_time(database: Database, visits: list[Any]) -> None:
    async with database.write() as tx:
        await execute_many(tx, text("INSERT INTO teas (name) VALUES (:name)"), [{"name": f"{n}"} for n in range(100)])
    assert len(visits) == 3 + 1  # forty, forty, twenty; commit
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM teas")) == 100


async def test_what_a_statement_leaves_behind_is_known_after_it(database: Database) -> None:
    async with database.write() as tx:
        new = await tx.execute(text("INSERT INTO teas (name) VALUES ('a'), ('b')"))
        assert (new.rowcount, new.lastrowid, new.returns_rows) == (2, 2, False)
        changed = await tx.execute(text("UPDATE teas SET name = 'c' WHERE id = :id"), [{"id": 1}, {"id": 7}])
        assert changed.rowcount == 1
        named = await tx.execute(text("UPDATE teas SET name = 'd' WHERE id = 2 RETURNING id, name"))
        assert list(named.keys()) == ["id", "name"]
        assert [tuple(row) for row in named] == [(2, "d")]


async def test_a_statement_that_fails_leaves_the_connection_usable(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(OperationalError):
            async with database.read() as tx:
                await tx.execute(text("SELECT name FROM nowhere"))
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM teas")) == 0

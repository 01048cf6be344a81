"""What an operator is told when the database fails, and which addresses and files a database is opened at."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import BadSettings, StorageUnavailable
from storage.columns import storable
from storage.database import open_database
from storage.failures import translated
from storage.sqlite import take_file
from tests.migrated import lay_database

HOW = "Write it like sqlite:///data/bcrao.sqlite or postgresql://user:password@host/name."


@dataclass(frozen=True)
class Money:
    amount: str
    note: str


class OfAServer(Exception):
    """An error of asyncpg, as far as we look at it."""

    def __init__(self, state: str | None) -> None:
        super().__init__("boom")
        if state is not None:
            self.sqlstate = state


def of_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("boom")
    error.sqlite_errorcode = code
    return error


def wrapped(cause: BaseException, *, is_gone: bool = False) -> DBAPIError:
    return DBAPIError("SELECT 1", None, cause, connection_invalidated=is_gone)


LOCKED = (
    "The database X is locked by another program.",
    "Close that program (a database browser, a backup, a second bot), then try again.",
)
GONE = ("The database X cannot be reached.", "Check that it runs and that BCRAO_DATABASE_URL is right.")
LATE = ("The database X did not answer in time.", "Try again in a moment.")
FULL = ("The disk of the database X is full.", "Nothing was stored. Free some space, then try again.")
STOPPING = ("The database X is stopping or starting.", "Try again in a moment.")
NOT_ALLOWED = (
    "This program may not use the database X.",
    "Give its user the right to read and write the file and its folder.",
)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NoSuchModuleError("mysql"), ("The database kind of X is not known.", "Use sqlite:/// or postgresql://.")),
        (PoolTimeout("full"), LATE),
        (TimeoutError(), LATE),
        (of_sqlite(sqlite3.SQLITE_BUSY), LOCKED),
        (of_sqlite(sqlite3.SQLITE_BUSY | 2 << 8), LOCKED),  # an extended code
        (of_sqlite(sqlite3.SQLITE_SCHEMA), None),
        (sqlite3.OperationalError("without a code"), None),
        (wrapped(of_sqlite(sqlite3.SQLITE_LOCKED)), LOCKED),
        (wrapped(of_sqlite(sqlite3.SQLITE_SCHEMA)), None),
        (wrapped(OfAServer("53100")), FULL),
        (wrapped(OfAServer("57P01")), STOPPING),
        (wrapped(OfAServer("23505")), None),
        (wrapped(OfAServer(None)), None),
        (wrapped(OfAServer(None), is_gone=True), GONE),
        (InterfaceError("SELECT 1", None, OfAServer(None)), GONE),
        (OfAServer("57P03"), STOPPING),
        (OfAServer("22000"), None),
        (PermissionError("no"), NOT_ALLOWED),
        (ConnectionRefusedError("no"), GONE),
        (ValueError("a defect of ours"), None),
    ],
    ids=repr,
)
def test_what_a_driver_raises_is_told_in_words_that_an_operator_can_act_on(
    error: BaseException, told: tuple[str, str] | None
) -> None:
    words = translated(error, "X")
    assert (words.for_operator if words is not None else None) == told


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("", "BCRAO_DATABASE_URL is not a database's address."),
        ("data/bcrao.sqlite", "BCRAO_DATABASE_URL is not a database's address."),
        ("a://b", "BCRAO_DATABASE_URL is for a, which this program does not use."),
        ("sqlite://", "BCRAO_DATABASE_URL names no file."),
        ("sqlite:///:memory:", "BCRAO_DATABASE_URL names no file."),
        ("mysql://u:p@h/d", "BCRAO_DATABASE_URL is for mysql, which this program does not use."),
    ],
)
async def test_an_address_that_cannot_be_opened_is_told_with_one_that_can(url: str, what: str) -> None:
    with pytest.raises(BadSettings) as told:
        await open_database(url)
    assert (told.value.what, told.value.do) == (what, HOW)


async def test_an_opened_file_knows_where_it_is_and_whether_others_may_open_it(tmp_path: Path) -> None:
    path = tmp_path / "some" / "bcrao.sqlite"
    database = await open_database(f"sqlite:///{path}")
    assert (database.where, database.dialect, database.is_exclusive) == (str(path), "sqlite", True)
    assert await database.revision() is None
    with pytest.raises(StorageUnavailable) as told:
        await open_database(f"sqlite:///{path}")
    assert told.value.for_operator == (
        f"The database {path} is in use by another run of this program (process {os.getpid()}).",
        "Stop that one first, or use PostgreSQL (BCRAO_DATABASE_URL), which several programs can share.",
    )
    beside = await open_database(f"sqlite:///{path}", exclusive=False)
    assert not beside.is_exclusive
    await beside.close()
    await database.close()
    assert not database.is_exclusive
    again = await open_database(f"sqlite:///{path}")
    await again.close()


def test_a_lock_without_a_number_is_held_by_nobody_known_and_a_file_in_a_folders_place_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bcrao.sqlite"
    lock = take_file(path, exclusive=True)
    assert lock is not None
    assert Path(f"{path}.lock").read_text() == f"{os.getpid()}\n"
    lock.truncate(0)
    with pytest.raises(StorageUnavailable) as told:
        take_file(path, exclusive=True)
    assert "(process unknown)" in told.value.for_operator[0]
    lock.close()
    assert take_file(tmp_path / "new" / "db", exclusive=False) is None
    assert (tmp_path / "new").is_dir()
    assert not (tmp_path / "new" / "db.lock").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable) as told:
        take_file(tmp_path / "file" / "db", exclusive=True)
    assert told.value.for_operator == (
        f"The folder of the database {tmp_path / 'file' / 'db'} cannot be written: {os.strerror(errno.EEXIST)}.",
        "Give this program's user the right to write there, or set BCRAO_DATA_DIR to another folder.",
    )


def test_a_folder_that_cannot_lock_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("storage.sqlite.fcntl.flock", refuse)
    with pytest.raises(StorageUnavailable) as told:
        take_file(tmp_path / "db", exclusive=True)
    assert told.value.for_operator == (
        f"The folder of the database {tmp_path / 'db'} does not support locks: No locks available.",
        "Keep the database on a local disk, or use PostgreSQL (BCRAO_DATABASE_URL).",
    )


# ---------------------------------------------------------------- schemas, and how a file is written


async def test_a_database_of_another_program_or_version_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bcrao.sqlite'}"
    database = await open_database(url)
    where = database.where
    async with database.write() as tx:
        await tx.execute(text("CREATE TABLE other (id INTEGER)"))
    assert await database.revision() is None
    async with database.write() as tx:
        await tx.execute(text("CREATE TABLE posts (id INTEGER)"))
    with pytest.raises(StorageUnavailable) as told:
        await database.migrate()
    assert told.value.for_operator == (
        f"The database {where} holds tables of another program.",
        "Give this program a database of its own: BCRAO_DATABASE_URL.",
    )
    async with database.write() as tx:
        await tx.execute(text("DROP TABLE posts"))
        await tx.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    assert await database.revision() is None
    async with database.write() as tx:
        await tx.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    with pytest.raises(StorageUnavailable) as told:
        await database.migrate()
    assert told.value.for_operator == (
        f"The database {where} was written by another version of this program (schema 9999).",
        "Update the program if that one was newer. If it was older than 0.2.0, use an empty database.",
    )
    await database.close()


async def test_a_file_survives_a_power_cut_keeps_references_and_overwrites_what_was_deleted(
    tmp_path: Path,
) -> None:
    database = await open_database(f"sqlite:///{lay_database(tmp_path / 'bcrao.sqlite')}")
    assert await database.migrate() is False
    async with database.read() as tx:
        told = {
            name: await tx.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
        lowered = await tx.scalar(text("SELECT lower('ÄÖ') || ifnull(lower(NULL), '-') || lower(7)"))
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }
    assert lowered == "äö-7"
    await database.close()


async def test_json_is_written_short_in_its_own_letters_and_without_what_no_engine_stores(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'bcrao.sqlite'}")
    write: Any = database._engine.dialect._json_serializer
    value = {"ü\x00": ["\ud800", ("a\x00b", 1, None, True)], "n": {"m": 1.5}, 7: "x"}
    written = write(value)
    assert written == '{"ü\ufffd":["\ufffd",["a\ufffdb",1,null,true]],"n":{"m":1.5},"7":"x"}'
    assert json.loads(written)["n"] == {"m": 1.5}
    assert storable("a\ud800\udfff\x00b") == "a\ufffd\ufffd\ufffdb"
    assert write(["a\x00b"]) == '["a\ufffdb"]'
    assert write(["\udfff"]) == '["\ufffd"]'
    assert write([r"typed: \u0000"]) == r'["typed: \\u0000"]'
    assert write({"sold": Money("0.5", "a\x00")}) == '{"sold":{"amount":"0.5","note":"a\ufffd"}}'
    assert write({"sold": Money("0.5", "a")}) == '{"sold":{"amount":"0.5","note":"a"}}'
    with pytest.raises(TypeError, match="cannot be stored as JSON: set"):
        write({"a": {1}})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write(float("nan"))
    await database.close()

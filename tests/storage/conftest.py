"""The storage tests run on both engines: `database_url`, and with it `store`, has one variant for each."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.model import Caller
from storage.columns import RowId
from storage.database import open_database
from storage.schema import metadata
from storage.store import Store
from tests.clock import FixedClock
from tests.conftest import CALLER
from tests.inline import statements_in_their_thread
from tests.migrated import lay_database
from tests.postgres import Connection, Server, find_binaries, running_server
from tests.storage.alpha import Alpha, fill

# Everything belongs to a workspace and goes with it; a new database for each test takes twenty times as long. Rows are
# numbered from 1 again: numbers that went on from test to test would give each test others than it has alone, and on
# SQLite.
#
# Nobody else stays connected, because a statement that an earlier test gave up may still take a number.
CLEAR = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid != pg_backend_pid();
DELETE FROM workspaces;
SELECT setval(seqrelid, 1, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""

# Each table numbers its new rows on from those it has.
NUMBER_ON = ";".join(
    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 0) + 1, false) FROM {table.name}"
    for table in metadata.sorted_tables
    if "id" in table.c and isinstance(table.c.id.type, RowId)
)


@pytest.fixture(scope="package", autouse=True)
def as_in_a_program() -> Iterator[None]:
    """The storage's own tests run SQLite's statements in their connection's thread."""
    with statements_in_their_thread():
        yield


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for each test process."""
    binaries = find_binaries()
    if binaries is None:
        reason = "no PostgreSQL binaries: install postgresql, or set BCRAO_TEST_PG_BIN to the folder of initdb"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with running_server(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_template(postgres: Server) -> str:
    """The name of a migrated, empty database."""
    url = postgres.make_database()

    async def migrate() -> None:
        database = await open_database(url)
        await database.migrate()
        await database.close()

    asyncio.run(migrate())
    return url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def shared_database(postgres: Server, migrated_template: str) -> str:
    """A migrated database that the tests of one process use in turn."""
    return postgres.make_database(migrated_template)


@pytest.fixture(scope="session")
def housekeeping(shared_database: str) -> Iterator[Connection]:
    """What lays and clears the shared database. A new connection for each test would first have to plan what follows a
    workspace into each table.
    """
    with contextlib.closing(Connection(shared_database)) as connection:
        yield connection


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.make_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database."""
    if engine == "sqlite":
        yield f"sqlite:///{lay_database(tmp_path / 'bcrao.sqlite')}"
        return
    housekeeping: Connection = request.getfixturevalue("housekeeping")
    url: str = request.getfixturevalue("shared_database")
    housekeeping.execute(CLEAR)
    yield url


# A workspace with one row of everything takes a hundred transactions: it is made once, and each test has a copy.


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Alpha]:
    path = lay_database(tmp_path_factory.mktemp("filled") / "bcrao.sqlite")
    return path, _fill(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def filling(housekeeping: Connection, shared_database: str) -> tuple[str, Alpha]:
    """The SQL that puts the workspace into `shared_database`. A copy of a database takes three times as long."""
    alpha = _fill(shared_database)
    rows = {
        table.name: housekeeping.value(f"SELECT json_agg(its) FROM {table.name} AS its")
        for table in metadata.sorted_tables
    }
    housekeeping.execute(CLEAR)
    return ";".join(
        f"INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, $rows${its}$rows$)"
        for name, its in rows.items()
    ) + f";{NUMBER_ON}", alpha


def _fill(url: str) -> Alpha:
    async def fill_it() -> Alpha:
        database = await open_database(url)
        store, now = Store(database), FixedClock().now()
        await store.ensure_workspace(CALLER.workspace_id, "terminal", "Terminal", now)
        alpha = await fill(store, CALLER, now)
        await database.close()
        return alpha

    return asyncio.run(fill_it())


@pytest.fixture
def filled_url(engine: str, database_url: str, request: pytest.FixtureRequest) -> tuple[str, Alpha]:
    """The address of a database with the workspace Alpha, and the ids of its rows."""
    if engine == "sqlite":
        file, alpha = request.getfixturevalue("filled_file")
        shutil.copyfile(file, database_url.removeprefix("sqlite:///"))
        return database_url, alpha
    sql, alpha = request.getfixturevalue("filling")
    request.getfixturevalue("housekeeping").execute(sql)
    return database_url, alpha


@pytest.fixture
async def filled(filled_url: tuple[str, Alpha]) -> AsyncIterator[tuple[Store, Alpha]]:
    url, alpha = filled_url
    database = await open_database(url)
    yield Store(database), alpha
    await database.close()


@pytest.fixture
async def dan(store: Store, clock: FixedClock) -> Caller:
    """A member of a chat workspace, whose alerts go to C1."""
    dan = Caller("discord:1", "dan", "Dan", "c-1")
    await store.ensure_workspace("discord:1", "discord", "Harbor", clock.now())
    await store.set_alert_channel(dan, "C1", clock.now())
    return dan

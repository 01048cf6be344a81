"""The storage tests run on both engines: `database_url`, and with it `store`, has one variant for each."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import open_database
from tests.postgres import Server, find_binaries, running_server

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
        path = tmp_path / "bcrao.sqlite"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("shared_database")
    yield url
    # Everything belongs to a workspace and goes with it; a new database for each test takes twenty times as long.
    server: Server = request.getfixturevalue("postgres")
    server.execute("DELETE FROM workspaces", url)

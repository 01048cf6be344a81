"""Opening, losing and sharing a database: each trouble has its words, and nothing stored is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, event, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.collecting.runs import Funnel
from core.errors import BadSettings, NotFound, StorageUnavailable
from core.model import Basis, Caller
from storage import database as database_module
from storage.columns import Count, RowId, UtcDateTime, storable
from storage.database import open_database
from storage.schema import campaign_communities, campaigns, journal, workspaces
from storage.store import Store
from tests.clock import FixedClock
from tests.migrated import lay_database
from tests.patience import PATIENCE_S
from tests.postgres import Connection, Server
from tests.storage import world
from tests.storage.conftest import CLEAR

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def run_program(what: str, url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.program", what, url],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return lay_database(tmp_path / "alone.sqlite")


@pytest.fixture
def server_url(postgres: Server, migrated_template: str) -> Iterator[str]:
    url = postgres.make_database(migrated_template)
    yield url
    postgres.drop_database(url)


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite"])
async def test_the_folder_of_a_new_database_is_made(tmp_path: Path, scheme: str) -> None:
    database = await open_database(f"{scheme}:///{tmp_path}/new/folder/bcrao.sqlite")
    assert await database.migrate()
    await database.close()
    assert (tmp_path / "new" / "folder" / "bcrao.sqlite").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
async def test_a_server_is_reached_by_the_usual_forms_of_its_address(postgres: Server, scheme: str) -> None:
    address = postgres.url("postgres").replace("postgresql", scheme, 1) + "?sslmode=disable"
    database = await open_database(address)
    assert database.dialect == "postgresql"
    await database.close()


@pytest.mark.parametrize(
    "url", ["", "data/bcrao.sqlite", "mysql://u:hunter2@h/d", "sqlite://", "sqlite:///:memory:", "http://[", "a://b"]
)
async def test_an_address_of_another_form_names_the_setting_and_shows_no_secret(url: str) -> None:
    with pytest.raises(BadSettings, match="BCRAO_DATABASE_URL") as told:
        await open_database(url)
    assert "hunter2" not in str(told.value)


async def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(StorageUnavailable, match="cannot be reached") as told:
            await open_database(f"postgresql://bcrao:hunter2@127.0.0.1:{port}/bcrao")
    assert "hunter2" not in str(told.value)
    assert "127.0.0.1" in str(told.value)


@pytest.mark.postgres
async def test_a_database_that_is_not_there_is_told(postgres: Server) -> None:
    with pytest.raises(StorageUnavailable, match="does not exist"):
        await open_database(postgres.url("nowhere"))


@pytest.mark.postgres
async def test_a_database_that_is_closed_while_a_program_runs_is_no_defect(postgres: Server) -> None:
    url = await asyncio.to_thread(postgres.make_database)
    database = await open_database(url)
    name = url.rpartition("/")[2]
    await asyncio.to_thread(postgres.execute, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    await asyncio.to_thread(postgres.execute, ended)
    for _ in range(2):  # the first may find the connection that was ended
        with contextlib.suppress(StorageUnavailable):
            await Store(database).workspace("terminal:local")
    with pytest.raises(StorageUnavailable, match="takes no connections now"):
        await Store(database).workspace("terminal:local")
    await database.close()


@pytest.mark.postgres
async def test_a_server_that_ends_the_connection_costs_one_command_and_no_restart(server_url: str) -> None:
    database = await open_database(server_url)
    with pytest.raises(StorageUnavailable, match=r"cannot be reached|stopping or starting"):
        async with database.write() as tx:
            await tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    made = await Store(database).ensure_workspace("terminal:local", "terminal", "T", NOW)
    assert await Store(database).workspace("terminal:local") == made
    await database.close()


@pytest.mark.postgres
@pytest.mark.parametrize("trusted_for_s", [0.0, 3600.0])
async def test_a_connection_that_the_server_ended_while_nobody_used_it_costs_no_command(
    postgres: Server, server_url: str, monkeypatch: pytest.MonkeyPatch, trusted_for_s: float
) -> None:
    monkeypatch.setattr(database_module, "_TRUSTED_FOR_S", trusted_for_s)
    database = await open_database(server_url)
    made = await Store(database).ensure_workspace("terminal:local", "terminal", "T", NOW)
    mine = f"FROM pg_stat_activity WHERE datname = '{server_url.rpartition('/')[2]}'"
    await asyncio.to_thread(postgres.execute, f"SELECT pg_terminate_backend(pid, 10000) {mine}")
    assert await Store(database).workspace("terminal:local") == made
    async with database.write() as tx:
        await tx.execute(text("SELECT 1"))
    await database.close()


@pytest.mark.postgres
async def test_reading_and_one_change_cost_no_journey_besides_the_statement(server_url: str) -> None:
    database = await open_database(server_url)
    await Store(database).ensure_workspace("terminal:local", "terminal", "T", NOW)
    asked: list[str] = []
    async with database.read() as tx:
        connection = (await tx.get_raw_connection()).driver_connection
    assert connection is not None
    connection.add_query_logger(lambda query: asked.append(query.query))
    await Store(database).workspace("terminal:local")
    async with database.write(one_statement=True) as tx:
        await tx.execute(update(workspaces).values(name="Renamed"))
    assert asked == [], "neither trying out the connection nor a transaction"
    assert (await Store(database).workspace("terminal:local")).name == "Renamed"
    async with database.write() as tx:
        await tx.execute(text("SELECT 1"))
    assert [journey.split()[0].strip(";") for journey in asked] == ["BEGIN", "COMMIT"]
    await database.close()


# ---------------------------------------------------------------- sharing


async def test_a_second_program_on_the_same_file_is_told_which_one_has_it(sqlite_path: Path) -> None:
    first = await open_database(f"sqlite:///{sqlite_path}")
    told = await asyncio.to_thread(run_program, "open", f"sqlite:///{sqlite_path}")
    assert told.startswith("storage_unavailable:")
    assert f"process {os.getpid()}" in told
    assert "use PostgreSQL" in told

    await first.close()
    assert await asyncio.to_thread(run_program, "open", f"sqlite:///{sqlite_path}") == "stored"


async def test_a_file_is_free_again_after_its_program_was_killed(sqlite_path: Path) -> None:
    url = f"sqlite:///{sqlite_path}"
    program = await asyncio.to_thread(start_writing, url)
    program.kill()
    program.wait()
    database = await open_database(url)
    await database.close()


@pytest.mark.postgres
async def test_several_programs_share_a_server(server_url: str) -> None:
    database = await open_database(server_url)
    assert await asyncio.to_thread(run_program, "open", server_url) == "stored"
    assert (await Store(database).workspace("terminal:second")).name == "Second"
    await database.close()


# ---------------------------------------------------------------- troubles of a file


async def test_a_database_that_another_program_has_locked_is_told_and_works_afterwards(sqlite_path: Path) -> None:
    database = await open_database(f"sqlite:///{sqlite_path}", busy_timeout_s=0.05)
    store = Store(database)
    browser = sqlite3.connect(sqlite_path, isolation_level=None)
    browser.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match=r"locked by another program.*Close that program"):
        await store.ensure_workspace("terminal:local", "terminal", "T", NOW)
    assert await store.members("terminal:local") == []  # reading goes on
    browser.execute("ROLLBACK")
    browser.close()
    await store.ensure_workspace("terminal:local", "terminal", "T", NOW)
    await database.close()


async def test_a_full_disk_is_told_and_what_was_stored_stays(
    sqlite_path: Path, caller: Caller, clock: FixedClock
) -> None:
    database = await open_database(f"sqlite:///{sqlite_path}")
    store = Store(database)
    await store.ensure_workspace(caller.workspace_id, "terminal", "T", NOW)
    campaign = await world.make_campaign(store, caller, NOW)
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], NOW)
    async with database.read() as tx:  # the pool's one connection: its file may not grow any more
        pages = await tx.scalar(text("PRAGMA page_count"))
        await tx.execute(text(f"PRAGMA max_page_count = {pages}"))

    batch = [world.collected(f"p{n}", NOW, body="x" * 4000) for n in range(100)]
    with pytest.raises(StorageUnavailable, match=r"is full.*Nothing was stored. Free some space"):
        await store.add_posts(caller, run.id, batch, Funnel(found=100), NOW)
    assert await store.posts(caller.workspace_id, "harbor") == []
    assert (await store.runs(caller.workspace_id))[0].funnel == Funnel()

    async with database.read() as tx:
        await tx.execute(text("PRAGMA max_page_count = 1000000"))
    assert (await store.add_posts(caller, run.id, batch, Funnel(found=100), NOW)).kept == 100
    await database.close()


@pytest.fixture
def read_only_file() -> Iterator[Path]:
    """A migrated database that the second program may read and not write, in such a folder."""
    folder = Path(tempfile.mkdtemp(prefix="bcrao-read-only-"))
    path = lay_database(folder / "bcrao.sqlite")
    path.chmod(0o444)
    folder.chmod(0o555)
    yield path
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("what", ["open-unprivileged", "open-shared-unprivileged"])
def test_a_read_only_database_is_told(read_only_file: Path, what: str) -> None:
    told = run_program(what, f"sqlite:///{read_only_file}")
    assert told.startswith("storage_unavailable: ")
    assert "right to write" in told or "may write" in told


async def test_a_database_opened_for_reading_only_refuses_changes_in_plain_words(sqlite_path: Path) -> None:
    database = await open_database(f"sqlite:///{sqlite_path}")
    async with database.read() as tx:
        await tx.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(StorageUnavailable, match="is read-only"):
        await Store(database).ensure_workspace("terminal:local", "terminal", "T", NOW)
    await database.close()


@pytest.mark.parametrize("content", [b"this is a letter, not a database" * 100, b"\x00\xff" * 4096])
async def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_bytes(content)
    threads = set(threading.enumerate())
    with pytest.raises(StorageUnavailable, match="is not a database of this program"):
        await open_database(f"sqlite:///{path}")
    await _until_gone(threads)
    assert path.read_bytes() == content


async def test_a_damaged_database_is_told(sqlite_path: Path) -> None:
    damage(sqlite_path)
    threads = set(threading.enumerate())
    with pytest.raises(StorageUnavailable, match="is damaged"):
        await open_database(f"sqlite:///{sqlite_path}")
    await _until_gone(threads)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    path.write_bytes(content)


async def _until_gone(threads: set[threading.Thread]) -> None:
    """Threads that were told to end need a moment; no other than `threads` is left afterwards."""
    async with asyncio.timeout(PATIENCE_S):
        while not set(threading.enumerate()) <= threads:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_purged_text_is_not_left_in_the_file(sqlite_path: Path, caller: Caller) -> None:
    database = await open_database(f"sqlite:///{sqlite_path}")
    store = Store(database)
    await store.ensure_workspace(caller.workspace_id, "terminal", "T", NOW)
    campaign = await world.make_campaign(store, caller, NOW)
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], NOW)
    post = world.collected("post1", NOW, body="a sentence that must not be left " * 50)
    await store.add_posts(caller, run.id, [post], Funnel(found=1), NOW)
    await store.purge_expired(NOW + timedelta(days=31), timedelta(days=30))
    await database.close()
    left = await asyncio.to_thread(sqlite_path.read_bytes)
    assert b"a sentence that must not be left" not in left


# ---------------------------------------------------------------- being killed, being cancelled


def start_writing(url: str) -> subprocess.Popen[str]:
    """A program in the middle of writing to `url`; its first five changes are done."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.program", "write", url], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    for expected in range(5):
        assert int(program.stdout.readline()) == expected
    return program


async def test_a_program_killed_while_writing_leaves_whole_changes_only(database_url: str) -> None:
    program = await asyncio.to_thread(start_writing, database_url)
    program.send_signal(signal.SIGKILL)
    told, _ = await asyncio.to_thread(program.communicate)

    database = await open_database(database_url)
    async with database.read() as tx:
        if database.dialect == "sqlite":
            assert await tx.scalar(text("PRAGMA integrity_check")) == "ok"
        made = await tx.scalar(select(func.count()).select_from(campaigns)) or 0
        created = journal.c.kind == "campaign.create"
        audited = await tx.scalar(select(func.count()).select_from(journal).where(created))
        named = await tx.scalar(select(func.count()).select_from(campaign_communities))
    await database.close()
    assert made >= 5 + len(told.splitlines())  # what was told is stored
    assert audited == made
    assert named == 3 * made


async def test_a_cancelled_change_is_undone_and_the_database_works_on(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for delay in range(8):
        change = asyncio.create_task(world.make_campaign(store, caller, clock.now(), name=f"cancelled {delay}"))
        for _ in range(delay * 3):
            await asyncio.sleep(0)
        change.cancel()
        await asyncio.wait([change])
    kept = await store.campaigns(caller.workspace_id)
    audited = [entry for entry in await store.journal(caller.workspace_id) if entry.kind == "campaign.create"]
    assert len(audited) == len(kept)
    await world.make_campaign(store, caller, clock.now(), name="afterwards")


async def test_a_change_cancelled_in_the_middle_holds_nobody_up(sqlite_path: Path, clock: FixedClock) -> None:
    """Whoever logs the failure keeps the traceback, and with it the statement that was running."""
    database = await open_database(f"sqlite:///{sqlite_path}", busy_timeout_s=0.3)
    store = Store(database)
    kept: list[BaseException] = []
    rows = [{"id": f"w{n}", "at": NOW} for n in range(50_000)]
    insert = text("INSERT INTO workspaces (id, platform, name, created_at) VALUES (:id, 'terminal', 'W', :at)")

    async def add() -> None:
        try:
            async with database.write() as tx:
                await tx.execute(insert, rows)
        except asyncio.CancelledError as error:
            kept.append(error)
            raise

    adding = asyncio.create_task(add())

    @event.listens_for(database._engine.sync_engine, "before_cursor_execute")
    def cancel_soon(*told: Any) -> None:
        if told[-1]:  # the many rows: they take the connection's thread much longer than this
            asyncio.get_running_loop().call_later(0.005, adding.cancel)

    await asyncio.wait([adding])
    assert kept
    await store.ensure_workspace("terminal:local", "terminal", "T", clock.now())
    assert len(await store.all_workspaces()) == 1
    await database.close()


async def test_a_closed_database_leaves_no_thread_and_no_task(database_url: str, clock: FixedClock) -> None:
    threads, tasks = set(threading.enumerate()), asyncio.all_tasks()
    database = await open_database(database_url)
    store = Store(database)
    await asyncio.gather(*(store.ensure_workspace(f"w{n}", "terminal", "T", clock.now()) for n in range(8)))
    await asyncio.gather(*(store.members(f"w{n}") for n in range(8)))
    await database.close()
    await _until_gone(threads)
    assert asyncio.all_tasks() <= tasks


# ---------------------------------------------------------------- what columns take and give

DIALECTS = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001 - hypothesis wants its bounds naive
def test_a_time_comes_back_as_the_same_instant_in_utc(at: datetime) -> None:
    for dialect in DIALECTS:
        stored = UtcDateTime().bind_processor(dialect)(at)
        read = UtcDateTime().result_processor(dialect, None)
        found = stored if read is None else read(stored)
        assert found is not None
        assert found.timestamp() == at.timestamp()
        assert found.tzinfo is UTC


@given(
    st.datetimes(
        min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - hypothesis wants its bounds naive
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - hypothesis wants its bounds naive
        timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
    )
)
def test_a_time_of_any_zone_is_stored_in_an_order_that_is_the_order_of_time(at: datetime) -> None:
    later = at + timedelta(microseconds=1)
    stored = [UtcDateTime().bind_processor(DIALECTS[0])(value) for value in (at, later)]
    assert str(stored[0]) != str(stored[1])
    assert stored[0] is not None
    assert stored[1] is not None
    assert stored[0] < stored[1]


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
def test_a_time_without_a_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().bind_processor(dialect)(datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_stored_and_ordinary_text_is_stored_as_it_is(written: str) -> None:
    kept = storable(written)
    kept.encode()
    assert "\x00" not in kept
    assert len(kept) == len(written)
    if kept != written:
        assert any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in written)


@given(st.integers())
def test_any_number_can_be_asked_for_as_an_id_or_stored_as_a_count(number: int) -> None:
    row_id = RowId().process_bind_param(number, DIALECTS[0])
    count = Count().process_bind_param(number, DIALECTS[0])
    assert row_id is not None
    assert 0 <= row_id < 2**63
    assert row_id in (number, 0)
    assert count is None or (count == number and -(2**63) <= count < 2**63)


async def test_what_a_task_reads_within_one_moment_is_one_transaction_and_what_others_read_is_not(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    database = store._database

    async def connection() -> AsyncConnection:
        async with database.read() as tx:
            return tx

    async with store.one_moment():
        assert await store.campaigns(caller.workspace_id) == []
        first, second = await connection(), await connection()
        assert first is second
        assert await asyncio.create_task(connection()) is not first, "a task of its own reads by itself"
        await world.make_campaign(store, caller, clock.now())
        seen = len(await store.campaigns(caller.workspace_id))
        assert seen == (0 if database.dialect == "sqlite" else 1), "SQLite shows the moment of the first look"
    assert await connection() is not first
    assert len(await store.campaigns(caller.workspace_id)) == 1
    with pytest.raises(NotFound):
        async with store.one_moment():
            await store.campaign(caller.workspace_id, 99)
    assert len(await store.campaigns(caller.workspace_id)) == 1, "a failure leaves nothing behind"


@pytest.mark.parametrize("time", ["first", "second"])
async def test_whatever_test_ran_before_a_tests_rows_are_numbered_from_one(
    store: Store, caller: Caller, clock: FixedClock, time: str
) -> None:
    first = await world.make_post(store, caller, clock.now())
    second = await world.make_post(store, caller, clock.now(), "t3_aaaa2")
    assert (first.id, second.id) == (1, 2)


@pytest.mark.postgres
def test_whoever_is_still_connected_takes_no_number_of_the_next_test(
    shared_database: str, housekeeping: Connection
) -> None:
    with contextlib.closing(Connection(shared_database)) as left:
        left.execute("SELECT nextval('tracked_posts_id_seq')")
        housekeeping.execute(CLEAR)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            left.execute("SELECT nextval('tracked_posts_id_seq')")
    assert housekeeping.value("SELECT pg_sequence_last_value('tracked_posts_id_seq'::regclass)") is None

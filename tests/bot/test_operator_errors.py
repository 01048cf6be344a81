"""Who is told what when the program itself cannot work: a chat's members neither hosts nor files, its operator both."""

from __future__ import annotations

import logging
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.card import Card
from bot.command import Context, Registry
from bot.dispatcher import Dispatcher
from bot.frontend import Actor
from bot.settings import load_settings, secret_key
from core.errors import FilesUnavailable, OperatorError, StorageUnavailable
from storage import failures
from storage.failures import translated
from storage.store import Store
from tests.bot.bare import bare_services
from tests.clock import FixedClock

WHERE = "postgresql+asyncpg://tea_user:***@db.internal.example:6543/tea_base"
TOLD_NOBODY = re.compile(r"tea_user|internal|6543|tea_base|/srv|BCRAO_|asyncpg|sqlite", re.IGNORECASE)


def driver_error(cause: BaseException) -> DBAPIError:
    return DBAPIError("SELECT 1", None, cause)


class Refused(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("refused")
        self.sqlstate = sqlstate


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("no")
    error.sqlite_errorcode = code
    return error


EVERY: list[BaseException] = [
    *(driver_error(sqlite_error(code)) for code in failures._SQLITE),
    *(driver_error(Refused(state.ljust(5, "0"))) for state in failures._POSTGRESQL),
    PoolTimeout(),
    PermissionError("no"),
    ConnectionRefusedError("no"),
    OSError("no"),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda e: f"{type(e).__name__} {getattr(e, 'orig', '')!r}")
def test_members_hear_of_no_host_user_or_file_whatever_is_wrong_with_the_database(error: BaseException) -> None:
    told = translated(error, WHERE)
    assert told is not None
    assert told.what == f"The bot's database cannot be reached at the moment. Reference: {told.reference}."
    assert not TOLD_NOBODY.search(told.shown)
    assert WHERE in told.for_operator[0]
    assert WHERE in str(told)
    assert str(told).endswith(f"(reference {told.reference})")


@dataclass
class Down:
    error: OperatorError

    async def run(self, actor: Actor, store: Store, clock: FixedClock) -> Card:
        registry = Registry()

        @registry.command("tea drink", "Drink")
        async def drink(ctx: Context) -> Card:
            raise self.error

        return await Dispatcher(registry, bare_services(store, clock)).run(actor, "tea drink", {})


def error() -> OperatorError:
    return StorageUnavailable(f"The database {WHERE} cannot be reached.", "Check BCRAO_DATABASE_URL.")


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_a_chat_reads_a_reference_and_the_log_holds_what_it_stands_for(
    platform: str, store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    down = Down(error())
    card = await down.run(Actor(f"{platform}:1", platform, "Tea", "u1", "alice", True), store, clock)
    shown = f"{card.title} {card.text} {card.to_json('x')}"
    assert not TOLD_NOBODY.search(shown)
    assert f"Reference: {down.error.reference}" in shown
    assert "send the reference to who runs the bot" in shown
    (line,) = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert WHERE in vars(line)["problem"]
    assert down.error.reference in vars(line)["problem"]


async def test_the_terminal_reads_where_it_is(store: Store, clock: FixedClock) -> None:
    card = await Down(error()).run(Actor("terminal:local", "terminal", "Tea", "u1", "alice", True), store, clock)
    shown = f"{card.title} {card.text}"
    assert WHERE in shown
    assert "Check BCRAO_DATABASE_URL." in shown
    assert "Reference" not in shown


def test_two_failures_have_two_references() -> None:
    assert error().reference != error().reference


def test_members_hear_nothing_of_where_the_key_lies(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("short")
    with pytest.raises(FilesUnavailable) as told:
        secret_key(load_settings({"BCRAO_DATA_DIR": str(tmp_path)}, None))
    assert str(tmp_path) in told.value.for_operator[0]
    assert "secret" not in told.value.shown
    assert str(tmp_path) not in told.value.shown


def test_the_first_card_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    from bot.main import _embedded

    assert str(tmp_path) not in " ".join(_embedded(load_settings({"BCRAO_DATA_DIR": str(tmp_path)}, None)))

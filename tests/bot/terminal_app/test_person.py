from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import pty
import re
import select
import signal
import stat
import sys
import termios
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.card import Button, Card
from bot.dispatcher import Dispatcher
from bot.terminal_app.client import WORKSPACE_ID, TerminalFrontEnd
from bot.terminal_app.prompt import CommandCompleter
from storage.store import Store
from tests.bot.bare import bare_services
from tests.bot.terminal_app import shop
from tests.bot.terminal_app.test_pipe import ACTOR
from tests.clock import FixedClock
from tests.patience import PATIENCE_S

CTRL_C, CTRL_D, ENTER, TAB, UP, ESC = "\x03", "\x04", "\r", "\t", "\x1b[A", "\x1b"


class Person:
    """Somebody at a pseudo-terminal: types, and sees what the terminal shows."""

    def __init__(self, start: Callable[..., TerminalFrontEnd]) -> None:
        self._start = start
        self._ours, self._theirs = pty.openpty()
        termios.tcsetwinsize(self._theirs, (40, 100))
        self._stdin = os.fdopen(os.dup(self._theirs), "r", encoding="utf-8")
        self._stdout = io.TextIOWrapper(io.FileIO(os.dup(self._theirs), "w"), encoding="utf-8")
        self._shown = ""
        self._seen_to = 0
        self.front_end: TerminalFrontEnd

    async def sit_down(self, **options: Any) -> asyncio.Task[int]:
        asyncio.get_running_loop().add_reader(self._ours, self._read)
        self.front_end = self._start(stdin=self._stdin, stdout=self._stdout, **options)
        running = asyncio.create_task(self.front_end.run())
        await self.sees("rao>")
        return running

    def _read(self) -> None:
        self._shown += os.read(self._ours, 65536).decode("utf-8", "replace")

    @property
    def raw(self) -> str:
        return self._shown

    def narrows_the_window(self, columns: int) -> None:
        termios.tcsetwinsize(self._theirs, (40, columns))

    def types(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    async def sees(self, text: str) -> None:
        """Wait until `text` was shown after what was waited for before."""
        for _ in range(6000):  # half a minute: the machine may be busy
            plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._shown)
            at = plain.find(text, self._seen_to)
            if at >= 0:
                self._seen_to = at + len(text)
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"{text!r} was not shown; the screen says: {plain[self._seen_to :]!r}")

    async def leave(self, running: asyncio.Task[int]) -> int:
        self.types(CTRL_D)
        async with asyncio.timeout(PATIENCE_S):
            return await running

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._ours)
        self._stdin.close()
        self._stdout.close()
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
async def person(store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Person]:
    monkeypatch.setenv("PROMPT_TOOLKIT_NO_CPR", "1")  # this terminal does not answer where its cursor is
    dispatcher = Dispatcher(shop.commands, bare_services(store, clock))
    somebody = Person(lambda **options: TerminalFrontEnd(dispatcher, actor=ACTOR, **options))
    yield somebody
    somebody.close()


async def test_a_person_gives_commands_presses_numbers_and_leaves_with_ctrl_d(person: Person) -> None:
    threads = threading.active_count()
    running = await person.sit_down(greeting=Card("Welcome"))
    assert "Welcome" in person.raw
    person.types(f"/rao tea list{ENTER}")
    await person.sees("[2] Mint")
    await person.sees("rao>")
    person.types(f"2{ENTER}")
    await person.sees("Tea 2")
    person.types(f"tea nonsense{ENTER}")
    await person.sees("That did not work")
    await person.sees("rao>")
    assert await person.leave(running) == 0
    assert threading.active_count() == threads


async def test_exit_leaves_too(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"exit{ENTER}")
    assert await running == 0


async def test_ctrl_c_at_the_prompt_drops_the_line_and_stays(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"tea sp{CTRL_C}")
    await person.sees("Ctrl-D leaves")
    person.types(f"tea show 1{ENTER}")
    await person.sees("Tea 1")
    assert await person.leave(running) == 0


async def test_in_a_narrow_window_questions_break_between_words(person: Person) -> None:
    person.narrows_the_window(30)
    running = await person.sit_down()
    person.types(f"tea order{ENTER}")
    await person.sees("/rao tea order (Ctrl-C leaves\r\nwithout doing anything)")
    person.types(CTRL_C)
    await person.sees("Nothing was done")
    assert await person.leave(running) == 0


async def test_missing_arguments_are_asked_as_questions(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"tea order{ENTER}")
    await person.sees("/rao tea order")
    await person.sees("Tea:")
    person.types(f"{ENTER}")
    await person.sees("This one is needed")
    person.types(f"2{ENTER}")
    await person.sees("Note:")
    person.types(f"first paragraph{ENTER}{ENTER}second{ENTER}.{ENTER}")
    await person.sees("Ordered tea 2")
    await person.sees("<first paragraph")
    await person.sees("second>")
    assert await person.leave(running) == 0


async def test_two_empty_lines_end_a_long_answer(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"tea order 2{ENTER}")
    await person.sees("Note:")
    person.types(f"hot{ENTER}{ENTER}{ENTER}")
    await person.sees("<hot>")
    assert await person.leave(running) == 0


async def test_a_wrong_answer_is_asked_again_with_what_was_typed(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"tea order{ENTER}")
    await person.sees("Tea:")
    person.types(f"9{ENTER}")
    await person.sees("Note:")
    person.types(f"hot{ENTER}.{ENTER}")
    await person.sees("There is no tea 9")
    await person.sees("Tea:")
    await person.sees("9")
    person.types(f"\x7f1{ENTER}")
    await person.sees("hot")
    person.types(f"{ENTER}.{ENTER}")
    await person.sees("Ordered tea 1")
    assert await person.leave(running) == 0


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
async def test_leaving_a_form_does_nothing_and_loses_nothing_else(person: Person, key: str) -> None:
    running = await person.sit_down()
    person.types(f"tea list{ENTER}")
    await person.sees("[1] Show Assam")
    person.types(f"tea order{ENTER}")
    await person.sees("Tea:")
    person.types(key)
    await person.sees("Nothing was done")
    await person.sees("rao>")
    assert "Ordered" not in person.raw
    person.types(f"1{ENTER}")
    await person.sees("Tea 1")
    assert await person.leave(running) == 0


async def test_a_form_of_a_card_begins_with_its_values(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"tea edit 2{ENTER}")
    await person.sees("Change the note?")
    await person.sees("Note: no sugar")
    person.types(f" please{ENTER}")
    await person.sees("Note of 2: no sugar please")
    assert await person.leave(running) == 0


async def test_an_alert_appears_above_the_line_that_is_being_typed(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"tea list{ENTER}")
    await person.sees("[3] Oolong")
    await person.sees("rao>")
    person.types("tea sho")
    await person.sees("tea sho")
    alert = Card("Your post was removed", actions=(Button("Check now", "tea show", 3),))
    await person.front_end.deliver(WORKSPACE_ID, None, alert, nonce="alert-1")
    await person.sees("Your post was removed")
    await person.sees("[4] Check now")
    await person.sees("rao> tea sho")
    person.types(f"w 2{ENTER}")
    await person.sees("Tea 2")
    assert await person.leave(running) == 0


async def test_progress_is_shown_on_one_line_and_goes_away(person: Person) -> None:
    running = await person.sit_down(stop_grace_s=0.01)
    person.types(f"tea brew{ENTER}")
    await person.sees("… Brewing 1 of 3")
    await person.front_end.stop()
    assert await running == 0
    await person.sees("It was cancelled.")
    assert re.search(r"Brewing 1 of 3\r\x1b\[K", person.raw)


async def test_stopping_ends_the_wait_at_the_prompt_and_in_a_form(person: Person) -> None:
    tasks = len(asyncio.all_tasks())
    running = await person.sit_down()
    person.types(f"tea order{ENTER}")
    await person.sees("Tea:")
    async with asyncio.timeout(PATIENCE_S):
        await person.front_end.stop()
        assert await running == 0
    assert len(asyncio.all_tasks()) == tasks


async def test_a_log_line_does_not_destroy_the_prompt(person: Person) -> None:
    handler = logging.StreamHandler(person._stdout)
    logging.getLogger().addHandler(handler)
    try:
        running = await person.sit_down()
        person.types("tea sh")
        await person.sees("tea sh")
        logging.getLogger("test").warning("the kettle is empty")
        await person.sees("the kettle is empty")
        await person.sees("rao> tea sh")
        person.types(CTRL_C)
        await person.leave(running)
        assert handler.stream is person._stdout
    finally:
        logging.getLogger().removeHandler(handler)


async def test_commands_are_kept_for_the_next_session_and_only_for_their_owner(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "new" / "history"
    running = await person.sit_down(history_file=file)
    person.types(f"tea show 3{ENTER}")
    await person.sees("Tea 3")
    await person.leave(running)
    assert "tea show 3" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    running = await person.sit_down(history_file=file)
    person.types(f"{UP}{ENTER}")
    await person.sees("Tea 3")
    await person.leave(running)


async def test_a_history_that_cannot_be_kept_is_no_reason_to_stop(person: Person, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    running = await person.sit_down(history_file=tmp_path / "file" / "history")
    person.types(f"tea show 1{ENTER}")
    await person.sees("Tea 1")
    assert await person.leave(running) == 0


async def test_tab_completes(person: Person) -> None:
    running = await person.sit_down()
    person.types(f"tea sho{TAB}")
    await person.sees("tea show")
    person.types(f" 1{ENTER}")
    await person.sees("Tea 1")
    assert await person.leave(running) == 0


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("t", ["tea"]),
        ("/rao tea s", ["show", "stir", "spill"]),
        ("tea order ", ["tea=", "note=", "size="]),
        ("tea order size=p", ["pot"]),
        ("tea order note=x si", ["size="]),
        ("tea order note=x n", []),
        ("coffee ", []),
    ],
)
def test_completion_offers_what_can_come_next(typed: str, offered: list[str]) -> None:
    found = CommandCompleter(shop.commands).get_completions(Document(typed), CompleteEvent())
    assert [completion.text for completion in found] == offered


# ---------------------------------------------------------------- a whole process

CHILD = """
import asyncio, sys
from bot.dispatcher import Dispatcher
from bot.terminal_app.client import TerminalFrontEnd
from storage.database import open_database
from storage.store import Store
from tests.bot.bare import bare_services
from tests.bot.terminal_app import shop
from tests.clock import FixedClock

async def main():
    database = await open_database(sys.argv[1])
    dispatcher = Dispatcher(shop.commands, bare_services(Store(database), FixedClock()))
    try:
        return await TerminalFrontEnd(dispatcher).run()
    finally:
        await database.close()

sys.exit(asyncio.run(main()))
"""


class Screen:
    """Our end of another process's terminal, read without an event loop."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._unseen = ""

    def types(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def sees(self, text: str) -> None:
        """Wait until `text` was shown after what was waited for before."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self._unseen:
            assert time.monotonic() < deadline, f"{text!r} was not shown: {self._unseen!r}"
            if select.select([self._terminal], [], [], 0.1)[0]:
                more = os.read(self._terminal, 65536).decode("utf-8", "replace")
                self._unseen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._unseen + more)
        self._unseen = self._unseen.partition(text)[2]


@contextmanager
def process_at_a_terminal(*arguments: str) -> Iterator[tuple[int, Screen]]:
    """(process id, its controlling terminal). Whatever happens, the process is gone afterwards."""
    child, terminal = pty.fork()
    if child == 0:
        environ = {**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"}
        os.execve(sys.executable, [sys.executable, "-c", CHILD, *arguments], environ)  # noqa: S606
    try:
        yield child, Screen(terminal)
    finally:
        try:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # it ended by itself
        os.close(terminal)


def test_ctrl_c_cancels_the_running_command_and_not_the_program(database_url: str) -> None:
    with process_at_a_terminal(database_url) as (child, screen):
        screen.sees("rao>")
        for _ in range(2):
            screen.types(f"tea brew{ENTER}")
            screen.sees("Brewing")
            screen.types(CTRL_C)
            screen.sees("It was cancelled.")
            screen.sees("rao>")
        screen.types(f"tea show 2{ENTER}")
        screen.sees("Tea 2")
        screen.sees("rao>")
        screen.types(CTRL_D)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0


def test_json_from_a_terminal_is_read_line_by_line_without_a_prompt() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as stdin:
        front_end = TerminalFrontEnd(Dispatcher(shop.commands, None), json_output=True, stdin=stdin, actor=ACTOR)  # type: ignore[arg-type]
        os.write(ours, CTRL_D.encode())
        assert asyncio.run(front_end.run()) == 0
    os.close(ours)
    assert json.dumps({})  # nothing was written before the first card

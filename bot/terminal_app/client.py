"""The terminal as a front end: a person with a prompt, or a script with a pipe.

From a pipe every line is a command (empty lines and `#` comments are skipped), a number alone presses a button, `quit`
ends it, and a failed line makes the exit status 1. At a prompt, forms become questions, Ctrl-C cancels the running
command and Ctrl-D leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import json
import os
import re
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, Unpack

from bot.card import Card, Form, Input, Progress, Tone, error_card
from bot.dispatcher import Dispatcher
from bot.frontend import Actor, DeliveryFailed, Person, Refused, Way, until
from bot.terminal_app.render import READABLE_WIDTH, action_ids, one_line, render_card, render_progress
from core.errors import UserError
from core.timetable import zone

if TYPE_CHECKING:
    from bot.terminal_app.prompt import Prompt


WORKSPACE_ID = "terminal:local"
_CLEAR_LINE = "\r\x1b[K"
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_ACTION_ID = re.compile(r"v\d+\|", re.ASCII)
_LEAVING = frozenset({"exit", "quit", "/exit", "/quit"})


def local_actor() -> Actor:
    """Returns the person who runs the program. The operating system vouches for the name, and this person
    may manage.
    """
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid{os.getuid()}"  # containers run under user ids without a name
    return Actor(WORKSPACE_ID, "terminal", "Terminal", name, name, may_manage=True)


class TerminalFrontEnd:
    """Implements `bot.frontend.FrontEnd`.

    `interactive` None: true when input and output are terminals and not `json_output`. `color` is what the caller
    found out (a terminal, and no NO_COLOR). `greeting` is the first card that a person sees; scripts with JSON do not
    get it. `stop_grace_s`: how long a running command may go on after `stop`, before it is cancelled.
    """

    platform = "terminal"
    shows_pictures = False

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        json_output: bool = False,
        color: bool = False,
        interactive: bool | None = None,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        history_file: Path | None = None,
        greeting: Card | None = None,
        actor: Actor | None = None,
        stop_grace_s: float = 5.0,
    ) -> None:
        self._dispatcher = dispatcher
        self._json = json_output
        self._color = color
        self._stdin = stdin if stdin is not None else sys.stdin
        self._stdout = stdout if stdout is not None else sys.stdout
        both_are_terminals = self._stdin is not None and self._stdin.isatty() and self._stdout.isatty()
        self._interactive = both_are_terminals and not json_output if interactive is None else interactive
        self._history_file = history_file
        self._greeting = greeting
        self._actor = actor or local_actor()
        self._stop_grace_s = stop_grace_s
        self._prompt: Prompt | None = None
        self._running: asyncio.Task[tuple[str, Card]] | None = None
        self._stopping = asyncio.Event()
        self._failed = False
        self._menu: list[str] = []  # action ids of the numbered buttons, from number 1
        self._progress_shown = False
        self._delivered: dict[str, str] = {}  # nonce -> reference

    async def run(self) -> int:
        """Serve until the input ends, the person leaves, or `stop`. Returns 1 when a piped line failed, else 0."""
        try:
            if self._greeting is not None and not self._json:
                await self._show("greeting", self._greeting)
            if self._interactive:
                await self._serve_person()
                return 0
            await self._serve_pipe()
        except BrokenPipeError:  # the reader of our output has left
            return 1
        return 1 if self._failed else 0

    async def stop(self) -> None:
        """Give the running command `stop_grace_s` to end, then cancel it."""
        self._stopping.set()
        if self._prompt is not None:
            self._prompt.close()
        running = self._running
        if running is not None:
            await asyncio.wait({running}, timeout=self._stop_grace_s)
            running.cancel()
            await asyncio.wait({running})

    async def deliver(self, workspace_id: str, place: str | None, card: Card, **way: Unpack[Way]) -> str:
        """Print an alert. Nonces are remembered while the program runs, because a new terminal has shown
        nothing yet.
        """
        if workspace_id != WORKSPACE_ID:
            raise DeliveryFailed(f"{workspace_id} is not a workspace of the terminal.", Refused.WORKSPACE)
        if (nonce := way["nonce"]) not in self._delivered:
            try:
                await self._show("alert", card, is_answer=False)
            except (OSError, ValueError):  # a closed pipe; a closed stream
                raise DeliveryFailed("The terminal's output is closed.", Refused.MOMENT) from None
            self._delivered[nonce] = f"terminal-{len(self._delivered) + 1}"
        return self._delivered[nonce]

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        """Returns False: what was printed stays as it is."""
        return False

    async def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        """Returns nobody: the responsible person is at the terminal."""
        nobody: tuple[Person, ...] = ()
        for person in nobody:
            yield person

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        """A terminal has no channels."""
        raise DeliveryFailed("A terminal has no channels.", Refused.PLACE)

    async def _serve_person(self) -> None:
        from bot.terminal_app.prompt import Prompt  # imports prompt_toolkit, which only a person needs

        self._prompt = Prompt(self._stdin, self._stdout, self._dispatcher.registry, self._history_file)
        with self._prompt.logs_above(), _interrupt_ignored():
            while not self._stopping.is_set():
                try:
                    line = (await self._prompt.ask_command()).strip()
                except KeyboardInterrupt:
                    await self._say("Ctrl-D leaves the program.")
                    continue
                except EOFError:
                    break
                if line.lower() in _LEAVING:
                    break
                if line and not line.startswith("#"):
                    await self._answer_person(line)
        self._prompt = None

    async def _answer_person(self, line: str) -> None:
        path, card = await self._run(line, self._dispatch(line))
        answers: dict[str, str] = {}
        while card.form is not None and not self._stopping.is_set():
            form = card.form
            if card.ok or answers:
                await self._show(path, card)
            given = await self._fill_in(form, answers)
            if given is None:
                return
            answers = given
            path, card = await self._run(form.command, self._complete(form, given))
            if card.code == "bad_argument":
                card = replace(card, form=form)  # say what is wrong, and ask again with the typed words
        await self._show(path, card)

    async def _fill_in(self, form: Form, earlier: dict[str, str]) -> dict[str, str] | None:
        """Returns answers by name; None when the person leaves the form (Ctrl-C or Ctrl-D), which loses
        nothing else.
        """
        assert self._prompt is not None  # noqa: S101 - only reached from the prompt
        answers = {}
        await self._say(f"{form.title} (Ctrl-C leaves without doing anything)")
        try:
            for question in form.inputs:
                answers[question.name] = await self._ask(question, earlier.get(question.name, question.value))
        except (KeyboardInterrupt, EOFError):
            await self._say("Left. Nothing was done.")
            return None
        return answers

    async def _ask(self, question: Input, value: str) -> str:
        assert self._prompt is not None  # noqa: S101 - only reached from the prompt
        if question.help:
            await self._say(f"  {one_line(question.help)}")
        if question.long:
            await self._say("  Several lines; a line with only a dot, or two empty lines, end it.")
        while True:
            answer = await self._prompt.ask_answer(question, value)
            if answer or not question.required:
                return answer
            await self._say("  This one is needed.")

    async def _serve_pipe(self) -> None:
        if self._stdin is None or self._stdin.closed:
            return
        reader = LineReader(self._stdin.fileno())
        while (line := await self._next_line(reader)) is not None:
            line = line.strip()
            if line.lower() in _LEAVING:
                break
            if line and not line.startswith("#"):
                await self._echo(line)
                await self._answer_pipe(*await self._run(line, self._dispatch(line)))

    async def _next_line(self, reader: LineReader) -> str | None:
        """Returns None at the end of input and after `stop`."""
        while True:
            reading = await until(self._stopping, reader.line())
            if reading.cancelled() or self._stopping.is_set():
                return None
            try:
                return reading.result()
            except UnreadableLine as error:
                await self._answer_pipe("", error_card("bad_argument", str(error), "Correct it and run it again."))

    async def _answer_pipe(self, path: str, card: Card) -> None:
        if card.form is not None and card.ok:
            card = _in_words(card, card.form)
        self._failed = self._failed or not card.ok
        await self._show(path, card)

    async def _echo(self, line: str) -> None:
        if not self._json and not self._stdin.isatty():
            await self._write(f"> {one_line(line)}\n")

    async def _dispatch(self, line: str) -> tuple[str, Card]:
        """Run a line: a number or an action id presses a button, anything else is a command."""
        if _ACTION_ID.match(line):
            return await self._dispatcher.run_action(self._actor, line, self._show_progress)
        if _NUMBER.fullmatch(line) is None:
            return await self._dispatcher.run_line(self._actor, line, self._show_progress)
        if not 1 <= int(line) <= len(self._menu):
            do = f"Type 1 to {len(self._menu)}." if self._menu else "Type a command, for example: /rao help"
            return line, error_card("bad_argument", f"There is no button {int(line)} to press.", do)
        return await self._dispatcher.run_action(self._actor, self._menu[int(line) - 1], self._show_progress)

    async def _complete(self, form: Form, answers: Mapping[str, str]) -> tuple[str, Card]:
        raw = {**form.known, **answers}
        return form.command, await self._dispatcher.run(self._actor, form.command, raw, self._show_progress)

    async def _run(self, line: str, work: Coroutine[Any, Any, tuple[str, Card]]) -> tuple[str, Card]:
        """Returns the answer of a command. Ctrl-C and `stop` cancel it; from a pipe, Ctrl-C also ends the reading."""
        task = asyncio.ensure_future(work)
        self._running = task
        try:
            with _on_interrupt(self._interrupt):
                await asyncio.wait({task})
        except asyncio.CancelledError:  # the program is ending: cancel the command first
            task.cancel()
            await asyncio.wait({task})
            raise
        finally:
            self._running = None
            await self._clear_progress()
        if task.cancelled():
            return line, error_card("cancelled", "It was cancelled.", "What was stored until then is kept.")
        return task.result()

    def _interrupt(self) -> None:
        if not self._interactive:
            self._stopping.set()
        if self._running is not None:
            self._running.cancel()

    async def _show(self, command: str, card: Card, *, is_answer: bool = True) -> None:
        """Print a card and give numbers to its buttons.

        An answer's buttons have the numbers from 1; after an error without buttons, the old numbers stay. An alert's
        numbers continue, because it may come while somebody is about to type the number of a card above.
        """
        presses = [action_id for _, action_id in action_ids(card)]
        if is_answer and (card.ok or presses):
            self._menu = []
        first_number = len(self._menu) + 1
        self._menu += presses
        if self._json:
            # ASCII, so that it needs no encoding and no control character reaches the terminal.
            await self._write(json.dumps(card.to_json(command), default=str) + "\n")
        else:
            zone = await self._zone()
            text = render_card(card, width=self._width(), color=self._color, first_number=first_number, zone=zone)
            await self._write(text + "\n")

    async def _zone(self) -> tzinfo:
        """The zone that the workspace set; UTC when nobody set one, or the database cannot be asked."""
        try:
            timetable = await self._dispatcher.services.store.timetable(self._actor.workspace_id)
        except UserError:
            return UTC
        return zone(timetable.timezone)

    async def _say(self, text: str) -> None:
        indent = " " * (len(text) - len(text.lstrip(" ")))
        lines = textwrap.wrap(one_line(text), self._width(), initial_indent=indent, subsequent_indent=indent)
        await self._write("".join(f"{line}\n" for line in lines))

    async def _write(self, text: str) -> None:
        await self._clear_progress()
        if self._prompt is not None:
            await self._prompt.write_above(self._stdout, text)
        else:
            self._stdout.write(text)
            self._stdout.flush()

    def _width(self) -> int:
        if not self._stdout.isatty():
            return READABLE_WIDTH
        return min(os.get_terminal_size(self._stdout.fileno()).columns or READABLE_WIDTH, READABLE_WIDTH)

    async def _show_progress(self, progress: Progress) -> None:
        """Show progress on one line that the next output replaces, on terminals that can do so."""
        if not self._json and self._stdout.isatty():
            self._stdout.write(_CLEAR_LINE + render_progress(progress, width=self._width()))
            self._stdout.flush()
            self._progress_shown = True

    async def _clear_progress(self) -> None:
        if self._progress_shown:
            self._progress_shown = False
            self._stdout.write(_CLEAR_LINE)
            self._stdout.flush()


def _in_words(card: Card, form: Form) -> Card:
    """Returns a card that asks by a form, with the command to write instead, for people who cannot fill in a form."""
    known = "".join(f" {name}={json.dumps(value)}" for name, value in form.known.items())
    wanted = "".join(f' {question.name}="…"' for question in form.inputs)
    do = f"Write: /rao {form.command}{known}{wanted}"
    text = card.text if do in card.text else f"{card.text}\n{do}".strip()
    return replace(card, code="missing_argument", text=text, tone=Tone.ATTENTION)


@contextlib.contextmanager
def _interrupt_ignored() -> Iterator[None]:
    """Ignore Ctrl-C between a prompt and a command, where it would end the program."""
    previous = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, lambda *_: None)
    except ValueError:  # not the main thread: signals do not come here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


@contextlib.contextmanager
def _on_interrupt(cancel: Callable[[], object]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    previous = signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, cancel)
    except (ValueError, RuntimeError):  # not the main thread: signals do not come here
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, previous)


LINE_MAX_BYTES = 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class UnreadableLine(Exception):
    """A line that cannot be a command; the text says why. Reading can go on with the next line."""


class LineReader:
    """Lines of an open file descriptor, which the caller closes.

    Reading waits until the descriptor is ready (it is not made non-blocking: a terminal's input and output share
    that flag). Regular files are always ready; the event loop cannot watch them.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()
        self._ended = False
        self._skipping = False  # the rest of a line that was too long is being skipped
        self._first = True

    async def line(self) -> str | None:
        """Returns the next line without its line break; None at the end. Raises `UnreadableLine`."""
        while True:
            end = self._buffer.find(b"\n")
            if end < 0 and not self._ended:
                if len(self._buffer) > LINE_MAX_BYTES:
                    self._skipping = True
                    self._buffer.clear()
                await self._fill()
                continue
            if end < 0 and not self._buffer and not self._skipping:
                return None
            raw = bytes(self._buffer if end < 0 else self._buffer[:end])
            del self._buffer[: len(raw) + 1]
            return self._decode(raw)

    def _decode(self, raw: bytes) -> str:
        if self._skipping or len(raw) > LINE_MAX_BYTES:
            self._skipping = False
            raise UnreadableLine(f"The line is longer than {LINE_MAX_BYTES:,} bytes.")
        if self._first:
            raw, self._first = raw.removeprefix(b"\xef\xbb\xbf"), False
        try:
            return raw.decode("utf-8").rstrip("\r")
        except UnicodeDecodeError as error:
            raise UnreadableLine(f"The line is not UTF-8 text (byte {error.start + 1}).") from None

    async def _fill(self) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        try:
            loop.add_reader(self._descriptor, _set_ready, ready)
        except PermissionError:
            await asyncio.sleep(0)  # a regular file or /dev/null
        else:
            try:
                await ready
            finally:
                loop.remove_reader(self._descriptor)
        try:
            chunk = os.read(self._descriptor, _CHUNK_BYTES)
        except OSError:
            chunk = b""  # the terminal was closed
        self._ended = not chunk
        self._buffer += chunk


def _set_ready(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)

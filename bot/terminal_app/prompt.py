"""A person at a terminal: line editing, history, completion, questions with long answers, text above the prompt.

Only this module imports prompt_toolkit; `client.py` imports it when a person is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from prompt_toolkit.application.run_in_terminal import run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import create_output
from prompt_toolkit.shortcuts import PromptSession

from bot.card import Input
from bot.command import Registry
from bot.terminal_app.render import one_line

log = logging.getLogger(__name__)

MESSAGE = "rao> "


class CommandCompleter(Completer):
    """Offers the next word of a command's path, then its parameters as `name=`, then their choices."""

    def __init__(self, registry: Registry) -> None:
        self._commands = [command for command in registry.commands.values() if not command.button_only]
        self._by_path = {command.path: command for command in self._commands}

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        *before, partial = document.text_before_cursor.lstrip().split(" ")
        words = [word for word in before if word]
        if words and words[0] in ("/rao", "rao"):
            del words[0]
        command = next((c for n in (2, 1) if (c := self._by_path.get(" ".join(words[:n])))), None)
        if command is None:
            yield from self._next_words(words, partial)
        elif "=" in partial:
            name, _, start = partial.partition("=")
            choices = next((p.choices for p in command.params if p.name == name), ())
            yield from (Completion(choice, -len(start)) for choice in choices if choice.startswith(start))
        else:
            given = {word.partition("=")[0] for word in words if "=" in word}
            for param in command.params:
                if param.name.startswith(partial) and param.name not in given:
                    yield Completion(f"{param.name}=", -len(partial), display_meta=one_line(param.help))
            yield from self._next_words(words, partial)

    def _next_words(self, words: list[str], partial: str) -> Iterator[Completion]:
        offered = set()
        for command in self._commands:
            path = command.path.split(" ")
            if path[: len(words)] == words and len(path) > len(words) and path[len(words)] not in offered:
                word = path[len(words)]
                offered.add(word)
                if word.startswith(partial):
                    is_whole = len(path) == len(words) + 1
                    yield Completion(word, -len(partial), display_meta=command.help if is_whole else "")


class Prompt:
    """One terminal. `ask_*` raise KeyboardInterrupt for Ctrl-C, EOFError for Ctrl-D and after `close`."""

    def __init__(self, stdin: TextIO, stdout: TextIO, registry: Registry, history_file: Path | None) -> None:
        self._input, self._output = create_input(stdin), create_output(stdout)
        self._commands: PromptSession[str] = PromptSession(
            MESSAGE,
            completer=CommandCompleter(registry),
            complete_while_typing=False,  # only Tab completes: a menu that opens by itself hides the cards
            history=_open_history(history_file),
            enable_history_search=True,
            input=self._input,
            output=self._output,
        )
        self._asking: PromptSession[str] | None = None
        self._closed = False

    async def ask_command(self) -> str:
        return await self._ask(self._commands)

    async def ask_answer(self, question: Input, value: str) -> str:
        """Returns the answer to one question of a form; the line begins as `value`. It may be empty."""
        label = one_line(question.label)
        if question.options:
            label += f" ({', '.join(one_line(option) for option in question.options)})"
        session: PromptSession[str] = PromptSession(  # a history of its own: answers are not commands
            f"{label}:\n" if question.long else f"{label}: ",
            multiline=question.long,
            key_bindings=_endings_of_long_answers() if question.long else None,
            completer=WordCompleter(list(question.options)) if question.options else None,
            complete_while_typing=False,
            input=self._input,
            output=self._output,
        )
        return (await self._ask(session, value)).strip()

    async def write_above(self, stream: TextIO, text: str) -> None:
        if self._asking is None:
            _write(stream, text)
        else:
            await run_in_terminal(lambda: _write(stream, text))

    def close(self) -> None:
        """End the open question, and refuse further ones."""
        self._closed = True
        app = self._asking.app if self._asking else None
        if app is not None and app.future is not None and not app.future.done():
            app.exit(exception=EOFError())

    async def _ask(self, session: PromptSession[str], default: str = "") -> str:
        if self._closed:
            raise EOFError
        self._asking = session
        try:
            # A defect elsewhere in the loop goes to the log; prompt_toolkit would stop and wait for Enter.
            return await session.prompt_async(default=default, set_exception_handler=False, pre_run=self._end_if_closed)
        finally:
            self._asking = None

    def _end_if_closed(self) -> None:
        if self._closed:
            self.close()

    @contextlib.contextmanager
    def logs_above(self) -> Iterator[None]:
        """Within the block, log lines to the terminal appear above an open prompt instead of inside it."""
        loop = asyncio.get_running_loop()
        moved = [
            (handler, handler.setStream(_Above(self, handler.stream, loop)))
            for handler in logging.getLogger().handlers
            if type(handler) is logging.StreamHandler
        ]
        try:
            yield
        finally:
            for handler, stream in moved:
                handler.setStream(stream)


class _Above:
    """A stream for log handlers, which may write from any thread."""

    def __init__(self, prompt: Prompt, stream: TextIO, loop: asyncio.AbstractEventLoop) -> None:
        self._prompt = prompt
        self._stream = stream
        self._loop = loop
        self._writing: set[asyncio.Task[None]] = set()

    def write(self, text: str) -> int:
        self._loop.call_soon_threadsafe(self._write_soon, text)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def _write_soon(self, text: str) -> None:
        task = self._loop.create_task(self._prompt.write_above(self._stream, text))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def _open_history(file: Path | None) -> History:
    if file is None:
        return InMemoryHistory()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))  # only this user may read the commands
    except OSError as error:
        log.warning("the history of this session is not kept", extra={"file": str(file), "reason": error.strerror})
        return InMemoryHistory()
    return FileHistory(str(file))


def _endings_of_long_answers() -> KeyBindings:
    """Returns key bindings: Enter makes a new line, so an answer can have paragraphs; a line with only a dot, or two
    empty lines, end it."""
    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        lines = buffer.text.split("\n")
        at_the_end = buffer.document.is_cursor_at_the_end
        if at_the_end and lines[-1].strip() == ".":
            buffer.text = "\n".join(lines[:-1])
            buffer.validate_and_handle()
        elif at_the_end and len(lines) > 1 and not lines[-1].strip() and not lines[-2].strip():
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return bindings

"""A child process for heavy libraries, which keeps their memory and import time out of the resident process.

`Worker("core.analysis.nlp")` runs that module as `python -m core.analysis.nlp`; the module ends with
`if __name__ == "__main__": serve({"name": function, …})`. Calls and answers are JSON Lines over pipes; many calls can
run at a time. The child starts at the first call, ends after `idle_s` without a call, and is started again when it
died.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import itertools
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

NICENESS = 10  # of a child, so that on a busy machine people's clicks in the resident process come first
_LIMIT = 256 * 1024 * 1024  # bytes of one line; all posts of a community fit in it many times


class WorkerDied(Exception):
    """The child ended before it answered (killed, out of memory). Calling again starts a new one."""


class WorkerFailed(Exception):
    """The function in the child raised. `kind` is the exception's class name, `text` its message, `facts` its
    values.
    """

    def __init__(self, kind: str, text: str, facts: Mapping[str, Any]) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text
        self.facts = facts


class Worker:
    """The parent's side. One instance per module; safe for concurrent calls from one event loop."""

    def __init__(self, module: str, *, idle_s: float = 300.0, environment: Mapping[str, str] | None = None) -> None:
        self._module = module
        self._idle_s = idle_s
        self._environment = dict(environment or {})
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._ids = itertools.count(1)
        self._starting = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The running child's process id; None without one."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def call(self, function: str, argument: Any, *, timeout_s: float = 120.0) -> Any:
        """Returns the JSON result of `function(argument)` in the child.

        Raises `WorkerFailed` when the function raised, `WorkerDied` when the child ended, and `TimeoutError` when no
        answer came in time (then the child is killed, because nothing else interrupts it).
        """
        process = await self._running()
        waiting = self._waiting
        call_id = next(self._ids)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        waiting[call_id] = future
        self._cancel_idle()
        try:
            line = json.dumps({"id": call_id, "function": function, "argument": argument}) + "\n"
            assert process.stdin is not None  # noqa: S101 - it was opened as a pipe
            try:
                process.stdin.write(line.encode())
                await process.stdin.drain()
            except (BrokenPipeError, ConnectionResetError):
                raise WorkerDied(self._module) from None
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            await self._kill()
            raise
        finally:
            waiting.pop(call_id, None)
            if not self._waiting and self.pid is not None:
                self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._leave)

    async def close(self) -> None:
        """End the child and wait until it is gone."""
        self._cancel_idle()
        await self._kill()

    async def _running(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if not self._can_answer():
                await self._kill()  # fails the calls of a dead child
                self._waiting = {}  # one for each child, so that the end of one child fails no call of the next
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    self._module,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    limit=_LIMIT,
                    # The program's settings stay here: a child needs none, and its libraries could leak them.
                    env={k: v for k, v in os.environ.items() if not k.startswith("BCRAO_")} | self._environment,
                    start_new_session=True,  # the parent handles Ctrl-C in the terminal
                )
                self._reader = asyncio.create_task(
                    self._read(self._process, self._waiting), name=f"worker {self._module}"
                )
            assert self._process is not None  # noqa: S101 - for the type checker: it was just made
            return self._process

    def _can_answer(self) -> bool:
        """Returns whether the child can answer. A child whose output ended cannot, even before its exit status is
        known; a child whose input we closed is about to end.
        """
        process, reader = self._process, self._reader
        if process is None or reader is None or process.stdin is None:
            return False
        return process.returncode is None and not reader.done() and not process.stdin.is_closing()

    async def _read(self, process: asyncio.subprocess.Process, waiting: Mapping[int, asyncio.Future[Any]]) -> None:
        assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
        try:
            while line := await process.stdout.readline():
                answer = json.loads(line)
                future = waiting.get(answer["id"])
                if future is None or future.done():
                    continue  # the caller went away
                if "error" in answer:
                    error = answer["error"]
                    future.set_exception(WorkerFailed(error["kind"], error["text"], error["facts"]))
                else:
                    future.set_result(answer["result"])
        finally:
            for future in waiting.values():
                if not future.done():
                    future.set_exception(WorkerDied(self._module))

    async def _kill(self) -> None:
        process, reader = self._process, self._reader
        self._process = self._reader = None
        if process is not None:
            if process.returncode is None:
                # Not process.kill(): it may reap the child itself, and then asyncio's watcher misses the exit status.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            if process.stdin is not None:
                process.stdin.close()
        if reader is not None:
            await asyncio.wait([reader])

    def _leave(self) -> None:
        """End an idle child: it ends by itself when its input is closed."""
        self._idle = None
        if not self._waiting and self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _cancel_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


def serve(functions: Mapping[str, Callable[[Any], Any]]) -> None:
    """Run the child's side: answer calls until the input ends. Coroutine functions run concurrently, others in turn.

    Standard output belongs to the protocol, so the output of libraries goes to standard error.
    """
    os.nice(NICENESS)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    asyncio.run(_serve(functions, answers))


async def _serve(functions: Mapping[str, Callable[[Any], Any]], answers: BinaryIO) -> None:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        while line := sys.stdin.buffer.readline():
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, b"")

    threading.Thread(target=read, daemon=True).start()
    running: set[asyncio.Task[None]] = set()
    while line := await lines.get():
        task = asyncio.create_task(_answer(functions, json.loads(line), answers))
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(0)
    for task in running:
        task.cancel()


async def _answer(functions: Mapping[str, Callable[[Any], Any]], call: dict[str, Any], answers: BinaryIO) -> None:
    try:
        result = functions[call["function"]](call["argument"])
        if inspect.isawaitable(result):
            result = await result
        answer: dict[str, Any] = {"id": call["id"], "result": result}
    except Exception as error:  # noqa: BLE001 - the parent raises it
        traceback.print_exc()
        facts = getattr(error, "facts", {})
        answer = {"id": call["id"], "error": {"kind": type(error).__name__, "text": str(error), "facts": facts}}
    data = (json.dumps(answer) + "\n").encode()
    while data:
        data = data[answers.write(data) :]

"""Starts the program's own processes warm: a test that starts one waits for no imports, which took most of its time.

For each module in `_SERVER_OF` that is started with `python -m`, a server (tests/warm_server.py) imports once, for each
test process, what such a process imports, and forks at each start. What it forks is a child of the test process, with
an id, signals and an exit status of its own; arguments, environment, folder and pipes are those it was started with.

`cold_start` is for tests of a start itself. What changes Python's own start (`python -c`, `PYTHONUTF8`) is always cold.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

# Which server forks a module's processes, and what it imports: what their starts import, sooner or later.
_SERVER_OF = {
    "bot": "program",
    "tests.core.collecting.import_process": "program",
    "tests.storage.program": "program",
    "tests.warm_echo": "program",
    "tests.bot.killed_courier": "program",
    "bench.fakes": "program",
    "bench.kill": "program",
    "core.analysis.nlp": "reader",
    "core.analysis.learner": "learner",
    "tests.core.analysis.quick_reader": "learner",
    "core.charts.drawing": "drawer",
    "core.gateways.llm_worker": "model",
}
_IMPORTS = {
    "program": (
        "bot.cli",
        "bot.chats",
        "bot.main",
        "bot.discord_app.client",
        "bot.slack_app.client",
        "bot.terminal_app.client",
        "bot.doctor",
        "bench.fakes",
        "bench.kill",
        "praw",
    ),
    "reader": ("core.analysis.nlp", "spacy.lang.en"),
    "learner": ("core.analysis.learner", "core.analysis.learning"),
    "drawer": ("core.charts.drawing",),
    "model": ("core.gateways.llm_worker", "litellm"),
}

# What is read after the imports, or followed by what is forked. matplotlib reads its own with them, and finds there
# what it wrote itself: the machine's fonts. scikit-learn leaves its own in the environment of whatever imports it.
_READ_LATE = ("BCRAO_", "PYTEST_", "PYTHONPATH=", "MPLCONFIGDIR=", "KMP_")

_SERVERS_MAX = 8  # each keeps some 100 MiB
_PR_SET_CHILD_SUBREAPER = 36
_ROOT = Path(__file__).resolve().parents[1]

_is_cold = False
_lock = threading.Lock()
_servers: dict[tuple[int, str, frozenset[bytes]], _Server] = {}


def start_processes_warm() -> None:
    """From now on. Only Linux hands a process's children over to who asks for them."""
    if not sys.platform.startswith("linux"):
        return
    start_cold: Callable[..., int] = subprocess._fork_exec  # type: ignore[attr-defined]

    def start(args: Sequence[Any], executables: Any, close_fds: bool, keep: Any, cwd: Any, env: Any, *rest: Any) -> int:
        pipes, (_, failed) = rest[:6], rest[6:8]
        new_session, like_its_parent = rest[9], rest[10:16]
        plain = keep == (failed,) and close_fds and like_its_parent == (-1, None, None, None, -1, None)
        words = [os.fsdecode(word) for word in args]
        environ = [name + b"=" + value for name, value in os.environb.items()] if env is None else list(env)
        if plain and _starts_warm(words, environ) and (cwd is None or os.path.isdir(cwd)):
            order = {
                "words": words[2:],
                "environ": [os.fsdecode(entry) for entry in environ],
                "folder": os.path.abspath(os.fsdecode(cwd or ".")),
                "new_session": bool(new_session),
            }
            pairs = zip((pipes[0], pipes[3], pipes[5]), (0, 1, 2), strict=True)
            return _server(words[2], environ).fork(order, [pipe if pipe != -1 else own for pipe, own in pairs])
        return start_cold(args, executables, close_fds, keep, cwd, env, *rest)

    subprocess._fork_exec = start  # type: ignore[attr-defined]


@contextlib.contextmanager
def cold_start() -> Iterator[None]:
    """Within the block, processes start as they do for people."""
    global _is_cold
    _is_cold = True
    try:
        yield
    finally:
        _is_cold = False


def end_servers() -> None:
    for key in [key for key in _servers if key[0] == os.getpid()]:
        _servers.pop(key).end()


def _starts_warm(words: Sequence[str], environ: Sequence[bytes]) -> bool:
    if _is_cold or len(words) < 3 or words[:2] != [sys.executable, "-m"] or words[2] not in _SERVER_OF:
        return False
    return _for_python(environ) == _for_python([name + b"=" + value for name, value in os.environb.items()])


def _for_python(environ: Sequence[bytes]) -> set[bytes]:
    """What the interpreter itself reads when it starts, except where modules are, which the server is told as well."""
    return {it for it in environ if it.startswith((b"PYTHON", b"LC_", b"LANG")) and not it.startswith(b"PYTHONPATH=")}


def _server(module: str, environ: Sequence[bytes]) -> _Server:
    """The one whose modules were imported under this environment. It gives children to one process: a copy of the
    tests' process (tools/mutant_trials.py) has its own.
    """
    late = tuple(os.fsencode(name) for name in _READ_LATE)
    name, read = _SERVER_OF[module], [entry for entry in environ if not entry.startswith(late)]
    key = os.getpid(), name, frozenset(read)
    with _lock:
        if key not in _servers:
            if len(_servers) == _SERVERS_MAX:
                _servers.pop(next(iter(_servers))).end()
            _servers[key] = _Server(_IMPORTS[name], dict(os.fsdecode(it).split("=", 1) for it in read))
        return _servers[key]


class _Server:
    def __init__(self, imports: Sequence[str], environ: Mapping[str, str]) -> None:
        self._socket, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                [sys.executable, str(_ROOT / "tests" / "warm_server.py"), str(its.fileno()), *imports],
                env=environ,
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._answers = self._socket.makefile()

    def fork(self, order: Mapping[str, Any], files: Sequence[int]) -> int:
        """Returns the id of a child of this process."""
        with _lock:
            # Whoever forks it leaves at once, and then it belongs to the nearest one above who takes in children.
            _take_in_children(True)
            try:
                data = json.dumps(order).encode()
                socket.send_fds(self._socket, [len(data).to_bytes(4)], files)
                self._socket.sendall(data)
                if not (answer := self._answers.readline()):
                    raise RuntimeError("the server of warm processes ended; standard error says why")
                return int(answer)
            finally:
                _take_in_children(False)

    def end(self) -> None:
        self._answers.close()
        self._socket.close()
        self._process.wait()


def _take_in_children(does: bool) -> None:
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(does), 0, 0, 0) != 0:
        raise OSError("this system does not let a process take in children")

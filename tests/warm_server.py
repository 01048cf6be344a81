"""Imports modules and forks for each start of a process that needs them (tests/warm.py):
`python warm_server.py SOCKET MODULE…`.

What is forked begins as a program of `python -m`: one thread, no event loop, the signals' usual handlers, streams of
its own. It leaves the loop below and runs the module where a started one would, so that it also ends like it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import threading
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO


def main(number: int, modules: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, and for what was forked
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    for module in modules:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=number) as orders:
        order, files = _serve(orders)
    _become(order, files)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _serve(orders: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Fork for each order; returns in the forked process only."""
    while True:
        length, files, _, _ = socket.recv_fds(orders, 4, 3)
        if not length:
            sys.exit()
        data = b""
        while len(data) < int.from_bytes(length):
            data += orders.recv(int.from_bytes(length) - len(data))
        assert threading.active_count() == 1, "a thread that an import started is not in what is forked"
        told, telling = os.pipe()
        between = os.fork()
        if between == 0:
            between = os.getpid()
            child = os.fork()
            if child == 0:
                os.close(told)
                os.close(telling)
                while os.getppid() == between:  # until that has left, this is no child of the test process
                    time.sleep(0.0005)
                return json.loads(data), files
            os.write(telling, b"%d\n" % child)
            os._exit(0)
        os.close(telling)
        for file in files:
            os.close(file)
        os.waitpid(between, 0)  # now the child is the test process's
        orders.sendall(os.read(told, 32))
        os.close(told)


def _become(order: dict[str, Any], files: list[int]) -> None:
    """Make this process what it was ordered to be."""
    if order["new_session"]:
        os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(entry.split("=", 1) for entry in order["environ"])
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _opened(number, getattr(sys, name))
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv[:] = order["words"]
    its_own = os.environ.get("PYTHONPATH", "")
    sys.path[:1] = [order["folder"], *(its_own.split(os.pathsep) if its_own else ())]
    if not hasattr(sys.modules.get(sys.argv[0]), "__path__"):
        sys.modules.pop(sys.argv[0], None)  # it was imported, and is run now
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _opened(number: int, stream: TextIO) -> TextIO:
    """As Python opens its standard streams, with the encoding that it chose."""
    at_once = number == 2 or os.isatty(number)
    binary = os.fdopen(number, "wb" if number else "rb", closefd=False)
    return TextIOWrapper(binary, stream.encoding, stream.errors, newline="\n", line_buffering=at_once)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

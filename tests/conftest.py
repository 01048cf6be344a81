"""What every room's tests share: time, a store on a real file, and somebody to act as."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import shutil
import signal
import sys
import zoneinfo
from collections.abc import AsyncIterator, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import Phase, is_hypothesis_test, settings

from core.model import Caller
from core.texts.zones import zone_names
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.compiled import share_compiled_statements
from tests.inline import run_statements_inline
from tests.migrated import lay_database
from tests.warm import cold_start, end_servers, start_processes_warm

# A property holds or not, however busy the machine is: no test is timed. `make test` looks at more examples than one
# waits for while working (--hypothesis-profile=thorough).
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=100)
# For tools/mutants.py: the same examples each time, and no search for the smallest one that fails.
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=10,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("quick")


# The databases wait for the disk at every commit (`synchronous = FULL`), because power may fail; in a test it may, and
# nothing of it is kept: they are in memory where there is room for them.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2 * 1024**3:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


# A shell starts what runs in the background with Ctrl-C ignored, and each process started here would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# As soon as `jsonschema` is imported, it builds grammars of addresses for more than a second, in each process. Nothing
# here has it look at the form of an address.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # what cannot be imported stands there as None


share_compiled_statements()
run_statements_inline()
start_processes_warm()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Leave the modules and the tests themselves out of garbage collections, because they stay to the end: a million
    objects, and going through them took a fifth of the time of the tests.
    """
    if (coverage := _coverage(session.config)) is not None:
        if not session.config.pluginmanager.hasplugin("dsession"):  # which leaves tests to other processes
            _import_measured(coverage)
        coverage.pause()
    gc.disable()
    try:
        _import_a_share_first(session.config)
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    end_servers()


def _import_a_share_first(config: pytest.Config) -> None:
    """Let each of several processes begin with modules that the others import later: in a new clone each of them
    would compile all of them at the same time, for as long as importing them takes.
    """
    process = getattr(config, "workerinput", None)
    if process is None or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    modules = sorted(Path("tests").rglob("test_*.py"))
    number, count = int(process["workerid"].removeprefix("gw")), process["workercount"]
    for path in modules[len(modules) * number // count :] if number else ():
        with contextlib.suppress(Exception):  # whoever collects that module tells of it
            importlib.import_module(".".join(path.with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is no unit test by what it needs, so that nobody has to remember to."""
    for item in items:
        assert isinstance(item, pytest.Function)
        from_modules = _taken_by(item.module.__name__)
        if "database_url" in item.fixturenames or from_modules & {"bot.main", "storage.database"}:
            item.add_marker("database")
        if any(module.startswith(("tests.fakes.", "tests.bot.platforms")) for module in from_modules):
            item.add_marker("wire")
        if "core.charts.drawing" in from_modules:
            item.add_marker("pictures")
    if hasattr(config, "workerinput"):  # this is one of several processes
        _put_long_ones_first(items)


@cache
def _taken_by(tests: str) -> frozenset[str]:
    """The modules that a module of tests takes something from, directly or through what helps it."""
    found: set[str] = set()
    left = [tests]
    while left:
        things = vars(sys.modules[left.pop()]).values()
        taken = {str(getattr(thing, "__module__", "")) for thing in things} - found
        left += [name for name in taken if name.startswith("tests.") and name in sys.modules]
        found |= taken
    return frozenset(found)


# ---------------------------------------------------------------- several processes, with -n


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give each process whole modules, so that what a module shares is made once."""
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False  # the order is that of `_put_long_ones_first`
    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = _scope
    return scheduling


# Modules of which one process takes all, because they share what is costly to start.
_TOGETHER = {
    "tests/storage/": "PostgreSQL's server",
    "tests/core/gateways/test_llm.py": "litellm's process",
    "tests/core/drafting/test_injection.py": "litellm's process",
    "tests/core/drafting/test_model_writer.py": "litellm's process",
    "tests/core/drafting/test_verifying.py": "litellm's process",
}


def _scope(nodeid: str) -> str:
    """What a test is in one process with: its module, or what that shares with others."""
    return next((shared for start, shared in _TOGETHER.items() if nodeid.startswith(start)), nodeid.partition("::")[0])


def _put_long_ones_first(items: list[pytest.Item]) -> None:
    """Sort modules by how long they take, roughly, so that at the end no core waits for another's long one."""

    def place(item: pytest.Item) -> int:
        assert isinstance(item, pytest.Function)
        if _scope(item.nodeid) in _TOGETHER.values():
            return 0
        if item.get_closest_marker("process") is not None:
            return 1
        if is_hypothesis_test(item.obj) or item.get_closest_marker("long") is not None:
            return 2
        return 3 if item.get_closest_marker("wire") is not None else 4

    places = dict[Path, int]()
    for item in items:
        places[item.path] = min(places.get(item.path, 4), place(item))
    items.sort(key=lambda item: places[item.path])


# ---------------------------------------------------------------- of which tests coverage is measured, with --cov


class _Coverage(Protocol):
    """What pytest-cov, which has no types, measures with."""

    started: bool
    cov: Any

    def pause(self) -> None: ...
    def resume(self) -> None: ...


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure coverage while a test runs whose room is measured, and its fixtures, and not otherwise, because it makes
    tests slower by half (docs/decisions/0022).
    """
    if (coverage := _coverage(item.config)) is not None and coverage.started != (
        wanted := _is_measured(item, coverage)
    ):
        (coverage.resume if wanted else coverage.pause)()
    return (yield)


def _is_measured(item: pytest.Item, coverage: _Coverage) -> bool:
    """Whether it is a test of a measured room, and neither a property nor long: a property's hundred examples reach the
    same lines a hundred times, at three times the price, and so do a text of 40,000 characters and days of looks.
    """
    assert isinstance(item, pytest.Function)
    is_of_room = item.nodeid.startswith(tuple(f"tests/{room}/" for room in _rooms(coverage)))
    return is_of_room and not is_hypothesis_test(item.obj) and item.get_closest_marker("long") is None


def _coverage(config: pytest.Config) -> _Coverage | None:
    """None without --cov."""
    plugin = config.pluginmanager.getplugin("_cov")
    found: _Coverage | None = plugin.cov_controller if plugin is not None else None
    return found


def _rooms(coverage: _Coverage) -> list[str]:
    """The folders whose coverage is measured, by the tests of the same folders below tests/."""
    rooms: list[str] = coverage.cov.get_option("run:source")
    return rooms


def _import_measured(coverage: _Coverage) -> None:
    """Import the measured modules while coverage is on: their definitions run once."""
    for room in _rooms(coverage):
        for path in sorted(Path(room).rglob("*.py")):
            importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


CALLER = Caller("terminal:local", "alice", "alice", "test-correlation")


@pytest.fixture
def caller() -> Caller:
    return CALLER


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of this test's own migrated SQLite database. `store` has it open exclusively."""
    return f"sqlite:///{lay_database(tmp_path / 'bcrao.sqlite')}"


@pytest.fixture
async def store(database_url: str, clock: FixedClock, caller: Caller) -> AsyncIterator[Store]:
    """A store in which `caller`'s workspace exists and nothing else does."""
    database = await open_database(database_url)
    opened = Store(database)
    await opened.ensure_workspace(caller.workspace_id, "terminal", "Terminal", clock.now())
    yield opened
    await database.close()


@pytest.fixture
def cold_processes() -> Iterator[None]:
    """Processes start as they do for people."""
    with cold_start():
        yield


@pytest.fixture
def no_zone_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without zone data: a slim image from which tzdata was left out, the package as well."""
    known = zoneinfo.TZPATH
    for name in ("tzdata", "tzdata.zoneinfo"):
        monkeypatch.setitem(sys.modules, name, None)
    zone_names.cache_clear()
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath(to=())
    yield
    zoneinfo.reset_tzpath(to=known)
    zone_names.cache_clear()
    zoneinfo.ZoneInfo.clear_cache()

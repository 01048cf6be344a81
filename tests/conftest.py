"""What every room's tests share: time, a store on a real file, and somebody to act as."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import zoneinfo
from collections.abc import AsyncIterator, Generator, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, is_hypothesis_test, settings

from core.model import Caller
from core.texts.zones import zone_names
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.migrated import lay_database

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


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave the modules and the tests themselves out of garbage collections, because they stay to the end: a million
    objects, and going through them took a fifth of the time of the tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is no unit test by what it needs, so that nobody has to remember to.

    A property's hundred examples reach the same lines a hundred times, at three times the price, and so does a text of
    40,000 characters: no coverage is measured by them (docs/decisions/0022).
    """
    for item in items:
        assert isinstance(item, pytest.Function)
        from_modules = _taken_by(item.module.__name__)
        if "database_url" in item.fixturenames or from_modules & {"bot.main", "storage.database"}:
            item.add_marker("database")
        if any(module.startswith(("tests.fakes.", "tests.bot.platforms")) for module in from_modules):
            item.add_marker("wire")
        if "core.charts.drawing" in from_modules:
            item.add_marker("pictures")
        if item.get_closest_marker("postgres") is not None:
            item.add_marker(pytest.mark.xdist_group("postgres"))  # one server, not one for each process
        if _is_property(item) or item.get_closest_marker("long") is not None:
            item.add_marker("no_cover")


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


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Freeze again what a program that ran whole has thawed at its end (bot/garbage.py)."""
    assert isinstance(item, pytest.Function)
    if _thaws(item.module.__name__) and gc.get_freeze_count() == 0:
        gc.collect()
        gc.freeze()


@cache
def _thaws(tests: str) -> bool:
    names = {str(getattr(thing, "__qualname__", "")) for thing in vars(sys.modules[tests]).values()}
    return bool(names & {"run", "collecting_when_idle"})


def _is_property(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)


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

"""A plugin of pytest that tries mutants (tools/mutants.py): collects the tests once, then runs them in forked children.

A child begins with every module loaded and no test run: a memo that an earlier test filled would hide a mutant. Without
a mutant the tests of each module run once, to see which functions each test reaches and how long it takes; that is kept
until the module, the program or what tests share changes. Then for each mutant those tests run that reach its function,
the quickest and those of its own module first, and the first that fails ends it. Tests beyond `SECONDS` of processor
time are left out, and `SLOW` ones where others reach the place: they could only kill more. A mutant has survived when
all others passed.

The plan is a JSON file, named by BCRAO_MUTANTS: {"mutants": [name, …], "minutes": how long they may take, or null,
"reached": the kept file, "key": a fingerprint of all but the tests' modules, "verdicts": a file}. Verdicts that the
file holds stay; the others are written into it. A verdict is one of the words below.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import pytest
from mutants import AT_IMPORT, KILLED, LATE, SURVIVED, UNREACHED
from mutmut.mutation import trampoline

SLOW = ("process", "long")  # markers: they wait for processes, or read texts as long as Reddit takes
SECONDS = 10.0  # processor time of a mutant's tests; scenarios of many days would take minutes for each that survives
MARGIN, TIMES = 30.0, 12  # seconds that a child may take, and how often what its tests took without a mutant

_reached: set[str] = set()
_failed: list[str] = []


def _note(name: str, caller: str | None = None) -> None:
    _reached.add(name)


vars(trampoline)["record_trampoline_hit"] = _note  # its own also keeps who called whom, for every call


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.append(f"{report.nodeid}\n{report.longreprtext}")


def pytest_runtestloop(session: pytest.Session) -> bool:
    at_import = sorted(_reached)
    plan = json.loads(Path(os.environ["BCRAO_MUTANTS"]).read_text("utf-8"))
    gc.collect()
    gc.freeze()
    known = {"at_import": at_import, "tests": _reach(session, Path(plan["reached"]), plan["key"])}
    kept = Path(plan["verdicts"])
    verdicts: dict[str, str] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    ends = time.monotonic() + 60 * (plan["minutes"] or 60 * 24)
    for name in plan["mutants"]:
        if time.monotonic() > ends:
            break
        if name not in verdicts:
            verdicts[name] = _verdict(session, name, known)
            kept.write_text(json.dumps(verdicts, indent=1), "utf-8")
    return True


def _reach(session: pytest.Session, kept: Path, key: str) -> dict[str, dict[str, Any]]:
    """By test: the seconds it takes and the functions it reaches. Ends the run when a test fails without a mutant."""
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    known: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    every: dict[str, dict[str, Any]] = {}
    for path, its in groupby(session.items, lambda item: item.path):
        module = str(path.relative_to(session.config.rootpath))
        fingerprint = f"{key} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        if known.get(module, {}).get("fingerprint") != fingerprint:
            known[module] = {"fingerprint": fingerprint, "tests": _reach_of(module, list(its))}
            kept.write_text(json.dumps(known), "utf-8")
        every |= known[module]["tests"]
    return every


def _reach_of(module: str, items: Sequence[pytest.Item]) -> dict[str, Any]:
    def look() -> str:
        seen = {}
        for item, following in zip(items, [*items[1:], None], strict=True):
            _reached.clear()
            began = time.process_time()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            seen[item.nodeid] = {"seconds": round(time.process_time() - began, 4), "reached": sorted(_reached)}
        return json.dumps({"failed": _failed, "seen": seen})

    said = json.loads(_in_child(look, 1800) or '{"failed": ["it did not end"]}')
    if said["failed"]:
        raise pytest.UsageError(f"{module}: without a mutant, {said['failed'][0]}")
    seen: dict[str, Any] = said["seen"]
    return seen


def _verdict(session: pytest.Session, name: str, known: dict[str, Any]) -> str:
    function = name.partition("__mutmut_")[0]
    if function in known["at_import"]:
        return AT_IMPORT
    tests = {test: its["seconds"] for test, its in known["tests"].items() if function in its["reached"]}
    if not tests:
        return UNREACHED
    own = f"/test_{name.rpartition('.')[0].rpartition('.')[2]}"  # core.texts.gone.x_by__mutmut_1: test_gone….py
    by_id = {item.nodeid: item for item in session.items}
    quick = [test for test in tests if not any(by_id[test].get_closest_marker(name) for name in SLOW)]
    order = sorted(quick or tests, key=lambda test: (tests[test] / (20 if own in test else 1), test))
    so_far = list(accumulate(tests[test] for test in order))
    order = [test for test, seconds in zip(order, so_far, strict=True) if seconds <= max(SECONDS, so_far[0])]
    items = [by_id[test] for test in order]

    def attempt() -> str:
        os.environ["MUTANT_UNDER_TEST"] = name
        return KILLED if _one_fails(items) else SURVIVED

    said = _in_child(attempt, MARGIN + TIMES * sum(tests[test] for test in order))
    # A child that said nothing was ended by the mutant (`os._exit`, a signal, no stack left).
    return LATE if said is None else said or KILLED


def _one_fails(items: Sequence[pytest.Item]) -> bool:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if _failed:
            return True
    return False


def _in_child(work: Callable[[], str], seconds: float) -> str | None:
    """What `work` returns in a process of its own; "" when it raises; None when it has not ended in time."""
    folder = tempfile.mkdtemp(prefix="mutant-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
            said = work().encode("utf-8")
            while said:
                said = said[os.write(write, said) :]
        finally:
            os._exit(0)
    os.close(write)
    said, ends = b"", time.monotonic() + seconds
    late = False
    while not late:
        late = not select.select([read], [], [], max(0.0, ends - time.monotonic()))[0]
        part = b"" if late else os.read(read, 1 << 20)
        said += part
        if not part:
            break
    os.close(read)
    _end(pid)
    shutil.rmtree(folder, ignore_errors=True)
    return None if late else said.decode("utf-8")


def _end(child: int) -> None:
    """A test that was left in its middle leaves processes: they are of its child's group."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):  # not yet a group, or gone
            kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

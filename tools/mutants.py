"""Measure whether the tests notice small mistakes: `python tools/mutants.py [part of a path …]`, or `make mutants`.

`tools/mutant_making.py` makes every small mistake (a mutant) in a copy of the program under `build/mutants/`, and
`tools/mutant_trials.py` runs, for one mutant at a time, the tests that reach the mistaken function. A mutant is killed
when one of them fails. One whose tests did not end in time is not counted: the mistake may never end, or the machine
was busy. Of each room `sample` mutants are tried (`[tool.mutants]` in pyproject.toml), drawn over all mutants of all
its files: the room's score is an estimate with an interval. Which ones follows from a seed and the names, so that
everybody tries the same.

What came out for a room is kept in `docs/mutants/`, and `docs/mutants.md` is written again from all results there.
When only a part of a room is asked for, its result is printed and not kept: it says nothing about the room.
`tools/surviving_mutants.toml` says why a survivor may stay.
"""

from __future__ import annotations

import argparse
import difflib
import fnmatch
import hashlib
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutants.md"
REASONS = ROOT / "tools" / "surviving_mutants.toml"
WORK = ROOT / "build" / "mutants"
RESULTS = ROOT / "docs" / "mutants"
GOAL = 85  # per cent

# What became of a mutant (tools/mutant_trials.py).
KILLED, SURVIVED, UNREACHED, LATE = "killed", "survived", "reached by no test", "no verdict in time"
AT_IMPORT = "reached while modules are loaded"  # a forked child comes too late: it is tried in a process of its own

INTRODUCTION = """\
# Do the tests notice a mistake?

`make mutants` makes small mistakes in the program, one at a time (a bound moved by one, a condition dropped, an
argument left out, a word changed), and runs the tests that reach the place. A mistake that no test notices has
survived. The aim is {goal}% killed. `tools/mutants.py` writes this page; mutmut makes the mistakes, and we added those
that had survived here by hand: `min` for `max`, a sorting left out, one side of an `and` dropped, a limit of a list
removed (docs/decisions/0021).

Of each room a sample is drawn over all mistakes of all its files by the seed that the table names, the same on every
machine, and tried in a random order, all of it or as many as the time allowed; the interval (Wilson's, 95%) says how
far the score of all the room's mistakes may be from that of those tried. After tests were written for the survivors of
one sample, another seed shows how far they carry. A room is measured by its own tests (`[tool.mutants]`), the quickest
first; for each mistake they may take ten seconds of a processor, and slower ones (or those that start processes) are
left out, which could only notice more. PostgreSQL is left out: `make test` runs the storage's tests on both engines.
Mistakes whose tests did not end in time are left out of the score, because a busy machine looks the same. The commit
is that of the program. A survivor that a later test notices stays in the figure and names that test.
"""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mistake that no test noticed: in which file and function, and how its lines read before and after."""

    file: str
    function: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came out for one file: how many mutants it has, how many were tried, what became of those."""

    file: str
    possible: int
    tried: int
    killed: int
    timeouts: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for a room's sample. `day` is a date in UTC, `commit` the one whose files were measured."""

    room: str
    day: str
    commit: str
    seed: int
    files: tuple[Tried, ...]
    survivors: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        return sum(file.killed for file in self.files)

    @property
    def counted(self) -> int:
        """How many mutants had a verdict."""
        return sum(file.tried - file.timeouts for file in self.files)

    @staticmethod
    def read(path: Path) -> Result:
        kept = json.loads(path.read_text("utf-8"))
        files = tuple(Tried(**file) for file in kept.pop("files"))
        return Result(**kept | {"files": files, "survivors": tuple(Survivor(**one) for one in kept["survivors"])})


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


def configured() -> tuple[tuple[Room, ...], int, int]:
    """The rooms whose tests are measured, how many mutants of a room are tried, and the seed of the sample."""
    kept = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutants"]
    rooms = tuple(Room(name, _files(name, room), tuple(room["tests"])) for name, room in kept["rooms"].items())
    return rooms, kept["sample"], kept["seed"]


def _files(room: str, kept: dict[str, Any]) -> tuple[str, ...]:
    every = sorted(str(path.relative_to(ROOT)) for path in (ROOT / room).rglob("*.py"))
    left_out = [f"{room}/{pattern}" for pattern in kept.get("without", ())]
    return tuple(
        name
        for name in every
        if not name.endswith("__init__.py") and not any(fnmatch.fnmatch(name, pattern) for pattern in left_out)
    )


def measure(room: Room, files: Sequence[str], sample: int, seed: int, minutes: float | None = None) -> Result:
    """Try a sample of the mutants of these files, or the part of it that `minutes` allow: they come in a random order.
    Ends the program when the tests fail without a mistake.
    """
    folder = WORK / room.name.replace("/", "-")
    day, commit = datetime.now(UTC).date().isoformat(), _git("rev-parse", "--short", "HEAD")
    key = _copy(folder, room)
    # Also of files whose mutants are not tried: which functions a test reaches is kept for the whole room.
    made = _made(folder, room.files)
    chosen = _sample({file: made[file]["names"] for file in files}, sample, seed)
    shuffled = [name for _, name in chosen]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    verdicts = _tried(folder, room, key, shuffled, minutes)
    tried, left = [], []
    for file in files:
        came_out = {name: verdicts[name] for its, name in chosen if its == file and name in verdicts}
        counts = Counter(came_out.values())
        tried.append(Tried(file, len(made[file]["names"]), len(came_out), counts[KILLED], counts[LATE]))
        survivors = [name for name, verdict in came_out.items() if verdict not in (KILLED, LATE)]
        left += [_survivor(folder / file, file, made[file]["spans"], name) for name in survivors]
    return Result(room.name, day, commit, seed, tuple(tried), tuple(left))


def _copy(folder: Path, room: Room) -> str:
    """A copy of what git knows. Returns a fingerprint of what decides which functions a test reaches, but the tests."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    fingerprint = hashlib.sha256(json.dumps(room.files).encode())
    for path in map(Path, sorted(filter(None, listed.split("\0")))):
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
            is_shared = path.parts[0] in ("core", "storage", "tests") and not path.name.startswith("test_")
            if is_shared or path.name in ("mutant_making.py", "mutant_trials.py"):
                fingerprint.update(hashlib.sha256((ROOT / path).read_bytes()).digest())
    return fingerprint.hexdigest()


def _made(folder: Path, files: Sequence[str]) -> dict[str, Any]:
    """By file its mutants' `names`, and the `spans` of their lines (tools/mutant_making.py)."""
    command = [sys.executable, str(ROOT / "tools" / "mutant_making.py"), str(WORK / "made"), *files]
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


def _sample(possible: Mapping[str, Sequence[str]], most: int, seed: int) -> list[tuple[str, str]]:
    """(file, mutant): each mutant of all files has the same chance."""
    every = sorted((file, name) for file, names in possible.items() for name in names)
    return sorted(random.Random(seed).sample(every, min(most, len(every))))  # noqa: S311 - no secret


def _tried(folder: Path, room: Room, key: str, names: Sequence[str], minutes: float | None) -> dict[str, str]:
    """By mutant its verdict, one of the words above; of the first of `names` only, when the time was over before. What
    was tried with the same program and the same tests is not tried again.
    """
    plan, said = folder.with_suffix(".plan.json"), folder.with_suffix(f".{_fingerprint(folder, room, key)}.json")
    reached = folder.with_suffix(".reached.json")
    planned = {"mutants": names, "minutes": minutes, "reached": str(reached), "key": key, "verdicts": str(said)}
    plan.write_text(json.dumps(planned), "utf-8")
    folder.with_suffix(".log").unlink(missing_ok=True)
    done = _pytest(folder, room.tests, "stats", plan)
    if done != 0 or not said.exists():
        raise SystemExit(f"{room.name}: pytest ended with {done}; what it said is in {folder.with_suffix('.log')}")
    verdicts: dict[str, str] = json.loads(said.read_text("utf-8"))
    for name in [name for name, verdict in verdicts.items() if verdict == AT_IMPORT]:
        stem = name.rpartition(".")[0].rpartition(".")[2]
        own = sorted(
            str(path.relative_to(folder)) for tests in room.tests for path in (folder / tests).glob(f"test_{stem}*")
        )
        done = _pytest(folder, [*own, *room.tests], name)
        verdicts[name] = LATE if done is None else KILLED if done else SURVIVED
    said.write_text(json.dumps(verdicts, indent=1), "utf-8")
    return {name: verdicts[name] for name in names if name in verdicts}


def _fingerprint(folder: Path, room: Room, key: str) -> str:
    """Of all that decides a verdict: `key` and the room's tests."""
    tests = {path for name in room.tests for path in (folder / name, *(folder / name).rglob("*.py")) if path.is_file()}
    whole = [key, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(tests))]
    return hashlib.sha256(" ".join(whole).encode()).hexdigest()[:16]


def _pytest(folder: Path, tests: Sequence[str], mutant: str, plan: Path | None = None) -> int | None:
    """How pytest ended, or None when a mutant's tests did not end within half an hour."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutants"]
    planned = ["-p", "mutant_trials"] if plan else ["-x"]
    environment = {
        "BCRAO_TEST_MIGRATED": str(folder / "migrated.sqlite"),
        "BCRAO_MUTANTS": str(plan),
        "MUTANT_UNDER_TEST": mutant,
        "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'tools'}",
        "PYTEST_DEBUG_TEMPROOT": str(_memory()),
    }
    with folder.with_suffix(".log").open("ab") as log:
        try:
            return subprocess.run(
                [sys.executable, "-m", "pytest", *planned, *settings["pytest"], *tests],
                cwd=folder,
                check=False,
                env=os.environ | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=None if plan else 1800,
            ).returncode
        except subprocess.TimeoutExpired:
            return None


def _memory() -> Path:
    """Where the tests' databases are for a moment: in memory where there is room (as in tests/conftest.py)."""
    memory = Path("/dev/shm")  # noqa: S108 - each child has a folder of its own in it
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _survivor(made: Path, file: str, spans: Mapping[str, Sequence[int]], name: str) -> Survivor:
    mangled = name.rpartition(".")[2]
    lines = made.read_text("utf-8").splitlines()
    was_and_becomes = []
    for its in (mangled.partition("__mutmut_")[0] + "__mutmut_orig", mangled):
        begins, ends = spans[its]
        was_and_becomes.append([line.replace(its, "") for line in lines[begins - 1 : ends]])
    before, after = was_and_becomes
    changed = [line for line in difflib.ndiff(before, after) if line[:1] in "+-"]
    was, becomes = (" ".join(line[2:].strip() for line in changed if line[0] == sign) for sign in "-+")
    function = re.sub(r"^x_|^xǁ|__mutmut_\d+$", "", mangled).replace("ǁ", ".")
    return Survivor(file, function, was, becomes)


# ---------------------------------------------------------------- the page


def page(rooms: Sequence[Room], results: Mapping[str, Result]) -> str:
    """docs/mutants.md: the rooms' scores, then for each room its files and each survivor with its reason."""
    reasons = {
        (reason["file"], reason["was"], reason["becomes"]): str(reason["reason"])
        for reason in tomllib.loads(REASONS.read_text("utf-8")).get("survivor", [])
    }
    measured = [results[room.name] for room in rooms if room.name in results]
    parts = [INTRODUCTION.format(goal=GOAL), *_totals(rooms, results)]
    for result in measured:
        parts += ["", f"## {result.room}", "", *_table(result), *_survivors(result, reasons)]
    return "\n".join(parts) + "\n"


def _totals(rooms: Sequence[Room], results: Mapping[str, Result]) -> Iterator[str]:
    yield "| Room | Mutants | Tried | No verdict in time | Killed | Score | Interval | Seed | Measured on | at commit |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for room in rooms:
        r = results.get(room.name)
        if r is None:
            yield f"| {room.name} | not measured | | | | | | | | |"
            continue
        possible, tried = sum(file.possible for file in r.files), sum(file.tried for file in r.files)
        low, high = wilson(r.killed, r.counted)
        yield (
            f"| {room.name} | {possible} | {tried} | {tried - r.counted} | {r.killed} | {_score(r.killed, r.counted)} "
            f"| {100 * low:.0f}–{100 * high:.0f}% | {r.seed} | {r.day} | {r.commit} |"
        )


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Wilson's interval of a share, for 95%, between 0 and 1. Without any tried it is 0 to 1."""
    if not tries:
        return 0.0, 1.0
    z = 1.959964
    middle = (hits + z * z / 2) / (tries + z * z)
    reach = z / (tries + z * z) * math.sqrt(hits * (tries - hits) / tries + z * z / 4)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _table(result: Result) -> Iterator[str]:
    yield "| File | Mutants | Tried | No verdict in time | Killed |"
    yield "|---|---|---|---|---|"
    for its in result.files:
        yield f"| `{its.file}` | {its.possible} | {its.tried} | {its.timeouts} | {its.killed} |"


def _survivors(result: Result, reasons: Mapping[tuple[str, str, str], str]) -> Iterator[str]:
    if result.survivors:
        yield from ("", "Survivors:", "")
    for s in result.survivors:
        reason = reasons.get((s.file, s.was, s.becomes), "not read yet")
        yield f"- `{s.file}`, {s.function}: `{_cell(s.was)}` → `{_cell(s.becomes)}`. {reason}"


def _cell(text: str) -> str:
    return text.replace("`", "'")


def _score(killed: int, counted: int) -> str:
    return f"{100 * killed / counted:.0f}%" if counted else "–"


def _tell(result: Result) -> None:
    low, high = wilson(result.killed, result.counted)
    said = f"{result.killed} of {result.counted} killed ({_score(result.killed, result.counted)}"
    print(f"{result.room}: {said}, {100 * low:.0f}–{100 * high:.0f}%)")
    for one in result.survivors:
        print(f"    {one.file}, {one.function}\n      - {one.was}\n      + {one.becomes}")


def _write_page(rooms: Sequence[Room]) -> None:
    results = [Result.read(path) for path in sorted(RESULTS.glob("*.json"))]
    PAGE.write_text(page(rooms, {result.room: result for result in results}), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure whether the tests notice small mistakes.")
    parser.add_argument("only", nargs="*", help="parts of the files' paths; without: all rooms that are configured")
    parser.add_argument("--sample", type=int, help="how many mutants of a room are tried")
    parser.add_argument("--seed", type=int, help="another one tries others")
    parser.add_argument("--minutes", type=float, help="for a room's mutants: what has not been tried then is left out")
    asked = parser.parse_args()
    rooms, sample, seed = configured()
    sample, seed = asked.sample or sample, seed if asked.seed is None else asked.seed
    os.nice(5)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for room in rooms:
        files = tuple(file for file in room.files if not asked.only or any(part in file for part in asked.only))
        if not files:
            continue
        result = measure(room, files, sample, seed, asked.minutes)
        _tell(result)
        if files == room.files:
            kept = RESULTS / f"{room.name.replace('/', '-')}.json"
            kept.write_text(json.dumps(asdict(result), indent=1, ensure_ascii=False), "utf-8")
            _write_page(rooms)
    return 0


if __name__ == "__main__":
    sys.exit(main())

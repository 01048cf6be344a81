"""Measure whether the tests notice small mistakes: `python tools/mutants.py [part of a path …]`, or `make mutants`.

mutmut makes one small mistake (a mutant) at a time in a copy of the program under `build/mutants/` and runs the tests
that reach the mistaken function. A mutant is killed when one of them fails. One whose tests did not end in time is not
counted: the mistake may never end, or the machine was busy. Of each room `sample` mutants are tried
(`[tool.mutants]` in pyproject.toml), drawn over all mutants of all its files: the room's score is an estimate with an
interval. Which ones follows from a seed and the names, so that everybody tries the same.

What came out for a room is kept in `build/mutants/results/`, and `docs/mutants.md` is written again from all results.
When only a part of a room is asked for, its result is printed and not kept: it says nothing about the room.
`tools/surviving_mutants.toml` says why a survivor may stay.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutants.md"
REASONS = ROOT / "tools" / "surviving_mutants.toml"
WORK = ROOT / "build" / "mutants"
RESULTS = WORK / "results"
GOAL = 85  # per cent

INTRODUCTION = """\
# Do the tests notice a mistake?

`make mutants` makes small mistakes in the program, one at a time (a bound moved by one, a condition dropped, an
argument left out, a word changed), and runs the tests that reach the place. A mistake that no test notices has
survived. The aim is {goal}% killed. `tools/mutants.py` writes this page; mutmut makes the mistakes
(docs/decisions/0021).

Of each room some {sample} mistakes are tried, drawn over all mistakes of all its files by a seed in `pyproject.toml`,
the same on every machine; the interval (Wilson's, 95%) says how far the score of all the room's mistakes may be from
that of the sample. After tests were written for the survivors of one sample, another seed shows how far they carry.
A room is measured by its own tests (`[tool.mutants]`). PostgreSQL is left out: `make test` runs the storage's tests on
both engines. Mistakes whose tests did not end in time are left out of the score, because a busy machine looks the same.
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


def measure(room: Room, files: Sequence[str], sample: int, seed: int) -> Result:
    """Try a sample of the mutants of these files. Ends the program when the tests fail without a mistake."""
    folder = WORK / room.name.replace("/", "-")
    day, commit = datetime.now(UTC).date().isoformat(), _git("rev-parse", "--short", "HEAD")
    _copy(folder, room, files)
    possible = _mutants_of(folder, files)
    chosen = _sample(possible, sample, seed)
    said = folder.with_suffix(".log")
    with said.open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *(name for _, name in chosen)],
            cwd=folder,
            check=False,
            env=os.environ | {"BCRAO_TEST_MIGRATED": str(folder / "migrated.sqlite")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if done.returncode != 0:
        raise SystemExit(f"{room.name}: mutmut ended with {done.returncode}; what it said is in {said}")
    tried, left = [], []
    for file in files:
        counts, survivors = _verdicts(folder, file, len(possible[file]), [name for its, name in chosen if its == file])
        tried.append(counts)
        left += [_survivor(folder, file, name) for name in survivors]
    return Result(room.name, day, commit, seed, tuple(tried), tuple(left))


def _copy(folder: Path, room: Room, files: Sequence[str]) -> None:
    """A copy of what git knows, in which mutmut mistakes `files` only and runs the room's tests only."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    settings = folder / "pyproject.toml"
    text = settings.read_text("utf-8")
    for key, value in (("only_mutate", files), ("pytest_add_cli_args_test_selection", room.tests)):
        text, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {json.dumps(list(value))}", text)
        if found != 1:
            raise SystemExit(f"pyproject.toml: [tool.mutmut] needs one line that begins with `{key} = `.")
    settings.write_text(text, "utf-8")


_NAMES = """
import json, pathlib, sys
from mutmut.mutation.file_mutation import mutate_file_contents
def names(path):
    module = ".".join(path.with_suffix("").parts)
    return [f"{module}.{name}" for name in mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names]
print(json.dumps({file: names(pathlib.Path(file)) for file in sys.argv[1:]}))
"""


def _mutants_of(folder: Path, files: Sequence[str]) -> dict[str, list[str]]:
    """In a process of its own: mutmut reads its settings from the current folder, once."""
    command = [sys.executable, "-c", _NAMES, *files]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    names: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return names


def _sample(possible: Mapping[str, Sequence[str]], most: int, seed: int) -> list[tuple[str, str]]:
    """(file, mutant): each mutant of all files has the same chance."""
    every = sorted((file, name) for file, names in possible.items() for name in names)
    return sorted(random.Random(seed).sample(every, min(most, len(every))))  # noqa: S311 - no secret


def _verdicts(folder: Path, file: str, possible: int, chosen: Sequence[str]) -> tuple[Tried, list[str]]:
    """How many of a file's chosen mutants were killed, and which survived."""
    exits: dict[str, int | None] = {}
    if chosen:
        exits = json.loads((folder / "mutants" / f"{file}.meta").read_text("utf-8"))["exit_code_by_key"]
    killed = [name for name in chosen if exits[name] in (1, 3)]
    timeouts = [name for name in chosen if exits[name] in (-24, 24, 36, 152, 255, -9)]
    left = [name for name in chosen if name not in killed and name not in timeouts]
    return Tried(file, possible, len(chosen), len(killed), len(timeouts)), left


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _survivor(folder: Path, file: str, name: str) -> Survivor:
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    lines = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    function = re.sub(r"^x_|^xǁ|__mutmut_\d+$", "", name.rpartition(".")[2]).replace("ǁ", ".")
    return Survivor(file, function, was, becomes)


# ---------------------------------------------------------------- the page


def page(rooms: Sequence[Room], results: Mapping[str, Result], sample: int) -> str:
    """docs/mutants.md: the rooms' scores, then for each room its files and each survivor with its reason."""
    reasons = {
        (reason["file"], reason["was"], reason["becomes"]): str(reason["reason"])
        for reason in tomllib.loads(REASONS.read_text("utf-8")).get("survivor", [])
    }
    measured = [results[room.name] for room in rooms if room.name in results]
    parts = [INTRODUCTION.format(goal=GOAL, sample=sample), *_totals(rooms, results)]
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


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure whether the tests notice small mistakes.")
    parser.add_argument("only", nargs="*", help="parts of the files' paths; without: all rooms that are configured")
    parser.add_argument("--sample", type=int, help="how many mutants of a room are tried")
    parser.add_argument("--seed", type=int, help="another one tries others")
    asked = parser.parse_args()
    rooms, sample, seed = configured()
    sample, seed = asked.sample or sample, seed if asked.seed is None else asked.seed
    os.nice(15)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for room in rooms:
        files = tuple(file for file in room.files if not asked.only or any(part in file for part in asked.only))
        if not files:
            continue
        result = measure(room, files, sample, seed)
        _tell(result)
        if files == room.files:
            kept = RESULTS / f"{room.name.replace('/', '-')}.json"
            kept.write_text(json.dumps(asdict(result), indent=1, ensure_ascii=False), "utf-8")
    results = [Result.read(path) for path in sorted(RESULTS.glob("*.json"))]
    PAGE.write_text(page(rooms, {result.room: result for result in results}, sample), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Measure whether the tests notice small mistakes: `python tools/mutants.py [file …]`, or `make mutants`.

mutmut makes one small mistake (a mutant) at a time in a copy of the program under `build/mutants/` and runs the tests
that reach the mistaken function. A mutant is killed when one of them fails. One whose tests did not end in time is not
counted: the mistake may never end, or the machine was busy. Of each file at most
`sample` mutants are tried (`[tool.mutants]` in pyproject.toml); which ones follows from a seed, the file's name
and its mutants, so that everybody tries the same.

What came out is kept for each file in `build/mutants/results/`, and `docs/mutants.md` is written anew from all of it.
Why a survivor may live stands in `tools/surviving_mutants.toml`.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
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

Of each file at most {sample} mistakes are tried, chosen by the file's name and a seed in `pyproject.toml`, the same on
every machine. After tests were written for the survivors of one sample, another seed shows how far they carry.
PostgreSQL is left out: `make test` runs the storage's tests on both engines. Mistakes whose tests did not end in time
are left out of the score, because a busy machine looks the same.
"""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mistake that no test noticed: in which function, and how its lines read before and after."""

    function: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for one file: how many mutants it has, how many were tried, what became of those."""

    file: str
    day: str
    commit: str
    possible: int
    tried: int
    killed: int
    timeouts: int
    survivors: tuple[Survivor, ...]

    @staticmethod
    def read(path: Path) -> Result:
        kept = json.loads(path.read_text("utf-8"))
        return Result(**{**kept, "survivors": tuple(Survivor(**survivor) for survivor in kept["survivors"])})


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


def configured() -> tuple[tuple[Room, ...], int, int]:
    """The rooms whose tests are measured, how many mutants of a file are tried at most, and the seed of the sample."""
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


def measure(room: Room, files: Sequence[str], sample: int, seed: int) -> Iterator[Result]:
    """Try the sampled mutants of these files. Ends the program when the tests fail without a mistake."""
    folder = WORK / room.name.replace("/", "-")
    _copy(folder, room, files)
    possible = {file: _mutants_of(folder, file) for file in files}
    chosen = {file: _sample(file, names, sample, seed) for file, names in possible.items()}
    names = [name for sampled in chosen.values() for name in sampled]
    if names:
        said = folder.with_suffix(".log")
        with said.open("wb") as log:
            done = subprocess.run(
                [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names],
                cwd=folder,
                check=False,
                env=os.environ | {"BCRAO_TEST_MIGRATED": str(folder / "migrated.sqlite")},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if done.returncode != 0:
            raise SystemExit(f"{room.name}: mutmut ended with {done.returncode}; what it said is in {said}")
    for file in files:
        yield _result(folder, file, len(possible[file]), chosen[file])


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
path = pathlib.Path(sys.argv[1])
module = ".".join(path.with_suffix("").parts)
print(json.dumps([f"{module}.{n}" for n in mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names]))
"""


def _mutants_of(folder: Path, file: str) -> list[str]:
    """In a process of its own: mutmut reads its settings from the current folder, once."""
    done = subprocess.run([sys.executable, "-c", _NAMES, file], cwd=folder, check=True, capture_output=True, text=True)
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    return names


def _sample(file: str, names: Sequence[str], most: int, seed: int) -> list[str]:
    return sorted(random.Random(f"{seed} {file}").sample(sorted(names), min(most, len(names))))  # noqa: S311 - no secret


def _result(folder: Path, file: str, possible: int, chosen: Sequence[str]) -> Result:
    exits: dict[str, int | None] = {}
    if chosen:
        exits = json.loads((folder / "mutants" / f"{file}.meta").read_text("utf-8"))["exit_code_by_key"]
    killed = [name for name in chosen if exits[name] in (1, 3)]
    timeouts = [name for name in chosen if exits[name] in (-24, 24, 36, 152, 255, -9)]
    left = [name for name in chosen if name not in killed and name not in timeouts]
    return Result(
        file,
        datetime.now(UTC).date().isoformat(),
        _git("rev-parse", "--short", "HEAD"),
        possible,
        len(chosen),
        len(killed),
        len(timeouts),
        tuple(_survivor(folder, name) for name in left),
    )


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _survivor(folder: Path, name: str) -> Survivor:
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    lines = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return Survivor(re.sub(r"^x_|^xǁ|__mutmut_\d+$", "", name.rpartition(".")[2]).replace("ǁ", "."), was, becomes)


# ---------------------------------------------------------------- the page


def page(rooms: Sequence[Room], results: Sequence[Result], sample: int) -> str:
    """docs/mutants.md: a table for each room, then each survivor with its reason."""
    reasons = {
        (reason["file"], reason["was"], reason["becomes"]): str(reason["reason"])
        for reason in tomllib.loads(REASONS.read_text("utf-8")).get("survivor", [])
    }
    by_file = {result.file: result for result in results}
    parts = [INTRODUCTION.format(goal=GOAL, sample=sample), *_totals(rooms, by_file)]
    for room in rooms:
        measured = [by_file[file] for file in room.files if file in by_file]
        if measured:
            parts += ["", f"## {room.name}", "", *_table(measured), *_survivors(measured, reasons)]
    return "\n".join(parts) + "\n"


def _totals(rooms: Sequence[Room], by_file: dict[str, Result]) -> Iterator[str]:
    yield "| Room | Files measured | Mutants tried | Killed | Score |"
    yield "|---|---|---|---|---|"
    for room in rooms:
        measured = [by_file[file] for file in room.files if file in by_file]
        tried, killed = sum(r.tried - r.timeouts for r in measured), sum(r.killed for r in measured)
        yield f"| {room.name} | {len(measured)} of {len(room.files)} | {tried} | {killed} | {_score(killed, tried)} |"


def _table(measured: Sequence[Result]) -> Iterator[str]:
    yield "| File | Mutants | Tried | No verdict in time | Killed | Score | Measured on | at commit |"
    yield "|---|---|---|---|---|---|---|---|"
    for r in measured:
        yield (
            f"| `{r.file}` | {r.possible} | {r.tried} | {r.timeouts} | {r.killed} "
            f"| {_score(r.killed, r.tried - r.timeouts)} "
            f"| {r.day} | {r.commit} |"
        )


def _survivors(measured: Sequence[Result], reasons: dict[tuple[str, str, str], str]) -> Iterator[str]:
    if any(r.survivors for r in measured):
        yield ""
        yield "Survivors:"
        yield ""
    for r in measured:
        for s in r.survivors:
            reason = reasons.get((r.file, s.was, s.becomes), "not read yet")
            yield f"- `{r.file}`, {s.function}: `{_cell(s.was)}` → `{_cell(s.becomes)}`. {reason}"


def _cell(text: str) -> str:
    return text.replace("`", "'")


def _score(killed: int, tried: int) -> str:
    return f"{100 * killed / tried:.0f}%" if tried else "–"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure whether the tests notice small mistakes.")
    parser.add_argument("only", nargs="*", help="files, or parts of their paths; without: all that are configured")
    only = parser.parse_args().only
    rooms, sample, seed = configured()
    os.nice(19)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for room in rooms:
        files = [file for file in room.files if not only or any(part in file for part in only)]
        for result in measure(room, files, sample, seed) if files else ():
            kept = RESULTS / f"{result.file.replace('/', '-')}.json"
            kept.write_text(json.dumps(asdict(result), indent=1, ensure_ascii=False), "utf-8")
            tried = result.tried - result.timeouts
            print(f"{result.file}: {result.killed} of {tried} killed ({_score(result.killed, tried)})")
            for survivor in result.survivors:
                print(f"    {survivor.function}\n      - {survivor.was}\n      + {survivor.becomes}")
    kept_results = [Result.read(path) for path in sorted(RESULTS.glob("*.json"))]
    PAGE.write_text(page(rooms, kept_results, sample), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

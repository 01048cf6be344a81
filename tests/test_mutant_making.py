"""The mistakes that are made beside mutmut's, and what becomes of a mutant that tests reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import libcst as cst
import mutant_making
import mutants
import pytest

TEA = """
def steep(minutes, leaves):
    return min(minutes, 5) if leaves and minutes > 0 else None


def unseen():
    return 1


def cups(sizes):
    return sorted(sizes, reverse=True)[:3]


def _named(names):
    return frozenset(sorted(names))


KINDS = _named(["green", "black"])
"""
TESTS = """
import tea
import pytest

@pytest.mark.parametrize("minutes", [3, 9])
def test_tea_steeps_five_minutes_at_most(minutes):
    assert tea.steep(minutes, True) == (3 if minutes == 3 else 5)

def test_there_is_no_tea_without_leaves():
    assert tea.steep(4, False) is None

def test_the_largest_cups_come_first():
    assert tea.cups([1, 4, 2, 3]) == [4, 3, 2]
    assert tea.KINDS == {"green", "black"}
"""


def mistakes(of: str) -> set[str]:
    module = cst.parse_module(of)

    every: set[str] = set()

    class Visitor(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            for kind, operator in mutant_making.OURS:
                if isinstance(node, kind):
                    made = [module.deep_replace(node, mistaken) for mistaken in operator(node)]
                    every.update(whole.code.strip() for whole in made if isinstance(whole, cst.Module))
            return True

    module.visit(Visitor())
    return every


@pytest.mark.parametrize(
    ("code", "becomes"),
    [
        ("min(a, 2)", {"max(a, 2)"}),
        ("max(a)", {"min(a)"}),
        ("sorted(a, key=len)", {"list(a)"}),
        ("not (a and b)", {"not (a)", "not (b)"}),
        ("a or b and c", {"a", "b and c", "a or b", "a or c"}),
        ("(a + b)[:3]", {"(a + b)"}),
        ("a[0]", set()),
        ("it.max(a)", set()),
    ],
)
def test_a_mistake_of_ours_is_one_small_change(code: str, becomes: set[str]) -> None:
    assert mistakes(code) == becomes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program of one module with its tests, and the tools as they lie in a copy."""
    folder = tmp_path / "copy"
    (folder / "tools").mkdir(parents=True)
    for tool in ("mutants.py", "mutant_trials.py"):
        (folder / "tools" / tool).write_bytes((mutants.ROOT / "tools" / tool).read_bytes())
    (folder / "pyproject.toml").write_text('[tool.mutmut]\nsource_paths = ["."]\n', "utf-8")
    (folder / "tea.py").write_text(TEA, "utf-8")
    (folder / "test_tea.py").write_text(TESTS, "utf-8")
    return folder


def made(folder: Path, kept: Path) -> dict[str, dict[str, list[str]]]:
    command = [sys.executable, str(mutants.ROOT / "tools" / "mutant_making.py"), str(kept), "tea.py"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    read: dict[str, dict[str, list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return read


@pytest.mark.process
def test_a_mutant_is_killed_by_a_test_that_fails_and_survives_those_that_pass(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    names = made(folder, kept)["tea.py"]["names"]
    plan, verdicts = tmp_path / "plan.json", tmp_path / "verdicts.json"
    plan.write_text(
        json.dumps(
            {
                "mutants": names,
                "minutes": None,
                "reached": str(tmp_path / "reached"),
                "key": "1",
                "verdicts": str(verdicts),
            }
        ),
        "utf-8",
    )
    environment = {
        "BCRAO_MUTANTS": str(plan),
        "MUTANT_UNDER_TEST": "stats",
        "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'tools'}",
    }
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "mutant_trials", "-p", "no:randomly", "test_tea.py"],
        cwd=folder,
        check=True,
        env=os.environ | environment,
        capture_output=True,
    )
    said = json.loads(verdicts.read_text("utf-8"))
    spans = made_spans(folder, kept)
    by_change = {}
    for name, verdict in said.items():
        one = mutants._survivor(folder / "tea.py", "tea.py", spans, name)
        by_change[one.function, one.becomes] = verdict
    assert by_change["steep", "return max(minutes, 5) if leaves and minutes > 0 else None"] == mutants.KILLED
    assert by_change["steep", "return min(minutes, 5) if minutes > 0 else None"] == mutants.KILLED
    assert by_change["steep", "return min(minutes, 5) if leaves else None"] == mutants.SURVIVED
    assert by_change["unseen", "return 2"] == mutants.UNREACHED
    assert by_change["cups", "return list(sizes)[:3]"] == mutants.KILLED
    assert by_change["cups", "return sorted(sizes, reverse=True)"] == mutants.KILLED
    assert by_change["_named", "return frozenset(list(names))"] == mutants.AT_IMPORT


def made_spans(folder: Path, kept: Path) -> dict[str, list[int]]:
    """Of the file as it was made: what was kept of it says the same again."""
    (folder / "tea.py").write_text(TEA, "utf-8")
    spans: dict[str, list[int]] = dict(made(folder, kept)["tea.py"]["spans"])  # type: ignore[arg-type]
    return spans

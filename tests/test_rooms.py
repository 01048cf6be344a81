"""Which module takes what from which, read from the source: imports for type checking count like all others."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "core", "storage", "bench", "tools")


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_of(file): file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))}


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Those of all depths, without looking into expressions: most of a tree."""
    for below in ("body", "handlers", "orelse", "finalbody", "cases"):
        for node in getattr(tree, below, ()) if not isinstance(tree, ast.expr) else ():
            yield node
            yield from statements(node)


def imported_by(module: str) -> Iterator[tuple[str, str]]:
    """(module, name) of everything that a module takes from the rooms; the name is "" where it takes the whole."""
    for node in statements(ast.parse(SOURCES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name in SOURCES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from [(whole, "")] if whole in SOURCES else [(node.module, alias.name)]


def test_no_module_leads_back_to_itself() -> None:
    arrows = {module: {other for other, _ in imported_by(module) if other in SOURCES} for module in SOURCES}
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as circle:
        pytest.fail(" <- ".join(circle.args[1]))


@cache
def classes(module: str) -> Mapping[str, ast.ClassDef]:
    return {n.name: n for n in ast.parse(SOURCES[module].read_text("utf-8")).body if isinstance(n, ast.ClassDef)}


def is_service(it: ast.ClassDef) -> bool:
    """It works on a store."""
    names = {node.id for node in ast.walk(it) if isinstance(node, ast.Name)}
    return any(name.endswith("Store") for name in names) and "Protocol" not in names


def test_storage_takes_records_and_rules_from_the_core_and_no_service() -> None:
    taken = {one for module in SOURCES if module.split(".")[0] == "storage" for one in imported_by(module)}
    named = [(module, name) for module, name in sorted(taken) if module.startswith("core.")]
    assert ("core.campaigns", "Campaign") in named
    assert is_service(classes("core.campaigns")["Campaigns"])
    assert [one for one in named if (it := classes(one[0]).get(one[1])) is not None and is_service(it)] == []


@cache  # not while tests are collected: every process does that
def reads() -> frozenset[str]:
    """The verbs of all protocols that only read."""
    return frozenset(
        verb.name
        for module, source in SOURCES.items()
        if module.startswith("core.") and "Reads(" in source.read_text("utf-8")
        for name, it in classes(module).items()
        if name.endswith("Reads")
        for verb in it.body
        if isinstance(verb, ast.AsyncFunctionDef)
    )


def asked_of_the_store(module: str) -> Iterator[str]:
    """Verbs in `….store.verb` and `store.verb`."""
    for node in ast.walk(ast.parse(SOURCES[module].read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            whose = node.value
            if (isinstance(whose, ast.Attribute) and whose.attr == "store") or (
                isinstance(whose, ast.Name) and whose.id == "store"
            ):
                yield node.attr


COMMANDS = sorted(module for module in SOURCES if module.startswith("bot.commands"))


@pytest.mark.parametrize("module", COMMANDS)
def test_a_command_changes_nothing_but_through_a_service(module: str) -> None:
    assert {"campaigns", "backlog"} <= reads()
    assert "register_post" not in reads()
    assert set(asked_of_the_store(module)) <= reads()
    stores = {name for taken, name in imported_by(module) if taken.startswith("core.") and name.endswith("Store")}
    assert stores == set()

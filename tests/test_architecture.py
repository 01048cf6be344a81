"""The map that a stranger reads must fit the land."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_rooms import statements

ROOT = Path(__file__).resolve().parent.parent
MAP = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def named_paths() -> set[str]:
    """Every path in the table, with `a.py`, `b.py` written after a folder's file taken as its neighbours."""
    found: set[str] = set()
    for row in re.findall(r"^\| .* \| (.*) \|$", MAP, re.MULTILINE):
        folder = ""
        for path in re.findall(r"`([\w./<>]+)`", row):
            if "/" in path:
                folder = path.rsplit("/", 1)[0] + "/"
            found.add(path if "/" in path else folder + path)
    return {path for path in found if path.split("/")[0] in ("bot", "core", "storage", "tests", "tools", "docs")}


def test_every_path_on_the_map_exists() -> None:
    assert [path for path in sorted(named_paths()) if "<" not in path and not (ROOT / path).exists()] == []


def test_every_module_is_on_the_map() -> None:
    named = named_paths()
    folders = tuple(path for path in named if path.endswith("/"))
    missing = []
    for room in ("bot", "core", "storage"):
        for file in sorted((ROOT / room).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            by_noun = f"{path.rsplit('/', 1)[0]}/<noun>.py"
            if file.name not in ("__init__.py", "__main__.py") and not path.startswith(folders):
                missing += [path] if path not in named and by_noun not in named else []
    assert missing == []


NETWORK = frozenset(
    {
        *("aiohttp", "apify_client", "asyncpg", "discord", "httpx", "litellm", "openai", "praw", "prawcore"),
        *("requests", "slack_bolt", "slack_sdk", "urllib3", "websockets"),
    }
)
SPEAKERS = (
    *("core/gateways/", "bot/discord_app/", "bot/slack_app/", "bot/attached.py", "bot/listener.py"),
    "storage/",
)


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for room in rooms:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def libraries(tree: ast.Module) -> set[str]:
    named = {alias.name for node in statements(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in statements(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in named}


def test_only_the_named_rooms_speak_to_the_network() -> None:
    speaking = {path for path, tree in sources("bot", "core", "storage") if libraries(tree) & NETWORK}
    assert {path for path in speaking if not path.startswith(SPEAKERS)} == set()
    assert {where for where in SPEAKERS[:-1] if not any(path.startswith(where) for path in speaking)} == set()


def test_the_map_names_the_rooms_that_speak_to_the_network() -> None:
    [rule] = [line for line in MAP.splitlines() if line.startswith("| the network is reached from")]
    assert {f"`{where.rstrip('/')}`" for where in SPEAKERS} == set(re.findall(r"`[^`]+`", rule))


def verbs() -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    for path, tree in sources("storage"):
        for group in tree.body:
            if isinstance(group, ast.ClassDef) and group.name.endswith("Verbs"):
                for verb in group.body:
                    if isinstance(verb, ast.AsyncFunctionDef):
                        yield f"{path}: {verb.name}", verb


def transactions(verb: ast.AsyncFunctionDef) -> int:
    """How many it opens by itself: `async with self._database.write()` and the like."""
    opened = [item.context_expr for node in ast.walk(verb) if isinstance(node, ast.AsyncWith) for item in node.items]
    calls = [call.func.attr for call in opened if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)]
    return sum(name in ("read", "write") for name in calls)


# Every command asks it; it writes only for a new workspace or name, and a reader must not wait for the writer.
READS_FIRST = {"storage/workspaces.py: enter"}
VERBS = tuple(verbs())
OPENING = {verb.name for _, verb in VERBS if transactions(verb)}


@pytest.mark.parametrize(("name", "verb"), [pytest.param(name, verb, id=name) for name, verb in VERBS])
def test_a_store_verb_is_one_transaction(name: str, verb: ast.AsyncFunctionDef) -> None:
    asked = [
        node.func.attr
        for node in ast.walk(verb)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "self"
        and node.func.attr in OPENING
    ]
    assert transactions(verb) + len(asked) == 2 if name in READS_FIRST else transactions(verb) + len(asked) <= 1


def test_the_tests_of_a_folder_are_in_the_folder_of_the_same_name() -> None:
    files = [file for room in ("bot", "core", "storage") for file in (ROOT / room).rglob("*.py")]
    folders = {file.relative_to(ROOT).parent for file in files if file.stat().st_size}
    rooms = {folder for folder in folders if len(folder.parts) <= 2 and "migrations" not in folder.parts}
    assert Path("core/texts") in rooms
    assert [room for room in sorted(rooms) if not list((ROOT / "tests" / room).glob("test_*.py"))] == []

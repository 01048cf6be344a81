"""The map that a stranger reads must fit the land."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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

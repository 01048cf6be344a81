"""How the program speaks, over every text in its source: short, calm, without blame; an error says what to do now."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from core import errors

ROOT = Path(__file__).parents[2]
# Words that texts of others are searched for; nobody reads them as ours.
WORD_LISTS = tuple(
    f"core/texts/{name}.py"
    for name in ("claims/lexicon", "claims/signals", "edits", "rule_topics", "rule_words", "wording")
)
ERRORS = {name for name, thing in vars(errors).items() if isinstance(thing, type) and thing is not errors.UserError}

SHOUTS = re.compile(r"\w!(?=\s|$|[\"'”)])")
BLAMES = re.compile(
    r"\b(oops|sorry|unfortunately|invalid|illegal|fatal|failed to|you (failed|must|forgot)|your (fault|mistake))\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(null|exception|traceback|stack trace|payload|endpoint|backend|tenant|outbox|upsert)\b", re.IGNORECASE
)


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for room in ("bot", "core", "storage"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts and path.relative_to(ROOT).as_posix() not in WORD_LISTS:
                yield path, ast.parse(path.read_text("utf-8"))


@cache
def texts() -> Sequence[tuple[str, str]]:
    """(where, text) of every text of several words that is no docstring and no log line."""
    return [text for path, tree in trees() for text in _texts_in(path, tree)]


def _texts_in(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    nodes = list(ast.walk(tree))
    passed_over = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("log.", "re.compile", "select", "text(")):
            passed_over |= {id(inner) for inner in ast.walk(node)}
    for node in nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in passed_over:
            continue
        if " " in node.value.strip() and not node.value.startswith("\nCREATE "):
            yield f"{path.name}:{node.lineno}", node.value


def test_no_text_shouts_or_blames() -> None:
    assert len(texts()) > 1000
    assert [found for found in texts() if SHOUTS.search(found[1]) or BLAMES.search(found[1])] == []


def test_no_card_speaks_of_the_machinery() -> None:
    seen_by_people = [(where, text) for where, text in texts() if re.search(r"[a-z] [a-z]+ [a-z]", text)]
    assert [found for found in seen_by_people if JARGON.search(found[1])] == []


def test_every_error_says_what_to_do_now() -> None:
    silent, raised = [], 0
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ERRORS | {"error_card"}:
                continue
            raised += 1
            position = 2 if getattr(node.func, "id", "") == "error_card" else 1
            given = list(node.args[position : position + 1])
            given += [keyword.value for keyword in node.keywords if keyword.arg == "do"]
            is_empty = not given or (isinstance(given[0], ast.Constant) and not str(given[0].value).strip())
            if is_empty and not any(isinstance(arg, ast.Starred) for arg in node.args):
                silent.append(f"{path.name}:{node.lineno}")
    assert raised > 150
    assert silent == []

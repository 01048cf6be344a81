"""Make the mutants of some files where they lie: `python tools/mutant_making.py KEPT FILE…`, for tools/mutants.py.

Runs in a copy of the program, whose `pyproject.toml` mutmut reads. Each file becomes one that holds every function as
it was, every mutant of it, and a switch (`MUTANT_UNDER_TEST`) that says which of them is called. Beside mutmut's
mistakes there are some of ours, which it does not know: `min` for `max`, a sorting left out, one side of an `and` or
`or` dropped, a slice that keeps everything. Making them takes a second for each file: what was made is kept in the
folder KEPT, under the file's fingerprint.

Prints JSON: by file, the names of its mutants in order, and where each function of the made file begins and ends.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import libcst as cst
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.mutation.mutators import mutation_operators

_EXCHANGED = {"min": "max", "max": "min"}


def exchange_min_and_max(node: cst.Call) -> Iterator[cst.CSTNode]:
    if isinstance(node.func, cst.Name) and node.func.value in _EXCHANGED:
        yield node.with_changes(func=cst.Name(_EXCHANGED[node.func.value]))


def leave_out_sorting(node: cst.Call) -> Iterator[cst.CSTNode]:
    if isinstance(node.func, cst.Name) and node.func.value == "sorted" and node.args:
        yield node.with_changes(
            func=cst.Name("list"), args=[node.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)]
        )


def drop_one_side(node: cst.BooleanOperation) -> Iterator[cst.CSTNode]:
    for side in (node.left, node.right):
        yield side.with_changes(lpar=[*node.lpar, *side.lpar], rpar=[*side.rpar, *node.rpar])


def keep_everything(node: cst.Subscript) -> Iterator[cst.CSTNode]:
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
        yield node.value.with_changes(lpar=[*node.lpar, *node.value.lpar], rpar=[*node.value.rpar, *node.rpar])


OURS: tuple[tuple[type[cst.CSTNode], Callable[[Any], Iterator[cst.CSTNode]]], ...] = (
    (cst.Call, exchange_min_and_max),
    (cst.Call, leave_out_sorting),
    (cst.BooleanOperation, drop_one_side),
    (cst.Subscript, keep_everything),
)


def made_of(file: Path, kept: Path) -> dict[str, Any]:
    """Puts the mutants in the file's place. Returns `names` and `spans`, as kept earlier when nothing has changed."""
    source = file.read_bytes()
    settings = Path("pyproject.toml").read_bytes().partition(b"[tool.mutmut]")[2].partition(b"\n[")[0]
    parts = (source, settings, Path(__file__).read_bytes(), version("mutmut").encode())
    fingerprint = hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:24]
    earlier = kept / f"{file.stem}-{fingerprint}.json"
    if not earlier.exists():
        made = mutate_file_contents(str(file), source.decode("utf-8"))
        spans = {name: [span.start, span.end] for name, span in made.line_span_by_function_name.items()}
        whole = {"code": made.code, "names": list(made.mutant_names), "spans": spans}
        kept.mkdir(parents=True, exist_ok=True)
        earlier.write_text(json.dumps(whole), "utf-8")
    made_before: dict[str, Any] = json.loads(earlier.read_text("utf-8"))
    file.write_text(made_before.pop("code"), "utf-8")
    module = ".".join(file.with_suffix("").parts)
    return made_before | {"names": [f"{module}.{name}" for name in made_before["names"]]}


def main() -> None:
    cast("list[Any]", mutation_operators).extend(OURS)
    kept = Path(sys.argv[1])
    print(json.dumps({name: made_of(Path(name), kept) for name in sys.argv[2:]}))


if __name__ == "__main__":
    main()

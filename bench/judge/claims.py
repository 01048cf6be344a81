"""Judge the claims check: how many invented, true and claim-free sentences it marks, by kind."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.judge.lines import BadLines, read_lines
from core.texts.claims import Known, Product, check_text

LABELS = ("invented", "true", "neutral")


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence of a corpus, and whether it was marked. `marks` are its marked words with their kinds."""

    id: str
    kind: str
    label: str
    sentence: str
    marks: tuple[str, ...]

    @property
    def is_missed(self) -> bool:
        return bool(self.marks) != (self.label == "invented")


def judged(claims: Path, facts: Path) -> Iterator[Judged]:
    """Returns every sentence of `claims`, judged against its set of `facts`. Raises `BadLines` for what cannot be
    read.
    """
    known = known_in(facts)
    rows = read_lines(claims, {"facts": None, "kind": None, "label": LABELS, "sentence": None})
    strange = sorted({row["facts"] for row in rows} - known.keys())
    if strange:
        raise BadLines(f"{claims}: no such set of facts in {facts}: {', '.join(strange)}")
    for number, row in enumerate(rows, 1):
        marks = check_text(row["sentence"], known[row["facts"]]).marks
        told = tuple(f"{row['sentence'][mark.start : mark.end]} [{mark.kind}]" for mark in marks)
        yield Judged(str(row.get("id", number)), row["kind"], row["label"], row["sentence"], told)


def known_in(facts: Path) -> dict[str, Known]:
    """Returns the facts of each set. Raises `BadLines` for what cannot be read."""
    rows = read_lines(facts, {"set": None, "name": None, "product": None, "keywords": None, "facts": None})
    return {row["set"]: _known(row) for row in rows}


def _known(row: Mapping[str, Any]) -> Known:
    bodies = [fact["body"] if isinstance(fact, dict) else str(fact) for fact in row["facts"]]
    return Known(bodies, Product(row["name"], row["product"], tuple(row["keywords"])))


def rates(results: Iterable[Judged]) -> dict[str, object]:
    """Returns the share of marked sentences for each label (None without any) and for each kind (named with its
    label where two labels have the kind).
    """
    results = tuple(results)
    told: dict[str, object] = {f"{label}_marked": _share(r for r in results if r.label == label) for label in LABELS}
    kinds = sorted({(result.kind, result.label) for result in results})
    names = [kind for kind, _ in kinds]
    told["by_kind"] = {
        kind if names.count(kind) == 1 else f"{kind} ({label})": _share(
            r for r in results if (r.label, r.kind) == (label, kind)
        )
        for kind, label in kinds
    }
    return told | {"sentences": {label: sum(r.label == label for r in results) for label in LABELS}}


def _share(results: Iterable[Judged]) -> float | None:
    marked = [bool(result.marks) for result in results]
    return round(sum(marked) / len(marked), 4) if marked else None


def main(arguments: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="python -m bench judge claims")
    parser.add_argument("file", type=Path, metavar="FILE", help="claims, one JSON object a line")
    parser.add_argument("--facts", type=Path, required=True, metavar="FILE", help="sets of facts, one a line")
    options = parser.parse_args(arguments)
    results = tuple(judged(options.file, options.facts))
    for result in results:
        if result.is_missed:
            marked = f" marked: {', '.join(result.marks)}" if result.marks else " not marked"
            print(f"{result.id} {result.label} ({result.kind}): {result.sentence} —{marked}")
    return rates(results)

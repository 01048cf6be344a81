"""Claims: of invented, true and claim-free sentences, how many the check marks, and how long it takes.

The corpus is invented for the project and split by product: thresholds were set on `claims-tune.jsonl`, what is told is
from `claims-report.jsonl`. One hand wrote both and the tables of words, so the rates flatter: docs/judging.md.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.judge.claims import judged, rates
from core.texts.claims import Known, Product, check_text

CORPORA = Path(__file__).parent / "corpora"
_CHARACTERS = 4_000
_REPEATS = 20


def measure(folder: Path) -> Sequence[Figure]:
    results = tuple(judged(CORPORA / "claims-report.jsonl", CORPORA / "claims-facts.jsonl"))
    told = rates(results)
    counts = {label: sum(r.label == label for r in results) for label in ("invented", "true", "neutral")}
    invented, true, neutral = (100 * float(str(told[f"{label}_marked"])) for label in counts)
    return [
        Figure("claims: invented not marked", 100 - invented, 5, "%", f"{counts['invented']} sentences, 4 products"),
        Figure("claims: true marked", true, 5, "%", f"{counts['true']} sentences, 4 products"),
        Figure("claims: claiming nothing, marked", neutral, 5, "%", f"{counts['neutral']} sentences, 4 products"),
        Figure("claims: check of a text", _median_ms(), 20, "ms", f"{_CHARACTERS:,} characters, median of {_REPEATS}"),
    ]


def _median_ms() -> float:
    facts = [json.loads(line) for line in (CORPORA / "claims-facts.jsonl").read_text(encoding="utf-8").splitlines()]
    known = Known([fact["body"] for row in facts[:3] for fact in row["facts"]], Product("Sprig"))
    claims = (CORPORA / "claims-report.jsonl").read_text(encoding="utf-8").splitlines()
    text = " ".join(json.loads(line)["sentence"] for line in claims)[:_CHARACTERS]
    taken = []
    for _ in range(_REPEATS):
        begun = time.perf_counter()
        check_text(text, known)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)

"""Rules: how many of a corpus the product reads differently from a person, and how long a whole wiki page takes.

The corpus is invented for the project: the tables of words were made with `rules-tune.jsonl`, the figures are from
`rules-report.jsonl`. A stranger's rules are read worse than either: docs/judging.md.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.judge.rules import meaning
from core.communities import Rule
from core.texts.rule_topics import Topic
from core.texts.rules import read_rule

CORPORA = Path(__file__).parent / "corpora"
_LONGEST = 40_000  # characters of a wiki page


def measure(folder: Path) -> Sequence[Figure]:
    lines = (CORPORA / "rules-report.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    wrong = sum(meaning(row["short_name"], row["description"], Topic(row["topic"])) != row["means"] for row in rows)
    page = " ".join(row["description"] for row in rows)
    page = (page * (_LONGEST // len(page) + 1))[:_LONGEST]
    begun = time.process_time()
    read_rule(Rule("House rules", page, "all"))
    taken_ms = (time.process_time() - begun) * 1000
    return [
        Figure("rules: read wrong", 100 * wrong / len(rows), 10, "%", f"{len(rows)} rules"),
        Figure("rules: reading a wiki page", taken_ms, 1000, "ms", f"{_LONGEST:,} characters, beside the event loop"),
    ]

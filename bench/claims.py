"""Claims: how many invented, true and claim-free sentences the check marks, and how long it takes.

The corpora are invented for the project. `claims-report.jsonl` was written by those who wrote the tables of words, so
its rates flatter; the other two were written by people who had not seen the check: docs/judging.md.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.figure import Figure
from bench.judge.claims import LABELS, judged, rates
from bench.stall import Stall, under_load, watched_loop
from bot.garbage import collecting_when_idle
from core.texts.claims import Known, Product, check_text

CORPORA = Path(__file__).parent / "corpora"
_JUDGED = {
    "claims-report": "claims-facts",
    "claims-fresh": "claims-fresh-facts",
    "claims-blind": "claims-blind-facts",
}
_CHARACTERS = 4_000
_MOST_CHARACTERS = 40_000  # Reddit's limit of a post
_REPEATS = 20


def measure(folder: Path) -> Sequence[Figure]:
    known, text = _known(), dense_text()
    held = asyncio.run(_loop_held(text, known))
    short, dense = f"{_CHARACTERS:,} characters", f"{_MOST_CHARACTERS:,} characters dense with claims"
    return [
        *(figure for name, facts in _JUDGED.items() for figure in _rates(name, facts)),
        Figure(
            "claims: processor time of a check", _median_ms(text, known), None, "ms", f"{short}, median of {_REPEATS}"
        ),
        Figure(
            "claims: loop held by a check, processor time",
            held.program_s * 1000,
            20,
            "ms",
            f"{dense}, in a thread, as a draft is checked",
        ),
        Figure("claims: loop held by a check", held.wall_s * 1000, None, "ms", f"{dense}; {under_load()}"),
    ]


def _rates(name: str, facts: str) -> Iterator[Figure]:
    told = rates(judged(CORPORA / f"{name}.jsonl", CORPORA / f"{facts}.jsonl"))
    sentences = told["sentences"]
    assert isinstance(sentences, dict)
    invented, true, neutral = (100 * float(str(told[f"{label}_marked"])) for label in LABELS)
    about = {label: f"{sentences[label]} sentences of {name}.jsonl" for label in LABELS}
    yield Figure("claims: invented not marked", 100 - invented, 5, "%", about["invented"])
    yield Figure("claims: true marked", true, 5, "%", about["true"])
    yield Figure("claims: claiming nothing, marked", neutral, 5, "%", about["neutral"])


def _known() -> Known:
    facts = [json.loads(line) for line in (CORPORA / "claims-facts.jsonl").read_text(encoding="utf-8").splitlines()]
    return Known([fact["body"] for row in facts[:3] for fact in row["facts"]], Product("Sprig"))


def dense_text() -> str:
    """Returns the sentences of the corpus joined to one text of Reddit's limit."""
    claims = [json.loads(line) for line in (CORPORA / "claims-tune.jsonl").read_text(encoding="utf-8").splitlines()]
    text = " ".join(claim["sentence"] for claim in claims)
    return (text * (1 + _MOST_CHARACTERS // len(text)))[:_MOST_CHARACTERS]


def _median_ms(text: str, known: Known) -> float:
    taken = []
    for _ in range(_REPEATS):
        begun = time.thread_time()
        check_text(text[:_CHARACTERS], known)
        taken.append((time.thread_time() - begun) * 1000)
    return statistics.median(taken)


async def _loop_held(text: str, known: Known) -> Stall:
    """How long nothing else ran while the longest text was checked beside the loop, with garbage collected as the
    program does it.
    """
    async with collecting_when_idle(lambda: False):
        await asyncio.to_thread(check_text, "It reads the tables of words once.", known)
        async with watched_loop() as stall:
            await asyncio.to_thread(check_text, text, known)
    return stall

"""Drafts and money: from a request to its card without a model, and many requests at once under one cap.

The cap holds a few calls only. A sampler reads what is used and reserved as often as it can, so that a moment above the
cap is seen, too.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.claims import dense_text
from bench.figure import Figure
from bench.stall import under_load, watched_loop
from bot.card import Card
from bot.frontend import Actor
from bot.garbage import collecting_when_idle
from bot.main import Program, open_program
from bot.settings import load_settings
from tests.fakes.llm import KEY, FakeModel, Fault

P50_MS_MAX = 50.0
LOOP_MS_MAX = 20.0
REQUESTS = 60
AT_ONCE = 50
CAP_USD = "0.20"  # at $3 and $15 a million tokens this holds the worst case of a few calls
MODEL_S = 0.2

OWNER = Actor("terminal:local", "terminal", "terminal", "owner", "owner", may_manage=True)
ANSWERS = (
    'title="What late invoices taught us" story="We sent 40 invoices late last year. Then we asked for deposits." '
    'lesson="Ask before you begin." question="How do others here ask for a deposit?"'
)
WRITTEN = {
    "title": "What late invoices taught us",
    "title_facts": [],
    "sentences": [{"text": "How do you do it?", "facts": [], "new_paragraph": False}],
}


async def measure(folder: Path) -> Sequence[Figure]:
    return [
        *await _without_a_model(folder / "plain"),
        *await _with_the_longest_text(folder / "long"),
        *await _under_a_cap(folder / "money"),
    ]


async def _without_a_model(folder: Path) -> Sequence[Figure]:
    took_ms: dict[str, list[float]] = {"draft interview": [], "draft show": []}
    worked_ms: dict[str, list[float]] = {command: [] for command in took_ms}
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(folder)}, None)) as program:
        await _prepare(program)
        for number in range(1, REQUESTS + 1):
            for line in (f"draft interview harborfounders {ANSWERS} anyway=yes", f"draft show {number}"):
                began, work, command = time.perf_counter(), time.process_time(), " ".join(line.split()[:2])
                await _must(program, line)
                took_ms[command].append((time.perf_counter() - began) * 1000)
                worked_ms[command].append((time.process_time() - work) * 1000)
    source = f"{REQUESTS} requests in turn on SQLite, the sample's rules and norms, each draft compared with all before"
    return [
        figure
        for command, times in took_ms.items()
        for figure in (
            Figure(f"{command}: from request to card, p50", statistics.median(times), P50_MS_MAX, "ms", under_load()),
            Figure(f"{command}: from request to card, p99", statistics.quantiles(times, n=100)[98], None, "ms", source),
            Figure(f"{command}: processor time, p50", statistics.median(worked_ms[command]), P50_MS_MAX, "ms", source),
        )
    ]


async def _with_the_longest_text(folder: Path) -> Sequence[Figure]:
    """The loop's own work, in one go, while people handle a text of Reddit's limit that is dense with claims."""
    text = dense_text().replace('"', "'").replace("\\", "")
    half = len(text) // 2
    steps: Sequence[tuple[str, Mapping[str, str]]] = (
        ("draft edit", {"draft": "1", "body": text}),
        ("draft edit", {"draft": "1", "body": f"{text[: half - 20]} three gulls {text[half:]}"}),
        ("draft show", {"draft": "1"}),
        ("draft details", {"draft": "1"}),
        ("draft approve", {"draft": "1"}),
        ("draft restore", {"draft": "1", "revision": "2"}),
    )
    held_ms: dict[str, float] = {}
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(folder)}, None)) as program:
        await _prepare(program)
        await _must(program, f"draft interview harborfounders {ANSWERS} anyway=yes")
        async with collecting_when_idle(lambda: False):
            for command, raw in steps:
                async with watched_loop() as stall:
                    await program.dispatcher.run(OWNER, command, raw)
                held_ms[command] = max(held_ms.get(command, 0.0), stall.own_s * 1000)
    worst = max(held_ms, key=lambda command: held_ms[command])
    source = f"{len(text):,} characters dense with claims, the worst of {len(steps)} commands: {worst}"
    return [Figure("drafts: loop busy with one text, processor time", held_ms[worst], LOOP_MS_MAX, "ms", source)]


async def _under_a_cap(folder: Path) -> Sequence[Figure]:
    async with FakeModel(WRITTEN) as model:
        model.faults.extend([Fault(delay_s=MODEL_S)] * AT_ONCE)
        environ = {
            "BCRAO_DATA_DIR": str(folder),
            "BCRAO_LLM_DRAFT_MODEL": "openai/bench",
            "BCRAO_LLM_API_BASE": model.url,
            "BCRAO_LLM_API_KEY": KEY,
            "BCRAO_LLM_PRICES": "openai/bench=3/15",
        }
        async with open_program(load_settings(environ, None)) as program:
            await _prepare(program)
            await _must(program, f"plan set monthly_cap={CAP_USD}")
            done = asyncio.Event()
            sampling = asyncio.create_task(_most_at_once(program, done))
            codes = Counter(
                await asyncio.gather(*(_code(program, "draft new harborfounders anyway=yes") for _ in range(AT_ONCE)))
            )
            done.set()
            most = await sampling
            usage = await program.store.usage(OWNER.workspace_id, program.services.clock.now())
            if not codes["ok"] or not codes["over_budget"]:
                raise RuntimeError(f"the cap was no matter: {codes}")
    source = f"{AT_ONCE} drafts at once: {codes['ok']} written, {codes['over_budget']} refused"
    return [Figure("most used and reserved at one moment", most / usage.cap_usd_micros * 100, 100, "% of cap", source)]


async def _most_at_once(program: Program, done: asyncio.Event) -> int:
    most = 0
    while True:
        is_last = done.is_set()
        usage = await program.store.usage(OWNER.workspace_id, program.services.clock.now())
        most = max(most, usage.used_usd_micros + usage.reserved_usd_micros)
        if is_last:
            return most


async def _prepare(program: Program) -> None:
    await _must(
        program, 'campaign create name=bench product="a tool" keywords="a1,b2,c3,d4,e5" communities="harborfounders"'
    )
    await _must(program, 'fact add "We sent 40 invoices late last year before we built this" kind=number')
    await _must(program, "collect start limit=200")


async def _code(program: Program, line: str) -> str:
    return (await program.dispatcher.run_line(OWNER, line))[1].code


async def _must(program: Program, line: str) -> Card:
    _, card = await program.dispatcher.run_line(OWNER, line)
    if not card.ok:
        raise RuntimeError(f"{line}: {card.text}")
    return card

"""Ten concurrent `draft approve` of one draft, each through the whole dispatch: exactly one wins."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.figure import Figure
from bot.frontend import Actor
from bot.main import open_program
from bot.settings import load_settings

APPROVERS = 10
ROUNDS = 20


async def measure(folder: Path) -> Sequence[Figure]:
    settings = load_settings({"BCRAO_DATA_DIR": str(folder)}, None)
    owner = Actor("terminal:local", "terminal", "terminal", "owner", "owner", may_manage=True)
    winners: Counter[int] = Counter()
    async with open_program(settings) as program:

        async def run(actor: Actor, line: str) -> str:
            _, card = await program.dispatcher.run_line(actor, line)
            return card.code

        async def must(line: str) -> None:
            code = await run(owner, line)
            if code != "ok":
                raise RuntimeError(f"{line}: {code}")

        await must('campaign create name=bench product="a tool" keywords="a1,b2,c3,d4,e5" communities="harborfounders"')
        await must('fact add "We sent 40 invoices late last year before we built this" kind=number')
        await must("collect start limit=50")
        actors = [replace(owner, member_id=f"m{n}", name=f"member {n}") for n in range(APPROVERS)]
        for actor in actors:
            await must(f"role grant {actor.member_id} role=approver")
        for number in range(1, ROUNDS + 1):
            await must(f'draft interview harborfounders title="Draft {number}" anyway=yes')
            await must(
                f'draft edit {number} title="What late invoices taught us" body="We sent 40 invoices late last year."'
            )
            codes = await asyncio.gather(*(run(actor, f"draft approve {number}") for actor in actors))
            winners[codes.count("ok")] += 1
    worst = max(winners, key=lambda count: abs(count - 1))
    source = f"{APPROVERS} at once on SQLite, the worst of {ROUNDS} rounds"
    return [Figure("approvals that win", worst, 1, "of 10", source, exact=True)]

"""From the answer of Reddit that confirms a disappearance to the message on Discord and Slack.

Everything is the product's, with its client libraries, over loopback servers in processes of their own. Each round one
post of a Discord server and one of a Slack workspace disappear; the second look confirms it, and the clock of the
figure starts when Reddit's server gives that answer and stops when the platform's server takes the message.
"""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.chat import connected, environ_of
from bench.fakes import Fake
from bench.figure import Figure
from bench.watched import CALLER, author_of, fill
from bot.main import open_program
from bot.settings import load_settings
from core.clock import SystemClock
from core.model import AlertKind, NewAlert
from core.visibility.evidence import SPACING
from tests.fakes.discord import CHANNEL, GUILD

ROUNDS = 110
P99_MS_MAX = 2_000
PLACES = {"Discord": (f"discord:{GUILD}", str(CHANNEL)), "Slack": ("slack:T1", "C1")}


def measure(folder: Path) -> Sequence[Figure]:
    return asyncio.run(_measured(folder))


async def _measured(folder: Path) -> Sequence[Figure]:
    load, clock = os.getloadavg()[0], SystemClock()
    async with AsyncExitStack() as stack:
        discord, slack, reddit = [
            await stack.enter_async_context(Fake(name)) for name in ("discord", "slack", "reddit")
        ]
        settings = load_settings(environ_of(folder, discord, slack, reddit), None)
        url = settings.database_url.get_secret_value()
        for workspace_id, channel in PLACES.values():
            names = await reddit.ask(posts=ROUNDS, authors=[author_of(n) for n in range(ROUNDS)])
            await fill(url, names, clock.now(), due=0, looks=3, workspace_id=workspace_id, channel=channel)
        program = await stack.enter_async_context(open_program(settings, clock))
        await stack.enter_async_context(connected(program, discord, slack))
        store, jobs = program.store, program.services.jobs
        posts = {place: await store.tracked_posts(where, limit=ROUNDS) for place, (where, _) in PLACES.items()}
        jobs.start()
        stack.push_async_callback(jobs.stop)
        for place, fake in (("Discord", discord), ("Slack", slack)):  # the first alert loads what stays loaded
            caller = replace(CALLER, workspace_id=PLACES[place][0])
            await store.owe_alert(caller, NewAlert(AlertKind.TEST, "first", {"asked_by": "ada"}), clock.now())
            await fake.ask(arrived=1)
        times_ms: dict[str, list[float]] = {place: [] for place in PLACES}
        for number in range(ROUNDS):
            gone = {place: posts[place][number] for place in PLACES}
            await reddit.ask(remove=[post.fullname for post in gone.values()])
            for post in gone.values():
                await store.due_now(replace(CALLER, workspace_id=post.workspace_id), post.id, clock.now())
            await program.services.sweeping.sweep("bench")
            clock.offset += SPACING * 1.2  # the jitter of a wait is a tenth at most
            await program.services.sweeping.sweep("bench")
            for place, fake in (("Discord", discord), ("Slack", slack)):
                taken = (await fake.ask(arrived=number + 2))["taken"]
                if len(taken) != number + 2:
                    raise RuntimeError(f"{len(taken) - 1} messages on {place} after {number + 1} disappearances")
                answered_at = (await reddit.ask(answers=True))["at"][gone[place].fullname]
                times_ms[place].append((taken[-1][1] - answered_at) * 1000)
            clock.offset += timedelta(minutes=1)
    source = f"{ROUNDS} disappearances one after the other on each, SQLite, load average {load:.1f}"
    figures = []
    for place, measured in times_ms.items():
        centiles = statistics.quantiles(measured, n=100)
        figures += [
            Figure(f"{place}: from the confirming answer to the message, p50", centiles[49], None, "ms", source),
            Figure(f"{place}: from the confirming answer to the message, p99", centiles[98], P99_MS_MAX, "ms", source),
        ]
    return figures

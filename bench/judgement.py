"""Judgement: posts of seven days on a simulated Reddit (`bench.world`), with 0, 10 and 30% of requests failing.

`python -m bench judgement` watches 30 posts, and `python -m bench judgement --full` 1,000. The product sweeps whenever
a post is due, thousands of times in such a week, and each sweep is some twenty statements: there the time goes, so it
grows more slowly than the posts. Of few posts, the 95% is that of the slowest one or two.

What runs is the product's: `Sweeping.sweep` with `Looking`, `judge` and `due`, the budget of 100 requests a minute and
the circuit breaker, over the real store in an SQLite file in memory (`/dev/shm`, where there is one). Simulated: the
clock, and the remote behind the gateway's port. The look that registering takes is a part of the next sweep.

What is counted, fixed before anything was measured. "Hidden" and "visible" are the world's truth about a post.

- A *disappearance* is an unbroken time in which a registered post is hidden, whatever the causes in it.
- An *alarm* is an alert that a post or account is not seen: held, removed, deleted, gated, shadowbanned, suspended,
  account deleted; "locked" counts as one too. It is *false* when what it says was untrue at the moment it was told and
  during the 150 s before (as old as a delayed answer can be). An all-clear ("live") for a post that was hidden all
  that time is counted as a false alarm as well.
- A disappearance is *confirmed* when there was time enough to be sure of it, whoever looked and when: an hour under one
  cause, outside outages (three for a missing id). It is *missed* when it is confirmed and the state never said so while
  it lasted, or said so without an alert.
- The *cause* of a disappearance is wrong when the last alert about it names neither a cause that held when it was told
  nor what was the matter with the account then; or when the last cause of it held for 12 hours outside outages and is
  still not what was told last (so "removed by Reddit's filters" may be the first word on a shadowban, never the last).
  Of a comment, any removal is right and so is holding it: it does not show which, and its alert says so.
- *Minutes to alert*: from the disappearance (or registering, when that came later) to the first alarm about it.
- *Outside outages*: the same minutes without the time in which the world let no request through (a revoked key, a
  blackout, storms of 429): nobody can tell anything then.
- *Messages an event*: the alarms that were sent, by what they are about: a closed community, an account in trouble, or
  one post's disappearance. An alarm that joins the message of its event (`storage/events.py`) makes no message; every
  message is taken to be delivered at once.
- *Repeated*: an alert that says the same about a post as the alert before it.
- *Messages that need nothing*: see `bench.needless`.
- *Good news missed*: a post was visible again for 27 hours outside outages, and the alarm was never taken back.

The ancestor's rule, on the same answers at the same times: one reading decides; an answer 403 means "shadowbanned",
anything not found, not readable or failing "removed", as does a post that shows as removed. It is given the API's
answers; the last line shows it on the anonymous pages that it really read, which answer 403 to everybody today. Its
"removed" counts as right, whoever removed the post.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figure import Figure
from bench.needless import audits_of, channel_of
from bench.running import Run, watch
from bench.scoring import Score, score
from bench.world import BEGIN, END, LASTS, Faults, World, make_world
from core.model import Caller
from storage.database import open_database
from storage.store import Store

SEED = 20261123
POSTS, POSTS_OF_FULL = 30, 1_000
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
RATES = (0.0, 0.1, 0.3)
WATCHED_AFTER_END = timedelta(hours=13)  # what happened last can still be confirmed
WRONG_CAUSE_AT_MOST = 0.005
MEDIAN_MIN, P95_MIN = 6, 15
MESSAGES_AT_MOST = 1.2


def measure_rate(folder: Path, posts: int, rate: float) -> tuple[list[Score], str]:
    """One run over all posts, in a process of its own; its database is in `folder` meanwhile."""
    began, cpu = time.perf_counter(), time.process_time()
    world = make_world(SEED, posts)
    run = asyncio.run(_watch_in_sqlite(folder, world, rate))
    told = [*run.product.owed, *run.audits]
    channels = tuple(channel_of(told, good_news=wanted) for wanted in (True, False))
    scores = [
        replace(score("this program", rate, run, world, run.product.statements), channels=channels),
        score("ancestor's rule", rate, run, world, run.ancestors[0].statements),
        score("ancestor's rule, its pages today", rate, run, world, run.ancestors[1].statements),
    ]
    view = run.view
    cost = (
        f"{rate:.0%} faults: {view.looks:,} looks in {view.requests:,} requests ({scores[0].failed:.1%} failed), "
        f"{view.requests / (LASTS / timedelta(minutes=1)):.1f} requests a minute, "
        f"{time.process_time() - cpu:.0f} s CPU, {time.perf_counter() - began:.0f} s"
    )
    return scores, cost


async def _watch_in_sqlite(folder: Path, world: World, rate: float) -> Run:
    with TemporaryDirectory(prefix="bcrao-", dir=folder) as own:
        database = await open_database(f"sqlite:///{own}/judgement.sqlite")
        try:
            await database.migrate()
            store = Store(database)
            for workspace_id in {post.workspace_id for post in world.posts}:
                await store.ensure_workspace(workspace_id, "slack", "bench", BEGIN)
                caller = Caller(workspace_id, "bench", "bench", "bench")
                await store.set_plan(caller, BEGIN, max_tracked_posts=len(world.posts))
            run = await watch(world, Faults.make(SEED + round(rate * 100), rate), store, END + WATCHED_AFTER_END)
            posts = [
                post
                for workspace_id in sorted({post.workspace_id for post in world.posts})
                for post in (await store.tracked_posts_by_id(workspace_id, set(run.product.posts))).values()
            ]
            return replace(run, audits=audits_of(posts, run.until))
        finally:
            await database.close()


def measure(folder: Path, posts: int = POSTS) -> Sequence[Figure]:
    scores: list[Score] = []
    place = IN_MEMORY if IN_MEMORY.is_dir() else folder
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        for of_rate, cost in pool.map(partial(measure_rate, place, posts), RATES):
            scores += of_rate
            print(cost, flush=True)
    _print_table(scores)
    source = f"{posts:,} simulated posts, seven days, 0, 10 and 30% faults"
    mine = [s for s in scores if s.rule == "this program"]
    worst_cause = max(s.wrong_causes / max(1, s.told) for s in mine)
    return [
        Figure("false alarms", sum(s.false for s in mine), 0, "", source, exact=True),
        Figure("missed confirmed disappearances", sum(s.missed for s in mine), 0, "", source, exact=True),
        Figure("wrong cause, worst", worst_cause * 100, WRONG_CAUSE_AT_MOST * 100, "%", source),
        Figure("messages an event, worst", max(s.a_event for s in mine), MESSAGES_AT_MOST, "", source),
        Figure("alerts that repeat the one before", sum(s.repeated for s in mine), 0, "", source, exact=True),
        Figure("good news missed", sum(s.news_missed for s in mine), 0, "", source, exact=True),
        Figure("messages that need nothing, worst", max(s.channels[1].share for s in mine) * 100, 20, "%", source),
        Figure(
            "lines below an alert's headline, most",
            max(max(s.channels[1].lines, default=0) for s in mine),
            6,
            "",
            source,
        ),
        Figure("minutes to alert, median without faults", mine[0].median_min, MEDIAN_MIN, "min", source),
        Figure("minutes to alert, 95% without faults", mine[0].p95_min, P95_MIN, "min", source),
        Figure("minutes to alert, 95% with 30% faults, outside outages", mine[-1].p95_lit_min, P95_MIN, "min", source),
    ]


def _print_table(scores: Sequence[Score]) -> None:
    names: tuple[str, ...] = (
        "rule",
        "faults",
        "alarms",
        "false",
        "disapp.",
        "confirmed",
        "missed",
        "wrong cause",
        "median",
        "p95",
    )
    names = (*names, "outside outages", "messages")
    rows = [
        names,
        *(
            (
                s.rule,
                f"{s.rate:.0%}",
                f"{s.alarms:,}",
                f"{s.false:,}",
                f"{s.disappearances:,}",
                f"{s.confirmed:,}",
                f"{s.missed:,}",
                f"{s.wrong_causes:,} ({s.wrong_causes / max(1, s.told):.2%})",
                f"{s.median_min:.1f} min",
                f"{s.p95_min:.1f} min",
                f"{s.p95_lit_min:.1f} min",
                f"{s.a_event:.2f}" if s.rule == "this program" else "",
            )
            for s in sorted(scores, key=lambda s: (s.rule != "this program", s.rule, s.rate))
        ),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for s in scores:
        for before, now in [s.channels] if s.channels else []:
            print(
                f"{s.rate:.0%} faults: {now.messages:,} messages, {now.needless:,} need nothing ({now.share:.0%}); "
                f"{now.updates:,} updates, {now.in_digest:,} in digests; all as messages: {before.messages:,}, "
                f"{before.needless:,} ({before.share:.0%}); "
                f"lines below a headline: at most {max(now.lines, default=0)}, "
                f"on a phone {now.median_broken:g} (median)"
            )
        for line in s.examples if s.rule == "this program" else ():
            print(f"  {s.rate:.0%} {line}")

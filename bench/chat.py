"""Discord and Slack under load: acknowledgements, the event loop's longest stall, cards rendered, idle memory.

While people give commands on both platforms, 5,000 posts are imported and analysed and 10,000 watched posts are swept.
The platforms and Reddit are loopback servers in processes of their own, on the same machine's cores.

On each platform 200 commands are under way at any time: as soon as one is answered, the next is given. For comparison
the same number once in one instant, which is a queue of 400 acknowledgements whatever the program does otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import os
import random
import signal
import sqlite3
import statistics
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.fakes import Fake
from bench.figure import Figure
from bench.stall import Stall, watched_loop
from bench.startup import resident_mib
from bot.card import Card
from bot.chats import chat_front_ends
from bot.frontend import Actor
from bot.garbage import collecting_when_idle
from bot.main import Program, open_program
from bot.settings import load_settings
from core.clock import SystemClock
from core.model import Basis, Caller
from core.visibility.tracking import NewTrackedPost

UNDER_WAY = 200
COMMANDS = 1_000
IMPORTED = 5_000
SWEPT = 10_000
RENDERED = 300
IDLE_S = 3.0
LOAD_S = 30.0  # at least so long, then what is left of it is broken off
ACK_MS_MAX = 100
STALL_MS_MAX = 50
MEMORY_MIB_MAX = 130

ADA = Actor("terminal:local", "terminal", "Terminal", "ada", "ada", may_manage=True)
CALLER = Caller(ADA.workspace_id, ADA.member_id, ADA.name, "bench")


def measure(folder: Path) -> Sequence[Figure]:
    return [*asyncio.run(_under_load(folder / "load")), *asyncio.run(_idle(folder / "idle"))]


# ---------------------------------------------------------------- under load


async def _under_load(folder: Path) -> Sequence[Figure]:
    async with AsyncExitStack() as stack:
        discord, slack, reddit = [
            await stack.enter_async_context(Fake(name)) for name in ("discord", "slack", "reddit")
        ]
        clock = SystemClock()
        settings = environ_of(folder, discord, slack, reddit)
        await _prepare(folder, await reddit.ask(posts=SWEPT), settings)
        program = await stack.enter_async_context(open_program(load_settings(settings, None), clock))
        await stack.enter_async_context(connected(program, discord, slack))
        csv_file = _write_posts(folder / "posts.csv")
        for fake in (discord, slack):  # the first commands load what stays loaded
            await fake.ask(commands=10, under_way=10)

        async def both(commands: int) -> list[list[float]]:
            asked = (fake.ask(commands=commands, under_way=UNDER_WAY) for fake in (discord, slack))
            return list(await asyncio.gather(*asked))

        idle = await both(COMMANDS)

        clock.offset += timedelta(hours=1)  # every watched post is due

        async def load() -> None:
            async def report(text: str, done: int | None = None, total: int | None = None) -> None:
                pass

            importing = program.services.collecting.import_files(CALLER, "b", [csv_file], report=report)
            await asyncio.gather(importing, program.services.jobs.run_due())

        loading = asyncio.create_task(load())
        began = time.perf_counter()
        await asyncio.sleep(0.5)
        async with watched_loop() as stall:
            loaded = await both(COMMANDS)
            is_still_loaded = not loading.done()
        async with watched_loop() as instant_stall:
            instant = await both(UNDER_WAY)
        await asyncio.wait({loading}, timeout=max(0.0, LOAD_S - (time.perf_counter() - began)))
        loading.cancel()
        await asyncio.wait({loading})
        loaded_s = time.perf_counter() - began
        backlog = await program.store.backlog(CALLER.workspace_id, clock.now())
        if not is_still_loaded:
            print("chat: the load ended before the commands did", file=sys.stderr)
        rendered = _rendered(await _draft_card(program))

    swept = f"{SWEPT - backlog.due:,} of {SWEPT:,} swept in {loaded_s:.0f} s"
    during = f"import of {IMPORTED:,} posts, analysis and a sweep ({swept})"
    steady, at_once = f"{COMMANDS:,} commands, {UNDER_WAY} under way", f"{UNDER_WAY} commands in one instant"
    figures = []
    for name, calm, busy, crowd in zip(("Discord", "Slack"), idle, loaded, instant, strict=True):
        figures += _acknowledged(name, f"{steady} on both, nothing else going on", calm, None)
        figures += _acknowledged(name, f"{steady} on both, during {during}", busy, ACK_MS_MAX)
        figures += _acknowledged(name, f"{at_once} on both, during {during}", crowd, None)
    return [
        *figures,
        *_stalled(stall, f"{steady} on both, during {during}", STALL_MS_MAX),
        *_stalled(instant_stall, f"{at_once} on both, during {during}", None),
        *rendered,
    ]


def _stalled(stall: Stall, source: str, target_ms: float | None) -> list[Figure]:
    return [
        Figure("longest stall of the event loop", stall.wall_s * 1000, target_ms, "ms", source),
        Figure("of it own work at most (CPU)", stall.own_s * 1000, None, "ms", source),
    ]


def _acknowledged(name: str, source: str, times_s: list[float], target_ms: float | None) -> list[Figure]:
    centiles = statistics.quantiles([time_s * 1000 for time_s in times_s], n=100)
    return [
        Figure(f"{name}: acknowledged, p50", centiles[49], None, "ms", source),
        Figure(f"{name}: acknowledged, p99", centiles[98], target_ms, "ms", source),
    ]


def environ_of(folder: Path, *fakes: Fake) -> dict[str, str]:
    settings = {"data_dir": str(folder)}
    for fake in fakes:
        settings |= fake.settings
    return {f"BCRAO_{name.upper()}": value for name, value in settings.items()}


@asynccontextmanager
async def connected(program: Program, *fakes: Fake) -> AsyncIterator[None]:
    front_ends = chat_front_ends(program)
    program.front_ends.update({front_end.platform: front_end for front_end in front_ends})
    serving = [asyncio.create_task(front_end.run()) for front_end in front_ends]
    try:
        for fake in fakes:
            await fake.ask()
        async with collecting_when_idle(lambda: program.dispatcher.is_idle):  # as `bot.main.run` does
            yield
    finally:
        for front_end in front_ends:
            await front_end.stop()
        await asyncio.gather(*serving)


async def _must(program: Program, line: str) -> Card:
    _, card = await program.dispatcher.run_line(ADA, line)
    if not card.ok:
        raise RuntimeError(f"{line}: {card.text}")
    return card


async def _prepare(data_dir: Path, fullnames: Sequence[str], environ: Mapping[str, str]) -> None:
    """A database with a campaign and watched posts: one is registered, the others are copies of its row."""
    async with open_program(load_settings(environ, None)) as program:
        await _must(program, 'campaign create name=b product="a tool" keywords="a1,b2,c3,d4,e5" communities=pottery')
        now = program.services.clock.now()
        new = NewTrackedPost(
            fullname=fullnames[0],
            community="pottery",
            permalink=f"https://www.reddit.com/r/pottery/comments/{fullnames[0][3:]}/a_title/",
            author="kiln_keeper",
            posted_at=now,
            basis=Basis.REDDIT_API,
            campaign_id=None,
            draft_id=None,
            next_check_at=now + timedelta(minutes=30),
            audit_due_at=now + timedelta(days=7),
        )
        await program.store.register_post(CALLER, new, now)
    with contextlib.closing(sqlite3.connect(data_dir / "bcrao.sqlite3")) as database, database:
        database.row_factory = sqlite3.Row
        post = dict(database.execute("SELECT * FROM tracked_posts").fetchone())
        watch = dict(database.execute("SELECT * FROM watches").fetchone())
        numbered = list(enumerate(fullnames[1:], post["id"] + 1))
        posts = [{**post, "id": number, "fullname": fullname} for number, fullname in numbered]
        for table, rows in (
            ("tracked_posts", posts),
            ("watches", [{**watch, "tracked_post_id": number} for number, _ in numbered]),
        ):
            names, places = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
            database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - our own names


def _write_posts(file: Path) -> Path:
    """Invented posts of the usual lengths, in five communities."""
    chance = random.Random(7)
    words = "kiln clay glaze we tried to fire the pot again and it cracked at noon why how".split()  # noqa: SIM905
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "subreddit", "title", "selftext", "author", "created_utc", "score", "num_comments"])
        for n in range(IMPORTED):
            title = " ".join(chance.choices(words, k=9))
            body = ". ".join(" ".join(chance.choices(words, k=12)) for _ in range(chance.randint(3, 20)))
            rows.writerow(
                [f"b{n:05d}", f"pottery{n % 5}", title, body, f"a{n % 900}", 1_790_000_000 + n * 600, n % 90, 3]
            )
    return file


# ---------------------------------------------------------------- rendering


async def _draft_card(program: Program) -> Card:
    await _must(program, 'fact add "We sent 40 invoices late last year before we built this" kind=number')
    card = await _must(program, 'draft interview pottery title="A title" anyway=yes')
    text = next(field for field in card.fields if field.name == "Text")
    full = replace(text, value=("A paragraph of a real length, with *marks* and <signs>. " * 6 + "\n\n") * 8)
    return replace(card, fields=tuple(full if field is text else field for field in card.fields))


def _rendered(card: Card) -> list[Figure]:
    from bot.discord_app.render import render_card as on_discord
    from bot.slack_app.render import render_card as on_slack

    size = sum(len(field.value) for field in card.fields)
    source = f"a draft card with {len(card.fields)} fields, {size:,} characters, {RENDERED} times"
    began = time.perf_counter()
    for _ in range(RENDERED):
        on_discord(card).view.to_components()  # type: ignore[no-untyped-call]
    discord_s = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(RENDERED):
        on_slack(card)
    slack_s = time.perf_counter() - began
    return [
        Figure("Discord: draft cards rendered", RENDERED / discord_s, None, "a second", source),
        Figure("Slack: draft cards rendered", RENDERED / slack_s, None, "a second", source),
    ]


# ---------------------------------------------------------------- idle


async def _idle(folder: Path) -> Sequence[Figure]:
    async with Fake("discord") as discord, Fake("slack") as slack:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BCRAO_")}
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"), env={**kept, **environ_of(folder, discord, slack)}
        )
        try:
            await asyncio.gather(discord.ask(), slack.ask())
            await asyncio.sleep(IDLE_S)
            rss_mib = resident_mib(program.pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                program.send_signal(signal.SIGTERM)
            await program.wait()
    source = f"Discord and Slack connected, SQLite, {IDLE_S:.0f} s later"
    return [Figure("idle memory with both clients (RSS)", rss_mib, MEMORY_MIB_MAX, "MiB", source)]

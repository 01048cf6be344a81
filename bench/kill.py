"""kill -9 at random moments of a sweep: nothing applied twice, nothing lost, nothing told twice.

Each round a program of its own, with Discord and Slack connected, finds posts whose second look confirms that they are
gone, sweeps and delivers, and is killed at a random (seeded) moment; every third round right after a platform took a
message, before the program can record it. The next program's clock is ahead, so that what the killed one held is free
again. The last one may finish. Then the database is compared with what Reddit answered and what the platforms showed.

`python -m bench.kill` is the process that makes the programs: it imports everything once and forks for each.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from bench.chat import environ_of
from bench.fakes import Fake
from bench.figure import Figure
from bench.latency import PLACES
from bench.watched import author_of, fill
from bot.chats import chat_front_ends
from bot.main import open_program, run
from bot.settings import load_settings
from core.clock import SystemClock
from core.visibility.due import LONGEST_WAIT

KILLS = 100
POSTS = 4  # that disappear in a round, in each workspace
SEED = 20261125
STEP = timedelta(minutes=10)  # of the clock from round to round: longer than any lease
ENDS_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts that must be 0, and how often the program was killed at which kind of moment."""

    kills: int
    between_delivery_and_record: int
    readings_twice: int
    changes_untold: int
    alerts_without_change: int
    alerts_lost: int
    alerts_doubled: int
    posts_unseen: int


def measure(folder: Path) -> Sequence[Figure]:
    began = time.perf_counter()
    counts = asyncio.run(killed(folder, KILLS))
    source = f"{counts.kills} kills in {time.perf_counter() - began:.0f} s on SQLite, Discord and Slack, seed {SEED}"
    exact = {
        "readings applied twice": counts.readings_twice,
        "state changes without their alert": counts.changes_untold,
        "alerts without their state change": counts.alerts_without_change,
        "alerts lost": counts.alerts_lost,
        "alerts shown twice": counts.alerts_doubled,
        "posts never seen": counts.posts_unseen,
    }
    return [
        Figure("kills between delivery and record", counts.between_delivery_and_record, None, "", source),
        *(Figure(name, count, 0, "", source, exact=True) for name, count in exact.items()),
    ]


async def killed(folder: Path, kills: int, *, seed: int = SEED) -> Counts:
    """Kill `kills` programs, let one more finish, and count."""
    chance, in_between = random.Random(seed), 0
    async with AsyncExitStack() as stack:
        discord, slack, reddit = [
            await stack.enter_async_context(Fake(name)) for name in ("discord", "slack", "reddit")
        ]
        environ = environ_of(folder, discord, slack, reddit)
        url = load_settings(environ, None).database_url.get_secret_value()
        posts = POSTS * (kills + 1)
        for workspace_id, channel in PLACES.values():
            names = await reddit.ask(posts=posts, authors=[author_of(n) for n in range(posts)])
            await reddit.ask(remove=names)
            await fill(
                url,
                names,
                SystemClock().now(),
                due=0,
                looks=2,
                workspace_id=workspace_id,
                channel=channel,
                gone_for=timedelta(minutes=5),
            )
        path = url.removeprefix("sqlite:///")
        nursery = await stack.enter_async_context(Nursery(environ))
        usual_s = 3.0
        for number in range(kills + 1):
            _make_due(path, number)
            began = time.monotonic()
            child = await nursery.bear(STEP * (number + 1))
            if number == kills:
                await _until_done(path)
            elif number % 3 == 2:
                fake = chance.choice((discord, slack))
                shown = len((await fake.ask(arrived=0))["taken"])
                came = len((await fake.ask(arrived=shown + 1, within_s=ENDS_WITHIN_S))["taken"])
                in_between += came > shown
                usual_s = (usual_s + time.monotonic() - began) / 2
            else:
                await asyncio.sleep(chance.uniform(0.0, usual_s * 1.3))
            await nursery.kill(child)
        answers = (await reddit.ask(answers=True))["counts"]
        shown_nonces = Counter[str]()
        for fake in (discord, slack):
            shown_nonces.update(nonce for nonce, _ in (await fake.ask(arrived=0))["taken"])
    return _counted(path, kills, in_between, answers, shown_nonces)


def _make_due(path: str, number: int) -> None:
    """The round's posts are due at once, the others not for a long time."""
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as database, database:
        if number == 0:
            # As late as the program plans anything; it would take a longer wait for the work of a wrong clock.
            late = SystemClock().now() + LONGEST_WAIT - timedelta(hours=1)
            database.execute("UPDATE watches SET next_check_at = ?", (f"{late:%Y-%m-%d %H:%M:%S.%f}",))
        database.execute(
            "UPDATE watches SET next_check_at = '2020-01-01 00:00:00.000000' WHERE tracked_post_id IN (SELECT id FROM ("
            "SELECT id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) AS nth FROM tracked_posts) "
            "WHERE nth > ? AND nth <= ?)",
            (POSTS * number, POSTS * (number + 1)),
        )


async def _until_done(path: str) -> None:
    deadline = time.monotonic() + ENDS_WITHIN_S
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as database:
        while time.monotonic() < deadline:
            (waiting,) = database.execute(
                "SELECT (SELECT count(*) FROM tracked_posts WHERE state != 'removed') "
                "+ (SELECT count(*) FROM alerts WHERE delivered_at IS NULL)"
            ).fetchone()
            if not waiting:
                return
            await asyncio.sleep(0.2)


def _counted(path: str, kills: int, in_between: int, answers: Mapping[str, int], shown: Counter[str]) -> Counts:
    with contextlib.closing(sqlite3.connect(path)) as database:
        posts = database.execute(
            "SELECT p.id, p.fullname, p.state, (SELECT total(r.times) FROM readings r WHERE r.tracked_post_id = p.id "
            "AND r.view = 'third_party') - 3, (SELECT count(*) FROM alerts a WHERE a.tracked_post_id = p.id "
            "AND a.kind = 'post_removed') FROM tracked_posts p"
        ).fetchall()
        # Posts that went together are told by the message of the first one's alert.
        alerts = database.execute(
            "SELECT coalesce(told_with, id), delivered_at, tracked_post_id FROM alerts"
        ).fetchall()
    changed = {post_id for post_id, _, state, _, _ in posts if state == "removed"}
    return Counts(
        kills=kills,
        between_delivery_and_record=in_between,
        readings_twice=sum(max(0, applied - answers.get(name, 0)) for _, name, _, applied, _ in posts),
        changes_untold=sum(state == "removed" and not told for _, _, state, _, told in posts),
        alerts_without_change=sum(post_id not in changed for _, _, post_id in alerts),
        alerts_lost=sum(at is None or not shown[f"alert-{message}"] for message, at, _ in alerts),
        alerts_doubled=sum(count - 1 for count in shown.values()) + sum(max(0, told - 1) for _, _, _, _, told in posts),
        posts_unseen=len(posts) - len(changed),
    )


# ---------------------------------------------------------------- the programs


class Nursery:
    """The process that forks programs. `bear` returns a program's process id."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    async def __aenter__(self) -> Self:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BCRAO_")}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.kill"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**kept, **self._environ},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def bear(self, ahead: timedelta) -> int:
        return int(await self._ask({"ahead_s": ahead.total_seconds()}))

    async def kill(self, child: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        await self._ask({"reap": child})

    async def _ask(self, asked: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        await self._process.stdin.drain()
        return json.loads(await self._process.stdout.readline())


async def _program(ahead: timedelta) -> None:
    async with open_program(load_settings(dict(os.environ), None), SystemClock(ahead)) as program:
        await run(program, chat_front_ends(program))


def _nurse() -> None:
    import praw  # noqa: F401 - forked programs begin with everything loaded

    for line in sys.stdin:
        asked = json.loads(line)
        if "reap" in asked:
            os.waitpid(asked["reap"], 0)
            print(0, flush=True)
            continue
        child = os.fork()
        if child == 0:
            os.close(0)
            os.close(1)
            try:
                asyncio.run(_program(timedelta(seconds=asked["ahead_s"])))
            finally:
                os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    _nurse()

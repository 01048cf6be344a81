"""The schedule: how soon a disappearance is told, what the looks cost, and how many rows they leave, at 100, 1,000 and
20,000 posts.

Each size is a steady state: posts of all ages up to fourteen days, of which old ones leave as new ones come
(`bench.world.make_steady_world`), watched by the product with 5% of a key and no faults (`bench.running`). *Minutes to
alert* are those of `bench.judgement`. *Rows* are those of the readings; without joining equal ones
(`core.visibility.joining`) each look would be a row.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, insert, select

from bench.figure import Figure
from bench.judgement import IN_MEMORY, MEDIAN_MIN, P95_MIN
from bench.running import Run, watch
from bench.scoring import Score, score
from bench.world import BEGIN, Faults, World, WorldPost, make_steady_world
from core.model import Basis, Caller, Confidence, State
from core.visibility import due
from core.visibility.looking import BATCH
from core.visibility.readings import body_hash
from storage.base import values_of
from storage.database import Database, open_database
from storage.schema import readings
from storage.store import Store
from tests.core.visibility.world import seen
from tests.post_rows import insert_posts

SEED = 20261129
AT_ONCE = 1_000
REQUESTS_AN_HOUR = 6_000  # of a key
P95_MIN_OF_MANY = 25


@dataclass(frozen=True, slots=True)
class Size:
    posts: int
    lasts: timedelta
    p95_min: float


# Few posts need more days for as many disappearances.
SIZES = (
    Size(100, timedelta(days=7), P95_MIN),
    Size(1_000, timedelta(days=2), P95_MIN),
    Size(20_000, timedelta(hours=12), P95_MIN_OF_MANY),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: requests a minute, and looks and rows for each watched post and week."""

    requests_a_minute: float
    looks: float
    rows: float


def measure(folder: Path) -> Sequence[Figure]:
    figures: list[Figure] = []
    for size in SIZES:
        told, cost = measure_size(IN_MEMORY if IN_MEMORY.is_dir() else folder, size)
        source = f"{size.posts:,} posts, {size.lasts / timedelta(days=1):g} days, {told.told:,} disappearances"
        figures += [
            Figure("schedule: minutes to alert, median", told.median_min, MEDIAN_MIN, "min", source),
            Figure("schedule: minutes to alert, 95%", told.p95_min, size.p95_min, "min", source),
            Figure("schedule: requests a minute", cost.requests_a_minute, None, "", source),
            Figure("schedule: looks a post and week", cost.looks, None, "", source),
            Figure("schedule: rows a post and week", cost.rows, None, "", source),
            Figure("schedule: false alarms and missed", told.false + told.missed, 0, "", source, exact=True),
        ]
    return figures


def measure_size(folder: Path, size: Size, seed: int = SEED) -> tuple[Score, Cost]:
    world = make_steady_world(seed, size.posts, size.lasts)
    return asyncio.run(_watched(folder, world, size))


async def _watched(folder: Path, world: World, size: Size) -> tuple[Score, Cost]:
    with TemporaryDirectory(prefix="bcrao-", dir=folder) as own:
        database = await open_database(f"sqlite:///{own}/schedule.sqlite")
        try:
            await database.migrate()
            store = Store(database)
            for workspace_id in {post.workspace_id for post in world.posts}:
                await store.ensure_workspace(workspace_id, "slack", "bench", BEGIN)
                caller = Caller(workspace_id, "bench", "bench", "bench")
                await store.set_plan(caller, BEGIN, max_tracked_posts=len(world.posts))
            standing = await _add_standing(database, world, size)
            run = await watch(world, Faults.make(SEED, 0), store, BEGIN + size.lasts, standing)
            rows = await _rows(database) - len(standing)
        finally:
            await database.close()
    return score("this program", 0, run, world, run.product.statements), _cost(run, rows, size)


def _cost(run: Run, rows: int, size: Size) -> Cost:
    weeks = size.posts * (size.lasts / timedelta(weeks=1))
    minutes = size.lasts / timedelta(minutes=1)
    return Cost(run.view.requests / minutes, run.view.looks / weeks, rows / weeks)


async def _rows(database: Database) -> int:
    async with database.read() as tx:
        return (await tx.execute(select(func.count()).select_from(readings))).scalar_one()


async def _add_standing(database: Database, world: World, size: Size) -> list[tuple[int, WorldPost, datetime]]:
    """Add the posts that were registered before `BEGIN`: live, and due as the pace has them."""
    posts = [post for post in world.posts if post.registered_at <= BEGIN]
    rates = [due.rate_of(BEGIN - post.posted_at) for post in posts]
    pace = due.pace_for([rates.count(rate) for _, rate in due.RATES], REQUESTS_AN_HOUR * BATCH)
    chance = random.Random(SEED)
    standing = [
        (number, post, BEGIN + pace.wait(rate) * chance.random())
        for number, (post, rate) in enumerate(zip(posts, rates, strict=True), 1)
    ]
    for start in range(0, len(standing), AT_ONCE):
        some = standing[start : start + AT_ONCE]
        async with database.write() as tx:
            await insert_posts(tx, [_row(number, post, due_at) for number, post, due_at in some])
            await tx.execute(insert(readings), [_reading(number, post) for number, post, _ in some])
    return standing


def _row(number: int, post: WorldPost, due_at: datetime) -> dict[str, object]:
    found = post.sighting_at(BEGIN)
    assert found is not None, "it stands"
    return {
        "id": number,
        "workspace_id": post.workspace_id,
        "fullname": post.fullname,
        "community": post.community,
        "author": post.person.name,
        "permalink": f"https://www.reddit.com/r/{post.community}/comments/{post.fullname[3:]}/",
        "registered_by": "bench",
        "registered_at": post.registered_at,
        "posted_at": post.posted_at,
        "basis": Basis.REDDIT_API,
        "state": State.LIVE,
        "state_since": post.posted_at,
        "found_state": State.LIVE,
        "confidence": Confidence.HIGH,
        "locked": False,
        "title": found.title,
        "body_sha256": body_hash(found.body or ""),
        "next_check_at": due_at,
        "correlation_id": "bench",
    }


def _reading(number: int, post: WorldPost) -> dict[str, object]:
    """Two looks are enough to have confirmed it."""
    read_at, again = post.registered_at, max(post.registered_at + due.SOONEST, BEGIN - due.SOONEST)
    row = seen(read_at, score=12, num_comments=3, last_read_at=again, times=2, apart=2, apart_at=again)
    return values_of(row) | {"workspace_id": post.workspace_id, "tracked_post_id": number}

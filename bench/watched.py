"""A database with many watched posts, on either engine: what a sweep finds after months of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from core.model import AccountState, Basis, Caller, Confidence, Outcome, State, View
from storage.database import Database, open_database
from storage.schema import accounts, readings, tracked_posts
from storage.store import Store

CALLER = Caller("terminal:local", "ada", "ada", "bench")
AUTHORS = 500
AT_ONCE = 2_000


def author_of(number: int) -> str:
    return f"maker_{number % AUTHORS}"


async def fill(
    url: str, fullnames: Sequence[str], now: datetime, *, due: int, looks: int = 0, state: State = State.LIVE
) -> None:
    """Watch `fullnames`, of `AUTHORS` accounts; the first `due` are due at `now`, the others within the next day. Each
    was looked at `looks` times, an hour apart, and is in `state`.
    """
    database = await open_database(url)
    try:
        await database.migrate()
        await Store(database).ensure_workspace(CALLER.workspace_id, "terminal", "Terminal", now)
        await _add_accounts(database, now)
        for start in range(0, len(fullnames), AT_ONCE):
            some = enumerate(fullnames[start : start + AT_ONCE], start)
            rows = [_post(number, fullname, now, due=due, state=state) for number, fullname in some]
            async with database.write() as tx:
                await tx.execute(insert(tracked_posts), rows)
        if looks:
            await _add_readings(database, now, looks)
    finally:
        await database.close()


async def _add_accounts(database: Database, now: datetime) -> None:
    rows = [
        {
            "workspace_id": CALLER.workspace_id,
            "name": author_of(number),
            "name_folded": author_of(number),
            "state": AccountState.UNKNOWN,
            "state_since": now,
        }
        for number in range(AUTHORS)
    ]
    async with database.write() as tx:
        await tx.execute(insert(accounts), rows)


def _post(number: int, fullname: str, now: datetime, *, due: int, state: State) -> dict[str, object]:
    posted_at = now - timedelta(hours=25 + number % 100)
    next_check_at = now - timedelta(seconds=due - number) if number < due else now + timedelta(seconds=number % 86_400)
    return {
        "workspace_id": CALLER.workspace_id,
        "fullname": fullname,
        "community": "pottery",
        "author": author_of(number),
        "permalink": f"https://www.reddit.com/r/pottery/comments/{fullname[3:]}/a_title/",
        "registered_by": CALLER.name,
        "registered_at": posted_at,
        "posted_at": posted_at,
        "basis": Basis.REDDIT_API,
        "state": state,
        "state_since": posted_at,
        "confidence": None if state is State.UNVERIFIED else Confidence.HIGH,
        "locked": False,
        "title": "A title",
        "next_check_at": next_check_at,
        "audit_due_at": posted_at + timedelta(days=7),
        "correlation_id": CALLER.correlation_id,
    }


async def _add_readings(database: Database, now: datetime, looks: int) -> None:
    async with database.read() as tx:
        ids = (await tx.scalars(select(tracked_posts.c.id))).all()
    for start in range(0, len(ids), AT_ONCE):
        rows = [
            {
                "workspace_id": CALLER.workspace_id,
                "tracked_post_id": post_id,
                "view": View.THIRD_PARTY,
                "basis": Basis.REDDIT_API,
                "read_at": now - timedelta(hours=looks - look),
                "outcome": Outcome.VISIBLE,
                "found": True,
                "control_live": True,
                "indexable": True,
                "author_present": True,
                "body_state": "intact",
                "locked": False,
                "score": look,
                "num_comments": 1,
            }
            for post_id in ids[start : start + AT_ONCE]
            for look in range(looks)
        ]
        async with database.write() as tx:
            await tx.execute(insert(readings), rows)

"""A database with many watched posts, on either engine: what a sweep finds after months of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select, text

from core.model import AccountState, Basis, Caller, Confidence, Outcome, State, View
from core.visibility.readings import body_hash
from storage.database import Database, open_database
from storage.schema import accounts, readings, tracked_posts
from storage.store import Store
from tests.post_rows import insert_posts

CALLER = Caller("terminal:local", "ada", "ada", "bench")
AUTHORS = 500
AT_ONCE = 2_000


def author_of(number: int) -> str:
    return f"maker_{number % AUTHORS}"


async def fill(
    url: str,
    fullnames: Sequence[str],
    now: datetime,
    *,
    due: int,
    looks: int = 0,
    workspace_id: str = CALLER.workspace_id,
    channel: str | None = None,
    gone_for: timedelta | None = None,
    body: str | None = None,
) -> None:
    """Watch `fullnames`, live and of `AUTHORS` accounts; the first `due` are due at `now`, the others within the next
    day. Each was looked at `looks` times, an hour apart, and `gone_for` ago once more, when moderators had removed it.
    The looks saw the text `body`; None: no look saw the text yet, so that the next one brings news.
    """
    database = await open_database(url)
    try:
        await database.migrate()
        store = Store(database)
        await store.ensure_workspace(workspace_id, workspace_id.split(":")[0], "Bench", now)
        if channel is not None:
            await store.set_alert_channel(replace(CALLER, workspace_id=workspace_id), channel, now)
        await _add_accounts(database, workspace_id, now)
        for start in range(0, len(fullnames), AT_ONCE):
            some = enumerate(fullnames[start : start + AT_ONCE], start)
            rows = [
                _post(number, fullname, workspace_id, now, due=due, looks=looks, body=body) for number, fullname in some
            ]
            async with database.write() as tx:
                await insert_posts(tx, rows)
        if looks:
            await _add_readings(database, workspace_id, now, looks, gone_for)
        await _analyse(database)
    finally:
        await database.close()


async def _analyse(database: Database) -> None:
    """As PostgreSQL does by itself within a minute or two."""
    if database.dialect == "postgresql":
        alone = database._engine.execution_options(isolation_level="AUTOCOMMIT")
        async with alone.connect() as connection:
            await connection.execute(text("VACUUM ANALYZE"))
        return
    async with database.write() as tx:
        await tx.execute(text("ANALYZE"))


async def _add_accounts(database: Database, workspace_id: str, now: datetime) -> None:
    rows = [
        {
            "workspace_id": workspace_id,
            "name": author_of(number),
            "name_folded": author_of(number),
            "state": AccountState.UNKNOWN,
            "state_since": now,
        }
        for number in range(AUTHORS)
    ]
    async with database.write() as tx:
        await tx.execute(insert(accounts), rows)


def _post(
    number: int, fullname: str, workspace_id: str, now: datetime, *, due: int, looks: int, body: str | None
) -> dict[str, object]:
    posted_at = now - timedelta(hours=25 + number % 100)
    next_check_at = now - timedelta(seconds=due - number) if number < due else now + timedelta(seconds=number % 86_400)
    return {
        "workspace_id": workspace_id,
        "fullname": fullname,
        "community": "pottery",
        "author": author_of(number),
        "permalink": f"https://www.reddit.com/r/pottery/comments/{fullname[3:]}/a_title/",
        # Two posts a member: removals of one member's posts in a community are told by one message.
        "registered_by": f"member-{number - number % 2}",
        "registered_at": posted_at,
        "posted_at": posted_at,
        "basis": Basis.REDDIT_API,
        "state": State.LIVE,
        "state_since": posted_at,
        "confidence": Confidence.HIGH,
        "locked": False,
        "title": "A title",
        "body_sha256": body_hash(body) if body is not None else None,
        "last_read_at": now - timedelta(hours=1, seconds=number % 3_600) if looks else None,
        "next_check_at": next_check_at,
        "gives_way": True,  # so old a post does
        "audit_due_at": posted_at + timedelta(days=7),
        "correlation_id": CALLER.correlation_id,
    }


async def _add_readings(
    database: Database, workspace_id: str, now: datetime, looks: int, gone_for: timedelta | None
) -> None:
    async with database.read() as tx:
        ids = (await tx.scalars(select(tracked_posts.c.id).where(tracked_posts.c.workspace_id == workspace_id))).all()
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        rows = [_reading(workspace_id, post_id, now - timedelta(hours=looks), now, looks) for post_id in some]
        if gone_for is not None:
            rows += [_reading(workspace_id, post_id, now - gone_for, now, 1, is_gone=True) for post_id in some]
        async with database.write() as tx:
            await tx.execute(insert(readings), rows)


def _reading(
    workspace_id: str, post_id: int, read_at: datetime, now: datetime, looks: int, *, is_gone: bool = False
) -> dict[str, object]:
    last_read_at = now - timedelta(hours=1) if looks > 1 else None
    return {
        "workspace_id": workspace_id,
        "tracked_post_id": post_id,
        "view": View.THIRD_PARTY,
        "basis": Basis.REDDIT_API,
        "read_at": read_at,
        "outcome": Outcome.NOT_VISIBLE if is_gone else Outcome.VISIBLE,
        "found": True,
        "control_live": True,
        "category": "moderator" if is_gone else None,
        "indexable": not is_gone,
        "author_present": True,
        "body_state": "removed" if is_gone else "intact",
        "locked": False,
        "clock_jump_s": 0.0,
        "last_read_at": last_read_at,
        "times": looks,
        "apart": looks,
        "apart_at": last_read_at,
        "score": 1,
        "num_comments": 1,
    }

"""Tracked posts put into the database, or changed there, past the store's verbs: each has a row in two tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import tracked_posts, watches

_LOOKED = frozenset(watches.c.keys()) - frozenset(tracked_posts.c.keys())
_BOTH = ("workspace_id", "state_since")


async def insert_posts(tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert posts. Each row has columns of both tables, the same ones as the others."""
    made = insert(tracked_posts).returning(tracked_posts.c.id, sort_by_parameter_order=True)
    kept = [{name: value for name, value in row.items() if name not in _LOOKED} for row in rows]
    ids = (await tx.scalars(made, kept)).all()
    looked = [{name: value for name, value in row.items() if name in _LOOKED or name in _BOTH} for row in rows]
    watched = [{**row, "tracked_post_id": post_id} for row, post_id in zip(looked, ids, strict=True)]
    await tx.execute(insert(watches), watched)


async def update_post(tx: AsyncConnection, post_id: int, values: Mapping[str, Any]) -> None:
    kept = {name: value for name, value in values.items() if name not in _LOOKED}
    looked = {name: value for name, value in values.items() if name in _LOOKED or name == "state_since"}
    if kept:
        await tx.execute(update(tracked_posts).where(tracked_posts.c.id == post_id).values(kept))
    if looked:
        await tx.execute(update(watches).where(watches.c.tracked_post_id == post_id).values(looked))

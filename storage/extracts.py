"""What was read of kept posts, beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.communities import Extract
from storage.base import Verbs, values_of
from storage.database import execute_many
from storage.schema import extracts, posts

_AT_ONCE = 500  # rows taken in one turn of the event loop


class ExtractVerbs(Verbs):
    async def keep_extracts(self, workspace_id: str, kept: Sequence[Extract]) -> None:
        ids = [one.post_id for one in kept]
        async with self._database.write() as tx:
            held = select(posts.c.id).where(
                posts.c.workspace_id == workspace_id, posts.c.id.in_(ids), posts.c.purged_at.is_(None)
            )
            # A purge waits for this transaction, and then finds the new extracts.
            there = set(await tx.scalars(held.with_for_update(read=True)))
            await tx.execute(
                delete(extracts).where(extracts.c.workspace_id == workspace_id, extracts.c.post_id.in_(ids))
            )
            rows = [values_of(one) | {"workspace_id": workspace_id} for one in kept if one.post_id in there]
            await execute_many(tx, insert(extracts), rows)

    async def extracts(self, workspace_id: str, community: str) -> Mapping[int, tuple[str, str]]:
        rows = await self._extracts(workspace_id, community, extracts.c.key, extracts.c.features)
        return {number: (key, features) for number, key, features in rows}

    async def extracts_seen(self, workspace_id: str, community: str) -> Mapping[int, str]:
        rows = await self._extracts(workspace_id, community, extracts.c.seen)
        return dict(map(tuple, rows))

    async def _extracts(self, workspace_id: str, community: str, *columns: ColumnElement[Any]) -> list[Any]:
        query = (
            select(extracts.c.post_id, *columns)
            .join(posts, posts.c.id == extracts.c.post_id)
            .where(
                extracts.c.workspace_id == workspace_id,
                posts.c.workspace_id == workspace_id,
                posts.c.community == community,
            )
        )
        async with self._database.read() as tx:
            found = await tx.execute(query)
        rows: list[Any] = []
        for some in found.partitions(_AT_ONCE):
            rows += some
            await asyncio.sleep(0)
        return rows


async def drop_extracts(tx: AsyncConnection, *, of: ColumnElement[bool]) -> None:
    """Delete the extracts of the posts for which `of` is true: their texts are purged in this transaction."""
    await tx.execute(delete(extracts).where(extracts.c.post_id.in_(select(posts.c.id).where(of))))

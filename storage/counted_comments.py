"""What was counted in comments, and the posts that they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.communities import Answered, CountedComment
from core.model import Caller
from storage.base import Verbs, values_of
from storage.database import execute_many, insert_new
from storage.schema import collection_runs, counted_comments, posts


class CountedCommentVerbs(Verbs):
    async def add_comments(self, caller: Caller, run_id: int, kept: Sequence[CountedComment], now: datetime) -> int:
        """As the protocol says. At most some hundreds at a time."""
        by_id = {one.reddit_id: one for one in kept}
        its = counted_comments.c
        async with self._database.write() as tx:
            run = await self._one(tx, collection_runs, caller.workspace_id, run_id, "collection run")
            held = select(its.reddit_id).where(its.workspace_id == caller.workspace_id, its.reddit_id.in_(by_id))
            known = set(await tx.scalars(held))
            told: dict[str, Any] = {"workspace_id": caller.workspace_id, "run_id": run.id, "collected_at": now}
            fresh = [values_of(one) | told for one in by_id.values() if one.reddit_id not in known]
            await execute_many(tx, insert_new(tx, counted_comments), fresh)
        return len(fresh)

    async def comments(self, workspace_id: str, community: str, limit: int) -> Sequence[CountedComment]:
        its = counted_comments.c
        query = (
            select(counted_comments)
            .where(its.workspace_id == workspace_id, its.community == community)
            .order_by(its.created_at.desc(), its.id.desc())
            .limit(limit)
        )
        return await self._records(CountedComment, query)

    async def answered(self, workspace_id: str, community: str) -> Sequence[Answered]:
        its = posts.c
        query = select(its.reddit_id, its.created_at, its.num_comments, its.score_at.label("counted_at")).where(
            its.workspace_id == workspace_id, its.community == community, its.time_is_exact.is_(True)
        )
        return await self._records(Answered, query)

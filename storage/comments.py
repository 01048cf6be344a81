"""First comments of posts: which posts have new ones, and what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model import FirstComment, State
from core.visibility.comments import CommentsCheck, DueComments, NewComment
from storage.base import Verbs, changed, record, values_of
from storage.outbox import owe
from storage.schema import campaigns, first_comments, tracked_posts, watches
from storage.watches import WHOLE, posts_by_id

_its, _watch = tracked_posts.c, watches.c
LONGEST_WAIT = timedelta(hours=1)  # a later time was planned by a wrong clock


class CommentVerbs(Verbs):
    async def lease_commented_posts(
        self, now: datetime, *, lease: timedelta, within: timedelta, limit: int
    ) -> Sequence[DueComments]:
        chosen = (
            select(_its.id)
            .select_from(WHOLE.join(campaigns, campaigns.c.id == _its.campaign_id))
            .where(campaigns.c.first_comments, campaigns.c.deleted_at.is_(None), _is_due(now, within))
            .order_by(_its.next_comments_at.nulls_first(), _its.id)
            .limit(limit)
            .with_for_update(of=tracked_posts, skip_locked=True)
        )
        async with self._database.write() as tx:
            ids = list(await tx.scalars(chosen))
            if not ids:
                return []
            await tx.execute(update(tracked_posts).where(_its.id.in_(ids)).values(next_comments_at=now + lease))
            posts = await posts_by_id(tx, ids)
            return [DueComments(posts[post_id], await comments_on(tx, post_id)) for post_id in ids]

    async def record_comments(self, check: CommentsCheck, now: datetime) -> bool:
        async with self._database.write() as tx:
            asked = select(tracked_posts).where(_its.id == check.post.id, _its.workspace_id == check.post.workspace_id)
            row = (await tx.execute(asked.with_for_update())).first()
            if row is None:
                return False
            counted = {} if check.counted is None else {"comments_read": check.counted}
            await changed(tx, tracked_posts, row, next_comments_at=check.next_read_at, **counted)
            if check.comments is not None:
                await _replace(tx, row, check.comments)
            if check.alert is not None and row.state is State.LIVE:
                not_before = max(now, row.snoozed_until or now)
                await owe(tx, row.workspace_id, check.alert, now, row.correlation_id, not_before=not_before)
        return True


def _is_due(now: datetime, within: timedelta) -> ColumnElement[bool]:
    next_at = _its.next_comments_at
    is_time = or_(next_at.is_(None), next_at <= now, next_at > now + LONGEST_WAIT)
    is_open = and_(_its.state == State.LIVE, _its.locked.is_(False), _watch.stopped_at.is_(None))
    is_quiet = and_(_its.snoozed_until.is_not(None), _its.snoozed_until > now)
    has_more = _watch.num_comments > func.coalesce(_its.comments_read, 0)
    return and_(is_time, is_open, ~is_quiet, has_more, _its.posted_at > now - within, _its.fullname.startswith("t3_"))


async def _replace(tx: AsyncConnection, post: Row[Any], comments: Sequence[NewComment]) -> None:
    its = first_comments.c
    mine, names = its.tracked_post_id == post.id, [comment.fullname for comment in comments]
    await tx.execute(delete(first_comments).where(mine, its.fullname.not_in(names)))
    known = set(await tx.scalars(select(its.fullname).where(mine)))
    for comment in comments:
        if comment.fullname in known:
            change = update(first_comments).where(mine, its.fullname == comment.fullname)
            await tx.execute(change.values(body=comment.body, is_answered=comment.is_answered))
        else:
            whose = {"workspace_id": post.workspace_id, "tracked_post_id": post.id}
            await tx.execute(insert(first_comments).values(values_of(comment) | whose))


async def comments_on(tx: AsyncConnection, tracked_post_id: int) -> tuple[FirstComment, ...]:
    """The comments that are kept of a post, oldest first."""
    its = first_comments.c
    mine = select(first_comments).where(its.tracked_post_id == tracked_post_id).order_by(its.created_at, its.id)
    return tuple(record(FirstComment, row) for row in await tx.execute(mine))

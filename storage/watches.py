"""A tracked post in whole: what rarely changes of it (`tracked_posts`), and what every look changes (`watches`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import ACCOUNT_ALERTS, is_of_community
from core.model import NewAlert, TrackedPost
from storage.base import field_names, missing, record
from storage.schema import tracked_posts, watches

_kept, _looked = tracked_posts.c, watches.c
WHOLE = tracked_posts.join(watches, _looked.tracked_post_id == _kept.id)
# The columns of a `TrackedPost`, in the order of its fields.
POST_COLUMNS = tuple(_kept[name] if name in _kept else _looked[name] for name in field_names(TrackedPost))


def whole_posts(*which: ColumnElement[bool]) -> Select[Any]:
    """The query for the rows of `TrackedPost`s."""
    return select(*POST_COLUMNS).select_from(WHOLE).where(*which)


async def whole_post(tx: AsyncConnection, workspace_id: str, post_id: int, *, lock: bool = False) -> Row[Any]:
    """Returns the post's row, from both tables. Raises `NotFound`, for another workspace's post too."""
    asked = {"workspace": workspace_id, "post": post_id}
    row: Row[Any] | None = (await tx.execute(_one_post(lock), asked)).first()
    if row is None:
        raise missing("post", post_id)
    return row


async def posts_by_id(tx: AsyncConnection, ids: Collection[int]) -> Mapping[int, TrackedPost]:
    return {row.id: record(TrackedPost, row) for row in await tx.execute(_BY_ID, {"ids": list(ids)})}


async def told_from(tx: AsyncConnection, post: Row[Any], alert: NewAlert, now: datetime) -> datetime:
    """When an alert about a post may be sent: not while the post is snoozed. What is told once for all posts of an
    account or of a community waits only while each of them is snoozed.
    """
    if post.snoozed_until is None or post.snoozed_until <= now:
        return now
    others: ColumnElement[bool] | None = None
    if is_of_community(alert.facts):
        others = _kept.community == post.community
    elif alert.kind in ACCOUNT_ALERTS or alert.facts.get("account_missing"):
        others = _kept.author == alert.facts.get("author")
    until: datetime = post.snoozed_until
    if others is not None:
        ends = func.coalesce(_kept.snoozed_until, literal(now, _kept.snoozed_until.type))
        mine = and_(_kept.workspace_id == post.workspace_id, is_watched(), others)
        until = await tx.scalar(select(func.min(ends)).select_from(WHOLE).where(mine)) or until
    return max(now, until)


def is_watched() -> ColumnElement[bool]:
    return and_(_looked.next_check_at.is_not(None), _looked.stopped_at.is_(None))


def is_unwatched() -> ColumnElement[bool]:
    """In the words of the index of these."""
    return or_(_looked.next_check_at.is_(None), _looked.stopped_at.is_not(None))


@cache
def _one_post(lock: bool) -> Select[Any]:
    query = whole_posts(_kept.workspace_id == bindparam("workspace"), _kept.id == bindparam("post"))
    return query.with_for_update() if lock else query


_BY_ID = whole_posts(_kept.id.in_(bindparam("ids", expanding=True)))

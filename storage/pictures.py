"""Pictures that members attached to their looks, as evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model import View
from core.visibility.tracking import PICTURES_KEPT, Check, KeptPicture
from storage.base import Verbs, missing, record
from storage.database import insert_new
from storage.schema import pictures, readings

_look = readings.c
_KEPT = select(
    pictures.c.reading_id.label("id"), _look.tracked_post_id, _look.outcome, _look.read_at, pictures.c.kept_by
).join_from(pictures, readings)


class PictureVerbs(Verbs):
    async def pictures(self, workspace_id: str, tracked_post_id: int | None = None) -> Sequence[KeptPicture]:
        query = _KEPT.where(pictures.c.workspace_id == workspace_id)
        if tracked_post_id is not None:
            query = query.where(_look.tracked_post_id == tracked_post_id)
        return await self._records(KeptPicture, query.order_by(_look.read_at.desc(), _look.id.desc()))

    async def picture(self, workspace_id: str, picture_id: int) -> tuple[KeptPicture, bytes]:
        mine = (pictures.c.workspace_id == workspace_id, pictures.c.reading_id == picture_id)
        rows = await self._rows(_KEPT.add_columns(pictures.c.content).where(*mine))
        if not rows:
            raise missing("picture", picture_id)
        return record(KeptPicture, rows[0]), bytes(rows[0].content)


async def keep_picture(tx: AsyncConnection, post: Row[Any], check: Check) -> None:
    """Keep the picture of a member's look that was stored in this transaction, and of the post's the newest."""
    if check.picture is None or check.said is None:
        return
    [look], (_, caller), of_post = check.readings, check.said, _look.tracked_post_id == post.id
    this = (of_post, _look.view == View.PERSON, _look.read_at == look.read_at, _look.outcome == look.outcome)
    row = {"reading_id": (await tx.scalars(select(_look.id).where(*this))).one()}
    row |= {"workspace_id": post.workspace_id, "kept_by": caller.name, "content": check.picture}
    await tx.execute(insert_new(tx, pictures).values(row))
    kept = select(pictures.c.reading_id).join_from(pictures, readings).where(of_post)
    newest = kept.order_by(_look.read_at.desc(), _look.id.desc()).limit(PICTURES_KEPT)
    its = pictures.c.reading_id
    await tx.execute(delete(pictures).where(its.in_(kept), its.not_in(newest)))


async def drop_pictures_of(tx: AsyncConnection, post_ids: Collection[int]) -> None:
    """Delete the pictures of posts, which their looks outlive."""
    looks = select(_look.id).where(_look.tracked_post_id.in_(post_ids))
    await tx.execute(delete(pictures).where(pictures.c.reading_id.in_(looks)))

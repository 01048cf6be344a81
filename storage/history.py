"""The team's own texts: those that were posted, and those in drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from core.drafting.drafts import DraftStatus
from core.drafting.history import OwnText, PostedText
from storage.base import Verbs
from storage.schema import campaigns, draft_revisions, drafts, tracked_posts, watches
from storage.watches import WHOLE

_others = draft_revisions.alias("others")


def is_newest_text_of(draft_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a row of `draft_revisions` is the newest text of a draft, whose number is found in the index. Where the
    numbers of all drafts were found at once, PostgreSQL found them anew for each post as long as it knew no statistics:
    minutes for a thousand posts beside a thousand drafts.
    """
    its = draft_revisions.c
    newest = select(func.max(_others.c.number)).where(_others.c.draft_id == draft_id).correlate_except(_others)
    return and_(its.draft_id == draft_id, its.number == newest.scalar_subquery())


class HistoryVerbs(Verbs):
    async def own_texts(self, workspace_id: str, since: datetime, limit: int) -> Sequence[OwnText]:
        async with self._database.read() as tx:
            posts = (await tx.execute(_posts(workspace_id, since, limit))).all()
            drafted = (await tx.execute(_drafts(workspace_id, since, limit))).all()
        texts = [*map(_posted, posts), *map(_drafted, drafted)]
        return sorted(texts, key=lambda own: own.at, reverse=True)[:limit]

    async def posted_texts(self, workspace_id: str, since: datetime, limit: int) -> Sequence[PostedText]:
        rows = await self._rows(_posted_texts(workspace_id, since, limit))
        return [PostedText(**row._mapping) if row.product is not None else PostedText() for row in rows]


def _posted_texts(workspace_id: str, since: datetime, limit: int) -> Select[Any]:
    its, text = tracked_posts.c, draft_revisions.c
    written = WHOLE.outerjoin(draft_revisions, is_newest_text_of(its.draft_id))
    drafted = written.outerjoin(drafts, drafts.c.id == its.draft_id)
    made_of = {"product": campaigns.c.name, "site": campaigns.c.url, "outcome": its.audit_outcome}
    named = [column.label(name) for name, column in made_of.items()]
    return (
        select(text.title, text.body, *named, watches.c.score, watches.c.num_comments)
        .select_from(drafted.outerjoin(campaigns, campaigns.c.id == drafts.c.campaign_id))
        .where(
            its.workspace_id == workspace_id, its.posted_at >= since, its.fullname.startswith("t3_", autoescape=True)
        )
        .order_by(its.posted_at.desc(), its.id.desc())
        .limit(limit)
    )


def _posts(workspace_id: str, since: datetime, limit: int) -> Select[Any]:
    its = tracked_posts.c
    text = draft_revisions.c
    return (
        select(tracked_posts, text.title.label("text_title"), text.body.label("text_body"))
        .select_from(tracked_posts.outerjoin(draft_revisions, is_newest_text_of(its.draft_id)))
        .where(
            its.workspace_id == workspace_id,
            its.posted_at >= since,
            or_(its.title.is_not(None), text.title.is_not(None)),
        )
        .order_by(its.posted_at.desc(), its.id.desc())
        .limit(limit)
    )


def _drafts(workspace_id: str, since: datetime, limit: int) -> Select[Any]:
    """Drafts that are open or approved. A posted draft is found among the posts."""
    text = draft_revisions.c
    kept = (DraftStatus.GENERATED, DraftStatus.EDITED, DraftStatus.APPROVED)
    return (
        select(drafts, text.title, text.body, text.created_at.label("written_at"))
        .select_from(
            drafts.join(campaigns, campaigns.c.id == drafts.c.campaign_id).join(
                draft_revisions, is_newest_text_of(drafts.c.id)
            )
        )
        .where(
            drafts.c.workspace_id == workspace_id,
            campaigns.c.deleted_at.is_(None),
            drafts.c.status.in_(kept),
            text.created_at >= since,
        )
        .order_by(text.created_at.desc(), drafts.c.id.desc())
        .limit(limit)
    )


def _posted(row: Row[Any]) -> OwnText:
    title, body = row.text_title or row.title, row.text_body or ""
    its = {"account": row.author, "draft_id": row.draft_id, "post_id": row.id, "state": row.state}
    return OwnText(row.community, title, body, row.posted_at, row.registered_by, row.registered_by_id, **its)


def _drafted(row: Row[Any]) -> OwnText:
    is_approved = row.status is DraftStatus.APPROVED
    its = {"account": row.poster_account, "draft_id": row.id, "is_approved": is_approved}
    return OwnText(row.community, row.title, row.body, row.written_at, row.poster, row.poster_id, **its)

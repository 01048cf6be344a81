"""Inboxes of linked accounts: which may hold the reason for a removal, and when they are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from core.model import Account, RemovedBy, State, TrackedPost
from core.visibility.inboxes import DueInbox
from storage.base import Verbs, record
from storage.schema import accounts, tracked_posts
from storage.watches import POST_COLUMNS, WHOLE

_its, _posts = accounts.c, tracked_posts.c
LONGEST_WAIT = timedelta(hours=1)  # a later time was planned by a wrong clock
SCOPE = "privatemessages"


class InboxVerbs(Verbs):
    async def lease_due_inboxes(
        self, now: datetime, *, lease: timedelta, within: timedelta, limit: int
    ) -> Sequence[DueInbox]:
        next_at = _its.next_inbox_at
        is_time = or_(next_at.is_(None), next_at <= now, next_at > now + LONGEST_WAIT)
        may_be_read = and_(_its.sealed_token.is_not(None), _its.scopes.contains(SCOPE, autoescape=True))
        chosen = (
            select(_its.id)
            .where(may_be_read, is_time, select(_posts.id).where(_unexplained(now, within)).exists())
            .order_by(next_at.nulls_first(), _its.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self._database.write() as tx:
            ids = list(await tx.scalars(chosen))
            if not ids:
                return []
            leased = update(accounts).where(_its.id.in_(ids)).values(next_inbox_at=now + lease).returning(accounts)
            found = {row.id: record(Account, row) for row in await tx.execute(leased)}
            posts: dict[int, tuple[TrackedPost, ...]] = {}
            for account_id in ids:
                theirs = select(*POST_COLUMNS).select_from(WHOLE.join(accounts, _its.id == account_id))
                rows = await tx.execute(theirs.where(_unexplained(now, within)).order_by(_posts.id))
                posts[account_id] = tuple(record(TrackedPost, row) for row in rows)
        return [DueInbox(found[account_id], posts[account_id]) for account_id in ids]

    async def inbox_read(self, account_id: int, next_read_at: datetime) -> None:
        async with self._database.write() as tx:
            await tx.execute(update(accounts).where(_its.id == account_id).values(next_inbox_at=next_read_at))


def _unexplained(now: datetime, within: timedelta) -> ColumnElement[bool]:
    """The posts of an account that people may have removed lately, and nobody knows why."""
    its_own = and_(_posts.workspace_id == _its.workspace_id, func.lower(_posts.author) == _its.name_folded)
    by = _posts.removed_by.in_((RemovedBy.MODERATORS, RemovedBy.UNKNOWN))
    is_removed = and_(_posts.state == State.REMOVED, by, _posts.stated_at.is_(None))
    return and_(its_own, is_removed, _posts.state_since > now - within)

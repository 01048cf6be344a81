"""What communities reject, and where it was learned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import DecisionKind
from core.clock import moment
from core.errors import Advice, AlreadyDecided, AlreadyExists, Do, NotFound
from core.journal import JournalKind
from core.model import STATED_SOURCES, Caller, NewAlert, NewPattern, Pattern
from storage.base import added, changed, missing, record, values_of
from storage.campaigns import CampaignVerbs
from storage.decisions import decide
from storage.outbox import owe
from storage.schema import patterns, tracked_posts

_its = patterns.c


class PatternVerbs(CampaignVerbs):
    async def add_pattern(self, caller: Caller, new: NewPattern, now: datetime) -> Pattern:
        """Raises `AlreadyExists` when the same pattern is known, saying since when."""
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            if new.campaign_id is not None:
                await self._kept_campaign(tx, caller.workspace_id, new.campaign_id)
            if new.tracked_post_id is not None:
                await self._one(tx, tracked_posts, caller.workspace_id, new.tracked_post_id, "post")
            pattern = await learn(tx, caller.workspace_id, new, caller.name, now)
            if pattern is None:
                row = (await tx.execute(_same(caller.workspace_id, new))).first()
                since = f" since {moment(row.created_at)}" if row is not None else ""
                raise AlreadyExists(
                    f"That is known about r/{new.community}{since}.", Advice("See them.", Do.LIST_PATTERNS)
                )
            await self._enter_journal(tx, caller, now, JournalKind.PATTERN_ADD, f"pattern {pattern.id}", body=new.body)
        return pattern

    async def patterns(self, workspace_id: str, community: str | None = None) -> Sequence[Pattern]:
        """The patterns that were not removed, the surest first."""
        query = select(patterns).where(_its.workspace_id == workspace_id, _its.removed_at.is_(None))
        if community is not None:
            query = query.where(_its.community == community)
        return await self._records(Pattern, query.order_by(_its.community, _its.confidence.desc(), _its.id))

    async def remove_pattern(self, caller: Caller, pattern_id: int, now: datetime) -> Pattern:
        return await self._set_removed(caller, pattern_id, now, removed=True)

    async def restore_pattern(self, caller: Caller, pattern_id: int, now: datetime) -> Pattern:
        return await self._set_removed(caller, pattern_id, now, removed=False)

    # ------------------------------------------------ stated reasons

    async def state_reason(
        self,
        caller: Caller,
        tracked_post_id: int,
        reason: str,
        pattern: NewPattern | None,
        now: datetime,
        *,
        alert: NewAlert | None = None,
    ) -> Pattern | None:
        async with self._database.write() as tx:
            post = await self._one(tx, tracked_posts, caller.workspace_id, tracked_post_id, "post", lock=True)
            if post.stated_at is not None:
                raise AlreadyDecided(
                    f"{post.stated_by} gave the reason on {moment(post.stated_at)}.",
                    Advice("To give another, undo it first.", Do.SHOW_POST, tracked_post_id),
                    decided_by=post.stated_by,
                    decided_at=post.stated_at,
                )
            its_removal = and_(_its.workspace_id == caller.workspace_id, _its.tracked_post_id == tracked_post_id)
            # An undo finds these patterns by this time.
            await tx.execute(
                update(patterns)
                .where(its_removal, _its.source == "removal", _its.removed_at.is_(None))
                .values(removed_at=now)
            )
            learned = None
            if pattern is not None:
                # After an undo, the old stated pattern makes way for the new one.
                await tx.execute(
                    delete(patterns).where(its_removal, _its.source.in_(STATED_SOURCES), _its.removed_at.is_not(None))
                )
                learned = await learn(tx, caller.workspace_id, pattern, caller.name, now)
            await changed(tx, tracked_posts, post, stated_reason=reason, stated_by=caller.name, stated_at=now)
            await decide(tx, caller, post.id, DecisionKind.REASON_GIVEN, now)
            if alert is not None:
                not_before = max(now, post.snoozed_until or now)
                await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=not_before)
            await self._enter_journal(tx, caller, now, JournalKind.POST_REASON, f"post {post.id}", reason=reason)
        return learned

    async def unstate_reason(self, caller: Caller, tracked_post_id: int, now: datetime) -> Sequence[Pattern]:
        async with self._database.write() as tx:
            post = await self._one(tx, tracked_posts, caller.workspace_id, tracked_post_id, "post", lock=True)
            if post.stated_at is None:
                raise NotFound(
                    f"No reason is kept for post {tracked_post_id}.",
                    Advice("Give one.", Do.GIVE_REASON, tracked_post_id),
                )
            its_removal = and_(_its.workspace_id == caller.workspace_id, _its.tracked_post_id == tracked_post_id)
            await tx.execute(
                update(patterns)
                .where(its_removal, _its.source.in_(STATED_SOURCES), _its.removed_at.is_(None))
                .values(removed_at=now)
            )
            rows = await tx.execute(
                update(patterns)
                .where(its_removal, _its.source == "removal", _its.removed_at == post.stated_at)
                .values(removed_at=None)
                .returning(patterns)
            )
            back = [record(Pattern, row) for row in rows]
            await changed(tx, tracked_posts, post, stated_reason=None, stated_by=None, stated_at=None)
            await decide(tx, caller, tracked_post_id, DecisionKind.REASON_UNDONE, now)
            await self._enter_journal(tx, caller, now, JournalKind.POST_REASON_UNDO, f"post {tracked_post_id}")
        return back

    async def _set_removed(self, caller: Caller, pattern_id: int, now: datetime, *, removed: bool) -> Pattern:
        """Raises `NotFound` when the pattern already is in that state, so that a second click does nothing."""
        change = (
            update(patterns)
            .where(
                _its.workspace_id == caller.workspace_id,
                _its.id == pattern_id,
                _its.removed_at.is_(None) if removed else _its.removed_at.is_not(None),
            )
            .values(removed_at=now if removed else None)
        )
        async with self._database.write() as tx:
            row = (await tx.execute(change.returning(patterns))).first()
            if row is None:
                raise missing("pattern" if removed else "removed pattern", pattern_id)
            kind = JournalKind.PATTERN_REMOVE if removed else JournalKind.PATTERN_UNDO
            await self._enter_journal(tx, caller, now, kind, f"pattern {row.id}", body=row.body)
        return record(Pattern, row)


async def learn(
    tx: AsyncConnection, workspace_id: str, new: NewPattern, created_by: str, now: datetime
) -> Pattern | None:
    """Keep a pattern in the transaction of its cause. None when the same pattern was learned before, even if a member
    removed it since: the same evidence must not overrule a member.
    """
    if (await tx.execute(_same(workspace_id, new))).first() is not None:
        return None
    made = {"workspace_id": workspace_id, "created_by": created_by, "created_at": now}
    return record(Pattern, await added(tx, patterns, values_of(new) | made))


def _same(workspace_id: str, new: NewPattern) -> Select[Any]:
    return select(patterns).where(
        _its.workspace_id == workspace_id,
        _its.community == new.community,
        _its.category == new.category,
        _its.body == new.body,
        _its.tracked_post_id.is_not_distinct_from(new.tracked_post_id),
    )

"""Approvals of drafts: giving, ending and reminding, each in one transaction with its consequences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.drafting.approvals import PAGE, AboutDraft, Approval, Change, ChangeKind, Ending, Pinned
from core.drafting.drafts import DraftStatus, RevisionOrigin
from core.journal import JournalKind
from core.model import Caller, NewAlert
from storage.base import Verbs, changed, enter_journal, entry, record
from storage.direct import tell_poster_of_void
from storage.outbox import owe
from storage.schema import approvals, campaigns, draft_revisions, drafts

_its = approvals.c


class ApprovalVerbs(Verbs):
    async def approvals(self, workspace_id: str, draft_id: int) -> Sequence[Approval]:
        query = select(approvals).where(_its.workspace_id == workspace_id, _its.draft_id == draft_id).order_by(_its.id)
        return [_approval(row) for row in await self._rows(query)]

    async def standing_approvals(
        self,
        *,
        workspace_id: str | None = None,
        community: str | None = None,
        campaign_id: int | None = None,
        after: int = 0,
        limit: int = PAGE,
    ) -> Sequence[Approval]:
        query = _standing().where(_its.id > after).order_by(_its.id).limit(limit)
        if workspace_id is not None:
            query = query.where(_its.workspace_id == workspace_id)
        if community is not None:
            query = query.where(drafts.c.community == community)
        if campaign_id is not None:
            query = query.where(drafts.c.campaign_id == campaign_id)
        return [_approval(row) for row in await self._rows(query)]

    async def void_approval(
        self, caller: Caller, approval_id: int, changes: Sequence[Change], alert: NewAlert, now: datetime
    ) -> bool:
        async with self._database.write() as tx:
            mine = select(_its.draft_id).where(_its.id == approval_id, _its.workspace_id == caller.workspace_id)
            draft = (await tx.execute(select(drafts).where(drafts.c.id.in_(mine)).with_for_update())).first()
            standing = await standing_approval(tx, draft.id) if draft is not None else None
            if draft is None or standing is None or standing.id != approval_id:
                return False
            await _void(tx, caller, draft, standing, changes, alert, now)
        return True

    async def due_reminders(self, now: datetime, limit: int = PAGE) -> Sequence[Approval]:
        query = _standing().where(_its.remind_at <= now).order_by(_its.remind_at, _its.id).limit(limit)
        return [_approval(row) for row in await self._rows(query)]

    async def remind(self, approval: Approval, alert: NewAlert, caller: Caller, now: datetime) -> bool:
        async with self._database.write() as tx:
            asked = await tx.execute(
                update(approvals)
                .where(_its.id == approval.id, _its.ended_at.is_(None), _its.remind_at == approval.remind_at)
                .values(remind_at=None)
            )
            if not asked.rowcount:
                return False
            return await owe(tx, approval.workspace_id, alert, now, caller.correlation_id, not_before=now)


# ---------------------------------------------------------------- inside the transactions of facts


async def void_those_on(tx: AsyncConnection, caller: Caller, fact: Row[Any], now: datetime) -> None:
    """End the approvals that stand on a fact, which was changed or removed in this transaction."""
    query = _standing().where(_its.workspace_id == caller.workspace_id, drafts.c.campaign_id == fact.campaign_id)
    for row in (await tx.execute(query.order_by(drafts.c.id))).all():
        approval = _approval(row)
        then = next((pinned for pinned in approval.pinned.facts if pinned.id == fact.id), None)
        if then is None:
            continue
        draft = (await tx.execute(select(drafts).where(drafts.c.id == row.draft_id).with_for_update())).one()
        standing = await standing_approval(tx, draft.id)
        if standing is None or standing.id != approval.id:  # it ended while the draft's row was waited for
            continue
        reworded = Change(ChangeKind.FACT_CHANGED, str(fact.id), then.body, fact.body)
        gone = Change(ChangeKind.FACT_GONE, str(fact.id), before=then.body)
        changes = [reworded if fact.removed_at is None else gone]
        about = AboutDraft(draft.id, draft.community, await _newest_title(tx, draft.id), draft.poster)
        await _void(tx, caller, draft, standing, changes, about.voided(approval, changes), now)


async def _void(
    tx: AsyncConnection,
    caller: Caller,
    draft: Row[Any],
    standing: Row[Any],
    changes: Sequence[Change],
    alert: NewAlert,
    now: datetime,
) -> None:
    await end_approval(tx, caller, draft, Ending.VOIDED, now, changes=changes)
    await open_again(tx, draft)
    await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=now)
    await tell_poster_of_void(tx, caller, draft, alert, now)
    what = ", ".join(f"{change.kind.value} {change.name}".rstrip() for change in changes)
    facts = {"revision": standing.revision, "what": what}
    await enter_journal(tx, [entry(caller, now, JournalKind.DRAFT_VOID, f"draft {draft.id}", **facts)])


async def _newest_title(tx: AsyncConnection, draft_id: int) -> str:
    its = draft_revisions.c
    query = select(its.title).where(its.draft_id == draft_id).order_by(its.number.desc()).limit(1)
    return str(await tx.scalar(query))


# ---------------------------------------------------------------- inside the transactions of drafts


async def give_approval(
    tx: AsyncConnection,
    caller: Caller,
    draft: Row[Any],
    revision: int,
    pinned: Pinned,
    now: datetime,
    remind_at: datetime | None,
) -> None:
    """Keep an approval. The caller has locked the draft's row, and no approval of it stands."""
    await tx.execute(
        insert(approvals).values(
            workspace_id=caller.workspace_id,
            draft_id=draft.id,
            revision=revision,
            approved_by=caller.name,
            approver_id=caller.member_id,
            approved_at=now,
            pinned=pinned if pinned.is_known else {},
            changes=[],
            remind_at=remind_at,
        )
    )


async def standing_approval(tx: AsyncConnection, draft_id: int) -> Row[Any] | None:
    query = select(approvals).where(_its.draft_id == draft_id, _its.ended_at.is_(None))
    return (await tx.execute(query.order_by(_its.id.desc()).limit(1))).first()


async def last_approval(tx: AsyncConnection, draft_id: int) -> Row[Any] | None:
    query = select(approvals).where(_its.draft_id == draft_id).order_by(_its.id.desc()).limit(1)
    return (await tx.execute(query)).first()


async def end_approval(
    tx: AsyncConnection,
    caller: Caller,
    draft: Row[Any],
    ending: Ending,
    now: datetime,
    *,
    changes: Sequence[Change] = (),
) -> None:
    """End the approval that stands, if there is one. The caller has locked the draft's row."""
    await tx.execute(
        update(approvals)
        .where(_its.draft_id == draft.id, _its.ended_at.is_(None))
        .values(ending=ending, ended_by=caller.name, ended_at=now, changes=list(changes), remind_at=None)
    )


async def open_again(tx: AsyncConnection, draft: Row[Any]) -> Row[Any]:
    """Open the draft for a decision again, and return its row. The caller has locked it."""
    its = draft_revisions.c
    origin = await tx.scalar(select(its.origin).where(its.draft_id == draft.id).order_by(its.number.desc()).limit(1))
    status = DraftStatus.EDITED if origin is RevisionOrigin.PERSON else DraftStatus.GENERATED
    return await change(tx, draft, status=status, decided_by=None, decided_at=None)


async def change(tx: AsyncConnection, draft: Row[Any], **values: Any) -> Row[Any]:
    """Change the draft, count its version up, and return its row. The caller has locked it."""
    return await changed(tx, drafts, draft, version=drafts.c.version + 1, **values)


def _standing() -> Any:
    """The approvals that stand. Those in a deleted campaign are left out."""
    return (
        select(approvals)
        .join(drafts, drafts.c.id == _its.draft_id)
        .join(campaigns, campaigns.c.id == drafts.c.campaign_id)
        .where(_its.ended_at.is_(None), campaigns.c.deleted_at.is_(None))
    )


def _approval(row: Row[Any]) -> Approval:
    return record(Approval, row) if row.pinned else record(Approval, row, pinned=Pinned(is_known=False))

"""Direct messages about drafts, owed in the transaction of what they tell. A member can turn them off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.drafting.approvals import AboutDraft, Addressed, told_approved, told_voided, told_waiting
from core.drafting.drafts import NewRevision
from core.model import Caller, NewAlert, Role
from storage.base import counted
from storage.outbox import owe
from storage.schema import approvals, members, workspaces

_DECIDES = tuple(role for role in Role if role.covers(Role.APPROVER))


async def tell_approvers(
    tx: AsyncConnection, caller: Caller, draft: Row[Any], revision: NewRevision, now: datetime
) -> None:
    """A text that nothing blocks waits: everybody who may approve hears of it, except who wrote it or asked for it."""
    workspace = await _chat(tx, draft.workspace_id)
    if workspace is None or not revision.is_ready:
        return
    about = AboutDraft(draft.id, draft.community, revision.title, draft.poster)
    after = await counted(tx, approvals, approvals.c.draft_id == draft.id)
    its = members.c
    asked = select(its.id, its.name).where(
        its.workspace_id == draft.workspace_id, its.role.in_(_DECIDES), its.told_directly, its.id != caller.member_id
    )
    people = [Addressed(row.id, row.name, workspace) for row in await tx.execute(asked.order_by(its.id))]
    await _owe(tx, caller, [told_waiting(about, to, caller.name, after) for to in people], now)


async def tell_poster(tx: AsyncConnection, caller: Caller, draft: Row[Any], title: str, now: datetime) -> None:
    """A draft is approved: who is to post it hears of it, unless they approved it."""
    to = await _poster(tx, caller, draft)
    if to is not None:
        about = AboutDraft(draft.id, draft.community, title, draft.poster)
        after = await counted(tx, approvals, approvals.c.draft_id == draft.id)
        await _owe(tx, caller, [told_approved(about, to, caller.name, now, after)], now)


async def tell_poster_of_void(
    tx: AsyncConnection, caller: Caller, draft: Row[Any], for_all: NewAlert, now: datetime
) -> None:
    """An approval ended by itself: who was to post the draft hears of it, unless they changed what it stood on."""
    to = await _poster(tx, caller, draft)
    if to is not None:
        await _owe(tx, caller, [told_voided(for_all, to)], now)


async def _poster(tx: AsyncConnection, caller: Caller, draft: Row[Any]) -> Addressed | None:
    """Who is to post a draft, when they want to hear of it and do not know it already."""
    workspace, poster, its = await _chat(tx, draft.workspace_id), draft.poster_id, members.c
    if workspace is None or poster in (None, caller.member_id):
        return None
    wants = select(its.told_directly).where(its.workspace_id == draft.workspace_id, its.id == poster)
    if await tx.scalar(wants) is False:  # None: without a role, who chose nothing
        return None
    return Addressed(poster, draft.poster, workspace)


async def _chat(tx: AsyncConnection, workspace_id: str) -> str | None:
    """The name of a workspace whose platform has direct messages."""
    its = workspaces.c
    row = (await tx.execute(select(its.name, its.platform).where(its.id == workspace_id))).one()
    return row.name if row.platform != "terminal" else None


async def _owe(tx: AsyncConnection, caller: Caller, told: Sequence[NewAlert], now: datetime) -> None:
    for alert in told:
        await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=now)

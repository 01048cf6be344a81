"""Campaigns and their communities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.campaigns import UNDO_WINDOW, Campaign, CampaignStatus
from core.clock import moment
from core.errors import Advice, AlreadyExists, Do, OverBudget
from core.journal import JournalKind
from core.model import Caller
from storage.base import Verbs, added, changed, counted, missing, record
from storage.schema import campaign_communities, campaigns


class CampaignVerbs(Verbs):
    async def create_campaign(
        self,
        caller: Caller,
        *,
        name: str,
        product: str,
        url: str | None,
        keywords: Sequence[str],
        communities: Sequence[str],
        now: datetime,
    ) -> Campaign:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            await self._refuse_taken_name(tx, caller.workspace_id, name)
            await self._refuse_too_many(tx, caller.workspace_id)
            new = {
                "workspace_id": caller.workspace_id,
                "name": name,
                "name_folded": name.casefold(),
                "product": product,
                "url": url,
                "keywords": keywords,
                "status": CampaignStatus.ACTIVE,
                "created_by": caller.name,
                "created_at": now,
            }
            row = await added(tx, campaigns, new)
            await self._set_communities(tx, caller.workspace_id, row.id, communities)
            await self._enter_journal(tx, caller, now, JournalKind.CAMPAIGN_CREATE, f"campaign {row.id}", campaign=name)
            return await self._campaign(tx, row)

    async def campaign(self, workspace_id: str, reference: int | str) -> Campaign:
        query = _kept(workspace_id)
        if isinstance(reference, int):
            query = query.where(campaigns.c.id == reference)
        else:
            query = query.where(campaigns.c.name_folded == reference.casefold())
        async with self._database.read() as tx:
            row = (await tx.execute(query)).first()
            if row is None:
                raise missing("campaign", reference)
            return await self._campaign(tx, row)

    async def campaigns(self, workspace_id: str) -> Sequence[Campaign]:
        async with self._database.read() as tx:
            rows = (await tx.execute(_kept(workspace_id).order_by(campaigns.c.id))).all()
            found = await self._communities(tx, workspace_id, [row.id for row in rows])
        return [record(Campaign, row, communities=found.get(row.id, ())) for row in rows]

    async def update_campaign(
        self,
        caller: Caller,
        campaign_id: int,
        *,
        now: datetime,
        product: str | None = None,
        url: str | None = None,
        keywords: Sequence[str] | None = None,
        communities: Sequence[str] | None = None,
        first_comments: bool | None = None,
    ) -> Campaign:
        told = {"product": product, "url": url, "keywords": keywords, "first_comments": first_comments}
        changes: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
        if url == "":
            changes["url"] = None
        async with self._database.write() as tx:
            row = await self._kept_campaign(tx, caller.workspace_id, campaign_id, lock=True)
            if changes:
                row = await changed(tx, campaigns, row, **changes)
            if communities is not None:
                changes["communities"] = communities
                await self._set_communities(tx, caller.workspace_id, row.id, communities)
            await self._enter_journal(tx, caller, now, JournalKind.CAMPAIGN_EDIT, f"campaign {row.id}", **changes)
            return await self._campaign(tx, row)

    async def set_campaign_status(
        self, caller: Caller, campaign_id: int, status: CampaignStatus, now: datetime
    ) -> Campaign:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            row = await self._one(tx, campaigns, caller.workspace_id, campaign_id, "campaign", lock=True)
            if row.deleted_at is not None:
                if status is CampaignStatus.DELETED or now >= row.deleted_at + UNDO_WINDOW:
                    raise missing("campaign", campaign_id)
                await self._refuse_taken_name(tx, caller.workspace_id, row.name)
                await self._refuse_too_many(tx, caller.workspace_id)
            if status is CampaignStatus.DELETED:
                changes: dict[str, Any] = {"deleted_at": now}  # the status stays, for an undo
            elif row.deleted_at is not None:
                changes = {"deleted_at": None}
            else:
                changes = {"status": status}
            row = await changed(tx, campaigns, row, **changes)
            told = {"campaign": row.name, "status": status.value}
            await self._enter_journal(tx, caller, now, JournalKind.CAMPAIGN_STATUS, f"campaign {row.id}", **told)
            campaign = await self._campaign(tx, row)
        return campaign if row.deleted_at is None else replace(campaign, status=CampaignStatus.DELETED)

    @staticmethod
    async def _kept_campaign(
        tx: AsyncConnection, workspace_id: str, campaign_id: int, *, lock: bool = False
    ) -> Row[Any]:
        query = _kept(workspace_id).where(campaigns.c.id == campaign_id)
        row = (await tx.execute(query.with_for_update() if lock else query)).first()
        if row is None:
            raise missing("campaign", campaign_id)
        return row

    async def _campaign(self, tx: AsyncConnection, row: Row[Any]) -> Campaign:
        found = await self._communities(tx, row.workspace_id, [row.id])
        return record(Campaign, row, communities=found.get(row.id, ()))

    @staticmethod
    async def _communities(
        tx: AsyncConnection, workspace_id: str, campaign_ids: Sequence[int]
    ) -> dict[int, tuple[str, ...]]:
        its = campaign_communities.c
        rows = await tx.execute(
            select(its.campaign_id, its.community)
            .where(its.workspace_id == workspace_id, its.campaign_id.in_(campaign_ids))
            .order_by(its.campaign_id, its.position)
        )
        found: dict[int, tuple[str, ...]] = {}
        for row in rows:
            found[row.campaign_id] = (*found.get(row.campaign_id, ()), row.community)
        return found

    @staticmethod
    async def _set_communities(
        tx: AsyncConnection, workspace_id: str, campaign_id: int, communities: Sequence[str]
    ) -> None:
        await tx.execute(delete(campaign_communities).where(campaign_communities.c.campaign_id == campaign_id))
        rows = [
            {"workspace_id": workspace_id, "campaign_id": campaign_id, "community": name, "position": position}
            for position, name in enumerate(dict.fromkeys(communities))
        ]
        if rows:
            await tx.execute(insert(campaign_communities), rows)

    @staticmethod
    async def _refuse_taken_name(tx: AsyncConnection, workspace_id: str, name: str) -> None:
        row = (await tx.execute(_kept(workspace_id).where(campaigns.c.name_folded == name.casefold()))).first()
        if row is not None:
            raise AlreadyExists(
                f"{row.created_by} made a campaign named {row.name} on {moment(row.created_at)}.",
                Advice("Choose another name, or see it.", Do.SHOW_CAMPAIGN, row.id),
            )

    async def _refuse_too_many(self, tx: AsyncConnection, workspace_id: str) -> None:
        plan = await self._plan(tx, workspace_id)
        count = await counted(tx, campaigns, *_are_kept(workspace_id))
        if count >= plan.max_campaigns:
            raise OverBudget(
                f"This workspace has {count} campaigns; its plan allows {plan.max_campaigns}.",
                Advice("Delete one, or let an admin raise the limit.", Do.SET_PLAN),
            )


def _kept(workspace_id: str) -> Any:
    return select(campaigns).where(*_are_kept(workspace_id))


def _are_kept(workspace_id: str) -> tuple[ColumnElement[bool], ...]:
    return campaigns.c.workspace_id == workspace_id, campaigns.c.deleted_at.is_(None)

"""Permissions that chat workspaces gave the bot, one for each workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from core.installations import Installation
from core.journal import JournalKind
from core.model import Caller
from storage.base import Verbs, put, values_of
from storage.database import insert_new
from storage.schema import installations, workspaces

_its = installations.c


class InstallationVerbs(Verbs):
    async def install(self, caller: Caller, workspace_name: str, new: Installation, now: datetime) -> None:
        workspace_id, platform = caller.workspace_id, caller.workspace_id.partition(":")[0]
        async with self._database.write() as tx:
            await tx.execute(
                insert_new(tx, workspaces).values(
                    id=workspace_id, platform=platform, name=workspace_name, created_at=now
                )
            )
            await self._lock_workspace(tx, workspace_id)
            await tx.execute(update(workspaces).where(workspaces.c.id == workspace_id).values(name=workspace_name))
            await put(tx, installations, {"workspace_id": workspace_id}, values_of(new, without=("workspace_id",)))
            await self._enter_journal(tx, caller, now, JournalKind.INSTALLATION_INSTALL, "workspace")

    async def installation(self, workspace_id: str) -> Installation | None:
        return await self._record(Installation, select(installations).where(_its.workspace_id == workspace_id))

    async def installations(self) -> Sequence[Installation]:
        return await self._records(Installation, select(installations).order_by(_its.installed_at, _its.workspace_id))

    async def end_installation(self, caller: Caller, reason: str, until: datetime, now: datetime) -> bool:
        change = (
            update(installations)
            .where(_its.workspace_id == caller.workspace_id, _its.sealed_token.is_not(None), _its.installed_at <= until)
            .values(sealed_token=None, ended_at=now, end_reason=reason)
        )
        async with self._database.write() as tx:
            if not (await tx.execute(change)).rowcount:
                return False
            await self._enter_journal(tx, caller, now, JournalKind.INSTALLATION_END, "workspace", reason=reason)
        return True

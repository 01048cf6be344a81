"""Permissions that chat workspaces gave the bot, one for each workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from core.installations import Installation
from core.journal import JournalKind
from core.model import Caller
from storage.base import Verbs, record
from storage.database import insert_new
from storage.schema import installations, workspaces


class InstallationVerbs(Verbs):
    async def install(self, caller: Caller, workspace_name: str, new: Installation, now: datetime) -> None:
        workspace_id, platform = caller.workspace_id, caller.workspace_id.partition(":")[0]
        row = asdict(new) | {"workspace_id": workspace_id}
        async with self._database.write() as tx:
            await tx.execute(
                insert_new(tx, workspaces).values(
                    id=workspace_id, platform=platform, name=workspace_name, created_at=now
                )
            )
            await self._lock_workspace(tx, workspace_id)
            its_row = workspaces.c.id == workspace_id
            await tx.execute(update(workspaces).where(its_row).values(name=workspace_name))
            its = installations.c.workspace_id == workspace_id
            if not (await tx.execute(update(installations).where(its).values(row))).rowcount:
                await tx.execute(insert(installations).values(row))
            await self._enter_journal(tx, caller, now, JournalKind.INSTALLATION_INSTALL, "workspace")

    async def installation(self, workspace_id: str) -> Installation | None:
        query = select(installations).where(installations.c.workspace_id == workspace_id)
        async with self._database.read() as tx:
            row = (await tx.execute(query)).first()
        return None if row is None else record(Installation, row)

    async def installations(self) -> Sequence[Installation]:
        its = installations.c
        async with self._database.read() as tx:
            rows = await tx.execute(select(installations).order_by(its.installed_at, its.workspace_id))
        return [record(Installation, row) for row in rows]

    async def end_installation(self, caller: Caller, reason: str, until: datetime, now: datetime) -> bool:
        its = installations.c
        change = (
            update(installations)
            .where(its.workspace_id == caller.workspace_id, its.sealed_token.is_not(None), its.installed_at <= until)
            .values(sealed_token=None, ended_at=now, end_reason=reason)
        )
        async with self._database.write() as tx:
            if not (await tx.execute(change)).rowcount:
                return False
            await self._enter_journal(tx, caller, now, JournalKind.INSTALLATION_END, "workspace", reason=reason)
        return True

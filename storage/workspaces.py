"""Workspaces, members and their roles, plans, and the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import AlertPlace
from core.errors import Advice, Do, NotAllowedNow, NotFound
from core.journal import JournalEntry, JournalKind
from core.members import Member, Membership
from core.model import Caller, Role
from core.plans import PLANS, Plan, PlanName
from core.workspaces import Workspace
from storage.base import Verbs, put, record, unknown_workspace, values_of
from storage.database import insert_new
from storage.schema import alerts, journal, members, metadata, plans, refusals, workspaces

# Built once, because every command asks them.
_ONE = select(workspaces).where(workspaces.c.id == bindparam("workspace"))
_in_it = members.c.workspace_id == bindparam("workspace")
_ENTERING = select(
    workspaces.c.name,
    select(members.c.role).where(_in_it, members.c.id == bindparam("member")).scalar_subquery().label("role"),
    exists().where(_in_it, members.c.role == Role.ADMIN).label("has_admin"),
).where(workspaces.c.id == bindparam("workspace"))


class WorkspaceVerbs(Verbs):
    async def ensure_workspace(self, workspace_id: str, platform: str, name: str, now: datetime) -> Workspace:
        async with self._database.write() as tx:
            new = {"id": workspace_id, "platform": platform, "name": name, "created_at": now}
            await tx.execute(insert_new(tx, workspaces), new)
            row = (await tx.execute(_ONE, {"workspace": workspace_id})).one()
            if name and row.name != name:  # renamed on its platform
                await tx.execute(update(workspaces).where(workspaces.c.id == workspace_id).values(name=name))
            return record(Workspace, row, name=name or row.name)

    async def workspace(self, workspace_id: str) -> Workspace:
        found = await self._record(Workspace, _ONE, {"workspace": workspace_id})
        if found is None:
            raise unknown_workspace()
        return found

    async def all_workspaces(self) -> Sequence[Workspace]:
        return await self._records(Workspace, select(workspaces).order_by(workspaces.c.created_at, workspaces.c.id))

    async def set_alert_channel(self, caller: Caller, channel: str | None, now: datetime) -> None:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            await tx.execute(
                update(workspaces)
                .where(workspaces.c.id == caller.workspace_id)
                .values(alert_channel=channel, alert_channel_proved_at=None if channel is None else now)
            )
            if channel is not None:  # a person chose it, so it is tried at once, whatever it refused before
                mine = (refusals.c.workspace_id == caller.workspace_id, refusals.c.place == channel)
                await tx.execute(delete(refusals).where(*mine))
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_HERE, "workspace", channel=channel)

    async def set_four_eyes(self, caller: Caller, wanted: bool, now: datetime) -> Workspace:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            its = workspaces.c.id == caller.workspace_id
            row = (await tx.execute(update(workspaces).where(its).values(four_eyes=wanted).returning(workspaces))).one()
            await self._enter_journal(tx, caller, now, JournalKind.SETUP_FOUR_EYES, "workspace", wanted=wanted)
        return record(Workspace, row)

    async def alert_place(self, workspace_id: str) -> AlertPlace:
        last_taken = (
            select(alerts.c.delivered_at)
            .where(
                alerts.c.workspace_id == workspaces.c.id,
                alerts.c.channel == workspaces.c.alert_channel,
                alerts.c.delivered_at.is_not(None),
                alerts.c.last_problem.is_(None),  # it went to this channel, not to a person instead
            )
            .order_by(alerts.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        its = workspaces.c
        question = select(its.alert_channel, its.alert_channel_proved_at, last_taken.label("last_taken"))
        async with self._database.read() as tx:
            row = (await tx.execute(question.where(its.id == workspace_id))).one()
        taken = [at for at in (row.alert_channel_proved_at, row.last_taken) if at is not None]
        return AlertPlace(row.alert_channel, max(taken, default=None))

    async def members(self, workspace_id: str) -> Sequence[Member]:
        query = select(members).where(members.c.workspace_id == workspace_id)
        return await self._records(Member, query.order_by(members.c.name, members.c.id))

    async def enter(self, workspace_id: str, platform: str, name: str, member_id: str, now: datetime) -> Membership:
        async with self._database.read() as tx:
            row = (await tx.execute(_ENTERING, {"workspace": workspace_id, "member": member_id})).first()
        if row is None or (name and row.name != name):
            await self.ensure_workspace(workspace_id, platform, name, now)
        return Membership(row.role, bool(row.has_admin)) if row is not None else Membership(None, False)

    async def grant_role(self, caller: Caller, member_id: str, name: str, role: Role, now: datetime) -> Member:
        """Raises `NotAllowedNow` when it would leave the workspace without an admin."""
        granted = Member(caller.workspace_id, member_id, name, role, caller.name, now)
        key = {"workspace_id": caller.workspace_id, "id": member_id}
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            if role is not Role.ADMIN:
                await self._keep_an_admin(tx, caller.workspace_id, member_id)
            await put(tx, members, key, values_of(granted, without=(*key, "told_directly")))
            told = {"role": role.value, "member": name}
            await self._enter_journal(tx, caller, now, JournalKind.ROLE_GRANT, f"member {member_id}", **told)
        return granted

    async def set_told_directly(self, caller: Caller, wanted: bool, now: datetime) -> Member:
        async with self._database.write() as tx:
            known = _is_member(caller.workspace_id, caller.member_id)
            change = update(members).where(known).values(told_directly=wanted).returning(members)
            row = (await tx.execute(change)).first()
            if row is None:
                raise NotFound("You have no role here.", Advice("See who has.", Do.LIST_ROLES))
            subject = f"member {caller.member_id}"
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_DIRECT, subject, wanted=wanted)
        return record(Member, row)

    async def revoke_role(self, caller: Caller, member_id: str, now: datetime) -> Member:
        """Returns the member as they were. Raises `NotAllowedNow` for the last admin."""
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            known = _is_member(caller.workspace_id, member_id)
            row = (await tx.execute(select(members).where(known))).first()
            if row is None:
                raise NotFound("That person has no role here.", Advice("See who has.", Do.LIST_ROLES))
            await self._keep_an_admin(tx, caller.workspace_id, member_id)
            await tx.execute(delete(members).where(known))
            told = {"role": row.role, "member": row.name}
            await self._enter_journal(tx, caller, now, JournalKind.ROLE_REVOKE, f"member {member_id}", **told)
        return record(Member, row)

    @staticmethod
    async def _keep_an_admin(tx: AsyncConnection, workspace_id: str, without: str) -> None:
        rows = await tx.scalars(
            select(members.c.id).where(members.c.workspace_id == workspace_id, members.c.role == Role.ADMIN)
        )
        if set(rows) == {without}:
            raise NotAllowedNow(
                "That is the only admin of this workspace.", Advice("Make somebody else admin first.", Do.GRANT_ROLE)
            )

    async def journal(
        self,
        workspace_id: str,
        *,
        ids: Collection[int] | None = None,
        limit: int = 100,
    ) -> Sequence[JournalEntry]:
        its = journal.c
        query = select(journal).where(its.workspace_id == workspace_id).order_by(its.id.desc()).limit(limit)
        if ids is not None:
            query = query.where(its.id.in_(ids))
        return await self._records(JournalEntry, query)

    async def export_rows(self, workspace_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        exported: dict[str, list[dict[str, Any]]] = {}
        async with self._database.read() as tx:
            for table in metadata.sorted_tables:
                shown = [column for column in table.columns if not column.info.get("internal")]
                scope = workspaces.c.id if table is workspaces else table.c.workspace_id
                rows = await tx.execute(select(*shown).where(scope == workspace_id).order_by(*table.primary_key))
                exported[table.name] = [
                    {name: _json_ready(value) for name, value in row._mapping.items()} for row in rows
                ]
        return exported

    async def forget_workspace(self, caller: Caller) -> Mapping[str, int]:
        gone: dict[str, int] = {}
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            for table in reversed(metadata.sorted_tables):
                scope = workspaces.c.id if table is workspaces else table.c.workspace_id
                gone[table.name] = (await tx.execute(delete(table).where(scope == caller.workspace_id))).rowcount
        return gone

    async def plan(self, workspace_id: str) -> Plan:
        async with self._database.read() as tx:
            return await self._plan(tx, workspace_id)

    async def set_plan(
        self,
        caller: Caller,
        now: datetime,
        *,
        name: PlanName | None = None,
        monthly_cap_usd_micros: int | None = None,
        max_tracked_posts: int | None = None,
        max_campaigns: int | None = None,
    ) -> Plan:
        wanted = {
            "monthly_cap_usd_micros": monthly_cap_usd_micros,
            "max_tracked_posts": max_tracked_posts,
            "max_campaigns": max_campaigns,
        }
        changes = {limit: value for limit, value in wanted.items() if value is not None}
        named = {} if name is None else {"plan": name.value}
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            old = await self._plan(tx, caller.workspace_id)
            limits = {} if name is None else {**asdict(PLANS[name]), "name": name}
            plan = replace(old, **{**limits, **changes})
            row = {column: getattr(plan, column) for column in ("name", *wanted)}
            await put(tx, plans, {"workspace_id": caller.workspace_id}, row)
            await self._enter_journal(tx, caller, now, JournalKind.PLAN_SET, "plan", **named, **changes)
        return plan


def _is_member(workspace_id: str, member_id: str) -> Any:
    return and_(members.c.workspace_id == workspace_id, members.c.id == member_id)


def _json_ready(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | time) else value

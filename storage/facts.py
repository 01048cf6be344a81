"""Facts, their versions, and their removal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.campaigns import Fact, FactKind
from core.clock import moment
from core.errors import Advice, AlreadyDecided, Do
from core.facts import FactDetails, FactVersion, NewFact
from core.journal import JournalKind
from core.model import Caller
from core.texts.numbers import Number
from storage.approvals import void_those_on
from storage.base import added, changed, record, values_of
from storage.campaigns import CampaignVerbs
from storage.schema import accounts, fact_versions, facts


class FactVerbs(CampaignVerbs):
    async def add_fact(
        self,
        caller: Caller,
        campaign_id: int,
        kind: FactKind,
        body: str,
        now: datetime,
        *,
        details: FactDetails | None = None,
    ) -> Fact:
        async with self._database.write() as tx:
            row = await self._add_fact(tx, caller, NewFact(campaign_id, kind, body, details or FactDetails()), now)
            return await _with_account(tx, row)

    async def _add_fact(self, tx: AsyncConnection, caller: Caller, new: NewFact, now: datetime) -> Row[Any]:
        told = new.details
        owner_id, owner = (told.owner_id, told.owner) if told.owner is not None else (caller.member_id, caller.name)
        await self._kept_campaign(tx, caller.workspace_id, new.campaign_id)
        values = {
            "workspace_id": caller.workspace_id,
            **values_of(new, without=("details",)),
            **_details(told),
            "created_at": now,
            "version": 1,
            "owner_id": owner_id,
            "owner": owner,
            "entered_by": None if owner_id == caller.member_id else caller.name,
        }
        row = await added(tx, facts, values)
        await _keep_version(tx, row, caller, now)
        about = {"campaign_id": new.campaign_id, "fact": new.kind, "body": new.body}
        await self._enter_journal(tx, caller, now, JournalKind.FACT_ADD, f"fact {row.id}", **about)
        return row

    async def facts(self, workspace_id: str, campaign_id: int, now: datetime) -> Sequence[Fact]:
        return await self._facts(workspace_id, campaign_id, or_(facts.c.expires_at.is_(None), facts.c.expires_at > now))

    async def kept_facts(self, workspace_id: str, campaign_id: int) -> Sequence[Fact]:
        return await self._facts(workspace_id, campaign_id)

    async def _facts(self, workspace_id: str, campaign_id: int, *wanted: ColumnElement[bool]) -> Sequence[Fact]:
        its = facts.c
        async with self._database.read() as tx:
            await self._kept_campaign(tx, workspace_id, campaign_id)
            rows = await tx.execute(
                select(facts)
                .where(its.workspace_id == workspace_id, its.campaign_id == campaign_id, its.removed_at.is_(None))
                .where(*wanted)
                .order_by(its.id)
            )
            names = await _accounts_by_member(tx, workspace_id)
        return [_fact(row, names) for row in rows]

    async def fact(self, workspace_id: str, fact_id: int) -> Fact:
        async with self._database.read() as tx:
            return await _with_account(tx, await self._one(tx, facts, workspace_id, fact_id, "fact"))

    async def fact_versions(self, workspace_id: str, fact_id: int) -> Sequence[FactVersion]:
        its = fact_versions.c
        async with self._database.read() as tx:
            await self._one(tx, facts, workspace_id, fact_id, "fact")
            rows = await tx.execute(
                select(fact_versions)
                .where(its.workspace_id == workspace_id, its.fact_id == fact_id)
                .order_by(its.version)
            )
        return [record(FactVersion, row, number=_number(row)) for row in rows]

    async def edit_fact(self, caller: Caller, edited: Fact, now: datetime) -> Fact:
        async with self._database.write() as tx:
            row = await self._one(tx, facts, caller.workspace_id, edited.id, "fact", lock=True)
            _refuse_removed(row)
            if row.version != edited.version:
                raise await _edited_meanwhile(tx, row)
            values = {"kind": edited.kind, "body": edited.body, "owner_id": edited.owner_id, "owner": edited.owner}
            row = await changed(tx, facts, row, **values, version=row.version + 1, **_details(edited))
            await _keep_version(tx, row, caller, now)
            told = {"version": row.version, "body": row.body}
            await self._enter_journal(tx, caller, now, JournalKind.FACT_EDIT, f"fact {row.id}", **told)
            await void_those_on(tx, caller, row, now)
            return await _with_account(tx, row)

    async def remove_fact(self, caller: Caller, fact_id: int, now: datetime) -> Fact:
        async with self._database.write() as tx:
            row = await self._one(tx, facts, caller.workspace_id, fact_id, "fact", lock=True)
            _refuse_removed(row)
            row = await changed(tx, facts, row, removed_by=caller.name, removed_at=now)
            await self._enter_journal(tx, caller, now, JournalKind.FACT_REMOVE, f"fact {row.id}", body=row.body)
            await void_those_on(tx, caller, row, now)
            return await _with_account(tx, row)


def _refuse_removed(row: Row[Any]) -> None:
    if row.removed_at is not None:
        raise AlreadyDecided(
            f"Fact {row.id} was removed by {row.removed_by} on {moment(row.removed_at)}.",
            Advice("See which there are.", Do.LIST_FACTS),
            decided_by=row.removed_by,
            decided_at=row.removed_at,
        )


async def _edited_meanwhile(tx: AsyncConnection, row: Row[Any]) -> AlreadyDecided:
    its = fact_versions.c
    newest = (await tx.execute(select(fact_versions).where(its.fact_id == row.id, its.version == row.version))).one()
    return AlreadyDecided(
        f"{newest.changed_by} changed fact {row.id} on {moment(newest.changed_at)}; yours was made from an older"
        " wording.",
        Advice("Look at it first.", Do.SHOW_FACT, row.id),
        decided_by=newest.changed_by,
        decided_at=newest.changed_at,
    )


def _details(told: FactDetails | Fact) -> dict[str, Any]:
    number = told.number
    return {
        **{name: getattr(told, name) for name in ("source", "period", "as_of", "expires_at")},
        "number_value": None if number is None else number.value,
        "number_unit": None if number is None else number.unit,
        "number_counts": None if number is None else number.counts,
    }


_OF_A_VERSION = (
    "workspace_id", "kind", "body", "owner", "source", "period", "as_of", "expires_at",
    "number_value", "number_unit", "number_counts", "version",
)  # fmt: skip


async def _keep_version(tx: AsyncConnection, row: Row[Any], caller: Caller, now: datetime) -> None:
    columns = row._mapping
    values = {name: columns[name] for name in _OF_A_VERSION}
    await tx.execute(insert(fact_versions).values(fact_id=row.id, changed_by=caller.name, changed_at=now, **values))


async def _accounts_by_member(tx: AsyncConnection, workspace_id: str) -> Mapping[str, str]:
    """The Reddit account of each member who linked exactly one."""
    its = accounts.c
    rows = await tx.execute(
        select(its.linked_by_id, its.name).where(its.workspace_id == workspace_id, its.linked_by_id.is_not(None))
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.linked_by_id, []).append(row.name)
    return {member_id: names[0] for member_id, names in found.items() if len(names) == 1}


async def _with_account(tx: AsyncConnection, row: Row[Any]) -> Fact:
    return _fact(row, await _accounts_by_member(tx, row.workspace_id))


def _fact(row: Row[Any], account_of: Mapping[str, str]) -> Fact:
    account = account_of.get(row.owner_id) if row.owner_id is not None else None
    return record(Fact, row, account=account, number=_number(row))


def _number(row: Row[Any]) -> Number | None:
    if row.number_value is None:
        return None
    return Number(row.number_value, row.number_unit or "", row.number_counts or "")

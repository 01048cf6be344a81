"""Marks of drafts, and what people decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from core.drafting.drafts import Mark, NewRevision, WayOut, already_decided
from core.facts import NewFact
from core.journal import JournalKind
from core.model import Caller
from storage.base import changed, record, records, values_of
from storage.database import execute_many
from storage.drafts import DraftVerbs, kept_draft, refuse_decided, refuse_newer
from storage.schema import marks


class MarkVerbs(DraftVerbs):
    async def marks(self, workspace_id: str, draft_id: int) -> Sequence[Mark]:
        async with self._database.read() as tx:
            await kept_draft(tx, workspace_id, draft_id)
            return await records(Mark, await tx.execute(_of(workspace_id, draft_id)))

    async def mark(self, workspace_id: str, mark_id: int) -> Mark:
        async with self._database.read() as tx:
            return record(Mark, await self._one(tx, marks, workspace_id, mark_id, "mark"))

    async def keep_marks(
        self, workspace_id: str, draft_id: int, known: Sequence[Mark], marks_now: Sequence[Mark]
    ) -> Sequence[Mark] | None:
        async with self._database.write() as tx:
            await kept_draft(tx, workspace_id, draft_id, lock=True)
            if await records(Mark, await tx.execute(_of(workspace_id, draft_id))) != list(known):
                return None
            change = update(marks).where(marks.c.id == bindparam("mark_id"))
            await execute_many(tx, change, ({"mark_id": mark.id, **_told(mark)} for mark in marks_now if mark.id))
            mine = {"workspace_id": workspace_id, "draft_id": draft_id}
            await execute_many(tx, insert(marks), (mine | _told(mark) for mark in marks_now if not mark.id))
            return await records(Mark, await tx.execute(_of(workspace_id, draft_id)))

    async def decide_mark(
        self,
        caller: Caller,
        mark_id: int,
        way: WayOut,
        now: datetime,
        *,
        revision: int,
        fact: NewFact | None = None,
        text: NewRevision | None = None,
    ) -> Mark:
        async with self._database.write() as tx:
            found = await self._one(tx, marks, caller.workspace_id, mark_id, "mark")
            draft = await kept_draft(tx, caller.workspace_id, found.draft_id, lock=True)
            row = await self._one(tx, marks, caller.workspace_id, mark_id, "mark", lock=True)
            refuse_decided(draft)
            if row.way is not None:
                raise already_decided(record(Mark, row))
            await refuse_newer(tx, draft, revision)
            fact_id = None if fact is None else (await self._add_fact(tx, caller, fact, now)).id
            row = await changed(tx, marks, row, way=way, decided_by=caller.name, decided_at=now, fact_id=fact_id)
            told = {"mark": row.id, "way": way, "words": row.words}
            await self._enter_journal(tx, caller, now, JournalKind.DRAFT_MARK, f"draft {draft.id}", **told)
            if text is not None:
                await self._add_revision(tx, caller, draft, text, revision + 1, now)
            return record(Mark, row)


def _of(workspace_id: str, draft_id: int) -> Any:
    its = marks.c
    return select(marks).where(its.workspace_id == workspace_id, its.draft_id == draft_id).order_by(its.id)


def _told(mark: Mark) -> dict[str, Any]:
    return values_of(mark, without=("id", "workspace_id", "draft_id"))

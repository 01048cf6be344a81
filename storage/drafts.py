"""Drafts and their revisions."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import moment
from core.drafting.approvals import Ending, Pinned
from core.drafting.drafts import Draft, DraftStatus, NewRevision, Poster, Revision, RevisionOrigin
from core.errors import Advice, AlreadyDecided, Do, NotAllowedNow, UserError
from core.journal import JournalKind
from core.model import Caller
from storage.approvals import (
    ApprovalVerbs,
    change,
    end_approval,
    give_approval,
    last_approval,
    open_again,
    standing_approval,
)
from storage.base import added, changed, matches, missing, nearest_first, record, values_of
from storage.direct import tell_approvers, tell_poster
from storage.facts import FactVerbs
from storage.schema import approvals, campaigns, draft_revisions, drafts, journal


class DraftVerbs(FactVerbs, ApprovalVerbs):
    async def create_draft(
        self,
        caller: Caller,
        campaign_id: int,
        community: str,
        revision: NewRevision,
        now: datetime,
        *,
        poster: Poster | None = None,
        angle: str | None = None,
    ) -> Draft:
        who = poster or Poster(caller.member_id, caller.name)
        async with self._database.write() as tx:
            await self._kept_campaign(tx, caller.workspace_id, campaign_id)
            new = {
                "workspace_id": caller.workspace_id,
                "campaign_id": campaign_id,
                "community": community,
                "status": DraftStatus.GENERATED,
                "created_by": caller.name,
                "created_at": now,
                "angle": angle,
                **_as_poster(who),
            }
            row = await added(tx, drafts, new)
            revision = await self._with_facts(tx, caller, revision, now)
            await tx.execute(insert(draft_revisions).values(_revision_row(row, 1, caller, revision, now)))
            await tell_approvers(tx, caller, row, revision, now)
            about = {"campaign_id": campaign_id, "community": community}
            await self._enter_journal(tx, caller, now, JournalKind.DRAFT_NEW, f"draft {row.id}", **about)
            return await _with_revisions(tx, row)

    async def draft(self, workspace_id: str, draft_id: int) -> Draft:
        async with self._database.read() as tx:
            return await _with_revisions(tx, await kept_draft(tx, workspace_id, draft_id))

    async def drafts(
        self,
        workspace_id: str,
        *,
        statuses: Collection[DraftStatus] = (),
        community: str | None = None,
        containing: str | None = None,
        before: int | None = None,
        limit: int = 20,
    ) -> Sequence[Draft]:
        query = _kept(workspace_id).order_by(*nearest_first(drafts.c.id, containing)).limit(limit)
        if statuses:
            query = query.where(drafts.c.status.in_(statuses))
        if community is not None:
            query = query.where(drafts.c.community == community)
        if before is not None:
            query = query.where(drafts.c.id < before)
        if containing:
            query = query.where(matches(drafts.c.id, containing, drafts.c.community, drafts.c.status, _newest_words()))
        return await self._drafts(query)

    async def _drafts(self, query: Select[Any]) -> Sequence[Draft]:
        async with self._database.read() as tx:
            rows = (await tx.execute(query)).all()
            revisions = await _revisions(tx, [row.id for row in rows])
        return [_draft(row, revisions) for row in rows]

    async def drafts_by_id(self, workspace_id: str, ids: Collection[int]) -> Mapping[int, Draft]:
        found = await self._drafts(_kept(workspace_id).where(drafts.c.id.in_(ids)))
        return {draft.id: draft for draft in found}

    async def last_disclosure(self, workspace_id: str, campaign_id: int, member_id: str) -> str | None:
        its = drafts.c
        mine = (its.workspace_id == workspace_id, its.campaign_id == campaign_id, its.poster_id == member_id)
        query = select(its.disclosure).where(*mine, its.disclosure.is_not(None)).order_by(its.id.desc()).limit(1)
        words: str | None = await self._value(query)
        return words

    async def count_drafts(self, workspace_id: str) -> Mapping[DraftStatus, int]:
        kept = _kept(workspace_id).subquery().c
        counted = select(kept.status, func.count().label("drafts")).group_by(kept.status)
        return {row.status: row.drafts for row in await self._rows(counted)}

    async def add_revision(
        self,
        caller: Caller,
        draft_id: int,
        revision: NewRevision,
        *,
        after: int,
        now: datetime,
        approval: int | None = None,
        restored: int | None = None,
        disclosure: str | None = None,
    ) -> Draft:
        async with self._database.write() as tx:
            row = await kept_draft(tx, caller.workspace_id, draft_id, lock=True)
            standing = await standing_approval(tx, row.id)
            if standing is None or approval != standing.id:
                refuse_decided(row)
            await refuse_newer(tx, row, after)
            if standing is not None:
                await end_approval(tx, caller, row, Ending.EDITED, now)
            row = await self._add_revision(tx, caller, row, revision, after + 1, now, restored)
            if disclosure is not None:
                row = await change(tx, row, disclosure=disclosure)
            return await _with_revisions(tx, row)

    async def _add_revision(
        self,
        tx: AsyncConnection,
        caller: Caller,
        draft: Row[Any],
        revision: NewRevision,
        number: int,
        now: datetime,
        restored: int | None = None,
    ) -> Row[Any]:
        """Returns the draft's row with a newer text, open for a decision. Its row is locked."""
        revision = await self._with_facts(tx, caller, revision, now)
        await tx.execute(insert(draft_revisions).values(_revision_row(draft, number, caller, revision, now)))
        kind = JournalKind.DRAFT_REGENERATE if revision.origin is RevisionOrigin.MODEL else JournalKind.DRAFT_EDIT
        kind, more = (kind, {}) if restored is None else (JournalKind.DRAFT_RESTORE, {"restored": restored})
        await self._enter_journal(tx, caller, now, kind, f"draft {draft.id}", revision=number, **more)
        row = await open_again(tx, draft)
        await tell_approvers(tx, caller, row, revision, now)
        return row

    async def _with_facts(
        self, tx: AsyncConnection, caller: Caller, revision: NewRevision, now: datetime
    ) -> NewRevision:
        """The revision with the ids of the facts that come with it, which are the caller's."""
        ids = [(await self._add_fact(tx, caller, fact, now)).id for fact in revision.new_facts]
        named = tuple(ids[-id_ - 1] if id_ < 0 else id_ for id_ in revision.fact_ids)
        return replace(revision, fact_ids=named)

    async def decide_draft(
        self,
        caller: Caller,
        draft_id: int,
        decision: DraftStatus,
        now: datetime,
        *,
        version: int | None = None,
        pinned: Pinned = Pinned(is_known=False),  # noqa: B008 - frozen
        remind_at: datetime | None = None,
    ) -> Draft:
        if decision not in (DraftStatus.APPROVED, DraftStatus.DISCARDED):
            raise ValueError(f"not a decision: {decision}")
        async with self._database.write() as tx:
            row = await kept_draft(tx, caller.workspace_id, draft_id, lock=True)
            refuse_decided(row)
            if version is not None and version != row.version:
                raise await _changed_meanwhile(tx, row)
            row = await change(tx, row, status=decision, decided_by=caller.name, decided_at=now)
            draft = await _with_revisions(tx, row)
            if decision is DraftStatus.APPROVED:
                await give_approval(tx, caller, row, draft.latest.number, pinned, now, remind_at)
                await tell_poster(tx, caller, row, draft.latest.title, now)
            kind = JournalKind.DRAFT_APPROVE if decision is DraftStatus.APPROVED else JournalKind.DRAFT_DISCARD
            await self._enter_journal(tx, caller, now, kind, f"draft {row.id}", revision=draft.latest.number)
        return draft

    async def reopen_draft(self, caller: Caller, draft_id: int, now: datetime) -> Draft:
        async with self._database.write() as tx:
            row, standing = await _approved(tx, caller, draft_id)
            await end_approval(tx, caller, row, Ending.TAKEN_BACK, now)
            row = await open_again(tx, row)
            kind = JournalKind.DRAFT_TAKE_BACK
            await self._enter_journal(tx, caller, now, kind, f"draft {row.id}", revision=standing.revision)
            return await _with_revisions(tx, row)

    async def drop_draft(self, caller: Caller, draft_id: int, now: datetime) -> Draft:
        async with self._database.write() as tx:
            row, standing = await _approved(tx, caller, draft_id)
            await end_approval(tx, caller, row, Ending.DISCARDED, now)
            row = await change(tx, row, status=DraftStatus.DISCARDED, decided_by=caller.name, decided_at=now)
            kind = JournalKind.DRAFT_DISCARD
            await self._enter_journal(tx, caller, now, kind, f"draft {row.id}", revision=standing.revision)
            return await _with_revisions(tx, row)

    async def give_draft(
        self, caller: Caller, draft_id: int, poster: Poster, now: datetime, *, version: int, keeps_approval: bool
    ) -> Draft:
        async with self._database.write() as tx:
            row = await kept_draft(tx, caller.workspace_id, draft_id, lock=True)
            if row.status is not DraftStatus.APPROVED:
                refuse_decided(row)
            if version != row.version:
                raise await _changed_meanwhile(tx, row)
            if not keeps_approval:
                await end_approval(tx, caller, row, Ending.GIVEN, now)
                row = await open_again(tx, row)
            row = await change(tx, row, **_as_poster(poster))
            kind = JournalKind.DRAFT_GIVE
            await self._enter_journal(tx, caller, now, kind, f"draft {row.id}", poster=poster.member)
            return await _with_revisions(tx, row)

    async def leave_undisclosed(self, caller: Caller, draft_id: int, because: str, now: datetime) -> Draft:
        async with self._database.write() as tx:
            row = await kept_draft(tx, caller.workspace_id, draft_id, lock=True)
            refuse_decided(row)
            row = await change(tx, row, undisclosed_because=because, undisclosed_by=caller.name)
            kind = JournalKind.DRAFT_UNDISCLOSED
            await self._enter_journal(tx, caller, now, kind, f"draft {row.id}", because=because)
            return await _with_revisions(tx, row)

    async def put_off_reminder(self, caller: Caller, draft_id: int, until: datetime, now: datetime) -> Draft:
        async with self._database.write() as tx:
            row, standing = await _approved(tx, caller, draft_id)
            await changed(tx, approvals, standing, remind_at=until)
            row = await change(tx, row)
            kind = JournalKind.DRAFT_LATER
            await self._enter_journal(tx, caller, now, kind, f"draft {row.id}", until=until.isoformat())
            return await _with_revisions(tx, row)


def refuse_decided(row: Row[Any]) -> None:
    if row.status.is_open:
        return
    raise AlreadyDecided(
        f"Draft {row.id} was {'discarded' if row.status is DraftStatus.DISCARDED else 'approved'} by {row.decided_by}"
        f" on {moment(row.decided_at)}.",
        Advice("See it.", Do.SHOW_DRAFT, row.id),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


async def _changed_meanwhile(tx: AsyncConnection, draft: Row[Any]) -> AlreadyDecided:
    """The error that says who changed the draft last, and when. The journal has every change of a draft."""
    its = journal.c
    mine = select(journal).where(its.workspace_id == draft.workspace_id, its.subject == f"draft {draft.id}")
    last = (await tx.execute(mine.order_by(its.id.desc()).limit(1))).one()
    return AlreadyDecided(
        f"{last.name} changed draft {draft.id} on {moment(last.at)}, while you looked at it.",
        Advice("Look at it as it is now.", Do.SHOW_DRAFT, draft.id),
        decided_by=last.name,
        decided_at=last.at,
    )


async def _approved(tx: AsyncConnection, caller: Caller, draft_id: int) -> tuple[Row[Any], Row[Any]]:
    """The row of an approved draft, locked, and that of its approval. Raises `_not_approved`."""
    row = await kept_draft(tx, caller.workspace_id, draft_id, lock=True)
    standing = await standing_approval(tx, row.id)
    if row.status is not DraftStatus.APPROVED or standing is None:
        raise await _not_approved(tx, row)
    return row, standing


async def _not_approved(tx: AsyncConnection, draft: Row[Any]) -> UserError:
    """The error for a draft that is not approved. It says how its last approval ended, if there was one."""
    last = await last_approval(tx, draft.id)
    if last is None or last.ended_at is None:
        what = f"Draft {draft.id} is not approved."
        return NotAllowedNow(what, Advice("See how it stands.", Do.SHOW_DRAFT, draft.id))
    return AlreadyDecided(
        f"The approval of draft {draft.id} ended on {moment(last.ended_at)}, by {last.ended_by}.",
        Advice("See how it stands.", Do.SHOW_DRAFT, draft.id),
        decided_by=last.ended_by,
        decided_at=last.ended_at,
    )


async def refuse_newer(tx: AsyncConnection, draft: Row[Any], number: int) -> None:
    """`AlreadyDecided` unless revision `number` is still the newest."""
    its = draft_revisions.c
    query = select(draft_revisions).where(its.draft_id == draft.id).order_by(its.number.desc()).limit(1)
    newest = (await tx.execute(query)).one()
    if newest.number != number:
        raise AlreadyDecided(
            f"{newest.written_by} changed draft {draft.id} on {moment(newest.created_at)}; yours was made from an older"
            " text.",
            Advice("Look at the newest text first.", Do.SHOW_DRAFT, draft.id),
            decided_by=newest.written_by,
            decided_at=newest.created_at,
        )


def _kept(workspace_id: str) -> Any:
    """The drafts of a workspace. Those in a deleted campaign are left out."""
    return (
        select(drafts)
        .join(campaigns, campaigns.c.id == drafts.c.campaign_id)
        .where(drafts.c.workspace_id == workspace_id, campaigns.c.deleted_at.is_(None))
    )


def _newest_words() -> ColumnElement[str]:
    its = draft_revisions.c
    newest = select(its.words).where(its.draft_id == drafts.c.id).order_by(its.number.desc()).limit(1)
    return newest.correlate(drafts).scalar_subquery()


async def kept_draft(tx: AsyncConnection, workspace_id: str, draft_id: int, *, lock: bool = False) -> Row[Any]:
    query = _kept(workspace_id).where(drafts.c.id == draft_id)
    row: Row[Any] | None = (await tx.execute(query.with_for_update(of=drafts) if lock else query)).first()
    if row is None:
        raise missing("draft", draft_id)
    return row


async def _with_revisions(tx: AsyncConnection, row: Row[Any]) -> Draft:
    return _draft(row, await _revisions(tx, [row.id]))


def _draft(row: Row[Any], revisions: Mapping[int, tuple[Revision, ...]]) -> Draft:
    poster = Poster(row.poster_id, row.poster, row.poster_account)
    return record(Draft, row, revisions=revisions[row.id], poster=poster)


async def _revisions(tx: AsyncConnection, draft_ids: Sequence[int]) -> dict[int, tuple[Revision, ...]]:
    rows = await tx.execute(
        select(draft_revisions)
        .where(draft_revisions.c.draft_id.in_(draft_ids))
        .order_by(draft_revisions.c.draft_id, draft_revisions.c.number)
    )
    found: dict[int, tuple[Revision, ...]] = {}
    for row in rows:
        found[row.draft_id] = (*found.get(row.draft_id, ()), record(Revision, row))
        await asyncio.sleep(0)  # a turn for others, because one revision may have a thousand sentences
    return found


def _revision_row(draft: Row[Any], number: int, caller: Caller, revision: NewRevision, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": draft.workspace_id,
        "draft_id": draft.id,
        "number": number,
        "by": caller.name,
        "by_id": caller.member_id,
        "created_at": now,
        **values_of(revision, without=("new_facts",)),
        "remarks": [values_of(remark, without=("start", "end")) for remark in revision.remarks],
    }


def _as_poster(who: Poster) -> dict[str, Any]:
    return {"poster": who.member, "poster_id": who.member_id, "poster_account": who.account}

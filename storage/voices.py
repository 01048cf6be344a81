"""Which members lend their voice to models, and the texts of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select

from core.drafting.drafts import DraftStatus, RevisionOrigin
from core.journal import JournalKind
from core.model import Caller
from storage.base import Verbs
from storage.database import insert_new
from storage.history import is_newest_text_of
from storage.schema import campaigns, draft_revisions, drafts, voices

_APPROVED = (DraftStatus.APPROVED, DraftStatus.POSTED)
_BY_HAND = (RevisionOrigin.PERSON, RevisionOrigin.INTERVIEW)


class VoiceVerbs(Verbs):
    async def lends_voice(self, workspace_id: str, member_id: str) -> bool:
        return bool(await self._value(select(exists().where(*_of(workspace_id, member_id)))))

    async def voice_texts(self, workspace_id: str, member_id: str, limit: int) -> Sequence[str]:
        text = draft_revisions.c
        query = (
            select(text.title, text.body)
            .select_from(
                drafts.join(campaigns, campaigns.c.id == drafts.c.campaign_id).join(
                    draft_revisions, is_newest_text_of(drafts.c.id)
                )
            )
            .where(
                drafts.c.workspace_id == workspace_id,
                drafts.c.poster_id == member_id,
                drafts.c.status.in_(_APPROVED),
                campaigns.c.deleted_at.is_(None),
                text.origin.in_(_BY_HAND),
                text.by_id == member_id,
                exists().where(*_of(workspace_id, member_id)),
            )
            .order_by(text.created_at.desc(), drafts.c.id.desc())
            .limit(limit)
        )
        return [f"{row.title}\n{row.body}" for row in await self._rows(query)]

    async def lend_voice(self, caller: Caller, lent: bool, now: datetime) -> None:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            if lent:
                row = {"workspace_id": caller.workspace_id, "member_id": caller.member_id, "lent_at": now}
                await tx.execute(insert_new(tx, voices).values(row))
            else:
                await tx.execute(delete(voices).where(*_of(caller.workspace_id, caller.member_id)))
            await self._enter_journal(tx, caller, now, JournalKind.DRAFT_VOICE, f"member {caller.member_id}", lent=lent)


def _of(workspace_id: str, member_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return voices.c.workspace_id == workspace_id, voices.c.member_id == member_id

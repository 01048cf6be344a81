"""Marking: keeps the marks of a draft on record, and does what a person decides about each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.campaigns import CampaignStore
from core.clock import Clock
from core.drafting.drafts import (
    Draft,
    DraftStore,
    Mark,
    MarkStore,
    NewRevision,
    Revision,
    RevisionOrigin,
    Sentence,
    WayOut,
    already_decided,
)
from core.drafting.gathering import GroundReads, gather
from core.drafting.grounds import Grounds
from core.drafting.marks import (
    Found,
    blanked,
    find,
    follow,
    kind_of,
    speaks_for_one,
    statement_for,
    taken_out,
    with_fact,
)
from core.errors import Advice, Do, NotAllowedNow
from core.facts import NewFact
from core.model import Caller
from core.texts.private import private_in

_TRIES = 3  # because others may show the same draft at the same moment


class MarkingStore(DraftStore, MarkStore, CampaignStore, GroundReads, Protocol):
    """Drafts and their marks, and what they are compared with."""


class Checking(Protocol):
    """What checks a changed text as every text is checked."""

    async def checked_text(self, caller: Caller, draft: Draft, grounds: Grounds, title: str, body: str) -> NewRevision:
        """Returns a person's text, with the remarks of the gates."""
        ...


@dataclass(frozen=True, slots=True)
class Marking:
    store: MarkingStore
    clock: Clock

    async def marks(self, draft: Draft, grounds: Grounds) -> tuple[Mark, ...]:
        """Returns the marks of a draft's newest text under today's grounds, and puts them on record; freed ones too."""
        found = await asyncio.to_thread(find, _whole(draft.latest), generated(draft), grounds, named(draft))
        known: Sequence[Mark] = ()
        for _ in range(_TRIES):
            known = await self.store.marks(draft.workspace_id, draft.id)
            now = await asyncio.to_thread(_followed, draft, known, found, grounds.now)
            if set(now) <= set(known):
                return tuple(now)
            kept = await self.store.keep_marks(draft.workspace_id, draft.id, known, now)
            if kept is not None:
                # Those that were followed, and new ones.
                gone = {mark.id for mark in known} - {mark.id for mark in now}
                return tuple(sorted((m for m in kept if m.id not in gone), key=lambda mark: mark.start))
        raise NotAllowedNow(
            f"Others are changing draft {draft.id} at this moment.", Advice("Look again.", Do.SHOW_DRAFT, draft.id)
        )

    async def decide(self, caller: Caller, mark_id: int, way: WayOut, checking: Checking) -> Mark:
        """Do what a person decided about a mark.

        Raises `NotFound`; `AlreadyDecided` for a second decision; `NotAllowedNow` when the words are no longer marked,
        and when the caller may not take this way.
        """
        mark = await self.store.mark(caller.workspace_id, mark_id)
        draft = await self.store.draft(caller.workspace_id, mark.draft_id)
        if mark.way is not None:
            raise already_decided(mark)
        campaign = await self.store.campaign(caller.workspace_id, draft.campaign_id)
        grounds = await gather(self.store, campaign, draft.community, self.clock.now(), draft.poster, draft_id=draft.id)
        if draft.status.is_open:
            mark = _present(mark, await self.marks(draft, grounds))
        fact = await asyncio.to_thread(_as_fact, caller, draft, mark, grounds) if way is WayOut.TRUE else None
        text = None
        if way in (WayOut.OUT, WayOut.BLANK):
            change = taken_out if way is WayOut.OUT else blanked
            title, body = change(draft.latest.title, draft.latest.body, mark)
            text = await checking.checked_text(caller, draft, grounds, title, body)
        return await self.store.decide_mark(
            caller, mark_id, way, self.clock.now(), revision=draft.latest.number, fact=fact, text=text
        )


def generated(draft: Draft) -> tuple[str, ...]:
    """Returns the texts of a draft that a model wrote; their words need facts, also after a person edited around
    them.
    """
    return tuple(_whole(revision) for revision in draft.revisions if revision.origin is RevisionOrigin.MODEL)


def named(draft: Draft) -> tuple[Sentence, ...]:
    """Returns the sentences of a draft that a model wrote, with the facts that it named for each."""
    by_model = (revision for revision in draft.revisions if revision.origin is RevisionOrigin.MODEL)
    return tuple(sentence for revision in by_model for sentence in revision.sentences)


def freed(marks: Sequence[Mark]) -> dict[str, str]:
    """Returns the marked words (in lower case) of which somebody said that they claim nothing, with who said so."""
    return {mark.words.casefold(): mark.decided_by or "" for mark in marks if mark.way is WayOut.FREE}


def _whole(revision: Revision | NewRevision) -> str:
    return f"{revision.title}\n{revision.body}"


def _followed(draft: Draft, known: Sequence[Mark], found: Sequence[Found], now: datetime) -> list[Mark]:
    """Returns the marks of the newest text, followed from the last text whose marks are on record."""
    newest = max((mark.revision for mark in known), default=draft.latest.number)
    older = next((r for r in draft.revisions if r.number == newest), draft.latest)
    kept = [mark for mark in known if mark.revision == newest]
    return follow(kept, _whole(older), found, _whole(draft.latest), draft.latest.number, now)


def _present(mark: Mark, marks: Sequence[Mark]) -> Mark:
    for one in marks:
        if one.id == mark.id:
            if one.way is not None:
                raise already_decided(one)
            return one
    raise NotAllowedNow(
        f"“{mark.words}” is no longer marked in draft {mark.draft_id}: the text was edited, or a fact carries it now.",
        Advice("See the draft.", Do.SHOW_DRAFT, mark.draft_id),
    )


def _as_fact(caller: Caller, draft: Draft, mark: Mark, grounds: Grounds) -> NewFact:
    """Returns the fact that a true mark becomes. Raises `NotAllowedNow` for secrets, and for what only the poster can
    vouch for.
    """
    whole = _whole(draft.latest)

    def clears(statement: str) -> bool:
        more = with_fact(grounds, statement, kind_of(statement), caller.member_id, caller.name)
        left = find(whole, (), more)
        return all(one.end <= mark.start or mark.end <= one.start for one in left)

    statement = statement_for(whole, mark, clears)
    private = private_in(statement, tuple(fact.body for fact in grounds.facts))
    if private:
        raise NotAllowedNow(
            f"It holds {private[0].kind.words}, and that never becomes a fact.", "Take it out, or make it a blank."
        )
    is_poster = draft.poster.member_id in (None, caller.member_id)
    if speaks_for_one(statement) and not is_poster:
        raise NotAllowedNow(
            f"It says what {draft.poster.member} lived, so only {draft.poster.member} can say that it is true.",
            "Take it out, make it a blank, or ask them.",
        )
    return NewFact(draft.campaign_id, kind_of(statement), statement)

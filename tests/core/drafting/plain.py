"""A writer for tests that need drafts and no model: the facts as they are, with a blank where a title would be."""

from __future__ import annotations

from core.drafting.drafts import NewRevision, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.prompt import Assignment
from core.model import Caller


class PlainWriter:
    origin = RevisionOrigin.MODEL

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        told = [fact.body for fact in grounds.facts if not grounds.is_lived_by_another(fact)]
        turn = assignment.variant % max(1, len(told))
        body = "\n\n".join((*told[turn:], *told[:turn], f"[your own words: {assignment.angle or 'a question'}]"))
        return NewRevision(RevisionOrigin.MODEL, "[your own words: a title]", body, (), "plain")

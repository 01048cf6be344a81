"""Interviewing: asks questions, keeps the answers word by word with the draft, and goes on where it stopped."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.campaigns import Campaign, Campaigns, Fact
from core.clock import Clock
from core.drafting.checks import BODY_MAX_CHARS, TITLE_MAX_CHARS, check, stands_on
from core.drafting.deciding import DraftingStore
from core.drafting.drafts import Answered, Draft, NewRevision, Poster, Revision, RevisionOrigin
from core.drafting.gathering import gather, poster_of
from core.drafting.grounds import Grounds
from core.drafting.interview import KEYS, Question, arrange, facts_in, questions_for
from core.drafting.outcomes import Asked, decide, situation_of
from core.drafting.service import AdvisedAgainst
from core.drafting.text import Text
from core.errors import Advice, BadArgument, Do, NotAllowedNow
from core.facts import NewFact
from core.model import Caller

# Reasons against a draft that do not matter here, because an interview brings in facts and needs no norms.
_NO_MATTER = frozenset({"no_facts", "no_profile", "small_sample"})


@dataclass(frozen=True, slots=True)
class Interview:
    """What is asked, and what was answered so far. `draft` is None before anything was answered."""

    campaign: Campaign
    community: str
    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A draft made of answers, and what it stands on, with the facts that the answers brought."""

    draft: Draft
    grounds: Grounds


class Interviews:
    def __init__(self, store: DraftingStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._campaigns = Campaigns(store, clock)

    async def begin(
        self,
        caller: Caller,
        campaign_ref: str | None,
        community: str,
        *,
        anyway: bool = False,
        poster: Poster | None = None,
    ) -> Interview:
        """Returns the questions for a new draft, which `poster` will post (the caller when None). Raises
        `AdvisedAgainst` unless `anyway` passes over what speaks against it.
        """
        grounds = await self._new_grounds(caller, campaign_ref, community, anyway=anyway, poster=poster)
        return Interview(grounds.campaign, community, questions_for(grounds), {})

    async def answer(
        self,
        caller: Caller,
        campaign_ref: str | None,
        community: str,
        answers: Mapping[str, str | None],
        *,
        anyway: bool = False,
        poster: Poster | None = None,
    ) -> Made:
        """Returns a new draft made of the answers (by the keys of `interview.KEYS`). What they claim becomes the
        caller's facts, in the same transaction. Raises `BadArgument` without any answer, and the errors of `begin`.
        """
        said = _tidy(answers)
        grounds = await self._new_grounds(caller, campaign_ref, community, anyway=anyway, poster=poster)
        written = await self._written(caller, grounds, said, ())
        draft = await self._store.create_draft(
            caller, grounds.campaign.id, community, written, self._clock.now(), poster=grounds.poster
        )
        facts = await self._store.facts(caller.workspace_id, grounds.campaign.id, self._clock.now())
        return Made(draft, replace(grounds, facts=tuple(facts)))

    async def resume(self, workspace_id: str, draft_id: int) -> Interview:
        """Returns the questions of a draft with what was answered. Raises `NotAllowedNow` for a draft of another
        origin, or one that was edited since.
        """
        draft = await self._resumable(workspace_id, draft_id)
        grounds = await self._grounds(draft)
        answers = _answers(draft.latest)
        asked = {question.key: question for question in questions_for(grounds)}
        more = tuple(Question(key, "") for key in answers if key not in asked)
        return Interview(grounds.campaign, draft.community, (*asked.values(), *more), answers, draft)

    async def go_on(
        self, caller: Caller, draft_id: int, answers: Mapping[str, str | None], *, after: int | None = None
    ) -> Draft:
        """Replace the earlier answers to the same questions; the others stay. `after`: the revision that was
        answered; `AlreadyDecided` when there is a newer one.
        """
        draft = await self._resumable(caller.workspace_id, draft_id)
        said = {**_answers(draft.latest), **_tidy(answers)}
        grounds = await self._grounds(draft)
        written = await self._written(caller, grounds, said, draft.revisions)
        number = draft.latest.number if after is None else after
        return await self._store.add_revision(caller, draft_id, written, after=number, now=self._clock.now())

    async def _new_grounds(
        self, caller: Caller, campaign_ref: str | None, community: str, *, anyway: bool, poster: Poster | None
    ) -> Grounds:
        campaign = await self._campaigns.active(caller.workspace_id, campaign_ref)
        poster = poster or await poster_of(self._store, caller.workspace_id, caller.member_id, caller.name)
        grounds = await gather(self._store, campaign, community, self._clock.now(), poster)
        against = decide(situation_of(grounds), Asked.NEW).against
        reasons = tuple(reason for reason in against if reason.code not in _NO_MATTER)
        if any(reason.final for reason in reasons) or (reasons and not anyway):
            raise AdvisedAgainst(campaign, community, reasons)
        return grounds

    async def _grounds(self, draft: Draft) -> Grounds:
        campaign = await self._store.campaign(draft.workspace_id, draft.campaign_id)
        return await gather(self._store, campaign, draft.community, self._clock.now(), draft.poster, draft_id=draft.id)

    async def _resumable(self, workspace_id: str, draft_id: int) -> Draft:
        draft = await self._store.draft(workspace_id, draft_id)
        if draft.status.is_open and draft.latest.answers:
            return draft
        raise NotAllowedNow(
            f"Draft {draft_id} is not an interview that can go on: {_why_not(draft)}.",
            Advice("Edit it.", Do.EDIT_DRAFT, draft_id) if draft.status.is_open else "Start another one.",
        )

    async def _written(
        self, caller: Caller, grounds: Grounds, said: Mapping[str, str], earlier: tuple[Revision, ...]
    ) -> NewRevision:
        """Returns the text, checked against the known facts and those that it brings. Beside the event loop, because
        the longest text takes half a second.
        """
        return await asyncio.to_thread(_composed, caller, grounds, said, earlier)


def _composed(caller: Caller, grounds: Grounds, said: Mapping[str, str], earlier: tuple[Revision, ...]) -> NewRevision:
    title, body = arrange(grounds, said)
    for name, value, most in (("title", title, TITLE_MAX_CHARS), ("story", body, BODY_MAX_CHARS)):
        if len(value) > most:
            raise BadArgument(
                f"That makes {len(value):,} characters; Reddit takes {most:,}.",
                f"Shorten it by {len(value) - most:,}.",
                param=name,
            )
    new_facts = facts_in(said, grounds)
    written = NewRevision(
        RevisionOrigin.INTERVIEW,
        title,
        body,
        (),
        caller.name,
        answers=tuple(Answered(key, said[key]) for key in KEYS if said.get(key)),
        new_facts=new_facts,
    )
    brought = tuple(_not_kept_yet(caller, grounds, place, fact) for place, fact in enumerate(new_facts))
    among = replace(grounds, facts=(*grounds.facts, *brought))
    text = Text.of(written, (*earlier, written))
    remarks = check(text, among)
    return replace(written, remarks=remarks, fact_ids=stands_on(text, among))


def _not_kept_yet(caller: Caller, grounds: Grounds, place: int, fact: NewFact) -> Fact:
    """Returns a fact that has no id yet: -1 stands for the first of the new ones, -2 for the second …"""
    return Fact(
        -place - 1,
        caller.workspace_id,
        grounds.campaign.id,
        fact.kind,
        fact.body,
        caller.name,
        grounds.now,
        owner_id=caller.member_id,
    )


def _tidy(answers: Mapping[str, str | None]) -> dict[str, str]:
    # Where a form is a line to be completed, "…" stands for an answer that was not given.
    said = {key: words.strip() for key, words in answers.items() if words and re.search(r"\w", words)}
    if not said:
        raise BadArgument("Nothing was answered.", "Answer one question at least; the others can wait.")
    return said


def _answers(revision: Revision) -> dict[str, str]:
    return {answered.question: answered.words for answered in revision.answers}


def _why_not(draft: Draft) -> str:
    if not draft.status.is_open:
        return f"it is {draft.status}"
    if any(revision.answers for revision in draft.revisions):
        return f"{draft.latest.written_by} wrote on it since"
    return "it was written in another way"

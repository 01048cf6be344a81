"""Drafting: gathers the grounds, lets a writer write, and checks the text, before a person decides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core.campaigns import Campaign, Campaigns
from core.clock import Clock
from core.drafting.checks import BODY_MAX_CHARS, TITLE_MAX_CHARS, check, stands_on
from core.drafting.conduct import disclosed, disclosure_for
from core.drafting.deciding import Deciding, DraftingStore, Reviewed, refuse_decided
from core.drafting.drafts import Draft, DraftStatus, NewRevision, Poster, RevisionOrigin, WayOut
from core.drafting.gathering import gather, poster_of
from core.drafting.grounds import Grounds
from core.drafting.keeping import kept_passages, lost_passages
from core.drafting.outcomes import Asked, Decision, Outcome, Reason, decide, situation_of
from core.drafting.prompt import Assignment
from core.drafting.text import Text
from core.drafting.verifying import Verifier
from core.drafting.voice import TEXTS_MOST
from core.drafting.writers import Writer
from core.errors import Advice, BadArgument, Do, NotAllowedNow, UserError
from core.model import Caller

COUNT_MAX = 3

Report = Callable[[str, int, int], Awaitable[None]]  # what is being done, done so far, of how many


async def no_report(text: str, done: int, total: int) -> None:
    """For callers that show no progress."""


class AdvisedAgainst(NotAllowedNow):
    """It is better not to write now. `reasons` say why; when none is final, `write(…, anyway=True)` goes on."""

    code = "advised_against"

    def __init__(self, campaign: Campaign, community: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(" ".join(r.text for r in reasons), " ".join(r.do for r in reasons))
        self.campaign = campaign
        self.community = community
        self.reasons = reasons

    @property
    def is_final(self) -> bool:
        return any(reason.final for reason in self.reasons)


class InterviewInstead(NotAllowedNow):
    """No model may write here, or there is nothing that it could write from, so the member is asked. `changes`: what
    would change that.
    """

    code = "interview_instead"

    def __init__(self, what: str, do: str, changes: str) -> None:
        super().__init__(what, do)
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Drafted:
    """What `write` made. `problem` says why there are fewer drafts than were asked for."""

    reviewed: tuple[Reviewed, ...]
    problem: UserError | None = None

    @property
    def drafts(self) -> tuple[Draft, ...]:
        return tuple(reviewed.draft for reviewed in self.reviewed)


class Drafting(Deciding):
    def __init__(
        self, store: DraftingStore, clock: Clock, writer: Writer | None, verifier: Verifier | None = None
    ) -> None:
        """Without a `writer` there is no model: members are interviewed (`interviewing`). With a `verifier` each new
        text gets a second opinion.
        """
        super().__init__(store, clock)
        self._writer, self._verifier = writer, verifier
        self._campaigns = Campaigns(store, clock)

    async def write(
        self,
        caller: Caller,
        campaign_ref: str | None,
        community: str,
        *,
        count: int = 1,
        angle: str | None = None,
        anyway: bool = False,
        poster: Poster | None = None,
        report: Report = no_report,
    ) -> Drafted:
        """Write and check `count` (1 to 3) drafts that differ, for `poster` (the caller, with their linked account
        when there is exactly one).

        Raises `AdvisedAgainst` (before anything is spent) unless `anyway` passes over reasons that are not final;
        `InterviewInstead` where there is no model or no fact, or the community forbids its texts; `RemoteError` or
        `OverBudget` when not even the first draft came.
        """
        if not 1 <= count <= COUNT_MAX:
            raise BadArgument(f"`count` must be 1 to {COUNT_MAX}, not {count}.", "Three at most.", param="count")
        campaign = await self._campaigns.active(caller.workspace_id, campaign_ref)
        now = self._clock.now()
        poster = poster or await poster_of(self._store, caller.workspace_id, caller.member_id, caller.name)
        grounds = await gather(self._store, campaign, community, now, poster)
        decision = decide(situation_of(grounds), Asked.NEW)
        writer = self._model_for(decision)
        if any(reason.final for reason in decision.against) or (decision.against and not anyway):
            raise AdvisedAgainst(campaign, community, decision.against)
        voice = await self._voice(grounds)
        made: list[Reviewed] = []
        for variant in range(count):
            await report(f"Writing for r/{community}", variant, count)
            earlier = tuple((done.draft.latest.title, done.draft.latest.body) for done in made)
            try:
                written = await writer.write(caller, grounds, Assignment(angle, variant, earlier, voice=voice))
            except UserError as problem:
                if not made:
                    raise
                return Drafted(tuple(made), problem)  # what is there was paid for: keep it
            revision = await self._checked(caller, written, grounds)
            draft = await self._store.create_draft(
                caller, campaign.id, community, revision, self._clock.now(), poster=grounds.poster, angle=angle
            )
            made.append(await self._as_it_stands(draft, grounds, ()))
        return Drafted(tuple(made))

    async def edit(
        self,
        caller: Caller,
        draft_id: int,
        *,
        title: str | None,
        body: str | None,
        after: int | None = None,
        approval: int | None = None,
    ) -> Reviewed:
        """Put a person's text in place; None leaves title or body as it was. An approval ends with it.

        `after` is the revision it was made from (the newest when None), `approval` the approval that stood then (0:
        none did; None: whichever stands now): `AlreadyDecided` when there is a newer one.
        """
        draft = await self._store.draft(caller.workspace_id, draft_id)
        standing = await self._standing(draft)
        if standing is None or approval not in (None, standing):
            refuse_decided(draft)
        base = draft.latest
        new_title = base.title if title is None else " ".join(title.split())
        new_body = base.body if body is None else body.strip()
        if not new_title or not new_body:
            raise BadArgument("A draft needs a title and a text.", "Leave out what shall stay as it is.")
        for name, value, most in (("title", new_title, TITLE_MAX_CHARS), ("body", new_body, BODY_MAX_CHARS)):
            if len(value) > most:
                raise BadArgument(
                    f"The {name} has {len(value):,} characters; Reddit takes {most:,}.",
                    f"Shorten it by {len(value) - most:,}.",
                    param=name,
                )
        grounds = await self._grounds(draft)
        written = NewRevision(RevisionOrigin.PERSON, new_title, new_body, (), caller.name)
        after = base.number if after is None else after
        return await self._revised(caller, draft, written, grounds, after=after, approval=standing)

    async def disclose(self, caller: Caller, draft_id: int, words: str) -> Reviewed:
        """Put a sentence under the text that says how its poster belongs to the product; their own words are offered
        again. Raises `BadArgument` when it does not say so.
        """
        draft = await self._open(caller.workspace_id, draft_id)
        grounds, base, words = await self._grounds(draft), draft.latest, " ".join(words.split())
        body = f"{base.body.rstrip()}\n\n{words}"
        if not await asyncio.to_thread(disclosed, Text(base.title, body), grounds):
            raise BadArgument(
                f"That does not say how you belong to {grounds.campaign.name}.",
                f"For example: {disclosure_for(grounds)}",
                param="words",
            )
        written = NewRevision(RevisionOrigin.PERSON, base.title, body, (), caller.name)
        own = words if caller.member_id == draft.poster.member_id else None
        return await self._revised(caller, draft, written, grounds, after=base.number, disclosure=own)

    async def restore(self, caller: Caller, draft_id: int, number: int) -> Reviewed:
        """Put the text of an earlier revision in place again, checked as of now. Raises `BadArgument` when there is no
        such revision, or it is the newest.
        """
        draft = await self._open(caller.workspace_id, draft_id)
        base = next((revision for revision in draft.revisions[:-1] if revision.number == number), None)
        if base is None:
            which = f"1 to {draft.latest.number - 1}" if draft.latest.number > 1 else "none yet"
            raise BadArgument(
                f"Draft {draft_id} has no earlier text {number}.", f"Earlier texts: {which}.", param="revision"
            )
        written = NewRevision(
            base.origin,
            base.title,
            base.body,
            (),
            base.written_by,
            sentences=base.sentences,
            prompt_sha256=base.prompt_sha256,
            answers=base.answers,
        )
        grounds = await self._grounds(draft)
        return await self._revised(caller, draft, written, grounds, after=draft.latest.number, restored=number)

    async def regenerate(self, caller: Caller, draft_id: int, *, feedback: str | None = None) -> Reviewed:
        """Write the draft again, different from its last texts, with its angle, the member's `feedback`, and what a
        person fixed by hand. A remark names each fixed passage that the model did not keep. Raises `InterviewInstead`
        where no model may write.
        """
        draft = await self._open(caller.workspace_id, draft_id)
        await self._campaigns.active(caller.workspace_id, str(draft.campaign_id))
        grounds = await self._grounds(draft)
        decision = decide(situation_of(grounds), Asked.REGENERATE)
        writer = self._model_for(decision)
        if decision.against:
            raise AdvisedAgainst(grounds.campaign, draft.community, decision.against)
        earlier = tuple((revision.title, revision.body) for revision in draft.revisions[-COUNT_MAX:])
        kept = await asyncio.to_thread(kept_passages, draft)
        assignment = Assignment(draft.angle, len(draft.revisions), earlier, feedback, kept, await self._voice(grounds))
        written = await writer.write(caller, grounds, assignment)
        lost = await asyncio.to_thread(lambda: tuple(lost_passages(kept, written.title, written.body)))
        written = replace(written, remarks=lost)
        return await self._revised(caller, draft, written, grounds, after=draft.latest.number)

    async def _standing(self, draft: Draft) -> int | None:
        """Returns the id of the approval that stands; None when none does."""
        if draft.status is not DraftStatus.APPROVED:
            return None
        approvals = await self._store.approvals(draft.workspace_id, draft.id)
        return approvals[-1].id if approvals and approvals[-1].ending is None else None

    async def decide_mark(self, caller: Caller, mark_id: int, way: WayOut) -> Reviewed:
        """Do what a person decided about a mark (see `Marking.decide`)."""
        mark = await self._marking.decide(caller, mark_id, way, self)
        return await self.review(caller.workspace_id, mark.draft_id)

    async def checked_text(self, caller: Caller, draft: Draft, grounds: Grounds, title: str, body: str) -> NewRevision:
        """Returns a person's text of a draft, with what the gates say about it."""
        written = NewRevision(RevisionOrigin.PERSON, title, body, (), caller.name)
        return await self._checked(caller, written, grounds, draft)

    async def _revised(
        self,
        caller: Caller,
        draft: Draft,
        written: NewRevision,
        grounds: Grounds,
        *,
        after: int,
        approval: int | None = None,
        restored: int | None = None,
        disclosure: str | None = None,
    ) -> Reviewed:
        """Check a new text and add it as the newest."""
        revision = await self._checked(caller, written, grounds, draft)
        changed = await self._store.add_revision(
            caller,
            draft.id,
            revision,
            after=after,
            now=self._clock.now(),
            approval=approval,
            restored=restored,
            disclosure=disclosure,
        )
        approvals = await self._store.approvals(draft.workspace_id, draft.id)
        return await self._as_it_stands(changed, grounds, approvals)

    def _model_for(self, decision: Decision) -> Writer:
        asked = {reason.outcome: reason for reason in decision.reasons}
        own, nothing = asked.get(Outcome.OWN_TEXT), asked.get(Outcome.INTERVIEW)
        why = nothing if own is None and self._writer is not None else own
        if why is not None:
            raise InterviewInstead(why.text, why.do, why.changes)
        if self._writer is None:
            raise InterviewInstead(
                "No model is set, so nobody but you can write.",
                Advice("Answer a few questions: your words go in as they are.", Do.INTERVIEW),
                "The operator sets a model.",
            )
        return self._writer

    async def _voice(self, grounds: Grounds) -> tuple[str, ...]:
        """Texts whose tone a model may take: the poster's own, when they lend their voice."""
        poster = grounds.poster
        if poster is None or poster.member_id is None:
            return ()
        return tuple(await self._store.voice_texts(grounds.campaign.workspace_id, poster.member_id, TEXTS_MOST))

    async def _checked(
        self, caller: Caller, written: NewRevision, grounds: Grounds, draft: Draft | None = None
    ) -> NewRevision:
        """`draft`: the one that gets the text, where there is one already."""
        if self._verifier is not None:
            written = replace(written, second_opinion=await self._verifier.opinion(caller, written, grounds))
        earlier, because = (draft.revisions, draft.undisclosed_because) if draft is not None else ((), None)
        text = replace(Text.of(written, (*earlier, written)), undisclosed_because=because)
        remarks = await asyncio.to_thread(check, text, grounds)
        return replace(written, remarks=(*remarks, *written.remarks), fact_ids=stands_on(text, grounds))

"""Deciding about drafts: approving, taking back, giving to another poster, discarding; and a draft as it stands now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from core.campaigns import CampaignStore
from core.clock import Clock, moment
from core.drafting.approvals import Approval, ApprovalStore
from core.drafting.approving import REMIND_AFTER, Approvals, changes_since, pin
from core.drafting.carrying import Carried, carried
from core.drafting.checks import check, problems, stands_on
from core.drafting.conduct import disclosure_for
from core.drafting.drafts import Draft, DraftStatus, DraftStore, Mark, MarkStore, Poster, Remark, RevisionOrigin
from core.drafting.gathering import GroundReads, gather
from core.drafting.grounds import Grounds
from core.drafting.keeping import KEPT
from core.drafting.marking import Marking, freed
from core.drafting.outcomes import Reason, told_when_posted
from core.drafting.rulings import Ruling, rule_by_rule
from core.drafting.text import Text
from core.drafting.voice import VoiceReads
from core.errors import Advice, AlreadyDecided, BadArgument, Do, NotAllowedNow
from core.log import correlation_id
from core.model import Caller, is_same_member
from core.texts.rule_topics import Topic
from core.workspaces import WorkspaceReads

REASON_WORDS = 3  # fewer say nothing


class DraftingStore(
    DraftStore, MarkStore, ApprovalStore, CampaignStore, GroundReads, WorkspaceReads, VoiceReads, Protocol
):
    """Drafts to keep, and what they are written from."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft, what it stands on, and what the gates say about its newest text (once decided: what they said then).

    `approvals` are all that it ever had, the oldest first.
    """

    draft: Draft
    grounds: Grounds
    remarks: tuple[Remark, ...]
    approvals: tuple[Approval, ...] = ()
    marks: tuple[Mark, ...] = ()  # of an open draft, also those that a person freed
    rulings: tuple[Ruling, ...] = ()  # of an open draft, what each rule says about it

    @property
    def blocking(self) -> tuple[Remark, ...]:
        return problems(self.remarks)

    @property
    def approval(self) -> Approval | None:
        """The approval that stands."""
        last = self.approvals[-1] if self.approvals else None
        return last if last is not None and last.ending is None else None


@dataclass(frozen=True, slots=True)
class Details:
    """What stands behind a draft's card: what each rule says about its newest text now, and which facts carry each
    sentence.
    """

    reviewed: Reviewed
    rulings: tuple[Ruling, ...]
    sentences: tuple[Carried, ...]


class Deciding:
    def __init__(self, store: DraftingStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._approvals = Approvals(store, clock)
        self._marking = Marking(store, clock)

    async def review(self, workspace_id: str, draft_id: int) -> Reviewed:
        """Returns a draft as it stands now: an approval is ended when something that it stood on changed. Raises
        `NotFound`.
        """
        draft = await self._store.draft(workspace_id, draft_id)
        return await self._reviewed(draft, await self._grounds(draft))

    async def as_written(self, draft: Draft, grounds: Grounds) -> Reviewed:
        """Returns a draft that was just made on these grounds, with its marks."""
        return await self._as_it_stands(draft, grounds, ())

    async def details(self, workspace_id: str, draft_id: int) -> Details:
        """Returns a draft as `review` does, with each rule and each sentence of its newest text. Raises `NotFound`."""
        reviewed = await self.review(workspace_id, draft_id)
        text, grounds = text_of(reviewed.draft), reviewed.grounds
        rulings = reviewed.rulings or await asyncio.to_thread(rule_by_rule, text, grounds)
        marks = [mark for mark in reviewed.marks if mark.way is None]
        return Details(reviewed, rulings, await asyncio.to_thread(carried, text, grounds, marks))

    async def told_when_posted(self, workspace_id: str, draft_id: int) -> tuple[Reason, ...]:
        """Returns what the outcome table says about a draft that was posted now. Raises `NotFound`."""
        draft = await self._store.draft(workspace_id, draft_id)
        return await asyncio.to_thread(told_when_posted, text_of(draft), await self._grounds(draft))

    async def approve(self, caller: Caller, draft_id: int) -> Reviewed:
        """Approve the newest text. It is checked again: facts and patterns may have changed since it was written.

        Raises `NotAllowedNow`, which names what still blocks or who may not approve; `AlreadyDecided` when somebody was
        first.
        """
        draft = await self._open(caller.workspace_id, draft_id)
        await self._refuse_same_eyes(caller, draft)
        grounds = await self._grounds(draft)
        remarks = (await self._as_it_stands(draft, grounds, ())).remarks
        if problems(remarks):
            named = " ".join(remark.text for remark in problems(remarks))
            raise NotAllowedNow(
                f"Draft {draft_id} cannot be approved yet. {named}", Advice("Edit it.", Do.EDIT_DRAFT, draft_id)
            )
        now = self._clock.now()
        approved = await self._store.decide_draft(
            caller,
            draft_id,
            DraftStatus.APPROVED,
            now,
            version=draft.version,
            pinned=pin(grounds, stands_on(text_of(draft), grounds)),
            remind_at=now + REMIND_AFTER,
        )
        return Reviewed(approved, grounds, remarks, tuple(await self._store.approvals(caller.workspace_id, draft_id)))

    async def discard(self, caller: Caller, draft_id: int) -> Reviewed:
        """Decide that an open draft is not to be posted. Raises `AlreadyDecided` when somebody was first."""
        draft = await self._store.decide_draft(caller, draft_id, DraftStatus.DISCARDED, self._clock.now())
        return await self._reviewed(draft, await self._grounds(draft))

    async def take_back(self, caller: Caller, draft_id: int) -> Reviewed:
        """Take the approval back: the draft is open again. Raises `AlreadyDecided` when it ended before, and
        `NotAllowedNow` when there was none.
        """
        draft = await self._store.reopen_draft(caller, draft_id, self._clock.now())
        return await self._reviewed(draft, await self._grounds(draft))

    async def drop(self, caller: Caller, draft_id: int) -> Reviewed:
        """Decide that an approved draft is not posted after all. Raises as `take_back` does."""
        draft = await self._store.drop_draft(caller, draft_id, self._clock.now())
        return await self._reviewed(draft, await self._grounds(draft))

    async def give(self, caller: Caller, draft_id: int, poster: Poster) -> Reviewed:
        """Let somebody else post it. The approval stays when the text holds for them too, otherwise it ends.

        Raises `NotAllowedNow` when they are the poster already, `AlreadyDecided` for a draft that was posted or
        discarded, or changed meanwhile.
        """
        draft = await self._store.draft(caller.workspace_id, draft_id)
        if draft.status is not DraftStatus.APPROVED:
            refuse_decided(draft)
        if draft.poster == poster:
            raise NotAllowedNow(f"{poster.member} is to post draft {draft_id} already.", "Give it to somebody else.")
        campaign = await self._store.campaign(draft.workspace_id, draft.campaign_id)
        grounds = await gather(self._store, campaign, draft.community, self._clock.now(), poster, draft_id=draft.id)
        keeps = draft.status is DraftStatus.APPROVED and await self._holds_for(poster, draft, grounds)
        given = await self._store.give_draft(
            caller, draft_id, poster, self._clock.now(), version=draft.version, keeps_approval=keeps
        )
        return await self._reviewed(given, grounds)

    async def leave_undisclosed(self, caller: Caller, draft_id: int, because: str) -> Reviewed:
        """Let an open draft go without saying how its poster belongs to the product; who said why is kept.

        Raises `BadArgument` for no reason, `NotAllowedNow` where a rule of the community asks for it.
        """
        draft = await self._open(caller.workspace_id, draft_id)
        if len(because.split()) < REASON_WORDS:
            raise BadArgument("That is not a reason.", "Say in a sentence why it is left out.", param="because")
        grounds = await self._grounds(draft)
        rule = grounds.rule_on(Topic.DISCLOSURE)
        if rule is not None:
            raise NotAllowedNow(
                f"r/{draft.community} has a rule that asks for it: “{rule.rule.short_name}”.",
                "Say how you belong to it.",
            )
        draft = await self._store.leave_undisclosed(caller, draft_id, " ".join(because.split()), self._clock.now())
        return await self._reviewed(draft, grounds)

    async def disclosure(self, workspace_id: str, draft_id: int) -> str:
        """A sentence that says how a draft's poster belongs to the product: as they said it last, else one that holds
        for everybody who posts for it.
        """
        return disclosure_for(await self._grounds(await self._open(workspace_id, draft_id)))

    async def ask_later(self, caller: Caller, draft_id: int, span: timedelta = REMIND_AFTER) -> Reviewed:
        """Ask again after `span` whether an approved draft was posted. Raises as `take_back` does."""
        now = self._clock.now()
        draft = await self._store.put_off_reminder(caller, draft_id, now + span, now)
        return await self._reviewed(draft, await self._grounds(draft))

    # ------------------------------------------------ smaller steps

    async def _reviewed(self, draft: Draft, grounds: Grounds) -> Reviewed:
        approvals = await self._store.approvals(draft.workspace_id, draft.id)
        standing = approvals[-1] if approvals and approvals[-1].ending is None else None
        if standing is not None and draft.status is DraftStatus.APPROVED:
            program = Caller.program(draft.workspace_id, correlation_id())
            if await self._approvals.void_when_changed(program, standing, draft, grounds):
                draft = await self._store.draft(draft.workspace_id, draft.id)
                approvals = await self._store.approvals(draft.workspace_id, draft.id)
        return await self._as_it_stands(draft, grounds, approvals)

    async def _as_it_stands(self, draft: Draft, grounds: Grounds, approvals: Sequence[Approval]) -> Reviewed:
        """Returns the draft with today's marks and remarks; a decided one with the remarks of then."""
        if not draft.status.is_open:
            return Reviewed(draft, grounds, draft.latest.remarks, tuple(approvals))
        marks = await self._marking.marks(draft, grounds)
        rulings = await asyncio.to_thread(rule_by_rule, text_of(draft), grounds)
        return Reviewed(draft, grounds, await remarks_of(draft, grounds, marks), tuple(approvals), marks, rulings)

    async def _grounds(self, draft: Draft) -> Grounds:
        """Returns what the draft stands on now."""
        campaign = await self._store.campaign(draft.workspace_id, draft.campaign_id)
        return await gather(self._store, campaign, draft.community, self._clock.now(), draft.poster, draft_id=draft.id)

    async def _open(self, workspace_id: str, draft_id: int) -> Draft:
        """Returns an open draft. Raises `AlreadyDecided` before any work or money goes into another."""
        draft = await self._store.draft(workspace_id, draft_id)
        refuse_decided(draft)
        return draft

    async def _refuse_same_eyes(self, caller: Caller, draft: Draft) -> None:
        if not (await self._store.workspace(caller.workspace_id)).four_eyes:
            return
        why = _is_own(caller.member_id, caller.name, draft, draft.poster)
        if why:
            raise NotAllowedNow(
                f"This workspace wants four eyes: {why}, so somebody else approves it.", "Ask another approver to look."
            )

    async def _holds_for(self, poster: Poster, draft: Draft, grounds: Grounds) -> bool:
        """Whether the standing approval can stay when `poster` is to publish the text."""
        approvals = await self._store.approvals(draft.workspace_id, draft.id)
        standing = approvals[-1] if approvals and approvals[-1].ending is None else None
        if standing is None:
            return False
        changes = await asyncio.to_thread(changes_since, standing.pinned, grounds, text_of(draft))
        if changes:
            return False
        marks = [m for m in await self._store.marks(draft.workspace_id, draft.id) if m.revision == draft.latest.number]
        if problems(await remarks_of(draft, grounds, marks)):
            return False
        same = (standing.approver_id, standing.approved_by) == (poster.member_id, poster.member)
        return not (same and (await self._store.workspace(draft.workspace_id)).four_eyes)


def refuse_decided(draft: Draft) -> None:
    """Raises `AlreadyDecided` unless the draft is open."""
    if draft.status.is_open:
        return
    by, at = draft.decided_by or draft.created_by, draft.decided_at or draft.created_at
    done = "discarded" if draft.status is DraftStatus.DISCARDED else "approved"
    raise AlreadyDecided(
        f"Draft {draft.id} was {done} by {by} on {moment(at)}.",
        Advice("See it.", Do.SHOW_DRAFT, draft.id),
        decided_by=by,
        decided_at=at,
    )


async def remarks_of(draft: Draft, grounds: Grounds, marks: Sequence[Mark] = ()) -> tuple[Remark, ...]:
    """Returns what the gates say about the newest text now. Runs in a thread, because the longest text takes half a
    second.
    """
    # a later check cannot find them again
    lost = tuple(remark for remark in draft.latest.remarks if remark.check == KEPT)
    return (*await asyncio.to_thread(check, replace(text_of(draft), freed=freed(marks)), grounds), *lost)


def text_of(draft: Draft) -> Text:
    return replace(Text.of(draft.latest, draft.revisions), undisclosed_because=draft.undisclosed_because)


def _is_own(member_id: str, name: str, draft: Draft, poster: Poster) -> str:
    """Returns why a member cannot be the second pair of eyes; "" when they can."""
    last = draft.latest
    if is_same_member(last.by_id, last.by, member_id, name):
        return (
            f"{name} wrote its last text" if last.origin is RevisionOrigin.PERSON else f"{name} asked for its last text"
        )
    if is_same_member(poster.member_id, poster.member, member_id, name):
        return f"{name} is to post it"
    return ""

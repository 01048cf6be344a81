"""Drafting: grounds are gathered, a writer writes, the gates check, a person decides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from core.campaigns import Campaign, Campaigns, CampaignStore
from core.clock import Clock, moment
from core.drafting.checks import BODY_MAX_CHARS, TITLE_MAX_CHARS, Text, check, problems, stands_on
from core.drafting.drafts import Draft, DraftStatus, DraftStore, NewRevision, Poster, Remark, Revision, RevisionOrigin
from core.drafting.gathering import GroundReads, gather, poster_of
from core.drafting.grounds import Grounds, Reason, reasons_against
from core.drafting.prompt import Assignment
from core.drafting.writers import OutlineWriter, Writer
from core.errors import Advice, AlreadyDecided, BadArgument, Do, NotAllowedNow, UserError
from core.model import Caller


class DraftingStore(DraftStore, CampaignStore, GroundReads, Protocol):
    """Drafts to keep, and what they are written from."""


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


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft, what it stands on, and what the gates say of its newest text (once decided: what they said then)."""

    draft: Draft
    grounds: Grounds
    remarks: tuple[Remark, ...]

    @property
    def blocking(self) -> tuple[Remark, ...]:
        return problems(self.remarks)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What `write` made. `problem` says why there are fewer drafts than were asked for."""

    reviewed: tuple[Reviewed, ...]
    problem: UserError | None = None

    @property
    def drafts(self) -> tuple[Draft, ...]:
        return tuple(reviewed.draft for reviewed in self.reviewed)


class Drafting:
    def __init__(self, store: DraftingStore, clock: Clock, writer: Writer, *, outline: Writer | None = None) -> None:
        """`writer` is used unless an outline is asked for."""
        self._store, self._clock = store, clock
        self._writer, self._outline = writer, outline or OutlineWriter()
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
        outline: bool = False,
        poster: Poster | None = None,
        report: Report = no_report,
    ) -> Drafted:
        """Write and check `count` (1 to 3) drafts that differ, for `poster` (the caller, with their linked account
        when there is exactly one).

        Raises `AdvisedAgainst` (before anything is spent) unless `anyway` passes over reasons that are not final;
        `RemoteError` or `OverBudget` when not even the first draft came.
        """
        if not 1 <= count <= COUNT_MAX:
            raise BadArgument(f"`count` must be 1 to {COUNT_MAX}, not {count}.", "Three at most.", param="count")
        campaign = await self._campaigns.active(caller.workspace_id, campaign_ref)
        now = self._clock.now()
        poster = poster or await poster_of(self._store, caller.workspace_id, caller.member_id, caller.name)
        grounds = await gather(self._store, campaign, community, now, poster)
        reasons = _reasons(grounds)
        if any(reason.final for reason in reasons) or (reasons and not anyway):
            raise AdvisedAgainst(campaign, community, reasons)
        writer = self._outline if outline else self._writer
        made: list[Reviewed] = []
        for variant in range(count):
            await report(f"Writing for r/{community}", variant, count)
            earlier = tuple((done.draft.latest.title, done.draft.latest.body) for done in made)
            try:
                written = await writer.write(caller, grounds, Assignment(angle, variant, earlier))
            except UserError as problem:
                if not made:
                    raise
                return Drafted(tuple(made), problem)  # what is there was paid for: keep it
            revision = await self._checked(written, grounds, ())
            draft = await self._store.create_draft(
                caller, campaign.id, community, revision, self._clock.now(), poster=grounds.poster
            )
            made.append(Reviewed(draft, grounds, revision.remarks))
        return Drafted(tuple(made))

    async def edit(
        self, caller: Caller, draft_id: int, *, title: str | None, body: str | None, after: int | None = None
    ) -> Reviewed:
        """Put a person's text in place; None leaves title or body as it was.

        `after` is the revision it was made from (the newest when None): `AlreadyDecided` when there is a newer one.
        """
        draft = await self._open(caller.workspace_id, draft_id)
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
        return await self._revised(caller, draft, written, grounds, after=base.number if after is None else after)

    async def regenerate(self, caller: Caller, draft_id: int, *, outline: bool = False) -> Reviewed:
        """Write the draft anew, different from all its texts so far."""
        draft = await self._open(caller.workspace_id, draft_id)
        await self._campaigns.active(caller.workspace_id, str(draft.campaign_id))
        grounds = await self._grounds(draft)
        if not grounds.facts:
            raise AdvisedAgainst(grounds.campaign, draft.community, _reasons(grounds))
        earlier = tuple((revision.title, revision.body) for revision in draft.revisions[-COUNT_MAX:])
        writer = self._outline if outline else self._writer
        written = await writer.write(caller, grounds, Assignment(None, len(draft.revisions), earlier))
        return await self._revised(caller, draft, written, grounds, after=draft.latest.number)

    async def approve(self, caller: Caller, draft_id: int) -> Reviewed:
        """Approve the newest text. It is checked again: facts and patterns may have changed since it was written.

        Raises `NotAllowedNow` that names what still blocks, `AlreadyDecided` when somebody was first.
        """
        draft = await self._open(caller.workspace_id, draft_id)
        grounds = await self._grounds(draft)
        remarks = await _remarks(draft, grounds)
        if problems(remarks):
            named = " ".join(remark.text for remark in problems(remarks))
            raise NotAllowedNow(
                f"Draft {draft_id} cannot be approved yet. {named}", Advice("Edit it.", Do.EDIT_DRAFT, draft_id)
            )
        approved = await self._store.decide_draft(
            caller, draft_id, DraftStatus.APPROVED, self._clock.now(), revision=draft.latest.number
        )
        return Reviewed(approved, grounds, remarks)

    async def discard(self, caller: Caller, draft_id: int) -> Reviewed:
        """Raises `AlreadyDecided` when somebody was first."""
        draft = await self._store.decide_draft(caller, draft_id, DraftStatus.DISCARDED, self._clock.now())
        return await self._reviewed(draft)

    async def review(self, workspace_id: str, draft_id: int) -> Reviewed:
        """Returns a draft as it stands now; raises `NotFound`."""
        return await self._reviewed(await self._store.draft(workspace_id, draft_id))

    async def _reviewed(self, draft: Draft) -> Reviewed:
        grounds = await self._grounds(draft)
        return Reviewed(
            draft, grounds, await _remarks(draft, grounds) if draft.status.is_open else draft.latest.remarks
        )

    async def _revised(
        self, caller: Caller, draft: Draft, written: NewRevision, grounds: Grounds, *, after: int
    ) -> Reviewed:
        """Check a new text and add it as the newest."""
        revision = await self._checked(written, grounds, _generated(draft))
        changed = await self._store.add_revision(caller, draft.id, revision, after=after, now=self._clock.now())
        return Reviewed(changed, grounds, revision.remarks)

    async def _grounds(self, draft: Draft) -> Grounds:
        """What the draft stands on now."""
        campaign = await self._store.campaign(draft.workspace_id, draft.campaign_id)
        return await gather(self._store, campaign, draft.community, self._clock.now(), draft.poster)

    async def _open(self, workspace_id: str, draft_id: int) -> Draft:
        """The draft, or `AlreadyDecided` before any work or money goes into it."""
        draft = await self._store.draft(workspace_id, draft_id)
        if not draft.status.is_open:
            by, at = draft.decided_by or draft.created_by, draft.decided_at or draft.created_at
            done = "discarded" if draft.status is DraftStatus.DISCARDED else "approved"
            raise AlreadyDecided(
                f"Draft {draft.id} was {done} by {by} on {moment(at)}.",
                Advice("See it.", Do.SHOW_DRAFT, draft.id),
                decided_by=by,
                decided_at=at,
            )
        return draft

    @staticmethod
    async def _checked(written: NewRevision, grounds: Grounds, generated: tuple[str, ...]) -> NewRevision:
        if written.origin is RevisionOrigin.MODEL:
            generated = (*generated, f"{written.title}\n{written.body}")
        text = Text(written.title, written.body, generated)
        remarks = await asyncio.to_thread(check, text, grounds)
        return replace(written, remarks=remarks, fact_ids=stands_on(text, grounds))


async def _remarks(draft: Draft, grounds: Grounds) -> tuple[Remark, ...]:
    """What the gates say of the newest text now. Half a second for the longest text: others' clicks get their turns."""
    return await asyncio.to_thread(check, Text(draft.latest.title, draft.latest.body, _generated(draft)), grounds)


def _reasons(grounds: Grounds) -> tuple[Reason, ...]:
    return reasons_against(grounds, grounds.history.removed, grounds.history.accounts, grounds.now)


def _generated(draft: Draft) -> tuple[str, ...]:
    """The texts that a model wrote: its sentences need facts, also after a person edited around them."""
    return tuple(_whole(revision) for revision in draft.revisions if revision.origin is RevisionOrigin.MODEL)


def _whole(revision: Revision) -> str:
    return f"{revision.title}\n{revision.body}"

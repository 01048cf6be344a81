"""Drafts: texts for one community, in revisions, until a person decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.campaigns import Fact
from core.clock import moment
from core.drafting.approvals import ApprovalReads, Pinned
from core.errors import Advice, AlreadyDecided, Do
from core.facts import NewFact
from core.model import Caller, is_same_member


class DraftStatus(StrEnum):
    GENERATED = "generated"
    EDITED = "edited"
    APPROVED = "approved"
    POSTED = "posted"
    DISCARDED = "discarded"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided about it yet."""
        return self in (DraftStatus.GENERATED, DraftStatus.EDITED)


class RevisionOrigin(StrEnum):
    MODEL = "model"
    INTERVIEW = "interview"  # the member's own words in an order of ours, no model involved
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was checked in a draft. `level`: "ok", "advice" or "problem"; the last one blocks approval.

    `code` is what was found, in a stable word ("near_duplicate", "rule:links"); empty in revisions of release 0.2.0.
    """

    check: str
    level: str
    text: str
    code: str = ""
    start: int | None = None  # of the words that it marks, in title and body under each other
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a model's text, with the ids of the facts that it names for it: to be checked, not believed."""

    text: str
    fact_ids: tuple[int, ...] = ()


class Support(StrEnum):
    """What a second model says about a claim and the facts."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Opinion:
    """A claim with the model's verdict and our own at that time: whether words were marked, and which facts carried
    it.
    """

    sentence: str
    verdict: Support
    is_marked: bool
    fact_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another model said about a text. `problem`: why it said nothing, or not about all claims."""

    by: str
    claims: tuple[Opinion, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of an interview by its key (`interview.KEYS`), and what the member said, word by word."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Revision:
    number: int  # 1, 2, 3 … within its draft
    origin: RevisionOrigin
    title: str
    body: str
    remarks: tuple[Remark, ...]
    written_by: str  # a member's name, or the model's
    created_at: datetime
    fact_ids: tuple[int, ...] = ()  # of the facts that the text rested on when it was checked
    cost_usd_micros: int = 0  # of all calls it took; 0 where no model wrote it
    prompt_tokens: int = 0
    completion_tokens: int = 0
    by: str | None = None  # the member who wrote it or asked for it; None: of a program that kept the writer alone
    by_id: str | None = None
    prompt_sha256: str | None = None  # of the words that a model was asked with, without facts and texts of people
    sentences: tuple[Sentence, ...] = ()  # title first; empty where a model told no facts, or none wrote it
    answers: tuple[Answered, ...] = ()  # of an interview
    second_opinion: SecondOpinion | None = None  # None: no model was asked


@dataclass(frozen=True, slots=True)
class Poster:
    """Who will publish a draft: the first person, the gates and the ledger of promotion are about them."""

    member_id: str | None  # None: of an earlier version of the program, which kept only the name
    member: str  # as they were shown
    account: str | None = None  # their linked Reddit account

    def owns(self, fact: Fact) -> bool:
        """Whether they may tell a fact as their own."""
        return is_same_member(self.member_id, self.member, fact.owner_id, fact.owner)


@dataclass(frozen=True, slots=True)
class Draft:
    id: int
    workspace_id: str
    campaign_id: int
    community: str
    status: DraftStatus
    revisions: tuple[Revision, ...]  # oldest first, at least one
    created_by: str
    created_at: datetime
    poster: Poster
    decided_by: str | None = None
    decided_at: datetime | None = None
    angle: str | None = None  # what the member wanted it to be about
    version: int = 0  # counts its changes
    undisclosed_because: str | None = None  # a member's reason for leaving out how the poster belongs to the product
    undisclosed_by: str | None = None

    @property
    def latest(self) -> Revision:
        return self.revisions[-1]


@dataclass(frozen=True, slots=True)
class NewRevision:
    origin: RevisionOrigin
    title: str
    body: str
    remarks: tuple[Remark, ...]
    written_by: str
    fact_ids: tuple[int, ...] = ()
    cost_usd_micros: int = 0  # of all calls it took; 0 where no model wrote it
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_sha256: str | None = None
    sentences: tuple[Sentence, ...] = ()
    answers: tuple[Answered, ...] = ()
    second_opinion: SecondOpinion | None = None
    # Kept with it, as the caller's; in `fact_ids` -1 stands for the first of them, -2 for the second.
    new_facts: tuple[NewFact, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether nothing in it blocks an approval."""
        return all(remark.level != "problem" for remark in self.remarks)


class WayOut(StrEnum):
    """What a person decided about a mark."""

    TRUE = "true"  # it became a fact
    OUT = "out"  # its words were taken out
    BLANK = "blank"  # a blank stands in its place
    FREE = "free"  # it claims nothing


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on record. `revision` is the newest text that has it."""

    id: int
    workspace_id: str
    draft_id: int
    revision: int
    start: int
    end: int
    words: str
    sentence: str
    kind: str
    reason: str
    generated: bool
    way: WayOut | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    fact_id: int | None = None  # what it became


def already_decided(mark: Mark) -> AlreadyDecided:
    """Returns the error that says who decided about a mark how, and when."""
    if mark.way is None or mark.decided_by is None or mark.decided_at is None:
        raise ValueError(f"nobody decided about mark {mark.id}")
    did = {
        WayOut.TRUE: "said that “{}” is true",
        WayOut.OUT: "took “{}” out",
        WayOut.BLANK: "made “{}” a blank",
        WayOut.FREE: "said that “{}” claims nothing",
    }[mark.way].format(mark.words)
    return AlreadyDecided(
        f"{mark.decided_by} {did} on {moment(mark.decided_at)}.",
        Advice("See the draft.", Do.SHOW_DRAFT, mark.draft_id),
        decided_by=mark.decided_by,
        decided_at=mark.decided_at,
    )


class DraftReads(ApprovalReads, Protocol):
    async def draft(self, workspace_id: str, draft_id: int) -> Draft: ...
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
        """The newest first: of these statuses (of all without any), for this community, older than draft `before`, and
        with the words of `containing` in the newest title, the community and the status, or as the beginning of the
        number (core/texts/search.py).
        """
        ...

    async def drafts_by_id(self, workspace_id: str, ids: Collection[int]) -> Mapping[int, Draft]: ...
    async def count_drafts(self, workspace_id: str) -> Mapping[DraftStatus, int]:
        """Returns how many there are of each status that occurs."""
        ...


class DraftStore(DraftReads, Protocol):
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
        """Without a `poster` the caller will post it, with no account known."""
        ...

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
        """Add a revision when the latest is still number `after`; otherwise `AlreadyDecided` says who wrote the
        newer one. An approved draft takes it when `approval` is the approval that stands, which ends with it; a
        draft that somebody decided about otherwise is `AlreadyDecided` too. `restored`: the revision whose text it is;
        `disclosure`: the poster's own words in it for how they belong to the product.
        """
        ...

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
        """Approve or discard an open draft. A second decision is `AlreadyDecided` with who, what and when; with
        `version`, so is any change since.

        An approval stands on what is `pinned`; at `remind_at` people are asked whether it was posted.
        """
        ...

    async def reopen_draft(self, caller: Caller, draft_id: int, now: datetime) -> Draft:
        """Take the approval back. `AlreadyDecided` when it ended before, `NotAllowedNow` when there was none."""
        ...

    async def drop_draft(self, caller: Caller, draft_id: int, now: datetime) -> Draft:
        """Discard an approved draft. Raises the errors of `reopen_draft`."""
        ...

    async def give_draft(
        self, caller: Caller, draft_id: int, poster: Poster, now: datetime, *, version: int, keeps_approval: bool
    ) -> Draft:
        """Let another person post an open or approved draft of this `version`; a later one is `AlreadyDecided`."""
        ...

    async def leave_undisclosed(self, caller: Caller, draft_id: int, because: str, now: datetime) -> Draft:
        """Keep why an open draft does not say how its poster belongs to the product. A draft that is decided is
        `AlreadyDecided`.
        """
        ...

    async def put_off_reminder(self, caller: Caller, draft_id: int, until: datetime, now: datetime) -> Draft:
        """Ask again at `until` whether an approved draft was posted. Raises the errors of `reopen_draft`."""
        ...


class MarkReads(Protocol):
    async def marks(self, workspace_id: str, draft_id: int) -> Sequence[Mark]:
        """Returns all marks that a draft ever had, including those that were decided about and those that are gone."""
        ...

    async def mark(self, workspace_id: str, mark_id: int) -> Mark: ...


class MarkStore(MarkReads, Protocol):
    async def keep_marks(
        self, workspace_id: str, draft_id: int, known: Sequence[Mark], marks: Sequence[Mark]
    ) -> Sequence[Mark] | None:
        """Put the marks of the newest text on record (id 0: a new one), made from the `known` ones of this draft.
        Returns None when the marks on record are no longer the `known` ones: read them again.
        """
        ...

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
        """Write down what a person decided about a mark of this revision, with the fact that it becomes, or the text
        that follows from it.

        A second decision, a newer revision and a draft that is decided are `AlreadyDecided`.
        """
        ...

"""What is kept of an approval: the text, what it stands on, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from core.alerts import copy_key
from core.model import AlertKind, Caller, NewAlert
from core.records import dump
from core.requirements import Flair, Requirements

PAGE = 100  # approvals looked through at once
TOLD_CHARS = 600  # of a rule or a fact in an alert
TOLD_MAX = 10  # changes in an alert


class Ending(StrEnum):
    """How an approval ended."""

    POSTED = "posted"
    EDITED = "edited"  # somebody put another text in place
    TAKEN_BACK = "taken_back"
    GIVEN = "given"  # to another poster, for whom the text does not hold
    VOIDED = "voided"  # something that it stood on changed
    DISCARDED = "discarded"


class ChangeKind(StrEnum):
    RULE_NEW = "rule_new"
    RULE_CHANGED = "rule_changed"
    RULE_GONE = "rule_gone"
    DEMAND_CHANGED = "demand_changed"
    FACT_CHANGED = "fact_changed"
    FACT_GONE = "fact_gone"  # removed, or its time has passed
    PATTERN_NEW = "pattern_new"
    REQUIREMENT_CHANGED = "requirement_changed"  # what Reddit refuses in a post there
    FLAIRS_CHANGED = "flairs_changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is no longer as it was approved: the rule's name, or the number of the fact or pattern; the words
    before and after ("" where there are none).
    """

    kind: ChangeKind
    name: str
    before: str = ""
    after: str = ""


def told_of(changes: Sequence[Change]) -> list[dict[str, str]]:
    """Returns the first changes, shortened, as facts of an alert."""
    told = (replace(one, before=one.before[:TOLD_CHARS], after=one.after[:TOLD_CHARS]) for one in changes[:TOLD_MAX])
    return [dump(one) for one in told]


@dataclass(frozen=True, slots=True)
class PinnedFact:
    id: int
    version: int
    body: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """What an approval stands on. Empty for approvals that were given before the program kept this."""

    rules_id: int | None = None  # of the snapshot; None: the rules had never been read
    rules: tuple[tuple[str, str], ...] = ()  # (short name, description)
    demands: tuple[tuple[str, str], ...] = ()  # (topic, what is asked), as read or confirmed
    facts: tuple[PinnedFact, ...] = ()  # those that the text rests on
    pattern_ids: tuple[int, ...] = ()
    requirements: Requirements | None = None  # None: no source had told them, or the program did not keep them yet
    flairs: tuple[Flair, ...] | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Approval:
    id: int
    workspace_id: str
    draft_id: int
    revision: int  # the number of the approved text
    approved_by: str
    approver_id: str | None  # None: of an earlier version of the program, which kept only the name
    approved_at: datetime
    pinned: Pinned
    ending: Ending | None = None  # None: it stands
    ended_by: str | None = None
    ended_at: datetime | None = None
    changes: tuple[Change, ...] = ()  # what voided it
    remind_at: datetime | None = None  # when people are asked whether it was posted; None: they were, or are not


@dataclass(frozen=True, slots=True)
class AboutDraft:
    """What an alert tells about a draft."""

    id: int
    community: str
    title: str
    poster: str  # as the member was shown

    def facts(self, approval: Approval, changes: Sequence[Change] = ()) -> dict[str, Any]:
        """Returns which draft it is, who approved it, who posts it, and what changed."""
        return self._named | {
            "approved_by": approval.approved_by,
            "approved_at": approval.approved_at.isoformat(),
            "changes": told_of(changes),
            "changes_count": len(changes),
        }

    def to(self, member: Addressed) -> dict[str, Any]:
        """Returns which draft it is, who posts it, and whom the alert is for."""
        return self._named | {"to": member.name, "workspace": member.workspace}

    @property
    def _named(self) -> dict[str, Any]:
        return {"draft": self.id, "community": self.community, "title": self.title, "poster": self.poster}

    def voided(self, approval: Approval, changes: Sequence[Change]) -> NewAlert:
        """Returns the alert that an approval ended because of these changes."""
        return NewAlert(AlertKind.DRAFT_VOIDED, f"approval:{approval.id}:void", self.facts(approval, changes))


@dataclass(frozen=True, slots=True)
class Addressed:
    """The member whom a direct message is for, and the workspace that it speaks of, by name."""

    member_id: str
    name: str
    workspace: str


def told_waiting(about: AboutDraft, to: Addressed, by: str, after: int) -> NewAlert:
    """What an approver is told once for each time that a draft waits; `after` so many approvals that ended."""
    key = f"draft:{about.id}:waits:{after}:{to.member_id}"
    return NewAlert(AlertKind.DRAFT_WAITS, key, about.to(to) | {"by": by}, to_member=to.member_id)


def told_approved(about: AboutDraft, to: Addressed, by: str, at: datetime, after: int) -> NewAlert:
    """What the poster of a draft is told when it is approved."""
    facts = about.to(to) | {"approved_by": by, "approved_at": at.isoformat()}
    key = f"draft:{about.id}:approved:{after}:{to.member_id}"
    return NewAlert(AlertKind.DRAFT_APPROVED, key, facts, to_member=to.member_id)


def told_voided(for_all: NewAlert, to: Addressed) -> NewAlert:
    """What the poster of a draft is told when its approval ends; `for_all` is what the workspace's place is told."""
    facts = {**for_all.facts, "to": to.name, "workspace": to.workspace}
    return replace(for_all, dedupe_key=copy_key(for_all.dedupe_key, to.member_id), facts=facts, to_member=to.member_id)


class ApprovalReads(Protocol):
    async def approvals(self, workspace_id: str, draft_id: int) -> Sequence[Approval]:
        """All approvals of a draft, the oldest first: at most the last one stands."""
        ...


class ApprovalStore(ApprovalReads, Protocol):
    async def standing_approvals(
        self,
        *,
        workspace_id: str | None = None,
        community: str | None = None,
        campaign_id: int | None = None,
        after: int = 0,
        limit: int = PAGE,
    ) -> Sequence[Approval]:
        """Returns the approvals that stand, of all workspaces or of one, by id from `after` on."""
        ...

    async def void_approval(
        self, caller: Caller, approval_id: int, changes: Sequence[Change], alert: NewAlert, now: datetime
    ) -> bool:
        """End an approval that stands, open its draft again and owe the alert. Returns False when it had ended
        before.
        """
        ...

    async def due_reminders(self, now: datetime, limit: int = PAGE) -> Sequence[Approval]:
        """Returns the standing approvals whose people are to be asked now whether they posted, the longest due
        first.
        """
        ...

    async def remind(self, approval: Approval, alert: NewAlert, caller: Caller, now: datetime) -> bool:
        """Owe the reminder. Returns False when somebody else owed it meanwhile, or the approval ended."""
        ...

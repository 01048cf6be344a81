"""The team's own earlier texts and accounts, with which conduct compares a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.model import Account, AuditOutcome, State, TrackedPost

LOOKS_BACK = timedelta(days=180)  # moderators hardly look further back
TEXTS_AT_MOST = 300  # the newest of them


@dataclass(frozen=True, slots=True)
class OwnText:
    """A post or draft of the team. `body` is empty where only a title is known (a post that was made without a
    draft).
    """

    community: str
    title: str
    body: str
    at: datetime  # when it was posted; of a draft, when its newest text was written
    by: str  # the member who posted it, or asked for it
    by_id: str | None = None  # None: registered before posts had ids of members
    account: str | None = None
    draft_id: int | None = None
    post_id: int | None = None
    state: State | None = None  # of the post
    is_approved: bool = False

    @property
    def is_posted(self) -> bool:
        return self.state is not None

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.body}"


@dataclass(frozen=True, slots=True)
class PostedText:
    """A post of the team as it was drafted, and what became of it. `product` and `site` are those of its campaign;
    `product` is None where its text is not known, because it was made without a draft. `outcome`: of the audit after
    seven days; None: not judged yet.
    """

    title: str = ""
    body: str = ""
    product: str | None = None
    site: str | None = None
    outcome: AuditOutcome | None = None
    score: int | None = None
    num_comments: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What the team did before: its texts (the newest first), its posts that were removed lately in the draft's
    community, and the accounts that it posts with.
    """

    texts: tuple[OwnText, ...] = ()
    removed: tuple[TrackedPost, ...] = ()
    accounts: tuple[Account, ...] = ()


class HistoryReads(Protocol):
    async def last_disclosure(self, workspace_id: str, campaign_id: int, member_id: str) -> str | None:
        """How a poster said last that they belong to a campaign's product."""
        ...

    async def posted_texts(self, workspace_id: str, since: datetime, limit: int) -> Sequence[PostedText]:
        """The posts that were posted since then, without comments, the newest first."""
        ...

    async def own_texts(self, workspace_id: str, since: datetime, limit: int) -> Sequence[OwnText]:
        """The newest first: posts by when they were posted, and drafts that nobody discarded by their newest text. A
        draft that was posted is listed once, as its post.
        """
        ...

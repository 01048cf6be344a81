"""Campaigns: a plain service over the store, with the rules of what a campaign may hold; and the record of a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.clock import Clock
from core.errors import Advice, BadArgument, Do, NotAllowedNow, NotFound
from core.model import Caller
from core.texts.numbers import Number
from core.texts.pasted import web_address

UNDO_WINDOW = timedelta(seconds=60)  # how long a deleted campaign can be brought back


class CampaignStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    workspace_id: str
    name: str
    product: str
    url: str | None
    keywords: tuple[str, ...]
    communities: tuple[str, ...]
    status: CampaignStatus
    created_by: str
    created_at: datetime
    deleted_at: datetime | None = None
    first_comments: bool = False  # new comments on its posts are told to their posters


class FactKind(StrEnum):
    PRODUCT = "product"
    NUMBER = "number"
    EXPERIENCE = "experience"


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement that its owner stands behind. The owner of an experience is the member who lived it.

    Its edits are numbered (`version`). After `expires_at` or `removed_at` no draft may rest on it.
    """

    id: int
    workspace_id: str
    campaign_id: int
    kind: FactKind
    body: str
    owner: str  # the member's name as it was shown
    created_at: datetime
    owner_id: str | None = None  # None: entered with an earlier version of the program, which kept only the name
    account: str | None = None  # the owner's linked Reddit account, when there is exactly one
    version: int = 1
    source: str | None = None  # where it can be looked up
    period: str | None = None  # the time that it speaks of, in the member's words
    as_of: datetime | None = None  # when it was so
    expires_at: datetime | None = None
    number: Number | None = None
    entered_by: str | None = None  # who entered it for its owner; None: the owner
    removed_by: str | None = None
    removed_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """True when a draft may rest on it at `now`."""
        return self.removed_at is None and (self.expires_at is None or now < self.expires_at)


class CampaignReads(Protocol):
    async def campaign(self, workspace_id: str, reference: int | str) -> Campaign:
        """The campaign with this id or name. `NotFound`, also for a deleted one."""
        ...

    async def campaigns(self, workspace_id: str) -> Sequence[Campaign]: ...


class CampaignStore(CampaignReads, Protocol):
    async def create_campaign(
        self,
        caller: Caller,
        *,
        name: str,
        product: str,
        url: str | None,
        keywords: Sequence[str],
        communities: Sequence[str],
        now: datetime,
    ) -> Campaign:
        """Raises `AlreadyExists` when the workspace has a campaign of this name, in any case of letters, and
        `OverBudget` when it has as many campaigns as its plan allows.
        """
        ...

    async def update_campaign(
        self,
        caller: Caller,
        campaign_id: int,
        *,
        now: datetime,
        product: str | None = None,
        url: str | None = None,
        keywords: Sequence[str] | None = None,
        communities: Sequence[str] | None = None,
        first_comments: bool | None = None,
    ) -> Campaign:
        """None leaves a field as it is; an empty `url` removes it."""
        ...

    async def set_campaign_status(
        self, caller: Caller, campaign_id: int, status: CampaignStatus, now: datetime
    ) -> Campaign:
        """`DELETED` keeps the rows for `UNDO_WINDOW`. Within that time any other status undoes the deletion and leaves
        the campaign as it was before, paused or not; later, `NotFound`.
        """
        ...


KEYWORDS_MIN, KEYWORDS_MAX = 5, 15
COMMUNITIES_MAX = 20


@dataclass(frozen=True, slots=True)
class Campaigns:
    store: CampaignStore
    clock: Clock

    async def create(
        self,
        caller: Caller,
        *,
        name: str,
        product: str,
        keywords: Sequence[str],
        communities: Sequence[str],
        url: str | None = None,
    ) -> Campaign:
        """Raises `BadArgument` for what a campaign cannot hold, `AlreadyExists` for a name that is taken."""
        if name.isdecimal():
            raise BadArgument("A campaign's name cannot be only digits: those are ids.", "Add a letter.", param="name")
        self._check(keywords=keywords, communities=communities)
        return await self.store.create_campaign(
            caller,
            name=name,
            product=product,
            url=_page(url),
            keywords=keywords,
            communities=communities,
            now=self.clock.now(),
        )

    async def edit(
        self,
        caller: Caller,
        reference: str,
        *,
        product: str | None = None,
        url: str | None = None,
        keywords: Sequence[str] | None = None,
        communities: Sequence[str] | None = None,
        first_comments: bool | None = None,
    ) -> Campaign:
        """None leaves a field as it is; an empty `url` removes it. Raises the errors of `create`."""
        campaign = await self.find(caller.workspace_id, reference)
        self._check(keywords=keywords, communities=communities)
        return await self.store.update_campaign(
            caller,
            campaign.id,
            product=product,
            url=_page(url),
            keywords=keywords,
            communities=communities,
            first_comments=first_comments,
            now=self.clock.now(),
        )

    async def find(self, workspace_id: str, reference: str | None) -> Campaign:
        """The campaign with this id or name. None means the only campaign there is; `BadArgument` when there are
        several.
        """
        if reference:
            return await self.store.campaign(workspace_id, int(reference) if reference.isdecimal() else reference)
        campaigns = await self.store.campaigns(workspace_id)
        if not campaigns:
            raise NotFound("There is no campaign yet.", Advice("Make one.", Do.CREATE_CAMPAIGN))
        if len(campaigns) > 1:
            names = ", ".join(c.name for c in campaigns)
            raise BadArgument("Which campaign?", f"Add campaign=… with one of: {names}.", param="campaign")
        return campaigns[0]

    async def active(self, workspace_id: str, reference: str | None) -> Campaign:
        """Like `find`; `NotAllowedNow` for a paused campaign."""
        campaign = await self.find(workspace_id, reference)
        if campaign.status is CampaignStatus.PAUSED:
            raise NotAllowedNow(
                f"Campaign {campaign.name} is paused.", Advice("Resume it first.", Do.RESUME_CAMPAIGN, campaign.id)
            )
        return campaign

    async def set_status(self, caller: Caller, reference: str, status: CampaignStatus) -> Campaign:
        campaign = await self.find(caller.workspace_id, reference)
        return await self.store.set_campaign_status(caller, campaign.id, status, self.clock.now())

    async def restore(self, caller: Caller, campaign_id: int) -> Campaign:
        """Undo a deletion, inside `UNDO_WINDOW`; the campaign is as it was, paused or not."""
        return await self.store.set_campaign_status(caller, campaign_id, CampaignStatus.ACTIVE, self.clock.now())

    @staticmethod
    def _check(*, keywords: Sequence[str] | None, communities: Sequence[str] | None) -> None:
        if keywords is not None and not KEYWORDS_MIN <= len(keywords) <= KEYWORDS_MAX:
            raise BadArgument(
                f"A campaign needs {KEYWORDS_MIN} to {KEYWORDS_MAX} keywords; here are {len(keywords)}.",
                'For example: keywords="invoices,freelancers,late payment,bookkeeping,cash flow"',
                param="keywords",
            )
        if communities is not None and not 1 <= len(communities) <= COMMUNITIES_MAX:
            raise BadArgument(
                f"A campaign needs 1 to {COMMUNITIES_MAX} communities; here are {len(communities)}.",
                'For example: communities="startups,r/SaaS"',
                param="communities",
            )


def _page(url: str | None) -> str | None:
    """The address of the product's page, normalised; None and "" are returned as they are."""
    if not url:
        return url
    try:
        return web_address(url)
    except BadArgument as error:
        raise BadArgument(error.what, error.do, param="url") from None

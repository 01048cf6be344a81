"""Facts: what drafts may say, each with the member who stands behind it, its earlier wordings, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.campaigns import Campaigns, CampaignStore, Fact, FactKind, Number
from core.clock import Clock
from core.errors import BadArgument
from core.model import Caller


@dataclass(frozen=True, slots=True)
class FactDetails:
    """What stands beside a fact's words. Without an `owner` the caller owns it."""

    owner_id: str | None = None
    owner: str | None = None
    source: str | None = None
    period: str | None = None
    as_of: datetime | None = None
    expires_at: datetime | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class FactVersion:
    """One wording of a fact, with who wrote it when."""

    fact_id: int
    version: int  # 1, 2, 3 …
    kind: FactKind
    body: str
    owner: str
    source: str | None
    period: str | None
    as_of: datetime | None
    expires_at: datetime | None
    number: Number | None
    changed_by: str
    changed_at: datetime


class FactReads(Protocol):
    async def facts(self, workspace_id: str, campaign_id: int, now: datetime) -> Sequence[Fact]:
        """Those that stand: neither removed nor expired."""
        ...

    async def kept_facts(self, workspace_id: str, campaign_id: int) -> Sequence[Fact]:
        """Those that nobody removed, the expired ones too."""
        ...

    async def fact(self, workspace_id: str, fact_id: int) -> Fact:
        """Also one that was removed or has expired."""
        ...

    async def fact_versions(self, workspace_id: str, fact_id: int) -> Sequence[FactVersion]:
        """All wordings of a fact, the first one first, today's last."""
        ...


class FactStore(FactReads, Protocol):
    async def add_fact(
        self,
        caller: Caller,
        campaign_id: int,
        kind: FactKind,
        body: str,
        now: datetime,
        *,
        details: FactDetails | None = None,
    ) -> Fact: ...

    async def edit_fact(self, caller: Caller, changed: Fact, now: datetime) -> Fact:
        """Put new words, kind, owner and details in place, made from version `changed.version`.

        A fact that was edited meanwhile, or removed, is `AlreadyDecided` with who and when.
        """
        ...

    async def remove_fact(self, caller: Caller, fact_id: int, now: datetime) -> Fact:
        """Returns the fact as it is then. A second removal is `AlreadyDecided`."""
        ...


class FactsStore(FactStore, CampaignStore, Protocol):
    """Facts to keep, and the campaigns they belong to."""


@dataclass(frozen=True, slots=True)
class Facts:
    store: FactsStore
    clock: Clock

    async def add(
        self,
        caller: Caller,
        reference: str | None,
        kind: FactKind,
        body: str,
        details: FactDetails | None = None,
    ) -> Fact:
        """Raises `BadArgument` for what is no statement."""
        campaign = await Campaigns(self.store, self.clock).find(caller.workspace_id, reference)
        _check_words(body)
        return await self.store.add_fact(caller, campaign.id, kind, body, self.clock.now(), details=details)

    async def remove(self, caller: Caller, fact_id: int) -> Fact:
        """Raises `NotFound`, and `AlreadyDecided` when somebody removed it before."""
        return await self.store.remove_fact(caller, fact_id, self.clock.now())


def _check_words(body: str) -> None:
    if len(body.split()) < 3:
        raise BadArgument("That is too short to be a fact.", "Write a whole statement you stand behind.", param="body")

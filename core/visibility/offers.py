"""Offers of posts for watching: what is kept of them, and the verbs of their store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.model import Account, Caller, NewAlert, Offer

KEPT_FOR = timedelta(days=30)  # many times as long as a post is offered: a forgotten post is not offered again


@dataclass(frozen=True, slots=True)
class NewOffer:
    fullname: str
    community: str
    title: str | None
    author: str
    permalink: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class ListCheck:
    """What follows from reading one account's list for one workspace. `gone`: offered posts that are not in it any
    more, or that their author deleted.
    """

    account: Account
    next_list_at: datetime
    new: tuple[NewOffer, ...] = ()
    gone: tuple[str, ...] = ()
    alert: NewAlert | None = None


class OfferReads(Protocol):
    async def offer(self, workspace_id: str, offer_id: int) -> Offer:
        """Raises `NotFound`."""
        ...

    async def open_offers(self, workspace_id: str, author: str | None = None) -> Sequence[Offer]:
        """The offers that nobody decided about, oldest first: of one account, in any case of letters, or of all."""
        ...

    async def known_offers(self, workspace_id: str, fullnames: Collection[str]) -> Collection[str]:
        """Those of these posts that were offered before, whatever became of it."""
        ...


class OfferStore(OfferReads, Protocol):
    async def lease_due_lists(self, now: datetime, *, lease: timedelta, longest: timedelta) -> Sequence[Account]:
        """Lease the linked account whose list is due first, in every workspace that linked it. A time later than
        `now + longest` was planned by a wrong clock, and is due. They are due again when the lease ends.
        """
        ...

    async def record_list(self, check: ListCheck, now: datetime) -> int:
        """Keep the new offers, withdraw those that are gone, owe the alert and plan the next reading, in one
        transaction; returns how many were new. A post that was offered or registered meanwhile is left out, and without
        a new one no alert is owed. Nothing is offered when the account is no longer linked.
        """
        ...

    async def refuse_offer(self, caller: Caller, offer_id: int, now: datetime) -> Offer:
        """Remember that a post is not to be watched. `AlreadyDecided` when somebody decided before."""
        ...

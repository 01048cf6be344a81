"""Offers: a post that a linked account published and nobody registered is offered for watching, with one click.

The public list of each linked account is read every half hour. Nothing is registered by itself. A post is offered once
in a workspace, to the account's owner, whatever they decide: "Not ours" is kept, and so is a post that was registered
and stopped. Where the workspace has campaigns, only posts in their communities are offered; what else an account posts
is nobody's business here.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.accounts import AccountReads, Accounts, LinkedAccount
from core.alerts import AlertReads
from core.campaigns import CampaignReads, CampaignStatus
from core.clock import Clock
from core.drafting.drafts import DraftReads, DraftStatus
from core.errors import ConsentGone, UserError
from core.members import MemberReads
from core.model import Account, AlertKind, Basis, Caller, NewAlert, Offer, TrackedPost, is_same_account
from core.ports import Sighting
from core.routes import About, Route, RouteReads
from core.texts.gone import GoneBy, texts_gone_by
from core.texts.pasted import permalink_of
from core.texts.plain import folded
from core.visibility.concluding import kept_title
from core.visibility.looking import Looking
from core.visibility.offers import ListCheck, NewOffer, OfferStore
from core.visibility.registering import Registering
from core.visibility.tracking import TrackedPostReads
from core.workspaces import WorkspaceReads

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=30)
LEASE = timedelta(minutes=5)  # a list that a killed program leased is due again after this
NEWER_THAN = timedelta(days=3)  # most removals come in the first hours, so an older post gains little from watching
DRAFTS_READ = 50
_DELETED = frozenset({"deleted", "author"})  # Reddit's categories


class OfferingStore(
    OfferStore,
    AccountReads,
    TrackedPostReads,
    CampaignReads,
    DraftReads,
    AlertReads,
    RouteReads,
    MemberReads,
    WorkspaceReads,
    Protocol,
):
    """Keeps offers, and reads what decides which posts are offered, and to whom."""


@dataclass(frozen=True, slots=True)
class _List:
    """An account's newest posts, as somebody could read them."""

    basis: Basis
    posts: Sequence[Sighting]


class Offers:
    """What people ask for raises `UserError`; `tend` raises `StorageUnavailable` only."""

    def __init__(
        self, store: OfferingStore, clock: Clock, looking: Looking, accounts: Accounts, registering: Registering
    ) -> None:
        self._store, self._clock = store, clock
        self._looking, self._accounts, self._registering = looking, accounts, registering

    async def tend(self) -> int:
        """Read the list that is due first, with one request; returns for how many workspaces."""
        if not self._may_ask():
            return 0
        due = await self._store.lease_due_lists(self._clock.now(), lease=LEASE, longest=EVERY)
        if not due:
            return 0
        read = await self._read(due)
        for account in due:
            now = self._clock.now()
            await self._store.record_list(await self._check(account, read, now), now)
        return len(due)

    def _may_ask(self) -> bool:
        is_any = self._looking.view is not None or self._accounts.can_sign_in
        return is_any and self._looking.may_ask_besides

    # ------------------------------------------------ what people decide

    async def open_to(self, caller: Caller) -> Sequence[Offer]:
        """The offers that nobody decided about, oldest first: of the caller's own accounts, and of all accounts in the
        communities of campaigns.
        """
        communities = await self._communities(caller.workspace_id)
        accounts = await self._store.accounts(caller.workspace_id)
        own = [account.name for account in accounts if account.linked_by_id == caller.member_id]
        found = await self._store.open_offers(caller.workspace_id)
        return [
            offer
            for offer in found
            if offer.community in communities or any(is_same_account(offer.author, name) for name in own)
        ]

    async def watch(self, caller: Caller, offer_id: int) -> TrackedPost:
        """Register an offered post, with the approved draft that has its title when there is one."""
        offer = await self._store.offer(caller.workspace_id, offer_id)
        draft = await self._draft_of(offer)
        return await self._registering.register(caller, offer.permalink, draft=draft, posted_at=offer.posted_at)

    async def watch_all(self, caller: Caller, alert_id: int) -> Sequence[TrackedPost]:
        """Register what one message offers and nobody decided about. When a post is refused, those before it stay
        registered; raises when none was registered.
        """
        watched: list[TrackedPost] = []
        for offer in await self._open_in(caller, alert_id):
            try:
                watched.append(await self.watch(caller, offer.id))
            except UserError:
                if not watched:
                    raise
                log.info("an offered post is not watched", extra={"offer": offer.id})
        return watched

    async def refuse(self, caller: Caller, offer_id: int) -> Offer:
        """`AlreadyDecided` when somebody decided before."""
        return await self._store.refuse_offer(caller, offer_id, self._clock.now())

    async def refuse_all(self, caller: Caller, alert_id: int) -> Sequence[Offer]:
        """Refuse what one message offers and nobody decided about."""
        return [await self.refuse(caller, offer.id) for offer in await self._open_in(caller, alert_id)]

    async def _open_in(self, caller: Caller, alert_id: int) -> Sequence[Offer]:
        told = await self._store.alert_record(caller.workspace_id, alert_id)
        return [offer for offer in told.offers if offer.is_open]

    async def _draft_of(self, offer: Offer) -> int | None:
        """The approved draft for the post's community with the post's title; None when not exactly one has it."""
        if offer.title is None:
            return None
        drafts = await self._store.drafts(
            offer.workspace_id, statuses=[DraftStatus.APPROVED], community=offer.community, limit=DRAFTS_READ
        )
        same = [draft.id for draft in drafts if folded(draft.latest.title) == folded(offer.title)]
        return same[0] if len(same) == 1 else None

    # ------------------------------------------------ one account's list

    async def _read(self, due: Sequence[Account]) -> _List | None:
        """The account's list as others see it; where nobody can see Reddit, as the account itself may read it. None
        when nobody could read it.
        """
        view, name = self._looking.view, due[0].name
        try:
            if view is None or view.basis is Basis.SAMPLE:  # the sample knows no account of Reddit's
                for account in due:
                    linked = await self._signed_in(account)
                    if linked is not None:
                        return _List(self._accounts.basis, await self._accounts.submitted(linked))
            if view is not None:
                return _List(view.basis, await view.submitted(name))
        except ConsentGone:
            return None  # `Accounts` told the workspace
        except UserError as error:
            log.info("an account's list is not read", extra={"problem": error.what})
        except Exception:  # a defect of one source must not end the reading of the others
            log.exception("reading an account's list failed")
        return None

    async def _signed_in(self, account: Account) -> LinkedAccount | None:
        if not account.may_list_posts:
            return None
        return (await self._accounts.signed_in(account.workspace_id)).get(account.name.casefold())

    async def _check(self, account: Account, read: _List | None, now: datetime) -> ListCheck:
        next_at, workspace_id = now + EVERY, account.workspace_id
        if read is None:
            return ListCheck(account, next_at)
        communities = await self._communities(workspace_id)
        found = [post for post in read.posts if self._is_wanted(post, account, communities, now)]
        names = [post.fullname for post in found]
        registered = await self._store.tracked_posts_named(workspace_id, names)
        known = {*registered, *await self._store.known_offers(workspace_id, names)}
        new = tuple(offer for post in found if post.fullname not in known for offer in _offered(post, account))
        open_now = await self._store.open_offers(workspace_id, account.name)
        gone = tuple(offer.fullname for offer in open_now if _is_gone(offer, read.posts))
        alert = None
        if new:
            stay = [offer for offer in open_now if offer.fullname not in gone]
            to = await self._addressee(account, is_of_campaigns=bool(communities))
            alert = await self._alert(account, new, stay, read.basis, to)
        return ListCheck(account, next_at, new, gone, alert)

    async def _communities(self, workspace_id: str) -> frozenset[str]:
        """The communities of the workspace's campaigns."""
        kept = [c for c in await self._store.campaigns(workspace_id) if c.status is not CampaignStatus.DELETED]
        return frozenset(name for campaign in kept for name in campaign.communities)

    @staticmethod
    def _is_wanted(post: Sighting, account: Account, communities: Collection[str], now: datetime) -> bool:
        """Whether a post of the list is one to offer. What its author deleted is not kept (reddit-facts: access)."""
        if (
            not is_same_account(post.author, account.name)
            or post.problem is not None
            or not post.community
            or not post.fullname.startswith("t3_")
        ):
            return False
        is_new = post.created_at is not None and now - NEWER_THAN <= post.created_at
        is_here = not communities or post.community in communities
        return is_new and is_here and not _is_deleted(post)

    async def _addressee(self, account: Account, *, is_of_campaigns: bool) -> str | None:
        """The member whose direct messages get the offer; None: the channel to which their alerts are routed, or the
        workspace's.

        Posts outside of campaigns are shown to the owner alone. Discord's direct messages have no buttons, so there
        posts in the campaigns' communities are offered in the channel, where one click is enough.
        """
        workspace_id, owner = account.workspace_id, account.linked_by_id
        platform = (await self._store.workspace(workspace_id)).platform
        if owner is None or platform == "terminal" or _has_route(account, await self._store.routes(workspace_id)):
            return None
        if not is_of_campaigns:
            return owner
        members = await self._store.members(workspace_id)
        wants = next((member.told_directly for member in members if member.id == owner), True)
        return owner if platform == "slack" and wants else None

    async def _alert(
        self, account: Account, new: Sequence[NewOffer], open_now: Sequence[Offer], basis: Basis, to: str | None
    ) -> NewAlert:
        """The alert about new offers. It joins the message that told those which are still open."""
        communities = {offer.community for offer in new}
        facts = {
            "author": account.name,
            "basis": basis.value,
            "direct": to is not None,
            "community": communities.pop() if len(communities) == 1 else None,
            "offers": [offer.fullname for offer in new],  # the titles are read when it is shown
            "registered_by": account.linked_by,
            "to": account.linked_by,
            "workspace": (await self._store.workspace(account.workspace_id)).name,
        }
        first = open_now[0].fullname if open_now else new[0].fullname
        key = f"offers:{account.id}:{new[-1].fullname}"
        return NewAlert(
            AlertKind.POST_OFFERED, key, facts, to_member=to, event=f"offers:{account.id}:{first}:{to or ''}"
        )


def _has_route(account: Account, routes: Iterable[Route]) -> bool:
    return any(r.about is About.PERSON and r.which == account.linked_by and r.place is not None for r in routes)


def _offered(post: Sighting, account: Account) -> Iterator[NewOffer]:
    if post.created_at is not None:
        permalink = permalink_of(post.fullname, post.fullname.removeprefix("t3_"), post.community)
        yield NewOffer(post.fullname, post.community, kept_title(post), account.name, permalink, post.created_at)


def _is_deleted(post: Sighting) -> bool:
    return post.category in _DELETED or texts_gone_by(post.title, post.body) is GoneBy.AUTHOR


def _is_gone(offer: Offer, posts: Sequence[Sighting]) -> bool:
    """Whether its author took an offered post down, as far as the list tells. A list can be hidden, so an empty one
    says nothing, and neither does one that does not reach back to the post.
    """
    listed: Mapping[str, Sighting] = {post.fullname: post for post in posts}
    if offer.fullname in listed:
        return _is_deleted(listed[offer.fullname])
    times = [post.created_at for post in posts if post.created_at is not None]
    return bool(times) and min(times) <= offer.posted_at

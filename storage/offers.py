"""Offers: which account's list is read next, the posts in it that nobody registered, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import moment
from core.errors import Advice, AlreadyDecided, Do
from core.journal import JournalKind
from core.log import correlation_id
from core.model import Account, Caller, Offer
from core.visibility.offers import ListCheck, NewOffer
from storage.base import Verbs, changed, missing, record, values_of
from storage.database import insert_new
from storage.outbox import owe
from storage.schema import accounts, offers, tracked_posts

_its = offers.c


class OfferVerbs(Verbs):
    async def lease_due_lists(self, now: datetime, *, lease: timedelta, longest: timedelta) -> Sequence[Account]:
        linked, its = accounts.c.linked_by.is_not(None), accounts.c
        is_due = or_(its.next_list_at.is_(None), its.next_list_at <= now, its.next_list_at > now + longest)
        first = select(its.name_folded).where(linked, is_due).order_by(its.next_list_at.nulls_first(), its.id).limit(1)
        async with self._database.write() as tx:
            name = await tx.scalar(first.with_for_update(skip_locked=True))
            if name is None:
                return []
            # Its rows in other workspaces that no other program holds at this moment.
            same = select(its.id).where(linked, its.name_folded == name).order_by(its.id)
            ids = list(await tx.scalars(same.with_for_update(skip_locked=True)))
            leased = update(accounts).where(its.id.in_(ids)).values(next_list_at=now + lease).returning(accounts)
            found = [record(Account, row) for row in await tx.execute(leased)]
        return sorted(found, key=lambda account: account.id)

    async def known_offers(self, workspace_id: str, fullnames: Collection[str]) -> Collection[str]:
        asked = select(_its.fullname).where(_its.workspace_id == workspace_id, _its.fullname.in_(fullnames))
        return {row.fullname for row in await self._rows(asked)}

    async def record_list(self, check: ListCheck, now: datetime) -> int:
        account = check.account
        async with self._database.write() as tx:
            row = (await tx.execute(select(accounts).where(accounts.c.id == account.id).with_for_update())).first()
            if row is None:  # it was removed meanwhile
                return 0
            await changed(tx, accounts, row, next_list_at=check.next_list_at)
            if check.gone:
                mine = and_(_its.workspace_id == account.workspace_id, _its.fullname.in_(check.gone))
                await tx.execute(update(offers).where(mine).values(title=None, withdrawn_at=now))
            if row.linked_by is None:
                return 0
            new = [offer for offer in check.new if not await _is_registered(tx, account.workspace_id, offer)]
            added = [offer for offer in new if await _add(tx, account.workspace_id, offer, now)]
            if added and check.alert is not None:
                await owe(tx, account.workspace_id, check.alert, now, correlation_id(), not_before=now)
        return len(added)

    async def offer(self, workspace_id: str, offer_id: int) -> Offer:
        found = await self._record(Offer, asked_for().where(_its.workspace_id == workspace_id, _its.id == offer_id))
        if found is None:
            raise missing("offer", offer_id)
        return found

    async def open_offers(self, workspace_id: str, author: str | None = None) -> Sequence[Offer]:
        mine = asked_for().where(_its.workspace_id == workspace_id).order_by(_its.id)
        found = await self._records(
            Offer, mine.where(_its.refused_at.is_(None), _its.withdrawn_at.is_(None), tracked_posts.c.id.is_(None))
        )
        return [offer for offer in found if author is None or offer.author.casefold() == author.casefold()]

    async def refuse_offer(self, caller: Caller, offer_id: int, now: datetime) -> Offer:
        mine = (_its.workspace_id == caller.workspace_id, _its.id == offer_id)
        async with self._database.write() as tx:
            await self._one(tx, offers, caller.workspace_id, offer_id, "offer", lock=True)
            before = record(Offer, (await tx.execute(asked_for().where(*mine))).one())
            if before.refused_at is not None:
                raise AlreadyDecided(
                    f"{before.refused_by} said on {moment(before.refused_at)} that it is not yours.",
                    Advice("To watch it all the same, register its link.", Do.REGISTER_POST),
                    decided_by=before.refused_by or "",
                    decided_at=before.refused_at,
                )
            if before.post_id is not None:
                post = (await tx.execute(select(tracked_posts).where(tracked_posts.c.id == before.post_id))).one()
                raise AlreadyDecided(
                    f"{post.registered_by} registered it on {moment(post.registered_at)}.",
                    Advice("See it.", Do.SHOW_POST, post.id),
                    decided_by=post.registered_by,
                    decided_at=post.registered_at,
                )
            # What is not theirs needs no title any more.
            refused = {"refused_by": caller.name, "refused_at": now, "title": None}
            await tx.execute(update(offers).where(*mine).values(refused))
            told = {"fullname": before.fullname, "community": before.community}
            await self._enter_journal(tx, caller, now, JournalKind.POST_NOT_OURS, f"offer {offer_id}", **told)
            return record(Offer, (await tx.execute(asked_for().where(*mine))).one())


def asked_for() -> Select[tuple[object, ...]]:
    """Offers, each with the tracked post that it became."""
    same = and_(tracked_posts.c.workspace_id == _its.workspace_id, tracked_posts.c.fullname == _its.fullname)
    became = (tracked_posts.c.id.label("post_id"), tracked_posts.c.registered_by)
    return select(*offers.c, *became).select_from(offers.outerjoin(tracked_posts, same))


async def _is_registered(tx: AsyncConnection, workspace_id: str, offer: NewOffer) -> bool:
    its = tracked_posts.c
    asked = select(its.id).where(its.workspace_id == workspace_id, its.fullname == offer.fullname)
    return await tx.scalar(asked) is not None


async def _add(tx: AsyncConnection, workspace_id: str, offer: NewOffer, now: datetime) -> bool:
    """Whether the offer is new."""
    new = values_of(offer) | {"workspace_id": workspace_id, "offered_at": now}
    return await tx.scalar(insert_new(tx, offers).values(new).returning(_its.id)) is not None

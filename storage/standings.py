"""Accounts that are watched: which are due, and what was seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, or_, select, update

from core.model import Account
from core.visibility.account_looks import AccountCheck, AccountLook, DueAccount
from storage.accounts import AccountVerbs, begun
from storage.base import changed, record, values_of
from storage.database import insert_new
from storage.outbox import owe
from storage.schema import account_readings, accounts, tracked_posts
from storage.watches import told_from

_its = accounts.c
_LOOKS = 20  # the newest looks, from which an account's state is judged

# Built once, because a sweep asks every few seconds, mostly in vain, and building takes as long as asking.
_DUE = (
    select(_its.id)
    .where(or_(_its.next_look_at.is_(None), _its.next_look_at <= bindparam("now")))
    .order_by(_its.next_look_at.nulls_first(), _its.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_LEASED = update(accounts).where(_its.id.in_(bindparam("ids", expanding=True))).returning(accounts)
_seen = account_readings.c
_NEWEST_LOOKS = (
    select(_seen.basis, _seen.read_at, _seen.author_status)
    .where(_seen.account_id == bindparam("account"))
    .order_by(_seen.read_at.desc())
    .limit(_LOOKS)
)


class StandingVerbs(AccountVerbs):
    async def lease_due_accounts(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[DueAccount]:
        async with self._database.write() as tx:
            ids = list(await tx.scalars(_DUE, {"now": now, "most": limit}))
            if not ids:
                return []
            leased = await tx.execute(_LEASED, {"ids": ids, "next_look_at": now + lease})
            found = {row.id: record(Account, row) for row in leased}
            looks: dict[int, list[AccountLook]] = {account_id: [] for account_id in ids}
            for account_id in ids:
                newest = await tx.execute(_NEWEST_LOOKS, {"account": account_id})
                looks[account_id] = [AccountLook(*row) for row in newest][::-1]
        return [DueAccount(found[account_id], tuple(looks[account_id])) for account_id in ids]

    async def record_account_check(self, check: AccountCheck, now: datetime) -> bool:
        account = check.account
        async with self._database.write() as tx:
            row = (await tx.execute(select(accounts).where(_its.id == account.id).with_for_update())).first()
            if row is None:  # it was removed meanwhile
                return False
            changes = {"next_look_at": check.next_look_at}
            if check.look is not None:
                whose = {"workspace_id": account.workspace_id, "account_id": account.id}
                await tx.execute(insert_new(tx, account_readings).values(values_of(check.look) | whose))
                changes["last_read_at"] = check.look.read_at
            await changed(tx, accounts, row, **changes)
            if row.state is not account.state:
                return False
            if check.state is not row.state:
                await changed(tx, accounts, row, state=check.state, state_since=begun(row, check.state_since or now))
            if check.alert is not None:
                asked = select(tracked_posts).where(tracked_posts.c.id == check.alert.tracked_post_id)
                post = (await tx.execute(asked)).one()
                not_before, trace = await told_from(tx, post, check.alert, now), post.correlation_id
                await owe(tx, account.workspace_id, check.alert, now, trace, not_before=not_before)
        return True

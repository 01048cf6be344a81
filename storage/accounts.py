"""Reddit accounts that their owners linked, or that tracked posts name, and the owners' consent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.accounts import ConsentRequest
from core.errors import Advice, AlreadyExists, Do, NotFound
from core.journal import JournalKind
from core.model import Account, AccountState, Caller, NewAlert
from storage.base import Verbs, changed, record
from storage.database import insert_new
from storage.outbox import owe
from storage.schema import accounts, consent_requests

_NO_TOKEN = {"sealed_token": None, "signed_in_at": None, "scopes": None}


# Built once, because a sweep asks them, and building takes as long as asking.
_ALL = select(accounts).where(accounts.c.workspace_id == bindparam("workspace")).order_by(accounts.c.name_folded)
_NAMED = _ALL.where(accounts.c.name_folded.in_(bindparam("names", expanding=True)))
_LOCKED = (
    select(accounts)
    .where(tuple_(accounts.c.workspace_id, accounts.c.name_folded).in_(bindparam("keys", expanding=True)))
    .order_by(accounts.c.id)
    .with_for_update()
)


class AccountVerbs(Verbs):
    async def accounts(self, workspace_id: str, names: Collection[str] | None = None) -> Sequence[Account]:
        asked: dict[str, Any] = {"workspace": workspace_id}
        if names is not None:
            asked["names"] = list({name.casefold() for name in names})
        return await self._records(Account, _ALL if names is None else _NAMED, asked)

    async def link_account(self, caller: Caller, name: str, now: datetime) -> Account:
        """Raises `AlreadyExists`, which says who linked it, when the account is linked already."""
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            row = await self._ensure_account(tx, caller.workspace_id, name, now)
            if row.linked_by is not None:
                raise AlreadyExists(
                    f"u/{row.name} is linked already, by {row.linked_by}.", Advice("See it.", Do.SHOW_ACCOUNTS)
                )
            row = await changed(tx, accounts, row, linked_by=caller.name, linked_by_id=caller.member_id)
            await self._enter_journal(tx, caller, now, JournalKind.ACCOUNT_LINK, f"account {row.id}", account=row.name)
        return record(Account, row)

    async def unlink_account(self, caller: Caller, name: str, now: datetime) -> Account:
        """Delete the consent. The account's row stays, because tracked posts may name it."""
        async with self._database.write() as tx:
            row = (await tx.execute(_account(caller.workspace_id, name).with_for_update())).first()
            if row is None or row.linked_by is None:
                raise NotFound(f"u/{name} is not linked here.", Advice("See which are.", Do.SHOW_ACCOUNTS))
            ended = {"linked_by": None, "linked_by_id": None, "consent_gone_at": None, **_NO_TOKEN}
            row = await changed(tx, accounts, row, **ended)
            await self._enter_journal(
                tx, caller, now, JournalKind.ACCOUNT_UNLINK, f"account {row.id}", account=row.name
            )
        return record(Account, row)

    # ------------------------------------------------ consent

    async def ask_consent(
        self, caller: Caller, state_sha256: str, account_name: str | None, now: datetime, expires_at: datetime
    ) -> None:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            await tx.execute(delete(consent_requests).where(_request_of(caller)))
            await tx.execute(
                insert(consent_requests).values(
                    workspace_id=caller.workspace_id,
                    member_id=caller.member_id,
                    member_name=caller.name,
                    account_name=account_name,
                    state_sha256=state_sha256,
                    asked_at=now,
                    expires_at=expires_at,
                )
            )
            await self._enter_journal(tx, caller, now, JournalKind.ACCOUNT_ASK, "account", account=account_name)

    async def take_consent_request(
        self, state_sha256: str, now: datetime, *, only_for: Caller | None = None
    ) -> ConsentRequest:
        its = consent_requests.c
        wanted = and_(its.state_sha256 == state_sha256, its.expires_at > now)
        if only_for is not None:
            wanted = and_(wanted, _request_of(only_for))
        async with self._database.write() as tx:
            row = (await tx.execute(delete(consent_requests).where(wanted).returning(consent_requests))).first()
        if row is None:
            raise NotFound(
                "Nobody is waiting for that answer: it was used already, is too old, or somebody else asked for it.",
                Advice("Ask for a new link.", Do.LINK_ACCOUNT),
            )
        return record(ConsentRequest, row)

    async def sign_in_account(
        self,
        caller: Caller,
        name: str,
        sealed_token: str,
        now: datetime,
        *,
        reddit_created_at: datetime | None = None,
        karma: int | None = None,
        scopes: str | None = None,
    ) -> Account:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            row = await self._ensure_account(tx, caller.workspace_id, name, now)
            row = await changed(
                tx,
                accounts,
                row,
                name=name,  # Reddit's own spelling
                linked_by=caller.name,
                linked_by_id=caller.member_id,
                sealed_token=sealed_token,
                signed_in_at=now,
                consent_gone_at=None,
                reddit_created_at=reddit_created_at or row.reddit_created_at,
                karma=row.karma if karma is None else karma,
                scopes=scopes,
            )
            await self._enter_journal(
                tx, caller, now, JournalKind.ACCOUNT_SIGN_IN, f"account {row.id}", account=row.name
            )
        return record(Account, row)

    async def sealed_tokens(self, workspace_id: str) -> Mapping[int, str]:
        query = select(accounts.c.id, accounts.c.sealed_token).where(
            accounts.c.workspace_id == workspace_id, accounts.c.sealed_token.is_not(None)
        )
        return {row.id: row.sealed_token for row in await self._rows(query)}

    async def end_consent(
        self, caller: Caller, account_id: int, sealed_token: str, alert: NewAlert, now: datetime
    ) -> bool:
        its = accounts.c
        same = and_(its.workspace_id == caller.workspace_id, its.id == account_id, its.sealed_token == sealed_token)
        change = update(accounts).where(same).values(consent_gone_at=now, **_NO_TOKEN)
        async with self._database.write() as tx:
            if not (await tx.execute(change)).rowcount:
                return False
            await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=now)
            await self._enter_journal(tx, caller, now, JournalKind.ACCOUNT_CONSENT_GONE, f"account {account_id}")
        return True

    # ------------------------------------------------ inside other verbs' transactions

    async def _ensure_account(self, tx: AsyncConnection, workspace_id: str, name: str, now: datetime) -> Row[Any]:
        """Returns the account's row, locked, and makes it when it is missing."""
        key = (workspace_id, name.casefold())
        return (await self._ensure_accounts(tx, {key: name}, now))[key]

    @staticmethod
    async def _ensure_accounts(
        tx: AsyncConnection, names: Mapping[tuple[str, str], str], now: datetime
    ) -> dict[tuple[str, str], Row[Any]]:
        """Returns many rows by workspace and folded name, locked, and makes those that are missing. They are locked in
        one order, so that two programs never wait for each other.
        """
        asked = {"keys": list(names)}
        found = {(row.workspace_id, row.name_folded): row for row in await tx.execute(_LOCKED, asked)}
        new = [
            {
                "workspace_id": workspace_id,
                "name": name,
                "name_folded": folded,
                "state": AccountState.UNKNOWN,
                "state_since": now,
            }
            for (workspace_id, folded), name in sorted(names.items())
            if (workspace_id, folded) not in found
        ]
        if new:
            await tx.execute(insert_new(tx, accounts), new)
            found = {(row.workspace_id, row.name_folded): row for row in await tx.execute(_LOCKED, asked)}
        return found

    @staticmethod
    async def _update_account(
        tx: AsyncConnection,
        row: Row[Any],
        state: AccountState,
        since: datetime,
        read_at: datetime | None,
        *,
        look_at: datetime | None,
    ) -> None:
        """`since`: when the state was first seen. `look_at`: something is odd about one of its posts, so the account is
        looked at then at the latest.
        """
        changes: dict[str, Any] = {"last_read_at": read_at} if read_at != row.last_read_at else {}
        if look_at is not None and row.next_look_at is not None and row.next_look_at > look_at:
            changes |= {"next_look_at": look_at}
        if state is not row.state:
            changes |= {"state": state, "state_since": begun(row, since)}
        if changes:
            await tx.execute(update(accounts).where(accounts.c.id == row.id).values(changes))


def begun(row: Row[Any], since: datetime) -> datetime:
    """Returns the `state_since` of an account's new state, which was first seen at `since`: never that of the state
    before, because keys of alerts name it.
    """
    is_known = row.state is not AccountState.UNKNOWN
    return max(since, row.state_since + timedelta(microseconds=1)) if is_known else since


def _account(workspace_id: str, name: str) -> Any:
    return select(accounts).where(accounts.c.workspace_id == workspace_id, accounts.c.name_folded == name.casefold())


def _request_of(caller: Caller) -> Any:
    its = consent_requests.c
    return and_(its.workspace_id == caller.workspace_id, its.member_id == caller.member_id)

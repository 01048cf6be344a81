"""Reddit accounts that their owners linked, or that tracked posts name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import AlreadyExists, NotFound
from core.model import Account, AccountState, Caller
from storage.base import Verbs, record
from storage.database import insert_new
from storage.schema import accounts


class AccountVerbs(Verbs):
    async def accounts(self, workspace_id: str) -> Sequence[Account]:
        async with self._database.read() as tx:
            rows = await tx.execute(
                select(accounts).where(accounts.c.workspace_id == workspace_id).order_by(accounts.c.name_folded)
            )
        return [record(Account, row) for row in rows]

    async def link_account(self, caller: Caller, name: str, now: datetime) -> Account:
        """Raises `AlreadyExists` when it is linked, saying by whom."""
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            row = await self._ensure_account(tx, caller.workspace_id, name, now)
            if row.linked_by is not None:
                raise AlreadyExists(
                    f"u/{row.name} is linked already, by {row.linked_by}.", "See it: /rao account status"
                )
            row = await self._set_linked_by(tx, row, caller.name)
            await self._audit(tx, caller, now, "account.link", f"account {row.id}", account=row.name)
        return record(Account, row)

    async def unlink_account(self, caller: Caller, name: str, now: datetime) -> Account:
        """Takes the consent back; the account stays known while tracked posts name it."""
        async with self._database.write() as tx:
            row = (await tx.execute(_account(caller.workspace_id, name).with_for_update())).first()
            if row is None or row.linked_by is None:
                raise NotFound(f"u/{name} is not linked here.", "See which are: /rao account status")
            row = await self._set_linked_by(tx, row, None)
            await self._audit(tx, caller, now, "account.unlink", f"account {row.id}", account=row.name)
        return record(Account, row)

    @staticmethod
    async def _set_linked_by(tx: AsyncConnection, row: Row[Any], name: str | None) -> Row[Any]:
        change = update(accounts).where(accounts.c.id == row.id).values(linked_by=name)
        changed: Row[Any] = (await tx.execute(change.returning(accounts))).one()
        return changed

    @staticmethod
    async def _ensure_account(tx: AsyncConnection, workspace_id: str, name: str, now: datetime) -> Row[Any]:
        """The account's row, locked; made when it is not there."""
        await tx.execute(
            insert_new(tx, accounts).values(
                workspace_id=workspace_id,
                name=name,
                name_folded=name.casefold(),
                state=AccountState.UNKNOWN,
                state_since=now,
            )
        )
        row: Row[Any] = (await tx.execute(_account(workspace_id, name).with_for_update())).one()
        return row

    @staticmethod
    async def _update_account(
        tx: AsyncConnection, row: Row[Any], state: AccountState | None, read_at: datetime | None, now: datetime
    ) -> None:
        changes: dict[str, Any] = {"last_read_at": read_at}
        if state is not None and state is not row.state:
            changes |= {"state": state, "state_since": now}
        await tx.execute(update(accounts).where(accounts.c.id == row.id).values(changes))


def _account(workspace_id: str, name: str) -> Any:
    return select(accounts).where(accounts.c.workspace_id == workspace_id, accounts.c.name_folded == name.casefold())

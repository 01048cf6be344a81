"""Looks at authors' accounts: their records, and the verbs of their store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.model import Account, AccountState, AuthorStatus, Basis, NewAlert
from core.visibility.tracking import TrackedPostReads

ODD_EVERY = timedelta(minutes=30)  # how often an account is looked at while something about it is odd


@dataclass(frozen=True, slots=True)
class AccountLook:
    """How an account was seen once by a third party."""

    basis: Basis
    read_at: datetime
    author_status: AuthorStatus


@dataclass(frozen=True, slots=True)
class DueAccount:
    """An account that is due, with its last looks, oldest first."""

    account: Account
    looks: tuple[AccountLook, ...]


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """What follows from one look at an account. `account` is as it was before the look; `look` is None when none of
    its posts is watched, so that nobody looked. `state_since`: when a new state was first seen.
    """

    account: Account
    look: AccountLook | None
    state: AccountState
    next_look_at: datetime
    alert: NewAlert | None = None
    state_since: datetime | None = None


class StandingStore(TrackedPostReads, Protocol):
    async def lease_due_accounts(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[DueAccount]:
        """Lease up to `limit` accounts that are due, of all workspaces. They are due again when the lease ends."""
        ...

    async def record_account_check(self, check: AccountCheck, now: datetime) -> bool:
        """Store the look and the time of the next one. State and alert are stored only when the account still has the
        state that was judged; returns False when it has not.
        """
        ...

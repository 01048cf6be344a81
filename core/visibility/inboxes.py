"""Inboxes of linked accounts: the records of reading them, and the verbs of their store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.model import Account, TrackedPost


@dataclass(frozen=True, slots=True)
class DueInbox:
    """An account whose consent allows to read what it received, and its posts that moderators removed without a known
    reason, oldest first.
    """

    account: Account
    posts: tuple[TrackedPost, ...]


class InboxStore(Protocol):
    async def lease_due_inboxes(
        self, now: datetime, *, lease: timedelta, within: timedelta, limit: int
    ) -> Sequence[DueInbox]:
        """Lease up to `limit` accounts whose inbox may be read and may hold the reason for a removal of the time
        `within`. They are due again when the lease ends.
        """
        ...

    async def inbox_read(self, account_id: int, next_read_at: datetime) -> None:
        """Plan when the account's inbox is read again, if it still may hold a reason."""
        ...

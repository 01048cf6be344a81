"""Leases of tracked posts: who looks at a post, concludes about it or audits it now. They are rows, so several programs
can share a database; a killed program's leases expire.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Protocol

from core.clock import Clock
from core.model import TrackedPost
from core.visibility.tracking import AuditStore, CheckStore, DuePost, Fill


class LeaseStore(CheckStore, AuditStore, Protocol):
    """Posts to look at, and posts to audit."""


LEASE = timedelta(minutes=5)  # a batch takes seconds; what a killed program leased comes back after this
FILLED_AHEAD = timedelta(hours=1)  # a post that is due later than this does not fill a batch
# A batch that is not full also takes posts that are due later, when their last look is at least this old. Such a look
# costs no request, and posts that are looked at together are due together next time, in one request instead of many.
REREAD_AFTER = timedelta(seconds=45)
_TRIES, _WAIT_S = 10, 0.3


class Leases:
    """Raises `StorageUnavailable` only."""

    def __init__(self, store: LeaseStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @contextlib.asynccontextmanager
    async def holder(self, worker: str, only: int | None = None) -> AsyncIterator[str]:
        """A name to lease under: what is due, or `only` one post. Each piece of work has its own name, so that giving
        back never takes what another task of this program leased. When the work is broken off, its leases are given
        back. A post whose own check failed keeps its lease until that expires, and so is not tried again at once.
        """
        holder = f"{worker} {secrets.token_hex(4)}"
        try:
            yield holder
        except BaseException:
            store, due_before = self._store, self._clock.now() + FILLED_AHEAD
            await asyncio.shield(
                store.release_due(holder, due_before) if only is None else store.release_posts(holder, [only])
            )
            raise

    async def due(self, holder: str, limit: int, batch: int | None = None) -> Sequence[DuePost]:
        """Up to `limit` posts that are due for a check now. With `batch`, posts that are due next fill the last
        batch.
        """
        now = self._clock.now()
        fill = Fill(batch, now - REREAD_AFTER, now + FILLED_AHEAD) if batch is not None else None
        ids = await self._store.lease_due_posts(now, worker=holder, lease=LEASE, limit=limit, fill=fill)
        return await self._store.leased_posts(holder, ids)

    async def give_back(self, holder: str, due: Sequence[DuePost]) -> None:
        """Release the leases of posts that are not looked at now after all."""
        await self._store.release_posts(holder, [item.post.id for item in due])

    async def audits(self, holder: str, limit: int) -> Sequence[TrackedPost]:
        """Up to `limit` posts that are due for their audit now."""
        return await self._store.lease_due_audits(self._clock.now(), worker=holder, lease=LEASE, limit=limit)

    async def one(self, holder: str, post_id: int) -> Sequence[DuePost]:
        """Lease that post, due or not. A check by somebody else takes seconds, so this waits for it; empty when it does
        not end in time.
        """
        for attempt in range(_TRIES):
            if attempt:
                await self._clock.sleep(_WAIT_S)
            now = self._clock.now()
            ids = await self._store.lease_due_posts(now, worker=holder, lease=LEASE, limit=1, only=post_id)
            if ids:
                return await self._store.leased_posts(holder, ids)
        return ()


def by_workspace(due: Sequence[DuePost]) -> dict[str, list[DuePost]]:
    """Leased posts by their workspace, in the order in which they came."""
    grouped: dict[str, list[DuePost]] = {}
    for item in due:
        grouped.setdefault(item.post.workspace_id, []).append(item)
    return grouped

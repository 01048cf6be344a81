"""The rules of communities as they stand now, kept as snapshots."""

from __future__ import annotations

import logging
from datetime import timedelta

from core.clock import Clock
from core.communities import RuleStore
from core.errors import StorageUnavailable, UserError
from core.log import correlation_id
from core.model import Caller
from core.ports import RedditView
from core.requirements import Posting

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(days=1)
REFRESHED_AT_ONCE = 20  # each costs a request of the shared budget


class CommunityRules:
    """Reads rules by a third party's `view`; without one it reads none. Raises `StorageUnavailable` only."""

    def __init__(self, store: RuleStore, clock: Clock, view: RedditView | None) -> None:
        self._store, self._clock, self._view = store, clock, view

    async def refresh(self, caller: Caller, community: str) -> bool:
        """Keep a community's rules as they stand now. False when they cannot be read, which stops nothing."""
        if self._view is None or not self._view.sees(community):
            return False
        try:
            rules = await self._view.rules(community)
            posting = await self._posting(self._view, community)
            await self._store.save_rules(caller, community, self._view.basis, rules, self._clock.now(), posting)
        except StorageUnavailable:
            raise
        except UserError as error:
            log.info("rules not read", extra={"community": community, "problem": error.what})
            return False
        except Exception:  # a defect of one source
            log.exception("reading rules failed", extra={"community": community})
            return False
        return True

    async def _posting(self, view: RedditView, community: str) -> Posting:
        """Unknown when it cannot be read: the rules count without it."""
        try:
            return await view.posting(community)
        except StorageUnavailable:
            raise
        except UserError as error:
            log.info("post requirements not read", extra={"community": community, "problem": error.what})
            return Posting()

    async def refresh_stale(self) -> int:
        """Refresh those that were not read for a day, `REFRESHED_AT_ONCE` at most; returns how many were read."""
        if self._view is None:
            return 0
        stale = await self._store.communities_to_refresh(self._clock.now() - FRESH_FOR, REFRESHED_AT_ONCE)
        refreshed = 0
        for workspace_id, community in stale:
            scheduler = Caller(workspace_id, "system", "scheduler", correlation_id())
            refreshed += await self.refresh(scheduler, community)
        return refreshed

"""Sweeping: everything that is due is looked at in batches, as far as the request budget goes, and concluded about."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.clock import Clock, ClockWatch
from core.errors import NotAllowedNow, StorageUnavailable
from core.model import Caller, Outcome, TrackedPost
from core.ports import Allowance
from core.visibility import due as due_times
from core.visibility.blindness import SightStore, tell_blindness
from core.visibility.concluding import Concluding
from core.visibility.leases import Leases, by_workspace
from core.visibility.looking import BATCH, Look, Looking
from core.visibility.own_view import OwnView
from core.visibility.readings import NO_VIEW
from core.visibility.tracking import CheckStore, DuePost, TrackedPostStore, WatchLoad


class SweepingStore(TrackedPostStore, CheckStore, SightStore, Protocol):
    """Posts that are due, and the news that Reddit cannot be seen."""


log = logging.getLogger(__name__)

STRETCH_EVERY = timedelta(minutes=10)  # how often the load is counted, to see whether the budget is short
CLOCK_SEEN_EVERY = timedelta(hours=1)  # a look through all posts
LEFT_FOR_PEOPLE = 0.05  # of a minute's requests: a sweep leaves them, so that a command need not wait
PUBLIC_ONLY_BATCH = 3  # without another view every post costs one of the few logged-out requests


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep did: posts `looked` at, how many of them `blind` (no evidence), and how many `changed` state."""

    looked: int = 0
    blind: int = 0
    changed: int = 0

    def plus(self, other: SweepResult) -> SweepResult:
        return SweepResult(self.looked + other.looked, self.blind + other.blind, self.changed + other.changed)


class Sweeping:
    """Survives whatever single posts and remotes do. Raises `StorageUnavailable`, and for people's requests
    `UserError`.
    """

    def __init__(
        self,
        store: SweepingStore,
        clock: Clock,
        looking: Looking,
        own_view: OwnView,
        concluding: Concluding,
        leases: Leases,
        clock_watch: ClockWatch,
    ) -> None:
        self._store = store
        self._clock = clock
        self._looking = looking
        self._own_view = own_view
        self._concluding = concluding
        self._leases = leases
        self._clock_watch = clock_watch
        self._stretch = 0.0
        self._stretched_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._clock_seen_at: datetime | None = None

    # ------------------------------------------------ what is due

    async def sweep(self, worker: str) -> SweepResult:
        """Check everything that is due now, as far as the request budget goes; the rest stays due. One failing post
        does not stop the others.

        Cancelled or failed, it gives back its leases; killed, they expire.
        """
        size = BATCH if self._looking.view is not None or not self._looking.is_possible else PUBLIC_ONLY_BATCH
        total = SweepResult()
        await self._undo_a_wrong_clock()
        await self._count_the_load()
        async with self._leases.holder(worker) as holder:
            while self._has_budget():
                due = await self._leases.due(holder, size)
                total = total.plus(await self._check(holder, due))
                if len(due) < size:
                    break
        return total

    async def audit(self, worker: str) -> int:
        """Audit every post whose seven days are over; returns how many were audited."""
        done = 0
        await self._undo_a_wrong_clock()
        async with self._leases.holder(worker) as holder:
            while True:
                due = await self._leases.audits(holder, BATCH)
                done += sum([await self._audit(post) for post in due])
                if len(due) < BATCH:
                    return done

    async def _audit(self, post: TrackedPost) -> bool:
        try:
            return await self._concluding.audit(post)
        except StorageUnavailable:
            raise
        except Exception:  # the others are audited all the same
            log.exception("an audit failed", extra={"post_id": post.id})
            return False

    # ------------------------------------------------ what a person asks

    def sees(self, community: str) -> bool:
        """A third party's view is configured that can know of this community. Where none is, states stay unverified,
        and people's own looks are kept.
        """
        return self._looking.sees(community)

    async def check_now(self, caller: Caller, post_id: int) -> TrackedPost:
        """Look at one post because a person asks; returns it as it is afterwards.

        While a sweep checks the post, this waits for it a little. `NotAllowedNow` when nothing can look.
        """
        post = await self._store.tracked_post(caller.workspace_id, post_id)
        if not await self._can_look_at(post):
            raise NotAllowedNow(NO_VIEW, "Open the post yourself, then say: I can see it, or I can't.")
        await self._store.due_now(caller, post_id, self._clock.now())
        return await self.look_at(post)

    async def look_at(self, post: TrackedPost, look: Look | None = None) -> TrackedPost:
        """Look at a post now where anything can, and conclude; returns it as it is afterwards. `look`, where given, was
        taken already.
        """
        if look is not None or await self._can_look_at(post):
            async with self._leases.holder("look") as holder:
                leased = await self._leases.one(holder, post.id)
                await self._check(holder, leased, {post.id: look} if look is not None else None)
        return await self._store.tracked_post(post.workspace_id, post.id)

    async def _can_look_at(self, post: TrackedPost) -> bool:
        can_any = self._looking.sees(post.community) or self._looking.public is not None
        return can_any or await self._own_view.can_look_at(post)

    async def stretched(self, workspace_id: str) -> due_times.Stretched | None:
        """What a short request budget does to this workspace's posts now; None: nothing."""
        if not self._stretch:
            return None
        return due_times.stretched(await self._load(workspace_id, self._clock.now()), self._stretch)

    # ------------------------------------------------ one batch

    async def _check(self, holder: str, due: Sequence[DuePost], looks: Mapping[int, Look] | None = None) -> SweepResult:
        if not due:
            return SweepResult()
        if looks is None:
            looks = await self._own_view.add(due, await self._looking.look(due))
        now = self._clock.now()
        for workspace_id, items in by_workspace(due).items():
            # Before the readings are stored: a program killed in between says it again, and the key makes it once.
            await tell_blindness(self._store, workspace_id, items, looks, now)
        checks = await self._concluding.conclude(holder, due, looks, stretch=self._stretch)
        states = {item.post.id: item.post.state for item in due}
        result = SweepResult(
            looked=len(checks),
            blind=sum(all(r.outcome is Outcome.CANNOT_TELL for r in check.readings) for check in checks),
            changed=sum(check.verdict.state is not states[check.tracked_post_id] for check in checks),
        )
        log.info("checked", extra={"posts": result.looked, "blind": result.blind, "changed": result.changed})
        return result

    # ------------------------------------------------ the budget

    @property
    def _allowance(self) -> Allowance | None:
        return self._looking.view.allowance if self._looking.view is not None else None

    def _has_budget(self) -> bool:
        allowance = self._allowance
        return allowance is None or allowance.at_once > math.floor(allowance.an_hour / 60 * LEFT_FOR_PEOPLE)

    async def _count_the_load(self) -> None:
        """Whether the budget is short, and how much calm posts have to wait then (`due.stretch_for`)."""
        now, allowance, counted_at = self._clock.now(), self._allowance, self._stretched_at
        if allowance is None or (counted_at is not None and counted_at <= now < counted_at + STRETCH_EVERY):
            return
        load = await self._load(None, now)
        self._stretch = due_times.stretch_for(load, allowance.an_hour * due_times.SHARE_FOR_WATCHING * BATCH)
        self._stretched_at = now
        if self._stretch:
            log.warning("the request budget is short: checks are stretched", extra={"stretch": self._stretch})

    async def _load(self, workspace_id: str | None, now: datetime) -> WatchLoad:
        audited_before = now - due_times.AUDIT_AFTER
        return await self._store.watch_load(workspace_id, now, ages=due_times.AGES, audited_before=audited_before)

    # ------------------------------------------------ a wrong clock

    async def _undo_a_wrong_clock(self) -> None:
        """A clock that was ahead, maybe in an earlier program, planned checks too late and ended the watching of posts
        too early. This looks for such posts at the first sweep or audit, after the clock was set back, and every hour.
        """
        self._clock_watch.doubt()  # notices a jump
        now = self._clock.now()
        is_due = self._is_clock_to_be_seen(now)
        self._swept_at = now
        if not is_due:
            return
        self._clock_seen_at = now
        due = await self._store.undo_odd_clock(
            now,
            longest_wait=due_times.LONGEST_WAIT,
            watch_for=due_times.WATCH_FOR,
            late_watch_for=due_times.LATE_WATCH_FOR,
        )
        if due:
            log.warning("the clock was ahead when these were planned: they are looked at now", extra={"posts": due})

    def _is_clock_to_be_seen(self, now: datetime) -> bool:
        seen_at, before = self._clock_seen_at, self._swept_at
        is_set_back = before is not None and now < before
        return seen_at is None or is_set_back or not seen_at <= now < seen_at + CLOCK_SEEN_EVERY

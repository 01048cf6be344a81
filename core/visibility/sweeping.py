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
from core.visibility.blindness import SightStore, ask_for_looks, tell_blindness
from core.visibility.concluding import Concluding
from core.visibility.leases import Leases, by_workspace
from core.visibility.looking import BATCH, Look, Looking
from core.visibility.own_view import OwnView
from core.visibility.readings import NO_VIEW
from core.visibility.standing import Standings
from core.visibility.tracking import CheckStore, DuePost, TrackedPostStore, Unchanged


class SweepingStore(TrackedPostStore, CheckStore, SightStore, Protocol):
    """Leases posts that are due, keeps their checks, and keeps the alerts that Reddit cannot be seen."""


log = logging.getLogger(__name__)

PACE_EVERY = timedelta(minutes=10)  # how often the posts are counted, from which the pace follows
BATCHES_AT_ONCE = 5  # leased together, because a lease for each batch would cost more than its looks
KEPT_WITHIN_S = 1.0  # looks are stored after this, however slow Reddit is: a person may wait for one of these posts
UNCOUNTED = due_times.Pace(timedelta(minutes=10))  # for a view without a request budget
OTHER_LOOKS_AN_HOUR = 300.0  # logged out, or as authors: half of ten a minute (reddit-facts: access)
CLOCK_SEEN_EVERY = timedelta(hours=1)  # the check reads all posts
ACCOUNTS_EVERY = timedelta(seconds=20)  # between two rounds; enough for two thousand accounts every six hours
LEFT_FOR_PEOPLE = 0.05  # of a minute's requests: a sweep leaves them, so that a person's command need not wait
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
    """One failing post or remote never ends a sweep. Raises `StorageUnavailable`; what people ask for also raises
    `UserError`.
    """

    def __init__(
        self,
        store: SweepingStore,
        clock: Clock,
        looking: Looking,
        own_view: OwnView,
        standings: Standings,
        concluding: Concluding,
        leases: Leases,
        clock_watch: ClockWatch,
        *,
        share: float = due_times.SHARE,
    ) -> None:
        """`share` of the request budget is for watching."""
        self._store = store
        self._clock = clock
        self._looking = looking
        self._own_view = own_view
        self._standings = standings
        self._accounts_seen_at: datetime | None = None
        self._concluding = concluding
        self._leases = leases
        self._clock_watch = clock_watch
        self._share = share
        self._pace = UNCOUNTED
        self._paced_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._clock_seen_at: datetime | None = None

    # ------------------------------------------------ what is due

    async def sweep(self, worker: str) -> SweepResult:
        """Check everything that is due now, as far as the request budget goes; the rest stays due. One failing post
        does not stop the others.

        When it is cancelled or fails, it gives back its leases; when the program is killed, they expire.
        """
        total = SweepResult()
        await self._undo_a_wrong_clock()
        await self._set_the_pace()
        async with self._leases.holder(worker) as holder:
            while (batches := self._batches_left()) > 0:
                due = await self._leases.due(holder, batches * self._size, BATCH if self._size == BATCH else None)
                total = total.plus(await self._check_in_batches(holder, due))
                if len(due) < batches * self._size:
                    break
        await self._tend_accounts()
        return total

    async def _tend_accounts(self) -> None:
        """Look at the accounts that are due, every `ACCOUNTS_EVERY`. Posts come first when the budget is short."""
        now, seen_at = self._clock.now(), self._accounts_seen_at
        is_early = seen_at is not None and seen_at <= now < seen_at + ACCOUNTS_EVERY
        if is_early or self._looking.view is None or self._batches_left() <= 0:
            return
        self._accounts_seen_at = now
        await self._standings.tend()

    @property
    def _size(self) -> int:
        """How many posts one request asks for."""
        return BATCH if self._looking.view is not None or not self._looking.is_possible else PUBLIC_ONLY_BATCH

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
        """True when a third party's view is configured that can see this community. Otherwise states stay unverified,
        and only people's own looks are kept.
        """
        return self._looking.sees(community)

    async def check_now(self, caller: Caller, post_id: int) -> TrackedPost:
        """Look at one post because a person asks for it; returns the post as it is afterwards.

        While a sweep checks the same post, this waits a little. `NotAllowedNow` when no view can look at it.
        """
        post = await self._store.tracked_post(caller.workspace_id, post_id)
        if not await self._can_look_at(post):
            raise NotAllowedNow(NO_VIEW, "Open the post yourself, then say: I can see it, or I can't.")
        await self._store.due_now(caller, post_id, self._clock.now())
        return await self.look_at(post)

    async def look_at(self, post: TrackedPost, look: Look | None = None) -> TrackedPost:
        """Look at a post now, if any view can, and conclude; returns the post as it is afterwards. A `look` that was
        already taken is used instead of a new one.
        """
        if look is not None or await self._can_look_at(post):
            async with self._leases.holder("look", post.id) as holder:
                leased = await self._leases.one(holder, post.id)
                _, unchanged = await self._check(holder, leased, {post.id: look} if look is not None else None)
                await self._concluding.keep_unchanged(holder, unchanged)
        return await self._store.tracked_post(post.workspace_id, post.id)

    async def _can_look_at(self, post: TrackedPost) -> bool:
        can_any = self._looking.sees(post.community) or self._looking.public is not None
        return can_any or await self._own_view.can_look_at(post)

    @property
    def stretched(self) -> timedelta | None:
        """How far apart the looks at the oldest posts are when the request budget is short; else None."""
        return self._pace.longest if self._pace.is_stretched else None

    # ------------------------------------------------ batches

    async def _check_in_batches(self, holder: str, due: Sequence[DuePost]) -> SweepResult:
        """Check leased posts, as far as the request budget goes; the others are given back.

        What changed is stored with its batch. Looks that saw what the look before saw, nearly all, are stored together:
        a transaction costs as much for one batch as for five. This is also done when a batch fails.
        """
        total, unchanged, kept_at_s = SweepResult(), list[Unchanged](), self._clock.monotonic()
        try:
            for start in range(0, len(due), self._size):
                if start and self._batches_left() <= 0:  # a batch may have asked about accounts too
                    await self._leases.give_back(holder, due[start:])
                    break
                result, same = await self._check(holder, due[start : start + self._size])
                total = total.plus(result)
                unchanged += same
                if self._clock.monotonic() - kept_at_s >= KEPT_WITHIN_S:
                    some, unchanged, kept_at_s = unchanged, [], self._clock.monotonic()
                    await self._concluding.keep_unchanged(holder, some)
        finally:
            await self._concluding.keep_unchanged(holder, unchanged)
        return total

    async def _check(
        self, holder: str, due: Sequence[DuePost], looks: Mapping[int, Look] | None = None
    ) -> tuple[SweepResult, Sequence[Unchanged]]:
        """Look at one batch and store what changed. Returns the looks that are still to be stored."""
        if not due:
            return SweepResult(), ()
        if looks is None:
            looks = await self._own_view.add(due, await self._looking.look(due))
        now = self._clock.now()
        for workspace_id, items in by_workspace(due).items():
            # Before the readings are stored: a program killed in between owes it again, and the key keeps it single.
            await tell_blindness(self._store, workspace_id, items, looks, now)
            await ask_for_looks(self._store, workspace_id, items, looks, now)
        checks, unchanged = await self._concluding.conclude(holder, due, looks, pace=self._pace)
        states = {item.post.id: item.post.state for item in due}
        result = SweepResult(
            looked=len(checks) + len(unchanged),
            blind=sum(all(r.outcome is Outcome.CANNOT_TELL for r in check.readings) for check in checks),
            changed=sum(check.verdict.state is not states[check.tracked_post_id] for check in checks),
        )
        log.info("checked", extra={"posts": result.looked, "blind": result.blind, "changed": result.changed})
        return result, unchanged

    # ------------------------------------------------ the budget

    @property
    def _allowance(self) -> Allowance | None:
        return self._looking.view.allowance if self._looking.view is not None else None

    def _batches_left(self) -> int:
        """How many batches may be asked for now."""
        if self._size == PUBLIC_ONLY_BATCH:
            return 1
        allowance = self._allowance
        if allowance is None:
            return BATCHES_AT_ONCE
        left = allowance.at_once - math.floor(allowance.an_hour / 60 * LEFT_FOR_PEOPLE)
        return min(BATCHES_AT_ONCE, left)

    async def _set_the_pace(self) -> None:
        """Compute the pace from the number of watched posts and the request budget (`due.pace_for`)."""
        now, allowance, paced_at = self._clock.now(), self._allowance, self._paced_at
        if paced_at is not None and paced_at <= now < paced_at + PACE_EVERY:
            return
        self._paced_at = now
        if self._looking.view is not None and allowance is None:
            return
        posts = await self._store.watch_load(now, ages=due_times.AGES)
        if allowance is None:
            self._pace = due_times.pace_for(posts, OTHER_LOOKS_AN_HOUR, share=1.0)
        else:
            self._pace = due_times.pace_for(posts, allowance.an_hour * BATCH, self._share)
        if self._pace.is_stretched:
            log.warning("the request budget is short", extra={"looks_apart_s": self._pace.longest.total_seconds()})

    # ------------------------------------------------ a wrong clock

    async def _undo_a_wrong_clock(self) -> None:
        """Undo what a clock that was ahead did, perhaps in an earlier program: it planned checks too late, and ended
        the watching of posts too early. Such posts are looked for at the first sweep or audit, after the clock was set
        back, and every hour.
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
            log.warning("a clock that was ahead had planned these: they are looked at now", extra={"posts": due})

    def _is_clock_to_be_seen(self, now: datetime) -> bool:
        seen_at, before = self._clock_seen_at, self._swept_at
        is_set_back = before is not None and now < before
        return seen_at is None or is_set_back or not seen_at <= now < seen_at + CLOCK_SEEN_EVERY

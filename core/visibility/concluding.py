"""Concluding: from new readings to what is stored of a post: the verdict, its alerts, what is learned, the next check.

Readings, verdict, alerts and the next check of a batch are stored in one transaction. When the program is killed, the
leases expire and the next sweep goes on. Nothing is told twice, because the key of an alert comes from what was seen
and not from when it was judged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from core.accounts import AccountReads
from core.alerts import ANSWERED, DecisionKind
from core.clock import Clock, ClockWatch
from core.errors import NotAllowedNow, StorageUnavailable
from core.model import Account, Caller, Outcome, Pattern, Reading, State, TrackedPost, View
from core.patterns import PatternStore, StandingReads, standing_patterns
from core.ports import Sighting
from core.texts.gone import gone_by
from core.visibility import due as due_times
from core.visibility import learning
from core.visibility.audit import audit, audit_alert
from core.visibility.blindness import blind_cycles
from core.visibility.joining import growth, rows_of
from core.visibility.leases import Leases, LeaseStore, by_workspace
from core.visibility.looking import Look
from core.visibility.readings import account_banned, body_hash, person_look
from core.visibility.surroundings import Surroundings, SurroundingsReads, found_again
from core.visibility.tracking import HISTORY, Check, DuePost, Unchanged, Verdict
from core.visibility.verdict import awaited_in, awaits_nothing, counted_exactly, in_order, judge, judge_account


class ConcludingStore(SurroundingsReads, StandingReads, PatternStore, LeaseStore, AccountReads, Protocol):
    """Keeps checks and audits, and reads what posts are judged with."""


log = logging.getLogger(__name__)

A_DAYS_READINGS = 2_000  # more rows than a post can get in a day, when every look differs from the one before
_BEING_LOOKED_AT = ("This post is being looked at right now.", "Press again in a minute.")


@dataclass(frozen=True, slots=True)
class WrongAlarm:
    """What "wrong alarm" did: the post, and the patterns that it took back."""

    post: TrackedPost
    undone: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is true for a whole batch: the time, the pace of `due`, and the authors' accounts by folded name."""

    now: datetime
    pace: due_times.Pace
    accounts: Mapping[str, Account]


class Concluding:
    """`can_look`: a third party's view is configured. Raises `StorageUnavailable`; the methods for what people say also
    raise `UserError`.
    """

    def __init__(
        self, store: ConcludingStore, clock: Clock, leases: Leases, clock_watch: ClockWatch, *, can_look: bool
    ) -> None:
        self._store = store
        self._clock = clock
        self._leases = leases
        self._clock_watch = clock_watch
        self._can_look = can_look
        self._surroundings = Surroundings(store)

    async def conclude(
        self, holder: str, due: Sequence[DuePost], looks: Mapping[int, Look], *, pace: due_times.Pace
    ) -> tuple[Sequence[Check], Sequence[Unchanged]]:
        """Judge posts that `holder` leased, and store everything that follows. `looks` are by the ids of the posts.

        Returns the checks that were stored, and the looks that saw the same as the look before: `keep_unchanged` stores
        these. A post whose check fails is left out, and stays leased until its lease expires.
        """
        now, stored, unchanged, others = self._clock.now(), list[Check](), list[Unchanged](), list[DuePost]()
        for item in due:
            same = self._unchanged(item, looks[item.post.id], now, pace)
            if same is not None:
                unchanged.append(same)
            else:
                others.append(item)
        for workspace_id, items in by_workspace(others).items():
            batch = _Batch(now, pace, await self._accounts(workspace_id, items, looks))
            checks = await self._surroundings.of_batch(await self._checks(items, looks, batch))
            stored += await self._record(holder, checks, now)
        return stored, unchanged

    async def keep_unchanged(self, holder: str, looks: Sequence[Unchanged]) -> None:
        """Store looks at posts that `holder` leased, of one or several batches."""
        if looks:
            await self._store.record_unchanged(holder, looks)

    def _unchanged(self, item: DuePost, look: Look, now: datetime, pace: due_times.Pace) -> Unchanged | None:
        """Most looks see the same as the look before, at a post about which nothing is open. They need no verdict.

        None when this look needs one.
        """
        if len(look.readings) != 1 or not item.history:
            return None
        (reading,), post, before = self._timed(item, look.readings), item.post, item.history[-1]
        grown = growth(before, reading, post.posted_at)
        if grown is None or not awaits_nothing(post, item.history) or _sees_name(post, look):
            return None
        return Unchanged(
            post.id,
            before,
            grown,
            due_times.next_check_at(
                post, now, state=post.state, state_since=post.state_since, awaited_in=None, pace=pace
            ),
            due_times.gives_way(due_times.age_of(post, post.state_since, now), post.state, None),
            _first_hash(post, look),
        )

    # ------------------------------------------------ what people say

    async def person_look(
        self, caller: Caller, post_id: int, visible: bool, picture: bytes | None = None
    ) -> TrackedPost:
        """Keep what a person saw on the post's page. It only supports other readings; where no other view can see the
        post, two members decide, or one whose look has a picture (`evidence.people_say`). The picture is kept with the
        look, unless the post's author deleted it.
        """
        said = DecisionKind.SEEN if visible else DecisionKind.UNSEEN
        look = person_look(visible, self._clock.now(), caller.member_id, has_picture=picture is not None)
        return await self._person_says(caller, post_id, look, said, picture)

    async def account_banned(self, caller: Caller, post_id: int) -> TrackedPost:
        """Keep that reddit.com/appeals told the account's owner about a ban. This makes a likely shadowban certain."""
        reading = account_banned(self._clock.now())
        return await self._person_says(caller, post_id, reading, DecisionKind.ACCOUNT_BANNED)

    async def wrong_alarm(self, caller: Caller, post_id: int) -> WrongAlarm:
        """A person says that the alarm was wrong. It is kept as a reading, and the post is due at once if anything can
        look at it. The patterns learned from the removal are taken back, which can be undone like any other removal of
        a pattern. `AlreadyDecided` when somebody already said so about the newest alert of this post.
        """
        look = person_look(True, self._clock.now(), caller.member_id)
        post = await self._person_says(caller, post_id, look, DecisionKind.WRONG_ALARM)
        undone = [
            await self._store.remove_pattern(caller, pattern.id, self._clock.now())
            for pattern in await self._store.patterns(caller.workspace_id, post.community)
            if pattern.tracked_post_id == post.id and (pattern.is_stated or pattern.source == learning.SOURCE)
        ]
        return WrongAlarm(post, tuple(undone))

    async def _person_says(
        self, caller: Caller, post_id: int, reading: Reading, said: DecisionKind, picture: bytes | None = None
    ) -> TrackedPost:
        await self._store.tracked_post(caller.workspace_id, post_id)  # raises when it is not of this workspace
        async with self._leases.holder("person", post_id) as holder:
            leased = await self._leases.one(holder, post_id)
            if not leased:
                raise NotAllowedNow(*_BEING_LOOKED_AT)
            looks, now = {post_id: Look((reading,))}, self._clock.now()
            batch = _Batch(now, due_times.Pace(), await self._accounts(caller.workspace_id, leased, looks))
            check = await self._check(leased[0], looks[post_id], batch)
            check = replace(check, said=(said, caller), picture=picture)
            if not await self._store.record_checks(holder, [check], now):
                raise NotAllowedNow(*_BEING_LOOKED_AT)  # the lease went to somebody else: nothing was kept
        return await self._store.tracked_post(caller.workspace_id, post_id)

    # ------------------------------------------------ one check

    async def _checks(self, items: Sequence[DuePost], looks: Mapping[int, Look], batch: _Batch) -> Sequence[Check]:
        checks: list[Check] = []
        for item in items:
            await asyncio.sleep(0)  # judging a batch takes some 20 ms, so other tasks get their turn in between
            try:
                checks.append(await self._check(item, looks[item.post.id], batch))
            except StorageUnavailable:
                raise
            except Exception:  # one post's trouble must not end the watching of the others
                log.exception("a check failed", extra={"post_id": item.post.id})
        return checks

    async def _check(self, item: DuePost, look: Look, batch: _Batch) -> Check:
        """What follows from one post's new readings."""
        look = replace(look, readings=self._timed(item, look.readings))
        post = _with_what_was_seen(item.post, look.sighting)
        account = batch.accounts.get((post.author or "").casefold())
        verdict = judge(post, item.history, look.readings, batch.now, account=account)
        if len(item.history) == HISTORY and any(alert.kind in ANSWERED for alert in verdict.alerts):
            known = await self._store.readings(post.workspace_id, post.id, A_DAYS_READINGS)
            verdict = counted_exactly(post, verdict, [*known, *look.readings])
        opened = found_again(post, verdict, item.history, look.readings)
        verdict = await self._surroundings.beside(post, replace(verdict, alerts=(*opened, *verdict.alerts)))
        account_state, account_since = judge_account(post, item.history, look.readings) or (None, None)
        awaited = awaited_in(post, [*item.history, *look.readings], verdict, batch.now)
        return Check(
            tracked_post_id=post.id,
            workspace_id=post.workspace_id,
            readings=rows_of(item.history, look.readings, post.posted_at),
            verdict=verdict,
            next_check_at=self._next_check_at(replace(item, post=post), look, verdict, awaited, batch),
            author=post.author,
            title=post.title,
            body_sha256=_first_hash(post, look),
            account_state=account_state,
            account_since=account_since,
            gives_way=due_times.gives_way(
                due_times.age_of(post, verdict.state_since, batch.now), verdict.state, awaited
            ),
        )

    def _timed(self, item: DuePost, readings: Sequence[Reading]) -> tuple[Reading, ...]:
        """The readings. The first carries the jump that the clock made since the post's last reading."""
        for reading in readings:
            self._clock_watch.note(reading.read_at)
        if not item.history or not readings:
            return tuple(readings)
        first, *others = sorted(readings, key=in_order) if len(readings) > 1 else readings
        jump_s = self._clock_watch.jump_s(item.history[-1].ended_at, first.read_at)
        return (replace(first, clock_jump_s=jump_s) if jump_s else first, *others)

    def _next_check_at(
        self, item: DuePost, look: Look, verdict: Verdict, awaited: timedelta | None, batch: _Batch
    ) -> datetime | None:
        post, now = item.post, batch.now
        if any(r.view is View.PERSON for r in look.readings):
            return now if self._asks_for_a_look(post, look, verdict) else post.next_check_at
        if all(r.outcome is Outcome.CANNOT_TELL for r in look.readings):
            return _when_blind(item, look, now)
        return due_times.next_check_at(
            post,
            now,
            state=verdict.state,
            state_since=verdict.state_since,
            awaited_in=awaited,
            pace=batch.pace,
        )

    def _asks_for_a_look(self, post: TrackedPost, look: Look, verdict: Verdict) -> bool:
        """True when a person sees something else than the confirmed state and another look can be taken."""
        expected = Outcome.VISIBLE if verdict.state is State.LIVE else Outcome.NOT_VISIBLE
        said = {r.outcome for r in look.readings if r.view is View.PERSON}
        return self._can_look and post.next_check_at is not None and not said <= {expected, Outcome.CANNOT_TELL}

    async def _accounts(
        self, workspace_id: str, items: Sequence[DuePost], looks: Mapping[int, Look]
    ) -> Mapping[str, Account]:
        """The accounts of the posts' authors, by their folded names."""
        seen = [look.sighting for look in looks.values() if look.sighting is not None]
        authors = {item.post.author for item in items} | {sighting.author for sighting in seen}
        names = {author for author in authors if author is not None}
        return {account.name.casefold(): account for account in await self._store.accounts(workspace_id, names)}

    async def _record(self, holder: str, checks: Sequence[Check], now: datetime) -> Sequence[Check]:
        """Store a batch in one transaction; when that fails, store each check alone. Returns those that were stored."""
        if await self._is_recorded(holder, checks, now):
            return checks
        if len(checks) == 1:
            return ()
        return [check for check in checks if await self._is_recorded(holder, [check], now)]

    async def _is_recorded(self, holder: str, checks: Sequence[Check], now: datetime) -> bool:
        try:
            await self._store.record_checks(holder, checks, now)
        except StorageUnavailable:
            raise
        except Exception:
            log.exception("checks could not be stored", extra={"post_ids": [check.tracked_post_id for check in checks]})
            return False
        return True

    # ------------------------------------------------ audits

    async def audit(self, post: TrackedPost) -> bool:
        """Judge a leased post after its seven days, and owe the alert about it. False when it was audited before."""
        now = self._clock.now()
        profile = await self._store.latest_profile(post.workspace_id, post.community)
        readings = await self._store.readings(post.workspace_id, post.id)
        patterns = await standing_patterns(self._store, post.workspace_id, now, post.community)
        alert = audit_alert(
            post,
            profile,
            readings,
            rules=await self._surroundings.rule_names(post),
            patterns=[pattern.body for pattern in patterns if pattern.tracked_post_id == post.id],
        )
        outcome, _ = audit(post, profile)
        return await self._store.record_audit(post.workspace_id, post.id, outcome, alert, now)


def kept_title(sighting: Sighting | None) -> str | None:
    """The title that was seen; None for the placeholder that Reddit puts in place of a deleted post's title."""
    if sighting is None or sighting.title is None or gone_by(sighting.title) is not None:
        return None
    return sighting.title


def _with_what_was_seen(post: TrackedPost, seen: Sighting | None) -> TrackedPost:
    """The post, with author and title where they were not known before."""
    if seen is None or (post.author is not None and post.title is not None):
        return post
    return replace(post, author=post.author or seen.author, title=post.title or kept_title(seen))


def _when_blind(item: DuePost, look: Look, now: datetime) -> datetime | None:
    if not look.readings:
        wait = due_times.NO_VIEW_EVERY
        return due_times.next_check_when_blind(item.post, now, blind_cycles=1, retry_after_s=wait.total_seconds())
    return due_times.next_check_when_blind(
        item.post,
        now,
        blind_cycles=blind_cycles(item.history) + 1,
        retry_after_s=look.retry_after_s,
    )


def _sees_name(post: TrackedPost, look: Look) -> bool:
    """True when the look saw the author or the title for the first time."""
    seen = look.sighting
    if seen is None:
        return False
    return (post.author is None and seen.author is not None) or (post.title is None and bool(kept_title(seen)))


def _first_hash(post: TrackedPost, look: Look) -> str | None:
    """The hash of the text when this look is the first to see it whole, else None. Later texts are compared with it to
    notice an edit.
    """
    stands = any(r.body_state == "intact" for r in look.readings if r.view is View.THIRD_PARTY)
    if post.body_sha256 is not None or look.sighting is None or not look.sighting.body or not stands:
        return None
    return body_hash(look.sighting.body)

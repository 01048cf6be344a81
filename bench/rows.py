"""Tracked posts in memory: the few verbs of the store that a sweep uses, for runs of millions of checks.

That these rows decide as the real store does is shown by `bench.judgement`, which runs one small world over both.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from core.alerts import Alert
from core.communities import RulesSnapshot
from core.model import Account, AccountState, AlertKind, Caller, NewAlert, Outcome, Pattern, Reading, State, TrackedPost
from core.visibility.tracking import Backlog, Check, DuePost, NewTrackedPost, WatchLoad

_HISTORY = 50


class Rows:
    def __init__(self) -> None:
        self._posts: dict[int, TrackedPost] = {}
        self._readings: dict[int, list[Reading]] = {}
        self._posted: dict[tuple[str, str], list[datetime]] = {}
        self._due: list[tuple[datetime, int]] = []
        self._leased: dict[int, str] = {}
        self._watched: dict[str, int] = {}
        self._accounts: dict[str, dict[str, Account]] = {}
        self._alerts: dict[str, dict[str, Alert]] = {}
        self._last_evidence_at: dict[str, datetime] = {}

    async def register_post(self, caller: Caller, new: NewTrackedPost, now: datetime) -> TrackedPost:
        post = TrackedPost(
            id=len(self._posts) + 1,
            workspace_id=caller.workspace_id,
            fullname=new.fullname,
            community=new.community,
            author=new.author,
            permalink=new.permalink,
            campaign_id=None,
            draft_id=None,
            registered_by=caller.name,
            registered_at=now,
            posted_at=new.posted_at,
            basis=new.basis,
            state=State.UNVERIFIED,
            state_since=now,
            title=new.title,
            next_check_at=new.next_check_at,
        )
        self._posts[post.id] = post
        self._readings[post.id] = []
        self._watched[post.workspace_id] = self._watched.get(post.workspace_id, 0) + 1
        self._account(post.workspace_id, new.author or "", now)
        insort(self._posted.setdefault((post.workspace_id, new.author or ""), []), post.posted_at)
        heapq.heappush(self._due, (new.next_check_at, post.id))
        return post

    async def lease_due_posts(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int, only: int | None = None
    ) -> Sequence[DuePost]:
        leased: list[DuePost] = []
        while self._due and self._due[0][0] <= now and len(leased) < limit:
            _, post_id = heapq.heappop(self._due)
            post = self._posts[post_id]
            self._leased[post_id] = worker
            mine = self._posted[post.workspace_id, post.author or ""]
            earlier = bisect_left(mine, post.posted_at)
            leased.append(DuePost(post, tuple(self._readings[post_id][-_HISTORY:]), earlier))
        return leased

    async def release_posts(self, worker: str) -> int:
        held = [post_id for post_id, holder in self._leased.items() if holder == worker]
        for post_id in held:
            del self._leased[post_id]
            due_at = self._posts[post_id].next_check_at
            if due_at is not None:
                heapq.heappush(self._due, (due_at, post_id))
        return len(held)

    async def record_checks(self, worker: str | None, checks: Sequence[Check], now: datetime) -> int:
        applied = 0
        for check in checks:
            post = self._posts[check.tracked_post_id]
            if self._leased.pop(post.id, None) != worker:
                continue
            applied += 1
            self._readings[post.id] += check.readings
            if any(reading.outcome is not Outcome.CANNOT_TELL for reading in check.readings):
                self._last_evidence_at[post.workspace_id] = now
            verdict = check.verdict
            self._posts[post.id] = replace(
                post,
                state=verdict.state,
                state_since=post.state_since if verdict.state is post.state else verdict.state_since,
                removed_by=verdict.removed_by,
                category=verdict.category,
                confidence=verdict.confidence,
                locked=verdict.locked,
                next_check_at=check.next_check_at,
                title=post.title or check.title,
                body_sha256=post.body_sha256 or check.body_sha256,
                last_read_at=now,
            )
            if check.next_check_at is not None:
                heapq.heappush(self._due, (check.next_check_at, post.id))
            account = self._account(post.workspace_id, post.author or "", now)
            if check.account_state is not None and check.account_state is not account.state:
                changed = replace(account, state=check.account_state, state_since=now)
                self._accounts[post.workspace_id][account.name] = changed
            for alert in verdict.alerts:
                self._owe(post.workspace_id, alert, now)
        return applied

    def _account(self, workspace_id: str, name: str, now: datetime) -> Account:
        mine = self._accounts.setdefault(workspace_id, {})
        if name not in mine:
            mine[name] = Account(len(mine), workspace_id, name, AccountState.UNKNOWN, now, linked_by=None)
        return mine[name]

    def _owe(self, workspace_id: str, alert: NewAlert, now: datetime) -> bool:
        owed = self._alerts.setdefault(workspace_id, {})
        if alert.dedupe_key in owed:
            return False
        owed[alert.dedupe_key] = Alert(
            id=len(owed),
            workspace_id=workspace_id,
            kind=alert.kind,
            dedupe_key=alert.dedupe_key,
            facts=alert.facts,
            tracked_post_id=alert.tracked_post_id,
            channel=None,
            created_at=now,
            attempts=0,
            correlation_id="",
        )
        return True

    async def owe_alert(self, caller: Caller, alert: NewAlert, now: datetime) -> bool:
        return self._owe(caller.workspace_id, alert, now)

    async def alerts(self, workspace_id: str, limit: int = 20, *, kind: AlertKind | None = None) -> Sequence[Alert]:
        owed = reversed(self._alerts.get(workspace_id, {}).values())
        return list(islice((alert for alert in owed if kind in (None, alert.kind)), limit))

    async def accounts(self, workspace_id: str, names: Collection[str] | None = None) -> Sequence[Account]:
        mine = self._accounts.get(workspace_id, {})
        return list(mine.values()) if names is None else [mine[name] for name in names if name in mine]

    async def backlog(self, workspace_id: str, now: datetime) -> Backlog:
        watched = self._watched[workspace_id]
        return Backlog(watched, 0, None, 0, 0, self._last_evidence_at.get(workspace_id))

    async def watch_load(
        self, workspace_id: str | None, now: datetime, *, ages: Sequence[timedelta], audited_before: datetime
    ) -> WatchLoad:
        return WatchLoad(0, {}, 0)  # the budget of the simulated world is never short

    async def posts_by(self, workspace_id: str, author: str) -> Sequence[TrackedPost]:
        return [post for post in self._posts.values() if (post.workspace_id, post.author) == (workspace_id, author)]

    async def latest_rules(self, workspace_id: str, community: str) -> RulesSnapshot | None:
        return None

    async def latest_profile(self, workspace_id: str, community: str) -> None:
        return None

    async def patterns(self, workspace_id: str, community: str | None = None) -> Sequence[Pattern]:
        return ()

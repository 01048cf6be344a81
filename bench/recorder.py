"""The product's store, with what the product says written down and compared with the truth of a simulated world."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bench.needless import Told
from bench.statements import Said, Statements
from bench.world import STALEST, Cause, Standing, World, WorldPost
from core.alerts import Delivery
from core.model import AlertKind, Basis, Caller, NewAlert, RemovedBy, State
from core.visibility.account_looks import AccountCheck
from core.visibility.tracking import Check, NewTrackedPost, Unchanged
from storage.store import Store

ALERTS_READ = 300  # the newest of a workspace, among which are all that were owed at once

_HIDDEN_STATES = frozenset({State.HELD, State.REMOVED, State.DELETED, State.GATED, State.SHADOWBANNED, State.SUSPENDED})
_ACCOUNT_KINDS = {
    AlertKind.ACCOUNT_SHADOWBANNED: Standing.SHADOWBANNED,
    AlertKind.ACCOUNT_SUSPENDED: Standing.SUSPENDED,
    AlertKind.ACCOUNT_DELETED: Standing.DELETED,
}
_STATE_KINDS = frozenset(
    {
        AlertKind.POST_LIVE,
        AlertKind.POST_HELD,
        AlertKind.POST_REMOVED,
        AlertKind.POST_DELETED,
        AlertKind.POST_GATED,
        AlertKind.ACCOUNT_SHADOWBANNED,
        AlertKind.ACCOUNT_SUSPENDED,
    }
)
_BY: Mapping[RemovedBy, frozenset[str]] = {
    RemovedBy.MODERATORS: frozenset({Cause.MODERATOR}),
    RemovedBy.REDDIT_FILTERS: frozenset({Cause.FILTERS, Cause.SHADOWBAN}),
    RemovedBy.REDDIT_ADMINS: frozenset({Cause.ADMINS}),
    RemovedBy.UNKNOWN: frozenset({Cause.UNKNOWN_CATEGORY, Cause.TEXT_ONLY, Cause.NOT_INDEXABLE}),
}
_IS: Mapping[State, frozenset[str]] = {
    State.HELD: frozenset({Cause.HELD}),
    State.DELETED: frozenset({Cause.AUTHOR}),
    State.GATED: frozenset({Cause.GATED}),
    State.SHADOWBANNED: frozenset({Cause.SHADOWBAN, Standing.SHADOWBANNED}),
    State.SUSPENDED: frozenset({Standing.SUSPENDED}),
}
# A removed comment shows neither who took it nor whether it is only held, and its alert says that.
_OF_COMMENTS = frozenset(Cause) - {Cause.NONE, Cause.AUTHOR, Cause.GATED}


class Recorder:
    """The store as `Sweeping` sees it, with what is recorded written down. `statements` are the product's."""

    def __init__(self, store: Store, world: World) -> None:
        self._store, self._world = store, world
        self.statements = Statements()
        self.told: list[tuple[datetime, str, str]] = []
        self.owed: list[Told] = []
        self._due: list[tuple[datetime, int]] = []
        self._due_at: dict[int, datetime | None] = {}
        self.recorded: set[int] = set()
        self.posts: dict[int, WorldPost] = {}
        self._states: dict[int, State] = {}
        self._last_told: dict[int, AlertKind] = {}
        self._accounts_told: set[tuple[str, str, AlertKind]] = set()
        self._closed_told: set[tuple[str, str]] = set()
        self._first_signs: set[tuple[str, str]] = set()  # of a shadowban, told for all posts of the account
        self._keys: set[tuple[str, str]] = set()  # of alerts: what has the same is told once
        self._joined: dict[tuple[str, str], int | None] = {}  # by workspace and key: the alert whose message tells it

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._store, verb)

    async def register(self, post: WorldPost, now: datetime) -> None:
        caller = Caller(post.workspace_id, "bench", "bench", "bench")
        new = NewTrackedPost(
            fullname=post.fullname,
            community=post.community,
            permalink=f"https://www.reddit.com/r/{post.community}/comments/{post.fullname[3:]}/",
            author=post.person.name,
            posted_at=post.posted_at,
            basis=Basis.REDDIT_API,
            campaign_id=None,
            draft_id=None,
            next_check_at=now,
            audit_due_at=now + timedelta(days=365),
        )
        tracked = await self._store.register_post(caller, new, now)
        self.posts[tracked.id] = post
        self._states[tracked.id] = State.UNVERIFIED
        self.is_due(tracked.id, now)

    def knows(self, number: int, post: WorldPost, due_at: datetime) -> None:
        """A post that is in the store already, live."""
        self.posts[number] = post
        self._states[number] = State.LIVE
        self.is_due(number, due_at)

    def is_due(self, number: int, at: datetime | None) -> None:
        self._due_at[number] = at
        if at is not None:
            heapq.heappush(self._due, (at, number))

    def next_due_at(self) -> datetime | None:
        """Returns the next due time; skips posts that the same long sweep has looked at since they were due."""
        while self._due and self._due_at[self._due[0][1]] != self._due[0][0]:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def take_due(self, at: datetime) -> set[int]:
        taken = set[int]()
        while (due_at := self.next_due_at()) is not None and due_at <= at:
            taken.add(heapq.heappop(self._due)[1])
        return taken

    async def record_unchanged(self, worker: str, looks: Sequence[Unchanged]) -> None:
        await self._store.record_unchanged(worker, looks)
        for look in looks:
            self.recorded.add(look.tracked_post_id)
            self.is_due(look.tracked_post_id, look.next_check_at)

    async def record_checks(self, worker: str, checks: Sequence[Check], now: datetime) -> int:
        applied = await self._store.record_checks(worker, checks, now)
        await self._deliver({check.workspace_id for check in checks if check.verdict.alerts}, now)
        for check in checks:
            self.recorded.add(check.tracked_post_id)
            self.is_due(check.tracked_post_id, check.next_check_at)
            post, verdict = self.posts[check.tracked_post_id], check.verdict
            for alert in verdict.alerts:
                if not self._is_new(post.workspace_id, alert):
                    continue
                self._judge_alert(post, alert, now)
                self.owed.append(Told(now, check.tracked_post_id, alert.kind, alert.facts))
                is_communitys = "community_posts" in alert.facts
                if alert.kind in _STATE_KINDS and not alert.facts.get("restored") and not is_communitys:
                    self.statements.repeated += self._last_told.get(check.tracked_post_id) is alert.kind
                    self._last_told[check.tracked_post_id] = alert.kind
            if verdict.state in (State.SHADOWBANNED, State.SUSPENDED):
                self._last_told.pop(check.tracked_post_id, None)  # the alert about the account replaced it
            if verdict.state is self._states[check.tracked_post_id]:
                continue
            self._states[check.tracked_post_id] = verdict.state
            hidden = verdict.state in _HIDDEN_STATES
            right_for = _IS.get(verdict.state) or _BY[verdict.removed_by or RemovedBy.UNKNOWN]
            if post.is_comment and verdict.state is State.REMOVED:
                right_for = _OF_COMMENTS
            said = Said(now, right_for if hidden else None)
            if verdict.state is State.UNKNOWN:
                continue
            if hidden and not self._is_told(check.tracked_post_id, verdict.state):
                self.statements.untold += 1
                continue
            self.statements.said.setdefault(post.number, []).append(said)
        return applied

    async def record_account_check(self, check: AccountCheck, now: datetime) -> bool:
        stored = await self._store.record_account_check(check, now)
        alert, workspace_id = check.alert, check.account.workspace_id
        if alert is not None:
            await self._deliver({workspace_id}, now)
        if stored and alert is not None and self._is_new(workspace_id, alert):
            post = self.posts[alert.tracked_post_id or 0]
            self._judge_alert(post, alert, now)
            self.owed.append(Told(now, alert.tracked_post_id, alert.kind, alert.facts))
        return stored

    async def _deliver(self, workspace_ids: set[str], now: datetime) -> None:
        """Deliver what is owed, and note which alerts join a message."""
        for workspace_id in workspace_ids:
            for alert in await self._store.alerts(workspace_id, ALERTS_READ):
                self._joined.setdefault((workspace_id, alert.dedupe_key), alert.told_with)
        while leased := await self._store.lease_alerts(
            now, worker="bench", lease=timedelta(minutes=1), limit=50, platforms=["slack"]
        ):
            for alert in leased:
                told_by = Delivery.UPDATE if alert.told_with is not None else None
                await self._store.record_delivery(
                    alert.id, "bench", now, delivered=True, delivery_ref="1", sent_to="C", told_by=told_by
                )

    def _is_new(self, workspace_id: str, alert: NewAlert) -> bool:
        key = workspace_id, alert.dedupe_key
        is_new = key not in self._keys
        self._keys.add(key)
        return is_new

    def _event(self, post: WorldPost, alert: NewAlert, now: datetime) -> tuple[object, ...]:
        if alert.kind in _ACCOUNT_KINDS:
            return post.workspace_id, post.person.name
        if "community_posts" in alert.facts or post.cause_at(now) is Cause.GATED:
            return post.workspace_id, post.community
        if post.cause_at(now) is Cause.SHADOWBAN or post.person.standing_at(now) is not Standing.GOOD:
            return post.workspace_id, post.person.name
        since = [at for at, cause in post.causes if cause is Cause.NONE and at <= now]
        return post.number, alert.kind is AlertKind.POST_LOCKED, since[-1] if since else None

    def _is_told(self, tracked_post_id: int, state: State) -> bool:
        """Whether the last alert about the post, or one about its author's account, tells it."""
        post = self.posts[tracked_post_id]
        if state in (State.SHADOWBANNED, State.SUSPENDED):
            return (post.workspace_id, post.person.name, AlertKind(f"account_{state}")) in self._accounts_told
        if state is State.REMOVED and (post.workspace_id, post.person.name) in self._first_signs:
            return True
        if state is State.GATED and (post.workspace_id, post.community) in self._closed_told:
            return True
        return self._last_told.get(tracked_post_id) is AlertKind(f"post_{state}")

    def _judge_alert(self, post: WorldPost, alert: NewAlert, now: datetime) -> None:
        self.told.append((now, alert.kind.value, post.fullname))
        if alert.facts.get("restored"):
            standings = post.person.standings_between(now - STALEST, now)
            if standings <= {Standing.SHADOWBANNED, Standing.SUSPENDED}:
                self.statements.false.append(f"{alert.kind} restored {post.person.name} at {now:%d %H:%M}")
            return
        first = now - STALEST
        causes = post.causes_between(max(first, post.posted_at), now)
        if alert.kind is AlertKind.POST_LIVE and "community_posts" in alert.facts:
            true = any(cause is not Cause.GATED for cause in causes)  # open, whether or not others see this post
        elif alert.kind is AlertKind.POST_LIVE:
            true = Cause.NONE in causes
        else:
            self.statements.alarms += 1
            if self._joined.get((post.workspace_id, alert.dedupe_key)) is None:
                self.statements.messages[self._event(post, alert, now)] += 1
            if "account_missing" in alert.facts:
                self._first_signs.add((post.workspace_id, post.person.name))
            if "community_posts" in alert.facts:
                self._closed_told.add((post.workspace_id, post.community))
            if alert.kind in _ACCOUNT_KINDS:
                self._accounts_told.add((post.workspace_id, post.person.name, alert.kind))
                true = _ACCOUNT_KINDS[alert.kind] in post.person.standings_between(first, now)
            elif alert.kind is AlertKind.POST_LOCKED:
                true = post.is_locked_at(now)
            else:
                true = causes != {Cause.NONE}
        if not true:
            self.statements.false.append(f"{alert.kind} {post.fullname} at {now:%d %H:%M}: {post.causes}")

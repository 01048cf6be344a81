"""Judgement: 1,000 posts, seven days, a simulated Reddit (`bench.world`), with 0, 10 and 30% of requests failing.

What runs is the product's: `Sweeping.sweep` with `Looking`, `judge` and `due`, the budget of 100 requests a minute and
the circuit breaker, over the real store in an SQLite file in memory (`/dev/shm`, where there is one). Simulated: the
clock, and the remote behind the gateway's port. The look that registering takes is a part of the next sweep.

What is counted, fixed before anything was measured. "Hidden" and "visible" are the world's truth about a post.

- A *disappearance* is an unbroken time in which a registered post is hidden, whatever the causes in it.
- An *alarm* is an alert that a post or account is not seen: held, removed, deleted, gated, shadowbanned, suspended,
  account deleted; "locked" counts as one too. It is *false* when what it says was untrue at the moment it was told and
  during the 150 s before (as old as a delayed answer can be). An all-clear ("live") for a post that was hidden all
  that time is counted as a false alarm as well.
- A disappearance is *confirmed* when there was time enough to be sure of it, whoever looked and when: an hour under one
  cause, outside outages (three for a missing id). It is *missed* when it is confirmed and the state never said so while
  it lasted, or said so without an alert.
- The *cause* of a disappearance is wrong when the last alert about it names neither a cause that held when it was told
  nor what was the matter with the account then; or when the last cause of it held for 12 hours outside outages and is
  still not what was told last (so "removed by Reddit's filters" may be the first word on a shadowban, never the last).
- *Minutes to alert*: from the disappearance (or registering, when that came later) to the first alarm about it.
- *Outside outages*: the same minutes without the time in which the world let no request through (a revoked key, a
  blackout, storms of 429): nobody can tell anything then.
- *Messages an event*: the alarms that were sent, by what they are about: a closed community, an account in trouble, or
  one post's disappearance. An alarm that joins the message of its event (`storage/events.py`) makes no message; every
  message is taken to be delivered at once.
- *Repeated*: an alert that says the same about a post as the alert before it.
- *Messages that need nothing*: see `bench.needless`.
- *Good news missed*: a post was visible again for 27 hours outside outages, and the alarm was never taken back.

The ancestor's rule, on the same answers at the same times: one reading decides; an answer 403 means "shadowbanned",
anything not found, not readable or failing "removed", as does a post that shows as removed. It is given the API's
answers; the last line shows it on the anonymous pages that it really read, which answer 403 to everybody today. Its
"removed" counts as right, whoever removed the post.
"""

from __future__ import annotations

import asyncio
import heapq
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from bench.figure import Figure
from bench.needless import Channel, Told, audits_of, channel_of
from bench.world import (
    BEGIN,
    END,
    LASTS,
    STALEST,
    Cause,
    Faults,
    SimulatedReddit,
    Standing,
    World,
    WorldPost,
    make_world,
)
from core.alerts import Delivery
from core.errors import RemoteError
from core.model import AlertKind, Basis, Caller, NewAlert, RemovedBy, State
from core.ports import Sighting
from core.schedule import SWEEP_EVERY_S
from core.visibility.account_looks import AccountCheck
from core.visibility.tracking import Check, NewTrackedPost, Unchanged
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.watch import Watch

SEED = 20261123
POSTS = 1_000
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
RATES = (0.0, 0.1, 0.3)
WATCHED_AFTER_END = timedelta(hours=13)  # what happened last can still be confirmed
ENOUGH, GATED_ENOUGH = timedelta(hours=1), timedelta(hours=3)
LONG = timedelta(hours=12)
LONG_FOR_NEWS = timedelta(hours=27)
WRONG_CAUSE_AT_MOST = 0.005
MEDIAN_MIN, P95_MIN = 6, 15
MESSAGES_AT_MOST = 1.2
ALERTS_READ = 300  # the newest of a workspace, among which are all that were owed at once
LEFT_AT_MOST = timedelta(hours=7)  # what a short budget leaves: after an hour, the calmest posts come before all others

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
_REMOVALS = frozenset(Cause) - {Cause.NONE, Cause.AUTHOR, Cause.GATED, Cause.HELD}
_ANCESTORS_REMOVED: frozenset[str] = frozenset(Cause) - {Cause.NONE, Cause.AUTHOR, Cause.SHADOWBAN}


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says about a post from `at` on: visible (`right_for` None), or hidden by one of `right_for`."""

    at: datetime
    right_for: frozenset[str] | None


@dataclass(slots=True)
class Statements:
    """Everything one rule said: about each post, by its number, and its false alarms."""

    said: dict[int, list[Said]] = field(default_factory=dict)
    alarms: int = 0
    false: list[str] = field(default_factory=list)
    untold: int = 0  # states without an alert
    repeated: int = 0  # alerts that say of a post what the one before said
    messages: Counter[tuple[object, ...]] = field(default_factory=Counter)  # by event

    def word_at(self, number: int, at: datetime) -> Said | None:
        return next((said for said in reversed(self.said.get(number, ())) if said.at <= at), None)


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
                right_for = _REMOVALS  # nothing tells who removed a comment
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


class Ancestor:
    """The ancestor's rule (see the module). `anonymous`: on the pages it read, which answer 403 to everybody."""

    def __init__(self, world: World, *, anonymous: bool) -> None:
        self._world, self._anonymous = world, anonymous
        self.statements = Statements()
        self._words: dict[str, str] = {}

    def heard(self, names: Sequence[str], now: datetime, answer: Mapping[str, Sighting] | RemoteError) -> None:
        for name in names:
            post = self._world.by_name.get(name)
            if post is None:
                continue
            word = self._word(name, answer)
            if word == self._words.get(name, "active"):
                continue
            self._words[name] = word
            causes = post.causes_between(max(now - STALEST, post.posted_at), now)
            right_for: frozenset[str] | None = None
            if word != "active":
                self.statements.alarms += 1
                banned = Standing.SHADOWBANNED in post.person.standings_between(now - STALEST, now)
                if causes == {Cause.NONE} and not (word == "shadowbanned" and banned):
                    self.statements.false.append(f"{word} {name}")
                right_for = _ANCESTORS_REMOVED if word == "removed" else frozenset({Cause.SHADOWBAN})
            self.statements.said.setdefault(post.number, []).append(Said(now, right_for))

    def _word(self, name: str, answer: Mapping[str, Sighting] | RemoteError) -> str:
        if self._anonymous:
            return "shadowbanned"
        if isinstance(answer, RemoteError):
            return "shadowbanned" if answer.status == 403 else "removed"
        seen = answer.get(name)
        gone = seen is None or seen.category is not None or seen.indexable is False or (seen.body or "")[:1] == "["
        return "removed" if gone else "active"


# ---------------------------------------------------------------- running


@dataclass(frozen=True, slots=True)
class Run:
    faults: Faults
    view: SimulatedReddit
    product: Recorder
    ancestors: tuple[Ancestor, Ancestor]
    until: datetime
    audits: Sequence[Told] = ()


async def watch(world: World, rate: float, store: Store) -> Run:
    """Run the seven days and a little more, from one due time to the next, on the sweep's ticks."""
    clock = FixedClock(BEGIN)
    faults = Faults.make(SEED + round(rate * 100), rate)
    ancestors = Ancestor(world, anonymous=False), Ancestor(world, anonymous=True)

    def heard(names: Sequence[str], now: datetime, answer: Mapping[str, Sighting] | RemoteError) -> None:
        for ancestor in ancestors:
            ancestor.heard(names, now, answer)

    view = SimulatedReddit(world, faults, clock, heard)
    product = Recorder(store, world)
    sweeping = Watch(cast(Store, product), clock, view).sweeping
    until = END + WATCHED_AFTER_END
    coming = iter(world.posts)
    following = next(coming, None)
    due_since: dict[int, datetime] = {}
    while True:
        due_at = product.next_due_at()
        times = [due_at] if due_at is not None else []
        times += [following.registered_at] if following is not None else []
        if not times or min(times) > until:
            break
        ticks = -(-(min(times) - BEGIN) // timedelta(seconds=SWEEP_EVERY_S))
        at = max(BEGIN + timedelta(seconds=SWEEP_EVERY_S * ticks), clock.now())
        clock.advance(at - clock.now())
        while following is not None and following.registered_at <= at:
            await product.register(following, at)
            following = next(coming, None)
        expected = product.take_due(at)
        product.recorded.clear()
        await sweeping.sweep("bench")
        for number in expected - product.recorded:  # the budget was short: they are still due at the next tick
            if at - due_since.setdefault(number, at) > LEFT_AT_MOST:
                raise RuntimeError(f"post {number} is due since {due_since[number]} and was not checked by {at}")
            product.is_due(number, at + timedelta(seconds=SWEEP_EVERY_S))
        for number in product.recorded:
            due_since.pop(number, None)
    return Run(faults, view, product, ancestors, until)


# ---------------------------------------------------------------- scoring


@dataclass(frozen=True, slots=True)
class Score:
    rule: str
    rate: float
    failed: float  # share of requests
    alarms: int
    false: int
    disappearances: int
    confirmed: int
    missed: int
    wrong_causes: int
    told: int
    median_min: float
    p95_min: float
    p95_lit_min: float  # outside outages
    news_missed: int
    repeated: int
    a_event: float  # messages
    examples: tuple[str, ...]
    channels: tuple[Channel, ...] = ()  # what channels got: all good news as messages, and as it is now


def score(rule: str, rate: float, run: Run, world: World, statements: Statements) -> Score:
    confirmed = missed = wrong = told = disappearances = news_missed = 0
    minutes: list[float] = []
    lit: list[float] = []
    examples = [f"false: {line}" for line in statements.false]
    for post in world.posts:
        for spans in _disappearances(post, run.until):
            disappearances += 1
            first, last = spans[0][0], spans[-1][1]
            owed = _is_confirmed(spans, run)
            before = statements.word_at(post.number, first)
            within = [s for s in statements.said.get(post.number, ()) if first < s.at <= last + STALEST]
            alarms = [said for said in within if said.right_for is not None]
            known = bool(alarms) or (before is not None and before.right_for is not None)
            confirmed += owed
            if owed and not known:
                missed += 1
                examples.append(f"missed: {post.fullname} {spans}")
            if alarms:
                told += 1
                minutes.append((alarms[0].at - first).total_seconds() / 60)
                lit.append(minutes[-1] - run.faults.dark(first, alarms[0].at).total_seconds() / 60)
                if not _is_right_cause(post, alarms[-1], spans, run):
                    wrong += 1
                    examples.append(f"cause: {post.fullname} {alarms[-1]} {spans}")
        for first, last in _returns(post, run.until):
            before = statements.word_at(post.number, first)
            lasted = last - first - run.faults.dark(first, last)
            if before is None or before.right_for is None or lasted < LONG_FOR_NEWS:
                continue
            is_back = any(s.right_for is None for s in statements.said[post.number] if first < s.at <= last)
            banned = post.person.standings_between(first, last) & {Standing.SHADOWBANNED, Standing.SUSPENDED}
            if not is_back and not banned:
                news_missed += 1
                examples.append(f"news: {post.fullname} {post.causes}")
    minutes.sort()
    lit.sort()
    return Score(
        rule=rule,
        rate=rate,
        failed=run.view.failed / max(1, run.view.requests),
        alarms=statements.alarms,
        false=len(statements.false),
        disappearances=disappearances,
        confirmed=confirmed,
        missed=missed + statements.untold,
        wrong_causes=wrong,
        told=told,
        median_min=statistics.median(minutes) if minutes else float("nan"),
        p95_min=minutes[int(len(minutes) * 0.95)] if minutes else float("nan"),
        p95_lit_min=lit[int(len(lit) * 0.95)] if lit else float("nan"),
        news_missed=news_missed,
        repeated=statements.repeated,
        a_event=sum(statements.messages.values()) / max(1, len(statements.messages)),
        examples=tuple(examples[:20]),
    )


Span = tuple[datetime, datetime, Cause]


def _spans(post: WorldPost, until: datetime) -> Iterator[Span]:
    ends = [at for at, _ in post.causes[1:]] + [until]
    for (first, cause), last in zip(post.causes, ends, strict=True):
        first, last = max(first, post.registered_at), min(last, until)
        if first < last:
            yield first, last, cause


def _disappearances(post: WorldPost, until: datetime) -> Iterator[list[Span]]:
    found: list[Span] = []
    for span in _spans(post, until):
        if span[2] is not Cause.NONE:
            found.append(span)
        elif found:
            yield found
            found = []
    if found:
        yield found


def _returns(post: WorldPost, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    return ((first, last) for first, last, cause in _spans(post, until) if cause is Cause.NONE)


def _is_confirmed(spans: Sequence[Span], run: Run) -> bool:
    return any(
        last - first - run.faults.dark(first, last) >= (GATED_ENOUGH if cause is Cause.GATED else ENOUGH)
        for first, last, cause in spans
    )


def _is_right_cause(post: WorldPost, said: Said, spans: Sequence[Span], run: Run) -> bool:
    right_for = said.right_for or frozenset()
    first = max(said.at - STALEST, post.posted_at)
    then: set[str] = {*post.causes_between(first, said.at), *post.person.standings_between(first, said.at)}
    if not right_for & then:
        return False
    began, ended, cause = spans[-1]
    if ended - began - run.faults.dark(began, ended) < LONG:
        return True
    if cause is Cause.SHADOWBAN:
        return Standing.SHADOWBANNED in right_for
    return not right_for.isdisjoint({cause, post.person.standing_at(ended)})


# ---------------------------------------------------------------- the figures


def measure_rate(folder: Path, rate: float) -> tuple[list[Score], str]:
    """One run over all posts, in a process of its own; its database is in `folder` meanwhile."""
    began, cpu = time.perf_counter(), time.process_time()
    world = make_world(SEED, POSTS)
    run = asyncio.run(_watch_in_sqlite(folder, world, rate))
    told = [*run.product.owed, *run.audits]
    channels = tuple(channel_of(told, good_news=wanted) for wanted in (True, False))
    scores = [
        replace(score("this program", rate, run, world, run.product.statements), channels=channels),
        score("ancestor's rule", rate, run, world, run.ancestors[0].statements),
        score("ancestor's rule, its pages today", rate, run, world, run.ancestors[1].statements),
    ]
    view = run.view
    cost = (
        f"{rate:.0%} faults: {view.looks:,} looks in {view.requests:,} requests ({scores[0].failed:.1%} failed), "
        f"{view.requests / (LASTS / timedelta(minutes=1)):.1f} requests a minute, "
        f"{time.process_time() - cpu:.0f} s CPU, {time.perf_counter() - began:.0f} s"
    )
    return scores, cost


async def _watch_in_sqlite(folder: Path, world: World, rate: float) -> Run:
    with TemporaryDirectory(prefix="bcrao-", dir=folder) as own:
        database = await open_database(f"sqlite:///{own}/judgement.sqlite")
        try:
            await database.migrate()
            store = Store(database)
            for workspace_id in {post.workspace_id for post in world.posts}:
                await store.ensure_workspace(workspace_id, "slack", "bench", BEGIN)
                caller = Caller(workspace_id, "bench", "bench", "bench")
                await store.set_plan(caller, BEGIN, max_tracked_posts=POSTS)
            run = await watch(world, rate, store)
            posts = [
                post
                for workspace_id in sorted({post.workspace_id for post in world.posts})
                for post in (await store.tracked_posts_by_id(workspace_id, set(run.product.posts))).values()
            ]
            return replace(run, audits=audits_of(posts, run.until))
        finally:
            await database.close()


def measure(folder: Path) -> Sequence[Figure]:
    scores: list[Score] = []
    place = IN_MEMORY if IN_MEMORY.is_dir() else folder
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        for of_rate, cost in pool.map(partial(measure_rate, place), RATES):
            scores += of_rate
            print(cost)
    _print_table(scores)
    source = f"{POSTS:,} simulated posts, seven days, 0, 10 and 30% faults"
    mine = [s for s in scores if s.rule == "this program"]
    worst_cause = max(s.wrong_causes / max(1, s.told) for s in mine)
    return [
        Figure("false alarms", sum(s.false for s in mine), 0, "", source, exact=True),
        Figure("missed confirmed disappearances", sum(s.missed for s in mine), 0, "", source, exact=True),
        Figure("wrong cause, worst", worst_cause * 100, WRONG_CAUSE_AT_MOST * 100, "%", source),
        Figure("messages an event, worst", max(s.a_event for s in mine), MESSAGES_AT_MOST, "", source),
        Figure("alerts that repeat the one before", sum(s.repeated for s in mine), 0, "", source, exact=True),
        Figure("good news missed", sum(s.news_missed for s in mine), 0, "", source, exact=True),
        Figure("messages that need nothing, worst", max(s.channels[1].share for s in mine) * 100, 20, "%", source),
        Figure("lines below an alert's headline, most", max(max(s.channels[1].lines) for s in mine), 6, "", source),
        Figure("minutes to alert, median without faults", mine[0].median_min, MEDIAN_MIN, "min", source),
        Figure("minutes to alert, 95% without faults", mine[0].p95_min, P95_MIN, "min", source),
        Figure("minutes to alert, 95% with 30% faults, outside outages", mine[-1].p95_lit_min, P95_MIN, "min", source),
    ]


def _print_table(scores: Sequence[Score]) -> None:
    names: tuple[str, ...] = (
        "rule",
        "faults",
        "alarms",
        "false",
        "disapp.",
        "confirmed",
        "missed",
        "wrong cause",
        "median",
        "p95",
    )
    names = (*names, "outside outages", "messages")
    rows = [
        names,
        *(
            (
                s.rule,
                f"{s.rate:.0%}",
                f"{s.alarms:,}",
                f"{s.false:,}",
                f"{s.disappearances:,}",
                f"{s.confirmed:,}",
                f"{s.missed:,}",
                f"{s.wrong_causes:,} ({s.wrong_causes / max(1, s.told):.2%})",
                f"{s.median_min:.1f} min",
                f"{s.p95_min:.1f} min",
                f"{s.p95_lit_min:.1f} min",
                f"{s.a_event:.2f}" if s.rule == "this program" else "",
            )
            for s in sorted(scores, key=lambda s: (s.rule != "this program", s.rule, s.rate))
        ),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for s in scores:
        for before, now in [s.channels] if s.channels else []:
            print(
                f"{s.rate:.0%} faults: {now.messages:,} messages, {now.needless:,} need nothing ({now.share:.0%}); "
                f"{now.updates:,} updates, {now.in_digest:,} in digests; all as messages: {before.messages:,}, "
                f"{before.needless:,} ({before.share:.0%}); "
                f"lines below a headline: at most {max(now.lines)}, on a phone {now.median_broken:g} (median)"
            )
        for line in s.examples if s.rule == "this program" else ():
            print(f"  {s.rate:.0%} {line}")

"""Sweeps when more is due than the request budget allows, over the real store."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.commands import status
from core.clock import Clock
from core.gateways.limits import Budget
from core.model import Basis, Caller, Outcome, State, TrackedPost, View
from core.ports import Allowance, Sighting
from core.visibility import due
from core.visibility.evidence import SPACING
from core.visibility.leases import LEASE
from core.visibility.looking import BATCH
from core.visibility.tracking import LATE_AT_MOST, Check, Verdict
from storage.schema import readings, watches
from storage.store import Store
from storage.watches import whole_posts
from tests.bot.bare import Desk, bare_services, source
from tests.clock import FixedClock
from tests.core.visibility.world import World, seen, sighting
from tests.post_rows import insert_posts
from tests.storage.world import crowd_of_posts, lease
from tests.watch import Watch

pytestmark = pytest.mark.long

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Counted(World):
    """A Reddit that grants `requests` a minute, and notes when each came."""

    budget: Budget
    sent_at: list[float]

    async def look_up(self, fullnames: Sequence[str]) -> Any:
        await self.budget.take()
        self.sent_at.append(self.clock.monotonic())
        return await super().look_up(fullnames)

    @property
    def allowance(self) -> Allowance:
        return self.budget.allowance


def counted(clock: Clock, requests: int) -> Counted:
    world = Counted(clock)
    world.budget = Budget(remote="reddit", name="Reddit", clock=clock, requests=requests, window_s=60.0)
    world.sent_at = []
    return world


async def keep(store: Store, caller: Caller, posts: Sequence[dict[str, Any]]) -> None:
    """Rows of watched posts: live for three days and looked at four hours before they are due, changed as told."""
    rows = []
    for number, changes in enumerate(posts):
        due_at: datetime = changes["next_check_at"]
        posted_at = due_at - timedelta(days=3)
        row = {
            "workspace_id": caller.workspace_id,
            "fullname": f"t3_{number:06d}",
            "community": "harbor",
            "author": "alice_writes",
            "permalink": f"https://www.reddit.com/r/harbor/comments/{number:06d}/",
            "registered_by": "alice",
            "registered_at": posted_at,
            "posted_at": posted_at,
            "basis": Basis.REDDIT_API,
            "state": State.LIVE,
            "state_since": posted_at,
            "locked": False,
            "last_read_at": due_at - timedelta(hours=4),
            "gives_way": True,
            "audit_due_at": posted_at + timedelta(days=7),
            "correlation_id": "-",
        }
        rows.append(row | changes)
    async with store._database.write() as tx:
        await insert_posts(tx, rows)
        stored = await tx.execute(whole_posts(watches.c.last_read_at.is_not(None)))
        await tx.execute(insert(readings), [_reading(row, ago) for row in stored for ago in (0, 1)])


def _reading(post: Any, hours_ago: int) -> dict[str, Any]:
    """One of the two that confirmed it."""
    return {
        "workspace_id": post.workspace_id,
        "tracked_post_id": post.id,
        "view": View.THIRD_PARTY,
        "basis": Basis.REDDIT_API,
        "read_at": post.last_read_at - timedelta(hours=hours_ago),
        "outcome": Outcome.VISIBLE,
        "found": True,
        "control_live": True,
        "indexable": True,
        "author_present": True,
        "body_state": "intact",
        "locked": False,
        "clock_jump_s": 0.0,
    }


async def test_two_thousand_overdue_posts_are_caught_up_within_the_budget_and_drift_apart(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts, a_minute = 2_000, 10
    begun = clock.now()
    await keep(store, caller, [{"next_check_at": begun - timedelta(days=3)} for _ in range(posts)])
    world = counted(clock, a_minute)
    world.posts = {f"t3_{n:06d}": sighting(f"t3_{n:06d}") for n in range(posts)}
    watch = Watch(store, clock, world)
    looked = 0
    for _ in range(40):
        result = await watch.sweeping.sweep("test")
        assert result.blind == 0, "a post that has to wait was not looked at in vain"
        looked += result.looked
        if looked >= posts:
            break
        clock.advance(timedelta(seconds=15))
    assert posts <= looked < posts + BATCH, "the last request is filled up with what is due next"
    assert len(world.sent_at) <= math.ceil(posts / BATCH) + 1
    for at in world.sent_at:
        assert sum(at <= other < at + 60 for other in world.sent_at) <= a_minute
    async with store._database.read() as tx:
        times = (await tx.scalars(select(watches.c.next_check_at))).all()
    assert all(at is not None and at > clock.now() - timedelta(minutes=5) for at in times)
    minutes = Counter(int((at - begun).total_seconds() // 60) for at in times)
    assert max(minutes.values()) < posts / 4, "they do not come back all at once"


async def test_urgent_posts_are_looked_at_first_and_no_post_is_forgotten(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    calm = [{"next_check_at": now - HOUR} for _ in range(300)]
    urgent = {"next_check_at": now - timedelta(seconds=5), "gives_way": False}
    awaiting = [urgent | {"last_read_at": now - timedelta(minutes=4)} for _ in range(20)]
    late = [{"next_check_at": now - HOUR * 7} for _ in range(10)]
    held = [urgent | {"state": State.HELD} for _ in range(20)]
    await keep(store, caller, [*calm, *awaiting, *late, *held])
    world = counted(clock, 1)
    world.posts = {f"t3_{n:06d}": sighting(f"t3_{n:06d}") for n in range(350)}
    watch = Watch(store, clock, world)

    assert (await watch.sweeping.sweep("test")).looked == BATCH
    first = [name for name in world.asked[0] if name in world.posts]
    assert {f"t3_{n:06d}" for n in range(300, 350)} <= set(first)
    assert first[:10] == [f"t3_{n:06d}" for n in range(320, 330)], "what waited too long comes before everything"

    backlog = await store.backlog(caller.workspace_id, clock.now())
    assert (backlog.due, backlog.unanswered) == (350 - BATCH, 0)
    for _ in range(10):
        clock.advance(timedelta(minutes=1))
        await watch.sweeping.sweep("test")
    asked = {name for names in world.asked for name in names}
    assert set(world.posts) <= asked


@dataclass(slots=True)
class Fate:
    """What becomes of a post in the days below: `gone_at` is when it disappears, `told_at` when a second look
    confirmed it, and `longest` the longest time between two looks.
    """

    gone_at: datetime | None = None
    seen_gone_at: datetime | None = None
    told_at: datetime | None = None
    looked_at: datetime | None = None
    longest: timedelta = timedelta()


async def test_with_a_tiny_budget_nothing_starves_and_young_posts_are_still_watched_closely(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    """1,800 posts on a request every twenty minutes for two days; once an hour they would need six times as much."""
    chance, every, begin = random.Random(11), timedelta(minutes=20), clock.now()
    ages = [HOUR * chance.uniform(1, 160) for _ in range(1_800)]
    old = [{"next_check_at": begin + HOUR * chance.random(), **_posted(begin - age), "author": None} for age in ages]
    young_at = [begin + HOUR * number / 2 for number in range(80)]
    young = [
        {"next_check_at": due.first_check_at(f"t3_{n + 1_800:06d}", at), **_posted(at)} for n, at in enumerate(young_at)
    ]
    new = [row | {"state": State.UNVERIFIED, "last_read_at": None, "author": None, "gives_way": False} for row in young]
    await keep(store, caller, [*old, *new])
    fates = {f"t3_{number:06d}": Fate(looked_at=begin if number < 1_800 else None) for number in range(1_880)}
    for number, at in enumerate(young_at):
        fates[f"t3_{number + 1_800:06d}"].gone_at = at + HOUR * (0.5 + number % 5)
    pace = due.Pace()
    while clock.now() < begin + timedelta(days=2):
        if clock.now().minute == 0 and clock.now().hour % 4 == 0:
            posts = await store.watch_load(clock.now(), ages=due.AGES)
            pace = due.pace_for(posts, HOUR / every * BATCH, share=0.5)
        leased = await lease(store, clock.now(), limit=BATCH)
        checks = [_look(item.post, fates[item.post.fullname], clock.now(), pace) for item in leased]
        await store.record_checks("w", checks, clock.now())
        clock.advance(every)

    assert pace.is_stretched, "the budget was short"
    longest = max(max(fate.longest, clock.now() - (fate.looked_at or clock.now())) for fate in fates.values())
    assert longest <= timedelta(days=1) * (1 + due.JITTER) + LATE_AT_MOST + HOUR, f"something waited {longest}"
    gone = [fate for fate in fates.values() if fate.gone_at is not None and fate.gone_at < clock.now() - HOUR * 3]
    assert len(gone) > 60
    delays = [fate.told_at - fate.gone_at for fate in gone if fate.told_at is not None and fate.gone_at is not None]
    assert len(delays) == len(gone)
    assert max(delays) < HOUR * 2, "as soon as without a short budget: an hour, a request's turn, and one to be sure"


def _posted(at: datetime) -> dict[str, Any]:
    return {"posted_at": at, "registered_at": at, "state_since": at}


def _look(post: TrackedPost, fate: Fate, now: datetime, pace: due.Pace) -> Check:
    fate.longest = max(fate.longest, now - (fate.looked_at or now))
    fate.looked_at = now
    is_gone = fate.gone_at is not None and fate.gone_at <= now
    awaited_in, state, since = None, post.state, post.state_since
    if is_gone and state is not State.REMOVED:
        if fate.seen_gone_at is None:
            fate.seen_gone_at, awaited_in = now, SPACING
        else:
            fate.told_at, state, since = now, State.REMOVED, fate.seen_gone_at
    elif state is State.UNVERIFIED:
        state, since = State.LIVE, now
    at = due.next_check_at(post, now, state=state, state_since=since, awaited_in=awaited_in, pace=pace)
    calm = due.gives_way(due.age_of(post, since, now), state, awaited_in)
    verdict = Verdict(state, since, None, None, None, False)
    return Check(post.id, post.workspace_id, (seen(now),), verdict, at, gives_way=calm)


async def test_status_says_in_plain_words_that_looks_are_far_apart(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    await keep(store, caller, [{"next_check_at": now + HOUR * 2} for _ in range(500)])
    world = World(clock)
    watch = Watch(store, clock, world)
    seeing = source("Reddit", "collecting, visibility", last=now)
    desk = Desk(bare_services(store, clock, remotes=(seeing,), watch=watch), status.commands)

    world.granted = Allowance(at_once=10, an_hour=6000)
    await watch.sweeping.sweep("test")
    assert "budget" not in str((await desk.done("status")).values["blind_spots"])

    clock.advance(timedelta(minutes=11))
    world.granted = Allowance(at_once=1, an_hour=1)
    await watch.sweeping.sweep("test")
    card = await desk.done("status")
    assert card.values["blind_spots"] == [
        "The request budget is short: posts without changes are looked at only every 10 hours."
    ]

    clock.advance(timedelta(minutes=11))
    world.granted = Allowance(at_once=10, an_hour=6000)
    await watch.sweeping.sweep("test")
    assert (await desk.done("status")).values["blind_spots"] == []


async def test_a_look_takes_its_wait_from_the_budget(store: Store, clock: FixedClock, caller: Caller) -> None:
    now = clock.now()
    await keep(store, caller, [{"next_check_at": now} for _ in range(500)])
    world = World(clock, {f"t3_{n:06d}": sighting(f"t3_{n:06d}") for n in range(500)})
    world.granted = Allowance(at_once=10, an_hour=0.5)
    await Watch(store, clock, world).sweeping.sweep("test")
    async with store._database.read() as tx:
        times = (await tx.scalars(select(watches.c.next_check_at))).all()
    assert all(at is not None and timedelta(hours=20) < at - now < timedelta(hours=27) for at in times)


def test_a_budget_tells_what_is_left_of_it() -> None:
    clock = FixedClock()
    budget = Budget(remote="reddit", name="Reddit", clock=clock, requests=100, window_s=60.0)
    assert budget.allowance == Allowance(100, 6000)
    budget.learn({"X-Ratelimit-Used": "80", "X-Ratelimit-Remaining": "20.0", "X-Ratelimit-Reset": "300"})
    assert budget.allowance == Allowance(20, 600), "Reddit grants 100 in ten minutes"
    budget.learn({"X-Ratelimit-Used": "100", "X-Ratelimit-Remaining": "0.0", "X-Ratelimit-Reset": "300"})
    assert budget.allowance.at_once == 0
    clock.advance(timedelta(seconds=301))
    assert budget.allowance == Allowance(100, 600)


async def test_posts_for_which_the_budget_ran_out_meanwhile_can_be_looked_at_by_others_at_once(
    store: Store, clock: FixedClock, caller: Caller, database_url: str
) -> None:
    class Spent(World):
        async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
            self.granted = Allowance(at_once=0, an_hour=0.5)  # others took the rest
            return await World.look_up(self, fullnames)

    await crowd_of_posts(
        database_url, caller, clock.now(), BATCH + 5, stopped_at=None, next_check_at=clock.now(), gives_way=False
    )
    world = Spent(clock)
    world.granted = Allowance(at_once=2, an_hour=0.5)
    await Watch(store, clock, world).sweeping.sweep("w")
    assert len(world.asked) == 1
    left = await store.lease_due_posts(clock.now(), worker="another", lease=LEASE, limit=200)
    assert len(left) == 5

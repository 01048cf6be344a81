"""How far a sweep goes, what it gives back, and what it does every few minutes only; without waiting for a post."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import NotAllowedNow, StorageUnavailable
from core.model import AlertKind, AuditOutcome, Basis, Caller, Outcome, State
from core.ports import Allowance, RedditView
from core.visibility import due
from core.visibility.leases import FILLED_AHEAD, LEASE, REREAD_AFTER, Leases, by_workspace
from core.visibility.looking import BATCH, Look
from core.visibility.readings import NO_VIEW
from core.visibility.sweeping import (
    BATCHES_AT_ONCE,
    OTHER_LOOKS_AN_HOUR,
    PUBLIC_ONLY_BATCH,
    UNCOUNTED,
    Sweeping,
    SweepResult,
)
from core.visibility.tracking import DuePost, Fill, Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME
from tests.core.visibility.world import PublicWorld, World, removed, seen, sighting, tracked
from tests.storage.world import make_post, record, removal_check, to_register
from tests.watch import Watch

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


# ---------------------------------------------------------------- leases


@dataclass
class Asked:
    """A store that notes what it is asked for, and leases what is in `leased`, in turn."""

    leased: list[Sequence[int]] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    async def lease_due_posts(self, now: datetime, **asked: Any) -> Sequence[int]:
        self.asked.append((now, asked))
        return self.leased.pop(0) if self.leased else ()

    async def leased_posts(self, worker: str, ids: Sequence[int]) -> Sequence[DuePost]:
        return [DuePost(tracked(id=number), ()) for number in ids]

    async def lease_due_audits(self, now: datetime, **asked: Any) -> Sequence[Any]:
        self.asked.append((now, asked))
        return ()

    async def release_posts(self, worker: str, only: Collection[int]) -> int:
        self.asked.append((worker, only))
        return 0

    async def release_due(self, worker: str, due_before: datetime) -> int:
        self.asked.append((worker, due_before))
        return 0


POST = DuePost(tracked(), ())


async def test_posts_are_leased_for_five_minutes_and_the_next_fill_a_batch(clock: FixedClock) -> None:
    store, now = Asked(), clock.now()
    leases = Leases(store, clock)  # type: ignore[arg-type]
    await leases.due("h", 9)
    await leases.due("h", 9, 98)
    await leases.audits("h", 7)
    await leases.give_back("h", [POST, replace(POST, post=tracked(id=9))])
    fill = Fill(98, now - timedelta(seconds=45), now + HOUR)
    assert (MINUTE * 5, timedelta(seconds=45), HOUR) == (LEASE, REREAD_AFTER, FILLED_AHEAD)
    assert store.asked == [
        (now, {"worker": "h", "lease": LEASE, "limit": 9, "fill": None}),
        (now, {"worker": "h", "lease": LEASE, "limit": 9, "fill": fill}),
        (now, {"worker": "h", "lease": LEASE, "limit": 7}),
        ("h", [7, 9]),
    ]


@pytest.mark.parametrize(("misses", "found"), [(0, True), (1, True), (9, True), (10, False)])
async def test_one_post_is_waited_for_ten_times_a_third_of_a_second_apart(
    clock: FixedClock, misses: int, found: bool
) -> None:
    store, began = Asked([()] * misses + [[7]]), clock.now()
    leased = await Leases(store, clock).one("h", 7)  # type: ignore[arg-type]
    assert [item.post.id for item in leased] == ([7] if found else [])
    tries = min(misses + 1, 10)
    assert store.asked == [
        (began + timedelta(seconds=0.3) * n, {"worker": "h", "lease": LEASE, "limit": 1, "only": 7})
        for n in range(tries)
    ]


async def test_each_piece_of_work_leases_under_its_own_name_and_gives_back_when_it_breaks(clock: FixedClock) -> None:
    store = Asked()
    leases = Leases(store, clock)  # type: ignore[arg-type]
    async with leases.holder("w") as first, leases.holder("w") as second:
        assert first != second
        assert first.startswith("w ")
        assert len(first) == len("w ") + 8
    assert store.asked == []
    with pytest.raises(StorageUnavailable):
        async with leases.holder("w") as third:
            raise StorageUnavailable("Full.", "Make room.")
    assert store.asked == [(third, clock.now() + FILLED_AHEAD)], "the posts that may have been leased"
    with pytest.raises(StorageUnavailable):
        async with leases.holder("w", 7) as fourth:
            raise StorageUnavailable("Full.", "Make room.")
    assert store.asked[1:] == [(fourth, [7])], "a post that is not due, too"


def test_leased_posts_are_sorted_by_workspace_in_their_order() -> None:
    posts = [DuePost(tracked(id=n, workspace_id=w), ()) for n, w in ((1, "b"), (2, "a"), (3, "b"))]
    assert [(w, [d.post.id for d in items]) for w, items in by_workspace(posts).items()] == [("b", [1, 3]), ("a", [2])]


# ---------------------------------------------------------------- the budget


def sweeping(store: Store, clock: FixedClock, view: RedditView | None, public: PublicWorld | None = None) -> Sweeping:
    return Watch(store, clock, view, public).sweeping


def granting(clock: FixedClock, at_once: int | None, an_hour: float = 6000.0) -> World:
    world = World(clock)
    world.granted = Allowance(at_once, an_hour) if at_once is not None else None
    return world


@pytest.mark.parametrize(
    ("at_once", "an_hour", "batches"),
    [(None, 0, 5), (100, 6000.0, 5), (10, 6000.0, 5), (8, 6000.0, 3), (6, 6000.0, 1), (5, 6000.0, 0), (2, 1199.0, 2)],
)
async def test_a_sweep_leaves_a_twentieth_of_a_minutes_requests_for_people(
    store: Store, clock: FixedClock, at_once: int | None, an_hour: float, batches: int
) -> None:
    sweep = sweeping(store, clock, granting(clock, at_once, an_hour))
    assert sweep._batches_left() == batches
    assert sweep._size == BATCH


async def test_without_a_view_a_sweep_takes_what_the_page_or_nobody_allows(store: Store, clock: FixedClock) -> None:
    public = sweeping(store, clock, None, PublicWorld())
    assert (public._size, public._batches_left()) == (PUBLIC_ONLY_BATCH, 1)
    nobody = sweeping(store, clock, None)
    assert (nobody._size, nobody._batches_left()) == (BATCH, BATCHES_AT_ONCE)
    both = sweeping(store, clock, granting(clock, None), PublicWorld())
    assert both._size == BATCH


async def posts_of(store: Store, caller: Caller, clock: FixedClock, count: int) -> None:
    for number in range(count):
        await store.register_post(caller, to_register(f"t3_{number}aaaa", clock.now()), clock.now())


async def test_the_pace_is_counted_every_ten_minutes(store: Store, clock: FixedClock, caller: Caller) -> None:
    await posts_of(store, caller, clock, 3)
    world = granting(clock, 60, 0.5)
    sweep = sweeping(store, clock, world)
    assert (sweep._pace, sweep.stretched) == (UNCOUNTED, None)
    await sweep._set_the_pace()
    first = sweep._pace
    assert first == due.pace_for([3, 0, 0, 0, 0, 0], 0.5 * BATCH)
    world.granted = Allowance(60, 0.0001)
    clock.advance(MINUTE * 10 - timedelta(seconds=1))
    await sweep._set_the_pace()
    assert sweep._pace == first
    clock.advance(timedelta(seconds=1))
    await sweep._set_the_pace()
    slow = sweep._pace
    assert slow == due.pace_for([3, 0, 0, 0, 0, 0], 0.0001 * BATCH)
    assert sweep.stretched == slow.longest
    world.granted = Allowance(60, 6000.0)
    clock.advance(-HOUR)
    await sweep._set_the_pace()
    assert not sweep._pace.is_stretched, "a clock that was set back counts at once"
    assert sweep.stretched is None


async def test_a_view_without_a_budget_keeps_its_pace_and_other_views_have_one_of_their_own(
    store: Store, clock: FixedClock, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    await posts_of(store, caller, clock, 2)
    free = sweeping(store, clock, granting(clock, None))
    await free._set_the_pace()
    assert free._pace == UNCOUNTED
    public = sweeping(store, clock, None, PublicWorld())
    await public._set_the_pace()
    assert public._pace == due.pace_for([2, 0, 0, 0, 0, 0], OTHER_LOOKS_AN_HOUR, share=1.0)
    assert caplog.records == []
    poor = sweeping(store, clock, granting(clock, 60, 0.0))
    await poor._set_the_pace()
    [line] = caplog.records
    assert (line.message, vars(line)["looks_apart_s"]) == ("the request budget is short", 24 * 3600.0)


async def test_accounts_are_looked_at_every_twenty_seconds_when_the_budget_allows(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    for number, name in enumerate("abcdefgh"):
        await store.register_post(caller, to_register(f"t3_{number}aaaa", clock.now(), author=name), clock.now())
    clock.advance(MINUTE)
    world = granting(clock, 60)
    sweep = sweeping(store, clock, world)
    asked = []
    for step in (0, 0, 19, 1, 20, -60):
        clock.advance(timedelta(seconds=step))
        await sweep._tend_accounts()
        asked.append(len(world.asked_authors))
    assert asked == [2, 2, 2, 4, 6, 8], "a clock that was set back does not stop them"
    world.granted = Allowance(5, 6000.0)
    clock.advance(MINUTE)
    await sweep._tend_accounts()
    assert len(world.asked_authors) == 8
    await sweeping(store, clock, None)._tend_accounts()


# ---------------------------------------------------------------- what a sweep and a check did


async def test_a_check_counts_what_it_looked_at_what_was_blind_and_what_changed(
    store: Store, clock: FixedClock, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    posts = [await make_post(store, caller, clock.now(), f"t3_{n}aaaa") for n in range(4)]
    for post in posts:
        check = removal_check(post, clock.now())
        gone = seen(clock.now(), category="moderator", indexable=False, outcome=Outcome.NOT_VISIBLE)
        live = Verdict(State.LIVE, clock.now())
        await record(store, [replace(check, readings=(gone,), verdict=live)], clock.now())
    clock.advance(MINUTE * 5)
    world = World(clock, {post.fullname: removed(post.fullname, author="invented_author") for post in posts[:2]})
    world.posts[posts[2].fullname] = sighting(posts[2].fullname, problem="Half.")
    world.posts[posts[3].fullname] = sighting(posts[3].fullname, author="invented_author")
    watch = Watch(store, clock, world)
    assert await store.lease_due_posts(clock.now(), worker="h", lease=LEASE, limit=9) == [], "none is due yet"
    leased = [one for post in posts for one in await watch.sweeping._leases.one("h", post.id)]
    with caplog.at_level(logging.INFO, "core.visibility.sweeping"):
        result, unchanged = await watch.sweeping._check("h", leased)
    assert unchanged == []
    assert result == SweepResult(looked=4, blind=1, changed=2)
    [line] = [line for line in caplog.records if line.message == "checked"]
    assert [vars(line)[key] for key in ("posts", "blind", "changed")] == [4, 1, 2]
    assert await watch.sweeping._check("h", []) == (SweepResult(), ())
    assert SweepResult(1, 2, 3).plus(SweepResult(10, 20, 30)) == SweepResult(11, 22, 33)


async def test_a_look_that_was_taken_is_not_taken_again(store: Store, clock: FixedClock, caller: Caller) -> None:
    world = World(clock)
    watch = Watch(store, clock, world)
    post = await make_post(store, caller, clock.now())
    look = Look((seen(clock.now()),), sighting(post.fullname))
    looked = await watch.sweeping.look_at(post, look)
    assert world.asked == []
    assert list(await store.readings(caller.workspace_id, post.id)) == [seen(clock.now())]
    assert looked == await store.tracked_post(caller.workspace_id, post.id)
    blind = Watch(store, clock, None)
    assert await blind.sweeping.look_at(looked) == looked
    with pytest.raises(NotAllowedNow) as refused:
        await blind.sweeping.check_now(caller, post.id)
    assert (refused.value.what, refused.value.do) == (
        NO_VIEW,
        "Open the post yourself, then say: I can see it, or I can't.",
    )


async def test_a_person_who_asks_makes_a_post_due_and_has_it_looked_at(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    world = World(clock, {"t3_aaaa1": sighting("t3_aaaa1")})
    watch = Watch(store, clock, world)
    post = await make_post(store, caller, clock.now())
    now = clock.advance(MINUTE)
    checked = await watch.sweeping.check_now(caller, post.id)
    assert (len(world.asked), checked.last_read_at) == (1, now)
    public = Watch(store, clock, None, PublicWorld(Outcome.VISIBLE))
    clock.advance(MINUTE)
    await public.sweeping.check_now(caller, post.id)
    assert len(await store.readings(caller.workspace_id, post.id)) == 2


async def test_a_sweep_checks_all_that_is_due_in_batches_of_what_a_request_takes(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    await posts_of(store, caller, clock, PUBLIC_ONLY_BATCH + 1)
    clock.advance(MINUTE * 10)
    public = PublicWorld(Outcome.VISIBLE)
    watch = Watch(store, clock, None, public)
    assert await watch.sweeping.sweep("w") == SweepResult(looked=4, blind=2), "one page a batch is looked at"
    assert len(public.looked) == 2
    assert await watch.sweeping.sweep("w") == SweepResult()


# ---------------------------------------------------------------- audits


async def test_every_due_audit_is_taken_and_one_that_fails_is_left(
    store: Store, clock: FixedClock, caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    posts = [await make_post(store, caller, clock.now(), f"t3_{n}aaaa") for n in range(3)]
    clock.advance(timedelta(days=8))
    watch = Watch(store, clock, World(clock))
    readings = store.readings

    async def broken(workspace_id: str, tracked_post_id: int, limit: int = 50) -> Any:
        if tracked_post_id == posts[1].id:
            raise ValueError("a defect")
        return await readings(workspace_id, tracked_post_id, limit)

    monkeypatch.setattr(Store, "readings", staticmethod(broken))
    assert await watch.sweeping.audit("w") == 2
    assert [vars(line)["post_id"] for line in caplog.records] == [posts[1].id]
    outcomes = [(await store.tracked_post(caller.workspace_id, post.id)).audit_outcome for post in posts]
    assert outcomes == [AuditOutcome.UNDECIDED, None, AuditOutcome.UNDECIDED]
    alerts = await store.alerts(caller.workspace_id, kind=AlertKind.AUDIT)
    assert sorted(alert.tracked_post_id or 0 for alert in alerts) == [posts[0].id, posts[2].id]
    assert await watch.sweeping.audit("w") == 0, "what failed stays leased for a while"
    monkeypatch.undo()
    clock.advance(LEASE)
    assert await watch.sweeping.audit("w") == 1


# ---------------------------------------------------------------- registering


@pytest.mark.parametrize(
    ("basis", "elsewhere", "expected"),
    [
        (None, (), Basis.PERSON),
        (Basis.SAMPLE, (), Basis.SAMPLE),
        (Basis.REDDIT_API, ("harbor",), Basis.PERSON),
    ],
)
async def test_a_post_that_no_view_of_this_reddit_sees_is_a_persons_to_watch(
    store: Store, clock: FixedClock, caller: Caller, basis: Basis | None, elsewhere: tuple[str, ...], expected: Basis
) -> None:
    world = World(clock, {NAME: sighting(NAME)}, elsewhere=frozenset(elsewhere))
    world.basis = basis or Basis.REDDIT_API
    watch = Watch(store, clock, world if basis is not None else None)
    assert (await watch.registering.register(caller, LINK)).basis is expected


@pytest.mark.parametrize(("span", "days"), [(None, 1), (timedelta(days=3), 3), (timedelta(days=30), 30)])
async def test_a_snooze_lasts_a_day_unless_told_otherwise(
    store: Store, clock: FixedClock, caller: Caller, span: timedelta | None, days: int
) -> None:
    watch = Watch(store, clock, World(clock))
    post = await make_post(store, caller, clock.now())
    snoozed = await watch.registering.snooze(caller, post.id, span)
    assert snoozed.snoozed_until == clock.now() + timedelta(days=days)
    longer = await watch.registering.snooze(caller, post.id, timedelta(hours=2))
    assert longer.snoozed_until == clock.now() + timedelta(hours=2), "a named span replaces the first"


async def test_a_post_whose_audit_is_done_is_not_audited_again_when_it_is_watched_again(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    watch = Watch(store, clock, World(clock, {NAME: sighting(NAME)}))
    post = await watch.registering.register(caller, LINK)
    clock.advance(timedelta(days=8))
    assert await watch.sweeping.audit("w") == 1
    await watch.registering.stop(caller, post.id)
    again = await watch.registering.register(caller, LINK)
    assert (again.id, again.audit_outcome) == (post.id, AuditOutcome.UNDECIDED)
    assert await watch.sweeping.audit("w") == 0

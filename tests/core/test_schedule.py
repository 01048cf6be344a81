from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core import schedule
from core.errors import RemoteError
from core.log import correlation_id
from core.model import AlertKind, AuditOutcome, Caller, NewAlert, State
from core.schedule import Jobs
from core.visibility.leases import LEASE
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import World, removed, sighting
from tests.patience import PATIENCE_S
from tests.watch import Watch

LINK = "https://www.reddit.com/r/harbor/comments/1abc2d/how_it_went/"
NAME = "t3_1abc2d"


class Channel:
    """A courier's round with nobody at the other end: takes every alert that is due."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.heard: list[tuple[datetime, AlertKind]] = []
        self.correlations: list[str] = []
        self.trouble: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()
        self.took = asyncio.Condition()

    async def until_heard(self, count: int) -> None:
        async with self.took:
            await self.took.wait_for(lambda: len(self.heard) >= count)

    async def deliver(self) -> int:
        self.correlations.append(correlation_id())
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        now = self.clock.now()
        taken = 0
        while due := await self.store.lease_alerts(now, worker="c", lease=LEASE, limit=50, platforms=["terminal"]):
            for alert in due:
                self.heard.append((now, alert.kind))
                await self.store.record_delivery(alert.id, "c", now, delivered=True)
            taken += len(due)
        async with self.took:
            self.took.notify_all()
        return taken


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock, {NAME: sighting(NAME, created_at=clock.now())})


@pytest.fixture
def watch(store: Store, clock: FixedClock, world: World) -> Watch:
    return Watch(store, clock, world)


@pytest.fixture
def channel(store: Store, clock: FixedClock) -> Channel:
    return Channel(store, clock)


@pytest.fixture
def jobs(store: Store, clock: FixedClock, watch: Watch, channel: Channel) -> Jobs:
    return watch.jobs(channel.deliver, "test", alert_owed=store._database.alert_owed)


def mover(clock: FixedClock) -> Callable[[datetime], None]:
    def move(to: datetime) -> None:
        assert to >= clock.now()
        clock.advance(to - clock.now())

    return move


async def no_report(at: str) -> None:
    """Nobody listens."""


async def test_the_seven_days_of_a_post_pass_in_one_journey(
    jobs: Jobs, watch: Watch, world: World, channel: Channel, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    begun = clock.now()
    stops: list[str] = []

    async def report(at: str) -> None:
        stops.append(at)

    await jobs.travel(begun + timedelta(hours=1), mover(clock), report)
    assert [kind for _, kind in channel.heard] == [AlertKind.POST_LIVE]
    assert channel.heard[0][0] - begun < timedelta(minutes=6)
    assert len(stops) >= 4
    world.posts[NAME] = removed(NAME, "moderator")
    done = await jobs.travel(begun + timedelta(days=7, hours=1), mover(clock), report)
    assert clock.now() == begun + timedelta(days=7, hours=1)
    assert [kind for _, kind in channel.heard] == [AlertKind.POST_LIVE, AlertKind.POST_REMOVED, AlertKind.AUDIT]
    assert done > 10
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.state, found.audit_outcome) == (State.REMOVED, AuditOutcome.REJECTION)


async def test_nothing_ticks_while_time_is_moved(
    store: Store,
    watch: Watch,
    channel: Channel,
    clock: FixedClock,
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.schedule.COURIER_EVERY_S", 0.01)
    jobs = watch.jobs(channel.deliver, "test")
    await watch.registering.register(caller, LINK)
    channel.gate = asyncio.Event()
    jobs.start()
    await channel.reached.wait()

    begun, rounds = clock.now(), list[int]()

    async def report(at: str) -> None:
        before = len(channel.correlations)
        await asyncio.sleep(0.05)  # time enough for some ticks, had they been due
        rounds.append(len(channel.correlations) - before)

    journey = asyncio.create_task(jobs.travel(begun + timedelta(hours=1), mover(clock), report))
    await asyncio.sleep(0.01)
    assert clock.now() == begun  # the round that was under way is waited for
    channel.gate.set()
    async with asyncio.timeout(PATIENCE_S):
        await journey
    assert rounds
    assert not any(rounds)
    channel.reached.clear()
    async with asyncio.timeout(PATIENCE_S):
        await channel.reached.wait()  # and afterwards it ticks again
    await jobs.stop()


async def test_an_alert_nobody_takes_does_not_hold_time_up(
    jobs: Jobs, watch: Watch, channel: Channel, clock: FixedClock, caller: Caller
) -> None:
    channel.trouble = RemoteError("The channel is gone.", remote="discord")
    await watch.registering.register(caller, LINK)
    arrival = clock.now() + timedelta(hours=6)
    await asyncio.wait_for(jobs.travel(arrival, mover(clock), no_report), PATIENCE_S)
    assert clock.now() == arrival
    assert "courier" in jobs.failing


async def test_run_due_ends_when_nothing_is_due_any_more(
    jobs: Jobs, watch: Watch, channel: Channel, clock: FixedClock, caller: Caller
) -> None:
    assert await jobs.run_due() == 0
    await watch.registering.register(caller, LINK)
    clock.advance(timedelta(minutes=6))
    assert await jobs.run_due() == 2, "one check and the alert it made"
    assert [kind for _, kind in channel.heard] == [AlertKind.POST_LIVE]
    assert await jobs.run_due() == 0


async def test_a_failing_job_is_logged_and_stops_no_other(
    jobs: Jobs,
    watch: Watch,
    channel: Channel,
    store: Store,
    clock: FixedClock,
    caller: Caller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    channel.trouble = ValueError("a defect")
    post = await watch.registering.register(caller, LINK)
    clock.advance(timedelta(minutes=6))
    await jobs.run_due()
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.LIVE
    assert "a job failed" in caplog.text
    assert jobs.failing["courier"] >= 1
    channel.trouble = None
    await jobs.run_due()
    assert jobs.failing == {}
    assert [kind for _, kind in channel.heard] == [AlertKind.POST_LIVE]


async def test_every_run_has_a_correlation_id_of_its_own(jobs: Jobs, channel: Channel) -> None:
    await jobs.run_due()
    await jobs.run_due()
    assert "-" not in channel.correlations
    assert len(set(channel.correlations)) == len(channel.correlations)
    assert correlation_id() == "-"


async def test_rules_are_read_anew_when_they_are_old(
    jobs: Jobs, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.create_campaign(
        caller,
        name="Paperboat",
        product="Invoices.",
        url=None,
        keywords=["a", "b", "c", "d", "e"],
        communities=["harbor", "quay"],
        now=clock.now(),
    )
    await jobs.travel(clock.now() + timedelta(minutes=1), mover(clock), no_report)
    for community in ("harbor", "quay"):
        snapshot = await store.latest_rules(caller.workspace_id, community)
        assert snapshot is not None
        assert snapshot.rules == world.rules_kept


async def test_started_jobs_catch_up_at_once_and_stop_without_a_trace(
    jobs: Jobs, watch: Watch, channel: Channel, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    clock.advance(timedelta(minutes=6))
    before = asyncio.all_tasks()
    jobs.start()
    jobs.start()
    async with asyncio.timeout(PATIENCE_S):
        await channel.reached.wait()
    await jobs.stop(5)
    await jobs.stop(5)
    assert asyncio.all_tasks() == before
    await jobs.run_due()
    assert [kind for _, kind in channel.heard] == [AlertKind.POST_LIVE]


async def test_stopping_breaks_off_what_does_not_end_and_leases_come_back(
    store: Store, clock: FixedClock, world: World, caller: Caller, channel: Channel
) -> None:
    class Hanging(World):
        async def control_candidates(self) -> list[str]:
            hangs.set()
            await asyncio.Event().wait()
            return []

    await Watch(store, clock, world).registering.register(caller, LINK)
    clock.advance(timedelta(minutes=6))
    hangs = asyncio.Event()
    jobs = Watch(store, clock, Hanging(clock)).jobs(channel.deliver, "test")
    jobs.start()
    async with asyncio.timeout(PATIENCE_S):
        await hangs.wait()
    await jobs.stop(2.2)
    assert len(await store.lease_due_posts(clock.now(), worker="other", lease=LEASE, limit=5)) == 1


async def test_stopping_lets_a_running_job_end(jobs: Jobs, channel: Channel) -> None:
    channel.gate = asyncio.Event()
    jobs.start()
    async with asyncio.timeout(PATIENCE_S):
        await channel.reached.wait()
    stopping = asyncio.create_task(jobs.stop(10))
    await asyncio.sleep(0.05)
    assert not stopping.done()
    channel.gate.set()
    async with asyncio.timeout(PATIENCE_S):
        await stopping


# ---------------------------------------------------------------- the courier is woken


@pytest.fixture
def unticked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is delivered was not brought by a tick."""
    monkeypatch.setattr(schedule, "COURIER_EVERY_S", 3600.0)


async def owe(store: Store, clock: FixedClock, caller: Caller, key: str) -> None:
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {}), clock.now())


@pytest.mark.usefixtures("unticked")
async def test_an_alert_is_delivered_as_soon_as_it_is_owed(
    store: Store, clock: FixedClock, caller: Caller, jobs: Jobs, channel: Channel
) -> None:
    jobs.start()
    for count in (1, 2, 3):
        await owe(store, clock, caller, f"alert {count}")
        await channel.until_heard(count)
    await jobs.stop(5)


@pytest.mark.usefixtures("unticked")
async def test_an_alert_owed_while_the_courier_is_out_is_delivered_next(
    store: Store, clock: FixedClock, caller: Caller, watch: Watch
) -> None:
    class Slow(Channel):
        """Takes what is due, and is then away until the gate opens."""

        async def deliver(self) -> int:
            gate, self.gate = self.gate, None
            taken = await super().deliver()
            self.reached.set()
            if gate is not None:
                await gate.wait()
            return taken

    channel = Slow(store, clock)
    jobs = watch.jobs(channel.deliver, "test", alert_owed=store._database.alert_owed)
    jobs.start()
    await channel.reached.wait()
    channel.gate = gate = asyncio.Event()
    await owe(store, clock, caller, "first")
    await channel.until_heard(1)
    await owe(store, clock, caller, "second")
    gate.set()
    await channel.until_heard(2)
    await jobs.stop(5)


@pytest.mark.usefixtures("unticked")
async def test_what_a_journey_owes_is_delivered_by_its_own_rounds(
    jobs: Jobs, watch: Watch, channel: Channel, clock: FixedClock, caller: Caller
) -> None:
    jobs.start()
    await watch.registering.register(caller, LINK)
    done = await jobs.travel(clock.now() + timedelta(minutes=4), mover(clock), no_report)
    assert [kind for _, kind in channel.heard] == [AlertKind.POST_LIVE]
    assert done == 2, "one check, and the alert it made"
    await jobs.stop(5)

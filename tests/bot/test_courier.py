from __future__ import annotations

import asyncio
import math
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Card, Tone
from bot.courier import DELIVERY_TIMEOUT_S, LEASE, LONGEST_WAIT_S, MAX_ATTEMPTS, Courier, wait_before_retry
from bot.frontend import DeliveryFailed, FrontEnd, Person, Refused
from core.log import correlation_id
from core.model import AlertKind, Caller, NewAlert
from core.timetable import QuietHours
from storage.database import open_database
from storage.store import Store
from storage.store import Store as StoredStore
from tests.clock import FixedClock
from tests.patience import PATIENCE_S


@dataclass
class Channel:
    """A front end that shows cards to a list, and fails where a test says so: by dedupe order, any number of times.

    `hangs`: the workspaces whose deliveries do not end. `refuses`: by place, what it answers as long as it stands here.
    """

    platform: str = "terminal"
    shows_pictures = False
    shown: list[tuple[str, str | None, Card, str]] = field(default_factory=list)
    failures: list[BaseException | None] = field(default_factory=list)
    hangs: set[str] = field(default_factory=set)
    refuses: dict[str | None, DeliveryFailed] = field(default_factory=dict)
    owner: str | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    correlation_ids: list[str] = field(default_factory=list)
    tries: list[tuple[str | None, bool, bool]] = field(default_factory=list)  # place, again, plain

    async def run(self) -> int:
        return 0

    async def stop(self) -> None:
        return

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        return False

    async def deliver(
        self,
        workspace_id: str,
        place: str | None,
        card: Card,
        *,
        nonce: str,
        root_ref: str | None = None,
        again: datetime | None = None,
        plain: bool = False,
    ) -> str:
        self.reached.set()
        self.correlation_ids.append(correlation_id())
        self.tries.append((place, again is not None, plain))
        if workspace_id in self.hangs:
            await asyncio.Event().wait()
        if self.failures and (failure := self.failures.pop(0)) is not None:
            raise failure
        if (refusal := self.refuses.get(place)) is not None and not (plain and refusal.about is Refused.FORM):
            raise refusal
        self.shown.append((workspace_id, place, card, nonce))
        return f"{place}:{len(self.shown)}"

    async def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        for member in (self.owner, *admins):
            if member is not None:
                yield Person(member, "the owner" if member == self.owner else "an admin")

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        raise DeliveryFailed("Only alerts are shown here.", Refused.PLACE)

    @property
    def nonces(self) -> list[str]:
        return [nonce for *_, nonce in self.shown]

    @property
    def places(self) -> list[str | None]:
        return [place for _, place, *_ in self.shown]


def moment(text: str = "No answer.", *, wish_s: float | None = None, may_have_arrived: bool = False) -> DeliveryFailed:
    return DeliveryFailed(text, Refused.MOMENT, retry_after_s=wish_s, may_have_arrived=may_have_arrived)


def gone(text: str = "That channel was deleted.") -> DeliveryFailed:
    return DeliveryFailed(text, Refused.PLACE)


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def courier(store: Store, clock: FixedClock, channel: Channel) -> Courier:
    return Courier(store, clock, {"terminal": channel}, "courier-1", timeout_s=PATIENCE_S)


@pytest.fixture
async def other(store: Store, clock: FixedClock) -> Caller:
    """Somebody of another workspace on the same platform."""
    await store.ensure_workspace("terminal:other", "terminal", "Other", clock.now())
    return Caller("terminal:other", "zoe", "Zoe", "other-correlation")


async def owe(store: Store, clock: FixedClock, caller: Caller, *keys: str) -> None:
    for key in keys:
        assert await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {"by": key}), clock.now())


async def fates(store: Store, caller: Caller) -> dict[str, str]:
    return {
        a.dedupe_key: "delivered" if a.delivered_at else "given up" if a.is_given_up else "waiting"
        for a in await store.alerts(caller.workspace_id, 100)
    }


async def test_an_owed_alert_is_shown_once_and_recorded(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await store.set_alert_channel(caller, "general", clock.now())
    await owe(store, clock, caller, "a")
    assert await courier.deliver_due() == 1
    assert await courier.deliver_due() == 0
    [(workspace, where, card, _)] = channel.shown
    assert (workspace, where) == ("terminal:local", "general")
    assert card.title == "This is a test alert"
    assert await fates(store, caller) == {"a": "delivered"}


async def test_alerts_come_in_the_order_they_were_owed_however_many(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    keys = [f"k{n:02}" for n in range(23)]
    await owe(store, clock, caller, *keys)
    assert await courier.deliver_due() == len(keys)
    assert [card.text.split()[3].rstrip(".") for _, _, card, _ in channel.shown] == keys


async def test_a_delivery_works_under_the_correlation_id_of_its_cause(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a")
    await courier.deliver_due()
    assert channel.correlation_ids == [caller.correlation_id]


async def test_a_failed_delivery_is_tried_again_after_a_wait_and_not_before(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a")
    channel.failures = [moment("The channel did not answer.")]
    assert await courier.deliver_due() == 0
    [alert] = await store.alerts(caller.workspace_id)
    assert alert.last_problem == "The channel did not answer."
    assert alert.next_attempt_at is not None
    assert timedelta(seconds=15) <= alert.next_attempt_at - clock.now() <= timedelta(seconds=19)
    assert await courier.deliver_due() == 0
    assert len(channel.correlation_ids) == 1
    clock.advance(timedelta(seconds=20))
    assert await courier.deliver_due() == 1


async def test_the_wish_of_a_platform_is_respected(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a")
    channel.failures = [moment("Too many messages.", wish_s=900)]
    await courier.deliver_due()
    clock.advance(timedelta(seconds=899))
    assert await courier.deliver_due() == 0
    clock.advance(timedelta(seconds=300))
    assert await courier.deliver_due() == 1


async def fail_for_a_day(store: Store, clock: FixedClock, caller: Caller, courier: Courier, key: str = "a") -> None:
    while (await fates(store, caller))[key] == "waiting":
        await courier.deliver_due()
        clock.advance(timedelta(seconds=LONGEST_WAIT_S * 1.3))


async def test_a_delivery_that_never_works_is_given_up_after_about_a_day(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a")
    channel.refuses[None] = moment()
    started = clock.now()
    await fail_for_a_day(store, clock, caller, courier)
    assert len(channel.correlation_ids) == MAX_ATTEMPTS + 1  # the last one: the news of it
    assert (await store.alerts(caller.workspace_id))[-1].last_problem == "No answer."
    assert timedelta(hours=20) < clock.now() - started < timedelta(days=3)
    backlog = await store.backlog(caller.workspace_id, clock.now())
    assert (backlog.alerts_pending, backlog.alerts_failed) == (1, 1)  # what waits is the news of it


async def test_what_was_given_up_can_be_sent_again(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier, other: Caller
) -> None:
    await owe(store, clock, caller, "a")
    await owe(store, clock, other, "theirs")
    channel.refuses[None] = moment()
    await fail_for_a_day(store, clock, caller, courier)
    await fail_for_a_day(store, clock, other, courier, "theirs")
    channel.refuses.clear()
    assert await store.retry_alerts(caller, clock.now()) == 1
    assert await courier.deliver_due() == 2  # theirs: that one was lost
    assert [card.title for _, _, card, _ in channel.shown if card.tone is Tone.BAD] == [
        "1 alert could not be delivered"
    ]
    assert (await fates(store, caller))["a"] == "delivered"
    assert (await fates(store, other))["theirs"] == "given up"


async def test_one_bad_alert_never_stops_the_others(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a", "b", "c", "d")
    channel.failures = [RuntimeError("defect"), RuntimeError("also as plain text")]
    assert await courier.deliver_due() == 3
    assert (await fates(store, caller)) == {"a": "waiting", **dict.fromkeys("bcd", "delivered")}
    clock.advance(timedelta(minutes=1))
    assert await courier.deliver_due() == 1
    assert (await fates(store, caller))["a"] == "delivered"


async def test_a_defect_in_a_front_end_is_logged_and_shown_without_its_words(
    store: Store,
    clock: FixedClock,
    caller: Caller,
    channel: Channel,
    courier: Courier,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await owe(store, clock, caller, "a")
    channel.failures = [RuntimeError("token=hush"), RuntimeError("token=hush")]
    await courier.deliver_due()
    [alert] = await store.alerts(caller.workspace_id)
    assert alert.last_problem is not None
    assert "hush" not in alert.last_problem
    lines = [r for r in caplog.records if r.exc_info]
    assert len(lines) == 2
    assert all(line.__dict__["reference"] in alert.last_problem for line in lines)


async def test_a_channel_that_hangs_costs_its_time_and_no_more(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel
) -> None:
    await owe(store, clock, caller, "a")
    channel.hangs = {caller.workspace_id}
    courier = Courier(store, clock, {"terminal": channel}, "w", timeout_s=0.05)
    assert await courier.deliver_due() == 0
    [alert] = await store.alerts(caller.workspace_id)
    assert alert.last_problem == "No answer within 0.05 seconds."
    channel.hangs = set()
    clock.advance(timedelta(minutes=1))
    assert await courier.deliver_due() == 1


async def test_a_connection_lost_on_the_way_is_a_failure_and_not_the_end_of_the_courier(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a", "b")
    channel.failures = [asyncio.CancelledError()]
    assert await courier.deliver_due() == 0
    assert (await store.alerts(caller.workspace_id))[
        -1
    ].last_problem == "The connection to the channel was lost on the way."
    clock.advance(timedelta(seconds=20))
    assert await courier.deliver_due() == 2
    assert [again for _, again, _ in channel.tries] == [False, True, False]  # it may have arrived


async def test_a_stop_in_the_middle_of_a_delivery_gives_the_alert_back_at_once(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a", "b")
    channel.hangs = {caller.workspace_id}
    task = asyncio.create_task(courier.deliver_due())
    await channel.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    channel.hangs = set()
    next_one = Courier(store, clock, {"terminal": channel}, "courier-2")
    assert await next_one.deliver_due() == 2  # no lease to wait for


async def test_a_second_round_that_is_stopped_gives_back_nothing_of_the_first(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier, other: Caller
) -> None:
    await owe(store, clock, caller, "a")
    channel.hangs = {caller.workspace_id}
    first = asyncio.create_task(courier.deliver_due())
    await channel.reached.wait()
    await owe(store, clock, other, "b")
    channel.hangs.add(other.workspace_id)
    channel.reached.clear()
    second = asyncio.create_task(courier.deliver_due())
    await channel.reached.wait()
    second.cancel()
    await asyncio.wait([second])
    elsewhere = Channel()
    assert await Courier(store, clock, {"terminal": elsewhere}, "courier-2").deliver_due() == 1
    assert elsewhere.shown[0][0] == other.workspace_id
    first.cancel()
    await asyncio.wait([first])


async def test_two_couriers_never_show_one_alert_twice(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel
) -> None:
    await owe(store, clock, caller, *(f"k{n}" for n in range(25)))
    couriers = [Courier(store, clock, {"terminal": channel}, f"w{n}") for n in range(3)]
    counts = await asyncio.gather(*(c.deliver_due() for c in couriers), couriers[0].deliver_due())
    assert sum(counts) == 25
    assert len(set(channel.nonces)) == len(channel.nonces) == 25


async def test_only_the_platforms_that_are_present_are_served(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await store.ensure_workspace("slack:T1", "slack", "Slack", clock.now())
    await owe(store, clock, Caller("slack:T1", "u", "U", "x"), "theirs")
    await owe(store, clock, caller, "ours")
    assert await courier.deliver_due() == 1
    front_ends: dict[str, FrontEnd] = {}
    late = Courier(store, clock, front_ends, "w")
    assert await late.deliver_due() == 0
    front_ends["slack"] = slack = Channel("slack")  # front ends start after the courier is built
    assert await late.deliver_due() == 1
    assert [w for w, *_ in slack.shown] == ["slack:T1"]


async def test_an_alert_that_kills_the_program_every_time_is_given_up(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a")
    for _ in range(MAX_ATTEMPTS):
        await store.lease_alerts(clock.now(), worker="dead", lease=LEASE, limit=1, platforms=["terminal"])
        clock.advance(LEASE)
    assert await courier.deliver_due() == 1
    assert [card.title for _, _, card, _ in channel.shown] == ["1 alert could not be delivered"]
    assert (await fates(store, caller))["a"] == "given up"


def test_a_lease_outlives_a_place_that_hangs_to_the_end() -> None:
    assert timedelta(seconds=DELIVERY_TIMEOUT_S) < LEASE


async def test_a_program_killed_after_a_delivery_delivers_again_with_the_same_nonce(
    database_url: str, clock: FixedClock, channel: Channel, caller: Caller
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.killed_courier", database_url),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    said, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL
    database = await open_database(database_url)
    try:
        store = StoredStore(database)
        [alert] = await store.alerts(caller.workspace_id)
        courier = Courier(store, clock, {"terminal": channel}, "next")
        assert alert.created_at == clock.now()
        assert await courier.deliver_due() == 0  # still leased to the one that died
        clock.advance(LEASE + timedelta(seconds=1))
        assert await courier.deliver_due() == 1
        assert channel.nonces == [said.decode().strip()]
        assert channel.tries == [(None, True, False)]
    finally:
        await database.close()


@given(st.integers(1, 10**9), st.integers(-5, 10_000), st.none() | st.floats())
def test_a_wait_is_bounded_and_the_same_each_time(alert_id: int, tried: int, wish_s: float | None) -> None:
    wait = wait_before_retry(alert_id, tried, wish_s)
    assert timedelta(seconds=15) <= wait <= timedelta(hours=30)
    assert wait == wait_before_retry(alert_id, tried, wish_s)
    if wish_s is not None and math.isfinite(wish_s) and wish_s <= 86_400:
        assert wait.total_seconds() >= wish_s - 1e-6


def test_alerts_that_failed_together_do_not_return_together() -> None:
    assert len({wait_before_retry(alert_id, 3) for alert_id in range(50)}) > 40


def test_waits_grow_to_an_hour() -> None:
    waits = [wait_before_retry(7, tried).total_seconds() for tried in range(1, 15)]
    assert waits[0] < 20
    assert waits[5] > 400
    assert LONGEST_WAIT_S <= waits[-1] <= LONGEST_WAIT_S * 1.25


async def test_a_courier_that_starts_anew_at_night_keeps_the_quiet_hours(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await store.set_quiet_hours(caller, QuietHours(time(12), time(14)), clock.now())
    for n in range(13):
        await store.owe_alert(caller, NewAlert(AlertKind.AUDIT, f"k{n:02}", {}), clock.now())
    assert await courier.deliver_due() == 0
    restarted = Courier(store, clock, {"terminal": channel}, "courier-2", timeout_s=PATIENCE_S)
    assert await restarted.deliver_due() == 0
    clock.advance(timedelta(hours=2))
    assert await restarted.deliver_due() == 13
    assert await courier.deliver_due() == 0
    assert len(channel.shown) == 13
    assert {alert.attempts for alert in await store.alerts(caller.workspace_id)} == {1}


async def test_a_delivery_that_fails_as_the_quiet_hours_begin_is_tried_again_when_they_end(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await store.set_quiet_hours(caller, QuietHours(time(12, 1), time(14)), clock.now())
    await store.owe_alert(caller, NewAlert(AlertKind.AUDIT, "a", {}), clock.now())
    channel.failures = [moment("The platform is down.")]
    assert await courier.deliver_due() == 0
    clock.advance(timedelta(minutes=5))
    assert await courier.deliver_due() == 0
    assert channel.shown == []
    clock.advance(timedelta(hours=2))
    assert await courier.deliver_due() == 1

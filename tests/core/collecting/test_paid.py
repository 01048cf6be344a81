"""Collecting from a source that costs money: the real apify-client, a loopback Apify, the real ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.analysis.service import Communities
from core.campaigns import Campaign
from core.collecting.runs import RunStatus
from core.collecting.service import Collecting
from core.errors import OverBudget, RemoteError
from core.gateways.apify import ApifySource
from core.ledger import TaskUsage, Usage
from core.model import Basis, Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.core.collecting.invented import row, write_csv
from tests.fakes.apify import FakeApify
from tests.fakes.loopback import Fault

ACTOR = "collect · trudax/reddit-scraper-lite"
MOST = 2_000_000
RUN, START, ITEMS = "/v2/actor-runs/", "/v2/actors/", "/v2/datasets/"


async def silent(text: str, done: int | None = None, total: int | None = None) -> None:
    pass


@dataclass
class Desk:
    """A workspace with a campaign, and another one, on one Apify account."""

    apify: FakeApify
    source: ApifySource
    collecting: Collecting
    store: Store
    clock: FixedClock
    caller: Caller
    other: Caller

    async def usage(self, caller: Caller | None = None) -> Usage:
        return await self.store.usage((caller or self.caller).workspace_id, self.clock.now())

    async def set_cap(self, usd_micros: int) -> None:
        await self.store.set_plan(self.caller, self.clock.now(), monthly_cap_usd_micros=usd_micros)

    async def start(self, caller: Caller | None = None) -> int:
        """The cost that the ended run shows."""
        run = await self.collecting.start(caller or self.caller, None, limit=5, report=silent)
        return run.cost_usd_micros


@pytest.fixture
async def desk(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> AsyncIterator[Desk]:
    other = Caller("terminal:other", "bob", "bob", "test")
    await store.ensure_workspace(other.workspace_id, "terminal", "Other", clock.now())
    await store.create_campaign(
        other,
        name="Soups",
        product="Soups by hand",
        url=None,
        keywords=["pot", "leek", "stock", "salt", "spoon"],
        communities=["cooking"],
        now=clock.now(),
    )
    async with FakeApify() as apify:
        source = ApifySource(token=apify.token, api_url=apify.url, clock=clock, max_charge_usd=2.0, timeout_s=1.0)
        apify.items = [apify.post(name, n) for n, name in enumerate(["pottery", "ceramics", "cooking"])]
        collecting = Collecting(store, clock, {Basis.APIFY: source}, communities)
        yield Desk(apify, source, collecting, store, clock, caller, other)
        await source.close()


async def test_a_cap_of_nothing_starts_no_run_however_often_it_is_tried(desk: Desk) -> None:
    await desk.set_cap(0)
    for _ in range(5):
        with pytest.raises(OverBudget, match=r"up to \$2\.00; \$0\.00 of \$0\.00 are left"):
            await desk.start()
    assert desk.apify.starts == 0
    usage = await desk.usage()
    assert (usage.used_usd_micros, usage.reserved_usd_micros, usage.by_task) == (0, 0, {})


async def test_a_cap_that_is_spent_refuses_the_next_run_with_what_is_left(desk: Desk) -> None:
    await desk.set_cap(3_000_000)
    desk.apify.usage_usd = 1.5
    assert await desk.start() == 1_500_000
    with pytest.raises(OverBudget, match=r"up to \$2\.00; \$1\.50 of \$3\.00 are left"):
        await desk.start()
    assert desk.apify.starts == 1


async def test_the_most_is_held_while_it_runs_and_what_it_cost_is_booked_under_the_actor(desk: Desk) -> None:
    desk.apify.fail(ITEMS, Fault(slow_s=0.2))
    desk.apify.fail(RUN, Fault(slow_s=0.1, times=1))
    starting = asyncio.create_task(desk.start())
    await desk.apify.until_seen(RUN, 1)
    assert (await desk.usage()).by_task == {ACTOR: TaskUsage(0, 0, MOST)}
    await desk.apify.until_seen(ITEMS, 1)
    assert (await desk.usage()).by_task == {ACTOR: TaskUsage(1, 12_346, 0)}, "booked before the pages are read"
    assert await starting == 12_346
    assert (await desk.usage()).by_task == {ACTOR: TaskUsage(1, 12_346, 0)}


async def test_each_of_two_workspaces_that_collect_at_once_is_booked_what_its_own_run_cost(desk: Desk) -> None:
    desk.apify.statuses = ["RUNNING", "RUNNING", "SUCCEEDED"]
    desk.apify.usages_usd.append(1.25)
    first = asyncio.create_task(desk.start(desk.caller))
    await desk.apify.until_seen(START, 1)
    desk.apify.usages_usd.append(0.003)
    costs = await asyncio.gather(first, desk.start(desk.other))
    assert tuple(costs) == (1_250_000, 3_000)
    assert desk.apify.starts == 2
    assert (await desk.usage(desk.caller)).by_task == {ACTOR: TaskUsage(1, 1_250_000)}
    assert (await desk.usage(desk.other)).by_task == {ACTOR: TaskUsage(1, 3_000)}


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED"])
async def test_a_run_is_booked_at_what_apify_says_however_it_ends(desk: Desk, status: str) -> None:
    desk.apify.statuses, desk.apify.usage_usd = [status], 0.5
    assert await desk.start() == 500_000
    assert (await desk.usage()).used_usd_micros == 500_000


async def test_a_failed_run_that_brought_nothing_is_paid_for_all_the_same(desk: Desk) -> None:
    desk.apify.statuses, desk.apify.items, desk.apify.usage_usd = ["FAILED"], [], 0.5
    with pytest.raises(RemoteError):
        await desk.start()
    assert (await desk.usage()).used_usd_micros == 500_000
    run = (await desk.collecting.status(desk.caller.workspace_id)).recent[0]
    assert (run.status, run.cost_usd_micros) == (RunStatus.FAILED, 500_000)


@pytest.mark.parametrize("told", [None, 0.0, -3.0])
async def test_a_run_whose_cost_nobody_tells_is_booked_at_the_most(desk: Desk, told: float | None) -> None:
    desk.apify.usage_usd = told
    assert await desk.start() == MOST
    assert (await desk.usage()).by_task == {ACTOR: TaskUsage(1, MOST)}


@pytest.mark.parametrize(("fault", "booked"), [(Fault(status=402), 0), (Fault(cut=True), MOST)], ids=["402", "cut"])
async def test_a_run_that_was_refused_is_given_back_and_one_that_may_have_begun_is_not(
    desk: Desk, fault: Fault, booked: int
) -> None:
    desk.apify.fail(START, fault)
    with pytest.raises(RemoteError):
        await desk.start()
    usage = await desk.usage()
    assert (usage.used_usd_micros, usage.reserved_usd_micros) == (booked, 0)


async def test_apify_out_of_reach_in_the_middle_books_the_most(desk: Desk) -> None:
    desk.apify.fail(RUN, Fault(status=503))
    with pytest.raises(RemoteError):
        await desk.start()
    assert (await desk.usage()).used_usd_micros == MOST


async def test_a_cancelled_run_books_the_most_and_says_so(desk: Desk) -> None:
    desk.apify.fail(RUN, Fault(slow_s=0.8))
    starting = asyncio.create_task(desk.start())
    await desk.apify.until_seen(RUN, 1)
    cancelled = await desk.collecting.cancel(desk.caller)
    await starting
    assert (cancelled.status, cancelled.cost_usd_micros) == (RunStatus.CANCELLED, MOST)
    assert (await desk.usage()).by_task == {ACTOR: TaskUsage(1, MOST)}


async def test_a_program_that_died_in_a_run_is_booked_the_most_but_not_while_the_run_may_still_end(desk: Desk) -> None:
    price = desk.source.price
    assert price is not None
    began = desk.clock.now()
    block = desk.collecting._paid(desk.caller, price, None)  # type: ignore[arg-type]
    await block.__aenter__()  # and never left, as after kill -9
    assert await desk.store.expire_reservations(began + timedelta(minutes=32)) == 0
    assert await desk.store.expire_reservations(began + price.longest) == 1
    assert (await desk.usage()).by_task == {ACTOR: TaskUsage(1, MOST)}


async def test_a_file_costs_nothing_and_comes_in_under_a_cap_of_nothing(desk: Desk, tmp_path: Path) -> None:
    await desk.set_cap(0)
    path = write_csv(tmp_path / "posts.csv", [row(n) for n in range(1, 4)])
    run = await desk.collecting.import_files(desk.caller, None, [path], report=silent)
    assert (run.funnel.kept, run.cost_usd_micros) == (3, 0)
    assert (await desk.usage()).by_task == {}

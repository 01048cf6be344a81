from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.errors import ModelFailed, OverBudget, PaidCallFailed
from core.ledger import RESERVED_FOR, Ledger, TaskUsage, Usage
from core.model import Caller
from core.ports import ModelAnswer, RunCost
from storage.store import Store
from tests.clock import FixedClock

CAP = 1_000


@pytest.fixture
async def ledger(store: Store, clock: FixedClock, caller: Caller) -> Ledger:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=CAP)
    return Ledger(store, clock)


async def usage(ledger: Ledger, caller: Caller) -> Usage:
    return await ledger.store.usage(caller.workspace_id, ledger.clock.now())


def answer(cost: int | None) -> ModelAnswer:
    return ModelAnswer({}, "openai/x", 10, 5, cost, "provider" if cost is not None else "unknown")


async def test_the_worst_case_is_held_while_the_call_runs_and_the_real_cost_booked_after(
    ledger: Ledger, caller: Caller
) -> None:
    async with ledger.reserving(caller, "draft", 400, model="openai/x") as reservation:
        during = await usage(ledger, caller)
        assert (during.used_usd_micros, during.reserved_usd_micros, during.left_usd_micros) == (0, 400, 600)
        await reservation.book_answer(answer(30))
    after = await usage(ledger, caller)
    assert (after.used_usd_micros, after.reserved_usd_micros) == (30, 0)
    assert after.by_task == {"draft · openai/x": TaskUsage(1, 30)}


async def test_an_answer_of_unknown_cost_is_booked_at_its_worst_case(ledger: Ledger, caller: Caller) -> None:
    async with ledger.reserving(caller, "draft", 400, model="openai/x") as reservation:
        await reservation.book_answer(answer(None))
    assert (await usage(ledger, caller)).used_usd_micros == 400


async def test_a_cap_that_would_be_passed_refuses_before_the_block_runs(ledger: Ledger, caller: Caller) -> None:
    with pytest.raises(OverBudget):
        async with ledger.reserving(caller, "draft", CAP + 1, model="openai/x"):
            pytest.fail("the block ran")
    assert (await usage(ledger, caller)).reserved_usd_micros == 0


@pytest.mark.parametrize(
    ("spent", "booked"), [(0, 0), (25, 25), (None, 400)], ids=["refused", "unusable", "nobody knows"]
)
async def test_a_failed_call_is_booked_at_what_it_cost_all_the_same(
    ledger: Ledger, caller: Caller, spent: int | None, booked: int
) -> None:
    with pytest.raises(ModelFailed):
        async with ledger.reserving(caller, "draft", 400, model="openai/x"):
            raise ModelFailed("no", "try", spent_usd_micros=spent)
    after = await usage(ledger, caller)
    assert (after.used_usd_micros, after.reserved_usd_micros) == (booked, 0)


async def test_a_cancelled_call_keeps_its_worst_case(ledger: Ledger, caller: Caller) -> None:
    inside = asyncio.Event()

    async def call() -> None:
        async with ledger.reserving(caller, "draft", 400, model="openai/x"):
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(call())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    after = await usage(ledger, caller)
    assert (after.used_usd_micros, after.reserved_usd_micros) == (400, 0)


async def test_a_defect_inside_keeps_the_worst_case_and_is_not_hidden(ledger: Ledger, caller: Caller) -> None:
    with pytest.raises(ZeroDivisionError):
        async with ledger.reserving(caller, "draft", 400, model="openai/x"):
            raise ZeroDivisionError
    assert (await usage(ledger, caller)).used_usd_micros == 400


async def test_a_released_hold_costs_nothing(ledger: Ledger, caller: Caller) -> None:
    async with ledger.reserving(caller, "draft", 400, model="openai/x") as reservation:
        await reservation.release()
    after = await usage(ledger, caller)
    assert (after.used_usd_micros, after.reserved_usd_micros) == (0, 0)


async def test_many_calls_at_once_never_pass_the_cap(ledger: Ledger, caller: Caller) -> None:
    async def call() -> int:
        try:
            async with ledger.reserving(caller, "draft", 300, model="openai/x") as reservation:
                assert (await usage(ledger, caller)).left_usd_micros >= 0
                await asyncio.sleep(0.01)
                await reservation.book_answer(answer(300))
        except OverBudget:
            return 0
        return 1

    assert sum(await asyncio.gather(*(call() for _ in range(10)))) == 3
    assert (await usage(ledger, caller)).used_usd_micros == 900


async def test_a_call_cancelled_while_it_reserves_gives_the_money_back(ledger: Ledger, caller: Caller) -> None:
    async def call() -> None:
        async with ledger.reserving(caller, "draft", 400):
            pytest.fail("the block ran")

    task = asyncio.create_task(call())
    await asyncio.sleep(0)  # it is in the middle of the transaction
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    after = await usage(ledger, caller)
    assert (after.used_usd_micros, after.reserved_usd_micros) == (0, 0)


@pytest.mark.parametrize(("told", "booked"), [(30, 30), (None, 400)], ids=["told", "nobody knows"])
async def test_a_run_is_booked_under_its_actor_at_what_that_run_cost(
    ledger: Ledger, caller: Caller, told: int | None, booked: int
) -> None:
    async with ledger.reserving(caller, "collect", 400, model="owner/actor") as reservation:
        await reservation.book_run(RunCost(told))
        assert reservation.booked_usd_micros == booked
    assert (await usage(ledger, caller)).by_task == {"collect · owner/actor": TaskUsage(1, booked)}


@pytest.mark.parametrize(("spent", "booked"), [(0, 0), (None, 400)], ids=["not started", "may have started"])
async def test_a_run_that_did_not_start_is_given_back(
    ledger: Ledger, caller: Caller, spent: int | None, booked: int
) -> None:
    with pytest.raises(PaidCallFailed):
        async with ledger.reserving(caller, "collect", 400, model="owner/actor") as reservation:
            raise PaidCallFailed("no", "try", remote="apify", spent_usd_micros=spent)
    assert reservation.booked_usd_micros == booked
    assert (await usage(ledger, caller)).used_usd_micros == booked


async def test_what_is_booked_never_stands_under_a_name_that_a_remote_made_up(ledger: Ledger, caller: Caller) -> None:
    async with ledger.reserving(caller, "draft", 400, model="openai/x") as reservation:
        await reservation.book_answer(ModelAnswer({}, "<@everyone> gpt", 10, 5, 30, "provider"))
    assert list((await usage(ledger, caller)).by_task) == ["draft · openai/x"]


async def test_a_program_that_died_inside_is_booked_at_its_worst_case_later(
    ledger: Ledger, store: Store, clock: FixedClock, caller: Caller
) -> None:
    block = ledger.reserving(caller, "draft", 400, model="openai/x")
    await block.__aenter__()  # and never left, as after kill -9
    assert await store.expire_reservations(clock.now()) == 0
    clock.advance(RESERVED_FOR + timedelta(seconds=1))
    assert await store.expire_reservations(clock.now()) == 1
    after = await usage(ledger, caller)
    assert (after.used_usd_micros, after.reserved_usd_micros) == (400, 0)

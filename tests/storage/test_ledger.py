from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFound, OverBudget
from core.ledger import TaskUsage, UsageEvent
from core.model import AlertKind, Caller
from core.plans import PLANS, PlanName
from storage.ledger import month_of
from storage.store import Store
from tests.clock import FixedClock

HOLD = timedelta(minutes=15)


def event(cost_usd_micros: int, basis: str = "provider") -> UsageEvent:
    return UsageEvent("draft", "model-a", 100, 50, cost_usd_micros, basis)


async def reserve(store: Store, caller: Caller, clock: FixedClock, amount_usd_micros: int) -> int:
    now = clock.now()
    return await store.reserve(caller, "draft", amount_usd_micros, now, expires_at=now + HOLD)


async def test_a_workspace_without_a_plan_has_the_default_caps(store: Store, caller: Caller) -> None:
    plan = await store.plan(caller.workspace_id)
    assert (plan.monthly_cap_usd_micros, plan.max_tracked_posts, plan.max_campaigns) == (10_000_000, 500, 20)


async def test_a_plan_is_taken_with_its_limits_and_kept_by_its_name(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    assert (await store.plan(caller.workspace_id)).name is PlanName.SELF_HOSTED
    for name, limits in PLANS.items():
        plan = await store.set_plan(caller, clock.now(), name=name)
        assert (plan.name, plan.max_tracked_posts, plan.is_changed) == (name, limits.max_tracked_posts, False)
        assert await store.plan(caller.workspace_id) == plan
    assert (await store.set_plan(caller, clock.now(), max_campaigns=3)).is_changed


async def test_a_plan_changes_what_is_named_only(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1)
    plan = await store.set_plan(caller, clock.now(), max_campaigns=3)
    assert (plan.monthly_cap_usd_micros, plan.max_tracked_posts, plan.max_campaigns) == (1, 500, 3)
    assert await store.plan(caller.workspace_id) == plan


async def test_concurrent_reservations_never_pass_the_cap(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1_000)
    answers = await asyncio.gather(*(reserve(store, caller, clock, 300) for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 3
    assert sum(isinstance(answer, OverBudget) for answer in answers) == 47
    usage = await store.usage(caller.workspace_id, clock.now())
    assert (usage.reserved_usd_micros, usage.left_usd_micros) == (900, 100)
    assert usage.by_task == {"draft · unknown": TaskUsage(0, 0, 900)}


async def test_reserving_booking_and_releasing_at_once_never_pass_the_cap_at_any_moment(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    cap = 1_000
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=cap)

    async def call(number: int) -> int:
        try:
            reservation = await reserve(store, caller, clock, 100 + number)
        except OverBudget:
            return 0
        usage = await store.usage(caller.workspace_id, clock.now())
        assert usage.used_usd_micros + usage.reserved_usd_micros <= cap
        if number % 3 == 0:
            await store.release(caller, reservation, clock.now())
            return 0
        cost = 100 + number if number % 3 == 1 else 7
        await store.book(caller, reservation, event(cost), clock.now())
        return cost

    booked = sum(await asyncio.gather(*(call(number) for number in range(50))))
    usage = await store.usage(caller.workspace_id, clock.now())
    assert (usage.used_usd_micros, usage.reserved_usd_micros) == (booked, 0)
    assert 0 < booked <= cap


async def test_a_refusal_says_what_is_left_and_when_it_resets(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=2_000_000)
    with pytest.raises(OverBudget, match=r"\$3\.00; \$2\.00 of \$2\.00 are left this month.*resets on 2026-12-01"):
        await reserve(store, caller, clock, 3_000_000)


async def test_a_refusal_of_less_than_a_cent_names_amounts_that_differ(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=2_000)
    with pytest.raises(OverBudget, match=r"up to \$0\.003; \$0\.002 of \$0\.002 are left"):
        await reserve(store, caller, clock, 3_000)
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=2_001_000)
    with pytest.raises(OverBudget, match=r"up to \$2\.01; \$2\.00 of"):
        await reserve(store, caller, clock, 2_001_001)


async def test_a_cap_set_before_the_operators_ceiling_does_not_pass_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=9_000_000)
    bound = Store(store._database, max_monthly_cap_usd_micros=4_000_000)
    plan = await bound.plan(caller.workspace_id)
    assert (plan.monthly_cap_usd_micros, plan.cap_usd_micros) == (9_000_000, 4_000_000)
    assert (await bound.usage(caller.workspace_id, clock.now())).cap_usd_micros == 4_000_000
    with pytest.raises(OverBudget, match=r"\$4\.00 of \$4\.00 are left.*BCRAO_MAX_MONTHLY_CAP_USD"):
        await reserve(bound, caller, clock, 4_000_001)
    await bound.set_plan(caller, clock.now(), max_campaigns=3)
    assert (await store.plan(caller.workspace_id)).monthly_cap_usd_micros == 9_000_000, "what was set stays set"


async def test_a_ceiling_holds_for_a_workspace_that_never_set_a_plan_and_a_lower_cap_stays(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    bound = Store(store._database, max_monthly_cap_usd_micros=4_000_000)
    assert (await bound.plan(caller.workspace_id)).cap_usd_micros == 4_000_000
    assert (await bound.set_plan(caller, clock.now(), monthly_cap_usd_micros=1_000)).cap_usd_micros == 1_000
    with pytest.raises(OverBudget, match="An admin can raise the cap"):
        await reserve(bound, caller, clock, 1_001)


async def test_what_a_call_really_cost_replaces_its_reservation(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    reservation = await reserve(store, caller, clock, 500)
    await store.book(caller, reservation, event(120), clock.now())
    usage = await store.usage(caller.workspace_id, clock.now())
    assert (usage.used_usd_micros, usage.reserved_usd_micros) == (120, 0)
    assert usage.by_task == {"draft · model-a": TaskUsage(1, 120)}


async def test_a_released_reservation_costs_nothing(store: Store, caller: Caller, clock: FixedClock) -> None:
    reservation = await reserve(store, caller, clock, 500)
    await store.release(caller, reservation, clock.now())
    usage = await store.usage(caller.workspace_id, clock.now())
    assert (usage.used_usd_micros, usage.reserved_usd_micros) == (0, 0)


async def test_a_reservation_nobody_came_back_for_counts_as_spent_until_the_real_cost_is_known(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    reservation = await reserve(store, caller, clock, 500)
    assert await store.expire_reservations(clock.now()) == 0
    clock.advance(HOLD)
    assert await store.expire_reservations(clock.now()) == 1
    assert await store.expire_reservations(clock.now()) == 0
    usage = await store.usage(caller.workspace_id, clock.now())
    assert (usage.used_usd_micros, usage.reserved_usd_micros) == (500, 0)

    await store.release(caller, reservation, clock.now())
    assert (await store.usage(caller.workspace_id, clock.now())).used_usd_micros == 500
    for _ in range(2):
        await store.book(caller, reservation, event(120), clock.now())
    assert (await store.usage(caller.workspace_id, clock.now())).used_usd_micros == 120


async def test_a_new_month_starts_at_nothing(store: Store, caller: Caller, clock: FixedClock) -> None:
    reservation = await reserve(store, caller, clock, 500)
    await store.book(caller, reservation, event(500), clock.now())
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert (await store.usage(caller.workspace_id, december - timedelta(seconds=1))).used_usd_micros == 500
    assert (await store.usage(caller.workspace_id, december)).used_usd_micros == 0


async def test_a_call_over_midnight_of_the_first_is_booked_and_held_in_the_month_that_reserved_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    november, december = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    reservation = await store.reserve(caller, "draft", 500, november, expires_at=december + HOLD, model="model-a")
    assert (await store.usage(caller.workspace_id, november)).reserved_usd_micros == 500
    assert (await store.usage(caller.workspace_id, december)).reserved_usd_micros == 0
    await store.book(caller, reservation, event(120), december)
    assert (await store.usage(caller.workspace_id, november)).used_usd_micros == 120
    assert (await store.usage(caller.workspace_id, december)).used_usd_micros == 0


async def test_a_run_that_nobody_came_back_for_is_booked_under_its_task_and_actor(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.reserve(caller, "collect", 500, now, expires_at=now + HOLD, model="owner/actor")
    during = await store.usage(caller.workspace_id, now)
    assert during.by_task == {"collect · owner/actor": TaskUsage(0, 0, 500)}
    await store.expire_reservations(now + HOLD)
    after = await store.usage(caller.workspace_id, now)
    assert after.by_task == {"collect · owner/actor": TaskUsage(1, 500, 0)}


async def test_a_reservation_that_is_not_there_cannot_be_booked(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    with pytest.raises(NotFound):
        await store.book(caller, 99, event(1), clock.now())


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants its bounds naive
def test_a_month_holds_its_instant_and_begins_and_ends_on_a_first(at: datetime) -> None:
    start, end = month_of(at)
    assert start <= at < end
    assert (start.day, end.day) == (1, 1)
    assert timedelta(days=28) <= end - start <= timedelta(days=31)


async def warnings(store: Store, caller: Caller) -> list[dict[str, Any]]:
    owed = await store.alerts(caller.workspace_id, None, kind=AlertKind.MONEY_NEARLY_USED)
    return [dict(alert.facts) for alert in owed]


async def test_a_month_is_warned_of_once_when_four_fifths_of_its_money_are_used(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1_000)
    kept = await reserve(store, caller, clock, 210)
    await store.book(caller, await reserve(store, caller, clock, 790), event(790), clock.now())
    assert await warnings(store, caller) == [], "what is only reserved counts for nothing"
    await store.book(caller, kept, event(10), clock.now())
    assert await warnings(store, caller) == [
        {"used_usd_micros": 800, "cap_usd_micros": 1_000, "percent": 80, "resets_at": "2026-12-01T00:00:00+00:00"}
    ]
    await store.book(caller, await reserve(store, caller, clock, 100), event(100), clock.now())
    assert len(await warnings(store, caller)) == 1
    december = FixedClock(datetime(2026, 12, 3, tzinfo=UTC))
    await store.book(caller, await reserve(store, caller, december, 900), event(900), december.now())
    assert [facts["percent"] for facts in await warnings(store, caller)] == [90, 80]


async def test_a_call_of_last_month_that_is_booked_late_warns_of_no_month(store: Store, caller: Caller) -> None:
    november, december = (FixedClock(datetime(2026, month, 1, tzinfo=UTC)) for month in (11, 12))
    await store.set_plan(caller, november.now(), monthly_cap_usd_micros=1_000)
    await store.book(caller, await reserve(store, caller, november, 900), event(900), december.now())
    assert await warnings(store, caller) == []


async def test_what_is_booked_at_its_worst_case_warns_too(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1_000)
    await reserve(store, caller, clock, 850)
    assert await store.expire_reservations(clock.advance(HOLD)) == 1
    assert [facts["percent"] for facts in await warnings(store, caller)] == [85]


async def test_calls_booked_at_once_have_warned_when_the_next_one_begins(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1_000)
    held = [await reserve(store, caller, clock, 100) for _ in range(8)]
    await asyncio.gather(*(store.book(caller, one, event(100), clock.now()) for one in held))
    await reserve(store, caller, clock, 1)
    assert [facts["percent"] for facts in await warnings(store, caller)] == [80]


async def test_a_cap_of_nothing_has_nothing_to_warn_of(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=0)
    await store.book(caller, await reserve(store, caller, clock, 0), event(0), clock.now())
    assert await warnings(store, caller) == []

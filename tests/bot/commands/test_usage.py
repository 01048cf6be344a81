from __future__ import annotations

import pytest

from bot.card import Tone
from bot.commands import usage
from bot.frontend import Actor
from core.journal import JournalKind
from core.ledger import Ledger
from core.model import Caller, Role
from core.plans import PLANS, PlanName
from core.ports import ModelAnswer, RunCost
from storage.store import Store
from tests.bot.bare import Desk, bare_services
from tests.clock import FixedClock

VIEWER = Actor("terminal:local", "terminal", "Local", "vera", "Vera")


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    return Desk(bare_services(store, clock), usage.commands)


async def test_usage_shows_what_is_used_reserved_and_left_by_task_and_model(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await desk.done("plan set monthly_cap=5")
    ledger = Ledger(store, clock)
    async with ledger.reserving(caller, "draft", 400_000, model="openai/x") as reservation:
        await reservation.book_answer(ModelAnswer({}, "openai/x", 1, 1, 20_000, "provider"))
    async with ledger.reserving(caller, "draft", 1_000_000, model="openai/x") as reservation:
        card = await desk.done("usage", VIEWER)
        await reservation.release()
    assert card.text.startswith("$3.98 of $5.00 left")
    told = {f.name: f.value for f in card.fields}
    assert told["Used"] == "$0.02"
    assert told["Reserved for what is under way"] == "$1.00"
    assert told["By task, with model or actor"] == "draft · openai/x: $0.02 in 1 call, $1.00 reserved"
    assert told["Watched posts"] == "0 of 500"
    assert "1 Dec 2026" in card.footnote
    assert card.values["left_usd_micros"] == 3_980_000


async def test_less_than_a_cent_is_not_said_to_be_nothing_and_what_is_left_is_not_rounded_up(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await desk.done("plan set monthly_cap=5")
    async with Ledger(store, clock).reserving(caller, "collect", 3_000, model="owner/actor") as reservation:
        card = await desk.done("usage", VIEWER)
        told = {f.name: f.value for f in card.fields}
        assert told["By task, with model or actor"] == "collect · owner/actor: $0.003 reserved"
        await reservation.book_run(RunCost(3_000))
    card = await desk.done("usage", VIEWER)
    told = {f.name: f.value for f in card.fields}
    assert card.text == "$4.99 of $5.00 left this month."
    assert (told["Used"], told["Reserved for what is under way"]) == ("$0.003", "$0.00")
    assert told["By task, with model or actor"] == "collect · owner/actor: $0.003 in 1 call"
    assert card.values["by_task"] == {
        "collect · owner/actor": {"calls": 1, "cost_usd_micros": 3_000, "reserved_usd_micros": 0}
    }


async def test_a_plan_cannot_pass_the_ceiling_of_who_runs_the_bot(store: Store, clock: FixedClock, desk: Desk) -> None:
    await desk.done("plan set monthly_cap=7")
    bound = Store(store._database, max_monthly_cap_usd_micros=2_500_000)
    below = Desk(bare_services(bound, clock), usage.commands)
    refused = await below.say("plan set monthly_cap=2.51")
    assert refused.code == "bad_argument"
    assert "Who runs this bot allows at most $2.50 a month" in refused.text
    assert "BCRAO_MAX_MONTHLY_CAP_USD" in refused.text
    card = await below.done("plan show")
    assert card.fields[1].value == "$2.50: the most that who runs this bot allows ($7.00 is set here)"
    assert card.values["monthly_cap_usd_micros"] == 2_500_000
    assert (await below.done("usage")).text.startswith("$2.50 of $2.50 left")
    assert (await below.done("plan set monthly_cap=2.50")).fields[1].value == "$2.50"


async def test_a_reached_cap_is_said_with_the_way_without_money(desk: Desk) -> None:
    await desk.done("plan set monthly_cap=0")
    card = await desk.done("usage")
    assert card.tone is Tone.ATTENTION
    assert "/rao draft interview" in card.text


async def test_four_fifths_of_a_cap_are_told_before_it_is_reached(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await desk.done("plan set monthly_cap=5")
    for spent, told in ((3_950_000, "$1.05 of $5.00 left this month."), (60_000, "80% of it is used. An admin can")):
        async with Ledger(store, clock).reserving(caller, "draft", spent, model="openai/x") as reservation:
            await reservation.book_answer(ModelAnswer({}, "openai/x", 1, 1, spent, "provider"))
        card = await desk.done("usage")
        assert card.text.splitlines()[-1].startswith(told)
    assert (card.tone, card.values["used_percent"]) == (Tone.ATTENTION, 80)


async def test_the_plan_is_shown_and_changed_in_parts(desk: Desk) -> None:
    await desk.done("plan set monthly_cap=$2.50 tracked_posts=7")
    card = await desk.done("plan show")
    assert card.values == {
        "plan": "self-hosted",
        "monthly_cap_usd_micros": 2_500_000,
        "max_tracked_posts": 7,
        "max_campaigns": 20,
    }
    assert card.fields[0].value == "self-hosted, with limits of your own"


async def test_a_plan_brings_its_limits_except_for_those_that_are_set_beside_it(desk: Desk, store: Store) -> None:
    assert (await desk.done("plan show")).fields[0].value == "self-hosted"
    await desk.done("plan set campaigns=7")
    card = await desk.done("plan set plan=growth tracked_posts=30")
    growth = PLANS[PlanName.GROWTH]
    assert card.fields[0].value == "growth, with limits of your own"
    assert card.values == {
        "plan": "growth",
        "monthly_cap_usd_micros": growth.monthly_cap_usd_micros,
        "max_tracked_posts": 30,
        "max_campaigns": growth.max_campaigns,
    }
    assert (await desk.done("plan set plan=growth")).fields[0].value == "growth"
    entries = [entry for entry in await store.journal("terminal:local") if entry.kind is JournalKind.PLAN_SET]
    assert entries[1].facts == {"plan": "growth", "max_tracked_posts": 30}


async def test_a_plan_above_the_ceiling_of_who_runs_the_bot_is_held_to_it(
    store: Store, clock: FixedClock, desk: Desk
) -> None:
    bound = Store(store._database, max_monthly_cap_usd_micros=2_500_000)
    card = await Desk(bare_services(bound, clock), usage.commands).done("plan set plan=growth")
    assert card.fields[1].value == "$2.50: the most that who runs this bot allows ($50.00 is set here)"


@pytest.mark.parametrize(
    "line",
    [
        "plan set",
        "plan set monthly_cap=lots",
        "plan set monthly_cap=-1",
        "plan set tracked_posts=999999",
        "plan set plan=free",
    ],
)
async def test_a_plan_that_makes_no_sense_is_refused(desk: Desk, line: str) -> None:
    assert (await desk.say(line)).code == "bad_argument"


async def test_only_an_admin_sees_and_sets_the_plan(desk: Desk) -> None:
    assert (await desk.say("plan set monthly_cap=500", VIEWER)).code == "forbidden"
    assert (await desk.say("plan show", VIEWER)).code == "forbidden"

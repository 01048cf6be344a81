from __future__ import annotations

import pytest

from bot.card import Tone
from bot.command import Actor
from bot.commands import plan, usage
from core.ledger import Ledger
from core.model import Caller, Role
from core.ports import ModelAnswer
from storage.store import Store
from tests.bot.bare import Desk, bare_services
from tests.clock import FixedClock

VIEWER = Actor("terminal:local", "terminal", "Local", "vera", "Vera")


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    return Desk(bare_services(store, clock), usage.commands, plan.commands)


async def test_usage_shows_what_is_used_reserved_and_left_by_task_and_model(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await desk.done("plan set monthly_cap=5")
    ledger = Ledger(store, clock)
    async with ledger.hold(caller, "draft", 400_000, model="openai/x") as hold:
        await hold.settle_answer(ModelAnswer({}, "openai/x", 1, 1, 20_000, "provider"))
    async with ledger.hold(caller, "draft", 1_000_000, model="openai/x") as hold:
        card = await desk.done("usage", VIEWER)
        await hold.release()
    assert card.text.startswith("$3.98 of $5.00 left")
    told = {f.name: f.value for f in card.fields}
    assert told["Used"] == "$0.02"
    assert told["Reserved for calls under way"] == "$1.00"
    assert told["By task and model"] == "draft · openai/x: $0.02 in 1 call"
    assert told["Watched posts"] == "0 of 500"
    assert "1 Dec 2026" in card.footnote
    assert card.values["left_usd_micros"] == 3_980_000


async def test_a_reached_cap_is_said_with_the_way_without_money(desk: Desk) -> None:
    await desk.done("plan set monthly_cap=0")
    card = await desk.done("usage")
    assert card.tone is Tone.ATTENTION
    assert "writer=outline" in card.text


async def test_the_plan_is_shown_and_changed_in_parts(desk: Desk) -> None:
    await desk.done("plan set monthly_cap=$2.50 tracked_posts=7")
    card = await desk.done("plan show")
    assert card.values == {"monthly_cap_usd_micros": 2_500_000, "max_tracked_posts": 7, "max_campaigns": 20}


@pytest.mark.parametrize(
    "line", ["plan set", "plan set monthly_cap=lots", "plan set monthly_cap=-1", "plan set tracked_posts=999999"]
)
async def test_a_plan_that_makes_no_sense_is_refused(desk: Desk, line: str) -> None:
    assert (await desk.say(line)).code == "bad_argument"


async def test_only_an_admin_sees_and_sets_the_plan(desk: Desk) -> None:
    assert (await desk.say("plan set monthly_cap=500", VIEWER)).code == "forbidden"
    assert (await desk.say("plan show", VIEWER)).code == "forbidden"

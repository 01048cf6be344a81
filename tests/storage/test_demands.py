"""Demands of rules: kept whole, read again in their place, and kept from the program once a person confirmed them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.demands import KeptDemand
from core.model import Caller
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from storage.store import Store
from tests.clock import FixedClock


async def test_a_demand_comes_back_as_it_was_read_and_confirmed(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    asked = Demand(Topic.PROMOTION, Stance.FORBIDS, "no adverts", "unless on Friday", (4, 5), (1, 10), 30, "days")
    whole = KeptDemand("key 1", "No adverts", asked, "model", now, "bob", now + timedelta(hours=1))
    bare = KeptDemand("key 2", "Be kind", Demand(Topic.TOPIC, Stance.NONE, "be kind"), "rules", now)
    await store.confirm_demands(caller, "harbor", [whole, bare], ["key 1", "key 2"], now)
    assert await store.demands(caller.workspace_id, "harbor") == [whole, bare]
    assert await store.demands(caller.workspace_id, "attic") == []


async def test_a_new_reading_takes_the_place_of_the_old_one_where_nobody_confirmed_that(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)

    def read(key: str, quote: str, *, by: str | None = None) -> KeptDemand:
        demand = Demand(Topic.PROMOTION, Stance.FORBIDS, quote)
        return KeptDemand(key, key, demand, "rules", now, by, now if by is not None else None)

    first = [read("a", "old a"), read("b", "old b"), read("c", "old c")]
    for whose, community in ((caller, "harbor"), (caller, "attic"), (other, "harbor")):
        await store.keep_demands(whose, community, first, ["a", "b", "c"])
    confirmed = read("a", "said", by="bob")
    await store.confirm_demands(caller, "harbor", [confirmed], ["a"], now)
    links = replace(read("b", ""), demand=Demand(Topic.LINKS, Stance.FORBIDS, "links"))
    newer = [read("a", "new a"), read("b", "new b"), links]
    await store.keep_demands(caller, "harbor", newer, ["a", "b"])
    assert await store.demands(caller.workspace_id, "harbor") == [first[2], confirmed, *newer[1:]]
    assert await store.demands(caller.workspace_id, "attic") == first
    assert await store.demands("terminal:b", "harbor") == first
    await store.keep_demands(caller, "harbor", [], ["a", "b", "c"])
    assert await store.demands(caller.workspace_id, "harbor") == [confirmed]
    await store.confirm_demands(caller, "harbor", [], ["b", "c"], now)
    assert await store.demands(caller.workspace_id, "harbor") == [confirmed]
    await store.confirm_demands(caller, "harbor", [], ["a"], now)
    assert await store.demands(caller.workspace_id, "harbor") == []
    assert [entry.facts for entry in await store.journal(caller.workspace_id)] == [
        {"demands": 0},
        {"demands": 0},
        {"demands": 1},
    ]

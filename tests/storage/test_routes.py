"""Routes: whole rows, what a new one replaces, and what becomes due when a mute ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import Advice, Do, NotAllowedNow, NotFound
from core.model import AlertKind, Caller, NewAlert
from core.routes import ROUTES_MAX, About, NewRoute, Route
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


async def test_a_route_replaces_the_one_of_its_kind_about_the_same_and_no_other(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    tea = NewRoute(About.COMMUNITY, "tea", "r/tea", "c-1")
    foreign = await store.set_route(elsewhere, tea, now)
    sent = await store.set_route(caller, tea, now)
    assert sent == Route(sent.id, caller.workspace_id, About.COMMUNITY, "tea", "r/tea", "c-1", None, "alice", now)
    muted = await store.set_route(caller, NewRoute(About.COMMUNITY, "tea", "r/tea", until=now + HOUR), now)
    assert muted == Route(
        muted.id, caller.workspace_id, About.COMMUNITY, "tea", "r/tea", None, now + HOUR, "alice", now
    )
    assert muted.mutes
    assert not sent.mutes
    said = (await store.journal(caller.workspace_id))[0].facts
    assert said == {
        "about": "community",
        "name": "r/tea",
        "place": None,
        "until": (now + HOUR).isoformat(),
    }
    ink = await store.set_route(caller, replace(tea, which="ink", name="r/ink"), now)
    person = await store.set_route(caller, replace(tea, about=About.PERSON), now)
    assert await store.routes(caller.workspace_id) == [sent, muted, ink, person]

    later = clock.advance(timedelta(minutes=1))
    moved = await store.set_route(caller, replace(tea, place="c-2"), later)
    assert await store.routes(caller.workspace_id) == [muted, ink, person, moved]
    longer = await store.set_route(
        world.somebody_else(caller, "bob"), NewRoute(About.COMMUNITY, "tea", "r/tea", until=later + HOUR), later
    )
    assert (longer.made_by, longer.made_at) == ("bob", later)
    assert await store.routes(caller.workspace_id) == [ink, person, moved, longer]
    assert await store.routes("terminal:b") == [foreign]


async def test_mutes_that_have_ended_go_with_the_next_route(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    for whose in (caller, elsewhere):
        for name, lasts in (("ended", HOUR), ("lasts", HOUR + SECOND)):
            await store.set_route(whose, NewRoute(About.COMMUNITY, name, name, until=now + lasts), now)
    later = clock.advance(HOUR)
    assert [route.name for route in await store.routes(caller.workspace_id)] == ["ended", "lasts"]
    await store.set_route(caller, NewRoute(About.PERSON, "bob", "bob", "c-1"), later)
    assert [route.name for route in await store.routes(caller.workspace_id)] == ["lasts", "bob"]
    assert [route.name for route in await store.routes("terminal:b")] == ["ended", "lasts"]


async def test_a_workspace_has_so_many_routes_and_no_more(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    await store.set_route(elsewhere, NewRoute(About.PERSON, "bob", "bob", "c-1"), now)
    for n in range(ROUTES_MAX):
        await store.set_route(caller, NewRoute(About.COMMUNITY, f"c{n}", f"r/c{n}", "c-1"), now)
    with pytest.raises(NotAllowedNow) as told:
        await store.set_route(caller, NewRoute(About.COMMUNITY, "more", "r/more", "c-1"), now)
    do = told.value.do
    assert isinstance(do, Advice)
    assert (told.value.what, do, do.act) == (
        "There are 25 routes already.",
        "End one that nobody needs.",
        Do.LIST_ALERTS,
    )
    again = await store.set_route(caller, NewRoute(About.COMMUNITY, "c0", "r/c0", "c-2"), now)
    routes = await store.routes(caller.workspace_id)
    assert (len(routes), routes[-1]) == (ROUTES_MAX, again)


async def test_what_a_mute_held_back_is_due_when_it_is_ended(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, until = clock.now(), clock.now() + HOUR
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    for whose, key, waits_until in (
        (elsewhere, "foreign", until),
        (caller, "held", until),
        (caller, "held longer", until + SECOND),
    ):
        await store.owe_alert(whose, NewAlert(AlertKind.TEST, key, {}), waits_until)
    muted = await store.set_route(caller, NewRoute(About.COMMUNITY, "tea", "r/tea", until=until), now)
    sent = await store.set_route(caller, NewRoute(About.COMMUNITY, "tea", "r/tea", "c-1"), now)
    owed = store._database.alert_owed

    async def due() -> dict[str, timedelta]:
        found = [alert for whose in (caller, elsewhere) for alert in await store.alerts(whose.workspace_id)]
        return {alert.dedupe_key: alert.next_attempt_at - now for alert in found if alert.next_attempt_at is not None}

    waits = {"foreign": HOUR, "held": HOUR, "held longer": HOUR + SECOND}
    owed.clear()
    assert await store.end_route(caller, sent.id, now) == sent
    assert (await due(), owed.is_set()) == (waits, False)
    assert await store.end_route(caller, muted.id, now) == muted
    assert (await due(), owed.is_set()) == (waits | {"held": timedelta()}, True)
    assert await store.routes(caller.workspace_id) == []
    with pytest.raises(NotFound) as told:
        await store.end_route(caller, muted.id, now)
    assert told.value.shown == f"There is no route {muted.id} here. See which there are."


async def test_ending_a_route_leaves_the_others_and_a_mute_that_held_nothing_wakes_nobody(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    first, second = [
        await store.set_route(caller, NewRoute(About.COMMUNITY, name, name, until=now + HOUR), now)
        for name in ("a", "b")
    ]
    store._database.alert_owed.clear()
    await store.end_route(caller, first.id, now)
    assert await store.routes(caller.workspace_id) == [second]
    assert not store._database.alert_owed.is_set()

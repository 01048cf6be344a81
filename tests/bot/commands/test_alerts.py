from __future__ import annotations

from datetime import timedelta

import pytest

from bot.card import Tone
from bot.commands import alerts, setup
from core.model import AlertKind, Caller, NewAlert
from core.ports import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Desk, bare_services
from tests.clock import FixedClock


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(bare_services(store, clock), alerts.commands, setup.commands)


async def owe_and_settle(store: Store, clock: FixedClock, caller: Caller, key: str, **fate: object) -> None:
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {}), clock.now())
    claimed = await store.claim_alerts(
        clock.now(), worker="w", lease=timedelta(minutes=1), limit=9, platforms=["terminal", "discord"]
    )
    for alert in claimed:
        await store.settle_alert(alert.id, "w", clock.now(), **fate)  # type: ignore[arg-type]


async def test_alerts_go_where_the_command_was_given(desk: Desk, store: Store) -> None:
    card = await desk.say("alerts here", CHATTING)
    assert card.ok
    assert (await store.workspace(CHATTING.workspace_id)).alert_channel == "c-7"


async def test_in_the_terminal_they_go_to_the_terminal(desk: Desk, store: Store) -> None:
    await desk.done("alerts here")
    assert (await store.workspace(ALICE.workspace_id)).alert_channel is None


async def test_a_new_place_gets_what_the_old_one_did_not_take(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await owe_and_settle(store, clock, caller, "k", delivered=False, problem="That channel was deleted.")
    card = await desk.done("alerts here")
    assert "1 alert that could not be delivered" in card.text
    [alert] = await store.alerts(caller.workspace_id)
    assert alert.next_attempt_at == clock.now()
    assert (await desk.done("alerts here")).values["sent_again"] == 0


async def test_the_list_says_what_became_of_each(desk: Desk, store: Store, clock: FixedClock, caller: Caller) -> None:
    await owe_and_settle(store, clock, caller, "a", delivered=True)
    await owe_and_settle(store, clock, caller, "e", delivered=True, problem="The channel is archived.")
    await owe_and_settle(store, clock, caller, "b", delivered=False, problem="That channel was deleted.")
    await owe_and_settle(
        store, clock, caller, "c", delivered=False, problem="No answer.", retry_at=clock.now() + timedelta(minutes=5)
    )
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "d", {}), clock.now())
    card = await desk.done("alerts list")
    assert [f.value for f in card.fields] == [
        "Waiting, due 23 Nov 2026, 12:00 UTC",
        "Not delivered after 1 try, next 23 Nov 2026, 12:05 UTC\nNo answer.",
        "Given up after 1 try, owed since 23 Nov 2026, 12:00 UTC\nThat channel was deleted.",
        "Delivered 23 Nov 2026, 12:00 UTC, not to its channel\nThe channel is archived.",
        "Delivered 23 Nov 2026, 12:00 UTC",
    ]
    assert card.fields[0].name.endswith("This is a test alert")
    assert card.tone is Tone.ATTENTION
    assert "/rao alerts here" in card.text


async def test_an_empty_list_says_when_the_first_comes(desk: Desk) -> None:
    card = await desk.done("alerts list")
    assert card.title == "No alerts yet"
    assert card.actions


async def test_a_viewer_sees_the_list_and_moves_nothing(desk: Desk) -> None:
    assert (await desk.say("alerts list", GUEST)).ok
    assert (await desk.say("alerts here", GUEST)).code == "forbidden"

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands import alerts, role, setup
from core.model import AlertKind
from core.ports import Store
from tests.bot.bare import CHATTING, GUEST, Desk, bare_services, source
from tests.clock import FixedClock


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    services = bare_services(store, clock, sources=(source("Reddit", "visibility"),), embedded=("Database: SQLite",))
    return Desk(services, setup.commands, alerts.commands, role.commands)


def labels(card: object) -> list[str]:
    return [a["label"] for a in card.to_json("")["actions"]]  # type: ignore[attr-defined]


async def test_one_card_says_what_is_missing_in_a_new_chat_workspace(desk: Desk) -> None:
    card = await desk.done("setup", CHATTING)
    said = {f.name: f.value for f in card.fields}
    assert said["1. Where alerts go"].startswith("Not chosen yet")
    assert "No admin is named yet" in said["2. Who may do what"]
    assert said["3. What works"] == "Reddit (visibility): set up, not used yet"
    assert said["Built-in defaults in use"] == "Database: SQLite"
    assert labels(card) == ["Send alerts here", "New campaign"]


async def test_in_the_terminal_alerts_have_a_place_already(desk: Desk) -> None:
    card = await desk.done("setup")
    assert card.fields[0].value == "this terminal"
    assert "Send a test alert" in labels(card)


async def test_after_the_buttons_the_card_shows_what_was_set(desk: Desk) -> None:
    await desk.press("v1|alerts here|", CHATTING)
    await desk.say("role grant me role=admin", CHATTING)
    card = await desk.done("setup", CHATTING)
    said = {f.name: f.value for f in card.fields}
    assert said["1. Where alerts go"] == "c-7"
    assert said["2. Who may do what"].startswith("Admin: Dora")
    assert card.values["admins"] == ["Dora"]


async def test_the_button_owes_one_test_alert_a_minute(desk: Desk, store: Store, clock: FixedClock) -> None:
    assert (await desk.press("v1|setup test alert|")).title == "A test alert is on its way"
    assert "a moment ago" in (await desk.press("v1|setup test alert|")).title
    clock.advance(timedelta(minutes=1))
    assert (await desk.press("v1|setup test alert|")).values["owed"]
    owed = await store.alerts("terminal:local")
    assert [(a.kind, a.facts["by"]) for a in owed] == [(AlertKind.TEST, "Alice")] * 2


async def test_only_an_admin_sets_up(desk: Desk) -> None:
    assert (await desk.say("setup", GUEST)).code == "forbidden"
    assert (await desk.press("v1|setup test alert|", GUEST)).code == "forbidden"

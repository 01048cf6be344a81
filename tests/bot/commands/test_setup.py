from __future__ import annotations

from datetime import timedelta

import pytest

from bot.card import Button, Card, Style
from bot.commands import alerts, role, setup
from bot.ladder import Places
from core.model import AlertKind, Caller
from storage.store import Store
from tests.bot.bare import CHATTING, GUEST, Board, Desk, bare_services, source
from tests.clock import FixedClock
from tests.core.drafting.material import bare_campaign


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    services = bare_services(
        store,
        clock,
        remotes=(source("Reddit", "visibility"),),
        embedded=("Database: SQLite",),
        places=Places({"discord": Board()}),
    )
    return Desk(services, setup.commands, alerts.commands, role.commands)


def labels(card: object) -> list[str]:
    return [a["label"] for a in card.to_json("")["actions"]]  # type: ignore[attr-defined]


def primary(card: Card) -> list[str]:
    return [a.label for a in card.actions if isinstance(a, Button) and a.style is Style.PRIMARY]


async def test_one_card_says_what_is_missing_in_a_new_chat_workspace(desk: Desk) -> None:
    card = await desk.done("setup", CHATTING)
    said = {f.name: f.value for f in card.fields}
    assert said["1. Where alerts go"].startswith("Not chosen yet")
    assert "No admin is named yet" in said["2. Who may do what"]
    assert said["3. What works"] == "Reddit (visibility): set up, not used yet"
    assert said["Built-in defaults in use"] == "Database: SQLite"
    assert said["4. When alerts come"].splitlines() == [
        "Time zone: UTC. Change it: /rao setup zone=Europe/Vienna",
        "Quiet hours: none. Change them: /rao alerts quiet",
        "Digest: every day at 09:00 (UTC). Change it: /rao alerts digest",
    ]
    assert labels(card) == ["Send alerts here", "New campaign", "Time zone", "Quiet hours", "Digest"]
    assert card.text == "Next: say where alerts go, in the channel that is to get them: /rao alerts here"
    assert primary(card) == ["Send alerts here"]


async def test_in_the_terminal_alerts_have_a_place_already(desk: Desk) -> None:
    card = await desk.done("setup")
    assert card.fields[0].value == "this terminal"
    assert "Send a test alert" in labels(card)


async def test_what_is_next_is_the_first_campaign_once_and_then_nothing(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    card = await desk.done("setup")
    assert card.text == "Next: the first campaign: /rao campaign create"
    assert primary(card) == ["New campaign"]
    await bare_campaign(store, caller, clock.now())
    card = await desk.done("setup")
    assert card.text == "Nothing is missing. All of it can be changed here."
    assert primary(card) == []


async def test_after_the_buttons_the_card_shows_what_was_set(desk: Desk) -> None:
    await desk.press("v1|alerts here|", CHATTING)
    await desk.say("role grant me role=admin", CHATTING)
    card = await desk.done("setup", CHATTING)
    said = {f.name: f.value for f in card.fields}
    assert said["1. Where alerts go"] == "Last message accepted 23 Nov 2026, 12:00 UTC. Another place: /rao alerts here"
    assert card.fields[0].channel == card.values["alert_channel"] == "c-7"
    assert said["2. Who may do what"].startswith("Admin: Dora")
    assert card.values["admins"] == ["Dora"]


async def test_the_button_owes_one_test_alert_a_minute(desk: Desk, store: Store, clock: FixedClock) -> None:
    assert (await desk.press("v1|setup test alert|")).title == "A test alert is on its way"
    assert "a moment ago" in (await desk.press("v1|setup test alert|")).title
    clock.advance(timedelta(minutes=1))
    assert (await desk.press("v1|setup test alert|")).values["owed"]
    owed = await store.alerts("terminal:local")
    assert [(a.kind, a.facts["by"]) for a in owed] == [(AlertKind.TEST, "Alice")] * 2


async def test_no_test_alert_is_promised_while_no_place_is_chosen(desk: Desk, store: Store) -> None:
    card = await desk.press("v1|setup test alert|", CHATTING)
    assert card.text == "No place is chosen for alerts yet.\nGive /rao alerts here where they should arrive."
    assert await store.alerts("discord:1") == []
    await desk.done("alerts here", CHATTING)
    await desk.say("role grant me role=admin", CHATTING)
    card = await desk.press("v1|setup test alert|", CHATTING)
    assert card.fields[0].channel == "c-7"
    assert card.values["owed"]


async def test_only_an_admin_sets_up(desk: Desk) -> None:
    assert (await desk.say("setup", GUEST)).code == "forbidden"
    assert (await desk.press("v1|setup test alert|", GUEST)).code == "forbidden"


async def test_the_zone_is_set_and_quiet_hours_and_digest_are_shown(desk: Desk, store: Store) -> None:
    card = await desk.done("setup zone=vienna")
    assert card.title == "The time zone is Europe/Vienna now"
    assert card.text == (
        "It is 23 Nov 2026, 12:00 UTC (13:00 in Europe/Vienna). Quiet hours and digests count in it; "
        "cards show times in it too."
    )
    assert "cards show everybody their own time" in (await desk.done("setup zone=vienna", CHATTING)).text
    await desk.done("alerts quiet 22:00-07:00")
    await desk.done("alerts digest weekly")
    card = await desk.done("setup")
    said = {f.name: f.value for f in card.fields}["4. When alerts come"]
    assert "Time zone: Europe/Vienna. Change it" in said
    assert "Quiet hours: 22:00 to 07:00 (Europe/Vienna)." in said
    assert "Digest: every Monday at 09:00 (Europe/Vienna)." in said
    assert (card.values["timezone"], card.values["quiet_hours"]) == ("Europe/Vienna", ["22:00", "07:00"])
    assert (await store.timetable("terminal:local")).timezone == "Europe/Vienna"


async def test_an_unknown_zone_changes_nothing_and_offers_what_comes_near(desk: Desk, store: Store) -> None:
    card = await desk.say("setup zone=Europe/Viena")
    assert card.code == "bad_argument"
    assert card.text == "There is no time zone 'Europe/Viena'.\nDid you mean Europe/Vienna, Asia/Vientiane?"
    assert (await store.timetable("terminal:local")).timezone == "UTC"


async def test_the_button_asks_for_the_zone(desk: Desk) -> None:
    card = await desk.press("v1|setup time zone|")
    assert card.form is not None
    assert (card.form.command, [i.value for i in card.form.inputs]) == ("setup", ["UTC"])
    assert (await desk.press("v1|setup time zone|", GUEST)).code == "forbidden"

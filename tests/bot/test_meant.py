"""What a person mistyped is offered as a button that does what they meant, as they may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.card import Button, Card
from bot.commands import all_commands
from bot.frontend import Actor
from core.model import Caller, Role
from storage.store import Store
from tests.bot.bare import ALICE, GUEST, Desk, bare_services, pressable
from tests.bot.chats import on_discord, on_slack
from tests.clock import FixedClock
from tests.storage import world


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    desk = Desk(bare_services(store, clock), all_commands())
    await world.make_campaign(store, caller, clock.now(), name="Kiln notes", communities=("pottery", "ceramics"))
    await world.make_campaign(store, caller, clock.now(), name="Harbor log", communities=("harbor",))
    await store.grant_role(caller, "bob", "Bob", Role.EDITOR, clock.now())
    return desk


def meant(card: Card) -> list[str]:
    return [a.label for a in card.actions if isinstance(a, Button) and a.label.startswith("Did you mean")]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("draft lsit", ["Did you mean “draft list”?"]),
        ("campain list", ["Did you mean “campaign list”?"]),
        ("list post", ["Did you mean “post list”?"]),
        ("campaign new name=X", ["Did you mean “campaign create”?"]),
        ("statsu", ["Did you mean “status”?"]),
        ("make me a sandwich", []),
    ],
)
async def test_a_mistyped_command_is_offered(desk: Desk, line: str, offered: list[str]) -> None:
    card = await desk.say(line)
    assert card.code == "unknown_command"
    assert meant(card) == offered


async def test_the_button_runs_what_was_meant_with_the_same_arguments(desk: Desk, store: Store) -> None:
    facts = 'fact ad body="Our kiln was fired 40 times, and one pot in twelve broke" kind=number campaign="Kiln notes"'
    card = await desk.say(facts)
    added = await desk.press(pressable(card, "Did you mean “fact add”?"))
    assert added.title.startswith("Fact 1 is added")
    assert added.fields[0].value == "Our kiln was fired 40 times, and one pot in twelve broke"


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        ('campaign show "klin notes"', "Did you mean Kiln notes?", "Kiln notes"),
        ("fact list campaign=Harbour", "Did you mean Harbor log?", "No facts in Harbor log yet"),
        ("post list state=removd", "Did you mean “removed”?", "No posts are watched yet"),
        ("post list stat=removed", "Did you mean state: removed?", "No posts are watched yet"),
        ("role revoke bop", "Did you mean Bob?", "Bob is no longer an editor"),
        ("campaign list community=potery", "Did you mean pottery?", "Campaigns in r/pottery"),
        ("campaign show notes", "Did you mean Kiln notes?", "Kiln notes"),
    ],
)
async def test_a_mistyped_name_or_value_is_offered(desk: Desk, line: str, label: str, title: str) -> None:
    card = await desk.say(line)
    assert meant(card) == [label]
    assert (await desk.press(pressable(card, label))).title.startswith(title)


async def test_another_workspaces_names_are_not_offered(desk: Desk) -> None:
    elsewhere = replace(ALICE, workspace_id="terminal:elsewhere")
    assert meant(await desk.say('campaign show "klin notes"', elsewhere)) == []


async def test_the_role_of_whoever_presses_is_checked_and_only_what_they_may_is_offered(desk: Desk) -> None:
    await desk.done("role grant me role=admin")
    card = await desk.say("role lsit")
    button = pressable(card, "Did you mean “role list”?")
    assert (await desk.press(button, GUEST)).code == "forbidden"
    assert meant(await desk.say("role lsit", GUEST)) == []


async def test_on_slack_and_discord_the_button_works_also_with_more_than_a_click_holds(tmp_path: Path) -> None:
    body = "We waited 63 days for a payment, and so we built our own tracker. " * 3
    async with on_slack(tmp_path) as (slack, program):
        await slack.command(f'fact ad body="{body}" kind=experience campaign=Kiln')
        card = await slack.said("is not a command")
        made = {"name": "Kiln", "product": "P", "keywords": "a,b,c,d,e", "communities": "pottery"}
        alice = Actor("slack:T1", "slack", "Team", "U1", "Alice", may_manage=True)
        assert (await program.dispatcher.run(alice, "campaign create", made)).ok
        await slack.click(card, "Did you mean “fact add”?")
        assert "63 days" in (await slack.said("Fact 1 is added")).words
        await slack.command("campaign show klin")
        await slack.click(await slack.said("There is no campaign klin"), "Did you mean Kiln?")
        await slack.said("1 fact.")


async def test_on_discord_a_mistyped_name_is_offered(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await (await discord.slash("status")).until_shown("Status")
        [workspace] = await program.store.all_workspaces()
        alice = Actor(workspace.id, "discord", "Team", "42", "Alice", may_manage=True)
        made = {"name": "Kiln", "product": "P", "keywords": "a,b,c,d,e", "communities": "pottery"}
        assert (await program.dispatcher.run(alice, "campaign create", made)).ok
        refused = await (await discord.slash("campaign show", campaign="klin")).until_shown("no campaign")
        await (await discord.click(refused, "Did you mean Kiln?")).until_shown("No facts yet")

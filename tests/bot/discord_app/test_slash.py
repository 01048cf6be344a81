"""What Discord is told of the commands, and autocomplete and the menu, which stand on it."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest

from bot.commands import all_commands
from bot.discord_app import slash
from core.model import Caller
from storage.store import Store
from tests.bot.discord_app.conftest import make_front_end
from tests.bot.discord_app.shop import Shop
from tests.clock import FixedClock
from tests.fakes.discord import CAROL, FakeDiscord
from tests.fakes.discord_rules import check_commands


def test_all_real_commands_fit_into_one_slash_command() -> None:
    check_commands(slash.payload(all_commands()))


def test_every_real_command_that_may_be_written_is_there() -> None:
    registry = all_commands()
    root = slash.payload(registry)[0]
    told = set()
    for option in root["options"]:
        told |= (
            {f"{option['name']} {o['name']}" for o in option["options"]} if option["type"] == 2 else {option["name"]}
        )
    shown = {c.path for c in registry.commands.values() if not (c.button_only or c.terminal_only)}
    assert told == shown


def options_of(path: str) -> dict[str, dict[str, Any]]:
    told = slash.payload(Shop().registry())[0]
    for word in path.split(" "):
        told = next(o for o in told["options"] if o["name"] == word)
    return {o["name"]: o for o in told["options"]}


def test_options_are_typed() -> None:
    order = options_of("tea order")
    assert order["tea"]["type"] == 4
    assert order["size"]["choices"] == [{"name": "cup", "value": "cup"}, {"name": "pot", "value": "pot"}]
    assert order["note"]["max_length"] == 500
    assert options_of("member greet")["who"]["type"] == 6
    assert options_of("tea show")["tea"]["autocomplete"] is True
    assert options_of("tea show")["tea"]["required"] is True


def test_a_command_that_needs_a_long_text_insists_on_nothing() -> None:
    assert not any(option.get("required") for option in options_of("tea order").values())


def test_a_difference_of_any_kind_is_noticed() -> None:
    ours = slash.payload(Shop().registry())
    theirs = [
        {**copy.deepcopy(c), "id": "1", "version": "7", "nsfw": False, "description_localizations": None} for c in ours
    ]
    assert slash.is_same(ours, theirs[::-1])
    theirs[0]["options"][0]["description"] = "changed"
    assert not slash.is_same(ours, theirs)
    assert not slash.is_same(ours, theirs[:1])
    assert not slash.is_same(ours[:1], ours)


async def test_commands_are_told_once_and_not_again(
    front_end: object, discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    assert discord.syncs == 1
    second = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(second.run())
    await discord.until(lambda: len(discord.identified) == 2)
    await second.stop()
    await serving
    assert discord.syncs == 1


# ---------------------------------------------------------------- autocomplete

HERE = Caller("discord:500", "42", "Alice", "c")
ELSEWHERE = Caller("discord:501", "9", "Eve", "c")


async def add_campaign(store: Store, clock: FixedClock, caller: Caller, name: str) -> int:
    await store.ensure_workspace(caller.workspace_id, "discord", caller.workspace_id, clock.now())
    made = await store.create_campaign(
        caller, name=name, product="Tea", url=None, keywords=["tea"], communities=["tea"], now=clock.now()
    )
    return made.id


async def test_autocomplete_offers_records_of_this_server_only(
    front_end: object, discord: FakeDiscord, store: Store, clock: FixedClock
) -> None:
    acme = await add_campaign(store, clock, HERE, "Acme")
    await add_campaign(store, clock, ELSEWHERE, "Acorn")
    assert await discord.suggestions("campaign show", "campaign", "ac") == [
        {"name": "Acme · active", "value": str(acme)}
    ]
    assert await discord.suggestions("campaign show", "campaign", "zz", member=CAROL) == []


async def test_autocomplete_offers_at_most_25_and_cuts_long_names(
    front_end: object, discord: FakeDiscord, store: Store, clock: FixedClock
) -> None:
    await store.ensure_workspace(HERE.workspace_id, "discord", "x", clock.now())
    await store.set_plan(HERE, clock.now(), max_campaigns=100)
    for n in range(30):
        await add_campaign(store, clock, HERE, f"{n:02} " + "😀" * 57)
    found = await discord.suggestions("campaign show", "campaign", "")
    assert len(found) == 25


async def test_autocomplete_of_an_unknown_kind_offers_nothing(front_end: object, discord: FakeDiscord) -> None:
    assert await discord.suggestions("tea show", "tea", "1") == []


# ---------------------------------------------------------------- the menu

POST = "https://www.reddit.com/r/tea/comments/1abc2d/my_first_cup/?utm_source=x"
OTHER = "https://redd.it/1abc2e"


async def test_the_menu_registers_the_link_of_a_message(front_end: object, discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.menu(slash.REGISTER_MENU, f"look (<{POST}>)! it is up.")
    await sent.until_shown("Watched")
    assert shop.links == ["https://www.reddit.com/r/tea/comments/1abc2d/"]


async def test_the_menu_asks_which_of_several_links(front_end: object, discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.menu(slash.REGISTER_MENU, f"{POST} and {OTHER} and https://example.com and {POST}")
    modal = await sent.until_modal()
    options = [option["value"] for option in modal["components"][0]["component"]["options"]]
    assert len(options) == 2
    await (await discord.submit(sent, link=options[1])).until_shown("Watched")
    assert shop.links == [options[1]]


@pytest.mark.parametrize("content", ["", "no link here", "https://example.com/r/tea/comments/1abc2d"])
async def test_the_menu_says_when_there_is_no_link(front_end: object, discord: FakeDiscord, content: str) -> None:
    card = await (await discord.menu(slash.REGISTER_MENU, content)).until_shown("There is no link to a post or comment")
    assert card.is_private

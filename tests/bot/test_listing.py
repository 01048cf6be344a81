"""What people see of a list: its part, the way on and back, the filters, and nothing of another workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.card import MAX_ACTION_ID, Button, Card
from bot.command import Command
from bot.commands import alerts, all_commands, campaign, data, draft, fact, pattern, post, role
from bot.conversation import Clicked, Fate, fate, may_ask
from core.model import Caller
from storage.store import Store
from tests.bot.bare import ALICE, GUEST, Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.storage import world

ELSEWHERE = replace(ALICE, workspace_id="terminal:elsewhere")
LISTS = [command for command in all_commands().commands.values() if command.pages]


@pytest.fixture
async def desk(store: Store, clock: FixedClock) -> Desk:
    nouns = (alerts, campaign, data, draft, fact, pattern, post, role)
    return Desk(bare_services(store, clock), *(noun.commands for noun in nouns))


def labels(card: Card) -> list[str]:
    return [action.label for action in card.actions if isinstance(action, Button)]


def test_every_list_has_pages() -> None:
    assert sorted(command.path for command in LISTS) == [
        "alerts list",
        "campaign list",
        "community browse",
        "data journal",
        "draft list",
        "fact list",
        "pattern list",
        "post list",
        "role list",
    ]


async def test_a_list_says_which_of_how_many_it_shows_and_goes_on_and_back(
    desk: Desk, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await world.crowd_of_posts(database_url, caller, clock.now(), 43)
    first = await desk.done("post list")
    assert first.text.splitlines()[0] == "1–10 of 43 posts."
    assert (labels(first), first.values["next"]) == (["Next", "Filter"], 11)
    second = await desk.press(pressable(first, "Next"))
    assert second.text.splitlines()[0] == "11–20 of 43 posts."
    assert labels(second) == ["Back", "Next", "Filter"]
    last = await desk.done("post list start=41")
    assert (last.text.splitlines()[0], labels(last)) == ("41–43 of 43 posts.", ["Back", "Filter"])
    assert (await desk.press(pressable(second, "Back"))).values == first.values


async def test_what_was_made_meanwhile_moves_no_page(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await world.crowd_of_posts(database_url, caller, clock.now(), 12)
    first = await desk.done("post list")
    await world.make_post(store, caller, clock.now(), "t3_new")
    second = await desk.press(pressable(first, "Next"))
    assert second.text.splitlines()[0] == "11–12 of 12 posts."
    assert not set(second.values["posts"]) & set(first.values["posts"])


async def test_a_page_of_another_workspace_shows_nothing_of_it(
    desk: Desk, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await world.crowd_of_posts(database_url, caller, clock.now(), 12)
    button = pressable(await desk.done("post list"), "Next")
    assert (await desk.press(button, ELSEWHERE)).title == "No posts are watched yet"


async def test_filters_stand_in_the_title_go_with_the_pages_and_can_be_changed(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    kiln = await world.make_campaign(store, caller, clock.now())
    for n in range(11):
        new = world.to_register(f"t3_bbb{n}", clock.now(), campaign_id=kiln.id)
        await store.register_post(replace(caller, name="Alice"), new, clock.now())
    await world.crowd_of_posts(database_url, caller, clock.now(), 12)
    card = await desk.done(f"post list campaign={kiln.id} member=me within=2d")
    assert card.title == f"Posts of {kiln.name} by Alice of the last 2 days"
    second = await desk.press(pressable(card, "Next"))
    assert (second.title, second.text) == (card.title, "11 of 11 posts.")
    form = (await desk.press(pressable(second, "Filter"))).form
    assert form is not None
    assert {question.name: question.value for question in form.inputs} == {
        "state": "any",
        "campaign": str(kiln.id),
        "community": "",
        "member": "Alice",
        "within": "2d",
    }
    none = await desk.fill(form, {"state": "removed", "community": "r/nowhere", "campaign": str(kiln.id)})
    assert none.title == f"No posts that are removed of {kiln.name} in r/nowhere"
    assert labels(none) == ["Show all", "Filter"]
    assert (await desk.press(pressable(none, "Show all"))).values["total"] == 23
    every = await desk.fill(form, {"state": "any", "campaign": "", "community": "", "member": "", "within": ""})
    assert (every.title, every.values["total"]) == ("Registered posts", 23)


async def test_a_name_that_nobody_has_finds_nothing_and_a_campaign_that_is_none_is_refused(
    desk: Desk, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await world.crowd_of_posts(database_url, caller, clock.now(), 2)
    assert (await desk.done("post list member=Zoe")).title == "No posts by Zoe"
    assert (await desk.say("post list campaign=Nope")).code == "not_found"
    assert (await desk.say("post list start=0")).code == "bad_argument"


async def test_filters_too_long_for_a_click_leave_the_way_on_in_words(
    desk: Desk, caller: Caller, clock: FixedClock
) -> None:
    name = "A name " * 14
    someone = replace(ALICE, name=" ".join(name.split()), member_id="u" * 90)
    for n in range(12):
        await desk.done(f'pattern add "thing {n}" community=one1', someone)
    card = await desk.done(f'pattern list member="{someone.name}"')
    assert (len(card.fields), labels(card)) == (10, ["Filter"])
    assert card.footnote == "The next ones: the same command with start=11"
    for action in card.actions:
        assert isinstance(action, Button)
        assert len(action.action_id) <= MAX_ACTION_ID


async def test_a_guest_turns_pages_and_no_admins_list(
    desk: Desk, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await desk.done("role grant me role=admin")
    await world.crowd_of_posts(database_url, caller, clock.now(), 12)
    assert (await desk.press(pressable(await desk.done("post list"), "Next"), GUEST)).ok
    assert (await desk.press("v1|role list||n=11", GUEST)).code == "forbidden"


async def test_a_click_with_a_value_that_its_command_does_not_know_is_from_another_version(desk: Desk) -> None:
    card = await desk.press("v1|post list||colour=red")
    assert "another version" in card.text


@pytest.mark.parametrize("command", LISTS, ids=lambda command: command.path)
def test_another_page_takes_the_place_of_the_one_that_was_turned(command: Command) -> None:
    page = {"start": "11", "upto": "9"}
    assert fate(command, page, Clicked()) is Fate.BECOMES
    assert fate(command, {}, Clicked()) is Fate.STAYS, "a first page, from a button on another card"
    assert fate(command, page, Clicked(is_private=True)) is Fate.STAYS
    assert fate(command, page, Clicked(alert=3)) is Fate.RENEWED
    assert may_ask(command, {"ask": "filters"} | {p.name: "x" for p in command.params if p.required})


async def test_the_age_of_a_filter_is_carried_as_people_write_it(
    desk: Desk, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await world.crowd_of_posts(database_url, caller, clock.now() - timedelta(hours=1), 12)
    for span in ("90m", "36h", "7d"):
        card = await desk.done(f"post list within={span}")
        assert f"w={span}" in pressable(card, "Next")
    assert (await desk.done("post list within=2w")).title.endswith("of the last 14 days")

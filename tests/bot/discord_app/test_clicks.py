"""Buttons and choices, also those of old messages."""

from __future__ import annotations

import pytest

from tests.bot.discord_app.shop import Shop
from tests.clock import FixedClock
from tests.fakes.discord import ALICE, CAROL, CHANNEL, FakeDiscord, Message

pytestmark = pytest.mark.usefixtures("front_end")


async def tea_card(discord: FakeDiscord) -> Message:
    return await (await discord.slash("tea show", tea=1)).until_shown("Tea 1")


async def test_a_decision_turns_its_message_into_the_new_card(discord: FakeDiscord) -> None:
    card = await tea_card(discord)
    clicked = await discord.click(card, "Serve")
    await clicked.until_shown("Served by Alice.")
    assert clicked.answered == 6
    assert "Served by Alice." in card.text
    assert card.items == {}


async def test_the_second_click_is_told_who_decided_and_the_card_stays(discord: FakeDiscord) -> None:
    first, second = await tea_card(discord), await tea_card(discord)
    await (await discord.click(first, "Serve")).until_shown("Served by Alice.")
    refused = await (await discord.click(second, "Serve")).until_shown("Alice served tea 1 already.")
    assert refused.is_private
    assert "Not served yet." in second.text
    assert not second.is_deleted


async def test_a_viewers_click_is_refused_with_who_may(discord: FakeDiscord, shop: Shop) -> None:
    card = await tea_card(discord)
    refused = await (await discord.click(card, "Serve", member=CAROL)).until_shown("needs the role editor")
    assert refused.is_private
    assert shop.served_by == {}
    assert "Not served yet." in card.text


async def test_a_click_that_leads_elsewhere_is_answered_by_a_new_message(discord: FakeDiscord) -> None:
    card = await (await discord.slash("tea list")).until_shown("Teas")
    clicked = await discord.click(card, "Show Assam")
    await clicked.until_shown("Tea 1")
    assert clicked.answered == 5
    assert "Teas" in card.text


async def test_a_click_that_makes_something_else_of_the_record_leaves_its_card(discord: FakeDiscord) -> None:
    card = await tea_card(discord)
    await (await discord.click(card, "Bill")).until_shown("Bill of tea 1")
    assert "Tea 1" in card.text


async def test_a_choice_opens_what_was_chosen(discord: FakeDiscord) -> None:
    card = await (await discord.slash("tea list")).until_shown("Teas")
    await (await discord.click(card, "More", choose=1)).until_shown("Tea 3")


async def test_a_button_without_a_record_runs_its_command(discord: FakeDiscord) -> None:
    card = await (await discord.slash("help")).until_shown("What to do next")
    await (await discord.click(card, "List the teas")).until_shown("Teas")


async def test_a_button_from_before_a_restart_works(discord: FakeDiscord) -> None:
    await (await discord.click_id("v1|tea show|2")).until_shown("Tea 2")


@pytest.mark.parametrize(
    "custom_id", ["v0|tea show|2", "v1|tea show|2|3", "v1|tea sell|2", "something else", "form|#gone"]
)
async def test_a_button_that_means_nothing_any_more_says_so(discord: FakeDiscord, custom_id: str) -> None:
    card = await (await discord.click_id(custom_id)).until_shown("That did not work")
    assert card.is_private


async def test_progress_of_a_click_stands_beside_the_card_and_goes(discord: FakeDiscord, shop: Shop) -> None:
    card = await tea_card(discord)
    clicked = await discord.click(card, "Rinse")
    note = await clicked.until_shown("Rinsing")
    assert note.is_private
    assert "Tea 1" in card.text
    shop.go_on.set()
    await discord.until(lambda: note.is_deleted)
    assert card.edits == 2  # the answer to the command, then the new card


async def test_a_click_whose_token_ran_out_gets_its_card_in_the_channel(
    discord: FakeDiscord, shop: Shop, clock: FixedClock
) -> None:
    card = await tea_card(discord)
    clicked = await discord.click(card, "Rinse")
    await shop.started.wait()
    await clicked.until_shown("Rinsing")
    clicked.expire()
    shop.go_on.set()
    await discord.until(lambda: discord.channels[CHANNEL][-1].text.startswith("### Tea 1"))
    assert discord.channels[CHANNEL][-1] is not card


async def test_a_late_private_answer_comes_as_a_direct_message(
    discord: FakeDiscord, shop: Shop, clock: FixedClock
) -> None:
    sent = await discord.slash("tea secret")
    await sent.until_shown("It is mint.")
    discord.fail(r"(DELETE|PATCH) /webhooks", 401, code=50027)
    await discord.slash("tea secret")
    await discord.until(lambda: discord.direct_messages(ALICE.id))
    assert "It is mint." in discord.direct_messages(ALICE.id)[-1].text


async def test_a_card_whose_record_was_decided_elsewhere_shows_it(discord: FakeDiscord, shop: Shop) -> None:
    card = await tea_card(discord)
    opened = await discord.click(card, "I told of it")
    await opened.until_modal()
    link = "https://www.reddit.com/r/tea/comments/1abc/"
    await (await discord.submit(opened, link=link)).until_shown("Watched")
    await discord.until(lambda: "Served by a post." in card.text)
    assert card.items == {}
    assert shop.links == [link]

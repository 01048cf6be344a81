"""Slash commands from a person's typing to the card, over the wire."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.discord_app.client import DiscordFrontEnd
from tests.bot.discord_app.shop import PNG, Shop
from tests.clock import FixedClock
from tests.fakes.discord import CAROL, CHANNEL, FakeDiscord, Person

pytestmark = pytest.mark.usefixtures("front_end")


async def test_a_command_is_acknowledged_and_its_card_follows(discord: FakeDiscord) -> None:
    sent = await discord.slash("tea list")
    card = await sent.until_shown("Teas")
    assert sent.answered == 5
    assert sent.message is card
    assert "for Alice" in card.text
    assert "Sample data" in card.text
    assert "3 teas" in card.text
    assert not card.is_private
    assert card.files == {"teas.png": PNG}
    assert set(card.items) == {"Show Assam", "More", "Tea on the web"}


async def test_a_command_of_one_word_answers_its_caller_alone(discord: FakeDiscord) -> None:
    assert (await (await discord.slash("help")).until_shown("What to do next")).is_private


async def test_the_interaction_itself_says_who_acts_where(discord: FakeDiscord, shop: Shop) -> None:
    await (await discord.slash("help")).until_shown("What")
    await (await discord.slash("help", member=CAROL)).until_shown("What")
    assert shop.actors == [
        ("discord:500", "Tea Club", "Alice", True, str(CHANNEL)),
        ("discord:500", "Tea Club", "Carol", False, str(CHANNEL)),
    ]
    assert discord.seen("GET /guilds/500") == 1  # the name is asked for once


async def test_a_server_whose_name_is_not_told_is_served_all_the_same(discord: FakeDiscord, shop: Shop) -> None:
    discord.guilds.clear()
    await (await discord.slash("help")).until_shown("What")
    assert shop.actors[0][1] == "Discord server 500"


async def test_a_viewer_is_refused_in_private_and_told_whom_to_ask(discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.slash("tea serve", member=CAROL, tea=1)
    refusal = await sent.until_shown("needs the role editor")
    assert refusal.is_private
    assert sent.message is not None
    assert sent.message.is_deleted  # nothing of it stays in the channel
    assert shop.served_by == {}


async def test_a_private_card_never_stands_in_the_channel(discord: FakeDiscord) -> None:
    sent = await discord.slash("tea secret")
    card = await sent.until_shown("It is mint.")
    assert card.is_private
    assert [m for m in discord.channels[CHANNEL] if not m.is_private and not m.is_deleted] == []


async def test_a_defect_is_one_line_with_a_reference(discord: FakeDiscord) -> None:
    card = await (await discord.slash("tea spill")).until_shown("Reference:")
    assert "spilled" not in card.text


async def test_a_command_outside_of_a_server_says_where_it_works(discord: FakeDiscord) -> None:
    await (await discord.slash("help", guild=None)).until_shown("works in a server only")


async def test_a_member_option_becomes_an_id_with_a_name(discord: FakeDiscord) -> None:
    sent = await discord.slash("member greet", who=Person(44, "Dora <@1>|"))
    assert "<@\u200b44|Dora @\u200b1>" in (await sent.until_shown("Hello")).text


async def test_work_is_acknowledged_before_it_is_done(discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.slash("tea brew")
    await sent.until(lambda: sent.answered)
    await sent.until_shown("Heating <water>")
    assert sent.message is not None
    assert "█" in sent.message.text
    shop.go_on.set()
    await sent.until_shown("Brewed")


async def test_progress_edits_its_message_at_most_once_a_second(discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.slash("tea brew")
    await sent.until_shown("Heating")
    shop.steps = 5
    shop.go_on.set()  # five reports while the clock stands still
    message = await sent.until_shown("Brewed")
    assert message.edits == 2  # the first report and the card


async def test_after_a_quarter_of_an_hour_the_card_comes_as_an_ordinary_message(
    discord: FakeDiscord, shop: Shop, clock: FixedClock
) -> None:
    sent = await discord.slash("tea brew")
    await shop.started.wait()
    clock.advance(timedelta(minutes=15))
    shop.go_on.set()
    await discord.until(lambda: "Brewed" in discord.channels[CHANNEL][-1].text)
    progress = sent.message
    assert progress is not None
    await discord.until(lambda: progress.is_deleted)  # the progress that goes on no more


async def test_a_token_that_ends_early_costs_no_answer(discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.slash("tea brew")
    await shop.started.wait()
    await sent.until_shown("Heating")
    sent.expire()
    shop.go_on.set()
    await discord.until(lambda: "Brewed" in discord.channels[CHANNEL][-1].text)


async def test_a_cut_text_comes_whole_as_a_file(discord: FakeDiscord) -> None:
    card = await (await discord.slash("tea boast")).until_shown("more characters in the file below")
    assert card.files["whole-text.txt"].decode().count("*long*") == 2_000


async def test_a_hundred_commands_at_once_are_all_acknowledged_and_answered(discord: FakeDiscord) -> None:
    sent = [await discord.slash("tea list") for _ in range(100)]
    await discord.until(lambda: all(s._showing("Teas") for s in sent))
    assert {s.answered for s in sent} == {5}


async def test_an_interaction_that_arrives_too_late_is_not_worked_on(discord: FakeDiscord, shop: Shop) -> None:
    discord.fail(r"POST /interactions/.*/callback", 404, code=10062)
    await discord.slash("tea serve", tea=1)
    await discord.until(lambda: discord.seen("callback"))
    await asyncio.sleep(0.05)
    assert shop.served_by == {}


async def test_a_rate_limited_answer_comes_a_little_later(discord: FakeDiscord) -> None:
    discord.limit(r"PATCH /webhooks", 0.05)
    await (await discord.slash("tea list")).until_shown("Teas")
    assert discord.seen("PATCH /webhooks") == 2


async def test_a_limit_on_the_whole_bot_is_sat_out_by_all_answers(discord: FakeDiscord) -> None:
    await discord.slash("tea list")
    discord.limit(r"PATCH /webhooks", 0.05, is_global=True)
    for sent in [await discord.slash("tea show", tea=1), await discord.slash("tea show", tea=2)]:
        await sent.until_shown("Not served yet.")


async def test_an_answer_survives_a_problem_of_discords_own(discord: FakeDiscord) -> None:
    discord.fail(r"PATCH /webhooks", 503)
    await (await discord.slash("tea list")).until_shown("Teas")


async def test_a_card_whose_layout_discord_refuses_comes_as_plain_text(discord: FakeDiscord, shop: Shop) -> None:
    discord.fail(r"PATCH /webhooks", 400, code=50035, times=1)
    sent = await discord.slash("tea serve", tea=1)
    card = await sent.until_shown("Served by Alice.")
    assert card.text == "Tea 1\nServed by Alice.\n\nNote\nno sugar"
    assert not card.is_private
    assert sent.followups == []


async def test_a_private_card_whose_layout_discord_refuses_stays_private_as_plain_text(discord: FakeDiscord) -> None:
    discord.fail(r"POST /webhooks", 400, code=50035, times=1)
    sent = await discord.slash("tea secret")
    card = await sent.until_shown("It is mint.")
    assert card.is_private
    assert sent.message is not None
    assert sent.message.is_deleted


@pytest.mark.parametrize("after", [False, True])
async def test_an_edit_that_is_lost_on_the_way_is_made_again(discord: FakeDiscord, shop: Shop, after: bool) -> None:
    discord.reset(r"PATCH /webhooks", times=2, after=after)
    sent = await discord.slash("tea serve", tea=1)
    await sent.until(lambda: discord.seen(r"PATCH /webhooks") == 3)
    card = await sent.until_shown("Served by Alice.")
    assert card is sent.message
    assert sent.followups == []
    assert shop.served_by == {1: "Alice"}, "the command ran once"


async def test_an_acknowledgement_whose_taking_back_was_lost_on_the_way_is_gone_all_the_same(
    discord: FakeDiscord,
) -> None:
    discord.reset(r"DELETE /webhooks", after=True)
    sent = await discord.slash("tea secret")
    card = await sent.until_shown("It is mint.")
    assert card.is_private


async def test_an_answer_that_may_or_may_not_have_arrived_is_not_sent_twice_and_the_caller_hears_of_it(
    discord: FakeDiscord,
) -> None:
    discord.reset(r"POST /webhooks")
    sent = await discord.slash("tea secret")
    told = await sent.until_shown("its answer could not be shown. Reference: ")
    assert told.is_private
    assert discord.seen(r"POST /webhooks") == 2


async def test_an_interaction_that_comes_twice_is_handled_once(discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.slash("tea serve", tea=1)
    await discord.redeliver(sent)
    await sent.until_shown("Served by Alice.")
    clicked = await discord.click((await (await discord.slash("tea list")).until_shown("Teas")), "Show Assam")
    await discord.redeliver(clicked)
    await clicked.until_shown("Tea 1")
    await (await discord.slash("help")).until_shown("What to do next")
    assert discord.seen(r"/callback") == 4


async def test_a_card_that_discord_takes_in_no_form_is_said_to_be_not_shown(discord: FakeDiscord, shop: Shop) -> None:
    discord.fail(r"PATCH /webhooks", 400, code=50035, times=2)
    sent = await discord.slash("tea serve", tea=1)
    card = await sent.until_shown("could not be shown")
    assert card.is_private
    assert shop.served_by == {1: "Alice"}


async def test_a_click_on_a_button_from_a_direct_message_says_where_it_works(
    discord: FakeDiscord, front_end: DiscordFrontEnd
) -> None:
    shown = await (await discord.slash("tea show", tea=1)).until_shown("Tea 1")
    await (await discord.click(shown, "Serve", guild=None)).until_shown("works in a server only")


async def test_an_export_comes_as_a_file_for_the_caller_alone(discord: FakeDiscord) -> None:
    shown = await (await discord.slash("till count")).until_shown("The books")
    assert shown.is_private
    assert shown.files == {"books-of-the-till.zip": b"PK" * 50}

"""Commands, buttons, progress, files, the shortcut, the Home tab and links on Slack, over the wire."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.slack_app.client import SlackFrontEnd
from core.model import Role
from tests.bot.slack_app.conftest import Bot
from tests.bot.slack_app.stall import PNG, Stall
from tests.fakes.slack import FakeSlack, words_of
from tests.fakes.slack_api import KEPT

pytestmark = pytest.mark.usefixtures("front_end")


async def test_a_command_is_answered_in_its_channel_for_everybody(slack: FakeSlack) -> None:
    await slack.command("tea list")
    message = await slack.said("Teas")
    assert message.channel == "C1"
    assert message.ephemeral_for is None
    assert "for Name of U1 in C1, viewer" in message.words


async def test_it_is_acknowledged_before_any_work(slack: FakeSlack, stall: Stall) -> None:
    slack.fail("users.info", "internal_error", slow_s=0.5)
    await slack.acked(await slack.command("tea brew"))
    assert stall.ran == []
    assert slack.shown == []
    slack.heal()
    stall.gate.set()
    await slack.said("Brewed")


@pytest.mark.parametrize("text", ["", "  ", "help"])
async def test_nothing_after_the_command_means_help(slack: FakeSlack, text: str) -> None:
    await slack.command(text)
    await slack.said("What to do next")


async def test_an_error_is_for_the_caller_alone_and_says_what_to_do(slack: FakeSlack) -> None:
    await slack.command("tea drink", user="U2")
    message = await slack.said("is not a command")
    assert message.ephemeral_for == "U2"
    assert "After `tea` comes one of" in message.words
    assert "/rao tea drink" in message.words


async def test_a_wrong_argument_gives_back_what_was_typed(slack: FakeSlack) -> None:
    await slack.command("tea show 9")
    assert "/rao tea show 9" in (await slack.said("There is no tea 9")).words


async def test_a_defect_is_told_with_a_reference(slack: FakeSlack) -> None:
    await slack.command("tea spill")
    assert "Reference:" in (await slack.said("broken")).words


async def test_what_slack_made_of_the_words_is_undone(slack: FakeSlack) -> None:
    await slack.command(
        "tea echo words=“a &lt;b&gt; &amp;amp; <https://x.example/y|x.example> <mailto:a@b.example|a@b.example> "
        "<http://acme.example|acme.example>” link=<https://e.example/?a=1&amp;b=2>"
    )
    message = await slack.said("You said")
    assert "a <b> &amp; https://x.example/y a@b.example acme.example" in message.words
    assert "https://e.example/?a=1&b=2" in message.words


async def test_a_private_card_is_seen_by_the_caller_alone(slack: FakeSlack) -> None:
    await slack.command("tea secret", user="U3")
    assert (await slack.said("recipe")).ephemeral_for == "U3"


async def test_where_the_bot_is_no_member_the_answer_comes_all_the_same(slack: FakeSlack) -> None:
    await slack.command("tea list", channel="C8")
    message = await slack.said("Teas")
    assert (message.channel, message.ephemeral_for) == ("C8", None)
    assert message.body["response_type"] == "in_channel"


async def test_without_any_way_into_the_channel_the_answer_is_a_direct_message(slack: FakeSlack) -> None:
    slack.fail("response_url", "used_url", status=404)
    await slack.command("tea list", channel="C8")
    assert (await slack.said("Teas")).channel == "DU1"
    slack.fail("chat.postEphemeral", "channel_not_found")
    await slack.command("tea secret", channel="C8")
    assert (await slack.said("recipe")).channel == "DU1"


# ---------------------------------------------------------------- buttons


async def test_a_decision_takes_the_place_of_the_card_and_says_by_whom(slack: FakeSlack, bot: Bot) -> None:
    await bot.grant("U2", Role.APPROVER)
    await slack.command("tea show 1")
    message = await slack.said("Tea 1")
    await slack.click(message, "Approve", user="U2")
    decided = await slack.said("is approved by Name of U2")
    assert decided is message
    assert len(slack.shown) == 1


async def test_a_second_approval_is_told_who_decided(slack: FakeSlack, bot: Bot, stall: Stall) -> None:
    await bot.grant("U2", Role.APPROVER)
    await slack.command("tea show 1")
    message = await slack.said("Tea 1")
    await slack.click(message, "Approve", user="U2")
    await slack.said("is approved")
    button = {"block_id": "card|buttons", "type": "button", "action_id": "v1|tea approve|1"}
    await slack.click_raw(button, message, user="U2")
    refused = await slack.said("Name of U2 approved it")
    assert refused.ephemeral_for == "U2"


async def test_a_viewers_click_is_refused_with_who_may(slack: FakeSlack, bot: Bot, stall: Stall) -> None:
    await bot.grant("U2", Role.APPROVER)
    await slack.command("tea show 1")
    message = await slack.said("Tea 1")
    await slack.click(message, "Approve", user="U9")
    refused = await slack.said("needs the role approver")
    assert "Ask Name of U2" in refused.words
    assert refused.ephemeral_for == "U9"
    assert stall.approved == {}
    assert "Tea 1" in message.words


async def test_a_workspace_admin_may_set_an_empty_workspace_up(slack: FakeSlack) -> None:
    slack.users["U7"] = {"is_admin": True}
    await slack.command("tea list", user="U7")
    await slack.said("admin")


@pytest.mark.parametrize("guest", ["is_stranger", "is_restricted"])
async def test_a_guest_manages_nothing_here_whatever_they_are_elsewhere(slack: FakeSlack, guest: str) -> None:
    slack.users["U7"] = {"is_admin": True, guest: True}
    await slack.command("tea list", user="U7")
    assert "viewer" in (await slack.said("for Name of U7")).words


async def test_a_button_of_an_earlier_start_still_works(slack: FakeSlack, bot: Bot, front_end: SlackFrontEnd) -> None:
    await slack.command("tea list")
    message = await slack.said("Teas")
    await front_end.stop()
    async with bot.running():
        await slack.click(message, "Mint")
        await slack.said("Tea 2")


async def test_more_buttons_than_fit_stand_in_a_menu(slack: FakeSlack) -> None:
    await slack.command("tea list")
    message = await slack.said("Teas")
    assert [e["type"] for e in message.blocks[-2]["elements"]] == ["button"] * 5 + ["overflow"]
    await slack.click(message, "Stir 8")
    await slack.said("Stirred 8")


async def test_a_button_of_another_version_says_so(slack: FakeSlack) -> None:
    await slack.command("tea list")
    message = await slack.said("Teas")
    await slack.click_raw({"type": "button", "action_id": "v0|tea|1", "block_id": "x"}, message)
    await slack.said("from another version of the bot")


async def test_a_decision_from_a_private_card_is_told_to_everybody(slack: FakeSlack, bot: Bot) -> None:
    await bot.grant("U2", Role.APPROVER)
    message = slack._store("C1", {"blocks": []}, ephemeral_for="U2")
    button = {"type": "button", "action_id": "v1|tea approve|1", "block_id": "card|buttons"}
    await slack.click_raw(button, message, user="U2")
    told = await slack.said("is approved by")
    assert told is not message
    assert told.ephemeral_for is None
    assert message.versions == []


async def test_everything_is_acknowledged_even_what_nobody_listens_to(slack: FakeSlack) -> None:
    trigger = slack.new_trigger
    base = {"team": {"id": "T1"}, "user": {"id": "U1"}, "token": "t", "is_enterprise_install": False}
    unknown: list[tuple[str, dict[str, object]]] = [
        ("slash_commands", {"command": "/other", "team_id": "T1", "user_id": "U1", "trigger_id": trigger()}),
        ("interactive", {**base, "type": "shortcut", "callback_id": "other", "trigger_id": trigger()}),
        ("interactive", {**base, "type": "view_closed", "view": {"callback_id": "form", "type": "modal"}}),
        ("interactive", {**base, "type": "view_submission", "view": {"callback_id": "old", "type": "modal"}}),
        ("interactive", {**base, "type": "block_suggestion", "action_id": "a", "value": "x", "block_id": "b"}),
    ]
    for kind, payload in unknown:
        await slack.acked(await slack.send(kind, payload))
    await slack.acked(await slack.event({"type": "message", "channel": "C1", "user": "U1", "text": "hi", "ts": "1"}))


async def test_what_slack_sends_again_is_done_once(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea show 2")
    await slack.said("Tea 2")
    await slack.acked(await slack.redeliver())
    await slack.command("tea show 3")
    await slack.said("Tea 3")
    assert stall.ran == ["show 2", "show 3"]


# ---------------------------------------------------------------- progress and files


async def test_progress_edits_one_message_at_most_once_a_second_and_becomes_the_answer(
    slack: FakeSlack, stall: Stall
) -> None:
    await slack.command("tea brew")
    await slack.until(lambda: stall.ran)
    progress = await slack.said("Brewing")
    assert "3 of 4" in progress.words  # 2 came within the same second as 1, and 4 within that of 3
    assert len(progress.versions) == 1
    stall.gate.set()
    assert await slack.said("Brewed") is progress


async def test_progress_where_the_bot_is_no_member_is_said_once(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea brew", channel="C8")
    await slack.until(lambda: stall.ran)
    stall.gate.set()
    done = await slack.said("Brewed")
    assert done.ephemeral_for is None
    assert len([m for m in slack.shown if "Brewing" in m.words]) == 1


async def test_after_half_an_hour_an_answer_no_longer_counts_on_the_commands_address(
    slack: FakeSlack, bot: Bot, stall: Stall
) -> None:
    await slack.command("tea brew", channel="C8")  # where the bot is no member
    await slack.until(lambda: stall.ran)
    await slack.said("Brewing")
    used = len(slack.called("response_url"))
    bot.clock.advance(timedelta(minutes=30))
    stall.gate.set()
    assert (await slack.said("Brewed")).channel == "DU1"
    assert len(slack.called("response_url")) == used


async def test_a_right_that_slack_no_longer_confirms_is_not_taken_from_memory(slack: FakeSlack, bot: Bot) -> None:
    slack.users["U7"] = {"is_admin": True}
    await slack.command("tea list", user="U7")
    await slack.said("admin")
    slack.fail("users.info", "internal_error", status=500)
    bot.clock.advance(timedelta(minutes=6))
    await slack.command("tea list", user="U7")
    assert "viewer" in (await slack.said("for Name of U7", count=2)).words


async def test_a_text_too_long_for_slack_follows_whole_as_a_file(slack: FakeSlack) -> None:
    await slack.command("tea story")
    message = await slack.said("more characters in the file that follows")
    file = await slack.until(lambda: [f for f in slack.files.values() if f["shared"]])
    assert file[0]["shared"] == ("C1", message.ts)
    assert file[0]["content"].decode().count("All about tea.") == 2000


async def test_a_picture_stands_inside_its_message_as_soon_as_slack_has_looked_at_it(slack: FakeSlack) -> None:
    slack.pictures_ready_after = 2
    await slack.command("tea chart")
    picture = await slack.until(lambda: [b for m in slack.shown for b in m.blocks if b["type"] == "image"])
    [(file_id, file)] = slack.files.items()
    assert picture == [{"type": "image", "slack_file": {"id": file_id}, "alt_text": "Sales go up"}]
    assert (file["content"], file["shared"]) == (PNG, KEPT)
    assert len(slack.called("chat.postMessage")) == 3
    assert len(slack.shown) == 1


async def test_a_picture_that_cannot_be_kept_follows_its_message(slack: FakeSlack) -> None:
    slack.fail("files.completeUploadExternal", "missing_scope", times=1)
    await slack.command("tea chart")
    message = await slack.said("The picture is in the file that follows.")
    file = await slack.until(lambda: [f for f in slack.files.values() if f["shared"]])
    assert file[0]["shared"] == ("C1", message.ts)


async def test_a_message_that_slack_refuses_for_another_reason_is_not_sent_again_for_its_picture(
    slack: FakeSlack,
) -> None:
    slack.fail("chat.postMessage", "msg_blocks_too_long", times=1)
    await slack.command("tea chart")
    message = await slack.said("Sales")
    assert message.blocks == []
    assert len(slack.called("chat.postMessage")) == 2


async def test_a_picture_that_slack_does_not_take_inside_stands_in_the_thread(slack: FakeSlack) -> None:
    slack.pictures_ready_after = 99
    await slack.command("tea chart")
    message = await slack.said("The picture is in the file that follows.")
    file = await slack.until(lambda: [f for f in slack.files.values() if f["shared"] not in (None, KEPT)])
    assert (file[0]["content"], file[0]["shared"]) == (PNG, ("C1", message.ts))
    assert file[0]["alt"] == "Sales go up"


async def test_a_file_that_cannot_be_attached_is_told(slack: FakeSlack) -> None:
    slack.fail("files.completeUploadExternal", "missing_scope")
    await slack.command("tea chart")
    assert "could not be attached" in (await slack.said("attached")).words


# ---------------------------------------------------------------- blocks that Slack refuses


async def test_a_card_whose_blocks_slack_refuses_comes_as_plain_text(slack: FakeSlack) -> None:
    slack.refuses_blocks = True
    await slack.command("tea show 2")
    message = await slack.said("Tea 2")
    assert message.body["text"] == "Tea 2\nButtons could not be shown here; the commands do the same: /rao help"
    assert message.ephemeral_for is None
    assert message.channel == "C1"
    assert len(slack.called("chat.postMessage")) == 2, "refused once, and not asked in three ways"


async def test_a_private_card_whose_blocks_slack_refuses_stays_private_as_plain_text(slack: FakeSlack) -> None:
    slack.refuses_blocks = True
    await slack.command("tea secret")
    message = await slack.said("The secret recipe")
    assert message.ephemeral_for == "U1"


async def test_progress_ends_as_plain_text_when_the_card_is_refused(slack: FakeSlack, stall: Stall, bot: Bot) -> None:
    await slack.command("tea brew")
    shown = await slack.said("Brewing")
    slack.refuses_blocks = True
    stall.gate.set()
    await slack.said("Brewed")
    assert shown.body["text"] == "Brewed"
    assert shown.blocks == []


async def test_a_decision_whose_blocks_are_refused_takes_the_place_of_its_message_as_plain_text(
    slack: FakeSlack, bot: Bot
) -> None:
    await bot.grant("U1", Role.APPROVER)
    await slack.command("tea show 2")
    card = await slack.said("Tea 2")
    slack.refuses_blocks = True
    await slack.click(card, "Approve")
    assert await slack.said("is approved by") is card
    assert card.blocks == []


async def test_an_answer_that_slack_takes_in_no_form_is_told_to_the_caller_alone(slack: FakeSlack) -> None:
    slack.fail("chat.postMessage", "msg_too_long")
    await slack.command("tea show 2")
    message = await slack.said("its answer could not be shown. Reference: ")
    assert message.ephemeral_for == "U1"


# ---------------------------------------------------------------- the message shortcut


async def test_the_shortcut_registers_the_link_of_a_message(slack: FakeSlack, stall: Stall) -> None:
    await slack.shortcut("Look: <https://www.reddit.com/r/tea/comments/1abc/hot/?a=1&amp;b=2|reddit.com>).")
    message = await slack.said("It is watched now")
    assert stall.ran == ["https://www.reddit.com/r/tea/comments/1abc/"]
    assert message.body["thread_ts"] == "1700000000.000100"


async def test_the_shortcut_asks_which_of_several_links(slack: FakeSlack, stall: Stall) -> None:
    await slack.shortcut(
        "https://redd.it/1abc or <http://old.reddit.com/r/tea/comments/2bcd/|old.reddit.com/r/tea/comments/2bcd/>"
    )
    view = await slack.view_showing("Which post")
    await slack.submit(view, {"link": "https://www.reddit.com/comments/1abc/"})
    await slack.said("It is watched now")
    assert stall.ran == ["https://www.reddit.com/comments/1abc/"]


async def test_the_shortcut_offers_no_page_that_is_no_post(slack: FakeSlack, stall: Stall) -> None:
    await slack.shortcut(
        "https://www.reddit.com/r/tea/ https://redd.it/1abc https://www.reddit.com/user/al/ https://i.redd.it/x.png"
    )
    await slack.said("It is watched now")
    assert stall.ran == ["https://www.reddit.com/comments/1abc/"]


async def test_a_community_a_member_and_a_picture_are_not_offered_to_be_registered(
    slack: FakeSlack, stall: Stall
) -> None:
    await slack.shortcut(
        "<https://www.reddit.com/r/tea/> <https://www.reddit.com/user/ada/> <https://i.redd.it/abcd.png> "
        "<https://notreddit.example/reddit.com/r/tea/comments/1abc/>"
    )
    message = await slack.said("There is no link to a post or comment on Reddit in this message.")
    assert message.ephemeral_for == "U1"
    assert stall.ran == []
    assert slack.open_views == []


# ---------------------------------------------------------------- the Home tab


async def test_the_home_tab_shows_how_things_stand_and_its_buttons_work(slack: FakeSlack) -> None:
    await slack.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    home = await slack.until(lambda: slack.views.get("HU1"))
    assert "What to do next" in words_of(home["blocks"])
    await slack.click_home(home, "Order a tea", user="U1")
    view = await slack.view_showing("Size")
    await slack.submit(view, {"tea": "1", "note": "x", "size": "cup"})
    assert (await slack.said("Ordered a cup of tea 1")).channel == "DU1"
    await slack.until(lambda: len(slack.called("views.publish")) == 3)  # after the click, and after the form


async def test_the_home_tab_shows_what_a_click_in_it_has_changed(slack: FakeSlack) -> None:
    await slack.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    home = await slack.until(lambda: slack.views.get("HU1"))
    button = {"block_id": "home|help|buttons", "type": "button", "action_id": "v1|tea list|"}
    await slack.click_home_raw(home, button, user="U1")
    assert (await slack.said("Teas")).channel == "DU1"
    await slack.until(lambda: len(slack.called("views.publish")) == 2)


async def test_the_messages_tab_needs_no_dashboard(slack: FakeSlack) -> None:
    await slack.acked(await slack.event({"type": "app_home_opened", "user": "U1", "tab": "messages"}))
    await slack.command("tea list")
    await slack.said("Teas")
    assert slack.called("views.publish") == []


async def test_help_is_for_who_asks(slack: FakeSlack) -> None:
    await slack.command("help", user="U6")
    assert (await slack.said("What to do next")).ephemeral_for == "U6"


async def test_many_commands_at_once_are_all_acknowledged_and_answered(slack: FakeSlack) -> None:
    for envelope_id in [await slack.command("tea secret") for _ in range(50)]:
        await slack.acked(envelope_id)
    await slack.said("recipe", count=50)
    assert len(slack.called("users.info")) == 1


# ---------------------------------------------------------------- links


async def test_a_link_is_unfurled_only_when_its_post_is_watched_here(slack: FakeSlack, bot: Bot) -> None:
    watched = await bot.track("t3_1abcd2")
    ours, other = "https://old.reddit.com/r/tea/comments/1abcd2/hot/?x=1", "https://redd.it/1zzzz9"
    links = [{"domain": "reddit.com", "url": url} for url in (other, "https://www.reddit.com/r/tea/", ours)]
    shared = {"type": "link_shared", "user": "U1", "channel": "C1", "message_ts": "1.2", "links": links}
    await slack.event(shared)
    unfurled = await slack.until(lambda: slack.called("chat.unfurl"))
    assert list(unfurled[0]["unfurls"]) == [ours]
    assert f"Post {watched} is live" in words_of(unfurled[0]["unfurls"][ours]["blocks"])
    await slack.event({**shared, "links": links[:2]})
    await slack.event({**shared, "unfurl_id": "C1.1.x", "source": "composer"})
    unfurled = await slack.until(lambda: len(calls := slack.called("chat.unfurl")) == 2 and calls)
    assert unfurled[1]["source"] == "composer"


async def test_a_card_whose_record_was_decided_elsewhere_shows_it(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea show 2")
    card = await slack.said("Tea 2")
    await slack.click(card, "I told of it")
    await slack.submit(await slack.view_showing("Link"), {"link": "https://www.reddit.com/r/tea/comments/1abc/"})
    assert (await slack.said("It is watched now")) is not card
    await slack.until(lambda: card.versions)
    assert card.words == "Tea 2 was told of"
    assert stall.told == {2: "https://www.reddit.com/r/tea/comments/1abc/"}


async def test_an_export_is_a_file_for_the_caller_alone(slack: FakeSlack) -> None:
    await slack.command("till count")
    assert (await slack.said("books.zip follows as a file.")).ephemeral_for == "U1"
    [file] = await slack.until(lambda: [f for f in slack.files.values() if f["shared"]])
    assert (file["name"], file["content"], file["shared"]) == ("books.zip", b"PK" * 50, ("DU1", None))

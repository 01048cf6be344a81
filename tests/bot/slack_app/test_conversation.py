from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.card import encode_action
from bot.slack_app.client import SlackFrontEnd
from core.model import Role
from tests.bot.slack_app.conftest import Bot
from tests.bot.slack_app.stall import LONG_NOTE, PNG, Stall
from tests.fakes.block_kit import units
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


# ---------------------------------------------------------------- forms


async def test_what_is_missing_is_asked_for_in_a_form(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea order tea=2")
    view = await slack.view_showing("Note")
    assert "Tea" not in words_of(view["blocks"])
    await slack.submit(view, {"note": "with <b>milk</b>", "size": "pot"})
    message = await slack.said("Ordered a pot of tea 2")
    assert "with <b>milk</b>" in message.body["blocks"][1]["elements"][1]["elements"][0]["text"]
    assert slack.open_views == []
    assert stall.notes == {2: "with <b>milk</b>"}


async def test_a_button_opens_a_form_too(slack: FakeSlack) -> None:
    await slack.command("help")
    await slack.click(await slack.said("What to do next"), "Order a tea")
    await slack.view_showing("Size")


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea order")
    view = await slack.view_showing("Note")
    typed = {"tea": "many", "note": "x" * 3000, "size": "cup"}
    answered = await slack.acked(await slack.submit(view, typed))
    assert answered["response_action"] == "errors"
    assert set(answered["errors"]) == {"tea"}
    assert "whole number" in answered["errors"]["tea"]
    answered = await slack.acked(await slack.submit(view, {**typed, "tea": "9", "note": "x"}))
    assert answered["errors"] == {"tea": "There is no tea 9. Choose 1 to 3."}
    answered = await slack.acked(await slack.submit(view, {**typed, "tea": "1", "note": "no"}))
    assert answered["errors"] == {"tea": "There is no cook. Come back later."}
    assert slack.open_views == [view["id"]]
    await slack.submit(view, {"tea": "1", "note": "x", "size": "cup"})
    await slack.said("Ordered a cup of tea 1")


async def test_every_wrong_field_is_told_at_once(slack: FakeSlack) -> None:
    await slack.command("tea blend")
    view = await slack.view_showing("Second")
    answered = await slack.acked(await slack.submit(view, {"first": "one", "second": "two"}))
    assert set(answered["errors"]) == {"first", "second"}


async def test_a_defect_in_taking_a_form_keeps_the_form_and_says_so(
    slack: FakeSlack, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("bot.slack_app.workspaces.Workspaces.submit", broken)
    await slack.command("tea order")
    view = await slack.view_showing("Note")
    answered = await slack.acked(await slack.submit(view, {"tea": "1", "note": "long words", "size": "pot"}))
    assert answered["response_action"] == "errors"
    assert "Something in the bot is broken" in str(answered["errors"])
    assert slack.open_views == [view["id"]]


async def test_an_acknowledgement_is_sent_without_looking_for_it_again_and_again(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []

    async def look(seconds: float) -> None:
        looked.append(seconds)

    asking = SimpleNamespace(ensure_future=asyncio.ensure_future, sleep=look)
    monkeypatch.setattr("slack_bolt.listener.asyncio_runner.asyncio", asking)
    await slack.acked(await slack.command("help"))
    await slack.said("What to do next")
    assert looked == []


async def test_a_form_that_takes_longer_than_slack_waits_keeps_what_was_typed(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea order")
    view = await slack.view_showing("Note")
    await slack.submit(view, {"tea": "7", "note": "long words", "size": "pot"})
    await slack.view_showing("One moment")
    stall.gate.set()
    again = await slack.view_showing("There is no tea 7")
    values = {b["block_id"]: b["element"].get("initial_value") for b in again["blocks"] if b["type"] == "input"}
    assert values == {"tea": "7", "note": "long words", "size": None}
    await slack.submit(again, {"tea": "2"})
    assert (await slack.said("Ordered a pot of tea 2")).channel == "C1"


async def test_what_was_typed_comes_back_when_the_form_was_closed_meanwhile(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea order")
    view = await slack.view_showing("Note")
    await slack.submit(view, {"tea": "7", "note": "long words", "size": "pot"})
    slack.close_view(view["id"])
    stall.gate.set()
    message = await slack.said("There is no tea 7")
    assert message.ephemeral_for == "U1"
    assert "long words" in message.words
    await slack.click(message, "/rao tea order")
    again = await slack.said("There is no tea 7", count=2)
    assert again.ephemeral_for == "U1"


async def test_a_text_longer_than_an_input_is_edited_in_parts_and_comes_back_whole(
    slack: FakeSlack, stall: Stall
) -> None:
    stall.notes[1] = LONG_NOTE
    assert len(LONG_NOTE) > 5000
    await slack.command("tea edit 1")
    view = await slack.view_showing("part 1 of")
    parts = [b for b in view["blocks"] if b["type"] == "input"]
    assert all(units(b["element"]["initial_value"]) <= 3000 for b in parts)
    await slack.submit(view, {})
    await slack.said("The note of tea 1 is changed")
    assert stall.notes[1] == LONG_NOTE
    await slack.command("tea edit 1")
    view = await slack.view_showing("part 1 of")
    await slack.submit(view, {"note#0": "Short."})
    await slack.said("The note of tea 1 is changed", count=2)
    assert stall.notes[1].startswith("Short.\n\nParagraph")


async def test_a_form_stays_open_below_what_one_looks_at_beside_it(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea edit 1")
    form = await slack.view_showing("Note")
    await slack.click_view(form, "Look at it")
    above = await slack.view_showing("Tea 1")
    assert (above["close"]["text"], "submit" in above) == ("Back", False)
    assert not [b for b in above["blocks"] if b["type"] == "actions"]  # what is decided there is decided in the channel
    slack.close_view(above["id"])
    answered = await slack.acked(await slack.submit(form, {"note": "milk"}))
    assert not answered
    await slack.said("The note of tea 1 is changed")
    assert (stall.notes[1], len(slack.shown)) == ("milk", 1)


async def test_what_one_looks_at_may_come_late(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea edit 3")
    form = await slack.view_showing("Note")
    await slack.click_view(form, "Thoughts")
    await slack.view_showing("One moment")
    stall.gate.set()
    await slack.view_showing("Nothing to ask about tea 3")
    assert slack.shown == []


async def test_a_form_asked_for_again_can_still_be_looked_beside(slack: FakeSlack) -> None:
    await slack.command("tea edit 9")
    form = await slack.view_showing("Note")
    await slack.submit(form, {"note": "x" * 40})
    assert slack.open_views == []
    await slack.said("The note of tea 9 is changed")
    await slack.command("tea edit 9")
    form = await slack.view_showing("Note")
    await slack.click_view(form, "Look at it")
    assert "There is no tea 9" in words_of(await slack.view_showing("There is no tea 9"))


async def test_a_button_of_another_version_in_a_form_says_so(slack: FakeSlack) -> None:
    await slack.command("tea edit 1")
    form = await slack.view_showing("Note")
    beside = next(block for block in form["blocks"] if block["type"] == "actions")
    beside["elements"][0]["action_id"] = encode_action("tea dance", 1)
    await slack.click_view(form, "Look at it")
    await slack.view_showing("is not a command")


async def test_an_edit_from_a_card_changes_that_card(slack: FakeSlack, bot: Bot) -> None:
    await slack.command("tea edit 1 note=milk")
    await slack.said("The note of tea 1 is changed")
    assert slack.open_views == []  # nothing was missing


async def test_a_slow_form_opens_with_one_moment_first(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea think 1")
    waiting = await slack.view_showing("One moment")
    stall.gate.set()
    view = await slack.view_showing("Thought")
    assert view["id"] == waiting["id"]


async def test_a_slow_command_that_needs_no_form_after_all_says_its_answer(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea think 3")
    await slack.view_showing("One moment")
    stall.gate.set()
    await slack.view_showing("Nothing to ask about tea 3")
    await slack.said("Nothing to ask about tea 3")


async def test_a_form_slack_does_not_open_leaves_a_button_that_opens_it(slack: FakeSlack) -> None:
    slack.fail("views.open", "expired_trigger_id", times=1)
    await slack.command("tea order tea=2 note=milk")
    message = await slack.said("also needs")
    assert message.ephemeral_for == "U1"
    await slack.click(message, "/rao tea order")
    view = await slack.view_showing("Size")
    await slack.submit(view, {"size": "cup"})
    assert "milk" in (await slack.said("Ordered a cup of tea 2")).words


async def test_a_long_known_argument_becomes_an_input_of_the_form(slack: FakeSlack) -> None:
    await slack.command(f'tea order note="{"milk and " * 250}" size=cup')
    view = await slack.view_showing("Tea")
    values = {b["block_id"]: b["element"].get("initial_value", "") for b in view["blocks"]}
    assert values["note"].count("milk and") == 250


async def test_a_form_of_another_version_says_so(slack: FakeSlack) -> None:
    await slack.command("tea order")
    view = await slack.view_showing("Note")
    old = {**view, "private_metadata": '{"command": "tea sip"}'}
    answered = await slack.acked(await slack.submit(old, {"tea": "1", "note": "x", "size": "cup"}))
    assert "another version" in answered["errors"]["tea"]


# ---------------------------------------------------------------- blocks that Slack refuses, and copies


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


async def form_with_an_error(slack: FakeSlack) -> tuple[str, str]:
    """The envelopes of a form that was sent twice with something wrong in it."""
    await slack.command("tea order")
    view = await slack.view_showing("a few words to the cook")
    first = await slack.submit(view, {"tea": "9", "note": "hot", "size": "cup"})
    return first, await slack.redeliver()


async def test_a_form_that_comes_twice_with_an_error_in_it_stays_open_with_what_was_typed(slack: FakeSlack) -> None:
    first, second = await form_with_an_error(slack)
    assert await slack.acked(first) == await slack.acked(second)
    assert slack.acks[second] == {
        "response_action": "errors",
        "errors": {"tea": "There is no tea 9. Choose 1 to 3."},
    }


async def test_a_form_that_comes_twice_before_it_was_answered_gets_one_answer(slack: FakeSlack, stall: Stall) -> None:
    await slack.command("tea order")
    view = await slack.view_showing("a few words to the cook")
    submitting = asyncio.create_task(slack.submit(view, {"tea": "7", "note": "hot", "size": "cup"}))
    await slack.until(lambda: slack.last_envelope["payload"].get("type") == "view_submission")
    second = await slack.redeliver()
    answers = [await slack.acked(await submitting), await slack.acked(second)]
    assert answers[0] == answers[1]
    assert answers[0]["response_action"] == "update", "it takes longer than Slack waits"
    stall.gate.set()


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

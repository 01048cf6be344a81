"""Forms on Slack: what they ask for, what is wrong in them, what is looked at beside them, and what comes twice."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bot.card import encode_action
from tests.bot.slack_app.conftest import Bot
from tests.bot.slack_app.stall import LONG_NOTE, Stall
from tests.fakes.block_kit import units
from tests.fakes.slack import FakeSlack, words_of

pytestmark = pytest.mark.usefixtures("front_end")


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

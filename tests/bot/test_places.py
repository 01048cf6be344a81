"""Where alerts may go, over the wire: the platform is asked before anybody is promised anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.frontend import Actor
from core.alerts import AlertPlace
from tests.bot.chats import AT, on_discord, on_slack
from tests.fakes.discord import CHANNEL
from tests.fakes.discord_people import SEND_IN_THREADS, SEND_MESSAGES
from tests.fakes.slack import FakeSlack

Json = dict[str, Any]

THREAD = 960


async def test_a_slack_channel_that_took_a_message_is_named_by_its_mention(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await slack.command("alerts here", channel="C2")
        answer = await slack.said("Alerts come here")
        proof = await slack.said("Messages of the bot arrive here")
        assert (proof.channel, proof.ephemeral_for, answer.ephemeral_for) == ("C2", None, "U1")
        assert "<#C2>\n\nLast message accepted 23 Nov 2026, 12:00 UTC." in answer.words
        assert await program.services.store.alert_place("slack:T1") == AlertPlace("C2", AT)


@pytest.mark.parametrize(
    ("channel", "why"),
    [
        ("C8", "The bot is not in the channel."),
        ("C9", "The channel is archived."),
        ("D77", "The channel does not exist any more, or the bot was never in it."),  # two people's direct messages
    ],
)
async def test_in_a_slack_channel_that_takes_no_message_nothing_is_promised(
    tmp_path: Path, channel: str, why: str
) -> None:
    async with on_slack(tmp_path) as (slack, program):
        slack.channels["D77"] = "elsewhere"
        await slack.command("alerts here", channel=channel)
        answer = await slack.said("Alerts would not arrive here. Nothing was changed.")
        assert why in answer.words
        assert "/invite @bc-rao" in answer.words
        assert answer.ephemeral_for == "U1"
        assert (await program.services.store.alert_place("slack:T1")).channel is None


async def routing(slack: FakeSlack) -> Json:
    """The form that sends some alerts elsewhere, as an admin opens it in C1."""
    await slack.command("alerts list")
    await slack.click(await slack.said("No alerts yet"), "Routes and mutes")
    await slack.click(await slack.said("All alerts go to one place"), "Send some alerts here")
    return await slack.view_showing("Which")


async def test_a_slack_form_that_asks_for_a_place_lists_the_teams_channels_and_begins_with_this_one(
    tmp_path: Path,
) -> None:
    async with on_slack(tmp_path) as (slack, program):
        view = await routing(slack)
        [block] = [block for block in view["blocks"] if block.get("block_id") == "place"]
        assert block["optional"]
        assert block["element"] == {
            "type": "conversations_select",
            "action_id": "value",
            "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
            "placeholder": {"type": "plain_text", "text": "Choose a channel", "emoji": False},
            "default_to_current_conversation": True,
        }
        await slack.submit(view, {"which": "harbor"}, here="C1")
        await slack.said("Alerts about r/harbor come here")
        assert (await slack.said("Messages of the bot arrive here")).channel == "C1"
        assert [route.place for route in await program.services.store.routes("slack:T1")] == ["C1"]


async def test_a_channel_chosen_in_a_slack_form_is_proved_and_named(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await slack.submit(await routing(slack), {"which": "harbor", "place": "C2"}, here="C1")
        answer = await slack.said("Alerts about r/harbor go")
        assert "<#C2>" in answer.words
        assert (await slack.said("Messages of the bot arrive here")).channel == "C2"
        assert [route.place for route in await program.services.store.routes("slack:T1")] == ["C2"]


async def test_a_chosen_channel_in_which_the_bot_is_not_keeps_the_form_open_and_says_why(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        view = await routing(slack)
        answered = await slack.acked(await slack.submit(view, {"which": "harbor", "place": "C8"}, here="C1"))
        assert answered["response_action"] == "errors"
        assert "The bot is not in the channel. Invite it there" in str(answered["errors"])
        assert view["id"] in slack.open_views
        assert await program.services.store.routes("slack:T1") == []


async def test_where_there_is_no_channel_slack_asks_for_one(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (_, program):
        nowhere = Actor("slack:T1", "slack", "Team", "U1", "Alice", may_manage=True, picks_channels=True)
        asked = await program.dispatcher.run(nowhere, "alerts here", {})
        assert asked.title == "Where should alerts go?"
        assert asked.form is not None
        assert [question.name for question in asked.form.inputs] == ["place"]
        done = await program.dispatcher.run(nowhere, "alerts here", {"place": "<#C2|general>"})
        assert (done.title, done.values["channel"]) == ("Alerts have their channel", "C2")
        assert await program.services.store.alert_place("slack:T1") == AlertPlace("C2", AT)


@pytest.mark.parametrize("place", ["<#700>", "700", "@42", "<#C2"])
async def test_a_channel_cannot_be_named_where_a_chat_does_not_vouch_for_it(tmp_path: Path, place: str) -> None:
    """A bot's token on Discord opens every server that it is in, so a typed id may be another team's channel."""
    async with on_discord(tmp_path) as (discord, program):
        alice = Actor("discord:500", "discord", "Team", "42", "Alice", may_manage=True, channel=str(CHANNEL))
        refused = await program.dispatcher.run(alice, "alerts here", {"place": place})
        assert (refused.code, refused.values["param"]) == ("bad_argument", "place")
        assert discord.seen("POST /channels") == 0
        assert (await program.services.store.alert_place("discord:500")).channel is None
        route = await program.dispatcher.run(alice, "alerts route here", {})
        assert route.form is not None
        assert [question.name for question in route.form.inputs] == ["about", "which"]


@pytest.mark.parametrize("error", ["restricted_action_read_only_channel", "an_error_of_next_year", "ratelimited"])
async def test_whatever_slack_calls_its_refusal_nothing_is_promised(tmp_path: Path, error: str) -> None:
    async with on_slack(tmp_path) as (slack, program):
        slack.fail("chat.postMessage", error, times=1)
        await slack.command("alerts here")
        await slack.said("Alerts would not arrive here. Nothing was changed.")
        assert (await program.services.store.alert_place("slack:T1")).channel is None


async def test_a_discord_channel_that_took_a_message_is_named_by_its_mention(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        sent = await discord.slash("alerts here")
        answer = await sent.until_shown("Alerts come here")
        assert answer.is_private
        assert f"<#{CHANNEL}>\nLast message accepted 23 Nov 2026, 12:00 UTC." in answer.text
        assert [m.text for m in discord.channels[CHANNEL] if "Messages of the bot arrive here" in m.text]
        assert await program.services.store.alert_place("discord:500") == AlertPlace(str(CHANNEL), AT)


async def test_on_discord_a_missing_permission_is_named_and_nothing_is_posted_or_promised(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.app_permissions = 1 << 10  # it sees the channel
        sent = await discord.slash("alerts here")
        answer = await sent.until_shown("The bot may not write here: it lacks Send Messages. Nothing was changed.")
        assert answer.is_private
        assert discord.seen(rf"POST /channels/{CHANNEL}/messages") == 0
        assert (await program.services.store.alert_place("discord:500")).channel is None


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, 50013, "The bot may not write in the channel."),
        (403, 50001, "The bot cannot see the channel"),
        (400, 50083, "The thread is archived, and the bot may not open it: it is locked, or the bot lacks"),
        (400, 99_999, "Discord did not take the message (status 400, code 99999)."),
    ],
)
async def test_a_place_whose_permissions_suffice_but_that_refuses_the_message_is_not_promised(
    tmp_path: Path, status: int, code: int, words: str
) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.trouble[CHANNEL] = (status, code, "no")
        sent = await discord.slash("alerts here")
        answer = await sent.until_shown("Alerts would not arrive here. Nothing was changed.")
        assert words in answer.text
        assert (await program.services.store.alert_place("discord:500")).channel is None


@pytest.mark.parametrize("in_forum", [False, True], ids=["thread", "post of a forum"])
async def test_alerts_come_to_a_discord_thread_in_which_they_are_wanted(tmp_path: Path, in_forum: bool) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.open_thread(THREAD, in_forum=in_forum)
        discord.app_permissions &= ~SEND_MESSAGES  # in the channel around it; a thread has a permission of its own
        await (await discord.slash("alerts here")).until_shown("Alerts come here")
        assert [m.text for m in discord.channels[THREAD] if "Messages of the bot arrive here" in m.text]
        assert await program.services.store.alert_place("discord:500") == AlertPlace(str(THREAD), AT)


async def test_in_a_discord_thread_the_permission_of_threads_is_the_one_that_is_missed(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.open_thread(THREAD)
        discord.app_permissions &= ~SEND_IN_THREADS
        sent = await discord.slash("alerts here")
        answer = await sent.until_shown("it lacks Send Messages in Threads. Nothing was changed.")
        assert "in a thread: Send Messages in Threads" in answer.text
        assert discord.seen(rf"POST /channels/{THREAD}/messages") == 0
        assert (await program.services.store.alert_place("discord:500")).channel is None


async def test_in_a_locked_discord_thread_nothing_is_promised(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        thread = discord.open_thread(THREAD)
        thread.is_archived = thread.is_locked = True
        answer = await (await discord.slash("alerts here")).until_shown("Alerts would not arrive here.")
        assert "The thread is archived, and the bot may not open it: it is locked" in answer.text
        assert "go to another channel, thread or forum post" in answer.text
        assert (await program.services.store.alert_place("discord:500")).channel is None


async def test_from_a_post_of_a_forum_alerts_are_sent_to_the_forum_itself_which_takes_a_post_as_proof(
    tmp_path: Path,
) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(950)
        discord.open_thread(THREAD, in_forum=True)
        answer = await (await discord.slash("alerts here")).until_shown("Alerts come here")
        assert await program.services.store.alert_place("discord:500") == AlertPlace(str(THREAD), AT)
        moved = await (await discord.click(answer, "Send them above this thread")).until_shown("Alerts have their")
        assert "<#950>" in moved.text
        assert await program.services.store.alert_place("discord:500") == AlertPlace("950", AT)
        [post] = [post for post in discord.posts.values() if post.id != THREAD]
        assert post.name == "Messages of the bot arrive here"
        assert "Send them above this thread" not in moved.items


async def test_above_a_channel_is_nothing(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alice = Actor("discord:500", "discord", "Team", "42", "Alice", may_manage=True, channel=str(CHANNEL))
        refused = await program.dispatcher.run(alice, "alerts above", {})
        assert refused.code == "not_allowed_now"
        assert discord.seen("POST /channels") == 0

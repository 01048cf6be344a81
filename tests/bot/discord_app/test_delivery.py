"""Alerts to channels and direct messages, and what a refusal of Discord's means."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.card import Button, Card, Document, Field
from bot.discord_app.client import DiscordFrontEnd
from bot.frontend import DeliveryFailed, Person, Refused
from storage.store import Store
from tests.bot.discord_app.conftest import make_front_end
from tests.bot.discord_app.shop import Shop
from tests.clock import FixedClock
from tests.fakes.discord import CHANNEL, GUILD, OWNER, FakeDiscord

ALERT = Card(
    "The post was removed",
    fields=(Field("Post", "@everyone <#1>", quote=True),),
    actions=(Button("Check now", "tea show", 1),),
)
HERE = f"discord:{GUILD}"
THREAD = 960


async def test_an_alert_arrives_in_its_channel(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    reference = await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    [message] = discord.channels[CHANNEL]
    assert reference == f"{CHANNEL}/{message.id}"
    assert "The post was removed" in message.text
    await (await discord.click(message, "Check now")).until_shown("Tea 1")


async def test_the_same_alert_is_never_told_twice(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    first = await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1") == first
    await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-2")
    assert len(discord.channels[CHANNEL]) == 2


@pytest.mark.parametrize(
    ("status", "code", "about", "words"),
    [
        (404, 10003, Refused.PLACE, "does not exist any more"),
        (403, 50001, Refused.PLACE, "cannot see the channel"),
        (403, 50013, Refused.PLACE, "may not write"),
        (400, 50083, Refused.PLACE, "archived"),
        (400, 50008, Refused.PLACE, "takes no messages"),
        (400, 50024, Refused.PLACE, "of that kind"),
        (400, 987654, Refused.PLACE, "code 987654"),
        (400, 50035, Refused.FORM, "code 50035"),
        (413, 0, Refused.FORM, "status 413"),
        (400, 20016, Refused.MOMENT, "slow mode"),
        (401, 0, Refused.WORKSPACE, "token"),
    ],
)
async def test_a_refusal_says_what_it_is_about(
    front_end: DiscordFrontEnd, discord: FakeDiscord, status: int, code: int, about: Refused, words: str
) -> None:
    discord.trouble[CHANNEL] = (status, code, "ordered")
    with pytest.raises(DeliveryFailed, match=words) as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert (failed.value.about, failed.value.may_have_arrived) == (about, False)


LONG = replace(ALERT, documents=(Document("whole.md", b"all of it", "the whole text"),))


async def test_an_archived_thread_is_opened_for_an_alert_which_comes_whole_and_once(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    discord.open_thread(THREAD).is_archived = True
    reference = await front_end.deliver(HERE, str(THREAD), LONG, nonce="alert-1")
    [message] = discord.channels[THREAD]
    assert reference == f"{THREAD}/{message.id}"
    assert message.files == {"whole.md": b"all of it"}
    assert not discord.threads[THREAD].is_archived
    assert await front_end.deliver(HERE, str(THREAD), LONG, nonce="alert-1") == reference
    assert len(discord.channels[THREAD]) == 1


async def test_a_message_in_an_archived_thread_is_revised_in_place(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    thread = discord.open_thread(THREAD)
    reference = await front_end.deliver(HERE, str(THREAD), ALERT, nonce="alert-1")
    thread.is_archived = True
    assert await front_end.revise(HERE, str(THREAD), reference, Card("The post is visible again"))
    assert [m.text for m in discord.channels[THREAD]] == ["### The post is visible again"]


async def test_a_locked_thread_takes_no_alert_and_no_revision(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    thread = discord.open_thread(THREAD)
    reference = await front_end.deliver(HERE, str(THREAD), ALERT, nonce="alert-1")
    thread.is_archived = thread.is_locked = True
    with pytest.raises(DeliveryFailed, match="the bot may not open it: it is locked") as failed:
        await front_end.deliver(HERE, str(THREAD), ALERT, nonce="alert-2")
    assert (failed.value.about, failed.value.may_have_arrived) == (Refused.PLACE, False)
    assert not await front_end.revise(HERE, str(THREAD), reference, Card("The post is visible again"))
    assert len(discord.channels[THREAD]) == 1


async def test_a_thread_that_cannot_be_opened_at_the_moment_is_tried_again(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    discord.open_thread(THREAD).is_archived = True
    discord.limit(f"PATCH /channels/{THREAD}", 300)
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(HERE, str(THREAD), ALERT, nonce="alert-1")
    assert (failed.value.about, failed.value.may_have_arrived) == (Refused.MOMENT, False)
    assert failed.value.retry_after_s == pytest.approx(300, abs=1)


async def test_direct_messages_are_a_place_without_buttons(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    reference = await front_end.deliver(HERE, f"@{OWNER}", ALERT, nonce="alert-1")
    [message] = discord.direct_messages(OWNER)
    assert reference == f"{message.channel_id}/{message.id}"
    assert message.items == {}  # no server vouches for a role there


async def test_a_card_as_plain_text_is_whole_and_no_markup(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1", plain=True)
    [message] = discord.channels[CHANNEL]
    assert "components" not in message.body or not message.body["components"]
    assert message.body["content"].startswith("The post was removed")
    assert "\\<#1\\>" in message.body["content"]
    assert "@everyone" not in message.body["content"]


@pytest.mark.parametrize("channel", [None, "not a channel"])
async def test_without_a_channel_nothing_is_asked_of_discord(
    front_end: DiscordFrontEnd, discord: FakeDiscord, channel: str | None
) -> None:
    with pytest.raises(DeliveryFailed, match="No channel is chosen") as failed:
        await front_end.deliver(HERE, channel, ALERT, nonce="alert-1")
    assert failed.value.about is Refused.PLACE
    assert discord.seen("/messages") == 0


async def test_the_owner_is_responsible_first_and_then_the_admins(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    people = [person async for person in front_end.responsible(HERE, ["5", str(OWNER)])]
    assert people == [
        Person(str(OWNER), "the server's owner", "You own the server Tea Club."),
        Person("5", "an admin", "You are an admin of the server Tea Club."),
    ]
    discord.guilds.clear()
    assert [p.member_id async for p in front_end.responsible(HERE, ["5"])] == ["5"]


async def test_a_problem_of_discords_own_is_tried_again(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    discord.fail("POST /channels", 503)
    with pytest.raises(DeliveryFailed, match="status 503") as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert (failed.value.about, failed.value.may_have_arrived) == (Refused.MOMENT, True)


async def test_a_long_pause_that_discord_asks_for_is_passed_on(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    discord.limit("POST /channels", 300)
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert failed.value.retry_after_s == pytest.approx(300, abs=1)
    assert (failed.value.about, failed.value.may_have_arrived) == (Refused.MOMENT, False)


async def test_a_short_pause_is_sat_out(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    discord.limit("POST /channels", 0.05)
    await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert len(discord.channels[CHANNEL]) == 1


async def test_a_blocked_address_waits_as_long_as_it_is_told(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    discord.fail("POST /channels", 429, headers={"Retry-After": "77"})
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert failed.value.retry_after_s == 77


async def test_before_the_connection_is_there_an_alert_waits(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    front_end = make_front_end(discord, shop, store, clock)
    with pytest.raises(DeliveryFailed, match="not connected") as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert failed.value.about is Refused.WORKSPACE


async def test_after_a_stop_an_alert_waits_for_the_next_start(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    await front_end.stop()
    await serving
    with pytest.raises(DeliveryFailed, match="not connected"):
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")

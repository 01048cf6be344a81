"""Alerts to channels, and to the server's owner when the channel is gone."""

from __future__ import annotations

import asyncio

import pytest

from bot.card import Button, Card, Field
from bot.discord_app.client import DiscordFrontEnd
from bot.frontend import DeliveryFailed
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


async def test_an_alert_arrives_in_its_channel(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    reference = (await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")).reference
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
    ("status", "code", "words"),
    [
        (404, 10003, "does not exist any more"),
        (403, 50001, "cannot see the channel"),
        (403, 50013, "may not write"),
        (400, 50083, "archived"),
    ],
)
async def test_an_unusable_channel_brings_the_alert_to_the_owner_who_is_told_why(
    front_end: DiscordFrontEnd, discord: FakeDiscord, status: int, code: int, words: str
) -> None:
    discord.trouble[CHANNEL] = (status, code, "ordered")
    delivered = await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert delivered.detour is not None
    assert words in delivered.detour
    [message] = discord.direct_messages(OWNER)
    assert "The post was removed" in message.text
    assert words in message.text
    assert "/rao alerts here" in message.text
    assert "Tea Club" in message.text
    assert message.items == {}  # no server vouches for a role there


@pytest.mark.parametrize("channel", [None, "not a channel"])
async def test_an_alert_without_a_channel_goes_to_the_owner(
    front_end: DiscordFrontEnd, discord: FakeDiscord, channel: str | None
) -> None:
    await front_end.deliver(HERE, channel, ALERT, nonce="alert-1")
    assert "No channel is chosen" in discord.direct_messages(OWNER)[0].text


async def test_a_server_that_removed_the_bot_is_given_up(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    discord.trouble[CHANNEL] = (403, 50001, "Missing Access")
    discord.guilds.clear()
    with pytest.raises(DeliveryFailed, match="removed from it") as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert failed.value.permanent


async def test_an_owner_who_takes_no_messages_is_given_up_with_both_reasons(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    discord.trouble[CHANNEL] = (404, 10003, "Unknown Channel")
    discord.trouble[70_000 + OWNER] = (403, 50007, "Cannot send messages to this user")
    with pytest.raises(DeliveryFailed, match=r"does not exist any more.*takes no direct messages") as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert failed.value.permanent


async def test_a_problem_of_discords_own_is_tried_again(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    discord.fail("POST /channels", 503)
    with pytest.raises(DeliveryFailed, match="status 503") as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert not failed.value.permanent
    assert discord.direct_messages(OWNER) == []


async def test_a_long_pause_that_discord_asks_for_is_passed_on(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    discord.limit("POST /channels", 300)
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert failed.value.retry_after_s == pytest.approx(300, abs=1)
    assert not failed.value.permanent


async def test_a_short_pause_is_sat_out(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    discord.limit("POST /channels", 0.05)
    await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert len(discord.channels[CHANNEL]) == 1


async def test_a_blocked_address_waits_as_long_as_it_is_told(front_end: DiscordFrontEnd, discord: FakeDiscord) -> None:
    discord.fail("POST /channels", 429, **{"Retry-After": "77"})
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert failed.value.retry_after_s == 77


async def test_before_the_connection_is_there_an_alert_waits(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    front_end = make_front_end(discord, shop, store, clock)
    with pytest.raises(DeliveryFailed, match="not connected") as failed:
        await front_end.deliver(HERE, str(CHANNEL), ALERT, nonce="alert-1")
    assert not failed.value.permanent


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

"""The first message in a server that the bot was added to: once, and never where it is not wanted."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta

import discord as library
import pytest

from bot.discord_app.client import DiscordFrontEnd
from core.errors import NotFound
from storage.store import Store
from tests.bot.discord_app.conftest import make_front_end
from tests.bot.discord_app.shop import Shop
from tests.clock import FixedClock
from tests.fakes.discord import CHANNEL, GUILD, FakeDiscord, Message

HERE = f"discord:{GUILD}"


async def all_was_read(discord: FakeDiscord) -> None:
    """The events before this command were read: one that changes nothing is answered."""
    await (await discord.slash("tea show", tea=1)).until_shown("Tea 1")


def welcomes(discord: FakeDiscord) -> list[Message]:
    return [m for m in discord.channels[CHANNEL] if "BC-RAO is here" in m.text]


async def test_a_server_that_the_bot_was_added_to_is_told_what_it_is_and_what_comes_next(
    front_end: DiscordFrontEnd, discord: FakeDiscord, store: Store, clock: FixedClock
) -> None:
    await discord.add_bot(clock.now())
    await discord.until(lambda: welcomes(discord))
    [message] = welcomes(discord)
    assert "take part in Reddit communities honestly" in message.text
    assert "Next, for somebody who manages this server: /rao setup" in message.text
    assert list(message.items) == ["Set up"]
    assert (await store.workspace(HERE)).name == "Tea Club"


async def test_neither_a_repeated_event_nor_a_restart_brings_a_second_welcome(
    front_end: DiscordFrontEnd, discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    await discord.add_bot(clock.now())
    await discord.until(lambda: welcomes(discord))
    await discord.add_bot(clock.now())
    await all_was_read(discord)
    await front_end.stop()
    await discord.until(lambda: discord.connections == 0)
    discord.channels[CHANNEL][0].nonce = None  # Discord remembers a nonce for some minutes only
    again = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(again.run())
    await discord.until_ready()
    await all_was_read(discord)
    await again.stop()
    await serving
    assert len(welcomes(discord)) == 1


async def test_a_server_to_which_the_bot_was_added_while_it_was_down_is_welcomed_at_the_start(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    await discord.add_bot(clock.now() - timedelta(hours=23))
    front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await discord.until(lambda: welcomes(discord))
    await front_end.stop()
    await serving
    assert len(welcomes(discord)) == 1


async def test_a_server_that_the_bot_has_been_in_for_long_gets_no_welcome_and_is_not_remembered(
    front_end: DiscordFrontEnd, discord: FakeDiscord, store: Store, clock: FixedClock
) -> None:
    await discord.add_bot(clock.now() - timedelta(hours=25))
    await discord.add_bot(clock.now(), system_channel=None)
    await discord.dispatch("INTERACTION_CREATE", {"id": "1"})  # ends the connection; the next is told of all servers
    await discord.until(lambda: len(discord.identified) == 2)
    with pytest.raises(NotFound):
        await store.workspace(HERE)
    assert welcomes(discord) == []


async def test_a_server_in_which_a_command_was_given_before_needs_no_welcome(
    front_end: DiscordFrontEnd, discord: FakeDiscord, clock: FixedClock
) -> None:
    await all_was_read(discord)
    await discord.add_bot(clock.now())
    await all_was_read(discord)
    assert welcomes(discord) == []


async def test_a_channel_in_which_the_bot_may_not_write_gets_nothing_and_nothing_fails(
    front_end: DiscordFrontEnd, discord: FakeDiscord, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    discord.trouble[CHANNEL] = (403, 50013, "Missing Permissions")
    await discord.add_bot(clock.now())
    await discord.until(lambda: discord.seen(f"POST /channels/{CHANNEL}/messages"))
    del discord.trouble[CHANNEL]
    await discord.add_bot(clock.now())
    await all_was_read(discord)
    assert welcomes(discord) == []
    assert [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_no_channel_of_a_server_is_kept_in_memory(
    front_end: DiscordFrontEnd, discord: FakeDiscord, clock: FixedClock
) -> None:
    kept = {"id": "990", "guild_id": str(GUILD), "type": 0, "name": "kept-in-memory", "position": 1}
    discord.servers[0]["channels"].append(kept)
    await discord.dispatch("GUILD_CREATE", discord.servers[0])
    await discord.dispatch("CHANNEL_CREATE", {**kept, "id": "991"})
    await all_was_read(discord)
    channels = [one for one in gc.get_objects() if isinstance(one, library.TextChannel)]
    assert [channel.id for channel in channels if channel.name == "kept-in-memory"] == []

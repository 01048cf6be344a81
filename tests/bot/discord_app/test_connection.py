"""Connecting, losing the connection, and stopping."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.discord_app import client as client_module
from bot.discord_app.client import DiscordFrontEnd
from core.errors import BadSettings
from storage.store import Store
from tests.bot.discord_app.conftest import make_front_end
from tests.bot.discord_app.shop import Shop
from tests.clock import FixedClock
from tests.fakes.discord import ALICE, FakeDiscord
from tests.patience import PATIENCE_S


async def test_a_dropped_connection_resumes_and_nothing_is_missed(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    await discord.drop()
    await discord.until(lambda: discord.connections == 0)
    missed = await discord.slash("tea list")
    await discord.until(lambda: discord.resumed == 1)
    await missed.until_shown("Teas")
    assert len(discord.identified) == 1


async def test_a_session_that_cannot_be_resumed_begins_anew(
    front_end: DiscordFrontEnd, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_: object, **__: object) -> None:
        """Discord allows one IDENTIFY in five seconds; the library waits that long."""

    monkeypatch.setattr("bot.discord_app.wire.BotClient.before_identify_hook", at_once)
    await discord.invalidate()
    await discord.until(lambda: len(discord.identified) == 2)
    await (await discord.slash("tea list")).until_shown("Teas")


async def test_every_shard_that_discord_advises_is_served(
    shop: Shop, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_: object, **__: object) -> None:
        """As above."""

    monkeypatch.setattr("bot.discord_app.wire.BotClient.before_identify_hook", at_once)
    async with FakeDiscord(shards=2) as discord:
        front_end = make_front_end(discord, shop, store, clock)
        serving = asyncio.create_task(front_end.run())
        await discord.until(lambda: discord.connections == 2)
        assert discord.identified == [[0, 2], [1, 2]]
        await (await discord.slash("tea list")).until_shown("Teas")
        await front_end.stop()
        assert await serving == 0


async def test_a_refused_token_ends_the_program_with_what_to_do(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    discord.token = "another"
    with pytest.raises(BadSettings, match="does not accept the bot's token") as refused:
        await make_front_end(discord, shop, store, clock).run()
    assert "BCRAO_DISCORD_TOKEN" in refused.value.do
    assert "good-token" not in str(refused.value)


async def test_a_token_that_is_revoked_later_ends_the_program_too(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    serving = asyncio.create_task(make_front_end(discord, shop, store, clock).run())
    await discord.until_ready()
    discord.token = "another"
    await discord.drop()
    with pytest.raises(BadSettings, match="does not accept the bot's token"):
        await asyncio.wait_for(serving, PATIENCE_S)


async def test_an_outage_at_the_start_is_waited_out(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    discord.fail("GET /users/@me", 503, times=3)
    front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    await front_end.stop()
    assert await serving == 0
    assert discord.seen("GET /users/@me") == 4


async def test_an_event_that_cannot_be_read_does_not_end_the_program(
    front_end: DiscordFrontEnd, discord: FakeDiscord
) -> None:
    await discord.dispatch("INTERACTION_CREATE", {"id": "not a number"})
    await discord.until(lambda: len(discord.identified) == 2)
    await (await discord.slash("tea list")).until_shown("Teas")


async def test_commands_that_discord_refuses_leave_the_old_ones_working(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    discord.fail("PUT /applications", 400, code=50035)
    front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    await front_end.stop()
    assert await serving == 0


# ---------------------------------------------------------------- stopping


async def test_a_running_command_may_end_before_the_connection_does(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    sent = await discord.slash("tea brew")
    await shop.started.wait()
    stopping = asyncio.create_task(front_end.stop())
    await asyncio.sleep(0.01)
    shop.go_on.set()
    await stopping
    assert await serving == 0
    await sent.until_shown("Brewed")


async def test_a_command_that_does_not_end_is_cancelled_and_says_so(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    front_end = make_front_end(discord, shop, store, clock, stop_grace_s=0.05)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    sent = await discord.slash("tea brew")
    await shop.started.wait()
    stopping = asyncio.create_task(front_end.stop())
    await sent.until_shown("is being stopped")
    await stopping
    assert await serving == 0


async def test_nothing_is_left_running_after_a_stop(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    await store.members("discord:500")  # its threads are there before
    before, threads = asyncio.all_tasks(), set(threading.enumerate())
    front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    await (await discord.slash("tea list", member=ALICE)).until_shown("Teas")
    opened = await discord.slash("tea order", tea=9)
    await opened.until_modal()
    await (await discord.submit(opened, note="hot")).until_shown("There is no tea 9.")  # private, with a button
    await front_end.stop()
    await serving
    await discord.until(lambda: discord.connections == 0)
    async with asyncio.timeout(PATIENCE_S):  # the server's side of the closed connections ends by itself
        while any("aiohttp/web" not in repr(task) for task in asyncio.all_tasks() - before):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        while any(thread.is_alive() for thread in set(threading.enumerate()) - threads):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_stop_right_after_the_start_leaves_nothing_either(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> None:
    before = asyncio.all_tasks()
    front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    await asyncio.sleep(0.02)  # READY is on its way to the client
    await front_end.stop()
    await serving
    await asyncio.sleep(0)
    assert [t for t in asyncio.all_tasks() - before if "site-packages/discord/" in repr(t)] == []


async def test_stopping_while_discord_cannot_be_reached_does_not_wait(
    shop: Shop, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "FIRST_PAUSE_S", 60.0)
    async with FakeDiscord() as discord:
        front_end = make_front_end(discord, shop, store, clock)
    serving = asyncio.create_task(front_end.run())
    await asyncio.sleep(0.05)
    await front_end.stop()
    assert await asyncio.wait_for(serving, PATIENCE_S) == 0

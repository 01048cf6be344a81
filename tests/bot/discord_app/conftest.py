"""A front end connected to a fake Discord, over the wire, with a real dispatcher and a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.discord_app.client import DiscordFrontEnd
from bot.dispatcher import Dispatcher
from core.clock import Clock
from storage.store import Store
from tests.bot.bare import bare_services
from tests.bot.discord_app.shop import Shop
from tests.clock import FixedClock
from tests.fakes.discord import FakeDiscord
from tests.patience import PATIENCE_S


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake


@pytest.fixture
def shop() -> Shop:
    return Shop()


def make_front_end(discord: FakeDiscord, shop: Shop, store: Store, clock: Clock, **options: float) -> DiscordFrontEnd:
    registry = shop.registry()
    return DiscordFrontEnd(
        Dispatcher(registry, bare_services(store, clock)),
        registry,
        token="good-token",
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        files_url=discord.files_url,
        clock=clock,
        **options,
    )


@pytest.fixture
async def front_end(
    discord: FakeDiscord, shop: Shop, store: Store, clock: FixedClock
) -> AsyncIterator[DiscordFrontEnd]:
    """Connected and ready. A test in which something was refused by Discord's rules fails at its end."""
    front_end = make_front_end(discord, shop, store, clock, stop_grace_s=0.1)
    serving = asyncio.create_task(front_end.run())
    await discord.until_ready()
    yield front_end
    await front_end.stop()
    assert await asyncio.wait_for(serving, PATIENCE_S) == 0
    assert discord.refusals == []

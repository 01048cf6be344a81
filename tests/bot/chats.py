"""The whole program, connected to a loopback Slack or Discord, with the time standing still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.chats import chat_front_ends
from bot.main import Program, open_program
from bot.settings import load_settings
from core.clock import SystemClock
from tests.bot.platforms import DISCORD_TOKEN, serving
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.migrated import lay_data

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@asynccontextmanager
async def program_with(folder: Path, **settings: str) -> AsyncIterator[Program]:
    clock = SystemClock()
    environ = {
        f"BCRAO_{name.upper()}": value for name, value in {"data_dir": str(lay_data(folder)), **settings}.items()
    }
    async with open_program(load_settings(environ, None), clock) as program:
        clock.stopped_at = AT
        yield program


@asynccontextmanager
async def on_slack(folder: Path, **more: str) -> AsyncIterator[tuple[FakeSlack, Program]]:
    async with FakeSlack() as slack:
        slack.users = {"U1": {"is_admin": True, "profile": {"display_name": "Alice"}}}
        settings = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_api_url": slack.url}
        settings["slack_files_url"] = slack.files_url
        async with (
            program_with(folder, **settings, **more) as program,
            serving(program, chat_front_ends(program), slack.connected),
        ):
            yield slack, program
        assert slack.problems == []


@asynccontextmanager
async def on_discord(folder: Path, **more: str) -> AsyncIterator[tuple[FakeDiscord, Program]]:
    async with FakeDiscord() as discord:
        discord.token = DISCORD_TOKEN
        settings = {"discord_api_url": discord.api_url, "discord_gateway_url": discord.gateway_url}
        settings["discord_files_url"] = discord.files_url
        async with (
            program_with(folder, discord_token=DISCORD_TOKEN, **settings, **more) as program,
            serving(program, chat_front_ends(program), discord.until_ready),
        ):
            yield discord, program
        assert discord.refusals == []

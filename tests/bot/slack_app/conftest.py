"""Slack on loopback with a front end connected to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.dispatcher import Dispatcher
from bot.slack_app.client import SlackFrontEnd
from core.model import Basis, Caller, Role
from core.visibility.tracking import NewTrackedPost
from storage.store import Store
from tests.bot.bare import bare_services
from tests.bot.slack_app.stall import Stall, build
from tests.clock import FixedClock
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack

WORKSPACE = "slack:T1"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack that had nothing to complain about when the test ends."""
    async with FakeSlack() as fake:
        yield fake
    assert fake.problems == []


@pytest.fixture
def stall() -> Stall:
    return build()


@dataclass
class Bot:
    """Starts front ends, and sees to it that they end."""

    slack: FakeSlack
    stall: Stall
    store: Store
    clock: FixedClock

    def front_end(self, **changed: Any) -> SlackFrontEnd:
        options: dict[str, Any] = {
            "bot_token": BOT_TOKEN,
            "app_token": APP_TOKEN,
            "stop_grace_s": 0.2,
            "ping_interval_s": 0.2,
        } | changed
        self.slack.now = lambda: self.clock.now().timestamp()
        dispatcher = Dispatcher(self.stall.commands, bare_services(self.store, self.clock))
        return SlackFrontEnd(
            dispatcher, api_url=self.slack.url, files_url=self.slack.files_url, clock=self.clock, **options
        )

    @asynccontextmanager
    async def running(self, **options: Any) -> AsyncIterator[SlackFrontEnd]:
        front_end = self.front_end(**options)
        connections = self.slack.connections_opened
        serving = asyncio.create_task(front_end.run())
        try:
            await self.slack.connected(connections + 1)
            yield front_end
        finally:
            await front_end.stop()
            assert await serving == 0

    async def grant(self, member: str, role: Role) -> None:
        await self.store.ensure_workspace(WORKSPACE, "slack", "Team", self.clock.now())
        caller = Caller(WORKSPACE, "system", "system", "test")
        await self.store.grant_role(caller, member, f"Name of {member}", role, self.clock.now())

    async def track(self, fullname: str) -> int:
        """Watch a post; answers its number."""
        now = self.clock.now()
        await self.store.ensure_workspace(WORKSPACE, "slack", "Team", now)
        new = NewTrackedPost(
            fullname=fullname,
            community="tea",
            permalink=f"https://www.reddit.com/r/tea/comments/{fullname[3:]}/",
            author=None,
            posted_at=now,
            basis=Basis.SAMPLE,
            campaign_id=None,
            draft_id=None,
            next_check_at=now,
            audit_due_at=now + timedelta(days=7),
        )
        return (await self.store.register_post(Caller(WORKSPACE, "system", "system", "test"), new, now)).id


@pytest.fixture
def bot(slack: FakeSlack, stall: Stall, store: Store, clock: FixedClock) -> Bot:
    return Bot(slack, stall, store, clock)


@pytest.fixture
async def front_end(bot: Bot) -> AsyncIterator[SlackFrontEnd]:
    async with bot.running() as running:
        yield running

"""Where workspaces install the app: the real pages, over a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from bot.listener import Listener
from bot.slack_app import INSTALL_PATH, INSTALLED_PATH
from bot.slack_app.install import InstallableApp, InstallPages
from core.installations import Installation, Installations
from core.seal import INSTALL_STATES, INSTALLATIONS, Seal
from storage.store import Store
from tests.bot.slack_app.browser import ADDRESS, link_on
from tests.clock import FixedClock
from tests.fakes.slack import FakeSlack


def seal(purpose: str) -> Seal:
    return Seal(lambda: "k" * 32, purpose)


@dataclass
class Door:
    """Where workspaces install the app, and what comes of it."""

    slack: FakeSlack
    store: Store
    clock: FixedClock
    listener: Listener

    @property
    def app(self) -> InstallableApp:
        return InstallableApp(
            client_id=self.slack.client_id,
            client_secret=self.slack.client_secret,
            public_address=ADDRESS,
            authorize_url=self.slack.authorize_url,
            states=seal(INSTALL_STATES),
            installations=Installations(self.store, self.clock, seal(INSTALLATIONS), f"{ADDRESS}{INSTALL_PATH}"),
        )

    async def kept(self, team: str = "T1") -> Installation | None:
        return await self.store.installation(f"slack:{team}")

    async def begin(self, person: httpx.AsyncClient) -> str:
        """The address of Slack's page, from ours."""
        return link_on(await person.get(f"{ADDRESS}{INSTALL_PATH}"))

    async def agree(self, person: httpx.AsyncClient, address: str) -> str:
        """Agree on Slack's page; answers where it sends the browser, which does not go there yet."""
        back = await person.get(address, follow_redirects=False)
        assert back.status_code == 302
        return back.headers["Location"]


@asynccontextmanager
async def opened(slack: FakeSlack, store: Store, clock: FixedClock, **changed: Any) -> AsyncIterator[Door]:
    slack.now = lambda: clock.now().timestamp()
    slack.redirect_urls = {f"{ADDRESS}{INSTALLED_PATH}"}
    door = Door(slack, store, clock, Listener("127.0.0.1:0"))
    InstallPages(replace(door.app, **changed), door.listener, clock, slack.url)
    async with door.listener.serving():
        yield door

"""What the bot listens to on Slack. Everything is acknowledged at once, also what nobody listens to."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.slack_app import REGISTER_SHORTCUT
from bot.slack_app.forms import FORM_VIEW
from bot.slack_app.handling import Ack, Body, Handling

ANYTHING = re.compile(r".*", re.DOTALL)
COMMAND = re.compile(r"^/rao")  # a second installation beside another one is called /rao-test or the like
REMEMBERED = 10_000

Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Once:
    """Slack sends again what it believes was lost. The same command, click or event is handled once."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, body: Body, next: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        mark = body.get("event_id") or body.get("trigger_id")
        if mark:
            if mark in self._seen:
                return BoltResponse(status=200, body="")
            self._seen[str(mark)] = None
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        await next()
        return None


def register(app: AsyncApp, handling: Handling, spawn: Spawn, on_dead_token: Callable[[str], None]) -> None:
    """Listen. `spawn` runs work that goes on after the acknowledgement; `on_dead_token` hears of an uninstallation."""
    app.use(Once().__call__)

    async def on_command(ack: Ack, body: Body) -> None:
        await ack()
        spawn(handling.command(body))

    async def on_action(ack: Ack, body: Body) -> None:
        await ack()
        if not (body.get("actions") or [{}])[0].get("url"):
            spawn(handling.click(body))

    async def on_shortcut(ack: Ack, body: Body) -> None:
        await ack()
        spawn(handling.shortcut(body))

    async def on_submission(ack: Ack, body: Body) -> None:
        spawn(handling.submission(body, ack))

    async def on_uninstalled(ack: Ack) -> None:
        await ack()
        on_dead_token("app_uninstalled")

    async def on_tokens_revoked(ack: Ack, event: Body) -> None:
        await ack()
        if (event.get("tokens") or {}).get("bot"):
            on_dead_token("token_revoked")

    async def on_home_opened(ack: Ack, event: Body) -> None:
        await ack()
        if event.get("tab") == "home":
            spawn(handling.home(str(event.get("user", ""))))

    async def on_link_shared(ack: Ack, event: Body) -> None:
        await ack()
        spawn(handling.links_shared(event))

    async def on_options(ack: Ack) -> None:
        await ack(options=[])

    async def on_anything(ack: Ack) -> None:
        await ack()

    app.command(COMMAND)(on_command)
    app.action(ANYTHING)(on_action)
    app.shortcut(REGISTER_SHORTCUT)(on_shortcut)
    app.view_submission(FORM_VIEW)(on_submission)
    app.event("app_uninstalled")(on_uninstalled)
    app.event("tokens_revoked")(on_tokens_revoked)
    app.event("app_home_opened")(on_home_opened)
    app.event("link_shared")(on_link_shared)
    # What bolt finds no listener for stays unacknowledged, and Slack then shows an error to whoever clicked.
    app.command(ANYTHING)(on_anything)
    app.shortcut(ANYTHING)(on_anything)
    app.view_submission(ANYTHING)(on_anything)
    app.view_closed(ANYTHING)(on_anything)
    app.options(ANYTHING)(on_options)
    app.event(ANYTHING)(on_anything)

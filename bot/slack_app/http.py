"""Slack's requests over HTTP, in place of Socket Mode. Bolt checks their signature and that they are new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.listener import Listener
from bot.slack_app import REQUESTS_PATH


class Requests:
    """Hands what arrives to a bolt app. Without one Slack is asked to send it again, as to a server that restarts."""

    def __init__(self, listener: Listener) -> None:
        self._app: AsyncApp | None = None
        listener.add("POST", REQUESTS_PATH, self._answer)

    @contextmanager
    def answered_by(self, app: AsyncApp) -> Iterator[None]:
        self._app = app
        try:
            yield
        finally:
            self._app = None

    async def _answer(self, request: web.Request) -> web.Response:
        if self._app is None:
            return web.Response(status=503)
        return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))

"""Slack's requests over HTTP, in place of Socket Mode. Bolt checks their signature and that they are new."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

PATH = "/slack/events"
BODY_MAX_BYTES = 1024 * 1024
CLOSE_WITHIN_S = 1.0


@asynccontextmanager
async def serve(app: AsyncApp, host: str, port: int) -> AsyncIterator[int]:
    """Answer requests to `PATH`; gives the port (another one than asked for when that is 0). Raises `OSError`."""

    async def answer(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    pages = web.Application(client_max_size=BODY_MAX_BYTES)
    pages.router.add_post(PATH, answer)
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=CLOSE_WITHIN_S, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()

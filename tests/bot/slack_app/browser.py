"""A person's browser, and the proxy with https that stands before the bot."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx

from bot.listener import Listener
from bot.slack_app import INSTALL_PATH

ADDRESS = "https://bot.example.com"


class Proxy(httpx.AsyncBaseTransport):
    """Hands on what goes to the bot's public address, as a web server with the certificate does."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._wire = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._listener.port)
        inside = httpx.Request(request.method, url, headers=request.headers, content=await request.aread())
        return await self._wire.handle_async_request(inside)

    async def aclose(self) -> None:
        await self._wire.aclose()


def browser(listener: Listener) -> httpx.AsyncClient:
    """With cookies of its own; it follows redirects."""
    mounts: dict[str, Any] = {ADDRESS: Proxy(listener)}
    return httpx.AsyncClient(mounts=mounts, follow_redirects=True)


def link_on(page: httpx.Response) -> str:
    """The address behind the page's one link."""
    [link] = re.findall(r'<a class="go" href="([^"]*)">', page.text)
    return html.unescape(link)


def words_on(page: httpx.Response) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<body>")[2]))


async def install(listener: Listener) -> httpx.Response:
    """Open the install page, and press its button; answers where that ends."""
    async with browser(listener) as person:
        page = await person.get(f"{ADDRESS}{INSTALL_PATH}")
        return await person.get(link_on(page))

"""The one address at which browsers and Slack reach the program (BCRAO_LISTEN), and the page on which Reddit's consent
ends.

Who wants to be reached adds a path before `serving`. What arrives is data of a stranger until it is proven otherwise,
and nothing of it is shown again.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.settings import REDIRECT_PATH, variable
from core.accounts import Accounts
from core.errors import BadSettings, UserError
from core.log import correlate

log = logging.getLogger(__name__)

BODY_MAX_BYTES = 1024 * 1024  # a filled-in form of Slack's
ASKED_MAX_CHARS = 2_000  # of a whole query: Reddit's and Slack's own are some 150
# For every page: it is shown once, to one browser, and its address may hold a code.
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
BROKEN = "Something in the bot is broken. Who runs it finds more in its log."

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Listener:
    """Listens at `host:port` while `serving`; port 0 takes a free one."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._app = web.Application(client_max_size=BODY_MAX_BYTES)
        self.port: int | None = None  # while it listens

    def add(self, method: str, path: str, handler: Handler) -> None:
        self._app.router.add_route(method, path, handler)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Raises `BadSettings` when the address cannot be listened on."""
        # An access log would keep the codes.
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=2.0, handle_signals=False)
        await runner.setup()
        host, _, port = self._address.rpartition(":")
        try:
            try:
                await web.TCPSite(runner, host, int(port)).start()
            except (OSError, OverflowError) as error:
                reason = (getattr(error, "strerror", None) or "not possible").lower()
                raise BadSettings(
                    f"{variable('listen')}: {self._address} cannot be listened on ({reason}).",
                    "Choose another port, or stop what uses it.",
                ) from None
            self.port = runner.addresses[0][1]
            log.info("listening", extra={"port": self.port})
            yield
        finally:
            self.port = None
            await runner.cleanup()


def hear_reddit(listener: Listener, accounts: Accounts) -> None:
    """Take the browsers that come back from Reddit's consent page, and tell the person in each what came of it."""

    async def arrived(request: web.Request) -> web.Response:
        with correlate():
            return await _answer(accounts, request)

    listener.add("GET", REDIRECT_PATH, arrived)


async def _answer(accounts: Accounts, request: web.Request) -> web.Response:
    if len(request.query_string) > ASKED_MAX_CHARS:
        return _page("That is not an address Reddit sends people to.", 400)
    answer = {name: request.query[name] for name in ("state", "code", "error") if name in request.query}
    if "state" not in answer:
        return _page("That is not an address Reddit sends people to.", 400)
    try:
        asked, account = await accounts.arrive(answer)
    except UserError as error:
        return _page(f"{error.what}\n{error.do}", 400)
    except Exception:  # the person in the browser gets words, the log the rest
        log.exception("an answer from the consent page could not be handled")
        return _page(BROKEN, 500)
    return _page(
        f"u/{account.name} is linked. {asked.member_name} asked for it.\n\n"
        "If you did not mean to allow that, take it back at https://www.reddit.com/prefs/apps\n"
        "You can close this page.",
        200,
    )


def _page(words: str, status: int) -> web.Response:
    return web.Response(text=f"{words}\n", status=status, headers=PAGE_HEADERS)  # plain text: nothing in it is markup

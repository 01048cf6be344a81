"""Hears Reddit send the browser back after the consent page (BCRAO_LISTEN), and tells the person in it what came of it.

The one thing it serves is `REDIRECT_PATH`. What arrives is data of a stranger until its `state` is known; nothing of it
is shown again.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.settings import REDIRECT_PATH, variable
from core.accounts import Accounts
from core.errors import BadSettings, UserError
from core.log import correlate

log = logging.getLogger(__name__)

_ASKED_MAX_CHARS = 2_000  # of the whole query: Reddit's own is some 150
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address holds the code
    "X-Content-Type-Options": "nosniff",
}


@asynccontextmanager
async def listening(accounts: Accounts, address: str) -> AsyncIterator[int]:
    """Serve on `host:port` (port 0 takes a free one) until the end of the block; gives the port.

    Raises `BadSettings` when the address cannot be listened on.
    """

    async def arrived(request: web.Request) -> web.Response:
        with correlate():
            return await _answer(accounts, request)

    app = web.Application(client_max_size=1024)
    app.router.add_get(REDIRECT_PATH, arrived)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)  # an access log would keep the codes
    await runner.setup()
    host, _, port = address.rpartition(":")
    try:
        try:
            await web.TCPSite(runner, host, int(port)).start()
        except (OSError, OverflowError) as error:
            reason = (getattr(error, "strerror", None) or "not possible").lower()
            raise BadSettings(
                f"{variable('listen')}: {address} cannot be listened on ({reason}).",
                "Choose another port, or stop what uses it.",
            ) from None
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _answer(accounts: Accounts, request: web.Request) -> web.Response:
    if len(request.query_string) > _ASKED_MAX_CHARS:
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
        return _page("Something in the bot is broken. Who runs it finds more in its log.", 500)
    return _page(
        f"u/{account.name} is linked. {asked.member_name} asked for it.\n\n"
        "If you did not mean to allow that, take it back at https://www.reddit.com/prefs/apps\n"
        "You can close this page.",
        200,
    )


def _page(words: str, status: int) -> web.Response:
    return web.Response(text=f"{words}\n", status=status, headers=_HEADERS)  # plain text: nothing in it is markup

"""The one address at which browsers and Slack reach the program (BCRAO_LISTEN), the pages that it
shows, and that to which Reddit's consent page returns.

Other modules add their paths before `serving`. A request is a stranger's data until its sender is proven, and no part
of it is shown again.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.card import Tone
from bot.settings import REDIRECT_PATH, variable
from core.accounts import Accounts
from core.errors import BadSettings, UserError
from core.log import correlate

log = logging.getLogger(__name__)

BODY_MAX_BYTES = 1024 * 1024  # enough for a filled-in form of Slack's
HEAD_WITHIN_S = 30.0  # time for a request to begin and for its head to arrive; idle connections are closed after it
UNREAD_WITHIN_S = 1.0  # how long the rest of a refused body is read and dropped; then the connection ends
SERVER_NAME = "bcrao"
QUERY_MAX_CHARS = 2_000  # Reddit's and Slack's queries have some 150
TOKEN_MAX_CHARS = 200
BROKEN = "Something in the bot is broken. Who runs it finds more in its log."

Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]


class Listener:
    """Listens at `host:port` while `serving`; port 0 takes a free one.

    Requests without a handler are refused without a word, and the log holds nothing of a request. A head must arrive
    within `HEAD_WITHIN_S`; only a handler reads a body (`BODY_MAX_BYTES` at most), which is never decompressed.
    """

    def __init__(self, address: str, *, head_within_s: float = HEAD_WITHIN_S) -> None:
        self._address = address
        self._head_within_s = head_within_s
        self._handlers: dict[str, dict[str, Handler]] = {}  # by path, then by method
        self.port: int | None = None  # set while it listens

    def add(self, method: str, path: str, handler: Handler) -> None:
        self._handlers.setdefault(path, {})[method] = handler

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen within the block. Raises `BadSettings` when the address cannot be used."""
        # An access log would hold the codes.
        server = _Server(
            self._answer,
            access_log=None,
            keepalive_timeout=self._head_within_s,
            lingering_time=UNREAD_WITHIN_S,
            auto_decompress=False,
        )
        runner = web.ServerRunner(server, shutdown_timeout=2.0, handle_signals=False)
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

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        methods = self._handlers.get(request.path)
        if methods is None:
            return _named(web.Response(status=404))
        handler = methods.get(request.method)
        if handler is None:
            return _named(web.Response(status=405, headers={"Allow": ", ".join(methods)}))
        try:
            return _named(await handler(request))
        except Exception:  # the response has plain words; the log has the details
            log.exception("defect", extra={"path": request.path})
            return _named(shown_page(Page("That did not work", (BROKEN,), Tone.BAD), 500))


def _named(response: web.Response) -> web.Response:
    response.headers["Server"] = SERVER_NAME  # otherwise aiohttp names itself, Python, and both versions
    return response


class _Server(web.Server):
    """aiohttp's low-level server, with our own answer to requests that are not HTTP."""

    def __init__(self, handler: Handler, **options: Any) -> None:
        super().__init__(handler)
        self._options = options

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=asyncio.get_running_loop(), **self._options)


class _Connection(web.RequestHandler):
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Refuse a request that is not HTTP: one line in the log, and no details for the sender."""
        log.warning("a request was not understood", extra={"status": status, "why": type(exc).__name__})
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is on its way already")
        answer = _named(web.Response(status=status))
        answer.force_close()
        return answer


def hear_reddit(listener: Listener, accounts: Accounts) -> None:
    """Serve the page to which browsers return from Reddit's consent page; it tells the person the result."""

    async def arrived(request: web.BaseRequest) -> web.Response:
        with correlate():
            return await _answer(accounts, request)

    listener.add("GET", REDIRECT_PATH, arrived)


def hear_readers(listener: Listener, path: str, opened: Callable[[str], Awaitable[bytes | None]]) -> None:
    """Serve the feed that a token opens (`opened`); a token that opens none is told nothing."""

    async def answer(request: web.BaseRequest) -> web.Response:
        token = request.query.get("token", "")
        with correlate():
            body = await opened(token) if 0 < len(token) <= TOKEN_MAX_CHARS else None
        if body is None:
            return web.Response(status=404)
        headers = {"Cache-Control": "private, max-age=60", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=body, content_type="application/atom+xml", charset="utf-8", headers=headers)

    listener.add("GET", path, answer)


async def _answer(accounts: Accounts, request: web.BaseRequest) -> web.Response:
    answer = {name: request.query[name] for name in ("state", "code", "error") if name in request.query}
    if len(request.query_string) > QUERY_MAX_CHARS or "state" not in answer:
        return _unlinked(("That is not an address Reddit sends people to.",), 400)
    try:
        asked, account = await accounts.arrive(answer)
    except UserError as error:
        return _unlinked((error.what, str(error.do)), 400)
    except Exception:  # the browser shows plain words; the log has the details
        log.exception("an answer from the consent page could not be handled")
        return _unlinked((BROKEN,), 500)
    words = (
        f"{asked.member_name} asked for it. The bot can now see this account's posts as the account itself does; it "
        "cannot post or vote.",
        "If you did not mean to allow that, take it back at https://www.reddit.com/prefs/apps",
        "You can close this page.",
    )
    return shown_page(Page(f"u/{account.name} is linked", words, Tone.GOOD), 200)


def _unlinked(words: Sequence[str], status: int) -> web.Response:
    return shown_page(Page("Nothing was linked", words, Tone.BAD), status)


def shown_page(page: Page, status: int) -> web.Response:
    return web.Response(text=page.html(), content_type="text/html", charset="utf-8", status=status, headers=HEADERS)


STYLE = """
:root { color-scheme: light dark; --back: #f4f5f7; --sheet: #ffffff; --ink: #1d2430; --soft: #566072;
  --line: #d9dde4; --act: #1f5fbf; --on-act: #ffffff; --good: #1c7a46; --bad: #b3362b; }
@media (prefers-color-scheme: dark) { :root { --back: #14171c; --sheet: #1e232b; --ink: #e8ebf0; --soft: #a6afbd;
  --line: #363d49; --act: #7fb0f5; --on-act: #10151d; --good: #63c78f; --bad: #f08a7f; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px 16px; background: var(--back); color: var(--ink);
  font: 17px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 520px; margin: 6vh auto 0; padding: 28px; background: var(--sheet);
  border: 1px solid var(--line); border-radius: 14px; }
header { display: flex; align-items: center; gap: 12px; color: var(--soft); font-weight: 600; }
h1 { margin: 20px 0 12px; font-size: 25px; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 24px 0 8px; font-size: 15px; color: var(--soft); font-weight: 600; }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
dl { margin: 0; font-size: 15px; }
dt { margin-top: 8px; font-weight: 600; }
dd { margin: 0; color: var(--soft); }
.go { display: block; margin-top: 24px; padding: 12px 20px; border-radius: 10px; background: var(--act);
  color: var(--on-act); text-align: center; text-decoration: none; font-weight: 600; }
.go:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.good h1 { color: var(--good); }
.bad h1 { color: var(--bad); }
svg { width: 40px; height: 40px; flex: none; }
"""

# A speech bubble with an eye in it: it talks, and it watches.
ICON = (
    '<svg viewBox="0 0 64 64" aria-hidden="true">'
    '<rect width="64" height="64" rx="15" fill="#1f5fbf"/>'
    '<path d="M12 14h40a5 5 0 0 1 5 5v22a5 5 0 0 1-5 5H31L19 56V46h-7a5 5 0 0 1-5-5V19a5 5 0 0 1 5-5z" fill="#fff"/>'
    '<path d="M14 30c5-8 11-11 18-11s13 3 18 11c-5 8-11 11-18 11s-13-3-18-11z" fill="#1f5fbf"/>'
    '<circle cx="32" cy="30" r="7" fill="#fff"/><circle cx="32" cy="30" r="3.5" fill="#1d2430"/></svg>'
)

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# For every page, because its address may hold a code.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_TONES = {Tone.GOOD: "good", Tone.BAD: "bad", Tone.ATTENTION: "bad"}


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says: what happened or is asked, why, and the one thing to do next.

    `asked` is what will be permitted, each with the reason; `button` is (label, address).
    """

    title: str
    words: Sequence[str] = ()
    tone: Tone = Tone.NEUTRAL
    asked: Mapping[str, str] = field(default_factory=dict)
    button: tuple[str, str] | None = None

    def html(self) -> str:
        title = html.escape(self.title)
        parts = [f"<header>{ICON}BC-RAO</header>", f"<h1>{title}</h1>"]
        parts += [f"<p>{html.escape(word)}</p>" for word in self.words if word.strip()]
        if self.button is not None:
            label, address = self.button
            parts.append(f'<a class="go" href="{html.escape(address)}">{html.escape(label)}</a>')
        if self.asked:
            named = [f"<dt>{html.escape(what)}</dt><dd>{html.escape(why)}</dd>" for what, why in self.asked.items()]
            parts.append(f"<h2>What it may do then, and why</h2><dl>{''.join(named)}</dl>")
        head = (
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title} · BC-RAO</title><style>{STYLE}</style>"
        )
        body = "\n".join(parts)
        tone = _TONES.get(self.tone, "plain")
        return (
            f'<!doctype html>\n<html lang="en"><head>{head}</head>'
            f'<body><main class="{tone}">\n{body}\n</main></body></html>\n'
        )

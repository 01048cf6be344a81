"""Reddit's public pages, read without an account: an extra reading, which often cannot tell.

Since May 2026 the public JSON returns 403 to everybody, and logged-out readers get a login page, sometimes as a 200
(reddit-facts: access). So only the post's own JSON counts as seen; every other answer is `CANNOT_TELL`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from core.clock import Clock
from core.errors import BadArgument, RemoteError
from core.gateways.exchange import read_json
from core.gateways.limits import Breaker, Budget, Health, parse_retry_after
from core.gateways.things import children_of, read_sighting
from core.gateways.threads import run_aside
from core.model import Basis, Outcome, Reading, View
from core.ports import Sighting
from core.texts.pasted import PostLink, parse_link
from core.visibility.readings import CONTRADICTION, is_contradiction, is_whole, no_evidence, read_whole

logger = logging.getLogger(__name__)

MAX_HOPS = 3
_MAX_PAGE_BYTES = 8 * 1024 * 1024


class PublicPages:
    """Implements `core.ports.PublicView`. `close` it."""

    def __init__(
        self, *, user_agent: str, clock: Clock, base_url: str = "https://www.reddit.com", timeout_s: float = 8.0
    ) -> None:
        self._base_url, self._user_agent = base_url.rstrip("/"), user_agent
        self._clock = clock
        self._timeout_s = timeout_s
        # Nominally 10 a minute without a key (reddit-facts: access); six leave room for others at our address.
        self._budget = Budget(
            remote="web", name="Reddit's public pages", clock=clock, requests=1, window_s=10.0, longest_wait_s=20.0
        )
        # Reddit refuses most networks permanently, so the pauses are long.
        self.breaker = Breaker(
            remote="web",
            name="Reddit's public pages",
            clock=clock,
            failures_to_open=3,
            pause_s=600.0,
            longest_pause_s=6 * 3600.0,
        )
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    @property
    def health(self) -> Health:
        return self.breaker.health

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    @property
    def wait_s(self) -> float:
        return self._budget.wait_s()

    async def look(self, permalink: str, now: datetime) -> Reading:
        """Look at a post. `permalink` is a path, or an address on a Reddit host. No answer or failure of the remote
        raises.
        """
        try:
            sighting = await self._read(permalink)
        except RemoteError as error:
            return Reading(View.ANONYMOUS, Basis.WEB, read_at=now, outcome=Outcome.CANNOT_TELL, problem=error.shown)
        return _reading(sighting, now)

    async def resolve_share_link(self, path: str) -> str | None:
        """Returns the permalink's path behind `/r/S/s/TOKEN` or `/u/NAME/s/TOKEN`; None when Reddit does not tell.

        It sends no credentials and follows at most three hops. It never sends a request to a redirect's target: it
        checks the target's host, and asks our own base address for the share link in it.
        """
        link: PostLink | None = _parse(path)
        for _ in range(MAX_HOPS):
            if link is None or link.share_path is None:
                break
            try:
                await self._budget.take()
                status, headers, _ = await self._get(link.share_path, body=False)
            except RemoteError as error:
                logger.warning("share link not resolved", extra={"problem": error.what})
                return None
            link = self._target(link.share_path, headers.get("location")) if 300 <= status < 400 else None
        return urlsplit(link.permalink).path if link is not None and link.fullname is not None else None

    async def probe(self) -> None:
        """Send one request that proves that the pages can be reached; it cannot prove that they are readable."""
        await self._budget.take()
        await self._get("/robots.txt", body=False)

    async def _read(self, permalink: str) -> Sighting:
        link = _parse(permalink)
        if link is None or link.fullname is None:
            raise _cannot_tell("This is not the address of a post on Reddit.")
        self.breaker.refuse_if_open()
        await self._budget.take()
        with self.breaker.guarding():
            status, headers, body = await self._get(f"{urlsplit(link.permalink).path}.json?raw_json=1&limit=1")
            if status != 200:
                raise self._refusal(status, headers)
            _, listings = read_json(body)
            if listings is None:
                raise _cannot_tell("Reddit showed a page instead of the post, probably its login.")
            for sighting in _sightings_in(listings):
                if is_whole(sighting, link.fullname):
                    return sighting
            raise _cannot_tell("Reddit's page does not show the post itself.")

    def _refusal(self, status: int, headers: Mapping[str, str]) -> RemoteError:
        retry_after_s = parse_retry_after(headers.get("retry-after"), self._clock.now())
        if status == 429:
            return _cannot_tell("Reddit asks for fewer requests.", status, retry_after_s)
        if status in (401, 403):
            return _cannot_tell("Reddit does not show its public pages to this network.", status)
        if 300 <= status < 400:
            return _cannot_tell("Reddit sent us to another page, probably its login.", status)
        if status >= 500:
            return _cannot_tell("Reddit has trouble of its own.", status, retry_after_s)
        return _cannot_tell("Reddit did not show the page.", status)

    def _target(self, path: str, location: str | None) -> PostLink | None:
        """Returns the target of a redirect from `path` when it is on our base address or on a host of Reddit, else
        None.
        """
        if not location:
            return None
        try:
            address = urljoin(self._base_url + path, location)
            parts = urlsplit(address)
        except ValueError:
            return None
        return _parse(parts.path if parts.netloc == urlsplit(self._base_url).netloc else address)

    async def _get(self, path: str, *, body: bool = True) -> tuple[int, Mapping[str, str], bytes]:
        """Returns status, headers and body (at most `_MAX_PAGE_BYTES`, within `timeout_s` in all). Raises
        `RemoteError`.
        """
        client = await self._opened()
        try:
            async with asyncio.timeout(self._timeout_s), client.stream("GET", self._base_url + path) as response:
                self.health.compare_clocks(response.headers.get("date"), self._clock.now())
                content = bytearray()
                if body:
                    async for chunk in response.aiter_bytes():
                        content += chunk
                        if len(content) > _MAX_PAGE_BYTES:
                            raise _cannot_tell("Reddit's page is too long to be the post.")
                return response.status_code, response.headers, bytes(content)
        except (TimeoutError, httpx.TimeoutException):
            raise _cannot_tell("Reddit's public pages did not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            logger.warning("public page not read", extra={"detail": type(error).__name__})
            raise _cannot_tell("Reddit's public pages cannot be reached.") from None

    async def _opened(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                # Building the TLS context takes some 80 ms.
                self._client = await run_aside(self._build)
            self._client.cookies.clear()  # two looks must not be linked by a cookie
            return self._client

    def _build(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={"User-Agent": self._user_agent, "Accept": "application/json"},
            follow_redirects=False,
            timeout=self._timeout_s,
        )


def _cannot_tell(what: str, status: int | None = None, retry_after_s: float | None = None) -> RemoteError:
    return RemoteError(what, "The public page cannot tell.", remote="web", status=status, retry_after_s=retry_after_s)


def _sightings_in(listings: Any) -> list[Sighting]:
    if not isinstance(listings, list):
        return []
    pages = [children_of(listing) for listing in listings[:2]]
    sightings = [read_sighting(thing) for page in pages if page is not None for thing in page[0]]
    return [sighting for sighting in sightings if sighting is not None]


def _parse(text: str) -> PostLink | None:
    try:
        return parse_link(text)
    except BadArgument:
        return None


def _reading(sighting: Sighting, now: datetime) -> Reading:
    if is_contradiction(sighting):
        return no_evidence(View.ANONYMOUS, Basis.WEB, now, CONTRADICTION)
    return read_whole(sighting, view=View.ANONYMOUS, basis=Basis.WEB, read_at=now)

"""The only module that imports apify_client: the client over our own transport, and its errors in our words.

The library's own transport follows redirects with the token, cannot be closed, and retries every request, even the one
that starts a paid run. This module is imported late, in a thread (`threads.run_aside`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from datetime import timedelta

import httpx
from apify_client import ApifyClientAsync
from apify_client.errors import ApifyApiError, ApifyClientError
from apify_client.http_clients import HttpClientAsync, HttpResponse
from pydantic import ValidationError

from core.clock import Clock
from core.errors import RemoteError
from core.gateways.limits import may_have_worked, parse_retry_after

# The library's errors for an answer that it cannot use: its own, pydantic's, and the plain ones of a missing
# pagination header or an answer of another shape.
FAILURES = (
    ApifyClientError,
    ValidationError,
    httpx.HTTPError,
    httpx.InvalidURL,
    TimeoutError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RecursionError,
)
_LATER = "It is tried again later."
# Headers of the task's last answer, because the library's errors hold none, and other runs send requests meanwhile.
_retry_after: ContextVar[str | None] = ContextVar("retry_after", default=None)


class Transport(HttpClientAsync):
    """httpx, without redirects, cookies or retries; each request is bounded as a whole, body included."""

    def __init__(self, *, token: str, timeout_s: float) -> None:
        limit = timedelta(seconds=timeout_s)
        super().__init__(
            token=token,
            timeout_short=limit,
            timeout_medium=limit,
            timeout_long=limit,
            max_retries=0,
            user_agent_suffix="bcrao",
        )
        self._client = httpx.AsyncClient(follow_redirects=False)

    async def send_request(
        self,
        *,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | AsyncIterator[bytes] | None,
        timeout: float | None,
        stream: bool,
    ) -> HttpResponse:
        self._client.cookies.clear()
        _retry_after.set(None)
        async with asyncio.timeout(timeout):
            response = await self._client.request(method, url, headers=headers, content=content, timeout=timeout)
        _retry_after.set(response.headers.get("retry-after"))
        return response

    async def aclose(self) -> None:
        await self._client.aclose()


def connect(*, token: str, api_url: str, timeout_s: float) -> tuple[ApifyClientAsync, Transport]:
    """Returns a client, and its transport, which must be closed."""
    transport = Transport(token=token, timeout_s=timeout_s)
    return ApifyClientAsync.with_custom_http_client(token, api_url=api_url, http_client=transport), transport


def was_refused(error: Exception) -> bool:
    """Returns whether one of `FAILURES` proves that nothing began; a lost answer does not."""
    if isinstance(error, ApifyApiError):
        return not may_have_worked(error.status_code)
    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.InvalidURL | httpx.UnsupportedProtocol)


def explain(error: Exception, clock: Clock) -> RemoteError:
    """Returns one of `FAILURES` as the `RemoteError` to show. It never holds the remote's own text."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return _error("Apify did not answer in time.", _LATER)
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
        return _error("Apify cannot be reached.", "Check the network connection and BCRAO_APIFY_API_URL.")
    if not isinstance(error, ApifyApiError):
        return _error("Apify's answer cannot be read.", _LATER)
    status = error.status_code
    if status == 401:
        return _error(
            "Apify refuses this program's token.",
            "Make a new one in Apify's console (Settings, Integrations) and set BCRAO_APIFY_TOKEN.",
            status=status,
            permanent=True,
        )
    if status == 402:
        return _error(
            "Apify wants to be paid first: the account's allowance is used up, or the plan does not cover the actor.",
            "Look at Billing in Apify's console.",
            status=status,
            permanent=True,
        )
    if status == 403:
        return _error(
            "Apify does not allow this account to run the actor.",
            "Open the actor in Apify's console once and accept its terms, or set BCRAO_APIFY_ACTOR to another one.",
            status=status,
            permanent=True,
        )
    if status == 404:
        return _error("Apify does not know this actor.", "Check BCRAO_APIFY_ACTOR.", status=status, permanent=True)
    if status == 400:
        return _error(
            "Apify's actor does not accept our input.",
            "Set BCRAO_APIFY_ACTOR to one that takes startUrls, such as trudax/reddit-scraper-lite.",
            status=status,
            permanent=True,
        )
    if status == 429 or status >= 500:
        wish_s = parse_retry_after(_retry_after.get(), clock.now())
        what = "Apify asks for fewer requests." if status == 429 else "Apify has trouble of its own."
        return _error(what, _LATER, status=status, retry_after_s=wish_s)
    return _error("Apify answered in an unexpected way.", "Check BCRAO_APIFY_API_URL.", status=status)


def _error(
    what: str, do: str, *, status: int | None = None, permanent: bool = False, retry_after_s: float | None = None
) -> RemoteError:
    return RemoteError(what, do, remote="apify", permanent=permanent, retry_after_s=retry_after_s, status=status)

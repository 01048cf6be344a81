"""Slack's requests over HTTP, in place of Socket Mode.

A stranger's request costs next to nothing: its headers are checked before its body is read, and its signature
before its body is decoded. Only a request that Slack signed reaches bolt.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.listener import BODY_MAX_BYTES, Listener
from bot.slack_app import REQUESTS_PATH
from core.clock import machine_time

log = logging.getLogger(__name__)

TIMESTAMP_HEADER = "X-Slack-Request-Timestamp"
SIGNATURE_HEADER = "X-Slack-Signature"
FRESH_FOR_S = 300  # docs.slack.dev, "Verifying requests from Slack"
BODY_WITHIN_S = 5.0  # Slack itself waits three seconds for the answer
BODY_KINDS = ("application/json", "application/x-www-form-urlencoded")

# Ten digits reach to the year 2286. Python's `float` also accepts signs, underscores, other scripts and nan.
_TIMESTAMP = re.compile(r"[0-9]{1,10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Requests:
    """Hands requests that Slack signed to a bolt app. Without one, Slack is asked to send the request again later.

    Every other request is refused, with one line in the log that holds nothing of the body: 401 without a fresh
    signature,
    413 for a body above `BODY_MAX_BYTES`, 408 for one that does not come within `body_within_s`, 415 for another kind
    of body, 400 for one that is broken.
    """

    def __init__(
        self,
        listener: Listener,
        signing_secret: str,
        *,
        body_within_s: float = BODY_WITHIN_S,
        now_s: Callable[[], float] = machine_time,
    ) -> None:
        self._app: AsyncApp | None = None
        self._now_s = now_s
        self._secret = signing_secret.encode()
        self._body_within_s = body_within_s
        listener.add("POST", REQUESTS_PATH, self._answer)

    @contextmanager
    def answered_by(self, app: AsyncApp) -> Iterator[None]:
        self._app = app
        try:
            yield
        finally:
            self._app = None

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        try:
            body = await self._signed_body(request)
        except _Refused as refused:
            log.warning(
                "a request to Slack's address was refused", extra={"status": refused.status, "why": str(refused)}
            )
            return web.Response(status=refused.status)
        if self._app is None:
            return web.Response(status=503)
        try:
            # A signature does not cover the headers, so bolt gets only the one that it needs to read the body.
            asked = AsyncBoltRequest(body=body, headers={"content-type": request.content_type})
            _check_shape(asked.body)
        except (ValueError, TypeError, AttributeError, RecursionError) as broken:  # bolt reads the body here
            log.warning("a request of Slack's is not understood", extra={"why": type(broken).__name__})
            return web.Response(status=400)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    async def _signed_body(self, request: web.BaseRequest) -> str:
        """Returns the body when its signature proves that it is Slack's. Raises `_Refused`."""
        timestamp, signature = _proof_of(request.headers)
        if abs(self._now_s() - int(timestamp)) > FRESH_FOR_S:
            raise _Refused(401, "the timestamp is not of now")
        if (request.content_length or 0) > BODY_MAX_BYTES:
            raise _Refused(413, "the body is too long")
        body = await self._read(request)
        wanted = hmac.new(self._secret, f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={wanted}", signature):
            raise _Refused(401, "the signature is not Slack's")
        if request.content_type not in BODY_KINDS:
            raise _Refused(415, "the kind of body is not one that Slack sends")
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise _Refused(400, "the body is no UTF-8") from None

    async def _read(self, request: web.BaseRequest) -> bytes:
        try:
            async with asyncio.timeout(self._body_within_s):
                return await request.read()
        except TimeoutError:
            raise _Refused(408, "the body did not come in time") from None
        except web.HTTPRequestEntityTooLarge:
            raise _Refused(413, "the body is too long") from None
        except web.RequestPayloadError:
            raise _Refused(400, "the body broke off") from None


def _check_shape(body: Mapping[str, Any]) -> None:
    """Raises `TypeError` where bolt would open a part that is not what it takes it for, and log a traceback."""
    actions = body.get("actions")
    parts = [body.get("event"), body.get("view"), *(actions if isinstance(actions, list) else [])]
    if actions is not None and not (isinstance(actions, list) and actions):
        raise TypeError("a click presses something")
    if body.get("view") is None and str(body.get("type")).startswith("view_"):
        raise TypeError("a form has a view")
    if not all(part is None or isinstance(part, Mapping) for part in parts):
        raise TypeError("a part is no object")


class _Refused(Exception):
    """A request that is refused. The text is for the log, and holds nothing of the request."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def _proof_of(headers: Mapping[str, str]) -> tuple[str, str]:
    """Returns timestamp and signature when both have Slack's form. Raises `_Refused`."""
    timestamp, signature = headers.get(TIMESTAMP_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise _Refused(401, "there is no timestamp of Slack's form")
    if not _SIGNATURE.fullmatch(signature):
        raise _Refused(401, "there is no signature of Slack's form")
    return timestamp, signature

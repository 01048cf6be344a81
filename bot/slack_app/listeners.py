"""What the bot listens to on Slack. Everything is acknowledged at once, also requests that no listener handles.

Over HTTP, in place of Socket Mode, a stranger's request costs next to nothing: its headers are checked before its body
is read, and its signature before its body is decoded. Only a request that Slack signed reaches bolt.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.conversation import Seen
from bot.listener import BODY_MAX_BYTES, Listener
from bot.slack_app import REGISTER_SHORTCUT, REQUESTS_PATH
from bot.slack_app.forms import FORM_VIEW
from bot.slack_app.handling import Ack, Body, Handling, refuse_form
from bot.slack_app.workspaces import Spawn, Work, Workspaces
from core.clock import machine_time

ANYTHING = re.compile(r".*", re.DOTALL)
COMMAND = re.compile(r"^/rao")  # a second installation beside another one is called /rao-test or the like
FORMS_REMEMBERED = 500
FIRST_ANSWER_WITHIN_S = 2.8  # out of the three seconds that Slack waits


class Once:
    """Slack resends what it believes was lost. The same command, click or event is handled once; a copy of a
    filled-in form gets the first one's answer, because another answer would close or change the form.
    """

    def __init__(self) -> None:
        self._seen = Seen()
        self._answers: OrderedDict[str, asyncio.Future[BoltResponse]] = OrderedDict()  # answers to forms, by mark

    async def __call__(self, body: Body, next: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        mark = str(body.get("event_id") or body.get("trigger_id") or "")
        if mark and self._seen.again(mark):
            return await self._first_answer(mark)
        if mark and body.get("type") == "view_submission":
            self._answers[mark] = asyncio.get_running_loop().create_future()
            while len(self._answers) > FORMS_REMEMBERED:
                self._answers.popitem(last=False)
        await next()
        return None

    def keep(self, body: Body, response: BoltResponse) -> None:
        answer = self._answers.get(str(body.get("trigger_id") or ""))
        if answer is not None and not answer.done():
            answer.set_result(response)

    async def _first_answer(self, mark: str) -> BoltResponse:
        answer = self._answers.get(mark)
        if answer is None:
            return BoltResponse(status=200, body="")
        try:
            return await asyncio.wait_for(asyncio.shield(answer), FIRST_ANSWER_WITHIN_S)
        except TimeoutError:
            return BoltResponse(status=503, body="")  # an empty acknowledgement would close the form


def register(app: AsyncApp, workspaces: Workspaces, spawn: Spawn) -> None:
    """Add the listeners. A listener only acknowledges: bolt sends the acknowledgement when it ends. `spawn` runs the
    work that follows, which begins by finding the workspace.
    """
    once = Once()
    app.use(once.__call__)

    def begin(context: AsyncBoltContext, body: Body, work: Work) -> None:
        spawn(workspaces.serve(str(context.team_id or ""), body.get("response_url"), work))

    def does(work: Callable[[Handling, Body], Coroutine[Any, Any, None]]) -> Callable[..., Awaitable[None]]:
        async def listener(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
            await ack()
            begin(context, body, lambda handling: work(handling, body))

        return listener

    async def on_submission(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        acknowledged = asyncio.get_running_loop().create_future()

        async def and_go_on(**answer: Any) -> None:
            once.keep(body, await ack(**answer))
            if not acknowledged.done():
                acknowledged.set_result(None)

        submitting = spawn(workspaces.submit(str(context.team_id or ""), body, and_go_on))
        await asyncio.wait({submitting, acknowledged}, return_when=asyncio.FIRST_COMPLETED)
        if not acknowledged.done():  # a defect, which is logged; unacknowledged, the form would close
            await refuse_form(body, and_go_on, "Something in the bot is broken. Try again in a moment.")

    async def on_uninstalled(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        spawn(workspaces.on_taken_back(str(context.team_id or ""), "app_uninstalled", _time_of(body)))

    async def on_tokens_revoked(ack: Ack, body: Body, event: Body, context: AsyncBoltContext) -> None:
        await ack()
        if (event.get("tokens") or {}).get("bot"):
            spawn(workspaces.on_taken_back(str(context.team_id or ""), "tokens_revoked", _time_of(body)))

    async def on_options(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack(options=await workspaces.suggest(str(context.team_id or ""), body))

    async def on_anything(ack: Ack) -> None:
        await ack()

    app.command(COMMAND)(does(Handling.command))
    app.action(ANYTHING)(does(Handling.click))
    app.shortcut(REGISTER_SHORTCUT)(does(Handling.shortcut))
    app.view_submission(FORM_VIEW)(on_submission)
    app.event("app_uninstalled")(on_uninstalled)
    app.event("tokens_revoked")(on_tokens_revoked)
    app.event("app_home_opened")(does(Handling.home_opened))
    app.event("link_shared")(does(Handling.links_shared))
    # Without this listener bolt would leave unknown requests unacknowledged, and Slack would show the member an error.
    app.command(ANYTHING)(on_anything)
    app.shortcut(ANYTHING)(on_anything)
    app.view_submission(ANYTHING)(on_anything)
    app.view_closed(ANYTHING)(on_anything)
    app.options(ANYTHING)(on_options)
    app.event(ANYTHING)(on_anything)


def _time_of(body: Body) -> float:
    """Returns when an event happened. An event without a time is older than everything that we have."""
    at = body.get("event_time")
    return float(at) if isinstance(at, int | float) else 0.0


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

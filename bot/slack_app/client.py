"""The connection to Slack (Socket Mode or HTTP), the tasks that run beside it, and an orderly end.

Slack's own client reconnects by itself (refresh, too many connections, network). It cannot mend a token of the
settings that stopped working: then `run` ends with an error that says what to do. The token of a workspace that
installed the app affects that workspace alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, Unpack

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.card import Card
from bot.dispatcher import Dispatcher
from bot.frontend import DeliveryFailed, Person, Refused, Way, until
from bot.listener import Listener
from bot.slack_app.answer import message_of
from bot.slack_app.delivery import failure_of
from bot.slack_app.install import InstallableApp, InstallPages
from bot.slack_app.listeners import Requests, register
from bot.slack_app.people import Access, Accesses, Installed, OneToken
from bot.slack_app.render import render_card
from bot.slack_app.web import CALL_TIMEOUT_S, FILES_URL, TOKEN_PROBLEMS, SlackRefused, SlackWeb, refusal_of
from bot.slack_app.workspaces import SlackWorkspace, Workspaces
from core.clock import Clock
from core.errors import BadSettings, UserError

log = logging.getLogger(__name__)
bolt_log = logging.getLogger("slack_bolt")

RECONNECT_FIRST_S = 1.0
RECONNECT_LONGEST_S = 60.0
CLOSE_WITHIN_S = 1.0
BOT_TOKEN_SETTING = "BCRAO_SLACK_BOT_TOKEN"  # noqa: S105 - the variable's name
APP_TOKEN_SETTING = "BCRAO_SLACK_APP_TOKEN"  # noqa: S105 - the variable's name


class SlackFrontEnd:
    """Implements `bot.frontend.FrontEnd` for Slack.

    It serves the one workspace of `bot_token`, or every workspace that installed `app` from the pages at `listener`.
    Slack's requests come through a connection that we open (Socket Mode, with `app_token`), otherwise to `listener`,
    signed with `signing_secret`.

    `stop_grace_s`: how long running commands may go on after `stop`, before they are cancelled. `ping_interval_s`: how
    often the connection is checked; a dead one is replaced after four times that.
    """

    platform = "slack"
    shows_pictures = True

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        clock: Clock,
        bot_token: str = "",
        app: InstallableApp | None = None,
        app_token: str = "",
        signing_secret: str = "",
        listener: Listener | None = None,
        api_url: str = "https://slack.com/api",
        files_url: str = FILES_URL,
        stop_grace_s: float = 3.0,
        ping_interval_s: float = 10.0,
    ) -> None:
        if not app_token and not signing_secret:
            raise BadSettings("Without a signing secret anybody could command.", "Set BCRAO_SLACK_SIGNING_SECRET.")
        self._clock = clock
        self._app_token = app_token
        self._requests = Requests(_needed(listener), signing_secret) if not app_token else None
        self._stop_grace_s = stop_grace_s
        self._ping_interval_s = ping_interval_s
        self._bot_token = bot_token
        self._api_url = api_url
        self._one: OneToken | None
        source: Accesses
        if app is None:
            source = self._one = OneToken(self._on_dead_token)
        else:
            source, self._one = Installed(app.installations), None
            InstallPages(app, _needed(listener), clock, api_url)
        self._workspaces = Workspaces(source, dispatcher, clock, api_url, files_url, self._spawn)
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._problem: BadSettings | None = None

    async def run(self) -> int:
        """Serve until `stop`. Raises `BadSettings` when Slack no longer accepts a token; waits while Slack is out of
        reach.
        """
        self._ended.clear()
        try:
            # No limit on connections: hanging calls of one workspace must not block the calls of another.
            connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=CALL_TIMEOUT_S)
            async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
                try:
                    if self._one is None or await self._identify(self._one, session):
                        self._workspaces.session = session
                        await self._serve(session)
                    await self._finish_tasks()
                finally:
                    await self._workspaces.close()
        finally:
            self._ended.set()
        if self._problem is not None:
            raise self._problem
        return 0

    async def stop(self) -> None:
        """Give running commands `stop_grace_s` to end, then cancel them; a cancelled command says so."""
        self._ending.set()
        await self._ended.wait()

    async def deliver(self, workspace_id: str, place: str | None, card: Card, **way: Unpack[Way]) -> str:
        if place is None:
            raise DeliveryFailed("No channel was chosen for alerts yet.", Refused.PLACE)
        delivery = (await self._find(workspace_id)).delivery
        return await delivery.deliver(place, card, **way)

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        return await (await self._find(workspace_id)).delivery.revise(reference, card)

    async def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        async for person in (await self._find(workspace_id)).delivery.responsible(admins):
            yield person

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        workspace = await self._find(workspace_id)
        try:
            await workspace.web.call("chat.postMessage", {**message_of(render_card(card)), "channel": channel}, tries=1)
        except SlackRefused as refusal:
            raise failure_of(refusal) from None

    async def _find(self, workspace_id: str) -> SlackWorkspace:
        """The workspace that alerts are for. Raises `DeliveryFailed`."""
        if self._workspaces.session is None:
            raise DeliveryFailed("Slack is not connected yet.", Refused.WORKSPACE, retry_after_s=5.0)
        try:
            workspace = await self._workspaces.find(workspace_id.partition(":")[2])
        except UserError as error:
            raise DeliveryFailed(error.shown, Refused.WORKSPACE) from None
        if workspace.access.workspace_id != workspace_id:
            raise DeliveryFailed("The app is installed in another Slack workspace.", Refused.WORKSPACE)
        return workspace

    async def _identify(self, one: OneToken, session: aiohttp.ClientSession) -> bool:
        """Ask Slack whose token this is. Returns False when `stop` comes first."""
        client = AsyncWebClient(
            token=self._bot_token, base_url=self._api_url, retry_handlers=[], logger=bolt_log, session=session
        )
        web = SlackWeb(client, self._clock, self._on_dead_token)
        wait_s = RECONNECT_FIRST_S
        while not self._ending.is_set():
            try:
                identity: dict[str, Any] | None = await self._unless_ending(web.call("auth.test", {}, tries=1))
            except SlackRefused as refusal:
                if refusal.permanent:
                    self._on_dead_token(refusal.error)
                    return False
                log.warning("Slack cannot be reached, trying again", extra={"why": str(refusal), "wait_s": wait_s})
                await self._unless_ending(self._clock.sleep(refusal.retry_after_s or wait_s))
                wait_s = min(wait_s * 2, RECONNECT_LONGEST_S)
            else:
                if identity is None:
                    return False
                one.access = Access(
                    team_id=str(identity.get("team_id", "")),
                    bot_user_id=str(identity.get("user_id", "")),
                    token=self._bot_token,
                    team_name=str(identity.get("team") or "Slack"),
                )
                return True
        return False

    async def _serve(self, session: aiohttp.ClientSession) -> None:
        app = self._build_app(session)
        if self._requests is None:
            await self._serve_socket(app, session)
        else:
            with self._requests.answered_by(app):
                log.info("Slack's requests are awaited")
                await self._ending.wait()

    async def _serve_socket(self, app: AsyncApp, session: aiohttp.ClientSession) -> None:
        connections = _Connections(self._api_url, session, self._on_dead_app_token)
        handler = AsyncSocketModeHandler(
            app, self._app_token, logger=bolt_log, web_client=connections, ping_interval=self._ping_interval_s
        )
        try:
            await self._unless_ending(handler.connect_async())  # type: ignore[no-untyped-call]
            log.info("Slack is connected")
            await self._ending.wait()
        finally:
            await _close(handler)

    def _build_app(self, session: aiohttp.ClientSession) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
            # Bolt calls this before it acknowledges, so look nothing up here: each request finds its token afterwards.
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)

        app = AsyncApp(
            name="bcrao",
            logger=bolt_log,
            client=AsyncWebClient(base_url=self._api_url, session=session, logger=bolt_log),
            authorize=authorize,
            request_verification_enabled=False,  # `Requests` verifies; a socket is Slack's own
            ssl_check_enabled=False,
            # Listeners only acknowledge and hand on (see `register`). Otherwise bolt checks every 10 ms whether there
            # is an acknowledgement to send.
            process_before_response=True,
        )
        register(app, self._workspaces, self._spawn)
        return app

    async def _unless_ending(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Returns the result of `work`. When the end comes first, cancels `work` and returns None."""
        done = await until(self._ending, work)
        return None if done.cancelled() else done.result()

    def _on_dead_token(self, error: str) -> None:
        self._end_with(f"Slack does not accept the bot's token ({error}).", BOT_TOKEN_SETTING)

    def _on_dead_app_token(self, error: str) -> None:
        self._end_with(f"Slack does not accept the app-level token ({error}).", APP_TOKEN_SETTING)

    def _end_with(self, what: str, setting: str) -> None:
        if self._problem is None and not self._ending.is_set():
            self._problem = BadSettings(what, f"Install the app again, then set {setting} to its new token.")
            log.error("Slack has ended", extra={"why": what})
            self._ending.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("defect", exc_info=task.exception())

    async def _finish_tasks(self) -> None:
        for grace_s, then_cancel in ((self._stop_grace_s, True), (CLOSE_WITHIN_S, False)):
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=grace_s)
            for task in set(self._tasks) if then_cancel else ():
                task.cancel()


def _needed(listener: Listener | None) -> Listener:
    if listener is None:
        raise BadSettings("Slack and browsers need an address to come to.", "Set BCRAO_LISTEN.")
    return listener


class _Connections(AsyncWebClient):
    """Opens Socket Mode connections, and reports a refused app-level token, which Slack's client never does."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession, on_dead_token: Callable[[str], None]) -> None:
        super().__init__(base_url=base_url, session=session, retry_handlers=[], logger=bolt_log)
        self._on_dead_token = on_dead_token

    async def apps_connections_open(self, *, app_token: str, **kwargs: Any) -> AsyncSlackResponse:
        try:
            return await super().apps_connections_open(app_token=app_token, **kwargs)
        except SlackApiError as error:
            refused = refusal_of(error).error
            if refused in TOKEN_PROBLEMS or refused in ("not_allowed_token_type", "missing_scope"):
                self._on_dead_token(refused)
            raise


async def _close(handler: AsyncSocketModeHandler) -> None:
    """Close the connection, and wait for the tasks that Slack's client leaves running."""
    client = handler.client
    try:
        async with asyncio.timeout(CLOSE_WITHIN_S):
            await handler.close_async()  # type: ignore[no-untyped-call]
    except (TimeoutError, aiohttp.ClientError, OSError):
        log.info("the connection to Slack did not close in time")
    running = [client.message_processor, client.current_session_monitor, client.message_receiver]
    left = {task for task in running if task is not None}
    for task in left:
        task.cancel()
    await asyncio.wait(left, timeout=CLOSE_WITHIN_S)
    await client.aiohttp_client_session.close()

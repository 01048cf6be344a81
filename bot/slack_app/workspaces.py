"""The Slack workspaces that the bot serves. The objects of each are made when they are first needed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.card import error_card
from bot.dispatcher import Dispatcher
from bot.slack_app.answer import message_of
from bot.slack_app.delivery import Delivery
from bot.slack_app.handling import Ack, Body, Handling, refuse_form
from bot.slack_app.people import Access, Accesses, People
from bot.slack_app.render import render_card
from bot.slack_app.web import SlackRefused, SlackWeb, respond
from core.clock import Clock
from core.errors import StorageUnavailable, UserError

log = logging.getLogger(__name__)
bolt_log = logging.getLogger("slack_bolt")

OFFER_WITHIN_S = 2.5  # out of the three seconds that Slack waits
FORM_FIND_WITHIN_S = 1.0  # a form must be acknowledged within three seconds, and its command runs before that

Work = Callable[[Handling], Coroutine[Any, Any, None]]
Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class SlackWorkspace:
    """One workspace: its token, its members, and the objects that answer and alert them."""

    def __init__(
        self,
        access: Access,
        client: AsyncWebClient,
        dispatcher: Dispatcher,
        clock: Clock,
        on_dead_token: Callable[[str], None],
        files_url: str,
    ) -> None:
        web = SlackWeb(client, clock, on_dead_token, files_url)
        self.access = access
        self.client = client
        self.web = web
        self.people = People(web, clock, access)
        self.handling = Handling(dispatcher, web, self.people, clock)
        self.delivery = Delivery(web, self.people, clock)


class Workspaces:
    """The served workspaces by team. Slack keeps files at `files_url`. `spawn` runs tasks that nobody waits for.

    It can be used while `session` is set, that is, while Slack is connected.
    """

    def __init__(
        self, source: Accesses, dispatcher: Dispatcher, clock: Clock, api_url: str, files_url: str, spawn: Spawn
    ) -> None:
        self._source = source
        self._dispatcher = dispatcher
        self._clock = clock
        self._api_url = api_url
        self._files_url = files_url
        self._spawn = spawn
        self._known: dict[str, SlackWorkspace] = {}
        self.session: aiohttp.ClientSession | None = None

    async def find(self, team_id: str) -> SlackWorkspace:
        """Returns the workspace that serves requests from a team. Raises a `UserError` that says why there is none."""
        known = self._known.get(team_id)
        try:
            access = await self._source.find(team_id, known.access if known else None)
        except StorageUnavailable:
            if known is None:
                raise
            return known  # the work shows its own errors on a card
        except UserError:
            self._forget(team_id)
            raise
        workspace = self._known.get(access.team_id)
        if workspace is None or workspace.access != access:
            self._forget(access.team_id)
            on_dead_token = partial(self._on_dead_token, access)
            workspace = SlackWorkspace(
                access, self.client(access.token), self._dispatcher, self._clock, on_dead_token, self._files_url
            )
            self._known[access.team_id] = workspace
        return workspace

    async def serve(self, team_id: str, response_url: str | None, work: Work) -> None:
        """Do `work` for a team. When the app is not installed (any more), tell the member, if that is possible."""
        try:
            workspace = await self.find(team_id)
        except UserError as error:
            log.info("a team is not served", extra={"team": team_id, "why": str(error)})
            if response_url:
                await self._tell(response_url, error)
            return
        await work(workspace.handling)

    async def submit(self, team_id: str, body: Body, ack: Ack) -> None:
        """Handle a filled-in form; the result of its command is the acknowledgement."""
        try:
            async with asyncio.timeout(FORM_FIND_WITHIN_S):
                workspace = await self.find(team_id)
        except UserError as error:
            await refuse_form(body, ack, error.shown)
        except TimeoutError:
            await refuse_form(body, ack, "The database does not answer at the moment. Send it again.")
        else:
            await workspace.handling.submission(body, ack)

    async def suggest(self, team_id: str, body: Body) -> list[dict[str, Any]]:
        """Returns the options for what somebody types into a form's select; none when they cannot be told in time."""
        try:
            async with asyncio.timeout(OFFER_WITHIN_S):
                return await (await self.find(team_id)).handling.options(body)
        except (UserError, TimeoutError) as error:
            log.warning("nothing could be suggested", extra={"team": team_id, "problem": str(error)})
            return []

    async def on_taken_back(self, team_id: str, event: str, event_time: float) -> None:
        """See `Accesses`. The team's next request looks up its access again."""
        await self._source.on_taken_back(team_id, event, event_time)
        self._forget(team_id)

    def client(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(
            token=token, base_url=self._api_url, retry_handlers=[], logger=bolt_log, session=self.session
        )

    async def close(self) -> None:
        """Slack is no longer connected: later calls are refused."""
        for workspace in self._known.values():
            await workspace.people.finish()
            workspace.client.session = None
        self._known.clear()
        self.session = None

    def _on_dead_token(self, access: Access, error: str) -> None:
        known = self._known.get(access.team_id)
        if known is not None and known.access == access:
            self._forget(access.team_id)
        self._spawn(self._source.on_dead_token(access, error))

    def _forget(self, team_id: str) -> None:
        workspace = self._known.pop(team_id, None)
        if workspace is not None:
            self._spawn(workspace.people.finish())

    async def _tell(self, response_url: str, error: UserError) -> None:
        card = error_card(error.code, error.what, error.do)
        message = {**message_of(render_card(card)), "response_type": "ephemeral", "replace_original": False}
        try:
            await respond(self.session, response_url, message)
        except SlackRefused as refusal:
            log.info("nobody was told that a team is not served", extra={"error": refusal.error})

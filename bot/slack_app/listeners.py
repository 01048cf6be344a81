"""What the bot listens to on Slack. Everything is acknowledged at once, also requests that no listener handles."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.conversation import Seen
from bot.slack_app import REGISTER_SHORTCUT
from bot.slack_app.forms import FORM_VIEW
from bot.slack_app.handling import Ack, Body, refuse_form
from bot.slack_app.workspaces import Spawn, Work, Workspaces

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
        """Remember how a form was answered."""
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

    async def on_command(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        begin(context, body, lambda handling: handling.command(body))

    async def on_action(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        if not (body.get("actions") or [{}])[0].get("url"):
            begin(context, body, lambda handling: handling.click(body))

    async def on_shortcut(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        begin(context, body, lambda handling: handling.shortcut(body))

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

    async def on_home_opened(ack: Ack, body: Body, event: Body, context: AsyncBoltContext) -> None:
        await ack()
        if event.get("tab") == "home":
            begin(context, body, lambda handling: handling.home(str(event.get("user", ""))))

    async def on_link_shared(ack: Ack, body: Body, event: Body, context: AsyncBoltContext) -> None:
        await ack()
        begin(context, body, lambda handling: handling.links_shared(event))

    async def on_uninstalled(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        spawn(workspaces.on_taken_back(str(context.team_id or ""), "app_uninstalled", _time_of(body)))

    async def on_tokens_revoked(ack: Ack, body: Body, event: Body, context: AsyncBoltContext) -> None:
        await ack()
        if (event.get("tokens") or {}).get("bot"):
            spawn(workspaces.on_taken_back(str(context.team_id or ""), "tokens_revoked", _time_of(body)))

    async def on_options(ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack(options=await workspaces.offer(str(context.team_id or ""), body))

    async def on_anything(ack: Ack) -> None:
        await ack()

    app.command(COMMAND)(on_command)
    app.action(ANYTHING)(on_action)
    app.shortcut(REGISTER_SHORTCUT)(on_shortcut)
    app.view_submission(FORM_VIEW)(on_submission)
    app.event("app_uninstalled")(on_uninstalled)
    app.event("tokens_revoked")(on_tokens_revoked)
    app.event("app_home_opened")(on_home_opened)
    app.event("link_shared")(on_link_shared)
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

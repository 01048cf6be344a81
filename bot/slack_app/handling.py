"""Runs commands, clicks, filled-in forms and shortcuts, and shows each answer where it belongs.

Everything here runs after Slack was acknowledged, except the check of a form, which is the acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from bot.attached import Attached
from bot.card import Card, Field, error_card
from bot.command import Command
from bot.conversation import (
    CANCELLED,
    NO_LINK,
    REGISTER,
    Clicked,
    Fate,
    Renew,
    Renewals,
    fate,
    is_for_the_caller,
    is_renewed,
    may_ask,
    post_links,
    which_link,
)
from bot.dispatcher import Dispatcher
from bot.slack_app.answer import Answer, Place
from bot.slack_app.forms import (
    Filled,
    above_form,
    card_view,
    form_view,
    form_views,
    options_for,
    problems_in,
    read_view,
    shown_error,
    waiting_view,
)
from bot.slack_app.home import Glances
from bot.slack_app.people import People
from bot.slack_app.render import FORM_ACTION, LONG_ACTION, Block, alert_of
from bot.slack_app.text import unwrap
from bot.slack_app.web import SlackRefused, SlackWeb
from core.clock import Clock
from core.errors import UserError

log = logging.getLogger(__name__)

FORM_WAIT_S = 1.0  # a trigger can open a modal for three seconds only
SUBMIT_WAIT_S = 1.5  # half of the time that Slack waits for the answer to a form
CANCELLED_WAIT_S = 1.0

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


class Handling:
    """Every method takes one payload of Slack and ends when the answer is shown. None of them raises."""

    def __init__(self, dispatcher: Dispatcher, web: SlackWeb, people: People, clock: Clock) -> None:
        self._dispatcher = dispatcher
        self._registry = dispatcher.registry
        self._web = web
        self._people = people
        self._clock = clock
        self._glances = Glances(dispatcher, web, people)
        self._renewals = Renewals(dispatcher)

    async def command(self, body: Body) -> None:
        """Run `/rao …`; alone, it means help."""
        text = unwrap(str(body.get("text") or "")).strip() or "help"
        place = Place(body.get("channel_id"), str(body.get("user_id", "")), body.get("response_url"))
        read = await self._dispatcher.read(text, lambda: self._people.actor(body, None))
        if isinstance(read, Card):
            await self._answer(place).show(_with_line(read, text))
            return
        command, raw = read
        await self._run(body, command, raw, place, text)

    async def click(self, body: Body) -> None:
        """Run the command of a button, a menu's entry or a choice, however old its message is."""
        if (body.get("view") or {}).get("type") == "modal":
            await self._look_beside(body)
            return
        action = (body.get("actions") or [{}])[0]
        if action.get("url"):  # a link, which the member's browser follows
            return
        place = _place_of(body)
        try:
            command, raw = self._clicked(action)
        except UserError as error:
            await self._answer(place).show(error_card(error.code, error.what, error.do))
            return
        place = self._after_click(body, action, command, raw, place)
        await self._run(body, command, raw, place, opens_form=str(action.get("action_id")).startswith(FORM_ACTION))
        if (body.get("view") or {}).get("type") == "home":
            await self.home(place.member)

    @staticmethod
    def _after_click(
        body: Body, action: Mapping[str, Any], command: Command, raw: Mapping[str, str], place: Place
    ) -> Place:
        """Returns `place` with what happens to the clicked message. Answers about an alert go into its thread."""
        container = body.get("container") or {}
        message_ts = container.get("message_ts")
        if message_ts is None:  # App Home has no message
            return place
        alert = alert_of(str(action.get("block_id", "")))
        is_choice = action.get("type") == "static_select"
        clicked = Clicked(alert, is_private=bool(container.get("is_ephemeral")), is_choice=is_choice)
        fated = fate(command, raw, clicked)
        match fated:
            case Fate.BECOMES:
                renewed_ts = message_ts if is_renewed(command, fated) else None
                return replace(place, replace_ts=message_ts, renew_ts=renewed_ts)
            case Fate.RENEWED:
                thread_ts = place.thread_ts or (message_ts if alert is not None else None)
                return replace(place, thread_ts=thread_ts, renew_ts=message_ts, alert=alert)
            case Fate.STAYS:
                return place

    def _clicked(self, action: Mapping[str, Any]) -> tuple[Command, dict[str, str]]:
        """Returns the command of a click and its arguments. Raises `UserError` when the command is not known."""
        chosen = str((action.get("selected_option") or {}).get("value") or action.get("action_id") or "")
        if chosen.startswith(LONG_ACTION):
            chosen = str(action.get("value") or "")
        if chosen.startswith(FORM_ACTION):
            return self._registry.get(chosen.removeprefix(FORM_ACTION)), _known(action.get("value"))
        return self._registry.clicked(chosen)

    async def _look_beside(self, body: Body) -> None:
        """A button in a form opens its card above the form, which keeps what is typed. The channel sees nothing."""
        trigger_id, action = str(body.get("trigger_id", "")), (body.get("actions") or [{}])[0]
        try:
            command, raw = self._clicked(action)
        except UserError as error:
            card = error_card(error.code, error.what, error.do)
            await self._open(trigger_id, above_form(card_view(card, "")), "views.push")
            return

        async def look() -> Card:
            actor = await self._people.actor(body, None)
            return await self._dispatcher.run(replace(actor, shows_pictures=False), command.path, raw)

        waiting = above_form(waiting_view(command.path))
        card, view_id = await self._card_for_a_view(look(), trigger_id, waiting, "views.push")
        await self._show_view(trigger_id, view_id, above_form(card_view(card, command.path)), "views.push")

    async def options(self, body: Body) -> list[Block]:
        """Returns what is suggested in a form's select. Raises `StorageUnavailable`."""
        store = self._dispatcher.services.store
        return await options_for(body, self._registry, store, self._people.workspace_id)

    async def home(self, member: str) -> None:
        await self._glances.publish(member)

    async def home_opened(self, body: Body) -> None:
        event = body.get("event") or {}
        if event.get("tab") == "home":
            await self.home(str(event.get("user", "")))

    async def links_shared(self, body: Body) -> None:
        event = body.get("event") or {}
        if not self._people.is_the_bot(str(event.get("user", ""))):
            await self._glances.unfurl(event)

    async def shortcut(self, body: Body) -> None:
        """Run the message shortcut: register the Reddit link in the message, or ask which one of several."""
        if REGISTER not in self._registry.commands:
            return
        message = body.get("message") or {}
        links = post_links(unwrap(str(message.get("text") or "")))
        place = replace(_place_of(body), thread_ts=message.get("thread_ts") or message.get("ts"))
        if not links:
            await self._answer(place).show(NO_LINK)
        elif len(links) == 1:
            await self._run(body, self._registry.get(REGISTER), {"link": links[0]}, place)
        else:
            await self._open(body.get("trigger_id"), form_view(which_link(links), self._registry, place))

    async def submission(self, body: Body, ack: Ack) -> None:
        """Handle a filled-in form. The acknowledgement names the fields that are wrong, or closes the form."""
        view = body.get("view") or {}
        try:
            filled = read_view(view, self._registry)
        except UserError as error:
            await refuse_form(body, ack, error.shown)
            return
        problems = problems_in(filled, self._registry)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        command = self._registry.get(filled.command)
        answer = Answer(self._web, self._clock, filled.place, self._renew(body, command, filled.raw, filled.place))
        files = {name: partial(self._web.file, file_id) for name, file_id in filled.files.items()}
        work = self._work(body, command, filled.raw, filled.place, answer, files)
        async with _Running(work) as task:
            if await _ends_within(task, SUBMIT_WAIT_S):
                await self._answer_form(filled, task.result(), ack, answer)
            else:
                await ack(response_action="update", view=waiting_view(filled.command))
                await self._answer_waiting_form(filled, await task, str(view.get("id", "")), answer)
            if filled.place.channel is None and task.result().ok:  # the form was opened in App Home
                await self.home(filled.place.member)

    async def _answer_form(self, filled: Filled, card: Card, ack: Ack, answer: Answer) -> None:
        if card.form is not None:
            await ack(response_action="update", view=form_view(card.form, self._registry, filled.place))
        elif not card.ok and filled.blocks:  # the form stays, with what was typed
            first = next(iter(filled.blocks.values()))  # for an error about the whole form
            block = filled.blocks.get(str(card.values.get("param", ""))) or first
            await ack(response_action="errors", errors={block: shown_error(card.text)})
        else:
            await ack()
            await answer.show(card)

    async def _answer_waiting_form(self, filled: Filled, card: Card, view_id: str, answer: Answer) -> None:
        if card.ok and card.form is None:
            await self._update_view(view_id, card_view(card, filled.command))
            await answer.show(card)
            return
        form = card.form or filled.form
        problems = {} if card.ok else {str(card.values.get("param", "")): card.text}
        if not await self._update_view(view_id, form_view(form, self._registry, filled.place, problems)):
            # The form was closed meanwhile: the card repeats what was typed.
            typed = tuple(Field(i.label, i.value, quote=True) for i in filled.form.inputs if i.value.strip())
            again = replace(form, known={**form.known, **filled.raw})
            await answer.show(replace(card, fields=(*card.fields, *typed), form=again, private=True))

    async def _run_to_form(
        self, work: Coroutine[Any, Any, Card], command: Command, place: Place, trigger_id: str, answer: Answer
    ) -> None:
        card, view_id = await self._card_for_a_view(work, trigger_id, waiting_view(command.path))
        if card.form is None:
            if view_id is not None:
                await self._update_view(view_id, card_view(card, command.path))
            if view_id is None or not card.private:
                await answer.show(card)
            return
        for view in form_views(card.form, self._registry, place):
            if await self._show_view(trigger_id, view_id, view):
                return
        await answer.show(replace(card, private=True))  # its button opens the form

    async def _card_for_a_view(
        self, work: Coroutine[Any, Any, Card], trigger_id: str, waiting: Block, how: str = "views.open"
    ) -> tuple[Card, str | None]:
        """Returns the card, and the id of the view `waiting` that was opened meanwhile, because a trigger expires."""
        async with _Running(work) as task:
            view_id = None
            if not await _ends_within(task, FORM_WAIT_S):
                view_id = await self._open(trigger_id, waiting, how)
            return await task, view_id

    async def _show_view(self, trigger_id: str, view_id: str | None, view: Block, how: str = "views.open") -> bool:
        """Replace the waiting view, or open a new one. Returns False when Slack shows neither."""
        if view_id is not None:
            return await self._update_view(view_id, view)
        return await self._open(trigger_id, view, how) is not None

    async def _open(self, trigger_id: str | None, view: Block, how: str = "views.open") -> str | None:
        """Returns the id of the opened modal, or None when Slack did not open it."""
        try:
            answer = await self._web.call(how, {"trigger_id": trigger_id, "view": view}, tries=1)
        except SlackRefused as refusal:
            log.warning("a form was not opened", extra={"error": refusal.error})
            return None
        return str((answer.get("view") or {}).get("id", ""))

    async def _update_view(self, view_id: str, view: Block) -> bool:
        try:
            await self._web.call("views.update", {"view_id": view_id, "view": view})
        except SlackRefused as refusal:
            log.info("a form is closed already", extra={"error": refusal.error})
            return False
        return True

    async def _run(
        self,
        body: Body,
        command: Command,
        raw: Mapping[str, str],
        place: Place,
        line: str | None = None,
        *,
        opens_form: bool = False,
    ) -> None:
        """Run a command and show its card. `line` is the typed text, which an error repeats. `opens_form`: the button
        of a card's form was clicked.
        """
        answer = Answer(self._web, self._clock, place, self._renew(body, command, raw, place))
        work = self._work(body, command, raw, place, answer)
        trigger_id = body.get("trigger_id")
        if trigger_id and (opens_form or may_ask(command, raw)):
            await self._run_to_form(work, command, place, str(trigger_id), answer)
        else:
            card = await work
            await answer.show(card if card.ok or line is None else _with_line(card, line))

    async def _work(
        self,
        body: Body,
        command: Command,
        raw: Mapping[str, str],
        place: Place,
        answer: Answer,
        files: Mapping[str, Attached] = MappingProxyType({}),
    ) -> Card:
        try:
            actor = await self._people.actor(body, place.channel)
            who = {p.name for p in command.params if p.lookup == "member"}
            named = {name: await self._people.named(text) if name in who else text for name, text in raw.items()}
            card = await self._dispatcher.run(actor, command.path, named, answer.progress, files)
            return replace(card, private=True) if is_for_the_caller(command) else card
        except asyncio.CancelledError:
            await self._say_cancelled(answer)
            raise

    async def _say_cancelled(self, answer: Answer) -> None:
        try:
            async with asyncio.timeout(CANCELLED_WAIT_S):
                await answer.show(CANCELLED)
        except TimeoutError:
            log.info("nobody was told that a command was cancelled")

    def _renew(self, body: Body, command: Command, raw: Mapping[str, str], place: Place) -> Renew | None:
        """Shows the clicked message's record again beside the answer."""
        if place.renew_ts is None:
            return None
        who, message = partial(self._people.actor, body, place.channel), f"{place.channel} {place.renew_ts}"
        becomes = place.replace_ts == place.renew_ts
        return self._renewals.after(who, command, raw, Clicked(place.alert), message, becomes=becomes)

    def _answer(self, place: Place) -> Answer:
        return Answer(self._web, self._clock, place)


async def refuse_form(body: Body, ack: Ack, why: str) -> None:
    """Acknowledge a form that cannot be taken: it stays open, with what was typed and the reason at its first field."""
    typed = list(((body.get("view") or {}).get("state") or {}).get("values", {}))
    if typed:
        await ack(response_action="errors", errors={typed[0]: shown_error(why)})
    else:
        await ack()


class _Running:
    """A task that does not outlive its block."""

    def __init__(self, work: Coroutine[Any, Any, Card]) -> None:
        self._task = asyncio.ensure_future(work)

    async def __aenter__(self) -> asyncio.Task[Card]:
        return self._task

    async def __aexit__(self, *_: object) -> None:
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})


async def _ends_within(task: asyncio.Task[Card], seconds: float) -> bool:
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)


def _with_line(card: Card, line: str) -> Card:
    """Slack forgets what was typed after a slash, so an error card repeats it for correction."""
    return replace(card, fields=(*card.fields, Field("You wrote", f"/rao {line}", quote=True)))


def _place_of(body: Body) -> Place:
    """Returns where a click or shortcut happened. A click in App Home has no channel: its answer is a direct
    message.
    """
    container = body.get("container") or {}
    message = body.get("message") or {}
    return Place(
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        member=str((body.get("user") or {}).get("id", "")),
        response_url=body.get("response_url"),
        thread_ts=container.get("thread_ts") or message.get("thread_ts"),
    )


def _known(value: Any) -> dict[str, str]:
    """Returns the values that a form's button carries; empty when they cannot be read."""
    try:
        known = json.loads(value or "{}")
    except (ValueError, TypeError):
        return {}
    return {str(name): str(text) for name, text in known.items()} if isinstance(known, dict) else {}

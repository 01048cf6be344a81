"""Turns what people do on Discord into commands: slash commands, clicks, submitted forms, autocomplete, context menu.

Every interaction is acknowledged before any work (Discord waits 3 s). The one exception is a form, which Discord takes
only as the first answer: a command that may answer with a form runs first, for at most `FORM_BUDGET_S`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import discord
from discord import app_commands
from discord.http import HTTPClient

from bot.attached import Attached, download
from bot.card import Card, Form, error_card
from bot.command import Command, Kind, Registry, Report
from bot.conversation import (
    CANCELLED,
    NO_LINK,
    REGISTER,
    UNKNOWN_BUTTON,
    Clicked,
    Fate,
    Renew,
    Renewals,
    Seen,
    asked_form,
    fate,
    is_for_the_caller,
    is_renewed,
    may_ask,
    post_links,
    which_link,
)
from bot.discord_app import forms, slash
from bot.discord_app.actions import Interaction, is_ours
from bot.discord_app.answer import UNREACHABLE, Answer
from bot.discord_app.forms import Forms, Stage
from bot.discord_app.render import FormOpener, alert_of, plain
from bot.discord_app.welcome import welcome
from bot.dispatcher import Dispatcher
from bot.frontend import Actor
from bot.meant import suggestions
from core.clock import Clock
from core.errors import StorageUnavailable, UserError

log = logging.getLogger(__name__)

PLATFORM = "discord"
FORM_BUDGET_S = 1.5  # out of the 3 s; after it the work is acknowledged, and its form is offered as a button
OTHERS_FIRST_S = 0.5  # how long work waits for acknowledgements of other interactions
NAME_BUDGET_S = 1.0  # for reading a server's name
CHOICES_MAX = 25
CHOICE_LABEL_MAX = 100

Work = Callable[[Actor, Report], Awaitable[Card]]


class Interactions:
    """Implements `wire.Handlers` with a dispatcher: the platform's side of every command."""

    def __init__(self, dispatcher: Dispatcher, registry: Registry, clock: Clock, files_url: str) -> None:
        self._dispatcher = dispatcher
        self._files_url = files_url
        self._registry = registry
        self._clock = clock
        self._forms = Forms(registry)
        self._renewals = Renewals(dispatcher)
        self._seen = Seen()
        self._works: set[asyncio.Task[Card]] = set()
        self._handling: set[asyncio.Task[Any]] = set()
        self._names: dict[int, str] = {}  # names of servers, each read once
        self._acknowledging = 0
        self._all_acknowledged = asyncio.Event()

    async def stop(self, grace_s: float) -> None:
        """Give running commands `grace_s` to end, then cancel them; their callers are told."""
        if self._works:
            await asyncio.wait(self._works, timeout=grace_s)
        for work in self._works:
            work.cancel()
        if self._handling:
            await asyncio.wait(self._handling, timeout=grace_s)
        for handling in self._handling:
            handling.cancel()

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle everything except clicks on our own buttons and choices, which the methods below handle.

        A resumed connection brings some events twice, so each interaction is handled once.
        """
        is_ours_to_click = interaction.type is discord.InteractionType.component and is_ours(_custom_id(interaction))
        if is_ours_to_click or self._seen.again(str(interaction.id)):
            return
        match interaction.type:
            case discord.InteractionType.autocomplete:
                await self._autocomplete(interaction)
            case discord.InteractionType.application_command:
                with self._handled():
                    await self._on_command(interaction)
            case discord.InteractionType.modal_submit:
                with self._handled():
                    await self._on_submit(interaction)
            case discord.InteractionType.component:
                with self._handled():
                    await self._refuse(interaction, UNKNOWN_BUTTON)

    async def on_action(self, interaction: Interaction, action_id: str, *, is_choice: bool) -> None:
        if self._seen.again(str(interaction.id)):
            return
        with self._handled():
            try:
                command, raw = self._registry.clicked(action_id)
            except UserError as error:
                await self._refuse(interaction, error_card(error.code, error.what, error.do))
                return

            async def work(actor: Actor, report: Report) -> Card:
                return await self._dispatcher.run(actor, command.path, raw, report)

            answer = self._answer(interaction, command, raw, is_choice=is_choice)
            await self._perform(interaction, answer, work, may_ask=may_ask(command, raw))

    async def on_form_button(self, interaction: Interaction, custom_id: str) -> None:
        if self._seen.again(str(interaction.id)):
            return
        with self._handled():
            stage = self._forms.find(custom_id)
            if stage is None:
                await self._refuse(interaction, forms.lost_card({}))
            else:
                await self._open(interaction, stage)

    async def on_server(self, http: HTTPClient, guild: Mapping[str, Any]) -> None:
        with self._handled():
            await welcome(self._dispatcher.services, http, f"{PLATFORM}:{guild['id']}", guild)

    async def _on_command(self, interaction: Interaction) -> None:
        data: Mapping[str, Any] = interaction.data or {}
        if slash.is_register_menu(data):
            await self._register_links(interaction, post_links(*slash.words_of_target(data)))
        else:
            typed = slash.read_command(data)
            await self._run(interaction, typed.path, typed.raw, files=typed.files)

    async def _register_links(self, interaction: Interaction, links: list[str]) -> None:
        if not links:
            await self._refuse(interaction, NO_LINK)
        elif len(links) == 1:
            await self._run(interaction, REGISTER, {"link": links[0]})
        else:
            await self._open(interaction, Stage(which_link(links)))

    async def _on_submit(self, interaction: Interaction) -> None:
        data: Mapping[str, Any] = interaction.data or {}
        typed = forms.read_answers(data.get("components") or [])
        stage = self._forms.find(_custom_id(interaction))
        if stage is None:
            await self._refuse(interaction, forms.lost_card(typed))
            return
        typed = {**stage.answers, **typed}
        if not forms.is_last(stage):
            following = Stage(stage.form, typed, stage.step + 1)
            opener = FormOpener("Go on", self._forms.button_id(following))
            await self._refuse(interaction, forms.next_step_card(stage, typed), opener)
            return
        raw, files = {**stage.form.known, **forms.merge(typed)}, forms.read_files(data.get("components") or [])
        await self._run(interaction, stage.form.command, raw, (stage.form, typed), files)

    async def _run(
        self,
        interaction: Interaction,
        path: str,
        raw: Mapping[str, str],
        submitted: tuple[Form, Mapping[str, str]] | None = None,
        files: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Run a command with raw arguments and the ids of files; `submitted` is the form that they come from, with the
        typed values.
        """
        command = self._registry.commands.get(path)
        attached = self._attached(interaction, files)

        async def work(actor: Actor, report: Report) -> Card:
            return await self._dispatcher.run(actor, path, raw, report, attached)

        answer = self._answer(interaction, command, raw)
        # A submitted form cannot be answered by another form.
        asks = submitted is None and command is not None and may_ask(command, raw)
        await self._perform(interaction, answer, work, may_ask=asks, submitted=submitted)

    def _attached(self, interaction: Interaction, files: Mapping[str, str]) -> dict[str, Attached]:
        """Returns how to download the files with these ids, by name."""
        data: Mapping[str, Any] = interaction.data or {}
        told = (data.get("resolved") or {}).get("attachments") or {}
        urls = {name: str((told.get(file_id) or {}).get("url")) for name, file_id in files.items()}
        return {name: partial(download, url, self._files_url, {}) for name, url in urls.items()}

    async def _perform(
        self,
        interaction: Interaction,
        answer: Answer,
        work: Work,
        *,
        may_ask: bool,
        submitted: tuple[Form, Mapping[str, str]] | None = None,
    ) -> None:
        """Acknowledge, work, answer. With `may_ask`, a form that the work needs soon enough is the answer."""
        if not may_ask and not await self._acknowledge(answer):
            return
        if interaction.guild_id is None:
            await answer.finish(_NOT_HERE)
            return
        working = asyncio.create_task(self._work(interaction, work, answer.report), name="discord command")
        self._works.add(working)
        working.add_done_callback(self._works.discard)
        if may_ask:
            await asyncio.wait({working}, timeout=FORM_BUDGET_S)
            form = asked_form(working.result()) if working.done() and not working.cancelled() else None
            if form is not None:
                await self._open(interaction, Stage(form))
                return
            if not await self._acknowledge(answer):
                await asyncio.wait({working})
                log.warning("a command ran, and its caller does not see the answer")
                return
        await asyncio.wait({working})
        card = CANCELLED if working.cancelled() else working.result()
        await answer.finish(*self._with_form(card, submitted))

    async def _acknowledge(self, answer: Answer) -> bool:
        """Acknowledge. When many interactions come at once, all are acknowledged before any work begins."""
        self._acknowledging += 1
        self._all_acknowledged.clear()
        try:
            is_heard = await answer.acknowledge()
        finally:
            self._acknowledging -= 1
            if not self._acknowledging:
                self._all_acknowledged.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OTHERS_FIRST_S):
                await self._all_acknowledged.wait()
        return is_heard

    async def _work(self, interaction: Interaction, work: Work, report: Report) -> Card:
        return await work(await self._actor(interaction), report)

    def _with_form(
        self, card: Card, submitted: tuple[Form, Mapping[str, str]] | None
    ) -> tuple[Card, FormOpener | None]:
        """Returns a card with a button for its form: its own, or the submitted one, for correction."""
        if submitted is not None and not card.ok:
            form, typed = submitted
            again = Stage(forms.corrected(form, forms.merge(typed)))
            return forms.with_typed(card, form, typed), FormOpener("Correct it", self._forms.button_id(again))
        if card.form is not None:
            return card, FormOpener(
                card.form.button or card.form.title, self._forms.button_id(Stage(card.form)), card.form.wanted
            )
        return card, None

    async def _open(self, interaction: Interaction, stage: Stage) -> None:
        try:
            await interaction.response.send_modal(self._forms.modal(stage))
        except UNREACHABLE as error:
            log.warning("a form could not be opened", extra={"problem": str(error), "command": stage.form.command})

    async def _refuse(self, interaction: Interaction, card: Card, form: FormOpener | None = None) -> None:
        """Answer the caller alone, without any work."""
        answer = Answer(interaction, self._clock, private=True)
        if await answer.acknowledge():
            await answer.finish(card, form)

    def _answer(
        self, interaction: Interaction, command: Command | None, raw: Mapping[str, str], *, is_choice: bool = False
    ) -> Answer:
        if command is None:
            return Answer(interaction, self._clock)
        message = interaction.message
        clicked = None
        if message is not None:
            clicked = Clicked(alert_of(message), is_private=message.flags.ephemeral, is_choice=is_choice)
        fated = fate(command, raw, clicked)
        renew: Renew | None = None
        if clicked is not None and message is not None and is_renewed(command, fated):
            who, becomes = partial(self._actor, interaction), fated is Fate.BECOMES
            renew = self._renewals.after(who, command, raw, clicked, str(message.id), becomes=becomes)
        return Answer(interaction, self._clock, private=is_for_the_caller(command), fate=fated, renew=renew)

    async def _actor(self, interaction: Interaction) -> Actor:
        """Returns who acts, by this interaction alone."""
        guild_id = interaction.guild_id or 0
        permissions = interaction.permissions
        return Actor(
            workspace_id=f"{PLATFORM}:{guild_id}",
            platform=PLATFORM,
            workspace_name=await self._name_of(interaction, guild_id),
            member_id=str(interaction.user.id),
            name=interaction.user.display_name,
            may_manage=permissions.manage_guild or permissions.administrator,
            channel=str(interaction.channel_id) if interaction.channel_id is not None else None,
            above=_above(interaction),
            channel_problem=_cannot_write(interaction),
            shows_pictures=True,
        )

    async def _name_of(self, interaction: Interaction, guild_id: int) -> str:
        """Returns a server's name. Interactions do not carry it, so Discord is asked once, for a short time."""
        if guild_id not in self._names:
            unnamed = f"Discord server {guild_id}"
            try:
                async with asyncio.timeout(NAME_BUDGET_S):
                    guild = await interaction.client.http.get_guild(guild_id, with_counts=False)
                self._names[guild_id] = str(guild["name"])
            except (discord.NotFound, discord.Forbidden):
                self._names[guild_id] = unnamed  # the server added only the bot's commands, not the bot
            except UNREACHABLE as error:
                log.info("a server's name is not known", extra={"guild": guild_id, "problem": str(error)})
                return unnamed
        return self._names[guild_id]

    async def _autocomplete(self, interaction: Interaction) -> None:
        """Suggest records of this server only. After any error, the person can go on typing."""
        typed = slash.read_command(interaction.data or {})
        command = self._registry.commands.get(typed.path)
        param = next((p for p in command.params if p.name == typed.focused), None) if command else None
        found: list[app_commands.Choice[str | int | float]] = []
        if param is not None and param.lookup and interaction.guild_id is not None:
            workspace_id = f"{PLATFORM}:{interaction.guild_id}"
            store, said = self._dispatcher.services.store, typed.raw.get(param.name, "")
            try:
                for one in await suggestions(store, workspace_id, param.lookup, said, CHOICES_MAX):
                    value = int(one.value) if param.kind is Kind.INTEGER else plain(one.value, CHOICE_LABEL_MAX)
                    label = plain(one.label, CHOICE_LABEL_MAX) or one.value
                    found.append(app_commands.Choice(name=label, value=value))
            except StorageUnavailable as error:
                log.warning("nothing could be suggested", extra={"lookup": param.lookup, "problem": str(error)})
        try:
            await interaction.response.autocomplete(found)
        except UNREACHABLE as error:
            log.info("a suggestion came too late", extra={"problem": str(error)})

    @contextlib.contextmanager
    def _handled(self) -> Iterator[None]:
        """Remember the running task until it ends, so that `stop` can wait for it."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - only called by coroutines
        self._handling.add(task)
        try:
            yield
        finally:
            self._handling.discard(task)


_NOT_HERE = error_card(
    "not_in_a_server", "This works in a server only.", "Give the command in the server that the bot was added to."
)


def _above(interaction: Interaction) -> str | None:
    return str(interaction.channel.parent_id) if isinstance(interaction.channel, discord.Thread) else None


def _cannot_write(interaction: Interaction) -> str:
    """Returns why the bot cannot write where the interaction happened, by what the interaction says of the place."""
    may = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = {
        "View Channel": may.view_channel,
        "Send Messages in Threads" if in_thread else "Send Messages": may.send_messages_in_threads
        if in_thread
        else may.send_messages,
    }
    lacking = [name for name, is_given in needed.items() if not (is_given or may.administrator)]
    return f"The bot may not write here: it lacks {' and '.join(lacking)}." if lacking else ""


def _custom_id(interaction: Interaction) -> str:
    data: Mapping[str, Any] = interaction.data or {}
    return str(data.get("custom_id", ""))

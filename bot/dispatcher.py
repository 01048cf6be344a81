"""Runs commands for people: who may, with which arguments, and a card for every outcome."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.attached import Attached, local_file
from bot.card import Card, Field, Form, error_card
from bot.command import Command, Context, Kind, Param, Registry, Report, bind, coerce, no_report
from bot.frontend import Actor
from bot.line import parse_line
from bot.meant import Meant, meant_command, meant_key, meant_values, with_meant
from bot.services import Services
from core.errors import BadArgument, Forbidden, OperatorError, StorageUnavailable, UnknownCommand, UserError
from core.log import correlate
from core.model import Role

AT_ONCE = 3  # more would make the turns longer, but no answer quicker
LONG_S = 0.5  # of real time, because it spares the event loop


class Turnstile:
    """Lets `at_once` pieces of work in, in their order. Work that takes longer than `long_s` makes room for the next:
    long work waits for others (a model, Reddit) and must not block them.

    When two hundred commands run side by side, each turn of the event loop takes as long as all of them together, and
    an acknowledgement, which a platform expects within 3 s, waits through several such turns.
    """

    def __init__(self, at_once: int = AT_ONCE, long_s: float = LONG_S) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._long_s = long_s
        self.crowd = 0  # how many wait or run, long work included

    @asynccontextmanager
    async def through(self) -> AsyncIterator[None]:
        """Wait for room, and hold it for the block, or until the block has become long work."""
        self.crowd += 1
        is_inside = False

        def leave() -> None:
            nonlocal is_inside
            if is_inside:
                is_inside = False
                self._room.release()

        try:
            await self._room.acquire()
            is_inside = True
            becoming_long = asyncio.get_running_loop().call_later(self._long_s, leave)
            try:
                yield
            finally:
                becoming_long.cancel()
        finally:
            leave()
            self.crowd -= 1


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Runs commands for actors. Returns a card for every outcome: success, refusal, bad input, defect."""

    registry: Registry
    services: Services
    _turnstile: Turnstile = field(default_factory=Turnstile)

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return self._turnstile.crowd == 0

    async def run_line(self, actor: Actor, text: str, report: Report = no_report) -> tuple[str, Card]:
        """Run a command text. Returns the command's path (or the text, when there is no such command) and the card."""

        async def who() -> Actor:
            return actor

        read = await self.read(text, who)
        if isinstance(read, Card):
            return text.strip(), read
        command, raw = read
        return command.path, await self.run(actor, command.path, raw, report)

    async def read(self, text: str, who: Callable[[], Awaitable[Actor]]) -> tuple[Command, dict[str, str]] | Card:
        """Returns the command of a text with its raw arguments by name, or the card that says why there is none.

        `who` tells who gave it; that is asked only to say what they may have meant.
        """
        try:
            line = parse_line(text)
        except UserError as error:
            return error_card(error.code, error.what, error.do)
        try:
            command, count = self.registry.find(line.words)
        except UserError as error:
            card = error_card(error.code, error.what, error.do)
            try:
                role = await self._role(await who())
            except StorageUnavailable as problem:
                log.warning("nothing could be suggested", extra={"problem": str(problem)})
                return card
            return with_meant(card, meant_command(self.registry, line.words, line.named, role))
        try:
            return command, bind(command, line.words[count:], line.named)
        except BadArgument as error:
            key = error.param or ""
            meant = meant_key(command, line.named, key) if key in line.named else []
            return with_meant(error_card(error.code, error.what, error.do), meant)

    async def run_action(self, actor: Actor, action_id: str, report: Report = no_report) -> tuple[str, Card]:
        """Run the command of a click with what the click carries."""
        try:
            command, raw = self.registry.clicked(action_id)
        except UserError as error:
            return action_id, error_card(error.code, error.what, error.do)
        return command.path, await self.run(actor, command.path, raw, report)

    async def run(
        self,
        actor: Actor,
        path: str,
        raw: Mapping[str, str],
        report: Report = no_report,
        files: Mapping[str, Attached] = MappingProxyType({}),
    ) -> Card:
        """Run one command with raw arguments and attached files by name, inside a new correlation id."""
        with correlate() as correlation_id:
            try:
                async with self._turnstile.through():
                    return await self._run(actor, path, raw, report, correlation_id, files)
            except UserError as error:
                log.info("refused", extra={"command": path, "code": error.code})
                card = with_meant(_refusal(actor, path, error), await self._meant(actor, path, raw, error))
                param = error.param if isinstance(error, BadArgument) else None
                return self._about_param(card, path, param, raw) if param else card
            except Exception:  # the one place where a defect becomes a card
                reference = secrets.token_hex(4)
                log.exception("defect", extra={"command": path, "reference": reference})
                what = f"Something in the bot is broken. Reference: {reference}."
                return error_card("defect", what, "Try again; if it stays, send the reference to who runs the bot.")

    def _about_param(self, card: Card, path: str, param: str, raw: Mapping[str, str]) -> Card:
        """Returns a refusal that names its parameter; a long text stands on it, because chats clear what was typed."""
        is_long = any(p.name == param and p.kind is Kind.LONG for p in self.registry.get(path).params)
        typed = raw.get(param, "") if is_long else ""
        fields = (Field("You wrote", typed, quote=True),) if typed.strip() else ()
        return replace(card, values={"param": param}, fields=fields)

    async def _run(
        self,
        actor: Actor,
        path: str,
        raw: Mapping[str, str],
        report: Report,
        correlation_id: str,
        files: Mapping[str, Attached],
    ) -> Card:
        command = self.registry.get(path)
        if command.terminal_only and actor.platform != "terminal":
            raise UnknownCommand(f"`{path}` exists in the terminal only.", "Start the program in a terminal for it.")
        role = await self._role(actor)
        if not role.covers(command.role):
            raise Forbidden(
                f"`{path}` needs the role {command.role}; yours is {role}.", await self._who_may(actor, command.role)
            )
        given = {name: text for name, text in raw.items() if text.strip()}
        attached = _attached(actor, command, given, files)
        missing = [p for p in command.params if p.required and p.name not in given]
        arguments = {p.name: coerce(p, given[p.name]) if p.name in given else p.default for p in command.params}
        if missing:
            return _ask(command, missing, given)
        ctx = Context(actor, role, self.services, correlation_id, report)
        return await command.handler(ctx, **{**arguments, **attached})

    async def _role(self, actor: Actor) -> Role:
        members = self.services.members
        known = await members.enter(actor.workspace_id, actor.platform, actor.workspace_name, actor.member_id)
        # In a workspace that nobody set up yet (shared commands: roles).
        return Role.ADMIN if actor.may_manage and not known.has_admin else known.role or Role.VIEWER

    async def _meant(self, actor: Actor, path: str, raw: Mapping[str, str], error: UserError) -> Sequence[Meant]:
        """Returns what was probably meant by the values of a refused command; nothing when that cannot be told."""
        command = self.registry.commands.get(path)
        if command is None:
            return []
        try:
            return await meant_values(self.services.store, actor.workspace_id, command, raw, error)
        except StorageUnavailable as problem:
            log.warning("nothing could be suggested", extra={"command": path, "problem": str(problem)})
            return []

    async def _who_may(self, actor: Actor, needed: Role) -> str:
        names = [m.name for m in await self.services.store.members(actor.workspace_id) if m.role.covers(needed)]
        return f"Ask {', '.join(names)}." if names else "Ask an admin of this workspace for it: /rao role grant"


def _attached(
    actor: Actor, command: Command, given: dict[str, str], files: Mapping[str, Attached]
) -> dict[str, Attached]:
    """Returns the files for a command's parameters, by name. At the terminal they are paths, taken out of `given`: the
    person there runs the program, and may name any file of the machine.
    """
    names = [p.name for p in command.params if p.kind is Kind.FILE]
    if actor.platform == "terminal":
        files = {name: local_file(given.pop(name).strip()) for name in names if name in given}
    return {name: files[name] for name in names if name in files}


def _refusal(actor: Actor, path: str, error: UserError) -> Card:
    """Returns the error's card. The person at the terminal runs the program; a chat's members may be anybody."""
    if isinstance(error, OperatorError):
        log.warning("not possible now", extra={"command": path, "problem": str(error)})
        if actor.platform == "terminal":
            return error_card(error.code, *error.for_operator)
    return error_card(error.code, error.what, error.do)


def _ask(command: Command, missing: Sequence[Param], given: Mapping[str, str]) -> Card:
    """Returns a card with a form for the missing values; front ends without forms show its words."""
    wanted = ", ".join(f"`{p.name}` ({p.help})" for p in missing)
    # What was given stays in what is to be written, or it would be lost.
    known = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in given.items()]
    example = " ".join([*known, *(f'{p.name}="…"' for p in missing)])
    card = error_card(
        "missing_argument", f"`{command.path}` also needs {wanted}.", f"Write: /rao {command.path} {example}"
    )
    return replace(
        card,
        form=Form(
            title=f"/rao {command.path}",
            command=command.path,
            inputs=tuple(p.asked() for p in missing),
            known=dict(given),
        ),
    )

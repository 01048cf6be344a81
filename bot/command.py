"""Commands: declared once, for every front end. Coercion, authorisation, dispatch, error → card.

A handler is an async function `(ctx, **arguments) -> Card`; its keyword arguments are the command's parameters. It
knows no platform, acknowledges nothing and builds no blocks. Registering happens in `bot/commands/__init__.py`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.card import Card, Input, Progress, decode_action
from bot.frontend import Actor
from bot.words import moment
from core.errors import BadArgument, UnknownCommand
from core.model import Caller, Role
from core.texts.pasted import community_name, community_names, said

if TYPE_CHECKING:
    from bot.services import Services


log = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[Card]]
Report = Callable[[Progress], Awaitable[None]]
VersionOf = Callable[["Services", str, int], Awaitable[str]]  # (services, workspace, record)


class Kind(StrEnum):
    """What a parameter's value is, after coercion."""

    TEXT = "text"  # str, one line
    LONG = "long"  # str, may have line breaks
    INTEGER = "integer"  # int
    MONEY = "money"  # int micro-dollars, written "5" or "$5.50"
    LIST = "list"  # tuple[str, ...], written with commas
    CHOICE = "choice"  # str, one of `choices`
    COMMUNITY = "community"  # str, lower-case, written with or without r/
    COMMUNITIES = "communities"  # tuple[str, ...]
    DURATION = "duration"  # timedelta, written "45m", "6h", "7d", "2w"
    TIME = "time"  # time of day, written "7:00", "07:00" or "7pm"
    FILE = "file"  # `Attached`; at the terminal written as a path


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter.

    `lookup` names what autocomplete suggests: "campaign", "community", "draft", "post", "fact", "member", "channel" …
    `in_form`: its command's form or buttons carry it, so that Discord's command, which has little room, does not.
    """

    name: str
    help: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    lookup: str | None = None
    default: Any = None
    max_length: int = 300
    in_form: bool = False
    position: bool = False  # says which part of a list is shown
    asks: bool = False  # with a value for it, the answer is a form

    def asked(self, value: str = "") -> Input:
        """Returns the question of a form for its value; `value` stands in it already."""
        label = self.name.replace("_", " ").capitalize()
        is_long, is_file = self.kind is Kind.LONG, self.kind is Kind.FILE
        return Input(self.name, label, value, self.help, is_long, self.required, self.choices, is_file)


@dataclass(frozen=True, slots=True)
class Command:
    path: str  # "campaign create"
    help: str  # one line, says what it does
    params: tuple[Param, ...]
    handler: Handler
    role: Role = Role.VIEWER  # the least that it needs
    terminal_only: bool = False
    button_only: bool = False  # only a button reaches it; help leaves it out
    # Its first answer is a pre-filled form. Platforms open a form only as their first answer to a click.
    opens_form: bool = False
    # The command whose card shows the record that a click decides about: the clicked message always ends as that
    # card, rendered from the record.
    shown_by: str | None = None
    # Of a command that shows one record: what state of the record a card shows, so that it is read again only when it
    # changed.
    version_of: VersionOf | None = None

    @property
    def topic(self) -> str:
        return self.path.split(" ")[0]

    @property
    def typed_params(self) -> tuple[Param, ...]:
        """The parameters that people write; buttons carry the others."""
        return tuple(param for param in self.params if not (param.position or param.asks))

    @property
    def pages(self) -> bool:
        """Whether it shows a list page by page."""
        return any(param.position for param in self.params)

    @property
    def record_param(self) -> Param:
        """The parameter that a click's record id fills: the first one that refers to a record, else the first."""
        return next((p for p in self.params if p.lookup), self.params[0])


@dataclass(frozen=True, slots=True)
class Context:
    actor: Actor
    role: Role
    services: Services
    correlation_id: str
    report: Report

    @property
    def workspace_id(self) -> str:
        return self.actor.workspace_id

    @property
    def caller(self) -> Caller:
        return Caller(self.actor.workspace_id, self.actor.member_id, self.actor.name, self.correlation_id)

    def signed(self, did: str) -> str:
        """Returns in one line what was decided, by whom and when: "Snoozed by Alice, 2 Nov 2026, 15:04 UTC"."""
        return f"{did} by {self.actor.name}, {moment(self.services.clock.now())}"


async def no_report(progress: Progress) -> None:
    """Does nothing, for front ends and tests that show no progress."""


@dataclass(slots=True)
class Registry:
    """All commands by path."""

    commands: dict[str, Command] = field(default_factory=dict)

    def command(self, path: str, help: str, *params: Param, **rest: Any) -> Callable[[Handler], Handler]:
        """Declare a command; `rest` are the other fields of `Command`, by name."""

        def register(handler: Handler) -> Handler:
            if path in self.commands:
                raise ValueError(f"command {path!r} is declared twice")
            self.commands[path] = Command(path, help, params, handler, **rest)
            return handler

        return register

    def button(self, path: str, help: str, *params: Param, **rest: Any) -> Callable[[Handler], Handler]:
        """Declare a command that only a button reaches."""
        return self.command(path, help, *params, button_only=True, **rest)

    def find(self, words: Sequence[str]) -> tuple[Command, int]:
        """Returns the command with the longest path at the beginning of `words`, and how many words the path has.

        It does not find commands that only a button reaches.
        """
        for count in (2, 1):
            command = self.commands.get(" ".join(words[:count]).lower()) if len(words) >= count else None
            if command is not None and not command.button_only:
                return command, count
        raise self._unknown(words)

    def get(self, path: str) -> Command:
        """Returns the command with exactly this path, also one that only a button reaches."""
        if path not in self.commands:
            raise self._unknown(path.split(" "))
        return self.commands[path]

    def clicked(self, action_id: str) -> tuple[Command, dict[str, str]]:
        """Returns the command of a click, and its raw arguments by name. Raises `BadArgument` for a button of another
        version, and `UnknownCommand`.
        """
        click = decode_action(action_id)
        command = self.get(click.command)
        if click.record is not None and not command.params:
            raise BadArgument("This button no longer fits its command.", f"Use the command: /rao {click.command}")
        known = {param.name for param in command.params}
        if not click.given.keys() <= known:
            raise BadArgument("This button is from another version of the bot.", "Use the command instead.")
        record = {} if click.record is None else {command.record_param.name: str(click.record)}
        return command, {**record, **click.given}

    def _unknown(self, words: Sequence[str]) -> UnknownCommand:
        nouns = sorted({c.topic for c in self.commands.values() if not c.button_only})
        verbs = [
            c.path.split(" ")[1]
            for c in self.commands.values()
            if words and c.topic == words[0].lower() and " " in c.path and not c.button_only
        ]
        if not words:
            return UnknownCommand("There is no command in that line.", "Try: /rao help")
        if verbs:
            given = said(" ".join(words[:2])) if len(words) > 1 else f"{said(words[0])} alone"
            return UnknownCommand(f"{given} is not a command.", f"After `{words[0]}` comes one of: {', '.join(verbs)}.")
        return UnknownCommand(f"{said(words[0])} is not a command.", f"Commands begin with one of: {', '.join(nouns)}.")


def bind(command: Command, free: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    """Returns raw arguments by parameter name. The first free text needs no key."""
    known = {param.name: param for param in command.params}
    for key in named:
        if key not in known:
            names = ", ".join(known) or "none"
            raise BadArgument(f"`{command.path}` has no argument `{key}`.", f"It takes: {names}.", param=key)
    raw = dict(named)
    if free:
        first = next((p for p in command.params if p.name not in raw), None)
        if first is None:
            raise BadArgument(f"{said(' '.join(free))} is one value too many for `{command.path}`.", "Leave it out.")
        takes_words = first.kind in (Kind.TEXT, Kind.LONG, Kind.LIST, Kind.COMMUNITIES)
        if len(free) > 1 and not takes_words:
            rest = ", ".join(p.name for p in command.params if p is not first) or "nothing more"
            raise BadArgument(
                f"What is {said(free[1])} for?", f"Write it as key=value. Besides {first.name} there is: {rest}."
            )
        raw[first.name] = " ".join(free)
    return raw


_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII)


def time_of_day(text: str) -> time:
    """Returns the time of day that a person wrote (`7:00`, `07:00`, `19`, `7pm`, `7:30 pm`); 24:00 is midnight."""
    match = _TIME.fullmatch(text.strip().lower())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if match and match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0) if 1 <= hour <= 12 else 99
    if (hour, minute) == (24, 0):
        hour = 0
    if hour > 23 or minute > 59:
        raise BadArgument(f"{said(text.strip())} is not a time of day.", "Write it like 7:00, 19:30 or 7pm.")
    return time(hour, minute)


def _split_list(text: str) -> list[str]:
    parts = (part.strip() for part in re.split(r"[,;\n，；、]", text))
    return list(dict.fromkeys(part for part in parts if part))


def coerce(param: Param, raw: str) -> Any:
    """Returns the value of `raw` for this parameter. Raises `BadArgument`, which names the parameter and what it
    expects.
    """
    text = raw.strip()
    try:
        return _COERCE[param.kind](param, text)
    except BadArgument as error:
        raise BadArgument(error.what, error.do, param=param.name) from None


def _text(param: Param, text: str) -> str:
    if len(text) > param.max_length:
        raise BadArgument(
            f"`{param.name}` has {len(text):,} characters.", f"At most {param.max_length:,} fit. Please shorten it."
        )
    if re.search("[\x00\ud800-\udfff]", text):  # NUL and halves of characters, which no database stores
        raise BadArgument(f"`{param.name}` holds a character that cannot be stored.", "Type it again without it.")
    return text


def _integer(param: Param, text: str) -> int:
    digits = text.lstrip("#")
    if not re.fullmatch(r"\d{1,12}", digits, re.ASCII):
        raise BadArgument(f"`{param.name}` must be a whole number, not {said(text)}.", f"For example: {param.name}=3")
    return int(digits)


def _money(param: Param, text: str) -> int:
    match = re.fullmatch(r"\$?(\d{1,6})(?:\.(\d{1,6}))?", text, re.ASCII)
    if match is None:
        raise BadArgument(
            f"`{param.name}` must be an amount in dollars, not {said(text)}.", f"Example: {param.name}=5.50"
        )
    return int(match[1]) * 1_000_000 + int((match[2] or "0").ljust(6, "0"))


def _choice(param: Param, text: str) -> str:
    if text.lower() not in param.choices:
        raise BadArgument(f"`{param.name}` cannot be {said(text)}.", f"Choose one of: {', '.join(param.choices)}.")
    return text.lower()


def _duration(param: Param, text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,4})\s*([mhdw])", text.lower(), re.ASCII)
    if match is None or int(match[1]) == 0:
        raise BadArgument(
            f"`{param.name}` must be a span of time, not {said(text)}.", "For example: 45m, 6h, 7d or 2w."
        )
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _file(param: Param, text: str) -> Any:
    raise BadArgument(f"`{param.name}` is a file, which cannot be typed.", "Leave it out, and attach it in the form.")


_COERCE: Mapping[Kind, Callable[[Param, str], Any]] = {
    Kind.TEXT: lambda param, text: _text(param, " ".join(text.split())),
    Kind.LONG: _text,
    Kind.INTEGER: _integer,
    Kind.MONEY: _money,
    Kind.LIST: lambda param, text: tuple(_split_list(_text(param, text))),
    Kind.CHOICE: _choice,
    Kind.COMMUNITY: lambda param, text: community_name(text),
    Kind.COMMUNITIES: lambda param, text: community_names(_text(param, text)),
    Kind.DURATION: _duration,
    Kind.TIME: lambda param, text: time_of_day(text),
    Kind.FILE: _file,
}

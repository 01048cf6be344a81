"""How near to the platforms' limits the bot comes: used, allowed, and where. It looks at what the bot tells them about
itself, a form for everything that each command takes, and the card of each command in a new workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.figure import Figure
from bot.card import Card, Form, Input
from bot.characters import size
from bot.command import Command, Kind
from bot.discord_app import render as discord_render
from bot.discord_app import slash
from bot.discord_app.forms import Forms, Stage
from bot.frontend import Actor
from bot.main import Program, open_program
from bot.manifest import (
    SLACK_APP_DESCRIPTION_MAX,
    SLACK_APP_NAME_MAX,
    SLACK_COMMAND_DESCRIPTION_MAX,
    SLACK_SHORTCUT_DESCRIPTION_MAX,
    SLACK_SHORTCUT_NAME_MAX,
    SLACK_USAGE_HINT_MAX,
    slack_manifest,
)
from bot.settings import load_settings
from bot.slack_app import forms as slack_forms
from bot.slack_app import render as slack_render
from bot.slack_app.answer import Place

Json = Mapping[str, Any]

# Discord, docs.discord.com: by component type and key.
_BUTTON, _SELECT, _INPUT, _TEXT, _LABEL = 2, 3, 4, 10, 18
_DISCORD_TEXTS = {
    (_BUTTON, "label"): ("label of a button", 80),
    (_LABEL, "label"): ("label in a form", 45),
    (_LABEL, "description"): ("help in a form", 100),
    (_SELECT, "placeholder"): ("words of a select", 150),
    (_INPUT, "placeholder"): ("words of an input", 100),
    (_INPUT, "value"): ("value of an input", 4000),
    (_TEXT, "content"): ("one text of a message", 4000),
}
_DISCORD_COMPONENTS_MAX = 40
_DISCORD_TEXT_MAX = 4000
# Slack, docs.slack.dev: by key of the text object, or of the plain value.
_SLACK_TEXTS = {
    ("header", "text"): ("header", slack_render.HEADER_MAX),
    ("section", "text"): ("section", slack_render.SECTION_MAX),
    ("button", "text"): ("text of a button", slack_render.BUTTON_MAX),
    ("button", "value"): ("value of a button", slack_render.VALUE_MAX),
    ("button", "action_id"): ("action_id", 255),
    ("static_select", "placeholder"): ("words of a select", slack_render.PLACEHOLDER_MAX),
    ("input", "label"): ("label in a form", 2000),
    ("input", "hint"): ("hint in a form", 2000),
    ("modal", "title"): ("title of a form", 24),
    ("modal", "submit"): ("words of a form's button", 24),
    ("modal", "private_metadata"): ("private_metadata", 3000),
}


class Margins:
    """The most that was used of each limit."""

    def __init__(self) -> None:
        self._most: dict[str, tuple[int, int, str]] = {}

    def saw(self, limit: str, used: int, allowed: int, where: str) -> None:
        if used > self._most.get(limit, (-1, 0, ""))[0]:
            self._most[limit] = (used, allowed, where)

    def figures(self) -> list[Figure]:
        return [Figure(limit, used, allowed, "", where) for limit, (used, allowed, where) in self._most.items()]


async def measure(folder: Path) -> Sequence[Figure]:
    """Returns a figure for each limit: the most that is used of it, what is allowed, and where that was."""
    margins = Margins()
    settings = load_settings({"BCRAO_DATA_DIR": str(folder)}, None)
    async with open_program(settings) as program:
        _told(program, margins)
        for command in program.registry.commands.values():
            if command.params and not command.terminal_only:
                _form(program, _asking(command), margins)
        for path in program.registry.commands:
            await _card(program, path, margins)
    return margins.figures()


def _told(program: Program, margins: Margins) -> None:
    """Returns Slack's manifest and Discord's commands."""
    manifest = slack_manifest(program.registry)
    about, features = manifest["display_information"], manifest["features"]
    margins.saw("Slack: name of the app", size(about["name"]), SLACK_APP_NAME_MAX, "manifest")
    margins.saw("Slack: description of the app", size(about["description"]), SLACK_APP_DESCRIPTION_MAX, "manifest")
    for shortcut in features["shortcuts"]:
        name = shortcut["name"]
        margins.saw("Slack: name of a shortcut", size(name), SLACK_SHORTCUT_NAME_MAX, name)
        described = size(shortcut["description"])
        margins.saw("Slack: description of a shortcut", described, SLACK_SHORTCUT_DESCRIPTION_MAX, name)
    for command in features["slash_commands"]:
        name = command["command"]
        margins.saw("Slack: usage hint", size(command["usage_hint"]), SLACK_USAGE_HINT_MAX, name)
        described = size(command["description"])
        margins.saw("Slack: description of a command", described, SLACK_COMMAND_DESCRIPTION_MAX, name)
    for told in slash.payload(program.registry):
        margins.saw("Discord: characters of a command", slash.weight(told), slash.COMMAND_MAX, told["name"])
        for where, part in _parts_of(told, ""):
            margins.saw("Discord: name of a command", size(part["name"]), 32, where)
            margins.saw("Discord: description of a command", size(part.get("description", "")), 100, where)
            margins.saw("Discord: options of a command", len(part.get("options", [])), 25, where)
            margins.saw("Discord: choices of an option", len(part.get("choices", [])), 25, where)


def _parts_of(told: Json, above: str) -> Iterator[tuple[str, Json]]:
    where = f"{above} {told['name']}".strip()
    yield where, told
    for part in told.get("options") or []:
        yield from _parts_of(part, where)


def _asking(command: Command) -> Form:
    """Returns a form that asks for everything the command takes."""
    inputs = tuple(
        Input(p.name, p.name.replace("_", " ").capitalize(), help=p.help, long=p.kind is Kind.LONG, options=p.choices)
        for p in command.params
    )
    return Form(f"/rao {command.path}", command.path, inputs)


def _form(program: Program, form: Form, margins: Margins) -> None:
    where = f"the form of {form.command}"
    forms = Forms(program.registry)
    modal = forms.modal(Stage(form)).to_dict()
    margins.saw("Discord: title of a form", size(modal["title"]), 45, where)
    margins.saw("Discord: inputs of a form", len(modal["components"]), 5, where)
    _discord(modal, where, margins)
    view = slack_forms.form_view(form, program.registry, Place("C0123456789", "U0123456789"))
    _slack(view, where, margins)
    margins.saw("Slack: blocks of a form", len(view["blocks"]), 100, where)


async def _card(program: Program, path: str, margins: Margins) -> None:
    for platform in ("discord", "slack"):
        actor = Actor(f"{platform}:1", platform, "Team", "1", "Ada", may_manage=True, channel="1")
        card = await program.dispatcher.run(actor, path, {})
        where = f"the card of {path}"
        if card.form is not None:
            _form(program, card.form, margins)
        if platform == "discord":
            _discord_card(card, where, margins)
        else:
            _slack_card(card, where, margins)


def _discord_card(card: Card, where: str, margins: Margins) -> None:
    components: list[Any] = discord_render.render_card(card).view.to_components()  # type: ignore[no-untyped-call]
    every = list(_objects(components))
    count = sum(isinstance(one.get("type"), int) for one in every)
    margins.saw("Discord: components of a message", count, _DISCORD_COMPONENTS_MAX, where)
    written = sum(size(one["content"]) for one in every if one.get("type") == _TEXT)
    margins.saw("Discord: characters of a message", written, _DISCORD_TEXT_MAX, where)
    _discord(components, where, margins)


def _slack_card(card: Card, where: str, margins: Margins) -> None:
    blocks = slack_render.render_card(card).blocks
    margins.saw("Slack: blocks of a message", len(blocks), slack_render.BLOCKS_MAX, where)
    margins.saw("Slack: weight of a message", slack_render.weigh(blocks), slack_render.MESSAGE_WEIGHT_MAX, where)
    _slack(blocks, where, margins)


def _discord(body: Any, where: str, margins: Margins) -> None:
    for one in _objects(body):
        for (kind, key), (limit, allowed) in _DISCORD_TEXTS.items():
            if one.get("type") == kind and isinstance(one.get(key), str):
                margins.saw(f"Discord: {limit}", size(one[key]), allowed, where)
        if isinstance(one.get("custom_id"), str):
            margins.saw("Discord: custom_id", size(one["custom_id"]), 100, where)
        for option in one.get("options") or []:
            margins.saw("Discord: label of an option", size(option["label"]), 100, where)
            margins.saw("Discord: value of an option", size(option["value"]), 100, where)
        margins.saw("Discord: options of a select", len(one.get("options") or []), 25, where)


def _slack(body: Any, where: str, margins: Margins) -> None:
    for one in _objects(body):
        for (kind, key), (limit, allowed) in _SLACK_TEXTS.items():
            told = one.get(key)
            text = told.get("text") if isinstance(told, dict) else told
            if one.get("type") == kind and isinstance(text, str):
                margins.saw(f"Slack: {limit}", size(text), allowed, where)
        for option in one.get("options") or []:
            margins.saw("Slack: text of an option", size(option["text"]["text"]), slack_render.OPTION_TEXT_MAX, where)
            margins.saw("Slack: value of an option", size(option["value"]), 150, where)


def _objects(thing: Any) -> Iterator[dict[str, Any]]:
    """Returns every object in a body, at any depth."""
    if isinstance(thing, dict):
        yield thing
        for value in thing.values():
            yield from _objects(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _objects(value)

"""The slash command `/rao` and the context menu: their description for Discord, and how Discord's data is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.characters import size
from bot.command import Command, Kind, Param, Registry
from bot.conversation import REGISTER

ROOT = "rao"
ROOT_HELP = "Take part in Reddit communities, and hear when a post disappears"
REGISTER_MENU = "Register Reddit link"  # a menu's name has at most 32 characters

# Discord's limits for a command (docs.discord.com: application commands).
STRING_MAX = 6000
COMMAND_MAX = 8000  # names, descriptions and values of one command with all its options
COMMAND_ROOM = 600  # our own margin, so that Discord does not refuse the commands when somebody adds a parameter
INTEGER_MAX = 999_999_999_999  # our own limit: the values of `Kind.INTEGER`

_CHAT_INPUT, _MESSAGE_MENU = 1, 3
SUBCOMMAND, _GROUP, _STRING, _INTEGER, _USER, _ATTACHMENT = 1, 2, 3, 4, 6, 11
# Shown to members who may write; whoever runs the server can change that there. Roles decide what each may do.
_SEND_MESSAGES = 1 << 11
_IN_SERVERS = {"contexts": [0], "integration_types": [0], "default_member_permissions": _SEND_MESSAGES}


def payload(registry: Registry) -> list[dict[str, Any]]:
    """Returns the application's global commands. Topics are groups; a command of one word is on their level."""
    shown = [c for c in registry.commands.values() if not (c.button_only or c.terminal_only)]
    options: dict[str, dict[str, Any]] = {}
    for command in shown:
        words = command.path.split(" ")
        if len(words) == 1:
            options[command.path] = _subcommand(command, words[0])
            continue
        group = options.setdefault(words[0], {"type": _GROUP, "name": words[0], "description": words[0], "options": []})
        group["options"].append(_subcommand(command, words[1]))
    root = {"type": _CHAT_INPUT, "name": ROOT, "description": ROOT_HELP, "options": list(options.values())}
    commands = [{**root, **_IN_SERVERS}]
    if REGISTER in registry.commands:
        commands.append({"type": _MESSAGE_MENU, "name": REGISTER_MENU, **_IN_SERVERS})
    return commands


def _subcommand(command: Command, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"type": SUBCOMMAND, "name": name, "description": command.help}
    params = [param for param in command.params if not param.in_form]
    if params:
        spec["options"] = [_option(param, is_required=is_required(command, param)) for param in params]
    return spec


def is_required(command: Command, param: Param) -> bool:
    """Returns whether Discord demands the parameter. A command that needs a long text asks for everything in one form
    instead.
    """
    return param.required and not any(p.required and p.kind is Kind.LONG for p in command.params)


def _option(param: Param, *, is_required: bool) -> dict[str, Any]:
    spec: dict[str, Any] = {"name": param.name, "description": param.help}
    if is_required:
        spec["required"] = True
    if param.lookup == "member":
        return {"type": _USER, **spec}
    if param.kind is Kind.FILE:
        return {"type": _ATTACHMENT, **spec}
    if param.kind is Kind.INTEGER:
        spec |= {"type": _INTEGER, "min_value": 0, "max_value": INTEGER_MAX}
    else:
        spec["type"] = _STRING
    if param.choices:
        spec["choices"] = [{"name": choice, "value": choice} for choice in param.choices]
    elif param.kind in (Kind.TEXT, Kind.LONG, Kind.LIST, Kind.COMMUNITIES):
        spec["max_length"] = min(param.max_length, STRING_MAX)
    if param.lookup:
        spec["autocomplete"] = True
    return spec


def paths(registry: Registry) -> frozenset[str]:
    """Returns the commands that Discord knows, as people give them after /rao."""
    return frozenset(c.path for c in registry.commands.values() if not (c.button_only or c.terminal_only))


def weight(spec: Mapping[str, Any]) -> int:
    """Returns how many characters of a description Discord counts against `COMMAND_MAX`, options and choices
    included.
    """
    own = sum(size(str(spec.get(key, ""))) for key in ("name", "description", "value"))
    return own + sum(weight(part) for key in ("options", "choices") for part in spec.get(key) or [])


def is_same(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> bool:
    """Returns whether Discord already has exactly these commands. Discord adds ids and defaults, and has
    its own order.
    """
    return _by_kind(ours) == _by_kind(theirs)


_MAY = "default_member_permissions"
_COMPARED = (
    *("type", "name", "value", "description", "required", "autocomplete"),
    *("min_value", "max_value", "min_length", "max_length"),
    *("contexts", "integration_types", _MAY, "nsfw"),
)


def _by_kind(commands: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], Any]:
    return {(int(command.get("type", _CHAT_INPUT)), command["name"]): _essence(command) for command in commands}


def _essence(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a command's or option's description without the values that Discord adds."""
    essence = {key: spec[key] for key in _COMPARED if spec.get(key) not in (None, False, "", [])}
    if _MAY in essence:
        essence[_MAY] = str(essence[_MAY])  # sent as a number, and returned as text
    for key in ("options", "choices"):
        if spec.get(key):
            essence[key] = [
                _essence(part) | ({"value": part["value"]} if "value" in part else {}) for part in spec[key]
            ]
    return essence


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command that somebody gave, or is typing: `focused` names the parameter under the cursor. `files` are the
    ids of attached files.
    """

    path: str
    raw: Mapping[str, str]
    focused: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)


def read_command(data: Mapping[str, Any]) -> Typed:
    """Returns the command in the data of a command or autocomplete interaction."""
    words: list[str] = []
    options = data.get("options") or []
    while options and options[0]["type"] in (SUBCOMMAND, _GROUP):
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    resolved = data.get("resolved") or {}
    files = {option["name"]: str(option["value"]) for option in options if option["type"] == _ATTACHMENT}
    raw = {option["name"]: _value(option, resolved) for option in options if option["type"] != _ATTACHMENT}
    return Typed(" ".join(words), raw, next((o["name"] for o in options if o.get("focused")), None), files)


def _value(option: Mapping[str, Any], resolved: Mapping[str, Any]) -> str:
    if option["type"] != _USER:
        return str(option["value"])
    member_id = str(option["value"])
    user = (resolved.get("users") or {}).get(member_id) or {}
    member = (resolved.get("members") or {}).get(member_id) or {}
    name = member.get("nick") or user.get("global_name") or user.get("username") or member_id
    return f"<@{member_id}|{re.sub('[<>|]', '', name)[:60] or member_id}>"


def is_register_menu(data: Mapping[str, Any]) -> bool:
    return data.get("type") == _MESSAGE_MENU and data.get("name") == REGISTER_MENU


def words_of_target(data: Mapping[str, Any]) -> list[str]:
    """Returns the words of the message under a context menu: its text, and the addresses of its embeds."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    message = messages.get(str(data.get("target_id"))) or {}
    return [message.get("content") or "", *(embed.get("url") or "" for embed in message.get("embeds") or [])]

"""“Did you mean …”: buttons on a refusal that run what a mistyped command, name or value probably meant.

A button carries the whole command with the other arguments as they were given, and runs like any click: the role of
whoever presses is checked again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.card import Button, Card
from bot.command import Command, Kind, Param, Registry, bind
from bot.lookup import offers
from bot.reads import Reads
from bot.words import shortened
from core.errors import BadArgument, NotAllowedNow, NotFound, UserError
from core.model import Role
from core.texts.mistyped import MEANT_MAX, nearest, nearest_phrase
from core.texts.zones import zone_names

# Words that people use for the same.
_SAME = (
    {"new", "create", "add", "make", "start", "register"},
    {"remove", "delete", "discard", "stop", "drop", "revoke"},
    {"show", "view", "open", "see", "get", "info", "status"},
    {"list", "all", "ls", "browse"},
    {"edit", "change", "update", "set"},
)
WORDS_MAX = 60  # of what was meant, on a button
_ABOUT = {"campaign": "campaign", "community": "community", "person": "member"}  # what a route's `which` names


@dataclass(frozen=True, slots=True)
class Meant:
    """What was probably meant: in words, and as the command that it makes."""

    words: str
    command: str
    raw: Mapping[str, str]


def offered(card: Card, meant: Sequence[Meant]) -> Card:
    """Returns the card with a button for each of these."""
    buttons = tuple(Button(f"Did you mean {one.words}?", one.command, given=one.raw) for one in meant)
    return replace(card, actions=(*buttons, *card.actions)) if buttons else card


def meant_command(registry: Registry, words: Sequence[str], named: Mapping[str, str], role: Role) -> list[Meant]:
    """Returns the commands of this role that the first words of a line probably mean, with the rest of the line."""
    typed = [word.lower() for word in words[:2]]
    paths = {c.path for c in registry.commands.values() if not c.button_only and role.covers(c.role)}
    found = [(path, len(path.split(" "))) for path in _said_otherwise(typed, paths)]
    found += [(path, 2) for path in nearest_phrase(" ".join(typed), (p for p in paths if " " in p))]
    found += [(path, 1) for path in nearest_phrase(typed[0] if typed else "", (p for p in paths if " " not in p))]
    meant = []
    for path, count in dict(found).items():
        raw = _bound(registry.get(path), words[count:], named)
        if raw is not None:
            meant.append(Meant(f"“{path}”", path, raw))
    return meant[:MEANT_MAX]


def _said_otherwise(typed: Sequence[str], paths: set[str]) -> list[str]:
    """Returns the commands whose noun is right and whose verb was said in another word."""
    if len(typed) < 2:
        return []
    verbs = set().union(*(same for same in _SAME if typed[1] in same))
    return sorted(path for path in paths if path.partition(" ")[0] == typed[0] and path.partition(" ")[2] in verbs)


def _bound(command: Command, free: Sequence[str], named: Mapping[str, str]) -> dict[str, str] | None:
    """Returns the arguments as this command takes them; None when it does not."""
    try:
        return bind(command, free, named)
    except BadArgument:
        return None


def meant_key(command: Command, raw: Mapping[str, str], key: str) -> list[Meant]:
    """Returns the same command with a mistyped name of an argument replaced by one that it probably means."""
    names = [param.name for param in command.typed_params if param.name not in raw]
    kept = {name: value for name, value in raw.items() if name != key}
    return [
        Meant(f"{name}: {shortened(raw[key], WORDS_MAX)}", command.path, {**kept, name: raw[key]})
        for name in nearest(key, names)
    ]


async def meant_values(
    store: Reads, workspace_id: str, command: Command, raw: Mapping[str, str], error: UserError
) -> list[Meant]:
    """Returns the same command with one value replaced by a known one of this workspace that it probably means."""
    if not isinstance(error, BadArgument | NotFound | NotAllowedNow):
        return []
    blamed = error.param if isinstance(error, BadArgument) else None
    params = [param for param in command.params if blamed in (None, param.name)]
    return await meant_names(store, workspace_id, command.path, params, raw)


async def meant_names(
    store: Reads, workspace_id: str, path: str, params: Sequence[Param], raw: Mapping[str, str]
) -> list[Meant]:
    """Returns a command with one of the values of `params` replaced by a known one, for each that was mistyped."""
    found: list[Meant] = []
    for param in params:
        typed = raw.get(param.name, "").strip()
        for words, value in await _near(store, workspace_id, param, typed, raw) if typed else ():
            found.append(Meant(shortened(words, WORDS_MAX), path, {**raw, param.name: value}))
    return found[:MEANT_MAX]


async def _near(
    store: Reads, workspace_id: str, param: Param, typed: str, raw: Mapping[str, str]
) -> Sequence[tuple[str, str]]:
    """Returns known values near to a typed one, as (words, value)."""
    if param.choices:
        return [(f"“{choice}”", choice) for choice in nearest(typed, param.choices)]
    lookup = param.lookup or (_ABOUT.get(raw.get("about", "").lower()) if param.name == "which" else None)
    if lookup is None:
        return []
    if param.kind is Kind.INTEGER:
        is_number = typed.lstrip("#").isdecimal()
        return [] if is_number else [(o.label, o.value) for o in await offers(store, workspace_id, lookup, typed, 3)]
    find = _NAMES.get(lookup)
    names = await find(store, workspace_id) if find is not None else {}
    bare = typed.removeprefix("@").removeprefix("r/").removeprefix("u/").removeprefix("/r/").removeprefix("/u/")
    by_name = param.name == "which"
    return [(known, known if by_name else names[known]) for known in nearest(bare, names)]


async def _campaigns(store: Reads, workspace_id: str) -> Mapping[str, str]:
    return {campaign.name: str(campaign.id) for campaign in await store.campaigns(workspace_id)}


async def _communities(store: Reads, workspace_id: str) -> Mapping[str, str]:
    return {summary.community: summary.community for summary in await store.community_summaries(workspace_id)}


async def _members(store: Reads, workspace_id: str) -> Mapping[str, str]:
    return {member.name: member.id for member in await store.members(workspace_id)}


async def _accounts(store: Reads, workspace_id: str) -> Mapping[str, str]:
    return {account.name: account.name for account in await store.accounts(workspace_id)}


async def _zones(store: Reads, workspace_id: str) -> Mapping[str, str]:
    names = zone_names()
    return {name.rpartition("/")[2].replace("_", " "): name for name in names} | {name: name for name in names}


_NAMES: Mapping[str, Callable[[Reads, str], Awaitable[Mapping[str, str]]]] = {
    "campaign": _campaigns,
    "community": _communities,
    "member": _members,
    "account": _accounts,
    "zone": _zones,
}

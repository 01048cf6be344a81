"""What is known here of what somebody types: autocomplete's suggestions (the caller gives a platform's limits), and
“Did you mean …”: buttons on a refusal that run what a mistyped command, name or value probably meant.

A button carries the whole command with the other arguments as they were given, and runs like any click: the role of
whoever presses is checked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.card import Button, Card
from bot.command import Command, Kind, Param, Registry, bind
from bot.services import Reads
from bot.words import shortened
from core.errors import BadArgument, NotAllowedNow, NotFound, UserError
from core.model import Role
from core.texts.mistyped import MEANT_MAX, nearest, nearest_phrase
from core.texts.search import sought, words_of
from core.texts.zones import find_zone, fixed_offset, zone_names

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


def with_meant(card: Card, meant: Sequence[Meant]) -> Card:
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
        return (
            [] if is_number else [(o.label, o.value) for o in await suggestions(store, workspace_id, lookup, typed, 3)]
        )
    names = {} if lookup == "linked" else {k.name: k.value for k in await _known(store, workspace_id, lookup)}
    if lookup == "zone":
        names |= {zone: zone for zone in names.values()}
    bare = typed.removeprefix("@").removeprefix("r/").removeprefix("u/").removeprefix("/r/").removeprefix("/u/")
    by_name = param.name == "which"
    return [(known, known if by_name else names[known]) for known in nearest(bare, names)]


SUGGESTED_MAX = 100  # longer than any platform shows
TEXT_MAX = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`value` becomes the parameter's value when this is chosen; a person reads `label`."""

    label: str
    value: str


_SUGGESTED = frozenset({"campaign", "community", "draft", "post", "fact", "pattern", "account", "linked", "zone"})


def is_suggested(lookup: str) -> bool:
    return lookup in _SUGGESTED


async def suggestions(store: Reads, workspace_id: str, lookup: str, typed: str, limit: int) -> list[Suggestion]:
    """Returns at most `limit` records of the kind `lookup` (see `Param.lookup`) whose words the `typed` ones begin
    (core/texts/search.py).

    Those that begin with it come first. An unknown kind has no suggestions. Raises `StorageUnavailable`.
    """
    if not is_suggested(lookup):
        return []
    wanted = _wanted(typed)
    found = await _found(store, workspace_id, lookup, wanted)
    if lookup == "zone" and (offset := _offset(typed)) is not None:
        found.insert(0, Suggestion(offset, offset))
    found.sort(key=lambda one: not one.value.lower().startswith(wanted))  # stable: the newest stay first
    found.sort(key=lambda one: one.value.lower() != wanted)
    return found[:limit]


async def _found(store: Reads, workspace_id: str, lookup: str, wanted: str) -> list[Suggestion]:
    match lookup:
        case "draft":
            drafts = await store.drafts(workspace_id, containing=wanted, limit=SUGGESTED_MAX)
            return [_numbered(d.id, f"r/{d.community}", d.status, d.latest.title) for d in drafts]
        case "post":
            posts = await store.tracked_posts(workspace_id, containing=wanted, limit=SUGGESTED_MAX)
            return [_numbered(p.id, f"r/{p.community}", p.state, p.title or p.fullname) for p in posts]
        case "fact":
            kept = [await store.kept_facts(workspace_id, c.id) for c in await store.campaigns(workspace_id)]
            facts = sorted((fact for few in kept for fact in few), key=lambda fact: -fact.id)
            return [_numbered(f.id, f.body) for f in facts if _is_found(wanted, str(f.id), f.body)]
        case "pattern":
            patterns = sorted(await store.patterns(workspace_id), key=lambda pattern: -pattern.id)
            found = [p for p in patterns if _is_found(wanted, str(p.id), p.community, p.body)]
            return [_numbered(p.id, f"r/{p.community}", p.body) for p in found]
        case _:
            known = await _known(store, workspace_id, lookup)
            return [Suggestion(one.label, one.value) for one in known if _is_found(wanted, one.label)]


@dataclass(frozen=True, slots=True)
class _Known:
    """`name` is what people call it, `value` what a command takes, `label` what autocomplete shows."""

    name: str
    value: str
    label: str


async def _known(store: Reads, workspace_id: str, lookup: str) -> list[_Known]:
    """Returns all of a kind that has names; none of others."""
    match lookup:
        case "campaign":
            campaigns = await store.campaigns(workspace_id)
            return [_Known(c.name, str(c.id), f"{c.name} · {c.status}") for c in campaigns]
        case "community":
            summaries = await store.community_summaries(workspace_id)
            return [_Known(s.community, s.community, f"r/{s.community}") for s in summaries]
        case "member":
            return [_Known(m.name, m.id, m.name) for m in await store.members(workspace_id)]
        case "account":
            return [_Known(a.name, a.name, f"u/{a.name} · {a.state}") for a in await store.accounts(workspace_id)]
        case "linked":
            linked = [a for a in await store.accounts(workspace_id) if a.linked_by is not None]
            return [_Known(a.name, a.name, f"u/{a.name} · {a.linked_by}") for a in linked]
        case "zone":  # the city comes first, because people look for it; both spellings of the name can be typed
            cities = ((name.rpartition("/")[2].replace("_", " "), name) for name in zone_names())
            return [_Known(city, name, f"{city} · {name}") for city, name in cities]
        case _:
            return []


def _wanted(typed: str) -> str:
    """Returns the text to look for; for a label that was chosen before, its number."""
    wanted = typed.strip().lower().removeprefix("#").removeprefix("r/").removeprefix("u/")
    number = wanted.partition(" · ")[0]
    return number if number.isdecimal() else wanted


def _is_found(wanted: str, *texts: str) -> bool:
    """Returns whether the texts hold the words that somebody typed; without any, they do."""
    return not wanted or sought(wanted).found_in(words_of(*texts))


def _offset(typed: str) -> str | None:
    """Returns the typed offset from UTC (GMT+2, +02:00), which no list holds."""
    try:
        name = find_zone(typed)
    except BadArgument:
        return None
    return name if fixed_offset(name) is not None else None


def _numbered(record: int, *parts: str) -> Suggestion:
    return Suggestion(
        " · ".join([str(record), *(shortened(" ".join(part.split()), TEXT_MAX) for part in parts)]), str(record)
    )

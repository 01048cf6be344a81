"""Autocomplete's offers for a parameter, from one workspace only. It knows no platform: the caller gives the limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.reads import Reads
from bot.words import shortened
from core.errors import BadArgument
from core.texts.search import sought, words_of
from core.texts.zones import find_zone, fixed_offset, zone_names

OFFERED_MAX = 100  # longer than any platform shows
TEXT_MAX = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """`value` becomes the parameter's value when this is chosen; a person reads `label`."""

    label: str
    value: str


def is_offered(lookup: str) -> bool:
    """Returns whether there are offers of this kind."""
    return lookup in _FINDERS


async def offers(store: Reads, workspace_id: str, lookup: str, typed: str, limit: int) -> list[Offer]:
    """Returns at most `limit` records of the kind `lookup` (see `Param.lookup`) whose words the `typed` ones begin
    (core/texts/search.py).

    Those that begin with it come first. An unknown kind has no offers. Raises `StorageUnavailable`.
    """
    find = _FINDERS.get(lookup)
    if find is None:
        return []
    wanted = _wanted(typed)
    found = list(await find(store, workspace_id, wanted))
    if lookup == "zone" and (offset := _offset(typed)) is not None:
        found.insert(0, Offer(offset, offset))
    found.sort(key=lambda offer: not offer.value.lower().startswith(wanted))  # stable: the newest stay first
    found.sort(key=lambda offer: offer.value.lower() != wanted)
    return found[:limit]


def _wanted(typed: str) -> str:
    """Returns the text to look for; for a label that was chosen before, its number."""
    wanted = typed.strip().lower().removeprefix("#").removeprefix("r/").removeprefix("u/")
    number = wanted.partition(" · ")[0]
    return number if number.isdecimal() else wanted


def _having(wanted: str, offered: Iterable[Offer]) -> list[Offer]:
    return [offer for offer in offered if _is_found(wanted, offer.label)]


def _is_found(wanted: str, *texts: str) -> bool:
    """Returns whether the texts hold the words that somebody typed; without any, they do."""
    return not wanted or sought(wanted).found_in(words_of(*texts))


async def _campaigns(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    campaigns = await store.campaigns(workspace_id)
    return _having(wanted, (Offer(f"{c.name} · {c.status}", str(c.id)) for c in campaigns))


async def _communities(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    summaries = await store.community_summaries(workspace_id)
    return _having(wanted, (Offer(f"r/{s.community}", s.community) for s in summaries))


async def _drafts(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    drafts = await store.drafts(workspace_id, containing=wanted, limit=OFFERED_MAX)
    return [_numbered(d.id, f"r/{d.community}", d.status, d.latest.title) for d in drafts]


async def _posts(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    posts = await store.tracked_posts(workspace_id, containing=wanted, limit=OFFERED_MAX)
    return [_numbered(p.id, f"r/{p.community}", p.state, p.title or p.fullname) for p in posts]


async def _facts(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    facts = [fact for c in await store.campaigns(workspace_id) for fact in await store.kept_facts(workspace_id, c.id)]
    found = [fact for fact in facts if _is_found(wanted, str(fact.id), fact.body)]
    return [_numbered(fact.id, fact.body) for fact in sorted(found, key=lambda fact: -fact.id)]


async def _patterns(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    patterns = await store.patterns(workspace_id)
    found = [p for p in patterns if _is_found(wanted, str(p.id), p.community, p.body)]
    return [_numbered(p.id, f"r/{p.community}", p.body) for p in sorted(found, key=lambda pattern: -pattern.id)]


async def _accounts(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    return _having(wanted, (Offer(f"u/{a.name} · {a.state}", a.name) for a in await store.accounts(workspace_id)))


async def _linked(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    accounts = [a for a in await store.accounts(workspace_id) if a.linked_by is not None]
    return _having(wanted, (Offer(f"u/{a.name} · {a.linked_by}", a.name) for a in accounts))


async def _zones(store: Reads, workspace_id: str, wanted: str) -> Sequence[Offer]:
    # The city comes first, because people look for it; both spellings of the name can be typed.
    labelled = ((f"{name.rpartition('/')[2].replace('_', ' ')} · {name}", name) for name in zone_names())
    return _having(wanted, (Offer(label, name) for label, name in labelled))


def _offset(typed: str) -> str | None:
    """Returns the typed offset from UTC (GMT+2, +02:00), which no list holds."""
    try:
        name = find_zone(typed)
    except BadArgument:
        return None
    return name if fixed_offset(name) is not None else None


def _numbered(record: int, *parts: str) -> Offer:
    return Offer(
        " · ".join([str(record), *(shortened(" ".join(part.split()), TEXT_MAX) for part in parts)]), str(record)
    )


_FINDERS: Mapping[str, Callable[[Reads, str, str], Awaitable[Sequence[Offer]]]] = {
    "campaign": _campaigns,
    "community": _communities,
    "draft": _drafts,
    "post": _posts,
    "fact": _facts,
    "pattern": _patterns,
    "account": _accounts,
    "linked": _linked,
    "zone": _zones,
}

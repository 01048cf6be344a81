"""What autocomplete offers for a parameter, from one workspace only. No platform in it: limits are the caller's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.words import shortened
from core.errors import BadArgument
from core.model import Pattern
from core.ports import Store
from core.texts.zones import find_zone, fixed_offset, zone_names

LOOKED_THROUGH = 100  # the newest so many records of a kind are searched
TEXT_MAX = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """`value` is what the parameter takes when this is chosen, `label` what a person reads."""

    label: str
    value: str


async def offers(store: Store, workspace_id: str, lookup: str, typed: str, limit: int) -> list[Offer]:
    """At most `limit` records of the kind `lookup` (see `Param.lookup`) whose label holds what was `typed` so far.

    Those that begin with it come first. An unknown kind offers nothing. Raises `StorageUnavailable`.
    """
    find = _FINDERS.get(lookup)
    if find is None:
        return []
    wanted = typed.strip().lower().removeprefix("#").removeprefix("r/").removeprefix("u/")
    found = [offer for offer in await find(store, workspace_id) if wanted in offer.label.lower()]
    if lookup == "zone" and (offset := _offset(typed)) is not None:
        found.insert(0, Offer(offset, offset))
    found.sort(key=lambda offer: not offer.value.lower().startswith(wanted))  # stable: the newest stay first
    return found[:limit]


async def _campaigns(store: Store, workspace_id: str) -> Sequence[Offer]:
    return [Offer(f"{c.name} · {c.status}", str(c.id)) for c in await store.campaigns(workspace_id)]


async def _communities(store: Store, workspace_id: str) -> Sequence[Offer]:
    return [Offer(f"r/{s.community}", s.community) for s in await store.community_summaries(workspace_id)]


async def _drafts(store: Store, workspace_id: str) -> Sequence[Offer]:
    return [
        _numbered(d.id, f"r/{d.community}", d.status, d.latest.title)
        for d in await store.drafts(workspace_id, limit=LOOKED_THROUGH)
    ]


async def _posts(store: Store, workspace_id: str) -> Sequence[Offer]:
    return [
        _numbered(p.id, f"r/{p.community}", p.state, p.title or p.fullname)
        for p in await store.tracked_posts(workspace_id, limit=LOOKED_THROUGH)
    ]


async def _facts(store: Store, workspace_id: str) -> Sequence[Offer]:
    facts = [fact for c in await store.campaigns(workspace_id) for fact in await store.facts(workspace_id, c.id)]
    return [_numbered(fact.id, fact.body) for fact in sorted(facts, key=lambda fact: -fact.id)[:LOOKED_THROUGH]]


async def _patterns(store: Store, workspace_id: str) -> Sequence[Offer]:
    newest: list[Pattern] = sorted(await store.patterns(workspace_id), key=lambda pattern: -pattern.id)
    return [_numbered(p.id, f"r/{p.community}", p.body) for p in newest[:LOOKED_THROUGH]]


async def _accounts(store: Store, workspace_id: str) -> Sequence[Offer]:
    return [Offer(f"u/{a.name} · {a.state}", a.name) for a in await store.accounts(workspace_id)]


async def _zones(store: Store, workspace_id: str) -> Sequence[Offer]:
    # The city first, as people look for it; both ways to write the name can be typed.
    return [Offer(f"{name.rpartition('/')[2].replace('_', ' ')} · {name}", name) for name in zone_names()]


def _offset(typed: str) -> str | None:
    """The offset from UTC that was typed (GMT+2, +02:00), which is in no list."""
    try:
        name = find_zone(typed)
    except BadArgument:
        return None
    return name if fixed_offset(name) is not None else None


def _numbered(record: int, *parts: str) -> Offer:
    return Offer(
        " · ".join([str(record), *(shortened(" ".join(part.split()), TEXT_MAX) for part in parts)]), str(record)
    )


_FINDERS: Mapping[str, Callable[[Store, str], Awaitable[Sequence[Offer]]]] = {
    "campaign": _campaigns,
    "community": _communities,
    "draft": _drafts,
    "post": _posts,
    "fact": _facts,
    "pattern": _patterns,
    "account": _accounts,
    "zone": _zones,
}

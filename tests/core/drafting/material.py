"""Invented grounds for tests of drafting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from core.campaigns import Campaign, CampaignStatus, Fact, FactKind
from core.communities import CommunityProfile, Post, Rule, RulesSnapshot
from core.drafting.grounds import Grounds
from core.model import Basis, Caller, Pattern
from core.patterns import read_pattern
from storage.store import Store
from tests.core.analysis import invented
from tests.core.analysis.invented import kept, profile_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORKSPACE = "terminal:local"

FACTS = (
    (FactKind.EXPERIENCE, "I chased unpaid invoices every Friday for two years before I wrote any software."),
    (FactKind.NUMBER, "37 freelancers used it in the first 6 months, and late payments fell by 40%."),
    (FactKind.PRODUCT, "Tallybird sends polite reminders for unpaid invoices"),
)
FLAT_RULE = Rule("No self-promotion", "No tools, courses or agencies of your own.", "all")
SOFT_RULE = Rule("No promotion without a story", "You may name your product inside a useful account.", "all")
LINK_RULE = Rule("No links", "Links are removed.", "link")


def campaign(**changes: Any) -> Campaign:
    values: dict[str, Any] = {
        "id": 1,
        "workspace_id": WORKSPACE,
        "name": "Tallybird",
        "product": "Reminders for freelancers who wait for their money, B2B",
        "url": "https://tallybird.example",
        "keywords": ("invoices", "freelancers", "late payment", "bookkeeping", "cash flow"),
        "communities": ("harborfounders",),
        "status": CampaignStatus.ACTIVE,
        "created_by": "alice",
        "created_at": NOW,
    }
    return Campaign(**{**values, **changes})


def facts(*bodies: tuple[FactKind, str]) -> tuple[Fact, ...]:
    return tuple(
        Fact(number, WORKSPACE, 1, kind, body, "alice", NOW) for number, (kind, body) in enumerate(bodies or FACTS, 1)
    )


def posts(count: int = 300, *, asks: float = 0.3, links: float = 0.3, likes: str = "question") -> list[Post]:
    """Kept posts, a share of which asks in the title or links in the text; those of the kind that is `likes`d score
    higher: "question", "link", "no question", "no link", "number", "first person", or "" for none.
    """
    made = []
    for n in range(count):
        question, link = (n * 7 % 100) < 100 * asks, (n * 37 % 100) < 100 * links
        number, own = n % 3 == 0, n % 4 < 2
        body = ("we " if own else "") + "word " * (60 + n * 13 % 200)
        body += " https://example.com" * link + " 40" * number
        liked = {"question": question, "link": link, "number": number, "first person": own}
        wanted = likes.removeprefix("no ")
        is_liked = bool(likes) and liked[wanted] is not likes.startswith("no ")
        title = "Why did the pot crack on the second day" if question else "What the kiln did to us on a second day"
        made.append(kept(n, title=title + "?" * question, body=body, score=n % 9 + 20 * is_liked))
    return made


def profile(known: Sequence[Post] | None = None) -> CommunityProfile:
    """As it is computed from posts; the usual ones where none are given."""
    return _usual() if known is None else _profile(known)


def _profile(known: Sequence[Post]) -> CommunityProfile:
    return profile_of(known, "harborfounders", computed_at=NOW, workspace_id=WORKSPACE)


@cache  # four times as long as checking a draft against it
def _usual() -> CommunityProfile:
    return _profile(posts())


async def bare_campaign(store: Store, caller: Caller, now: datetime) -> Campaign:
    """A campaign without facts in the store, for a community of which nothing is known."""
    return await store.create_campaign(
        caller,
        name="Tallybird",
        product="Reminders for freelancers",
        url=None,
        keywords=("a", "b", "c", "d", "e"),
        communities=("harborfounders",),
        now=now,
    )


async def make_campaign(store: Store, caller: Caller, now: datetime) -> Campaign:
    """A campaign with `FACTS` and a community whose profile is known, in the store."""
    made = await bare_campaign(store, caller, now)
    for kind, body in FACTS:
        await store.add_fact(caller, made.id, kind, body, now)
    await keep_profile(store, caller, now)
    return made


async def keep_profile(store: Store, caller: Caller, now: datetime) -> CommunityProfile:
    return await invented.keep_profile(store, caller, now, posts(), "harborfounders")


def rules(*listed: Rule) -> RulesSnapshot:
    return RulesSnapshot(1, WORKSPACE, "harborfounders", Basis.SAMPLE, NOW, listed)


def pattern(body: str, *, category: str = "other", confidence: float = 0.5) -> Pattern:
    feature, params = read_pattern(body, category)
    return Pattern(
        1,
        WORKSPACE,
        None,
        "harborfounders",
        category,
        feature,
        params,
        body,
        "removal",
        None,
        confidence,
        "system",
        NOW,
    )


def grounds(
    *,
    held: tuple[Fact, ...] | None = None,
    known: CommunityProfile | None = None,
    ruled: RulesSnapshot | None = None,
    patterns: Sequence[Pattern] = (),
) -> Grounds:
    return Grounds(
        campaign(),
        "harborfounders",
        facts() if held is None else held,
        known,
        ruled or rules(),
        tuple(patterns),
        now=NOW,
    )

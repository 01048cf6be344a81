"""Invented grounds for tests of drafting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.drafting.grounds import Grounds
from core.model import (
    Basis,
    Campaign,
    CampaignStatus,
    CommunityProfile,
    Fact,
    FactKind,
    Pattern,
    Rule,
    RulesSnapshot,
)

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


def figures(**shares: float) -> dict[str, Any]:
    return {
        "enough": True,
        "title_chars": {"n": 300, "q1": 40, "median": 60, "q3": 80},
        "body_words": {"n": 250, "q1": 80, "median": 150, "q3": 300},
        "shares": {name: {"count": 1, "of": 300, "share": share} for name, share in shares.items()},
        "findings": [{"text": "A question in the title goes with higher scores."}],
    }


def profile(content: Mapping[str, Any] | None = None, *, sample_size: int = 300) -> CommunityProfile:
    return CommunityProfile(
        id=1,
        workspace_id=WORKSPACE,
        community="harborfounders",
        computed_at=NOW,
        sample_size=sample_size,
        first_post_at=NOW,
        last_post_at=NOW,
        bases=(Basis.SAMPLE,),
        figures=figures() if content is None else content,
    )


def rules(*listed: Rule) -> RulesSnapshot:
    return RulesSnapshot(1, WORKSPACE, "harborfounders", Basis.SAMPLE, NOW, listed)


def pattern(body: str, *, category: str = "other", confidence: float = 0.5) -> Pattern:
    return Pattern(1, WORKSPACE, None, "harborfounders", category, body, "removal", None, confidence, "system", NOW)


def grounds(
    *,
    held: tuple[Fact, ...] | None = None,
    known: CommunityProfile | None = None,
    ruled: RulesSnapshot | None = None,
    patterns: Sequence[Pattern] = (),
) -> Grounds:
    return Grounds(
        campaign(), "harborfounders", facts() if held is None else held, known, ruled or rules(), tuple(patterns)
    )

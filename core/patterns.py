"""How sure a pattern still is. A pattern that a removal taught becomes less sure with time, and with similar posts that
stayed. A mere guess from a removal does not count while the post is live again.

Nothing is rewritten for this: a pattern's row keeps the confidence with which it was learned, and today's confidence is
computed whenever patterns are read. Patterns from members and from rules stay as they are until somebody removes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.campaigns import Campaign, CampaignReads
from core.clock import Clock
from core.communities import CommunityProfile
from core.drafting.drafts import Draft, DraftReads
from core.model import STATED_SOURCES, Caller, NewPattern, Pattern, State, TrackedPost
from core.texts.features import FEATURES, NEEDING_PARAMS
from core.texts.figures import Figures
from core.texts.markup import Text
from core.texts.naming import features_named
from core.visibility.tracking import TrackedPostReads


class PatternReads(Protocol):
    async def patterns(self, workspace_id: str, community: str | None = None) -> Sequence[Pattern]: ...


class PatternStore(PatternReads, Protocol):
    async def add_pattern(self, caller: Caller, new: NewPattern, now: datetime) -> Pattern: ...
    async def remove_pattern(self, caller: Caller, pattern_id: int, now: datetime) -> Pattern: ...
    async def restore_pattern(self, caller: Caller, pattern_id: int, now: datetime) -> Pattern: ...


class TextReads(DraftReads, CampaignReads, Protocol):
    """Reads what a post's text is made of."""


class StandingReads(PatternReads, TrackedPostReads, DraftReads, CampaignReads, Protocol):
    """Reads what tells how sure a pattern still is: the posts that stayed, and their texts."""


HALF_LIFE = timedelta(days=180)  # moderators and rules change, so after half a year a pattern is worth half
SURVIVALS_PER_HALF_LIFE = 2  # this many similar posts that stayed count as much as one half-life
FORGOTTEN_BELOW = 0.1
FROM_REMOVED = "removed posts"
MOST_FROM_REMOVED = 0.5  # what goes with removals need not be their cause
_LEARNED = frozenset({"removal"}) | STATED_SOURCES


def confidence_at(pattern: Pattern, now: datetime, survivals: int = 0) -> float:
    """The pattern's confidence at `now`. `survivals` counts similar posts that were still visible after a week."""
    if pattern.source not in _LEARNED:
        return pattern.confidence
    age = max(timedelta(), now - pattern.created_at)
    half_lives = age / HALF_LIFE + survivals / SURVIVALS_PER_HALF_LIFE
    return pattern.confidence * float(0.5**half_lives)


async def standing_patterns(
    store: StandingReads, workspace_id: str, now: datetime, community: str | None = None
) -> Sequence[Pattern]:
    """The patterns that still hold, with today's confidence, ordered by community, the surest first.

    A post is similar when this workspace posted it in the same community after the pattern was learned, and the pattern
    catches its text (only its title when no draft was registered with it). That is found by phrases alone, because
    all posts that stayed are read whenever somebody drafts.
    """
    patterns = await store.patterns(workspace_id, community)
    if not any(pattern.source in _LEARNED for pattern in patterns):
        return patterns
    taught_by = {p.tracked_post_id for p in patterns if p.tracked_post_id is not None}
    teachers = await store.tracked_posts_by_id(workspace_id, taught_by)
    patterns = [p for p in patterns if not _is_taken_back(p, teachers)]
    learned = [pattern for pattern in patterns if pattern.source in _LEARNED]
    stayed = (
        await store.stayed_posts(
            workspace_id, {p.community for p in learned}, min(pattern.created_at for pattern in learned)
        )
        if learned
        else ()
    )
    drafts = await store.drafts_by_id(workspace_id, {p.draft_id for p in stayed if p.draft_id is not None})
    campaigns = {campaign.id: campaign for campaign in await store.campaigns(workspace_id)} if stayed else {}
    texts = {
        post.id: posted_text(post, drafts.get(post.draft_id or 0), campaigns.get(post.campaign_id or 0))
        for post in stayed
    }
    weighed = [
        replace(pattern, confidence=confidence_at(pattern, now, _survivals(pattern, stayed, texts)))
        for pattern in patterns
    ]
    holding = [p for p in weighed if p.source not in _LEARNED or p.confidence >= FORGOTTEN_BELOW]
    return sorted(holding, key=lambda p: (p.community, -p.confidence, p.id))


def patterns_of(profile: CommunityProfile | None) -> tuple[Pattern, ...]:
    """The phrases of a profile's removed posts, as patterns. They are kept nowhere else: a newer profile retires them.
    They advise and never block, because posts with these words were removed, and nobody said that it was for them.
    """
    if profile is None:
        return ()
    return tuple(
        Pattern(
            id=0,
            workspace_id=profile.workspace_id,
            campaign_id=None,
            community=profile.community,
            category="other",
            feature=None,
            params={"phrases": [phrase.words]},
            body=f"“{phrase.words}”: {phrase.counts}",
            source=FROM_REMOVED,
            tracked_post_id=None,
            confidence=min(phrase.confidence, MOST_FROM_REMOVED),
            created_by="the program",
            created_at=profile.computed_at,
        )
        for phrase in Figures.read(profile.figures).removed_phrases
    )


def _is_taken_back(pattern: Pattern, teachers: Mapping[int, TrackedPost]) -> bool:
    """True for a guess from a removal that was reversed. A reason that moderators stated still counts."""
    if pattern.source != "removal" or pattern.tracked_post_id is None:
        return False
    return teachers[pattern.tracked_post_id].state is State.LIVE


def _survivals(pattern: Pattern, stayed: Sequence[TrackedPost], texts: Mapping[int, Text]) -> int:
    if pattern.source not in _LEARNED:
        return 0
    return sum(
        post.community == pattern.community
        and post.posted_at > pattern.created_at
        and post.id != pattern.tracked_post_id
        and bool(pattern.catches(texts[post.id], phrases_only=True))
        for post in stayed
    )


def posted_text(post: TrackedPost, draft: Draft | None, campaign: Campaign | None) -> Text:
    """A post's text as it was posted: its draft's, or only the title when no draft was registered with it."""
    title, body = (draft.latest.title, draft.latest.body) if draft is not None else (post.title or "", "")
    name, site = (campaign.name, campaign.url) if campaign is not None else (None, None)
    return Text(title, body, name, site, post.posted_at.weekday())


async def text_of(store: TextReads, post: TrackedPost) -> Text:
    """`posted_text` of a post with its draft and its campaign. The campaign may have been deleted."""
    drafts = await store.drafts_by_id(post.workspace_id, {post.draft_id} if post.draft_id is not None else ())
    campaigns = await store.campaigns(post.workspace_id) if post.campaign_id is not None else ()
    campaign = next((campaign for campaign in campaigns if campaign.id == post.campaign_id), None)
    return posted_text(post, drafts.get(post.draft_id or 0), campaign)


_QUOTED = re.compile(r"[“\"]([^”\"]{2,})[”\"]")
_OF_CATEGORY = {"link": "link", "promotion": "self_promotion"}


def read_pattern(body: str, category: str) -> tuple[str | None, Mapping[str, Any]]:
    """How to find in a text what a member's words reject: (a feature's key, its params), or (None, phrases). The
    phrases that the words quote come first, then a feature that they name, then the words themselves as a phrase.
    """
    if quoted := _QUOTED.findall(body):
        return None, {"phrases": quoted}
    named = (key for key in features_named(body) if FEATURES[key].category == category and key not in NEEDING_PARAMS)
    feature = next(named, _OF_CATEGORY.get(category))
    return (feature, {}) if feature else (None, {"phrases": [body]})


PERSON_CONFIDENCE = 0.9  # a member said it: surer than what one removal teaches, and not certain


class KeepingPatterns(PatternStore, StandingReads, Protocol):
    """Keeps patterns, and reads what tells how sure they are."""


@dataclass(frozen=True, slots=True)
class Patterns:
    store: KeepingPatterns
    clock: Clock

    async def standing(self, workspace_id: str, community: str | None = None) -> Sequence[Pattern]:
        """See `standing_patterns`."""
        return await standing_patterns(self.store, workspace_id, self.clock.now(), community)

    async def add(self, caller: Caller, community: str, category: str, body: str, campaign_id: int | None) -> Pattern:
        """Keep what a member says a community rejects."""
        feature, params = read_pattern(body, category)
        new = NewPattern(
            campaign_id=campaign_id,
            community=community,
            category=category,
            body=body,
            source="person",
            confidence=PERSON_CONFIDENCE,
            feature=feature,
            params=params,
        )
        return await self.store.add_pattern(caller, new, self.clock.now())

    async def remove(self, caller: Caller, pattern_id: int) -> Pattern:
        """Raises `NotFound`."""
        return await self.store.remove_pattern(caller, pattern_id, self.clock.now())

    async def restore(self, caller: Caller, pattern_id: int) -> Pattern:
        """Bring a removed pattern back. Raises `NotFound`."""
        return await self.store.restore_pattern(caller, pattern_id, self.clock.now())

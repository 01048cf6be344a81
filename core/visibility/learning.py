"""What a confirmed removal by moderators teaches about a community: only what stands in the text itself.

An account's trouble, Reddit's own filters and admins teach nothing about the text, and nothing is made up: without a
feature that the community's rules or norms speak against, there is no pattern. One removal is little evidence, so a
pattern begins with a low confidence and names what it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.communities import CommunityProfile, RulesSnapshot
from core.model import NewPattern, RemovedBy, State, TrackedPost
from core.texts.features import FEATURES, found
from core.texts.figures import Figures, Share
from core.texts.markup import Text
from core.visibility.tracking import Verdict

SOURCE = "removal"
BACKED_BY_RULE = 0.5  # the removal, and a rule that says so
BACKED_BY_NORMS = 0.35  # the removal, and a habit of the community that the text did not keep
RARE = 0.15  # a share of the community's posts below which a feature is unusual there
MOST_PATTERNS = 3
MOST_PATTERN_CHARS = 300

# What a text may have by chance teaches nothing by being rare.
_TELLING_WHEN_RARE = ("link", "promotion", "title_question", "list", "formatting")
_RULES = {  # until rules are read (core/texts/rules.py)
    "link": re.compile(r"\b(?:links?|urls?|referral|affiliate)\b", re.IGNORECASE),
    "promotion": re.compile(r"promot|advert|\bads?\b|spam|solicit|market(?:ing)?\b|sell", re.IGNORECASE),
    "product": re.compile(r"self.?promo|own (?:product|company|business|project)|promot|advert", re.IGNORECASE),
    "capitals": re.compile(r"\b(?:caps|capitals?|click.?bait|sensational|title)", re.IGNORECASE),
}


def taught(
    post: TrackedPost,
    verdict: Verdict,
    text: Text,
    *,
    rules: RulesSnapshot | None = None,
    profile: CommunityProfile | None = None,
) -> tuple[NewPattern, ...]:
    """Patterns that a removal by moderators teaches, at most `MOST_PATTERNS`, the best founded first.

    `text` is what was posted; without a body, which nobody may have kept, only the title can teach. Each pattern
    catches the text that taught it.
    """
    if verdict.state is not State.REMOVED or verdict.removed_by is not RemovedBy.MODERATORS:
        return ()
    norms = _norms(profile)
    learned: list[tuple[float, str, Mapping[str, Any], str]] = []
    for key in dict.fromkeys((*_RULES, *_TELLING_WHEN_RARE)):
        if not found(key, text):
            continue
        rule = _rule_about(key, rules)
        if rule is not None:
            learned.append((BACKED_BY_RULE, key, {}, f"{FEATURES[key].pattern} (their rule: {rule})"))
        elif key in _TELLING_WHEN_RARE and _is_rare(key, norms):
            learned.append((BACKED_BY_NORMS, key, {}, f"{FEATURES[key].pattern} (rare there)"))
    learned += _length(text, norms)
    learned.sort(key=lambda one: -one[0])
    return tuple(
        NewPattern(
            campaign_id=post.campaign_id,
            community=post.community,
            category=FEATURES[key].category,
            body=words[:MOST_PATTERN_CHARS],
            source=SOURCE,
            confidence=confidence,
            tracked_post_id=post.id,
            feature=key,
            params=params,
        )
        for confidence, key, params, words in learned[:MOST_PATTERNS]
    )


def _rule_about(key: str, rules: RulesSnapshot | None) -> str | None:
    speaks = _RULES.get(key)
    for rule in rules.rules if rules is not None and speaks is not None else ():
        if rule.kind != "comment" and speaks and speaks.search(f"{rule.short_name}\n{rule.description}"):
            return " ".join(rule.short_name.split())[:100]
    return None


def _is_rare(feature: str, norms: Figures | None) -> bool:
    share = norms.shares.get(feature, Share()).share if norms is not None else None
    return share is not None and share < RARE


def _length(text: Text, norms: Figures | None) -> list[tuple[float, str, Mapping[str, Any], str]]:
    """Less than half of what the shortest quarter writes, or more than twice what the longest does."""
    quartiles = norms.body_words.quartiles if norms is not None else None
    if quartiles is None or not text.body:
        return []
    low, _, high = quartiles
    usual = f"most posts there have {low:,.0f} to {high:,.0f}"
    limits = (("short_text", low / 2), ("long_text", high * 2))
    return [
        (BACKED_BY_NORMS, key, {"words": limit}, f"A text of {text.words:,} words: {usual}")
        for key, limit in limits
        if limit and found(key, text, {"words": limit})
    ]


def _norms(profile: CommunityProfile | None) -> Figures | None:
    """None when there is no profile, or its sample is too small to build on."""
    figures = Figures.read(profile.figures) if profile is not None else None
    return figures if figures is not None and figures.enough else None

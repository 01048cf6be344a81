"""What a confirmed removal by moderators teaches about a community: only what stands in the text itself.

An account's trouble, Reddit's own filters and admins teach nothing about the text, and nothing is made up: without a
feature that the community's rules or norms speak against, there is no pattern. One removal is little evidence, so a
pattern begins with a low confidence and names what it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.communities import CommunityProfile, RulesSnapshot
from core.model import NewPattern, RemovedBy, State, TrackedPost
from core.texts.figures import Figures, Share
from core.visibility.tracking import Verdict

SOURCE = "removal"
BACKED_BY_RULE = 0.5  # the removal, and a rule that says so
BACKED_BY_NORMS = 0.35  # the removal, and a habit of the community that the text did not keep
RARE = 0.15  # a share of the community's posts below which a feature is unusual there
MOST_PATTERNS = 3
MOST_PATTERN_CHARS = 300

_LINK = re.compile(r"https?://|\bwww\.[a-z0-9]", re.IGNORECASE)
_PROMOTION = re.compile(
    r"\b(?:sign up|free trial|discount|coupon|promo code|check (?:it |us )?out|dm me|launch offer|limited time|"
    r"buy now|subscribe|waitlist|early access|we(?:'| ha)ve (?:just )?launched)\b",
    re.IGNORECASE,
)
_SHOUTING = re.compile(r"[A-Z]{2,}(?:\W+[A-Z]{2,}){2,}")


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    body: str
    product_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Feature:
    """Something that a text has, which rules of a community may speak of (`rule`), in the words of a pattern."""

    category: str
    body: str
    has: Callable[[_Text], bool]
    rule: re.Pattern[str]
    share: str | None = None  # its key in the profile's `shares`


def _names_product(text: _Text) -> bool:
    whole = f"{text.title}\n{text.body}".lower()
    return any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", whole) for name in text.product_names)


_FEATURES = (
    _Feature(
        "link",
        "A link in the post",
        lambda t: bool(_LINK.search(t.body)),
        re.compile(r"\b(?:links?|urls?|referral|affiliate)\b", re.IGNORECASE),
        share="link",
    ),
    _Feature(
        "promotion",
        "Promotional wording such as “sign up”, “discount” or “check it out”",
        lambda t: bool(_PROMOTION.search(f"{t.title}\n{t.body}")),
        re.compile(r"promot|advert|\bads?\b|spam|solicit|market(?:ing)?\b|sell", re.IGNORECASE),
        share="promotion",
    ),
    _Feature(
        "promotion",
        "Naming one's own product",
        _names_product,
        re.compile(r"self.?promo|own (?:product|company|business|project)|promot|advert", re.IGNORECASE),
    ),
    _Feature(
        "tone",
        "Words in capitals in the title",
        lambda t: bool(_SHOUTING.search(t.title)),
        re.compile(r"\b(?:caps|capitals?|click.?bait|sensational|title)", re.IGNORECASE),
    ),
)


def taught(
    post: TrackedPost,
    verdict: Verdict,
    *,
    title: str,
    body: str | None,
    product_names: Sequence[str] = (),
    rules: RulesSnapshot | None = None,
    profile: CommunityProfile | None = None,
) -> tuple[NewPattern, ...]:
    """Patterns that a removal by moderators teaches, at most `MOST_PATTERNS`, the best founded first.

    `title` and `body` are the text as it was posted (the linked draft's latest revision); None for a body nobody
    kept, then only the title can teach. `product_names` are the campaign's product names and address.
    """
    if verdict.state is not State.REMOVED or verdict.removed_by is not RemovedBy.MODERATORS:
        return ()
    text = _Text(title, body or "", tuple(name for name in product_names if len(name) > 2))
    norms = _norms(profile)
    found: list[tuple[float, str, str]] = []
    for feature in _FEATURES:
        if not feature.has(text):
            continue
        rule = _rule_about(feature, rules)
        if rule is not None:
            found.append((BACKED_BY_RULE, feature.category, f"{feature.body} (their rule: {rule})"))
        elif feature.share is not None and _is_rare(feature.share, norms):
            found.append((BACKED_BY_NORMS, feature.category, f"{feature.body} (rare there)"))
    if body is not None:
        length = _length_pattern(len(body.split()), norms)
        if length is not None:
            found.append((BACKED_BY_NORMS, "format", length))
    found.sort(key=lambda pattern: -pattern[0])
    return tuple(
        NewPattern(
            campaign_id=post.campaign_id,
            community=post.community,
            category=category,
            body=words[:MOST_PATTERN_CHARS],
            source=SOURCE,
            confidence=confidence,
            tracked_post_id=post.id,
        )
        for confidence, category, words in found[:MOST_PATTERNS]
    )


def _rule_about(feature: _Feature, rules: RulesSnapshot | None) -> str | None:
    for rule in rules.rules if rules is not None else ():
        if rule.kind != "comment" and feature.rule.search(f"{rule.short_name}\n{rule.description}"):
            return " ".join(rule.short_name.split())[:100]
    return None


def _is_rare(feature: str, norms: Figures | None) -> bool:
    share = norms.shares.get(feature, Share()).share if norms is not None else None
    return share is not None and share < RARE


def _length_pattern(words: int, norms: Figures | None) -> str | None:
    """Less than half of what the shortest quarter writes, or more than twice what the longest does."""
    quartiles = norms.body_words.quartiles if norms is not None else None
    if quartiles is None:
        return None
    low, _, high = quartiles
    usual = f"most posts there have {low:,.0f} to {high:,.0f}"
    if words * 2 < low:
        return f"A text of {words:,} words: {usual}"
    if words > high * 2 > 0:
        return f"A text of {words:,} words: {usual}"
    return None


def _norms(profile: CommunityProfile | None) -> Figures | None:
    """None when there is no profile, or its sample is too small to build on."""
    figures = Figures.read(profile.figures) if profile is not None else None
    return figures if figures is not None and figures.enough else None

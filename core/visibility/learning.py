"""What a confirmed removal by moderators teaches about a community: only what stands in the text itself.

Trouble with an account, Reddit's own filters and admins teach nothing about the text. Nothing is made up: a pattern
needs a feature that the community's rules or norms speak against. One removal is little evidence, so a pattern begins
with a low confidence and names what it stands on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.communities import CommunityProfile, RulesSnapshot
from core.demands import KeptDemand, by_rule, demands_of
from core.model import NewPattern, RemovedBy, State, TrackedPost
from core.texts.features import FEATURES, found
from core.texts.figures import Band, Figures, Share
from core.texts.markup import Text
from core.texts.naming import names
from core.texts.rule_topics import Stance, Topic
from core.texts.shown import shown
from core.visibility.tracking import Verdict

SOURCE = "removal"
BACKED_BY_RULE = 0.5  # the removal, and a rule that says so
BACKED_BY_NORMS = 0.35  # the removal, and a habit of the community that the text did not keep
RARE = 0.15  # a share of the community's posts below which a feature is unusual there
MOST_PATTERNS = 3
MOST_PATTERN_CHARS = 300

# Only these teach something by being rare; a text may have any other feature by chance.
_TELLING_WHEN_RARE = ("link", "promotion", "title_question", "list", "formatting")
# A pattern of one of these would repeat what other features say, or needs a value that a rule does not give.
_UNTAUGHT = frozenset({"self_promotion", "phrase", "short_text", "long_text", "short_title", "long_title", "off_day"})


@dataclass(frozen=True, slots=True)
class _Taught:
    confidence: float
    key: str
    params: Mapping[str, Any]
    words: str


def taught(
    post: TrackedPost,
    verdict: Verdict,
    text: Text,
    *,
    rules: RulesSnapshot | None = None,
    demands: Sequence[KeptDemand] = (),
    profile: CommunityProfile | None = None,
) -> tuple[NewPattern, ...]:
    """The patterns that a removal by moderators teaches, at most `MOST_PATTERNS`, the best founded first.

    `demands`: what is kept of the community's rules, by which drafts are judged too. `text` is what was posted. Its
    body may not have been kept; then only the title can teach. Each pattern catches the text that taught it. Belongs
    off the event loop (core/texts/shown.py).
    """
    if verdict.state is not State.REMOVED or verdict.removed_by is not RemovedBy.MODERATORS:
        return ()
    norms = _norms(profile)
    # What a rule says is better founded than what is unusual: so they come in the order of their confidence.
    learned = [*_against_rules(text, rules, demands), *_unusual(text, norms), *_length(text, norms)]
    once = {one.key: one for one in reversed(learned)}  # the best founded of each feature
    best = sorted(once.values(), key=learned.index)[:MOST_PATTERNS]
    return tuple(
        NewPattern(
            campaign_id=post.campaign_id,
            community=post.community,
            category=FEATURES[one.key].category,
            body=one.words[:MOST_PATTERN_CHARS],
            source=SOURCE,
            confidence=one.confidence,
            tracked_post_id=post.id,
            feature=one.key,
            params=one.params,
        )
        for one in best
    )


def _against_rules(text: Text, rules: RulesSnapshot | None, kept: Sequence[KeptDemand]) -> Iterator[_Taught]:
    """What a rule restricts and the text has; forbidden things come first."""
    if rules is None:
        return
    known = by_rule(kept)
    asked = [
        (rule, one.demand)
        for rule in rules.rules
        for one in demands_of(rule, known, rules.taken_at)
        if one.demand.restricts
    ]
    asked.sort(key=lambda pair: pair[1].stance is not Stance.FORBIDS)
    for rule, demand in asked:
        named = f"{rule.short_name}\n{demand.quote}"
        cited = f"their rule: {' '.join(rule.short_name.split())[:100]}"
        for key, feature in FEATURES.items():
            if key in _UNTAUGHT or demand.topic not in feature.topics or not names(key, named):
                continue
            if shown((key,), text) is not None:
                yield _Taught(BACKED_BY_RULE, key, {}, f"{feature.pattern} ({cited})")
        if demand.weekdays and demand.topic is Topic.PROMOTION:
            params = {"weekdays": list(demand.weekdays), "with": "self_promotion"}
            if found("off_day", text, params):
                yield _Taught(BACKED_BY_RULE, "off_day", params, f"Promotion on a day not meant for it ({cited})")


def _unusual(text: Text, norms: Figures | None) -> Iterator[_Taught]:
    for key in _TELLING_WHEN_RARE:
        if _is_rare(key, norms) and found(key, text):
            yield _Taught(BACKED_BY_NORMS, key, {}, f"{FEATURES[key].pattern} (rare there)")


def _is_rare(feature: str, norms: Figures | None) -> bool:
    share = norms.shares.get(feature, Share()).share if norms is not None else None
    return share is not None and share < RARE


def _length(text: Text, norms: Figures | None) -> list[_Taught]:
    band = norms.body_words if norms is not None else Band()
    if band.quartiles is None or band.usual is None or not text.body:
        return []
    (low, _, high), (short, long) = band.quartiles, band.usual
    usual = f"most posts there have {low:,.0f} to {high:,.0f}"
    return [
        _Taught(BACKED_BY_NORMS, key, {"words": limit}, f"A text of {text.words:,} words: {usual}")
        for key, limit in (("short_text", short), ("long_text", long))
        if limit and found(key, text, {"words": limit})
    ]


def _norms(profile: CommunityProfile | None) -> Figures | None:
    """The profile's figures; None when there is no profile, or its sample is too small to build on."""
    figures = Figures.read(profile.figures) if profile is not None else None
    return figures if figures is not None and figures.enough else None

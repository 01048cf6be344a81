"""The audit after seven days: what became of a post, measured against its own community's norms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.analysis.profile import MIN_POSTS
from core.model import (
    AlertKind,
    AuditOutcome,
    CommunityProfile,
    NewAlert,
    Reading,
    State,
    TrackedPost,
)
from core.ports import Verdict
from core.visibility.verdict import post_facts

FEW_SCORE = 1  # what every post starts with: its author's own vote
FEW_COMMENTS = 0

_GONE_WORDS = {
    State.REMOVED: (AuditOutcome.REJECTION, "not_visible"),
    State.HELD: (AuditOutcome.REJECTION, "not_visible"),  # still held after seven days: nobody will release it
    State.SHADOWBANNED: (AuditOutcome.REJECTION, "not_visible"),
    State.SUSPENDED: (AuditOutcome.REJECTION, "not_visible"),
    State.DELETED: (AuditOutcome.UNDECIDED, "deleted_by_author"),
    State.GATED: (AuditOutcome.UNDECIDED, "gone"),
    State.UNKNOWN: (AuditOutcome.UNDECIDED, "gone"),
    State.UNVERIFIED: (AuditOutcome.UNDECIDED, "never_verified"),
}


def audit(post: TrackedPost, profile: CommunityProfile | None) -> tuple[AuditOutcome, str]:
    """The outcome and its reason (a word of the `AUDIT` facts in `core/visibility/verdict.py`).

    A live post is a success unless its score is in the lowest quarter of its community; without norms to compare with,
    unless it has no more than the author's own vote and no comment. What is not known is not taken for nothing.
    """
    if post.state in _GONE_WORDS:
        return _GONE_WORDS[post.state]
    if post.score is None:
        return AuditOutcome.UNDECIDED, "no_counts"
    quartile = _figure(_norms_for(post, profile), "score_q1")
    if quartile is not None:
        if post.score < quartile:
            return AuditOutcome.INERTIA, "below_quarter"
    elif post.score <= FEW_SCORE and post.num_comments is None:
        return AuditOutcome.UNDECIDED, "no_counts"
    elif post.score <= FEW_SCORE and (post.num_comments or 0) <= FEW_COMMENTS:
        return AuditOutcome.INERTIA, "few_reactions"
    return AuditOutcome.SUCCESS, "stayed"


def audit_alert(
    post: TrackedPost,
    profile: CommunityProfile | None,
    readings: Sequence[Reading],
    *,
    rules: Sequence[str] = (),
    lessons: Sequence[str] = (),
) -> NewAlert:
    """What the channel hears of the audit; one for each post, ever."""
    outcome, reason = audit(post, profile)
    verdict = Verdict(post.state, post.state_since, post.removed_by, post.category, post.confidence, post.locked)
    facts = post_facts(post, verdict, readings)
    del facts["previous_state"], facts["readings"]
    facts |= {
        "outcome": outcome.value,
        "reason": reason,
        "compared_with": _norms_for(post, profile),
        "rules": list(rules),
        "lessons": list(lessons),
    }
    return NewAlert(AlertKind.AUDIT, f"audit:{post.id}", facts, tracked_post_id=post.id)


def _norms_for(post: TrackedPost, profile: CommunityProfile | None) -> dict[str, Any] | None:
    """Profiles are made of posts: they say nothing about what is usual for a comment."""
    return None if post.fullname.startswith("t1_") else score_norms(profile)


def score_norms(profile: CommunityProfile | None) -> dict[str, Any] | None:
    """The community's own scores, as far as its profile knows enough of them (core/analysis/profile.py: figures).

    `sample_size` is how many posts' scores are known, which a source can leave out of most of them.
    """
    if profile is None or profile.figures.get("enough") is False:
        return None
    score = profile.figures.get("score")
    if not isinstance(score, Mapping) or _figure(score, "q1") is None:
        return None
    known = _figure(score, "known")
    if known is None or known < MIN_POSTS:
        return None
    return {
        "sample_size": int(known),
        "score_q1": _figure(score, "q1"),
        "score_median": _figure(score, "median"),
        "score_q3": _figure(score, "q3"),
        "computed_at": profile.computed_at.isoformat(),
    }


def _figure(figures: Mapping[str, Any] | None, name: str) -> float | None:
    value = figures.get(name) if figures is not None else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

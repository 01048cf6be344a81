"""The audit after seven days: what became of a post, measured against its own community's norms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.analysis.profile import MIN_POSTS
from core.communities import CommunityProfile
from core.model import AlertKind, AuditOutcome, NewAlert, Reading, State, TrackedPost
from core.texts.figures import Figures
from core.visibility.alert_facts import post_facts
from core.visibility.due import watched_until
from core.visibility.tracking import Verdict
from core.visibility.verdict import is_hidden

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
    """The outcome and its reason (a word of the `AUDIT` facts in `core/visibility/alert_facts.py`).

    A live post is a success unless its score is in the lowest quarter of its community. Without norms to compare with,
    it is a success unless it has only the author's own vote and no comment. An unknown count is never read as zero.
    """
    shows = post.state in (State.SHADOWBANNED, State.SUSPENDED) and not is_hidden(post)  # only its account is hidden
    if post.state in _GONE_WORDS and not shows:
        return _GONE_WORDS[post.state]
    if post.score is None:
        return AuditOutcome.UNDECIDED, "no_counts"
    norms = _norms_for(post, profile)
    if norms is not None:
        if post.score < norms["score_q1"]:
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
    patterns: Sequence[str] = (),
) -> NewAlert:
    """The alert that tells the channel the outcome. Its key makes it one for each post, ever."""
    outcome, reason = audit(post, profile)
    verdict = Verdict(post.state, post.state_since, post.removed_by, post.category, post.confidence, post.locked)
    facts = post_facts(post, verdict, readings)
    for of_a_change in ("previous_state", "previous_since", "looks", "readings"):
        del facts[of_a_change]
    facts |= {
        "outcome": outcome.value,
        "reason": reason,
        "watched_until": watched_until(post.posted_at, post.watched_since).isoformat(),
        "compared_with": _norms_for(post, profile),
        "rules": list(rules),
        "patterns": list(patterns),
    }
    return NewAlert(AlertKind.AUDIT, f"audit:{post.id}", facts, tracked_post_id=post.id)


def _norms_for(post: TrackedPost, profile: CommunityProfile | None) -> dict[str, Any] | None:
    """None for a comment: profiles are made of posts and say nothing about what is usual for comments."""
    return None if post.fullname.startswith("t1_") else score_norms(profile)


def score_norms(profile: CommunityProfile | None) -> dict[str, Any] | None:
    """The quartiles of the community's scores; None when its profile knows too few of them (core/texts/figures.py).

    `sample_size` counts the settled scores behind them. It can be far below the number of posts, because some sources
    leave scores out.
    """
    if profile is None:
        return None
    figures = Figures.read(profile.figures)
    score = figures.score
    # Posts that were chosen for their scores have a lowest quarter that most posts never reach.
    if not figures.enough or score.quartiles is None or score.known < MIN_POSTS or score.chosen:
        return None
    q1, median, q3 = score.quartiles
    return {
        "sample_size": score.known,
        "score_q1": q1,
        "score_median": median,
        "score_q3": q3,
        "computed_at": profile.computed_at.isoformat(),
    }

from __future__ import annotations

import json
from typing import Any

import pytest

from core.model import AlertKind, AuditOutcome, Basis, CommunityProfile, RemovedBy, State
from core.visibility.audit import audit, audit_alert, score_norms
from tests.core.visibility.world import START, tracked


def profile(**figures: Any) -> CommunityProfile:
    norms = {"enough": True, "score": {"known": 200, "unknown": 0, "q1": 4.0, "median": 11.0, "q3": 38.0}, **figures}
    return CommunityProfile(1, "terminal:local", "harbor", START, 200, START, START, (Basis.FILE,), norms)


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({"state": State.LIVE, "score": 4, "num_comments": 0}, AuditOutcome.SUCCESS, "stayed"),
        ({"state": State.LIVE, "score": 3, "num_comments": 9}, AuditOutcome.INERTIA, "below_quarter"),
        ({"state": State.LIVE}, AuditOutcome.UNDECIDED, "no_counts"),
        ({"state": State.REMOVED, "score": 90}, AuditOutcome.REJECTION, "not_visible"),
        ({"state": State.HELD, "score": 1}, AuditOutcome.REJECTION, "not_visible"),
        ({"state": State.SHADOWBANNED}, AuditOutcome.REJECTION, "not_visible"),
        ({"state": State.SUSPENDED}, AuditOutcome.REJECTION, "not_visible"),
        ({"state": State.DELETED}, AuditOutcome.UNDECIDED, "deleted_by_author"),
        ({"state": State.GATED}, AuditOutcome.UNDECIDED, "gone"),
        ({"state": State.UNKNOWN}, AuditOutcome.UNDECIDED, "gone"),
        ({"state": State.UNVERIFIED, "score": 50}, AuditOutcome.UNDECIDED, "never_verified"),
    ],
)
def test_a_post_is_measured_against_its_own_community(
    changes: dict[str, Any], outcome: AuditOutcome, reason: str
) -> None:
    assert audit(tracked(**changes), profile()) == (outcome, reason)


@pytest.mark.parametrize("norms", [None, profile(enough=False), profile(score=None), profile(score={"q1": None})])
def test_without_norms_only_a_post_that_nobody_touched_is_inert(norms: CommunityProfile | None) -> None:
    assert score_norms(norms) is None
    touched = tracked(state=State.LIVE, score=1, num_comments=1)
    assert audit(touched, norms) == (AuditOutcome.SUCCESS, "stayed")
    untouched = tracked(state=State.LIVE, score=1, num_comments=0)
    assert audit(untouched, norms) == (AuditOutcome.INERTIA, "few_reactions")


def test_the_audits_alert_says_what_it_compares_with() -> None:
    post = tracked(state=State.REMOVED, removed_by=RemovedBy.MODERATORS, score=2, num_comments=1, last_read_at=START)
    alert = audit_alert(post, profile(), [], rules=["No links"], lessons=["A link in the post"])
    facts = json.loads(json.dumps(dict(alert.facts)))
    assert (alert.kind, alert.dedupe_key, alert.tracked_post_id) == (AlertKind.AUDIT, "audit:7", 7)
    assert (facts["outcome"], facts["reason"]) == ("rejection", "not_visible")
    assert facts["compared_with"]["score_median"] == 11.0
    assert facts["compared_with"]["sample_size"] == 200
    assert facts["counts_read_at"] == START.isoformat()
    assert (facts["rules"], facts["lessons"]) == (["No links"], ["A link in the post"])
    assert "readings" not in facts
    assert "previous_state" not in facts

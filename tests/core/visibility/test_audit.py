from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.analysis.profile import MIN_POSTS
from core.communities import CommunityProfile
from core.model import AlertKind, AuditOutcome, Basis, Confidence, Outcome, RemovedBy, State, View
from core.visibility.audit import audit, audit_alert, score_norms
from core.visibility.readings import no_evidence
from tests.core.analysis.invented import kept, profile_of
from tests.core.visibility.world import START, seen, tracked


def profile(count: int = 200, **changes: Any) -> CommunityProfile:
    """Of posts with scores from 4 (a quarter) over 11 to 38 and more, unless `changes` say otherwise."""
    scores = (4, 8, 11, 14, 38)
    posts = [kept(n, **{"score": scores[n % 5], **changes}) for n in range(count)]
    return profile_of(posts, "harbor", computed_at=START)


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({"state": State.LIVE, "score": 8, "num_comments": 0}, AuditOutcome.SUCCESS, "stayed"),
        ({"state": State.LIVE, "score": 7, "num_comments": 9}, AuditOutcome.INERTIA, "below_quarter"),
        ({"state": State.LIVE}, AuditOutcome.UNDECIDED, "no_counts"),
        ({"state": State.REMOVED, "score": 90}, AuditOutcome.REJECTION, "not_visible"),
        ({"state": State.HELD, "score": 1}, AuditOutcome.REJECTION, "not_visible"),
        ({"state": State.SHADOWBANNED, "category": "reddit"}, AuditOutcome.REJECTION, "not_visible"),
        ({"state": State.SUSPENDED, "category": "reddit"}, AuditOutcome.REJECTION, "not_visible"),
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


@pytest.mark.parametrize(
    "norms",
    [
        None,
        profile(MIN_POSTS - 1),
        profile(score=None),
        profile(score_at=kept(1).created_at + timedelta(hours=1)),
        profile(found_in="top:year#1"),
        profile_of([kept(n, score=40 if n < MIN_POSTS - 1 else None) for n in range(200)], "harbor"),
        replace(profile(), figures={"enough": True, "score": {"q1": 40.0, "median": 50.0, "q3": 60.0}}),
    ],
    ids=["none", "too few posts", "no scores", "all young", "only the best", "few scores", "nobody knows how many"],
)
def test_without_norms_only_a_post_that_nobody_touched_is_inert(norms: CommunityProfile | None) -> None:
    assert score_norms(norms) is None
    touched = tracked(state=State.LIVE, score=1, num_comments=1)
    assert audit(touched, norms) == (AuditOutcome.SUCCESS, "stayed")
    untouched = tracked(state=State.LIVE, score=1, num_comments=0)
    assert audit(untouched, norms) == (AuditOutcome.INERTIA, "few_reactions")


def test_a_post_whose_comments_were_never_counted_is_not_called_unnoticed() -> None:
    unknown = tracked(state=State.LIVE, score=1, num_comments=None)
    assert audit(unknown, None) == (AuditOutcome.UNDECIDED, "no_counts")
    assert audit(tracked(state=State.LIVE, score=2, num_comments=None), None) == (AuditOutcome.SUCCESS, "stayed")


def test_a_comment_is_not_measured_by_the_scores_of_posts() -> None:
    comment = tracked(fullname="t1_kx12ab", state=State.LIVE, score=3)
    assert audit(comment, profile()) == (AuditOutcome.SUCCESS, "stayed")
    assert audit_alert(comment, profile(), []).facts["compared_with"] is None
    assert audit(tracked(fullname="t1_kx12ab", state=State.LIVE, score=1), profile())[0] is AuditOutcome.UNDECIDED


def test_counts_are_dated_by_the_look_that_read_them_not_by_a_blind_one_after_it() -> None:
    counted = seen(START, score=9, num_comments=2)
    blind = no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, START + timedelta(days=3), "503")
    post = tracked(state=State.LIVE, score=9, num_comments=2, last_read_at=blind.read_at)
    assert audit_alert(post, None, [counted, blind]).facts["counts_read_at"] == START.isoformat()
    assert audit_alert(post, None, [blind]).facts["counts_read_at"] is None
    assert audit_alert(post, None, [blind]).facts["score"] == 9


def test_the_audits_alert_says_what_it_compares_with() -> None:
    post = tracked(state=State.REMOVED, removed_by=RemovedBy.MODERATORS, score=2, num_comments=1, last_read_at=START)
    reading = seen(START, category="moderator", outcome=Outcome.NOT_VISIBLE, score=2, num_comments=1)
    alert = audit_alert(post, profile(), [reading], rules=["No links"], patterns=["A link in the post"])
    facts = json.loads(json.dumps(dict(alert.facts)))
    assert (alert.kind, alert.dedupe_key, alert.tracked_post_id) == (AlertKind.AUDIT, "audit:7", 7)
    assert (facts["outcome"], facts["reason"]) == ("rejection", "not_visible")
    assert facts["compared_with"]["score_median"] == 11.0
    assert facts["compared_with"]["sample_size"] == 200
    assert facts["counts_read_at"] == START.isoformat()
    assert (facts["rules"], facts["patterns"]) == (["No links"], ["A link in the post"])
    assert "readings" not in facts
    assert "previous_state" not in facts


@pytest.mark.parametrize(
    ("late", "until"), [(timedelta(), timedelta(days=14)), (timedelta(days=10), timedelta(days=17))]
)
def test_the_audit_says_until_when_the_post_is_watched(late: timedelta, until: timedelta) -> None:
    post = tracked(state=State.LIVE, score=30, posted_at=START, registered_at=START + late)
    facts = audit_alert(post, profile(), []).facts
    assert facts["watched_until"] == (START + until).isoformat()


def test_the_audit_tells_of_the_post_what_its_alert_told() -> None:
    post = tracked(
        state=State.REMOVED,
        state_since=START,
        removed_by=RemovedBy.MODERATORS,
        category="moderator",
        confidence=Confidence.HIGH,
    )
    facts = audit_alert(post, None, ()).facts
    assert (facts["state"], facts["removed_by"], facts["category"], facts["confidence"]) == (
        "removed",
        "moderators",
        "moderator",
        "high",
    )


def test_a_post_that_others_see_is_judged_by_its_score_also_while_its_account_is_hidden() -> None:
    shown = tracked(state=State.SHADOWBANNED, score=40, num_comments=3)
    assert audit(shown, None) == (AuditOutcome.SUCCESS, "stayed")
    hidden = tracked(state=State.SHADOWBANNED, removed_by=RemovedBy.REDDIT_FILTERS, score=40)
    assert audit(hidden, None) == (AuditOutcome.REJECTION, "not_visible")

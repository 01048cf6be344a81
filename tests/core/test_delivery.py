"""How an alert is told, as a table: what kind of news, what the workspace wants, and whether its message stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts import Delivery, EarlierMessage, Severity, Wishes, delivery, severity
from core.model import AlertKind, AuditOutcome, State

EARLIER = EarlierMessage(3, "C1", "C1:1")
QUIET, WANTED, NO_DIGEST = Wishes(), Wishes(good_news=True), Wishes(has_digest=False)
STANDS = Wishes(earlier=EARLIER)
BACK = {"previous_state": "removed"}
FIRST = {"previous_state": "unverified"}

M, U, D = Delivery.MESSAGE, Delivery.UPDATE, Delivery.DIGEST


@pytest.mark.parametrize(
    ("kind", "facts", "quiet", "wanted", "no_digest", "stands"),
    [
        # kind                          facts                          quiet  wanted  no digest  stands
        (AlertKind.POST_LIVE, FIRST, D, M, M, U),
        (AlertKind.POST_LIVE, BACK, D, M, M, U),
        (AlertKind.POST_LIVE, {"previous_state": "gated", "community_posts": 12}, M, M, M, M),
        (AlertKind.AUDIT, {"outcome": "success"}, D, M, M, D),
        (AlertKind.AUDIT, {"outcome": "inertia"}, D, M, M, D),
        (AlertKind.AUDIT, {"outcome": "undecided"}, D, M, M, D),
        (AlertKind.AUDIT, {"outcome": "rejection"}, M, M, M, U),
        (AlertKind.AUDIT, {"outcome": "undecided", "reason": "never_verified"}, M, M, M, U),
        (AlertKind.LOOK_WANTED, {}, M, M, M, U),
        (AlertKind.ACCOUNT_SHADOWBANNED, {"restored": True}, M, M, M, M),
        (AlertKind.CANNOT_SEE, {"restored": True}, M, M, M, M),
        (AlertKind.POST_REMOVED, BACK, M, M, M, U),
        (AlertKind.POST_LOCKED, {}, M, M, M, U),
        (AlertKind.DIGEST, {}, M, M, M, M),
        (AlertKind.TEST, {}, M, M, M, M),
        (AlertKind.UNDELIVERED, {}, M, M, M, U),
    ],
)
def test_how_news_are_told(
    kind: AlertKind, facts: dict[str, Any], quiet: Delivery, wanted: Delivery, no_digest: Delivery, stands: Delivery
) -> None:
    told = [delivery(kind, facts, wishes) for wishes in (QUIET, WANTED, NO_DIGEST, STANDS)]
    assert told == [quiet, wanted, no_digest, stands]


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        (AlertKind.POST_REMOVED, {}, Severity.ACT_NOW),
        (AlertKind.ACCOUNT_SHADOWBANNED, {}, Severity.ACT_NOW),
        (AlertKind.ACCOUNT_SUSPENDED, {"restored": False}, Severity.ACT_NOW),
        (AlertKind.CANNOT_SEE, {}, Severity.ACT_NOW),
        (AlertKind.CANNOT_SEE, {"fullname": "t3_1abc"}, Severity.LOOK),
        (AlertKind.UNDELIVERED, {}, Severity.ACT_NOW),
        (AlertKind.POST_HELD, {}, Severity.LOOK),
        (AlertKind.POST_LOCKED, {}, Severity.LOOK),
        (AlertKind.POST_GATED, {}, Severity.LOOK),
        (AlertKind.POST_DELETED, {}, Severity.LOOK),
        (AlertKind.RULES_CHANGED, {}, Severity.LOOK),
        (AlertKind.DRAFT_VOIDED, {}, Severity.LOOK),
        (AlertKind.DRAFT_UNPOSTED, {}, Severity.LOOK),
        (AlertKind.CONSENT_GONE, {}, Severity.LOOK),
        (AlertKind.WEBHOOK_RESTS, {}, Severity.LOOK),
        (AlertKind.AUDIT, {"outcome": "rejection"}, Severity.LOOK),
        (AlertKind.AUDIT, {"outcome": "undecided", "reason": "never_verified"}, Severity.LOOK),
        (AlertKind.LOOK_WANTED, {}, Severity.LOOK),
        (AlertKind.POST_COMMENTED, {"new": 1}, Severity.LOOK),
        (AlertKind.POST_COMMENTED, {"new": 0}, Severity.GOOD_TO_KNOW),
        (AlertKind.AUDIT, {"outcome": "success"}, Severity.GOOD_TO_KNOW),
        (AlertKind.POST_LIVE, {}, Severity.GOOD_TO_KNOW),
        (AlertKind.ACCOUNT_SHADOWBANNED, {"restored": True}, Severity.GOOD_TO_KNOW),
    ],
)
def test_how_soon_somebody_should_hear(kind: AlertKind, facts: dict[str, Any], expected: Severity) -> None:
    assert severity(kind, facts) is expected


WISHES = st.builds(Wishes, st.booleans(), st.booleans(), st.sampled_from([None, EARLIER]))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "previous_state": st.sampled_from([None, *(state.value for state in State)]),
        "outcome": st.sampled_from([None, *(outcome.value for outcome in AuditOutcome)]),
        "restored": st.sampled_from([None, True, False]),
        "fullname": st.sampled_from([None, "t3_1abc"]),
    },
)


@given(
    st.sampled_from(AlertKind),
    FACTS,
    st.builds(Wishes, st.booleans(), st.booleans(), st.sampled_from([None, EARLIER])),
)
def test_nothing_is_told_by_a_digest_that_does_not_come_or_by_a_message_that_does_not_stand(
    kind: AlertKind, facts: dict[str, Any], wishes: Wishes
) -> None:
    told = delivery(kind, facts, wishes)
    if told is Delivery.DIGEST:
        assert wishes.has_digest
        assert severity(kind, facts) is Severity.GOOD_TO_KNOW
    if told is Delivery.UPDATE:
        assert wishes.earlier is not None
    if wishes.good_news:  # trouble may still stand in its event's message, further comments in that of the first
        goes_on = severity(kind, facts) is not Severity.GOOD_TO_KNOW or kind is AlertKind.POST_COMMENTED
        assert told is Delivery.MESSAGE or (goes_on and told is Delivery.UPDATE)

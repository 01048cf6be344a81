"""Which of a workspace's routes decides about an alert."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts import Delivery, Wishes, delivery
from core.model import AlertKind
from core.routes import NEVER_MUTED, About, Route, Routed, routed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)
FACTS: dict[str, Any] = {"community": "harbor", "campaign_id": 3, "registered_by": "Alice"}


def to(about: About, which: str, place: str) -> Route:
    return Route(1, "slack:T1", about, which, which, place, None, "Bo", NOW)


def muted(about: About, which: str = "", until: datetime = LATER) -> Route:
    return Route(2, "slack:T1", about, which, which, None, until, "Bo", NOW)


PERSON, COMMUNITY = to(About.PERSON, "Alice", "C-alice"), to(About.COMMUNITY, "harbor", "C-harbor")
CAMPAIGN = to(About.CAMPAIGN, "3", "C-three")


@pytest.mark.parametrize(
    ("routes", "place"),
    [
        ([], None),
        ([CAMPAIGN], "C-three"),
        ([CAMPAIGN, COMMUNITY], "C-harbor"),
        ([CAMPAIGN, COMMUNITY, PERSON], "C-alice"),
        ([PERSON, CAMPAIGN], "C-alice"),
        ([to(About.COMMUNITY, "other", "C"), to(About.CAMPAIGN, "4", "C"), to(About.PERSON, "Bo", "C")], None),
    ],
)
def test_the_narrowest_route_wins(routes: list[Route], place: str | None) -> None:
    assert routed(AlertKind.POST_REMOVED, FACTS, routes, NOW) == Routed(place)


def test_what_is_the_workspaces_own_takes_no_route() -> None:
    for kind in (AlertKind.DIGEST, AlertKind.TEST, AlertKind.UNDELIVERED):
        assert routed(kind, FACTS, [PERSON, muted(About.NOT_URGENT)], NOW) == Routed()


@pytest.mark.parametrize(
    ("route", "kind", "until"),
    [
        (muted(About.COMMUNITY, "harbor"), AlertKind.POST_REMOVED, LATER),
        (muted(About.COMMUNITY, "other"), AlertKind.POST_REMOVED, None),
        (muted(About.CAMPAIGN, "3"), AlertKind.POST_LOCKED, LATER),
        (muted(About.NOT_URGENT), AlertKind.POST_LOCKED, LATER),
        (muted(About.NOT_URGENT), AlertKind.POST_REMOVED, None),
        (muted(About.COMMUNITY, "harbor"), AlertKind.ACCOUNT_SHADOWBANNED, None),
        (muted(About.COMMUNITY, "harbor", NOW), AlertKind.POST_REMOVED, None),
    ],
)
def test_a_mute_holds_back_what_it_is_about_until_it_ends(
    route: Route, kind: AlertKind, until: datetime | None
) -> None:
    assert routed(kind, FACTS, [route], NOW).muted_until == until


def test_of_two_mutes_the_longer_one_counts() -> None:
    longer = muted(About.CAMPAIGN, "3", LATER + timedelta(days=1))
    assert (
        routed(AlertKind.POST_HELD, FACTS, [muted(About.COMMUNITY, "harbor"), longer], NOW).muted_until == longer.until
    )


@given(st.sampled_from(AlertKind), st.booleans())
def test_what_is_muted_is_counted_by_a_digest_or_waits_for_the_end(kind: AlertKind, has_digest: bool) -> None:
    told = delivery(kind, FACTS, Wishes(has_digest=has_digest, is_muted=True))
    assert told in (Delivery.DIGEST, Delivery.WAIT)
    assert told is Delivery.WAIT or has_digest
    if kind in (AlertKind.POST_LOCKED, AlertKind.RULES_CHANGED, AlertKind.DRAFT_VOIDED, AlertKind.DRAFT_UNPOSTED):
        assert told is Delivery.WAIT, "no digest counts it"


@given(st.sampled_from(sorted(NEVER_MUTED)))
def test_what_concerns_more_than_one_post_is_never_muted(kind: AlertKind) -> None:
    every = [muted(About.COMMUNITY, "harbor"), muted(About.CAMPAIGN, "3"), muted(About.NOT_URGENT)]
    assert routed(kind, FACTS, every, NOW).muted_until is None

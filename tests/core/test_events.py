"""Which alerts tell of the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.events import ends_event, event_of, joins_others, joins_within
from core.model import AlertKind, RemovedBy

FACTS = {"post_id": 7, "author": "Ada_B", "removed_by": None, "community": "harbor", "registered_by": "Ada"}


@pytest.mark.parametrize(
    ("kind", "facts", "event"),
    [
        (AlertKind.POST_LIVE, {}, None),
        (AlertKind.ACCOUNT_SHADOWBANNED, {}, "account:ada_b"),
        (AlertKind.ACCOUNT_DELETED, {}, "account:ada_b"),
        (AlertKind.ACCOUNT_DELETED, {"author": None}, None),
        (AlertKind.POST_LOCKED, {}, "post:7:locked"),
        (AlertKind.POST_REMOVED, {"times_gone": 3}, "post:7:gone"),
        (AlertKind.POST_REMOVED, {"removed_by": RemovedBy.REDDIT_FILTERS}, "account:ada_b"),
        (AlertKind.POST_REMOVED, {"removed_by": RemovedBy.REDDIT_ADMINS}, "account:ada_b"),
        (AlertKind.POST_REMOVED, {"removed_by": RemovedBy.MODERATORS}, "post_removed:moderators:harbor:Ada"),
        (AlertKind.POST_HELD, {}, "post_held:None:harbor:Ada"),
    ],
)
def test_an_alert_belongs_to_what_happened(kind: AlertKind, facts: dict[str, Any], event: str | None) -> None:
    assert event_of(kind, FACTS | facts) == event


@pytest.mark.parametrize(
    ("kind", "facts", "within"),
    [
        (AlertKind.POST_REMOVED, {}, timedelta(minutes=30)),
        (AlertKind.POST_REMOVED, {"times_gone": 3}, timedelta(days=1)),
        (AlertKind.POST_LOCKED, {}, timedelta(days=1)),
        (AlertKind.ACCOUNT_SUSPENDED, {}, timedelta(hours=12)),
        (AlertKind.ACCOUNT_DELETED, {}, timedelta(hours=12)),
    ],
)
def test_what_comes_much_later_is_another_event(kind: AlertKind, facts: dict[str, Any], within: timedelta) -> None:
    assert joins_within(kind, facts) == within


def test_only_a_wave_of_bans_joins_different_accounts() -> None:
    joining = {kind for kind in AlertKind if joins_others(kind)}
    assert joining == {AlertKind.ACCOUNT_SHADOWBANNED, AlertKind.ACCOUNT_SUSPENDED}


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        ({"restored": True}, True),
        ({"community_posts": 2, "state": "live"}, True),
        ({"community_posts": 2, "state": "gated"}, False),
        ({"state": "live"}, False),
        ({}, False),
    ],
)
def test_good_news_for_all_ends_an_event(facts: dict[str, Any], ends: bool) -> None:
    assert ends_event(facts) is ends

"""What stands beside a post's alerts: a community that closes is one story for all of its posts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import AlertKind, Caller, NewAlert
from core.visibility.surroundings import Surroundings
from storage.store import Store
from tests.clock import FixedClock
from tests.storage.world import make_post, removal_check


@pytest.mark.parametrize(
    ("kind", "facts", "key"),
    [
        (AlertKind.POST_GATED, {"closure": "private"}, "community:harbor:after 0"),
        (AlertKind.POST_GATED, {"closure": None}, "post:7"),
        (AlertKind.POST_REMOVED, {"closure": "private"}, "post:7"),
        (AlertKind.POST_LIVE, {"previous_state": "gated"}, "post:7"),
        (AlertKind.POST_LIVE, {"previous_state": "held"}, "post:7"),
    ],
)
async def test_only_a_community_that_reddit_calls_closed_is_told_of_as_one(
    store: Store, clock: FixedClock, caller: Caller, kind: AlertKind, facts: dict[str, object], key: str
) -> None:
    post = await make_post(store, caller, clock.now())
    alert = NewAlert(kind, "post:7", {"community": "harbor", **facts}, tracked_post_id=post.id)
    check = removal_check(post, clock.now())
    check = replace(check, verdict=replace(check.verdict, alerts=(alert,)))
    [judged] = await Surroundings(store).of_batch([check])
    [told] = judged.verdict.alerts
    assert (told.kind, told.dedupe_key) == (kind, key)
    assert told.facts.get("community_posts") == (1 if key.startswith("community") else None)

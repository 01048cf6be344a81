"""Posts to watch in the store, and a reading of one in whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.model import (
    AuthorStatus,
    Basis,
    Caller,
    Outcome,
    Reading,
    TrackedPost,
    View,
)
from storage.store import Store
from tests.post_rows import update_post
from tests.storage import world

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = 5 * MINUTE
FREE: Mapping[str, Any] = {"lease_owner": None, "lease_until": None}


async def change(store: Store, post_id: int, **values: Any) -> None:
    async with store._database.write() as tx:
        await update_post(tx, post_id, values)


async def two_posts(store: Store, caller: Caller, now: datetime) -> tuple[TrackedPost, TrackedPost]:
    return (
        await world.make_post(store, caller, now, "t3_aaaa1"),
        await world.make_post(store, caller, now, "t3_aaaa2"),
    )


def whole_reading(at: datetime, **changed: Any) -> Reading:
    """A reading that has something to say in every field."""
    whole = Reading(
        View.AUTHOR,
        Basis.APIFY,
        at,
        Outcome.NOT_VISIBLE,
        found=True,
        control_live=True,
        category="reddit",
        indexable=False,
        author_present=True,
        body_state="removed",
        locked=True,
        score=11,
        num_comments=5,
        author_status=AuthorStatus.EXISTS,
        problem="slow",
        clock_jump_s=2.5,
        last_read_at=at + 2 * MINUTE,
        times=4,
        apart=2,
        apart_at=at + MINUTE,
        looked_by="bob",
        closure="private",
    )
    return replace(whole, **changed)

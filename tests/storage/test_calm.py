"""Which posts are calm, and what gives way when more is due than may be looked at: on both engines."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from core.model import Basis, Caller, State
from core.visibility.tracking import WatchLoad
from storage.schema import tracked_posts
from storage.store import Store
from tests.clock import FixedClock

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = MINUTE * 5


async def keep(store: Store, caller: Caller, clock: FixedClock, posts: dict[str, dict[str, Any]]) -> None:
    """Posts by name, each seen live for three days and planned four hours after its last look, changed as told."""
    now, rows = clock.now(), []
    for name, changes in posts.items():
        due_at = changes.get("next_check_at", now - MINUTE)
        rows.append(
            {
                "workspace_id": caller.workspace_id,
                "fullname": name,
                "community": "harbor",
                "author": None,
                "permalink": f"https://www.reddit.com/r/harbor/comments/{name}/",
                "registered_by": "alice",
                "registered_at": now - DAY * 3,
                "posted_at": now - DAY * 3,
                "basis": Basis.REDDIT_API,
                "state": State.LIVE,
                "state_since": now - DAY * 3,
                "locked": False,
                "last_read_at": due_at - HOUR * 4 if due_at is not None else None,
                "next_check_at": due_at,
                "audit_due_at": now + DAY * 4,
                "stopped_at": None,
                "correlation_id": "-",
            }
            | changes
        )
    async with store._database.write() as tx:
        await tx.execute(insert(tracked_posts), rows)


async def test_what_gives_way_comes_last_and_nothing_gives_way_once_it_is_six_hours_late(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    just_due = now - SECOND
    await keep(
        store,
        caller,
        clock,
        {
            "calm, due long": {"next_check_at": now - HOUR * 5},
            "calm, nearly too late": {"next_check_at": now - HOUR * 6 + SECOND},
            "calm, too late": {"next_check_at": now - HOUR * 6},
            "calm for six hours": {"next_check_at": just_due - SECOND * 9, "state_since": now - HOUR * 6},
            "live, not for six hours": {"next_check_at": just_due - SECOND * 8, "state_since": now - HOUR * 6 + SECOND},
            "planned 55 minutes ahead": {
                "next_check_at": just_due - SECOND * 7,
                "last_read_at": just_due - SECOND * 7 - MINUTE * 55 - SECOND,
            },
            "planned sooner": {
                "next_check_at": just_due - SECOND * 6,
                "last_read_at": just_due - SECOND * 6 - MINUTE * 55 + SECOND,
            },
            "never read": {"next_check_at": just_due - SECOND * 5, "last_read_at": None},
            "held": {"next_check_at": just_due - SECOND * 4, "state": State.HELD},
            "unverified": {"next_check_at": just_due - SECOND * 3, "state": State.UNVERIFIED},
            "removed": {"next_check_at": just_due - SECOND * 2, "state": State.REMOVED},
            "not due": {"next_check_at": now + SECOND},
            "watched no more": {"next_check_at": None},
        },
    )
    leased = await store.lease_due_posts(now, worker="w", lease=LEASE, limit=100)
    assert [item.post.fullname for item in leased] == [
        "calm, too late",
        "live, not for six hours",
        "planned sooner",
        "never read",
        "held",
        "unverified",
        "removed",
        "calm, nearly too late",
        "calm, due long",
        "calm for six hours",
        "planned 55 minutes ahead",
    ]


async def test_a_small_batch_takes_what_gives_way_to_nothing(store: Store, clock: FixedClock, caller: Caller) -> None:
    now = clock.now()
    calm = {f"calm {n}": {"next_check_at": now - HOUR * 2} for n in range(5)}
    held = {f"held {n}": {"next_check_at": now - SECOND * (9 - n), "state": State.HELD} for n in range(3)}
    await keep(store, caller, clock, calm | held)
    first = await store.lease_due_posts(now, worker="a", lease=LEASE, limit=3)
    assert [item.post.fullname for item in first] == ["held 0", "held 1", "held 2"]
    rest = await store.lease_due_posts(now, worker="b", lease=LEASE, limit=3)
    assert Counter(item.post.state for item in rest) == {State.LIVE: 3}


async def test_the_load_counts_urgent_calm_and_audited_posts(store: Store, clock: FixedClock, caller: Caller) -> None:
    now = clock.now()
    later = {"next_check_at": now + HOUR * 3}
    await keep(
        store,
        caller,
        clock,
        {
            "urgent now": {"state": State.HELD},
            "urgent within the hour": {"next_check_at": now + HOUR, "state": State.HELD},
            "held, not within the hour": {"next_check_at": now + HOUR + SECOND, "state": State.HELD},
            "young": {"state_since": now - HOUR * 6 + SECOND},
            "young, not within the hour": later | {"state_since": now - HOUR * 6 + SECOND},
            "calm for six hours": later | {"state_since": now - HOUR * 6},
            "nearly nine": later | {"state_since": now - HOUR * 9 + SECOND},
            "nine": later | {"state_since": now - HOUR * 9},
            "three days": later,
            "audited": later | {"posted_at": now - DAY * 7},
            "nearly audited": later | {"posted_at": now - DAY * 7 + SECOND},
            "stopped": later | {"stopped_at": now},
            "over": {"next_check_at": None},
        },
    )
    ages = (HOUR * 6, HOUR * 9, HOUR * 48)
    load = await store.watch_load(None, now, ages=ages, audited_before=now - DAY * 7)
    assert load == WatchLoad(
        urgent=3, calm={(HOUR * 6, False): 2, (HOUR * 9, False): 1, (HOUR * 48, False): 2}, audited=1
    )

"""Which posts are calm, and what gives way when more is due than may be looked at: on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.model import Basis, Caller, State
from core.visibility.tracking import Fill
from storage.store import Store
from tests.clock import FixedClock
from tests.post_rows import insert_posts
from tests.storage.world import lease

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def keep(store: Store, caller: Caller, clock: FixedClock, posts: dict[str, dict[str, Any]]) -> None:
    """Posts by name, each seen live for three days and read an hour ago, changed as told."""
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
                "last_read_at": now - HOUR,
                "gives_way": True,
                "next_check_at": due_at,
                "audit_due_at": now + DAY * 4,
                "stopped_at": None,
                "correlation_id": "-",
            }
            | changes
        )
    async with store._database.write() as tx:
        await insert_posts(tx, rows)


async def test_calm_posts_come_last_until_they_are_six_hours_late(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    await keep(
        store,
        caller,
        clock,
        {
            "calm, due long": {"next_check_at": now - HOUR * 5},
            "calm, nearly too late": {"next_check_at": now - HOUR * 6 + SECOND},
            "calm, too late": {"next_check_at": now - HOUR * 6},
            "calm, just due": {"next_check_at": now - SECOND * 3},
            "due in a second": {"next_check_at": now + SECOND, "gives_way": False},
            "urgent": {"next_check_at": now - SECOND * 2, "gives_way": False},
            "urgent before": {"next_check_at": now - SECOND * 4, "gives_way": False},
            "watched no more": {"next_check_at": None},
        },
    )
    leased = await lease(store, now, worker="w", limit=100)
    assert [item.post.fullname for item in leased] == [
        "calm, too late",
        "urgent before",
        "urgent",
        "calm, nearly too late",
        "calm, due long",
        "calm, just due",
    ]


async def test_a_small_batch_takes_what_gives_way_to_nothing(store: Store, clock: FixedClock, caller: Caller) -> None:
    now = clock.now()
    calm = {f"calm {n}": {"next_check_at": now - HOUR * 2} for n in range(5)}
    urgent = {f"urgent {n}": {"next_check_at": now - SECOND * (9 - n), "gives_way": False} for n in range(3)}
    await keep(store, caller, clock, calm | urgent)
    first = await lease(store, now, worker="a", limit=3)
    assert [item.post.fullname for item in first] == ["urgent 0", "urgent 1", "urgent 2"]
    rest = await lease(store, now, worker="b", limit=3)
    assert [item.post.fullname for item in rest] == ["calm 0", "calm 1", "calm 2"]


async def test_a_batch_is_filled_with_what_is_due_next_and_was_not_read_a_moment_ago(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    before = now - MINUTE * 3
    later = {
        "next": {"next_check_at": now + MINUTE, "last_read_at": before - SECOND},
        "read a moment ago": {"next_check_at": now + MINUTE * 2, "last_read_at": before},
        "stopped": {"next_check_at": now + MINUTE * 3, "stopped_at": now},
        "second": {"next_check_at": now + HOUR - SECOND},
        "not for an hour": {"next_check_at": now + HOUR},
    }
    await keep(store, caller, clock, later)
    fill = Fill(4, before, now + HOUR)
    assert await lease(store, now, worker="w", limit=8, fill=fill) == [], "nothing is due"

    await keep(store, caller, clock, {"due": {"next_check_at": now}, "due too": {"next_check_at": now - SECOND}})
    taken = await lease(store, now, worker="w", limit=8, fill=fill)
    assert [item.post.fullname for item in taken] == ["due too", "due", "next", "second"]
    assert await lease(store, now, worker="v", limit=8, fill=fill) == []

    await store.release_posts("w", only=[item.post.id for item in taken[2:]])
    again = await lease(store, now + MINUTE, worker="v", limit=8)
    assert [item.post.fullname for item in again] == ["next"], "what is due and was not given back is still held"


async def test_the_load_counts_watched_posts_by_their_age_or_that_of_their_state(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    await keep(
        store,
        caller,
        clock,
        {
            "posted three days ago": {},
            "posted just now": {"posted_at": now, "state_since": now},
            "nearly an hour": {"posted_at": now - HOUR + SECOND, "state_since": now - HOUR + SECOND},
            "an hour": {"posted_at": now - HOUR, "state_since": now - HOUR},
            "old, removed lately": {"state": State.REMOVED, "state_since": now - MINUTE},
            "very old": {"posted_at": now - DAY * 30, "state_since": now - DAY * 30},
            "stopped": {"stopped_at": now},
            "over": {"next_check_at": None},
        },
    )
    assert await store.watch_load(now, ages=(HOUR, DAY, DAY * 4)) == [3, 1, 2]
    assert await store.watch_load(now, ages=(HOUR, DAY)) == [3, 3]

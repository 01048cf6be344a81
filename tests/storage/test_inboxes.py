"""Which inboxes may hold the reason for a removal, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.model import Caller, RemovedBy, State, TrackedPost
from storage.schema import accounts, tracked_posts
from storage.store import Store
from tests.clock import FixedClock
from tests.post_rows import update_post
from tests.storage import world
from tests.storage.rows import all_rows, changes

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DUE: dict[str, Any] = {"lease": MINUTE * 5, "within": DAY * 3, "limit": 9}


@pytest.fixture
async def post(store: Store, caller: Caller, clock: FixedClock) -> TrackedPost:
    """A post of an account whose messages may be read, removed by moderators just now."""
    now = clock.now()
    made = await store.register_post(caller, world.to_register("t3_x", now, author="Ada"), now)
    await store.sign_in_account(caller, "Ada", "sealed", now, scopes="identity privatemessages read")
    await become(store, made, state=State.REMOVED, removed_by=RemovedBy.MODERATORS, state_since=now)
    return await store.tracked_post(caller.workspace_id, made.id)


async def become(store: Store, post: TrackedPost, **values: Any) -> None:
    async with store._database.write() as tx:
        await update_post(tx, post.id, values)


async def test_a_due_inbox_comes_with_the_posts_that_it_may_explain_and_is_leased(
    store: Store, caller: Caller, clock: FixedClock, post: TrackedPost
) -> None:
    now = clock.now()
    second = await store.register_post(caller, world.to_register("t3_y", now, author="ADA"), now)
    await become(store, second, state=State.REMOVED, removed_by=RemovedBy.UNKNOWN, state_since=now)
    live = await store.register_post(caller, world.to_register("t3_z", now, author="Ada"), now)
    before = await all_rows(store)
    [due] = await store.lease_due_inboxes(now, **DUE)
    assert [one.id for one in due.posts] == [post.id, second.id]
    assert live.id not in {one.id for one in due.posts}
    assert changes(before, await all_rows(store)) == {"accounts": {due.account.id: {"next_inbox_at": now + MINUTE * 5}}}
    assert await store.lease_due_inboxes(now, **DUE) == []
    await store.inbox_read(due.account.id, now + MINUTE)
    assert await store.lease_due_inboxes(now + MINUTE - SECOND, **DUE) == []
    assert len(await store.lease_due_inboxes(now + MINUTE, **DUE)) == 1


@pytest.mark.parametrize(
    ("of_post", "of_account", "due"),
    [
        ({"state": State.REMOVED}, {}, True),
        ({"state": State.HELD}, {}, False),
        ({"removed_by": RemovedBy.UNKNOWN}, {}, True),
        ({"removed_by": RemovedBy.REDDIT_FILTERS}, {}, False),
        ({"stated_at": timedelta()}, {}, False),
        ({"state_since": SECOND - DAY * 3}, {}, True),
        ({"state_since": -DAY * 3}, {}, False),
        ({"author": "another"}, {}, False),
        ({}, {"scopes": None}, False),
        ({}, {"scopes": "identity read history"}, False),
        ({}, {"sealed_token": None}, False),
        ({}, {"next_inbox_at": timedelta()}, True),
        ({}, {"next_inbox_at": SECOND}, False),
        ({}, {"next_inbox_at": HOUR}, False),
        ({}, {"next_inbox_at": HOUR + SECOND}, True),
    ],
)
async def test_which_inboxes_are_due(
    store: Store,
    clock: FixedClock,
    post: TrackedPost,
    of_post: dict[str, Any],
    of_account: dict[str, Any],
    due: bool,
) -> None:
    now = clock.now()
    for table, values in ((tracked_posts, of_post), (accounts, of_account)):
        if values:
            at = {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}
            async with store._database.write() as tx:
                await tx.execute(update(table).values(**at))
    assert bool(await store.lease_due_inboxes(now, **DUE)) is due


async def test_a_removal_of_another_workspace_makes_no_inbox_due(
    store: Store, caller: Caller, clock: FixedClock, post: TrackedPost
) -> None:
    other = Caller("terminal:b", "bob", "bob", "test")
    await store.ensure_workspace(other.workspace_id, "terminal", "B", clock.now())
    await store.sign_in_account(other, "Ada", "sealed", clock.now(), scopes="identity privatemessages read")
    due = await store.lease_due_inboxes(clock.now(), **DUE)
    assert [one.account.workspace_id for one in due] == [caller.workspace_id]

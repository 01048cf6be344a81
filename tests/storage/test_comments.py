"""First comments in the database: which posts are due, and what one reading changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.campaigns import CampaignStatus
from core.model import AlertKind, Caller, NewAlert, State, TrackedPost
from core.visibility.comments import CommentsCheck, NewComment
from storage.store import Store
from tests.clock import FixedClock
from tests.post_rows import update_post
from tests.storage import world
from tests.storage.rows import all_rows, changes

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DUE = {"lease": MINUTE * 5, "within": DAY * 2, "limit": 9}


def comment(name: str, clock: FixedClock, **changed: Any) -> NewComment:
    made = NewComment(f"t1_{name}", "reader", f"Words of {name}", clock.now(), is_question=False, is_answered=False)
    return replace(made, **changed)


def news() -> NewAlert:
    return NewAlert(AlertKind.POST_COMMENTED, "comments", {"new": 1})


@pytest.fixture
async def post(store: Store, caller: Caller, clock: FixedClock) -> TrackedPost:
    """A live post of a campaign that wants first comments told; it has three."""
    campaign = await world.make_campaign(store, caller, clock.now())
    await store.update_campaign(caller, campaign.id, now=clock.now(), first_comments=True)
    new = world.to_register("t3_x", clock.now(), campaign_id=campaign.id)
    registered = await store.register_post(caller, new, clock.now())
    await become(store, registered, state=State.LIVE, num_comments=3, posted_at=clock.now())
    return await store.tracked_post(caller.workspace_id, registered.id)


async def become(store: Store, post: TrackedPost, **values: Any) -> None:
    async with store._database.write() as tx:
        await update_post(tx, post.id, values)


async def is_due(store: Store, clock: FixedClock) -> bool:
    return bool(await store.lease_commented_posts(clock.now(), **DUE))  # type: ignore[arg-type]


async def test_a_due_post_is_leased_with_what_is_kept_of_it(store: Store, clock: FixedClock, post: TrackedPost) -> None:
    two = (comment("b", clock, created_at=clock.now() + SECOND), comment("a", clock))
    await store.record_comments(CommentsCheck(post, clock.now(), 2, two), clock.now())
    before = await all_rows(store)
    [due] = await store.lease_commented_posts(clock.now(), **DUE)  # type: ignore[arg-type]
    assert due.post == post
    assert [known.fullname for known in due.known] == ["t1_a", "t1_b"]
    held = {"next_comments_at": clock.now() + MINUTE * 5}
    assert changes(before, await all_rows(store)) == {"tracked_posts": {post.id: held}}
    assert not await is_due(store, clock)


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"score": 1}, True),
        ({"state": State.UNVERIFIED}, False),
        ({"locked": True}, False),
        ({"fullname": "t1_x"}, False),
        ({"num_comments": None}, False),
        ({"comments_read": 3}, False),
        ({"comments_read": 2}, True),
        ({"num_comments": 0}, False),
        ({"stopped_at": -SECOND}, False),
        ({"snoozed_until": SECOND}, False),
        ({"snoozed_until": timedelta()}, True),
        ({"next_comments_at": SECOND}, False),
        ({"next_comments_at": timedelta()}, True),
        ({"next_comments_at": HOUR}, False),
        ({"next_comments_at": HOUR + SECOND}, True),
        ({"posted_at": -DAY * 2}, False),
        ({"posted_at": SECOND - DAY * 2}, True),
        ({"campaign_id": None}, False),
    ],
)
async def test_which_posts_are_due(
    store: Store, clock: FixedClock, post: TrackedPost, values: dict[str, Any], due: bool
) -> None:
    now = clock.now()
    await become(store, post, **{n: now + v if isinstance(v, timedelta) else v for n, v in values.items()})
    assert await is_due(store, clock) is due


async def test_a_campaign_that_is_deleted_or_wants_none_has_no_due_posts(
    store: Store, caller: Caller, clock: FixedClock, post: TrackedPost
) -> None:
    assert post.campaign_id is not None
    await store.update_campaign(caller, post.campaign_id, now=clock.now(), first_comments=False)
    assert not await is_due(store, clock)
    await store.update_campaign(caller, post.campaign_id, now=clock.now(), first_comments=True)
    await store.set_campaign_status(caller, post.campaign_id, CampaignStatus.DELETED, clock.now())
    assert not await is_due(store, clock)


async def test_one_reading_replaces_what_is_kept_and_owes_its_alert(
    store: Store, caller: Caller, clock: FixedClock, post: TrackedPost
) -> None:
    first = (comment("a", clock), comment("gone", clock))
    await store.record_comments(CommentsCheck(post, clock.now(), 2, first), clock.now())
    before = await all_rows(store)
    second = (comment("a", clock, body="Edited", is_answered=True), comment("new", clock))
    later = clock.now() + MINUTE
    assert await store.record_comments(CommentsCheck(post, later, 3, second, news()), clock.now())
    changed = changes(before, await all_rows(store))
    assert set(changed) == {"first_comments", "tracked_posts", "alerts"}
    assert changed["tracked_posts"] == {post.id: {"comments_read": 3, "next_comments_at": later}}
    due = await store.lease_commented_posts(later, **DUE)  # type: ignore[arg-type]
    assert due == []
    await become(store, post, num_comments=4)
    [due_now] = await store.lease_commented_posts(later, **DUE)  # type: ignore[arg-type]
    assert [(c.fullname, c.body, c.is_answered) for c in due_now.known] == [
        ("t1_a", "Edited", True),
        ("t1_new", "Words of new", False),
    ]
    assert [alert.kind for alert in await store.alerts(caller.workspace_id)] == [AlertKind.POST_COMMENTED]


async def test_a_failed_reading_only_plans_the_next(store: Store, clock: FixedClock, post: TrackedPost) -> None:
    await store.record_comments(CommentsCheck(post, clock.now(), 1, (comment("a", clock),)), clock.now())
    before = await all_rows(store)
    assert await store.record_comments(CommentsCheck(post, clock.now() + HOUR), clock.now())
    assert changes(before, await all_rows(store)) == {
        "tracked_posts": {post.id: {"next_comments_at": clock.now() + HOUR}}
    }


@pytest.mark.parametrize(("state", "told"), [(State.LIVE, 1), (State.REMOVED, 0), (State.HELD, 0)])
async def test_only_of_a_live_post_are_comments_told(
    store: Store, caller: Caller, clock: FixedClock, post: TrackedPost, state: State, told: int
) -> None:
    await become(store, post, state=state)
    check = CommentsCheck(post, clock.now(), 1, (comment("a", clock),), news())
    assert await store.record_comments(check, clock.now())
    assert len(await store.alerts(caller.workspace_id)) == told


async def test_of_a_post_that_is_gone_or_of_another_workspace_nothing_is_kept(
    store: Store, clock: FixedClock, post: TrackedPost
) -> None:
    before = await all_rows(store)
    for other in (replace(post, id=post.id + 9), replace(post, workspace_id="terminal:b")):
        check = CommentsCheck(other, clock.now(), 1, (comment("a", clock),), news())
        assert not await store.record_comments(check, clock.now())
    assert changes(before, await all_rows(store)) == {}

"""What people saw of a hostile Reddit, asked over the wire by the client library that the program uses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.alerts import Alert
from core.model import AlertKind, Caller, State, TrackedPost
from storage.store import Store
from tests.clock import FixedClock
from tests.core.gateways.connected import connected
from tests.core.visibility.watched import alerts, pass_time
from tests.fakes.reddit import FakeReddit
from tests.watch import Watch

pytestmark = pytest.mark.long

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ADA = "alice_writes"


@pytest.fixture
async def reddit() -> AsyncIterator[FakeReddit]:
    async with FakeReddit() as running:
        yield running


@pytest.fixture
async def watch(store: Store, clock: FixedClock, reddit: FakeReddit) -> AsyncIterator[Watch]:
    async with connected(reddit, clock) as gateway:
        yield Watch(store, clock, gateway)


async def post_in(
    watch: Watch, reddit: FakeReddit, caller: Caller, community: str, number: int = 0, author: str = ADA
) -> TrackedPost:
    """A post that was just made there, and is registered."""
    name = f"t3_{number}{community[:4]}"
    reddit.add_post(community, fullname=name, author=author, created_at=watch.clock.now())
    link = f"https://www.reddit.com/r/{community}/comments/{name[3:]}/a_title/"
    return await watch.registering.register(caller, link)


async def news(store: Store, caller: Caller, since: int) -> list[Alert]:
    return (await alerts(store, caller))[since:]


async def test_when_a_dozen_communities_close_in_protest_each_is_told_within_the_hour_with_the_reason(
    watch: Watch, reddit: FakeReddit, store: Store, clock: FixedClock, caller: Caller
) -> None:
    """With each look, five communities at most are asked about."""
    places = [f"place{letter}" for letter in "abcdefghijkl"]
    for number, place in enumerate(places, 10):
        await post_in(watch, reddit, caller, place, number)
    await pass_time(watch, clock, HOUR)
    known = len(await alerts(store, caller))
    for place in places:
        reddit.communities[place]["closed"] = "private"
    gone = [name for name, post in reddit.posts.items() if post["subreddit"] in places]
    for name in gone:
        del reddit.posts[name]
    await pass_time(watch, clock, HOUR)
    told = await news(store, caller, known)
    assert sorted(alert.facts["community"] for alert in told) == places
    assert {(alert.kind, alert.facts["closure"]) for alert in told} == {(AlertKind.POST_GATED, "private")}


async def test_snoozed_posts_do_not_hold_back_the_news_that_the_community_of_all_is_closed(
    watch: Watch, reddit: FakeReddit, store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts = [await post_in(watch, reddit, caller, "harbor", number) for number in range(10, 14)]
    await pass_time(watch, clock, HOUR)
    known = len(await alerts(store, caller))
    for snoozed in posts[:3]:
        await watch.registering.snooze(caller, snoozed.id, DAY * 30)
    for post in posts:
        del reddit.posts[post.fullname]
    reddit.communities["harbor"]["closed"] = "private"
    await pass_time(watch, clock, MINUTE * 30)
    (closed,) = await news(store, caller, known)
    assert closed.facts["community_posts"] == 4
    assert closed.next_attempt_at is not None
    assert closed.next_attempt_at <= clock.now()


@pytest.mark.parametrize("posts_show", [True, False])
async def test_snoozed_posts_do_not_hold_back_the_news_that_their_account_is_banned(
    watch: Watch, reddit: FakeReddit, store: Store, clock: FixedClock, caller: Caller, posts_show: bool
) -> None:
    posts = [await post_in(watch, reddit, caller, "harbor", number) for number in range(10, 13)]
    await pass_time(watch, clock, HOUR)
    known = len(await alerts(store, caller))
    for snoozed in (posts[0], posts[2]):
        await watch.registering.snooze(caller, snoozed.id, DAY * 30)
    reddit.shadowbanned.add(ADA)
    if not posts_show:
        reddit.shadowban(ADA)
    await pass_time(watch, clock, HOUR * 8, MINUTE * 2)
    told = [alert for alert in await news(store, caller, known) if alert.kind is AlertKind.ACCOUNT_SHADOWBANNED]
    assert len(told) == 1
    assert told[0].next_attempt_at is None or told[0].next_attempt_at <= clock.now()


async def test_a_community_opens_for_whoever_waits_although_its_only_author_was_banned_meanwhile(
    watch: Watch, reddit: FakeReddit, store: Store, clock: FixedClock, caller: Caller
) -> None:
    """The message that it is closed stood there for ever, because no post of it was live or removed again."""
    post = await post_in(watch, reddit, caller, "harbor", 10)
    await pass_time(watch, clock, HOUR)
    kept = reddit.posts.pop(post.fullname)
    reddit.communities["harbor"]["closed"] = "private"
    await pass_time(watch, clock, HOUR)
    reddit.shadowbanned.add(ADA)
    await pass_time(watch, clock, HOUR * 8, MINUTE * 2)
    known = len(await alerts(store, caller))
    reddit.communities["harbor"]["closed"] = None
    reddit.posts[post.fullname] = kept
    reddit.remove(post.fullname, "reddit")
    await pass_time(watch, clock, HOUR * 3, MINUTE * 2)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.SHADOWBANNED
    opened = await news(store, caller, known)
    assert [(a.kind, a.facts.get("community_posts"), a.facts["state"]) for a in opened] == [
        (AlertKind.POST_LIVE, 1, "shadowbanned")
    ]


async def test_a_removal_that_was_told_is_not_told_again_after_its_account_was_hidden_and_seen_again(
    watch: Watch, reddit: FakeReddit, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await post_in(watch, reddit, caller, "harbor", 10)
    await pass_time(watch, clock, HOUR)
    reddit.remove(post.fullname, "moderator")
    await pass_time(watch, clock, HOUR)
    removals = [alert.kind for alert in await alerts(store, caller)].count(AlertKind.POST_REMOVED)
    assert removals == 1
    reddit.shadowbanned.add(ADA)
    await pass_time(watch, clock, HOUR * 14, MINUTE * 2)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.SHADOWBANNED
    reddit.shadowbanned.clear()
    await pass_time(watch, clock, HOUR * 4, MINUTE * 2)
    back = await store.tracked_post(caller.workspace_id, post.id)
    kinds = [alert.kind for alert in await alerts(store, caller)]
    assert (back.state, kinds.count(AlertKind.ACCOUNT_SHADOWBANNED)) == (State.REMOVED, 2)
    assert kinds.count(AlertKind.POST_REMOVED) == 1


async def test_a_post_that_is_registered_in_a_community_that_is_private_is_told_with_that_reason(
    watch: Watch, reddit: FakeReddit, store: Store, clock: FixedClock, caller: Caller
) -> None:
    reddit.add_community("harbor", closed="private")
    link = "https://www.reddit.com/r/harbor/comments/1abc2d/a_title/"
    post = await watch.registering.register(caller, link)
    await pass_time(watch, clock, HOUR * 2)
    (told,) = await alerts(store, caller)
    assert (told.kind, told.facts["closure"]) == (AlertKind.POST_GATED, "private")
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.GATED


async def test_a_removal_is_told_of_an_old_post_whose_watching_was_stopped_and_begun_again(
    watch: Watch, reddit: FakeReddit, store: Store, clock: FixedClock, caller: Caller
) -> None:
    """It was looked at once and then no more, because it had been registered three weeks ago."""
    post = await post_in(watch, reddit, caller, "harbor", 10)
    await pass_time(watch, clock, HOUR)
    await watch.registering.stop(caller, post.id)
    clock.advance(DAY * 20)
    again = await watch.registering.register(caller, "https://www.reddit.com/r/harbor/comments/10harb/a_title/")
    assert again.id == post.id
    await pass_time(watch, clock, DAY, MINUTE * 5)
    reddit.remove(post.fullname, "moderator")
    await pass_time(watch, clock, HOUR * 3, MINUTE * 2)
    assert (await alerts(store, caller))[-1].kind is AlertKind.POST_REMOVED

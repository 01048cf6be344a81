"""An author's own view in the watching: real gateways against a loopback Reddit, and a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.accounts import Accounts
from core.gateways.author import RedditAuthors
from core.gateways.reddit import RedditGateway
from core.model import AlertKind, Caller, Confidence, Outcome, Reading, RemovedBy, State, TrackedPost, View
from core.ports import RedditView
from core.seal import LINKED_ACCOUNTS, Seal
from storage.store import Store
from tests.clock import FixedClock
from tests.fakes.loopback import Fault
from tests.fakes.reddit import FakeReddit
from tests.watch import Watch

AUTHOR = "Plain_Person"


class Scene:
    """A watched Reddit, with or without a third party's view."""

    def __init__(self, store: Store, clock: FixedClock, caller: Caller, reddit: FakeReddit, accounts: Accounts) -> None:
        self.store, self.clock, self.caller, self.reddit, self.accounts = store, clock, caller, reddit, accounts
        self.watch = Watch(store, clock, None, accounts=accounts)

    def watch_with(self, view: RedditView) -> None:
        self.watch = Watch(self.store, self.clock, view, accounts=self.accounts)

    async def link(self, name: str = AUTHOR) -> None:
        page = await self.accounts.ask(self.caller)
        await self.accounts.confirm(self.caller, self.reddit.consent(page.url, name))

    def publish(self, author: str = AUTHOR) -> str:
        return self.reddit.add_post("gardening", author=author, created_at=self.clock.now())

    async def register(self, fullname: str) -> TrackedPost:
        link = f"https://www.reddit.com/r/gardening/comments/{fullname[3:]}/x/"
        return await self.watch.registering.register(self.caller, link)

    async def pass_time(self, span: timedelta, step: timedelta = timedelta(minutes=1)) -> None:
        for _ in range(int(span / step)):
            self.clock.advance(step)
            await self.watch.sweeping.sweep("w")

    async def post(self, post: TrackedPost) -> TrackedPost:
        return await self.store.tracked_post(self.caller.workspace_id, post.id)

    async def own_readings(self, post: TrackedPost) -> list[Reading]:
        readings = await self.store.readings(self.caller.workspace_id, post.id)
        return [reading for reading in readings if reading.view is View.AUTHOR]

    async def told(self) -> list[AlertKind]:
        alerts = await self.store.alerts(self.caller.workspace_id, limit=100)
        return [alert.kind for alert in sorted(alerts, key=lambda alert: alert.id)]


@pytest.fixture
async def reddit() -> AsyncIterator[FakeReddit]:
    async with FakeReddit() as fake:
        fake.add_account(AUTHOR)
        yield fake


@pytest.fixture
async def scene(store: Store, clock: FixedClock, caller: Caller, reddit: FakeReddit) -> AsyncIterator[Scene]:
    gateway = RedditAuthors(**reddit.web_credentials, clock=clock)
    yield Scene(store, clock, caller, reddit, Accounts(store, clock, gateway, Seal(lambda: "k" * 32, LINKED_ACCOUNTS)))
    await gateway.close()


@pytest.fixture
async def third_party(clock: FixedClock, reddit: FakeReddit) -> AsyncIterator[RedditGateway]:
    gateway = RedditGateway(**reddit.credentials, clock=clock)
    yield gateway
    await gateway.close()


MINUTES_10, HALF_AN_HOUR, TWO_HOURS = timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2)


async def test_alone_an_authors_view_proves_a_removal_and_never_that_others_see_the_post(scene: Scene) -> None:
    await scene.link()
    post = await scene.register(scene.publish())
    assert (post.author, post.title) == (AUTHOR, "A title")
    await scene.pass_time(TWO_HOURS)
    assert sum(r.times for r in await scene.own_readings(post)) > 3
    assert (await scene.post(post)).state is State.UNVERIFIED
    assert await scene.told() == []
    scene.reddit.remove(post.fullname, "moderator")
    await scene.pass_time(TWO_HOURS)
    found = await scene.post(post)
    assert (found.state, found.removed_by, found.confidence) == (
        State.REMOVED,
        RemovedBy.MODERATORS,
        Confidence.HIGH,
    )
    assert await scene.told() == [AlertKind.POST_REMOVED]


async def test_an_own_token_that_works_while_others_see_no_account_makes_the_shadowban_certain(
    scene: Scene, third_party: RedditGateway
) -> None:
    scene.watch_with(third_party)
    await scene.link()
    posts = [await scene.register(scene.publish()) for _ in range(3)]
    await scene.pass_time(MINUTES_10)
    scene.reddit.shadowban(AUTHOR)
    await scene.pass_time(timedelta(minutes=100))
    for post in posts:
        found = await scene.post(post)
        assert (found.state, found.confidence) == (State.SHADOWBANNED, Confidence.HIGH)
    assert (await scene.told()).count(AlertKind.ACCOUNT_SHADOWBANNED) == 1


async def test_without_the_own_view_the_same_shadowban_stays_likely(scene: Scene, third_party: RedditGateway) -> None:
    scene.watch_with(third_party)
    post = await scene.register(scene.publish())
    scene.reddit.shadowban(AUTHOR)
    await scene.pass_time(timedelta(minutes=100))
    found = await scene.post(post)
    assert (found.state, found.confidence) == (State.SHADOWBANNED, Confidence.MEDIUM_HIGH)


async def test_while_others_see_the_post_its_author_is_not_asked(scene: Scene, third_party: RedditGateway) -> None:
    scene.watch_with(third_party)
    await scene.link()
    post = await scene.register(scene.publish())
    await scene.pass_time(TWO_HOURS)
    assert (await scene.post(post)).state is State.LIVE
    assert await scene.own_readings(post) == []


async def test_one_request_serves_all_posts_of_an_account(scene: Scene) -> None:
    await scene.link()
    for _ in range(5):
        await scene.register(scene.publish())
    scene.clock.advance(timedelta(hours=3))
    before = len(scene.reddit.seen("/api/info"))
    assert (await scene.watch.sweeping.sweep("w")).looked == 5
    assert len(scene.reddit.seen("/api/info")) == before + 1


async def test_a_post_of_somebody_else_is_never_judged_by_this_account(scene: Scene) -> None:
    await scene.link()
    fullname = scene.publish(author="another_one")
    post = await scene.register(fullname)
    scene.reddit.remove(fullname, "moderator")
    await scene.pass_time(TWO_HOURS)
    assert await scene.own_readings(post) == []
    assert (await scene.post(post)).state is State.UNVERIFIED


async def test_a_consent_taken_back_changes_no_state_and_is_told_once(scene: Scene) -> None:
    await scene.link()
    posts = [await scene.register(scene.publish()) for _ in range(3)]
    scene.reddit.take_consent_back(AUTHOR)
    await scene.pass_time(timedelta(hours=12), timedelta(minutes=10))
    assert await scene.told() == [AlertKind.CONSENT_GONE]
    assert {(await scene.post(post)).state for post in posts} == {State.UNVERIFIED}
    await scene.link()
    scene.reddit.remove(posts[0].fullname, "moderator")
    await scene.pass_time(timedelta(hours=12), timedelta(minutes=10))
    assert (await scene.post(posts[0])).state is State.REMOVED


async def test_trouble_with_the_own_view_is_no_evidence(scene: Scene) -> None:
    await scene.link()
    post = await scene.register(scene.publish())
    scene.reddit.fail("/api/info", Fault.html(403))
    await scene.pass_time(timedelta(hours=6), timedelta(minutes=10))
    assert (await scene.post(post)).state is State.UNVERIFIED
    late = [r for r in await scene.own_readings(post) if r.outcome is Outcome.CANNOT_TELL]
    assert late
    assert all(reading.problem for reading in late)
    assert await scene.told() == []


async def test_a_key_revoked_for_the_third_party_leaves_the_authors_view(
    scene: Scene, third_party: RedditGateway
) -> None:
    scene.watch_with(third_party)
    await scene.link()
    post = await scene.register(scene.publish())
    await scene.pass_time(MINUTES_10)
    scene.reddit.client_secret = "changed at Reddit"
    scene.reddit.expire_tokens()
    scene.reddit.remove(post.fullname, "moderator")
    await scene.pass_time(timedelta(hours=3))
    assert (await scene.post(post)).state is State.REMOVED


async def test_checking_now_works_with_the_own_view_alone(scene: Scene) -> None:
    await scene.link()
    post = await scene.register(scene.publish())
    scene.clock.advance(MINUTES_10)
    assert [r.times for r in await scene.own_readings(post)] == [1]
    await scene.watch.sweeping.check_now(scene.caller, post.id)
    assert [r.times for r in await scene.own_readings(post)] == [2]


@pytest.mark.parametrize(("author", "known"), [("Anna_One", True), ("Cleo_Three", True), ("Dora_Four", False)])
async def test_for_a_post_of_an_unknown_author_three_accounts_are_asked_and_no_more(
    scene: Scene, author: str, known: bool
) -> None:
    for name in ("Anna_One", "Bert_Two", "Cleo_Three", "Dora_Four"):
        scene.reddit.add_account(name)
        await scene.link(name)
    post = await scene.register(scene.publish(author))
    await scene.pass_time(timedelta(minutes=6))
    assert (await scene.post(post)).author == (author if known else None)


async def test_what_its_author_deleted_is_told_by_the_own_view_alone_though_the_name_is_gone(scene: Scene) -> None:
    await scene.link()
    post = await scene.register(scene.publish())
    await scene.pass_time(MINUTES_10)
    scene.reddit.remove(post.fullname, "deleted")
    await scene.pass_time(HALF_AN_HOUR)
    assert (await scene.post(post)).state is State.DELETED
    assert await scene.told() == [AlertKind.POST_DELETED]

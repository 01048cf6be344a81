"""An author's own view in the watching: real gateways against a loopback Reddit, and a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.accounts import Accounts, LinkedAccount
from core.errors import ConsentGone, UserError
from core.gateways.author import RedditAuthors
from core.gateways.reddit import RedditGateway
from core.model import (
    Account,
    AccountState,
    AlertKind,
    AuthorStatus,
    Basis,
    Caller,
    Confidence,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.ports import RedditView, Sighting
from core.seal import LINKED_ACCOUNTS, Seal
from core.visibility.looking import Look
from core.visibility.own_view import OwnView, _can_help
from core.visibility.readings import no_evidence, read_sighting
from core.visibility.tracking import DuePost
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import pass_time
from tests.core.visibility.world import removed, seen, sighting, tracked
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
        await pass_time(self.watch, self.clock, span, step)

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
    assert await scene.told() == [AlertKind.LOOK_WANTED], "only people can tell"
    scene.reddit.remove(post.fullname, "moderator")
    await scene.pass_time(TWO_HOURS)
    found = await scene.post(post)
    assert (found.state, found.removed_by, found.confidence) == (
        State.REMOVED,
        RemovedBy.MODERATORS,
        Confidence.HIGH,
    )
    assert (await scene.told())[-1] is AlertKind.POST_REMOVED


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
    assert sorted(await scene.told()) == [AlertKind.CONSENT_GONE, *[AlertKind.LOOK_WANTED] * 3]
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
    assert await scene.told() == [AlertKind.LOOK_WANTED]


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


# ---------------------------------------------------------------- whom it asks, without a wire

HERE = datetime(2026, 11, 23, 12, tzinfo=UTC)


def linked(name: str) -> LinkedAccount:
    return LinkedAccount(Account(1, "terminal:local", name, AccountState.VISIBLE, HERE, "alice"), "sealed", "token")


class Signed:
    """Accounts that are signed in, by workspace, and what they see; notes what each was asked for."""

    basis = Basis.REDDIT_API

    def __init__(self, *names: str, sees: dict[str, Sighting] | None = None, trouble: Exception | None = None) -> None:
        self.linked = {name.casefold(): linked(name) for name in names}
        self.sees, self.trouble, self.asked = sees or {}, trouble, list[tuple[str, list[str]]]()

    @property
    def can_sign_in(self) -> bool:
        return bool(self.linked)

    async def signed_in(self, workspace_id: str) -> dict[str, LinkedAccount]:
        return self.linked if workspace_id == "terminal:local" else {}

    async def look_up(self, account: LinkedAccount, fullnames: Sequence[str]) -> dict[str, Sighting]:
        self.asked.append((account.account.name, list(fullnames)))
        if self.trouble is not None:
            raise self.trouble
        return {name: self.sees[name] for name in fullnames if name in self.sees}


def own_view(accounts: Signed) -> OwnView:
    return OwnView(accounts, FixedClock(HERE))  # type: ignore[arg-type]


def posted(number: int = 1, **changes: Any) -> DuePost:
    return DuePost(tracked(id=number, fullname=f"t3_{number}abc2d", state=State.LIVE, **changes), ())


GONE: dict[str, Any] = {"outcome": Outcome.NOT_VISIBLE, "category": "moderator", "indexable": False}


@pytest.mark.parametrize(
    ("state", "readings", "helps"),
    [
        (State.LIVE, (), True),
        (State.LIVE, (seen(HERE),), False),
        (State.LIVE, (seen(HERE, outcome=Outcome.CANNOT_TELL),), True),
        (State.LIVE, (seen(HERE, view=View.ANONYMOUS),), True),
        (State.LIVE, (seen(HERE, view=View.ANONYMOUS), seen(HERE)), False),
        (State.LIVE, (seen(HERE, author_status=AuthorStatus.MISSING),), True),
        (State.LIVE, (seen(HERE, author_status=AuthorStatus.EXISTS),), False),
        (State.LIVE, (seen(HERE, **GONE),), True),
        (State.REMOVED, (seen(HERE, **GONE),), False),
        (State.HELD, (seen(HERE),), False),
        (State.SHADOWBANNED, (seen(HERE),), True),
    ],
)
def test_the_own_view_helps_where_others_cannot_tell_or_begin_to_see_something_else(
    state: State, readings: tuple[Reading, ...], helps: bool
) -> None:
    item = DuePost(tracked(state=state), ())
    assert _can_help(item, Look(readings)) is helps


@pytest.mark.parametrize(
    ("author", "shown", "names", "asked"),
    [
        ("Alice", None, ("bob", "ALICE"), ["ALICE"]),
        ("carol", "alice", ("alice",), []),
        (None, "Alice", ("bob", "alice"), ["alice"]),
        (None, None, ("a", "b", "c", "d"), ["a", "b", "c"]),
    ],
)
async def test_the_accounts_that_may_have_written_a_post_are_asked(
    author: str | None, shown: str | None, names: tuple[str, ...], asked: list[str]
) -> None:
    accounts = Signed(*names)
    found = sighting("t3_1abc2d", author=shown) if shown is not None else None
    await own_view(accounts).add([posted(author=author)], {1: Look((), found)})
    assert accounts.asked == [(name, ["t3_1abc2d"]) for name in asked]


async def test_an_own_look_is_added_after_the_others_and_learns_what_they_did_not_see() -> None:
    seen_by_owner = removed("t3_1abc2d", author="Alice")
    accounts = Signed("alice", sees={"t3_1abc2d": seen_by_owner})
    item, blind = posted(author="alice", body_sha256="0" * 64), no_evidence(View.THIRD_PARTY, Basis.WEB, HERE, "Cut.")
    looks = {1: Look((blind,), None, 9.0), 2: Look((seen(HERE),))}
    added = await own_view(accounts).add([item, posted(2, author="alice")], looks)
    own = read_sighting(
        "t3_1abc2d",
        seen_by_owner,
        view=View.AUTHOR,
        basis=Basis.REDDIT_API,
        read_at=HERE,
        body_sha256="0" * 64,
    )
    assert added == {1: Look((blind, own), seen_by_owner, 9.0), 2: looks[2]}
    known = {1: Look((blind,), sighting("t3_1abc2d"))}
    assert (await own_view(accounts).add([item], known))[1].sighting == sighting("t3_1abc2d")
    lost = await own_view(Signed("alice")).add([item], {1: Look(())})
    (reading,) = lost[1].readings
    assert (reading.view, reading.outcome, lost[1].sighting) == (View.AUTHOR, Outcome.CANNOT_TELL, None)


@pytest.mark.parametrize(
    ("trouble", "author", "problem"),
    [
        (UserError("Reddit has trouble.", "Wait."), "alice", "Reddit has trouble."),
        (UserError("Reddit has trouble.", "Wait."), None, None),
        (ConsentGone("Taken back.", "Link it again."), "alice", None),
        (ValueError("a defect"), "alice", None),
    ],
)
async def test_trouble_with_an_own_look_is_no_evidence_about_its_owners_posts_alone(
    trouble: Exception, author: str | None, problem: str | None
) -> None:
    item, look = posted(author=author), Look((), sighting("t3_1abc2d", author="alice"))
    added = await own_view(Signed("alice", trouble=trouble)).add([item], {1: look})
    if problem is None:
        assert added == {1: look}
    else:
        told = no_evidence(View.AUTHOR, Basis.REDDIT_API, HERE, problem)
        assert added == {1: replace(look, readings=(told,))}


async def test_a_post_that_turns_out_to_be_anothers_has_no_own_look() -> None:
    accounts = Signed("alice", sees={"t3_1abc2d": sighting("t3_1abc2d", author="bob")})
    assert await own_view(accounts).add([posted(author=None)], {1: Look(())}) == {1: Look(())}
    nameless = Signed("alice", sees={"t3_1abc2d": sighting("t3_1abc2d", author=None)})
    assert await own_view(nameless).add([posted(author=None)], {1: Look(())}) == {1: Look(())}
    (reading,) = (await own_view(nameless).add([posted(author="Alice")], {1: Look(())}))[1].readings
    assert (reading.view, reading.author_present) == (View.AUTHOR, False)


async def test_a_hundred_posts_are_asked_for_in_one_request_and_others_workspaces_are_left_alone() -> None:
    accounts = Signed("alice")
    items = [posted(n, author="alice") for n in range(1, 102)]
    stranger = posted(200, author="alice", workspace_id="discord:1")
    await own_view(accounts).add([*items, stranger], {item.post.id: Look(()) for item in (*items, stranger)})
    assert [len(names) for _, names in accounts.asked] == [100, 1]
    nobody, looks = Signed(), {1: Look(())}
    assert await own_view(nobody).add([posted()], looks) is looks


async def test_whether_an_own_view_can_look_at_a_post() -> None:
    view = own_view(Signed("Alice"))
    assert await view.can_look_at(tracked(author="ALICE"))
    assert await view.can_look_at(tracked(author=None))
    assert not await view.can_look_at(tracked(author="bob"))
    assert not await view.can_look_at(tracked(author="Alice", workspace_id="discord:1"))
    assert not await view.can_look_at(tracked(author=None, workspace_id="discord:1"))
    assert not await own_view(Signed()).can_look_at(tracked(author=None))

"""An account's state is judged once, told once, and explains all its posts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.digest import digest_facts
from core.model import AccountState, AlertKind, AuthorStatus, Caller, State, TrackedPost
from core.timetable import Timetable
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import pass_time
from tests.core.visibility.world import World, removed, sighting
from tests.watch import Watch

pytestmark = pytest.mark.long

NAMES = tuple(f"t3_{number}abc2d" for number in range(3))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock, {name: sighting(name, created_at=clock.now()) for name in NAMES})


@pytest.fixture
def watch(store: Store, clock: FixedClock, world: World) -> Watch:
    return Watch(store, clock, world)


async def register(watch: Watch, caller: Caller, name: str) -> TrackedPost:
    return await watch.registering.register(caller, f"https://www.reddit.com/r/harbor/comments/{name[3:]}/x/")


async def states(store: Store, caller: Caller) -> set[State]:
    return {post.state for post in await store.tracked_posts(caller.workspace_id)}


async def told(store: Store, caller: Caller, kind: AlertKind) -> int:
    return sum(alert.kind is kind for alert in await store.alerts(caller.workspace_id, limit=200))


@pytest.mark.parametrize(
    ("seen", "kind", "state", "account_state"),
    [
        (AuthorStatus.MISSING, AlertKind.ACCOUNT_SHADOWBANNED, State.SHADOWBANNED, AccountState.SHADOWBANNED),
        (AuthorStatus.SUSPENDED, AlertKind.ACCOUNT_SUSPENDED, State.SUSPENDED, AccountState.SUSPENDED),
    ],
)
async def test_what_is_wrong_with_an_account_is_told_once_and_explains_its_posts(
    watch: Watch,
    world: World,
    store: Store,
    clock: FixedClock,
    caller: Caller,
    seen: AuthorStatus,
    kind: AlertKind,
    state: State,
    account_state: AccountState,
) -> None:
    for name in NAMES:
        await register(watch, caller, name)
    await pass_time(watch, clock, MINUTE * 10)
    for name in NAMES:
        world.posts[name] = removed(name, "reddit")
    world.accounts["alice_writes"] = seen
    await pass_time(watch, clock, MINUTE * 120)
    assert await states(store, caller) == {state}
    assert await told(store, caller, kind) == 1
    (account,) = await store.accounts(caller.workspace_id)
    assert account.state is account_state
    alert = next(a for a in await store.alerts(caller.workspace_id, limit=200) if a.kind is kind)
    assert (alert.facts["posts"], alert.facts["hidden"]) == (3, 3)


async def test_posts_that_still_show_are_not_counted_as_hidden_with_their_account(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for name in NAMES:
        await register(watch, caller, name)
    await pass_time(watch, clock, MINUTE * 10)
    world.posts[NAMES[0]] = removed(NAMES[0], "reddit")
    world.accounts["alice_writes"] = AuthorStatus.SUSPENDED
    await pass_time(watch, clock, MINUTE * 120)
    told = [a for a in await store.alerts(caller.workspace_id, limit=200) if a.kind is AlertKind.ACCOUNT_SUSPENDED]
    assert [(alert.facts["posts"], alert.facts["hidden"]) for alert in told] == [(3, 1)]


@pytest.mark.parametrize("seen", [AuthorStatus.MISSING, AuthorStatus.SUSPENDED])
async def test_a_later_post_of_an_account_that_is_known_to_be_hidden_makes_no_alarm_of_its_own(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, seen: AuthorStatus
) -> None:
    world.posts[NAMES[0]] = removed(NAMES[0], "reddit")
    world.accounts["alice_writes"] = seen
    await register(watch, caller, NAMES[0])
    await pass_time(watch, clock, MINUTE * 120)
    known = len(await store.alerts(caller.workspace_id, limit=200))
    world.posts[NAMES[1]] = removed(NAMES[1], "reddit", created_at=clock.now())
    later = await register(watch, caller, NAMES[1])
    await pass_time(watch, clock, MINUTE * 60)
    expected = State.SHADOWBANNED if seen is AuthorStatus.MISSING else State.SUSPENDED
    assert (await store.tracked_post(caller.workspace_id, later.id)).state is expected
    assert len(await store.alerts(caller.workspace_id, limit=200)) == known


async def test_a_deleted_account_is_told_once_for_all_its_posts(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for name in NAMES:
        await register(watch, caller, name)
    await pass_time(watch, clock, MINUTE * 10)
    for name in NAMES:
        world.posts[name] = sighting(name, author=None)
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watch, clock, timedelta(hours=6))
    assert await told(store, caller, AlertKind.ACCOUNT_DELETED) == 1
    assert await states(store, caller) == {State.LIVE}
    (account,) = await store.accounts(caller.workspace_id)
    assert account.state is AccountState.DELETED


async def test_posts_of_another_account_keep_their_own_cause(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts[NAMES[1]] = removed(NAMES[1], "moderator", author="bob_writes")
    world.posts[NAMES[0]] = removed(NAMES[0], "reddit")
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await register(watch, caller, NAMES[0])
    other = await register(watch, caller, NAMES[1])
    await pass_time(watch, clock, MINUTE * 120)
    assert (await store.tracked_post(caller.workspace_id, other.id)).state is State.REMOVED


@pytest.mark.parametrize("seen", [AuthorStatus.MISSING, AuthorStatus.SUSPENDED])
async def test_when_the_account_is_back_that_is_told_once_and_what_stays_removed_on_its_own(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, seen: AuthorStatus
) -> None:
    for name in NAMES:
        world.posts[name] = removed(name, "reddit")
        await register(watch, caller, name)
    world.accounts["alice_writes"] = seen
    await pass_time(watch, clock, MINUTE * 120)
    hidden = State.SHADOWBANNED if seen is AuthorStatus.MISSING else State.SUSPENDED
    assert await states(store, caller) == {hidden}
    known = len(await store.alerts(caller.workspace_id, limit=200))
    for name in NAMES[:2]:
        world.posts[name] = sighting(name)
    world.accounts.clear()
    await pass_time(watch, clock, timedelta(hours=8), MINUTE * 2)
    assert [p.state for p in reversed(await store.tracked_posts(caller.workspace_id))] == [
        State.LIVE,
        State.LIVE,
        State.REMOVED,
    ]
    news = (await store.alerts(caller.workspace_id, limit=200))[: -known or None]
    restored = [alert for alert in news if alert.facts.get("restored")]
    assert [(alert.kind, alert.facts["posts"]) for alert in restored] == [(AlertKind(f"account_{hidden}"), 3)]
    assert [alert.kind for alert in news if alert not in restored] == [AlertKind.POST_REMOVED]
    (account,) = await store.accounts(caller.workspace_id)
    assert account.state is AccountState.VISIBLE
    world.accounts["alice_writes"] = seen
    world.posts |= {name: removed(name, "reddit") for name in NAMES}
    await pass_time(watch, clock, timedelta(hours=16), MINUTE * 2)
    assert await told(store, caller, AlertKind(f"account_{hidden}")) == 3, "hidden, seen again, hidden once more"


@pytest.mark.parametrize("is_hidden", [True, False])
async def test_the_alert_and_the_digest_name_the_same_time_for_a_shadowban(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, is_hidden: bool
) -> None:
    """The digest named the time when the ban was certain, an hour after it was first seen."""
    await register(watch, caller, NAMES[0])
    await pass_time(watch, clock, MINUTE * 10)
    if is_hidden:
        world.posts[NAMES[0]] = removed(NAMES[0], "reddit")
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watch, clock, MINUTE * 60 * 8)
    kind = AlertKind.ACCOUNT_SHADOWBANNED
    (alert,) = [a for a in await store.alerts(caller.workspace_id, limit=200) if a.kind is kind]
    times = Timetable(caller.workspace_id, digest_since=clock.now() - MINUTE * 60 * 24)
    (hidden,) = (await digest_facts(store, times, clock.now()))["hidden_accounts"]
    assert (hidden["author"], hidden["since"]) == ("alice_writes", alert.facts["since"])
    since = datetime.fromisoformat(hidden["since"])
    world.accounts.clear()
    world.posts[NAMES[0]] = sighting(NAMES[0])
    await pass_time(watch, clock, MINUTE * 60 * 2)
    back = (await store.alerts(caller.workspace_id, limit=200))[0]
    assert (back.kind, back.facts["restored"]) == (kind, True)
    lasted = datetime.fromisoformat(back.facts["since"]) - since
    assert back.facts["hidden_for_s"] == lasted.total_seconds(), "from first sight to first sight"

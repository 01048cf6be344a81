"""The account is watched, not only the post."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Account, AccountState, AlertKind, AuthorStatus, Basis, Caller, RemovedBy, State, TrackedPost
from core.visibility.account_looks import ODD_EVERY, AccountCheck, AccountLook, DueAccount
from core.visibility.looking import Looking
from core.visibility.standing import AGAIN_IN, EVERY, Standings, newest_run, next_look_in, standing_of
from core.visibility.tracking import Check, Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME, alerts, pass_time, state, told
from tests.core.visibility.world import START, World, revoked, sighting, tracked
from tests.storage.world import make_post, reading, record, removal_check, to_register
from tests.watch import Watch

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SECOND_LINK, SECOND = LINK.replace("1abc2d", "2abc2d"), "t3_2abc2d"
SHORT = {
    "E": AuthorStatus.EXISTS,
    "M": AuthorStatus.MISSING,
    "S": AuthorStatus.SUSPENDED,
    "?": AuthorStatus.CANNOT_TELL,
}


def looks(told: str) -> list[AccountLook]:
    """ "M0 M15 M30": missing three times, with the minutes."""
    return [AccountLook(Basis.REDDIT_API, START + MINUTE * int(one[1:]), SHORT[one[0]]) for one in told.split()]


@pytest.mark.parametrize(
    ("seen", "is_named", "found"),
    [
        ("E0 E3", True, AccountState.VISIBLE),
        ("E0 E2", True, None),
        ("E0", True, None),
        ("S0 S3", True, AccountState.SUSPENDED),
        ("S0", True, None),
        ("M0 M15 M30", True, AccountState.SHADOWBANNED),
        ("M0 M15 M29", True, None),
        ("M0 M30", True, None),
        ("M0 ?10 M15 ?20 M30", True, AccountState.SHADOWBANNED),
        ("M0 M15 E20 M30", True, None),
        ("M0 M15 M30", False, AccountState.DELETED),
        ("M0 M15 M30", None, None),
        ("?0 ?3 ?30", True, None),
        ("M0 M15 M30 E60 E63", True, AccountState.VISIBLE),
    ],
)
def test_looks_confirm_a_standing(seen: str, is_named: bool | None, found: AccountState | None) -> None:
    assert standing_of(looks(seen), is_named=is_named) is found


def test_an_account_is_looked_at_every_six_hours_and_every_half_hour_when_something_is_odd() -> None:
    assert next_look_in(looks("E0"), AccountState.UNKNOWN) == EVERY
    assert next_look_in(looks("E0 E300"), AccountState.VISIBLE) == EVERY
    assert next_look_in(looks("E0 M300"), AccountState.VISIBLE) == AGAIN_IN
    assert next_look_in(looks("E0 S300"), AccountState.VISIBLE) == MINUTE * 3
    assert next_look_in(looks("E0 ?300"), AccountState.VISIBLE) == ODD_EVERY
    assert next_look_in(looks("M0 M15 M30"), AccountState.SHADOWBANNED) == ODD_EVERY
    assert next_look_in(looks("M0 M15 M30 E60"), AccountState.SHADOWBANNED) == MINUTE * 3


@given(st.lists(st.tuples(st.sampled_from("EMS?"), st.integers(0, 60)), max_size=30))
def test_a_run_never_counts_more_looks_than_its_time_has_room_for(steps: list[tuple[str, int]]) -> None:
    minute, seen = 0, []
    for letter, wait in steps:
        minute += wait
        seen.append(f"{letter}{minute}")
    run = newest_run(looks(" ".join(seen)))
    if run is not None:
        assert 1 <= run.counted <= 1 + (run.last - run.began) / (MINUTE * 3)


@pytest.fixture
def two_posts(world: World) -> None:
    world.posts[SECOND] = sighting(SECOND)


async def test_an_account_that_is_shadowbanned_while_its_posts_still_show_is_told_of_and_the_posts_stay_live(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, two_posts: None
) -> None:
    first = await watch.registering.register(caller, LINK)
    second = await watch.registering.register(caller, SECOND_LINK)
    await pass_time(watch, clock, MINUTE * 10)
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watch, clock, HOUR * 7, MINUTE * 5)
    assert await told(store, caller) == [AlertKind.POST_LIVE, AlertKind.POST_LIVE, AlertKind.ACCOUNT_SHADOWBANNED]
    facts = (await alerts(store, caller))[-1].facts
    assert (facts["author"], facts["posts"], facts["hidden"], facts["confidence"]) == ("alice_writes", 2, 0, "medium")
    assert [reading["author_status"] for reading in facts["readings"]][-3:] == ["missing"] * 3
    for post in (first, second):
        assert await state(store, caller, post) is State.LIVE
    (account,) = await store.accounts(caller.workspace_id)
    assert account.state is AccountState.SHADOWBANNED

    world.accounts["alice_writes"] = AuthorStatus.EXISTS
    await pass_time(watch, clock, HOUR, MINUTE)
    assert (await told(store, caller))[3:] == [AlertKind.ACCOUNT_SHADOWBANNED]
    assert (await alerts(store, caller))[-1].facts["restored"] is True
    await pass_time(watch, clock, HOUR * 13, MINUTE * 5)
    assert len(await told(store, caller)) == 4, "its return is told once"


async def test_a_suspended_account_is_told_of_within_the_half_hour_after_anything_odd(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    world.accounts["alice_writes"] = AuthorStatus.SUSPENDED
    await pass_time(watch, clock, HOUR * 6 + MINUTE * 10, MINUTE)
    assert (await told(store, caller))[-1] is AlertKind.ACCOUNT_SUSPENDED
    assert (await alerts(store, caller))[-1].facts["confidence"] == "high"


async def test_an_account_costs_four_requests_a_day_and_none_when_nothing_of_it_is_watched(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, two_posts: None
) -> None:
    first = await watch.registering.register(caller, LINK)
    second = await watch.registering.register(caller, SECOND_LINK)
    await pass_time(watch, clock, HOUR * 24, MINUTE * 10)
    assert world.asked_authors == ["alice_writes"] * 4 or world.asked_authors == ["alice_writes"] * 5
    for post in (first, second):
        await store.stop_watching(caller, post.id, clock.now())
    world.asked_authors.clear()
    await pass_time(watch, clock, HOUR * 24, MINUTE * 10)
    assert world.asked_authors == []


async def test_one_look_at_an_account_serves_all_workspaces(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.ensure_workspace("terminal:b", "terminal", "B", clock.now())
    other = Caller("terminal:b", "bob", "bob", "test")
    await watch.registering.register(caller, LINK)
    await watch.registering.register(other, LINK)
    await pass_time(watch, clock, MINUTE)
    assert world.asked_authors == ["alice_writes"]
    for workspace_id in (caller.workspace_id, "terminal:b"):
        (account,) = await store.accounts(workspace_id)
        assert account.last_read_at == clock.now()


async def test_while_reddit_cannot_be_seen_nothing_is_said_of_an_account(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    world.trouble = revoked()
    await pass_time(watch, clock, HOUR * 24, MINUTE * 15)
    assert AlertKind.ACCOUNT_SHADOWBANNED not in await told(store, caller)
    assert NAME in world.posts


async def test_an_account_of_whose_posts_this_view_sees_none_is_not_asked_about(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    world.elsewhere = frozenset({"harbor"})
    await pass_time(watch, clock, HOUR * 7, MINUTE * 60)
    assert world.asked_authors == []
    world.elsewhere = frozenset()
    await pass_time(watch, clock, HOUR * 7, MINUTE * 60)
    assert world.asked_authors == ["alice_writes"] * len(world.asked_authors) != []


ACCOUNT = Account(1, "terminal:local", "Alice_Writes", AccountState.VISIBLE, START - HOUR, "alice")
POSTS = [
    tracked(id=6, state=State.REMOVED, removed_by=RemovedBy.MODERATORS),
    tracked(id=7, state=State.LIVE, state_since=START - HOUR),
]


@pytest.mark.parametrize(
    ("state", "letter", "kind", "confidence"),
    [
        (AccountState.SHADOWBANNED, "M", AlertKind.ACCOUNT_SHADOWBANNED, "medium"),
        (AccountState.SUSPENDED, "S", AlertKind.ACCOUNT_SUSPENDED, "high"),
        (AccountState.DELETED, "M", AlertKind.ACCOUNT_DELETED, "high"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_with_its_newest_post_and_the_looks_at_it(
    state: AccountState, letter: str, kind: AlertKind, confidence: str
) -> None:
    seen = looks(" ".join(f"{letter}{minute}" for minute in range(0, 80, 10)))
    alert = Standings._alert(ACCOUNT, state, seen, POSTS)
    assert alert is not None
    since = (START - HOUR).isoformat()
    assert (alert.kind, alert.tracked_post_id) == (kind, 7)
    assert alert.dedupe_key == f"account:alice_writes:{state}:after {since}"
    expected = {
        "since": START.isoformat(),
        "confidence": confidence,
        "posts": 2,
        "hidden": 1,
        "post_id": 7,
        "previous_state": "live",
        "state": "live" if state is AccountState.DELETED else state.value,
        "readings": [
            {
                "view": "third_party",
                "basis": "reddit_api",
                "read_at": look.read_at.isoformat(),
                "author_status": look.author_status.value,
            }
            for look in seen[-6:]
        ],
    }
    assert {key: alert.facts[key] for key in expected} == expected
    assert "restored" not in alert.facts
    assert Standings._alert(replace(ACCOUNT, state=state), state, seen, POSTS) is None


@pytest.mark.parametrize(
    ("was", "kind"),
    [
        (AccountState.SHADOWBANNED, AlertKind.ACCOUNT_SHADOWBANNED),
        (AccountState.SUSPENDED, AlertKind.ACCOUNT_SUSPENDED),
        (AccountState.DELETED, None),
        (AccountState.UNKNOWN, None),
    ],
)
def test_that_an_account_is_seen_again_is_told_of_what_was_wrong_with_it(
    was: AccountState, kind: AlertKind | None
) -> None:
    alert = Standings._alert(replace(ACCOUNT, state=was), AccountState.VISIBLE, looks("E0 E3"), POSTS)
    if kind is None:
        assert alert is None
        return
    assert alert is not None
    assert (alert.kind, alert.tracked_post_id, alert.facts["restored"]) == (kind, 7, True)
    assert alert.dedupe_key == f"account:alice_writes:seen again:after {(START - HOUR).isoformat()}"
    assert (alert.facts["since"], alert.facts["confidence"]) == (START.isoformat(), "high")


# ---------------------------------------------------------------- runs, waits and whole checks


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("", None),
        ("?0 ?5", None),
        ("E0", ("E", 0, 0, 1)),
        ("E0 E2 E3 E5 E6", ("E", 0, 6, 3)),
        ("E0 M4 M8", ("M", 4, 8, 2)),
        ("M0 E4 ?5 E6 ?9", ("E", 4, 6, 1)),
        ("M0 E4 M8", ("M", 8, 8, 1)),
        ("E0 E1 E2", ("E", 0, 2, 1)),
    ],
)
def test_the_newest_run_holds_equal_looks_without_those_that_could_not_tell(
    seen: str, expected: tuple[str, int, int, int] | None
) -> None:
    run = newest_run(looks(seen))
    if expected is None:
        assert run is None
        return
    assert run is not None
    letter, began, last, counted = expected
    assert (run.status, run.began, run.last, run.counted) == (
        SHORT[letter],
        START + MINUTE * began,
        START + MINUTE * last,
        counted,
    )


@pytest.mark.parametrize(
    ("seen", "state", "wait"),
    [
        ("", AccountState.UNKNOWN, 30),
        ("?0", AccountState.VISIBLE, 30),
        ("E0 E5 ?9", AccountState.VISIBLE, 30),
        ("E0", AccountState.VISIBLE, 360),
        ("E0", AccountState.DELETED, 360),
        ("E0", AccountState.SHADOWBANNED, 3),
        ("E0", AccountState.SUSPENDED, 3),
        ("E0 E3", AccountState.SUSPENDED, 30),
        ("M0", AccountState.UNKNOWN, 15),
        ("M0 M15 M30", AccountState.DELETED, 360),
        ("M0 M15 M30", AccountState.VISIBLE, 360),
        ("S0", AccountState.VISIBLE, 3),
        ("S0", AccountState.SUSPENDED, 3),
        ("S0 S3", AccountState.SUSPENDED, 30),
        ("S0 S3", AccountState.VISIBLE, 360),
    ],
)
def test_how_soon_an_account_is_looked_at_again(seen: str, state: AccountState, wait: int) -> None:
    assert next_look_in(looks(seen), state) == MINUTE * wait


def standings(store: Store, clock: FixedClock, world: World | None) -> Standings:
    return Standings(store, clock, Looking(clock, world, None))


WATCHED = [replace(post, next_check_at=START) for post in POSTS]


@pytest.mark.parametrize(
    ("posts", "elsewhere"),
    [([], ()), (POSTS, ()), (WATCHED, ("harbor",)), (None, ())],
    ids=["none", "none watched", "none seen", "no view"],
)
async def test_an_account_of_which_nothing_is_watched_is_left_for_six_hours(
    store: Store, clock: FixedClock, posts: list[TrackedPost] | None, elsewhere: tuple[str, ...]
) -> None:
    world = World(clock, elsewhere=frozenset(elsewhere)) if posts is not None else None
    check = await standings(store, clock, world)._check(
        DueAccount(ACCOUNT, ()), WATCHED if posts is None else posts, {}
    )
    assert check == AccountCheck(ACCOUNT, None, AccountState.VISIBLE, clock.now() + EVERY)
    assert world is None or world.asked_authors == []


async def test_a_look_at_an_account_is_kept_with_what_it_confirms_and_the_next_ones_time(
    store: Store, clock: FixedClock
) -> None:
    world = World(clock, accounts={"Alice_Writes": AuthorStatus.SUSPENDED}, basis=Basis.SAMPLE)
    item = DueAccount(ACCOUNT, tuple(looks("E-60 S-10")))
    check = await standings(store, clock, world)._check(item, WATCHED[:1] + POSTS, {})
    look = AccountLook(Basis.SAMPLE, clock.now(), AuthorStatus.SUSPENDED)
    alert = Standings._alert(ACCOUNT, AccountState.SUSPENDED, [*item.looks, look], WATCHED[:1] + POSTS)
    assert alert is not None
    since = START - MINUTE * 10
    assert check == AccountCheck(ACCOUNT, look, AccountState.SUSPENDED, clock.now() + ODD_EVERY, alert, since)
    assert alert.event == "account:alice_writes"
    world.trouble = revoked()
    blind = await standings(store, clock, world)._check(item, WATCHED, {})
    cannot_tell = AccountLook(Basis.SAMPLE, clock.now(), AuthorStatus.CANNOT_TELL)
    assert blind == AccountCheck(ACCOUNT, cannot_tell, AccountState.VISIBLE, clock.now() + ODD_EVERY, None)


def of(post: TrackedPost, now: datetime, *named: bool | None) -> Check:
    """A check of the post, with looks that named its author or not, the oldest first."""
    check = removal_check(post, now)
    shown = tuple(
        reading(now - MINUTE * (len(named) - n), author_present=says, num_comments=n) for n, says in enumerate(named)
    )
    return replace(check, readings=shown, verdict=Verdict(State.LIVE, now))


@pytest.mark.parametrize(
    ("steps", "is_named"),
    [
        ([(State.LIVE, [False])], False),
        ([(State.LIVE, [True, False])], False),
        ([(State.LIVE, [False, True])], True),
        ([(State.LIVE, [True, None])], True),
        ([(State.LIVE, [None, None])], None),
        ([(State.REMOVED, [False])], None),
        ([(State.REMOVED, [True])], True),
        ([(State.DELETED, [True])], None),
        ([(State.LIVE, [False]), (State.REMOVED, [False])], False),
        ([(State.LIVE, [True]), (State.LIVE, [False])], True),
        ([(State.LIVE, [True]), *[(State.LIVE, [False])] * 2, (State.DELETED, [False])], True),
        ([(State.LIVE, [True]), *[(State.LIVE, [False])] * 3], False),
        ([(State.LIVE, [True, None, None, None, None])], True),
        ([(State.LIVE, [True, None, None, None, None, None])], None),
        ([], None),
    ],
)
async def test_whether_posts_still_name_their_author_is_told_by_the_newest_that_stand(
    store: Store,
    clock: FixedClock,
    caller: Caller,
    steps: list[tuple[State, list[bool | None]]],
    is_named: bool | None,
) -> None:
    posts = []
    for number, (its_state, named) in enumerate(steps):
        post = await make_post(store, caller, clock.now(), f"t3_aaaa{number}")
        await record(store, [of(post, clock.now(), *named)], clock.now())
        posts.append(replace(post, state=its_state))
    assert await standings(store, clock, World(clock))._is_named(posts) is is_named


async def test_two_accounts_a_round_are_looked_at_and_how_many_is_told(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    world = World(clock, accounts={"bob": AuthorStatus.SUSPENDED})
    for number, name in enumerate(("alice", "bob", "carol")):
        new = to_register(f"t3_aaaa{number}", clock.now(), author=name)
        await store.register_post(caller, new, clock.now())
    clock.advance(MINUTE)
    judging = standings(store, clock, world)
    assert [await judging.tend() for _ in range(3)] == [2, 1, 0]
    assert sorted(world.asked_authors) == ["alice", "bob", "carol"]
    clock.advance(MINUTE * 3)
    assert await judging.tend() == 1, "whoever looked suspended is looked at again"
    states = {account.name: account.state for account in await store.accounts(caller.workspace_id)}
    assert states["bob"] is AccountState.SUSPENDED


def test_how_long_an_account_was_hidden_is_told_when_it_is_seen_again() -> None:
    hidden = replace(ACCOUNT, state=AccountState.SHADOWBANNED, state_since=START - HOUR * 5)
    alert = Standings._alert(hidden, AccountState.VISIBLE, looks("M-20 E0 E3"), POSTS)
    assert alert is not None
    assert (alert.facts["hidden_for_s"], alert.facts["since"]) == (5 * 3600.0, START.isoformat())
    assert (alert.facts["state"], alert.event) == ("live", "account:alice_writes")
    assert Standings._alert(ACCOUNT, AccountState.SUSPENDED, looks("?0"), POSTS) is None
    assert Standings._alert(hidden, AccountState.UNKNOWN, looks("E0"), POSTS) is None

"""From a look to what is stored of it: whole checks, looks that change nothing, and what happens when one fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.alerts import DecisionKind
from core.clock import ClockWatch
from core.errors import NotAllowedNow, StorageUnavailable
from core.model import (
    Account,
    AccountState,
    AlertKind,
    AuthorStatus,
    Basis,
    Caller,
    Outcome,
    Reading,
    State,
    TrackedPost,
    View,
)
from core.ports import Sighting
from core.visibility import due
from core.visibility.concluding import (
    Concluding,
    _Batch,
    _first_hash,
    _sees_name,
    _when_blind,
    _with_what_was_seen,
    kept_title,
)
from core.visibility.joining import joined
from core.visibility.leases import LEASE, Leases
from core.visibility.looking import Look
from core.visibility.readings import account_banned, body_hash, no_evidence, person_look
from core.visibility.tracking import Check, DuePost, Growth, Unchanged
from core.visibility.verdict import judge, unchanged
from storage.store import Store
from tests.clock import FixedClock, SetClock
from tests.core.visibility.world import START, removed, seen, sighting, tracked
from tests.storage.world import a_pattern, lease, make_post, record, removal_check, to_register

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAME = "t3_1abc2d"
KNOWN = tracked(
    state=State.LIVE, state_since=START - HOUR, title="How our first month went", body_sha256="0" * 64, author="alice"
)
PACE = due.Pace(MINUTE * 5)


def at(minutes: float, **changes: Any) -> Reading:
    return seen(START + MINUTE * minutes, **changes)


def gone(minutes: float, **changes: Any) -> Reading:
    hidden = {"outcome": Outcome.NOT_VISIBLE, "indexable": False, "body_state": "removed", "category": "moderator"}
    return at(minutes, **{**hidden, **changes})


def missing(minutes: float) -> Reading:
    return at(minutes, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None)


def blind(minutes: float) -> Reading:
    return no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, START + MINUTE * minutes, "No answer.")


def concluding(store: Store, clock: FixedClock, *, can_look: bool = True) -> Concluding:
    return Concluding(store, clock, Leases(store, clock), ClockWatch(clock), can_look=can_look)


def planned(post: TrackedPost, now: datetime, **changes: Any) -> datetime | None:
    facts: dict[str, Any] = {"state": post.state, "state_since": post.state_since, "awaited_in": None, "pace": PACE}
    return due.next_check_at(post, now, **{**facts, **changes})


# ---------------------------------------------------------------- nothing changes


@pytest.mark.parametrize(("since", "gives_way"), [(6 * HOUR, True), (6 * HOUR - MINUTE, False)])
async def test_a_look_that_sees_the_same_moves_the_end_of_the_row_and_plans_the_next(
    store: Store, clock: FixedClock, since: timedelta, gives_way: bool
) -> None:
    now = START + MINUTE * 8
    post = replace(KNOWN, posted_at=now - since, state_since=now - since)
    history = (at(0), at(4))
    same = concluding(store, clock)._unchanged(DuePost(post, history), Look((at(8),), sighting(NAME)), now, PACE)
    grown = Growth(START + 8 * MINUTE, 2, 2, START + 8 * MINUTE, None, None)
    assert same == Unchanged(7, at(4), grown, planned(post, now), gives_way)


@pytest.mark.parametrize(
    ("post", "history", "look"),
    [
        ({}, (), Look((at(8),))),
        ({}, (at(0), at(4)), Look(())),
        ({}, (at(0), at(4)), Look((at(8), person_look(True, START)))),
        ({}, (at(0), at(4)), Look((gone(8),))),
        ({}, (at(0), gone(4)), Look((gone(8),))),
        ({"state": State.UNVERIFIED}, (at(0), at(4)), Look((at(8),))),
        ({"state": State.GATED}, (missing(0), missing(4)), Look((missing(8),))),
        ({"title": None}, (at(0), at(4)), Look((at(8),), sighting(NAME))),
        ({"author": None}, (at(0), at(4)), Look((at(8),), sighting(NAME))),
    ],
)
async def test_a_look_that_may_change_something_needs_a_verdict(
    store: Store, clock: FixedClock, post: dict[str, Any], history: tuple[Reading, ...], look: Look
) -> None:
    item = DuePost(replace(KNOWN, **post), history)
    assert concluding(store, clock)._unchanged(item, look, START + MINUTE * 8, PACE) is None


# ---------------------------------------------------------------- one check


async def test_a_check_holds_everything_that_follows_from_a_look(store: Store, clock: FixedClock) -> None:
    post = replace(KNOWN, author=None, title=None, body_sha256=None, workspace_id="terminal:local")
    now = START + MINUTE * 4
    history, look = (gone(0),), Look((gone(4),), removed(NAME, author="Alice", title="How it went"))
    account = Account(1, "terminal:local", "Alice", AccountState.VISIBLE, START, None)
    check = await concluding(store, clock)._check(DuePost(post, history), look, _Batch(now, PACE, {"alice": account}))
    learned = replace(post, author="Alice", title="How it went")
    verdict = judge(learned, history, [gone(4)], now, account=account)
    assert verdict.state is State.REMOVED
    assert check == Check(
        tracked_post_id=7,
        workspace_id="terminal:local",
        readings=(joined(gone(0), gone(4), post.posted_at) or gone(4),),
        verdict=verdict,
        next_check_at=planned(learned, now, state=State.REMOVED, state_since=START),
        author="Alice",
        title="How it went",
        body_sha256=None,
        account_state=None,
        gives_way=False,
    )


async def test_a_check_of_a_first_look_awaits_the_second_and_keeps_the_texts_hash(
    store: Store, clock: FixedClock
) -> None:
    post = replace(KNOWN, state=State.UNVERIFIED, body_sha256=None)
    found = sighting(NAME)
    check = await concluding(store, clock)._check(DuePost(post, ()), Look((at(0),), found), _Batch(START, PACE, {}))
    assert check == Check(
        tracked_post_id=7,
        workspace_id="terminal:local",
        readings=(at(0),),
        verdict=unchanged(post),
        next_check_at=planned(post, START, awaited_in=MINUTE * 3),
        author="alice",
        title="How our first month went",
        body_sha256=body_hash(found.body or ""),
    )


@pytest.mark.parametrize(
    ("status", "state"), [(AuthorStatus.SUSPENDED, AccountState.SUSPENDED), (AuthorStatus.EXISTS, AccountState.VISIBLE)]
)
async def test_a_check_tells_what_it_confirmed_of_the_account(
    store: Store, clock: FixedClock, status: AuthorStatus, state: AccountState
) -> None:
    look = Look((at(4, author_status=status),))
    item = DuePost(KNOWN, (at(0, author_status=status),))
    check = await concluding(store, clock)._check(item, look, _Batch(START + MINUTE * 4, PACE, {}))
    assert (check.account_state, check.account_since) == (state, START)


async def test_a_post_that_was_live_for_long_gives_way_after_a_look_with_news_too(
    store: Store, clock: FixedClock
) -> None:
    now = START + 9 * HOUR
    item = DuePost(replace(KNOWN, title=None), (at(0), at(4)))
    look = Look((seen(now),), sighting(NAME))
    check = await concluding(store, clock)._check(item, look, _Batch(now, PACE, {}))
    assert (check.gives_way, check.next_check_at) == (True, planned(KNOWN, now))


# ---------------------------------------------------------------- when it is looked at again


@pytest.mark.parametrize(
    ("readings", "can_look", "planned_before", "state", "at_once"),
    [
        ((person_look(False, START, "bob"),), True, True, State.LIVE, True),
        ((person_look(True, START, "bob"),), True, True, State.LIVE, False),
        ((person_look(True, START, "bob"),), True, True, State.REMOVED, True),
        ((person_look(False, START, "bob"),), True, True, State.REMOVED, False),
        ((person_look(True, START, "bob"),), True, True, State.UNVERIFIED, True),
        ((person_look(False, START, "bob"),), False, True, State.LIVE, False),
        ((person_look(False, START, "bob"),), True, False, State.LIVE, False),
        ((account_banned(START),), True, True, State.LIVE, False),
        ((at(0, view=View.ANONYMOUS, outcome=Outcome.NOT_VISIBLE), person_look(True, START)), True, True, State.LIVE,
         False),
    ],
)  # fmt: skip
async def test_a_person_who_sees_something_else_asks_for_a_look_at_once(
    store: Store,
    clock: FixedClock,
    readings: tuple[Reading, ...],
    can_look: bool,
    planned_before: bool,
    state: State,
    at_once: bool,
) -> None:
    before = START + HOUR if planned_before else None
    post = replace(KNOWN, next_check_at=before, state=state)
    judging = concluding(store, clock, can_look=can_look)
    verdict = unchanged(post)
    found = judging._next_check_at(DuePost(post, ()), Look(readings), verdict, None, _Batch(START, PACE, {}))
    assert found == (START if at_once else before)


@pytest.mark.parametrize(
    ("history", "look", "cycles", "retry_after_s"),
    [
        ((), Look(()), 1, 3600.0),
        ((blind(-9), blind(-5)), Look(()), 1, 3600.0),
        ((), Look((blind(0),)), 1, None),
        ((at(-9), blind(-5), blind(-4)), Look((blind(0),)), 3, None),
        ((), Look((blind(0),), None, 900.0), 1, 900.0),
    ],
)
async def test_a_blind_look_is_taken_again_as_the_blindness_goes_on_and_the_remote_wishes(
    store: Store, clock: FixedClock, history: tuple[Reading, ...], look: Look, cycles: int, retry_after_s: float | None
) -> None:
    expected = due.next_check_when_blind(KNOWN, START, blind_cycles=cycles, retry_after_s=retry_after_s)
    assert _when_blind(DuePost(KNOWN, history), look, START) == expected
    judging, batch = concluding(store, clock), _Batch(START, PACE, {})
    assert judging._next_check_at(DuePost(KNOWN, history), look, unchanged(KNOWN), None, batch) == expected


async def test_a_look_of_which_one_view_could_tell_is_not_blind(store: Store, clock: FixedClock) -> None:
    judging, batch = concluding(store, clock), _Batch(START, PACE, {})
    look = Look((blind(0), seen(START, view=View.AUTHOR)))
    item, verdict = DuePost(KNOWN, ()), replace(unchanged(KNOWN), state=State.HELD, state_since=START)
    for awaited in (None, MINUTE * 15):
        assert judging._next_check_at(item, look, verdict, awaited, batch) == planned(
            KNOWN, START, state=State.HELD, state_since=START, awaited_in=awaited
        )


# ---------------------------------------------------------------- a clock that jumped


async def test_the_first_reading_carries_the_jump_since_the_last_one(store: Store) -> None:
    clock = SetClock(START)
    judging, item = concluding(store, clock), DuePost(KNOWN, (at(0),))
    assert judging._timed(DuePost(KNOWN, ()), (at(0), at(-1))) == (at(0), at(-1)), "nothing to compare with"
    assert judging._timed(item, ()) == ()
    clock.advance(MINUTE * 4)
    own = at(4, view=View.AUTHOR)
    assert judging._timed(item, (own, at(3))) == (at(3), own)
    clock.set(HOUR)
    jumped = judging._timed(DuePost(KNOWN, (at(4),)), (at(65), at(64)))
    assert jumped == (at(64, clock_jump_s=3600.0), at(65))


# ---------------------------------------------------------------- what is learned of a post


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (None, None),
        (sighting(NAME), "How our first month went"),
        (sighting(NAME, title=None), None),
        (sighting(NAME, title="[deleted by user]"), None),
        (sighting(NAME, title=""), ""),
    ],
)
def test_a_title_is_kept_unless_it_is_reddits_placeholder(found: Sighting | None, title: str | None) -> None:
    assert kept_title(found) == title


@pytest.mark.parametrize(
    ("author", "title", "found", "expected"),
    [
        ("alice", "Known", sighting(NAME, author="bob", title="Seen"), ("alice", "Known")),
        (None, "Known", sighting(NAME, author="bob", title="Seen"), ("bob", "Known")),
        ("alice", None, sighting(NAME, author="bob", title="Seen"), ("alice", "Seen")),
        ("alice", None, sighting(NAME, title="[removed]"), ("alice", None)),
        (None, None, None, (None, None)),
    ],
)
def test_what_was_not_known_of_a_post_is_learned_from_a_look(
    author: str | None, title: str | None, found: Sighting | None, expected: tuple[str | None, str | None]
) -> None:
    post = replace(KNOWN, author=author, title=title)
    assert _with_what_was_seen(post, found) == replace(post, author=expected[0], title=expected[1])


@pytest.mark.parametrize(
    ("post", "found", "news"),
    [
        ({}, sighting(NAME), False),
        ({}, None, False),
        ({"author": None}, sighting(NAME), True),
        ({"author": None}, sighting(NAME, author=None), False),
        ({"title": None}, sighting(NAME), True),
        ({"title": None}, sighting(NAME, title="[removed]"), False),
        ({"title": None}, sighting(NAME, title=""), False),
        ({"body_sha256": None}, sighting(NAME), False),
    ],
)
def test_a_post_is_judged_again_when_a_look_sees_its_author_or_title_first(
    post: dict[str, Any], found: Sighting | None, news: bool
) -> None:
    assert _sees_name(replace(KNOWN, **post), Look((at(0),), found)) is news


@pytest.mark.parametrize(
    ("known", "readings", "found", "is_kept"),
    [
        (None, (at(0),), sighting(NAME, body="A text."), True),
        ("0" * 64, (at(0),), sighting(NAME, body="A text."), False),
        (None, (at(0, body_state="removed"),), sighting(NAME, body="A text."), False),
        (None, (at(0, view=View.AUTHOR),), sighting(NAME, body="A text."), False),
        (None, (at(0, view=View.ANONYMOUS), at(0)), sighting(NAME, body="A text."), True),
        (None, (at(0),), None, False),
        (None, (at(0),), sighting(NAME, body=None), False),
        (None, (), sighting(NAME, body="A text."), False),
    ],
)
def test_the_hash_of_a_text_is_that_of_the_first_look_by_others_that_saw_it_whole(
    known: str | None, readings: tuple[Reading, ...], found: Sighting | None, is_kept: bool
) -> None:
    kept = _first_hash(replace(KNOWN, body_sha256=known), Look(readings, found))
    assert kept == (body_hash("A text.") if is_kept else None)


# ---------------------------------------------------------------- batches that fail


async def leased(store: Store, clock: FixedClock, caller: Caller, count: int, holder: str = "w") -> list[DuePost]:
    for number in range(1, count + 1):
        await store.register_post(caller, to_register(f"t3_{number}aaaa", clock.now()), clock.now())
    now = clock.advance(MINUTE * 10)
    return list(await lease(store, now, worker=holder, limit=count))


async def test_a_batch_is_stored_and_told_and_looks_that_change_nothing_apart(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    judging = concluding(store, clock)
    due_posts = await leased(store, clock, caller, 2)
    looks = {item.post.id: Look((seen(clock.now()),)) for item in due_posts}
    stored, same = await judging.conclude("w", due_posts, looks, pace=PACE)
    assert ([check.tracked_post_id for check in stored], same) == ([item.post.id for item in due_posts], [])
    clock.advance(MINUTE * 5)
    for _ in range(2):
        again = await lease(store, clock.now())
        looks = {item.post.id: Look((seen(clock.now()),)) for item in again}
        stored, same = await judging.conclude("w", again, looks, pace=PACE)
        await judging.keep_unchanged("w", same)
        clock.advance(HOUR)
    assert (list(stored), [one.tracked_post_id for one in same]) == ([], [item.post.id for item in due_posts])
    kept = await store.readings(caller.workspace_id, due_posts[0].post.id)
    assert [(row.times, row.ended_at) for row in kept] == [(3, clock.now() - HOUR)]
    assert await judging.conclude("w", [], {}, pace=PACE) == ([], [])


class Failing:
    """A store's verb that fails for some posts, or once for more than one at a time."""

    def __init__(self, verb: Any, failure: Exception, bad: Sequence[int] = ()) -> None:
        self.verb, self.failure, self.bad, self.asked = verb, failure, bad, list[list[int]]()

    async def __call__(self, holder: str, checks: Sequence[Check], now: datetime) -> int:
        ids = [check.tracked_post_id for check in checks]
        self.asked.append(ids)
        if any(id_ in self.bad for id_ in ids):
            raise self.failure
        stored: int = await self.verb(holder, checks, now)
        return stored


@pytest.mark.parametrize("bad", [1, 0])
async def test_when_a_batch_cannot_be_stored_each_of_its_checks_is_tried_alone(
    store: Store,
    clock: FixedClock,
    caller: Caller,
    bad: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    due_posts = await leased(store, clock, caller, 3)
    ids = [item.post.id for item in due_posts]
    failing = Failing(store.record_checks, ValueError("a defect"), [ids[bad]])
    monkeypatch.setattr(Store, "record_checks", staticmethod(failing))
    looks = {id_: Look((seen(clock.now()),)) for id_ in ids}
    stored, _ = await concluding(store, clock).conclude("w", due_posts, looks, pace=PACE)
    assert [check.tracked_post_id for check in stored] == [id_ for id_ in ids if id_ != ids[bad]]
    assert failing.asked == [ids, *([id_] for id_ in ids)]
    assert [vars(line)["post_ids"] for line in caplog.records] == [ids, [ids[bad]]]
    failing.asked.clear()
    alone = [item for item in due_posts if item.post.id == ids[bad]]
    assert await concluding(store, clock).conclude("w", alone, looks, pace=PACE) == ([], [])
    assert failing.asked == [[ids[bad]]], "a check that is alone is not tried again"
    failing.failure = StorageUnavailable("The disk is full.", "Make room.")
    with pytest.raises(StorageUnavailable):
        await concluding(store, clock).conclude("w", due_posts, looks, pace=PACE)


async def test_a_post_whose_check_fails_stays_leased_and_the_others_are_checked(
    store: Store, clock: FixedClock, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    first, broken, last = await leased(store, clock, caller, 3)
    looks = {item.post.id: Look((seen(clock.now()),)) for item in (first, broken, last)}
    looks[broken.post.id] = Look((replace(seen(clock.now()), read_at=None),))  # type: ignore[arg-type]
    due_posts = [first, replace(broken, history=()), last]
    stored, _ = await concluding(store, clock).conclude("w", due_posts, looks, pace=PACE)
    assert [check.tracked_post_id for check in stored] == [first.post.id, last.post.id]
    assert [vars(line)["post_id"] for line in caplog.records] == [broken.post.id]
    assert await store.lease_due_posts(clock.now(), worker="other", lease=LEASE, limit=9) == []


# ---------------------------------------------------------------- what people say


async def test_what_a_member_says_is_kept_as_theirs(store: Store, clock: FixedClock, caller: Caller) -> None:
    judging, post = concluding(store, clock), await make_post(store, caller, clock.now())
    for visible in (True, False):
        await judging.person_look(caller, post.id, visible)
        clock.advance(MINUTE)
    await judging.account_banned(caller, post.id)
    first, second, banned = await store.readings(caller.workspace_id, post.id)
    now = clock.now()
    assert [first, second] == [
        person_look(True, now - MINUTE * 2, caller.member_id),
        person_look(False, now - MINUTE, caller.member_id),
    ]
    assert banned == account_banned(now)


async def test_nothing_a_member_says_is_kept_while_the_lease_is_somebody_elses(
    store: Store, clock: FixedClock, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging, post = concluding(store, clock), await make_post(store, caller, clock.now())

    async def none(holder: str, checks: Sequence[Check], now: datetime) -> int:
        return 0

    monkeypatch.setattr(Store, "record_checks", staticmethod(none))
    with pytest.raises(NotAllowedNow) as refused:
        await judging.person_look(caller, post.id, True)
    assert (refused.value.what, refused.value.do) == (
        "This post is being looked at right now.",
        "Press again in a minute.",
    )


async def test_a_wrong_alarm_takes_back_what_that_removal_taught_and_nothing_else(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await make_post(store, caller, clock.now())
    other = await make_post(store, caller, clock.now(), "t3_bbbb1")
    taught = [
        a_pattern(tracked_post_id=post.id, body="of this removal"),
        a_pattern(tracked_post_id=other.id, body="of another removal"),
        a_pattern(tracked_post_id=post.id, body="stated by moderators", source="stated"),
        a_pattern(tracked_post_id=post.id, body="a member's own", source="member"),
        a_pattern(body="of no post"),
    ]
    check = removal_check(post, clock.now())
    await record(store, [replace(check, verdict=replace(check.verdict, patterns=()))], clock.now())
    for pattern in taught:
        await store.add_pattern(caller, pattern, clock.now())
    clock.advance(MINUTE)
    wrong = await concluding(store, clock).wrong_alarm(caller, post.id)
    assert sorted(pattern.body for pattern in wrong.undone) == ["of this removal", "stated by moderators"]
    left = {pattern.body for pattern in await store.patterns(caller.workspace_id, "harbor")}
    assert left == {"of another removal", "a member's own", "of no post"}
    assert wrong.post == await store.tracked_post(caller.workspace_id, post.id)
    (*_, look) = await store.readings(caller.workspace_id, post.id)
    assert look == person_look(True, clock.now(), caller.member_id)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (DecisionKind.SEEN, lambda judging, caller, id_: judging.person_look(caller, id_, True)),
        (DecisionKind.UNSEEN, lambda judging, caller, id_: judging.person_look(caller, id_, False)),
        (DecisionKind.ACCOUNT_BANNED, lambda judging, caller, id_: judging.account_banned(caller, id_)),
        (DecisionKind.WRONG_ALARM, lambda judging, caller, id_: judging.wrong_alarm(caller, id_)),
    ],
)
async def test_what_a_member_says_is_a_decision_about_the_posts_alert(
    store: Store, clock: FixedClock, caller: Caller, kind: DecisionKind, says: Any
) -> None:
    post = await make_post(store, caller, clock.now())
    await record(store, [removal_check(post, clock.now())], clock.now())
    (alert,) = await store.alerts(caller.workspace_id, kind=AlertKind.POST_REMOVED)
    now = clock.advance(MINUTE)
    await says(concluding(store, clock), caller, post.id)
    found = await store.alert_record(caller.workspace_id, alert.id)
    assert [(one.kind, one.by, one.at) for one in found.decisions] == [(kind, caller.name, now)]

"""When a workspace hears that Reddit cannot be seen, since when, and that it can be seen again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.model import AlertKind, Basis, Caller, Reading, State, View
from core.visibility.alert_facts import post_facts
from core.visibility.blindness import ask_for_looks, blind_cycles, tell_blindness
from core.visibility.looking import Look
from core.visibility.readings import no_evidence
from core.visibility.tracking import DuePost, Verdict
from core.visibility.verdict import unchanged
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import START, seen, tracked
from tests.storage.world import make_post, reading, record, removal_check

HOUR = timedelta(hours=1)


def blind(at: datetime, problem: str = "No answer.") -> Reading:
    return no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, at, problem)


def due(number: int, *history: Reading, registered_at: datetime) -> DuePost:
    return DuePost(tracked(id=number, registered_at=registered_at), history)


async def tell(store: Store, caller: Caller, now: datetime, *posts: DuePost, reading: Reading | None = None) -> bool:
    looks = {item.post.id: Look((reading or blind(now),)) for item in posts}
    return await tell_blindness(store, caller.workspace_id, posts, looks, now)


async def test_the_post_that_waits_longest_says_how_often_and_the_newest_sight_since_when(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    long = due(1, seen(now - 9 * HOUR), *(blind(now - n * HOUR) for n in (4, 3, 2, 1)), registered_at=now - 9 * HOUR)
    short = due(2, seen(now - 3 * HOUR), registered_at=now - 4 * HOUR)
    assert await tell(store, caller, now, long, short)
    [alert] = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert alert.facts == {
        "restored": False,
        "since": (now - 3 * HOUR).isoformat(),
        "until": None,
        "posts": 0,
        "cycles": 5,
        "problem": "No answer.",
    }
    assert not await tell(store, caller, now, long, short), "told once"
    later = clock.advance(HOUR)
    assert await tell(store, caller, later, long, short, reading=seen(later))
    [restored, _] = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert restored.facts == {
        "restored": True,
        "since": (now - 3 * HOUR).isoformat(),
        "until": later.isoformat(),
        "posts": 0,
        "cycles": 5,
        "problem": None,
        # Nobody had been told yet: one message says both.
        "earlier": [
            {
                "kind": "cannot_see",
                "created_at": now.isoformat(),
                "since": (now - 3 * HOUR).isoformat(),
                "restored": False,
            }
        ],
    }
    assert not await tell(store, caller, later, long, short, reading=seen(later)), "the good news comes once too"


@pytest.mark.parametrize(
    ("blind_before", "last_seen", "is_told"),
    [
        (4, 2 * HOUR, True),
        (3, 2 * HOUR, False),
        (4, 2 * HOUR - timedelta(seconds=1), False),
        (9, HOUR, False),
    ],
)
async def test_five_looks_and_two_hours_without_sight_are_a_message(
    store: Store, caller: Caller, clock: FixedClock, blind_before: int, last_seen: timedelta, is_told: bool
) -> None:
    now = clock.now()
    looks = (blind(now - timedelta(minutes=n)) for n in range(blind_before, 0, -1))
    assert await tell(store, caller, now, due(1, seen(now - last_seen), *looks, registered_at=now - HOUR)) is is_told


async def test_of_posts_never_seen_the_first_registered_says_since_when(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    blinds = [blind(now - timedelta(minutes=n)) for n in (4, 3, 2, 1)]
    young = due(2, *blinds, registered_at=now - HOUR)
    assert not await tell(store, caller, now, young)
    assert await tell(store, caller, now, young, due(1, *blinds, registered_at=now - 2 * HOUR))
    [alert] = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert alert.facts["since"] is None


async def test_where_no_third_party_looked_nothing_is_said(store: Store, caller: Caller, clock: FixedClock) -> None:
    item = due(1, registered_at=clock.now() - 9 * HOUR)
    assert not await tell_blindness(store, caller.workspace_id, [item], {1: Look(())}, clock.now())


async def test_the_next_blindness_is_told_again(store: Store, caller: Caller, clock: FixedClock) -> None:
    blinds = [blind(clock.now() - timedelta(minutes=n)) for n in (4, 3, 2, 1)]
    post = due(1, *blinds, registered_at=clock.now() - 9 * HOUR)
    assert await tell(store, caller, clock.now(), post)
    now = clock.advance(HOUR)
    assert await tell(store, caller, now, post, reading=seen(now))
    assert await tell(store, caller, clock.advance(9 * HOUR), post)
    told = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert [alert.facts["restored"] for alert in told] == [False, True, False]


@pytest.mark.parametrize(
    ("blind_before", "last_seen", "is_told"),
    [(4, 6 * HOUR, True), (3, 6 * HOUR, False), (4, 6 * HOUR - timedelta(seconds=1), False), (4, None, True)],
)
async def test_one_post_that_cannot_be_read_for_six_hours_while_others_can_is_a_message_about_that_post(
    store: Store, caller: Caller, clock: FixedClock, blind_before: int, last_seen: timedelta | None, is_told: bool
) -> None:
    now = clock.now()
    since = now - (last_seen or 7 * HOUR)
    looks = [blind(now - timedelta(minutes=n)) for n in range(blind_before, 0, -1)]
    before = [seen(since)] if last_seen is not None else []
    registered = await make_post(store, caller, now - 7 * HOUR)
    unread = DuePost(registered, (*before, *looks))
    other = due(registered.id + 1, seen(now - HOUR), registered_at=now - 9 * HOUR)
    readings = {unread.post.id: blind(now, "Half an answer."), other.post.id: seen(now)}
    for _ in range(2):
        due_now = [unread, other]
        looked = {number: Look((reading,)) for number, reading in readings.items()}
        assert not await tell_blindness(store, caller.workspace_id, due_now, looked, now)
    alerts = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert [(a.tracked_post_id, a.facts["since"], a.facts["problem"]) for a in alerts] == (
        [(registered.id, since.isoformat(), "Half an answer.")] if is_told else []
    )


@pytest.mark.parametrize(
    ("steps", "count"),
    [("", 0), ("s", 0), ("b", 1), ("sbb", 2), ("bsb", 1), ("bob", 2), ("bo", 1), ("b3b", 5), ("s3", 3), ("bs", 0)],
)
def test_blind_looks_in_a_row_are_counted_as_the_third_party_took_them(steps: str, count: int) -> None:
    """ "b" is blind, "3" stands for three blind looks, "s" saw, "o" is the author's own look."""
    kinds = {
        "b": blind(START),
        "3": replace(blind(START), times=3),
        "s": seen(START),
        "o": seen(START, view=View.AUTHOR),
    }
    assert blind_cycles([kinds[step] for step in steps]) == count


async def test_what_a_workspace_is_told_counts_its_watched_posts_and_the_newest_sight_of_all(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    watched = await make_post(store, caller, now - 9 * HOUR)
    sighted = replace(removal_check(watched, now - 3 * HOUR), readings=(reading(now - 3 * HOUR),))
    sighted = replace(sighted, verdict=Verdict(State.LIVE, now - 3 * HOUR), next_check_at=now)
    await record(store, [sighted], now - 3 * HOUR)
    blinds = [blind(now - n * timedelta(minutes=1)) for n in (4, 3, 2, 1)]
    own = seen(now - HOUR / 2, view=View.AUTHOR)
    post = DuePost(watched, (seen(now - 5 * HOUR), own, *blinds))
    assert await tell(store, caller, now, post, reading=blind(now, "The key is wrong."))
    [alert] = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert alert.facts == {
        "restored": False,
        "since": (now - 3 * HOUR).isoformat(),
        "until": None,
        "posts": 1,
        "cycles": 5,
        "problem": "The key is wrong.",
    }
    assert (alert.dedupe_key, alert.tracked_post_id, alert.created_at) == ("blind after 0", None, now)
    later = clock.advance(HOUR)
    assert await tell(store, caller, later, DuePost(watched, tuple(blinds)), reading=seen(later))
    [restored, _] = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert restored.dedupe_key == f"sight:{alert.id}"
    assert not await tell(store, caller, later, DuePost(watched, tuple(blinds)), reading=seen(later))
    again = clock.advance(9 * HOUR)
    assert await tell(store, caller, again, post)
    [newest, *_] = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    assert newest.dedupe_key == f"blind after {restored.id}"


async def test_sight_that_was_never_lost_is_no_news(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    blinds = [blind(now - timedelta(minutes=n)) for n in (4, 3, 2, 1)]
    lost = due(1, *blinds, registered_at=now - 9 * HOUR)
    assert not await tell(store, caller, now, lost, reading=seen(now)), "nobody was told that it was lost"
    assert await tell(store, caller, now, lost)
    later = clock.advance(HOUR)
    assert not await tell(store, caller, later, due(2, seen(now), registered_at=now), reading=seen(later))
    assert await tell(store, caller, later, lost, reading=seen(later))


async def test_one_unreadable_post_is_told_with_its_facts_and_does_not_stand_for_the_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    registered = await make_post(store, caller, now - 7 * HOUR)
    unread = DuePost(registered, tuple(blind(now - timedelta(minutes=n)) for n in (4, 3, 2, 1)))
    other = due(registered.id + 1, seen(now - HOUR), registered_at=now - 9 * HOUR)
    looks = {unread.post.id: Look((blind(now, "Half an answer."),)), other.post.id: Look((seen(now),))}
    assert not await tell_blindness(store, caller.workspace_id, [unread, other], looks, now)
    [alert] = await store.alerts(caller.workspace_id, kind=AlertKind.CANNOT_SEE)
    since = registered.registered_at.isoformat()
    facts = post_facts(registered, unchanged(registered), unread.history)
    assert alert.facts == {**facts, "since": since, "problem": "Half an answer."}
    assert (alert.dedupe_key, alert.tracked_post_id) == (f"unreadable:{registered.id}:{since}", registered.id)
    blinds = [blind(now - timedelta(minutes=n)) for n in (4, 3, 2, 1)]
    assert await tell(store, caller, now, due(9, *blinds, registered_at=now - 9 * HOUR)), "the whole is told as well"


@pytest.mark.parametrize(
    ("since_registered", "since_posted", "history", "is_asked"),
    [
        (HOUR, HOUR, [], True),
        (HOUR - timedelta(seconds=1), HOUR, [], False),
        (24 * HOUR - timedelta(seconds=1), 24 * HOUR, [], True),
        (24 * HOUR, 24 * HOUR, [], False),
        (HOUR, HOUR, [blind(START)], True),
        (HOUR, HOUR, [seen(START, control_live=False)], True),
        (HOUR, HOUR, [seen(START)], False),
        (HOUR, HOUR, [seen(START, view=View.AUTHOR)], True),
        (HOUR, HOUR, [seen(START, view=View.ANONYMOUS)], False),
        (HOUR, HOUR, [seen(START, view=View.PERSON)], False),
        (HOUR, 8 * 24 * HOUR, [], False),
    ],
    ids=[
        "an hour old",
        "a second younger",
        "nearly a day old",
        "a day old",
        "Reddit did not answer",
        "no control came back",
        "a third party saw it",
        "its author sees it as always",
        "its public page was seen",
        "a member looked",
        "its audit comes now and asks too",
    ],
)
async def test_who_is_asked_for_a_look(
    store: Store,
    caller: Caller,
    clock: FixedClock,
    since_registered: timedelta,
    since_posted: timedelta,
    history: list[Reading],
    is_asked: bool,
) -> None:
    now = clock.now()
    post = await make_post(store, caller, now - since_registered)
    item = DuePost(replace(post, posted_at=now - since_posted), tuple(history))
    asked = [await ask_for_looks(store, caller.workspace_id, [item], {post.id: Look(())}, now) for _ in range(2)]
    assert asked == [int(is_asked), 0]

"""When a workspace hears that Reddit cannot be seen, since when, and that it can be seen again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.model import AlertKind, Basis, Caller, Reading, View
from core.visibility.blindness import tell_blindness
from core.visibility.looking import Look
from core.visibility.readings import no_evidence
from core.visibility.tracking import DuePost
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import seen, tracked
from tests.storage.world import make_post

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

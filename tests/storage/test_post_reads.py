"""What is read of tracked posts: which, in which order, how many, before and at each bound; and how many wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from core.errors import NotFound
from core.model import (
    AlertKind,
    AuditOutcome,
    Basis,
    Caller,
    NewAlert,
    Outcome,
    State,
    TrackedPost,
    View,
)
from core.visibility.tracking import Backlog
from storage.schema import readings
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def names(posts: Iterable[TrackedPost]) -> list[str]:
    return [post.fullname.removeprefix("t3_") for post in posts]


async def watched(store: Store, caller: Caller, now: datetime, **rows: dict[str, Any]) -> dict[str, TrackedPost]:
    made = {}
    for name, values in rows.items():
        post = await world.make_post(store, caller, now, f"t3_{name}")
        if values:
            await world.change_post(store, post.id, **values)
        made[name] = await store.tracked_post(caller.workspace_id, post.id)
    return made


async def test_posts_are_counted_and_found_by_when_what_became_of_them(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    gone = {"state": State.REMOVED}
    posts = await watched(
        store,
        caller,
        now,
        before=gone | {"state_since": now - SECOND},
        then=gone | {"state_since": now},
        after=gone | {"state_since": now + SECOND},
        held={"state": State.HELD, "state_since": now + SECOND},
        attic=gone | {"state_since": now + SECOND, "community": "attic"},
    )
    await watched(store, other, now, foreign=gone | {"state_since": now + SECOND})
    assert names(await store.removed_since(here, "harbor", now)) == ["after", "then"]
    assert names(await store.changed_since(here, (State.REMOVED,), now)) == ["attic", "after"]
    assert names(await store.changed_since(here, (State.REMOVED, State.HELD), now)) == ["attic", "held", "after"]
    assert await store.changed_since(here, (), now) == []
    assert await store.registered_since(here, now - SECOND) == 5
    assert await store.registered_since(here, now) == 0
    assert not await store.has_sample_posts(here)
    await world.change_post(store, posts["held"].id, basis=Basis.SAMPLE)
    assert await store.has_sample_posts(here)
    assert not await store.has_sample_posts("terminal:b")
    await world.change_post(store, posts["before"].id, posted_at=now + SECOND)
    await world.change_post(store, posts["attic"].id, posted_at=now + SECOND)
    await world.change_post(store, posts["held"].id, posted_at=now + SECOND)
    states = {"harbor": {State.REMOVED: 1, State.HELD: 1}, "attic": {State.REMOVED: 1}}
    assert await store.states_by_community(here, now) == states
    assert (await store.states_by_community(here, now - SECOND))["harbor"] == {State.REMOVED: 3, State.HELD: 1}


async def test_posts_that_stayed_are_those_whose_audit_says_so(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    rows: dict[str, dict[str, Any]] = {
        outcome.value: {"audit_outcome": outcome, "posted_at": now + SECOND} for outcome in AuditOutcome
    }
    rows |= {"none": {"posted_at": now + SECOND}, "then": {"audit_outcome": AuditOutcome.SUCCESS, "posted_at": now}}
    rows["attic"] = rows["success"] | {"community": "attic"}
    await watched(store, caller, now, **rows)
    await watched(store, other, now, foreign=rows["success"])
    assert names(await store.stayed_posts(here, ["harbor"], now)) == ["inertia", "success"]
    assert names(await store.stayed_posts(here, ["harbor", "attic"], now)) == ["attic", "inertia", "success"]
    assert await store.stayed_posts(here, [], now) == []


async def test_posts_are_listed_and_found_by_number_the_exact_one_first(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    posts = await watched(store, caller, now, **{f"p{n}": {} for n in range(12)})
    await watched(store, other, now, p0={})
    newest = [f"p{n}" for n in range(11, -1, -1)]
    assert names(await store.tracked_posts(here)) == newest
    assert names(await store.tracked_posts(here, limit=3)) == newest[:3]
    first = posts["p0"].id
    found = await store.tracked_posts(here, containing=str(first))
    expected = [p for p in newest if str(posts[p].id).startswith(str(first)) and p != "p0"]
    assert names(found) == ["p0", *expected]
    assert names(await store.tracked_posts(here, containing="t3_p7")) == ["p7"]
    assert names(await store.tracked_posts(here, containing="harbor unverified", limit=2)) == newest[:2]
    assert await store.tracked_posts(here, containing="attic") == []
    assert names(await store.posts_by(here, "invented_author")) == newest[::-1]
    assert await store.posts_by(here, "Invented_Author") == []


async def test_watched_posts_of_a_community_are_found_without_those_that_are_over(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    posts = await watched(
        store,
        caller,
        now,
        one={},
        two={},
        over={"next_check_at": None},
        stopped={"stopped_at": now},
        attic={"community": "attic"},
    )
    await watched(store, other, now, foreign={})
    found = [await store.watched_in(here, name) for name in ("harbor", "attic", "cellar")]
    assert found == [[posts["one"].id, posts["two"].id], [posts["attic"].id], []]
    assert [name for name, post in posts.items() if post.is_watched] == ["one", "two", "attic"]
    await store.set_plan(caller, now, max_tracked_posts=4)
    await world.make_post(store, caller, now, "t3_fourth")


async def test_the_backlog_counts_what_is_watched_due_and_owed_in_one_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    posts = await watched(
        store,
        caller,
        now,
        due={"next_check_at": now},
        soon={"next_check_at": now + SECOND},
        stopped={"next_check_at": now - HOUR, "stopped_at": now, "state": State.LIVE},
        over={"next_check_at": None, "state": State.LIVE},
    )
    theirs = await watched(store, other, now, foreign={"next_check_at": now - DAY})
    for whose, post, view, outcome, at in (
        (caller, posts["due"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now - SECOND),
        (caller, posts["due"], View.PERSON, Outcome.NOT_VISIBLE, now),
        (caller, posts["due"], View.THIRD_PARTY, Outcome.VISIBLE, now - HOUR),
        (caller, posts["due"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now),
        (caller, posts["due"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now + SECOND),
        (caller, posts["soon"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now + SECOND),
        (caller, posts["due"], View.AUTHOR, Outcome.CANNOT_TELL, now + SECOND),
        (other, theirs["foreign"], View.THIRD_PARTY, Outcome.VISIBLE, now + HOUR),
        (other, theirs["foreign"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now + DAY),
    ):
        row = {"workspace_id": whose.workspace_id, "tracked_post_id": post.id, "view": view, "outcome": outcome}
        row |= {"basis": Basis.FILE, "read_at": at, "control_live": True, "clock_jump_s": 0.0, "times": 1, "apart": 1}
        async with store._database.write() as tx:
            await tx.execute(insert(readings).values(row))
    assert await store.backlog(here, now) == Backlog(
        watched=2,
        due=2,
        next_check_at=now,
        alerts_pending=0,
        alerts_failed=0,
        last_evidence_at=now,
        unanswered=2,
        states={State.UNVERIFIED: 2, State.LIVE: 2},
    )
    blind = await store.backlog("terminal:b", now)
    assert (blind.watched, blind.due, blind.last_evidence_at, blind.unanswered) == (1, 1, now + HOUR, 1)


async def test_looks_that_see_the_same_for_days_are_evidence_each_time(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    """Equal looks share a row; the status said "last evidence 3 days ago" while each look saw the post."""
    now = clock.now()
    steady, other = [await world.make_post(store, caller, now, f"t3_aaaa{n}") for n in range(2)]
    seen = world.reading(now, last_read_at=now + 3 * DAY, times=900)
    blind = world.reading(now + DAY, outcome=Outcome.CANNOT_TELL, found=None, last_read_at=now + DAY + HOUR, times=4)
    await world.record(store, [world.removal_check(steady, now, readings=(seen,))], now)
    await world.record(store, [world.removal_check(other, now, readings=(blind,))], now)
    backlog = await store.backlog(caller.workspace_id, now + 3 * DAY)
    assert (backlog.last_evidence_at, backlog.unanswered) == (now + 3 * DAY, 0)

    since = world.reading(now + 3 * DAY + HOUR, outcome=Outcome.CANNOT_TELL, found=None, times=7)
    await world.record(store, [world.removal_check(other, now, readings=(since,))], now)
    backlog = await store.backlog(caller.workspace_id, now + 4 * DAY)
    assert (backlog.last_evidence_at, backlog.unanswered) == (now + 3 * DAY, 7), "looks, not rows"


async def test_after_an_outage_the_last_evidence_is_that_of_whichever_post_was_seen_last(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    """It was looked for in the twenty posts that were read last, and told half an hour too early."""
    start = clock.now()
    outage = start + 2 * HOUR
    posts = [await world.make_post(store, caller, start, f"t3_aaaa{n:02}") for n in range(25)]
    for number, post in enumerate(posts):  # the first ones were seen last, and are the first to be looked at in vain
        last_seen = outage - MINUTE * (number + 1)
        seen = world.reading(start + number * SECOND, last_read_at=last_seen, times=9)
        blind = world.reading(outage + MINUTE * number, outcome=Outcome.CANNOT_TELL, found=None, category=None)
        await world.record(store, [world.removal_check(post, start, readings=(seen, blind))], start)
    backlog = await store.backlog(caller.workspace_id, outage + HOUR)
    assert (backlog.last_evidence_at, backlog.unanswered) == (outage - MINUTE, 25)


async def test_a_workspace_that_never_saw_anything_counts_every_look_that_could_not_tell(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, caller, now)
    blind = [world.reading(now + n * SECOND, outcome=Outcome.CANNOT_TELL) for n in range(3)]
    check = world.removal_check(post, now, readings=tuple(blind))
    await world.record(store, [check], now)
    backlog = await store.backlog(caller.workspace_id, now)
    assert (backlog.last_evidence_at, backlog.unanswered) == (None, 3)


async def test_the_backlog_counts_alerts_that_wait_and_are_lost_and_tells_the_detour_of_the_last_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    await store.set_alert_channel(caller, "C1", now)

    async def claim() -> int:
        [alert] = await store.lease_alerts(now, worker="c", lease=HOUR, limit=1, platforms=["terminal"])
        return alert.id

    async def counts() -> tuple[int, int, str | None]:
        backlog = await store.backlog(here, now)
        return backlog.alerts_pending, backlog.alerts_failed, backlog.detour

    async def owe(key: str, by: Caller = caller) -> None:
        assert await store.owe_alert(by, NewAlert(AlertKind.TEST, key, {}), now)

    await owe("a")
    await store.record_delivery(await claim(), "c", now, delivered=True)
    assert await counts() == (0, 0, None)
    await owe("b")
    await store.record_delivery(await claim(), "c", now, delivered=True, problem="It refused.")
    assert await counts() == (0, 0, "It refused.")
    await owe("lost")
    await store.record_delivery(await claim(), "c", now, delivered=False)
    assert await counts() == (1, 1, "It refused."), "the news of it waits"
    await store.record_delivery(await claim(), "c", now, delivered=False)
    assert await counts() == (0, 1, "It refused."), "the news of it are no loss of their own"
    await owe("digest")
    await store.leave_to_digest(await claim(), "c", now)
    assert await counts() == (0, 1, "It refused.")
    await owe("waits")
    await owe("foreign", other)
    assert await counts() == (1, 1, "It refused.")
    await store.set_alert_channel(caller, "C2", now)
    assert await counts() == (1, 1, None), "it went to another place than the one that is chosen now"


async def test_news_of_a_community_are_the_newest_alert_about_all_of_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    keys = ("community:har_bor:closed", "community:har_bor:open", "community:harxbor:closed", "post:har_bor:1")
    for whose, key in (*((caller, key) for key in keys), (other, "community:har_bor:later")):
        await store.owe_alert(whose, NewAlert(AlertKind.POST_GATED, key, {}), now)
    news = await store.community_news(here, "har_bor")
    assert news is not None
    assert news.dedupe_key == "community:har_bor:open"
    assert await store.community_news(here, "har") is None


async def test_a_snooze_holds_back_what_waits_and_an_earlier_end_makes_it_due(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    one, other = [await world.make_post(store, caller, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    for key, post in (("a", one), ("delivered", one), ("other", other)):
        await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {}, post.id), now)
    for _ in range(2):
        [alert] = await store.lease_alerts(now, worker="c", lease=HOUR, limit=1, platforms=["terminal"])
        if alert.dedupe_key == "delivered":
            await store.record_delivery(alert.id, "c", now, delivered=True)
        else:
            await store.record_delivery(alert.id, "c", now, delivered=False, retry_at=now + HOUR)

    async def due() -> dict[str, datetime | None]:
        return {alert.dedupe_key: alert.next_attempt_at for alert in await store.alerts(caller.workspace_id)}

    await store.snooze_post(caller, one.id, now + DAY, now)
    assert await due() == {"a": now + DAY, "delivered": None, "other": now}
    await store.snooze_post(caller, one.id, now - HOUR, now, anew=True)
    assert await due() == {"a": now, "delivered": None, "other": now}
    again = await store.snooze_post(caller, one.id, now + HOUR, now)
    assert again.snoozed_until == now + HOUR, "the earlier one was over"


async def test_a_stopped_post_goes_on_when_it_is_resumed_and_a_watched_one_stays_as_it_is(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    one, other = [await world.make_post(store, caller, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    later = clock.advance(HOUR)
    assert await store.resume_watching(caller, one.id, later, later, later) == one
    stopped = await store.stop_watching(caller, one.id, later)
    assert stopped == replace(one, stopped_at=later, next_check_at=None, audit_due_at=None)
    carol = replace(caller, correlation_id="c-1")
    resumed = await store.resume_watching(carol, one.id, later + HOUR, later + DAY, later)
    assert resumed == replace(one, next_check_at=later + HOUR, audit_due_at=later + DAY, resumed_at=later)
    due = await store.due_now(carol, one.id, later)
    assert due == replace(resumed, next_check_at=later)
    assert await store.tracked_post(caller.workspace_id, other.id) == other
    await store.stop_watching(caller, one.id, later + HOUR)
    assert (await store.stop_watching(caller, other.id, later)).stopped_at == later


async def test_a_post_of_another_workspace_belongs_to_no_draft_here(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = await world.elsewhere(store, caller, now)
    campaign = await world.make_campaign(store, caller, now)
    draft = await world.make_approved_draft(store, caller, campaign.id, now)
    with pytest.raises(NotFound, match=f"There is no draft {draft.id} here"):
        await store.register_post(other, world.to_register("t3_aaaa1", now, draft_id=draft.id), now)
    assert await store.post_of_draft("terminal:b", draft.id) is None

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.alerts import DecisionKind
from core.campaigns import CampaignStatus
from core.drafting.drafts import DraftStatus
from core.errors import Advice, AlreadyDecided, AlreadyExists, Do, NotAllowedNow, NotFound, OverBudget
from core.model import (
    AccountState,
    AlertKind,
    AuditOutcome,
    AuthorStatus,
    Basis,
    Caller,
    NewAlert,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.visibility.tracking import Check, Verdict
from storage.database import open_database
from storage.schema import account_readings
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

LEASE = timedelta(minutes=2)


async def test_registering_a_post_marks_its_approved_draft_posted(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    new = world.to_register("t3_aaaa1", clock.now(), draft_id=draft.id, campaign_id=campaign.id)

    post = await store.register_post(caller, new, clock.now())

    assert await store.tracked_post(caller.workspace_id, post.id) == post
    assert (post.state, post.draft_id, post.registered_by) == (State.UNVERIFIED, draft.id, "alice")
    assert (await store.draft(caller.workspace_id, draft.id)).status is DraftStatus.POSTED
    assert [a.name for a in await store.accounts(caller.workspace_id)] == ["invented_author"]


async def test_a_post_registered_twice_is_told_whose_it_is_and_since_when(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, world.somebody_else(caller, "bob"), clock.now())
    clock.advance(timedelta(hours=1))
    with pytest.raises(AlreadyExists, match="bob registered this post on 23 Nov 2026, 12:00 UTC") as told:
        await world.make_post(store, caller, clock.now())
    do = told.value.do
    assert isinstance(do, Advice)
    assert (do, do.act, do.about) == ("See it.", Do.SHOW_POST, post.id)


async def test_of_five_registrations_at_once_one_wins_and_the_draft_is_posted_once(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    answers = await asyncio.gather(
        *(world.make_post(store, caller, clock.now()) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(answer, AlreadyExists) for answer in answers) == 4
    assert len(await store.tracked_posts(caller.workspace_id)) == 1


@pytest.mark.parametrize("decision", [None, DraftStatus.DISCARDED])
async def test_a_draft_that_is_not_approved_is_not_registered_as_posted(
    store: Store, caller: Caller, clock: FixedClock, decision: DraftStatus | None
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    if decision is not None:
        await store.decide_draft(caller, draft.id, decision, clock.now())
    expected = NotAllowedNow if decision is None else AlreadyDecided
    with pytest.raises(expected):
        await store.register_post(caller, world.to_register("t3_aaaa1", clock.now(), draft_id=draft.id), clock.now())
    assert await store.tracked_posts(caller.workspace_id) == []


async def test_a_draft_that_was_posted_is_not_posted_a_second_time(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    await store.register_post(caller, world.to_register("t3_aaaa1", clock.now(), draft_id=draft.id), clock.now())
    with pytest.raises(AlreadyDecided, match="registered as posted by alice") as told:
        await store.register_post(
            world.somebody_else(caller, "bob"),
            world.to_register("t3_aaaa2", clock.now(), draft_id=draft.id),
            clock.now(),
        )
    assert told.value.decided_by == "alice"


async def test_no_more_posts_are_watched_than_the_plan_allows(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_plan(caller, clock.now(), max_tracked_posts=3)
    answers = await asyncio.gather(
        *(world.make_post(store, caller, clock.now(), f"t3_aaaa{n}") for n in range(6)), return_exceptions=True
    )
    assert sum(isinstance(answer, OverBudget) for answer in answers) == 3
    posts = await store.tracked_posts(caller.workspace_id)
    assert len(posts) == 3
    await store.stop_watching(caller, posts[0].id, clock.now())
    await world.make_post(store, caller, clock.now(), "t3_bbbb1")


async def test_the_posts_of_an_account_are_those_of_its_workspace_only(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", clock.now())
    for whose, fullname, author in (
        (caller, "t3_aaaa1", "ada"),
        (caller, "t3_aaaa2", "ada"),
        (caller, "t3_aaaa3", "bob"),
        (elsewhere, "t3_aaaa1", "ada"),
    ):
        await store.register_post(whose, world.to_register(fullname, clock.now(), author=author), clock.now())
    mine = await store.posts_by(caller.workspace_id, "ada")
    assert [post.fullname for post in mine] == ["t3_aaaa1", "t3_aaaa2"]
    assert await store.posts_by(caller.workspace_id, "nobody") == []
    assert [post.workspace_id for post in await store.posts_by("terminal:b", "ada")] == ["terminal:b"]


async def test_a_deleted_campaign_leaves_its_tracked_posts(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    new = world.to_register("t3_aaaa1", clock.now(), draft_id=draft.id, campaign_id=campaign.id)
    post = await store.register_post(caller, new, clock.now())
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.DELETED, clock.now())
    await store.purge_expired(clock.advance(timedelta(minutes=2)), timedelta(days=30))

    kept = await store.tracked_post(caller.workspace_id, post.id)
    assert (kept.campaign_id, kept.draft_id, kept.state) == (None, None, State.UNVERIFIED)


# ---------------------------------------------------------------- leases


async def test_due_posts_are_leased_oldest_first_with_their_history(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    start = clock.now()
    late = await world.make_post(store, caller, start, "t3_aaaa1")
    await store.register_post(
        caller, world.to_register("t3_aaaa2", start, next_check_at=start + timedelta(minutes=1)), start
    )
    not_due = world.to_register("t3_aaaa3", start, next_check_at=start + timedelta(hours=1))
    await store.register_post(caller, not_due, start)
    looks = [
        Check(
            late.id,
            late.workspace_id,
            (world.reading(start + timedelta(seconds=n)),),
            Verdict(State.LIVE, start),
            late.next_check_at,
        )
        for n in range(60)
    ]
    await world.record(store, looks, start)

    leased = await world.lease(store, start + timedelta(minutes=10))

    assert [due.post.fullname for due in leased] == ["t3_aaaa2", "t3_aaaa1"]
    assert [len(due.history) for due in leased] == [0, 50]
    times = [reading.read_at for reading in leased[1].history]
    assert times == [start + timedelta(seconds=n) for n in range(10, 60)]
    assert leased[1].history[0] == world.reading(start + timedelta(seconds=10))


async def test_a_history_is_in_the_order_it_came_also_after_a_clock_was_ahead(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    times = [clock.now() + timedelta(days=2), clock.now(), clock.now() + timedelta(minutes=4)]
    for at in times:
        check = Check(post.id, post.workspace_id, (world.reading(at),), Verdict(State.LIVE, at), post.next_check_at)
        await world.record(store, [check], at)
    assert [reading.read_at for reading in await store.readings(caller.workspace_id, post.id)] == times
    assert [reading.read_at for reading in await store.readings(caller.workspace_id, post.id, 2)] == times[1:]


async def test_a_lease_is_held_by_one_worker_and_comes_back_after_it_expires(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for number in range(12):
        await world.make_post(store, caller, clock.now(), f"t3_aaa{number:02}")
    clock.advance(timedelta(minutes=5))

    batches = await asyncio.gather(
        *(store.lease_due_posts(clock.now(), worker=f"w{n}", lease=LEASE, limit=3) for n in range(4))
    )

    leased = [post_id for batch in batches for post_id in batch]
    assert len(leased) == len(set(leased))
    # Whoever came while rows were locked may have got fewer; together they get everything, once.
    rest = await store.lease_due_posts(clock.now(), worker="w9", lease=LEASE, limit=100)
    assert sorted([*leased, *rest]) == sorted(set(leased) | set(rest))
    assert len(leased) + len(rest) == 12
    assert await store.lease_due_posts(clock.now(), worker="w10", lease=LEASE, limit=100) == []

    clock.advance(LEASE)
    again = await store.lease_due_posts(clock.now(), worker="w10", lease=LEASE, limit=100)
    assert len(again) == 12


async def test_only_leases_that_post_whether_due_or_not_unless_somebody_holds_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.make_post(store, caller, clock.now(), "t3_aaaa2")
    mine = await store.lease_due_posts(clock.now(), worker="w1", lease=LEASE, limit=10, only=post.id)
    assert mine == [post.id]
    assert await store.lease_due_posts(clock.now(), worker="w2", lease=LEASE, limit=10, only=post.id) == []


async def test_a_stopping_worker_gives_back_what_it_holds(store: Store, caller: Caller, clock: FixedClock) -> None:
    await world.make_post(store, caller, clock.now())
    clock.advance(timedelta(days=8))
    await store.lease_due_posts(clock.now(), worker="w1", lease=LEASE, limit=10)
    await store.lease_due_audits(clock.now(), worker="w1", lease=LEASE, limit=10)

    assert await store.release_due("w2", clock.now() + LEASE) == 0
    assert await store.release_due("w1", clock.now() + LEASE) == 2
    assert len(await store.lease_due_posts(clock.now(), worker="w2", lease=LEASE, limit=10)) == 1
    assert len(await store.lease_due_audits(clock.now(), worker="w2", lease=LEASE, limit=10)) == 1


# ---------------------------------------------------------------- recording checks


async def test_a_check_stores_readings_state_alert_pattern_and_next_time_together(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    now = clock.advance(timedelta(minutes=5))
    await store.lease_due_posts(now, worker="w", lease=LEASE, limit=1)

    assert await store.record_checks("w", [world.removal_check(post, now)], now) == 1

    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.state, found.state_since, found.removed_by) == (State.REMOVED, now, RemovedBy.MODERATORS)
    assert (found.score, found.num_comments, found.last_read_at) == (7, 2, now)
    assert found.next_check_at == now + timedelta(hours=1)
    assert found.body_sha256 == "ab" * 32
    alerts = await store.alerts(caller.workspace_id)
    assert [(a.kind, a.tracked_post_id, a.next_attempt_at) for a in alerts] == [(AlertKind.POST_REMOVED, post.id, now)]
    assert alerts[0].correlation_id == caller.correlation_id
    assert [p.body for p in await store.patterns(caller.workspace_id, "harbor")] == ["a link in the first paragraph"]
    assert len(await store.readings(caller.workspace_id, post.id)) == 1
    # The lease is gone: the post can be taken at once when it is due again.
    assert len(await store.lease_due_posts(now, worker="w2", lease=LEASE, limit=1, only=post.id)) == 1


async def test_recording_the_same_check_twice_changes_nothing(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    now = clock.advance(timedelta(minutes=5))
    check = world.removal_check(post, now)
    await world.record(store, [check], now)
    first = await store.export_rows(caller.workspace_id)
    await world.record(store, [check], now)
    assert await store.export_rows(caller.workspace_id) == first


async def test_a_check_of_a_lost_lease_is_left_out(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    clock.advance(timedelta(minutes=5))
    await store.lease_due_posts(clock.now(), worker="slow", lease=LEASE, limit=1)
    clock.advance(LEASE)
    await store.lease_due_posts(clock.now(), worker="quick", lease=LEASE, limit=1)

    assert await store.record_checks("slow", [world.removal_check(post, clock.now())], clock.now()) == 0
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.UNVERIFIED
    assert await store.alerts(caller.workspace_id) == []

    assert await store.record_checks("quick", [world.removal_check(post, clock.now())], clock.now()) == 1
    assert await store.record_checks("quick", [world.removal_check(post, clock.now())], clock.now()) == 0


async def test_one_check_that_cannot_be_stored_leaves_the_whole_batch_as_it_was(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    good = await world.make_post(store, caller, clock.now(), "t3_aaaa1")
    bad = await world.make_post(store, caller, clock.now(), "t3_aaaa2")
    now = clock.now()
    broken = world.removal_check(bad, now)
    broken = replace(broken, verdict=replace(broken.verdict, patterns=(world.a_pattern(confidence=7.0),)))

    with pytest.raises(Exception, match="confidence"):
        await world.record(store, [world.removal_check(good, now), broken], now)

    assert (await store.tracked_post(caller.workspace_id, good.id)).state is State.UNVERIFIED
    assert (await store.tracked_post(caller.workspace_id, bad.id)).state is State.UNVERIFIED
    assert await store.readings(caller.workspace_id, bad.id) == ()
    assert await store.alerts(caller.workspace_id) == []


async def test_state_since_stays_while_the_state_does(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    first = clock.now()
    await world.record(store, [world.removal_check(post, first)], first)
    later = clock.advance(timedelta(hours=1))
    await world.record(store, [world.removal_check(post, later)], later)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state_since == first


async def test_what_was_first_seen_of_a_post_is_kept_and_counts_are_the_newest(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    new = world.to_register("t3_aaaa1", clock.now(), author=None, title=None)
    post = await store.register_post(caller, new, clock.now())
    for number, name in enumerate(("first", "second")):
        now = clock.advance(timedelta(minutes=5))
        looks = (world.reading(now, score=number), world.reading(now, view=View.AUTHOR, score=None))
        check = world.removal_check(post, now, readings=looks, author=name, title=name, body_sha256=name)
        await world.record(store, [check], now)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.author, found.title, found.body_sha256, found.score) == ("first", "first", "first", 1)
    assert [account.name for account in await store.accounts(caller.workspace_id)] == ["first"]


async def test_a_post_stopped_during_its_check_stays_stopped(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    now = clock.advance(timedelta(minutes=5))
    await store.lease_due_posts(now, worker="w", lease=LEASE, limit=1)
    await store.stop_watching(caller, post.id, now)
    assert await store.record_checks("w", [world.removal_check(post, now)], now) == 1

    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.next_check_at, found.stopped_at, found.state) == (None, now, State.REMOVED)

    asked = await store.due_now(caller, post.id, now)
    assert asked.next_check_at == now
    assert len(await store.lease_due_posts(now, worker="w", lease=LEASE, limit=1)) == 1


async def test_alerts_about_a_snoozed_post_are_owed_and_wait(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    until = clock.now() + timedelta(hours=8)
    await store.snooze_post(caller, post.id, until, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())

    async def claim() -> int:
        claimed = await store.lease_alerts(clock.now(), worker="c", lease=LEASE, limit=5, platforms=["terminal"])
        return len(claimed)

    assert await claim() == 0
    assert (await store.backlog(caller.workspace_id, clock.now())).alerts_pending == 1
    clock.advance(timedelta(hours=8))
    assert await claim() == 1


async def test_snoozing_holds_back_what_is_owed_already(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    until = clock.now() + timedelta(hours=8)
    await store.snooze_post(caller, post.id, until, clock.now())
    assert [alert.next_attempt_at for alert in await store.alerts(caller.workspace_id)] == [until]


async def test_an_account_is_judged_once_for_all_posts_of_its_author(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    posts = [await world.make_post(store, caller, clock.now(), f"t3_aaaa{n}") for n in range(2)]
    now = clock.advance(timedelta(minutes=5))
    look = world.reading(now, author_status=AuthorStatus.MISSING)
    checks = [
        world.removal_check(post, now, readings=(look,), account_state=AccountState.SHADOWBANNED) for post in posts
    ]
    await world.record(store, checks, now)

    accounts = await store.accounts(caller.workspace_id)
    assert [(a.name, a.state, a.state_since, a.last_read_at) for a in accounts] == [
        ("invented_author", AccountState.SHADOWBANNED, now, now)
    ]
    async with store._database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(account_readings)) == 1

    later = clock.advance(timedelta(hours=1))
    silent = world.removal_check(posts[0], later, readings=(world.reading(later),))
    await world.record(store, [silent], later)
    assert (await store.accounts(caller.workspace_id))[0].state is AccountState.SHADOWBANNED


async def test_a_pattern_that_a_member_removed_is_not_learned_again_from_the_same_post(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    pattern = (await store.patterns(caller.workspace_id))[0]
    await store.remove_pattern(caller, pattern.id, clock.now())
    now = clock.advance(timedelta(hours=1))
    await world.record(store, [world.removal_check(post, now)], now)
    assert await store.patterns(caller.workspace_id) == []
    assert (await store.restore_pattern(caller, pattern.id, now)).body == pattern.body
    assert len(await store.patterns(caller.workspace_id)) == 1


# ---------------------------------------------------------------- audits, backlog, due times


async def test_an_audit_is_recorded_once_and_tells_once(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    assert await store.lease_due_audits(clock.now(), worker="w", lease=LEASE, limit=5) == []
    now = clock.advance(timedelta(days=7))
    assert [p.id for p in await store.lease_due_audits(now, worker="w", lease=LEASE, limit=5)] == [post.id]
    assert await store.lease_due_audits(now, worker="w2", lease=LEASE, limit=5) == []
    # An audit does not keep the post from being watched.
    assert len(await store.lease_due_posts(now, worker="w2", lease=LEASE, limit=5)) == 1

    alert = NewAlert(AlertKind.AUDIT, f"audit:{post.id}", {"outcome": "success"}, post.id)
    answers = await asyncio.gather(
        *(store.record_audit(caller.workspace_id, post.id, AuditOutcome.SUCCESS, alert, now) for _ in range(3))
    )
    assert sorted(answers) == [False, False, True]
    assert (await store.tracked_post(caller.workspace_id, post.id)).audit_outcome is AuditOutcome.SUCCESS
    assert len(await store.alerts(caller.workspace_id)) == 1
    assert await store.lease_due_audits(clock.advance(LEASE), worker="w", lease=LEASE, limit=5) == []


async def test_the_backlog_tells_how_far_behind_the_watching_is(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    start = clock.now()
    first = await world.make_post(store, caller, start, "t3_aaaa1")
    await world.make_post(store, caller, start, "t3_aaaa2")
    blind = world.reading(start + timedelta(minutes=9), outcome=Outcome.CANNOT_TELL, found=None, problem="429")
    await world.record(store, [world.removal_check(first, start)], start)
    unchanged = world.removal_check(first, start, readings=(blind,))
    await world.record(store, [unchanged], start)

    backlog = await store.backlog(caller.workspace_id, start + timedelta(minutes=5))

    assert (backlog.watched, backlog.due, backlog.alerts_pending, backlog.alerts_failed) == (2, 1, 1, 0)
    assert backlog.next_check_at == start + timedelta(minutes=5)
    assert (backlog.last_evidence_at, backlog.unanswered) == (start, 1)
    assert backlog.states == {State.REMOVED: 1, State.UNVERIFIED: 1}


async def test_the_next_due_time_is_the_earliest_of_checks_audits_and_alerts(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    assert await store.next_due_at() is None
    start = clock.now()
    post = await world.make_post(store, caller, start)
    assert await store.next_due_at() == start + timedelta(minutes=5)

    due = start + timedelta(minutes=5)
    await store.lease_due_posts(due, worker="w", lease=LEASE, limit=1)
    assert await store.next_due_at() == due + LEASE

    await store.record_checks("w", [replace(world.removal_check(post, due), next_check_at=None)], due)
    assert await store.next_due_at() == due  # its alert
    claimed = await store.lease_alerts(due, worker="c", lease=LEASE, limit=1, platforms=["terminal"])
    assert await store.next_due_at() == due + LEASE
    await store.record_delivery(claimed[0].id, "c", due, delivered=True)
    assert await store.next_due_at() == start + timedelta(days=7)  # its audit
    alert = NewAlert(AlertKind.AUDIT, "audit", {}, None)
    await store.record_audit(caller.workspace_id, post.id, AuditOutcome.UNDECIDED, alert, start)
    assert await store.next_due_at() == start  # the audit's alert


async def test_posts_are_listed_newest_first(store: Store, caller: Caller, clock: FixedClock) -> None:
    first = await world.make_post(store, caller, clock.now(), "t3_aaaa1")
    second = await world.make_post(store, caller, clock.now(), "t3_aaaa2")
    assert [p.id for p in await store.tracked_posts(caller.workspace_id)] == [second.id, first.id]


async def test_a_member_of_another_workspace_cannot_be_recorded_into_this_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await store.ensure_workspace("terminal:b", "terminal", "B", clock.now())
    check = world.removal_check(post, clock.now(), workspace_id="terminal:b")
    assert await world.record(store, [check], clock.now()) == 0
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.UNVERIFIED
    with pytest.raises(NotFound):
        await store.tracked_post("terminal:b", post.id)


async def test_what_was_recorded_is_there_for_a_program_that_starts_later(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    again = await open_database(database_url, exclusive=False)
    assert (await Store(again).tracked_post(caller.workspace_id, post.id)).state is State.REMOVED
    await again.close()


# ---------------------------------------------------------------- what members decide


def called_wrong(post: TrackedPost, by: Caller, now: datetime) -> Check:
    look = Reading(View.PERSON, Basis.PERSON, now, Outcome.VISIBLE)
    check = world.removal_check(post, now, readings=(look,), said=(DecisionKind.WRONG_ALARM, by))
    return replace(check, verdict=replace(check.verdict, alerts=(), patterns=()))


async def test_of_two_who_call_an_alert_wrong_the_second_is_told_of_the_first(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    now = clock.advance(timedelta(minutes=1))
    carol = replace(caller, member_id="carol", name="Carol")
    assert await world.record(store, [called_wrong(post, caller, now)], now) == 1
    with pytest.raises(AlreadyDecided) as refused:
        await world.record(store, [called_wrong(post, carol, now)], now)
    [alert] = await store.alerts(caller.workspace_id, kind=AlertKind.POST_REMOVED)
    [kept] = (await store.alert_record(caller.workspace_id, alert.id)).decisions
    assert (kept.kind, kept.by, kept.at) == (DecisionKind.WRONG_ALARM, refused.value.decided_by, now)
    assert len([r for r in await store.readings(caller.workspace_id, post.id) if r.view is View.PERSON]) == 1


async def test_a_newer_alert_can_be_called_wrong_again(store: Store, caller: Caller, clock: FixedClock) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    await world.record(store, [called_wrong(post, caller, clock.now())], clock.now())
    later = clock.advance(timedelta(hours=1))
    again = NewAlert(AlertKind.POST_REMOVED, "again", {}, post.id)
    removed = world.removal_check(post, later)
    await world.record(store, [replace(removed, verdict=replace(removed.verdict, alerts=(again,)))], later)
    now = clock.advance(timedelta(minutes=1))
    assert await world.record(store, [called_wrong(post, caller, now)], now) == 1
    newer, older = await store.alerts(caller.workspace_id, kind=AlertKind.POST_REMOVED)
    assert [d.at for d in (await store.alert_record(caller.workspace_id, newer.id)).decisions] == [now]
    assert len((await store.alert_record(caller.workspace_id, older.id)).decisions) == 2


async def test_of_two_snoozes_at_once_one_is_kept_and_the_other_told_of_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    now, until = clock.now(), clock.now() + timedelta(days=1)
    carol = replace(caller, member_id="carol", name="Carol")
    results = await asyncio.gather(
        *(store.snooze_post(by, post.id, until, now) for by in (caller, carol)), return_exceptions=True
    )
    [refused] = [result for result in results if isinstance(result, BaseException)]
    assert isinstance(refused, AlreadyDecided)
    assert refused.what.startswith(f"{refused.decided_by} snoozed it on ")
    longer = await store.snooze_post(carol, post.id, until + timedelta(days=1), now, anew=True)
    assert longer.snoozed_until == until + timedelta(days=1)

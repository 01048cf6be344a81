"""What people say of a post, and the audit, with a simulated Reddit and a real store on a real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotAllowedNow, NotFound
from core.model import (
    AlertKind,
    AuditOutcome,
    Basis,
    Caller,
    State,
    View,
)
from core.patterns import standing_patterns
from core.visibility.leases import LEASE
from core.visibility.reasons import Reasons
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, MINUTE, NAME, alerts, approved_draft, pass_time, state, told
from tests.core.visibility.world import (
    World,
    deleted,
    removed,
    sighting,
)
from tests.watch import Watch


async def test_without_credentials_states_stay_unverified_and_a_persons_look_is_kept(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    watch = Watch(store, clock, None)
    assert not watch.sweeping.sees("harbor")
    post = await watch.registering.register(caller, LINK)
    assert (post.state, post.basis) == (State.UNVERIFIED, Basis.PERSON)
    await pass_time(watch, clock, timedelta(hours=3), MINUTE * 5)
    for visible in (True, False, False, False):
        clock.advance(MINUTE * 10)
        post = await watch.concluding.person_look(caller, post.id, visible)
    assert post.state is State.UNVERIFIED
    assert [r.view for r in await store.readings(caller.workspace_id, post.id)] == [View.PERSON] * 4
    assert await told(store, caller) == [AlertKind.LOOK_WANTED]
    with pytest.raises(NotAllowedNow, match="No source"):
        await watch.sweeping.check_now(caller, post.id)


async def test_a_person_who_sees_something_else_makes_the_post_due(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 70)
    unseen = await watch.concluding.person_look(caller, post.id, False)
    assert unseen.state is State.LIVE
    assert unseen.next_check_at == clock.now()


async def test_checking_now_looks_at_once(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    clock.advance(MINUTE * 4)
    assert (await watch.sweeping.check_now(caller, post.id)).state is State.LIVE
    with pytest.raises(NotFound):
        await watch.sweeping.check_now(replace(caller, workspace_id="discord:1"), post.id)
    with pytest.raises(NotFound):
        await watch.concluding.person_look(replace(caller, workspace_id="discord:1"), post.id, True)


async def test_a_persons_look_waits_for_a_sweep_and_never_overwrites_what_it_found(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await store.lease_due_posts(clock.now(), worker="a sweep", lease=LEASE, limit=1, only=post.id)
    with pytest.raises(NotAllowedNow, match="right now"):
        await watch.concluding.person_look(caller, post.id, False)


async def test_a_wrong_alarm_takes_the_pattern_back_and_looks_again(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    post = await watch.registering.register(caller, LINK, draft=draft_id)
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, MINUTE * 20)
    assert len(await store.patterns(caller.workspace_id, "harbor")) == 1
    world.posts[NAME] = sighting(NAME)
    wrong = await watch.concluding.wrong_alarm(caller, post.id)
    assert [pattern.tracked_post_id for pattern in wrong.undone] == [post.id]
    assert await store.patterns(caller.workspace_id, "harbor") == []
    assert wrong.post.state is State.REMOVED, "one look takes no verdict back"
    await pass_time(watch, clock, MINUTE * 10)
    assert await state(store, caller, post) is State.LIVE


async def test_a_removal_that_is_reversed_teaches_the_next_draft_nothing(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    post = await watch.registering.register(caller, LINK, draft=draft_id)

    async def avoided() -> list[str]:
        return [p.category for p in await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")]

    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, MINUTE * 20)
    assert await avoided() == ["link"]
    world.posts[NAME] = sighting(NAME)
    await pass_time(watch, clock, timedelta(hours=5), MINUTE * 5)
    assert await state(store, caller, post) is State.LIVE
    assert await avoided() == []
    clock.advance(timedelta(days=7))
    await watch.sweeping.audit("w")
    assert (await alerts(store, caller))[-1].facts["patterns"] == []
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, timedelta(hours=30), MINUTE * 30)
    assert await state(store, caller, post) is State.REMOVED
    assert await avoided() == ["link"], "removed for good, it counts again"


async def test_a_reason_that_moderators_stated_holds_although_they_let_the_post_back(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, MINUTE * 20)
    await Reasons(store, clock).give(caller, post.id, "1", None)
    world.posts[NAME] = sighting(NAME)
    await pass_time(watch, clock, timedelta(hours=5), MINUTE * 5)
    assert await state(store, caller, post) is State.LIVE
    (kept,) = await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")
    assert kept.source == "stated"


async def test_a_stopped_post_is_left_alone(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await store.stop_watching(caller, post.id, clock.now())
    world.asked.clear()
    await pass_time(watch, clock, timedelta(hours=2), MINUTE * 5)
    assert world.asked == []


# ---------------------------------------------------------------- the audit


async def test_after_seven_days_a_post_is_audited_once(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, timedelta(days=7), timedelta(hours=6))
    assert await watch.sweeping.audit("w") == 1
    assert await watch.sweeping.audit("w") == 0
    audited = await store.tracked_post(caller.workspace_id, post.id)
    assert audited.audit_outcome is AuditOutcome.SUCCESS
    assert (await told(store, caller)) == [AlertKind.POST_LIVE, AlertKind.AUDIT]


async def test_after_fourteen_days_the_watching_ends(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, timedelta(days=15), timedelta(hours=6))
    assert (await store.tracked_post(caller.workspace_id, post.id)).next_check_at is None


async def test_a_deleted_posts_title_is_not_taken_from_the_tombstone(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts[NAME] = deleted(NAME)
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.state, found.title, found.body_sha256) == (State.DELETED, None, None)


async def test_what_is_known_of_a_post_is_not_replaced_by_what_a_later_look_sees(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts[NAME] = sighting(NAME, title=None, author=None)
    post = await watch.registering.register(caller, LINK)
    assert (post.title, post.author) == (None, None)
    for seen, known in (
        (sighting(NAME, title="How it went", author=None), ("How it went", None)),
        (sighting(NAME, title="How it really went", author="alice_writes"), ("How it went", "alice_writes")),
        (sighting(NAME, title=None, author="bob_writes"), ("How it went", "alice_writes")),
    ):
        world.posts[NAME] = seen
        await pass_time(watch, clock, MINUTE * 12)
        post = await store.tracked_post(caller.workspace_id, post.id)
        assert (post.title, post.author) == known


async def test_a_title_is_learned_when_the_author_was_known_before(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts[NAME] = sighting(NAME, title=None)
    post = await watch.registering.register(caller, LINK)
    world.posts[NAME] = sighting(NAME)
    await pass_time(watch, clock, MINUTE * 12)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert found.title == "How our first month went"


async def test_a_person_who_sees_what_is_known_asks_for_no_look(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 12)
    due = (await store.tracked_post(caller.workspace_id, post.id)).next_check_at
    assert due != clock.now()
    for visible, asks in ((True, False), (False, True)):
        said = await watch.concluding.person_look(caller, post.id, visible)
        assert said.next_check_at == (clock.now() if asks else due)
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, MINUTE * 20)
    gone = await store.tracked_post(caller.workspace_id, post.id)
    assert gone.state is State.REMOVED
    assert (await watch.concluding.person_look(caller, post.id, False)).next_check_at == gone.next_check_at

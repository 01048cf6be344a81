"""Exactly what is known is said, nothing goes blind in silence, and what its author deleted is kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.alert_cards import words_of
from bot.alert_facts import Facts
from core.model import AlertKind, Caller, Confidence, RemovedBy, State
from core.visibility.readings import body_hash
from storage.schema import readings
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME, alerts, pass_time, told
from tests.core.visibility.world import World, deleted, removed, revoked, sighting
from tests.watch import Watch

pytestmark = pytest.mark.long

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OTHER, OTHER_LINK = "t3_2abc2d", LINK.replace("1abc2d", "2abc2d")


async def test_a_removal_found_after_three_days_without_sight_says_between_which_looks_it_happened(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, HOUR)
    seen = await store.tracked_post(caller.workspace_id, post.id)
    clock.advance(timedelta(days=3))
    world.posts[NAME] = removed(NAME)
    await pass_time(watch, clock, MINUTE * 30)
    alert = (await alerts(store, caller))[-1]
    assert alert.kind is AlertKind.POST_REMOVED
    assert seen.last_read_at is not None
    assert alert.facts["seen_before"] == seen.last_read_at.isoformat()
    words = words_of(alert.kind, Facts(alert.facts))
    assert words.seen.startswith("Seen until 23 Nov 2026, 1")
    assert ", gone at 26 Nov 2026, 1" in words.seen


async def test_a_removal_seen_between_two_near_looks_shows_both_and_the_looks(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 5)
    world.posts[NAME] = removed(NAME)
    await pass_time(watch, clock, MINUTE * 30)
    alert = (await alerts(store, caller))[-1]
    assert ", gone at 23 Nov 2026, 12:" in words_of(alert.kind, Facts(alert.facts)).seen
    assert alert.facts["looks"][-2:] == ["not_visible", "not_visible"]
    assert "visible" in alert.facts["looks"]


async def test_one_post_that_cannot_be_read_for_hours_is_told_once_while_others_can(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts[OTHER] = sighting(OTHER)
    await watch.registering.register(caller, LINK)
    await watch.registering.register(caller, OTHER_LINK)
    await pass_time(watch, clock, MINUTE * 30)
    before = len(await told(store, caller))
    world.posts[NAME] = replace(sighting(NAME), problem="What Reddit said about this one post could not be read.")
    await pass_time(watch, clock, HOUR * 5, MINUTE * 5)
    assert len(await told(store, caller)) == before
    await pass_time(watch, clock, HOUR * 12, MINUTE * 5)
    (alert,) = (await alerts(store, caller))[before:]
    assert alert.kind is AlertKind.CANNOT_SEE
    words = words_of(alert.kind, Facts(alert.facts))
    assert words.title == "Cannot be read · r/harbor"
    assert "other posts are" in words.seen
    assert "could not be read" in words.meaning

    world.trouble = revoked()
    await pass_time(watch, clock, HOUR * 4, MINUTE * 5)
    assert len(await told(store, caller)) == before + 2, "that nothing can be seen is news of its own"


async def test_what_its_author_deleted_is_kept_nowhere(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    kept = await store.tracked_post(caller.workspace_id, post.id)
    assert (kept.title, kept.body_sha256) == ("How our first month went", body_hash(sighting(NAME).body or ""))
    assert [alert.facts["title"] for alert in await alerts(store, caller)] == ["How our first month went"]
    world.posts[NAME] = deleted(NAME)
    await pass_time(watch, clock, MINUTE * 30)
    gone = await store.tracked_post(caller.workspace_id, post.id)
    assert (gone.state, gone.title, gone.body_sha256) == (State.DELETED, None, None)
    assert [alert.facts["title"] for alert in await alerts(store, caller)] == [None, None]


async def test_readings_go_after_their_time_and_not_while_their_post_is_watched(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    async def kept() -> int:
        async with store._database.read() as tx:
            return await tx.scalar(select(func.count()).select_from(readings)) or 0

    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    before = await kept()
    clock.advance(timedelta(days=181))
    await store.purge_expired(clock.now(), timedelta(days=180))
    assert await kept() == before, "it is still watched"
    await store.stop_watching(caller, post.id, clock.now())
    await store.purge_expired(clock.now(), timedelta(days=180))
    assert await kept() == 0


def test_a_headline_is_as_sure_as_its_evidence() -> None:
    facts = {"community": "harbor", "fullname": NAME, "removed_by": RemovedBy.UNKNOWN.value}
    sure = words_of(AlertKind.POST_REMOVED, Facts(facts | {"confidence": Confidence.MEDIUM_HIGH.value}))
    likely = words_of(AlertKind.POST_REMOVED, Facts(facts | {"confidence": Confidence.MEDIUM.value}))
    assert (sure.title, likely.title) == ("Removed · r/harbor", "Looks removed · r/harbor")


def test_nobody_is_told_to_ask_the_moderators_of_a_profile() -> None:
    for by in RemovedBy:
        facts = {"community": "u_alice_writes", "fullname": NAME, "removed_by": by.value, "confidence": "high"}
        words = words_of(AlertKind.POST_REMOVED, Facts(facts))
        assert words.title.endswith(" · the profile of u/alice_writes")
        assert "ask" not in words.do.replace("no moderators to ask", "")
        assert words.link is None or "moderators" not in words.link.label

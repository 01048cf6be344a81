"""People are a source where nobody else can see: two members' agreeing looks, never against a healthy view."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alert_cards import words_of
from bot.alert_facts import Facts, how_sure
from bot.alert_now import alert_card_now
from bot.card import Card, Menu
from core.model import AlertKind, Caller, Confidence, Outcome, RemovedBy, State
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME, alerts, pass_time, state, told
from tests.core.visibility.world import START, PublicWorld, World, removed, revoked
from tests.watch import Watch

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture
def bob(caller: Caller) -> Caller:
    return replace(caller, member_id="bob", name="bob")


async def test_two_members_who_cannot_see_a_post_while_reddit_is_closed_to_us_confirm_that_it_is_gone(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    world.trouble = revoked()
    await pass_time(watch, clock, HOUR * 3, MINUTE * 5)
    before = len(await told(store, caller))

    assert (await watch.concluding.person_look(caller, post.id, False)).state is State.LIVE, "one look is not enough"
    clock.advance(MINUTE * 4)
    assert (await watch.concluding.person_look(caller, post.id, False)).state is State.LIVE, "nor is the same person's"
    clock.advance(MINUTE)
    gone = await watch.concluding.person_look(bob, post.id, False)
    assert (gone.state, gone.removed_by, gone.confidence) == (State.REMOVED, RemovedBy.UNKNOWN, Confidence.MEDIUM)
    (alert,) = (await alerts(store, caller))[before:]
    assert alert.kind is AlertKind.POST_REMOVED
    words = words_of(alert.kind, Facts(alert.facts))
    assert words.title == "Looks removed · r/harbor"
    assert "Two members saw this themselves" in how_sure(Facts(alert.facts))

    clock.advance(MINUTE * 10)
    await watch.concluding.person_look(caller, post.id, True)
    clock.advance(MINUTE * 3)
    assert (await watch.concluding.person_look(bob, post.id, True)).state is State.LIVE


async def test_one_members_look_does_not_bring_back_what_a_source_saw_before_two_members_looked(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    world.trouble = revoked()
    await pass_time(watch, clock, HOUR * 3, MINUTE * 5)
    await watch.concluding.person_look(caller, post.id, False)
    clock.advance(MINUTE * 4)
    assert (await watch.concluding.person_look(bob, post.id, False)).state is State.REMOVED
    clock.advance(MINUTE * 4)
    assert (await watch.concluding.person_look(caller, post.id, True)).state is State.REMOVED


async def test_one_look_with_a_picture_confirms_what_two_looks_would_where_nobody_else_can_see(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    world.trouble = revoked()
    await pass_time(watch, clock, HOUR * 3, MINUTE * 5)
    before = len(await told(store, caller))

    gone = await watch.concluding.person_look(caller, post.id, False, PNG)
    assert (gone.state, gone.removed_by, gone.confidence) == (State.REMOVED, RemovedBy.UNKNOWN, Confidence.MEDIUM)
    assert gone.state_since == clock.now()
    (alert,) = (await alerts(store, caller))[before:]
    assert alert.kind is AlertKind.POST_REMOVED
    assert (alert.facts["by_people"], alert.facts["readings"][-1]["has_picture"]) == (True, True)
    assert (
        how_sure(Facts(alert.facts)) == "A member saw this logged out, with a picture; nothing else can see Reddit now."
    )

    clock.advance(MINUTE * 10)
    assert (await watch.concluding.person_look(bob, post.id, True)).state is State.REMOVED, "one look without a picture"
    clock.advance(MINUTE)
    assert (await watch.concluding.person_look(bob, post.id, True, PNG)).state is State.LIVE


async def test_a_picture_never_decides_against_what_a_third_party_sees(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts[NAME] = removed(NAME)
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    assert await state(store, caller, post) is State.REMOVED
    world.trouble = revoked()
    clock.advance(HOUR)
    assert (await watch.concluding.person_look(caller, post.id, True, PNG)).state is State.REMOVED
    clock.advance(HOUR * 2)
    again = await watch.concluding.person_look(caller, post.id, True)
    assert again.state is State.REMOVED, (
        "the picture was taken while others could see, so a look without one adds nothing"
    )
    clock.advance(MINUTE)
    assert (await watch.concluding.person_look(caller, post.id, True, PNG)).state is State.LIVE


async def test_two_looks_within_three_minutes_are_one(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    world.trouble = revoked()
    post = await watch.registering.register(caller, LINK)
    clock.advance(HOUR * 3)
    await watch.concluding.person_look(caller, post.id, True)
    clock.advance(MINUTE * 2)
    assert (await watch.concluding.person_look(bob, post.id, True)).state is State.UNVERIFIED
    clock.advance(MINUTE)
    assert (await watch.concluding.person_look(bob, post.id, True)).state is State.LIVE


async def test_members_never_decide_against_what_a_third_party_sees(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    world.posts[NAME] = removed(NAME)
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    assert await state(store, caller, post) is State.REMOVED
    world.trouble = revoked()
    clock.advance(HOUR)
    await watch.concluding.person_look(caller, post.id, True)
    clock.advance(MINUTE * 5)
    assert (await watch.concluding.person_look(bob, post.id, True)).state is State.REMOVED, "it could see an hour ago"


async def test_members_who_disagree_decide_nothing(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    world.trouble = revoked()
    post = await watch.registering.register(caller, LINK)
    clock.advance(HOUR * 3)
    await watch.concluding.person_look(caller, post.id, True)
    clock.advance(MINUTE * 5)
    assert (await watch.concluding.person_look(bob, post.id, False)).state is State.UNVERIFIED
    clock.advance(MINUTE * 5)
    assert (await watch.concluding.person_look(caller, post.id, True)).state is State.UNVERIFIED


async def test_what_a_third_party_sees_again_stands_over_what_members_said(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 30)
    world.trouble = revoked()
    clock.advance(HOUR * 3)
    await watch.concluding.person_look(caller, post.id, False)
    clock.advance(MINUTE * 4)
    await watch.concluding.person_look(bob, post.id, False)
    world.trouble = None
    await pass_time(watch, clock, HOUR, MINUTE)
    assert await state(store, caller, post) is State.LIVE


# ---------------------------------------------------------------- people are asked


@pytest.fixture
def alone(store: Store, clock: FixedClock) -> Watch:
    """Nothing is set up that could look at Reddit."""
    return Watch(store, clock, None)


async def test_members_are_asked_once_about_a_post_that_nothing_can_look_at_also_after_a_restart(
    alone: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await alone.registering.register(caller, LINK)
    await pass_time(alone, clock, MINUTE * 59)
    assert await told(store, caller) == []
    await pass_time(alone, clock, MINUTE * 15, MINUTE * 5)
    [alert] = await alerts(store, caller)
    assert (alert.kind, alert.tracked_post_id, alert.dedupe_key) == (
        AlertKind.LOOK_WANTED,
        post.id,
        f"look wanted:{post.id}",
    )
    assert (alert.facts["blind_since"], alert.facts["problem"], alert.facts["state"]) == (None, None, "unverified")
    await pass_time(Watch(store, clock, None), clock, HOUR * 30, MINUTE * 30)
    assert await told(store, caller) == [AlertKind.LOOK_WANTED]


async def test_members_are_asked_when_reddit_never_answered_and_told_since_when_and_why(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.trouble = revoked()
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, HOUR + MINUTE * 10, MINUTE * 5)
    [alert] = await alerts(store, caller)
    first = (await store.readings(caller.workspace_id, post.id))[0]
    assert alert.kind is AlertKind.LOOK_WANTED
    assert alert.facts["blind_since"] == first.read_at.isoformat()
    assert alert.facts["problem"] == "Reddit no longer accepts the key."


async def test_members_are_not_asked_about_what_reddit_or_its_public_page_shows(
    watch: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, HOUR * 3, MINUTE * 5)
    public = Watch(store, clock, None, PublicWorld(Outcome.VISIBLE))
    await public.registering.register(caller, LINK.replace("1abc2d", "2abc2d"))
    await pass_time(public, clock, HOUR * 3, MINUTE * 5)
    assert AlertKind.LOOK_WANTED not in await told(store, caller)


async def test_members_are_not_asked_once_one_of_them_has_looked(
    alone: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await alone.registering.register(caller, LINK)
    clock.advance(MINUTE * 10)
    await alone.concluding.person_look(caller, post.id, True)
    await pass_time(alone, clock, HOUR * 26, MINUTE * 30)
    assert await told(store, caller) == []


async def test_members_are_not_asked_about_stopped_posts_and_about_snoozed_ones_later(
    alone: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    stopped = await alone.registering.register(caller, LINK)
    snoozed = await alone.registering.register(caller, LINK.replace("1abc2d", "2abc2d"))
    await store.stop_watching(caller, stopped.id, clock.now())
    await store.snooze_post(caller, snoozed.id, clock.now() + HOUR * 5, clock.now())
    await pass_time(alone, clock, HOUR * 4, MINUTE * 30)
    assert await told(store, caller) == []
    await pass_time(alone, clock, HOUR * 3, MINUTE * 30)
    assert [alert.tracked_post_id for alert in await alerts(store, caller)] == [snoozed.id]


async def test_an_update_does_not_ask_about_posts_from_days_ago(
    alone: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await alone.registering.register(caller, LINK)
    clock.advance(HOUR * 24)
    await pass_time(alone, clock, HOUR * 3, MINUTE * 30)
    assert await told(store, caller) == []


# ---------------------------------------------------------------- one message for several posts

SECOND_LINK, THIRD_LINK = LINK.replace("1abc2d", "2abc2d"), LINK.replace("1abc2d", "3abc2d")


async def question(store: Store, caller: Caller) -> Card:
    """The message that asks for looks at several posts, as it is now."""
    first = next(a for a in await alerts(store, caller) if a.told_with is not None)
    return alert_card_now(await store.alert_record(caller.workspace_id, first.id), START + HOUR * 2)


def buttons(card: Card) -> list[tuple[str, int | None]]:
    menus = [action for action in card.actions if isinstance(action, Menu)]
    return [(button.command, button.record) for menu in menus for button in menu.buttons]


async def test_several_posts_that_nobody_can_see_are_asked_about_in_one_message_with_a_list(
    alone: Watch, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    posts = []
    for number, link in enumerate((LINK, SECOND_LINK)):
        posts.append(await alone.registering.register(caller, link))
        clock.advance(MINUTE * number)
    theirs = await alone.registering.register(bob, THIRD_LINK)
    await pass_time(alone, clock, HOUR + MINUTE * 20, MINUTE * 5)
    asked = [alert for alert in await alerts(store, caller) if alert.kind is AlertKind.LOOK_WANTED]
    alone_told = {alert.tracked_post_id for alert in asked if alert.told_with is None}
    [joined] = [alert for alert in asked if alert.told_with is not None]
    assert theirs.id in alone_told, "each member is asked about their own posts"
    assert {*alone_told, joined.tracked_post_id} == {theirs.id, *(post.id for post in posts)}
    card = await question(store, caller)
    assert card.title == "Nobody has seen 2 posts yet but their authors · r/harbor"
    assert sorted(buttons(card)) == sorted((f"post {saw}", post.id) for post in posts for saw in ("seen", "unseen"))
    assert len(card.links) == 2
    assert any(field.value.startswith("Next: Open it logged out") for field in card.fields)


async def test_the_list_says_what_was_said_of_each_post_and_what_is_known(
    alone: Watch, store: Store, clock: FixedClock, caller: Caller, bob: Caller
) -> None:
    first, second = [await alone.registering.register(caller, link) for link in (LINK, SECOND_LINK)]
    await pass_time(alone, clock, HOUR * 3, MINUTE * 5)
    await alone.concluding.person_look(caller, second.id, True)
    card = await question(store, caller)
    [listed] = [field.value for field in card.fields if field.quote]
    assert set(listed.split("\n")) == {f"post {first.id}", f"post {second.id} · seen by a member"}
    clock.advance(MINUTE * 4)
    await alone.concluding.person_look(bob, second.id, True)
    card = await question(store, caller)
    assert card.title == "Nobody has seen this post yet but its author · r/harbor"
    assert [field.value for field in card.fields if field.name == "Now"] == ["1 of 2 are known"]
    assert buttons(card) == [("post seen", first.id), ("post unseen", first.id)]
    for looker in (caller, bob):
        clock.advance(MINUTE * 4)
        await alone.concluding.person_look(looker, first.id, False)
    card = await question(store, caller)
    assert card.title == "2 posts: all looked at · r/harbor"
    [listed] = [field.value for field in card.fields if field.quote]
    states = {first.id: "removed, by whom is not known", second.id: "live"}
    assert set(listed.split("\n")) == {f"post {post} · {words}" for post, words in states.items()}
    assert card.actions == ()

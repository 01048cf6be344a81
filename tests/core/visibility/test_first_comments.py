"""First comments of a post are told in one updated message, and cost a request only when there are more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.alerts import AlertRecord, Severity, severity
from core.errors import RemoteError
from core.model import AlertKind, Caller, State, TrackedPost
from core.ports import Allowance, SeenComment
from core.visibility.comments import KEPT_FOR, WITHIN
from core.visibility.first_comments import AFTER_TROUBLE, AGAIN_IN, BODY_MAX, COMMENTS_MAX, LEASE, of_others
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME, pass_time
from tests.core.visibility.world import START, World, removed, sighting, tracked
from tests.storage import world as stored
from tests.watch import Watch

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MINE = "alice_writes"


def said(number: int, body: str = "Nice.", author: str = "reader", **more: Any) -> SeenComment:
    return SeenComment(f"t1_c{number}", author, body, START + MINUTE * number, NAME, **more)


def answer(number: int, to: int) -> SeenComment:
    return replace(said(number, "Thanks, we did.", MINE), parent=f"t1_c{to}")


def talk(world: World, *comments: SeenComment) -> None:
    """The post has these comments from now on."""
    world.talk[NAME] = list(comments)
    world.posts[NAME] = replace(world.posts[NAME], num_comments=len(comments))


@pytest.fixture
async def post(watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World) -> TrackedPost:
    """A live post without comments, of a campaign that wants them told."""
    world.granted = Allowance(100, 6000.0)  # so posts are looked at every three minutes
    talk(world)
    campaign = await stored.make_campaign(store, caller, clock.now())
    await store.update_campaign(caller, campaign.id, now=clock.now(), first_comments=True)
    registered = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 4)
    return await store.tracked_post(caller.workspace_id, registered.id)


async def read(watch: Watch, clock: FixedClock, after: timedelta = AGAIN_IN) -> None:
    """Time passes with looks, and then comments are read."""
    await pass_time(watch, clock, after, min(after, MINUTE))
    await watch.comments.tend()


async def messages(store: Store, caller: Caller) -> list[AlertRecord]:
    """The messages about comments, without those that another one tells."""
    found = await store.alerts(caller.workspace_id, None, kind=AlertKind.POST_COMMENTED)
    return [await store.alert_record(caller.workspace_id, alert.id) for alert in found if alert.told_with is None]


def kept(told: AlertRecord) -> list[tuple[str, bool]]:
    return [(comment.body, comment.is_answered) for comment in told.comments]


async def test_new_comments_are_told_once_and_later_ones_and_answers_in_the_same_message(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    await read(watch, clock)
    assert world.asked_comments == [], "nothing is read while the count has not grown"
    talk(world, said(1, "How long did that take you?"), said(2))
    await read(watch, clock)
    await read(watch, clock)
    assert world.asked_comments == [NAME]
    [told] = await messages(store, caller)
    assert kept(told) == [("How long did that take you?", False), ("Nice.", False)]
    assert [comment.is_question for comment in told.comments] == [True, False]
    assert (told.alert.facts["new"], told.alert.facts["registered_by"]) == (2, "alice")
    assert "How long" not in str(told.alert.facts), "it is read when the message is shown, so that it can be forgotten"
    assert severity(told.alert.kind, told.alert.facts) is Severity.LOOK

    talk(world, said(1, "How long did that take you?"), said(2), answer(3, 1))
    await read(watch, clock)
    talk(world, said(1, "How long did that take you?"), said(2), answer(3, 1), said(4, "And now?"))
    await read(watch, clock)
    [told] = await messages(store, caller)
    assert kept(told) == [("How long did that take you?", True), ("Nice.", False), ("And now?", False)]
    assert [one.alert.facts["new"] for one in told.joined] == [0, 1]
    assert severity(told.joined[0].alert.kind, told.joined[0].alert.facts) is Severity.GOOD_TO_KNOW
    assert world.asked_comments == [NAME] * 3


async def test_a_campaign_turns_it_on_and_without_one_nobody_reads(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    [campaign] = await store.campaigns(caller.workspace_id)
    assert campaign.first_comments
    await store.update_campaign(caller, campaign.id, now=clock.now(), first_comments=False)
    talk(world, said(1))
    await read(watch, clock)
    assert world.asked_comments == []
    await store.update_campaign(caller, campaign.id, now=clock.now(), first_comments=True)
    await read(watch, clock)
    assert world.asked_comments == [NAME]


@pytest.mark.parametrize(
    "seen",
    [removed(NAME, num_comments=1), sighting(NAME, locked=True, num_comments=1)],
    ids=["removed", "locked"],
)
async def test_a_post_that_nobody_can_answer_on_is_not_read(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost, seen: Any
) -> None:
    world.posts[NAME] = seen
    await read(watch, clock, MINUTE * 9)
    assert world.asked_comments == []


async def test_a_stopped_a_snoozed_and_an_old_post_are_not_read(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    talk(world, said(1))
    await pass_time(watch, clock, AGAIN_IN)
    await store.snooze_post(caller, post.id, clock.now() + HOUR, clock.now())
    await watch.comments.tend()
    assert world.asked_comments == []
    clock.advance(HOUR)
    await watch.comments.tend()
    assert world.asked_comments == [NAME]
    talk(world, said(1), said(2))
    await pass_time(watch, clock, post.posted_at + WITHIN - HOUR - clock.now(), HOUR)
    await read(watch, clock, post.posted_at + WITHIN - clock.now())
    assert world.asked_comments == [NAME]
    await watch.registering.stop(caller, post.id)
    await read(watch, clock)
    assert world.asked_comments == [NAME]


async def test_comments_are_read_at_most_every_five_minutes(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    talk(world, said(1))
    await read(watch, clock)
    talk(world, said(1), said(2))
    await read(watch, clock, AGAIN_IN - MINUTE)
    assert len(world.asked_comments) == 1
    await read(watch, clock, MINUTE)
    assert len(world.asked_comments) == 2


async def test_what_cannot_be_read_is_tried_again_later_and_nothing_is_forgotten(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    talk(world, said(1))
    await read(watch, clock)
    talk(world, said(1), said(2))
    await pass_time(watch, clock, AGAIN_IN)
    for trouble in (RemoteError("Reddit has trouble of its own.", "", remote="reddit"), RuntimeError("a defect")):
        world.trouble = trouble
        await watch.comments.tend()
        world.trouble = None
        await watch.comments.tend()
        assert len(world.asked_comments) == 1
        [told] = await messages(store, caller)
        assert kept(told) == [("Nice.", False)]
        clock.advance(AFTER_TROUBLE)
    await watch.comments.tend()
    [told] = await messages(store, caller)
    assert len(kept(told)) == 2


async def test_a_killed_programs_post_is_read_when_its_lease_ends(
    watch: Watch, store: Store, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    talk(world, said(1))
    await pass_time(watch, clock, AGAIN_IN)
    [due] = await store.lease_commented_posts(clock.now(), lease=LEASE, within=WITHIN, limit=5)
    assert (due.post.id, due.known) == (post.id, ())
    assert await watch.comments.tend() == 0
    clock.advance(LEASE)
    assert await watch.comments.tend() == 1


async def test_looks_come_first_when_requests_are_short(
    watch: Watch, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    talk(world, said(1))
    await pass_time(watch, clock, AGAIN_IN)
    world.granted = Allowance(10, 6000.0)
    assert await watch.comments.tend() == 0
    world.granted = Allowance(11, 6000.0)
    assert await watch.comments.tend() == 1


async def test_a_comment_that_is_gone_at_reddit_is_gone_here_and_old_ones_too(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    talk(world, said(1, "A secret of mine."), said(2))
    await read(watch, clock)
    world.talk[NAME] = [said(1, "[deleted]", "reader"), said(2), said(3)]
    world.posts[NAME] = replace(world.posts[NAME], num_comments=3)
    await read(watch, clock)
    [told] = await messages(store, caller)
    assert [comment.fullname for comment in told.comments] == ["t1_c2", "t1_c3"]
    clock.advance(KEPT_FOR)
    await store.purge_expired(clock.now(), DAY)
    [told] = await messages(store, caller)
    assert told.comments == ()


async def test_a_post_that_was_removed_meanwhile_gets_no_message_about_comments(
    watch: Watch, store: Store, caller: Caller, clock: FixedClock, world: World, post: TrackedPost
) -> None:
    talk(world, said(1))
    await pass_time(watch, clock, AGAIN_IN)
    [due] = await store.lease_commented_posts(clock.now(), lease=LEASE, within=WITHIN, limit=5)
    world.posts[NAME] = removed(NAME)
    await pass_time(watch, clock, MINUTE * 9)
    assert (await store.tracked_post(caller.workspace_id, post.id)).state is State.REMOVED
    clock.advance(LEASE)
    await watch.comments.tend()
    assert await messages(store, caller) == []
    assert due.post.state is State.LIVE


# ------------------------------------------------ which comments count


def counted(*seen: SeenComment) -> list[str]:
    return [comment.fullname for comment in of_others(tracked(author=MINE), seen)]


def test_the_posters_own_comments_bots_notices_and_gone_ones_are_no_talk() -> None:
    others = (
        said(1, author=MINE.upper()),
        said(2, author="AutoModerator"),
        said(3, is_sticky=True),
        said(4, "[removed]"),
        said(5, "  "),
        replace(said(6), author=None),
    )
    assert counted(*others, said(7)) == ["t1_c7"]


def test_the_first_twenty_count_in_their_order() -> None:
    many = [said(number) for number in range(COMMENTS_MAX + 5)]
    assert counted(*reversed(many)) == [comment.fullname for comment in many[:COMMENTS_MAX]]


def test_an_answer_of_somebody_else_is_none_of_the_poster() -> None:
    seen = [said(1, "Why?"), replace(said(2, "Because."), parent="t1_c1"), answer(3, 2)]
    assert [c.is_answered for c in of_others(tracked(author=MINE), seen)] == [False, True]


def test_a_long_comment_is_kept_shortened_on_one_line() -> None:
    [comment] = of_others(tracked(author=MINE), [said(1, "word\n\n" * 200)])
    assert len(comment.body) <= BODY_MAX
    assert "\n" not in comment.body


def test_where_the_author_is_not_known_nobody_is_taken_for_them() -> None:
    assert len(of_others(tracked(author=None), [said(1), replace(said(2), author=None)])) == 1


def test_where_the_author_is_not_known_a_deleted_account_has_not_answered_for_them() -> None:
    seen = [said(1), replace(said(2), author=None, parent=said(1).fullname)]
    assert [comment.is_answered for comment in of_others(tracked(author=None), seen)] == [False]

"""One event, one message: a community that closes is told once for all of its posts, and once when it opens again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.alert_cards import words_of
from bot.alert_facts import Facts
from bot.alert_now import alert_card_now, alert_details
from bot.card import Card, Tone
from core.alerts import Alert
from core.digest import digest_facts
from core.errors import RemoteError
from core.model import AlertKind, AuthorStatus, Caller, Closure, State
from core.ports import Allowance
from core.timetable import Timetable
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, alerts, pass_time
from tests.core.visibility.world import World, removed, revoked, sighting
from tests.watch import Watch

pytestmark = pytest.mark.long

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAMES = [f"t3_{number}abc2d" for number in range(12)]


async def register_all(watch: Watch, world: World, caller: Caller, names: Sequence[str] = NAMES) -> None:
    world.granted = Allowance(at_once=100, an_hour=6000)
    for name in names:
        world.posts[name] = sighting(name)
        await watch.registering.register(caller, LINK.replace("1abc2d", name[3:]))


async def states(store: Store, caller: Caller) -> set[State]:
    return {post.state for post in await store.tracked_posts(caller.workspace_id, limit=100)}


async def test_a_community_that_goes_private_with_twelve_posts_gives_one_alarm_and_one_all_clear(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    before = len(await alerts(store, caller))

    world.posts.clear()
    world.closed.add("harbor")
    await pass_time(watch, clock, MINUTE * 12)
    assert await states(store, caller) == {State.GATED}, "its own page says so: nobody waits for half an hour"
    (closed,) = (await alerts(store, caller))[before:]
    assert closed.kind is AlertKind.POST_GATED
    assert (closed.facts["closure"], closed.facts["community_posts"], closed.facts["confidence"]) == (
        "private",
        12,
        "high",
    )
    words = words_of(closed.kind, Facts(closed.facts))
    assert words.title == "r/harbor is private now"
    assert "12 watched posts" in words.meaning

    await pass_time(watch, clock, HOUR * 5, MINUTE * 3)
    assert len(await alerts(store, caller)) == before + 1
    assert await states(store, caller) == {State.GATED}

    world.closed.clear()
    world.posts = {name: sighting(name) for name in NAMES}
    await pass_time(watch, clock, HOUR, MINUTE)
    assert await states(store, caller) == {State.LIVE}
    opened = (await alerts(store, caller))[before + 1 :]
    assert [alert.kind for alert in opened] == [AlertKind.POST_LIVE]
    words = words_of(opened[0].kind, Facts(opened[0].facts))
    assert words.title == "r/harbor is open again"
    assert "It was closed for 5 hours." in words.seen

    world.posts.clear()
    world.closed.add("harbor")
    await pass_time(watch, clock, MINUTE * 30)
    assert len(await alerts(store, caller)) == before + 3, "a second closing is an event of its own"


async def test_a_removal_that_was_told_before_its_community_closed_is_not_told_again_when_it_opens(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    world.posts[NAMES[0]] = removed(NAMES[0])
    world.posts[NAMES[1]] = removed(NAMES[1], "automod_filtered")
    await pass_time(watch, clock, MINUTE * 30)
    before = len(await alerts(store, caller))
    kept, world.posts = world.posts, {}
    world.closed.add("harbor")
    await pass_time(watch, clock, HOUR * 5, MINUTE * 3)

    world.closed.clear()
    world.posts = {**kept, NAMES[1]: removed(NAMES[1])}  # moderators rejected the one that was held
    await pass_time(watch, clock, HOUR, MINUTE)
    told = [(alert.kind, alert.facts["fullname"]) for alert in (await alerts(store, caller))[before + 1 :]]
    kinds = [kind for kind, _ in told]
    assert kinds.count(AlertKind.POST_LIVE) == 1, "the community is open again, once"
    assert [name for kind, name in told if kind is AlertKind.POST_REMOVED] == [NAMES[1]], "only what is new"
    assert len(told) == 2
    (kept_post,) = (await store.tracked_posts_named(caller.workspace_id, [NAMES[0]])).values()
    assert kept_post.state is State.REMOVED


async def closed_for_a_day(watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller) -> None:
    """The community is private for a day, in which every second look fails: none of the readings from before is
    among those that a verdict looks back on.
    """
    kept, world.posts = world.posts, {}
    world.closed.add("harbor")
    await pass_time(watch, clock, HOUR)
    closed_at = clock.now()
    for number in range(120):
        world.trouble = None if number % 2 else RemoteError("Reddit did not answer.", "Wait.", remote="reddit")
        await pass_time(watch, clock, MINUTE * 12, MINUTE * 12)
    world.trouble = None
    for post in await store.tracked_posts(caller.workspace_id):
        history = await store.readings(caller.workspace_id, post.id)
        assert len(history) == 50
        assert history[0].read_at > closed_at
    world.closed.clear()
    world.posts = kept


async def test_a_removal_is_not_told_again_when_its_community_opens_after_a_day_of_failing_looks(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller, NAMES[:4])
    await pass_time(watch, clock, HOUR)
    world.posts[NAMES[0]] = removed(NAMES[0])
    world.posts[NAMES[1]] = removed(NAMES[1], "automod_filtered")
    await pass_time(watch, clock, MINUTE * 30)
    before = len(await alerts(store, caller))

    await closed_for_a_day(watch, world, store, clock, caller)
    world.posts[NAMES[1]] = removed(NAMES[1])  # moderators rejected the one that was held
    world.posts[NAMES[2]] = removed(NAMES[2])  # and one that was live
    await pass_time(watch, clock, HOUR)
    told = [(alert.kind, alert.facts["fullname"]) for alert in (await alerts(store, caller))[before:]]
    assert [name for kind, name in told if kind is AlertKind.POST_REMOVED] == [NAMES[1], NAMES[2]], "only what is new"
    assert sorted(kind for kind, _ in told if kind is not AlertKind.POST_REMOVED) == [
        AlertKind.POST_GATED,
        AlertKind.POST_LIVE,
    ]

    world.posts[NAMES[0]] = sighting(NAMES[0])
    await pass_time(watch, clock, HOUR)
    world.posts[NAMES[0]] = removed(NAMES[0])
    await pass_time(watch, clock, HOUR)
    last = [(alert.kind, alert.facts["fullname"]) for alert in (await alerts(store, caller))[before + len(told) :]]
    assert last == [(AlertKind.POST_LIVE, NAMES[0]), (AlertKind.POST_REMOVED, NAMES[0])], "visible in between"


async def test_a_second_closing_is_told_although_no_post_was_visible_when_the_first_one_ended(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.granted = Allowance(at_once=100, an_hour=6000)
    for name in NAMES[:3]:
        world.posts[name] = sighting(name)
        await watch.registering.register(caller, LINK.replace("1abc2d", name[3:]))
    await pass_time(watch, clock, HOUR)
    world.posts = {name: removed(name) for name in NAMES[:3]}
    await pass_time(watch, clock, HOUR)
    kept, world.posts = world.posts, {}
    world.closed.add("harbor")
    await pass_time(watch, clock, HOUR * 2, MINUTE * 3)
    world.closed.clear()
    world.posts = kept
    await pass_time(watch, clock, HOUR)
    world.posts = {name: sighting(name) for name in NAMES[:3]}
    await pass_time(watch, clock, HOUR)
    assert await states(store, caller) == {State.LIVE}
    before = len(await alerts(store, caller))

    world.posts = {}
    world.closed.add("harbor")
    await pass_time(watch, clock, HOUR)
    (closed,) = (await alerts(store, caller))[before:]
    assert (closed.kind, closed.facts["community_posts"]) == (AlertKind.POST_GATED, 3)
    assert closed.told_with is None, "a message of its own"
    world.closed.clear()
    world.posts = {name: sighting(name) for name in NAMES[:3]}
    await pass_time(watch, clock, HOUR)
    (opened,) = (await alerts(store, caller))[before + 1 :]
    assert (opened.kind, opened.facts["closed_for_s"]) == (AlertKind.POST_LIVE, 3600.0)


async def close(watch: Watch, world: World, clock: FixedClock, caller: Caller, names: Sequence[str]) -> None:
    """Posts that are live for an hour, and then a community that is private for some three."""
    world.granted = Allowance(at_once=100, an_hour=6000)
    for name in names:
        world.posts[name] = sighting(name, title=f"Story {name}")
        await watch.registering.register(caller, LINK.replace("1abc2d", name[3:]))
    await pass_time(watch, clock, HOUR)
    world.posts = {}
    world.closed.add("harbor")
    await pass_time(watch, clock, HOUR * 3, MINUTE * 3)


async def card_of(store: Store, caller: Caller, clock: FixedClock, alert: Alert) -> Card:
    return alert_card_now(await store.alert_record(caller.workspace_id, alert.id), clock.now())


async def test_the_news_of_a_closing_lists_the_posts_that_went_and_then_those_that_are_back(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await close(watch, world, clock, caller, NAMES[:4])
    (closed,) = [alert for alert in await alerts(store, caller) if alert.kind is AlertKind.POST_GATED]
    card = await card_of(store, caller, clock, closed)
    assert card.title == "r/harbor is private now"
    assert [field.value for field in card.fields if field.quote] == [
        f"Story {NAMES[0]}\nStory {NAMES[1]}\nand 2 more",
    ]
    assert "Now" not in [field.name for field in card.fields]

    world.closed.clear()
    world.posts = {name: sighting(name) for name in NAMES[:3]}
    world.posts[NAMES[3]] = removed(NAMES[3])
    await pass_time(watch, clock, HOUR)
    card = await card_of(store, caller, clock, closed)
    assert [field.value for field in card.fields if field.name == "Now"] == ["3 of 4 can be seen again"]
    details = alert_details(await store.alert_record(caller.workspace_id, closed.id), clock.now())
    behind = {field.name: field.value for field in details.fields}
    assert behind["Told together"].splitlines() == [
        *(f"• Story {name} · live" for name in NAMES[:3]),
        f"• Story {NAMES[3]} · removed, by moderators (or AutoModerator)",
    ]
    assert "Now" not in behind, "one post's state is not the community's"
    (opened,) = [alert for alert in await alerts(store, caller) if "closed_for_s" in alert.facts]
    card = await card_of(store, caller, clock, opened)
    assert "Its 4 watched posts now: 3 live, 1 removed, by moderators (or AutoModerator)." in card.text
    assert card.tone is Tone.ATTENTION


async def test_the_all_clear_of_a_community_whose_posts_were_all_removed_meanwhile_calls_none_visible(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await close(watch, world, clock, caller, NAMES[:2])
    before = len(await alerts(store, caller))
    world.closed.clear()
    world.posts = {NAMES[0]: removed(NAMES[0]), NAMES[1]: removed(NAMES[1], "automod_filtered")}
    await pass_time(watch, clock, HOUR)
    opened, *gone = (await alerts(store, caller))[before:]
    assert (opened.kind, opened.told_with) == (AlertKind.POST_LIVE, None), "a message of its own"
    assert sorted(alert.kind for alert in gone) == [AlertKind.POST_HELD, AlertKind.POST_REMOVED]
    card = await card_of(store, caller, clock, opened)
    assert card.title == "r/harbor is open again"
    assert "It was closed for 2 hours." in card.text
    assert "Its 2 watched posts now: 1 removed, by moderators (or AutoModerator), 1 held for review." in card.text
    assert "What is new about one has an alert of its own." in card.text
    assert "✗" not in card.text, "whether it is open is no matter of these looks"
    assert "Next: Nothing needs to be done." not in [field.value for field in card.fields]
    facts = words_of(opened.kind, Facts(opened.facts))
    assert (facts.meaning, facts.tone) == ("2 watched posts of it are looked at again.", Tone.ATTENTION)
    times = Timetable(caller.workspace_id, digest_since=opened.created_at - MINUTE)
    digest = await digest_facts(store, times, clock.now())
    assert (digest["first_seen"], digest["came_back"], digest["gone_count"]) == (0, 0, 2)
    assert [field.value for field in card.fields if field.quote] == [
        f"Story {NAMES[0]} · removed, by moderators (or AutoModerator)\nStory {NAMES[1]} · held for review"
    ]
    assert card.tone is Tone.ATTENTION
    said = " ".join([card.title, card.text, *(field.value for field in card.fields)])
    assert "can be seen" not in said
    assert "visible" not in said


async def test_a_removal_that_was_told_before_the_closing_makes_the_all_clear_too(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts = {NAMES[0]: removed(NAMES[0])}
    await watch.registering.register(caller, LINK.replace("1abc2d", NAMES[0][3:]))
    await pass_time(watch, clock, HOUR)
    kept, world.posts = world.posts, {}
    world.closed.add("harbor")
    await pass_time(watch, clock, HOUR * 2, MINUTE * 3)
    world.closed.clear()
    world.posts = kept
    before = len(await alerts(store, caller))
    await pass_time(watch, clock, HOUR)
    (opened,) = (await alerts(store, caller))[before:]
    assert (opened.facts["community_posts"], opened.facts["state"]) == (1, "removed")


async def test_a_post_that_went_missing_alone_and_is_found_removed_opens_no_community(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    before = len(await alerts(store, caller))
    del world.posts[NAMES[0]]
    await pass_time(watch, clock, HOUR * 4, MINUTE * 2)
    world.posts[NAMES[0]] = removed(NAMES[0])
    await pass_time(watch, clock, HOUR)
    told = [alert.kind for alert in (await alerts(store, caller))[before:]]
    assert told == [AlertKind.POST_GATED, AlertKind.POST_REMOVED]


async def test_a_post_that_went_missing_alone_is_told_as_back_although_its_community_was_closed_once(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    kept, world.posts = world.posts, {}
    world.closed.add("harbor")
    await pass_time(watch, clock, HOUR)
    world.closed.clear()
    world.posts = kept
    await pass_time(watch, clock, HOUR)
    before = len(await alerts(store, caller))
    post = world.posts.pop(NAMES[0])
    await pass_time(watch, clock, HOUR * 4, MINUTE * 2)
    world.posts[NAMES[0]] = post
    await pass_time(watch, clock, HOUR)
    told = [(alert.kind, "community_posts" in alert.facts) for alert in (await alerts(store, caller))[before:]]
    assert told == [(AlertKind.POST_GATED, False), (AlertKind.POST_LIVE, False)]


async def test_from_the_third_time_in_a_day_a_post_that_keeps_disappearing_is_one_event(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    for _ in range(4):
        world.posts[NAMES[0]] = removed(NAMES[0])
        await pass_time(watch, clock, HOUR, MINUTE * 3)
        world.posts[NAMES[0]] = sighting(NAMES[0])
        await pass_time(watch, clock, HOUR, MINUTE * 3)
    gone = [alert for alert in await alerts(store, caller) if alert.kind is AlertKind.POST_REMOVED]
    assert [alert.facts.get("times_gone") for alert in gone] == [None, None, 3, 4]
    assert gone[3].facts["first_gone_at"] == gone[0].facts["since"]
    assert gone[2].event == gone[3].event != gone[1].event
    assert "It disappeared 4 times since" in words_of(gone[3].kind, Facts(gone[3].facts)).meaning


async def test_disappearances_are_counted_exactly_however_many_looks_failed_between_them(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    """Each failing look between good ones makes rows of their own, and fifty rows reach back two hours."""
    await register_all(watch, world, caller, NAMES[:2])
    await pass_time(watch, clock, HOUR, MINUTE * 3)
    for _ in range(4):
        for as_seen in (removed(NAMES[0]), sighting(NAMES[0])):
            world.posts[NAMES[0]] = as_seen
            for _ in range(18):
                world.troubles = [revoked()]
                await pass_time(watch, clock, MINUTE * 5, MINUTE)
    gone = [alert for alert in await alerts(store, caller) if alert.kind is AlertKind.POST_REMOVED]
    assert [alert.facts.get("times_gone") for alert in gone] == [None, None, 3, 4]
    assert gone[3].facts["first_gone_at"] == gone[0].facts["since"]
    assert gone[2].event == gone[3].event != gone[1].event


async def test_an_accounts_removals_by_filters_and_its_ban_are_one_event(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    before = len(await alerts(store, caller))
    world.posts[NAMES[0]] = removed(NAMES[0], "reddit")
    await pass_time(watch, clock, MINUTE * 10, MINUTE)
    world.accounts["alice_writes"] = AuthorStatus.SUSPENDED
    await pass_time(watch, clock, HOUR * 2, MINUTE * 3)
    told = (await alerts(store, caller))[before:]
    assert [alert.kind for alert in told] == [AlertKind.POST_REMOVED, AlertKind.ACCOUNT_SUSPENDED]
    assert {alert.event for alert in told} == {"account:alice_writes"}
    assert told[1].told_with == told[0].id, "one message"


async def test_a_closed_community_is_asked_every_ten_minutes_and_not_for_every_post(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    world.posts.clear()
    world.closed.add("harbor")
    world.asked_communities.clear()
    await pass_time(watch, clock, HOUR)
    assert 1 <= len(world.asked_communities) <= 7


async def test_one_post_that_alone_cannot_be_found_is_told_as_before(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    before = len(await alerts(store, caller))
    del world.posts[NAMES[3]]
    await pass_time(watch, clock, HOUR * 4, MINUTE * 2)
    (gone,) = (await alerts(store, caller))[before:]
    assert gone.kind is AlertKind.POST_GATED
    assert "community_posts" not in gone.facts
    world.posts[NAMES[3]] = sighting(NAMES[3])
    await pass_time(watch, clock, HOUR, MINUTE * 2)
    (_, back) = (await alerts(store, caller))[before:]
    assert back.kind is AlertKind.POST_LIVE
    assert words_of(back.kind, Facts(back.facts)).title.startswith("Visible again after ")


async def test_while_nobody_can_say_why_a_post_of_a_closed_community_stays_gone(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    world.posts.clear()
    world.closed.add("harbor")
    await pass_time(watch, clock, MINUTE * 30)
    known = len(await alerts(store, caller))
    world.closed.clear()  # its page answers, and its posts are still missing
    await pass_time(watch, clock, HOUR * 4, MINUTE * 2)
    assert await states(store, caller) == {State.GATED}
    assert len(await alerts(store, caller)) == known


def test_every_reason_of_a_closed_community_has_words() -> None:
    for closure in Closure:
        facts = Facts({"community": "harbor", "closure": closure.value, "community_posts": 1})
        assert words_of(AlertKind.POST_GATED, facts).title.startswith("r/harbor ")


async def test_posts_that_go_with_their_account_are_one_story_and_not_an_alarm_each(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await register_all(watch, world, caller)
    await pass_time(watch, clock, HOUR)
    before = len(await alerts(store, caller))
    for name in NAMES:
        world.posts[name] = removed(name, "reddit")
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watch, clock, MINUTE * 15)
    (first,) = (await alerts(store, caller))[before:]
    assert first.kind is AlertKind.POST_REMOVED
    words = words_of(first.kind, Facts(first.facts))
    assert "looks like a shadowban, and is certain in half an hour" in words.meaning
    await pass_time(watch, clock, HOUR * 3, MINUTE * 3)
    (_, certain) = (await alerts(store, caller))[before:]
    assert certain.kind is AlertKind.ACCOUNT_SHADOWBANNED
    assert await states(store, caller) == {State.SHADOWBANNED}

"""Sweeping from the registering on, with a simulated Reddit and a real store on a real file."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.communities import Rule
from core.errors import RemoteError
from core.gateways.things import UNREADABLE, unreadable
from core.model import AccountState, AlertKind, AuthorStatus, Caller, NewAlert, Outcome, RemovedBy, State, View
from core.ports import Allowance
from core.visibility.looking import Looking
from core.visibility.readings import CONTRADICTION, CUT_ANSWER
from core.visibility.tracking import NewTrackedPost
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, MINUTE, NAME, alerts, approved_draft, pass_time, state, told
from tests.core.visibility.world import CONTROLS, PublicWorld, World, removed, revoked, sighting
from tests.patience import PATIENCE_S
from tests.watch import Watch


async def test_a_removal_is_told_with_evidence_rules_and_a_pattern(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    post = await watch.registering.register(caller, LINK, draft=draft_id)
    await pass_time(watch, clock, MINUTE * 10)
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, MINUTE * 30)
    assert await told(store, caller) == [AlertKind.POST_LIVE, AlertKind.POST_REMOVED]
    alert = (await alerts(store, caller))[-1]
    assert alert.facts["removed_by"] == "moderators"
    assert alert.facts["previous_state"] == "live"
    assert len(alert.facts["readings"]) >= 2
    (pattern,) = await store.patterns(caller.workspace_id, "harbor")
    assert (pattern.source, pattern.tracked_post_id, pattern.category) == ("removal", post.id, "link")
    assert alert.facts["patterns"] == [pattern.body]


async def test_a_removal_that_turns_out_to_be_the_moderators_teaches_then(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    await watch.registering.register(caller, LINK, draft=draft_id)
    world.posts[NAME] = removed(NAME, "reddit")
    await pass_time(watch, clock, MINUTE * 20)
    assert await store.patterns(caller.workspace_id, "harbor") == []
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, timedelta(hours=5), MINUTE * 5)
    (pattern,) = await store.patterns(caller.workspace_id, "harbor")
    assert pattern.category == "link"
    assert await told(store, caller) == [AlertKind.POST_REMOVED]


async def test_a_pattern_cites_the_rules_as_they_stood_when_the_post_was_registered(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.rules_kept = (Rule("Links at the end", "One link at most.", "link"),)
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    await watch.registering.register(caller, LINK, draft=draft_id)
    world.rules_kept = (Rule("Be kind", "Be kind.", "all"),)
    await watch.rules.refresh(caller, "harbor")
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, MINUTE * 20)
    (pattern,) = await store.patterns(caller.workspace_id, "harbor")
    assert "their rule: Links at the end" in pattern.body
    assert (await alerts(store, caller))[-1].facts["rules"] == ["Links at the end"]


async def test_when_a_post_was_made_is_reddits_word_before_the_members_and_never_in_the_future(
    watch: Watch, world: World, clock: FixedClock, caller: Caller
) -> None:
    an_hour_ago, tomorrow = clock.now() - timedelta(hours=1), clock.now() + timedelta(days=1)
    world.posts[NAME] = sighting(NAME, created_at=an_hour_ago)
    assert (await watch.registering.register(caller, LINK, posted_at=clock.now())).posted_at == an_hour_ago
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d", created_at=tomorrow)
    assert (await watch.registering.register(caller, LINK.replace("1abc2d", "2abc2d"))).posted_at == clock.now()
    world.posts["t3_3abc2d"] = sighting("t3_3abc2d", created_at=None)
    third = await watch.registering.register(caller, LINK.replace("1abc2d", "3abc2d"), posted_at=an_hour_ago)
    assert third.posted_at == an_hour_ago


async def test_a_post_that_is_a_control_itself_vouches_for_nothing_about_itself(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, f"https://www.reddit.com/r/harbor/comments/{CONTROLS[0][3:]}/")
    assert world.asked == [(CONTROLS[0], CONTROLS[1])]
    await pass_time(watch, clock, MINUTE * 6)
    assert await state(store, caller, post) is State.LIVE


async def test_a_removal_is_told_within_minutes_of_being_seen(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    world.posts[NAME] = removed(NAME, "moderator")
    while await told(store, caller) != [AlertKind.POST_LIVE, AlertKind.POST_REMOVED]:
        await pass_time(watch, clock, MINUTE)
    facts = (await alerts(store, caller))[-1].facts
    first_seen = facts["readings"][-2]["read_at"]
    assert (clock.now() - (await alerts(store, caller))[-1].created_at) < MINUTE * 2
    assert facts["since"] == first_seen


async def test_a_shadowban_is_noticed_and_told_once_for_two_posts(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d", created_at=clock.now())
    posts = [
        await watch.registering.register(caller, LINK),
        await watch.registering.register(caller, LINK.replace("1abc2d", "2abc2d")),
    ]
    await pass_time(watch, clock, MINUTE * 10)
    for name in (NAME, "t3_2abc2d"):
        world.posts[name] = removed(name, "reddit")
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watch, clock, MINUTE * 90)
    assert {await state(store, caller, post) for post in posts} == {State.SHADOWBANNED}
    kinds = await told(store, caller)
    assert kinds.count(AlertKind.ACCOUNT_SHADOWBANNED) == 1
    (account,) = await store.accounts(caller.workspace_id)
    assert (account.name, account.state) == ("alice_writes", AccountState.SHADOWBANNED)
    found = await store.tracked_post(caller.workspace_id, posts[0].id)
    assert (found.confidence, found.removed_by) == ("medium_high", RemovedBy.REDDIT_FILTERS)
    confirmed = await watch.concluding.account_banned(caller, posts[0].id)
    assert confirmed.confidence == "high"
    assert not await store.patterns(caller.workspace_id, "harbor")


async def test_the_end_of_a_shadowban_is_good_news(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "reddit")
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watch, clock, MINUTE * 90)
    assert await state(store, caller, post) is State.SHADOWBANNED
    world.posts[NAME] = sighting(NAME)
    world.accounts.clear()
    await pass_time(watch, clock, timedelta(hours=6), MINUTE * 2)
    assert await state(store, caller, post) is State.LIVE
    assert (await alerts(store, caller))[-1].facts["restored"] is True
    assert (await store.accounts(caller.workspace_id))[0].state is AccountState.VISIBLE


async def test_an_anomaly_looks_an_account_up_once_for_all_posts_of_an_author(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for number in range(5):
        world.posts[f"t3_{number}abc2d"] = sighting(f"t3_{number}abc2d")
        await watch.registering.register(caller, LINK.replace("1abc2d", f"{number}abc2d"))
    await pass_time(watch, clock, MINUTE * 20)
    assert world.asked_authors == ["alice_writes"], "by its own clock, when a post of it is registered"
    for number in range(5):
        world.posts[f"t3_{number}abc2d"] = removed(f"t3_{number}abc2d", "moderator")
    clock.advance(timedelta(hours=5))
    assert (await watch.sweeping.sweep("w")).looked == 5
    assert world.asked_authors == ["alice_writes"] * 2


async def test_a_control_that_falls_is_replaced_and_blinds_nobody_for_long(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 20)
    world.fallen = {CONTROLS[0]}
    world.posts["t3_1abc2d"] = removed("t3_1abc2d")
    await pass_time(watch, clock, timedelta(hours=2), MINUTE * 5)
    assert await state(store, caller, post) is State.REMOVED
    lacking = [asked for asked in world.asked if CONTROLS[0] not in asked]
    assert lacking, "it was asked for again and again"
    world.fallen = set(CONTROLS)
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    await pass_time(watch, clock, timedelta(hours=5), MINUTE * 5)
    assert await state(store, caller, post) is State.REMOVED
    world.fallen = set()
    await pass_time(watch, clock, timedelta(hours=5), MINUTE * 5)
    assert await state(store, caller, post) is State.LIVE, "all of them are tried again"


async def test_an_answer_that_lacks_one_of_its_controls_was_cut(clock: FixedClock) -> None:
    world = World(clock, posts={"t3_1abc2d": sighting("t3_1abc2d")})
    looking = Looking(clock, world, None)
    world.fallen = {CONTROLS[1]}
    began = clock.now()
    assert (await looking.ask(["t3_1abc2d"])).problem is None, "asked again without the fallen one"
    assert world.asked == [("t3_1abc2d", *CONTROLS), ("t3_1abc2d", CONTROLS[0])]
    assert clock.now() - began == timedelta(seconds=3)
    world.fallen = set(CONTROLS)
    assert (await looking.ask(["t3_1abc2d"])).problem == CUT_ANSWER
    assert len(world.asked) == 4, "once more and not again and again"


def hiccup() -> RemoteError:
    return RemoteError("Reddit's answer cannot be read.", "It is tried again later.", remote="reddit", is_hiccup=True)


async def test_one_hiccup_blinds_nobody(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    looking = Looking(clock, world, None)
    world.troubles = [hiccup()]
    answer = await looking.ask(["t3_1abc2d"])
    assert (answer.problem, answer.control_live) == (None, True)
    world.troubles = [hiccup(), hiccup()]
    answer = await looking.ask(["t3_1abc2d"])
    assert (answer.problem, answer.is_hiccup) == ("Reddit's answer cannot be read.", True)
    assert world.troubles == []


async def test_after_a_hiccup_nobody_asks_again_when_the_budget_is_spent(clock: FixedClock) -> None:
    world = World(clock, granted=Allowance(at_once=0, an_hour=6000))
    world.troubles = [hiccup(), hiccup()]
    assert (await Looking(clock, world, None).ask(["t3_1abc2d"])).is_hiccup
    assert len(world.troubles) == 1


async def test_after_two_hiccups_a_post_is_due_again_within_minutes(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    post = await watch.registering.register(caller, LINK)
    clock.advance(MINUTE * 6)
    world.troubles = [hiccup(), hiccup()]
    assert (await watch.sweeping.sweep("test")).blind == 1
    due_at = (await store.tracked_post(caller.workspace_id, post.id)).next_check_at
    assert due_at is not None
    assert MINUTE <= due_at - clock.now() <= MINUTE * 1.1


async def test_an_answer_that_garbles_one_post_costs_that_post_one_look(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for name in ("t3_1abc2d", "t3_2abc2d"):
        world.posts[name] = sighting(name)
    good, bad = [
        await watch.registering.register(caller, LINK.replace("1abc2d", name)) for name in ("1abc2d", "2abc2d")
    ]
    world.posts["t3_2abc2d"] = unreadable("t3_2abc2d")
    await pass_time(watch, clock, timedelta(hours=1))
    assert await state(store, caller, good) is State.LIVE
    assert await state(store, caller, bad) is State.UNVERIFIED
    readings = await store.readings(caller.workspace_id, bad.id)
    assert {reading.problem for reading in readings[1:]} == {UNREADABLE}


async def test_a_placeholder_that_its_author_typed_is_looked_at_again_and_is_no_alarm(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, timedelta(hours=1))
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d", body="[removed]")
    await pass_time(watch, clock, timedelta(hours=3))
    assert await state(store, caller, post) is State.LIVE
    assert (await store.readings(caller.workspace_id, post.id))[-1].problem == CONTRADICTION


async def test_a_hundred_posts_cost_two_requests_with_controls_in_each(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for number in range(100):
        name = f"t3_{number:04d}ab"
        world.posts[name] = sighting(name)
        new = NewTrackedPost(
            fullname=name,
            community="harbor",
            permalink=f"https://www.reddit.com/r/harbor/comments/{number:04d}ab/",
            author=None,
            posted_at=clock.now(),
            basis=world.basis,
            campaign_id=None,
            draft_id=None,
            next_check_at=clock.now(),
            audit_due_at=clock.now() + timedelta(days=7),
        )
        await store.register_post(caller, new, clock.now())
    world.asked.clear()
    clock.advance(MINUTE * 10)
    result = await watch.sweeping.sweep("w")
    assert result.looked == 100
    assert len(world.asked) == 2
    assert all(set(CONTROLS) <= set(asked) and len(asked) <= 100 for asked in world.asked)


async def test_answers_without_a_control_change_nothing(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    world.controls_gone = True
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, timedelta(hours=1, minutes=30))
    assert await state(store, caller, post) is State.LIVE
    assert await told(store, caller) == [AlertKind.POST_LIVE]


async def test_a_defect_in_looking_is_no_evidence_and_stops_nothing(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    world.trouble = ValueError("a defect")
    clock.advance(MINUTE * 10)
    result = await watch.sweeping.sweep("w")
    assert (result.looked, result.blind) == (1, 1)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert found.next_check_at is not None
    assert found.next_check_at > clock.now()


async def test_one_post_that_cannot_be_judged_does_not_stop_the_others(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    first = await watch.registering.register(caller, LINK)
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d")
    second = await watch.registering.register(caller, LINK.replace("1abc2d", "2abc2d"))
    clock.advance(MINUTE * 10)
    world.posts[NAME] = sighting(NAME, score="many")
    result = await watch.sweeping.sweep("w")
    assert result.looked == 1
    assert await state(store, caller, second) is State.LIVE
    assert await state(store, caller, first) is State.UNVERIFIED
    assert "checks could not be stored" in caplog.text
    assert (await watch.sweeping.sweep("w")).looked == 0, "it is not tried again at once"


async def test_one_post_that_cannot_be_stored_does_not_stop_the_others(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d")
    first = await watch.registering.register(caller, LINK)
    second = await watch.registering.register(caller, LINK.replace("1abc2d", "2abc2d"))
    async with store._database.write() as tx:
        when = f"BEFORE INSERT ON readings WHEN NEW.tracked_post_id = {first.id}"
        await tx.exec_driver_sql(f"CREATE TRIGGER refusing {when} BEGIN SELECT RAISE(ABORT, 'no'); END")
    clock.advance(MINUTE * 20)
    assert (await watch.sweeping.sweep("w")).looked == 1
    assert [r.times for r in await store.readings(caller.workspace_id, first.id)] == [1]
    assert [r.times for r in await store.readings(caller.workspace_id, second.id)] == [2]
    assert await state(store, caller, second) is State.LIVE


async def test_two_posts_that_go_together_teach_the_same_pattern_once(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for name in ("1abc2d", "2abc2d"):
        world.posts[f"t3_{name}"] = sighting(f"t3_{name}", title="The ultimate tool: sign up now, 50% off")
        await watch.registering.register(caller, LINK.replace("1abc2d", name))
    await pass_time(watch, clock, MINUTE * 20)
    for name in ("1abc2d", "2abc2d"):
        world.posts[f"t3_{name}"] = removed(f"t3_{name}")
    await pass_time(watch, clock, timedelta(hours=5), MINUTE * 5)
    assert (await told(store, caller)).count(AlertKind.POST_REMOVED) == 2
    learned = [pattern.body for pattern in await store.patterns(caller.workspace_id, "harbor")]
    assert learned, "nothing was learned"
    assert len(learned) == len(set(learned))


async def test_a_public_page_is_looked_at_when_something_begins_to_look_wrong(
    store: Store, clock: FixedClock, world: World, caller: Caller
) -> None:
    public = PublicWorld()
    watch = Watch(store, clock, world, public)
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 10)
    assert public.looked == []
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watch, clock, MINUTE * 30)
    assert set(public.looked) == {post.permalink}
    assert len(public.looked) == 2, "once for the first sign, once for the confirmation, and no more"
    views = {r.view for r in await store.readings(caller.workspace_id, post.id)}
    assert View.ANONYMOUS in views


@pytest.mark.parametrize("public", [PublicWorld(wait_s=9.0), PublicWorld(hangs=True)], ids=["busy", "hangs"])
async def test_a_public_page_that_keeps_one_waiting_does_not_hold_up_the_alert(
    store: Store, clock: FixedClock, world: World, caller: Caller, public: PublicWorld
) -> None:
    watch = Watch(store, clock, world, public)
    post = await watch.registering.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "moderator")
    async with asyncio.timeout(PATIENCE_S):
        await pass_time(watch, clock, MINUTE * 10, MINUTE * 5)
    assert await told(store, caller) == [AlertKind.POST_REMOVED]
    anonymous = [r for r in await store.readings(caller.workspace_id, post.id) if r.view is View.ANONYMOUS]
    assert all(r.problem == "The page did not answer in time." for r in anonymous)
    assert bool(anonymous) is public.hangs


# ---------------------------------------------------------------- blindness


async def test_a_key_revoked_for_a_day_changes_no_state_and_makes_one_alert_and_one_good_news(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts = [await watch.registering.register(caller, LINK)]
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d")
    posts.append(await watch.registering.register(caller, LINK.replace("1abc2d", "2abc2d")))
    await pass_time(watch, clock, MINUTE * 15)
    world.trouble = revoked()
    await pass_time(watch, clock, timedelta(days=1), MINUTE * 15)
    assert [await state(store, caller, post) for post in posts] == [State.LIVE, State.LIVE]
    assert await told(store, caller) == [AlertKind.POST_LIVE, AlertKind.POST_LIVE, AlertKind.CANNOT_SEE]
    blind = (await alerts(store, caller))[-1].facts
    assert (blind["restored"], blind["posts"], blind["problem"]) == (False, 2, "Reddit no longer accepts the key.")
    world.trouble = None
    await pass_time(watch, clock, timedelta(hours=3), MINUTE * 5)
    assert (await told(store, caller))[3:] == [AlertKind.CANNOT_SEE]
    assert (await alerts(store, caller))[-1].facts["restored"] is True
    world.trouble = revoked()
    await pass_time(watch, clock, timedelta(hours=12), MINUTE * 15)
    assert (await told(store, caller))[4:] == [AlertKind.CANNOT_SEE], "a second blindness is told again"


async def test_a_second_blindness_is_told_however_many_alerts_came_between(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    for number in range(2):
        world.trouble = revoked()
        await pass_time(watch, clock, timedelta(hours=12), MINUTE * 15)
        world.trouble = None
        await pass_time(watch, clock, timedelta(hours=3), MINUTE * 5)
        for other in range(250):
            await store.owe_alert(caller, NewAlert(AlertKind.TEST, f"test {number} {other}", {}), clock.now())
    blind = await store.alerts(caller.workspace_id, 10, kind=AlertKind.CANNOT_SEE)
    assert [alert.facts["restored"] for alert in blind] == [True, False, True, False]


async def test_a_short_trouble_is_nobodys_business(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    world.trouble = RemoteError("Reddit is busy.", remote="reddit", retry_after_s=30)
    await pass_time(watch, clock, timedelta(minutes=100))
    world.trouble = None
    await pass_time(watch, clock, timedelta(hours=3), MINUTE * 5)
    assert await told(store, caller) == [AlertKind.POST_LIVE]


async def test_while_blind_the_looks_grow_rarer(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    world.trouble = revoked()
    await pass_time(watch, clock, timedelta(hours=24), MINUTE * 15)
    blind = [r for r in await store.readings(caller.workspace_id, post.id) if r.outcome is Outcome.CANNOT_TELL]
    assert 24 <= sum(r.times for r in blind) <= 96, "at most every quarter of an hour"

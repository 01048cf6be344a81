"""Watching from the registering to the audit: a simulated Reddit, and a real store on a real file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import AlreadyExists, BadArgument, NotAllowedNow, NotFound, RemoteError
from core.gateways.things import UNREADABLE, unreadable
from core.model import (
    AccountState,
    Alert,
    AlertKind,
    AuditOutcome,
    AuthorStatus,
    Basis,
    Caller,
    DraftStatus,
    NewAlert,
    Outcome,
    RemovedBy,
    RevisionOrigin,
    Rule,
    State,
    TrackedPost,
    View,
)
from core.patterns import standing_patterns
from core.ports import Allowance, NewRevision, NewTrackedPost
from core.visibility.looking import Looking
from core.visibility.readings import CONTRADICTION, CUT_ANSWER
from core.visibility.reasons import Reasons
from core.visibility.service import LEASE, Watching
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import (
    CONTROLS,
    PublicWorld,
    World,
    deleted,
    removed,
    revoked,
    sighting,
)
from tests.patience import PATIENCE_S

LINK = "https://www.reddit.com/r/harbor/comments/1abc2d/how_it_went/"
NAME = "t3_1abc2d"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock, {NAME: sighting(NAME, created_at=clock.now())})


@pytest.fixture
def watching(store: Store, clock: FixedClock, world: World) -> Watching:
    return Watching(store, clock, world)


async def pass_time(watching: Watching, clock: FixedClock, span: timedelta, step: timedelta = MINUTE) -> None:
    """Sweep every `step`, as the scheduler does."""
    for _ in range(int(span / step)):
        clock.advance(step)
        await watching.sweep("w")


async def told(store: Store, caller: Caller) -> list[AlertKind]:
    """Kinds of all alerts, oldest first."""
    return [alert.kind for alert in await alerts(store, caller)]


async def alerts(store: Store, caller: Caller) -> list[Alert]:
    return sorted(await store.alerts(caller.workspace_id, limit=200), key=lambda alert: alert.id)


async def state(store: Store, caller: Caller, post: TrackedPost) -> State:
    return (await store.tracked_post(caller.workspace_id, post.id)).state


# ---------------------------------------------------------------- registering


async def test_registering_looks_at_once_and_a_second_look_confirms(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    assert (post.state, post.fullname, post.community) == (State.UNVERIFIED, NAME, "harbor")
    assert (post.author, post.title) == ("alice_writes", "How our first month went")
    assert post.body_sha256
    assert post.rules_snapshot_id
    assert len(await store.readings(caller.workspace_id, post.id)) == 1
    await pass_time(watching, clock, MINUTE * 6)
    assert await state(store, caller, post) is State.LIVE
    assert await told(store, caller) == [AlertKind.POST_LIVE]
    assert (await alerts(store, caller))[0].facts["rules"] == ["No self-promotion"]


async def test_a_post_of_another_reddit_is_never_judged_by_what_this_view_does_not_find(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    # The sample Reddit knows its own communities only: a real post must not look gone because it is not in there.
    world.elsewhere = frozenset({"harbor"})
    world.posts.clear()
    post = await watching.register(caller, LINK)
    assert (post.basis, post.rules_snapshot_id) == (Basis.PERSON, None)
    await pass_time(watching, clock, timedelta(hours=30), step=timedelta(minutes=30))
    assert await state(store, caller, post) is State.UNVERIFIED
    assert await told(store, caller) == []
    assert world.asked == []
    with pytest.raises(NotAllowedNow, match="Open the post yourself"):
        await watching.check_now(caller, post.id)
    await watching.person_look(caller, post.id, True)
    assert [r.view for r in await store.readings(caller.workspace_id, post.id)] == [View.PERSON]


async def test_a_stopped_post_gets_no_audit(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await store.stop_watching(caller, post.id, clock.now())
    clock.advance(timedelta(days=8))
    assert await watching.run_audits("w") == 0
    assert await told(store, caller) == []


async def test_a_post_that_is_not_there_yet_is_normal(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts.clear()
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 14)
    assert await state(store, caller, post) is State.UNVERIFIED
    assert await told(store, caller) == []
    world.posts[NAME] = sighting(NAME)
    await pass_time(watching, clock, MINUTE * 60)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.state, found.author) == (State.LIVE, "alice_writes")


async def test_registering_twice_says_who_did_it_and_costs_no_second_request(
    watching: Watching, world: World, caller: Caller
) -> None:
    await watching.register(caller, LINK)
    asked = len(world.asked)
    with pytest.raises(AlreadyExists, match="alice registered this post"):
        await watching.register(replace(caller, member_id="bob", name="bob"), "https://redd.it/1abc2d")
    assert len(world.asked) == asked


async def test_of_two_who_register_at_once_one_is_told_who_was_first(
    watching: Watching, store: Store, caller: Caller
) -> None:
    bob = replace(caller, member_id="bob", name="bob")
    both = await asyncio.gather(
        watching.register(caller, LINK), watching.register(bob, "https://redd.it/1abc2d"), return_exceptions=True
    )
    (post,) = [found for found in both if isinstance(found, TrackedPost)]
    (refused,) = [found for found in both if isinstance(found, AlreadyExists)]
    assert refused.what.startswith(f"{post.registered_by} registered this post on ")
    assert [p.id for p in await store.tracked_posts(caller.workspace_id)] == [post.id]


async def test_another_workspace_registers_the_same_post_and_hears_nothing_of_the_first(
    watching: Watching, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watching.register(caller, LINK)
    other = replace(caller, workspace_id="discord:1", member_id="eve", name="eve")
    await store.ensure_workspace(other.workspace_id, "discord", "Elsewhere", clock.now())
    theirs = await watching.register(other, LINK)
    assert (theirs.workspace_id, theirs.registered_by) == ("discord:1", "eve")
    with pytest.raises(AlreadyExists, match="eve registered this post"):
        await watching.register(other, LINK)


async def test_a_draft_and_its_campaign_go_with_the_post(
    watching: Watching, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller)
    post = await watching.register(caller, LINK, draft=draft_id)
    assert post.draft_id == draft_id
    assert post.campaign_id is not None
    assert (await store.draft(caller.workspace_id, draft_id)).status is DraftStatus.POSTED


async def test_a_draft_for_another_community_is_refused(
    watching: Watching, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, community="elsewhere")
    with pytest.raises(BadArgument, match="is for r/elsewhere"):
        await watching.register(caller, LINK, draft=draft_id)
    assert not await store.tracked_posts(caller.workspace_id)


async def test_a_share_link_is_resolved_before_it_is_watched(
    store: Store, clock: FixedClock, world: World, caller: Caller
) -> None:
    async def resolve(path: str) -> str | None:
        return "/r/harbor/comments/1abc2d/how_it_went/" if path == "/r/harbor/s/AbCd1234" else None

    watching = Watching(store, clock, world, None, resolve)
    post = await watching.register(caller, "https://www.reddit.com/r/harbor/s/AbCd1234?x=1")
    assert post.permalink == "https://www.reddit.com/r/harbor/comments/1abc2d/"
    with pytest.raises(BadArgument, match="long address"):
        await watching.register(caller, "https://www.reddit.com/r/harbor/s/Other999")


@pytest.mark.parametrize("resolver", [None, "refused", "to a share link"])
async def test_a_share_link_that_cannot_be_resolved_asks_for_the_long_one(
    store: Store, clock: FixedClock, world: World, caller: Caller, resolver: str | None
) -> None:
    async def resolve(path: str) -> str | None:
        if resolver == "refused":
            raise RemoteError("Reddit did not answer.", remote="web")
        return path

    watching = Watching(store, clock, world, None, resolve if resolver else None)
    with pytest.raises(BadArgument, match="long address"):
        await watching.register(caller, "https://www.reddit.com/r/harbor/s/AbCd1234")


async def test_a_short_link_learns_its_community_from_reddit(watching: Watching, world: World, caller: Caller) -> None:
    assert (await watching.register(caller, "https://redd.it/1abc2d")).community == "harbor"
    with pytest.raises(BadArgument, match="does not say which community"):
        await watching.register(caller, "https://redd.it/zzzz9")


async def test_registering_works_while_reddit_cannot_be_seen(
    watching: Watching, world: World, store: Store, caller: Caller
) -> None:
    world.trouble = revoked()
    post = await watching.register(caller, LINK)
    (reading,) = await store.readings(caller.workspace_id, post.id)
    assert (reading.outcome, reading.problem) == (Outcome.CANNOT_TELL, "Reddit no longer accepts the key.")
    assert post.state is State.UNVERIFIED


async def test_a_comment_can_be_watched(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t1_kx12ab"] = sighting("t1_kx12ab")
    post = await watching.register(caller, LINK + "kx12ab/")
    await pass_time(watching, clock, MINUTE * 6)
    assert await state(store, caller, post) is State.LIVE
    world.posts["t1_kx12ab"] = sighting("t1_kx12ab", body="[removed]", author=None)
    await pass_time(watching, clock, MINUTE * 40)
    assert await state(store, caller, post) is State.REMOVED


# ---------------------------------------------------------------- the sweep


async def test_a_removal_is_told_with_evidence_rules_and_a_pattern(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    post = await watching.register(caller, LINK, draft=draft_id)
    await pass_time(watching, clock, MINUTE * 10)
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, MINUTE * 30)
    assert await told(store, caller) == [AlertKind.POST_LIVE, AlertKind.POST_REMOVED]
    alert = (await alerts(store, caller))[-1]
    assert alert.facts["removed_by"] == "moderators"
    assert alert.facts["previous_state"] == "live"
    assert len(alert.facts["readings"]) >= 2
    (pattern,) = await store.patterns(caller.workspace_id, "harbor")
    assert (pattern.source, pattern.tracked_post_id, pattern.category) == ("removal", post.id, "link")
    assert alert.facts["patterns"] == [pattern.body]


async def test_a_removal_that_turns_out_to_be_the_moderators_teaches_then(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    await watching.register(caller, LINK, draft=draft_id)
    world.posts[NAME] = removed(NAME, "reddit")
    await pass_time(watching, clock, MINUTE * 20)
    assert await store.patterns(caller.workspace_id, "harbor") == []
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, timedelta(hours=5), MINUTE * 5)
    (pattern,) = await store.patterns(caller.workspace_id, "harbor")
    assert pattern.category == "link"
    assert await told(store, caller) == [AlertKind.POST_REMOVED]


async def test_a_pattern_cites_the_rules_as_they_stood_when_the_post_was_registered(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.rules_kept = (Rule("Links at the end", "One link at most.", "link"),)
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    await watching.register(caller, LINK, draft=draft_id)
    world.rules_kept = (Rule("Be kind", "Be kind.", "all"),)
    await watching.refresh_rules(caller, "harbor")
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, MINUTE * 20)
    (pattern,) = await store.patterns(caller.workspace_id, "harbor")
    assert "their rule: Links at the end" in pattern.body
    assert (await alerts(store, caller))[-1].facts["rules"] == ["Links at the end"]


async def test_when_a_post_was_made_is_reddits_word_before_the_members_and_never_in_the_future(
    watching: Watching, world: World, clock: FixedClock, caller: Caller
) -> None:
    an_hour_ago, tomorrow = clock.now() - timedelta(hours=1), clock.now() + timedelta(days=1)
    world.posts[NAME] = sighting(NAME, created_at=an_hour_ago)
    assert (await watching.register(caller, LINK, posted_at=clock.now())).posted_at == an_hour_ago
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d", created_at=tomorrow)
    assert (await watching.register(caller, LINK.replace("1abc2d", "2abc2d"))).posted_at == clock.now()
    world.posts["t3_3abc2d"] = sighting("t3_3abc2d", created_at=None)
    third = await watching.register(caller, LINK.replace("1abc2d", "3abc2d"), posted_at=an_hour_ago)
    assert third.posted_at == an_hour_ago


async def test_a_post_that_is_a_control_itself_vouches_for_nothing_about_itself(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, f"https://www.reddit.com/r/harbor/comments/{CONTROLS[0][3:]}/")
    assert world.asked == [(CONTROLS[0], CONTROLS[1])]
    await pass_time(watching, clock, MINUTE * 6)
    assert await state(store, caller, post) is State.LIVE


async def test_a_removal_is_told_within_minutes_of_being_seen(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 10)
    world.posts[NAME] = removed(NAME, "moderator")
    while await told(store, caller) != [AlertKind.POST_LIVE, AlertKind.POST_REMOVED]:
        await pass_time(watching, clock, MINUTE)
    facts = (await alerts(store, caller))[-1].facts
    first_seen = facts["readings"][-2]["read_at"]
    assert (clock.now() - (await alerts(store, caller))[-1].created_at) < MINUTE * 2
    assert facts["since"] == first_seen


async def test_a_shadowban_is_noticed_and_told_once_for_two_posts(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d", created_at=clock.now())
    posts = [await watching.register(caller, LINK), await watching.register(caller, LINK.replace("1abc2d", "2abc2d"))]
    await pass_time(watching, clock, MINUTE * 10)
    for name in (NAME, "t3_2abc2d"):
        world.posts[name] = removed(name, "reddit")
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watching, clock, MINUTE * 90)
    assert {await state(store, caller, post) for post in posts} == {State.SHADOWBANNED}
    kinds = await told(store, caller)
    assert kinds.count(AlertKind.ACCOUNT_SHADOWBANNED) == 1
    (account,) = await store.accounts(caller.workspace_id)
    assert (account.name, account.state) == ("alice_writes", AccountState.SHADOWBANNED)
    found = await store.tracked_post(caller.workspace_id, posts[0].id)
    assert (found.confidence, found.removed_by) == ("medium_high", RemovedBy.REDDIT_FILTERS)
    confirmed = await watching.person_asked_reddit(caller, posts[0].id, True)
    assert confirmed.confidence == "high"
    assert not await store.patterns(caller.workspace_id, "harbor")


async def test_the_end_of_a_shadowban_is_good_news(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "reddit")
    world.accounts["alice_writes"] = AuthorStatus.MISSING
    await pass_time(watching, clock, MINUTE * 90)
    assert await state(store, caller, post) is State.SHADOWBANNED
    world.posts[NAME] = sighting(NAME)
    world.accounts.clear()
    await pass_time(watching, clock, timedelta(hours=6), MINUTE * 2)
    assert await state(store, caller, post) is State.LIVE
    assert (await alerts(store, caller))[-1].facts["restored"] is True
    assert (await store.accounts(caller.workspace_id))[0].state is AccountState.VISIBLE


async def test_accounts_are_looked_up_for_anomalies_only_and_once_for_all_posts_of_an_author(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for number in range(5):
        world.posts[f"t3_{number}abc2d"] = sighting(f"t3_{number}abc2d")
        await watching.register(caller, LINK.replace("1abc2d", f"{number}abc2d"))
    await pass_time(watching, clock, MINUTE * 20)
    assert world.asked_authors == []
    for number in range(5):
        world.posts[f"t3_{number}abc2d"] = removed(f"t3_{number}abc2d", "moderator")
    clock.advance(timedelta(hours=5))
    assert (await watching.sweep("w")).looked == 5
    assert world.asked_authors == ["alice_writes"]


async def test_a_control_that_falls_is_replaced_and_blinds_nobody_for_long(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 20)
    world.fallen = {CONTROLS[0]}
    world.posts["t3_1abc2d"] = removed("t3_1abc2d")
    await pass_time(watching, clock, timedelta(hours=2), MINUTE * 5)
    assert await state(store, caller, post) is State.REMOVED
    lacking = [asked for asked in world.asked if CONTROLS[0] not in asked]
    assert lacking, "it was asked for again and again"
    world.fallen = set(CONTROLS)
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    await pass_time(watching, clock, timedelta(hours=5), MINUTE * 5)
    assert await state(store, caller, post) is State.REMOVED
    world.fallen = set()
    await pass_time(watching, clock, timedelta(hours=5), MINUTE * 5)
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


def garbled() -> RemoteError:
    return RemoteError("Reddit's answer cannot be read.", "It is tried again later.", remote="reddit", is_garbled=True)


async def test_one_garbled_answer_blinds_nobody(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    looking = Looking(clock, world, None)
    world.troubles = [garbled()]
    answer = await looking.ask(["t3_1abc2d"])
    assert (answer.problem, answer.control_live) == (None, True)
    world.troubles = [garbled(), garbled()]
    answer = await looking.ask(["t3_1abc2d"])
    assert (answer.problem, answer.is_garbled) == ("Reddit's answer cannot be read.", True)
    assert world.troubles == []


async def test_a_garbled_answer_is_not_asked_for_again_when_the_budget_is_spent(clock: FixedClock) -> None:
    world = World(clock, granted=Allowance(at_once=0, an_hour=6000))
    world.troubles = [garbled(), garbled()]
    assert (await Looking(clock, world, None).ask(["t3_1abc2d"])).is_garbled
    assert len(world.troubles) == 1


async def test_after_garbled_answers_a_post_is_due_again_within_minutes(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    post = await watching.register(caller, LINK)
    clock.advance(MINUTE * 6)
    world.troubles = [garbled(), garbled()]
    assert (await watching.sweep("test")).blind == 1
    due_at = (await store.tracked_post(caller.workspace_id, post.id)).next_check_at
    assert due_at is not None
    assert MINUTE <= due_at - clock.now() <= MINUTE * 1.1


async def test_an_answer_that_garbles_one_post_costs_that_post_one_look(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for name in ("t3_1abc2d", "t3_2abc2d"):
        world.posts[name] = sighting(name)
    good, bad = [await watching.register(caller, LINK.replace("1abc2d", name)) for name in ("1abc2d", "2abc2d")]
    world.posts["t3_2abc2d"] = unreadable("t3_2abc2d")
    await pass_time(watching, clock, timedelta(hours=1))
    assert await state(store, caller, good) is State.LIVE
    assert await state(store, caller, bad) is State.UNVERIFIED
    readings = await store.readings(caller.workspace_id, bad.id)
    assert {reading.problem for reading in readings[1:]} == {UNREADABLE}


async def test_a_placeholder_that_its_author_typed_is_looked_at_again_and_is_no_alarm(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d")
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, timedelta(hours=1))
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d", body="[removed]")
    await pass_time(watching, clock, timedelta(hours=3))
    assert await state(store, caller, post) is State.LIVE
    assert (await store.readings(caller.workspace_id, post.id))[-1].problem == CONTRADICTION


async def test_a_hundred_posts_cost_two_requests_with_controls_in_each(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
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
    result = await watching.sweep("w")
    assert result.looked == 100
    assert len(world.asked) == 2
    assert all(set(CONTROLS) <= set(asked) and len(asked) <= 100 for asked in world.asked)


async def test_more_than_half_of_a_batch_missing_at_once_is_a_cut_answer(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts = []
    for number in range(6):
        world.posts[f"t3_{number}abc2d"] = sighting(f"t3_{number}abc2d")
        posts.append(await watching.register(caller, LINK.replace("1abc2d", f"{number}abc2d")))
    await pass_time(watching, clock, MINUTE * 20)
    world.posts.clear()
    await pass_time(watching, clock, timedelta(hours=4), MINUTE * 5)
    assert {await state(store, caller, post) for post in posts} == {State.LIVE}


async def test_answers_without_a_control_change_nothing(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 10)
    world.controls_gone = True
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, timedelta(hours=1, minutes=30))
    assert await state(store, caller, post) is State.LIVE
    assert await told(store, caller) == [AlertKind.POST_LIVE]


async def test_a_defect_in_looking_is_no_evidence_and_stops_nothing(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    world.trouble = ValueError("a defect")
    clock.advance(MINUTE * 10)
    result = await watching.sweep("w")
    assert (result.looked, result.blind) == (1, 1)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert found.next_check_at is not None
    assert found.next_check_at > clock.now()


async def test_one_post_that_cannot_be_judged_does_not_stop_the_others(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    first = await watching.register(caller, LINK)
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d")
    second = await watching.register(caller, LINK.replace("1abc2d", "2abc2d"))
    clock.advance(MINUTE * 10)
    world.posts[NAME] = sighting(NAME, score="many")
    result = await watching.sweep("w")
    assert result.looked == 1
    assert await state(store, caller, second) is State.LIVE
    assert await state(store, caller, first) is State.UNVERIFIED
    assert "a check failed" in caplog.text
    assert (await watching.sweep("w")).looked == 0, "it is not tried again at once"


async def test_one_post_that_cannot_be_stored_does_not_stop_the_others(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d")
    first = await watching.register(caller, LINK)
    second = await watching.register(caller, LINK.replace("1abc2d", "2abc2d"))
    async with store._database.write() as tx:
        when = f"BEFORE INSERT ON readings WHEN NEW.tracked_post_id = {first.id}"
        await tx.exec_driver_sql(f"CREATE TRIGGER refusing {when} BEGIN SELECT RAISE(ABORT, 'no'); END")
    clock.advance(MINUTE * 20)
    assert (await watching.sweep("w")).looked == 1
    assert len(await store.readings(caller.workspace_id, first.id)) == 1
    assert len(await store.readings(caller.workspace_id, second.id)) == 2
    assert await state(store, caller, second) is State.LIVE


async def test_two_posts_that_go_together_teach_the_same_pattern_once(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for name in ("1abc2d", "2abc2d"):
        world.posts[f"t3_{name}"] = sighting(f"t3_{name}", title="The ultimate tool: sign up now, 50% off")
        await watching.register(caller, LINK.replace("1abc2d", name))
    await pass_time(watching, clock, MINUTE * 20)
    for name in ("1abc2d", "2abc2d"):
        world.posts[f"t3_{name}"] = removed(f"t3_{name}")
    await pass_time(watching, clock, timedelta(hours=5), MINUTE * 5)
    assert (await told(store, caller)).count(AlertKind.POST_REMOVED) == 2
    learned = [pattern.body for pattern in await store.patterns(caller.workspace_id, "harbor")]
    assert learned, "nothing was learned"
    assert len(learned) == len(set(learned))


async def test_a_public_page_is_looked_at_when_something_begins_to_look_wrong(
    store: Store, clock: FixedClock, world: World, caller: Caller
) -> None:
    public = PublicWorld()
    watching = Watching(store, clock, world, public)
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 10)
    assert public.looked == []
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, MINUTE * 30)
    assert set(public.looked) == {post.permalink}
    assert len(public.looked) == 2, "once for the first sign, once for the confirmation, and no more"
    views = {r.view for r in await store.readings(caller.workspace_id, post.id)}
    assert View.ANONYMOUS in views


@pytest.mark.parametrize("public", [PublicWorld(wait_s=9.0), PublicWorld(hangs=True)], ids=["busy", "hangs"])
async def test_a_public_page_that_keeps_one_waiting_does_not_hold_up_the_alert(
    store: Store, clock: FixedClock, world: World, caller: Caller, public: PublicWorld
) -> None:
    watching = Watching(store, clock, world, public)
    post = await watching.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "moderator")
    async with asyncio.timeout(PATIENCE_S):
        await pass_time(watching, clock, MINUTE * 10, MINUTE * 5)
    assert await told(store, caller) == [AlertKind.POST_REMOVED]
    anonymous = [r for r in await store.readings(caller.workspace_id, post.id) if r.view is View.ANONYMOUS]
    assert all(r.problem == "The page did not answer in time." for r in anonymous)
    assert bool(anonymous) is public.hangs


# ---------------------------------------------------------------- blindness


async def test_a_key_revoked_for_a_day_changes_no_state_and_makes_one_alert_and_one_good_news(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts = [await watching.register(caller, LINK)]
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d")
    posts.append(await watching.register(caller, LINK.replace("1abc2d", "2abc2d")))
    await pass_time(watching, clock, MINUTE * 15)
    world.trouble = revoked()
    await pass_time(watching, clock, timedelta(days=1), MINUTE * 15)
    assert [await state(store, caller, post) for post in posts] == [State.LIVE, State.LIVE]
    assert await told(store, caller) == [AlertKind.POST_LIVE, AlertKind.POST_LIVE, AlertKind.CANNOT_SEE]
    blind = (await alerts(store, caller))[-1].facts
    assert (blind["restored"], blind["posts"], blind["problem"]) == (False, 2, "Reddit no longer accepts the key.")
    world.trouble = None
    await pass_time(watching, clock, timedelta(hours=3), MINUTE * 5)
    assert (await told(store, caller))[3:] == [AlertKind.CANNOT_SEE]
    assert (await alerts(store, caller))[-1].facts["restored"] is True
    world.trouble = revoked()
    await pass_time(watching, clock, timedelta(hours=12), MINUTE * 15)
    assert (await told(store, caller))[4:] == [AlertKind.CANNOT_SEE], "a second blindness is told again"


async def test_a_second_blindness_is_told_however_many_alerts_came_between(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watching.register(caller, LINK)
    for number in range(2):
        world.trouble = revoked()
        await pass_time(watching, clock, timedelta(hours=12), MINUTE * 15)
        world.trouble = None
        await pass_time(watching, clock, timedelta(hours=3), MINUTE * 5)
        for other in range(250):
            await store.owe_alert(caller, NewAlert(AlertKind.TEST, f"test {number} {other}", {}), clock.now())
    blind = await store.alerts(caller.workspace_id, 10, kind=AlertKind.CANNOT_SEE)
    assert [alert.facts["restored"] for alert in blind] == [True, False, True, False]


async def test_a_short_trouble_is_nobodys_business(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watching.register(caller, LINK)
    world.trouble = RemoteError("Reddit is busy.", remote="reddit", retry_after_s=30)
    await pass_time(watching, clock, timedelta(minutes=100))
    world.trouble = None
    await pass_time(watching, clock, timedelta(hours=3), MINUTE * 5)
    assert await told(store, caller) == [AlertKind.POST_LIVE]


async def test_while_blind_the_looks_grow_rarer(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    world.trouble = revoked()
    await pass_time(watching, clock, timedelta(hours=24), MINUTE * 15)
    blind = [r for r in await store.readings(caller.workspace_id, post.id) if r.outcome is Outcome.CANNOT_TELL]
    assert 15 < len(blind) < 32


# ---------------------------------------------------------------- without a view; a person's own look


async def test_without_credentials_states_stay_unverified_and_a_persons_look_is_kept(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    watching = Watching(store, clock, None)
    assert not watching.can_look
    post = await watching.register(caller, LINK)
    assert (post.state, post.basis) == (State.UNVERIFIED, Basis.PERSON)
    await pass_time(watching, clock, timedelta(hours=3), MINUTE * 5)
    for visible in (True, False, False, False):
        clock.advance(MINUTE * 10)
        post = await watching.person_look(caller, post.id, visible)
    assert post.state is State.UNVERIFIED
    assert [r.view for r in await store.readings(caller.workspace_id, post.id)] == [View.PERSON] * 4
    assert await told(store, caller) == []
    with pytest.raises(NotAllowedNow, match="No source"):
        await watching.check_now(caller, post.id)


async def test_a_person_who_sees_something_else_makes_the_post_due(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 70)
    unseen = await watching.person_look(caller, post.id, False)
    assert unseen.state is State.LIVE
    assert unseen.next_check_at == clock.now()


async def test_checking_now_looks_at_once(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    clock.advance(MINUTE * 4)
    assert (await watching.check_now(caller, post.id)).state is State.LIVE
    with pytest.raises(NotFound):
        await watching.check_now(replace(caller, workspace_id="discord:1"), post.id)
    with pytest.raises(NotFound):
        await watching.person_look(replace(caller, workspace_id="discord:1"), post.id, True)


async def test_a_persons_look_waits_for_a_sweep_and_never_overwrites_what_it_found(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await store.lease_due_posts(clock.now(), worker="a sweep", lease=LEASE, limit=1, only=post.id)
    with pytest.raises(NotAllowedNow, match="right now"):
        await watching.person_look(caller, post.id, False)


async def test_a_wrong_alarm_takes_the_pattern_back_and_looks_again(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    post = await watching.register(caller, LINK, draft=draft_id)
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, MINUTE * 20)
    assert len(await store.patterns(caller.workspace_id, "harbor")) == 1
    world.posts[NAME] = sighting(NAME)
    wrong = await watching.wrong_alarm(caller, post.id)
    assert [pattern.tracked_post_id for pattern in wrong.undone] == [post.id]
    assert await store.patterns(caller.workspace_id, "harbor") == []
    assert wrong.post.state is State.REMOVED, "one look takes no verdict back"
    await pass_time(watching, clock, MINUTE * 10)
    assert await state(store, caller, post) is State.LIVE


async def test_a_removal_that_is_reversed_teaches_the_next_draft_nothing(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, body="I wrote it down: https://example.com/story")
    post = await watching.register(caller, LINK, draft=draft_id)

    async def avoided() -> list[str]:
        return [p.category for p in await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")]

    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, MINUTE * 20)
    assert await avoided() == ["link"]
    world.posts[NAME] = sighting(NAME)
    await pass_time(watching, clock, timedelta(hours=5), MINUTE * 5)
    assert await state(store, caller, post) is State.LIVE
    assert await avoided() == []
    clock.advance(timedelta(days=7))
    await watching.run_audits("w")
    assert (await alerts(store, caller))[-1].facts["patterns"] == []
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, timedelta(hours=30), MINUTE * 30)
    assert await state(store, caller, post) is State.REMOVED
    assert await avoided() == ["link"], "removed for good, it counts again"


async def test_a_reason_that_moderators_stated_holds_although_they_let_the_post_back(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, MINUTE * 20)
    await Reasons(store, clock).give(caller, post.id, "1", None)
    world.posts[NAME] = sighting(NAME)
    await pass_time(watching, clock, timedelta(hours=5), MINUTE * 5)
    assert await state(store, caller, post) is State.LIVE
    (kept,) = await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")
    assert kept.source == "stated"


async def test_a_stopped_post_is_left_alone(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await store.stop_watching(caller, post.id, clock.now())
    world.asked.clear()
    await pass_time(watching, clock, timedelta(hours=2), MINUTE * 5)
    assert world.asked == []


# ---------------------------------------------------------------- being killed, restarted, and set back


async def test_a_restart_in_the_middle_goes_on_where_the_rows_stand(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    world.posts[NAME] = removed(NAME, "moderator")
    clock.advance(MINUTE * 6)
    await watching.sweep("w1")
    assert await state(store, caller, post) is State.UNVERIFIED
    clock.advance(MINUTE * 4)
    await Watching(store, clock, world).sweep("w2")
    assert await state(store, caller, post) is State.REMOVED


async def test_a_sweep_killed_after_leasing_is_taken_over_when_the_lease_ends(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    clock.advance(MINUTE * 10)
    dead = await store.lease_due_posts(clock.now(), worker="dead", lease=LEASE, limit=10)
    assert [item.post.id for item in dead] == [post.id]
    assert (await watching.sweep("w")).looked == 0
    clock.advance(LEASE)
    assert (await watching.sweep("w")).looked == 1
    assert await state(store, caller, post) is State.LIVE
    assert await told(store, caller) == [AlertKind.POST_LIVE]


async def test_a_sweep_that_finishes_after_losing_its_lease_doubles_nothing(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    slow = SlowWorld(clock, {NAME: sighting(NAME)})
    first, second = Watching(store, clock, slow), Watching(store, clock, World(clock, slow.posts))
    post = await second.register(caller, LINK)
    clock.advance(MINUTE * 10)
    late = asyncio.create_task(first.sweep("w1"))
    await slow.reached.wait()
    clock.advance(LEASE)
    await second.sweep("w2")
    slow.go_on.set()
    await late
    assert await told(store, caller) == [AlertKind.POST_LIVE]
    assert len(await store.readings(caller.workspace_id, post.id)) == 2


async def test_a_cancelled_sweep_gives_back_what_it_holds(store: Store, clock: FixedClock, caller: Caller) -> None:
    slow = SlowWorld(clock, {NAME: sighting(NAME)})
    await Watching(store, clock, World(clock, slow.posts)).register(caller, LINK)
    clock.advance(MINUTE * 10)
    sweep = asyncio.create_task(Watching(store, clock, slow).sweep("w1"))
    await slow.reached.wait()
    sweep.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sweep
    assert len(await store.lease_due_posts(clock.now(), worker="w2", lease=LEASE, limit=10)) == 1


async def test_two_sweeps_at_once_look_at_each_post_once(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    for number in range(8):
        world.posts[f"t3_{number}abc2d"] = sighting(f"t3_{number}abc2d")
        await watching.register(caller, LINK.replace("1abc2d", f"{number}abc2d"))
    clock.advance(MINUTE * 10)
    results = await asyncio.gather(watching.sweep("w"), watching.sweep("w"), watching.sweep("w"))
    assert sum(result.looked for result in results) == 8


async def test_a_clock_that_jumps_ahead_or_back_loses_nothing(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 10)
    clock.advance(timedelta(days=2))
    await watching.sweep("w")
    clock.advance(timedelta(days=-2))
    world.posts[NAME] = removed(NAME, "moderator")
    await pass_time(watching, clock, timedelta(days=3), MINUTE * 30)
    assert await state(store, caller, post) is State.REMOVED
    assert await told(store, caller) == [AlertKind.POST_LIVE, AlertKind.POST_REMOVED]


async def test_a_removal_is_seen_although_an_earlier_look_bears_a_later_time(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    clock.advance(timedelta(days=2))  # the clock was ahead, and somebody noticed
    await watching.sweep("w")
    clock.advance(timedelta(days=-2))
    await watching.check_now(caller, post.id)
    world.posts[NAME] = removed(NAME, "moderator")
    for _ in range(3):
        clock.advance(MINUTE * 4)
        await watching.check_now(caller, post.id)
    assert await state(store, caller, post) is State.REMOVED


async def test_the_same_database_opened_anew_keeps_everything(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller, database_url: str
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 10)
    database = await open_database(database_url, exclusive=False)
    try:
        found = await Store(database).tracked_post(caller.workspace_id, post.id)
    finally:
        await database.close()
    assert found.state is State.LIVE


# ---------------------------------------------------------------- the audit


async def test_after_seven_days_a_post_is_audited_once(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, timedelta(days=7), timedelta(hours=6))
    assert await watching.run_audits("w") == 1
    assert await watching.run_audits("w") == 0
    audited = await store.tracked_post(caller.workspace_id, post.id)
    assert audited.audit_outcome is AuditOutcome.SUCCESS
    assert (await told(store, caller)) == [AlertKind.POST_LIVE, AlertKind.AUDIT]


async def test_after_fourteen_days_the_watching_ends(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, timedelta(days=15), timedelta(hours=6))
    assert (await store.tracked_post(caller.workspace_id, post.id)).next_check_at is None


async def test_a_deleted_posts_title_is_not_taken_from_the_tombstone(
    watching: Watching, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts[NAME] = deleted(NAME)
    post = await watching.register(caller, LINK)
    await pass_time(watching, clock, MINUTE * 10)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.state, found.title, found.body_sha256) == (State.DELETED, None, None)


class SlowWorld(World):
    """Its answers wait until the test lets them go on."""

    def __init__(self, clock: FixedClock, posts: dict[str, object]) -> None:
        super().__init__(clock, posts)  # type: ignore[arg-type]
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def look_up(self, fullnames: Sequence[str]):  # type: ignore[no-untyped-def]
        self.reached.set()
        await self.go_on.wait()
        return await World.look_up(self, fullnames)


async def approved_draft(
    store: Store, clock: FixedClock, caller: Caller, *, community: str = "harbor", body: str = "We opened the shop."
) -> int:
    campaign = await store.create_campaign(
        caller,
        name="Paperboat",
        product="A small invoicing tool for freelancers.",
        url="https://paperboat.example",
        keywords=["invoices", "freelancers", "late payment", "bookkeeping", "cash flow"],
        communities=[community],
        now=clock.now(),
    )
    revision = NewRevision(RevisionOrigin.PERSON, "How our first month went", body, (), "alice")
    draft = await store.create_draft(caller, campaign.id, community, revision, clock.now())
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now())
    return draft.id

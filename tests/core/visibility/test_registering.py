"""Registering: from a pasted link to a watched post, with a simulated Reddit and a real store on a real file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.drafting.drafts import DraftStatus
from core.errors import AlreadyExists, BadArgument, NotAllowedNow, RemoteError
from core.model import AlertKind, Basis, Caller, Outcome, State, TrackedPost, View
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, MINUTE, NAME, alerts, approved_draft, pass_time, state, told
from tests.core.visibility.world import (
    World,
    revoked,
    sighting,
)
from tests.watch import Watch


async def test_registering_looks_at_once_and_a_second_look_confirms(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    assert (post.state, post.fullname, post.community) == (State.UNVERIFIED, NAME, "harbor")
    assert (post.author, post.title) == ("alice_writes", "How our first month went")
    assert post.body_sha256
    assert post.rules_snapshot_id
    assert len(await store.readings(caller.workspace_id, post.id)) == 1
    await pass_time(watch, clock, MINUTE * 6)
    assert await state(store, caller, post) is State.LIVE
    assert await told(store, caller) == [AlertKind.POST_LIVE]
    assert (await alerts(store, caller))[0].facts["rules"] == ["No self-promotion"]


async def test_a_post_of_another_reddit_is_never_judged_by_what_this_view_does_not_find(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    # The sample Reddit knows its own communities only: a real post must not look gone because it is not in there.
    world.elsewhere = frozenset({"harbor"})
    world.posts.clear()
    post = await watch.registering.register(caller, LINK)
    assert (post.basis, post.rules_snapshot_id) == (Basis.PERSON, None)
    await pass_time(watch, clock, timedelta(hours=30), step=timedelta(minutes=30))
    assert await state(store, caller, post) is State.UNVERIFIED
    assert await told(store, caller) == []
    assert world.asked == []
    with pytest.raises(NotAllowedNow, match="Open the post yourself"):
        await watch.sweeping.check_now(caller, post.id)
    await watch.concluding.person_look(caller, post.id, True)
    assert [r.view for r in await store.readings(caller.workspace_id, post.id)] == [View.PERSON]


async def test_a_stopped_post_gets_no_audit(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch.registering.register(caller, LINK)
    await store.stop_watching(caller, post.id, clock.now())
    clock.advance(timedelta(days=8))
    assert await watch.sweeping.audit("w") == 0
    assert await told(store, caller) == []


async def test_a_post_that_is_not_there_yet_is_normal(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts.clear()
    post = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 14)
    assert await state(store, caller, post) is State.UNVERIFIED
    assert await told(store, caller) == []
    world.posts[NAME] = sighting(NAME)
    await pass_time(watch, clock, MINUTE * 60)
    found = await store.tracked_post(caller.workspace_id, post.id)
    assert (found.state, found.author) == (State.LIVE, "alice_writes")


async def test_registering_twice_says_who_did_it_and_costs_no_second_request(
    watch: Watch, world: World, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    asked = len(world.asked)
    with pytest.raises(AlreadyExists, match="alice registered this post"):
        await watch.registering.register(replace(caller, member_id="bob", name="bob"), "https://redd.it/1abc2d")
    assert len(world.asked) == asked


async def test_of_two_who_register_at_once_one_is_told_who_was_first(
    watch: Watch, store: Store, caller: Caller
) -> None:
    bob = replace(caller, member_id="bob", name="bob")
    both = await asyncio.gather(
        watch.registering.register(caller, LINK),
        watch.registering.register(bob, "https://redd.it/1abc2d"),
        return_exceptions=True,
    )
    (post,) = [found for found in both if isinstance(found, TrackedPost)]
    (refused,) = [found for found in both if isinstance(found, AlreadyExists)]
    assert refused.what.startswith(f"{post.registered_by} registered this post on ")
    assert [p.id for p in await store.tracked_posts(caller.workspace_id)] == [post.id]


async def test_another_workspace_registers_the_same_post_and_hears_nothing_of_the_first(
    watch: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await watch.registering.register(caller, LINK)
    other = replace(caller, workspace_id="discord:1", member_id="eve", name="eve")
    await store.ensure_workspace(other.workspace_id, "discord", "Elsewhere", clock.now())
    theirs = await watch.registering.register(other, LINK)
    assert (theirs.workspace_id, theirs.registered_by) == ("discord:1", "eve")
    with pytest.raises(AlreadyExists, match="eve registered this post"):
        await watch.registering.register(other, LINK)


async def test_a_draft_and_its_campaign_go_with_the_post(
    watch: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller)
    post = await watch.registering.register(caller, LINK, draft=draft_id)
    assert post.draft_id == draft_id
    assert post.campaign_id is not None
    assert (await store.draft(caller.workspace_id, draft_id)).status is DraftStatus.POSTED


async def test_a_draft_for_another_community_is_refused(
    watch: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, community="elsewhere")
    with pytest.raises(BadArgument, match="is for r/elsewhere"):
        await watch.registering.register(caller, LINK, draft=draft_id)
    assert not await store.tracked_posts(caller.workspace_id)


async def test_a_share_link_is_resolved_before_it_is_watched(
    store: Store, clock: FixedClock, world: World, caller: Caller
) -> None:
    async def resolve(path: str) -> str | None:
        return "/r/harbor/comments/1abc2d/how_it_went/" if path == "/r/harbor/s/AbCd1234" else None

    watch = Watch(store, clock, world, None, resolve)
    post = await watch.registering.register(caller, "https://www.reddit.com/r/harbor/s/AbCd1234?x=1")
    assert post.permalink == "https://www.reddit.com/r/harbor/comments/1abc2d/"
    with pytest.raises(BadArgument, match="long address"):
        await watch.registering.register(caller, "https://www.reddit.com/r/harbor/s/Other999")


@pytest.mark.parametrize("resolver", [None, "refused", "to a share link"])
async def test_a_share_link_that_cannot_be_resolved_asks_for_the_long_one(
    store: Store, clock: FixedClock, world: World, caller: Caller, resolver: str | None
) -> None:
    async def resolve(path: str) -> str | None:
        if resolver == "refused":
            raise RemoteError("Reddit did not answer.", remote="web")
        return path

    watch = Watch(store, clock, world, None, resolve if resolver else None)
    with pytest.raises(BadArgument, match="long address"):
        await watch.registering.register(caller, "https://www.reddit.com/r/harbor/s/AbCd1234")


async def test_a_short_link_learns_its_community_from_reddit(watch: Watch, world: World, caller: Caller) -> None:
    assert (await watch.registering.register(caller, "https://redd.it/1abc2d")).community == "harbor"
    with pytest.raises(BadArgument, match="does not say which community"):
        await watch.registering.register(caller, "https://redd.it/zzzz9")


async def test_registering_works_while_reddit_cannot_be_seen(
    watch: Watch, world: World, store: Store, caller: Caller
) -> None:
    world.trouble = revoked()
    post = await watch.registering.register(caller, LINK)
    (reading,) = await store.readings(caller.workspace_id, post.id)
    assert (reading.outcome, reading.problem) == (Outcome.CANNOT_TELL, "Reddit no longer accepts the key.")
    assert post.state is State.UNVERIFIED


async def test_a_comment_can_be_watched(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    world.posts["t1_kx12ab"] = sighting("t1_kx12ab")
    post = await watch.registering.register(caller, LINK + "kx12ab/")
    await pass_time(watch, clock, MINUTE * 6)
    assert await state(store, caller, post) is State.LIVE
    world.posts["t1_kx12ab"] = sighting("t1_kx12ab", body="[removed]", author=None)
    await pass_time(watch, clock, MINUTE * 40)
    assert await state(store, caller, post) is State.REMOVED

"""Registering: from a pasted link to a watched post, with a simulated Reddit and a real store on a real file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.communities import Rule
from core.drafting.drafts import DraftStatus
from core.errors import Advice, AlreadyExists, BadArgument, Do, NotAllowedNow, RemoteError
from core.model import AlertKind, Basis, Caller, Outcome, State, TrackedPost, View
from core.visibility.registering import SNOOZE_AT_MOST
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.invented import keep_profile, kept
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
    assert await told(store, caller) == [AlertKind.LOOK_WANTED]
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


async def test_a_post_keeps_the_title_that_reddit_shows_and_not_the_one_of_its_draft(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller)
    draft = await store.draft(caller.workspace_id, draft_id)
    world.posts[NAME] = sighting(NAME, title="How our second month went")
    post = await watch.registering.register(caller, LINK, draft=draft_id)
    assert post.title == "How our second month went"
    del world.posts["t3_1abc2d"]
    later = await watch.registering.register(caller, LINK.replace("1abc2d", "1abc2e"), campaign=str(draft.campaign_id))
    assert (later.title, later.campaign_id) == (None, draft.campaign_id)


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


async def test_posts_that_are_registered_together_have_their_communitys_rules_read_once(
    watch: Watch, world: World, clock: FixedClock, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    async def rules(_world: World, community: str) -> tuple[Rule, ...]:
        read.append(community)
        return ()

    monkeypatch.setattr(World, "rules", rules)
    for number, (waits, times) in enumerate(((0, 1), (9, 1), (1, 2))):
        clock.advance(MINUTE * waits)
        name = f"t3_1abc3{number}"
        world.posts[name] = sighting(name, created_at=clock.now())
        await watch.registering.register(caller, LINK.replace("1abc2d", f"1abc3{number}"))
        assert len(read) == times, f"after {waits} more minutes"


async def test_a_registered_post_is_tied_to_the_rules_and_norms_of_its_community_as_they_are_now(
    watch: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    posts = [kept(n) for n in range(12)]
    await keep_profile(store, caller, clock.now(), posts, "elsewhere")
    norms = await keep_profile(store, caller, clock.now(), posts, "harbor")
    now = clock.advance(MINUTE * 90)
    post = await watch.registering.register(caller, LINK)
    rules = await store.latest_rules(caller.workspace_id, "harbor")
    assert rules is not None
    assert (post.rules_snapshot_id, post.profile_id) == (rules.id, norms.id)
    assert (post.registered_by, post.registered_at, post.posted_at) == ("alice", now, now - MINUTE * 90)
    assert (post.basis, post.campaign_id, post.draft_id) == (Basis.REDDIT_API, None, None)
    assert (post.permalink, post.title) == (
        "https://www.reddit.com/r/harbor/comments/1abc2d/",
        "How our first month went",
    )


async def test_a_link_that_cannot_be_watched_says_which_one_to_paste(
    store: Store, clock: FixedClock, world: World, caller: Caller
) -> None:
    async def resolve(path: str) -> str | None:
        return path if path.endswith("Again99") else None

    watch = Watch(store, clock, world, None, resolve)
    refusals = {}
    for link in ("redd.it/zzzz9", "www.reddit.com/r/harbor/s/Other99", "www.reddit.com/r/harbor/s/Again99"):
        with pytest.raises(BadArgument) as refused:
            await watch.registering.register(caller, f"https://{link}")
        refusals[link[-7:]] = (refused.value.what, refused.value.do, refused.value.param)
    share = "Open it in a browser and paste the long address it leads to."
    assert refusals == {
        "t/zzzz9": (
            "That link does not say which community the post is in, and Reddit did not say either.",
            "Paste the long address, such as https://www.reddit.com/r/name/comments/1abc2d/title/",
            "link",
        ),
        "Other99": ("Reddit does not say where that share link leads.", share, "link"),
        "Again99": ("That share link leads nowhere.", share, "link"),
    }


async def test_what_hinders_registering_and_snoozing_says_what_to_do_about_it(
    watch: Watch, store: Store, clock: FixedClock, caller: Caller
) -> None:
    draft_id = await approved_draft(store, clock, caller, community="elsewhere")
    with pytest.raises(BadArgument) as of_draft:
        await watch.registering.register(caller, LINK, draft=draft_id)
    assert (of_draft.value.what, of_draft.value.do, of_draft.value.param) == (
        f"That post is in r/harbor; draft {draft_id} is for r/elsewhere.",
        "Register it without the draft, or with the right one.",
        "draft",
    )
    post = await watch.registering.register(caller, LINK)
    with pytest.raises(AlreadyExists) as again:
        await watch.registering.register(caller, LINK)
    assert again.value.do == "See it."
    assert isinstance(again.value.do, Advice)
    assert (again.value.do.act, again.value.do.about) == (Do.SHOW_POST, post.id)
    with pytest.raises(BadArgument) as too_long:
        await watch.registering.snooze(caller, post.id, SNOOZE_AT_MOST + timedelta(seconds=1))
    assert (too_long.value.what, too_long.value.param) == (
        f"A post can be snoozed for {SNOOZE_AT_MOST.days} days at most.",
        "span",
    )
    assert isinstance(too_long.value.do, Advice)
    assert (too_long.value.do.act, too_long.value.do.about) == (Do.STOP_POST, post.id)
    longest = await watch.registering.snooze(caller, post.id, SNOOZE_AT_MOST)
    assert longest.snoozed_until == clock.now() + SNOOZE_AT_MOST


async def test_a_stopped_post_that_is_registered_again_goes_on_as_the_post_it_was(
    watch: Watch, world: World, store: Store, clock: FixedClock, caller: Caller
) -> None:
    first = await watch.registering.register(caller, LINK)
    other = await watch.registering.register(caller, LINK.replace("1abc2d", "2abc2d"))
    stopped = await watch.registering.stop(caller, first.id)
    assert (stopped.next_check_at, stopped.stopped_at) == (None, clock.now())
    now = clock.advance(timedelta(days=1))
    world.asked.clear()
    again = await watch.registering.register(caller, LINK)
    assert (again.id, again.registered_at, again.stopped_at) == (first.id, first.registered_at, None)
    assert again.next_check_at is not None
    assert again.next_check_at > now
    assert again.audit_due_at == first.audit_due_at
    assert [NAME in asked for asked in world.asked] == [True], "it is looked at once"
    assert (await store.tracked_post(caller.workspace_id, other.id)).stopped_at is None

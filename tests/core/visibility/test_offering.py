"""Posts of linked accounts that nobody registered are offered once, and nothing is registered by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.alerts import Alert, AlertRecord, Severity, severity
from core.campaigns import CampaignStatus
from core.errors import AlreadyDecided, AlreadyExists, NotAllowedNow, NotFound, OverBudget, RemoteError
from core.model import AlertKind, Caller, Role
from core.ports import Allowance, Sighting
from core.routes import About, NewRoute
from core.visibility.offering import EVERY, LEASE, NEWER_THAN, Offers
from core.visibility.offers import KEPT_FOR
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME, approved_draft
from tests.core.visibility.world import World, deleted, removed, revoked, sighting
from tests.storage import world as stored
from tests.watch import Watch

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ADA = "Ada_Writes"


def posted(world: World, number: int, *, ago: timedelta = HOUR, community: str = "harbor", **more: Any) -> str:
    """A post that Ada made by hand; its fullname."""
    name = f"t3_{number}made"
    made = sighting(
        name, author=ADA, community=community, title=f"Story {number}", created_at=world.clock.now() - ago, **more
    )
    world.lists.setdefault(ADA.lower(), []).append(made)
    world.posts[name] = made
    return name


@pytest.fixture
async def linked(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.link_account(caller, ADA, clock.now())


async def offered(store: Store, caller: Caller) -> list[str]:
    return [offer.fullname for offer in await store.open_offers(caller.workspace_id)]


async def messages(store: Store, workspace_id: str) -> list[Alert]:
    found = await store.alerts(workspace_id, None, kind=AlertKind.POST_OFFERED)
    return sorted(found, key=lambda alert: alert.id)


async def read_again(offers: Offers, clock: FixedClock, after: timedelta = EVERY) -> None:
    clock.advance(after)
    await offers.tend()


async def test_a_post_made_by_hand_and_never_registered_is_offered_and_one_click_watches_it(
    watch: Watch, world: World, store: Store, caller: Caller, linked: None
) -> None:
    name = posted(world, 1)
    assert await watch.offers.tend() == 1
    assert world.asked_lists == [ADA]
    assert await store.tracked_posts(caller.workspace_id) == [], "nothing is registered by itself"
    [offer] = await store.open_offers(caller.workspace_id)
    assert (offer.fullname, offer.title, offer.community, offer.author) == (name, "Story 1", "harbor", ADA)
    assert offer.permalink == "https://www.reddit.com/r/harbor/comments/1made/"
    [told] = await messages(store, caller.workspace_id)
    assert (told.facts["offers"], told.facts["author"], told.facts["registered_by"]) == ([name], ADA, "alice")
    assert "Story" not in str(told.facts), "the title is read when the message is shown, so that it can be forgotten"
    assert severity(told.kind, told.facts) is Severity.LOOK

    post = await watch.offers.watch(caller, offer.id)
    assert (post.fullname, post.registered_by, post.posted_at) == (name, "alice", offer.posted_at)
    now = await store.offer(caller.workspace_id, offer.id)
    assert (now.post_id, now.registered_by, now.is_open) == (post.id, "alice", False)
    with pytest.raises(AlreadyExists, match="alice registered this post"):
        await watch.offers.watch(caller, offer.id)
    with pytest.raises(AlreadyDecided, match="alice registered it on"):
        await watch.offers.refuse(caller, offer.id)


async def test_posts_outside_of_campaigns_are_listed_for_their_owner_alone(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    name, bob = posted(world, 1), stored.somebody_else(caller, "bob")
    await watch.offers.tend()
    assert [offer.fullname for offer in await watch.offers.open_to(caller)] == [name]
    assert await watch.offers.open_to(bob) == []
    await stored.make_campaign(store, caller, clock.now(), communities=["harbor"])
    assert [offer.fullname for offer in await watch.offers.open_to(bob)] == [name]


async def test_what_is_not_ours_is_remembered_and_never_offered_again(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    posted(world, 1)
    await watch.offers.tend()
    [offer] = await store.open_offers(caller.workspace_id)
    refused = await watch.offers.refuse(stored.somebody_else(caller, "bob"), offer.id)
    assert (refused.refused_by, refused.refused_at, refused.title) == ("bob", clock.now(), None)
    with pytest.raises(AlreadyDecided, match="bob said on"):
        await watch.offers.refuse(caller, offer.id)
    for _ in range(3):
        await read_again(watch.offers, clock)
    assert len(world.asked_lists) == 4
    assert await offered(store, caller) == []
    assert len(await messages(store, caller.workspace_id)) == 1
    [said, *_] = await store.journal(caller.workspace_id)
    assert (said.kind.value, said.subject, said.name) == ("post.not_ours", f"offer {offer.id}", "bob")


async def test_an_undecided_post_is_told_once_however_often_the_list_is_read(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    posted(world, 1)
    for _ in range(5):
        await read_again(watch.offers, clock)
    assert len(await offered(store, caller)) == 1
    assert len(await messages(store, caller.workspace_id)) == 1


@pytest.mark.parametrize(
    ("ago", "is_offered"), [(NEWER_THAN, True), (NEWER_THAN + MINUTE, False), (timedelta(), True), (9 * DAY, False)]
)
async def test_only_new_posts_are_offered(
    watch: Watch, world: World, store: Store, caller: Caller, linked: None, ago: timedelta, is_offered: bool
) -> None:
    posted(world, 1, ago=ago)
    await watch.offers.tend()
    assert bool(await offered(store, caller)) is is_offered


async def test_with_campaigns_only_posts_in_their_communities_are_offered(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    gone = await stored.make_campaign(store, caller, clock.now(), name="Gone", communities=["knitting"])
    await store.set_campaign_status(caller, gone.id, CampaignStatus.DELETED, clock.now())
    await stored.make_campaign(store, caller, clock.now(), name="Ours", communities=["harbor", "pottery"])
    here = [posted(world, 1), posted(world, 2, community="pottery")]
    posted(world, 3, community="private_life"), posted(world, 4, community="knitting")
    await watch.offers.tend()
    assert set(await offered(store, caller)) == set(here)


async def test_without_a_campaign_posts_in_all_communities_are_offered(
    watch: Watch, world: World, store: Store, caller: Caller, linked: None
) -> None:
    here = {posted(world, 1), posted(world, 2, community="pottery"), posted(world, 3, community="u_ada_writes")}
    await watch.offers.tend()
    assert set(await offered(store, caller)) == here


async def test_a_registered_post_is_not_offered_and_neither_is_one_that_was_stopped(
    watch: Watch, world: World, store: Store, caller: Caller, linked: None
) -> None:
    world.posts[NAME] = replace(world.posts[NAME], author=ADA)
    world.lists[ADA.lower()] = [world.posts[NAME]]
    post = await watch.registering.register(caller, LINK)
    await watch.offers.tend()
    assert await offered(store, caller) == []
    await watch.registering.stop(caller, post.id)
    await watch.offers.tend()
    assert await offered(store, caller) == []


def strange(**changes: Any) -> Sighting:
    return sighting("t3_odd", **{"author": ADA, **changes})


@pytest.mark.parametrize(
    ("post", "is_offered"),
    [
        (strange(author="somebody_else"), False),
        (strange(author=ADA.upper()), True),
        (strange(problem="What Reddit said about this one post could not be read."), False),
        (strange(created_at=None), False),
        (strange(community=""), False),
        (replace(deleted("t3_odd"), author=ADA), False),
        (strange(body="[deleted]"), False),
        (replace(removed("t3_odd"), author=ADA), True),
        (replace(sighting("t1_odd"), author=ADA), False),
    ],
)
async def test_the_list_is_read_with_suspicion(
    watch: Watch, world: World, store: Store, caller: Caller, linked: None, post: Sighting, is_offered: bool
) -> None:
    world.lists[ADA.lower()] = [post]
    await watch.offers.tend()
    assert (await offered(store, caller) == ["t3_odd"]) is is_offered


async def test_several_posts_share_one_message_while_one_of_them_waits(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    first, second = posted(world, 1), posted(world, 2, ago=MINUTE)
    await watch.offers.tend()
    posted(world, 3, ago=timedelta())
    await read_again(watch.offers, clock)
    one, two = await messages(store, caller.workspace_id)
    assert (one.facts["offers"], two.facts["offers"]) == ([second, first], ["t3_3made"])
    assert two.told_with == one.id
    told = await store.alert_record(caller.workspace_id, one.id)
    assert [offer.fullname for offer in told.offers] == [second, first, "t3_3made"]

    assert [post.fullname for post in await watch.offers.watch_all(caller, one.id)] == [second, first, "t3_3made"]
    posted(world, 4, ago=timedelta())
    await read_again(watch.offers, clock)
    *_, last = await messages(store, caller.workspace_id)
    assert last.told_with is None, "all of the old message are decided, and its edit would wake nobody"
    assert [offer.fullname for offer in (await _record(store, caller, last)).offers] == ["t3_4made"]


async def _record(store: Store, caller: Caller, alert: Alert) -> AlertRecord:
    return await store.alert_record(caller.workspace_id, alert.id)


async def test_one_press_refuses_all_that_wait_on_a_message(
    watch: Watch, world: World, store: Store, caller: Caller, linked: None
) -> None:
    posted(world, 1), posted(world, 2)
    await watch.offers.tend()
    [told] = await messages(store, caller.workspace_id)
    [first, _] = await store.open_offers(caller.workspace_id)
    await watch.offers.watch(caller, first.id)
    assert len(await watch.offers.refuse_all(caller, told.id)) == 1
    assert [offer.is_open for offer in (await _record(store, caller, told)).offers] == [False, False]
    assert await watch.offers.refuse_all(caller, told.id) == []


async def test_when_the_plan_is_full_the_posts_before_stay_registered_and_the_first_refusal_is_told(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    posted(world, 1), posted(world, 2), posted(world, 3)
    await watch.offers.tend()
    [told] = await messages(store, caller.workspace_id)
    await store.set_plan(caller, clock.now(), max_tracked_posts=1)
    assert len(await watch.offers.watch_all(caller, told.id)) == 1
    with pytest.raises(OverBudget):
        await watch.offers.watch_all(caller, told.id)


async def test_a_post_of_an_approved_draft_is_registered_with_that_draft(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    draft = await approved_draft(store, clock, caller)
    name = posted(world, 1)
    world.lists[ADA.lower()] = [replace(world.posts[name], title="how our FIRST month went")]
    await watch.offers.tend()
    [offer] = await store.open_offers(caller.workspace_id)
    assert (await watch.offers.watch(caller, offer.id)).draft_id == draft


async def test_two_members_who_name_one_account_get_one_offer_which_is_for_who_signed_it_in(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    bob = stored.somebody_else(caller, "bob")
    with pytest.raises(AlreadyExists):
        await store.link_account(bob, ADA.lower(), clock.now())
    await store.sign_in_account(bob, ADA, "sealed", clock.now())
    posted(world, 1)
    assert await watch.offers.tend() == 1
    [told] = await messages(store, caller.workspace_id)
    assert told.facts["registered_by"] == "bob"
    assert len(await offered(store, caller)) == 1


async def test_two_workspaces_that_name_one_account_are_served_by_one_request_and_decide_by_themselves(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    other = replace(caller, workspace_id="terminal:b", name="Bea")
    await store.ensure_workspace(other.workspace_id, "terminal", "B", clock.now())
    await store.link_account(other, ADA.lower(), clock.now())
    posted(world, 1)
    assert await watch.offers.tend() == 2
    assert len(world.asked_lists) == 1
    [ours], [theirs] = [await store.open_offers(c.workspace_id) for c in (caller, other)]
    await watch.offers.refuse(caller, ours.id)
    assert (await store.offer(other.workspace_id, theirs.id)).is_open
    with pytest.raises(NotFound):
        await watch.offers.refuse(caller, theirs.id)


async def test_an_account_that_is_only_known_from_a_registered_post_is_not_listed(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock
) -> None:
    await watch.registering.register(caller, LINK)
    assert await watch.offers.tend() == 0
    await store.link_account(caller, ADA, clock.now())
    assert await watch.offers.tend() == 1
    await store.unlink_account(caller, ADA, clock.now())
    await read_again(watch.offers, clock)
    assert world.asked_lists == [ADA]


async def test_lists_are_read_every_half_hour_one_account_at_a_time_the_longest_waiting_first(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    await store.link_account(caller, "Ben", clock.now())
    assert [await watch.offers.tend() for _ in range(3)] == [1, 1, 0]
    clock.advance(EVERY - MINUTE)
    assert await watch.offers.tend() == 0
    await read_again(watch.offers, clock, MINUTE)
    assert world.asked_lists == [ADA, "Ben", ADA]
    clock.advance(-9 * DAY)  # the clock had been ahead
    assert [await watch.offers.tend() for _ in range(3)] == [1, 1, 0]


async def test_a_killed_programs_list_is_read_when_its_lease_ends(
    watch: Watch, store: Store, clock: FixedClock, linked: None
) -> None:
    now = clock.now()
    assert len(await store.lease_due_lists(now, lease=LEASE, longest=EVERY)) == 1
    assert await watch.offers.tend() == 0
    clock.advance(LEASE)
    assert await watch.offers.tend() == 1


@pytest.mark.parametrize(
    ("at_once", "asked"), [(0, 0), (10, 0), (11, 1)], ids=["spent", "what others need is left", "enough"]
)
async def test_looks_at_posts_and_commands_come_first_when_requests_are_short(
    watch: Watch, world: World, linked: None, at_once: int, asked: int
) -> None:
    world.granted = Allowance(at_once, 6000.0)
    assert await watch.offers.tend() == asked
    assert len(world.asked_lists) == asked


@pytest.mark.parametrize(
    "trouble",
    [
        revoked(),
        RemoteError("Reddit has trouble of its own.", "", remote="reddit"),
        NotFound("Others do not find u/ada.", ""),
        NotAllowedNow("The posts of u/ada cannot be listed.", ""),
        RuntimeError("a defect"),
    ],
    ids=["key", "server", "hidden", "withheld", "defect"],
)
async def test_a_list_that_cannot_be_read_changes_nothing_and_is_tried_again(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None, trouble: Exception
) -> None:
    posted(world, 1)
    await watch.offers.tend()
    world.trouble = trouble
    await read_again(watch.offers, clock)
    assert len(await offered(store, caller)) == 1
    world.trouble = None
    posted(world, 2)
    await read_again(watch.offers, clock)
    assert len(await offered(store, caller)) == 2


async def test_an_offered_post_that_its_author_takes_down_is_withdrawn_with_its_title(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    marked, missing, stays = posted(world, 1, ago=3 * HOUR), posted(world, 2), posted(world, 3, ago=9 * HOUR)
    await watch.offers.tend()
    kept = world.lists[ADA.lower()][2]
    world.lists[ADA.lower()] = [replace(deleted(marked), created_at=clock.now() - 3 * HOUR), kept]
    await read_again(watch.offers, clock)
    assert await offered(store, caller) == [stays]
    [told] = await messages(store, caller.workspace_id)
    by_name = {offer.fullname: offer for offer in (await _record(store, caller, told)).offers}
    for name in (marked, missing):
        assert (by_name[name].title, by_name[name].withdrawn_at) == (None, clock.now())
        assert not by_name[name].is_open


async def test_an_empty_list_and_one_that_does_not_reach_back_say_nothing_about_an_offered_post(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    name = posted(world, 1)
    await watch.offers.tend()
    for others in ([], [sighting("t3_new", author=ADA, community="harbor", created_at=clock.now())]):
        world.lists[ADA.lower()] = list(others)
        await read_again(watch.offers, clock)
        assert name in await offered(store, caller)


async def test_old_offers_are_deleted_and_so_is_what_was_said_of_them(
    watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock, linked: None
) -> None:
    posted(world, 1, ago=timedelta())
    await watch.offers.tend()
    [offer] = await store.open_offers(caller.workspace_id)
    [told] = await messages(store, caller.workspace_id)
    clock.advance(KEPT_FOR)
    await store.purge_expired(clock.now(), DAY)
    assert len(await offered(store, caller)) == 1
    clock.advance(MINUTE)
    await store.purge_expired(clock.now(), DAY)
    assert await offered(store, caller) == []
    with pytest.raises(NotFound, match="offer"):
        await store.offer(caller.workspace_id, offer.id)
    assert (await _record(store, caller, told)).offers == ()


# ------------------------------------------------ who hears of it


async def on_a_chat(store: Store, platform: str, clock: FixedClock) -> Caller:
    caller = Caller(f"{platform}:T1", "U1", "Alice", "test")
    await store.ensure_workspace(caller.workspace_id, platform, "Team", clock.now())
    await store.grant_role(caller, "U1", "Alice", Role.EDITOR, clock.now())
    await store.link_account(caller, ADA, clock.now())
    return caller


@pytest.mark.parametrize(
    ("platform", "has_campaign", "to"),
    [("slack", True, "U1"), ("slack", False, "U1"), ("discord", True, None), ("discord", False, "U1")],
)
async def test_the_owner_hears_of_it_where_one_click_works_and_of_other_posts_alone(
    watch: Watch,
    world: World,
    store: Store,
    clock: FixedClock,
    platform: str,
    has_campaign: bool,
    to: str | None,
) -> None:
    alice = await on_a_chat(store, platform, clock)
    if has_campaign:
        await stored.make_campaign(store, alice, clock.now(), communities=["harbor"])
    posted(world, 1)
    await watch.offers.tend()
    [told] = await messages(store, alice.workspace_id)
    assert (told.to_member, told.facts["direct"]) == (to, to is not None)


@pytest.mark.parametrize("has_campaign", [True, False])
async def test_who_has_a_channel_of_their_own_hears_of_it_there(
    watch: Watch, world: World, store: Store, clock: FixedClock, has_campaign: bool
) -> None:
    alice = await on_a_chat(store, "slack", clock)
    if has_campaign:
        await stored.make_campaign(store, alice, clock.now(), communities=["harbor"])
    await store.set_route(alice, NewRoute(About.PERSON, "Alice", "Alice", "C7"), clock.now())
    posted(world, 1)
    await watch.offers.tend()
    [told] = await messages(store, alice.workspace_id)
    assert told.to_member is None


async def test_who_wants_no_direct_messages_hears_of_posts_for_campaigns_in_the_channel(
    watch: Watch, world: World, store: Store, clock: FixedClock
) -> None:
    alice = await on_a_chat(store, "slack", clock)
    await store.set_told_directly(alice, False, clock.now())
    await stored.make_campaign(store, alice, clock.now(), communities=["harbor"])
    posted(world, 1)
    await watch.offers.tend()
    [told] = await messages(store, alice.workspace_id)
    assert told.to_member is None

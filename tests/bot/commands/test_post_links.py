"""Every form of link that people paste, through `/rao post register`, over the wire (reddit-facts: links)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import post
from core.gateways.reddit import RedditGateway
from core.gateways.web import PublicPages
from core.model import Caller, RemovedBy, State
from storage.store import Store
from tests.bot.bare import ALICE, Desk, bare_services
from tests.clock import FixedClock
from tests.core.analysis.invented import keep_profile, kept
from tests.fakes.reddit import FakeReddit
from tests.fakes.web import FakeWeb
from tests.watch import Watch

POST, REPLY = "t3_1abc2d", "t1_kx12ab"
PLACE = "https://www.reddit.com/r/Gardening/comments/1abc2d"


@pytest.fixture
async def reddit(clock: FixedClock) -> AsyncIterator[FakeReddit]:
    async with FakeReddit() as fake:
        fake.add_community("Gardening", rules=[{"short_name": "No ads", "description": "", "kind": "all"}])
        fake.add_post("Gardening", author="Plain_Person", fullname=POST, created_at=clock.now())
        fake.add_comment("Gardening", author="Plain_Person", fullname=REPLY, created_at=clock.now())
        yield fake


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    async with FakeWeb() as fake:
        yield fake


@pytest.fixture
async def desk(store: Store, clock: FixedClock, reddit: FakeReddit, web: FakeWeb) -> AsyncIterator[Desk]:
    gateway = RedditGateway(**reddit.credentials, clock=clock)
    pages = PublicPages(user_agent=reddit.user_agent, clock=clock, base_url=web.url)
    watch = Watch(store, clock, gateway, None, pages.resolve_share_link)
    yield Desk(bare_services(store, clock, watch=watch), post.commands)
    await gateway.close()
    await pages.close()


@pytest.mark.parametrize(
    ("pasted", "fullname"),
    [
        (f"{PLACE}/", POST),
        (f"{PLACE}/a_slug/?utm_source=share&utm_medium=web#x", POST),
        ("http://old.reddit.com/r/gardening/comments/1ABC2D/", POST),
        ("new.reddit.com/r/gardening/comments/1abc2d", POST),
        ("https://np.reddit.com/r/gardening/comments/1abc2d", POST),
        ("https://sh.reddit.com/r/gardening/comments/1abc2d", POST),
        ("https://m.reddit.com/r/gardening/comments/1abc2d", POST),
        ("https://amp.reddit.com/r/gardening/comments/1abc2d", POST),
        ("https://i.reddit.com/r/gardening/comments/1abc2d", POST),
        ("/r/gardening/comments/1abc2d/", POST),
        ("https://www.reddit.com/comments/1abc2d", POST),
        ("https://www.reddit.com/user/Plain_Person/comments/1abc2d/x/", POST),
        ("https://www.reddit.com/u/Plain_Person/comments/1abc2d/x/", POST),
        ("https://www.reddit.com/gallery/1abc2d", POST),
        ("https://www.reddit.com/r/gardening/duplicates/1abc2d/x", POST),
        ("https://redd.it/1abc2d", POST),
        (f"<{PLACE}/a_slug/?a=1&amp;b=2|the post I made>", POST),
        (f"<{PLACE}/a_slug/?a=1&amp;b=2>", POST),
        (f"<{PLACE}/>", POST),
        (f"link=<{PLACE}/a_slug/?share_id=x>", POST),
        (f'link="{PLACE}/a_slug/"', POST),
        (f"{PLACE}/a_slug/kx12ab/", REPLY),
        (f"{PLACE}/comment/KX12AB/?context=3", REPLY),
        ("https://www.reddit.com/comments/1abc2d/a_slug/kx12ab", REPLY),
        ("https://www.reddit.com/r/Gardening/s/AbCdEf1234", POST),
        ("https://www.reddit.com/u/Plain_Person/s/AbCdEf1234?x=1", POST),
        ("<https://www.reddit.com/r/Gardening/s/AbCdEf1234|https://www.reddit.com/r/Gardening/s/AbCdEf1234>", POST),
    ],
)
async def test_every_pasted_form_registers_the_same_post(
    desk: Desk, web: FakeWeb, store: Store, caller: Caller, pasted: str, fullname: str
) -> None:
    for owner in ("r/Gardening", "u/Plain_Person"):
        web.redirect(f"/{owner}/s/AbCdEf1234", f"{PLACE}/a_slug/?share_id=x")
    card = await desk.done(f"post register {pasted}")
    found = await store.tracked_post(caller.workspace_id, card.values["post"])
    assert (found.fullname, found.community, found.author) == (fullname, "gardening", "Plain_Person")
    assert found.permalink.startswith("https://www.reddit.com/r/gardening/comments/1abc2d/")
    assert found.rules_snapshot_id is not None
    again = await desk.say(f"post register {PLACE}/{'comment/kx12ab/' if fullname == REPLY else ''}", BOB)
    assert again.code == "already_exists"
    assert "Alice registered this post on 23 Nov 2026, 12:00 UTC" in again.text


BOB = replace(ALICE, member_id="bob", name="Bob")


async def test_a_share_link_that_reddit_does_not_resolve_asks_for_the_long_one(desk: Desk, web: FakeWeb) -> None:
    card = await desk.say("post register https://www.reddit.com/r/Gardening/s/Unknown123")
    assert card.code == "bad_argument"
    assert "paste the long address" in card.text


async def test_a_share_link_that_leads_off_reddit_is_not_followed(desk: Desk, web: FakeWeb) -> None:
    web.redirect("/r/Gardening/s/AbCdEf1234", "https://evil.example/r/gardening/comments/1abc2d/")
    card = await desk.say("post register https://www.reddit.com/r/Gardening/s/AbCdEf1234")
    assert card.code == "bad_argument"
    assert len(web.requests) == 1


async def test_what_the_community_was_like_is_kept_with_the_post(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    profile = await keep_profile(store, caller, clock.now(), [kept(n) for n in range(60)], "gardening")
    card = await desk.done(f"post register {PLACE}/")
    found = await store.tracked_post(caller.workspace_id, card.values["post"])
    assert found.profile_id == profile.id
    assert found.rules_snapshot_id is not None
    snapshot = await store.rules_snapshot(caller.workspace_id, found.rules_snapshot_id)
    assert [rule.short_name for rule in snapshot.rules] == ["No ads"]


@pytest.mark.parametrize(
    ("fields", "state", "removed_by"),
    [
        ({}, State.LIVE, None),
        ({"collapsed": True}, State.LIVE, None),
        ({"body": "[removed]", "author": "[deleted]"}, State.REMOVED, RemovedBy.UNKNOWN),
        ({"body": "[deleted]", "author": "[deleted]"}, State.DELETED, None),
        ({"locked": True}, State.LIVE, None),
    ],
)
async def test_a_comment_is_watched_as_a_comment(
    desk: Desk,
    reddit: FakeReddit,
    clock: FixedClock,
    store: Store,
    caller: Caller,
    fields: dict[str, object],
    state: State,
    removed_by: RemovedBy | None,
) -> None:
    card = await desk.done(f"post register {PLACE}/comment/kx12ab/")
    assert card.values["permalink"].endswith("/comments/1abc2d/comment/kx12ab/")
    reddit.posts[REPLY].update(fields)
    for _ in range(30):
        clock.advance(timedelta(minutes=1))
        await desk.services.sweeping.sweep("w")
    found = await store.tracked_post(caller.workspace_id, card.values["post"])
    assert (found.state, found.removed_by) == (state, removed_by)
    assert found.locked is bool(fields.get("locked"))
    assert (await desk.done("post list")).values["states"] == {state.value: 1}


async def test_registering_a_stopped_post_again_takes_the_watching_up_again(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await desk.done(f"post register {PLACE}/")
    await desk.done("post stop 1")
    clock.advance(timedelta(days=1))
    card = await desk.done("post register https://redd.it/1abc2d", BOB)
    assert card.title == "Post 1 in r/gardening is watched again"
    assert "Alice registered it on 23 Nov 2026, 12:00 UTC" in card.text
    found = await store.tracked_post(caller.workspace_id, 1)
    assert found.stopped_at is None
    assert found.next_check_at is not None
    assert found.audit_due_at is not None
    assert len(await store.tracked_posts(caller.workspace_id)) == 1
    assert (await desk.say(f"post register {PLACE}/")).code == "already_exists"


async def test_taking_up_again_counts_against_the_plan(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await desk.done(f"post register {PLACE}/")
    await desk.done("post stop 1")
    await store.set_plan(caller, clock.now(), max_tracked_posts=0)
    assert (await desk.say(f"post register {PLACE}/")).code == "over_budget"

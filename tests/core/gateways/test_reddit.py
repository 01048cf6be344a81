"""The Reddit gateway over the wire: the real praw against a loopback Reddit."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotAllowedNow, NotFound, RemoteError
from core.gateways.limits import BreakerState
from core.gateways.reddit import RedditGateway
from core.model import AuthorStatus, Basis, Closure, CollectedComment, CollectMode
from core.ports import PostSource, RedditView, SourceBatch
from core.requirements import Flair, Posting, Requirements
from tests.clock import FixedClock
from tests.core.gateways.watch import no_leaks
from tests.fakes.loopback import Fault, Loopback
from tests.fakes.reddit import LONG_AGO, FakeReddit, raw
from tests.patience import HASTE_S, PATIENCE_S

Ask = Callable[[RedditGateway], Awaitable[object]]


DEEP, LONG = raw("[" * 5_000 + "]" * 5_000), raw("9" * 5_000)


@asynccontextmanager
async def connected(
    reddit: FakeReddit, clock: FixedClock | None = None, **settings: Any
) -> AsyncIterator[RedditGateway]:
    gateway = RedditGateway(**{**reddit.credentials, **settings}, clock=clock or FixedClock())
    try:
        yield gateway
    finally:
        await gateway.close()


async def gather(gateway: PostSource, *communities: str, limit: int = 50) -> tuple[list[SourceBatch], Exception | None]:
    """The batches that came, and how it ended."""
    batches: list[SourceBatch] = []
    try:
        async for batch in gateway.collect(communities, limit_per_community=limit):
            assert isinstance(batch, SourceBatch)  # a cost is told by sources that cost money
            batches.append(batch)
    except (RemoteError, NotFound, NotAllowedNow) as error:
        return batches, error
    return batches, None


# ---------------------------------------------------------------- what it sees


async def test_it_is_a_view_and_a_source() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        view: RedditView = gateway
        source: PostSource = gateway
        assert view.basis is source.basis is Basis.REDDIT_API


async def test_a_batch_of_a_hundred_is_one_request_and_unknown_ids_are_absent() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        known = [reddit.add_post("gardening") for _ in range(99)]
        sightings = await gateway.look_up([*known, "t3_nothere"])
        assert set(sightings) == set(known)
        assert len(reddit.seen("/api/info")) == 1


async def test_a_live_post_is_read_field_by_field() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("Gardening", author="green_thumb", title="Tomatoes &amp; more", score=7, num_comments=2)
        sighting = (await gateway.look_up([post]))[post]
    assert sighting.community == "gardening"
    assert (sighting.author, sighting.score, sighting.num_comments) == ("green_thumb", 7, 2)
    assert (sighting.category, sighting.indexable, sighting.locked) == (None, True, False)
    assert sighting.body == "Some text of its own."
    assert sighting.created_at == LONG_AGO


async def test_a_removed_post_is_still_answered_about() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        removed, deleted = reddit.add_post("gardening"), reddit.add_post("gardening")
        reddit.remove(removed, "moderator")
        reddit.remove(deleted, "deleted")
        seen = await gateway.look_up([removed, deleted])
    assert (seen[removed].category, seen[removed].body, seen[removed].indexable) == ("moderator", "[removed]", False)
    assert seen[removed].author is not None
    assert (seen[deleted].category, seen[deleted].author) == ("deleted", None)


async def test_what_reddit_leaves_out_is_none_and_never_zero() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening")
        for name in ("score", "num_comments", "is_robot_indexable", "selftext", "author", "created_utc", "title"):
            del reddit.posts[post][name]
        sighting = (await gateway.look_up([post]))[post]
    assert {sighting.score, sighting.num_comments, sighting.indexable, sighting.body} == {None}
    assert {sighting.author, sighting.created_at, sighting.title} == {None}


async def test_an_unknown_removal_category_is_passed_on_as_it_is() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening", removed_by_category="some_new_team")
        assert (await gateway.look_up([post]))[post].category == "some_new_team"


@pytest.mark.parametrize(
    "bad",
    [
        {"author": None},
        {"title": 7},
        {"selftext": {"id": "1"}},
        {"removed_by_category": ["moderator"]},
        {"is_robot_indexable": "no"},
        {"author": 10**400},
        {"selftext": LONG},
        {"removed_by_category": DEEP},
        {"kind": float("nan"), "title": float("inf")},
        {"name": ["t3_x"]},
    ],
    ids=str.split("author title text category flag digits longer deep kind name"),
)
async def test_one_bad_value_costs_its_own_post_and_no_other(bad: dict[str, Any]) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        good = [reddit.add_post("gardening") for _ in range(3)]
        spoiled = reddit.add_post("gardening")
        reddit.posts[spoiled].update(bad)
        found = await gateway.look_up([*good, spoiled])
    assert [found[name].problem for name in good] == [None, None, None]
    assert found[spoiled].problem
    assert (found[spoiled].category, found[spoiled].indexable, found[spoiled].body) == (None, None, None)


@pytest.mark.parametrize(
    "harmless", [{"score": LONG}, {"gallery_data": DEEP}, {"subreddit": None}], ids=str.split("digits deep community")
)
async def test_one_bad_value_that_decides_nothing_costs_nothing(harmless: dict[str, Any]) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post, other = reddit.add_post("gardening", **harmless), reddit.add_post("gardening")
        found = await gateway.look_up([post, other])
    assert [(s.problem, s.body, s.indexable) for s in found.values()] == [(None, "Some text of its own.", True)] * 2


async def test_an_answer_about_other_posts_is_not_ours_and_no_evidence() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        asked, other = reddit.add_post("gardening"), reddit.add_post("gardening")
        reddit.posts[asked] = reddit.posts[other]
        with pytest.raises(RemoteError):
            await gateway.look_up([asked])


@pytest.mark.parametrize("fullnames", [["t3_ok1", "https://example.org/"], ["../me"], [f"t3_{n}" for n in range(101)]])
async def test_only_up_to_a_hundred_fullnames_can_be_asked_for(fullnames: list[str]) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        with pytest.raises(ValueError):
            await gateway.look_up(fullnames)
        assert reddit.requests == []


# ---------------------------------------------------------------- controls and accounts


async def test_controls_are_established_posts_and_are_read_again_after_hours() -> None:
    clock = FixedClock()
    async with FakeReddit() as reddit, connected(reddit, clock) as gateway:
        reddit.remove(reddit.controls[0], "moderator")
        fresh = reddit.add_post("bigplace9", created_at=clock.now() - timedelta(minutes=5))
        reddit.controls.append(fresh)
        first = await gateway.control_candidates()
        assert set(first) == set(reddit.controls[1:3])
        await gateway.control_candidates()
        assert len(reddit.seen("/r/popular")) == 1
        clock.advance(timedelta(hours=7))
        await gateway.control_candidates()
        assert len(reddit.seen("/r/popular")) == 2


async def test_controls_that_were_removed_are_replaced_without_waiting_for_hours() -> None:
    async with FakeReddit(controls=2) as reddit, connected(reddit) as gateway:
        first, second = await gateway.control_candidates()
        reddit.remove(first, "moderator")
        await gateway.look_up([first, second])
        assert list(await gateway.control_candidates()) == [second]
        reddit.remove(second, "moderator")
        await gateway.look_up([second])
        reddit.controls = [reddit.add_post("otherplace", author="elder_9")]
        assert list(await gateway.control_candidates()) == reddit.controls


NO_POSTS = Fault.json(200, '{"kind": "Listing", "data": {"children": [], "after": null}}')


@pytest.mark.parametrize("fault", [Fault.json(404, '{"message": "Not Found", "error": 404}'), NO_POSTS])
async def test_without_the_popular_listing_controls_come_from_another_one(fault: Fault) -> None:
    async with FakeReddit(controls=2) as reddit, connected(reddit) as gateway:
        reddit.fail("/r/popular", fault)
        assert set(await gateway.control_candidates()) == set(reddit.controls)
        assert [request.path for request in reddit.seen("/r/")] == ["/r/popular/top", "/r/all/top"]


async def test_controls_that_still_stand_are_kept_when_no_listing_shows_others() -> None:
    clock = FixedClock()
    async with FakeReddit(controls=2) as reddit, connected(reddit, clock) as gateway:
        first = await gateway.control_candidates()
        reddit.fail("/r/", NO_POSTS)
        clock.advance(timedelta(hours=7))
        assert await gateway.control_candidates() == first


async def test_no_established_post_at_all_is_an_error_and_not_an_empty_list() -> None:
    async with FakeReddit(controls=0) as reddit, connected(reddit) as gateway:
        with pytest.raises(RemoteError):
            await gateway.control_candidates()


async def test_an_account_exists_or_is_suspended() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_account("Plain_Person")
        reddit.add_account("gone_person", is_suspended=True)
        assert await gateway.author_status("plain_person") is AuthorStatus.EXISTS
        assert await gateway.author_status("gone_person") is AuthorStatus.SUSPENDED


async def test_an_account_is_missing_only_while_a_control_account_answers() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        assert await gateway.author_status("shadow_person") is AuthorStatus.MISSING
        reddit.accounts.clear()
        assert await gateway.author_status("shadow_person") is AuthorStatus.CANNOT_TELL


async def test_an_account_that_is_its_own_control_proves_nothing() -> None:
    async with FakeReddit(controls=1) as reddit, connected(reddit) as gateway:
        del reddit.accounts["elder_0"]
        assert await gateway.author_status("Elder_0") is AuthorStatus.CANNOT_TELL


async def test_a_page_instead_of_a_404_is_no_missing_account() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.fail("/user/shadow_person", Fault.html(404, "Not found"))
        with pytest.raises(RemoteError):
            await gateway.author_status("shadow_person")


async def test_a_name_that_is_no_name_never_becomes_a_path() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        assert await gateway.author_status("../../api/v1/me") is AuthorStatus.CANNOT_TELL
        assert reddit.requests == []


# ---------------------------------------------------------------- rules and collecting


async def test_comments_come_with_their_answers_in_one_request() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening", author="Plain_Person", num_comments=0)
        assert await gateway.comments(post) == []
        asked = reddit.comment_on(post, "How deep?", author="curious_one", created_at=LONG_AGO)
        answer = reddit.comment_on(asked, "A hand's breadth.", author="Plain_Person", created_at=LONG_AGO)
        notice = reddit.comment_on(post, "Rules.", author="AutoModerator", created_at=LONG_AGO)
        reddit.posts[notice]["stickied"] = True
        gone = reddit.comment_on(answer, "[removed]", author="[deleted]", created_at=LONG_AGO)
        found = {comment.fullname: comment for comment in await gateway.comments(post)}
        assert set(found) == {asked, answer, notice, gone}
        assert (found[asked].author, found[asked].body, found[asked].parent) == ("curious_one", "How deep?", post)
        assert (found[asked].created_at, found[asked].is_sticky) == (LONG_AGO, False)
        assert (found[answer].parent, found[notice].is_sticky, found[gone].author) == (asked, True, None)
        request = reddit.seen(f"/comments/{post.removeprefix('t3_')}")[-1]
        assert (request.query["sort"], request.query["limit"], request.query["depth"]) == ("new", "100", "2")


@pytest.mark.parametrize(
    "bad", [{"name": 7}, {"name": "t9_x"}, {"body": None}, {"created_utc": "soon"}, {"parent_id": 3}]
)
async def test_a_comment_that_cannot_be_read_costs_only_itself(bad: dict[str, Any]) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening")
        kept = reddit.comment_on(post, "Fine.", author="curious_one", created_at=LONG_AGO)
        broken = reddit.comment_on(post, "Broken.", author="curious_one", created_at=LONG_AGO)
        reddit.posts[broken].update(bad)
        assert [comment.fullname for comment in await gateway.comments(post)] == [kept]


@pytest.mark.parametrize("fullname", ["t1_abc", "t3_", "x", "t3_a/../b"])
async def test_comments_are_asked_for_by_a_posts_id_alone(fullname: str) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        with pytest.raises(ValueError, match="of posts"):
            await gateway.comments(fullname)
        assert reddit.requests == []


async def test_the_newest_posts_of_an_account_are_one_request() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        old = reddit.add_post("gardening", author="Plain_Person")
        new = reddit.add_post("pottery", author="Plain_Person", title="New", created_at=LONG_AGO + timedelta(days=1))
        reddit.add_post("gardening", author="another_one")
        listed = await gateway.submitted("plain_person")
        assert [(post.fullname, post.community, post.title) for post in listed] == [
            (new, "pottery", "New"),
            (old, "gardening", "A title"),
        ]
        [asked] = reddit.seen("/user/plain_person/submitted")
        assert (asked.query["sort"], asked.query["limit"]) == ("new", "100")


async def test_an_account_that_others_do_not_find_or_whose_list_is_withheld_says_so_and_troubles_nobody() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_post("gardening", author="hidden_one")
        reddit.shadowban("hidden_one")
        reddit.add_account("suspended_one", is_suspended=True)
        with pytest.raises(NotFound, match="Others do not find u/hidden_one"):
            await gateway.submitted("hidden_one")
        with pytest.raises(NotAllowedNow, match="u/suspended_one cannot be listed"):
            await gateway.submitted("suspended_one")
        with pytest.raises(NotFound, match="No account has such a name"):
            await gateway.submitted("../r/popular")
        assert gateway.breaker.state is BreakerState.CLOSED
        assert len(reddit.seen("/user/")) == 2


async def test_rules_come_in_order() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_community(
            "gardening",
            rules=[
                {"short_name": "Be kind", "description": "Really.", "kind": "all"},
                {"short_name": "No links", "kind": "link"},
            ],
        )
        rules = await gateway.rules("gardening")
    assert [(rule.short_name, rule.description, rule.kind) for rule in rules] == [
        ("Be kind", "Really.", "all"),
        ("No links", "", "link"),
    ]


async def test_rules_of_a_community_that_is_not_there_are_a_remote_error() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        with pytest.raises(RemoteError, match="r/nowhere does not exist"):
            await gateway.rules("nowhere")
        assert gateway.breaker.state is BreakerState.CLOSED


async def test_post_requirements_and_flairs_are_read_with_rules() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_community(
            "gardening",
            requirements={
                "title_text_min_length": 15,
                "is_flair_required": True,
                "title_regexes": [],
                "domain_whitelist": [],
            },
            flairs=[
                {"id": "a1", "text": "Harvest", "mod_only": False, "type": "text", "text_editable": False},
                {"id": "a2", "text": "Notice", "mod_only": True},
                {"id": "a3"},
            ],
        )
        posting = await gateway.posting("gardening")
    assert posting.requirements == Requirements(title_text_min_length=15, is_flair_required=True)
    assert posting.flairs == (Flair("Harvest", "a1"), Flair("Notice", "a2", mod_only=True))


async def test_what_the_key_may_not_read_of_posting_stays_unknown_and_the_community_open() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_community("gardening", flairs=[{"id": "a1", "text": "Harvest"}])
        assert await gateway.posting("gardening") == Posting(None, (Flair("Harvest", "a1"),))
        assert await gateway.closure("gardening") is None
        assert gateway.breaker.state is BreakerState.CLOSED


@pytest.mark.parametrize("reason", ["private", "quarantined", "banned", "gated"])
async def test_a_closed_community_says_why_and_an_open_one_is_open(reason: str) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_community("gardening", rules=[])
        reddit.add_community("shut", closed=reason)
        assert await gateway.closure("gardening") is None
        assert await gateway.closure("shut") is Closure(reason)
        assert await gateway.closure("nowhere") is Closure.MISSING
        assert gateway.breaker.state is BreakerState.CLOSED


async def test_collecting_pages_through_new_and_top_without_doubles() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        posts = [reddit.add_post("gardening", score=n) for n in range(250)]
        batches, error = await gather(gateway, "gardening", limit=240)
        assert error is None
        ids = [post.reddit_id for batch in batches for post in batch.posts]
        assert len(ids) == len(set(ids)) == 240
        assert {f"t3_{post_id}" for post_id in ids} <= set(posts)
        assert [len(batch.posts) for batch in batches[:2]] == [100, 20]
        assert reddit.seen("/r/gardening/top")[0].query["t"] == "year"
    found = [post for batch in batches for post in batch.posts]
    assert [post.found_in for post in found[:2]] == ["new#1", "new#2"]
    assert any((post.found_in or "").startswith("top:year#") for post in found)
    assert {post.score_at for post in found} == {FixedClock().now()}


@pytest.mark.parametrize(("mode", "listing"), [(CollectMode.FRESH, "new"), (CollectMode.HISTORICAL, "top")])
async def test_fresh_posts_come_from_the_new_ones_alone_and_historical_ones_from_the_top(
    mode: CollectMode, listing: str
) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        for score in range(120):
            reddit.add_post("gardening", score=score)
        found = [b async for b in gateway.collect(["gardening"], limit_per_community=110, mode=mode)]
        assert sum(len(batch.posts) for batch in found) == 110
        assert len(reddit.seen(f"/r/gardening/{listing}")) == 2
        assert not reddit.seen(f"/r/gardening/{'top' if listing == 'new' else 'new'}")


async def test_a_small_community_is_read_whole() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        for _ in range(7):
            reddit.add_post("tiny")
        batches, error = await gather(gateway, "tiny", limit=500)
    assert error is None
    assert sum(len(batch.posts) for batch in batches) == 7


async def test_items_that_are_no_posts_are_counted_as_malformed() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_post("gardening")
        reddit.posts[reddit.add_post("gardening")]["title"] = None
        batches, _ = await gather(gateway, "gardening", limit=10)
    assert sum(len(batch.posts) for batch in batches) == 1
    assert batches[0].malformed == 1


@pytest.mark.parametrize("closed", ["private", "quarantined", "gold_only", "some_new_reason"])
async def test_a_closed_community_is_named_and_does_not_stop_the_others(closed: str) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_community("secret", closed=closed)
        reddit.add_post("gardening")
        batches, error = await gather(gateway, "secret", "gardening")
        assert isinstance(error, NotAllowedNow)
        assert "r/secret" in str(error)
        assert [batch.community for batch in batches] == ["gardening"]
        assert gateway.breaker.state is BreakerState.CLOSED


@pytest.mark.parametrize("name", ["nowhere", "banned_place", "no/such", "../me", "a"])
async def test_a_community_that_does_not_exist_is_not_found(name: str) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_community("banned_place", closed="banned")
        batches, error = await gather(gateway, name)
        assert isinstance(error, NotFound)
        assert batches == []


async def test_what_came_before_a_failure_is_kept() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_post("gardening")
        reddit.add_post("cooking")
        reddit.fail("/r/cooking", Fault(status=503))
        batches, error = await gather(gateway, "gardening", "cooking")
    assert isinstance(error, RemoteError)
    assert [batch.community for batch in batches] == ["gardening"]


# ---------------------------------------------------------------- everything that can go wrong

FAULTS = {
    "401 json": Fault.json(401, '{"message": "Unauthorized", "error": 401}'),
    "401 bare": Fault(status=401),
    "403 json": Fault.json(403, '{"message": "Forbidden", "error": 403}'),
    "403 html": Fault.html(403, "You have been blocked by network security."),
    "404 html": Fault.html(404),
    "400 json": Fault.json(400, '{"message": "Bad Request", "error": 400}'),
    "400 odd": Fault.json(400, '{"fields": []}'),
    "415": Fault.html(415),
    "429": Fault.json(429, '{"message": "Too Many Requests", "error": 429}'),
    "429 seconds": Fault.json(429, "{}", **{"retry-after": "17"}),
    "429 date": Fault.json(429, "{}", **{"Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT"}),
    "429 nonsense": Fault.json(429, "{}", **{"Retry-After": "a while"}),
    "500": Fault(status=500),
    "502 html": Fault.html(502),
    "503": Fault(status=503),
    "504": Fault(status=504),
    "520": Fault(status=520),
    "200 html": Fault.html(200),
    "200 not json": Fault(status=200, body="null"),
    "200 other json": Fault.json(200, '{"kind": "wikipage", "data": {}}'),
    "200 list": Fault.json(200, "[]"),
    "200 deep": Fault.json(200, "[" * 100_000),
    "200 broken gzip": Fault(status=200, body=b"no gzip", headers={"Content-Encoding": "gzip"}),
    "204": Fault(status=204),
    "empty": Fault(status=200),
    "truncated": Fault(truncated=True),
    "cut": Fault(cut=True),
    "slow": Fault(slow_s=5),
    "drip": Fault(drip=True),
    "login": Fault(status=302, headers={"Location": "https://www.reddit.com/login/?dest=x"}),
    "nowhere": Fault(status=302),
    "loop": Fault(status=301, headers={"Location": "/api/info"}),
}
WITHHELD = ("204", "400 json", "400 odd", "403 json", "415")
ASKS: dict[str, Ask] = {
    "look_up": lambda gateway: gateway.look_up(["t3_fake000"]),
    "controls": lambda gateway: gateway.control_candidates(),
    "author": lambda gateway: gateway.author_status("plain_person"),
    "rules": lambda gateway: gateway.rules("gardening"),
    "community": lambda gateway: gateway.closure("gardening"),
    "comments": lambda gateway: gateway.comments("t3_fake000"),
    "probe": lambda gateway: gateway.probe(),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_never_taken_for_what_a_community_asks(fault: str) -> None:
    async with FakeReddit() as reddit, connected(reddit, timeout_s=0.3) as gateway:
        reddit.add_community("gardening", requirements={"is_flair_required": True}, flairs=[])
        reddit.fail("/", FAULTS[fault])
        reddit.fail("/api/v1/access_token", Fault())
        if fault in WITHHELD:
            assert await gateway.posting("gardening") == Posting()
            assert gateway.breaker.state is BreakerState.CLOSED  # it says nothing about Reddit's health
        else:
            with pytest.raises(RemoteError):
                await gateway.posting("gardening")


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_is_ever_taken_for_an_answer(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeReddit() as reddit:
        reddit.add_post("gardening")
        for ask in ASKS.values():
            async with connected(reddit, timeout_s=0.3) as gateway:
                reddit.fail("/", FAULTS[fault])
                reddit.fail("/api/v1/access_token", Fault())
                with pytest.raises(RemoteError) as raised:
                    await ask(gateway)
                reddit.heal()
                error = raised.value
                assert error.remote == "reddit"
                assert error.what.endswith(".")
                assert gateway.health.problem == str(error)
                assert gateway.health.last_success_at is None
                assert reddit.client_secret not in f"{error} {error!r} {gateway!r}"
        sent = len(reddit.requests)
    assert sent <= len(ASKS) * 4  # token and question, and once more of each for a refused token: no hidden retries
    assert reddit.client_secret not in caplog.text
    assert "fake-token" not in caplog.text


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_the_token_endpoint_is_taken_for_a_token(fault: str) -> None:
    async with FakeReddit() as reddit, connected(reddit, timeout_s=0.3) as gateway:
        reddit.fail("/api/v1/access_token", FAULTS[fault])
        with pytest.raises(RemoteError):
            await gateway.probe()
        assert reddit.seen("/api/info") == []


@pytest.mark.parametrize(
    ("fault", "wish_s"), [("429 seconds", 17.0), ("429 date", 30.0), ("429 nonsense", None), ("429", None)]
)
async def test_the_remotes_wish_for_a_pause_is_passed_on(fault: str, wish_s: float | None) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.fail("/api/info", FAULTS[fault])
        with pytest.raises(RemoteError) as raised:
            await gateway.probe()
        assert raised.value.retry_after_s == wish_s
        assert raised.value.status == 429
        if wish_s:  # and nothing more is sent until then
            sent = len(reddit.requests)
            with pytest.raises(RemoteError):
                await gateway.probe()
            assert len(reddit.requests) == sent


async def test_a_revoked_key_is_permanent_and_names_the_settings_to_renew() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        await gateway.probe()
        reddit.revoke_key()
        with pytest.raises(RemoteError) as raised:
            await gateway.probe()
        assert raised.value.permanent
        assert "BCRAO_REDDIT_CLIENT_SECRET" in raised.value.do
        assert gateway.breaker.state is BreakerState.OPEN
        sent = len(reddit.requests)
        with pytest.raises(RemoteError) as again:
            await gateway.look_up(["t3_fake000"])
        assert again.value.permanent
        assert len(reddit.requests) == sent


async def test_a_key_that_is_refused_as_forbidden_is_permanent_too() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.fail("/api/info", FAULTS["403 json"])
        with pytest.raises(RemoteError) as raised:
            await gateway.probe()
        assert raised.value.permanent


@pytest.mark.parametrize("fault", ["403 html", "503", "slow", "200 html", "429"])
async def test_a_passing_trouble_is_not_permanent_and_heals(fault: str) -> None:
    timeout_s = HASTE_S if fault == "slow" else PATIENCE_S
    async with FakeReddit() as reddit, connected(reddit, timeout_s=timeout_s) as gateway:
        await gateway.probe()
        reddit.fail("/api/info", FAULTS[fault])
        with pytest.raises(RemoteError) as raised:
            await gateway.probe()
        assert not raised.value.permanent
        assert raised.value.is_hiccup is (fault in {"503", "200 html"}), "only these often pass within seconds"
        reddit.heal()
        await gateway.probe()
        assert gateway.health.problem is None


async def test_an_expired_access_token_is_renewed_without_anybody_noticing() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        await gateway.probe()
        reddit.expire_tokens()
        await gateway.probe()
        assert gateway.health.problem is None
        assert len(reddit.seen("/api/v1/access_token")) == 2


@pytest.mark.parametrize(("is_revoked", "minutes"), [(False, 5), (True, 11)])
async def test_the_end_of_a_long_outage_is_noticed_within_minutes(is_revoked: bool, minutes: int) -> None:
    clock = FixedClock()
    fault = FAULTS["403 json"] if is_revoked else Fault(status=503)
    async with FakeReddit() as reddit, connected(reddit, clock) as gateway:
        await gateway.probe()
        reddit.fail("/api/info", fault)
        for _ in range(3 * 60):
            clock.advance(timedelta(minutes=1))
            with pytest.raises(RemoteError):
                await gateway.probe()
        assert len(reddit.seen("/api/info")) <= 90, "few probes meanwhile"
        reddit.heal()
        clock.advance(timedelta(minutes=minutes))
        await gateway.probe()


async def test_five_failures_stop_the_asking_and_a_probe_starts_it_again() -> None:
    clock = FixedClock()
    async with FakeReddit() as reddit, connected(reddit, clock) as gateway:
        reddit.fail("/api/info", Fault(status=503))
        for _ in range(8):
            with pytest.raises(RemoteError):
                await gateway.probe()
        assert len(reddit.seen("/api/info")) == 5
        reddit.heal()
        clock.advance(timedelta(minutes=5))
        await gateway.probe()
        assert gateway.breaker.state is BreakerState.CLOSED


async def test_nothing_listens_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    gateway = RedditGateway(
        client_id="i",
        client_secret="s",
        user_agent="test:x:1",
        clock=FixedClock(),
        reddit_url=address,
        oauth_url=address,
    )
    with pytest.raises(RemoteError, match="cannot be reached"):
        await gateway.probe()
    await gateway.close()


async def test_a_server_without_tls_is_unreachable_over_tls() -> None:
    async with FakeReddit() as reddit:
        secure = reddit.url.replace("http:", "https:")
        async with connected(reddit, reddit_url=secure, oauth_url=secure, timeout_s=1.0) as gateway:
            with pytest.raises(RemoteError, match="cannot be reached"):
                await gateway.probe()


# ---------------------------------------------------------------- limits


async def test_prawcore_never_sleeps_on_rate_headers_our_budget_obeys_them() -> None:
    clock = FixedClock()
    async with FakeReddit() as reddit, connected(reddit, clock) as gateway:
        reddit.rate = ("1000", "0.0", "590")
        async with asyncio.timeout(PATIENCE_S):  # by itself it would sleep 590 s inside the call
            await gateway.probe()
            with pytest.raises(RemoteError) as raised:
                await gateway.probe()
        assert raised.value.retry_after_s == pytest.approx(590, abs=1)
        reddit.rate = ("0", "1000.0", "nonsense")
        clock.advance(timedelta(seconds=600))
        await gateway.probe()


async def test_our_own_limit_holds_without_any_headers() -> None:
    clock = FixedClock()
    async with FakeReddit() as reddit, connected(reddit, clock, requests_per_minute=5) as gateway:
        reddit.rate = None
        started = clock.monotonic()
        outcomes = await asyncio.gather(*(gateway.probe() for _ in range(12)), return_exceptions=True)
        done = [outcome for outcome in outcomes if outcome is None]
        minutes = (clock.monotonic() - started) / 60
        assert len(done) <= 5 * (minutes + 1)
        assert all(isinstance(outcome, RemoteError) for outcome in outcomes if outcome is not None)
        assert gateway.health.problem is None  # our own limit is no trouble of Reddit's


async def test_the_clock_is_compared_with_reddits() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        await gateway.probe()
        assert gateway.health.clock_skew_s is not None


# ---------------------------------------------------------------- secrets, threads, cancellation


async def test_a_token_is_never_sent_to_a_foreign_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Stranger(Loopback):
        async def answer(self, request: Any) -> Any:
            raise AssertionError("a request reached a foreign host")

    async with FakeReddit() as reddit, Stranger() as stranger:
        # A praw.ini in the working directory, a .netrc and praw's own variables all try to redirect or to log in.
        (tmp_path / "praw.ini").write_text(f"[DEFAULT]\noauth_url={stranger.url}\nreddit_url={stranger.url}\n[x]\n")
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login someone password else\n")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("praw_site", "x")
        monkeypatch.setenv("praw_refresh_token", "somebody-elses")
        monkeypatch.setenv("praw_username", "somebody")
        monkeypatch.setenv("praw_password", "else")
        async with connected(reddit) as gateway:
            await gateway.probe()
            for status in (301, 302, 307, 308):
                reddit.fail("/api/info", Fault(status=status, headers={"Location": f"{stranger.url}/api/info"}))
                with pytest.raises(RemoteError):
                    await gateway.probe()
            reddit.heal()
            reddit.expire_tokens()
            token = "/api/v1/access_token"
            reddit.fail(token, Fault(status=307, headers={"Location": stranger.url + token}))
            with pytest.raises(RemoteError):
                await gateway.probe()
        assert stranger.requests == []


async def test_praw_works_in_one_thread_of_its_own_and_leaves_nothing() -> None:
    async with no_leaks(), FakeReddit() as reddit, connected(reddit) as gateway:
        before = {thread.name for thread in threading.enumerate()}
        await asyncio.gather(*(gateway.probe() for _ in range(5)))
        started = {thread.name for thread in threading.enumerate()} - before
        assert started == {"reddit_0"}


async def test_closing_an_unused_gateway_is_nothing_and_closing_twice_too() -> None:
    async with no_leaks():
        gateway = RedditGateway(client_id="i", client_secret="s", user_agent="test:x:1", clock=FixedClock())
        await gateway.close()
        await gateway.close()


async def test_a_cancelled_question_leaves_and_the_gateway_goes_on() -> None:
    async with no_leaks(), FakeReddit() as reddit, connected(reddit, timeout_s=HASTE_S) as gateway:
        await gateway.probe()
        reddit.fail("/api/info", Fault(slow_s=2 * PATIENCE_S, times=1))
        asking = asyncio.create_task(gateway.probe())
        await reddit.until_seen("/api/info", 2)
        asking.cancel()
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(asyncio.CancelledError):
                await asking
        await gateway.probe()
        assert gateway.health.problem is None


async def test_a_slow_reddit_never_holds_the_event_loop() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        await gateway.probe()
        reddit.fail("/api/info", Fault(slow_s=0.3))
        await gateway.probe()  # the fake answers on this very loop: whoever held it would wait for ever


async def test_after_the_posts_come_the_newest_comments_of_at_most_three_pages() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening")
        for number in range(350):
            reddit.add_comment(
                "gardening",
                author="kind_person",
                fullname=f"t1_com{number:03d}",
                created_at=LONG_AGO + timedelta(minutes=number),
                link_id=post,
                parent_id=post if number % 2 else f"t1_com{number - 1:03d}",
                body=f"Water it {number} times.",
                is_submitter=number == 349,
            )
        batches, error = await gather(gateway, "gardening")
        assert error is None
        assert len(reddit.seen("/r/gardening/comments")) == 3
    assert [(len(batch.posts), len(batch.comments)) for batch in batches] == [(1, 0), (0, 100), (0, 100), (0, 100)]
    newest, next_one = batches[1].comments[:2]
    assert newest == CollectedComment(
        reddit_id="com349",
        community="gardening",
        post_id=post.removeprefix("t3_"),
        answers_post=True,
        body="Water it 349 times.",
        author="kind_person",
        created_at=LONG_AGO + timedelta(minutes=349),
        is_by_poster=True,
    )
    assert (next_one.answers_post, next_one.is_by_poster) == (False, False)


async def test_a_community_without_a_listing_of_comments_gives_its_posts() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_post("gardening")
        reddit.fail("/r/gardening/comments", Fault.json(404, '{"message": "Not Found", "error": 404}'))
        batches, error = await gather(gateway, "gardening")
    assert error is None
    assert [(len(batch.posts), len(batch.comments)) for batch in batches] == [(1, 0)]

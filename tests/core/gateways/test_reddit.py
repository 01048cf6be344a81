"""The Reddit gateway over the wire: the real praw against a loopback Reddit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.errors import NotAllowedNow, NotFound, RemoteError
from core.gateways.limits import BreakerState
from core.model import AuthorStatus, Basis, Closure, CollectedComment, CollectMode
from core.ports import PostSource, RedditView
from core.requirements import Flair, Posting, Requirements
from tests.clock import FixedClock
from tests.core.gateways.connected import DEEP, LONG, connected, gather
from tests.fakes.loopback import Fault
from tests.fakes.reddit import LONG_AGO, FakeReddit

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

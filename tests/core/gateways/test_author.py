"""Linked accounts over the wire: the real praw against a loopback Reddit."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import ConsentGone, RemoteError
from core.gateways.author import RedditAuthors
from core.gateways.limits import Budget
from core.ports import Also, AuthorView
from tests.clock import FixedClock
from tests.core.gateways.watch import no_leaks
from tests.fakes.loopback import Fault
from tests.fakes.reddit import LONG_AGO, FakeReddit


@asynccontextmanager
async def connected(reddit: FakeReddit, **settings: Any) -> AsyncIterator[RedditAuthors]:
    gateway = RedditAuthors(**{"clock": FixedClock(), **reddit.web_credentials, **settings})
    try:
        yield gateway
    finally:
        await gateway.close()


def code_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["code"][0]


async def signed_in(reddit: FakeReddit, gateway: RedditAuthors, name: str = "Plain_Person") -> str:
    address = reddit.consent(gateway.consent_url("a-state"), name)
    return (await gateway.sign_in(code_of(address))).token


async def test_the_consent_page_is_asked_for_reading_only_and_carries_the_state() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        view: AuthorView = gateway
        asked = parse_qs(urlsplit(view.consent_url("abc & d")).query)
        assert asked["scope"] == ["identity read"]
        assert asked["state"] == ["abc & d"]
        assert reddit.web_secret not in view.consent_url("abc")
        assert reddit.requests == []


async def test_more_is_asked_for_only_when_it_is_wanted_and_what_was_allowed_is_kept() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        asked = parse_qs(urlsplit(gateway.consent_url("s", [Also.POSTS])).query)
        assert asked["scope"] == ["identity read history"]
        for also, scopes in (((), "identity read"), ((Also.POSTS,), "history identity read")):
            address = reddit.consent(gateway.consent_url("s", also), "Plain_Person")
            assert (await gateway.sign_in(code_of(address))).scopes == scopes


async def test_an_account_lists_its_own_posts_with_the_consent_for_it() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening", author="Plain_Person")
        reddit.shadowban("Plain_Person")
        address = reddit.consent(gateway.consent_url("s", [Also.POSTS]), "Plain_Person")
        token = (await gateway.sign_in(code_of(address))).token
        assert [one.fullname for one in await gateway.submitted(token, "Plain_Person")] == [post]
        reddit.take_consent_back("Plain_Person")
        with pytest.raises(ConsentGone):
            await gateway.submitted(token, "Plain_Person")


async def with_inbox(reddit: FakeReddit, gateway: RedditAuthors) -> str:
    address = reddit.consent(gateway.consent_url("s", [Also.MESSAGES]), "Plain_Person")
    return (await gateway.sign_in(code_of(address))).token


async def test_only_what_moderators_sent_is_read_and_nothing_is_marked_as_read() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        token = await with_inbox(reddit, gateway)
        notice = {"name": "t1_note", "author": "a_mod", "context": "/r/Pottery/comments/1abc/a_title/note/?context=3"}
        reddit.write_to("Plain_Person", None, "hi", "Private words.", LONG_AGO)
        reddit.write_to("Plain_Person", "Pottery", "Your post was removed", "Rule 2: no links.", LONG_AGO)
        reddit.write_to("Plain_Person", "Pottery", "post reply", "Removed: rule 2.", LONG_AGO, **notice)
        reply = {**notice, "name": "t1_talk", "distinguished": None, "author": "a_reader"}
        reddit.write_to("Plain_Person", "Pottery", "post reply", "Nice.", LONG_AGO, **reply)
        found = await gateway.received(token)
        assert [(m.fullname, m.community, m.body, m.about) for m in found] == [
            ("t1_note", "pottery", "Removed: rule 2.", "t3_1abc"),
            ("t4_fake1", "pottery", "Rule 2: no links.", None),
        ]
        assert (found[1].subject, found[1].sent_at) == ("Your post was removed", LONG_AGO)
        [asked] = reddit.seen("/message/inbox")
        assert (asked.query["mark"], asked.query["limit"]) == ("false", "100")


@pytest.mark.parametrize(
    "bad",
    [
        {"name": 7},
        {"body": None},
        {"created_utc": "soon"},
        {"subreddit": None},
        {"subreddit": "../all"},
        {"name": "t1_x", "context": "/user/me"},
        {"name": "t1_x", "context": None},
        {"name": "t9_x"},
    ],
)
async def test_a_message_that_cannot_be_read_costs_only_itself(bad: dict[str, Any]) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        token = await with_inbox(reddit, gateway)
        reddit.write_to("Plain_Person", "Pottery", "Removed", "Rule 1.", LONG_AGO)
        reddit.write_to("Plain_Person", "Pottery", "Removed", "Rule 2.", LONG_AGO)
        reddit.inboxes["plain_person"][0]["data"].update(bad)
        reddit.inboxes["plain_person"][0]["kind"] = str(bad.get("name", "t4"))[:2]
        assert [message.body for message in await gateway.received(token)] == ["Rule 1."]


async def test_a_code_becomes_a_lasting_token_and_the_name_of_its_owner() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        reddit.add_account("Plain_Person", total_karma=4321, created_utc=1_600_000_000.0)
        address = reddit.consent(gateway.consent_url("s"), "Plain_Person")
        owner = await gateway.sign_in(code_of(address))
    assert (owner.name, owner.karma) == ("Plain_Person", 4321)
    assert owner.created_at is not None
    assert owner.created_at.year == 2020
    assert owner.token in reddit.consents
    assert owner.token not in repr(owner)


async def test_a_code_serves_once_and_an_invented_one_never() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        code = code_of(reddit.consent(gateway.consent_url("s"), "Plain_Person"))
        await gateway.sign_in(code)
        for again in (code, "invented"):
            with pytest.raises(ConsentGone):
                await gateway.sign_in(again)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_consent_whose_second_request_fails_for_a_moment_is_kept_all_the_same(times: int) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        code = code_of(reddit.consent(gateway.consent_url("s"), "Plain_Person"))
        reddit.fail("/api/v1/me", Fault(status=503, times=times))
        owner = await gateway.sign_in(code)
    assert owner.name == "Plain_Person"
    assert owner.token in reddit.consents


async def test_a_consent_whose_owner_cannot_be_asked_for_is_given_back_and_a_new_link_is_offered() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        code = code_of(reddit.consent(gateway.consent_url("s"), "Plain_Person"))
        reddit.fail("/api/v1/me", Fault(status=503))
        with pytest.raises(RemoteError) as failed:
            await gateway.sign_in(code)
        assert "new link" in str(failed.value.do)
        assert len(reddit.seen("/api/v1/me")) == 3
        assert reddit.consents == {}, "nobody will use it"


async def test_an_author_sees_the_own_removed_post_as_normal_and_its_category() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening", author="Plain_Person")
        filtered = reddit.add_post("gardening", author="Plain_Person")
        strange = reddit.add_post("gardening", author="another_one")
        token = await signed_in(reddit, gateway)
        reddit.remove(post, "moderator")
        reddit.remove(filtered, "reddit")
        reddit.remove(strange, "moderator")
        seen = await gateway.look_up(token, [post, filtered, strange, "t3_nothere"])
    assert (seen[post].category, seen[post].body, seen[post].author) == (
        "moderator",
        "Some text of its own.",
        "Plain_Person",
    )
    assert (seen[filtered].category, seen[filtered].indexable) == (None, True)
    assert seen[strange].body == "[removed]"
    assert set(seen) == {post, filtered, strange}


async def test_each_account_sees_with_its_own_token() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        posts = {name: reddit.add_post("gardening", author=name) for name in ("first_one", "second_one")}
        for post in posts.values():
            reddit.remove(post, "moderator")
        for name, post in posts.items():
            token = await signed_in(reddit, gateway, name)
            seen = await gateway.look_up(token, list(posts.values()))
            assert [fullname for fullname, s in seen.items() if s.body != "[removed]"] == [post]


async def test_an_access_token_that_ran_out_is_renewed_without_a_word() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening", author="Plain_Person")
        token = await signed_in(reddit, gateway)
        reddit.expire_tokens()
        assert set(await gateway.look_up(token, [post])) == {post}


async def test_a_consent_taken_back_is_told_apart_from_trouble_and_stops_nobody_else() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        post = reddit.add_post("gardening", author="Plain_Person")
        gone, kept = await signed_in(reddit, gateway), await signed_in(reddit, gateway, "second_one")
        reddit.take_consent_back("Plain_Person")
        for _ in range(8):
            with pytest.raises(ConsentGone):
                await gateway.look_up(gone, [post])
        assert set(await gateway.look_up(kept, [post])) == {post}
        assert gateway.health.problem is None


async def test_a_revoked_key_is_no_word_about_any_account() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        token = await signed_in(reddit, gateway)
        reddit.revoke_key()
        with pytest.raises(RemoteError) as refused:
            await gateway.look_up(token, ["t3_fake000"])
        assert refused.value.permanent
        assert "BCRAO_REDDIT_WEB_CLIENT_ID" in refused.value.do
        with pytest.raises(RemoteError):
            await gateway.probe()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=503),
        Fault.html(),
        Fault.html(403),
        Fault.json(403, '{"message": "Forbidden", "error": 403}'),
        Fault.json(401, '{"message": "Unauthorized", "error": 401}'),
        Fault.json(429, '{"message": "Too Many Requests"}'),
        Fault(cut=True),
        Fault(truncated=True),
    ],
)
@pytest.mark.parametrize("path", ["/api/info", "/api/v1/access_token"])
async def test_trouble_is_never_taken_for_a_consent_taken_back(fault: Fault, path: str) -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        token = await signed_in(reddit, gateway)
        reddit.expire_tokens()
        reddit.fail(path, fault)
        with pytest.raises(RemoteError):
            await gateway.look_up(token, ["t3_fake000"])


async def test_a_revoked_token_is_forgotten_at_reddit_and_revoking_twice_is_no_error() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        token = await signed_in(reddit, gateway)
        await gateway.revoke(token)
        await gateway.revoke(token)
        assert reddit.consents == {}
        with pytest.raises(ConsentGone):
            await gateway.look_up(token, ["t3_fake000"])
        reddit.fail("/api/v1/revoke_token", Fault(status=503))
        with pytest.raises(RemoteError):
            await gateway.revoke(token)


async def test_a_consent_to_less_than_reading_is_refused() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        code = code_of(reddit.consent(gateway.consent_url("s").replace("identity+read", "identity"), "Plain_Person"))
        with pytest.raises(ConsentGone):
            await gateway.sign_in(code)


async def test_the_key_of_both_views_has_one_budget() -> None:
    async with FakeReddit() as reddit:
        clock = FixedClock()
        budget = Budget(remote="reddit", name="Reddit", clock=clock, requests=3, window_s=60.0, longest_wait_s=0.0)
        async with connected(reddit, clock=clock, budget=budget) as gateway:
            token = await signed_in(reddit, gateway)  # two of them
            await gateway.look_up(token, ["t3_fake000"])
            with pytest.raises(RemoteError, match="budget"):
                await gateway.look_up(token, ["t3_fake000"])


async def test_only_fullnames_can_be_asked_for() -> None:
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        for names in (["https://example.org/"], ["../me"], [f"t3_{n}" for n in range(101)]):
            with pytest.raises(ValueError):
                await gateway.look_up("token", names)
        assert await gateway.look_up("token", []) == {}


async def test_no_secret_is_logged_or_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeReddit() as reddit, connected(reddit) as gateway:
        address = reddit.consent(gateway.consent_url("s"), "Plain_Person")
        owner = await gateway.sign_in(code_of(address))
        reddit.take_consent_back("Plain_Person")
        with pytest.raises(ConsentGone) as gone:
            await gateway.look_up(owner.token, ["t3_fake000"])
        shown = f"{caplog.text} {gone.value!r} {gone.value} {gateway!r} {gateway.health!r}"
    assert "access_token" in caplog.text
    for secret in (owner.token, code_of(address), reddit.web_secret):
        assert secret not in shown


async def test_the_loop_goes_on_and_nothing_is_left() -> None:
    async with FakeReddit() as reddit, no_leaks(), connected(reddit) as gateway:
        token = await signed_in(reddit, gateway)
        reddit.fail("/api/info", Fault(slow_s=0.2))
        # The fake answers on this very loop: whoever held it would wait for ever.
        assert list(await gateway.look_up(token, ["t3_fake000"])) == ["t3_fake000"]

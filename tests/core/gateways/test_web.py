"""The public pages over the wire: the real httpx against a loopback Reddit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import RemoteError
from core.gateways.limits import BreakerState
from core.gateways.web import MAX_HOPS, PublicPages
from core.model import Basis, Outcome, View
from core.ports import PublicView
from tests.clock import FixedClock
from tests.core.gateways.watch import no_leaks
from tests.fakes.loopback import Fault, Loopback, Seen
from tests.fakes.web import USER_AGENT, FakeWeb
from tests.patience import PATIENCE_S

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
POST = "/r/gardening/comments/1abc2d/"
COMMENT = "/r/gardening/comments/1abc2d/comment/9zyx8w/"
SHARE = "/r/gardening/s/AbCdEf12"


@asynccontextmanager
async def connected(
    fake: FakeWeb, clock: FixedClock | None = None, *, timeout_s: float = PATIENCE_S
) -> AsyncIterator[PublicPages]:
    pages = PublicPages(base_url=fake.url, user_agent=USER_AGENT, clock=clock or FixedClock(), timeout_s=timeout_s)
    try:
        yield pages
    finally:
        await pages.close()


@pytest.mark.parametrize(
    "permalink", [POST, "/r/gardening/comments/1abc2d/tomatoes/", f"https://old.reddit.com{POST}?context=3"]
)
async def test_a_post_whose_own_page_answers_is_visible(permalink: str) -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        view: PublicView = pages
        fake.show(POST)
        reading = await view.look(permalink, NOW)
    assert (reading.view, reading.basis, reading.read_at) == (View.ANONYMOUS, Basis.WEB, NOW)
    assert reading.outcome is Outcome.VISIBLE
    assert (reading.found, reading.author_present, reading.body_state) == (True, True, "intact")
    assert (reading.score, reading.num_comments, reading.problem) == (5, 1, None)


async def test_a_removed_post_is_not_visible() -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        fake.show(POST, removed_by_category="moderator", selftext="[removed]", is_robot_indexable=False)
        reading = await pages.look(POST, NOW)
    assert reading.outcome is Outcome.NOT_VISIBLE
    assert (reading.category, reading.body_state, reading.indexable) == ("moderator", "removed", False)


async def test_a_comment_is_read_from_its_own_page_and_not_from_the_post_above_it() -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        fake.show(COMMENT, body="[removed]", author="[deleted]")
        reading = await pages.look(COMMENT, NOW)
    assert reading.outcome is Outcome.NOT_VISIBLE
    assert (reading.body_state, reading.author_present) == ("removed", False)


FAULTS = {
    "login page": Fault.html(200),
    "challenge": Fault.html(200, "Prove that you are human"),
    "403": Fault.html(403),
    "401": Fault(status=401),
    "404 json": Fault.json(404, '{"message": "Not Found", "error": 404}'),
    "429": Fault(status=429, headers={"Retry-After": "60"}),
    "500": Fault(status=500),
    "503": Fault.html(503),
    "login": Fault(status=302, headers={"Location": "/login/"}),
    "empty": Fault(status=200),
    "truncated": Fault(truncated=True),
    "cut": Fault(cut=True),
    "slow": Fault(slow_s=5),
    "drip": Fault(drip=True),
    "another post": Fault.json(200, '[{"kind": "Listing", "data": {"children": []}}]'),
    "another shape": Fault.json(200, '{"kind": "Listing"}'),
    "deep": Fault.json(200, "[" * 100_000),
    "gzip": Fault(status=200, body=b"no gzip", headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_anything_but_the_posts_own_json_cannot_tell(fault: str) -> None:
    async with FakeWeb() as fake, connected(fake, timeout_s=0.3) as pages:
        fake.show(POST)
        fake.fail("/r/", FAULTS[fault])
        reading = await pages.look(POST, NOW)
        assert reading.outcome is Outcome.CANNOT_TELL
        assert reading.problem
        assert {reading.found, reading.category, reading.indexable, reading.author_present} == {None}
        assert pages.health.problem == reading.problem
        assert len(fake.requests) == 1


async def test_an_incomplete_post_cannot_tell() -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        fake.show(POST, selftext=None, is_robot_indexable=None)
        assert (await pages.look(POST, NOW)).outcome is Outcome.CANNOT_TELL


@pytest.mark.parametrize("permalink", ["https://example.org/r/x/comments/1abc2d/", "/r/gardening", "", "//evil", SHARE])
async def test_what_is_no_post_is_not_even_asked_for(permalink: str) -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        reading = await pages.look(permalink, NOW)
        assert reading.outcome is Outcome.CANNOT_TELL
        assert fake.requests == []


async def test_looks_are_ten_seconds_apart_and_a_long_queue_is_told_so() -> None:
    clock = FixedClock()
    async with FakeWeb() as fake, connected(fake, clock) as pages:
        fake.show(POST)
        started = clock.monotonic()
        for _ in range(4):
            assert (await pages.look(POST, NOW)).outcome is Outcome.VISIBLE
        assert clock.monotonic() - started >= 30
        assert len(fake.requests) == 4


async def test_a_network_that_is_refused_is_left_alone_for_long() -> None:
    clock = FixedClock()
    async with FakeWeb() as fake, connected(fake, clock) as pages:
        for _ in range(10):
            assert (await pages.look(POST, NOW)).outcome is Outcome.CANNOT_TELL
        assert len(fake.requests) == 3
        assert pages.breaker.state is BreakerState.OPEN
        fake.show(POST)
        clock.advance(timedelta(hours=1))
        assert (await pages.look(POST, NOW)).outcome is Outcome.VISIBLE


# ---------------------------------------------------------------- share links


@pytest.mark.parametrize(
    "location",
    [
        "https://www.reddit.com/r/gardening/comments/1abc2d/tomatoes/?share_id=x&utm_source=share",
        "/r/gardening/comments/1abc2d/tomatoes/",
        "https://old.reddit.com/r/gardening/comments/1abc2d",
    ],
)
async def test_a_share_link_leads_to_the_posts_path(location: str) -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        fake.redirect(SHARE, location)
        assert await pages.resolve_share_link(SHARE) == POST


async def test_a_share_link_of_a_profile_and_of_a_comment() -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        fake.redirect("/u/plain_person/s/AbCdEf12", f"https://www.reddit.com{COMMENT}?share_id=x")
        assert await pages.resolve_share_link("/u/plain_person/s/AbCdEf12") == COMMENT


async def test_hops_are_followed_on_our_own_base_and_only_three() -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        for n in range(5):
            fake.redirect(f"/r/gardening/s/Token{n}", f"https://www.reddit.com/r/gardening/s/Token{n + 1}")
        fake.redirect("/r/gardening/s/Token5", f"https://www.reddit.com{POST}")
        assert await pages.resolve_share_link("/r/gardening/s/Token3") == POST
        fake.requests.clear()
        assert await pages.resolve_share_link("/r/gardening/s/Token0") is None
        assert len(fake.requests) == MAX_HOPS


@pytest.mark.parametrize(
    "location",
    [
        "https://example.org/r/gardening/comments/1abc2d/",
        "https://www.reddit.com.example.org/r/gardening/comments/1abc2d/",
        "https://www.reddit.com@example.org/r/gardening/comments/1abc2d/",
        "//example.org/r/gardening/s/AbCdEf13",
        "https://www.reddit.com/login/?dest=x",
        "javascript:alert(1)",
        "http://[broken/",
        "",
    ],
)
async def test_a_redirect_to_anywhere_else_is_refused(location: str) -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        fake.redirect(SHARE, location)
        assert await pages.resolve_share_link(SHARE) is None
        assert len(fake.requests) == 1


async def test_a_redirect_to_a_foreign_host_sends_nothing_there() -> None:
    class Stranger(Loopback):
        async def answer(self, request: Seen) -> object:  # type: ignore[override]
            raise AssertionError

    async with FakeWeb() as fake, Stranger() as stranger, connected(fake) as pages:
        fake.redirect(SHARE, f"{stranger.url}/r/gardening/s/AbCdEf13")
        assert await pages.resolve_share_link(SHARE) is None
        fake.fail(POST, Fault(status=302, headers={"Location": f"{stranger.url}{POST}.json"}))
        assert (await pages.look(POST, NOW)).outcome is Outcome.CANNOT_TELL
        assert stranger.requests == []


@pytest.mark.parametrize("fault", ["403", "429", "500", "slow", "cut", "login page"])
async def test_a_refused_share_link_is_none(fault: str) -> None:
    async with FakeWeb() as fake, connected(fake, timeout_s=0.3) as pages:
        fake.redirect(SHARE, f"https://www.reddit.com{POST}")
        fake.fail(SHARE, FAULTS[fault])
        assert await pages.resolve_share_link(SHARE) is None


@pytest.mark.parametrize("path", ["https://example.org/r/x/s/AbCdEf12", "/r/gardening", "/../admin", "", POST + "?x=1"])
async def test_only_share_links_are_requested(path: str) -> None:
    async with FakeWeb() as fake, connected(fake) as pages:
        answer = await pages.resolve_share_link(path)
        assert answer in (None, POST)  # a long link is already what was asked for
        assert fake.requests == []


# ---------------------------------------------------------------- manners


async def test_the_probe_tells_whether_the_pages_can_be_reached() -> None:
    async with FakeWeb() as fake, connected(fake) as patient, connected(fake, timeout_s=0.3) as hasty:
        await patient.probe()
        fake.fail("/", Fault(slow_s=5))
        with pytest.raises(RemoteError):
            await hasty.probe()


async def test_nothing_is_left_after_closing() -> None:
    async with no_leaks(), FakeWeb() as fake, connected(fake) as pages:
        fake.show(POST)
        await pages.look(POST, NOW)


async def test_a_cancelled_look_does_not_wait_for_its_answer() -> None:
    async with no_leaks(), FakeWeb() as fake, connected(fake, timeout_s=4 * PATIENCE_S) as pages:
        fake.fail("/", Fault(slow_s=3 * PATIENCE_S))
        looking = asyncio.create_task(pages.look(POST, NOW))
        await fake.until_seen("/", 1)
        looking.cancel()
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(asyncio.CancelledError):
                await looking


async def test_a_slow_page_never_holds_the_event_loop() -> None:
    async with FakeWeb() as fake:
        fake.fail("/", Fault(slow_s=0.2))
        async with connected(fake, timeout_s=PATIENCE_S) as pages:
            # The fake answers on this very loop: whoever held it would wait for ever.
            assert (await pages.look(POST, NOW)).view is View.ANONYMOUS

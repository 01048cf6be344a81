"""What Reddit's gateway makes of everything that can go wrong: no fault is ever taken for an answer."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import RemoteError
from core.gateways.limits import BreakerState
from core.gateways.reddit import RedditGateway
from core.requirements import Posting
from tests.clock import FixedClock
from tests.core.gateways.connected import Ask, connected
from tests.core.gateways.watch import no_leaks
from tests.fakes.loopback import Fault, Loopback
from tests.fakes.reddit import FakeReddit
from tests.patience import HASTE_S, PATIENCE_S

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

"""The browser comes back from Reddit's page: a real server, a real client, a loopback Reddit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.listener import Listener, hear_reddit
from bot.settings import REDIRECT_PATH
from core.accounts import Accounts
from core.errors import BadSettings
from core.gateways.author import RedditAuthors
from core.model import Caller
from core.seal import LINKED_ACCOUNTS, Seal
from storage.store import Store
from tests.clock import FixedClock
from tests.fakes.loopback import Fault
from tests.fakes.reddit import FakeReddit


@pytest.fixture
async def reddit() -> AsyncIterator[FakeReddit]:
    async with FakeReddit() as fake:
        yield fake


@pytest.fixture
async def accounts(reddit: FakeReddit, store: Store, clock: FixedClock) -> AsyncIterator[Accounts]:
    gateway = RedditAuthors(**reddit.web_credentials, clock=clock)
    yield Accounts(store, clock, gateway, Seal(lambda: "k" * 32, LINKED_ACCOUNTS))
    await gateway.close()


@asynccontextmanager
async def listening(accounts: Accounts, address: str) -> AsyncIterator[int]:
    listener = Listener(address)
    hear_reddit(listener, accounts)
    async with listener.serving():
        assert listener.port is not None
        yield listener.port


async def test_a_browser_that_comes_back_reads_that_the_account_is_linked(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    address = reddit.consent((await accounts.ask(caller)).url, "Plain_Person")
    async with listening(accounts, "127.0.0.1:0") as port, httpx.AsyncClient() as browser:
        url = address.replace(reddit.redirect_url, f"http://127.0.0.1:{port}{REDIRECT_PATH}")
        page = await browser.get(url)
        again = await browser.get(url)
    assert page.status_code == 200
    assert "<h1>u/Plain_Person is linked</h1>" in page.text
    assert "alice asked for it." in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert (again.status_code, "used already" in again.text) == (400, True)
    assert (await store.accounts(caller.workspace_id))[0].signed_in_at is not None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (REDIRECT_PATH, 400),
        (f"{REDIRECT_PATH}?state=<script>alert(1)</script>&code=x", 400),
        (f"{REDIRECT_PATH}?state={'s' * 3000}&code=x", 400),
        (f"{REDIRECT_PATH}?code=x", 400),
        ("/", 404),
        ("/etc/passwd", 404),
    ],
)
async def test_anything_else_is_turned_away_without_repeating_it(accounts: Accounts, path: str, status: int) -> None:
    async with listening(accounts, "127.0.0.1:0") as port, httpx.AsyncClient() as browser:
        page = await browser.get(f"http://127.0.0.1:{port}{path}")
        assert (await browser.post(f"http://127.0.0.1:{port}{REDIRECT_PATH}")).status_code == 405
    assert page.status_code == status
    assert "script" not in page.text


async def test_trouble_at_reddit_is_told_in_words(accounts: Accounts, reddit: FakeReddit, caller: Caller) -> None:
    address = reddit.consent((await accounts.ask(caller)).url, "Plain_Person")
    reddit.fail("/api/v1/access_token", Fault(status=503))
    async with listening(accounts, "127.0.0.1:0") as port, httpx.AsyncClient() as browser:
        page = await browser.get(address.replace(reddit.redirect_url, f"http://127.0.0.1:{port}{REDIRECT_PATH}"))
    assert page.status_code == 400
    assert "Reddit has trouble of its own." in page.text


async def test_an_address_that_is_taken_is_a_setting_to_change(accounts: Accounts) -> None:
    async with listening(accounts, "127.0.0.1:0") as port:
        with pytest.raises(BadSettings, match="BCRAO_LISTEN"):
            async with listening(accounts, f"127.0.0.1:{port}"):
                raise AssertionError("two programs listen on one port")

"""A workspace's permission from being given to its end, over a real store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotAllowedNow, NotInstalled
from core.installations import Installations
from core.seal import INSTALLATIONS, Seal
from storage.store import Store
from tests.clock import FixedClock

INSTALL_URL = "https://bot.example.com/slack/install"


def over(store: Store, clock: FixedClock, key: str = "k" * 32) -> Installations:
    return Installations(store, clock, Seal(lambda: key, INSTALLATIONS), INSTALL_URL)


@pytest.fixture
async def installations(store: Store, clock: FixedClock) -> Installations:
    installed = over(store, clock)
    await installed.keep("slack:T1", "Pots", installed_by="U1", bot_user_id="UBOT", token="xoxb-secret")
    return installed


async def test_a_token_is_kept_sealed_and_opened_for_use(installations: Installations, store: Store) -> None:
    found = await installations.find("slack:T1")
    assert await installations.open(found) == "xoxb-secret"
    assert "xoxb-secret" not in f"{found.sealed_token}{found!r}{await store.export_rows('slack:T1')}"
    assert found.sealed_token is not None
    assert found.sealed_token not in repr(await store.export_rows("slack:T1"))


async def test_where_nothing_is_installed_it_says_where_to(installations: Installations) -> None:
    with pytest.raises(NotInstalled) as told:
        await installations.find("slack:T9")
    assert str(told.value) == f"The app is not installed in this workspace. Install it: {INSTALL_URL}"


async def test_an_end_says_since_when_and_why(installations: Installations, clock: FixedClock) -> None:
    later = clock.advance(timedelta(hours=2))
    assert await installations.end("slack:T1", "account_inactive", later) is True
    assert await installations.end("slack:T1", "account_inactive", later) is False
    with pytest.raises(NotInstalled, match=r"any more, since 23 Nov 2026, 14:00 UTC \(account_inactive\)\."):
        await installations.find("slack:T1")
    [ended] = await installations.every()
    assert ended.sealed_token is None


async def test_another_key_opens_nothing_and_loses_nothing(
    installations: Installations, store: Store, clock: FixedClock
) -> None:
    other = over(store, clock, "z" * 32)
    with pytest.raises(NotAllowedNow, match="BCRAO_SECRET_KEY"):
        await other.open(await other.find("slack:T1"))
    assert await installations.open(await installations.find("slack:T1")) == "xoxb-secret"

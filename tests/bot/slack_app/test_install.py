"""Installing in a browser, over the wire: a browser's redirects and cookies, a loopback Slack."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.slack_app import INSTALL_PATH, INSTALLED_PATH, SCOPES
from bot.slack_app.install import COOKIE, STATE_FOR_S
from core.seal import INSTALLATIONS
from storage.database import open_database
from storage.store import Store
from tests.bot.slack_app.browser import ADDRESS, browser, install, link_on, words_on
from tests.bot.slack_app.door import Door, opened, seal
from tests.clock import FixedClock
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def door(slack: FakeSlack, store: Store, clock: FixedClock) -> AsyncIterator[Door]:
    async with opened(slack, store, clock) as door:
        yield door


async def test_somebody_installs_the_app_and_reads_what_to_do_next(door: Door) -> None:
    door.slack.team_names["T1"] = "Pots & <b>Pans</b>"
    page = await install(door.listener)
    assert page.status_code == 200
    assert "BC-RAO is installed in Pots & <b>Pans</b>" in words_on(page)
    assert "<b>" not in page.text
    assert "/rao setup" in page.text
    kept = await door.kept()
    assert kept is not None
    assert (kept.installed_by, kept.bot_user_id, kept.ended_at) == ("U1", "UBOTT1", None)
    assert (await door.store.workspace("slack:T1")).name == "Pots & <b>Pans</b>"
    assert await door.app.installations.open(kept) == door.slack.installed["T1"]
    assert kept.sealed_token is not None
    assert "xoxb" not in kept.sealed_token


async def test_slack_is_asked_for_what_is_used_and_for_nothing_more(door: Door) -> None:
    async with browser(door.listener) as person:
        # Whatever is written behind our page's address, it does not get onto Slack's.
        page = await person.get(f"{ADDRESS}{INSTALL_PATH}?team=T9%26redirect_uri=https://evil.example&scope=admin")
    asked = parse_qs(urlsplit(link_on(page)).query)
    assert set(asked) == {"state", "client_id", "scope", "redirect_uri"}
    assert asked["scope"] == [",".join(SCOPES)]
    assert asked["redirect_uri"] == [f"{ADDRESS}{INSTALLED_PATH}"]


async def test_the_pages_load_nothing_and_are_kept_and_framed_nowhere(door: Door) -> None:
    async with browser(door.listener) as person:
        begun = await person.get(f"{ADDRESS}{INSTALL_PATH}")
        done = await person.get(link_on(begun))
    for page in (begun, done):
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "no-referrer"
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/slack", "Secure", f"Max-Age={STATE_FOR_S}"} <= set(cookie.split("; "))


async def test_without_https_the_cookie_still_comes_back(slack: FakeSlack, store: Store, clock: FixedClock) -> None:
    address = "http://localhost:8480/rao"
    async with opened(slack, store, clock, public_address=address) as door, httpx.AsyncClient() as person:
        page = await person.get(f"http://127.0.0.1:{door.listener.port}{INSTALL_PATH}")
    attributes = page.headers["set-cookie"].split("; ")
    assert "Secure" not in attributes
    assert "Path=/rao/slack" in attributes


# ---------------------------------------------------------------- states


async def test_a_state_serves_once(door: Door) -> None:
    async with browser(door.listener) as person:
        address = await door.begin(person)
        assert (await person.get(await door.agree(person, address))).status_code == 200
        again = await person.get(await door.agree(person, address))  # Slack gives a new code, the state is the old one
    assert again.status_code == 400
    assert "finished already" in words_on(again)
    assert len(door.slack.called("oauth.v2.access")) == 1


async def test_an_answer_sent_again_is_not_exchanged_again(door: Door) -> None:
    async with browser(door.listener) as person:
        back = await door.agree(person, await door.begin(person))
        assert (await person.get(back)).status_code == 200
        assert (await person.get(back)).status_code == 400
    assert len(door.slack.called("oauth.v2.access")) == 1


async def test_a_state_counts_for_ten_minutes(door: Door) -> None:
    async with browser(door.listener) as person:
        first = await door.begin(person)
        door.clock.advance(timedelta(seconds=STATE_FOR_S - 1))
        assert (await person.get(first)).status_code == 200
        late = await door.begin(person)
        door.clock.advance(timedelta(seconds=STATE_FOR_S))
        page = await person.get(late)
    assert page.status_code == 400
    assert "more than ten minutes ago" in words_on(page)
    assert "Begin again" in words_on(page)


async def test_a_state_of_another_browser_is_refused_and_stays_good_in_its_own(door: Door) -> None:
    async with browser(door.listener) as mallory, browser(door.listener) as alice:
        back = await door.agree(mallory, await door.begin(mallory))
        await door.begin(alice)
        page = await alice.get(back)  # Alice is led to an install that is Mallory's
        assert page.status_code == 400
        assert "another browser" in words_on(page)
        assert await door.kept() is None
        assert (await mallory.get(back)).status_code == 200


@pytest.mark.parametrize("state", ["", "x", "é", "gAAAAA" + "A" * 90, "<script>alert(1)</script>", "a%20b; c"])
async def test_a_state_that_we_did_not_issue_is_refused_and_not_shown(door: Door, state: str) -> None:
    async with browser(door.listener) as person:
        cookie = {b"Cookie": f"{COOKIE}={state}".encode("latin-1")}
        asked = {"state": state, "code": "x"}
        page = await person.get(f"{ADDRESS}{INSTALLED_PATH}", params=asked, headers=cookie)
    assert page.status_code == 400
    assert "Nothing was installed" in words_on(page)
    assert "script" not in page.text
    assert door.slack.called("oauth.v2.access") == []


async def test_a_token_of_another_purpose_is_no_state(door: Door) -> None:
    forged = seal(INSTALLATIONS).close(f"mark {door.clock.now().timestamp() + 60}").rstrip("=")
    async with browser(door.listener) as person:
        cookie = {"Cookie": f"{COOKIE}={forged}"}
        asked = {"state": forged, "code": "x"}
        page = await person.get(f"{ADDRESS}{INSTALLED_PATH}", params=asked, headers=cookie)
    assert page.status_code == 400


async def test_a_restart_in_the_middle_of_an_install_spoils_nothing(door: Door) -> None:
    async with browser(door.listener) as person:
        back = await door.agree(person, await door.begin(person))
        async with opened(door.slack, door.store, door.clock) as restarted, browser(restarted.listener) as same:
            same.cookies = person.cookies
            assert (await same.get(back)).status_code == 200
    assert await door.kept() is not None


# ---------------------------------------------------------------- installs that come to nothing


async def test_somebody_who_says_no_reads_that_nothing_happened(door: Door) -> None:
    door.slack.person = None
    page = await install(door.listener)
    assert page.status_code == 200
    assert "chose not to allow it" in words_on(page)
    assert link_on(page) == "install"
    assert await door.kept() is None


@pytest.mark.parametrize("query", ["", "?state=x", f"?error={'x' * 3000}", "?error=<script>"])
async def test_an_address_that_slack_does_not_make_is_turned_away(door: Door, query: str) -> None:
    async with browser(door.listener) as person:
        page = await person.get(f"{ADDRESS}{INSTALLED_PATH}{query}")
        posted = await person.post(f"{ADDRESS}{INSTALLED_PATH}{query}")
    assert page.status_code == 400
    assert "script" not in page.text
    assert posted.status_code == 405


@pytest.mark.parametrize(
    ("order", "status", "words"),
    [
        ({"error": "invalid_code"}, 400, "used already, or too old"),
        ({"error": "code_already_used"}, 400, "used already, or too old"),
        ({"error": "bad_client_secret"}, 502, "does not know this app as it is set up here"),
        ({"error": "bad_redirect_uri"}, 502, "python -m bot doctor"),
        ({"error": "ratelimited", "status": 429, "retry_after_s": 30}, 502, "in some minutes"),
        ({"error": "", "status": 503, "raw": "<html>Down</html>"}, 502, "in some minutes"),
        ({"error": "garbled", "raw": "<html>Not JSON</html>", "status": 200}, 502, "in some minutes"),
    ],
)
async def test_what_slack_refuses_is_told_calmly_with_what_to_do(
    door: Door, caplog: pytest.LogCaptureFixture, order: dict[str, Any], status: int, words: str
) -> None:
    door.slack.fail("oauth.v2.access", **order)
    with caplog.at_level(logging.DEBUG, "bot"):
        page = await install(door.listener)
    assert page.status_code == status
    assert words in words_on(page)
    assert await door.kept() is None
    assert ".code" not in caplog.text  # the code may still be good
    door.slack.heal()
    assert (await install(door.listener)).status_code == 200


async def test_slack_out_of_reach_is_told_calmly(door: Door, slack: FakeSlack, store: Store, clock: FixedClock) -> None:
    async with browser(door.listener) as person:
        back = await door.agree(person, await door.begin(person))
        assert slack._runner is not None
        await slack._runner.cleanup()
        page = await person.get(back)
    assert page.status_code == 502
    assert "Slack cannot be reached" in words_on(page)


async def test_wrong_credentials_are_the_operator_s_to_mend(slack: FakeSlack, store: Store, clock: FixedClock) -> None:
    async with opened(slack, store, clock, client_secret="another") as door:
        page = await install(door.listener)
    assert page.status_code == 502
    assert "python -m bot doctor" in words_on(page)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"is_enterprise_install": True, "team": None, "enterprise": {"id": "E1", "name": "Org"}}, "one workspace"),
        ({"refresh_token": "xoxe-1", "expires_in": 43200}, "token rotation is off"),
    ],
)
async def test_what_cannot_be_kept_is_given_back_and_told(door: Door, extra: dict[str, object], words: str) -> None:
    door.slack.extra = extra
    page = await install(door.listener)
    assert page.status_code == 400
    assert words in words_on(page)
    assert door.slack.revoked == [door.slack.installed["T1"]]
    assert await door.kept() is None


async def test_a_single_workspace_of_an_organisation_can_install(door: Door) -> None:
    door.slack.extra = {"enterprise": {"id": "E1", "name": "Org"}}
    assert (await install(door.listener)).status_code == 200
    assert await door.kept() is not None


async def test_a_database_that_does_not_take_it_is_told_and_the_install_can_be_repeated(
    door: Door, database_url: str
) -> None:
    database = await open_database(database_url, exclusive=False, busy_timeout_s=0.05)
    async with opened(door.slack, Store(database), door.clock) as busy:
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            page = await install(busy.listener)
            other.execute("ROLLBACK")
        assert page.status_code == 503
        assert "cannot keep it at the moment" in words_on(page)
        assert ".sqlite" not in page.text  # where the database is concerns nobody outside
        assert (await install(busy.listener)).status_code == 200
    await database.close()


async def test_installing_again_takes_the_place_of_the_first(door: Door) -> None:
    await install(door.listener)
    first = await door.kept()
    door.clock.advance(timedelta(minutes=1))
    door.slack.person = ("T1", "U2")
    await install(door.listener)
    second = await door.kept()
    assert first is not None
    assert second is not None
    assert (first.installed_by, second.installed_by) == ("U1", "U2")
    assert await door.app.installations.open(second) == door.slack.installed["T1"]
    actions = [entry.kind for entry in await door.store.journal("slack:T1")]
    assert actions == ["installation.install", "installation.install"]

"""The pages that a browser shows: escaped, readable on a phone, and clicked in a real browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Tone
from bot.listener import Listener, Page
from bot.slack_app import INSTALL_PATH, INSTALLED_PATH, SCOPES
from bot.slack_app.install import InstallPages
from storage.store import Store
from tests.bot.slack_app.door import Door
from tests.chromium import Tab, find_chromium, tab
from tests.clock import FixedClock
from tests.fakes.slack import FakeSlack

in_a_browser = pytest.mark.skipif(find_chromium() is None, reason="no Chromium here; set CHROMIUM to one")


@given(st.text(min_size=1), st.text(), st.sampled_from(Tone))
def test_no_text_becomes_markup(title: str, word: str, tone: Tone) -> None:
    page = Page(
        f"<b>{title}", (f"<script>{word}",), tone, {f"<i>{word}": "why"}, (f"<u>{title}", 'x" onclick="y')
    ).html()
    for written in ("<b>", "<script", "<i>", "<u>", '" onclick'):
        assert written not in page


def test_a_page_has_one_button_and_says_what_is_asked_for_with_the_reason() -> None:
    page = Page(
        "Add it", ("Slack asks next.",), asked=SCOPES, button=("Add to Slack", "https://slack.com/x?a=1&b=2")
    ).html()
    assert page.count("<a ") == 1
    assert 'href="https://slack.com/x?a=1&amp;b=2"' in page
    for scope, why in SCOPES.items():
        assert f"<dt>{scope}</dt><dd>" in page
        assert why.split(",")[0].split("'")[0] in page


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@asynccontextmanager
async def on_this_machine(slack: FakeSlack, store: Store, clock: FixedClock) -> AsyncIterator[tuple[Door, str]]:
    """Where workspaces install the app, without https, and its address."""
    slack.now = lambda: clock.now().timestamp()
    door = Door(slack, store, clock, Listener("127.0.0.1:0"))
    async with door.listener.serving():
        address = f"http://127.0.0.1:{door.listener.port}"
        slack.redirect_urls = {f"{address}{INSTALLED_PATH}"}
        InstallPages(replace(door.app, public_address=address), door.listener, clock, slack.url)
        yield door, address


@in_a_browser
@pytest.mark.process
@pytest.mark.wire
@pytest.mark.parametrize("dark", [False, True])
async def test_somebody_presses_the_button_on_a_phone_and_arrives_at_an_installed_app(
    slack: FakeSlack, store: Store, clock: FixedClock, tmp_path: Path, dark: bool
) -> None:
    slack.team_names["T1"] = "Pots & <b>Pans</b> of a long name that needs two lines on a phone"
    async with on_this_machine(slack, store, clock) as (door, address), tab(tmp_path, dark=dark) as phone:
        await phone.go(f"{address}{INSTALL_PATH}")
        assert await phone.value("document.querySelector('h1').innerText") == "Add BC-RAO to Slack"
        await looks_right(phone, dark)
        save(await phone.picture(), f"install-{'dark' if dark else 'light'}.png")
        asked = parse_qs(urlsplit(await phone.value("document.querySelector('a.go').href")).query)
        assert asked["redirect_uri"] == [f"{address}{INSTALLED_PATH}"]
        await phone.click("a.go")
        said = await phone.value("document.body.innerText")
        assert f"BC-RAO is installed in {slack.team_names['T1']}" in said
        await looks_right(phone, dark)
        save(await phone.picture(), f"installed-{'dark' if dark else 'light'}.png")
        assert await door.kept() is not None
        assert phone.complaints == []


@in_a_browser
@pytest.mark.process
@pytest.mark.wire
async def test_a_page_of_refusal_leads_back_to_the_beginning(
    slack: FakeSlack, store: Store, clock: FixedClock, tmp_path: Path
) -> None:
    async with on_this_machine(slack, store, clock) as (_, address), tab(tmp_path) as phone:
        await phone.go(f"{address}{INSTALLED_PATH}?error=access_denied&state=x")
        assert "Nothing was installed" in await phone.value("document.body.innerText")
        await looks_right(phone, dark=False)
        save(await phone.picture(), "refused.png")
        await phone.click("a.go")
        assert await phone.value("document.querySelector('h1').innerText") == "Add BC-RAO to Slack"


async def looks_right(phone: Tab, dark: bool) -> None:
    """The style took effect, in the right colours, nothing is wider than the phone, and the button can be hit."""
    assert await phone.value("getComputedStyle(document.body).backgroundColor") == (
        "rgb(20, 23, 28)" if dark else "rgb(244, 245, 247)"
    )
    assert await phone.value("document.documentElement.scrollWidth") <= 390
    heights = await phone.value("[...document.querySelectorAll('a.go')].map(a => a.getBoundingClientRect().height)")
    assert all(height >= 44 for height in heights)


def save(picture: bytes, name: str) -> None:
    """Keep the picture when somebody wants to look at it: BCRAO_TEST_PICTURES names a folder."""
    if folder := os.environ.get("BCRAO_TEST_PICTURES"):
        (Path(folder) / name).write_bytes(picture)

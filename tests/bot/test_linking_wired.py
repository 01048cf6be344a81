"""The whole program with a web app of Reddit set up: the page, the browser coming back, the account's own view."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import httpx
import pytest

from bot.card import Card
from bot.main import Program, open_program, run
from bot.settings import load_settings
from tests.bot.bare import ALICE, Board
from tests.fakes.reddit import FakeReddit


def everything_in(folder: Path) -> bytes:
    """Of the database and its journal."""
    return b"".join(path.read_bytes() for path in folder.glob("bcrao.sqlite3*"))


class Visitor(Board):
    """A front end that links an account in its browser, and ends."""

    def __init__(self, program: Program, reddit: FakeReddit) -> None:
        super().__init__("terminal")
        self.program, self.reddit = program, reddit
        self.page, self.cards = "", list[Card]()

    async def run(self) -> int:
        _, card = await self.program.dispatcher.run_line(ALICE, "account link")
        address = self.reddit.consent(card.links[0].url, "Plain_Person")
        async with httpx.AsyncClient() as browser:
            self.page = (await browser.get(address.replace("localhost", "127.0.0.1"))).text
        for line in ("account status", "post register https://www.reddit.com/r/gardening/comments/1abc2d/"):
            self.cards.append((await self.program.dispatcher.run_line(ALICE, line))[1])
        return 0

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        return False

    async def deliver(self, workspace_id: str, place: str | None, card: Card, *, nonce: str, **_: object) -> str:
        return nonce


@pytest.mark.parametrize("one_key", [True, False])
async def test_an_account_is_linked_in_the_browser_and_its_own_view_is_used(tmp_path: Path, one_key: bool) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with FakeReddit() as reddit:
        reddit.redirect_url = f"http://localhost:{port}/reddit/linked"
        reddit.add_post("gardening", author="Plain_Person", fullname="t3_1abc2d")
        environ = {
            "BCRAO_DATA_DIR": str(tmp_path),
            "BCRAO_REDDIT_WEB_CLIENT_ID": reddit.web_id,
            "BCRAO_REDDIT_WEB_CLIENT_SECRET": reddit.web_secret,
            "BCRAO_REDDIT_USER_AGENT": reddit.user_agent,
            "BCRAO_REDDIT_URL": reddit.url,
            "BCRAO_REDDIT_OAUTH_URL": reddit.url,
            "BCRAO_REDDIT_PUBLIC_URL": reddit.url,
            "BCRAO_LISTEN": f"127.0.0.1:{port}",
        }
        if one_key:
            environ |= {"BCRAO_REDDIT_CLIENT_ID": reddit.web_id, "BCRAO_REDDIT_CLIENT_SECRET": reddit.web_secret}
        async with open_program(load_settings(environ, None)) as program:
            visitor = Visitor(program, reddit)
            assert await run(program, [visitor]) == 0
    assert "<h1>u/Plain_Person is linked</h1>" in visitor.page
    assert "Alice asked for it." in visitor.page
    status, registered = visitor.cards
    assert status.values["accounts"][0]["signed_in"]
    views = [line for f in registered.fields if f.name.startswith("Evidence") for line in f.value.split("\n")]
    # With a third party's view at hand, its author is not asked about a post that stands.
    assert bool(re.search("as its author sees it", "\n".join(views))) is not one_key
    stored = everything_in(tmp_path)
    assert not [token for token in reddit.consents if token.encode() in stored]
    assert b"Plain_Person" in stored

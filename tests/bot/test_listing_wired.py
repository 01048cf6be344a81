"""A list's pages and filters over the wire, on both chats: the same message turns, and a form filters."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.main import open_program
from bot.settings import load_settings
from core.clock import SystemClock
from core.model import Caller
from tests.bot.chats import AT
from tests.bot.platforms import ALICE, platform_named
from tests.storage import world


@pytest.mark.parametrize("name", ["discord", "slack"])
async def test_a_lists_message_turns_its_pages_and_a_form_filters_it(name: str, tmp_path: Path) -> None:
    async with platform_named(name) as (settings, connected):
        url = f"sqlite:///{tmp_path}/bcrao.sqlite"
        given = {"data_dir": str(tmp_path), "database_url": url, **settings}
        environ = {f"BCRAO_{key.upper()}": value for key, value in given.items()}
        clock = SystemClock()
        async with open_program(load_settings(environ, None), clock) as program, connected(program) as chat:
            clock.stopped_at = AT
            await (await chat.say(ALICE, "post list")).shows("No posts are watched yet")
            [workspace] = await program.store.all_workspaces()
            caller = Caller(workspace.id, "x", "Bob", "test")
            await world.crowd_of_posts(url, caller, AT, 12)
            await world.crowd_of_posts(url, caller, AT, 1, community="elsewhere", fullname="t3_yy")
            page = await (await chat.say(ALICE, "post list")).shows("1–10 of 13 posts")
            await page.press(ALICE, "Next")
            await page.becomes("11–13 of 13 posts")
            await page.press(ALICE, "Back")
            await page.becomes("1–10 of 13 posts")
            asked = await page.press(ALICE, "Filter")
            found = await (await asked.fill(ALICE, community="r/elsewhere")).shows("Posts in r/elsewhere")
            assert "1 post." in found.words
            assert "1–10 of 13 posts" in page.words, "a form is answered beside the list"
        assert chat.complaints() == []

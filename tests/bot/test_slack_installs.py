"""The whole program with several Slack workspaces: installed in browsers, used, removed, over a restart."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.chats import chat_front_ends
from bot.main import Program, open_program, run
from bot.settings import Settings, load_settings
from bot.slack_app import INSTALLED_PATH
from tests.bot.slack_app.browser import ADDRESS, install, words_on
from tests.fakes.slack import APP_TOKEN, FakeSlack, Message
from tests.patience import PATIENCE_S


def settings_for(slack: FakeSlack, folder: Path) -> Settings:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return load_settings(
        {
            "BCRAO_DATA_DIR": str(folder),
            "BCRAO_SLACK_CLIENT_ID": slack.client_id,
            "BCRAO_SLACK_CLIENT_SECRET": slack.client_secret,
            "BCRAO_SLACK_APP_TOKEN": APP_TOKEN,
            "BCRAO_SLACK_API_URL": slack.url,
            "BCRAO_SLACK_AUTHORIZE_URL": slack.authorize_url,
            "BCRAO_LISTEN": f"127.0.0.1:{port}",
            "BCRAO_PUBLIC_URL": ADDRESS,
        },
        None,
    )


@asynccontextmanager
async def running(slack: FakeSlack, folder: Path) -> AsyncIterator[Program]:
    connected = slack.connections_opened
    async with open_program(settings_for(slack, folder)) as program:
        [front_end] = chat_front_ends(program)
        serving = asyncio.create_task(run(program, [front_end]))
        await slack.connected(connected + 1)
        yield program
        await front_end.stop()
        assert await serving == 0


async def alerted(program: Program, slack: FakeSlack, *, user: str, channel: str) -> Message:
    """Have alerts sent here, and one of them; answers it."""
    before = len(slack.shown)

    async def shows(words: str) -> Message:
        found = await slack.until(lambda: [m for m in slack.shown[before:] if words in m.words], 20)
        message: Message = found[-1]
        return message

    await slack.command("setup", user=user, channel=channel)
    card = await shows("Set up this workspace")
    await slack.click(card, "Send alerts here", user=user)
    await shows("Alerts")
    await slack.command("setup", user=user, channel=channel)
    await slack.until(lambda: len([m for m in slack.shown[before:] if "Send a test alert" in str(m.blocks)]) >= 1, 20)
    card = next(m for m in slack.shown[before:] if "Send a test alert" in str(m.blocks))
    await slack.click(card, "Send a test alert", user=user)
    await shows("A test alert is on its way")
    await program.services.jobs.run_due()
    [alert] = [m for m in slack.shown[before:] if "metadata" in m.body]
    return alert


async def ended(program: Program, workspace_id: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (one := await program.services.store.installation(workspace_id)) is None or one.ended_at is None:  # noqa: ASYNC110 - in the store
            await asyncio.sleep(0.01)


def everything_in(folder: Path) -> bytes:
    """Of the database, its journal and whatever else the program wrote."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_two_workspaces_install_use_and_remove_the_app_each_for_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for room in ("bot", "core", "storage"):
        caplog.set_level(logging.DEBUG, room)
    async with FakeSlack() as slack:
        slack.redirect_urls = {f"{ADDRESS}{INSTALLED_PATH}"}
        slack.channels["K1"], slack.team_of_channel["K1"] = "member", "T2"
        slack.team_of_user |= {"V1": "T2"}
        tokens = set[str]()
        async with running(slack, tmp_path) as program:
            assert program.listener is not None
            for person in (("T1", "U1"), ("T2", "V1")):
                slack.person = person
                assert "is installed in" in words_on(await install(program.listener))
            tokens |= set(slack.installed.values())
            assert (await alerted(program, slack, user="U1", channel="C1")).channel == "C1"
            assert (await alerted(program, slack, user="V1", channel="K1")).channel == "K1"

        async with running(slack, tmp_path) as program:
            slack.uninstall("T1")
            await slack.event({"type": "app_uninstalled"})
            await slack.event({"type": "tokens_revoked", "tokens": {"bot": ["UBOTT1"]}})
            await ended(program, "slack:T1")
            await slack.command("help", user="U1", channel="C1")
            await slack.said("not installed in this workspace any more")
            await slack.command("campaign list", user="V1", channel="K1")
            await slack.until(lambda: [m for m in slack.shown if m.channel == "K1" and "No campaigns" in m.words], 20)
            kept = {one.workspace_id: one for one in await program.services.store.installations()}
            assert (kept["slack:T1"].sealed_token, kept["slack:T1"].end_reason) == (None, "app_uninstalled")
            assert kept["slack:T2"].sealed_token is not None

            assert program.listener is not None
            slack.person = ("T1", "U1")
            await install(program.listener)
            tokens |= set(slack.installed.values())
            await slack.command("status", user="U1", channel="C1")
            await slack.said("<#C1>\n\nLast message accepted")
        assert slack.problems == []

    logged = "".join(f"{vars(record)}" for record in caplog.records)
    assert "not installed any more" in logged
    assert not [token for token in (*tokens, slack.client_secret) if token in logged]
    stored = everything_in(tmp_path)
    assert len(tokens) == 3
    assert b"app_uninstalled" in stored
    assert not [token for token in tokens if token.encode() in stored]
    assert b"xoxb-" not in stored
    assert slack.client_secret.encode() not in stored

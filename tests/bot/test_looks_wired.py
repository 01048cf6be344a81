"""Looks with a picture, over the wire on both chats: what is attached, kept, shown and refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.chats import chat_front_ends
from bot.main import Program
from core.clock import SystemClock
from core.model import Caller, Reading, Role, State
from core.visibility.pictures import MAX_BYTES
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack, program_with
from tests.bot.platforms import DISCORD_TOKEN, serving
from tests.fakes.discord import FakeDiscord
from tests.fakes.loopback import Loopback, Seen
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.storage import world

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"0" * 200
JPEG, WEBP, GIF = b"\xff\xd8\xff\xe0" + b"1" * 50, b"RIFF\x20\0\0\0WEBPVP8 " + b"2" * 50, b"GIF89a" + b"3" * 50
DISCORD, SLACK = "discord:500", "slack:T1"
KEPT = "Its picture is kept as evidence. No other source looks here, so this look decides."
LOST = "Your look is kept, its picture is not."
ASKED = "Your look at post 1"


def store_of(program: Program) -> Store:
    assert isinstance(program.store, Store)
    return program.store


def clock_of(program: Program) -> SystemClock:
    assert isinstance(program.services.clock, SystemClock)
    return program.services.clock


async def a_post(program: Program, workspace_id: str) -> int:
    """A watched post that nobody has seen yet, in a workspace with two members."""
    store, caller = store_of(program), Caller(workspace_id, "system", "system", "test")
    await store.ensure_workspace(workspace_id, workspace_id.partition(":")[0], "Team", AT)
    for member, name in (("42", "Alice"), ("U1", "Alice")):
        await store.grant_role(caller, member, name, Role.ADMIN, AT)
    return (await world.make_post(store, caller, AT)).id


async def looks(program: Program, workspace_id: str) -> list[Reading]:
    return list(await store_of(program).readings(workspace_id, 1))


async def contents(program: Program, workspace_id: str) -> list[bytes]:
    store = store_of(program)
    return [(await store.picture(workspace_id, kept.id))[1] for kept in await store.pictures(workspace_id)]


async def state(program: Program, workspace_id: str) -> State:
    return (await store_of(program).tracked_post(workspace_id, 1)).state


# ---------------------------------------------------------------- Discord


async def test_on_discord_a_picture_in_the_form_decides_and_is_shown_to_who_asks(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await a_post(program, DISCORD)
        card = await (await discord.slash("post show", post=1)).until_shown("Post 1 in r/harbor")
        opened = await discord.click(card, "I have a picture")
        assert (await opened.until_modal())["title"] == ASKED
        sent = await discord.submit(opened, sees="no", picture=PNG)
        shown = await sent.until_shown(KEPT)
        assert "a member looked, logged out, with a picture · not visible" in shown.text
        assert await state(program, DISCORD) is State.REMOVED
        assert await contents(program, DISCORD) == [PNG]

        asked = await discord.click(shown, "23 Nov 2026, 12:00 UTC · not visible")
        seen = await asked.until_shown("Post 1, as Alice saw it")
        assert seen.is_private
        assert list(seen.files.values()) == [PNG]
        assert list(seen.files) == ["post-1-look-1.png"]


async def test_on_discord_a_picture_can_come_with_the_command(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await a_post(program, DISCORD)
        await (await discord.slash("post look", post=1, sees="yes", picture=JPEG)).until_shown(KEPT)
        assert await state(program, DISCORD) is State.LIVE
        sent = await discord.slash("post look", post=1, picture=JPEG)
        await sent.until_shown("A picture alone does not say what you see.")
        assert len(await looks(program, DISCORD)) == 1


async def test_on_discord_a_form_that_was_open_during_a_restart_still_takes_the_picture(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        discord.token = DISCORD_TOKEN
        async with discord_program(discord, tmp_path) as program:
            await a_post(program, DISCORD)
            opened = await discord.slash("post look", post=1)
            await opened.until_modal()
        async with discord_program(discord, tmp_path) as program:
            sent = await discord.submit(opened, sees="no", picture=WEBP)
            await sent.until_shown(KEPT)
            assert await contents(program, DISCORD) == [WEBP]
        assert discord.refusals == []


@asynccontextmanager
async def discord_program(discord: FakeDiscord, folder: Path) -> AsyncIterator[Program]:
    urls = {"discord_api_url": discord.api_url, "discord_gateway_url": discord.gateway_url}
    settings = {"discord_token": DISCORD_TOKEN, "discord_files_url": discord.files_url, **urls}
    async with (
        program_with(folder, **settings) as program,
        serving(program, chat_front_ends(program), discord.until_ready),
    ):
        yield program


async def test_a_form_that_arrives_twice_counts_once(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await a_post(program, DISCORD)
        opened = await discord.slash("post look", post=1)
        await opened.until_modal()
        sent = await discord.submit(opened, sees="no", picture=PNG)
        await sent.until_shown(KEPT)
        await discord.redeliver(sent)
        await (await discord.slash("post show", post=1)).until_shown("1 look")
        assert len(await looks(program, DISCORD)) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (GIF, "The file is no PNG, JPEG or WebP picture. Attach a screenshot in one of these forms."),
        (b"<svg>", "The file is no PNG, JPEG or WebP picture."),
        (PNG + b"0" * MAX_BYTES, "The file has more than 5 MB. Attach a smaller one."),
    ],
    ids=["gif", "text", "large"],
)
async def test_what_is_no_small_picture_is_refused_and_the_look_stays(tmp_path: Path, content: bytes, why: str) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await a_post(program, DISCORD)
        sent = await discord.slash("post look", post=1, sees="no", picture=content)
        shown = await sent.until_shown(LOST)
        assert why in shown.text
        [look] = await looks(program, DISCORD)
        assert (look.looked_by, look.has_picture) == ("42", False)
        assert await state(program, DISCORD) is State.UNVERIFIED
        assert await contents(program, DISCORD) == []


async def test_a_download_that_fails_keeps_the_look_and_says_what_to_do(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await a_post(program, DISCORD)
        for status, why in (
            (404, "The chat did not hand the file over (status 404)."),
            (302, "The chat did not hand the file over (status 302)."),
            (0, "The file could not be downloaded."),
        ):
            if status:
                discord.fail("GET /cdn/", status, headers={"Location": "/cdn/x"})
            else:
                discord.reset("GET /cdn/", times=9)
            clock_of(program).stopped_at = AT + timedelta(minutes=status)
            shown = await (await discord.slash("post look", post=1, sees="no", picture=PNG)).until_shown(LOST)
            assert why in shown.text
            assert "Attach it once more." in shown.text
        assert discord.seen("GET /cdn/") >= 3
        assert [look.has_picture for look in await looks(program, DISCORD)] == [False] * 3


class Elsewhere(Loopback):
    """A server that is not the chat's."""

    async def answer(self, request: Seen) -> web.Response:
        return web.Response(body=PNG)


async def test_nothing_is_asked_but_the_host_where_the_chat_keeps_files(tmp_path: Path) -> None:
    async with Elsewhere() as elsewhere, on_discord(tmp_path) as (discord, program):
        await a_post(program, DISCORD)
        for url in (
            f"{elsewhere.url}/cdn/x.png",
            f"{discord.files_url}@{elsewhere.url[7:]}/x.png",
            "file:///etc/passwd",
        ):
            discord.tells_uploads_at = url
            shown = await (await discord.slash("post look", post=1, sees="no", picture=PNG)).until_shown(LOST)
            assert "The chat does not say where the file is." in shown.text
        assert elsewhere.requests == []
        assert discord.seen("GET /cdn/") == 0


# ---------------------------------------------------------------- Slack


async def slack_form(slack: FakeSlack, text: str = "post look 1") -> dict[str, object]:
    await slack.command(text)
    return await slack.view_showing(ASKED)


async def test_on_slack_a_picture_in_the_form_decides_and_is_shown_to_who_asks(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await a_post(program, SLACK)
        await slack.submit(await slack_form(slack), {"sees": "no", "picture": PNG})
        shown = await slack.said(KEPT)
        assert "a member looked, logged out, with a picture · not visible" in shown.words
        assert await state(program, SLACK) is State.REMOVED
        assert await contents(program, SLACK) == [PNG]
        assert [call.token for call in slack.calls if call.method == "files-pri"] == [f"Bearer {BOT_TOKEN}"]

        await slack.click(shown, "23 Nov 2026, 12:00 UTC · not visible")
        seen = await slack.said("Post 1, as Alice saw it")
        assert seen.ephemeral_for == "U1"
        [block] = [block for block in seen.blocks if block["type"] == "image"]
        assert slack.files[block["slack_file"]["id"]]["content"] == PNG


async def test_on_slack_a_form_that_was_open_during_a_restart_still_takes_the_picture(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        slack.users = {"U1": {"is_admin": True, "profile": {"display_name": "Alice"}}}
        async with slack_program(slack, tmp_path) as program:
            await a_post(program, SLACK)
            view = await slack_form(slack)
        async with slack_program(slack, tmp_path) as program:
            await slack.submit(view, {"sees": "yes", "picture": PNG})
            await slack.said(KEPT)
            assert await contents(program, SLACK) == [PNG]
        assert slack.problems == []


@asynccontextmanager
async def slack_program(slack: FakeSlack, folder: Path) -> AsyncIterator[Program]:
    tokens = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
    urls = {"slack_api_url": slack.url, "slack_files_url": slack.files_url}
    opened = slack.connections_opened
    async with (
        program_with(folder, **tokens, **urls) as program,
        serving(program, chat_front_ends(program), lambda: slack.connected(opened + 1)),
    ):
        yield program


async def test_on_slack_a_file_that_cannot_be_read_keeps_the_look_and_says_what_to_do(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await a_post(program, SLACK)
        cases = (("files-pri", "status 302"), ("files.info", "Slack did not take it (file_not_found)."))
        for minutes, (method, why) in enumerate(cases):
            clock_of(program).stopped_at = AT + timedelta(minutes=minutes)
            view = await slack_form(slack)
            status = 302 if method == "files-pri" else 200
            slack.fail(method, "file_not_found", status=status, times=1)
            await slack.submit(view, {"sees": "no", "picture": PNG})
            shown = await slack.said(why)
            assert LOST in shown.words
        assert [look.has_picture for look in await looks(program, SLACK)] == [False, False]


async def test_a_slow_download_shows_the_card_when_it_comes(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await a_post(program, SLACK)
        view = await slack_form(slack)
        slack.fail("files.info", "", slow_s=1.8)
        await slack.submit(view, {"sees": "no", "picture": PNG})
        await slack.said(KEPT)


async def test_where_the_app_may_read_no_files_the_form_goes_without_and_says_so(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await a_post(program, SLACK)
        slack.scopes.discard("files:read")
        await slack.command("post look 1")
        view = await slack.view_showing("Slack lets the app take no files here.")
        assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == ["sees"]
        await slack.submit(view, {"sees": "no"})
        await slack.said("Not seen by Alice")
        [look] = await looks(program, SLACK)
        assert look.has_picture is False


async def test_a_path_that_is_typed_in_a_chat_reads_no_file_of_the_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    async with on_slack(tmp_path / "data") as (slack, program):
        await a_post(program, SLACK)
        await slack.command(f"post look 1 sees=no picture={secret}")
        await slack.said("is a file, which cannot be typed")
        assert await looks(program, SLACK) == []
        assert await contents(program, SLACK) == []

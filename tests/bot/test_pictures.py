"""Charts on their whole way: figures, a process that draws, and what arrives on each platform."""

from __future__ import annotations

import io
from datetime import time
from pathlib import Path

import pytest
from PIL import Image as Picture

from bot.main import Program, open_program
from bot.settings import load_settings
from core.model import AlertKind, Caller, NewAlert
from core.timetable import DigestPlan, DigestRhythm
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.bot.platforms import ALICE, Chat, DiscordShown, Shown, SlackChat, SlackShown, TerminalShown, platform_named
from tests.fakes.discord import CHANNEL
from tests.fakes.discord_rules import GALLERY, walk
from tests.migrated import lay_data
from tests.warm import cold_start

pytestmark = [pytest.mark.process]

COMMUNITIES = "harborfounders,pixelworkshop"
CREATE = (
    'campaign create name=Kiln product="A kiln log" '
    f'keywords="customers,pricing,shipping,art,feedback" communities="{COMMUNITIES}"'
)


async def picture_of(shown: Shown) -> tuple[str, bytes, str]:
    """A card's picture as it arrived: its name, its bytes, and the words for who cannot see it."""
    if isinstance(shown, DiscordShown):
        [(name, png)] = shown.message.files.items()
        [gallery] = [c for c in walk(shown.message.body["components"]) if c["type"] == GALLERY]
        assert gallery["items"][0]["media"]["url"] == f"attachment://{name}"
        return name, png, gallery["items"][0]["description"]
    assert isinstance(shown, SlackShown)
    [block] = [block for block in shown.message.blocks if block["type"] == "image"]
    file = shown.slack.files[block["slack_file"]["id"]]
    assert "file that follows" not in shown.words
    return file["name"], file["content"], block["alt_text"]


async def collected(chat: Chat) -> None:
    await (await chat.say(ALICE, CREATE)).shows("Campaign Kiln is ready")
    await (await chat.say(ALICE, "collect start")).shows("Collected")


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_norms_and_comparisons_arrive_with_their_pictures(platform: str, tmp_path: Path) -> None:
    async with platform_named(platform) as (settings, connected):
        given = {"data_dir": str(lay_data(tmp_path)), **settings}
        environ = {f"BCRAO_{name.upper()}": value for name, value in given.items()}
        async with open_program(load_settings(environ, None)) as program, connected(program) as chat:
            await collected(chat)
            for line, title, expected in (
                ("community show harborfounders", "r/harborfounders", "norms-harborfounders.png"),
                (f"community compare {COMMUNITIES}", "r/harborfounders · r/pixelworkshop", "comparison.png"),
            ):
                name, png, alt = await picture_of(await (await chat.say(ALICE, line)).shows(title))
                assert name == expected
                assert "sample data" in alt
                picture = Picture.open(io.BytesIO(png))
                picture.verify()
                assert (picture.format, picture.width) == ("PNG", 1080)
            assert chat.complaints() == []


async def test_a_picture_that_slack_never_takes_inside_a_message_follows_it(tmp_path: Path) -> None:
    async with platform_named("slack") as (settings, connected):
        given = {"data_dir": str(lay_data(tmp_path)), **settings}
        environ = {f"BCRAO_{name.upper()}": value for name, value in given.items()}
        async with open_program(load_settings(environ, None)) as program, connected(program) as chat:
            await collected(chat)
            assert isinstance(chat, SlackChat)
            chat.slack.pictures_ready_after = 99
            shown = await (await chat.say(ALICE, "community show harborfounders")).shows("r/harborfounders")
            assert isinstance(shown, SlackShown)
            assert "The picture is in the file that follows." in shown.words
            assert [block for block in shown.message.blocks if block["type"] == "image"] == []
            thread = (shown.message.channel, shown.message.ts)
            [file] = await chat.slack.until(lambda: [f for f in chat.slack.files.values() if f["shared"] == thread])
            assert file["name"] == "norms-harborfounders.png"
            assert file["alt"].startswith("r/harborfounders, ")


DIGEST = {
    "every": "daily",
    "since": "2026-11-22T12:00:00+00:00",
    "until": "2026-11-23T12:00:00+00:00",
    "registered": 2,
    "watched": 5,
    "standing": [
        {"community": "harbor", "seen": 2, "hidden": 1, "open": 0},
        {"community": "kilns", "seen": 2, "hidden": 0, "open": 0},
    ],
    "standing_count": 2,
}
ALT = (
    "Where your posts stand. 5 posts of the last 30 days: 4 can be seen, 1 cannot. "
    "Can be seen: r/harbor 2 of 3; r/kilns 2 of 2."
)


async def owed(program: Program, workspace_id: str, channel: str) -> None:
    """A digest that is due in a channel, delivered."""
    store = program.store
    assert isinstance(store, Store)
    caller = Caller(workspace_id, "42", "Alice", "test")
    await store.ensure_workspace(workspace_id, workspace_id.partition(":")[0], "Team", AT)
    await store.set_alert_channel(caller, channel, AT)
    times = await store.set_digest(caller, DigestPlan(DigestRhythm.DAILY, time(9)), AT)
    assert times.digest_due_at is not None
    news = NewAlert(AlertKind.DIGEST, "digest", DIGEST)
    assert await store.owe_digest(caller, times.digest_due_at, news, AT)
    await program.services.jobs.run_due()


async def test_a_digest_arrives_with_its_chart_inside_the_message_on_discord(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await owed(program, "discord:500", str(CHANNEL))
        [message] = discord.channels[CHANNEL]
        [(name, png)] = message.files.items()
        [gallery] = [c for c in walk(message.body["components"]) if c["type"] == GALLERY]
        assert gallery["items"] == [{"media": {"url": f"attachment://{name}"}, "description": ALT, "spoiler": False}]
        assert "█" not in message.text
        assert Picture.open(io.BytesIO(png)).size[0] == 800


async def test_a_digest_arrives_with_its_chart_inside_the_message_on_slack(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await owed(program, "slack:T1", "C1")
        message = await slack.said("Daily digest")
        [block] = [block for block in message.blocks if block["type"] == "image"]
        file = slack.files[block["slack_file"]["id"]]
        assert block["alt_text"] == ALT
        assert file["alt"] == ALT
        assert "█" not in message.words
        assert Picture.open(io.BytesIO(file["content"])).size[0] == 800
        assert len(slack.shown) == 1


async def test_a_terminal_keeps_to_words(tmp_path: Path) -> None:
    async with platform_named("terminal") as (_, connected):
        environ = {"BCRAO_DATA_DIR": str(tmp_path)}
        async with open_program(load_settings(environ, None)) as program, connected(program) as chat:
            await collected(chat)
            with cold_start():  # a drawer that starts makes its folder
                shown = await (await chat.say(ALICE, "community show harborfounders")).shows("r/harborfounders")
    assert isinstance(shown, TerminalShown)
    assert shown.card["image"]["file_name"] == "norms-harborfounders.png"
    assert shown.card["image"]["alt"].startswith("r/harborfounders, ")
    assert not (tmp_path / "matplotlib").exists()

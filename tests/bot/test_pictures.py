"""Charts on their whole way: figures, a process that draws, and what arrives on each platform."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image as Picture

from bot.main import open_program
from bot.settings import load_settings
from tests.bot.platforms import ALICE, Chat, DiscordShown, Shown, SlackShown, TerminalShown, platform_named
from tests.fakes.discord_rules import GALLERY, walk
from tests.migrated import lay_data

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
    thread = (shown.message.channel, shown.message.ts)
    [file] = await shown.slack.until(lambda: [f for f in shown.slack.files.values() if f["shared"] == thread])
    return file["name"], file["content"], file["alt"]


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
                assert (picture.format, picture.width) == ("PNG", 1200)
            assert chat.complaints() == []


async def test_a_terminal_keeps_to_words(tmp_path: Path) -> None:
    async with platform_named("terminal") as (_, connected):
        environ = {"BCRAO_DATA_DIR": str(tmp_path)}
        async with open_program(load_settings(environ, None)) as program, connected(program) as chat:
            await collected(chat)
            shown = await (await chat.say(ALICE, "community show harborfounders")).shows("r/harborfounders")
    assert isinstance(shown, TerminalShown)
    assert shown.card["image"]["file_name"] == "norms-harborfounders.png"
    assert shown.card["image"]["alt"].startswith("r/harborfounders, ")
    assert not (tmp_path / "matplotlib").exists()

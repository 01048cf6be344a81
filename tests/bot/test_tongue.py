"""What chats say: no terminal's `key=value` on any card, and commands that can be pressed on Discord."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Card, Field, Form, Input
from bot.conversation import in_chat, spoken
from bot.discord_app import render as discord_render
from bot.frontend import Actor
from bot.main import Program, open_program
from bot.settings import load_settings
from bot.slack_app import render as slack_render
from tests.bot.chats import on_discord
from tests.fakes import discord_rules
from tests.fakes.slack import words_of

TERMINAL = re.compile(r"""(?:^|[\s(])[a-z][a-z_]+=(?:["…]|\w)""", re.MULTILINE)


def on_both(card: Card) -> dict[str, str]:
    components: list[Any] = discord_render.render_card(card).view.to_components()  # type: ignore[no-untyped-call]
    rendered = slack_render.render_card(card)
    return {"discord": discord_rules.texts(components), "slack": f"{words_of(rendered.blocks)}\n{rendered.text}"}


def test_the_way_on_against_advice_is_the_form_and_no_line_to_type() -> None:
    way_on = "To go on anyway: /rao draft interview quietmarketing campaign=1 anyway=yes"
    form = Form("Draft anyway?", "draft interview", (Input("anyway", "Go on", options=("yes",)),), button="More …")
    for shown in on_both(Card("Better not now", "It is hidden.", footnote=way_on, form=form)).values():
        assert "It is hidden." in shown
        assert "/rao" not in shown


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("For four eyes: /rao setup eyes=four", "For four eyes: /rao setup (eyes: four)"),
        ("/rao fact edit 3 body=… source=…", "/rao fact edit 3"),
        ('For example: keywords="a,b"', "For example: keywords: a,b"),
        ("Add campaign=… with one of: A.", "Add campaign with one of: A."),
        ("See it: /rao post snooze 7 span=3d.", "See it: /rao post snooze 7 (span: 3d)."),
        ("https://example.com/?a=b&campaign=c", "https://example.com/?a=b&campaign=c"),
        ("1 + 1 = 2 and x=1", "1 + 1 = 2 and x=1"),
    ],
)
def test_a_value_stands_in_words(written: str, said: str) -> None:
    assert spoken(written) == said


def test_what_a_form_asks_is_not_said_again_and_peoples_words_stay() -> None:
    form = Form("Zone", "setup", (Input("zone", "Zone"),))
    fields = (Field("You wrote", "/rao post list state=removed", quote=True), Field("Copy", "a kind=b", copy=True))
    card = Card("Zone", 'Now it is UTC.\nWrite: /rao setup zone="…"', fields=fields, form=form)
    assert in_chat(card).text == "Now it is UTC."
    assert in_chat(card).fields == fields


@given(st.text(max_size=60))
def test_words_without_a_terminals_syntax_stay_as_they_are(text: str) -> None:
    if "=" not in text:
        assert spoken(text) == text
    assert spoken(spoken(text)) == spoken(text)


async def cards_of(program: Program, platform: str) -> list[tuple[str, Card]]:
    """The answers to every command without arguments, and with arguments that are wrong."""
    actor = Actor(f"{platform}:1", platform, "Team", "1", "Ada", may_manage=True, channel="1", shows_pictures=False)
    found = []
    for path, command in program.registry.commands.items():
        wrong = {param.name: "999999" for param in command.params}
        if path != "data forget" and not command.terminal_only:
            found.append((path, await program.dispatcher.run(actor, path, {})))
            found.append((f"{path}, wrong", await program.dispatcher.run(actor, path, wrong)))
    return found


@pytest.mark.process
async def test_no_card_speaks_the_terminals_language_in_a_chat(tmp_path: Path) -> None:
    spoken_there = []
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(tmp_path)}, None)) as program:
        for platform in ("discord", "slack"):
            cards = await cards_of(program, platform)
            assert len(cards) > 100
            for path, card in cards:
                quoted = "\n".join(field.value for field in card.fields if field.quote)
                for line in on_both(card)[platform].splitlines():
                    if TERMINAL.search(line) and line.strip() not in quoted:
                        spoken_there.append((platform, path, line))
    assert spoken_there == []


async def test_on_discord_a_command_in_a_message_can_be_pressed(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, _):
        [known] = [command for command in discord.commands if command["name"] == "rao"]
        assert known["default_member_permissions"] == str(1 << 11)
        shown = await (await discord.slash("campaign show", campaign="nothing")).until_shown("There is no campaign")
        raw = discord_rules.texts(shown.body["components"])
        assert f"</rao campaign list:{known['id']}>" in raw
        assert "/rao campaign list" in shown.text


def test_mentions_stop_where_there_is_no_more_room_and_leave_copies_alone() -> None:
    card = Card("T", " ".join(["See /rao draft list."] * 180), fields=(Field("C", "/rao draft list", copy=True),))
    rendered = discord_render.mentioning(discord_render.render_card(card), 12345678901234567, {"draft list"})
    components: list[Any] = rendered.view.to_components()  # type: ignore[no-untyped-call]
    text = discord_rules.texts(components)
    assert len(text) <= discord_render.TEXT_MAX + 10
    assert 0 < text.count("</rao draft list:12345678901234567>") < 180

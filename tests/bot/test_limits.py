"""The platforms' limits: what somebody else wrote down refuses what is over them, and ours keep room below them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.margins import measure
from bot.commands import all_commands
from bot.discord_app import slash
from tests import schemas
from tests.fakes import discord_schema, slack_schema
from tests.fakes.block_kit import InvalidBlocks, check_blocks, check_view
from tests.fakes.discord_rules import Refused, check_commands, check_message

Json = dict[str, Any]
needs_schemas = pytest.mark.skipif(not schemas.HERE, reason="Discord's schema is not beside the project")

MESSAGE = "/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"
COMMANDS = "/applications/1/commands"


def test_discord_s_command_tree_keeps_room_for_what_comes_next() -> None:
    (tree,) = (command for command in slash.payload(all_commands()) if command["name"] == slash.ROOT)
    left = slash.COMMAND_MAX - slash.weight(tree)
    assert left >= slash.COMMAND_ROOM, (
        f"/rao has {slash.weight(tree):,} of {slash.COMMAND_MAX:,} characters; keep {slash.COMMAND_ROOM} free: "
        "shorten descriptions of commands and parameters (python -m bench margins shows the longest)"
    )


def test_the_weight_of_a_command_counts_names_descriptions_and_values_of_everything_in_it() -> None:
    choice = {"name": "red", "value": "red"}  # 6
    option = {"type": 3, "name": "colour", "description": "which", "choices": [choice, choice]}  # 11 + 12
    sub = {"type": 1, "name": "mix", "description": "Mix 😀", "options": [option]}  # 9 + 23
    assert slash.weight({"type": 1, "name": "rao", "description": "Do", "options": [sub]}) == 5 + 32


def test_a_command_of_more_than_8_000_characters_is_refused() -> None:
    groups = [
        {
            "type": 2,
            "name": f"group{at}",
            "description": "x",
            "options": [{"type": 1, "name": f"sub{n}", "description": "x" * 100} for n in range(25)],
        }
        for at in range(4)
    ]
    with pytest.raises(Refused, match="at most 8000"):
        check_commands([{"type": 1, "name": "rao", "description": "x", "options": groups}])


@pytest.mark.process
async def test_everything_that_a_command_shows_or_asks_for_is_within_the_platforms_limits(tmp_path: Path) -> None:
    figures = {figure.name: figure for figure in await measure(tmp_path)}
    over = [f"{figure.name}: {figure.measured} of {figure.target}, {figure.source}" for figure in figures.values()]
    assert [line for line, figure in zip(over, figures.values(), strict=True) if not figure.is_met] == []
    assert figures["Slack: name of a shortcut"].measured == len("Register Reddit link")
    assert figures["Discord: inputs of a form"].target == 5
    assert {"Discord: components of a message", "Discord: custom_id", "Slack: private_metadata"} <= set(figures)


# ---------------------------------------------------------------- Discord, by its own schema


def row(*components: Json) -> Json:
    return {"flags": 1 << 15, "components": [{"type": 1, "components": list(components)}]}


def button(**changed: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changed


def select(count: int = 1, **changed: Any) -> Json:
    options = [{"label": f"{at}", "value": f"{at}"} | changed for at in range(count)]
    return {"type": 3, "custom_id": "s", "options": options}


def modal(title: str = "t", label: str = "l", **changed: Any) -> Json:
    asked = {"type": 4, "custom_id": "i", "style": 1} | changed
    return {
        "type": 9,
        "data": {"custom_id": "m", "title": title, "components": [{"type": 18, "label": label, "component": asked}]},
    }


def offers(count: int = 1, name: str = "n") -> Json:
    return {"type": 8, "data": {"choices": [{"name": name, "value": f"{at}"} for at in range(count)]}}


def commands(**changed: Any) -> list[Json]:
    return [{"type": 1, "name": "rao", "description": "d"} | changed]


AT_THE_LIMIT: dict[str, tuple[str, str, Any]] = {
    "a button's label": ("POST", MESSAGE, row(button(label="x" * 80))),
    "a custom_id": ("POST", MESSAGE, row(button(custom_id="x" * 100))),
    "a select's options": ("POST", MESSAGE, row(select(25))),
    "an option's label": ("POST", MESSAGE, row(select(label="x" * 100))),
    "an option's value": ("POST", MESSAGE, row(select(value="x" * 100))),
    "a row's buttons": ("POST", MESSAGE, row(*(button(custom_id=f"{at}") for at in range(5)))),
    "a nonce": ("POST", MESSAGE, {**row(button()), "nonce": "x" * 25}),
    "a modal's title": ("POST", CALLBACK, modal("x" * 45)),
    "a modal's label": ("POST", CALLBACK, modal(label="x" * 45)),
    "an input's max_length": ("POST", CALLBACK, modal(max_length=4000)),
    "an input's value": ("POST", CALLBACK, modal(value="x" * 4000)),
    "an input's placeholder": ("POST", CALLBACK, modal(placeholder="x" * 100)),
    "choices offered": ("POST", CALLBACK, offers(25)),
    "the name of a choice": ("POST", CALLBACK, offers(name="x" * 100)),
    "a command's description": ("PUT", COMMANDS, commands(description="x" * 100)),
    "a command's name": ("PUT", COMMANDS, commands(name="x" * 32)),
    "a command's options": (
        *("PUT", COMMANDS),
        commands(options=[{"type": 3, "name": f"o{at}", "description": "d"} for at in range(25)]),
    ),
}
OVER_THE_LIMIT: dict[str, tuple[str, str, Any]] = {
    "a button's label": ("POST", MESSAGE, row(button(label="x" * 81))),
    "a custom_id": ("POST", MESSAGE, row(button(custom_id="x" * 101))),
    "a select's options": ("POST", MESSAGE, row(select(26))),
    "an option's label": ("POST", MESSAGE, row(select(label="x" * 101))),
    "an option's value": ("POST", MESSAGE, row(select(value="x" * 101))),
    "a row's buttons": ("POST", MESSAGE, row(*(button(custom_id=f"{at}") for at in range(6)))),
    "a nonce": ("POST", MESSAGE, {**row(button()), "nonce": "x" * 26}),
    "a modal's title": ("POST", CALLBACK, modal("x" * 46)),
    "a modal's label": ("POST", CALLBACK, modal(label="x" * 46)),
    "an input's max_length": ("POST", CALLBACK, modal(max_length=4001)),
    "an input's value": ("POST", CALLBACK, modal(value="x" * 4001)),
    "an input's placeholder": ("POST", CALLBACK, modal(placeholder="x" * 101)),
    "choices offered": ("POST", CALLBACK, offers(26)),
    "the name of a choice": ("POST", CALLBACK, offers(name="x" * 101)),
    "a command's description": ("PUT", COMMANDS, commands(description="x" * 101)),
    "a command's name": ("PUT", COMMANDS, commands(name="x" * 33)),
    "a command's options": (
        *("PUT", COMMANDS),
        commands(options=[{"type": 3, "name": f"o{at}", "description": "d"} for at in range(26)]),
    ),
}


@needs_schemas
@pytest.mark.parametrize("what", AT_THE_LIMIT)
def test_discord_s_schema_takes_what_is_at_the_limit(what: str) -> None:
    assert discord_schema.complaint(*AT_THE_LIMIT[what]) is None


@needs_schemas
@pytest.mark.parametrize("what", OVER_THE_LIMIT)
def test_discord_s_schema_refuses_what_is_one_over_the_limit(what: str) -> None:
    said = discord_schema.complaint(*OVER_THE_LIMIT[what])
    assert said is not None
    assert said.startswith("Discord's schema, at ")


@needs_schemas
def test_an_operation_that_discord_does_not_have_is_not_judged() -> None:
    assert discord_schema.complaint("POST", "/nowhere", {"x": 1}) is None


def test_what_the_schema_lacks_is_held_all_the_same() -> None:
    text = {"type": 10, "content": "x" * 2001}
    body = {"flags": 1 << 15, "allowed_mentions": {"parse": []}, "components": [text, text]}
    with pytest.raises(Refused, match="4002 characters of text, at most 4000"):
        check_message(body)
    many = [{"type": 10, "content": "x"}] * 41
    with pytest.raises(Refused, match="41 components, at most 40"):
        check_message({**body, "components": many})
    emoji = {"type": 10, "content": "😀" * 2001}  # 2,001 code points, 4,002 UTF-16 units
    with pytest.raises(Refused, match="4002 characters"):
        check_message({**body, "components": [emoji]})


# ---------------------------------------------------------------- Slack, by somebody else's reading of its reference


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def actions(element: Json) -> list[Json]:
    return [{"type": "actions", "elements": [element]}]


def option(text: str = "t", value: str = "v") -> Json:
    return {"text": plain(text), "value": value}


def press(**changed: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go"} | changed


def choose(**changed: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option()]} | changed


def modal_view(**changed: Any) -> Json:
    return {"type": "modal", "title": plain("t"), "blocks": [{"type": "divider"}]} | changed


def asking(**changed: Any) -> Json:
    asked = {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "action_id": "i"}} | changed
    return modal_view(submit=plain("Send"), blocks=[asked])


def blocks_of(length: int) -> dict[str, list[Json]]:
    """By what, with texts as long as Slack takes them when `length` is 0, and longer by `length`."""
    return {
        "a header": [{"type": "header", "text": plain("x" * (150 + length))}],
        "a section": [{"type": "section", "text": plain("x" * (3000 + length))}],
        "a button's text": actions(press(text=plain("x" * (75 + length)))),
        "a button's value": actions(press(value="x" * (2000 + length))),
        "an action_id": actions(press(action_id="x" * (255 + length))),
        "a select's placeholder": actions(choose(placeholder=plain("x" * (150 + length)))),
        "a select's options": actions(choose(options=[option(value=f"{at}") for at in range(100 + length)])),
        "an option's text": actions(choose(options=[option("x" * (75 + length))])),
        "an option's value": actions(choose(options=[option(value="x" * (150 + length))])),
        "an address": actions(press(url="https://" + "x" * (2992 + length))),
    }


def views_of(length: int) -> dict[str, Json]:
    return {
        "a title": modal_view(title=plain("x" * (24 + length))),
        "words of a button below": modal_view(close=plain("x" * (24 + length))),
        "private_metadata": modal_view(private_metadata="x" * (3000 + length)),
        "a callback_id": modal_view(callback_id="x" * (255 + length)),
        "a label": asking(label=plain("x" * (2000 + length))),
        "a hint": asking(hint=plain("x" * (2000 + length))),
        "blocks": modal_view(blocks=[{"type": "divider"}] * (100 + length)),
    }


@pytest.mark.parametrize("what", blocks_of(0))
def test_blockkit_takes_blocks_at_the_limit_and_refuses_one_over_it(what: str) -> None:
    slack_schema.check_message(blocks_of(0)[what])
    with pytest.raises(slack_schema.Refused):
        slack_schema.check_message(blocks_of(1)[what])


@pytest.mark.parametrize("what", views_of(0))
def test_blockkit_takes_views_at_the_limit_and_refuses_one_over_it(what: str) -> None:
    slack_schema.check_view(views_of(0)[what])
    with pytest.raises(slack_schema.Refused):
        slack_schema.check_view(views_of(1)[what])


@pytest.mark.parametrize("what", blocks_of(0))
def test_our_own_reading_refuses_blocks_over_the_limit_too(what: str) -> None:
    with pytest.raises(InvalidBlocks):
        check_blocks(blocks_of(1)[what])


@pytest.mark.parametrize("what", views_of(0))
def test_our_own_reading_refuses_views_over_the_limit_too(what: str) -> None:
    with pytest.raises(InvalidBlocks):
        check_view(views_of(1)[what])


@pytest.mark.parametrize("thing", [press(colour="red"), press(style="blue"), {"type": "lever"}, {"text": plain("x")}])
def test_blockkit_refuses_what_it_does_not_know(thing: Json) -> None:
    with pytest.raises(slack_schema.Refused):
        slack_schema.check_message(actions(thing))


def test_what_blockkit_lacks_is_held_all_the_same() -> None:
    with pytest.raises(InvalidBlocks, match="51 are too many"):
        check_blocks([{"type": "divider"}] * 51)
    with pytest.raises(InvalidBlocks, match="inputs need a submit"):
        check_view({key: value for key, value in asking().items() if key != "submit"})
    with pytest.raises(InvalidBlocks, match="152 of at most 150"):
        check_blocks([{"type": "header", "text": plain("😀" * 76)}])

"""Buttons and choices whose ids hold everything that a click needs, so they work after a restart and on old messages.

discord.py makes these items again from the id that was clicked; they pass the click to the client's `clicks`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.http import HTTPClient

ACTION_TEMPLATE = re.compile(r"v\d+\|.*", re.DOTALL)  # bot/card.py: version, command, record
MENU = "menu"
CHOICE_TEMPLATE = re.compile(rf"{MENU}|choice\|.*", re.DOTALL)
FORM_TEMPLATE = re.compile(r"form\|.*", re.DOTALL)

Interaction = discord.Interaction[Any]


class Handlers(Protocol):
    """Receives what the client hands on: clicks on our items, every other interaction, and which servers there are."""

    async def on_action(self, interaction: Interaction, action_id: str, *, is_choice: bool) -> None: ...
    async def on_form_button(self, interaction: Interaction, custom_id: str) -> None: ...
    async def on_interaction(self, interaction: Interaction) -> None: ...
    async def on_server(self, http: HTTPClient, guild: Mapping[str, Any]) -> None: ...


def is_ours(custom_id: str) -> bool:
    """Returns whether one of the items here handles a click on this id."""
    return any(template.fullmatch(custom_id) for template in (ACTION_TEMPLATE, CHOICE_TEMPLATE, FORM_TEMPLATE))


def choice_id(command: str, number: int) -> str:
    """Returns the id of the `number`th choice of a message. Each of its options has an action id as its value."""
    return f"choice|{number}|{command}"


class ActionButton(ui.DynamicItem[ui.Button[Any]], template=ACTION_TEMPLATE):
    def __init__(self, label: str, action_id: str, style: discord.ButtonStyle) -> None:
        super().__init__(ui.Button(label=label, custom_id=action_id, style=style))

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls("…", match[0], discord.ButtonStyle.secondary)

    async def callback(self, interaction: Interaction) -> None:
        await _clicks(interaction).on_action(interaction, self.custom_id, is_choice=False)


class ActionChoice(ui.DynamicItem[ui.Select[Any]], template=CHOICE_TEMPLATE):
    """Each option has an action id as its value. Behind `MENU` they are buttons, and do what the buttons would."""

    def __init__(self, placeholder: str, custom_id: str, options: list[discord.SelectOption]) -> None:
        super().__init__(ui.Select(placeholder=placeholder, custom_id=custom_id, options=options))

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls("…", match[0], [])

    async def callback(self, interaction: Interaction) -> None:
        for chosen in self.item.values[:1]:
            await _clicks(interaction).on_action(interaction, chosen, is_choice=self.custom_id != MENU)


class FormButton(ui.DynamicItem[ui.Button[Any]], template=FORM_TEMPLATE):
    def __init__(self, label: str, custom_id: str, style: discord.ButtonStyle = discord.ButtonStyle.primary) -> None:
        super().__init__(ui.Button(label=label, custom_id=custom_id, style=style))

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls("…", match[0])

    async def callback(self, interaction: Interaction) -> None:
        await _clicks(interaction).on_form_button(interaction, self.custom_id)


def _clicks(interaction: Interaction) -> Handlers:
    return cast(Handlers, interaction.client.clicks)

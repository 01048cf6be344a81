"""The Home tab: a summary from the cards of ordinary commands, with their buttons."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.card import Card
from bot.dispatcher import Dispatcher
from bot.slack_app.people import People
from bot.slack_app.render import Block, render_card
from bot.slack_app.web import SlackRefused, SlackWeb
from bot.words import shortened

log = logging.getLogger(__name__)

# What to do next, campaigns, drafts that wait for this member, posts by state, money.
COMMANDS: Mapping[str, Mapping[str, str]] = {
    "help": {},
    "campaign list": {},
    "draft list": {"waiting": "me"},
    "post list": {},
    "usage": {},
}
BLOCKS_MAX = 100  # Slack's limit
HOME_MARK = "home"
# Our own limit: people glance at a tab, so each part is short.
FIELDS_SHOWN = 6
VALUE_SHOWN = 200
TEXT_SHOWN = 500
NO_FIELDS = frozenset({"help"})  # on the card of `help`, the fields list all commands


class Home:
    def __init__(self, dispatcher: Dispatcher, web: SlackWeb, people: People) -> None:
        self._dispatcher = dispatcher
        self._web = web
        self._people = people

    async def publish(self, member: str) -> None:
        """Show the tab to a member, with what they may see. When Slack refuses it, the old tab stays."""
        actor = await self._people.actor({"user_id": member}, None)
        blocks: list[Block] = []
        for path, arguments in COMMANDS.items():
            if path not in self._dispatcher.registry.commands:
                continue
            card = await self._dispatcher.run(actor, path, arguments)
            if card.ok:
                blocks += render_card(_at_a_glance(path, card), mark=f"{HOME_MARK}|{path}").blocks
        try:
            view = {"type": "home", "blocks": blocks[:BLOCKS_MAX]}
            await self._web.call("views.publish", {"user_id": member, "view": view})
        except SlackRefused as refusal:
            log.warning("the Home tab was not shown", extra={"error": refusal.error})


def _at_a_glance(path: str, card: Card) -> Card:
    fields = () if path in NO_FIELDS else card.fields
    shown = tuple(replace(field, value=shortened(field.value, VALUE_SHOWN)) for field in fields[:FIELDS_SHOWN])
    written = " ".join([path, *(f"{name}={value}" for name, value in COMMANDS[path].items())])
    more = f"{len(fields) - FIELDS_SHOWN} more: /rao {written}" if len(fields) > FIELDS_SHOWN else ""
    footnote = " · ".join(part for part in (more, card.footnote) if part and path not in NO_FIELDS)
    return replace(card, text=shortened(card.text, TEXT_SHOWN), fields=shown, footnote=footnote, image=None, form=None)

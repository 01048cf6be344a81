"""Cards of ordinary commands in other places than answers: in the Home tab, as a summary with their buttons, and below
a link that somebody posts to a watched post.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.card import Card
from bot.dispatcher import Dispatcher
from bot.slack_app.people import People
from bot.slack_app.render import Block, render_card
from bot.slack_app.web import SlackRefused, SlackWeb
from bot.words import shortened
from core.errors import BadArgument, StorageUnavailable
from core.texts.pasted import parse_link

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

# Of the card below a link.
SHOWN_BY = "post show"
LINKS_MAX = 5
UNFURLED_FIELDS = 3
UNFURLED_CHARS = 300


class Glances:
    """The Home tab of a member, and the cards below links."""

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

    async def unfurl(self, event: dict[str, Any]) -> None:
        wanted = _fullnames(event)
        if not wanted or SHOWN_BY not in self._dispatcher.registry.commands:
            return
        actor = await self._people.actor({"user_id": event.get("user")}, event.get("channel"))
        try:
            store = self._dispatcher.services.store
            posts = await store.tracked_posts_named(actor.workspace_id, set(wanted.values()))
        except StorageUnavailable as error:
            log.warning("a link was not looked up", extra={"why": str(error)})
            return
        param = self._dispatcher.registry.get(SHOWN_BY).record_param.name
        unfurls: dict[str, Block] = {}
        for url, fullname in wanted.items():
            if fullname not in posts:
                continue
            card = await self._dispatcher.run(actor, SHOWN_BY, {param: str(posts[fullname].id)})
            if card.ok:
                fields = tuple(
                    replace(f, value=shortened(f.value, UNFURLED_CHARS)) for f in card.fields[:UNFURLED_FIELDS]
                )
                unfurls[url] = {"blocks": render_card(replace(card, fields=fields, actions=(), links=())).blocks}
        if unfurls:
            await self._send(event, unfurls)

    async def _send(self, event: dict[str, Any], unfurls: dict[str, Block]) -> None:
        if event.get("unfurl_id") and event.get("source"):
            where = {"unfurl_id": event["unfurl_id"], "source": event["source"]}
        else:
            where = {"channel": event.get("channel"), "ts": event.get("message_ts")}
        try:
            await self._web.call("chat.unfurl", {**where, "unfurls": unfurls})
        except SlackRefused as refusal:
            log.info("a link was not unfurled", extra={"error": refusal.error})


def _at_a_glance(path: str, card: Card) -> Card:
    fields = () if path in NO_FIELDS else card.fields
    shown = tuple(replace(field, value=shortened(field.value, VALUE_SHOWN)) for field in fields[:FIELDS_SHOWN])
    written = " ".join([path, *(f"{name}={value}" for name, value in COMMANDS[path].items())])
    more = f"{len(fields) - FIELDS_SHOWN} more: /rao {written}" if len(fields) > FIELDS_SHOWN else ""
    footnote = " · ".join(part for part in (more, card.footnote) if part and path not in NO_FIELDS)
    return replace(card, text=shortened(card.text, TEXT_SHOWN), fields=shown, footnote=footnote, image=None, form=None)


def _fullnames(event: dict[str, Any]) -> dict[str, str]:
    """Returns the fullname behind each link. Share links are left out, because only Reddit knows where they lead."""
    found = {}
    for link in (event.get("links") or [])[:LINKS_MAX]:
        url = str(link.get("url", ""))
        try:
            fullname = parse_link(url).fullname
        except BadArgument:
            continue
        if fullname is not None:
            found[url] = fullname
    return found

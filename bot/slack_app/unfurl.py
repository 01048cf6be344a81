"""Shows a short card below a Reddit link that somebody posts, when this workspace watches the post."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from bot.dispatcher import Dispatcher
from bot.slack_app.people import People
from bot.slack_app.render import Block, render_card
from bot.slack_app.web import SlackRefused, SlackWeb
from bot.words import shortened
from core.errors import BadArgument, StorageUnavailable
from core.texts.pasted import parse_link

log = logging.getLogger(__name__)

COMMAND = "post show"
LINKS_MAX = 5
FIELDS_SHOWN = 3
VALUE_SHOWN = 300


class Unfurling:
    def __init__(self, dispatcher: Dispatcher, web: SlackWeb, people: People) -> None:
        self._dispatcher = dispatcher
        self._web = web
        self._people = people

    async def show(self, event: dict[str, Any]) -> None:
        """Handle a `link_shared` event."""
        wanted = _fullnames(event)
        if not wanted or COMMAND not in self._dispatcher.registry.commands:
            return
        actor = await self._people.actor({"user_id": event.get("user")}, event.get("channel"))
        try:
            store = self._dispatcher.services.store
            posts = await store.tracked_posts_named(actor.workspace_id, set(wanted.values()))
        except StorageUnavailable as error:
            log.warning("a link was not looked up", extra={"why": str(error)})
            return
        param = self._dispatcher.registry.get(COMMAND).record_param.name
        unfurls: dict[str, Block] = {}
        for url, fullname in wanted.items():
            if fullname not in posts:
                continue
            card = await self._dispatcher.run(actor, COMMAND, {param: str(posts[fullname].id)})
            if card.ok:
                fields = tuple(replace(f, value=shortened(f.value, VALUE_SHOWN)) for f in card.fields[:FIELDS_SHOWN])
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

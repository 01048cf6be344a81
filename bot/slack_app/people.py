"""Finds out who gave a command, from Slack's payloads, and whether they manage the workspace."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from bot.actor import Actor
from bot.slack_app.access import Access
from bot.slack_app.web import SlackRefused, SlackWeb
from core.clock import Clock

log = logging.getLogger(__name__)

KNOWN_FOR_S = 300.0  # somebody who stops being an admin keeps `may_manage` for this long at most
KNOWN_MAX = 10_000
USERS_PAGE = 200

_MENTION = re.compile(r"<@(\w+)(?:\|([^>]*))?>")


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    may_manage: bool
    until: float  # on the monotonic counter


class People:
    """Members of one workspace as Slack knows them, remembered for some minutes."""

    def __init__(self, web: SlackWeb, clock: Clock, access: Access) -> None:
        self._web = web
        self._clock = clock
        self._access = access
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Future[_Known]] = {}

    @property
    def installer(self) -> str | None:
        """The id of the member who installed the app, when it is known."""
        return self._access.installer

    def is_the_bot(self, user_id: str) -> bool:
        return user_id == self._access.bot_user_id

    @property
    def workspace_id(self) -> str:
        return self._access.workspace_id

    async def actor(self, body: dict[str, Any], channel: str | None) -> Actor:
        """Returns who sent a payload. When Slack says nothing about a member, they may not manage anything.

        A member of a connected workspace acts in the workspace where the app is installed.
        """
        user = body.get("user") or {}
        user_id = str(body.get("user_id") or user.get("id") or "")
        said_name = str(body.get("user_name") or user.get("name") or user.get("username") or user_id)
        known = await self._look_up(user_id, said_name)
        return Actor(
            workspace_id=self._access.workspace_id,
            platform="slack",
            workspace_name=self._access.team_name,
            member_id=user_id,
            name=known.name,
            may_manage=known.may_manage or user_id == self.installer,
            channel=channel,
            shows_pictures=True,
        )

    async def named(self, mention: str) -> str:
        """Returns a mention with the name that the member has here; Slack's own mention holds their login, or
        nothing.
        """
        match = _MENTION.fullmatch(mention)
        if match is None:
            return mention
        known = await self._look_up(match[1], match[2] or match[1])
        return f"<@{match[1]}|{re.sub('[<>|]', '', known.name) or match[1]}>"

    async def _look_up(self, user_id: str, said_name: str) -> _Known:
        now = self._clock.monotonic()
        known = self._known.get(user_id)
        if known is not None and known.until > now:
            return known
        # When one member gives many commands at once, Slack is asked once.
        asking = self._asking.get(user_id)
        if asking is None:
            asking = self._asking[user_id] = asyncio.ensure_future(self._ask(user_id, said_name, known))
            asking.add_done_callback(lambda _: self._asking.pop(user_id, None))
        return await asyncio.shield(asking)

    async def _ask(self, user_id: str, said_name: str, known: _Known | None) -> _Known:
        now = self._clock.monotonic()
        try:
            answer = await self._web.read("users.info", {"user": user_id}, tries=1)
        except SlackRefused as refusal:
            log.warning("a member could not be looked up", extra={"member": user_id, "error": refusal.error})
            # The old answer is too old to grant a right.
            return _Known(known.name if known is not None else said_name, False, now)
        user = answer.get("user") or {}
        profile = user.get("profile") or {}
        name = profile.get("display_name") or user.get("real_name") or user.get("name") or said_name
        manages = any(user.get(right) is True for right in ("is_admin", "is_owner", "is_primary_owner"))
        is_guest = user.get("is_restricted") is True or user.get("is_stranger") is True
        known = _Known(str(name), manages and not is_guest, now + KNOWN_FOR_S)
        self._known[user_id] = known
        self._known.move_to_end(user_id)
        while len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        return known

    async def finish(self) -> None:
        """Wait for requests to Slack whose callers have gone."""
        if self._asking:
            await asyncio.wait(list(self._asking.values()))

    async def primary_owner(self) -> str | None:
        """Returns the id of the Slack workspace's owner; None when Slack does not say. Raises `SlackRefused`."""
        cursor: str | None = None
        while True:
            answer = await self._web.read("users.list", {"limit": USERS_PAGE, "cursor": cursor})
            for user in answer.get("members") or []:
                if user.get("is_primary_owner") is True:
                    return str(user["id"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None

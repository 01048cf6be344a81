"""Who acts in a Slack workspace: the bot, with the token of the settings or the workspace's own; and its members, from
Slack's payloads, with whether they manage the workspace.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.frontend import Actor
from bot.slack_app.web import SlackRefused, SlackWeb
from core.clock import Clock
from core.errors import NotAllowedNow, StorageUnavailable
from core.installations import Installation, Installations

WHOLE_SECOND = timedelta(seconds=1)  # Slack gives an event's time in whole seconds


def workspace_id(team_id: str) -> str:
    return f"slack:{team_id}"


@dataclass(frozen=True, slots=True)
class Access:
    """The token and identity that the bot has in one workspace. `team_name` is empty when the stored name is kept."""

    team_id: str
    bot_user_id: str
    token: str = field(repr=False)
    team_name: str = ""
    installation: Installation | None = None

    @property
    def workspace_id(self) -> str:
        return workspace_id(self.team_id)

    @property
    def installer(self) -> str | None:
        return self.installation.installed_by if self.installation else None


class Accesses(Protocol):
    async def find(self, team_id: str, known: Access | None) -> Access:
        """Returns the access for requests from a team: `known`, the access found before, while it is still valid.

        Raises `NotInstalled` and other `UserError`s.
        """
        ...

    async def on_dead_token(self, access: Access, error: str) -> None:
        """Slack refused the token for good."""
        ...

    async def on_taken_back(self, team_id: str, event: str, event_time: float) -> None:
        """Slack says that a workspace removed the app or revoked its token; `event_time` is in epoch seconds."""
        ...


class OneToken:
    """One workspace, whose token is in the settings. Members of a connected workspace act in it too.

    `on_end` is called with the reason when the token stops working for good.
    """

    def __init__(self, on_end: Callable[[str], None]) -> None:
        self._on_end = on_end
        self.access: Access | None = None  # set when Slack has said whose token it is

    async def find(self, team_id: str, known: Access | None) -> Access:
        if self.access is None:
            raise NotAllowedNow("Slack is not connected yet.", "Try again in a moment.")
        return self.access

    async def on_dead_token(self, access: Access, error: str) -> None:
        self._on_end(error)

    async def on_taken_back(self, team_id: str, event: str, event_time: float) -> None:
        self._on_end(event)


class Installed:
    """The workspaces that installed the app. When one of them ends, the others go on."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def find(self, team_id: str, known: Access | None) -> Access:
        # Read each time: another program on the same database may have ended it or installed it again.
        installation = await self._installations.find(workspace_id(team_id))
        if known is not None and known.installation == installation:
            return known
        token = await self._installations.open(installation)
        return Access(team_id, installation.bot_user_id, token, installation=installation)

    async def on_dead_token(self, access: Access, error: str) -> None:
        if access.installation is not None:
            await self._end(access.team_id, error, access.installation.installed_at)

    async def on_taken_back(self, team_id: str, event: str, event_time: float) -> None:
        # Slack may send an event late or twice. An event older than the newest installation does not concern it.
        await self._end(team_id, event, datetime.fromtimestamp(event_time, UTC) + WHOLE_SECOND)

    async def _end(self, team_id: str, reason: str, until: datetime) -> None:
        try:
            await self._installations.end(workspace_id(team_id), reason, until)
        except StorageUnavailable as error:
            # The next call finds the token dead again, and tries to end it again.
            log.warning("an installation's end was not stored", extra={"team": team_id, "why": str(error)})


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
            picks_channels=True,
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

"""The token with which the bot acts in a Slack workspace: the one in the settings, or each workspace's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from core.errors import NotAllowedNow, StorageUnavailable
from core.installations import Installation, Installations

log = logging.getLogger(__name__)

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

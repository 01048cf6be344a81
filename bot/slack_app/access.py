"""With which token the bot acts in a Slack workspace: the one of the settings, or each workspace's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from core.errors import NotAllowedNow, StorageUnavailable
from core.installations import Installation, Installations

log = logging.getLogger(__name__)

WHOLE_SECOND = timedelta(seconds=1)  # Slack tells when something happened without its fraction


def workspace_id(team_id: str) -> str:
    return f"slack:{team_id}"


@dataclass(frozen=True, slots=True)
class Access:
    """What the bot may act with in one workspace. `team_name` is empty where the stored name stands."""

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


class AccessSource(Protocol):
    async def find(self, team_id: str, known: Access | None) -> Access:
        """The access for requests from a team; `known`, which was found before, while that still counts.

        Raises `NotInstalled` and other `UserError`s fit to be shown.
        """
        ...

    async def on_dead_token(self, access: Access, error: str) -> None:
        """Slack refused the token for good."""
        ...

    async def on_taken_back(self, team_id: str, event: str, event_time: float) -> None:
        """Slack says that the app was removed from a workspace, or its token revoked, at a time in epoch seconds."""
        ...


class OneToken:
    """One workspace, whose token the settings hold. Somebody from a connected workspace acts in it too.

    `on_end` is told why nothing works any more.
    """

    def __init__(self, on_end: Callable[[str], None]) -> None:
        self._on_end = on_end
        self.access: Access | None = None  # once Slack said whose token it is

    async def find(self, team_id: str, known: Access | None) -> Access:
        if self.access is None:
            raise NotAllowedNow("Slack is not connected yet.", "Try again in a moment.")
        return self.access

    async def on_dead_token(self, access: Access, error: str) -> None:
        self._on_end(error)

    async def on_taken_back(self, team_id: str, event: str, event_time: float) -> None:
        self._on_end(event)


class Installed:
    """The workspaces that installed the app. What ends one leaves the others as they are."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def find(self, team_id: str, known: Access | None) -> Access:
        # Read each time: another program may have ended it, or installed it anew, on the same database.
        installation = await self._installations.find(workspace_id(team_id))
        if known is not None and known.installation == installation:
            return known
        token = await self._installations.open(installation)
        return Access(team_id, installation.bot_user_id, token, installation=installation)

    async def on_dead_token(self, access: Access, error: str) -> None:
        if access.installation is not None:
            await self._end(access.team_id, error, access.installation.installed_at)

    async def on_taken_back(self, team_id: str, event: str, event_time: float) -> None:
        # Slack may tell late, and again: news from before a newer installation are not about that.
        await self._end(team_id, event, datetime.fromtimestamp(event_time, UTC) + WHOLE_SECOND)

    async def _end(self, team_id: str, reason: str, until: datetime) -> None:
        try:
            await self._installations.end(workspace_id(team_id), reason, until)
        except StorageUnavailable as error:
            # The next call with the token finds it dead again.
            log.warning("an installation's end was not stored", extra={"team": team_id, "why": str(error)})

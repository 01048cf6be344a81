"""Chat workspaces that installed the bot: keeps their permissions sealed, opens them for use, and ends them.

The platform's module asks for a permission (`bot/slack_app/install.py`). A token leaves this module unsealed only for
calls to the platform.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.clock import Clock, moment
from core.errors import NotAllowedNow, NotInstalled
from core.log import correlation_id
from core.model import Caller
from core.seal import Seal


@dataclass(frozen=True, slots=True)
class Installation:
    """A chat workspace's permission for the bot to act in it, given on the platform's own page by `installed_by`.

    `sealed_token` is None after `ended_at`, when the permission was taken back; `end_reason` is the platform's word.
    """

    workspace_id: str
    installed_by: str  # the member's id on the platform
    installed_at: datetime
    bot_user_id: str  # the bot's own id there
    sealed_token: str | None = field(repr=False)
    ended_at: datetime | None = None
    end_reason: str | None = None


class InstallationReads(Protocol):
    async def installation(self, workspace_id: str) -> Installation | None:
        """Returns the permission with its sealed token, which no card and no export holds."""
        ...

    async def installations(self) -> Sequence[Installation]:
        """Returns all, ended ones included, oldest first, for the operator."""
        ...


class InstallationStore(InstallationReads, Protocol):
    async def install(self, caller: Caller, workspace_name: str, new: Installation, now: datetime) -> None:
        """Store a permission in place of the workspace's last one; creates a new workspace."""
        ...

    async def end_installation(self, caller: Caller, reason: str, until: datetime, now: datetime) -> bool:
        """Drop the token of a permission given no later than `until`. False when there is no such permission (any
        more).
        """
        ...


log = logging.getLogger(__name__)


class Installations:
    """`install_url`: the page where a browser begins to install the bot in a workspace."""

    def __init__(self, store: InstallationStore, clock: Clock, seal: Seal, install_url: str) -> None:
        self._store, self._clock, self._seal = store, clock, seal
        self.install_url = install_url

    async def keep(
        self, workspace_id: str, workspace_name: str, *, installed_by: str, bot_user_id: str, token: str
    ) -> None:
        """Store a permission that was just given, in place of the workspace's last one."""
        sealed, now = await asyncio.to_thread(self._seal.close, token), self._clock.now()
        caller = Caller(workspace_id, installed_by, installed_by, correlation_id())
        new = Installation(workspace_id, installed_by, now, bot_user_id, sealed)
        await self._store.install(caller, workspace_name, new, now)
        log.info("installed", extra={"workspace": workspace_id, "by": installed_by})

    async def find(self, workspace_id: str) -> Installation:
        """Returns the permission of a workspace. Raises `NotInstalled` when it has none (any more)."""
        found = await self._store.installation(workspace_id)
        if found is None or found.sealed_token is None:
            raise NotInstalled(self.standing(found), f"Install it: {self.install_url}")
        return found

    async def open(self, installation: Installation) -> str:
        """Returns the token. Raises `NotAllowedNow` when this program's key does not open it; the sealed token is kept,
        because the right key may be set again.
        """
        token = await asyncio.to_thread(self._seal.open, installation.sealed_token or "")
        if token is None:
            raise NotAllowedNow(
                "The permission of this workspace was sealed with another key.",
                f"Whoever runs the bot sets BCRAO_SECRET_KEY to that key, or installs it again: {self.install_url}",
            )
        return token

    async def every(self) -> Sequence[Installation]:
        """Returns all, ended ones included, oldest first."""
        return await self._store.installations()

    async def end(self, workspace_id: str, reason: str, until: datetime) -> bool:
        """Drop the token of a permission given no later than `until`, because the platform says that it is gone.

        False when there is no such permission. A newer one stays, however late the platform reports the end of an older
        one.
        """
        caller = Caller.program(workspace_id, correlation_id(), "Slack")
        ended = await self._store.end_installation(caller, reason, until, self._clock.now())
        if ended:
            log.warning("not installed any more", extra={"workspace": workspace_id, "reason": reason})
        return ended

    @staticmethod
    def standing(installation: Installation | None) -> str:
        """Returns in words why nothing can be done in a workspace."""
        if installation is None:
            return "The app is not installed in this workspace."
        if installation.ended_at is None:
            return "The app is installed in this workspace."
        why = f" ({installation.end_reason})" if installation.end_reason else ""
        return f"The app is not installed in this workspace any more, since {moment(installation.ended_at)}{why}."

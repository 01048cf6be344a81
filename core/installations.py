"""Chat workspaces that installed the bot: their permissions kept sealed, opened for use, and ended.

How a permission is asked for is the platform's matter (`bot/slack_app/install.py`). A token leaves this module
unsealed only to who calls the platform with it.
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

    `sealed_token` is None since `ended_at`, when the permission was taken back; `end_reason` is the platform's word.
    """

    workspace_id: str
    installed_by: str  # the member's id on the platform
    installed_at: datetime
    bot_user_id: str  # who the bot is there
    sealed_token: str | None = field(repr=False)
    ended_at: datetime | None = None
    end_reason: str | None = None


class InstallationReads(Protocol):
    async def installation(self, workspace_id: str) -> Installation | None:
        """With its sealed token: no card and no export holds one."""
        ...

    async def installations(self) -> Sequence[Installation]:
        """For whoever runs the program: those that ended too, the oldest first."""
        ...


class InstallationStore(InstallationReads, Protocol):
    async def install(self, caller: Caller, workspace_name: str, new: Installation, now: datetime) -> None:
        """Keep a permission in place of the workspace's last one; makes the workspace when it is new."""
        ...

    async def end_installation(self, caller: Caller, reason: str, until: datetime, now: datetime) -> bool:
        """Drop the token of a permission given no later than `until`. False when there is none: another one by now."""
        ...


log = logging.getLogger(__name__)


class Installations:
    """`install_url`: where a browser begins to install the bot in a workspace."""

    def __init__(self, store: InstallationStore, clock: Clock, seal: Seal, install_url: str) -> None:
        self._store, self._clock, self._seal = store, clock, seal
        self.install_url = install_url

    async def keep(
        self, workspace_id: str, workspace_name: str, *, installed_by: str, bot_user_id: str, token: str
    ) -> None:
        """Keep a permission that was just given, in place of one the workspace had."""
        sealed, now = await asyncio.to_thread(self._seal.close, token), self._clock.now()
        caller = Caller(workspace_id, installed_by, installed_by, correlation_id())
        new = Installation(workspace_id, installed_by, now, bot_user_id, sealed)
        await self._store.install(caller, workspace_name, new, now)
        log.info("installed", extra={"workspace": workspace_id, "by": installed_by})

    async def find(self, workspace_id: str) -> Installation:
        """The permission of a workspace. `NotInstalled` when it has none, or none any more."""
        found = await self._store.installation(workspace_id)
        if found is None or found.sealed_token is None:
            raise NotInstalled(self.standing(found), f"Install it: {self.install_url}")
        return found

    async def open(self, installation: Installation) -> str:
        """The token. `NotAllowedNow` when this program's key does not open it; it is kept: the key may come back."""
        token = await asyncio.to_thread(self._seal.open, installation.sealed_token or "")
        if token is None:
            raise NotAllowedNow(
                "The permission of this workspace was sealed with another key.",
                f"Whoever runs the bot sets BCRAO_SECRET_KEY to that key, or installs it again: {self.install_url}",
            )
        return token

    async def every(self) -> Sequence[Installation]:
        """Those that ended too, the oldest first."""
        return await self._store.installations()

    async def end(self, workspace_id: str, reason: str, until: datetime) -> bool:
        """The platform says that a permission given no later than `until` is gone: forget its token.

        False when there is none such. A newer one stays, however late an older one's end is told.
        """
        caller = Caller(workspace_id, "system", "Slack", correlation_id())
        ended = await self._store.end_installation(caller, reason, until, self._clock.now())
        if ended:
            log.warning("not installed any more", extra={"workspace": workspace_id, "reason": reason})
        return ended

    @staticmethod
    def standing(installation: Installation | None) -> str:
        """Why nothing can be done in a workspace, in words."""
        if installation is None:
            return "The app is not installed in this workspace."
        if installation.ended_at is None:
            return "The app is installed in this workspace."
        why = f" ({installation.end_reason})" if installation.end_reason else ""
        return f"The app is not installed in this workspace any more, since {moment(installation.ended_at)}{why}."

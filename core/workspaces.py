"""Workspaces: the tenants. Every row belongs to one, every query is scoped by one.

Every store verb is scoped by a workspace: readers take `workspace_id` first, writers a `Caller`. The exceptions are for
the scheduler and the operator; they work on all workspaces and return rows that name theirs
(tests/storage/test_tenancy.py lists them). A verb is one transaction; changes that must happen together are one verb.
Verbs raise `NotFound`, `AlreadyExists`, `AlreadyDecided`, `OverBudget`, and `StorageUnavailable` when the database
cannot store the change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from core.accounts import Accounts
from core.clock import Clock
from core.errors import BadArgument, NotFound
from core.installations import InstallationReads
from core.model import Caller


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str  # "discord:<guild id>", "slack:<team id>", "terminal:local"
    platform: str
    name: str
    created_at: datetime
    alert_channel: str | None  # a destination in the platform's words; None: none is chosen, or the terminal
    four_eyes: bool = False  # nobody approves a text that is theirs to post, or that they wrote


class WorkspaceReads(Protocol):
    async def workspace(self, workspace_id: str) -> Workspace: ...
    async def all_workspaces(self) -> Sequence[Workspace]:
        """All workspaces, the oldest first, for the operator."""
        ...


class WorkspaceStore(WorkspaceReads, Protocol):
    async def ensure_workspace(self, workspace_id: str, platform: str, name: str, now: datetime) -> Workspace: ...
    async def set_four_eyes(self, caller: Caller, wanted: bool, now: datetime) -> Workspace: ...
    async def export_rows(self, workspace_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every row of the workspace by table name, ready for JSON, without secrets."""
        ...

    async def forget_workspace(self, caller: Caller) -> Mapping[str, int]:
        """Delete everything of the workspace; returns how many rows of each table were deleted."""
        ...


class ForgettingStore(WorkspaceStore, InstallationReads, Protocol):
    """Keeps workspaces, and reads whether the bot was installed there."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`rows`: how many rows of each table were deleted. `not_given_back`: names of accounts whose consent could not be
    given back to Reddit.
    """

    rows: Mapping[str, int]
    not_given_back: Sequence[str]
    was_installed: bool


@dataclass(frozen=True, slots=True)
class Workspaces:
    store: ForgettingStore
    accounts: Accounts
    clock: Clock

    async def begin(self, workspace_id: str, platform: str, name: str) -> bool:
        """Remember a workspace before anybody gives a command in it. False when it is known already."""
        try:
            await self.store.workspace(workspace_id)
        except NotFound:
            await self.store.ensure_workspace(workspace_id, platform, name, self.clock.now())
            return True
        return False

    async def ask_for_four_eyes(self, caller: Caller, wanted: bool) -> Workspace:
        """Set whether an approver must be somebody other than the poster and the writer of the last text."""
        return await self.store.set_four_eyes(caller, wanted, self.clock.now())

    async def export(self, workspace_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """See `WorkspaceStore.export_rows`."""
        return await self.store.export_rows(workspace_id)

    async def forget(self, caller: Caller, confirm: str) -> Forgotten:
        """Delete everything of the caller's workspace, and give back the consents of its accounts.

        Raises `BadArgument` unless `confirm` is its name.
        """
        workspace = await self.store.workspace(caller.workspace_id)
        if confirm != " ".join(workspace.name.split()):
            raise BadArgument(
                "That is not this workspace's name, so nothing was deleted.",
                f"Type it exactly: {workspace.name}",
                param="confirm",
            )
        installation = await self.store.installation(caller.workspace_id)
        left = await self.accounts.give_all_back(caller.workspace_id)
        return Forgotten(await self.store.forget_workspace(caller), left, installation is not None)

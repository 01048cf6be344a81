"""Workspaces: the tenants. Every row belongs to one, every query is scoped by one.

Every store verb is scoped by a workspace: readers take `workspace_id` first, writers a `Caller`. The exceptions, which
the scheduler and whoever runs the program need, work for all workspaces and return rows that carry theirs
(tests/storage/test_tenancy.py lists them). A verb is one transaction; what must happen together is one verb. Verbs
raise `NotFound`, `AlreadyExists`, `AlreadyDecided`, `OverBudget`, and `StorageUnavailable` where the database cannot
take the change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from core.accounts import Accounts
from core.clock import Clock
from core.errors import BadArgument
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
        """For whoever runs the program; the oldest first."""
        ...


class WorkspaceStore(WorkspaceReads, Protocol):
    async def ensure_workspace(self, workspace_id: str, platform: str, name: str, now: datetime) -> Workspace: ...
    async def set_four_eyes(self, caller: Caller, wanted: bool, now: datetime) -> Workspace: ...
    async def export_rows(self, workspace_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every row of the workspace by table name, JSON-ready, secrets left out."""
        ...

    async def forget_workspace(self, caller: Caller) -> Mapping[str, int]:
        """Delete everything of the workspace; returns how many rows of each table went."""
        ...


class ForgettingStore(WorkspaceStore, InstallationReads, Protocol):
    """Workspaces, and whether the bot was installed there."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`rows`: how many of each table went. `not_given_back`: names of accounts whose consent Reddit was not told of."""

    rows: Mapping[str, int]
    not_given_back: Sequence[str]
    was_installed: bool


@dataclass(frozen=True, slots=True)
class Workspaces:
    store: ForgettingStore
    accounts: Accounts
    clock: Clock

    async def ask_for_four_eyes(self, caller: Caller, wanted: bool) -> Workspace:
        """From now on an approver must be somebody else than the writer of the last text and the poster, or not."""
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

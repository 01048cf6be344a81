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

from core.model import Caller


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str  # "discord:<guild id>", "slack:<team id>", "terminal:local"
    platform: str
    name: str
    created_at: datetime
    alert_channel: str | None  # a destination in the platform's words; None: none is chosen, or the terminal


class WorkspaceReads(Protocol):
    async def workspace(self, workspace_id: str) -> Workspace: ...
    async def all_workspaces(self) -> Sequence[Workspace]:
        """For whoever runs the program; the oldest first."""
        ...


class WorkspaceStore(WorkspaceReads, Protocol):
    async def ensure_workspace(self, workspace_id: str, platform: str, name: str, now: datetime) -> Workspace: ...
    async def export_rows(self, workspace_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every row of the workspace by table name, JSON-ready, secrets left out."""
        ...

    async def forget_workspace(self, caller: Caller) -> Mapping[str, int]:
        """Delete everything of the workspace; answers how many rows of each table went."""
        ...

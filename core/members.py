"""Members of a workspace and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.model import Caller, Role


@dataclass(frozen=True, slots=True)
class Membership:
    """What a workspace knows of one person: the role that was granted, if any, and whether anybody is admin yet."""

    role: Role | None
    has_admin: bool


@dataclass(frozen=True, slots=True)
class Member:
    workspace_id: str
    id: str  # the platform's user id
    name: str
    role: Role
    granted_by: str | None
    granted_at: datetime


class MemberReads(Protocol):
    async def members(self, workspace_id: str) -> Sequence[Member]: ...


class MemberStore(MemberReads, Protocol):
    async def enter(self, workspace_id: str, platform: str, name: str, member_id: str, now: datetime) -> Membership:
        """Somebody does something in a workspace, which is made, or given its new name, when that is needed.

        The one question that every command asks; as long as the workspace is known it only reads.
        """
        ...

    async def grant_role(self, caller: Caller, member_id: str, name: str, role: Role, now: datetime) -> Member: ...
    async def revoke_role(self, caller: Caller, member_id: str, now: datetime) -> Member: ...

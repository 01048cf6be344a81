"""Members of a workspace and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.clock import Clock
from core.model import Caller, Role


@dataclass(frozen=True, slots=True)
class Membership:
    """What a workspace knows about one person: the role that was granted, if any, and whether there is any admin."""

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
    told_directly: bool = True  # about drafts that wait for them, by direct message


class MemberReads(Protocol):
    async def members(self, workspace_id: str) -> Sequence[Member]: ...


class MemberStore(MemberReads, Protocol):
    async def enter(self, workspace_id: str, platform: str, name: str, member_id: str, now: datetime) -> Membership:
        """The membership of a person who gives a command in a workspace. A new workspace is made; a renamed one gets
        its new name.

        Every command asks this. As long as the workspace is known under its name, it only reads.
        """
        ...

    async def grant_role(self, caller: Caller, member_id: str, name: str, role: Role, now: datetime) -> Member: ...
    async def revoke_role(self, caller: Caller, member_id: str, now: datetime) -> Member: ...
    async def set_told_directly(self, caller: Caller, wanted: bool, now: datetime) -> Member:
        """Raises `NotFound` for a caller without a role of their own."""
        ...


@dataclass(frozen=True, slots=True)
class Granted:
    """`caller_too`: the caller was made an admin too. `has_admin`: the workspace has a named admin now."""

    member: Member
    caller_too: bool
    has_admin: bool


@dataclass(frozen=True, slots=True)
class Members:
    store: MemberStore
    clock: Clock

    async def enter(self, workspace_id: str, platform: str, name: str, member_id: str) -> Membership:
        """The membership of a person who gives a command in a workspace (see `MemberStore.enter`)."""
        return await self.store.enter(workspace_id, platform, name, member_id, self.clock.now())

    async def grant(self, caller: Caller, member_id: str, name: str, role: Role) -> Granted:
        """Give a role in place of the one they have. Raises `NotAllowedNow` when no admin would be left.

        Once an admin is named, managing the chat workspace no longer makes anybody admin. So a caller who names another
        person as the first admin is made an admin too, and is not locked out.
        """
        before = await self.store.members(caller.workspace_id)
        caller_too = role is Role.ADMIN and member_id != caller.member_id and not _has_admin(before)
        if caller_too:
            await self.store.grant_role(caller, caller.member_id, caller.name, Role.ADMIN, self.clock.now())
        member = await self.store.grant_role(caller, member_id, name, role, self.clock.now())
        return Granted(
            member, caller_too, caller_too or _has_admin([member, *(m for m in before if m.id != member_id)])
        )

    async def revoke(self, caller: Caller, member_id: str) -> Member:
        """Take a member's role, and return the member as they were. Raises `NotFound` for a person without a role, and
        `NotAllowedNow` for the last admin.
        """
        return await self.store.revoke_role(caller, member_id, self.clock.now())

    async def tell_directly(self, caller: Caller, wanted: bool) -> Member:
        """Tell the caller by direct message about drafts that wait for them, or not. Raises `NotFound` for a caller
        without a role of their own.
        """
        return await self.store.set_told_directly(caller, wanted, self.clock.now())


def _has_admin(members: Sequence[Member]) -> bool:
    return any(one.role is Role.ADMIN for one in members)

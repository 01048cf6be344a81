from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.errors import NotAllowedNow, NotFound
from core.members import Membership
from core.model import Caller, Role
from storage.database import Database, open_database
from storage.store import Store
from tests.clock import FixedClock

NOW = FixedClock().now()


async def role_of(store: Store, caller: Caller, member_id: str) -> Role | None:
    return (await store.enter(caller.workspace_id, "terminal", "", member_id, NOW)).role


async def test_entering_makes_a_workspace_and_tells_the_role_and_whether_anybody_is_admin(
    store: Store, caller: Caller
) -> None:
    assert await store.enter("slack:T1", "slack", "Team", "alice", NOW) == Membership(None, False)
    assert (await store.workspace("slack:T1")).name == "Team"
    there = replace(caller, workspace_id="slack:T1")
    await store.grant_role(there, "alice", "alice", Role.ADMIN, NOW)
    await store.grant_role(there, "bob", "bob", Role.EDITOR, NOW)
    assert await store.enter("slack:T1", "slack", "Renamed", "bob", NOW) == Membership(Role.EDITOR, True)
    assert (await store.workspace("slack:T1")).name == "Renamed"
    assert await store.enter("slack:T1", "slack", "", "carol", NOW) == Membership(None, True)
    assert (await store.workspace("slack:T1")).name == "Renamed"


async def test_a_workspace_is_made_once_and_follows_its_name(store: Store, caller: Caller, clock: FixedClock) -> None:
    first = await store.ensure_workspace("slack:T1", "slack", "Team", clock.now())
    await asyncio.gather(*(store.ensure_workspace("slack:T2", "slack", "Two", clock.now()) for _ in range(5)))
    later = clock.advance(timedelta(days=1))
    renamed = await store.ensure_workspace("slack:T1", "slack", "Renamed", later)
    assert (renamed.name, renamed.created_at) == ("Renamed", first.created_at)
    assert await store.workspace("slack:T1") == renamed
    assert (await store.ensure_workspace("slack:T1", "slack", "", later)).name == "Renamed"


async def test_roles_are_granted_changed_and_revoked(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.grant_role(caller, "alice", "alice", Role.ADMIN, clock.now())
    bob = await store.grant_role(caller, "bob", "bob", Role.VIEWER, clock.now())
    assert bob.granted_by == "alice"
    await store.grant_role(caller, "bob", "bob", Role.APPROVER, clock.now())
    assert (await role_of(store, caller, "bob")) is Role.APPROVER
    assert [m.id for m in await store.members(caller.workspace_id)] == ["alice", "bob"]
    assert (await store.revoke_role(caller, "bob", clock.now())).role is Role.APPROVER
    assert (await role_of(store, caller, "bob")) is None
    with pytest.raises(NotFound):
        await store.revoke_role(caller, "bob", clock.now())


async def test_the_last_admin_stays_admin(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.grant_role(caller, "alice", "alice", Role.ADMIN, clock.now())
    with pytest.raises(NotAllowedNow, match="only admin"):
        await store.revoke_role(caller, "alice", clock.now())
    with pytest.raises(NotAllowedNow, match="only admin"):
        await store.grant_role(caller, "alice", "alice", Role.EDITOR, clock.now())
    assert (await role_of(store, caller, "alice")) is Role.ADMIN


async def test_two_admins_who_revoke_each_other_at_once_leave_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for name in ("alice", "bob"):
        await store.grant_role(caller, name, name, Role.ADMIN, clock.now())
    await asyncio.gather(
        *(store.revoke_role(caller, name, clock.now()) for name in ("alice", "bob")), return_exceptions=True
    )
    assert len(await store.members(caller.workspace_id)) == 1


async def test_ten_writers_that_read_then_write_lose_nothing(store: Store, caller: Caller, database_url: str) -> None:
    """The transaction itself, below every verb and in two programs: read a value, add to it, write it back."""
    second = await open_database(database_url, exclusive=False)

    async def add_one(database: Database) -> None:
        async with database.write() as tx:
            await store._lock_workspace(tx, caller.workspace_id)
            name = await tx.scalar(text("SELECT name FROM workspaces WHERE id = 'terminal:local'"))
            await asyncio.sleep(0)
            await tx.execute(
                text("UPDATE workspaces SET name = :name WHERE id = 'terminal:local'"), {"name": f"{name}+"}
            )

    await asyncio.gather(*(add_one(database) for database in (store._database, second) * 5))
    await second.close()
    assert (await store.workspace(caller.workspace_id)).name == "Terminal" + "+" * 10


async def test_whoever_runs_the_program_sees_every_workspace_oldest_first(store: Store, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=1))
    for workspace_id in ("slack:T2", "discord:1"):
        await store.ensure_workspace(workspace_id, workspace_id.split(":")[0], workspace_id, clock.now())
    assert [w.id for w in await store.all_workspaces()] == ["terminal:local", "discord:1", "slack:T2"]

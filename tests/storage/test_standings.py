"""Accounts that are watched: which are due, with which looks, and what a look at one changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from core.model import Account, AccountState, AlertKind, AuthorStatus, Basis, Caller, NewAlert
from core.visibility.account_looks import AccountCheck, AccountLook, DueAccount
from storage.schema import account_readings, accounts
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LEASE = timedelta(minutes=5)


@pytest.fixture
async def ada(store: Store, caller: Caller, clock: FixedClock) -> Account:
    await store.register_post(caller, world.to_register("t3_ada", clock.now(), author="Ada"), clock.now())
    [account] = await store.accounts(caller.workspace_id)
    return account


async def due(store: Store, now: datetime, limit: int = 9) -> list[str]:
    return [found.account.name for found in await store.lease_due_accounts(now, lease=LEASE, limit=limit)]


async def test_accounts_are_due_that_were_never_planned_and_then_by_their_time(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    now = clock.now()
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    times = {"late": now - SECOND, "on time": now, "soon": now + SECOND, "as late": now - SECOND, "never": None}
    for name, at in times.items():
        await store.link_account(elsewhere, name, now)
        async with store._database.write() as tx:
            await tx.execute(update(accounts).where(accounts.c.name == name).values(next_look_at=at))
    by_name = {account.name: account for account in await store.accounts("terminal:b")}
    before = await all_rows(store)
    leased = await store.lease_due_accounts(now, lease=LEASE, limit=4)
    assert leased == [
        DueAccount(account, ()) for account in (ada, by_name["never"], by_name["late"], by_name["as late"])
    ]
    held = {"next_look_at": now + LEASE}
    assert changes(before, await all_rows(store)) == {"accounts": {found.account.id: held for found in leased}}
    assert await due(store, now) == ["on time"]
    assert await due(store, now + LEASE - SECOND) == ["soon"]
    assert await due(store, now + LEASE, 2) == ["Ada", "late"]


async def test_an_account_comes_with_its_newest_looks_oldest_first(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    now = clock.now()
    await store.link_account(caller, "bob", now)
    [bob] = await store.accounts(caller.workspace_id, ["BOB"])
    rows = [
        {
            "workspace_id": caller.workspace_id,
            "account_id": account.id,
            "basis": Basis.REDDIT_API if n % 2 else Basis.APIFY,
            "read_at": now - n * HOUR,
            "author_status": AuthorStatus.EXISTS if n % 3 else AuthorStatus.MISSING,
        }
        for account, count in ((ada, 22), (bob, 1))
        for n in range(count)
    ]
    async with store._database.write() as tx:
        await tx.execute(insert(account_readings), rows)
    first, second = await store.lease_due_accounts(now, lease=LEASE, limit=9)
    assert (first.account.name, second.account.name) == ("Ada", "bob")
    assert first.looks == tuple(
        AccountLook(
            Basis.REDDIT_API if n % 2 else Basis.APIFY,
            now - n * HOUR,
            AuthorStatus.EXISTS if n % 3 else AuthorStatus.MISSING,
        )
        for n in range(19, -1, -1)
    )
    assert second.looks == (AccountLook(Basis.APIFY, now, AuthorStatus.MISSING),)


async def test_a_look_changes_its_account_and_owes_what_it_found_after_the_snooze_of_its_post(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    await store.link_account(caller, "bob", clock.now())
    [post] = await store.tracked_posts(caller.workspace_id)
    now = clock.advance(HOUR)
    await store.snooze_post(caller, post.id, now + HOUR, now)
    look = AccountLook(Basis.REDDIT_API, now - SECOND, AuthorStatus.MISSING)
    alert = NewAlert(AlertKind.ACCOUNT_SHADOWBANNED, "ada", {"author": "Ada"}, post.id)
    check = AccountCheck(ada, look, AccountState.SHADOWBANNED, now + LEASE, alert, now - MINUTE)
    before = await all_rows(store)
    assert await store.record_account_check(check, now)
    made = changes(before, await all_rows(store))
    seen = {"basis": Basis.REDDIT_API, "read_at": now - SECOND, "author_status": AuthorStatus.MISSING}
    assert made == {
        "accounts": {
            ada.id: {
                "state": AccountState.SHADOWBANNED,
                "state_since": now - MINUTE,
                "last_read_at": now - SECOND,
                "next_look_at": now + LEASE,
            }
        },
        "account_readings": {"new": [{"workspace_id": caller.workspace_id, "account_id": ada.id, **seen}]},
        "alerts": {
            "new": [
                {
                    "workspace_id": caller.workspace_id,
                    "kind": AlertKind.ACCOUNT_SHADOWBANNED,
                    "dedupe_key": "ada",
                    "facts": {"author": "Ada"},
                    "tracked_post_id": post.id,
                    "created_at": now,
                    "attempts": 0,
                    "urgent": True,
                    "correlation_id": "test-correlation",
                    "next_attempt_at": now + HOUR,
                }
            ]
        },
    }


async def test_a_look_that_finds_the_same_plans_the_next_one_and_keeps_since_when(
    store: Store, clock: FixedClock, ada: Account
) -> None:
    now = clock.advance(HOUR)
    before = await all_rows(store)
    assert await store.record_account_check(AccountCheck(ada, None, ada.state, now + LEASE), now)
    assert changes(before, await all_rows(store)) == {"accounts": {ada.id: {"next_look_at": now + LEASE}}}
    look = AccountLook(Basis.APIFY, now, AuthorStatus.CANNOT_TELL)
    for _ in range(2):  # the same look once more is kept once
        assert await store.record_account_check(AccountCheck(ada, look, ada.state, now + HOUR), now)
    made = changes(before, await all_rows(store))
    assert made["accounts"] == {ada.id: {"next_look_at": now + HOUR, "last_read_at": now}}
    assert len(made["account_readings"]["new"]) == 1


async def test_a_judgement_about_a_state_that_is_past_is_dropped_and_its_look_kept(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    [post] = await store.tracked_posts(caller.workspace_id)
    now = clock.advance(HOUR)
    look = AccountLook(Basis.APIFY, now, AuthorStatus.SUSPENDED)
    alert = NewAlert(AlertKind.ACCOUNT_SUSPENDED, "ada", {}, post.id)
    judged = replace(ada, state=AccountState.VISIBLE)
    check = AccountCheck(judged, look, AccountState.SUSPENDED, now + LEASE, alert)
    before = await all_rows(store)
    assert not await store.record_account_check(check, now)
    made = changes(before, await all_rows(store))
    assert made["accounts"] == {ada.id: {"next_look_at": now + LEASE, "last_read_at": now}}
    assert set(made) == {"accounts", "account_readings"}
    gone = replace(check, account=replace(judged, id=ada.id + 1))
    before = await all_rows(store)
    assert not await store.record_account_check(gone, now)
    assert changes(before, await all_rows(store)) == {}


async def test_a_state_of_an_account_begins_after_the_one_before_however_early_it_was_seen(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    """The keys of alerts name the beginning: two alike would have kept the second alert from being sent."""
    now, begun = clock.advance(HOUR), []
    for state in (AccountState.SHADOWBANNED, AccountState.VISIBLE, AccountState.SHADOWBANNED):
        [account] = await store.accounts(caller.workspace_id)
        check = AccountCheck(account, None, state, now + LEASE, state_since=now - MINUTE)
        assert await store.record_account_check(check, now)
        begun.append((await store.accounts(caller.workspace_id))[0].state_since)
    assert begun == [now - MINUTE + n * timedelta(microseconds=1) for n in range(3)]

"""Offers in the database: leases of lists, what one reading of a list changes, and what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.model import Account, AlertKind, Caller, NewAlert, Offer
from core.visibility.offers import ListCheck, NewOffer
from storage.schema import accounts
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LEASE, LONGEST = timedelta(minutes=5), timedelta(minutes=30)


def made(name: str, clock: FixedClock, **changes: str) -> NewOffer:
    link = f"https://www.reddit.com/r/harbor/comments/{name}/"
    return replace(NewOffer(f"t3_{name}", "harbor", f"Story {name}", "Ada", link, clock.now()), **changes)  # type: ignore[arg-type]


def news(*names: str) -> NewAlert:
    return NewAlert(AlertKind.POST_OFFERED, f"offers:{names}", {"offers": [f"t3_{name}" for name in names]})


@pytest.fixture
async def ada(store: Store, caller: Caller, clock: FixedClock) -> Account:
    return await store.link_account(caller, "Ada", clock.now())


async def kept(store: Store, caller: Caller) -> list[Offer]:
    return list(await store.open_offers(caller.workspace_id))


async def test_the_list_that_was_never_read_is_due_first_and_then_by_its_time_one_account_at_a_time(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    times = {"late": now - SECOND, "on time": now, "soon": now + SECOND, "far": now + LONGEST + SECOND, "never": None}
    for name, at in times.items():
        await store.link_account(caller, name, now)
        async with store._database.write() as tx:
            await tx.execute(update(accounts).where(accounts.c.name == name).values(next_list_at=at))
    await store.register_post(caller, world.to_register("t3_x", now, author="named only"), now)
    before = await all_rows(store)
    [first] = await store.lease_due_lists(now, lease=LEASE, longest=LONGEST)
    assert first.name == "never"
    assert changes(before, await all_rows(store)) == {"accounts": {first.id: {"next_list_at": now + LEASE}}}
    due = [await store.lease_due_lists(now, lease=LEASE, longest=LONGEST) for _ in range(4)]
    assert [account.name for leased in due for account in leased] == ["late", "on time", "far"]


async def test_an_account_is_leased_in_every_workspace_that_linked_it_whatever_the_case_of_its_name(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    for place, name in (("b", "ADA"), ("c", "ada")):
        other = replace(caller, workspace_id=f"terminal:{place}")
        await store.ensure_workspace(other.workspace_id, "terminal", place, clock.now())
        await store.link_account(other, name, clock.now())
    await store.unlink_account(replace(caller, workspace_id="terminal:c"), "ada", clock.now())
    leased = await store.lease_due_lists(clock.now(), lease=LEASE, longest=LONGEST)
    assert [account.workspace_id for account in leased] == [caller.workspace_id, "terminal:b"]
    assert await store.lease_due_lists(clock.now(), lease=LEASE, longest=LONGEST) == []


async def test_one_reading_keeps_new_posts_withdraws_gone_ones_owes_the_alert_and_plans_the_next(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    now = clock.now()
    assert await store.record_list(ListCheck(ada, now + MINUTE, (made("one", clock), made("two", clock))), now) == 2
    first, second = await kept(store, caller)
    clock.advance(MINUTE)
    later = clock.now()
    before = await all_rows(store)
    check = ListCheck(ada, later + LONGEST, (made("three", clock), made("two", clock)), ("t3_one",), news("three"))
    assert await store.record_list(check, later) == 1
    changed = changes(before, await all_rows(store))
    assert set(changed) == {"accounts", "alerts", "offers"}
    assert changed["accounts"] == {ada.id: {"next_list_at": later + LONGEST}}
    assert changed["offers"][first.id] == {"title": None, "withdrawn_at": later}
    [new] = changed["offers"]["new"]
    assert (new["fullname"], new["title"], new["offered_at"]) == ("t3_three", "Story three", later)
    assert [offer.fullname for offer in await kept(store, caller)] == ["t3_two", "t3_three"]
    assert await store.known_offers(caller.workspace_id, ["t3_one", "t3_two", "t3_new"]) == {"t3_one", "t3_two"}
    assert second.title == "Story two"


async def test_without_a_new_post_nobody_is_told(store: Store, caller: Caller, clock: FixedClock, ada: Account) -> None:
    now = clock.now()
    await store.register_post(caller, world.to_register("t3_one", now), now)
    check = ListCheck(ada, now + MINUTE, (made("one", clock),), alert=news("one"))
    assert await store.record_list(check, now) == 0
    assert await kept(store, caller) == []
    assert await store.alerts(caller.workspace_id) == []


async def test_an_account_that_was_unlinked_or_removed_while_its_list_was_read_gets_no_offer(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    now = clock.now()
    await store.unlink_account(caller, "Ada", now)
    for account in (ada, replace(ada, id=ada.id + 9)):
        check = ListCheck(account, now + MINUTE, (made("one", clock),), alert=news("one"))
        assert await store.record_list(check, now) == 0
    assert await kept(store, caller) == []


async def test_open_offers_are_those_nobody_decided_about_of_one_account_or_of_all(
    store: Store, caller: Caller, clock: FixedClock, ada: Account
) -> None:
    now = clock.now()
    ben = await store.link_account(caller, "Ben", now)
    await store.record_list(ListCheck(ada, now, tuple(made(n, clock) for n in ("one", "two", "gone"))), now)
    await store.record_list(ListCheck(ben, now, (made("three", clock, author="Ben"),), ("t3_gone",)), now)
    one, *_ = await kept(store, caller)
    await store.refuse_offer(caller, one.id, now)
    assert [offer.fullname for offer in await kept(store, caller)] == ["t3_two", "t3_three"]
    assert [o.fullname for o in await store.open_offers(caller.workspace_id, "ADA")] == ["t3_two"]
    post = await store.register_post(caller, world.to_register("t3_two", now), now)
    assert [offer.fullname for offer in await kept(store, caller)] == ["t3_three"]
    assert (await store.offer(caller.workspace_id, one.id + 1)).post_id == post.id

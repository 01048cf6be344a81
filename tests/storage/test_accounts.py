from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import AlreadyExists, NotFound
from core.model import AlertKind, Caller, NewAlert
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


async def test_a_link_to_an_account_is_made_once_and_taken_back(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await world.make_post(store, caller, clock.now())
    linked = await store.link_account(caller, "Invented_Author", clock.now())
    assert (linked.name, linked.linked_by) == ("invented_author", "alice")
    with pytest.raises(AlreadyExists, match="linked already, by alice"):
        await store.link_account(world.somebody_else(caller, "bob"), "invented_author", clock.now())
    assert (await store.unlink_account(caller, "INVENTED_AUTHOR", clock.now())).linked_by is None
    with pytest.raises(NotFound):
        await store.unlink_account(caller, "invented_author", clock.now())


MINUTE = timedelta(minutes=1)


async def test_a_consent_request_serves_once_and_only_before_it_expires(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.ask_consent(caller, "a" * 64, "Plain_Person", now, now + MINUTE)
    taken = await store.take_consent_request("a" * 64, now + MINUTE / 2)
    assert (taken.workspace_id, taken.member_id, taken.account_name) == (caller.workspace_id, "alice", "Plain_Person")
    with pytest.raises(NotFound, match="used already"):
        await store.take_consent_request("a" * 64, now)
    await store.ask_consent(caller, "b" * 64, None, now, now + MINUTE)
    with pytest.raises(NotFound):
        await store.take_consent_request("b" * 64, now + MINUTE)


async def test_somebody_else_cannot_use_a_consent_request_nor_spoil_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.ask_consent(caller, "a" * 64, None, now, now + MINUTE)
    with pytest.raises(NotFound):
        await store.take_consent_request("a" * 64, now, only_for=world.somebody_else(caller, "bob"))
    assert (await store.take_consent_request("a" * 64, now, only_for=caller)).member_name == "alice"


async def test_asking_again_makes_the_first_page_void(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    for state in ("a" * 64, "b" * 64):
        await store.ask_consent(caller, state, None, now, now + MINUTE)
    with pytest.raises(NotFound):
        await store.take_consent_request("a" * 64, now)
    await store.take_consent_request("b" * 64, now)


async def test_a_signed_in_account_keeps_its_token_to_itself_until_it_is_unlinked(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await world.make_post(store, caller, clock.now())
    account = await store.sign_in_account(caller, "Invented_Author", "sealed one", clock.now(), karma=12)
    assert (account.name, account.linked_by, account.karma) == ("Invented_Author", "alice", 12)
    assert account.signed_in_at == clock.now()
    assert "sealed one" not in repr(await store.accounts(caller.workspace_id))
    assert await store.sealed_tokens(caller.workspace_id) == {account.id: "sealed one"}
    again = await store.sign_in_account(caller, "invented_author", "sealed two", clock.now())
    assert (again.id, again.karma) == (account.id, 12)
    assert await store.sealed_tokens(caller.workspace_id) == {account.id: "sealed two"}
    gone = await store.unlink_account(caller, "invented_author", clock.now())
    assert (gone.linked_by, gone.signed_in_at) == (None, None)
    assert await store.sealed_tokens(caller.workspace_id) == {}


async def test_the_end_of_a_consent_is_told_once_and_never_ends_a_newer_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    account = await store.sign_in_account(caller, "Plain_Person", "sealed one", clock.now())
    alert = NewAlert(AlertKind.CONSENT_GONE, "consent:1", {"author": "Plain_Person"})
    assert await store.end_consent(caller, account.id, "sealed one", alert, clock.now())
    assert not await store.end_consent(caller, account.id, "sealed one", alert, clock.now())
    assert len(await store.alerts(caller.workspace_id)) == 1
    (found,) = await store.accounts(caller.workspace_id)
    assert (found.consent_gone_at, found.signed_in_at, found.linked_by) == (clock.now(), None, "alice")
    await store.sign_in_account(caller, "Plain_Person", "sealed two", clock.now())
    assert not await store.end_consent(caller, account.id, "sealed one", alert, clock.now())
    (found,) = await store.accounts(caller.workspace_id)
    assert found.consent_gone_at is None

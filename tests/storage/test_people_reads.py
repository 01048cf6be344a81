"""What is read of campaigns, facts, accounts and people: whole, in which order, and after each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.alerts import AlertPlace
from core.campaigns import CampaignStatus, FactKind
from core.facts import FactDetails, FactVersion
from core.model import (
    AccountState,
    AlertKind,
    Caller,
    NewAlert,
    Role,
)
from core.texts.numbers import Number
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


async def test_a_campaign_that_is_paused_deleted_and_brought_back_is_as_it_was(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    made = await world.make_campaign(store, caller, now, communities=("b", "a"))
    second = await world.make_campaign(store, caller, now, name="Second", communities=())
    theirs = await world.make_campaign(store, other, now)
    paused = await store.set_campaign_status(caller, made.id, CampaignStatus.PAUSED, now)
    assert paused == replace(made, status=CampaignStatus.PAUSED)
    deleted = await store.set_campaign_status(caller, made.id, CampaignStatus.DELETED, now)
    assert deleted == replace(made, status=CampaignStatus.DELETED, deleted_at=now)
    assert await store.campaigns(here) == [second]
    assert await store.set_campaign_status(caller, made.id, CampaignStatus.ACTIVE, now) == paused
    assert await store.campaigns(here) == [paused, second]
    assert await store.campaigns("terminal:b") == [theirs]
    emptied = await store.update_campaign(caller, made.id, now=now, url="", keywords=["one"], communities=[])
    assert emptied == replace(paused, url=None, keywords=("one",), communities=())
    same = await store.update_campaign(caller, made.id, now=now)
    assert same == emptied
    facts = [entry.facts for entry in await store.journal(here)][:2]
    assert facts == [{}, {"url": None, "keywords": ["one"], "communities": []}]
    assert await store.campaign("terminal:b", "ACME") == theirs


async def test_a_fact_comes_whole_with_each_of_its_wordings(store: Store, caller: Caller, clock: FixedClock) -> None:
    began, here = clock.now(), caller.workspace_id
    campaign, other = [await world.make_campaign(store, caller, began, name=name) for name in ("Acme", "Other")]
    ends = began + DAY
    told = FactDetails("bob", "Bob", "our ledger", "spring", began - DAY, ends, Number(31, "days", "workshops"))
    fact = await store.add_fact(caller, campaign.id, FactKind.NUMBER, "31 workshops", began, details=told)
    mine = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It sends.", began)
    await store.add_fact(caller, other.id, FactKind.PRODUCT, "Of another.", began)
    assert (fact.kind, fact.created_at, fact.as_of, fact.entered_by) == (FactKind.NUMBER, began, began - DAY, "alice")
    assert await store.facts(here, campaign.id, began) == [fact, mine]
    assert await store.facts(here, campaign.id, ends - SECOND) == [fact, mine]
    assert await store.facts(here, campaign.id, ends) == [mine]
    assert await store.kept_facts(here, campaign.id) == [fact, mine]
    later = clock.advance(HOUR)
    bare = replace(fact, kind=FactKind.EXPERIENCE, body="I saw it.", owner="Cem", owner_id="cem", source=None)
    bare = replace(bare, period=None, as_of=None, expires_at=None, number=None)
    changed = await store.edit_fact(caller, bare, later)
    assert changed == replace(bare, version=2)
    first = FactVersion(
        fact.id,
        1,
        FactKind.NUMBER,
        "31 workshops",
        "Bob",
        "our ledger",
        "spring",
        began - DAY,
        ends,
        Number(31, "days", "workshops"),
        "alice",
        began,
    )
    second = FactVersion(
        fact.id, 2, FactKind.EXPERIENCE, "I saw it.", "Cem", None, None, None, None, None, "alice", later
    )
    assert await store.fact_versions(here, fact.id) == [first, second]
    assert [version.body for version in await store.fact_versions(here, mine.id)] == ["It sends."]


async def test_accounts_come_by_name_and_keep_what_reddit_told_when_they_are_signed_in_again(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, began)
    await store.link_account(other, "ada", began)
    await store.sign_in_account(other, "zoe", "sealed theirs", began)
    for name in ("Bob", "ada", "Cem"):
        await store.link_account(caller, name, began)
    assert [account.name for account in await store.accounts(here)] == ["ada", "Bob", "Cem"]
    assert [account.name for account in await store.accounts(here, ["BOB", "CEM", "zoe"])] == ["Bob", "Cem"]
    assert await store.accounts(here, []) == []
    later = clock.advance(HOUR)
    bob = world.somebody_else(caller, "bob")
    first = await store.sign_in_account(bob, "BOB", "sealed", later, reddit_created_at=began - DAY, karma=12)
    [before] = [account for account in await store.accounts(here) if account.name == "BOB"]
    assert first == before
    assert first == replace(
        before,
        linked_by="bob",
        linked_by_id="bob",
        signed_in_at=later,
        consent_gone_at=None,
        reddit_created_at=began - DAY,
        karma=12,
        state=AccountState.UNKNOWN,
        state_since=began,
    )
    again = await store.sign_in_account(caller, "Bob", "sealed anew", later + HOUR, karma=0)
    assert (again.karma, again.reddit_created_at, again.signed_in_at) == (0, began - DAY, later + HOUR)
    assert await store.sealed_tokens(here) == {again.id: "sealed anew"}
    alert = NewAlert(AlertKind.CONSENT_GONE, "gone", {})
    assert not await store.end_consent(other, again.id, "sealed anew", alert, later)
    assert await store.end_consent(caller, again.id, "sealed anew", alert, later)
    gone = await store.unlink_account(caller, "BOB", later)
    assert (gone.linked_by, gone.linked_by_id, gone.consent_gone_at, gone.signed_in_at) == (None, None, None, None)


async def test_a_consent_request_is_taken_whole_and_leaves_those_of_others(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = await world.elsewhere(store, caller, now)
    bob = world.somebody_else(caller, "bob")
    for whose, state in ((caller, "a"), (bob, "b"), (other, "c")):
        await store.ask_consent(whose, state * 64, f"Account of {state}", now, now + HOUR)
    taken = await store.take_consent_request("b" * 64, now, only_for=bob)
    assert (taken.workspace_id, taken.member_id, taken.member_name) == (caller.workspace_id, "bob", "bob")
    assert (taken.account_name, taken.asked_at) == ("Account of b", now)
    await store.ask_consent(caller, "d" * 64, None, now, now + HOUR)
    assert (await store.take_consent_request("c" * 64, now + HOUR - SECOND)).workspace_id == "terminal:b"
    assert (await store.take_consent_request("d" * 64, now)).account_name is None


async def test_members_come_by_name_and_keep_their_wish_when_their_role_changes(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    for member, name in (("u2", "Zoe"), ("u3", "Ada"), ("u1", "Ada")):
        await store.grant_role(caller, member, name, Role.ADMIN, now)
    await store.grant_role(other, "u9", "Ada", Role.ADMIN, now)
    assert [member.id for member in await store.members(here)] == ["u1", "u3", "u2"]
    zoe = replace(caller, member_id="u2", name="Zoe")
    off = await store.set_told_directly(zoe, False, now)
    assert [member.told_directly for member in await store.members(here)] == [True, True, False]
    later = clock.advance(HOUR)
    await store.grant_role(caller, "u2", "Zoë", Role.VIEWER, later)
    [renamed] = [member for member in await store.members(here) if member.id == "u2"]
    assert renamed == replace(off, name="Zoë", role=Role.VIEWER, granted_by="alice", granted_at=later)
    assert await store.revoke_role(caller, "u1", later) in [replace(off, id="u1", name="Ada", told_directly=True)]
    assert [member.id for member in await store.members(here)] == ["u3", "u2"]
    assert [member.id for member in await store.members("terminal:b")] == ["u9"]


async def test_where_alerts_go_is_told_with_when_the_place_last_took_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, began)
    assert await store.alert_place(here) == AlertPlace(None, None)
    for whose in (caller, other):
        await store.set_alert_channel(whose, "C1", began)
    assert await store.alert_place(here) == AlertPlace("C1", began)

    async def deliver(by: Caller, **told: Any) -> None:
        await store.owe_alert(by, NewAlert(AlertKind.TEST, f"{clock.now()} {told}", {}), clock.now())
        for alert in await store.lease_alerts(clock.now(), worker="c", lease=HOUR, limit=9, platforms=["terminal"]):
            assert await store.record_delivery(alert.id, "c", clock.now(), **{"delivered": True, **told})

    took_at = clock.advance(HOUR)
    await deliver(caller)
    clock.advance(HOUR)
    await deliver(other)
    await deliver(caller, problem="To a person.")
    await deliver(caller, delivered=False)
    assert await store.alert_place(here) == AlertPlace("C1", took_at)
    later = clock.advance(HOUR)
    await store.set_alert_channel(caller, "C2", later)
    assert await store.alert_place(here) == AlertPlace("C2", later)
    await store.set_alert_channel(caller, None, later)
    assert await store.alert_place(here) == AlertPlace(None, None)


async def test_a_place_that_a_person_chose_is_refused_no_more(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    await world.elsewhere(store, caller, now)
    for workspace, place in ((here, "C1"), (here, "C2"), ("terminal:b", "C1")):
        await store.refuse_place(workspace, place, "archived", now)
    await store.set_alert_channel(caller, None, now)
    assert [refusal.place for refusal in await store.refusals(here)] == ["C1", "C2"]
    await store.set_alert_channel(caller, "C1", now)
    assert [refusal.place for refusal in await store.refusals(here)] == ["C2"]
    assert [refusal.place for refusal in await store.refusals("terminal:b")] == ["C1"]


async def test_the_journal_shows_a_hundred_entries_at_most(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
    await store.set_four_eyes(other, True, now)
    for n in range(101):
        await store.set_four_eyes(caller, bool(n % 2), now)
    entries = await store.journal(here)
    assert len(entries) == 100
    assert [entry.id for entry in entries] == sorted((entry.id for entry in entries), reverse=True)
    assert len(await store.journal(here, limit=101)) == 101
    first = min(entry.id for entry in await store.journal(here, limit=101))
    assert [entry.id for entry in await store.journal(here, ids=[first, entries[0].id])] == [entries[0].id, first]
    assert len(await store.journal("terminal:b")) == 1

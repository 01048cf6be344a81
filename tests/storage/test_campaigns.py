from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.campaigns import UNDO_WINDOW, CampaignStatus, FactKind
from core.errors import AlreadyExists, NotFound, OverBudget
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


async def test_a_campaign_is_found_by_number_and_by_name_in_any_case(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    made = await world.make_campaign(store, caller, clock.now(), name="Größe", communities=("saas", "harbor"))
    assert made.communities == ("saas", "harbor")
    assert made.keywords == world.KEYWORDS
    assert await store.campaign(caller.workspace_id, made.id) == made
    assert await store.campaign(caller.workspace_id, "GRÖSSE") == made
    assert await store.campaigns(caller.workspace_id) == [made]


async def test_a_name_that_is_taken_is_told_by_whom(store: Store, caller: Caller, clock: FixedClock) -> None:
    await world.make_campaign(store, caller, clock.now(), name="Acme")
    with pytest.raises(AlreadyExists, match="alice made a campaign named Acme on 23 Nov 2026, 12:00 UTC"):
        await world.make_campaign(store, world.somebody_else(caller, "bob"), clock.now(), name="ACME")


async def test_of_ten_campaigns_of_one_name_made_at_once_one_is_kept(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    answers = await asyncio.gather(
        *(world.make_campaign(store, caller, clock.now()) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(answer, AlreadyExists) for answer in answers) == 9


async def test_no_more_campaigns_are_made_than_the_plan_allows(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_plan(caller, clock.now(), max_campaigns=2)
    answers = await asyncio.gather(
        *(world.make_campaign(store, caller, clock.now(), name=f"c{n}") for n in range(5)), return_exceptions=True
    )
    assert sum(isinstance(answer, OverBudget) for answer in answers) == 3
    first = (await store.campaigns(caller.workspace_id))[0]
    await store.set_campaign_status(caller, first.id, CampaignStatus.DELETED, clock.now())
    await world.make_campaign(store, caller, clock.now(), name="in its place")
    with pytest.raises(OverBudget):
        await store.set_campaign_status(caller, first.id, CampaignStatus.ACTIVE, clock.now())


async def test_an_edit_changes_what_it_names_and_nothing_else(store: Store, caller: Caller, clock: FixedClock) -> None:
    made = await world.make_campaign(store, caller, clock.now())
    changed = await store.update_campaign(caller, made.id, now=clock.now(), product="Anew", communities=("b", "a", "b"))
    assert (changed.product, changed.communities) == ("Anew", ("b", "a"))
    assert (changed.url, changed.keywords, changed.name) == (made.url, made.keywords, made.name)
    assert await store.campaign(caller.workspace_id, made.id) == changed


async def test_a_deleted_campaign_comes_back_inside_the_undo_window_only(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    fact = await store.add_fact(caller, campaign.id, FactKind.NUMBER, "12 of 40 invoices", clock.now())
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.DELETED, clock.now())
    with pytest.raises(NotFound):
        await store.campaign(caller.workspace_id, campaign.id)

    clock.advance(UNDO_WINDOW - timedelta(seconds=1))
    assert await store.purge_expired(clock.now(), timedelta(days=30)) == 0
    back = await store.set_campaign_status(caller, campaign.id, CampaignStatus.ACTIVE, clock.now())
    assert back == campaign
    assert await store.facts(caller.workspace_id, campaign.id, clock.now()) == [fact]

    await store.set_campaign_status(caller, campaign.id, CampaignStatus.DELETED, clock.now())
    clock.advance(UNDO_WINDOW)
    with pytest.raises(NotFound):
        await store.set_campaign_status(caller, campaign.id, CampaignStatus.ACTIVE, clock.now())
    assert await store.purge_expired(clock.now(), timedelta(days=30)) == 1
    exported = await store.export_rows(caller.workspace_id)
    assert (exported["campaigns"], exported["facts"], exported["campaign_communities"]) == ([], [], [])


async def test_a_deleted_campaign_whose_name_was_taken_meanwhile_does_not_come_back(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.DELETED, clock.now())
    await world.make_campaign(store, caller, clock.now())
    with pytest.raises(AlreadyExists):
        await store.set_campaign_status(caller, campaign.id, CampaignStatus.ACTIVE, clock.now())


async def test_a_number_in_an_old_button_never_comes_to_mean_something_else(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    fact = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It sends invoices.", clock.now())
    await store.remove_fact(caller, fact.id, clock.now())
    assert (await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "Another.", clock.now())).id > fact.id
    await store.forget_workspace(caller)
    await store.ensure_workspace(caller.workspace_id, "terminal", "Terminal", clock.now())
    assert (await world.make_campaign(store, caller, clock.now())).id > campaign.id


async def test_every_change_by_a_member_is_in_the_journal_with_its_correlation(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    await store.update_campaign(caller, campaign.id, now=clock.now(), product="Anew")
    fact = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It sends invoices.", clock.now())
    await store.remove_fact(caller, fact.id, clock.now())
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.PAUSED, clock.now())
    log = await store.journal(caller.workspace_id)
    assert [entry.kind for entry in log] == [
        "campaign.status",
        "fact.remove",
        "fact.add",
        "campaign.edit",
        "campaign.create",
    ]
    assert {(entry.member_id, entry.correlation_id) for entry in log} == {("alice", "test-correlation")}
    assert len(await store.journal(caller.workspace_id, limit=2)) == 2


async def test_a_change_that_fails_leaves_no_entry_in_the_journal(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    with pytest.raises(NotFound):
        await store.add_fact(caller, 99, FactKind.PRODUCT, "It sends invoices.", clock.now())
    assert await store.journal(caller.workspace_id) == []

"""Facts in the store: whose they are, their wordings, and what ends them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.campaigns import Fact, FactKind
from core.drafting.drafts import Poster
from core.errors import AlreadyDecided, NotFound
from core.facts import FactDetails
from core.model import Caller
from core.texts.numbers import Number
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


@pytest.fixture
async def waited(store: Store, caller: Caller, clock: FixedClock) -> Fact:
    campaign = await world.make_campaign(store, caller, clock.now())
    return await store.add_fact(caller, campaign.id, FactKind.EXPERIENCE, "I waited 40 days once.", clock.now())


async def test_a_fact_belongs_to_who_entered_it_unless_another_owner_is_named(
    store: Store, caller: Caller, clock: FixedClock, waited: Fact
) -> None:
    assert (waited.owner, waited.owner_id, waited.entered_by, waited.version) == ("alice", "alice", None, 1)
    details = FactDetails(
        owner_id="bob",
        owner="bob",
        source="our ledger",
        period="spring 2026",
        as_of=clock.now(),
        expires_at=clock.now() + timedelta(days=90),
        number=Number(31, "", "workshops"),
    )
    of_bob = await store.add_fact(
        caller, waited.campaign_id, FactKind.NUMBER, "31 workshops use it", clock.now(), details=details
    )
    assert (of_bob.owner, of_bob.owner_id, of_bob.entered_by) == ("bob", "bob", "alice")
    assert (of_bob.source, of_bob.period, of_bob.as_of) == ("our ledger", "spring 2026", clock.now())
    assert (of_bob.expires_at, of_bob.number) == (clock.now() + timedelta(days=90), Number(31, "", "workshops"))
    assert await store.fact(caller.workspace_id, of_bob.id) == of_bob


async def test_a_fact_names_its_owners_reddit_account_as_long_as_there_is_exactly_one(
    store: Store, caller: Caller, clock: FixedClock, waited: Fact
) -> None:
    await store.link_account(world.somebody_else(caller, "bob"), "bob_w", clock.now())
    await store.link_account(caller, "ada_w", clock.now())
    assert (await store.fact(caller.workspace_id, waited.id)).account == "ada_w"
    assert [fact.account for fact in await store.facts(caller.workspace_id, waited.campaign_id, clock.now())] == [
        "ada_w"
    ]
    await store.link_account(caller, "ada_second", clock.now())
    assert (await store.fact(caller.workspace_id, waited.id)).account is None
    await store.unlink_account(caller, "ada_w", clock.now())
    assert (await store.fact(caller.workspace_id, waited.id)).account == "ada_second"


async def test_an_expired_fact_no_longer_stands_and_is_still_shown(
    store: Store, caller: Caller, clock: FixedClock, waited: Fact
) -> None:
    ends = clock.now() + timedelta(days=1)
    edited = await store.edit_fact(caller, replace(waited, expires_at=ends), clock.now())
    last = ends - timedelta(seconds=1)
    assert await store.facts(caller.workspace_id, waited.campaign_id, last) == [edited]
    assert (edited.stands(last), edited.stands(ends)) == (True, False)
    assert await store.facts(caller.workspace_id, waited.campaign_id, ends) == []
    assert await store.kept_facts(caller.workspace_id, waited.campaign_id) == [edited]


async def test_an_edit_is_a_version_and_the_earlier_wordings_are_told_with_who_and_when(
    store: Store, caller: Caller, clock: FixedClock, waited: Fact
) -> None:
    bob = world.somebody_else(caller, "bob")
    first_at = clock.now()
    later = clock.advance(timedelta(hours=2))
    changed = await store.edit_fact(bob, replace(waited, body="I waited 41 days once.", source="my diary"), later)
    assert (changed.version, changed.body, changed.source, changed.owner) == (
        2,
        "I waited 41 days once.",
        "my diary",
        "alice",
    )
    first, second = await store.fact_versions(caller.workspace_id, waited.id)
    assert (first.version, first.body, first.changed_by, first.changed_at) == (
        1,
        "I waited 40 days once.",
        "alice",
        first_at,
    )
    assert (second.version, second.body, second.source, second.changed_by, second.changed_at) == (
        2,
        "I waited 41 days once.",
        "my diary",
        "bob",
        later,
    )


async def test_of_two_edits_at_once_one_is_told_who_was_first(
    store: Store, caller: Caller, clock: FixedClock, waited: Fact
) -> None:
    bob = world.somebody_else(caller, "bob")
    answers = await asyncio.gather(
        store.edit_fact(caller, replace(waited, body="I waited 41 days once."), clock.now()),
        store.edit_fact(bob, replace(waited, body="I waited 42 days once."), clock.now()),
        return_exceptions=True,
    )
    (refused,) = [answer for answer in answers if isinstance(answer, AlreadyDecided)]
    (kept,) = [answer for answer in answers if isinstance(answer, Fact)]
    assert refused.what.startswith(f"{refused.decided_by} changed fact {waited.id} on 23 Nov 2026, 12:00 UTC")
    assert await store.fact(caller.workspace_id, waited.id) == kept
    assert len(await store.fact_versions(caller.workspace_id, waited.id)) == 2


async def test_a_removed_fact_stands_for_nothing_and_a_second_removal_is_told_who_was_first(
    store: Store, caller: Caller, clock: FixedClock, waited: Fact
) -> None:
    gone = await store.remove_fact(caller, waited.id, clock.now())
    assert (gone.removed_by, gone.removed_at, gone.stands(clock.now())) == ("alice", clock.now(), False)
    assert await store.facts(caller.workspace_id, waited.campaign_id, clock.now()) == []
    assert await store.kept_facts(caller.workspace_id, waited.campaign_id) == []
    assert await store.fact(caller.workspace_id, waited.id) == gone
    bob = world.somebody_else(caller, "bob")
    for attempt in (store.remove_fact(bob, waited.id, clock.now()), store.edit_fact(bob, waited, clock.now())):
        with pytest.raises(AlreadyDecided, match=f"Fact {waited.id} was removed by alice on 23 Nov 2026, 12:00 UTC"):
            await attempt
    with pytest.raises(NotFound):
        await store.remove_fact(bob, waited.id + 1, clock.now())


async def test_a_draft_is_posted_by_who_is_named_or_by_who_asked_for_it(
    store: Store, caller: Caller, clock: FixedClock, waited: Fact
) -> None:
    mine = await world.make_draft(store, caller, waited.campaign_id, clock.now())
    assert (mine.poster.member_id, mine.poster.member, mine.poster.account) == ("alice", "alice", None)
    assert mine.poster.owns(waited)
    named = Poster("bob", "bob", "bob_w")
    of_bob = await store.create_draft(caller, waited.campaign_id, "harbor", world.revision(), clock.now(), poster=named)
    assert of_bob.poster == named
    assert not of_bob.poster.owns(waited)
    assert (await store.draft(caller.workspace_id, of_bob.id)).poster == named
    assert {draft.id: draft.poster for draft in await store.drafts(caller.workspace_id)} == {
        mine.id: mine.poster,
        of_bob.id: named,
    }

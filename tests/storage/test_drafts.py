from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.campaigns import CampaignStatus
from core.drafting.approvals import Pinned
from core.drafting.drafts import DraftStatus, RevisionOrigin
from core.errors import AlreadyDecided, NotFound
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


async def test_a_draft_comes_back_as_it_was_written(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    made = await world.make_draft(store, caller, campaign.id, clock.now())

    found = await store.draft(caller.workspace_id, made.id)

    assert found == made
    assert found.status is DraftStatus.GENERATED
    assert found.latest.remarks == world.revision().remarks
    assert found.latest.fact_ids == (1, 2)
    assert found.latest.origin is RevisionOrigin.INTERVIEW


async def test_a_persons_text_makes_the_draft_edited_and_a_models_text_generated_again(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    mine = world.revision("My own words.", origin=RevisionOrigin.PERSON, written_by="alice")

    edited = await store.add_revision(caller, draft.id, mine, after=1, now=clock.now())
    again = await store.add_revision(
        caller, draft.id, world.revision("Anew.", origin=RevisionOrigin.MODEL), after=2, now=clock.now()
    )

    assert (edited.status, edited.latest.body) == (DraftStatus.EDITED, "My own words.")
    assert again.status is DraftStatus.GENERATED
    assert [r.number for r in again.revisions] == [1, 2, 3]


async def test_an_edit_of_an_older_text_is_told_who_changed_it_meanwhile(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    await store.add_revision(caller, draft.id, world.revision("One.", written_by="bob"), after=1, now=clock.now())

    with pytest.raises(AlreadyDecided, match="bob changed draft") as told:
        await store.add_revision(caller, draft.id, world.revision("Two."), after=1, now=clock.now())

    assert told.value.decided_by == "bob"
    assert (await store.draft(caller.workspace_id, draft.id)).latest.body == "One."


async def test_ten_edits_of_the_same_text_at_once_lose_nothing(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())

    async def read_then_write(number: int) -> None:
        while True:
            seen = await store.draft(caller.workspace_id, draft.id)
            new = world.revision(f"{seen.latest.body} {number}")
            try:
                await store.add_revision(caller, draft.id, new, after=seen.latest.number, now=clock.now())
            except AlreadyDecided:
                continue
            return

    await asyncio.gather(*(read_then_write(number) for number in range(10)))

    found = await store.draft(caller.workspace_id, draft.id)
    assert [r.number for r in found.revisions] == list(range(1, 12))
    assert sorted(int(word) for word in found.latest.body.split() if word.isdecimal()) == list(range(10))


async def test_a_second_approval_is_told_who_decided_and_when(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    first_at = clock.now()
    await store.decide_draft(world.somebody_else(caller, "bob"), draft.id, DraftStatus.APPROVED, first_at)
    clock.advance(timedelta(minutes=3))

    with pytest.raises(AlreadyDecided, match="approved by bob on 23 Nov 2026, 12:00 UTC") as told:
        await store.decide_draft(caller, draft.id, DraftStatus.DISCARDED, clock.now())

    assert (told.value.decided_by, told.value.decided_at) == ("bob", first_at)
    assert (await store.draft(caller.workspace_id, draft.id)).status is DraftStatus.APPROVED


async def test_an_approval_of_which_nothing_was_kept_stands_on_what_is_not_known(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    nothing = Pinned(is_known=False)
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now(), pinned=nothing)
    assert [approval.pinned for approval in await store.approvals(caller.workspace_id, draft.id)] == [nothing]
    await store.reopen_draft(caller, draft.id, clock.now())
    known = Pinned(rules=(("Be kind", ""),))
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now(), pinned=known)
    _, newest = await store.approvals(caller.workspace_id, draft.id)
    assert newest.pinned == known


async def test_of_ten_approvals_at_once_exactly_one_wins(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    members = [world.somebody_else(caller, f"member {number}") for number in range(10)]

    answers = await asyncio.gather(
        *(store.decide_draft(member, draft.id, DraftStatus.APPROVED, clock.now()) for member in members),
        return_exceptions=True,
    )

    losers = [answer for answer in answers if isinstance(answer, AlreadyDecided)]
    winner = (await store.draft(caller.workspace_id, draft.id)).decided_by
    assert len(losers) == 9
    assert {loser.decided_by for loser in losers} == {winner}
    approvals = [entry for entry in await store.journal(caller.workspace_id) if entry.kind == "draft.approve"]
    assert len(approvals) == 1
    assert approvals[0].member_id == winner


async def test_a_decided_draft_is_not_edited(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    with pytest.raises(AlreadyDecided, match="approved by alice"):
        await store.add_revision(caller, draft.id, world.revision("Late."), after=1, now=clock.now())


async def test_drafts_are_listed_newest_first_and_by_status(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    first = await world.make_draft(store, caller, campaign.id, clock.now())
    second = await world.make_approved_draft(store, caller, campaign.id, clock.now())

    assert [d.id for d in await store.drafts(caller.workspace_id)] == [second.id, first.id]
    assert [d.id for d in await store.drafts(caller.workspace_id, statuses=[DraftStatus.APPROVED])] == [second.id]
    assert [d.id for d in await store.drafts(caller.workspace_id, limit=1)] == [second.id]


async def test_drafts_go_and_come_back_with_their_campaign(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.DELETED, clock.now())

    assert await store.drafts(caller.workspace_id) == []
    with pytest.raises(NotFound):
        await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now())

    await store.set_campaign_status(caller, campaign.id, CampaignStatus.ACTIVE, clock.now())
    assert await store.draft(caller.workspace_id, draft.id) == draft


@pytest.mark.parametrize("number", [0, -1, 7, 2**31, 2**63, 10**30])
async def test_an_id_that_nothing_has_is_not_found(
    store: Store, caller: Caller, clock: FixedClock, number: int
) -> None:
    with pytest.raises(NotFound, match=r"There is no draft .* See which there are"):
        await store.draft(caller.workspace_id, number)


async def test_text_that_no_engine_can_store_is_stored_with_the_rest_of_it_intact(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    odd = replace(world.revision("a\x00b \ud800 ü 🚢"), title="t\x00")
    draft = await store.create_draft(caller, campaign.id, "harbor", odd, clock.now())
    assert draft.latest.body == "a\ufffdb \ufffd ü 🚢"
    assert draft.latest.title == "t\ufffd"

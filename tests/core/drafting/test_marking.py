"""What a press on a mark's button does: once, told right, and only where it is still marked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.campaigns import Campaign, FactKind
from core.drafting.drafts import Draft, NewRevision, Poster, RevisionOrigin, WayOut
from core.drafting.marks import standing
from core.drafting.service import Drafting
from core.errors import AlreadyDecided, NotAllowedNow, NotFound
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import FACTS, keep_profile
from tests.storage import world

TITLE = "How to make late payers answer"
BODY = "37 freelancers used it in the first 6 months, and agencies love it. How do others here handle this?"
LEFT = "37 freelancers used it in the first 6 months. How do others here handle this?"


@pytest.fixture
def drafting(store: Store, clock: FixedClock) -> Drafting:
    return Drafting(store, clock, None)


@pytest.fixture
async def campaign(store: Store, clock: FixedClock, caller: Caller) -> Campaign:
    made = await world.make_campaign(store, caller, clock.now(), name="Tallybird", communities=("harborfounders",))
    for kind, body in FACTS:
        await store.add_fact(caller, made.id, kind, body, clock.now())
    await keep_profile(store, caller, clock.now())
    return made


async def drafted(store: Store, caller: Caller, campaign: Campaign, clock: FixedClock, body: str = BODY) -> Draft:
    """A draft as a model wrote it."""
    revision = NewRevision(RevisionOrigin.MODEL, TITLE, body, (), "invented-model")
    return await store.create_draft(caller, campaign.id, "harborfounders", revision, clock.now())


async def the_mark(drafting: Drafting, draft: Draft) -> int:
    reviewed = await drafting.review(draft.workspace_id, draft.id)
    return next(mark.id for mark in standing(reviewed.marks) if mark.words == "love it")


async def test_a_mark_keeps_its_number_however_often_the_draft_is_shown(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    shown = await asyncio.gather(*(drafting.review(draft.workspace_id, draft.id) for _ in range(4)))
    assert len({reviewed.marks for reviewed in shown}) == 1
    [mark] = shown[0].marks
    assert (mark.generated, mark.way, mark.revision) == (True, None, 1)
    again = await Drafting(store, clock, None).review(draft.workspace_id, draft.id)
    assert again.marks == (mark,)


async def test_it_is_true_makes_it_a_fact_of_who_pressed(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    bob = world.somebody_else(caller, "bob")
    reviewed = await drafting.decide_mark(bob, await the_mark(drafting, draft), WayOut.TRUE)
    assert standing(reviewed.marks) == []
    assert not [remark for remark in reviewed.remarks if remark.code == "claim"]
    made = (await store.facts(caller.workspace_id, campaign.id, clock.now()))[-1]
    assert (made.body, made.owner, made.owner_id, made.kind) == ("Agencies love it.", "bob", "bob", FactKind.PRODUCT)
    assert reviewed.draft.latest.number == 1


async def test_taking_it_out_leaves_a_sentence_that_reads_and_its_author_known(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    reviewed = await drafting.decide_mark(caller, await the_mark(drafting, draft), WayOut.OUT)
    assert (reviewed.draft.latest.body, reviewed.draft.latest.written_by) == (LEFT, "alice")
    assert reviewed.marks == ()


async def test_a_blank_blocks_until_it_is_filled_in(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    reviewed = await drafting.decide_mark(caller, await the_mark(drafting, draft), WayOut.BLANK)
    assert "agencies [your own words instead of “love it”]" in reviewed.draft.latest.body
    assert "blanks" in [remark.check for remark in reviewed.blocking]
    assert "love it" not in [mark.words for mark in reviewed.marks]


async def test_what_claims_nothing_stays_said_so_through_edits_around_it(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    bob = world.somebody_else(caller, "bob")
    mark_id = await the_mark(drafting, draft)
    reviewed = await drafting.decide_mark(bob, mark_id, WayOut.FREE)
    [told] = [remark for remark in reviewed.remarks if remark.code == "claim"]
    assert (told.level, "bob says that it claims nothing" in told.text) == ("advice", True)
    edited = await drafting.edit(caller, draft.id, title=None, body=f"Hello all. {BODY}")
    [mark] = edited.marks
    assert (mark.id, mark.way, mark.decided_by, mark.revision) == (mark_id, WayOut.FREE, "bob", 2)
    other = await drafting.edit(caller, draft.id, title=None, body=BODY.replace("love it", "recommend it"))
    [asked] = other.marks
    assert (asked.way, asked.generated) == (None, True)


@pytest.mark.parametrize("way", list(WayOut))
async def test_of_two_presses_at_once_one_counts_and_the_other_is_told_who_was_first(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock, way: WayOut
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    mark_id = await the_mark(drafting, draft)
    before = len(await store.kept_facts(caller.workspace_id, campaign.id))
    bob = world.somebody_else(caller, "bob")
    answers = await asyncio.gather(
        drafting.decide_mark(caller, mark_id, way), drafting.decide_mark(bob, mark_id, way), return_exceptions=True
    )
    (refused,) = [answer for answer in answers if isinstance(answer, AlreadyDecided)]
    assert refused.decided_by in ("alice", "bob")
    assert "“love it”" in refused.what
    after = len(await store.kept_facts(caller.workspace_id, campaign.id))
    assert after - before == (1 if way is WayOut.TRUE else 0)
    newest = (await store.draft(caller.workspace_id, draft.id)).latest.number
    assert newest == (2 if way in (WayOut.OUT, WayOut.BLANK) else 1)


async def test_a_press_whose_text_cannot_be_kept_decides_nothing(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    mark_id = await the_mark(drafting, draft)
    async with store._database.write() as tx:
        refuses = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        await tx.execute(text(f"CREATE TRIGGER full BEFORE INSERT ON draft_revisions {refuses}"))
    with pytest.raises(DBAPIError, match="the disk is full"):
        await drafting.decide_mark(caller, mark_id, WayOut.OUT)
    async with store._database.write() as tx:
        await tx.execute(text("DROP TRIGGER full"))
    assert (await store.mark(caller.workspace_id, mark_id)).way is None
    reviewed = await drafting.decide_mark(caller, mark_id, WayOut.OUT)
    assert reviewed.draft.latest.body == LEFT


async def test_a_press_after_an_edit_finds_the_words_where_they_are_or_says_that_they_are_gone(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    mark_id = await the_mark(drafting, draft)
    await drafting.edit(caller, draft.id, title=None, body=f"Hello all.\n\n{BODY}")
    reviewed = await drafting.decide_mark(caller, mark_id, WayOut.OUT)
    assert reviewed.draft.latest.body == f"Hello all.\n\n{LEFT}"
    gone = await drafted(store, caller, campaign, clock)
    gone_id = await the_mark(drafting, gone)
    await drafting.edit(caller, gone.id, title=None, body=LEFT)
    with pytest.raises(NotAllowedNow, match=f"“love it” is no longer marked in draft {gone.id}"):
        await drafting.decide_mark(caller, gone_id, WayOut.TRUE)
    with pytest.raises(NotFound):
        await drafting.decide_mark(caller, gone_id + 99, WayOut.TRUE)


async def test_a_program_that_died_between_the_press_and_the_new_text_asks_again(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    draft = await drafted(store, caller, campaign, clock)
    mark_id = await the_mark(drafting, draft)
    await store.decide_mark(caller, mark_id, WayOut.OUT, clock.now(), revision=1)
    on_its_way = await drafting.review(draft.workspace_id, draft.id)
    assert [(mark.id, mark.way) for mark in on_its_way.marks] == [(mark_id, WayOut.OUT)]
    assert on_its_way.blocking
    clock.advance(timedelta(minutes=1))
    reviewed = await drafting.review(draft.workspace_id, draft.id)
    assert [(mark.id, mark.way) for mark in reviewed.marks] == [(mark_id, None)]
    assert (await drafting.decide_mark(caller, mark_id, WayOut.OUT)).draft.latest.body == LEFT


@pytest.mark.parametrize("words", ["our IBAN is DE89 3704 0044 0532 0130 00", "you can call me at +43 660 1234567"])
async def test_secrets_and_personal_data_never_become_a_fact(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock, words: str
) -> None:
    draft = await drafted(store, caller, campaign, clock, f"Agencies pay, and {words} for all of them.")
    before = await store.kept_facts(caller.workspace_id, campaign.id)
    reviewed = await drafting.review(draft.workspace_id, draft.id)
    refused = 0
    for mark in standing(reviewed.marks):
        if mark.words in words:
            with pytest.raises(NotAllowedNow, match="never becomes a fact"):
                await drafting.decide_mark(caller, mark.id, WayOut.TRUE)
            refused += 1
    assert refused
    assert await store.kept_facts(caller.workspace_id, campaign.id) == before


async def test_only_the_poster_says_that_an_experience_of_theirs_is_true(
    drafting: Drafting, store: Store, caller: Caller, campaign: Campaign, clock: FixedClock
) -> None:
    revision = NewRevision(RevisionOrigin.MODEL, TITLE, "Last spring I lost my biggest client.", (), "invented-model")
    draft = await store.create_draft(
        caller, campaign.id, "harborfounders", revision, clock.now(), poster=Poster("carol", "Carol")
    )
    mark_id = standing((await drafting.review(draft.workspace_id, draft.id)).marks)[0].id
    with pytest.raises(NotAllowedNow, match="only Carol can say that it is true"):
        await drafting.decide_mark(caller, mark_id, WayOut.TRUE)
    carol = replace(caller, member_id="carol", name="Carol")
    assert standing((await drafting.decide_mark(carol, mark_id, WayOut.TRUE)).marks) == []

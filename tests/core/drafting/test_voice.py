"""Whose tone a model may take, and from which texts, over a real store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from core.campaigns import Campaign
from core.drafting.drafts import DraftStatus, NewRevision, Poster, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.prompt import Assignment
from core.drafting.service import Drafting
from core.drafting.voice import TEXTS_MOST, Voices
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import FACTS
from tests.core.drafting.plain import PlainWriter
from tests.storage import world


@dataclass
class Listening(PlainWriter):
    heard: list[tuple[str, ...]] = field(default_factory=list)

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        self.heard.append(assignment.voice)
        return await super().write(caller, grounds, assignment)


@pytest.fixture
async def campaign(store: Store, caller: Caller, clock: FixedClock) -> Campaign:
    made = await world.make_campaign(store, caller, clock.now(), name="Tallybird")
    for kind, body in FACTS:
        await store.add_fact(caller, made.id, kind, body, clock.now())
    return made


async def approved(
    store: Store,
    caller: Caller,
    clock: FixedClock,
    body: str,
    *,
    origin: RevisionOrigin = RevisionOrigin.PERSON,
    status: DraftStatus | None = DraftStatus.APPROVED,
    poster: Poster | None = None,
) -> None:
    written = NewRevision(origin, "A title", body, (), caller.name)
    draft = await store.create_draft(
        caller, 1, "harbor", written, clock.advance(timedelta(minutes=1)), poster=poster or Poster("alice", "alice")
    )
    if status is not None:
        await store.decide_draft(caller, draft.id, status, clock.now())


async def test_nobody_lends_a_voice_who_has_not_said_so_and_each_can_end_it(
    store: Store, caller: Caller, clock: FixedClock, campaign: Campaign
) -> None:
    await approved(store, caller, clock, "I keep it short.")
    voices = Voices(store, clock)
    assert not await store.lends_voice(caller.workspace_id, "alice")
    assert await store.voice_texts(caller.workspace_id, "alice", 5) == []
    for _ in range(2):  # a second click is the same
        assert await voices.lend(caller, True) == 1
    assert await store.lends_voice(caller.workspace_id, "alice")
    assert not await store.lends_voice(caller.workspace_id, "bob")
    for _ in range(2):
        assert await voices.lend(caller, False) == 0
    assert not await store.lends_voice(caller.workspace_id, "alice")


async def test_only_texts_that_the_member_wrote_by_hand_and_that_were_approved_carry_the_voice(
    store: Store, caller: Caller, clock: FixedClock, campaign: Campaign
) -> None:
    await Voices(store, clock).lend(caller, True)
    await approved(store, caller, clock, "Mine, told in an interview.", origin=RevisionOrigin.INTERVIEW)
    await approved(store, caller, clock, "A model wrote it.", origin=RevisionOrigin.MODEL)
    await approved(store, caller, clock, "Open still.", status=None)
    await approved(store, caller, clock, "Thrown away.", status=DraftStatus.DISCARDED)
    await approved(store, caller, clock, "For Bob to post.", poster=Poster("bob", "Bob"))
    await approved(store, replace(caller, member_id="bob", name="Bob"), clock, "Bob wrote what Alice posts.")
    await approved(store, caller, clock, "Mine, written by hand.")
    assert await store.voice_texts(caller.workspace_id, "alice", 5) == [
        "A title\nMine, written by hand.",
        "A title\nMine, told in an interview.",
    ]
    assert await store.voice_texts(caller.workspace_id, "alice", 1) == ["A title\nMine, written by hand."]


async def test_a_writer_hears_the_posters_newest_texts_and_nobody_elses(
    store: Store, caller: Caller, clock: FixedClock, campaign: Campaign
) -> None:
    for number in range(TEXTS_MOST + 1):
        await approved(store, caller, clock, f"Text {number}: how do others here ask for a deposit?")
    writer = Listening()
    drafting = Drafting(store, clock, writer)

    async def write(poster: Poster | None = None) -> int:
        drafted = await drafting.write(caller, None, "harbor", anyway=True, poster=poster)
        return drafted.drafts[0].id

    await write()
    await Voices(store, clock).lend(caller, True)
    draft = await write()
    await drafting.regenerate(caller, draft)
    await write(Poster("bob", "Bob"))
    mine = tuple(f"A title\nText {number}: how do others here ask for a deposit?" for number in (3, 2, 1))
    assert writer.heard == [(), mine, mine, ()]

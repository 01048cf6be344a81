"""Marks of a draft: kept as the newest text has them, decided once, with the fact or the text that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.campaigns import FactKind
from core.drafting.drafts import DraftStatus, Mark, RevisionOrigin, WayOut
from core.facts import NewFact
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

HOUR = timedelta(hours=1)


async def test_marks_are_kept_whole_changed_in_their_place_and_refused_when_others_are_on_record(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    here, now = caller.workspace_id, clock.now()
    campaign = await world.make_campaign(store, caller, now)
    draft, other = [await world.make_draft(store, caller, campaign.id, now) for _ in range(2)]
    whole = Mark(
        id=0,
        workspace_id="",
        draft_id=0,
        revision=1,
        start=3,
        end=9,
        words="on time",
        sentence="It is on time.",
        kind="ended",
        reason="a fact says otherwise",
        generated=False,
        way=WayOut.BLANK,
        decided_by="bob",
        decided_at=now - HOUR,
        fact_id=None,
    )
    kept = await store.keep_marks(here, draft.id, [], [whole, world.a_mark("late")])
    assert kept is not None
    first, second = kept
    assert first == replace(whole, id=first.id, workspace_id=here, draft_id=draft.id)
    assert second == world.a_mark("late", id=second.id, workspace_id=here, draft_id=draft.id)
    theirs = await store.keep_marks(here, other.id, [], [world.a_mark("other")])
    assert await store.marks(here, draft.id) == kept
    assert [await store.mark(here, mark.id) for mark in kept] == kept

    before = await all_rows(store)
    assert await store.keep_marks(here, draft.id, [first], [second]) is None
    assert await store.keep_marks(here, draft.id, [second, first], []) is None
    assert changes(before, await all_rows(store)) == {}
    moved = replace(second, revision=2, start=50, end=54, sentence="Late again.", reason="still none")
    now_kept = await store.keep_marks(here, draft.id, kept, [moved, world.a_mark("new", revision=2)])
    assert now_kept is not None
    assert now_kept[:2] == [first, moved], "what the text has no more stays on record"
    assert [mark.words for mark in now_kept] == ["on time", "late", "new"]
    made = changes(before, await all_rows(store))["marks"]
    assert made[second.id] == {
        "revision": 2,
        "start": 50,
        "end": 54,
        "sentence": "Late again.",
        "reason": "still none",
    }
    assert await store.marks(here, other.id) == theirs


async def test_what_a_person_decides_about_a_mark_is_kept_with_what_follows_from_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    here, began = caller.workspace_id, clock.now()
    campaign = await world.make_campaign(store, caller, began)
    draft = await world.make_draft(store, caller, campaign.id, began)
    true, out = await store.keep_marks(here, draft.id, [], [world.a_mark("on time"), world.a_mark("late")]) or ()
    now = clock.advance(HOUR)
    bob = world.somebody_else(caller, "bob")
    new = NewFact(campaign.id, FactKind.NUMBER, "It is on time.")
    decided = await store.decide_mark(bob, true.id, WayOut.TRUE, now, revision=1, fact=new)
    [fact] = await store.facts(here, campaign.id, now)
    assert decided == replace(true, way=WayOut.TRUE, decided_by="bob", decided_at=now, fact_id=fact.id)
    assert (fact.kind, fact.body, fact.owner, fact.created_at) == (FactKind.NUMBER, "It is on time.", "bob", now)
    assert await store.mark(here, out.id) == out
    entry = (await store.journal(here))[0]
    assert entry.facts == {"mark": true.id, "way": "true", "words": "on time"}

    text = world.revision("Without it.", origin=RevisionOrigin.PERSON, written_by="bob")
    decided = await store.decide_mark(bob, out.id, WayOut.OUT, now, revision=1, text=text)
    assert decided == replace(out, way=WayOut.OUT, decided_by="bob", decided_at=now)
    changed = await store.draft(here, draft.id)
    assert (changed.status, changed.latest.number, changed.latest.body) == (DraftStatus.EDITED, 2, "Without it.")
    assert (changed.latest.by, changed.latest.created_at) == ("bob", now)
    edited, marked = (await store.journal(here))[:2]
    assert (edited.kind, edited.facts, marked.subject) == ("draft.edit", {"revision": 2}, f"draft {draft.id}")

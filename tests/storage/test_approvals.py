"""Approvals: what they stand on, which stand, when people are asked, and what ends with a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from core.campaigns import CampaignStatus, FactKind
from core.drafting.approvals import AboutDraft, Approval, Change, ChangeKind, Ending, Pinned, PinnedFact
from core.drafting.drafts import DraftStatus, Poster, RevisionOrigin
from core.model import AlertKind, Caller, NewAlert
from core.requirements import Flair, Requirements
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.rows import all_rows, changes

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


async def approve(
    store: Store,
    caller: Caller,
    campaign_id: int,
    clock: FixedClock,
    *,
    community: str = "harbor",
    pinned: Pinned | None = None,
    remind_in: timedelta | None = None,
) -> Approval:
    now = clock.now()
    draft = await store.create_draft(caller, campaign_id, community, world.revision(), now)
    remind_at = now + remind_in if remind_in is not None else None
    pinned = pinned or Pinned()
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now, pinned=pinned, remind_at=remind_at)
    [approval] = await store.approvals(caller.workspace_id, draft.id)
    return approval


async def test_an_approval_is_kept_with_all_that_it_stands_on(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    pinned = Pinned(
        rules_id=7,
        rules=(("No links", "None at all."),),
        demands=(("links", "none"),),
        facts=(PinnedFact(3, 2, "It sends letters."),),
        pattern_ids=(5, 6),
        requirements=Requirements(title_text_min_length=12),
        flairs=(Flair("Data", "f1"),),
    )
    approval = await approve(store, caller, campaign.id, clock, pinned=pinned, remind_in=HOUR)
    assert approval == Approval(
        approval.id, caller.workspace_id, approval.draft_id, 1, "alice", "alice", now, pinned, remind_at=now + HOUR
    )
    unknown = await world.make_approved_draft(store, caller, campaign.id, now)
    [kept] = await store.approvals(caller.workspace_id, unknown.id)
    assert (kept.pinned, kept.remind_at) == (Pinned(is_known=False), None)
    assert (await all_rows(store))["approvals"][kept.id]["pinned"] == {}
    later = clock.advance(HOUR)
    bob = world.somebody_else(caller, "bob")
    await store.reopen_draft(bob, unknown.id, later)
    await store.add_revision(bob, unknown.id, world.revision("Anew."), after=1, now=later)
    await store.decide_draft(bob, unknown.id, DraftStatus.APPROVED, later)
    first, second = await store.approvals(caller.workspace_id, unknown.id)
    assert first == replace(kept, ending=Ending.TAKEN_BACK, ended_by="bob", ended_at=later)
    assert (second.revision, second.approved_by, second.approved_at, second.ending) == (2, "bob", later, None)
    assert await store.approvals("terminal:b", unknown.id) == []


async def test_the_approvals_that_stand_are_found_by_workspace_community_and_campaign(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = await world.elsewhere(store, caller, now)
    acme, gone, kept = [await world.make_campaign(store, caller, now, name=name) for name in ("Acme", "Gone", "Kept")]
    theirs = await world.make_campaign(store, other, now)
    in_harbor = await approve(store, caller, acme.id, clock, remind_in=3 * HOUR)
    in_attic = await approve(store, caller, kept.id, clock, community="attic", remind_in=HOUR)
    foreign = await approve(store, other, theirs.id, clock, remind_in=2 * HOUR)
    ended = await approve(store, caller, acme.id, clock, remind_in=HOUR)
    await store.reopen_draft(caller, ended.draft_id, now)
    dropped = await approve(store, caller, gone.id, clock, remind_in=HOUR)
    last = await approve(store, caller, acme.id, clock, remind_in=HOUR)

    def ids(found: Sequence[Approval]) -> list[int]:
        return [approval.id for approval in found]

    await store.set_campaign_status(caller, gone.id, CampaignStatus.DELETED, now)
    every = [in_harbor, in_attic, foreign, last]
    assert await store.standing_approvals() == every
    assert dropped.id not in ids(every)
    assert await store.standing_approvals(limit=2) == every[:2]
    assert await store.standing_approvals(after=in_attic.id) == every[2:]
    assert await store.standing_approvals(workspace_id="terminal:b") == [foreign]
    assert await store.standing_approvals(community="attic") == [in_attic]
    assert await store.standing_approvals(campaign_id=acme.id) == [in_harbor, last]
    assert ids(await store.due_reminders(now + HOUR - SECOND)) == []
    assert ids(await store.due_reminders(now + HOUR)) == ids([in_attic, last])
    assert ids(await store.due_reminders(now + 3 * HOUR)) == ids([in_attic, last, foreign, in_harbor])
    assert ids(await store.due_reminders(now + 3 * HOUR, 1)) == [in_attic.id]


async def test_people_are_reminded_once_of_an_approval_that_stands(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    one, other = [await approve(store, caller, campaign.id, clock, remind_in=HOUR) for _ in range(2)]
    now = clock.advance(HOUR)
    alert = NewAlert(AlertKind.DRAFT_UNPOSTED, "remind", {"draft": one.draft_id})
    before = await all_rows(store)
    assert not await store.remind(replace(one, remind_at=now + SECOND), alert, caller, now)
    assert changes(before, await all_rows(store)) == {}
    assert await store.remind(one, alert, caller, now)
    made = changes(before, await all_rows(store))
    assert made["approvals"] == {one.id: {"remind_at": None}}
    [owed] = made["alerts"]["new"]
    assert (owed["dedupe_key"], owed["created_at"], owed["next_attempt_at"]) == ("remind", now, now)
    assert (owed["correlation_id"], owed["workspace_id"]) == ("test-correlation", caller.workspace_id)
    assert set(made) == {"approvals", "alerts"}
    assert not await store.remind(one, alert, caller, now)
    assert not await store.remind(other, alert, caller, now), "owed before"
    await store.put_off_reminder(caller, other.draft_id, now + HOUR, now)
    await store.reopen_draft(caller, other.draft_id, now)
    assert not await store.remind(replace(other, remind_at=None), alert, caller, now)


async def test_an_approval_is_voided_once_and_only_in_its_own_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    approval = await approve(store, caller, campaign.id, clock)
    again = await approve(store, caller, campaign.id, clock)
    other = await world.elsewhere(store, caller, now)
    alert = NewAlert(AlertKind.DRAFT_VOIDED, "void", {})
    before = await all_rows(store)
    assert not await store.void_approval(other, approval.id, (), alert, now)
    assert not await store.void_approval(caller, again.id + 1, (), alert, now)
    assert changes(before, await all_rows(store)) == {}
    change = Change(ChangeKind.RULE_NEW, "No links", after="None.")
    assert await store.void_approval(caller, approval.id, (change,), alert, now)
    [ended] = await store.approvals(caller.workspace_id, approval.draft_id)
    assert ended == replace(approval, ending=Ending.VOIDED, ended_by="alice", ended_at=now, changes=(change,))
    assert not await store.void_approval(caller, approval.id, (), alert, now)
    await store.decide_draft(caller, approval.draft_id, DraftStatus.APPROVED, now)
    assert not await store.void_approval(caller, approval.id, (), alert, now), "another one stands now"
    assert await store.approvals(caller.workspace_id, again.draft_id) == [again]


async def test_approvals_that_stand_on_a_fact_end_when_it_is_changed_or_removed(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign, other = [await world.make_campaign(store, caller, now, name=name) for name in ("Acme", "Other")]
    fact = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It sends invoices.", now)
    apart = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It prints them.", now)
    on_it = Pinned(facts=(PinnedFact(apart.id, 1, "It prints them."), PinnedFact(fact.id, 1, "It sends invoices.")))
    first = await approve(store, caller, campaign.id, clock, pinned=on_it, remind_in=HOUR)
    untouched = await approve(
        store, caller, campaign.id, clock, pinned=Pinned(facts=(PinnedFact(apart.id, 1, "It prints them."),))
    )
    second = await approve(store, caller, campaign.id, clock, pinned=on_it)
    elsewhere = await approve(store, caller, other.id, clock, pinned=on_it)
    bob = world.somebody_else(caller, "bob")
    later = clock.advance(HOUR)
    before = await all_rows(store)
    changed = await store.edit_fact(bob, replace(fact, body="It sends letters."), later)
    made = changes(before, await all_rows(store))
    change = Change(ChangeKind.FACT_CHANGED, str(fact.id), "It sends invoices.", "It sends letters.")
    told = {"kind": "fact_changed", "name": str(fact.id), "before": change.before, "after": change.after}
    ended = {"ending": Ending.VOIDED, "ended_by": "bob", "ended_at": later, "changes": [told]}
    assert made["approvals"] == {first.id: {**ended, "remind_at": None}, second.id: ended}
    reopened = {"status": DraftStatus.GENERATED, "decided_by": None, "decided_at": None, "version": 2}
    assert made["drafts"] == {first.draft_id: reopened, second.draft_id: reopened}
    title = "What late invoices taught me"
    for owed, approval in zip(made["alerts"]["new"], (first, second), strict=True):
        new = AboutDraft(approval.draft_id, "harbor", title, "alice").voided(approval, [change])
        assert (owed["kind"], owed["dedupe_key"], owed["facts"]) == (new.kind, new.dedupe_key, dict(new.facts))
        assert (owed["created_at"], owed["next_attempt_at"], owed["correlation_id"]) == (
            later,
            later,
            "test-correlation",
        )
    voided = [row for row in made["journal"]["new"] if row["kind"] == "draft.void"]
    assert [(row["subject"], row["facts"], row["name"]) for row in voided] == [
        (f"draft {one.draft_id}", {"revision": 1, "what": f"fact_changed {fact.id}"}, "bob") for one in (first, second)
    ]
    await store.decide_draft(caller, first.draft_id, DraftStatus.APPROVED, later, pinned=on_it)
    gone_at = clock.advance(HOUR)
    await store.remove_fact(bob, changed.id, gone_at)
    newest = (await store.approvals(caller.workspace_id, first.draft_id))[-1]
    assert (newest.ended_at, newest.changes) == (
        gone_at,
        (Change(ChangeKind.FACT_GONE, str(fact.id), "It sends invoices."),),
    )
    for one in (untouched, elsewhere):
        assert await store.approvals(caller.workspace_id, one.draft_id) == [one]


async def test_a_draft_that_is_open_again_is_edited_when_a_person_wrote_its_newest_text(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    for origins, status in (
        ((RevisionOrigin.PERSON, RevisionOrigin.MODEL), DraftStatus.GENERATED),
        ((RevisionOrigin.MODEL, RevisionOrigin.PERSON), DraftStatus.EDITED),
        ((RevisionOrigin.PERSON, RevisionOrigin.INTERVIEW), DraftStatus.GENERATED),
    ):
        draft = await world.make_draft(store, caller, campaign.id, now)
        for number, origin in enumerate(origins, 1):
            await store.add_revision(caller, draft.id, world.revision(origin=origin), after=number, now=now)
        await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now)
        opened = await store.reopen_draft(caller, draft.id, now)
        assert (opened.status, opened.decided_by, opened.decided_at) == (status, None, None)


async def test_a_draft_is_given_to_another_poster_with_or_without_its_approval(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    cem = Poster("cem", "Cem", "cem_w")
    kept, ended = [await approve(store, caller, campaign.id, clock) for _ in range(2)]
    waiting = await world.make_draft(store, caller, campaign.id, now)
    version = (await store.draft(caller.workspace_id, kept.draft_id)).version
    given = await store.give_draft(caller, kept.draft_id, cem, now, version=version, keeps_approval=True)
    assert (given.status, given.poster, given.decided_by) == (DraftStatus.APPROVED, cem, "alice")
    assert await store.approvals(caller.workspace_id, kept.draft_id) == [kept]
    given = await store.give_draft(caller, ended.draft_id, cem, now, version=version, keeps_approval=False)
    assert (given.status, given.poster, given.version) == (DraftStatus.GENERATED, cem, version + 2)
    [was] = await store.approvals(caller.workspace_id, ended.draft_id)
    assert was == replace(ended, ending=Ending.GIVEN, ended_by="alice", ended_at=now)
    given = await store.give_draft(caller, waiting.id, cem, now, version=0, keeps_approval=True)
    assert (given.status, given.poster, given.version) == (DraftStatus.GENERATED, cem, 1)


async def test_an_approval_that_is_edited_over_ends_only_when_it_is_the_one_that_was_seen(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    approval = await approve(store, caller, campaign.id, clock)
    text = world.revision("Anew.", origin=RevisionOrigin.PERSON)
    edited = await store.add_revision(
        caller, approval.draft_id, text, after=1, now=now, approval=approval.id, restored=1, disclosure="I made it."
    )
    assert (edited.status, edited.latest.number, edited.latest.body) == (DraftStatus.EDITED, 2, "Anew.")
    [ended] = await store.approvals(caller.workspace_id, approval.draft_id)
    assert ended == replace(approval, ending=Ending.EDITED, ended_by="alice", ended_at=now)
    entry = (await store.journal(caller.workspace_id))[0]
    assert (entry.kind, entry.facts) == ("draft.restore", {"revision": 2, "restored": 1})
    assert await store.last_disclosure(caller.workspace_id, campaign.id, "alice") == "I made it."

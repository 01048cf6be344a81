"""Direct messages about drafts: owed with what they tell, to whom it concerns, once, and to nobody who wants none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.drafting.approvals import AboutDraft, Change, ChangeKind
from core.drafting.drafts import Draft, DraftStatus, Poster, Remark, RevisionOrigin
from core.model import AlertKind, Caller, Role
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

READY = replace(world.revision("Mine.", origin=RevisionOrigin.PERSON), remarks=())
BLOCKED = replace(READY, remarks=(Remark("blanks", "problem", "A blank is left.", "blank"),))
PEOPLE = (("ann", Role.ADMIN), ("bob", Role.APPROVER), ("cem", Role.EDITOR), ("dan", Role.APPROVER))


@pytest.fixture
def dan() -> Caller:
    return Caller("discord:1", "dan", "dan", "test")


@pytest.fixture
async def campaign(store: Store, clock: FixedClock, dan: Caller) -> int:
    await store.ensure_workspace("discord:1", "discord", "Harbor", clock.now())
    for name, role in PEOPLE:
        await store.grant_role(dan, name, name, role, clock.now())
    return (await world.make_campaign(store, dan, clock.now())).id


async def drafted(store: Store, caller: Caller, campaign: int, clock: FixedClock, *, ready: bool = True) -> Draft:
    revision = READY if ready else BLOCKED
    return await store.create_draft(caller, campaign, "harbor", revision, clock.now(), poster=Poster("cem", "Cem"))


async def told(store: Store, kind: AlertKind) -> list[tuple[object, ...]]:
    """Whom it goes to and what it is about, the oldest first."""
    return [
        (alert.dedupe_key.rpartition(":")[2], alert.facts["draft"], alert.facts["workspace"], alert.facts["poster"])
        for alert in reversed(await store.alerts("discord:1", kind=kind))
    ]


async def test_who_may_approve_hears_of_a_draft_that_waits_and_who_wrote_it_does_not(
    store: Store, clock: FixedClock, dan: Caller, campaign: int
) -> None:
    draft = await drafted(store, dan, campaign, clock)
    assert await told(store, AlertKind.DRAFT_WAITS) == [(name, draft.id, "Harbor", "Cem") for name in ("ann", "bob")]
    await store.add_revision(dan, draft.id, READY, after=1, now=clock.now())
    assert len(await told(store, AlertKind.DRAFT_WAITS)) == 2, "it still waits: they know"
    assert await store.alerts("discord:1") == [], "what goes to one member is no alert of the workspace"


async def test_a_draft_with_something_to_fix_waits_for_nobody_until_it_is_fixed(
    store: Store, clock: FixedClock, dan: Caller, campaign: int
) -> None:
    draft = await drafted(store, dan, campaign, clock, ready=False)
    assert await told(store, AlertKind.DRAFT_WAITS) == []
    await store.add_revision(dan, draft.id, READY, after=1, now=clock.now())
    assert len(await told(store, AlertKind.DRAFT_WAITS)) == 2


async def test_who_is_to_post_a_draft_hears_that_it_is_approved_each_time(
    store: Store, clock: FixedClock, dan: Caller, campaign: int
) -> None:
    draft = await drafted(store, dan, campaign, clock)
    bob = replace(dan, member_id="bob", name="bob")
    for _ in range(2):
        await store.decide_draft(bob, draft.id, DraftStatus.APPROVED, clock.now())
        await store.reopen_draft(bob, draft.id, clock.now())
    assert await told(store, AlertKind.DRAFT_APPROVED) == [("cem", draft.id, "Harbor", "Cem")] * 2
    cem = replace(dan, member_id="cem", name="cem")
    await store.decide_draft(cem, draft.id, DraftStatus.APPROVED, clock.now())
    assert len(await told(store, AlertKind.DRAFT_APPROVED)) == 2, "who approves it knows"


async def test_who_is_to_post_hears_that_an_approval_ended_beside_the_channel(
    store: Store, clock: FixedClock, dan: Caller, campaign: int
) -> None:
    draft = await drafted(store, dan, campaign, clock)
    await store.decide_draft(dan, draft.id, DraftStatus.APPROVED, clock.now())
    [approval] = await store.approvals("discord:1", draft.id)
    changes = [Change(ChangeKind.RULE_NEW, "No links", after="No links at all.")]
    for_all = AboutDraft(draft.id, "harbor", "Mine", "Cem").voided(approval, changes)
    assert await store.void_approval(dan, approval.id, changes, for_all, clock.now())
    own, shared = await store.alerts("discord:1", kind=AlertKind.DRAFT_VOIDED)
    assert (shared.to_member, own.to_member) == (None, "cem")
    assert own.facts == {**shared.facts, "to": "Cem", "workspace": "Harbor"}


async def test_who_wants_no_direct_messages_gets_none(
    store: Store, clock: FixedClock, dan: Caller, campaign: int
) -> None:
    for name in ("ann", "cem"):
        off = await store.set_told_directly(replace(dan, member_id=name), False, clock.now())
        assert (off.id, off.told_directly) == (name, False)
    await store.grant_role(dan, "ann", "Ann", Role.ADMIN, clock.now())  # a role given anew leaves it as chosen
    draft = await drafted(store, dan, campaign, clock)
    assert [name for name, *_ in await told(store, AlertKind.DRAFT_WAITS)] == ["bob"]
    await store.decide_draft(dan, draft.id, DraftStatus.APPROVED, clock.now())
    assert await told(store, AlertKind.DRAFT_APPROVED) == []


async def test_a_terminal_has_no_direct_messages(store: Store, clock: FixedClock, caller: Caller) -> None:
    await store.grant_role(caller, "bob", "bob", Role.APPROVER, clock.now())
    made = await world.make_campaign(store, caller, clock.now())
    await store.create_draft(caller, made.id, "harbor", READY, clock.now())
    assert await store.alerts(caller.workspace_id, kind=AlertKind.DRAFT_WAITS) == []

"""Which texts a member's voice is learned from: newest ones by their hand that were approved, while they lend it."""

from __future__ import annotations

from datetime import timedelta

from core.campaigns import CampaignStatus
from core.drafting.drafts import DraftStatus, Poster, RevisionOrigin
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

SECOND = timedelta(seconds=1)


async def test_a_voice_is_lent_by_each_member_in_each_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = await world.elsewhere(store, caller, now)
    bob = world.somebody_else(caller, "bob")

    async def lend() -> list[bool]:
        whose = ((caller.workspace_id, "alice"), (caller.workspace_id, "bob"), ("terminal:b", "alice"))
        return [await store.lends_voice(*one) for one in whose]

    assert await lend() == [False] * 3
    for one in (caller, bob, other):
        await store.lend_voice(one, True, now)
        await store.lend_voice(one, True, now)  # once more changes nothing
    assert await lend() == [True] * 3
    await store.lend_voice(caller, False, now)
    assert await lend() == [False, True, True]
    await store.lend_voice(caller, False, now)
    facts = [entry.facts for entry in await store.journal(caller.workspace_id)]
    assert facts[:3] == [{"lent": False}, {"lent": False}, {"lent": True}]


async def test_a_voice_is_learned_from_what_the_member_wrote_by_hand_and_somebody_approved(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, began)
    bob = world.somebody_else(caller, "bob")
    kept, gone = [await world.make_campaign(store, caller, began, name=name) for name in ("Kept", "Gone")]
    theirs = await world.make_campaign(store, other, began)

    async def written(
        title: str,
        by: Caller = caller,
        *,
        campaign: int = kept.id,
        origin: RevisionOrigin = RevisionOrigin.PERSON,
        status: DraftStatus | None = DraftStatus.APPROVED,
        poster: str = "alice",
    ) -> int:
        text = world.revision(f"Body of {title}.", title=title, origin=origin)
        draft = await store.create_draft(by, campaign, "harbor", text, clock.now(), poster=Poster(poster, poster))
        if status is not None:
            await store.decide_draft(by, draft.id, status, clock.now())
        return draft.id

    await written("oldest")
    clock.advance(SECOND)
    posted = await written("posted", origin=RevisionOrigin.INTERVIEW)
    await written("as new")
    await store.register_post(caller, world.to_register("t3_aaaa1", clock.now(), draft_id=posted), clock.now())
    await written("by a model", origin=RevisionOrigin.MODEL)
    await written("waits", status=None)
    await written("discarded", status=DraftStatus.DISCARDED)
    await written("of bob's hand", bob)
    await written("for bob", poster="bob")
    await written("of a deleted campaign", campaign=gone.id)
    await written("elsewhere", other, campaign=theirs.id)
    rewritten = await written("rewritten", status=None)
    newest = world.revision("By a model.", title="newest", origin=RevisionOrigin.MODEL)
    await store.add_revision(caller, rewritten, newest, after=1, now=clock.now())
    await store.decide_draft(caller, rewritten, DraftStatus.APPROVED, clock.now())
    await store.set_campaign_status(caller, gone.id, CampaignStatus.DELETED, clock.now())

    assert await store.voice_texts(here, "alice", 9) == [], "nothing is lent"
    for one in (caller, bob, other):
        await store.lend_voice(one, True, clock.now())
    texts = [f"{title}\nBody of {title}." for title in ("as new", "posted", "oldest")]
    assert await store.voice_texts(here, "alice", 9) == texts
    assert await store.voice_texts(here, "alice", 2) == texts[:2]
    assert await store.voice_texts(here, "bob", 9) == []
    assert await store.voice_texts("terminal:b", "alice", 9) == ["elsewhere\nBody of elsewhere."]

from __future__ import annotations

from datetime import timedelta

from core.drafting.drafts import DraftStatus
from core.drafting.history import PostedText
from core.model import AuditOutcome, Caller, State
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


async def test_the_teams_texts_are_its_posts_and_its_drafts_the_newest_first(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    begun = clock.now()
    campaign = await world.make_campaign(store, caller, begun)
    posted = await world.make_approved_draft(store, caller, campaign.id, begun)
    discarded = await world.make_draft(store, caller, campaign.id, begun)
    await store.decide_draft(caller, discarded.id, DraftStatus.DISCARDED, begun)
    later = begun + timedelta(hours=1)
    new = world.to_register("t3_mine", later, draft_id=posted.id, title="As Reddit shows it")
    post = await store.register_post(caller, new, later)
    approved = await world.make_approved_draft(store, caller, campaign.id, begun)
    found = await store.own_texts(caller.workspace_id, begun, 10)
    assert [(own.post_id, own.draft_id, own.is_approved) for own in found] == [
        (post.id, posted.id, False),
        (None, approved.id, True),
    ]
    assert (found[0].title, found[0].body) == (posted.latest.title, posted.latest.body)
    assert (found[0].account, found[0].by, found[0].state) == ("invented_author", "alice", State.UNVERIFIED)
    assert [own.post_id for own in await store.own_texts(caller.workspace_id, later, 10)] == [post.id]
    assert len(await store.own_texts(caller.workspace_id, begun, 1)) == 1


async def test_what_was_posted_is_known_as_it_was_drafted_with_what_became_of_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    begun = clock.now()
    campaign = await world.make_campaign(store, caller, begun)
    draft = await world.make_approved_draft(store, caller, campaign.id, begun)
    new = world.to_register("t3_mine", begun, draft_id=draft.id, title="As Reddit shows it")
    post = await store.register_post(caller, new, begun)
    later = begun + timedelta(hours=1)
    await store.register_post(caller, world.to_register("t3_bare", later), later)
    await store.register_post(caller, world.to_register("t1_talk", later), later)
    await world.change_post(store, post.id, audit_outcome=AuditOutcome.INERTIA, score=4, num_comments=2)
    known = PostedText(
        draft.latest.title,
        draft.latest.body,
        campaign.name,
        campaign.url,
        AuditOutcome.INERTIA,
        score=4,
        num_comments=2,
    )
    assert await store.posted_texts(caller.workspace_id, begun, 9) == [PostedText(), known]
    assert await store.posted_texts(caller.workspace_id, begun, 1) == [PostedText()]
    assert await store.posted_texts(caller.workspace_id, later, 9) == [PostedText()]

"""Pages of long lists, on both engines: what passes the filters, how many there are, and which of them one page has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.drafting.drafts import DraftStatus
from core.listing import AlertState, Noun, Page, Someone, Wanted, page_of
from core.model import AlertKind, Caller, NewAlert, Role, State
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

HOUR = timedelta(hours=1)
ALICE = Someone("alice", "Alice")


async def test_pages_go_through_all_posts_once_while_others_are_registered(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    await world.crowd_of_posts(database_url, caller, clock.now(), 23)
    page = await store.listed(caller.workspace_id, Noun.POST, Wanted())
    assert (page.start, page.last, page.total) == (1, 10, 23)
    seen = list(page.rows)
    while page.last < page.total:
        await world.make_post(store, caller, clock.now(), f"t3_new{page.start}")
        page = await store.listed(caller.workspace_id, Noun.POST, Wanted(start=page.last + 1, upto=page.upto))
        seen += page.rows
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 23
    beyond = await store.listed(caller.workspace_id, Noun.POST, Wanted(start=99, upto=page.upto))
    assert (beyond.start, list(beyond.rows)) == (21, seen[20:])
    assert await store.listed("slack:other", Noun.POST, Wanted(upto=page.upto)) == Page([], 0, 1, page.upto)


async def test_posts_and_drafts_are_filtered_by_all_that_they_have(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    new = world.to_register("t3_aaaa1", clock.now(), draft_id=draft.id, campaign_id=campaign.id)
    post = await store.register_post(caller, new, clock.now())
    bob = replace(world.somebody_else(caller, "bob"), name="Bobby")
    later = clock.advance(HOUR)
    elsewhere = await store.register_post(bob, world.to_register("t3_aaaa2", later, community="elsewhere"), later)
    other = await world.make_draft(store, bob, campaign.id, later)

    async def found(noun: Noun, **filters: object) -> list[int]:
        page = await store.listed(caller.workspace_id, noun, Wanted(**filters))  # type: ignore[arg-type]
        assert page.total == len(page.rows)
        return list(page.rows)

    assert await found(Noun.POST) == [elsewhere.id, post.id]
    assert await found(Noun.POST, campaign_id=campaign.id) == [post.id]
    assert await found(Noun.POST, community="elsewhere") == [elsewhere.id]
    assert await found(Noun.POST, member=Someone(bob.member_id, "renamed since")) == [elsewhere.id]
    assert await found(Noun.POST, member=Someone("x", bob.name)) == [], "another member of that name"
    assert await found(Noun.POST, member=Someone("Bobby", "Bobby")) == [elsewhere.id], "a name that nobody has now"
    assert await found(Noun.POST, state=State.UNVERIFIED) == [elsewhere.id, post.id]
    assert await found(Noun.POST, state=State.REMOVED) == []
    assert await found(Noun.POST, since=later - HOUR / 2) == [elsewhere.id]
    assert await found(Noun.DRAFT, state=DraftStatus.GENERATED) == [other.id]
    assert await found(Noun.DRAFT, campaign_id=campaign.id + 1) == []
    assert await found(Noun.DRAFT, member=Someone(bob.member_id, "renamed since")) == [other.id]
    assert await found(Noun.DRAFT, since=later - HOUR / 2, community=other.community) == [other.id]
    await world.change_post(store, post.id, registered_by_id=None)
    assert await found(Noun.POST, member=Someone("x", post.registered_by)) == [post.id], "of an earlier version"


async def test_alerts_are_found_by_what_their_post_or_they_themselves_tell(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    new = world.to_register("t3_aaaa1", clock.now(), campaign_id=campaign.id, community="harbor")
    post = await store.register_post(caller, new, clock.now())
    by_post = NewAlert(AlertKind.POST_LOCKED, "a", {}, post.id)
    by_facts = NewAlert(AlertKind.RULES_CHANGED, "b", {"community": "harbor", "registered_by": "Alice"})
    for alert in (by_post, by_facts, NewAlert(AlertKind.TEST, "c", {"community": "elsewhere"})):
        await store.owe_alert(caller, alert, clock.now())
    first, second, third = sorted(alert.id for alert in await store.alerts(caller.workspace_id))

    async def found(**filters: object) -> list[int]:
        page = await store.listed(caller.workspace_id, Noun.ALERT, Wanted(**filters))  # type: ignore[arg-type]
        return list(page.rows)

    assert await found(community="harbor") == [second, first]
    assert await found(campaign_id=campaign.id) == [first]
    assert await found(member=ALICE) == [second]
    assert await found(state=AlertState.WAITING) == [third, second, first]
    claimed = await store.lease_alerts(clock.now(), worker="w", lease=HOUR, limit=10, platforms=("terminal",))
    await store.record_delivery(claimed[0].id, "w", clock.now(), delivered=True)
    assert await found(state=AlertState.DELIVERED) == [claimed[0].id]
    assert claimed[0].id not in await found(state=AlertState.WAITING)
    assert await found(state=AlertState.FAILED) == []
    assert [a.id for a in await store.alerts(caller.workspace_id, None, ids=[first, third])] == [third, first]


async def test_the_journal_is_found_by_member_noun_and_age(store: Store, caller: Caller, clock: FixedClock) -> None:
    bob = world.somebody_else(caller, "bob")
    await store.grant_role(caller, "bob", "Bob", Role.ADMIN, clock.now())
    start = clock.now()
    await store.set_plan(bob, clock.advance(HOUR), max_campaigns=3)
    await store.grant_role(bob, "carl", "Carl", Role.EDITOR, clock.advance(HOUR))

    async def kinds(**filters: object) -> list[str]:
        page = await store.listed(caller.workspace_id, Noun.JOURNAL, Wanted(**filters))  # type: ignore[arg-type]
        return [entry.kind.value for entry in await store.journal(caller.workspace_id, ids=page.rows)]

    assert await kinds() == ["role.grant", "plan.set", "role.grant"]
    assert await kinds(member=Someone("bob", "Bob")) == ["role.grant", "plan.set"]
    assert await kinds(state="role") == ["role.grant", "role.grant"]
    assert await kinds(since=start) == ["role.grant", "plan.set"]
    assert await kinds(member=Someone("bob", "Bob"), state="plan", since=start) == ["plan.set"]
    assert await kinds(start=2, limit=1) == ["plan.set"]
    assert await kinds(state="draft") == []


@pytest.mark.parametrize(
    ("start", "rows", "first"),
    [(1, [1, 2, 3], 1), (4, [4, 5, 6], 4), (7, [7], 7), (8, [7], 7), (2, [2, 3, 4], 2), (0, [1, 2, 3], 1)],
)
def test_a_list_in_memory_has_the_same_pages(start: int, rows: list[int], first: int) -> None:
    page = page_of([1, 2, 3, 4, 5, 6, 7], Wanted(start=start, limit=3))
    assert (list(page.rows), page.start, page.total) == (rows, first, 7)


def test_an_empty_list_has_one_empty_page() -> None:
    page: Page[int] = page_of([], Wanted(start=5))
    assert (page.rows, page.start, page.last, page.total) == ([], 1, 0, 0)

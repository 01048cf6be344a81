"""What an alert's message shows: its post or draft as it is now, who decided what since, and whom it concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.alerts import AlertRecord, Decision, DecisionKind, DraftNow
from core.drafting.drafts import DraftStatus
from core.model import AlertKind, Basis, Caller, NewAlert, Outcome, Reading, Role, TrackedPost, View
from core.visibility.tracking import Check, Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


async def owe(store: Store, caller: Caller, now: datetime, alert: NewAlert) -> int:
    assert await store.owe_alert(caller, alert, now)
    [owed] = [a for a in await store.alerts(caller.workspace_id, kind=alert.kind) if a.dedupe_key == alert.dedupe_key]
    return owed.id


async def test_a_message_shows_the_post_as_it_is_now_and_what_was_decided_of_it_since(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    post, other = [await world.make_post(store, caller, began, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    bob = world.somebody_else(caller, "bob")
    await store.snooze_post(caller, post.id, began, began)
    owed_at = clock.advance(HOUR)
    alert_id = await owe(store, caller, owed_at, NewAlert(AlertKind.POST_REMOVED, "k", {}, post.id))
    await store.snooze_post(caller, other.id, owed_at + HOUR, owed_at)
    await store.snooze_post(bob, post.id, owed_at + HOUR, owed_at)
    stopped = await store.stop_watching(caller, post.id, owed_at + SECOND)
    assert await store.alert_record(caller.workspace_id, alert_id) == AlertRecord(
        (await store.alerts(caller.workspace_id))[0],
        stopped,
        (
            Decision(DecisionKind.SNOOZED, "bob", owed_at, owed_at + HOUR),
            Decision(DecisionKind.STOPPED, "alice", owed_at + SECOND),
        ),
    )


async def test_a_message_about_no_post_shows_whom_it_concerns(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    elsewhere = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    await store.grant_role(elsewhere, "u0", "Ada", Role.EDITOR, now)
    for member, name in (("u1", "Ada"), ("u2", "Bob"), ("u3", "Bob"), ("u4", "Cem")):
        await store.grant_role(caller, member, name, Role.EDITOR, now)

    async def named(kind: AlertKind, **facts: Any) -> dict[str, str]:
        key = f"{kind} {facts}"
        alert_id = await owe(store, caller, now, NewAlert(kind, key, facts))
        shown = await store.alert_record(caller.workspace_id, alert_id)
        assert (shown.alert.dedupe_key, shown.post, shown.decisions, shown.joined) == (key, None, (), ())
        return dict(shown.members)

    assert await named(AlertKind.RULES_CHANGED, registered_by="Ada") == {"Ada": "u1"}
    assert await named(AlertKind.RULES_CHANGED, registered_by="Bob") == {}, "two of that name"
    assert await named(AlertKind.RULES_CHANGED, registered_by="Nobody") == {}
    assert await named(AlertKind.RULES_CHANGED) == {}
    assert await named(AlertKind.CONSENT_GONE, linked_by="Cem") == {"Cem": "u4"}
    both = {"poster": "Cem", "approved_by": "Ada"}
    assert await named(AlertKind.DRAFT_VOIDED, **both) == {"Cem": "u4", "Ada": "u1"}


async def test_a_message_about_posts_in_trouble_shows_who_approved_their_texts(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, bob = clock.now(), world.somebody_else(caller, "bob")
    campaign = await world.make_campaign(store, caller, now)
    approved = [await world.make_approved_draft(store, by, campaign.id, now) for by in (bob, caller, bob)]
    names = ["t3_aaaa1", "t3_aaaa2", "t3_aaaa3", "t3_aaaa4"]
    drafts = [draft.id for draft in approved] + [None]
    posts = [
        await store.register_post(caller, world.to_register(name, now, draft_id=draft), now)
        for name, draft in zip(names, drafts, strict=True)
    ]

    async def shown(kind: AlertKind, post: TrackedPost, event: str, **facts: Any) -> AlertRecord:
        return await store.alert_record(
            caller.workspace_id,
            await owe(store, caller, now, NewAlert(kind, f"{kind} {post.id}", facts, post.id, event=event)),
        )

    await store.grant_role(caller, bob.member_id, "bob", Role.APPROVER, now)
    removed = await shown(AlertKind.POST_REMOVED, posts[0], "alone")
    assert (removed.approvers, dict(removed.members)) == (("bob",), {"bob": bob.member_id})
    assert (await shown(AlertKind.POST_REMOVED, posts[3], "apart")).approvers == ()
    await shown(AlertKind.POST_HELD, posts[1], "wave")
    assert (await shown(AlertKind.POST_HELD, posts[2], "wave")).approvers == ("alice", "bob")
    closed = await shown(AlertKind.POST_GATED, posts[3], "closed", community_post_ids=[posts[0].id, posts[2].id])
    assert closed.approvers == ("bob",)
    assert (await shown(AlertKind.LOOK_WANTED, posts[0], "look")).approvers == (), "it asks who registered the post"


async def test_a_message_about_a_draft_shows_how_it_stands_and_what_was_done_to_it_last(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    campaign = await world.make_campaign(store, caller, began)
    draft, other = [await world.make_draft(store, caller, campaign.id, began) for _ in range(2)]
    facts = {"draft": draft.id, "poster": "alice"}
    await store.grant_role(caller, "alice", "alice", Role.EDITOR, began)
    alert_id = await owe(store, caller, began, NewAlert(AlertKind.DRAFT_UNPOSTED, "k", facts))

    async def now() -> DraftNow | None:
        shown = await store.alert_record(here, alert_id)
        assert (shown.post, shown.decisions, shown.members) == (None, (), {"alice": "alice"})
        return shown.draft

    assert await now() == DraftNow(draft.id, "generated", None), "what was done before is no news"
    later = clock.advance(SECOND)
    await store.leave_undisclosed(caller, draft.id, "For a reason.", later)
    await store.decide_draft(caller, draft.id, DraftStatus.DISCARDED, later)
    last = (await store.journal(here))[0]
    await store.leave_undisclosed(caller, other.id, "For a reason.", later)
    assert (last.kind, last.subject) == ("draft.discard", f"draft {draft.id}")
    assert await now() == DraftNow(draft.id, "discarded", last)
    for gone in ({"draft": 1_000}, {}):
        alert_id = await owe(
            store, caller, began, NewAlert(AlertKind.DRAFT_UNPOSTED, f"{gone}", gone | {"poster": "alice"})
        )
        assert await now() is None


async def test_a_draft_of_another_workspace_is_not_shown(store: Store, caller: Caller, clock: FixedClock) -> None:
    now = clock.now()
    other = replace(caller, workspace_id="terminal:b")
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    campaign = await world.make_campaign(store, caller, now)
    draft = await world.make_draft(store, caller, campaign.id, now)
    alert_id = await owe(store, other, now, NewAlert(AlertKind.DRAFT_UNPOSTED, "k", {"draft": draft.id}))
    assert (await store.alert_record("terminal:b", alert_id)).draft is None


async def test_only_the_newest_alert_that_can_be_wrong_counts_and_only_when_it_was_called_wrong(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post, other = [await world.make_post(store, caller, clock.now(), name) for name in ("t3_aaaa1", "t3_aaaa2")]

    async def call_wrong(post_id: int) -> int:
        now = clock.now()
        look = Reading(View.PERSON, Basis.PERSON, now, Outcome.VISIBLE)
        said = (DecisionKind.WRONG_ALARM, caller)
        check = Check(post_id, caller.workspace_id, (look,), Verdict(post.state, now), None, said=said)
        return await world.record(store, [check], now)

    assert await call_wrong(post.id) == 1
    assert await call_wrong(post.id) == 1, "no alert can be wrong yet"
    clock.advance(SECOND)
    await owe(store, caller, clock.now(), NewAlert(AlertKind.POST_REMOVED, "a", {}, post.id))
    await store.snooze_post(caller, post.id, clock.now(), clock.now())
    await owe(store, caller, clock.now() + HOUR, NewAlert(AlertKind.TEST, "no alarm", {}, post.id))
    await owe(store, caller, clock.now() + HOUR, NewAlert(AlertKind.POST_REMOVED, "of the other", {}, other.id))
    assert await call_wrong(post.id) == 1, "it was called wrong before this alert"

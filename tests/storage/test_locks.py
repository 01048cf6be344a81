"""What the jobs of several programs lock: each passes over the rows that another one holds, or waits for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from core.campaigns import FactKind
from core.drafting.approvals import Pinned, PinnedFact
from core.drafting.drafts import DraftStatus
from core.model import AlertKind, Caller, NewAlert
from core.visibility.account_looks import AccountCheck
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.alpha import Alpha
from tests.storage.locks import locks_taken

HOUR, LEASE = timedelta(hours=1), timedelta(minutes=5)


async def test_jobs_pass_over_what_others_hold_and_wait_for_what_they_change(
    filled: tuple[Store, Alpha], caller: Caller, clock: FixedClock
) -> None:
    store, alpha = filled
    now = clock.advance(timedelta(days=8))
    post = await store.tracked_post(caller.workspace_id, alpha.tracked)
    [account, *_] = await store.accounts(caller.workspace_id)
    await store.lease_due_posts(now, worker="w", lease=LEASE, limit=9)
    calls: tuple[tuple[Callable[[], Awaitable[object]], list[str]], ...] = (
        (lambda: store.lease_due_audits(now, worker="w", lease=LEASE, limit=9), ["tracked_posts, skip locked"]),
        (lambda: store.lease_due_accounts(now, lease=LEASE, limit=9), ["accounts, skip locked"]),
        (
            lambda: store.lease_alerts(now, worker="w", lease=LEASE, limit=9, platforms=["terminal"]),
            ["timetables", "alerts, skip locked"],
        ),
        (lambda: store.lease_webhooks(now, worker="w", lease=LEASE, limit=9), ["webhooks, skip locked"]),
        (lambda: store.expire_reservations(now), ["reservations, skip locked"]),
        (
            lambda: store.record_checks("w", [world.removal_check(post, now)], now),
            ["tracked_posts watches", "accounts"],
        ),
        (
            lambda: store.record_account_check(AccountCheck(account, None, account.state, now), now),
            ["accounts"],
        ),
    )
    for call, locks in calls:
        with locks_taken(store) as taken:
            await call()
        assert taken == locks


async def test_what_a_fact_voids_and_what_an_event_joins_is_locked_too(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    fact = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It sends invoices.", now)
    draft = await world.make_draft(store, caller, campaign.id, now)
    on_it = Pinned(facts=(PinnedFact(fact.id, 1, fact.body),))
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now, pinned=on_it)
    with locks_taken(store) as taken:
        await store.remove_fact(caller, fact.id, now)
    assert taken == ["facts", "drafts"]
    with locks_taken(store) as taken:
        await store.owe_alert(caller, NewAlert(AlertKind.POST_REMOVED, "k", {}, event="a wave"), now)
    assert taken == ["workspaces, no key", "alerts, skip locked", "alerts"]

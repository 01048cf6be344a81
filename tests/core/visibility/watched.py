"""What tests of the watching share: one post, time that passes with sweeps, and what was told."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, union_all

from core.alerts import Alert
from core.drafting.drafts import DraftStatus, NewRevision, RevisionOrigin
from core.model import AlertKind, Caller, State, TrackedPost
from core.visibility.sweeping import PACE_EVERY
from storage.schema import accounts, watches
from storage.store import Store
from tests.clock import FixedClock
from tests.watch import Watch

LINK = "https://www.reddit.com/r/harbor/comments/1abc2d/how_it_went/"
NAME = "t3_1abc2d"
MINUTE = timedelta(minutes=1)


MEASURED_SWEEPS = 3


async def pass_time(watch: Watch, clock: FixedClock, span: timedelta, step: timedelta = MINUTE) -> None:
    """Sweep every `step`, as the scheduler does, where a post or an account is due: four sweeps of five would find
    nothing, and took two thirds of the time of the others. The pace is set as often as ever. Coverage is measured of
    the first sweeps: what follows is more of the same, at twice the price.
    """
    sweeps, sweep_at = 0, clock.now()
    for _ in range(int(span / step)):
        clock.advance(step)
        if clock.now() < sweep_at:
            continue
        with unmeasured() if sweeps >= MEASURED_SWEEPS else contextlib.nullcontext():
            await watch.sweeping.sweep("w")
        sweeps += 1
        sweep_at = min(await _due_at(watch.store), clock.now() + PACE_EVERY)


async def _due_at(store: Store) -> datetime:
    """When the next post or account is due; one that is leased, after its lease."""
    async with store._database.read() as tx:
        times = [time for time in await tx.scalars(_DUE_AT) if time is not None]
    return min(times, default=datetime.max.replace(tzinfo=UTC))


_watch, _account = watches.c, accounts.c
_DUE_AT = union_all(
    select(func.min(_watch.next_check_at)).where(_watch.lease_until.is_(None)),
    select(func.min(_watch.lease_until)).where(_watch.next_check_at.is_not(None)),
    select(func.min(func.coalesce(_account.next_look_at, _account.state_since))),
)


@contextlib.contextmanager
def unmeasured() -> Iterator[None]:
    """Without coverage's tracer in this thread."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


async def told(store: Store, caller: Caller) -> list[AlertKind]:
    """Kinds of all alerts, oldest first."""
    return [alert.kind for alert in await alerts(store, caller)]


async def alerts(store: Store, caller: Caller) -> list[Alert]:
    return sorted(await store.alerts(caller.workspace_id, limit=200), key=lambda alert: alert.id)


async def state(store: Store, caller: Caller, post: TrackedPost) -> State:
    return (await store.tracked_post(caller.workspace_id, post.id)).state


async def approved_draft(
    store: Store, clock: FixedClock, caller: Caller, *, community: str = "harbor", body: str = "We opened the shop."
) -> int:
    campaign = await store.create_campaign(
        caller,
        name="Paperboat",
        product="A small invoicing tool for freelancers.",
        url="https://paperboat.example",
        keywords=["invoices", "freelancers", "late payment", "bookkeeping", "cash flow"],
        communities=[community],
        now=clock.now(),
    )
    revision = NewRevision(RevisionOrigin.PERSON, "How our first month went", body, (), "alice")
    draft = await store.create_draft(caller, campaign.id, community, revision, clock.now())
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now())
    return draft.id

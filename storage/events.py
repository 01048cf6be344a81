"""Events: which alerts share a message (the rules: core/events.py)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import Alert, Delivery, EarlierMessage, Joined
from core.events import TOGETHER_WITHIN, ends_event, joins_others, joins_within
from core.model import NewAlert, TrackedPost
from storage.base import record
from storage.schema import alerts, tracked_posts
from storage.watches import whole_posts

_its = alerts.c
JOINED_MAX = 100  # that one message tells


async def join(tx: AsyncConnection, workspace_id: str, owed: int, alert: NewAlert, now: datetime) -> None:
    """Let a new alert be told by the message of its event's first alert, when there is one. It stays due when that
    message was sent already, because the message must be rendered again.
    """
    first = await _first_of_event(tx, workspace_id, owed, alert, now)
    if first is None:
        return
    values: dict[str, Any] = {"told_with": first.id}
    if first.attempts == 0:  # nobody has tried to send it yet
        values["next_attempt_at"] = None
    await tx.execute(update(alerts).where(_its.id == owed).values(values))


async def _first_of_event(
    tx: AsyncConnection, workspace_id: str, owed: int, alert: NewAlert, now: datetime
) -> Row[Any] | None:
    """The alert whose message tells the event of a new alert; None when that alert begins an event."""
    if alert.event is None or ends_event(alert.facts):
        return None
    newest = await _newest(
        tx, workspace_id, owed, _its.event == alert.event, joins_within(alert.kind, alert.facts), now
    )
    if newest is None and joins_others(alert.kind):
        newest = await _newest(tx, workspace_id, owed, _its.kind == alert.kind, TOGETHER_WITHIN, now)
    if newest is None or ends_event(newest.facts):
        return None
    if newest.told_with is None:
        return newest
    its_first = and_(_its.id == newest.told_with, _its.event.is_not(None))  # good news may have taken it in
    return (await tx.execute(select(alerts).where(its_first))).first()


async def _newest(
    tx: AsyncConnection,
    workspace_id: str,
    owed: int,
    which: ColumnElement[bool],
    within: timedelta,
    now: datetime,
) -> Row[Any] | None:
    mine = and_(_its.workspace_id == workspace_id, _its.event.is_not(None), which, _its.id < owed)
    # What the new alert took in makes no message that it could join.
    is_apart = _its.told_with.is_distinct_from(owed)
    is_told = or_(_its.told_by.is_(None), _its.told_by == Delivery.UPDATE)
    recent = select(alerts).where(mine, is_apart, is_told, _its.created_at >= now - within)
    return (await tx.execute(recent.order_by(_its.id.desc()).limit(1).with_for_update())).first()


async def message_of_event(tx: AsyncConnection, alert: Alert) -> EarlierMessage | None:
    """The message in which a joined alert is told, when it stands where alerts go now."""
    if alert.event is None or alert.told_with is None:
        return None
    first = await tx.execute(select(alerts).where(_its.id == alert.told_with, _its.workspace_id == alert.workspace_id))
    row = first.first()
    if row is None or row.delivered_at is None or row.delivery_ref is None or row.sent_to != alert.channel:
        return None
    return EarlierMessage(row.id, row.sent_to, row.delivery_ref)


async def mark_joined_told(tx: AsyncConnection, first: Alert, now: datetime, reference: str | None) -> None:
    """The alerts that waited in a message that was just delivered are delivered with it."""
    waited = and_(_its.told_with == first.id, _its.id > first.id, _its.event.is_not(None), _its.delivered_at.is_(None))
    await tx.execute(
        update(alerts)
        .where(waited, _its.next_attempt_at.is_(None))
        .values(delivered_at=now, delivery_ref=reference, sent_to=first.sent_to, told_by=Delivery.UPDATE)
    )


def has_joined() -> ColumnElement[bool]:
    """Whether other alerts are told by the message of an alert, which therefore must be sent."""
    others = alerts.alias("others")
    joined = and_(others.c.told_with == _its.id, others.c.id > _its.id, others.c.event.is_not(None))
    return select(others.c.id).where(joined).exists()


async def joined_to(tx: AsyncConnection, first: Alert) -> tuple[Joined, ...]:
    """The later alerts that the message of `first` tells too, oldest first, with their posts as they are now."""
    if first.event is None:
        return ()
    later = and_(_its.told_with == first.id, _its.id > first.id, _its.event.is_not(None))
    mine = _its.workspace_id == first.workspace_id
    asked = select(alerts).where(mine, later).order_by(_its.id.desc())
    joined = [record(Alert, row) for row in await tx.execute(asked.limit(JOINED_MAX))][::-1]
    ids = [alert.tracked_post_id for alert in joined]
    theirs = (tracked_posts.c.workspace_id == first.workspace_id, tracked_posts.c.id.in_(ids))
    rows = await tx.execute(whole_posts(*theirs))
    posts: dict[int | None, TrackedPost] = {row.id: record(TrackedPost, row) for row in rows}
    return tuple(Joined(alert, posts.get(alert.tracked_post_id)) for alert in joined)

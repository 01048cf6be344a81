"""The outbox: alerts that are owed to channels until they are delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import AT_ANY_HOUR, takes_in, with_earlier
from core.model import Alert, AlertKind, Caller, NewAlert
from storage.base import Verbs, record
from storage.database import insert_new, will_owe
from storage.schema import alerts, timetables, tracked_posts, workspaces
from storage.timetables import hold_back, is_held, next_period

_its = alerts.c


class OutboxVerbs(Verbs):
    async def owe_alert(self, caller: Caller, alert: NewAlert, now: datetime) -> bool:
        """An alert about a post of this workspace only; raises `NotFound` for another's."""
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            not_before = now
            if alert.tracked_post_id is not None:
                post = await self._one(tx, tracked_posts, caller.workspace_id, alert.tracked_post_id, "post")
                not_before = max(now, post.snoozed_until or now)
            return await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=not_before)

    async def owe_digest(self, caller: Caller, due_at: datetime, digest: NewAlert, now: datetime) -> bool:
        async with self._database.write() as tx:
            if not await next_period(tx, caller.workspace_id, due_at, now):
                return False
            return await owe(tx, caller.workspace_id, digest, now, caller.correlation_id, not_before=now)

    async def alerts(
        self,
        workspace_id: str,
        limit: int | None = 20,
        *,
        kind: AlertKind | None = None,
        since: datetime | None = None,
    ) -> Sequence[Alert]:
        query = select(alerts).where(_its.workspace_id == workspace_id).order_by(_its.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(_its.kind == kind)
        if since is not None:
            query = query.where(_its.created_at > since)
        async with self._database.read() as tx:
            rows = await tx.execute(query)
        return [record(Alert, row) for row in rows]

    async def claim_alerts(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int, platforms: Sequence[str]
    ) -> Sequence[Alert]:
        """As the port says. `channel` becomes the workspace's alert channel of this moment, so a retry goes where
        alerts go now; `attempts` counts this claim, so that a crash during delivery counts too.
        """
        async with self._database.write() as tx:
            await hold_back(tx, now, platforms)
            channels = {
                row.id: row.alert_channel
                for row in await tx.execute(
                    select(alerts.c.id, workspaces.c.alert_channel)
                    .join(workspaces, workspaces.c.id == _its.workspace_id)
                    .outerjoin(timetables, timetables.c.workspace_id == _its.workspace_id)
                    .where(
                        _its.next_attempt_at <= now,
                        or_(_its.lease_until.is_(None), _its.lease_until <= now),
                        or_(_its.kind.in_(AT_ANY_HOUR), ~is_held(now)),
                        workspaces.c.platform.in_(platforms),
                    )
                    .order_by(_its.id)
                    .limit(limit)
                    .with_for_update(of=alerts, skip_locked=True)
                )
            }
            claimed = []
            for alert_id, channel in channels.items():
                change = (
                    update(alerts)
                    .where(_its.id == alert_id)
                    .values(lease_owner=worker, lease_until=now + lease, channel=channel, attempts=_its.attempts + 1)
                )
                claimed.append(record(Alert, (await tx.execute(change.returning(alerts))).one()))
        return claimed

    async def settle_alert(
        self,
        alert_id: int,
        worker: str,
        now: datetime,
        *,
        delivered: bool,
        delivery_ref: str | None = None,
        problem: str | None = None,
        retry_at: datetime | None = None,
    ) -> bool:
        values: dict[str, Any] = {"lease_owner": None, "lease_until": None, "last_problem": problem}
        if delivered:
            values |= {"delivered_at": now, "next_attempt_at": None, "delivery_ref": delivery_ref}
        else:
            values |= {"next_attempt_at": retry_at}
        async with self._database.write() as tx:
            settled = await tx.execute(
                update(alerts)
                .where(_its.id == alert_id, _its.lease_owner == worker, _its.delivered_at.is_(None))
                .values(values)
            )
        return settled.rowcount == 1

    async def release_alerts(self, worker: str) -> int:
        async with self._database.write() as tx:
            released = await tx.execute(
                update(alerts).where(_its.lease_owner == worker).values(lease_owner=None, lease_until=None)
            )
        return released.rowcount

    async def retry_alerts(self, caller: Caller, now: datetime) -> int:
        async with self._database.write() as tx:
            again = await tx.execute(
                update(alerts)
                .where(
                    _its.workspace_id == caller.workspace_id,
                    _its.delivered_at.is_(None),
                    _its.next_attempt_at.is_(None),
                    _its.told_with.is_(None),
                )
                .values(next_attempt_at=now, attempts=0)
            )
            if again.rowcount:
                will_owe(tx)
                await self._audit(tx, caller, now, "alerts.retry", "workspace", count=again.rowcount)
        return again.rowcount


async def owe(
    tx: AsyncConnection,
    workspace_id: str,
    alert: NewAlert,
    now: datetime,
    correlation_id: str,
    *,
    not_before: datetime,
) -> bool:
    """Put an alert in the outbox inside the transaction of what it tells. False when it was owed before.

    What still waits about the same post, and is old news by it, is told together with it (core/alerts.py).
    """
    owed: int | None = await tx.scalar(
        insert_new(tx, alerts)
        .values(
            workspace_id=workspace_id,
            kind=alert.kind,
            dedupe_key=alert.dedupe_key,
            facts=dict(alert.facts),
            tracked_post_id=alert.tracked_post_id,
            created_at=now,
            attempts=0,
            correlation_id=correlation_id,
            next_attempt_at=not_before,
        )
        .returning(_its.id)
    )
    if owed is None:
        return False
    if takes_in(alert.kind):
        await _take_in_waiting(tx, workspace_id, owed, alert)
    will_owe(tx)
    return True


async def _take_in_waiting(tx: AsyncConnection, workspace_id: str, owed: int, alert: NewAlert) -> None:
    rows = await tx.execute(
        select(alerts)
        .where(
            _its.workspace_id == workspace_id,
            _its.tracked_post_id == alert.tracked_post_id,  # None: IS NULL, the workspace's own
            _its.kind.in_(takes_in(alert.kind)),
            _its.id != owed,
            _its.next_attempt_at.is_not(None),
            # One that was ever on its way may have been seen, so it is not taken back.
            _its.attempts == 0,
            _its.last_problem.is_(None),
            _its.lease_until.is_(None),
        )
        .order_by(_its.id)
        .with_for_update(skip_locked=True)  # a courier takes it at this moment: it is told by itself
    )
    waiting = [record(Alert, row) for row in rows]
    if not waiting:
        return
    facts = with_earlier(alert.facts, waiting)
    await tx.execute(update(alerts).where(_its.id == owed).values(facts=facts))
    await tx.execute(
        update(alerts).where(_its.id.in_([old.id for old in waiting])).values(told_with=owed, next_attempt_at=None)
    )

"""A workspace's own time: its zone, its quiet hours, and when its digest is due (the rules: core/timetable.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, false, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import AT_ANY_HOUR
from core.journal import JournalKind
from core.model import Caller
from core.timetable import DEFAULT_DIGEST, DigestPlan, QuietHours, Timetable, next_digest_at, quiet_ends_at
from storage.base import Verbs, record
from storage.database import insert_new
from storage.schema import alerts, timetables, workspaces

_its = timetables.c


class TimetableVerbs(Verbs):
    async def timetable(self, workspace_id: str) -> Timetable:
        known = await self._record(Timetable, select(timetables).where(_its.workspace_id == workspace_id))
        return known or Timetable(workspace_id)

    async def set_timezone(self, caller: Caller, timezone: str, now: datetime) -> Timetable:
        return await self._change_times(caller, now, JournalKind.SETUP_ZONE, {"timezone": timezone})

    async def set_quiet_hours(self, caller: Caller, hours: QuietHours | None, now: datetime) -> Timetable:
        changes = {"quiet_from": hours.begin if hours else None, "quiet_until": hours.until if hours else None}
        told = {name: f"{at:%H:%M}" if at else None for name, at in changes.items()}
        return await self._change_times(caller, now, JournalKind.ALERTS_QUIET, changes, told)

    async def set_digest(self, caller: Caller, plan: DigestPlan | None, now: datetime) -> Timetable:
        changes = {
            "digest_chosen": True,
            "digest_every": plan.every if plan else None,
            "digest_at": plan.at if plan else None,
            "digest_on": plan.on if plan else None,
        }
        told = {
            "every": plan.every.value if plan else None,
            "at": f"{plan.at:%H:%M}" if plan else None,
            "on": plan.on.value if plan else None,
        }
        return await self._change_times(caller, now, JournalKind.ALERTS_DIGEST, changes, told)

    async def set_good_news(self, caller: Caller, wanted: bool, now: datetime) -> Timetable:
        return await self._change_times(caller, now, JournalKind.ALERTS_DIGEST, {"good_news": wanted})

    async def set_urgent_wakes(self, caller: Caller, wanted: bool, now: datetime) -> Timetable:
        return await self._change_times(caller, now, JournalKind.ALERTS_QUIET, {"urgent_wakes": wanted})

    async def _change_times(
        self,
        caller: Caller,
        now: datetime,
        kind: JournalKind,
        changes: dict[str, Any],
        told: dict[str, Any] | None = None,
    ) -> Timetable:
        """Change the timetable, and what follows from it: the present quiet hours, and when the digest is due. `told`:
        the changes as the journal has them, if that is another way.
        """
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            times = replace(await _held(tx, caller.workspace_id), **changes)
            plan = times.digest
            since, due = (
                (times.digest_since or now, next_digest_at(plan, times.timezone, now)) if plan else (None, None)
            )
            times = replace(times, digest_since=since, digest_due_at=due)
            # The next claim looks at the new hours.
            changed = {**changes, "digest_since": since, "digest_due_at": due, "quiet_ends_at": None}
            await tx.execute(update(timetables).where(_its.workspace_id == caller.workspace_id).values(changed))
            await self._enter_journal(tx, caller, now, kind, "workspace", **(changes if told is None else told))
        return times

    async def due_digests(self, now: datetime, limit: int) -> Sequence[Timetable]:
        due = select(timetables).where(_its.digest_due_at <= now).order_by(_its.digest_due_at, _its.workspace_id)
        return await self._records(Timetable, due.limit(limit))


async def _held(tx: AsyncConnection, workspace_id: str) -> Timetable:
    """The workspace's timetable, whose row is locked, and made when it is missing."""
    await tx.execute(insert_new(tx, timetables).values(workspace_id=workspace_id))
    mine = select(timetables).where(_its.workspace_id == workspace_id).with_for_update()
    return record(Timetable, (await tx.execute(mine)).one())


async def begin_default_digest(tx: AsyncConnection, workspace_id: str, since: datetime, now: datetime) -> None:
    """Begin a daily digest whose first period holds what was owed later than `since`, unless somebody chose another one
    or none. The caller has locked the workspace.
    """
    times = await _held(tx, workspace_id)
    if times.digest_chosen or times.digest is not None:
        return
    plan = {"digest_every": DEFAULT_DIGEST.every, "digest_at": DEFAULT_DIGEST.at}
    period = {"digest_since": since, "digest_due_at": next_digest_at(DEFAULT_DIGEST, times.timezone, now)}
    await tx.execute(update(timetables).where(_its.workspace_id == workspace_id).values(plan | period))


async def next_period(
    tx: AsyncConnection, workspace_id: str, due_at: datetime, now: datetime, *, goes_on: bool = False
) -> bool:
    """End the period whose digest was due at `due_at`, and begin the next one. False when that digest was done before,
    or is now due at another time.
    """
    mine = _its.workspace_id == workspace_id
    row = (await tx.execute(select(timetables).where(mine, _its.digest_due_at == due_at).with_for_update())).first()
    plan = record(Timetable, row).digest if row is not None else None
    if row is None or plan is None:
        return False
    values = {"digest_due_at": next_digest_at(plan, row.timezone, now)}
    if not goes_on:
        values["digest_since"] = now
    await tx.execute(update(timetables).where(mine).values(values))
    return True


# ---------------------------------------------------------------- quiet hours, in other verbs' transactions


def is_quiet(now: Any) -> ColumnElement[bool]:
    """Returns a condition: the workspace of a (left) joined timetable has quiet hours now, as a claim has noted."""
    return and_(_its.quiet_ends_at.is_not(None), _its.quiet_ends_at > now)


def due_at() -> ColumnElement[datetime]:
    """Returns when a waiting alert beside a (left) joined timetable is due: at its own time, or when the quiet hours
    that delay it end.
    """
    own = alerts.c.next_attempt_at
    wakes = and_(alerts.c.urgent, func.coalesce(_its.urgent_wakes, false()))
    quiet = and_(_its.quiet_ends_at > own, alerts.c.kind.not_in(AT_ANY_HOUR), not_(wakes))
    return case((quiet, _its.quiet_ends_at), else_=own)


async def note_quiet_hours(tx: AsyncConnection, now: datetime, platforms: Sequence[str]) -> None:
    """Find the workspaces that have due alerts and quiet hours now, and note when those hours end.

    The rows are locked, so that this waits for hours that are being changed. Workspaces whose quiet hours were noted
    before, and those without a due alert, cost nothing.
    """
    rows = await tx.execute(_QUIET_NOW, {"now": now, "platforms": list(platforms)})
    for times in [record(Timetable, row) for row in rows]:
        ends_at = quiet_ends_at(times.quiet_hours, times.timezone, now)
        if ends_at is not None:
            mine = _its.workspace_id == times.workspace_id
            await tx.execute(update(timetables).where(mine).values(quiet_ends_at=ends_at))


# Built once, because the courier asks every few seconds, mostly in vain, and building takes longer than asking.
_now: BindParameter[datetime] = bindparam("now")
_with_due_alerts = select(alerts.c.workspace_id).where(
    alerts.c.next_attempt_at <= _now, alerts.c.kind.not_in(AT_ANY_HOUR)
)
_QUIET_NOW = (
    select(timetables)
    .join(workspaces, workspaces.c.id == _its.workspace_id)
    .where(
        _its.quiet_from.is_not(None),
        or_(_its.quiet_ends_at.is_(None), _its.quiet_ends_at <= _now),
        _its.workspace_id.in_(_with_due_alerts),
        workspaces.c.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(_its.workspace_id)  # two couriers lock them in one order
    .with_for_update(of=timetables)
)

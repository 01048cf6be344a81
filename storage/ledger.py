"""Money: reservations against the month's cap, and the real spending. Months are calendar months in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import Advice, Do, OverBudget
from core.ledger import TaskUsage, Usage, UsageEvent, nearly_used
from core.model import Caller
from core.money import at_least, at_most, dollars
from core.plans import Plan
from storage.base import Verbs, added, changed, put, values_of
from storage.outbox import owe
from storage.schema import reservations, usage_events


class LedgerVerbs(Verbs):
    async def reserve(
        self,
        caller: Caller,
        task: str,
        amount_usd_micros: int,
        now: datetime,
        *,
        expires_at: datetime,
        model: str = "unknown",
    ) -> int:
        async with self._database.write() as tx:
            # No other transaction counts and reserves until this one is committed.
            await self._lock_workspace(tx, caller.workspace_id)
            usage = await self._usage(tx, caller.workspace_id, now)
            if amount_usd_micros > usage.left_usd_micros:
                raise OverBudget(
                    f"This can cost up to {at_most(amount_usd_micros)}; {at_least(usage.left_usd_micros)} of"
                    f" {dollars(usage.cap_usd_micros)} are left this month. Nothing was spent.",
                    f"It resets on {usage.resets_at:%Y-%m-%d}. {_way_out(await self._plan(tx, caller.workspace_id))}",
                )
            await _owe_warning(tx, caller.workspace_id, usage, now, caller.correlation_id)
            new = {
                "workspace_id": caller.workspace_id,
                "task": task,
                "model": model,
                "amount_usd_micros": amount_usd_micros,
                "reserved_by": caller.name,
                "created_at": now,
                "expires_at": expires_at,
            }
            reservation_id: int = (await added(tx, reservations, new)).id
        return reservation_id

    async def book(self, caller: Caller, reservation_id: int, event: UsageEvent, now: datetime) -> None:
        """Book what a reservation did cost. Booking again, or after it expired, replaces the row, because the last cost
        is the real one.
        """
        async with self._database.write() as tx:
            row = await self._one(tx, reservations, caller.workspace_id, reservation_id, "reservation", lock=True)
            await changed(tx, reservations, row, closed_at=now)
            await _spend(tx, row, event)
            await self._warn(tx, row, now, caller.correlation_id)

    async def release(self, caller: Caller, reservation_id: int, now: datetime) -> None:
        """Release an open reservation; a booked or expired one stays as it is."""
        async with self._database.write() as tx:
            row = await self._one(tx, reservations, caller.workspace_id, reservation_id, "reservation", lock=True)
            if row.closed_at is None:
                await changed(tx, reservations, row, closed_at=now)

    async def expire_reservations(self, now: datetime) -> int:
        its = reservations.c
        expired = select(reservations).where(its.closed_at.is_(None), its.expires_at <= now).order_by(its.id)
        async with self._database.write() as tx:
            rows = (await tx.execute(expired.with_for_update(skip_locked=True))).all()
            for row in rows:
                await changed(tx, reservations, row, closed_at=now)
                await _spend(tx, row, UsageEvent(row.task, row.model, 0, 0, row.amount_usd_micros, "worst_case"))
                await self._warn(tx, row, now, f"reservation:{row.id}")
        return len(rows)

    async def _warn(self, tx: AsyncConnection, reservation: Row[Any], now: datetime, correlation_id: str) -> None:
        """Owe the warning that this month's money is nearly used.

        Of two bookings at the same moment neither counts the other. The next `reserve` counts both: a lock here would
        make every booking wait for every other.
        """
        if month_of(reservation.created_at) == month_of(now):
            usage = await self._usage(tx, reservation.workspace_id, now)
            await _owe_warning(tx, reservation.workspace_id, usage, now, correlation_id)

    async def usage(self, workspace_id: str, now: datetime) -> Usage:
        async with self._database.read() as tx:
            return await self._usage(tx, workspace_id, now)

    async def _usage(self, tx: AsyncConnection, workspace_id: str, now: datetime) -> Usage:
        month_start, resets_at = month_of(now)
        plan = await self._plan(tx, workspace_id)
        spent, held = usage_events.c, reservations.c
        used = (
            select(
                spent.task,
                spent.model,
                func.count().label("calls"),
                func.sum(spent.cost_usd_micros).label("used"),
                literal(0).label("reserved"),
            )
            .where(spent.workspace_id == workspace_id, spent.at >= month_start, spent.at < resets_at)
            .group_by(spent.task, spent.model)
        )
        reserved = (
            select(held.task, held.model, literal(0), literal(0), func.sum(held.amount_usd_micros))
            .where(
                held.workspace_id == workspace_id,
                held.closed_at.is_(None),
                # A reservation counts against the cap of its own month only.
                held.created_at >= month_start,
                held.created_at < resets_at,
            )
            .group_by(held.task, held.model)
        )
        found: dict[str, TaskUsage] = {}
        # One statement sees one moment. Between two, a reservation could be booked that neither of them counts.
        for task, model, calls, used_usd_micros, reserved_usd_micros in await tx.execute(union_all(used, reserved)):
            before = found.get(f"{task} · {model}", TaskUsage(0, 0))
            found[f"{task} · {model}"] = TaskUsage(
                before.calls + calls,
                before.used_usd_micros + int(used_usd_micros),  # PostgreSQL sums BIGINT as NUMERIC
                before.reserved_usd_micros + int(reserved_usd_micros),
            )
        return Usage(
            month_start=month_start,
            resets_at=resets_at,
            used_usd_micros=sum(task.used_usd_micros for task in found.values()),
            reserved_usd_micros=sum(task.reserved_usd_micros for task in found.values()),
            cap_usd_micros=plan.cap_usd_micros,
            by_task=dict(sorted(found.items())),
        )


def month_of(at: datetime) -> tuple[datetime, datetime]:
    """Returns the first instant of `at`'s calendar month in UTC, and of the next month."""
    at = at.astimezone(UTC)
    start = datetime(at.year, at.month, 1, tzinfo=UTC)
    return start, datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)


async def _spend(tx: AsyncConnection, reservation: Row[Any], event: UsageEvent) -> None:
    """Book the event in the month in which it was reserved, because that month's cap allowed it."""
    key = {"workspace_id": reservation.workspace_id, "reservation_id": reservation.id}
    await put(tx, usage_events, key, values_of(event) | {"at": reservation.created_at})


async def _owe_warning(
    tx: AsyncConnection, workspace_id: str, usage: Usage, now: datetime, correlation_id: str
) -> None:
    if warning := nearly_used(usage):
        await owe(tx, workspace_id, warning, now, correlation_id, not_before=now)


def _way_out(plan: Plan) -> str:
    """Returns who can raise the cap: an admin up to the operator's ceiling, above it the operator."""
    ceiling = plan.max_monthly_cap_usd_micros
    if ceiling is not None and plan.monthly_cap_usd_micros >= ceiling:
        return "Who runs the bot can raise its ceiling: BCRAO_MAX_MONTHLY_CAP_USD"
    return Advice("An admin can raise the cap.", Do.SET_PLAN)

"""Where alerts about something go, and until when they are muted (the rules: core/routes.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import Advice, Do, NotAllowedNow
from core.journal import JournalKind
from core.model import Caller
from core.routes import ROUTES_MAX, NewRoute, Route
from storage.base import Verbs, added, counted, record, values_of
from storage.database import will_owe
from storage.schema import alerts, routes

_its = routes.c


class RouteVerbs(Verbs):
    async def routes(self, workspace_id: str) -> Sequence[Route]:
        return await self._records(Route, select(routes).where(_its.workspace_id == workspace_id).order_by(_its.id))

    async def set_route(self, caller: Caller, route: NewRoute, now: datetime) -> Route:
        mine = _its.workspace_id == caller.workspace_id
        same_kind = _its.until.is_(None) if route.until is None else _its.until.is_not(None)
        same = and_(_its.about == route.about, _its.which == route.which, same_kind)
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            await tx.execute(delete(routes).where(mine, or_(same, _its.until <= now)))
            if await counted(tx, routes, mine) >= ROUTES_MAX:
                raise NotAllowedNow(
                    f"There are {ROUTES_MAX} routes already.", Advice("End one that nobody needs.", Do.LIST_ALERTS)
                )
            who = {"workspace_id": caller.workspace_id, "made_by": caller.name, "made_at": now}
            made = record(Route, await added(tx, routes, values_of(route) | who))
            told = {"about": route.about.value, "name": route.name, "place": route.place}
            until = route.until.isoformat() if route.until else None
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_ROUTE, "workspace", **told, until=until)
        return made

    async def end_route(self, caller: Caller, route_id: int, now: datetime) -> Route:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            ended = record(Route, await self._one(tx, routes, caller.workspace_id, route_id, "route"))
            await tx.execute(delete(routes).where(_its.workspace_id == caller.workspace_id, _its.id == route_id))
            if ended.until is not None:
                await _due_again(tx, caller.workspace_id, ended.until, now)
            told = {"about": ended.about.value, "name": ended.name}
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_ROUTE_END, "workspace", **told)
        return ended


async def _due_again(tx: AsyncConnection, workspace_id: str, until: datetime, now: datetime) -> None:
    """What waited for the end of a mute is due; what another one holds back waits again when it is claimed."""
    waiting = (alerts.c.workspace_id == workspace_id, alerts.c.next_attempt_at == until)
    if (await tx.execute(update(alerts).where(*waiting).values(next_attempt_at=now))).rowcount:
        will_owe(tx)

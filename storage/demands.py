"""What rules demand: the demands that were read in them, and those that people confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, select

from core.demands import KeptDemand
from core.journal import JournalKind
from core.model import Caller
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from storage.base import Verbs, record, values_of
from storage.schema import demands

_its = demands.c


class DemandVerbs(Verbs):
    async def demands(self, workspace_id: str, community: str) -> Sequence[KeptDemand]:
        query = select(demands).where(_its.workspace_id == workspace_id, _its.community == community).order_by(_its.id)
        return [_demand(row) for row in await self._rows(query)]

    async def keep_demands(self, caller: Caller, community: str, read: Sequence[KeptDemand], of: Sequence[str]) -> None:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            here = and_(_its.workspace_id == caller.workspace_id, _its.community == community, _its.rule_key.in_(of))
            confirmed = set(await tx.scalars(select(_its.rule_key).where(here, _its.confirmed_at.is_not(None))))
            await tx.execute(delete(demands).where(here, _its.rule_key.not_in(confirmed)))
            rows = [_row(caller.workspace_id, community, one) for one in read if one.rule_key not in confirmed]
            if rows:
                await tx.execute(insert(demands), rows)

    async def confirm_demands(
        self, caller: Caller, community: str, said: Sequence[KeptDemand], of: Sequence[str], now: datetime
    ) -> None:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            here = and_(_its.workspace_id == caller.workspace_id, _its.community == community, _its.rule_key.in_(of))
            await tx.execute(delete(demands).where(here))
            if said:
                await tx.execute(insert(demands), [_row(caller.workspace_id, community, one) for one in said])
            about = f"r/{community}"
            await self._enter_journal(tx, caller, now, JournalKind.COMMUNITY_DEMANDS, about, demands=len(said))


def _row(workspace_id: str, community: str, kept: KeptDemand) -> dict[str, Any]:
    own, of_all = kept.demand.ratio or (None, None)
    also_amount, also_unit = kept.demand.also or (None, None)
    return {
        "workspace_id": workspace_id,
        "community": community,
        **values_of(kept, without=("demand",)),
        **values_of(kept.demand, without=("ratio", "number", "also")),
        "ratio_own": own,
        "ratio_all": of_all,
        "amount": kept.demand.number,
        "also_amount": also_amount,
        "also_unit": also_unit,
    }


def _demand(row: Row[Any]) -> KeptDemand:
    ratio = None if row.ratio_own is None or row.ratio_all is None else (row.ratio_own, row.ratio_all)
    also = None if row.also_amount is None or row.also_unit is None else (row.also_amount, row.also_unit)
    words = {"topic": Topic(row.topic), "stance": Stance(row.stance)}
    return record(KeptDemand, row, demand=record(Demand, row, **words, ratio=ratio, number=row.amount, also=also))

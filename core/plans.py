"""Plans: what a workspace may use, below the operator's ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.model import Caller


@dataclass(frozen=True, slots=True)
class Plan:
    workspace_id: str
    monthly_cap_usd_micros: int
    max_tracked_posts: int
    max_campaigns: int
    max_monthly_cap_usd_micros: int | None = None  # the operator's ceiling; None: there is none

    @property
    def cap_usd_micros(self) -> int:
        """What a month may cost: the workspace's own cap, never above the operator's ceiling."""
        if self.max_monthly_cap_usd_micros is None:
            return self.monthly_cap_usd_micros
        return min(self.monthly_cap_usd_micros, self.max_monthly_cap_usd_micros)


class PlanReads(Protocol):
    async def plan(self, workspace_id: str) -> Plan:
        """What the workspace may use. Its `cap_usd_micros` is what `reserve` goes by."""
        ...


class PlanStore(PlanReads, Protocol):
    async def set_plan(
        self,
        caller: Caller,
        now: datetime,
        *,
        monthly_cap_usd_micros: int | None = None,
        max_tracked_posts: int | None = None,
        max_campaigns: int | None = None,
    ) -> Plan: ...

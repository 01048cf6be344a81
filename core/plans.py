"""Plans: what a workspace may use, below the operator's ceiling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.clock import Clock
from core.errors import BadArgument
from core.model import Caller
from core.money import at_least

TRACKED_POSTS_MAX = 100_000
CAMPAIGNS_MAX = 1_000


class PlanName(StrEnum):
    TRIAL = "trial"
    STARTER = "starter"
    GROWTH = "growth"
    SELF_HOSTED = "self-hosted"


@dataclass(frozen=True, slots=True)
class Limits:
    monthly_cap_usd_micros: int
    max_tracked_posts: int
    max_campaigns: int


# What a workspace gets with a plan. Each limit can be changed afterwards; what was changed holds until the next plan.
PLANS: Mapping[PlanName, Limits] = {
    PlanName.TRIAL: Limits(1_000_000, 20, 1),
    PlanName.STARTER: Limits(10_000_000, 200, 5),
    PlanName.GROWTH: Limits(50_000_000, 2_000, 50),
    PlanName.SELF_HOSTED: Limits(10_000_000, 500, 20),
}
DEFAULT_PLAN = PlanName.SELF_HOSTED


@dataclass(frozen=True, slots=True)
class Plan:
    workspace_id: str
    monthly_cap_usd_micros: int
    max_tracked_posts: int
    max_campaigns: int
    name: PlanName = DEFAULT_PLAN
    max_monthly_cap_usd_micros: int | None = None  # the operator's ceiling; None: there is none

    @property
    def is_changed(self) -> bool:
        """A limit is another than its plan's."""
        own = Limits(self.monthly_cap_usd_micros, self.max_tracked_posts, self.max_campaigns)
        return own != PLANS[self.name]

    @property
    def cap_usd_micros(self) -> int:
        """What a month may cost: the workspace's own cap, or the operator's ceiling if that is lower."""
        if self.max_monthly_cap_usd_micros is None:
            return self.monthly_cap_usd_micros
        return min(self.monthly_cap_usd_micros, self.max_monthly_cap_usd_micros)


class PlanReads(Protocol):
    async def plan(self, workspace_id: str) -> Plan:
        """What the workspace may use. `LedgerStore.reserve` checks against its `cap_usd_micros`."""
        ...


class PlanStore(PlanReads, Protocol):
    async def set_plan(
        self,
        caller: Caller,
        now: datetime,
        *,
        name: PlanName | None = None,
        monthly_cap_usd_micros: int | None = None,
        max_tracked_posts: int | None = None,
        max_campaigns: int | None = None,
    ) -> Plan:
        """With a `name`, the limits of that plan hold, except for those that are given beside it."""
        ...


@dataclass(frozen=True, slots=True)
class Plans:
    store: PlanStore
    clock: Clock

    async def set(
        self,
        caller: Caller,
        *,
        name: PlanName | None = None,
        monthly_cap_usd_micros: int | None = None,
        max_tracked_posts: int | None = None,
        max_campaigns: int | None = None,
    ) -> Plan:
        """None leaves a limit as it is, or as the plan called `name` has it. A plan's own cap may be above the
        operator's ceiling, which holds all the same (`Plan.cap_usd_micros`).

        Raises `BadArgument` for a limit above our maximum, or a cap above the operator's ceiling.
        """
        for param, value, most in (
            ("tracked_posts", max_tracked_posts, TRACKED_POSTS_MAX),
            ("campaigns", max_campaigns, CAMPAIGNS_MAX),
        ):
            if value is not None and value > most:
                raise BadArgument(f"`{param}` can be {most:,} at most.", "Choose a smaller number.", param=param)
        if monthly_cap_usd_micros is not None:
            _refuse_above_ceiling(monthly_cap_usd_micros, await self.store.plan(caller.workspace_id))
        return await self.store.set_plan(
            caller,
            self.clock.now(),
            name=name,
            monthly_cap_usd_micros=monthly_cap_usd_micros,
            max_tracked_posts=max_tracked_posts,
            max_campaigns=max_campaigns,
        )


def _refuse_above_ceiling(cap_usd_micros: int, plan: Plan) -> None:
    ceiling = plan.max_monthly_cap_usd_micros
    if ceiling is not None and cap_usd_micros > ceiling:
        raise BadArgument(
            f"Who runs this bot allows at most {at_least(ceiling)} a month for a workspace.",
            f"Choose {at_least(ceiling)} or less, or ask them for more (BCRAO_MAX_MONTHLY_CAP_USD).",
            param="monthly_cap",
        )

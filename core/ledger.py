"""Money is reserved before it is spent (docs/decisions/0009), and whatever may have been spent counts as spent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from core.clock import Clock
from core.errors import ModelFailed
from core.model import Caller, UsageEvent
from core.ports import ModelAnswer, Store

# Longer than any call with its waiting takes; after it, a program that died inside the call is assumed, and the job
# `expire_reservations` books the worst case.
HOLD_FOR = timedelta(minutes=15)


@dataclass(slots=True)
class Hold:
    """Money set aside for one call. Exactly one of `settle` and `release` ends it; leaving the block ends it too."""

    store: Store
    clock: Clock
    caller: Caller
    task: str
    model: str
    worst_case_usd_micros: int
    reservation_id: int
    ended: bool = field(default=False, init=False)

    async def settle(self, event: UsageEvent) -> None:
        """Book what the call really cost."""
        await self.store.settle(self.caller, self.reservation_id, event, self.clock.now())
        self.ended = True

    async def settle_answer(self, answer: ModelAnswer) -> None:
        """Book an answer's cost; one whose cost nobody knows is booked at its worst case."""
        cost = answer.cost_usd_micros
        await self.settle(
            UsageEvent(
                task=self.task,
                model=answer.model,
                prompt_tokens=answer.prompt_tokens,
                completion_tokens=answer.completion_tokens,
                cost_usd_micros=self.worst_case_usd_micros if cost is None else cost,
                cost_basis="worst_case" if cost is None else answer.cost_basis,
                at=self.clock.now(),
            )
        )

    async def release(self) -> None:
        """Nothing was spent."""
        await self.store.release(self.caller, self.reservation_id, self.clock.now())
        self.ended = True

    async def end_after(self, error: BaseException | None) -> None:
        """Book what a block that ended without settling may have spent; only a failure that names its cost is less
        than the worst case.
        """
        failed = error if isinstance(error, ModelFailed) else None
        spent = failed.spent_usd_micros if failed is not None else None
        if spent == 0:
            await self.release()
            return
        await self.settle(
            UsageEvent(
                task=self.task,
                model=self.model,
                prompt_tokens=failed.prompt_tokens if failed is not None else 0,
                completion_tokens=failed.completion_tokens if failed is not None else 0,
                cost_usd_micros=self.worst_case_usd_micros if spent is None else spent,
                cost_basis="worst_case" if spent is None else "provider",
                at=self.clock.now(),
            )
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    store: Store
    clock: Clock

    @asynccontextmanager
    async def hold(
        self, caller: Caller, task: str, worst_case_usd_micros: int, *, model: str = "unknown"
    ) -> AsyncIterator[Hold]:
        """Reserve the worst case for the calls made inside the block.

        Raises `OverBudget`, before anything is sent, when the month's cap does not have it. However the block is left
        (an error, a timeout, cancellation), the reservation is settled: at what a `ModelFailed` names, else at the
        worst case. A program that dies inside leaves it to `expire_reservations`.
        """
        now = self.clock.now()
        reservation_id = await self.store.reserve(caller, task, worst_case_usd_micros, now, expires_at=now + HOLD_FOR)
        hold = Hold(self.store, self.clock, caller, task, model, worst_case_usd_micros, reservation_id)
        error: BaseException | None = None
        try:
            yield hold
        except BaseException as raised:
            error = raised
            raise
        finally:
            if not hold.ended:
                await hold.end_after(error)

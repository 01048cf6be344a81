"""Money: reserved before it is spent (docs/decisions/0009). What may have been spent counts as spent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.clock import Clock
from core.errors import ModelFailed, PaidCallFailed
from core.model import AlertKind, Caller, NewAlert
from core.ports import ModelAnswer, RunCost

NEARLY_PERCENT = 80  # of a cap: from here on people are warned


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """What replaces a reservation. It belongs to the month of its reservation."""

    task: str  # "draft", "classify", "collect"
    model: str  # as the settings name it; of a collecting run, the actor
    prompt_tokens: int
    completion_tokens: int
    cost_usd_micros: int
    cost_basis: str  # "provider", "settings", "price_map" or "worst_case"


@dataclass(frozen=True, slots=True)
class TaskUsage:
    """The money of one task with one model or actor in one month."""

    calls: int  # calls that were booked
    used_usd_micros: int
    reserved_usd_micros: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """Money of one workspace in one calendar month (UTC)."""

    month_start: datetime
    resets_at: datetime
    used_usd_micros: int
    reserved_usd_micros: int
    cap_usd_micros: int
    by_task: Mapping[str, TaskUsage]  # by "task · model", in alphabetical order

    @property
    def left_usd_micros(self) -> int:
        return max(0, self.cap_usd_micros - self.used_usd_micros - self.reserved_usd_micros)

    @property
    def used_percent(self) -> int:
        """Of the cap, rounded down. Reserved money does not count: most of it comes back. 0 where the cap is 0."""
        return self.used_usd_micros * 100 // self.cap_usd_micros if self.cap_usd_micros else 0

    @property
    def is_nearly_used(self) -> bool:
        return self.used_percent >= NEARLY_PERCENT


def nearly_used(usage: Usage) -> NewAlert | None:
    """The warning that a month's money is nearly used, which is owed once for each month; None: there is enough."""
    if not usage.is_nearly_used:
        return None
    facts = {
        "used_usd_micros": usage.used_usd_micros,
        "cap_usd_micros": usage.cap_usd_micros,
        "percent": usage.used_percent,
        "resets_at": usage.resets_at.isoformat(),
    }
    return NewAlert(AlertKind.MONEY_NEARLY_USED, f"money:{usage.month_start:%Y-%m}", facts)


class UsageReads(Protocol):
    async def usage(self, workspace_id: str, now: datetime) -> Usage: ...


class LedgerStore(UsageReads, Protocol):
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
        """Reserve money against the month's cap for one call of a model or run of an actor. Returns the reservation's
        id, or raises `OverBudget` with what is left.
        """
        ...

    async def book(self, caller: Caller, reservation_id: int, event: UsageEvent, now: datetime) -> None:
        """Replace the reservation by what the call really cost, and owe the warning of `nearly_used`, once for each
        month.
        """
        ...

    async def release(self, caller: Caller, reservation_id: int, now: datetime) -> None:
        """End the reservation because nothing was spent."""
        ...


# Longer than any call of a model takes, with its waiting. A reservation that is older belongs to a program that died
# inside the call, and the job `expire_reservations` books its worst case.
RESERVED_FOR = timedelta(minutes=15)


@dataclass(slots=True)
class Reservation:
    """Money set aside for one call of a model or one run of an actor.

    `book` or `release` ends it, and so does leaving the block of `Ledger.reserving`. Then `booked_usd_micros` says what
    was booked.
    """

    store: LedgerStore
    clock: Clock
    caller: Caller
    task: str
    model: str
    worst_case_usd_micros: int
    reservation_id: int
    booked_usd_micros: int | None = field(default=None, init=False)  # None while it is open

    async def book(self, cost_usd_micros: int | None, basis: str, *, tokens: tuple[int, int] = (0, 0)) -> None:
        """Book what the call really cost; None, an unknown cost, books the worst case.

        `tokens` are those of the prompt and of the answer. It is booked under the model's name at the reservation, and
        never under a name that a remote made up.
        """
        booked = self.worst_case_usd_micros if cost_usd_micros is None else cost_usd_micros
        event = UsageEvent(
            task=self.task,
            model=self.model,
            prompt_tokens=tokens[0],
            completion_tokens=tokens[1],
            cost_usd_micros=booked,
            cost_basis="worst_case" if cost_usd_micros is None else basis,
        )
        await self.store.book(self.caller, self.reservation_id, event, self.clock.now())
        self.booked_usd_micros = booked

    async def book_answer(self, answer: ModelAnswer) -> None:
        await self.book(
            answer.cost_usd_micros,
            answer.cost_basis,
            tokens=(answer.prompt_tokens, answer.completion_tokens),
        )

    async def book_run(self, cost: RunCost) -> None:
        await self.book(cost.usd_micros, "provider")

    async def release(self) -> None:
        """End the reservation because nothing was spent."""
        await self.store.release(self.caller, self.reservation_id, self.clock.now())
        self.booked_usd_micros = 0

    async def end_after(self, error: BaseException | None) -> None:
        """Book what a block may have spent that ended without booking: the cost that a failure names, else the worst
        case.
        """
        spent = error.spent_usd_micros if isinstance(error, PaidCallFailed) else None
        if spent == 0:
            await self.release()
            return
        tokens = (error.prompt_tokens, error.completion_tokens) if isinstance(error, ModelFailed) else (0, 0)
        await self.book(spent, "provider", tokens=tokens)


@dataclass(frozen=True, slots=True)
class Ledger:
    store: LedgerStore
    clock: Clock

    @asynccontextmanager
    async def reserving(
        self,
        caller: Caller,
        task: str,
        worst_case_usd_micros: int,
        *,
        model: str = "unknown",
        for_at_most: timedelta = RESERVED_FOR,
    ) -> AsyncIterator[Reservation]:
        """Reserve the worst case for one paid call inside the block, which takes at most `for_at_most`.

        Raises `OverBudget`, before anything is sent, when the rest of the month's cap is less. If the block ends
        without booking (by an error, a timeout, cancellation), the cost that a `PaidCallFailed` names is booked, else
        the worst case. If the program dies inside, `expire_reservations` books the worst case later.
        """
        reservation_id = await self._reserve(caller, task, worst_case_usd_micros, model, for_at_most)
        reservation = Reservation(self.store, self.clock, caller, task, model, worst_case_usd_micros, reservation_id)
        error: BaseException | None = None
        try:
            yield reservation
        except BaseException as raised:
            error = raised
            raise
        finally:
            if reservation.booked_usd_micros is None:
                await reservation.end_after(error)

    async def _reserve(self, caller: Caller, task: str, amount: int, model: str, for_at_most: timedelta) -> int:
        """When cancelled in the middle, this waits for the reservation and releases it, because nothing was sent."""
        now = self.clock.now()
        reserving = asyncio.ensure_future(
            self.store.reserve(caller, task, amount, now, expires_at=now + for_at_most, model=model)
        )
        try:
            return await asyncio.shield(reserving)
        except asyncio.CancelledError:
            await asyncio.wait([reserving])
            if reserving.exception() is None:
                await self.store.release(caller, reserving.result(), self.clock.now())
            raise

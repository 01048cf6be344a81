"""The courier: leases owed alerts from the outbox, has them sent, and records the outcome of each.

An alert is never lost and never told twice: it stays in the outbox until a place accepted it, its lease expires when
this process dies, and a second delivery has the same nonce, by which a platform recognises it (DESIGN: decision 3).
No workspace waits for another: one alert of each is on its way at a time, on a seat of its own, and a place that
hangs delays its own workspace only. A person hears of an alert that is given up (`AlertKind.UNDELIVERED`).
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.digest_chart import Drawer
from bot.frontend import FrontEnd, direct
from bot.ladder import LEASE, PROBLEM_MAX, Ladder, LadderStore, LeaseLost, NotSent, Sent, nonce_of
from bot.words import shortened
from core.alerts import Alert, Delivery, Severity, delivery, severity
from core.clock import Clock
from core.log import correlate
from core.routes import routed

__all__ = ["LEASE", "Courier", "nonce_of", "wait_before_retry"]

log = logging.getLogger(__name__)

# A seat costs a task and a connection. There are so many that sixty hanging workspaces leave most of them free.
SEATS = 256
ROUND_S = 300.0  # after this a round claims no more, because an endless round would look stuck; ticks begin new ones
DELIVERY_TIMEOUT_S = 20.0  # for one place; shorter than a lease, which is renewed for each place
COPY_ATTEMPTS = 3  # of what the workspace's place is told too
MAX_ATTEMPTS = 30  # with the waits below about a day, which is longer than a platform's usual outage
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 3_600.0
LONGEST_REST_S = 300.0  # the first rest of a workspace's other alerts when a place does not answer
LONGEST_WISH_S = 86_400.0  # the longest pause that a platform may ask for


class Courier:
    """Delivers for the platforms of `front_ends` (by platform: "terminal", "discord", "slack").

    `worker` is the name in its leases, unique among running processes. `seats`: how many alerts may be on
    their way at once. `drawer` draws the pictures of alerts.
    """

    def __init__(
        self,
        store: LadderStore,
        clock: Clock,
        front_ends: Mapping[str, FrontEnd],
        worker: str,
        *,
        timeout_s: float = DELIVERY_TIMEOUT_S,
        seats: int = SEATS,
        drawer: Drawer | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._front_ends = front_ends  # not copied: it is filled when the front ends start
        self._worker = worker
        self._ladder = Ladder(store, clock, worker, timeout_s, drawer)
        self._free_seats = seats
        self._failed_in_a_row: dict[str, int] = {}  # by workspace

    async def deliver_due(self) -> int:
        """Deliver every alert that is due and whose workspace has none on its way; returns how many arrived.

        Rounds may overlap: a second one claims new alerts while the first still waits for a place. A failing alert
        is put off or given up and never stops the others. Raises `StorageUnavailable` when the outbox cannot be read.
        When cancelled, alerts of this round that were not finished are due again at once.
        """
        seated: dict[asyncio.Task[bool], Alert] = {}
        delivered, began_s = 0, self._clock.monotonic()
        try:
            while True:
                is_late = self._clock.monotonic() - began_s >= ROUND_S
                for alert in [] if is_late else await self._claim():
                    seated[asyncio.create_task(self._deliver_safely(alert), name=f"alert {alert.id}")] = alert
                if not seated:
                    return delivered
                done, _ = await asyncio.wait(seated, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del seated[task]
                    self._free_seats += 1
                    delivered += task.result()
        finally:
            await self._give_back(seated)

    async def _claim(self) -> list[Alert]:
        seats = self._free_seats
        if not self._front_ends or seats <= 0:
            return []
        self._free_seats = 0  # while the outbox is asked, another round must not count on the same seats
        claimed: list[Alert] = []
        try:
            claimed += await self._store.lease_alerts(
                self._clock.now(), worker=self._worker, lease=LEASE, limit=seats, platforms=list(self._front_ends)
            )
        finally:
            self._free_seats += seats - len(claimed)
        return claimed

    async def _give_back(self, seated: dict[asyncio.Task[bool], Alert]) -> None:
        """End a cancelled or failed round: cancel its deliveries, and make its unfinished alerts due at once."""
        if not seated:
            return
        for task in seated:
            task.cancel()
        await asyncio.wait(seated)
        self._free_seats += len(seated)
        await self._store.release_alerts(self._worker, [alert.id for alert in seated.values()])

    async def _deliver_safely(self, alert: Alert) -> bool:
        with correlate(alert.correlation_id):
            try:
                return await self._deliver(alert)
            except Exception:
                # The outbox cannot be written. The lease expires, and the nonce keeps the next try from doubling the
                # alert.
                log.exception("alert not recorded", extra={"alert": alert.id})
                return False

    async def _deliver(self, alert: Alert) -> bool:
        if alert.attempts > MAX_ATTEMPTS:
            text = "The program ended during every delivery of this alert."
            await self._put_off(alert, NotSent(text, is_its_own=True))
            return False
        front_end = self._front_ends[alert.workspace_id.split(":", 1)[0]]
        try:
            way = routed(alert.kind, alert.facts, await self._store.routes(alert.workspace_id), self._clock.now())
            meant, fallback = replace(alert, channel=way.place or alert.channel), alert.channel
            muted_until = way.muted_until
            if alert.to_member is not None:  # no route leads it away from them, and no mute of a place silences it
                meant, fallback, muted_until = replace(alert, channel=direct(alert.to_member)), meant.channel, None
            if await self._is_told_quietly(front_end, meant, muted_until):
                return False
            sent = await self._ladder.send(front_end, meant, fallback=fallback)
        except NotSent as failure:
            await self._put_off(alert, failure)
            return False
        except LeaseLost:
            log.warning("an alert was taken up by another program", extra={"alert": alert.id})
            return False
        except Exception:  # a defect may delay one alert, but not all
            mark = secrets.token_hex(4)
            log.exception("alert could not be handed over", extra={"alert": alert.id, "reference": mark})
            text = f"Something in the bot is broken. Reference: {mark}."
            await self._put_off(alert, NotSent(text, is_its_own=True, may_stand_in=alert.sent_to))
            return False
        await self._record_sent(alert, sent)
        return True

    async def _is_told_quietly(self, front_end: FrontEnd, alert: Alert, muted_until: datetime | None) -> bool:
        """Whether an alert found its place without a message of its own, or waits for the end of a mute. Raises
        `NotSent`, `LeaseLost`.
        """
        is_joined = alert.event is not None and alert.told_with is not None
        if severity(alert.kind, alert.facts) is not Severity.GOOD_TO_KNOW and muted_until is None and not is_joined:
            return False
        wishes = replace(await self._store.wishes(alert), is_muted=muted_until is not None)
        way = delivery(alert.kind, alert.facts, wishes)
        if way is Delivery.UPDATE and wishes.earlier is not None:
            if await self._ladder.revise(front_end, alert, wishes.earlier):
                await self._record_sent(alert, Sent(wishes.earlier.place, wishes.earlier.reference), told_by=way)
                return True
            way = delivery(alert.kind, alert.facts, replace(wishes, earlier=None))
        if way is Delivery.WAIT and muted_until is not None:
            now = self._clock.now()
            await self._store.record_delivery(alert.id, self._worker, now, delivered=False, retry_at=muted_until)
            return True
        if way is not Delivery.DIGEST:
            return False
        if not await self._store.leave_to_digest(alert.id, self._worker, self._clock.now()):
            raise LeaseLost
        log.info("alert left to the digest", extra={"alert": alert.id, "kind": alert.kind.value})
        return True

    async def _record_sent(self, alert: Alert, sent: Sent, told_by: Delivery | None = None) -> None:
        self._failed_in_a_row.pop(alert.workspace_id, None)
        recorded = await self._store.record_delivery(
            alert.id,
            self._worker,
            self._clock.now(),
            delivered=True,
            delivery_ref=sent.reference,
            problem=sent.detour,
            sent_to=sent.place,
            told_by=told_by,
        )
        facts = {"alert": alert.id, "kind": alert.kind.value, "workspace": alert.workspace_id}
        log.info("alert delivered", extra={**facts, "recorded": recorded, "detour": sent.detour})

    async def _put_off(self, alert: Alert, failure: NotSent) -> None:
        now, problem = self._clock.now(), shortened(str(failure), PROBLEM_MAX)
        given_up = alert.attempts >= (COPY_ATTEMPTS if alert.is_told_to_all else MAX_ATTEMPTS)
        retry_at = None if given_up else now + wait_before_retry(alert.id, alert.attempts, failure.wish_s)
        is_its_own = failure.is_its_own or alert.to_member is not None  # one member's messages may hang, not all places
        others_wait_until = None if is_its_own else now + self._rest(alert.workspace_id, failure.wish_s)
        await self._store.record_delivery(
            alert.id,
            self._worker,
            now,
            delivered=False,
            problem=problem,
            retry_at=retry_at,
            sent_to=failure.may_stand_in,
            others_wait_until=others_wait_until,
        )
        facts = {"alert": alert.id, "kind": alert.kind.value, "workspace": alert.workspace_id, "problem": problem}
        if given_up and alert.is_told_to_all:
            log.info("a member takes no direct message", extra={**facts, "attempts": alert.attempts})
        elif given_up:
            log.error("alert given up", extra={**facts, "attempts": alert.attempts})
        else:
            log.warning("alert put off", extra={**facts, "attempts": alert.attempts, "retry_at": retry_at})

    def _rest(self, workspace_id: str, wish_s: float | None) -> timedelta:
        """Returns how long a workspace's other alerts wait when no place accepted one: longer each time, so that many
        hanging workspaces do not fill the seats with one alert after the other.
        """
        failed = self._failed_in_a_row[workspace_id] = self._failed_in_a_row.get(workspace_id, 0) + 1
        return timedelta(seconds=max(min(LONGEST_REST_S, _doubled(failed)), _bounded(wish_s)))


def wait_before_retry(alert_id: int, tried: int, wish_s: float | None = None) -> timedelta:
    """Returns how long to wait after `tried` (1, 2 …) failed deliveries: doubling from 15 s to an hour, and never less
    than the platform asks for.

    Up to a quarter is added, different for each alert and try, so that alerts that failed together do not come back
    together. It is derived from both, not random.
    """
    spread = zlib.crc32(f"{alert_id}:{tried}".encode()) / 0xFFFFFFFF / 4
    return timedelta(seconds=max(min(LONGEST_WAIT_S, _doubled(tried)), _bounded(wish_s)) * (1 + spread))


def _doubled(times: int) -> float:
    return FIRST_WAIT_S * 2.0 ** min(max(times, 1) - 1, 20)


def _bounded(wish_s: float | None) -> float:
    return min(max(wish_s, 0.0), LONGEST_WISH_S) if wish_s is not None and math.isfinite(wish_s) else 0.0

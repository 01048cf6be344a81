"""The courier: leases owed alerts from the outbox, renders and delivers them, and settles what became of each.

An alert is never lost and never told twice: it stays in the outbox until a channel took it, its lease comes back when
this process dies, and a second delivery carries the same nonce, by which a platform knows it (DESIGN: decision 3).
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import zlib
from collections.abc import Mapping
from datetime import timedelta

from bot.alert_cards import alert_card
from bot.frontend import Delivered, DeliveryFailed, FrontEnd
from bot.words import shortened
from core.clock import Clock
from core.log import correlate
from core.model import Alert
from core.ports import Store

log = logging.getLogger(__name__)

BATCH = 10
DELIVERY_TIMEOUT_S = 20.0
# Longer than a whole batch of hanging deliveries takes, so that a lease never runs out under a living courier.
LEASE = timedelta(seconds=BATCH * DELIVERY_TIMEOUT_S * 1.5)
MAX_ATTEMPTS = 30  # with the waits below: about a day, longer than an ordinary outage of a platform
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 3_600.0
PROBLEM_MAX = 300  # characters of a platform's words that are kept
LONGEST_WISH_S = 86_400.0  # a platform may ask for a longer pause than ours, not for an endless one


class Courier:
    """Delivers for the platforms of `front_ends` (by platform: "terminal", "discord", "slack").

    `worker` is the name its leases are held under, unique among running processes.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        front_ends: Mapping[str, FrontEnd],
        worker: str,
        *,
        timeout_s: float = DELIVERY_TIMEOUT_S,
    ) -> None:
        self._store = store
        self._clock = clock
        self._front_ends = front_ends  # not copied: it is filled when the front ends start
        self._worker = worker
        self._timeout_s = timeout_s
        self._delivering = asyncio.Lock()  # a release after a cancelled run must not give back another run's leases

    async def deliver_due(self) -> int:
        """Deliver every alert that is due now; answers how many channels took one.

        A failing alert is put off or given up and never stops the others. Raises `StorageUnavailable` when the outbox
        cannot be read. When cancelled, alerts that were not settled are due again at once.
        """
        async with self._delivering:
            try:
                delivered = 0
                while claimed := await self._claim():
                    delivered += await self._deliver_all(claimed)
                return delivered
            except asyncio.CancelledError:
                await self._store.release_alerts(self._worker)
                raise

    async def _claim(self) -> list[Alert]:
        if not self._front_ends:
            return []
        return list(
            await self._store.claim_alerts(
                self._clock.now(), worker=self._worker, lease=LEASE, limit=BATCH, platforms=list(self._front_ends)
            )
        )

    async def _deliver_all(self, alerts: list[Alert]) -> int:
        """One workspace's alerts in their order, the workspaces side by side."""
        by_workspace: dict[str, list[Alert]] = {}
        for alert in alerts:
            by_workspace.setdefault(alert.workspace_id, []).append(alert)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._deliver_in_order(few)) for few in by_workspace.values()]
        return sum(task.result() for task in tasks)

    async def _deliver_in_order(self, alerts: list[Alert]) -> int:
        delivered = 0
        for alert in alerts:
            with correlate(alert.correlation_id):
                try:
                    delivered += await self._deliver(alert)
                except Exception:
                    # The outbox cannot be written: the lease runs out, and the nonce keeps a second try from doubling.
                    log.exception("alert not settled", extra={"alert": alert.id})
        return delivered

    async def _deliver(self, alert: Alert) -> bool:
        facts = {"alert": alert.id, "kind": alert.kind.value, "workspace": alert.workspace_id}
        if alert.attempts > MAX_ATTEMPTS:
            await self._put_off(alert, "The program ended during every delivery of this alert.", permanent=True)
            return False
        try:
            handed = await self._hand_over(alert)
        except DeliveryFailed as failure:
            await self._put_off(alert, str(failure), permanent=failure.permanent, wish_s=failure.retry_after_s)
            return False
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # this program is stopping
            await self._put_off(alert, "The connection to the channel was lost on the way.")
            return False
        except TimeoutError:
            await self._put_off(alert, f"No answer within {self._timeout_s:g} seconds.")
            return False
        except Exception:  # a defect in a renderer or client must cost one alert some time, not all alerts
            mark = secrets.token_hex(4)
            log.exception("alert could not be handed over", extra={**facts, "reference": mark})
            await self._put_off(alert, f"Something in the bot is broken. Reference: {mark}.")
            return False
        detour = shortened(handed.detour, PROBLEM_MAX) if handed.detour else None
        settled = await self._store.settle_alert(
            alert.id,
            self._worker,
            self._clock.now(),
            delivered=True,
            delivery_ref=handed.reference,
            problem=detour,
        )
        log.info("alert delivered", extra={**facts, "settled": settled, "detour": detour})
        return True

    async def _hand_over(self, alert: Alert) -> Delivered:
        front_end = self._front_ends[alert.workspace_id.split(":", 1)[0]]
        card = alert_card(alert)
        async with asyncio.timeout(self._timeout_s):
            return await front_end.deliver(alert.workspace_id, alert.channel, card, nonce=nonce_of(alert))

    async def _put_off(
        self, alert: Alert, problem: str, *, permanent: bool = False, wish_s: float | None = None
    ) -> None:
        now, problem = self._clock.now(), shortened(problem, PROBLEM_MAX)
        given_up = permanent or alert.attempts >= MAX_ATTEMPTS
        retry_at = None if given_up else now + wait_before_retry(alert.id, alert.attempts, wish_s)
        await self._store.settle_alert(alert.id, self._worker, now, delivered=False, problem=problem, retry_at=retry_at)
        log.warning(
            "alert given up" if given_up else "alert put off",
            extra={"alert": alert.id, "attempts": alert.attempts, "problem": problem, "retry_at": retry_at},
        )


def nonce_of(alert: Alert) -> str:
    """The same for every delivery of one alert, at most 25 characters (Discord's limit)."""
    return f"alert-{alert.id}"


def wait_before_retry(alert_id: int, tried: int, wish_s: float | None = None) -> timedelta:
    """How long to wait after `tried` (1, 2 …) failed deliveries: doubling from 15 s to an hour, never shorter than the
    platform's wish.

    Up to a quarter is added, different for each alert and try, so that alerts that failed together do not return
    together. It is derived, not random: the same alert always waits the same.
    """
    base = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(max(tried, 1) - 1, 20))
    spread = zlib.crc32(f"{alert_id}:{tried}".encode()) / 0xFFFFFFFF / 4
    wish = min(max(wish_s, 0.0), LONGEST_WISH_S) if wish_s is not None and math.isfinite(wish_s) else 0.0
    return timedelta(seconds=max(base, wish) * (1 + spread))

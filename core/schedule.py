"""The program's jobs: APScheduler ticks them, and they can also run at once or along simulated time.

Due times are rows in the database; a tick only asks for what is due now. So a missed, doubled or overlapping tick is
harmless, and a restart continues from the rows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.clock import Clock, ClockWatch, moment
from core.collecting.service import ALIVE_EVERY_S
from core.digest import DigestStore, owe_due_digests
from core.errors import UserError
from core.log import correlate
from core.rules import CommunityRules
from core.visibility.sweeping import Sweeping


class ScheduleStore(DigestStore, Protocol):
    """What the jobs ask of all workspaces."""

    async def expire_reservations(self, now: datetime) -> int:
        """Book expired reservations at their worst case, because money that may have been spent counts as spent.
        Returns how many.
        """
        ...

    async def last_written_at(self) -> datetime | None:
        """The newest time of a reading or a journal entry, as the clock told it then; None when there is none."""
        ...

    async def next_due_at(self) -> datetime | None:
        """The earliest time at which a check, an audit, a digest, a reminder or an alert is due in any workspace.

        An alert in quiet hours is due at their end.
        """
        ...

    async def purge_expired(self, now: datetime, keep: timedelta) -> int:
        """Empty the text of posts that were collected longer ago than `keep`, and drop campaigns that were deleted
        longer ago than the undo window. Returns how many of both.
        """
        ...


log = logging.getLogger(__name__)

SWEEP_EVERY_S = 15.0
COURIER_EVERY_S = 5.0
AUDIT_EVERY_S = 300.0
DIGEST_EVERY_S = 60.0
APPROVALS_EVERY_S = 60.0
COMMENTS_EVERY_S = 60.0
INBOXES_EVERY_S = 60.0
OFFERS_EVERY_S = 20.0  # one account's list each time: enough for ninety accounts every half hour
RULES_EVERY_S = 3600.0
PURGE_EVERY_S = 3600.0
RESERVATIONS_EVERY_S = 60.0
BEAT_EVERY_S = 10.0
STOPPING_S = 2.0  # part of the grace in `stop`, in which cancelled jobs give back their leases

KEEP_POSTS = timedelta(days=180)  # collected posts of others; their text is emptied after this
ROUNDS_AT_MOST = 50  # rounds of `run_due`; work that is still due after them cannot be done now
STUCK_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Job:
    """`run` returns how much it did; 0 shows that nothing was due. `overlaps`: a tick does not wait for an earlier run,
    which may be busy with something that does not concern the new one.
    """

    name: str
    every_s: float
    run: Callable[[], Awaitable[int]]
    overlaps: bool = False


class Jobs:
    """The program's own work. `worker` names this program in leases. `deliver` is the courier's round, which returns
    how many alerts arrived; a round may begin while another still works. `alert_owed` is set whenever this program owes
    an alert; then the courier starts at once. `beat` is called at every beat of the scheduler, with the seconds that
    each running job has been working.
    """

    def __init__(
        self,
        clock: Clock,
        clock_watch: ClockWatch,
        store: ScheduleStore,
        sweeping: Sweeping,
        rules: CommunityRules,
        deliver: Callable[[], Awaitable[int]],
        worker: str,
        *,
        tend_runs: Callable[[], Awaitable[int]] | None = None,
        tend_approvals: Callable[[], Awaitable[int]] | None = None,
        tend_offers: Callable[[], Awaitable[int]] | None = None,
        tend_comments: Callable[[], Awaitable[int]] | None = None,
        tend_inboxes: Callable[[], Awaitable[int]] | None = None,
        tell_hooks: Callable[[], Awaitable[int]] | None = None,
        alert_owed: asyncio.Event | None = None,
        keep_posts: timedelta = KEEP_POSTS,
        beat: Callable[[Mapping[str, float]], None] | None = None,
    ) -> None:
        self._clock = clock
        self._clock_watch = clock_watch
        self._is_compared = False
        self._store = store
        self._sweeping = sweeping
        self._worker = worker
        self._keep_posts = keep_posts
        self._tend_runs = tend_runs
        self._tend_approvals = tend_approvals
        self._scheduler: Any = None
        self._running: dict[asyncio.Task[Any], tuple[str, float]] = {}  # the job, and when it began (monotonic)
        self._beat = beat
        self._failures: dict[str, int] = {}
        self._alert_owed = alert_owed or asyncio.Event()
        self._waking: asyncio.Task[None] | None = None
        self._journey = asyncio.Lock()  # held by `run_due` and `travel`; while it is held, nothing ticks
        self._courier_job = _Job("courier", COURIER_EVERY_S, deliver, overlaps=True)
        self._due_jobs = (
            _Job("sweep", SWEEP_EVERY_S, self._sweep),
            _Job("audit", AUDIT_EVERY_S, self._audit),
            _Job("digest", DIGEST_EVERY_S, self._digest),
            *([_Job("approvals", APPROVALS_EVERY_S, self._approvals)] if tend_approvals else []),
            self._courier_job,
            *([_Job("hooks", COURIER_EVERY_S, tell_hooks)] if tell_hooks else []),
        )
        self._reservations_job = _Job("reservations", RESERVATIONS_EVERY_S, self._reservations)
        self._other_jobs = (
            _Job("rules", RULES_EVERY_S, rules.refresh_stale),
            _Job("purge", PURGE_EVERY_S, self._purge),
            self._reservations_job,
            *([_Job("offers", OFFERS_EVERY_S, tend_offers)] if tend_offers else []),
            *([_Job("comments", COMMENTS_EVERY_S, tend_comments)] if tend_comments else []),
            *([_Job("inboxes", INBOXES_EVERY_S, tend_inboxes)] if tend_inboxes else []),
            *([_Job("runs", ALIVE_EVERY_S, self._runs)] if tend_runs else []),
        )

    # ------------------------------------------------ ticking

    def start(self) -> None:
        """Tick from now on, in the running event loop. The first sweep comes at once."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # costs a tenth of a second at start

        if self._scheduler is not None:
            return
        scheduler = AsyncIOScheduler(timezone="UTC")
        for job in (*self._due_jobs, *self._other_jobs):
            scheduler.add_job(
                self._tick,
                "interval",
                args=(job,),
                seconds=job.every_s,
                id=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,  # a late tick is harmless, because due times are rows
            )
        if self._beat is not None:
            scheduler.add_job(
                self._on_beat, "interval", seconds=BEAT_EVERY_S, id="beat", coalesce=True, misfire_grace_time=None
            )
        scheduler.start()
        self._scheduler = scheduler
        self._waking = asyncio.create_task(self._wake_courier(), name="waking the courier")
        for job in self._due_jobs:  # work that became due while the program was away
            self._spawn(job)
        self._beat_now()

    async def stop(self, grace_s: float = 10.0) -> None:
        """Stop ticking. Give running jobs `grace_s` to end, then cancel them; they give back their leases.

        Safe to call twice, and before `start`.
        """
        if self._scheduler is None:
            return
        scheduler, self._scheduler = self._scheduler, None
        scheduler.remove_all_jobs()
        if self._waking is not None:
            self._waking.cancel()
            await asyncio.wait([self._waking])
        late = set(self._running)
        if late:
            _, late = await asyncio.wait(late, timeout=max(0.0, grace_s - STOPPING_S))
        for task in late:
            log.warning("a job is broken off", extra={"job": task.get_name()})
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=STOPPING_S)
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler stops through the loop

    def _spawn(self, job: _Job) -> asyncio.Task[int]:
        task = asyncio.create_task(self._run(job), name=f"job {job.name}")
        self._running[task] = (job.name, self._clock.monotonic())
        task.add_done_callback(lambda ended: self._running.pop(ended, None))
        return task

    async def _on_beat(self) -> None:
        self._beat_now()

    def _beat_now(self) -> None:
        if self._beat is None:
            return
        now_s, at_it_s = self._clock.monotonic(), dict[str, float]()
        for name, began_s in self._running.values():
            at_it_s[name] = max(at_it_s.get(name, 0.0), now_s - began_s)
        self._beat(at_it_s)

    async def _tick(self, job: _Job) -> None:
        if self._journey.locked():
            return
        # A task of our own, because APScheduler gives no handle to wait for.
        run = self._spawn(job)
        if not job.overlaps:
            await asyncio.wait([run])

    async def _wake_courier(self) -> None:
        """Deliver as soon as an alert is owed. Ticks deliver other programs' alerts, and those that are tried again."""
        while True:
            await self._alert_owed.wait()
            async with self._journey:
                # Cleared before the courier looks, so that an alert owed while it works sets it again and is not
                # missed.
                self._alert_owed.clear()
                self._spawn(self._courier_job)  # this does not wait: an earlier round may be busy with another alert

    async def _run(self, job: _Job) -> int:
        """Run one job with its own correlation id. Its failure is logged and stops no other job."""
        with correlate():
            try:
                done = await job.run()
            except UserError as error:
                self._failures[job.name] = self._failures.get(job.name, 0) + 1
                log.error(  # noqa: TRY400 - its text says it all
                    "a job could not do its work", extra={"job": job.name, "code": error.code, "problem": str(error)}
                )
            except Exception:
                self._failures[job.name] = self._failures.get(job.name, 0) + 1
                log.exception("a job failed", extra={"job": job.name, "in_a_row": self._failures[job.name]})
            else:
                self._failures.pop(job.name, None)
                return done
            return 0

    @property
    def failing(self) -> dict[str, int]:
        """Returns the jobs whose last runs failed, with how many in a row; empty while all is well."""
        return dict(self._failures)

    # ------------------------------------------------ at once, and along simulated time

    async def run_due(self) -> int:
        """Run everything that is due now, until nothing is. Returns how many checks, audits, digests, ended or reminded
        approvals, and alerts were done.

        Work that another worker has leased, or that failed, is left; it is due again when its lease ends.
        """
        async with self._journey:
            total = await self._run_due_jobs()
            await self._run(self._reservations_job)
        return total

    async def _run_due_jobs(self) -> int:
        total = 0
        for _ in range(ROUNDS_AT_MOST):
            done = sum([await self._run(job) for job in self._due_jobs])
            total += done
            if not done:
                break
            due_at = await self._store.next_due_at()
            if due_at is None or due_at > self._clock.now():
                break
        return total

    async def travel(
        self,
        to: datetime,
        move: Callable[[datetime], None],
        report: Callable[[str], Awaitable[None]],
    ) -> int:
        """Move simulated time to `to`, stopping at every due time on the way and doing what is due there.

        `move` sets the time; `report` is called with each time that is reached. Returns how many checks, audits,
        digests and alerts were done. Nothing ticks meanwhile: on a slow machine a tick would do some of them at a wrong
        time.
        """
        async with self._journey:
            if self._running:
                await asyncio.wait(set(self._running))
            return await self._travel(to, move, report)

    async def _travel(
        self, to: datetime, move: Callable[[datetime], None], report: Callable[[str], Awaitable[None]]
    ) -> int:
        total = await self._run_due_jobs()
        while True:
            due_at = await self._store.next_due_at()
            if due_at is None or due_at >= to:
                break
            now = self._clock.now()
            # Work that stays due (an alert that nobody can deliver) hides the next due time, and must not stop time.
            step = due_at if due_at > now else now + STUCK_STEP
            if step >= to:
                break
            move(step)
            await report(moment(step))
            total += await self._run_due_jobs()
        if to > self._clock.now():
            move(to)
        total += await self._run_due_jobs()
        for job in self._other_jobs:
            await self._run(job)
        return total

    # ------------------------------------------------ the jobs

    async def _compare_clock(self) -> None:
        """Compare the clock with the database's newest time before any decision."""
        if self._scheduler is not None and not self._is_compared:
            self._is_compared = True
            self._clock_watch.began(await self._store.last_written_at())

    async def _is_doubted(self) -> bool:
        """Returns whether the clock is doubted: then final decisions wait."""
        await self._compare_clock()
        return self._clock_watch.doubt() is not None

    async def _sweep(self) -> int:
        await self._compare_clock()
        return (await self._sweeping.sweep(self._worker)).looked

    async def _audit(self) -> int:
        return 0 if await self._is_doubted() else await self._sweeping.audit(self._worker)

    async def _digest(self) -> int:
        return 0 if await self._is_doubted() else await owe_due_digests(self._store, self._clock.now())

    async def _approvals(self) -> int:
        if self._tend_approvals is None or await self._is_doubted():
            return 0
        return await self._tend_approvals()

    async def _purge(self) -> int:
        return 0 if await self._is_doubted() else await self._store.purge_expired(self._clock.now(), self._keep_posts)

    async def _runs(self) -> int:
        await self._compare_clock()
        return await self._tend_runs() if self._tend_runs else 0

    async def _reservations(self) -> int:
        return 0 if await self._is_doubted() else await self._store.expire_reservations(self._clock.now())

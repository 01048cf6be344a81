"""Collecting: one run at a time in a workspace, from a source through the prefilter into the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from core.analysis.service import Communities
from core.campaigns import Campaign, Campaigns, CampaignStore
from core.clock import Clock, ClockWatch
from core.collecting.files import FileSource
from core.collecting.prefilter import Prefilter, is_counted
from core.collecting.runs import CollectionRun, Funnel, ImportedFile, RunStatus, RunStore
from core.communities import CommunityReads
from core.errors import (
    Advice,
    BadArgument,
    BadFile,
    Do,
    NotAllowedNow,
    NotFound,
    RemoteError,
    StorageUnavailable,
    UserError,
)
from core.ledger import Ledger, LedgerStore, Reservation
from core.model import Basis, Caller, CollectedComment, CollectedPost, CollectMode
from core.ports import PostSource, Report, RunCost, RunPrice, SourceBatch
from core.texts.gone import is_deleted


class CollectingStore(RunStore, CampaignStore, LedgerStore, CommunityReads, Protocol):
    """Keeps runs and what they cost, and reads campaigns and posts."""


log = logging.getLogger(__name__)

DEFAULT_LIMIT = 250  # posts per community and run: enough for figures, three requests of Reddit's API
MAX_LIMIT = 1000  # Reddit's listings end there
TASK = "collect"  # the ledger's task for runs that cost money

# How often a program notes that its runs are alive. A program that was silent for `GONE_AFTER` is gone, and its runs
# are ended; until then, a killed program's run keeps its workspace from starting another.
ALIVE_EVERY_S = 30.0
GONE_AFTER = timedelta(minutes=3)

Batches = Callable[[], AsyncIterator[SourceBatch | UserError]]
Batch = TypeVar("Batch")


@dataclass(slots=True)
class Running:
    """A run that this process works on."""

    started_by: str
    started_at: datetime
    task: asyncio.Task[CollectionRun]
    seen: dict[str, int] = field(default_factory=dict)  # community -> posts that passed the prefilter, new or not
    funnel: Funnel = field(default_factory=Funnel)
    comments: int = 0  # that were new
    cost_usd_micros: int = 0
    run: CollectionRun | None = None
    cancelled_by: str | None = None


@dataclass(frozen=True, slots=True)
class CollectingStatus:
    """`running` is the run that works now, if any, and `funnel` its counts so far. `recent` are ended runs, the newest
    first. `seen` counts, by community, the posts that passed the prefilter, new or known.
    """

    running: CollectionRun | None
    seen: Mapping[str, int]
    funnel: Funnel
    recent: Sequence[CollectionRun]


class Collecting:
    """Collects posts. `sources` are in order of preference: the first is used when none is named. Files need no
    entry.
    """

    def __init__(
        self,
        store: CollectingStore,
        clock: Clock,
        sources: Mapping[Basis, PostSource],
        communities: Communities,
        refresh_rules: Callable[[Caller, str], Awaitable[bool]] | None = None,
        clock_watch: ClockWatch | None = None,
    ) -> None:
        """`refresh_rules` reads a community's rules again, where a source can; it is called for each community that was
        collected. While `clock_watch` doubts the clock, no other program's run is ended.
        """
        self._store = store
        self._clock = clock
        self._campaigns = Campaigns(store, clock)
        self._ledger = Ledger(store, clock)
        self._sources = dict(sources)
        self._communities = communities
        self._refresh_rules = refresh_rules
        self._clock_watch = clock_watch or ClockWatch(clock)
        self._running: dict[str, Running] = {}

    async def start(
        self,
        caller: Caller,
        campaign_reference: str | None,
        *,
        source: Basis | None = None,
        limit: int = DEFAULT_LIMIT,
        mode: CollectMode | None = None,
        report: Report,
    ) -> CollectionRun:
        """Collect up to `limit` posts of each community of a campaign, then renew their profiles. `mode` says which
        posts; None leaves it to the source.

        Returns the finished run: SUCCEEDED, PARTIAL with its problem, or CANCELLED by `cancel`. When nothing came at
        all, the run is FAILED and the source's error is raised. When this call itself is cancelled, the run is marked
        CANCELLED, what was kept stays, and the cancellation is raised. `NotAllowedNow` while another run works, for a
        paused campaign, or without a source. `OverBudget`, before any request, when the rest of the month's cap is
        less than the most that a run of a paid source may cost.
        """
        if not 1 <= limit <= MAX_LIMIT:
            raise BadArgument(
                f"`limit` must be from 1 to {MAX_LIMIT:,} posts a community.", "For example: limit=250", param="limit"
            )
        campaign = await self._campaigns.active(caller.workspace_id, campaign_reference)
        basis, chosen = self._source(source)

        async def batches() -> AsyncIterator[SourceBatch | UserError]:
            # One community at a time, so that a private or misspelt one does not end the run for the others. A paid
            # source is asked once for all, because its price is for one call.
            running = self._running[caller.workspace_id]
            each = [[name] for name in campaign.communities]
            for asked in [campaign.communities] if chosen.price else each:
                try:
                    async with (
                        self._paid(caller, chosen.price, running) as book,
                        _ended(chosen.collect(asked, limit_per_community=limit, mode=mode)) as found,
                    ):
                        async for batch in found:
                            if isinstance(batch, RunCost):
                                await book(batch)
                            else:
                                yield batch
                except (NotFound, NotAllowedNow, RemoteError) as error:
                    yield error
                    if isinstance(error, RemoteError) and error.permanent:
                        return

        expected = limit * len(campaign.communities)
        return await self._supervise(caller, campaign, basis, campaign.communities, batches, expected, report)

    async def import_files(
        self,
        caller: Caller,
        campaign_reference: str | None,
        paths: Sequence[Path | str],
        *,
        community: str | None = None,
        report: Report,
    ) -> CollectionRun:
        """Read posts from files; `community` is for rows that do not say theirs. Otherwise like `start`.

        `BadFile`, before anything is stored, when a file cannot be read at all; a file that turns bad later makes the
        run PARTIAL. The run's `files` say how each file was understood. Importing a file again stores nothing twice.
        """
        campaign = await self._campaigns.active(caller.workspace_id, campaign_reference)
        source = FileSource(paths, community=community)
        files = await source.described()
        communities = await source.communities()

        async def batches() -> AsyncIterator[SourceBatch | UserError]:
            try:
                async with _ended(source.collect()) as found:
                    async for batch in found:
                        yield batch
            except BadFile as error:
                yield error

        return await self._supervise(caller, campaign, Basis.FILE, communities, batches, None, report, files=files)

    async def cancel(self, caller: Caller) -> CollectionRun:
        """End the running run of the caller's workspace; what was kept stays. `NotAllowedNow` when none runs."""
        running = self._running.get(caller.workspace_id)
        if running is not None:
            running.cancelled_by = caller.name
            running.task.cancel()
            await asyncio.wait([running.task])
            if running.run is not None:
                return running.run
        left = await self._running_elsewhere(caller.workspace_id)
        if left is None:
            raise NotAllowedNow("No collection is running.", Advice("See the last ones.", Do.SHOW_COLLECTING))
        # Another process works on it, or did before it was killed. Ending its row makes it stop at its next batch.
        return await self._store.finish_run(
            caller, left.id, RunStatus.CANCELLED, self._clock.now(), problem=f"Cancelled by {caller.name}."
        )

    async def status(self, workspace_id: str) -> CollectingStatus:
        recent = await self._store.runs(workspace_id)
        running = await self._running_elsewhere(workspace_id)
        here = self._running.get(workspace_id)
        seen = dict(here.seen) if here else {}
        funnel = here.funnel if here else (running.funnel if running else Funnel())
        return CollectingStatus(running, seen, funnel, [run for run in recent if run.status is not RunStatus.RUNNING])

    async def tend_runs(self) -> int:
        """Note that this program's runs are alive, and end those of programs that are gone; returns how many ended.
        While the clock is doubted none is ended, because a clock that is ahead takes every other program for gone.
        """
        now = self._clock.now()
        own = [running.run.id for running in self._running.values() if running.run is not None]
        await self._store.keep_runs_alive(own, now)
        if self._clock_watch.doubt() is not None:
            return 0
        return await self._store.fail_abandoned_runs(now, now - GONE_AFTER)

    async def begin_alone(self) -> int:
        """End every run that is marked as running. For the start of a program that has its database to itself."""
        return await self._store.fail_abandoned_runs(self._clock.now(), None)

    # ------------------------------------------------ one run

    def _source(self, wanted: Basis | None) -> tuple[Basis, PostSource]:
        if wanted is None and self._sources:
            wanted = next(iter(self._sources))
        if wanted is None:
            raise NotAllowedNow(
                "No source of posts is set up.",
                "Import a file, or ask who runs the bot to set up Reddit or Apify: see docs/settings.md",
            )
        if wanted not in self._sources:
            names = ", ".join(basis.value for basis in self._sources) or "none"
            raise NotAllowedNow(f"The source {wanted.value} is not set up here.", f"Set up: {names}.")
        return wanted, self._sources[wanted]

    @asynccontextmanager
    async def _paid(
        self, caller: Caller, price: RunPrice | None, running: Running
    ) -> AsyncIterator[Callable[[RunCost], Awaitable[None]]]:
        """Reserves the most that one run may cost while the block runs. Yields a function that books what it did
        cost.
        """
        if price is None:
            yield _costs_nothing
            return
        reservation: Reservation | None = None
        try:
            async with self._ledger.reserving(
                caller, TASK, price.most_usd_micros, model=price.name, for_at_most=price.longest
            ) as reservation:
                yield reservation.book_run
        finally:
            if reservation is not None:
                running.cost_usd_micros += reservation.booked_usd_micros or 0

    async def _running_elsewhere(self, workspace_id: str) -> CollectionRun | None:
        return next(iter(await self._store.runs(workspace_id, 1, status=RunStatus.RUNNING)), None)

    async def _supervise(
        self,
        caller: Caller,
        campaign: Campaign,
        basis: Basis,
        communities: Sequence[str],
        batches: Batches,
        expected: int | None,
        report: Report,
        *,
        files: Sequence[ImportedFile] = (),
    ) -> CollectionRun:
        """Run as a task of its own, so that `cancel` can end it without ending the command that waits for it."""
        here = self._running.get(caller.workspace_id)
        if here is not None:
            raise _busy(here.started_by, here.started_at)

        async def work() -> CollectionRun:
            await self.tend_runs()
            other = await self._running_elsewhere(caller.workspace_id)
            if other is not None:
                raise _busy(other.started_by, other.started_at)
            starting = asyncio.ensure_future(
                self._store.start_run(caller, campaign.id, basis, communities, self._clock.now(), files=files)
            )
            try:
                run = running.run = await asyncio.shield(starting)
            except asyncio.CancelledError:
                left = await starting  # else its row would say "running" for ever
                await self._store.finish_run(caller, left.id, RunStatus.CANCELLED, self._clock.now())
                raise
            return await self._run(caller, run, running, batches(), expected, report)

        task = asyncio.create_task(work(), name=f"collect {caller.workspace_id}")
        running = Running(caller.name, self._clock.now(), task)
        self._running[caller.workspace_id] = running
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task])
            raise
        finally:
            del self._running[caller.workspace_id]
        if task.cancelled():
            if running.run is None:
                raise NotAllowedNow("The collection was cancelled before it began.", "Start it again when you like.")
            return running.run
        run = task.result()
        await self._renew_norms(caller, running, report)
        return run

    async def _run(
        self,
        caller: Caller,
        run: CollectionRun,
        running: Running,
        batches: AsyncIterator[SourceBatch | UserError],
        expected: int | None,
        report: Report,
    ) -> CollectionRun:
        prefilter = Prefilter()
        known: dict[str, frozenset[str]] = {}
        problems: list[UserError] = []

        async def finish(status: RunStatus, problem: str | None) -> None:
            running.run = await self._store.finish_run(
                caller, run.id, status, self._clock.now(), problem=problem, cost_usd_micros=running.cost_usd_micros
            )

        try:
            async with _ended(batches) as found:
                async for batch in found:
                    if isinstance(batch, UserError):
                        problems.append(batch)
                        continue
                    stored = await self._stored(caller.workspace_id, batch.posts, known)
                    # Sifting a batch takes longer than a person's click should wait.
                    keep, funnel = await asyncio.to_thread(prefilter.sift, batch.posts, batch.malformed, known=stored)
                    added = await self._store.add_posts(caller, run.id, keep, funnel, self._clock.now())
                    running.funnel = running.funnel.plus(added)
                    for post in keep:
                        running.seen[post.community] = running.seen.get(post.community, 0) + 1
                    running.comments += await self._add_comments(caller, run, batch.comments, problems)
                    await report(_progress(running), running.funnel.found, expected)
        except asyncio.CancelledError:
            await finish(RunStatus.CANCELLED, f"Cancelled by {running.cancelled_by or caller.name}.")
            raise
        except UserError as error:
            try:
                await finish(RunStatus.PARTIAL if running.funnel.found else RunStatus.FAILED, error.shown)
            except StorageUnavailable:
                # `tend_runs` will end the run; the first error is the one to tell.
                log.warning("the run could not be ended", extra={"run": run.id})
            raise error
        except Exception:
            await finish(RunStatus.FAILED, "Something in the bot broke. What was kept until then is kept.")
            raise
        if problems and not running.funnel.found:
            await finish(RunStatus.FAILED, _joined(problems))
            raise problems[0]
        await finish(RunStatus.PARTIAL if problems else RunStatus.SUCCEEDED, _joined(problems) if problems else None)
        assert running.run is not None  # noqa: S101 - finish has just set it
        return running.run

    async def _add_comments(
        self, caller: Caller, run: CollectionRun, comments: Sequence[CollectedComment], problems: list[UserError]
    ) -> int:
        """Returns how many are new. That they could not be read is a problem of the run, and costs it no post."""
        counted = [comment for comment in comments if is_counted(comment)]
        if not counted:
            return 0
        try:
            kept = await self._communities.read_comments(counted)
        except UserError as error:
            problems.append(error)
            return 0
        return await self._store.add_comments(caller, run.id, kept, self._clock.now())

    async def _stored(
        self, workspace_id: str, posts: Sequence[CollectedPost], known: dict[str, frozenset[str]]
    ) -> frozenset[str]:
        """The ids that are stored of each community in which this batch holds a post that its author deleted.

        The store must hear of such a post when it holds its text. `known` caches the ids for the run.
        """
        communities = {post.community for post in posts if is_deleted(post)}
        for community in communities - known.keys():
            stored = await self._store.posts(workspace_id, community)
            known[community] = frozenset(post.reddit_id for post in stored)
        return frozenset().union(*(known[community] for community in communities))

    async def _renew_norms(self, caller: Caller, running: Running, report: Report) -> None:
        for community in running.seen:
            if self._refresh_rules is not None:
                await self._refresh_rules(caller, community)
            try:
                await self._communities.refresh(caller, community, report)
            except UserError as error:
                # The run is done and stored; the profile is computed when somebody asks for it.
                log.warning("no profile yet", extra={"community": community, "problem": str(error)})
                await report(f"r/{community}: {error}")


@asynccontextmanager
async def _ended(batches: AsyncIterator[Batch]) -> AsyncIterator[AsyncIterator[Batch]]:
    """Closes the source's generator at the end of the block and not when memory is cleaned up: it may hold a paid
    run.
    """
    try:
        yield batches
    finally:
        if isinstance(batches, AsyncGenerator):
            await batches.aclose()


async def _costs_nothing(cost: RunCost) -> None:
    raise AssertionError(f"a source without a price says that it cost {cost}")


def _busy(started_by: str, started_at: datetime) -> NotAllowedNow:
    return NotAllowedNow(
        f"A collection is running: started by {started_by} at {started_at:%H:%M} UTC.",
        Advice("Wait for it, or end it.", Do.CANCEL_COLLECTING),
    )


def _progress(running: Running) -> str:
    counts = " · ".join(f"r/{community} {count:,}" for community, count in running.seen.items())
    comments = f" {running.comments:,} comments counted." if running.comments else ""
    return f"{running.funnel.found:,} found, {running.funnel.kept:,} new kept.{comments} {counts}".strip()


def _joined(problems: Sequence[UserError]) -> str:
    return " ".join(dict.fromkeys(problem.shown for problem in problems))

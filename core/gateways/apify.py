"""Posts of communities through an actor on Apify: start a run, wait for it, read what it found.

Its data has no removal fields, so it is never evidence of a removal (reddit-facts: Apify). A run costs money: it is
started once, never retried, capped in charge, items and time, and aborted when nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from core.clock import Clock
from core.collecting.fields import community_of, read_item
from core.errors import NotFound, PaidCallFailed, RemoteError
from core.gateways.apify_cost import cost_of
from core.gateways.limits import Breaker, Health
from core.gateways.things import COMMUNITY
from core.gateways.threads import run_aside
from core.model import Basis, CollectedPost, CollectMode
from core.money import dollars, usd_micros
from core.ports import RunCost, RunPrice, SourceBatch

if TYPE_CHECKING:
    from apify_client import ApifyClientAsync
    from apify_client._models import Run
    from apify_client._resource_clients.dataset import DatasetItemsPage

    from core.gateways.apify_wire import Transport

logger = logging.getLogger(__name__)
Found = TypeVar("Found")

PAGE = 200  # items a page, so few that reading one page does not block the event loop
_ATTEMPTS = 5
_LONGEST_WAIT_S = 60.0
_FIRST_POLL_S, _LONGEST_POLL_S = 2.0, 10.0
_GRACE = timedelta(minutes=2)  # time for a run to start, and to end at its own time limit or when stopped
_LONGEST_READING = timedelta(minutes=15)  # time to read the results when Apify is slow
_SUMMING_S = (2.0, 4.0, 8.0)  # between two readings of an ended run's cost
_PATHS: Mapping[CollectMode, Sequence[str]] = {
    CollectMode.FRESH: ("new/",),
    CollectMode.HISTORICAL: ("top/?t=year",),
    CollectMode.HYBRID: ("new/", "top/?t=year"),
}
_FOUND_IN: Mapping[CollectMode, str] = {
    CollectMode.FRESH: "new",
    CollectMode.HISTORICAL: "top:year",
    CollectMode.HYBRID: "mixed",  # items do not say which of the two lists they are from
}
_ENDS: Mapping[str, str] = {
    "SUCCEEDED": "",
    "FAILED": "failed",
    "TIMED-OUT": "ran into its time limit",
    "ABORTED": "was stopped",
}


class ApifySource:
    """Implements `core.ports.PostSource`, for any number of runs at once. `close` it."""

    basis = Basis.APIFY

    def __init__(
        self,
        *,
        token: str,
        clock: Clock,
        actor: str = "trudax/reddit-scraper-lite",
        api_url: str = "https://api.apify.com",
        max_charge_usd: float = 5.0,
        run_timeout: timedelta = timedelta(minutes=30),
        timeout_s: float = 20.0,
    ) -> None:
        """`max_charge_usd` and `run_timeout` cap one run; `timeout_s` bounds one request to Apify."""
        self._token, self._actor, self._api_url = token, actor, api_url
        self._clock = clock
        self._max_charge_usd, self._run_timeout = max_charge_usd, run_timeout
        self._most_usd_micros = usd_micros(max_charge_usd)
        self._timeout_s = timeout_s
        self.breaker = Breaker(remote="apify", name="Apify", clock=clock)
        self.price: RunPrice | None = RunPrice(
            actor, self._most_usd_micros, run_timeout + 2 * _GRACE + _LONGEST_READING
        )
        self._opening = asyncio.Lock()
        self._connection: tuple[ApifyClientAsync, Transport] | None = None

    def __repr__(self) -> str:
        return f"ApifySource({self._actor!r})"  # keeps the token out of log lines

    @property
    def health(self) -> Health:
        return self.breaker.health

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection[1].aclose()

    async def probe(self) -> None:
        """Send one cheap request that proves address and token."""
        await self._once(lambda client: client.user().get())

    async def collect(
        self, communities: Sequence[str], *, limit_per_community: int, mode: CollectMode | None = None
    ) -> AsyncIterator[SourceBatch | RunCost]:
        """Start one run for all communities, and read it when it has ended in any way.

        A run that failed or brought nothing raises `RemoteError` after its results. A run that did not start raises
        `PaidCallFailed`, which says that it cost nothing when Apify's refusal proves that nothing began.
        """
        for community in communities:
            if not COMMUNITY.fullmatch(community.lower()):
                raise NotFound(f"r/{community} cannot be the name of a community.", "Check the name.")
        started_at = self._clock.now()  # no score is older than this
        started = await self._started(self._input(communities, limit_per_community, mode or CollectMode.FRESH))
        ended: Run | None = None
        try:
            ended = await self._until_ended(started.id)
        finally:
            if ended is None:  # cancelled, or Apify is out of reach: nobody will read the results
                await self._abort(started.id)
        cost = cost_of(ended)
        if cost is not None:
            yield RunCost(cost)  # before the pages, because reading them may fail
        shelf = _Shelf(communities, limit_per_community, started_at, _FOUND_IN[mode or CollectMode.FRESH])
        async for page in self._pages(started.default_dataset_id, 2 * shelf.room + 1000):
            for batch in shelf.sort(page):
                yield batch
        yield RunCost(await self._final_cost(ended, shelf.items))
        problem = self._problem(ended, shelf)
        if problem is not None:
            self.health.failed(problem, self._clock.now())
            raise problem

    # ------------------------------------------------------------ the run

    async def _started(self, run_input: Mapping[str, Any]) -> Run:
        """Start a run. When cancelled during the request, still wait for the answer and abort the run, because a paid
        run may have begun.
        """
        starting = asyncio.create_task(self._start(run_input))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            with contextlib.suppress(RemoteError):
                await self._abort((await starting).id)
            raise

    def _input(self, communities: Sequence[str], limit: int, mode: CollectMode) -> Mapping[str, Any]:
        paths = _PATHS[mode]
        return {
            "startUrls": [{"url": f"https://www.reddit.com/r/{name}/{path}"} for name in communities for path in paths],
            "sort": "top" if mode is CollectMode.HISTORICAL else "new",
            "time": "year",  # of a top listing
            "maxItems": limit * len(communities),
            "maxPostCount": -(-limit // len(paths)),  # of one start address
            "skipComments": True,
            "skipUserPosts": True,
            "skipCommunity": True,
            "includeNSFW": False,
            "proxy": {"useApifyProxy": True},
        }

    async def _start(self, run_input: Mapping[str, Any]) -> Run:
        may_have_begun = False

        async def start(client: ApifyClientAsync) -> Run:
            nonlocal may_have_begun
            from core.gateways.apify_wire import FAILURES, was_refused

            may_have_begun = True
            try:
                return await client.actor(self._actor).start(
                    run_input=run_input,
                    max_items=run_input["maxItems"],
                    max_total_charge_usd=Decimal(str(self._max_charge_usd)),
                    run_timeout=self._run_timeout,
                )
            except FAILURES as error:
                may_have_begun = not was_refused(error)
                raise

        try:
            return await self._once(start)
        except RemoteError as error:
            raise PaidCallFailed(
                error.what,
                error.do,
                remote=error.remote,
                permanent=error.permanent,
                retry_after_s=error.retry_after_s,
                status=error.status,
                spent_usd_micros=None if may_have_begun else 0,
            ) from None

    async def _until_ended(self, run_id: str) -> Run:
        """Returns the run when it has ended. Aborts a run that takes much longer than it may."""
        deadline = self._clock.monotonic() + (self._run_timeout + _GRACE).total_seconds()
        stopped, wait_s = False, _FIRST_POLL_S
        while True:
            run = await self._patiently(lambda client: client.run(run_id).get())
            if run is None:
                raise RemoteError("Apify no longer knows the run.", f"Look for run {run_id} there.", remote="apify")
            # A run with a status that we do not know has ended when it gives the time of its end.
            if run.status in _ENDS or run.finished_at is not None:
                return run
            late = self._clock.monotonic() >= deadline
            if late and stopped:
                return run
            # Apify's charge limit covers an actor's prices. The usage of an actor without prices has no limit but ours.
            if late or (not stopped and (cost_of(run) or 0) > self._most_usd_micros):
                run = await self._patiently(lambda client: client.run(run_id).abort())
                if run.status in _ENDS:
                    return run
                stopped, deadline = True, self._clock.monotonic() + _GRACE.total_seconds()
            await self._clock.sleep(wait_s)
            wait_s = min(wait_s * 1.5, _LONGEST_POLL_S)

    async def _abort(self, run_id: str) -> None:
        try:
            await self._once(lambda client: client.run(run_id).abort())
        except RemoteError as error:
            # The run still ends at its own limits of time and charge, which were set at its start.
            logger.warning("apify run not aborted", extra={"run": run_id, "problem": error.what})

    async def _final_cost(self, ended: Run, items: int) -> int | None:
        """Returns the run's cost; the largest value that Apify ever gave counts. Apify computes it some seconds after
        the end, so it is read again then, and once or twice more while Apify gives none.
        """
        costs = [cost_of(ended, items)]
        for wait_s in _SUMMING_S:
            await self._clock.sleep(wait_s)
            try:
                run = await self._once(lambda client: client.run(ended.id).get())
            except RemoteError as error:
                logger.warning("cost of the apify run not confirmed", extra={"run": ended.id, "problem": error.what})
                continue
            costs.append(cost_of(run, items) if run is not None else None)
            if costs[-1] is not None:
                break
        return max((cost for cost in costs if cost is not None), default=None)

    async def _pages(self, dataset_id: str, longest: int) -> AsyncIterator[Sequence[Any]]:
        offset = 0
        while offset < longest:
            page = await self._patiently(partial(_list_items, dataset_id=dataset_id, offset=offset))
            if not page.items:
                return
            yield page.items
            offset += len(page.items)

    def _problem(self, run: Run, shelf: _Shelf) -> RemoteError | None:
        where = f"Look at run {run.id} in Apify's console."
        ending = _ENDS.get(run.status, "ended in an unknown way")
        if run.status in ("ABORTED", "ABORTING"):
            limit = dollars(self._most_usd_micros)
            ending = f"was stopped (by hand, for taking too long, or at the charge limit of {limit})"
        if ending:
            kept = f"{shelf.kept} posts came before that." if shelf.kept else "No posts came back."
            return RemoteError(f"The Apify run {ending}. {kept}", where, remote="apify")
        if shelf.kept:
            return None
        if shelf.malformed:
            return RemoteError(
                f"No posts came back from Apify: none of {shelf.malformed} items can be read as a post.",
                f"Set BCRAO_APIFY_ACTOR to an actor that exports Reddit posts. {where}",
                remote="apify",
            )
        return RemoteError(
            "No posts came back from Apify.", f"Check that the communities exist. {where}", remote="apify"
        )

    # ------------------------------------------------------------ asking

    async def _patiently(self, work: Callable[[ApifyClientAsync], Awaitable[Found]]) -> Found:
        """Like `_once`, for requests that can be repeated safely: one failure must not lose a paid run."""
        for attempt in range(1, _ATTEMPTS):
            try:
                return await self._once(work)
            except RemoteError as error:
                if error.permanent:
                    raise
                wish_s = error.retry_after_s if error.retry_after_s is not None else 2.0**attempt
                # A little longer than the breaker's pause, because just before its end the breaker would refuse again.
                await self._clock.sleep(min(max(wish_s, self.breaker.open_for_s) + 0.1, _LONGEST_WAIT_S))
        return await self._once(work)

    async def _once(self, work: Callable[[ApifyClientAsync], Awaitable[Found]]) -> Found:
        self.breaker.refuse_if_open()
        client, _ = await self._opened()
        from core.gateways.apify_wire import FAILURES, explain

        with self.breaker.guarding():
            try:
                return await work(client)
            except FAILURES as error:
                explained = explain(error, self._clock)
                logger.warning(
                    "apify request failed", extra={"detail": type(error).__name__, "status": explained.status}
                )
                raise explained from None

    async def _opened(self) -> tuple[ApifyClientAsync, Transport]:
        async with self._opening:
            if self._connection is None:
                self._connection = await run_aside(self._connect)  # the import alone takes some 300 ms
            return self._connection

    def _connect(self) -> tuple[ApifyClientAsync, Transport]:
        from core.gateways.apify_wire import connect

        return connect(token=self._token, api_url=self._api_url, timeout_s=self._timeout_s)


class _Shelf:
    """Sorts items into batches by community: wanted communities only, each post once, at most the limit.

    An item that does not say when it was read was read after `started_at`.
    """

    def __init__(self, communities: Sequence[str], limit: int, started_at: datetime, found_in: str) -> None:
        self._limit = limit
        self._found_in = found_in
        self._started_at = started_at
        self._names = {community.lower(): community for community in communities}
        self._left = dict.fromkeys(self._names, limit)
        self._seen: set[str] = set()
        self.items = 0  # of any kind, because an actor with a price per item charges for all of them
        self.kept = 0
        self.malformed = 0

    @property
    def room(self) -> int:
        return self._limit * len(self._names)

    def sort(self, items: Sequence[Any]) -> list[SourceBatch]:
        self.items += len(items)
        posts: dict[str, list[CollectedPost]] = {}
        malformed: dict[str, int] = {}
        for item in items:
            if isinstance(item, Mapping) and item.get("dataType") not in (None, "", "post"):
                continue  # comments, users and communities are not broken posts
            post = (
                read_item(item, read_at=self._started_at, found_in=self._found_in)
                if isinstance(item, Mapping)
                else None
            )
            if post is None:
                told = community_of(item) if isinstance(item, Mapping) else None
                community = told if told in self._names else next(iter(self._names))
                malformed[community] = malformed.get(community, 0) + 1
            elif self._left.get(post.community, 0) > 0 and post.reddit_id not in self._seen:
                self._seen.add(post.reddit_id)
                self._left[post.community] -= 1
                posts.setdefault(post.community, []).append(post)
        self.kept += sum(map(len, posts.values()))
        self.malformed += sum(malformed.values())
        return [
            SourceBatch(name, posts.get(community, []), malformed.get(community, 0))
            for community, name in self._names.items()
            if community in posts or community in malformed
        ]


async def _list_items(client: ApifyClientAsync, *, dataset_id: str, offset: int) -> DatasetItemsPage:
    return await client.dataset(dataset_id).list_items(offset=offset, limit=PAGE)

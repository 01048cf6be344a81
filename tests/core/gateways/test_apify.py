"""The Apify source over the wire: the real apify-client against a loopback Apify."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from core.errors import NotFound, PaidCallFailed, RemoteError
from core.gateways.apify import ApifySource
from core.gateways.limits import BreakerState
from core.model import Basis, CollectMode
from core.ports import PostSource, RunCost, SourceBatch
from tests.clock import FixedClock
from tests.core.gateways.watch import no_leaks
from tests.fakes.apify import FakeApify
from tests.fakes.loopback import Fault, Loopback, Seen
from tests.patience import HASTE_S, PATIENCE_S

PRICING = {"apifyMarginPercentage": 0.2, "createdAt": "2026-01-01T00:00:00Z", "startedAt": "2026-01-01T00:00:00Z"}
BY_ITEM = {"unitName": "result", "pricePerUnitUsd": 0.004}
BY_EVENT = {
    "pricingPerEvent": {
        "actorChargeEvents": {
            "start": {"eventTitle": "s", "eventDescription": "s", "eventPriceUsd": 0.02},
            "post": {
                "eventTitle": "p",
                "eventDescription": "p",
                "eventTieredPricingUsd": {
                    "FREE": {"tieredEventPriceUsd": 0.003},
                    "GOLD": {"tieredEventPriceUsd": 0.001},
                },
            },
        }
    }
}
RUN, START, ITEMS = "/v2/actor-runs/run1", "/v2/actors/", "/v2/datasets/"


@asynccontextmanager
async def connected(apify: FakeApify, clock: FixedClock | None = None, **settings: Any) -> AsyncIterator[ApifySource]:
    settings = {"token": apify.token, "api_url": apify.url, "timeout_s": PATIENCE_S, **settings}
    source = ApifySource(clock=clock or FixedClock(), **settings)
    try:
        yield source
    finally:
        await source.close()


async def gather(source: PostSource, *communities: str, limit: int = 50) -> tuple[list[SourceBatch], str | None]:
    """The batches that came, and how it ended."""
    batches, _, error = await run(source, *communities, limit=limit)
    return batches, str(error) if error else None


async def run(
    source: PostSource, *communities: str, limit: int = 50
) -> tuple[list[SourceBatch], list[int | None], RemoteError | None]:
    """The batches that came, each word of what it cost, and how it ended."""
    batches: list[SourceBatch] = []
    costs: list[int | None] = []
    try:
        async for item in source.collect(communities or ("gardening",), limit_per_community=limit):
            if isinstance(item, RunCost):
                costs.append(item.usd_micros)
            else:
                batches.append(item)
    except RemoteError as error:
        return batches, costs, error
    return batches, costs, None


def ids(batches: list[SourceBatch]) -> list[str]:
    return [post.reddit_id for batch in batches for post in batch.posts]


# ---------------------------------------------------------------- a run that ends well


async def test_a_run_is_started_polled_and_its_posts_are_read() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.statuses = ["READY", "RUNNING", "RUNNING", "SUCCEEDED"]
        apify.items = [apify.post("gardening", n) for n in range(3)]
        batches, costs, problem = await run(source)
        assert problem is None
        assert source.basis is Basis.APIFY
        assert len(ids(batches)) == 3
        post = batches[0].posts[0]
        assert (post.community, post.author, post.score, post.num_comments) == ("gardening", "plain_person", None, None)
        assert post.found_in == "new"
        assert post.score_at is not None
        assert apify.starts == 1
        assert not apify.aborted
        assert costs == [12_346, 12_346], "told before the pages are read, and confirmed after"


async def test_the_run_is_capped_in_money_items_and_time() -> None:
    async with FakeApify() as apify, connected(apify, max_charge_usd=1.5, run_timeout=timedelta(minutes=7)) as source:
        apify.items = [apify.post("gardening", 1)]
        await gather(source, "gardening", "cooking", limit=30)
        assert apify.run_options["maxTotalChargeUsd"] == "1.5"
        assert apify.run_options["maxItems"] == "60"
        assert apify.run_options["timeout"] == "420"
        assert apify.run_input is not None
        assert apify.run_input["skipComments"] is True


@pytest.mark.parametrize(
    ("mode", "listings", "posts_each"),
    [
        (CollectMode.FRESH, ["new/"], 31),
        (CollectMode.HISTORICAL, ["top/?t=year"], 31),
        (CollectMode.HYBRID, ["new/", "top/?t=year"], 16),
    ],
)
async def test_the_mode_decides_which_listings_are_read(
    mode: CollectMode, listings: list[str], posts_each: int
) -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items = [apify.post("gardening", 1)]
        async for _ in source.collect(["gardening", "cooking"], limit_per_community=31, mode=mode):
            pass
        assert apify.run_input is not None
        assert [entry["url"] for entry in apify.run_input["startUrls"]] == [
            f"https://www.reddit.com/r/{name}/{listing}" for name in ("gardening", "cooking") for listing in listings
        ]
        assert apify.run_input["maxPostCount"] == posts_each
        assert apify.run_input["maxItems"] == 62


async def test_datasets_are_read_in_pages_and_sorted_by_community() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items = [apify.post("gardening" if n % 2 else "cooking", n) for n in range(450)]
        batches, problem = await gather(source, "gardening", "cooking", limit=400)
        assert problem is None
        assert len(ids(batches)) == 450
        assert {batch.community for batch in batches} == {"gardening", "cooking"}
        assert all(post.community == batch.community for batch in batches for post in batch.posts)
        assert len(apify.seen(ITEMS)) == 4  # three pages and the empty one after them


async def test_an_actor_that_ignores_the_limits_is_cut_off() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items = [apify.post("gardening", n % 990) for n in range(5000)]
        batches, _ = await gather(source, limit=10)
        assert len(ids(batches)) == len(set(ids(batches))) == 10
        assert len(apify.seen(ITEMS)) <= 7


async def test_what_is_no_wanted_post_is_left_out_and_only_broken_posts_are_counted() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items = [
            apify.post("gardening", 1),
            apify.post("gardening", 1),
            apify.post("elsewhere", 2),
            {"dataType": "comment", "id": "t1_abcd"},
            {"dataType": "post", "title": "no id"},
            "not even an object",
        ]
        batches, problem = await gather(source)
        assert problem is None
        assert ids(batches) == ["apif001"]
        assert sum(batch.malformed for batch in batches) == 2


async def test_the_cost_is_asked_for_again_when_it_is_not_summed_up_yet() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items, apify.usage_is_late = [apify.post("gardening", 1)], True
        assert (await run(source))[1] == [12_346]


@pytest.mark.parametrize("told", [None, -1.0, 0.0, 1e30])
async def test_a_cost_that_apify_does_not_tell_is_unknown_and_never_nothing(told: float | None) -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items, apify.usage_usd = [apify.post("gardening", 1)], told
        assert (await run(source))[1] == [None]


async def test_the_price_of_a_run_is_its_charge_limit_under_the_actors_name() -> None:
    source = ApifySource(token="t", clock=FixedClock(), max_charge_usd=0.003, run_timeout=timedelta(minutes=30))
    assert source.price is not None
    assert (source.price.name, source.price.most_usd_micros) == ("trudax/reddit-scraper-lite", 3_000)
    assert source.price.longest > timedelta(minutes=34)
    assert source.price.longest < timedelta(hours=1)


async def test_two_runs_at_once_are_each_told_their_own_cost() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.statuses = ["RUNNING", "RUNNING", "SUCCEEDED"]
        apify.items = [apify.post("gardening", 1), apify.post("cooking", 2)]
        apify.usages_usd.extend([1.25, 0.003])
        first, second = await asyncio.gather(run(source, "gardening"), run(source, "cooking"))
        assert {ids(first[0])[0]: first[1][-1], ids(second[0])[0]: second[1][-1]} in (
            {"apif001": 1_250_000, "apif002": 3_000},
            {"apif001": 3_000, "apif002": 1_250_000},
        )
        assert apify.starts == 2


async def test_an_actor_with_a_price_for_each_item_is_booked_by_its_items() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items = [apify.post("gardening", n) for n in range(3)] + [{"dataType": "comment", "id": "t1_a"}]
        apify.usage_usd = 0.0001
        apify.run_fields = {"pricingInfo": {**PRICING, "pricingModel": "PRICE_PER_DATASET_ITEM", **BY_ITEM}}
        assert (await run(source))[1] == [100, 16_000]


async def test_an_actor_with_prices_for_events_is_booked_by_what_it_charged() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items, apify.usage_usd = [apify.post("gardening", 1)], None
        apify.run_fields = {
            "pricingInfo": {**PRICING, "pricingModel": "PAY_PER_EVENT", **BY_EVENT},
            "chargedEventCounts": {"start": 1, "post": 20, "unheard-of": 5},
        }
        assert (await run(source))[1][-1] == 20_000 + 20 * 3_000


async def test_a_run_that_uses_up_more_than_it_may_is_stopped() -> None:
    async with FakeApify() as apify, connected(apify, max_charge_usd=0.01) as source:
        apify.statuses, apify.items = ["RUNNING"], [apify.post("gardening", 1)]
        batches, costs, problem = await run(source)
        assert apify.aborted
        assert (len(ids(batches)), costs[-1]) == (1, 12_346)
        assert problem is not None
        assert "charge limit of $0.01" in str(problem)


@pytest.mark.parametrize(
    ("fault", "spent"),
    [
        (Fault(status=400), 0),
        (Fault(status=401), 0),
        (Fault(status=402), 0),
        (Fault(status=403), 0),
        (Fault(status=404), 0),
        (Fault(status=429), 0),
        (Fault(status=500), 0),
        (Fault(status=307, headers={"Location": "https://example.org/"}), 0),
        (Fault(status=502), None),
        (Fault(status=504), None),
        (Fault(cut=True), None),
        (Fault(slow_s=5), None),
        (Fault.json(200, "{}"), None),
        (Fault(truncated=True), None),
    ],
    ids=lambda value: None if value in (0, None) else f"{value.status}{'-cut' * value.cut}{'-half' * value.truncated}",
)
async def test_a_start_costs_nothing_only_when_it_was_refused(fault: Fault, spent: int | None) -> None:
    async with FakeApify() as apify, connected(apify, timeout_s=HASTE_S) as source:
        apify.items = [apify.post("gardening", 1)]
        await run(source)
        apify.fail(START, fault)
        _, costs, problem = await run(source)
        assert costs == []
        assert isinstance(problem, PaidCallFailed)
        assert problem.spent_usd_micros == spent


async def test_nothing_was_spent_where_nobody_listens_or_the_breaker_lets_nothing_out() -> None:
    source = ApifySource(token="t", api_url="http://127.0.0.1:9", clock=FixedClock())
    for _ in range(6):
        problem = (await run(source))[2]
        assert isinstance(problem, PaidCallFailed)
        assert problem.spent_usd_micros == 0
    assert source.breaker.state is BreakerState.OPEN
    await source.close()


# ---------------------------------------------------------------- a run that does not


@pytest.mark.parametrize(
    ("status", "words"), [("FAILED", "failed"), ("TIMED-OUT", "time limit"), ("ABORTED", "was stopped")]
)
async def test_what_a_failed_run_found_is_kept(status: str, words: str) -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.statuses, apify.items = ["RUNNING", status], [apify.post("gardening", n) for n in range(2)]
        batches, costs, problem = await run(source)
        assert len(ids(batches)) == 2
        assert costs[-1] == 12_346
        assert problem is not None
        assert words in str(problem)
        assert "2 posts" in str(problem)
        assert source.health.problem == str(problem)


async def test_an_unheard_of_status_is_waited_for_until_the_run_says_it_ended() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.statuses, apify.items = ["MIGRATING", "PONDERING", "SUCCEEDED"], [apify.post("gardening", 1)]
        assert (await gather(source))[1] is None
    async with FakeApify() as apify, connected(apify) as source:
        apify.statuses, apify.items = ["EVAPORATED"], [apify.post("gardening", 1)]
        apify.run_fields = {"finishedAt": "2026-11-23T12:00:00Z"}
        batches, problem = await gather(source)
        assert len(ids(batches)) == 1
        assert problem is not None
        assert "unknown way" in problem


async def test_a_run_that_takes_for_ever_is_aborted_and_what_it_found_is_kept() -> None:
    clock = FixedClock()
    async with FakeApify() as apify, connected(apify, clock, run_timeout=timedelta(minutes=5)) as source:
        apify.statuses, apify.items = ["RUNNING"], [apify.post("gardening", 1)]
        started = clock.monotonic()
        batches, problem = await gather(source)
        assert apify.aborted
        assert len(ids(batches)) == 1
        assert problem is not None
        assert "was stopped" in problem
        assert 300 <= clock.monotonic() - started <= 500


async def test_success_with_nothing_found_is_said_so() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        batches, problem = await gather(source)
        assert batches == []
        assert problem is not None
        assert "No posts came back" in problem


async def test_items_of_another_shape_are_said_so() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items = [{"headline": "x"}] * 3
        batches, problem = await gather(source)
        assert sum(batch.malformed for batch in batches) == 3
        assert problem is not None
        assert "none of 3 items" in problem
        assert "BCRAO_APIFY_ACTOR" in problem


# ---------------------------------------------------------------- a remote that does not

PASSING = {
    "500": Fault(status=500),
    "502 html": Fault.html(502),
    "429": Fault(status=429),
    "html": Fault.html(200),
    "empty": Fault(status=200),
    "no run": Fault.json(200, "{}"),
    "half a run": Fault.json(200, '{"data": {"id": "run1", "status": "SUCCEEDED"}}'),
    "a list": Fault.json(200, "[]"),
    "deep": Fault.json(200, "[" * 100_000),
    "truncated": Fault(truncated=True),
    "cut": Fault(cut=True),
    "slow": Fault(slow_s=5),
    "drip": Fault(drip=True),
    "redirect": Fault(status=307, headers={"Location": "https://example.org/"}),
}
LASTING = {
    "400": (Fault(status=400), "BCRAO_APIFY_ACTOR"),
    "401": (Fault.json(401, '{"error": {"type": "x", "message": "SECRET"}}'), "BCRAO_APIFY_TOKEN"),
    "402": (Fault(status=402), "Billing"),
    "403": (Fault(status=403), "BCRAO_APIFY_ACTOR"),
    "404": (Fault(status=404), "BCRAO_APIFY_ACTOR"),
}


@pytest.mark.parametrize("fault", [*PASSING, *LASTING])
async def test_a_start_that_fails_is_never_repeated(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeApify() as apify, connected(apify, timeout_s=0.3) as source:
        apify.fail(START, PASSING[fault] if fault in PASSING else LASTING[fault][0])
        batches, problem = await gather(source)
        assert batches == []
        assert problem is not None
        assert apify.starts == 1  # a second one could cost twice
        assert "SECRET" not in problem
        assert apify.token not in f"{problem} {source!r} {caplog.text}"


@pytest.mark.parametrize("fault", LASTING)
async def test_a_lasting_refusal_is_permanent_and_says_what_to_change(fault: str) -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.fail(START, LASTING[fault][0])
        with pytest.raises(RemoteError) as raised:
            async for _ in source.collect(["gardening"], limit_per_community=5):
                pass
        assert raised.value.permanent
        assert (raised.value.remote, raised.value.status) == ("apify", int(fault))
        assert LASTING[fault][1] in raised.value.do
        assert source.breaker.state is BreakerState.OPEN


SLOW = ("slow", "drip")  # of the passing ones


@pytest.mark.parametrize("where", [RUN, ITEMS])
@pytest.mark.parametrize("fault", [fault for fault in PASSING if fault not in SLOW])
async def test_one_bad_moment_does_not_lose_a_paid_run(fault: str, where: str) -> None:
    await loses_no_run(fault, where, PATIENCE_S)


async def test_one_slow_moment_does_not_lose_a_paid_run() -> None:
    async with asyncio.TaskGroup() as at_once:  # because each waits for two time-outs
        for fault, where in product(SLOW, (RUN, ITEMS)):
            at_once.create_task(loses_no_run(fault, where, HASTE_S), name=f"{fault} {where}")


async def loses_no_run(fault: str, where: str, timeout_s: float) -> None:
    async with FakeApify() as apify, connected(apify, timeout_s=timeout_s) as source:
        apify.items = [apify.post("gardening", 1)]
        bad = PASSING[fault]
        apify.fail(where, Fault(bad.status, bad.body, bad.headers, bad.slow_s, bad.cut, bad.truncated, bad.drip, 2))
        if where == ITEMS and fault == "a list":  # an empty list would be a healthy page, if it had its headers
            apify.heal()
        batches, problem = await gather(source)
        assert problem is None, (fault, where)
        assert len(ids(batches)) == 1, (fault, where)


async def test_apify_out_of_reach_for_long_aborts_the_run_and_says_so() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.fail(RUN, Fault(status=503))
        batches, problem = await gather(source)
        assert batches == []
        assert problem is not None
        assert "trouble of its own" in problem
        assert source.health.problem is not None
        assert len(apify.seen(RUN)) <= 7


async def test_a_stated_wish_for_a_pause_is_waited_for() -> None:
    clock = FixedClock()
    async with FakeApify() as apify, connected(apify, clock) as source:
        apify.items = [apify.post("gardening", 1)]
        apify.fail(RUN, Fault(status=429, headers={"Retry-After": "40"}, times=1))
        started = clock.monotonic()
        assert (await gather(source))[1] is None
        assert clock.monotonic() - started >= 40


async def test_the_probe_tells_a_good_token_from_a_bad_one() -> None:
    async with FakeApify() as apify:
        async with connected(apify) as source:
            await source.probe()
            assert source.health.last_success_at is not None
        async with connected(apify, token="apify_api_other") as source:
            with pytest.raises(RemoteError, match="BCRAO_APIFY_TOKEN") as raised:
                await source.probe()
            assert raised.value.permanent


async def test_nothing_listens_there() -> None:
    source = ApifySource(token="t", api_url="http://127.0.0.1:9", clock=FixedClock())
    with pytest.raises(RemoteError, match="cannot be reached"):
        await source.probe()
    await source.close()


async def test_a_name_that_is_no_community_is_not_found_and_starts_nothing() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        with pytest.raises(NotFound):
            await gather(source, "not/a/community")
        assert apify.requests == []


# ---------------------------------------------------------------- cancellation and manners


async def test_cancelling_while_it_runs_aborts_the_run() -> None:
    class RealSleep(FixedClock):
        async def sleep(self, seconds: float) -> None:
            await asyncio.sleep(0.01)

    async with no_leaks(), FakeApify() as apify, connected(apify, RealSleep()) as source:
        apify.statuses = ["RUNNING"]
        collecting = asyncio.create_task(gather(source))
        await apify.until_seen(RUN, 2)
        collecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await collecting
        assert apify.aborted


async def test_cancelling_in_the_middle_of_the_start_aborts_what_it_started() -> None:
    async with no_leaks(), FakeApify() as apify, connected(apify) as source:
        apify.fail(START, Fault(slow_s=0.1))
        collecting = asyncio.create_task(gather(source))
        await apify.until_seen(START, 1)
        collecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await collecting
        assert apify.aborted


async def test_a_token_is_never_sent_to_a_foreign_host() -> None:
    class Stranger(Loopback):
        async def answer(self, request: Seen) -> Any:
            raise AssertionError("a request reached a foreign host")

    async with FakeApify() as apify, Stranger() as stranger, connected(apify) as source:
        for status in (301, 302, 307, 308):
            apify.fail("/v2/users", Fault(status=status, headers={"Location": f"{stranger.url}/v2/users/me"}))
            with pytest.raises(RemoteError):
                await source.probe()
        assert stranger.requests == []


async def test_nothing_is_left_after_closing() -> None:
    async with no_leaks(), FakeApify() as apify, connected(apify) as source:
        apify.items = [apify.post("gardening", 1)]
        await gather(source)


async def test_a_slow_apify_never_holds_the_event_loop() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        await source.probe()
        apify.fail("/", Fault(slow_s=0.2))
        await source.probe()  # the fake answers on this very loop: whoever held it would wait for ever


async def test_a_full_page_of_long_posts_is_read() -> None:
    async with FakeApify() as apify, connected(apify) as source:
        apify.items = [apify.post("gardening", n, body="word " * 800) for n in range(400)]
        assert len(ids((await gather(source, limit=400))[0])) == 400

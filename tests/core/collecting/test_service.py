from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.analysis.service import Communities
from core.campaigns import Campaign, CampaignStatus
from core.collecting import prefilter
from core.collecting.runs import RunStatus
from core.collecting.service import Collecting
from core.communities import CountedComment
from core.errors import BadArgument, BadFile, NotAllowedNow, NotFound, RemoteError, UserError
from core.model import Basis, Caller, CollectedComment, CollectedPost, CollectMode
from core.ports import RunCost, RunPrice, SourceBatch
from core.worker import Worker
from storage.store import Store
from tests.clock import FixedClock, SetClock
from tests.core.collecting.invented import collected, row, write_csv

WORKSPACE = "terminal:local"


class Told:
    """What a person was told while it worked."""

    def __init__(self, then: Callable[[], Any] | None = None) -> None:
        self.lines: list[str] = []
        self._then = then

    async def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None:
        self.lines.append(f"{text} | {done} of {total}")
        if self._then is not None:
            self._then()


class Shelf:
    """A source that gives what a test put on it, by community; an error on the shelf is raised when reached."""

    basis = Basis.REDDIT_API
    price: RunPrice | None = None

    def __init__(self, **items: Sequence[CollectedPost | CollectedComment | Exception]) -> None:
        self._items = items
        self.asked: list[tuple[Sequence[str], int, CollectMode | None]] = []
        self.cost: RunCost | None = None
        self.closed = 0
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def collect(
        self, communities: Sequence[str], *, limit_per_community: int, mode: CollectMode | None = None
    ) -> AsyncIterator[SourceBatch | RunCost]:
        self.asked.append((communities, limit_per_community, mode))
        try:
            for community in communities:
                for item in self._items.get(community, ()):
                    if isinstance(item, Exception):
                        raise item
                    if isinstance(item, CollectedComment):
                        yield SourceBatch(community, (), comments=[item])
                    else:
                        yield SourceBatch(community, [item])
                    if self.gate is not None:
                        self.reached.set()
                        await self.gate.wait()
            if self.cost is not None:
                yield self.cost
        finally:
            self.closed += 1


def down(*, permanent: bool = False) -> RemoteError:
    return RemoteError("Reddit does not answer.", "Try again later.", remote="reddit", permanent=permanent)


def collecting_from(source: Shelf, store: Store, clock: FixedClock, communities: Communities) -> Collecting:
    return Collecting(store, clock, {source.basis: source}, communities)


POTTERY = [collected(n) for n in range(1, 4)]
CERAMICS = [collected(n, community="ceramics") for n in range(11, 13)]


async def stored(store: Store, community: str = "pottery") -> int:
    return len(await store.posts(WORKSPACE, community))


async def test_a_run_keeps_posts_tells_progress_and_learns_the_norms(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=[*POTTERY, collected(4, stickied=True), collected(1)], ceramics=CERAMICS)
    told = Told()
    run = await collecting_from(source, store, clock, communities).start(caller, None, limit=50, report=told)
    assert (run.status, run.basis, run.problem) == (RunStatus.SUCCEEDED, Basis.REDDIT_API, None)
    assert (run.funnel.found, run.funnel.duplicate, run.funnel.kept) == (7, 1, 5)
    assert run.funnel.filtered == {prefilter.ANNOUNCEMENT: 1}
    assert [communities for communities, _, _ in source.asked] == [["pottery"], ["ceramics"]]
    assert told.lines[0] == "1 found, 1 new kept. r/pottery 1 | 1 of 100"
    assert any("r/pottery 3 · r/ceramics 2" in line for line in told.lines)
    profile = await store.latest_profile(WORKSPACE, "ceramics")
    assert profile is not None
    assert profile.sample_size == 2


async def test_rules_of_what_was_collected_are_read_with_it(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    asked: list[tuple[str, str]] = []

    async def refresh_rules(caller: Caller, community: str) -> bool:
        asked.append((caller.name, community))
        return False  # that nobody could read them stops nothing

    source = Shelf(pottery=POTTERY, ceramics=CERAMICS)
    collecting = Collecting(store, clock, {source.basis: source}, communities, refresh_rules)
    run = await collecting.start(caller, None, report=Told())
    assert run.status is RunStatus.SUCCEEDED
    assert asked == [(caller.name, "pottery"), (caller.name, "ceramics")]


async def test_collecting_again_renews_counts_and_stores_nothing_twice(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    first = collecting_from(Shelf(pottery=POTTERY), store, clock, communities)
    await first.start(caller, None, report=Told())
    again = collecting_from(Shelf(pottery=[collected(1, score=900), *POTTERY[1:]]), store, clock, communities)
    run = await again.start(caller, None, report=Told())
    assert (run.funnel.kept, run.funnel.duplicate) == (0, 3)
    assert 900 in [post.score for post in await store.posts(WORKSPACE, "pottery")]
    assert await stored(store) == 3


async def test_a_text_that_its_author_deleted_since_is_dropped(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    await collecting_from(Shelf(pottery=POTTERY), store, clock, communities).start(caller, None, report=Told())
    gone = collected(1, removed_by_category="deleted", body="[deleted]", author=None)
    stranger = collected(99, body="[deleted]")
    source = Shelf(pottery=[gone, stranger])
    run = await collecting_from(source, store, clock, communities).start(caller, None, report=Told())
    assert run.funnel.filtered == {prefilter.DELETED: 1}
    assert (run.funnel.duplicate, run.funnel.kept) == (1, 0)
    assert gone.reddit_id not in [post.reddit_id for post in await store.posts(WORKSPACE, "pottery")]


async def test_a_remote_that_fails_midway_leaves_a_partial_run_with_the_reason(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=[POTTERY[0], down()], ceramics=CERAMICS)
    run = await collecting_from(source, store, clock, communities).start(caller, None, report=Told())
    assert run.status is RunStatus.PARTIAL
    assert run.problem == "Reddit does not answer. Try again later."
    assert run.funnel.kept == 3, "the other community is still collected"


async def test_a_revoked_key_ends_the_run_at_once(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=[POTTERY[0], down(permanent=True)], ceramics=CERAMICS)
    run = await collecting_from(source, store, clock, communities).start(caller, None, report=Told())
    assert (run.status, run.funnel.kept) == (RunStatus.PARTIAL, 1)
    assert len(source.asked) == 1


async def test_a_community_that_does_not_exist_does_not_end_the_run_for_the_others(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=[NotFound("There is no r/pottery.", "Check the name.")], ceramics=CERAMICS)
    run = await collecting_from(source, store, clock, communities).start(caller, None, report=Told())
    assert (run.status, run.funnel.kept) == (RunStatus.PARTIAL, 2)
    assert "There is no r/pottery" in (run.problem or "")


async def test_a_remote_that_gives_nothing_is_an_error_and_a_failed_run(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    collecting = collecting_from(Shelf(pottery=[down()], ceramics=[down()]), store, clock, communities)
    with pytest.raises(RemoteError):
        await collecting.start(caller, None, report=Told())
    [run] = await store.runs(WORKSPACE)
    assert (run.status, run.problem) == (RunStatus.FAILED, "Reddit does not answer. Try again later.")


async def test_a_source_that_breaks_leaves_a_failed_run_and_the_defect_goes_on(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    collecting = collecting_from(Shelf(pottery=[POTTERY[0], ZeroDivisionError()]), store, clock, communities)
    with pytest.raises(ZeroDivisionError):
        await collecting.start(caller, None, report=Told())
    [run] = await store.runs(WORKSPACE)
    assert (run.status, run.funnel.kept) == (RunStatus.FAILED, 1)
    assert (await collecting.status(WORKSPACE)).running is None


async def test_a_second_collection_is_told_who_started_the_first_and_when(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=POTTERY)
    source.gate = asyncio.Event()
    collecting = collecting_from(source, store, clock, communities)
    first = asyncio.create_task(collecting.start(caller, None, report=Told()))
    await source.reached.wait()
    with pytest.raises(NotAllowedNow, match="started by alice at 12:00 UTC"):
        await collecting.start(caller, None, report=Told())
    elsewhere = collecting_from(Shelf(pottery=POTTERY), store, clock, communities)
    with pytest.raises(NotAllowedNow, match="started by alice"):
        await elsewhere.start(caller, None, report=Told())
    source.gate.set()
    assert (await first).status is RunStatus.SUCCEEDED


async def test_a_running_collection_is_shown_and_can_be_cancelled_by_somebody_else(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=POTTERY)
    source.gate = asyncio.Event()
    collecting = collecting_from(source, store, clock, communities)
    first = asyncio.create_task(collecting.start(caller, None, report=Told()))
    await source.reached.wait()
    status = await collecting.status(WORKSPACE)
    assert status.running is not None
    assert (status.seen, status.funnel.kept) == ({"pottery": 1}, 1)
    bob = Caller(WORKSPACE, "bob", "bob", "c")
    cancelled = await collecting.cancel(bob)
    assert (cancelled.status, cancelled.problem) == (RunStatus.CANCELLED, "Cancelled by bob.")
    assert (await first).status is RunStatus.CANCELLED, "who waited for it gets the run, not an error"
    assert source.closed == 1
    assert await stored(store) == 1
    with pytest.raises(NotAllowedNow, match="No collection is running"):
        await collecting.cancel(bob)


async def test_ctrl_c_marks_the_run_and_goes_on(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=POTTERY)
    source.gate = asyncio.Event()
    collecting = collecting_from(source, store, clock, communities)
    command = asyncio.create_task(collecting.start(caller, None, report=Told()))
    await source.reached.wait()
    command.cancel()
    with pytest.raises(asyncio.CancelledError):
        await command
    [run] = await store.runs(WORKSPACE)
    assert (run.status, run.funnel.kept, source.closed) == (RunStatus.CANCELLED, 1, 1)
    assert (await collecting.start(caller, None, report=Told(source.gate.set))).status is RunStatus.SUCCEEDED


async def test_a_run_left_by_a_program_that_ended_can_be_cancelled(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    left = await store.start_run(caller, campaign.id, Basis.FILE, ["pottery"], clock.now())
    collecting = collecting_from(Shelf(pottery=POTTERY), store, clock, communities)
    with pytest.raises(NotAllowedNow):
        await collecting.start(caller, None, report=Told())
    assert (await collecting.cancel(caller)).id == left.id
    assert (await collecting.start(caller, None, report=Told())).status is RunStatus.SUCCEEDED


async def test_a_killed_programs_run_stands_in_nobodys_way_after_three_minutes_and_a_slow_ones_stays(
    store: Store, caller: Caller, clock: FixedClock, campaign: Campaign, communities: Communities
) -> None:
    slow = Shelf(pottery=POTTERY)
    slow.gate = asyncio.Event()
    theirs = collecting_from(slow, store, clock, communities)
    ours = collecting_from(Shelf(pottery=POTTERY), store, clock, communities)
    working = asyncio.create_task(theirs.start(caller, None, report=Told()))
    await slow.reached.wait()

    for _ in range(20):  # their program says that it is there, and nothing comes from the source
        clock.advance(timedelta(minutes=2))
        assert await theirs.tend_runs() == 0
        with pytest.raises(NotAllowedNow, match="A collection is running"):
            await ours.start(caller, None, report=Told())

    clock.advance(timedelta(minutes=2, seconds=59))  # it was killed, and says nothing any more
    with pytest.raises(NotAllowedNow, match="A collection is running"):
        await ours.start(caller, None, report=Told())
    clock.advance(timedelta(seconds=1))
    assert (await ours.start(caller, None, report=Told())).status is RunStatus.SUCCEEDED
    dead = (await store.runs(caller.workspace_id))[1]
    assert (dead.status, dead.funnel.kept) == (RunStatus.FAILED, 1)
    slow.gate.set()
    with pytest.raises(NotAllowedNow, match="has ended"):  # it was only asleep: what it brings now is refused
        await working


async def test_a_clock_that_is_set_ahead_ends_no_run_of_another_program(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    jumping = SetClock(clock.now())
    await store.start_run(caller, campaign.id, Basis.FILE, ["pottery"], clock.now())
    ours = Collecting(store, jumping, {Basis.REDDIT_API: Shelf(pottery=POTTERY)}, communities)
    assert await ours.tend_runs() == 0

    jumping.set(timedelta(days=40))
    with pytest.raises(NotAllowedNow, match="A collection is running"):
        await ours.start(caller, None, report=Told())
    assert await ours.tend_runs() == 0
    jumping.advance(timedelta(minutes=59))
    assert await ours.tend_runs() == 0
    assert [run.status for run in await store.runs(WORKSPACE)] == [RunStatus.RUNNING]

    jumping.advance(timedelta(minutes=2))  # an hour later the clock still says so, and nobody else another time
    assert await ours.tend_runs() == 1


async def test_what_cannot_be_collected_is_refused_with_what_to_do(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    without = Collecting(store, clock, {}, communities)
    with pytest.raises(NotAllowedNow, match="No source of posts is set up"):
        await without.start(caller, None, report=Told())
    collecting = collecting_from(Shelf(), store, clock, communities)
    with pytest.raises(NotAllowedNow, match="apify is not set up here"):
        await collecting.start(caller, None, source=Basis.APIFY, report=Told())
    with pytest.raises(BadArgument, match="from 1 to 1,000"):
        await collecting.start(caller, None, limit=0, report=Told())
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.PAUSED, clock.now())
    with pytest.raises(NotAllowedNow, match="paused"):
        await collecting.start(caller, None, report=Told())
    assert await store.runs(WORKSPACE) == []


async def test_a_paid_source_is_asked_once_for_all_communities_so_that_its_cap_holds_for_the_run(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    source = Shelf(pottery=POTTERY)
    source.price = RunPrice("owner/actor", 2_000_000, timedelta(minutes=30))
    source.cost = RunCost(12_000)
    run = await collecting_from(source, store, clock, communities).start(
        caller, None, mode=CollectMode.FRESH, report=Told()
    )
    assert run.cost_usd_micros == 12_000
    assert source.asked == [(campaign.communities, 250, CollectMode.FRESH)]


# ---------------------------------------------------------------- files


async def test_importing_the_same_file_again_stores_nothing_twice(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities, tmp_path: Path
) -> None:
    rows = [row(n, community="Pottery" if n % 2 else "ceramics") for n in range(1, 21)]
    path = write_csv(tmp_path / "posts.csv", [*rows, rows[0]])
    collecting = Collecting(store, clock, {}, communities)
    run = await collecting.import_files(caller, "Bowls", [path], report=Told())
    assert (run.basis, run.communities) == (Basis.FILE, ("pottery", "ceramics"))
    assert run.funnel.kept_of == {"pottery": 10, "ceramics": 10}
    assert (run.funnel.found, run.funnel.duplicate, run.funnel.kept) == (21, 1, 20)
    again = await collecting.import_files(caller, "Bowls", [path], report=Told())
    assert (again.funnel.found, again.funnel.duplicate, again.funnel.kept) == (21, 21, 0)
    assert await stored(store) + await stored(store, "ceramics") == 20


async def test_a_file_that_is_no_table_is_refused_before_anything_is_stored(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities, tmp_path: Path
) -> None:
    good = write_csv(tmp_path / "good.csv", [row(1)])
    bad = tmp_path / "bad.csv"
    bad.write_text("headline\nHello\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"bad\.csv"):
        await Collecting(store, clock, {}, communities).import_files(caller, None, [good, bad], report=Told())
    assert await store.runs(WORKSPACE) == []
    assert await stored(store) == 0


async def test_a_broken_row_is_told_with_the_run_and_does_not_end_it(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "posts.csv", [row(n) for n in range(1, 51)])
    with path.open("a", encoding="utf-8") as file:
        file.write('1,2,"broken" quoting,,,\n')
    run = await Collecting(store, clock, {}, communities).import_files(caller, None, [path], report=Told())
    assert (run.status, run.funnel.found, run.funnel.kept) == (RunStatus.SUCCEEDED, 51, 50)
    (told,) = (await store.runs(WORKSPACE))[0].files
    assert told == run.files[0]
    assert (told.passed_over, told.passed_over_count) == (((52, "the quoting is broken"),), 1)


async def test_posts_of_a_file_have_scores_no_older_than_its_newest_post(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "posts.csv", [row(n) for n in (3, 9, 1)])
    await Collecting(store, clock, {}, communities).import_files(caller, None, [path], report=Told())
    posts = await store.posts(WORKSPACE, "pottery")
    assert {post.score_at for post in posts} == {collected(9).created_at}
    assert {post.found_in for post in posts} == {"file"}


async def test_a_profile_that_cannot_be_computed_does_not_undo_the_run(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign
) -> None:
    told = Told()
    worker = Worker("tests.core.analysis.quick_reader")
    source = Shelf(pottery=[collected(1, body="we saw them kill the reader with a kiln")])
    communities = Communities(store, clock, worker, worker)
    run = await collecting_from(source, store, clock, communities).start(caller, None, report=told)
    await worker.close()
    assert (run.status, run.funnel.kept) == (RunStatus.SUCCEEDED, 1)
    assert "The texts could not be read just now" in told.lines[-1]


def answer(number: int, body: str = "Fire it twice, at https://example.com/kiln", **changes: Any) -> CollectedComment:
    told = CollectedComment(f"kx{number:04d}", "pottery", "1abc2d", True, body, "clay_person", POTTERY[0].created_at)
    return replace(told, **changes)


async def test_comments_are_counted_and_neither_their_text_nor_their_author_is_kept(
    store: Store, clock: FixedClock, caller: Caller, campaign: Campaign, communities: Communities
) -> None:
    told = Told()
    source = Shelf(
        pottery=[*POTTERY, answer(1), answer(2, is_by_poster=True), answer(1, "Another text."), answer(3, "Ok")]
    )
    run = await collecting_from(source, store, clock, communities).start(caller, None, report=told)
    assert (run.status, run.problem, run.funnel.kept) == (RunStatus.SUCCEEDED, None, 3)
    at = POTTERY[0].created_at
    assert sorted(await store.comments(WORKSPACE, "pottery", 9), key=lambda one: one.reddit_id) == [
        CountedComment("kx0001", "pottery", "1abc2d", at, 5, ("link",), run.id),
        CountedComment("kx0003", "pottery", "1abc2d", at, 1, (), run.id),
    ]
    assert any("2 comments counted." in line for line in told.lines)
    assert "clay_person" not in str((await store.export_rows(WORKSPACE))["counted_comments"])


async def test_comments_that_cannot_be_read_cost_a_run_no_post(
    store: Store,
    clock: FixedClock,
    caller: Caller,
    campaign: Campaign,
    communities: Communities,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(comments: Sequence[CollectedComment]) -> list[CountedComment]:
        raise UserError("The texts could not be read just now.", "Try again.", code="analysis_unavailable")

    monkeypatch.setattr(communities, "read_comments", broken)
    source = Shelf(pottery=[answer(1), *POTTERY])
    run = await collecting_from(source, store, clock, communities).start(caller, None, report=Told())
    assert (run.status, await stored(store)) == (RunStatus.PARTIAL, 3)
    assert "could not be read just now" in (run.problem or "")
    assert await store.comments(WORKSPACE, "pottery", 9) == []

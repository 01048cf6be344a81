from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable

import pytest

from core.worker import NICENESS, Worker, WorkerDied, WorkerFailed
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.process

MODULE = "tests.core.echo_worker"


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    running = Worker(MODULE)
    yield running
    await running.close()


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def becomes(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - another process does it, which sets no event
            await asyncio.sleep(0.02)


async def test_the_child_starts_at_the_first_call(worker: Worker) -> None:
    assert worker.pid is None
    assert await worker.call("echo", {"text": "größer, 漢字\nline"}) == {"text": "größer, 漢字\nline"}
    assert worker.pid is not None


async def test_calls_at_once_wait_side_by_side_and_get_their_own_answers(worker: Worker) -> None:
    # The child answers none of them before all have arrived.
    calls = [{"of": 5, "value": value} for value in (3, 1, 2, 5, 4)]
    assert await asyncio.gather(*(worker.call("meet", call) for call in calls)) == [3, 1, 2, 5, 4]


async def test_the_child_yields_to_who_answers_people(worker: Worker) -> None:
    pid = await worker.call("pid", None)
    most = 19  # the tests themselves may run under `nice`
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + NICENESS, most)


async def test_first_calls_at_once_start_one_child(worker: Worker) -> None:
    assert len(set(await asyncio.gather(*(worker.call("pid", None) for _ in range(5))))) == 1


async def test_a_raised_error_comes_back_with_its_facts_and_the_child_lives_on(worker: Worker) -> None:
    before = await worker.call("pid", None)
    with pytest.raises(WorkerFailed) as caught:
        await worker.call("refuse", 7)
    assert (caught.value.kind, caught.value.facts) == ("Refused", {"value": 7})
    assert "on purpose" in caught.value.text
    assert await worker.call("pid", None) == before


async def test_what_libraries_print_does_not_disturb_the_answers(worker: Worker) -> None:
    assert await asyncio.gather(*(worker.call("chatter", n) for n in range(10))) == list(range(10))


async def test_a_large_answer_arrives_whole(worker: Worker) -> None:
    text = "x" * 3_000_000
    assert await worker.call("echo", text) == text


async def test_a_child_that_dies_fails_its_calls_and_the_next_call_starts_another(worker: Worker) -> None:
    first = await worker.call("pid", None)
    calls = [asyncio.create_task(worker.call("wait", 1_000)) for _ in range(3)]
    await worker.call("echo", 0)  # the child has read the calls before it
    os.kill(first, signal.SIGKILL)
    assert [type(error) for error in await asyncio.gather(*calls, return_exceptions=True)] == [WorkerDied] * 3
    assert await worker.call("pid", None) != first


async def test_a_child_that_leaves_in_the_middle_of_a_call_is_told_as_dead(worker: Worker) -> None:
    with pytest.raises(WorkerDied):
        await worker.call("die", 3)
    assert await worker.call("echo", 1) == 1


async def test_a_call_without_an_answer_in_time_kills_the_child(worker: Worker) -> None:
    first = await worker.call("pid", None)
    with pytest.raises(TimeoutError):
        await worker.call("block", 30, timeout_s=0.2)
    assert not is_there(first)
    assert await worker.call("pid", None) != first


async def test_a_cancelled_call_disturbs_no_other(worker: Worker) -> None:
    first = await worker.call("pid", None)
    other = asyncio.create_task(worker.call("meet", {"of": 2, "value": 7}))
    cancelled = asyncio.create_task(worker.call("wait", 1_000))
    await worker.call("echo", 0)  # the child has read the calls before it
    cancelled.cancel()
    assert await worker.call("meet", {"of": 2, "value": 8}) == 8
    assert await other == 7
    assert await worker.call("pid", None) == first


async def test_an_idle_child_leaves_by_itself_and_comes_back() -> None:
    worker = Worker(MODULE, idle_s=0.1)
    try:
        first = await worker.call("pid", None)
        await becomes(lambda: worker.pid is None)
        assert await worker.call("pid", None) != first
    finally:
        await worker.close()


async def test_a_busy_child_does_not_leave() -> None:
    worker = Worker(MODULE, idle_s=0.1)
    try:
        await worker.call("echo", 0)
        assert await worker.call("wait", 0.5) == 0.5
    finally:
        await worker.close()


async def test_closing_leaves_no_process_and_no_task() -> None:
    tasks = asyncio.all_tasks()
    worker = Worker(MODULE)
    pid = await worker.call("pid", None)
    await worker.close()
    assert not is_there(pid)
    assert asyncio.all_tasks() == tasks
    await worker.close()  # a second time is harmless


async def test_closing_while_a_call_waits_ends_that_call() -> None:
    worker = Worker(MODULE)
    await worker.call("echo", 0)
    call = asyncio.create_task(worker.call("wait", 1_000))
    await worker.call("echo", 0)  # the child has read the call before it
    await worker.close()
    with pytest.raises(WorkerDied):
        await call


async def test_a_module_that_cannot_start_is_told_as_dead() -> None:
    worker = Worker("tests.core.no_such_module")
    try:
        with pytest.raises(WorkerDied):
            await worker.call("echo", 1)
    finally:
        await worker.close()


async def test_a_call_that_meets_a_leaving_child_gets_a_new_one() -> None:
    worker = Worker(MODULE, idle_s=0.05)
    try:
        for _ in range(5):
            assert await worker.call("echo", 1) == 1
            await asyncio.sleep(0.052)  # just when its input is being closed
    finally:
        await worker.close()


async def test_a_timeout_of_one_call_fails_no_call_of_the_next_child(worker: Worker) -> None:
    await worker.call("echo", 0)
    late = asyncio.create_task(worker.call("block", 30, timeout_s=0.2))
    await asyncio.sleep(0.1)
    while worker.pid is not None:  # noqa: ASYNC110 - to act in the very turn of the loop in which killing began
        await asyncio.sleep(0)
    assert await asyncio.gather(*(worker.call("echo", n) for n in range(3))) == [0, 1, 2]
    with pytest.raises(TimeoutError):
        await late
    assert await worker.call("echo", 4) == 4


async def test_the_child_does_not_see_the_settings_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRAO_DISCORD_TOKEN", "a secret")
    running = Worker(MODULE, environment={"BCRAO_MEANT_FOR_IT": "yes"})
    assert await running.call("settings", None) == ["BCRAO_MEANT_FOR_IT"]
    await running.close()

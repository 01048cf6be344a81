from __future__ import annotations

import asyncio

import pytest

from bot.dispatcher import Turnstile

FOREVER_S = 3600.0


class Crowd:
    """Pieces of work that stay inside until they are told to end."""

    def __init__(self, turnstile: Turnstile) -> None:
        self._turnstile = turnstile
        self.inside: list[int] = []
        self.entered: dict[int, asyncio.Event] = {}
        self.ends: dict[int, asyncio.Event] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}

    async def _work(self, number: int) -> None:
        async with self._turnstile.through():
            self.inside.append(number)
            self.entered[number].set()
            await self.ends[number].wait()
            self.inside.remove(number)

    async def arrive(self, *numbers: int) -> None:
        for number in numbers:
            self.entered[number], self.ends[number] = asyncio.Event(), asyncio.Event()
            self.tasks[number] = asyncio.create_task(self._work(number))
        await self.rest()

    async def end(self, number: int) -> None:
        self.ends[number].set()
        await self.tasks[number]
        await self.rest()

    async def rest(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def all_end(self) -> None:
        for event in self.ends.values():
            event.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def test_only_a_few_are_inside_and_the_others_follow_in_their_order() -> None:
    crowd = Crowd(Turnstile(at_once=2, long_s=FOREVER_S))
    await crowd.arrive(1, 2, 3, 4)
    assert crowd.inside == [1, 2]
    await crowd.end(2)
    assert crowd.inside == [1, 3]
    await crowd.end(1)
    assert crowd.inside == [3, 4]
    await crowd.all_end()


async def test_long_work_makes_room_for_the_next() -> None:
    crowd = Crowd(Turnstile(at_once=1, long_s=0.01))
    await crowd.arrive(1, 2)
    await crowd.entered[2].wait()
    assert crowd.inside == [1, 2]
    await crowd.all_end()


async def test_long_work_does_not_make_room_a_second_time_when_it_ends() -> None:
    turnstile = Turnstile(at_once=1, long_s=0.01)
    crowd = Crowd(turnstile)
    await crowd.arrive(1, 2)
    await crowd.entered[2].wait()
    await crowd.all_end()
    turnstile._long_s = FOREVER_S
    await crowd.arrive(3, 4)
    assert crowd.inside == [3]
    await crowd.all_end()


async def test_work_that_fails_or_is_cancelled_makes_room() -> None:
    turnstile = Turnstile(at_once=1, long_s=FOREVER_S)
    with pytest.raises(ZeroDivisionError):
        async with turnstile.through():
            raise ZeroDivisionError
    crowd = Crowd(turnstile)
    await crowd.arrive(1, 2, 3)
    crowd.tasks[2].cancel()  # while it waits
    await crowd.rest()
    crowd.tasks[1].cancel()  # while it is inside
    await crowd.rest()
    assert 3 in crowd.inside
    await crowd.all_end()

"""A worker's child for tests: it answers, raises, sleeps, prints and dies."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from core.worker import serve


class Refused(Exception):
    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__("refused, on purpose")
        self.facts = facts


def echo(value: Any) -> Any:
    return value


def chatter(value: Any) -> Any:
    print("a library prints this")
    os.write(1, b"and C code this\n")
    return value


def refuse(value: Any) -> Any:
    raise Refused({"value": value})


async def wait(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


_arrived: list[asyncio.Future[None]] = []


async def meet(call: dict[str, int]) -> int:
    """Wait until `of` calls have come, then let all of them go on."""
    _arrived.append(asyncio.get_running_loop().create_future())
    if len(_arrived) == call["of"]:
        for future in _arrived:
            future.set_result(None)
    await _arrived[-1]
    return call["value"]


def block(seconds: float) -> None:
    time.sleep(seconds)


def die(status: int) -> None:
    os._exit(status)


def pid(_: Any) -> int:
    return os.getpid()


def settings(_: Any) -> list[str]:
    return [name for name in os.environ if name.startswith("BCRAO_")]


if __name__ == "__main__":
    serve(
        {
            "echo": echo,
            "chatter": chatter,
            "refuse": refuse,
            "wait": wait,
            "meet": meet,
            "block": block,
            "die": die,
            "pid": pid,
            "settings": settings,
        }
    )

"""A gateway to a loopback Reddit, and what it gives when posts are collected."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from core.errors import NotAllowedNow, NotFound, RemoteError
from core.gateways.reddit import RedditGateway
from core.ports import PostSource, SourceBatch
from tests.clock import FixedClock
from tests.fakes.reddit import FakeReddit, raw

Ask = Callable[[RedditGateway], Awaitable[object]]


DEEP, LONG = raw("[" * 5_000 + "]" * 5_000), raw("9" * 5_000)


@asynccontextmanager
async def connected(
    reddit: FakeReddit, clock: FixedClock | None = None, **settings: Any
) -> AsyncIterator[RedditGateway]:
    gateway = RedditGateway(**{**reddit.credentials, **settings}, clock=clock or FixedClock())
    try:
        yield gateway
    finally:
        await gateway.close()


async def gather(gateway: PostSource, *communities: str, limit: int = 50) -> tuple[list[SourceBatch], Exception | None]:
    """The batches that came, and how it ended."""
    batches: list[SourceBatch] = []
    try:
        async for batch in gateway.collect(communities, limit_per_community=limit):
            assert isinstance(batch, SourceBatch)  # a cost is told by sources that cost money
            batches.append(batch)
    except (RemoteError, NotFound, NotAllowedNow) as error:
        return batches, error
    return batches, None

"""What the loopback fakes share: a server on 127.0.0.1, a record of every request, and faults to order.

async with FakeReddit() as reddit:
    reddit.fail("/api/info", Fault(status=503))          # until `heal()`
    reddit.fail("/r/x/new", Fault(cut=True, times=1))    # once
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from tests.patience import PATIENCE_S


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass
class Fault:
    """What to answer instead. `cut` ends the connection in the middle of a body; `truncated` sends half of the real
    answer as if it were whole; `slow_s` waits first, then answers as usual (or as the rest of the fault says).
    """

    status: int | None = None
    body: str | bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    slow_s: float = 0.0
    cut: bool = False
    truncated: bool = False
    drip: bool = False  # a body that never ends, a few bytes at a time
    times: int | None = None  # None: until healed

    @classmethod
    def html(cls, status: int = 200, words: str = "Log in to continue") -> Fault:
        body = f"<!doctype html><html><body>{words}</body></html>"
        return cls(status=status, body=body, headers={"Content-Type": "text/html; charset=utf-8"})

    @classmethod
    def json(cls, status: int, body: str, **headers: str) -> Fault:
        return cls(status=status, body=body, headers={"Content-Type": "application/json", **headers})


class Loopback:
    """Base of the fakes: subclasses implement `answer`."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.url = ""
        self._faults: list[tuple[str, Fault]] = []
        self._arrival = asyncio.Condition()
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def fail(self, path_prefix: str, fault: Fault) -> None:
        """Answer requests whose path begins so with `fault`; the newest order wins."""
        self._faults.insert(0, (path_prefix, fault))

    def heal(self) -> None:
        self._faults.clear()

    def seen(self, path_prefix: str) -> list[Seen]:
        return [request for request in self.requests if request.path.startswith(path_prefix)]

    async def until_seen(self, path_prefix: str, count: int) -> None:
        """Wait until so many requests to the path have arrived."""
        async with asyncio.timeout(PATIENCE_S), self._arrival:
            await self._arrival.wait_for(lambda: len(self.seen(path_prefix)) >= count)

    async def answer(self, request: Seen) -> web.Response:
        raise NotImplementedError

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        seen = Seen(
            request.method,
            request.path,
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        async with self._arrival:
            self.requests.append(seen)
            self._arrival.notify_all()
        fault = self._fault_for(seen.path)
        if fault is None:
            return await self.answer(seen)
        if fault.slow_s:
            await self._pause(fault.slow_s)
        if fault.drip:
            return await self._drip(request)
        if fault.cut:
            return await self._cut(request)
        if fault.truncated:
            whole = await self.answer(seen)
            assert isinstance(whole.body, bytes)
            return web.Response(status=whole.status, body=whole.body[: len(whole.body) // 2], headers=fault.headers)
        if fault.status is None:
            return await self.answer(seen)
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
        return web.Response(status=fault.status, body=body, headers=fault.headers)

    def _fault_for(self, path: str) -> Fault | None:
        for prefix, fault in self._faults:
            if path.startswith(prefix) and fault.times != 0:
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    async def _pause(self, seconds: float) -> None:
        """Sleep, but never longer than the server lives."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while not self._stopping.is_set():
            await response.write(b" ")
            await self._pause(0.02)
        return response

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"kind": "Listing", "da')
        assert request.transport is not None
        request.transport.close()
        return response

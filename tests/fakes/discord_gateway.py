"""The gateway of the fake Discord: HELLO, IDENTIFY with its token checked, RESUME with what was missed."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord_people import APPLICATION, BOT
from tests.patience import PATIENCE_S


class Gateway:
    def __init__(self) -> None:
        self.token = "good-token"
        self.gateway_url = ""
        self.identified: list[list[int]] = []  # the shard of every IDENTIFY
        self.resumed = 0
        self.servers: list[dict[str, Any]] = []  # told of at every IDENTIFY
        self._sockets: dict[web.WebSocketResponse, Any] = {}
        self._sequence = 0
        self._missed: list[dict[str, Any]] = []
        self._session_is_valid = True
        self._change = asyncio.Condition()

    async def until(self, holds: Callable[[], object], within_s: float = PATIENCE_S) -> None:
        async with asyncio.timeout(within_s), self._change:
            await self._change.wait_for(holds)

    async def until_ready(self) -> None:
        await self.until(lambda: self._sockets)

    @property
    def connections(self) -> int:
        return len(self._sockets)

    async def drop(self, code: int = 1011) -> None:
        """Cut every gateway connection; what happens until the session is resumed is kept for it."""
        for socket in list(self._sockets):
            await socket.close(code=code)

    async def invalidate(self) -> None:
        """End the sessions: they cannot be resumed."""
        self._session_is_valid = False
        await self.drop(4000)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        packer = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        await self._pack(socket, packer, {"op": 10, "d": {"heartbeat_interval": 41250}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            packet = json.loads(message.data)
            if packet["op"] == 1:
                await self._pack(socket, packer, {"op": 11})
            elif packet["op"] in (2, 6):
                if packet["d"]["token"] != self.token:
                    await socket.close(code=4004)
                elif packet["op"] == 2:
                    await self._identify(socket, packer, packet["d"])
                elif not self._session_is_valid:
                    await self._pack(socket, packer, {"op": 9, "d": False})
                else:
                    await self._resume(socket, packer, packet["d"])
        async with self._change:
            self._sockets.pop(socket, None)
            self._change.notify_all()
        return socket

    async def _identify(self, socket: web.WebSocketResponse, packer: Any, told: dict[str, Any]) -> None:
        assert told["intents"] == 1, "the servers, and nothing else, are asked for"
        there = self.servers if told["shard"][0] == 0 else []
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": server["id"], "unavailable": True} for server in there],
            "private_channels": [],
            "session_id": "session",
            "resume_gateway_url": self.gateway_url.replace("/gateway", "/resumed-gateway"),
            "shard": told["shard"],
            "application": {"id": str(APPLICATION), "flags": 0},
        }
        self._session_is_valid = True
        self._sequence += 1
        await self._pack(socket, packer, {"op": 0, "s": self._sequence, "t": "READY", "d": ready})
        for server in there:
            self._sequence += 1
            told_of = {**server, "unavailable": False}
            await self._pack(socket, packer, {"op": 0, "s": self._sequence, "t": "GUILD_CREATE", "d": told_of})
        async with self._change:
            self.identified.append(told["shard"])
            self._sockets[socket] = packer
            self._change.notify_all()

    async def _resume(self, socket: web.WebSocketResponse, packer: Any, told: dict[str, Any]) -> None:
        assert told["session_id"] == "session"
        for event in self._missed:
            if event["s"] > told["seq"]:
                await self._pack(socket, packer, event)
        self._missed.clear()
        self._sequence += 1
        await self._pack(socket, packer, {"op": 0, "s": self._sequence, "t": "RESUMED", "d": {}})
        async with self._change:
            self.resumed += 1
            self._sockets[socket] = packer
            self._change.notify_all()

    async def dispatch(self, name: str, data: dict[str, Any]) -> None:
        self._sequence += 1
        event = {"op": 0, "s": self._sequence, "t": name, "d": data}
        if not self._sockets:
            self._missed.append(event)
            return
        socket, packer = next(iter(self._sockets.items()))
        await self._pack(socket, packer, event)

    @staticmethod
    async def _pack(socket: web.WebSocketResponse, packer: Any, packet: dict[str, Any]) -> None:
        text = json.dumps(packet)
        if packer is None:
            await socket.send_str(text)
        else:
            await socket.send_bytes(packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH))

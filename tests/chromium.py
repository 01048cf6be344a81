"""A real browser for tests: headless Chromium, spoken to over its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from tests.patience import PATIENCE_S


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


class Tab:
    """One page. Complaints of the page (its console, refused styles and scripts) are kept."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._loaded = asyncio.Event()
        self.complaints: list[str] = []
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(PATIENCE_S):
            return await answer

    async def go(self, address: str) -> None:
        self._loaded.clear()
        await self.ask("Page.navigate", url=address)
        async with asyncio.timeout(PATIENCE_S):
            await self._loaded.wait()

    async def click(self, selector: str) -> None:
        """Press the middle of an element with the mouse, and wait for the page to which that leads."""
        box = await self.value(
            f"(() => {{ const b = document.querySelector({selector!r}); b.scrollIntoView(); "
            "const r = b.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        self._loaded.clear()
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask(
                "Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", buttons=1, clickCount=1
            )
        async with asyncio.timeout(PATIENCE_S):
            await self._loaded.wait()

    async def value(self, expression: str) -> Any:
        answer = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        return base64.b64decode((await self.ask("Page.captureScreenshot", format="png"))["data"])

    async def close(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                answer = self._answers.pop(told["id"])
                if "error" in told:
                    answer.set_exception(RuntimeError(told["error"]["message"]))
                else:
                    answer.set_result(told["result"])
            elif told["method"] == "Page.loadEventFired":
                self._loaded.set()
            elif told["method"] == "Log.entryAdded":
                self.complaints.append(told["params"]["entry"]["text"])


@asynccontextmanager
async def tab(folder: Path, *, width: int = 390, height: int = 844, dark: bool = False) -> AsyncIterator[Tab]:
    """A tab of a Chromium of its own, as wide as a phone."""
    chromium = find_chromium()
    assert chromium is not None
    flags = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
    )
    program = await asyncio.create_subprocess_exec(
        chromium,
        *flags,
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert program.stderr is not None
    try:
        port = await _port(program.stderr)
        async with aiohttp.ClientSession() as session:
            async with session.put(f"http://127.0.0.1:{port}/json/new") as answer:
                address = (await answer.json())["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as socket:
                opened = Tab(socket)
                for domain in ("Page", "Log", "Runtime"):
                    await opened.ask(f"{domain}.enable")
                await opened.ask(
                    "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True
                )
                scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
                await opened.ask("Emulation.setEmulatedMedia", features=[scheme])
                yield opened
                await opened.close()
    finally:
        program.kill()
        await program.wait()


async def _port(said: asyncio.StreamReader) -> int:
    """Chromium says on its error output where it listens: "DevTools listening on ws://127.0.0.1:40123/…"."""
    async with asyncio.timeout(PATIENCE_S):
        async for line in said:
            if found := re.search(rb"listening on ws://[^:]+:(\d+)/", line):
                return int(found[1])
    raise RuntimeError("Chromium ended before it listened")

"""Command lines from a pipe, a file or a terminal without editing, read without a thread and without blocking."""

from __future__ import annotations

import asyncio
import os

LINE_MAX_BYTES = 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class UnreadableLine(Exception):
    """A line that cannot be a command; the text says why. Reading can go on with the next line."""


class LineReader:
    """Lines of an open file descriptor, which the caller closes.

    Reading waits until the descriptor is ready (it is not made non-blocking: a terminal's input and output share
    that flag). Regular files are always ready; the event loop cannot watch them.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()
        self._ended = False
        self._skipping = False  # the rest of a line that was too long is being skipped
        self._first = True

    async def line(self) -> str | None:
        """Returns the next line without its line break; None at the end. Raises `UnreadableLine`."""
        while True:
            end = self._buffer.find(b"\n")
            if end < 0 and not self._ended:
                if len(self._buffer) > LINE_MAX_BYTES:
                    self._skipping = True
                    self._buffer.clear()
                await self._fill()
                continue
            if end < 0 and not self._buffer and not self._skipping:
                return None
            raw = bytes(self._buffer if end < 0 else self._buffer[:end])
            del self._buffer[: len(raw) + 1]
            return self._decode(raw)

    def _decode(self, raw: bytes) -> str:
        if self._skipping or len(raw) > LINE_MAX_BYTES:
            self._skipping = False
            raise UnreadableLine(f"The line is longer than {LINE_MAX_BYTES:,} bytes.")
        if self._first:
            raw, self._first = raw.removeprefix(b"\xef\xbb\xbf"), False
        try:
            return raw.decode("utf-8").rstrip("\r")
        except UnicodeDecodeError as error:
            raise UnreadableLine(f"The line is not UTF-8 text (byte {error.start + 1}).") from None

    async def _fill(self) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        try:
            loop.add_reader(self._descriptor, _set_ready, ready)
        except PermissionError:
            await asyncio.sleep(0)  # a regular file or /dev/null
        else:
            try:
                await ready
            finally:
                loop.remove_reader(self._descriptor)
        try:
            chunk = os.read(self._descriptor, _CHUNK_BYTES)
        except OSError:
            chunk = b""  # the terminal was closed
        self._ended = not chunk
        self._buffer += chunk


def _set_ready(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)

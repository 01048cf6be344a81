"""Files that people attach to a command: they come from the chat's own host and from no other, or from this machine
where the person at the terminal names one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from core.errors import BadFile

log = logging.getLogger(__name__)

# Returns the content of at most so many bytes. Raises `BadFile`.
Attached = Callable[[int], Awaitable[bytes]]

WITHIN_S = 20.0
_CHUNK_BYTES = 64 * 1024
_AGAIN = "Attach it once more."


async def download(url: str, host: str, headers: Mapping[str, str], most_bytes: int) -> bytes:
    """Returns a file of the chat. `host` is the address under which the chat keeps files; nothing else is asked, and no
    redirect is followed. Raises `BadFile`.
    """
    import aiohttp  # only a chat needs it

    if not url.startswith(f"{host}/"):
        log.warning("a file is not where the chat keeps files")
        raise BadFile("The chat does not say where the file is.", _AGAIN)
    # A file that is smaller on the way could grow without end here.
    plain = {**headers, "Accept-Encoding": "identity"}
    try:
        async with (
            asyncio.timeout(WITHIN_S),
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.get(url, headers=plain, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise BadFile(f"The chat did not hand the file over (status {response.status}).", _AGAIN)
            content = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                content += chunk
                if len(content) > most_bytes:
                    raise _too_large(most_bytes)
    except (aiohttp.ClientError, TimeoutError, OSError) as failure:
        log.info("a file was not downloaded", extra={"why": repr(failure)})
        raise BadFile("The file could not be downloaded.", _AGAIN) from None
    return bytes(content)


def local_file(path: str) -> Attached:
    """Returns how to read a file of this machine."""

    def read(most_bytes: int) -> bytes:
        file = Path(path).expanduser()
        try:
            if not file.is_file():  # reading a pipe would wait for ever
                raise BadFile(f"There is no file {path}.", "Give the path of a picture.")
            if file.stat().st_size > most_bytes:
                raise _too_large(most_bytes)
            return file.read_bytes()
        except (OSError, ValueError) as failure:
            why = getattr(failure, "strerror", None) or failure
            raise BadFile(f"The file {path} cannot be read: {why}.", "Give the path of a picture.") from None

    return lambda most_bytes: asyncio.to_thread(read, most_bytes)


def _too_large(most_bytes: int) -> BadFile:
    return BadFile(f"The file has more than {most_bytes // 2**20} MB.", "Attach a smaller one.")

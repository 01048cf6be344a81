"""Posts signed events to the servers that workspaces named. An address is a stranger's word: it may lead inside.

The host is looked up, every address it has must be public, and the connection goes to the address that was looked at,
so that a second look-up cannot lead elsewhere. Redirects are not followed, and of the answer only the status counts.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

import httpx

from core.errors import BadArgument, RemoteError
from core.texts.pasted import said

TIMEOUT_S = 10.0
URL_MAX = 500
REMOTE = "webhook"

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]

_HOW = "Give an https address that the whole internet can reach, such as https://example.com/hooks."
_SEE = "See in the other tool whether it takes events at this address."


async def look_up(host: str, port: int) -> Sequence[str]:
    """Returns a host's addresses as the system knows them. Raises `OSError`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(address: str) -> bool:
    """Returns whether an IP address belongs to the public internet, and so does an address that it carries inside."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return found.is_global and not found.is_multicast


class HookPoster:
    """Implements `core.hooks.Poster`. `inside` lets events go to private addresses and by plain http too."""

    def __init__(self, *, user_agent: str, inside: bool = False, lookup: Lookup = look_up) -> None:
        self._user_agent, self._inside, self._lookup = user_agent, inside, lookup

    async def check(self, url: str) -> None:
        """Raises `BadArgument` when events cannot go to this address."""
        host, port = self._read(url)
        await self._address(host, port)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        host, port = self._read(url)
        address = await self._address(host, port)
        whole = httpx.URL(url)
        pinned = whole.copy_with(host=address)
        named = {"Host": whole.netloc.decode("ascii"), "User-Agent": self._user_agent, **headers}
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                # `trust_env` would let a proxy of the environment look the host up again.
                httpx.AsyncClient(trust_env=False, follow_redirects=False) as client,
                client.stream(
                    "POST", pinned, content=body, headers=named, extensions={"sni_hostname": host}
                ) as response,
            ):
                status = response.status_code
        except TimeoutError:
            raise RemoteError(f"{host} did not answer within {TIMEOUT_S:g} s.", _SEE, remote=REMOTE) from None
        except httpx.HTTPError as error:
            why = type(error).__name__
            raise RemoteError(f"{host} could not be reached ({why}).", _SEE, remote=REMOTE) from None
        if 300 <= status < 400:
            raise RemoteError(
                f"{host} answered with a redirect ({status}), which is not followed.",
                "Give the address that it leads to.",
                remote=REMOTE,
            )
        if not 200 <= status < 300:
            raise RemoteError(f"{host} answered with status {status}.", _SEE, remote=REMOTE)

    def _read(self, url: str) -> tuple[str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
            whole = httpx.URL(url)
        except (ValueError, httpx.InvalidURL):
            raise BadArgument(f"{said(url[:80])} is not an address.", _HOW, param="url") from None
        secure = parts.scheme == "https" or (self._inside and parts.scheme == "http")
        if (
            re.search(r"[\s\x00-\x1f]", url)
            or not secure
            or not host
            or parts.username is not None
            or len(url) > URL_MAX
            or not whole.host
        ):
            raise BadArgument(f"Events cannot go to {said(url[:80])}.", _HOW, param="url")
        return host, port or (443 if parts.scheme == "https" else 80)

    async def _address(self, host: str, port: int) -> str:
        """Returns the address to connect to. Raises `BadArgument` when one of the host's addresses is not public."""
        try:
            found = await self._lookup(host, port)
        except OSError:
            found = ()
        if not found:
            raise RemoteError(f"{host} is not known.", "See how its name is written.", remote=REMOTE)
        if not self._inside and not all(map(is_public, found)):
            raise BadArgument(f"{host} is inside a private network.", _HOW, param="url")
        return found[0]

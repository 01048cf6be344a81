from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadArgument, RemoteError
from core.gateways import hook
from core.gateways.hook import HookPoster, is_public
from tests.fakes.loopback import Fault, Loopback, Seen


class Server(Loopback):
    async def answer(self, seen: Seen) -> web.Response:
        return web.Response(text="ok")


def leading_to(*addresses: str) -> HookPoster:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return addresses

    return HookPoster(user_agent="bcrao", lookup=lookup)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "nonsense"),
    ],
)
async def test_no_event_goes_to_a_private_address(address: str) -> None:
    assert not is_public(address)
    poster = leading_to("93.184.216.34", address)
    for act in (poster.check("https://hooks.example.com/x"), poster.post("https://hooks.example.com/x", b"{}", {})):
        with pytest.raises(BadArgument, match="inside a private network"):
            await act


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
async def test_a_public_address_may_be_named(address: str) -> None:
    await leading_to(address).check("https://hooks.example.com:8443/x?y=1")


@given(st.ip_addresses(v=4))
def test_whatever_python_calls_private_is_refused(address: ipaddress.IPv4Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_reserved:
        assert not is_public(str(address))
    if is_public(str(address)):
        assert address.is_global


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "ftp://example.com", "https://", "example.com", "https://user:pw@example.com/x"),
        *(
            "file:///etc/passwd",
            "https://exa mple.com/",
            "https://example.com:99999/",
            f"https://example.com/{'a' * 500}",
        ),
    ],
)
async def test_only_plain_https_addresses_are_taken(url: str) -> None:
    with pytest.raises(BadArgument):
        await leading_to("93.184.216.34").check(url)


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x"])
async def test_an_address_of_this_machine_is_refused_by_the_systems_own_look_up(url: str) -> None:
    with pytest.raises(BadArgument, match="private"):
        await HookPoster(user_agent="bcrao").check(url)


async def test_the_connection_goes_to_the_address_that_was_looked_at_and_names_the_host() -> None:
    async with Server() as server:
        port = server.url.rpartition(":")[2]
        asked: list[str] = []

        async def lookup(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) == 1 else ["10.9.9.9"]

        poster = HookPoster(user_agent="bcrao", inside=True, lookup=lookup)
        await poster.post(f"http://hooks.example.com:{port}/in?a=b", b'{"a":1}', {"X-Mark": "7"})
        [seen] = server.requests
        assert asked == ["hooks.example.com"]
        assert (seen.method, seen.path, seen.query, seen.body) == ("POST", "/in", {"a": "b"}, b'{"a":1}')
        assert seen.headers["host"] == f"hooks.example.com:{port}"
        assert (seen.headers["x-mark"], seen.headers["user-agent"]) == ("7", "bcrao")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(status=302, headers={"Location": "http://169.254.169.254/"}), "a redirect (302), which is not followed"),
        (Fault(status=500), "status 500"),
        (Fault(status=410), "status 410"),
        (Fault(cut=True), ""),
    ],
)
async def test_what_is_no_acceptance_is_told_and_not_followed(fault: Fault, told: str) -> None:
    async with Server() as server:
        server.fail("/in", fault)
        poster = HookPoster(user_agent="bcrao", inside=True)
        if fault.cut:  # the status was accepted, and of an answer only that counts
            await poster.post(f"{server.url}/in", b"{}", {})
            return
        with pytest.raises(RemoteError) as refused:
            await poster.post(f"{server.url}/in", b"{}", {})
        assert told in str(refused.value)
        assert len(server.requests) == 1


async def test_a_server_that_is_not_there_or_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/"
    poster = HookPoster(user_agent="bcrao", inside=True)
    with pytest.raises(RemoteError, match="could not be reached"):
        await poster.post(nobody, b"{}", {})
    monkeypatch.setattr(hook, "TIMEOUT_S", 0.2)
    async with Server() as server:
        server.fail("/in", Fault(slow_s=30))
        with pytest.raises(RemoteError, match="did not answer"):
            await poster.post(f"{server.url}/in", b"{}", {})


async def test_a_host_that_nobody_knows_is_told() -> None:
    with pytest.raises(RemoteError, match="is not known"):
        await leading_to().check("https://nowhere.example.com/")

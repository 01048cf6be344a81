"""What strangers send to the addresses that the program serves: refused early, and with one line in the log."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

from bot.listener import BODY_MAX_BYTES, Listener, hear_reddit
from bot.settings import REDIRECT_PATH
from bot.slack_app import INSTALL_PATH, INSTALLED_PATH, REQUESTS_PATH
from bot.slack_app.listeners import _SIGNATURE, _TIMESTAMP, Requests
from core.accounts import Accounts
from core.seal import LINKED_ACCOUNTS
from storage.store import Store
from tests.bot.slack_app.door import opened, seal
from tests.clock import FixedClock
from tests.fakes.slack import FakeSlack

SECRET = "shh"
NOW_S = 1_790_000_000.0
MARK = "what-a-stranger-wrote"
SIGNED = f"v0={'a' * 64}"

Answer = tuple[int, dict[str, str], bytes]


async def talk(port: int | None, *said: bytes) -> bytes:
    """Everything that comes back for these bytes, until the other side closes or has nothing more to say."""
    assert port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in said:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(20):
            return await reader.read()
    finally:
        writer.close()


async def ask(
    port: int | None, method: str, path: str, headers: list[tuple[str, str | bytes]], body: bytes = b""
) -> Answer:
    head = [f"{method} {path} HTTP/1.1".encode("utf-8", "surrogateescape"), b"Host: bot", b"Connection: close"]
    head += [name.encode() + b": " + (v if isinstance(v, bytes) else v.encode()) for name, v in headers]
    if not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers):
        head.append(f"Content-Length: {len(body)}".encode())
    return read_answer(await talk(port, b"\r\n".join(head) + b"\r\n\r\n" + body))


def read_answer(came: bytes) -> Answer:
    top, _, rest = came.partition(b"\r\n\r\n")
    status, *lines = top.decode("latin-1").split("\r\n")
    return int(status.split(" ")[1]), {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}, rest


def signed(body: bytes, *, at: str = f"{NOW_S:.0f}", kind: str = "application/json") -> list[tuple[str, str | bytes]]:
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=at, body=body.decode("latin-1"))
    assert signature is not None
    return [("X-Slack-Request-Timestamp", at), ("X-Slack-Signature", signature), ("Content-Type", kind)]


class Bolt(AsyncApp):
    """Counts what comes through to it."""

    def __init__(self) -> None:
        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=None)

        super().__init__(authorize=authorize, request_verification_enabled=False, ssl_check_enabled=False)
        self.came: list[dict[str, Any]] = []

        async def remember(body: dict[str, Any], next: Any) -> None:
            self.came.append(body)
            await next()

        self.use(remember)


@asynccontextmanager
async def slack_address(**options: Any) -> AsyncIterator[tuple[Listener, Bolt]]:
    listener, bolt = Listener("127.0.0.1:0"), Bolt()
    requests = Requests(listener, SECRET, now_s=lambda: NOW_S, **options)
    async with listener.serving():
        with requests.answered_by(bolt):
            yield listener, bolt


def told(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name.startswith(("bot.", "aiohttp"))]


def assert_one_calm_line(caplog: pytest.LogCaptureFixture) -> None:
    (line,) = told(caplog)
    assert line.levelno == logging.WARNING
    assert line.exc_info is None
    assert MARK not in f"{line.getMessage()} {vars(line)}"


ODD_TIMES = {
    "nan": "nan",
    "inf": "inf",
    "an overflow": "1e400",
    "400 digits": "9" * 400,
    "5,000 digits": "9" * 5000,
    "nothing": "",
    "blank": " ",
    "negative": f"-{NOW_S:.0f}",
    "plus": f"+{NOW_S:.0f}",
    "a fraction": f"{NOW_S}",
    "underscores": "1_790_000_000",
    "other digits": "１７９００００００",
    "no UTF-8": b"\xff\xfe",
    "hexadecimal": "0x6AB15180",
    "a list": f"{NOW_S:.0f}, {NOW_S:.0f}",
    "long ago": f"{NOW_S - 301:.0f}",
    "still to come": f"{NOW_S + 301:.0f}",
}


@pytest.mark.parametrize("at", ODD_TIMES.values(), ids=ODD_TIMES)
async def test_an_odd_timestamp_is_refused_in_one_line(at: str | bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with slack_address() as (listener, bolt):
        headers: list[tuple[str, str | bytes]] = [("X-Slack-Request-Timestamp", at), ("X-Slack-Signature", SIGNED)]
        status, _, body = await ask(listener.port, "POST", REQUESTS_PATH, headers, f'{{"a": "{MARK}"}}'.encode())
        assert (status, body, bolt.came) == (401, b"", [])
    caplog.set_level(logging.INFO)
    assert_one_calm_line(caplog)


ODD_SIGNATURES: dict[str, list[tuple[str, str | bytes]]] = {
    "none": [],
    "empty": [("X-Slack-Signature", "")],
    "not ASCII": [("X-Slack-Signature", "v0=é" + "a" * 62)],
    "no UTF-8": [("X-Slack-Signature", b"v0=\xff")],
    "too short": [("X-Slack-Signature", SIGNED[:-1])],
    "upper case": [("X-Slack-Signature", SIGNED.upper())],
    "another version": [("X-Slack-Signature", SIGNED.replace("v0", "v1"))],
    "of somebody else": [("X-Slack-Signature", SIGNED)],
}


@pytest.mark.parametrize("signature", ODD_SIGNATURES.values(), ids=ODD_SIGNATURES)
@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[" * 100_000, MARK.encode(), b"payload={", b""], ids=lambda body: f"{len(body)} bytes"
)
async def test_an_unsigned_body_is_refused_before_anybody_reads_it(
    signature: list[tuple[str, str | bytes]], body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with slack_address() as (listener, bolt):
        headers = [("X-Slack-Request-Timestamp", f"{NOW_S:.0f}"), *signature, ("Content-Type", "application/json")]
        status, told_back, said = await ask(listener.port, "POST", REQUESTS_PATH, headers, body)
        assert (status, said, bolt.came) == (401, b"", [])
        assert told_back["server"] == "bcrao"
    assert_one_calm_line(caplog)


async def test_a_body_that_never_comes_is_not_waited_for_without_a_signature() -> None:
    async with slack_address(body_within_s=3600) as (listener, _):
        head = f"POST {REQUESTS_PATH} HTTP/1.1\r\nHost: bot\r\nContent-Length: 900000\r\n\r\n".encode()
        assert read_answer(await talk(listener.port, head))[0] == 401


async def test_a_body_that_comes_too_slowly_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    async with slack_address(body_within_s=0.05) as (listener, bolt):
        headers = [
            ("X-Slack-Request-Timestamp", f"{NOW_S:.0f}"),
            ("X-Slack-Signature", SIGNED),
            ("Content-Length", "9"),
        ]
        status, _, _ = await ask(listener.port, "POST", REQUESTS_PATH, [*headers], b"{")
        assert (status, bolt.came) == (408, [])
    assert_one_calm_line(caplog)


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_body_that_is_too_long_is_refused(is_announced: bool, caplog: pytest.LogCaptureFixture) -> None:
    async with slack_address() as (listener, bolt):
        body = b"x" * (BODY_MAX_BYTES + 1)
        headers = signed(body)
        if not is_announced:
            headers.append(("Transfer-Encoding", "chunked"))
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        assert (await ask(listener.port, "POST", REQUESTS_PATH, headers, body))[0] == 413
        assert bolt.came == []
    assert_one_calm_line(caplog)


async def test_a_packed_body_is_not_unpacked() -> None:
    async with slack_address() as (listener, bolt):
        body = gzip.compress(b" " * 50_000_000)
        headers = [*signed(body), ("Content-Encoding", "gzip")]
        assert (await ask(listener.port, "POST", REQUESTS_PATH, headers, body))[0] == 401  # signed over other bytes
        assert bolt.came == []


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "", "json"])
async def test_another_kind_of_body_is_refused_even_signed(kind: str) -> None:
    async with slack_address() as (listener, bolt):
        status, _, _ = await ask(listener.port, "POST", REQUESTS_PATH, signed(b"{}", kind=kind), b"{}")
        assert (status, bolt.came) == (415, [])


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"3", b'"x"', b"[" * 100_000, b"{" * 100_000, b'{"team": []}'])
async def test_a_signed_body_of_no_known_shape_is_no_crash(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with slack_address() as (listener, _):
        status, _, said = await ask(listener.port, "POST", REQUESTS_PATH, signed(body), body)
        assert status in (200, 400, 404)
        assert b"Traceback" not in said
    assert not [line for line in told(caplog) if line.exc_info]


@pytest.mark.parametrize(
    "body",
    [
        b'{"type": "event_callback", "event": []}',
        b'{"type": "event_callback", "event": "message"}',
        b'{"type": "block_actions", "actions": []}',
        b'{"type": "block_actions", "actions": {"action_id": "x"}}',
        b'{"type": "block_actions", "actions": [7]}',
        b'{"type": "view_submission", "view": 7}',
        b'{"type": "view_closed", "view": null}',
    ],
)
async def test_a_part_of_a_signed_body_that_is_no_object_is_refused_in_one_line(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with slack_address() as (listener, bolt):
        assert (await ask(listener.port, "POST", REQUESTS_PATH, signed(body), body))[0] == 400
    assert bolt.came == []
    [line] = told(caplog)
    assert line.exc_info is None


async def test_a_signed_body_of_charset_nonsense_is_read_as_slack_writes_it() -> None:
    body = json.dumps({"type": "url_verification", "challenge": "ü"}, ensure_ascii=False).encode()
    async with slack_address() as (listener, _):
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=f"{NOW_S:.0f}", body=body)
        headers: list[tuple[str, str | bytes]] = [
            ("X-Slack-Request-Timestamp", f"{NOW_S:.0f}"),
            ("X-Slack-Signature", signature or ""),
            ("Content-Type", "application/json; charset=klingon"),
        ]
        status, _, said = await ask(listener.port, "POST", REQUESTS_PATH, headers, body)
        assert (status, json.loads(said)["challenge"]) == (200, "ü")


async def test_five_minutes_are_still_fresh() -> None:
    body = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
    async with slack_address() as (listener, _):
        for at in (NOW_S - 300, NOW_S + 300):
            assert (await ask(listener.port, "POST", REQUESTS_PATH, signed(body, at=f"{at:.0f}"), body))[0] == 200


@given(st.text())
def test_only_ten_plain_digits_are_a_timestamp(text: str) -> None:
    if _TIMESTAMP.fullmatch(text):
        assert text.isascii()
        assert 0 <= int(text) < 10**10
    if _SIGNATURE.fullmatch(text):
        assert len(text) == 67


# ---------------------------------------------------------------- the other addresses, and none


@asynccontextmanager
async def everything(slack: FakeSlack, store: Store, clock: FixedClock) -> AsyncIterator[Listener]:
    async with opened(slack, store, clock) as door:
        Requests(door.listener, SECRET)
        hear_reddit(door.listener, Accounts(store, clock, None, seal(LINKED_ACCOUNTS)))
        yield door.listener


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


ODD_ASKED = {
    "nothing": "",
    "a state that is no state": f"?state={MARK}&code=x",
    "a state of other letters": "?state=%C3%A9%F0%9F%98%80&code=x",
    "a state of half characters": "?state=%ED%A0%80&code=%ff",
    "a state with NUL": "?state=%00&code=%00",
    "an error of theirs": f"?error={MARK}&state=x",
    "both twice": "?state=a&state=b&code=c&code=d",
    "no pairs": "?&&&===&%",
    "long": f"?state={'s' * 1900}&code=x",
    "too long": f"?state={'s' * 3000}&code=x",
}
ODD_COOKIES: list[str | bytes] = ["", "=", ";;;", f'bcrao-slack-install="{MARK}', "a\x7fb=c", b"\xff\xfe=\xff", "é=é"]


@pytest.mark.parametrize("path", [INSTALLED_PATH, REDIRECT_PATH, INSTALL_PATH])
@pytest.mark.parametrize("asked", ODD_ASKED.values(), ids=ODD_ASKED)
async def test_an_odd_address_is_answered_with_a_calm_page(
    path: str, asked: str, slack: FakeSlack, store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with everything(slack, store, clock) as listener:
        for cookie in ODD_COOKIES:
            status, headers, page = await ask(listener.port, "GET", f"{path}{asked}", [("Cookie", cookie)])
            assert status in (200, 400), (cookie, page)
            assert headers["server"] == "bcrao"
            assert MARK.encode() not in page
    assert not [line for line in told(caplog) if line.exc_info]
    assert MARK not in caplog.text


@pytest.mark.parametrize("path", [REQUESTS_PATH, INSTALL_PATH, INSTALLED_PATH, REDIRECT_PATH])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"])
async def test_a_wrong_method_is_told_the_right_one(
    path: str, method: str, slack: FakeSlack, store: Store, clock: FixedClock
) -> None:
    right = "POST" if path == REQUESTS_PATH else "GET"
    async with everything(slack, store, clock) as listener:
        status, headers, page = await ask(listener.port, method, path, [])
        assert headers["server"] == "bcrao"
        if method != right:
            assert (status, headers["allow"], page) == (405, right, b"")


NO_HTTP = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200 + b"\r\n\r\n",
    "words": f"{MARK}\r\n\r\n".encode(),
    "a bad header": f"GET / HTTP/1.1\r\n{MARK}\r\n\r\n".encode(),
    "a long line": b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    "a length of 400 digits": b"POST /slack/events HTTP/1.1\r\nContent-Length: " + b"9" * 400 + b"\r\n\r\nabc",
    "a negative length": b"POST /slack/events HTTP/1.1\r\nContent-Length: -1\r\n\r\nabc",
    "a method that nobody knows": b"BREW /slack/events HTTP/1.1\r\nHost: bot\r\n\r\n",
    "an unknown version": b"GET / HTTP/9.9\r\n\r\n",
}


@pytest.mark.parametrize("said", NO_HTTP.values(), ids=NO_HTTP)
async def test_what_is_no_http_is_refused_in_one_line_and_not_repeated(
    said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with slack_address() as (listener, bolt):
        status, headers, page = read_answer(await talk(listener.port, said))
        assert (400 <= status < 500, page, bolt.came) == (True, b"", [])
        assert headers["server"] == "bcrao"
    assert_one_calm_line(caplog)


async def test_a_connection_that_says_nothing_is_closed() -> None:
    listener = Listener("127.0.0.1:0", head_within_s=0.05)
    async with listener.serving():
        assert await talk(listener.port) == b""
        assert await talk(listener.port, b"GET / HTTP/1.1\r\nHost: b") == b""


async def test_a_defect_is_words_to_who_asks_and_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    listener = Listener("127.0.0.1:0")

    async def broken(_: object) -> Any:
        raise LookupError(MARK)

    listener.add("GET", "/x", broken)
    async with listener.serving():
        status, headers, page = await ask(listener.port, "GET", "/x", [])
    assert (status, headers["server"]) == (500, "bcrao")
    assert b"<p>Something in the bot is broken. Who runs it finds more in its log.</p>" in page
    (line,) = told(caplog)
    assert (line.getMessage(), line.levelname) == ("defect", "ERROR")

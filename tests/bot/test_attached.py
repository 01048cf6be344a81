"""How attached files arrive: from the chat's host alone, whole, and not larger than asked for."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from aiohttp import web

from bot import attached
from bot.attached import download, local_file
from core.errors import BadFile
from tests.fakes.loopback import Fault, Loopback, Seen

MOST = 2**20


class Files(Loopback):
    """A chat's host, with one file."""

    content = b"x" * MOST

    async def answer(self, request: Seen) -> web.Response:
        return web.Response(body=self.content)


async def refusal(url: str, host: str) -> tuple[str, str]:
    with pytest.raises(BadFile) as refused:
        await download(url, host, {}, MOST)
    return refused.value.what, refused.value.do


async def test_a_file_comes_whole_with_the_headers_that_the_chat_wants() -> None:
    async with Files() as files:
        url = f"{files.url}/a/b.png?ex=1&hm=2"
        assert await download(url, files.url, {"Authorization": "Bearer x"}, MOST) == Files.content
        [asked] = files.requests
        assert (asked.method, asked.path, asked.query) == ("GET", "/a/b.png", {"ex": "1", "hm": "2"})
        assert asked.headers["authorization"] == "Bearer x"
        assert asked.headers["accept-encoding"] == "identity"


async def test_a_file_of_one_byte_too_many_is_refused() -> None:
    async with Files() as files:
        files.content = b"x" * (MOST + 1)
        assert await refusal(f"{files.url}/a", files.url) == (
            "The file has more than 1 MB.",
            "Attach a smaller one.",
        )


async def test_a_packed_answer_does_not_unfold() -> None:
    async with Files() as files:
        packed = gzip.compress(b"0" * 10_000_000)
        files.fail("/", Fault(status=200, body=packed, headers={"Content-Encoding": "gzip"}))
        assert await download(f"{files.url}/a", files.url, {}, 100_000) == packed


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/a.png",
        "{host}.example.com/a.png",
        "{host}@example.com/a.png",
        "{host}:80/a.png",
        "//example.com/a.png",
        "file:///etc/passwd",
        "",
        "None",
    ],
)
async def test_no_other_host_is_asked(url: str) -> None:
    async with Files() as files:
        what, do = await refusal(url.format(host=files.url), files.url)
        assert (what, do) == ("The chat does not say where the file is.", "Attach it once more.")
        assert files.requests == []


async def test_a_redirect_is_not_followed() -> None:
    async with Files() as elsewhere, Files() as files:
        files.fail("/", Fault(status=302, headers={"Location": f"{elsewhere.url}/a"}))
        what, do = await refusal(f"{files.url}/a", files.url)
        assert (what, do) == ("The chat did not hand the file over (status 302).", "Attach it once more.")
        assert elsewhere.requests == []


async def test_a_download_that_breaks_off_or_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = ("The file could not be downloaded.", "Attach it once more.")
    async with Files() as files:
        files.fail("/", Fault(cut=True))
        assert await refusal(f"{files.url}/a", files.url) == lost
        files.fail("/", Fault(slow_s=30))
        monkeypatch.setattr(attached, "WITHIN_S", 0.05)
        assert await refusal(f"{files.url}/a", files.url) == lost
    assert await refusal(f"{files.url}/a", files.url) == lost, "nobody listens there any more"


async def test_at_the_terminal_a_path_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x" * MOST)
    assert await local_file(str(tmp_path / "a.png"))(MOST) == b"x" * MOST
    os.mkfifo(tmp_path / "pipe")
    for name, what in (
        ("none.png", "There is no file"),
        ("pipe", "There is no file"),
        ("", "There is no file"),
        ("a\0b", "There is no file"),
    ):
        with pytest.raises(BadFile) as refused:
            await local_file(str(tmp_path / name) if name else str(tmp_path))(MOST)
        assert refused.value.what.startswith(what)
        assert refused.value.do == "Give the path of a picture."
    with pytest.raises(BadFile, match="more than"):
        await local_file(str(tmp_path / "a.png"))(MOST - 1)

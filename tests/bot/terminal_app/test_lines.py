from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.terminal_app.client import LINE_MAX_BYTES, LineReader, UnreadableLine


async def all_lines(reader: LineReader) -> list[str | type[UnreadableLine]]:
    found: list[str | type[UnreadableLine]] = []
    while True:
        try:
            line = await reader.line()
        except UnreadableLine:
            found.append(UnreadableLine)
            continue
        if line is None:
            return found
        found.append(line)


async def piped(chunks: Sequence[bytes]) -> list[str | type[UnreadableLine]]:
    reading, writing = os.pipe()

    async def write() -> None:
        for chunk in chunks:
            os.write(writing, chunk)
            await asyncio.sleep(0)
        os.close(writing)

    writer = asyncio.ensure_future(write())
    try:
        return await all_lines(LineReader(reading))
    finally:
        await writer
        os.close(reading)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.characters(exclude_characters="\n\r\ufeff", exclude_categories=["Cs"]))), st.integers(1, 9))
def test_lines_come_out_as_they_were_put_in_however_they_are_cut(lines: list[str], size: int) -> None:
    raw = "".join(f"{line}\n" for line in lines).encode()
    chunks = [raw[at : at + size] for at in range(0, len(raw), size)]
    assert asyncio.run(piped(chunks)) == lines


async def test_the_last_line_needs_no_line_break() -> None:
    assert await piped([b"one\r\ntwo"]) == ["one", "two"]


async def test_a_byte_order_mark_is_no_part_of_the_first_command() -> None:
    assert await piped([b"\xef\xbb\xbfstatus\n"]) == ["status"]


async def test_a_line_that_is_not_utf8_does_not_spoil_the_next_one() -> None:
    assert await piped([b"gr\xfc\xdfe\nstatus\n"]) == [UnreadableLine, "status"]


@pytest.mark.parametrize("ending", [b"\nstatus\n", b""])
async def test_a_line_that_is_too_long_is_refused_once_and_not_kept(tmp_path: Path, ending: bytes) -> None:
    path = tmp_path / "commands"
    path.write_bytes(b"x" * (LINE_MAX_BYTES * 3) + ending)
    with path.open("rb") as file:
        found = await all_lines(LineReader(file.fileno()))
    assert found == [UnreadableLine, *(["status"] if ending else [])]


async def test_files_and_the_null_device_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "commands"
    path.write_text("status\nhelp\n")
    with path.open("rb") as file:
        assert await all_lines(LineReader(file.fileno())) == ["status", "help"]
    null = os.open(os.devnull, os.O_RDONLY)
    assert await all_lines(LineReader(null)) == []
    os.close(null)


async def test_waiting_for_a_line_can_be_given_up_and_leaves_no_thread() -> None:
    reading, writing = os.pipe()
    threads = threading.active_count()
    reader = LineReader(reading)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await reader.line()
    os.write(writing, b"later\n")
    assert await reader.line() == "later"
    assert threading.active_count() == threads
    os.close(reading)
    os.close(writing)

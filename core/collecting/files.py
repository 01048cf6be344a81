"""Files as a source of posts: CSV, JSON and JSON Lines, read as a stream, in a thread, a chunk at a time.

What a file is follows from its content, not from its name: it begins with `[` (a JSON array, streamed item by item),
with `{` (JSON Lines, or one listing of Reddit's API), or it is a table with a header line.
"""

from __future__ import annotations

import asyncio
import codecs
import csv
import io
import json
import stat
import sys
from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from core.collecting.fields import REQUIRED_COLUMNS, community_of, missing_columns, read_item
from core.errors import BadFile
from core.model import Basis, CollectedPost
from core.ports import SourceBatch

_CHUNK_ROWS = 100  # some 5 ms of the event loop's time to store
_CHUNK_CHARACTERS = 4_000_000  # a chunk of very long posts ends earlier, so that memory stays small
_MAX_LINE = 2_000_000  # characters; Reddit's longest post has 40,000, a JSON line around it some thousand more
_MAX_DOCUMENT = 64_000_000  # a listing in one piece must be held whole; those of the API have 100 posts
_READ = 1_000_000
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}

Item = Mapping[str, Any]
Chunks = Generator[tuple[list[CollectedPost], int], None, None]


class FileSource:
    """Posts of some files, in their order. `community` is for rows that do not say where they are from."""

    basis = Basis.FILE

    def __init__(self, paths: Sequence[Path | str], *, community: str | None = None) -> None:
        self._paths = [Path(path) for path in paths]
        self._community = community

    async def communities(self) -> tuple[str, ...]:
        """The community of each file's first post, in order.

        Reads the beginnings only, so that a file that is none is refused before anything is stored: `BadFile`.
        """
        found: list[str] = []
        for path in self._paths:
            first = await asyncio.to_thread(self._first_post, path)
            if first.community not in found:
                found.append(first.community)
        return tuple(found)

    async def collect(
        self, communities: Sequence[str] = (), *, limit_per_community: int = sys.maxsize
    ) -> AsyncIterator[SourceBatch]:
        """Batches of up to 100 posts; a batch may hold posts of several communities and is named for its first.

        `communities` restricts to those, none means all. Raises `BadFile` with the file, the line and what to do;
        batches before that stand.
        """
        wanted, taken = set(communities), dict[str, int]()
        for path in self._paths:
            async for posts, malformed in _in_thread(self._chunks(path)):
                kept: list[CollectedPost] = []
                for post in posts:
                    if wanted and post.community not in wanted:
                        continue
                    taken[post.community] = taken.get(post.community, 0) + 1
                    if taken[post.community] <= limit_per_community:
                        kept.append(post)
                if kept or malformed:
                    yield SourceBatch(kept[0].community if kept else "", kept, malformed)

    def _first_post(self, path: Path) -> CollectedPost:
        chunks = self._chunks(path)
        try:
            return next(posts[0] for posts, _ in chunks if posts)
        finally:
            chunks.close()

    def _chunks(self, path: Path) -> Chunks:
        """(posts, how many items were none) a chunk. `BadFile` when the file turns bad, after what came before that,
        or at the end when there was no post at all.
        """
        posts: list[CollectedPost] = []
        malformed = placeless = characters = seen = 0
        turned_bad: BadFile | None = None
        try:
            for item in _read_items(path):
                if community_of(item) is None:
                    if self._community is None:
                        placeless += 1
                    else:
                        item = {**item, "subreddit": self._community}
                post = read_item(item)
                if post is None:
                    malformed += 1
                else:
                    posts.append(post)
                    characters += len(post.body)
                if len(posts) + malformed >= _CHUNK_ROWS or characters >= _CHUNK_CHARACTERS:
                    seen += len(posts)
                    yield posts, malformed
                    posts, malformed, characters = [], 0, 0
        except BadFile as error:
            turned_bad = error
        seen += len(posts)
        if turned_bad is not None and not seen:
            raise turned_bad
        if not seen and placeless:
            raise BadFile(
                f"{path.name} does not say which community its posts are from.", "Add it: community=name_of_subreddit"
            )
        if not seen:
            raise BadFile(
                f"{path.name} holds no post that can be read.",
                "A post needs an id, a title, a time (created_utc) and a community. See docs/real-input.md.",
            )
        if posts or malformed:
            yield posts, malformed
        if turned_bad is not None:
            raise turned_bad


async def _in_thread(chunks: Chunks) -> AsyncIterator[tuple[list[CollectedPost], int]]:
    """Step through a blocking generator in one thread of its own, so that the event loop never waits for a disk.

    A cancelled step is waited for before the file is closed: a generator cannot be closed while it runs.
    """
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix="file")
    try:
        while (chunk := await loop.run_in_executor(thread, next, chunks, None)) is not None:
            yield chunk
    finally:
        closed = thread.submit(chunks.close)  # runs after the step that may still be running
        thread.shutdown(wait=False)
        await asyncio.wrap_future(closed)


# ---------------------------------------------------------------- from bytes to items


def _read_items(path: Path) -> Iterator[Item]:
    with _open(path) as file:
        head = file.peek(8192)[:8192]
        encoding = _encoding(path, head)
        try:
            first = head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")[:1]
            if first == "[":
                items = _array_items(path, _Pieces(path, file, encoding))
            elif first == "{":
                items = _line_items(path, _lines(path, file, encoding))
            elif not first:
                raise BadFile(f"{path.name} is empty.", "Export it again, or choose another file.")
            else:
                items = _table_items(path, _lines(path, file, encoding))
            yield from items
        except OSError as error:
            raise _unreadable(path, error) from error


def _open(path: Path) -> io.BufferedReader:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadFile(f"{path.name or path} is a folder.", "Name the files in it, one by one.")
        if not stat.S_ISREG(mode):  # a pipe or a device may never end
            raise BadFile(f"{path.name} is not an ordinary file.", "Save the posts into a file first.")
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError | ValueError) -> BadFile:
    name = path.name or str(path)
    if isinstance(error, FileNotFoundError):
        return BadFile(f"There is no file {name} at {path.parent}.", "Check the name and the folder.")
    if isinstance(error, PermissionError):
        return BadFile(f"{name} may not be read.", "Give the program permission to read it, or copy it elsewhere.")
    reason = (error.strerror if isinstance(error, OSError) else None) or "the name is not a file's"
    return BadFile(f"{name!r} cannot be read: {reason}.", "Check the file, or try a copy of it.")


def _encoding(path: Path, head: bytes) -> str:
    for magic, kind in _PACKED.items():
        if head.startswith(magic):
            raise BadFile(f"{path.name} is packed ({kind}).", "Unpack it, then import what comes out.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        raise BadFile(f"{path.name} is not a text file.", "Export the posts as CSV, JSON or JSON Lines.")
    return "utf-8-sig"


def _undecodable(path: Path, line: int) -> BadFile:
    return BadFile(
        f"{path.name} is not UTF-8 at line {line:,}.",
        "Save it again as UTF-8 (spreadsheets: “CSV UTF-8”); older Windows files are often Windows-1252.",
    )


def _lines(path: Path, file: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines of a file with their ends, each decoded by itself, so that a bad one can be named."""
    if encoding == "utf-16":
        text = io.TextIOWrapper(file, encoding, newline="\n")
        number = 0
        while True:
            number += 1
            try:
                line = text.readline(_MAX_LINE)
            except UnicodeError as error:
                raise _undecodable(path, number) from error
            if not line:
                return
            yield _checked(path, line, number)
    number = 0
    while raw := file.readline(4 * _MAX_LINE):
        number += 1
        if len(raw) >= 4 * _MAX_LINE:
            raise _too_large(path, number)
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _undecodable(path, number) from error
        yield _checked(path, line.removeprefix("\ufeff") if number == 1 else line, number)


def _checked(path: Path, line: str, number: int) -> str:
    if len(line) >= _MAX_LINE:
        raise _too_large(path, number)
    if "\x00" in line:
        raise BadFile(f"{path.name} is not a text file (line {number:,}).", "Export the posts as CSV or JSON Lines.")
    return line


def _too_large(path: Path, line: int) -> BadFile:
    return BadFile(
        f"{path.name} has an entry of more than {_MAX_LINE:,} characters at line {line:,}.",
        "No post is that long: look for a missing line break or a quote that is never closed there.",
    )


# ---------------------------------------------------------------- tables


def _table_items(path: Path, lines: Iterator[str]) -> Iterator[Item]:
    skipped = 0
    for first in lines:
        if first.strip():
            break
        skipped += 1
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
    begins = skipped + 1
    try:
        header = [name.strip() for name in next(reader)]
        missing = missing_columns(header)
        if missing:
            named = ", ".join(f"{field} (as {' or '.join(REQUIRED_COLUMNS[field])})" for field in missing)
            raise BadFile(
                f"{path.name} lacks a column for: {named}.",
                f"Its first line must name the columns; it reads: {', '.join(header)[:200]}",
            )
        begins = skipped + reader.line_num + 1
        for row in reader:
            if row:
                if len(row) != len(header):
                    raise BadFile(
                        f"{path.name}, line {begins:,}: {len(row)} values, but the header names {len(header)} columns.",
                        "Often a quote or comma inside a text is not quoted. Correct that row, or export again.",
                    )
                yield dict(zip(header, row, strict=True))
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        where = f"line {begins:,}" if skipped + reader.line_num <= begins else f"the row from line {begins:,}"
        raise BadFile(
            f"{path.name}, {where}: the quoting is broken.",
            "A text with quotes or line breaks must be in quotes, with quotes inside doubled. Correct it there, "
            "or export again.",
        ) from error


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


# ---------------------------------------------------------------- JSON


def _line_items(path: Path, lines: Iterator[str]) -> Iterator[Item]:
    """One object a line; a whole file that is one object (a listing) is read as a document."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            if number == 1 and isinstance(error, json.JSONDecodeError) and error.pos >= len(line.rstrip()):
                yield from _document(path, line, lines)
                return
            raise BadFile(
                f"{path.name}, line {number:,}: this is not a whole JSON object.",
                "In JSON Lines every line is one object. Correct or delete that line.",
            ) from error
        yield from _expand(value)


def _document(path: Path, first: str, rest: Iterator[str]) -> Iterator[Item]:
    parts, size = [first], 0
    for line in rest:
        parts.append(line)
        size += len(line)
        if size > _MAX_DOCUMENT:
            raise BadFile(
                f"{path.name} is one JSON object of more than {_MAX_DOCUMENT:,} characters.",
                "Write the posts as JSON Lines, one object a line.",
            )
    try:
        value = json.loads("".join(parts))
    except (ValueError, RecursionError) as error:
        raise _broken_json(path, getattr(error, "lineno", 1)) from error
    yield from _expand(value)


def _broken_json(path: Path, line: int) -> BadFile:
    return BadFile(f"{path.name}, line {line:,}: this is not valid JSON.", "Correct it there, or export again.")


def _expand(value: Any) -> Iterator[Item]:
    """The items in a value: itself, or the children of a listing of Reddit's API. What is no object counts as none."""
    if isinstance(value, Mapping) and value.get("kind") == "Listing":
        inner = value.get("data")
        children = inner.get("children") if isinstance(inner, Mapping) else None
        for child in children if isinstance(children, list) else []:
            yield child if isinstance(child, Mapping) else {}
    elif isinstance(value, Mapping) and isinstance(value.get("data"), list):
        for child in value["data"]:  # an archive's answer: {"data": [post, …]}
            yield child if isinstance(child, Mapping) else {}
    else:
        yield value if isinstance(value, Mapping) else {}


class _Pieces:
    """A decoded file in pieces, with a count of the lines that were consumed."""

    def __init__(self, path: Path, file: BinaryIO, encoding: str) -> None:
        self._path = path
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False

    def more(self) -> bool:
        """Drop what was consumed, append the next piece; False at the end of the file."""
        self.line += self.text.count("\n", 0, self.at)
        self.text, self.at = self.text[self.at :], 0
        raw = self._file.read(_READ)
        try:
            piece = self._decoder.decode(raw, final=not raw)
        except UnicodeError as error:
            bad = error.start if isinstance(error, UnicodeDecodeError) else 0
            line = self.line + self.text.count("\n") + raw.count(b"\n", 0, bad)
            raise _undecodable(self._path, line) from error
        self.text += piece
        self.ended = not raw
        return not self.ended

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)

    def next_character(self) -> str:
        """The next character that is no white space, "" at the end; it is not consumed."""
        while True:
            while self.at < len(self.text):
                if not self.text[self.at].isspace():
                    return self.text[self.at]
                self.at += 1
            if self.ended or not self.more():
                return ""


def _array_items(path: Path, pieces: _Pieces) -> Iterator[Item]:
    decoder = json.JSONDecoder()
    pieces.next_character()
    pieces.at += 1  # the opening bracket
    while True:
        character = pieces.next_character()
        if character == "]":
            return
        value = _next_value(path, pieces, decoder)
        yield from _expand(value)
        character = pieces.next_character()
        if character == ",":
            pieces.at += 1
        elif character != "]":
            raise _broken_json(path, pieces.line_at(pieces.at))


def _next_value(path: Path, pieces: _Pieces, decoder: json.JSONDecoder) -> Any:
    while True:
        try:
            value, end = decoder.raw_decode(pieces.text, pieces.at)
        except (ValueError, RecursionError) as error:
            # Broken, or cut by the end of the piece: only more text can tell.
            if len(pieces.text) - pieces.at > _MAX_LINE:
                raise _too_large(path, pieces.line_at(pieces.at)) from error
            if pieces.ended or not pieces.more():
                line = pieces.line_at(error.pos if isinstance(error, json.JSONDecodeError) else pieces.at)
                raise _broken_json(path, line) from error
        else:
            if end == len(pieces.text) and not pieces.ended and not isinstance(value, dict | list):
                pieces.more()  # a number may go on in the next piece
                continue
            pieces.at = end
            return value

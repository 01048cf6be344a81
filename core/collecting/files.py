"""Files as a source of posts: tables, JSON and JSON Lines, read as a stream, in a thread.

The first reading stores nothing. It finds out what the file is (from its content, not from its name), what its columns
mean, which communities it is about, when its newest post was made, and which lines cannot be read. So an import can
tell all of that, and refuse a file without posts. The second reading gives the posts, a chunk at a time. The first
reading keeps the posts of small files in memory, so that these need no second one.
"""

from __future__ import annotations

import asyncio
import codecs
import io
import stat
import sys
from collections import Counter
from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar

from core.collecting import comment_fields, fields
from core.collecting.columns import Columns, columns_of, unknown_facts
from core.collecting.comment_columns import unknown_of
from core.collecting.comment_fields import comment_in
from core.collecting.documents import MAX_ENTRY, PassOver, array_items, line_items
from core.collecting.runs import ImportedFile
from core.collecting.tables import Layout, layout_of, table_items
from core.collecting.values import date_parts
from core.errors import BadFile
from core.model import Basis, CollectedComment, CollectedPost
from core.ports import SourceBatch

_CHUNK_ROWS = 100  # some 5 ms of the event loop's time to store
_CHUNK_CHARACTERS = 4_000_000  # a chunk of very long posts ends earlier, so that memory stays small
_KEPT_CHARACTERS = 8_000_000  # kept in memory for all files of an import: some 7,000 posts
_POST_CHARACTERS = 600  # what a post takes besides its body
_STEP = 1_000  # items of the first reading in one step; a cancellation waits for the step to end
_TOLD = 6  # how many facts `_learn` looks for in posts; for flair and removals, having the column is enough
_NAMED = 20  # bad lines that are named; the others are only counted
_READ = 1_000_000
# How a file that is not text begins -> what it is, and what to do. Nothing is unpacked here: a small packed file may
# unpack to more than the disk holds.
_UNPACK = "Unpack it, for example with `{}`, and import the file that comes out."
_AS_CSV = "Save its table as CSV there, and import that file."
_NO_TEXT = {
    b"\x1f\x8b": ("is packed (gzip)", _UNPACK.format("gunzip")),
    b"\xfd7zXZ": ("is packed (xz)", _UNPACK.format("unxz")),
    b"BZh": ("is packed (bzip2)", _UNPACK.format("bunzip2")),
    b"\x28\xb5\x2f\xfd": ("is packed (zstd)", _UNPACK.format("unzstd --long=31")),  # Reddit dumps use long windows
    b"7z\xbc\xaf\x27\x1c": ("is packed (7z)", _UNPACK.format("7z x")),
    b"Rar!": ("is packed (rar)", _UNPACK.format("unrar x")),
    b"PK\x03\x04": ("is packed (zip)", _UNPACK.format("unzip")),
    b"\xd0\xcf\x11\xe0": ("is a document of an office program", _AS_CSV),
    b"SQLite format 3": ("is an SQLite database", _AS_CSV),
    b"PAR1": ("is a Parquet file", _AS_CSV),
}
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")  # begin xlsx and ods, which are zip files
_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}
_NEEDS = {
    False: ("post", "A post needs an id, a title, a time (created_utc) and a community."),
    True: (
        "comment",
        "A comment needs an id, its post (link_id), what it answers (parent_id), a text, a time (created_utc) and a "
        "community.",
    ),
}
TOO_LONG = f"more than {MAX_ENTRY:,} characters without a line break"

Item = Mapping[str, Any]
Entry = CollectedPost | CollectedComment
Chunk = tuple[list[CollectedPost], list[CollectedComment], int]
Step = TypeVar("Step")


@dataclass(slots=True)
class _Survey:
    """What the first reading found out about a file."""

    path: Path
    encoding: str = "utf-8-sig"
    form: str = ""
    layout: Layout | None = None
    day_first: bool | None = None
    dates: set[bool] = field(default_factory=set)  # values of `day_first` that its dates prove
    has_dates_in_question: bool = False
    newest: datetime | None = None
    posts: int = 0
    comments: int = 0
    communities: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)  # facts that at least one post gave
    keys: dict[str, None] = field(default_factory=dict)
    key_sets: set[tuple[str, ...]] = field(default_factory=set)
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    passed_over_count: int = 0
    counts: Counter[str] = field(default_factory=Counter)  # of what a note tells
    notes: list[str] = field(default_factory=list)
    kept: list[Entry] | None = field(default_factory=list)  # what was read; None: too much, so it is read again
    kept_characters: int = 0

    @property
    def columns(self) -> Columns:
        return self.layout.columns if self.layout is not None else columns_of(tuple(self.keys))

    def pass_over(self, line: int, why: str) -> None:
        self.passed_over_count += 1
        if len(self.passed_over) < _NAMED:
            self.passed_over.append((line, why))


class FileSource:
    """The posts of some files, in order. `community` is for rows that do not say which community they are from."""

    basis = Basis.FILE

    def __init__(self, paths: Sequence[Path | str], *, community: str | None = None) -> None:
        self._paths = [Path(path) for path in paths]
        self._community = community
        self._surveys: list[_Survey] | None = None
        self._kept_characters = 0  # of the files surveyed so far

    async def described(self) -> tuple[ImportedFile, ...]:
        """What each file was taken for. Reads all files and stores nothing. `BadFile` for a file without posts."""
        return tuple(_description(survey) for survey in await self._surveyed())

    async def communities(self) -> tuple[str, ...]:
        """The communities of all files, in the order in which they first occur. `BadFile` as for `described`."""
        return tuple(dict.fromkeys(name for survey in await self._surveyed() for name in survey.communities))

    async def _surveyed(self) -> list[_Survey]:
        if self._surveys is None:
            surveys = []
            for path in self._paths:
                survey = _Survey(path)
                async for again in _in_thread(self._surveying(survey)):
                    survey = again
                surveys.append(survey)
                self._kept_characters += survey.kept_characters
            self._surveys = surveys
        return self._surveys

    async def collect(
        self, communities: Sequence[str] = (), *, limit_per_community: int = sys.maxsize
    ) -> AsyncIterator[SourceBatch]:
        """Batches of up to 100 posts. A batch may hold posts of several communities and bears the name of its first.

        `communities` restricts the posts to those; empty means all. Raises `BadFile` with the file, the line and what
        to do; the batches before it stay valid.
        """
        wanted, taken = set(communities), dict[str, int]()
        for survey in await self._surveyed():
            async for posts, comments, malformed in _in_thread(self._chunks(survey)):
                kept: list[CollectedPost] = []
                answers = [comment for comment in comments if not wanted or comment.community in wanted]
                for post in posts:
                    if wanted and post.community not in wanted:
                        continue
                    taken[post.community] = taken.get(post.community, 0) + 1
                    if taken[post.community] <= limit_per_community:
                        kept.append(post)
                if kept or answers or malformed:
                    named = [post.community for post in kept] or [comment.community for comment in answers]
                    yield SourceBatch(named[0] if named else "", kept, malformed, answers)

    # ------------------------------------------------ the first reading

    def _surveying(self, survey: _Survey) -> Generator[_Survey, None, None]:
        """Yields the survey now and then, so that it can be ended; only the last one is whole."""
        yield from self._survey(survey)
        order = next(iter(survey.dates)) if len(survey.dates) == 1 else None
        if survey.has_dates_in_question and order is not None:
            survey = _Survey(survey.path, day_first=order)
            yield from self._survey(survey)
        self._check(survey)
        yield survey

    def _survey(self, survey: _Survey) -> Generator[_Survey, None, None]:
        for number, (line, item) in enumerate(_items(survey, first=True), 1):
            self._learn(survey, line, item)
            if number % _STEP == 0:
                yield survey

    def _learn(self, survey: _Survey, line: int, item: Item) -> None:
        placed = self._placed(item)
        post = fields.read_item(placed, found_in="file", day_first=survey.day_first)
        columns = survey.layout.columns if survey.layout is not None else _keys(survey, item)
        for name in columns.of("time")[:1]:
            stated = item.get(name)
            if isinstance(stated, str) and not stated[:9].isdigit():
                _learn_dates(survey, stated)
        if post is None and (comment := comment_in(placed, day_first=survey.day_first)) is not None:
            survey.comments += 1
            survey.communities[comment.community] += 1
            self._keep(survey, comment)
            return
        if post is None:
            is_of_comments = survey.layout is not None and survey.layout.is_of_comments
            read = comment_fields if is_of_comments or comment_fields.is_comment(placed) else fields
            why = read.why_unreadable(placed, day_first=survey.day_first)
            survey.counts[why] += 1
            survey.pass_over(line, why)
            return
        survey.posts += 1
        self._keep(survey, post)
        survey.communities[post.community] += 1
        survey.counts["placed"] += placed is not item
        if post.time_is_exact and (survey.newest is None or post.created_at > survey.newest):
            survey.newest = post.created_at
        survey.counts["inexact"] += not post.time_is_exact
        survey.counts["cut"] += len(post.body) >= fields.MAX_BODY
        survey.counts["no score yet"] += post.score is None and bool(columns.of("score")) and fields.states_score(item)
        if len(survey.told) == _TOLD:
            return
        for fact, value in (
            ("text", post.body), ("author", post.author), ("score", post.score), ("comments", post.num_comments),
            ("text post or link", post.is_self), ("score read", post.score_at),
        ):  # fmt: skip
            if value is not None and value != "":
                survey.told.add(fact)

    def _keep(self, survey: _Survey, entry: Entry) -> None:
        if survey.kept is None:
            return
        survey.kept_characters += len(entry.body) + _POST_CHARACTERS
        survey.kept.append(entry)
        if self._kept_characters + survey.kept_characters > _KEPT_CHARACTERS:
            survey.kept, survey.kept_characters = None, 0

    def _check(self, survey: _Survey) -> None:
        if survey.posts or survey.comments:
            return
        name = survey.path.name
        if survey.counts["no community"] and self._community is None:
            raise BadFile(f"{name} does not say which community it is from.", "Add it: community=name_of_subreddit")
        first = "; ".join(f"line {line:,}: {why}" for line, why in survey.passed_over[:3])
        noun, needs = _NEEDS[survey.layout is not None and survey.layout.is_of_comments]
        raise BadFile(
            f"{name} holds no {noun} that can be read{f' ({first})' if first else ''}.",
            f"{needs} See docs/real-input.md.",
        )

    def _placed(self, item: Item) -> Item:
        """The item, with the community of this source when it does not say its own."""
        if self._community is None or fields.community_of(item) is not None:
            return item
        inner = item.get("data")
        if isinstance(inner, Mapping):
            return {**item, "data": {**inner, "subreddit": self._community}}
        return {**item, "subreddit": self._community}

    # ------------------------------------------------ the second reading

    def _chunks(self, survey: _Survey) -> Generator[Chunk, None, None]:
        """Chunks: the posts, the comments, and how many items could not be read."""
        posts: list[CollectedPost] = []
        comments: list[CollectedComment] = []
        characters = broken = 0
        # The file is not older than its newest post, so its scores were read then or later.
        read_after = None if survey.columns.is_own else survey.newest
        for entry in self._entries(survey):
            if entry is None:
                broken += 1
            elif isinstance(entry, CollectedComment):
                comments.append(entry)
                characters += len(entry.body)
            else:
                if entry.score_at is None and read_after is not None:
                    entry = replace(entry, score_at=read_after)
                posts.append(entry)
                characters += len(entry.body)
            if len(posts) + len(comments) + broken >= _CHUNK_ROWS or characters >= _CHUNK_CHARACTERS:
                yield posts, comments, broken
                posts, comments, characters, broken = [], [], 0, 0
        if posts or comments or broken:
            yield posts, comments, broken

    def _entries(self, survey: _Survey) -> Iterator[Entry | None]:
        """The posts and comments of a file, with None for each item that could not be read."""
        if survey.kept is not None:
            yield from repeat(None, survey.passed_over_count)
            yield from survey.kept
            return
        broken: list[int] = []
        for _, item in _items(survey, first=False, pass_over=lambda line, why: broken.append(line)):
            yield from repeat(None, len(broken))
            broken.clear()
            placed = self._placed(item)
            post = fields.read_item(placed, found_in="file", day_first=survey.day_first)
            yield post or comment_in(placed, day_first=survey.day_first)
        yield from repeat(None, len(broken))


def _keys(survey: _Survey, item: Item) -> Columns:
    inner = item.get("data")
    keys = tuple(key for key in (inner if isinstance(inner, Mapping) else item) if isinstance(key, str))
    columns = columns_of(keys)
    if keys not in survey.key_sets and len(survey.key_sets) < 1_000:
        survey.key_sets.add(keys)
        survey.keys.update(dict.fromkeys(keys))
    return columns


def _learn_dates(survey: _Survey, stated: str) -> None:
    survey.counts["without zone"] += fields.lacks_zone(stated)
    parts = date_parts(stated)
    if parts is None:
        return
    one, two = parts
    survey.has_dates_in_question = True
    if one > 12 >= two:
        survey.dates.add(True)
    elif two > 12 >= one:
        survey.dates.add(False)


def _description(survey: _Survey) -> ImportedFile:
    columns = survey.columns
    is_of_comments = survey.layout is not None and survey.layout.is_of_comments
    told = set(survey.told) | ({"flair", "removal", "removal type", "removed", "second look"} & columns.keys.keys())
    return ImportedFile(
        file=survey.path.name,
        form=survey.form,
        posts=survey.posts,
        comments=survey.comments,
        read={fact: names for fact, names in columns.keys.items() if is_of_comments or fact in _SHOWN},
        unused=tuple(name for name in columns.unused if name and not name.startswith("\x00")),
        unknown=unknown_of(columns) if is_of_comments else unknown_facts(told),
        notes=(*survey.notes, *_notes(survey)),
        passed_over=tuple(survey.passed_over),
        passed_over_count=survey.passed_over_count,
    )


_SHOWN = (
    "id", "own page", "address", "community", "title", "text", "author", "time", "score", "upvote ratio", "comments",
    "flair", "text post or link", "kind", "domain", "over 18", "removal", "removed", "score hidden", "score read",
    "second look", "removal type",
)  # fmt: skip


def _notes(survey: _Survey) -> Iterator[str]:
    counts = survey.counts
    if survey.layout is not None:
        yield from survey.layout.notes
    if counts["inexact"]:
        yield (
            f"times not known to the minute, from which no hour and no weekday is learned: {counts['inexact']:,} of "
            f"{survey.posts:,}"
        )
    if survey.has_dates_in_question and len(survey.dates) != 1:
        yield "dates like 03/04/2026 may mean either order of day and month, and the file does not say which"
    if counts["without zone"]:
        yield f"times that name no zone, taken for UTC: {counts['without zone']:,}"
    if counts["no score yet"]:
        yield (
            f"scores that are hidden or were read within an hour of posting, and so count as unknown: "
            f"{counts['no score yet']:,}"
        )
    if survey.comments:
        yield f"comments, in which lengths and forms are counted: {survey.comments:,}"
    if counts["cut"]:
        yield f"texts longer than Reddit allows, cut at {fields.MAX_BODY:,} characters: {counts['cut']:,}"
    if counts["placed"]:
        yield f"posts that do not say their community, taken for the one you named: {counts['placed']:,}"


async def _in_thread(steps: Generator[Step, None, None]) -> AsyncIterator[Step]:
    """Step through a blocking generator in a thread of its own, so that the event loop never waits for a disk.

    When this is cancelled, it waits for the running step before it closes the file: a running generator cannot be
    closed.
    """
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix="file")
    try:
        while (step := await loop.run_in_executor(thread, next, steps, None)) is not None:
            yield step
    finally:
        closed = thread.submit(steps.close)  # runs after the step that may still be running
        thread.shutdown(wait=False)
        await asyncio.wrap_future(closed)


# ---------------------------------------------------------------- from bytes to items


def _items(survey: _Survey, *, first: bool, pass_over: PassOver | None = None) -> Iterator[tuple[int, Item]]:
    """The items of a file with their line numbers. The first reading learns encoding and layout, the second uses
    them.
    """
    told = pass_over or survey.pass_over
    path = survey.path
    with _open(path) as file:
        try:
            if first:
                survey.encoding = _encoding(survey, file)
                file.seek(0)
            head = file.peek(8192)[:8192].decode(survey.encoding, "ignore").lstrip("\ufeff \t\r\n")
            if not head[:1]:
                raise BadFile(f"{path.name} is empty.", "Export it again, or choose another file.")
            if head[0] == "[":
                survey.form = "a JSON list"
                yield from array_items(path.name, file, survey.encoding, told)
            elif head[0] == "{":
                survey.form = "JSON"
                yield from line_items(path.name, _lines(file, survey.encoding, told), told)
            else:
                if survey.layout is None:
                    with closing(_lines(file, survey.encoding, lambda line, why: None)) as lines:
                        survey.layout = layout_of(path.name, lines)
                    survey.form = survey.layout.form
                    file.seek(0)
                yield from table_items(survey.layout, _lines(file, survey.encoding, told), told)
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


def _encoding(survey: _Survey, file: io.BufferedReader) -> str:
    """The encoding of a file: UTF-8, UTF-16 or UTF-32, else what `_eight_bits` decides."""
    name = survey.path.name
    head = file.peek(8192)[:8192]
    for begin, (what, do) in _NO_TEXT.items():
        if head.startswith(begin):
            if any(part in head for part in _OFFICE_PARTS):
                what, do = _NO_TEXT[b"\xd0\xcf\x11\xe0"]
            raise BadFile(f"{name} {what}.", do)
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return encoding
    if b"\x00" in head:
        for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if head[offset::2].count(0) > len(head) * 0.4 and head[1 - offset :: 2].count(0) < len(head) * 0.05:
                return encoding
        raise BadFile(f"{name} is not a text file.", "Export the posts as CSV, JSON or JSON Lines.")
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_READ):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
        return "utf-8-sig"
    except UnicodeDecodeError:
        return _eight_bits(survey, file)


def _eight_bits(survey: _Survey, file: io.BufferedReader) -> str:
    """UTF-8 when most lines with other than ASCII characters are valid UTF-8 (the bad ones are damage), else
    Windows-1252.
    """
    file.seek(0)
    good, bad = 0, list[int]()
    number = 0
    while line := file.readline(_READ):
        number += line.endswith(b"\n")
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad.append(number)
    if good > len(bad):
        lines = ", ".join(f"{line:,}" for line in bad[:5])
        survey.notes.append(f"lines with characters that are not UTF-8, which show as �: {len(bad):,} ({lines})")
        return "utf-8-sig"
    survey.notes.append(f"not UTF-8 (first at line {bad[0]:,}): read as Windows-1252")
    return "cp1252"


def _lines(file: io.BufferedReader, encoding: str, pass_over: PassOver) -> Generator[tuple[int, str], None, None]:
    """Numbered lines with their line ends, which csv needs. A lone carriage return ends a line too."""
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    number = 0
    try:
        while line := text.readline(MAX_ENTRY):
            number += 1
            if len(line) >= MAX_ENTRY and not line.endswith(("\n", "\r")):
                pass_over(number, TOO_LONG)
                while (rest := text.readline(MAX_ENTRY)) and not rest.endswith(("\n", "\r")):
                    pass
                continue
            yield number, line.replace("\x00", "") if "\x00" in line else line
    finally:
        text.detach()

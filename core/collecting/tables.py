"""Tables with a header line, written by any program. Rows become mappings; broken rows are passed over and named.

Of the possible dialects (separator, quotes, escapes), the one that reads most rows in the first lines is taken. A row
that cannot be read spoils no other: reading goes on at the next line that begins a whole row with an id and a time.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from core.collecting.columns import Columns, columns_of, folded, names_of
from core.collecting.comment_columns import WHAT_IT_ANSWERS, comment_columns_of, missing_of, named_as_comments
from core.collecting.comment_fields import comment_in
from core.collecting.documents import PassOver
from core.collecting.fields import read_item
from core.collecting.values import moment, number
from core.errors import BadFile
from core.model import CollectedComment, CollectedPost

_DELIMITERS = ",;\t|^~:\x01\x1f"
_HEAD_LINES = 400
_HEAD_CHARACTERS = 400_000
_HEADER_WITHIN = 10  # lines; some exporters put a title or a note above the header
_MAX_ROW = 1_000_000  # characters; a row that is longer has a quote that was never closed
_MAX_CELL = 2_000_000
_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


class _RowTooLong(Exception):
    """The row spans so many lines that its opening quote must be a mistake."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are written, in the terms of the csv module."""

    delimiter: str = ","
    quote: str | None = '"'
    backslash: bool = False
    after_space: bool = False

    @property
    def options(self) -> Mapping[str, Any]:
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "escapechar": "\\" if self.backslash else None,
            "doublequote": True,  # without it the module ignores a stray quote, even when strict
            "skipinitialspace": self.after_space,
            "strict": True,
        }


@dataclass(frozen=True, slots=True)
class Layout:
    """What the first lines of a table tell about all of it."""

    dialect: Dialect
    header: tuple[str, ...]  # "" for a column without a name
    columns: Columns  # of posts, or of comments where the table has no posts
    is_of_comments: bool
    header_line: int
    notes: tuple[str, ...]

    @property
    def form(self) -> str:
        return f"a table, separated by {_WORDS.get(self.dialect.delimiter, repr(self.dialect.delimiter))}"


class Tape:
    """Numbered lines. The lines of the row that is being read can be put back."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._back: deque[tuple[int, str]] = deque()
        self.row: list[tuple[int, str]] = []
        self._size = 0

    def begin_row(self) -> None:
        self.row, self._size = [], 0

    def put_back(self) -> None:
        """Give the row's lines back."""
        self._back.extendleft(reversed(self.row))
        self.begin_row()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.row.append(line)
        self._size += len(line[1])
        if self._size > _MAX_ROW and len(self.row) > 1:
            raise _RowTooLong
        return line[1]


def layout_of(name: str, lines: Iterator[tuple[int, str]]) -> Layout:
    """Find header and dialect in the first lines. `BadFile` when no line names the columns that a post needs."""
    head: list[tuple[int, str]] = []
    size = 0
    for line in islice(lines, _HEAD_LINES):
        head.append(line)
        size += len(line[1])
        if size > _HEAD_CHARACTERS:
            break
    is_cut = next(lines, None) is not None
    filled = [place for place, (_, text) in enumerate(head) if text.strip()][:_HEADER_WITHIN]
    best: tuple[tuple[int, int, int], int, Dialect] | None = None
    nearest: tuple[int, list[str]] = (0, [])
    for place in filled:
        for delimiter in _DELIMITERS:
            for quote in ('"', "'"):
                names = _one_row([head[place][1]], Dialect(delimiter, quote, after_space=True))
                columns, _ = read_header(_clean(names))
                known = len(columns.keys)
                if known > nearest[0] or not nearest[1]:
                    nearest = (known, names)
                rank = (known, -sum(name.strip()[:1] in ("'", '"') for name in names), len(names))
                if not lacking(_clean(names)) and (best is None or rank > best[0]):
                    best = (rank, place, Dialect(delimiter, quote))
        if best is not None:
            break
    if best is None:
        header = _clean(nearest[1])
        raise BadFile(
            f"{name} {lacking(header)}.", f"Its first line must name the columns; it reads: {', '.join(header)[:200]}"
        )
    _, place, found = best
    after = head[place + 1 :]
    spaced = f"{found.delimiter} " in head[place][1].replace(f"{found.delimiter}  ", "")
    tried = [
        Dialect(found.delimiter, quote, backslash, spaced)
        for quote, backslash in ((found.quote, False), (found.quote, True), ("'", False), (None, False), (None, True))
    ]
    header = _clean(_one_row([head[place][1]], tried[0]))
    results = [(dialect, *_tried(dialect, header, after, is_cut=is_cut)) for dialect in tried[:1]]
    if results[0][2]:
        results += [(dialect, *_tried(dialect, header, after, is_cut=is_cut)) for dialect in tried[1:]]
        if results[0][2] < results[0][1]:
            # A few broken rows do not mean another dialect, unless reading backslashes as escapes mends them all.
            results = results[:1] + [result for result in results[1:2] if result[2] == 0]
    dialect, _, _, width = max(results, key=lambda result: (result[1], -result[2]))
    notes = []
    if width == len(header) + 1:  # R writes row names without naming their column
        header = ("", *header)
    if duplicates := sorted({column for column in header if column and header.count(column) > 1}):
        notes.append(f"{', '.join(duplicates)}: named more than once; the first column of that name is read")
    if place:
        notes.append(f"the header is line {head[place][0]:,}; what stands above it was not read")
    return Layout(dialect, header, *read_header(header), head[place][0], tuple(notes))


def read_header(names: tuple[str, ...]) -> tuple[Columns, bool]:
    """What the columns tell, and whether it is of comments. A table that has both is taken for one of posts, unless a
    column says that it is a comment's.
    """
    posts, comments = columns_of(names), comment_columns_of(names)
    is_of_comments = not missing_of(comments) and bool(posts.missing or named_as_comments(names))
    return (comments, True) if is_of_comments else (posts, False)


def lacking(names: tuple[str, ...]) -> str:
    """What columns with these names lack, in words; "" when posts or comments can be read from them."""
    posts, comments = columns_of(names), comment_columns_of(names)
    if not posts.missing or not missing_of(comments):
        return ""
    if _looks_like_comments(names):
        return f"holds comments, and lacks a column for: {', '.join(missing_of(comments))}"
    if posts.missing == ("title",) and missing_of(comments) == (WHAT_IT_ANSWERS,):
        return "lacks a column for: title (of posts), or what it answers (of comments, as parent_id)"
    return f"lacks a column for: {', '.join(f'{fact} (as {names_of(fact)})' for fact in posts.missing)}"


def _looks_like_comments(names: tuple[str, ...]) -> bool:
    says = named_as_comments(names) or "comment" in map(folded, names) or comment_columns_of(names).of("parent")
    return bool(says and columns_of(names).missing)


def _tried(
    dialect: Dialect, header: tuple[str, ...], lines: Sequence[tuple[int, str]], *, is_cut: bool
) -> tuple[int, int, int]:
    """(posts, broken rows, columns) when the lines are read in this dialect. With `is_cut`, one broken row is not
    counted, because the last line may be half a row.
    """
    found = []
    for names in (header, ("", *header)):
        broken: Counter[str] = Counter()
        layout = Layout(dialect, names, *read_header(names), 0, ())
        rows = _Rows(layout, iter(lines), lambda _, why, seen=broken: seen.update([why]), alternatives=False)  # type: ignore[misc]
        posts = sum(rows.is_entry(row) for _, row in rows)
        found.append((posts, -max(0, broken.total() - is_cut), len(names)))
        if posts > broken.total():
            break
    posts, broken_rows, width = max(found, key=lambda result: result[:2])
    return posts, -broken_rows, width


def _clean(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip().strip("\ufeff").strip() for name in names)


def _one_row(lines: Sequence[str], dialect: Dialect) -> list[str]:
    try:
        return next(csv.reader(iter(lines), **dialect.options), [])
    except csv.Error:
        return []


def table_items(
    layout: Layout, lines: Iterator[tuple[int, str]], pass_over: PassOver
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a table below its header, with their line numbers. `pass_over` is called for each broken row."""
    after_header = (line for line in lines if line[0] > layout.header_line)
    return iter(_Rows(layout, after_header, pass_over))


@dataclass(slots=True)
class _Rows:
    layout: Layout
    lines: Iterator[tuple[int, str]]
    pass_over: PassOver
    alternatives: bool = True
    _tape: Tape = field(init=False)
    _names: tuple[str, ...] = field(init=False)
    _dialects: tuple[Dialect, ...] = field(init=False)
    _marks: int = field(init=False)

    def __post_init__(self) -> None:
        csv.field_size_limit(_MAX_CELL)  # the module's default of 131,072 characters is below a long text's
        self._tape = Tape(self.lines)
        names: list[str] = []
        for place, name in enumerate(self.layout.header):
            names.append(name if name and name not in names else f"\x00{place}")  # of equal names the first counts
        self._names = tuple(names)
        own = self.layout.dialect
        other = Dialect(own.delimiter, own.quote, not own.backslash, own.after_space)
        self._dialects = (own, other) if self.alternatives and own.quote else (own,)
        needed = [*self.layout.columns.of("id"), *self.layout.columns.of("time")]
        self._marks = max((names.index(name) for name in needed if name in names), default=0)

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        tape, width, names = self._tape, len(self._names), self._names
        reader = self._reader(self._dialects[0])
        while True:
            tape.begin_row()
            why = ""
            try:
                row = next(reader)
            except StopIteration:
                return
            except (csv.Error, _RowTooLong):
                row, why = [], "the quoting is broken"
            if not why:
                if len(row) > width and not any(cell.strip() for cell in row[width:]):
                    row = row[:width]
                if len(row) == width:
                    if len(tape.row) == 1 or not self._has_swallowed():
                        if any(row):
                            yield tape.row[0][0], dict(zip(names, row, strict=True))
                        continue
                    why = "a quote is not closed"
                elif not any(cell.strip() for cell in row):
                    continue
                else:
                    why = f"{len(row)} values, but the header names {width} columns"
            yield from self._recovered(why)
            reader = self._reader(self._dialects[0])

    def _reader(self, dialect: Dialect) -> Iterator[list[str]]:
        return csv.reader(self._tape, **dialect.options)

    def _recovered(self, why: str) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Read the row in the other dialect; else pass it over, and go on at the next line that begins a whole row."""
        tape = self._tape
        line = tape.row[0][0]
        tape.put_back()
        for dialect in self._dialects[1:]:
            if (row := self._attempt(dialect)) is not None:
                yield line, row
                return
        self.pass_over(line, why)
        while True:
            tape.begin_row()
            if next(tape, None) is None:
                return
            tape.begin_row()
            if (ahead := next(tape, None)) is None:
                return
            at = tape.row[0][0]
            tape.put_back()
            if ahead.count(self._dialects[0].delimiter) == 0:
                continue
            for dialect in self._dialects:
                if (row := self._attempt(dialect)) is not None:
                    yield at, row
                    return

    def _attempt(self, dialect: Dialect) -> Mapping[str, str] | None:
        """The whole row that begins here; None, with nothing consumed, when there is none."""
        tape = self._tape
        tape.begin_row()
        try:
            row = next(self._reader(dialect), None)
        except (csv.Error, _RowTooLong):
            row = None
        if row is not None and self._is_row(row) and (len(tape.row) == 1 or not self._has_swallowed()):
            tape.begin_row()
            return dict(zip(self._names, row, strict=False))
        tape.put_back()
        return None

    def _is_row(self, row: Sequence[str]) -> bool:
        """True when the row has as many cells as there are columns, and an id and a time in their places."""
        width = len(self._names)
        if len(row) != width and not (len(row) > width and not any(cell.strip() for cell in row[width:])):
            return False
        return self.is_entry(dict(zip(self._names, row, strict=False)))

    def is_entry(self, row: Mapping[str, str]) -> bool:
        """True when a row has what a post or a comment needs, whatever its community."""
        return self._entry(row) is not None

    def _entry(self, row: Mapping[str, str]) -> CollectedPost | CollectedComment | None:
        if not any(moment(row.get(name)) is not None for name in self.layout.columns.of("time")):
            return None
        placed = {**row, "subreddit": "any"}
        return read_item(placed) or comment_in(placed)

    def _begins_with_its_id(self, row: Sequence[str]) -> bool:
        """False when the column of the id holds other words: the last line of a text with commas can have as many cells
        as a row, and the row's address at its end.
        """
        cells = dict(zip(self._names, row, strict=False))
        entry = self._entry(cells)
        stated = [cells[name].strip().lower() for name in self.layout.columns.of("id")]
        return entry is not None and all(
            not cell or cell.endswith(entry.reddit_id) or number(cell) is not None for cell in stated
        )

    def _has_swallowed(self) -> bool:
        """True when a later line of this row begins another entry: then a quote that was not closed joined two rows."""
        lines = [text for _, text in self._tape.row]
        delimiter = self._dialects[0].delimiter
        for place in range(1, len(lines)):
            if lines[place].count(delimiter) < self._marks:
                continue
            row = _one_row(lines[place:], self._dialects[0])
            if self._is_row(row) and self._begins_with_its_id(row):
                return True
        return False

"""Posts in JSON: one object a line, an array, or an object that wraps them. Broken parts are passed over and named.

Wrappers of any name are opened: listings of Reddit's API, `{"posts": […]}`, `{"data": […]}`, objects by id, and tables
as pandas writes them (by column, or split into columns and rows).
"""

from __future__ import annotations

import ast
import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from core.collecting.columns import columns_of
from core.errors import BadFile

MAX_ENTRY = 2_000_000  # characters; Reddit's longest post has 40,000, JSON around it some thousand more
_MAX_DOCUMENT = 64_000_000  # characters; an object that wraps its posts must be held in memory whole
_READ = 1_000_000
_DEPTH = 6

Item = Mapping[str, Any]
PassOver = Callable[[int, str], None]

_NO_OBJECT = "not a whole JSON object"


def line_items(name: str, lines: Iterator[tuple[int, str]], pass_over: PassOver) -> Iterator[tuple[int, Item]]:
    """The items of a file with one object a line. A file that is one object over several lines is read whole."""
    first = True
    for number, line in lines:
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            if first and isinstance(error, json.JSONDecodeError) and error.pos >= len(line.rstrip()):
                yield from _document(name, line, lines)
                return
            value = _as_python(line)
            if value is None:
                pass_over(number, _NO_OBJECT)
                continue
        first = False
        for item in expanded(value):
            yield number, item


def _as_python(line: str) -> Item | None:
    """The object in a line written as Python shows it, with single quotes and None; None when there is none."""
    if "'" not in line or not line.lstrip().startswith("{"):
        return None
    try:
        value = ast.literal_eval(line.strip().rstrip(","))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, Mapping) else None


def _document(name: str, first: str, rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Item]]:
    parts, size = [first], 0
    for _, line in rest:
        parts.append(line)
        size += len(line)
        if size > _MAX_DOCUMENT:
            raise BadFile(
                f"{name} is one JSON object of more than {_MAX_DOCUMENT:,} characters.",
                "Write the posts as JSON Lines, one object a line.",
            )
    whole = "".join(parts)
    try:
        values = [json.loads(whole)]
    except (ValueError, RecursionError) as error:
        values = list(_one_after_another(whole))
        if not values:
            raise broken(name, getattr(error, "lineno", 1)) from error
    for value in values:
        for item in expanded(value):
            yield 1, item


def _one_after_another(whole: str) -> Iterator[Any]:
    """Objects one after the other, each over several lines; nothing when the text holds anything else."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while at < len(whole):
        try:
            value, at = decoder.raw_decode(whole, at)
        except (ValueError, RecursionError):
            return
        found.append(value)
        while at < len(whole) and (whole[at].isspace() or whole[at] == ","):
            at += 1
    yield from found


def broken(name: str, line: int) -> BadFile:
    return BadFile(f"{name}, line {line:,}: this is not valid JSON.", "Correct it there, or export again.")


# ---------------------------------------------------------------- what wraps posts


def expanded(value: Any, depth: int = 0) -> Iterator[Item]:
    """The items in a value, however they are wrapped. An object that wraps nothing is an item itself. A value that is
    not an object becomes an empty item.
    """
    if isinstance(value, list) and depth < _DEPTH:
        for part in value:
            yield from expanded(part, depth + 1)
        return
    if not isinstance(value, Mapping):
        yield {}
        return
    if _is_item(value) or depth >= _DEPTH:
        yield value
        return
    inner = list(_wrapped(value))
    if not inner:
        yield value
    for part in inner:
        yield from expanded(part, depth + 1)


def _is_item(value: Mapping[str, Any]) -> bool:
    if value.get("kind") in ("t1", "t3"):
        return True
    title = columns_of(tuple(key for key in value if isinstance(key, str))).of("title")
    return any(isinstance(value[key], str) for key in title)


def _wrapped(value: Mapping[str, Any]) -> Iterator[Any]:
    if value.get("kind") == "Listing" and isinstance(value.get("data"), Mapping):
        children = value["data"].get("children")
        yield children if isinstance(children, list) else []
        return
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        yield [dict(zip(map(str, names), row, strict=False)) for row in rows]
        return
    keys = tuple(key for key in value if isinstance(key, str))
    titles = columns_of(keys).of("title")
    if titles and isinstance(value[titles[0]], Mapping | list):  # one object a column, each by row
        yield _by_row(value, titles[0])
        return
    for part in value.values():
        if (isinstance(part, list) and any(isinstance(entry, Mapping | list) for entry in part)) or (
            isinstance(part, Mapping) and (_is_item(part) or any(isinstance(v, Mapping | list) for v in part.values()))
        ):
            yield part


def _by_row(value: Mapping[str, Any], title: str) -> list[Item]:
    def cell(column: Any, row: Any) -> Any:
        if isinstance(column, Mapping):
            return column.get(row)
        return column[row] if isinstance(column, list) and row < len(column) else None

    cells = value[title]
    rows = list(cells) if isinstance(cells, Mapping) else list(range(len(cells)))
    by_row = isinstance(cells, Mapping)
    columns = {key: column for key, column in value.items() if isinstance(column, Mapping if by_row else list)}
    return [{key: cell(column, row) for key, column in columns.items()} for row in rows]


# ---------------------------------------------------------------- arrays, as a stream


class _Pieces:
    """A decoded file in pieces, with a count of the lines that were consumed."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._line, self._counted = 1, 0
        self.text = ""
        self.at = 0
        self.ended = False

    def more(self) -> bool:
        """Drop what was consumed, append the next piece; False at the end of the file."""
        self._line = self.line_at(self.at)
        self._counted = 0
        self.text, self.at = self.text[self.at :], 0
        raw = self._file.read(_READ)
        self.text += self._decoder.decode(raw, final=not raw)
        self.ended = not raw
        return not self.ended

    def line_at(self, position: int) -> int:
        """The line number of a position. When positions come in order, each character is counted once."""
        if position >= self._counted:
            self._line += self.text.count("\n", self._counted, position)
            self._counted = position
            return self._line
        return self._line - self.text.count("\n", position, self._counted)

    def next_character(self) -> str:
        """The next character that is not white space, without consuming it; "" at the end."""
        while True:
            while self.at < len(self.text):
                if not self.text[self.at].isspace() and self.text[self.at] != "\ufeff":
                    return self.text[self.at]
                self.at += 1
            if self.ended or not self.more():
                return ""


_NEXT_OBJECT = re.compile(r"[\r\n]\s*\{|\}\s*,\s*\{")


def array_items(name: str, file: BinaryIO, encoding: str, pass_over: PassOver) -> Iterator[tuple[int, Item]]:
    """The items of an array, one by one. After a broken item, reading goes on where the next object begins."""
    pieces, decoder = _Pieces(file, encoding), json.JSONDecoder()
    pieces.next_character()
    pieces.at += 1  # the opening bracket
    while (character := pieces.next_character()) != "]":
        if character == ",":
            pieces.at += 1
            continue
        line = pieces.line_at(pieces.at)
        if character == "":
            pass_over(line, "the file ends before its list does")
            return
        try:
            value = _next_value(pieces, decoder)
        except (ValueError, RecursionError):
            pass_over(line, _NO_OBJECT)
            if not _skip_to_object(pieces):
                return
            continue
        for item in expanded(value):
            yield line, item


def _next_value(pieces: _Pieces, decoder: json.JSONDecoder) -> Any:
    while True:
        try:
            value, end = decoder.raw_decode(pieces.text, pieces.at)
        except (ValueError, RecursionError):
            # Broken, or cut by the end of the piece: only more text can tell.
            if len(pieces.text) - pieces.at > _READ or pieces.ended or not pieces.more():
                raise
        else:
            if end == len(pieces.text) and not pieces.ended and not isinstance(value, dict | list):
                pieces.more()  # the number may continue in the next piece
                continue
            pieces.at = end
            return value


def _skip_to_object(pieces: _Pieces) -> bool:
    start = pieces.at + 1
    while True:
        found = _NEXT_OBJECT.search(pieces.text, start)
        if found:
            pieces.at = found.end() - 1
            return True
        pieces.at = max(pieces.at, len(pieces.text) - 1)
        if pieces.ended or not pieces.more():
            return False
        start = 0

"""Records as plain JSON, and back: the keys are the names of the fields."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

_UNREADABLE: Any = object()


def dump(value: Any) -> Any:
    """The value, with the records in it as plain JSON: tuples are lists, times ISO 8601, words of an enum texts."""
    if is_dataclass(value):
        return {f.name: dump(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: dump(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [dump(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


def read(kind: Any, content: Any) -> Any:
    """The record of this kind that `dump` wrote, or a tuple of records for `tuple[Kind, ...]`.

    Unknown keys are ignored, a missing or malformed value gets its field's default, and a malformed item is left out.
    None when a value that has no default is missing or malformed.
    """
    value = _reader(kind)(content)
    return None if value is _UNREADABLE else value


_Reader = Callable[[Any], Any]  # returns what it reads, or `_UNREADABLE`


@cache  # a draft of Reddit's limit has a thousand marks, and is read on the event loop
def _reader(hint: Any) -> _Reader:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        [plain] = [part for part in inner if part is not NoneType]
        read_it = _reader(plain)
        return lambda value: None if value is None else read_it(value)
    if origin is tuple:
        return partial(_read_items, _reader(inner[0])) if inner[-1] is Ellipsis else partial(_read_tuple, inner)
    if origin is not None:
        return partial(_read_mapping, _reader(inner[1]))
    if is_dataclass(hint):
        return partial(_read_record, hint)
    return _plain_reader(hint)


def _read_items(read_it: _Reader, value: Any) -> Any:
    listed = value if isinstance(value, list | tuple) else []
    return tuple(item for item in map(read_it, listed) if item is not _UNREADABLE)


def _read_tuple(inner: tuple[Any, ...], value: Any) -> Any:
    listed = value if isinstance(value, list | tuple) else []
    items = tuple(_reader(hint)(item) for hint, item in zip(inner, listed, strict=False))
    return items if len(listed) == len(inner) and _UNREADABLE not in items else _UNREADABLE


def _read_mapping(read_it: _Reader, value: Any) -> Any:
    items_of = value.items() if isinstance(value, Mapping) else ()
    known = {key: read_it(item) for key, item in items_of if isinstance(key, str)}
    return {key: item for key, item in known.items() if item is not _UNREADABLE}


def _read_record(kind: Any, content: Any) -> Any:
    if not isinstance(content, Mapping):
        return _UNREADABLE
    known: dict[str, Any] = {}
    for name, read_it, is_needed in _shape(kind):
        value = read_it(content[name]) if name in content else _UNREADABLE
        if value is not _UNREADABLE:
            known[name] = value
        elif is_needed:
            return _UNREADABLE
    return kind(**known)


@cache
def _shape(kind: Any) -> tuple[tuple[str, _Reader, bool], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (f.name, _reader(hints[f.name]), f.default is MISSING and f.default_factory is MISSING) for f in fields(kind)
    )


def _plain_reader(hint: Any) -> _Reader:
    if hint is bool or hint is str:
        return lambda value: value if isinstance(value, hint) else _UNREADABLE
    if hint is datetime:
        return _read_time
    if issubclass(hint, StrEnum):
        known = {member.value: member for member in hint}
        return lambda value: known.get(value, _UNREADABLE) if isinstance(value, str) else _UNREADABLE
    return partial(_read_number, int if hint is int else float)


def _read_number(kind: Callable[[Any], Any], value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return kind(value) if is_number and math.isfinite(value) else _UNREADABLE


def _read_time(value: Any) -> Any:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else _UNREADABLE
    except (ValueError, OverflowError):
        return _UNREADABLE

"""Records as plain JSON, and back: the keys are the names of the fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
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
    value = _read(kind, content)
    return None if value is _UNREADABLE else value


def _read(hint: Any, value: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        [plain] = [part for part in inner if part is not NoneType]
        return None if value is None else _read(plain, value)
    if origin is tuple:
        return _read_tuple(inner, value)
    if origin is not None:  # a mapping
        items_of = value.items() if isinstance(value, Mapping) else ()
        known = {key: _read(inner[1], item) for key, item in items_of if isinstance(key, str)}
        return {key: item for key, item in known.items() if item is not _UNREADABLE}
    if is_dataclass(hint):
        return _read_record(hint, value)
    return _read_plain(hint, value)


def _read_tuple(inner: tuple[Any, ...], value: Any) -> Any:
    listed = value if isinstance(value, list | tuple) else []
    if inner[-1] is Ellipsis:
        return tuple(item for item in (_read(inner[0], item) for item in listed) if item is not _UNREADABLE)
    items = tuple(_read(hint, item) for hint, item in zip(inner, listed, strict=False))
    return items if len(listed) == len(inner) and _UNREADABLE not in items else _UNREADABLE


def _read_record(kind: Any, content: Any) -> Any:
    if not isinstance(content, Mapping):
        return _UNREADABLE
    known: dict[str, Any] = {}
    for name, hint, is_needed in _shape(kind):
        value = _read(hint, content[name]) if name in content else _UNREADABLE
        if value is not _UNREADABLE:
            known[name] = value
        elif is_needed:
            return _UNREADABLE
    return kind(**known)


@cache
def _shape(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(kind)
    return tuple((f.name, hints[f.name], f.default is MISSING and f.default_factory is MISSING) for f in fields(kind))


def _read_plain(hint: Any, value: Any) -> Any:
    if hint is bool or hint is str:
        return value if isinstance(value, hint) else _UNREADABLE
    if hint is datetime:
        return _read_time(value)
    if issubclass(hint, StrEnum):
        return hint(value) if value in tuple(hint) else _UNREADABLE
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    if not is_number or not math.isfinite(value):
        return _UNREADABLE
    return int(value) if hint is int else float(value)


def _read_time(value: Any) -> Any:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else _UNREADABLE
    except (ValueError, OverflowError):
        return _UNREADABLE

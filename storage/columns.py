"""The kinds of column: their types, and functions that keep the declaration of the tables short."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as time_of_day
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.texts.search import words_of

# PostgreSQL stores no NUL, and neither engine a lone surrogate; both occur in what people paste and sources send.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Returns the text with U+FFFD in place of characters that no engine can store."""
    return _UNSTORABLE.sub("\ufffd", text)


def _utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {at!r}")
    return at.astimezone(UTC)


def _text_of_time(at: datetime | None) -> str | None:
    """As SQLite stores it: text that sorts by time, because it has no zone and always all digits."""
    if at is not None and at.tzinfo is UTC:  # nearly all times
        return _text_of_utc(at)
    utc = _utc(at)
    return None if utc is None else _text_of_utc(utc)


@lru_cache(maxsize=1024)  # all looks of a batch are of one moment
def _text_of_utc(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


class UtcDateTime(TypeDecorator[datetime]):
    """Takes aware times and returns aware UTC. It refuses a naive time, which may be somebody's local time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _text_of_time if dialect.name == "sqlite" else _utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        # A sweep reads some million times. SQLite stores each as text, which is read in one step; what PostgreSQL's
        # driver returns is UTC.
        if dialect.name == "sqlite":
            read = datetime.fromisoformat
            return lambda stored: None if stored is None else read(f"{stored}+00:00")
        return None


class _Known(dict[str | None, Any]):
    """What `told` says of each word of an enum, by its text. A text that is none of them raises `ValueError`."""

    def __init__(self, words: type[StrEnum], told: Callable[[StrEnum], Any]) -> None:
        super().__init__({word.value: told(word) for word in words} | {None: None})
        self._words = words

    def __missing__(self, text: str | None) -> StrEnum:
        raise ValueError(f"{text!r} is no {self._words.__name__}")


class Words(TypeDecorator[StrEnum]):
    """An enum stored as its text, so that people can read the rows without the program."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        # A sweep reads and writes some million words, and a dictionary is several times faster than the enum.
        self._texts = _Known(words, lambda word: word.value)
        self._by_text = _Known(words, lambda word: word)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return self._texts.__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], StrEnum | None]:
        return self._by_text.__getitem__


class LocalTime(TypeDecorator[time_of_day]):
    """A time of day somewhere, to the minute: "22:00"."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: time_of_day | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:%H:%M}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> time_of_day | None:
        return None if value is None else time_of_day.fromisoformat(value)


class CleanText(TypeDecorator[str]):
    """Any text; see `storable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class RowId(TypeDecorator[int]):
    """An id of ours. An impossible number is bound as 0, which no row has, instead of failing in the driver."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # Only INTEGER makes an alias of SQLite's rowid, and only that can be AUTOINCREMENT.
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return value if value is None or 0 <= value < 2**63 else 0


class Count(TypeDecorator[int]):
    """A number that somebody else counted (votes, comments). A number that no engine can store becomes None."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return value if value is None or -(2**63) <= value < 2**63 else None


PlainJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def searched(*texts: str) -> Column[str]:
    """The words of these text columns as they are searched (core/texts/search.py). An insert fills them in; an update
    that changes a text sets them too.
    """

    def read(context: Any) -> str:
        row = context.get_current_parameters()
        return words_of(*(row.get(name) for name in texts))

    return Column("words", CleanText, nullable=True, default=read, info={"internal": True})


def row_id() -> Column[int]:
    return Column("id", RowId, primary_key=True)


def workspace_id() -> Column[str]:
    return Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False)


def words(name: str, enum: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    listed = ", ".join(f"'{word.value}'" for word in enum)
    return Column(name, Words(enum), nullable=nullable, info={"check": f"{name} IN ({listed})"})


def text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, CleanText, nullable=nullable)


def time(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=nullable)


def plain_json(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, PlainJson, nullable=nullable)


def money(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, info={"check": f"{name} >= 0"})


def lease_owner(name: str = "lease_owner") -> Column[str]:
    return Column(name, CleanText, nullable=True, info={"internal": True})


def lease_until(name: str = "lease_until") -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=True, info={"internal": True})


def reference(name: str, target: str, *, ondelete: str) -> Column[int]:
    """The id of a row in another table. "CASCADE": this row is deleted with it; "SET NULL": this row stays."""
    return Column(name, RowId, ForeignKey(f"{target}.id", ondelete=ondelete), nullable=ondelete == "SET NULL")

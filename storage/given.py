"""Rows that a statement gets as one parameter and reads as a table. It runs once for all of them: run once for each, a
small change costs less than preparing and sending it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    Executable,
    FromClause,
    Text,
    bindparam,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine


class Given:
    """A statement that is given rows of these columns."""

    def __init__(self, columns: Mapping[str, TypeEngine[Any]], statement: Callable[[FromClause], Executable]) -> None:
        """`statement` is built once for each engine, with the rows as a table that has these columns."""
        self._columns = columns
        self._is_list = len(columns) == 1  # plain values, which SQLite reads in half the time
        self._statement = cache(lambda dialect: statement(self._table(dialect)))
        self._processors = cache(self._made_processors)

    async def run(self, tx: AsyncConnection, rows: Collection[Sequence[Any]], **others: Any) -> Any:
        """Run the statement with `rows` and its `others` parameters; returns the result. No rows: it does nothing."""
        dialect = tx.dialect
        return await tx.execute(self._statement(dialect.name), self._parameters(dialect, rows) | others)

    def _table(self, dialect: str) -> FromClause:
        if dialect == "sqlite":
            value = func.json_each(bindparam("given", type_=Text)).table_valued("value").c.value
            parts: list[ColumnElement[Any]] = [value]
            if not self._is_list:
                parts = [func.json_extract(value, f"$[{at}]") for at in range(len(self._columns))]
            columns = zip(parts, self._columns.items(), strict=True)
            return select(*(type_coerce(part, kind).label(name) for part, (name, kind) in columns)).subquery("given")
        lists = [bindparam(f"given_{name}", type_=ARRAY(kind)) for name, kind in self._columns.items()]
        named = [column(name, kind) for name, kind in self._columns.items()]
        return func.unnest(*lists).table_valued(*named).render_derived("given")

    def _parameters(self, dialect: Dialect, rows: Collection[Sequence[Any]]) -> dict[str, Any]:
        lists = list(zip(*rows, strict=True)) if rows else [()] * len(self._columns)
        if dialect.name == "sqlite":
            made = self._processors(dialect)
            columns = [values if make is None else map(make, values) for make, values in zip(made, lists, strict=True)]
            stored = list(columns[0]) if self._is_list else list(zip(*columns, strict=True))
            return {"given": json.dumps(stored, ensure_ascii=False)}
        return {f"given_{name}": list(values) for name, values in zip(self._columns, lists, strict=True)}

    def _made_processors(self, dialect: Dialect) -> Sequence[Callable[[Any], Any] | None]:
        """What makes values as SQLite stores them."""
        return [kind.dialect_impl(dialect).bind_processor(dialect) for kind in self._columns.values()]

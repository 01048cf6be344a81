"""Rows that a statement gets together: as one parameter that it reads as a table (`Given`), or one by one where that is
quicker (`Each`). Sent with a statement of its own, a small change costs less than preparing and sending it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Dialect,
    Executable,
    FromClause,
    Text,
    Update,
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
        lists = [bindparam(_parameter(name), type_=ARRAY(kind)) for name, kind in self._columns.items()]
        named = [column(name, kind) for name, kind in self._columns.items()]
        return func.unnest(*lists).table_valued(*named).render_derived("given")

    def _parameters(self, dialect: Dialect, rows: Collection[Sequence[Any]]) -> dict[str, Any]:
        lists = list(zip(*rows, strict=True)) if rows else [()] * len(self._columns)
        if dialect.name == "sqlite":
            columns = self.stored(dialect, lists)
            stored = list(columns[0]) if self._is_list else list(zip(*columns, strict=True))
            return {"given": json.dumps(stored, ensure_ascii=False)}
        return {_parameter(name): list(values) for name, values in zip(self._columns, lists, strict=True)}

    def stored(self, dialect: Dialect, lists: Sequence[Collection[Any]]) -> list[Collection[Any]]:
        """The columns' values as SQLite stores them."""
        made = self._processors(dialect)
        return [values if make is None else [*map(make, values)] for make, values in zip(made, lists, strict=True)]

    def _made_processors(self, dialect: Dialect) -> Sequence[Callable[[Any], Any] | None]:
        """What makes values as SQLite stores them."""
        return [kind.dialect_impl(dialect).bind_processor(dialect) for kind in self._columns.values()]


class _OneRow(NamedTuple):
    """The rows, where a statement runs for each: every column is a parameter."""

    c: Mapping[str, BindParameter[Any]]


class _Prepared(NamedTuple):
    sql: str
    names: Sequence[str]  # of the parameters, in their order
    constants: Mapping[str, Any]


class Each:
    """A change of the rows whose keys are given. SQLite prepares it once and runs it for each of them, in a third of
    the time that it takes to read them from JSON. PostgreSQL gets them all with one statement, because each statement
    is a journey.
    """

    def __init__(self, columns: Mapping[str, TypeEngine[Any]], statement: Callable[[Any], Update]) -> None:
        """`statement` names the columns as `rows.c["name"]`."""
        self._columns, self._build, self._given = columns, statement, Given(columns, statement)
        self._prepared = cache(self._made_prepared)

    async def run(self, tx: AsyncConnection, rows: Collection[Sequence[Any]]) -> None:
        if not rows:
            return
        if tx.dialect.name != "sqlite":
            await self._given.run(tx, rows)
            return
        sql, names, constants = self._prepared(tx.dialect)
        columns: dict[str, Iterable[Any]] = {name: repeat(value) for name, value in constants.items()}
        stored = self._given.stored(tx.dialect, list(zip(*rows, strict=True)))
        columns |= {_parameter(name): values for name, values in zip(self._columns, stored, strict=True)}
        await tx.exec_driver_sql(sql, list(zip(*(columns[name] for name in names), strict=False)))

    def _made_prepared(self, dialect: Dialect) -> _Prepared:
        row = {name: bindparam(_parameter(name), type_=kind) for name, kind in self._columns.items()}
        compiled = self._build(_OneRow(row)).compile(dialect=dialect)
        return _Prepared(str(compiled), compiled.positiontup or (), compiled.params)


def _parameter(name: str) -> str:
    return f"given_{name}"

"""What a verb changes in the whole database: every row and column of every workspace, leases and counters too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from storage.schema import metadata
from storage.store import Store

Rows = Mapping[str, Mapping[Any, Mapping[str, Any]]]
Changes = dict[str, dict[Any, Any]]

_WHICH_ARE_FILLED = select(*(exists(select(1).select_from(table)) for table in metadata.sorted_tables))


async def all_rows(store: Store) -> Rows:
    """By table and primary key (the id alone where that is the key), the columns of each row."""
    tables = metadata.sorted_tables
    found: dict[str, dict[Any, Mapping[str, Any]]] = {table.name: {} for table in tables}
    async with store._database.read() as tx:
        are_filled = (await tx.execute(_WHICH_ARE_FILLED)).one()  # few are, and asking each one takes as long as a test
        for table in (table for table, is_filled in zip(tables, are_filled, strict=True) if is_filled):
            keys = [column.name for column in table.primary_key]
            rows = [dict(row._mapping) for row in await tx.execute(select(table).order_by(*table.primary_key))]
            found[table.name] = {_only([row[key] for key in keys]): row for row in rows}
    return found


def _only(key: list[Any]) -> Any:
    return key[0] if len(key) == 1 else tuple(key)


def changes(before: Rows, after: Rows) -> Changes:
    """By table: the columns that changed with their new values, by key; None for a row that is gone; and under "new"
    what stands in the new rows, oldest first, without their numbers and what is empty.
    """
    found: Changes = {}
    for table, rows in after.items():
        was = before[table]
        told: dict[Any, Any] = {key: None for key in was if key not in rows}
        for key, row in rows.items():
            if key not in was:
                number = "tracked_post_id" if table == "watches" else "id"
                told.setdefault("new", []).append(
                    {n: v for n, v in row.items() if v is not None and not (n == number and isinstance(v, int))}
                )
            elif row != was[key]:
                told[key] = {name: value for name, value in row.items() if value != was[key][name]}
        if told:
            found[table] = told
    return found

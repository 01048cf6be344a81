"""Rows that are given with a statement arrive as they were, on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Boolean, Float, bindparam, select
from sqlalchemy.types import TypeEngine

from core.model import State
from storage.columns import CleanText, Count, RowId, UtcDateTime, Words
from storage.given import Given
from storage.store import Store

COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "number": RowId(),
    "at": UtcDateTime(),
    "state": Words(State),
    "text": CleanText(),
    "flag": Boolean(),
    "share": Float(),
    "count": Count(),
}
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


async def test_every_kind_of_value_arrives_as_it_was_and_rows_keep_their_fields_together(store: Store) -> None:
    given = Given(COLUMNS, lambda rows: select(*(rows.c[name] for name in COLUMNS)).order_by(rows.c.number))
    east = AT.replace(microsecond=7).astimezone(timezone(timedelta(hours=5, minutes=45)))
    rows: list[tuple[Any, ...]] = [
        (3, AT, State.LIVE, 'it\'s "quoted" \\ [1, 2] – ß 🪴', True, 0.5, 12),
        (1, east, State.REMOVED, "", False, -1.25, -(2**40)),
        (2**40, None, None, None, None, None, None),
    ]
    async with store._database.read() as tx:
        found = [tuple(row) for row in (await given.run(tx, rows)).all()]
    assert found == [rows[1], rows[0], rows[2]]


async def test_one_column_is_a_plain_list_of_values(store: Store) -> None:
    later = Given(
        {"at": UtcDateTime()},
        lambda times: select(times.c.at).where(times.c.at > bindparam("since", type_=UtcDateTime())),
    )
    async with store._database.read() as tx:
        found = await later.run(tx, [(AT,), (AT + timedelta(hours=2),), (AT - timedelta(hours=1),)], since=AT)
        none = await later.run(tx, [], since=AT)
        assert [row.at for row in found] == [AT + timedelta(hours=2)]
        assert none.all() == []


async def test_what_no_engine_can_store_is_given_as_it_would_be_stored(store: Store) -> None:
    given = Given({"text": CleanText(), "count": Count()}, lambda rows: select(rows.c.text, rows.c.count))
    async with store._database.read() as tx:
        rows = (await given.run(tx, [("a\x00b\ud800c", 2**70)])).all()
    assert [tuple(row) for row in rows] == [("a\ufffdb\ufffdc", None)]

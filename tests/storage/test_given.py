"""Rows that are given with a statement arrive as they were, on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Boolean, Float, bindparam, select, update
from sqlalchemy.types import TypeEngine

from core.model import Caller, State
from storage.columns import CleanText, Count, RowId, UtcDateTime, Words
from storage.given import Each, Given
from storage.schema import tracked_posts
from storage.store import Store
from tests.storage import world

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


async def test_a_change_is_made_to_each_of_the_rows_and_to_no_other(store: Store, caller: Caller) -> None:
    posts = [await world.make_post(store, caller, AT, f"t3_aaaa{n}") for n in range(4)]
    its, columns = tracked_posts.c, ("title", "state", "state_since", "locked", "comments_read")
    each = Each(
        {"post_id": its.id.type, "of": its.community.type} | {name: its[name].type for name in columns},
        lambda rows: (
            update(tracked_posts)
            .where(its.id == rows.c["post_id"], its.community == rows.c["of"])
            .values({name: rows.c[name] for name in columns} | {"author": None})
        ),
    )
    later = AT + timedelta(days=1, microseconds=7)
    given = [
        (posts[2].id, "harbor", 'it\'s "quoted" \x00 🪴', State.REMOVED, later, True, 2**70),
        (posts[0].id, "harbor", None, State.LIVE, AT, False, -3),
        (posts[3].id, "elsewhere", "not here", State.HELD, AT, True, 1),
        (posts[3].id + 1, "harbor", "nobody", State.HELD, AT, True, 1),
    ]
    async with store._database.write() as tx:
        await each.run(tx, given)
        await each.run(tx, [])
        counted = select(its.comments_read).where(its.id.in_([post.id for post in posts])).order_by(its.id)
        assert (await tx.scalars(counted)).all() == [-3, None, None, None]
    kept = [await store.tracked_post(caller.workspace_id, post.id) for post in posts]
    changed: dict[str, Any] = {"title": None, "state": State.LIVE, "state_since": AT, "locked": False}
    assert kept[0] == replace(posts[0], **changed, author=None)
    changed = {"title": 'it\'s "quoted" \ufffd 🪴', "state": State.REMOVED, "state_since": later, "locked": True}
    assert kept[2] == replace(posts[2], **changed, author=None)
    assert [kept[1], kept[3]] == [posts[1], posts[3]]

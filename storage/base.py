"""The base of all groups of verbs: access to the database, the journal, the workspace's lock and plan."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, fields, is_dataclass, make_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Executable,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import Advice, Do, NotFound
from core.journal import JournalKind
from core.model import Caller
from core.plans import DEFAULT_PLAN, PLANS, Plan
from core.records import read
from core.texts.search import sought
from storage import schema
from storage.database import Database, execute_many

# Where a person finds the existing ones.
_WHERE_TO_LOOK = {
    "account": Do.SHOW_ACCOUNTS,
    "alert": Do.LIST_ALERTS,
    "route": Do.LIST_ALERTS,
    "campaign": Do.LIST_CAMPAIGNS,
    "collected post": Do.BROWSE_POSTS,
    "collection run": Do.SHOW_COLLECTING,
    "draft": Do.LIST_DRAFTS,
    "fact": Do.LIST_FACTS,
    "mark": Do.LIST_DRAFTS,
    "offer": Do.LIST_OFFERS,
    "pattern": Do.LIST_PATTERNS,
    "picture": Do.LIST_POSTS,
    "post": Do.LIST_POSTS,
    "profile": Do.SHOW_COMMUNITY,
    "removed pattern": Do.LIST_PATTERNS,
    "reservation": Do.SHOW_USAGE,
    "rules snapshot": Do.SHOW_RULES,
}

Record = TypeVar("Record")
_AT_ONCE = 100  # rows that become records in one turn of the event loop, some 3 ms


class Verbs:
    """Base of the verb groups. `Store` joins them."""

    def __init__(self, database: Database, *, max_monthly_cap_usd_micros: int | None = None) -> None:
        """`max_monthly_cap_usd_micros` is the operator's ceiling of every workspace's cap; None: no ceiling."""
        self._database = database
        self._max_monthly_cap_usd_micros = max_monthly_cap_usd_micros

    def one_moment(self) -> AbstractAsyncContextManager[None]:
        """Within the block, this task reads everything as of one moment (see `Database.one_moment`)."""
        return self._database.one_moment()

    async def _rows(self, query: Executable, asked: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """`asked` are values of the parameters of a query that was built before."""
        async with self._database.read() as tx:
            return (await tx.execute(query, asked)).all()

    async def _records(
        self, kind: type[Record], query: Executable, asked: Mapping[str, Any] | None = None
    ) -> Sequence[Record]:
        return [record(kind, row) for row in await self._rows(query, asked)]

    async def _record(
        self, kind: type[Record], query: Executable, asked: Mapping[str, Any] | None = None
    ) -> Record | None:
        """The first record; None when there is none."""
        row = next(iter(await self._rows(query, asked)), None)
        return record(kind, row) if row is not None else None

    async def _value(self, query: Executable) -> Any:
        """The first column of the first row; None when there is none."""
        async with self._database.read() as tx:
            return await tx.scalar(query)

    @staticmethod
    async def _enter_journal(
        tx: AsyncConnection, caller: Caller, now: datetime, kind: JournalKind, subject: str, **facts: Any
    ) -> None:
        """Write down who did what, in the transaction that does it."""
        await enter_journal(tx, [entry(caller, now, kind, subject, **facts)])

    @staticmethod
    async def _lock_workspace(tx: AsyncConnection, workspace_id: str) -> None:
        """Lock the workspace, for changes that first count and then add (caps, unique names). Raises `NotFound`.

        The lock is FOR NO KEY UPDATE, which does not block rows that only refer to the workspace. SQLite has one writer
        anyway.
        """
        if await tx.scalar(_LOCKED_WORKSPACE, {"workspace": workspace_id}) is None:
            raise unknown_workspace()

    async def _plan(self, tx: AsyncConnection, workspace_id: str) -> Plan:
        row = (await tx.execute(_PLAN, {"workspace": workspace_id})).first()
        ceiling = self._max_monthly_cap_usd_micros
        if row is not None:
            return record(Plan, row, max_monthly_cap_usd_micros=ceiling)
        return Plan(workspace_id, **asdict(PLANS[DEFAULT_PLAN]), max_monthly_cap_usd_micros=ceiling)

    @staticmethod
    async def _one(
        tx: AsyncConnection, table: Table, workspace_id: str, row_id: int, noun: str, *, lock: bool = False
    ) -> Row[Any]:
        """Returns the row with this id in this workspace. Raises `NotFound`, for another workspace's row too."""
        asked = {"workspace": workspace_id, "row": row_id}
        row: Row[Any] | None = (await tx.execute(_one_of(table, lock), asked)).first()
        if row is None:
            raise missing(noun, row_id)
        return row


# Built once, because nearly every change asks them, and building takes longer than asking.
_LOCKED_WORKSPACE = (
    select(schema.workspaces.c.id)
    .where(schema.workspaces.c.id == bindparam("workspace"))
    .with_for_update(key_share=True)
)
_PLAN = select(schema.plans).where(schema.plans.c.workspace_id == bindparam("workspace"))


@cache
def _one_of(table: Table, lock: bool) -> Select[Any]:
    query = select(table).where(table.c.workspace_id == bindparam("workspace"), table.c.id == bindparam("row"))
    return query.with_for_update() if lock else query


@cache
def _adding_to(table: Table) -> Any:
    return insert(table).returning(table)


@cache
def _changing(table: Table) -> Any:
    return update(table).where(table.c.id == bindparam("changed_id")).returning(table)


async def counted(tx: AsyncConnection, table: Table, *conditions: ColumnElement[bool]) -> int:
    """Returns how many rows of a table meet the conditions."""
    return (await tx.execute(select(func.count()).select_from(table).where(*conditions))).scalar_one()


def entry(caller: Caller, now: datetime, kind: JournalKind, subject: str, **facts: Any) -> dict[str, Any]:
    """A row of the journal."""
    return {
        "workspace_id": caller.workspace_id,
        "at": now,
        "kind": kind,
        "subject": subject,
        "member_id": caller.member_id,
        "name": caller.name,
        "facts": facts,
        "correlation_id": caller.correlation_id,
    }


async def enter_journal(tx: AsyncConnection, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write entries in the transaction of the changes."""
    await execute_many(tx, insert(schema.journal), entries)


def holds(typed: str, *words: ColumnElement[Any]) -> ColumnElement[bool]:
    """Returns a condition: what somebody looks for stands in these words together (core/texts/search.py).

    `words` are columns of `searched` words, or of lower-case names and enums.
    """
    wanted = sought(typed)
    if wanted.is_empty:
        return false()
    text: ColumnElement[str] = literal(" ")
    for column in words:
        text = text + func.replace(func.coalesce(cast(column, Text), ""), "_", " ") + " "
    return and_(*(text.contains(part, autoescape=True) for part in wanted.parts))


def matches(number: ColumnElement[int], typed: str, *words: ColumnElement[Any]) -> ColumnElement[bool]:
    """Returns a condition: these words hold what was typed (`holds`), or the number begins with it."""
    found = holds(typed, *words)
    if number_typed(typed) is not None:
        return or_(found, cast(number, Text).startswith(typed))
    return found


def number_typed(typed: str) -> int | None:
    """Returns the number that was typed; None when it was something else."""
    return int(typed) if re.fullmatch(r"\d{1,18}", typed, re.ASCII) else None


def nearest_first(number: ColumnElement[int], typed: str | None) -> tuple[ColumnElement[Any], ...]:
    """Returns the order for `matches`: first the row with exactly this number, then the newest rows."""
    exact = number_typed(typed or "")
    return (number.desc(),) if exact is None else (case((number == exact, 0), else_=1), number.desc())


def unknown_workspace() -> NotFound:
    return NotFound("This workspace is not known here.", Advice("Give any command in it once.", Do.HELP))


def missing(noun: str, reference: int | str) -> NotFound:
    """Returns `NotFound` for a noun and its reference: "draft", 7."""
    return NotFound(f"There is no {noun} {reference} here.", Advice("See which there are.", _WHERE_TO_LOOK[noun]))


def record(kind: type[Record], row: Row[Any], **replaced: Any) -> Record:
    """Returns a row as a dataclass whose field names are the column names. Lists and records in it are JSON there."""
    columns = row._mapping
    names, of_json = _shape(kind)
    values = {name: replaced[name] if name in replaced else columns[name] for name in names}
    for name, hint in of_json:
        if name not in replaced:
            values[name] = read(hint, values[name])
    return kind(*values.values())


def maker(kind: type[Record]) -> Callable[..., Record]:
    """Returns what makes a record of all its fields, in their order, five times as fast as the record's own class: a
    frozen one sets each field by a detour, which a sweep of thousands of posts feels.
    """
    twin = make_dataclass(kind.__name__, field_names(kind), slots=True)

    def make(*values: Any) -> Record:
        made: Record = twin(*values)
        made.__class__ = kind
        return made

    return make


def values_of(told: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Returns the fields of a record as values of the columns of the same names."""
    return {name: getattr(told, name) for name in field_names(type(told)) if name not in without}


async def added(tx: AsyncConnection, table: Table, values: Mapping[str, Any]) -> Row[Any]:
    """Add a row, and return it. A value may be an expression."""
    plain, computed = _apart(values)
    new = _adding_to(table).values(computed) if computed else _adding_to(table)
    row: Row[Any] = (await tx.execute(new, plain)).one()
    return row


async def changed(tx: AsyncConnection, table: Table, row: Row[Any], **values: Any) -> Row[Any]:
    """Change a row, and return it. A value may be an expression of the table's columns."""
    plain, computed = _apart(values)
    change = _changing(table).values(computed) if computed else _changing(table)
    new: Row[Any] = (await tx.execute(change, {"changed_id": row.id, **plain})).one()
    return new


def _apart(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the plain values, which are a statement's parameters, and those that are parts of the statement."""
    computed = {name: value for name, value in values.items() if isinstance(value, ClauseElement)}
    return {name: value for name, value in values.items() if name not in computed}, computed


async def put(tx: AsyncConnection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Change the row with this key, or add it. The caller sees to it that nobody else adds it meanwhile."""
    same = and_(*(table.c[name] == value for name, value in key.items()))
    if not (await tx.execute(update(table).where(same).values(values))).rowcount:
        await tx.execute(insert(table).values({**key, **values}))


async def records(kind: type[Record], rows: Iterable[Row[Any]]) -> list[Record]:
    """Returns rows as records, with turns of the event loop between them: a draft may have two thousand marks."""
    made: list[Record] = []
    for row in rows:
        made.append(record(kind, row))
        if len(made) % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return made


def field_names(kind: type[Any]) -> tuple[str, ...]:
    return _shape(kind)[0]


_shapes: dict[type[Any], tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]] = {}


def _shape(kind: type[Any]) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """The names of a record's fields, and of those that a column has as JSON (a tuple, a record) the types."""
    if kind not in _shapes:  # `fields()` is slow, which matters when thousands of posts are read
        names, hints = tuple(field.name for field in fields(kind)), get_type_hints(kind)
        _shapes[kind] = names, tuple((name, hints[name]) for name in names if _is_json(hints[name]))
    return _shapes[kind]


def _is_json(hint: Any) -> bool:
    return any(get_origin(part) is tuple or is_dataclass(part) for part in (hint, *get_args(hint)))

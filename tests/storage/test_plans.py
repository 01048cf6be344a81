"""What is asked often, or while everybody else waits, finds its posts and alerts by an index and reads no whole table.

SQLite alone is asked how it would do it: PostgreSQL decides by its statistics, and reads a small table whole.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock

DAY = timedelta(days=1)
ASKED: dict[str, Callable[[Store, str, Any], Awaitable[Any]]] = {
    "how many posts are watched, of which age": lambda s, w, now: s.watch_load(now, ages=(DAY, DAY * 2)),
    "what a clock that was ahead did": lambda s, w, now: s.undo_odd_clock(
        now, longest_wait=DAY, watch_for=DAY * 14, late_watch_for=DAY * 7
    ),
    "how far behind the watching is": lambda s, w, now: s.backlog(w, now),
    "what a worker holds": lambda s, w, now: s.release_due("w", now),
    "what became of posts": lambda s, w, now: s.states_by_community(w, now),
    "what was written last": lambda s, w, now: s.last_written_at(),
    "which posts are due": lambda s, w, now: s.lease_due_posts(now, worker="w", lease=DAY, limit=9),
    "what was leased": lambda s, w, now: s.leased_posts("w", [1, 2]),
    "which audits are due": lambda s, w, now: s.lease_due_audits(now, worker="w", lease=DAY, limit=9),
    "what somebody types": lambda s, w, now: s.tracked_posts(w, containing="kiln"),
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ASKED)
async def test_no_whole_table_is_read_to_know(store: Store, caller: Caller, clock: FixedClock, what: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        asked.append((sql, values))

    engine = store._database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await ASKED[what](store, caller.workspace_id, clock.now())
    event.remove(engine, "before_cursor_execute", note)
    assert asked
    async with store._database.read() as tx:
        for sql, values in asked:
            plan = [step.detail for step in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
            tables = ("tracked_posts", "watches", "readings", "alerts")
            whole = [step for step in plan if step.startswith(tuple(f"SCAN {table}" for table in tables))]
            assert [step for step in whole if "ix_alerts" not in step] == [], f"{sql}\n{plan}"

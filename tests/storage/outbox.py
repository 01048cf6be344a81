"""An alert in the outbox, step by step: owed, claimed by a courier, delivered or given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.alerts import Alert
from core.model import AlertKind, Caller, NewAlert
from storage.store import Store

LEASE = timedelta(minutes=1)
FREE: Mapping[str, Any] = {"lease_owner": None, "lease_until": None}


def an_alert(key: str, **changed: Any) -> NewAlert:
    return replace(NewAlert(AlertKind.TEST, key, {}), **changed)


async def claim(store: Store, now: datetime, worker: str = "c") -> Alert:
    [alert] = await store.lease_alerts(now, worker=worker, lease=LEASE, limit=1, platforms=["terminal", "discord"])
    return alert


async def owe(store: Store, caller: Caller, now: datetime, key: str, **changed: Any) -> int:
    assert await store.owe_alert(caller, an_alert(key, **changed), now)
    return next(alert.id for alert in await store.alerts(caller.workspace_id, None) if alert.dedupe_key == key)


async def deliver(store: Store, now: datetime, **told: Any) -> Alert:
    alert = await claim(store, now)
    assert await store.record_delivery(alert.id, "c", now, delivered=True, **told)
    return alert


async def give_up(store: Store, now: datetime, problem: str | None = None) -> Alert:
    alert = await claim(store, now)
    assert await store.record_delivery(alert.id, "c", now, delivered=False, problem=problem)
    return alert

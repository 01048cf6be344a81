"""Webhooks and feeds, and what waits for a webhook: alerts and decisions that its server has not accepted yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update

from core.alerts import Decision
from core.errors import Advice, Do, NotFound
from core.hooks import Feed, Happening, Webhook
from core.journal import JournalKind
from core.model import AlertKind, Caller, NewAlert
from storage.base import Verbs, added, record
from storage.database import insert_new
from storage.outbox import owe
from storage.schema import alerts, decisions, feeds, webhooks

_its = webhooks.c
# A transaction may commit after one with a later number; so many numbers below the last sent one are looked at again.
_LATE = 500


class HookVerbs(Verbs):
    async def webhook(self, workspace_id: str) -> Webhook | None:
        return await self._record(Webhook, select(webhooks).where(_its.workspace_id == workspace_id))

    async def set_webhook(self, caller: Caller, url: str, sealed_secret: str, now: datetime) -> Webhook:
        mine = _its.workspace_id == caller.workspace_id
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            await tx.execute(delete(webhooks).where(mine))
            new = {
                "workspace_id": caller.workspace_id,
                "url": url,
                "sealed_secret": sealed_secret,
                "made_by": caller.name,
                "made_at": now,
                "attempts": 0,
                "alerts_from": select(func.coalesce(func.max(alerts.c.id), 0)).scalar_subquery(),
                "decisions_from": select(func.coalesce(func.max(decisions.c.id), 0)).scalar_subquery(),
            }
            row = await added(tx, webhooks, new)
            told = {"host": urlsplit(url).hostname}
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_WEBHOOK, "webhook", **told)
        return record(Webhook, row)

    async def wake_webhook(self, caller: Caller, now: datetime) -> Webhook:
        awake = {"resting_since": None, "next_attempt_at": None, "attempts": 0}
        change = update(webhooks).where(_its.workspace_id == caller.workspace_id).values(awake).returning(webhooks)
        async with self._database.write() as tx:
            row = (await tx.execute(change)).first()
            if row is None:
                raise _no("webhook")
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_WEBHOOK, "webhook", woken=True)
        return record(Webhook, row)

    async def end_webhook(self, caller: Caller, now: datetime) -> None:
        async with self._database.write() as tx:
            gone = await tx.execute(delete(webhooks).where(_its.workspace_id == caller.workspace_id))
            if not gone.rowcount:
                raise _no("webhook")
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_WEBHOOK_END, "webhook")

    async def feed(self, workspace_id: str) -> Feed | None:
        return await self._record(Feed, select(feeds).where(feeds.c.workspace_id == workspace_id))

    async def set_feed(self, caller: Caller, token_sha256: str, now: datetime) -> Feed:
        new = {"token_sha256": token_sha256, "made_by": caller.name, "made_at": now}
        mine = feeds.c.workspace_id == caller.workspace_id
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            await tx.execute(insert_new(tx, feeds).values(workspace_id=caller.workspace_id, **new))
            row = (await tx.execute(update(feeds).where(mine).values(new).returning(feeds))).one()
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_FEED, "feed")
        return record(Feed, row)

    async def end_feed(self, caller: Caller, now: datetime) -> None:
        async with self._database.write() as tx:
            gone = await tx.execute(delete(feeds).where(feeds.c.workspace_id == caller.workspace_id))
            if not gone.rowcount:
                raise _no("feed")
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_FEED_END, "feed")

    async def workspace_of_feed(self, token_sha256: str) -> str | None:
        found: str | None = await self._value(select(feeds.c.workspace_id).where(feeds.c.token_sha256 == token_sha256))
        return found

    async def newest_happenings(self, workspace_id: str, limit: int) -> Sequence[Happening]:
        told = select(alerts).where(alerts.c.workspace_id == workspace_id, *_FOR_ALL)
        decided = select(decisions).where(decisions.c.workspace_id == workspace_id)
        async with self._database.read() as tx:
            rows = [_alert(row) for row in await tx.execute(told.order_by(alerts.c.id.desc()).limit(limit))]
            rows += [_decision(row) for row in await tx.execute(decided.order_by(decisions.c.id.desc()).limit(limit))]
        return sorted(rows, key=_by_time, reverse=True)[:limit]

    async def lease_webhooks(self, now: datetime, *, worker: str, lease: timedelta, limit: int) -> Sequence[Webhook]:
        free = or_(_its.lease_until.is_(None), _its.lease_until <= now)
        due = and_(_its.resting_since.is_(None), or_(_its.next_attempt_at.is_(None), _its.next_attempt_at <= now))
        waits = or_(exists().where(*_unsent_alerts()), exists().where(*_unsent_decisions()))
        async with self._database.write() as tx:
            candidates = (
                select(_its.workspace_id).where(free, due, waits).limit(limit).with_for_update(skip_locked=True)
            )
            ids = (await tx.scalars(candidates)).all()
            if not ids:
                return []
            leased = update(webhooks).where(_its.workspace_id.in_(ids), free).returning(webhooks)
            rows = await tx.execute(leased.values(lease_owner=worker, lease_until=now + lease))
            return [record(Webhook, row) for row in rows]

    async def unsent_happenings(self, hook: Webhook, limit: int) -> Sequence[Happening]:
        mine = _its.workspace_id == hook.workspace_id
        told = select(alerts).join(webhooks, mine).where(*_unsent_alerts()).order_by(alerts.c.id).limit(limit)
        decided = (
            select(decisions).join(webhooks, mine).where(*_unsent_decisions()).order_by(decisions.c.id).limit(limit)
        )
        async with self._database.read() as tx:
            rows = [_alert(row) for row in await tx.execute(told)]
            rows += [_decision(row) for row in await tx.execute(decided)]
        return sorted(rows, key=_by_time)[:limit]

    async def record_sent(self, hook: Webhook, happening: Happening, worker: str, now: datetime) -> bool:
        table, low = (alerts, "alerts_from") if happening.decision is None else (decisions, "decisions_from")
        done = {"attempts": 0, "next_attempt_at": None, "last_problem": None, "last_sent_at": now}
        beyond = _greater(webhooks.c[low], max(0, happening.number - _LATE))
        async with self._database.write() as tx:
            held = await tx.execute(update(webhooks).where(*_leased(hook, worker)).values(done | {low: beyond}))
            if not held.rowcount:
                return False
            its_row = (table.c.workspace_id == hook.workspace_id, table.c.id == happening.number)
            await tx.execute(update(table).where(*its_row).values(hooked_at=now))
        return True

    async def record_unsent(
        self, hook: Webhook, worker: str, problem: str, retry_at: datetime | None, now: datetime
    ) -> bool:
        failed: dict[str, Any] = {"attempts": _its.attempts + 1, "last_problem": problem, "next_attempt_at": retry_at}
        failed |= {"lease_owner": None, "lease_until": None, "resting_since": now if retry_at is None else None}
        async with self._database.write() as tx:
            if not (await tx.execute(update(webhooks).where(*_leased(hook, worker)).values(failed))).rowcount:
                return False
            if retry_at is None:
                facts = {"host": urlsplit(hook.url).hostname, "problem": problem, "made_by": hook.made_by}
                news = NewAlert(AlertKind.WEBHOOK_RESTS, f"webhook:{now.isoformat()}", facts)
                await owe(tx, hook.workspace_id, news, now, "webhook", not_before=now)
        return True

    async def release_webhook(self, hook: Webhook, worker: str) -> None:
        async with self._database.write() as tx:
            free = {"lease_owner": None, "lease_until": None}
            await tx.execute(update(webhooks).where(*_leased(hook, worker)).values(free))


# The digest and tests are messages for people; that a webhook rests cannot be told to it.
_TOLD = tuple(kind for kind in AlertKind if kind not in (AlertKind.DIGEST, AlertKind.TEST, AlertKind.WEBHOOK_RESTS))

_FOR_ALL = (alerts.c.kind.in_(_TOLD), alerts.c.to_member.is_(None))


def _unsent_alerts() -> tuple[ColumnElement[bool], ...]:
    its = alerts.c
    mine = (its.workspace_id == _its.workspace_id, its.id > _its.alerts_from, its.created_at >= _its.made_at)
    return (*mine, its.hooked_at.is_(None), *_FOR_ALL)


def _unsent_decisions() -> tuple[ColumnElement[bool], ...]:
    its = decisions.c
    mine = (its.workspace_id == _its.workspace_id, its.id > _its.decisions_from, its.at >= _its.made_at)
    return (*mine, its.hooked_at.is_(None))


def _leased(hook: Webhook, worker: str) -> tuple[ColumnElement[bool], ...]:
    """Also false for a webhook that was named anew since it was leased."""
    return _its.workspace_id == hook.workspace_id, _its.lease_owner == worker, _its.made_at == hook.made_at


def _greater(column: ColumnElement[int], number: int) -> ColumnElement[int]:
    """Returns the greater of a column and a number; the engines name that function differently."""
    return case((column > number, column), else_=number)


def _alert(row: Any) -> Happening:
    return Happening(row.id, row.created_at)


def _decision(row: Any) -> Happening:
    return Happening(row.id, row.at, record(Decision, row), row.tracked_post_id)


def _by_time(happening: Happening) -> tuple[datetime, str]:
    return happening.at, happening.key


def _no(noun: str) -> NotFound:
    return NotFound(f"This workspace has no {noun}.", Advice("See what there is.", Do.LIST_ALERTS))

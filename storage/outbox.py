"""The outbox: alerts that are owed to channels until they are delivered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import (
    AT_ANY_HOUR,
    ENDED_BY_SIGHT,
    Alert,
    Delivery,
    EarlierMessage,
    OnItsWay,
    Refusal,
    Severity,
    Wishes,
    copied_key,
    is_of_community,
    rest_of_place,
    severity,
    takes_in,
    undelivered,
    with_earlier,
)
from core.journal import JournalKind
from core.model import AlertKind, Caller, NewAlert
from core.timetable import Timetable
from storage.base import Verbs, changed, put, record, values_of
from storage.database import inserting_new, will_owe
from storage.events import has_joined, join, mark_joined_told, message_of_event
from storage.schema import alerts, refusals, timetables, tracked_posts, workspaces
from storage.timetables import begin_default_digest, is_quiet, next_period, note_quiet_hours

_its = alerts.c
_LOOKED_THROUGH = 200  # a workspace's newest alerts, searched for channels that accepted one


class OutboxVerbs(Verbs):
    async def owe_alert(self, caller: Caller, alert: NewAlert, now: datetime) -> bool:
        """Owe one alert. Raises `NotFound` when its post belongs to another workspace."""
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            not_before = now
            if alert.tracked_post_id is not None:
                post = await self._one(tx, tracked_posts, caller.workspace_id, alert.tracked_post_id, "post")
                not_before = max(now, post.snoozed_until or now)
            owed = await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=not_before)
            if owed:
                await self._enter_journal(tx, caller, now, JournalKind.ALERTS_OWE, "alert", alert=alert.kind.value)
        return owed

    async def owe_digest(self, caller: Caller, due_at: datetime, digest: NewAlert | None, now: datetime) -> bool:
        async with self._database.write() as tx:
            is_its_turn = await next_period(tx, caller.workspace_id, due_at, now, goes_on=digest is None)
            if not is_its_turn or digest is None:
                return False
            owed = await owe(tx, caller.workspace_id, digest, now, caller.correlation_id, not_before=now)
            await self._enter_journal(tx, caller, now, JournalKind.ALERTS_OWE, "alert", alert=digest.kind.value)
        return owed

    async def alerts(
        self,
        workspace_id: str,
        limit: int | None = 20,
        *,
        kind: AlertKind | None = None,
        since: datetime | None = None,
        ids: Collection[int] | None = None,
    ) -> Sequence[Alert]:
        query = select(alerts).where(_its.workspace_id == workspace_id).order_by(_its.id.desc()).limit(limit)
        # What reached the member whom it is for is no news of the workspace.
        of_all = or_(_its.to_member.is_(None), _its.last_problem.is_not(None))
        query = query.where(of_all if kind is None else _its.kind == kind)
        if since is not None:
            query = query.where(_its.created_at > since)
        if ids is not None:
            query = query.where(_its.id.in_(ids))
        return await self._records(Alert, query)

    async def lease_alerts(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int, platforms: Sequence[str]
    ) -> Sequence[Alert]:
        """As the protocol says. `channel` becomes the workspace's alert channel of this moment, so that a retry goes
        where alerts go now. `attempts` counts this claim, so that a crash during delivery counts too.
        """
        async with self._database.write() as tx:
            await note_quiet_hours(tx, now, platforms)
            asked = {"now": now, "most": limit, "platforms": list(platforms)}
            candidates = {row.alert: row.alert_channel for row in await tx.execute(_OLDEST_DUE, asked)}
            if not candidates:
                return []
            # Another program may have chosen the same rows; the first one to lock a row gets it.
            free = await tx.scalars(_FREE, {"ids": list(candidates), "now": now})
            claimed = []
            for alert_id in list(free):
                leased = {"lease_owner": worker, "lease_until": now + lease, "channel": candidates[alert_id]}
                row = await tx.execute(_CLAIM, {"claimed_id": alert_id, **leased})
                claimed.append(record(Alert, row.one()))
        return claimed

    async def set_out(
        self, alert_id: int, worker: str, place: str, now: datetime, *, lease: timedelta
    ) -> OnItsWay | None:
        async with self._database.write() as tx:
            mine = update(alerts).where(_is_leased_by(alert_id, worker), _its.lease_until > now)
            renewed = mine.values(lease_until=now + lease, sent_to=place)
            row = (await tx.execute(renewed.returning(_its.workspace_id, _its.tracked_post_id))).first()
            if row is None:
                return None
            if row.tracked_post_id is None:
                return OnItsWay()
            return OnItsWay(await tx.scalar(_first_reference(row.workspace_id, row.tracked_post_id, place)))

    async def record_delivery(
        self,
        alert_id: int,
        worker: str,
        now: datetime,
        *,
        delivered: bool,
        delivery_ref: str | None = None,
        problem: str | None = None,
        retry_at: datetime | None = None,
        sent_to: str | None = None,
        others_wait_until: datetime | None = None,
        told_by: Delivery | None = None,
    ) -> bool:
        values: dict[str, Any] = {"lease_owner": None, "lease_until": None, "last_problem": problem, "sent_to": sent_to}
        if delivered:
            values |= {"delivered_at": now, "next_attempt_at": None, "delivery_ref": delivery_ref, "told_by": told_by}
        else:
            values |= {"next_attempt_at": retry_at}
        async with self._database.write() as tx:
            change = update(alerts).where(_is_leased_by(alert_id, worker)).values(values)
            row = (await tx.execute(change.returning(alerts))).first()
            if row is None:
                return False
            alert = record(Alert, row)
            if others_wait_until is not None:
                await _let_others_wait(tx, alert, others_wait_until)
            if delivered:
                await _place_works(tx, alert, now)
                await mark_joined_told(tx, alert, now, delivery_ref)
            elif retry_at is None and not await _is_told_anyway(tx, alert):
                await _tell_of_loss(tx, alert, problem or "", now)
        return True

    async def wishes(self, alert: Alert) -> Wishes:
        async with self._database.read() as tx:
            row = (await tx.execute(select(timetables).where(timetables.c.workspace_id == alert.workspace_id))).first()
            times = record(Timetable, row) if row is not None else Timetable(alert.workspace_id)
            is_back = alert.kind is AlertKind.POST_LIVE
            earlier = await (_earlier(tx, alert) if is_back else message_of_event(tx, alert))
        # A terminal's lines cannot be rendered again, and nobody mutes them.
        is_terminal = alert.workspace_id.startswith("terminal:")
        return Wishes(times.good_news or is_terminal, times.has_digest, earlier)

    async def leave_to_digest(self, alert_id: int, worker: str, now: datetime) -> bool:
        async with self._database.write() as tx:
            left = {"lease_owner": None, "lease_until": None, "next_attempt_at": None, "told_by": Delivery.DIGEST}
            change = update(alerts).where(_is_leased_by(alert_id, worker)).values(left)
            row = (await tx.execute(change.returning(_its.workspace_id, _its.created_at))).first()
            if row is None:
                return False
            await begin_default_digest(tx, row.workspace_id, row.created_at - timedelta(seconds=1), now)
        return True

    async def release_alerts(self, worker: str, alert_ids: Sequence[int]) -> int:
        async with self._database.write() as tx:
            released = await tx.execute(
                update(alerts)
                .where(_its.lease_owner == worker, _its.id.in_(alert_ids))
                .values(lease_owner=None, lease_until=None)
            )
        return released.rowcount

    async def refuse_place(self, workspace_id: str, place: str, problem: str, now: datetime) -> Refusal:
        mine = (refusals.c.workspace_id == workspace_id, refusals.c.place == place)
        async with self._database.write() as tx:
            await self._lock_workspace(tx, workspace_id)
            row = (await tx.execute(select(refusals).where(*mine))).first()
            since, times = (row.since, row.times + 1) if row is not None else (now, 1)
            refusal = Refusal(workspace_id, place, problem, since, times, now + rest_of_place(times))
            key = {"workspace_id": workspace_id, "place": place}
            await put(tx, refusals, key, values_of(refusal, without=key))
        return refusal

    async def refusals(self, workspace_id: str) -> Sequence[Refusal]:
        its = refusals.c
        query = select(refusals).where(its.workspace_id == workspace_id).order_by(its.since, its.place)
        return await self._records(Refusal, query)

    async def places_that_took(self, workspace_id: str, limit: int = 3) -> Sequence[str]:
        lately = (
            select(_its.id, _its.sent_to)
            .where(_its.workspace_id == workspace_id, _its.delivered_at.is_not(None), _its.sent_to.is_not(None))
            .order_by(_its.id.desc())
            .limit(_LOOKED_THROUGH)
        )
        places = [row.sent_to for row in await self._rows(lately)]
        return list(dict.fromkeys(place for place in places if not place.startswith("@")))[:limit]

    async def retry_alerts(self, caller: Caller, now: datetime) -> int:
        async with self._database.write() as tx:
            again = await tx.execute(
                update(alerts)
                .where(
                    _its.workspace_id == caller.workspace_id,
                    _its.delivered_at.is_(None),
                    _its.next_attempt_at.is_(None),
                    _its.told_with.is_(None),
                    _its.told_by.is_(None),
                    _its.kind != AlertKind.UNDELIVERED,
                )
                .values(next_attempt_at=now, attempts=0)
                .returning(_its.id)
            )
            ids = list(again.scalars())
            if ids:
                will_owe(tx)
                await _loss_is_no_news(tx, caller.workspace_id, max(ids))
                await self._enter_journal(tx, caller, now, JournalKind.ALERTS_RETRY, "workspace", count=len(ids))
        return len(ids)


# ---------------------------------------------------------------- which alert is next


def _is_free(now: Any) -> ColumnElement[bool]:
    return or_(_its.lease_until.is_(None), _its.lease_until <= now)


def _is_leased_by(alert_id: int, worker: str) -> ColumnElement[bool]:
    return and_(_its.id == alert_id, _its.lease_owner == worker, _its.delivered_at.is_(None))


def _oldest_due() -> Select[Any]:
    """(alert, alert_channel) of each workspace's oldest due alert, oldest first. Workspaces with an alert on its way
    are left out.

    Both engines look into an index once for each workspace, so that a workspace with a hundred thousand waiting alerts
    costs no more than one with a single alert.
    """
    its, leased = alerts.alias("waiting"), alerts.alias("leased")
    now: BindParameter[datetime] = bindparam("now")
    oldest = (
        select(its.c.id)
        .where(
            its.c.workspace_id == workspaces.c.id,
            its.c.next_attempt_at <= now,
            or_(its.c.kind.in_(AT_ANY_HOUR), not_(is_quiet(now)), and_(its.c.urgent, timetables.c.urgent_wakes)),
        )
        .order_by(its.c.id)
        .limit(1)
        .correlate(workspaces, timetables)
        .scalar_subquery()
    )
    on_its_way = exists().where(leased.c.workspace_id == workspaces.c.id, leased.c.lease_until > now)
    each = (
        select(oldest.label("alert"), workspaces.c.alert_channel)
        .select_from(workspaces.outerjoin(timetables, timetables.c.workspace_id == workspaces.c.id))
        .where(workspaces.c.platform.in_(bindparam("platforms", expanding=True)), not_(on_its_way))
        .subquery()
    )
    due = select(each).where(each.c.alert.is_not(None)).order_by(each.c.alert)
    return due.limit(bindparam("most", type_=Integer))


# Built once, because the courier asks every few seconds, mostly in vain, and building takes longer than asking.
_OLDEST_DUE = _oldest_due()
_FREE = (
    select(_its.id)
    .where(
        _its.id.in_(bindparam("ids", expanding=True)),
        _its.next_attempt_at <= bindparam("now"),
        _is_free(bindparam("now")),
    )
    .order_by(_its.id)
    .with_for_update(skip_locked=True)
)
_CLAIM = update(alerts).where(_its.id == bindparam("claimed_id")).values(attempts=_its.attempts + 1).returning(alerts)


async def _earlier(tx: AsyncConnection, alert: Alert) -> EarlierMessage | None:
    """The newest message about the alert's post, when it tells what the alert ends, where alerts go now."""
    newest = (
        select(_its.id, _its.kind, _its.sent_to, _its.delivery_ref)
        .where(
            _its.workspace_id == alert.workspace_id,
            _its.tracked_post_id == alert.tracked_post_id,
            _its.delivered_at.is_not(None),
            _its.sent_to == alert.channel,
            _its.delivery_ref.is_not(None),
            _its.id < alert.id,
            _its.kind.in_([*ENDED_BY_SIGHT, AlertKind.POST_LIVE]),
        )
        .order_by(_its.id.desc())
        .limit(1)
    )
    row = (await tx.execute(newest)).first()
    if row is None or row.kind not in ENDED_BY_SIGHT:
        return None
    return EarlierMessage(row.id, row.sent_to, row.delivery_ref)


def _first_reference(workspace_id: str, tracked_post_id: int, place: str) -> Any:
    return (
        select(_its.delivery_ref)
        .where(
            _its.workspace_id == workspace_id,
            _its.tracked_post_id == tracked_post_id,
            _its.sent_to == place,
            _its.delivered_at.is_not(None),
            _its.delivery_ref.is_not(None),
        )
        .order_by(_its.delivered_at, _its.id)
        .limit(1)
    )


# ---------------------------------------------------------------- what follows from a delivery and a loss


async def _place_works(tx: AsyncConnection, alert: Alert, now: datetime) -> None:
    mine = (refusals.c.workspace_id == alert.workspace_id, refusals.c.place == alert.sent_to)
    if (await tx.execute(delete(refusals).where(*mine))).rowcount:
        told = await tx.execute(
            update(alerts)
            .where(_news_of_loss(alert.workspace_id), _its.next_attempt_at.is_(None))
            .values(next_attempt_at=now, attempts=0)
        )
        if told.rowcount:
            will_owe(tx)


def _news_of_loss(workspace_id: str) -> ColumnElement[bool]:
    """Returns a condition for alerts about lost alerts that were not delivered yet."""
    return and_(
        _its.workspace_id == workspace_id,
        _its.kind == AlertKind.UNDELIVERED,
        _its.delivered_at.is_(None),
        _its.told_with.is_(None),
    )


async def _is_told_anyway(tx: AsyncConnection, lost: Alert) -> bool:
    """Whether nobody needs to hear that an alert was given up: it is news of a loss itself, or another alert, with
    which it is counted from now on, tells the same to all.
    """
    if not lost.is_told_to_all:
        return lost.kind is AlertKind.UNDELIVERED
    key = copied_key(lost.dedupe_key)
    for_all = await tx.scalar(select(_its.id).where(_its.workspace_id == lost.workspace_id, _its.dedupe_key == key))
    if for_all is not None:
        await tx.execute(update(alerts).where(_its.id == lost.id).values(told_with=for_all))
    return for_all is not None


async def _tell_of_loss(tx: AsyncConnection, lost: Alert, problem: str, now: datetime) -> None:
    """Owe an alert that `lost` was given up. It also tells of earlier losses that nobody has heard of yet."""
    row = (
        await tx.execute(
            select(alerts)
            # An alert that may have arrived already is not changed.
            .where(_news_of_loss(lost.workspace_id), _its.lease_until.is_(None), _its.sent_to.is_(None))
            .order_by(_its.id.desc())
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).first()
    news = undelivered(lost, problem, now, row.facts if row is not None else None)
    if row is None:
        await owe(tx, lost.workspace_id, news, now, lost.correlation_id, not_before=now)
    else:
        await changed(tx, alerts, row, facts=news.facts)


async def _loss_is_no_news(tx: AsyncConnection, workspace_id: str, sent_again: int) -> None:
    await tx.execute(
        update(alerts)
        .where(_news_of_loss(workspace_id), _its.lease_until.is_(None))
        .values(told_with=sent_again, next_attempt_at=None)
    )


async def _let_others_wait(tx: AsyncConnection, alert: Alert, until: datetime) -> None:
    """Let the workspace's other alerts wait, because their place does not answer at the moment."""
    await tx.execute(
        update(alerts)
        .where(
            _its.workspace_id == alert.workspace_id,
            _its.id != alert.id,
            _its.next_attempt_at < until,
            _its.lease_until.is_(None),
        )
        .values(next_attempt_at=until)
    )


async def owe(
    tx: AsyncConnection,
    workspace_id: str,
    alert: NewAlert,
    now: datetime,
    correlation_id: str,
    *,
    not_before: datetime,
) -> bool:
    """Put an alert in the outbox, in the transaction of its cause. False when it was owed before.

    It takes in the waiting alerts about the same post that it supersedes; they are told together (core/alerts.py).
    """
    new = {
        "workspace_id": workspace_id,
        **values_of(alert),
        "created_at": now,
        "attempts": 0,
        "urgent": severity(alert.kind, alert.facts) is Severity.ACT_NOW,
        "correlation_id": correlation_id,
        "next_attempt_at": not_before,
    }
    owed: int | None = await tx.scalar(_owing(tx.dialect.name), new)
    if owed is None:
        return False
    if takes_in(alert.kind):
        await _take_in_waiting(tx, workspace_id, owed, alert)
    if not_before <= now:
        await join(tx, workspace_id, owed, alert, now)
    will_owe(tx)
    return True


@cache
def _owing(dialect: str) -> Any:
    return inserting_new(dialect, alerts).returning(_its.id)


@cache
def _waiting(of_post: bool) -> Select[Any]:
    """The query for the alerts that a new one may take in: those about its post, or the workspace's own."""
    about = _its.tracked_post_id == bindparam("post") if of_post else _its.tracked_post_id.is_(None)
    return (
        select(alerts)
        .where(
            _its.workspace_id == bindparam("workspace"),
            about,
            _its.kind.in_(bindparam("kinds", expanding=True)),
            _its.id != bindparam("owed"),
            _its.next_attempt_at.is_not(None),
            # People may have seen an alert that was once on its way, so it is not taken back.
            _its.attempts == 0,
            _its.last_problem.is_(None),
            _its.lease_until.is_(None),
            not_(has_joined()),
        )
        .order_by(_its.id)
        .with_for_update(skip_locked=True)  # an alert that a courier claims at this moment is told by itself
    )


async def _take_in_waiting(tx: AsyncConnection, workspace_id: str, owed: int, alert: NewAlert) -> None:
    asked = {
        "workspace": workspace_id,
        "kinds": list(takes_in(alert.kind)),
        "owed": owed,
        "post": alert.tracked_post_id,
    }
    rows = await tx.execute(_waiting(alert.tracked_post_id is not None), asked)
    waiting = [record(Alert, row) for row in rows]
    waiting = [old for old in waiting if is_of_community(old.facts) is is_of_community(alert.facts)]
    if not waiting:
        return
    facts = with_earlier(alert.facts, waiting)
    await tx.execute(update(alerts).where(_its.id == owed).values(facts=facts))
    await tx.execute(
        update(alerts).where(_its.id.in_([old.id for old in waiting])).values(told_with=owed, next_attempt_at=None)
    )

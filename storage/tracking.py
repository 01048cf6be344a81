"""Tracked posts: registering, leasing what is due, and recording what was seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import DecisionKind
from core.clock import moment
from core.drafting.drafts import DraftStatus
from core.errors import Advice, AlreadyDecided, AlreadyExists, Do, NotAllowedNow, OverBudget
from core.journal import JournalKind
from core.model import AlertKind, AuditOutcome, Basis, Caller, NewAlert, Outcome, Reading, State, TrackedPost, View
from core.visibility.tracking import (
    CALM_AFTER,
    CALM_WAIT,
    CLOCKS_APART,
    EARLIER_POSTS_AT_MOST,
    LATE_AT_MOST,
    Backlog,
    Check,
    DuePost,
    NewTrackedPost,
    WatchLoad,
)
from storage.accounts import AccountVerbs
from storage.base import enter_journal, entry, field_names, holds, missing, nearest_first, record, the_program
from storage.campaigns import CampaignVerbs
from storage.database import execute_many, insert_new
from storage.decisions import decide, last_decision, refuse_second_wrong_alarm
from storage.outbox import owe
from storage.patterns import learn
from storage.schema import (
    account_readings,
    alerts,
    community_profiles,
    drafts,
    journal,
    readings,
    rules_snapshots,
    timetables,
    tracked_posts,
    workspaces,
)
from storage.timetables import due_at

LEASED_AT_MOST = timedelta(hours=1)  # of any lease, many times over
DIGESTS_APART = timedelta(days=8)
_HISTORY = 50  # readings that a verdict looks back on
_HISTORIES_AT_ONCE = 10  # five hundred readings take some 3 ms to read, in which nothing else happens
_its = tracked_posts.c


class TrackingVerbs(CampaignVerbs, AccountVerbs):
    async def register_post(self, caller: Caller, new: NewTrackedPost, now: datetime) -> TrackedPost:
        """As the port says. A draft must be approved: `NotAllowedNow` before, `AlreadyDecided` when it was posted or
        discarded.
        """
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            await self._refuse_registered(tx, caller.workspace_id, new.fullname)
            await self._refuse_too_many_posts(tx, caller.workspace_id)
            if new.campaign_id is not None:
                await self._kept_campaign(tx, caller.workspace_id, new.campaign_id)
            if new.rules_snapshot_id is not None:
                await self._one(tx, rules_snapshots, caller.workspace_id, new.rules_snapshot_id, "rules snapshot")
            if new.profile_id is not None:
                await self._one(tx, community_profiles, caller.workspace_id, new.profile_id, "profile")
            if new.draft_id is not None:
                await self._mark_posted(tx, caller.workspace_id, new.draft_id)
            row = (
                await tx.execute(
                    insert(tracked_posts)
                    .values(
                        workspace_id=caller.workspace_id,
                        fullname=new.fullname,
                        community=new.community,
                        author=new.author,
                        permalink=new.permalink,
                        campaign_id=new.campaign_id,
                        draft_id=new.draft_id,
                        registered_by=caller.name,
                        registered_at=now,
                        posted_at=new.posted_at,
                        basis=new.basis,
                        state=State.UNVERIFIED,
                        state_since=now,
                        locked=False,
                        title=new.title,
                        next_check_at=new.next_check_at,
                        audit_due_at=new.audit_due_at,
                        rules_snapshot_id=new.rules_snapshot_id,
                        profile_id=new.profile_id,
                        correlation_id=caller.correlation_id,
                    )
                    .returning(tracked_posts)
                )
            ).one()
            if new.author is not None:
                await self._ensure_account(tx, caller.workspace_id, new.author, now)
            await self._enter_journal(
                tx,
                caller,
                now,
                JournalKind.POST_REGISTER,
                f"post {row.id}",
                fullname=new.fullname,
                community=new.community,
                draft_id=new.draft_id,
            )
        return _post(row)

    async def _refuse_registered(self, tx: AsyncConnection, workspace_id: str, fullname: str) -> None:
        row = (
            await tx.execute(select(tracked_posts).where(_its.workspace_id == workspace_id, _its.fullname == fullname))
        ).first()
        if row is not None:
            raise AlreadyExists(
                f"{row.registered_by} registered this post on {moment(row.registered_at)}.",
                Advice("See it.", Do.SHOW_POST, row.id),
            )

    async def _refuse_too_many_posts(self, tx: AsyncConnection, workspace_id: str) -> None:
        plan = await self._plan(tx, workspace_id)
        watched = await tx.scalar(
            select(func.count()).select_from(tracked_posts).where(_its.workspace_id == workspace_id, _is_watched())
        )
        if (watched or 0) >= plan.max_tracked_posts:
            raise OverBudget(
                f"{watched} posts are watched here; the plan allows {plan.max_tracked_posts}.",
                Advice("Stop watching one, or let an admin raise the limit.", Do.SET_PLAN),
            )

    async def _mark_posted(self, tx: AsyncConnection, workspace_id: str, draft_id: int) -> None:
        row = await self._one(tx, drafts, workspace_id, draft_id, "draft", lock=True)
        if row.status.is_open:
            raise NotAllowedNow(
                f"Draft {draft_id} is not approved yet.",
                "Have it approved first, or register the post without the draft.",
            )
        if row.status is DraftStatus.DISCARDED:
            raise AlreadyDecided(
                f"Draft {draft_id} was discarded by {row.decided_by} on {moment(row.decided_at)}.",
                "Register the post without the draft.",
                decided_by=row.decided_by,
                decided_at=row.decided_at,
            )
        if row.status is DraftStatus.POSTED:
            post = (await tx.execute(select(tracked_posts).where(_its.draft_id == draft_id))).one()
            raise AlreadyDecided(
                f"Draft {draft_id} was registered as posted by {post.registered_by} on {moment(post.registered_at)}.",
                Advice("See it.", Do.SHOW_POST, post.id),
                decided_by=post.registered_by,
                decided_at=post.registered_at,
            )
        await tx.execute(update(drafts).where(drafts.c.id == draft_id).values(status=DraftStatus.POSTED))

    # ------------------------------------------------ looking and asking

    async def tracked_post(self, workspace_id: str, tracked_post_id: int) -> TrackedPost:
        async with self._database.read() as tx:
            return _post(await self._one(tx, tracked_posts, workspace_id, tracked_post_id, "post"))

    async def tracked_posts(
        self, workspace_id: str, *, state: State | None = None, containing: str | None = None, limit: int = 50
    ) -> Sequence[TrackedPost]:
        query = select(tracked_posts).where(_its.workspace_id == workspace_id).limit(limit)
        query = query.order_by(*nearest_first(_its.id, containing))
        if state is not None:
            query = query.where(_its.state == state)
        if containing:
            query = query.where(holds(_its.id, containing, _its.community, _its.state, _its.title, _its.fullname))
        return await self._posts(query)

    async def _posts(self, query: Select[Any]) -> Sequence[TrackedPost]:
        async with self._database.read() as tx:
            return [_post(row) for row in await tx.execute(query)]

    async def tracked_posts_named(self, workspace_id: str, fullnames: Collection[str]) -> Mapping[str, TrackedPost]:
        mine = and_(_its.workspace_id == workspace_id, _its.fullname.in_(fullnames))
        return {post.fullname: post for post in await self._posts(select(tracked_posts).where(mine))}

    async def tracked_posts_by_id(self, workspace_id: str, ids: Collection[int]) -> Mapping[int, TrackedPost]:
        mine = and_(_its.workspace_id == workspace_id, _its.id.in_(ids))
        return {post.id: post for post in await self._posts(select(tracked_posts).where(mine))}

    async def post_of_draft(self, workspace_id: str, draft_id: int) -> TrackedPost | None:
        mine = and_(_its.workspace_id == workspace_id, _its.draft_id == draft_id)
        return next(iter(await self._posts(select(tracked_posts).where(mine))), None)

    async def removed_since(self, workspace_id: str, community: str, since: datetime) -> Sequence[TrackedPost]:
        gone = and_(_its.community == community, _its.state == State.REMOVED, _its.state_since >= since)
        query = select(tracked_posts).where(_its.workspace_id == workspace_id, gone).order_by(_its.id.desc())
        return await self._posts(query)

    async def stayed_posts(
        self, workspace_id: str, communities: Collection[str], posted_after: datetime
    ) -> Sequence[TrackedPost]:
        there = and_(_its.community.in_(communities), _its.posted_at > posted_after)
        stayed = _its.audit_outcome.in_((AuditOutcome.SUCCESS, AuditOutcome.INERTIA))
        query = select(tracked_posts).where(_its.workspace_id == workspace_id, there, stayed).order_by(_its.id.desc())
        return await self._posts(query)

    async def registered_since(self, workspace_id: str, since: datetime) -> int:
        mine = and_(_its.workspace_id == workspace_id, _its.registered_at > since)
        async with self._database.read() as tx:
            return await tx.scalar(select(func.count()).select_from(tracked_posts).where(mine)) or 0

    async def has_sample_posts(self, workspace_id: str) -> bool:
        mine = and_(_its.workspace_id == workspace_id, _its.basis == Basis.SAMPLE)
        async with self._database.read() as tx:
            return await tx.scalar(select(_its.id).where(mine).limit(1)) is not None

    async def changed_since(
        self, workspace_id: str, states: Collection[State], since: datetime
    ) -> Sequence[TrackedPost]:
        mine = and_(_its.workspace_id == workspace_id, _its.state.in_(states), _its.state_since > since)
        return await self._posts(select(tracked_posts).where(mine).order_by(_its.id.desc()))

    async def posts_by(self, workspace_id: str, author: str) -> Sequence[TrackedPost]:
        mine = and_(_its.workspace_id == workspace_id, _its.author == author)
        async with self._database.read() as tx:
            return [_post(row) for row in await tx.execute(select(tracked_posts).where(mine).order_by(_its.id))]

    async def readings(self, workspace_id: str, tracked_post_id: int, limit: int = 50) -> Sequence[Reading]:
        async with self._database.read() as tx:
            await self._one(tx, tracked_posts, workspace_id, tracked_post_id, "post")
            return (await _histories(tx, [tracked_post_id], limit)).get(tracked_post_id, ())

    async def snooze_post(
        self, caller: Caller, tracked_post_id: int, until: datetime, now: datetime, *, anew: bool = False
    ) -> TrackedPost:
        """Alerts about the post that are owed already wait until then as well; an earlier `until` brings them back."""
        async with self._database.write() as tx:
            before = await self._one(tx, tracked_posts, caller.workspace_id, tracked_post_id, "post", lock=True)
            if not anew and before.snoozed_until is not None and before.snoozed_until > now:
                await self._refuse_second_snooze(tx, before)
            row = await self._change(tx, caller, tracked_post_id, snoozed_until=until)
            await decide(tx, caller, row.id, DecisionKind.SNOOZED, now, until=until)
            await tx.execute(
                update(alerts)
                .where(
                    alerts.c.workspace_id == caller.workspace_id,
                    alerts.c.tracked_post_id == row.id,
                    alerts.c.next_attempt_at.is_not(None),
                )
                .values(next_attempt_at=max(until, now))
            )
            await self._enter_journal(
                tx, caller, now, JournalKind.POST_SNOOZE, f"post {row.id}", until=until.isoformat()
            )
        return _post(row)

    @staticmethod
    async def _refuse_second_snooze(tx: AsyncConnection, post: Row[Any]) -> None:
        said = await last_decision(tx, post.id, DecisionKind.SNOOZED)
        if said is not None:
            raise AlreadyDecided(
                f"{said.by} snoozed it on {moment(said.at)}, until {moment(post.snoozed_until)}.",
                Advice("Name another span.", Do.SNOOZE_POST, post.id),
                decided_by=said.by,
                decided_at=said.at,
            )

    async def stop_watching(self, caller: Caller, tracked_post_id: int, now: datetime) -> TrackedPost:
        """A check that is under way is still recorded, and does not start the watching again. No audit follows."""
        async with self._database.write() as tx:
            before = await self._one(tx, tracked_posts, caller.workspace_id, tracked_post_id, "post", lock=True)
            said = await last_decision(tx, tracked_post_id, DecisionKind.STOPPED)
            if before.stopped_at is not None and said is not None:
                raise AlreadyDecided(
                    f"{said.by} stopped watching it on {moment(said.at)}.",
                    Advice("To watch it again, register it again.", Do.REGISTER_POST),
                    decided_by=said.by,
                    decided_at=said.at,
                )
            await decide(tx, caller, before.id, DecisionKind.STOPPED, now)
            row = await self._change(tx, caller, tracked_post_id, stopped_at=now, next_check_at=None, audit_due_at=None)
            await self._enter_journal(tx, caller, now, JournalKind.POST_STOP, f"post {row.id}")
        return _post(row)

    async def resume_watching(
        self,
        caller: Caller,
        tracked_post_id: int,
        next_check_at: datetime,
        audit_due_at: datetime | None,
        now: datetime,
    ) -> TrackedPost:
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            row = await self._one(tx, tracked_posts, caller.workspace_id, tracked_post_id, "post", lock=True)
            if row.stopped_at is None:
                return _post(row)
            await self._refuse_too_many_posts(tx, caller.workspace_id)
            row = await self._change(
                tx,
                caller,
                tracked_post_id,
                stopped_at=None,
                next_check_at=next_check_at,
                audit_due_at=audit_due_at,
                correlation_id=caller.correlation_id,
            )
            await self._enter_journal(tx, caller, now, JournalKind.POST_RESUME, f"post {row.id}")
        return _post(row)

    async def due_now(self, caller: Caller, tracked_post_id: int, now: datetime) -> TrackedPost:
        """Also for a post that is no longer watched: it is checked once."""
        async with self._database.write() as tx:
            row = await self._change(
                tx, caller, tracked_post_id, next_check_at=now, correlation_id=caller.correlation_id
            )
            await self._enter_journal(tx, caller, now, JournalKind.POST_CHECK, f"post {row.id}")
        return _post(row)

    async def _change(self, tx: AsyncConnection, caller: Caller, tracked_post_id: int, **values: Any) -> Row[Any]:
        mine = and_(_its.workspace_id == caller.workspace_id, _its.id == tracked_post_id)
        change = update(tracked_posts).where(mine).values(values)
        row: Row[Any] | None = (await tx.execute(change.returning(tracked_posts))).first()
        if row is None:
            raise missing("post", tracked_post_id)
        return row

    async def backlog(self, workspace_id: str, now: datetime) -> Backlog:
        mine = _its.workspace_id == workspace_id
        owed = alerts.c.workspace_id == workspace_id
        undelivered = and_(owed, alerts.c.delivered_at.is_(None))
        async with self._database.read() as tx:
            states = await tx.execute(select(_its.state, func.count().label("posts")).where(mine).group_by(_its.state))
            watching = (
                await tx.execute(
                    select(func.count().label("watched"), func.min(_its.next_check_at).label("next_check_at")).where(
                        mine, _is_watched()
                    )
                )
            ).one()
            due = await tx.scalar(
                select(func.count()).select_from(tracked_posts).where(mine, _its.next_check_at <= now)
            )
            pending = await tx.scalar(
                select(func.count()).select_from(alerts).where(undelivered, alerts.c.next_attempt_at.is_not(None))
            )
            failed = await tx.scalar(
                select(func.count())
                .select_from(alerts)
                .where(
                    undelivered,
                    alerts.c.next_attempt_at.is_(None),
                    alerts.c.told_with.is_(None),
                    alerts.c.kind != AlertKind.UNDELIVERED,  # it is about those that are counted
                )
            )
            last_evidence_at = await tx.scalar(
                select(func.max(readings.c.read_at)).where(
                    readings.c.workspace_id == workspace_id,
                    readings.c.outcome.in_((Outcome.VISIBLE, Outcome.NOT_VISIBLE)),
                )
            )
            no_answer = [
                readings.c.workspace_id == workspace_id,
                readings.c.view == View.THIRD_PARTY,
                readings.c.outcome == Outcome.CANNOT_TELL,
            ]
            if last_evidence_at is not None:
                no_answer.append(readings.c.read_at > last_evidence_at)
            unanswered = await tx.scalar(select(func.count()).select_from(readings).where(*no_answer))
            last_sent = (
                await tx.execute(
                    select(alerts.c.channel, alerts.c.last_problem, workspaces.c.alert_channel)
                    .join(workspaces, workspaces.c.id == alerts.c.workspace_id)
                    .where(owed, alerts.c.delivered_at.is_not(None))
                    .order_by(alerts.c.id.desc())
                    .limit(1)
                )
            ).first()
            return Backlog(
                watched=watching.watched,
                due=due or 0,
                next_check_at=watching.next_check_at,
                alerts_pending=pending or 0,
                alerts_failed=failed or 0,
                last_evidence_at=last_evidence_at,
                unanswered=unanswered or 0,
                states={row.state: row.posts for row in states},
                detour=last_sent.last_problem if last_sent and last_sent.channel == last_sent.alert_channel else None,
            )

    async def watch_load(
        self, workspace_id: str | None, now: datetime, *, ages: Sequence[timedelta], audited_before: datetime
    ) -> WatchLoad:
        nth = func.row_number().over(partition_by=(_its.workspace_id, _its.author), order_by=(_its.posted_at, _its.id))
        asked = select(tracked_posts, nth.label("nth"))
        if workspace_id is not None:
            asked = asked.where(_its.workspace_id == workspace_id)
        async with self._database.read() as tx:
            post = asked.add_columns(_is_calm(tx, now).label("calm")).subquery().c
            age = case(*((post.state_since <= now - age, at) for at, age in reversed(list(enumerate(ages)))), else_=0)
            groups = select(
                post.calm,
                (post.posted_at <= audited_before).label("audited"),
                age.label("age"),
                and_(post.author.is_not(None), post.nth > EARLIER_POSTS_AT_MOST).label("established"),
                func.count().label("posts"),
            ).where(
                post.next_check_at.is_not(None),
                post.stopped_at.is_(None),
                or_(post.calm, post.next_check_at <= now + timedelta(hours=1)),
            )
            rows = (await tx.execute(groups.group_by("calm", "audited", "age", "established"))).all()
        calm = {(ages[row.age], bool(row.established)): row.posts for row in rows if row.calm and not row.audited}
        return WatchLoad(
            urgent=sum(row.posts for row in rows if not row.calm),
            calm=calm,
            audited=sum(row.posts for row in rows if row.calm and row.audited),
        )

    # ------------------------------------------------ the sweep

    async def lease_due_posts(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int, only: int | None = None
    ) -> Sequence[DuePost]:
        wanted = _its.id == only if only is not None else _its.next_check_at <= now
        free = or_(_its.lease_until.is_(None), _its.lease_until <= now)
        async with self._database.write() as tx:
            # SKIP LOCKED: two workers ask at once and get different posts. SQLite has one writer at a time anyway.
            ids = (
                await tx.scalars(
                    select(_its.id)
                    .where(wanted, free)
                    .order_by(_gives_way(tx, now), _its.next_check_at, _its.id)
                    .limit(limit)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            if not ids:
                return []
            rows = await tx.execute(
                update(tracked_posts)
                .where(_its.id.in_(ids))
                .values(lease_owner=worker, lease_until=now + lease)
                .returning(tracked_posts)
            )
            by_id = {row.id: _post(row) for row in rows}
            histories: dict[int, tuple[Reading, ...]] = {}
            for start in range(0, len(ids), _HISTORIES_AT_ONCE):
                histories |= await _histories(tx, ids[start : start + _HISTORIES_AT_ONCE], _HISTORY)
            earlier = await _earlier_posts(tx, ids)
        return [DuePost(by_id[post_id], histories.get(post_id, ()), earlier[post_id]) for post_id in ids]

    async def undo_odd_clock(
        self, now: datetime, *, longest_wait: timedelta, watch_for: timedelta, late_watch_for: timedelta
    ) -> int:
        ahead = now + CLOCKS_APART
        of_the_future = func.coalesce(_its.last_read_at, _its.registered_at) > ahead
        is_waiting = or_(_its.next_check_at.is_(None), _its.next_check_at > now)
        is_young = or_(_its.posted_at > now - watch_for, _its.registered_at > now - late_watch_for)
        wrong = or_(
            and_(of_the_future, is_waiting),
            _its.next_check_at > now + longest_wait,
            and_(_its.next_check_at.is_(None), is_young),
        )
        watched, owed, digests = _its.stopped_at.is_(None), alerts.c, timetables.c
        free = {"lease_owner": None, "lease_until": None}
        async with self._database.write() as tx:
            due = await tx.execute(update(tracked_posts).where(watched, wrong).values(next_check_at=now, **free))
            await tx.execute(update(tracked_posts).where(_its.lease_until > ahead + LEASED_AT_MOST).values(free))
            await tx.execute(
                update(tracked_posts)
                .where(_its.audit_lease_until > ahead + LEASED_AT_MOST)
                .values(audit_lease_owner=None, audit_lease_until=None)
            )
            await tx.execute(
                update(tracked_posts)
                .where(watched, _its.audit_outcome.is_not(None), _its.audit_due_at > ahead)
                .values(audit_outcome=None)
            )
            # What they told is wrong: it goes where it was not told yet, and never keeps the true one from being told.
            early = and_(owed.kind == AlertKind.AUDIT, owed.created_at > ahead)
            await tx.execute(delete(alerts).where(early, owed.delivered_at.is_(None)))
            await tx.execute(
                update(alerts).where(early).values(dedupe_key=owed.dedupe_key + ":early:" + cast(owed.id, Text))
            )
            await tx.execute(
                update(alerts).where(owed.created_at > ahead, owed.next_attempt_at > now).values(next_attempt_at=now)
            )
            await tx.execute(update(alerts).where(owed.lease_until > ahead + LEASED_AT_MOST).values(free))
            await tx.execute(
                update(timetables).where(digests.digest_due_at > ahead + DIGESTS_APART).values(digest_due_at=now)
            )
        return due.rowcount

    async def release_posts(self, worker: str) -> int:
        async with self._database.write() as tx:
            checks = await tx.execute(
                update(tracked_posts).where(_its.lease_owner == worker).values(lease_owner=None, lease_until=None)
            )
            audits = await tx.execute(
                update(tracked_posts)
                .where(_its.audit_lease_owner == worker)
                .values(audit_lease_owner=None, audit_lease_until=None)
            )
        return checks.rowcount + audits.rowcount

    async def record_checks(self, worker: str | None, checks: Sequence[Check], now: datetime) -> int:
        if not checks:
            return 0
        async with self._database.write() as tx:
            asked = select(tracked_posts).where(_its.id.in_([check.tracked_post_id for check in checks]))
            posts = {row.id: row for row in await tx.execute(asked.order_by(_its.id).with_for_update())}
            held = [
                (post, check)
                for check in checks
                if (post := posts.get(check.tracked_post_id)) is not None
                and post.workspace_id == check.workspace_id
                and (worker is None or post.lease_owner == worker)
            ]
            if not held:
                return 0
            seen = [_reading_row(post, reading) for post, check in held for reading in check.readings]
            await execute_many(tx, insert_new(tx, readings), seen)
            await execute_many(
                tx,
                update(tracked_posts).where(_its.id == bindparam("post_id")),
                [_changes(post, check, keep_lease=worker is None) for post, check in held],
            )
            await self._record_accounts(tx, held, now)
            for post, check in held:
                if check.said is not None:
                    kind, caller = check.said
                    if kind is DecisionKind.WRONG_ALARM:
                        await refuse_second_wrong_alarm(tx, post.id)
                    await decide(tx, caller, post.id, kind, now)
                not_before = max(now, post.snoozed_until or now)
                for alert in check.verdict.alerts:
                    await owe(tx, check.workspace_id, alert, now, post.correlation_id, not_before=not_before)
                for pattern in check.verdict.patterns:
                    await learn(tx, check.workspace_id, pattern, "system", now)
            await enter_journal(tx, [told for post, check in held for told in _told(post, check, now)])
        return len(held)

    async def _record_accounts(
        self, tx: AsyncConnection, held: Sequence[tuple[Row[Any], Check]], now: datetime
    ) -> None:
        """What the checks say of the posts' authors; each account is made when it is not there."""
        named: dict[tuple[str, str], list[tuple[str, Check]]] = {}
        for post, check in held:
            author = post.author or check.author
            if author is not None:
                named.setdefault((check.workspace_id, author.casefold()), []).append((author, check))
        if not named:
            return
        known = await self._ensure_accounts(tx, {key: mine[0][0] for key, mine in named.items()}, now)
        looks: list[dict[str, Any]] = []
        for key, mine in named.items():
            account = known[key]
            state, read_at = account.state, account.last_read_at
            for _, check in mine:
                state = check.account_state or state
                for reading in check.readings:
                    if reading.author_status is not None:
                        read_at = max(reading.read_at, read_at or reading.read_at)
                        looks.append(_account_reading_row(account, reading))
            await self._update_account(tx, account, state, read_at, now)
        await execute_many(tx, insert_new(tx, account_readings), looks)

    # ------------------------------------------------ audits

    async def lease_due_audits(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int
    ) -> Sequence[TrackedPost]:
        async with self._database.write() as tx:
            ids = (
                await tx.scalars(
                    select(_its.id)
                    .where(
                        _its.audit_outcome.is_(None),
                        _its.audit_due_at <= now,
                        or_(_its.audit_lease_until.is_(None), _its.audit_lease_until <= now),
                    )
                    .order_by(_its.audit_due_at, _its.id)
                    .limit(limit)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            if not ids:
                return []
            rows = await tx.execute(
                update(tracked_posts)
                .where(_its.id.in_(ids))
                .values(audit_lease_owner=worker, audit_lease_until=now + lease)
                .returning(tracked_posts)
            )
            by_id = {row.id: _post(row) for row in rows}
        return [by_id[post_id] for post_id in ids]

    async def record_audit(
        self, workspace_id: str, tracked_post_id: int, outcome: AuditOutcome, alert: NewAlert, now: datetime
    ) -> bool:
        async with self._database.write() as tx:
            row = (
                await tx.execute(
                    update(tracked_posts)
                    .where(
                        _its.workspace_id == workspace_id,
                        _its.id == tracked_post_id,
                        _its.audit_outcome.is_(None),
                    )
                    .values(audit_outcome=outcome, audit_lease_owner=None, audit_lease_until=None)
                    .returning(tracked_posts)
                )
            ).first()
            if row is None:
                return False
            not_before = max(now, row.snoozed_until or now)
            await owe(tx, workspace_id, alert, now, row.correlation_id, not_before=not_before)
            program = the_program(workspace_id, row.correlation_id)
            await self._enter_journal(tx, program, now, JournalKind.POST_AUDIT, f"post {row.id}", outcome=outcome.value)
        return True

    async def last_written_at(self) -> datetime | None:
        newest_reading = select(readings.c.read_at).order_by(readings.c.id.desc()).limit(1)
        newest_deed = select(journal.c.at).order_by(journal.c.id.desc()).limit(1)
        async with self._database.read() as tx:
            written = [await tx.scalar(query) for query in (newest_reading, newest_deed)]
        return max((at for at in written if at is not None), default=None)

    async def next_due_at(self) -> datetime | None:
        """What somebody holds is due when the lease ends. A time in the past means that nobody took it yet."""
        held, audit_held, sending = _its.lease_until, _its.audit_lease_until, alerts.c.lease_until
        audit_open = and_(_its.audit_outcome.is_(None), _its.audit_due_at.is_not(None))
        waiting = alerts.outerjoin(timetables, timetables.c.workspace_id == alerts.c.workspace_id)
        queries = (
            select(func.min(_its.next_check_at)).where(held.is_(None)),
            select(func.min(held)).where(_its.next_check_at.is_not(None)),
            select(func.min(_its.audit_due_at)).where(audit_open, audit_held.is_(None)),
            select(func.min(audit_held)).where(audit_open),
            select(func.min(due_at()))
            .select_from(waiting)
            .where(alerts.c.next_attempt_at.is_not(None), sending.is_(None)),
            select(func.min(sending)).where(alerts.c.next_attempt_at.is_not(None)),
            select(func.min(timetables.c.digest_due_at)),
        )
        async with self._database.read() as tx:  # one round trip: time travel asks hundreds of times
            times = (await tx.execute(select(*(query.scalar_subquery() for query in queries)))).one()
        return min((at for at in times if at is not None), default=None)


def _is_calm(tx: AsyncConnection, now: datetime) -> ColumnElement[bool]:
    """See `core.visibility.tracking.CALM_AFTER`. Never null."""
    if tx.dialect.name == "sqlite":
        days = func.julianday(_its.next_check_at) - func.julianday(_its.last_read_at)
        rests = days >= CALM_WAIT / timedelta(days=1)
    else:
        rests = _its.next_check_at - _its.last_read_at >= CALM_WAIT
    return func.coalesce(and_(_its.state == State.LIVE, _its.state_since <= now - CALM_AFTER, rests), false())


def _gives_way(tx: AsyncConnection, now: datetime) -> ColumnElement[int]:
    """1 for a post that is looked at after those with 0, when more is due than may be asked for."""
    return case((and_(_is_calm(tx, now), _its.next_check_at > now - LATE_AT_MOST), 1), else_=0)


def _is_watched() -> ColumnElement[bool]:
    return and_(_its.next_check_at.is_not(None), _its.stopped_at.is_(None))


async def _earlier_posts(tx: AsyncConnection, tracked_post_ids: Sequence[int]) -> dict[int, int]:
    """How many posts of the same author were posted before each, counted to `EARLIER_POSTS_AT_MOST`. Reddit writes a
    name in one way, so `=` finds them.
    """
    other = tracked_posts.alias("other").c
    before = or_(other.posted_at < _its.posted_at, and_(other.posted_at == _its.posted_at, other.id < _its.id))
    some = (
        select(other.id)
        .where(other.workspace_id == _its.workspace_id, other.author == _its.author, before)
        .limit(EARLIER_POSTS_AT_MOST)
        .correlate(tracked_posts)
        .subquery()
    )
    count = select(func.count()).select_from(some).scalar_subquery()
    rows = await tx.execute(select(_its.id, count.label("earlier")).where(_its.id.in_(tracked_post_ids)))
    return {row.id: row.earlier for row in rows}


async def _histories(
    tx: AsyncConnection, tracked_post_ids: Sequence[int], limit: int
) -> dict[int, tuple[Reading, ...]]:
    """The newest `limit` readings of each post, oldest first: in the order they came, because a clock that was ahead
    once would otherwise keep its reading the newest until that time is reached.
    """
    found: dict[int, list[Reading]] = {}
    for post_id, *values in await tx.execute(_NEWEST_READINGS, {"post_ids": tracked_post_ids, "limit": limit}):
        found.setdefault(post_id, []).append(Reading(*values))
    return {post_id: tuple(history) for post_id, history in found.items()}


def _newest_readings() -> Select[Any]:
    """A post's id and the fields of a reading, for the newest `limit` of each of `post_ids`, oldest first."""
    newest = func.row_number().over(partition_by=readings.c.tracked_post_id, order_by=readings.c.id.desc())
    mine = readings.c.tracked_post_id.in_(bindparam("post_ids", expanding=True))
    ranked = select(readings, newest.label("newest")).where(mine).subquery()
    return (
        select(ranked.c.tracked_post_id, *(ranked.c[name] for name in field_names(Reading)))
        .where(ranked.c.newest <= bindparam("limit"))
        .order_by(ranked.c.tracked_post_id, ranked.c.newest.desc())
    )


_NEWEST_READINGS = _newest_readings()


def _changes(post: Row[Any], check: Check, *, keep_lease: bool) -> dict[str, Any]:
    """The post's columns after a check, with its id as `post_id`: the same columns for every post."""
    verdict = check.verdict
    changes: dict[str, Any] = {
        "post_id": post.id,
        "state": verdict.state,
        "state_since": post.state_since if verdict.state is post.state else verdict.state_since,
        "removed_by": verdict.removed_by,
        "category": verdict.category,
        "confidence": verdict.confidence,
        "locked": verdict.locked,
        "next_check_at": None if post.stopped_at is not None else check.next_check_at,
        "author": post.author or check.author,
        "title": post.title or check.title,
        "body_sha256": post.body_sha256 or check.body_sha256,
        "last_read_at": max((reading.read_at for reading in check.readings), default=post.last_read_at),
        "score": post.score,
        "num_comments": post.num_comments,
        "lease_owner": post.lease_owner if keep_lease else None,
        "lease_until": post.lease_until if keep_lease else None,
    }
    for reading in sorted(check.readings, key=lambda reading: reading.read_at):
        for name in ("score", "num_comments"):
            if getattr(reading, name) is not None:
                changes[name] = getattr(reading, name)
    return changes


def _account_reading_row(account: Row[Any], reading: Reading) -> dict[str, Any]:
    return {
        "workspace_id": account.workspace_id,
        "account_id": account.id,
        "basis": reading.basis,
        "read_at": reading.read_at,
        "author_status": reading.author_status,
    }


def _reading_row(post: Row[Any], reading: Reading) -> dict[str, Any]:
    return {
        "workspace_id": post.workspace_id,
        "tracked_post_id": post.id,
        "view": reading.view,
        "basis": reading.basis,
        "read_at": reading.read_at,
        "outcome": reading.outcome,
        "found": reading.found,
        "control_live": reading.control_live,
        "category": reading.category,
        "indexable": reading.indexable,
        "author_present": reading.author_present,
        "body_state": reading.body_state,
        "locked": reading.locked,
        "score": reading.score,
        "num_comments": reading.num_comments,
        "author_status": reading.author_status,
        "problem": reading.problem,
        "clock_jump_s": reading.clock_jump_s,
    }


def _post(row: Row[Any]) -> TrackedPost:
    return record(TrackedPost, row)


_SAID = {
    DecisionKind.WRONG_ALARM: JournalKind.POST_WRONG_ALARM,
    DecisionKind.SEEN: JournalKind.POST_SEEN,
    DecisionKind.UNSEEN: JournalKind.POST_UNSEEN,
    DecisionKind.ACCOUNT_BANNED: JournalKind.POST_ACCOUNT_BANNED,
}


def _told(post: Row[Any], check: Check, now: datetime) -> Iterator[dict[str, Any]]:
    """What the journal tells of a check: what a member said, and that the post's state changed."""
    if check.said is not None:
        kind, caller = check.said
        yield entry(caller, now, _SAID[kind], f"post {post.id}")
    if check.verdict.state is not post.state:
        program = the_program(post.workspace_id, post.correlation_id)
        removed_by = check.verdict.removed_by
        yield entry(
            program,
            now,
            JournalKind.POST_STATE,
            f"post {post.id}",
            state=check.verdict.state.value,
            before=post.state.value,
            removed_by=removed_by.value if removed_by else None,
        )

"""Tracked posts: registering, leasing what is due, and recording what was seen."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import Alert, DecisionKind
from core.clock import moment
from core.drafting.approvals import Ending
from core.drafting.drafts import DraftStatus
from core.errors import Advice, AlreadyDecided, AlreadyExists, Do, NotAllowedNow, OverBudget
from core.journal import JournalKind
from core.model import AlertKind, AuditOutcome, Basis, Caller, Outcome, Reading, State, TrackedPost, View
from core.visibility.tracking import Backlog, NewTrackedPost
from storage.accounts import AccountVerbs
from storage.approvals import change, end_approval, last_approval
from storage.base import (
    added,
    changed,
    counted,
    field_names,
    maker,
    matches,
    nearest_first,
    number_typed,
    record,
    values_of,
)
from storage.campaigns import CampaignVerbs
from storage.decisions import decide, last_decision
from storage.schema import (
    alerts,
    community_profiles,
    drafts,
    readings,
    rules_snapshots,
    tracked_posts,
    watches,
    workspaces,
)
from storage.watches import WHOLE, is_unwatched, is_watched, whole_post, whole_posts

_its, _watch = tracked_posts.c, watches.c
SEARCHED = 10_000  # the newest posts of a workspace, which are searched in some 15 ms while somebody types
_READ_LAST = 20  # posts, among which is one that could be read, unless hardly any can


class TrackingVerbs(CampaignVerbs, AccountVerbs):
    async def register_post(self, caller: Caller, new: NewTrackedPost, now: datetime) -> TrackedPost:
        """As the protocol says. A draft must be approved: `NotAllowedNow` when it is not, `AlreadyDecided` when it was
        posted or discarded.
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
                await self._mark_posted(tx, caller, new.draft_id, now)
            registered = {
                "workspace_id": caller.workspace_id,
                "registered_by": caller.name,
                "registered_by_id": caller.member_id,
                "registered_at": now,
                "state": State.UNVERIFIED,
                "state_since": now,
                "locked": False,
                "correlation_id": caller.correlation_id,
            }
            row = await added(tx, tracked_posts, values_of(new, without=["next_check_at"]) | registered)
            watch = {"tracked_post_id": row.id, "workspace_id": row.workspace_id, "next_check_at": new.next_check_at}
            await tx.execute(insert(watches), [watch | {"state_since": now}])
            if new.author is not None:
                await self._ensure_account(tx, caller.workspace_id, new.author, now)
            told = {"fullname": new.fullname, "community": new.community, "draft_id": new.draft_id}
            await self._enter_journal(tx, caller, now, JournalKind.POST_REGISTER, f"post {row.id}", **told)
            return record(TrackedPost, await whole_post(tx, caller.workspace_id, row.id))

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
        watched = await counted(tx, watches, _watch.workspace_id == workspace_id, is_watched())
        if watched >= plan.max_tracked_posts:
            raise OverBudget(
                f"{watched} posts are watched here; the plan allows {plan.max_tracked_posts}.",
                Advice("Stop watching one, or let an admin raise the limit.", Do.SET_PLAN),
            )

    async def _mark_posted(self, tx: AsyncConnection, caller: Caller, draft_id: int, now: datetime) -> None:
        """Mark a draft posted that is approved, or whose approval was voided: it may have been posted before that."""
        row = await self._one(tx, drafts, caller.workspace_id, draft_id, "draft", lock=True)
        last = await last_approval(tx, draft_id)
        if row.status.is_open and (last is None or last.ending is not Ending.VOIDED):
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
        approved = {"decided_by": last.approved_by, "decided_at": last.approved_at} if last is not None else {}
        await end_approval(tx, caller, row, Ending.POSTED, now)
        await change(tx, row, status=DraftStatus.POSTED, **approved)

    # ------------------------------------------------ looking and asking

    async def tracked_post(self, workspace_id: str, tracked_post_id: int) -> TrackedPost:
        async with self._database.read() as tx:
            return record(TrackedPost, await whole_post(tx, workspace_id, tracked_post_id))

    async def tracked_posts(
        self, workspace_id: str, *, containing: str | None = None, limit: int = 50
    ) -> Sequence[TrackedPost]:
        query = whole_posts(_its.workspace_id == workspace_id).limit(limit)
        query = query.order_by(*nearest_first(_its.id, containing))
        if containing:
            found = matches(_its.id, containing, _its.community, _its.state, _its.fullname, _its.words)
            of_the_newest = and_(_its.id >= _oldest_searched(workspace_id), found)
            number = number_typed(containing)
            query = query.where(of_the_newest if number is None else or_(of_the_newest, _its.id == number))
        return await self._records(TrackedPost, query)

    async def _posts(self, *which: ColumnElement[bool]) -> Sequence[TrackedPost]:
        return await self._records(TrackedPost, whole_posts(*which).order_by(_its.id.desc()))

    async def tracked_posts_named(self, workspace_id: str, fullnames: Collection[str]) -> Mapping[str, TrackedPost]:
        mine = await self._posts(_its.workspace_id == workspace_id, _its.fullname.in_(fullnames))
        return {post.fullname: post for post in mine}

    async def tracked_posts_by_id(self, workspace_id: str, ids: Collection[int]) -> Mapping[int, TrackedPost]:
        return {post.id: post for post in await self._posts(_its.workspace_id == workspace_id, _its.id.in_(ids))}

    async def post_of_draft(self, workspace_id: str, draft_id: int) -> TrackedPost | None:
        return next(iter(await self._posts(_its.workspace_id == workspace_id, _its.draft_id == draft_id)), None)

    async def removed_since(self, workspace_id: str, community: str, since: datetime) -> Sequence[TrackedPost]:
        gone = and_(_its.community == community, _its.state == State.REMOVED, _its.state_since >= since)
        return await self._posts(_its.workspace_id == workspace_id, gone)

    async def stayed_posts(
        self, workspace_id: str, communities: Collection[str], posted_after: datetime
    ) -> Sequence[TrackedPost]:
        there = and_(_its.community.in_(communities), _its.posted_at > posted_after)
        stayed = _its.audit_outcome.in_((AuditOutcome.SUCCESS, AuditOutcome.INERTIA))
        return await self._posts(_its.workspace_id == workspace_id, there, stayed)

    async def registered_since(self, workspace_id: str, since: datetime) -> int:
        return await self._count_posts(_its.workspace_id == workspace_id, _its.registered_at > since)

    async def _count_posts(self, *which: ColumnElement[bool]) -> int:
        async with self._database.read() as tx:
            return await counted(tx, tracked_posts, *which)

    async def has_sample_posts(self, workspace_id: str) -> bool:
        mine = and_(_its.workspace_id == workspace_id, _its.basis == Basis.SAMPLE)
        return await self._value(select(_its.id).where(mine).limit(1)) is not None

    async def changed_since(
        self, workspace_id: str, states: Collection[State], since: datetime
    ) -> Sequence[TrackedPost]:
        return await self._posts(_its.workspace_id == workspace_id, _its.state.in_(states), _its.state_since > since)

    async def states_by_community(self, workspace_id: str, since: datetime) -> Mapping[str, Mapping[State, int]]:
        asked = {"workspace_id": workspace_id, "since": since}
        found: dict[str, dict[State, int]] = {}
        for row in await self._rows(_STATES_BY_COMMUNITY, asked):
            if row.posts:
                found.setdefault(row.community, {})[row.state] = row.posts
        return found

    async def posts_by(self, workspace_id: str, author: str) -> Sequence[TrackedPost]:
        mine = and_(_its.workspace_id == workspace_id, _its.author == author)
        return await self._records(TrackedPost, whole_posts(mine).order_by(_its.id))

    async def readings(self, workspace_id: str, tracked_post_id: int, limit: int = 50) -> Sequence[Reading]:
        async with self._database.read() as tx:
            await self._one(tx, tracked_posts, workspace_id, tracked_post_id, "post")
            return (await histories(tx, [tracked_post_id], limit)).get(tracked_post_id, ())

    async def snooze_post(
        self, caller: Caller, tracked_post_id: int, until: datetime, now: datetime, *, anew: bool = False
    ) -> TrackedPost:
        """Alerts about the post that are already owed wait until then too; an earlier `until` makes them due
        earlier.
        """
        async with self._database.write() as tx:
            before = await whole_post(tx, caller.workspace_id, tracked_post_id, lock=True)
            if not anew and before.snoozed_until is not None and before.snoozed_until > now:
                await self._refuse_second_snooze(tx, before)
            await changed(tx, tracked_posts, before, snoozed_until=until)
            await decide(tx, caller, before.id, DecisionKind.SNOOZED, now, until=until)
            owed = and_(alerts.c.workspace_id == caller.workspace_id, alerts.c.tracked_post_id == before.id)
            waiting = update(alerts).where(owed, alerts.c.next_attempt_at.is_not(None))
            await tx.execute(waiting.values(next_attempt_at=max(until, now)))
            told = {"until": until.isoformat()}
            await self._enter_journal(tx, caller, now, JournalKind.POST_SNOOZE, f"post {before.id}", **told)
        return record(TrackedPost, before, snoozed_until=until)

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
        """A check that is being taken is still recorded, and does not start the watching again. No audit follows."""
        async with self._database.write() as tx:
            before = await whole_post(tx, caller.workspace_id, tracked_post_id, lock=True)
            said = await last_decision(tx, tracked_post_id, DecisionKind.STOPPED)
            if before.stopped_at is not None and said is not None:
                raise AlreadyDecided(
                    f"{said.by} stopped watching it on {moment(said.at)}.",
                    Advice("To watch it again, register it again.", Do.REGISTER_POST),
                    decided_by=said.by,
                    decided_at=said.at,
                )
            await decide(tx, caller, before.id, DecisionKind.STOPPED, now)
            await changed(tx, tracked_posts, before, audit_due_at=None)
            await tx.execute(_CHANGE_WATCH, {"post_id": before.id, "stopped_at": now, "next_check_at": None})
            await self._enter_journal(tx, caller, now, JournalKind.POST_STOP, f"post {before.id}")
            return record(TrackedPost, await whole_post(tx, caller.workspace_id, tracked_post_id))

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
            row = await whole_post(tx, caller.workspace_id, tracked_post_id, lock=True)
            if row.stopped_at is None:
                return record(TrackedPost, row)
            await self._refuse_too_many_posts(tx, caller.workspace_id)
            again = {"audit_due_at": audit_due_at, "resumed_at": now, "correlation_id": caller.correlation_id}
            await changed(tx, tracked_posts, row, **again)
            await tx.execute(_CHANGE_WATCH, {"post_id": row.id, "stopped_at": None, "next_check_at": next_check_at})
            await self._enter_journal(tx, caller, now, JournalKind.POST_RESUME, f"post {row.id}")
            return record(TrackedPost, await whole_post(tx, caller.workspace_id, tracked_post_id))

    async def due_now(self, caller: Caller, tracked_post_id: int, now: datetime) -> TrackedPost:
        """A post that is no longer watched is checked once."""
        async with self._database.write() as tx:
            row = await whole_post(tx, caller.workspace_id, tracked_post_id, lock=True)
            await changed(tx, tracked_posts, row, correlation_id=caller.correlation_id)
            await tx.execute(_CHANGE_WATCH, {"post_id": row.id, "next_check_at": now})
            await self._enter_journal(tx, caller, now, JournalKind.POST_CHECK, f"post {row.id}")
            return record(TrackedPost, await whole_post(tx, caller.workspace_id, tracked_post_id))

    async def watched_in(self, workspace_id: str, community: str) -> Sequence[int]:
        mine = and_(_its.workspace_id == workspace_id, _its.community == community, is_watched())
        watched = select(_its.id).select_from(WHOLE).where(mine).order_by(_its.id)
        return [row.id for row in await self._rows(watched)]

    async def community_news(self, workspace_id: str, community: str) -> Alert | None:
        about = and_(
            alerts.c.workspace_id == workspace_id,
            alerts.c.dedupe_key.startswith(f"community:{community}:", autoescape=True),
        )
        return await self._record(Alert, select(alerts).where(about).order_by(alerts.c.id.desc()).limit(1))

    async def backlog(self, workspace_id: str, now: datetime) -> Backlog:
        mine = {"workspace_id": workspace_id}
        async with self._database.read() as tx:
            *states, unwatched = (await tx.execute(_BY_STATE, mine)).one()
            due, next_check_at = await _next_checks(tx, workspace_id, now)
            pending = (await tx.execute(_PENDING, mine)).scalar_one()
            failed = (await tx.execute(_FAILED, mine)).scalar_one()
            last_evidence_at = await _last_evidence_at(tx, workspace_id)
            if last_evidence_at is None:
                unanswered = await tx.scalar(_UNANSWERED, mine)
            else:
                unanswered = await tx.scalar(_UNANSWERED_SINCE, mine | {"since": last_evidence_at})
            last_sent = (await tx.execute(_LAST_SENT, mine)).first()
            return Backlog(
                watched=sum(states) - unwatched,
                due=due,
                next_check_at=next_check_at,
                alerts_pending=pending,
                alerts_failed=failed,
                last_evidence_at=last_evidence_at,
                unanswered=unanswered or 0,
                states={state: posts for state, posts in zip(State, states, strict=True) if posts},
                detour=last_sent.last_problem if last_sent and last_sent.channel == last_sent.alert_channel else None,
            )


def _oldest_searched(workspace_id: str) -> ColumnElement[int]:
    """Returns the id of the oldest post that is searched."""
    newest_first = select(_its.id).where(_its.workspace_id == workspace_id).order_by(_its.id.desc())
    return func.coalesce(newest_first.offset(SEARCHED - 1).limit(1).scalar_subquery(), 0)


async def _next_checks(tx: AsyncConnection, workspace_id: str, now: datetime) -> tuple[int, datetime | None]:
    """How many posts are due, and when the next check of a watched post is planned."""
    mine = {"workspace_id": workspace_id}
    due, next_check_at = (await tx.execute(_DUE, mine | {"now": now})).one()
    if next_check_at is None:
        next_check_at = await tx.scalar(_PLANNED, mine)
    return due, next_check_at


async def _last_evidence_at(tx: AsyncConnection, workspace_id: str) -> datetime | None:
    """When a look last could tell something. A reading's row is found by its first look; that it goes on is seen in the
    posts that were read last. When these were read in vain, as in an outage, any other post may have been seen later
    than they were, so that all rows are read.
    """
    mine = {"workspace_id": workspace_id}
    *times, read_after = (await tx.execute(_TIMES_OF_EVIDENCE, mine)).one()
    newest: datetime | None = max((at for at in times if at is not None), default=None)
    if read_after is None or (newest is not None and newest >= read_after):
        return newest
    return max((at for at in (await tx.execute(_ALL_EVIDENCE, mine)).one() if at is not None), default=None)


_EVIDENCE = (Outcome.VISIBLE, Outcome.NOT_VISIBLE)
_ended_at = func.coalesce(readings.c.last_read_at, readings.c.read_at)


def _newest_of(at: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    here = readings.c.workspace_id == bindparam("workspace_id")
    each = (select(func.max(at)).where(here, readings.c.outcome == outcome) for outcome in _EVIDENCE)
    return [query.scalar_subquery() for query in each]


def _times_of_evidence() -> Select[Any]:
    """Returns the query for times of evidence, and for the time after which no other posts were read than those whose
    rows tell it.
    """
    read_last = select(_watch.tracked_post_id, _watch.last_read_at).where(_my_watch, _watch.last_read_at.is_not(None))
    read_last = read_last.order_by(_watch.last_read_at.desc())
    posts = read_last.limit(_READ_LAST).subquery()
    going_on = select(func.max(_ended_at)).where(
        readings.c.tracked_post_id.in_(select(posts.c.tracked_post_id)), readings.c.outcome.in_(_EVIDENCE)
    )
    others = read_last.with_only_columns(_watch.last_read_at).offset(_READ_LAST).limit(1)
    return select(*_newest_of(readings.c.read_at), going_on.scalar_subquery(), others.scalar_subquery())


# The posts of each state, and those that are not watched, each counted from an index. In PostgreSQL, grouping takes
# three times as long.
_my_watch = _watch.workspace_id == bindparam("workspace_id")
_posts_here = select(func.count()).where(_its.workspace_id == bindparam("workspace_id"))
_BY_STATE = select(
    *(_posts_here.where(_its.state == state).scalar_subquery().label(state) for state in State),
    select(func.count()).where(_my_watch, is_unwatched()).scalar_subquery(),
)


def _states_by_community() -> Select[Any]:
    """Returns the query for communities and states with their numbers of posts, which may be none. Grouping would
    compare the words of each post with those of the one before. This leaps in the index from each community and state
    to the next, and counts what is between them, in half the time.
    """
    here, recent = _its.workspace_id == bindparam("workspace_id"), _its.posted_at > bindparam("since")

    def first(word: ColumnElement[Any], *which: ColumnElement[bool]) -> ColumnElement[Any]:
        return select(func.min(word)).where(here, *which).scalar_subquery()

    places = select(first(_its.community).label("community")).cte("places", recursive=True)
    place = places.c.community
    places = places.union_all(select(first(_its.community, _its.community > place)).where(place.is_not(None)))
    is_there = _its.community == places.c.community
    pairs = select(places.c.community, first(_its.state, is_there).label("state")).cte("pairs", recursive=True)
    its = pairs.c
    following = first(_its.state, _its.community == its.community, _its.state > its.state)
    pairs = pairs.union_all(select(its.community, following).where(its.state.is_not(None)))
    its = pairs.c
    between = select(func.count()).where(here, recent, _its.community == its.community, _its.state == its.state)
    return select(its.community, its.state, between.scalar_subquery().label("posts"))


_STATES_BY_COMMUNITY = _states_by_community()
_CHANGE_WATCH = update(watches).where(_watch.tracked_post_id == bindparam("post_id"))


async def histories(tx: AsyncConnection, tracked_post_ids: Sequence[int], limit: int) -> dict[int, tuple[Reading, ...]]:
    """The newest `limit` readings of each post, oldest first. They are ordered by id and not by time: else a reading
    that a clock stored ahead of time would stay the newest until that time.
    """
    found: dict[int, list[Reading]] = {}
    asked = {"post_ids": given_ids(tx, tracked_post_ids), "limit": limit}
    for post_id, *values in (await tx.execute(_newest_readings(tx.dialect.name), asked)).all():
        found.setdefault(post_id, []).append(_reading(*values))
    return {post_id: tuple(history) for post_id, history in found.items()}


_reading = maker(Reading)


@cache
def _newest_readings(dialect: str) -> Select[Any]:
    """The query of `histories`: a post's id and the fields of a reading."""
    newest = func.row_number().over(partition_by=readings.c.tracked_post_id, order_by=readings.c.id.desc())
    mine = is_among(readings.c.tracked_post_id, dialect)
    ranked = select(readings, newest.label("newest")).where(mine).subquery()
    return (
        select(ranked.c.tracked_post_id, *(ranked.c[name] for name in field_names(Reading)))
        .where(ranked.c.newest <= bindparam("limit"))
        .order_by(ranked.c.tracked_post_id, ranked.c.newest.desc())
    )


def is_among(post_id: ColumnElement[int], dialect: str) -> ColumnElement[bool]:
    """Returns the condition that an id is one of `post_ids` (`given_ids`): one parameter, because five hundred would
    cost more than the reading.
    """
    if dialect == "sqlite":
        given = func.json_each(bindparam("post_ids", type_=Text)).table_valued("value")
        return post_id.in_(select(given.c.value))
    return post_id == func.any(bindparam("post_ids", type_=ARRAY(BigInteger)))


def given_ids(tx: AsyncConnection, ids: Sequence[int]) -> Any:
    return json.dumps(list(ids)) if tx.dialect.name == "sqlite" else list(ids)


# What `backlog` asks. Built once, because a sweep and many cards ask it, and building took as long as asking.
_owed = alerts.c.workspace_id == bindparam("workspace_id")
_undelivered = and_(_owed, alerts.c.delivered_at.is_(None))
_DUE = select(func.count(), func.min(_watch.next_check_at).filter(_watch.stopped_at.is_(None))).where(
    _my_watch, _watch.next_check_at <= bindparam("now")
)
_PLANNED = select(_watch.next_check_at).where(_my_watch, is_watched()).order_by(_watch.next_check_at).limit(1)
_PENDING = select(func.count()).select_from(alerts).where(_undelivered, alerts.c.next_attempt_at.is_not(None))
_FAILED = (
    select(func.count())
    .select_from(alerts)
    .where(
        _undelivered,
        alerts.c.next_attempt_at.is_(None),
        alerts.c.told_with.is_(None),
        alerts.c.told_by.is_(None),
        alerts.c.kind != AlertKind.UNDELIVERED,  # it only tells of alerts that are counted here
    )
)
_TIMES_OF_EVIDENCE = _times_of_evidence()
_ALL_EVIDENCE = select(*_newest_of(_ended_at))
_UNANSWERED = select(func.sum(readings.c.times)).where(
    readings.c.workspace_id == bindparam("workspace_id"),
    readings.c.view == View.THIRD_PARTY,
    readings.c.outcome == Outcome.CANNOT_TELL,
)
_UNANSWERED_SINCE = _UNANSWERED.where(readings.c.read_at > bindparam("since"))
_LAST_SENT = (
    select(alerts.c.channel, alerts.c.last_problem, workspaces.c.alert_channel)
    .join(workspaces, workspaces.c.id == alerts.c.workspace_id)
    .where(_owed, alerts.c.delivered_at.is_not(None))
    .order_by(alerts.c.id.desc())
    .limit(1)
)

"""The sweep and the audits: who looks at which post next, and what was seen, judged and planned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import DecisionKind
from core.journal import JournalKind
from core.model import AlertKind, AuditOutcome, AuthorStatus, Caller, NewAlert, Reading, State, TrackedPost
from core.texts.search import words_of
from core.visibility.account_looks import ODD_EVERY, AccountLook
from core.visibility.tracking import CLOCKS_APART, HISTORY, LATE_AT_MOST, Check, DuePost, Fill, Growth, Unchanged
from storage.accounts import AccountVerbs
from storage.base import enter_journal, entry, maker, values_of
from storage.database import execute_many, insert_new
from storage.decisions import decide, refuse_second_wrong_alarm
from storage.given import Each
from storage.outbox import owe
from storage.patterns import learn
from storage.pictures import drop_pictures_of, keep_picture
from storage.schema import (
    account_readings,
    alerts,
    approvals,
    journal,
    readings,
    timetables,
    tracked_posts,
    watches,
    workspaces,
)
from storage.timetables import due_at
from storage.tracking import given_ids, histories, is_among
from storage.watches import WHOLE, is_unwatched, posts_by_id, told_from, whole_posts

LEASED_AT_MOST = timedelta(hours=1)  # of any lease, many times over
DIGESTS_APART = timedelta(days=8)
_its, _watch = tracked_posts.c, watches.c
# What a reading that goes on changes in its row.
_GROWN = Growth._fields


class WatchingVerbs(AccountVerbs):
    # ------------------------------------------------ what is due

    async def watch_load(self, now: datetime, *, ages: Sequence[timedelta]) -> Sequence[int]:
        asked = {f"since_{at}": now - age for at, age in enumerate(ages[:-1])}
        [counted] = await self._rows(_counted_by_age(len(ages)), asked)
        return [int(posts or 0) for posts in counted]  # PostgreSQL adds whole numbers to a decimal one

    async def lease_due_posts(
        self,
        now: datetime,
        *,
        worker: str,
        lease: timedelta,
        limit: int,
        only: int | None = None,
        fill: Fill | None = None,
    ) -> Sequence[int]:
        """One statement, because each is a journey to PostgreSQL, and SQLite's one writer waits meanwhile."""
        asked: dict[str, Any] = {"now": now, "no_lease": _no_lease(now), "late": now - LATE_AT_MOST}
        asked |= {"only": only, "most": limit, "worker": worker, "until": now + lease}
        if fill is not None:
            asked |= {"size": fill.size, "due_before": fill.due_before, "read_before": fill.read_before}
        async with self._database.write(one_statement=True) as tx:
            leased = await tx.execute(_leasing(tx.dialect.name, only is not None, fill is not None), asked)
            return [post_id for *_, post_id in sorted(map(tuple, leased))]

    async def leased_posts(self, worker: str, ids: Sequence[int]) -> Sequence[DuePost]:
        if not ids:
            return []
        async with self._database.read() as tx:
            rows = await tx.execute(_leased(tx.dialect.name), {"post_ids": given_ids(tx, ids), "worker": worker})
            posts = {row[0]: _post(*row) for row in rows}
            found = await histories(tx, list(posts), HISTORY)
        return [_due_post(posts[post_id], found.get(post_id, ())) for post_id in ids if post_id in posts]

    async def undo_odd_clock(
        self, now: datetime, *, longest_wait: timedelta, watch_for: timedelta, late_watch_for: timedelta
    ) -> int:
        ahead = now + CLOCKS_APART
        asked = {
            "now": now,
            "ahead": ahead,
            "latest": now + longest_wait,
            "since": now - max(watch_for, late_watch_for),
            "posted": now - watch_for,
            "registered": now - late_watch_for,
            "no_lease": _no_lease(now),
            "no_digest": ahead + DIGESTS_APART,
        }
        due = 0
        async with self._database.write() as tx:
            for change in _DUE_AGAIN:
                due += (await tx.execute(change, asked)).rowcount
            if (await tx.execute(_EARLY_AUDIT, asked)).first() is not None:
                await _untell_audits(tx, _EARLY, asked)
                await tx.execute(update(tracked_posts).where(_its.id.in_(_EARLY)).values(audit_outcome=None), asked)
            for change in _OWED_AGAIN:
                await tx.execute(change, asked)
        return due

    async def release_posts(self, worker: str, only: Collection[int]) -> int:
        held = update(watches).where(_watch.lease_owner == worker, _watch.tracked_post_id.in_(only))
        async with self._database.write() as tx:
            return (await tx.execute(held.values(lease_owner=None, lease_until=None))).rowcount

    async def release_due(self, worker: str, due_before: datetime) -> int:
        checks = update(watches).where(_watch.next_check_at < due_before, _watch.lease_owner == worker)
        audits = update(tracked_posts).where(
            _its.audit_outcome.is_(None), _its.audit_due_at < due_before, _its.audit_lease_owner == worker
        )
        async with self._database.write() as tx:
            released = await tx.execute(checks.values(lease_owner=None, lease_until=None))
            audited = await tx.execute(audits.values(audit_lease_owner=None, audit_lease_until=None))
        return released.rowcount + audited.rowcount

    async def record_checks(self, worker: str, checks: Sequence[Check], now: datetime) -> int:
        if not checks:
            return 0
        async with self._database.write() as tx:
            asked = {"ids": [check.tracked_post_id for check in checks]}
            posts = {row.id: row for row in await tx.execute(_CHECKED, asked)}
            held = [
                (post, check)
                for check in checks
                if (post := posts.get(check.tracked_post_id)) is not None
                and post.workspace_id == check.workspace_id
                and post.lease_owner == worker
            ]
            if not held:
                return 0
            seen = [_reading_row(post, reading) for post, check in held for reading in check.readings]
            await execute_many(tx, _insert_or_extend(tx.dialect.name), seen)
            changed = [_changes(post, check) for post, check in held]
            await execute_many(tx, _CHANGE, [of_post for of_post, _ in changed])
            await execute_many(tx, _CHANGE_WATCH, [of_watch for _, of_watch in changed])
            await self._record_accounts(tx, held, now)
            for post, check in held:
                await keep_picture(tx, post, check)
                if check.said is not None:
                    kind, caller = check.said
                    if kind is DecisionKind.WRONG_ALARM:
                        await refuse_second_wrong_alarm(tx, post.id)
                    await decide(tx, caller, post.id, kind, now)
                for alert in check.verdict.alerts:
                    not_before = await told_from(tx, post, alert, now)
                    await owe(tx, check.workspace_id, alert, now, post.correlation_id, not_before=not_before)
                for pattern in check.verdict.patterns:
                    await learn(tx, check.workspace_id, pattern, "system", now)
            await _forget_deleted(tx, [post.id for post, check in held if check.verdict.state is State.DELETED])
            await enter_journal(tx, [told for post, check in held for told in _told(post, check, now)])
        return len(held)

    async def record_unchanged(self, worker: str, looks: Sequence[Unchanged]) -> None:
        async with self._database.write() as tx:
            await _EXTEND.run(tx, [_extension(look) for look in looks])
            texts = [(look.tracked_post_id, look.body_sha256) for look in looks if look.body_sha256 is not None]
            await _KNOW_TEXT.run(tx, texts)
            await _PLAN.run(tx, [_plan(worker, look) for look in looks])

    async def _record_accounts(
        self, tx: AsyncConnection, held: Sequence[tuple[Row[Any], Check]], now: datetime
    ) -> None:
        """Record what the checks say about the posts' authors; an account that is not there is made."""
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
            state, since, read_at = account.state, now, account.last_read_at
            for _, check in mine:
                if check.account_state is not None:
                    state, since = check.account_state, check.account_since or now
                for reading in check.readings:
                    if reading.author_status is not None:
                        read_at = max(reading.ended_at, read_at or reading.ended_at)
                        looks.append(_account_reading_row(account, reading))
            is_odd = any(check.verdict.state is State.REMOVED and check.verdict.alerts for _, check in mine)
            look_at = now + ODD_EVERY if is_odd else None
            await self._update_account(tx, account, state, since, read_at, look_at=look_at)
        await execute_many(tx, insert_new(tx, account_readings), looks)

    # ------------------------------------------------ audits

    async def lease_due_audits(
        self, now: datetime, *, worker: str, lease: timedelta, limit: int
    ) -> Sequence[TrackedPost]:
        free = _is_free(_its.audit_lease_until, now, _no_lease(now))
        due = (
            select(_its.id)
            .where(_its.audit_outcome.is_(None), _its.audit_due_at <= now, free)
            .order_by(_its.audit_due_at, _its.id)
            .limit(limit)
        )
        async with self._database.write() as tx:
            ids = (await tx.scalars(due.with_for_update(skip_locked=True))).all()
            if not ids:
                return []
            leased = {"audit_lease_owner": worker, "audit_lease_until": now + lease}
            await tx.execute(update(tracked_posts).where(_its.id.in_(ids)).values(leased))
            by_id = await posts_by_id(tx, ids)
        return [by_id[post_id] for post_id in ids]

    async def record_audit(
        self, workspace_id: str, tracked_post_id: int, outcome: AuditOutcome, alert: NewAlert, now: datetime
    ) -> bool:
        async with self._database.write() as tx:
            mine = and_(_its.workspace_id == workspace_id, _its.id == tracked_post_id)
            change = update(tracked_posts).where(mine, _its.audit_outcome.is_(None))
            change = change.values(audit_outcome=outcome, audit_lease_owner=None, audit_lease_until=None)
            row = (await tx.execute(change.returning(tracked_posts))).first()
            if row is None:
                return False
            not_before = max(now, row.snoozed_until or now)
            await owe(tx, workspace_id, alert, now, row.correlation_id, not_before=not_before)
            program = Caller.program(workspace_id, row.correlation_id)
            await self._enter_journal(tx, program, now, JournalKind.POST_AUDIT, f"post {row.id}", outcome=outcome.value)
        return True

    async def last_written_at(self) -> datetime | None:
        newest_of_workspace = select(func.max(_watch.last_read_at)).where(_watch.workspace_id == workspaces.c.id)
        newest_reading = select(func.max(newest_of_workspace.correlate(workspaces).scalar_subquery()))
        newest_reading = newest_reading.select_from(workspaces)
        newest_deed = select(journal.c.at).order_by(journal.c.id.desc()).limit(1)
        async with self._database.read() as tx:
            written = [await tx.scalar(query) for query in (newest_reading, newest_deed)]
        return max((at for at in written if at is not None), default=None)

    async def next_due_at(self) -> datetime | None:
        """Returns when a look, audit, alert, digest or reminder is due next. What is leased is due when its lease ends;
        a time in the past means that nobody has leased it yet.
        """
        held, audit_held, sending = _watch.lease_until, _its.audit_lease_until, alerts.c.lease_until
        audit_open = and_(_its.audit_outcome.is_(None), _its.audit_due_at.is_not(None))
        waiting = alerts.outerjoin(timetables, timetables.c.workspace_id == alerts.c.workspace_id)
        queries = (
            select(func.min(_watch.next_check_at)).where(held.is_(None)),
            select(func.min(held)).where(_watch.next_check_at.is_not(None)),
            select(func.min(_its.audit_due_at)).where(audit_open, audit_held.is_(None)),
            select(func.min(audit_held)).where(audit_open),
            select(func.min(due_at()))
            .select_from(waiting)
            .where(alerts.c.next_attempt_at.is_not(None), sending.is_(None)),
            select(func.min(sending)).where(alerts.c.next_attempt_at.is_not(None)),
            select(func.min(timetables.c.digest_due_at)),
            select(func.min(approvals.c.remind_at)),
        )
        async with self._database.read() as tx:  # one round trip: time travel asks hundreds of times
            times = (await tx.execute(select(*(query.scalar_subquery() for query in queries)))).one()
        return min((at for at in times if at is not None), default=None)


async def _untell_audits(tx: AsyncConnection, posts: Select[Any], asked: Mapping[str, Any]) -> None:
    """What alerts of the future say about audits of these posts is wrong. Those not sent yet are dropped, and none
    keeps the true alert from being sent. `asked` has the time that is `ahead`.
    """
    owed = alerts.c
    wrong = and_(owed.tracked_post_id.in_(posts), owed.kind == AlertKind.AUDIT, owed.created_at > bindparam("ahead"))
    await tx.execute(delete(alerts).where(wrong, owed.delivered_at.is_(None)), asked)
    earlier = owed.dedupe_key + ":early:" + cast(owed.id, Text)
    await tx.execute(update(alerts).where(wrong).values(dedupe_key=earlier), asked)


_post, _due_post = maker(TrackedPost), maker(DuePost)
_post_id = _watch.tracked_post_id


def _no_lease(now: datetime) -> datetime:
    """The time that no lease reaches, so that one beyond it is of a clock that was ahead and holds nobody up."""
    return now + CLOCKS_APART + LEASED_AT_MOST


def _is_free(lease_until: ColumnElement[Any], now: Any, no_lease: Any) -> ColumnElement[bool]:
    return or_(lease_until.is_(None), lease_until <= now, lease_until > no_lease)


_now = bindparam("now", type_=_watch.next_check_at.type)
_most = bindparam("most", type_=Integer)
_waits = and_(_watch.gives_way, _watch.next_check_at > bindparam("late"))


@cache
def _leasing(dialect: str, is_one: bool, is_filled: bool) -> Update:
    """Returns the statement that leases posts. It returns three values of each, by which they are ordered; the last is
    the id. It is built once, because a sweep asks every few seconds, mostly in vain.
    """
    # PostgreSQL finds a row by its place in half the time that it takes to look for an id.
    place = _post_id if dialect == "sqlite" else literal_column("watches.ctid")
    chosen = [_free(place, _most, _post_id == bindparam("only")).cte("one")] if is_one else _due(place, is_filled)
    places = union_all(*(select(some.c.place) for some in chosen))
    mine = place.in_(places) if dialect == "sqlite" else place == func.any(func.array(places.scalar_subquery()))
    turn = case((_watch.next_check_at > _now, 2), (_waits, 1), else_=0)
    lease = update(watches).where(mine).values(lease_owner=bindparam("worker"), lease_until=bindparam("until"))
    return lease.returning(turn, type_coerce(_watch.next_check_at, Text), _post_id)


def _due(place: ColumnElement[Any], is_filled: bool) -> Sequence[CTE]:
    """What is due, what waits for others, and what fills the last batch. Each comes in the order of the index, without
    sorting.
    """
    in_order = (_watch.next_check_at, _post_id)
    due = _free(place, _most, _watch.next_check_at <= _now, not_(_waits)).order_by(*in_order).cte("due")
    waiting = (
        _free(place, _most - _number(due), _watch.next_check_at <= _now, _waits).order_by(*in_order).cte("waiting")
    )
    if not is_filled:
        return due, waiting
    found, size = _number(due) + _number(waiting), bindparam("size", type_=Integer)
    lacking, left = (size - found % size) % size, _most - found
    soon = _free(
        place,
        case((lacking < left, lacking), else_=left),
        _watch.next_check_at > _now,
        _watch.next_check_at < bindparam("due_before"),
        _watch.last_read_at < bindparam("read_before"),
        _watch.stopped_at.is_(None),
    )
    return due, waiting, soon.order_by(*in_order).cte("soon")


def _free(place: ColumnElement[Any], most: ColumnElement[int], *which: ColumnElement[bool]) -> Select[Any]:
    """Returns the query for the places of `most` posts that nobody leases and no other worker is leasing now. SQLite
    has one writer at a time anyway.
    """
    nobody = _is_free(_watch.lease_until, _now, bindparam("no_lease"))
    return select(place.label("place")).where(*which, nobody).limit(most).with_for_update(skip_locked=True)


def _number(found: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(found).scalar_subquery()


_CHECKED = whole_posts(_its.id.in_(bindparam("ids", expanding=True)))
_CHECKED = _CHECKED.add_columns(_its.correlation_id, _watch.lease_owner).order_by(_its.id).with_for_update()
_CHANGE = update(tracked_posts).where(_its.id == bindparam("post_id"))
_CHANGE_WATCH = update(watches).where(_post_id == bindparam("post_id"))


def _due_again() -> tuple[Any, ...]:
    """What makes posts due that a clock made wait, or end, that was ahead for some time. Each finds its posts by an
    index; joined by OR, they would have every post read.
    """
    now, ahead = (bindparam(name, type_=_watch.next_check_at.type) for name in ("now", "ahead"))
    of_any = _watch.workspace_id.in_(select(workspaces.c.id))
    is_waiting = func.coalesce(_watch.next_check_at, ahead) > now  # not by an index: nearly all posts wait
    is_over = _watch.next_check_at.is_(None)
    is_young = or_(_its.posted_at > bindparam("posted"), _its.registered_at > bindparam("registered"))
    wrong = (
        and_(of_any, _watch.last_read_at > ahead, is_waiting),
        # The state of a post that nobody read began when it was registered.
        and_(of_any, _watch.last_read_at.is_(None), _watch.state_since > ahead, is_waiting),
        _watch.next_check_at > bindparam("latest"),
        # No post is registered before it was posted, and no state begins before that.
        and_(
            of_any,
            is_unwatched(),
            _watch.state_since > bindparam("since"),
            is_over,
            select(_its.id).where(_its.id == _post_id, is_young).exists(),
        ),
    )
    again = {"next_check_at": now, "lease_owner": None, "lease_until": None}
    return tuple(update(watches).where(_watch.stopped_at.is_(None), which).values(again) for which in wrong)


_DUE_AGAIN = _due_again()
_EARLY = (
    select(_its.id)
    .select_from(WHOLE)
    .where(_watch.stopped_at.is_(None), _its.audit_outcome.is_not(None), _its.audit_due_at > bindparam("ahead"))
)
_EARLY_AUDIT = _EARLY.limit(1)
_owed, _digests = alerts.c, timetables.c
# The same for alerts and digests.
_OWED_AGAIN = (
    update(alerts)
    .where(_owed.created_at > bindparam("ahead"), _owed.next_attempt_at > bindparam("now"))
    .values(next_attempt_at=bindparam("now")),
    update(alerts).where(_owed.lease_until > bindparam("no_lease")).values(lease_owner=None, lease_until=None),
    update(timetables).where(_digests.digest_due_at > bindparam("no_digest")).values(digest_due_at=bindparam("now")),
)


@cache
def _leased(dialect: str) -> Select[Any]:
    """Returns the query for those of the posts `post_ids` that `worker` leases."""
    return whole_posts(is_among(_its.id, dialect), _watch.lease_owner == bindparam("worker"))


@cache
def _counted_by_age(ages: int) -> Select[Any]:
    """Returns the query for the watched posts of each of so many ages; those that are older count with the last. Each
    age is a part of two indexes, workspace by workspace: of all posts, less those that are not watched. A state never
    begins before its post was posted.
    """
    of_all, of_unwatched = (
        [
            select(func.count()).where(its.workspace_id == workspaces.c.id, which).correlate(workspaces)
            for which in _each_age(its.state_since, ages)
        ]
        for its in (_its, _watch)
    )
    watched = [
        posts.scalar_subquery() - unwatched.where(is_unwatched()).scalar_subquery()
        for posts, unwatched in zip(of_all, of_unwatched, strict=True)
    ]
    return select(*map(func.sum, watched)).select_from(workspaces)


def _each_age(state_since: ColumnElement[Any], ages: int) -> Sequence[ColumnElement[bool]]:
    since = [state_since > bindparam(f"since_{at}") for at in range(ages - 1)]
    return [and_(true(), *since[at : at + 1], *(not_(later) for later in since[:at][-1:])) for at in range(ages)]


@cache
def _insert_or_extend(dialect: str) -> Any:
    """Insert a new reading, or extend the one that goes on; storing it twice changes nothing."""
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(readings)
    new, old = insert.excluded, readings.c
    return insert.on_conflict_do_update(
        index_elements=[old.tracked_post_id, old.read_at, old.view, old.basis, old.outcome],
        set_={name: new[name] for name in _GROWN},
        where=new.last_read_at > func.coalesce(old.last_read_at, old.read_at),
    )


# The reading that goes on is named by its key, because a `Reading` has no id.
_READING_KEY = ("read_at", "view", "basis", "outcome")
_EXTEND = Each(
    {name: readings.c[name].type for name in ("tracked_post_id", *_READING_KEY)}
    | {f"new_{name}": readings.c[name].type for name in _GROWN},
    lambda looks: (
        update(readings)
        .where(
            *(readings.c[name] == looks.c[name] for name in ("tracked_post_id", *_READING_KEY)),
            func.coalesce(readings.c.last_read_at, readings.c.read_at) < looks.c["new_last_read_at"],
        )
        .values({name: looks.c[f"new_{name}"] for name in _GROWN})
    ),
)
_KNOW_TEXT = Each(
    {"post_id": _its.id.type, "body_sha256": _its.body_sha256.type},
    lambda texts: (
        update(tracked_posts)
        .where(_its.id == texts.c["post_id"], _its.body_sha256.is_(None), _its.state != State.DELETED)
        .values(body_sha256=texts.c["body_sha256"])
    ),
)
_PLANNED = ("next_check_at", "gives_way", "last_read_at", "score", "num_comments")
# The worker stands in each row: compared with one value, PostgreSQL would take the leased posts for one or two, and
# compare each with all looks.
_PLAN = Each(
    {"post_id": _post_id.type, "worker": _watch.lease_owner.type} | {name: _watch[name].type for name in _PLANNED},
    lambda looks: (
        update(watches)
        .where(_post_id == looks.c["post_id"], _watch.lease_owner == looks.c["worker"])
        .values(
            next_check_at=looks.c["next_check_at"],
            gives_way=looks.c["gives_way"],
            last_read_at=looks.c["last_read_at"],
            score=func.coalesce(looks.c["score"], _watch.score),
            num_comments=func.coalesce(looks.c["num_comments"], _watch.num_comments),
            lease_owner=None,
            lease_until=None,
        )
    ),
)
_key_of = attrgetter(*_READING_KEY)


def _extension(look: Unchanged) -> tuple[Any, ...]:
    return (look.tracked_post_id, *_key_of(look.row), *look.growth)


def _plan(worker: str, look: Unchanged) -> tuple[Any, ...]:
    grown = look.growth
    return (
        look.tracked_post_id,
        worker,
        look.next_check_at,
        look.gives_way,
        grown.last_read_at,
        grown.score,
        grown.num_comments,
    )


def _changes(post: Row[Any], check: Check) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the columns of the post and of its watching after a check, each with the post's id as `post_id`: the same
    columns for every post.
    """
    verdict, is_deleted = check.verdict, check.verdict.state is State.DELETED
    title = None if is_deleted else post.title or check.title
    state_since = post.state_since if verdict.state is post.state else verdict.state_since
    of_post: dict[str, Any] = {
        "post_id": post.id,
        "state": verdict.state,
        "state_since": state_since,
        "removed_by": verdict.removed_by,
        "category": verdict.category,
        "confidence": verdict.confidence,
        "locked": verdict.locked,
        "found_state": verdict.state if verdict.state.is_found else post.found_state,
        "found_removed_by": verdict.removed_by if verdict.state.is_found else post.found_removed_by,
        "author": post.author or check.author,
        "title": title,
        "words": words_of(title),
        "body_sha256": None if is_deleted else post.body_sha256 or check.body_sha256,
    }
    of_watch: dict[str, Any] = {
        "post_id": post.id,
        "state_since": state_since,
        "next_check_at": None if post.stopped_at is not None else check.next_check_at,
        "last_read_at": max((reading.ended_at for reading in check.readings), default=post.last_read_at),
        "gives_way": check.gives_way,
        "score": post.score,
        "num_comments": post.num_comments,
        "lease_owner": None,
        "lease_until": None,
    }
    for reading in sorted(check.readings, key=lambda reading: reading.ended_at):
        for name in ("score", "num_comments"):
            if getattr(reading, name) is not None:
                of_watch[name] = getattr(reading, name)
    return of_post, of_watch


async def _forget_deleted(tx: AsyncConnection, post_ids: Sequence[int]) -> None:
    """Delete what the post's author deleted, from alerts and with its pictures (reddit-facts: access)."""
    if not post_ids:
        return
    await drop_pictures_of(tx, post_ids)
    asked = select(alerts.c.id, alerts.c.facts).where(alerts.c.tracked_post_id.in_(post_ids))
    for row in (await tx.execute(asked)).all():
        if row.facts.get("title") is not None:
            await tx.execute(update(alerts).where(alerts.c.id == row.id).values(facts={**row.facts, "title": None}))


def _account_reading_row(account: Row[Any], reading: Reading) -> dict[str, Any]:
    look = AccountLook(reading.basis, reading.ended_at, reading.author_status or AuthorStatus.CANNOT_TELL)
    return values_of(look) | {"workspace_id": account.workspace_id, "account_id": account.id}


def _reading_row(post: Row[Any], reading: Reading) -> dict[str, Any]:
    return values_of(reading) | {"workspace_id": post.workspace_id, "tracked_post_id": post.id}


_SAID = {
    DecisionKind.WRONG_ALARM: JournalKind.POST_WRONG_ALARM,
    DecisionKind.SEEN: JournalKind.POST_SEEN,
    DecisionKind.UNSEEN: JournalKind.POST_UNSEEN,
    DecisionKind.ACCOUNT_BANNED: JournalKind.POST_ACCOUNT_BANNED,
}


def _told(post: Row[Any], check: Check, now: datetime) -> Iterator[dict[str, Any]]:
    """Yields what the journal tells about a check: what a member said, and that the post's state changed."""
    if check.said is not None:
        kind, caller = check.said
        yield entry(caller, now, _SAID[kind], f"post {post.id}")
    if check.verdict.state is not post.state:
        program = Caller.program(post.workspace_id, post.correlation_id)
        removed_by = check.verdict.removed_by
        told = {"state": check.verdict.state, "before": post.state, "removed_by": removed_by}
        yield entry(program, now, JournalKind.POST_STATE, f"post {post.id}", **told)

"""Collection runs, the posts that they keep, and the end of what was kept long enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.campaigns import UNDO_WINDOW
from core.collecting.runs import CollectionRun, Funnel, ImportedFile, RunStatus
from core.errors import Advice, Do, NotAllowedNow
from core.journal import JournalKind
from core.log import correlation_id
from core.model import Basis, Caller, CollectedPost
from core.texts.gone import category_told, is_deleted
from core.visibility.comments import KEPT_FOR as COMMENTS_KEPT_FOR
from core.visibility.offers import KEPT_FOR
from storage.base import added, changed, enter_journal, entry, record, values_of
from storage.campaigns import CampaignVerbs
from storage.database import execute_many
from storage.extracts import drop_extracts
from storage.schema import (
    account_readings,
    campaigns,
    collection_runs,
    counted_comments,
    first_comments,
    offers,
    readings,
    watches,
)
from storage.schema import posts as kept_posts

_CHUNK = 500  # ids in one IN list; SQLite allows 32,766 values in a statement
_COUNTS = frozenset({"score", "upvote_ratio", "num_comments"})
_PURGED = dict.fromkeys(("title", "body", "words", "author"))
_RENEWED = (*sorted(_COUNTS), "removed_by_category", "score_at", "found_in")  # updated when a post is read again


class CollectingVerbs(CampaignVerbs):
    async def start_run(
        self,
        caller: Caller,
        campaign_id: int,
        basis: Basis,
        communities: Sequence[str],
        now: datetime,
        *,
        files: Sequence[ImportedFile] = (),
    ) -> CollectionRun:
        async with self._database.write() as tx:
            await self._kept_campaign(tx, caller.workspace_id, campaign_id)
            new = {
                "workspace_id": caller.workspace_id,
                "campaign_id": campaign_id,
                "basis": basis,
                "status": RunStatus.RUNNING,
                "communities": communities,
                "funnel": Funnel(),
                "started_by": caller.name,
                "started_at": now,
                "cost_usd_micros": 0,
                "files": files,
                "alive_at": now,
            }
            row = await added(tx, collection_runs, new)
            told = {"campaign_id": campaign_id, "basis": basis.value}
            await self._enter_journal(tx, caller, now, JournalKind.COLLECT_START, f"run {row.id}", **told)
        return record(CollectionRun, row)

    async def add_posts(
        self, caller: Caller, run_id: int, posts: Sequence[CollectedPost], funnel: Funnel, now: datetime
    ) -> Funnel:
        """As the protocol says. Raises `NotAllowedNow` when the run has ended (it was cancelled meanwhile)."""
        by_id = {post.reddit_id: post for post in posts}
        async with self._database.write() as tx:
            # Two runs of one workspace may bring the same post at the same time.
            await self._lock_workspace(tx, caller.workspace_id)
            run = await self._one(tx, collection_runs, caller.workspace_id, run_id, "collection run")
            if run.status is not RunStatus.RUNNING:
                raise NotAllowedNow("That collection has ended.", Advice("Start another one.", Do.COLLECT))
            known: dict[str, Row[Any]] = {}
            for chunk in _chunks(list(by_id)):
                known.update({row.reddit_id: row for row in await tx.execute(_known(caller.workspace_id, chunk))})
            fresh = [
                _post_row(post, caller.workspace_id, run.basis, now)
                for reddit_id, post in by_id.items()
                if reddit_id not in known
            ]
            await execute_many(tx, insert(kept_posts), fresh)
            await self._refresh(tx, [(known[r], post) for r, post in by_id.items() if r in known], now)
            new = Funnel(
                funnel.found,
                funnel.duplicate + len(posts) - len(fresh),
                dict(funnel.filtered),
                len(fresh),
                dict(Counter(row["community"] for row in fresh)),
            )
            so_far = record(CollectionRun, run).funnel
            await changed(tx, collection_runs, run, funnel=so_far.plus(new), alive_at=now)
        return new

    @staticmethod
    async def _refresh(tx: AsyncConnection, seen: Sequence[tuple[Row[Any], CollectedPost]], now: datetime) -> None:
        """Store newer counts, never a newer text. Drop the text when its author has deleted the post since.

        Counts that were read before the stored ones are ignored, so that an old dump does not undo a newer look.
        """
        changes = []
        purges = []
        for row, post in seen:
            kept = {name: getattr(row, name) for name in _RENEWED}
            read = {**{name: getattr(post, name) for name in _RENEWED}, "removed_by_category": category_told(post)}
            given = {name: value for name, value in read.items() if value is not None}
            is_older = row.score_at is not None and (post.score_at is None or post.score_at < row.score_at)
            has_counts = any(kept[name] is not None for name in _COUNTS)
            if not given.keys() & _COUNTS or (is_older and has_counts):
                category = kept["removed_by_category"] if is_older else None
                given = {"removed_by_category": category or category_told(post) or kept["removed_by_category"]}
            renewed = {**kept, **given}
            if renewed != kept:
                changes.append({"row_id": row.id, **renewed})
            if row.purged_at is None and is_deleted(post):
                purges.append({"row_id": row.id})
        if changes:
            await execute_many(
                tx,
                update(kept_posts)
                .where(kept_posts.c.id == bindparam("row_id"))
                .values({name: bindparam(name) for name in changes[0] if name != "row_id"}),
                changes,
            )
        if purges:
            await execute_many(
                tx,
                update(kept_posts).where(kept_posts.c.id == bindparam("row_id")).values(_PURGED | {"purged_at": now}),
                purges,
            )
            await drop_extracts(tx, of=kept_posts.c.id.in_([purge["row_id"] for purge in purges]))

    async def finish_run(
        self,
        caller: Caller,
        run_id: int,
        status: RunStatus,
        now: datetime,
        *,
        problem: str | None = None,
        cost_usd_micros: int = 0,
    ) -> CollectionRun:
        """End a running run, and return it. A run that has ended already stays as it is."""
        async with self._database.write() as tx:
            row = await self._one(tx, collection_runs, caller.workspace_id, run_id, "collection run", lock=True)
            if row.status is RunStatus.RUNNING:
                ended = {"status": status, "finished_at": now, "problem": problem, "cost_usd_micros": cost_usd_micros}
                row = await changed(tx, collection_runs, row, **ended)
                told = {"status": status.value, "funnel": row.funnel}
                await self._enter_journal(tx, caller, now, JournalKind.COLLECT_FINISH, f"run {row.id}", **told)
        return record(CollectionRun, row)

    async def runs(
        self, workspace_id: str, limit: int = 10, *, status: RunStatus | None = None
    ) -> Sequence[CollectionRun]:
        run = collection_runs.c
        query = select(collection_runs).where(run.workspace_id == workspace_id).order_by(run.id.desc()).limit(limit)
        if status is not None:
            query = query.where(run.status == status)
        return await self._records(CollectionRun, query)

    async def keep_runs_alive(self, run_ids: Sequence[int], now: datetime) -> None:
        if not run_ids:
            return
        async with self._database.write() as tx:
            await tx.execute(
                update(collection_runs)
                .where(collection_runs.c.id.in_(run_ids), collection_runs.c.status == RunStatus.RUNNING)
                .values(alive_at=now)
            )

    async def fail_abandoned_runs(self, now: datetime, silent_since: datetime | None) -> int:
        abandoned = collection_runs.c.status == RunStatus.RUNNING
        if silent_since is not None:
            abandoned = and_(abandoned, collection_runs.c.alive_at <= silent_since)
        async with self._database.write() as tx:
            ended = await tx.execute(
                update(collection_runs)
                .where(abandoned)
                .values(
                    status=RunStatus.FAILED,
                    finished_at=now,
                    problem="The program ended before the collection did. What was kept until then is kept.",
                )
                .returning(collection_runs)
            )
            entries = [
                entry(
                    Caller.program(row.workspace_id, correlation_id()),
                    now,
                    JournalKind.COLLECT_FINISH,
                    f"run {row.id}",
                    status=row.status.value,
                    funnel=row.funnel,
                )
                for row in ended
            ]
            await enter_journal(tx, entries)
        return len(entries)

    async def purge_expired(self, now: datetime, keep: timedelta) -> int:
        """Returns how many posts were emptied plus how many campaigns were deleted for good. Old readings of posts that
        are no longer watched, and old offers and comments, are deleted too.
        """
        async with self._database.write() as tx:
            is_old = and_(kept_posts.c.purged_at.is_(None), kept_posts.c.collected_at < now - keep)
            is_gone = campaigns.c.deleted_at <= now - UNDO_WINDOW
            purged: dict[str, dict[str, int]] = {}
            for name, table, expired in (("posts", kept_posts, is_old), ("campaigns", campaigns, is_gone)):
                whose = table.c.workspace_id
                for row in await tx.execute(select(whose, func.count().label("n")).where(expired).group_by(whose)):
                    purged.setdefault(row.workspace_id, {})[name] = row.n
            await drop_extracts(tx, of=is_old)
            emptied = await tx.execute(update(kept_posts).where(is_old).values(_PURGED | {"purged_at": now}))
            dropped = await tx.execute(delete(campaigns).where(is_gone))
            last_read_at = func.coalesce(readings.c.last_read_at, readings.c.read_at)
            watched = select(watches.c.tracked_post_id).where(watches.c.next_check_at.is_not(None))
            unwatched = readings.c.tracked_post_id.not_in(watched)
            await tx.execute(delete(readings).where(last_read_at < now - keep, unwatched))
            await tx.execute(delete(first_comments).where(first_comments.c.created_at < now - COMMENTS_KEPT_FOR))
            await tx.execute(delete(offers).where(offers.c.posted_at < now - KEPT_FOR))
            await tx.execute(delete(counted_comments).where(counted_comments.c.collected_at < now - keep))
            await tx.execute(delete(account_readings).where(account_readings.c.read_at < now - keep))
            entries = [
                entry(Caller.program(whose, correlation_id()), now, JournalKind.DATA_PURGE, "workspace", **counts)
                for whose, counts in purged.items()
            ]
            await enter_journal(tx, entries)
        return emptied.rowcount + dropped.rowcount


def _chunks(ids: Sequence[str]) -> Sequence[Sequence[str]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def _known(workspace_id: str, reddit_ids: Sequence[str]) -> Any:
    its = kept_posts.c
    renewed = (its[name] for name in _RENEWED)
    return select(its.id, its.reddit_id, its.purged_at, *renewed).where(
        its.workspace_id == workspace_id, its.reddit_id.in_(reddit_ids)
    )


def _post_row(post: CollectedPost, workspace_id: str, basis: Basis, now: datetime) -> dict[str, Any]:
    row = values_of(post, without=("distinguished", "stickied", "locked"))
    row |= {"removed_by_category": category_told(post), "purged_at": None}
    if is_deleted(post):
        row |= {"title": None, "body": None, "author": None, "purged_at": now}
    return row | {"workspace_id": workspace_id, "basis": basis, "collected_at": now}

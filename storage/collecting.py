"""Collection runs, kept posts, and what is known about communities."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.campaigns import UNDO_WINDOW, CampaignStatus
from core.collecting.runs import CollectionRun, Funnel, ImportedFile, RunStatus
from core.communities import CommunityProfile, CommunitySummary, Post, Rule, RulesSnapshot
from core.errors import Advice, Do, NotAllowedNow, NotFound
from core.journal import JournalKind
from core.log import correlation_id
from core.model import Basis, Caller, CollectedPost, NewAlert
from core.requirements import Posting, Requirements, flairs_in
from core.texts.gone import GoneBy, category_told, post_gone_by
from storage.base import enter_journal, entry, field_names, holds, record, the_program
from storage.campaigns import CampaignVerbs
from storage.database import execute_many
from storage.outbox import owe
from storage.schema import (
    account_readings,
    campaign_communities,
    campaigns,
    collection_runs,
    community_profiles,
    readings,
    rules_snapshots,
    tracked_posts,
)
from storage.schema import posts as kept_posts

_AT_ONCE = 100  # rows that become posts in one turn of the event loop, some 3 ms
_CHUNK = 500  # ids in one IN list; SQLite allows 32,766 values in a statement
_COUNTS = frozenset({"score", "upvote_ratio", "num_comments"})
_PROFILE = tuple(
    column for column in community_profiles.c if column.name != "model"
)  # the model is large, and `latest_model` reads it
_RENEWED = (*sorted(_COUNTS), "removed_by_category", "score_at", "found_in")  # updated when a post is read again

_OF_POST = tuple(kept_posts.c[name] for name in field_names(Post))  # their words would double what is read


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
            row = (
                await tx.execute(
                    insert(collection_runs)
                    .values(
                        workspace_id=caller.workspace_id,
                        campaign_id=campaign_id,
                        basis=basis,
                        status=RunStatus.RUNNING,
                        communities=list(communities),
                        funnel=_funnel_json(Funnel()),
                        started_by=caller.name,
                        started_at=now,
                        cost_usd_micros=0,
                        files=[asdict(file) for file in files],
                        alive_at=now,
                    )
                    .returning(collection_runs)
                )
            ).one()
            await self._enter_journal(
                tx, caller, now, JournalKind.COLLECT_START, f"run {row.id}", campaign_id=campaign_id, basis=basis.value
            )
        return _run(row)

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
            added = Funnel(
                funnel.found,
                funnel.duplicate + len(posts) - len(fresh),
                dict(funnel.filtered),
                len(fresh),
                dict(Counter(row["community"] for row in fresh)),
            )
            await tx.execute(
                update(collection_runs)
                .where(collection_runs.c.id == run.id)
                .values(funnel=_funnel_json(Funnel(**run.funnel).plus(added)), alive_at=now)
            )
        return added

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
            changed = {**kept, **given}
            if changed != kept:
                changes.append({"row_id": row.id, **changed})
            if row.purged_at is None and _is_deleted(post):
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
                update(kept_posts)
                .where(kept_posts.c.id == bindparam("row_id"))
                .values(title=None, body=None, words=None, author=None, purged_at=now),
                purges,
            )

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
                row = (
                    await tx.execute(
                        update(collection_runs)
                        .where(collection_runs.c.id == row.id)
                        .values(status=status, finished_at=now, problem=problem, cost_usd_micros=cost_usd_micros)
                        .returning(collection_runs)
                    )
                ).one()
                await self._enter_journal(
                    tx, caller, now, JournalKind.COLLECT_FINISH, f"run {row.id}", status=status.value, funnel=row.funnel
                )
        return _run(row)

    async def runs(
        self, workspace_id: str, limit: int = 10, *, status: RunStatus | None = None
    ) -> Sequence[CollectionRun]:
        run = collection_runs.c
        query = select(collection_runs).where(run.workspace_id == workspace_id).order_by(run.id.desc()).limit(limit)
        if status is not None:
            query = query.where(run.status == status)
        async with self._database.read() as tx:
            return [_run(row) for row in await tx.execute(query)]

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
                    the_program(row.workspace_id, correlation_id()),
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

    async def community_summaries(self, workspace_id: str) -> Sequence[CommunitySummary]:
        """Returns a summary of every community that a campaign names or that has kept posts, by name."""
        return list((await self._summaries(workspace_id)).values())

    async def community_summary(self, workspace_id: str, community: str) -> CommunitySummary:
        found = await self._summaries(workspace_id, community)
        if community not in found:
            raise NotFound(
                f"r/{community} is in no campaign here, and nothing was collected from it.",
                Advice("Check its name, or add it to the communities of a campaign.", Do.EDIT_CAMPAIGN),
            )
        return found[community]

    async def _summaries(self, workspace_id: str, community: str | None = None) -> dict[str, CommunitySummary]:
        named = (
            select(campaign_communities.c.community)
            .distinct()
            .join(campaigns, campaigns.c.id == campaign_communities.c.campaign_id)
            .where(campaign_communities.c.workspace_id == workspace_id, campaigns.c.deleted_at.is_(None))
        )
        kept = (
            select(
                kept_posts.c.community,
                kept_posts.c.basis,
                func.count().label("posts"),
                func.min(kept_posts.c.created_at).label("first_post_at"),
                func.max(kept_posts.c.created_at).label("last_post_at"),
                func.max(kept_posts.c.collected_at).label("last_collected_at"),
            )
            .where(kept_posts.c.workspace_id == workspace_id, kept_posts.c.purged_at.is_(None))
            .group_by(kept_posts.c.community, kept_posts.c.basis)
            .order_by(kept_posts.c.community, kept_posts.c.basis)
        )
        if community is not None:
            named = named.where(campaign_communities.c.community == community)
            kept = kept.where(kept_posts.c.community == community)
        async with self._database.read() as tx:
            names = list(await tx.scalars(named))
            rows = (await tx.execute(kept)).all()
        found = {name: CommunitySummary(name, 0, None, None, None, ()) for name in names}
        for row in rows:
            so_far = found.get(row.community)
            found[row.community] = CommunitySummary(
                row.community,
                row.posts + (so_far.posts if so_far else 0),
                min(filter(None, (row.first_post_at, so_far and so_far.first_post_at))),
                max(filter(None, (row.last_post_at, so_far and so_far.last_post_at))),
                max(filter(None, (row.last_collected_at, so_far and so_far.last_collected_at))),
                (*(so_far.bases if so_far else ()), row.basis),
            )
        return dict(sorted(found.items()))

    async def posts(
        self,
        workspace_id: str,
        community: str,
        *,
        limit: int | None = None,
        containing: str | None = None,
    ) -> Sequence[Post]:
        query = select(*_OF_POST).where(
            kept_posts.c.workspace_id == workspace_id,
            kept_posts.c.community == community,
            kept_posts.c.purged_at.is_(None),
        )
        if containing:
            query = query.where(holds(containing, kept_posts.c.words))
        query = query.order_by(kept_posts.c.created_at.desc(), kept_posts.c.id.desc()).limit(limit)
        async with self._database.read() as tx:
            rows = await tx.execute(query)
        posts: list[Post] = []
        for some in rows.partitions(_AT_ONCE):
            posts.extend(record(Post, row) for row in some)
            await asyncio.sleep(0)
        return posts

    async def post(self, workspace_id: str, post_id: int) -> Post:
        async with self._database.read() as tx:
            row = await self._one(tx, kept_posts, workspace_id, post_id, "collected post")
        if row.purged_at is not None:
            raise NotFound(
                f"The text of post {post_id} is no longer kept.", Advice("Look at another.", Do.BROWSE_POSTS)
            )
        return record(Post, row)

    async def save_profile(
        self,
        caller: Caller,
        community: str,
        *,
        sample_size: int,
        first_post_at: datetime,
        last_post_at: datetime,
        bases: Sequence[Basis],
        figures: Mapping[str, Any],
        model: str | None = None,
        now: datetime,
    ) -> CommunityProfile:
        its = community_profiles.c
        async with self._database.write() as tx:
            await tx.execute(
                update(community_profiles)
                .where(its.workspace_id == caller.workspace_id, its.community == community, its.model.is_not(None))
                .values(model=None)
            )
            row = (
                await tx.execute(
                    insert(community_profiles)
                    .values(
                        workspace_id=caller.workspace_id,
                        community=community,
                        computed_at=now,
                        sample_size=sample_size,
                        first_post_at=first_post_at,
                        last_post_at=last_post_at,
                        bases=[basis.value for basis in bases],
                        figures=figures,
                        model=model,
                    )
                    .returning(*_PROFILE)
                )
            ).one()
            about = f"r/{community}"
            await self._enter_journal(tx, caller, now, JournalKind.COMMUNITY_PROFILE, about, posts=sample_size)
        return _profile(row)

    async def profile(self, workspace_id: str, profile_id: int) -> CommunityProfile:
        async with self._database.read() as tx:
            return _profile(await self._one(tx, community_profiles, workspace_id, profile_id, "profile"))

    async def latest_profile(self, workspace_id: str, community: str) -> CommunityProfile | None:
        its = community_profiles.c
        async with self._database.read() as tx:
            row = (
                await tx.execute(
                    select(*_PROFILE)
                    .where(its.workspace_id == workspace_id, its.community == community)
                    .order_by(its.id.desc())
                    .limit(1)
                )
            ).first()
        return None if row is None else _profile(row)

    async def new_profiles(
        self, workspace_id: str, since: datetime
    ) -> Sequence[tuple[CommunityProfile, CommunityProfile | None]]:
        its = community_profiles.c
        mine = its.workspace_id == workspace_id
        latest = select(func.max(its.id)).where(mine).group_by(its.community)
        query = select(*_PROFILE).where(its.id.in_(latest), its.computed_at > since).order_by(its.community)
        found = []
        async with self._database.read() as tx:
            for row in (await tx.execute(query)).all():
                its_own = (mine, its.community == row.community, its.computed_at <= since)
                before = select(*_PROFILE).where(*its_own).order_by(its.id.desc()).limit(1)
                known = (await tx.execute(before)).first()
                found.append((_profile(row), _profile(known) if known is not None else None))
        return found

    async def latest_model(self, workspace_id: str, community: str) -> str | None:
        its = community_profiles.c
        async with self._database.read() as tx:
            model: str | None = await tx.scalar(
                select(its.model)
                .where(its.workspace_id == workspace_id, its.community == community)
                .order_by(its.id.desc())
                .limit(1)
            )
        return model

    async def save_rules(
        self,
        caller: Caller,
        community: str,
        basis: Basis,
        rules: Sequence[Rule],
        now: datetime,
        posting: Posting = Posting(),  # noqa: B008 - frozen
        alert: NewAlert | None = None,
    ) -> RulesSnapshot:
        listed = [{"short_name": rule.short_name, "description": rule.description, "kind": rule.kind} for rule in rules]
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            last = (await tx.execute(_latest_rules(caller.workspace_id, community))).first()
            asked = _asked(posting, last)
            told = {"rules": listed, "basis": basis, **asked}
            if last is not None and all(getattr(last, name) in (value, None) for name, value in told.items()):
                # The rules are the same, so the snapshot that others refer to is only completed.
                change = update(rules_snapshots).where(rules_snapshots.c.id == last.id).values(taken_at=now, **asked)
                row = (await tx.execute(change.returning(rules_snapshots))).one()
            else:
                new = insert(rules_snapshots).values(
                    workspace_id=caller.workspace_id, community=community, taken_at=now, **told
                )
                row = (await tx.execute(new.returning(rules_snapshots))).one()
                about = f"r/{community}"
                await self._enter_journal(tx, caller, now, JournalKind.COMMUNITY_RULES, about, rules=len(listed))
                if alert is not None:
                    await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=now)
        return _rules(row)

    async def rules_snapshot(self, workspace_id: str, snapshot_id: int) -> RulesSnapshot:
        async with self._database.read() as tx:
            return _rules(await self._one(tx, rules_snapshots, workspace_id, snapshot_id, "rules snapshot"))

    async def latest_rules(self, workspace_id: str, community: str) -> RulesSnapshot | None:
        async with self._database.read() as tx:
            row = (await tx.execute(_latest_rules(workspace_id, community))).first()
        return None if row is None else _rules(row)

    async def communities_to_refresh(self, taken_before: datetime, limit: int) -> Sequence[tuple[str, str]]:
        named, taken = campaign_communities.c, rules_snapshots.c
        last_taken_at = func.max(taken.taken_at)
        query = (
            select(named.workspace_id, named.community)
            .join(campaigns, campaigns.c.id == named.campaign_id)
            .outerjoin(
                rules_snapshots,
                and_(taken.workspace_id == named.workspace_id, taken.community == named.community),
            )
            .where(campaigns.c.status == CampaignStatus.ACTIVE, campaigns.c.deleted_at.is_(None))
            .group_by(named.workspace_id, named.community)
            .having(or_(last_taken_at.is_(None), last_taken_at < taken_before))
            .order_by(case((last_taken_at.is_(None), 0), else_=1), last_taken_at, named.workspace_id, named.community)
            .limit(limit)
        )
        async with self._database.read() as tx:
            return [(row.workspace_id, row.community) for row in await tx.execute(query)]

    async def purge_expired(self, now: datetime, keep: timedelta) -> int:
        """Returns how many posts were emptied plus how many campaigns were deleted for good. Old readings of posts that
        are no longer watched are deleted too.
        """
        async with self._database.write() as tx:
            is_old = and_(kept_posts.c.purged_at.is_(None), kept_posts.c.collected_at < now - keep)
            is_gone = campaigns.c.deleted_at <= now - UNDO_WINDOW
            purged: dict[str, dict[str, int]] = {}
            for name, table, expired in (("posts", kept_posts, is_old), ("campaigns", campaigns, is_gone)):
                whose = table.c.workspace_id
                for row in await tx.execute(select(whose, func.count().label("n")).where(expired).group_by(whose)):
                    purged.setdefault(row.workspace_id, {})[name] = row.n
            emptied = await tx.execute(
                update(kept_posts).where(is_old).values(title=None, body=None, words=None, author=None, purged_at=now)
            )
            dropped = await tx.execute(delete(campaigns).where(is_gone))
            last_read_at = func.coalesce(readings.c.last_read_at, readings.c.read_at)
            watched = select(tracked_posts.c.id).where(tracked_posts.c.next_check_at.is_not(None))
            unwatched = readings.c.tracked_post_id.not_in(watched)
            await tx.execute(delete(readings).where(last_read_at < now - keep, unwatched))
            await tx.execute(delete(account_readings).where(account_readings.c.read_at < now - keep))
            entries = [
                entry(the_program(whose, correlation_id()), now, JournalKind.DATA_PURGE, "workspace", **counts)
                for whose, counts in purged.items()
            ]
            await enter_journal(tx, entries)
        return emptied.rowcount + dropped.rowcount


def _chunks(ids: Sequence[str]) -> Sequence[Sequence[str]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def _known(workspace_id: str, reddit_ids: Sequence[str]) -> Any:
    its = kept_posts.c
    return select(
        its.id,
        its.reddit_id,
        its.score,
        its.upvote_ratio,
        its.num_comments,
        its.removed_by_category,
        its.score_at,
        its.found_in,
        its.purged_at,
    ).where(its.workspace_id == workspace_id, its.reddit_id.in_(reddit_ids))


def _is_deleted(post: CollectedPost) -> bool:
    """Returns whether its author deleted the post; then its text must not be kept (reddit-facts: access)."""
    return post_gone_by(post) is GoneBy.AUTHOR


def _post_row(post: CollectedPost, workspace_id: str, basis: Basis, now: datetime) -> dict[str, Any]:
    gone = _is_deleted(post)
    return {
        "workspace_id": workspace_id,
        "basis": basis,
        "collected_at": now,
        "reddit_id": post.reddit_id,
        "community": post.community,
        "title": None if gone else post.title,
        "body": None if gone else post.body,
        "author": None if gone else post.author,
        "created_at": post.created_at,
        "score": post.score,
        "upvote_ratio": post.upvote_ratio,
        "num_comments": post.num_comments,
        "flair": post.flair,
        "url": post.url,
        "is_self": post.is_self,
        "over_18": post.over_18,
        "removed_by_category": category_told(post),
        "score_at": post.score_at,
        "found_in": post.found_in,
        "time_is_exact": post.time_is_exact,
        "purged_at": now if gone else None,
    }


def _funnel_json(funnel: Funnel) -> dict[str, Any]:
    return {
        "found": funnel.found,
        "duplicate": funnel.duplicate,
        "filtered": dict(funnel.filtered),
        "kept": funnel.kept,
        "kept_of": dict(funnel.kept_of),
    }


def _run(row: Row[Any]) -> CollectionRun:
    files = tuple(
        ImportedFile(**{**file, "passed_over": tuple((line, why) for line, why in file["passed_over"])})
        for file in row.files
    )
    return record(CollectionRun, row, funnel=Funnel(**row.funnel), files=files)


def _profile(row: Row[Any]) -> CommunityProfile:
    return record(CommunityProfile, row, bases=tuple(Basis(basis) for basis in row.bases))


def _latest_rules(workspace_id: str, community: str) -> Any:
    return (
        select(rules_snapshots)
        .where(rules_snapshots.c.workspace_id == workspace_id, rules_snapshots.c.community == community)
        .order_by(rules_snapshots.c.id.desc())
        .limit(1)
    )


def _asked(posting: Posting, last: Row[Any] | None) -> dict[str, Any]:
    """The columns for what Reddit asks of a post there. A part that was not told keeps the value of the last
    snapshot.
    """
    required, flairs = posting.requirements, posting.flairs
    return {
        "requirements": required.dump() if required is not None else last and last.requirements,
        "flairs": [flair.dump() for flair in flairs] if flairs is not None else last and last.flairs,
    }


def _rules(row: Row[Any]) -> RulesSnapshot:
    return record(
        RulesSnapshot,
        row,
        rules=tuple(Rule(**rule) for rule in row.rules),
        requirements=None if row.requirements is None else Requirements.read(row.requirements),
        flairs=flairs_in(row.flairs),
    )

"""What is known about communities: their posts, profiles and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, insert, or_, select, update

from core.campaigns import CampaignStatus
from core.communities import CommunityProfile, CommunitySummary, Post, Rule, RulesSnapshot
from core.errors import Advice, Do, NotFound
from core.journal import JournalKind
from core.model import Basis, Caller, NewAlert
from core.records import dump
from core.requirements import Posting, Requirements, flairs_in
from storage.base import Verbs, added, changed, field_names, holds, record, records
from storage.outbox import owe
from storage.schema import campaign_communities, campaigns, community_profiles, rules_snapshots
from storage.schema import posts as kept_posts

_PROFILE = [column for column in community_profiles.c if column.name != "model"]  # large; `latest_model` reads it

_OF_POST = tuple(kept_posts.c[name] for name in field_names(Post))  # their words would double what is read


class CommunityVerbs(Verbs):
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
            return await records(Post, await tx.execute(query))

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
        new = {
            "workspace_id": caller.workspace_id,
            "community": community,
            "computed_at": now,
            "sample_size": sample_size,
            "first_post_at": first_post_at,
            "last_post_at": last_post_at,
            "bases": bases,
            "figures": figures,
            "model": model,
        }
        async with self._database.write() as tx:
            await tx.execute(
                update(community_profiles)
                .where(its.workspace_id == caller.workspace_id, its.community == community, its.model.is_not(None))
                .values(model=None)
            )
            row = (await tx.execute(insert(community_profiles).values(new).returning(*_PROFILE))).one()
            about = f"r/{community}"
            await self._enter_journal(tx, caller, now, JournalKind.COMMUNITY_PROFILE, about, posts=sample_size)
        return record(CommunityProfile, row)

    async def profile(self, workspace_id: str, profile_id: int) -> CommunityProfile:
        async with self._database.read() as tx:
            row = await self._one(tx, community_profiles, workspace_id, profile_id, "profile")
        return record(CommunityProfile, row)

    async def latest_profile(self, workspace_id: str, community: str) -> CommunityProfile | None:
        return await self._record(CommunityProfile, _latest_profile(workspace_id, community, *_PROFILE))

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
                before = _latest_profile(workspace_id, row.community, *_PROFILE).where(its.computed_at <= since)
                known = (await tx.execute(before)).first()
                earlier = record(CommunityProfile, known) if known is not None else None
                found.append((record(CommunityProfile, row), earlier))
        return found

    async def latest_model(self, workspace_id: str, community: str) -> str | None:
        model: str | None = await self._value(_latest_profile(workspace_id, community, community_profiles.c.model))
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
        listed = dump(rules)
        async with self._database.write() as tx:
            await self._lock_workspace(tx, caller.workspace_id)
            last = (await tx.execute(_latest_rules(caller.workspace_id, community))).first()
            asked = _asked(posting, last)
            told = {"rules": listed, "basis": basis, **asked}
            if last is not None and all(getattr(last, name) in (value, None) for name, value in told.items()):
                # The rules are the same, so the snapshot that others refer to is only completed.
                row = await changed(tx, rules_snapshots, last, taken_at=now, **asked)
            else:
                new = {"workspace_id": caller.workspace_id, "community": community, "taken_at": now, **told}
                row = await added(tx, rules_snapshots, new)
                about = f"r/{community}"
                await self._enter_journal(tx, caller, now, JournalKind.COMMUNITY_RULES, about, rules=len(listed))
                if alert is not None:
                    await owe(tx, caller.workspace_id, alert, now, caller.correlation_id, not_before=now)
        return _rules(row)

    async def rules_snapshot(self, workspace_id: str, snapshot_id: int) -> RulesSnapshot:
        async with self._database.read() as tx:
            return _rules(await self._one(tx, rules_snapshots, workspace_id, snapshot_id, "rules snapshot"))

    async def latest_rules(self, workspace_id: str, community: str) -> RulesSnapshot | None:
        return next(iter(await self.rules_history(workspace_id, community, 1)), None)

    async def rules_history(self, workspace_id: str, community: str, limit: int) -> Sequence[RulesSnapshot]:
        return [_rules(row) for row in await self._rows(_latest_rules(workspace_id, community).limit(limit))]

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
        return [(row.workspace_id, row.community) for row in await self._rows(query)]


def _latest_profile(workspace_id: str, community: str, *columns: ColumnElement[Any]) -> Select[Any]:
    its = community_profiles.c
    mine = (its.workspace_id == workspace_id, its.community == community)
    return select(*columns).where(*mine).order_by(its.id.desc()).limit(1)


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
        "flairs": dump(flairs) if flairs is not None else last and last.flairs,
    }


def _rules(row: Row[Any]) -> RulesSnapshot:
    return record(
        RulesSnapshot,
        row,
        requirements=None if row.requirements is None else Requirements.read(row.requirements),
        flairs=flairs_in(row.flairs),
    )

"""Gathering: everything that a draft stands on, read from the store once."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from core.accounts import AccountReads
from core.campaigns import Campaign
from core.communities import CommunityReads, RuleReads
from core.demands import DemandReads
from core.drafting.drafts import Poster
from core.drafting.grounds import RECENT, Grounds
from core.drafting.history import LOOKS_BACK, TEXTS_AT_MOST, History, HistoryReads
from core.facts import FactReads
from core.patterns import StandingReads, patterns_of, standing_patterns


class GroundReads(
    AccountReads, FactReads, CommunityReads, RuleReads, StandingReads, HistoryReads, DemandReads, Protocol
):
    """What grounds are read from."""

    def one_moment(self) -> AbstractAsyncContextManager[None]:
        """Within the block, everything is read as of one moment."""
        ...


async def poster_of(store: AccountReads, workspace_id: str, member_id: str, member: str) -> Poster:
    """Returns a member as poster, with their linked account when there is exactly one."""
    accounts = await store.accounts(workspace_id)
    names = [account.name for account in accounts if account.linked_by_id == member_id]
    return Poster(member_id, member, names[0] if len(names) == 1 else None)


async def gather(
    store: GroundReads,
    campaign: Campaign,
    community: str,
    now: datetime,
    poster: Poster | None = None,
    *,
    draft_id: int | None = None,
) -> Grounds:
    """Returns the grounds at `now` of a draft of this campaign, for this community, that `poster` will publish.

    `draft_id`: the draft's own id when it is already kept, so that it is not compared with itself.
    """
    workspace_id = campaign.workspace_id
    async with store.one_moment():
        patterns = await standing_patterns(store, workspace_id, now, community)
        profile = await store.latest_profile(workspace_id, community)
        return Grounds(
            campaign=campaign,
            community=community,
            facts=tuple(await store.facts(workspace_id, campaign.id, now)),
            profile=profile,
            rules=await store.latest_rules(workspace_id, community),
            demands=tuple(await store.demands(workspace_id, community)),
            patterns=(*(p for p in patterns if p.campaign_id in (None, campaign.id)), *patterns_of(profile)),
            history=await _history(store, workspace_id, community, now, draft_id),
            poster=poster,
            disclosure=await _disclosure(store, campaign, poster),
            now=now,
        )


async def _disclosure(store: GroundReads, campaign: Campaign, poster: Poster | None) -> str | None:
    if poster is None or poster.member_id is None:
        return None
    return await store.last_disclosure(campaign.workspace_id, campaign.id, poster.member_id)


async def _history(
    store: GroundReads, workspace_id: str, community: str, now: datetime, draft_id: int | None
) -> History:
    texts = await store.own_texts(workspace_id, now - LOOKS_BACK, TEXTS_AT_MOST)
    return History(
        texts=tuple(own for own in texts if draft_id is None or own.draft_id != draft_id),
        removed=tuple(await store.removed_since(workspace_id, community, now - RECENT)),
        accounts=tuple(await store.accounts(workspace_id)),
    )

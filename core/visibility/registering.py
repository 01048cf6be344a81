"""Registering: from a pasted link to a tracked post, with its first look; also stopping, snoozing and resuming."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.campaigns import CampaignReads, CampaignStatus
from core.clock import Clock, moment
from core.communities import CommunityReads, RuleReads
from core.drafting.drafts import Draft, DraftReads
from core.errors import Advice, AlreadyDecided, AlreadyExists, BadArgument, Do, RemoteError
from core.model import Basis, Caller, TrackedPost
from core.ports import RedditView, Sighting
from core.rules import CommunityRules
from core.texts.pasted import PostLink, parse_link, permalink_of
from core.visibility import due as due_times
from core.visibility.concluding import kept_title
from core.visibility.looking import Answer, Look, Looking
from core.visibility.sweeping import Sweeping
from core.visibility.tracking import NewTrackedPost, TrackedPostStore


class RegisteringStore(TrackedPostStore, DraftReads, CampaignReads, CommunityReads, RuleReads, Protocol):
    """Keeps tracked posts, and reads the drafts, campaigns and communities that they belong to."""


log = logging.getLogger(__name__)

SNOOZE_BY_DEFAULT = timedelta(days=1)
SNOOZE_AT_MOST = timedelta(days=30)
_ASK_FOR_LONG_LINK = "Open it in a browser and paste the long address it leads to."


@dataclass(frozen=True, slots=True)
class _Target:
    """What a link names. `community` is None when the link does not say it."""

    fullname: str
    post_id: str
    community: str | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the first look at a target saw, and when. `community` is the one that the post is registered with."""

    answer: Answer
    sighting: Sighting | None
    community: str
    at: datetime


class Registering:
    """Raises `UserError`s."""

    def __init__(
        self,
        store: RegisteringStore,
        clock: Clock,
        looking: Looking,
        sweeping: Sweeping,
        rules: CommunityRules,
        resolve_share_link: Callable[[str], Awaitable[str | None]] | None = None,
    ) -> None:
        """`resolve_share_link` follows the path of a share link to the address it leads to."""
        self._store = store
        self._clock = clock
        self._looking = looking
        self._sweeping = sweeping
        self._rules = rules
        self._resolve_share_link = resolve_share_link

    async def register(
        self,
        caller: Caller,
        link_text: str,
        *,
        campaign: str | None = None,
        draft: int | None = None,
        posted_at: datetime | None = None,
    ) -> TrackedPost:
        """Watch the post or comment behind a pasted link, and look at it at once.

        A post whose watching was stopped is watched again and keeps its `registered_at`. `posted_at` is what the person
        says; Reddit's own time replaces it. Reddit may not show a post yet right after posting; that is no error.
        Raises `BadArgument` when `link_text` holds no link to a post, `AlreadyExists` when it is watched already,
        `NotFound`, `OverBudget`, and `NotAllowedNow` or `AlreadyDecided` for a draft that cannot be posted.
        """
        target = await self._target(link_text)
        linked = await self._store.draft(caller.workspace_id, draft) if draft is not None else None
        if (stopped := await self._stopped(caller, target.fullname)) is not None:
            return await self._resume(caller, stopped)
        seen = await self._first_look(target)
        _refuse_other_community(linked, seen.community)
        campaign_id = await self._campaign_of(caller.workspace_id, campaign, linked)
        new = await self._new_post(caller, target, seen, campaign_id, linked, posted_at)
        post = await self._store.register_post(caller, new, seen.at)
        return await self._sweeping.look_at(post, self._look_taken(target, seen))

    async def snooze(self, caller: Caller, post_id: int, span: timedelta | None = None) -> TrackedPost:
        """Keep watching, and hold back alerts for `span`, or for a day when none is given.

        Without a span, `AlreadyDecided` while an earlier snooze lasts, so that the second of two clicks is told about
        the first. `BadArgument` for too long a span.
        """
        if span is not None and span > SNOOZE_AT_MOST:
            raise BadArgument(
                f"A post can be snoozed for {SNOOZE_AT_MOST.days} days at most.",
                Advice("Take a shorter span, or stop watching it.", Do.STOP_POST, post_id),
                param="span",
            )
        now = self._clock.now()
        until = now + (span or SNOOZE_BY_DEFAULT)
        return await self._store.snooze_post(caller, post_id, until, now, anew=span is not None)

    async def stop(self, caller: Caller, post_id: int) -> TrackedPost:
        """Stop watching a post. `AlreadyDecided` when somebody stopped it before."""
        return await self._store.stop_watching(caller, post_id, self._clock.now())

    async def stop_all(self, caller: Caller, posts: Sequence[TrackedPost]) -> Sequence[TrackedPost]:
        """Stop watching those of `posts`, of which there is one at least, that are still watched; returns these.
        `AlreadyDecided` when somebody stopped all of them before.
        """
        stopped: list[TrackedPost] = []
        refused: AlreadyDecided | None = None
        for post in [post for post in posts if post.is_watched] or posts[-1:]:
            try:
                stopped.append(await self.stop(caller, post.id))
            except AlreadyDecided as decided:  # somebody else stopped it meanwhile
                refused = decided
        if not stopped and refused is not None:
            raise refused
        return stopped

    async def _resume(self, caller: Caller, post: TrackedPost) -> TrackedPost:
        """Watch a stopped post again."""
        now = self._clock.now()
        audit_at = due_times.audit_due_at(post.posted_at, now) if post.audit_outcome is None else None
        first_at = due_times.first_check_at(post.fullname, now)
        return await self._sweeping.look_at(await self._store.resume_watching(caller, post.id, first_at, audit_at, now))

    # ------------------------------------------------ the link

    async def _target(self, link_text: str) -> _Target:
        link = await self._resolved(parse_link(link_text))
        if link.fullname is None or link.post_id is None:
            raise BadArgument("That share link leads nowhere.", _ASK_FOR_LONG_LINK, param="link")
        return _Target(link.fullname, link.post_id, link.community)

    async def _resolved(self, link: PostLink) -> PostLink:
        if link.share_path is None:
            return link
        resolved: str | None = None
        if self._resolve_share_link is not None:
            try:
                resolved = await self._resolve_share_link(link.share_path)
            except RemoteError as error:
                log.info("share link not resolved", extra={"problem": error.what})
        if resolved is None:
            raise BadArgument("Reddit does not say where that share link leads.", _ASK_FOR_LONG_LINK, param="link")
        return parse_link(resolved)

    async def _stopped(self, caller: Caller, fullname: str) -> TrackedPost | None:
        """The stopped post of that name, if there is one. `AlreadyExists` when it is being watched: this check saves a
        request, and the store checks again in its transaction.
        """
        post = (await self._store.tracked_posts_named(caller.workspace_id, [fullname])).get(fullname)
        if post is None or post.stopped_at is not None:
            return post
        raise AlreadyExists(
            f"{post.registered_by} registered this post on {moment(post.registered_at)}.",
            Advice("See it.", Do.SHOW_POST, post.id),
        )

    # ------------------------------------------------ the new post

    async def _first_look(self, target: _Target) -> _Seen:
        """Look before registering, because a link may not say which community the post is in."""
        can_see = self._looking.sees(target.community)
        answer = await self._looking.ask([target.fullname] if can_see else [])
        sighting = answer.sightings.get(target.fullname) if answer.problem is None else None
        community = (sighting.community.lower() if sighting else None) or target.community
        if community is None:
            raise BadArgument(
                "That link does not say which community the post is in, and Reddit did not say either.",
                "Paste the long address, such as https://www.reddit.com/r/name/comments/1abc2d/title/",
                param="link",
            )
        return _Seen(answer, sighting, community, self._clock.now())

    def _look_taken(self, target: _Target, seen: _Seen) -> Look | None:
        """The first look as a look at the post; None when no third party's view can see it, so that others are
        asked.
        """
        if not self._looking.sees(seen.community):
            return None
        reading = self._looking.read(target.fullname, seen.answer, seen.at, None)
        if reading is None:
            return None
        return Look((reading,), seen.sighting, seen.answer.retry_after_s)

    async def _new_post(
        self,
        caller: Caller,
        target: _Target,
        seen: _Seen,
        campaign_id: int | None,
        draft: Draft | None,
        posted_at: datetime | None,
    ) -> NewTrackedPost:
        """The post to register, tied to the community's rules and norms as they are now."""
        rules = await self._rules.as_they_are(caller, seen.community)
        profile = await self._store.latest_profile(caller.workspace_id, seen.community)
        posted = min((seen.sighting.created_at if seen.sighting else None) or posted_at or seen.at, seen.at)
        return NewTrackedPost(
            fullname=target.fullname,
            community=seen.community,
            permalink=permalink_of(target.fullname, target.post_id, seen.community),
            author=seen.sighting.author if seen.sighting else None,
            posted_at=posted,
            basis=self._basis(self._looking.view, seen.community),
            campaign_id=campaign_id,
            draft_id=draft.id if draft is not None else None,
            next_check_at=due_times.first_check_at(target.fullname, seen.at),
            audit_due_at=due_times.audit_due_at(posted, seen.at),
            title=kept_title(seen.sighting) or (draft.latest.title if draft is not None else None),
            rules_snapshot_id=rules.id if rules else None,
            profile_id=profile.id if profile else None,
        )

    @staticmethod
    def _basis(view: RedditView | None, community: str) -> Basis:
        return view.basis if view is not None and view.sees(community) else Basis.PERSON

    async def _campaign_of(self, workspace_id: str, reference: str | None, draft: Draft | None) -> int | None:
        """The campaign that was named, else the draft's, else the only one there is."""
        if reference:
            named = await self._store.campaign(workspace_id, int(reference) if reference.isdecimal() else reference)
            return named.id
        if draft is not None:
            return draft.campaign_id
        kept = [c for c in await self._store.campaigns(workspace_id) if c.status is not CampaignStatus.DELETED]
        return kept[0].id if len(kept) == 1 else None


def _refuse_other_community(draft: Draft | None, community: str) -> None:
    if draft is not None and draft.community != community:
        raise BadArgument(
            f"That post is in r/{community}; draft {draft.id} is for r/{draft.community}.",
            "Register it without the draft, or with the right one.",
            param="draft",
        )

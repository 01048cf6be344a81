"""Communities: computes their profiles again when posts have changed, and answers from them: comparisons, the standing
of a post, and scores of texts.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any, Protocol

from core.analysis.candidates import Candidate, ranked
from core.analysis.comments import FORMS, CommentFigures, comment_figures
from core.analysis.intervals import difference_interval, quantile_for, quartiles
from core.analysis.model import Model, prior_alone
from core.analysis.prior import shipped
from core.analysis.profile import (
    MIN_GROUP,
    TextFeatures,
    compute_figures,
    has_feature,
    is_removed,
    is_settled,
    way_of,
)
from core.analysis.reasons import TextScore, score_text
from core.analysis.renewal import Renewal, RenewalStore
from core.analysis.sensitivity import Sensitivity, sensitivity_of
from core.clock import Clock
from core.communities import (
    CommunityProfile,
    CommunitySummary,
    CountedComment,
    CountedCommentReads,
    Post,
    ProfileStore,
    RuleReads,
)
from core.demands import DemandReads
from core.errors import Advice, BadArgument, Do, NotAllowedNow
from core.listing import Page, Wanted, page_of
from core.log import correlation_id
from core.model import Caller, CollectedComment
from core.ports import Report
from core.texts.features import COUNTED
from core.texts.figures import VERSION, Band, Figures, Finding, Power, Share, Spread
from core.worker import Worker

MAX_COMMENTS = 10_000  # the newest comments of a community
MAX_POSTS = 20_000  # the newest posts of a community; older ones show older norms, and all must fit in memory
KINDS: Mapping[str, Callable[[Post], bool]] = {
    "text": lambda post: post.is_self is True,
    "link": lambda post: post.is_self is False,
    "removed": is_removed,
}
# How posts are ranked; None leaves them newest first. Unknown values rank last.
ORDERS: Mapping[str, Callable[[Post], Any] | None] = {
    "newest": None,
    "score": lambda post: (post.score is not None, post.score or 0),
    "comments": lambda post: (post.num_comments is not None, post.num_comments or 0),
}


@dataclass(frozen=True, slots=True)
class Contrast:
    """A figure in which communities differ beyond chance: a share, or a median. A value is None where too few posts
    are known.
    """

    text: str
    values: tuple[float | None, ...]
    is_share: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`contrasts` are what differs beyond chance, of all figures that were compared. `sensitivities` stand in the order
    of the profiles.
    """

    profiles: tuple[CommunityProfile, ...]
    sensitivities: tuple[Sensitivity, ...]
    contrasts: tuple[Contrast, ...]


@dataclass(frozen=True, slots=True)
class PostScore:
    """How one post compares with the kept posts of its community.

    `known` counts the other posts that were found in the same way and whose score is settled; `below` of them have a
    lower score. `is_settled` is about this post's own score. `fitting` are the profile's findings that apply to this
    post: (finding, whether the post has its feature).
    """

    post: Post
    profile: CommunityProfile
    features: TextFeatures
    is_settled: bool
    median_score: float | None
    below: int
    known: int
    fitting: tuple[tuple[Finding, bool], ...]


class NormStore(RenewalStore, ProfileStore, CountedCommentReads, RuleReads, DemandReads, Protocol):
    """Posts, what was read of them, profiles, and what the rules demand."""


class Communities:
    """`worker` and `learner` as in `Renewal`."""

    def __init__(self, store: NormStore, clock: Clock, worker: Worker, learner: Worker) -> None:
        self._store = store
        self._clock = clock
        self._renewal = Renewal(store, worker, learner)

    async def summaries(self, workspace_id: str) -> Sequence[CommunitySummary]:
        return await self._store.community_summaries(workspace_id)

    async def profile(self, workspace_id: str, community: str) -> CommunityProfile:
        """Returns the latest profile, computed again when posts came after it.

        Raises `NotFound` for a community that no campaign names, `NotAllowedNow` when no post of it is kept.
        """
        summary = await self._store.community_summary(workspace_id, community)
        latest = await self._store.latest_profile(workspace_id, community)
        if latest is not None and not _is_stale(latest, summary):
            return latest
        return await self.refresh(Caller.program(workspace_id, correlation_id(), "system"), community)

    async def power(self, workspace_id: str, community: str) -> Power | None:
        """Returns how well scores of texts tell posts apart there, by the latest profile; None when that is unknown."""
        latest = await self._store.latest_profile(workspace_id, community)
        return None if latest is None else Figures.read(latest.figures).power

    async def sensitivity(self, profile: CommunityProfile) -> Sensitivity:
        """How sensitive a community is to promotion, by its profile and its rules of now."""
        rules = await self._store.latest_rules(profile.workspace_id, profile.community)
        demands = await self._store.demands(profile.workspace_id, profile.community)
        # Long rules that nobody has read are left out, so this takes no more time than a card does.
        return sensitivity_of(Figures.read(profile.figures), rules, demands)

    async def refresh(self, caller: Caller, community: str, report: Report | None = None) -> CommunityProfile:
        """Compute and save the profile of a community from its kept posts.

        Raises `NotAllowedNow` when no post is kept, and the `UserError` of `renewal.patiently`.
        """
        now = self._clock.now()  # before reading, because posts that come meanwhile make the profile stale
        posts = await self._store.posts(caller.workspace_id, community, limit=MAX_POSTS)
        if not posts:
            raise NotAllowedNow(f"Nothing is collected from r/{community} yet.", Advice("Collect first.", Do.COLLECT))
        pipeline, features = await self._renewal.read(caller.workspace_id, community, posts, report)
        figures = await asyncio.to_thread(compute_figures, community, posts, features, pipeline=pipeline)
        if report is not None:
            await report(f"r/{community}: learning what does well", len(posts), len(posts))
        power, model = await self._renewal.learn(caller.workspace_id, community, posts, now)
        figures = replace(figures, power=power)
        times = [post.created_at for post in posts if not is_removed(post)] or [post.created_at for post in posts]
        return await self._store.save_profile(
            caller,
            community,
            sample_size=figures.posts,
            first_post_at=min(times),
            last_post_at=max(times),
            bases=sorted({post.basis for post in posts}),
            figures=figures.dump(),
            model=model,
            now=now,
        )

    async def read_comments(self, comments: Sequence[CollectedComment]) -> list[CountedComment]:
        """Returns what is kept of comments, in their order. Raises the `UserError` of `renewal.patiently`."""
        features = await self._renewal.features_of_all([comment.body for comment in comments])
        return [
            CountedComment(
                comment.reddit_id,
                comment.community,
                comment.post_id,
                comment.created_at,
                read["words"],
                tuple(form for form in FORMS if form in read["found"]),
            )
            for comment, read in zip(comments, features, strict=True)
        ]

    async def comments(self, workspace_id: str, community: str) -> CommentFigures:
        """How people comment in a community, by the newest comments that are kept."""
        kept = await self._store.comments(workspace_id, community, MAX_COMMENTS)
        posts = await self._store.answered(workspace_id, community)
        return await asyncio.to_thread(comment_figures, kept, posts)

    async def compare(self, workspace_id: str, communities: Sequence[str]) -> Comparison:
        """Returns profiles side by side, with the shares of every feature. Raises `BadArgument` for fewer
        than two communities.
        """
        if len(communities) < 2:
            raise BadArgument(
                "A comparison needs two communities or more.", 'For example: "startups,saas"', param="communities"
            )
        profiles = tuple([await self.profile(workspace_id, community) for community in communities])
        sensitivities = tuple([await self.sensitivity(profile) for profile in profiles])
        contrasts = _contrasts([Figures.read(profile.figures) for profile in profiles])
        return Comparison(profiles, sensitivities, tuple(contrasts))

    async def candidates(
        self, workspace_id: str, keywords: Sequence[str], facts: Sequence[str] = ()
    ) -> Sequence[Candidate]:
        """The communities of which a profile is known, best first, for a campaign with these keywords and facts."""
        found = []
        for summary in await self._store.community_summaries(workspace_id):
            profile = await self._store.latest_profile(workspace_id, summary.community)
            if profile is None:
                continue
            speaking: set[int] = set()
            for keyword in keywords:
                said = f'"{keyword}*"'
                posts = await self._store.posts(workspace_id, summary.community, limit=MAX_POSTS, containing=said)
                speaking.update(post.id for post in posts)
            sensitivity = await self.sensitivity(profile)
            found.append(Candidate(profile, sensitivity, len(speaking), summary.posts, tuple(facts)))
        return ranked(found)

    async def browse(
        self,
        workspace_id: str,
        community: str,
        *,
        wanted: Wanted,
        containing: str | None = None,
        only: str | None = None,
        order: str = "newest",
    ) -> Page[Post]:
        """Returns one page of kept posts. `order` is a key of `ORDERS`; `only` restricts to a kind of `KINDS`. Of
        `wanted` count its place in the list, and `since` as the time from which posts were published.

        Raises `NotFound` and `NotAllowedNow` as `profile` does.
        """
        summary = await self._store.community_summary(workspace_id, community)
        if not summary.posts:
            raise NotAllowedNow(f"Nothing is collected from r/{community} yet.", Advice("Collect first.", Do.COLLECT))
        posts = await self._store.posts(workspace_id, community, containing=containing)
        upto = wanted.upto if wanted.upto is not None else max((post.id for post in posts), default=None)
        posts = [
            post
            for post in posts
            if (only is None or KINDS[only](post))
            and (wanted.since is None or post.created_at >= wanted.since)
            and (upto is None or post.id <= upto)
        ]
        rank = ORDERS[order]
        if rank is not None:
            posts = sorted(posts, key=rank, reverse=True)  # the sort is stable, so the newest of equals comes first
        return replace(page_of(posts, wanted), upto=upto)

    async def post(self, workspace_id: str, post_id: int) -> Post:
        return await self._store.post(workspace_id, post_id)

    async def score_post(self, workspace_id: str, post_id: int) -> PostScore:
        """Returns how a kept post compares with its community, and which findings apply to it. Raises `NotFound` when
        there is no such post.
        """
        post = await self._store.post(workspace_id, post_id)
        profile = await self.profile(workspace_id, post.community)
        _, [features] = await self._renewal.read(workspace_id, post.community, [post])
        posts = await self._store.posts(workspace_id, post.community, limit=MAX_POSTS)
        beside = [p for p in posts if p.id != post.id and way_of(p) == way_of(post) and not is_removed(p)]
        scores = [p.score for p in beside if p.score is not None and is_settled(p)]
        middle = quartiles(scores)
        figures = Figures.read(profile.figures)
        fitting = []
        for finding in figures.findings:
            has = has_feature(finding.feature, post, features, figures)
            if has is not None:
                fitting.append((finding, has))
        return PostScore(
            post=post,
            profile=profile,
            features=features,
            is_settled=is_settled(post),
            median_score=middle[1] if middle else None,
            below=0 if post.score is None else sum(score < post.score for score in scores),
            known=len(scores),
            fitting=tuple(fitting),
        )

    async def features_of(self, title: str, body: str) -> TextFeatures:
        """Returns what is counted in a text, as it is counted in posts. Raises `UserError` with the code
        `analysis_unavailable` when the reader cannot tell.
        """
        return await self._renewal.features_of(title, body)

    async def score_texts(
        self, workspace_id: str, community: str, texts: Sequence[tuple[str, str]]
    ) -> tuple[TextScore, ...]:
        """Returns how texts (title, body) would do in a community, by the model of its latest profile, or by the prior
        when it has no profile.
        """
        model = await self._store.latest_model(workspace_id, community)
        return await asyncio.to_thread(_scored, model, texts)


def _scored(stored: str | None, texts: Sequence[tuple[str, str]]) -> tuple[TextScore, ...]:
    """Returns the scores of texts. This is plain arithmetic of some milliseconds a text, so it needs no child
    process.
    """
    prior = shipped()
    model = _model(stored) if stored is not None else None
    return tuple(score_text(model or prior_alone(prior), prior, title, body) for title, body in texts)


@lru_cache(maxsize=8)  # a model is some 100 kB of JSON, and a community's is asked at every look at a draft
def _model(stored: str) -> Model | None:
    return Model.read(json.loads(stored))


def _is_stale(profile: CommunityProfile, summary: CommunitySummary) -> bool:
    """Posts came after it, or an earlier program made it, which counted less."""
    if profile.figures.get("version") != VERSION and summary.posts:
        return True
    return summary.last_collected_at is not None and summary.last_collected_at > profile.computed_at


def _contrasts(figures: Sequence[Figures]) -> list[Contrast]:
    """What differs beyond chance between any two of them (Bonferroni over the figures and the pairs)."""
    shares = [("text posts", [f.self_posts for f in figures])]
    shares += [(feature.text, [f.shares.get(name, Share()) for f in figures]) for name, feature in COUNTED.items()]
    middles = [
        ("characters of a title", [_middle(f.title_chars, f.title_chars.n) for f in figures]),
        ("words of a text", [_middle(f.body_words, f.body_words.n) for f in figures]),
    ]
    spreads = [("score", [f.score for f in figures]), ("comments", [f.comments for f in figures])]
    middles += [
        (text, [_middle(one, one.known) for one in of])
        for text, of in spreads
        if len({one.found_in for one in of}) == 1
    ]
    pairs = len(figures) * (len(figures) - 1) // 2
    z = quantile_for((len(shares) + len(middles)) * pairs)
    found = []
    for text, compared in shares:
        known = [share for share in compared if share.of >= MIN_GROUP]
        if any(_share_differs(one, other, z) for one, other in combinations(known, 2)):
            values = tuple(share.share if share in known else None for share in compared)
            found.append(Contrast(text, values, is_share=True))
    for text, medians in middles:
        told = [middle for middle in medians if middle is not None]
        if any(abs(a - b) > z * math.hypot(error_a, error_b) for (a, error_a), (b, error_b) in combinations(told, 2)):
            found.append(Contrast(text, tuple(None if one is None else one[0] for one in medians), is_share=False))
    return found


def _share_differs(one: Share, other: Share, z: float) -> bool:
    low, high = difference_interval(one.count, one.of, other.count, other.of, z)
    return not low <= 0 <= high


def _middle(band: Band | Spread, n: int) -> tuple[float, float] | None:
    """A median and its standard error (McGill, Tukey and Larsen 1978); None of too few posts. Values are whole numbers,
    so the spread is taken as one at least.
    """
    if band.quartiles is None or n < MIN_GROUP:
        return None
    q1, median, q3 = band.quartiles
    return median, 1.253 * max(1.0, q3 - q1) / 1.349 / math.sqrt(n)

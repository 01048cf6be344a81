"""Invented kept posts, and their features, figures and profiles as the program itself makes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from core.analysis.profile import TextFeatures, compute_figures
from core.communities import CommunityProfile, Post
from core.model import Basis, Caller
from core.texts.figures import Figures
from storage.store import Store
from tests.core.analysis.quick_reader import features

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday


def kept(number: int = 1, **changes: Any) -> Post:
    known: dict[str, Any] = {
        "id": number,
        "workspace_id": "terminal:local",
        "basis": Basis.FILE,
        "collected_at": datetime(2026, 11, 1, tzinfo=UTC),
        "reddit_id": f"1{number:05d}",
        "community": "pottery",
        "title": "What the kiln did",
        "body": "It was hot",
        "author": None,
        "created_at": BEGAN + timedelta(hours=number),
        "score": number,
        "num_comments": 1,
        "flair": None,
        "url": None,
        "is_self": True,
        "over_18": False,
        "removed_by_category": None,
        "score_at": datetime(2026, 11, 1, tzinfo=UTC),
        "found_in": "file",
    }
    return Post(**{**known, **changes})


def read(posts: Sequence[Post]) -> list[TextFeatures]:
    return [features(post.title or "", post.body or "") for post in posts]


def figures_of(posts: Sequence[Post], community: str = "pottery") -> Figures:
    return compute_figures(community, posts, read(posts), pipeline="quick")


@lru_cache(maxsize=64)  # the same few samples serve hundreds of tests, and reading one takes a quarter of a second
def _figures_once(posts: tuple[Post, ...], community: str) -> Figures:
    return figures_of(posts, community)


def profile_of(
    posts: Sequence[Post],
    community: str = "pottery",
    *,
    computed_at: datetime = datetime(2026, 11, 1, 9, tzinfo=UTC),
    workspace_id: str = "terminal:local",
) -> CommunityProfile:
    """The profile that `Communities.refresh` saves of these posts."""
    figures = _figures_once(tuple(posts), community)
    times = [post.created_at for post in posts]
    return CommunityProfile(
        id=1,
        workspace_id=workspace_id,
        community=community,
        computed_at=computed_at,
        sample_size=figures.posts,
        first_post_at=min(times),
        last_post_at=max(times),
        bases=tuple(sorted({post.basis for post in posts})),
        figures=figures.dump(),
    )


async def keep_profile(
    store: Store, caller: Caller, now: datetime, posts: Sequence[Post], community: str
) -> CommunityProfile:
    """Saved as `Communities.refresh` saves it."""
    made = profile_of(posts, community)
    return await store.save_profile(
        caller,
        community,
        sample_size=made.sample_size,
        first_post_at=made.first_post_at,
        last_post_at=made.last_post_at,
        bases=made.bases,
        figures=made.figures,
        now=now,
    )

"""How people comment in a community: the length and the form of comments that answer a post, and how soon the first one
comes. Pure arithmetic on what is kept of comments (`core.communities.CountedComment`).

Nothing is said of which comments are liked: in a thread, the earlier ones have the higher scores whatever they say.

The first comment. A run brings the newest comments of a community without a gap, so that between its oldest and its
newest comment all are known. Of the posts published in that time, some have no comment yet at its end; to leave them
out would make communities look faster than they are. The quartiles are those of the Kaplan-Meier estimate, which
counts them for as long as they were seen. Where posts have comments that no run brought, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from core.analysis.intervals import quartiles
from core.communities import Answered, CountedComment
from core.texts.figures import Band, Share

MIN_COMMENTS = 50  # as for posts (core/analysis/profile.py)
MIN_POSTS = 20  # whose first comment is looked for
_MISSING = 0.2  # of the posts that have comments; when more of them have none here, comments are missing
# Keys of counted features.
FORMS = ("link", "question", "number", "list", "first_person", "promotion")


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """Of `posts`, `commented` got a comment while they were seen. The minutes after which a quarter, half and three
    quarters have one; None where they were not seen for so long.
    """

    posts: int
    commented: int
    quarter: float | None
    half: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class CommentFigures:
    """`comments` that answer `posts`. `first` is None where too few posts were seen, or comments are missing."""

    comments: int = 0
    posts: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    words: Band = Band()  # noqa: RUF009 - frozen
    shares: Mapping[str, Share] = field(default_factory=dict)
    first: FirstAnswer | None = None

    @property
    def enough(self) -> bool:
        return self.comments >= MIN_COMMENTS


def comment_figures(comments: Sequence[CountedComment], posts: Sequence[Answered]) -> CommentFigures:
    """The figures of a community's kept comments and posts; their order does not matter."""
    if not comments:
        return CommentFigures()
    times = sorted(comment.created_at for comment in comments)
    return CommentFigures(
        comments=len(comments),
        posts=len({comment.post_id for comment in comments}),
        first_at=times[0],
        last_at=times[-1],
        words=_band([comment.words for comment in comments]),
        shares={
            form: Share.counting(sum(form in comment.found for comment in comments), len(comments)) for form in FORMS
        },
        first=_first(comments, posts),
    )


def _band(values: Sequence[int]) -> Band:
    q1, median, q3 = quartiles(values) or (None, None, None)
    return Band(len(values), q1, median, q3)


def _first(comments: Sequence[CountedComment], posts: Sequence[Answered]) -> FirstAnswer | None:
    times_of: dict[str, list[datetime]] = {}
    for comment in comments:
        times_of.setdefault(comment.post_id, []).append(comment.created_at)
    seen = _seen(comments)
    waited: list[tuple[float, bool]] = []  # minutes, and whether a comment came then
    have_some = missing = 0
    for post in posts:
        until = max((end for begin, end in seen if begin <= post.created_at < end), default=None)
        if until is None:
            continue
        first = min((at for at in times_of.get(post.reddit_id, ()) if post.created_at <= at <= until), default=None)
        if post.num_comments and post.counted_at is not None and post.counted_at <= until:
            have_some += 1
            missing += first is None
        waited.append((((first or until) - post.created_at).total_seconds() / 60, first is not None))
    if len(waited) < MIN_POSTS or missing > _MISSING * have_some:
        return None
    return FirstAnswer(len(waited), sum(came for _, came in waited), *reached(waited, (0.25, 0.5, 0.75)))


def _seen(comments: Iterable[CountedComment]) -> list[tuple[datetime, datetime]]:
    """From when to when each run brought all comments."""
    by_run: dict[int, list[datetime]] = {}
    for comment in comments:
        by_run.setdefault(comment.run_id, []).append(comment.created_at)
    return [(min(times), max(times)) for times in by_run.values()]


def reached(waited: Sequence[tuple[float, bool]], shares: Sequence[float]) -> list[float | None]:
    """When these shares have come, by the estimate of Kaplan and Meier (1958); None for a share that is not reached.
    `waited` are times, and whether something came then or only the looking ended.
    """
    left, waiting = len(waited), 1.0
    at: list[float | None] = [None] * len(shares)
    for time, group in groupby(sorted(waited), key=lambda pair: pair[0]):
        ended = [came for _, came in group]
        waiting *= 1 - sum(ended) / left
        left -= len(ended)
        at = [
            time if known is None and waiting <= 1 - share + 1e-9 else known
            for known, share in zip(at, shares, strict=True)
        ]
    return [None if one is None else round(one, 1) for one in at]

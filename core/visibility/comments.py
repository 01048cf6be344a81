"""First comments of posts: what is kept of them, and the verbs of their store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.model import FirstComment, NewAlert, TrackedPost

WITHIN = timedelta(days=2)  # since a post was published; later answers hardly keep it alive
KEPT_FOR = timedelta(days=7)  # others' texts are not kept longer than they are of use


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment of somebody else on a tracked post, as it was read. `body` is shortened."""

    fullname: str
    author: str
    body: str
    created_at: datetime
    is_question: bool
    is_answered: bool  # the post's author answered it


@dataclass(frozen=True, slots=True)
class DueComments:
    """A post that has more comments than were read, and the comments that are kept, oldest first."""

    post: TrackedPost
    known: tuple[FirstComment, ...]


@dataclass(frozen=True, slots=True)
class CommentsCheck:
    """What follows from reading a post's comments. `comments` replace what was kept: a comment that is not among them
    is gone, and so are its words. None: they could not be read. `counted` comments were there at that time.
    """

    post: TrackedPost
    next_read_at: datetime
    counted: int | None = None
    comments: tuple[NewComment, ...] | None = None
    alert: NewAlert | None = None


class CommentStore(Protocol):
    async def lease_commented_posts(
        self, now: datetime, *, lease: timedelta, within: timedelta, limit: int
    ) -> Sequence[DueComments]:
        """Lease up to `limit` live posts, published at most `within` ago, whose campaign wants their first comments
        told, and whose count of comments has grown since they were read. They are due again when the lease ends.
        """
        ...

    async def record_comments(self, check: CommentsCheck, now: datetime) -> bool:
        """Keep the comments, owe the alert and plan the next reading, in one transaction. False when the post is no
        longer there.
        """
        ...

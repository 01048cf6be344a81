"""First comments: after a post is live, new comments and questions are told to its poster in one updated message,
because answering them is what keeps a post alive.

A campaign turns it on. The looks at posts carry the count of comments, so that a request is sent only when the count
grew. Comments of others are kept shortened, for a week, and forgotten when they are gone at Reddit.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta

from core.clock import Clock
from core.errors import UserError
from core.model import AUTOMODERATOR, AlertKind, FirstComment, NewAlert, TrackedPost, is_same_account
from core.ports import SeenComment
from core.texts.features import found
from core.texts.gone import gone_by
from core.texts.markup import Text
from core.texts.plain import shortened
from core.visibility.alert_facts import post_facts
from core.visibility.comments import WITHIN, CommentsCheck, CommentStore, NewComment
from core.visibility.looking import Looking
from core.visibility.verdict import unchanged

log = logging.getLogger(__name__)

AGAIN_IN = timedelta(minutes=5)
AFTER_TROUBLE = timedelta(minutes=30)
LEASE = timedelta(minutes=5)  # a post that a killed program leased is due again after this
POSTS_AT_ONCE = 3  # in a round; each costs a request of the shared budget
COMMENTS_MAX = 20  # of a post; a post with more is alive
BODY_MAX = 280


class FirstComments:
    """Raises `StorageUnavailable` only."""

    def __init__(self, store: CommentStore, clock: Clock, looking: Looking) -> None:
        self._store, self._clock, self._looking = store, clock, looking

    async def tend(self) -> int:
        """Read the comments of posts that have more than were read, a few at a time; returns of how many."""
        if self._looking.view is None or not self._looking.may_ask_besides:
            return 0
        due = await self._store.lease_commented_posts(
            self._clock.now(), lease=LEASE, within=WITHIN, limit=POSTS_AT_ONCE
        )
        for item in due:
            seen = await self._read(item.post)
            now = self._clock.now()
            await self._store.record_comments(_check(item.post, item.known, seen, self._clock), now)
        return len(due)

    async def _read(self, post: TrackedPost) -> Sequence[SeenComment] | None:
        """The post's comments; None when they could not be read."""
        view = self._looking.view
        if view is None or not view.sees(post.community):
            return None
        try:
            return await view.comments(post.fullname)
        except UserError as error:
            log.info("comments not read", extra={"problem": error.what, "post_id": post.id})
        except Exception:  # a defect of one source must not end the reading of the others
            log.exception("reading comments failed", extra={"post_id": post.id})
        return None


def _check(
    post: TrackedPost, known: Sequence[FirstComment], seen: Sequence[SeenComment] | None, clock: Clock
) -> CommentsCheck:
    now = clock.now()
    if seen is None:
        return CommentsCheck(post, now + AFTER_TROUBLE)
    comments = of_others(post, seen)
    told = {comment.fullname for comment in known}
    new = [comment for comment in comments if comment.fullname not in told and not comment.is_answered]
    is_other = bool(known) and _stand(known) != _stand(comments)  # the message shows which of them are answered
    alert = _news(post, comments, len(new)) if new or is_other else None
    return CommentsCheck(post, now + AGAIN_IN, post.num_comments, comments, alert)


def _stand(comments: Sequence[FirstComment | NewComment]) -> list[tuple[str, bool]]:
    return sorted((comment.fullname, comment.is_answered) for comment in comments)


def of_others(post: TrackedPost, seen: Sequence[SeenComment]) -> tuple[NewComment, ...]:
    """The first comments of other people on a post, oldest first; those of moderators' bots are no talk. A comment that
    is gone is left out.
    """
    answered = {comment.parent for comment in seen if is_same_account(comment.author, post.author)}
    return tuple(
        NewComment(
            comment.fullname,
            comment.author,
            shortened(" ".join(comment.body.split()), BODY_MAX),
            comment.created_at,
            is_question=bool(found("question", Text("", comment.body))),
            is_answered=comment.fullname in answered,
        )
        for comment in sorted(seen, key=lambda comment: (comment.created_at, comment.fullname))
        if comment.author is not None
        and not any(is_same_account(comment.author, name) for name in (post.author, AUTOMODERATOR))
        and not comment.is_sticky
        and gone_by(comment.body) is None
        and comment.body.strip()
    )[:COMMENTS_MAX]


def _news(post: TrackedPost, comments: Sequence[NewComment], new: int) -> NewAlert:
    """The alert about comments of which `new` wait for an answer since they were last read. It joins the message that
    told the first ones of this post.
    """
    facts = {key: value for key, value in post_facts(post, unchanged(post), ()).items() if key in _TOLD}
    stand = hashlib.sha256(repr(_stand(comments)).encode()).hexdigest()[:16]
    return NewAlert(
        AlertKind.POST_COMMENTED,
        f"post:{post.id}:comments:{post.num_comments}:{stand}",
        facts | {"new": new},
        tracked_post_id=post.id,
        event=f"post:{post.id}:comments",
    )


# What others wrote is read when the message is shown, so that it can be forgotten.
_TOLD = frozenset(
    {
        *("post_id", "fullname", "basis", "community", "title", "permalink", "author", "campaign_id", "draft_id"),
        *("registered_by", "posted_at", "state", "num_comments"),
    }
)

"""The prefilter: which posts are worth keeping as evidence of a community's norms, and why the others are not; which
comments are counted.

Pure and deterministic: the same batches in the same order give the same result. Posts that others removed are kept, as
evidence of what is refused. Link posts are kept too, because what people link to is also a norm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import blake2b

from core.collecting.runs import Funnel
from core.model import AUTOMODERATOR, CollectedComment, CollectedPost, is_same_account
from core.texts.gone import gone_by, is_deleted
from core.texts.language import WORD, is_in_english
from core.texts.markup import Text

# The reasons, each with why it counts. The words are shown as they are.
UNREADABLE = "not a post, or without id, title or time"
DELETED = "deleted by its author"  # may not be kept or shown (reddit-facts: access)
ANNOUNCEMENT = "pinned or by moderators"  # shown above the ranking, so its score tells nothing about members' posts
OVER_18 = "over 18"  # must not be quoted in a work chat
NO_TITLE = "title without a word"  # nothing can be learned from it
TOO_SHORT = "too short to learn from"
NOT_ENGLISH = "not English"  # the features are those of English (core/analysis/nlp.py)
REPOST = "same text as another post"  # counting one text many times would make it a norm
REASONS = (UNREADABLE, DELETED, ANNOUNCEMENT, OVER_18, NO_TITLE, TOO_SHORT, NOT_ENGLISH, REPOST)

MIN_WORDS = 4  # of a text post, title and body together
_ADDRESS = re.compile(r"https?://\S+")


class Prefilter:
    """One for each run. It remembers what the run has seen, so that the size of batches makes no difference."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._texts: set[bytes] = set()

    def sift(
        self, posts: Iterable[CollectedPost], malformed: int = 0, *, known: Collection[str] = ()
    ) -> tuple[list[CollectedPost], Funnel]:
        """The posts to keep, in their order, and what became of the others.

        The funnel's `kept` is 0, because only the store knows which posts it had already. So `found == duplicate +
        sum(filtered) + len(posts to keep)`; `malformed` items count as found and filtered. A post that its author
        deleted passes when its id is `known`, so that the store drops its copy of the text.
        """
        keep: list[CollectedPost] = []
        filtered: Counter[str] = Counter({UNREADABLE: malformed} if malformed else {})
        found, duplicate = malformed, 0
        for post in posts:
            found += 1
            if post.reddit_id in self._ids:
                duplicate += 1
                continue
            self._ids.add(post.reddit_id)
            reason = reason_against(post)
            if reason == DELETED and post.reddit_id in known:
                keep.append(post)
                continue
            if reason is None:
                fingerprint = _fingerprint(post)
                if fingerprint in self._texts:
                    reason = REPOST
                self._texts.add(fingerprint)
            if reason is None:
                keep.append(post)
            else:
                filtered[reason] += 1
        return keep, Funnel(found=found, duplicate=duplicate, filtered=dict(filtered))


def reason_against(post: CollectedPost) -> str | None:
    """Why this post is not worth keeping, whatever other posts there are; None when it is worth keeping."""
    if is_deleted(post):
        return DELETED
    if post.stickied or post.distinguished:
        return ANNOUNCEMENT
    if post.over_18:
        return OVER_18
    title_words = WORD.findall(post.title)
    if not title_words:
        return NO_TITLE
    is_emptied = gone_by(post.body) is not None
    words = title_words + ([] if is_emptied else WORD.findall(_ADDRESS.sub("link", post.body)))
    if post.is_self and not is_emptied and len(words) < MIN_WORDS:
        return TOO_SHORT
    return None if is_in_english(Text(post.title, "" if is_emptied else post.body)) else NOT_ENGLISH


def is_counted(comment: CollectedComment) -> bool:
    """Whether a comment shows what people answer to posts of others: a word of English to the post itself, by neither
    the poster, a moderator nor AutoModerator, and not taken down.
    """
    words = WORD.findall(_ADDRESS.sub("link", comment.body))
    return (
        comment.answers_post
        and not comment.is_by_poster
        and not (comment.stickied or comment.distinguished)
        and not is_same_account(comment.author, AUTOMODERATOR)
        and gone_by(comment.body) is None
        and bool(words)
        and is_in_english(Text("", comment.body))
    )


def _fingerprint(post: CollectedPost) -> bytes:
    text = post.body if post.is_self else post.url or ""
    if gone_by(post.body) is not None:
        text = post.reddit_id  # two emptied texts are not the same text
    folded = " ".join(f"{post.community} {post.title} {text}".casefold().split())
    return blake2b(folded.encode("utf-8", "replace"), digest_size=12).digest()

"""The prefilter: which posts are worth keeping as evidence of a community's norms, and why the others are not.

Pure and deterministic: the same batches in the same order give the same result. Posts removed by others are kept (they
are evidence of what is refused), also link posts (what is linked is a norm as well).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import blake2b

from core.collecting.runs import Funnel
from core.model import CollectedPost
from core.texts.gone import GoneBy, gone_by, post_gone_by

# Every reason with its ground. The words are shown as they stand.
UNREADABLE = "not a post, or without id, title or time"
DELETED = "deleted by its author"  # may not be kept or shown (reddit-facts: access)
ANNOUNCEMENT = "pinned or by moderators"  # stands above the ranking: its score tells nothing about members' posts
OVER_18 = "over 18"  # not to be quoted into a work chat
NO_TITLE = "title without a word"  # nothing can be learned from it
TOO_SHORT = "too short to learn from"
NOT_ENGLISH = "not English"  # the features are those of English (core/analysis/nlp.py)
REPOST = "same text as another post"  # counting one text many times would make it a norm
REASONS = (UNREADABLE, DELETED, ANNOUNCEMENT, OVER_18, NO_TITLE, TOO_SHORT, NOT_ENGLISH, REPOST)

MIN_WORDS = 4  # of a text post, title and body together: less is a ping, not a post
_MIN_WORDS_FOR_LANGUAGE = 12  # below this, function words are missing too often by chance
# A text is of another language when it has more of that language's function words than English ones: lists of links,
# code and product names have neither and pass. Words that English has too (die, on, no …) are left out.
_ENGLISH_WORDS = """
    a about all an and any are as at be been but by can could do for from get had has have he her his how i if in is it
    just like me more my no not of on one or our out she so some than that the their them then there they this to up us
    was we were what when where which who why will with would you your
"""
_OTHER_WORDS = """
    que los las una para por como pero mi muy esta este más está el del hay qué
    les des une est pour dans pas qui sur avec mais nous vous c'est je suis du et au
    der das und nicht ich ist ein eine mit für auf den sich auch wir wie aber oder zu
    não uma mas meu isso eu os você muito são em
    che non sono della il gli ho mio questo anche più di è
    het een niet ik van voor dat maar met zijn heb ook naar
    nie jest się że czy jak mam ale dla od
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_OTHER = frozenset(_OTHER_WORDS.split())
_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class Prefilter:
    """One per run: remembers what the run has seen, so that the size of batches makes no difference."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._texts: set[bytes] = set()

    def sift(
        self, posts: Iterable[CollectedPost], malformed: int = 0, *, known: Collection[str] = ()
    ) -> tuple[list[CollectedPost], Funnel]:
        """The posts to keep, in their order, and what became of the others.

        The funnel's `kept` is 0: the store adds what it kept and what it had already. So
        `found == duplicate + sum(filtered) + len(posts to keep)`; `malformed` items count as found and filtered.
        A post deleted by its author passes when its id is `known`, so that the store drops the text it holds.
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


def is_deleted(post: CollectedPost) -> bool:
    """Deleted by its author, as its category, its title or its text says."""
    return post_gone_by(post) is GoneBy.AUTHOR


def reason_against(post: CollectedPost) -> str | None:
    """Why this post alone is not kept, None when it is."""
    if is_deleted(post):
        return DELETED
    if post.stickied or post.distinguished:
        return ANNOUNCEMENT
    if post.over_18:
        return OVER_18
    title_words = _WORD.findall(post.title)
    if not title_words:
        return NO_TITLE
    is_emptied = gone_by(post.body) is not None
    words = title_words + ([] if is_emptied else _WORD.findall(_ADDRESS.sub("link", post.body)))
    if post.is_self and not is_emptied and len(words) < MIN_WORDS:
        return TOO_SHORT
    return None if _is_english(words) else NOT_ENGLISH


def _is_english(words: list[str]) -> bool:
    letters = "".join(words)
    if not letters.isascii():
        foreign = sum(not c.isascii() and not unicodedata.name(c, "").startswith("LATIN") for c in letters)
        if foreign * 2 > len(letters):
            return False
    if len(words) < _MIN_WORDS_FOR_LANGUAGE:
        return True
    lowered = [word.lower() for word in words]
    return sum(word in _OTHER for word in lowered) <= sum(word in _ENGLISH for word in lowered)


def _fingerprint(post: CollectedPost) -> bytes:
    text = post.body if post.is_self else post.url or ""
    if gone_by(post.body) is not None:
        text = post.reddit_id  # an emptied text says nothing about being the same
    folded = " ".join(f"{post.community} {post.title} {text}".casefold().split())
    return blake2b(folded.encode("utf-8", "replace"), digest_size=12).digest()

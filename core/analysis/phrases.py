"""Phrases that removed posts of a community have far more often than those that stand.

The measure is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin'
Words"): the prior is how often all posts there have the phrase, so that rare phrases prove little. A phrase is taken
when its z is beyond chance for all phrases that enough posts have, removed or not (Bonferroni). What counts is in how
many posts a phrase is, not how often in one.

A phrase is found as a draft's check finds it, so that each post that taught a phrase is caught by it. Nothing that
looks like a name is taken. The phrases are computed anew with each profile: one that is no longer true is gone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from core.analysis.intervals import quantile_for, wilson
from core.analysis.terms import BODY_CHARS, TITLE_CHARS, words_of
from core.communities import Post
from core.texts.edits import without_edits
from core.texts.features import PHRASE, found
from core.texts.figures import RemovedPhrase
from core.texts.gone import FILTERED, MODERATOR, category_told, gone_by
from core.texts.markup import Text
from core.texts.plain import word_set

MIN_REMOVED = 20  # removed posts with a text; fewer teach nothing
MIN_SUPPORT = 5  # removed posts that have a phrase, each by another author
MOST = 6  # phrases of a community
_STANDING_MAX = 2_000  # the newest ones; more would say the same
_PRIOR_POSTS = 20.0  # what the prior weighs
_CERTAIN_SHARE = 0.5  # the lower end of a phrase's share of removed posts, were there as many of each
_NAME_SHARE = 0.4  # of a word's occurrences inside sentences; written with a capital that often, it is a name
_INSIDE_SENTENCE = re.compile(r"(?<=[a-z,;] )[^\W\d_]+(?:['’][^\W\d_]+)?")
_LITTLE = word_set("""
    a about after all also am an and any are as at be been but by can could did do does for from get got had has have he
    her his how i i'm i've if in into is it it's its just like me more my no not of on one or our out she so some than
    that the their them then there they this to too up us was we were what when which who will with would you your
""")


def removed_phrases(posts: Sequence[Post]) -> tuple[RemovedPhrase, ...]:
    """The phrases, the surest first; none below `MIN_REMOVED` removed posts with a text."""
    removed = list(_distinct(post for post in posts if _is_refused(post)))
    if len(removed) < MIN_REMOVED:
        return ()
    newest = sorted(posts, key=lambda post: (post.created_at, post.reddit_id), reverse=True)
    standing = list(_distinct(post for post in newest if _stands(post)))[:_STANDING_MAX]
    if len(standing) < MIN_REMOVED:
        return ()
    had_by = Counter(phrase for post in removed for phrase in _phrases(post))
    had_standing = Counter(phrase for post in standing for phrase in _phrases(post))
    names = _names((*removed, *standing))
    # A phrase is looked at for how many posts have it at all, so that the choice prefers neither side.
    tested = [
        phrase
        for phrase in had_by.keys() | had_standing.keys()
        if had_by[phrase] + had_standing[phrase] >= MIN_SUPPORT and _tells(phrase) and names.isdisjoint(phrase.split())
    ]
    z = quantile_for(max(1, len(tested)))
    by_z = sorted(
        (-_z(had_by[one], len(removed), had_standing[one], len(standing)), -len(one), one)
        for one in tested
        if had_by[one] >= MIN_SUPPORT
    )
    taken: list[tuple[RemovedPhrase, frozenset[str]]] = []
    for apart, _, phrase in by_z:
        if -apart <= z or len(taken) == MOST:
            break
        known = _counted(phrase, removed, standing)
        if known is not None and not any(_says_again(known, other) for other in taken):
            taken.append(known)
    return tuple(phrase for phrase, _ in taken)


def _is_refused(post: Post) -> bool:
    """True for a post that moderators or their filter took down, whose text is known."""
    return category_told(post) in MODERATOR | FILTERED and bool(post.body) and gone_by(post.body or "") is None


def _stands(post: Post) -> bool:
    return category_told(post) is None and bool(post.body) and gone_by(post.body or "") is None


def _distinct(posts: Iterable[Post]) -> Iterator[Post]:
    """Each text once: ten copies of one advertisement prove no more than one."""
    seen = set()
    for post in posts:
        key = tuple(words_of(post.body or "", BODY_CHARS)[:40])
        if key not in seen:
            seen.add(key)
            yield post


def _text(post: Post) -> Text:
    return Text(post.title or "", without_edits(post.body or ""))


def _phrases(post: Post) -> set[str]:
    """The runs of one to three words of a post."""
    text = _text(post)
    found_in = set()
    for words in (words_of(text.title, TITLE_CHARS), words_of(text.body, BODY_CHARS)):
        found_in |= set(words) | {" ".join(pair) for pair in pairwise(words)}
        found_in |= {" ".join(three) for three in zip(words, words[1:], words[2:], strict=False)}
    return found_in


def _tells(phrase: str) -> bool:
    """Whether a phrase is of some content: one word of its own is too wide a net."""
    words = phrase.split()
    telling = [word for word in words if word not in _LITTLE and len(word) > 2]
    return bool(telling) and len(words) > 1 and not any(character.isdigit() for character in phrase)


def _names(posts: Iterable[Post]) -> frozenset[str]:
    """Words that are mostly written with a capital inside sentences: of people, products, places."""
    written: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for post in posts:
        for word in _INSIDE_SENTENCE.findall(post.body or ""):
            lower = word.lower().replace("’", "'")
            written[lower] += 1
            capital[lower] += word[0].isupper()
    return frozenset(
        word for word, count in capital.items() if count > _NAME_SHARE * written[word] and word not in _LITTLE
    )


def _z(removed: float, of_removed: int, standing: float, of_standing: int) -> float:
    """The log-odds ratio in its standard deviations; above 0 when removed posts have it more often."""
    share = (removed + standing) / (of_removed + of_standing)
    prior, rest = _PRIOR_POSTS * share, _PRIOR_POSTS * (1 - share)
    apart = math.log((removed + prior) / (of_removed - removed + rest))
    apart -= math.log((standing + prior) / (of_standing - standing + rest))
    return apart / math.sqrt(1 / (removed + prior) + 1 / (standing + prior))


def _counted(
    phrase: str, removed: Sequence[Post], standing: Sequence[Post]
) -> tuple[RemovedPhrase, frozenset[str]] | None:
    """The phrase as checks find it; None when fewer authors have it, or it does not tell removed posts apart."""
    having = [post for post in removed if found(PHRASE, _text(post), {"phrases": [phrase]})]
    authors = {post.author or post.reddit_id for post in having}
    if len(authors) < MIN_SUPPORT:
        return None
    among = sum(bool(found(PHRASE, _text(post), {"phrases": [phrase]})) for post in standing)
    low, _ = wilson(len(having), len(removed), quantile_for(1))
    _, high = wilson(among, len(standing), quantile_for(1))
    confidence = low / (low + high)
    if confidence <= _CERTAIN_SHARE:
        return None
    kept = RemovedPhrase(phrase, len(having), len(removed), among, len(standing), round(confidence, 4))
    return kept, frozenset(post.reddit_id for post in having)


def _says_again(one: tuple[RemovedPhrase, frozenset[str]], other: tuple[RemovedPhrase, frozenset[str]]) -> bool:
    """Whether nearly the same posts taught both."""
    both = len(one[1] & other[1])
    return both >= 0.8 * min(len(one[1]), len(other[1]))

"""A community's norms profile: pure arithmetic from kept posts and their features to `Figures` (core/texts/figures.py).

Which scores count. Most votes come in a post's first day, so a score that was read before `SETTLED_AFTER` only tells
how old the post was. A score does not count either when it is not known when it was read (`Post.score_at`).

What is compared with what. Posts are divided by the way they were found (the newest; the best of a year), and each of
these groups by time into blocks of equal size. "Above the median" means the median of a post's block, so that neither a
selection by score nor a community's growth looks like an effect of the text. A difference is the weighted mean of the
blocks' differences, with an interval after Newcombe (1998, method 10: two Wilson intervals); see `joined_difference`.

A finding is a difference between two groups of posts, not a cause. A body's feature is tested among text posts that
have a text. In at most 1 of 20 communities is any finding of the profile wrong (Bonferroni over the features that were
tested); the same holds for the times that stand out (over the slots).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, TypedDict

from core.analysis.intervals import CERTAINTY, joined_difference, quantile_for, quartiles, wilson
from core.analysis.phrases import removed_phrases
from core.analysis.promotion import Reception, promotes, promotion_of
from core.communities import Post
from core.texts.features import COUNTED, Feature
from core.texts.figures import (
    Band,
    Direction,
    Figures,
    Finding,
    Found,
    Listed,
    Promotion,
    Removals,
    Share,
    Side,
    Slot,
    Spread,
    When,
    is_chosen_by_score,
)
from core.texts.gone import category_told, gone_by, post_gone_by
from core.texts.markup import host_of

MIN_POSTS = 50  # with fewer, a median's 95% interval spans more than a quarter of the ranks on either side
MIN_GROUP = 20  # posts on each side of a comparison; with fewer, an interval says nothing
SETTLED_AFTER = timedelta(hours=24)
SLOT_HOURS = 3  # single hours hold too few posts in most communities
_BLOCK = 40  # posts compared with each other because they were published at about the same time
_BLOCKS_MAX = 12
_LISTED = 10
MIXED = "mixed"  # a way of finding: from the newest and the best, without saying which post is from which


class TextFeatures(TypedDict):
    """What the reader counts in one post. Figures of the body leave out code, except `words`."""

    title_chars: int
    title_words: int  # split at white space
    words: int  # of the body, split at white space
    sentences: int
    paragraphs: int
    words_per_sentence: float | None
    reading_ease: float | None
    found: list[str]  # keys of the counted features that the post has (core/texts/features.py), in their order


def compute_figures(
    community: str, posts: Sequence[Post], features: Sequence[TextFeatures], *, pipeline: str
) -> Figures:
    """The figures of a community's kept posts. `features[i]` belongs to `posts[i]`; the order of posts does not
    matter.
    """
    rows = [_Row(post, read) for post, read in zip(posts, features, strict=True)]
    standing = [row for row in rows if not is_removed(row.post)]
    texts = [row for row in standing if row.has_text]
    times = sorted(row.post.created_at for row in standing)
    known_kind = [row for row in standing if row.post.is_self is not None]
    links = [row for row in known_kind if not row.post.is_self]
    flairs = Counter(row.post.flair for row in standing)
    without_flair = flairs.pop(None, 0)
    findings, tested, untested = _findings(standing, texts)
    return Figures(
        community=community,
        posts=len(standing),
        enough=len(standing) >= MIN_POSTS,
        minimum=MIN_POSTS,
        first_post_at=times[0] if times else None,
        last_post_at=times[-1] if times else None,
        bases=dict(sorted(Counter(row.post.basis.value for row in standing).items())),
        found=_found(standing),
        score=_spread(standing, lambda post: post.score),
        comments=_spread(standing, lambda post: post.num_comments),
        self_posts=Share.counting(len(known_kind) - len(links), len(known_kind)),
        link_posts=Share.counting(len(links), len(known_kind)),
        title_chars=_band([row.features["title_chars"] for row in standing]),
        title_words=_band([row.features["title_words"] for row in standing]),
        body_words=_band([row.features["words"] for row in texts]),
        paragraphs=_band([row.features["paragraphs"] for row in texts]),
        words_per_sentence=_band([row.features["words_per_sentence"] for row in texts]),
        reading_ease=_band([row.features["reading_ease"] for row in texts]),
        shares={
            name: Share.counting(sum(name in row.features["found"] for row in group), len(group))
            for name, feature in COUNTED.items()
            for group in [texts if feature.counted == "body" else standing]
        },
        flairs=_commonest(flairs, len(standing)),
        no_flair=Share.counting(without_flair, len(standing)),
        when=_when(standing),
        domains=_commonest(Counter(filter(None, (host_of(row.post.url or "") for row in links))), len(links)),
        removals=_removals(rows),
        promotion=_promotion(rows, texts),
        findings=findings,
        tested=tested,
        untested=untested,
        confidence=round(1 - (1 - CERTAINTY) / max(1, tested), 5),
        pipeline=pipeline,
        upvote_ratio=_band([row.post.upvote_ratio for row in standing if is_settled(row.post)]),
        removed_phrases=removed_phrases(posts),
        scored_at=max((row.post.score_at for row in standing if row.post.score_at is not None), default=None),
    )


def is_removed(post: Post) -> bool:
    """True when a post's category or texts say that it is gone (`core.texts.gone`). Some sources never show
    removals.
    """
    return post_gone_by(post) is not None


def has_feature(name: str, post: Post, features: TextFeatures, figures: Figures) -> bool | None:
    """Whether a post has the feature of a finding in `figures`; None when this is not known, or does not apply (a
    body's feature, and a post without a text).
    """
    has_text = _has_text(post)
    if name == "self_post":
        return post.is_self
    if name == "long_title":
        return features["title_words"] > (figures.title_words.median or 0)
    if name == "long_text":
        return features["words"] > (figures.body_words.median or 0) if has_text else None
    feature = COUNTED.get(name)
    if feature is None or (feature.counted == "body" and not has_text):
        return None
    return name in features["found"]


def way_of(post: Post) -> str | None:
    """The listing in which a post was found, without its place there: "new", "top:year", "file"; None when unknown."""
    return post.found_in.partition("#")[0] if post.found_in else None


def _is_unusual(way: str | None) -> bool:
    return is_chosen_by_score(way) or way == MIXED


def is_settled(post: Post) -> bool:
    """True when the post's score and comments were read late enough after posting to count."""
    return post.score_at is not None and post.score_at - post.created_at >= SETTLED_AFTER


def _has_text(post: Post) -> bool:
    return post.is_self is True and bool(post.body)


@dataclass(frozen=True, slots=True)
class _Row:
    post: Post
    features: TextFeatures

    @property
    def has_text(self) -> bool:
        return _has_text(self.post)


# ---------------------------------------------------------------- counts and bands


def _band(values: Sequence[float | None]) -> Band:
    known = [value for value in values if value is not None]
    q1, median, q3 = quartiles(known) or (None, None, None)
    return Band(len(known), q1, median, q3)


def _found(standing: Sequence[_Row]) -> tuple[Found, ...]:
    ways: dict[str | None, list[_Row]] = {}
    for row in standing:
        ways.setdefault(way_of(row.post), []).append(row)
    found = [
        Found(way, len(rows), sum(is_settled(row.post) and row.post.score is not None for row in rows))
        for way, rows in ways.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.posts, one.found_in or "")))


def _spread(standing: Sequence[_Row], count_of: Callable[[Post], int | None]) -> Spread:
    """The spread over the posts that were found in one way: a way that does not choose posts by score when it gave
    enough of them, else the commonest way.
    """
    by_way: dict[str | None, list[int]] = {}
    unsettled = unknown = 0
    for row in standing:
        count = count_of(row.post)
        if count is None:
            unknown += 1
        elif not is_settled(row.post):
            unsettled += 1
        else:
            by_way.setdefault(way_of(row.post), []).append(count)
    if not by_way:
        return Spread(unsettled=unsettled, unknown=unknown)

    def weight(way: str | None) -> tuple[bool, int, str]:
        size = len(by_way[way])
        return size >= MIN_POSTS and not _is_unusual(way), size, way or ""

    way = max(by_way, key=weight)
    counts = by_way[way]
    q1, median, q3 = quartiles(counts) or (None, None, None)
    return Spread(
        known=len(counts),
        unsettled=unsettled,
        unknown=unknown,
        elsewhere=sum(map(len, by_way.values())) - len(counts),
        q1=q1,
        median=median,
        q3=q3,
        highest=max(counts),
        found_in=way,
        chosen=_is_unusual(way),
    )


def _commonest(counts: Mapping[Any, int], of: int) -> tuple[Listed, ...]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Listed(name, count, round(count / of, 4)) for name, count in ranked[:_LISTED])


def _removals(rows: Sequence[_Row]) -> Removals:
    categories = Counter(category_told(row.post) or "unknown" for row in rows if is_removed(row.post))
    removed = sum(categories.values())
    share = round(removed / len(rows), 4) if removed else None
    return Removals(removed, len(rows), share, dict(sorted(categories.items())))


def _promotion(rows: Sequence[_Row], texts: Sequence[_Row]) -> Promotion:
    def received(row: _Row) -> Reception:
        post, settled = row.post, is_settled(row.post)
        ratio, comments = (post.upvote_ratio, post.num_comments) if settled else (None, None)
        return Reception(promotes(row.features["found"]), way_of(post), ratio, comments)

    # A removed post often comes without its text, or with Reddit's words in its place.
    removed = [row for row in rows if is_removed(row.post) and row.has_text and gone_by(row.post.body or "") is None]
    return promotion_of([received(row) for row in texts], [promotes(row.features["found"]) for row in removed])


# ---------------------------------------------------------------- what goes with a score


@dataclass(frozen=True, slots=True)
class _Judged:
    """A post with a settled score, compared with its block: posts found in the same way, of about the same time."""

    row: _Row
    block: int
    is_above: bool  # above the median of its block
    usual: float  # the share of its block above that median: below one half where many scores are equal


def _judged(rows: Sequence[_Row]) -> list[_Judged]:
    ways: dict[str | None, list[tuple[_Row, int]]] = {}
    for row in rows:
        if is_settled(row.post) and row.post.score is not None:
            ways.setdefault(way_of(row.post), []).append((row, row.post.score))
    judged: list[_Judged] = []
    block = 0
    for scored in ways.values():
        # Posts of the same moment are ordered by id, so that the order in which they came decides nothing.
        scored.sort(key=lambda pair: (pair[0].post.created_at, pair[0].post.reddit_id, pair[1]))
        for part in _parts(scored):
            middle = (quartiles([score for _, score in part]) or (0.0, 0.0, 0.0))[1]
            usual = sum(score > middle for _, score in part) / len(part)
            judged += [_Judged(row, block, score > middle, usual) for row, score in part]
            block += 1
    return judged


def _parts(scored: Sequence[tuple[_Row, int]]) -> list[Sequence[tuple[_Row, int]]]:
    count = max(1, min(_BLOCKS_MAX, len(scored) // _BLOCK))
    edges = [round(number * len(scored) / count) for number in range(count + 1)]
    return [scored[begin:end] for begin, end in pairwise(edges)]


def _when(standing: Sequence[_Row]) -> When:
    timed = [row for row in standing if row.post.time_is_exact]
    judged = _judged(timed)
    hours = range(0, 24, SLOT_HOURS)

    def slot_of_hour(post: Post) -> int:
        return post.created_at.hour // SLOT_HOURS * SLOT_HOURS

    def weekday(post: Post) -> int:
        return post.created_at.weekday()

    usual = round(sum(one.is_above for one in judged) / len(judged), 4) if judged else 0.0
    groups = [
        (slots, begin, slot_of, [one for one in judged if slot_of(one.row.post) == begin])
        for slots, slot_of in ((hours, slot_of_hour), (range(7), weekday))
        for begin in slots
    ]
    tested = sum(len(group) >= MIN_GROUP for *_, group in groups)
    z = quantile_for(max(1, tested))
    published = {slot_of: Counter(slot_of(row.post) for row in timed) for slot_of in (slot_of_hour, weekday)}
    slots = {
        slot_of: _standing_out(
            [
                (_slot(begin, published[slot_of][begin], group, usual, z), group)
                for _, begin, its_slot_of, group in groups
                if its_slot_of is slot_of
            ],
            usual,
        )
        for slot_of in (slot_of_hour, weekday)
    }
    return When(usual, tested, SLOT_HOURS, slots[slot_of_hour], slots[weekday])


def _standing_out(slots: Sequence[tuple[Slot, Sequence[_Judged]]], usual: float) -> tuple[Slot, ...]:
    """The slots, where only those stand out that still do when stronger ones are left out.

    Half of all posts are above the median. When fewer posts of one day are, more posts of all other days must be, and
    an ordinary day would look better. So each slot is compared with the posts that remain without the slots that stand
    out more than it.
    """
    by_distance = sorted(slots, key=lambda pair: -abs((pair[0].share or 0.0) - usual) if pair[0].stands_out else 0.0)
    left = [one for _, group in slots for one in group]
    decided: dict[int, Slot] = {}
    for slot, group in by_distance:
        if slot.stands_out is None or slot.low is None or slot.high is None:
            decided[slot.begin] = slot
            continue
        usual_of_left = sum(one.is_above for one in left) / len(left)  # never empty: this slot is among them
        if slot.low <= usual_of_left <= slot.high:
            decided[slot.begin] = replace(slot, stands_out=None)
            continue
        decided[slot.begin] = slot
        taken = {id(one) for one in group}
        left = [one for one in left if id(one) not in taken]
    return tuple(decided[slot.begin] for slot, _ in slots)


def _slot(begin: int, posts: int, group: Sequence[_Judged], usual: float, z: float) -> Slot:
    known = len(group)
    if known < MIN_GROUP:
        return Slot(begin, posts, known)
    above = sum(one.is_above for one in group)
    low, high = wilson(above, known, z)
    # Blocks with many equal scores have fewer posts above their median. The shift makes up for what is usual in the
    # blocks of these posts.
    shift = usual - sum(one.usual for one in group) / known
    share, low, high = (round(min(1.0, max(0.0, value + shift)), 4) for value in (above / known, low, high))
    direction = Direction.BETTER if low > usual else Direction.WORSE if high < usual else None
    return Slot(begin, posts, known, share, low, high, direction)


def _findings(standing: Sequence[_Row], texts: Sequence[_Row]) -> tuple[tuple[Finding, ...], int, tuple[str, ...]]:
    """The findings, how many features were tested, and which features could not be tested."""
    judged = {"post": _judged(standing), "body": _judged(texts)}
    compared = [(candidate, _compare(candidate, judged[candidate.part])) for candidate in _candidates(standing, texts)]
    tested = [(candidate, blocks) for candidate, blocks in compared if _is_testable(blocks)]
    untested = tuple(candidate.feature for candidate, blocks in compared if not _is_testable(blocks))
    z = quantile_for(max(1, len(tested)))
    found = [_finding(candidate, blocks, judged[candidate.part], z) for candidate, blocks in tested]
    findings = [finding for finding in found if finding is not None]
    findings.sort(key=lambda finding: (-abs(finding.difference), finding.feature))
    return tuple(findings), len(tested), untested


@dataclass(frozen=True, slots=True)
class _Candidate:
    feature: str
    text: str
    part: str
    has: Callable[[_Row], bool | None]


def _candidates(standing: Sequence[_Row], texts: Sequence[_Row]) -> list[_Candidate]:
    title_median = _band([row.features["title_words"] for row in standing]).median or 0
    text_median = _band([row.features["words"] for row in texts]).median or 0

    def of_texts(name: str, feature: Feature) -> _Candidate:
        return _Candidate(name, feature.text, feature.counted or "post", lambda row: name in row.features["found"])

    return [
        _Candidate("self_post", "a text of its own instead of a link", "post", lambda row: row.post.is_self),
        _Candidate(
            "long_title",
            f"more than {math.floor(title_median)} words in the title",
            "post",
            lambda row: row.features["title_words"] > title_median,
        ),
        _Candidate(
            "long_text",
            f"more than {math.floor(text_median)} words",
            "body",
            lambda row: row.features["words"] > text_median,
        ),
        *(of_texts(name, feature) for name, feature in COUNTED.items()),
    ]


# For each block: posts above the median and posts in all that have the feature, then the same of those without it.
_Blocks = Mapping[int, list[int]]


def _compare(candidate: _Candidate, judged: Sequence[_Judged]) -> _Blocks:
    blocks: dict[int, list[int]] = {}
    for one in judged:
        has = candidate.has(one.row)
        if has is not None:
            counts = blocks.setdefault(one.block, [0, 0, 0, 0])
            side = 0 if has else 2
            counts[side] += one.is_above
            counts[side + 1] += 1
    return blocks


def _comparable(blocks: _Blocks) -> list[tuple[int, int, int, int]]:
    """The counts of the blocks that hold posts on both sides; the others compare nothing."""
    return [(a, n, b, m) for a, n, b, m in blocks.values() if n and m]


def _is_testable(blocks: _Blocks) -> bool:
    both = _comparable(blocks)
    return min(sum(n for _, n, _, _ in both), sum(m for _, _, _, m in both)) >= MIN_GROUP


def _finding(candidate: _Candidate, blocks: _Blocks, judged: Sequence[_Judged], z: float) -> Finding | None:
    both = _comparable(blocks)
    having, lacking, low, high = joined_difference(both, z)
    if low <= 0 <= high:
        return None
    times = [one.row.post.created_at for one in judged]
    return Finding(
        feature=candidate.feature,
        text=candidate.text,
        among="text posts" if candidate.part == "body" else "posts",
        direction=Direction.BETTER if having > lacking else Direction.WORSE,
        having=Side(sum(n for _, n, _, _ in both), round(having, 4)),
        lacking=Side(sum(m for _, _, _, m in both), round(lacking, 4)),
        difference=round(having - lacking, 4),
        low=round(low, 4),
        high=round(high, 4),
        first_post_at=min(times),
        last_post_at=max(times),
    )

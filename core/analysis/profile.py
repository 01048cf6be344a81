"""A community's norms profile: pure arithmetic from kept posts and their features to figures, which are plain JSON.

Contract of `CommunityProfile.figures` (readers must tolerate an absent key: an old profile outlives an upgrade). Times
are ISO 8601 in UTC, shares are 0 to 1 rounded to four places, lengths are characters or words, and a *band* is
`{"n", "q1", "median", "q3"}`: how many posts it stands on and the quartiles (linear interpolation), None when n is 0.
Posts that were removed are evidence of what is refused, not of what is normal: they count in `removals` only.

    version          int    1
    community        str
    posts            int    standing posts: the sample everything but `removals` stands on
    enough           bool   posts >= minimum; when False, say "too few posts" and do not build on the figures
    minimum          int    MIN_POSTS
    first_post_at, last_post_at   str | None   of the standing posts
    bases            {basis: count}
    score            {"known", "unknown", "q1", "median", "q3", "highest"}   missing scores are unknown, never 0
    comments         the same for the number of comments
    self_posts       {"count", "of", "share"}    text posts among the standing posts
    link_posts       {"count", "of", "share"}    posts that point somewhere else; `of` both: posts whose kind is known
    title_chars, title_words      band over all posts
    body_words       band over self posts that have a text
    paragraphs       band over the same
    words_per_sentence            band over the same
    reading_ease     band over the same; Flesch: 60 is plain English, 30 hard to read, 90 very easy
    shares           {feature: {"count", "of", "share"}}: how many posts have it, for every feature of FEATURES; `of`
                     is all posts for a title's feature, self posts with a text for a body's
    flairs           [{"flair", "count", "share"}] commonest first, at most 10; share of all posts
    no_flair         {"count", "of", "share"}
    hours_utc        [{"hour", "posts", "known", "median_score", "above_median"}] 24 rows, hour 0 to 23;
                     of posts whose time is known to the minute
    weekdays_utc     [{"weekday", "posts", "known", "median_score", "above_median"}] 7 rows, 0 is Monday
    best_hours_utc   [{"hour", "n", "share_above", "low", "high"}] hours of at least MIN_GROUP posts whose share of
                     posts above the median is above one half with certainty (see findings), best first, at most 3
    best_weekdays_utc   the same with "weekday"
    domains          [{"domain", "count", "share"}] of link posts, commonest first, at most 10; share of link posts
    removals         {"removed", "of", "share", "by_category": {category: count}}: all kept posts; `share` is None when
                     none was seen, because many sources never show removals; category "unknown" when nobody said who
    findings         what goes with a score above the community's own median, strongest first; each is
                     {"feature", "text", "among", "direction": "more" | "less", "median_score",
                      "with": {"n", "above", "share"}, "without": {"n", "above", "share"},
                      "difference", "low", "high"}
                     difference is with.share - without.share, low and high its interval, which excludes zero
                     feature is a key of FEATURES, or "self_post", "long_title", "long_text" (longer than the median);
                     "text" follows "posts with"; among is "all posts" or "text posts"
    tested           int    how many features had MIN_GROUP posts or more on both sides, and were tested
    untested         [feature]   those that had not
    confidence       float  of each interval, already widened for `tested` looks (Bonferroni): 1 - 0.05 / tested
    pipeline         str    what read the texts: "blank:en", or the trained model's name

A finding is a difference between two groups of posts, not a cause. Its interval is Newcombe's, built from two Wilson
intervals (R. G. Newcombe 1998, method 10); half of the sample is above the median by definition, so 0.5 is a coin.
A body's feature is tested among self posts with a text, against the median of those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import urlsplit

from core.analysis.intervals import CERTAINTY, difference_interval, quantile_for, quartiles, wilson
from core.model import Post
from core.texts.gone import category_told, post_gone_by

VERSION = 1
MIN_POSTS = 50  # below this a median's 95% interval spans more than a quarter of the ranks on either side
MIN_GROUP = 20  # posts on each side of a comparison; below it an interval says nothing
_LISTED = 10
_BEST = 3


class TextFeatures(TypedDict):
    """What the reader counts in one post. Everything about the body leaves out code; `words` counts all of it."""

    title_chars: int
    title_words: int  # split at white space
    title_question: bool  # holds a question mark
    title_number: bool  # holds a digit
    title_first_person: bool  # I, me, my, we, us, our …
    words: int  # of the body, split at white space
    sentences: int
    questions: int  # sentences with a question mark
    first_person: int  # words such as I, my, we
    numbers: int  # words with a digit, addresses left out
    measures: int  # amounts: "$5k", "20%", "300 users", "3 months"
    links: int
    list_items: int
    paragraphs: int
    formatting: bool  # a heading or bold words
    summary: bool  # a TL;DR
    code: bool
    promotion: int  # phrases of advertising, title included
    words_per_sentence: float | None
    reading_ease: float | None


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a post has or has not. `text` follows "Posts with …" in a sentence; `part` says whose it is."""

    text: str
    part: str  # "post": all posts; "body": self posts with a text
    has: Callable[[TextFeatures], bool]


_FIRST_PERSON_RATE = 0.04  # of the words; ordinary first-person prose has 5 to 9 in 100, instructions below 3

FEATURES: Mapping[str, Feature] = {
    "title_question": Feature("a question mark in the title", "post", lambda f: f["title_question"]),
    "title_number": Feature("a number in the title", "post", lambda f: f["title_number"]),
    "title_first_person": Feature("I, my or we in the title", "post", lambda f: f["title_first_person"]),
    "first_person": Feature(
        "a text told in the first person", "body", lambda f: f["first_person"] >= _FIRST_PERSON_RATE * f["words"]
    ),
    "number": Feature("a number in the text", "body", lambda f: f["numbers"] > 0),
    "measure": Feature("an amount in the text (money, users, time, percent)", "body", lambda f: f["measures"] > 0),
    "link": Feature("a link in the text", "body", lambda f: f["links"] > 0),
    "question": Feature("a question in the text", "body", lambda f: f["questions"] > 0),
    "list": Feature("a list in the text", "body", lambda f: f["list_items"] >= 2),
    "formatting": Feature("headings or bold words", "body", lambda f: f["formatting"]),
    "summary": Feature("a TL;DR", "body", lambda f: f["summary"]),
    "promotion": Feature("a phrase of advertising", "body", lambda f: f["promotion"] > 0),
}


def compute_figures(
    community: str, posts: Sequence[Post], features: Sequence[TextFeatures], *, pipeline: str
) -> dict[str, Any]:
    """The figures of a community's kept posts; `features[i]` belongs to `posts[i]`. The order of posts is no matter."""
    rows = [_Row(post, read) for post, read in zip(posts, features, strict=True)]
    standing = [row for row in rows if not is_removed(row.post)]
    texts = [row for row in standing if row.has_text]
    times = sorted(row.post.created_at for row in standing)
    links = [row for row in standing if row.post.is_self is False]
    of_known_kind = sum(row.post.is_self is not None for row in standing)
    flairs = Counter(row.post.flair for row in standing)
    without_flair = flairs.pop(None, 0)
    findings, tested, untested = _findings(standing, texts)
    return {
        "version": VERSION,
        "community": community,
        "posts": len(standing),
        "enough": len(standing) >= MIN_POSTS,
        "minimum": MIN_POSTS,
        "first_post_at": times[0].isoformat() if times else None,
        "last_post_at": times[-1].isoformat() if times else None,
        "bases": dict(sorted(Counter(row.post.basis.value for row in standing).items())),
        "score": _spread([row.post.score for row in standing]),
        "comments": _spread([row.post.num_comments for row in standing]),
        "self_posts": _share(of_known_kind - len(links), of_known_kind),
        "link_posts": _share(len(links), of_known_kind),
        "title_chars": _band([row.features["title_chars"] for row in standing]),
        "title_words": _band([row.features["title_words"] for row in standing]),
        "body_words": _band([row.features["words"] for row in texts]),
        "paragraphs": _band([row.features["paragraphs"] for row in texts]),
        "words_per_sentence": _band([row.features["words_per_sentence"] for row in texts]),
        "reading_ease": _band([row.features["reading_ease"] for row in texts]),
        "shares": {
            name: _share(sum(feature.has(row.features) for row in group), len(group))
            for name, feature in FEATURES.items()
            for group in [texts if feature.part == "body" else standing]
        },
        "flairs": _commonest(flairs, "flair", len(standing)),
        "no_flair": _share(without_flair, len(standing)),
        **_rhythm(standing),
        "domains": _commonest(Counter(filter(None, map(_domain, links))), "domain", len(links)),
        "removals": _removals(rows),
        "findings": findings,
        "tested": tested,
        "untested": untested,
        "confidence": round(1 - (1 - CERTAINTY) / max(1, tested), 5),
        "pipeline": pipeline,
    }


def is_removed(post: Post) -> bool:
    """Gone, as its category or its texts say (`core.texts.gone`). A source that shows no removals gives none."""
    return post_gone_by(post) is not None


def has_feature(name: str, post: Post, features: TextFeatures, figures: Mapping[str, Any]) -> bool | None:
    """Whether a post has what a finding of `figures` is about; None when that does not apply to it (a text's feature
    and a post without one) or is not known any more.
    """
    row = _Row(post, features)
    if name == "self_post":
        return post.is_self
    if name == "long_title":
        return features["title_words"] > (figures["title_words"]["median"] or 0)
    if name == "long_text":
        return features["words"] > (figures["body_words"]["median"] or 0) if row.has_text else None
    feature = FEATURES.get(name)
    if feature is None or (feature.part == "body" and not row.has_text):
        return None
    return feature.has(features)


@dataclass(frozen=True, slots=True)
class _Row:
    post: Post
    features: TextFeatures

    @property
    def has_text(self) -> bool:
        return self.post.is_self is True and bool(self.post.body)


# ---------------------------------------------------------------- counts and bands


def _band(values: Sequence[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    q1, median, q3 = quartiles(known) or (None, None, None)
    return {"n": len(known), "q1": q1, "median": median, "q3": q3}


def _spread(values: Sequence[int | None]) -> dict[str, Any]:
    band = _band(values)
    known = band.pop("n")
    highest = max((value for value in values if value is not None), default=None)
    return {"known": known, "unknown": len(values) - known, **band, "highest": highest}


def _share(count: int, of: int) -> dict[str, Any]:
    return {"count": count, "of": of, "share": round(count / of, 4) if of else None}


def _commonest(counts: Mapping[Any, int], name: str, of: int) -> list[dict[str, Any]]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{name: key, "count": count, "share": round(count / of, 4)} for key, count in ranked[:_LISTED]]


def _domain(row: _Row) -> str | None:
    try:
        host = urlsplit(row.post.url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _removals(rows: Sequence[_Row]) -> dict[str, Any]:
    categories = Counter(category_told(row.post) for row in rows if is_removed(row.post))
    removed = sum(categories.values())
    return {
        "removed": removed,
        "of": len(rows),
        "share": round(removed / len(rows), 4) if removed else None,
        "by_category": dict(sorted(categories.items())),
    }


# ---------------------------------------------------------------- what goes with a score


def _rhythm(standing: Sequence[_Row]) -> dict[str, Any]:
    timed = [row for row in standing if row.post.time_is_exact]
    hours, best_hours = _slots(timed, "hour", 24, lambda post: post.created_at.hour)
    days, best_days = _slots(timed, "weekday", 7, lambda post: post.created_at.weekday())
    return {"hours_utc": hours, "weekdays_utc": days, "best_hours_utc": best_hours, "best_weekdays_utc": best_days}


def _slots(
    standing: Sequence[_Row], name: str, count: int, slot_of: Callable[[Post], int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    middle = quartiles([row.post.score for row in standing if row.post.score is not None])
    z = quantile_for(count)
    slots: list[dict[str, Any]] = []
    best: list[dict[str, Any]] = []
    for slot in range(count):
        posts = [row.post for row in standing if slot_of(row.post) == slot]
        scores = [post.score for post in posts if post.score is not None]
        above = sum(score > middle[1] for score in scores) if middle else 0
        median = (quartiles(scores) or (None, None, None))[1]
        slots.append(
            {name: slot, "posts": len(posts), "known": len(scores), "median_score": median, "above_median": above}
        )
        if len(scores) >= MIN_GROUP:
            low, high = wilson(above, len(scores), z)
            if low > 0.5:
                share = round(above / len(scores), 4)
                best.append(
                    {name: slot, "n": len(scores), "share_above": share, "low": round(low, 4), "high": round(high, 4)}
                )
    best.sort(key=lambda entry: (-entry["share_above"], entry[name]))
    return slots, best[:_BEST]


def _findings(standing: Sequence[_Row], texts: Sequence[_Row]) -> tuple[list[dict[str, Any]], int, list[str]]:
    """Findings, how many features were tested, and which could not be."""
    comparisons = [_compare(candidate) for candidate in _candidates(standing, texts)]
    tested = [c for c in comparisons if min(c.n_with, c.n_without) >= MIN_GROUP]
    untested = [c.feature for c in comparisons if c not in tested]
    z = quantile_for(max(1, len(tested)))
    findings = [finding for c in tested if (finding := c.finding(z)) is not None]
    findings.sort(key=lambda finding: (-abs(finding["difference"]), finding["feature"]))
    return findings, len(tested), untested


@dataclass(frozen=True, slots=True)
class _Candidate:
    feature: str
    text: str
    part: str
    group: Sequence[_Row]
    has: Callable[[_Row], bool]


def _candidates(standing: Sequence[_Row], texts: Sequence[_Row]) -> list[_Candidate]:
    title_median = _band([row.features["title_words"] for row in standing])["median"] or 0
    text_median = _band([row.features["words"] for row in texts])["median"] or 0

    def candidate(name: str, text: str, part: str, has: Callable[[_Row], bool]) -> _Candidate:
        return _Candidate(name, text, part, texts if part == "body" else standing, has)

    def of_texts(name: str, feature: Feature) -> _Candidate:
        return candidate(name, feature.text, feature.part, lambda row: feature.has(row.features))

    return [
        _Candidate(
            "self_post",
            "a text of its own instead of a link",
            "post",
            [row for row in standing if row.post.is_self is not None],
            lambda row: row.post.is_self is True,
        ),
        candidate(
            "long_title",
            f"more than {title_median:g} words in the title",
            "post",
            lambda row: row.features["title_words"] > title_median,
        ),
        candidate(
            "long_text", f"more than {text_median:g} words", "body", lambda row: row.features["words"] > text_median
        ),
        *(of_texts(name, feature) for name, feature in FEATURES.items()),
    ]


@dataclass(frozen=True, slots=True)
class _Comparison:
    feature: str
    text: str
    among: str
    median_score: float
    above_with: int
    n_with: int
    above_without: int
    n_without: int

    def finding(self, z: float) -> dict[str, Any] | None:
        low, high = difference_interval(self.above_with, self.n_with, self.above_without, self.n_without, z)
        if low <= 0 <= high:
            return None
        difference = self.above_with / self.n_with - self.above_without / self.n_without
        return {
            "feature": self.feature,
            "text": self.text,
            "among": self.among,
            "direction": "more" if difference > 0 else "less",
            "median_score": self.median_score,
            "with": _side(self.above_with, self.n_with),
            "without": _side(self.above_without, self.n_without),
            "difference": round(difference, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }


def _side(above: int, n: int) -> dict[str, Any]:
    return {"n": n, "above": above, "share": round(above / n, 4)}


def _compare(candidate: _Candidate) -> _Comparison:
    known = [(row, row.post.score) for row in candidate.group if row.post.score is not None]
    middle = (quartiles([score for _, score in known]) or (0.0, 0.0, 0.0))[1]
    above: dict[bool, list[bool]] = {True: [], False: []}
    for row, score in known:
        above[candidate.has(row)].append(score > middle)
    return _Comparison(
        feature=candidate.feature,
        text=candidate.text,
        among="text posts" if candidate.part == "body" else "all posts",
        median_score=middle,
        above_with=sum(above[True]),
        n_with=len(above[True]),
        above_without=sum(above[False]),
        n_without=len(above[False]),
    )

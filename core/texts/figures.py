"""A profile's figures, in the one shape that every room reads.

`core/analysis/profile.py` makes them, `CommunityProfile.figures` keeps them as plain JSON whose keys are the names of
the fields below. Cards, pictures, their words, prompts, interviews and checks read them with `Figures.read`.

Times are aware UTC (ISO 8601 in JSON), shares are 0 to 1, lengths are characters or words. Only *standing* posts count.
Removed posts are evidence of what is refused, not of what is normal, and are counted in `removals` only.

Scores. A score counts when it is *settled*: when it was read a day or more after its post was published. A score that
was read earlier tells how old the post was, not how it was liked. Posts with unsettled scores count for everything
else. How posts were *found* decides what their scores mean: none of the best posts of a year is bad, so these are never
compared with the newest posts. "Above the median" always means the median of posts found in the same way at the same
time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.records import dump, read
from core.texts.days import WEEKDAYS

VERSION = 4
OLD = timedelta(days=365)
_BY_SCORE = frozenset({"top", "best", "hot", "rising", "controversial"})  # listings that votes order


def is_chosen_by_score(way: str | None) -> bool:
    """True when posts found in this way were picked for their scores, so that less liked posts are not among them."""
    return way is not None and way.partition(":")[0] in _BY_SCORE


class Direction(StrEnum):
    """Whether scores are above or below what is usual."""

    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Band:
    """The quartiles (linear interpolation) of a value of `n` posts; None when `n` is 0."""

    n: int = 0
    q1: float | None = None
    median: float | None = None
    q3: float | None = None

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        return _together(self.q1, self.median, self.q3)

    @property
    def usual(self) -> tuple[float, float] | None:
        """The limits of usual lengths: half of the lower quartile, and twice the upper one. None when nothing is
        known.
        """
        return None if self.q1 is None or self.q3 is None else (self.q1 / 2, self.q3 * 2)


def _together(q1: float | None, median: float | None, q3: float | None) -> tuple[float, float, float] | None:
    return None if q1 is None or median is None or q3 is None else (q1, median, q3)


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles of scores, or of numbers of comments, over the `known` settled ones of posts found in one way.

    `unsettled` counts those that were read too early, `unknown` those that were never given; neither counts as 0.
    `elsewhere` counts the settled ones of posts that were found in another way. The four add up to all standing posts.
    `found_in` names the way, None when it is not known. `chosen`: this way picks posts by their scores, some or all, so
    that the quartiles say nothing about the usual post.
    """

    known: int = 0
    unsettled: int = 0
    unknown: int = 0
    elsewhere: int = 0
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    highest: int | None = None
    found_in: str | None = None
    chosen: bool = False

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        return _together(self.q1, self.median, self.q3)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of the `of` posts that could have something have it. `share` is None when `of` is 0."""

    count: int = 0
    of: int = 0
    share: float | None = None

    @classmethod
    def counting(cls, count: int, of: int) -> Share:
        return cls(count, of, round(count / of, 4) if of else None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A flair or a linked host, and how many posts have it. `share` is the share of the posts that could have one."""

    name: str
    count: int = 0
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How many standing posts were found in one way (None: unknown), and how many of their scores are settled."""

    found_in: str | None = None
    posts: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Removals:
    """Removals among all kept posts. `share` is None when none was seen, because many sources never show any."""

    removed: int = 0
    of: int = 0
    share: float | None = None
    by_category: Mapping[str, int] = field(default_factory=dict)  # "unknown" when nobody said who


@dataclass(frozen=True, slots=True)
class RemovedPhrase:
    """Words that `removed` of the `of_removed` posts have that moderators took down, and `standing` of the
    `of_standing` that stand. `confidence`: of as many posts of each, at least this share of those with the words was
    removed.
    """

    words: str
    removed: int
    of_removed: int
    standing: int
    of_standing: int
    confidence: float

    @property
    def counts(self) -> str:
        return (
            f"in {self.removed:,} of {self.of_removed:,} removed posts, in {self.standing:,} of {self.of_standing:,} "
            "that stand"
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """How differently `having` posts with something are received than `lacking` ones without it: in standard
    deviations, above 0 when better, with its standard error.
    """

    difference: float
    error: float
    having: int
    lacking: int


@dataclass(frozen=True, slots=True)
class Promotion:
    """Text posts that carry promotion: of the `standing` ones, and of the `removed` ones whose text is still known.
    `reaction` compares their votes and comments with those of other standing ones; None with too few posts.
    """

    standing: Share = Share()
    removed: Share = Share()
    reaction: Gap | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of day or a weekday, in UTC: `posts` were published then, and `known` of them have a settled score.

    `share` is the share of the known ones above the median, `low` and `high` are its interval, which holds for all
    slots together; they are None when too few are known. `stands_out`: the interval excludes `When.usual`, so that
    chance does not explain the difference.
    """

    begin: int  # an hour (0 to 23), or a weekday (0 is Monday)
    posts: int = 0
    known: int = 0
    share: float | None = None
    low: float | None = None
    high: float | None = None
    stands_out: Direction | None = None


HourWords = Callable[[int, int], str]  # a span from one full hour of UTC to another


def _of_utc(begin: int, end: int) -> str:
    return f"{begin:02}:00 to {end:02}:00 UTC"


@dataclass(frozen=True, slots=True)
class When:
    """When posts score higher: one test of `tested` slots, whose result cards, pictures, alt texts and JSON share.

    `usual` is the share of all posts above the median: less than one half when many scores are equal.
    """

    usual: float = 0.0
    tested: int = 0
    slot_hours: int = 3
    hours_utc: tuple[Slot, ...] = ()
    weekdays_utc: tuple[Slot, ...] = ()

    def standing_out(self, direction: Direction, hour: HourWords = _of_utc) -> tuple[tuple[str, Slot], ...]:
        """The slots on that side with their names, times of day first: "09:00 to 12:00 UTC", "Mondays"."""
        return tuple((name, slot) for name, slot in self.named(hour) if slot.stands_out is direction)

    def named(self, hour: HourWords = _of_utc) -> tuple[tuple[str, Slot], ...]:
        """All slots with their names. `hour` writes hours of UTC as their reader's zone has them."""
        hours = [(hour(s.begin, s.begin + self.slot_hours), s) for s in self.hours_utc]
        return (*hours, *((f"{WEEKDAYS[s.begin % 7]}s", s) for s in self.weekdays_utc))


@dataclass(frozen=True, slots=True)
class Side:
    """`n` posts with a settled score, and the `share` of them above the median, weighted like the finding's
    difference.
    """

    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What goes with a better or worse reception. It is a difference between two groups of posts, not a cause.

    `feature` is a key of `FEATURES`, or "self_post", "long_title", "long_text" (longer than the median). `text` follows
    "posts with" and says what was counted; `among` is "posts" or "text posts". `difference` is `having.share` minus
    `lacking.share`; `low` and `high` are its interval, which excludes zero and holds for all tested features together.
    The compared posts were published from `first_post_at` to `last_post_at`.
    """

    feature: str
    text: str
    among: str
    direction: Direction
    having: Side
    lacking: Side
    difference: float
    low: float
    high: float
    first_post_at: datetime | None = None
    last_post_at: datetime | None = None

    @property
    def n(self) -> int:
        return self.having.n + self.lacking.n

    @property
    def higher_or_lower(self) -> str:
        return "higher" if self.direction is Direction.BETTER else "lower"

    @property
    def counts(self) -> str:
        """The counts in words, without naming the feature, for every card and prompt."""
        return (
            f"{self.having.share:.0%} of {self.having.n:,} such {self.among} score above the median of their time, "
            f"{self.lacking.share:.0%} of the {self.lacking.n:,} others"
        )

    @property
    def sentence(self) -> str:
        """The finding with its direction, its counts and its age, in one sentence that can stand alone."""
        began, ended = self.first_post_at, self.last_post_at
        span = f" ({_day(began)} to {_day(ended)})" if began is not None and ended is not None else ""
        return f"{self.among.capitalize()} with {self.text} score {self.higher_or_lower}: {self.counts}{span}."


def _day(at: datetime) -> str:
    return f"{at:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class Power:
    """How well scores of texts tell posts apart here. `share` is the share of all pairs of a post above and a post
    below the median in which the one above has the higher score, with its 95% interval; it was measured on `posts` of
    the community that were not in training. The model has learned from `learned_from` posts of the community; 0 means
    from other communities only.
    """

    share: float
    low: float
    high: float
    posts: int
    learned_from: int = 0

    @property
    def is_better_than_chance(self) -> bool:
        return self.low > 0.5

    @property
    def sentence(self) -> str:
        if not self.is_better_than_chance:
            return f"Not better than chance here, from {self.posts:,} posts"
        return (
            f"Tells posts above the median from those below in {100 * self.share:.0f} of 100 pairs "
            f"({100 * self.low:.0f}–{100 * self.high:.0f}), from {self.posts:,} posts"
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What a community's kept posts say. An absent or unreadable figure has its default value, and is never an error.

    posts            standing posts, from which everything except `removals` is counted
    enough           posts >= minimum; when False, say "too few posts" and do not build on the figures
    found            how the posts were found, the commonest way first
    self_posts, link_posts   text posts, and posts that point somewhere else, of those whose kind is known
    body_words, paragraphs, words_per_sentence, reading_ease    over text posts that have a text; reading ease is
                     Flesch's: 60 is plain English, 30 hard to read, 90 very easy
    shares           {feature: share} for every feature of `FEATURES`; of all posts for a title's feature, of text
                     posts with a text for a body's
    flairs, domains  the commonest, at most 10; shares of all posts, and of link posts
    promotion        among text posts; what it says of the community: core/analysis/sensitivity.py
    findings         strongest first
    tested           how many features had enough posts on both sides; `untested` names those that had not
    confidence       of each finding's interval, already widened for `tested` looks (Bonferroni): 1 - 0.05 / tested
    pipeline         what read the texts: "blank:en", or the trained model's name
    power            how well scores of texts tell posts apart here; None when there were too few posts to measure it
    upvote_ratio     of the posts with a settled score, when the source told it
    scored_at        when the newest score was read; None when unknown
    removed_phrases  what removed posts say far more often, the surest first (core/analysis/phrases.py)
    """

    version: int = VERSION
    community: str = ""
    posts: int = 0
    enough: bool = False
    minimum: int = 0
    first_post_at: datetime | None = None
    last_post_at: datetime | None = None
    bases: Mapping[str, int] = field(default_factory=dict)
    found: tuple[Found, ...] = ()
    score: Spread = Spread()
    comments: Spread = Spread()
    self_posts: Share = Share()
    link_posts: Share = Share()
    title_chars: Band = Band()
    title_words: Band = Band()
    body_words: Band = Band()
    paragraphs: Band = Band()
    words_per_sentence: Band = Band()
    reading_ease: Band = Band()
    shares: Mapping[str, Share] = field(default_factory=dict)
    flairs: tuple[Listed, ...] = ()
    no_flair: Share = Share()
    when: When = When()
    domains: tuple[Listed, ...] = ()
    removals: Removals = Removals()
    promotion: Promotion = Promotion()
    findings: tuple[Finding, ...] = ()
    tested: int = 0
    untested: tuple[str, ...] = ()
    confidence: float = 0.0
    pipeline: str = ""
    power: Power | None = None
    upvote_ratio: Band = Band()
    scored_at: datetime | None = None
    removed_phrases: tuple[RemovedPhrase, ...] = ()

    @classmethod
    def read(cls, content: Any) -> Figures:
        """The figures in a profile's JSON. Unknown keys are ignored; missing or malformed values get their defaults."""
        figures: Figures | None = read(cls, content)
        return figures or cls()

    def dump(self) -> dict[str, Any]:
        """The figures as plain JSON; `read` gives back the same figures."""
        content: dict[str, Any] = dump(self)
        return content

    @property
    def is_chosen_by_score(self) -> bool:
        """True when all posts were picked for their scores, so that no disliked post was seen."""
        return bool(self.found) and all(is_chosen_by_score(found.found_in) for found in self.found)

    @property
    def is_old(self) -> bool:
        """True when the newest post was more than a year old when scores were read: tastes may have changed since."""
        if self.last_post_at is None or self.scored_at is None:
            return False
        return self.scored_at - self.last_post_at > OLD

    @property
    def settled(self) -> int:
        """How many standing posts have a score that counts."""
        return sum(found.settled for found in self.found)

    def effect(self, feature: str) -> float:
        """How much better (or worse, below 0) posts with a feature are received; 0.0 without a finding about it."""
        return next((finding.difference for finding in self.findings if finding.feature == feature), 0.0)

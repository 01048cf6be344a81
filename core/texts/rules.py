"""A community's rule read as what it asks: its topics, and for each what it forbids, allows, limits or requires.

A rule is taken apart into clauses. Each clause has a stance and the topics that it names (or, naming none, those of the
clause before: "They are removed"); the clauses of one topic together give its demand, with the words it stands on.
Pure; what is not understood gives no demand. A card quotes the words, so that a person can judge the reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from core.texts.rule_words import (
    CONDITION,
    DUTY,
    FORBIDS,
    FREES,
    PERMITS,
    TOPICS,
    Topic,
)

MAX_RULE_CHARS = 2_000  # Reddit takes 500 for a description; moderators' messages are longer
WEEKDAY_NAMES = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")


class Stance(StrEnum):
    """What a rule says of a topic. `NONE`: it speaks of it and restricts nothing."""

    FORBIDS = "forbids"
    ALLOWS_WHEN = "allows_when"
    ONLY_ON = "only_on"
    RATIO = "ratio"
    REQUIRES = "requires"
    NONE = "none"


class RuleText(Protocol):
    @property
    def short_name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Demand:
    """What one rule asks about one topic.

    `quote` are the words it stands on, `condition` those that limit it. `weekdays` (0 is Monday) of ONLY_ON; `ratio` of
    RATIO: at most `ratio[0]` of `ratio[1]` posts. `number` is a length or an age that it names, in `unit`.
    """

    topic: Topic
    stance: Stance
    quote: str
    condition: str = ""
    weekdays: tuple[int, ...] = ()
    ratio: tuple[int, int] | None = None
    number: int | None = None
    unit: str = ""

    @property
    def restricts(self) -> bool:
        return self.stance is not Stance.NONE


_SENTENCES = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)[.!?;](?=[\s\"')*]|$)|\n+|(?:^|\s)[•*–—-]\s")
_CONTRAST = re.compile(
    r",?\s(?:but|however|though|although|whereas|yet)\s|\s[–—-]\s|:\s|"
    r",\s(?=(?:and |so |or )?(?:it|they|this|that|these|those|you|we|please|do not|don't|no|never|spam|links?|"
    r"others?)\s"
    r"(?:\w+\s)?(?:is|are|may|can|will|must|should|have|has|do|does|don't|get|gets|go|goes)\b)",
    re.IGNORECASE,
)
_BINDS = re.compile(
    r"\b(?:must|have to|has to|needs?|require\w*|only|should be|mark|flair|disclos\w*|label)\b", re.IGNORECASE
)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|this|that|these|those|such|one|ones|all|any)\b", re.IGNORECASE)
_IN_COMMENTS = re.compile(r"\bin (?:the )?comments?\b|\bcomments?\b", re.IGNORECASE)
_POSTS = re.compile(r"\bposts?\b|\bsubmissions?\b|\banywhere\b", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAY_NAMES)})days?\b", re.IGNORECASE)
_ON_DAY = re.compile(rf"\b(?:on|every|each) (?:\w+ )?(?:{'|'.join(WEEKDAY_NAMES)})days?\b", re.IGNORECASE)
_WEEKEND = re.compile(r"\bweekends?\b", re.IGNORECASE)
_RATIO = re.compile(
    r"(?P<percent>\d{1,2}) ?(?:%|percent)|(?P<a>\d{1,2}) ?(?::|/|-?to-?| to ) ?(?P<b>\d{1,2})(?!\d| ?(?:am|pm|"
    r"words|days))|"
    r"(?P<some>one|two|1|2) (?:in|out of|of|for|per) (?:every |your )?(?P<all>ten|five|10|5|\d{1,2})\b|"
    r"(?P<most>nine|9) (?:out of|of|in) (?:every |your )?(?:ten|10)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(\d[\d,]*)\+?[- ]?(words?|characters?|chars?|sentences?|days?|weeks?|months?|karma)?", re.IGNORECASE
)
_COUNTS = {"one": 1, "two": 2, "five": 5, "ten": 10, "nine": 9}
# What a rule names without a verb is what it is against: "Spam", "Vote begging".
_OFFENCES = frozenset(
    {Topic.PROMOTION, Topic.REFERRAL, Topic.VOTES, Topic.REPOSTS, Topic.SURVEYS, Topic.RECRUITING, Topic.AI_TEXT}
)
# Here a duty is a condition under which the thing is allowed; elsewhere it is what the rule requires.
_THINGS = _OFFENCES | {Topic.LINKS, Topic.OWN_SITE, Topic.DIRECT_MESSAGES}


@dataclass(frozen=True, slots=True)
class _Clause:
    words: str
    topics: tuple[Topic, ...]
    stance: Stance
    condition: str = ""
    permits: bool = False
    names: bool = True  # it names its topics itself, or says "it" or "they" of those before


def read_rule(rule: RuleText) -> tuple[Demand, ...]:
    """What a rule asks of posts, one demand a topic, in the order in which it speaks of them. A rule for comments alone
    asks nothing of posts.
    """
    return () if rule.kind == "comment" else _read(rule.short_name, rule.description)


@lru_cache(maxsize=1_000)  # every check of a draft reads its community's rules
def _read(short_name: str, description: str) -> tuple[Demand, ...]:
    clauses = list(_clauses(short_name, description))
    topics = dict.fromkeys(topic for clause in clauses for topic in clause.topics)
    return tuple(_demand(topic, [c for c in clauses if topic in c.topics], clauses) for topic in topics)


def topics_in(text: str) -> tuple[Topic, ...]:
    """The topics that a text names, in the order in which it does."""
    plain = _plain(text)
    places = [(match.start(), topic) for topic, names in TOPICS.items() if (match := names.search(plain)) is not None]
    return tuple(topic for _, topic in sorted(places, key=lambda place: place[0]))


def speaks_of(topic: Topic, text: str) -> bool:
    return TOPICS[topic].search(_plain(text)) is not None


def _plain(text: str) -> str:
    plain = text[:MAX_RULE_CHARS].replace("’", "'").replace("‘", "'")
    return re.sub(r"[*_>`#\"“”]+", " ", plain)


def _clauses(short_name: str, description: str) -> Iterator[_Clause]:
    earlier = _first_topics(short_name, description)
    for text in (short_name, description):
        for sentence in _SENTENCES.split(_plain(text)):
            for part in _CONTRAST.split(sentence):
                words = " ".join(part.split())
                if not words:
                    continue
                named = topics_in(words)
                clause = _judge(words, named or earlier)
                yield replace(clause, names=bool(named or _PRONOUN.search(words)))
                earlier = named or earlier


def _first_topics(short_name: str, description: str) -> tuple[Topic, ...]:
    """For what stands before any topic is named, such as a name "The 9:1 rule"."""
    if topics_in(short_name):
        return ()
    first = _SENTENCES.split(_plain(description))[0]
    return topics_in(first)


def _judge(words: str, topics: tuple[Topic, ...]) -> _Clause:
    if _IN_COMMENTS.search(words) and not _POSTS.search(words) and not re.search(r"\bonly in\b", words, re.IGNORECASE):
        return _Clause(words, topics, Stance.NONE)
    if FREES.search(words):
        return _Clause(words, topics, Stance.NONE, permits=True)
    forbids, permits = FORBIDS.search(words), PERMITS.search(words)
    condition = CONDITION.search(words)
    if _ON_DAY.search(words) or (
        (_WEEKDAY.search(words) or _WEEKEND.search(words)) and (permits or forbids or condition)
    ):
        return _Clause(words, topics, Stance.ONLY_ON, words)
    if _RATIO.search(words):
        return _Clause(words, topics, Stance.RATIO, words)
    if forbids:
        return _Clause(words, topics, Stance.ALLOWS_WHEN if condition else Stance.FORBIDS, words if condition else "")
    if permits:
        return _Clause(words, topics, Stance.ALLOWS_WHEN if condition else Stance.NONE, words, permits=True)
    if re.search(r"\b(?:is|are|does|do|will) not$", words, re.IGNORECASE):
        return _Clause(words, topics, Stance.FORBIDS)
    if DUTY.search(words):
        return _Clause(words, topics, Stance.REQUIRES, words)
    if condition:
        return _Clause(words, topics, Stance.ALLOWS_WHEN, words)
    return _Clause(words, topics, Stance.NONE)


def _demand(topic: Topic, clauses: Sequence[_Clause], rule: Sequence[_Clause]) -> Demand:
    by_stance = {clause.stance: clause for clause in reversed(clauses)}
    permitting = next((clause for clause in clauses if clause.permits), None)
    for stance in (Stance.RATIO, Stance.ONLY_ON):
        if stance in by_stance and topic in _THINGS | {Topic.WEEKLY_THREAD, Topic.TIMING}:
            return _with_figures(topic, stance, by_stance[stance])
    if topic is Topic.TIMING and (counted := by_stance.get(Stance.ALLOWS_WHEN)) is not None:
        return _with_figures(topic, Stance.REQUIRES, counted)
    if topic not in _THINGS and permitting is not None and not {Stance.REQUIRES, Stance.FORBIDS} & set(by_stance):
        return Demand(topic, Stance.NONE, permitting.words)
    if (
        topic not in _THINGS
        and (duty := by_stance.get(Stance.REQUIRES) or by_stance.get(Stance.ALLOWS_WHEN)) is not None
    ):
        return _with_figures(topic, Stance.REQUIRES, duty)
    limited = by_stance.get(Stance.ALLOWS_WHEN)
    forbidding = by_stance.get(Stance.FORBIDS)
    if limited is not None:
        return _with_figures(topic, Stance.ALLOWS_WHEN, limited)
    duty = next((c for c in clauses if c.stance is Stance.REQUIRES and (_limits(c) or forbidding is None)), None)
    if duty is not None and (forbidding is not None or permitting is not None or topic in _THINGS):
        return _with_figures(topic, Stance.ALLOWS_WHEN, duty)
    if forbidding is not None and permitting is not None:
        return Demand(topic, Stance.ALLOWS_WHEN, forbidding.words, permitting.words)
    if forbidding is not None:
        return _with_figures(topic, Stance.FORBIDS, forbidding)
    if permitting is None and topic in _OFFENCES and topic in rule[0].topics:
        return Demand(topic, Stance.FORBIDS, rule[0].words)
    return Demand(topic, Stance.NONE, clauses[0].words)


def _limits(duty: _Clause) -> bool:
    """It says how a thing may be ("they must be marked"), and is no other advice ("Search before you post")."""
    return duty.names and _BINDS.search(duty.words) is not None


def _with_figures(topic: Topic, stance: Stance, clause: _Clause) -> Demand:
    days = {WEEKDAY_NAMES.index(name.lower()) for name in _WEEKDAY.findall(clause.words)}
    if _WEEKEND.search(clause.words):
        days |= {5, 6}
    number = _NUMBER.search(clause.words)
    return Demand(
        topic,
        stance,
        clause.words,
        clause.condition,
        tuple(sorted(days)) if stance is Stance.ONLY_ON else (),
        _ratio_in(clause.words) if stance is Stance.RATIO else None,
        int(number[1].replace(",", "")[:9]) if number is not None else None,
        (number[2] or "").lower() if number is not None else "",
    )


def _ratio_in(words: str) -> tuple[int, int] | None:
    """ "9:1", "10%", "1 in 10", "nine out of ten others": own posts of all."""
    match = _RATIO.search(words)
    if match is None:
        return None
    if match["percent"]:
        share = int(match["percent"])
        return (100 - share if share > 50 else share, 100)
    if match["most"]:
        return 1, 10
    if match["some"]:
        return _count(match["some"]), _count(match["all"])
    smaller, larger = sorted((int(match["a"]), int(match["b"])))
    # "9:1" sets others beside own; "1/10" sets own beside all; "90/10" are shares.
    return (smaller, larger) if "/" in match.group() and smaller + larger != 100 else (smaller, smaller + larger)


def _count(word: str) -> int:
    return _COUNTS.get(word.lower()) or int(word)

"""On which terms a demand lets something stand, and how far it reaches: what a draft is held against, as data.

A demand (`rules.py`) has a topic and a stance. What else its rule says of that topic, in words that no stance holds, is
read here. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from core.texts.account_figures import AGE_OF
from core.texts.lengths import is_most, is_of_title
from core.texts.own_links import begins_a_ban, lets_some_links, means_own_links
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, RuleText


class Reach(Enum):
    """Which posts a demand on promotion is about, and which links one on links."""

    ANY = auto()
    PRESENTING = auto()  # posts that present, launch or pitch something, and not every post that names it
    OWN_LINKS = auto()  # links to what somebody makes or sells


class Terms(Enum):
    """What must hold for a thing to stand where a rule allows it."""

    DISCLOSED = auto()  # the text says whose it is
    IN_A_THREAD = auto()  # not in a post of its own
    SOME_LINKS = auto()  # it lets some of these links stand: “a link to free rules is fine”
    UNADVERTISED = auto()  # it may be named, and nobody asked to buy it


@dataclass(frozen=True, slots=True)
class Pace:
    """At most one post in so many days: of all, or only of those about the own product."""

    days: int
    of_promotion: bool


@dataclass(frozen=True, slots=True)
class Repeats:
    """What counts as a repost: within which time (None: ever), and whether the same product in other words does."""

    within: timedelta | None
    of_product: bool


@dataclass(frozen=True, slots=True)
class Size:
    """From `least` to `most` words, characters … of the title or the body; None where that end is open."""

    least: int | None
    most: int | None
    unit: str
    of_title: bool


def reach_of(rule: RuleText, demand: Demand) -> Reach:
    """Returns how far a demand on promotion or on links reaches; ANY for other topics."""
    if means_own_links(demand.topic, demand.quote):
        return Reach.OWN_LINKS
    if demand.topic is not Topic.PROMOTION:
        return Reach.ANY
    words = _words(rule)
    return Reach.PRESENTING if _PRESENTS.search(words) and _NAMES.search(words) is None else Reach.ANY


_PRESENTS = re.compile(
    r"\b(?:posts?|threads?|submissions?)\b[^.;:]{0,40}\b(?:present|launch|announc|pitch|show off|showing off|"
    r"showcas)\w*|\b(?:launch|release|product)(?:es)? (?:posts?|announcements?)\b|\bannouncements?\b|"
    r"\blook[- ]what[- ]i\b|\bwhose (?:only |main |whole )?(?:point|purpose|aim)\b|\bjust an? ad\b|\bcheck out my\b",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"\b(?:nam(?:e|es|ed|ing)|mention(?:s|ed|ing)?|bring(?:ing)?\b[^.;]{0,20}\bup|talk(?:ing)? about)\b", re.IGNORECASE
)


def terms_of(rule: RuleText, demand: Demand) -> frozenset[Terms]:
    """Returns the terms that a demand sets, as far as they can be read."""
    return frozenset(_terms(rule, demand))


def _terms(rule: RuleText, demand: Demand) -> Iterator[Terms]:
    if lets_some_links(_words(rule)):
        yield Terms.SOME_LINKS
    if _WHEN_DISCLOSED.search(f"{demand.quote} {demand.condition}"):
        yield Terms.DISCLOSED
    if demand.topic in _HAVE_THREADS and _IN_A_THREAD.search(demand.condition):
        yield Terms.IN_A_THREAD
    if demand.topic is Topic.PROMOTION and demand.stance is not Stance.FORBIDS and _NO_CALLS.search(_words(rule)):
        yield Terms.UNADVERTISED


_WHEN_DISCLOSED = re.compile(
    r"\bdisclos\w*|\baffiliation\b|\btransparen\w*|\b(?:say|state|tell|mention|declare|clear|"
    r"admit)\b[^.]{0,40}\b(?:your|yours|you|it is)\b",
    re.IGNORECASE,
)
_HAVE_THREADS = frozenset({Topic.PROMOTION, Topic.OWN_SITE, Topic.SURVEYS, Topic.RECRUITING})
_IN_A_THREAD = re.compile(r"\bthreads?\b|\bmega-?threads?\b", re.IGNORECASE)
_NO_CALLS = re.compile(
    r"\b(?:no|not|don't|never|without)\b[^.]{0,40}\b(?:advertis\w*|calls? to (?:buy|action)|sales (?:talk|pitch\w*)|"
    r"pitch\w*|"
    r"check us out|hard sell|ads?|sell)\b",
    re.IGNORECASE,
)


def bans_host(demand: Demand, host: str) -> bool:
    """Whether a ban on links names the site of a host: "No links to eBay" and `ebay.co.uk`."""
    labels = [label for label in host.lower().split(".") if len(label) >= _LONG_LABEL]
    is_ban = demand.topic is Topic.LINKS and (demand.stance is Stance.FORBIDS or begins_a_ban(demand.quote))
    return is_ban and any(re.search(rf"\b{re.escape(label)}\b", demand.quote.lower()) for label in labels)


_LONG_LABEL = 4


def pace_of(rule: RuleText, demand: Demand) -> Pace | None:
    """Returns how often one may post; None where a demand names no time, or more than one post in it."""
    match = _EVERY.search(demand.quote)
    if match is None or _ONCE.match(match.group()) is None:
        return None
    days = int(match["n"] or 1) * _DAYS_OF[match["unit"].lower()]
    sentences = _words(rule).split(".")
    return Pace(days, any(_OF_YOUR_OWN.search(part) and _ONE_OF_THEM.search(part) for part in sentences))


_EVERY = re.compile(
    r"\b(?:once|twice|one (?:post|thread|submission|mention|launch)\b[^.;,]{0,40}|one \w+|1 \w+|\w+) "
    r"(?:a|an|per|every|each|(?:in|within)(?: any)?(?= \d)) (?:(?P<n>\d+) )?"
    r"(?P<unit>day|week|month|24)",
    re.IGNORECASE,
)
_ONCE = re.compile(r"(?:once|one|1)\b", re.IGNORECASE)
_DAYS_OF = {"day": 1, "24": 1, "week": 7, "month": 30}
_OF_YOUR_OWN = re.compile(
    r"\b(?:your|their|one's) own (?:\w+ )?(?:products?|things?|tools?|apps?|games?|work|projects?|stuff|business|"
    r"shops?|sites?|makes?)\b|\bself-?promo\w*|\bpromo(?:tional|tion)?s?\b|\badvert\w*",
    re.IGNORECASE,
)
_ONE_OF_THEM = re.compile(r"\b(?:one|once|1|per|every)\b", re.IGNORECASE)


def repeats_of(rule: RuleText, demand: Demand) -> Repeats:
    """Returns what a demand on reposts counts as one."""
    number, unit = demand.number, demand.unit.rstrip("s")
    within = number * AGE_OF[unit] if number and unit in AGE_OF else None
    return Repeats(within, _SAME_THING.search(_words(rule)) is not None)


_SAME_THING = re.compile(
    r"\bsame (?:\w+ )?(?:app|product|project|tool|game|zine|book|item|shop|site|work|video|link|song|piece|"
    r"pattern)\b",
    re.IGNORECASE,
)


def size_of(rule: RuleText, demand: Demand) -> Size | None:
    """Returns the length that a demand asks; None where it names none."""
    if demand.number is None:
        return None
    of_title = is_of_title(rule.short_name, demand.quote)
    unit = demand.unit.rstrip("s")
    if demand.also is not None:
        return Size(demand.number, demand.also[0], unit, of_title)
    if is_most(demand.quote):
        return Size(None, demand.number, unit, of_title)
    return Size(demand.number, None, unit, of_title)


def _words(rule: RuleText) -> str:
    return f"{rule.short_name}. {rule.description}"

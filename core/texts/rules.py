"""Reads what a community's rule asks: its topics, and for each what it forbids, allows, limits or requires.

A rule is taken apart into clauses (`rule_clauses.py`), each with a stance on the topics that it concerns; the clauses
of one topic together give its demand, with the words it is read from. Pure; what is not understood gives no demand. A
card quotes the words, so that a person can judge the reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from core.texts import rule_meaning
from core.texts.account_figures import account_figure, account_figures
from core.texts.days import days_in
from core.texts.lengths import MANY, SIZES, count, range_in, size_in
from core.texts.own_links import banned_beside, bans_outright, lets_some_links, means_own_links
from core.texts.rule_clauses import (
    OFFENCES,
    RATIO,
    THINGS,
    Clause,
    Part,
    clauses_in,
    judged,
    parts_in,
    topics_in,
)
from core.texts.rule_corrections import is_banned_by_name, is_of_less, is_of_what_lacks, is_plain
from core.texts.rule_forms import kind_and_days
from core.texts.rule_reader import ALWAYS_THERE, MOST_PARTS, Evidence, Means, Verdict, evidence_of, shipped
from core.texts.rule_topics import Stance, Topic


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

    `quote`: the words it is read from; `condition`: those that limit it. `weekdays` (0 is Monday) of ONLY_ON; `ratio`
    of RATIO: at most `ratio[0]` of `ratio[1]` posts. `number` is a length or an age that it names, in `unit`; `also` is
    a second figure that must be met as well: an account's karma beside its age.
    """

    topic: Topic
    stance: Stance
    quote: str
    condition: str = ""
    weekdays: tuple[int, ...] = ()
    ratio: tuple[int, int] | None = None
    number: int | None = None
    unit: str = ""
    also: tuple[int, str] | None = None

    @property
    def figures(self) -> tuple[tuple[int, str], ...]:
        """All that it names, each with what it counts."""
        first = () if self.number is None else ((self.number, self.unit),)
        return first if self.also is None else (*first, self.also)

    @property
    def restricts(self) -> bool:
        return self.stance is not Stance.NONE


_BINDS = re.compile(
    r"\b(?:must|have to|has to|needs?|require\w*|only|should be|mark|flair|disclos\w*|label|say|state|tell)\b",
)
_EVERYTHING = re.compile(r"(?:everything|anything|all|every|each) ")
_PARTS = {"tenth": 10, "fifth": 5, "quarter": 4, "third": 3}
_NUMBER = re.compile(rf"(\d[\d,]*)\+?[- ]?({SIZES}|days?|weeks?|months?|years?|hours?|karma)?")
_SPAN = re.compile(rf"\b(?P<count>\d[\d,]*|{MANY}|one|an?)[- ](?:full )?(?P<of>days?|weeks?|months?|years?|hours?)\b")


def read_rule(rule: RuleText) -> tuple[Demand, ...]:
    """Returns what a rule asks of posts, one demand for each topic, in the rule's order. A rule only for comments asks
    nothing of posts. Takes time in proportion to the length (some 4 ms of one processor for 1,000 characters) and some
    ten milliseconds for each topic that is not plain, so that rules are read off the event loop.
    """
    return () if rule.kind == "comment" else _read(rule.short_name, rule.description)


@lru_cache(maxsize=1_000)
def _read(short_name: str, description: str) -> tuple[Demand, ...]:
    parts, rule = parts_in(short_name, description), f"{short_name}. {description}"
    named = judged(parts)
    if len(parts) > MOST_PARTS:
        return _with_forms([_demand(topic, clauses) for topic, clauses in named.items()], short_name, description)
    about, scores = shipped().about, shipped().about.scores(parts)
    told = [
        _told(topic, clauses, parts, rule)
        if scores[topic] >= about.dropped or topic in parts[0].headline or is_plain(topic, clauses)
        else Demand(topic, Stance.NONE, clauses[0].words)
        for topic, clauses in named.items()
    ]
    unnamed = (_told(topic, (), parts, rule) for topic in Topic if topic not in named and scores[topic] > about.found)
    demands = (*told, *(demand for demand in unnamed if demand.restricts))
    return _with_forms(_narrowed(demands, rule), short_name, description)


def _narrowed(demands: Sequence[Demand], words: str) -> list[Demand]:
    """Returns the demands; one that is of less than its topic asks nothing of that."""
    restricted = {one.topic for one in demands if one.restricts}
    return [
        Demand(one.topic, Stance.NONE, one.quote)
        if is_of_less(one.topic, one.stance, restricted - {one.topic}, words)
        else one
        for one in demands
    ]


def _with_forms(demands: Sequence[Demand], short_name: str, description: str) -> tuple[Demand, ...]:
    """Returns the demands, with those that no clause and no topic of it holds: links to own things, days of a kind."""
    return _with_days_of_a_kind(_with_own_links(demands, f"{short_name}. {description}"), short_name)


def _with_days_of_a_kind(demands: Sequence[Demand], short_name: str) -> tuple[Demand, ...]:
    """Returns the demands, with one on timing where a rule's name gives a kind of post its days."""
    kind, days = kind_and_days(short_name)
    if not kind:
        return tuple(demands)
    others = (one for one in demands if one.topic is not Topic.TIMING)
    return (*others, Demand(Topic.TIMING, Stance.ONLY_ON, short_name, weekdays=days))


def _with_own_links(demands: Sequence[Demand], words: str) -> tuple[Demand, ...]:
    """Returns the demands, with a ban on own links as a demand on the own site, whichever way a rule says it. A
    condition that was read for the own site stands.
    """
    plain = None if lets_some_links(words) else next((one for one in demands if _bans_own_links(one)), None)
    banned = banned_beside(words) if plain is None else plain.quote
    if not banned:
        return tuple(demands)
    is_of_own_alone = plain is not None and Topic.OWN_SITE in topics_in(plain.quote)
    left = tuple(one for one in demands if not (is_of_own_alone and one is plain))
    if any(one.topic is Topic.OWN_SITE and one.restricts for one in left):
        return left
    others = (one for one in left if one.topic is not Topic.OWN_SITE)
    return (*others, Demand(Topic.OWN_SITE, Stance.FORBIDS, banned))


def _bans_own_links(demand: Demand) -> bool:
    """Whether a demand on links is one on links to what somebody makes alone, and bans those."""
    if demand.topic is not Topic.LINKS or not means_own_links(demand.topic, demand.quote):
        return False
    return demand.stance is Stance.FORBIDS or (demand.restricts and bans_outright(demand.quote))


def lets_name(rule: RuleText) -> bool:
    """Returns whether a rule says that posts may name the own product, as long as they are not about it: "Mentioning
    in passing what you make is fine". This is no `Demand`, because it restricts nothing, and frees whatever the other
    rules of the community demand about promotion. What a rule allows in comments alone, it allows in no post.
    """
    return rule.kind != "comment" and _lets_name(rule.short_name, rule.description)


@lru_cache(maxsize=1_000)
def _lets_name(short_name: str, description: str) -> bool:
    parts = parts_in(short_name, description)
    whole = parts_in(short_name, _IS.sub(" is", _BESIDES.sub(" and", description)))  # these do not part the leave
    return any(part.lets_name for part in (*parts, *whole))


_IS = re.compile(r":(?= (?:fine|ok|okay|allowed|welcome)\b)")
_BESIDES = re.compile(r",? (?:while|when|where|as long as)\b", re.IGNORECASE)


def read_by_tables(rule: RuleText) -> tuple[Demand, ...]:
    """Returns what the tables of words read in a rule, whatever the trained reader finds."""
    found = clauses_in(rule.short_name, rule.description)
    return () if rule.kind == "comment" else tuple(_demand(topic, clauses) for topic, clauses in found.items())


def means_for(short_name: str, description: str, topic: Topic) -> Means:
    """Returns what a rule means for a topic that it is known to be about, whether or not it names it."""
    parts = parts_in(short_name, description)
    if not parts:
        return Means.NONE
    return meaning_of(_told(topic, judged(parts).get(topic, ()), parts, f"{short_name}. {description}"))


def meaning_of(demand: Demand) -> Means:
    if demand.stance is Stance.FORBIDS:
        return Means.FORBID
    return Means.COND if demand.restricts else Means.NONE


def by_tables(topic: Topic, clauses: Sequence[Clause]) -> Means:
    """Returns what the clauses come to by the tables of words alone."""
    return meaning_of(_demand(topic, clauses)) if clauses else Means.NONE


def _verdict(evidence: Evidence, rule: str) -> Verdict:
    """Returns what the trained reader makes of a rule; where that is not plain, together with the transformer."""
    alone = shipped().read(evidence)
    if alone.lead >= rule_meaning.plain_lead():
        return alone
    return shipped().read(evidence, rule_meaning.besides(rule, evidence.topic))


def _told(topic: Topic, clauses: Sequence[Clause], parts: Sequence[Part], rule: str) -> Demand:
    """Returns the demand by the tables of words unless the trained reader overrules its meaning; then one of the
    reader's meaning, with the clause that speaks for it most.
    """
    demand = _demand(topic, clauses) if clauses else Demand(topic, Stance.NONE, parts[0].words)
    if len(parts) > MOST_PARTS:
        return demand
    verdict = _verdict(evidence_of(parts, topic, clauses, meaning_of(demand)), rule)
    if not verdict.overrules(meaning_of(demand)):
        return demand
    words = parts[verdict.part].words
    if verdict.means is Means.NONE:
        stands = demand.restricts and (is_banned_by_name(clauses) or is_plain(topic, clauses))
        return demand if stands else Demand(topic, Stance.NONE, words)
    if verdict.means is Means.FORBID:
        if meaning_of(demand) is Means.COND and is_of_what_lacks(words):
            return demand
        return _with_figures(topic, Stance.FORBIDS, Clause(topic, words, Stance.FORBIDS))
    stance = Stance.ALLOWS_WHEN if topic in THINGS or topic is Topic.CIVILITY else Stance.REQUIRES
    if topic in _HAVE_DAYS:
        stance = Stance.ONLY_ON if days_in(words) else Stance.RATIO if ratio_in(words) else stance
    return _with_figures(topic, stance, Clause(topic, words, stance))


def _demand(topic: Topic, clauses: Sequence[Clause]) -> Demand:
    by_stance = {clause.stance: clause for clause in reversed(clauses)}
    permitting = next((clause for clause in clauses if clause.permits), None)
    forbidding = by_stance.get(Stance.FORBIDS)
    limiting = [clause for clause in clauses if clause.stance is Stance.ALLOWS_WHEN]
    if forbidding is not None and forbidding.is_name:
        # "No links": the links that it lists are examples
        limiting = [clause for clause in limiting if not clause.narrows]
    limited = limiting[0] if limiting else None
    for stance in (Stance.RATIO, Stance.ONLY_ON):
        if stance in by_stance and topic in _HAVE_DAYS:
            return _with_figures(topic, stance, by_stance[stance])
    if topic not in THINGS:
        return _form(topic, clauses, permitting, by_stance)
    if limited is not None:
        return _with_figures(topic, Stance.ALLOWS_WHEN, limited)
    duty = next(
        (c for c in clauses if c.stance is Stance.REQUIRES and (_limits(c) or not (forbidding or permitting))), None
    )
    if duty is not None:
        return _with_figures(topic, Stance.ALLOWS_WHEN, duty)
    if forbidding is not None and permitting is not None:
        return Demand(topic, Stance.ALLOWS_WHEN, forbidding.words, permitting.words)
    if forbidding is not None:
        return _with_figures(topic, Stance.FORBIDS, forbidding)
    if permitting is None and topic in OFFENCES and clauses[0].is_name:
        return Demand(topic, Stance.FORBIDS, clauses[0].words)
    return Demand(topic, Stance.NONE, clauses[0].words)


_HAVE_DAYS = THINGS | {Topic.WEEKLY_THREAD, Topic.TIMING}
# Forbidden is what lacks it, or has too little of it.
_MISSING: Mapping[Topic, re.Pattern[str]] = {
    Topic.DISCLOSURE: re.compile(
        r"\b(?:undisclosed|undeclared|hidden|without (?:disclos|saying|telling|stating)\w*)\b"
    ),
    Topic.LENGTH: re.compile(r"\d"),
}
# "Posts without flair are removed", "New accounts are filtered": what they forbid asks something of the others.
_OF_EVERY_POST = ALWAYS_THERE | {Topic.ACCOUNT, Topic.FLAIR, Topic.LANGUAGE, Topic.WEEKLY_THREAD}
_OPTIONAL = re.compile(r"\b(?:optional|voluntary|not (?:required|mandatory|needed|necessary))\b")
_BINDING = frozenset({Stance.REQUIRES, Stance.FORBIDS, Stance.ALLOWS_WHEN})


def _form(
    topic: Topic, clauses: Sequence[Clause], permitting: Clause | None, by_stance: Mapping[Stance, Clause]
) -> Demand:
    """Returns what is asked of something that a post always has (a title, a length, an author)."""
    if permitting is not None and (not _BINDING & set(by_stance) or _OPTIONAL.search(permitting.words.lower())):
        return Demand(topic, Stance.NONE, permitting.words)
    if (
        permitting is not None
        and permitting.is_name
        and not any(by_stance[stance].names for stance in _BINDING & set(by_stance))
    ):
        return Demand(topic, Stance.NONE, permitting.words)  # "Don't worry about titles. Just write."
    if topic in _FIGURES:
        # "Account requirements: …", "Say something": the name asks, but the figure is in a clause
        figured = next((c for c in clauses if not c.permits and _FIGURES[topic](c.words) is not None), None)
        if figured is not None and _BINDING & set(by_stance):
            return _with_figures(topic, Stance.REQUIRES, figured)
    if topic is Topic.CIVILITY and (meant := by_stance.get(Stance.REQUIRES) or by_stance.get(Stance.FORBIDS)):
        return _with_figures(topic, Stance.FORBIDS, meant)  # "Be kind" forbids what is not
    asked = [by_stance.get(stance) for stance in (Stance.REQUIRES, Stance.ALLOWS_WHEN, Stance.ONLY_ON, Stance.RATIO)]
    duty = next((clause for clause in asked if clause is not None), None)
    if duty is not None:
        return _with_figures(topic, Stance.REQUIRES, duty)
    if (forbidding := by_stance.get(Stance.FORBIDS)) is not None:
        if topic in _MISSING:
            lacking = (c for c in clauses if c.stance is Stance.FORBIDS and _MISSING[topic].search(c.words.lower()))
            if (some := next(lacking, None)) is not None:
                return _with_figures(topic, Stance.REQUIRES, some)
        stance = Stance.REQUIRES if topic in _OF_EVERY_POST else Stance.FORBIDS
        return _with_figures(topic, stance, forbidding)
    return Demand(topic, Stance.NONE, clauses[0].words)


def _limits(duty: Clause) -> bool:
    """Whether it limits how a thing may be ("they must be marked"), rather than give advice ("Search before you
    post").
    """
    return duty.names and not _EVERYTHING.match(duty.words.lower()) and _BINDS.search(duty.words.lower()) is not None


def _with_figures(topic: Topic, stance: Stance, clause: Clause) -> Demand:
    number, unit = figure_of(topic, clause.words)
    return Demand(
        topic,
        stance,
        clause.words,
        clause.condition,
        days_in(clause.words) if stance is Stance.ONLY_ON else (),
        ratio_in(clause.words) if stance is Stance.RATIO else None,
        number,
        unit,
        second_figure_of(topic, clause.words),
    )


def second_figure_of(topic: Topic, words: str) -> tuple[int, str] | None:
    """Returns the karma that words ask beside an account's age, or the age beside its karma; of a length the longer."""
    if topic is Topic.LENGTH:
        between = range_in(words)
        return None if between is None else (between.most, between.unit)
    return next(iter(account_figures(words)[1:]), None) if topic is Topic.ACCOUNT else None


def figure_of(topic: Topic, words: str) -> tuple[int | None, str]:
    """Returns the length or age that words name for a topic, and what it counts; (None, "") without one. Those of
    accounts may be in words: (1, "month") for "a month old".
    """
    figure = _FIGURES[topic](words) if topic in _FIGURES else _span_in(words) if topic is Topic.REPOSTS else None
    return figure or number_in(words)


_FIGURES: Mapping[Topic, Callable[[str], tuple[int, str] | None]] = {
    Topic.ACCOUNT: account_figure,
    Topic.LENGTH: size_in,
}


def _span_in(words: str) -> tuple[int, str] | None:
    found = _SPAN.search(words.lower())
    return None if found is None else (count(found["count"]), found["of"])


def number_in(words: str) -> tuple[int | None, str]:
    """Returns the first number, and what it counts: (150, "words"); (None, "") without one."""
    number = _NUMBER.search(words.lower())
    return (None, "") if number is None else (int(number[1].replace(",", "")[:9]), number[2] or "")


def ratio_in(words: str) -> tuple[int, int] | None:
    """Returns own posts of all posts, from "9:1", "10%", "1 in 10" or "nine out of ten others"."""
    match = RATIO.search(words.lower())
    if match is None:
        return None
    if match["percent"]:
        share = int(match["percent"])
        return (100 - share if share > 50 else share, 100)
    if match["most"]:
        most, last = count(match["most"]), count(match["last"])
        return (last - most, last) if 2 * most > last else (most, last)
    if match["part"]:
        return 1, _PARTS[match["part"].lower()]
    if others := match["others"] or match["before"] or match["odds"]:
        return 1, 1 + count(others)
    if match["some"]:
        return count(match["some"]), count(match["all"])
    smaller, larger = sorted((int(match["a"]), int(match["b"])))
    # "9:1" compares others with own; "1/10" compares own with all; "90/10" are shares.
    return (smaller, larger) if "/" in match.group() and smaller + larger != 100 else (smaller, smaller + larger)

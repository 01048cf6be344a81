"""Where plain words of a rule hold against the trained reader (`rule_reader.py`), which learned from whole rules and
misses a word among many. All corrections of it are here, and `rules.py` asks for them. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from core.texts.lengths import size_in
from core.texts.rule_clauses import Clause, speaks_of
from core.texts.rule_topics import Stance, Topic


def is_plain(topic: Topic, clauses: Sequence[Clause]) -> bool:
    """Whether a rule asks something of a topic whatever else it says: it names a length in figures, or a clause of it
    is a ban (“you can name your business, but no links”).
    """
    if topic is Topic.LENGTH:
        return any(size_in(clause.words) is not None for clause in clauses)
    if topic is Topic.LANGUAGE:
        return any(_IN_A_LANGUAGE.search(clause.words) is not None for clause in clauses)
    return topic in _BANNED_PLAINLY and any(
        (ban := _NO_SUCH.match(clause.words)) is not None
        and speaks_of(topic, ban[1])
        and not (topic is Topic.LINKS and _SOME_LINKS.match(ban[1]))
        for clause in clauses
    )


_IN_A_LANGUAGE = re.compile(r"\b(?:write|posts?|keep)\b[^.]{0,25}\bin English\b|\bEnglish only\b", re.IGNORECASE)
_NO_SUCH = re.compile(r"(?:but |and |so )?no ((?:[\w/-]+(?:, | )){0,9}[\w-]+)", re.IGNORECASE)
# “No survey links” bans surveys, and no link of another kind.
_SOME_LINKS = re.compile(
    r"(?!(?:shop|store|product|own|outside|external|outgoing|direct) )[\w-]+ (?:\w+ )?links?\b", re.IGNORECASE
)
# What else is banned is often one thing among others: “no spam”.
_BANNED_PLAINLY = frozenset(
    {Topic.LINKS, Topic.DIRECT_MESSAGES, Topic.SURVEYS, Topic.RECRUITING, Topic.VOTES, Topic.REFERRAL}
)


def is_banned_by_name(clauses: Sequence[Clause]) -> bool:
    """Whether a rule's name is a ban: “No promotion”. That tells how a topic is meant, and not that it is one."""
    return any(clause.is_name and _A_BAN.match(clause.words.lower()) for clause in clauses)


_A_BAN = re.compile(r"(?:rule \w+\W+|\d+\W+)?no (?!need|matter|problem|limits?)\w")


def is_of_what_lacks(words: str) -> bool:
    """Whether words take down what lacks something, and so ask for that: “Titles that do not follow the scheme are
    removed”.
    """
    return _LACKS.search(words) is not None


_LACKS = re.compile(
    r"\b(?:that|which|who) (?:do|does) ?n[o']t\b[^.!?]*\b(?:removed|deleted|taken down|locked|go|goes)\b", re.IGNORECASE
)


def is_of_less(topic: Topic, stance: Stance, others: Collection[Topic], words: str) -> bool:
    """Whether a rule restricts something narrower than the topic that was read in it: calls for staff are no promotion
    of a product, a ban on affiliate links is none on links, and one on generated pictures none on texts. `others`: what
    else the rule restricts; `words`: the whole rule.
    """
    if topic is Topic.AI_TEXT:
        if _FLATLY.search(words) is not None:
            return False
        return _PICTURES.search(words) is not None and _TEXTS.search(_NOT_ON_TEXTS.sub(" ", words)) is None
    if topic is Topic.PROMOTION:
        return not _NO_PROMOTION.isdisjoint(others) and _PROMOTES.search(words) is None
    return (
        topic is Topic.LINKS
        and stance is Stance.FORBIDS
        and (Topic.REFERRAL in others or _CERTAIN_LINKS.search(words) is not None)
        and _ANY_LINKS.search(words) is None
    )


_FLATLY = re.compile(r"\bno (?:AI|bots?|robots?)\s*[.!,;:]", re.IGNORECASE)
_PICTURES = re.compile(
    r"\b(?:images?|pictures?|pics?|photos?|photograph\w*|art|artworks?|illustrations?|drawings?|paintings?|renders?)\b",
    re.IGNORECASE,
)
_TEXTS = re.compile(
    r"\b(?:texts?|posts?(?! (?:a|an|your|it|them)\b)|posting|writ\w*|wrote|words?|comments?|prose|answers?|questions?|"
    r"stor(?:y|ies)|content|anything|everything|chat ?gpt|chat ?bots?|llms?|language models?|typed?)\b",
    re.IGNORECASE,
)
_NOT_ON_TEXTS = re.compile(
    r"\b(?:does not|doesn't|do not|don't|not) (?:concern|apply to|mean|cover|mind|care)\b[^.!?]*|"
    r"[^.!?]*\btexts? (?:is|are) (?:fine|ok\w*)",
    re.IGNORECASE,
)
_NO_PROMOTION = frozenset({Topic.RECRUITING, Topic.DIRECT_MESSAGES, Topic.SURVEYS, Topic.VOTES})
_PROMOTES = re.compile(
    r"\b(?:\w*promo\w*|advert\w*|ads?(?<!job ads)(?<!job ad)|sell\w*|sales?|your own|their own|products?|shops?|"
    r"launch\w*|"
    r"market\w*|plugs?|business\w*|compan(?:y|ies)|brands?|commercial\w*|crowd-?fund\w*|donat\w*|fund-?rais\w*|"
    r"giveaways?|begging|spam\w*)\b",
    re.IGNORECASE,
)
# A ban on links beside one on affiliate links and the like: “no links, no codes”, “shop links”.
_ANY_LINKS = re.compile(
    r"\b(?:no|not|never|don't|without|any|all|other|shop|store|product|own|outside|external) (?:\w+ )?links?\b"
    r"(?<!affiliate links)(?<!referral links)(?<!shortened links)(?<!tracking links)(?<!short links)(?<!funding links)"
    r"(?<!raising links)(?<!donation links)(?<!survey links)|\blinks? to\b",
    re.IGNORECASE,
)
_CERTAIN_LINKS = re.compile(r"\b(?:\w*funding|fund-?raising|donation|survey) links?\b", re.IGNORECASE)

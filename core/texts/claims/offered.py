"""What a clause offers although a fact denies it, what it says about “me” that nobody of us lived, and trends. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.texts.claims import lexicon
from core.texts.claims.classes import Class
from core.texts.claims.clause import Clause, Mark
from core.texts.claims.facts import Fact
from core.texts.claims.words import Word

_OF_NO_MATTER = frozenset(lexicon.OF_NO_MATTER.split())
_PARTS = re.compile(r",|;|\b(?:and|or|nor|but|they|it|we|you)\b", re.IGNORECASE)


def denied_offers(clause: Clause) -> Iterator[Mark]:
    """Yields what a fact denies and the clause says: “it writes a summary”, where a fact says that it does not
    summarise.
    """
    if any(word.is_denied for word in clause.words) or _UNLIKE.search(clause.text):
        return
    said = [word for word in clause.words if not word.is_stop]
    if not said:
        return
    for number, fact in enumerate(clause.known.facts):
        if (
            not fact.is_denying
            or fact.quantities
            or _BOUNDED.search(fact.text)
            or (clause.backing and number not in clause.chosen)
        ):
            continue
        for part in _denied_parts(fact, clause):
            met = [word for held in part for word in said if _is_same(word, held)]
            if len({held.start for held in part for word in met if _is_same(word, held)}) < len(part):
                continue
            if any(False in clause.known.polarity.get(word.stem, ()) for word in met):
                continue
            word = met[0]
            yield Mark(word.start, word.end, "contradiction", f"a fact says the opposite about “{word.text}”")
            return


def _denied_parts(fact: Fact, clause: Clause) -> Iterator[list[Word]]:
    """Yields what a fact denies, each thing with its words: “no videos, no app” are two."""
    at = 0
    part: list[Word] = []
    for word in fact.words:
        if part and _PARTS.search(fact.text[at : word.start]):
            yield from _of_weight(part)
            part = []
        if not word.is_denied or word.is_light or word.is_stop or word.stem in _OF_NO_MATTER:
            continue
        if not word.keys & clause.known.base_keys:
            part.append(word)
            at = word.end
    yield from _of_weight(part)


def _of_weight(part: list[Word]) -> Iterator[list[Word]]:
    if part and (len(part) > 1 or part[0].is_ruled_out or len(part[0].stem) >= _LEAST_STEM):
        yield part


_BOUNDED = re.compile(r"\b(?:outside|beyond|except|other than|further|only|unless|until|yet)\b", re.IGNORECASE)
_LEAST_STEM = 4
_UNLIKE = re.compile(
    r"\b(?:any ?more|no longer|used to|these days|instead|gave up|given up|dropped|removed|took out|"
    r"taken out|left out|"
    r"threw out|out of|stopped|without|except|unlike|first idea|at first|originally|once|asked for|wanted|"
    r"missing|had)\b",
    re.IGNORECASE,
)


def _is_same(word: Word, held: Word) -> bool:
    """Whether two words mean the same here: nouns may be synonyms, verbs must be of one family."""
    if word.stem == held.stem:
        return True
    return word.of is held.of is Class.THING and bool(word.keys & held.keys) and "_" not in word.stem


def lived_by_nobody(clause: Clause) -> Iterator[Mark]:
    """Yields what a fact says about somebody else: “I was a customs officer”."""
    subject = _I_WAS.match(clause.text)
    if subject is None or not clause.chosen or clause.discloses or _MADE_IT.search(clause.text):
        return
    facts = [clause.known.facts[number] for number in clause.chosen]
    if not all(_MY_PERSON.match(fact.text) for fact in facts):
        return
    carried = [word for word in clause.content() if not clause.known.holding(word).isdisjoint(clause.chosen)]
    if carried:
        reason = "no fact says this of the poster"
        yield Mark(clause.start + subject.start("i"), carried[-1].end, "experience", reason)


_I_WAS = re.compile(
    r"\W*(?i:and |but |so |then |later |before that |back then ){0,2}(?P<i>I)(?:'ve| have|'d| had)?(?: \w+ly|"
    r" also| once| even| then)? "
    r"(?:was|were|been|did|\w+ed|ran|won|lost|left|taught|grew|wrote|sold|spent|got|went|saw|slept|fell|"
    r"broke|quit|studied)\b"
)
_MADE_IT = re.compile(
    r"\b(?:built|made|wrote|written|created|designed|developed|coded|released|launched|published|added|"
    r"shipped|set up|"
    r"decided|chose|kept|put|found|noticed|realised|realized|learned|learnt|heard|saw)\b",
    re.IGNORECASE,
)
_MY_PERSON = re.compile(
    r"(?:my|our) (?:[\w-]+ ){1,4}(?:is|was|were|has|had|drew|wrote|made|runs?|\w+ed)\b(?!.*\b(?:i|me)\b)", re.I
)


def trends_unlike(clause: Clause) -> Iterator[Mark]:
    """Yields trends that no fact tells: “fewer and fewer towns pay for it”, “more is missed than before”."""
    trend = _TREND.search(clause.text)
    if trend is None or clause.backing:
        return
    way = "up" if trend["more"] else "down"
    going = set().union(*(clause.known.facts[number].directions for number in clause.chosen[:1]))
    if way in going:
        return
    start, end = trend.span("more" if trend["more"] else "less")
    reason = "a fact says that it went the other way" if going else "no fact says that it changed this way"
    yield Mark(clause.start + start, clause.start + end, "direction", reason)


_THAN_BEFORE = r"\b[^.;]{1,60}? than (?:before|ever|(?:they|it|we|i|you) (?:used to|did)|last \w+|a year ago)\b"
_TREND = re.compile(
    rf"\b(?:(?P<more>more and more|ever more|more{_THAN_BEFORE})|"
    rf"(?P<less>fewer and fewer|less and less|ever fewer|(?:fewer|less){_THAN_BEFORE}))",
    re.IGNORECASE,
)

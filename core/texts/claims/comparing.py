"""Compare a sentence with facts by the tables of words, clause by clause, and mark what no fact carries. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from core.texts.claims.clause import Clause, Mark, Sentence
from core.texts.claims.counting import COUNTED_PEOPLE, quantities_unbacked
from core.texts.claims.disagreeing import contradictions, directions_unlike, tense_unlike
from core.texts.claims.facts import Known
from core.texts.claims.offered import denied_offers, lived_by_nobody, trends_unlike
from core.texts.claims.sayings import is_a_saying, is_of_facts
from core.texts.claims.signals import SAYS
from core.texts.claims.speech import Speech
from core.texts.claims.wording import (
    TELLS_CAUSE,
    dates_unsaid,
    days_unsaid,
    links_unsaid,
    names_unsaid,
    quotes_unsaid,
    rivals_unsaid,
    signals_unsaid,
    words_unsaid,
)
from core.texts.sentences import Span, clause_spans


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the tables say of a sentence: its clauses, the marks in order, and the facts (by their places) that it
    rests on. A sentence that a fact says word for word has no clauses.
    """

    text: str
    known: Known
    clauses: tuple[Clause, ...]
    marks: tuple[Mark, ...]
    rests_on: tuple[int, ...]


def compare(plain: str, known: Known, about: Collection[str] = ()) -> Comparison:
    """Compares a readable sentence. `about`: whom sentences before it named, where it says “he” or “she”."""
    told = known.people_in(plain) | frozenset(about)
    may_say = known.told_by(told, known.first_person_in(plain) is not None)
    if bare(plain) in may_say.sentences:
        return Comparison(plain, known, (), (), (may_say.places[may_say.sentences[bare(plain)]],))
    whole = Sentence(plain, known)
    clauses: list[Clause] = []
    marks: list[Mark] = []
    for span in clause_spans(plain):
        before = clauses[-1].speech if clauses else None
        goes_on = before is Speech.CLAIM and _GOES_ON.match(plain, span.start) is not None
        if before is Speech.GENERAL and _ADDS_TO_A_SAYING.match(plain, span.start):
            both = Clause(whole, Span(clauses[-1].start, span.end))
            if is_a_saying(both):
                both.speech = Speech.GENERAL
                clauses[-1] = both
                continue
        clause, found = _of_clause(whole, span, told, goes_on)
        clauses.append(clause)
        marks += found
    marks += _causes(clauses)
    rests = {clause.known.places[place] for clause in clauses for place in clause.rests_on}
    return Comparison(plain, known, tuple(clauses), _without_overlaps(marks), tuple(sorted(rests)))


def _of_clause(whole: Sentence, span: Span, told: Collection[str], goes_on: bool) -> tuple[Clause, list[Mark]]:
    """Returns a clause and its marks, compared with the facts that may carry it when this person says it.

    `goes_on`: it adds to a claim (“… and you get a glass of wine”), so it is not about the world at large.
    """
    me = whole.known.first_person_in(whole.text, span.start, span.end)
    known = whole.known.told_by(told, me is not None)
    is_of_a_member = whole.known.begins_with_somebody(whole.text[span.start : span.end])
    goes_on = goes_on or is_of_a_member
    clause, free = Clause(whole.against(known), span), Clause(whole, span)
    if is_of_a_member:
        for one in (clause, free):  # “Bob spent …”, “Mark asks …” are told of them, and no advice to bob or to mark
            one.speech = Speech.CLAIM if one.speech is Speech.ADVICE else one.speech
    marks = list(_marks_of(clause, goes_on))
    if not marks or known is whole.known:
        return clause, marks
    left = list(_marks_of(free, goes_on))
    lived = [free.known.others[n] for n in free.chosen if n in free.known.others]
    if not lived or len(left) >= len(marks):
        return clause, marks
    return clause, [*left, *_lived_by(lived[0], free, me)]


def _lived_by(owner: str, clause: Clause, me: re.Match[str] | None) -> Iterator[Mark]:
    """Yields the words that present another person's experience as the poster's own or as nobody's."""
    reason = f"{owner} lived this, not the poster: tell it with their name, or leave it out"
    if me is not None:
        yield Mark(me.start(), me.end(), "experience", reason, is_sure=True)
        return
    carried = [w for w in clause.content() if not clause.known.holding(w).isdisjoint(clause.chosen)]
    if carried:
        yield Mark(carried[0].start, carried[-1].end, "experience", reason, is_sure=True)


_GOES_ON = re.compile(r"(?:and|plus|or|as well as|with|because|since|so that) ", re.IGNORECASE)
_ADDS_TO_A_SAYING = re.compile(r"(?:but|not|and|or|nor|while|even|that|who|which)\b", re.IGNORECASE)


def bare(sentence: str) -> str:
    """Returns the words of a sentence alone, in lower case."""
    return " ".join(re.findall(r"\w+", sentence.lower()))


def _without_overlaps(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Returns the marks without overlaps: the one whose kind says more stays, of two of a kind the longer."""
    kept: list[Mark] = []  # by their places
    for mark in sorted(marks, key=lambda mark: (mark.kind in _PLAIN, mark.start - mark.end, mark.start)):
        at = bisect_left(kept, mark.start, key=attrgetter("start"))
        before, after = kept[at - 1 : at] if at else [], kept[at : at + 1]
        if all(other.end <= mark.start for other in before) and all(mark.end <= other.start for other in after):
            kept.insert(at, mark)
    return tuple(kept)


def _causes(clauses: Sequence[Clause]) -> Iterator[Mark]:
    """Yields “…, because …” between what different facts say: both are true, but no fact says that one caused the
    other.
    """
    for effect, cause in pairwise(clauses):
        match = _BECAUSE.match(cause.text)
        if match is None or not effect.chosen or not set(effect.chosen).isdisjoint(cause.chosen):
            continue
        is_new = not any(TELLS_CAUSE.search(effect.known.facts[number].text) for number in effect.chosen)
        if not cause.rests_on and not (is_new and _COMPARED.search(effect.text)):
            continue
        if effect.speech is cause.speech is Speech.CLAIM:
            yield Mark(cause.start, cause.start + match.end(), "cause", SAYS["cause"])


_BECAUSE = re.compile(
    r"(?:because|since(?! \d| last| then| the | \w+day)|as a result|which is why|that's why|so that)\b", re.I
)
_COULD = re.compile(r"\b(?:could|couldn't)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:more|less|fewer|better|worse|longer|faster|sooner|any ?more|no longer)\b", re.I)
_OF_ALL = re.compile(r"\b(?:nobody|no one|everybody|everyone|people|never|always)\b", re.I)
_PLAIN = ("unsupported", "experience")


_LEVELS: dict[Speech, frozenset[str]] = {
    Speech.OPINION: frozenset({"study", "only", "award"}),
    Speech.PLAN: frozenset({"study", "award"}),
    Speech.HYPOTHESIS: frozenset({"study", "social proof", "testimonial", "award", "competitor"}),
    Speech.ADVICE: frozenset({"study", "award", "promise"}),
    Speech.GENERAL: frozenset({"study", "social proof", "testimonial", "award", "competitor"}),
}


def _marks_of(clause: Clause, goes_on: bool) -> Iterator[Mark]:
    yield from links_unsaid(clause)
    if goes_on and clause.speech is Speech.GENERAL:
        clause.speech = Speech.CLAIM
    if clause.speech in (Speech.QUESTION, Speech.MANNERS):
        return
    if clause.speech is Speech.HYPOTHESIS and _COULD.search(clause.text):
        clause.choose()
        if any(_COULD.search(clause.known.facts[number].text) for number in clause.chosen):
            clause.speech = Speech.CLAIM  # what testers could do is a report, not a supposition
    if (
        clause.speech is Speech.CLAIM
        and not goes_on
        and (clause.is_at_large() or (clause.is_general() and not is_of_facts(clause)) or is_a_saying(clause))
    ):
        clause.speech = Speech.GENERAL
    if clause.speech in (Speech.CLAIM, Speech.PROMISE):
        yield from _as_claim(clause)
        return
    wanted = _LEVELS[clause.speech]
    yield from signals_unsaid(clause, wanted)
    if clause.speech is Speech.GENERAL:
        clause.choose()
        yield from trends_unlike(clause)
        if len(clause.rests_on) == 1 and _OF_ALL.search(clause.text):
            yield from contradictions(clause)
    if clause.speech in (Speech.OPINION, Speech.GENERAL, Speech.HYPOTHESIS) and COUNTED_PEOPLE.search(clause.text):
        yield from quantities_unbacked(clause, only_counted=True)


def _as_claim(clause: Clause) -> Iterator[Mark]:
    numbers = list(quantities_unbacked(clause))
    clause.choose()
    yield from numbers
    found = [*names_unsaid(clause), *dates_unsaid(clause), *days_unsaid(clause)]
    found += signals_unsaid(clause, None)
    found += quotes_unsaid(clause)
    found += rivals_unsaid(clause)
    found += contradictions(clause)
    found += directions_unlike(clause)
    found += tense_unlike(clause)
    found += denied_offers(clause)
    found += lived_by_nobody(clause)
    found += trends_unlike(clause)
    yield from found
    yield from words_unsaid(clause)

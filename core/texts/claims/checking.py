"""Compare sentences with facts, clause by clause, and mark the words that no fact carries. Pure, linear, no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.texts.claims.clause import Clause, Mark, Sentence
from core.texts.claims.counting import COUNTED_PEOPLE, quantities_unbacked
from core.texts.claims.disagreeing import contradictions, directions_unlike, tense_unlike
from core.texts.claims.facts import Known
from core.texts.claims.sentences import Speech, clause_spans, sentence_spans
from core.texts.claims.signals import SAYS
from core.texts.claims.wording import (
    dates_unsaid,
    links_unsaid,
    names_unsaid,
    quotes_unsaid,
    rivals_unsaid,
    signals_unsaid,
    words_unsaid,
)
from core.texts.claims.words import readable


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check found: the marks by place, and the facts (by their places) that clauses rest on."""

    marks: tuple[Mark, ...]
    rests_on: tuple[int, ...]


def check_text(text: str, known: Known) -> Reading:
    """Marks for a whole text, at its own places. Any Unicode is taken; the same text gets the same marks."""
    plain = readable(text)
    marks: list[Mark] = []
    rests: set[int] = set()
    for span in sentence_spans(plain):
        reading = check_sentence(plain[span.start : span.end], known)
        marks.extend(Mark(m.start + span.start, m.end + span.start, m.kind, m.reason) for m in reading.marks)
        rests.update(reading.rests_on)
    return Reading(tuple(marks), tuple(sorted(rests)))


def check_sentence(sentence: str, known: Known) -> Reading:
    """Marks for one sentence, at its own places."""
    plain = readable(sentence)
    if _bare(plain) in known.sentences:
        return Reading((), (known.sentences[_bare(plain)],))
    whole = Sentence(plain, known)
    clauses = [Clause(whole, span) for span in clause_spans(plain)]
    marks = [mark for clause in clauses for mark in _marks_of(clause)]
    marks += _causes(clauses)
    rests = {place for clause in clauses for place in clause.rests_on}
    return Reading(_without_overlaps(marks), tuple(sorted(rests)))


def _bare(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))


def _without_overlaps(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """What says more of the matter stands; of two alike the longer."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.kind in _PLAIN, mark.start - mark.end, mark.start)):
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    return tuple(sorted(kept, key=lambda mark: mark.start))


def _causes(clauses: Sequence[Clause]) -> Iterator[Mark]:
    """“…, because …” between what different facts say: each is so, but no fact says that one comes of the other."""
    for effect, cause in pairwise(clauses):
        match = _BECAUSE.match(cause.text)
        if match is None or not effect.chosen or not cause.chosen or not set(effect.chosen).isdisjoint(cause.chosen):
            continue
        if effect.speech is cause.speech is Speech.CLAIM:
            yield Mark(cause.start, cause.start + match.end(), "cause", SAYS["cause"])


_BECAUSE = re.compile(r"(?:because|since|as a result|which is why|that's why|so that)\b", re.I)
_PLAIN = ("unsupported", "experience")


_LEVELS: dict[Speech, frozenset[str]] = {
    Speech.OPINION: frozenset({"study", "only", "award"}),
    Speech.PLAN: frozenset({"study", "award"}),
    Speech.HYPOTHESIS: frozenset({"study", "social proof", "testimonial", "award", "competitor"}),
    Speech.ADVICE: frozenset({"study", "award"}),
    Speech.GENERAL: frozenset({"study", "social proof", "testimonial", "award", "competitor"}),
}


def _marks_of(clause: Clause) -> Iterator[Mark]:
    yield from links_unsaid(clause)
    if clause.speech in (Speech.QUESTION, Speech.MANNERS):
        return
    if clause.speech is Speech.CLAIM and clause.is_at_large():
        clause.speech = Speech.GENERAL
    if clause.speech in (Speech.CLAIM, Speech.PROMISE):
        yield from _as_claim(clause)
        return
    wanted = _LEVELS[clause.speech]
    yield from signals_unsaid(clause, wanted)
    if clause.speech in (Speech.OPINION, Speech.GENERAL, Speech.HYPOTHESIS) and COUNTED_PEOPLE.search(clause.text):
        yield from quantities_unbacked(clause, only_counted=True)


def _as_claim(clause: Clause) -> Iterator[Mark]:
    numbers = list(quantities_unbacked(clause))
    clause.choose()
    yield from numbers
    found = [*names_unsaid(clause), *dates_unsaid(clause)]
    found += signals_unsaid(clause, None)
    found += quotes_unsaid(clause)
    found += rivals_unsaid(clause)
    found += contradictions(clause)
    found += directions_unlike(clause)
    found += tense_unlike(clause)
    yield from found
    yield from words_unsaid(clause)

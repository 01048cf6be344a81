"""Whether the sentences of a text rest on facts, and which words no fact carries.

The same text gets the same marks. The time grows with the text's length alone; the first check loads the model
(`entailment.py`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.texts.claims import entailment, reader
from core.texts.claims.clause import AMERICA, ME, Clause, Mark
from core.texts.claims.comparing import Comparison, bare, compare
from core.texts.claims.facts import Known
from core.texts.claims.sentences import sentence_spans
from core.texts.claims.words import Word, readable
from core.texts.disclosure import is_disclosed
from core.texts.language import WORD, is_english

# What the tables mark by words or numbers that are there, and not by words that are missing.
_SPECIFIC = frozenset(
    {
        *("date", "name", "link", "direction", "cause", "only", "quantifier", "superlative", "comparison"),
        *("social proof", "testimonial", "study", "award", "competitor", "promise"),
    }
)
_CLEARLY = 0.7  # how much must speak against a sentence that the reader finds carried
INFERRED_MOST = 150  # sentences of a text that the model reads too: a post has some twenty


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the marks in order, and the facts (by their places) that clauses rest on."""

    marks: tuple[Mark, ...]
    rests_on: tuple[int, ...]


def check_text(
    text: str, known: Known, named: Mapping[str, Collection[int]] | None = None, *, title: int = 0
) -> Checked:
    """Returns the marks for a whole text, at its own places. Takes any Unicode; the same text gets the same marks.

    `title`: how many characters of it are a title. The reader was trained on sentences, which a title is not, so that
    the tables alone judge it.

    `named`: for each passage (one sentence or more), the places of the facts that its writer says it rests on. A
    sentence is compared with those first, and with all facts when they do not carry it. This does not hold for a
    sentence that was changed since.

    All is doubted in a text, or of facts, in another language than English: they are compared all the same, because
    numbers and names are much alike.
    """
    plain = readable(text)
    can_compare = is_english(WORD.findall(plain)) and known.is_english
    marks: list[Mark] = []
    rests: set[int] = set()
    told: dict[str, Collection[int]] = {}
    for passage, places in (named or {}).items():
        passage = readable(passage)
        told.update({bare(passage[span.start : span.end]): places for span in sentence_spans(passage)})
    about: frozenset[str] = frozenset()
    for number, span in enumerate(sentence_spans(plain)):
        sentence = plain[span.start : span.end]
        about = known.people_in(sentence) or (about if _HE_OR_SHE.search(sentence) else frozenset())
        time.sleep(0)  # gives another thread its turn, because drafts are checked beside the event loop
        if span.start < title:
            compared = compare(sentence, known, about)
            reading = Checked(compared.marks, compared.rests_on)
        else:
            named_here = told.get(bare(sentence)) if told else None
            reading = check_sentence(sentence, known, named_here, about, infers=number < INFERRED_MOST)
        for mark in reading.marks:
            start, end = mark.start + span.start, mark.end + span.start
            marks.append(replace(mark, start=start, end=end, is_doubted=mark.is_doubted or not can_compare))
        rests.update(reading.rests_on)
    return Checked(tuple(marks), tuple(sorted(rests)))


def check_sentence(
    sentence: str,
    known: Known,
    named: Collection[int] | None = None,
    about: Collection[str] = (),
    *,
    infers: bool = True,
) -> Checked:
    """Returns the marks for one sentence, at its own places.

    `named`: the places of the facts that it should rest on; `about`: whom sentences before it named, where it says
    “he” or “she”; `infers`: whether the model is asked beside the trained reader, which takes some 10 ms.
    """
    plain = readable(sentence)
    # What is told of somebody named before rests on what they lived, which the model does not read.
    infers = infers and not about
    if named:
        reading = _decided(compare(plain, known.only(named), about), infers)
        if reading.rests_on and not reading.marks:
            return reading
    return _decided(compare(plain, known, about), infers)


def claims_something(sentence: str, known: Known) -> bool:
    """Whether a sentence says anything at all that would need a fact, whatever facts there are."""
    return bool(compare(readable(sentence), known.only(())).marks)


def _decided(found: Comparison, infers: bool) -> Checked:
    """Returns what the trained reader and the model decide about a sentence that was compared with facts. They take
    back the marks of a sentence that facts carry, and where the tables marked nothing they mark the words that speak
    most against it.
    """
    says_something = any(clause.content() or clause.quantities for clause in found.clauses)
    # They were trained on sentences with facts to compare with, and none of which another member lived.
    if not found.known.facts or not says_something or found.known.people_in(found.text):
        return Checked(found.marks, found.rests_on)
    evidence = reader.evidence_of(found)
    verdict = reader.shipped().read(evidence)
    is_unbacked, is_plain = verdict.is_unbacked, _is_plain(found, evidence, verdict)
    is_doubted = not infers
    if infers and (is_unbacked or not is_plain):
        lean = entailment.lean(found, verdict.score)
        is_unbacked = is_unbacked if is_plain else lean.speaks_against > (0 if is_unbacked else _CLEARLY)
        is_doubted = lean.is_doubted
    if not is_unbacked:
        return Checked(tuple(mark for mark in found.marks if mark.is_sure), found.rests_on)
    marks = found.marks or (_mark_of(found, found.clauses[verdict.part]),)
    if is_doubted:
        agreed = verdict.is_unbacked and not is_disclosed(found.text, found.known.product.name)
        marks = tuple(mark if agreed and _needs_no_meaning(mark) else replace(mark, is_doubted=True) for mark in marks)
    return Checked(marks, found.rests_on)


def _needs_no_meaning(mark: Mark) -> bool:
    """Whether the tables' mark stands, once the reader agrees, whatever the model makes of the sentence."""
    return mark.is_sure or mark.kind in _SPECIFIC or mark.kind in ("number", "experience")


def _is_plain(found: Comparison, evidence: reader.Evidence, verdict: reader.Verdict) -> bool:
    """Whether the tables and the reader agree on what needs no inference: a date, a name, a number or praise comes from
    nowhere; or one fact tells all of it, or it says how the writer belongs to the product, which no fact tells.
    """
    if verdict.is_unbacked:
        kinds = {mark.kind for mark in found.marks}
        return bool(kinds & _SPECIFIC) or ("number" in kinds and evidence.has_new_number)
    return evidence.is_as_told or is_disclosed(found.text, found.known.product.name)


def _mark_of(found: Comparison, clause: Clause) -> Mark:
    """Returns a mark for the words of a clause that no fact has; for all its words where facts have each of them."""
    kind = "experience" if ME.search(AMERICA.sub(" ", clause.text)) else "unsupported"
    content = clause.content()
    new = [word for word in content if not found.known.holding(word) and not word.keys & found.known.base_keys]
    said = _side_by_side(new, found.text) or content or clause.words
    start, end = (said[0].start, said[-1].end) if said else (clause.start, clause.end)
    words = found.text[start:end]
    return Mark(start, end, kind, f"no fact says “{words}”" if new else "the facts say this otherwise, or not at all")


def _side_by_side(words: Sequence[Word], text: str) -> list[Word]:
    """Returns the longest run of words with at most one short word between them."""
    runs: list[list[Word]] = []
    for word in words:
        if runs and len(text[runs[-1][-1].end : word.start].split()) <= 1:
            runs[-1].append(word)
        else:
            runs.append([word])
    return max(runs, key=len, default=[])


_HE_OR_SHE = re.compile(r"\b(?:he|she|they|his|her|hers|their|theirs)\b", re.IGNORECASE)

"""Whether the sentences of a text rest on facts, and which words no fact carries.

The same text gets the same marks. The time grows with the text's length alone; the first check loads the model
(`entailment.py`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core.texts.claims import entailment, reader
from core.texts.claims.clause import AMERICA, ME, Clause, Mark
from core.texts.claims.comparing import Comparison, bare, compare
from core.texts.claims.entailment import Lean
from core.texts.claims.facts import Known, Product
from core.texts.claims.quantities import Quantity
from core.texts.claims.words import Word
from core.texts.disclosure import disclosures_in
from core.texts.language import is_in_english
from core.texts.markup import Text, without_code
from core.texts.plain import readable
from core.texts.sentences import Span, sentence_spans

# What the tables mark by words or numbers that are there, and not by words that are missing.
_SPECIFIC = frozenset(
    {
        *("date", "name", "link", "direction", "cause", "only", "quantifier", "superlative", "comparison"),
        *("social proof", "testimonial", "study", "award", "competitor", "promise"),
    }
)
_PRAISE = frozenset({"only", "social proof", "testimonial", "study", "award", "promise"})
_OF_BELONGING = frozenset({"experience", "unsupported"})  # what a sentence may be marked for that says whose it is
_OF_OTHERS = frozenset({"social proof", "study"})  # which are told of the world at large too
_LARGE = 1_000
_CLEARLY = 0.7  # how much must speak against a sentence that the reader finds carried
INFERRED_MOST = 60  # sentences of a text that the model reads too: a post has some twenty


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the marks in order, and the facts (by their places) that clauses rest on; of a text also
    sentence by sentence.
    """

    marks: tuple[Mark, ...]
    rests_on: tuple[int, ...]
    by_sentence: tuple[tuple[Span, tuple[int, ...]], ...] = ()


def check_text(
    text: str, known: Known, named: Mapping[str, Collection[int]] | None = None, *, title: int = 0
) -> Checked:
    """Returns the marks for a whole text, at its own places. Takes any Unicode; the same text gets the same marks.

    `title`: how many characters of it are a title. The readers were trained on sentences, which a title is not: there
    they only doubt or take back what the tables mark.

    `named`: for each passage (one sentence or more), the places of the facts that its writer says it rests on. A
    sentence is compared with those first, and with all facts when they do not carry it. This does not hold for a
    sentence that was changed since.

    All is doubted in a text, or of facts, in another language than English: they are compared all the same, because
    numbers and names are much alike.
    """
    plain = readable(text)
    body = title + plain.startswith("\n", title)
    plain = _TAG.sub(_emptied, plain[:title]) + plain[title:body] + without_code(plain[body:])
    can_compare = is_in_english(Text(text[:title], text[title:])) and known.is_english
    marks: list[Mark] = []
    rests: list[tuple[Span, tuple[int, ...]]] = []
    told: dict[str, Collection[int]] = {}
    for passage, places in (named or {}).items():
        passage = readable(passage)
        told.update({bare(passage[span.start : span.end]): places for span in sentence_spans(passage)})
    about: frozenset[str] = frozenset()
    for number, span in enumerate(sentence_spans(plain)):
        sentence = plain[span.start : span.end]
        about = known.people_in(sentence) or (about if _HE_OR_SHE.search(sentence) else frozenset())
        time.sleep(0)  # gives another thread its turn, because drafts are checked beside the event loop
        named_here = told.get(bare(sentence)) if told else None
        reading = check_sentence(
            sentence,
            known,
            named_here,
            about,
            infers=number < INFERRED_MOST,
            adds=span.start >= title,
            within=text,
            at=span.start,
        )
        for mark in reading.marks:
            start, end = mark.start + span.start, mark.end + span.start
            marks.append(replace(mark, start=start, end=end, is_doubted=mark.is_doubted or not can_compare))
        rests.append((span, reading.rests_on))
    return Checked(tuple(marks), tuple(sorted({place for _, places in rests for place in places})), tuple(rests))


def check_sentence(
    sentence: str,
    known: Known,
    named: Collection[int] | None = None,
    about: Collection[str] = (),
    *,
    infers: bool = True,
    adds: bool = True,
    within: str | None = None,
    at: int = 0,
) -> Checked:
    """Returns the marks for one sentence, at its own places.

    `named`: the places of the facts that it should rest on; `about`: whom sentences before it named, where it says
    “he” or “she”; `infers`: whether the model is asked beside the trained reader, which takes some 10 ms; `adds`:
    whether they may mark what the tables do not; `within`: the text in which it stands from `at` on, by which it is
    known whether it says whose the product is.
    """
    plain = readable(sentence)
    place = Span(at, at + len(sentence))
    discloses = partial(_discloses, sentence if within is None else within, place, known.product)
    # What is told of somebody named before rests on what they lived, which the model does not read.
    infers = infers and not about
    if named:
        reading = _decided(compare(plain, known.only(named), about), infers, adds, discloses)
        if reading.rests_on and not reading.marks:
            return reading
    return _decided(compare(plain, known, about), infers, adds, discloses)


def claims_something(sentence: str, known: Known) -> bool:
    """Whether a sentence says anything at all that would need a fact, whatever facts there are."""
    return bool(compare(readable(sentence), known.only(())).marks)


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What the trained reader (`verdict`) and the model (`lean`, None where it was not asked) hold of a sentence;
    `is_unbacked`: the two together find that no fact carries it; `discloses`: it only says how the writer belongs to
    the product, which no fact tells and for which they stand themselves.
    """

    is_unbacked: bool
    discloses: bool
    verdict: reader.Verdict
    lean: Lean | None


def _decided(found: Comparison, infers: bool, adds: bool, discloses: Callable[[], bool]) -> Checked:
    """Returns the marks of a sentence that was compared with facts, as the trained reader and the model leave them."""
    says_something = any(clause.content() or clause.quantities for clause in found.clauses)
    if not says_something:  # “That is the reason”, “It's Friday”: only praise is plain
        certain = {mark for mark in found.marks if mark.kind in _PRAISE or _is_plain_to_see(mark)}
        return _doubted(found.marks, certain, found)
    # They were trained on sentences with facts to compare with, and none of which another member lived.
    is_new_to_them = not found.known.facts or found.known.people_in(found.text)
    if is_new_to_them or not (adds or found.marks):
        return Checked(found.marks, found.rests_on)
    opinion, weighty = _opinion_on(found, infers, discloses), _weighty_numbers(found)
    marks = _standing(found, opinion, weighty)
    return _doubted(marks, _certain(marks, found, opinion, weighty), found)


def _doubted(marks: Iterable[Mark], certain: Collection[Mark], found: Comparison) -> Checked:
    """Returns marks of which all but the certain ones may well be wrong."""
    return Checked(tuple(mark if mark in certain else replace(mark, is_doubted=True) for mark in marks), found.rests_on)


def _opinion_on(found: Comparison, infers: bool, discloses: Callable[[], bool]) -> _Opinion:
    """Returns what both make of a sentence. The model is asked where the tables and the reader do not plainly agree,
    and then both weigh.
    """
    evidence = reader.evidence_of(found)
    verdict = reader.shipped().read(evidence)
    is_unbacked, is_plain = verdict.is_unbacked, _is_plain(found, evidence, verdict)
    lean = entailment.lean(found, verdict.score) if infers and (is_unbacked or not is_plain) else None
    if lean is not None and not is_plain:
        is_praised = any(mark.kind in _PRAISE for mark in found.marks)
        is_unbacked = lean.speaks_against > (0 if is_unbacked or is_praised else _CLEARLY)
    # “I have made it since 1999, for 40 shops” says more than whose it is
    told = is_unbacked and all(mark.kind in _OF_BELONGING for mark in found.marks) and discloses()
    return _Opinion(is_unbacked and (verdict.is_unbacked or not told), told, verdict, lean)


def _discloses(text: str, span: Span, product: Product) -> bool:
    """Whether a text says here whose the product is."""
    said = disclosures_in(text, product.name, product.description, product.url)
    return any(each.start < span.end and span.start < each.end for each in said)


def _standing(found: Comparison, opinion: _Opinion, weighty: Collection[int]) -> tuple[Mark, ...]:
    """Returns the marks that stay: all of a sentence that no fact carries, for which there is always one; of another
    what is sure by itself.
    """
    if opinion.is_unbacked:
        return found.marks or (_mark_of(found, found.clauses[opinion.verdict.part]),)
    return tuple(mark for mark in found.marks if mark.is_sure or mark.start in weighty)


def _certain(marks: Iterable[Mark], found: Comparison, opinion: _Opinion, weighty: Collection[int]) -> frozenset[Mark]:
    """Returns the marks that nobody need doubt, so that they may block a draft."""
    both_may = opinion.is_unbacked and not opinion.discloses
    return frozenset(
        mark
        for mark in marks
        if mark.start in weighty or _is_plain_to_see(mark) or (both_may and _is_certain(mark, found, opinion))
    )


def _is_plain_to_see(mark: Mark) -> bool:
    """Whether no reading of the sentence matters: an address that no fact holds, another's experience told as one's
    own, an award or somebody's approval. Names and studies can be the world's own (“UK”, “a survey”), of which no fact
    speaks.
    """
    return mark.is_sure and mark.kind in ("link", "experience", "award")


def _is_certain(mark: Mark, found: Comparison, opinion: _Opinion) -> bool:
    """Whether the reader and the model together are sure of a mark, less so where the tables found something that is
    there and no fact has, least where that is praise. Where the model did not read, the reader's assent is enough.
    What “I” lived is there when no fact has some of its words; what “we” do is often said of the trade.
    """
    if mark.kind == "experience" and not _has_new_word(mark, found):
        return False
    lean = opinion.lean
    is_lived = mark.kind == "experience" and _I_LIVED.search(found.text) is not None
    is_there = mark.is_sure or is_lived or mark.kind in _SPECIFIC or mark.kind == "number"
    if lean is None:
        return (is_there or mark.kind == "experience") and opinion.verdict.is_unbacked
    is_praise = mark.kind in _PRAISE - _OF_OTHERS
    return lean.is_sure or (lean.is_likely and is_there) or (lean.speaks_against > 0 and is_praise)


def _has_new_word(mark: Mark, found: Comparison) -> bool:
    return any(
        mark.start <= word.start < mark.end and not found.known.holding(word) and not word.keys & found.known.base_keys
        for clause in found.clauses
        for word in clause.content()
    )


_I_LIVED = re.compile(r"\bI(?:'ve|'d)?\b(?! (?:know|think|guess|ask|mean|suppose|believe|hope|wonder|am)\b)")


def _weighty_numbers(found: Comparison) -> frozenset[int]:
    """Returns where numbers begin that no fact carries and that nobody writes by chance or in rounding: in digits, of
    four or more and sums of money; and a fact's number with another unit (“9 weeks” for 9 days).
    """
    counted = (q for fact in found.known.facts for q in fact.quantities if q.dimension != "count")
    held = {_number_of(q) for q in counted if not _ARTICLE.match(q.written)}
    return frozenset(
        quantity.start
        for clause in found.clauses
        for quantity in clause.quantities
        if not clause.backing.get(quantity.start) and (_is_large(quantity, found.text) or _number_of(quantity) in held)
    )


_ARTICLE = re.compile(r"an? ", re.IGNORECASE)  # “a year” is no “a day” with another unit


def _is_large(quantity: Quantity, text: str) -> bool:
    in_digits = text[quantity.start : quantity.end].lstrip("$£€ ")[:1].isdigit()
    return in_digits and (abs(quantity.raw) >= _LARGE or quantity.dimension == "money")


def _number_of(quantity: Quantity) -> tuple[str, str]:
    """Returns a number as it is written, without its unit, and what kind of unit that is."""
    written = f"{quantity.raw:g} of {quantity.of:g}" if quantity.of else quantity.written.split()[0].lower()
    return written, quantity.dimension


def _is_plain(found: Comparison, evidence: reader.Evidence, verdict: reader.Verdict) -> bool:
    """Whether the tables and the reader agree on what needs no inference: a date, a name, a number or praise comes from
    nowhere; or one fact tells all of it.
    """
    if verdict.is_unbacked:
        kinds = {mark.kind for mark in found.marks}
        return bool(kinds & _SPECIFIC) or ("number" in kinds and evidence.has_new_number)
    return evidence.is_as_told


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


def _emptied(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


# Of a title: a community's word for a kind of post, in brackets or by its day (“Feedback Friday: …”).
_TAG = re.compile(
    r"\[[^\[\]\d\n]{1,40}\]|^\s*(?:[\w'-]+ ){0,2}(?:mon|tues|wednes|thurs|fri|satur|sun)days?:", re.IGNORECASE
)
_HE_OR_SHE = re.compile(r"\b(?:he|she|they|his|her|hers|their|theirs)\b", re.IGNORECASE)

"""Reads whether a sentence says something that no fact carries, by a linear model trained on labelled sentences.

What the tables of words mark (`comparing.py`) is one of its witnesses. The others are the sentence's words, which of
them the facts have, in which order covered and uncovered words follow each other, what became of its numbers, and
words that set bounds (“only”, “until”, “planned”) on one side alone. `tools/train_claim_reader.py` made its weights.
The same sentence is read the same way on every machine: weights are integers, and sums of integers have no order.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.texts.artefacts import from_steps, in_steps, pack, step_of, unpack
from core.texts.claims.clause import Clause
from core.texts.claims.comparing import Comparison
from core.texts.claims.counting import quantities_unbacked
from core.texts.claims.facts import Fact
from core.texts.claims.quantities import Quantity
from core.texts.claims.speech import Speech
from core.texts.claims.words import Word
from core.texts.sentences import Span

ARTEFACT = Path(__file__).with_name("reader.json.xz")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a sentence: `whole` of all of it, `parts` by clause. Each sign is there once."""

    whole: Sequence[str]
    parts: Sequence[Sequence[str]]

    @property
    def is_as_told(self) -> bool:
        """Whether one fact has all that each clause says, and the tables mark nothing."""
        return _AS_TOLD in self.whole

    @property
    def has_new_number(self) -> bool:
        """Whether a number stands in no fact and follows from none."""
        return any(_NEW_NUMBER in part for part in self.parts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether no fact carries some of a sentence, and the number of the clause that says so most clearly."""

    is_unbacked: bool
    part: int
    score: int


@dataclass(frozen=True, slots=True)
class Reader:
    """`weights`: of each sign; the sentence is unbacked when their sum and `base` exceed 0. `source`: what it was
    trained on, and its figures.
    """

    weights: Mapping[str, int]
    base: int
    source: Mapping[str, Any]

    def read(self, evidence: Evidence) -> Verdict:
        by_part = [self._sum(signs) for signs in evidence.parts]
        score = self.base + self._sum(evidence.whole) + sum(by_part)
        return Verdict(score > 0, by_part.index(max(by_part)) if by_part else 0, score)

    def _sum(self, signs: Sequence[str]) -> int:
        return sum(self.weights.get(sign, 0) for sign in signs)


# ---------------------------------------------------------------- signs

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[%$€£?!]")
_NUMBER = "<n>"
_AS_TOLD, _NEW_NUMBER = "as told", "number new"
_LENGTHS = (5, 8, 11, 15, 20, 26)  # words
_SHARES = (0.2, 0.34, 0.5, 0.67, 0.9)
_MOST = 4  # words that are counted one by one
_SMALL = 12  # numbers that people write as words
_PERSONS = {
    "i": re.compile(r"\b(?:i|i'm|i've|my|me)\b"),
    "we": re.compile(r"\b(?:we|we're|we've|our|us)\b"),
    "you": re.compile(r"\byou"),
    "it": re.compile(r"\b(?:it|its|it's)\b"),
    "they": re.compile(r"\b(?:they|their|them|people|users|customers)\b"),
}
# Words that bound what is said. A sentence that has one where its fact has none, or the reverse, says another thing.
_BOUNDS = {
    "only": r"\bonly|just\b|\bsole|nothing but|exclusiv",
    "no": r"\b(?:no|not|none|never|without|nobody|nothing|neither|nor|cannot)\b|n't\b",
    "planned": r"\bplan|\bwill\b|'ll\b|soon|coming|later|next|some ?day|on my list|beta|not yet|maybe|should",
    "at most": r"\bup to|at most|no more than|maximum|\bmax\b|under|below|less than|fewer|within|limit",
    "at least": r"at least|minimum|\bmin\b|over\b|above|more than|or (?:later|newer|more|older|up)|upwards",
    "about": r"about|around|roughly|nearly|almost|some \d|approx|or so|ish\b",
    "except": r"except|apart from|other than|unless|but not|outside|excluding",
    "order": r"\bfirst|second|third|last\b|latest|next\b",
    "before": r"\bbefore|until|till|ahead|earlier|prior|used to",
    "after": r"\bafter|since|then\b|afterwards|later|following",
    "free": r"\bfree\b|costs? nothing|no charge|for nothing|gratis",
    "price": r"\bpay|paid|price|cost|charge|fee|[$€£]|euro|pound|dollar|usd|eur|gbp",
    "all": r"\b(?:all|every\w*|each|always|any\w*|whole|entire\w*|both|100%)\b",
    "some": r"\b(?:some|few|several|many|part\w*|half|mostly|most|often|usually|sometimes|majority)\b",
    "because": r"because|since\b|due to|so that|thanks to|that's why|reason|led to|which is why|\bso\b",
    "more": r"\b(?:more|better|faster|cheaper|longer|higher|bigger|\w+er than|than)\b",
    "best": r"\b(?:best|most|\w{3,}est|least|top|leading|unique|record)\b",
    "i": r"\b(?:i|i'm|i've|my|me|myself)\b",
    "we": r"\b(?:we|our|us|we're|we've)\b",
    "they": r"\b(?:they|their|people|users?|customers?|members?|everyone|somebody|someone|parents?|teachers?|readers?|"
    r"players?|visitors?|clients?|volunteers?)\b",
    "you": r"\byou|your",
    "said": r"\b(?:said|says?|told|wrote|writes|asked|called|loved?s?|like[sd]?|thank|happy|praise|recommend\w*|"
    r"complain\w*)\b",
    "can": r"\b(?:can|could|able|lets?|allows?|works?|supports?|possible|may)\b",
    "can't": r"can't|cannot|unable|impossible|doesn't work|won't",
    "must": r"\bneed|must|have to|has to|require|necessary",
    "by itself": r"automat|by itself|on its own|instant|real.?time|always|24/7",
    "year": r"\b(?:19|20)\d\d\b",
    "time": r"\b(?:minutes?|hours?|days?|weeks?|months?|years?|daily|weekly|monthly|yearly|annual\w*|evening|morning|"
    r"night|weekend)\b",
    "past": r"\b(?:was|were|had|did|used|began|started|became|grew|went|came|lost|broke|threw|quit|left|built|wrote|"
    r"made|sold|bought|\w{3,}ed)\b",
    "praise": r"award|prize|featured|press|magazine|newspaper|study|research|scientist|doctor|expert|proven|university|"
    r"radio|tv\b",
    "guarantee": r"guarantee|promise|never again|refund|money back|warranty|risk",
}
_BOUND = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _BOUNDS.items()}


@lru_cache(maxsize=5_000)
def _bounds_in(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _BOUND.items() if pattern.search(text))


def evidence_of(found: Comparison) -> Evidence:
    """Returns the signs of a sentence that was compared with facts."""
    whole = list(_of_all(found))
    seen = set(whole)
    parts = []
    for clause in found.clauses:
        fresh = [sign for sign in dict.fromkeys(_of_clause(_weighed(clause), clause.speech)) if sign not in seen]
        seen.update(fresh)
        parts.append(tuple(fresh))
    if not found.marks and all(map(_is_as_told, map(_weighed, found.clauses))):
        whole.append(_AS_TOLD)
    return Evidence(tuple(dict.fromkeys(whole)), parts)


def _is_as_told(clause: Clause) -> bool:
    """Whether one fact has all that a clause says, and the clause bounds nothing that the fact does not."""
    content = clause.content()
    if not clause.chosen or any(quantity.start not in clause.backing for quantity in clause.quantities):
        return False
    fact = clause.chosen[0]
    if not all(fact in clause.known.holding(word) for word in content):
        return False
    return _bounds_in(clause.text) <= _bounds_in(clause.known.facts[fact].text)


def _weighed(clause: Clause) -> Clause:
    """Returns a clause with its numbers compared and its facts chosen, also when it is no claim."""
    if clause.speech in (Speech.CLAIM, Speech.PROMISE):
        return clause
    other = Clause(clause.whole, Span(clause.start, clause.end))
    for _ in quantities_unbacked(other):
        pass  # asked for the facts that carry its numbers
    other.choose()
    return other


def _of_all(found: Comparison) -> Iterator[str]:
    low = found.text.lower()
    words = [_NUMBER if word.isdigit() else word for word in _TOKEN.findall(low)]
    yield from (f"w {word}" for word in words)
    yield f"long {_step(len(words), _LENGTHS)}"
    yield from (f"says {who}" for who, pattern in _PERSONS.items() if pattern.search(low))
    yield f"marks {min(len(found.marks), _MOST)}"
    yield from (f"mark {mark.kind}" for mark in found.marks)


def _of_clause(clause: Clause, speech: Speech) -> Iterator[str]:
    yield f"does {speech}"
    content = clause.content()
    held = {word.start: clause.known.holding(word) for word in content}
    how = {word.start: _how(word, held[word.start], clause) for word in content}
    yield from (f"{one}>{other}" for one, other in pairwise(_sequence(clause, how)))
    for word in content:
        yield f"{how[word.start]} {word.stem}"
        yield f"{how[word.start]} {speech} {word.of.value}{' denied' if word.is_denied else ''}"
    if content:
        yield from _covered(held, how, speech, len(clause.known.facts))
    for quantity in clause.quantities:
        yield from _of_quantity(clause, quantity)
    yield from _of_bounds(clause)
    if clause.chosen:
        yield from _beside(clause, content, clause.known.facts[clause.chosen[0]])


def _covered(held: Mapping[int, frozenset[int]], how: Mapping[int, str], speech: Speech, facts: int) -> Iterator[str]:
    """Yields how many words of a clause facts have, and which share of them one fact has."""
    lacks, has = (sum(one == kind for one in how.values()) for kind in (_NEW, _HELD))
    yield f"lacks {min(lacks, _MOST)} has {min(has, _MOST)} {speech}"
    most = max((sum(place in places for places in held.values()) for place in range(facts)), default=0)
    yield f"in one fact {_step(most / len(held), _SHARES)} of {min(len(held), _MOST)} {speech}"


_HELD, _ELSEWHERE, _OURS, _NEW = "held", "elsewhere", "ours", "new"


def _how(word: Word, places: frozenset[int], clause: Clause) -> str:
    """Returns how a word is known: from the facts that carry the clause, another fact, what the product is, or not."""
    if places:
        return _ELSEWHERE if places.isdisjoint(clause.chosen) else _HELD
    return _OURS if word.keys & clause.known.base_keys else _NEW


def _sequence(clause: Clause, how: Mapping[int, str]) -> Iterator[str]:
    """Yields a clause with what the facts know of its content words in their place: “it <held noun> no <new noun>”."""
    yield "^"
    numbers = deque(sorted(clause.quantities, key=lambda quantity: quantity.start))
    within = -1  # where the number ends that was told last
    for word in clause.words:
        while numbers and numbers[0].end <= word.start:
            numbers.popleft()
        if numbers and numbers[0].start <= word.start:
            number = numbers.popleft()
            within = number.end
            yield f"<{_backing(clause, number)} number>"
        elif word.start < within:
            continue
        elif word.start in how:
            yield f"<{how[word.start]} {word.of.value}>"
        else:
            yield word.text.lower()
    yield "$"


def _backing(clause: Clause, quantity: Quantity) -> str:
    """Returns how the facts know a number: `given`, `follows` from others, `stands` there about something else."""
    backing = clause.backing.get(quantity.start)
    if backing:
        return "given" if any(not one.how for one in backing) else "follows"
    return "stands" if quantity.raw in clause.known.numbers else "new"


def _of_quantity(clause: Clause, quantity: Quantity) -> Iterator[str]:
    state = _backing(clause, quantity)
    written = clause.whole.text[quantity.start : quantity.end].lstrip("£$€ ")
    yield f"number {state}"
    yield f"number {state} {'few' if quantity.raw <= _SMALL else 'many'} {'9' if written[:1].isdigit() else 'nine'}"
    yield f"number {state} {quantity.dimension}"
    yield f"number {state} {quantity.sense}"


def _of_bounds(clause: Clause) -> Iterator[str]:
    said = _bounds_in(clause.text)
    facts = [_bounds_in(fact.text) for fact in clause.known.facts]
    carried = facts[clause.chosen[0]] if clause.chosen else frozenset()
    yield from (f"both {bound}" for bound in sorted(said & carried))
    yield from (f"said {bound}" for bound in sorted(said - carried))
    yield from (f"fact {bound}" for bound in sorted(carried - said))
    yield from (f"no fact {bound}" for bound in sorted(said.difference(*facts)))


def _beside(clause: Clause, content: Sequence[Word], fact: Fact) -> Iterator[str]:
    """Yields how a clause stands beside the fact that carries most of it: how much of that it tells, what each
    denies.
    """
    told = frozenset[str]().union(*(word.keys for word in content))
    theirs = [word for word in fact.words if word.is_content]
    share = sum(bool(word.keys & told) for word in theirs) / max(1, len(theirs))
    yield f"tells {_step(share, _SHARES)} of the fact"
    yield f"denies {any(word.is_denied for word in clause.words):d} fact {fact.is_denying:d}"
    for word in content:
        for other in theirs:
            if word.keys & other.keys:
                yield f"word denied {word.is_denied:d} fact {other.is_denied:d} {word.of.value}"


def _step(value: float, limits: Sequence[float]) -> int:
    return sum(value >= limit for limit in limits)


# ---------------------------------------------------------------- the artefact


@cache
def shipped() -> Reader:
    """The reader in the artefact beside this module."""
    return load(ARTEFACT.read_bytes())


def load(packed: bytes) -> Reader:
    """The reader in what `dump` wrote."""
    content = unpack(packed)
    weights = dict(zip(content["signs"].split("\n"), from_steps(content["weights"]), strict=True))
    return Reader(weights, content["base"], content["source"])


def dump(weights: Mapping[str, float], base: float, source: Mapping[str, Any]) -> bytes:
    """The artefact with these weights."""
    signs = sorted(weights)
    steps = [weights[sign] for sign in signs]
    return pack(
        {
            "base": round(base / step_of(steps)),
            "signs": "\n".join(signs),
            "source": dict(source),
            "weights": in_steps(steps),
        }
    )

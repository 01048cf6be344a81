"""Whether a clause is a saying: something that anybody could say about the world, without a word about us. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from core.texts.claims import lexicon
from core.texts.claims.classes import Class, classes_of
from core.texts.claims.clause import Clause
from core.texts.claims.words import Word

_OURS = re.compile(
    r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|we|we're|we've|we'd|us|our|ours|it|its|it's|itself|them|this|"
    r"these|he|she|his|"
    r"in there|here|already|now|so far|yet)\b",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(r"\b(?:whether|if|when|that|as) it(?:'s| is| was)\b|\bus all\b|\bwe all\b|\ball of us\b", re.I)
_ANY = re.compile(r"(?:a|an|every|each|any|no)\b", re.IGNORECASE)
_ANYBODY = re.compile(
    r"(?:most people|some people|most of us|people|nobody|no one|everybody|everyone|nothing|somebody|"
    r"someone|whoever)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\W*(?:and |but |or |so )?(?:(?:in|on|at|for|with) (?:a|an|any|every) \w+ (?:the )?)?", re.IGNORECASE
)
_BE = frozenset(lexicon.BE.split()) | {"have", "do", "can't"}
_MEASURES = re.compile(
    r"\b(?:within|after|in|for|under) (?:a|an|one|a few|several|some) (?:single )?(?:second|minute|hour|"
    r"day|night|week|month|season|"
    r"year|decade)s?\b|\bwithin (?:second|minute|hour|day|week|month|year)s\b",
    re.IGNORECASE,
)
_IS_THERE = re.compile(
    r"\b(?:can|could|may)\b|\bcomes? with\b|\bincluded\b|\bavailable\b|\byou (?:get|will|need|have)\b|\byours?\b|"
    r"\b(?:tell|show|give|let|send|help|save|get|make|keep|prove)s? (?:you|us|their)\b|\bfor free\b|"
    r"\b(?:for|at) no cost\b|\b(?:too|also|as well|in addition|by default|out of the box|built[- ]in|today)\b|"
    r"\beach\b.|(?<!^)\bevery\b|\bbecause\b|\bas a result\b|\bthanks to\b|\bsince\b|"
    r"\b(?:more|less|better|longer|faster|sooner|fewer|cheaper|easier|happier)\b(?!.*\bthan\b)",
    re.IGNORECASE,
)
_IS_PAST = re.compile(r"\b(?:was|were|had|did|didn't|wasn't|weren't|hadn't|has been|have been)\b", re.IGNORECASE)
_EVER = re.compile(r"\b(?:ever|never)\b", re.IGNORECASE)
_LEAST_WORDS = 3
_MOST_HELD = 0.5  # of the words of a saying that a single fact may have


def is_a_saying(clause: Clause) -> bool:
    """Whether it is a saying, as “customers forgive an outage, but not silence”; not “guests leave a deposit”, which is
    what facts are about.

    It is about nobody of ours and nothing measured or named, its subject is a kind, its verb in the present, and at
    most half of its words are in facts.
    """
    if clause.quantities or clause.links or clause.named or len(clause.words) < _LEAST_WORDS:
        return False
    if any(clause.start <= date.start < clause.end for date in clause.whole.dates):
        return False
    text = _OF_ITSELF.sub(" ", clause.text)
    if _OURS.search(text) or _MEASURES.search(text) or _IS_THERE.search(text) or not _is_of_a_kind(clause):
        return False
    if not _EVER.search(text) and (_IS_PAST.search(text) or any(_is_past(word) for word in clause.words)):
        return False
    if _is_of_a_rival(clause) or any(w.text[0].isupper() and not w.is_stop for w in clause.words[1:]):
        return False
    return not is_of_facts(clause)


def is_of_facts(clause: Clause) -> bool:
    """Whether facts have most of the words of a clause, which is then about the same as the facts."""
    content = [word for word in clause.content() if not word.keys & clause.known.base_keys]
    held = [clause.known.holding(word) for word in content]
    most = sum(bool(places) for places in held)
    return most > _MOST_HELD * len(content) and (most > 1 or len(content) == 1)


def _is_past(word: Word) -> bool:
    return word.of is Class.DEED and word.text.lower().endswith("ed")


def _is_of_a_kind(clause: Clause) -> bool:
    """Whether the subject is any of a kind, and its verb follows: “screws have …”, “a knot is …”, “nobody cares”."""
    start = _LEAD.match(clause.text).end()  # type: ignore[union-attr]  # all of it may be missing
    words = [word for word in clause.words if word.start >= clause.start + start]
    if _ANYBODY.match(clause.text, start):
        return True
    if len(words) < _LEAST_WORDS:
        return False
    if _ANY.match(clause.text, start):
        return (not clause.known.holding(words[1]) and not words[1].keys & clause.known.base_keys) or words[
            0
        ].text in _A
    for noun, verb in pairwise(words[:4]):
        if noun.is_stop:
            return False
        if _is_plural(noun) and _is_verb(verb, surely="v" in classes_of(noun.text.lower())):
            return True
    return False


def _is_plural(word: Word) -> bool:
    low = word.text.lower()
    return (low.endswith("s") and not low.endswith(("ss", "us", "is", "'s"))) or low in _PLURAL


def _is_verb(word: Word, *, surely: bool) -> bool:
    """Whether a word is a verb. `surely`: it can be nothing else: “screws have”, but not “supports voice notes”."""
    low = word.text.lower()
    can = classes_of(low)
    return low in _BE or (("n" not in can if surely else True) and "v" in can and not low.endswith(("s", "ing", "ed")))


_A = ("a", "an", "A", "An")
_PLURAL = ("people", "children", "kids", "men", "women", "sheep", "mice", "feet", "teeth", "police", "we")


def _is_of_a_rival(clause: Clause) -> bool:
    """Whether it is about another kind of what the product is: “satellite collars die early”."""
    subject = [word for word in clause.words[:3] if not word.is_stop]
    return any(
        word.text.lower().endswith("s") and bool(word.keys & clause.known.category_keys) and not word.is_person
        for word in subject[1:]
    )

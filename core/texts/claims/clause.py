"""A clause of a sentence, read: its words, quantities and links, what it does, and the facts that carry it. Pure."""

from __future__ import annotations

import copy
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from core.texts.claims import lexicon
from core.texts.claims.arithmetic import Backed
from core.texts.claims.classes import Class, classes_of
from core.texts.claims.dates import dates_in
from core.texts.claims.facts import FALLS, RISES, Known
from core.texts.claims.quantities import Quantity, quantities_in
from core.texts.claims.senses import sense_of
from core.texts.claims.speech import speech_of
from core.texts.claims.words import Word, is_known, words_in
from core.texts.sentences import Span

_CONTEXT = 600  # characters of a sentence that are read to tell what a clause does
_FACTS_OF_A_CLAUSE = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at `start:end` of the checked text that no fact carries; `reason` says so in plain words. `is_sure`: no
    judgement of meaning is needed to see that. `is_doubted`: it may well be wrong, so that somebody should read the
    words again, and nothing should be refused for it.
    """

    start: int
    end: int
    kind: str
    reason: str
    is_sure: bool = field(default=False, compare=False)
    is_doubted: bool = field(default=False, compare=False)


class Sentence:
    """A sentence that is read once for all its clauses."""

    def __init__(self, text: str, known: Known) -> None:
        self.text, self.known = text, known
        self.words = words_in(text)
        self._starts = [word.start for word in self.words]
        self.quantities = (*quantities_in(text), *_multiples(text))
        self.dates = tuple(dates_in(text))
        capital = [word for word in self.words if word.is_content]
        capitals, least = sum(w.text[0].isupper() for w in capital), 1.0 if text.rstrip().endswith(".") else 0.7
        self.is_title = len(capital) >= 4 and capitals >= least * len(capital)
        self.context = text if len(text) <= _CONTEXT else ""

    def words_from(self, start: int, end: int) -> list[Word]:
        """Returns the words that begin in a part of the sentence, without a look at the others: it may have hundreds of
        parts.
        """
        return list(self.words[bisect_left(self._starts, start) : bisect_left(self._starts, end)])

    def against(self, known: Known) -> Sentence:
        """Returns the same sentence, to be compared with other facts."""
        if known is self.known:
            return self
        other = copy.copy(self)
        other.known = known
        return other


_MULTIPLE = re.compile(
    # “A double booking” was made twice; “double” is no figure there.
    r"\b(?:(?P<two>doubled|doubles|twice(?! an? | per | every | each )|double(?![- ](?:book|check|click|dip|"
    r"sided|glaz|entr|pay|charg|count)))|"
    r"(?P<three>tripled|trebled|threefold)|(?P<half>halved|"
    r"halves|(?:cut|reduced|down|dropped|fell) (?:\w+ ){0,3}?(?:in|by) half))\b",
    re.I,
)


def _multiples(text: str) -> Iterator[Quantity]:
    for match in _MULTIPLE.finditer(text):
        if match["half"]:
            sense = sense_of(text, *match.span())
            yield Quantity(50.0, "percent", match.group(), *match.span(), sense=sense, raw=50.0, plain=False)
        else:
            value = 2.0 if match["two"] else 3.0
            yield Quantity(value, "times", match.group(), *match.span(), sense="about", raw=value)


ME = re.compile(r"\b(?:i|i'm|i've|i'd|me|my|mine|we|we've|we're|we'd|our|ours|us)\b", re.IGNORECASE)
AMERICA = re.compile(r"\bUS\b|\bU\.S\.")
_DISCLOSES = re.compile(
    r"\b(?:shameless plug|self[- ]?promo\w*|(?:commercial|financial|vested) interest|involved|weigh my words|"
    r"(?:bear|keep) (?:that|this|it) in mind|in the interest of|transparency|i get paid|"
    r"horse in (?:this|the) race|skin in the game|(?:grain|pinch) of salt|vested interest|(?:not|"
    r"hardly|never|anything but|far from) (?:\w+ )?(?:impartial|neutral|objective|unbiased))\b|"
    r"^\W*\w+ here\b|"
    r"\b(?:i'?m|i am|we'?re|we are|as) (?:(?:the|its|a|one of the|this \w+'s|a solo|the solo|"
    r"an?) )?(?:\w+ )?(?:founder|maker|creator|author|dev|developer|owner|maintainer|one behind|"
    r"person behind|guy behind|"
    r"co-?founder|builder|designer)\b|\bauthor here\b|\bfounder here\b|\bdev here\b|\bmaker here\b|"
    r"\b(?:it|this)(?:'s| is) my (?:own )?\w+|\bbiased\b|\b(?:i|we) (?:\w+ )?(?:made|make|built|build|"
    r"wrote|write|run|own|created|develop|developed|maintain|sell|work on|work for|founded|started) "
    r"(?:it|this|that)\b|\bdisclosure\b|\bdisclaimer\b|\bconflict of interest\b|\b(?:my|"
    r"our) own (?:product|tool|app|game|course|shop|company|project|work|thing|site|book)\b|"
    r"\baffiliated\b",
    re.IGNORECASE,
)
_IDIOM_OF_DISCLOSURE = re.compile(
    r"\b(?:shameless|self[- ]?promo|interest|involved|weigh|bear|in mind|transparency|horse in|"
    r"skin in the game|of salt|vested interest|impartial|neutral|objective|unbiased|"
    r"here\b)",
    re.I,
)
_DISCLOSING_WORDS = re.findall(
    r"\S+",
    "founder maker creator author dev developer owner maintainer builder cofounder own build make write create run "
    "maintain develop sell work found bias disclosure tool app game product project course shop company site side "
    "interest conflict objective neutral salt grain view voice opinion",
)
_URL = re.compile(
    r"\bhttps?://[^\s<>()\[\]]+|\bwww\.[^\s<>()\[\]]+|(?<![\w@.])(?:[a-z0-9-]{1,63}\.)+(?:com|net|org|"
    r"io|co|ai|app|dev|me|ly|gg|shop|store|xyz|ie|de|uk|eu|fr|nl|ca|au|us|info|site|online|tech|"
    r"studio|edu|gov|page|club|so|to|tv|fm)\b(?:/[^\s<>()\[\]]*)?",
    re.I,
)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+")
FREE_NAMES = frozenset(
    re.findall(
        r"\S+",
        "i reddit ok tl dr tldr imo imho fwiw btw fyi ps op ama diy faq ot afaik eta nb edit mr mrs ms "
        "english us r u god internet ymmv lol",
    )
)
_OURS = re.compile(
    r"\b(?:i|i'm|i've|i'd|me|my|mine|we|we're|we've|we'd|us|our|ours|it|its|it's|they|their|them|this|"
    r"these|here|there|there's|already|now|just|he|she|his|her)\b",
    re.I,
)
_JOINS = re.compile(r"and|but|or|so|plus|yet", re.I)
_OF_THE_WORLD = re.compile(
    r"^\W*(?:\w+ ){1,4}?(?:is|are|vary|varies|differs?|tells?|matters?|takes?|needs?|helps?|hurts?|"
    r"comes?|goes|go|means?|likes?|changes?|happens?|costs?|beats?|wins?|"
    r"makes?|gets?|grows?|feels?|looks?|can|never|always|don't|doesn't|isn't|aren't|deserves?|lies?|"
    r"stays?|follows?|starts?|ends?|teach|teaches)\b",
    re.I,
)
TIME_WORDS = frozenset(re.findall(r"\S+", "minut hour day week month year decade quart night weekend"))


@cache  # reads all word classes, which no program needs to start
def _disclosing_stems() -> frozenset[str]:
    return frozenset(key for word in _DISCLOSING_WORDS for key in (word, *(w.stem for w in words_in(word))))


_POINTS = frozenset(lexicon.POINTS.split())
_ANYONE = frozenset(lexicon.ANYONE.split())
_LEAST_OF_A_SAYING, _LONGEST_SUBJECT = 3, 4  # words
_OURS_ALONE = re.compile(
    r"\b(?:(?:in|on|with) there|about them|i|i'm|i've|i'd|me|my|mine|we|we're|we've|we'd|us|our|ours|it|its|it's|here|"
    r"already|now|this|these)\b",
    re.I,
)
_AS_IT_SEEMS = re.compile(r"\bit (?:sounds|looks|seems|is|was|gets)\b", re.I)
_CAN_BE_DONE = re.compile(
    r"\b(?:can|cannot|can't|could|may|lets?|allows?|includes?|supports?|comes? with|works? (?:with|on|offline|"
    r"without))\b|"
    r"\b(?:is|are|isn't|aren't|get|gets)(?: \w+ly| not| also| all| always| never)? (?:\w{2,}ed|\w+en|made|built|"
    r"sold|sent|kept|done|free|"
    r"included|open|closed|available|safe|secure|waterproof)\b",
    re.I,
)
_SOMEBODY = re.compile(r"(?:er|or|ist|ian|ee)s$", re.I)
_TELLS_SOMEBODY = re.compile(
    r"\b(?:tell|show|give|let|send|help|save|get|make|keep|say|prove|agree)s? (?:you|that|us|their)\b", re.I
)
_KIND = re.compile(r"(?:ing|tion|sion|ness|ity|ment|ance|ence|ism|dom|ship)$|s$", re.I)
_BE = frozenset(lexicon.BE.split())


def _is_present(word: Word) -> bool:
    low = word.text.lower()
    return low in _BE or (word.of is Class.DEED and not word.is_stop and not low.endswith(("ed", "ing")))


def _is_past(word: Word) -> bool:
    low = word.text.lower()
    return low in _PAST or (word.of is Class.DEED and low.endswith("ed"))


_PAST = frozenset(lexicon.WAS.split()) | frozenset(
    word
    for word, base in (pair.split(":") for pair in lexicon.IRREGULAR.split())
    if word != base and "v" in classes_of(base)
).difference(lexicon.NO_PAST.split())


class Clause:
    """A part of a sentence that can be true or invented by itself.

    `backing` (what carries a quantity, by its place) is filled by `counting`, `chosen` (the facts it rests on) by
    `choose`.
    """

    def __init__(self, whole: Sentence, span: Span) -> None:
        self.whole, self.known = whole, whole.known
        self.start, self.end = span.start, span.end
        self.text = whole.text[span.start : span.end]
        self.words = whole.words_from(span.start, span.end)
        self.quantities = [q for q in whole.quantities if span.start <= q.start < span.end]
        self.speech = speech_of(self.text, whole.context or self.text, self.known.naming)
        self.discloses = bool(_DISCLOSES.search(AMERICA.sub(" ", self.text)))
        self.links = [
            (m.start() + span.start, m.end() + span.start)
            for m in (*_URL.finditer(self.text), *_EMAIL.finditer(self.text))
        ]
        self.named = [
            (match.start() + span.start, match.end() + span.start)
            for naming in (self.known.naming, self.known.people)
            if naming is not None
            for match in naming.finditer(self.text)
        ]
        self.backing: dict[int, list[Backed]] = {}
        self.chosen: tuple[int, ...] = ()
        self.rests_on: tuple[int, ...] = ()

    def content(self) -> list[Word]:
        taken = [(q.start, q.end) for q in self.quantities] + self.links
        found = []
        for word in self.words:
            if not word.is_content or any(start <= word.start < end for start, end in taken):
                continue
            if any(start <= word.start < end for start, end in self.named):
                continue
            if self.discloses and (word.stem in _disclosing_stems() or _IDIOM_OF_DISCLOSURE.search(self.text)):
                continue
            if word.stem.rsplit("_", 1)[-1] in TIME_WORDS and any(
                q.period and q.end <= word.start <= q.end + 28 for q in self.quantities
            ):
                continue
            if self.backing and (FALLS.fullmatch(word.text) or RISES.fullmatch(word.text)):
                continue
            if len(word.text) == 1 or word.text.lower() in FREE_NAMES:
                continue
            found.append(word)
        return found

    def choose(self) -> None:
        """Chooses the facts that carry the clause: those of its numbers first, then what covers most of the rest."""
        content = self.content()
        facts = self.known.facts
        held_by = {
            word.start: self.known.holding(word) | (self.known.opposing(word) if word.is_denied else frozenset())
            for word in self.words
            if not word.is_stop
        }
        left = list(content)
        chosen: list[int] = []
        for backing in self.backing.values():
            fact = max(
                {b.fact for b in backing},
                key=lambda n: (
                    sum(n in held_by[w.start] for w in content),
                    sum(w.is_light and n in held_by[w.start] for w in self.words if not w.is_stop),
                    -n,
                ),
            )
            seconds = [b.fact_too for b in backing if b.fact == fact]
            for also in (fact, *(seconds if min(seconds) >= 0 else ())):
                if also not in chosen:
                    chosen.append(also)
                    left = [w for w in left if also not in held_by[w.start]]
        while left and len(chosen) < max(_FACTS_OF_A_CLAUSE, len(self.backing)):
            best, score = -1, 0.0
            for number in sorted(frozenset().union(*(held_by[w.start] for w in left)) - set(chosen)):
                covered = sum(1.0 for w in left if number in held_by[w.start])
                covered += 0.5 * sum(1 for w in left if "_" in w.stem and w.stem in facts[number].keys)
                covered += 0.1 * sum(w.is_light and number in held_by[w.start] for w in self.words if not w.is_stop)
                if covered > score:
                    best, score = number, covered
            if best < 0 or (chosen and score < 2 and self.backing):
                break
            chosen.append(best)
            left = [w for w in left if best not in held_by[w.start]]
        self.chosen = tuple(chosen)
        carried = [w for w in content if not held_by[w.start].isdisjoint(chosen)]
        if self.backing or len(carried) >= 2:
            self.rests_on = self.chosen

    def is_general(self) -> bool:
        """Whether it is about a kind of thing: a subject without “the” or “our”, a verb in the present, nothing
        measured or named.

        “Bread deserves better than a bin”, “not every game needs an enemy”; but not what can be done with a product
        (“tools can be borrowed”), nor what its people do.
        """
        words = [word for word in self.words if not _JOINS.fullmatch(word.text)]
        if self.quantities or self.links or self.named or self.whole.dates or len(words) < _LEAST_OF_A_SAYING:
            return False
        if _OURS_ALONE.search(_AS_IT_SEEMS.sub(" ", self.text)) or _CAN_BE_DONE.search(self.text):
            return False
        first = words[0].text.lower()
        if first in _POINTS or any(w.text[0].isupper() and not w.is_stop for w in words[1:]):
            return False
        at = next((n for n, w in enumerate(words) if _is_present(w) or _is_past(w)), None)
        if at is None or at == 0 or at > _LONGEST_SUBJECT or _is_past(words[at]):
            return False
        subject = words[:at]
        if _SOMEBODY.search(subject[-1].text) or first in ("no", "nothing") or _TELLS_SOMEBODY.search(self.text):
            return False
        head = subject[0]
        if len(subject) == 1 and not (head.keys & self.known.keys or _KIND.search(head.text) or is_known(first)):
            return False  # “Mailchimp treats …” may be a name
        return not any(w.is_person and w.text.lower() not in _ANYONE for w in subject)

    def is_at_large(self) -> bool:
        """Whether it is about the world, not us: no word of a fact, nobody of ours, no number, a verb in the
        present.
        """
        if (
            self.quantities
            or self.links
            or self.whole.dates
            or _OURS.search(self.text)
            or not _OF_THE_WORLD.search(self.text)
        ):
            return False
        if any(w.keys & self.known.keys for w in self.words if w.is_content) or any(w.is_person for w in self.words):
            return False
        first = next((word for word in self.words if not _JOINS.fullmatch(word.text)), None)
        if (
            first is None
            or (first.of is Class.DEED and not first.text.lower().endswith("ing"))
            or (first.text[0].isupper() and not is_known(first.text.lower()) and not first.text.endswith("s"))
        ):
            return False  # “Flyway is slow”
        return not any(w.text[0].isupper() and w is not first and not w.is_stop for w in self.words)

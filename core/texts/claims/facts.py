"""What facts say, read once so that many sentences can be compared with them. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

from core.texts.claims.arithmetic import Backed, at_other_periods, backed_by, between_facts
from core.texts.claims.dates import days_between, known_dates
from core.texts.claims.quantities import Quantity, quantities_in
from core.texts.claims.signals import signals_in
from core.texts.claims.units import UNITS
from core.texts.claims.words import Word, is_known, opposites, words_in
from core.texts.language import WORD, is_english
from core.texts.plain import readable


@dataclass(frozen=True, slots=True)
class Product:
    """What a text may name without a fact: the product, and the words its maker describes it with."""

    name: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    url: str | None = None


WILL_BE = re.compile(
    r"\b(?:planned|(?<!the )(?<!a )(?<!my )(?<!our )plan(?:s|ning)? (?:to|for|on)|will|upcoming|roadmap|"
    r"coming|in (?:closed |open |"
    r"private |public )?beta|in (?:alpha|development|progress|the works|preparation)|"
    r"(?:is|are) being \w+|soon|(?:am|are|is|'re|'m) working on|work in progress|later this|"
    r"under development|scheduled|not (?:\w+ )?yet|due (?:in|this|next)|"
    r"(?:starts?|begins?|opens?|comes?|arrives?|launch(?:es)?) (?:in|on|next|this)|next (?:update|"
    r"version|release|year|month|quarter|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)
PLANNED = re.compile(
    r"\b(?:planned|plan(?:s|ning)? (?:to|for|on)|will|upcoming|roadmap|coming|next (?:update|version|"
    r"release|year|month|quarter|spring|summer|autumn|fall|winter)|"
    r"in (?:closed |open |private )?beta|beta|being (?:\w+ed|built|written|made)|soon|working on|"
    r"work in progress|in the works|later this|under development|in development|"
    r"in progress|scheduled|expected|should|not yet|yet|'ll|waits?|waiting|patience|hope to|want to|to come|"
    r"due (?:in|this|next)|"
    r"prototype|(?:is|are|am|'re|'m) \w+ing|at the moment|from (?:january|february|march|april|may|"
    r"june|july|august|september|october|november|december)|(?:starts?|begins?|opens?|comes?|"
    r"arrives?) (?:in|on|next|this))\b",
    re.IGNORECASE,
)
ENDED = re.compile(
    r"\b(?:no longer|discontinued|used to|stopped|ended|retired|removed|formerly|until \d{4})\b", re.IGNORECASE
)
RISES = re.compile(
    r"\b(?<!any )(?<!no )(?<!once )(?<!or )more\b(?! than|\w| or| of| about)|"
    r"\b(?:r(?:ise|ises|ose|isen|ising)|grow(?:s|n|ing|th)?|grew|increas\w+|climb\w*|gain(?:s|ed)?|"
    r"rais(?:e[sd]?|ing)|(?:went|go|goes|gone|going|moved|shot|is|are|was|were) up|up (?:by|from|to)|"
    r"doubl\w+|tripl\w+|jump(?:s|ed)?|more often|longer|higher|expand\w*|soar\w*|surg\w+|add(?:s|ed)?|"
    r"earn(?:s|ed)?|faster|improv\w+)\b",
    re.IGNORECASE,
)
FALLS = re.compile(
    r"\b(?<!or )(?<!no )less\b(?! than| or| of)|"
    r"\b(?:f(?:all|alls|ell|allen|alling)|drop(?:s|ped|ping)?|declin\w+|decreas\w+|shr(?:ink|inks|ank|"
    r"unk)|reduc\w+|(?:went|go|goes|gone|going|moved|is|are|was|were) down|down (?:by|from|to)|"
    r"halv\w+|cut(?:s|ting)?|lower(?:ed|s)?|less often|fewer|shorter|sav(?:e|es|ed|ing)|instead of|"
    r"lost?|lose|slower)\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\bfrom [^.;]{1,40}? to\b", re.IGNORECASE)
_EARLIER = re.compile(
    r"\b(?:in (?:19|20)\d\d|last (?:year|month|week)|(?:a|\w+) (?:years?|months?|weeks?) (?:ago|before|earlier)|"
    r"at first|"
    r"before|earlier|originally|initially|at the (?:beginning|start))\b,? (?:there |it |we |they )?(?:were|was|"
    r"had|had been)\b|\bthe (?:year|month|week|quarter) before\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\b(?:instead of|rather than|down from|up from|before it was|, not)\b", re.IGNORECASE)


def directions_in(text: str, quantities: Sequence[Quantity]) -> frozenset[str]:
    """Returns where a text says that something went, `up` or `down`; read from words, and from “from 90 to 30”."""
    found = set()
    if RISES.search(text):
        found.add("up")
    if FALLS.search(text):
        found.add("down")
    for pattern, is_reversed in ((_FROM_TO, False), (_INSTEAD, True), (_EARLIER, True)):
        match = pattern.search(text)
        if match is None:
            continue
        split = match.end() if pattern is _FROM_TO else match.start()
        counted = [q for q in quantities if q.dimension != "year"]
        before, after = [q for q in counted if q.start < split], [q for q in counted if q.start >= split]
        if before and after and before[-1].dimension == after[0].dimension:
            first, second = (after[0], before[-1]) if is_reversed else (before[-1], after[0])
            if first.value != second.value:
                found = {"up"} if second.value > first.value else {"down"}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Fact:
    text: str
    words: tuple[Word, ...]
    keys: frozenset[str]
    quantities: tuple[Quantity, ...]
    signals: frozenset[str]
    directions: frozenset[str]
    is_planned: bool
    is_denying: bool
    dates: frozenset[str]
    closed_days: frozenset[str]


class Known:
    """Facts and product, ready for comparison. Building it costs about as much per fact as the check of a sentence, so
    keep it.

    `others`: for the place of a fact, the name of the person who lived what it tells, when that is not the poster. Such
    a fact carries no sentence in the first person, and other sentences only when they name that person.
    """

    def __init__(self, facts: Sequence[str], product: Product, others: Mapping[int, str] | None = None) -> None:
        self._become(tuple(_read(readable(fact)) for fact in facts), product, others or {})

    def only(self, places: Iterable[int]) -> Known:
        """Returns only the facts at these places, renumbered. Cheaper than reading them again; the result is kept."""
        wanted = tuple(sorted({place for place in places if 0 <= place < len(self.facts)}))
        if len(wanted) == len(self.facts):
            return self
        part = self._parts.get(wanted)
        if part is None:
            if len(self._parts) >= _PARTS_KEPT:
                self._parts.clear()
            part = Known.__new__(Known)
            part._become(
                tuple(self.facts[place] for place in wanted),
                self.product,
                {at: self.others[place] for at, place in enumerate(wanted) if place in self.others},
            )
            part.places, part.people = tuple(self.places[place] for place in wanted), self.people
            part.introductions = self.introductions
            self._parts[wanted] = part
        return part

    def told_by(self, named: Collection[str], in_first_person: bool) -> Known:
        """Returns the facts that may carry a clause: without what others lived, unless it names them and is not
        about “I”.
        """
        if not self.others:
            return self
        low = {name.lower() for name in named}
        return self.only(
            place
            for place in range(len(self.facts))
            if place not in self.others or (not in_first_person and self.others[place].lower() in low)
        )

    @cached_property
    def is_english(self) -> bool:
        """Whether the facts are English, as far as their words tell."""
        return is_english([word for fact in self.facts for word in WORD.findall(fact.text)])

    def people_in(self, text: str) -> frozenset[str]:
        """Returns the owners of facts whom a text names, in lower case."""
        return frozenset(m.group().lower() for m in self.people.finditer(text)) if self.people else frozenset()

    def begins_with_somebody(self, text: str) -> bool:
        """Whether a clause begins with the name of an owner of facts."""
        return self.people is not None and self.people.match(text.lstrip()) is not None

    def first_person_in(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Returns the first “I”, “we” or “our” of a part of a text, but not that of “our colleague Ada”, an owner of
        facts.
        """
        end = len(text) if end is None else end
        names = tuple(self.introductions.finditer(text, start, end)) if self.introductions is not None else ()
        found = _FIRST_PERSON.finditer(text, start, end)
        return next((me for me in found if all(me.start() != name.start() for name in names)), None)

    def _become(self, facts: tuple[Fact, ...], product: Product, others: Mapping[int, str]) -> None:
        self.product, self.facts, self.others = product, facts, dict(others)
        self.counted: dict[tuple[int, int], frozenset[str]] = {}  # what quantities count: filled by `counting`
        self.places: tuple[int, ...] = tuple(range(len(facts)))  # among all the facts that this is a part of
        self.people = _naming(others.values())  # also of a part that holds none of their facts
        self.introductions = _introducing(self.people)
        self._parts: dict[tuple[int, ...], Known] = {}
        texts = [fact.text for fact in self.facts]
        self.sentences = {" ".join(re.findall(r"\w+", text.lower())): n for n, text in enumerate(texts)}
        own = readable(f"{product.name}. {product.description}. {'. '.join(product.keywords)}")
        own_words = words_in(own)
        self.name_keys = frozenset(
            key for word in words_in(readable(product.name)) for key in word.keys if key[0] != "#"
        )
        self.base_keys = frozenset(key for word in own_words if word.is_content for key in word.keys)
        self.tokens = frozenset(token for text in (*texts, own) for token in re.findall(r"[^\W_]+", text.lower()))
        self.keys = self.base_keys.union(*(fact.keys for fact in self.facts))
        self.all_text = "\n".join(texts).lower() + f"\n{(product.url or '').lower()}\n{own.lower()}"
        about = words_in(_BEFORE_FOR.split(readable(product.description), maxsplit=1)[0])
        self.category_keys = frozenset(key for word in about if word.is_content for key in word.keys)
        self.backed: dict[str, list[Backed]] = {}
        for backed in _backed(self.facts):
            self.backed.setdefault(backed.dimension, []).append(backed)
        for held in self.backed.values():
            held.sort(key=lambda one: one.value)
        self._values = {dimension: [one.value for one in held] for dimension, held in self.backed.items()}
        self.small_counts = tuple(
            quantity.raw
            for fact in self.facts
            for quantity in fact.quantities
            if quantity.dimension == "count" and quantity.value <= _SMALL_COUNT
        )
        self._places: dict[str, set[int]] = {}
        for number, fact in enumerate(self.facts):
            for key in fact.keys:
                self._places.setdefault(key, set()).add(number)
        self._holding: dict[frozenset[str], frozenset[int]] = {}
        self.numbers = frozenset(quantity.raw for fact in self.facts for quantity in fact.quantities)
        self.dates = frozenset(date for fact in self.facts for date in fact.dates)
        self.closed_days = frozenset(day for fact in self.facts for day in fact.closed_days)
        # By key: how facts speak of it, affirmed (False) or denied (True).
        self.polarity: dict[str, set[bool]] = {}
        for fact in self.facts:
            for word in fact.words:
                if not word.is_stop:
                    for key in word.keys:
                        self.polarity.setdefault(key, set()).add(word.is_denied)
        first = product.name.split()[0] if product.name.split() else ""
        self.naming = _naming([product.name] + ([first] if len(first) > 2 and not is_known(first.lower()) else []))

    def backed_near(self, quantity: Quantity) -> list[Backed]:
        """Returns what has the dimension of a quantity and a value that a hedge could still mean (“over 100” for
        118).
        """
        held, values = self.backed.get(quantity.dimension, []), self._values.get(quantity.dimension, [])
        at_most = inf if quantity.sense == "vague" else quantity.value * 2 + 4
        return held[bisect_left(values, quantity.value / 2 - 1) : bisect_right(values, at_most)]

    def facts_with(self, stem: str) -> int:
        """Returns how many facts have a word of exactly this family."""
        return len(self._places.get(stem, ()))

    def _holding_a_part_of(self, stem: str) -> frozenset[int]:
        """Returns the facts with a word that begins or ends with this one, or the reverse: “physio” for
        “physiotherapist”, “millstone” for “stone”.
        """
        return frozenset().union(
            *(
                places
                for key, places in self._places.items()
                if key.isalpha()
                and (
                    (len(key) >= _LEAST_PART and (stem.startswith(key) or stem.endswith(key)))
                    or (len(stem) >= _LEAST_PART and key.startswith(stem))
                    or (len(stem) >= _LEAST_PART - 1 and len(key) >= len(stem) + 3 and key.endswith(stem))
                )
            )
        )

    def opposing(self, word: Word) -> frozenset[int]:
        """Returns the places of the facts that have an opposite of a word."""
        against = frozenset().union(*(opposites().get(key, frozenset()) for key in word.keys))
        return frozenset().union(*(self._places.get(stem, ()) for stem in against))

    def holding(self, word: Word) -> frozenset[int]:
        """Returns the places of the facts that have a word, or one that means the same."""
        held = self._holding.get(word.keys)
        if held is None:
            if len(self._holding) >= _WORDS_KEPT:
                self._holding.clear()
            held = frozenset().union(*(self._places[key] for key in word.keys if key in self._places))
            if not held and word.is_content:
                held = self._holding_a_part_of(word.stem)
            self._holding[word.keys] = held
        return held


_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|we|we're|we've|we'd|we'll|my|our|mine|ours)\b", re.IGNORECASE)


def _introducing(people: re.Pattern[str] | None) -> re.Pattern[str] | None:
    """Finds “our colleague Ada”."""
    if people is None:
        return None
    return re.compile(rf"\b(?:my|our)\W+(?:[\w-]+\W+){{1,3}}?(?:{people.pattern})", re.I)


def _naming(names: Iterable[str]) -> re.Pattern[str] | None:
    wanted = sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in wanted), re.I) if wanted else None


_PARTS_KEPT = 64
_LEAST_PART = 5  # letters
_BEFORE_FOR = re.compile(r"\b(?:for|that|which|with|about|by|from|to|in|of)\b", re.I)
_SMALL_COUNT = 12  # up to here a count of a fact may multiply an amount: a pack of four at $16 each
_WORDS_KEPT = 5_000


def _read(text: str) -> Fact:
    words = words_in(text)
    quantities = _with_periods(quantities_in(text))
    return Fact(
        text=text,
        words=words,
        keys=frozenset(
            key for word in words if not word.is_stop for key in (word.keys if word.is_content else (word.stem,))
        ),
        quantities=quantities,
        signals=frozenset(signal.kind for signal in signals_in(text)),
        directions=directions_in(text, quantities),
        is_planned=bool(WILL_BE.search(text)),
        is_denying=any(word.is_denied for word in words),
        dates=known_dates(text)[0],
        closed_days=known_dates(text)[1],
    )


def _with_periods(quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Adds the period of a neighbour: in “$29 a month for one and $59 for two” the second is per month, too."""
    found: list[Quantity] = []
    for quantity in quantities:
        if quantity.dimension == "money":
            before = next((q for q in reversed(found) if q.dimension == "money"), None)
            if before is not None and before.period and not quantity.period:
                quantity = replace(quantity, period=before.period)
        found.append(quantity)
    return tuple(found)


_MEDIAN = re.compile(r"\bmedian\b", re.I)
_IN_ALL_OF = re.compile(
    r"[^.;]{0,30}?\b(?:(?:last|this|in one|within a|over the) (?P<unit>week|month|quarter|year)|"
    r"in (?:19|20)\d\d)\b",
    re.I,
)


def _period_of(rest: str) -> str:
    """Returns the period that a count is of: “1,150 bikes last year”, “3,900 in 2024”."""
    match = _IN_ALL_OF.match(rest)
    return "" if match is None else (match["unit"] or "year").lower()


def _period_before(lead: str) -> str:
    """Returns the period before a count: “donations last year came to 7,300 euros”."""
    match = re.search(
        r"\b(?:(?:last|this|in one) (?P<unit>week|month|quarter|year)|in (?:19|20)\d\d)\b[^.;]{0,40}$", lead, re.I
    )
    return "" if match is None else (match["unit"] or "year").lower()


def _backed(facts: Sequence[Fact]) -> tuple[Backed, ...]:
    found: list[Backed] = []
    for number, fact in enumerate(facts):
        found.extend(backed_by(number, fact.quantities))
        for days in days_between(fact.text):
            for period in ("", "week"):
                found.append(Backed(float(days), "count", number, period, how="days"))
                found.append(Backed(days * UNITS["day"][1], "time", number, period, how="days"))
        for quantity in fact.quantities:
            if quantity.dimension in ("count", "money") and not quantity.period:
                period = _period_of(fact.text[quantity.end :]) or _period_before(fact.text[: quantity.start])
                found.extend(at_other_periods(number, replace(quantity, period=period)))
        names = {w.text for w in fact.words[1:] if w.text[0].isupper() and not w.is_stop}
        if len(names) > 1:
            found.append(Backed(float(len(names)), "count", number, how="listed"))
        if re.search(r"\b(?:the )?(?:year before|previous year|year earlier)\b", fact.text, re.I):
            found.extend(
                Backed(q.value - 1, "year", number, how="the year before")
                for q in fact.quantities
                if q.dimension == "year"
            )
        if _MEDIAN.search(fact.text):
            found.append(Backed(50.0, "percent", number, how="the median"))
        years = {q.value for q in fact.quantities if q.dimension == "year"}
        if len(years) > 1:
            found.append(Backed(len(years) * UNITS["year"][1], "time", number, how="years"))
    found.extend(between_facts([fact.quantities for fact in facts]))
    return tuple(found)

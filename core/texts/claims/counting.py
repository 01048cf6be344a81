"""The quantities of a clause that no fact carries: they have another value, unit or period, or count something else.
Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import combinations
from operator import attrgetter

from core.texts.claims import lexicon
from core.texts.claims.arithmetic import Backed, follows, is_multiple, supports
from core.texts.claims.classes import Class, classes_of
from core.texts.claims.clause import TIME_WORDS, Clause, Mark
from core.texts.claims.facts import FALLS, RISES, Known
from core.texts.claims.quantities import Quantity, measured
from core.texts.claims.words import Word, words_in

COUNTED_PEOPLE = re.compile(
    r"\b(?:users?|customers?|clients?|people|subscribers?|companies|teams?|businesses|freelancers?|"
    r"agencies|students?|players?|shops?|downloads?|sales|revenue|developers?)\b",
    re.I,
)
_COMPUTES = re.compile(
    r"\b(?:more(?! than)|fewer(?! than)|less(?! than)|\d more|together|total|altogether|combined|left|"
    r"remain\w*|difference|sav(?:e|es|"
    r"ed)|minus|plus|after|net|on top|extra|rest|others?|empty|free|spare|both|all|in all|sum)\b",
    re.I,
)
_EACH = re.compile(
    r"\b(?:each|per|apiece|every|average|mean|that's|that is|comes? to|works? out|equals?|amounts?|"
    r"an? (?:page|piece|month|day|week|year|person|unit|item|head|hour))\b",
    re.I,
)
_LEADS_AWAY = frozenset(lexicon.LEADS_AWAY.split())
_BEFORE_A_NOUN = frozenset(["of", "the", "our", "my", "its", "other", "more", "these", "those", "all", "own", "such"])
_OF_A_WHOLE = re.compile(
    r"\bof (?:the|our|my|all|what|those|these|them|its|it)\b|\bmakes? up\b|\bshare\b|"
    r"\baccounts? for\b|\bmore than\b|\bless than\b|\bby\b",
    re.I,
)
_SOMEBODY = re.compile(r"(?:er|or|ist|ian|ee)s$")
_ALWAYS = {("time", 7.0, "week"), ("time", 24.0, "day"), ("time", 365.0, "year")}
_MORE = re.compile(r"\s+(?:more|others?|extra|further)\b", re.I)
_ANYBODY = frozenset(lexicon.ANYBODY.split())
_FITS = re.compile(r"\b(?:room|space|fits?|seats?|holds?|places?)\b", re.I)
_ENOUGH_OF_A_FACT = 2  # content words
_PEOPLE_WITHIN = 40  # characters behind a number
_NEAR_AT_MOST = 16  # quantities that are combined


def quantities_unbacked(clause: Clause, *, only_counted: bool = False) -> Iterator[Mark]:
    if not clause.quantities:
        return
    # What does not depend on the quantity is looked up once: a sentence may have hundreds of them.
    computes, near = _COMPUTES.search(clause.whole.text) is not None, _near(clause)
    for quantity in clause.quantities:
        if any(start <= quantity.start < end for start, end in clause.links):
            continue
        if only_counted and not (
            quantity.dimension in ("percent", "money")
            or (quantity.dimension == "count" and _counts_people(clause, quantity))
        ):
            continue
        backing = [b for q in {quantity, measured(quantity)} for b in clause.known.backed_near(q) if supports(b, q)]
        if quantity.dimension in ("money", "time", "weight"):
            others = [q.raw for q in clause.whole.quantities if q is not quantity and q.dimension == "count"]
            others += clause.known.small_counts
            backing += [b for b in clause.known.backed.get(quantity.dimension, ()) if is_multiple(b, quantity, others)]
        if not computes:
            backing = [b for b in backing if b.fact_too < 0]
        if quantity.of:
            backing += _shares(clause, quantity)
        is_bare = quantity.dimension == "count" and not _nouns_of(clause, quantity)
        if not backing and quantity.period:
            backing = _of_no_period(clause, quantity)
        if not backing and is_bare and not _MORE.match(clause.whole.text[quantity.end :]):
            backing = _of_any_unit(clause, quantity)
        carrying = [
            b for b in backing if _same_noun(clause, b, quantity) and _is_near(clause, b) and _is_worded(clause, b)
        ]
        if not carrying and (quantity.dimension, quantity.raw, quantity.period) in _ALWAYS:
            continue
        if not carrying and not only_counted:
            carrying = [
                b
                for b in follows(quantity, near, [q for q in clause.whole.quantities if q is not quantity])
                if _same_noun(clause, b, quantity) and _is_asked_for(clause, b, quantity)
            ][:4]
        if carrying and quantity.dimension == "money":
            carrying = [b for b in carrying if _is_per_the_same(clause, quantity, b)]
        if carrying:
            clause.backing[quantity.start] = carrying
            continue
        if quantity.dimension == "count" and _multiplies(clause, quantity, near):
            continue
        if _reckoned(clause, quantity) or _is_told_as_an_adverb(clause, quantity):
            continue
        if _IS_A_YEAR.fullmatch(quantity.written) and _is_in_passing(clause):
            continue
        if _AT_LEAST_TWICE.search(clause.whole.text, max(0, quantity.start - 10), quantity.end):
            continue  # more than once
        if clause.discloses and quantity.of and _shares_in(clause, quantity):
            continue  # one of the two makers
        yield Mark(
            quantity.start,
            quantity.end,
            "date" if quantity.dimension == "year" else "number",
            _why_not(clause, quantity, backing),
        )


def _is_per_the_same(clause: Clause, quantity: Quantity, backed: Backed) -> bool:
    """Whether both amounts are per the same thing, where both say per what: not “38 euros per group” and “38 euros a
    person”.
    """
    if backed.how:
        return True
    said = _per(clause.whole.text[quantity.end : quantity.end + _PER_WITHIN])
    fact = clause.known.facts[backed.fact]
    held = [
        word
        for other in fact.quantities
        if other.value == backed.value and other.dimension == "money"
        for word in _per(fact.text[other.end : other.end + _PER_WITHIN])
    ]
    return not said or not held or any(one.keys & other.keys for one in said for other in held)


def _per(rest: str) -> list[Word]:
    """Returns what an amount is per, without spans of time."""
    found = [word for match in _PER.finditer(rest.split(",")[0]) for word in words_in(match[1])]
    return [word for word in found if word.stem not in TIME_WORDS and (word.is_content or word.stem == "person")]


_OF_EACH = re.compile(r"\b(?:on average|each|apiece|at least)\b", re.I)
_PER = re.compile(r"\b(?:per|an?|each|every) ([a-z]+(?: (?!per\b|an?\b|each\b|every\b)[a-z]+)?)", re.I)
_PER_WITHIN = 40  # characters


def _of_any_unit(clause: Clause, quantity: Quantity) -> list[Backed]:
    """Returns what backs a number that does not say what it measures: “it was 2.5” for 2.5 hours."""
    return [
        Backed(quantity.value, "count", number, is_bare=True)
        for number, fact in enumerate(clause.known.facts)
        for held in fact.quantities
        if held.raw == quantity.raw
        and held.dimension != "year"
        and (not quantity.period or quantity.period == (held.period or (held.like.period if held.like else "")))
    ]


def _of_no_period(clause: Clause, quantity: Quantity) -> list[Backed]:
    """Returns what backs so much a month where a fact that has the number says of no period, but its words do (“her
    weekly distance”), or another price of the product is per that: “It was 3 pounds before, it is 6 a month now”.
    """
    is_price = quantity.dimension == "money" and any(
        held.dimension == "money" and held.period == quantity.period
        for fact in clause.known.facts
        for held in fact.quantities
    )
    return [
        Backed(held.value, held.dimension, number, quantity.period, held.currency)
        for number, fact in enumerate(clause.known.facts)
        for held in (measured(each) for each in fact.quantities)
        if (held.value, held.dimension, held.period) == (quantity.value, quantity.dimension, "")
        and quantity.currency in ("", held.currency)
        and (is_price or _ADVERB_OF.get(quantity.period, " ") in fact.text.lower())
    ]


_ADVERB_OF = {"hour": "hourly", "day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}


def _is_told_as_an_adverb(clause: Clause, quantity: Quantity) -> bool:
    """Whether “once a month” is a fact's “monthly”."""
    adverb = _ADVERB_OF.get(quantity.period, "")
    is_once = quantity.dimension == "frequency" and quantity.raw == 1 and adverb != ""
    return is_once and any(adverb in fact.text.lower() for fact in clause.known.facts)


def _reckoned(clause: Clause, quantity: Quantity) -> bool:
    """Whether a sentence reckons a number before the reader's eyes, from numbers of which facts hold the larger: “two
    batches a week, 800 bars each, so 1,600 in all”.
    """
    text = clause.whole.text
    if not _RECKONS.search(text[: quantity.start]) and not _RECKONED.match(text, quantity.end):
        return False
    before = [q for q in clause.whole.quantities if q.start < quantity.start and q.raw]
    for one, other in combinations(before, 2):
        larger = max(one, other, key=lambda q: q.raw)
        gives = {
            one.raw * other.raw,
            one.raw + other.raw,
            abs(one.raw - other.raw),
            larger.raw / min(one.raw, other.raw),
        }
        if any(abs(quantity.raw - each) <= _ROUNDED * each for each in gives) and any(
            supports(b, larger) for b in clause.known.backed_near(larger)
        ):
            return True
    return False


_RECKONS = re.compile(r"\b(?:so|that's|that is|which is|makes?|making|gives?|comes? to|equals?|i\.e\.)\b|=", re.I)
_RECKONED = re.compile(r"(?: \w+){0,2} (?:in all|in total|altogether|together)\b", re.I)
_ROUNDED = 0.012


def _near(clause: Clause) -> list[tuple[int, Quantity]]:
    """Returns the quantities of facts that share a content word with the sentence, and others that count the same
    things.
    """
    content = [w for w in clause.whole.words if w.is_content]
    numbers = sorted(frozenset().union(*(clause.known.holding(w) for w in content)))
    near = [(n, measured(q)) for n in numbers for q in clause.known.facts[n].quantities]
    counted = frozenset(key for n, q in near for key in _counted_by(clause.known, n, q))
    near += [
        (n, q)
        for n, fact in enumerate(clause.known.facts)
        if n not in numbers
        for q in (measured(q) for q in fact.quantities)
        if _counted_by(clause.known, n, q) & counted
    ]
    return near[:_NEAR_AT_MOST]


def _counted_by(known: Known, number: int, quantity: Quantity) -> frozenset[str]:
    """Returns the keys of what a quantity of fact `number` counts."""
    keys = known.counted.get((number, quantity.start))
    if keys is None:
        fact = known.facts[number]
        keys = frozenset(key for word in _nouns_after(quantity, fact.words, fact.text) for key in word.keys)
        known.counted[number, quantity.start] = keys
    return keys


def _is_near(clause: Clause, backed: Backed) -> bool:
    """Whether a computed quantity may be used: only in a clause that shares a word with its fact."""
    if not backed.how or backed.fact_too >= 0 or _is_no_chance(backed) or _REST.search(clause.text):
        return True
    content = [w for w in clause.whole.words if w.is_content]
    return not content or any(backed.fact in clause.known.holding(w) for w in content)


def _is_no_chance(backed: Backed) -> bool:
    """Whether a computed value has so many digits that a claim hardly meets it by chance: 682, 4,860, 21.50."""
    digits = f"{backed.value:.10g}".replace(".", "").strip("0")
    return backed.dimension != "year" and len(digits) >= _DIGITS_OF_NO_CHANCE and backed.value < 1e9


def _facts_of(clause: Clause) -> set[int]:
    return {b.fact for backing in clause.backing.values() for b in backing}


def _is_in_passing(clause: Clause) -> bool:
    """Whether it is only a period of other figures, which have been compared: “84 euros over a year”, “within a
    year”.
    """
    return any("year" in clause.known.facts[n].text for n in _facts_of(clause)) or any(
        b.how == "at that rate" for backing in clause.backing.values() for b in backing
    )


_IS_A_YEAR = re.compile(r"an? (?:year|month|week)", re.I)


def _shares_in(clause: Clause, quantity: Quantity) -> bool:
    return any(b.value == quantity.of and not b.how for b in clause.known.backed.get("count", ()))


_AT_LEAST_TWICE = re.compile(r"\b(?:at least|more than|once or) (?:once|twice)$", re.I)
_DIGITS_OF_NO_CHANCE = 3
_REST = re.compile(
    r"\b(?:remain\w*|rest|others?|left|more than|less than)\b|"
    r"^(?:and |so |in other words,? )?(?:that|this|it|which)(?:'s| is| was| makes| comes| means| works| gives)\b",
    re.I,
)


def _is_worded(clause: Clause, backed: Backed) -> bool:
    """Whether a share says of what, and a change says that something went up or down."""
    if backed.how == "the change":
        return RISES.search(clause.whole.text) is not None or FALLS.search(clause.whole.text) is not None
    return backed.how != "the share" or re.search(r"\b(?:of|in|out|share)\b", clause.whole.text) is not None


def _is_asked_for(clause: Clause, backed: Backed, quantity: Quantity) -> bool:
    """Whether a word in the sentence or in the fact asks for a sum or difference (“and the rest by mail”)."""
    if backed.how in ("the difference", "together", "the others"):
        texts = [
            clause.whole.text,
            *(
                clause.known.facts[n].text
                for n in (backed.fact, backed.fact_too)
                if n >= 0 and "rest" in clause.known.facts[n].text
            ),
        ]
        return any(_COMPUTES.search(text) for text in texts)
    if backed.how == "so many of each":
        return _OF_EACH.search(clause.known.facts[backed.fact].text) is not None
    if backed.dimension == "percent":
        return bool(quantity.of) or bool(_OF_A_WHOLE.search(clause.whole.text))
    return backed.how not in ("each", "all together", "at that rate") or bool(_EACH.search(clause.whole.text))


def _shares(clause: Clause, quantity: Quantity) -> list[Backed]:
    """Returns what backs a share such as “four of the nine”: facts that have both numbers, or from which both
    follow.
    """
    few = {b.fact for b in clause.known.backed.get("count", ()) if b.value == quantity.raw and _is_counted(b)}
    many = {b.fact for b in clause.known.backed.get("count", ()) if b.value == quantity.of and _is_counted(b)}
    straight = {b.fact for b in clause.known.backed.get("count", ()) if b.value == quantity.raw and not b.is_turned}
    return [
        Backed(quantity.value, "percent", fact, how="the share", is_turned=fact not in straight) for fact in few & many
    ]


def _is_counted(backed: Backed) -> bool:
    return backed.fact_too < 0 and backed.how != "at most"


def _multiplies(clause: Clause, quantity: Quantity, near: Sequence[tuple[int, Quantity]]) -> bool:
    """Whether a small count times an amount of a fact gives another amount of the sentence: two loaves at £4.80."""
    if quantity.value <= 1:
        return False
    for other in clause.whole.quantities:
        if other.dimension in ("money", "time", "weight") and any(
            b.how == "" and abs(b.value * quantity.value - other.value) < 0.006 * other.value
            for b in clause.known.backed.get(other.dimension, ())
        ):
            return True
        if other.dimension == "money" and any(b.how == "so many and one" for b in follows(other, near, [quantity])):
            return True
    return False


def _counts_people(clause: Clause, quantity: Quantity) -> bool:
    return bool(COUNTED_PEOPLE.search(clause.whole.text[quantity.end : quantity.end + _PEOPLE_WITHIN]))


def _why_not(clause: Clause, quantity: Quantity, backing: Sequence[Backed]) -> str:
    if backing:
        return f"a fact has {quantity.written}, of something else"
    for fact in clause.known.facts:
        for held in fact.quantities:
            if held.raw == quantity.raw:
                return (
                    f"a fact says {held.written}{' a ' + held.period if held.period else ''}, not "
                    f"{quantity.written}{' a ' + quantity.period if quantity.period else ''}"
                )
    return f"no fact holds {quantity.written}"


def _same_noun(clause: Clause, backed: Backed, quantity: Quantity) -> bool:
    """Whether a count counts what the fact counts. Other quantities are tied to their fact by the clause's words."""
    if quantity.dimension != "count":
        return True
    nouns = _nouns_of(clause, quantity)
    if not nouns or backed.how in ("from one to the other", "days", "listed"):
        return True
    keys = clause.known.facts[backed.fact].keys
    if backed.fact_too >= 0:
        keys = keys | clause.known.facts[backed.fact_too].keys
    head = nouns[0] if nouns[0].text.endswith("s") or nouns[0].stem == "peopl" or len(nouns) == 1 else nouns[1]
    if head.text.lower() in _ANYBODY and (head.stem == "peopl" or not clause.known.facts_with(head.stem)):
        fits = _FITS.search(clause.whole.text) is not None  # so many seats are room for so many people
        return fits or bool(head.keys & keys) or _counts_somebody(clause, backed)
    if head.is_light or head.keys & (keys | clause.known.name_keys):
        return True
    if head.text.lower() in _BUYERS and _SOLD.search(clause.known.facts[backed.fact].text):
        return True
    return not backed.how and _is_retold(clause, backed, nouns)


_BUYERS = frozenset({"buyers", "customers", "purchases", "purchasers"})
_SOLD = re.compile(r"\b(?:sold|bought|purchased|ordered)\b", re.I)


def _is_retold(clause: Clause, backed: Backed, nouns: Sequence[Word]) -> bool:
    """Whether a noun that no fact has can be another word for what is counted, because the fact has the rest of the
    clause.
    """
    if any(n.is_person or clause.known.holding(n) or n.keys & clause.known.base_keys for n in nouns):
        return False
    others = [w for w in clause.content() if w not in nouns]
    held = [w for w in others if backed.fact in clause.known.holding(w)]
    return len(held) >= _ENOUGH_OF_A_FACT and 2 * len(held) >= len(others)


def _counts_somebody(clause: Clause, backed: Backed) -> bool:
    """Whether the fact's number counts people."""
    fact = clause.known.facts[backed.fact]
    for quantity in fact.quantities:
        if backed.how == "" and quantity.value != backed.value and quantity.of != backed.value:
            continue
        nouns = _nouns_after(quantity, fact.words, fact.text)
        if not nouns or any(w.is_person or w.stem == "peopl" or _SOMEBODY.search(w.text) for w in nouns):
            return True
    return False


def _nouns_of(clause: Clause, quantity: Quantity) -> list[Word]:
    return _nouns_after(quantity, clause.words, clause.whole.text)


def _nouns_after(quantity: Quantity, words: Sequence[Word], text: str) -> list[Word]:
    """Returns the words that can be what is counted: those after the number, up to the next grammar word."""
    found: list[Word] = []
    at = quantity.end
    for word in words[bisect_left(words, quantity.end, key=attrgetter("start")) :]:
        gap = text[at : word.start]
        if "_" in word.stem and word.text.lower().split()[0] in _LEADS_AWAY:
            break  # “300 a year”, “45 children on average”
        if word.is_stop and (found or word.text.lower() not in _BEFORE_A_NOUN):
            break
        if gap.strip(" -"):
            break
        at = word.end
        if word.is_stop:
            continue
        if not found and "n" not in classes_of(word.text.lower()):
            if word.of is Class.COLOUR:
                continue
            break
        found.append(word)
    return found

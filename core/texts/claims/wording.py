"""The words of a clause that no fact has: names, dates, links, signals, and other words that are not covered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from core.texts.claims.arithmetic import Backed
from core.texts.claims.classes import Class
from core.texts.claims.clause import AMERICA, FREE_NAMES, ME, TIME_WORDS, Clause, Mark
from core.texts.claims.facts import Fact
from core.texts.claims.signals import SAYS, quotes_in, signals_in
from core.texts.claims.words import Word, is_weighty, opposites
from core.texts.sentences import Span

_SHARE = 0.4  # of a clause's weight that may be in no fact
_LEAST = 0.95  # uncovered weight from which a clause is marked
_LEAST_WITH_A_FIGURE = 1.3  # the same, in a clause that has a figure of its fact
_LEAST_OF_MINE = 1.6  # the same, where a fact tells what “I” lived in other words
_PERSON = 1.3
_WEIGHTS = {Class.THING: 1.0, Class.DEED: 0.5, Class.COLOUR: 0.5}
_ALONE = 0.6  # the weight of a word that only a further fact has, when the clause has nothing else of that fact
_IDIOM = 0.5
_ELSEWHERE = 0.5  # the weight of a word that only other facts have
_NAMELIKE = re.compile(r"[A-Z]{2,}|[a-z]+[A-Z]|[A-Z][a-z]+[A-Z]|[A-Za-z]+\d|\d+[A-Z]")
_RIVALS = re.compile(
    r"\b(?:(?:most|all|any|many) other|other|most|usual|typical|existing|traditional|rival|big|cheap|expensive|popular|"
    r"ordinary|normal|regular|similar)(?: \w+){0,2}? \w+s\b",
    re.I,
)
_AND = re.compile(r"(?<=\band) |(?<=\bplus) |(?<=\bor) |(?<=\bbut) |, ", re.I)
_PART = re.compile(
    r"(?<=\b(?:and|but)) | (?=(?:and|with|by|for|from|at|in|into|to|as|after|before|while|when|"
    r"until)\b)|, |(?<=plus) |(?<=\bor) ",
    re.I,
)


def words_unsaid(clause: Clause) -> Iterator[Mark]:
    content = clause.content()
    facts = [clause.known.facts[n] for n in clause.chosen]
    held_by = {word.start: clause.known.holding(word) for word in content}
    missing: list[tuple[Word, float]] = []
    covered = float(len(clause.backing))
    covered += sum(clause.start <= d.start < clause.end and d.token in clause.known.dates for d in clause.whole.dates)
    dated = [(d.start, d.end) for d in clause.whole.dates]
    is_computed = any(b.how for backing in clause.backing.values() for b in backing)
    for word in content:
        if any(start <= word.start < end for start, end in dated):
            continue
        if not held_by[word.start].isdisjoint(clause.chosen):
            covered += _coherence(clause, held_by[word.start], held_by.values())
        elif any(says_the_opposite(clause, word, fact) for fact in facts):
            covered += 1
        elif word.keys & clause.known.base_keys:
            covered += 0.5
        elif held_by[word.start]:
            missing.append((word, 1.0 if clause.backing and not is_computed else _ELSEWHERE))
        elif word.is_idiom:
            missing.append((word, _IDIOM))
        else:
            missing.append((word, _weight(clause, word)))
    weight = sum(share for _, share in missing)
    least = _LEAST_WITH_A_FIGURE if any(_is_telling(b) for b in clause.backing.values()) else _LEAST
    if covered >= 1 and _is_retold_by_me(clause):
        least = _LEAST_OF_MINE
    weighty = [(word, share) for word, share in missing if clause.backing and is_weighty(word)]
    if weighty and not is_computed:  # “520 clubs cancelled”, where a fact has 520 clubs that sent something
        missing = weighty
    elif weight < least or weight / (weight + covered) < _SHARE:
        missing = _foreign(clause, content, missing)
        if not missing:
            return
    kind = "experience" if ME.search(AMERICA.sub(" ", clause.text)) else "unsupported"
    for start, end in _joined([w for w, share in missing], clause.whole.text):
        yield Mark(start, end, kind, f"no fact says “{clause.whole.text[start:end]}”")


def _is_retold_by_me(clause: Clause) -> bool:
    """A story of “me”, of which the first fact that carries it tells, too: most of its words are another's choice."""
    if not clause.chosen or not ME.search(AMERICA.sub(" ", clause.whole.text)):
        return False
    return ME.search(clause.known.facts[clause.chosen[0]].text) is not None


def _is_telling(backing: Sequence[Backed]) -> bool:
    """Whether a figure is one of a fact itself, and too particular to match by chance."""
    return any(not b.how and len(f"{b.value:.10g}".replace(".", "").strip("0")) >= 2 for b in backing)


def _weight(clause: Clause, word: Word) -> float:
    """Returns the weight of a word that no fact has: most for people and spans of time, least for verbs and
    adjectives.
    """
    if word.stem in TIME_WORDS:
        return _PERSON if _SPANS.search(clause.whole.text, 0, word.start) else _IDIOM
    if word.of is Class.DEED and _I_DID.search(clause.whole.text, 0, word.start):
        return _WEIGHTS[Class.THING]
    if word.of is Class.THING and _I_WAS_A.search(clause.whole.text, 0, word.start):
        return _LEAST_OF_MINE  # whoever says so is one
    return _PERSON if word.is_person else _WEIGHTS[word.of]


_I_WAS_A = re.compile(r"\bI(?:'m| am| was| used to be|'ve been| worked as)(?: \w+ly)? an? $", re.I)
_I_DID = re.compile(r"\b(?:I|we|I've|we've) $", re.I)


_SPANS = re.compile(r"\b(?:for|many|several|some|few|of|after|long|whole)(?: \w+)? $", re.I)


def _coherence(clause: Clause, places: frozenset[int], all_places: Iterable[frozenset[int]]) -> float:
    """Returns how much a fact's word counts: less when it is the clause's only word of a further fact."""
    if len(clause.chosen) == 1 or not places.isdisjoint(clause.chosen[: max(1, len(clause.backing))]):
        return 1.0
    shared = [n for n in clause.chosen if n in places]
    return 1.0 if any(sum(n in others for others in all_places) >= 2 for n in shared) else _ALONE


def says_the_opposite(clause: Clause, word: Word, fact: Fact) -> bool:
    """Whether the word is an opposite of one in the fact, and is denied (“nobody liked it” for “everybody hated it”) or
    said about the rest of a number.
    """
    if not word.is_denied and not any(b.is_turned for backing in clause.backing.values() for b in backing):
        return False
    table = opposites()
    against = frozenset(stem for key in word.keys for stem in table.get(key, ()))
    return any(held.stem in against for held in fact.words)


def _foreign(
    clause: Clause, content: Sequence[Word], missing: Sequence[tuple[Word, float]]
) -> list[tuple[Word, float]]:
    """Returns the uncovered words of a part in which nothing is covered: the second half of “exports CSV and prints
    labels”.
    """
    weights = {word.start: share for word, share in missing}
    held_by = {word.start: clause.known.holding(word) for word in content if word.start not in weights}
    for at, part in _deeds_joined(clause):
        inside = [w for w in content if at <= w.start < at + len(part)]
        lacks = [w for w in inside if w.start in weights]
        weight = sum(weights[w.start] for w in lacks)
        best = max((sum(n in held_by.get(w.start, ()) for w in inside) for n in clause.chosen), default=0)
        if weight >= _LEAST and weight / (weight + best) >= _SHARE:
            return [(w, weights[w.start]) for w in lacks]
    for at, part in _parts(clause.text) if missing else ():
        start = at + clause.start
        inside = [w for w in content if start <= w.start < start + len(part)]
        if any(w.start not in weights for w in inside):
            continue
        added = clause.text[: start - clause.start].rstrip().lower().endswith(("and", "plus", "or", ","))
        if sum(weights[w.start] for w in inside) >= (_LEAST if added else 2.0):
            return [(w, weights[w.start]) for w in inside]
    return []


def _deeds_joined(clause: Clause) -> Iterator[tuple[int, str]]:
    """Yields further verbs (“clients need no login | and can pay their invoices there”), each with its place in the
    sentence.
    """
    for joint in _AND_DOES.finditer(clause.text):
        yield clause.start + joint.end(), clause.text[joint.end() :]


_AND_DOES = re.compile(
    r"\b(?:and|or|but|plus) (?=(?:can|could|will|also|even|now|then|lets?|has|have|had|is|are|was|were|gets?|got|"
    r"comes?|came|makes?|made|gives?|gave|\w+[^su]s|\w+ed) )",
    re.I,
)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yields the parts of a clause that “and” or “or” joins, then those that any short word joins, each with its
    place.
    """
    for pattern in (_AND, _PART):
        at = 0
        for joint in (*pattern.finditer(text), None):
            end = len(text) if joint is None else joint.start()
            if text[at:end].strip():
                yield at, text[at:end]
            at = end if joint is None else joint.end()


def names_unsaid(clause: Clause) -> Iterator[Mark]:
    taken = [(d.start, d.end) for d in clause.whole.dates] + clause.links + clause.named
    for word in clause.words:
        written = word.text
        if not written[0].isupper() and not _NAMELIKE.search(written):
            continue
        is_shaped = bool(_NAMELIKE.search(written)) and not (clause.whole.is_title and not written[1:].isupper())
        if not is_shaped and (clause.whole.is_title or word is clause.whole.words[0] or _opens(clause, word)):
            continue
        if (
            any(start <= word.start < end for start, end in taken)
            or word.is_stop
            or "'" in written.removesuffix("'s")
            or len(written) == 1
        ):
            continue
        low = written.lower()
        if low in FREE_NAMES or low in clause.known.tokens or word.keys & clause.known.keys:
            continue
        if low.removesuffix("s") in clause.known.tokens:
            continue
        if any(q.start <= word.start < q.end + 2 for q in clause.quantities):
            continue
        yield Mark(word.start, word.end, "name", f"no fact names “{written}”", is_sure=True)


def _opens(clause: Clause, word: Word) -> bool:
    """Whether a word follows a colon, a dash or a quotation mark, where a capital makes no name."""
    return clause.whole.text[: word.start].rstrip(" *_(")[-1:] in (":", '"', ".", "!", "?", "–", "—", "")


def dates_unsaid(clause: Clause) -> Iterator[Mark]:
    for date in clause.whole.dates:
        if not clause.start <= date.start < clause.end:
            continue
        if date.token in clause.known.dates or date.token in clause.known.closed_days:
            continue
        if date.token.startswith(("this:", "next:")) and any(clause.known.facts[n].is_planned for n in clause.chosen):
            continue
        if date.token.startswith("first:") and clause.backing and date.start <= clause.start + len("the "):
            continue  # “the first year costs 4,200 dollars”
        if date.token in _THIS_WEEK and any(_WEEKLY.search(clause.known.facts[n].text) for n in clause.chosen):
            continue
        if _TODAY_IS.search(clause.whole.text[: date.start]):
            continue  # “it's Friday”: the day on which it is posted
        if date.token.startswith("when:weekend") and {"day:5", "day:6"} & clause.known.dates:
            continue
        yield Mark(date.start, date.end, "date", f"no fact says “{clause.whole.text[date.start : date.end]}”")


_TODAY_IS = re.compile(r"\b(?:it's|it is|today is|happy|since it's) $", re.I)
_THIS_WEEK = ("this:week",)
_WEEKLY = re.compile(r"\b(?:each|every|a|per) week\b|\bweekly\b", re.I)


def days_unsaid(clause: Clause) -> Iterator[Mark]:
    """Yields days that a fact leaves out: “open every day”."""
    if not any(clause.known.facts[n].closed_days for n in clause.chosen):
        return
    for match in _EVERY_DAY.finditer(clause.text):
        yield Mark(match.start() + clause.start, match.end() + clause.start, "date", "a fact leaves days out")


_EVERY_DAY = re.compile(
    r"\b(?:every (?:single )?day|seven days(?: a week)?|7 days(?: a week)?|daily|all week|24/7|around the clock)\b",
    re.I,
)


def signals_unsaid(clause: Clause, wanted: frozenset[str] | None) -> Iterator[Mark]:
    held = frozenset[str]().union(*(clause.known.facts[n].signals for n in clause.chosen))
    for signal in signals_in(clause.text):
        if wanted is not None and signal.kind not in wanted:
            continue
        start, end = signal.start + clause.start, signal.end + clause.start
        if signal.kind == "none" and (not clause.chosen or _UNTIL.search(clause.whole.text)):
            continue  # it denies what no fact speaks of: the words that no fact has are told below
        if signal.kind == "quantifier" and not clause.content() and len(clause.text) < len(clause.whole.text):
            sentence = Clause(clause.whole, Span(0, len(clause.whole.text)))  # “everyone who steps in …”
            sentence.choose()
            if _carried(sentence, signal.kind, start, end):
                continue
        if signal.kind in ("none", "comparison", "quantifier", "superlative") and any(
            b.how for backing in clause.backing.values() for b in backing
        ):
            continue  # it tells how a number follows from the facts
        if signal.kind in held or _carried(clause, signal.kind, start, end):
            continue
        is_sure = signal.kind in _SURE and not _HEARD_THERE.fullmatch(clause.whole.text, start, end)
        yield Mark(start, end, signal.kind, SAYS[signal.kind], is_sure=is_sure)


_SURE = ("study", "award", "competitor")  # what they appeal to is somebody else's word, whatever else is said
# “On the radio” can be where something was heard, as well as who praised it.
_HEARD_THERE = re.compile(r"the (?:local )?(?:press|papers?|newspaper|magazine|radio|tv)", re.I)
_UNTIL = re.compile(r"\b(?:until|unless)\b", re.I)
_MOST_OF_A_CAUSE = 0.75
_NO_OTHER = re.compile(r"(?:no other|nothing|nobody|no one)\b", re.I)
_MORE_OR_LESS = ("more", "less", "fewe")


def _carried(clause: Clause, kind: str, start: int, end: int) -> bool:
    """Whether the facts carry a signal in other words."""
    chosen = [clause.known.facts[n] for n in clause.chosen]
    if kind == "quantifier" and clause.whole.text[start:end].lower().startswith(("most", "the majority")):
        return any(_MOSTLY.search(fact.text) or _more_than_half(fact) for fact in chosen)
    if kind in ("none", "quantifier") and not clause.backing and any(_is_partial(clause, fact) for fact in chosen[:1]):
        return False
    if kind == "none" and clause.backing and "more than" in clause.text.lower():
        return True  # never more than nine: a limit, which counting has compared
    if kind == "none" and any(_UNIVERSAL.search(fact.text) or fact.is_denying for fact in chosen):
        return True
    if kind == "quantifier" and _EVERYBODY.match(clause.whole.text, start):
        return any(_UNIVERSAL.search(fact.text) for fact in chosen)
    if kind == "testimonial" and clause.backing:
        return any(_ASKED.search(fact.text) for fact in chosen)
    if (
        kind == "comparison"
        and len({n for n, b in clause.backing.items() if {x.fact for x in b} & set(clause.chosen)}) > 1
    ):
        return True
    if kind == "quantifier" and any(_is_of_all(clause, start, fact) for fact in chosen):
        return True
    if kind == "quantifier" and chosen and _ALL_OF_THEM.match(clause.whole.text, start) and _is_all_there(clause):
        return True  # “all of the pieces were drawn by my wife”: “my wife drew the pieces”
    if kind == "quantifier" and chosen and clause.whole.text[start:end].lower() == "everything":
        return True  # it sums up what was told
    if kind in ("none", "quantifier", "only"):
        if any(says_the_opposite(clause, w, fact) for w in clause.words for fact in chosen):
            return True
        if kind == "none":
            return False
        if kind == "only":
            return any(re.search(r"\bonly\b|\bjust\b|\bnot\b.*\boutside\b", fact.text, re.I) for fact in chosen)
    if kind == "superlative" and _NO_OTHER.match(clause.whole.text, start):
        return any(
            fact.signals & {"superlative", "only", "comparison"} or _NO_OTHER.search(fact.text) for fact in chosen
        )
    if kind == "cause" and chosen and TELLS_CAUSE.search(chosen[0].text):
        content = clause.content()
        held = [w for w in content if not clause.known.holding(w).isdisjoint(clause.chosen)]
        return len(held) >= _MOST_OF_A_CAUSE * len(content)
    if kind == "cause" and len(clause.chosen) == 1:
        return all(clause.chosen[0] in clause.known.holding(w) for w in clause.content())
    if kind == "comparison" and len(clause.chosen) == 1 and clause.whole.text[start:end].lower()[:4] in _MORE_OR_LESS:
        going = "up" if clause.whole.text[start:end].lower().startswith("more") else "down"
        return going in chosen[0].directions
    if kind not in ("quantifier", "superlative"):
        said = [w for w in clause.words if start <= w.start < end and not w.is_stop]
        return bool(said) and bool(chosen) and all(any(w.keys & fact.keys for fact in chosen) for w in said)
    return False


_UNIVERSAL = re.compile(
    r"\b(?:each|every|all|any|whatever|whoever|always|no|none|never|unlimited|only|anybody|everybody|everyone|"
    r"nobody|nothing|without|closed?)\b",
    re.I,
)
_MOSTLY = re.compile(r"\b(?:mainly|mostly|most|majority|chiefly|largely)\b", re.I)
TELLS_CAUSE = re.compile(r"\b(?:because|since|so|after|when|by|due|thanks|why|reason|caused?|led|made|makes)\b", re.I)


def _is_partial(clause: Clause, fact: Fact) -> bool:
    """Whether a fact says the clause's matter only about some: “91 of 120 testers could”, “5 colonies did not
    survive”.
    """
    shared = [w for w in clause.content() if w.keys & fact.keys]
    if 2 * len(shared) < len(clause.content()):
        return False
    some = any(
        (q.dimension == "percent" and _ALMOST_NONE < q.value < _ALMOST_ALL)
        or (q.dimension == "count" and fact.is_denying and not q.period and q.value > 0)
        for q in fact.quantities
    )
    return some and not _UNIVERSAL_OF_ALL.search(fact.text)


_ALMOST_NONE, _ALMOST_ALL = 10, 90  # percent
_UNIVERSAL_OF_ALL = re.compile(r"\b(?:each|every|all|always|no|none|nobody|everybody|everyone|never)\b", re.I)


def _is_of_all(clause: Clause, start: int, fact: Fact) -> bool:
    """Whether a fact says it about each or all of what the clause is about."""
    of = [w for w in clause.words if w.start >= start and not w.is_stop][:_NOUN_WITHIN]
    for match in _UNIVERSAL.finditer(fact.text):
        held = [w for w in fact.words if w.start >= match.end() and not w.is_stop][:_NOUN_WITHIN]
        if any(one.keys & other.keys for one in of for other in held):
            return True
    return False


_ALL_OF_THEM = re.compile(r"(?:all|every|everyone|everybody)\b", re.I)


def _is_all_there(clause: Clause) -> bool:
    """Whether the first fact alone has all that the clause says, and no number of some."""
    fact = clause.known.facts[clause.chosen[0]]
    content = clause.content()
    return len(content) > 1 and not fact.quantities and all(w.keys & fact.keys for w in content)


_EVERYBODY = re.compile(r"(?:everyone|everybody)\b", re.I)
_ASKED = re.compile(r"\b(?:said|say|says|answered|told|wrote|replied|questionnaire|survey|asked|voted)\b", re.I)
_NOUN_WITHIN = 2  # words behind “all” or “each”


def _more_than_half(fact: Fact) -> bool:
    counts = sorted(q.value for q in fact.quantities if q.dimension == "count")
    return any(q.dimension == "percent" and q.value > 50 for q in fact.quantities) or any(
        many < 2 * few for few, many in pairwise(counts)
    )


def rivals_unsaid(clause: Clause) -> Iterator[Mark]:
    """Yields what is said about rivals, other things of the product's own kind: “other phone lines …”."""
    says_so = any("competitor" in clause.known.facts[n].signals for n in clause.chosen)
    for match in _RIVALS.finditer(clause.text):
        start, end = match.start() + clause.start, match.end() + clause.start
        head = [w for w in clause.words if start <= w.start and w.end == end]
        if head and head[0].keys & clause.known.category_keys and not says_so:
            yield Mark(start, end, "competitor", SAYS["competitor"], is_sure=True)


def quotes_unsaid(clause: Clause) -> Iterator[Mark]:
    for quote in quotes_in(clause.whole.text) if clause.start == 0 else ():
        inner = clause.whole.text[quote.start + 1 : quote.end - 1].lower().strip(" .,!?")
        if inner not in clause.known.all_text:
            yield Mark(quote.start, quote.end, "testimonial", SAYS["testimonial"])


def links_unsaid(clause: Clause) -> Iterator[Mark]:
    for start, end in clause.links:
        link = clause.whole.text[start:end].lower().rstrip(".,;:!?")
        address = re.sub(r"^(?:https?://)?(?:www\.)?", "", link).rstrip("/")
        if address not in clause.known.all_text:
            yield Mark(start, start + len(link), "link", "no fact holds this address", is_sure=True)


def _joined(words: Sequence[Word], text: str) -> Iterator[tuple[int, int]]:
    """Yields spans of words that are next to each other, or with one short word between them."""
    start, end = -1, -1
    for word in words:
        if start >= 0 and len(text[end : word.start].split()) <= 1 and "," not in text[end : word.start]:
            end = word.end
            continue
        if start >= 0:
            yield start, end
        start, end = word.start, word.end
    if start >= 0:
        yield start, end

"""Where a clause disagrees with facts: it denies what they say or affirms what they deny, it turns a direction round,
or it tells what is only planned as if it were there. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from core.texts.claims.classes import Class
from core.texts.claims.clause import Clause, Mark
from core.texts.claims.facts import ENDED, PLANNED, Fact, directions_in
from core.texts.claims.quantities import Quantity
from core.texts.claims.words import Word, opposites, words_in

_ANY_MORE = re.compile(r"\b(?:any ?more|no longer|these days|by now|until|unless)\b", re.I)
_IN_SO_MANY_IT_IS_THE_TOPIC = 4  # facts
_ALL_BUT = re.compile(r"\b(?:apart from|aside from|except(?: for)?|other than) (?:[\w-]+ ){0,3}$", re.I)
_SHUT = re.compile(r"\b(?:closed|close|shut|no|not|never|except|off|\w+n't)\b", re.I)
_MOVES = re.compile(
    r"\b(?:rose|risen|rises|grew|grown|grows|increased|climbed|soared|doubled|tripled|fell|fallen|"
    r"falls|dropped|declined|decreased|shrank|halved|improved)\b",
    re.I,
)
_OTHERWISE_MOVED = re.compile(
    r" (?:in on|apart|over|asleep|off|out|for|behind|ill|sick|silent|into|where|there|up|on|in)\b", re.I
)
_DEGREES = re.compile(r"better|worse|more|fewer|longer|shorter|higher|lower|earlier|later", re.I)
_OTHERS = re.compile(
    r"\b(?:made it|makes? it|got through|gets? through|surviv\w+|pass\w*|succeed\w*|manag\w+|others?|rest|left|"
    r"remain\w*|without|fail\w*|except|miss\w*|lost|lose|still|neither|never|"
    r"out)\b",
    re.I,
)
_LEFT = re.compile(
    r"\b(?:left|out of|no longer in|past|after) (?:the )?beta\b|\bas (?:planned|expected)\b|"
    r"\bwill\b(?= never)",
    re.I,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|used to|gave|went|left|quit|lost|fell|stood|sold|broke|took|got|made|ran|\w+ed)\b", re.I
)


def contradictions(clause: Clause) -> Iterator[Mark]:
    """Yields words that facts only deny and the clause affirms, or the reverse, when nothing in the clause agrees."""
    if any(b.is_turned or b.how for backing in clause.backing.values() for b in backing) or _ANY_MORE.search(
        clause.whole.text
    ):
        return
    for word, _ in _denied_wrongly(clause):
        yield Mark(word.start, word.end, "contradiction", f"a fact says the opposite about “{word.text}”")
    for date in clause.whole.dates:
        if (
            clause.start <= date.start < clause.end
            and date.token in clause.known.closed_days
            and date.token not in clause.known.dates
        ) and not (
            _SHUT.search(clause.whole.text) or any(w.is_denied for w in clause.words if w.start <= date.start < w.end)
        ):
            yield Mark(date.start, date.end, "contradiction", "a fact leaves this day out")


def _denied_wrongly(clause: Clause) -> Iterator[tuple[Word, int]]:
    words = [
        w
        for w in clause.words
        if not w.is_stop
        and (not w.is_light or w.is_ruled_out)
        and not any(q.start <= w.start < q.end for q in clause.quantities)
        and not any(start <= w.start < end for start, end in clause.named)  # whatever it does or does not do
        and not _ALL_BUT.search(clause.text, 0, w.start - clause.start)
    ]
    wrong = [
        w
        for w in words
        if _is_said_otherwise(clause, w) and clause.known.facts_with(w.stem) < _IN_SO_MANY_IT_IS_THE_TOPIC
    ]
    if not wrong:
        return
    denies = any(w.is_denied for w in clause.words)
    denies_alike = any(w.is_denied and any(True in clause.known.polarity.get(k, ()) for k in w.keys) for w in words)
    for number in sorted(frozenset().union(*(clause.known.holding(w) for w in wrong))):
        fact = clause.known.facts[number]
        if fact.is_planned and any(w.is_denied for w in words) and _planned_part(fact.text, wrong):
            continue  # a plan is not there yet
        if fact.is_denying and any(w.is_denied and not w.is_ruled_out for w in clause.words) and not clause.backing:
            continue  # both deny something: “learners asked us not to”, “students didn't want that”
        if clause.backing and number not in clause.chosen:
            continue  # it is about the fact that has its number
        shared = [
            (w, f)
            for w in words
            for f in fact.words
            if not f.is_stop and (w.stem == f.stem or (w.keys & f.keys and w.is_content and f.is_content))
        ]
        if not shared:
            continue
        if not _shares_what_it_denies(clause, fact):
            continue
        agreeing = {w.start for w, f in shared if w.is_denied == f.is_denied and w.is_content}
        for word, held in shared:
            if word.is_denied == held.is_denied or word.start in agreeing or word not in wrong:
                continue
            if word.stem != held.stem and not word.of is held.of is Class.THING:
                continue
            is_plain = (held.is_ruled_out and not word.is_denied) or (word.is_ruled_out and not held.is_denied)
            is_plain = is_plain and Class.THING in (word.of, held.of)
            if is_plain or (
                word.is_content
                and not denies_alike
                and not (denies and fact.is_denying and not word.is_denied)
                and _is_weighty(clause, shared)
                and len({w.start for w, f in shared if w.is_denied != f.is_denied}) > len(agreeing)
            ):
                yield word, number


def _shares_what_it_denies(clause: Clause, fact: Fact) -> bool:
    """Whether a fact has the verb that the clause denies: “the river didn't carry enough” denies nothing in “the river
    was too low”.
    """
    deeds = [w for w in clause.words if w.is_denied and not w.is_ruled_out and w.of is Class.DEED and w.is_content]
    return not deeds or bool(deeds[0].keys & fact.keys)


def _is_weighty(clause: Clause, shared: Sequence[tuple[Word, Word]]) -> bool:
    """Whether more than the subject disagrees: at least half of the clause."""
    wrong = {w.start for w, f in shared if w.is_denied != f.is_denied and w.is_content}
    content = [w for w in clause.content() if not w.keys & clause.known.base_keys or w.start in wrong]
    denies = any(w.is_denied for w in content)  # what a fact affirms is often denied in passing: “nobody has to share”
    return 2 * len(wrong) > len(content) or (not denies and 2 * len(wrong) == len(content))


def _is_said_otherwise(clause: Clause, word: Word) -> bool:
    """Whether facts have the word or a synonym, but none of them affirms or denies it as the clause does."""
    exact = clause.known.polarity.get(word.stem)
    said = exact if exact is not None else set().union(*(clause.known.polarity.get(key, ()) for key in word.keys))
    return bool(said) and word.is_denied not in said


def directions_unlike(clause: Clause) -> Iterator[Mark]:
    claimed = directions_in(clause.text, [_moved(q, -clause.start) for q in clause.quantities])
    of_facts: set[str] = set()
    for number in clause.chosen[: max(1, len(clause.backing))]:
        of_facts |= clause.known.facts[number].directions
    if len(claimed) == 1 and of_facts and not claimed & of_facts and clause.backing:
        if any(b.is_turned for backing in clause.backing.values() for b in backing):
            return
        where = clause.quantities[0]
        yield Mark(where.start, where.end, "direction", "a fact says that it went the other way")
        return
    if clause.backing and not of_facts and not any(b.how for backing in clause.backing.values() for b in backing):
        move = _MOVES.search(clause.text)
        if move is not None and not _OTHERWISE_MOVED.match(clause.text, move.end()):
            yield Mark(
                move.start() + clause.start,
                move.end() + clause.start,
                "direction",
                "no fact says that it changed this way",
            )
    yield from _the_other_way_round(clause)
    yield from _turned(clause)
    yield from _opposed(clause)


# “From 9 days to 2”, “used to be 9, now 2”; and the later number first: “2 instead of 9”.
_THEN = re.compile(r"\b(?:from|used to|was|were|before|at first|once)\b[^.;]{0,40}$", re.I)
_THEN_WITHIN = 50  # characters that such words and what follows them take at most
_TO_NOW = re.compile(r"\b(?:to|now|today|these days)\b", re.I)
_BACK_TO = re.compile(r"\b(?:instead of|rather than|used to|(?:down|up) from|where it (?:was|took|had been))\b", re.I)


def _change_in(text: str, quantities: Sequence[Quantity]) -> tuple[float, float] | None:
    """Returns the earlier and the later number of the first change that a text tells."""
    for one, other in pairwise(quantities):
        between = text[one.end : other.start]
        if _BACK_TO.search(between):
            return other.raw, one.raw
        if _TO_NOW.search(between) and _THEN.search(text, max(0, one.start - _THEN_WITHIN), one.start):
            return one.raw, other.raw
    return None


def _the_other_way_round(clause: Clause) -> Iterator[Mark]:
    """Yields the number that a change ends with, when a fact tells the same change from there."""
    change = _change_in(clause.whole.text, clause.whole.quantities)
    if change is None or change[0] == change[1]:
        return
    facts = [clause.known.facts[number] for number in clause.chosen]
    if any(_change_in(fact.text, fact.quantities) == (change[1], change[0]) for fact in facts):
        last = next((q for q in clause.quantities if q.raw == change[1]), None)
        if last is not None:
            yield Mark(last.start, last.end, "direction", "a fact says that it went the other way")


def _turned(clause: Clause) -> Iterator[Mark]:
    """Yields a number that the fact has of those that did not, and the clause of those that did."""
    for quantity in clause.quantities:
        backing = clause.backing.get(quantity.start, [])
        if not backing or not all(b.is_turned for b in backing):
            continue
        if (
            any(w.is_denied for w in clause.words)
            or _OTHERS.search(clause.text)
            or any(True for _ in _opposed(clause, is_turned=True))
        ):
            continue
        chosen = [clause.known.facts[b.fact] for b in backing]
        if any(f.is_denied and any(f.keys & w.keys for w in clause.words) for fact in chosen for f in fact.words):
            continue  # 6% never came back: 94% did
        if all(any(w.keys & fact.keys for fact in chosen) for w in clause.content()):
            yield Mark(quantity.start, quantity.end, "direction", "a fact says this number of the others")


def _opposed(clause: Clause, *, is_turned: bool = False) -> Iterator[Mark]:
    if not is_turned and any(b.is_turned or b.how for backing in clause.backing.values() for b in backing):
        return
    table, said = opposites(), {word.stem for word in clause.words}
    for word in clause.words:
        if (
            word.is_stop
            or (word.is_light and not _DEGREES.fullmatch(word.text))
            or word.is_denied
            or False in clause.known.polarity.get(word.stem, ())
        ):
            continue
        for fact in (clause.known.facts[n] for n in clause.chosen):
            if word.keys & fact.keys:
                continue
            keys = word.keys if "_" in word.stem else (word.stem,)
            against = frozenset(stem for key in keys for stem in table.get(key, ())) - said
            if any(f.stem in against and not f.is_denied for f in fact.words):
                yield Mark(word.start, word.end, "contradiction", f"a fact says the opposite of “{word.text}”")
                break


def tense_unlike(clause: Clause) -> Iterator[Mark]:
    if not clause.chosen:
        return
    fact = _planned_alone(clause) or clause.known.facts[clause.chosen[0]]
    if (
        fact.is_planned
        and _planned_part(fact.text, clause.words)
        and not PLANNED.search(_LEFT.sub(" ", clause.text))
        and not _at_its_date(clause, fact)
        and not any(w.is_denied for w in clause.words)
    ):
        content = [w for w in clause.content() if w.keys & fact.keys]
        if content:
            yield Mark(
                content[0].start,
                content[-1].end,
                "planned",
                "a fact says that this is planned, not that it is there",
            )
    elif (
        ENDED.search(fact.text)
        and not ENDED.search(clause.text)
        and not any(w.is_denied for w in clause.words)
        and not _PAST.search(clause.text)
    ):
        content = [w for w in clause.content() if w.keys & fact.keys]
        if content:
            yield Mark(content[0].start, content[-1].end, "ended", "a fact says that this has ended")


def _planned_alone(clause: Clause) -> Fact | None:
    """Returns the planned fact that alone holds a word of the clause: “full-size” of “a full-size version is
    planned”.
    """
    for word in clause.content():
        places = clause.known.holding(word)
        facts = [clause.known.facts[n] for n in places]
        are_planned = bool(facts) and all(fact.is_planned for fact in facts)
        if are_planned and word.of is not Class.DEED and any(_planned_part(fact.text, [word]) for fact in facts):
            return facts[0]
    return None


def _at_its_date(clause: Clause, fact: Fact) -> bool:
    """Whether the clause has the date of the plan: “in November it comes out”, when a fact plans it for November."""
    dated = any(clause.start <= date.start < clause.end and date.token in fact.dates for date in clause.whole.dates)
    return dated and not _PAST.search(clause.text)


def _planned_part(fact: str, words: Sequence[Word]) -> bool:
    """Whether the words are from the part of a fact that is planned: “It reads Word files; PDF is in beta”."""
    parts = re.split(r"[;,.]|\bbut\b|\band\b", fact)
    keys = [frozenset(k for w in words_in(part) if not w.is_stop and not w.is_light for k in w.keys) for part in parts]
    scores = [sum(bool(w.keys & part) for w in words if w.is_content) for part in keys]
    best = max(range(len(parts)), key=lambda n: scores[n])
    return scores[best] > 0 and (bool(PLANNED.search(parts[best])) or len(parts) == 1)


def _moved(quantity: Quantity, by: int) -> Quantity:
    return replace(quantity, start=quantity.start + by, end=quantity.end + by)

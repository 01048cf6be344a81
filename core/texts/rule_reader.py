"""Reads what a rule means for a topic by a linear model that was trained on some thousand labelled rules.

What the clauses say by the tables of words (`rule_clauses.py`) is one of its witnesses; the others are the rule's
words, their pairs, their classes (`rule_lexicon.txt`) and where they stand beside the topic's own words.
`tools/train_rule_reader.py` made its weights. The same rule is read the same way on every machine: the weights are
integers, and sums of integers do not depend on their order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.texts.artefacts import from_steps, in_steps, pack, step_of, unpack
from core.texts.days import A_WEEKDAY
from core.texts.rule_clauses import THINGS, Clause, Part
from core.texts.rule_topics import TOPICS, Topic

ARTEFACT = Path(__file__).with_name("rule_reader.json.xz")
MOST_PARTS = 20  # a longer text is a whole wiki page, and unlike the rules that it was trained on
# A post always has one, so that forbidding some means requiring others: "Wrong flair means removal".
ALWAYS_THERE = frozenset({Topic.TOPIC, Topic.TIMING})
_WINDOW = 4  # words on each side of the topic's
_PARTS_TOLD = 4


class Means(StrEnum):
    """What a rule says about a topic, in the words of docs/judging.md."""

    FORBID = "forbid"
    COND = "cond"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for something in a rule: `whole` of all of it, `parts` by clause. Each sign is there once."""

    topic: Topic
    whole: Sequence[str]
    parts: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule means for a topic, and the number of the clause that says it most clearly."""

    means: Means
    part: int
    scores: Sequence[int]
    margin: int

    @property
    def lead(self) -> int:
        """By how much its meaning is clearer than the next one."""
        at = tuple(Means).index(self.means)
        return self.scores[at] - max(score for place, score in enumerate(self.scores) if place != at)

    def overrules(self, other: Means) -> bool:
        """Whether its meaning is clearer than another one by the margin; twice that to forbid, which stops drafts."""
        lead = self.scores[tuple(Means).index(self.means)] - self.scores[tuple(Means).index(other)]
        return lead > self.margin * (2 if self.means is Means.FORBID else 1)


@dataclass(frozen=True, slots=True)
class Reader:
    """`weights`: of each sign for each of `Means`. `margin`: by how much it must be surer than the tables. `source`:
    what it was trained on, and its figures.
    """

    weights: Mapping[str, tuple[int, int, int]]
    base: tuple[int, int, int]
    margin: int
    about: About
    source: Mapping[str, Any]

    def read(self, evidence: Evidence, besides: Sequence[int] = (0, 0, 0)) -> Verdict:
        """Returns the meaning for which most speaks: the rule's signs, and `besides` for each of `Means`."""
        by_part = [self._sum(signs) for signs in evidence.parts]
        total = [sum(sums) for sums in zip(self.base, besides, self._sum(evidence.whole), *by_part, strict=True)]
        best = max(possible(evidence.topic), key=lambda means: total[means])
        lead = [sums[best] - max(sums[:best] + sums[best + 1 :]) for sums in by_part]
        return Verdict(tuple(Means)[best], lead.index(max(lead)) if lead else 0, total, self.margin)

    def _sum(self, signs: Sequence[str]) -> tuple[int, int, int]:
        forbid = cond = none = 0
        for sign in signs:
            if (weight := self.weights.get(sign)) is not None:
                forbid, cond, none = forbid + weight[0], cond + weight[1], none + weight[2]
        return forbid, cond, none


@dataclass(frozen=True, slots=True)
class About:
    """Which topics a rule is about: a topic's score is the sum of `weights` of its signs. Below `dropped`, a topic that
    the rule names, but not its name, is a passing mention; above `found`, the rule is about one that it does not name.
    """

    weights: Mapping[str, Mapping[str, int]]  # of each word: by topic, and as "named" for topics that the rule names
    base: int
    dropped: int
    found: int

    def scores(self, parts: Sequence[Part]) -> dict[Topic, int]:
        shared, words = marks_of(parts)
        sums = dict.fromkeys(Topic, self.base)
        of_named = 0
        for word in words:
            for topic, weight in self.weights.get(word, {}).items():
                if topic == _NAMED:
                    of_named += weight
                else:
                    sums[Topic(topic)] += weight
        for topic, marks in shared.items():
            if any(topic in part.named for part in parts):
                sums[topic] += of_named
            for mark in marks:
                weights = self.weights.get(mark, {})
                sums[topic] += weights.get(topic, 0) + weights.get(_ANY, 0)
        return sums


# ---------------------------------------------------------------- signs

_WORD = re.compile(r"<\w+>|[a-z]+(?:'[a-z]+)?|\d+|%|[!?\[\]/=<>+]")
_DAY = re.compile(rf"\b(?:{A_WEEKDAY}s?|weekends?|weekdays?)\b")
_NAMED, _ANY = "named", "any"
_ITSELF, _SOME_DAY, _NUMBER = "<t>", "<day>", "<num>"
_ENDINGS = ("ing", "ed", "es", "s", "ly")


def evidence_of(parts: Sequence[Part], topic: Topic, clauses: Sequence[Clause], by_tables: Means) -> Evidence:
    """Returns the signs of a rule for a topic. `clauses`: what was judged of it; `by_tables`: what they come to."""
    kind = "t" if topic in THINGS else "v"
    is_named = any(topic in part.topics for part in parts)
    whole = [f"T{topic}", f"H{by_tables}", f"H{topic}{by_tables}", f"H{kind}{by_tables}"]
    whole.append(f"#{min(sum(not part.is_name for part in parts), _PARTS_TOLD)}{'' if is_named else '-'}")
    whole += _answers(parts)
    whole += dict.fromkeys(f"J{kind}{one.stance}{one.permits:d}" for one in clauses)
    seen: set[str] = set(whole)
    by_part = []
    for part in parts:
        fresh = dict.fromkeys(sign for sign in _signs(part, topic, kind, is_named) if sign not in seen)
        seen.update(fresh)
        by_part.append(tuple(fresh))
    return Evidence(topic, tuple(dict.fromkeys(whole)), by_part)


def _answers(parts: Sequence[Part]) -> Iterator[str]:
    """Yields how a question begins, with how its answer begins: "can … no", "do … yes"."""
    for question, answer in pairwise(parts):
        asked, told = _WORD.findall(question.low), _WORD.findall(answer.low)
        if asked and told and (question.asks or "?" in question.low) and not answer.asks:
            yield f"QA {asked[0]} {told[0]}"
            yield f"QA {told[0]}"
            yield f"QA {asked[0]} {' '.join(told[:2])}"
            yield f"QA {asked[0]} {answer.heard.signs}"


def possible(topic: Topic) -> Sequence[int]:
    """Returns the places of the meanings that a rule can have for a topic."""
    every = {means: place for place, means in enumerate(Means)}
    if topic in ALWAYS_THERE:
        del every[Means.FORBID]
    return tuple(every.values())


def _signs(part: Part, topic: Topic, kind: str, is_named: bool) -> Iterator[str]:
    where = "N" if part.is_name else "D"
    how = "o" if topic in part.named else "i" if topic in part.topics else "x"
    signs = part.heard.signs + ("?" if part.asks else "")
    words = _words(part.low, topic)
    if how == "x" and is_named:  # another matter, but it tells in what spirit the rule is
        yield from (f"far {word}" for word in words)
        yield f"Sx{where}{signs}"
        return
    yield f"S{signs}"
    yield f"S{how}{where}{signs}"
    yield f"S{kind}{signs}"
    yield from (f"s{how}{where}{letter}" for letter in signs)
    yield from (f"s{topic}{letter}" for letter in signs)
    if how != "x":
        judged = part.judge(topic)
        yield f"j{how}{where}{judged.stance}{judged.permits:d}{judged.narrows:d}"
        yield f"j{judged.stance}{judged.permits:d}"
    for word in words:
        yield word
        yield f"{how}{where} {word}"
        yield f"{kind}:{word}"
        yield f"{topic}:{word}"
    yield from _pairs(words)
    yield from _beside(words)
    yield from _classes(words, kind)


def marks_of(parts: Sequence[Part]) -> tuple[dict[Topic, list[str]], Sequence[str]]:
    """Returns how the rule names each topic that it names, as marks, and the words and pairs of words of the rule."""
    marks: dict[Topic, list[str]] = {}
    named = list(dict.fromkeys(topic for part in parts for topic in part.named))
    headline = parts[0].headline if parts else ()
    for place, topic in enumerate(named):
        times = sum(topic in part.named for part in parts)
        marks[topic] = ["*", f"*{min(times, 2)}", f"*of {min(len(named), 4)}", *(["*first"] if not place else [])]
        if topic in headline:
            marks[topic] += ["*name", f"*name {min(len(headline), 2)}"]
    for topic in dict.fromkeys(topic for part in parts for topic in part.topics):
        marks.setdefault(topic, ["*meant"])
    words: dict[str, None] = {}
    for part in parts:
        stems = [_stem(word) for word in _WORD.findall(part.low)]
        words |= dict.fromkeys((*stems, *(f"{one} {other}" for one, other in pairwise(stems))))
        if part.is_name:
            words |= dict.fromkeys(f"N {stem}" for stem in stems)
    return marks, tuple(words)


def _stem(word: str) -> str:
    return next((word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), word)


def _words(low: str, topic: Topic) -> list[str]:
    marked = _DAY.sub(f" {_SOME_DAY} ", TOPICS[topic].sub(f" {_ITSELF} ", low))
    found: list[str] = []
    for match in _WORD.finditer(marked):
        word = _NUMBER if match.group().isdigit() else match.group()
        if word != _ITSELF or not found or found[-1] != _ITSELF:
            found.append(word)
    return found


def _pairs(words: Sequence[str]) -> Iterator[str]:
    bounded = ("^", *words, "$")
    yield from (f"{one} {other}" for one, other in pairwise(bounded))


def _beside(words: Sequence[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        if word == _ITSELF:
            for apart in range(1, _WINDOW + 1):
                near = "12"[apart > 2]
                if place >= apart:
                    yield f"<{near} {words[place - apart]}"
                if place + apart < len(words):
                    yield f">{near} {words[place + apart]}"


def _classes(words: Sequence[str], kind: str) -> Iterator[str]:
    classes = [_class(word) for word in words]
    short = [one for place, one in enumerate(classes) if not place or one != "_" or classes[place - 1] != "_"]
    bounded = ("^", *short, "$")
    for one, other in pairwise(bounded):
        yield f"C{one} {other}"
        yield f"C{kind}{one} {other}"
    yield from (f"C{a} {b} {c}" for a, b, c in zip(bounded, bounded[1:], bounded[2:], strict=False))
    told = [one for one in short if one != "_"]
    yield from (f"C{kind}{one}" for one in told)
    for place, one in enumerate(told):
        yield from (f"C{one}~{other}" for other in told[place + 1 : place + 4])


def _class(word: str) -> str:
    if word[0] == "<":
        return word
    table = _lexicon()
    if (found := table.get(word)) is not None:
        return found
    if word.endswith("n't"):
        return table["not"]
    stems = (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending))
    return next((table[form] for stem in stems for form in (stem, f"{stem}e") if form in table), "_")


@cache
def _lexicon() -> Mapping[str, str]:
    lines = files("core.texts").joinpath("rule_lexicon.txt").read_text(encoding="ascii").splitlines()
    table = {}
    for line in lines:
        name, *words = line.split()
        table.update(dict.fromkeys(words, name) if name != "#" else {})
    return table


# ---------------------------------------------------------------- the artefact


@cache
def shipped() -> Reader:
    """The reader in the artefact beside this module."""
    return load(ARTEFACT.read_bytes())


def load(packed: bytes) -> Reader:
    """The reader in what `dump` wrote."""
    content = unpack(packed)
    triples = zip(*(iter(from_steps(content["weights"])),) * 3, strict=True)
    base = content["base"]
    weights = dict(zip(content["signs"].split("\n"), triples, strict=True))
    about, of_words = content["about"], defaultdict[str, dict[str, int]](dict)
    for sign, weight in zip(about["signs"].split("\n"), from_steps(about["weights"]), strict=True):
        topic, _, word = sign.partition(":")
        of_words[word][topic] = weight
    which = About(dict(of_words), about["base"], about["dropped"], about["found"])
    return Reader(weights, (base[0], base[1], base[2]), content["margin"], which, content["source"])


def dump(
    weights: Mapping[str, Sequence[float]],
    base: Sequence[float],
    margin: float,
    about: tuple[Mapping[str, float], float, float, float],
    source: Mapping[str, Any],
) -> bytes:
    """The artefact with these weights; `about`: weights of "topic:word", their base, and the scores of `About.dropped`
    and `About.found`.
    """
    signs = sorted(weights)
    of_signs = [one for sign in signs for one in weights[sign]]
    of_topics, *limits = about
    words = sorted(of_topics)
    of_words = [of_topics[word] for word in words]
    scale, step = step_of(of_signs), step_of(of_words)
    base_of_topics, dropped, found = (round(one / step) for one in limits)
    return pack(
        {
            "source": dict(source),
            "about": {
                "base": base_of_topics,
                "dropped": dropped,
                "found": found,
                "signs": "\n".join(words),
                "weights": in_steps(of_words),
            },
            "base": [round(one / scale) for one in base],
            "margin": round(margin / scale),
            "signs": "\n".join(signs),
            "weights": in_steps(of_signs),
        }
    )

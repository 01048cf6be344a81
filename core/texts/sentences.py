"""A text's sentences and clauses, by their places. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.texts.plain import readable

_END = re.compile(r"[.!?…]+[\"')\]*_]*(?=\s|$)|\n+")
_SHORT = re.compile(
    r"(?:\b(?:i\.?e|e\.?g|etc|vs|cf|approx|no|nr|mr|mrs|ms|dr|st|prof|inc|ltd|co|ca|est|fig|min|max|"
    r"a\.m|p\.m|u\.s|u\.k)|"
    r"\b[A-Z])\.$",
    re.IGNORECASE,
)
_LAYOUT = re.compile(r"[ \t]*(?:[-*+•>#]+[ \t]+)*[*_\"'(]*")
_ENUMERATOR = re.compile(r"\W*(\d{1,2})[.)](?:[ \t]+|$)")
_LONGEST_SENTENCE = 1_000  # characters
_JOIN = re.compile(
    r"\s*[;:]\s+|\s+[-–—]+\s+|—|\s*[()]\s*|"
    r",?\s+(?=(?:but|because|since|while|whereas|although|though|so that|unless|until|after which|which is why)\b)|"
    r",\s+(?=(?:so|and|or|which|who|where|when|yet|nor|as|that|not|how|what|why|do|does|is|are|would|"
    r"could|has|have)\b)|"
    r"\s+(?=(?:that|which|who) (?:is|are|was|were|has|have|can|\w+s)\b)|"
    r",\s+(?=(?:no|not|without|with|including|plus|all of)\b)|\s+(?=and \w+(?:[^su]s|ed) \w+ \w+)|"
    r"\s+(?=and (?:an?|the) \w+ \w+s )|"
    r"\s+(?=and (?:then |later |also |now |even |we |i |it |they |he |she |you |that |this |there |people |users |"
    r"customers |students |clients )\s*)",
    re.IGNORECASE,
)
_SHORTEST_CLAUSE = 4  # characters; less says nothing by itself, and forty thousand “a(” would be as many clauses
_LONGEST_CLAUSE = 400  # characters; a longer run without any joint is cut at a space


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


def sentence_spans(text: str) -> Iterator[Span]:
    """Yields where the sentences of a readable text are, without layout before them and spaces after them.

    List numbers are layout when they count up from 1; any other number at a line's beginning belongs to its sentence.
    """
    start, due = 0, 1
    for end in (*_END.finditer(text), None):
        stop = end.end() if end is not None else len(text)
        if end is not None and not end.group().startswith("\n"):
            if _SHORT.search(text[max(start, end.start() - 8) : end.start() + 1]):
                continue
            if _ENUMERATOR.fullmatch(text, start, stop):
                continue  # its sentence follows
        layout = _LAYOUT.match(text, start, stop)
        start = layout.end() if layout else start
        number = _ENUMERATOR.match(text, start, stop)
        if number is not None and int(number[1]) in (1, due):
            due = int(number[1]) + 1
            start = number.end()
        yield from _pieces(text, start, stop)
        start = stop


def sentences_in(text: str) -> tuple[tuple[int, int], ...]:
    """Returns where the sentences of any text begin and end."""
    return tuple((span.start, span.end) for span in sentence_spans(readable(text)))


def sentence_at(text: str, place: int) -> str:
    """Returns the sentence of a readable text in which a place is; "" for a place between them."""
    return next((text[span.start : span.end] for span in sentence_spans(text) if span.start <= place < span.end), "")


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Yields a span without the spaces around it, cut where it is longer than a sentence can be."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
        cut = cut if cut > start else start + _LONGEST_SENTENCE
        yield Span(start, cut)
        start = cut
    if end > start:
        yield Span(start, end)


@lru_cache(maxsize=64)  # asked for each of a sentence's marks
def clause_spans(sentence: str) -> tuple[Span, ...]:
    """Returns where the clauses of a sentence are: the parts that can be true or invented by themselves."""
    cuts = [0]
    for joint in _JOIN.finditer(sentence):
        if joint.start() - cuts[-1] >= _SHORTEST_CLAUSE:
            cuts.append(joint.end())
    cuts.append(len(sentence))
    spans: list[Span] = []
    for start, end in itertools.pairwise(cuts):
        while end - start > _LONGEST_CLAUSE:
            cut = sentence.rfind(" ", start + 1, start + _LONGEST_CLAUSE)
            cut = cut if cut > start else start + _LONGEST_CLAUSE
            spans.append(Span(start, cut))
            start = cut
        spans.append(Span(start, end))
    return tuple(span for span in spans if sentence[span.start : span.end].strip(" ,;:-–—()\"'.!?"))

"""Marks: the words of a draft that no fact carries, and the ways out that a person has. Pure.

Places are those in the title and body under each other. A mark follows its words through edits by alignment.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from core.campaigns import Fact, FactKind
from core.drafting.drafts import Mark, Sentence, WayOut
from core.drafting.grounds import Grounds
from core.texts import claims
from core.texts.blanks import blanks_in
from core.texts.descent import Alignment, Descent, Words
from core.texts.numbers import figure_in
from core.texts.sentences import clause_spans
from core.texts.wording import SAYS_I

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Marked words as the check finds them. `generated`: a model wrote them; otherwise a person did. `doubted`: the
    mark may well be wrong.
    """

    start: int
    end: int
    words: str
    sentence: str
    kind: str
    reason: str
    generated: bool
    doubted: bool = False

    @property
    def blocks(self) -> bool:
        return self.generated and not self.doubted


# ---------------------------------------------------------------- finding


def read(whole: str, grounds: Grounds, sentences: Iterable[Sentence] = ()) -> claims.Checked:
    """Returns what of a text its grounds carry and what not. Blanks claim nothing. `sentences`: those of a model, which
    are compared with the facts that they name first.
    """
    places = {fact.id: place for place, fact in enumerate(grounds.facts)}
    named = tuple((s.text, tuple(places[id_] for id_ in s.fact_ids if id_ in places)) for s in sentences)
    return _read(without_blanks(whole), known_of(grounds), named)


def known_of(grounds: Grounds) -> claims.Known:
    """Returns the facts in the form that claims are compared with, each at its place in `grounds.facts`."""
    campaign = grounds.campaign
    return _known(
        tuple(_with_times(fact) for fact in grounds.facts),
        claims.Product(campaign.name, campaign.product, tuple(campaign.keywords), campaign.url),
        tuple((place, fact.owner) for place, fact in enumerate(grounds.facts) if grounds.is_lived_by_another(fact)),
    )


def _with_times(fact: Fact) -> str:
    """Returns a fact with the times that are kept beside its words, because a text may tell them."""
    as_of = f"as of {fact.as_of:%-d %B %Y}" if fact.as_of is not None else ""
    times = ", ".join(filter(None, (fact.period, as_of)))
    return f"{fact.body.rstrip(' .')} ({times})." if times else fact.body


def without_blanks(whole: str) -> str:
    """Returns a text with spaces in place of its blanks."""
    for start, end in blank_spans(whole):
        whole = whole[:start] + re.sub(r"[^\n]", " ", whole[start:end]) + whole[end:]
    return whole


@lru_cache(maxsize=16)
def _known(facts: tuple[str, ...], product: claims.Product, others: tuple[tuple[int, str], ...]) -> claims.Known:
    return claims.Known(facts, product, dict(others))


_Named = tuple[tuple[str, tuple[int, ...]], ...]  # by sentence, the places of the facts that it names


@lru_cache(maxsize=16)
def _read(whole: str, known: claims.Known, named: _Named) -> claims.Checked:
    """Returns the reading of a text. A title is no sentence, so only its numbers, names, links and signals are
    judged.
    """
    title_end = whole.find("\n")
    reading = claims.check_text(whole, known, dict(named), title=title_end)
    marks = tuple(mark for mark in reading.marks if mark.kind != "unsupported" or mark.start > title_end)
    return replace(reading, marks=marks)


def find(whole: str, generated: Iterable[str], grounds: Grounds, named: Iterable[Sentence] = ()) -> tuple[Found, ...]:
    """Returns the marked words of a text, in its order; `generated` are the texts of the draft that a model wrote, and
    `named` their sentences.
    """
    marks = read(whole, grounds, named).marks
    if not marks:
        return ()
    sentences = claims.sentences_in(whole)
    begins = [start for start, _ in sentences]
    descent = Descent(whole, generated, blank_spans)
    found = []
    for mark in marks:
        start, end = sentences[max(0, bisect_right(begins, mark.start) - 1)]
        if _is_own_disclosure(whole[start:end], grounds):
            continue
        said = descent.claims(mark.start, mark.end, clause_of(whole, mark.start, (start, end)))
        words = " ".join(whole[mark.start : mark.end].split())
        told = (mark.start, mark.end, words, whole[start:end], mark.kind, mark.reason)
        found.append(Found(*told, generated=said, doubted=mark.is_doubted))
    return tuple(found)


def _is_own_disclosure(sentence: str, grounds: Grounds) -> bool:
    """Whether a sentence says word by word how the poster belongs to the product, for which they stand already."""
    own, said = (" ".join(text.split()).casefold() for text in (grounds.disclosure or "", sentence))
    return bool(said) and own != "" and said in {own, *(own[start:end] for start, end in claims.sentences_in(own))}


@lru_cache(maxsize=16)
def blank_spans(text: str) -> tuple[Span, ...]:
    """Returns the places of the blanks of a title and body under each other."""
    return tuple((blank.start, blank.end) for blank in blanks_in(text))


def clause_of(whole: str, place: int, sentence: Span) -> Span:
    """Returns the clause of a sentence in which a place lies."""
    start, end = sentence
    spans = [(start + span.start, start + span.end) for span in clause_spans(whole[start:end])]
    return next((span for span in spans if span[0] <= place < span[1]), sentence)


# ---------------------------------------------------------------- following


def follow(
    kept: Sequence[Mark], older: str, found: Sequence[Found], newer: str, revision: int, now: datetime
) -> list[Mark]:
    """Returns the marks of the newest text: each that was known before keeps its id, and a new one has the id 0.

    A person who freed a mark spoke about its words, so a mark with other words is open again. So is a mark that was
    decided about in another way and is still there after a minute; until then, the change may be on its way.
    """
    moved = _moved(kept, older, newer)
    free = set(range(len(found)))
    begins, longest = [one.start for one in found], max((one.end - one.start for one in found), default=0)
    followed: dict[int, Mark] = {}
    for mark, span in zip(kept, moved, strict=True):
        about = range(bisect_left(begins, span[0] - longest), bisect_left(begins, span[1])) if span else ()
        near = [(overlap, at) for at in about if span and at in free and (overlap := _overlap(span, found[at])) > 0]
        if near:
            at = max(near)[1]
            free.discard(at)
            followed[at] = mark
    return [_as_mark(one, followed.get(at), revision, now) for at, one in enumerate(found)]


def _moved(kept: Sequence[Mark], older: str, newer: str) -> list[Span | None]:
    if older == newer:
        return [(mark.start, mark.end) for mark in kept]
    alignment = Alignment(Words(older), Words(newer))
    return [alignment.moved(mark.start, mark.end) for mark in kept]


def _overlap(span: Span, found: Found) -> int:
    return min(span[1], found.end) - max(span[0], found.start)


def _as_mark(found: Found, before: Mark | None, revision: int, now: datetime) -> Mark:
    told = {
        "revision": revision,
        "start": found.start,
        "end": found.end,
        "words": found.words,
        "sentence": found.sentence,
        "kind": found.kind,
        "reason": found.reason,
        "generated": found.generated,
    }
    if before is None:
        return Mark(id=0, workspace_id="", draft_id=0, **told)  # type: ignore[arg-type]
    if before.way is WayOut.FREE and before.words.casefold() == found.words.casefold():
        return replace(before, **told)  # type: ignore[arg-type]
    is_done_elsewhere = before.way not in (None, WayOut.FREE) and before.revision == revision
    if is_done_elsewhere and before.decided_at is not None and now - before.decided_at < _ON_ITS_WAY:
        return replace(before, **told)  # type: ignore[arg-type]
    return replace(before, way=None, decided_by=None, decided_at=None, **told)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the ways out


def statement_for(whole: str, mark: Found | Mark, clears: Callable[[str], bool]) -> str:
    """Returns what becomes the fact when a mark is true: its clause when that clears the mark, otherwise its
    sentence.
    """
    sentence = _sentence_at(whole, mark.start)
    start, end = clause_of(whole, mark.start, sentence)
    clause = _JOINT.sub("", whole[start:end]).strip(" \t\n,;:-–—()")
    if len(clause.split()) >= 3 and clears(_as_statement(clause)):
        return _as_statement(clause)
    return _as_statement(whole[sentence[0] : sentence[1]])


def kind_of(statement: str) -> FactKind:
    """Returns what kind of fact a statement is."""
    if speaks_for_one(statement):
        return FactKind.EXPERIENCE
    return FactKind.NUMBER if figure_in(statement) is not None else FactKind.PRODUCT


def speaks_for_one(statement: str) -> bool:
    """Whether only the person who says it can vouch for it."""
    return SAYS_I.search(statement) is not None


def _as_statement(words: str) -> str:
    plain = " ".join(words.split()).lstrip("*-•> ")
    return plain[:1].upper() + plain[1:]


def blanked(title: str, body: str, mark: Mark) -> tuple[str, str]:
    """Returns the text with a blank in place of the marked words."""

    def put(part: str, start: int, end: int) -> str:
        shown = re.sub(r"[\[\]\n]", " ", part[start:end])
        shown = shown if len(shown) <= _SHOWN_IN_A_BLANK else f"{shown[: _SHOWN_IN_A_BLANK - 1].rstrip()}…"
        rest = part[end:]
        return f"{part[:start]}[your own words instead of “{shown}”]{' ' if rest[:1] in ('(', '[', ':') else ''}{rest}"

    return _in_its_part(title, body, mark, put)


def taken_out(title: str, body: str, mark: Mark) -> tuple[str, str]:
    """Returns the text without the marked words: without their addition (“by 40%”) or their clause where the rest is
    still a sentence, otherwise without their sentence. A title or text of which nothing is left becomes a blank.
    """
    new_title, new_body = _in_its_part(title, body, mark, _without)
    new_title = " ".join(new_title.split()) or "[your own words: a title]"
    return new_title, _tidy(new_body) or "[your own words: the text]"


def _in_its_part(title: str, body: str, mark: Mark, change: Callable[[str, int, int], str]) -> tuple[str, str]:
    if mark.start <= len(title):
        return change(title, mark.start, min(mark.end, len(title))), body
    offset = len(title) + 1
    return title, change(body, mark.start - offset, mark.end - offset)


def _without(part: str, start: int, end: int) -> str:
    sentence = _sentence_at(part, start)
    for cut in (
        *_aside(part, sentence, start, end),
        *_addition(part, sentence, start, end),
        *_clause(part, sentence, start),
    ):
        left = f"{part[sentence[0] : cut[0]].rstrip(' ,;:–—-')}{_joined(part[cut[1] : sentence[1]])}"
        left = _ended(left.lstrip(" ,;:–—-"), part[sentence[0] : sentence[1]])
        if _reads(left) and _open_brackets(left) == _open_brackets(part[sentence[0] : sentence[1]]):
            return f"{part[: sentence[0]]}{left[:1].upper()}{left[1:]}{part[sentence[1] :]}"
    return _without_line(part, sentence)


def _joined(rest: str) -> str:
    return rest if not rest or rest[0] in ".,;:!?)" else f" {rest.lstrip()}"


def _ended(left: str, before: str) -> str:
    """Returns what is left with the punctuation at its end that the sentence had."""
    last = before.rstrip()[-1:]
    kept = left.rstrip(" ,;:–—-")
    return kept if last not in ".!?…" or kept[-1:] in ".!?…" else kept + last


def _aside(part: str, sentence: Span, start: int, end: int) -> Iterator[Span]:
    """Yields the round brackets around the words, if there are any."""
    opens, closes = part.rfind("(", sentence[0], start), part.find(")", end, sentence[1])
    if opens >= 0 and closes >= 0 and ")" not in part[opens:start]:
        yield opens, closes + 1


def _addition(part: str, sentence: Span, start: int, end: int) -> Iterator[Span]:
    """Yields the words with the preposition before them at the end of their clause: “by 40%”, “in nine weeks”."""
    before = _PREPOSITION.search(part[sentence[0] : start])
    if before is not None and re.match(r"\s*(?:$|[.,;:!?)])", part[end : sentence[1]]):
        yield sentence[0] + before.start(), end


def _clause(part: str, sentence: Span, start: int) -> Iterator[Span]:
    clause = clause_of(part, start, sentence)
    if clause == sentence:
        return
    rest = part[clause[1] : sentence[1]]
    if clause[0] == sentence[0]:
        joint = _JOINT.match(rest)
        yield clause[0], clause[1] + (joint.end() if joint else 0)
        return
    yield clause


def _reads(sentence: str) -> bool:
    """Whether what is left can stand as a sentence: three words or more, not begun or ended in the middle."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", sentence)
    return len(words) >= 3 and not _DEPENDS.match(sentence) and words[-1].lower() not in _LEADS_ON


def _open_brackets(text: str) -> int:
    return text.count("(") - text.count(")")


def _without_line(part: str, sentence: Span) -> str:
    """Returns the part without the sentence; a line that held nothing else goes with it."""
    start, end = sentence
    line_start = part.rfind("\n", 0, start) + 1
    line_end = part.find("\n", end)
    line_end = len(part) if line_end < 0 else line_end
    if not re.sub(r"[\s*\-•>#\d.)]", "", part[line_start:start]) and not part[end:line_end].strip():
        return part[:line_start] + part[line_end + 1 :]
    while end < line_end and part[end] == " ":
        end += 1
    return part[:start] + part[end:]


def _sentence_at(text: str, place: int) -> Span:
    spans = claims.sentences_in(text)
    return next((span for span in spans if span[0] <= place < span[1]), (0, len(text)))


def _tidy(body: str) -> str:
    lines = (line.rstrip() for line in body.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def standing(marks: Iterable[Mark]) -> Sequence[Mark]:
    """Returns the marks that somebody has to decide about, a model's words first."""
    return sorted((mark for mark in marks if mark.way is None), key=lambda mark: (not mark.generated, mark.start))


def with_fact(grounds: Grounds, statement: str, kind: FactKind, owner_id: str, owner: str) -> Grounds:
    """Returns the grounds as they would be with one more fact."""
    more = Fact(0, grounds.campaign.workspace_id, grounds.campaign.id, kind, statement, owner, grounds.now, owner_id)
    return replace(grounds, facts=(*grounds.facts, more))


_ON_ITS_WAY = timedelta(minutes=1)
_SHOWN_IN_A_BLANK = 60
_JOINT = re.compile(r"^[\s,;:–—-]*(?:(?:and|but|so|or|yet|because|since|while|although|though)\s+)?", re.IGNORECASE)
_DEPENDS = re.compile(
    r"[\s,;:–—(-]*(?:which|who|whose|that|where|when|and|but|or|nor|so|yet|as|including|plus|without|not|how|what|why|"
    r"unless|until|than)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"[\s,]+(?:(?:in|by|for|within|after|over|with|at|from|since|during|under|across|around|about|among)\s+)"
    r"(?:(?:the|a|an|our|my|its|their|some|only|just|about|around|nearly|almost|over|less|more|up|to|than|first|last)\s+)"
    r"{0,4}$",
    re.IGNORECASE,
)
_LEADS_ON = frozenset(
    [
        *("a", "an", "the", "of", "to", "in", "by", "for", "with", "at", "from", "and", "or", "but", "than"),
        *("is", "are", "was", "were", "has", "have", "our", "my", "its", "their", "as", "that"),
    ]
)

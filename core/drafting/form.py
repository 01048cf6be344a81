"""The form that a community rewards, as a target: how long a text is to be, what belongs in it, and how it begins.

Prompt and interview use it, so that both have the same target. How common a form is says nothing about how it is
received: only findings (`Figures.findings`) turn a form into a target, each in its direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.texts.figures import Band, Direction, Figures, Finding


class Opening(StrEnum):
    """What a text begins with."""

    STORY = "story"
    NUMBER = "number"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Form:
    """A target. None and empty values: nothing is known, so everything is allowed."""

    words: tuple[int, int] | None = None
    title_chars: tuple[int, int] | None = None
    wanted: tuple[Finding, ...] = ()  # what goes with a better reception, the strongest first
    unwanted: tuple[Finding, ...] = ()  # what goes with a worse one
    opening: Opening = Opening.STORY
    posts: int = 0  # that this was read from

    def wants(self, *features: str) -> bool:
        return any(finding.feature in features for finding in self.wanted)

    def lines(self) -> tuple[str, ...]:
        """Returns the target in words, one instruction a line, each finding with its direction and its counts."""
        told = []
        if self.words:
            told.append(f"Length of the text: {self.words[0]} to {self.words[1]} words.")
        if self.title_chars:
            told.append(f"Length of the title: {self.title_chars[0]} to {self.title_chars[1]} characters.")
        told += [f"{_DO[f.feature]} That is received better there: {f.counts}." for f in self.wanted]
        told += [f"Leave out {f.text}. That is received worse there: {f.counts}." for f in self.unwanted]
        return tuple(told)


# What a writer can do. The other features are not about form, or no writer should aim at them (promotion, links).
_DO = {
    "title_question": "Ask a question in the title.",
    "title_number": "Put a number into the title.",
    "title_first_person": "Say I, my or we in the title.",
    "first_person": "Tell it in the first person.",
    "number": "Give numbers in the text.",
    "measure": "Give an amount in the text: money, users, time or percent.",
    "question": "Ask a question in the text, best at its end.",
    "list": "Put what is alike into a list.",
    "formatting": "Give it headings or bold words.",
    "summary": "Sum it up in a TL;DR.",
    "code": "Show the code.",
    "opens_number": "Put a number into the first sentence.",
    "opens_question": "Begin with a question.",
    "opens_own": "Begin with the poster's own situation.",
}
_KINDS = ("journey", "solution", "feedback", "asks", "announcement")  # what a post is about is not its form
_LENGTHS = ("long_text", "long_title", "self_post")
_OPENED_BY = {
    Opening.STORY: ("first_person", "title_first_person", "opens_own"),
    Opening.NUMBER: ("number", "title_number", "measure", "opens_number"),
    Opening.QUESTION: ("question", "title_question", "opens_question"),
}


def form_of(norms: Figures | None) -> Form:
    """Returns the target that norms set; an empty one when there are none."""
    if norms is None:
        return Form()
    openings = by_reception(norms)
    return Form(
        words=_aimed(norms.body_words, norms.effect("long_text")),
        title_chars=_aimed(norms.title_chars, norms.effect("long_title")),
        wanted=tuple(f for f in norms.findings if f.direction is Direction.BETTER and f.feature in _DO),
        unwanted=tuple(
            f for f in norms.findings if f.direction is Direction.WORSE and f.feature not in (*_LENGTHS, *_KINDS)
        ),
        opening=openings[0],
        posts=norms.posts,
    )


def by_reception(norms: Figures | None) -> tuple[Opening, ...]:
    """Returns the openings, best received first. Without findings a story comes first, because only the member can tell
    it.
    """
    if norms is None:
        return tuple(Opening)

    def clearest(opening: Opening) -> float:
        return max((norms.effect(feature) for feature in _OPENED_BY[opening]), key=abs)

    return tuple(sorted(Opening, key=lambda opening: -clearest(opening)))


def _aimed(band: Band, effect_of_longer: float) -> tuple[int, int] | None:
    """Returns the middle half of the lengths, or the half of it that is received better."""
    if band.quartiles is None:
        return None
    low, median, high = band.quartiles
    if effect_of_longer:
        low, high = (median, high) if effect_of_longer > 0 else (low, median)
    return round(low), round(high)

"""A text's score, and the reasons for it: whole points that add up, each with what a person can change.

The score says how many of 100 posts like this one are above the middle of their community, according to a model
(core/analysis/model.py); the usual post there has 50. A reason goes with a better or worse reception among the posts
that were seen; it is not a cause.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core.analysis.forms import FORMS
from core.analysis.model import BODY_WORDS, PARTS, TITLE_WORDS, Effects, Model, Seen
from core.analysis.prior import Prior

SHOWN = 5  # reasons; all others are told together
_WORDS_SHOWN = 4
_LEAST_WORD = 0.02  # of a logit; a word that moves less is not named
REST = "rest"
LENGTHS = (30, 60, 100, 150, 200, 300, 400, 600)  # words; one of these is advised as the length of a text
TITLE_LENGTHS = (4, 6, 8, 10, 12, 15, 18)

NAMES: Mapping[str, str] = {
    "title_length": "the title's length",
    "title_question": "what the title asks",
    "title_number": "numbers in the title",
    "title_person": "whom the title speaks of",
    "title_style": "the title's style",
    "length": "the text's length",
    "question": "questions in the text",
    "number": "numbers in the text",
    "person": "whom the text speaks of",
    "link": "links",
    "layout": "the text's layout",
    "tone": "the text's tone",
    TITLE_WORDS: "words of the title",
    BODY_WORDS: "words of the text",
    REST: "all else",
}
# Each form in the words of advice. Forms of a length are missing, because a length is advised as a number.
_FORM_WORDS: Mapping[str, str] = {
    "title_asks": "a title that begins as a question",
    "title_question_mark": "a question mark in the title",
    "title_help": "asking for help or advice in the title",
    "title_number": "a number in the title",
    "title_year": "a year in the title",
    "title_first_person": "I or my in the title",
    "title_we": "we or our in the title",
    "title_you": "you in the title",
    "title_others": "he, she or they in the title",
    "title_exclaims": "an exclamation mark in the title",
    "title_capitals": "capitals in the title",
    "title_lower_case": "a title without capitals",
    "title_tag": "a tag in brackets before the title",
    "title_quotes": "quotation marks in the title",
    "title_colon": "a colon in the title",
    "title_dots": "dots in the title",
    "title_full_stop": "a full stop after the title",
    "title_superlative": "best, ever, first and the like in the title",
    "title_not": "not, no or never in the title",
    "title_reddit": "Reddit named in the title",
    "question_mark": "a question in the text",
    "question_rate": "many questions",
    "ends_asking": "a question at the end",
    "help": "asking for help or advice in the text",
    "number_rate": "numbers in the text",
    "measure": "an amount in the text (money, users, time, percent)",
    "first_person_rate": "I and my in the text",
    "we_rate": "we and our in the text",
    "you_rate": "you in the text",
    "others_rate": "he, she and they in the text",
    "link": "a link",
    "links_log": "several links",
    "picture_link": "a link to a picture or video",
    "reddit_link": "a link inside Reddit",
    "paragraphs_log": "more paragraphs",
    "paragraph_length": "longer paragraphs",
    "list": "a list",
    "formatting": "headings or bold words",
    "code": "code",
    "quoted": "quoted lines",
    "summary": "a TL;DR",
    "exclaims_rate": "exclamation marks",
    "capitals_rate": "words in capitals",
    "thanks": "thanks",
    "not_rate": "not, no and never",
    "past_rate": "telling what happened",
    "rude": "rude words",
    "word_length": "longer words",
    "sentence_length": "longer sentences",
    "title_words_again": "the title's words again in the text",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What one part of the text adds to the score, in `points`. `part` is a key of `NAMES`. `words` are the words of
    the text that moved it most; `advice` says what to change or to keep, and is empty when there is nothing to say.
    """

    part: str
    points: int
    words: tuple[str, ...] = ()
    advice: str = ""

    @property
    def name(self) -> str:
        return NAMES[self.part]


@dataclass(frozen=True, slots=True)
class TextScore:
    """`score` is 50 plus the points of all `reasons`; the last one may be the rest. The model has learned from `posts`
    of the community; 0 means from other communities only.
    """

    score: int
    reasons: tuple[Reason, ...]
    posts: int

    @property
    def tells(self) -> bool:
        """False when no text does better than another in this community: then every score is 50."""
        return bool(self.reasons)


def score_text(model: Model, prior: Prior, title: str, body: str) -> TextScore:
    """Returns the score of any text, also of an empty one."""
    seen = Seen.of(title, body)
    effects = model.effects(seen, prior)
    share = 1 / (1 + math.exp(-effects.logit))
    score = round(100 * share)
    order = sorted(PARTS, key=lambda part: (-abs(effects.parts[part]), part))
    shown = order[:SHOWN]
    total = sum(effects.parts.values())
    # A part has the same share of the points as of the logit. The parts of the logit add up, so the points do too.
    per_logit = 100 * (share - 0.5) / total if abs(total) > 1e-9 else 25.0
    exact = {part: effects.parts[part] * per_logit for part in shown}
    points = _whole(exact | {REST: 100 * (share - 0.5) - sum(exact.values())}, score - 50)
    reasons = [
        Reason(part, points[part], *_told(part, points[part], effects, model, prior, seen))
        for part in shown
        if points[part]
    ]
    reasons.sort(key=lambda reason: -abs(reason.points))
    if points[REST]:
        reasons.append(Reason(REST, points[REST]))
    return TextScore(score, tuple(reasons), model.posts)


def _whole(exact: Mapping[str, float], total: int) -> dict[str, int]:
    """These numbers as whole numbers that add up to `total`: those with the largest remainders are rounded up."""
    floors = {key: math.floor(value) for key, value in exact.items()}
    left = total - sum(floors.values())
    by_remainder = sorted(exact, key=lambda key: (floors[key] - exact[key], key))
    step = 1 if left > 0 else -1
    for at in range(abs(left)):
        floors[by_remainder[at % len(by_remainder)]] += step
    return floors


def _told(
    part: str, points: int, effects: Effects, model: Model, prior: Prior, seen: Seen
) -> tuple[tuple[str, ...], str]:
    if part in effects.words:
        return _words(effects.words[part], points)
    if part in ("length", "title_length"):
        return (), _length_advice(part, points, model, prior, seen)
    moved = {form.key: effects.forms[form.key] for form in FORMS if form.part == part}
    key = max(moved, key=lambda key: moved[key] * points)
    if moved[key] * points <= 0:
        return (), ""
    # A text with more of a form than the usual post is advised to keep it or to do without it.
    place = next(at for at, form in enumerate(FORMS) if form.key == key)
    has_more = seen.forms[place] > prior.forms[place].mean
    what = _FORM_WORDS[key]
    if points > 0:
        return (), f"keep it: {what}" if has_more else f"keep it without: {what}"
    return (), f"try it without: {what}" if has_more else f"try: {what}"


def _words(effects: Mapping[str, float], points: int) -> tuple[tuple[str, ...], str]:
    side = 1 if points > 0 else -1
    ranked = sorted((word for word in effects if word), key=lambda word: (-side * effects[word], word))
    words = tuple(word for word in ranked[:_WORDS_SHOWN] if side * effects[word] > _LEAST_WORD)
    if not words:
        return (), ""
    return words, "keep these words" if points > 0 else "try other words for these"


def _length_advice(part: str, points: int, model: Model, prior: Prior, seen: Seen) -> str:
    """Advice about the length: "keep it" when it helps, else the nearest length that does no harm, all else equal; the
    best one when all do harm. The nearest, because nobody triples a text for one point.
    """
    if points > 0:
        return "keep it"
    is_title = part == "title_length"
    lengths = TITLE_LENGTHS if is_title else LENGTHS

    def effect(count: int) -> float:
        words = " ".join(["thing"] * count)
        tried = Seen.of(words, "") if is_title else Seen.of("", words)
        return model.effects(tried, prior).parts[part]

    counted = "title_words_log" if is_title else "words_log"
    present = math.expm1(next(value for form, value in zip(FORMS, seen.forms, strict=True) if form.key == counted))
    harmless = [count for count in lengths if effect(count) >= 0]
    advised = min(harmless, key=lambda count: abs(count - present), default=max(lengths, key=effect))
    return f"try about {advised} words"

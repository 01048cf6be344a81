"""Whether a draft or an own post shows a feature: by its words (`features.py`), or by what a sentence of it does
(`acts.py`). Rulings, checks and lessons ask here, so that a lesson finds what a draft was blocked for. Words that are
often said in another sense (“the giveaway was the ink”, “please don't message us”) show nothing in a sentence of which
the model is sure that it asks for nothing.

Words come first, because they cost next to nothing; a sentence costs the small model some ten milliseconds. So this is
called off the event loop, and for single texts: what profiles count of thousands of posts is found by words alone
(`features.found`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.texts import wording
from core.texts.acts import Act, done_in, shares_of
from core.texts.features import Params, found
from core.texts.markup import BODY, TITLE, Span, Text
from core.texts.plain import readable
from core.texts.sentences import sentence_at

# What a text asks of its readers or says to them, each with the acts by which it shows it in words that no list holds.
ACTS: Mapping[str, Collection[Act]] = {
    "votes": (Act.VOTES,),
    "survey": (Act.SURVEY,),
    "hiring": (Act.RECRUIT,),
    "direct_messages": (Act.PRIVATE,),
    "referral_code": (Act.CODE,),
    "giveaway": (Act.CODE,),
    "fundraising": (Act.DONATE,),
    "for_sale": (Act.SELL,),
    "belittling": (Act.INSULT,),
    "praise": (),
}


# Of drafts that strangers wrote, the model was sure of ten of eleven “giveaways” in another sense, and of none that was
# one. Other words of asking it takes for nothing too often.
_SURELY_NOTHING = 0.8


@dataclass(frozen=True, slots=True)
class Shown:
    """A feature that a text shows. `spans`: the words, or the one sentence that does it; then `act` is what it does."""

    key: str
    spans: tuple[Span, ...]
    act: Act | None = None


def shown(keys: Iterable[str], text: Text, params: Params | None = None) -> Shown | None:
    """Returns the first of the features that the text shows by its words, else one that a sentence of its body shows: a
    title is no sentence, and the model learned from sentences.
    """
    asked = tuple(keys)
    for key in asked:
        if spans := tuple(span for span in found(key, text, params) if not _is_in_another_sense(span, text)):
            return Shown(key, spans)
    of_acts = {act: key for key in reversed(asked) for act in ACTS.get(key, ())}
    done = done_in(text.body, of_acts)
    if done is None:
        return None
    place = Span(BODY, done.start, done.start + len(done.words), done.words)
    return Shown(of_acts[done.act], (place,), done.act)


def _is_in_another_sense(span: Span, text: Text) -> bool:
    """Whether such words stand in a sentence that surely asks its readers for nothing and offers them nothing."""
    if wording.IN_ANOTHER_SENSE.fullmatch(span.words) is None:
        return False
    around = sentence_at(readable(text.title if span.part == TITLE else text.body), span.start).strip()
    if not around:
        return False
    shares = shares_of(around)
    return shares[Act.NONE] + shares[Act.MENTION] >= _SURELY_NOTHING


def said_in(whole: str, patterns: Iterable[re.Pattern[str]]) -> str | None:
    """Returns the words by which a text fits the first such pattern of `wording.py`, those of its group “w” where it
    has one; None for none. Words that the text speaks about ('only 2 left' labels) are not read.
    """
    plain = _SPOKEN_ABOUT.sub(" ", " ".join(readable(whole).split()))
    for pattern in patterns:
        match = pattern.search(plain)
        if match is not None:
            return match["w" if "w" in pattern.groupindex else 0]
    return None


_SPOKEN_ABOUT = re.compile(r"\"[^\"]{1,40}\"|(?<!\w)'[^']{1,40}'(?!\w)")


def says_a_model_wrote(whole: str) -> bool:
    """Whether a text says of itself that a language model wrote it, in part or with help."""
    return _SAYS_A_MODEL_WROTE.search(whole) is not None


_MODEL = r"(?:chat ?gpt|gpt-?\d\w*|claude|gemini|copilot|an? (?:ai|llm|language model)|ai)"
_SAYS_A_MODEL_WROTE = re.compile(
    rf"\b{_MODEL} (?:wrote|turned|drafted|polished|generated|rewrote|cleaned|made) "
    r"(?:this|my|it|the (?:text|post|whole))|"
    r"\b(?:this|the) (?:text|post|draft|story|guide)? ?(?:is|was|has been|were) (?:partly |mostly )?"
    r"(?:written|drafted|generated|polished|rewritten|translated|cleaned up) (?:by|with|using)(?: the help of)? "
    rf"{_MODEL}\b|"
    rf"\b(?:had|let|asked|made) {_MODEL} (?:to )?(?:write|turn|draft|polish|rewrite|clean|format) (?:this|my|it|the)\b",
    re.IGNORECASE,
)

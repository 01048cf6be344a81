"""Whether a draft or an own post shows a feature: by its words (`features.py`), or by what a sentence of it does
(`acts.py`). Rulings, checks and lessons ask here, so that a lesson finds what a draft was blocked for.

Words come first, because they cost next to nothing; a sentence costs the small model some ten milliseconds. So this is
called off the event loop, and for single texts: what profiles count of thousands of posts is found by words alone
(`features.found`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.texts.acts import Act, Done, done_in
from core.texts.features import Params, found
from core.texts.markup import BODY, TITLE, Span, Text

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


@dataclass(frozen=True, slots=True)
class Shown:
    """A feature that a text shows. `spans`: the words, or the one sentence that does it; then `act` is what it does."""

    key: str
    spans: tuple[Span, ...]
    act: Act | None = None


def shown(keys: Iterable[str], text: Text, params: Params | None = None) -> Shown | None:
    """Returns the first of the features that the text shows by its words, else one that a sentence of it shows."""
    asked = tuple(keys)
    for key in asked:
        if spans := found(key, text, params):
            return Shown(key, spans)
    of_acts = {act: key for key in reversed(asked) for act in ACTS.get(key, ())}
    done = done_in(f"{text.title}\n{text.body}", of_acts)
    return None if done is None else Shown(of_acts[done.act], (_place(done, text),), done.act)


def _place(done: Done, text: Text) -> Span:
    of_title = len(text.title) + 1
    is_title = done.start < of_title
    start = done.start if is_title else done.start - of_title
    end = start + len(done.words)
    return Span(TITLE, start, end, text.title[start:end]) if is_title else Span(BODY, start, end, text.body[start:end])

"""The shipped prior: what moves a post above the middle of its community, learned from many other communities.

A linear model (tools/train_prior.py made it; docs/norms.md says from what, and how good it is): words and pairs of a
title, words of a body's beginning, and the form. So there is an answer for a community of which no post is known.
"""

from __future__ import annotations

import base64
import json
import lzma
import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.analysis.forms import FORMS
from core.analysis.terms import BODY_CHARS, TITLE_CHARS, pairs_of, words_of
from core.texts.markup import Text

ARTEFACT = Path(__file__).with_name("prior.json.xz")
TITLE, PAIR, BODY = "t", "p", "b"  # of what a term is: its first character
BODY_WEIGHT = 3.0  # of a body's words together, beside the 1.0 of each word of a title
FORM_WEIGHT = 0.5
FORM_LIMIT = 4.0  # standard deviations; what is further out counts as that
_STEPS = 127  # of a weight in 8 bits


@dataclass(frozen=True, slots=True)
class Terms:
    """What the prior reads of a text: the distinct words and pairs of its title, the distinct words of its body."""

    title: tuple[str, ...]
    pairs: tuple[str, ...]
    body: tuple[str, ...]

    @classmethod
    def of(cls, text: Text) -> Terms:
        title = words_of(text.title, TITLE_CHARS)
        body = dict.fromkeys(words_of(text.body, BODY_CHARS))
        return cls(tuple(dict.fromkeys(title)), tuple(dict.fromkeys(pairs_of(title))), tuple(body))

    def keyed(self) -> list[str]:
        """All as the artefact names them."""
        return [
            *(TITLE + word for word in self.title),
            *(PAIR + pair for pair in self.pairs),
            *(BODY + word for word in self.body),
        ]

    @property
    def body_scale(self) -> float:
        """The value of each word of the body: it counts less in a long one."""
        return BODY_WEIGHT / math.sqrt(max(1, len(self.body)))


@dataclass(frozen=True, slots=True)
class FormWeight:
    """The weight of one form in standard deviations, with its mean and deviation over all posts."""

    weight: float
    mean: float
    deviation: float

    def effect(self, value: float) -> float:
        apart = (value - self.mean) / self.deviation
        return self.weight * max(-FORM_LIMIT, min(FORM_LIMIT, apart))


@dataclass(frozen=True, slots=True)
class Prior:
    """Logits: above 0, more posts like this are in the upper half than below.

    `centre` is the mean effect of all words of a title and of a body over the posts of all communities; forms have a
    mean of 0 by their making. `source` says what it was trained on: the data's SHA-256, the arguments, its
    figures.
    """

    terms: Mapping[str, float]
    forms: Sequence[FormWeight]  # in the order of FORMS
    centre: Mapping[str, float]
    source: Mapping[str, Any]

    def of_words(self, terms: Terms) -> tuple[dict[str, float], dict[str, float]]:
        """What each word of the title and of the body moves; a pair's effect is halved between its two words."""
        known = self.terms
        title = {word: known.get(TITLE + word, 0.0) for word in terms.title}
        for pair in terms.pairs:
            effect = known.get(PAIR + pair)
            if effect is not None:
                words = [word for word in pair.split(" ") if word in title] or [""]
                for word in words:
                    title[word] = title.get(word, 0.0) + effect / len(words)
        scale = terms.body_scale
        return title, {word: known.get(BODY + word, 0.0) * scale for word in terms.body}

    def of_forms(self, values: Sequence[float]) -> list[float]:
        """What each form of `FORMS` moves."""
        return [form.effect(value) for form, value in zip(self.forms, values, strict=True)]

    def logit(self, terms: Terms, forms: Sequence[float]) -> float:
        title, body = self.of_words(terms)
        effects = sum(title.values()) + sum(body.values()) + sum(self.of_forms(forms))
        return effects - sum(self.centre.values())


@cache
def shipped() -> Prior:
    """The artefact beside this module."""
    return read(ARTEFACT.read_bytes())


def read(packed: bytes) -> Prior:
    """From `dump`. Raises `ValueError` when its forms are not those of this program."""
    content = json.loads(lzma.decompress(packed))
    forms = content["forms"]
    if list(forms) != [form.key for form in FORMS]:
        raise ValueError("the prior was trained with other forms: run tools/train_prior.py")
    steps = array("b", base64.b64decode(content["weights"]))
    scale = content["scale"] / _STEPS
    return Prior(
        terms={term: step * scale for term, step in zip(content["terms"].split("\n"), steps, strict=True)},
        forms=tuple(FormWeight(*values) for values in forms.values()),
        centre=content["centre"],
        source=content["source"],
    )


def dump(prior: Prior) -> bytes:
    """As compressed JSON, each weight of a term in 8 bits; the same prior gives the same bytes."""
    terms = sorted(prior.terms)
    scale = max(map(abs, prior.terms.values()), default=1.0) or 1.0
    steps = array("b", [round(prior.terms[term] / scale * _STEPS) for term in terms])
    content = {
        "source": dict(prior.source),
        "centre": {part: round(mean, 5) for part, mean in prior.centre.items()},
        "scale": scale,
        "forms": {
            form.key: [round(w.weight, 5), round(w.mean, 5), round(w.deviation, 5)]
            for form, w in zip(FORMS, prior.forms, strict=True)
        },
        "terms": "\n".join(terms),
        "weights": base64.b64encode(steps.tobytes()).decode(),
    }
    return lzma.compress(json.dumps(content).encode(), preset=9 | lzma.PRESET_EXTREME)

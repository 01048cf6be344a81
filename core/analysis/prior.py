"""The shipped prior: what moves a post above the middle of its community, learned from many other communities.

It is a linear model of the words and pairs of a title, the words of a body's beginning, and the form. With it, a text
can be scored even for a community of which no post is known. tools/train_prior.py made it; docs/norms.md says from
what, and how good it is.
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
TITLE, PAIR, BODY = "t", "p", "b"  # the first character of a term: where it is from
BODY_WEIGHT = 3.0  # of a body's words together; each word of a title has 1.0
FORM_WEIGHT = 0.5
FORM_LIMIT = 4.0  # standard deviations; values further from the mean count as this
_STEPS = 127  # the largest weight in 8 bits


@dataclass(frozen=True, slots=True)
class Terms:
    """What the prior reads of a text: the distinct words and pairs of its title, the distinct words of its body."""

    title: tuple[str, ...]
    pairs: tuple[str, ...]
    body: tuple[str, ...]

    @classmethod
    def of(cls, text: Text) -> Terms:
        return cls.of_words(words_of(text.title, TITLE_CHARS), words_of(text.body, BODY_CHARS))

    @classmethod
    def of_words(cls, title: Sequence[str], body: Sequence[str]) -> Terms:
        """The terms of what `words_of` gave for a title and a body."""
        return cls(tuple(dict.fromkeys(title)), tuple(dict.fromkeys(pairs_of(title))), tuple(dict.fromkeys(body)))

    def keyed(self) -> list[str]:
        """All terms, as the artefact names them."""
        return [
            *(TITLE + word for word in self.title),
            *(PAIR + pair for pair in self.pairs),
            *(BODY + word for word in self.body),
        ]

    @property
    def body_scale(self) -> float:
        """The value of each word of the body, which is lower in a long body."""
        return BODY_WEIGHT / math.sqrt(max(1, len(self.body)))


@dataclass(frozen=True, slots=True)
class FormWeight:
    """The weight of one form for each standard deviation from its mean over all posts."""

    weight: float
    mean: float
    deviation: float

    def effect(self, value: float) -> float:
        apart = (value - self.mean) / self.deviation
        return self.weight * max(-FORM_LIMIT, min(FORM_LIMIT, apart))


@dataclass(frozen=True, slots=True)
class Prior:
    """Gives logits. Above 0, more posts like this are in the upper half of their community than in the lower one.

    `centre` is the mean effect of a title's words and of a body's words over the posts of all communities; the mean
    effect of forms is 0. `source` says what it was trained on: the data's SHA-256, the arguments, its figures.
    """

    terms: Mapping[str, float]
    forms: Sequence[FormWeight]  # in the order of FORMS
    centre: Mapping[str, float]
    source: Mapping[str, Any]

    def of_words(self, terms: Terms) -> tuple[dict[str, float], dict[str, float]]:
        """The effect of each word of the title, and of each word of the body. A pair's effect is split between its
        words.
        """
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
        """The effect of each form, in the order of `FORMS`."""
        return [form.effect(value) for form, value in zip(self.forms, values, strict=True)]

    def logit(self, terms: Terms, forms: Sequence[float]) -> float:
        title, body = self.of_words(terms)
        effects = sum(title.values()) + sum(body.values()) + sum(self.of_forms(forms))
        return effects - sum(self.centre.values())


@cache
def shipped() -> Prior:
    """The prior in the artefact beside this module."""
    return read(ARTEFACT.read_bytes())


def read(packed: bytes) -> Prior:
    """The prior in what `dump` wrote. Raises `ValueError` when its forms are not those of this program."""
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
    """The prior as compressed JSON, with terms' weights in 8 bits. The same prior gives the same bytes."""
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

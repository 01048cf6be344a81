"""What is likely to do well in a community: the shipped prior, and the community's own model added to it.

A `Model` is linear. Each word and each form of a text moves a logit, so that a score can be explained by the parts that
moved it, and the parts add up. It is plain numbers, and needs no heavy library to read, dump and ask it.
`core/analysis/learning.py` makes one from a community's posts, in a child process.
"""

from __future__ import annotations

import base64
import math
import zlib
from array import array
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.analysis.forms import FORMS, form_of
from core.analysis.prior import FormWeight, Prior, Terms
from core.analysis.terms import BODY_CHARS, TITLE_CHARS, grams_of, pairs_of, words_of
from core.texts.edits import without_edits
from core.texts.markup import MAX_CHARS, Text

TITLE_WORDS, BODY_WORDS = "title_words", "body_words"
PARTS: tuple[str, ...] = (*dict.fromkeys(form.part for form in FORMS), TITLE_WORDS, BODY_WORDS)
KINDS = "tbpqg"  # words of the title, of the body; pairs of the title, of the body; runs of characters of the title
LIMIT = 4.0  # of a logit, so that no score is above 98 or below 2
_STEPS = 127
VERSION = 1
Dumped = list[Any]  # the JSON of a `Seen`


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as models read it, with later edits cut: the words of its title and body, and the values of `FORMS`."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    forms: tuple[float, ...]

    @classmethod
    def of(cls, title: str, body: str) -> Seen:
        return cls.of_text(Text(title, without_edits(body[:MAX_CHARS])))

    @classmethod
    def of_text(cls, text: Text, found: Container[str] | None = None) -> Seen:
        """The caller must have cut later edits. `found` is what `counted_in(text)` gives, when it is known already."""
        return cls(
            tuple(words_of(text.title, TITLE_CHARS)),
            tuple(words_of(text.body, BODY_CHARS)),
            tuple(form_of(text, found)),
        )

    def dump(self) -> Dumped:
        """As JSON: words hold no white space, so that a space joins them."""
        return [" ".join(self.title), " ".join(self.body), list(self.forms)]

    @classmethod
    def read(cls, content: Dumped) -> Seen:
        """The text in what `dump` gave."""
        title, body, forms = content
        return cls(tuple(title.split()), tuple(body.split()), tuple(forms))

    @property
    def prior(self) -> Terms:
        return Terms.of_words(self.title, self.body)

    def terms(self, kind: str) -> Iterable[str]:
        """The terms of a kind of `KINDS`, as often as they occur."""
        match kind:
            case "t":
                return self.title
            case "b":
                return self.body
            case "p":
                return pairs_of(self.title)
            case "q":
                return pairs_of(self.body)
            case _:
                return [gram for word in self.title for gram in grams_of(word)]


def term_values(terms: Iterable[str]) -> dict[str, float]:
    """The value of each term of a kind: higher when it occurs often, lower among many terms."""
    counts = Counter(terms)
    among = 1 / math.sqrt(max(1, len(counts)))
    return {term: (1 + math.log(count)) * among for term, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Effects:
    """What moves a text's logit, which is the sum of `parts`. `words` splits the effects of `TITLE_WORDS` and
    `BODY_WORDS` by word, `forms` those of the other parts by form; in both, the community's mean is not subtracted yet.
    """

    parts: Mapping[str, float]
    words: Mapping[str, Mapping[str, float]]
    forms: Mapping[str, float]

    @property
    def logit(self) -> float:
        return max(-LIMIT, min(LIMIT, sum(self.parts.values())))


@dataclass(frozen=True, slots=True)
class Model:
    """`terms` are the weights of the community's own model by kind and term, `forms` those of its forms. `prior_scale`
    multiplies the prior's logit. `centre` is the mean effect of each part over the community's posts, so that the usual
    post there has logit 0. `posts` is how many posts the model has learned from; 0 means the prior alone.
    """

    terms: Mapping[str, float]
    forms: Sequence[FormWeight]
    prior_scale: float
    centre: Mapping[str, float]
    posts: int = 0

    def effects(self, seen: Seen, prior: Prior) -> Effects:
        title, body = prior.of_words(seen.prior)
        words = {
            TITLE_WORDS: {word: effect * self.prior_scale for word, effect in title.items()},
            BODY_WORDS: {word: effect * self.prior_scale for word, effect in body.items()},
        }
        if self.terms:
            self._add_own(seen, words)
        forms = {
            form.key: effect * self.prior_scale for form, effect in zip(FORMS, prior.of_forms(seen.forms), strict=True)
        }
        for form, weight, value in zip(FORMS, self.forms, seen.forms, strict=False):
            forms[form.key] += weight.effect(value)
        parts = {part: sum(effects.values()) for part, effects in words.items()}
        for form in FORMS:
            parts[form.part] = parts.get(form.part, 0.0) + forms[form.key]
        return Effects({part: parts[part] - self.centre.get(part, 0.0) for part in PARTS}, words, forms)

    def _add_own(self, seen: Seen, words: dict[str, dict[str, float]]) -> None:
        for kind in KINDS:
            into = words[BODY_WORDS if kind in "bq" else TITLE_WORDS]
            values = term_values(seen.terms(kind))
            moved = {term: self.terms.get(kind + term, 0.0) * value for term, value in values.items()}
            if kind in "tb":
                for word, effect in moved.items():
                    into[word] = into.get(word, 0.0) + effect
            elif kind == "g":
                often = Counter(seen.terms("g"))
                for word in seen.title:
                    into[word] += sum(moved[gram] / often[gram] for gram in grams_of(word))
            else:
                for pair, effect in moved.items():
                    sides = [word for word in pair.split(" ") if word in into] or [""]
                    for word in sides:
                        into[word] = into.get(word, 0.0) + effect / len(sides)

    def dump(self) -> dict[str, Any]:
        """The model as JSON, with weights in 8 bits, compressed. The same model gives the same text."""
        terms = sorted(self.terms)
        scale = max(map(abs, self.terms.values()), default=1.0) or 1.0
        steps = array("b", [round(self.terms[term] / scale * _STEPS) for term in terms])
        packed = zlib.compress("\n".join(terms).encode(), 9)
        return {
            "version": VERSION,
            "posts": self.posts,
            "prior_scale": self.prior_scale,
            "centre": dict(self.centre),
            "forms": [[w.weight, w.mean, w.deviation] for w in self.forms],
            "scale": scale,
            "terms": base64.b64encode(packed).decode(),
            "weights": base64.b64encode(zlib.compress(steps.tobytes(), 9)).decode(),
        }

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Model | None:
        """The model in what `dump` wrote; None when another version of the program wrote it."""
        if content.get("version") != VERSION or len(content["forms"]) not in (0, len(FORMS)):
            return None
        steps = array("b", zlib.decompress(base64.b64decode(content["weights"])))
        names = zlib.decompress(base64.b64decode(content["terms"])).decode().split("\n") if steps else []
        scale = content["scale"] / _STEPS
        return cls(
            terms={term: step * scale for term, step in zip(names, steps, strict=True)},
            forms=tuple(FormWeight(*values) for values in content["forms"]),
            prior_scale=content["prior_scale"],
            centre=content["centre"],
            posts=content["posts"],
        )


def prior_alone(prior: Prior) -> Model:
    """The model of a community of which no post is known. Its usual text is that of all communities."""
    return Model({}, (), 1.0, prior.centre, 0)

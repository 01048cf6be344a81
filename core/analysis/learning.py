"""Learns a community's model from its posts (core/analysis/model.py), and measures what the model can tell.

It runs in a child process, so that numpy, scipy and scikit-learn stay out of the resident one. Three ridge regressions
predict a post's rank compared with its community's trend: from words and form, from pairs of words, and from runs of
characters in the title. Their mean and the shipped prior's logit are blended at equal weights, each in standard
deviations. Platt's sigmoid with one parameter turns the blend into a probability; it is fitted to predictions of posts
that were not in training.

Every figure is measured on posts that were not in training: there are five folds, and near-duplicates are in the same
fold. The same posts give the same model, in whatever order they come.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analysis.forms import FORMS
from core.analysis.model import BODY_WORDS, PARTS, TITLE_WORDS, Model, Seen, term_values
from core.analysis.prior import FORM_LIMIT, FormWeight, Prior
from core.analysis.trend import Floats, Told, folds_of, told_apart, trend_ranks

if TYPE_CHECKING:
    from sklearn.linear_model import Ridge

MIN_POSTS = 100  # with settled scores; a model of fewer posts does not predict others better than the prior
FOLDS = 5
_MIN_POSTS_OF_TERM = 2
_ALPHAS = {"words": 3.0, "pairs": 3.0, "grams": 3.0}
_FORM_SHARE = 1.0  # the weight of all forms together, compared with the words of the title or those of the body
_KEPT = 8_000  # terms of a model that is stored
_RIDGES = {"pairs": "pq", "words": "tb", "grams": "g"}  # the kinds of terms that each reads


@dataclass(frozen=True, slots=True)
class Example:
    """A text post whose score has settled; `way` is how it was found, `at` seconds since 1970."""

    key: str
    title: str
    body: str
    score: int
    at: float
    way: str | None


@dataclass(frozen=True, slots=True)
class Learned:
    """`told` measures how well the blend tells posts apart, `prior_told` how well the prior alone does; None when there
    are too few posts to measure. `said` are the blend's logits by key, each predicted without that post in training.
    """

    model: Model
    told: Told | None
    prior_told: Told | None
    said: Mapping[str, float]


def learn(examples: Sequence[Example], prior: Prior) -> Learned:
    """A model of these posts. Below `MIN_POSTS` it is the prior alone, centred on these posts."""
    examples = sorted(examples, key=lambda one: (one.at, one.key))
    seen = [Seen.of(one.title, one.body) for one in examples]
    ranks = trend_ranks([one.score for one in examples], [one.at for one in examples], [one.way for one in examples])
    return _Training(seen, ranks, prior).learned([one.key for one in examples])


class _Training:
    def __init__(self, seen: Sequence[Seen], ranks: Floats, prior: Prior) -> None:
        self._seen = seen
        self._ranks = ranks
        self._prior = prior
        self._forms = np.array([one.forms for one in seen]).reshape(-1, len(FORMS))
        words = [prior.of_words(one.prior) for one in seen]
        by_part = dict(zip(PARTS, _by_part(self._forms, prior.forms), strict=False))
        by_part[TITLE_WORDS] = np.array([sum(title.values()) for title, _ in words])
        by_part[BODY_WORDS] = np.array([sum(body.values()) for _, body in words])
        self._prior_parts = np.stack([by_part[part] for part in PARTS], axis=1)
        self._is_above = ranks > 0.5

    def learned(self, keys: Sequence[str]) -> Learned:
        of_prior = self._prior_parts.sum(axis=1)
        if len(self._seen) < MIN_POSTS or np.ptp(self._ranks) == 0:
            return self._prior_only(keys, of_prior)
        self._mean, self._deviation = self._forms.mean(axis=0), self._forms.std(axis=0)
        self._deviation[self._deviation < 1e-6] = np.inf  # a form that is the same in all posts tells nothing
        # One after the other, so that only one holds its matrices at a time. The pairs come first: they give the folds.
        ridges = {name: self._ridge(name) for name in _RIDGES}
        own = sum(_standard(ridge.held_out) for ridge in ridges.values())
        own_scale = float(np.std(own)) or 1.0
        prior_scale = float(np.std(of_prior)) or 1.0
        blend = (own / own_scale + (of_prior - of_prior.mean()) / prior_scale) / 2
        slope = _slope(blend, self._is_above)
        model = self._model(ridges, slope / 2 / own_scale, slope / 2 / prior_scale)
        return Learned(
            model,
            told_apart(blend, self._is_above),
            told_apart(of_prior, self._is_above),
            dict(zip(keys, (slope * blend).tolist(), strict=True)),
        )

    def _prior_only(self, keys: Sequence[str], of_prior: Floats) -> Learned:
        few = len(self._seen) < 2 * len(PARTS)
        centre = self._prior.centre if few else dict(zip(PARTS, self._prior_parts.mean(axis=0).tolist(), strict=True))
        told = told_apart(of_prior, self._is_above)
        said = of_prior - sum(centre.values())
        return Learned(Model({}, (), 1.0, centre), told, told, dict(zip(keys, said.tolist(), strict=True)))

    def _ridge(self, name: str) -> _Ridge:
        terms = {kind: TermMatrix(kind, self._seen) for kind in _RIDGES[name]}
        if "q" in terms:
            titles = [one.title if len(one.title) > 2 else () for one in self._seen]
            self._folds = folds_of(titles, terms["q"].counted, FOLDS)
        blocks = [one.matrix for one in terms.values()]
        if name == "words":
            scaled = np.clip((self._forms - self._mean) / self._deviation, -FORM_LIMIT, FORM_LIMIT)
            blocks.append(sparse.csr_matrix(scaled * np.sqrt(_FORM_SHARE / len(FORMS))))
        x = sparse.hstack(blocks, format="csr")
        held_out, weights = np.zeros(x.shape[0]), np.zeros(0)
        if x.shape[1]:  # it has no columns when no term is in two posts
            for fold in range(FOLDS):
                out = self._folds == fold
                if out.any() and not out.all():
                    held_out[out] = _fit(x[~out], self._ranks[~out], _ALPHAS[name]).predict(x[out])
            weights = _fit(x, self._ranks, _ALPHAS[name]).coef_
        return _Ridge(held_out, weights, {kind: one.counts for kind, one in terms.items()})

    def _model(self, ridges: Mapping[str, _Ridge], own_scale: float, prior_scale: float) -> Model:
        found: list[tuple[float, str, float, float]] = []  # how much it moves in all, term, weight, mean effect
        forms: tuple[FormWeight, ...] = ()
        for name, ridge in ridges.items():
            scale = own_scale / (float(np.std(ridge.held_out)) or 1.0)
            at = 0
            for kind, counts in ridge.counts.items():
                weights = ridge.weights[at : at + len(counts.names)] * scale
                at += len(counts.names)
                moved = np.abs(weights) * counts.length
                effects = weights * counts.idf
                named = [kind + term for term in counts.names]
                means = effects * counts.mean
                found += zip(moved.tolist(), named, effects.tolist(), means.tolist(), strict=True)
            if name == "words":
                steps = ridge.weights[at:] * np.sqrt(_FORM_SHARE / len(FORMS)) * scale
                finite = np.where(np.isfinite(self._deviation), self._deviation, 1e9)
                own = zip(steps.tolist(), self._mean.tolist(), finite.tolist(), strict=True)
                forms = tuple(FormWeight(*values) for values in own)
        found.sort(key=lambda one: (-one[0], one[1]))
        kept = found[:_KEPT]
        centre = self._prior_parts.mean(axis=0) * prior_scale
        for part, effect in zip(PARTS, _by_part(self._forms, forms), strict=False):
            centre[PARTS.index(part)] += effect.mean()
        for _, term, _, mean in kept:
            centre[PARTS.index(BODY_WORDS if term[0] in "bq" else TITLE_WORDS)] += mean
        weights_of = {term: weight for _, term, weight, _ in kept}
        return Model(weights_of, forms, prior_scale, dict(zip(PARTS, centre.tolist(), strict=True)), len(self._seen))


@dataclass(frozen=True, slots=True)
class _Ridge:
    held_out: Floats  # the prediction for each post by a regression that has not seen it
    weights: Floats
    counts: Mapping[str, TermCounts]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """For each term of a kind: the factor of its values (`idf`), the length of its column, its mean value in a post."""

    names: Sequence[str]
    idf: Floats
    length: Floats
    mean: Floats


class TermMatrix:
    """The terms of one kind in all posts. `counted` holds all values; `matrix` holds the terms of two posts or more,
    times `idf`.
    """

    def __init__(self, kind: str, seen: Sequence[Seen]) -> None:
        places: dict[str, int] = {}
        columns, values, starts = array("i"), array("d"), array("i", [0])
        for one in seen:
            valued = term_values(one.terms(kind))
            columns.extend([places.setdefault(term, len(places)) for term in valued])
            values.extend(valued.values())
            starts.append(len(columns))
        parts = np.frombuffer(values), np.frombuffer(columns, dtype=np.int32), np.frombuffer(starts, dtype=np.int32)
        if not len(columns):
            parts = np.zeros(0), np.zeros(0, dtype=np.int32), np.zeros(len(seen) + 1, dtype=np.int32)
        self.counted = sparse.csr_matrix(parts, shape=(len(seen), len(places)))
        posts = np.bincount(self.counted.indices, minlength=len(places))
        kept = np.flatnonzero(posts >= _MIN_POSTS_OF_TERM)
        names = list(places)
        matrix = self.counted[:, kept]
        mean = np.asarray(matrix.mean(axis=0)).ravel()
        idf = np.log(len(seen) / posts[kept]) + 1
        matrix = matrix @ sparse.diags(idf)
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        usual = float(lengths[lengths > 0].mean()) if (lengths > 0).any() else 1.0
        self.matrix = (matrix / usual).tocsr()
        length = np.sqrt(np.asarray(self.matrix.multiply(self.matrix).sum(axis=0)).ravel())
        self.counts = TermCounts([names[at] for at in kept], idf / usual, length, mean)


def _by_part(forms: Floats, weights: Sequence[FormWeight]) -> list[Floats]:
    """The effect of each part's forms on each post, in the order of `PARTS`, which begins with the parts of forms."""
    if not weights:
        return []
    weight, mean, deviation = np.array([[one.weight, one.mean, one.deviation] for one in weights]).T
    effects = np.clip((forms - mean) / deviation, -FORM_LIMIT, FORM_LIMIT) * weight
    parts = np.array([PARTS.index(form.part) for form in FORMS])
    return [effects[:, parts == part].sum(axis=1) for part in range(parts.max() + 1)]


def _fit(x: sparse.csr_matrix, y: Floats, alpha: float) -> Ridge:
    from sklearn.linear_model import Ridge  # it takes a second to load, which communities with few posts are spared

    return Ridge(alpha=alpha, solver="sparse_cg", tol=1e-3).fit(x, y)


def _standard(values: Floats) -> Floats:
    standard: Floats = (values - values.mean()) / (values.std() or 1.0)
    return standard


def _slope(blend: Floats, is_above: NDArray[np.bool_]) -> float:
    """The slope of Platt's sigmoid, never below 0. It has no offset, because half of all posts are above the middle."""
    if is_above.all() or not is_above.any():
        return 0.0
    from sklearn.linear_model import LogisticRegression

    sigmoid = LogisticRegression(fit_intercept=False, C=10.0).fit(blend.reshape(-1, 1), is_above)
    return max(0.0, float(sigmoid.coef_[0, 0]))

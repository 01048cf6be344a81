"""Learn a community's model from its posts (core/analysis/model.py), and measure what it can tell.

Runs in a child process: numpy, scipy and scikit-learn stay out of the resident one. Three ridge regressions predict a
post's rank beside its community's trend: from words and form, from pairs of words, from runs of characters of the
title. Their mean and the shipped prior's logit are blended at equal weights, each in standard deviations; Platt's
sigmoid with one parameter, fitted to predictions of posts that were not in training, makes it a probability.

Every figure is of posts that were not in training: five folds, near-duplicates in one. The same posts give the same
model, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analysis.forms import FORMS
from core.analysis.model import KINDS, PARTS, Model, Seen, term_values
from core.analysis.prior import FORM_LIMIT, FormWeight, Prior
from core.analysis.trend import Floats, Told, folds_of, told_apart, trend_ranks

if TYPE_CHECKING:
    from sklearn.linear_model import Ridge

MIN_POSTS = 100  # with settled scores; fewer teach a model of their own nothing that shows in others
FOLDS = 5
_MIN_POSTS_OF_TERM = 2
_ALPHAS = {"words": 3.0, "pairs": 3.0, "grams": 3.0}
_FORM_SHARE = 1.0  # of all forms together, beside the words of the title and those of the body
_KEPT = 8_000  # terms of a model that is stored
_RIDGES = {"words": "tb", "pairs": "pq", "grams": "g"}


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
    """`told` is what the blend tells, `prior_told` what the prior alone does; None with too few posts to measure.
    `said` are the blend's logits by key, each of a post that was not in training.
    """

    model: Model
    told: Told | None
    prior_told: Told | None
    said: Mapping[str, float]


def learn(examples: Sequence[Example], prior: Prior) -> Learned:
    """A model of these posts; below `MIN_POSTS` the prior, centred on them, with what it can tell."""
    examples = sorted(examples, key=lambda one: (one.at, one.key))
    seen = [Seen.of(one.title, one.body) for one in examples]
    ranks = trend_ranks([one.score for one in examples], [one.at for one in examples], [one.way for one in examples])
    return _Lesson(seen, ranks, prior).learned([one.key for one in examples])


class _Lesson:
    def __init__(self, seen: Sequence[Seen], ranks: Floats, prior: Prior) -> None:
        self._seen = seen
        self._ranks = ranks
        self._prior = prior
        bare = Model({}, (), 1.0, {})
        effects = [bare.effects(one, prior).parts for one in seen]
        self._prior_parts = np.array([[parts[part] for part in PARTS] for parts in effects]).reshape(-1, len(PARTS))
        self._is_above = ranks > 0.5

    def learned(self, keys: Sequence[str]) -> Learned:
        of_prior = self._prior_parts.sum(axis=1)
        if len(self._seen) < MIN_POSTS or np.ptp(self._ranks) == 0:
            return self._prior_only(keys, of_prior)
        self._matrices = {kind: TermMatrix(kind, self._seen) for kind in KINDS}
        self._forms = np.array([one.forms for one in self._seen])
        self._mean, self._deviation = self._forms.mean(axis=0), self._forms.std(axis=0)
        self._deviation[self._deviation < 1e-6] = np.inf  # what all have alike tells nothing
        ridges = {name: self._ridge(name, kinds) for name, kinds in _RIDGES.items()}
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

    def _ridge(self, name: str, kinds: str) -> _Ridge:
        blocks = [self._matrices[kind].matrix for kind in kinds]
        if name == "words":
            scaled = np.clip((self._forms - self._mean) / self._deviation, -FORM_LIMIT, FORM_LIMIT)
            blocks.append(sparse.csr_matrix(scaled * np.sqrt(_FORM_SHARE / len(FORMS))))
        x = sparse.hstack(blocks, format="csr")
        held_out = np.zeros(x.shape[0])
        if not x.shape[1]:  # no term that two posts have
            return _Ridge(held_out, np.zeros(0))
        folds = self._folds
        for fold in range(FOLDS):
            out = folds == fold
            if out.any() and not out.all():
                held_out[out] = _fit(x[~out], self._ranks[~out], _ALPHAS[name]).predict(x[out])
        fitted = _fit(x, self._ranks, _ALPHAS[name])
        return _Ridge(held_out, fitted.coef_)

    @cached_property
    def _folds(self) -> NDArray[np.int64]:
        titles = [one.title if len(one.title) > 2 else () for one in self._seen]
        return folds_of(titles, self._matrices["q"].counted, FOLDS)

    def _model(self, ridges: Mapping[str, _Ridge], own_scale: float, prior_scale: float) -> Model:
        weights: dict[str, float] = {}
        moved: list[tuple[float, str]] = []
        forms: list[FormWeight] = []
        for name, kinds in _RIDGES.items():
            ridge = ridges[name]
            scale = own_scale / (float(np.std(ridge.held_out)) or 1.0)
            at = 0
            for kind in kinds:
                terms = self._matrices[kind]
                coefficients = ridge.weights[at : at + len(terms.names)] * scale
                at += len(terms.names)
                weights |= zip((kind + term for term in terms.names), (coefficients * terms.idf).tolist(), strict=True)
                moved += zip(
                    (np.abs(coefficients) * terms.length).tolist(), (kind + t for t in terms.names), strict=True
                )
            if name == "words":
                step = np.sqrt(_FORM_SHARE / len(FORMS)) * scale
                own = zip(
                    (ridge.weights[at:] * step).tolist(), self._mean.tolist(), self._deviation.tolist(), strict=True
                )
                forms = [FormWeight(w, mean, sd if np.isfinite(sd) else 1e9) for w, mean, sd in own]
        moved.sort(key=lambda one: (-one[0], one[1]))
        kept = {term: weights[term] for _, term in moved[:_KEPT]}
        model = Model(kept, tuple(forms), prior_scale, {}, len(self._seen))
        parts = [model.effects(one, self._prior).parts for one in self._seen]
        centre = {part: float(np.mean([one[part] for one in parts])) for part in PARTS}
        return Model(kept, tuple(forms), prior_scale, centre, len(self._seen))


@dataclass(frozen=True, slots=True)
class _Ridge:
    held_out: Floats  # of each post by a regression that has not seen it
    weights: Floats


class TermMatrix:
    """The terms of one kind that two posts or more have: `matrix` holds their values times `idf`."""

    def __init__(self, kind: str, seen: Sequence[Seen]) -> None:
        places: dict[str, int] = {}
        columns: list[int] = []
        values: list[float] = []
        starts = [0]
        for one in seen:
            valued = term_values(one.terms(kind))
            columns += [places.setdefault(term, len(places)) for term in valued]
            values += valued.values()
            starts.append(len(columns))
        every = sparse.csr_matrix((values, columns, starts), shape=(len(seen), len(places)))
        self.counted = every
        posts = np.bincount(every.indices, minlength=len(places))
        kept = np.flatnonzero(posts >= _MIN_POSTS_OF_TERM)
        names = list(places)
        self.names = [names[at] for at in kept]
        idf = np.log(len(seen) / posts[kept]) + 1
        matrix = every[:, kept] @ sparse.diags(idf)
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        usual = float(lengths[lengths > 0].mean()) if (lengths > 0).any() else 1.0
        self.idf = idf / usual
        self.matrix = (matrix / usual).tocsr()
        self.length = np.sqrt(np.asarray(self.matrix.multiply(self.matrix).sum(axis=0)).ravel())


def _fit(x: sparse.csr_matrix, y: Floats, alpha: float) -> Ridge:
    from sklearn.linear_model import Ridge  # a second to load, which communities with few posts need not wait for

    return Ridge(alpha=alpha, solver="sparse_cg", tol=1e-3).fit(x, y)


def _standard(values: Floats) -> Floats:
    standard: Floats = (values - values.mean()) / (values.std() or 1.0)
    return standard


def _slope(blend: Floats, is_above: NDArray[np.bool_]) -> float:
    """Platt's sigmoid without an offset, because half of all posts are above; never below 0."""
    if is_above.all() or not is_above.any():
        return 0.0
    from sklearn.linear_model import LogisticRegression

    sigmoid = LogisticRegression(fit_intercept=False, C=10.0).fit(blend.reshape(-1, 1), is_above)
    return max(0.0, float(sigmoid.coef_[0, 0]))

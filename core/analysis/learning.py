"""Learns a community's model from its posts (core/analysis/model.py), and measures what the model can tell.

It runs in a child process, so that numpy, scipy and scikit-learn stay out of the resident one. Three ridge regressions
predict a post's rank compared with its community's trend: from words and form, from pairs of words, and from runs of
characters in the title. Their mean and the shipped prior's logit are blended, each in standard deviations: the fewer
posts there are, the more the prior weighs (`own_share`). Platt's sigmoid with one parameter turns the blend into a
probability; it is fitted to predictions of posts that were not in training.

Every figure is measured on posts that were not in training: there are five folds, and near-duplicates are in the same
fold. The same posts give the same model, in whatever order they come.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analysis.forms import FORMS
from core.analysis.model import BODY_WORDS, PARTS, TITLE_WORDS, Model, Seen
from core.analysis.prior import BODY, BODY_WEIGHT, FORM_LIMIT, PAIR, TITLE, FormWeight, Prior
from core.analysis.terms import grams_of
from core.analysis.trend import Floats, ToldApart, folds_of, told_apart, trend_ranks

if TYPE_CHECKING:
    from sklearn.linear_model import Ridge

MIN_POSTS = 60  # with settled scores; the fewest of which a model was measured (docs/norms.md)
# Measured in 300 communities; with more than 600 posts the best share is not known, and stays at one half.
OWN_AT_MOST = 0.5
HALF_AT = 50  # posts that give the own model half of that
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

    def read(self) -> Scored:
        return Scored(self.key, Seen.of(self.title, self.body), self.score, self.at, self.way)


@dataclass(frozen=True, slots=True)
class Scored:
    """An example whose text was read."""

    key: str
    seen: Seen
    score: int
    at: float
    way: str | None


@dataclass(frozen=True, slots=True)
class Learned:
    """`told` measures how well the blend tells posts apart, `prior_told` how well the prior alone does; None when there
    are too few posts to measure. `said` are the blend's logits by key, each predicted without that post in training.
    """

    model: Model
    told: ToldApart | None
    prior_told: ToldApart | None
    said: Mapping[str, float]


def learn(examples: Sequence[Example], prior: Prior) -> Learned:
    """As `learn_from`, of texts that were not read yet."""
    return learn_from([one.read() for one in examples], prior)


def learn_from(examples: Iterable[Scored], prior: Prior) -> Learned:
    """A model of these posts. Below `MIN_POSTS` it is the prior alone, centred on these posts."""
    examples = sorted(examples, key=lambda one: (one.at, one.key))
    ranks = trend_ranks([one.score for one in examples], [one.at for one in examples], [one.way for one in examples])
    return Training([one.seen for one in examples], ranks, prior).learned([one.key for one in examples])


def own_share(posts: int) -> float:
    """The weight of a model of so many posts; the rest is the prior's."""
    return OWN_AT_MOST * posts / (posts + HALF_AT)


@dataclass(frozen=True, slots=True)
class Alone:
    """The own model without the prior: what it says is in standard deviations over its posts, when they were not in
    training. `prior_scale` is the prior's standard deviation over the same posts.
    """

    model: Model
    prior_scale: float


class Training:
    """Learns from posts with ranks 0 to 1."""

    def __init__(self, seen: Sequence[Seen], ranks: Floats, prior: Prior) -> None:
        self._seen = seen
        self._ranks = ranks
        self._prior = prior
        self._forms = np.array([one.forms for one in seen]).reshape(-1, len(FORMS))
        self._corpus = Corpus(seen)
        by_part = dict(zip(PARTS, _by_part(self._forms, prior.forms), strict=False))
        by_part[TITLE_WORDS], by_part[BODY_WORDS] = self._corpus.of_prior(prior)
        self._prior_parts = np.stack([by_part[part] for part in PARTS], axis=1)
        self._is_above = ranks > 0.5

    def learned(self, keys: Sequence[str]) -> Learned:
        of_prior = self._prior_parts.sum(axis=1)
        if len(self._seen) < MIN_POSTS or np.ptp(self._ranks) == 0:
            return self._prior_only(keys, of_prior)
        ridges, own = self._own()
        own_scale = float(np.std(own)) or 1.0
        prior_scale = float(np.std(of_prior)) or 1.0
        of_own, of_others = own_share(len(self._seen)) / own_scale, (1 - own_share(len(self._seen))) / prior_scale
        blend = own * of_own + (of_prior - of_prior.mean()) * of_others
        slope = _slope(blend, self._is_above)
        model = self._model(ridges, slope * of_own, slope * of_others)
        return Learned(
            model,
            told_apart(blend, self._is_above),
            told_apart(of_prior, self._is_above),
            dict(zip(keys, (slope * blend).tolist(), strict=True)),
        )

    def alone(self) -> Alone:
        """For tools/measure_blend.py."""
        ridges, own = self._own()
        model = self._model(ridges, 1 / (float(np.std(own)) or 1.0), 0.0)
        return Alone(model, float(np.std(self._prior_parts.sum(axis=1))) or 1.0)

    def _own(self) -> tuple[Mapping[str, _Ridge], Floats]:
        """The regressions, and the sum of what they say of posts that they have not seen."""
        self._mean, self._deviation = self._forms.mean(axis=0), self._forms.std(axis=0)
        self._deviation[self._deviation < 1e-6] = np.inf  # a form that is the same in all posts tells nothing
        # One after the other, so that only one holds its matrices at a time. The pairs come first: they give the folds.
        ridges = {name: self._ridge(name) for name in _RIDGES}
        held_out: Floats = np.sum([_standard(ridge.held_out) for ridge in ridges.values()], axis=0)
        return ridges, held_out

    def _prior_only(self, keys: Sequence[str], of_prior: Floats) -> Learned:
        few = len(self._seen) < 2 * len(PARTS)
        centre = self._prior.centre if few else dict(zip(PARTS, self._prior_parts.mean(axis=0).tolist(), strict=True))
        told = told_apart(of_prior, self._is_above)
        said = of_prior - sum(centre.values())
        return Learned(Model({}, (), 1.0, centre), told, told, dict(zip(keys, said.tolist(), strict=True)))

    def _ridge(self, name: str) -> _Ridge:
        terms = {kind: TermMatrix(kind, self._corpus) for kind in _RIDGES[name]}
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


class Corpus:
    """The words of all posts as numbers, so that terms are counted without a step of Python for each."""

    def __init__(self, seen: Sequence[Seen]) -> None:
        self._title = _Numbered([one.title for one in seen])
        self._body = _Numbered([one.body for one in seen])

    def counts(self, kind: str) -> tuple[sparse.csr_matrix, Callable[[int], str]]:
        """How often each post has each term of a kind of `KINDS`, and what names a column."""
        words = self._body if kind in "bq" else self._title
        if kind in "tb":
            return words.counts, words.names.__getitem__
        if kind in "pq":
            return words.pairs()
        return words.grams()

    def of_prior(self, prior: Prior) -> tuple[Floats, Floats]:
        """The sums of what `Prior.of_words` gives: of each title, and of each body."""
        title = np.zeros(len(self._title.starts) - 1)
        for kind, counted in ((TITLE, "t"), (PAIR, "p")):
            title += self._known(counted, kind, prior)
        distinct = np.diff(self._body.counts.indptr)
        return title, self._known("b", BODY, prior) * BODY_WEIGHT / np.sqrt(np.maximum(1, distinct))

    def _known(self, counted: str, kind: str, prior: Prior) -> Floats:
        counts, name = self.counts(counted)
        weights = np.array([prior.terms.get(kind + name(at), 0.0) for at in range(counts.shape[1])])
        sums: Floats = (counts > 0) @ weights
        return sums


class _Numbered:
    """Texts as numbers of their words. Numbers 0 and 1 are the beginning and the end of a text, for its pairs."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        places: dict[str, int] = {"^": 0, "$": 1}
        flat, starts = array("i"), array("i", [0])
        for words in texts:
            flat.append(0)
            flat.extend([places.setdefault(word, len(places)) for word in words])
            flat.append(1)
            starts.append(len(flat))
        self.names = list(places)
        self.starts = np.array(starts, dtype=np.int64)
        self._flat = np.array(flat, dtype=np.int64)
        self._rows = np.repeat(np.arange(len(texts)), np.diff(self.starts))
        self.counts = self._counted(self._rows[self._flat > 1], self._flat[self._flat > 1], len(self.names))

    def _counted(self, rows: NDArray[np.int64], columns: NDArray[np.int64], width: int) -> sparse.csr_matrix:
        counted = sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(self.starts) - 1, width)).tocsr()
        counted.sum_duplicates()
        return counted

    def pairs(self) -> tuple[sparse.csr_matrix, Callable[[int], str]]:
        begins = np.flatnonzero(self._flat != 1)  # each word and the beginning, with what follows it
        codes = self._flat[begins] * len(self.names) + self._flat[begins + 1]
        known, columns = np.unique(codes, return_inverse=True)

        def name(at: int) -> str:
            first, second = divmod(int(known[at]), len(self.names))
            return f"{self.names[first]} {self.names[second]}"

        return self._counted(self._rows[begins], columns, len(known)), name

    def grams(self) -> tuple[sparse.csr_matrix, Callable[[int], str]]:
        places: dict[str, int] = {}
        words, grams = array("i"), array("i")
        for number, word in enumerate(self.names[2:], start=2):
            of_word = [places.setdefault(gram, len(places)) for gram in grams_of(word)]
            words.extend([number] * len(of_word))
            grams.extend(of_word)
        shape = len(self.names), len(places)
        per_word = sparse.coo_matrix((np.ones(len(words)), (words, grams)), shape=shape).tocsr()
        return (self.counts @ per_word).tocsr(), list(places).__getitem__


class TermMatrix:
    """The terms of one kind in all posts, valued as `term_values` does. `counted` holds all values; `matrix` holds the
    terms of two posts or more, times `idf`.
    """

    def __init__(self, kind: str, corpus: Corpus) -> None:
        self.counted, name = corpus.counts(kind)
        self.counted = self.counted.copy()
        distinct = np.diff(self.counted.indptr)
        among = np.repeat(1 / np.sqrt(np.maximum(1, distinct)), distinct)
        self.counted.data = (1 + np.log(self.counted.data)) * among
        count, width = self.counted.shape
        posts = np.bincount(self.counted.indices, minlength=width)
        kept = np.flatnonzero(posts >= _MIN_POSTS_OF_TERM)
        matrix = self.counted[:, kept]
        mean = np.asarray(matrix.mean(axis=0)).ravel()
        idf = np.log(count / posts[kept]) + 1
        matrix = matrix @ sparse.diags(idf)
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        usual = float(lengths[lengths > 0].mean()) if (lengths > 0).any() else 1.0
        self.matrix = (matrix / usual).tocsr()
        length = np.sqrt(np.asarray(self.matrix.multiply(self.matrix).sum(axis=0)).ravel())
        self.counts = TermCounts([name(at) for at in kept.tolist()], idf / usual, length, mean)


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

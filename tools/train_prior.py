"""Train the prior that is shipped (core/analysis/prior.json.xz) on posts of many communities.

    nice python tools/train_prior.py POSTS.csv.xz [--out FILE] [--strength C] [--folds N] [--shipped N]

POSTS has the columns community, trend_rank, rank, title and selftext, a row a post (docs/norms.md says where ours are
from). The prior is a logistic regression: whether a post ranks in the upper half of its community and time, from the
words and pairs of its title, the words of its body's beginning and its form (core/analysis/terms.py, forms.py).

Terms that occur in `COMMUNITIES_MIN` communities or more are kept, but no names: a word that is mostly written with a
capital inside sentences counts as a name, unless very many communities use it. Only the weightiest are shipped.

The figures in the artefact are measured on communities of which no post was in training (grouped folds).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import html
import lzma
import multiprocessing
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from core.analysis.forms import form_of
from core.analysis.model import BODY_WORDS, TITLE_WORDS
from core.analysis.prior import ARTEFACT, BODY, FORM_LIMIT, FORM_WEIGHT, FormWeight, Prior, Terms, dump
from core.texts.edits import without_edits
from core.texts.markup import Text

COMMUNITIES_MIN = 20
NAME_COMMUNITIES = 450  # a capitalised word that fewer communities use counts as a name
CAPITAL_SHARE = 0.6
_CHUNK = 500
_INSIDE_SENTENCE = re.compile(r"(?<=[a-z,;] )([A-Za-z][a-z']{1,24})(?![\w'])")
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "american",
        "european",
        "christmas",
        "internet",
    ]
)

Floats = NDArray[np.float32]
Read = tuple[list[tuple[list[str], float]], list[list[float]], Counter[str], Counter[str]]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("posts", type=Path)
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    parser.add_argument("--strength", type=float, default=0.01, help="C of the regression")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--shipped", type=int, default=40_000, help="how many terms")
    asked = parser.parse_args()
    corpus = Corpus(asked.posts)
    print(
        f"{len(corpus.rank):,} posts, {len(corpus.names):,} communities, {len(corpus.terms):,} terms", file=sys.stderr
    )
    source = {
        "data_sha256": corpus.sha256,
        "arguments": {"strength": asked.strength, "folds": asked.folds, "shipped": asked.shipped},
        "posts": len(corpus.rank),
        "communities": len(corpus.names),
        "figures": held_out(corpus, asked.strength, asked.folds),
    }
    print(source["figures"], file=sys.stderr)
    weights = fit(corpus, np.arange(len(corpus.rank)), asked.strength)
    asked.out.write_bytes(dump(shipped(corpus, weights, asked.shipped, source)))
    print(f"{asked.out}: {asked.out.stat().st_size / 1024:.0f} KiB")
    return 0


class Corpus:
    """The posts as a matrix `x` of terms, then forms. `groups[i]` is the number of the community of row i."""

    def __init__(self, path: Path) -> None:
        self.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        rows = list(rows_of(path))
        self.names = sorted({row["community"] for row in rows})
        place = {name: number for number, name in enumerate(self.names)}
        self.groups = np.array([place[row["community"]] for row in rows])
        self.trend = np.array([float(row["trend_rank"]) for row in rows])
        self.rank = np.array([float(row["rank"]) for row in rows])
        vocabulary, entries, forms, names = self._read([(row["title"], row["selftext"]) for row in rows])
        self._keep_terms(vocabulary, entries, names)
        self._add_forms(np.array(forms, dtype=np.float32))

    def _read(self, texts: Sequence[tuple[str, str]]) -> tuple[dict[str, int], Any, list[list[float]], set[str]]:
        vocabulary: dict[str, int] = {}
        places: list[NDArray[np.int32]] = []
        scales: list[float] = []
        forms: list[list[float]] = []
        capital: Counter[str] = Counter()
        written: Counter[str] = Counter()
        with multiprocessing.Pool() as pool:
            chunks = [texts[at : at + _CHUNK] for at in range(0, len(texts), _CHUNK)]
            for terms, form, in_capitals, all_written in pool.imap(_read, chunks):
                capital.update(in_capitals)
                written.update(all_written)
                forms += form
                for keyed, scale in terms:
                    at = [vocabulary.setdefault(term, len(vocabulary)) for term in keyed]
                    places.append(np.array(at, dtype=np.int32))
                    scales.append(scale)
        names = {word for word, n in written.items() if capital[word] > CAPITAL_SHARE * n and word not in _CALENDAR}
        return vocabulary, (places, np.array(scales, dtype=np.float32)), forms, names

    def _keep_terms(self, vocabulary: dict[str, int], entries: Any, names: set[str]) -> None:
        places, scales = entries
        lengths = np.array([len(at) for at in places])
        columns = np.concatenate(places)
        rows = np.repeat(np.arange(len(places)), lengths)
        pairs = np.unique(columns.astype(np.int64) * len(self.names) + self.groups[rows])
        spread = np.bincount(pairs // len(self.names), minlength=len(vocabulary))  # communities of each term
        self.terms: list[str] = []
        new_place = np.full(len(vocabulary), -1, dtype=np.int32)
        for term, at in vocabulary.items():
            least = COMMUNITIES_MIN if names.isdisjoint(term[1:].split(" ")) else NAME_COMMUNITIES
            if spread[at] >= least:
                new_place[at] = len(self.terms)
                self.terms.append(term)
        is_body = np.array([term[0] == BODY for term in self.terms])
        kept = new_place[columns] >= 0
        rows, columns = rows[kept], new_place[columns[kept]]
        values = np.where(is_body[columns], scales[rows], 1.0).astype(np.float32)
        self.words = sparse.csr_matrix((values, (rows, columns)), shape=(len(places), len(self.terms)))

    def _add_forms(self, forms: Floats) -> None:
        self.form_mean, self.form_deviation = forms.mean(axis=0), forms.std(axis=0) + np.float32(1e-6)
        apart = np.clip((forms - self.form_mean) / self.form_deviation, -FORM_LIMIT, FORM_LIMIT)
        # Ranks are within communities, so that what a whole community has in common explains none of them.
        sums = np.zeros((len(self.names), apart.shape[1]), dtype=np.float32)
        np.add.at(sums, self.groups, apart)
        apart = apart - (sums / np.bincount(self.groups)[:, None])[self.groups]
        self.x = sparse.hstack([self.words, sparse.csr_matrix(apart * FORM_WEIGHT)], format="csr", dtype=np.float32)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(10**9)
    opened: Any = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _read(texts: Sequence[tuple[str, str]]) -> Read:
    terms, forms = [], []
    capital: Counter[str] = Counter()
    written: Counter[str] = Counter()
    for title, body in texts:
        text = Text(html.unescape(title), without_edits(html.unescape(body)))
        read = Terms.of(text)
        terms.append((read.keyed(), read.body_scale))
        forms.append(form_of(text))
        for word in _INSIDE_SENTENCE.findall(text.body):
            written[word.lower()] += 1
            capital[word.lower()] += word[0].isupper()
    return terms, forms, capital, written


def fit(corpus: Corpus, rows: NDArray[np.int64], strength: float) -> Floats:
    """Weights of terms, then of forms."""
    model = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
    sureness = np.abs(corpus.trend[rows] - 0.5) * 4  # a post near the middle is on its side by chance; 1 on average
    model.fit(corpus.x[rows], corpus.trend[rows] > 0.5, sample_weight=sureness)
    weights: Floats = model.coef_[0]
    return weights


def held_out(corpus: Corpus, strength: float, folds: int) -> dict[str, float]:
    """Mean AUC over communities of which no post was in training: for ranks beside the trend, and for plain scores."""
    fold_of = np.random.default_rng(7).permutation(len(corpus.names)) % folds
    said = np.zeros(len(corpus.rank))
    for fold in range(folds):
        out = fold_of[corpus.groups] == fold
        weights = fit(corpus, np.flatnonzero(~out), strength)
        said[out] = corpus.x[out] @ weights
    ranks = {"mean_auc_of_trend_rank": corpus.trend, "mean_auc_of_score": corpus.rank}
    return {name: round(_mean_auc(corpus, said, rank), 4) for name, rank in ranks.items()}


def _mean_auc(corpus: Corpus, said: NDArray[np.float64], rank: NDArray[np.float64]) -> float:
    aucs = []
    for group in range(len(corpus.names)):
        rows = corpus.groups == group
        above = rank[rows] > np.median(rank[rows])
        if rows.sum() >= 50 and 0 < above.sum() < rows.sum():
            aucs.append(roc_auc_score(above, said[rows]))
    return float(np.mean(aucs))


def shipped(corpus: Corpus, weights: Floats, count: int, source: dict[str, Any]) -> Prior:
    """Returns the weightiest terms: those that move scores most over all posts."""
    of_terms, of_forms = weights[: len(corpus.terms)], weights[len(corpus.terms) :]
    moved = np.abs(of_terms) * np.sqrt(np.asarray(corpus.words.power(2).sum(axis=0)).ravel())
    best = np.argsort(-moved, kind="stable")[:count]
    is_kept = np.zeros(len(of_terms), dtype=bool)
    is_kept[best] = True
    is_body = np.array([term[0] == BODY for term in corpus.terms])
    means = {
        part: float((corpus.words @ np.where(of_part & is_kept, of_terms, 0)).mean())
        for part, of_part in ((TITLE_WORDS, ~is_body), (BODY_WORDS, is_body))
    }
    forms = zip(of_forms, corpus.form_mean, corpus.form_deviation, strict=True)
    return Prior(
        terms={corpus.terms[at]: float(of_terms[at]) for at in best},
        forms=tuple(FormWeight(float(w) * FORM_WEIGHT, float(mean), float(sd)) for w, mean, sd in forms),
        centre=means,
        source=source,
    )


if __name__ == "__main__":
    sys.exit(main())

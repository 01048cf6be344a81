"""Train the reader of claims (core/texts/claims/reader.py): `python tools/train_claim_reader.py`, a minute.

It reads `bench/corpora/claims-train.jsonl` and `claims-tune.jsonl`, prints what the reader makes of products that were
left out of its training, and writes the artefact. Needs the development dependencies. The report half and the fresh
sentences are not read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from bench.judge.claims import LABELS, known_in
from core.texts.claims import Known
from core.texts.claims.comparing import compare
from core.texts.claims.reader import ARTEFACT, dump, evidence_of
from core.texts.plain import readable
from core.texts.sentences import clause_spans

CORPORA = Path(__file__).resolve().parents[1] / "bench" / "corpora"
FILES = {"claims-train.jsonl": "claims-train-facts.jsonl", "claims-tune.jsonl": "claims-facts.jsonl"}
_SEEN = 3  # sentences that a sign must be in
_RARITY = 0.5  # how much more a rare sign weighs
_STRENGTH = 0.01  # the machine's C
_SHIPPED = 16_000  # signs
_FOLDS = 7
_OLD = 0.5  # the weight of a sentence of claims-tune.jsonl, with which the tables of words were made
_FACT = 0.15  # the weight of a fact's own words
_COST = {"invented": 1.4, "true": 1.0, "neutral": 0.5}  # of judging a share of the sentences with that label wrongly


@dataclass(frozen=True, slots=True)
class Row:
    group: str  # the product
    label: str
    kind: str
    is_old: bool
    is_marked: bool  # by the tables alone
    signs: Sequence[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    asked = parser.parse_args()
    corpus = Corpus(read_rows())
    figures = corpus.held_out()
    print(json.dumps(figures, indent=1))
    weights, base = corpus.fit(np.arange(len(corpus.rows)))
    source = {
        "data_sha256": {
            name: hashlib.sha256((CORPORA / name).read_bytes()).hexdigest() for pair in FILES.items() for name in pair
        },
        "sentences": len(corpus.rows),
        "products": len({row.group for row in corpus.rows}),
        "figures": figures,
    }
    asked.out.write_bytes(dump(weights, base - float(corpus.limit), source))
    print(f"{asked.out}: {asked.out.stat().st_size / 1024:.0f} KiB")
    return 0


def read_rows() -> list[Row]:
    rows: list[Row] = []
    for claims, facts in FILES.items():
        known = known_in(CORPORA / facts)
        for name, its in known.items():
            its.sentences.clear()  # so that a fact's own words are read like any other sentence
            rows += _of_facts(name, its, "tune" in claims)
        for line in (CORPORA / claims).read_text(encoding="utf-8").splitlines():
            told: dict[str, str] = json.loads(line)
            rows.append(_row(told, known[told["facts"]], "tune" in claims))
    return rows


def _of_facts(name: str, known: Known, is_old: bool) -> Iterator[Row]:
    """Yields each fact and its first clause as true sentences, and the fact with another number as an invented one."""
    for fact in known.facts:
        first = clause_spans(fact.text)[0]
        for said in dict.fromkeys((fact.text, fact.text[: first.end])):
            yield _row({"facts": name, "label": "true", "kind": _VERBATIM, "sentence": said}, known, is_old)
        if _DIGITS.search(fact.text):
            other = _DIGITS.sub(lambda match: str(int(match[0]) + 1 + int(match[0]) % 7), fact.text, count=1)
            yield _row({"facts": name, "label": "invented", "kind": _VERBATIM, "sentence": other}, known, is_old)


_VERBATIM = "verbatim"
_DIGITS = re.compile(r"(?<![\d.,])\d{1,6}(?![\d.,]*\d)")


def _row(told: Mapping[str, str], known: Known, is_old: bool) -> Row:
    found = compare(readable(told["sentence"]), known)
    evidence = evidence_of(found)
    signs = (*evidence.whole, *(sign for part in evidence.parts for sign in part))
    return Row(told["facts"], told["label"], told["kind"], is_old, bool(found.marks), signs)


class Corpus:
    """The rows as a matrix `x` of the signs that are in them. `limit`: the score above which a sentence is unbacked,
    set by `held_out`.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows, self.limit = rows, 0.0
        counts = Counter(sign for row in rows for sign in row.signs)
        self._signs = sorted(sign for sign, count in counts.items() if count >= _SEEN)
        place = {sign: at for at, sign in enumerate(self._signs)}
        columns = [[place[sign] for sign in row.signs if sign in place] for row in rows]
        flat = np.array([at for row in columns for at in row], dtype=np.int32)
        often = np.array([counts[sign] for sign in self._signs])
        self._rarity = (np.log((1 + len(rows)) / (1 + often)) / 3) ** _RARITY
        shape = (len(rows), len(self._signs))
        self._x = sparse.csr_matrix((self._rarity[flat], flat, np.cumsum([0, *map(len, columns)])), shape=shape)
        self._is_unbacked = np.array([row.label == "invented" for row in rows])
        self._weight = np.array(
            [(_OLD if row.is_old else 1.0) * (_FACT if row.kind == _VERBATIM else 1.0) for row in rows]
        )
        self._groups = np.array([row.group for row in rows])
        self._labels = np.array([row.label for row in rows])
        is_fact = np.array([row.kind == _VERBATIM for row in rows])
        self._is_new = np.array([not row.is_old for row in rows]) & ~is_fact
        self._is_old = np.array([row.is_old for row in rows]) & ~is_fact
        self._is_fact = is_fact
        self._by_tables = np.array([row.is_marked for row in rows])

    def fit(self, rows: NDArray[np.int64]) -> tuple[dict[str, float], float]:
        """Returns the weights of the signs that move most, and the base."""
        model = LinearSVC(C=_STRENGTH, tol=1e-3, max_iter=5_000, random_state=0)
        model.fit(self._x[rows], self._is_unbacked[rows], sample_weight=self._weight[rows])
        moved = np.abs(model.coef_[0]) * np.sqrt(np.asarray(self._x[rows].power(2).sum(axis=0)).ravel())
        kept = np.argsort(-moved, kind="stable")[:_SHIPPED]
        weights = {self._signs[at]: float(model.coef_[0, at] * self._rarity[at]) for at in sorted(kept)}
        return weights, float(model.intercept_[0])

    def held_out(self) -> dict[str, Any]:
        """Judges each product by a reader that has not seen it, and sets `limit`."""
        score = np.empty(len(self.rows))
        folds = GroupKFold(_FOLDS, shuffle=True, random_state=1).split(self._x, self._is_unbacked, self._groups)
        for train, test in folds:
            weights, base = self.fit(train)
            score[test] = [base + sum(weights.get(sign, 0.0) for sign in self.rows[at].signs) for at in test]
        self.limit = min(np.quantile(score[self._is_new], np.linspace(0.2, 0.8, 121)), key=partial(self._cost, score))
        return {
            "new": self._rates(score, self._is_new),
            "old": self._rates(score, self._is_old),
            "facts": self._rates(score, self._is_fact),
            "new_by_writer": {
                name: self._rates(score, self._is_new & np.char.startswith(self._groups, name))
                for name in sorted({row.group.split("-")[0] + "-" for row in self.rows if not row.is_old})
            },
        }

    def _cost(self, score: NDArray[np.float64], limit: float) -> float:
        """Returns what a limit would cost among the new sentences."""
        is_wrong = (score > limit) != self._is_unbacked
        return sum(cost * float(is_wrong[self._is_new & (self._labels == its)].mean()) for its, cost in _COST.items())

    def _rates(self, score: NDArray[np.float64], chosen: NDArray[np.bool_]) -> dict[str, float]:
        told = {"ordered_right": round(float(roc_auc_score(self._is_unbacked[chosen], score[chosen])), 3)}
        for label in LABELS:
            those = chosen & (self._labels == label)
            if not those.any():
                continue
            told[f"{label}_marked"] = round(float((score[those] > self.limit).mean()), 3)
            told[f"{label}_marked_by_tables"] = round(float(self._by_tables[those].mean()), 3)
        return told


if __name__ == "__main__":
    sys.exit(main())

"""Train the reader of rules that is shipped (core/texts/rule_reader.json.xz) on the labelled rules of bench/corpora.

    nice python tools/train_rule_reader.py [--out FILE] [--strength C] [--shipped N] [--curve]

It is a linear support vector machine over the signs of `core/texts/rule_reader.py`: whether a rule forbids a topic,
puts it under a condition, or restricts nothing there. A sign counts for more the fewer rules have it. A second machine
tells which topics a rule is about at all.

The figures in the artefact are measured on communities of which no rule was in training (grouped folds), with the
weightiest signs alone; `--curve` tells how they grow with the number of communities.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from core.texts.rule_clauses import judged, parts_in
from core.texts.rule_reader import ARTEFACT, Evidence, Means, dump, evidence_of, marks_of, possible
from core.texts.rule_topics import Topic
from core.texts.rules import by_tables

CORPORA = Path(__file__).parent.parent / "bench" / "corpora"
OF_COMMUNITIES = ("rules-train.jsonl", "rules-more.jsonl")  # each rule with all topics that it touches
FILES = (*OF_COMMUNITIES, "rules-tune.jsonl", "rules-wide.jsonl", "rules-kinds.jsonl")  # the others stay unseen
BLOCK = 60  # rules of a corpus without communities that count as one
_OLD = 0.6  # weight of rules that the tables of words were made with
_UNTOLD = 0.7  # weight of a topic that a rule names and, by its labels, restricts nothing of
_SEEN = 2  # rules that a sign must be in
_FOLDS = 8
_ABOUT_STRENGTH, _ABOUT_SHIPPED = 0.05, 16_000
_OF_THOSE, _OF_NAMED = 4.0, 2.0  # weights of topics that a rule is about, and of those that it names in passing
_DROPPED, _FOUND = -0.4, 0.35
_MARGIN = 0.0  # by how much the machine must be surer than the tables to overrule them
_RARITY = 1.5  # power of the logarithm of how rare a sign is


@dataclass(frozen=True, slots=True)
class Row:
    group: str
    short_name: str
    description: str
    topic: Topic
    means: Means
    weight: float

    @property
    def is_fresh(self) -> bool:
        """Whether the tables of words were not made with it."""
        return self.group.startswith("train") and self.weight == 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    parser.add_argument("--strength", type=float, default=0.002, help="C of the machine")
    parser.add_argument("--shipped", type=int, default=20_000, help="how many signs")
    parser.add_argument("--curve", action="store_true")
    asked = parser.parse_args()
    rows = read_rows()
    corpus = Corpus(rows, asked.strength, asked.shipped)
    if asked.curve:
        print(corpus.curve())
        return 0
    everything = np.arange(len(rows))
    model, about = corpus.fit(everything), Topics()
    kept = corpus.weightiest(model, everything)
    source = {
        "data_sha256": {name: hashlib.sha256((CORPORA / name).read_bytes()).hexdigest() for name in FILES},
        "arguments": {"strength": asked.strength, "shipped": asked.shipped},
        "rules": len({(row.short_name, row.description) for row in rows}),
        "labels": len(rows),
        "figures": corpus.held_out() | about.held_out(),
    }
    print(json.dumps(source["figures"], indent=1))
    order = [list(model.classes_).index(means.value) for means in Means]
    weights = {corpus.signs[at]: [float(model.coef_[c, at] * corpus.rarity[at]) for c in order] for at in kept}
    asked.out.write_bytes(dump(weights, [float(model.intercept_[c]) for c in order], _MARGIN, about.shipped(), source))
    print(f"{asked.out}: {asked.out.stat().st_size / 1024:.0f} KiB")
    return 0


def read_rows(files: Sequence[str] = FILES) -> list[Row]:
    """Each label of the corpora; and a label NONE for each topic that a rule of communities names unlabelled."""
    rows = []
    for name in files:
        for number, line in enumerate((CORPORA / name).read_text(encoding="utf-8").splitlines()):
            told: dict[str, Any] = json.loads(line)
            texts = (told["short_name"], told["description"])
            if "topic" in told:
                group = f"{name}-{number // BLOCK}"
                weight = _OLD if name == "rules-tune.jsonl" else 1.0
                rows.append(Row(group, *texts, Topic(told["topic"]), Means(told["means"]), weight))
                continue
            group = f"train-{told['community']}"
            labels: dict[str, str] = told["means"]
            rows += [Row(group, *texts, Topic(topic), Means(means), 1.0) for topic, means in labels.items()]
            if told.get("is_whole", True):
                unsaid = {*labels, *told.get("unsure", ())}
                named = dict.fromkeys(topic for part in parts_in(*texts) for topic in part.named)
                rows += [Row(group, *texts, topic, Means.NONE, _UNTOLD) for topic in named if topic not in unsaid]
    return rows


def signs_of(row: Row) -> Evidence:
    parts = parts_in(row.short_name, row.description)
    clauses = judged(parts).get(row.topic, ())
    return evidence_of(parts, row.topic, clauses, by_tables(row.topic, clauses))


def _by_tables(row: Row) -> str:
    return by_tables(row.topic, judged(parts_in(row.short_name, row.description)).get(row.topic, ())).value


class Corpus:
    """The rows as a matrix `x` of the signs that are in them."""

    def __init__(self, rows: Sequence[Row], strength: float, shipped: int) -> None:
        self.rows, self._strength, self._shipped = rows, strength, shipped
        each = [[*one.whole, *(sign for signs in one.parts for sign in signs)] for one in map(signs_of, rows)]
        counts = Counter(sign for signs in each for sign in signs)
        self.signs = sorted(sign for sign, count in counts.items() if count >= _SEEN)
        place = {sign: at for at, sign in enumerate(self.signs)}
        columns = [[place[sign] for sign in signs if sign in place] for signs in each]
        starts = np.cumsum([0, *map(len, columns)])
        flat = np.array([at for row in columns for at in row], dtype=np.int32)
        shape = (len(rows), len(self.signs))
        often = np.array([counts[sign] for sign in self.signs])
        self.rarity = (np.log((1 + len(rows)) / (1 + often)) / 3) ** _RARITY
        self.x = sparse.csr_matrix((self.rarity[flat], flat, starts), shape=shape)
        self.y = np.array([row.means.value for row in rows])
        order = np.argsort([means.value for means in Means])  # as the machine has them
        self.possible = np.array([np.isin(order, possible(row.topic)) for row in rows])
        self.groups = np.array([row.group for row in rows])
        self.weight = np.array([row.weight for row in rows])
        self.tables = np.array([_by_tables(row) for row in rows])
        self.is_fresh = np.array([row.is_fresh and not row.group.startswith("train-phrases") for row in rows])

    def fit(self, rows: NDArray[np.int64]) -> Any:
        model = LinearSVC(C=self._strength, tol=1e-3, max_iter=5_000, random_state=0)
        return model.fit(self.x[rows], self.y[rows], sample_weight=self.weight[rows])

    def weightiest(self, model: Any, rows: NDArray[np.int64]) -> list[int]:
        """Returns the signs that move the most over the rows."""
        moved = np.ptp(model.coef_, axis=0) * np.sqrt(np.asarray(self.x[rows].power(2).sum(axis=0)).ravel())
        return sorted(int(at) for at in np.argsort(-moved, kind="stable")[: self._shipped])

    def held_out(self) -> dict[str, Any]:
        said = np.empty(len(self.rows), dtype=self.y.dtype)
        for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=1).split(self.rows, self.y, self.groups):
            said[test] = self._told(train, test)
        right = said == self.y
        tables = self.tables == self.y
        fresh, unsaid = self.is_fresh, self.weight == _UNTOLD
        by_group = {
            name.removeprefix("train-"): round(float(right[fresh & (self.groups == name)].mean()), 2)
            for name in sorted(set(self.groups[fresh]))
        }
        return {
            "fresh_right": round(float(right[fresh].mean()), 4),
            "fresh_right_by_tables": round(float(tables[fresh].mean()), 4),
            "unlabelled_read_as_none": round(float(right[unsaid].mean()), 4),
            "old_right": round(float(right[self.weight == _OLD].mean()), 4),
            "fresh": int(fresh.sum()),
            "by_community": by_group,
        }

    def curve(self) -> dict[int, float]:
        """The share of fresh labels read right, by the number of communities in training beside the old corpora."""
        names = sorted(set(self.groups[self.is_fresh]))
        order = np.random.default_rng(3).permutation(names)
        points = {}
        for count in (0, len(names) // 8, len(names) // 4, len(names) // 2, len(names)):
            is_used = np.isin(self.groups, order[count:], invert=True)
            said = np.empty(len(self.rows), dtype=self.y.dtype)
            for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=1).split(self.rows, self.y, self.groups):
                said[test] = self._told(train[is_used[train]], test)
            points[count] = round(float((said == self.y)[self.is_fresh].mean()), 3)
        return points

    def _told(self, train: NDArray[np.int64], test: NDArray[np.int64]) -> NDArray[Any]:
        model = self.fit(train)
        kept = self.weightiest(model, train)
        scores = self.x[test][:, kept] @ model.coef_[:, kept].T + model.intercept_
        scores = np.where(self.possible[test], scores, -np.inf)
        tables = np.searchsorted(model.classes_, self.tables[test])
        best = scores.argmax(axis=1)
        margin = np.where(model.classes_[best] == Means.FORBID, 2 * _MARGIN, _MARGIN)
        is_surer = scores.max(axis=1) - scores[np.arange(len(test)), tables] > margin
        told: NDArray[Any] = model.classes_[np.where(is_surer, best, tables)]
        return told


class Topics:
    """Each rule of communities with each topic: whether it is about it, by the signs of `marks_of`."""

    def __init__(self) -> None:
        texts = ((CORPORA / name).read_text(encoding="utf-8") for name in OF_COMMUNITIES)
        told_of = (json.loads(line) for text in texts for line in text.splitlines())
        whole = [told for told in told_of if told.get("is_whole", True)]
        each: list[list[str]] = []
        about, named, asked, groups, in_name = [], [], [], [], []
        for told in whole:
            marks, words = marks_of(parts_in(told["short_name"], told["description"]))
            for topic in Topic:
                if topic in told.get("unsure", ()):
                    continue
                signs = [f"{topic}:{word}" for word in (*words, *marks.get(topic, ()))]
                signs += [f"any:{mark}" for mark in marks.get(topic, ())]
                is_named = topic in marks and "*" in marks[topic]
                each.append(signs + [f"named:{word}" for word in words] if is_named else signs)
                about.append(topic in told["means"])
                named.append(topic in marks)
                in_name.append("*name" in marks.get(topic, ()))
                asked.append(told["means"].get(topic, "none") != "none")
                groups.append(told["community"])
        counts = Counter(sign for signs in each for sign in signs)
        at_all = {sign for signs, is_about in zip(each, about, strict=True) if is_about for sign in signs}
        self.signs = sorted(sign for sign in at_all if counts[sign] >= _SEEN)
        place = {sign: at for at, sign in enumerate(self.signs)}
        columns = [[place[sign] for sign in signs if sign in place] for signs in each]
        flat = np.array([at for row in columns for at in row], dtype=np.int32)
        shape = (len(each), len(self.signs))
        self.x = sparse.csr_matrix((np.ones(len(flat)), flat, np.cumsum([0, *map(len, columns)])), shape=shape)
        self.about, self.named, self.asked = np.array(about), np.array(named), np.array(asked)
        self.groups, self.in_name = np.array(groups), np.array(in_name)

    def fit(self, rows: NDArray[np.int64]) -> Any:
        weight = np.where(self.about, _OF_THOSE, np.where(self.named, _OF_NAMED, 1.0))
        model = LinearSVC(C=_ABOUT_STRENGTH, tol=1e-3, max_iter=5_000, random_state=0)
        return model.fit(self.x[rows], self.about[rows], sample_weight=weight[rows])

    def weightiest(self, model: Any, rows: NDArray[np.int64]) -> list[int]:
        moved = np.abs(model.coef_[0]) * np.sqrt(np.asarray(self.x[rows].sum(axis=0)).ravel())
        return sorted(int(at) for at in np.argsort(-moved, kind="stable")[:_ABOUT_SHIPPED])

    def shipped(self) -> tuple[dict[str, float], float, float, float]:
        everything = np.arange(len(self.about))
        model = self.fit(everything)
        weights = {self.signs[at]: float(model.coef_[0, at]) for at in self.weightiest(model, everything)}
        return weights, float(model.intercept_[0]), _DROPPED, _FOUND

    def held_out(self) -> dict[str, float]:
        score = np.empty(len(self.about))
        for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=1).split(self.x, self.about, self.groups):
            model = self.fit(train)
            kept = self.weightiest(model, train)
            score[test] = self.x[test][:, kept] @ model.coef_[0, kept] + model.intercept_[0]
        named, unnamed = self.named, ~self.named
        is_told = np.where(named, (score >= _DROPPED) | self.in_name, score > _FOUND)
        shares = {
            "asked_topics_told": is_told[self.asked],
            "asked_topics_named": named[self.asked],
            "asked_topics_that_are_not_named_found": is_told[unnamed & self.asked],
            "found_topics_right": self.about[unnamed & is_told],
            "passing_mentions_dropped": ~is_told[named & ~self.about],
        }
        return {name: round(float(share.mean()), 3) for name, share in shares.items()}


if __name__ == "__main__":
    sys.exit(main())

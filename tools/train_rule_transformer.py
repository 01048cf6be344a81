"""Train the layers that read rules: `python tools/train_rule_transformer.py`, some half an hour of two cores.

They go on from the layers that read sentences (`core/texts/transformer_weights/sentences.onnx`) and learn two
questions: what a rule means for a topic (`core/texts/rule_meaning.py`, from the labelled rules that the trained reader
learns from) and whether a passage of a post breaks a rule (`core/texts/breaches.py`, from `breaches-train.jsonl`, and
from rules beside passages of other rules' posts, which are apart). JAX and ONNX, which nothing else needs, are in
`requirements-train.lock`.

Then, and with `--judge` alone, it is set by `rules-choose.jsonl` how much the transformer weighs beside the trained
reader (so train that first), and all is judged by corpora that were not read: rules of other writers, and
`breaches-report.jsonl`, of which neither a rule nor its writer was seen. Another run gives other weights and much the
same figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from train_rule_reader import FILES, read_rows, signs_of

from core.texts import breaches, rule_meaning, transformer
from core.texts import rule_reader as reader
from core.texts.breaches import Breach
from core.texts.rule_reader import Means

CORPORA = Path(__file__).resolve().parents[1] / "bench" / "corpora"
_PAIRS = "breaches-train.jsonl"
_LABELS = {rule_meaning.QUESTION: tuple(Means), breaches.QUESTION: tuple(Breach)}
_KEPT, _TIMES, _STEP = 1, 3, 1.5e-4  # lowest layers that stay as they are, times through all rows, step
_CHOSEN_BY, _JUDGED = "rules-choose.jsonl", ("held", "last", "later", "fresh", "report")
_WEIGHTS = (50.0, 100.0, 150.0, 200.0, 300.0, 400.0)  # of the transformer, in the reader's measure
_NOT_PLAIN = 0.4  # share of the rules for which the transformer is asked
_APART, _APART_WEIGHT = 0.6, 0.5  # so many passages of other rules for each of its own, and what one weighs


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage of a post beside a rule, and what it does to it."""

    rule: str
    title: str
    passage: str
    label: Breach
    weight: float = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=transformer.FOLDER)
    parser.add_argument("--judge", action="store_true", help="only judge what --out holds")
    asked = parser.parse_args()
    if not asked.judge:
        train(asked.out)
    print(json.dumps(judge(asked.out)["figures"], indent=1))
    return 0


def pairs_of(corpus: str) -> Iterator[Pair]:
    for line in (CORPORA / f"breaches-{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
        told: dict[str, str] = json.loads(line)
        rule = breaches.rule_words(told["rule_name"], told["rule"])
        yield Pair(rule, told["title"], told["passage"], Breach(told["label"]))


def others_of(pairs: list[Pair], chance: random.Random) -> Iterator[Pair]:
    """Yields rules beside passages of posts about which another rule was written."""
    for pair in pairs:
        other = chance.choice(pairs)
        if other.rule != pair.rule and chance.random() < _APART:
            yield Pair(pair.rule, other.title, other.passage, Breach.APART, _APART_WEIGHT)


def train(out: Path) -> None:
    from transformer_layers import Layers, Read  # needs JAX and ONNX

    base = transformer.load(out)
    chance, read = random.Random(1), []  # noqa: S311 - no secret
    for row in read_rows():
        pieces, said = base.pieces(*rule_meaning.asked(f"{row.short_name}. {row.description}", row.topic))
        read.append(Read(pieces, said, rule_meaning.QUESTION, tuple(Means).index(row.means), row.weight))
    pairs = list(pairs_of("train"))
    for pair in (*pairs, *others_of(pairs, chance)):
        pieces, said = base.pieces(*breaches.asked(pair.passage, pair.title, pair.rule))
        read.append(Read(pieces, said, breaches.QUESTION, tuple(Breach).index(pair.label), pair.weight))
    known = base.source["labels"]
    layers = Layers(out / f"{transformer.Part.SENTENCES}.onnx", base, _LABELS, known)
    layers.fit(read, _KEPT, _TIMES, _STEP, chance)
    layers.write(out / f"{transformer.Part.RULES}.onnx")
    _write(out, {"labels": _LABELS})


def judge(out: Path) -> dict[str, Any]:
    """Writes what the folder's source says, and returns it."""
    model = transformer.load(out, transformer.Part.RULES)
    chosen = _Read.of(_CHOSEN_BY, model)
    plain_lead = int(np.quantile(chosen.lead, _NOT_PLAIN))
    inferred = max(_WEIGHTS, key=lambda weight: chosen.right(weight, plain_lead))
    pairs = list(pairs_of("report"))
    shares = np.array([breaches.share_by(model, pair.passage, pair.title, pair.rule) for pair in pairs])
    broken = np.array([pair.label is Breach.BREAKS for pair in pairs])
    of_rules = {corpus: _Read.of(f"rules-{corpus}.jsonl", model) for corpus in _JUDGED}
    source = {
        "base": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0",
        "data_sha256": {name: hashlib.sha256((CORPORA / name).read_bytes()).hexdigest() for name in (*FILES, _PAIRS)},
        "labels": _LABELS,
        "weigh": {"inferred": inferred, "plain_lead": plain_lead},
        "figures": {
            "rules read right": {
                name: {"by_reader": read.right(0, 0), "by_both": read.right(inferred, plain_lead)}
                for name, read in of_rules.items()
            },
            "breaches report": {
                "ordered_right": round(float(roc_auc_score(broken, shares)), 3),
                "breaking_left": round(float((shares[broken] >= breaches.CONCERNED_FROM).mean()), 3),
                "others_let_go": round(float((shares[~broken] < breaches.CONCERNED_FROM).mean()), 3),
                "pairs": len(pairs),
            },
        },
    }
    _write(out, source)
    return source


@dataclass(frozen=True, slots=True)
class _Read:
    """Labelled rules, with how much speaks for each of `Means` by the reader and by the transformer; `lead`: how plain
    the reader finds one.
    """

    labels: NDArray[np.int64]
    reader: NDArray[np.float64]
    lead: NDArray[np.float64]
    inferred: NDArray[np.float64]

    @classmethod
    def of(cls, name: str, model: transformer.Transformer) -> _Read:
        rows = read_rows([name])
        means = tuple(Means)
        inferred = [rule_meaning.meaning_by(model, f"{row.short_name}. {row.description}", row.topic) for row in rows]
        told = np.array([[each[one] for one in means] for each in inferred])
        verdicts = [reader.shipped().read(signs_of(row)) for row in rows]
        scores = np.array([verdict.scores for verdict in verdicts], float)
        for place, row in enumerate(rows):
            impossible = sorted(set(range(len(means))) - set(reader.possible(row.topic)))
            scores[place, impossible] = -np.inf
        lead = np.array([verdict.lead for verdict in verdicts], float)
        return cls(np.array([means.index(row.means) for row in rows]), scores, lead, told)

    def right(self, weight: float, plain_lead: int) -> float:
        both = self.reader + weight * self.inferred
        read = np.where(self.lead >= plain_lead, self.reader.argmax(axis=1), both.argmax(axis=1))
        return round(float((read == self.labels).mean()), 3)


def _write(out: Path, source: dict[str, Any]) -> None:
    path = out / f"{transformer.Part.RULES}.json"
    path.write_text(json.dumps(source, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
